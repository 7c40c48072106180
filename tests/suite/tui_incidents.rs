//! The page of the incidents: keys in, effects and screens out; and an incident opened and closed in the shipped program.

use lifeboat::app::incident::words::{Group, ToDo};
use lifeboat::app::{Failure, Kind};
use lifeboat::entry::Label;
use lifeboat::recovery::ItemId;
use lifeboat::recovery::incident::IncidentKind;
use lifeboat::tui::message::{IncidentMessage, Message};
use lifeboat::tui::model::{
    Dialog, Ends, IncidentRow, IncidentShown, IncidentStep, IncidentTold, IncidentsKnown, IncidentsPage,
    Screen,
};

use crate::pty::Pseudoterminal;
use crate::support::{RFC_URI, Sandbox};
use crate::tui_stage::Stage;

const ID: ItemId = ItemId::from_bytes([1; 4]);
const GLASS: ItemId = ItemId::from_bytes([2; 4]);

fn row(n: u8, kind: IncidentKind, subject: Option<&str>, state: &str) -> IncidentRow {
    IncidentRow {
        id: ItemId::from_bytes([n; 4]),
        kind,
        subject: subject.map(Label::new),
        opened: "2023-11-13".to_owned(),
        state: state.to_owned(),
        is_running: kind == IncidentKind::BreakGlass,
        is_open: !state.starts_with("nothing"),
        reason: if n == 1 { "INC-4711, left in a taxi".to_owned() } else { String::new() },
    }
}

/// Two that are open and one that is closed.
pub(crate) fn known() -> IncidentsKnown {
    IncidentsKnown {
        rows: vec![
            row(1, IncidentKind::LostDevice, Some("phone-ana"), "4 of 5 left"),
            row(2, IncidentKind::BreakGlass, None, "running until 2023-11-14T23:13:20Z"),
            row(3, IncidentKind::Leaver, Some("Bo"), "nothing left, closed 2023-11-02"),
        ],
        devices: vec![Label::new("laptop"), Label::new("phone-ana"), Label::new("phone-bo")],
        persons: vec![Label::new("Ana"), Label::new("Bo")],
    }
}

fn task(number: usize, words: &'static str, note: &str, is_done: bool) -> ToDo {
    ToDo { number, is_done, words, note: note.to_owned() }
}

/// The lost phone, with one thing that the program has seen done by itself.
pub(crate) fn lost_phone(name: &str) -> IncidentShown {
    IncidentShown {
        id: ID,
        title: format!("lost-device: {name}"),
        facts: vec![
            ("opened", "2023-11-13T21:40:00Z".to_owned()),
            ("reason", "INC-4711, left in a taxi".to_owned()),
            ("left", "4 of 5 things to do".to_owned()),
            (
                "made from",
                "the provenance of 3 entries, the log since 2023-01-01 and the plan of the vault; what was seen on the \
                 device and is in none of them is not known, so that this is what was on it at least"
                    .to_owned(),
            ),
        ],
        revealed: None,
        groups: vec![
            Group {
                title: name.to_owned(),
                marks: Vec::new(),
                tasks: vec![task(
                    1,
                    "verify the identity of whoever reports it",
                    "by a channel that does not need the device",
                    false,
                )],
            },
            Group {
                title: "AWS:root".to_owned(),
                marks: vec!["privileged"],
                tasks: vec![
                    task(2, "rotate the seed", "done 2023-11-14, by itself", true),
                    task(3, "remove the old method", "copied to it on 2023-02-01", false),
                    task(4, "prove", "", false),
                ],
            },
            Group {
                title: "the vault".to_owned(),
                marks: Vec::new(),
                tasks: vec![task(5, "make a new bundle", "of all entries, when every seed is rotated", false)],
            },
        ],
        is_open: true,
        ends: None,
        is_away: false,
    }
}

/// A session that runs, in which one code was shown.
pub(crate) fn broken_glass() -> IncidentShown {
    IncidentShown {
        id: GLASS,
        title: "break-glass".to_owned(),
        facts: vec![("until", "2023-11-14T23:13:20Z".to_owned())],
        revealed: Some(vec!["2023-11-14T22:14:00Z  ana@desk  code shown: AWS:root".to_owned()]),
        groups: vec![Group {
            title: "AWS:root".to_owned(),
            marks: vec!["privileged"],
            tasks: vec![task(1, "review, decide, write down", "", false)],
        }],
        is_open: true,
        ends: Some(Ends::At("2023-11-14T23:13:20Z".to_owned())),
        is_away: false,
    }
}

