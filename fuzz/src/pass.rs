//! What a pass holds. Bytes: one that chooses, and the document; or numbers, of which a pass is made.
//!
//! The first byte chooses: 1 a document that is made of what follows, else the bytes of one; 2 it is sealed, and opened
//! from its container, too.

use lifeboat::entry::Label;
use lifeboat::envelope::{Ceiling, KdfParameters};
use lifeboat::envelope::{Credentials, KeyFile, Kind, MasterKey, Sealed, Slot, SlotRandom, ToSeal, seal};
use lifeboat::otp::{Code, Digits, Period, STEAM_CHARACTERS, TimeStep};
use lifeboat::recovery::ItemId;
use lifeboat::secret::SecretText;
use lifeboat::wire::pass_v1::{self, CodeKind, PassDocument, encode, first_step, last_step};

use super::shared::assert_message;

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let json = if first & 1 == 0 {
        rest.to_vec()
    } else {
        let Some(document) = made(rest) else { return };
        let json = encode(&document).expect("what a writer may make is written");
        json.expose().to_vec()
    };
    let json = if first & 2 == 0 { json } else { opened(&json) };
    let document = match pass_v1::parse(&json) {
        Ok(document) => document,
        Err(error) => {
            assert!(first & 1 == 0, "what was written is read: {error}");
            return assert_message(&error.to_string());
        }
    };
    assert_message(&document.title.shown());
    assert_message(&document.to.shown());
    // It has a code for each step of its time and one on each side, and no other.
    let (start, end) =
        (first_step(document.from, document.period), last_step(document.until, document.period));
    assert_eq!(document.codes.len() as u64, end - start + 1);
    for index in [start, end] {
        let step = TimeStep::at(index * u64::from(document.period.seconds()), document.period);
        assert!(document.code_of(step).is_some());
    }
    for code in &document.codes {
        assert_eq!(code.expose().len(), usize::from(document.kind.characters()));
        assert!(Code::from_text(SecretText::new(code.expose().to_owned())).is_some());
    }
    let written = encode(&document).expect("what is read is written");
    let again = pass_v1::parse(written.expose()).expect("and read again");
    assert!(document.codes.iter().map(Code::expose).eq(again.codes.iter().map(Code::expose)));
    assert_eq!((again.id, &again.title, &again.to), (document.id, &document.title, &document.to));
    assert_eq!(encode(&again).map(|json| json.expose().to_vec()), Some(written.expose().to_vec()));
}

/// A pass of numbers: kind, period, start, length, and codes that repeat the rest.
fn made(data: &[u8]) -> Option<PassDocument> {
    let (numbers, rest) = data.split_at_checked(14)?;
    let number = |at: usize| u32::from_be_bytes(numbers[at..at + 4].try_into().unwrap());
    let kind = match numbers[0] % 11 {
        0 => CodeKind::Steam,
        digits => CodeKind::Digits(Digits::new(digits)?),
    };
    let period = if kind == CodeKind::Steam { Period::THIRTY } else { Period::new(number(1) % 86_400 + 1)? };
    let from = u64::from(period.seconds()) + u64::from(number(5));
    // A few hundred codes are enough.
    let most = (u64::from(period.seconds()) * 300).min(28_800);
    let until = from + u64::from(number(9)) % most + 1;
    let n_codes = last_step(until, period) - first_step(from, period) + 1;
    let byte = |at: usize| rest.get(at % rest.len().max(1)).copied().unwrap_or_default();
    let code = |at: usize| {
        let character = |place: usize| match kind {
            CodeKind::Digits(_) => char::from(b'0' + byte(at + place) % 10),
            CodeKind::Steam => char::from(STEAM_CHARACTERS[usize::from(byte(at + place)) % 26]),
        };
        let text: String = (0..usize::from(kind.characters())).map(character).collect();
        Code::from_text(SecretText::new(text))
    };
    let name: String = String::from_utf8_lossy(rest).chars().take(30).collect();
    Some(PassDocument {
        id: ItemId::from_bytes(number(10).to_be_bytes()),
        title: Label::new(name.clone()),
        to: Label::new(name),
        kind,
        period,
        from,
        until,
        codes: (0..usize::try_from(n_codes).ok()?).map(code).collect::<Option<_>>()?,
    })
}

/// A document that went through a container of its own kind.
fn opened(json: &[u8]) -> Vec<u8> {
    let (id, master) = ([7; 16], MasterKey::from_bytes([8; 32]));
    let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [3; 16] };
    let slot = Slot::new(
        Kind::Pass,
        &id,
        &master,
        None,
        Some(&KeyFile::from_bytes([9; 32])),
        KdfParameters::FLOOR,
        &random,
    );
    let slots = [slot.expect("no derivation runs").expect("a key file was given")];
    let to_seal = ToSeal { kind: Kind::Pass, id, slots: &slots, info: None, json, signature: &[] };
    let Ok(bytes) = seal(&to_seal, &master, &[4; 32]) else {
        assert!(json.len() > Kind::Pass.largest_payload() - 8);
        return json.to_vec();
    };
    let sealed = Sealed::parse(bytes, Kind::Pass).expect("what is sealed is whole");
    let credentials = Credentials { key_file: Some(KeyFile::from_bytes([9; 32])), ..Credentials::default() };
    let (master, _) = sealed.unlock(&credentials, Ceiling::USUAL).expect("the key file opens it");
    let payload = sealed.open(&master).expect("and its body");
    assert_eq!(payload.json(), json);
    payload.json().to_vec()
}
