//! Reports of drills elsewhere, brought home: what their proofs show, and what nobody has to believe.

use lifeboat::secret::SecretBytes;
use lifeboat::signature::{SigningKey, armor};
use lifeboat::wire::drill_report_v1::{self, DrillReport};
use proptest::prelude::*;
use serde_json::Value;

use crate::drill::{DAY, GIT, NEW_SEED, elsewhere, findings, home, outdate, outdated};
use crate::support::{Sandbox, Transcript};

/// Drills elsewhere and brings the report home as `~/report`.
fn brought(vault: &Sandbox, more: &str) {
    brought_from(&elsewhere(vault), vault, more);
}

fn brought_from(other: &Sandbox, vault: &Sandbox, more: &str) {
    let line = "drill run ~/b.lifeboat --bundle-passphrase-file ~/words --no-input --report ~/report";
    assert!([0, 7].contains(&other.run(&format!("{line} {more}")).status));
    for file in ["report", "report.sig"] {
        vault.write(file, other.read(file));
    }
}

fn json(transcript: &Transcript) -> Value {
    transcript.json("lifeboat.drill/1")
}

/// The report, changed and signed anew by somebody with a key of their own, as `~/forged`.
fn forged(vault: &Sandbox, change: impl FnOnce(&mut DrillReport)) {
    let key = SigningKey::from_seed(&SecretBytes::from_slice(&[7; 32])).unwrap();
    let mut report = drill_report_v1::parse(&vault.read("report")).unwrap();
    report.signer = key.public();
    change(&mut report);
    let text = drill_report_v1::encode(&report, &|seconds| seconds.to_string());
    vault.write("forged", &text);
    vault.write("forged.sig", armor(&key.sign("lifeboat-drill", text.as_bytes())));
}

#[test]
fn a_report_that_fits_is_l2_at_home_and_one_record_and_nothing_else_is_written() {
    let vault = home();
    brought(&vault, "");
    let before = vault.read("vault.lifeboat");
    let recorded = vault.run("drill record ~/report").done();
    // The key of a drill is drawn for it alone.
    insta::assert_snapshot!(vault.normal(&recorded.to_string()));
    assert_eq!(vault.read("vault.lifeboat"), before);
    let listed = json(&vault.run("drill list --json").done());
    assert_eq!(listed["drills"].as_array().unwrap().len(), 1);
    let drill = &listed["drills"][0];
    assert_eq!((&drill["level"], &drill["beside_vault"]), (&"L2".into(), &false.into()));
    // Once more it is known, and nothing is written.
    let log = vault.read("vault.lifeboat.log");
    vault.run("drill record ~/report").done().says("has this report already");
    let after = String::from_utf8(vault.read("vault.lifeboat.log")).unwrap();
    let new: Vec<&str> = after.strip_prefix(&String::from_utf8(log).unwrap()).unwrap().lines().collect();
    assert_eq!(new.len(), 1, "the unlock alone");
    assert_eq!(json(&vault.run("drill list --json").done())["drills"].as_array().unwrap().len(), 1);
}

#[test]
fn the_signature_is_one_that_others_can_check_and_of_its_use_alone() {
    let vault = home();
    brought(&vault, "");
    let text = String::from_utf8(vault.read("report.sig")).unwrap();
    let blob = lifeboat::signature::dearmor(&text).unwrap();
    let report = vault.read("report");
    let key = lifeboat::signature::verify(&blob, "lifeboat-drill", &report).unwrap();
    let said: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(said["public_key_fingerprint"], key.fingerprint());
    assert!(lifeboat::signature::verify(&blob, "lifeboat-evidence", &report).is_err());
}

#[test]
fn attestations_bring_l3_home_for_entries_that_are_proven() {
    let vault = home();
    brought(&vault, "--attest Git=INC-7");
    let recorded = json(&vault.run("drill record ~/report --json").done());
    assert_eq!((&recorded["level"], &recorded["said_level"]), (&"L3".into(), &"L1".into()));
    let listed = json(&vault.run("drill list --json").done());
    assert_eq!(listed["drills"][0]["attested"][0]["reference"], "INC-7");
}

