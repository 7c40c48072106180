//! Every screen and every dialog with hostile texts in everything that it draws.

use lifeboat::app::audit::Standing;
use lifeboat::app::check::{Checked, Known};
use lifeboat::app::{Failure, Kind};
use lifeboat::entry::{Label, Provenance, ProvenanceKind};
use lifeboat::secret::SecretText;
use lifeboat::settings::Rule;
use lifeboat::tui::effect::Effect;
use lifeboat::tui::form::{Field, Form};
use lifeboat::tui::message::Message;
use lifeboat::tui::model::{
    AddForm, AskReason, BundleForm, ClockForm, Confirm, Dialog, EditForm, EditedFrom, EntryDetails,
    EntryPage, EntryValues, EvidenceForm, FileRow, LogFilter, LogPage, LogRecords, LogRow, LogStep, Picker,
    Picture, Prompt, PromptFor, Proving, Question, RehearseForm, RestoreForm, Row, RowSeal, Screen,
    SettingRow, SettingsPage, StatusPage, TrashPage, TrashRow, UnlockForm,
};
use lifeboat::tui::secret_field::{Jump, SecretField};
use lifeboat::tui::view::view;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{danger, drills, files, hostile, incidents, plan, recovery, worst};
use crate::tui_stage::{NOW, Stage, id};
use crate::tui_status::status_known;

const SIZES: [(u16, u16); 5] = [(80, 24), (32, 8), (20, 5), (140, 50), (59, 12)];

/// A new screen fails to compile here until it is in [`every_screen`].
fn place_of(screen: &Screen) -> usize {
    match screen {
        Screen::Add(_) => 0,
        Screen::FirstRun => 1,
        Screen::Codes => 2,
        Screen::NewVault(_) => 3,
        Screen::Restore(RestoreForm::Bundle(BundleForm { about: None, .. })) => 4,
        Screen::Restore(RestoreForm::Bundle(BundleForm { by_shares: true, .. })) => 32,
        Screen::Restore(RestoreForm::Bundle(BundleForm { about: Some(_), .. })) => 5,
        Screen::Restore(RestoreForm::New { .. }) => 6,
        Screen::Unlock(_) => 7,
        Screen::Clock(ClockForm { offered: None, .. }) => 8,
        Screen::Clock(ClockForm { offered: Some(_), .. }) => 9,
        Screen::Bundles(page) => files::place_of_bundles(page),
        Screen::Custodians(page) => files::place_of_custodians(page),
        Screen::Drills(page) => drills::place_of(page),
        Screen::Edit(_) => 12,
        Screen::Entry(_) => 13,
        Screen::Log(LogPage { doing: LogStep::List, .. }) => 14,
        Screen::Log(LogPage { doing: LogStep::Evidence(_), .. }) => 54,
        Screen::Log(LogPage { doing: LogStep::Rehearse(_), .. }) => 55,
        Screen::Log(LogPage { doing: LogStep::Told(_), .. }) => 56,
        Screen::Passes(page) => recovery::place_of_passes(page),
        Screen::Incidents(page) => incidents::place_of(page),
        Screen::Plan(page) => plan::place_of(page),
        Screen::Runbooks(page) => recovery::place_of_runbooks(page),
        Screen::Settings(_) => 16,
        Screen::Trash(_) => 17,
        Screen::Status(_) => 62,
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
        Dialog::Reason(_) => 9,
        Dialog::RecoveryCode { .. } => 10,
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
    LogRow {
        standing: Standing::Sealed(7),
        at: NOW,
        event: text.to_owned(),
        entry: Some(id(1)),
        title: text.to_owned(),
        user: text.to_owned(),
        host: text.to_owned(),
        way: text.to_owned(),
        reason: Some(text.to_owned()),
        generation: Some(3),
        facts: vec![(text.to_owned(), text.to_owned())],
    }
}

fn log_pages(text: &str) -> [LogPage; 4] {
    let mut list = LogPage::default();
    let wanted = LogFilter {
        kind: text.to_owned(),
        since: text.to_owned(),
        person: text.to_owned(),
        entry: text.to_owned(),
    };
    list.fill(wanted, LogRecords::of(vec![log_row(text), log_row(text)]));
    (list.filter, list.filtering) = (text.to_owned(), true);
    let wrong = || Some(format!("{text}\n{text}"));
    let mut evidence = EvidenceForm::begin();
    evidence.wrong = wrong();
    for key in ["folder", "since", "policy"] {
        evidence.form.set(key, text);
    }
    let mut rehearsal = RehearseForm::default();
    (rehearsal.proof.field, rehearsal.proof.wrong) = (field(text), wrong());
    let doing = |doing| LogPage { doing, ..LogPage::default() };
    [
        list,
        doing(LogStep::Evidence(evidence)),
        doing(LogStep::Rehearse(rehearsal)),
        doing(LogStep::Told(files::done(text))),
    ]
}

fn trash_row(text: &str) -> TrashRow {
    TrashRow { id: id(1), title: text.to_owned(), removed: text.to_owned() }
}

fn setting(text: &str) -> SettingRow {
    SettingRow {
        key: "key",
        help: "help",
        value: text.to_owned(),
        values: Vec::new(),
        allowed: text.to_owned(),
    }
}

pub(crate) fn every_screen(text: &str) -> Vec<Screen> {
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
        Screen::Add(adding(text, None, None)),
        Screen::FirstRun,
        Screen::Codes,
        Screen::NewVault(files::new_passphrase(text)),
        Screen::Unlock(unlock),
        Screen::Clock(clock(None)),
        Screen::Clock(clock(Some((text.to_owned(), 60)))),
        Screen::Edit(EditForm { wrong: wrong(), ..EditForm::new(values(text), EditedFrom::List) }),
        Screen::Entry(EntryPage::new(id(1))),
        Screen::Settings(SettingsPage {
            rows: vec![setting(text)],
            selected: 0,
            warnings: about(),
            path: Some(text.to_owned()),
        }),
        Screen::Trash(TrashPage { rows: Some(vec![trash_row(text)]), selected: 0 }),
        Screen::Status(StatusPage { known: Some(status_known(text)), offset: 0 }),
    ];
    screens.extend(log_pages(text).map(Screen::Log));
    screens.extend(files::every_screen(text));
    screens.extend(drills::every_screen(text));
    screens.extend(plan::every_screen(text));
    screens.extend(recovery::every_screen(text));
    screens.extend(incidents::every_screen(text));
    screens
}

