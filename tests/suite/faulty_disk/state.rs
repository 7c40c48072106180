//! What the disk in memory holds, as the running program sees it and as it is on the medium.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::{Call, Errno, Fault, Lack};

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) names: BTreeMap<PathBuf, Node>,
    pub(super) names_on_medium: BTreeMap<PathBuf, Node>,
    pub(super) unsynced_names: Vec<NameChange>,
    pub(super) files: Vec<FileState>,
    pub(super) locked: BTreeSet<PathBuf>,
    pub(super) foreign: BTreeSet<PathBuf>,
    pub(super) lacks: BTreeSet<Lack>,
    pub(super) fault: Option<Fault>,
    pub(super) intruder: Option<(usize, PathBuf, Vec<u8>)>,
    pub(super) calls: Vec<Call>,
    pub(super) has_struck: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    File(usize),
    Folder,
}

/// One act on names: a rename takes one away and sets another.
#[derive(Debug, Clone)]
pub(super) struct NameChange {
    pub(super) folder: PathBuf,
    pub(super) gone: Option<PathBuf>,
    pub(super) set: Option<(PathBuf, Node)>,
}

#[derive(Clone)]
pub(super) struct FileState {
    pub(super) bytes: Vec<u8>,
    pub(super) on_medium: Vec<u8>,
    pub(super) mode: u32,
    pub(super) modified: u64,
}

impl NameChange {
    pub(super) fn apply(&self, names: &mut BTreeMap<PathBuf, Node>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((path, node)) = &self.set {
            names.insert(path.clone(), *node);
        }
    }
}

impl State {
    /// Counts a step and tells what is to go wrong with it.
    pub(super) fn begin(&mut self, step: &'static str, path: &Path) -> Option<Fault> {
        let number = self.calls.len();
        self.calls.push(Call { step, path: path.to_owned() });
        if let Some((_, path, bytes)) = self.intruder.take_if(|(at, ..)| *at == number)
            && !self.names.contains_key(&path)
        {
            let file = self.new_file(bytes);
            self.names.insert(path, Node::File(file));
        }
        let strikes = match self.fault {
            Some(Fault::Stop(at)) => at <= number,
            Some(Fault::Unwritable(at, errno)) => at <= number && self.writes(step, path, errno),
            Some(
                Fault::Error(at, _)
                | Fault::ErrorAfter(at, _)
                | Fault::LyingWrite(at)
                | Fault::ShortWrite(at),
            ) => at == number,
            None => false,
        };
        self.has_struck |= strikes;
        self.fault.filter(|_| strikes)
    }

    /// Forgets the names on the medium whose folder did not get there.
    pub(super) fn drop_unreachable(&mut self) {
        let folders: BTreeSet<_> = self.names_on_medium.clone().into_iter().collect();
        self.names_on_medium.retain(|path, _| {
            path.ancestors().skip(1).all(|above| folders.contains(&(above.to_owned(), Node::Folder)))
        });
    }

    /// Tells whether a step needs what a full disk, or one that may not be written, has not got.
    fn writes(&self, step: &str, path: &Path, errno: Errno) -> bool {
        let is_full = errno == Errno::NOSPC || errno == Errno::DQUOT;
        match step {
            "facts" | "is_in_memory" | "list" | "read" | "read_from" | "resolve" => false,
            "remove" | "remove_folder" => !is_full,
            "try_lock" => !is_full || !self.names.contains_key(path),
            _ => true,
        }
    }

    pub(super) fn new_file(&mut self, bytes: Vec<u8>) -> usize {
        let modified = self.files.len() as u64;
        self.files.push(FileState { bytes, on_medium: Vec::new(), mode: 0o600, modified });
        self.files.len() - 1
    }

    pub(super) fn file_at(&self, path: &Path) -> io::Result<usize> {
        match self.names.get(path) {
            Some(Node::File(file)) => Ok(*file),
            Some(Node::Folder) => Err(Errno::ISDIR.into()),
            None => Err(Errno::NOENT.into()),
        }
    }

    pub(super) fn change(&mut self, gone: Option<&Path>, set: Option<(&Path, Node)>) -> io::Result<()> {
        let path = set.map(|(path, _)| path).or(gone).expect("a change has a path");
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        if self.names.get(&folder) != Some(&Node::Folder) {
            return Err(Errno::NOENT.into());
        }
        let change = NameChange {
            folder,
            gone: gone.map(Path::to_owned),
            set: set.map(|(path, node)| (path.to_owned(), node)),
        };
        change.apply(&mut self.names);
        self.unsynced_names.push(change);
        Ok(())
    }

    pub(super) fn make(&mut self, path: &Path, node: impl FnOnce(&mut Self) -> Node) -> io::Result<()> {
        if self.names.contains_key(path) {
            return Err(Errno::EXIST.into());
        }
        let node = node(self);
        self.change(None, Some((path, node)))
    }
}
