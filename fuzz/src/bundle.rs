//! A whole container, sealed with a key that the target knows: whatever is changed inside has a commitment, a
//! tag and a checksum that fit, so that nothing stops at the door. What is changed afterwards must be refused.
//!
//! The first byte chooses: 1 a vault, 2 a sealed entry, 4 a slot for shares too, 8 opened by shares, 16 a signature
//! alone.

use std::sync::OnceLock;

use arbitrary::{Result, Unstructured};
use lifeboat::envelope::{
    Ceiling, Credentials, Info, KdfParameters, KeyFile, Kind, MasterKey, OpenError, QuorumLock,
    RecoverySecret, ReplacedSet, Sealed, Slot, SlotRandom, ToSeal, seal,
};
use lifeboat::secret::SecretBytes;
use lifeboat::signature::{self, SigningKey};
use lifeboat::wire::{bundle_v1, vault_v1};
use serde_json::Value;

use super::shared::{sealed_by_hand, with_checksum};

const MASTER: [u8; 32] = [7; 32];
const KEY_FILE: [u8; 32] = [8; 32];
const ID: [u8; 16] = [9; 16];
const NAMESPACE: &str = "lifeboat-bundle";

/// What is sealed, and what it is opened with.
#[derive(Clone, Copy)]
struct Made {
    kind: Kind,
    /// Shares open it too.
    for_shares: bool,
    /// Shares are brought, and no key file.
    by_shares: bool,
}

pub fn run(data: &[u8]) {
    let mut input = Unstructured::new(data);
    // Too few bytes are no failure.
    let _enough = whole(&mut input);
}

fn whole(input: &mut Unstructured<'_>) -> Result<()> {
    let first: u8 = input.arbitrary()?;
    if first & 16 != 0 {
        return signed(input);
    }
    let kind = match first & 3 {
        0 => Kind::Bundle,
        2 => Kind::SealedEntry,
        _ => Kind::Vault,
    };
    let made = Made { kind, for_shares: first & 4 != 0, by_shares: first & 12 == 12 };
    if input.arbitrary()? { written(made, input) } else { by_hand(made, input) }
}

/// What the program itself seals opens again, with everything that stood in clear.
fn written(made: Made, input: &mut Unstructured<'_>) -> Result<()> {
    let kind = made.kind;
    let (created, label) = input.arbitrary()?;
    let info = (kind == Kind::Bundle).then_some(Info { created, label });
    let random: [u8; 32] = input.arbitrary()?;
    let (slots, _) = base(made);
    let json = input.bytes(input.len())?;
    let signature = &random[..usize::from(random[0] % 3)];
    let to_seal = ToSeal { kind, id: ID, slots, info: info.clone(), json, signature };
    // A label may be longer than a header: that is said, and nothing is written.
    let Ok(bytes) = seal(&to_seal, &MasterKey::from_bytes(MASTER), &random) else { return Ok(()) };
    let sealed = Sealed::parse(bytes, kind).expect("what was sealed is read");
    assert_eq!(sealed.header().info, info);
    let (master, sid) = sealed.unlock(&credentials(made), Ceiling::USUAL).expect("what was brought fits");
    assert_eq!(sid, if made.by_shares { [2; 4] } else { [1; 4] });
    let must_be_signed = kind == Kind::Bundle && made.for_shares;
    match sealed.open(&master) {
        Ok(payload) => {
            assert_eq!((payload.json(), payload.signature()), (json, signature));
            assert_eq!(
                must_be_signed,
                !signature.is_empty(),
                "signed where nothing is, or not where it must be"
            );
        }
        Err(OpenError::Damaged { .. }) => assert_ne!(must_be_signed, !signature.is_empty()),
        Err(other) => panic!("{other}"),
    }
    Ok(())
}

/// A signature fits what it was made of, as it was made: only its reserved part may be another.
fn signed(input: &mut Unstructured<'_>) -> Result<()> {
    let key = SigningKey::from_seed(&SecretBytes::new(vec![6; 32])).expect("32 bytes");
    let n_message = usize::from(input.arbitrary::<u8>()?);
    let message = input.bytes(n_message.min(input.len()))?;
    let blob = key.sign(NAMESPACE, message);
    assert_eq!(signature::verify(&blob, NAMESPACE, message), Ok(key.public()));
    assert!(signature::verify(&blob, "lifeboat-drill", message).is_err());
    assert_eq!(signature::dearmor(&signature::armor(&blob)), Some(blob.clone()));
    let mut changed = blob.clone();
    edit(&mut changed, input)?;
    if let Ok(found) = signature::verify(&changed, NAMESPACE, message) {
        // Before the reserved part: the magic, the version, the key, the namespace.
        let reserved = 6 + 4 + (4 + 51) + (4 + 15);
        assert_eq!(found, key.public());
        assert_eq!(changed[..reserved], blob[..reserved]);
        assert!(changed.ends_with(&blob[reserved + 4..]));
    }
    let rest = input.bytes(input.len())?;
    assert!(signature::verify(rest, NAMESPACE, message).is_err(), "anybody could sign");
    let _text = std::str::from_utf8(rest).ok().and_then(signature::dearmor);
    Ok(())
}

