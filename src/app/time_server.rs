//! What keeps the clock right, as far as files tell it.
//!
//! The kernel has a flag for a clock that no time server keeps (adjtimex(2)). It stands in no file, and
//! the call has no safe door in any crate that is well kept; `ARCHITECTURE.md` says what was looked at.
//! So the same is asked of the programs that would clear the flag: when systemd-timesyncd has last set the
//! clock, and whether another one runs.

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
/// What tells the kernel's flag.
const ASK_THE_KERNEL: &str = "`timedatectl` tells the kernel's own flag, which is not asked here";

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
        None => format!("nothing here says that a time server keeps the clock right; {ASK_THE_KERNEL}"),
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
        format!("none keeps the clock now: systemd-timesyncd has last set it {ago} ago; {ASK_THE_KERNEL}"),
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
    fn it_is_said_how_long_ago_the_clock_was_set_or_how_far_it_is_behind() {
        assert_eq!(
            last_set(1_000_120, 1_000_000).words,
            "systemd-timesyncd has set the clock by one 2 min ago"
        );
        assert!(last_set(1_259_200, 1_000_000).words.contains("3 days ago"));
        assert!(last_set(1_000_000, 1_007_200).words.contains("2 h before the moment"));
    }
}
