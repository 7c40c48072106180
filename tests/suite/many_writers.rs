//! Eight writers at once: nothing is lost, and the log's chain holds.

use std::sync::Arc;

use lifeboat::app::{add, init, unlock};
use lifeboat::audit::{self, Line};
use lifeboat::envelope::{Credentials, KeyFile};
use lifeboat::secret::SecretText;

use crate::support::Sandbox;

const WRITERS: u8 = 8;
const ENTRIES_EACH: u8 = 50;

fn key() -> KeyFile {
    KeyFile::from_bytes([7; 32])
}

fn uri(writer: u8, n: u8) -> SecretText {
    let seed = data_encoding::BASE32_NOPAD.encode(&[writer, n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    SecretText::new(format!("otpauth://totp/W{writer}:e{n}?secret={seed}"))
}

#[test]
fn eight_writers_of_fifty_entries_each_leave_four_hundred() {
    let sandbox = Arc::new(Sandbox::empty());
    init::init(&sandbox.context(), &init::NewSlot { passphrase: None, key_file: Some(key()) }).unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let sandbox = Arc::clone(&sandbox);
            std::thread::spawn(move || {
                let mut ctx = sandbox.context();
                // Writers wait for each other for real; the clock of the test stands still meanwhile.
                ctx.pause = Arc::new(|_| std::thread::yield_now());
                for n in 0..ENTRIES_EACH {
                    // A process of its own each time: read, unlock, change.
                    let credentials =
                        Credentials { passphrase: None, key_file: Some(key()), recovery_secret: None };
                    let mut session = unlock::look(&ctx)
                        .and_then(|vault| unlock::unlock(&ctx, vault, &credentials))
                        .unwrap_or_else(|failure| panic!("{failure}: {:?}", failure.causes()));
                    while let Err(failure) = {
                        let copy =
                            add::draft_from_text(&uri(writer, n), &add::Particulars::default()).unwrap().0;
                        add::add(&ctx, &mut session, copy, false).map(|_| ())
                    } {
                        // Ten seconds of waiting pass in no time here; only that may be tried again.
                        assert_eq!(
                            failure.kind,
                            lifeboat::app::Kind::Busy,
                            "{failure}: {:?}",
                            failure.causes()
                        );
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }

    let ctx = sandbox.context();
    let credentials = Credentials { passphrase: None, key_file: Some(key()), recovery_secret: None };
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    assert_eq!(session.vault().entries.len(), usize::from(WRITERS) * usize::from(ENTRIES_EACH));
    assert_eq!(session.vault().generation, 401);
    assert!(session.newer_generation_seen().is_none());
    follow_the_log(&sandbox, session.vault().id.0, session.vault().log_anchor.count);
}

/// Every sealed line names the head that the lines before it make, and their numbers have no gap.
fn follow_the_log(sandbox: &Sandbox, vault: [u8; 16], anchored: u64) {
    let log = String::from_utf8(sandbox.read("vault.lifeboat.log")).unwrap();
    let mut head = audit::start(&vault);
    let mut count = 0;
    for line in log.lines() {
        let Some(Line::Sealed(sealed)) = Line::parse(line) else { panic!("a strange line: {line}") };
        count += 1;
        assert_eq!((sealed.number, sealed.previous), (count, head), "line {count} continues the chain");
        head = audit::advance(&head, line);
    }
    assert!(count >= anchored, "{count} lines, {anchored} anchored");
}
