//! A report checked by somebody who has the key: what fits, and each way in which it does not.

use lifeboat::signature::{SigningKey, armor};

use crate::evidence_story::{Story, another_vault, story};
use crate::support::{NOW, Sandbox, Transcript};

/// The folder of a report and the list of keys, on a machine that has nothing else.
fn auditor(sandbox: &Sandbox, options: &str) -> Sandbox {
    let key = sandbox.run("evidence key").done();
    sandbox.run(&format!("evidence -o ~/report {options}")).done();
    let auditor = Sandbox::empty();
    std::fs::create_dir(auditor.path("report")).unwrap();
    for name in ["evidence.json", "evidence.md", "evidence.html", "evidence.json.sig"] {
        auditor.write(&format!("report/{name}"), sandbox.read(&format!("report/{name}")));
    }
    auditor.write("signers", key.out);
    auditor
}

fn verify(auditor: &Sandbox) -> Transcript {
    auditor.run("evidence verify ~/report --signers ~/signers")
}

/// Changes one byte of a file in the middle, and puts it back afterwards.
fn with_a_byte_changed(auditor: &Sandbox, name: &str, check: impl FnOnce()) {
    let whole = auditor.read(name);
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    auditor.write(name, changed);
    check();
    auditor.write(name, whole);
}

#[test]
fn a_report_fits_the_key_that_was_had_before() {
    let Story { sandbox, .. } = story();
    let key = sandbox.run("evidence key").done();
    assert!(key.out.starts_with("lifeboat namespaces=\"lifeboat-evidence,lifeboat-drill\" ssh-ed25519 AAAA"));
    let fingerprint = key.err.trim().strip_prefix("fingerprint ").unwrap().to_owned();
    let auditor = auditor(&sandbox, "");
    let told = verify(&auditor).done();
    for words in [fingerprint.as_str(), "2026-11-18T08:00:00Z to 2027-02-16T08:00:00Z", "lifeboat", "vault "]
    {
        assert!(told.out.contains(words), "{words} is not in {told}");
    }
    assert_eq!(told.err, "");
    let json = auditor.run("evidence verify ~/report --signers ~/signers --json").done();
    let json = json.json("lifeboat.evidence-verify/1");
    assert_eq!(json["fingerprint"], fingerprint);
    assert_eq!(json["pages_compared"], true);
    // It needs no vault and leaves nothing.
    assert!(!auditor.has("vault.lifeboat") && !auditor.has("state"));
}

#[test]
fn the_key_is_printed_for_a_script_too() {
    let Story { sandbox, .. } = story();
    let json = sandbox.run("evidence key --json").done();
    let json = json.json("lifeboat.evidence-key/1");
    assert_eq!(format!("{}\n", json["line"].as_str().unwrap()), sandbox.run("evidence key").done().out);
    assert!(json["fingerprint"].as_str().unwrap().starts_with("SHA256:"));
}

#[test]
fn one_changed_byte_is_found_in_each_of_its_files() {
    let Story { sandbox, .. } = story();
    let auditor = auditor(&sandbox, "--redact");
    for (name, words) in [
        ("report/evidence.json", "altered after it was signed"),
        ("report/evidence.json.sig", "signature"),
        ("report/evidence.md", "evidence.md does not say what the signed evidence.json says"),
        ("report/evidence.html", "evidence.html does not say what the signed evidence.json says"),
    ] {
        with_a_byte_changed(&auditor, name, || {
            let _told = verify(&auditor).exits(7).says(words);
        });
        let _told = verify(&auditor).done();
    }
    let whole = auditor.read("report/evidence.json");
    auditor.write("report/evidence.json", [whole.as_slice(), b"\n"].concat());
    let _told = verify(&auditor).exits(7).says("altered");
}