#[test]
fn each_finding_of_a_bundle_that_is_out_of_date_is_the_same_as_beside_the_vault() {
    let vault = home();
    outdate(&vault);
    // VPN, in the trash, is still proven: the drill had the bundle open.
    brought(&vault, "--attest Git=INC-7");
    let recorded = vault.run("drill record ~/report --json").exits(7);
    let mut found = findings(&json(&recorded));
    let mut expected = outdated();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(
        (&json(&recorded)["level"], &json(&recorded)["attested"]),
        (&"L1".into(), &Value::Array(vec![]))
    );
    vault.run("drill list").done().prints("1 missing, 1 stale, 1 different, 1 extra");
}

#[test]
fn sealed_and_short_seeds_are_left_out_and_named_and_do_not_keep_it_from_l2() {
    let vault = home();
    vault.add("otpauth://totp/Short:ana?secret=JBSWY3DPEHPK&issuer=Short");
    vault.write("seal", "eleven quiet barges under the moonlight");
    vault.run("seal VPN --seal-passphrase-file ~/seal").done();
    vault.run("bundle create -o ~/b2 --bundle-passphrase-file ~/words").done();
    vault.write("b.lifeboat", vault.read("b2"));
    brought(&vault, "");
    let report: Value = serde_json::from_slice(&vault.read("report")).unwrap();
    assert_eq!(report["proofs"]["entries"].as_object().unwrap().len(), 2);
    assert_eq!(report["proofs"]["not_provable"].as_array().unwrap().len(), 2);
    assert!(report["not_tested"].to_string().contains("below 80 bits"), "{report}");
    assert!(report["not_tested"].to_string().contains("sealed"), "{report}");
    let recorded = json(&vault.run("drill record ~/report --json").done());
    assert_eq!(recorded["level"], "L2");
    assert!(recorded["not_tested"].to_string().contains("the seeds of 2 entries"), "{recorded}");
}

#[test]
fn no_seed_and_no_code_stands_in_a_report() {
    let vault = home();
    brought(&vault, "--attest Git=INC-7");
    let text = String::from_utf8(vault.read("report")).unwrap();
    for secret in ["GEZDGNBV", "JBSWY3DP", "KRSXG5CT", "12345678901234567890", "3132333435"] {
        assert!(!text.to_uppercase().contains(secret), "{secret}");
    }
    let code = vault.run("code Git").done().out.trim().to_owned();
    assert!(!text.contains(&code));
}

#[test]
fn a_report_from_a_clock_that_is_ahead_or_behind_is_off_by_at_least_what_is_certain() {
    let vault = home();
    let other = elsewhere(&vault);
    other.wait(90);
    brought_from(&other, &vault, "");
    let recorded = json(&vault.run("drill record ~/report --json").exits(7));
    assert_eq!((&recorded["clock"]["off_seconds"], &recorded["level"]), (&90.into(), &"L1".into()));
    // Two minutes later it would not show: it may have lain about.
    let vault = home();
    let other = elsewhere(&vault);
    other.wait(90);
    brought_from(&other, &vault, "");
    vault.wait(120);
    vault.run("drill record ~/report").done().prints("L2");
    // Before the bundle was made.
    let vault = home();
    let other = elsewhere(&vault);
    other.set_back(3 * DAY);
    brought_from(&other, &vault, "");
    let recorded = json(&vault.run("drill record ~/report --json").exits(7));
    assert_eq!(recorded["clock"]["off_seconds"], -2 * i64::try_from(DAY).unwrap());
}

#[test]
fn a_report_that_was_altered_is_not_signed_or_is_of_something_else_is_refused() {
    let vault = home();
    brought(&vault, "--attest Git=INC-7");
    let text = String::from_utf8(vault.read("report")).unwrap();
    let signature = vault.read("report.sig");
    vault.write("altered", text.replace("INC-7", "INC-8"));
    vault.write("altered.sig", &signature);
    vault.run("drill record ~/altered").exits(5).says("the signature does not belong");
    vault.write("unsigned", &text);
    vault.run("drill record ~/unsigned").exits(5).says("unsigned.sig is not there");
    vault.write("odd", &text);
    vault.write("odd.sig", "hello");
    vault.run("drill record ~/odd").exits(5).says("is no signature");
    vault.write("hello", "hello");
    vault.run("drill record ~/hello").exits(5).says("not a report of a drill");
    vault.run("drill record ~/none").exits(4);
    // Signed with one key and naming another.
    forged(&vault, |report| report.signer = lifeboat::signature::PublicKey([9; 32]));
    vault.run("drill record ~/forged").exits(5).says("signed by another key");
    // Of another vault's bundle.
    let stranger = Sandbox::with_passphrase("the vault of somebody else");
    stranger.write("report", &text);
    stranger.write("report.sig", &signature);
    let refused = stranger.run("drill record ~/report --passphrase-file ~/vault-passphrase").exits(4);
    refused.says("of no bundle of this vault").says("it was made from the vault");
    // Of a file that has the bundle's id and other bytes.
    forged(&vault, |report| report.bundle.sha256 = [1; 32]);
    vault.run("drill record ~/forged").exits(5).says("other bytes");
    assert_eq!(json(&vault.run("drill list --json").done())["drills"].as_array().unwrap().len(), 0);
}

