//! The place of the log: its records and their filters, the check, evidence, and the passphrase typed from memory.

use lifeboat::app::audit::Standing;
use lifeboat::app::{Failure, Kind, Unchanged};
use lifeboat::tui::message::{LogMessage, Message};
use lifeboat::tui::model::{Done, LogFilter, LogPage, LogRecords, LogRow, LogStep, Screen};

use crate::tui_stage::{NOW, Stage, id, log_row};

/// Newest first: a code with its reason, a line in clear, one that was taken in, a bundle, something that is gone.
fn records() -> Vec<LogRow> {
    let clear = |standing| LogRow {
        standing,
        event: "failed-unlock".to_owned(),
        entry: None,
        title: String::new(),
        user: String::new(),
        host: String::new(),
        way: String::new(),
        ..log_row(1)
    };
    let shown =
        LogRow { standing: Standing::Sealed(9), reason: Some("INC-7 mail is down".to_owned()), ..log_row(2) };
    let bundle = LogRow {
        standing: Standing::Sealed(6),
        event: "bundle-made".to_owned(),
        entry: None,
        title: String::new(),
        user: "ben".to_owned(),
        generation: Some(12),
        facts: vec![
            ("path".to_owned(), "/media/usb/safe.bundle".to_owned()),
            ("entries".to_owned(), "5".to_owned()),
        ],
        ..log_row(1)
    };
    let gone = LogRow {
        standing: Standing::Sealed(5),
        event: "purged".to_owned(),
        entry: Some(id(77)),
        title: "gone".to_owned(),
        ..log_row(1)
    };
    vec![shown, clear(Standing::NotSealed), clear(Standing::TakenIn(8)), bundle, gone, log_row(4)]
}

fn read(stage: &mut Stage, wanted: LogFilter, rows: Vec<LogRow>) {
    stage.send(Message::Log(LogMessage::Read(wanted, LogRecords::of(rows))));
}

