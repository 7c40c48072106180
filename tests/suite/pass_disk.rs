//! Every step of the disk fails under `pass issue`: a pass is noted and its file is whole, or there is neither, or what is
//! left is named.

use std::path::Path;
use std::sync::Arc;

use lifeboat::app::init::{self, NewSlot};
use lifeboat::app::pass::{self, Issued, PassRequest, Said};
use lifeboat::app::{Context, Failure, Session, add, unlock};
use lifeboat::envelope::{Credentials, KeyFile, Kind, Sealed};
use lifeboat::secret::SecretText;
use lifeboat::storage::paths::Paths;

use crate::faulty_disk::{Errno, Fault, FaultyDisk};
use crate::support::{RFC_URI, Sandbox};

const PASS: &str = "/home/jo.pass";

fn context(sandbox: &Sandbox, disk: &FaultyDisk) -> Context {
    let paths =
        Paths { vault: "/home/vault.lifeboat".into(), state_dir: "/home/state".into(), settings: None };
    let reason = Some("INC-4711".to_owned());
    Context { disk: Arc::new(disk.clone()), paths, reason, ..sandbox.context() }
}

fn key_file() -> KeyFile {
    KeyFile::from_bytes([7; 32])
}

fn open(ctx: &Context) -> Session {
    let credentials = Credentials { key_file: Some(key_file()), ..Credentials::default() };
    unlock::unlock(ctx, unlock::look(ctx).unwrap(), &credentials).unwrap()
}

/// Issues a pass on a disk that behaves so from the moment on in which the file is to be written.
fn issue(ctx: &Context, disk: &FaultyDisk, fault: Fault) -> Result<Issued, Failure> {
    let mut session = open(ctx);
    let id = session.vault().entries[0].id;
    let request =
        PassRequest { id, from: None, seconds: 60, to: "Jo", privileged_ok: false, output: Path::new(PASS) };
    let asked = pass::check(ctx, &session, &request).unwrap();
    let prepared = pass::prepare(ctx, &session, &request, &asked, Said::default()).unwrap();
    disk.arm(fault);
    let issued = prepared.issue(ctx, &mut session);
    disk.disarm();
    issued
}

#[test]
fn a_pass_that_cannot_be_noted_is_taken_back() {
    let sandbox = Sandbox::empty();
    let laid_out = FaultyDisk::new();
    {
        let ctx = context(&sandbox, &laid_out);
        let slot = NewSlot { passphrase: None, key_file: Some(key_file()) };
        let mut session = init::init(&ctx, &slot).unwrap();
        let text = SecretText::new(RFC_URI.to_owned());
        let (draft, _) = add::draft_from_text(&text, &add::Particulars::default()).unwrap();
        add::add(&ctx, &mut session, draft, false).unwrap();
    }
    let steps = {
        let disk = laid_out.fork();
        issue(&context(&sandbox, &disk), &disk, Fault::Stop(usize::MAX)).unwrap();
        disk.calls().len()
    };
    assert!(steps > 15, "only {steps} steps are taken");
    let (mut n_issued, mut n_refused, mut n_left) = (0, 0, 0);
    for at in 0..steps {
        for fault in [
            Fault::Error(at, Errno::IO),
            Fault::ErrorAfter(at, Errno::IO),
            Fault::Unwritable(at, Errno::NOSPC),
            Fault::Stop(at),
        ] {
            let disk = laid_out.fork();
            let ctx = context(&sandbox, &disk);
            let said = issue(&ctx, &disk, fault);
            let session = open(&ctx);
            let n_noted = session.vault().items.passes.len();
            let file = disk.bytes(PASS);
            // What is there is whole.
            if let Some(bytes) = &file {
                Sealed::parse(bytes.clone(), Kind::Pass).unwrap();
            }
            match said {
                Ok(_) => {
                    assert_eq!((n_noted, file.is_some()), (1, true), "{fault:?}");
                    n_issued += 1;
                }
                Err(failure) => {
                    // A process that was killed says nothing: its file may lie there, and nobody has its words.
                    let is_told = failure.details.iter().any(|line| line.contains("could not be removed"));
                    let may_lie = matches!(fault, Fault::Stop(_)) || is_told;
                    assert!(file.is_none() || may_lie, "{fault:?}: {failure:?}");
                    assert!(n_noted == 0 || matches!(fault, Fault::Stop(_)), "{fault:?}: {failure:?}");
                    n_refused += 1;
                    n_left += usize::from(is_told);
                }
            }
        }
    }
    assert!(n_issued > 0 && n_refused > n_left && n_left > 0, "{n_issued} {n_refused} {n_left}");
}
