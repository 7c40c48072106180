//! What keys do: messages in, effects out.

use lifeboat::app::{Failure, Kind};
use lifeboat::secret::SecretText;
use lifeboat::tui::message::Message;
use lifeboat::tui::model::{Dialog, IDLE_SECONDS, Screen};

use crate::tui_stage::{NOW, Stage, bundle_seen, checked, id};

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
    assert_eq!(stage.model.list.selected, Some(id(3)), "the best match is selected");
    stage.keys("<esc>");
    assert_eq!(stage.model.list.shown.len(), 5);
    assert_eq!(stage.model.list.selected, Some(id(3)), "what was found stays selected");
    stage.keys("/#work");
    assert_eq!(stage.model.list.shown.len(), 1);
}

#[test]
fn a_code_is_shown_when_asked_for_and_hidden_after_thirty_seconds() {
    let mut stage = Stage::open();
    stage.keys("v");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(1)));
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
    stage.keys("v");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.model.list.revealed.is_empty());
}

#[test]
fn a_code_copied_before_asks_and_no_is_the_default() {
    let mut stage = Stage::open();
    stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 });
    assert!(stage.screen(80, 24).contains("was copied 4 s ago"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.model.dialog.is_none());
    stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 });
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
    assert!(matches!(stage.model.screen, Screen::Codes));
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
    stage.send(Message::Started { what: "Opening the vault".to_owned(), can_cancel: true });
    stage.send(Message::Finished);
    stage.send(Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "no"))));
    assert!(stage.screen(80, 24).contains("it does not open it"));
    stage.keys("x<enter>");
    assert_eq!(stage.asked_for(), "Unlock(SecretText(redacted))");
}

#[test]
fn escape_cancels_what_runs_and_other_keys_wait() {
    let mut stage = Stage::locked();
    stage.send(Message::Started { what: "Opening the vault".to_owned(), can_cancel: true });
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
    stage.keys("xyz<enter>");
    assert!(!stage.screen(80, 24).contains("one two three"), "they are shown once");
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
    stage.send(bundle_seen(&["label Safe 2"], false));
    assert!(stage.screen(80, 24).contains("label Safe 2"));
    stage.keys("words<enter>");
    assert_eq!(stage.asked_for(), "OpenBundle { passphrase: SecretText(redacted), key_file: \"\" }");
    stage.send(Message::BundleOpened { n_entries: 3, warning: None });
    assert!(stage.screen(80, 24).contains("3 of 3   The bundle is open: 3 entries."));
}

#[test]
fn a_pasted_uri_is_previewed_before_it_is_added() {
    let mut stage = Stage::open();
    stage.paste("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP\n");
    assert_eq!(stage.asked_for(), "Entry(Check(NewEntry(redacted), true))");
    assert!(!stage.screen(80, 24).contains("JBSW"), "the secret is not drawn");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "nothing is added before it could be read");
    stage.send(checked("A", "b"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Entry(Add(NewEntry(redacted), false))");
}

#[test]
fn a_pasted_line_end_never_submits() {
    let mut stage = Stage::locked();
    stage.paste("two\nlines\n");
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn help_closes_with_each_of_its_keys() {
    for key in ["?", "q", "<esc>", "<f1>", "<enter>"] {
        let mut stage = Stage::open();
        stage.keys("?");
        assert!(matches!(stage.model.dialog, Some(Dialog::Help { .. })));
        stage.keys(key);
        assert!(stage.model.dialog.is_none(), "{key}");
        assert_eq!(stage.asked_for(), "", "{key}");
    }
}

#[test]
fn control_c_leaves_from_everywhere() {
    for mut stage in [Stage::first_run(), Stage::locked(), Stage::open()] {
        stage.keys("?<c-c>");
        assert!(stage.asked_for().contains("Quit"));
        assert_eq!(stage.screen(80, 24).trim(), "", "the last frame is empty");
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

#[test]
fn what_writes_cannot_be_cancelled_and_says_so() {
    let mut stage = Stage::open();
    stage.send(Message::Started { what: "Working on the vault".to_owned(), can_cancel: false });
    assert!(!stage.screen(80, 24).contains("Esc cancels"));
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.model.busy.is_some());
    stage.keys("L");
    assert!(stage.asked_for().starts_with("Lock"), "locking is always possible");
}

#[test]
fn an_answer_that_comes_after_locking_shows_nothing() {
    let mut stage = Stage::open();
    stage.keys("L");
    stage.reveal(1, "123 456");
    stage.send(Message::Added { id: id(1), title: "AWS:root".to_owned(), warnings: Vec::new() });
    stage.send(Message::Copied { title: "AWS:root".to_owned(), words: "sent".to_owned() });
    stage.send(Message::CopiedBefore { id: id(1), copied_at: NOW, next_at: NOW + 1 });
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
    assert!(!stage.screen(80, 24).contains("AWS"));
    assert!(stage.model.list.revealed.is_empty() && stage.model.dialog.is_none());
}

#[test]
fn waiting_copies_the_next_code_when_it_comes() {
    let mut stage = Stage::open();
    stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 });
    stage.keys("w").wait(5);
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("copying the next code of Bank:ana in 1 s"));
    stage.wait(1);
    assert_eq!(stage.asked_for(), format!("Copy {{ id: {:?}, again: false }}", id(2)));
}

