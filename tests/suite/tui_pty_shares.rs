//! The shipped interface in a real terminal: a bundle restored on an empty home from shares that are typed.

use crate::custody_story::cards;
use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, RFC_URI, Sandbox};

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

#[test]
fn a_set_is_made_in_a_ceremony_opens_a_bundle_and_is_replaced() {
    let vault = Sandbox::with_passphrase(VAULT_WORDS);
    vault.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    let mut terminal = Pseudoterminal::start(&vault, 24, 80);
    terminal.shows("Passphrase:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("AWS");
    terminal.types("2c").shows("There is no share set yet.");
    terminal.types("n").shows("Custodian 1:");
    terminal.types("Ana\tBen\tCem").types(ENTER);
    let mut shown = Vec::new();
    for (idx, name) in ["Ana", "Ben", "Cem"].into_iter().enumerate() {
        terminal.shows(&format!("only {name} looks at the screen now."));
        terminal.types(ENTER);
        let screen = terminal.shows("when all of it is on the card");
        let card = cards(&screen).pop().unwrap();
        let words: Vec<&str> = card.split(' ').collect();
        terminal.types(ENTER).shows("from the card, so that it is known");
        if idx == 2 {
            terminal.types("zero").types(ENTER).shows("of the card");
            terminal.types(ENTER).shows("when all of it is on the card");
            terminal.types(ENTER).shows("3 words to go");
            terminal.types(ENTER);
        } else {
            for left in [3, 2, 1] {
                let screen = terminal.shows(&format!("{left} word"));
                let place = screen.split("Word ").nth(1).and_then(|rest| rest.split(':').next()).unwrap();
                let place: usize = place.parse().unwrap();
                terminal.types(&words[place - 1][..4]).types(ENTER);
            }
        }
        shown.push(card);
    }
    let screen = terminal.shows("the vault keeps its public half alone.");
    assert!(screen.contains("2 of 3 cards"), "{screen}");
    // A bundle that these cards open, from the list of sets.
    terminal.types("\x1b").shows("opens       nothing yet");
    terminal.types("b").shows("Share set:");
    terminal.types("\x15").pastes(vault.path("safe.bundle").to_str().unwrap()).types(ENTER);
    terminal.shows("Passphrase of the vault:");
    terminal.pastes(VAULT_WORDS).types(ENTER).shows("The bundle is made: 1 entry.");
    terminal.shows("signed by");
    terminal.types("\x1b").shows("SINCE THEN");
    // Opened here with two of the cards, its own maker is not asked about.
    terminal.types("v").shows("Which bundle?");
    terminal.types(ENTER).shows("Word 1:");
    terminal.pastes(&shown[2]).shows("Share 3 is taken");
    terminal.pastes(&shown[0]).shows("everything in it is whole");
    // The custodian's acknowledgement comes home.
    terminal.types("\x1b").shows("SINCE THEN");
    vault.write("card", &shown[1]);
    vault.run("share acknowledge ~/safe.bundle --share ~/card -o ~/from-ben").done();
    terminal.types("c").shows("0 of 3 acknowledged");
    terminal.types("a").shows("Which file?");
    terminal
        .pastes(vault.path("from-ben").to_str().unwrap())
        .types(ENTER)
        .shows("The acknowledgement is recorded");
    terminal.types("\x1b").shows("1 of 3 acknowledged");
    // Cem leaves, and is taken out of the names.
    terminal.types("R").shows("New cards in the place of");
    terminal.types("\t\t\t\x15").types(ENTER);
    for name in ["Ana", "Ben"] {
        terminal.shows(&format!("only {name} looks"));
        terminal.types(ENTER).shows("when all of it is on the card");
        terminal.types(ENTER).shows("3 words to go");
        terminal.types(ENTER);
    }
    let screen = terminal.shows("takes the place of");
    assert!(screen.contains("the old cards still open 1 bundle") && screen.contains("AWS"), "{screen}");
    terminal.types("\x1b").shows("REPLACED");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
}
