//! The page of the runbooks: which there are, what one is about, one filled in and read, and a file of it.

use lifeboat::app::runbook::{self, Asked, Item, Part, Runbook, Step};
use lifeboat::app::{Failure, Kind};
use lifeboat::tui::message::{Message, RunbookMessage};
use lifeboat::tui::model::{RunbookRow, RunbookStep, RunbooksPage, Screen};

use crate::app_entry::opened;
use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, Sandbox};
use crate::tui_stage::Stage;

/// What the world says of the runbooks that every vault has, and of one's own with this name.
pub(crate) fn listed(own: &str) -> Message {
    let built_in = runbook::BuiltIn::ALL.map(|built_in| RunbookRow {
        name: built_in.name().to_owned(),
        shown: built_in.name().to_owned(),
        what: built_in.what().to_owned(),
        own: false,
    });
    let own = RunbookRow { name: own.to_owned(), shown: own.to_owned(), what: own.to_owned(), own: true };
    Message::Runbook(RunbookMessage::Listed(built_in.into_iter().chain([own]).collect()))
}

/// A runbook with a piece of each sort, all about one name.
pub(crate) fn filled_in(name: &str) -> Runbook {
    let words = || name.to_owned();
    let step = Step {
        number: 1,
        text: words(),
        notes: vec![words()],
        ticks: vec![words(), words()],
        commands: Vec::new(),
        fill: vec![words()],
    };
    let items = vec![
        Item::Warns(words()),
        Item::Says(words()),
        Item::Lines(vec![words(), words()]),
        Item::Fill(vec![words()]),
        Item::Step(step),
    ];
    Runbook {
        name: words(),
        title: words(),
        about: Some(words()),
        made: 1_700_000_000,
        parts: vec![Part { heading: words(), items }],
        own_markdown: Some(format!("# {name}\n\n- [ ] {name}")),
    }
}

fn made(name: &str) -> Message {
    let asked = Asked { name: name.to_owned(), ..Asked::default() };
    Message::Runbook(RunbookMessage::Made(asked, Box::new(filled_in("Ana's phone"))))
}

fn at_runbooks() -> Stage {
    let mut stage = Stage::open();
    stage.keys("B");
    assert_eq!(stage.asked_for(), "Runbook(List)");
    stage.send(listed("night-shift"));
    stage
}

fn page(stage: &Stage) -> &RunbooksPage {
    let Screen::Runbooks(page) = &stage.model.screen else { panic!("{:?}", stage.model.screen) };
    page
}

/// A runbook of a vault with one entry, as it would be printed.
fn lost_device() -> (Asked, Box<Runbook>) {
    let (ctx, session) = opened(&Sandbox::with_entry());
    let asked = Asked { name: "lost-device".to_owned(), ..Asked::default() };
    let made = runbook::make(&ctx, &session, &asked).unwrap();
    (asked, Box::new(made))
}

fn reading() -> Stage {
    let mut stage = at_runbooks();
    stage.keys("j<enter><enter>").asked_for();
    let (asked, made) = lost_device();
    stage.send(Message::Runbook(RunbookMessage::Made(asked, made)));
    assert!(matches!(page(&stage).doing, RunbookStep::Shown(_)));
    stage
}

