//! Shares that somebody brings: read from a file or a picture, checked alone, and handed over one by one.

use std::path::Path;

use super::bundle::SealedBundle;
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::share_set::{expected, name};
use super::time::day;
use crate::custody::{Added, Collected, CombineError, Expected, Share, ShareError, Unfit};
use crate::entry::Label;
use crate::envelope::{Quorum, RecoverySecret};
use crate::interchange::{qr_read, registry};
use crate::secret::{SecretBytes, SecretText};

/// Most bytes of a file with a share's words.
const LARGEST_TEXT: u64 = 64 << 10;
/// Most bytes of a picture of a card.
const LARGEST_PICTURE: u64 = 64 << 20;

/// Reads a share from a file: its words as text, or a picture of its QR code.
///
/// # Errors
///
/// Exit 4 when there is no such file, exit 3 when it holds no share; the message says what is wrong with the words.
pub fn from_file(ctx: &Context, path: &Path) -> Result<Share, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(reading(&error), format!("cannot read {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path, and that the medium it lies on is there")
    };
    // Not only regular files: a shell's `<(command)` is a pipe.
    let bytes = match ctx.disk.read_special(path, LARGEST_PICTURE) {
        Ok(bytes) => SecretBytes::new(bytes),
        Err(error) => return Err(cannot(error)),
    };
    if registry::is_picture(bytes.expose()) {
        return from_picture(path, &bytes);
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST_TEXT {
        return Err(not_a_share(&shown_path(path), "it is much longer than twenty words"));
    }
    let text =
        bytes.into_text().map_err(|_| not_a_share(&shown_path(path), "it is neither text nor a picture"))?;
    from_text(&text, &shown_path(path))
}

/// Reads a share from its words. `source` names where they come from.
///
/// # Errors
///
/// Exit 3; the message says what is wrong with the words.
pub fn from_text(text: &SecretText, source: &str) -> Result<Share, Failure> {
    Share::parse(text.expose()).map_err(|error| unreadable(source, &error))
}

fn from_picture(path: &Path, picture: &SecretBytes) -> Result<Share, Failure> {
    let source = shown_path(path);
    let texts = qr_read::texts(picture.expose()).map_err(|error| not_a_share(&source, &error.to_string()))?;
    let mut first_error = None;
    for text in &texts {
        match Share::parse(text.expose()) {
            Ok(share) => return Ok(share),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.map_or_else(
        || not_a_share(&source, "there is no QR code in it"),
        |error| unreadable(&source, &error),
    ))
}

fn not_a_share(source: &str, cause: &str) -> Failure {
    Failure::new(Kind::WrongShare, format!("{source} is no share"))
        .details([cause.to_owned()])
        .unchanged(Unchanged::NothingTouched)
        .next("a share is the twenty words of a card, as text or as a picture of its QR code")
}

fn unreadable(source: &str, error: &ShareError) -> Failure {
    let next = if matches!(error, ShareError::Foreign(_)) {
        "take a card that says that it is for Lifeboat"
    } else {
        "compare it with the card, word by word; nothing was changed by itself"
    };
    let told = if let ShareError::UnknownWord { typed, .. } = error {
        format!("{error} (typed: {})", Label::new(typed.expose()).shown())
    } else {
        error.to_string()
    };
    Failure::new(Kind::WrongShare, format!("{source} is no share as it stands"))
        .details([told])
        .unchanged(Unchanged::NothingTouched)
        .next(next)
}

/// Checks one share alone against a bundle: intact, of its set, and current. Nothing is assembled or revealed.
///
/// # Errors
///
/// Exit 3 when it is not; a share of a set that was replaced is named with the date.
pub fn check(bundle: &SealedBundle, share: &Share) -> Result<(), Failure> {
    let quorum = quorum_of(bundle)?;
    let expected = expected_of(quorum)?;
    expected.check(share).map_err(|unfit| does_not_fit(quorum, &unfit))
}

/// The shares that open a bundle.
///
/// # Errors
///
/// Exit 3 when none do; it is said what does.
pub fn quorum_of(bundle: &SealedBundle) -> Result<&Quorum, Failure> {
    bundle.quorum().ok_or_else(|| {
        Failure::new(Kind::WrongShare, "no shares open this bundle")
            .details([format!("what opens it: {}", bundle.inspect().ways.join(", or "))])
            .unchanged(Unchanged::NothingTouched)
            .next("take the bundle that the cards name, or open this one with what opens it")
    })
}

fn expected_of(quorum: &Quorum) -> Result<Expected, Failure> {
    expected(quorum.set, quorum.threshold, &quorum.fingerprints)
        .ok_or_else(|| Failure::new(Kind::Damaged, "what the bundle says of its shares is not valid"))
}

/// Why a share does not fit, with what is known of replaced sets.
fn does_not_fit(quorum: &Quorum, unfit: &Unfit) -> Failure {
    let failure = |what: String| Failure::new(Kind::WrongShare, what).unchanged(Unchanged::NothingTouched);
    if let Unfit::OtherSet { found, .. } = unfit
        && let Some(old) = quorum.replaced.iter().find(|replaced| replaced.set == found.number())
    {
        return failure(format!("the share is of set {found}, which was replaced on {}", day(old.at)))
            .details([format!("this bundle opens with cards that say {}", name(quorum.set))])
            .next(format!(
                "take the newer card, which says {}; the old one is to be destroyed",
                name(quorum.set)
            ));
    }
    let next = if matches!(unfit, Unfit::Fingerprint { .. }) {
        "the words fit together and are not those that were made: ask who keeps the vault"
    } else {
        "take a card whose set is the one that is needed: its name is the first two words"
    };
    failure(unfit.to_string()).next(next)
}

/// Shares for one file, taken one by one in any order until they are enough.
#[derive(Debug)]
pub struct Opening {
    quorum: Quorum,
    collected: Collected,
}

/// What came of handing a share over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Its number.
    pub number: u8,
    /// True when it was there before.
    pub again: bool,
    /// How many are still needed.
    pub missing: u8,
}

