//! Lengths of time as people write them: `90s`, `15m`, `2h`, `30d`, or bare seconds.

use std::time::Duration;

/// Reads a length of time; `None` when it is none, or longer than can be counted.
pub fn parse(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text.strip_prefix(digits).unwrap_or_default() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    let number: u64 = digits.parse().ok()?;
    number.checked_mul(factor).map(Duration::from_secs)
}

/// Writes a length of time in the largest unit that leaves nothing over.
pub fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => "0s".to_owned(),
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for seconds in [0, 1, 59, 60, 90, 3599, 3600, 5400, 7200, 86_400, 90_000, 7_776_000] {
            let time = Duration::from_secs(seconds);
            assert_eq!(parse(&shown(time)), Some(time), "{seconds}");
        }
        assert_eq!(shown(Duration::from_secs(300)), "5m");
        assert_eq!(shown(Duration::from_secs(90)), "90s");
        assert_eq!(shown(Duration::from_secs(7_776_000)), "90d");
        assert_eq!(parse("30d"), Some(Duration::from_secs(2_592_000)));
    }
}