#[test]
fn nothing_is_believed_that_the_proofs_do_not_show() {
    use lifeboat::recovery::Level;
    let vault = home();
    brought(&vault, "--attest Git=INC-7");
    let is_l0 = |words: &str| {
        let recorded = vault.run("drill record ~/forged --json").exits(7);
        let recorded = json(&recorded);
        assert_eq!(recorded["level"], "L0", "{words}");
        assert_eq!(recorded["attested"], Value::Array(vec![]), "{words}");
        let remarks = recorded["remarks"].to_string();
        assert!(remarks.contains(words), "{words}: {remarks}");
    };
    // The proofs are bound to the key that made the report: nobody else can sign them as theirs.
    forged(&vault, |report| report.level = Level::Accepted);
    is_l0("may not have had the bundle open");
    // None at all, though it says L3; and those of another time.
    forged(&vault, |report| {
        report.level = Level::Accepted;
        report.beside_vault = true;
        report.proofs = None;
    });
    is_l0("no proofs of this drill");
    forged(&vault, |report| report.ended += 3600);
    is_l0("no proofs of this drill");
    // Entries that are made up explain nothing.
    forged(&vault, |report| {
        for entry in &mut report.entries {
            let mut bytes = entry.id.unwrap().bytes();
            bytes[0] ^= 1;
            entry.id = Some(lifeboat::entry::EntryId::from_bytes(bytes));
        }
        let proofs = report.proofs.as_mut().unwrap();
        proofs.entries = report.entries.iter().map(|entry| (entry.id.unwrap(), [3; 16])).collect();
        report.attested.clear();
    });
    is_l0("may not have had the bundle open");
    // A claim of L0 alone is taken as one.
    forged(&vault, |report| {
        report.level = Level::Whole;
        report.proofs = None;
        report.entries.clear();
        report.attested.clear();
    });
    vault.run("drill record ~/forged").done().prints("L0: the file is whole, as the report says");
}

#[test]
fn seeds_that_were_all_replaced_since_explain_why_no_proof_fits() {
    let vault = home();
    brought(&vault, "");
    for (name, letter) in [("AWS", "A"), ("Git", "B"), ("VPN", "C")] {
        let seed = NEW_SEED.replace('N', letter);
        vault.command(&format!("edit {name} --seed -")).stdin(seed).run().done();
    }
    let recorded = json(&vault.run("drill record ~/report --json").exits(7));
    assert_eq!(recorded["level"], "L1");
    assert_eq!(findings(&recorded).iter().filter(|(verdict, ..)| verdict == "stale").count(), 3);
}

#[test]
fn a_report_beside_the_vault_is_signed_by_the_vaults_key_and_known_already() {
    let vault = home();
    vault.run("drill run ~/b.lifeboat --bundle-passphrase-file ~/words --report ~/report").done();
    let report: Value = serde_json::from_slice(&vault.read("report")).unwrap();
    assert_eq!((&report["level"], &report["proofs"]), (&"L2".into(), &Value::Null));
    let recorded = json(&vault.run("drill record ~/report --json").done());
    assert_eq!((&recorded["recorded_before"], &recorded["level"]), (&true.into(), &"L2".into()));
    assert_eq!(recorded["report"]["vault_key"], true);
}

#[test]
fn a_report_of_a_vault_that_this_one_continues_is_taken() {
    let vault = home();
    let other = elsewhere(&vault);
    brought(&vault, "");
    other.run("restore ~/b.lifeboat --bundle-passphrase-file ~/words --new-key-file ~/key").done();
    for file in ["report", "report.sig"] {
        other.write(file, vault.read(file));
    }
    other.run("drill record ~/report --key-file ~/key").done().prints("L2");
}

