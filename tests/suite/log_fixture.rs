//! Records in a vault's log that no command of this test has made: what other machines and other days have left.

use lifeboat::app::{Session, key_file, unlock};
use lifeboat::audit::{self, Line, Record, SealedLine};
use lifeboat::envelope::{Credentials, MasterKey, aead};
use lifeboat::wire::log_v1;

use crate::support::Sandbox;

/// Opens the vault, and leaves nothing in its log.
pub(crate) fn open(sandbox: &Sandbox) -> Session {
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { key_file: Some(key), ..Credentials::default() };
    unlock::unlock_unnoted(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap()
}

/// Adds records to the end of the log, sealed and chained as the format says.
#[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
pub(crate) fn append(sandbox: &Sandbox, records: &[Record]) {
    let session = open(sandbox);
    let vault = session.vault();
    let key = MasterKey::from_bytes(vault.keys.log.expose().try_into().unwrap());
    let mut text = String::from_utf8(sandbox.read("vault.lifeboat.log")).unwrap();
    let last = text.lines().rev().find_map(|line| match Line::parse(line) {
        Some(Line::Sealed(sealed)) => Some((sealed.number, audit::advance(&sealed.previous, line))),
        _ => None,
    });
    let (mut number, mut head) = last.unwrap_or((0, audit::start(&vault.id.0)));
    for record in records {
        number += 1;
        let mut info = b"lifeboat/1/log\0".to_vec();
        info.extend_from_slice(&vault.id.0);
        info.extend_from_slice(&number.to_be_bytes());
        let binding = SealedLine::binding(number, &head);
        let sealed = aead::seal_small(&key, &info, binding.as_bytes(), &[7; 32], &log_v1::encode(record));
        let line = SealedLine { number, previous: head, sealed }.encode();
        head = audit::advance(&head, &line);
        text.push_str(&line);
        text.push('\n');
    }
    std::fs::write(sandbox.path("vault.lifeboat.log"), text).unwrap();
}

/// A record of somebody else's.
pub(crate) fn record(at: u64, event: audit::Event) -> Record {
    Record {
        at,
        event,
        entry: None,
        user: "bruno".to_owned(),
        host: "rescue".to_owned(),
        way: Some("0a0b0c0d".to_owned()),
        reason: None,
        generation: None,
        facts: Vec::new(),
    }
}