#[test]
fn a_key_that_was_not_had_before_is_an_unknown_key() {
    let Story { sandbox, .. } = story();
    let auditor = auditor(&sandbox, "");
    let line = String::from_utf8(auditor.read("signers")).unwrap();
    let other = another_vault().run("evidence key --key-file ~/key").done().out;
    for (signers, words) in [
        ("", "does not allow it"),
        (other.as_str(), "does not allow it"),
        (&line.replace("lifeboat-evidence", "file"), "signatures of something else"),
        (&line.replacen("lifeboat", "ana@example.com", 1), "somebody else"),
        (&line.replace(" ssh-", ",valid-before=\"20270101Z\" ssh-"), "not valid any more"),
        (&line.replace(" ssh-", ",cert-authority ssh-"), "certificates"),
    ] {
        auditor.write("signers", signers);
        let told = verify(&auditor).exits(7).says("signed by an unknown key").says(words);
        assert!(told.err.contains("SHA256:"), "the key is named: {told}");
    }
    // Both keys in one list, and one that is valid until tomorrow.
    auditor.write(
        "signers",
        format!("# auditors\n{other}{}", line.replace(" ssh-", ",valid-before=\"20270201Z\" ssh-")),
    );
    let _told = verify(&auditor).done();
    assert_eq!(NOW, 1_800_000_000, "the days above are those after and before this");
}

#[test]
fn a_report_of_one_vault_cannot_be_passed_off_as_another_s() {
    let Story { sandbox, .. } = story();
    let auditor = auditor(&sandbox, "");
    let other = SigningKey::from_seed(&lifeboat::secret::SecretBytes::new(vec![7; 32])).unwrap();
    let json = auditor.read("report/evidence.json");
    auditor.write("report/evidence.json.sig", armor(&other.sign("lifeboat-evidence", &json)));
    auditor.write("signers", format!("lifeboat {}\n", other.public().in_openssh_words()));
    let _told = verify(&auditor).exits(7).says("the report of one vault, signed by another");
    // And a signature that was made for something else is none of a report.
    auditor.write("report/evidence.json.sig", armor(&other.sign("lifeboat-drill", &json)));
    let _told = verify(&auditor).exits(7).says("a signature of something else");
}

#[test]
fn a_page_that_is_not_there_is_told_and_what_is_signed_has_to_be_there() {
    let Story { sandbox, .. } = story();
    let auditor = auditor(&sandbox, "");
    std::fs::remove_file(auditor.path("report/evidence.html")).unwrap();
    let _told = verify(&auditor).done().says("evidence.html is not there");
    for name in ["report/evidence.json", "report/evidence.json.sig", "signers"] {
        let whole = auditor.read(name);
        std::fs::remove_file(auditor.path(name)).unwrap();
        let _told = verify(&auditor).exits(4).says("cannot read");
        auditor.write(name, whole);
    }
    auditor.run("evidence verify ~/absent --signers ~/signers").exits(4);
}

#[test]
fn what_is_no_report_is_told_as_none() {
    let auditor = auditor(&story().sandbox, "");
    auditor.write("report/evidence.json", "{}");
    auditor.write("report/evidence.json.sig", "nothing in particular");
    let _told = verify(&auditor).exits(5).says("no report");
    // Signed by a known key it is none either.
    let key = SigningKey::from_seed(&lifeboat::secret::SecretBytes::new(vec![7; 32])).unwrap();
    auditor.write("report/evidence.json.sig", armor(&key.sign("lifeboat-evidence", b"{}")));
    auditor.write("signers", format!("lifeboat {}\n", key.public().in_openssh_words()));
    let _told = verify(&auditor).exits(5).says("no report");
}

#[test]
fn pages_of_another_version_are_not_compared_and_that_is_told() {
    let auditor = auditor(&story().sandbox, "");
    let key = SigningKey::from_seed(&lifeboat::secret::SecretBytes::new(vec![7; 32])).unwrap();
    let mut report: serde_json::Value =
        serde_json::from_slice(&auditor.read("report/evidence.json")).unwrap();
    report["tool"]["version"] = "99.0".into();
    report["vault"]["key"] = key.public().fingerprint().into();
    report["from_a_later_version"] = 1.into();
    let json = report.to_string();
    auditor.write("report/evidence.json.sig", armor(&key.sign("lifeboat-evidence", json.as_bytes())));
    auditor.write("report/evidence.json", json);
    auditor.write("signers", format!("lifeboat {}\n", key.public().in_openssh_words()));
    let _told = verify(&auditor).done().says("version 99.0 made the pages");
}
