//! `rehearse`: a passphrase typed from memory, a share checked, and when that is asked for again.

use lifeboat::app::unlock;
use lifeboat::audit::{Event, Record};
use lifeboat::envelope::{Credentials, Passphrase};
use lifeboat::secret::SecretText;

use crate::custody_story::cards;
use crate::hostile_disk::records;
use crate::support::{CTRL_C, NOW, RFC_URI, Sandbox, Transcript};

const DAY: u64 = 86_400;
const WORDS: &str = "correct horse battery staple";
const BUNDLE_WORDS: &str = "nineteen quiet otters behind the lighthouse";

/// A vault that a passphrase opens, with an entry in it.
fn with_passphrase() -> Sandbox {
    let sandbox = Sandbox::with_passphrase(WORDS);
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    sandbox
}

/// As [`with_passphrase`], with a bundle that a passphrase opens.
fn with_bundle() -> Sandbox {
    let sandbox = with_passphrase();
    sandbox.write("bundle-words", BUNDLE_WORDS);
    let line =
        "bundle create -o ~/b --bundle-passphrase-file ~/bundle-words --passphrase-file ~/vault-passphrase";
    sandbox.run(line).done();
    sandbox
}

/// A machine on which there is nothing but that bundle.
fn elsewhere(home: &Sandbox, name: &str) -> Sandbox {
    let other = Sandbox::empty();
    other.write(name, home.read(name));
    other
}

fn typing(sandbox: &Sandbox, line: &str, answers: &[&str]) -> Transcript {
    sandbox.command(line).typing(answers).run()
}

/// The facts of every rehearsal in the log, oldest first.
fn rehearsals(sandbox: &Sandbox) -> Vec<Vec<(String, String)>> {
    let rehearsed = log(sandbox).into_iter().filter(|record| record.event == Event::Rehearsed);
    rehearsed.map(|record| record.facts).collect()
}

/// What the log says, without a word of this reading in it.
fn log(sandbox: &Sandbox) -> Vec<Record> {
    let ctx = sandbox.context();
    let passphrase = Passphrase::new(SecretText::new(WORDS.to_owned()));
    let credentials = Credentials { passphrase: Some(passphrase), ..Credentials::default() };
    let session = unlock::unlock_unnoted(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    records(session.vault(), &sandbox.read("vault.lifeboat.log"))
}

fn facts(what: &str, ok: &str, typed: &str) -> Vec<(String, String)> {
    // In the order of the log's JSON.
    [("ok", ok), ("typed", typed), ("what", what)].map(|(name, value)| (name.into(), value.into())).to_vec()
}

fn due(sandbox: &Sandbox) -> Vec<String> {
    let status = sandbox.run("status --json --passphrase-file ~/vault-passphrase").done();
    let due = status.json("lifeboat.status/1")["due"].clone();
    let lines = due.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned());
    lines.filter(|line| line.contains("lifeboat rehearse")).collect()
}

