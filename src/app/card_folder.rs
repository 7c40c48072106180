//! Cards as files, for a printer: one folder for each custodian, in memory alone, so that no lasting disk ever holds
//! what opens a bundle.

use std::io;
use std::path::{Path, PathBuf};

use super::card::{Card, OnEachCard};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::share_set::NewShareSet;
use crate::secret::SecretText;
use crate::storage::StorageError;
use crate::storage::atomic::{self, Existing};
use crate::storage::disk::{Facts, FileKind};

/// Where cards can be written on a Linux machine, as a person types it.
const IN_MEMORY: &str = "/dev/shm/cards";
/// Most characters that a name gives to the name of a folder.
const LONGEST_PART: usize = 40;

/// A place for cards that was looked at. Nothing was written there yet.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    is_there: bool,
}

/// Cards that were written, until they are taken back.
#[derive(Debug)]
pub struct Written {
    /// The folder of each custodian, in the order of the shares.
    pub folders: Vec<PathBuf>,
    /// What was made, in the order in which it was made; files are in folders that stand before them.
    made: Vec<Made>,
}

#[derive(Debug)]
enum Made {
    File(PathBuf),
    Folder(PathBuf),
}

/// Looks whether cards may be written to a folder: it was asked for by its name, is new or empty, lies in memory alone,
/// and is nobody else's.
///
/// # Errors
///
/// Exit 8 with the reason; nothing was written.
pub fn place(ctx: &Context, folder: &Path, plaintext: bool, bundle: Option<&Path>) -> Result<Place, Failure> {
    if !plaintext {
        return Err(refused(folder, "cards in files are shares in clear")
            .next("if that is meant, run it again with --plaintext, and delete the folder once they are printed")
            .next("without --shares the cards are shown at the terminal, one at a time, and no file is written"));
    }
    let facts = ctx.disk.facts(folder).map_err(|error| cannot_look(folder, error))?;
    if let Some(facts) = facts {
        check_folder(ctx, folder, &facts)?;
    }
    let nearest = if facts.is_some() { folder.to_owned() } else { above(folder) };
    check_memory(ctx, folder, &nearest)?;
    if bundle.is_some_and(|bundle| is_same_place(ctx, &above(bundle), folder)) {
        return Err(refused(folder, "the bundle would lie among its own cards")
            .next("name another folder for one of them"));
    }
    Ok(Place { folder: folder.to_owned(), is_there: facts.is_some() })
}

/// A folder that is there already: empty, and nobody else can put anything into it.
fn check_folder(ctx: &Context, folder: &Path, facts: &Facts) -> Result<(), Failure> {
    if facts.kind != FileKind::Folder {
        return Err(
            refused(folder, "what is there is no folder").next("name a folder that does not exist yet")
        );
    }
    let inside = ctx.disk.list(folder).map_err(|error| cannot_look(folder, error))?;
    if !inside.is_empty() {
        return Err(refused(folder, "the folder is not empty")
            .next(format!("name one that does not exist yet, for example --shares {IN_MEMORY}"))
            .next("if it holds cards of an earlier run, see that they are printed or void, and delete it"));
    }
    if facts.is_foreign || facts.mode & 0o022 != 0 {
        return Err(refused(folder, "others may write there").next("name a folder that does not exist yet"));
    }
    Ok(())
}

fn check_memory(ctx: &Context, folder: &Path, nearest: &Path) -> Result<(), Failure> {
    let way = || format!("name a folder in memory: --shares {IN_MEMORY}");
    match ctx.disk.is_in_memory(nearest) {
        Ok(true) => Ok(()),
        Ok(false) => Err(refused(
            folder,
            "it lies on a disk, which keeps what was written after it is deleted",
        )
        .next(way())
        .next("without --shares the cards are shown at the terminal, one at a time, and no file is written")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::new(Kind::Refused, format!("there is no folder {}", shown_path(nearest)))
                .because(error)
                .unchanged(Unchanged::NothingTouched)
                .next(way()))
        }
        Err(error) => {
            Err(refused(folder, "it cannot be told whether it lies in memory alone").because(error).next(
                "without --shares the cards are shown at the terminal, one at a time, and no file is written",
            ))
        }
    }
}

fn refused(folder: &Path, why: &str) -> Failure {
    Failure::new(Kind::Refused, format!("no cards are written to {}: {why}", shown_path(folder)))
        .unchanged(Unchanged::NothingTouched)
}

fn cannot_look(folder: &Path, error: io::Error) -> Failure {
    Failure::new(Kind::Io, format!("cannot look at {}", shown_path(folder)))
        .because(error)
        .unchanged(Unchanged::NothingTouched)
}