pub(crate) fn told(shown: IncidentShown) -> Message {
    Message::Incident(IncidentMessage::Shown(Box::new(shown)))
}

pub(crate) fn read(known: IncidentsKnown) -> Message {
    Message::Incident(IncidentMessage::Read(known))
}

fn listed() -> Stage {
    let mut stage = Stage::open();
    stage.keys("O");
    assert_eq!(stage.asked_for(), "Incident(Read)");
    stage.send(read(known()));
    stage
}

fn opened() -> Stage {
    let mut stage = listed();
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), format!("Incident(Show({ID:?}))"));
    stage.send(told(lost_phone("phone-ana")));
    stage
}

fn page(stage: &Stage) -> &IncidentsPage {
    let Screen::Incidents(page) = &stage.model.screen else { panic!("{:?}", stage.model.screen) };
    page
}

fn shown(stage: &Stage) -> &IncidentTold {
    page(stage).told().unwrap()
}

/// The number of the thing under the cursor.
fn at(stage: &Stage) -> Option<usize> {
    shown(stage).block(|block| block.task().map(|task| task.number)).flatten()
}

fn asks(stage: &Stage) -> String {
    match &stage.model.dialog {
        Some(Dialog::Confirm(confirm)) => confirm.lines.join("\n"),
        other => panic!("no question: {other:?}"),
    }
}

