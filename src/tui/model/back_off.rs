//! How wrong passphrases slow the next ones down.

/// Wrong passphrases after which the next one can be tried at once.
pub const FREE_ATTEMPTS: u32 = 2;
/// The longest that a wrong passphrase makes wait, in seconds.
pub const LONGEST_WAIT_SECONDS: u64 = 30;

/// How wrong passphrases of the vault slow the next ones down. It outlives locking, not the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackOff {
    n_wrong: u32,
    until: u64,
}

impl BackOff {
    /// One more was wrong: nothing at first, then 2, 4, 8, 16 and 30 seconds.
    pub fn one_more(&mut self, now: u64) {
        self.n_wrong = self.n_wrong.saturating_add(1);
        if self.n_wrong > FREE_ATTEMPTS {
            let doubled = 1_u64.checked_shl(self.n_wrong - FREE_ATTEMPTS).unwrap_or(LONGEST_WAIT_SECONDS);
            self.until = now.saturating_add(doubled.min(LONGEST_WAIT_SECONDS));
        }
    }

    /// Notes the time: a clock that was set back must not make anybody wait longer than the longest.
    pub fn tick(&mut self, now: u64) {
        self.until = self.until.min(now.saturating_add(LONGEST_WAIT_SECONDS));
    }

    /// How many were wrong since the vault was last open.
    pub fn n_wrong(&self) -> u32 {
        self.n_wrong
    }

    /// Seconds until the next one may be typed.
    pub fn seconds_left(&self, now: u64) -> u64 {
        self.until.saturating_sub(now)
    }
}