#[test]
fn one_key_lists_them_and_enter_asks_what_one_is_about() {
    let mut stage = at_runbooks();
    insta::assert_snapshot!("list_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("list_120x40", stage.screen(120, 40));
    insta::assert_snapshot!("list_40x10", stage.screen(40, 10));
    stage.keys("j<enter>");
    insta::assert_snapshot!("ask_80x24", stage.screen(80, 24));
    stage.keys("<esc><esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn what_is_left_empty_is_not_asked_and_what_is_typed_is() {
    let mut stage = at_runbooks();
    stage.keys("j<enter><enter>");
    assert_eq!(
        stage.asked_for(),
        r#"Runbook(Make(Asked { name: "lost-device", device: None, query: None }))"#
    );
    stage.keys(" phone-ana <tab>Entra<enter>");
    assert_eq!(
        stage.asked_for(),
        r#"Runbook(Make(Asked { name: "lost-device", device: Some("phone-ana"), query: Some("Entra") }))"#
    );
    let failure = Failure::new(Kind::NoEntry, "no device \"phone-ana\"")
        .next("without --device the runbook holds for any phone");
    stage.send(Message::Failed(Box::new(failure)));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! no device") && screen.contains("without a device"), "{screen}");
    assert!(screen.contains("phone-ana"), "what was typed stays");
}

#[test]
fn one_that_is_filled_in_is_read_to_its_end_and_no_further() {
    let mut stage = reading();
    insta::assert_snapshot!("read_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("read_120x40", stage.screen(120, 40));
    let first = stage.screen(40, 10);
    stage.keys("j<pgdn><pgup>k");
    assert_eq!(stage.screen(40, 10), first);
    stage.keys("G");
    let last = stage.screen(40, 10);
    stage.keys("jj<pgdn>");
    assert_eq!(stage.screen(40, 10), last);
    stage.keys("k");
    assert_ne!(stage.screen(40, 10), last, "one key moves back from the end");
    stage.keys("g");
    assert_eq!(stage.screen(40, 10), first);
    stage.keys("<esc>");
    assert!(matches!(page(&stage).doing, RunbookStep::List));
}

#[test]
fn every_step_of_it_stands_on_the_page() {
    let mut stage = reading();
    let (_, made) = lost_device();
    let screen = stage.screen(200, 400);
    for (heading, step) in made.steps() {
        assert!(screen.contains(heading), "{heading}");
        assert!(screen.contains(&format!("[ ] {}. ", step.number)), "{}", step.number);
        for text in step.ticks.iter().chain(&step.fill) {
            assert!(screen.contains(text.split(' ').next().unwrap()), "{text}");
        }
        for command in &step.commands {
            assert!(screen.contains(&command.to_string()), "{command}");
        }
    }
}

#[test]
fn a_seed_that_is_typed_for_a_name_is_asked_for_nowhere() {
    let mut stage = at_runbooks();
    stage.keys("<enter>").asked_for();
    stage.keys("otpauth://totp/A?secret=JBSWY3DP<enter>");
    assert_eq!(stage.asked_for(), "");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! this is a URI") && !screen.contains("JBSW"), "{screen}");
}

#[test]
fn ones_own_is_shown_as_it_was_written() {
    let mut stage = at_runbooks();
    stage.keys("G<enter><enter>").asked_for();
    stage.send(made("night-shift"));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("# Ana's phone\n\n- [ ] Ana's phone"), "{screen}");
}

#[test]
fn an_answer_to_what_is_no_longer_asked_is_not_shown() {
    let mut stage = at_runbooks();
    stage.keys("<enter><enter><esc>");
    stage.send(made("planned-change"));
    assert!(matches!(page(&stage).doing, RunbookStep::List));
    stage.keys("<enter>");
    stage.send(made("drill"));
    assert!(matches!(page(&stage).doing, RunbookStep::Ask(_)));
}

#[test]
fn w_writes_what_is_shown_and_a_refusal_stays_at_the_field() {
    let mut stage = reading();
    stage.keys("w");
    insta::assert_snapshot!("write_80x24", stage.screen(80, 24));
    stage.keys("<c-u><enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("! type the path"));
    stage.keys("/tmp/x.md<enter>");
    let asked = stage.asked_for();
    assert!(asked.starts_with("Runbook(Write(Runbook {") && asked.ends_with(r#""/tmp/x.md"))"#), "{asked}");
    let refused = Failure::new(Kind::Refused, "/tmp/x.md exists already").next("replace it with --force");
    stage.send(Message::Failed(Box::new(refused)));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! /tmp/x.md exists already") && !screen.contains("--force"), "{screen}");
    assert!(screen.contains("next: name another file"), "{screen}");
    stage.send(Message::Runbook(RunbookMessage::Written("wrote the runbook".to_owned())));
    assert!(matches!(page(&stage).doing, RunbookStep::Shown(_)));
    stage.keys("w<esc>");
    assert!(matches!(page(&stage).doing, RunbookStep::Shown(_)), "back to what was read");
}

#[test]
fn a_lock_drops_what_was_read_and_nothing_comes_back() {
    let mut stage = reading();
    stage.keys("L").asked_for();
    stage.send(listed("night-shift"));
    stage.send(made("lost-device"));
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
    let mut stage = reading();
    stage.wait(301);
    assert!(matches!(stage.model.screen, Screen::Unlock(_)), "nobody was there");
}

#[test]
fn no_size_is_too_small_for_any_of_its_screens() {
    for keys in ["", "<enter>", "<enter><enter>"] {
        let mut stage = at_runbooks();
        stage.keys(keys);
        for (columns, rows) in [(40, 10), (32, 8), (10, 3), (1, 1)] {
            stage.screen(columns, rows);
        }
    }
    let mut stage = reading();
    for keys in ["G", "w"] {
        stage.keys(keys);
        for (columns, rows) in [(40, 10), (32, 8), (10, 3), (1, 1)] {
            stage.screen(columns, rows);
        }
    }
}

#[test]
fn the_shipped_program_fills_one_in_and_writes_it_as_the_command_does() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("there.md", "mine\n");
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("AWS");
    terminal.types("B").shows("a phone is lost, stolen or broken");
    terminal.types("j\r").shows("Both may stay empty");
    terminal.types("\t").types("nobody").types("\r").shows("! no ");
    terminal.types("\x15AWS\r").shows("AWS:root");
    terminal.types("w").shows("where is it written?");
    terminal.types("\x15~/there.md\r").shows("there.md");
    terminal.shows("name another file");
    terminal.types("\x15~/lost.md\r").shows("wrote the runbook to");
    terminal.types("w").types("\x15~/lost.html\r").shows("lost.html");
    terminal.types("\x03");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(sandbox.read("there.md"), b"mine\n");
    let written = String::from_utf8(sandbox.read("lost.md")).unwrap();
    let printed = sandbox.run("runbook lost-device --for AWS").done().out;
    // The terminal's program goes by the machine's clock, and the sandbox's commands do not.
    let undated = |text: &str| {
        let lines = text.trim().lines().filter(|line| !line.contains("filled in on"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(undated(&written), undated(&printed));
    assert!(!written.contains(RFC_SEED));
    assert!(String::from_utf8(sandbox.read("lost.html")).unwrap().starts_with("<!"));
}
