//! Every step of every write fails, lies or is the last one, and the power goes: the old bytes or the new
//! ones are there in full, and what was said of them is true.

use std::path::Path;

use lifeboat::storage::atomic::{self, Durability, Existing, Keep, Replaced};
use lifeboat::storage::{Step, StorageError};

use crate::faulty_disk::{Call, Errno, Fault, FaultyDisk, Lack, Unsynced};

pub(crate) const VAULT: &str = "/home/vault.lifeboat";
const BUNDLE: &str = "/home/ana.bundle";
pub(crate) const OLD: &[u8] = b"old: sealed bytes of the present generation";
pub(crate) const NEW: &[u8] = b"new: sealed bytes that are to take their place";
const ERRNOS: [Errno; 6] = [Errno::IO, Errno::NOSPC, Errno::ACCESS, Errno::ROFS, Errno::DQUOT, Errno::INTR];

/// A vault and its five previous generations.
pub(crate) fn full_house() -> FaultyDisk {
    let disk = FaultyDisk::new();
    disk.put(VAULT, OLD);
    for number in 1..=5 {
        disk.put(&generation(number), format!("generation {number}").as_bytes());
    }
    disk
}

pub(crate) fn generation(number: u32) -> String {
    format!("{VAULT}.previous.{number}")
}

pub(crate) fn replace(disk: &FaultyDisk, bytes: &[u8], token: &str) -> Result<Replaced, StorageError> {
    let opens = |read_back: &[u8]| read_back == bytes;
    atomic::replace(disk, Path::new(VAULT), bytes, token, Keep::Previous(5), &opens)
}

fn create(disk: &FaultyDisk, token: &str, existing: Existing) -> Result<Durability, StorageError> {
    atomic::create(disk, Path::new(BUNDLE), NEW, token, existing)
}

fn all_faults(at: usize) -> Vec<Fault> {
    let errors = ERRNOS.iter().flat_map(|errno| [Fault::Error(at, *errno), Fault::ErrorAfter(at, *errno)]);
    errors.chain([Fault::LyingWrite(at), Fault::ShortWrite(at), Fault::Stop(at)]).collect()
}

/// Runs `check` with each fault at each step, until there is no such step any more.
pub(crate) fn at_every_step(check: impl Fn(Fault) -> bool) -> usize {
    let mut n_steps = 0;
    while all_faults(n_steps).into_iter().map(&check).fold(false, |struck, next| struck | next) {
        n_steps += 1;
    }
    n_steps
}

#[track_caller]
fn check_no_generation_is_lost(disk: &FaultyDisk, fault: Fault) {
    let kept: Vec<_> = (1..=5).filter_map(|number| disk.bytes(&generation(number))).collect();
    for number in 1..=4 {
        let wanted = format!("generation {number}").into_bytes();
        assert!(kept.contains(&wanted), "generation {number} was lost: {fault:?}");
    }
    assert!(kept.iter().all(|bytes| bytes == OLD || bytes.starts_with(b"generation ")), "{fault:?}");
}

#[track_caller]
fn check_replace_at_every_step(make: impl Fn() -> FaultyDisk) -> usize {
    at_every_step(|fault| {
        let disk = make();
        disk.arm(fault);
        let said = replace(&disk, NEW, "1a");
        let struck = disk.disarm();

        let expected = if said.is_ok() { NEW } else { OLD };
        assert_eq!(disk.bytes(VAULT).as_deref(), Some(expected), "{fault:?} {said:?}");
        check_no_generation_is_lost(&disk, fault);
        assert!(matches!(fault, Fault::Stop(_)) || struck || said.is_ok(), "{fault:?} {said:?}");

        replace(&disk, b"the next save", "2b").unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(disk.bytes(VAULT).as_deref(), Some(&b"the next save"[..]));
        assert_eq!(disk.bytes(&generation(1)).as_deref(), Some(expected), "{fault:?}");
        atomic::sweep(&disk, Path::new(VAULT)).expect("a disk without faults is swept");
        assert!(disk.files().iter().all(|path| path.starts_with(VAULT)), "{fault:?}: {:?}", disk.files());
        struck
    })
}

