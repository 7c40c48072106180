//! A log that goes on in new files, on disks that fail, stop and lose their power: the chain holds, and blocks nothing.

use std::path::Path;
use std::sync::Arc;

use lifeboat::app::add::{self, Particulars};
use lifeboat::app::audit::{self, Filter, Verified};
use lifeboat::app::code::{self, CodeRequest};
use lifeboat::app::init::{self, NewSlot};
use lifeboat::app::{Context, Failure, Session, unlock};
use lifeboat::envelope::{Credentials, KeyFile};
use lifeboat::secret::SecretText;
use lifeboat::storage::paths::Paths;

use crate::faulty_disk::{Call, Errno, Fault, FaultyDisk, Lack, Unsynced};
use crate::support::{RFC_URI, Sandbox};

const LOG: &str = "/home/vault.lifeboat.log";

/// A machine whose log is full after every record.
fn machine() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.rotates_at(1);
    sandbox
}

fn context(sandbox: &Sandbox, disk: &FaultyDisk) -> Context {
    let paths =
        Paths { vault: "/home/vault.lifeboat".into(), state_dir: "/home/state".into(), settings: None };
    Context { disk: Arc::new(disk.clone()), paths, ..sandbox.context() }
}

fn credentials() -> Credentials {
    Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])), recovery_secret: None }
}

fn laid_out(sandbox: &Sandbox, disk: FaultyDisk) -> FaultyDisk {
    let ctx = context(sandbox, &disk);
    let slot = NewSlot { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])) };
    let mut session = init::init(&ctx, &slot).unwrap();
    add_entry(&ctx, &mut session, RFC_URI).unwrap();
    disk
}

fn add_entry(ctx: &Context, session: &mut Session, uri: &str) -> Result<(), Failure> {
    let (draft, _) = add::draft_from_text(&SecretText::new(uri.to_owned()), &Particulars::default())?;
    add::add(ctx, session, draft, false).map(|_| ())
}

fn open(ctx: &Context) -> Result<Session, Failure> {
    unlock::unlock(ctx, unlock::look(ctx)?, &credentials())
}

/// Opens the vault, shows a code, changes it.
fn use_it(ctx: &Context) -> Result<(), Failure> {
    let mut session = open(ctx)?;
    let id = session.vault().entries[0].id;
    code::code(ctx, &mut session, id, CodeRequest::default())?;
    add_entry(ctx, &mut session, &RFC_URI.replace("root", "other").replace("GEZD", "MEZD"))
}

fn verified(ctx: &Context) -> Verified {
    let session = unlock::unlock_unnoted(ctx, unlock::look(ctx).unwrap(), &credentials()).unwrap();
    audit::verify(ctx, &session, None).unwrap()
}

fn rotated(disk: &FaultyDisk) -> Vec<String> {
    disk.files().into_iter().filter(|path| path.starts_with("/home/vault.lifeboat.log.0")).collect()
}

#[test]
fn a_full_log_goes_on_in_a_new_file_that_names_the_old_one() {
    let sandbox = machine();
    let disk = laid_out(&sandbox, FaultyDisk::new());
    let ctx = context(&sandbox, &disk);
    // `made`; `saved` with the rotation; `added`; `saved`, each pushing what was there aside.
    let names = ["001", "003", "005"].map(|number| format!("{LOG}.000000000{number}"));
    assert_eq!(rotated(&disk), names);
    let mut session = open(&ctx).unwrap();
    let events: Vec<String> = audit::list(&ctx, &mut session, &Filter::default())
        .unwrap()
        .into_iter()
        .map(|line| {
            format!("{} {}", line.event, line.facts.iter().map(|(_, value)| value.raw()).collect::<String>())
        })
        .collect();
    let expected = [
        "made ",
        "log-rotated 1",
        "saved ",
        "log-rotated 3",
        "added ",
        "log-rotated 5",
        "saved ",
        "log-rotated 7",
        "unlocked ",
    ];
    assert_eq!(events, expected);
    let verified = verified(&ctx);
    assert!(!verified.is_wrong() && verified.found.is_empty(), "{:?}", verified.found);
    assert_eq!((verified.count, verified.files.len()), (9, 5));
}

#[test]
fn what_was_put_aside_is_still_recent() {
    let sandbox = machine();
    let disk = laid_out(&sandbox, FaultyDisk::new());
    let ctx = context(&sandbox, &disk);
    for _ in 0..3 {
        let wrong = Credentials { key_file: Some(KeyFile::from_bytes([8; 32])), ..Credentials::default() };
        unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &wrong).unwrap_err();
    }
    let mut session = open(&ctx).unwrap();
    let told: Vec<String> = session.take_notices().into_iter().map(|notice| notice.0).collect();
    assert!(told.iter().any(|notice| notice.starts_with("3 failed attempts")), "{told:?}");
    let happened = lifeboat::app::history::recent(&ctx, &session);
    assert!(happened.iter().any(|one| one.event == "made"), "across all of the files: {happened:?}");
    assert!(!verified(&ctx).is_wrong());
}

