use super::*;
use crate::platform::sandbox::Mode;

fn linux(seccomp: Seccomp, landlock: Landlock) -> Protection {
    Protection {
        system: "linux",
        mode: Mode::Auto,
        core_dumps_off: true,
        undumpable: Some(true),
        no_new_privileges: Some(true),
        seccomp,
        landlock,
    }
}

fn filter() -> Seccomp {
    Seccomp::InForce { action: Action::Refuse, refuses: vec!["sockets", "starting programs"] }
}

fn abi(abi: u8) -> Landlock {
    Landlock::InForce { abi, outputs: Outputs::Named }
}

#[track_caller]
fn line(protection: &Protection, what: &str) -> (Verdict, String) {
    let findings = findings(protection);
    let found = findings.iter().find(|finding| finding.what == what);
    let found = found.unwrap_or_else(|| panic!("no line says {what}: {findings:?}"));
    (found.verdict, found.words.clone())
}

#[test]
fn with_abi_7_and_the_filter_every_line_is_right() {
    let protection = linux(filter(), abi(7));
    assert!(protection.is_complete() && missing(&protection).is_empty());
    let findings = findings(&protection);
    assert_eq!(findings.len(), 6 + RULES.len());
    for finding in findings {
        assert_eq!(finding.verdict, Verdict::Right, "{finding:?}");
    }
    let (_, calls) = line(&protection, "system calls");
    assert_eq!(calls, "refused with an error (seccomp, EPERM): sockets; starting programs");
}

#[test]
fn with_abi_1_each_rule_that_is_missing_says_what_holds_instead() {
    let protection = linux(filter(), abi(1));
    assert!(!protection.is_complete());
    assert_eq!(missing(&protection), ["Landlock has ABI 1, and 7 is wanted (Linux 6.15)"]);
    assert_eq!(line(&protection, "file writing").0, Verdict::Right);
    assert_eq!(line(&protection, "programs").0, Verdict::Right);
    let (verdict, words) = line(&protection, "TCP");
    assert_eq!(verdict, Verdict::Note);
    assert_eq!(words, "the filter of system calls refuses every socket (Linux 6.7 and later know this rule)");
    assert_eq!(line(&protection, "Landlock").1, "in force, ABI 1: the rules below that this kernel knows");
    assert_eq!(line(&protection, "sandbox").0, Verdict::Note);
}

#[test]
fn without_landlock_no_rule_is_called_in_force() {
    let why = "this kernel has no Landlock (Linux 5.13 and later can)";
    let protection = linux(filter(), Landlock::Missing(why.to_owned()));
    assert_eq!(missing(&protection), [why]);
    assert!(rules(&protection.landlock).iter().all(|rule| !rule.in_force));
    assert_eq!(line(&protection, "Landlock"), (Verdict::Note, format!("none: {why}")));
    assert_eq!(line(&protection, "system calls").0, Verdict::Right);
    assert!(!findings(&protection).iter().any(|finding| finding.verdict == Verdict::Wrong));
}

#[test]
fn without_seccomp_the_line_says_that_nothing_is_refused() {
    let protection = linux(Seccomp::Refused("EINVAL".to_owned()), abi(7));
    assert!(!protection.is_complete());
    assert_eq!(missing(&protection), ["system calls are not refused"]);
    let (verdict, words) = line(&protection, "system calls");
    assert_eq!(verdict, Verdict::Wrong);
    assert!(words.starts_with("nothing is refused"), "{words}");
}

#[test]
fn elsewhere_than_on_linux_nothing_is_claimed() {
    let protection = Protection {
        system: "macos",
        undumpable: None,
        no_new_privileges: None,
        ..linux(Seccomp::NotHere, Landlock::NotHere)
    };
    assert!(rules(&protection.landlock).is_empty());
    for what in ["debuggers", "privileges", "sandbox", "system calls", "Landlock"] {
        assert_eq!(line(&protection, what).0, Verdict::Note, "{what}");
    }
    assert!(line(&protection, "sandbox").1.contains("none on macos"));
    // Where there is none, switching it off changes nothing and is no fault.
    assert!(!Protection { mode: Mode::Off, ..protection }.is_switched_off());
}

#[test]
fn a_sandbox_that_was_switched_off_is_something_to_do() {
    let protection = Protection { mode: Mode::Off, ..linux(Seccomp::NotAsked, Landlock::NotAsked) };
    assert_eq!(line(&protection, "sandbox").0, Verdict::Wrong);
    assert!(protection.is_switched_off());
    assert!(!linux(filter(), abi(7)).is_switched_off());
}

#[test]
fn a_place_that_is_chosen_later_is_not_called_a_named_one() {
    let later = Landlock::InForce { abi: 7, outputs: Outputs::ChosenLater };
    assert_ne!(rules(&later)[0].words, rules(&abi(7))[0].words);
}
