//! The settings file: read before the sandbox closes, changed one value at a time.
//!
//! It holds no secret and nothing that keeps the vault. One of its settings is a program to run, so that
//! whoever can write the file could run one as its owner: see [`load`].

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, reading, shown_path};
use super::session::{Notice, Session};
use super::{log, vault_file};
use crate::audit::Event;
use crate::settings::{self, Key, LARGEST, NotChanged, Settings, Value, Warning};
use crate::storage::atomic::{self, Durability, Keep};
use crate::storage::{StorageError, lock};

/// How often and how long a writer waits for another one.
const LOCK_ATTEMPTS: u32 = 400;
const LOCK_POLL: Duration = Duration::from_millis(5);

/// What the settings file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The settings; a command that may not be run is left out of them.
    pub settings: Settings,
    /// What of it is not taken.
    pub warnings: Vec<Warning>,
    /// Where it lies, whether it is there or not; `None` where no home is known.
    pub path: Option<PathBuf>,
    /// Whether it is there.
    pub is_there: bool,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// What the file says now.
    pub loaded: Loaded,
    /// What is worth telling besides.
    pub notice: Option<Notice>,
}

/// Reads the settings file. It never fails: what cannot be read is warned of and keeps its default.
///
/// `clipboard.command` is left out where somebody else could have written it: when the file, its folder,
/// or what they are links to, belongs to another user than this one and root, or can be written by others.
pub fn load(ctx: &Context) -> Loaded {
    let Some(path) = ctx.paths.settings.clone() else { return Loaded::default() };
    let bytes = match read(ctx, &path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Loaded { path: Some(path), ..Loaded::default() },
        Err(error) => {
            let words =
                format!("{} cannot be read ({error}); all settings keep their defaults", shown_path(&path));
            let warnings = vec![Warning { line: None, words }];
            return Loaded { path: Some(path), warnings, is_there: true, ..Loaded::default() };
        }
    };
    let (mut settings, mut warnings) = settings::parse(&bytes);
    if !settings.clipboard.command.is_empty()
        && let Some(why) = distrust(ctx, &path)
    {
        settings.clipboard.command.clear();
        let words =
            format!("{} is not run, because somebody else could have written it: {why}", Key::Command.path());
        warnings.push(Warning { line: None, words });
    }
    Loaded { settings, warnings, path: Some(path), is_there: true }
}

/// Changes one value and keeps everything else that stands in the file. Where there is none, it is made
/// from the template. The log of an open vault gets the name of what was changed, never the value.
///
/// # Errors
///
/// When the value does not fit, the file is not understood, or it cannot be written. It is as it was then.
pub fn save(ctx: &Context, session: Option<&mut Session>, key: Key, value: &Value) -> Result<Saved, Failure> {
    let Some(path) = ctx.paths.settings.clone() else {
        return Err(Failure::new(Kind::Io, "there is no place for settings: no home is known")
            .unchanged(Unchanged::NothingTouched)
            .next("set HOME"));
    };
    let disk = ctx.disk.as_ref();
    let not_saved = |error| not_saved(&path, error);
    atomic::make_folder(disk, path.parent().unwrap_or(&path)).map_err(not_saved)?;
    let _lock = lock::acquire(disk, &path, &mut |attempt| {
        (ctx.pause)(LOCK_POLL);
        attempt < LOCK_ATTEMPTS
    })
    .map_err(not_saved)?;
    // Left behind by a crash.
    let _swept = atomic::sweep(disk, &path);
    let before = text(ctx, &path)?;
    refuse_foreign_command(ctx, &path, key, before.as_deref())?;
    let before = before.unwrap_or_else(settings::template);
    let after = settings::with_value(&before, key, value).map_err(|error| not_changed(&path, error))?;
    let wanted = settings::parse(after.as_bytes()).0;
    let is_right = |read_back: &[u8]| settings::parse(read_back).0 == wanted;
    let replaced = atomic::replace(disk, &path, after.as_bytes(), &ctx.token()?, Keep::Nothing, &is_right)
        .map_err(not_saved)?;
    if let Some(session) = session {
        let mut record = log::record(ctx, Event::SettingsChanged);
        record.facts = vec![("key".into(), key.path().into())];
        log::append(ctx, session, vec![record]);
    }
    let notice = (replaced.durability == Durability::NotConfirmed).then(|| {
        Notice("saved, but the disk did not confirm that the settings will survive a power cut".to_owned())
    });
    Ok(Saved { loaded: load(ctx), notice })
}