#[test]
fn a_report_is_the_same_bytes_read_and_written_again() {
    let vault = home();
    vault.add(&GIT.replace("Git:ana", "Git:%C3%A9%22%5C%20x").replace("JBSW", "MBSW"));
    vault.run("bundle create -o ~/b2 --bundle-passphrase-file ~/words").done();
    vault.write("b.lifeboat", vault.read("b2"));
    brought(&vault, "--attest VPN=INC-7");
    let text = String::from_utf8(vault.read("report")).unwrap();
    let report = drill_report_v1::parse(text.as_bytes()).unwrap();
    assert_eq!(drill_report_v1::encode(&report, &lifeboat::app::time::shown), text);
    // What a newer version adds is passed over.
    let newer = text.replacen('{', "{\n  \"new\": {\"a\": [1]},", 1);
    assert_eq!(drill_report_v1::parse(newer.as_bytes()), Some(report));
}

#[test]
fn what_is_no_report_is_none() {
    let vault = home();
    brought(&vault, "--attest VPN=INC-7");
    let text = String::from_utf8(vault.read("report")).unwrap();
    let id = text.split("\"entry\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for (from, to) in [
        ("drill-report/1", "drill-report/2"),
        ("\"level\": \"L1\",\n  \"not", "\"level\": \"L4\",\n  \"not"),
        ("\"typed\": false", "\"typed\": 0"),
        ("\"typed\": false", "\"typed\": false, \"typed\": true"),
        ("\"off_seconds\": null", "\"off_seconds\": 0.5"),
        ("\"off_seconds\": null", "\"off_seconds\": 9000000000000000000"),
        ("\"verdict\": \"not-compared\"", "\"verdict\": \"fine\""),
        ("\"reference\": \"INC-7\"", "\"reference\": \" \""),
        (&format!("\"entry\": \"{id}\""), &format!("\"entry\": \"{}\"", "0".repeat(32))),
        (&format!("\"entry\": \"{id}\""), &format!("\"entry\": \"{}\"", id.to_uppercase() + "F")),
        ("\"nonce\": \"", "\"nonce\": \"0"),
        ("\"total_millis\": 0", "\"total_millis\": -1"),
        ("\"vault\": \"", "\"vault_\": \""),
        ("\"host\": ", "\"hose\": "),
    ] {
        let wrong = text.replacen(from, to, 1);
        assert_ne!(wrong, text, "{from}");
        assert_eq!(drill_report_v1::parse(wrong.as_bytes()), None, "{to}");
    }
    assert_eq!(drill_report_v1::parse(b""), None);
    let long = text.replacen("\"host\": \"", &format!("\"host\": \"{}", "x".repeat(9000)), 1);
    assert_eq!(drill_report_v1::parse(long.as_bytes()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    /// Whatever one changes in a report, it is read as none or as one, and without a new signature it is never taken.
    #[test]
    fn a_report_with_any_byte_changed_is_never_taken(at in 0..10_000_usize, byte: u8, cut in 0..10_000_usize) {
        let (text, signature) = REPORT.with(Clone::clone);
        let mut changed = text.clone();
        let at = at % changed.len();
        let is_cut = cut.is_multiple_of(3);
        if is_cut { changed.truncate(at) } else { changed[at] = byte }
        prop_assume!(changed != text);
        let parsed = drill_report_v1::parse(&changed);
        if let Some(report) = &parsed {
            // What is read is written and read as the same.
            let again = drill_report_v1::encode(report, &|seconds| seconds.to_string());
            let again = drill_report_v1::parse(again.as_bytes());
            prop_assert_eq!(again.as_ref(), Some(report));
        }
        prop_assert!(lifeboat::signature::verify(&signature, "lifeboat-drill", &changed).is_err());
    }
}

std::thread_local! {
    static REPORT: (Vec<u8>, Vec<u8>) = {
        let vault = home();
        brought(&vault, "--attest VPN=INC-7");
        let armored = String::from_utf8(vault.read("report.sig")).unwrap();
        (vault.read("report"), lifeboat::signature::dearmor(&armored).unwrap())
    };
}

#[test]
fn the_first_inputs_of_the_fuzzer_are_reports() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/drill_report");
    for name in ["beside", "closed", "elsewhere", "newer"] {
        assert!(drill_report_v1::parse(&std::fs::read(corpus.join(name)).unwrap()).is_some(), "{name}");
    }
}