#[test]
fn replacing_leaves_the_old_or_the_new_bytes_and_says_which() {
    let n_steps = check_replace_at_every_step(full_house);
    assert!(n_steps > 15, "only {n_steps} steps were tried");
}

#[test]
fn replacing_without_hard_links_keeps_the_same_promises() {
    let n_steps = check_replace_at_every_step(|| full_house().without(Lack::HardLinks));
    assert!(n_steps > 20, "only {n_steps} steps were tried");
}

#[test]
fn an_error_removes_the_temporary_file_at_once() {
    at_every_step(|fault| {
        let disk = full_house();
        disk.arm(fault);
        let said = replace(&disk, NEW, "1a");
        let failed_step = disk.calls().len();
        let struck = disk.disarm();

        // A killed process tidies nothing up, and a file that was made although the disk denied it is
        // not known to be ours: both are swept later.
        if let (Fault::Error(at, _) | Fault::ShortWrite(at) | Fault::LyingWrite(at), Err(_)) = (fault, said) {
            let is_only_the_tidying = at + 1 == failed_step;
            assert!(
                is_only_the_tidying || disk.files().iter().all(|path| path.starts_with(VAULT)),
                "{fault:?}: {:?}",
                disk.files()
            );
        }
        struck
    });
}

#[test]
fn a_bundle_appears_whole_or_not_at_all() {
    for lacks in [&[][..], &[Lack::RenameNew], &[Lack::RenameNew, Lack::HardLinks]] {
        at_every_step(|fault| {
            let disk = lacks.iter().fold(FaultyDisk::new(), |disk, lack| disk.without(*lack));
            disk.arm(fault);
            let said = create(&disk, "1a", Existing::Refuse);
            let can_tidy = !matches!(fault, Fault::Stop(_) | Fault::ErrorAfter(..));
            let struck = disk.disarm();

            let found = disk.bytes(BUNDLE);
            match said {
                Ok(_) => assert_eq!(found.as_deref(), Some(NEW), "{lacks:?} {fault:?}"),
                Err(_) if can_tidy || lacks.len() < 2 => assert_eq!(found, None, "{lacks:?} {fault:?}"),
                // Written in place for want of anything better, and the process was killed: the doc says so.
                Err(_) => {}
            }
            struck
        });
    }
}

#[test]
fn a_bundle_that_replaces_leaves_the_old_or_the_new_one() {
    at_every_step(|fault| {
        let disk = FaultyDisk::new();
        disk.put(BUNDLE, OLD);
        disk.arm(fault);
        let said = create(&disk, "1a", Existing::Replace);
        let struck = disk.disarm();

        let expected = if said.is_ok() { NEW } else { OLD };
        assert_eq!(disk.bytes(BUNDLE).as_deref(), Some(expected), "{fault:?} {said:?}");
        struck
    });
}

#[test]
fn a_file_that_is_there_is_never_replaced_when_that_was_refused() {
    for lacks in [&[][..], &[Lack::RenameNew], &[Lack::RenameNew, Lack::HardLinks]] {
        at_every_step(|fault| {
            let disk = lacks.iter().fold(FaultyDisk::new(), |disk, lack| disk.without(*lack));
            disk.put(BUNDLE, OLD);
            disk.arm(fault);
            let said = create(&disk, "1a", Existing::Refuse);
            let struck = disk.disarm();

            assert!(said.is_err(), "{lacks:?} {fault:?}");
            assert_eq!(disk.bytes(BUNDLE).as_deref(), Some(OLD), "{lacks:?} {fault:?}");
            struck
        });
    }
}

