//! A whole container, sealed with a key that the target knows: whatever is changed inside has a commitment, a
//! tag and a checksum that fit, so that nothing stops at the door. What is changed afterwards must be refused.

use std::sync::OnceLock;

use arbitrary::{Result, Unstructured};
use lifeboat::envelope::{
    Ceiling, Credentials, Info, KdfParameters, KeyFile, Kind, MasterKey, OpenError, PADDING_STEP, Sealed,
    Slot, SlotRandom, ToSeal, seal,
};
use lifeboat::wire::{bundle_v1, vault_v1};
use serde_json::Value;

use super::shared::{sealed_by_hand, with_checksum};

const MASTER: [u8; 32] = [7; 32];
const KEY_FILE: [u8; 32] = [8; 32];
const ID: [u8; 16] = [9; 16];

pub fn run(data: &[u8]) {
    let mut input = Unstructured::new(data);
    // Too few bytes are no failure.
    let _enough = whole(&mut input);
}

fn whole(input: &mut Unstructured<'_>) -> Result<()> {
    let kind = if input.arbitrary()? { Kind::Vault } else { Kind::Bundle };
    if input.arbitrary()? { written(kind, input) } else { by_hand(kind, input) }
}

/// What the program itself seals opens again, with everything that stood in clear.
fn written(kind: Kind, input: &mut Unstructured<'_>) -> Result<()> {
    let (created, label) = input.arbitrary()?;
    let info = (kind == Kind::Bundle).then_some(Info { created, label });
    let random = input.arbitrary()?;
    let slots = [slot(kind)];
    let json = input.bytes(input.len())?;
    let to_seal = ToSeal { kind, id: ID, slots: &slots, info: info.clone(), json, signature: &[] };
    // A label may be longer than a header: that is said, and nothing is written.
    let Ok(bytes) = seal(&to_seal, &MasterKey::from_bytes(MASTER), &random) else { return Ok(()) };
    let sealed = Sealed::parse(bytes, kind).expect("what was sealed is read");
    assert_eq!(sealed.header().info, info);
    let (master, sid) = sealed.unlock(&credentials(), Ceiling::USUAL).expect("the key file fits");
    assert_eq!(sid, [1; 4]);
    assert_eq!(sealed.open(&master).expect("the key fits").json(), json);
    Ok(())
}

fn by_hand(kind: Kind, input: &mut Unstructured<'_>) -> Result<()> {
    let mut header = base(kind).clone();
    edit(&mut header, input)?;
    let n_after = input.int_in_range(0..=2)?;
    let mut after = Vec::new();
    for _ in 0..n_after {
        after.push(input.arbitrary::<(u32, u8)>()?);
    }
    let cut = if input.ratio(1, 8)? { Some(input.arbitrary::<u16>()?) } else { None };
    let fits_again = input.arbitrary()?;
    let plaintext = plaintext(input)?;

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
    // A signature may stand only in a bundle, beside a slot of a type that is not known.
    let may_be_signed = kind == Kind::Bundle && has_newer_slot(&header);
    let framed = framed(&plaintext).filter(|(_, signature_len)| *signature_len == 0 || may_be_signed);
    match (open(changed, kind), is_as_sealed) {
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
            assert!(what.contains("padding"), "{what}");
            assert_eq!(framed, None, "{what}");
        }
        // The header may be refused, or its slot changed.
        (Err(_), _) => {}
    }
    Ok(())
}

fn open(bytes: Vec<u8>, kind: Kind) -> std::result::Result<Vec<u8>, OpenError> {
    let sealed = Sealed::parse(bytes, kind)?;
    let (master, _) = sealed.unlock(&credentials(), Ceiling::USUAL)?;
    sealed.open(&master).map(|payload| payload.json().to_vec())
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
fn plaintext(input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let n_steps = input.int_in_range(1..=2)?;
    let lengths: [Option<u32>; 2] = input.arbitrary()?;
    let dirt: Option<(u16, u8)> = input.arbitrary()?;
    let signature_len = usize::from(input.arbitrary::<u8>()? >> 5);
    let json = input.bytes(input.len())?;
    let json = &json[..json.len().min(n_steps * PADDING_STEP - 16)];
    let [json_length, signature_length] = lengths;
    let mut out = json_length.unwrap_or(u32::try_from(json.len()).unwrap()).to_be_bytes().to_vec();
    out.extend_from_slice(json);
    let signature_length = signature_length.unwrap_or(u32::try_from(signature_len).unwrap());
    out.extend_from_slice(&signature_length.to_be_bytes());
    out.extend(std::iter::repeat_n(0xa5, signature_len));
    out.resize(n_steps * PADDING_STEP, 0);
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
const INSERTED: [&str; 8] = [
    ",{\"type\":\"quorum\",\"sid\":\"00000000\"}",
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

/// Tells whether a header has a slot of a type that this version does not know.
fn has_newer_slot(header: &[u8]) -> bool {
    let header: Value = serde_json::from_slice(header).unwrap_or_default();
    let slots = header.get("slots").and_then(Value::as_array);
    let types = slots.into_iter().flatten().filter_map(|slot| slot.get("type")?.as_str());
    types.into_iter().any(|name| !["keyfile", "passphrase", "passphrase+keyfile"].contains(&name))
}

/// The header of a container with one slot for the key file.
fn base(kind: Kind) -> &'static Vec<u8> {
    static BASES: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let [vault, bundle] = BASES.get_or_init(|| [header_of(Kind::Vault), header_of(Kind::Bundle)]);
    if kind == Kind::Vault { vault } else { bundle }
}

fn header_of(kind: Kind) -> Vec<u8> {
    let info = (kind == Kind::Bundle).then(|| Info { created: 1, label: Some("Safe".to_owned()) });
    let slots = [slot(kind)];
    let to_seal = ToSeal { kind, id: ID, slots: &slots, info, json: b"{}", signature: &[] };
    let bytes = seal(&to_seal, &MasterKey::from_bytes(MASTER), &[3; 32]).unwrap();
    let length = usize::try_from(u32::from_be_bytes(bytes[12..16].try_into().unwrap())).unwrap();
    bytes[16..16 + length].to_vec()
}

fn slot(kind: Kind) -> Slot {
    let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [3; 16] };
    let key_file = KeyFile::from_bytes(KEY_FILE);
    let master = MasterKey::from_bytes(MASTER);
    let slot = Slot::new(kind, &ID, &master, None, Some(&key_file), KdfParameters::FLOOR, &random);
    slot.expect("no derivation runs").expect("a key file was given")
}

fn credentials() -> Credentials {
    Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes(KEY_FILE)), recovery_secret: None }
}
