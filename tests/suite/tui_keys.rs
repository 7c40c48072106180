//! What keys do: messages in, effects out.

use lifeboat::app::{Failure, Kind};
use lifeboat::secret::SecretText;
use lifeboat::tui::message::Message;
use lifeboat::tui::model::{Dialog, IDLE_SECONDS, Screen};

use crate::tui_stage::{NOW, Stage, id};

#[test]
fn enter_copies_the_selected_entry_by_its_id() {
    let mut stage = Stage::open();
    stage.keys("jj<enter>");
    assert_eq!(stage.asked_for(), format!("Copy {{ id: {:?}, again: false }}", id(3)));
}

#[test]
fn no_key_of_the_list_deletes_and_c_copies() {
    let mut stage = Stage::open();
    stage.keys("c");
    assert!(stage.asked_for().starts_with("Copy"));
    for key in ["d", "x", "r", "D"] {
        assert_eq!(stage.keys(key).asked_for(), "", "{key}");
    }
}

#[test]
fn copying_with_no_match_copies_nothing() {
    let mut stage = Stage::open();
    stage.keys("/zzzz<enter><enter>");
    assert_eq!(stage.asked_for(), "");
    assert_eq!(stage.model.list.selected, None);
    assert!(stage.screen(80, 24).contains("Nothing fits the filter"));
}

#[test]
fn the_filter_narrows_while_it_is_typed_and_escape_clears_it() {
    let mut stage = Stage::open();
    stage.keys("/ana");
    assert_eq!(stage.model.list.shown.len(), 3);
    stage.keys(" git");
    assert_eq!(stage.model.list.selected, Some(id(3)));
    stage.keys("<esc>");
    assert_eq!(stage.model.list.shown.len(), 5);
    assert_eq!(stage.model.list.selected, Some(id(3)), "what was found stays selected");
    stage.keys("/#work");
    assert_eq!(stage.model.list.shown.len(), 1);
}

#[test]
fn a_code_is_shown_when_asked_for_and_hidden_after_thirty_seconds() {
    let mut stage = Stage::open();
    stage.keys(" ");
    assert_eq!(stage.asked_for(), format!("Reveal({:?})", id(1)));
    stage.reveal(1, "123 456");
    assert!(stage.screen(80, 24).contains("123 456"));
    stage.wait(29);
    assert!(stage.model.list.revealed.contains_key(&id(1)));
    stage.wait(1);
    assert!(!stage.screen(80, 24).contains("123 456"));
}

#[test]
fn a_shown_code_rolls_over_when_its_step_ends() {
    let mut stage = Stage::open();
    stage.reveal(1, "123 456");
    stage.wait(9);
    assert_eq!(stage.asked_for(), "");
    stage.wait(1);
    assert_eq!(stage.asked_for(), format!("Refresh([{:?}])", id(1)));
}

#[test]
fn a_second_press_hides_the_code_again() {
    let mut stage = Stage::open();
    stage.reveal(1, "123 456");
    stage.keys(" ");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.model.list.revealed.is_empty());
}

#[test]
fn a_code_copied_before_asks_and_no_is_the_default() {
    let mut stage = Stage::open();
    stage.send(Message::CopiedBefore { id: id(2), seconds_ago: 4, next_in: 6 });
    assert!(stage.screen(80, 24).contains("was copied 4 s ago"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert_eq!(stage.model.dialog, None);
    stage.send(Message::CopiedBefore { id: id(2), seconds_ago: 4, next_in: 6 });
    stage.keys("y");
    assert_eq!(stage.asked_for(), format!("Copy {{ id: {:?}, again: true }}", id(2)));
}

#[test]
fn locking_drops_every_code_and_row() {
    for keys in ["L", "<c-z>"] {
        let mut stage = Stage::open();
        stage.reveal(1, "123 456");
        stage.keys(keys);
        assert!(stage.asked_for().starts_with("Lock"), "{keys}");
        let screen = stage.screen(80, 24);
        assert!(!screen.contains("123 456") && !screen.contains("AWS"), "{screen}");
        assert!(stage.model.list.rows.is_empty() && stage.model.list.revealed.is_empty());
    }
}

#[test]
fn five_minutes_without_a_key_lock() {
    let mut stage = Stage::open();
    stage.wait(IDLE_SECONDS - 1);
    stage.keys("j");
    stage.wait(IDLE_SECONDS - 1);
    assert!(matches!(stage.model.screen, Screen::List));
    stage.wait(1);
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
    assert!(stage.asked_for().contains("Lock"));
}

#[test]
fn a_clock_set_back_keeps_no_code_on_the_screen() {
    let mut stage = Stage::open();
    stage.reveal(1, "123 456");
    stage.send(Message::Tick(NOW - 86_400));
    assert!(stage.model.list.revealed.is_empty());
}

#[test]
fn a_wrong_passphrase_is_asked_for_again_in_place() {
    let mut stage = Stage::locked();
    stage.keys("hunter2<enter>");
    assert_eq!(stage.asked_for(), "Unlock(SecretText(redacted))");
    stage.send(Message::Started { what: "Opening the vault".to_owned(), job: 1 });
    stage.send(Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "no"))));
    assert!(stage.screen(80, 24).contains("it does not open it"));
    stage.keys("x<enter>");
    assert_eq!(stage.asked_for(), "Unlock(SecretText(redacted))");
}

