//! The file system of this machine: modes, links, pipes, locks.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use lifeboat::storage::atomic::{self, Durability, Existing, Keep};
use lifeboat::storage::disk::{Disk as _, FileKind, NewFile, RealDisk};
use lifeboat::storage::temporary::TemporaryFolder;
use lifeboat::storage::{Step, append, lock, modes, previous};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::io::Errno;

const LIMIT: u64 = 1 << 20;

fn put(path: &Path, bytes: &[u8]) {
    let made = atomic::create(&RealDisk, path, bytes, "00", Existing::Refuse);
    assert_eq!(made.expect("the folder can be written"), Durability::Confirmed);
}

fn replace(path: &Path, bytes: &[u8]) {
    let done = atomic::replace(&RealDisk, path, bytes, "11", Keep::Previous(5), &|_| true);
    assert_eq!(done.expect("the folder can be written").durability, Durability::Confirmed);
}

fn mode_of(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
#[cfg(target_os = "linux")]
fn what_lies_in_memory_is_told_from_what_lies_on_a_disk() {
    assert!(!RealDisk.is_in_memory(Path::new("/proc")).unwrap());
    let missing = RealDisk.is_in_memory(Path::new("/proc/no-such-folder")).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    let stat = Command::new("stat").args(["-f", "-c", "%T", "/dev/shm"]).output().unwrap();
    let is_tmpfs = stat.stdout == b"tmpfs\n";
    assert_eq!(RealDisk.is_in_memory(Path::new("/dev/shm")).unwrap_or(false), is_tmpfs);
}

fn make_pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

#[test]
fn replacing_keeps_the_old_file_as_generation_one_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.lifeboat");
    put(&vault, b"one");
    replace(&vault, b"two");
    replace(&vault, b"three");

    assert_eq!(fs::read(&vault).unwrap(), b"three");
    assert_eq!(fs::read(previous::path_of(&vault, 1)).unwrap(), b"two");
    assert_eq!(fs::read(previous::path_of(&vault, 2)).unwrap(), b"one");
    assert_eq!(
        names_in(folder.path()),
        ["vault.lifeboat", "vault.lifeboat.previous.1", "vault.lifeboat.previous.2"]
    );
}

#[test]
fn a_file_that_is_there_is_refused_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("a.bundle");
    put(&bundle, b"one");

    let error = atomic::create(&RealDisk, &bundle, b"two", "22", Existing::Refuse).unwrap_err();

    assert!(error.is_already_exists());
    assert_eq!(fs::read(&bundle).unwrap(), b"one");
    assert_eq!(names_in(folder.path()), ["a.bundle"]);
}

#[test]
fn a_rename_that_must_not_replace_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    put(&from, b"one");
    put(&to, b"two");

    let error = RealDisk.rename_new(&from, &to).unwrap_err();

    // Some file systems have no such rename; none may replace.
    assert!(matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::Unsupported));
    assert_eq!(fs::read(&to).unwrap(), b"two");
}

/// The mask belongs to the whole process, so it is set in a child that runs this one test.
#[test]
fn new_files_are_for_their_owner_alone_whatever_the_mask() {
    const FOLDER: &str = "LIFEBOAT_TEST_FOLDER";
    if let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) {
        let vault = folder.join("made/here/vault.lifeboat");
        atomic::make_folder(&RealDisk, vault.parent().unwrap()).unwrap();
        put(&vault, b"one");
        replace(&vault, b"two");
        append::append_lines(&RealDisk, &folder.join("made/here/log"), b"line\n").unwrap();
        drop(lock::acquire(&RealDisk, &vault, &mut |_| false).unwrap());
        return;
    }
    for mask in ["000", "022", "077"] {
        let folder = tempfile::tempdir().unwrap();
        let name = "real_storage::new_files_are_for_their_owner_alone_whatever_the_mask";
        let status = Command::new("sh")
            .args(["-c", "umask \"$1\"; exec \"$0\" --exact \"$2\""])
            .arg(std::env::current_exe().unwrap())
            .args([mask, name])
            .env(FOLDER, folder.path())
            .output()
            .unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));

        let made = folder.path().join("made");
        assert_eq!((mode_of(&made), mode_of(&made.join("here"))), (0o700, 0o700), "{mask}");
        let names = names_in(&made.join("here"));
        assert_eq!(names, ["log", "vault.lifeboat", "vault.lifeboat.lock", "vault.lifeboat.previous.1"]);
        for name in names {
            assert_eq!(mode_of(&made.join("here").join(&name)), 0o600, "{mask} {name}");
        }
    }
}

