//! What the screens look like. The snapshots are read as text in a review.

use lifeboat::tui::message::Message;

use crate::tui_stage::{NOW, Stage, bundle_seen, checked, id};

#[test]
fn the_list_at_the_usual_sizes() {
    let mut stage = Stage::open();
    stage.keys("j");
    stage.reveal(1, "123 456");
    insta::assert_snapshot!("list_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("list_60x18", stage.screen(60, 18));
    insta::assert_snapshot!("list_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("list_40x10", stage.screen(40, 10));
}

#[test]
fn the_next_code_comes_with_the_last_seconds() {
    let mut stage = Stage::open();
    stage.reveal(1, "123 456");
    stage.wait(6);
    for columns in [40, 60, 80, 100] {
        let screen = stage.screen(columns, 12);
        assert!(screen.contains("123 456      !  4s > 999 999"), "marked without colour too: {screen}");
    }
}

#[test]
fn each_entry_counts_down_by_its_own_period() {
    let mut stage = Stage::open();
    for (seconds, expected) in
        [(0, ["10s", "10s", "40s", "10s"]), (7, ["3s", "3s", "33s", "3s"]), (13, ["27s", "7s", "27s", "87s"])]
    {
        let mut at = Stage::open();
        at.wait(seconds);
        let screen = at.screen(80, 24);
        let lines: Vec<&str> = screen.lines().skip(2).take(4).collect();
        for (line, expected) in lines.iter().zip(expected) {
            assert!(line.contains(&format!(" {expected} ")), "{expected} in {line:?}");
        }
    }
    assert!(stage.screen(80, 24).contains("counter"));
}

#[test]
fn the_first_run_the_lock_and_a_new_vault() {
    insta::assert_snapshot!("first_run_80x24", Stage::first_run().screen(80, 24));
    insta::assert_snapshot!("locked_80x24", Stage::locked().screen(80, 24));
    let mut stage = Stage::first_run();
    stage.keys("1hunter2");
    stage.send(Message::Estimated("weak: about 13 bits.".to_owned()));
    insta::assert_snapshot!("new_vault_80x24", stage.screen(80, 24));
}

#[test]
fn help_and_the_question_before_a_second_copy() {
    let mut stage = Stage::open();
    stage.keys("?");
    insta::assert_snapshot!("help_80x24", stage.screen(80, 24));
    let mut stage = Stage::open();
    stage.send(Message::CopiedBefore { id: id(2), copied_at: NOW - 4, next_at: NOW + 6 });
    insta::assert_snapshot!("copy_again_80x24", stage.screen(80, 24));
}

#[test]
fn too_small_a_screen_says_how_large_it_must_be() {
    assert!(Stage::open().screen(20, 5).replace('\n', " ").contains("too small: 20x5,"));
    let screen = Stage::open().screen(32, 8);
    assert!(screen.contains("AWS"), "the smallest size works: {screen}");
}

#[test]
fn ascii_and_the_absence_of_colour_lose_nothing() {
    let mut stage = Stage::open();
    stage.model.ascii = true;
    stage.model.theme = lifeboat::tui::theme::Theme::new(false);
    stage.keys("?");
    assert!(stage.screen(80, 24).is_ascii(), "{}", stage.screen(80, 24));
    stage.keys("?");
    let screen = stage.screen(80, 24);
    assert!(screen.is_ascii(), "{screen}");
    assert!(screen.contains("> AWS"), "the selection is seen without colour");
}

#[test]
fn an_empty_vault_says_what_to_do() {
    let mut stage = Stage::locked();
    stage.send(Message::Rows { rows: Vec::new(), set_aside: 0 });
    let screen = stage.screen(80, 24);
    assert!(screen.contains("No entries yet.") && screen.contains("import another"), "{screen}");
}

#[test]
fn every_step_of_a_restore() {
    let mut stage = Stage::first_run();
    stage.keys("2/media/usb/safe.bundle");
    insta::assert_snapshot!("restore_1_80x24", stage.screen(80, 24));
    stage.send(bundle_seen(&["made 2026-11-24T02:00:00Z", "opened by a passphrase"], false));
    stage.keys("words");
    insta::assert_snapshot!("restore_2_80x24", stage.screen(80, 24));
    stage.send(Message::BundleOpened { n_entries: 39, warning: None });
    insta::assert_snapshot!("restore_3_60x18", stage.screen(60, 18));
}

#[test]
fn words_that_were_made_are_shown_once() {
    let mut stage = Stage::first_run();
    stage.keys("1");
    stage.send(Message::Generated(lifeboat::secret::SecretText::new(
        "academic velvet spider hamster mustang trash yoga plastic".to_owned(),
    )));
    insta::assert_snapshot!("words_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("words_40x10", stage.screen(40, 10));
}

#[test]
fn a_new_entry_is_read_before_it_is_added() {
    let mut stage = Stage::open();
    stage.paste("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP");
    stage.send(checked("A", "b"));
    insta::assert_snapshot!("add_80x24", stage.screen(80, 24));
}

#[test]
fn a_running_key_derivation_counts_its_seconds() {
    let mut stage = Stage::locked();
    stage.keys("hunter2");
    stage.send(Message::Started { what: "Opening the vault (128 MiB)".to_owned(), can_cancel: true });
    stage.wait(2);
    insta::assert_snapshot!("opening_60x18", stage.screen(60, 18));
}

#[test]
fn names_of_any_script_keep_the_columns_straight() {
    let mut rows = crate::tui_stage::rows();
    for (row, issuer) in
        rows.iter_mut().zip(["鸭子鸭子鸭子鸭子鸭子鸭子鸭子", "שלום", "e\u{301}e\u{301}", "🏦 bank", "x"])
    {
        issuer.clone_into(&mut row.issuer);
    }
    let mut stage = Stage::locked();
    stage.send(Message::Rows { rows, set_aside: 0 });
    insta::assert_snapshot!("scripts_60x18", stage.screen(60, 18));
}

#[test]
fn the_terminals_cursor_is_where_the_attention_is() {
    let mut stage = Stage::open();
    stage.keys("jj");
    assert_eq!(stage.cursor(80, 24), (0, 4), "on the selected row");
    stage.keys("/git");
    assert_eq!(stage.cursor(80, 24), (4, 1), "in the filter");
    let mut stage = Stage::locked();
    assert_eq!(stage.cursor(80, 24), (12, 2), "in the field");
}
