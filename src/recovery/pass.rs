//! Passes: the codes of one entry for a limited time, without its seed. Here: what the vault that issued one remembers.

use super::item::ItemId;
use crate::entry::{EntryId, Label, UnixSeconds};

/// How long a pass lasts where nobody says otherwise, in seconds.
pub const USUAL_SECONDS: u64 = 3600;
/// How long a pass lasts at most, in seconds.
pub const MOST_SECONDS: u64 = 8 * 3600;
/// Shortest seed, in bits, of which codes are given away: from a few codes a shorter one could be found by trying.
pub const SHORTEST_SEED_BITS: usize = 80;
/// Most bytes of the name of whoever gets a pass, and of the entry's name in it.
pub const LONGEST_NAME: usize = 128;
/// Most characters of what is said of how a person was identified, and of a channel.
pub const LONGEST_SAID: usize = 200;

/// A pass that was issued. The codes in it are in its file alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedPass {
    /// Its name.
    pub id: ItemId,
    /// The entry whose codes it has.
    pub entry: EntryId,
    /// Whom it was given to.
    pub to: Label,
    /// Why.
    pub reason: String,
    /// How that person was identified; `None` where nobody said.
    pub identified: Option<String>,
    /// The channel by which the words go; `None` where nobody said.
    pub channel: Option<String>,
    /// When it was issued.
    pub issued: UnixSeconds,
    /// Its first moment.
    pub from: UnixSeconds,
    /// The moment after its last.
    pub until: UnixSeconds,
    /// The entry opened something privileged when it was issued.
    pub privileged: bool,
    /// SHA-256 of its container, which is its file unless it was written as a picture.
    pub sha256: [u8; 32],
    /// When somebody said that new methods were registered and old ones removed.
    pub closed: Option<UnixSeconds>,
}

/// How a pass stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassState {
    /// Somebody has said that new methods were registered and old ones removed.
    Closed,
    /// Its time is over, and nobody has said so.
    Ended,
    /// It has not ended: its time runs, or is still to come.
    Live,
}

impl PassState {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Ended => "ended",
            Self::Live => "live",
        }
    }
}

impl IssuedPass {
    /// It has not ended, and nobody has closed it.
    pub fn is_live(&self, now: UnixSeconds) -> bool {
        self.state(now) == PassState::Live
    }

    /// How it stands.
    pub fn state(&self, now: UnixSeconds) -> PassState {
        match self.closed {
            Some(_) => PassState::Closed,
            None if now < self.until => PassState::Live,
            None => PassState::Ended,
        }
    }

    /// Nobody has closed it: somebody still has something to do, also after its end.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Tells whether it was given to this person: the same name, whatever its case and the blanks around it.
    pub fn is_for(&self, person: &str) -> bool {
        folded(self.to.raw()) == folded(person)
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(to: &str) -> IssuedPass {
        IssuedPass {
            id: ItemId::from_bytes([1; 4]),
            entry: EntryId::from_bytes([2; 16]),
            to: Label::new(to),
            reason: "INC-4711".to_owned(),
            identified: None,
            channel: None,
            issued: 900,
            from: 1000,
            until: 2000,
            privileged: false,
            sha256: [3; 32],
            closed: None,
        }
    }

    #[test]
    fn it_is_live_up_to_its_last_second_and_open_until_somebody_closes_it() {
        let mut pass = pass("Jo");
        let states = [900, 1999, 2000].map(|now| pass.state(now));
        assert_eq!(states, [PassState::Live, PassState::Live, PassState::Ended]);
        assert!(pass.is_open() && pass.is_live(1999) && !pass.is_live(2000));
        pass.closed = Some(1500);
        assert_eq!(pass.state(1600), PassState::Closed);
        assert!(!pass.is_open() && !pass.is_live(1600));
    }

    #[test]
    fn a_person_is_the_same_one_whatever_the_case_and_the_blanks() {
        let pass = pass("Helpdesk: J\u{f6}");
        for same in ["Helpdesk: J\u{f6}", " helpdesk:  J\u{d6}\t", "HELPDESK: J\u{d6}"] {
            assert!(pass.is_for(same), "{same:?}");
        }
        for other in ["Helpdesk: Joe", "Helpdesk J\u{f6}", ""] {
            assert!(!pass.is_for(other), "{other:?}");
        }
    }
}