#[test]
fn a_change_that_was_announced_in_a_file_that_was_put_aside_is_settled() {
    let sandbox = machine();
    let laid_out = laid_out(&sandbox, FaultyDisk::new());
    let steps = {
        let disk = laid_out.fork();
        use_it(&context(&sandbox, &disk)).unwrap();
        disk.calls()
    };
    let at = steps
        .iter()
        .rposition(|call| call.step == "rename" && call.path == Path::new("/home/vault.lifeboat"));
    let disk = laid_out.fork();
    let ctx = context(&sandbox, &disk);
    disk.arm(Fault::Stop(at.unwrap() + 1));
    let _killed = use_it(&ctx);
    disk.disarm();
    let unsettled = verified(&ctx);
    let told: Vec<&str> = unsettled.found.iter().map(|found| found.kind).collect();
    assert_eq!((told, unsettled.is_wrong()), (vec!["unsettled"], false));
    open(&ctx).unwrap();
    let settled = verified(&ctx);
    assert!(settled.found.is_empty(), "{:?}", settled.found);
}

/// The steps of using it that have to do with the log: the others are tried with every command.
fn steps_of_the_log(sandbox: &Sandbox, laid_out: &FaultyDisk) -> Vec<(usize, Call)> {
    let disk = laid_out.fork();
    use_it(&context(sandbox, &disk)).unwrap();
    let is_of_the_log = |call: &Call| {
        call.path.to_string_lossy().starts_with(LOG)
            || (call.step == "sync_folder" && call.path == Path::new("/home"))
    };
    let steps: Vec<_> =
        disk.calls().into_iter().enumerate().filter(|(_, call)| is_of_the_log(call)).collect();
    assert!(
        steps.iter().filter(|(_, call)| call.step == "rename_new").count() > 3,
        "it is put aside: {steps:?}"
    );
    steps
}

#[test]
fn a_rotation_survives_every_fault_and_blocks_nothing() {
    let sandbox = machine();
    let laid_out = laid_out(&sandbox, FaultyDisk::new());
    for (at, step) in steps_of_the_log(&sandbox, &laid_out) {
        let mut faults = vec![Fault::Error(at, Errno::IO), Fault::Stop(at)];
        if ["append", "rename_new", "sync_folder"].contains(&step.step) {
            faults.extend([
                Fault::ErrorAfter(at, Errno::IO),
                Fault::ShortWrite(at),
                Fault::Unwritable(at, Errno::NOSPC),
            ]);
        }
        for fault in faults {
            let disk = laid_out.fork();
            let ctx = context(&sandbox, &disk);
            disk.arm(fault);
            let said = use_it(&ctx);
            disk.disarm();
            let blocked = said.is_err() && matches!(fault, Fault::Error(..) | Fault::ErrorAfter(..));
            assert!(!blocked, "{fault:?} of {step:?}: {said:?}");
            // The next start explains what is left.
            open(&ctx).unwrap();
            let verified = verified(&ctx);
            assert!(!verified.is_wrong(), "{fault:?} of {step:?}: {:#?}", verified.found);
        }
    }
}

#[test]
fn a_rotation_that_was_interrupted_is_recorded_by_the_next_writer() {
    let sandbox = machine();
    let laid_out = laid_out(&sandbox, FaultyDisk::new());
    let steps = steps_of_the_log(&sandbox, &laid_out);
    let (at, _) = steps.iter().find(|(_, call)| call.step == "rename_new").unwrap();
    let ctx = context(&sandbox, &laid_out);
    laid_out.arm(Fault::Stop(at + 1));
    let _killed = use_it(&ctx);
    laid_out.disarm();
    assert!(laid_out.bytes(LOG).is_none(), "it is put aside, and the new one is not there yet");
    let mut session = open(&ctx).unwrap();
    let filter = Filter { kinds: vec!["log-rotated"], ..Filter::default() };
    let last = audit::list(&ctx, &mut session, &filter).unwrap().pop().unwrap();
    let aside = rotated(&laid_out).pop().unwrap();
    assert!(aside.ends_with(last.facts[0].1.raw()), "{aside} {last:?}");
    assert!(!verified(&ctx).is_wrong());
}