fn by_hand(made: Made, input: &mut Unstructured<'_>) -> Result<()> {
    let kind = made.kind;
    let mut header = base(made).1.clone();
    edit(&mut header, input)?;
    let n_after = input.int_in_range(0..=2)?;
    let mut after = Vec::new();
    for _ in 0..n_after {
        after.push(input.arbitrary::<(u32, u8)>()?);
    }
    let cut = if input.ratio(1, 8)? { Some(input.arbitrary::<u16>()?) } else { None };
    let fits_again = input.arbitrary()?;
    let plaintext = plaintext(kind, input)?;

    let named = named(&header).unwrap_or((ID, [0; 32]));
    let whole = sealed_by_hand(kind, &header, (&named.0, &named.1), &MASTER, plaintext.clone());
    let mut changed = whole.clone();
    for (at, value) in after {
        let at = usize::try_from(at).unwrap() % changed.len();
        changed[at] = value;
    }
    if let Some(cut) = cut {
        changed.truncate(changed.len().saturating_sub(usize::from(cut)));
    }
    if changed != whole && fits_again && changed.len() > 32 {
        changed.truncate(changed.len() - 32);
        changed = with_checksum(changed);
    }
    let is_as_sealed = changed == whole;
    // A signature stands in a bundle alone: with a slot for shares always, and beside one of an unknown type perhaps.
    let types = slot_types(&header);
    let must_be_signed = kind == Kind::Bundle && types.iter().any(|name| name == "quorum");
    let may_be_signed = kind == Kind::Bundle && types.iter().any(|name| !KNOWN.contains(&name.as_str()));
    let framed = framed(&plaintext)
        .filter(|(_, length)| if *length == 0 { !must_be_signed } else { must_be_signed || may_be_signed });
    match (open(changed, made), is_as_sealed) {
        (Ok(_), false) => panic!("a changed container was opened"),
        (Ok(json), true) => {
            assert_eq!(
                Some(json.as_slice()),
                framed.map(|(json, _)| json),
                "another document than was sealed"
            );
            // Read as what it is for; `payload` looks at the answers.
            let _vault = vault_v1::parse(&json);
            let _bundle = bundle_v1::parse(&json);
        }
        (Err(OpenError::Damaged { what }), true) => {
            assert!(what.contains("padding") || must_be_signed && what.contains("signed"), "{what}");
            assert_eq!(framed, None, "{what}");
        }
        // The header may be refused, or its slot changed.
        (Err(_), _) => {}
    }
    Ok(())
}

fn open(bytes: Vec<u8>, made: Made) -> std::result::Result<Vec<u8>, OpenError> {
    let sealed = Sealed::parse(bytes, made.kind)?;
    let (master, _) = sealed.unlock(&credentials(made), Ceiling::USUAL)?;
    let payload = sealed.open(&master)?;
    let message = sealed.signed_message(&payload);
    assert!(signature::verify(payload.signature(), NAMESPACE, &message).is_err(), "anybody could sign");
    Ok(payload.json().to_vec())
}

/// The document in a plaintext and the signature's length, read as the format's page says it: length, document,
/// length, signature, zeros.
fn framed(plaintext: &[u8]) -> Option<(&[u8], usize)> {
    let part = |bytes: &'_ [u8]| -> Option<(usize, usize)> {
        let length = u64::from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?));
        (length <= bytes.len() as u64 - 4).then_some((4, usize::try_from(length).ok()?))
    };
    let (from, length) = part(plaintext)?;
    let (json, rest) = plaintext[from..].split_at(length);
    let (from, length) = part(rest)?;
    rest[from + length..].iter().all(|byte| *byte == 0).then_some((json, length))
}

/// A padded plaintext; lengths and padding are right most of the time.
fn plaintext(kind: Kind, input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let n_steps = input.int_in_range(1..=2)?;
    let lengths: [Option<u32>; 2] = input.arbitrary()?;
    let dirt: Option<(u16, u8)> = input.arbitrary()?;
    let signature_len = usize::from(input.arbitrary::<u8>()? >> 5);
    let json = input.bytes(input.len())?;
    let json = &json[..json.len().min(n_steps * kind.padding_step() - 16)];
    let [json_length, signature_length] = lengths;
    let mut out = json_length.unwrap_or(u32::try_from(json.len()).unwrap()).to_be_bytes().to_vec();
    out.extend_from_slice(json);
    let signature_length = signature_length.unwrap_or(u32::try_from(signature_len).unwrap());
    out.extend_from_slice(&signature_length.to_be_bytes());
    out.extend(std::iter::repeat_n(0xa5, signature_len));
    out.resize(n_steps * kind.padding_step(), 0);
    if let Some((at, value)) = dirt {
        let at = usize::from(at) % out.len();
        out[at] = value;
    }
    Ok(out)
}