#[test]
fn one_key_leads_to_them_from_every_place_and_what_is_open_stands_first() {
    let mut stage = listed();
    insta::assert_snapshot!("incidents_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("incidents_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("incidents_40x10", stage.screen(40, 10));
    for place in ["1", "2", "3", "4", "5", "6", "S"] {
        stage.keys(place).keys("O");
        assert!(matches!(stage.model.screen, Screen::Incidents(_)), "from {place}");
    }
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
    stage.asked_for();
    stage.keys(":incidents<enter>");
    assert_eq!(stage.asked_for(), "Incident(Read)", "by its name");
}

#[test]
fn without_any_it_says_what_one_is_for_and_how_it_is_opened() {
    let mut stage = Stage::open();
    stage.keys("O");
    stage.send(read(IncidentsKnown::default()));
    insta::assert_snapshot!("incidents_none_80x24", stage.screen(80, 24));
    stage.keys("<enter> jG");
    assert!(!stage.screen(40, 10).is_empty());
}

#[test]
fn an_incident_says_what_it_rests_on_and_what_is_left_by_account() {
    let mut stage = opened();
    insta::assert_snapshot!("incident_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("incident_120x40", stage.screen(120, 40));
    let first = stage.screen(80, 24);
    assert!(first.contains("[x] rotate the seed") && first.contains("by itself"), "{first}");
    stage.keys("<esc>");
    assert!(matches!(page(&stage).doing, IncidentStep::List));
}

#[test]
fn the_cursor_goes_from_thing_to_thing_and_every_line_can_be_read_on_a_small_screen() {
    let mut stage = opened();
    assert_eq!(at(&stage), Some(1), "it begins on the first thing that is left");
    stage.keys("jj");
    assert_eq!(at(&stage), Some(3));
    stage.keys("k");
    assert_eq!(at(&stage), Some(2));
    stage.keys("G");
    assert_eq!(at(&stage), Some(5));
    stage.keys("g");
    assert_eq!(at(&stage), None, "above the things stands what it rests on");

    let mut seen = stage.screen(40, 10);
    for _ in 0..40 {
        stage.keys("j");
        seen.push_str(&stage.screen(40, 10));
    }
    assert_eq!(at(&stage), Some(5));
    for words in [
        "INC-4711",
        "entries, the log since",
        "least",
        "by a channel",
        "AWS:root",
        "make a new bundle",
        "rotated",
    ] {
        assert!(seen.contains(words), "{words} is never seen: {seen}");
    }
    let last = stage.screen(40, 10);
    for _ in 0..40 {
        stage.keys("k");
        stage.screen(40, 10);
    }
    let first = stage.screen(40, 10);
    assert!(first.contains("opened") && first != last, "{first}");
}

#[test]
fn a_thing_is_ticked_off_after_a_question_that_names_it() {
    let mut stage = opened();
    stage.keys("jj ");
    let question = asks(&stage);
    for words in
        ["AWS:root", "privileged", "3  remove the old method", "copied to it on 2023-02-01", "not taken back"]
    {
        assert!(question.contains(words), "{words}: {question}");
    }
    insta::assert_snapshot!("incident_tick_80x24", stage.screen(80, 24));
    stage.keys("n");
    assert_eq!(stage.asked_for(), "", "no leaves it");
    stage.keys(" <enter>");
    assert_eq!(stage.asked_for(), "", "Enter is no as well");
    stage.keys(" y");
    assert_eq!(stage.asked_for(), format!("Incident(Done({ID:?}, [3]))"));

    let mut now = lost_phone("phone-ana");
    now.groups[1].tasks[1] = task(3, "remove the old method", "done 2023-11-14", true);
    stage.send(Message::Incident(IncidentMessage::Done("ticked off: 3; 3 things are left".to_owned())));
    stage.send(told(now));
    assert_eq!(at(&stage), Some(3), "the cursor stays");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("3 [x] remove") && screen.contains("3 things are left"), "{screen}");
}

#[test]
fn what_is_done_already_and_what_is_nothing_to_do_is_not_asked() {
    let mut stage = opened();
    stage.keys("j ");
    assert!(stage.model.dialog.is_none());
    assert!(stage.screen(80, 24).contains("2 was done 2023-11-14, by itself already"));
    stage.keys("g ");
    assert!(stage.model.dialog.is_none());
    stage.keys("e");
    assert!(stage.screen(80, 24).contains("only a break-glass session"));
    assert_eq!(stage.asked_for(), "");
}

#[test]
fn a_closed_one_says_that_nothing_is_left() {
    let mut stage = opened();
    let mut now = lost_phone("phone-ana");
    now.is_open = false;
    for task in now.groups.iter_mut().flat_map(|group| &mut group.tasks) {
        task.is_done = true;
    }
    stage.send(told(now));
    assert!(stage.screen(80, 24).contains("phone-ana: nothing left"));
}

#[test]
fn a_session_says_until_when_it_runs_and_one_key_ends_it_after_a_question() {
    let mut stage = listed();
    stage.keys("j<enter>");
    stage.send(told(broken_glass()));
    insta::assert_snapshot!("incident_glass_80x24", stage.screen(80, 24));
    stage.keys("G ");
    assert!(stage.model.dialog.is_none(), "its list is not there yet");
    stage.asked_for();
    stage.keys("e");
    assert!(asks(&stage).contains("runs until 2023-11-14T23:13:20Z"));
    stage.keys("y");
    assert_eq!(stage.asked_for(), format!("Incident(Done({GLASS:?}, []))"));
    let now = IncidentShown { ends: None, ..broken_glass() };
    stage.keys("g");
    stage.send(told(now));
    assert_eq!(at(&stage), Some(1), "the list is what comes next");
    let late = IncidentShown { ends: Some(Ends::Ended), ..broken_glass() };
    stage.send(told(late));
    assert!(stage.screen(80, 24).contains("has ended; e makes its list"));
}

#[test]
fn a_new_one_asks_for_what_its_kind_is_about_and_says_at_once_what_is_wrong() {
    let mut stage = listed();
    stage.keys("n").asked_for();
    stage.send(read(known()));
    insta::assert_snapshot!("incident_new_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("! type the name of the device"));
    stage.keys("ph");
    assert!(stage.screen(80, 24).contains("Right takes phone-ana; also phone-bo"));
    stage.keys("<right>");
    assert!(stage.screen(80, 24).contains("such an incident is open: 01010101, of 2023-11-13"));
    stage.keys("<c-u>phone-by");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("nothing in the vault and its plan is named \"phone-by\""), "{screen}");
    stage.keys("<tab>INC-9<enter>");
    let asked = stage.asked_for();
    assert!(
        asked.contains("Because") && asked.contains("Open(LostDevice, Device(") && !asked.contains("INC-9"),
        "{asked}"
    );

    stage.send(Message::Failed(Box::new(Failure::new(Kind::Refused, "such an incident is open"))));
    let screen = stage.screen(80, 24);
    for words in ["! such an incident is open", "phone-by", "INC-9"] {
        assert!(screen.contains(words), "{words} is lost: {screen}");
    }
    stage.keys("<esc>");
    assert!(asks(&stage).contains("No incident is opened."));
    stage.keys("n");
    assert!(matches!(page(&stage).doing, IncidentStep::Form(_)), "what was typed stays");
    stage.keys("<esc>y");
    assert!(matches!(page(&stage).doing, IncidentStep::List));
}

#[test]
fn each_kind_has_the_fields_that_it_needs_and_what_was_typed_survives_another_choice() {
    let mut stage = listed();
    stage.keys("n<tab>tablet<backtab>");
    let fields = |stage: &Stage| -> Vec<&'static str> {
        page(stage).form().unwrap().fields().iter().map(|field| field.key).collect()
    };
    for (letter, wanted) in [
        ("b", vec!["kind", "reason"]),
        ("c", vec!["kind", "device", "person", "reason"]),
        ("h", vec!["kind", "device", "reason"]),
        ("l", vec!["kind", "person", "reason"]),
        ("l", vec!["kind", "device", "reason"]),
        ("r", vec!["kind", "device", "reason"]),
        ("s", vec!["kind", "device", "reason"]),
    ] {
        stage.keys(letter);
        assert_eq!(fields(&stage), wanted, "{letter}");
    }
    assert_eq!(page(&stage).form().unwrap().value("device"), "tablet");
    stage.keys("b<enter>");
    assert!(stage.screen(80, 24).contains("! glass is broken for a reason: type it"));
    stage.keys("down<enter>");
    assert!(stage.asked_for().contains("Open(BreakGlass, Nobody)"));
    stage.send(Message::Incident(IncidentMessage::Opened(GLASS, "glass is broken".to_owned())));
    assert_eq!(stage.asked_for(), format!("Incident(Show({GLASS:?}))"));
    stage.send(told(broken_glass()));
    assert_eq!(shown(&stage).shown.id, GLASS, "its page is shown");
    for (columns, rows) in [(40, 10), (32, 8), (1, 1), (120, 40)] {
        stage.screen(columns, rows);
        stage.keys("jkGg");
    }
}