fn above(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn is_same_place(ctx: &Context, one: &Path, other: &Path) -> bool {
    one == other
        || ctx.disk.resolve(one).is_ok_and(|one| ctx.disk.resolve(other).is_ok_and(|other| one == other))
}

/// Writes a folder for each custodian, with `card.html`, `card.txt` and `share.txt`, whose one line is the words.
///
/// # Errors
///
/// When the disk fails; then what was written is removed again.
pub fn write(
    ctx: &Context,
    place: &Place,
    new: &mut NewShareSet,
    each: &OnEachCard,
) -> Result<Written, Failure> {
    let mut written = Written { folders: Vec::new(), made: Vec::new() };
    let done = write_all(ctx, place, new, each, &mut written);
    match done {
        Ok(()) => {
            new.written_to_files();
            Ok(written)
        }
        Err(failure) => Err(written.take_back(ctx, failure.unchanged(Unchanged::NothingTouched))),
    }
}

fn write_all(
    ctx: &Context,
    place: &Place,
    new: &NewShareSet,
    each: &OnEachCard,
    written: &mut Written,
) -> Result<(), Failure> {
    if !place.is_there {
        make_folder(ctx, &place.folder, written)?;
    }
    // Once more where it is now: what lay there a moment ago may have been another folder.
    check_memory(ctx, &place.folder, &place.folder)?;
    for card in Card::all(new, each) {
        let name = format!("{:02}-{}", card.number(), safe(card.custodian()));
        let folder = place.folder.join(name.trim_end_matches('-'));
        make_folder(ctx, &folder, written)?;
        let files = [("card.html", card.html()), ("card.txt", card.text()), ("share.txt", card.line())];
        for (name, text) in files {
            write_file(ctx, &folder.join(name), &text, written)?;
        }
        written.folders.push(folder);
    }
    Ok(())
}

fn make_folder(ctx: &Context, folder: &Path, written: &mut Written) -> Result<(), Failure> {
    let made = ctx.disk.create_folder(folder);
    made.map_err(|error| {
        Failure::new(Kind::Io, format!("the folder {} was not made", shown_path(folder))).because(error)
    })?;
    written.made.push(Made::Folder(folder.to_owned()));
    Ok(())
}

fn write_file(ctx: &Context, path: &Path, text: &SecretText, written: &mut Written) -> Result<(), Failure> {
    let token = ctx.token()?;
    // Before it is tried: what came of half a try is taken back too, and the folder is nobody else's.
    written.made.push(Made::File(path.to_owned()));
    let made = atomic::create(ctx.disk.as_ref(), path, text.expose().as_bytes(), &token, Existing::Refuse);
    made.map_err(|error: StorageError| {
        let kind = if error.is_no_space() { Kind::NoSpace } else { Kind::Io };
        Failure::new(kind, format!("{} was not written", shown_path(path))).because(error)
    })?;
    Ok(())
}

impl Written {
    /// The folder that holds the others.
    pub fn dir(&self) -> Option<&Path> {
        self.folders.first()?.parent()
    }

    /// Removes all of it again, because something else has failed, and says so.
    #[must_use]
    pub fn take_back(self, ctx: &Context, mut failure: Failure) -> Failure {
        let mut left = None;
        let mut n_gone = 0;
        for made in self.made.iter().rev() {
            let (path, removed) = match made {
                Made::File(path) => (path, ctx.disk.remove(path)),
                Made::Folder(path) => (path, ctx.disk.remove_folder(path)),
            };
            match removed {
                Ok(()) => n_gone += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // The outermost folder that stays holds all others.
                Err(_) => left = Some(path),
            }
        }
        if let Some(left) = left {
            let path = shown_path(left);
            failure.details.push(format!("cards that were written could not all be removed again: {path}"));
            failure.next.push(format!("delete what is left of them: rm -r '{path}'"));
        } else if n_gone > 0 {
            failure.details.push("the folders with the cards that were written are removed again".to_owned());
        }
        failure
    }
}

/// What a name gives to the name of a folder: letters, digits and hyphens, and nothing that leads elsewhere.
fn safe(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().take(LONGEST_PART) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_no_other_folder() {
        for (name, part) in [
            ("Ana", "Ana"),
            ("Ana López", "Ana-López"),
            ("../../x", "x"),
            ("/etc/passwd", "etc-passwd"),
            ("<script>alert(1)</script>", "script-alert-1-script-"),
            ("..", ""),
            ("con.", "con-"),
            ("a\u{202e}b\nc", "a-b-c"),
        ] {
            assert_eq!(safe(name), part);
        }
        assert_eq!(safe(&"x".repeat(500)).len(), LONGEST_PART);
    }
}
