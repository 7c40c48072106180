//! The search against brute force, and the circle of the backup that lies behind the login it should restore.

use proptest::prelude::*;

use super::*;

fn label(number: usize) -> Label {
    Label::new(format!("t{number}"))
}

fn way(of: &[&str]) -> Way {
    Way { of: of.iter().map(|name| Label::new(*name)).collect(), at_least: None }
}

fn with(mut thing: Thing, ways: &[&[&str]]) -> Thing {
    thing.ways = ways.iter().map(|of| way(of)).collect();
    thing
}

/// What is there after losses, as the definition says it: again and again, until nothing changes.
fn there_by_definition(plan: &Plan, losses: &[usize]) -> Vec<bool> {
    let number = |name: &Label| plan.things.iter().position(|thing| thing.name == *name).unwrap();
    let mut there = vec![false; plan.things.len()];
    loop {
        let mut changed = false;
        for (idx, thing) in plan.things.iter().enumerate() {
            let open = |way: &Way| {
                let n = way.of.iter().filter(|name| there[number(name)]).count();
                n >= way.at_least.map_or(way.of.len(), usize::from)
            };
            let is_there = !thing.lost
                && !losses.contains(&idx)
                && thing.needs.iter().all(|name| there[number(name)])
                && (thing.ways.is_empty() || thing.ways.iter().any(open));
            if is_there && !there[idx] {
                there[idx] = true;
                changed = true;
            }
        }
        if !changed {
            return there;
        }
    }
}

/// Every smallest set of up to `depth` losses for each account.
fn by_brute_force(plan: &Plan, accounts: &[usize], depth: usize) -> Vec<(Vec<usize>, usize)> {
    let n = plan.things.len();
    let mut sets: Vec<Vec<usize>> = (0..n).map(|one| vec![one]).collect();
    let mut found: Vec<(Vec<usize>, usize)> = Vec::new();
    let now = there_by_definition(plan, &[]);
    for _ in 0..depth {
        let mut larger = Vec::new();
        for set in &sets {
            let there = there_by_definition(plan, set);
            for account in accounts.iter().copied().filter(|account| now[*account] && !set.contains(account))
            {
                let by_a_part = found
                    .iter()
                    .any(|(part, of)| *of == account && part.iter().all(|loss| set.contains(loss)));
                if !there[account] && !by_a_part {
                    found.push((set.clone(), account));
                }
            }
            for next in set.last().unwrap() + 1..n {
                let mut set = set.clone();
                set.push(next);
                larger.push(set);
            }
        }
        sets = larger;
    }
    found.sort();
    found
}