/// A form whose fields all hold the text.
fn adding(text: &str, checked: Option<Result<Box<Checked>, String>>, proving: Option<Proving>) -> AddForm {
    let mut add = AddForm { checked, proving, wrong: Some(format!("{text}\n{text}")), ..AddForm::default() };
    for key in ["secret", "picture", "issuer", "account", "number", "tags", "note", "device"] {
        add.form.set(key, text);
    }
    add
}

fn known(text: &str) -> Known {
    Known { id: id(1), title: text.to_owned() }
}

fn values(text: &str) -> EntryValues {
    EntryValues {
        id: id(1),
        title: text.to_owned(),
        issuer: text.to_owned(),
        account: text.to_owned(),
        type_name: "totp",
        algorithm: "SHA1",
        digits: 6,
        number: 30,
        tags: vec![text.to_owned()],
        note: text.to_owned(),
        favourite: false,
        privileged: false,
        provenance: Some(Provenance { how: ProvenanceKind::Copied, device: Some(Label::new(text)) }),
        n_recovery_codes: 2,
        n_recovery_codes_left: 1,
        sealed: Some(text.to_owned()),
    }
}

/// A new state of the screens about one entry fails to compile here until it is in [`entry_screens`].
#[expect(clippy::wildcard_enum_match_arm, reason = "the other screens are counted by themselves")]
fn entry_state(screen: &Screen) -> Option<usize> {
    Some(match screen {
        Screen::Add(AddForm { proving: None, checked: None, .. }) => 0,
        Screen::Add(AddForm { proving: None, checked: Some(Ok(_)), .. }) => 1,
        Screen::Add(AddForm { proving: None, checked: Some(Err(_)), .. }) => 2,
        Screen::Add(AddForm { proving: Some(Proving { refused: false, .. }), .. }) => 3,
        Screen::Add(AddForm { proving: Some(Proving { refused: true, .. }), .. }) => 4,
        Screen::Edit(EditForm { checked: None, .. }) => 5,
        Screen::Edit(EditForm { checked: Some(_), .. }) => 6,
        Screen::Entry(EntryPage { details: None, .. }) => 7,
        Screen::Entry(EntryPage { details: Some(_), .. }) => 8,
        _ => return None,
    })
}

