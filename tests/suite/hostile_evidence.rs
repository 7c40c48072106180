//! Every step of the disk fails, lies or is the last one while a report is made: one with its signature is whole, what was
//! said of it is true, and it can be made anew.

use std::path::Path;
use std::sync::Arc;

use lifeboat::app::evidence::{self, Made, Request};
use lifeboat::app::init::{self, NewSlot};
use lifeboat::app::{Context, Exit, Failure, Session, Unchanged, add, unlock};
use lifeboat::envelope::{Credentials, KeyFile};
use lifeboat::secret::SecretText;
use lifeboat::signature;
use lifeboat::storage::paths::Paths;

use crate::evidence_items::{changed, items};
use crate::evidence_story::DAY;
use crate::faulty_disk::{Errno, Fault, FaultyDisk, Unsynced};
use crate::support::{RFC_URI, Sandbox};

const FOLDER: &str = "/home/report";

fn credentials() -> Credentials {
    Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])), recovery_secret: None }
}

fn context(sandbox: &Sandbox, disk: &FaultyDisk) -> Context {
    let paths =
        Paths { vault: "/home/vault.lifeboat".into(), state_dir: "/home/state".into(), settings: None };
    Context { disk: Arc::new(disk.clone()), paths, ..sandbox.context() }
}

/// A disk with a vault in it that has an account, incidents, exceptions with an end and passes.
fn laid_out(sandbox: &Sandbox) -> FaultyDisk {
    let disk = FaultyDisk::new();
    let ctx = context(sandbox, &disk);
    let slot = NewSlot { passphrase: None, key_file: Some(KeyFile::from_bytes([7; 32])) };
    let mut session = init::init(&ctx, &slot).unwrap();
    let (draft, _) =
        add::draft_from_text(&SecretText::new(RFC_URI.to_owned()), &add::Particulars::default()).unwrap();
    add::add(&ctx, &mut session, draft, false).unwrap();
    let entry = session.vault().entries[0].id;
    let vault = changed(disk.bytes("/home/vault.lifeboat").unwrap(), KeyFile::from_bytes([7; 32]), |vault| {
        vault.items = items(entry, entry);
    });
    disk.put("/home/vault.lifeboat", &vault);
    disk
}

fn open(ctx: &Context) -> Session {
    unlock::unlock_unnoted(ctx, unlock::look(ctx).unwrap(), &credentials()).unwrap()
}

fn make(ctx: &Context, session: &mut Session, folder: &str) -> Result<Made, Failure> {
    let request = Request { folder: Path::new(folder), since: 86_400, at: None, redact: false, policy: None };
    evidence::make(ctx, session, &request)
}

fn in_folder(disk: &FaultyDisk, folder: &str) -> Vec<String> {
    disk.files().into_iter().filter(|path| path.starts_with(folder)).collect()
}

/// A report that has its signature is whole.
fn check_whole(disk: &FaultyDisk, folder: &str, context: &str) {
    use sha2::Digest as _;
    let read = |name: &str| disk.bytes(&format!("{folder}/{name}")).unwrap_or_default();
    let json = read(evidence::JSON);
    let armored = String::from_utf8(read(evidence::SIGNATURE)).unwrap();
    let blob = signature::dearmor(&armored).unwrap_or_else(|| panic!("{context}"));
    assert!(signature::verify(&blob, evidence::NAMESPACE, &json).is_ok(), "{context}");
    // All of it is in what was signed.
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    for (part, n_open) in [("exceptions_with_end", 2), ("incidents", 1), ("passes", 2)] {
        assert_eq!(report[part].as_array().unwrap().len(), n_open, "{part}: {context}");
    }
    let digest = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&json));
    for page in [evidence::MARKDOWN, evidence::HTML] {
        assert!(String::from_utf8(read(page)).unwrap().contains(&digest), "{page}: {context}");
    }
}

#[test]
#[expect(clippy::wildcard_enum_match_arm, reason = "what was partly done is told in words")]
fn a_report_survives_every_fault() {
    let sandbox = Sandbox::empty();
    let start = laid_out(&sandbox);
    sandbox.wait(32 * DAY);
    let signature = format!("{FOLDER}/{}", evidence::SIGNATURE);
    let log = start.bytes("/home/vault.lifeboat.log").unwrap();
    let story = start.fork();
    let ctx = context(&sandbox, &story);
    let mut session = open(&ctx);
    story.arm(Fault::Stop(usize::MAX));
    make(&ctx, &mut session, FOLDER).unwrap();
    story.disarm();
    let steps = story.calls();
    assert!(steps.len() > 40, "only {} steps are taken", steps.len());
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
            let said = make(&ctx, &mut session, FOLDER);
            disk.disarm();
            let told = format!("{fault:?} at {step:?}: {:?}", said.as_ref().map(|made| made.durable));
            if disk.bytes(&signature).is_some() {
                check_whole(&disk, FOLDER, &told);
            }
            match &said {
                Ok(made) => {
                    assert!(disk.bytes(&signature).is_some(), "{told}");
                    if made.durable {
                        let after = disk.fork();
                        after.cut_power(|_| false, Unsynced::Lost);
                        check_whole(&after, FOLDER, &told);
                    }
                    let is_logged = disk.bytes("/home/vault.lifeboat.log").unwrap().len() > log.len();
                    assert!(is_logged || !session.take_notices().is_empty(), "a gap is told: {told}");
                }
                Err(failure) => {
                    assert_eq!(failure.exit(), Exit::Failed, "{told}: {failure:?}");
                    match failure.unchanged.as_ref().expect("it says what is unharmed") {
                        Unchanged::OutputNotCreated(path) => {
                            assert_eq!(path, Path::new(FOLDER));
                            assert!(
                                in_folder(&disk, FOLDER).is_empty(),
                                "{told}: {:?}",
                                in_folder(&disk, FOLDER)
                            );
                        }
                        Unchanged::NothingTouched => assert!(in_folder(&disk, FOLDER).is_empty(), "{told}"),
                        _ => {}
                    }
                }
            }
            // Another one can be made, whatever is left of the first try.
            let ctx = context(&sandbox, &disk);
            make(&ctx, &mut open(&ctx), "/home/second")
                .unwrap_or_else(|failure| panic!("{told}: {failure:?}"));
            check_whole(&disk, "/home/second", &told);
        }
    }
}
