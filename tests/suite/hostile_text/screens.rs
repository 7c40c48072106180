//! Every screen and every dialog with hostile texts in everything that it draws.

use lifeboat::app::{Failure, Kind};
use lifeboat::secret::SecretText;
use lifeboat::tui::form::{Field, Form};
use lifeboat::tui::message::Message;
use lifeboat::tui::model::{
    AddForm, BundleForm, ClockForm, Confirm, Dialog, EditForm, EntryPage, FileRow, LogPage, LogRow, Picker,
    Picture, Prompt, PromptFor, Question, RestoreForm, Row, Screen, SettingRow, SettingsPage, TrashPage,
    TrashRow, UnlockForm,
};
use lifeboat::tui::secret_field::{Jump, SecretField};
use lifeboat::tui::view::view;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{danger, files, hostile, worst};
use crate::tui_stage::{NOW, Stage, id};

const SIZES: [(u16, u16); 5] = [(80, 24), (32, 8), (20, 5), (140, 50), (59, 12)];

/// Screens have places up to here, their further steps the ones behind.
const FIRST_STEPS: usize = 18;

/// A new screen fails to compile here until it is in [`every_screen`].
fn place_of(screen: &Screen) -> usize {
    match screen {
        Screen::Add(_) => 0,
        Screen::FirstRun => 1,
        Screen::Codes => 2,
        Screen::NewVault(_) => 3,
        Screen::Restore(RestoreForm::Bundle(BundleForm { about: None, .. })) => 4,
        Screen::Restore(RestoreForm::Bundle(BundleForm { about: Some(_), .. })) => 5,
        Screen::Restore(RestoreForm::New { .. }) => 6,
        Screen::Unlock(_) => 7,
        Screen::Clock(ClockForm { offered: None, .. }) => 8,
        Screen::Clock(ClockForm { offered: Some(_), .. }) => 9,
        Screen::Bundles(page) => files::place_of_bundles(page),
        Screen::Drills => 11,
        Screen::Edit(_) => 12,
        Screen::Entry(_) => 13,
        Screen::Log(_) => 14,
        Screen::Plan => 15,
        Screen::Settings(_) => 16,
        Screen::Trash(_) => 17,
        Screen::Transfer(form) => files::place_of_transfer(form),
    }
}

/// As [`place_of`], for what lies over a screen.
fn dialog_place(dialog: &Dialog) -> usize {
    match dialog {
        Dialog::CopyAgain { .. } => 0,
        Dialog::Failure { .. } => 1,
        Dialog::Help { .. } => 2,
        Dialog::Confirm(_) => 3,
        Dialog::Messages { .. } => 4,
        Dialog::Palette { .. } => 5,
        Dialog::Picker(_) => 6,
        Dialog::Picture(_) => 7,
        Dialog::Prompt(_) => 8,
    }
}

/// A field that shows what was pasted into it, with the cursor in the middle.
pub(super) fn field(text: &str) -> SecretField {
    let mut field = SecretField::plain();
    field.paste(&SecretText::new(text.to_owned()));
    for _ in 0..text.chars().count().min(8000) / 2 {
        field.jump(Jump::Left);
    }
    field
}

fn form(text: &str) -> Form {
    let mut form = Form::new(vec![
        Field::text("text", "Text: ", "help", text),
        Field::path("path", "Path: ", "help", text),
        Field::choice("choice", "Choice: ", "help", &["one", "two"], "two"),
    ]);
    form.focus_on("path");
    form
}

fn log_row(text: &str) -> LogRow {
    LogRow { at: text.to_owned(), event: text.to_owned(), entry: text.to_owned(), about: text.to_owned() }
}

fn trash_row(text: &str) -> TrashRow {
    TrashRow { id: id(1), title: text.to_owned(), removed: text.to_owned() }
}

fn setting(text: &str) -> SettingRow {
    SettingRow { key: "key", help: "help", value: text.to_owned(), values: &[], allowed: text.to_owned() }
}