#[test]
fn a_file_that_appears_at_any_step_is_never_replaced_when_that_was_refused() {
    const STRANGER: &[u8] = b"made by somebody else in that moment";
    let ways = [
        (&[][..], "rename_new"),
        (&[Lack::RenameNew], "hard_link"),
        (&[Lack::RenameNew, Lack::HardLinks], "create_new"),
    ];
    for (lacks, placing) in ways {
        let disk = lacks.iter().fold(FaultyDisk::new(), |disk, lack| disk.without(*lack));
        let trial = disk.fork();
        create(&trial, "1a", Existing::Refuse).expect("nothing fails");
        let is_placing = |call: &Call| call.path == Path::new(BUNDLE) && call.step == placing;
        let placed_at = trial.calls().iter().position(is_placing).expect("it is put in place");

        for at in 0..=placed_at {
            let disk = disk.fork();
            disk.intrude(at, BUNDLE, STRANGER);
            let error = create(&disk, "1a", Existing::Refuse).expect_err("something is there");
            assert!(error.is_already_exists(), "{lacks:?} {at}: {error:?}");
            assert_eq!(disk.files(), [BUNDLE], "{lacks:?} {at}");
            assert_eq!(disk.bytes(BUNDLE).as_deref(), Some(STRANGER), "{lacks:?} {at}");
        }
    }
}

/// Cuts the power in every way after a save that was stopped at every step; returns what was broken.
fn losses_in_power_cuts(make: impl Fn() -> FaultyDisk) -> Vec<String> {
    let mut losses = Vec::new();
    for stop_at in 0.. {
        let disk = make();
        disk.arm(Fault::Stop(stop_at));
        let said = replace(&disk, NEW, "1a");
        let was_stopped = disk.disarm();
        let is_durable = said.is_ok_and(|done| done.durability == Durability::Confirmed);

        // A file system without a journal may write names in any order, so each subset is tried.
        for subset in 0..1_usize << disk.n_unsynced_names() {
            for unsynced in [Unsynced::Half, Unsynced::Kept, Unsynced::Lost] {
                let after = disk.fork();
                after.cut_power(|idx| subset >> idx & 1 == 1, unsynced);
                let found = after.bytes(VAULT);
                let is_right = match found.as_deref() {
                    Some(NEW) => true,
                    Some(OLD) => !is_durable,
                    _ => false,
                };
                if !is_right {
                    losses.push(format!("stopped at {stop_at}, {subset:b}, {unsynced:?}: {found:?}"));
                }
            }
        }
        if !was_stopped {
            return losses;
        }
    }
    losses
}

#[test]
fn a_power_cut_at_any_step_loses_nothing_that_was_confirmed() {
    assert_eq!(losses_in_power_cuts(full_house), [""; 0]);
    assert_eq!(losses_in_power_cuts(|| full_house().without(Lack::HardLinks)), [""; 0]);
}

#[test]
fn a_power_cut_leaves_every_generation_whole_where_names_are_written_in_order() {
    for stop_at in 0.. {
        let disk = full_house().without(Lack::HardLinks);
        disk.arm(Fault::Stop(stop_at));
        let _said = replace(&disk, NEW, "1a");
        let was_stopped = disk.disarm();
        for survive in 0..=disk.n_unsynced_names() {
            let after = disk.fork();
            after.cut_power(|idx| idx < survive, Unsynced::Lost);
            check_no_generation_is_lost(&after, Fault::Stop(stop_at));
        }
        if !was_stopped {
            return;
        }
    }
}

#[test]
fn the_power_cut_test_notices_a_missing_file_sync() {
    assert_ne!(losses_in_power_cuts(|| full_house().without(Lack::FileSync)), [""; 0]);
}

#[test]
fn the_power_cut_test_notices_a_missing_folder_sync() {
    assert_ne!(losses_in_power_cuts(|| full_house().without(Lack::FolderSync)), [""; 0]);
}

#[test]
fn a_save_syncs_then_reads_back_then_renames_then_syncs_the_folder() {
    let disk = full_house();
    replace(&disk, NEW, "1a").expect("nothing fails");

    let calls = disk.calls();
    let place = |step: &str, path: &str| {
        let found = calls.iter().rposition(|call| call.step == step && call.path == Path::new(path));
        found.unwrap_or_else(|| panic!("no {step} of {path} in {calls:#?}"))
    };
    let temporary = "/home/.vault.lifeboat.tmp.1a";
    let order = [
        place("create_new", temporary),
        place("write_all", temporary),
        place("sync", temporary),
        place("read", temporary),
        place("hard_link", "/home/.vault.lifeboat.tmp.1a.previous"),
        place("rename", &generation(1)),
        place("rename", VAULT),
        place("sync_folder", "/home"),
    ];
    assert!(order.is_sorted(), "{calls:#?}");
    assert_eq!(order.last(), Some(&(calls.len() - 1)));
}

