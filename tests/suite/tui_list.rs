//! What is done to several entries, the trash, the order, and when codes are hidden.

use lifeboat::tui::message::{BundleMessage, Message};
use lifeboat::tui::model::{Dialog, Prefs, Screen, SettingRow, Sort, TrashRow};

use crate::tui_stage::{NOW, Stage, bundle_row, id, rows};

#[test]
fn space_marks_and_goes_on_to_the_next_row() {
    let mut stage = Stage::open();
    stage.keys("  ");
    assert_eq!(stage.model.list.marks.iter().copied().collect::<Vec<_>>(), [id(1), id(2)]);
    assert_eq!(stage.model.list.selected, Some(id(3)));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("5 entries, 2 marked") && screen.contains(" +AWS"), "{screen}");
}

#[test]
fn a_star_marks_what_the_filter_shows_and_a_second_one_unmarks_it() {
    let mut stage = Stage::open();
    stage.keys("/ana<enter>*");
    assert_eq!(stage.model.list.marks.len(), 3);
    stage.keys("*");
    assert!(stage.model.list.marks.is_empty());
}

#[test]
fn escape_clears_the_filter_first_and_the_marks_then() {
    let mut stage = Stage::open();
    stage.keys(" /ana<enter><esc>");
    assert_eq!((stage.model.list.shown.len(), stage.model.list.marks.len()), (5, 1));
    stage.keys("<esc>");
    assert!(stage.model.list.marks.is_empty());
}

#[test]
fn removing_names_the_entries_and_no_is_the_default() {
    let mut stage = Stage::open();
    stage.keys("d");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("Move this entry to the trash?") && screen.contains("AWS:root@example.org"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.model.dialog.is_none());
    stage.keys("dy");
    assert_eq!(stage.asked_for(), format!("Remove([{:?}])", id(1)));
}

#[test]
fn a_question_acts_on_what_it_named_although_the_list_has_changed() {
    let mut stage = Stage::open();
    stage.keys("jd");
    let mut others = rows();
    others.remove(0);
    stage.send(Message::Rows { rows: others, set_aside: 0 });
    stage.keys("y");
    assert_eq!(stage.asked_for(), format!("Remove([{:?}])", id(2)));
}

#[test]
fn several_marked_entries_are_removed_and_one_key_takes_them_back() {
    let mut stage = Stage::open();
    stage.keys("  dy");
    assert_eq!(stage.asked_for(), format!("Remove([{:?}, {:?}])", id(1), id(2)));
    stage.send(Message::Removed { ids: vec![id(1), id(2)], words: "2 entries lie in the trash".to_owned() });
    assert!(stage.model.list.marks.is_empty());
    stage.keys("u");
    assert_eq!(stage.asked_for(), format!("TakeBack([{:?}, {:?}])", id(1), id(2)));
    stage.keys("u");
    assert_eq!(stage.asked_for(), "", "it is taken back once");
}

#[test]
fn tags_are_added_and_taken_away_for_all_that_are_marked() {
    let mut stage = Stage::open();
    stage.keys("  twork, -old, #new<enter>");
    assert_eq!(
        stage.asked_for(),
        format!("Tag {{ ids: [{:?}, {:?}], added: [\"work\", \"new\"], removed: [\"old\"] }}", id(1), id(2))
    );
    stage.keys("t<enter>");
    assert_eq!(stage.asked_for(), "", "nothing was typed");
    assert!(stage.screen(80, 24).contains("type a tag, or go back with Esc"));
}

