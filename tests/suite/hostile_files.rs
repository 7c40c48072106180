//! A vault and a bundle under attack: every byte changed, every length, and a hundred thousand mutations.

use lifeboat::app::failure::Kind;
use lifeboat::app::{Failure, bundle, unlock};
use lifeboat::envelope::{self, Ceiling, Credentials, KeyFile, Sealed};
use sha2::{Digest as _, Sha256};

use crate::support::Sandbox;

const MUTATIONS: u32 = 100_000;
const TRAILER: usize = 32;

struct Target {
    kind: envelope::Kind,
    bytes: Vec<u8>,
    key: Vec<u8>,
    json: Vec<u8>,
}

impl Target {
    fn credentials(&self) -> Credentials {
        Credentials {
            passphrase: None,
            key_file: Some(KeyFile::parse(&self.key).unwrap()),
            recovery_secret: None,
        }
    }

    /// The content, if it opens: what a reader would believe.
    fn open(&self, bytes: Vec<u8>) -> Option<Vec<u8>> {
        let sealed = Sealed::parse(bytes, self.kind).ok()?;
        let (master, _) = sealed.unlock(&self.credentials(), Ceiling::USUAL).ok()?;
        Some(sealed.open(&master).ok()?.json().to_vec())
    }

    fn header_end(&self) -> usize {
        16 + usize::try_from(u32::from_be_bytes(self.bytes[12..16].try_into().unwrap())).unwrap()
    }
}

fn targets() -> [Target; 2] {
    let sandbox = Sandbox::with_entry();
    sandbox.run("bundle create -o ~/b --bundle-key-file ~/bundle-key --label attacked").done();
    let target = |kind, file: &str, key: &str| {
        let mut target = Target { kind, bytes: sandbox.read(file), key: sandbox.read(key), json: Vec::new() };
        target.json = target.open(target.bytes.clone()).unwrap();
        target
    };
    [
        target(envelope::Kind::Vault, "vault.lifeboat", "key"),
        target(envelope::Kind::Bundle, "b", "bundle-key"),
    ]
}

fn with_fresh_trailer(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > TRAILER {
        bytes.truncate(bytes.len() - TRAILER);
        let trailer = Sha256::digest(&bytes);
        bytes.extend_from_slice(&trailer);
    }
    bytes
}

#[test]
fn no_changed_byte_is_believed() {
    for target in targets() {
        let body = target.header_end() + 32;
        for at in 0..target.bytes.len() {
            // What stands in clear to several values; the body, where each byte is as good as another, to one.
            let flips: &[u8] = if at < body { &[0x01, 0x04, 0x10, 0x20, 0x80, 0xff] } else { &[0x01] };
            for flip in flips {
                let mut changed = target.bytes.clone();
                changed[at] ^= flip;
                assert_eq!(target.open(changed.clone()), None, "byte {at} changed by {flip:02x}");
                // With a checksum that fits, only the cipher stands in the way.
                if at < changed.len() - TRAILER && (at < body || at % 16 == 0) {
                    assert_eq!(target.open(with_fresh_trailer(changed)), None, "byte {at}, checksum renewed");
                }
            }
        }
    }
}

#[test]
fn no_other_length_is_believed() {
    for target in targets() {
        for length in 0..target.bytes.len() {
            assert_eq!(target.open(target.bytes[..length].to_vec()), None, "cut to {length}");
        }
        for extra in [1, 32, 16_384] {
            let mut longer = target.bytes.clone();
            longer.resize(longer.len() + extra, 0);
            assert_eq!(target.open(longer.clone()), None);
            assert_eq!(target.open(with_fresh_trailer(longer)), None);
        }
    }
}

/// The `SplitMix64` generator, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }
}

#[test]
fn a_hundred_thousand_mutations_never_panic_and_never_succeed() {
    let targets = targets();
    let mut dice = Dice(1);
    for round in 0..MUTATIONS {
        let target = &targets[dice.roll(2)];
        let mut bytes = target.bytes.clone();
        let header_end = target.header_end();
        for _ in 0..=dice.roll(4) {
            let len = bytes.len();
            // Half of them where the parser works: in the preamble and the header.
            let at = if dice.roll(2) == 0 { dice.roll(header_end.min(len)) } else { dice.roll(len) };
            match dice.roll(6) {
                0 => bytes[at] ^= 1 << dice.roll(8),
                1 => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
                2 => bytes.truncate(at.max(1)),
                3 => drop(bytes.drain(at..(at + dice.roll(40) + 1).min(len))),
                4 => {
                    let piece: Vec<u8> = bytes[at..(at + dice.roll(40) + 1).min(len)].to_vec();
                    let to = dice.roll(len);
                    bytes.splice(to..to, piece);
                }
                _ => bytes.extend((0..dice.roll(64)).map(|n| u8::try_from(n).unwrap())),
            }
            if bytes.is_empty() {
                break;
            }
        }
        if round % 2 == 0 {
            bytes = with_fresh_trailer(bytes);
        }
        if bytes != target.bytes
            && let Some(json) = target.open(bytes)
        {
            // A header may be written in another way only if the seal covers it: it never is.
            assert_eq!(json, target.json, "round {round} believed something else");
            panic!("round {round}: an altered file opened");
        }
    }
}

