//! The shipped interface in a real terminal: a bundle restored on an empty home from shares that are typed.

use crate::custody_story::cards;
use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, Sandbox};

const VAULT_WORDS: &str = "seventeen green lanterns over the harbour";
const ENTER: &str = "\r";

#[test]
fn a_bundle_is_restored_from_shares_typed_word_by_word() {
    let vault = Sandbox::with_entry();
    let line =
        "bundle create -o ~/safe.bundle --quorum 2-of-3 --custodian Ana --custodian Ben --custodian Cem";
    let made = vault.command(line).typing(&[""; 40]).run().done();
    let cards = cards(&made.tty);
    let maker = made.out.lines().find_map(|line| line.strip_prefix("signed by")).unwrap().trim().to_owned();

    let new = Sandbox::empty();
    new.write("safe.bundle", vault.read("safe.bundle"));
    new.write("card", &cards[2]);
    let mut terminal = Pseudoterminal::start(&new, 24, 80);
    terminal.shows("There is no vault");
    terminal.types("2").shows("Path:");
    terminal.pastes(new.path("safe.bundle").to_str().unwrap()).types(ENTER).shows("Word 1:");
    // The first card by four letters of each word, one of them mistyped at first.
    let words: Vec<&str> = cards[0].split(' ').collect();
    terminal.types("qqqq ").shows("no word of the list begins so");
    terminal.types("\x17");
    for (place, word) in words.iter().enumerate() {
        terminal.shows(&format!("Word {}:", place + 1));
        terminal.types(&word[..4]).types(" ");
    }
    let screen = terminal.shows("Share 1 is taken; 1 more is needed.");
    let left =
        words[2..].iter().filter(|word| screen.split_whitespace().any(|shown| shown == **word)).count();
    assert_eq!(left, 0, "no word of it stays: {screen}");
    // The same one again is told, and does not count twice.
    terminal.pastes(&cards[0]).shows("Share 1 was there already");
    // The second one from a file.
    terminal.types("\x06").shows("Files in");
    terminal.types("card").types(ENTER).shows("Is this the fingerprint on the cards?");
    terminal.shows(&maker);
    terminal.types("y").shows("3 of 3");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("Once more:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("AWS");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    new.write("words", VAULT_WORDS);
    new.run("show AWS --reveal --passphrase-file ~/words").done().prints(RFC_SEED);
}

#[test]
fn who_says_no_to_the_fingerprint_has_nothing_restored() {
    let vault = Sandbox::with_entry();
    let line = "bundle create -o ~/safe.bundle --quorum 2-of-2 --custodian Ana --custodian Ben";
    let made = vault.command(line).typing(&[""; 40]).run().done();
    let cards = cards(&made.tty);
    let new = Sandbox::empty();
    new.write("safe.bundle", vault.read("safe.bundle"));
    let mut terminal = Pseudoterminal::start(&new, 24, 80);
    terminal.shows("There is no vault");
    terminal.types("2").shows("Path:");
    terminal.pastes(new.path("safe.bundle").to_str().unwrap()).types(ENTER).shows("Word 1:");
    terminal.pastes(&cards[1]).shows("Share 2 is taken");
    terminal.pastes(&cards[0]).shows("Is this the fingerprint on the cards?");
    terminal.types(ENTER).shows("nothing of it was taken");
    terminal.types("\x03");
    assert_eq!(terminal.end().code(), Some(0));
    assert!(!new.has("vault.lifeboat"));
}