#[test]
fn a_failed_sync_is_not_tried_again() {
    let disk = full_house();
    replace(&disk, NEW, "1a").expect("nothing fails");
    let sync_at = disk.calls().iter().position(|call| call.step == "sync").expect("it syncs");

    let disk = full_house();
    disk.arm(Fault::Error(sync_at, Errno::IO));
    let error = replace(&disk, NEW, "1a").expect_err("the sync failed");

    assert_eq!(error.step, Step::SyncTemporary);
    assert_eq!(disk.calls().iter().filter(|call| call.step == "sync").count(), 1);
}

#[test]
fn a_failed_folder_sync_is_told_apart_and_deletes_nothing() {
    let disk = full_house();
    replace(&disk, NEW, "1a").expect("nothing fails");
    let last = disk.calls().len() - 1;

    let disk = full_house();
    disk.arm(Fault::Error(last, Errno::IO));
    let done = replace(&disk, NEW, "1a").expect("the file is in place");

    assert_eq!(done.durability, Durability::NotConfirmed);
    assert_eq!(disk.bytes(VAULT).as_deref(), Some(NEW));
    assert_eq!(disk.bytes(&generation(1)).as_deref(), Some(OLD));
    assert_eq!(disk.calls().last().map(|call| call.step), Some("sync_folder"));
}

#[test]
fn a_lie_of_the_disk_is_found_by_reading_back() {
    let disk = full_house();
    replace(&disk, NEW, "1a").expect("nothing fails");
    let write_at = disk.calls().iter().position(|call| call.step == "write_all").expect("it writes");

    let disk = full_house();
    disk.arm(Fault::LyingWrite(write_at));
    let error = replace(&disk, NEW, "1a").expect_err("half of it is missing");

    assert_eq!(error.step, Step::ReadBack);
    assert_eq!(disk.bytes(VAULT).as_deref(), Some(OLD));
}

#[test]
fn bytes_that_do_not_open_again_replace_nothing() {
    let disk = full_house();
    let said = atomic::replace(&disk, Path::new(VAULT), NEW, "1a", Keep::Previous(5), &|_| false);

    assert_eq!(said.expect_err("the check refused").step, Step::ReadBack);
    assert_eq!(disk.bytes(VAULT).as_deref(), Some(OLD));
}

#[test]
fn an_unreadable_place_is_not_taken_for_an_empty_one() {
    for errno in ERRNOS {
        let disk = full_house();
        disk.arm(Fault::Error(0, errno));
        let error = create(&disk, "1a", Existing::Refuse).expect_err("nothing is known of the place");

        assert_eq!(error.step, Step::Look);
        assert!(!error.is_not_found());
    }
}

#[test]
fn what_the_system_said_is_told_in_kinds() {
    let error_of = |errno| {
        let disk = full_house();
        disk.arm(Fault::Error(0, errno));
        replace(&disk, NEW, "1a").expect_err("the first step failed")
    };
    assert!(error_of(Errno::NOSPC).is_no_space());
    assert!(error_of(Errno::DQUOT).is_no_space());
    assert!(error_of(Errno::ROFS).is_read_only());
    assert!(error_of(Errno::ACCESS).is_read_only());
}

#[test]
fn saves_that_fail_again_and_again_do_not_push_older_generations_out() {
    for lacks in [&[][..], &[Lack::HardLinks]] {
        let disk = lacks.iter().fold(full_house(), |disk, lack| disk.without(*lack));
        for attempt in 0..8 {
            let trial = disk.fork();
            replace(&trial, NEW, "1a").expect("nothing fails");
            // The rename is the last step but one; the folder is synced after it.
            disk.arm(Fault::Error(trial.calls().len() - 2, Errno::IO));
            let error = replace(&disk, NEW, "1a").expect_err("the rename failed");
            assert_eq!(error.step, Step::Rename, "attempt {attempt}");
            disk.disarm();
        }

        assert_eq!(disk.bytes(&generation(1)).as_deref(), Some(OLD));
        check_no_generation_is_lost(&disk, Fault::Error(0, Errno::IO));
    }
}
