//! The clock: what speaks against it is told and never blocks, and another device's code measures it.

use std::sync::Arc;

use lifeboat::app::clock::{self, BUILT_AFTER};
use lifeboat::app::code::{self, CodeRequest};
use lifeboat::app::context::Clock;
use lifeboat::app::doctor::{self, Surroundings, Verdict};
use lifeboat::app::{Context, key_file, unlock};
use lifeboat::audit::Event;
use lifeboat::envelope::Credentials;

use crate::faulty_disk::FaultyDisk;
use crate::hostile_disk::records;
use crate::support::{NOW, Sandbox};

const DAY: u64 = 86_400;

#[test]
fn a_clock_before_the_last_use_is_told_beside_the_code_and_by_doctor() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("code AWS").done();
    sandbox.set_back(59);
    assert!(!sandbox.run("code AWS").done().err.contains("clock"), "a clock is set by a little now and then");
    sandbox.set_back(DAY);
    let shown = sandbox.run("code AWS").done().says("24 h before the last use of this vault");
    assert_eq!(shown.out.trim().len(), 8, "the code is shown all the same");
    sandbox.run("doctor").exits(7).prints("24 h before the last use");
    sandbox.wait(DAY + 59);
    assert!(!sandbox.run("code AWS").done().err.contains("clock"));
}

