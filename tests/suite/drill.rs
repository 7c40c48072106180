//! Drills beside the vault and on a machine of their own: the level that holds, each finding, and what is written.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{CTRL_C, RFC_URI, Sandbox, Transcript};

pub(crate) const DAY: u64 = 86_400;
/// What opens the bundles here.
pub(crate) const WORDS: &str = "seventeen green lanterns over the harbour";
pub(crate) const GIT: &str = "otpauth://totp/Git:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Git";
pub(crate) const VPN: &str = "otpauth://totp/VPN:ana?secret=KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU&issuer=VPN";
pub(crate) const NEW_SEED: &str = "NZSXOIDTMVSWIZLSONXW4ZJANZSXOIDT";

/// A vault with three accounts, of which `~/b.lifeboat` is a bundle. A day has passed since.
pub(crate) fn home() -> Sandbox {
    let vault = Sandbox::with_entry();
    vault.add(GIT);
    vault.add(VPN);
    vault.write("words", WORDS);
    vault.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words --label 'safe 3'").done();
    vault.wait(DAY);
    vault
}

/// A machine that has the bundle and its passphrase, and no vault. Its clock says what that of the vault says.
pub(crate) fn elsewhere(vault: &Sandbox) -> Sandbox {
    let other = Sandbox::empty();
    for file in ["b.lifeboat", "words"] {
        other.write(file, vault.read(file));
    }
    other.wait(now(vault) - now(&other));
    other
}

pub(crate) fn now(sandbox: &Sandbox) -> u64 {
    sandbox.context().clock.now()
}

