//! A disk in memory that can fail, lie, stop and lose its power at every step.
//!
//! Names and bytes each exist twice: as a running program sees them, and as they are on the medium.
//! A sync carries one over to the other, a power cut shows what the medium holds. Clones share one
//! disk; [`FaultyDisk::fork`] makes a second one, so that one state can end in many ways.

mod state;
mod steps;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) use rustix::io::Errno;

use self::state::{Node, State};

/// What goes wrong, once, at the step with this number (the first is 0).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// The step is not done and says so.
    Error(usize, Errno),
    /// The step is done and says that it is not.
    ErrorAfter(usize, Errno),
    /// Half of the bytes are written, and success is reported. Other steps are not hit.
    LyingWrite(usize),
    /// Half of the bytes are written, and the disk is full. Other steps are not hit.
    ShortWrite(usize),
    /// The process is killed: neither this step nor any after it is done.
    Stop(usize),
    /// From this step on nothing can be written, and what is there can be read. A full disk lets files be
    /// removed and locks be taken; one that may not be written at all does not.
    Unwritable(usize, Errno),
}

/// What this disk has not got. The two syncs report success and do nothing: they show that a test bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lack {
    FileSync,
    FolderSync,
    HardLinks,
    Locks,
    /// What it holds outlasts the power.
    Memory,
    RenameNew,
}

/// What a power cut makes of bytes that were never synced.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unsynced {
    Half,
    Kept,
    Lost,
}

/// A step that was asked for: its name in [`Disk`] and the path it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) step: &'static str,
    pub(crate) path: PathBuf,
}

#[derive(Clone)]
pub(crate) struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

impl FaultyDisk {
    /// A faultless, empty disk with the folder `/home`.
    pub(crate) fn new() -> Self {
        let names = BTreeMap::from([("/".into(), Node::Folder), ("/home".into(), Node::Folder)]);
        let state = State { names_on_medium: names.clone(), names, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    pub(crate) fn without(self, lack: Lack) -> Self {
        self.state().lacks.insert(lack);
        self
    }

    /// Puts a file on the medium, without a step.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let mut state = self.state();
        let file = state.new_file(bytes.to_vec());
        state.files[file].on_medium = bytes.to_vec();
        state.names.insert(path.into(), Node::File(file));
        state.names_on_medium.insert(path.into(), Node::File(file));
    }

    /// Says when a file was last changed, in Unix seconds.
    pub(crate) fn touch(&self, path: &str, modified: u64) {
        let mut state = self.state();
        let file = state.file_at(Path::new(path)).expect("the file is there");
        state.files[file].modified = modified;
    }

    /// Looks at a file without a step.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let state = self.state();
        state.file_at(Path::new(path)).ok().map(|file| state.files[file].bytes.clone())
    }

    pub(crate) fn mode(&self, path: &str) -> Option<u32> {
        let state = self.state();
        state.file_at(Path::new(path)).ok().map(|file| state.files[file].mode)
    }

    pub(crate) fn chmod(&self, path: &str, mode: u32) {
        let mut state = self.state();
        let file = state.file_at(Path::new(path)).expect("the file is there");
        state.files[file].mode = mode;
    }

    /// Makes a file or a folder somebody else's.
    pub(crate) fn give_away(&self, path: &str) {
        self.state().foreign.insert(path.into());
    }

    /// All files, in the order of their paths.
    pub(crate) fn files(&self) -> Vec<String> {
        let is_file = |(path, node): (&PathBuf, &Node)| match node {
            Node::File(_) => Some(path.to_string_lossy().into_owned()),
            Node::Folder => None,
        };
        self.state().names.iter().filter_map(is_file).collect()
    }

    /// Arms a fault and counts steps from here.
    pub(crate) fn arm(&self, fault: Fault) {
        let mut state = self.state();
        state.fault = Some(fault);
        state.has_struck = false;
        state.calls.clear();
    }

    /// Takes the fault away; tells whether it struck.
    pub(crate) fn disarm(&self) -> bool {
        let mut state = self.state();
        state.fault = None;
        std::mem::take(&mut state.has_struck)
    }

    /// Lets another process make a file just before a step, if nothing is there then.
    pub(crate) fn intrude(&self, at: usize, path: &str, bytes: &[u8]) {
        self.state().intruder = Some((at, path.into(), bytes.to_vec()));
    }

    /// The steps since the disk was made or armed.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// A second disk in the same state, that counts its steps from here.
    pub(crate) fn fork(&self) -> Self {
        let state = State { calls: Vec::new(), ..self.state().clone() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// How many changes of names a power cut could still undo.
    pub(crate) fn n_unsynced_names(&self) -> usize {
        self.state().unsynced_names.len()
    }

    /// Cuts the power: of the unsynced changes of names those survive that `survives` says, in their order.
    pub(crate) fn cut_power(&self, survives: impl Fn(usize) -> bool, unsynced: Unsynced) {
        let mut state = self.state();
        for (idx, change) in std::mem::take(&mut state.unsynced_names).into_iter().enumerate() {
            if survives(idx) {
                change.apply(&mut state.names_on_medium);
            }
        }
        state.drop_unreachable();
        state.names = state.names_on_medium.clone();
        for file in &mut state.files {
            if file.bytes != file.on_medium {
                match unsynced {
                    Unsynced::Half => file.bytes.truncate(file.bytes.len() / 2),
                    Unsynced::Kept => {}
                    Unsynced::Lost => file.bytes = file.on_medium.clone(),
                }
            }
            file.on_medium = file.bytes.clone();
        }
        state.fault = None;
        state.locked.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the disk")
    }

    fn step<T>(
        &self,
        step: &'static str,
        path: &Path,
        act: impl FnOnce(&mut State) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.state();
        match state.begin(step, path) {
            Some(Fault::Error(_, errno) | Fault::Unwritable(_, errno)) => Err(errno.into()),
            Some(Fault::ErrorAfter(_, errno)) => act(&mut state).and(Err(errno.into())),
            Some(Fault::Stop(_)) => Err(Errno::IO.into()),
            Some(Fault::LyingWrite(_) | Fault::ShortWrite(_)) | None => act(&mut state),
        }
    }

    fn write_step(
        &self,
        step: &'static str,
        path: &Path,
        bytes: &[u8],
        put: impl FnOnce(&mut State, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut state = self.state();
        let half = &bytes[..bytes.len() / 2];
        match state.begin(step, path) {
            Some(Fault::Error(_, errno) | Fault::Unwritable(_, errno)) => Err(errno.into()),
            Some(Fault::ErrorAfter(_, errno)) => put(&mut state, bytes).and(Err(errno.into())),
            Some(Fault::LyingWrite(_)) => put(&mut state, half),
            Some(Fault::ShortWrite(_)) => put(&mut state, half).and(Err(Errno::NOSPC.into())),
            Some(Fault::Stop(_)) => Err(Errno::IO.into()),
            None => put(&mut state, bytes),
        }
    }
}