/// Replaces, inserts and takes away some bytes.
fn edit(text: &mut Vec<u8>, input: &mut Unstructured<'_>) -> Result<()> {
    for _ in 0..input.int_in_range(0..=4)? {
        let at = usize::from(input.arbitrary::<u16>()?) % text.len();
        match input.int_in_range(0..=3)? {
            0 => text[at] = input.arbitrary()?,
            1 => text.insert(at, input.arbitrary()?),
            2 => drop(text.remove(at)),
            _ => {
                let inserted = *input.choose(&INSERTED)?;
                drop(text.splice(at..at, inserted.bytes()));
            }
        }
    }
    Ok(())
}

/// What a header is made of, so that an edit hits something now and then.
const INSERTED: [&str; 11] = [
    ",{\"type\":\"telepathy\",\"sid\":\"00000000\"}",
    ",{\"type\":\"quorum\",\"sid\":\"00000000\"}",
    "\"replaced\":[{\"set\":7,\"at\":1}],",
    "\"fp\":[\"01010101\"],\"n\":1,",
    "{\"type\":\"passphrase\",\"kdf\":{\"alg\":\"argon2id\",\"m\":4294967295,\"p\":1,\"t\":1,\"v\":19}},",
    ",\"more\":[1,{\"a\":null}]",
    "\"x\",",
    "\"info\":{\"created\":1},",
    "\\u202e",
    " ",
    "0",
];

/// Id and salt that a header names, where both can be read.
fn named(header: &[u8]) -> Option<([u8; 16], [u8; 32])> {
    let header: Value = serde_json::from_slice(header).ok()?;
    let bytes = |name: &str| data_encoding::HEXLOWER.decode(header.get(name)?.as_str()?.as_bytes()).ok();
    Some((bytes("id")?.try_into().ok()?, bytes("salt")?.try_into().ok()?))
}

/// The types of slots that this version knows.
const KNOWN: [&str; 4] = ["keyfile", "passphrase", "passphrase+keyfile", "quorum"];

/// The types of the slots that a header has.
fn slot_types(header: &[u8]) -> Vec<String> {
    let header: Value = serde_json::from_slice(header).unwrap_or_default();
    let slots = header.get("slots").and_then(Value::as_array);
    let types = slots.into_iter().flatten().filter_map(|slot| slot.get("type")?.as_str());
    types.map(str::to_owned).collect()
}

/// What is sealed again and again, made once: the slots, and the header of a container that has them.
fn base(made: Made) -> &'static (Vec<Slot>, Vec<u8>) {
    static BASES: OnceLock<Vec<(Vec<Slot>, Vec<u8>)>> = OnceLock::new();
    let kinds = [Kind::Bundle, Kind::SealedEntry, Kind::Vault];
    let bases = BASES.get_or_init(|| {
        let slots = |kind| [vec![key_file_slot(kind)], vec![key_file_slot(kind), share_slot(kind)]];
        let of = |kind| slots(kind).map(|slots| (slots.clone(), header_of(kind, &slots)));
        kinds.into_iter().flat_map(of).collect()
    });
    let place = kinds.iter().position(|kind| *kind == made.kind).unwrap();
    &bases[2 * place + usize::from(made.for_shares)]
}

fn header_of(kind: Kind, slots: &[Slot]) -> Vec<u8> {
    let info = (kind == Kind::Bundle).then(|| Info { created: 1, label: Some("Safe".to_owned()) });
    let to_seal = ToSeal { kind, id: ID, slots, info, json: b"{}", signature: &[] };
    let bytes = seal(&to_seal, &MasterKey::from_bytes(MASTER), &[3; 32]).unwrap();
    let length = usize::try_from(u32::from_be_bytes(bytes[12..16].try_into().unwrap())).unwrap();
    bytes[16..16 + length].to_vec()
}

fn key_file_slot(kind: Kind) -> Slot {
    let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [3; 16] };
    let key_file = KeyFile::from_bytes(KEY_FILE);
    let master = MasterKey::from_bytes(MASTER);
    let slot = Slot::new(kind, &ID, &master, None, Some(&key_file), KdfParameters::FLOOR, &random);
    slot.expect("no derivation runs").expect("a key file was given")
}

fn share_slot(kind: Kind) -> Slot {
    let random = SlotRandom { sid: [2; 4], salt: [4; 32], kdf_salt: [3; 16] };
    let lock = QuorumLock {
        set: 4660,
        threshold: 2,
        fingerprints: vec![[1; 4], [2; 4], [3; 4]],
        replaced: vec![ReplacedSet { set: 7, at: 1 }],
        public: recovery_secret().public(),
    };
    let slot = Slot::for_quorum(kind, &ID, &MasterKey::from_bytes(MASTER), &lock, &[6; 32], &random);
    slot.expect("the lock is well formed")
}

fn recovery_secret() -> RecoverySecret {
    RecoverySecret::from_secret(SecretBytes::new(vec![5; 16])).expect("16 bytes")
}

fn credentials(made: Made) -> Credentials {
    let key_file = (!made.by_shares).then(|| KeyFile::from_bytes(KEY_FILE));
    let recovery_secret = made.by_shares.then(recovery_secret);
    Credentials { passphrase: None, key_file, recovery_secret }
}
