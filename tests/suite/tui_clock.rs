//! The clock in the interface: measured by another device's code, corrected for one run, stepped, asleep.

use lifeboat::app::{Failure, Kind};
use lifeboat::tui::message::Message;
use lifeboat::tui::model::{IDLE_SECONDS, Screen};

use crate::tui_stage::{NOW, Stage, id};

/// The clock was measured by a code of the first entry and found 60 s behind.
fn measured() -> Stage {
    let mut stage = Stage::open();
    stage.keys("T123 456<enter>");
    assert_eq!(stage.asked_for(), format!("MeasureClock({:?}, SecretText(redacted))", id(1)));
    stage.send(Message::ClockMeasured { words: "this clock is 2 steps behind".to_owned(), seconds: 60 });
    stage
}

#[test]
fn another_devices_code_corrects_the_clock_for_this_run() {
    let mut stage = measured();
    stage.reveal(1, "424 242");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("2 steps behind") && screen.contains("+60 s on the clock"), "{screen}");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "CorrectClock(60)");
    stage.send(Message::ClockCorrected(60));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("clock corrected +60 s for this run"), "{screen}");
    assert!(!screen.contains("424 242"), "a code of the time before: {screen}");
    assert!(stage.screen(40, 12).contains("clock +60 s"), "{}", stage.screen(40, 12));
    stage.wait(20);
    assert!(stage.screen(80, 24).contains("clock corrected +60 s"), "it stays in sight");
}

#[test]
fn what_was_found_may_be_left() {
    let mut stage = measured();
    stage.keys("<esc><esc>");
    assert_eq!(stage.asked_for(), "");
    assert!(matches!(stage.model.screen, Screen::Codes));
    assert_eq!(stage.model.clock.correction, 0);
}

#[test]
fn a_correction_of_hours_does_not_lock() {
    let mut stage = measured();
    stage.send(Message::ClockCorrected(72_000));
    assert_eq!(stage.model.now, NOW + 72_000);
    stage.send(Message::Tick(NOW + 72_001));
    assert!(stage.model.open);
    stage.send(Message::Tick(NOW + 72_001 + IDLE_SECONDS));
    assert!(!stage.model.open);
    assert!(stage.screen(80, 24).contains("clock corrected +72000 s"), "it is still in force");
}

#[test]
fn a_code_that_fits_nowhere_is_told_at_its_field() {
    let mut stage = Stage::open();
    stage.keys("T<enter>");
    assert!(stage.screen(80, 24).contains("type the code that the other device shows"));
    stage.keys("000000<enter>");
    stage.asked_for();
    stage.send(Message::Failed(Box::new(Failure::new(
        Kind::CheckFailed,
        "no step within 20 of now has that code",
    ))));
    assert!(stage.screen(80, 24).contains("no step within 20"), "{}", stage.screen(80, 24));
    stage.keys("1");
    assert!(matches!(stage.model.screen, Screen::Clock(_)), "another one can be typed");
}

#[test]
fn an_entry_that_counts_measures_no_clock() {
    let mut stage = Stage::open();
    stage.keys("GT");
    assert!(matches!(stage.model.screen, Screen::Codes));
    assert!(stage.screen(80, 24).contains("this one counts"));
}

#[test]
fn a_step_of_the_clock_is_told_and_drops_the_correction() {
    let mut stage = measured();
    stage.send(Message::ClockCorrected(60));
    stage.send(Message::ClockStepped("the clock was stepped by -90 s".to_owned()));
    assert_eq!(stage.model.clock.correction, 0);
    let screen = stage.screen(80, 24);
    assert!(screen.contains("the correction of this run is dropped"), "{screen}");
    stage.wait(20);
    assert!(stage.screen(80, 24).contains("! the clock was stepped by -90 s"), "it stays above the codes");
}

#[test]
fn what_speaks_against_the_clock_stands_above_the_codes() {
    let mut stage = Stage::open();
    stage.send(Message::ClockDoubted("the clock is before the last use".to_owned()));
    assert!(stage.screen(80, 24).contains("! the clock is before the last use"));
    stage.reveal(1, "424 242");
    assert!(stage.screen(80, 24).contains("424 242"), "and blocks nothing");
}

#[test]
fn after_sleep_it_is_locked_and_nothing_typed_is_left() {
    let mut stage = Stage::open();
    stage.reveal(1, "424 242");
    stage.send(Message::Slept);
    assert_eq!(stage.asked_for(), "Lock");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("LOCKED") && screen.contains("the machine slept"), "{screen}");
    stage.keys("half a passphrase");
    stage.send(Message::Slept);
    let Screen::Unlock(form) = &stage.model.screen else { panic!("it is locked") };
    assert!(form.field.is_empty());
}
