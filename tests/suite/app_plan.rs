//! What `app` does with a plan besides what the command line asks for: a thing changed and renamed, a template begun
//! with, and a check that is given up.

use std::cell::Cell;

use lifeboat::app::plan::{self, AtHand, CheckOptions, Template, ToCheck};
use lifeboat::app::{Kind, Session};
use lifeboat::entry::Label;
use lifeboat::recovery::plan::{Thing, ThingKind};

use crate::app_entry::opened;
use crate::support::Sandbox;
use crate::tui_plan::TWO_WAYS;

fn planned() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.write("plan.toml", TWO_WAYS);
    sandbox.run("plan import ~/plan.toml").done();
    sandbox
}

fn thing(session: &Session, name: &str) -> Thing {
    let own = plan::own(session.vault()).unwrap();
    own.things.into_iter().find(|thing| thing.name == Label::new(name)).unwrap()
}

#[test]
fn a_renamed_thing_is_named_anew_wherever_it_was_named() {
    let sandbox = planned();
    let (ctx, mut session) = opened(&sandbox);
    let safe = thing(&session, "key in the safe");
    let renamed = Thing { name: Label::new("blue key"), note: "USB-C".to_owned(), ..safe };
    plan::edit(&ctx, &mut session, &Label::new("key in the safe"), renamed).unwrap();
    let toml = sandbox.run("plan export -o -").done().out;
    assert!(!toml.contains("key in the safe"), "{toml}");
    assert_eq!(toml.matches("blue key").count(), 3, "itself, a way in, a scenario: {toml}");
    assert!(toml.contains("USB-C"), "{toml}");
    assert!(sandbox.run("audit list --kind plan-changed").done().out.matches("plan-changed").count() >= 2);
}

#[test]
fn a_change_that_would_mean_nothing_leaves_the_plan_as_it_was() {
    let sandbox = planned();
    let (ctx, mut session) = opened(&sandbox);
    let before = plan::own(session.vault()).unwrap();
    let laptop = thing(&session, "laptop");
    let laptop_name = laptop.name.clone();
    let mut edit =
        |name: &str, thing: Thing| plan::edit(&ctx, &mut session, &Label::new(name), thing).unwrap_err().kind;
    let nowhere = Thing { needs: vec![Label::new("nowhere")], ..laptop.clone() };
    assert_eq!(edit("laptop", nowhere), Kind::Usage);
    assert_eq!(edit("laptop", Thing { name: Label::new("office"), ..laptop.clone() }), Kind::Duplicate);
    assert_eq!(edit("attic", laptop.clone()), Kind::NoEntry);
    // The vault goes on calling its file by this name.
    assert_eq!(edit("vault file", Thing::new("my file", ThingKind::Other)), Kind::Refused);
    assert_eq!(plan::own(opened(&sandbox).1.vault()).unwrap(), before);
    let lost = Thing { lost: true, ..laptop };
    plan::edit(&ctx, &mut session, &laptop_name, lost).unwrap();
    assert!(sandbox.run("plan show").done().out.contains("laptop  (device, LOST)"));
}

#[test]
fn a_template_begins_a_plan_and_never_takes_the_place_of_one() {
    let sandbox = Sandbox::with_entry();
    let (ctx, mut session) = opened(&sandbox);
    let template = Template::by_name("one-admin").unwrap();
    let begun = plan::start(&ctx, &mut session, &template).unwrap();
    assert_eq!(begun.n_things, plan::own(session.vault()).unwrap().things.len());
    assert_eq!(plan::start(&ctx, &mut session, &template).unwrap_err().kind, Kind::Refused);
}

#[test]
fn a_plan_at_hand_tells_the_persons_own_from_what_the_vault_knows() {
    let (_, session) = opened(&planned());
    let at_hand = AtHand::of(session.vault()).unwrap();
    let number = |name: &str| at_hand.number_of(&Label::new(name)).unwrap();
    let whose = |name: &str| (at_hand.as_written(number(name)).is_some(), at_hand.is_known(number(name)));
    assert_eq!(whose("office"), (true, false));
    assert_eq!(whose("vault file"), (true, true));
    assert_eq!(whose("AWS:root"), (false, true));
    assert_eq!(at_hand.users(number("this vault")), ["Entra", "VPN", "code AWS:root"]);
    assert_eq!(at_hand.own_users(number("key in the safe")), ["Entra", "burglary"]);
    assert!(at_hand.has(&Label::new("code AWS:root")) && !at_hand.has(&Label::new("attic")));
}

#[test]
fn entries_that_stand_together_may_be_named_one_by_one() {
    let sandbox = Sandbox::with_vault();
    let uris: String = (0..301)
        .map(|n| format!("otpauth://totp/S{n}:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY{n:03}&issuer=S{n}\n"))
        .map(|line| line.replace('0', "A").replace('1', "B").replace('8', "C").replace('9', "D"))
        .collect();
    sandbox.write("uris.txt", uris);
    sandbox.run("import ~/uris.txt").done();
    let (_, session) = opened(&sandbox);
    let at_hand = AtHand::of(session.vault()).unwrap();
    assert!(at_hand.number_of(&Label::new("SAAA:ana")).is_none());
    let together = at_hand.things().iter().find(|thing| thing.name.raw().contains("other entries"));
    assert_eq!(together.unwrap().name.raw(), "301 other entries");
    let name = session.vault().entries[7].title();
    assert!(at_hand.has(&Label::new(name.as_str())) && at_hand.has(&Label::new(format!("code {name}"))));
}

#[test]
fn a_check_is_given_up_once_it_is_not_wanted_any_more() {
    let (ctx, session) = opened(&planned());
    let to_check = ToCheck::of(&ctx, &session).unwrap();
    let options = CheckOptions { depth: 3, lose: Vec::new() };
    let asked = Cell::new(0);
    let goes_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 5
    };
    assert_eq!(to_check.check(&options, &goes_on).unwrap(), None);
    assert_eq!(asked.get(), 5, "it stops at the first no");
    let checked = to_check.check(&options, &|| true).unwrap();
    assert_eq!(checked.unwrap(), plan::check(&ctx, &session, &options).unwrap());
}
