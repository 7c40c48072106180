//! The place of drills: what is due, what was run, and a drill step by step.

use lifeboat::app::{Failure, Kind};
use lifeboat::secret::SecretText;
use lifeboat::settings::Rule;
use lifeboat::tui::message::{DrillMessage, Message};
use lifeboat::tui::model::{
    DrillEntry, DrillOpened, DrillRow, DrillStep, Drilling, DrillsKnown, DueRow, LevelCell, Screen,
};

use crate::tui_stage::{NOW, Stage, bundle_seen, done, id, quorum_seen, share_taken, shares};

fn due_row(name: &str, days: [(&str, bool); 3]) -> DueRow {
    DueRow {
        name: name.to_owned(),
        path: format!("/media/usb/{name}.bundle"),
        levels: days.map(|(day, is_due)| LevelCell { day: day.to_owned(), is_due }).to_vec(),
        standing: "it is the newest of its kind".to_owned(),
        facts: vec![
            (
                "L1",
                "it opens: last 2023-08-01, DUE since 2023-11-01: the last drill counts until then"
                    .to_owned(),
            ),
            ("file", format!("/media/usb/{name}.bundle")),
        ],
    }
}

fn drill_row(level: &'static str, found: &str) -> DrillRow {
    DrillRow {
        day: "2023-08-01".to_owned(),
        level,
        found: found.to_owned(),
        has_findings: found != "nothing",
        bundle: "Safe".to_owned(),
        facts: vec![("by", "ana on laptop".to_owned()), ("total", "12.3 s".to_owned())],
    }
}

pub(crate) fn known() -> DrillsKnown {
    let replaced = DueRow {
        levels: Vec::new(),
        standing: "never due: replaced by Safe of 2023-08-01".to_owned(),
        ..due_row("Drawer", [("", false); 3])
    };
    DrillsKnown {
        due: vec!["L1, L2 of Safe: DUE since 2023-11-01: the last drill counts until then".to_owned()],
        bundles: vec![
            due_row("Safe", [("2023-11-01", true), ("2023-11-02", true), ("2024-08-01", false)]),
            replaced,
        ],
        history: vec![drill_row("L2", "nothing"), drill_row("L1", "1 stale, clock off +90 s")],
    }
}

pub(crate) fn opened(warnings: &[&str]) -> DrillOpened {
    let entry = |n, title: &str, verdict| DrillEntry {
        id: id(n),
        title: title.to_owned(),
        verdict,
        privileged: n == 4,
        said: None,
    };
    let mut compared = done();
    "It opens (L1), and every seed is this vault's (L2): 3 entries.".clone_into(&mut compared.what);
    compared.warnings = warnings.iter().map(|words| (*words).to_owned()).collect();
    compared.facts = vec![("opened with", "passphrase, typed".to_owned()), ("same", "3 entries".to_owned())];
    compared.next = vec!["Enter goes on to the clock.".to_owned()];
    DrillOpened {
        compared,
        clock_entry: Some("AWS:root@example.org".to_owned()),
        entries: vec![
            entry(1, "AWS:root@example.org", "same"),
            entry(2, "Bank:ana", "same"),
            entry(4, "Hypervisor:root", "stale"),
        ],
        is_of_vault: true,
        signer: "this vault's key, SHA256:jVQ9yqYRdFdzpZPHWV3dyG8mGzvFvGlEHBVvFmyPPbg".to_owned(),
    }
}

fn tell(stage: &mut Stage, message: DrillMessage) {
    stage.send(Message::Drill(message));
}

fn doing(stage: &Stage) -> &Drilling {
    let Screen::Drills(page) = &stage.model.screen else { panic!("{:?}", stage.model.screen) };
    &page.doing
}

fn step(stage: &Stage) -> usize {
    let Drilling::Run(run) = doing(stage) else { panic!("no drill is being run: {:?}", doing(stage)) };
    run.step.number()
}