fn every_screen(text: &str) -> Vec<Screen> {
    let wrong = || Some(format!("{text}\n{text}"));
    let about = || vec![text.to_owned(), format!("label {text}")];
    let clock = |offered| ClockForm {
        id: id(1),
        title: text.to_owned(),
        field: field(text),
        offered,
        wrong: wrong(),
    };
    let mut unlock = UnlockForm::default();
    (unlock.field, unlock.key_file, unlock.wrong) = (field(text), field(text), wrong());
    let mut screens = vec![
        Screen::Add(AddForm { field: field(text), preview: about(), wrong: wrong() }),
        Screen::FirstRun,
        Screen::Codes,
        Screen::NewVault(files::new_passphrase(text)),
        Screen::Unlock(unlock),
        Screen::Clock(clock(None)),
        Screen::Clock(clock(Some((text.to_owned(), 60)))),
        Screen::Drills,
        Screen::Edit(EditForm { id: id(1), form: form(text), wrong: wrong() }),
        Screen::Entry(EntryPage::new(id(1))),
        Screen::Log(LogPage { rows: Some(vec![log_row(text), log_row(text)]), offset: 0 }),
        Screen::Plan,
        Screen::Settings(SettingsPage {
            rows: vec![setting(text)],
            selected: 0,
            warnings: about(),
            path: Some(text.to_owned()),
        }),
        Screen::Trash(TrashPage { rows: Some(vec![trash_row(text)]), selected: 0 }),
    ];
    screens.extend(files::every_screen(text));
    screens
}

fn every_dialog(text: &str) -> Vec<Option<Dialog>> {
    vec![
        None,
        Some(Dialog::CopyAgain { id: id(1), copied_at: NOW, next_at: NOW + 9 }),
        Some(Dialog::Failure { lines: vec![text.to_owned(), format!("because: {text}")], scroll: 0 }),
        Some(Dialog::Help { scroll: 0, filter: text.to_owned(), searching: true }),
        Some(Dialog::Confirm(Confirm {
            title: "Sure?",
            lines: vec![text.to_owned()],
            question: Question::Remove(vec![id(1)]),
        })),
        Some(Dialog::Messages { scroll: 0 }),
        Some(Dialog::Palette { filter: text.to_owned(), selected: 0 }),
        Some(Dialog::Picker(Picker {
            folder: text.to_owned(),
            rows: vec![FileRow { name: text.to_owned(), is_folder: true, len: 0 }],
            filter: String::new(),
            selected: 0,
            hidden: true,
            wrong: Some(text.to_owned()),
        })),
        Some(Dialog::Picture(Picture {
            title: text.to_owned(),
            lines: vec![text.to_owned()],
            modules: vec![vec![true; 21]; 21],
            inverse: false,
        })),
        Some(Dialog::Prompt(Prompt {
            title: "Fields",
            lines: vec![text.to_owned()],
            form: form(text),
            wrong: Some(text.to_owned()),
            purpose: PromptFor::Purge(id(1), text.to_owned()),
        })),
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
        privileged: false,
        proven: None,
        used: None,
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
        // What lies over one step of a screen lies over the others in the same way.
        let is_further_step = place_of(&screen) > FIRST_STEPS;
        let mut stage = stage(text, screen);
        for dialog in every_dialog(text).into_iter().take(if is_further_step { 1 } else { usize::MAX }) {
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
    let mut screens: Vec<usize> = every_screen("x").iter().map(place_of).collect();
    screens.sort_unstable();
    assert_eq!(screens, (0..=31).collect::<Vec<_>>());
    let dialogs: Vec<usize> = every_dialog("x").iter().flatten().map(dialog_place).collect();
    assert_eq!(dialogs, (0..=8).collect::<Vec<_>>());
}

#[test]
fn no_screen_draws_any_of_the_worst_texts() {
    let worst = worst();
    assert_eq!(danger_anywhere(&worst), None);
    // The text did get where it can be seen.
    let mut list = stage("a\u{202e}b\u{1b}[31m", Screen::Codes);
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
