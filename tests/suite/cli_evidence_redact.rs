//! Evidence: what a report keeps to itself, secrets always and names where that is asked for.

use serde_json::Value;

use crate::cli_evidence::{FILES, made, report, text};
use crate::evidence_story::{DAY, NAMES, SECRETS, Story, another_vault, story};
use crate::log_fixture::open;
use crate::support::Transcript;

#[test]
fn no_secret_stands_in_any_of_its_files() {
    let Story { sandbox, .. } = story();
    sandbox.write("seal-words", "seventeen green lanterns over the harbour");
    sandbox.run("seal Zwetschke --seal-passphrase-file ~/seal-words").done();
    sandbox.run("slot add --new-passphrase-file ~/seal-words").done();
    let told = [
        sandbox.run("evidence -o ~/plain --policy ~/policy --json").done(),
        sandbox.run("evidence -o ~/redacted --policy ~/policy --redact -v").done(),
        sandbox.run("evidence key").done(),
    ];
    let session = open(&sandbox);
    let keys = &session.vault().keys;
    let key_file = text(&sandbox, "key");
    let mut secrets: Vec<String> = SECRETS.iter().map(|secret| (*secret).to_owned()).collect();
    secrets.push("seventeen green lanterns".to_owned());
    secrets.push(key_file.lines().last().unwrap().to_owned());
    let vault = sandbox.read("vault.lifeboat");
    let sealed = lifeboat::envelope::Sealed::parse(vault, lifeboat::envelope::Kind::Vault).unwrap();
    let salts =
        sealed.header().slots.iter().filter_map(|slot| slot.kind.derivation()).map(|kdf| kdf.salt.to_vec());
    let mut bytes: Vec<Vec<u8>> = salts.collect();
    assert_eq!(bytes.len(), 1);
    bytes.extend([keys.log.expose().to_vec(), keys.signing.expose().to_vec()]);
    for bytes in bytes {
        secrets.push(data_encoding::HEXLOWER.encode(&bytes));
        secrets.push(data_encoding::BASE64_NOPAD.encode(&bytes));
        secrets.push(data_encoding::BASE32_NOPAD.encode(&bytes));
    }
    let cards = text(&sandbox, "card");
    secrets.push(cards.split(' ').skip(4).take(3).collect::<Vec<_>>().join(" "));
    let mut texts: Vec<String> = told.iter().map(Transcript::to_string).collect();
    for folder in ["plain", "redacted"] {
        texts.extend(FILES.map(|name| text(&sandbox, &format!("{folder}/{name}"))));
    }
    for text in texts {
        let text = text.to_lowercase();
        for secret in &secrets {
            assert!(!text.contains(&secret.to_lowercase()), "{secret} is in\n{text}");
        }
    }
}

#[test]
fn a_redacted_report_names_nobody_and_nothing() {
    let Story { sandbox, zwetschke, holunder } = story();
    let told = sandbox.run("evidence -o ~/report --redact --policy ~/policy").done();
    let home = sandbox.home().display().to_string();
    let others = ["ana", "workstation", "bruno", "rescue", zwetschke.as_str(), &holunder, &home];
    for name in FILES {
        let text = text(&sandbox, &format!("report/{name}"));
        for label in NAMES {
            assert!(!text.to_lowercase().contains(&label.to_lowercase()), "{label} is in {name}");
        }
        for label in others {
            let is_word = text.split(|c: char| !c.is_alphanumeric() && c != '/').any(|word| word == label);
            assert!(!is_word, "{label} is in {name}");
        }
    }
    assert!(!NAMES.iter().any(|label| told.out.contains(label)), "{told}");
    let report = report(&sandbox, "report");
    assert_eq!(report["redacted"], true);
    assert_eq!(report["policy"]["text"], Value::Null);
    // What is no name is as it was.
    assert_eq!(report["drills"][0]["opened_with"], "share");
    assert_eq!(report["exceptions"][1]["details"]["records"], "3");
    assert_eq!(report["rehearsals"][0]["details"]["what"], "share");
    assert_eq!(report["summary"]["privileged"], 2);
    let pseudonym = report["privileged"][0]["entry"]["name"].as_str().unwrap();
    assert!(pseudonym.len() == "entry-".len() + 8 && pseudonym.starts_with("entry-"), "{pseudonym}");
    assert_eq!(report["privileged"][0]["entry"]["id"], pseudonym);
    // The same account is called the same everywhere.
    assert_eq!(report["drills"][1]["attested"][0]["entry"]["name"], pseudonym);
}

#[test]
fn pseudonyms_are_the_same_in_each_report_of_a_vault_and_others_in_another_vault() {
    let Story { sandbox, zwetschke, .. } = story();
    let first = made(&sandbox, "--redact");
    sandbox.run(&format!("edit {zwetschke} --issuer Zibarte")).done();
    sandbox.wait(DAY);
    sandbox.run("evidence -o ~/second --redact").done();
    let second = report(&sandbox, "second");
    for place in
        ["/privileged/0/entry/name", "/drills/0/user", "/share_sets/0/custodians/0/name", "/bundles/1/path"]
    {
        assert_eq!(first.pointer(place), second.pointer(place), "{place}");
        assert!(first.pointer(place).unwrap().as_str().unwrap().contains('-'), "{place}");
    }
    let other = another_vault();
    other.run("slot add --key-file ~/key --new-key-file ~/key2").done();
    other.run("evidence -o ~/report --redact --key-file ~/key").done();
    let user = |report: &Value| report["changes"][0]["user"].clone();
    assert_eq!(user(&first), user(&second));
    assert_ne!(user(&first), user(&report(&other, "report")), "both are ana");
}
