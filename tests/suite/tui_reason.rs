//! Reasons in the interface: asked for entry by entry, kept while a code is shown, and handed on with it.

use lifeboat::secret::SecretText;
use lifeboat::settings::Rule;
use lifeboat::tui::effect::{Effect, EntryEffect, TransferEffect};
use lifeboat::tui::message::{EntryMessage, Message, TransferMessage};
use lifeboat::tui::model::{Dialog, Prefs, Row, Screen};

use crate::pty::Pseudoterminal;
use crate::support::Sandbox;
use crate::tui_stage::{Stage, details, id, rows};

/// The privileged one of the five, with a code for 90 seconds.
const PRIVILEGED: u8 = 4;

/// An open vault with the privileged entry selected, and a rule.
fn ruled(pattern: &str) -> Stage {
    let mut stage = Stage::open();
    stage.model.prefs.reasons = Some(Rule::new(pattern));
    stage.keys("jjj");
    stage.effects.clear();
    stage
}

fn reveal(stage: &mut Stage) {
    stage.reveal(PRIVILEGED, "424 242");
}

fn recent(stage: &mut Stage, recent: &[&str]) {
    reasons_are_read(stage, recent, false);
}

fn reasons_are_read(stage: &mut Stage, recent: &[&str], in_session: bool) {
    let recent = recent.iter().map(|reason| (*reason).to_owned()).collect();
    stage.send(Message::ReasonsRead { recent, in_session });
}

fn shows(stage: &mut Stage, words: &str) -> bool {
    stage.screen(80, 24).contains(words)
}

fn asks(stage: &Stage) -> bool {
    matches!(stage.model.dialog, Some(Dialog::Reason(_)))
}

/// The reason and the effect that goes with it; nothing else was asked for.
#[track_caller]
fn because(stage: &mut Stage) -> (String, Effect) {
    let mut effects: Vec<Effect> = stage.effects.drain(..).collect();
    match (effects.pop(), effects.is_empty()) {
        (Some(Effect::Because(reason, effect)), true) => (reason.expose().to_owned(), *effect),
        other => panic!("{other:?} after {effects:?}"),
    }
}

#[track_caller]
fn check_reveal(stage: &mut Stage, expected: &str) {
    let (reason, effect) = because(stage);
    assert_eq!(reason, expected);
    assert_eq!(format!("{effect:?}"), format!("Reveal([{:?}], 30)", id(PRIVILEGED)));
}

#[test]
fn a_privileged_code_waits_for_its_reason() {
    let mut stage = ruled("");
    stage.keys("v");
    assert_eq!(stage.asked_for(), "ReadReasons");
    assert!(shows(&mut stage, "Why is this code shown? The log keeps it."));
    stage.keys("<enter>");
    assert!(shows(&mut stage, "! a blank reason says nothing") && stage.effects.is_empty());
    stage.keys("disk full<enter>");
    assert!(stage.model.dialog.is_none());
    check_reveal(&mut stage, "disk full");
}

#[test]
fn esc_shows_nothing_and_gives_no_reason() {
    for keys in ["v", "<enter>"] {
        let mut stage = ruled("");
        stage.keys(keys).keys("why not<esc>");
        assert_eq!(stage.asked_for(), "ReadReasons");
        assert!(stage.model.dialog.is_none() && stage.model.list.because.is_empty());
        assert!(shows(&mut stage, "no reason was given, so nothing was done"));
        stage.keys(keys);
        assert!(asks(&stage), "it is asked for again");
    }
}

#[test]
fn what_is_typed_is_held_against_the_pattern() {
    let mut stage = ruled("INC-[0-9]+");
    stage.keys("v");
    assert!(shows(&mut stage, "It has to match INC-[0-9]+ as a whole."));
    stage.effects.clear();
    stage.keys("INC-");
    assert!(shows(&mut stage, "! it does not match yet"));
    stage.keys("<enter>");
    assert!(asks(&stage) && shows(&mut stage, "! it does not match the pattern as a whole"));
    stage.keys("12");
    assert!(!shows(&mut stage, "!"));
    stage.keys(" x");
    assert!(shows(&mut stage, "! it does not match yet"));
    stage.keys("<backspace><enter>");
    check_reveal(&mut stage, "INC-12");
}

