//! The screens of the plan, for [`super::screens`].

use lifeboat::app::plan::{Flag, FlagKind, Found, PlanChecked, Reached, ScenarioFound, SinglePoint};
use lifeboat::entry::{Label, label};
use lifeboat::recovery::plan::{Plan, Scenario, Thing, ThingKind, Way};
use lifeboat::tui::model::{
    PlanChoice, PlanFindings, PlanKnown, PlanPage, PlanStep, Screen, ThingForm, WhatIf,
};

use super::files::done;
use crate::tui_plan::at_hand;

/// A new step fails to compile here until it is in [`every_screen`].
pub(super) fn place_of(page: &PlanPage) -> usize {
    match &page.doing {
        PlanStep::List if matches!(page.known, Some(PlanKnown::NotRead(_))) => 57,
        PlanStep::List => 15,
        PlanStep::Choose(_) => 58,
        PlanStep::Findings => 59,
        PlanStep::Form(_) => 60,
        PlanStep::Told { .. } => 61,
    }
}

/// As much of the text as a name may have.
fn name(text: &str, at: usize) -> String {
    let mut name = format!("{at} ");
    for c in text.chars() {
        if name.len() + c.len_utf8() > 200 {
            break;
        }
        name.push(c);
    }
    name
}

fn plan(text: &str) -> Plan {
    let [place, device, account] = [1, 2, 3].map(|at| Label::new(name(text, at)));
    let thing = |name: &Label, kind| Thing { note: text.to_owned(), ..Thing::new(name.raw(), kind) };
    Plan {
        things: vec![
            thing(&place, ThingKind::Place),
            Thing { needs: vec![place.clone()], ..thing(&device, ThingKind::Device) },
            Thing {
                ways: vec![Way { of: vec![device.clone(), place.clone()], at_least: Some(2) }],
                privileged: true,
                ..thing(&account, ThingKind::Account)
            },
        ],
        scenarios: vec![Scenario { name: account, lose: vec![place, device] }],
    }
}

fn what_if(text: &str) -> Box<WhatIf> {
    let mut what_if = WhatIf::of(at_hand(plan(text)));
    what_if.mark_only(&[Label::new(name(text, 1))]);
    Box::new(what_if)
}

/// What `app` says is safe to show.
fn findings(text: &str) -> PlanFindings {
    let words = || label::shown(text);
    let found = |n: usize| Found {
        losses: vec![words(); n],
        lost: vec![Label::new(text); n],
        accounts: vec![words(), words()],
        n_privileged: 1,
        why: vec![words()],
        circle: Some(words()),
    };
    let checked = PlanChecked {
        n_things: 3,
        n_accounts: 1,
        unreachable_now: Some(found(0)),
        findings: vec![found(1), found(2), found(3)],
        n_more: 1,
        n_looked_at: 9,
        single_points: vec![SinglePoint { name: words(), n_accounts: 1, n_privileged: 1 }],
        scenarios: vec![ScenarioFound {
            name: words(),
            lost: vec![Label::new(text)],
            found: None,
            reached: vec![Reached { account: words(), steps: vec![words()] }],
        }],
        flags: vec![Flag { kind: FlagKind::WithoutSecondFactor, about: words(), words: words() }],
    };
    PlanFindings::of(&checked, 3)
}

fn page(text: &str, doing: PlanStep) -> Screen {
    let mut page = PlanPage::default();
    page.fill(PlanKnown::Read(what_if(text)));
    page.findings = Some(findings(text));
    page.doing = doing;
    Screen::Plan(page)
}

pub(super) fn every_screen(text: &str) -> Vec<Screen> {
    let what_if = what_if(text);
    let mut form = ThingForm::change(&plan(text).things[2], false).unwrap_or_default();
    for key in ["name", "needs", "way 1", "note"] {
        form.form.set(key, text);
    }
    form.form.focus_on("way 1");
    form.check(Some(what_if.at_hand()));
    form.wrong = Some(format!("{text}\n{text}"));
    let not_read = PlanKnown::NotRead(vec![text.to_owned(), text.to_owned()]);
    let mut list = page(text, PlanStep::List);
    if let Screen::Plan(page) = &mut list {
        // The filter is drawn, and all that it would hide stays.
        text.clone_into(&mut page.filter);
        page.filtering = true;
    }
    vec![
        list,
        Screen::Plan(PlanPage { known: Some(not_read), ..PlanPage::default() }),
        page(text, PlanStep::Choose(PlanChoice::of_scenarios(&what_if))),
        page(text, PlanStep::Findings),
        page(text, PlanStep::Form(Box::new(form))),
        page(text, PlanStep::Told { done: done(text), of_finding: true }),
    ]
}
