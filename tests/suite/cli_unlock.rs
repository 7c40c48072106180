//! `unlock` and `lock`: the vault's key in a keyring, for a time, and what is not done with it.

use lifeboat::app::unlock;
use lifeboat::audit::{Event, Record};
use lifeboat::envelope::{Credentials, Passphrase};
use lifeboat::secret::SecretText;

use crate::hostile_disk::records;
use crate::support::{KeyringFault, RFC_URI, Sandbox};

const WORDS: &str = "correct horse battery staple";

/// A vault that a passphrase opens, with an entry in it.
fn with_passphrase() -> Sandbox {
    let sandbox = Sandbox::with_passphrase(WORDS);
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    sandbox
}

/// The same, with its key kept for fifteen minutes.
fn unlocked() -> Sandbox {
    let sandbox = with_passphrase();
    sandbox.command("unlock").typing(&[WORDS]).run().done();
    sandbox
}

/// What the log says, read without the keyring.
fn log(sandbox: &Sandbox, passphrase: &str) -> Vec<Record> {
    let ctx = sandbox.context();
    let passphrase = Passphrase::new(SecretText::new(passphrase.to_owned()));
    let credentials = Credentials { passphrase: Some(passphrase), key_file: None, recovery_secret: None };
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    records(session.vault(), &sandbox.read("vault.lifeboat.log"))
}

#[track_caller]
fn check_asks(sandbox: &Sandbox) {
    sandbox.run("list --no-input").exits(3);
    assert!(sandbox.keyring().content().is_empty(), "a key is left");
}

#[test]
fn other_commands_ask_for_nothing_until_the_time_is_over() {
    let sandbox = unlocked();
    sandbox.run("code AWS --no-input").done();
    sandbox.run("edit AWS --note kept --no-input").done();
    sandbox.wait(15 * 60 - 1);
    sandbox.run("list --no-input").done().prints("AWS");
    sandbox.wait(1);
    check_asks(&sandbox);
}

#[test]
fn the_time_is_chosen_and_has_a_limit() {
    let sandbox = with_passphrase();
    let kept = sandbox.command("unlock --for 12h --json").typing(&[WORDS]).run().done();
    let kept = kept.json("lifeboat.unlock/1");
    assert_eq!((kept["seconds"].as_u64(), kept["keyring"].as_str()), (Some(43_200), Some("session keyring")));
    assert_eq!(kept["until"], sandbox.context().clock.now() + 43_200);
    sandbox.wait(43_199);
    sandbox.run("list --no-input").done();
    // Refused before anybody is asked.
    sandbox.command("unlock --for 43201s").typing(&[]).run().exits(8).says("12 h at most");
    sandbox.command("unlock --for 0s").typing(&[]).run().exits(2);
    sandbox.command("unlock --for soon").typing(&[]).run().exits(2);
}

#[test]
fn who_can_use_it_meanwhile_is_said() {
    let sandbox = with_passphrase();
    let told = sandbox.command("unlock --for 5m").typing(&[WORDS]).run().done();
    told.says("unlocked for 5 min").says("every process of this session").says("lifeboat lock");
}

#[test]
fn lock_drops_it_now_and_asks_for_nothing() {
    let sandbox = unlocked();
    sandbox.run("lock --no-input").done().says("locked");
    check_asks(&sandbox);
    let again = sandbox.run("lock --json").done().json("lifeboat.lock/1");
    assert_eq!(again["dropped"], false);
}

#[test]
fn lock_works_when_the_vault_is_damaged_or_gone() {
    let damages: [fn(&Sandbox); 2] = [
        |sandbox| sandbox.write("vault.lifeboat", "garbage"),
        |sandbox| std::fs::remove_file(sandbox.path("vault.lifeboat")).unwrap(),
    ];
    for damage in damages {
        let sandbox = unlocked();
        damage(&sandbox);
        let locked = sandbox.run("lock --json").done().json("lifeboat.lock/1");
        assert_eq!(locked["dropped"], true);
        assert!(sandbox.keyring().content().is_empty());
    }
}