#[test]
fn reasons_that_were_given_are_taken_by_arrow_or_by_number() {
    for (keys, expected) in [
        ("<down><enter>", "INC-3"),
        ("<down><down><enter>", "INC-2"),
        ("<up><enter>", "INC-1"),
        ("<down><down><down><down><enter>", "INC-3"),
        ("<down>7<enter>", "INC-37"),
        ("2<enter>", "INC-2"),
    ] {
        let mut stage = ruled("INC-[0-9]+");
        stage.keys("v");
        recent(&mut stage, &["INC-3", "INC-2", "INC-1"]);
        stage.effects.clear();
        stage.keys(keys);
        check_reveal(&mut stage, expected);
    }
    let mut stage = ruled("INC-[0-9]+");
    stage.keys("v");
    recent(&mut stage, &["INC-3"]);
    stage.keys("2<enter>");
    assert!(asks(&stage), "there is no second one");
}

#[test]
fn the_reason_of_a_break_glass_session_stands_there_at_once_and_can_be_typed_over() {
    for (before, after, expected) in
        [("", "<enter>", "INC-7"), ("", "<backspace>8<enter>", "INC-8"), ("INC-9", "<enter>", "INC-9")]
    {
        let mut stage = ruled("INC-[0-9]+");
        stage.keys("v").keys(before);
        reasons_are_read(&mut stage, &["INC-7", "INC-1"], true);
        assert_eq!(shows(&mut stage, "that of the break-glass session: Enter takes it"), before.is_empty());
        stage.effects.clear();
        stage.keys(after);
        check_reveal(&mut stage, expected);
    }
}

#[test]
fn a_reason_holds_while_the_code_is_shown_and_goes_with_it() {
    let shown = || {
        let mut stage = ruled("");
        stage.keys("vdisk full<enter>");
        reveal(&mut stage);
        stage.effects.clear();
        assert!(shows(&mut stage, "424 242"));
        stage
    };
    let mut stage = shown();
    stage.keys("<enter>");
    let (reason, effect) = because(&mut stage);
    assert!(matches!(effect, Effect::Copy { again: false, .. }) && reason == "disk full");
    // Hidden by hand, with all others, by the time that is over, by another rule, and by locking.
    for hide in ["v", "h", "29 s", "30 s", "rule", "L"] {
        let mut stage = shown();
        match hide {
            "29 s" => {
                stage.wait(29);
                assert!(stage.model.list.revealed.contains_key(&id(PRIVILEGED)));
                stage.effects.clear();
                stage.keys("<enter>");
                assert!(!asks(&stage), "it still holds");
                continue;
            }
            "30 s" => {
                stage.wait(30);
            }
            "rule" => {
                let prefs = Prefs { reasons: Some(Rule::new("INC.*")), ..Prefs::default() };
                stage.send(Message::SettingsRead {
                    rows: Vec::new(),
                    warnings: Vec::new(),
                    path: None,
                    prefs,
                });
            }
            keys => {
                stage.keys(keys);
            }
        }
        assert!(stage.model.list.because.is_empty(), "{hide}");
        assert!(!shows(&mut stage, "424 242"), "{hide}");
        stage.send(Message::Rows { rows: rows(), set_aside: 0 });
        stage.keys("Gk<enter>");
        assert!(asks(&stage), "{hide}");
    }
}

#[test]
fn a_copy_without_showing_holds_for_as_long_as_a_code_is_shown() {
    let mut stage = ruled("");
    stage.keys("<enter>disk full<enter>");
    stage.send(Message::CopiedBefore {
        id: id(PRIVILEGED),
        copied_at: stage.model.now - 1,
        next_at: stage.model.now + 9,
    });
    stage.effects.clear();
    stage.keys("y");
    let (_, effect) = because(&mut stage);
    assert!(matches!(effect, Effect::Copy { again: true, .. }));
    stage.wait(30);
    stage.keys("<enter>");
    assert!(asks(&stage));
}

