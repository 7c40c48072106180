//! What lies in a folder, for somebody who chooses a file.

use std::path::{Component, Path, PathBuf};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use crate::storage::disk::FileKind;

/// Most files of a folder that are listed.
const MOST_FILES: usize = 10_000;

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name. Raw: it is shown escaped.
    pub name: String,
    /// Whether it can be opened as a folder.
    pub is_folder: bool,
    /// Bytes of a file.
    pub len: u64,
}

/// Lists a folder: folders first, then files, each by name. What is neither, and names that are no UTF-8 and
/// so cannot be typed, are left out.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn list(ctx: &Context, folder: &Path) -> Result<Vec<Listed>, Failure> {
    let paths = ctx.disk.list(folder).map_err(|error| {
        Failure::new(Kind::Io, format!("cannot read the folder {}", shown_path(folder)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("choose another folder, or type the path")
    })?;
    let mut listed: Vec<Listed> = paths.iter().take(MOST_FILES).filter_map(|path| look(ctx, path)).collect();
    listed.sort_by_cached_key(|file| (!file.is_folder, file.name.to_lowercase()));
    Ok(listed)
}

fn look(ctx: &Context, path: &Path) -> Option<Listed> {
    let name = path.file_name()?.to_str()?.to_owned();
    let mut facts = ctx.disk.facts(path).ok()??;
    if facts.kind == FileKind::Link {
        let real = ctx.disk.resolve(path).ok()?;
        facts = ctx.disk.facts(&real).ok()??;
    }
    match facts.kind {
        FileKind::File => Some(Listed { name, is_folder: false, len: facts.len }),
        FileKind::Folder => Some(Listed { name, is_folder: true, len: 0 }),
        FileKind::Link | FileKind::Other => None,
    }
}

/// Refuses to make more than one folder: where a medium is not in place, what is made would lie on this disk. `None` where
/// the folder above is there.
pub(super) fn no_folder_above(ctx: &Context, folder: &Path) -> std::io::Result<Option<Failure>> {
    let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) else { return Ok(None) };
    let refusal = || {
        Failure::new(Kind::NoFile, format!("there is no folder {}", shown_path(above)))
            .unchanged(Unchanged::NothingTouched)
            .next("put the medium in place, or make that folder, then run the command again")
    };
    Ok(ctx.disk.facts(above)?.is_none().then(refusal))
}

/// A folder without `.` and `..` in its path, as far as that can be told from the path alone.
pub fn tidied(folder: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in folder.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            Component::Normal(_) | Component::Prefix(_) | Component::RootDir => tidy.push(part),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_above_is_found_without_the_disk() {
        for (typed, tidy) in [("/a/b/..", "/a"), ("/a/./b", "/a/b"), ("/..", "/"), ("/a/b/../../..", "/")] {
            assert_eq!(tidied(Path::new(typed)), Path::new(tidy));
        }
    }
}
