//! Times and durations as people write them on the command line.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::entry::UnixSeconds;
use crate::settings::duration;

/// A moment: RFC 3339 (`2026-11-24T02:00:00Z`) or Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub UnixSeconds);

/// A length of time: `90s`, `15m`, `2h`, `30d`, or bare seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub u64);

/// The beginning of a time that lasts until now: so long ago, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// So long before now: a duration with its unit.
    Ago(Seconds),
    /// At a moment. Digits alone are Unix seconds.
    At(Moment),
}

/// An end that lies ahead: a moment, so long from now, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// At a moment: the last second of a day (UTC) where a day alone was written. Digits alone are Unix seconds.
    At(Moment),
    /// So long from now: a duration with its unit.
    In(Seconds),
}

impl Until {
    /// The moment.
    pub fn moment(self, now: UnixSeconds) -> UnixSeconds {
        match self {
            Self::At(Moment(moment)) => moment,
            Self::In(Seconds(seconds)) => now.saturating_add(seconds),
        }
    }
}

impl Since {
    /// The moment.
    pub fn moment(self, now: UnixSeconds) -> UnixSeconds {
        match self {
            Self::Ago(Seconds(seconds)) => now.saturating_sub(seconds),
            Self::At(Moment(moment)) => moment,
        }
    }
}

/// Says how a time or a duration is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATime {
    /// It is no duration.
    #[error("write a duration as 90s, 15m, 2h or 30d")]
    Duration,
    /// It is neither.
    #[error("write a duration as 90s, 15m, 2h or 30d, or a time as 2026-11-24T02:00:00Z or as Unix seconds")]
    Either,
    /// It is no end.
    #[error("write an end as 2026-11-24, which is the end of that day, as 30d, or as 2026-11-24T02:00:00Z")]
    End,
    /// It is no moment from 1970 on.
    #[error("write a time as 2026-11-24T02:00:00Z or as Unix seconds")]
    Moment,
}

impl FromStr for Moment {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        if let Ok(seconds) = text.parse() {
            return Ok(Self(seconds));
        }
        let timestamp: Timestamp = text.parse().map_err(|_| NotATime::Moment)?;
        u64::try_from(timestamp.as_second()).map(Self).map_err(|_| NotATime::Moment)
    }
}

impl FromStr for Seconds {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        duration::parse(text).map(|time| Self(time.as_secs())).ok_or(NotATime::Duration)
    }
}

impl FromStr for Since {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let moment = text.parse().map(Self::At);
        moment.or_else(|_| text.parse().map(Self::Ago)).map_err(|_| NotATime::Either)
    }
}

impl FromStr for Until {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let is_day = text.len() == "2026-11-24".len()
            && text.bytes().enumerate().all(|(idx, byte)| match idx {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let moment =
            if is_day { format!("{text}T23:59:59Z").parse::<Moment>() } else { text.parse::<Moment>() };
        moment.map(Self::At).or_else(|_| text.parse().map(Self::In)).map_err(|_| NotATime::End)
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

/// A moment as it is shown: RFC 3339 in UTC, to the second.
pub fn shown(seconds: UnixSeconds) -> String {
    let timestamp = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    timestamp.map_or_else(|| format!("{seconds} s after 1970"), |timestamp| timestamp.to_string())
}

/// The day of a moment, in UTC.
pub fn day(seconds: UnixSeconds) -> String {
    shown(seconds).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_or_unix_seconds() {
        assert_eq!("1700000000".parse(), Ok(Moment(1_700_000_000)));
        assert_eq!("2023-11-14T22:13:20Z".parse(), Ok(Moment(1_700_000_000)));
        assert_eq!("2023-11-15T00:13:20+02:00".parse(), Ok(Moment(1_700_000_000)));
        for wrong in ["yesterday", "", "-5", "1960-01-01T00:00:00Z"] {
            assert_eq!(wrong.parse::<Moment>(), Err(NotATime::Moment), "{wrong:?}");
        }
        assert_eq!(shown(1_700_000_000), "2023-11-14T22:13:20Z");
    }

    #[test]
    fn a_beginning_is_a_moment_or_so_long_ago() {
        for (text, moment) in [("90s", 910), ("2h", 0), ("45", 45), ("1970-01-01T00:01:00Z", 60)] {
            assert_eq!(text.parse::<Since>().unwrap().moment(1000), moment, "{text}");
        }
        for wrong in ["yesterday", "", "-5", "1w"] {
            assert_eq!(wrong.parse::<Since>(), Err(NotATime::Either), "{wrong:?}");
        }
    }

    #[test]
    fn an_end_is_a_moment_so_long_ahead_or_the_last_second_of_a_day() {
        for (text, moment) in [
            ("90s", 1090),
            ("2d", 173_800),
            ("1970-01-01", 86_399),
            ("1970-01-02T00:00:00+01:00", 82_800),
            ("86400", 86_400),
        ] {
            assert_eq!(text.parse::<Until>().unwrap().moment(1000), moment, "{text}");
        }
        for wrong in ["tomorrow", "", "2026-13-01", "2026-02-30", "2026-1-1", "2026/01/01", "1w", "-1d"] {
            assert_eq!(wrong.parse::<Until>(), Err(NotATime::End), "{wrong:?}");
        }
    }

    #[test]
    fn durations_have_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("2h", 7200), ("30d", 2_592_000), ("45", 45)] {
            assert_eq!(text.parse(), Ok(Seconds(seconds)), "{text}");
        }
        for wrong in ["", "s", "1w", "1.5h", "-1s", "99999999999999999999d"] {
            assert!(wrong.parse::<Seconds>().is_err(), "{wrong:?}");
        }
    }
}
