//! What protects the process, as lines for a person and for scripts. Pure: what is in force comes in.

use super::doctor::{Finding, Verdict, finding};
use crate::platform::sandbox::{Action, LANDLOCK_ABI, Landlock, Outputs, Protection, Seccomp};

/// One rule for paths, programs or connections that the kernel may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is about, in one or two words.
    pub what: &'static str,
    /// Whether it is in force.
    pub in_force: bool,
    /// What it means, or what takes its place.
    pub words: String,
}

/// A rule with the first Landlock ABI and the first Linux that know it.
struct Known {
    what: &'static str,
    abi: u8,
    linux: &'static str,
    in_force: &'static str,
    /// What holds where the kernel is too old.
    instead: &'static str,
}

const WRITING: &str = "file writing";

const RULES: [Known; 7] = [
    Known {
        what: WRITING,
        abi: 1,
        linux: "5.13",
        in_force: "only below the folders of the vault, its state and the outputs that a command names; no device, pipe or link is made",
        instead: "wherever this user may",
    },
    Known {
        what: "file reading",
        abi: 1,
        linux: "5.13",
        in_force: "not among devices and other processes",
        instead: "wherever this user may",
    },
    Known {
        what: "programs",
        abi: 1,
        linux: "5.13",
        in_force: "no file can be started as a program",
        instead: "the filter of system calls refuses to start one",
    },
    Known {
        what: "truncation",
        abi: 3,
        linux: "6.2",
        in_force: "files elsewhere cannot be emptied",
        instead: "files elsewhere could be emptied, though not written",
    },
    Known {
        what: "TCP",
        abi: 4,
        linux: "6.7",
        in_force: "no port can be opened or connected to",
        instead: "the filter of system calls refuses every socket",
    },
    Known {
        what: "devices",
        abi: 5,
        linux: "6.10",
        in_force: "no device but the terminal takes commands",
        instead: "a device that can be opened takes commands",
    },
    Known {
        what: "signals",
        abi: 6,
        linux: "6.12",
        in_force: "none reaches a process outside; no abstract socket either",
        instead: "they reach other processes of this user",
    },
];

/// The rules that are in force under a Landlock state, and those that are not.
pub fn rules(landlock: &Landlock) -> Vec<Rule> {
    let (abi, outputs) = match landlock {
        Landlock::InForce { abi, outputs } => (*abi, *outputs),
        Landlock::Missing(_) => (0, Outputs::Named),
        Landlock::NotAsked | Landlock::NotHere => return Vec::new(),
    };
    let words = |rule: &Known, in_force: bool| match (in_force, outputs) {
        (true, Outputs::ChosenLater) if rule.what == WRITING => {
            "wherever a person may name a file; not among devices and the kernel's files".to_owned()
        }
        (true, _) => rule.in_force.to_owned(),
        (false, _) => format!("{} (Linux {} and later know this rule)", rule.instead, rule.linux),
    };
    RULES
        .iter()
        .map(|rule| {
            let in_force = abi >= rule.abi;
            Rule { what: rule.what, in_force, words: words(rule, in_force) }
        })
        .collect()
}

/// What keeps the sandbox from being complete, a line each; empty where nothing is missing.
pub fn missing(protection: &Protection) -> Vec<String> {
    let mut lines = Vec::new();
    if !matches!(protection.seccomp, Seccomp::InForce { .. }) {
        lines.push("system calls are not refused".to_owned());
    }
    match &protection.landlock {
        Landlock::InForce { abi, .. } if *abi >= LANDLOCK_ABI => {}
        Landlock::InForce { abi, .. } => {
            lines.push(format!("Landlock has ABI {abi}, and {LANDLOCK_ABI} is wanted (Linux 6.15)"));
        }
        Landlock::Missing(why) => lines.push(why.clone()),
        Landlock::NotAsked | Landlock::NotHere => lines.push("paths are not refused".to_owned()),
    }
    lines
}

/// The lines of `doctor` about the process: what is in force and what is not.
pub fn findings(protection: &Protection) -> Vec<Finding> {
    let mut findings = vec![core_dumps(protection), debuggers(protection), privileges(protection)];
    findings.push(summary(protection));
    findings.push(calls(protection));
    findings.push(landlock(protection));
    findings.extend(rules(&protection.landlock).into_iter().map(|rule| {
        let verdict = if rule.in_force { Verdict::Right } else { Verdict::Note };
        finding(rule.what, verdict, rule.words)
    }));
    findings
}