/// Every file below a folder with its length, when it was changed, and its bytes.
fn listing(folder: &Path) -> BTreeMap<String, (std::time::SystemTime, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        let facts = path.symlink_metadata().unwrap();
        if facts.is_dir() {
            found.extend(listing(&path));
            found.insert(name, (facts.modified().unwrap(), Vec::new()));
        } else {
            found.insert(name, (facts.modified().unwrap(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

/// The names of what is new or different.
fn differing(before: &BTreeMap<String, (std::time::SystemTime, Vec<u8>)>, sandbox: &Sandbox) -> Vec<String> {
    let after = listing(sandbox.home());
    let names = after.iter().filter(|(name, facts)| before.get(*name) != Some(facts)).map(|(name, _)| name);
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let shorter = |name: &String| name.replace(&format!("{}/", sandbox.home().display()), "");
    names.chain(gone).map(shorter).collect()
}

/// Each finding of a drill: its verdict, its entry, and what is said of it.
pub(crate) fn findings(drill: &Value) -> Vec<(String, String, String)> {
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let entries = drill["entries"].as_array().unwrap().iter();
    let found = entries.map(|entry| (text(entry, "verdict"), text(entry, "title"), text(entry, "detail")));
    found.filter(|(verdict, ..)| verdict != "same" && verdict != "not-compared").collect()
}

fn owned(findings: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    findings.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}

fn json(transcript: &Transcript) -> Value {
    transcript.json("lifeboat.drill/1")
}

/// Lines of the log.
fn n_lines(vault: &Sandbox) -> usize {
    String::from_utf8(vault.read("vault.lifeboat.log")).unwrap().lines().count()
}

#[test]
fn beside_the_vault_a_drill_reaches_l2_says_what_it_did_not_test_and_is_one_record() {
    let vault = home();
    let before = listing(vault.home());
    let n_before = n_lines(&vault);
    let drill = vault.command("drill run ~/b.lifeboat").typing(&[WORDS]).run().done();
    insta::assert_snapshot!(vault.normal(&drill.to_string()));
    assert_eq!(differing(&before, &vault), ["vault.lifeboat.log"]);
    let n_after = n_lines(&vault);
    assert_eq!(n_after, n_before + 1, "one record, and none of an unlock");
    let listed = json(&vault.run("drill list --json").done());
    let drills = listed["drills"].as_array().unwrap();
    assert_eq!(drills.len(), 1);
    assert_eq!((&drills[0]["level"], &drills[0]["bundle_name"]), (&"L2".into(), &"safe 3".into()));
    assert_eq!((&drills[0]["typed"], &drills[0]["found"]["same"]), (&true.into(), &3.into()));
    insta::assert_snapshot!(vault.run("drill list").done().out);
}

#[test]
fn without_the_vault_a_drill_writes_nothing_but_its_report() {
    let other = elsewhere(&home());
    let before = listing(other.home());
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words";
    let drill = other.run(line).done();
    assert_eq!(differing(&before, &other), [""; 0]);
    insta::assert_snapshot!(other.normal(&drill.to_string()));
    other.run(&format!("{line} --report ~/report")).done();
    assert_eq!(differing(&before, &other), ["report", "report.sig"]);
    // Neither is written over.
    other.run(&format!("{line} --report ~/report")).exits(8).says("exists already");
    other.write("second.sig", "mine");
    other.run(&format!("{line} --report ~/second")).exits(8).says("second.sig exists already");
    assert!(!other.has("second"));
}

#[test]
fn what_opened_it_is_said_and_only_what_somebody_types_counts_as_typed() {
    let other = elsewhere(&home());
    let typed = other.command("drill run ~/b.lifeboat --json").typing(&[WORDS]).run().done();
    assert_eq!((&json(&typed)["typed"], &json(&typed)["opened_with"]), (&true.into(), &"passphrase".into()));
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file";
    let of_file = other.run(&format!("{line} ~/words --json")).done();
    let piped = other.command(&format!("{line} - --json")).stdin(WORDS).run().done();
    for drill in [of_file, piped] {
        let drill = json(&drill);
        assert_eq!((&drill["level"], &drill["typed"]), (&"L1".into(), &false.into()));
        assert!(drill["not_tested"][0]["what"].as_str().unwrap().contains("nobody typed it"), "{drill}");
    }
}

#[test]
fn a_wrong_passphrase_leaves_l0_and_a_report_of_it_and_a_damaged_file_nothing() {
    let other = elsewhere(&home());
    let wrong = other.command("drill run ~/b.lifeboat --report ~/report").typing(&["wrong"]).run().exits(3);
    let wrong = wrong
        .says("the file is whole (L0)")
        .says("does not accept")
        .says(&format!("the report {} was written", other.path("report").display()));
    assert!(wrong.out.starts_with("level        L0: the file is whole\n"), "{wrong}");
    let report: Value = serde_json::from_slice(&other.read("report")).unwrap();
    assert_eq!((&report["level"], &report["proofs"]), (&"L0".into(), &Value::Null));
    assert_eq!((&report["entries"], &report["bundle"]["vault"]), (&Value::Array(vec![]), &Value::Null));
    other.run("drill run ~/b.lifeboat --no-input").exits(3).prints("L0: the file is whole");

    let mut bytes = other.read("b.lifeboat");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    other.write("damaged", &bytes);
    let damaged =
        other.run("drill run ~/damaged --report ~/second --bundle-passphrase-file ~/words").exits(5);
    assert!(damaged.out.is_empty() && !other.has("second"), "{damaged}");
    other.run("drill run ~/none").exits(4);
    // Ctrl-C at the passphrase leaves nothing behind.
    let before = listing(other.home());
    let stopped = other.command("drill run ~/b.lifeboat --report ~/third").typing(&[CTRL_C]).run().exits(130);
    assert!(stopped.out.is_empty());
    assert_eq!(differing(&before, &other), [""; 0]);
}

/// Changes the vault so that the bundle is out of date in each way that there is.
pub(crate) fn outdate(vault: &Sandbox) {
    // AWS: another seed, though nothing says that it was replaced after the bundle was made.
    vault.set_back(2 * DAY);
    vault.command("edit AWS --seed -").stdin(NEW_SEED).run().done();
    vault.wait(2 * DAY);
    // Git: replaced since. VPN: in the trash.
    vault.command("edit Git --seed -").stdin(NEW_SEED).run().done();
    vault.run("remove VPN").done();
    // Added since.
    vault.add(&RFC_URI.replace("AWS", "New").replace("GEZD", "MEZD"));
}

/// What a drill finds then.
pub(crate) fn outdated() -> Vec<(String, String, String)> {
    owned(&[
        ("different", "AWS:root", "another seed, though none was replaced since"),
        ("stale", "Git:ana", "its seed was replaced on 2027-01-16"),
        ("extra", "VPN:ana", "in the vault's trash"),
        ("missing", "New:root", "added on 2027-01-16, after the bundle was made"),
    ])
}

#[test]
fn each_entry_that_is_not_the_live_vaults_is_found_for_what_it_is() {
    let vault = home();
    outdate(&vault);
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words";
    let drill = vault.run(&format!("{line} --json")).exits(7);
    assert_eq!(findings(&json(&drill)), outdated());
    assert_eq!(json(&drill)["level"], "L1", "its seeds are not the live vault's");
    insta::assert_snapshot!(vault.normal(&vault.run(line).exits(7).out));
    vault.run("trash purge --yes").done();
    let drill = vault.run(&format!("{line} --json")).exits(7);
    assert!(findings(&json(&drill)).contains(&owned(&[("extra", "VPN:ana", "the vault has it no more")])[0]));
}

#[test]
fn other_codes_of_the_same_seed_are_a_finding_and_a_new_label_is_none() {
    let vault = home();
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words --json";
    vault.run("edit Git --account other --note new --tag +x").done();
    assert_eq!(json(&vault.run(line).done())["level"], "L2");
    vault.run("edit Git --digits 8").done();
    let drill = vault.run(line).exits(7);
    let expected = ("different", "Git:other", "the same seed, and codes made of it in another way");
    assert_eq!(findings(&json(&drill)), owned(&[expected]));
}

#[test]
fn a_selection_misses_nothing_that_was_never_in_it() {
    let vault = home();
    vault.run("bundle create Git -o ~/one --bundle-passphrase-file ~/words").done();
    let line = "drill run ~/one --bundle-passphrase-file ~/words --json";
    let drill = json(&vault.run(line).done());
    assert_eq!((&drill["level"], drill["entries"].as_array().unwrap().len()), (&"L2".into(), 1));
    vault.run("remove AWS").done();
    assert_eq!(json(&vault.run(line).done())["level"], "L2");
}

#[test]
fn a_counter_that_went_on_is_the_same_and_a_seal_is_compared_by_its_bytes_alone() {
    let vault = home();
    vault.add("otpauth://hotp/Count:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ&issuer=Count&counter=3");
    vault.write("seal", "eleven quiet barges under the moonlight");
    vault.run("seal VPN --seal-passphrase-file ~/seal").done();
    vault.run("bundle create -o ~/c --bundle-passphrase-file ~/words").done();
    vault.run("code Count").done();
    let line = "drill run ~/c --bundle-passphrase-file ~/words --json";
    let drill = json(&vault.run(line).done());
    assert_eq!((&drill["level"], findings(&drill)), (&"L2".into(), vec![]));
    let not_tested = drill["not_tested"].to_string();
    assert!(not_tested.contains("counter of 1 counting entry"), "{not_tested}");
    assert!(!not_tested.contains("opens no seal"), "the same bytes are the same seed: {not_tested}");
    // Sealed anew, nobody can tell without opening both.
    vault.run("seal Git --seal-passphrase-file ~/seal").done();
    let drill = json(&vault.run(line).done());
    assert_eq!((&drill["level"], findings(&drill)), (&"L2".into(), vec![]));
    assert!(drill["not_tested"].to_string().contains("1 entry whose seed is sealed"), "{drill}");
}

#[test]
fn a_clock_that_is_ninety_seconds_off_is_found_by_a_code_of_another_device() {
    let vault = home();
    let git = vault.run("code AWS").done().out.trim().to_owned();
    for (name, seconds, words) in [("ahead", 90, "+90 s (ahead)"), ("behind", -90, "-90 s (behind)")] {
        let other = elsewhere(&vault);
        if seconds > 0 {
            other.wait(90);
        } else {
            other.set_back(90);
        }
        let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words --report ~/report";
        let drill = other.command(line).typing(&[&git]).at_terminal(200).run().exits(7);
        assert!(drill.out.contains(&format!("CLOCK OFF    {words}")), "{name}:\n{drill}");
        let report: Value = serde_json::from_slice(&other.read("report")).unwrap();
        assert_eq!(report["clock"]["off_seconds"], seconds, "{name}");
    }
    // Right, mistyped once, and not tested.
    let other = elsewhere(&vault);
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words";
    let right = other.command(line).typing(&["00000000", &git]).at_terminal(200).run().done();
    assert!(right.out.contains("clock        right, compared with a code of AWS:root"), "{right}");
    let skipped = other.command(line).typing(&[""]).at_terminal(200).run().done();
    assert!(skipped.out.contains("clock        not compared"), "{skipped}");
    // Nobody is asked under --no-input, and nobody is there on a pipe.
    for quiet in [&format!("{line} --no-input"), &format!("{line} --yes")] {
        other.command(quiet).typing(&[]).at_terminal(200).run().done();
    }
    // A code that fits nowhere three times is of another seed.
    let wrong = other
        .command(&format!("{line} --report ~/wrong"))
        .typing(&["00000000"; 3])
        .at_terminal(200)
        .run()
        .exits(7);
    assert!(
        wrong.out.contains("DIFFERENT    AWS:root: a code of it on another device fits no time"),
        "{wrong}"
    );
}

#[test]
fn a_clock_before_the_making_of_the_bundle_is_off_by_at_least_that() {
    let vault = home();
    let other = elsewhere(&vault);
    other.set_back(3 * DAY);
    let drill = other.run("drill run ~/b.lifeboat --bundle-passphrase-file ~/words --json").exits(7);
    let off = json(&drill)["clock"]["off_seconds"].as_i64().unwrap();
    assert_eq!(off, -2 * i64::try_from(DAY).unwrap());
    drill.says("before the making of this bundle");
}

#[test]
fn l3_takes_a_reference_for_an_entry_that_is_the_live_vaults() {
    let vault = home();
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words --no-input";
    let drill =
        vault.run(&format!("{line} --attest 'Git=INC-7, by phone' --attest aws:root=INC-8 --json")).done();
    let drill = json(&drill);
    assert_eq!(
        (&drill["level"], &drill["attested"][0]["reference"]),
        (&"L3".into(), &"INC-7, by phone".into())
    );
    assert!(drill["not_tested"].to_string().contains("the codes of 1 other entry"), "{drill}");
    vault.run("drill list").done().prints("L3");
    // Refused before anybody types anything, or by the bundle's own entries.
    let before = listing(vault.home());
    for (attest, status) in [("Git=", 2), ("'Git= '", 2), ("Git", 2), ("nobody=x", 4), ("ana=x", 4)] {
        vault.run(&format!("{line} --attest {attest}")).exits(status);
    }
    vault.run(&format!("{line} --attest Git={}", "x".repeat(201))).exits(2);
    assert_eq!(differing(&before, &vault), [""; 0], "what is refused is no drill");
    // Where the seed is another one, no service's word helps.
    vault.command("edit Git --seed -").stdin(NEW_SEED).run().done();
    let drill = json(&vault.run(&format!("{line} --attest Git=INC-7 --json")).exits(7));
    assert_eq!(drill["level"], "L1");
}

#[test]
fn at_a_terminal_the_code_is_shown_first_and_the_person_says_whether_it_was_accepted() {
    let vault = home();
    let code = vault.run("code Git").done().out.trim().to_owned();
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words --attest Git=INC-7";
    let accepted = vault.command(line).typing(&["", "y"]).at_terminal(200).run().done();
    assert!(accepted.out.starts_with("level        L3"), "{accepted}");
    assert!(accepted.tty.contains(&code) && !format!("{}{}", accepted.out, accepted.err).contains(&code));
    let unseen = vault.command(line).typing(&["n", "y"]).at_terminal(200).run().done();
    assert!(!unseen.tty.contains(&code) && unseen.out.starts_with("level        L3"), "{unseen}");
    let not_tried = vault.command(line).typing(&["", ""]).at_terminal(200).run().done();
    assert!(not_tried.out.starts_with("level        L2"), "{not_tried}");
    let refused = vault.command(line).typing(&["", "n"]).at_terminal(200).run().exits(7);
    assert!(refused.out.contains("DIFFERENT    Git:ana: the service did not accept its code"), "{refused}");
    assert!(refused.out.starts_with("level        L1"), "{refused}");
}

#[test]
fn a_privileged_entry_shows_its_code_in_a_drill_only_for_the_reason_that_the_settings_ask_for() {
    let vault = home();
    vault.run("edit Git --privileged").done();
    vault.run("bundle create -o ~/c --bundle-passphrase-file ~/words").done();
    for sandbox in [&vault, &elsewhere(&vault)] {
        sandbox.write("c", vault.read("c"));
        std::fs::create_dir_all(sandbox.path("config")).unwrap();
        sandbox.write("config/lifeboat.toml", "[reasons]\nprivileged = true\n");
        let line = "drill run ~/c --bundle-passphrase-file ~/words --attest Git=INC-7";
        let clock: &[&str] = if sandbox.has("vault.lifeboat") { &[] } else { &[""] };
        let typing = |more: &[&str]| {
            let answers = [clock, more].concat();
            sandbox.command(line).typing(&answers).at_terminal(200).run()
        };
        typing(&["y", ""]).exits(8).says("a reason is asked for");
        let shown = typing(&["y", "yearly check", "y"]).done();
        assert!(shown.tty.contains("s left"), "{shown}");
    }
}

#[test]
fn a_vault_that_nothing_opens_is_left_out_and_one_that_has_nothing_to_do_with_it_too() {
    let vault = Sandbox::with_passphrase("the vault's own passphrase");
    let add = vault.command("add - --passphrase-file ~/vault-passphrase").stdin(GIT).run();
    add.done();
    vault.write("words", WORDS);
    vault.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words --passphrase-file ~/vault-passphrase").done();
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words";
    let before = listing(vault.home());
    vault.run(&format!("{line} --no-input")).done().prints("L1").says("was not opened: nothing was given");
    vault.command(line).typing(&[""]).run().done().prints("L1").says("the drill goes on without it");
    assert_eq!(differing(&before, &vault), [""; 0]);
    vault.command(line).typing(&["the vault's own passphrase"]).run().done().prints("L2");
    // A wrong one is said after what was reached, and noted as a failed attempt.
    vault.command(line).typing(&["wrong"]).run().exits(3).prints("L1").says("cannot open the vault");
    // Another vault: opened only where nobody has to be asked, and told that it is another one.
    let stranger = Sandbox::with_entry();
    for file in ["b.lifeboat", "words"] {
        stranger.write(file, vault.read(file));
    }
    let before = listing(stranger.home());
    stranger.run(line).done().prints("L1").says("not known to be the one of this bundle");
    assert_eq!(differing(&before, &stranger), [""; 0]);
    // Damaged, it stops no drill.
    stranger.write("vault.lifeboat", "no vault");
    stranger.run(line).done().prints("L1").says("the drill goes on without the vault");
}

#[test]
fn a_vault_that_was_restored_from_the_bundles_vault_is_the_live_one() {
    let vault = home();
    let other = elsewhere(&vault);
    other.run("restore ~/b.lifeboat --bundle-passphrase-file ~/words --new-key-file ~/key").done();
    let drill = other.run("drill run ~/b.lifeboat --bundle-passphrase-file ~/words --key-file ~/key").done();
    drill.prints("L2: its seeds").prints("one machine, one clock");
}

#[test]
fn a_key_that_is_kept_opens_the_vault_for_a_drill_and_nothing_else_is_written() {
    let vault = Sandbox::with_passphrase("the vault's own passphrase");
    vault.command("add - --passphrase-file ~/vault-passphrase").stdin(GIT).run().done();
    vault.write("words", WORDS);
    vault
        .run("bundle create -o ~/b --bundle-passphrase-file ~/words --passphrase-file ~/vault-passphrase")
        .done();
    vault.run("unlock --for 15m --passphrase-file ~/vault-passphrase").done();
    let before = listing(vault.home());
    vault.run("drill run ~/b --bundle-passphrase-file ~/words --no-input").done().prints("L2");
    assert_eq!(differing(&before, &vault), ["vault.lifeboat.log"]);
}

#[test]
fn who_made_a_bundle_that_shares_open_is_asked_before_anything_of_it_is_shown() {
    let vault = home();
    let made = vault
        .command("bundle create -o ~/q --quorum 2-of-2 --custodian Ana --custodian Ben")
        .typing(&[""; 40]);
    let cards = crate::custody_story::cards(&made.run().done().tty);
    let other = elsewhere(&vault);
    other.write("q", vault.read("q"));
    other.write("ana", &cards[0]);
    other.write("ben", &cards[1]);
    let line = "drill run ~/q --share ~/ana --share ~/ben";
    let refused = other.command(&format!("{line} --report ~/report")).typing(&["n"]).run().exits(8);
    assert!(refused.out.starts_with("level        L0") && !refused.out.contains("Git"), "{refused}");
    other.run(&format!("{line} --no-input")).exits(8).prints("L0");
    let opened = other.run(&format!("{line} --yes --json")).done();
    let drill = json(&opened);
    assert_eq!((&drill["level"], &drill["typed"]), (&"L1".into(), &false.into()));
    assert!(drill["opened_with"].as_str().unwrap().starts_with("2 shares of "), "{drill}");
    let typed = other.command("drill run ~/q --json").typing(&[&cards[0], &cards[1], "y"]).run().done();
    assert_eq!(json(&typed)["typed"], true);
    // The vault that made it knows itself.
    vault.write("ana", &cards[0]);
    vault.write("ben", &cards[1]);
    vault.run(line).done().prints("L2");
}

#[test]
fn a_kits_folder_stands_for_the_bundle_in_it() {
    let vault = home();
    vault.write("program", "small");
    vault.run("kit -o ~/kit").done();
    let other = elsewhere(&vault);
    std::fs::create_dir(other.path("kit")).unwrap();
    other.write("kit/bundle-1.lifeboat", "spoiled");
    other.write("kit/bundle-2.lifeboat", vault.read("b.lifeboat"));
    let drill = other.run("drill run ~/kit --bundle-passphrase-file ~/words").done();
    drill.prints("L1").says("bundle-1.lifeboat was passed over");
}