#[test]
fn a_disk_that_cannot_rename_without_replacing_keeps_its_log_in_one_file() {
    let sandbox = machine();
    let disk = laid_out(&sandbox, FaultyDisk::new().without(Lack::RenameNew));
    use_it(&context(&sandbox, &disk)).unwrap();
    assert_eq!(rotated(&disk), [""; 0]);
    assert!(!verified(&context(&sandbox, &disk)).is_wrong());
}

#[test]
fn a_power_cut_at_any_step_of_a_rotation_loses_no_record_that_was_confirmed() {
    let sandbox = machine();
    let laid_out = laid_out(&sandbox, FaultyDisk::new());
    let before = verified(&context(&sandbox, &laid_out)).count;
    for (at, step) in steps_of_the_log(&sandbox, &laid_out) {
        if ["facts", "read_from", "resolve", "list"].contains(&step.step) {
            continue;
        }
        let stopped = laid_out.fork();
        stopped.arm(Fault::Stop(at));
        let _killed = use_it(&context(&sandbox, &stopped));
        for pattern in 0..4_usize {
            let disk = stopped.fork();
            let survives = |idx: usize| pattern == 3 || (pattern != 0 && idx % 2 == pattern - 1);
            disk.cut_power(survives, if pattern % 2 == 0 { Unsynced::Half } else { Unsynced::Lost });
            let ctx = context(&sandbox, &disk);
            open(&ctx).unwrap();
            let verified = verified(&ctx);
            assert!(!verified.is_wrong(), "{at} {step:?} {pattern}: {:#?}", verified.found);
            assert!(verified.count > before);
        }
    }
}

#[test]
fn a_rotated_file_that_is_gone_or_was_renamed_is_named() {
    let sandbox = machine();
    let disk = laid_out(&sandbox, FaultyDisk::new());
    let ctx = context(&sandbox, &disk);
    let gone = format!("{LOG}.000000000003");
    let bytes = disk.bytes(&gone).unwrap();
    ctx.disk.remove(Path::new(&gone)).unwrap();
    let wrong = || {
        let found = verified(&ctx).found.into_iter().filter(|found| found.is_wrong);
        found.map(|found| (found.kind, found.records)).collect::<Vec<_>>()
    };
    assert_eq!(wrong(), [("missing", Some((2, 3)))]);

    disk.put(&format!("{LOG}.000000000009"), &bytes);
    assert_eq!(wrong(), [("out-of-order", Some((2, 3)))]);

    // Names that are not quite those of such a file are not looked at.
    disk.put(&format!("{LOG}.000000000009"), b"");
    disk.put(&gone, &bytes);
    for name in ["00000000003", "0000000000030", "00000000000x", "000000000003.bak"] {
        disk.put(&format!("{LOG}.{name}"), b"rubbish\n");
    }
    assert!(!verified(&ctx).is_wrong());
}

#[test]
fn a_file_that_is_there_already_is_never_written_over() {
    let sandbox = machine();
    let disk = laid_out(&sandbox, FaultyDisk::new());
    let ctx = context(&sandbox, &disk);
    let in_the_way = format!("{LOG}.000000000007");
    disk.put(&in_the_way, b"U1 1 strange\n");
    let files = rotated(&disk).len();
    open(&ctx).unwrap();
    assert_eq!(disk.bytes(&in_the_way).unwrap(), b"U1 1 strange\n");
    assert_eq!(rotated(&disk).len(), files, "the log is added to, and put aside with the next number");
    open(&ctx).unwrap();
    assert_eq!(rotated(&disk).len(), files + 1);
    assert!(!verified(&ctx).is_wrong());
}

#[test]
fn a_log_that_is_a_link_is_not_put_aside() {
    let sandbox = Sandbox::with_entry();
    sandbox.rotates_at(1);
    std::fs::rename(sandbox.path("vault.lifeboat.log"), sandbox.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("elsewhere"), sandbox.path("vault.lifeboat.log")).unwrap();
    sandbox.run("list").done();
    assert!(sandbox.has("elsewhere") && !sandbox.has("elsewhere.000000000005"));
    sandbox.run("audit verify").done();
}

#[test]
fn four_mebibytes_are_a_full_log() {
    let sandbox = Sandbox::with_entry();
    let flood = "U1 1800000000 failed-unlock\n".repeat((4 << 20) / 28 + 1);
    let log = [sandbox.read("vault.lifeboat.log"), flood.into_bytes()].concat();
    sandbox.write("vault.lifeboat.log", &log);
    sandbox.run("list").done();
    assert!(sandbox.has("vault.lifeboat.log.000000000005"));
    sandbox.run("audit verify").done();
}
