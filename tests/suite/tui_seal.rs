//! Sealed entries in the interface: named in words, opened for one code with a passphrase and a reason.

use lifeboat::tui::effect::{Effect, EntryEffect};
use lifeboat::tui::message::{EntryMessage, Message};
use lifeboat::tui::model::{Prefs, Row, RowSeal};

use crate::pty::Pseudoterminal;
use crate::support::{RFC_URI, Sandbox};
use crate::tui_stage::{NOW, Stage, rows, values};

const STRONG: &str = "seventeen green lanterns over the harbour";

/// AWS is sealed to a passphrase, the bank to shares, the counter to a passphrase.
pub(crate) fn sealed_rows() -> Vec<Row> {
    let passphrase = || Some(RowSeal { by: "a passphrase of its own".to_owned(), passphrase: true });
    let mut rows = rows();
    rows[0].sealed = passphrase();
    rows[1].sealed =
        Some(RowSeal { by: "2 of 3 shares of the set MAPLE VELVET".to_owned(), passphrase: false });
    rows[4].sealed = passphrase();
    rows
}

fn opened() -> Stage {
    let mut stage = Stage::open();
    stage.send(Message::Rows { rows: sealed_rows(), set_aside: 0 });
    stage.asked_for();
    stage
}

#[test]
fn the_list_says_sealed_where_a_code_would_be() {
    let screen = opened().screen(80, 24);
    insta::assert_snapshot!(screen);
    assert_eq!(screen.matches("sealed").count(), 3);
    // A code that was opened stands in its place.
    let mut stage = opened();
    stage.reveal(1, "123 456");
    assert_eq!(stage.screen(80, 24).matches("sealed").count(), 2);
}

#[test]
fn a_passphrase_and_a_reason_are_asked_for_before_it_is_shown_or_copied() {
    for (key, then) in [("v", "Show(30)"), ("<enter>", "Copy")] {
        let mut stage = opened();
        stage.keys(key);
        assert_eq!(stage.asked_for(), "");
        if key == "v" {
            insta::assert_snapshot!(stage.screen(80, 24));
        }
        // Neither may be missing.
        stage.keys("<enter>");
        assert!(stage.screen(80, 24).contains("! type the passphrase"));
        stage.keys("hunter2<enter>");
        assert!(stage.screen(80, 24).contains("! say why"));
        assert_eq!(stage.asked_for(), "");
        assert!(!stage.screen(80, 24).contains("hunter2"));
        stage.keys("ticket-7<enter>");
        let asked = stage.asked_for();
        assert!(asked.contains("OpenSealed") && asked.contains(then), "{asked}");
        assert!(!asked.contains("hunter2") && !asked.contains("ticket"), "{asked}");
        assert!(stage.model.dialog.is_none());
    }
    let mut stage = opened();
    stage.keys("v<esc>");
    assert!(stage.model.dialog.is_none() && stage.asked_for().is_empty());
}

#[test]
fn shares_are_given_to_a_command_that_the_dialog_names() {
    let mut stage = opened();
    stage.keys("jv");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("it takes 2 of 3 shares of the set MAPLE VELVET"), "{screen}");
    assert!(screen.contains("lifeboat code 02020202020202020202020202020202 --share FILE"), "{screen}");
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn nothing_asks_for_the_code_of_a_sealed_entry_by_itself() {
    // A page of codes, and codes that a setting keeps visible.
    let mut stage = opened();
    stage.keys("V");
    let asked = stage.asked_for();
    assert!(
        !asked.contains("01010101") && !asked.contains("02020202") && asked.contains("03030303"),
        "{asked}"
    );
    let mut stage = opened();
    stage.model.prefs = Prefs { masked: false, ..Prefs::default() };
    stage.wait(1);
    let asked = stage.asked_for();
    assert!(!asked.contains("01010101") && asked.contains("03030303"), "{asked}");
    // Its QR code and its recovery codes are a command's.
    for key in ["oQ", "oR"] {
        let mut stage = opened();
        stage.keys(key);
        assert!(stage.screen(80, 24).contains("--seal-passphrase-file FILE"), "{key}");
    }
    let mut stage = opened();
    stage.keys("T");
    assert!(stage.screen(80, 24).contains("this one is sealed"));
}

#[test]
fn what_was_opened_is_shown_no_longer_than_its_code_is_good() {
    let mut stage = opened();
    stage.send(Message::Revealed {
        id: sealed_rows()[0].id,
        code: lifeboat::secret::SecretText::new("123 456".to_owned()),
        next: None,
        valid_until: Some(NOW + 10),
        seconds: Some(10),
    });
    assert!(stage.screen(80, 24).contains("123 456"));
    // It is copied as it is shown: no second opening.
    stage.keys("<enter>");
    assert!(stage.asked_for().contains("CopyShown"));
    stage.wait(10);
    assert_eq!(stage.asked_for(), "");
    assert!(!stage.screen(80, 24).contains("123 456"));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("Its passphrase:"));
}

#[test]
fn the_form_says_that_the_seed_is_sealed_and_what_becomes_of_a_new_one() {
    let mut stage = opened();
    let sealed = Some("2 of 3 shares of the set MAPLE VELVET".to_owned());
    let values = lifeboat::tui::model::EntryValues { sealed, ..values() };
    stage.send(Message::Entry(EntryMessage::ToChange(Box::new(values))));
    assert!(stage.screen(80, 30).contains("Sealed seed:"));
    for _ in 0..12 {
        stage.keys("<tab>");
    }
    stage.paste("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    stage.asked_for();
    stage.keys("<enter>");
    let asked = stage.screen(80, 30);
    assert!(asked.contains("sealed as the old one") && asked.contains("are lost"), "{asked}");
    stage.keys("y");
    let effects = std::mem::take(&mut stage.effects);
    let drops = |effect: &Effect| {
        let Effect::Entry(EntryEffect::Change(change)) = effect else { return false };
        change.edit.drops_sealed_codes && change.seed.is_some()
    };
    let drops = effects.iter().any(drops);
    assert!(drops, "{effects:?}");
}

#[test]
fn the_shipped_interface_opens_it_for_one_code_and_logs_why() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(RFC_URI);
    sandbox.write("words", STRONG);
    sandbox.run("seal AWS --seal-passphrase-file ~/words").done();
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("sealed");
    terminal.types("v").shows("Its passphrase:");
    terminal.pastes("not these words at all").types("\t").pastes("ticket-7").types("\r");
    terminal.shows("stays sealed");
    terminal.types("\r").until("the list", |screen| !screen.contains("This did not work"));
    terminal.types("v").shows("Its passphrase:");
    terminal.pastes(STRONG).types("\t").pastes("ticket-7").types("\r");
    terminal.until("a code of eight digits", |screen| {
        let is_code = |line: &str| {
            let digits: Vec<&str> = line.split_whitespace().filter(|word| word.len() == 4).collect();
            digits.iter().filter(|word| word.chars().all(|c| c.is_ascii_digit())).count() >= 2
        };
        screen.lines().any(|line| line.contains("AWS") && is_code(line))
    });
    terminal.types("o").shows("sealed: it takes a passphrase of its own");
    terminal.shows("because ticket-7");
    terminal.types("\x1b").until("the list", |screen| !screen.contains("because ticket-7"));
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    // It is as sealed as before.
    sandbox.run("code AWS --no-input --reason x").exits(3);
}
