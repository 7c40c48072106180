//! What a panic prints: its place, and nothing of what was worked on.

use std::process::{Command, Output};

use lifeboat::defect;

use crate::support::RFC_SEED;

/// Says to this program, started once more, which part it is to play.
const PART: &str = "LIFEBOAT_TEST_DEFECT";

/// Runs a test of this file in a process of its own, since a hook is the whole process's.
fn alone(name: &str, part: &str) -> Output {
    let name = format!("defect::{name}");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &name, "--nocapture"]).env(PART, part).output().unwrap()
}

/// Cuts a text in the middle of a letter: the standard library's own words for that repeat the whole text.
fn break_a_text() {
    let text = format!("é{RFC_SEED}");
    let end = std::hint::black_box(1);
    drop(text[..end].to_owned());
}

#[test]
fn a_panic_tells_its_place_and_nothing_of_what_was_worked_on() {
    if std::env::var_os(PART).is_some() {
        defect::tell_the_place_alone(|| eprintln!("given back"));
        return break_a_text();
    }
    let output = alone("a_panic_tells_its_place_and_nothing_of_what_was_worked_on", "break");
    let err = String::from_utf8(output.stderr).unwrap();
    let all = format!("{err}{}", String::from_utf8_lossy(&output.stdout));
    assert!(!output.status.success());
    assert!(err.contains("lifeboat: a defect at ") && err.contains("defect.rs:"), "{err}");
    assert!(err.find("given back") < err.find("a defect at"), "{err}");
    assert!(!all.contains(RFC_SEED), "{all}");
}

#[test]
fn a_panic_that_is_caught_is_not_told_and_the_next_one_is() {
    if std::env::var_os(PART).is_some() {
        defect::tell_the_place_alone(|| {});
        assert_eq!(defect::caught(|| 7), Some(7));
        assert_eq!(defect::caught(|| defect::caught(break_a_text)), Some(None));
        eprintln!("so far nothing");
        return break_a_text();
    }
    let output = alone("a_panic_that_is_caught_is_not_told_and_the_next_one_is", "catch");
    let err = String::from_utf8(output.stderr).unwrap();
    let (before, after) = err.split_once("so far nothing").expect(&err);
    assert!(!before.contains("defect at") && after.contains("a defect at "), "{err}");
}