#[test]
fn a_code_that_is_waited_for_keeps_its_reason() {
    let mut stage = ruled("");
    stage.keys("<enter>disk full<enter>");
    stage.send(Message::CopiedBefore {
        id: id(PRIVILEGED),
        copied_at: stage.model.now,
        next_at: stage.model.now + 80,
    });
    stage.keys("w");
    stage.effects.clear();
    stage.wait(80);
    let (reason, effect) = because(&mut stage);
    assert!(matches!(effect, Effect::Copy { again: false, .. }) && reason == "disk full");
}

#[test]
fn a_page_of_codes_leaves_out_those_that_wait_for_a_reason() {
    let mut stage = ruled("");
    stage.keys("V");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}, {:?}, {:?}], 60)", id(1), id(2), id(3)));
    assert!(shows(&mut stage, "one privileged code stays hidden: v asks for a reason"));
    for n in 1..4 {
        stage.reveal(n, "111 111");
    }
    stage.keys("V");
    assert!(stage.model.list.revealed.is_empty(), "the second press hides what the first has shown");
}

#[test]
fn what_a_page_shows_beside_a_privileged_code_is_not_shown_for_its_reason() {
    let mut stage = ruled("");
    stage.keys("vdisk full<enter>");
    reveal(&mut stage);
    stage.effects.clear();
    stage.keys("V");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}, {:?}, {:?}], 60)", id(1), id(2), id(3)));
    for n in 1..4 {
        stage.reveal(n, "111 111");
    }
    stage.keys("V");
    assert!(stage.model.list.revealed.is_empty() && stage.model.list.because.is_empty());
}

#[test]
fn codes_that_a_setting_keeps_visible_leave_out_those_that_wait_for_a_reason() {
    let mut stage = ruled("");
    stage.model.prefs.masked = false;
    stage.keys("k");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}, {:?}, {:?}], {})", id(1), id(2), id(3), u64::MAX));
    stage.keys("j<right>");
    assert!(!stage.asked_for().contains("Reveal") && !asks(&stage));
}

#[test]
fn no_answer_brings_a_privileged_code_onto_the_screen_without_a_reason() {
    let mut stage = ruled("");
    reveal(&mut stage);
    assert!(!shows(&mut stage, "424 242") && stage.model.list.revealed.is_empty());
    stage.keys("vdisk full<enter>h");
    stage.keys("L");
    stage.send(Message::Rows { rows: rows(), set_aside: 0 });
    reveal(&mut stage);
    assert!(!shows(&mut stage, "424 242"), "the answer came after locking");
    // An entry that is marked while its code is shown.
    stage.reveal(2, "4242 4242");
    assert!(shows(&mut stage, "4242 4242"));
    let marked = rows().into_iter().map(|row| Row { privileged: row.id == id(2), ..row }).collect();
    stage.send(Message::Rows { rows: marked, set_aside: 0 });
    assert!(!shows(&mut stage, "4242 4242"));
}

#[test]
fn the_qr_code_and_the_recovery_codes_wait_for_a_reason_too() {
    for (keys, words) in [("Qy", "Why is this seed shown?"), ("Ry", "Why is a recovery code handed out?")] {
        let mut stage = ruled("");
        stage.keys("<right>");
        let known = lifeboat::tui::model::EntryDetails { id: id(PRIVILEGED), ..details(2) };
        stage.send(Message::Entry(EntryMessage::Read(known)));
        stage.effects.clear();
        stage.keys(keys);
        assert_eq!(stage.asked_for(), "ReadReasons", "{keys}");
        assert!(shows(&mut stage, words), "{}", stage.screen(80, 24));
        stage.keys("disk full<enter>");
        let (reason, effect) = because(&mut stage);
        let is_right = matches!(effect, Effect::Entry(EntryEffect::ShowQr(..) | EntryEffect::HandOut(_)));
        assert!(is_right && reason == "disk full", "{effect:?}");
    }
}

#[test]
fn the_first_code_of_a_new_privileged_entry_waits_for_a_reason() {
    let mut stage = ruled("");
    stage.keys("a");
    stage.effects.clear();
    stage.send(Message::Added {
        id: id(PRIVILEGED),
        title: "Hypervisor:root".to_owned(),
        warnings: Vec::new(),
    });
    assert!(asks(&stage));
    stage.effects.clear();
    stage.keys("set up<enter>");
    check_reveal(&mut stage, "set up");
}