#[test]
fn escape_and_locking_stop_waiting() {
    for keys in ["w<esc>", "wL"] {
        let mut stage = Stage::open();
        stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 });
        stage.keys(keys).wait(6);
        assert!(!stage.asked_for().contains("Copy"), "{keys}");
    }
}

#[test]
fn the_question_goes_when_the_next_code_has_come() {
    let mut stage = Stage::open();
    stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 2 });
    stage.wait(1);
    assert!(stage.screen(80, 24).contains("The next one comes in 1 s."));
    stage.wait(1);
    assert!(stage.model.dialog.is_none());
}

#[test]
fn a_counter_moves_only_when_its_code_is_asked_for() {
    let mut stage = Stage::open();
    stage.keys("G<enter>");
    assert_eq!(stage.asked_for(), "", "copying does not move it");
    stage.keys("v");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(5)));
    stage.send(Message::Revealed {
        id: id(5),
        code: SecretText::new("755 224".to_owned()),
        next: None,
        valid_until: None,
        seconds: Some(30),
    });
    stage.keys("<enter>");
    let asked_for = stage.asked_for();
    assert!(
        asked_for.starts_with("CopyShown { title: \"VPN:ana\", code: SecretText(redacted), of: Some"),
        "{asked_for}"
    );
    stage.keys("v");
    assert!(stage.asked_for().starts_with("Reveal"), "asking again gives the next one");
}

#[test]
fn a_page_of_codes_is_shown_without_moving_a_counter() {
    let mut stage = Stage::open();
    stage.keys("V");
    assert_eq!(
        stage.asked_for(),
        format!("Reveal([{:?}, {:?}, {:?}, {:?}], 60)", id(1), id(2), id(3), id(4))
    );
    for n in 1..5 {
        stage.reveal(n, "123 456");
    }
    stage.keys("V");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.model.list.revealed.is_empty());
}

#[test]
fn a_code_past_its_end_is_hidden_even_while_its_successor_is_on_the_way() {
    let mut stage = Stage::open();
    stage.reveal(1, "123 456");
    stage.wait(10);
    assert!(!stage.screen(80, 24).contains("123 456"));
}

#[test]
fn a_failure_stays_until_it_was_read_and_says_what_is_unharmed() {
    let mut stage = Stage::open();
    let failure = Failure::new(Kind::NoSpace, "the vault was not saved")
        .because("no space left on the device")
        .unchanged(lifeboat::app::Unchanged::NothingTouched)
        .next("free some space and try again");
    stage.send(Message::Failed(Box::new(failure)));
    stage.wait(60);
    insta::assert_snapshot!("failure_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert!(stage.model.dialog.is_none());
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn a_change_from_outside_keeps_the_form_that_is_being_filled_in() {
    let mut stage = Stage::open();
    stage.paste("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP");
    stage.send(Message::Rows { rows: crate::tui_stage::rows(), set_aside: 0 });
    let Screen::Add(form) = &stage.model.screen else { panic!("the form is gone") };
    assert!(!form.form.value("secret").is_empty());
}

#[test]
fn a_duplicate_is_told_in_the_form_and_nothing_typed_is_lost() {
    let mut stage = Stage::open();
    stage.paste("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP");
    stage.send(checked("A", "b"));
    stage.keys("<enter>");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::Duplicate, "it is in the vault as \"A:b\""))));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("it is in the vault as") && screen.contains("Add it twice?"), "{screen}");
    assert!(stage.keys("n").screen(80, 24).contains("Issuer:         A"), "{}", stage.screen(80, 24));
}

#[test]
fn an_added_entry_is_selected_even_if_the_filter_hid_it() {
    let mut stage = Stage::open();
    stage.keys("/aws<enter>a");
    stage.send(Message::Added { id: id(3), title: "GitHub:ana".to_owned(), warnings: Vec::new() });
    assert_eq!(stage.model.list.selected, Some(id(3)));
    assert!(stage.model.list.selected_place().is_some());
}

#[test]
fn a_secret_pasted_into_the_filter_is_not_drawn() {
    let mut stage = Stage::open();
    stage.keys("/");
    stage.paste("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP");
    assert!(!stage.screen(80, 24).contains("JBSW"));
    assert!(matches!(stage.model.screen, Screen::Add(_)));
}

