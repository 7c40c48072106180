//! What a format says of an entry otherwise than it was. It is told before anything is written.

use crate::entry::Entry;
use crate::interchange::written::issuer_or_account;
use crate::otp::Otp;

/// A change that a format, or the app that reads it, makes to some entries that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Names lose what is beyond so many UTF-16 units, in which these apps count.
    CutsNames {
        /// Longest issuer.
        issuer: usize,
        /// Longest account.
        account: usize,
    },
    /// An entry without an issuer gets its account's name for one, since the app has none without.
    IssuerFromAccount,
    /// An entry of Steam's codes has one name.
    OneNameForSteam,
    /// The names of tags stand in clear in an encrypted file too.
    TagsInClear,
}

impl Change {
    pub(super) fn in_words(self) -> String {
        match self {
            Self::CutsNames { issuer, account } => format!(
                "the ends of long names: the app takes {issuer} characters of an issuer, {account} of an account"
            ),
            Self::IssuerFromAccount => {
                "that there is no issuer: the account's name is written for it".to_owned()
            }
            Self::OneNameForSteam => "both names of Steam's entries, which have one there".to_owned(),
            Self::TagsInClear => {
                "the secrecy of tags: their names stand in clear in an encrypted file too".to_owned()
            }
        }
    }

    pub(super) fn is_of(self, entry: &Entry) -> bool {
        let is_longer = |text: &str, most: usize| text.encode_utf16().count() > most;
        match self {
            Self::CutsNames { issuer, account } => {
                is_longer(issuer_or_account(entry), issuer) || is_longer(entry.account.raw(), account)
            }
            Self::IssuerFromAccount => entry.issuer.is_empty(),
            Self::OneNameForSteam => entry.otp == Otp::Steam && !entry.account.is_empty(),
            Self::TagsInClear => !entry.tags.is_empty(),
        }
    }
}
