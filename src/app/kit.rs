//! The kit that a custodian keeps: the bundle three times, this program, the independent reader, sums, instructions.
//!
//! It holds no share, no passphrase and no key file, and names nobody unless that is asked for. The bundle in it is one
//! that was made before: a kit adds no way of opening anything.

mod choice;
mod folder;
mod pages;
mod program;
mod told;

use std::path::{Path, PathBuf};

use super::bundle::{self, COPIES, ListedBundle, SealedBundle};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged, shown_path};
use super::session::Session;
use super::{log, share_set};
use crate::audit::Event;
use crate::entry::{EntryId, Label};
use crate::envelope::Credentials;
use crate::vault::Vault;

pub use choice::NotTaken;
pub use folder::KitFile;
pub use program::Machine;
pub use told::{NEXT, NOT_DURABLE};

/// The program in a kit.
pub const PROGRAM: &str = "lifeboat";
/// The independent reader in a kit.
pub const READER: &str = "restore.py";
/// The instructions for a browser and a printer.
pub const HTML: &str = "START-HERE.html";
/// The instructions as plain text.
pub const TEXT: &str = "START-HERE.txt";
/// The sums of all other files; it is written last.
pub const SUMS: &str = "SHA256SUMS";

const RESTORE_PY: &str = include_str!("../../vectors/restore.py");
/// No program of this name is larger, with everything for finding faults in it.
const LARGEST_PROGRAM: u64 = 1 << 30;

/// What a kit is to be like.
#[derive(Debug)]
pub struct KitRequest<'a> {
    /// The folder that is made.
    pub folder: &'a Path,
    /// Make a kit anew that lies there already.
    pub force: bool,
    /// Name the accounts and the custodians in the instructions.
    pub names: bool,
    /// What opens the bundle, for proving that it opens; without any the copies are compared alone.
    pub credentials: Option<&'a Credentials>,
}

/// A kit that was made and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitMade {
    /// Where it lies.
    pub folder: PathBuf,
    /// The bundle in it, with what has changed since it was made.
    pub bundle: ListedBundle,
    /// Newer bundles that were not taken.
    pub not_taken: Vec<NotTaken>,
    /// Its files but the sums, in the order in which those name them.
    pub files: Vec<KitFile>,
    /// Where the program in it runs.
    pub machine: Machine,
    /// False when the medium knows no modes and the program has to be made executable by hand.
    pub is_executable: bool,
    /// True when the bundle was opened with what was given.
    pub was_opened: bool,
    /// False when the disk did not confirm that it survives a power cut.
    pub durable: bool,
}

/// Refuses a folder that cannot become a kit, before anybody types a passphrase for it.
///
/// # Errors
///
/// Exit 8 when something lies there, exit 4 when the folder above is not there.
pub fn refuse_folder(ctx: &Context, folder: &Path, force: bool) -> Result<(), Failure> {
    folder::look(ctx, folder, force).map(|_| ())
}