#[test]
fn wide_modes_are_repaired_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.lifeboat");
    put(&vault, b"one");
    replace(&vault, b"two");
    for path in [vault.clone(), previous::path_of(&vault, 1)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }

    let repaired = modes::repair(&RealDisk, &vault).unwrap();

    assert_eq!(repaired, [vault.clone(), previous::path_of(&vault, 1)]);
    assert_eq!(mode_of(&vault), 0o600);
    assert!(modes::repair(&RealDisk, &vault).unwrap().is_empty());
}

#[test]
fn a_link_to_the_vault_keeps_pointing_at_it() {
    let folder = tempfile::tempdir().unwrap();
    let (stick, home) = (folder.path().join("stick"), folder.path().join("home"));
    fs::create_dir(&stick).unwrap();
    fs::create_dir(&home).unwrap();
    let (real, link) = (stick.join("vault.lifeboat"), home.join("vault"));
    put(&real, b"one");
    symlink(&real, &link).unwrap();

    replace(&link, b"two");
    let held = lock::acquire(&RealDisk, &link, &mut |_| false).unwrap();

    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap(), b"two");
    assert_eq!(names_in(&home), ["vault"]);
    assert_eq!(previous::list(&RealDisk, &link).unwrap().len(), 1);
    let refused = lock::acquire(&RealDisk, &real, &mut |_| false);
    assert!(refused.unwrap_err().is_would_block(), "the link and its target share one lock");
    drop(held);
    assert_eq!(previous::purge(&RealDisk, &link).unwrap(), 1);
}

#[test]
fn a_link_that_leads_nowhere_is_neither_absent_nor_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("vault.lifeboat");
    symlink(folder.path().join("not-mounted/vault.lifeboat"), &link).unwrap();

    let error = atomic::replace(&RealDisk, &link, b"new", "11", Keep::Nothing, &|_| true).unwrap_err();
    assert!(!error.is_not_found());
    let error = atomic::create(&RealDisk, &link, b"new", "11", Existing::Refuse).unwrap_err();
    assert!(error.is_already_exists());

    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names_in(folder.path()), ["vault.lifeboat"]);
}

#[test]
fn a_pipe_a_folder_and_a_device_are_refused_without_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, inner) = (folder.path().join("pipe"), folder.path().join("folder"));
    make_pipe(&pipe);
    fs::create_dir(&inner).unwrap();

    for path in [&pipe, &inner, Path::new("/dev/null"), Path::new("/dev/zero")] {
        assert!(RealDisk.read(path, LIMIT).is_err(), "{}", path.display());
    }
    // Not with a device: whoever runs this as root would lose it to the very fault it looks for.
    for path in [&pipe, &inner] {
        let error = atomic::create(&RealDisk, path, b"new", "11", Existing::Replace).unwrap_err();
        assert_eq!(error.step, Step::Look, "{}", path.display());
    }
    assert!(append::append_lines(&RealDisk, &pipe, b"line\n").is_err());
    assert_eq!(RealDisk.facts(&pipe).unwrap().unwrap().kind, FileKind::Other);
    assert_eq!(names_in(folder.path()), ["folder", "pipe"]);
}

#[test]
fn a_file_beyond_the_limit_is_refused_and_one_at_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    put(&path, &[7; 100]);

    assert_eq!(RealDisk.read(&path, 100).unwrap(), [7; 100]);
    assert_eq!(RealDisk.read(&path, 99).unwrap_err().kind(), ErrorKind::FileTooLarge);
    assert_eq!(RealDisk.read_from(&path, 98, 10).unwrap(), [7; 2]);
}

#[test]
fn only_not_found_means_absent() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    put(&file, b"one");

    assert_eq!(RealDisk.facts(&folder.path().join("none")).unwrap(), None);
    assert!(RealDisk.facts(&file.join("below-a-file")).is_err());
}

#[test]
fn a_lock_file_that_is_a_link_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.lifeboat");
    let elsewhere = folder.path().join("elsewhere");
    symlink(&elsewhere, lock::lock_path(&vault)).unwrap();

    let error = lock::acquire(&RealDisk, &vault, &mut |_| false).unwrap_err();

    assert_eq!(error.step, Step::Lock);
    assert_eq!(RealDisk.facts(&elsewhere).unwrap(), None);
}

#[test]
fn names_that_are_not_text_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let name = |bytes: &'static [u8]| folder.path().join(std::ffi::OsStr::from_bytes(bytes));
    let (one, other) = (name(b"va\xFFult"), name(b"va\xFEult"));
    put(&one, b"one");
    put(&other, b"other");

    replace(&one, b"one again");
    replace(&other, b"other again");

    assert_eq!(fs::read(previous::path_of(&one, 1)).unwrap(), b"one");
    assert_eq!(fs::read(previous::path_of(&other, 1)).unwrap(), b"other");
}

