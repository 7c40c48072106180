//! What an importer yields: drafts, what could not be taken and why, and what is told once.

use std::fmt;

use super::otpauth_migration::Batches;
use crate::entry::{EntryDraft, Label};
use crate::otp::{Seed, SeedError, Strength};

/// Most entries that are read from one file; more of them are no person's accounts.
pub(super) const MOST_ENTRIES: usize = 100_000;

/// Longest name of a type or an algorithm that is repeated.
const LONGEST_NAME: usize = 24;
/// From so many characters on a word can be a seed.
const SHORTEST_SEED: usize = 16;

/// What came out of a file.
#[derive(Debug, Default)]
pub struct Imported {
    /// The entries that can be taken, in the file's order.
    pub drafts: Vec<Drafted>,
    /// The entries that cannot.
    pub skipped: Vec<Skipped>,
    /// What is told once per kind.
    pub notices: Vec<Notice>,
    /// Which codes of exports that are spread over several were read: others may stand in other files.
    pub parts: Batches,
    /// How many entries lie in the trash of their app; they are not taken.
    pub n_trashed: usize,
    /// The id of the file's format, where it showed only when the file was opened.
    pub format: Option<&'static str>,
}

impl Imported {
    /// Adds a notice unless it is there already.
    pub(super) fn notice(&mut self, notice: Notice) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}

/// An entry that can be taken.
#[derive(Debug)]
pub struct Drafted {
    /// Its place in the file, from 1; a line's number in a list of lines.
    pub position: usize,
    /// The entry.
    pub draft: EntryDraft,
    /// What is worth knowing about it.
    pub warnings: Vec<Warning>,
}

/// An entry that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its place in the file, from 1.
    pub position: usize,
    /// Its name, as far as it has one.
    pub title: Label,
    /// Why.
    pub reason: SkippedReason,
}

/// Why an entry cannot be taken. Values are repeated only where they hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkippedReason {
    /// A field is missing or of the wrong form.
    #[error("{0} is missing or not valid")]
    Field(&'static str),
    /// The seed cannot be read.
    #[error("its secret cannot be used: {0}")]
    Seed(SeedError),
    /// An algorithm that is not known; it is never guessed.
    #[error("its algorithm \"{0}\" is not supported")]
    UnknownAlgorithm(Label),
    /// A type of code that is not known, or none.
    #[error("{}", if .0.raw().is_empty() { "it does not say which type of code it is".to_owned() } else { format!("its type \"{}\" is not supported", .0) })]
    UnknownType(Label),
    /// Something else, in words.
    #[error("{0}")]
    Words(&'static str),
}

/// What is worth knowing about an entry that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A counter was missing.
    CounterMissing,
    /// Aegis writes MD5 for SHA-1 in some old files.
    Md5ReadAsSha1,
    /// The period was zero or no number.
    PeriodReplaced,
    /// The label's prefix and the issuer differ.
    PrefixDiffers,
    /// The seed is shorter than advised; its bits.
    ShortSeed(usize),
}

impl Warning {
    /// The word for it in vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CounterMissing => "counter-missing",
            Self::Md5ReadAsSha1 => "md5-read-as-sha1",
            Self::PeriodReplaced => "period-replaced",
            Self::PrefixDiffers => "prefix-differs",
            Self::ShortSeed(_) => "short-seed",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CounterMissing => f.write_str("it had no counter; counting starts at 0"),
            Self::Md5ReadAsSha1 => {
                f.write_str("its algorithm MD5 was read as SHA1, a known fault of old files")
            }
            Self::PeriodReplaced => f.write_str("its period was not valid; 30 seconds are used"),
            Self::PrefixDiffers => f.write_str("the label names another issuer than the issuer parameter"),
            Self::ShortSeed(bits) => {
                write!(f, "its seed has {bits} bits; services should give 112 or more")
            }
        }
    }
}

