//! The log under attack: whatever somebody does to its files is found, and named.

use std::path::PathBuf;

use lifeboat::app::audit::{self, Asked, Verified};
use lifeboat::app::{Context, Session, key_file, unlock};
use lifeboat::audit::verify::{self, File, Known};
use lifeboat::audit::{Line, SealedLine, trail};
use lifeboat::envelope::{Credentials, MasterKey, Passphrase, aead};
use lifeboat::secret::SecretText;
use lifeboat::vault::Vault;
use lifeboat::wire::log_v1;
use serde_json::Value;

use crate::app_entry::opened;
use crate::support::{Sandbox, Transcript};

const LOG: &str = "vault.lifeboat.log";

/// A vault whose log has eleven records, of which the vault knows the first ten.
fn attacked() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    for note in ["one", "two"] {
        sandbox.wait(30);
        sandbox.run(&format!("edit AWS --note {note}")).done();
    }
    sandbox
}

fn lines(sandbox: &Sandbox) -> Vec<String> {
    String::from_utf8(sandbox.read(LOG)).unwrap().lines().map(str::to_owned).collect()
}

fn put(sandbox: &Sandbox, lines: &[String]) {
    sandbox.write(LOG, lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

/// What is found, before anything else is done: nothing is noted, as the command does it.
#[track_caller]
fn found(sandbox: &Sandbox) -> Verified {
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let session = looked_at(&ctx, &Credentials { key_file: Some(key), ..Credentials::default() });
    audit::verify(&ctx, &session, None).unwrap()
}

fn looked_at(ctx: &Context, credentials: &Credentials) -> Session {
    unlock::unlock_unnoted(ctx, unlock::look(ctx).unwrap(), credentials).unwrap()
}

#[track_caller]
fn check_whole(sandbox: &Sandbox) -> Verified {
    let verified = found(sandbox);
    assert!(!verified.is_wrong(), "{:#?}", verified.found);
    verified
}

/// The sort, the records, the line.
type Wrong = (&'static str, Option<(u64, u64)>, Option<u64>);

/// What is wrong.
fn wrong(verified: &Verified) -> Vec<Wrong> {
    let wrong = verified.found.iter().filter(|found| found.is_wrong);
    wrong.map(|found| (found.kind, found.records, found.line)).collect()
}

/// The command finds it too, says the same words, and once more when the log has gone on meanwhile.
#[track_caller]
fn check_told(sandbox: &Sandbox, words: &[&str]) -> Transcript {
    let told = sandbox.run("audit verify").exits(7);
    for words in words {
        assert!(told.out.contains(words), "{words:?} is not said: {told}");
    }
    sandbox.run("edit AWS --note later").done();
    sandbox.run("audit verify").exits(7).prints("WRONG")
}

#[test]
fn a_whole_log_is_told_as_whole_with_its_head_and_what_is_not_proven() {
    let sandbox = attacked();
    let verified = check_whole(&sandbox);
    assert_eq!((verified.count, verified.anchor.count, verified.generation), (11, 10, 4));
    assert_eq!(verified.n_after_anchor(), 1);
    let told = sandbox.run("audit verify").done();
    told.clone().prints("note both elsewhere").prints("can write another log").prints("cut off unseen");
    assert!(told.out.contains(&data_encoding::HEXLOWER.encode(&verified.head)));
    insta::assert_snapshot!(sandbox.normal(&told.out));
}

#[test]
fn a_record_that_was_removed_is_named() {
    let sandbox = attacked();
    let mut all = lines(&sandbox);
    all.remove(4);
    put(&sandbox, &all);
    assert_eq!(wrong(&found(&sandbox)), [("missing", Some((5, 5)), None)]);
    check_told(&sandbox, &["record 5 is missing", "made between 2027-01-15T08:00:00Z and"]);
}

#[test]
fn two_records_that_were_swapped_are_named() {
    let sandbox = attacked();
    let mut all = lines(&sandbox);
    all.swap(4, 5);
    put(&sandbox, &all);
    assert_eq!(wrong(&found(&sandbox)), [("out-of-order", Some((5, 5)), Some(6))]);
    check_told(&sandbox, &["record 5 stands behind record 6", "line 6 of vault.lifeboat.log"]);
}

#[test]
fn a_tail_that_was_cut_is_named_up_to_what_the_vault_knows_and_stays_missing() {
    let whole = attacked();
    let all = lines(&whole);
    for kept in 0..all.len() {
        put(&whole, &all[..kept]);
        let verified = found(&whole);
        let first = u64::try_from(kept).unwrap() + 1;
        if kept < 10 {
            assert_eq!(wrong(&verified), [("cut", Some((first, 10)), None)], "{kept} are left");
        } else {
            assert_eq!(wrong(&verified), [], "what is behind the last save can be cut unseen");
        }
    }
    let sandbox = attacked();
    put(&sandbox, &lines(&sandbox)[..7]);
    let told = sandbox.run("list").done();
    told.says("it has 7 records, and had 10").says("lifeboat audit verify");
    assert!(!sandbox.run("list").done().err.contains("audit verify"), "it is told once");
    check_told(&sandbox, &["records 8 to 10 are missing"]);
    let log = sandbox.run("audit list --kind log-broken --json").done().json("lifeboat.audit/1");
    assert_eq!(log["records"][0]["number"], 11);
    assert_eq!(log["records"][0]["facts"], serde_json::json!({ "records": "7", "expected": "10" }));
}

#[test]
fn a_log_that_is_gone_is_named_and_does_not_begin_anew_as_if_nothing_had_been() {
    let sandbox = attacked();
    std::fs::remove_file(sandbox.path(LOG)).unwrap();
    assert_eq!(wrong(&found(&sandbox)), [("cut", Some((1, 10)), None)]);
    check_told(&sandbox, &["holds no record of this vault, which knows of 10"]);
    let first = lines(&sandbox)[0].clone();
    assert!(first.starts_with("L1 11 "), "{first}");
    sandbox.run("code AWS").done();
}

#[test]
fn an_older_log_that_was_put_back_is_named() {
    let sandbox = Sandbox::with_entry();
    let older = sandbox.read(LOG);
    sandbox.run("edit AWS --note one").done();
    sandbox.run("edit AWS --note two").done();
    sandbox.write(LOG, &older);
    assert_eq!(wrong(&found(&sandbox)), [("cut", Some((6, 10)), None)]);
    check_told(&sandbox, &["an older one was put back"]);

    // Beside the other one, as a file that the log might have filled.
    let sandbox = attacked();
    sandbox.write(&format!("{LOG}.000000000005"), &older);
    assert_eq!(wrong(&found(&sandbox)), [("twice", Some((1, 5)), Some(1))]);
    check_told(&sandbox, &["records 1 to 5 stand twice"]);
}

#[test]
fn a_log_of_another_copy_of_the_vault_is_told_from_the_one_it_was_saved_with() {
    let sandbox = Sandbox::with_entry();
    let (vault, log) = (sandbox.read("vault.lifeboat"), sandbox.read(LOG));
    sandbox.run("edit AWS --note here").done();
    let (vault_here, log_here) = (sandbox.read("vault.lifeboat"), sandbox.read(LOG));
    // The same vault on another machine.
    sandbox.write("vault.lifeboat", &vault);
    sandbox.write(LOG, &log);
    std::fs::remove_dir_all(sandbox.path("state")).unwrap();
    sandbox.run("code AWS").done();
    sandbox.run("edit AWS --note elsewhere").done();
    let log_elsewhere = sandbox.read(LOG);

    sandbox.write("vault.lifeboat", &vault_here);
    sandbox.write(LOG, &log_elsewhere);
    let kinds = |verified: &Verified| wrong(verified).iter().map(|(kind, ..)| *kind).collect::<Vec<_>>();
    assert_eq!(kinds(&found(&sandbox)), ["anchor-differs"]);
    check_told(&sandbox, &["is not the one that the vault knows"]);

    sandbox.write(LOG, [log_here, log_elsewhere].concat());
    assert!(kinds(&found(&sandbox)).contains(&"twice"), "both, one behind the other");
}

#[test]
fn a_record_of_another_vault_is_named_and_a_log_of_one_that_is_gone_is_told_once() {
    let sandbox = attacked();
    sandbox.run("init --vault ~/other --new-key-file ~/other-key").done();
    let strange = String::from_utf8(sandbox.read("other.log")).unwrap().lines().next().unwrap().to_owned();
    let mut all = lines(&sandbox);
    all.insert(6, strange.clone());
    put(&sandbox, &all);
    assert_eq!(wrong(&found(&sandbox)), [("foreign", Some((6, 6)), Some(7))]);
    check_told(&sandbox, &["1 record is not of this vault"]);

    // In the place of one.
    let sandbox = attacked();
    let mut all = lines(&sandbox);
    all[6] = strange;
    put(&sandbox, &all);
    assert_eq!(wrong(&found(&sandbox)), [("changed", Some((7, 7)), Some(7))]);

    // A new vault where one has been.
    let sandbox = attacked();
    std::fs::remove_file(sandbox.path("vault.lifeboat")).unwrap();
    std::fs::remove_file(sandbox.path("key")).unwrap();
    sandbox.run("init --new-key-file ~/key --key-file ~/key").done();
    let verified = check_whole(&sandbox);
    let told: Vec<_> = verified.found.iter().map(|found| (found.kind, found.words.as_str())).collect();
    assert_eq!(told, [("foreign-before", "11 records are not of this vault, from here on")]);
    sandbox.run("list").done();
    sandbox.run("audit verify").done().prints("not of this vault");
}

#[test]
fn a_clock_that_was_set_back_is_named_by_as_much() {
    let sandbox = attacked();
    sandbox.set_back(3600);
    sandbox.run("code AWS").done();
    let verified = found(&sandbox);
    assert_eq!(wrong(&verified), [("clock-went-back", Some((12, 12)), Some(12))]);
    assert_eq!(verified.found[0].event, Some("unlocked"));
    sandbox.wait(7200);
    check_told(&sandbox, &["the clock went back by 3600 s"]);
}

#[test]
fn an_older_vault_beside_the_log_is_told_by_the_log_alone() {
    let sandbox = Sandbox::with_entry();
    let older = sandbox.read("vault.lifeboat");
    sandbox.run("edit AWS --note one").done();
    sandbox.write("vault.lifeboat", &older);
    std::fs::remove_dir_all(sandbox.path("state")).unwrap();
    assert_eq!(wrong(&found(&sandbox)).first().unwrap().0, "vault-older");
    sandbox.run("audit verify").exits(7).prints("generation 3 was saved, and the vault is generation 2");
    sandbox.run("edit AWS --note other").done();
    let verified = found(&sandbox);
    assert_eq!(wrong(&verified)[0].0, "generation-went-back", "{:?}", verified.found);
}

/// A vault's log seen with its key, without opening the vault for every one of a thousand changes.
fn check(vault: &Vault, log: &[u8]) -> verify::Checked {
    let key = MasterKey::from_bytes(vault.keys.log.expose().try_into().unwrap());
    let open = |line: &SealedLine| {
        let info = [b"lifeboat/1/log\0".as_slice(), &vault.id.0, &line.number.to_be_bytes()].concat();
        let binding = SealedLine::binding(line.number, &line.previous);
        let json = aead::open_small(&key, &info, binding.as_bytes(), &line.sealed).ok()?;
        Some(log_v1::parse(json.expose()).map_or(trail::Content::Newer, trail::Content::Record))
    };
    let anchor = (vault.log_anchor.count, vault.log_anchor.head);
    let known = Known { start: lifeboat::audit::start(&vault.id.0), anchor, generation: vault.generation };
    verify::check(&[File { reads: trail::read(log, &open), is_current: true }], &known)
}

#[test]
fn every_changed_byte_of_every_line_is_found_and_named_by_its_line() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    let fails = || sandbox.command("list --passphrase-file -").stdin("wrong").run().exits(3);
    let works = |line: &str, stdin: &str| {
        sandbox.command(&format!("{line} --passphrase-file ~/vault-passphrase")).stdin(stdin).run().done()
    };
    fails();
    works("add -", crate::support::RFC_URI);
    works("code AWS", "");
    fails();
    let ctx = sandbox.context();
    let passphrase = Passphrase::new(SecretText::new("correct horse".to_owned()));
    let session = looked_at(&ctx, &Credentials { passphrase: Some(passphrase), ..Credentials::default() });
    let log = sandbox.read(LOG);
    let not_sealed = log.len() - "U1 1800000000 failed-unlock\n".len();
    assert!(!check(session.vault(), &log).is_wrong());

    let mut n_unseen = 0;
    for at in 0..log.len() {
        let line = log[..at].split(|byte| *byte == b'\n').count();
        for to in [log[at] ^ 1, log[at] ^ 0x20, b'\n', b'=', 0xff] {
            if to == log[at] {
                continue;
            }
            let mut changed = log.clone();
            changed[at] = to;
            let checked = check(session.vault(), &changed);
            let named = checked.findings.iter().any(|finding| {
                let at_line = finding.place.is_some_and(|place| place.line.abs_diff(line as u64) <= 1);
                finding.kind.is_wrong() && at_line
            });
            if at < not_sealed {
                assert!(named, "byte {at} of line {line} as {to:#x}: {:?}", checked.findings);
            } else {
                n_unseen += usize::from(!checked.is_wrong());
            }
        }
    }
    // A line in clear that no record has taken in yet: anybody can write another one.
    assert!(n_unseen > 0);
}

#[test]
fn every_line_that_is_taken_away_or_doubled_is_found() {
    let sandbox = attacked();
    let (_, session) = opened(&sandbox);
    let all = lines(&sandbox);
    let joined =
        |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes();
    for at in 0..all.len() {
        let mut less = all.clone();
        less.remove(at);
        let is_behind = at >= 10;
        assert_eq!(
            !check(session.vault(), &joined(&less)).is_wrong(),
            is_behind && at + 1 == all.len(),
            "{at}"
        );
        let mut more = all.clone();
        more.insert(at, all[at].clone());
        assert!(check(session.vault(), &joined(&more)).is_wrong(), "{at}");
    }
}

#[test]
fn a_failed_unlock_that_was_taken_away_or_added_afterwards_is_found() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    let fails = || sandbox.command("list --passphrase-file -").stdin("wrong").run().exits(3);
    let verify = || sandbox.run("audit verify --passphrase-file ~/vault-passphrase");
    fails();
    fails();
    verify().done().prints("2 lines in clear at the end are not sealed yet");
    let all = verify().done();
    assert!(!all.out.contains("in clear at the end"), "they are sealed by now: {all}");
    let whole = lines(&sandbox);
    let place = whole.iter().position(|line| line.starts_with("U1 ")).unwrap();
    let mut less = whole.clone();
    less.remove(place);
    put(&sandbox, &less);
    verify().exits(7).prints("it took in 2, and 1 stand there");
    let mut more = whole;
    more.insert(1, Line::open(crate::support::NOW, "failed-unlock"));
    put(&sandbox, &more);
    verify().exits(7).prints("they were added later");
}

#[test]
fn a_torn_line_is_no_fault_once_the_next_record_says_so() {
    let sandbox = attacked();
    let whole = sandbox.read(LOG);
    // What a kill in the middle of a write leaves.
    sandbox.write(LOG, &whole[..whole.len() - 20]);
    sandbox.run("audit verify").done().prints("note").prints("the last line has no end");
    sandbox.run("audit verify").done().prints("a line that a crash cut short; the record after it says so");

    // Closed off by a failed unlock, which cannot seal anything.
    let sandbox = Sandbox::with_passphrase("correct horse");
    let whole = sandbox.read(LOG);
    sandbox.write(LOG, [whole.as_slice(), b"L1 3 abc"].concat());
    sandbox.command("list --passphrase-file -").stdin("wrong").run().exits(3);
    sandbox.run("list --passphrase-file ~/vault-passphrase").done();
    sandbox.run("audit verify --passphrase-file ~/vault-passphrase").done().prints("crash cut short");

    // A last record that was changed is no torn line: nothing says that it was.
    for changed in ["L1 12", "L2 11"] {
        let sandbox = attacked();
        let mut all = lines(&sandbox);
        all[10] = all[10].replace("L1 11", changed);
        put(&sandbox, &all);
        sandbox.run("list").done();
        sandbox.run("audit verify").exits(7).prints("WRONG").prints("line 11 of vault.lifeboat.log");
    }
}

#[test]
fn a_head_that_was_noted_elsewhere_is_found_in_the_chain_or_not() {
    let sandbox = attacked();
    let head = |verified: &Value| verified["head"].as_str().unwrap().to_owned();
    let json = |line: &str| sandbox.run(line).done().json("lifeboat.audit/1");
    let noted = json("audit verify --json");
    assert_eq!((noted["count"].as_u64(), noted["whole"].as_bool()), (Some(11), Some(true)));
    sandbox.run("edit AWS --note later").done();
    let spaced: Vec<String> = head(&noted)
        .to_uppercase()
        .as_bytes()
        .chunks(8)
        .map(|part| String::from_utf8_lossy(part).into())
        .collect();
    for noted in [head(&noted), spaced.join(" ")] {
        let asked = json(&format!("audit verify --json --head '{noted}'"));
        assert_eq!(asked["asked"], serde_json::json!({ "found": true, "after": 11 }));
    }
    let wrong = "0".repeat(64);
    let told = sandbox.run(&format!("audit verify --head {wrong}")).exits(7);
    told.prints("not in this log");
    for odd in ["00", "xyz", &"0".repeat(65)] {
        sandbox.run(&format!("audit verify --head {odd}")).exits(2).says("64 hexadecimal digits");
    }
    // Every head that the log has ever had.
    let (ctx, session) = opened(&sandbox);
    let mut at = lifeboat::audit::start(&session.vault().id.0);
    for (number, line) in lines(&sandbox).iter().enumerate() {
        let asked = audit::verify(&ctx, &session, Some(at)).unwrap().asked;
        assert_eq!(asked, Some(Asked::After(number as u64)));
        at = lifeboat::audit::advance(&at, line);
    }
}

#[test]
fn a_restored_vault_says_which_head_it_continues() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("bundle create -o ~/b --bundle-key-file ~/bk").done();
    let noted = sandbox.run("audit verify --json").done().json("lifeboat.audit/1");
    let anchored = noted["anchor"]["head"].as_str().unwrap().to_owned();
    sandbox.run("restore ~/b --bundle-key-file ~/bk --vault ~/new --new-key-file ~/nk").done();
    let told =
        sandbox.run("audit verify --vault ~/new --key-file ~/nk --json").done().json("lifeboat.audit/1");
    let continued = told["continues"]["log_head"].as_str().unwrap().to_owned();
    assert_eq!(continued.len(), 64);
    let text = sandbox.run(&format!("audit verify --vault ~/new --key-file ~/nk --head {continued}")).done();
    text.prints("continues").prints("the one of the vault that this one continues");
    // It is a head of the old log.
    sandbox.run(&format!("audit verify --head {continued}")).done();
    assert_ne!(anchored, continued, "the bundle's own record came later");
}

#[test]
fn a_log_that_cannot_be_read_or_written_is_told_and_blocks_nothing() {
    let sandbox = attacked();
    let log: PathBuf = sandbox.path(LOG);
    std::fs::remove_file(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    sandbox.run("code AWS").done().says("the log could not be written");
    let told = sandbox.run("audit verify").exits(7);
    told.says("the log could not be written").prints("vault.lifeboat.log cannot be read");
    sandbox.run("audit list").exits(1);
    std::fs::remove_dir(&log).unwrap();
    sandbox.run("list").done();
    let log = sandbox.run("audit list --kind gap --json").done().json("lifeboat.audit/1");
    assert_eq!(log["records"][0]["facts"]["records"], "4", "what the log did not take is counted: {log}");
    sandbox.run("audit verify").exits(7).prints("4 records could not be written before this one");
}