#[test]
fn a_vault_is_known_by_its_real_place() {
    let sandbox = unlocked();
    std::os::unix::fs::symlink(sandbox.path("vault.lifeboat"), sandbox.path("link")).unwrap();
    std::os::unix::fs::symlink(sandbox.home(), sandbox.path("folder")).unwrap();
    sandbox.run("list --vault ~/link --no-input").done().prints("AWS");
    sandbox.run("list --vault ~/folder/vault.lifeboat --no-input").done().prints("AWS");
    let locked = sandbox.run("lock --vault ~/folder/link --json").done().json("lifeboat.lock/1");
    assert_eq!(locked["dropped"], true);
}

#[test]
fn the_key_of_another_vault_is_not_taken() {
    let sandbox = unlocked();
    sandbox.run("init --vault ~/other --new-passphrase-file ~/vault-passphrase").done();
    sandbox.run("list --vault ~/other --no-input").exits(3);
    assert_eq!(sandbox.keyring().content().len(), 1, "and it stays for its own vault");
    // Put where the other was, it is another vault: the key is of no use there, and goes.
    std::fs::rename(sandbox.path("other"), sandbox.path("vault.lifeboat")).unwrap();
    sandbox.run("list --no-input").exits(3).says("does not open the vault any more");
    assert!(sandbox.keyring().content().is_empty());
}

#[test]
fn a_changed_passphrase_makes_the_key_useless_and_drops_it() {
    let sandbox = unlocked();
    let before = sandbox.keyring().content();
    sandbox.write("second", "the second one");
    sandbox
        .command("passwd --new-passphrase-file ~/second --passphrase-file ~/vault-passphrase --no-input")
        .run()
        .done();
    check_asks(&sandbox);
    // One that was changed elsewhere, where this keyring could not be reached.
    sandbox.command("unlock").typing(&["the second one"]).run().done();
    sandbox.keyring().falsify(|secret| secret.clone_from(&before[0].1));
    let asked = sandbox.command("list").typing(&["the second one"]).run().done();
    asked.says("does not open the vault any more, and was dropped");
    check_asks(&sandbox);
}

#[test]
fn what_is_not_a_whole_key_is_dropped() {
    let changes: [fn(&mut Vec<u8>); 3] =
        [Vec::clear, |secret| secret.push(0), |secret| *secret.first_mut().unwrap() = 9];
    for change in changes {
        let sandbox = unlocked();
        sandbox.keyring().falsify(change);
        check_asks(&sandbox);
    }
}

#[test]
fn a_clock_that_is_set_back_does_not_lengthen_the_time() {
    let sandbox = unlocked();
    sandbox.set_back(3600);
    check_asks(&sandbox);
}

#[test]
fn what_is_named_on_the_command_line_goes_first() {
    let sandbox = unlocked();
    sandbox.write("wrong", "not this one");
    sandbox.run("list --passphrase-file ~/wrong --no-input").exits(3);
    sandbox.run("list --passphrase-file ~/vault-passphrase --no-input").done();
    sandbox.run("list --key-file ~/missing --no-input").exits(4);
}

#[test]
fn nothing_that_outlasts_the_time_is_done_with_it() {
    for line in [
        "unlock --for 12h",
        "passwd --new-key-file ~/new",
        "slot add --new-key-file ~/new",
        "slot remove 00000000",
        "export --to otpauth --plaintext -o ~/out",
        "bundle create -o ~/out --bundle-key-file ~/new",
        "show AWS --reveal",
        "show AWS --qr",
        "show AWS --recovery-codes",
    ] {
        let sandbox = unlocked();
        sandbox.run(&format!("{line} --no-input")).exits(3);
        assert!(!sandbox.has("out") && !sandbox.has("new"), "{line}");
    }
    unlocked().run("show AWS --no-input").done();
    unlocked().run("show AWS --reveal --no-input").says("is not used for this");
}