/// What is told once per file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Steam's confirmations of trades are nothing that codes can do.
    ConfirmationsOfTrades,
    /// Entries hold other seeds besides, by conventions that the program which wrote the file passes over too.
    FurtherConventions,
    /// Icons are not kept.
    Icons,
    /// The newest changes of a database may lie in a file beside it.
    LogOfDatabase,
    /// A file that has no accounts and says how so many others are opened.
    Manifest(usize),
    /// Parts of an export that is spread over several QR codes are not there.
    MissingParts {
        /// The first of them, by their numbers from 1.
        named: Vec<u32>,
        /// How many are missing.
        n_missing: u32,
        /// How many parts the export has.
        of: u32,
    },
    /// What a file holds besides its code was left there.
    OtherLines,
    /// Pictures named by the URIs are not fetched; their addresses are kept.
    PicturesNotFetched,
    /// Of a page for printing the QR codes were read, and nothing that stands beside them.
    PicturesOfAPage,
    /// So many pictures of a page have no QR code that could be read.
    PicturesWithoutCode(usize),
    /// A text that is typed before a code went into the note.
    Prefixes,
    /// A part of an export was there more than once.
    RepeatedParts,
    /// Some entries make codes of a type that is not supported.
    UnsupportedTypes,
    /// So many entries of the file have no one-time codes, and were left where they are.
    WithoutCodes(usize),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConfirmationsOfTrades => f.write_str("Steam's confirmations of trades need its own app"),
            Self::FurtherConventions => f.write_str(
                "an entry that keeps its code in several ways has other seeds in some: KeePassXC's choice was taken",
            ),
            Self::Icons => f.write_str("icons are not kept"),
            Self::PicturesNotFetched => {
                f.write_str("pictures named by a URI are not fetched; their addresses are kept")
            }
            Self::MissingParts { named, n_missing, of } => missing_parts(f, named, *n_missing, *of),
            Self::LogOfDatabase => f.write_str(
                "changes that lie in the database's -wal file were not read: close the app before copying it",
            ),
            Self::Manifest(n) => write!(
                f,
                "a manifest has no accounts itself; name its .maFiles on the same command line (it lists {n})"
            ),
            Self::OtherLines => f.write_str("the password and the other lines of the file were left there"),
            Self::PicturesOfAPage => {
                f.write_str("the QR codes of the page were read; notes and groups beside them were not")
            }
            Self::PicturesWithoutCode(1) => {
                f.write_str("1 picture of the page has no QR code that can be read")
            }
            Self::PicturesWithoutCode(n) => {
                write!(f, "{n} pictures of the page have no QR code that can be read")
            }
            Self::Prefixes => f.write_str("what is typed before a code was put into the entry's note"),
            Self::RepeatedParts => f.write_str("a QR code that was there more than once was read once"),
            Self::WithoutCodes(1) => {
                f.write_str("1 entry of the file has no one-time codes, and was left there")
            }
            Self::WithoutCodes(n) => {
                write!(f, "{n} entries of the file have no one-time codes, and were left there")
            }
            Self::UnsupportedTypes => f.write_str("only TOTP, HOTP and Steam codes can be made"),
        }
    }
}

fn missing_parts(f: &mut fmt::Formatter<'_>, named: &[u32], n_missing: u32, of: u32) -> fmt::Result {
    let numbers = named.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if n_missing == 1 {
        return write!(f, "part {numbers} of {of} is not in this file: import that QR code too");
    }
    let n_named = u32::try_from(named.len()).unwrap_or(u32::MAX);
    let more = match n_missing.saturating_sub(n_named) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    write!(f, "parts {numbers}{more} of {of} are not in this file: import those QR codes too")
}

/// The name of a type or an algorithm as it may be repeated.
///
/// In a file that is put together wrongly a secret may stand where a name belongs, so that only what
/// looks like a name is repeated.
pub(super) fn safe_name(name: &str) -> Label {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ');
    let looks_like_one = name.len() <= LONGEST_NAME && name.chars().all(is_name);
    // Part of it is enough: what was pasted together wrongly has a seed with something else around it.
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let holds_seed = words.any(|word| word.len() >= SHORTEST_SEED)
        || name.len() >= SHORTEST_SEED && Seed::from_base32(name).is_ok();
    Label::new(if looks_like_one && !holds_seed { name } else { "not repeated here" })
}

/// What is worth knowing about a seed.
pub(super) fn seed_warning(seed: &Seed) -> Option<Warning> {
    match seed.strength() {
        Strength::Good => None,
        Strength::Short(bits) => Some(Warning::ShortSeed(bits)),
    }
}