fn at_list() -> Stage {
    let mut stage = Stage::open();
    stage.keys("3");
    assert_eq!(stage.asked_for(), "Drill(List)");
    tell(&mut stage, DrillMessage::Listed(Box::new(known())));
    stage
}

/// The bundle was named and is whole.
fn at_opening() -> Stage {
    let mut stage = at_list();
    stage.keys("r<enter>");
    assert_eq!(stage.asked_for(), "Drill(Begin(\"/media/usb/Safe.bundle\"))");
    stage.send(bundle_seen(&["label Safe", "made 2023-08-01", "opened by a passphrase"], false));
    stage
}

fn at_comparison(warnings: &[&str]) -> Stage {
    let mut stage = at_opening();
    stage.keys("nineteen otters<enter>");
    assert_eq!(stage.asked_for(), "Drill(Open { passphrase: SecretText(redacted), key_file: \"\" })");
    tell(&mut stage, DrillMessage::Opened(Box::new(opened(warnings))));
    stage
}

fn at_codes() -> Stage {
    let mut stage = at_comparison(&[]);
    stage.keys("<enter><enter>");
    assert_eq!(step(&stage), 5);
    stage
}

/// The step with the large clock.
pub(crate) fn at_clock() -> Stage {
    let mut stage = at_comparison(&[]);
    stage.keys("<enter>");
    stage
}

/// A large code that stays.
pub(crate) fn at_code() -> Stage {
    let mut stage = at_codes();
    stage.model.prefs.shown_seconds = 100_000;
    stage.keys("v");
    let code = SecretText::new("424 242".to_owned());
    tell(&mut stage, DrillMessage::Code { id: id(1), code, ends: Some(NOW + 100_000), follows: false });
    stage
}

fn show(stage: &mut Stage, n: u8, code: &str, follows: bool) {
    let code = SecretText::new(code.to_owned());
    let ends = Some(NOW / 30 * 30 + 30);
    tell(stage, DrillMessage::Code { id: id(n), code, ends, follows });
}

#[test]
fn what_is_due_stands_above_the_bundles_in_words_and_with_a_mark() {
    let mut stage = at_list();
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("due_80x24", screen);
    assert!(screen.contains("! L1, L2 of Safe: DUE since 2023-11-01"), "{screen}");
    insta::assert_snapshot!("due_200x50", stage.screen(200, 50));
    insta::assert_snapshot!("due_40x10", stage.screen(40, 10));
    stage.keys("j");
    assert!(stage.screen(80, 24).contains("> Drawer"));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("The bundle Drawer: never due: replaced by Safe"));
    stage.keys("<esc>");
    assert!(matches!(doing(&stage), Drilling::List));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn without_a_bundle_the_place_says_what_a_drill_is() {
    let mut stage = Stage::open();
    stage.keys("3");
    assert!(stage.screen(80, 24).contains("Reading the log"), "the screen does not wait for the log");
    tell(&mut stage, DrillMessage::Listed(Box::default()));
    insta::assert_snapshot!("empty_80x24", stage.screen(80, 24));
    stage.keys("h");
    assert!(stage.screen(80, 24).contains("No drill was run yet"));
}

#[test]
fn the_history_has_the_newest_first_with_what_is_known_of_the_selected_one() {
    let mut stage = at_list();
    stage.keys("h");
    insta::assert_snapshot!("history_80x24", stage.screen(80, 24));
    stage.keys("j<enter>");
    assert!(stage.screen(80, 24).contains("A drill of Safe on 2023-08-01: L1."));
    stage.keys("<esc>");
    assert!(matches!(doing(&stage), Drilling::List));
    stage.keys("h<esc>");
    assert!(matches!(doing(&stage), Drilling::List), "Esc goes back by one step");
}