#[test]
fn an_export_in_clear_that_holds_a_privileged_entry_waits_for_a_reason() {
    let export = |keys: &str| {
        let mut stage = ruled("INC-[0-9]+");
        stage.keys(keys).keys("x<tab><right>");
        stage.keys("<enter>");
        assert!(matches!(stage.model.screen, Screen::Transfer(_)));
        let seen = TransferMessage::OutputSeen {
            exists: false,
            n_entries: 1,
            lossy: Vec::new(),
            left_out: Vec::new(),
            asks_vault: false,
        };
        stage.send(Message::Transfer(seen));
        stage.effects.clear();
        stage.keys("plaintext<enter>");
        stage
    };
    let mut stage = export("");
    assert!(
        asks(&stage) && shows(&mut stage, "Why are these seeds written in clear?"),
        "{}",
        stage.screen(80, 24)
    );
    stage.effects.clear();
    stage.keys("INC-1<enter>");
    let (reason, effect) = because(&mut stage);
    assert!(matches!(effect, Effect::Transfer(TransferEffect::Export(_))) && reason == "INC-1");
    assert!(stage.model.list.because.is_empty(), "it was for the file alone");
    // Marked ones without a privileged one among them.
    let stage = export("g ");
    assert!(!asks(&stage));
    assert!(
        matches!(stage.effects.as_slice(), [Effect::Transfer(TransferEffect::Export(_))]),
        "{:?}",
        stage.effects
    );
}

#[test]
fn without_the_rule_and_for_other_entries_nothing_is_asked() {
    let mut stage = Stage::open();
    stage.keys("jjjv");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(PRIVILEGED)));
    let mut stage = ruled("");
    stage.keys("kv");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(3)));
}

#[test]
fn a_reason_is_no_secret_on_the_screen_and_none_is_shown_by_debug() {
    let mut stage = ruled("");
    stage.keys("v");
    stage.send(Message::Pasted(SecretText::new("canary\u{1b}[2J\u{202e}".to_owned())));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("canary") && !screen.contains(['\u{1b}', '\u{202e}']), "{screen}");
    assert!(!format!("{:?}", stage.model).contains("canary"));
    stage.keys("<enter>");
    assert!(!stage.asked_for().contains("canary") && !format!("{:?}", stage.model).contains("canary"));
}

#[test]
fn the_question_fits_on_small_screens() {
    let mut stage = ruled("(INC|CHG)-[0-9]{4,}");
    stage.keys("v");
    recent(&mut stage, &["INC-4711", "CHG-0815", "INC-4709", "INC-4708", "INC-4707"]);
    stage.keys("<down><down><backspace><backspace>");
    insta::assert_snapshot!("reason_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("reason_60x18", stage.screen(60, 18));
    let (_, row) = stage.cursor(60, 18);
    let line = stage.screen(60, 18).lines().nth(usize::from(row)).unwrap().to_owned();
    assert!(line.contains("> Reason: CHG-08"), "{line}");
    assert!(stage.screen(40, 10).contains("> Reason: CHG-08"));
}

#[test]
fn the_shipped_interface_records_each_reveal_and_copy_with_the_reason() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("edit AWS --privileged").done();
    sandbox.run("list --reason INC-1").done();
    std::fs::create_dir_all(sandbox.path(".config/lifeboat")).unwrap();
    sandbox.write(".config/lifeboat/lifeboat.toml", "[reasons]\nprivileged = true\npattern = 'INC-[0-9]+'\n");
    sandbox.run("code AWS --reason INC-1").done();
    sandbox.run("incident open break-glass --reason INC-7").done();
    let terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("AWS");
    terminal.types("v");
    terminal.shows("2  INC-1");
    terminal.shows("> Reason: INC-7");
    terminal.types("\x15");
    terminal.types("INC-22\r");
    terminal.until("a code", |screen| !screen.contains("Reason") && !screen.contains("••••"));
    terminal.types("\r");
    terminal.shows("sent through OSC 52");
    terminal.types("o");
    let page = terminal.until("two records", |screen| screen.matches("because INC-22").count() == 2);
    assert_eq!(page.matches("code-shown").count(), 3, "{page}");
}