#[test]
fn escape_cancels_what_runs_and_other_keys_wait() {
    let mut stage = Stage::locked();
    stage.send(Message::Started { what: "Opening the vault".to_owned(), job: 1 });
    stage.keys("abc<enter>");
    assert_eq!(stage.asked_for(), "");
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "Cancel");
    assert_eq!(stage.model.busy, None);
}

#[test]
fn a_passphrase_is_never_drawn_unless_asked_for() {
    let mut stage = Stage::locked();
    stage.keys("hunter2");
    assert!(!stage.screen(80, 24).contains("hunter2"));
    stage.keys("<c-r>");
    assert!(stage.screen(80, 24).contains("hunter2"));
}

#[test]
fn a_new_passphrase_is_typed_twice() {
    let mut stage = Stage::first_run();
    stage.keys("1long enough a secret<enter>other<enter>");
    assert!(stage.screen(80, 24).contains("the two differ"));
    assert!(!stage.asked_for().contains("MakeVault"));
    stage.keys("long enough a secret<enter>");
    assert!(stage.asked_for().contains("MakeVault(SecretText(redacted))"));
}

#[test]
fn eight_words_are_offered_and_have_to_be_typed() {
    let mut stage = Stage::first_run();
    stage.keys("1<enter>");
    assert_eq!(stage.asked_for(), "Generate");
    stage.send(Message::Generated(SecretText::new("one two three".to_owned())));
    assert!(stage.screen(80, 24).contains("one two three"));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("the two differ"));
    stage.keys("one two three<enter>");
    assert_eq!(stage.asked_for(), "MakeVault(SecretText(redacted))");
}

#[test]
fn restore_is_one_key_away_on_a_new_machine() {
    let mut stage = Stage::first_run();
    stage.keys("2/media/usb/x.bundle<enter>");
    assert_eq!(stage.asked_for(), "LookAtBundle(\"/media/usb/x.bundle\")");
    stage.send(Message::BundleSeen { about: vec!["label Safe 2".to_owned()] });
    assert!(stage.screen(80, 24).contains("label Safe 2"));
    stage.keys("words<enter>");
    assert_eq!(stage.asked_for(), "OpenBundle(SecretText(redacted))");
    stage.send(Message::BundleOpened { n_entries: 3, warning: None });
    assert!(stage.screen(80, 24).contains("3 of 3   The bundle is open: 3 entries."));
}

#[test]
fn a_pasted_uri_is_previewed_before_it_is_added() {
    let mut stage = Stage::open();
    stage.send(Message::Pasted(SecretText::new("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP\n".to_owned())));
    assert_eq!(stage.asked_for(), "Preview(SecretText(redacted))");
    assert!(!stage.screen(80, 24).contains("JBSW"), "the secret is not drawn");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "nothing is added before it could be read");
    stage.send(Message::Previewed(Ok(vec!["issuer   A".to_owned()])));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Add(SecretText(redacted))");
}

#[test]
fn a_pasted_line_end_never_submits() {
    let mut stage = Stage::locked();
    stage.send(Message::Pasted(SecretText::new("two\nlines\n".to_owned())));
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn help_closes_with_each_of_its_keys() {
    for key in ["?", "q", "<esc>", "<f1>", "<enter>"] {
        let mut stage = Stage::open();
        stage.keys("?");
        assert!(matches!(stage.model.dialog, Some(Dialog::Help { .. })));
        stage.keys(key);
        assert_eq!(stage.model.dialog, None, "{key}");
        assert_eq!(stage.asked_for(), "", "{key}");
    }
}

#[test]
fn control_c_leaves_from_everywhere() {
    for mut stage in [Stage::first_run(), Stage::locked(), Stage::open()] {
        stage.keys("?<c-c>");
        assert!(stage.asked_for().contains("Quit"));
    }
}

#[test]
fn the_selection_stays_with_its_entry_when_the_vault_changes_outside() {
    let mut stage = Stage::open();
    stage.keys("jj");
    let mut rows = crate::tui_stage::rows();
    rows.remove(0);
    stage.send(Message::Rows { rows, set_aside: 0 });
    assert_eq!(stage.model.list.selected, Some(id(3)));
}
