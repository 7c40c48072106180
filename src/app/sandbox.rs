//! Closes the sandbox: which places stay open for this run, and what it means when it can't be closed.
//!
//! Where every output is an argument, writing is left to the folders of the vault, the state and those
//! outputs. In the terminal interface a person types paths later, so that reading and writing stay
//! possible wherever files of a person lie. In neither case are devices and the kernel's files open:
//! no other process's memory or environment, no raw disk, no keyboard. A folder that isn't there yet
//! stands for the nearest one above it that is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::protection;
use crate::platform::sandbox::{self, Mode, NotClosed, Outputs, Places, Protection};

/// Folders of the root that hold no person's files, but processes, devices and the kernel's switches.
const NOT_READ: [&str; 2] = ["dev", "proc"];
const NOT_WRITTEN: [&str; 3] = ["dev", "proc", "sys"];

/// The one place among the devices that holds files.
const SHARED_MEMORY: &str = "/dev/shm";

/// Closes the sandbox of this process for good and remembers in the context what is in force.
///
/// `outputs` are the files and folders that the command may make besides the vault; `None` where a
/// person chooses them later. Nothing may use the kernel's keyring, start a program or open a socket
/// after this, and no thread may run before it.
///
/// # Errors
///
/// Exit 8 when the kernel refuses the filter of system calls, or when everything was required and
/// something is missing. The program must end then.
pub fn close(ctx: &mut Context, mode: Mode, outputs: Option<&[PathBuf]>) -> Result<(), Failure> {
    let places = places(ctx, outputs);
    ctx.protection = sandbox::close(mode, &places).map_err(refused)?;
    Ok(())
}

/// Leaves it open for what needs the kernel's keyring, and this program a second time, to its end.
///
/// # Errors
///
/// Exit 8 when everything was required: this cannot be had with it.
pub fn leave_open(ctx: &mut Context, mode: Mode) -> Result<(), Failure> {
    if mode == Mode::Require {
        return Err(Failure::new(Kind::Refused, "`unlock` and `lock` do not work inside of the sandbox")
            .details(["they write to the kernel's keyring, which the sandbox refuses".to_owned()])
            .unchanged(Unchanged::NothingTouched)
            .next("run them without --sandbox require; what comes after them can have it"));
    }
    ctx.protection = Protection::without_sandbox(mode);
    Ok(())
}

fn refused(why: NotClosed) -> Failure {
    match why {
        NotClosed::Seccomp(_) => {
            Failure::new(Kind::Refused, "the kernel does not refuse sockets and programs to this process")
                .because(why)
                .unchanged(Unchanged::NothingTouched)
                .next("a container's own filter or an old kernel can be why: try it outside of the container")
                .next("`--sandbox off` goes on without; the vault's log will say so")
        }
        NotClosed::Incomplete(ref found) => {
            let missing = protection::missing(found);
            Failure::new(Kind::Refused, "the sandbox is not complete on this machine")
                .because(why)
                .details(missing)
                .unchanged(Unchanged::NothingTouched)
                .next("`lifeboat doctor` says what is in force; `--sandbox auto` goes on with that")
        }
    }
}

fn places(ctx: &Context, outputs: Option<&[PathBuf]>) -> Places {
    let root = top_folders(ctx);
    let readable = without(&root, &NOT_READ);
    let own = [&ctx.paths.vault, &ctx.paths.state_dir.join("state")];
    let mut writable: Vec<PathBuf> = own.into_iter().flat_map(|path| folders_of(ctx, path)).collect();
    if let Some(named) = outputs {
        writable.extend(named.iter().flat_map(|path| folders_of(ctx, path)));
        Places { readable, writable, outputs: Outputs::Named }
    } else {
        // A setting is changed in the interface alone.
        writable.extend(ctx.paths.settings.iter().flat_map(|path| folders_of(ctx, path)));
        writable.extend(without(&root, &NOT_WRITTEN));
        Places { readable, writable, outputs: Outputs::ChosenLater }
    }
}

/// What lies in the root, or the root itself where it can't be listed.
fn top_folders(ctx: &Context) -> Vec<PathBuf> {
    ctx.disk.list(Path::new("/")).unwrap_or_else(|_| vec![PathBuf::from("/")])
}

fn without(root: &[PathBuf], names: &[&str]) -> Vec<PathBuf> {
    let is_named = |path: &Path| names.iter().any(|name| path.file_name() == Some(OsStr::new(name)));
    let kept = root.iter().filter(|path| !is_named(path)).cloned();
    kept.chain([PathBuf::from(SHARED_MEMORY)]).collect()
}

/// The folder of a file that may not be there yet, and that of the file which a link leads to.
fn folders_of(ctx: &Context, path: &Path) -> Vec<PathBuf> {
    let real = ctx.disk.resolve(path).ok();
    let files = [Some(path.to_owned()), real].into_iter().flatten();
    let mut folders: Vec<PathBuf> = files.map(|file| nearest(ctx, &file)).collect();
    folders.dedup();
    folders
}

/// The nearest folder above a file that is there.
fn nearest(ctx: &Context, file: &Path) -> PathBuf {
    let is_there = |folder: &Path| matches!(ctx.disk.facts(folder), Ok(Some(_)));
    let above = file.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    above.into_iter().find(|folder| is_there(folder)).map_or_else(|| PathBuf::from("."), Path::to_owned)
}
