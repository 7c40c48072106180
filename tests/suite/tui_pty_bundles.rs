//! The shipped interface in a real terminal: a bundle made and restored, files of other programs in and out.

use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, RFC_URI, Sandbox};

const VAULT_WORDS: &str = "seventeen green lanterns over the harbour";
const BUNDLE_WORDS: &str = "nineteen quiet otters behind the lighthouse";
const FILE_WORDS: &str = "correct horse battery staple";
const ENTER: &str = "\r";
const TAB: &str = "\t";
const EMPTY: &str = "\x15";
const ESC: &str = "\x1b";

/// An encrypted file of Aegis, made by a program that uses nothing of this one.
const AEGIS: &[u8] = include_bytes!("../../vectors/interchange/aegis/v3-encrypted.json");

fn vault() -> Sandbox {
    let sandbox = Sandbox::with_passphrase(VAULT_WORDS);
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    sandbox
}

fn opened(sandbox: &Sandbox) -> Pseudoterminal {
    let terminal = Pseudoterminal::start(sandbox, 24, 80);
    terminal.shows("Passphrase:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("AWS");
    terminal
}

fn path(sandbox: &Sandbox, name: &str) -> String {
    sandbox.path(name).to_str().unwrap().to_owned()
}

#[track_caller]
fn left(mut terminal: Pseudoterminal, secrets: &[&str]) {
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    for secret in secrets {
        assert!(!sent.contains(secret), "{secret} was drawn");
    }
}

#[test]
fn a_bundle_that_was_made_here_restores_on_an_empty_home() {
    let old = vault();
    let terminal = opened(&old);
    terminal.types("2").shows("No bundle was made");
    terminal.types("n").shows("1 of 3");
    terminal.types(EMPTY).pastes(&path(&old, "safe.bundle")).types(TAB).types("Ana's safe").types(ENTER);
    terminal.shows("2 of 3");
    // The vault's own is refused, however often it is typed.
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Once more:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Passphrase of the vault:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("choose another one");
    assert!(!old.has("safe.bundle"));
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("Once more:");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("Passphrase of the vault:");
    terminal.types("wrong").types(ENTER).shows("it does not open it");
    assert!(!old.has("safe.bundle"));
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("The bundle is made: 1 entry.");
    terminal.types(ESC).shows("SINCE THEN");
    terminal.shows("current");
    terminal.types("v").shows("Which bundle?");
    terminal.types(ENTER).shows("label Ana's safe");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("everything in it is whole");
    left(terminal, &["seventeen", "nineteen", RFC_SEED]);

    let new = Sandbox::empty();
    let terminal = Pseudoterminal::start(&new, 24, 80);
    terminal.shows("There is no vault");
    terminal.types("2").shows("Path:");
    terminal.pastes(&path(&old, "safe.bundle")).types(ENTER).shows("label Ana's safe");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("3 of 3");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Once more:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("AWS");
    left(terminal, &["seventeen", "nineteen", RFC_SEED]);
    new.write("words", VAULT_WORDS);
    new.run("show AWS --reveal --passphrase-file ~/words").done().prints(RFC_SEED);
}

#[test]
fn another_authenticators_file_makes_a_first_vault() {
    let sandbox = Sandbox::empty();
    sandbox.write("aegis.json", AEGIS);
    let terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("There is no vault");
    terminal.types("3").shows("Which file?");
    terminal.pastes(&path(&sandbox, "aegis.json")).types(ENTER).shows("First a vault");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Once more:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Passphrase of the file:");
    terminal.types("wrong").types(ENTER).shows("it does not open it");
    terminal.pastes(FILE_WORDS).types(ENTER).shows("would bring 8 entries");
    terminal.types(ENTER).shows("took 8 entries");
    terminal.shows("Only issuer");
    terminal.types("I").shows("Take the last import back?");
    terminal.types("y").shows("8 entries are in the trash");
    left(terminal, &["seventeen", "correct horse"]);

    sandbox.write("words", VAULT_WORDS);
    let listed = sandbox.run("list --passphrase-file ~/words").done();
    assert!(!listed.out.contains("Only issuer"), "{}", listed.out);
}

#[test]
fn entries_go_out_encrypted_and_in_clear_only_by_a_typed_word() {
    let sandbox = vault();
    let terminal = opened(&sandbox);
    terminal.types("x").shows("1 of 3");
    terminal.types(TAB).types(TAB).types(EMPTY).pastes(&path(&sandbox, "out.json")).types(ENTER);
    terminal.shows("2 of 3");
    terminal.pastes(FILE_WORDS).types(ENTER).shows("Once more:");
    terminal.pastes(FILE_WORDS).types(ENTER).shows("Passphrase of the vault:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Wrote 1 entry.");
    let encrypted = String::from_utf8(sandbox.read("out.json")).unwrap();
    assert!(!encrypted.contains("AWS") && !encrypted.contains(RFC_SEED));

    terminal.types(ENTER).shows("AWS");
    terminal.types("x").shows("1 of 3");
    terminal.types(TAB).types(" ").types(TAB).types(EMPTY).pastes(&path(&sandbox, "out.json")).types(ENTER);
    terminal.shows("exists already").contains("Replace it?");
    terminal.types("y").shows("Every seed in clear");
    terminal.types("plaintext").types(ENTER).shows("Passphrase of the vault:");
    assert_eq!(sandbox.read("out.json"), encrypted.as_bytes(), "nothing is written before that");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("in clear: move it");
    assert!(String::from_utf8(sandbox.read("out.json")).unwrap().contains(RFC_SEED));
    terminal.types(ENTER).shows("AWS");
    terminal.types("5");
    terminal.until("both in the log", |screen| screen.matches("exported  ").count() == 2);
    left(terminal, &["seventeen", "correct horse", RFC_SEED]);
}

#[test]
fn a_bundle_comes_into_the_open_vault_after_it_was_seen_what_it_brings() {
    let other = Sandbox::with_entry();
    other.write("words", BUNDLE_WORDS);
    other.run("bundle create -o ~/other.bundle --bundle-passphrase-file ~/words").done();
    let sandbox = Sandbox::with_vault();
    let terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("No entries yet");
    terminal.types("r").shows("Which bundle?");
    terminal.pastes(&path(&other, "other.bundle")).types(ENTER).shows("Passphrase of the bundle:");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("would write 1 of 1 entry");
    terminal.types(ENTER).shows("Wrote 1 of 1 entry.");
    terminal.types(ESC).shows("No bundle was made");
    terminal.types("1").shows("AWS");
    left(terminal, &["nineteen", RFC_SEED]);
}
