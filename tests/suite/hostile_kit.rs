//! Every step of the disk fails, lies or is the last one while a kit is made: a folder with its sums is whole, what was
//! said of it is true, and it can be made anew.

use std::path::Path;
use std::sync::Arc;

use lifeboat::app::bundle::{self, BundleRequest};
use lifeboat::app::init::{self, NewSlot};
use lifeboat::app::kit::{self, KitMade, KitRequest};
use lifeboat::app::{Context, Exit, Failure, Session, Unchanged, add, unlock};
use lifeboat::envelope::{Credentials, KeyFile};
use lifeboat::secret::SecretText;
use lifeboat::storage::paths::Paths;

use crate::faulty_disk::{Errno, Fault, FaultyDisk, Unsynced};
use crate::support::{RFC_URI, Sandbox};

const KIT: &str = "/home/kit";
const SUMS: &str = "/home/kit/SHA256SUMS";
const PROGRAM: &[u8] = b"the program";

fn credentials() -> Credentials {
    Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])), recovery_secret: None }
}

fn context(sandbox: &Sandbox, disk: &FaultyDisk) -> Context {
    let paths =
        Paths { vault: "/home/vault.lifeboat".into(), state_dir: "/home/state".into(), settings: None };
    let program = Some("/home/program".into());
    Context { disk: Arc::new(disk.clone()), paths, program, ..sandbox.context() }
}

/// A disk with a vault, a bundle of it and the program.
fn laid_out(sandbox: &Sandbox) -> FaultyDisk {
    let disk = FaultyDisk::new();
    let ctx = context(sandbox, &disk);
    let slot = || NewSlot { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])) };
    let mut session = init::init(&ctx, &slot()).unwrap();
    let (draft, _) =
        add::draft_from_text(&SecretText::new(RFC_URI.to_owned()), &add::Particulars::default()).unwrap();
    add::add(&ctx, &mut session, draft, false).unwrap();
    let request = BundleRequest {
        output: Path::new("/home/bundle"),
        force: false,
        selection: None,
        review_seconds: None,
        label: None,
        passphrase: None,
        key_file: slot().key_file,
        shares: None,
        allow_weak: false,
        vault_passphrase: None,
    };
    bundle::create(&ctx, &mut session, request).unwrap();
    disk.put("/home/program", PROGRAM);
    disk
}

fn open(ctx: &Context) -> Session {
    unlock::unlock(ctx, unlock::look(ctx).unwrap(), &credentials()).unwrap()
}

fn make(ctx: &Context, session: &mut Session, force: bool) -> Result<KitMade, Failure> {
    let request =
        KitRequest { folder: Path::new(KIT), force, names: false, credentials: Some(&credentials()) };
    kit::make(ctx, session, &request)
}

fn in_kit(disk: &FaultyDisk) -> Vec<String> {
    disk.files().into_iter().filter(|path| path.starts_with(KIT)).collect()
}

/// A folder that has its sums holds everything as it was written.
fn check_whole(disk: &FaultyDisk, context: &str) {
    let read = |name: &str| disk.bytes(&format!("{KIT}/{name}")).unwrap_or_default();
    let sums = String::from_utf8(read("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 7, "{context}");
    for line in sums.lines() {
        use sha2::Digest as _;
        let (sum, name) = line.split_once("  ").unwrap();
        let found = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(read(name)));
        assert_eq!(found, sum, "{name}: {context}");
    }
    assert_eq!(read("lifeboat"), PROGRAM, "{context}");
    for name in bundle::COPIES {
        assert_eq!(read(name), disk.bytes("/home/bundle").unwrap(), "{context}");
    }
}

/// Runs it with each fault at each step; `force` is for a kit that lies there already.
#[expect(clippy::wildcard_enum_match_arm, reason = "what was partly done is told in words")]
fn check_at_every_step(force: bool) {
    let sandbox = Sandbox::empty();
    let start = laid_out(&sandbox);
    if force {
        let ctx = context(&sandbox, &start);
        make(&ctx, &mut open(&ctx), false).unwrap();
    }
    let story = start.fork();
    let ctx = context(&sandbox, &story);
    let mut session = open(&ctx);
    story.arm(Fault::Stop(usize::MAX));
    make(&ctx, &mut session, force).unwrap();
    story.disarm();
    let steps = story.calls();
    assert!(steps.len() > 60, "only {} steps are taken", steps.len());
    for (at, step) in steps.iter().enumerate() {
        let mut faults = vec![Fault::Error(at, Errno::IO), Fault::Stop(at)];
        if !["facts", "list", "read", "read_from", "resolve"].contains(&step.step) {
            let no_more = if at % 2 == 0 { Errno::NOSPC } else { Errno::ROFS };
            faults.extend([Fault::ErrorAfter(at, Errno::IO), Fault::Unwritable(at, no_more)]);
        }
        if matches!(step.step, "append" | "write_all") {
            faults.extend([Fault::LyingWrite(at), Fault::ShortWrite(at)]);
        }
        for fault in faults {
            let disk = start.fork();
            let ctx = context(&sandbox, &disk);
            let mut session = open(&ctx);
            disk.arm(fault);
            let said = make(&ctx, &mut session, force);
            disk.disarm();
            let told = format!("{fault:?} at {step:?}: {:?}", said.as_ref().map(|made| made.durable));
            if disk.bytes(SUMS).is_some() {
                check_whole(&disk, &told);
            }
            match &said {
                Ok(made) => {
                    assert!(disk.bytes(SUMS).is_some(), "{told}");
                    if made.durable {
                        let after = disk.fork();
                        after.cut_power(|_| false, Unsynced::Lost);
                        check_whole(&after, &told);
                    }
                }
                Err(failure) => {
                    assert_eq!(failure.exit(), Exit::Failed, "{told}: {failure:?}");
                    let is_absent = in_kit(&disk).is_empty();
                    match failure.unchanged.as_ref().expect("it says what is unharmed") {
                        Unchanged::OutputNotCreated(path) => {
                            assert_eq!(path, Path::new(KIT));
                            // Where nothing was begun, an earlier kit is still there.
                            let is_kept = force && disk.bytes(SUMS) == start.bytes(SUMS);
                            assert!(is_absent || is_kept, "{told}: {:?}", in_kit(&disk));
                        }
                        Unchanged::NothingTouched => assert_eq!(in_kit(&disk), in_kit(&start), "{told}"),
                        _ => {}
                    }
                }
            }
            // It can be made, whatever is left of the first try, and nothing is left lying about.
            let ctx = context(&sandbox, &disk);
            make(&ctx, &mut open(&ctx), true).unwrap_or_else(|failure| panic!("{told}: {failure:?}"));
            check_whole(&disk, &told);
            assert_eq!(in_kit(&disk).len(), 8, "{told}: {:?}", in_kit(&disk));
        }
    }
}

#[test]
fn a_new_kit_survives_every_fault() {
    check_at_every_step(false);
}

#[test]
fn making_a_kit_anew_survives_every_fault() {
    check_at_every_step(true);
}