#[test]
fn the_trash_gives_back_and_destroys_only_what_was_named() {
    let mut stage = Stage::open();
    stage.keys("D");
    assert_eq!(stage.asked_for(), "ReadTrash");
    let row =
        |n, title: &str| TrashRow { id: id(n), title: title.to_owned(), removed: "2026-11-25".to_owned() };
    stage.send(Message::TrashRead(vec![row(7, "Old:ana"), row(8, "Older:ana")]));
    insta::assert_snapshot!("trash_80x24", stage.screen(80, 24));
    stage.keys("j<enter>");
    assert_eq!(stage.asked_for(), format!("TakeBack([{:?}])", id(8)));
    stage.keys("POld:ana<enter>");
    assert_eq!(stage.asked_for(), "", "that is the name of another one");
    assert!(stage.screen(80, 24).contains("that is not its name"));
    stage.keys("<c-u>Older:ana<enter>");
    assert_eq!(stage.asked_for(), format!("Purge([{:?}])", id(8)));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn the_order_goes_round_and_favourites_stay_first() {
    let mut stage = Stage::open();
    let order = |stage: &Stage| stage.model.list.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let by_name = order(&stage);
    stage.keys("s");
    assert_eq!(stage.model.list.sort, Sort::Recent);
    assert_eq!(stage.asked_for(), "ReadUse");
    stage.send(Message::UseRead(vec![(id(4), NOW - 5), (id(3), NOW - 9)]));
    assert_eq!(order(&stage)[..3], [id(1), id(4), id(3)]);
    assert!(stage.screen(80, 24).contains("by recent use"));
    stage.keys("sss");
    assert_eq!((stage.model.list.sort, order(&stage)), (Sort::Name, by_name));
}

#[test]
fn never_proven_entries_come_first_when_sorted_by_when_they_are_due() {
    let mut stage = Stage::open();
    let mut some = rows();
    for (idx, proven) in [(0, None), (1, Some(NOW - 10)), (2, None), (3, Some(NOW - 99)), (4, Some(NOW))] {
        some[idx].proven = proven;
    }
    stage.send(Message::Rows { rows: some, set_aside: 0 });
    stage.keys("sss");
    let order: Vec<_> = stage.model.list.rows.iter().map(|row| row.id).collect();
    assert_eq!(order, [id(1), id(3), id(4), id(2), id(5)]);
}

#[test]
fn codes_are_hidden_while_the_keyboard_is_elsewhere_and_come_back_with_it() {
    let mut stage = Stage::open();
    stage.reveal(1, "123 456");
    stage.send(Message::Focused(false));
    let screen = stage.screen(80, 24);
    assert!(
        !screen.contains("123 456") && screen.contains("hidden while the keyboard is elsewhere"),
        "{screen}"
    );
    stage.send(Message::Focused(true));
    assert!(stage.screen(80, 24).contains("123 456"));
    stage.model.prefs.mask_on_focus_loss = false;
    stage.send(Message::Focused(false));
    assert!(stage.screen(80, 24).contains("123 456"));
}

#[test]
fn codes_that_need_not_be_hidden_are_asked_for_once_for_what_is_on_the_screen() {
    let mut stage = Stage::open();
    stage.model.prefs.masked = false;
    stage.send(Message::Tick(NOW));
    let timed = [1, 2, 3, 4].map(id);
    assert_eq!(stage.asked_for(), format!("Reveal({timed:?}, {})", u64::MAX));
    stage.send(Message::Tick(NOW));
    assert_eq!(stage.asked_for(), "");
    stage.send(Message::Revealed {
        id: id(1),
        code: lifeboat::secret::SecretText::new("123 456".to_owned()),
        next: None,
        valid_until: Some(NOW + 10),
        seconds: Some(u64::MAX),
    });
    stage.wait(9);
    assert!(stage.screen(80, 24).contains("123 456"), "it stays");
}

#[test]
fn a_click_selects_the_row_under_it_and_nothing_beside_the_rows() {
    let mut stage = Stage::open();
    stage.screen(80, 24);
    stage.send(Message::Clicked(10, 4));
    assert_eq!(stage.model.list.selected, Some(id(3)));
    for row in [0, 1, 20, 23] {
        stage.send(Message::Clicked(10, row));
        assert_eq!(stage.model.list.selected, Some(id(3)), "{row}");
    }
}

/// Clicks on the line of the screen that holds a text.
fn click_on(stage: &mut Stage, wanted: &str) {
    let screen = stage.screen(80, 24);
    let line = screen.lines().position(|line| line.contains(wanted)).unwrap_or_else(|| panic!("{screen}"));
    stage.send(Message::Clicked(10, u16::try_from(line).unwrap()));
}

/// The place of the selected row on a page with a list.
fn selected(stage: &Stage) -> usize {
    if let Screen::Settings(page) = &stage.model.screen {
        return page.selected;
    }
    if let Screen::Bundles(page) = &stage.model.screen {
        return page.selected;
    }
    let Screen::Trash(page) = &stage.model.screen else { panic!("no list: {:?}", stage.model.screen) };
    page.selected
}

#[test]
fn a_click_selects_in_every_list() {
    let mut stage = settings();
    // Below a warning of two lines and beside what the selected one does, neither of which is a row.
    click_on(&mut stage, "  lock.idle");
    assert_eq!(selected(&stage), 1);
    for line in [0, 1, 2, 10, 22, 23] {
        stage.send(Message::Clicked(10, line));
        assert_eq!(selected(&stage), 1, "{line}");
    }
    click_on(&mut stage, "  codes.masked");
    assert_eq!(selected(&stage), 0);

    stage.keys("2");
    let bundles = (0..9).map(|n| bundle_row(&format!("Safe {n}"))).collect();
    stage.send(Message::Bundle(BundleMessage::Listed(bundles)));
    click_on(&mut stage, "Safe 4");
    assert_eq!(selected(&stage), 4);
    // In a window that has been scrolled.
    stage.screen(80, 12);
    stage.keys("G");
    stage.send(Message::Clicked(3, 2));
    assert_eq!(selected(&stage), 5, "{}", stage.screen(80, 12));

    stage.keys("1D");
    let row = |n| TrashRow { id: id(n), title: format!("Old {n}"), removed: "2026-11-25".to_owned() };
    stage.send(Message::TrashRead(vec![row(7), row(8)]));
    click_on(&mut stage, "Old 8");
    assert_eq!(selected(&stage), 1);

    // A dialog takes the clicks, the list under it does not.
    stage.keys("1:");
    let list = stage.model.list.selected;
    click_on(&mut stage, "copy the code");
    let clicked = matches!(stage.model.dialog, Some(Dialog::Palette { .. }));
    assert!(clicked && stage.model.list.selected == list);
    stage.keys("<enter>");
    assert!(stage.asked_for().contains("Copy {"));
}

#[test]
fn the_palette_has_every_action_by_its_name() {
    let mut stage = Stage::open();
    stage.keys(":");
    insta::assert_snapshot!("palette_80x24", stage.screen(80, 24));
    stage.keys("trash");
    assert!(stage.screen(80, 24).contains("move the marked entries, or this one, to the trash"));
    stage.keys("<down><enter>");
    assert_eq!(stage.asked_for(), "ReadTrash");
    stage.keys("<c-p>zzz<enter>");
    assert!(stage.model.dialog.is_none());
    assert_eq!(stage.asked_for(), "", "nothing fits, nothing is done");
}

#[test]
fn an_action_of_the_list_works_from_another_place() {
    let mut stage = Stage::open();
    stage.keys("3:sort<enter>");
    assert!(matches!(stage.model.screen, Screen::Codes), "{:?}", stage.model.screen);
    assert_eq!(stage.model.list.sort, Sort::Recent);
}

#[test]
fn the_keys_can_be_searched() {
    let mut stage = Stage::open();
    stage.keys("?/undo");
    let screen = stage.screen(80, 24);
    assert!(
        screen.contains("take back what was just removed") && !screen.contains("copy the code"),
        "{screen}"
    );
    stage.keys("<enter>");
    assert!(
        matches!(&stage.model.dialog, Some(Dialog::Help { searching: false, filter, .. }) if filter == "undo")
    );
    stage.keys("<esc>");
    assert!(stage.model.dialog.is_none());
}

#[test]
fn what_was_told_can_be_read_again() {
    let mut stage = Stage::open();
    stage.send(Message::Noticed("the first thing".to_owned()));
    stage.wait(70);
    stage.send(Message::Noticed("the second thing".to_owned()));
    stage.keys("m");
    let screen = stage.screen(80, 24);
    let (second, first) = (screen.find("  0 s ago").unwrap(), screen.find("  1 m ago").unwrap());
    assert!(second < first && screen.contains("the first thing"), "{screen}");
    stage.keys("<esc>L");
    assert!(stage.model.messages.iter().all(|told| !told.text.contains("thing")), "names go with the lock");
}

#[test]
fn the_places_have_numbers_and_tab_goes_round() {
    let mut stage = Stage::open();
    for (key, name) in [
        ("2", "[2 Bundles]"),
        ("3", "[3 Drills]"),
        ("4", "[4 Plan]"),
        ("5", "[5 Log]"),
        ("6", "[6 Settings]"),
    ] {
        stage.keys(key);
        assert!(stage.screen(80, 24).contains(name), "{name}: {}", stage.screen(80, 24));
    }
    stage.keys("<tab>");
    assert!(matches!(stage.model.screen, Screen::Codes));
    stage.keys("<backtab>");
    assert!(matches!(stage.model.screen, Screen::Settings(_)));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

fn settings() -> Stage {
    let mut stage = Stage::open();
    stage.keys("6");
    assert_eq!(stage.asked_for(), "ReadSettings");
    stage.send(Message::SettingsRead {
        rows: vec![
            SettingRow {
                key: "codes.masked",
                help: "Hide codes until they are asked for.",
                value: "true".to_owned(),
                values: vec!["true", "false"],
                allowed: "true or false".to_owned(),
            },
            SettingRow {
                key: "lock.idle",
                help: "Lock after so long without a key.",
                value: "5m".to_owned(),
                values: Vec::new(),
                allowed: "from 30s to 2h".to_owned(),
            },
        ],
        warnings: vec!["line 3: there is no setting called \"colour\"".to_owned()],
        path: Some("~/.config/lifeboat/lifeboat.toml".to_owned()),
        prefs: Prefs::default(),
    });
    stage
}

#[test]
fn settings_show_their_values_their_file_and_what_is_wrong_with_it() {
    insta::assert_snapshot!("settings_80x24", settings().screen(80, 24));
}

#[test]
fn a_setting_with_few_values_goes_round_and_a_text_is_typed() {
    let mut stage = settings();
    stage.keys("<right>");
    assert_eq!(stage.asked_for(), "Set(\"codes.masked\", \"false\")");
    stage.keys("j<enter><c-u>10m<enter>");
    assert_eq!(stage.asked_for(), "Set(\"lock.idle\", \"10m\")");
}

#[test]
fn banners_say_in_words_what_must_not_be_overlooked() {
    let mut stage = Stage::open();
    stage.model.read_only = true;
    stage.model.sandbox_off = true;
    for (columns, rows) in [(80, 24), (40, 10)] {
        let screen = stage.screen(columns, rows);
        assert!(screen.contains("READ-ONLY"), "{screen}");
    }
    assert!(stage.screen(80, 24).contains("SANDBOX OFF"));
}