#[test]
fn a_kept_generation_is_the_old_file_itself() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.lifeboat");
    put(&vault, b"one");
    let before = fs::metadata(&vault).unwrap();
    replace(&vault, b"two");

    let kept = fs::metadata(previous::path_of(&vault, 1)).unwrap();
    assert_eq!((kept.dev(), kept.ino()), (before.dev(), before.ino()));
}

#[test]
fn many_writers_under_the_lock_lose_nothing() {
    const WRITERS: u8 = 4;
    const SAVES: u8 = 10;
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.lifeboat");
    put(&vault, b"");

    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let vault = &vault;
            scope.spawn(move || {
                for save in 0..SAVES {
                    let yielding = &mut |_| {
                        std::thread::yield_now();
                        true
                    };
                    let _lock = lock::acquire(&RealDisk, vault, yielding).unwrap();
                    let mut bytes = RealDisk.read(vault, LIMIT).unwrap();
                    bytes.push(writer);
                    let token = format!("{writer}x{save}");
                    atomic::replace(&RealDisk, vault, &bytes, &token, Keep::Previous(5), &|_| true).unwrap();
                }
            });
        }
    });

    let mut found = fs::read(&vault).unwrap();
    found.sort_unstable();
    let expected: Vec<u8> = (0..WRITERS).flat_map(|writer| [writer; SAVES as usize]).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_temporary_folder_is_gone_with_all_in_it_and_what_its_links_point_at_stays() {
    let outside = tempfile::tempdir().unwrap();
    put(&outside.path().join("kept"), b"kept");
    let token = outside.path().file_name().unwrap().to_string_lossy().replace('.', "");
    let folder = TemporaryFolder::new(&RealDisk, &token).unwrap();
    let path = folder.path().to_owned();
    assert_eq!(mode_of(&path), 0o700);
    assert_eq!(format!("{folder:?}"), format!("TemporaryFolder({})", path.display()));
    assert!(TemporaryFolder::new(&RealDisk, &token).is_err(), "it must not exist");
    put(&path.join("file"), b"1");
    atomic::make_folder(&RealDisk, &path.join("a/b")).unwrap();
    put(&path.join("a/b/file"), b"2");
    symlink(outside.path(), path.join("link")).unwrap();

    drop(folder);

    assert_eq!(RealDisk.facts(&path).unwrap(), None);
    assert_eq!(names_in(outside.path()), ["kept"]);
}

#[test]
fn only_a_link_itself_is_followed_and_one_that_goes_in_circles_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let (real, alias) = (folder.path().join("real"), folder.path().join("alias"));
    fs::create_dir(&real).unwrap();
    symlink(&real, &alias).unwrap();
    put(&alias.join("vault"), b"1");
    assert_eq!(atomic::target_of(&RealDisk, &alias.join("vault")).unwrap(), alias.join("vault"));

    symlink(folder.path().join("two"), folder.path().join("one")).unwrap();
    symlink(folder.path().join("one"), folder.path().join("two")).unwrap();
    let error = atomic::target_of(&RealDisk, &folder.path().join("one")).unwrap_err();

    assert_eq!(error.step, Step::Look);
    assert_eq!(error.source.raw_os_error(), Some(Errno::LOOP.raw_os_error()));
}

#[test]
fn a_folder_is_no_previous_generation() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    put(&vault, b"1");
    fs::create_dir(folder.path().join("vault.previous.2")).unwrap();
    put(&folder.path().join("vault.previous.1"), b"0");

    assert_eq!(previous::list(&RealDisk, &vault).unwrap().len(), 1);
    assert_eq!(previous::purge(&RealDisk, &vault).unwrap(), 1);
}

#[test]
fn a_file_is_known_again_under_another_name_and_a_copy_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    put(&at("one"), b"1");
    put(&at("copy"), b"1");
    fs::hard_link(at("one"), at("other")).unwrap();
    let facts = |name: &str| RealDisk.facts(&at(name)).unwrap().unwrap();

    assert!(facts("one").is_same_file(&facts("other")));
    assert!(!facts("one").is_same_file(&facts("copy")));
}

#[test]
fn what_cannot_be_made_durable_is_not_called_durable() {
    let folder = tempfile::tempdir().unwrap();
    assert!(RealDisk.sync_folder(&folder.path().join("none")).is_err());
    let mut device = fs::File::open("/dev/null").unwrap();
    assert!(NewFile::sync(&mut device).is_err(), "a device has nothing to sync");
}

#[test]
fn a_file_of_the_system_is_read_whole_or_refused_by_its_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("status");
    put(&path, b"12345");
    assert_eq!(RealDisk.read_special(&path, 5).unwrap(), b"12345");
    assert_eq!(RealDisk.read_special(&path, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
}