fn any_plan() -> impl Strategy<Value = Plan> {
    (2_usize..9).prop_flat_map(|n| {
        let members = || proptest::collection::btree_set(0..n, 1..4);
        let a_way = (members(), 0_u8..4).prop_map(|(of, k)| {
            let at_least = (k > 0 && usize::from(k) <= of.len()).then_some(k);
            Way { of: of.into_iter().map(label).collect(), at_least }
        });
        let needs = proptest::collection::btree_set(0..n, 0..2);
        let a_thing = (needs, proptest::collection::vec(a_way, 0..4), proptest::bool::weighted(0.05));
        proptest::collection::vec(a_thing, n).prop_map(|things| {
            let things = things.into_iter().enumerate().map(|(idx, (needs, ways, lost))| Thing {
                needs: needs.into_iter().map(label).collect(),
                ways,
                lost,
                ..Thing::new(format!("t{idx}"), ThingKind::Other)
            });
            Plan { things: things.collect(), scenarios: Vec::new() }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn the_search_finds_what_brute_force_finds(plan in any_plan(), depth in 1_usize..4) {
        let graph = Graph::new(&plan).unwrap();
        let accounts: Vec<usize> = (0..plan.things.len()).collect();
        let searched = search(&graph, &accounts, |_| true, depth);
        let mut found: Vec<(Vec<usize>, usize)> = searched
            .findings
            .iter()
            .flat_map(|finding| finding.accounts.iter().map(|account| (finding.losses.clone(), *account)))
            .collect();
        found.sort();
        prop_assert_eq!(found, by_brute_force(&plan, &accounts, depth));
        let now = there_by_definition(&plan, &[]);
        let gone: Vec<usize> = accounts.into_iter().filter(|account| !now[*account]).collect();
        prop_assert_eq!(searched.unreachable_now, gone);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_bootstrap_uses_only_what_was_reached_before_and_there_is_one_exactly_for_what_is_there(
        plan in any_plan(),
        loss in 0_usize..9,
    ) {
        let graph = Graph::new(&plan).unwrap();
        let losses: Vec<usize> = Some(loss).filter(|loss| *loss < plan.things.len()).into_iter().collect();
        let standing = Standing::after(&graph, &losses);
        for thing in 0..plan.things.len() {
            let steps = bootstrap(&graph, &standing, thing);
            prop_assert_eq!(steps.is_empty(), !standing.is_there(thing));
            let mut reached: Vec<usize> = Vec::new();
            for step in &steps {
                prop_assert!(step.by.iter().all(|by| reached.contains(by)), "{steps:?}");
                prop_assert!(!losses.contains(&step.thing));
                reached.push(step.thing);
            }
            prop_assert!(steps.last().is_none_or(|step| step.thing == thing));
        }
    }

    #[test]
    fn why_something_is_gone_ends_in_losses_and_circles_alone(plan in any_plan(), loss in 0_usize..9) {
        let graph = Graph::new(&plan).unwrap();
        let losses: Vec<usize> = Some(loss).filter(|loss| *loss < plan.things.len()).into_iter().collect();
        let standing = Standing::after(&graph, &losses);
        for thing in 0..plan.things.len() {
            let told = why(&graph, &standing, thing);
            prop_assert_eq!(told.reasons.is_empty(), standing.is_there(thing));
            for reason in &told.reasons {
                let leads_on = !reason.needs.is_empty() || !reason.ways.is_empty();
                prop_assert_eq!(leads_on, !reason.lost);
                let told_too = |other: &usize| told.reasons.iter().any(|reason| reason.thing == *other);
                prop_assert!(reason.needs.iter().chain(reason.ways.iter().flatten()).all(told_too));
            }
            for circle in &told.circles {
                let needs = |one: usize, next: usize| {
                    let reason = told.reasons.iter().find(|reason| reason.thing == one).unwrap();
                    reason.needs.contains(&next) || reason.ways.iter().any(|way| way.contains(&next))
                };
                let next = |idx: usize| circle[(idx + 1) % circle.len()];
                prop_assert!((0..circle.len()).all(|idx| needs(circle[idx], next(idx))));
            }
            let any_lost = told.reasons.iter().any(|reason| reason.lost);
            prop_assert!(standing.is_there(thing) || any_lost || !told.circles.is_empty());
        }
    }
}

/// The circle of product.md: the backup lies behind the login that it should restore.
fn circular() -> Plan {
    use ThingKind::{Account, Bundle, Code, Device, Password, Service, Vault};
    let things = vec![
        Thing::new("laptop", Device),
        Thing::new("passphrase", Password),
        Thing::new("Entra password", Password),
        with(Thing::new("vault", Vault), &[&["laptop", "passphrase"], &["bundle", "passphrase"]]),
        with(Thing::new("Entra code", Code), &[&["vault"]]),
        with(Thing::new("Entra", Account), &[&["Entra password", "Entra code"]]),
        with(Thing::new("OneDrive", Service), &[&["Entra"]]),
        with(Thing::new("bundle", Bundle), &[&["OneDrive"]]),
    ];
    Plan { things, scenarios: Vec::new() }
}

#[test]
fn a_bundle_behind_the_login_that_it_should_restore_is_a_circle_and_is_told_as_one() {
    let plan = circular();
    let graph = Graph::new(&plan).unwrap();
    let name = |number: usize| plan.things[number].name.raw();
    let searched = search(&graph, &[5], |thing| thing != 4, 2);
    let alone: Vec<Vec<&str>> = searched
        .findings
        .iter()
        .map(|finding| finding.losses.iter().map(|loss| name(*loss)).collect())
        .collect();
    assert_eq!(
        alone,
        [["laptop"], ["passphrase"], ["Entra password"], ["vault"]],
        "the bundle saves nothing, and a code is not lost by itself"
    );

    let told = why(&graph, &Standing::after(&graph, &[0]), 5);
    let circles: Vec<Vec<&str>> =
        told.circles.iter().map(|circle| circle.iter().map(|thing| name(*thing)).collect()).collect();
    assert_eq!(circles, [["Entra", "Entra code", "vault", "bundle", "OneDrive"]]);
}

#[test]
fn a_way_out_of_the_circle_is_the_bootstrap_and_its_steps_are_in_order() {
    let mut plan = circular();
    plan.things.push(Thing::new("safe", ThingKind::Place));
    plan.things[7].ways.push(way(&["safe"]));
    let graph = Graph::new(&plan).unwrap();
    let steps = bootstrap(&graph, &Standing::after(&graph, &[0]), 5);
    let names: Vec<&str> = steps.iter().map(|step| plan.things[step.thing].name.raw()).collect();
    assert_eq!(
        names,
        ["Entra password", "passphrase", "safe", "bundle", "vault", "Entra code", "Entra"],
        "what each step takes stands before it"
    );
}

#[test]
fn a_quorum_is_there_while_enough_of_its_shares_are() {
    let mut plan = Plan::default();
    for name in ["ana", "ben", "cyd"] {
        plan.things.push(Thing::new(name, ThingKind::Share));
    }
    let mut set = with(Thing::new("set", ThingKind::ShareSet), &[&["ana", "ben", "cyd"]]);
    set.ways[0].at_least = Some(2);
    plan.things.push(set);
    let graph = Graph::new(&plan).unwrap();
    let searched = search(&graph, &[3], |_| true, 2);
    let losses: Vec<Vec<usize>> = searched.findings.into_iter().map(|finding| finding.losses).collect();
    assert_eq!(losses, [vec![0, 1], vec![0, 2], vec![1, 2]]);
}

#[test]
fn everything_that_makes_a_plan_meaningless_is_named_together() {
    let mut plan = circular();
    plan.things[3].needs.push(Label::new("nobody"));
    plan.things[4].ways.push(Way { of: Vec::new(), at_least: None });
    plan.things[5].ways.push(Way { of: vec![Label::new("laptop")], at_least: Some(2) });
    plan.things[6].ways.push(way(&["laptop", "vault", "laptop"]));
    plan.things.push(Thing::new("laptop", ThingKind::Device));
    plan.things.push(Thing::new(" ", ThingKind::Device));
    plan.scenarios.push(Scenario { name: Label::new("fire"), lose: vec![Label::new("attic")] });
    let words: Vec<String> = Graph::new(&plan).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "two things have the name \"laptop\"",
            "thing 10 has an empty name, or one of more than 200 bytes",
            "\"vault\" names \"nobody\", and nothing in the plan has that name",
            "a way in of \"Entra code\" is empty",
            "a way in of \"Entra\" asks for 2 of 1",
            "a way in of \"OneDrive\" names \"laptop\" twice",
            "\"fire\" names \"attic\", and nothing in the plan has that name",
        ]
    );
}

#[test]
fn every_kind_has_a_name_that_is_read_again() {
    for kind in ThingKind::ALL {
        assert_eq!(ThingKind::parse(kind.name()), Some(kind));
    }
    assert_eq!(ThingKind::parse("mfa-off"), None);
}

#[test]
fn a_search_is_given_up_at_the_first_no() {
    let things = (0..9).map(|number| Thing::new(format!("t{number}"), ThingKind::Account)).collect();
    let graph = Graph::new(&Plan { things, scenarios: Vec::new() }).unwrap();
    let n_asked = std::cell::Cell::new(0);
    let until = |most: usize| {
        n_asked.set(0);
        search_while(&graph, &[0], |_| true, 3, &|| {
            n_asked.set(n_asked.get() + 1);
            n_asked.get() < most
        })
    };
    assert_eq!(until(20), None);
    assert_eq!(n_asked.get(), 20);
    assert_eq!(until(usize::MAX), Some(search(&graph, &[0], |_| true, 3)));
}
