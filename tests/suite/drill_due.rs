//! When a bundle is to be drilled: by the log, by the settings, and after a change.

use serde_json::Value;

use crate::drill::{DAY, WORDS, elsewhere, home};
use crate::support::Sandbox;

const RUN: &str = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words";

/// Of the bundle's levels: whether each is due.
fn due(sandbox: &Sandbox) -> [bool; 3] {
    let told = sandbox.run("drill due --json").done().json("lifeboat.drill/1");
    let levels = told["bundles"][0]["levels"].as_array().unwrap();
    let due: Vec<bool> = levels.iter().map(|level| level["due"].as_bool().unwrap()).collect();
    assert_eq!(told["due"].as_bool().unwrap(), due.contains(&true));
    due.try_into().unwrap()
}

#[test]
fn a_new_bundle_is_due_after_a_week_a_month_and_ninety_days() {
    let vault = home();
    vault.run("drill due --check").done();
    vault.run("status --check").exits(7).prints("3 entries were never proven");
    assert_eq!(due(&vault), [false; 3]);
    vault.wait(6 * DAY - 1);
    assert_eq!(due(&vault), [false; 3]);
    vault.wait(1);
    assert_eq!(due(&vault), [true, false, false]);
    let told = vault
        .run("drill due --check")
        .exits(7)
        .says("a drill is due: the bundle safe 3 has not been opened by a person");
    insta::assert_snapshot!(vault.normal(&told.to_string()));
    vault.run("drill due").done();
    vault.wait(23 * DAY);
    assert_eq!(due(&vault), [true, true, false]);
    vault.wait(60 * DAY);
    assert_eq!(due(&vault), [true, true, true]);
}

#[test]
fn what_is_due_stands_in_the_status_with_the_line_that_helps() {
    let vault = home();
    vault.run("status").done().out.contains("a drill is due").then(|| panic!("nothing is due yet"));
    vault.wait(7 * DAY);
    let path = vault.path("b.lifeboat").display().to_string();
    let told = vault.run("status --check").exits(7);
    let told = told.prints(
        "a drill is due: the bundle safe 3 has not been opened by a person since it was made on 2027-01-15",
    );
    assert!(told.out.contains(&format!("`lifeboat drill run {path}`")), "{told}");
    let json = vault.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["drills_due"], serde_json::json!(["safe 3"]));
    vault.command("drill run ~/b.lifeboat").typing(&[WORDS]).run().done();
    let json = vault.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["drills_due"], serde_json::json!([]));
}

#[test]
fn l1_is_met_by_a_person_who_types_and_l2_by_whatever_opened_it() {
    let vault = home();
    vault.wait(100 * DAY);
    vault.run(RUN).done();
    assert_eq!(due(&vault), [true, false, true]);
    vault.command("drill run ~/b.lifeboat").typing(&[WORDS]).run().done();
    assert_eq!(due(&vault), [false, false, true]);
    vault.run(&format!("{RUN} --attest Git=INC-7 --no-input")).done();
    assert_eq!(due(&vault), [false; 3]);
    vault.wait(90 * DAY);
    assert_eq!(due(&vault), [true, false, false]);
    vault.wait(90 * DAY);
    assert_eq!(due(&vault), [true, true, false]);
    vault.wait(185 * DAY);
    assert_eq!(due(&vault), [true; 3]);
}

#[test]
fn a_bundle_that_a_key_file_alone_opens_has_nothing_that_could_be_typed() {
    let vault = Sandbox::with_entry();
    vault.run("bundle create -o ~/k --bundle-key-file ~/bundle-key").done();
    vault.wait(8 * DAY);
    assert_eq!(due(&vault), [true, false, false]);
    vault.run("drill run ~/k --bundle-key-file ~/bundle-key").done();
    assert_eq!(due(&vault), [false; 3]);
}

#[test]
fn a_drill_with_a_finding_meets_nothing_but_that_it_opens() {
    let vault = home();
    vault.wait(100 * DAY);
    vault.run("edit Git --digits 8").done();
    vault.command("drill run ~/b.lifeboat --attest AWS=INC-7").typing(&[WORDS]).run().exits(7);
    assert_eq!(due(&vault), [false, true, true]);
}