#[test]
fn a_click_selects_the_row_under_it() {
    let mut stage = at_list();
    stage.screen(80, 24);
    // Below the title: what is due, an empty line, the heading, the rows.
    stage.send(Message::Clicked(5, 5));
    assert!(stage.screen(80, 24).contains("> Drawer"), "{}", stage.screen(80, 24));
    let mut stage = at_codes();
    let screen = stage.screen(80, 24);
    let line = screen.lines().position(|line| line.contains("Hypervisor")).unwrap();
    stage.send(Message::Clicked(5, u16::try_from(line).unwrap()));
    assert!(stage.screen(80, 24).contains("> Hypervisor:root"), "{}", stage.screen(80, 24));
}

#[test]
fn a_drill_goes_through_its_steps_and_says_on_each_that_it_is_one() {
    let mut stage = at_list();
    stage.keys("r");
    assert_eq!(step(&stage), 1);
    insta::assert_snapshot!("bundle_80x24", stage.screen(80, 24));
    let mut stage = at_opening();
    assert_eq!(step(&stage), 2);
    insta::assert_snapshot!("open_80x24", stage.screen(80, 24));
    let mut stage = at_comparison(&[]);
    assert_eq!(step(&stage), 3);
    insta::assert_snapshot!("compared_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(step(&stage), 4);
    insta::assert_snapshot!("clock_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("clock_40x10", stage.screen(40, 10));
    insta::assert_snapshot!("clock_200x50", stage.screen(200, 50));
    stage.keys("123456<enter>");
    assert_eq!(stage.asked_for(), "Drill(CompareClock(SecretText(redacted)))");
    tell(&mut stage, DrillMessage::ClockCompared(Err("it fits no time near this clock".to_owned())));
    assert!(stage.screen(80, 24).contains("! it fits no time near this clock"));
    tell(&mut stage, DrillMessage::ClockCompared(Ok("the clocks agree.".to_owned())));
    assert!(stage.screen(80, 24).contains("the clocks agree."));
    stage.keys("<enter>");
    assert_eq!(step(&stage), 5);
    stage.keys("f");
    assert_eq!(step(&stage), 6);
    insta::assert_snapshot!("end_80x24", stage.screen(80, 24));
    stage.asked_for();
    stage.keys("/media/usb/report<enter>");
    assert_eq!(stage.asked_for(), "Drill(Finish(\"/media/usb/report\"))");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::FileExists, "it exists already"))));
    assert!(stage.screen(80, 24).contains("! it exists already") && step(&stage) == 6, "refused in place");
    tell(&mut stage, DrillMessage::Done(done()));
    assert!(matches!(doing(&stage), Drilling::Told(_)));
    assert_eq!(stage.asked_for(), "Drill(List) Bundle(Forget)", "what is due is another thing now");
    for (mut stage, step) in [(at_opening(), 2), (at_comparison(&[]), 3), (at_codes(), 5)] {
        for (columns, rows) in [(80, 24), (40, 10), (200, 50)] {
            let screen = stage.screen(columns, rows);
            assert!(screen.contains(&format!(" DRILL   step {step} of 6")), "{screen}");
        }
        assert!(stage.screen(80, 24).contains(&format!("Drill, step {step} of 6")), "in the title too");
    }
}

#[test]
fn findings_are_listed_by_entry() {
    let mut stage = at_comparison(&["STALE  Hypervisor:root: its seed was replaced on 2023-10-01"]);
    insta::assert_snapshot!("findings_80x24", stage.screen(80, 24));
}

#[test]
fn a_wrong_passphrase_is_told_in_place_and_asked_for_again() {
    let mut stage = at_opening();
    stage.keys("wrong<enter>").asked_for();
    stage.send(Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "no"))));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("it does not open it: check Caps Lock") && step(&stage) == 2, "{screen}");
    stage.keys("nineteen otters");
    assert!(!stage.screen(80, 24).contains("nineteen"), "hidden");
    stage.keys("<c-r>");
    assert!(stage.screen(80, 24).contains("nineteen") && stage.model.shows_secret_text());
    assert!(!format!("{:?}", stage.model).contains("nineteen"), "nor is it in what is printed");
}

