//! The steps of a disk, each of which can be hit by a fault.

use std::io;
use std::path::{Path, PathBuf};

use lifeboat::storage::disk::{Disk, Facts, FileKind, HeldLock, Identity, NewFile};

use super::state::Node;
use super::{Errno, FaultyDisk, Lack};

struct OpenFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: usize,
}

impl NewFile for OpenFile {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.disk.write_step("write_all", &self.path, bytes, |state, bytes| {
            state.files[self.file].bytes.extend_from_slice(bytes);
            Ok(())
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.step("sync", &self.path, |state| {
            if !state.lacks.contains(&Lack::FileSync) {
                state.files[self.file].on_medium = state.files[self.file].bytes.clone();
            }
            Ok(())
        })
    }
}

struct Held {
    disk: FaultyDisk,
    path: PathBuf,
}

impl HeldLock for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        self.disk.state().locked.remove(&self.path);
    }
}

impl Disk for FaultyDisk {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.step("read", path, |state| {
            let bytes = &state.files[state.file_at(path)?].bytes;
            if bytes.len() as u64 > limit { Err(Errno::FBIG.into()) } else { Ok(bytes.clone()) }
        })
    }

    fn read_special(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.read(path, limit)
    }

    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> io::Result<Vec<u8>> {
        self.step("read_from", path, |state| {
            let bytes = &state.files[state.file_at(path)?].bytes;
            let (offset, limit) = (usize::try_from(offset).unwrap(), usize::try_from(limit).unwrap());
            Ok(bytes.iter().skip(offset).take(limit).copied().collect())
        })
    }

    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let file = self.step("create_new", path, |state| {
            state.make(path, |state| Node::File(state.new_file(Vec::new())))?;
            state.file_at(path)
        })?;
        Ok(Box::new(OpenFile { disk: self.clone(), path: path.to_owned(), file }))
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write_step("append", path, bytes, |state, bytes| {
            if !state.names.contains_key(path) {
                state.make(path, |state| Node::File(state.new_file(Vec::new())))?;
            }
            let file = state.file_at(path)?;
            state.files[file].bytes.extend_from_slice(bytes);
            if !state.lacks.contains(&Lack::FileSync) {
                state.files[file].on_medium = state.files[file].bytes.clone();
            }
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", to, |state| {
            let node = Node::File(state.file_at(from)?);
            // POSIX: two names of one file, and nothing happens.
            if state.names.get(to) == Some(&node) {
                Ok(())
            } else {
                state.change(Some(from), Some((to, node)))
            }
        })
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename_new", to, |state| {
            if state.lacks.contains(&Lack::RenameNew) {
                return Err(io::ErrorKind::Unsupported.into());
            }
            let node = Node::File(state.file_at(from)?);
            if state.names.contains_key(to) {
                return Err(Errno::EXIST.into());
            }
            state.change(Some(from), Some((to, node)))
        })
    }

    fn hard_link(&self, original: &Path, link: &Path) -> io::Result<()> {
        self.step("hard_link", link, |state| {
            if state.lacks.contains(&Lack::HardLinks) {
                return Err(Errno::PERM.into());
            }
            let file = state.file_at(original)?;
            state.make(link, |_| Node::File(file))
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step("remove", path, |state| {
            state.file_at(path)?;
            state.change(Some(path), None)
        })
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step("remove_folder", path, |state| {
            let is_parent = |name: &PathBuf| name.parent() == Some(path);
            if state.names.keys().any(is_parent) {
                return Err(Errno::NOTEMPTY.into());
            }
            state.change(Some(path), None)
        })
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("sync_folder", folder, |state| {
            if state.names.get(folder) != Some(&Node::Folder) {
                return Err(Errno::NOENT.into());
            }
            if !state.lacks.contains(&Lack::FolderSync) {
                let (synced, others): (Vec<_>, Vec<_>) = std::mem::take(&mut state.unsynced_names)
                    .into_iter()
                    .partition(|change| change.folder == folder);
                for change in synced {
                    change.apply(&mut state.names_on_medium);
                }
                state.unsynced_names = others;
            }
            Ok(())
        })
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("create_folder", folder, |state| state.make(folder, |_| Node::Folder))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.step("list", folder, |state| {
            Ok(state.names.keys().filter(|path| path.parent() == Some(folder)).cloned().collect())
        })
    }

    fn is_in_memory(&self, folder: &Path) -> io::Result<bool> {
        self.step("is_in_memory", folder, |state| {
            if state.names.contains_key(folder) {
                Ok(!state.lacks.contains(&Lack::Memory))
            } else {
                Err(Errno::NOENT.into())
            }
        })
    }

    fn facts(&self, path: &Path) -> io::Result<Option<Facts>> {
        self.step("facts", path, |state| {
            Ok(state.names.get(path).map(|node| match node {
                Node::File(number) => {
                    let file = &state.files[*number];
                    Facts {
                        len: file.bytes.len() as u64,
                        mode: file.mode,
                        modified: file.modified,
                        kind: FileKind::File,
                        identity: Some(Identity { device: 0, number: *number as u64 }),
                        is_foreign: state.foreign.contains(path),
                    }
                }
                Node::Folder => Facts {
                    len: 0,
                    mode: 0o700,
                    modified: 0,
                    kind: FileKind::Folder,
                    identity: None,
                    is_foreign: state.foreign.contains(path),
                },
            }))
        })
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.step("set_mode", path, |state| {
            let file = state.file_at(path)?;
            state.files[file].mode = mode;
            Ok(())
        })
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.step("resolve", path, |state| {
            if state.names.contains_key(path) { Ok(path.to_owned()) } else { Err(Errno::NOENT.into()) }
        })
    }

    fn try_lock(&self, path: &Path) -> io::Result<Box<dyn HeldLock>> {
        let mut is_taken = false;
        let locked = self.step("try_lock", path, |state| {
            if state.lacks.contains(&Lack::Locks) {
                return Err(io::ErrorKind::Unsupported.into());
            }
            if !state.names.contains_key(path) {
                state.make(path, |state| Node::File(state.new_file(Vec::new())))?;
            }
            is_taken = state.locked.insert(path.to_owned());
            if is_taken { Ok(()) } else { Err(io::ErrorKind::WouldBlock.into()) }
        });
        if let Err(error) = locked {
            // Whoever is told that it failed holds no file either, and the lock goes with the file.
            if is_taken {
                self.state().locked.remove(path);
            }
            return Err(error);
        }
        Ok(Box::new(Held { disk: self.clone(), path: path.to_owned() }))
    }
}
