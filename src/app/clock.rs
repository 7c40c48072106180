//! How far the clock can be believed, without a network: codes by the clock are right only if it is.
//!
//! Nothing here blocks a code. What speaks against the clock is told where codes are shown, steps of it
//! during use are told and logged, and another device's code measures it.

use std::fmt;

use super::context::{Clock, Context, SinceBoot};
use super::failure::{Failure, Kind, Unchanged};
use super::keyring::in_words;
use super::session::Session;
use super::{log, seal};
use crate::audit::Event;
use crate::entry::{Entry, EntryId, UnixSeconds};
use crate::otp::TimeStep;
use crate::vault::VaultError;

/// A moment before this source was made, which is certain to have passed. Raised with each release and
/// written by hand, because a time of building would make two builds differ.
pub const BUILT_AFTER: UnixSeconds = 1_795_000_000;
/// A clock may be so many seconds before the last use: it was set by a little in between.
const LEEWAY_SECONDS: u64 = 60;
/// A vault that was not used for so many seconds is rarer than a clock that is years ahead.
const LONG_UNUSED_SECONDS: u64 = 400 * 86_400;
/// A change of the clock against the machine's own time that is told, in milliseconds.
const STEP_MILLIS: u64 = 2_000;
/// Steps looked at on each side for a code that another device shows.
const COMPARED_STEPS: u64 = 20;

/// What speaks against the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It stands before this program was made.
    BeforeBuild,
    /// It stands so many seconds before the last use of the vault.
    BeforeLastUse(u64),
    /// It stands so many seconds after the last use of the vault.
    LongAfterLastUse(u64),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeBuild => f.write_str(
                "this machine's clock is set before this program was made: codes by it are not right",
            ),
            Self::BeforeLastUse(seconds) => write!(
                f,
                "this machine's clock is {} before the last use of this vault: unless the clock is right now, codes \
                 by it are not",
                in_words(*seconds)
            ),
            Self::LongAfterLastUse(seconds) => write!(
                f,
                "this machine's clock says that this vault was last used {} ago: if that is not so, codes by the clock \
                 are not right",
                in_words(*seconds)
            ),
        }
    }
}

/// Judges the clock by what is certain to have passed: the making of this program, the vault's last use.
pub fn doubt(now: UnixSeconds, last_use: Option<UnixSeconds>) -> Option<Doubt> {
    if now < BUILT_AFTER {
        return Some(Doubt::BeforeBuild);
    }
    let last_use = last_use?;
    if now.saturating_add(LEEWAY_SECONDS) < last_use {
        return Some(Doubt::BeforeLastUse(last_use - now));
    }
    let since = now.saturating_sub(last_use);
    (since > LONG_UNUSED_SECONDS).then_some(Doubt::LongAfterLastUse(since))
}

/// What a look at the clocks has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noticed {
    /// The machine slept for so many milliseconds.
    Slept(u64),
    /// The clock was set, by so many milliseconds: forward if positive.
    Stepped(i64),
}

/// Compares the clock with the machine's own time from look to look.
#[derive(Debug, Default)]
pub struct Watch {
    last: Option<(u64, SinceBoot)>,
}

impl Watch {
    /// Looks at the clocks. A clock that is only slowed or hurried stays below what is told.
    pub fn look(&mut self, clock: &dyn Clock) -> Vec<Noticed> {
        let Some(boot) = clock.since_boot() else { return Vec::new() };
        let real = clock.now().saturating_mul(1000).saturating_add(u64::from(clock.subsecond_millis()));
        let Some((real_before, before)) = self.last.replace((real, boot)) else { return Vec::new() };
        let passed = boot.millis.saturating_sub(before.millis);
        let awake = boot.awake_millis.saturating_sub(before.awake_millis);
        let mut noticed = Vec::new();
        if passed.saturating_sub(awake) > STEP_MILLIS {
            noticed.push(Noticed::Slept(passed - awake));
        }
        let expected = real_before.saturating_add(passed);
        if real.abs_diff(expected) > STEP_MILLIS {
            let by = i64::try_from(real.abs_diff(expected)).unwrap_or(i64::MAX);
            noticed.push(Noticed::Stepped(if real > expected { by } else { -by }));
        }
        noticed
    }
}

/// `+90 s`, `-3600 s`
pub fn signed(seconds: i64) -> String {
    format!("{seconds:+} s")
}

/// What is told of a step.
pub fn stepped_in_words(millis: i64) -> String {
    format!(
        "the clock was stepped by {} while the program ran; if it is wrong now, so are the codes",
        signed(millis / 1000)
    )
}

/// Logs that the clock was stepped while the vault was open.
pub fn log_step(ctx: &Context, session: &mut Session, millis: i64) {
    let mut record = log::record(ctx, Event::ClockStepped);
    record.facts = vec![("seconds".into(), (millis / 1000).to_string())];
    log::append(ctx, session, vec![record]);
}

/// Logs that codes are computed with so many seconds added to the clock, for this run only.
pub fn log_correction(ctx: &Context, session: &mut Session, seconds: i64) {
    let mut record = log::record(ctx, Event::ClockCorrected);
    record.facts = vec![("seconds".into(), seconds.to_string())];
    log::append(ctx, session, vec![record]);
}