/// The states of the screens about one entry that [`every_screen`] has not.
pub(crate) fn entry_screens(text: &str) -> Vec<Screen> {
    let checked = || {
        let warnings = vec![text.to_owned()];
        let twin = text.len().is_multiple_of(2).then(|| known(text));
        Checked { twin, namesake: Some(known(text)), warnings, is_short: true, ..Checked::default() }
    };
    let proving =
        |refused| Proving { id: id(1), title: text.to_owned(), warnings: vec![text.to_owned()], refused };
    let mut shown = adding(text, Some(Ok(Box::new(checked()))), None);
    shown.wrong = None;
    // The seed's own field, shown.
    shown.form.apply(Message::ToggleShown);
    let edit =
        EditForm { checked: Some(Ok(Box::new(checked()))), ..EditForm::new(values(text), EditedFrom::Page) };
    let mut page = EntryPage::new(id(1));
    page.details = Some(EntryDetails {
        id: id(1),
        title: text.to_owned(),
        facts: vec![("note", text.to_owned()), ("", text.to_owned())],
        n_recovery_codes: 2,
        n_recovery_codes_left: 1,
    });
    vec![
        Screen::Add(shown),
        Screen::Add(AddForm { wrong: None, ..adding(text, Some(Err(text.to_owned())), None) }),
        Screen::Add(adding(text, None, Some(proving(false)))),
        Screen::Add(adding(text, None, Some(proving(true)))),
        Screen::Edit(edit),
        Screen::Entry(page),
    ]
}

pub(crate) fn every_dialog(text: &str) -> Vec<Option<Dialog>> {
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
        Some(Dialog::Reason(Box::new(AskReason {
            ids: vec![id(1)],
            lines: vec![text.to_owned()],
            recent: vec![text.to_owned(), text.to_owned()],
            chosen: Some(0),
            form: form(text),
            rule: Rule::new(""),
            wrong: Some(text.to_owned()),
            then: Effect::ReadTrash,
        }))),
        Some(Dialog::RecoveryCode {
            title: text.to_owned(),
            code: SecretText::new(text.to_owned()),
            left: 1,
        }),
    ]
}

pub(crate) fn stage(text: &str, screen: Screen) -> Stage {
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
        sealed: (n == 2).then(|| RowSeal { by: text.to_owned(), passphrase: true }),
    };
    stage.send(Message::Rows { rows: vec![row(1), row(2)], set_aside: 2 });
    stage.keys("/");
    stage.paste(text);
    text.clone_into(&mut stage.model.vault_path);
    stage.model.clock.doubt = Some(text.to_owned());
    stage.model.clock.correction = -60;
    stage.model.key_file = Some(text.to_owned());
    let details = EntryDetails { facts: vec![("note", text.to_owned())], ..EntryDetails::asked(id(1)) };
    stage.model.details = Some(details);
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
    for screen in every_screen(text).into_iter().chain(entry_screens(text)) {
        let mut stage = stage(text, screen);
        if let Some(why) = danger_of(&mut stage) {
            return Some(format!("{why}: {:?}", stage.model.screen));
        }
    }
    // Dialogs and notices are drawn alike over every screen: over the one with most of the text is enough.
    let mut stage = stage(text, Screen::Codes);
    for dialog in every_dialog(text) {
        stage.model.dialog = dialog;
        if let Some(why) = danger_of(&mut stage) {
            return Some(format!("{why}: under {:?}", stage.model.dialog));
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
            return Some(format!("{why}: after a message"));
        }
    }
    None
}

#[test]
fn every_screen_and_every_dialog_is_tried() {
    let mut screens: Vec<usize> = every_screen("x").iter().map(place_of).collect();
    screens.sort_unstable();
    assert_eq!(screens, (0..=65).chain(70..=78).collect::<Vec<_>>());
    let mut states: Vec<usize> =
        every_screen("x").iter().chain(&entry_screens("x")).filter_map(entry_state).collect();
    states.sort_unstable();
    assert_eq!(states, (0..=8).collect::<Vec<_>>());
    let dialogs: Vec<usize> = every_dialog("x").iter().flatten().map(dialog_place).collect();
    assert_eq!(dialogs, (0..=10).collect::<Vec<_>>());
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