#[test]
fn what_a_second_process_does_not_find_is_not_kept() {
    let sandbox = with_passphrase();
    for fault in [KeyringFault::Private, KeyringFault::Different] {
        sandbox.keyring().suffers(Some(fault));
        let refused = sandbox.command("unlock").typing(&[WORDS]).run().exits(1);
        refused.says("was not kept").says("second process");
        sandbox.keyring().suffers(None);
        check_asks(&sandbox);
    }
    assert!(log(&sandbox, WORDS).iter().all(|record| record.event != Event::KeyKept));
}

#[test]
fn without_a_keyring_unlock_fails_before_it_asks_and_the_rest_goes_on() {
    let sandbox = with_passphrase();
    sandbox.keyring().suffers(Some(KeyringFault::Absent));
    sandbox.command("unlock").typing(&[]).run().exits(1).says("this system has no kernel keyring");
    let listed = sandbox.command("list").typing(&[WORDS]).run().done();
    assert_eq!(listed.err, "");
    sandbox.run("lock").done();
    sandbox.run("doctor").prints("this system has no kernel keyring");
}

#[test]
fn a_key_that_cannot_be_dropped_is_not_called_dropped() {
    let sandbox = unlocked();
    sandbox.keyring().suffers(Some(KeyringFault::Sticky));
    sandbox.run("lock").exits(1).says("not certain");
}

#[test]
fn the_log_says_how_it_was_opened() {
    let sandbox = unlocked();
    sandbox.run("list --no-input").done();
    let records = log(&sandbox, WORDS);
    let fact = |record: &Record| record.facts.first().map(|(name, value)| format!("{name} {value}"));
    let opened: Vec<_> =
        records.iter().filter(|record| record.event == Event::Unlocked).filter_map(fact).collect();
    assert_eq!(opened, ["by kernel keyring"]);
    let kept: Vec<_> = records.iter().filter(|record| record.event == Event::KeyKept).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].facts[1], ("seconds".to_owned(), "900".to_owned()));
}

#[test]
fn status_and_doctor_tell_that_a_key_is_kept_and_for_how_long() {
    let sandbox = unlocked();
    sandbox.wait(60);
    let status = sandbox.run("status --no-input").done().prints("for 14 min");
    status.prints("lifeboat lock");
    let until =
        sandbox.run("status --json --no-input").done().json("lifeboat.status/1")["kept_until"].clone();
    assert_eq!(until, sandbox.context().clock.now() + 14 * 60);
    sandbox.run("doctor").prints("keeps this vault's key for 14 min more");
    sandbox.run("lock").done();
    sandbox.run("doctor").prints("no key of this vault is in the kernel's session keyring");
    let status = sandbox.run("status --json --passphrase-file ~/vault-passphrase").done();
    assert_eq!(status.json("lifeboat.status/1")["kept_until"], serde_json::Value::Null);
}

#[test]
fn what_is_kept_is_the_key_and_nothing_that_a_person_typed() {
    let sandbox = unlocked();
    let content = sandbox.keyring().content();
    let [(name, secret)] = content.as_slice() else { panic!("one key is kept") };
    assert!(name.starts_with("lifeboat:") && name.len() == 41, "{name}");
    assert_eq!(secret.len(), 69);
    assert!(!secret.windows(7).any(|window| WORDS.as_bytes().windows(7).any(|words| words == window)));
}

#[test]
fn attempts_that_failed_are_told_by_the_next_unlock() {
    let sandbox = with_passphrase();
    for _ in 0..3 {
        sandbox.command("list").typing(&["wrong"]).run().exits(3);
        sandbox.wait(60);
    }
    let opened = sandbox.command("list").typing(&[WORDS]).run().done();
    opened.says("3 failed attempts to open this vault since it was last used, the last 1 min ago");
    let again = sandbox.command("list").typing(&[WORDS]).run().done();
    assert_eq!(again.err, "");
}
