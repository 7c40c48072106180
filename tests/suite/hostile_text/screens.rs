//! Every screen and every dialog with hostile texts in everything that it draws.

use lifeboat::app::{Failure, Kind};
use lifeboat::secret::SecretText;
use lifeboat::tui::message::Message;
use lifeboat::tui::model::{AddForm, ClockForm, Dialog, NewPassphrase, RestoreForm, Row, Screen, UnlockForm};
use lifeboat::tui::secret_field::{Jump, SecretField};
use lifeboat::tui::view::view;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{danger, hostile, worst};
use crate::tui_stage::{NOW, Stage, id};

const SIZES: [(u16, u16); 5] = [(80, 24), (32, 8), (20, 5), (140, 50), (59, 12)];

/// A new screen fails to compile here until it is in [`every_screen`].
fn place_of(screen: &Screen) -> usize {
    match screen {
        Screen::Add(_) => 0,
        Screen::FirstRun => 1,
        Screen::List => 2,
        Screen::NewVault(_) => 3,
        Screen::Restore(RestoreForm::Path { .. }) => 4,
        Screen::Restore(RestoreForm::Passphrase { .. }) => 5,
        Screen::Restore(RestoreForm::New { .. }) => 6,
        Screen::Unlock(_) => 7,
        Screen::Clock(ClockForm { offered: None, .. }) => 8,
        Screen::Clock(ClockForm { offered: Some(_), .. }) => 9,
    }
}

/// As [`place_of`], for what lies over a screen.
fn dialog_place(dialog: &Dialog) -> usize {
    match dialog {
        Dialog::CopyAgain { .. } => 0,
        Dialog::Failure { .. } => 1,
        Dialog::Help { .. } => 2,
    }
}

/// A field that shows what was pasted into it, with the cursor in the middle.
fn field(text: &str) -> SecretField {
    let mut field = SecretField::plain();
    field.paste(&SecretText::new(text.to_owned()));
    for _ in 0..text.chars().count().min(8000) / 2 {
        field.jump(Jump::Left);
    }
    field
}

fn every_screen(text: &str) -> Vec<Screen> {
    let wrong = || Some(format!("{text}\n{text}"));
    let about = || vec![text.to_owned(), format!("label {text}")];
    let new = || NewPassphrase {
        field: field(text),
        first: None,
        offered: None,
        strength: text.to_owned(),
        wrong: wrong(),
    };
    let clock = |offered| ClockForm {
        id: id(1),
        title: text.to_owned(),
        field: field(text),
        offered,
        wrong: wrong(),
    };
    let mut unlock = UnlockForm::default();
    (unlock.field, unlock.wrong) = (field(text), wrong());
    vec![
        Screen::Add(AddForm { field: field(text), preview: about(), wrong: wrong() }),
        Screen::FirstRun,
        Screen::List,
        Screen::NewVault(new()),
        Screen::Restore(RestoreForm::Path { field: field(text), wrong: wrong() }),
        Screen::Restore(RestoreForm::Passphrase { field: field(text), about: about(), wrong: wrong() }),
        Screen::Restore(RestoreForm::New { n_entries: 1, about: about(), form: new() }),
        Screen::Unlock(unlock),
        Screen::Clock(clock(None)),
        Screen::Clock(clock(Some((text.to_owned(), 60)))),
    ]
}

fn every_dialog(text: &str) -> Vec<Option<Dialog>> {
    vec![
        None,
        Some(Dialog::CopyAgain { id: id(1), copied_at: NOW, next_at: NOW + 9 }),
        Some(Dialog::Failure { lines: vec![text.to_owned(), format!("because: {text}")], scroll: 0 }),
        Some(Dialog::Help { scroll: 0 }),
    ]
}

fn stage(text: &str, screen: Screen) -> Stage {
    let mut stage = Stage::open();
    let row = |n| Row {
        id: id(n),
        issuer: text.to_owned(),
        account: text.to_owned(),
        tags: vec![text.to_owned()],
        period: Some(30),
        digits: 6,
        favourite: false,
    };
    stage.send(Message::Rows { rows: vec![row(1), row(2)], set_aside: 2 });
    stage.keys("/");
    stage.paste(text);
    text.clone_into(&mut stage.model.vault_path);
    stage.model.clock.doubt = Some(text.to_owned());
    stage.model.clock.correction = -60;
    stage.model.key_file = Some(text.to_owned());
    stage.model.screen = screen;
    stage
}

/// Why what is drawn must not be sent to a terminal.
fn danger_of(stage: &mut Stage) -> Option<String> {
    for (columns, rows) in SIZES {
        stage.send(Message::Resized(columns, rows));
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view(&stage.model, frame)).unwrap();
        for cell in terminal.backend().buffer().content() {
            if cell.symbol().contains('\n') || danger(cell.symbol()).is_some() {
                return Some(format!("{:?} at {columns}x{rows}", cell.symbol().escape_unicode().to_string()));
            }
        }
    }
    None
}

/// Draws everything and gives what is wrong with it.
fn danger_anywhere(text: &str) -> Option<String> {
    for screen in every_screen(text) {
        let mut stage = stage(text, screen);
        for dialog in every_dialog(text) {
            stage.model.dialog = dialog;
            if let Some(why) = danger_of(&mut stage) {
                return Some(format!("{why}: {:?} under {:?}", stage.model.screen, stage.model.dialog));
            }
        }
        stage.model.dialog = None;
        for told in [
            Message::Noticed(text.to_owned()),
            Message::Copied { title: text.to_owned(), words: text.to_owned() },
            Message::Failed(Box::new(Failure::new(Kind::Io, text).details([text.to_owned()]).next(text))),
            Message::Started { what: text.to_owned(), can_cancel: true },
        ] {
            stage.send(told);
            if let Some(why) = danger_of(&mut stage) {
                return Some(format!("{why}: {:?} after a message", stage.model.screen));
            }
        }
    }
    None
}

#[test]
fn every_screen_and_every_dialog_is_tried() {
    let screens: Vec<usize> = every_screen("x").iter().map(place_of).collect();
    assert_eq!(screens, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let dialogs: Vec<usize> = every_dialog("x").iter().flatten().map(dialog_place).collect();
    assert_eq!(dialogs, [0, 1, 2]);
}

#[test]
fn no_screen_draws_any_of_the_worst_texts() {
    let worst = worst();
    assert_eq!(danger_anywhere(&worst), None);
    // The text did get where it can be seen.
    let mut list = stage("a\u{202e}b\u{1b}[31m", Screen::List);
    list.keys("<esc>");
    assert!(list.screen(140, 24).contains("a<U+202E>b<U+001B>[31m"), "{}", list.screen(140, 24));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 8, ..ProptestConfig::default() })]
    #[test]
    fn no_screen_draws_a_hostile_text(text in hostile()) {
        let text: String = text.chars().take(20_000).collect();
        prop_assert_eq!(danger_anywhere(&text), None);
    }
}