/// What the program says of a vault file that holds these bytes.
#[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
fn said_of(sandbox: &Sandbox, bytes: &[u8]) -> Failure {
    std::fs::write(sandbox.path("vault.lifeboat"), bytes).unwrap();
    let ctx = sandbox.context();
    let key = lifeboat::app::key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { passphrase: None, key_file: Some(key), recovery_secret: None };
    unlock::look(&ctx).and_then(|vault| unlock::unlock(&ctx, vault, &credentials)).unwrap_err()
}

#[test]
fn damage_forgery_another_format_and_another_version_get_their_own_words() {
    let sandbox = Sandbox::with_entry();
    let good = sandbox.read("vault.lifeboat");
    let changed = |at: usize, to: u8| {
        let mut bytes = good.clone();
        bytes[at] = to;
        bytes
    };
    assert_eq!(said_of(&sandbox, b"").kind, Kind::UnknownFormat);
    assert_eq!(said_of(&sandbox, b"{\"version\":1}").kind, Kind::UnknownFormat);
    assert_eq!(said_of(&sandbox, &changed(8, 2)).kind, Kind::UnknownVersion);
    assert_eq!(
        said_of(&sandbox, &changed(9, 2)).kind,
        Kind::UnknownFormat,
        "a bundle where a vault is meant"
    );
    assert_eq!(said_of(&sandbox, &good[..good.len() - 7]).kind, Kind::Damaged);
    let flipped = changed(good.len() - 100, good[good.len() - 100] ^ 1);
    let worn = said_of(&sandbox, &flipped);
    let forged = said_of(&sandbox, &with_fresh_trailer(flipped));
    assert!(worn.causes()[0].contains("checksum"), "{:?}", worn.causes());
    assert!(forged.causes()[0].contains("altered"), "{:?}", forged.causes());
    assert!(worn.next[0].contains("restore --previous"));
    assert_eq!(
        sandbox.read("vault.lifeboat").len(),
        good.len(),
        "a file that cannot be opened is left alone"
    );
}

#[test]
fn a_damaged_vault_is_never_written_over_and_its_previous_generation_comes_back() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("vault.lifeboat", b"damaged");
    sandbox.command("add -").stdin("otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP").run().exits(5);
    sandbox.run("init --new-key-file ~/other").exits(8);
    assert_eq!(sandbox.read("vault.lifeboat"), b"damaged");
    sandbox.run("restore --previous --yes").done();
    sandbox.run("list").done();
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let sandbox = Sandbox::with_entry();
    let vault = sandbox.path("vault.lifeboat");
    std::fs::remove_file(&vault).unwrap();
    std::fs::create_dir(&vault).unwrap();
    sandbox.run("list").exits(1);
    std::fs::remove_dir(&vault).unwrap();

    rustix::fs::mkfifoat(rustix::fs::CWD, &vault, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    sandbox.run("list").exits(1);
    std::fs::remove_file(&vault).unwrap();

    let sparse = std::fs::OpenOptions::new().write(true).create_new(true).open(&vault).unwrap();
    sparse.set_len(10 << 30).unwrap();
    sandbox.run("list").exits(5).says("larger than");
    assert!(bundle::look_at_bundle(&sandbox.context(), &vault).is_err());
}

#[test]
fn a_log_that_is_not_one_is_told_at_once_and_blocks_nothing() {
    let sandbox = Sandbox::with_entry();
    let sparse = std::fs::File::options().write(true).open(sandbox.path("vault.lifeboat.log")).unwrap();
    sparse.set_len(0).unwrap();
    sparse.set_len(10 << 30).unwrap();

    sandbox.run("list").done().prints("AWS").says("the log could not be written");

    assert_eq!(sparse.metadata().unwrap().len(), 10 << 30, "it is not written either");
}

#[cfg(unix)]
#[test]
fn a_vault_behind_a_link_is_changed_where_the_link_points() {
    let sandbox = Sandbox::with_entry();
    std::fs::rename(sandbox.path("vault.lifeboat"), sandbox.path("real")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("real"), sandbox.path("vault.lifeboat")).unwrap();
    sandbox.add("otpauth://totp/x:y?secret=JBSWY3DPEHPK3PXP");
    assert!(sandbox.path("vault.lifeboat").symlink_metadata().unwrap().is_symlink());
    assert!(sandbox.has("real.log") && sandbox.has("real.previous.1"));
    sandbox.run("list").done().prints("x");
}
