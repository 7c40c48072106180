//! A plan in a payload and as TOML.

use proptest::prelude::*;

use super::*;

fn sample() -> Plan {
    let names = |names: &[&str]| names.iter().map(|name| Label::new(*name)).collect::<Vec<_>>();
    let mut vault = Thing::new("vault \"2\" \\ é\u{202e}", ThingKind::Vault);
    vault.ways = vec![
        Way { of: names(&["laptop", "passphrase"]), at_least: None },
        Way { of: names(&["ana", "ben", "cyd"]), at_least: Some(2) },
    ];
    vault.needs = names(&["office"]);
    vault.note = "two\nlines".to_owned();
    let mut laptop = Thing::new("laptop", ThingKind::Device);
    (laptop.lost, laptop.privileged) = (true, true);
    let scenario = Scenario { name: Label::new("fire"), lose: names(&["laptop", "office"]) };
    Plan { things: vec![vault, laptop], scenarios: vec![scenario] }
}

#[test]
fn a_plan_in_a_payload_is_read_again_as_it_was() {
    let written = write(&StoredPlan::Read(sample())).unwrap();
    assert_eq!(read(&written), StoredPlan::Read(sample()));
    assert_eq!(write(&StoredPlan::None), None);
}

#[test]
fn a_plan_of_a_newer_version_is_kept_as_it_is_and_never_half_read() {
    for newer in [
        json!({ "things": [{ "name": "x", "kind": "teleporter" }], "scenarios": [] }),
        json!({ "things": [{ "name": "x", "kind": "device", "until": 5 }] }),
        json!({ "things": [], "weather": "fair" }),
        json!([1, 2]),
    ] {
        let stored = read(&newer);
        assert!(matches!(stored, StoredPlan::Unread(_)), "{newer}");
        assert_eq!(write(&stored), Some(newer));
    }
}

#[test]
fn a_plan_as_toml_is_read_again_as_it_was() {
    let text = to_toml(&sample());
    assert_eq!(from_toml(&text).unwrap(), sample(), "{text}");
    assert!(!text.contains('\u{202e}'), "what turns text around in an editor is escaped");
}

#[test]
fn what_is_wrong_with_the_toml_is_named_with_its_line() {
    let told = |text: &str| from_toml(text).unwrap_err().to_string();
    let thing = "[[thing]]\nname = \"x\"\nkind = \"device\"\n";
    assert!(
        told("[[thing]]\nname = \"x\"\nkind = \"laptop\"\n")
            .starts_with("line 3: no kind \"laptop\"; kinds: account,")
    );
    assert!(told(&format!("{thing}wais = []\n")).starts_with("line 4: \"wais\" means nothing here"));
    assert_eq!(told("\n[[thing]]\nname = \"x\"\n"), "line 2: a thing needs a name and a kind");
    assert_eq!(told(&format!("{thing}ways = [\"a\"]\n")), "line 4: a table belongs here");
    assert_eq!(
        told(&format!("{thing}ways = [\n  {{ at_least = 300, of = [] }}]\n")),
        "line 5: at_least is a whole number from 1 to 255"
    );
    assert_eq!(told(&format!("{thing}lost = \"yes\"\n")), "line 4: true or false belongs here");
    assert!(
        told("[[things]]\n").starts_with("line 1: \"things\" means nothing here; what does: thing, scenario")
    );
    assert!(told("[[thing]\n").starts_with("line 1: "));
    assert!(told("[[scenario]]\nname = \"fire\"\n").starts_with("line 1: a scenario needs"));
}

proptest! {
    #[test]
    fn any_names_and_notes_go_through_toml_and_a_payload(name in "\\PC{1,20}", note in any::<String>()) {
        let mut plan = sample();
        plan.things[1].name = Label::new(name);
        plan.things[0].note = note;
        prop_assert_eq!(&from_toml(&to_toml(&plan)).unwrap(), &plan);
        let written = write(&StoredPlan::Read(plan.clone())).unwrap();
        prop_assert_eq!(read(&written), StoredPlan::Read(plan));
    }

    #[test]
    fn no_text_makes_reading_toml_panic(text in any::<String>()) {
        drop(from_toml(&text));
    }
}