/// The log with its records.
fn at_log() -> Stage {
    let mut stage = Stage::open();
    stage.keys("5");
    assert_eq!(stage.asked_for(), r#"Log(Read(LogFilter { kind: "", since: "", person: "", entry: "" }))"#);
    read(&mut stage, LogFilter::default(), records());
    stage
}

fn page(stage: &Stage) -> &LogPage {
    let Screen::Log(page) = &stage.model.screen else { panic!("not the log: {:?}", stage.model.screen) };
    page
}

fn selected(stage: &Stage) -> Option<Standing> {
    page(stage).selected_row().map(|row| row.standing)
}

fn checked(wrong: &[&str]) -> Done {
    Done {
        name: "Check",
        what: "The log is NOT WHOLE: 1 thing is wrong.".to_owned(),
        warnings: wrong.iter().map(|words| (*words).to_owned()).collect(),
        facts: vec![("head", "0d98 dc13".to_owned())],
        next: vec!["What no check of the log can prove:".to_owned()],
        offset: 0,
    }
}

#[test]
fn records_stand_newest_first_with_all_that_is_known_of_the_selected_one() {
    let mut stage = at_log();
    insta::assert_snapshot!("log_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("log_40x10", stage.screen(40, 10));
    insta::assert_snapshot!("log_200x50", stage.screen(200, 50));
    assert_eq!(stage.cursor(80, 24), (0, 2), "the terminal's cursor stands on the selected row");
    let screen = stage.keys("j").screen(80, 24);
    assert!(screen.contains("no record has taken it in yet"), "{screen}");
    assert!(stage.keys("j").screen(80, 24).contains("record 8 has sealed its hash since"));
    let screen = stage.keys("j").screen(80, 24);
    assert!(
        screen.contains("bundle-made: a bundle was made") && screen.contains("generation  12"),
        "{screen}"
    );
    assert!(screen.contains("entries: 5") && screen.contains("ben"), "{screen}");
    stage.keys("v");
    insta::assert_snapshot!("record_80x24", stage.screen(80, 24));
    stage.keys("<esc>");
    assert_eq!(selected(&stage), Some(Standing::Sealed(6)), "the record stays selected");
}

#[test]
fn a_log_that_was_not_read_yet_and_one_without_records_say_so() {
    let mut stage = Stage::open();
    stage.keys("5");
    assert!(stage.screen(80, 24).contains("Reading the log."));
    stage.keys("jkgG<enter>v");
    read(&mut stage, LogFilter::default(), Vec::new());
    assert!(stage.screen(80, 24).contains("No record of this vault is at hand"));
}

#[test]
fn what_is_typed_filters_by_entry_person_kind_and_reason_and_no_match_selects_nothing() {
    let mut stage = at_log();
    stage.keys("jj/bank INC");
    insta::assert_snapshot!("filtered_80x24", stage.screen(80, 24));
    assert_eq!(selected(&stage), Some(Standing::Sealed(9)), "the newest one that fits is selected");
    for (typed, number) in [("ben@", 6), ("PURGED", 5), ("mail down", 9), ("hypervisor", 4), ("usb", 6)] {
        stage.keys("<c-u>").keys(typed);
        assert_eq!(selected(&stage), Some(Standing::Sealed(number)), "{typed}");
        assert_eq!(page(&stage).shown.len(), 1, "{typed}");
    }
    stage.keys("<c-u>nobody at all");
    assert_eq!(selected(&stage), None);
    let screen = stage.screen(80, 24);
    assert!(screen.contains("0 of 6 shown") && screen.contains("nothing is selected"), "{screen}");
    stage.keys("<enter>").asked_for();
    stage.keys("<enter>v");
    assert_eq!(stage.asked_for(), "", "nothing is done with a record that is not shown");
    stage.keys("<esc>");
    assert!(stage.screen(80, 24).contains("6 records, newest first"), "Esc clears it");
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn a_seeds_uri_is_not_taken_into_the_filter() {
    let mut stage = at_log();
    stage.keys("/").paste("otpauth://totp/A?secret=JBSWY3DP");
    let screen = stage.screen(80, 24);
    assert!(!screen.contains("JBSWY3DP") && screen.contains("this is a URI with a seed in it"), "{screen}");
    stage.keys("otpauth://totp/A?secret=JBSWY3DP");
    assert!(!stage.screen(80, 24).contains("/otpauth:"));
}

#[test]
fn records_are_chosen_by_kind_time_person_and_entry_and_what_is_wrong_is_told_in_place() {
    let mut stage = at_log();
    stage.keys("f<right><tab>1x");
    insta::assert_snapshot!("choice_80x24", stage.screen(80, 24));
    stage.asked_for();
    stage.keys("<enter>");
    let wanted = LogFilter { kind: "bundle-made".to_owned(), since: "1x".to_owned(), ..LogFilter::default() };
    assert_eq!(stage.asked_for(), format!("Log(Read({wanted:?}))"), "kinds are those that the log has");
    let refused = Failure::new(Kind::Usage, "write a duration as 90s, 15m, 2h or 30d");
    stage.send(Message::Failed(Box::new(refused)));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! write a duration") && screen.contains("Since:  1x"), "{screen}");
    stage.keys("<c-u>30d<tab>ben<tab>GitHub<enter>");
    let wanted = LogFilter {
        kind: "bundle-made".to_owned(),
        since: "30d".to_owned(),
        person: "ben".to_owned(),
        entry: "GitHub".to_owned(),
    };
    assert_eq!(stage.asked_for(), format!("Log(Read({wanted:?}))"));
    read(&mut stage, wanted, vec![records().remove(3)]);
    assert!(stage.model.dialog.is_none(), "the fields go once the records are there");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("1 record, newest first   kind bundle-made, since 30d, person ben"), "{screen}");
    stage.keys("f");
    assert!(stage.screen(80, 24).contains("GitHub"), "the fields hold what was chosen");
    stage.keys("<esc><esc>");
    assert_eq!(stage.asked_for(), format!("Log(Read({:?}))", LogFilter::default()), "Esc takes all again");
}

#[test]
fn enter_goes_to_the_entry_and_back_returns_to_the_record() {
    let mut stage = at_log();
    stage.keys("/bank<enter>").asked_for();
    stage.keys("<enter>");
    assert!(matches!(&stage.model.screen, Screen::Entry(page) if page.id() == id(2)));
    assert!(stage.asked_for().contains("Entry(Read("));
    stage.keys("<esc>");
    assert_eq!(page(&stage).filter, "bank");
    assert_eq!(selected(&stage), Some(Standing::Sealed(9)));
    assert!(stage.asked_for().contains("Log(Read("), "what was done there is in the log by now");
    stage.keys("<esc>jj<enter>");
    assert!(stage.screen(80, 24).contains("this record is about no entry"));
    stage.keys("jj<enter>");
    assert!(stage.screen(80, 24).contains("the entry was destroyed"), "{}", stage.screen(80, 24));
    let trashed = LogRow { entry: Some(id(78)), title: "Old:ana".to_owned(), ..log_row(1) };
    read(&mut stage, LogFilter::default(), vec![trashed]);
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("Old:ana is not among the codes: D there shows the trash"));
    assert!(matches!(stage.model.screen, Screen::Log(_)));
}

#[test]
fn new_records_leave_the_selected_one_selected() {
    let mut stage = at_log();
    stage.keys("jjj");
    let mut rows = records();
    rows.insert(0, LogRow { standing: Standing::Sealed(10), ..log_row(3) });
    read(&mut stage, LogFilter::default(), rows);
    assert_eq!(selected(&stage), Some(Standing::Sealed(6)));
}

#[test]
fn a_click_selects_the_record_under_it_beside_the_panel_too() {
    let mut stage = at_log();
    for size in [(80, 24), (200, 50)] {
        stage.send(Message::Resized(size.0, size.1));
        stage.send(Message::Clicked(5, 5));
        assert_eq!(selected(&stage), Some(Standing::Sealed(6)), "{size:?}");
        stage.send(Message::Clicked(5, 2));
        assert_eq!(selected(&stage), Some(Standing::Sealed(9)), "{size:?}");
    }
}

#[test]
fn tens_of_thousands_of_records_are_moved_through_and_filtered() {
    let mut stage = at_log();
    let many = |n| LogRow { standing: Standing::Sealed(n), at: NOW + n, ..log_row(3) };
    read(&mut stage, LogFilter::default(), (0..50_000).rev().map(many).collect());
    stage.keys("G");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("50000 records") && screen.contains("> 0 "), "{screen}");
    stage.keys("/49321");
    assert_eq!(selected(&stage), Some(Standing::Sealed(49_321)));
}

