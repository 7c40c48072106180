//! Opening a pass, on any machine: no vault is asked for, and nothing is written.

use std::path::{Path, PathBuf};

use super::file;
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::app::unlock::{cost_in_words, enough_memory};
use crate::app::{time, vault_file};
use crate::entry::{Label, UnixSeconds};
use crate::envelope::{self, Credentials, OpenError, Passphrase, Sealed};
use crate::otp::{Code, TimeStep};
use crate::recovery::ItemId;
use crate::wire::WireError;
use crate::wire::pass_v1::{self, PassDocument};

/// A pass whose outside was checked and that nobody has opened yet.
#[derive(Debug)]
pub struct SealedPass {
    sealed: Sealed,
    path: PathBuf,
}

/// Reads the file of a pass, or a picture of one, and checks its outside.
///
/// # Errors
///
/// Exit 4 without such a file, exit 5 for one that is damaged or something else.
pub fn look(ctx: &Context, path: &Path) -> Result<SealedPass, Failure> {
    let sealed = Sealed::parse(file::read(ctx, path)?, envelope::Kind::Pass);
    Ok(SealedPass { sealed: sealed.map_err(|error| cannot_open(path, error))?, path: path.to_owned() })
}

impl SealedPass {
    /// Memory and rough time that its words cost, in words; empty for none.
    pub fn cost(&self) -> String {
        self.sealed.cost().map(cost_in_words).unwrap_or_default()
    }

    /// Opens it with its words.
    ///
    /// # Errors
    ///
    /// Words that do not fit (exit 3), damage (exit 5), a derivation past the ceiling (exit 8).
    pub fn open(self, ctx: &Context, words: Passphrase) -> Result<OpenedPass, Failure> {
        enough_memory(ctx, self.sealed.cost())?;
        let credentials = Credentials { passphrase: Some(words), ..Credentials::default() };
        let cannot = |error| cannot_open(&self.path, error);
        let (master, _) = self.sealed.unlock(&credentials, ctx.kdf.ceiling).map_err(cannot)?;
        let payload = self.sealed.open(&master).map_err(cannot)?;
        let document = pass_v1::parse(payload.json()).map_err(|error| not_understood(&self.path, error))?;
        Ok(OpenedPass { document, path: self.path })
    }
}

/// A pass that was opened: it shows a code while its time runs, and none before and after it.
#[derive(Debug)]
pub struct OpenedPass {
    document: PassDocument,
    path: PathBuf,
}

/// A code of a pass with the time that it is good for.
#[derive(Debug)]
pub struct SheetCode<'a> {
    /// First second of its step.
    pub from: UnixSeconds,
    /// First second after its step.
    pub until: UnixSeconds,
    /// The code.
    pub code: &'a Code,
    /// Its step lies in the time of the pass, at least in part, and not before or behind it.
    pub is_within: bool,
}

impl OpenedPass {
    /// Its name.
    pub fn id(&self) -> ItemId {
        self.document.id
    }

    /// Whose codes they are, from the file.
    pub fn title(&self) -> &Label {
        &self.document.title
    }

    /// Whom it was given to, from the file.
    pub fn to(&self) -> &Label {
        &self.document.to
    }

    /// Its first moment.
    pub fn from(&self) -> UnixSeconds {
        self.document.from
    }

    /// The moment after its last.
    pub fn until(&self) -> UnixSeconds {
        self.document.until
    }

    /// How long each code is good for, in seconds.
    pub fn period_seconds(&self) -> u32 {
        self.document.period.seconds()
    }

    /// The code of a moment.
    ///
    /// # Errors
    ///
    /// Exit 8 before its start and after its end.
    pub fn at(&self, now: UnixSeconds) -> Result<SheetCode<'_>, Failure> {
        if now < self.from() {
            return Err(self.refused("the pass has not begun", now));
        }
        self.refuse_ended(now)?;
        let step = TimeStep::at(now, self.document.period);
        // A reader takes no document that has not the code of each of its steps.
        let code = self.document.code_of(step);
        code.map(|code| self.sheet_code(step, code))
            .ok_or_else(|| self.refused("the pass has no such code", now))
    }

    /// All codes in it, in their order.
    ///
    /// # Errors
    ///
    /// Exit 8 after its end: then there is nothing to print.
    pub fn sheet(&self, now: UnixSeconds) -> Result<Vec<SheetCode<'_>>, Failure> {
        self.refuse_ended(now)?;
        let period = self.document.period;
        let start = self.document.first().saturating_mul(u64::from(period.seconds()));
        let mut step = TimeStep::at(start, period);
        let mut codes = Vec::with_capacity(self.document.codes.len());
        for code in &self.document.codes {
            codes.push(self.sheet_code(step, code));
            step = step.next();
        }
        Ok(codes)
    }

    fn sheet_code<'a>(&self, step: TimeStep, code: &'a Code) -> SheetCode<'a> {
        let is_within = step.ends() > self.from() && step.starts() < self.until();
        SheetCode { from: step.starts(), until: step.ends(), code, is_within }
    }

    fn refuse_ended(&self, now: UnixSeconds) -> Result<(), Failure> {
        if now >= self.until() { Err(self.refused("the pass has ended", now)) } else { Ok(()) }
    }

    fn refused(&self, what: &str, now: UnixSeconds) -> Failure {
        Failure::new(Kind::Refused, format!("{what}, and shows nothing"))
            .details([
                format!("it is good from {} until {}", time::shown(self.from()), time::shown(self.until())),
                format!("it is {} by this clock", time::shown(now)),
            ])
            .unchanged(Unchanged::OnlyRead(self.path.clone()))
            .next("check this clock: `lifeboat doctor`; or ask whoever issued it for another one")
    }
}

fn cannot_open(path: &Path, error: OpenError) -> Failure {
    let next = match error {
        OpenError::WrongCredential { .. } | OpenError::NoFittingSlot => {
            "have the words said once more: eight of them, each known by its first four letters"
        }
        OpenError::Altered { .. } | OpenError::BadHeader { .. } | OpenError::Damaged { .. } => {
            "have it sent once more, as a file and not as a text"
        }
        OpenError::NotAnEnvelope => {
            "whoever keeps the vault makes one: lifeboat pass issue NAME --to NAME -o FILE"
        }
        OpenError::Kdf(_)
        | OpenError::UnsupportedFeature { .. }
        | OpenError::UnsupportedVersion { .. }
        | OpenError::WrongKind { .. } => return vault_file::cannot_open(path, "pass", error),
    };
    let mut failure = vault_file::cannot_open(path, "pass", error);
    failure.next = vec![next.to_owned()];
    failure
}

fn not_understood(path: &Path, error: WireError) -> Failure {
    let what = format!("the pass {} is not understood", shown_path(path));
    let (kind, next) = match error {
        WireError::NewerSchema { .. } => {
            (Kind::UnknownVersion, "open it with the version of Lifeboat that wrote it, or a newer one")
        }
        WireError::Field { .. } | WireError::KeyTwice | WireError::NotAnObject => {
            (Kind::Damaged, "it is not as Lifeboat makes passes; ask whoever sent it")
        }
    };
    Failure::new(kind, what).because(error).unchanged(Unchanged::OnlyRead(path.to_owned())).next(next)
}
