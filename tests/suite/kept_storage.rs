//! What storage keeps, sweeps, tightens, appends and locks, on a disk in memory.

use std::path::Path;

use lifeboat::storage::atomic::{self, Durability, Existing};
use lifeboat::storage::{Step, append, lock, modes, previous};

use crate::faulty_disk::{Errno, Fault, FaultyDisk, Lack, Unsynced};
use crate::hostile_storage::{NEW, OLD, VAULT, at_every_step, full_house, generation, replace};

#[test]
fn a_gap_among_the_generations_is_filled_before_one_is_dropped() {
    let disk = FaultyDisk::new();
    disk.put(VAULT, OLD);
    for number in [1, 3, 4, 5] {
        disk.put(&generation(number), format!("generation {number}").as_bytes());
    }

    replace(&disk, NEW, "1a").expect("nothing fails");

    let kept = previous::list(&disk, Path::new(VAULT)).expect("nothing fails");
    assert_eq!(kept.iter().map(|previous| previous.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(disk.bytes(&generation(1)).as_deref(), Some(OLD));
    assert_eq!(disk.bytes(&generation(2)).as_deref(), Some(&b"generation 1"[..]));
    assert_eq!(disk.bytes(&generation(5)).as_deref(), Some(&b"generation 5"[..]));
}

#[test]
fn never_more_than_five_generations_are_kept_and_purging_takes_them_all() {
    let disk = FaultyDisk::new();
    for save in 0..9_u8 {
        replace(&disk, &[save; 16], &format!("t{save}")).expect("nothing fails");
    }
    let newest: Vec<_> =
        (1..=6).map(|number| disk.bytes(&generation(number)).map(|bytes| bytes[0])).collect();
    assert_eq!(newest, [Some(7), Some(6), Some(5), Some(4), Some(3), None]);

    assert_eq!(previous::purge(&disk, Path::new(VAULT)).expect("nothing fails"), 5);

    assert_eq!(disk.files(), [VAULT]);
    disk.cut_power(|_| false, Unsynced::Lost);
    assert_eq!(disk.files(), [VAULT], "what was purged does not come back");
}

#[test]
fn a_sweep_takes_what_is_its_own_and_nothing_else() {
    let disk = full_house();
    let strangers =
        ["/home/.vault.lifeboat.tmp.b.tmp.77", "/home/.other.tmp.1a", "/home/vault.lifeboat.tmp.1a"];
    for path in strangers {
        disk.put(path, b"not ours");
    }
    disk.put("/home/.vault.lifeboat.tmp.1a", b"ours");
    disk.put("/home/.vault.lifeboat.tmp.1a.previous", b"ours");

    assert_eq!(atomic::sweep(&disk, Path::new(VAULT)).expect("nothing fails"), 2);

    assert!(strangers.iter().all(|path| disk.bytes(path).is_some()));
    assert_eq!(disk.files().len(), 6 + strangers.len());
}

#[test]
fn a_temporary_file_of_somebody_else_is_not_discarded() {
    let disk = full_house();
    disk.put("/home/.vault.lifeboat.tmp.1a", b"another writer's");

    let error = replace(&disk, NEW, "1a").expect_err("the name is taken");

    assert_eq!(error.step, Step::CreateTemporary);
    assert_eq!(disk.bytes("/home/.vault.lifeboat.tmp.1a").as_deref(), Some(&b"another writer's"[..]));
}

#[test]
fn a_mode_is_kept_where_it_is_narrow_and_tightened_where_it_is_wide() {
    for (before, after) in [(0o600, 0o600), (0o400, 0o400), (0o644, 0o600), (0o777, 0o600), (0, 0o600)] {
        let disk = full_house();
        disk.chmod(VAULT, before);
        replace(&disk, NEW, "1a").expect("nothing fails");
        assert_eq!(disk.mode(VAULT), Some(after), "{before:o}");
    }
}

#[test]
fn repairing_modes_goes_on_after_a_file_that_cannot_be_repaired() {
    let disk = full_house();
    disk.put("/home/vault.lifeboat.log", b"");
    let wide = [VAULT.to_owned(), "/home/vault.lifeboat.log".to_owned(), generation(2)];
    for path in &wide {
        disk.chmod(path, 0o664);
    }
    let trial = disk.fork();
    let repaired = modes::repair(&trial, Path::new(VAULT)).expect("nothing fails");
    assert_eq!(repaired.len(), 3);
    let first = trial.calls().iter().position(|call| call.step == "set_mode").expect("it sets a mode");

    disk.arm(Fault::Error(first, Errno::PERM));
    let error = modes::repair(&disk, Path::new(VAULT)).expect_err("one file is somebody else's");

    assert_eq!(error.step, Step::SetMode);
    assert_eq!(wide.iter().filter(|path| disk.mode(path) == Some(0o664)).count(), 1);
}

#[test]
fn new_folders_survive_a_power_cut() {
    let disk = FaultyDisk::new();
    let vault = Path::new("/home/a/b/c/vault.lifeboat");
    atomic::make_folder(&disk, vault.parent().unwrap()).expect("nothing fails");
    let made = atomic::create(&disk, vault, NEW, "1a", Existing::Refuse).expect("nothing fails");
    assert_eq!(made, Durability::Confirmed);

    disk.cut_power(|_| false, Unsynced::Lost);

    assert_eq!(disk.bytes("/home/a/b/c/vault.lifeboat").as_deref(), Some(NEW));
}

#[test]
fn a_line_that_cannot_be_added_leaves_the_lines_before_it() {
    let log = "/home/vault.lifeboat.log";
    for before in [None, Some("first\n"), Some("first\nto")] {
        at_every_step(|fault| {
            let disk = FaultyDisk::new();
            if let Some(before) = before {
                disk.put(log, before.as_bytes());
            }
            disk.arm(fault);
            let said = append::append_lines(&disk, Path::new(log), b"second\n");
            let struck = disk.disarm();

            let is_torn = before.is_some_and(|before| !before.ends_with('\n'));
            let end = if is_torn { "\nsecond\n" } else { "second\n" };
            let whole = format!("{}{end}", before.unwrap_or_default());
            let found = String::from_utf8(disk.bytes(log).unwrap_or_default()).unwrap();
            assert!(whole.starts_with(&found), "{fault:?}: {found:?}");
            assert!(found.starts_with(before.unwrap_or_default()), "{fault:?}: {found:?}");
            assert!(said.is_err() || found == whole, "{fault:?}: {found:?}");

            append::append_lines(&disk, Path::new(log), b"third\n").expect("nothing fails");
            let after = String::from_utf8(disk.bytes(log).unwrap()).unwrap();
            assert!(
                after.starts_with(&found) && after.ends_with("\nthird\n") || after == "third\n",
                "{after:?}"
            );
            struck
        });
    }
}

#[test]
fn lines_that_the_disk_only_claims_to_hold_are_noticed_by_reading_back() {
    for before in ["", "first\n", "first\nto"] {
        let disk = FaultyDisk::new();
        disk.put("/home/log", before.as_bytes());
        disk.arm(Fault::Stop(usize::MAX));
        append::append_lines(&disk, Path::new("/home/log"), b"second\n").expect("nothing fails");
        let at = disk.calls().iter().position(|call| call.step == "append").expect("it is added");

        disk.put("/home/log", before.as_bytes());
        disk.arm(Fault::LyingWrite(at));
        let error =
            append::append_lines(&disk, Path::new("/home/log"), b"second\n").expect_err("half is there");

        assert!(disk.disarm());
        assert_eq!(error.step, Step::ReadBack, "{before:?}");
    }
}

#[test]
fn a_new_log_survives_a_power_cut() {
    let disk = FaultyDisk::new();
    append::append_lines(&disk, Path::new("/home/log"), b"first\n").expect("nothing fails");

    disk.cut_power(|_| false, Unsynced::Lost);

    assert_eq!(disk.bytes("/home/log").as_deref(), Some(&b"first\n"[..]));
}

#[test]
fn a_tail_begins_with_a_whole_line() {
    let disk = FaultyDisk::new();
    disk.put("/home/log", b"first\nsecond\nthird\n");
    let tail = |most| append::tail(&disk, Path::new("/home/log"), most).expect("nothing fails");

    assert_eq!(tail(100).as_deref(), Some(&b"first\nsecond\nthird\n"[..]));
    assert_eq!(tail(9).as_deref(), Some(&b"third\n"[..]));
    assert_eq!(tail(3).as_deref(), Some(&b""[..]));
    assert_eq!(append::tail(&disk, Path::new("/home/none"), 9).expect("nothing fails"), None);
}

#[test]
fn a_lock_keeps_the_second_writer_out_until_it_is_dropped() {
    let disk = FaultyDisk::new();
    let held = lock::acquire(&disk, Path::new(VAULT), &mut |_| false).expect("nobody holds it");
    assert!(held.is_held());

    let mut n_waits = 0;
    let refused = lock::acquire(&disk, Path::new(VAULT), &mut |attempt| {
        n_waits = attempt;
        attempt < 7
    });
    assert!(refused.expect_err("it is held").is_would_block());
    assert_eq!(n_waits, 7);

    let mut held = Some(held);
    let taken = lock::acquire(&disk, Path::new(VAULT), &mut |attempt| {
        held.take();
        attempt < 2
    });
    assert!(taken.expect("it was let go").is_held());
    assert!(disk.bytes("/home/vault.lifeboat.lock").is_some(), "the lock file is never deleted");
}

#[test]
fn a_disk_without_locks_is_told_apart_from_one_that_fails() {
    let disk = FaultyDisk::new().without(Lack::Locks);
    let lock = lock::acquire(&disk, Path::new(VAULT), &mut |_| false).expect("writing goes on without");
    assert!(!lock.is_held());

    for errno in [Errno::IO, Errno::ROFS, Errno::NOSPC, Errno::INTR] {
        let disk = FaultyDisk::new();
        disk.arm(Fault::Error(1, errno));
        let error = lock::acquire(&disk, Path::new(VAULT), &mut |_| false).expect_err("the lock failed");
        assert_eq!((error.step, error.is_would_block()), (Step::Lock, false), "{errno:?}");
    }
}

/// The number of the first step of this name in what `act` does on a copy of the disk.
#[track_caller]
fn place_of(disk: &FaultyDisk, step: &str, act: impl Fn(&FaultyDisk)) -> usize {
    let trial = disk.fork();
    act(&trial);
    trial.calls().iter().position(|call| call.step == step).expect("the step is taken")
}

#[test]
fn a_lock_that_fails_is_not_tried_again() {
    let disk = FaultyDisk::new();
    let acquire = |disk: &FaultyDisk| lock::acquire(disk, Path::new(VAULT), &mut |attempt| attempt < 5);
    let at = place_of(&disk, "try_lock", |disk| drop(acquire(disk)));

    disk.arm(Fault::Error(at, Errno::IO));
    let error = acquire(&disk).expect_err("the lock file cannot be opened");

    assert_eq!((error.step, error.is_would_block()), (Step::Lock, false));
}

#[test]
fn a_lock_says_whether_it_keeps_anybody_out() {
    let with = lock::acquire(&FaultyDisk::new(), Path::new(VAULT), &mut |_| false).unwrap();
    let disk = FaultyDisk::new().without(Lack::Locks);
    let without = lock::acquire(&disk, Path::new(VAULT), &mut |_| false).unwrap();
    assert_eq!(format!("{with:?} {without:?}"), "Lock(held: true) Lock(held: false)");
}

#[test]
fn generations_beyond_a_gap_are_found_up_to_the_sixth() {
    let disk = FaultyDisk::new();
    disk.put(VAULT, OLD);
    for number in [1, 3, 4, 6, 8] {
        disk.put(&generation(number), b"kept");
    }

    let found = previous::list(&disk, Path::new(VAULT)).expect("nothing fails");

    assert_eq!(found.iter().map(|previous| previous.number).collect::<Vec<_>>(), [1, 3, 4, 6]);
}

#[test]
fn a_new_file_whose_rename_fails_is_not_made_in_another_way() {
    let disk = FaultyDisk::new();
    let path = Path::new("/home/ana.bundle");
    let create = |disk: &FaultyDisk| atomic::create(disk, path, NEW, "1a", Existing::Refuse);
    let at = place_of(&disk, "rename_new", |disk| {
        create(disk).expect("nothing fails");
    });

    disk.arm(Fault::Error(at, Errno::IO));
    let error = create(&disk).expect_err("the rename fails");

    assert_eq!((error.step, disk.files()), (Step::Rename, vec![]));
}

#[test]
fn a_rename_that_fails_is_a_failure_even_when_nothing_would_have_changed() {
    let disk = full_house();
    let trial = disk.fork();
    replace(&trial, OLD, "1a").expect("nothing fails");
    let calls = trial.calls();
    let last = calls.iter().rposition(|call| call.step == "rename").expect("it renames");

    disk.arm(Fault::Error(last, Errno::IO));
    let error = replace(&disk, OLD, "1a").expect_err("the rename fails");

    assert_eq!((error.step, disk.bytes(VAULT).as_deref()), (Step::Rename, Some(OLD)));
    assert_eq!(disk.bytes("/home/.vault.lifeboat.tmp.1a"), None, "the temporary file is removed");
}

#[test]
fn a_folder_that_is_there_is_enough_and_one_that_cannot_be_made_is_told() {
    let disk = FaultyDisk::new();
    atomic::make_folder(&disk, Path::new("/home")).expect("it is there");
    atomic::make_folder(&disk, Path::new("")).expect("the current folder is there");

    disk.arm(Fault::Error(0, Errno::IO));
    let error = atomic::make_folder(&disk, Path::new("/home/a")).expect_err("the disk fails");

    assert_eq!((error.step, error.path.as_path()), (Step::CreateFolder, Path::new("/home/a")));
}