/// Makes a kit of the newest bundle of all entries, and reads it back.
///
/// # Errors
///
/// Exit 8 when there is no such bundle or something lies in the folder; what writing and opening can fail with.
pub fn make(ctx: &Context, session: &mut Session, request: &KitRequest<'_>) -> Result<KitMade, Failure> {
    let folder = request.folder;
    let found = folder::look(ctx, folder, request.force)?;
    let chosen = choice::choose(ctx, session, folder)?;
    let program = this_program(ctx, folder)?;
    let sealed = bundle::look_at(Path::new(chosen.listed.record.path.raw()), Ok(chosen.bytes.clone()))?;
    if let Some(credentials) = request.credentials {
        // The copies are the same bytes. Before them, so that a slip of the pen leaves nothing behind.
        sealed.open(ctx, credentials)?;
    }
    let facts = facts(ctx, &session.vault, &chosen.listed, &sealed, Machine::of(&program), request.names);
    let (text, html) = (pages::text(&facts), pages::html(&facts));
    let mut files: Vec<(&'static str, &[u8])> =
        COPIES.iter().map(|name| (*name, chosen.bytes.as_slice())).collect();
    files.extend([
        (PROGRAM, program.as_slice()),
        (READER, RESTORE_PY.as_bytes()),
        (HTML, html.as_bytes()),
        (TEXT, text.as_bytes()),
    ]);
    let written = folder::write(ctx, folder, found, &files)?;
    look_at_copies(ctx, folder)?;
    note(ctx, session, &chosen.listed);
    Ok(KitMade {
        folder: folder.to_owned(),
        bundle: chosen.listed,
        not_taken: chosen.not_taken,
        files: written.files,
        machine: facts.machine,
        is_executable: written.is_executable,
        was_opened: request.credentials.is_some(),
        durable: written.durable,
    })
}

fn this_program(ctx: &Context, folder: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = || {
        Failure::new(Kind::Io, "this program cannot read its own file, which belongs into the kit")
            .unchanged(Unchanged::OutputNotCreated(folder.to_owned()))
            .next("if it was replaced just now, by an upgrade for example, run the command again")
    };
    let path = ctx.program.as_deref().ok_or_else(unreadable)?;
    ctx.disk.read(path, LARGEST_PROGRAM).map_err(|error| {
        unreadable().because(error).details([format!("it was started as {}", shown_path(path))])
    })
}

fn facts(
    ctx: &Context,
    vault: &Vault,
    listed: &ListedBundle,
    sealed: &SealedBundle,
    machine: Machine,
    names: bool,
) -> pages::Facts {
    let record = &listed.record;
    let info = sealed.inspect();
    let quorum = sealed.quorum().map(|quorum| pages::Shares {
        set: share_set::name(quorum.set),
        needed: quorum.threshold,
        of: quorum.n_shares(),
    });
    pages::Facts {
        made: ctx.clock.now(),
        bundle: info.id,
        bundle_made: info.created,
        label: info.label.as_ref().map(Label::shown),
        opening: pages::Opening {
            quorum,
            passphrase: sealed.wants_passphrase(),
            with_key_file: sealed.wants_key_file() && sealed.wants_passphrase(),
            key_file_alone: sealed.opens_with_key_file_alone(),
        },
        machine,
        call: call(ctx),
        names: names.then(|| {
            let known = |id: EntryId| vault.entry(id).map(crate::entry::Entry::title);
            let accounts: Vec<String> =
                record.contents.iter().filter_map(|bundled| known(bundled.id)).collect();
            let set = record.share_set.and_then(|id| vault.share_set(id));
            pages::Names {
                n_unknown: record.contents.len().saturating_sub(accounts.len()),
                accounts,
                custodians: set
                    .map(|set| set.shares.iter().map(|share| share.custodian.shown()).collect())
                    .unwrap_or_default(),
            }
        }),
    }
}

/// Whom to call, as the settings say it; empty for lines that are filled in by hand.
fn call(ctx: &Context) -> String {
    Label::new(ctx.settings.cards.call.clone()).shown()
}

/// Looks at each copy where it lies now, as whoever restores will.
fn look_at_copies(ctx: &Context, folder: &Path) -> Result<(), Failure> {
    COPIES.iter().try_for_each(|name| {
        bundle::look_at_bundle(ctx, &folder.join(name)).map(|_| ()).map_err(|failure| {
            let words = format!("{} holds a kit whose copies are not whole", shown_path(folder));
            failure.unchanged(Unchanged::Partly(words))
        })
    })
}

fn note(ctx: &Context, session: &mut Session, listed: &ListedBundle) {
    let mut record = log::record(ctx, Event::KitMade);
    record.facts = vec![("bundle".into(), data_encoding::HEXLOWER.encode(&listed.record.id))];
    record.facts.extend(listed.record.share_set.map(|set| ("share set".into(), share_set::name(set))));
    log::append(ctx, session, vec![record]);
}
