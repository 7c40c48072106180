//! The folder of a report: four files for their owner alone, the signature last, read back before it is called made.

use std::path::{Path, PathBuf};

use super::{HTML, JSON, MARKDOWN, SIGNATURE};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::app::{files, vault_file};
use crate::storage::atomic::{self, Durability, Existing};
use crate::storage::disk::FileKind;
use crate::storage::{Step, StorageError};

/// How the folder was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It is not there.
    Absent,
    /// It is there, and no report is in it.
    There,
}

/// Looks at the folder that is to take a report.
///
/// # Errors
///
/// Exit 8 when a file of a report lies in it, or when it is no folder; exit 4 when the folder above is not there.
pub(super) fn look(ctx: &Context, folder: &Path) -> Result<Found, Failure> {
    let cannot = |error| {
        Failure::new(Kind::Io, format!("cannot look at {}", shown_path(folder)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("check the path and its permissions, then run the command again")
    };
    let real = match ctx.disk.facts(folder).map_err(cannot)? {
        None => return files::no_folder_above(ctx, folder).map_err(cannot)?.map_or(Ok(Found::Absent), Err),
        Some(facts) if facts.kind == FileKind::Link => ctx.disk.resolve(folder).map_err(cannot)?,
        Some(_) => folder.to_owned(),
    };
    if ctx.disk.facts(&real).map_err(cannot)?.is_none_or(|facts| facts.kind != FileKind::Folder) {
        return Err(Failure::new(Kind::FileExists, format!("{} is there and no folder", shown_path(folder)))
            .unchanged(Unchanged::NothingTouched)
            .next("name a folder that does not exist yet with -o"));
    }
    for name in [SIGNATURE, JSON, MARKDOWN, HTML] {
        if ctx.disk.facts(&real.join(name)).map_err(cannot)?.is_some() {
            // It is written last: without it a report was begun and never finished, or these are somebody else's files.
            let is_whole = name == SIGNATURE;
            let (what, next) = if is_whole {
                ("a report lies in it already", "name another folder with -o: a report is never replaced")
            } else {
                (
                    "a report was begun in it and never finished, or its signature is gone",
                    "look at what it is, and remove it or name another folder with -o",
                )
            };
            return Err(Failure::new(
                Kind::FileExists,
                format!("no report can be made in {}", shown_path(folder)),
            )
            .details([format!("there is {name}: {what}")])
            .unchanged(Unchanged::NothingTouched)
            .next(next));
        }
    }
    Ok(Found::There)
}

/// Writes the files. What was written is taken away again when one of them fails. Says whether the disk confirmed that all
/// of it survives a power cut.
pub(super) fn write(
    ctx: &Context,
    folder: &Path,
    found: Found,
    files: &[(&'static str, &[u8])],
) -> Result<bool, Failure> {
    let mut done = Vec::new();
    write_all(ctx, folder, found, files, &mut done).map_err(|error| {
        let mut failure = vault_file::not_saved(folder, error);
        "the report was not made".clone_into(&mut failure.what);
        failure.unchanged = Some(take_away(ctx, folder, found, &done));
        failure.next =
            vec!["check the path, its permissions and the space on the medium, then run it again".to_owned()];
        failure
    })
}

fn write_all(
    ctx: &Context,
    folder: &Path,
    found: Found,
    files: &[(&'static str, &[u8])],
    done: &mut Vec<PathBuf>,
) -> Result<bool, StorageError> {
    let disk = ctx.disk.as_ref();
    let mut durable = true;
    if found == Found::Absent {
        disk.create_folder(folder).map_err(|error| StorageError::new(Step::CreateFolder, folder, error))?;
        // Else a power cut could take the folder with everything in it.
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
        durable &= disk.sync_folder(above.unwrap_or(Path::new("."))).is_ok();
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        let token = ctx.token().map_err(|_| {
            StorageError::new(Step::CreateTemporary, &path, std::io::Error::other("no random bytes"))
        })?;
        let durability = atomic::create(disk, &path, bytes, &token, Existing::Refuse)?;
        done.push(path);
        durable &= durability == Durability::Confirmed;
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let read = disk.read(&path, len).map_err(|error| StorageError::new(Step::ReadBack, &path, error))?;
        if read != *bytes {
            let differs = std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "the disk holds something else than was written",
            );
            return Err(StorageError::new(Step::ReadBack, &path, differs));
        }
    }
    Ok(durable)
}

fn take_away(ctx: &Context, folder: &Path, found: Found, done: &[PathBuf]) -> Unchanged {
    let gone =
        done.iter().all(|path| ctx.disk.remove(path).is_ok() || matches!(ctx.disk.facts(path), Ok(None)));
    let gone = gone
        && (found == Found::There
            || ctx.disk.remove_folder(folder).is_ok()
            || matches!(ctx.disk.facts(folder), Ok(None)));
    if gone {
        Unchanged::OutputNotCreated(folder.to_owned())
    } else {
        Unchanged::Partly(format!("a part of a report lies in {}; remove it", shown_path(folder)))
    }
}