#[test]
fn debug_shows_no_character_that_was_typed() {
    let mut stage = Stage::locked();
    stage.keys("Qx");
    let shown = format!("{:?} {:?}", Message::Typed(lifeboat::tui::message::Typed('Q')), stage.model);
    assert!(!shown.contains('Q'), "{shown}");
}

#[test]
fn a_key_with_alt_means_nothing() {
    let mut stage = Stage::open();
    stage.keys("<a-q><a-y>");
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn a_restore_that_fails_goes_back_to_opening_the_bundle() {
    let mut stage = Stage::first_run();
    stage.keys("2~/x.bundle<enter>");
    stage.send(bundle_seen(&["label Safe 2"], false));
    stage.send(Message::BundleOpened { n_entries: 3, warning: None });
    stage.keys("secret<enter>secret<enter>");
    assert!(stage.asked_for().contains("RestoreNew"));
    stage.send(Message::Failed(Box::new(Failure::new(Kind::NoSpace, "the vault was not saved"))));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("2 of 3") && screen.contains("label Safe 2"), "{screen}");
    assert!(screen.contains("! the vault was not saved"), "{screen}");
}

#[test]
fn an_empty_passphrase_opens_nothing_without_a_key_file() {
    let mut stage = Stage::locked();
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    stage.model.key_file = Some("/media/usb/key".to_owned());
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Unlock(SecretText(redacted))");
}

#[test]
fn the_last_line_of_the_help_can_be_reached() {
    let mut stage = Stage::open();
    let _sized = stage.screen(60, 12);
    stage.keys("?").keys(&"j".repeat(100));
    let screen = stage.screen(60, 12);
    assert!(screen.contains("Ctrl-z"), "{screen}");
}

/// Types a passphrase and has it refused.
fn wrong_passphrase(stage: &mut Stage) {
    stage.keys("guess<enter>");
    assert!(stage.asked_for().starts_with("Unlock"), "the passphrase is tried");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "it does not open it"))));
}

#[test]
fn wrong_passphrases_make_wait_longer_and_longer() {
    let mut stage = Stage::locked();
    for seconds in [0, 0, 2, 4, 8, 16, 30, 30] {
        wrong_passphrase(&mut stage);
        assert_eq!(stage.model.must_wait(), seconds);
        let told = stage.screen(80, 24).contains(&format!("can be typed in {seconds} s"));
        assert_eq!(told, seconds > 0, "{seconds}");
        stage.wait(seconds);
    }
    assert_eq!(stage.model.must_wait(), 0);
}

#[test]
fn nothing_can_be_typed_while_one_waits_and_leaving_works() {
    let mut stage = Stage::locked();
    (0..3).for_each(|_| wrong_passphrase(&mut stage));
    stage.keys("guess<enter>").paste("guess");
    assert_eq!(stage.asked_for(), "");
    let Screen::Unlock(form) = &stage.model.screen else { panic!("it is locked") };
    assert!(form.field.is_empty());
    stage.wait(1);
    assert!(stage.screen(80, 24).contains("3 wrong passphrases: the next can be typed in 1 s."));
    stage.keys("<c-c>");
    assert_eq!(stage.asked_for(), "Quit");

    let mut stage = Stage::locked();
    (0..3).for_each(|_| wrong_passphrase(&mut stage));
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "Quit");
}

#[test]
fn only_a_wrong_passphrase_makes_wait_and_an_open_vault_forgets_it() {
    let mut stage = Stage::locked();
    for _ in 0..4 {
        stage.send(Message::Failed(Box::new(Failure::new(Kind::Io, "the disk is gone"))));
    }
    assert_eq!(stage.model.must_wait(), 0);
    (0..3).for_each(|_| wrong_passphrase(&mut stage));
    stage.wait(2);
    stage.send(Message::Rows { rows: crate::tui_stage::rows(), set_aside: 0 });
    stage.keys("L");
    stage.asked_for();
    wrong_passphrase(&mut stage);
    assert_eq!(stage.model.must_wait(), 0);
}

#[test]
fn a_clock_set_back_makes_nobody_wait_longer_than_the_longest() {
    let mut stage = Stage::locked();
    (0..3).for_each(|_| wrong_passphrase(&mut stage));
    stage.send(Message::Tick(NOW - 86_400));
    assert_eq!(stage.model.must_wait(), 30);
}

#[test]
fn who_locks_is_told_that_a_key_is_still_kept() {
    let mut stage = Stage::open();
    stage.keys("L");
    assert_eq!(stage.model.notice.as_ref().unwrap().text, "locked");
    let mut stage = Stage::open();
    stage.model.kept_until = Some(NOW + 60);
    stage.keys("L");
    assert!(stage.model.notice.as_ref().unwrap().text.contains("`lifeboat lock` drops it"));
    let mut stage = Stage::open();
    stage.model.kept_until = Some(NOW);
    stage.keys("L");
    assert_eq!(stage.model.notice.as_ref().unwrap().text, "locked");
}
