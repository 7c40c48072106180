//! The shipped interface in a real terminal: the log, its check, evidence, and the passphrase typed from memory.

use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, Sandbox};

const PASSPHRASE: &str = "seven quiet otters under the pier";
const ENTER: &str = "\r";
const ESC: &str = "\x1b";

#[test]
fn the_log_is_read_filtered_checked_and_made_into_evidence_that_others_can_verify() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("code AWS --reason INC-42").done();
    let folder = |name: &str| sandbox.path(name).to_str().unwrap().to_owned();
    let mut terminal = Pseudoterminal::start(&sandbox, 40, 90);
    terminal.shows("AWS");
    terminal.types("5").shows("records, newest first");
    terminal.types("/inc-42").shows("AWS:root  because INC-42");
    terminal.types(ENTER).types(ENTER).shows("Entry");
    terminal.types(ESC).shows("/inc-42");
    terminal.types(ESC).shows("records, newest first");
    terminal.types("f").shows("Which records?");
    terminal.types("\t\t\tnobody").types(ENTER).shows("no entry fits");
    terminal.types("\x15AWS").types(ENTER).shows("newest first   entry AWS");
    terminal.types(ESC).until("all records", |screen| {
        screen.contains("records, newest first") && !screen.contains("entry AWS")
    });
    terminal.types("c").shows("Nothing was found: the log is whole");
    terminal.types(ENTER).shows("newest first");

    std::fs::create_dir(sandbox.path("full")).unwrap();
    sandbox.write("full/evidence.md", "last year's");
    terminal.types("e").shows("A report for an auditor");
    terminal.pastes(&folder("full")).types(ENTER).shows("no report can be made in");
    let screen = terminal.shows("remove it or name another folder");
    assert!(!screen.contains(" -o") && screen.contains("unchanged: no file was touched"), "{screen}");
    terminal.types("\x15").pastes(&folder("q4")).types(ENTER).shows("The report is made and signed.");
    terminal.shows("ssh-keygen -Y verify -f signers -I lifeboat");
    terminal.types(ENTER).shows("evidence-made");
    terminal.types("K").shows("lifeboat namespaces=");

    // Somebody takes a record away meanwhile.
    let log = String::from_utf8(sandbox.read("vault.lifeboat.log")).unwrap();
    let kept: Vec<&str> = log.lines().filter(|line| !line.starts_with("L1 3 ")).collect();
    sandbox.write("vault.lifeboat.log", format!("{}\n", kept.join("\n")));
    terminal.types(ENTER).shows("newest first");
    terminal.types("c").shows("The log is NOT WHOLE: 1 thing is wrong.");
    terminal.shows("! record 3 is missing");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert!(!sent.contains(RFC_SEED));

    assert_eq!(sandbox.read("full/evidence.md"), b"last year's");
    let key = sandbox.run("evidence key").done();
    sandbox.write("signers", &key.out);
    sandbox.run("evidence verify ~/q4 --signers ~/signers").done();
}

#[test]
fn a_passphrase_is_rehearsed_and_the_log_keeps_whether_it_was_recalled() {
    let sandbox = Sandbox::with_passphrase(PASSPHRASE);
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Passphrase");
    terminal.types(PASSPHRASE).types(ENTER).shows("No entries yet");
    terminal.types("5").shows("newest first");
    terminal.types("r").shows("from memory");
    terminal.types("seven otters").types(ENTER).shows("! it does not open it");
    terminal.types(PASSPHRASE).types(ENTER).shows("Well done: that is the passphrase.");
    terminal.shows("1 time in a row");
    let screen = terminal.shows("in 14 days");
    assert!(screen.contains("in the log"), "{screen}");
    terminal.types(ENTER).shows("rehearsed");
    terminal.types("r").shows("from memory");
    terminal.types("seven otters").types(ENTER).shows("! it does not open it");
    terminal.types(ESC).shows("It was not recalled");
    terminal.shows("The vault is still open here");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));

    let listed = sandbox.run("audit list --kind rehearsed --passphrase-file ~/vault-passphrase").done();
    assert_eq!(listed.out.matches("ok=yes").count(), 1, "{}", listed.out);
    assert_eq!(listed.out.matches("ok=no").count(), 1, "{}", listed.out);
    sandbox.run("audit verify --passphrase-file ~/vault-passphrase").done();
}

#[test]
fn a_vault_without_a_passphrase_has_none_to_rehearse() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("AWS");
    terminal.types(":rehearse").shows("type it from memory");
    terminal.types(ENTER).shows("no passphrase opens this vault");
    terminal.types(ENTER).types("q");
    assert_eq!(terminal.end().code(), Some(0));
}