#[test]
fn shares_open_it_and_their_maker_is_asked_about_first() {
    let mut stage = at_list();
    stage.keys("r<enter>").asked_for();
    stage.send(quorum_seen(false));
    stage.paste(shares()[0].words().expose());
    assert!(stage.asked_for().starts_with("Bundle(AddShare("));
    stage.send(share_taken(1, 1));
    stage.send(share_taken(2, 0));
    assert_eq!(stage.asked_for(), "Drill(OpenByShares)");
    stage.send(Message::MakerUnknown("SHA256:abc".to_owned()));
    assert!(stage.screen(80, 24).contains("Is this the fingerprint on the cards?"));
    stage.keys("<enter>");
    assert!(stage.asked_for().contains("Bundle(Forget)") && step(&stage) == 1, "no is the default");
    assert!(stage.screen(80, 24).contains("the maker's fingerprint is not the one on"));
}

#[test]
fn leaving_in_the_middle_asks_and_writes_nothing() {
    for mut stage in [at_opening(), at_comparison(&[]), at_codes()] {
        stage.keys("<esc>");
        assert!(stage.screen(80, 24).contains("Leave the drill?"));
        stage.keys("<enter>");
        assert!(step(&stage) > 1 && stage.asked_for() == "", "no is the default");
        stage.keys("<esc>y");
        assert!(matches!(doing(&stage), Drilling::List));
        assert_eq!(
            stage.asked_for(),
            "Bundle(Forget)",
            "what was opened is dropped, and nothing else is done"
        );
        assert!(stage.screen(80, 24).contains("the drill was left; nothing was written"));
    }
    let mut stage = at_list();
    stage.keys("r<esc>");
    assert!(matches!(doing(&stage), Drilling::List), "nothing was begun, so nothing is asked");
}

#[test]
fn locking_in_the_middle_drops_everything() {
    let mut stage = at_codes();
    stage.keys("v").asked_for();
    show(&mut stage, 1, "424 242", false);
    stage.keys("L");
    assert!(!stage.model.open && stage.asked_for().contains("Lock"));
    assert!(!stage.screen(80, 24).contains("Hypervisor"));
    // An answer that comes late brings nothing back.
    tell(&mut stage, DrillMessage::Opened(Box::new(opened(&[]))));
    tell(&mut stage, DrillMessage::Done(done()));
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
    let mut stage = at_codes();
    stage.wait(300);
    assert!(!stage.model.open, "as an idle keyboard does");
}

#[test]
fn a_code_is_shown_large_and_hidden_after_a_while_on_another_row_and_elsewhere() {
    let mut stage = at_codes();
    insta::assert_snapshot!("codes_80x24", stage.screen(80, 24));
    stage.keys("v");
    assert_eq!(stage.asked_for(), format!("Drill(ShowCode({:?}))", id(1)));
    show(&mut stage, 1, "424 242", false);
    insta::assert_snapshot!("code_80x24", stage.screen(80, 24));
    assert!(stage.model.shows_secret_text(), "so that it goes from the cells with the screen");
    assert!(stage.screen(40, 10).contains("424 242"), "{}", stage.screen(40, 10));
    assert!(!format!("{:?}", stage.model).contains("424"));
    stage.send(Message::Focused(false));
    assert!(!stage.screen(80, 24).contains('█') && !stage.model.shows_secret_text());
    stage.send(Message::Focused(true));
    // Its step ends: the next one takes its place, for as long as the first was asked for.
    stage.wait(10);
    assert_eq!(stage.asked_for(), format!("Drill(NextCode({:?}))", id(1)), "asked for once");
    tell(
        &mut stage,
        DrillMessage::Code {
            id: id(1),
            code: SecretText::new("171 171".to_owned()),
            ends: Some(NOW + 40),
            follows: true,
        },
    );
    assert!(stage.screen(40, 10).contains("171 171"));
    stage.wait(19);
    assert!(stage.model.shows_secret_text());
    stage.wait(1);
    assert!(!stage.model.shows_secret_text() && !stage.screen(80, 24).contains('█'));
    // A code that comes late is not shown.
    show(&mut stage, 1, "999 999", true);
    assert!(!stage.model.shows_secret_text());
    stage.keys("v");
    show(&mut stage, 1, "424 242", false);
    stage.keys("j");
    assert!(!stage.model.shows_secret_text(), "another row hides it");
    show(&mut stage, 1, "424 242", false);
    assert!(!stage.model.shows_secret_text(), "and its code does not come under another name");
}