#[test]
fn a_report_counts_from_the_drill_on_and_not_from_a_day_to_come() {
    let vault = home();
    let other = elsewhere(&vault);
    other.wait(50 * DAY);
    other.command("drill run ~/b.lifeboat --report ~/report").typing(&[WORDS]).run().done();
    for file in ["report", "report.sig"] {
        vault.write(file, other.read(file));
    }
    vault.run("drill record ~/report").exits(7).prints("CLOCK OFF");
    vault.wait(89 * DAY);
    assert!(!due(&vault)[0]);
    vault.wait(DAY);
    assert!(due(&vault)[0], "ninety days after it came home");
}

#[test]
fn a_change_of_who_may_open_the_vault_makes_every_level_due_at_once() {
    let vault = home();
    vault.command("drill run ~/b.lifeboat --attest Git=INC-7").typing(&[WORDS]).run().done();
    vault.run("drill due --check").done();
    vault.wait(1);
    vault.run("slot add --new-key-file ~/second").done();
    assert_eq!(due(&vault), [true; 3]);
    let told = vault.run("drill due --check").exits(7);
    told.says("since the ways of opening the vault were changed on 2027-01-16");
    vault.wait(1);
    vault.command("drill run ~/b.lifeboat --attest Git=INC-7").typing(&[WORDS]).run().done();
    vault.run("drill due --check").done();
}

#[test]
fn the_settings_say_how_long_a_drill_counts() {
    let vault = home();
    std::fs::create_dir_all(vault.path("config")).unwrap();
    vault.write("config/lifeboat.toml", "[drills]\nopens = \"2d\"\nrestored = \"5d\"\naccepted = \"1d\"\n");
    vault.command("drill run ~/b.lifeboat").typing(&[WORDS]).run().done();
    assert_eq!(due(&vault), [false, false, true], "a day after the making");
    vault.wait(2 * DAY);
    assert_eq!(due(&vault), [true, false, true]);
    vault.wait(3 * DAY);
    assert_eq!(due(&vault), [true; 3]);
}

#[test]
fn a_bundle_that_a_newer_one_has_replaced_is_listed_and_never_due() {
    let vault = home();
    vault.run("bundle create -o ~/new --bundle-passphrase-file ~/words --label new").done();
    // Of another kind each: shares, a selection, and another selection.
    let quorum = "bundle create -o ~/q --quorum 2-of-2 --custodian Ana --custodian Ben --label shares";
    vault.command(quorum).typing(&[""; 40]).run().done();
    for (file, query) in [("one", "Git"), ("two", "VPN"), ("three", "Git")] {
        vault.run(&format!("bundle create {query} -o ~/{file} --bundle-passphrase-file ~/words")).done();
    }
    let standing = || -> Vec<(String, String)> {
        let told = vault.run("drill due --json").done().json("lifeboat.drill/1");
        let text = |bundle: &Value, name: &str| bundle[name].as_str().unwrap().to_owned();
        let bundles = told["bundles"].as_array().unwrap();
        bundles.iter().map(|bundle| (text(bundle, "name"), text(bundle, "standing"))).collect()
    };
    let pairs = |expected: [(&str, &str); 6]| expected.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    assert_eq!(
        standing(),
        pairs([
            ("three", "current"),
            ("two", "current"),
            ("one", "never: replaced by three of 2027-01-16"),
            ("shares", "current"),
            ("new", "current"),
            ("safe 3", "never: replaced by new of 2027-01-16"),
        ])
    );
    vault.wait(1);
    // A set that was replaced: its cards are to be destroyed.
    let set = vault.run("share list --json").done().json("lifeboat.share/1")["sets"][0]["set"].clone();
    let set = set.as_str().unwrap().replace(' ', "-");
    vault.command(&format!("share replace {set}")).typing(&[""; 40]).run().done();
    let shares = standing().into_iter().find(|(name, _)| name == "shares").unwrap().1;
    assert!(shares.starts_with("never: it opens with the cards of"), "{shares}");
    // A custodian who left is a change for all others.
    vault.run("drill due").done().prints("a share set was replaced on 2027-01-16");
    vault.wait(400 * DAY);
    let told = vault.run("drill due --check").exits(7);
    assert!(!told.err.contains("safe 3") && told.err.contains("the bundle new"), "{told}");
}

#[test]
fn without_bundles_and_drills_it_is_said_how_one_comes_about() {
    let vault = Sandbox::with_entry();
    vault.run("drill due --check").done().says("`lifeboat bundle create -o FILE` makes one");
    vault.run("drill list").done().says("`lifeboat drill run BUNDLE` rehearses a restore");
}