/// The bytes of the file; `None` when there is none. Only "not found" means that, and a link that leads
/// nowhere is there.
fn read(ctx: &Context, path: &Path) -> io::Result<Option<Vec<u8>>> {
    match ctx.disk.read(path, u64::try_from(LARGEST).unwrap_or(u64::MAX)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match ctx.disk.facts(path)? {
            None => Ok(None),
            Some(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link that leads nowhere")),
        },
        Err(error) => Err(error),
    }
}

/// The text of the file that is to be changed.
fn text(ctx: &Context, path: &Path) -> Result<Option<String>, Failure> {
    let kept = |kind, what: &str| {
        Failure::new(kind, format!("the setting was not saved: {} {what}", shown_path(path)))
            .unchanged(Unchanged::OutputNotCreated(path.to_owned()))
    };
    let bytes = read(ctx, path).map_err(|error| {
        kept(reading(&error), "cannot be read, and is not overwritten")
            .because(error)
            .next("check its permissions and the disk")
    })?;
    bytes.map(String::from_utf8).transpose().map_err(|_| {
        kept(Kind::UnknownFormat, "is no text in UTF-8, and is not overwritten")
            .next("move it away, or put it right")
    })
}

/// Why somebody else could have written a file; `None` when nobody else could.
fn distrust(ctx: &Context, path: &Path) -> Option<String> {
    let disk = ctx.disk.as_ref();
    let Ok(target) = atomic::target_of(disk, path) else {
        return Some(format!("it cannot be told where {} leads", shown_path(path)));
    };
    let folders = [path.parent(), target.parent()];
    let looked_at = [Some(target.as_path())].into_iter().chain(folders).flatten();
    looked_at.filter(|path| !path.as_os_str().is_empty()).find_map(|path| {
        let shown = shown_path(path);
        match disk.facts(path) {
            Ok(Some(facts)) if facts.is_foreign => Some(format!("{shown} belongs to another user")),
            Ok(Some(facts)) if facts.mode & 0o022 != 0 => {
                Some(format!("{shown} can be written by others (mode {:o}): chmod go-w", facts.mode))
            }
            Ok(Some(_)) => None,
            Ok(None) | Err(_) => Some(format!("it cannot be told who may write {shown}")),
        }
    })
}

/// A file that is written anew belongs to its writer alone, and what stands in it is trusted from then on.
fn refuse_foreign_command(ctx: &Context, path: &Path, key: Key, text: Option<&str>) -> Result<(), Failure> {
    let Some(text) = text.filter(|_| key != Key::Command) else { return Ok(()) };
    if settings::parse(text.as_bytes()).0.clipboard.command.is_empty() {
        return Ok(());
    }
    let Some(why) = distrust(ctx, path) else { return Ok(()) };
    Err(Failure::new(
        Kind::Refused,
        format!(
            "the setting was not saved: {} names a program to run, and somebody else could have written it",
            shown_path(path)
        ),
    )
    .because(why)
    .unchanged(Unchanged::OutputNotCreated(path.to_owned()))
    .next(format!(
        "read what `{}` says in it; if it is yours, take the right to write from others",
        Key::Command.path()
    )))
}

fn not_changed(path: &Path, error: NotChanged) -> Failure {
    let kind = match error {
        NotChanged::Unfit(_) => Kind::Usage,
        NotChanged::InTheWay { .. } | NotChanged::NotToml(_) | NotChanged::TooLarge => Kind::UnknownFormat,
    };
    let failure = Failure::new(kind, "the setting was not saved")
        .because(error)
        .unchanged(Unchanged::OutputNotCreated(path.to_owned()));
    if kind == Kind::Usage {
        failure.next("lifeboat.toml(5) says what each setting takes")
    } else {
        failure.next(format!("put it right in {}, or move that file away", shown_path(path)))
    }
}

fn not_saved(path: &Path, error: StorageError) -> Failure {
    let mut failure = if error.is_would_block() {
        Failure::new(Kind::Busy, "").next("wait until the other process is done, then try again")
    } else {
        let is_read_only = error.is_read_only();
        let mut failure = vault_file::not_saved(path, error);
        if is_read_only {
            failure.next = vec!["change the file where it is kept, or the folder's permissions".to_owned()];
        }
        failure
    };
    failure.what = format!("the settings in {} were not changed", shown_path(path));
    failure.unchanged = Some(Unchanged::OutputNotCreated(path.to_owned()));
    failure
}
