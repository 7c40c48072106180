//! A container's header: the rest of the container is made to fit, so that the checksum stops nothing.
//!
//! Bytes: one that chooses vault, bundle, pass or sealed entry, then the header's text.

use lifeboat::envelope::json::Node;
use lifeboat::envelope::kdf::check;
use lifeboat::envelope::{
    Ceiling, Credentials, KeyFile, Kind, LARGEST_HEADER, MasterKey, OpenError, PADDING_STEP, Passphrase,
    Quorum, RecoverySecret, Sealed, ToSeal, seal,
};
use lifeboat::secret::{SecretBytes, SecretText};

use super::shared::{assert_message, container};

static BODY: [u8; PADDING_STEP + 16] = [0; PADDING_STEP + 16];

pub fn run(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let kind = match first & 3 {
        1 => Kind::Bundle,
        2 => Kind::Pass,
        3 => Kind::SealedEntry,
        _ => Kind::Vault,
    };
    json(text);
    if !(2..=LARGEST_HEADER).contains(&text.len()) {
        return;
    }
    match Sealed::parse(container(kind, text, &[0; 32], &BODY), kind) {
        Ok(sealed) => accepted(&sealed),
        Err(error @ OpenError::BadHeader { .. }) => assert_message(&error.to_string()),
        Err(OpenError::UnsupportedFeature { name }) => {
            assert!(name.len() <= 400 && name.is_ascii(), "{name:?}");
            assert_message(&name);
        }
        Err(other) => panic!("a header alone cannot make it {other:?}"),
    }
}

/// Strict JSON is written so that it is read as the same.
fn json(text: &[u8]) {
    let Ok(node) = Node::parse(text) else { return };
    let mut written = String::new();
    node.write(&mut written);
    assert_eq!(Node::parse(written.as_bytes()), Ok(node));
}

/// What a person is told of shares, and what they are compared with.
fn numbers_fit(quorum: &Quorum) {
    assert!(2 <= quorum.threshold && usize::from(quorum.threshold) <= quorum.n_shares());
    assert!(quorum.n_shares() <= 16 && quorum.replaced.len() <= 8);
    let mut sets = quorum.replaced.iter().map(|replaced| replaced.set).chain([quorum.set]);
    assert!(sets.all(|set| set < 1 << 15));
}

fn accepted(sealed: &Sealed) {
    let header = sealed.header();
    assert!(!header.slots.is_empty() && header.slots.len() <= 16);
    assert_eq!(sealed.cost().is_some(), sealed.wants_passphrase());

    header.slots.iter().filter_map(|slot| slot.kind.quorum()).for_each(numbers_fit);
    assert_eq!(sealed.quorum(), header.slots.iter().find_map(|slot| slot.kind.quorum()));

    // Nobody can have wrapped a key for this key file, nor for this secret.
    let key_file = Some(KeyFile::from_bytes([2; 32]));
    let recovery_secret = RecoverySecret::from_secret(SecretBytes::new(vec![2; 16]));
    let brought = Credentials { passphrase: None, key_file, recovery_secret };
    match sealed.unlock(&brought, Ceiling::USUAL) {
        Err(OpenError::NoFittingSlot | OpenError::WrongCredential { .. } | OpenError::Kdf(_)) => {}
        other => panic!("{other:?}"),
    }
    // No derivation runs that the header has no right to: where every one is refused, none is tried.
    let refused = |ceiling| {
        let mut costs =
            header.slots.iter().filter_map(|slot| slot.kind.derivation()).map(|d| d.cost).peekable();
        costs.peek().is_some() && costs.all(|cost| check(cost, ceiling).is_err())
    };
    if refused(Ceiling::USUAL) {
        let passphrase = Some(Passphrase::new(SecretText::new("p".to_owned())));
        let with_passphrase = Credentials { passphrase, key_file: None, recovery_secret: None };
        assert!(matches!(sealed.unlock(&with_passphrase, Ceiling::USUAL), Err(OpenError::Kdf(_))));
    }

    // What was understood is written back so that it is read as the same; unknown slots are kept.
    let to_seal = ToSeal {
        kind: sealed.kind(),
        id: header.id,
        slots: &header.slots,
        info: header.info.clone(),
        json: b"{}",
        signature: &[],
    };
    let bytes =
        seal(&to_seal, &MasterKey::from_bytes([1; 32]), &[3; 32]).expect("it is no longer than before");
    let again = Sealed::parse(bytes, sealed.kind()).expect("what was written is read");
    assert_eq!(again.header().slots, header.slots);
    assert_eq!((again.header().id, &again.header().info), (header.id, &header.info));
}