#[test]
fn it_is_read_anew_when_the_vault_has_changed_and_goes_with_a_lock_or_an_idle_keyboard() {
    let mut stage = opened();
    stage.send(Message::Rows { rows: Vec::new(), set_aside: 0 });
    let asked = stage.asked_for();
    assert!(asked.contains("Incident(Read)") && asked.contains("Incident(Show("), "{asked}");
    stage.keys("L").asked_for();
    stage.send(read(known()));
    stage.send(told(lost_phone("phone-ana")));
    assert!(!stage.screen(80, 24).contains("phone-ana"));
    stage.keys("O");
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));

    let mut stage = opened();
    stage.wait(400);
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
    assert!(!format!("{:?}", stage.model).contains("phone-ana"));
}

#[test]
fn in_the_shipped_program_one_is_opened_worked_off_and_closed() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("add - --provenance copied --device 'Phone Ana'").stdin(RFC_URI).run().done();
    let mut terminal = Pseudoterminal::start(&sandbox, 40, 120);
    terminal.shows("AWS");
    terminal.types("O").shows("No incident was opened.");
    terminal.types("n").shows("What happened?");
    terminal.types("\tpho").shows("Right takes Phone Ana");
    terminal.types("\x1b[C\tINC-4711\r").shows("the incident is open, about 1 account");
    terminal.shows("lost-device: Phone Ana");
    terminal.shows("verify the identity");
    let n_tasks = terminal.screen().matches("[ ]").count();
    assert!(n_tasks > 3, "{}", terminal.screen());
    for number in 1..=n_tasks {
        terminal.types(" ").shows("Tick off?");
        terminal.types("y").shows(&format!("ticked off: {number};"));
        let left = n_tasks - number;
        terminal.until("one less", |screen| screen.matches("[ ]").count() == left);
        terminal.types("j");
    }
    terminal.shows("nothing left: the incident is closed");
    terminal.shows("lost-device: Phone Ana: nothing left");
    terminal.types("\x1b").shows("nothing left, closed ");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));

    let shown = sandbox.run("incident list --json").done().json("lifeboat.incidents/1");
    let incident = &shown["incidents"][0];
    assert_eq!((incident["left"].as_u64(), incident["reason"].as_str()), (Some(0), Some("INC-4711")));
    assert!(incident["closed"].is_u64());
}

#[test]
fn what_is_typed_for_a_new_one_is_nowhere_in_clear_but_on_the_screen() {
    let mut stage = listed();
    // Somebody may type a secret into any field, and change the kind then.
    stage.keys("n<tab>hunter2<tab>hunter2<backtab><backtab>b");
    assert!(stage.screen(80, 24).contains("hunter2"), "the reason stays");
    assert!(!format!("{:?}", stage.model).contains("hunter2"));
}
