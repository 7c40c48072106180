//! The table of formats: what each can do, and the one way into and out of it.
//!
//! A format is a file of its own with a constant [`Format`], and a line in [`FORMATS`].

mod change;
mod detect;

use std::fmt;

pub use change::Change;
pub use detect::{Look, Unrecognised, detect, from_utf16, is_picture};

use super::outcome::Imported;
use super::{
    ExportError, ImportError, aegis, andotp, authy, battle_net, bitwarden, cotp, duo, ente, freeotp,
    freeotp_plus, gauth, keepass, lastpass, microsoft, one_password, otpauth_list, otpclient, page, pass,
    proton, proton_pass, pskc, qr_html, raivo, rsc_2fa, steam, stratum, totp_authenticator, totp_cli,
    two_fas, ykman, zipped_lists,
};
use crate::entry::Entry;
use crate::secret::{SecretBytes, SecretText};

/// A format of another program.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The name on the command line.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// How to get such a file, or what it is good for.
    pub help: &'static str,
    /// How it is read, if it can be.
    pub import: Option<Import>,
    /// How it is written, if it can be.
    pub export: Option<Export>,
}

/// How a format is read.
#[derive(Debug, Clone, Copy)]
pub struct Import {
    /// Recognises it by its content; the file's name plays no part. A damaged file is recognised too where that can
    /// be told, so that the person hears that it is damaged and where.
    pub recognises: fn(&Look<'_>) -> bool,
    /// Reads it as far as it goes without a passphrase.
    pub open: fn(&[u8]) -> Result<Source, ImportError>,
}

/// How a format is written.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// What the names of such files end in, without a full stop.
    pub ending: &'static str,
    /// Whether its written form can be encrypted.
    pub encrypts: bool,
    /// What it can say of an entry besides its names and its codes.
    pub keeps: &'static [Trait],
    /// What it says otherwise than it was.
    pub changes: &'static [Change],
    /// Why each of some entries cannot be written in it, in words; `None` where it can.
    pub refuses: Refuses,
    /// Writes entries, encrypted where a passphrase is given.
    pub write: Write,
}

/// Judges entries: for each, in their order, why a format cannot hold it, or `None`.
pub type Refuses = fn(&[&Entry]) -> Vec<Option<&'static str>>;

/// Refuses nothing: the format holds every entry.
pub(super) fn holds_all(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    vec![None; entries.len()]
}

/// Writes entries that the format holds; the third argument fills a buffer with random bytes, the fourth is the day, as
/// `2027-01-15`.
pub type Write =
    fn(&[&Entry], Option<&SecretText>, &mut dyn FnMut(&mut [u8]), &str) -> Result<SecretBytes, ExportError>;

/// What an entry may have besides its names and its codes, and a format may not be able to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// Its tags.
    Tags,
    /// Its tags but the first, where a format has one folder or group for an entry.
    FurtherTags,
    /// Its note.
    Notes,
    /// That it is shown first.
    Favourites,
    /// The digits of an entry that is named Steam and makes no Steam codes: readers of URIs take that issuer's name
    /// for a sign of Steam's own codes; so does this program.
    DigitsOfSteam,
    /// The service's one-time recovery codes.
    RecoveryCodes,
    /// That it opens something privileged.
    PrivilegedMarks,
    /// When the service accepted a code.
    Proofs,
    /// How the seed came here.
    Provenance,
    /// When the seed was replaced.
    Rotations,
    /// Parameters of a URI that mean nothing here.
    UriParameters,
}

impl Trait {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 11] = [
        Self::Tags,
        Self::FurtherTags,
        Self::Notes,
        Self::Favourites,
        Self::DigitsOfSteam,
        Self::RecoveryCodes,
        Self::PrivilegedMarks,
        Self::Proofs,
        Self::Provenance,
        Self::Rotations,
        Self::UriParameters,
    ];

    const fn in_words(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::FurtherTags => "tags but the first",
            Self::Notes => "notes",
            Self::Favourites => "favourites",
            Self::DigitsOfSteam => "digits of entries named Steam, which readers take for Steam's own codes",
            Self::RecoveryCodes => "recovery codes",
            Self::PrivilegedMarks => "privileged marks",
            Self::Proofs => "proofs of enrolment",
            Self::Provenance => "provenance",
            Self::Rotations => "dates of rotation",
            Self::UriParameters => "further URI parameters",
        }
    }

    fn is_of(self, entry: &Entry) -> bool {
        match self {
            Self::Tags => !entry.tags.is_empty(),
            Self::FurtherTags => entry.tags.len() > 1,
            Self::Notes => !entry.note.is_empty(),
            Self::Favourites => entry.favourite,
            Self::DigitsOfSteam => entry.issuer.raw() == "Steam" && entry.otp.type_name() == "totp",
            Self::RecoveryCodes => !entry.recovery_codes.is_empty(),
            Self::PrivilegedMarks => entry.privileged,
            Self::Proofs => entry.proven.is_some(),
            Self::Provenance => entry.provenance.is_some(),
            Self::Rotations => entry.rotated.is_some(),
            Self::UriParameters => !entry.uri_parameters.is_empty(),
        }
    }
}

