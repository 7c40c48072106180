//! The copies of a bundle that a kit holds: the first whole one is taken, and one that is damaged names the others.

use std::path::{Path, PathBuf};

use super::{SealedBundle, look_at_file};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::entry::label;

/// The names of the three copies of the bundle in a kit.
pub const COPIES: [&str; 3] = ["bundle-1.lifeboat", "bundle-2.lifeboat", "bundle-3.lifeboat"];

/// A copy that was passed over, because it is not there or not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpoiledCopy {
    path: PathBuf,
    /// In words.
    why: String,
}

impl SealedBundle {
    /// Which copies of a kit were passed over, and which one was taken, a line each; none for a whole first one.
    pub fn passed_over(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .spoiled
            .iter()
            .map(|copy| format!("{} was passed over: {}", shown_path(&copy.path), label::shown(&copy.why)))
            .collect();
        if !lines.is_empty() {
            lines.push(format!("{} is whole and was taken", shown_path(&self.path)));
        }
        lines
    }
}

/// The first whole copy of the bundle in a kit's folder.
pub(super) fn first_whole(ctx: &Context, folder: &Path) -> Result<SealedBundle, Failure> {
    let mut spoiled = Vec::new();
    // What is worse than "not there" is what the person has to know.
    let mut kind = Kind::NoFile;
    for name in COPIES {
        let path = folder.join(name);
        match look_at_file(ctx, &path) {
            Ok(bundle) => return Ok(SealedBundle { spoiled, ..bundle }),
            Err(failure) => {
                let why = if failure.kind == Kind::NoFile {
                    "it is not there".to_owned()
                } else {
                    failure.causes().first().cloned().unwrap_or_else(|| failure.to_string())
                };
                if kind == Kind::NoFile {
                    kind = failure.kind;
                }
                spoiled.push(SpoiledCopy { path, why });
            }
        }
    }
    let failure = if kind == Kind::NoFile {
        Failure::new(kind, format!("the folder {} holds no bundle of a kit", shown_path(folder)))
            .next("name the bundle's file, or the folder in which the files bundle-1.lifeboat to bundle-3.lifeboat lie")
    } else {
        Failure::new(kind, format!("no copy of the bundle in {} is whole", shown_path(folder)))
            .details(spoiled.iter().map(|copy| format!("{}: {}", shown_path(&copy.path), copy.why)))
            .next("take the kit of another custodian")
            .next("`python3 restore.py --salvage bundle-1.lifeboat` prints what can still be read, unproven")
    };
    Err(failure.unchanged(Unchanged::NothingTouched))
}

/// Adds to the failure of a damaged copy that there are others beside it.
pub(super) fn naming_the_others(ctx: &Context, path: &Path, mut failure: Failure) -> Failure {
    let is_spoiled = matches!(
        failure.kind,
        Kind::Damaged | Kind::Io | Kind::NoFile | Kind::UnknownFormat | Kind::UnknownVersion
    );
    let is_copy = |path: &Path| COPIES.iter().any(|name| path.file_name().is_some_and(|file| file == *name));
    if !is_spoiled || !is_copy(path) {
        return failure;
    }
    let others: Vec<String> = COPIES
        .iter()
        .map(|name| path.with_file_name(name))
        .filter(|other| other != path && matches!(ctx.disk.facts(other), Ok(Some(_))))
        .map(|other| shown_path(&other))
        .collect();
    if !others.is_empty() {
        let next = format!("the same bundle lies beside it: name {} instead", others.join(" or "));
        failure.next.insert(0, next);
    }
    failure
}
