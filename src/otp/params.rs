//! The numbers that a code depends on besides the seed, validated when they are made.

use std::fmt;

/// Names the hash function under the HMAC (RFC 6238 §1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Algorithm {
    /// HMAC-SHA-1, the default of every issuer.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Algorithm {
    /// The name that otpauth URIs and the vault use: `SHA1`, `SHA256`, `SHA512`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Reads the spellings found in the field: `sha-256`, `HmacSHA256`, `Algorithm.sha1`, `HMAC_SHA512`.
    ///
    /// Returns `None` for anything else: an unknown algorithm is reported, never guessed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut name: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        for prefix in ["ALGORITHM.", "HMAC"] {
            if let Some(rest) = name.strip_prefix(prefix) {
                name = rest.to_owned();
            }
        }
        match name.as_str() {
            "SHA1" => Some(Self::Sha1),
            "SHA256" => Some(Self::Sha256),
            "SHA512" => Some(Self::Sha512),
            _ => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Number of digits of a code, from 1 to 10 (31 bits give ten digits at most, the first of them 0, 1 or 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digits(u8);

impl Digits {
    /// Six, the default.
    pub const SIX: Self = Self(6);
    /// Eight, the length of RFC 6238's test values.
    pub const EIGHT: Self = Self(8);

    /// Takes a number of digits; `None` outside 1..=10.
    pub const fn new(digits: u8) -> Option<Self> {
        if 1 <= digits && digits <= 10 { Some(Self(digits)) } else { None }
    }

    /// The number itself.
    pub const fn count(self) -> u8 {
        self.0
    }
}

impl Default for Digits {
    fn default() -> Self {
        Self::SIX
    }
}

/// Length of a time step in seconds, from one second to a day (RFC 6238 §4.1, `X`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period(u32);

impl Period {
    /// Thirty seconds, the default.
    pub const THIRTY: Self = Self(30);

    /// Takes a length in seconds; `None` outside 1..=86 400.
    pub const fn new(seconds: u32) -> Option<Self> {
        if 1 <= seconds && seconds <= 86_400 { Some(Self(seconds)) } else { None }
    }

    /// The length in seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl Default for Period {
    fn default() -> Self {
        Self::THIRTY
    }
}

/// Says which kind of code an entry makes and with which numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Otp {
    /// Counter-based, RFC 4226. `counter` is the next one to use.
    Hotp {
        /// The hash function.
        algorithm: Algorithm,
        /// How many digits are shown.
        digits: Digits,
        /// The next counter to use.
        counter: u64,
    },
    /// Steam Guard: five letters and digits, SHA-1, 30 seconds.
    Steam,
    /// Time-based, RFC 6238.
    Totp {
        /// The hash function.
        algorithm: Algorithm,
        /// How many digits are shown.
        digits: Digits,
        /// Length of a time step.
        period: Period,
    },
}

impl Otp {
    /// What nearly every issuer uses: TOTP, SHA-1, six digits, thirty seconds.
    pub const COMMON: Self =
        Self::Totp { algorithm: Algorithm::Sha1, digits: Digits::SIX, period: Period::THIRTY };

    /// The word for it in files and on screens: `totp`, `hotp`, `steam`.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Hotp { .. } => "hotp",
            Self::Steam => "steam",
            Self::Totp { .. } => "totp",
        }
    }

    /// The hash function; Steam's is SHA-1.
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Hotp { algorithm, .. } | Self::Totp { algorithm, .. } => algorithm,
            Self::Steam => Algorithm::Sha1,
        }
    }

    /// Characters of a code; Steam's is five.
    pub const fn digits(self) -> u8 {
        match self {
            Self::Hotp { digits, .. } | Self::Totp { digits, .. } => digits.count(),
            Self::Steam => 5,
        }
    }

    /// Length of a time step; `None` for a counter.
    pub const fn period(self) -> Option<Period> {
        match self {
            Self::Hotp { .. } => None,
            Self::Steam => Some(Period::THIRTY),
            Self::Totp { period, .. } => Some(period),
        }
    }

    /// Tells whether two make the same codes of the same seed. Where a counter stands makes no other kind of code.
    pub fn makes_codes_as(self, other: Self) -> bool {
        let kind = |otp: Self| (otp.type_name(), otp.algorithm(), otp.digits(), otp.period());
        kind(self) == kind(other)
    }

    /// The next counter; `None` where codes follow the clock.
    pub const fn counter(self) -> Option<u64> {
        match self {
            Self::Hotp { counter, .. } => Some(counter),
            Self::Steam | Self::Totp { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithm_names_of_the_field_are_understood() {
        for (text, expected) in [
            ("SHA1", Some(Algorithm::Sha1)),
            ("sha-256", Some(Algorithm::Sha256)),
            ("HmacSHA512", Some(Algorithm::Sha512)),
            ("HMAC-SHA-1", Some(Algorithm::Sha1)),
            ("Algorithm.sha1", Some(Algorithm::Sha1)),
            ("sha_512", Some(Algorithm::Sha512)),
            ("MD5", None),
            ("SHA2", None),
        ] {
            assert_eq!(Algorithm::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn an_algorithm_is_shown_by_the_name_that_it_is_read_from() {
        let names = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512].map(|algorithm| {
            assert_eq!(algorithm.to_string(), algorithm.name());
            algorithm.name()
        });
        assert_eq!(names, ["SHA1", "SHA256", "SHA512"]);
    }

    #[test]
    fn each_type_of_code_has_its_own_numbers() {
        let digits = Digits::new(7).unwrap();
        let period = Period::new(45).unwrap();
        let hotp = Otp::Hotp { algorithm: Algorithm::Sha256, digits, counter: 9 };
        let totp = Otp::Totp { algorithm: Algorithm::Sha512, digits, period };
        let numbers =
            |otp: Otp| (otp.type_name(), otp.algorithm(), otp.digits(), otp.period(), otp.counter());
        assert_eq!(numbers(hotp), ("hotp", Algorithm::Sha256, 7, None, Some(9)));
        assert_eq!(numbers(totp), ("totp", Algorithm::Sha512, 7, Some(period), None));
        assert_eq!(numbers(Otp::Steam), ("steam", Algorithm::Sha1, 5, Some(Period::THIRTY), None));
    }

    #[test]
    fn a_counter_that_moves_makes_no_other_kind_of_code() {
        let hotp = |counter| Otp::Hotp { algorithm: Algorithm::Sha1, digits: Digits::SIX, counter };
        assert!(hotp(1).makes_codes_as(hotp(2)));
        assert!(!hotp(1).makes_codes_as(Otp::COMMON));
        let period = Period::new(60).unwrap();
        let slower = Otp::Totp { algorithm: Algorithm::Sha1, digits: Digits::SIX, period };
        assert!(!slower.makes_codes_as(Otp::COMMON) && slower.makes_codes_as(slower));
    }

    #[test]
    fn digits_and_periods_end_where_the_format_ends() {
        assert!(Digits::new(0).is_none() && Digits::new(11).is_none());
        assert!(Digits::new(1).is_some() && Digits::new(10).is_some());
        assert!(Period::new(0).is_none() && Period::new(86_401).is_none());
        assert!(Period::new(1).is_some() && Period::new(86_400).is_some());
    }
}
