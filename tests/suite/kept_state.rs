//! What a machine remembers of a vault outlives errors that pass, and what a killed run left is swept.

use std::path::Path;
use std::sync::Arc;

use lifeboat::app::add::{self, Particulars};
use lifeboat::app::init::{self, NewSlot};
use lifeboat::app::{Context, Session, remove, unlock};
use lifeboat::envelope::{Credentials, KeyFile};
use lifeboat::secret::SecretText;
use lifeboat::storage::atomic::{self, Existing};
use lifeboat::storage::paths::Paths;

use crate::faulty_disk::{Errno, Fault, FaultyDisk};
use crate::support::Sandbox;

const VAULT: &str = "/home/vault.lifeboat";

fn context(sandbox: &Sandbox, disk: &FaultyDisk) -> Context {
    let paths = Paths { vault: VAULT.into(), state_dir: "/home/state".into(), settings: None };
    Context { disk: Arc::new(disk.clone()), paths, ..sandbox.context() }
}

fn with_one_entry(ctx: &Context) -> Session {
    let slot = NewSlot { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])) };
    let mut session = init::init(ctx, &slot).unwrap();
    let text = SecretText::new("otpauth://totp/ACME:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned());
    let (draft, _) = add::draft_from_text(&text, &Particulars::default()).unwrap();
    add::add(ctx, &mut session, draft, false).unwrap();
    session
}

fn open(ctx: &Context) -> Session {
    let credentials =
        Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])), recovery_secret: None };
    unlock::unlock(ctx, unlock::look(ctx).unwrap(), &credentials).unwrap()
}

fn state_path(disk: &FaultyDisk) -> String {
    disk.files().into_iter().find(|path| is_state(path)).expect("there is a state")
}

fn is_state(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "state")
}

fn told(mut session: Session) -> String {
    session.take_notices().into_iter().map(|notice| notice.0).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_older_copy_is_still_told_after_any_read_of_the_state_failed_once() {
    let sandbox = Sandbox::empty();
    let disk = FaultyDisk::new();
    let ctx = context(&sandbox, &disk);
    let mut session = with_one_entry(&ctx);
    let older = disk.bytes(VAULT).unwrap();
    let id = session.vault().entries[0].id;
    remove::remove(&ctx, &mut session, &[id]).unwrap();
    disk.put(VAULT, &older);
    let state = state_path(&disk);
    let tried = disk.fork();
    tried.arm(Fault::Stop(usize::MAX));
    assert!(told(open(&context(&sandbox, &tried))).contains("older copy"));
    let reads: Vec<usize> = tried
        .calls()
        .iter()
        .enumerate()
        .filter(|(_, call)| call.step == "read" && call.path == Path::new(&state))
        .map(|(at, _)| at)
        .collect();
    assert!(!reads.is_empty(), "the state is never read");

    for at in reads {
        for errno in [Errno::IO, Errno::ACCESS, Errno::INTR] {
            let disk = disk.fork();
            disk.arm(Fault::Error(at, errno));
            let during = told(open(&context(&sandbox, &disk)));
            assert!(disk.disarm(), "the fault was not reached");
            assert!(
                during.contains("could not be read") || during.contains("older copy"),
                "step {at}, {errno}: {during}"
            );
            assert!(told(open(&context(&sandbox, &disk))).contains("older copy"), "step {at}, {errno}");
        }
    }
}

#[test]
fn a_damaged_state_is_told_once_and_starts_anew() {
    let sandbox = Sandbox::empty();
    let disk = FaultyDisk::new();
    let ctx = context(&sandbox, &disk);
    with_one_entry(&ctx);
    disk.put(&state_path(&disk), b"{");

    assert!(told(open(&ctx)).contains("it is damaged"));

    assert_eq!(told(open(&ctx)), "");
}

#[test]
fn what_a_killed_run_left_of_the_state_goes_with_the_next_change() {
    let sandbox = Sandbox::empty();
    let disk = FaultyDisk::new();
    let ctx = context(&sandbox, &disk);
    let mut session = with_one_entry(&ctx);
    let state = state_path(&disk);
    let left = state.replace("/home/state/", "/home/state/.") + ".tmp.1a";
    disk.put(&left, b"half");

    let id = session.vault().entries[0].id;
    remove::remove(&ctx, &mut session, &[id]).unwrap();

    assert_eq!(disk.bytes(&left), None);
}

#[test]
fn making_a_file_removes_what_a_killed_run_left_of_it() {
    for existing in [Existing::Refuse, Existing::Replace] {
        let disk = FaultyDisk::new();
        disk.put("/home/.uris.tmp.1a", b"a seed in clear");
        disk.put("/home/.uris2.tmp.1a", b"another file's");

        atomic::create(&disk, Path::new("/home/uris"), b"new", "2b", existing).unwrap();

        assert_eq!(disk.files(), ["/home/.uris2.tmp.1a", "/home/uris"]);
    }
}