#[test]
fn the_check_tells_what_is_wrong_and_a_head_from_elsewhere_is_looked_for() {
    let mut stage = at_log();
    stage.asked_for();
    stage.keys("c");
    assert_eq!(stage.asked_for(), "Log(Check(None))");
    stage.send(Message::Log(LogMessage::Done(checked(&["record 6 is missing"]))));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("NOT WHOLE") && screen.contains("! record 6 is missing"), "{screen}");
    stage.keys("<esc>");
    assert!(stage.asked_for().contains("Log(Read("));
    stage.keys("h12<enter>");
    assert!(stage.screen(80, 24).contains("! that is no head of a log"));
    assert_eq!(stage.asked_for(), "");
    stage.keys("<c-u>").keys(&"0A ".repeat(32)).keys("<enter>");
    assert_eq!(stage.asked_for(), format!("Log(Check(Some({:?})))", [10; 32]));
}

#[test]
fn evidence_is_asked_for_by_folder_and_period_and_refused_in_place() {
    let mut stage = at_log();
    stage.keys("e").asked_for();
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("! type the path of the folder"));
    stage.keys("/media/usb/q4<tab><c-u>soon<enter>");
    assert!(stage.screen(80, 24).contains("! write a duration as 90s, 15m, 2h or 30d"));
    assert_eq!(stage.asked_for(), "", "nothing is made");
    stage.keys("<c-u>90d<tab><right>");
    insta::assert_snapshot!("evidence_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("evidence_40x10", stage.screen(40, 10));
    stage.keys("<enter>");
    assert_eq!(
        stage.asked_for(),
        r#"Log(MakeEvidence(EvidenceOrder { folder: "/media/usb/q4", since: 7776000, redact: true, policy: "" }))"#
    );
    let refused = Failure::new(Kind::FileExists, "no report can be made in /media/usb/q4")
        .unchanged(Unchanged::NothingTouched)
        .next("name another folder with -o: a report is never replaced");
    stage.send(Message::Failed(Box::new(refused)));
    let screen = stage.screen(80, 24);
    assert!(
        screen.contains("! no report can be made")
            && screen.contains("name another folder: a report is never"),
        "{screen}"
    );
    assert!(!screen.contains("with -o") && screen.contains("Folder:      /media/usb/q4"), "{screen}");
}