/// How far this machine's clock is from the one that made a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOffset {
    /// Steps that this clock is behind (positive) or ahead (negative).
    pub steps: i64,
    /// The length of a step in seconds.
    pub period_seconds: u32,
}

impl ClockOffset {
    /// Seconds to add to this clock, to the nearest step.
    pub fn seconds(self) -> i64 {
        self.steps.saturating_mul(i64::from(self.period_seconds))
    }
}

impl fmt::Display for ClockOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (steps, seconds) = (self.steps.unsigned_abs(), self.seconds().unsigned_abs());
        let unit = if steps == 1 { "step" } else { "steps" };
        match self.steps {
            0 => f.write_str("this clock and the other device's are in the same step"),
            1.. => write!(f, "this clock is {steps} {unit} behind the other device's, about {seconds} s"),
            _ => write!(f, "this clock is {steps} {unit} ahead of the other device's, about {seconds} s"),
        }
    }
}

/// Finds the step whose code another device shows.
///
/// # Errors
///
/// Exit 7 when no step within twenty on either side has that code; exit 2 for an entry that counts; exit 3 for a
/// sealed one.
pub fn compare(
    ctx: &Context,
    session: &mut Session,
    id: EntryId,
    shown: &str,
) -> Result<ClockOffset, Failure> {
    let entry: &Entry = session.vault.entry(id).ok_or(VaultError::Gone(id))?;
    let compared = steps_apart(entry, ctx.clock.now(), shown);
    let was_looked_at = compared.as_ref().map_or_else(|failure| failure.kind == Kind::CheckFailed, |_| true);
    if was_looked_at {
        // That it fits says as much as showing it.
        log::append(ctx, session, vec![log::about(ctx, Event::CodeShown, id)]);
    }
    compared
}

/// Finds the step around `now` whose code another device shows.
///
/// # Errors
///
/// As [`compare`].
pub(super) fn steps_apart(entry: &Entry, now: UnixSeconds, shown: &str) -> Result<ClockOffset, Failure> {
    let Some(period) = entry.otp.period() else {
        return Err(Failure::new(Kind::Usage, "this entry counts; its codes say nothing about a clock")
            .unchanged(Unchanged::NothingTouched));
    };
    seal::check(entry, None)?;
    let length = u64::from(period.seconds());
    let mut found = None;
    // Nearest first, so that the likelier of two equal codes wins.
    for distance in 0..=COMPARED_STEPS {
        for behind in [true, false] {
            let shift = distance * length;
            let moment = if behind { now.saturating_add(shift) } else { now.saturating_sub(shift) };
            let fits = entry.code_of(TimeStep::at(moment, period)).is_some_and(|code| code.matches(shown));
            if fits && found.is_none() {
                let steps = i64::try_from(distance).unwrap_or(i64::MAX);
                found = Some(if behind { steps } else { -steps });
            }
        }
    }
    found.map(|steps| ClockOffset { steps, period_seconds: period.seconds() }).ok_or_else(|| {
        Failure::new(
            Kind::CheckFailed,
            format!("no step within {COMPARED_STEPS} of now has that code"),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("check that it is the same account on the other device, and that it was typed while it was shown")
        .next("if it was: the seeds differ, or the clocks are further apart")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_doubted_by_what_is_certain_to_have_passed() {
        let day = 86_400;
        let now = BUILT_AFTER + 1000 * day;
        assert_eq!(doubt(BUILT_AFTER - 1, None), Some(Doubt::BeforeBuild));
        assert_eq!(doubt(0, Some(now)), Some(Doubt::BeforeBuild));
        assert_eq!(doubt(BUILT_AFTER, None), None);
        assert_eq!(doubt(now, Some(now + 60)), None);
        assert_eq!(doubt(now, Some(now + 61)), Some(Doubt::BeforeLastUse(61)));
        assert_eq!(doubt(now, Some(now - 400 * day)), None);
        assert_eq!(doubt(now, Some(now - 400 * day - 1)), Some(Doubt::LongAfterLastUse(400 * day + 1)));
    }

    /// Real time, time since the start, time awake.
    struct Clocks(u64, u64, u64);

    impl Clock for Clocks {
        fn now(&self) -> u64 {
            self.0 / 1000
        }

        fn subsecond_millis(&self) -> u32 {
            u32::try_from(self.0 % 1000).unwrap()
        }

        fn since_boot(&self) -> Option<SinceBoot> {
            Some(SinceBoot { millis: self.1, awake_millis: self.2 })
        }
    }

    #[test]
    fn a_step_and_a_sleep_are_told_apart_and_from_time_that_passes() {
        let mut watch = Watch::default();
        let mut look = |real, boot, awake| watch.look(&Clocks(real, boot, awake));
        assert_eq!(look(50_000, 1_000, 1_000), []);
        assert_eq!(look(60_500, 11_000, 11_000), [], "half a second of slewing");
        assert_eq!(look(122_500, 13_000, 13_000), [Noticed::Stepped(60_000)]);
        assert_eq!(look(123_500, 14_000, 14_000), [], "a step is told once");
        assert_eq!(look(24_500, 15_000, 15_000), [Noticed::Stepped(-100_000)]);
        assert_eq!(look(3_624_500, 3_615_000, 15_000), [Noticed::Slept(3_600_000)]);
        assert_eq!(look(3_626_500, 3_617_000, 17_000), []);
    }
}
