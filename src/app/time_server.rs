//! What keeps the clock right: the kernel's own flag, and what files tell of the programs that would clear it.
//!
//! Both are told and neither stops anything: many machines without a time server keep good time, and a virtual
//! one is often set by its host, of which the kernel does not know.

use std::path::Path;

use super::context::Context;
use super::doctor::{Finding, Verdict, finding};
use super::keyring::in_words;
use crate::entry::UnixSeconds;

/// Its time is that of the last answer by which systemd-timesyncd has set the clock, at least every
/// 35 minutes (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";
/// systemd's control groups of services, which are there while the service runs.
const SERVICES: &str = "/sys/fs/cgroup/system.slice";
/// Others that keep a clock: the service, the program, and what asks it.
const KEEPERS: [(&str, &str, &str); 8] = [
    ("chrony.service", "chronyd", "chronyc tracking"),
    ("chronyd.service", "chronyd", "chronyc tracking"),
    ("ntp.service", "ntpd", "ntpq -p"),
    ("ntpd.service", "ntpd", "ntpq -p"),
    ("ntpsec.service", "ntpd", "ntpq -p"),
    ("ntpd-rs.service", "ntpd-rs", "ntp-ctl status"),
    ("openntpd.service", "ntpd", "ntpctl -s status"),
    ("systemd-timesyncd.service", "systemd-timesyncd", "timedatectl timesync-status"),
];
/// After so long without a time server the kernel itself calls a clock unsynchronised: the error that it
/// allows for grows by 500 µs a second, and 16 s are the limit.
const KEPT_SECONDS: u64 = 32_000;
/// So far ahead the time of a file may be: file systems and the clock are not read at once.
const LEEWAY_SECONDS: u64 = 60;
/// What the kernel says of its clock.
pub(super) fn kernel_flag(unsynchronised: Option<bool>) -> Finding {
    let (verdict, words) = match unsynchronised {
        Some(false) => (Verdict::Right, "by the kernel's flag, a time server keeps it"),
        Some(true) => (
            Verdict::Note,
            "the kernel calls it unsynchronised: no time server has set it for long, or ever; \
             `lifeboat doctor --compare CODE --with NAME` tells whether it is right all the same",
        ),
        None => (Verdict::Note, "this system does not tell whether a time server keeps it"),
    };
    finding("kernel's clock", verdict, words)
}

/// Looks at what keeps the clock.
pub(super) fn look(ctx: &Context) -> Finding {
    if let Ok(Some(facts)) = ctx.disk.facts(Path::new(SYNCHRONISED)) {
        return last_set(ctx.clock.now(), facts.modified);
    }
    let runs = |service: &str| matches!(ctx.disk.facts(&Path::new(SERVICES).join(service)), Ok(Some(_)));
    let words = match KEEPERS.iter().find(|(service, ..)| runs(service)) {
        Some((_, program, question)) => {
            format!("{program} runs; whether it has reached a time server, `{question}` tells")
        }
        None => "no program that keeps the clock by one was found".to_owned(),
    };
    finding("time server", Verdict::Note, words)
}

/// Judges the clock by the moment at which it was last set by a time server.
fn last_set(now: UnixSeconds, set: UnixSeconds) -> Finding {
    let what = "time server";
    if now.saturating_add(LEEWAY_SECONDS) < set {
        let words = format!(
            "the clock is {} before the moment at which a time server last set it: codes by it are not right",
            in_words(set - now)
        );
        return finding(what, Verdict::Wrong, words);
    }
    let ago = in_words(now.saturating_sub(set));
    if now.saturating_sub(set) <= KEPT_SECONDS {
        return finding(
            what,
            Verdict::Right,
            format!("systemd-timesyncd has set the clock by one {ago} ago"),
        );
    }
    finding(
        what,
        Verdict::Note,
        format!("none keeps the clock now: systemd-timesyncd has last set it {ago} ago"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_kept_for_as_long_as_the_kernel_would_believe_it() {
        let set = 1_800_000_000;
        let verdict = |now| last_set(now, set).verdict;
        assert_eq!(verdict(set), Verdict::Right);
        assert_eq!(verdict(set + KEPT_SECONDS), Verdict::Right);
        assert_eq!(verdict(set + KEPT_SECONDS + 1), Verdict::Note);
        assert_eq!(verdict(set - LEEWAY_SECONDS), Verdict::Right);
        assert_eq!(verdict(set - LEEWAY_SECONDS - 1), Verdict::Wrong);
    }

    #[test]
    fn an_unsynchronised_clock_is_told_and_is_no_mistake() {
        assert_eq!(kernel_flag(Some(false)).verdict, Verdict::Right);
        let unsynchronised = kernel_flag(Some(true));
        assert_eq!(unsynchronised.verdict, Verdict::Note);
        assert!(
            unsynchronised.words.contains("unsynchronised") && unsynchronised.words.contains("--compare")
        );
        assert_eq!(kernel_flag(None).verdict, Verdict::Note);
    }

    #[test]
    fn it_is_said_how_long_ago_the_clock_was_set_or_how_far_it_is_behind() {
        assert_eq!(
            last_set(1_000_120, 1_000_000).words,
            "systemd-timesyncd has set the clock by one 2 min ago"
        );
        assert!(last_set(1_259_200, 1_000_000).words.contains("3 days ago"));
        assert!(last_set(1_000_000, 1_007_200).words.contains("2 h before the moment"));
    }
}