#[test]
fn entries_are_attested_one_by_one_with_a_reference() {
    let mut stage = at_codes();
    stage.keys("a");
    insta::assert_snapshot!("reference_80x24", stage.screen(80, 24));
    stage.asked_for();
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("an attestation needs a reference"));
    stage.keys("INC-4711<enter>");
    assert_eq!(stage.asked_for(), format!("Drill(Attest({:?}, \"INC-4711\"))", id(1)));
    tell(&mut stage, DrillMessage::Attested(id(1), Some("INC-4711".to_owned())));
    stage.keys("jn");
    assert_eq!(stage.asked_for(), format!("Drill(NotAccepted({:?}))", id(2)));
    tell(&mut stage, DrillMessage::Attested(id(2), None));
    insta::assert_snapshot!("attested_80x24", stage.screen(80, 24));
    stage.keys("f");
    assert!(stage.screen(80, 24).contains("1 code is attested"));
}

#[test]
fn a_reason_is_asked_for_before_the_code_of_a_privileged_entry() {
    let mut stage = at_codes();
    stage.model.prefs.reasons = Some(Rule::new(""));
    stage.keys("jjv");
    assert_eq!(stage.asked_for(), "ReadReasons", "no code before it is given");
    assert!(stage.screen(80, 24).contains("Why is this code shown?"));
    stage.keys("INC-1<enter>");
    assert_eq!(stage.asked_for(), format!("Because(SecretText(redacted), Drill(ShowCode({:?})))", id(4)));
    stage.keys("v");
    assert_eq!(stage.asked_for(), "ReadReasons", "it holds for one showing");
}

#[test]
fn a_report_is_brought_home() {
    let mut stage = at_list();
    stage.keys("b<enter>");
    assert!(stage.screen(80, 24).contains("type the path of the report"));
    stage.keys("~/report");
    insta::assert_snapshot!("record_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Drill(Record(\"~/report\"))");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::Damaged, "~/report was not recorded"))));
    assert!(stage.screen(80, 24).contains("! ~/report was not recorded"));
    tell(&mut stage, DrillMessage::Done(done()));
    assert!(matches!(doing(&stage), Drilling::Told(_)));
}

#[test]
fn the_palette_begins_a_drill_from_anywhere_with_what_is_due_first() {
    let mut stage = Stage::open();
    stage.keys(":run a drill<enter>");
    assert_eq!(stage.asked_for(), "Drill(List)");
    assert_eq!(step(&stage), 1);
    tell(&mut stage, DrillMessage::Listed(Box::new(known())));
    assert!(stage.screen(80, 24).contains("Path: /media/usb/Safe.bundle"), "{}", stage.screen(80, 24));
    let Drilling::Run(run) = doing(&stage) else { panic!() };
    assert!(matches!(run.step, DrillStep::Bundle(_)));
}

#[test]
fn a_bundle_of_another_vault_is_said_to_leave_no_record_here() {
    let mut stage = at_opening();
    stage.keys("nineteen otters<enter>");
    let other = DrillOpened { is_of_vault: false, ..opened(&[]) };
    tell(&mut stage, DrillMessage::Opened(Box::new(other)));
    stage.keys("<enter><enter>f");
    assert!(stage.screen(80, 24).contains("log gets no record"), "{}", stage.screen(80, 24));
}