#[test]
fn a_vault_that_came_from_elsewhere_brings_its_last_use_in_its_log() {
    let sandbox = Sandbox::with_entry();
    let state: Vec<_> = std::fs::read_dir(sandbox.path("state")).unwrap().collect();
    for file in state {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    sandbox.set_back(7200);
    sandbox.run("code AWS").done().says("2 h before the last use of this vault");
}

#[test]
fn what_this_machine_remembers_tells_without_the_log() {
    let sandbox = Sandbox::with_entry();
    std::fs::remove_file(sandbox.path("vault.lifeboat.log")).unwrap();
    sandbox.set_back(7200);
    sandbox.run("code AWS").done().says("2 h before the last use of this vault");
}

#[test]
fn a_clock_before_the_program_was_made_is_told() {
    let sandbox = Sandbox::with_entry();
    sandbox.set_back(NOW - BUILT_AFTER + 1);
    sandbox.run("code AWS").done().says("before this program was made");
    sandbox.run("doctor").exits(7).prints("before this program was made");
    sandbox.run("code AWS --quiet").done();
}

#[test]
fn a_clock_that_is_years_ahead_is_told() {
    let sandbox = Sandbox::with_entry();
    sandbox.wait(401 * DAY);
    sandbox.run("code AWS").done().says("was last used 401 days ago");
    assert!(!sandbox.run("code AWS").done().err.contains("clock"), "told once: then it was used");
}

#[test]
fn a_step_of_the_clock_is_told_while_codes_are_watched() {
    let sandbox = Sandbox::with_entry();
    let watched = sandbox.command("code AWS --watch").at_terminal(80).rounds(3).run().done();
    assert!(!watched.err.contains("clock"), "{watched}");
    sandbox.step_at_the_next_pause(90);
    sandbox.command("code AWS --watch").at_terminal(80).rounds(3).run().done().says("stepped by +90 s");
}

#[test]
fn a_measured_clock_says_how_to_get_a_code_that_is_right() {
    let sandbox = Sandbox::with_entry();
    let right = sandbox.run(&format!("code AWS --at {}", NOW + 90)).done().out;
    let measured = sandbox.run(&format!("doctor --compare {} --with AWS", right.trim())).exits(7);
    let measured = measured.prints("3 steps behind the other device's, about 90 s");
    let (_, at) = measured.err.split_once("--at ").expect("the way to a right code is told");
    let at = at.lines().next().unwrap();
    assert_eq!(sandbox.run(&format!("code AWS --at {at}")).done().out, right);
    for steps in [-20_i64, -1, 1, 20] {
        let at = NOW.saturating_add_signed(steps * 30);
        let code = sandbox.run(&format!("code AWS --at {at}")).done().out;
        let found = sandbox.run(&format!("doctor --json --compare {} --with AWS", code.trim())).exits(7);
        assert_eq!(found.json("lifeboat.doctor/1")["steps"].as_i64(), Some(steps));
    }
    let code = sandbox.run(&format!("code AWS --at {}", NOW + 21 * 30)).done().out;
    sandbox.run(&format!("doctor --compare {} --with AWS", code.trim())).exits(7).says("no step within 20");
}

#[test]
fn a_correction_moves_codes_and_nothing_else_and_is_logged() {
    let sandbox = Sandbox::with_entry();
    let wanted = sandbox.run(&format!("code AWS --at {}", NOW - 60)).done().out;
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { passphrase: None, key_file: Some(key), recovery_secret: None };
    let mut session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    let id = session.vault().entries[0].id;

    let offset = clock::compare(&ctx, &mut session, id, wanted.trim()).unwrap();
    assert_eq!(offset.seconds(), -60);
    clock::log_correction(&ctx, &mut session, offset.seconds());
    ctx.correction.store(offset.seconds(), std::sync::atomic::Ordering::Relaxed);
    clock::log_step(&ctx, &mut session, 90_400);

    let shown = code::code(&ctx, &mut session, id, CodeRequest::default()).unwrap();
    assert_eq!(shown.code.expose(), wanted.trim());
    assert_eq!((ctx.code_time(), ctx.clock.now()), (NOW - 60, NOW));
    assert_eq!(sandbox.context().code_time(), NOW, "it is that run's alone");
    let again = clock::compare(&ctx, &mut session, id, wanted.trim()).unwrap();
    assert_eq!(again, offset, "measured is the clock, not what it was corrected to");
    let log = records(session.vault(), &sandbox.read("vault.lifeboat.log"));
    for (event, seconds) in [(Event::ClockCorrected, "-60"), (Event::ClockStepped, "90")] {
        let record = log.iter().find(|record| record.event == event).expect("it is logged");
        assert_eq!(record.facts, [("seconds".to_owned(), seconds.to_owned())]);
        assert_eq!(record.at, NOW, "the log keeps to the clock");
    }
}

/// What `doctor` says of time servers on a machine with these files.
fn time_server(disk: &FaultyDisk) -> (Verdict, String) {
    let sandbox = Sandbox::empty();
    let ctx = Context { disk: Arc::new(disk.clone()), ..sandbox.context() };
    let around = Surroundings { terminal: true, recorders: Vec::new() };
    let findings = doctor::doctor(&ctx, &around);
    let found = findings.into_iter().find(|finding| finding.what == "time server").unwrap();
    (found.verdict, found.words)
}

#[test]
fn doctor_says_when_a_time_server_has_last_set_the_clock() {
    let set = "/run/systemd/timesync/synchronized";
    for (at, verdict, words) in [
        (NOW - 600, Verdict::Right, "set the clock by one 10 min ago"),
        (
            NOW - 3 * DAY,
            Verdict::Note,
            "none keeps the clock now: systemd-timesyncd has last set it 3 days ago",
        ),
        (NOW + 7200, Verdict::Wrong, "the clock is 2 h before the moment at which a time server last set it"),
    ] {
        let disk = FaultyDisk::new();
        disk.put(set, b"");
        disk.touch(set, at);
        let found = time_server(&disk);
        assert!(found.0 == verdict && found.1.contains(words), "{found:?}");
    }
}

#[test]
fn doctor_names_what_could_keep_the_clock() {
    let disk = FaultyDisk::new();
    let (verdict, words) = time_server(&disk);
    assert_eq!(verdict, Verdict::Note);
    assert_eq!(words, "no program that keeps the clock by one was found");
    disk.put("/sys/fs/cgroup/system.slice/chrony.service", b"");
    let (verdict, words) = time_server(&disk);
    assert_eq!(verdict, Verdict::Note, "that it runs does not say that it has reached anybody");
    assert!(words.starts_with("chronyd runs") && words.contains("`chronyc tracking`"), "{words}");
}

/// A clock of which the kernel says this.
struct Flagged(Option<bool>);

impl Clock for Flagged {
    fn now(&self) -> u64 {
        NOW
    }

    fn subsecond_millis(&self) -> u32 {
        0
    }

    fn unsynchronised(&self) -> Option<bool> {
        self.0
    }
}

#[test]
fn doctor_tells_the_kernels_flag_and_fails_for_none_of_its_values() {
    for (flag, verdict, words) in [
        (Some(false), Verdict::Right, "a time server keeps it"),
        (Some(true), Verdict::Note, "the kernel calls it unsynchronised"),
        (None, Verdict::Note, "does not tell"),
    ] {
        let sandbox = Sandbox::empty();
        let ctx = Context { clock: Arc::new(Flagged(flag)), ..sandbox.context() };
        let findings = doctor::doctor(&ctx, &Surroundings { terminal: true, recorders: Vec::new() });
        let found = findings.into_iter().find(|finding| finding.what == "kernel's clock").unwrap();
        assert!(found.verdict == verdict && found.words.contains(words), "{found:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_program_itself_has_the_kernels_answer_although_its_sandbox_refuses_the_question() {
    let sandbox = Sandbox::empty();
    let out = sandbox.program().arg("doctor").output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let line = text.lines().find(|line| line.contains("kernel's clock")).expect("it is told");
    assert!(line.contains("time server") && !line.contains("does not tell"), "{line}");
}
