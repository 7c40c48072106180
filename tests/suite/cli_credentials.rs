//! Where passphrases and key files come from, and what is said when they do not fit.

use crate::support::{CTRL_C, Sandbox};

const WORDS: &str = "correct horse battery staple";

#[test]
fn one_trailing_line_end_is_not_part_of_a_passphrase_file() {
    let sandbox = Sandbox::with_passphrase(WORDS);
    for (text, status) in [
        (WORDS.to_owned(), 0),
        (format!("{WORDS}\n"), 0),
        (format!("{WORDS}\r\n"), 0),
        (format!("{WORDS}\n\n"), 3),
        (format!("{WORDS} "), 3),
        (format!(" {WORDS}"), 3),
        (format!("{WORDS}\r"), 3),
    ] {
        sandbox.write("words", &text);
        let transcript = sandbox.run("list --passphrase-file ~/words");
        assert_eq!(transcript.status, status, "{text:?}\n{transcript}");
    }
}

#[test]
fn standard_input_and_the_prompt_work_as_well() {
    let sandbox = Sandbox::with_passphrase(WORDS);
    sandbox.command("list --passphrase-file -").stdin(format!("{WORDS}\n")).run().done();
    let typed = sandbox.command("list").typing(&[WORDS]).run().done();
    assert_eq!(typed.tty, "Passphrase: \n");
}

#[test]
fn a_passphrase_is_the_same_in_composed_and_decomposed_form() {
    let sandbox = Sandbox::with_passphrase("caf\u{e9} \u{d55c}\u{ae00} passphrase");
    sandbox.write("words", "cafe\u{301} \u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} passphrase");
    sandbox.run("list --passphrase-file ~/words").done();
}

#[test]
fn a_passphrase_file_is_named_when_it_cannot_be_used() {
    let sandbox = Sandbox::with_passphrase(WORDS);
    sandbox.write("empty", "\n");
    sandbox.write("binary", [0xff, 0xfe, 0x00]);
    sandbox.write("long", "x".repeat(65 << 10));
    sandbox.run("list --passphrase-file ~/missing").exits(4).says("missing");
    sandbox.run("list --passphrase-file ~/empty").exits(3).says("empty");
    sandbox.run("list --passphrase-file ~/binary").exits(2).says("UTF-8");
    sandbox.run("list --passphrase-file ~/long").exits(1).says("long");
}

#[test]
fn a_wrong_passphrase_is_told_from_damage_and_from_none() {
    let sandbox = Sandbox::with_passphrase(WORDS);
    let wrong = sandbox.command("list --json").typing(&["wrong"]).run().exits(3).error_json();
    assert_eq!(wrong["kind"], "wrong-passphrase");
    let none = sandbox.run("list --json --no-input").exits(3).error_json();
    assert_eq!(none["kind"], "no-credential");
    assert!(none["help"].as_str().unwrap().contains("--passphrase-file"));

    let mut bytes = sandbox.read("vault.lifeboat");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    sandbox.write("vault.lifeboat", bytes);
    let damaged = sandbox.command("list --json").typing(&[WORDS]).run().exits(5).error_json();
    assert_eq!(damaged["kind"], "damaged");
}

#[test]
fn ctrl_c_at_the_passphrase_is_130() {
    let sandbox = Sandbox::with_passphrase(WORDS);
    sandbox.command("list").typing(&[CTRL_C]).run().exits(130);
}

#[test]
fn a_key_file_is_never_something_else() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("picture", b"\x89PNG....");
    sandbox.run("list --key-file ~/picture").exits(5).says("cannot be used as a key file");
    sandbox.run("list --key-file ~/missing").exits(4);
}

#[test]
fn a_vault_of_a_key_file_says_that_it_wants_one() {
    let sandbox = Sandbox::empty();
    sandbox.run("init --new-key-file ~/key").done();
    sandbox.command("list").typing(&[]).run().exits(3).says("--key-file PATH");
}

#[test]
fn no_vault_is_exit_4_and_says_how_to_get_one() {
    let missing = Sandbox::empty().run("list").exits(4);
    assert!(missing.says("lifeboat init").err.contains("lifeboat restore BUNDLE"));
}

#[test]
fn a_key_derivation_on_a_terminal_shows_a_line_and_takes_it_away() {
    let sandbox = Sandbox::with_passphrase(WORDS);
    let opened = sandbox.command("list").at_terminal(80).typing(&[WORDS]).run().done();
    assert!(opened.err.starts_with("Opening the vault (8 MiB, about 0.0 s) …\r\x1b[2K"), "{:?}", opened.err);
    let ascii = sandbox.command("list --ascii").at_terminal(80).typing(&[WORDS]).run().done();
    assert!(ascii.err.is_ascii());
    let piped = sandbox.command("list").typing(&[WORDS]).run().done();
    assert!(!piped.err.contains('\x1b'));
}