fn core_dumps(protection: &Protection) -> Finding {
    if protection.core_dumps_off {
        finding("core dumps", Verdict::Right, "off: a crash leaves no memory on disk")
    } else {
        finding("core dumps", Verdict::Wrong, "could not be switched off; a crash could leave seeds on disk")
    }
}

fn debuggers(protection: &Protection) -> Finding {
    let (verdict, words) = match protection.undumpable {
        Some(true) => (
            Verdict::Right,
            "kept out: no other program of this user can read this one's memory; root can".to_owned(),
        ),
        Some(false) => (Verdict::Wrong, "another program of this user can read this one's memory".to_owned()),
        None => (
            Verdict::Note,
            format!(
                "{} has no switch against them that Lifeboat uses: whoever may debug this program can read its memory",
                protection.system
            ),
        ),
    };
    finding("debuggers", verdict, words)
}

fn privileges(protection: &Protection) -> Finding {
    match protection.no_new_privileges {
        Some(true) => {
            finding("privileges", Verdict::Right, "given up: nothing started from here could gain any")
        }
        Some(false) => finding(
            "privileges",
            Verdict::Note,
            "not given up: that comes with the sandbox, which is not closed",
        ),
        None => finding("privileges", Verdict::Note, "this system has no switch for giving them up"),
    }
}

fn summary(protection: &Protection) -> Finding {
    let what = "sandbox";
    if protection.is_switched_off() {
        return finding(
            what,
            Verdict::Wrong,
            "switched off by --sandbox off: that the program stays offline rests on its code alone",
        );
    }
    if protection.is_complete() {
        let words = format!(
            "complete (--sandbox {}): all that this program asks of the kernel is in force",
            protection.mode.name()
        );
        return finding(what, Verdict::Right, words);
    }
    match (&protection.seccomp, &protection.landlock) {
        (Seccomp::InForce { .. }, _) => finding(
            what,
            Verdict::Note,
            "sockets and programs are refused; rules for paths are missing or not all there, which a newer kernel changes",
        ),
        (Seccomp::NotHere, Landlock::InForce { .. }) => finding(
            what,
            Verdict::Note,
            "rules for paths alone: there is no filter of system calls for this processor",
        ),
        (Seccomp::NotHere, _) => finding(
            what,
            Verdict::Note,
            format!(
                "none on {}: that the program stays offline rests on its code, which holds no network",
                protection.system
            ),
        ),
        (Seccomp::NotAsked | Seccomp::Refused(_), _) => {
            finding(what, Verdict::Note, "not closed in this run")
        }
    }
}

fn calls(protection: &Protection) -> Finding {
    let what = "system calls";
    match &protection.seccomp {
        Seccomp::InForce { action, refuses } => {
            let how = match action {
                Action::Refuse => "refused with an error (seccomp, EPERM)",
                Action::Kill => "refused by ending the program (seccomp, SIGSYS)",
            };
            finding(what, Verdict::Right, format!("{how}: {}", refuses.join("; ")))
        }
        Seccomp::NotAsked => finding(what, Verdict::Note, "nothing is refused (no seccomp filter)"),
        Seccomp::Refused(why) => finding(
            what,
            Verdict::Wrong,
            format!("nothing is refused: the kernel took no seccomp filter: {why}"),
        ),
        Seccomp::NotHere => finding(
            what,
            Verdict::Note,
            "nothing is refused: there is no seccomp filter for this system or processor",
        ),
    }
}

fn landlock(protection: &Protection) -> Finding {
    let what = "Landlock";
    match &protection.landlock {
        Landlock::InForce { abi, .. } if *abi >= LANDLOCK_ABI => {
            finding(what, Verdict::Right, format!("in force, ABI {abi}: every rule below"))
        }
        Landlock::InForce { abi, .. } => finding(
            what,
            Verdict::Note,
            format!("in force, ABI {abi}: the rules below that this kernel knows"),
        ),
        Landlock::NotAsked => finding(what, Verdict::Note, "no rules for paths in this run"),
        Landlock::Missing(why) => finding(what, Verdict::Note, format!("none: {why}")),
        Landlock::NotHere => finding(what, Verdict::Note, "none: only Linux has it"),
    }
}

#[cfg(test)]
mod tests;