#[test]
fn the_passphrase_is_typed_and_nothing_but_the_date_is_noted() {
    let sandbox = with_passphrase();
    let (vault, n_before) = (sandbox.read("vault.lifeboat"), log(&sandbox).len());

    let recalled = typing(&sandbox, "rehearse", &[WORDS]).done();

    assert_eq!(recalled.tty, "Passphrase of the vault, from memory: \n");
    insta::assert_snapshot!(sandbox.normal(&recalled.to_string()), @r"
    -- terminal
    Passphrase of the vault, from memory:
    -- stdout
    passphrase   it opens the vault, which is closed again
    noted        in the log
    next time    2027-01-29, in 14 days
    -- status 0
    ");
    assert!(!recalled.out.contains("AWS"));
    assert_eq!(sandbox.read("vault.lifeboat"), vault);
    assert_eq!(rehearsals(&sandbox), [facts("vault", "yes", "yes")]);
    // Nothing says that the vault was opened: it was not, for any use.
    assert_eq!(log(&sandbox).len(), n_before + 1);
    let json = typing(&sandbox, "rehearse --json", &[WORDS]).done().json("lifeboat.rehearse/1");
    assert_eq!((json["what"].as_str(), json["noted"].as_bool()), (Some("vault"), Some(true)));
    assert_eq!((json["in_a_row"].as_u64(), json["due"].as_u64()), (Some(2), Some(NOW + 30 * DAY)));
}

#[test]
fn what_lies_in_a_file_is_not_memory() {
    let sandbox = with_passphrase();
    for option in ["--passphrase-file ~/vault-passphrase", "--passphrase-fd 3"] {
        let refused = typing(&sandbox, &format!("rehearse {option}"), &[]).exits(8);
        refused.says("a file's memory is not yours").says("env -u LIFEBOAT_PASSPHRASE_FILE");
    }
    sandbox.run("rehearse --no-input").exits(3).says("that it is in your head");
    sandbox.run("rehearse").exits(3).says("there is no terminal to ask at");
    typing(&sandbox, "rehearse", &[""]).exits(3).says("nothing was typed, so nothing was rehearsed");
    typing(&sandbox, "rehearse", &[CTRL_C]).exits(130);
    assert_eq!(rehearsals(&sandbox), Vec::<Vec<_>>::new());
}

#[test]
fn three_tries_are_given_and_each_wrong_one_stands_in_clear() {
    let sandbox = with_passphrase();
    let wrong = typing(&sandbox, "rehearse", &["correct", "horse", "battery"]).exits(3);
    insta::assert_snapshot!(sandbox.normal(&wrong.to_string()), @r"
    -- terminal
    Passphrase of the vault, from memory: 
    Passphrase of the vault, from memory: 
    Passphrase of the vault, from memory:
    -- stderr
    lifeboat: that is not it; once more, or nothing to stop
    lifeboat: that is not it; once more, or nothing to stop
    lifeboat: what was typed does not open the vault ~/vault.lifeboat (3 tries)
      unchanged  ~/vault.lifeboat was only read
      next       try again when you are rested; look at Caps Lock and the keyboard layout first: lifeboat rehearse
                 find the newest bundle and what opens it: lifeboat restore BUNDLE --vault PATH makes a new vault
    -- status 3
    ");
    for word in ["horse", "battery"] {
        assert!(!wrong.err.contains(word) && !wrong.out.contains(word));
    }
    let in_clear = || {
        let log = String::from_utf8(sandbox.read("vault.lifeboat.log")).unwrap();
        log.lines().filter(|line| line.starts_with("U1") && line.ends_with("failed-unlock")).count()
    };
    assert_eq!(in_clear(), 3);
    typing(&sandbox, "rehearse", &["correct", ""]).exits(3).says("(1 try)");
    assert_eq!(in_clear(), 4);
    // The right one at the second try is the right one.
    let right = typing(&sandbox, "rehearse", &["correct", WORDS]).done();
    right.says("4 failed attempts to open this vault since it was last used, besides those of just now");
    assert_eq!(rehearsals(&sandbox), [facts("vault", "yes", "yes")]);
}

#[test]
fn a_key_that_is_kept_types_nothing_but_notes_a_failure_and_helps() {
    let sandbox = with_bundle();
    typing(&sandbox, "unlock --for 1h", &[WORDS]).done();
    sandbox.wait(600);
    let wrong = typing(&sandbox, "rehearse", &["correct", ""]).exits(3);
    let wrong = wrong.says("is not used for this").says("for 50 min codes can still be read without it");
    // Whoever has just typed it knows of that attempt.
    assert!(!wrong.err.contains("failed attempt"), "{wrong}");
    wrong.says("the newest bundle, of 2027-01-15, was written to ");
    assert_eq!(rehearsals(&sandbox), [facts("vault", "no", "yes")]);
    sandbox.run("rehearse --no-input").exits(3);
    assert_eq!(due(&sandbox), Vec::<String>::new());
    sandbox.wait(7 * DAY);
    assert_eq!(due(&sandbox), ["the vault's passphrase was not recalled on 2027-01-15: `lifeboat rehearse`"]);
}

#[test]
fn it_is_asked_for_at_growing_intervals_and_from_the_start_when_it_is_another_one() {
    let sandbox = with_passphrase();
    sandbox.wait(7 * DAY - 1);
    assert_eq!(due(&sandbox), Vec::<String>::new());
    sandbox.wait(1);
    let never = "the vault's passphrase, of 2027-01-15, was never typed from memory: `lifeboat rehearse`";
    assert_eq!(due(&sandbox), [never]);
    sandbox.run("status --check --passphrase-file ~/vault-passphrase").exits(7);
    for (waited, day) in [(14, "2027-01-22"), (30, "2027-02-05")] {
        typing(&sandbox, "rehearse", &[WORDS]).done();
        sandbox.wait(waited * DAY - 1);
        assert_eq!(due(&sandbox), Vec::<String>::new());
        sandbox.wait(1);
        let last = format!("the vault's passphrase was last typed from memory on {day}: `lifeboat rehearse`");
        assert_eq!(due(&sandbox), [last]);
    }
    let status = sandbox.run("status --passphrase-file ~/vault-passphrase").done();
    status.prints("passphrase   last typed from memory on 2027-02-05; the next time on 2027-03-07");

    sandbox.write("new", "another horse");
    sandbox.run("passwd --new-passphrase-file ~/new --passphrase-file ~/vault-passphrase").done();
    sandbox.write("vault-passphrase", "another horse");
    assert_eq!(due(&sandbox), Vec::<String>::new());
    sandbox.wait(7 * DAY);
    assert_eq!(due(&sandbox), [never.replace("2027-01-15", "2027-03-07")]);
}

#[test]
fn a_vault_that_a_key_file_opens_has_nothing_to_recall_and_nobody_is_asked() {
    let sandbox = Sandbox::with_entry();
    typing(&sandbox, "rehearse", &[]).exits(8).says("no passphrase opens this vault").says("a key file");
    sandbox.wait(400 * DAY);
    let status = sandbox.run("status").done();
    assert!(!status.out.contains("rehearse") && !status.out.contains("passphrase  "), "{status}");
}

#[test]
fn a_passphrase_with_a_key_file_is_typed_and_the_key_file_is_named() {
    let sandbox = Sandbox::empty();
    sandbox.write("vault-passphrase", WORDS);
    sandbox.run("init --new-passphrase-file ~/vault-passphrase --new-key-file ~/k").done();
    typing(&sandbox, "rehearse", &[]).exits(3).says("--key-file PATH");
    typing(&sandbox, "rehearse --key-file ~/k", &["wrong", ""]).exits(3);
    typing(&sandbox, "rehearse --key-file ~/k", &[WORDS]).done();
    // A way that the same key file opens alone does not stand for the passphrase.
    sandbox.run("slot add --new-key-file ~/alone --key-file ~/k --passphrase-file ~/vault-passphrase").done();
    let wrong = typing(&sandbox, "rehearse --key-file ~/alone", &["wrong", ""]).exits(3);
    wrong.says("lifeboat slot add --key-file PATH");
}

#[test]
fn a_log_that_cannot_be_written_is_told() {
    let sandbox = with_passphrase();
    std::fs::remove_file(sandbox.path("vault.lifeboat.log")).unwrap();
    std::fs::create_dir(sandbox.path("vault.lifeboat.log")).unwrap();
    let recalled = typing(&sandbox, "rehearse --json", &[WORDS]).done().says("the log could not be written");
    assert_eq!(recalled.json("lifeboat.rehearse/1")["noted"], false);
    let status = sandbox.run("status --check --passphrase-file ~/vault-passphrase").exits(7);
    status.prints("the log cannot be read");
}

#[test]
fn the_passphrase_of_a_bundle_is_typed_and_dated_where_its_vault_is() {
    let sandbox = with_bundle();
    let told = typing(&sandbox, "rehearse ~/b", &[BUNDLE_WORDS, WORDS]).done();
    insta::assert_snapshot!(sandbox.normal(&told.to_string()), @r"
    -- terminal
    Passphrase of the bundle, from memory: 
    Passphrase of the vault, to note the rehearsal in its log (empty: do not note):
    -- stdout
    passphrase   it opens the bundle, which is closed again
    bundle       [id], made 2027-01-15
    noted        in the vault's log
    -- status 0
    ");
    assert!(!told.out.contains("AWS"));
    // Without being asked: by a file that is the vault's and not the bundle's, and by a key that is kept.
    typing(&sandbox, "rehearse ~/b --passphrase-file ~/vault-passphrase", &[BUNDLE_WORDS]).done();
    typing(&sandbox, "unlock", &[WORDS]).done();
    let json = typing(&sandbox, "rehearse ~/b --json", &["wrong", BUNDLE_WORDS]).done();
    assert_eq!(json.json("lifeboat.rehearse/1")["noted"], true);
    typing(&sandbox, "rehearse ~/b", &["wrong", ""]).exits(3).says("makes a new bundle");
    // What is named goes before the key that is kept, right or wrong.
    typing(&sandbox, "rehearse ~/b --passphrase-file ~/bundle-words", &[BUNDLE_WORDS]).exits(3);
    let said: Vec<String> = rehearsals(&sandbox)
        .iter()
        .map(|facts| facts.iter().map(|(name, value)| format!("{name}={value} ")).collect())
        .map(|line: String| sandbox.normal(&line))
        .collect();
    let right = "bundle=[id] ok=yes typed=yes what=bundle ";
    assert_eq!(said, [right, right, right, "bundle=[id] ok=no typed=yes what=bundle "]);
    // Bundles have drills: it is said when, and never asked for.
    let status = sandbox.run("status").done();
    let told =
        format!("rehearsed    2027-01-15, the passphrase of the bundle {}: NOT", sandbox.path("b").display());
    status.prints(&told);
    assert_eq!(due(&sandbox), Vec::<String>::new());
}

#[test]
fn whoever_wants_no_date_or_has_no_vault_is_told_that_there_is_none() {
    let sandbox = with_bundle();
    for (answers, why) in [
        (&[BUNDLE_WORDS, ""][..], "nothing was typed"),
        (&[BUNDLE_WORDS, "not the vault's"], "cannot open the vault"),
    ] {
        let told = typing(&sandbox, "rehearse ~/b", answers);
        let told = told.prints("noted        nowhere: ").prints(why);
        assert_eq!(told.status, if why.starts_with("nothing") { 0 } else { 3 });
    }
    let other = elsewhere(&sandbox, "b");
    let told = typing(&other, "rehearse ~/b", &[BUNDLE_WORDS]).done();
    told.prints("nowhere: there is no vault on this machine").says("lifeboat drill run BUNDLE --report FILE");
    let json = typing(&other, "rehearse ~/b --json", &[BUNDLE_WORDS]).done().json("lifeboat.rehearse/1");
    assert_eq!((json["right"].as_bool(), json["noted"].as_bool()), (Some(true), Some(false)));
    // Another vault is not asked to be opened.
    other.write("w", WORDS);
    // The first vault of every machine of these tests is drawn from the same bytes.
    other.run("init --new-passphrase-file ~/w --vault ~/first").done();
    other.run("init --new-passphrase-file ~/w").done();
    typing(&other, "rehearse ~/b", &[BUNDLE_WORDS]).done().prints("is not the one that it was made from");
    assert_eq!(rehearsals(&sandbox), Vec::<Vec<_>>::new());
    assert_eq!(rehearsals(&other), Vec::<Vec<_>>::new());
}

#[test]
fn a_bundle_that_takes_more_or_something_else_says_so_before_anything_is_typed() {
    let sandbox = with_bundle();
    let create = "--passphrase-file ~/vault-passphrase bundle create";
    sandbox.run(&format!("{create} -o ~/k --bundle-key-file ~/bk")).done();
    let both = "--bundle-passphrase-file ~/bundle-words --bundle-key-file ~/bk";
    sandbox.run(&format!("{create} -o ~/both {both}")).done();
    typing(&sandbox, "rehearse ~/k", &[]).exits(8).says("no passphrase opens this bundle");
    typing(&sandbox, "rehearse ~/both", &[]).exits(3).says("--bundle-key-file PATH");
    typing(&sandbox, "rehearse ~/both --bundle-key-file ~/bk", &[BUNDLE_WORDS, ""]).done();
    typing(&sandbox, "rehearse ~/b --share ~/s", &[]).exits(3).says("no shares open this bundle");
    typing(&sandbox, "rehearse --share ~/s", &[]).exits(2);
    typing(&sandbox, "rehearse ~/nowhere", &[]).exits(4);
    typing(&sandbox, "rehearse ~/vault.lifeboat", &[]).exits(5);
}

#[test]
fn a_share_is_checked_alone_and_dated_where_its_set_is_known() {
    let sandbox = Sandbox::with_entry();
    let names = "--custodian Ana --custodian Ben --custodian Cem";
    let line = format!("bundle create -o ~/b --quorum 2-of-3 {names}");
    let made = sandbox.command(&line).typing(&[""; 40]).run().done();
    let cards = cards(&made.tty);
    sandbox.write("card", &cards[1]);

    // At home the key file is at hand; away there is no vault.
    let told = typing(&sandbox, "rehearse ~/b --share ~/card", &[]).done();
    told.prints("share        2 of 3, of the set ").prints("noted        in the vault's log");
    sandbox.run("status").done().prints("rehearsed    2027-01-15, share 2 of ");
    let other = elsewhere(&sandbox, "b");
    let told = other.command("rehearse ~/b --share - --json").stdin(&cards[0]).run().done();
    let json = told.says("lifeboat share acknowledge").json("lifeboat.rehearse/1");
    assert_eq!((json["share"].as_u64(), json["typed"].as_bool()), (Some(1), Some(false)));
    assert_eq!(json["not_noted"], "there is no vault on this machine");
    // A vault that knows neither the bundle nor the set notes nothing.
    let third = elsewhere(&sandbox, "b");
    third.write("card", &cards[1]);
    third.run("init --new-key-file ~/k").done();
    let told = typing(&third, "rehearse ~/b --share ~/card --key-file ~/k", &[]).done();
    told.prints("nowhere: the vault on this machine is not the one that it was made from");
    // A bundle that only shares open: the words are typed.
    let rows: Vec<String> =
        cards[2].split(' ').collect::<Vec<_>>().chunks(5).map(|row| row.join(" ")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let told = typing(&other, "rehearse ~/b", &rows).done().prints("share        3 of 3");
    assert!(!told.out.contains("AWS"));
    other.run("rehearse ~/b --no-input").exits(3);

    let (words, last) = cards[0].rsplit_once(' ').unwrap();
    let another = if last == "academic" { "acid" } else { "academic" };
    other.write("wrong", format!("{words} {another}"));
    typing(&other, "rehearse ~/b --share ~/wrong", &[]).exits(3);
}