impl Format {
    /// Whether each line of what is written in it is the text of a QR code, which can be drawn too.
    pub fn is_of_qr_codes(&self) -> bool {
        self.id == otpauth_list::GOOGLE.id
    }
}

/// All formats, by id.
pub const FORMATS: [Format; 36] = [
    one_password::FORMAT,
    rsc_2fa::FORMAT,
    two_fas::FORMAT,
    aegis::FORMAT,
    andotp::FORMAT,
    zipped_lists::AUTHENTICATOR_PLUS,
    authy::FORMAT,
    battle_net::FORMAT,
    bitwarden::FORMAT,
    cotp::FORMAT,
    duo::FORMAT,
    ente::FORMAT,
    freeotp::FORMAT,
    freeotp_plus::FORMAT,
    gauth::FORMAT,
    otpauth_list::GOOGLE,
    page::FORMAT,
    keepass::FORMAT,
    keepass::TABLE,
    keepass::DOCUMENT,
    lastpass::FORMAT,
    microsoft::FORMAT,
    otpauth_list::FORMAT,
    otpclient::FORMAT,
    pass::FORMAT,
    proton::FORMAT,
    proton_pass::FORMAT,
    pskc::FORMAT,
    qr_html::FORMAT,
    raivo::FORMAT,
    steam::FORMAT,
    stratum::FORMAT,
    totp_authenticator::FORMAT,
    totp_cli::FORMAT,
    zipped_lists::WINAUTH,
    ykman::FORMAT,
];

/// The format with an id.
pub fn by_id(id: &str) -> Option<Format> {
    FORMATS.into_iter().find(|format| format.id == id)
}

/// A file that was read: its entries, or what still needs a passphrase.
#[derive(Debug)]
pub enum Source {
    /// Not encrypted.
    Plain(Imported),
    /// Encrypted.
    Sealed(Box<dyn SealedFile>),
}

/// An encrypted file whose outside was read.
pub trait SealedFile: fmt::Debug + Send {
    /// The memory that opening it takes, in words.
    fn cost(&self) -> String;

    /// The formats that it may be of, where that shows only when it is opened.
    fn may_be(&self) -> Option<&'static str> {
        None
    }

    /// Whether a key file may open it, with its passphrase or alone.
    fn may_have_key_file(&self) -> bool {
        false
    }

    /// Takes the key file that belongs to it, before it is opened.
    ///
    /// # Errors
    ///
    /// [`ImportError::Unsupported`] for a format that has none, and what is wrong with the key file.
    fn take_key_file(&mut self, _bytes: &SecretBytes) -> Result<(), ImportError> {
        Err(ImportError::Unsupported { what: "a key file for this format".to_owned() })
    }

    /// Opens it with the file's own passphrase. The key derivation runs here.
    ///
    /// # Errors
    ///
    /// [`ImportError::WrongPassphrase`] when that does not open it, [`ImportError::Damaged`] when what it opens is not
    /// as the format says.
    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError>;
}

/// Reads a file of a format as far as it goes without a passphrase.
///
/// # Errors
///
/// [`ImportError`] when it is damaged, too large or of another version, or when the format cannot be read.
pub fn open(format: Format, bytes: &[u8]) -> Result<Source, ImportError> {
    let import = format.import.ok_or_else(|| ImportError::Unsupported { what: format.name.to_owned() })?;
    (import.open)(bytes)
}

/// An entry that a format cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name, safe to show.
    pub name: String,
    /// Why, in words.
    pub reason: &'static str,
}

/// Parts entries into those that a format can hold, and those that it cannot, with the reason of each.
pub fn held<'a>(export: Export, entries: &[&'a Entry]) -> (Vec<&'a Entry>, Vec<LeftOut>) {
    let (mut held, mut left_out) = (Vec::with_capacity(entries.len()), Vec::new());
    for (entry, refusal) in entries.iter().zip((export.refuses)(entries)) {
        match refusal {
            None => held.push(*entry),
            Some(reason) => left_out.push(LeftOut { name: entry.title(), reason }),
        }
    }
    (held, left_out)
}

/// What a format cannot say of these entries, in words. It is told before anything is written.
pub fn lossy(export: Export, entries: &[&Entry]) -> Vec<String> {
    let keeps = |one: &Trait| export.keeps.contains(one);
    // Without any tags, which of them are lost needs no words.
    let is_lost = |one: &Trait| !keeps(one) && (*one != Trait::FurtherTags || keeps(&Trait::Tags));
    let counted = |words: String, is_of: &dyn Fn(&Entry) -> bool| {
        let n = entries.iter().filter(|entry| is_of(entry)).count();
        (n > 0).then(|| format!("{words} ({n})"))
    };
    let lost = Trait::ALL.into_iter().filter(is_lost);
    let lost = lost.filter_map(|one| counted(one.in_words().to_owned(), &|entry| one.is_of(entry)));
    let changed = export.changes.iter();
    lost.chain(changed.filter_map(|one| counted(one.in_words(), &|entry| one.is_of(entry)))).collect()
}

#[cfg(test)]
mod tests;