impl Opening {
    /// Begins for what a quorum opens.
    ///
    /// # Errors
    ///
    /// Exit 5 when what it says of its shares is not valid.
    pub fn of(quorum: &Quorum) -> Result<Self, Failure> {
        Ok(Self { quorum: quorum.clone(), collected: Collected::of(expected_of(quorum)?) })
    }

    /// How many shares are still needed.
    pub fn missing(&self) -> u8 {
        self.collected.missing().unwrap_or(self.quorum.threshold)
    }

    /// The set that is needed, by its name.
    pub fn set_name(&self) -> String {
        name(self.quorum.set)
    }

    /// How many shares open it.
    pub fn threshold(&self) -> u8 {
        self.quorum.threshold
    }

    /// The numbers of the shares that were taken.
    pub fn numbers(&self) -> Vec<u8> {
        self.collected.numbers()
    }

    /// Takes a share. One that does not fit is named and spoils nothing.
    ///
    /// # Errors
    ///
    /// Exit 3 for a share that does not fit.
    pub fn add(&mut self, share: Share) -> Result<Taken, Failure> {
        match self.collected.add(share) {
            Added::Taken { number, missing } | Added::Conflicting { number, missing } => {
                Ok(Taken { number, again: false, missing })
            }
            Added::AlreadyThere { number, missing } => Ok(Taken { number, again: true, missing }),
            Added::Unfit(unfit) => Err(does_not_fit(&self.quorum, &unfit)),
        }
    }

    /// What the shares give together.
    ///
    /// # Errors
    ///
    /// Exit 3 while there are too few; nothing is told about what they open.
    pub fn secret(&self) -> Result<RecoverySecret, Failure> {
        let ready = self.collected.ready().map_err(|error| self.not_enough(error))?;
        RecoverySecret::from_secret(ready.secret).ok_or_else(|| self.not_enough(CombineError::DigestDiffers))
    }

    fn not_enough(&self, error: CombineError) -> Failure {
        let have = self.numbers();
        let failure = Failure::new(Kind::WrongShare, "there are not enough shares that fit")
            .details([format!(
                "{} of the {} shares of {} that are needed {} there",
                have.len(),
                self.quorum.threshold,
                self.set_name(),
                if have.len() == 1 { "is" } else { "are" }
            )])
            .unchanged(Unchanged::NothingTouched);
        if matches!(error, CombineError::TooFew { .. } | CombineError::NoShares) {
            let missing = self.missing();
            failure.next(format!("bring {missing} more: --share FILE, once for each, or typed at the prompt"))
        } else {
            failure.because(error).next("check each card alone: lifeboat share check BUNDLE --share FILE")
        }
    }
}
