use super::*;
use crate::envelope::{
    Ceiling, Credentials, Info, Kind, MasterKey, OpenError, Sealed, Slot, SlotRandom, ToSeal, seal,
    signed_message,
};

const ID: [u8; 16] = [9; 16];
const JSON: &[u8] = br#"{"schema":1}"#;

fn secret(byte: u8) -> RecoverySecret {
    RecoverySecret::from_secret(SecretBytes::new(vec![byte; RECOVERY_SECRET_BYTES])).unwrap()
}

fn brought(byte: u8) -> Credentials {
    Credentials { recovery_secret: Some(secret(byte)), ..Credentials::default() }
}

fn lock() -> QuorumLock {
    QuorumLock {
        set: 0x1234,
        threshold: 2,
        fingerprints: vec![[1; 4], [2; 4], [3; 4]],
        replaced: vec![ReplacedSet { set: 7, at: 1_700_000_000 }],
        public: secret(5).public(),
    }
}

fn random() -> SlotRandom {
    SlotRandom { sid: [3; 4], salt: [4; 32], kdf_salt: [5; 16] }
}

fn slot(kind: Kind, lock: &QuorumLock) -> Slot {
    let master = MasterKey::from_bytes([7; 32]);
    Slot::for_quorum(kind, &ID, &master, lock, &[6; 32], &random()).expect("the lock is well formed")
}

fn bundle(slot: Slot, signature: &[u8]) -> Vec<u8> {
    let info = Some(Info { created: 1, label: None });
    let to_seal = ToSeal { kind: Kind::Bundle, id: ID, slots: &[slot], info, json: JSON, signature };
    seal(&to_seal, &MasterKey::from_bytes([7; 32]), &[8; 32]).unwrap()
}

fn open(bytes: Vec<u8>, credentials: &Credentials) -> Result<Vec<u8>, OpenError> {
    let sealed = Sealed::parse(bytes, Kind::Bundle)?;
    let (master, sid) = sealed.unlock(credentials, Ceiling::USUAL)?;
    assert!(sealed.slot(sid).is_some_and(|slot| slot.kind.quorum().is_some()));
    let payload = sealed.open(&master)?;
    assert_eq!(sealed.signed_message(&payload), signed_message(Kind::Bundle, &ID, JSON));
    Ok(payload.signature().to_vec())
}

#[test]
fn what_is_wrapped_to_the_public_half_opens_with_the_recovery_secret_alone() {
    let bytes = bundle(slot(Kind::Bundle, &lock()), b"signed");
    assert_eq!(open(bytes.clone(), &brought(5)), Ok(b"signed".to_vec()));
    assert_eq!(open(bytes.clone(), &brought(6)), Err(OpenError::WrongCredential { tried: 1 }));
    assert_eq!(open(bytes, &Credentials::default()), Err(OpenError::NoFittingSlot));
}

#[test]
fn the_header_says_which_shares_open_it_and_how_many() {
    let sealed = Sealed::parse(bundle(slot(Kind::Bundle, &lock()), b"signed"), Kind::Bundle).unwrap();
    let quorum = sealed.quorum().unwrap();
    assert_eq!((quorum.set, quorum.threshold, quorum.n_shares()), (0x1234, 2, 3));
    assert_eq!(quorum.fingerprints, lock().fingerprints);
    assert_eq!(quorum.replaced, lock().replaced);
    assert!(!sealed.wants_key_file() && !sealed.wants_passphrase());
}

#[test]
fn a_bundle_for_a_quorum_without_a_signature_is_not_opened() {
    let refused = open(bundle(slot(Kind::Bundle, &lock()), b""), &brought(5));
    assert!(matches!(refused, Err(OpenError::Damaged { what }) if what.contains("signed")), "{refused:?}");
}

#[test]
fn a_slot_belongs_to_its_kind_of_file() {
    let of_a_vault = slot(Kind::Vault, &lock());
    assert_eq!(
        open(bundle(of_a_vault, b"signed"), &brought(5)),
        Err(OpenError::WrongCredential { tried: 1 })
    );
}

#[test]
fn a_public_half_whose_product_everybody_knows_is_refused_on_both_sides() {
    let master = MasterKey::from_bytes([7; 32]);
    let mut worthless = lock();
    worthless.public = [0; 32];
    assert!(Slot::for_quorum(Kind::Bundle, &ID, &master, &worthless, &[6; 32], &random()).is_none());
    assert!(secret(5).key_material(&[0; 32]).is_none());
    assert!(secret(5).key_material(&[6; 32]).is_some());
}

#[test]
fn no_slot_is_made_that_one_alone_or_nobody_could_open() {
    let master = MasterKey::from_bytes([7; 32]);
    for (threshold, n_shares) in [(0, 3), (1, 3), (4, 3), (2, 17)] {
        let mut wrong = lock();
        wrong.threshold = threshold;
        wrong.fingerprints = vec![[1; 4]; n_shares];
        let slot = Slot::for_quorum(Kind::Bundle, &ID, &master, &wrong, &[6; 32], &random());
        assert!(slot.is_none(), "{threshold} of {n_shares}");
    }
}

#[test]
fn a_slot_that_is_not_as_written_is_refused_by_its_field() {
    let written = |change: &dyn Fn(String) -> String| {
        let mut text = String::new();
        slot(Kind::Bundle, &lock()).node().write(&mut text);
        let node = Node::parse(change(text).as_bytes()).unwrap();
        Slot::parse(&node).map(|slot| slot.kind.quorum().is_some())
    };
    assert_eq!(written(&|text| text), Ok(true));
    for (from, to, field) in [
        (r#""m":2"#, r#""m":1"#, "slots.m"),
        (r#""m":2"#, r#""m":4"#, "slots.m"),
        (r#""m":2"#, r#""m":258"#, "slots.m"),
        (r#""n":3"#, r#""n":4"#, "slots.m"),
        (r#""n":3"#, r#""n":"3""#, "slots.n"),
        (r#""set":4660"#, r#""set":32768"#, "slots.m"),
        (r#""set":4660"#, r#""set":65540"#, "slots.set"),
        (r#""set":7"#, r#""set":32768"#, "slots.m"),
        (r#""set":7"#, r#""sit":7"#, "slots.replaced"),
        ("01010101", "0101010g", "slots.fp"),
        ("slip39-x25519", "slip39", "slots.scheme"),
        ("epk", "ekp", "slots.epk"),
    ] {
        assert_eq!(written(&|text| text.replace(from, to)), Err(field), "{from} to {to}");
    }
}

#[test]
fn only_the_newest_replaced_sets_are_named() {
    let mut many = lock();
    many.replaced = (0..20).map(|set| ReplacedSet { set, at: 1 }).collect();
    let sealed = Sealed::parse(bundle(slot(Kind::Bundle, &many), b"signed"), Kind::Bundle).unwrap();
    assert_eq!(sealed.quorum().unwrap().replaced, many.replaced[..MOST_REPLACED]);
}

#[test]
fn a_recovery_secret_has_16_bytes_and_is_not_shown() {
    for n_bytes in [0, 15, 17, 32] {
        assert!(RecoverySecret::from_secret(SecretBytes::new(vec![1; n_bytes])).is_none());
    }
    assert!(!format!("{:?}", secret(0x61)).contains("97"));
}