#[test]
fn a_passphrase_is_rehearsed_from_any_page_and_only_typed() {
    let mut stage = Stage::open();
    stage.keys(":rehearse<enter>");
    assert_eq!(stage.asked_for(), "Log(BeginRehearsal)");
    stage.send(Message::Log(LogMessage::RehearsalBegun));
    insta::assert_snapshot!("rehearse_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("! type it as you remember it"));
    stage.paste("quiet otters");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! type it: what is pasted was not recalled"), "{screen}");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "nothing was typed");
    stage.keys("quiet otters");
    assert!(!stage.screen(80, 24).contains("quiet otters"), "it is hidden");
    stage.keys("<c-r>");
    assert!(stage.screen(80, 24).contains("quiet otters") && stage.model.shows_secret_text());
    stage.keys("<enter>");
    assert!(stage.asked_for().starts_with("Log(Rehearse { typed: "), "it is tried");
    assert!(!stage.screen(80, 24).contains("quiet otters"), "and gone from the screen");
    let done = Done { what: "Well done: that is the passphrase.".to_owned(), ..checked(&[]) };
    stage.send(Message::Log(LogMessage::Recalled(done)));
    assert!(stage.screen(80, 24).contains("Well done"));
    stage.keys("<enter>");
    assert!(matches!(page(&stage).doing, LogStep::List));
    assert!(stage.asked_for().contains("Log(Read("));
}

#[test]
fn a_wrong_passphrase_is_told_in_place_waited_for_and_after_three_noted_as_not_recalled() {
    let mut stage = at_log();
    let wrong = || Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "it does not open it")));
    stage.keys("r");
    stage.send(Message::Log(LogMessage::RehearsalBegun));
    stage.keys("<esc>");
    assert!(matches!(page(&stage).doing, LogStep::List), "another day is no failure");
    stage.asked_for();
    stage.keys("r");
    stage.send(Message::Log(LogMessage::RehearsalBegun));
    for n_failed in 0..3 {
        stage.keys("otters<enter>");
        let asked = stage.asked_for();
        assert!(asked.contains(&format!("n_failed: {n_failed}")), "{asked}");
        stage.send(wrong());
        let screen = stage.screen(80, 24);
        assert!(screen.contains("! it does not open it"), "{screen}");
    }
    assert_eq!(stage.asked_for(), "Log(NotRecalled(3))");
    assert!(stage.screen(80, 24).contains("the next can be typed in"), "as at the vault's own field");

    let mut stage = at_log();
    stage.send(Message::Log(LogMessage::RehearsalBegun));
    stage.keys("otters<enter>");
    stage.send(wrong());
    stage.asked_for();
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "Log(NotRecalled(1))", "giving up is noted too");
}

#[test]
fn nothing_of_the_log_comes_back_onto_a_locked_screen() {
    let mut stage = at_log();
    stage.keys("L");
    read(&mut stage, LogFilter::default(), records());
    stage.send(Message::Log(LogMessage::RehearsalBegun));
    stage.send(Message::Log(LogMessage::Done(checked(&[]))));
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
    assert!(!stage.screen(80, 24).contains("Bank"));
}
