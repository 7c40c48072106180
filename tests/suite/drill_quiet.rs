//! A drill on a disk that takes nothing: it reaches what it reaches, and asks for no write but those that it is for.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lifeboat::app::drill::{OpenedWith, Running};
use lifeboat::app::{Context, key_file, unlock};
use lifeboat::envelope::{Credentials, Passphrase};
use lifeboat::recovery::Level;
use lifeboat::secret::SecretText;
use lifeboat::storage::disk::{Disk, Facts, HeldLock, NewFile, RealDisk};

use crate::drill::{WORDS, elsewhere, home};
use crate::support::Sandbox;

/// A disk that can be read and refuses every write, and remembers what it was asked for.
#[derive(Clone, Default)]
struct ReadOnly(Arc<Mutex<Vec<PathBuf>>>);

impl ReadOnly {
    fn refuse<T>(&self, path: &Path) -> io::Result<T> {
        self.0.lock().unwrap().push(path.to_owned());
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    /// The names of what was to be written, each once.
    fn asked(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .0
            .lock()
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into())
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

impl Disk for ReadOnly {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        RealDisk.read(path, limit)
    }
    fn read_special(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        RealDisk.read_special(path, limit)
    }
    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> io::Result<Vec<u8>> {
        RealDisk.read_from(path, offset, limit)
    }
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        self.refuse(path)
    }
    fn append(&self, path: &Path, _bytes: &[u8]) -> io::Result<()> {
        self.refuse(path)
    }
    fn rename(&self, from: &Path, _to: &Path) -> io::Result<()> {
        self.refuse(from)
    }
    fn rename_new(&self, from: &Path, _to: &Path) -> io::Result<()> {
        self.refuse(from)
    }
    fn hard_link(&self, original: &Path, _link: &Path) -> io::Result<()> {
        self.refuse(original)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.refuse(path)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.refuse(path)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.refuse(folder)
    }
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.refuse(folder)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        RealDisk.list(folder)
    }
    fn is_in_memory(&self, folder: &Path) -> io::Result<bool> {
        RealDisk.is_in_memory(folder)
    }
    fn facts(&self, path: &Path) -> io::Result<Option<Facts>> {
        RealDisk.facts(path)
    }
    fn set_mode(&self, path: &Path, _mode: u32) -> io::Result<()> {
        self.refuse(path)
    }
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        RealDisk.resolve(path)
    }
    fn try_lock(&self, path: &Path) -> io::Result<Box<dyn HeldLock>> {
        self.refuse(path)
    }
}

fn read_only(sandbox: &Sandbox) -> (Context, ReadOnly) {
    let disk = ReadOnly::default();
    (Context { disk: Arc::new(disk.clone()), ..sandbox.context() }, disk)
}

fn begun(ctx: &Context, sandbox: &Sandbox) -> Running {
    let mut running = Running::begin(ctx, &sandbox.path("b.lifeboat")).unwrap();
    let passphrase = Passphrase::new(SecretText::new(WORDS.to_owned()));
    let credentials = Credentials { passphrase: Some(passphrase), key_file: None, recovery_secret: None };
    let with = OpenedWith { words: "passphrase".into(), typed: true };
    running.open(ctx, &credentials, with).unwrap();
    running
}

#[test]
fn without_the_vault_a_drill_asks_for_no_write_at_all_but_its_report() {
    let other = elsewhere(&home());
    let (ctx, disk) = read_only(&other);
    let outcome = begun(&ctx, &other).finish(&ctx, None, None).unwrap();
    assert_eq!((outcome.report.level, outcome.logged), (Level::Opens, false));
    assert_eq!(disk.asked(), [""; 0]);
    // One that cannot be written takes nothing from what the drill has found.
    let outcome = begun(&ctx, &other).finish(&ctx, None, Some(&other.path("report"))).unwrap();
    assert_eq!(outcome.report.level, Level::Opens);
    assert!(outcome.written.is_none() && outcome.not_written.is_some());
    assert!(
        disk.asked().iter().all(|name| name.starts_with(".report") || name.starts_with("report")),
        "{:?}",
        disk.asked()
    );
}

#[test]
fn beside_the_vault_it_asks_for_its_record_alone_and_a_log_that_takes_none_stops_no_drill() {
    let vault = home();
    let (ctx, disk) = read_only(&vault);
    let mut running = begun(&ctx, &vault);
    let key = key_file::read_key_file(&ctx, &vault.path("key")).unwrap();
    let credentials = Credentials { passphrase: None, key_file: Some(key), recovery_secret: None };
    let mut session = unlock::unlock_unnoted(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    assert!(running.is_of(&session));
    running.compare(&session).unwrap();
    assert_eq!(disk.asked(), [""; 0], "opening and comparing write nothing");
    let outcome = running.finish(&ctx, Some(&mut session), None).unwrap();
    assert_eq!((outcome.report.level, outcome.logged), (Level::Restored, false));
    let notices: Vec<String> = session.take_notices().into_iter().map(|notice| notice.0).collect();
    assert!(notices.iter().any(|notice| notice.starts_with("the log could not be written")), "{notices:?}");
}
