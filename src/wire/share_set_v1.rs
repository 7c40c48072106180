//! A share set as it stands in the payload of a vault, schema 1.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::WireError;
use super::residue::{Kept, Object};
use super::vault_v1::with_kept;
use crate::entry::Label;
use crate::vault::{Replacement, ShareRecord, ShareSet};

const FIELD: &str = "share_sets";

/// Reads a set; fields that are not known are kept.
pub(super) fn read(value: Value, kept: &mut Kept) -> Result<ShareSet, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let id: u16 = object.small("id")?;
    let replaced = object.take("replaced").map(|value| read_replacement(value, id, kept)).transpose()?;
    let shares = object.list("shares")?.into_iter().zip(1..);
    let set = ShareSet {
        id,
        threshold: object.small("threshold")?,
        public_key: object.hex("public_key")?,
        created: object.number("created")?,
        check_by: object.number("check_by")?,
        shares: shares
            .map(|(value, number)| read_share(value, id, number, kept))
            .collect::<Result<_, _>>()?,
        replaced,
    };
    kept.add(&level(id), object.rest());
    Ok(set)
}

fn read_share(value: Value, set: u16, number: usize, kept: &mut Kept) -> Result<ShareRecord, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let share = ShareRecord {
        custodian: Label::new(object.text("custodian")?),
        fingerprint: object.hex("fingerprint")?,
        acknowledge_key: object.hex("acknowledge_key")?,
        typed_back: object.optional_number("typed_back")?,
        acknowledged: object.optional_number("acknowledged")?,
    };
    kept.add(&share_level(set, number), object.rest());
    Ok(share)
}

fn read_replacement(value: Value, set: u16, kept: &mut Kept) -> Result<Replacement, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let replacement = Replacement { at: object.number("at")?, by: object.small("by")? };
    kept.add(&replaced_level(set), object.rest());
    Ok(replacement)
}

/// Writes a set with what was kept of it.
pub(super) fn write(set: &ShareSet, kept: &Kept) -> Value {
    let shares = set.shares.iter().zip(1..).map(|(share, number)| {
        let mut fields = Map::new();
        fields.insert("custodian".to_owned(), json!(share.custodian.raw()));
        fields.insert("fingerprint".to_owned(), json!(HEXLOWER.encode(&share.fingerprint)));
        fields.insert("acknowledge_key".to_owned(), json!(HEXLOWER.encode(&share.acknowledge_key)));
        for (name, moment) in [("typed_back", share.typed_back), ("acknowledged", share.acknowledged)] {
            if let Some(moment) = moment {
                fields.insert(name.to_owned(), json!(moment));
            }
        }
        with_kept(kept, &share_level(set.id, number), Value::Object(fields))
    });
    let mut value = json!({
        "id": set.id,
        "threshold": set.threshold,
        "public_key": HEXLOWER.encode(&set.public_key),
        "created": set.created,
        "check_by": set.check_by,
        "shares": shares.collect::<Vec<_>>(),
    });
    if let (Some(replaced), Value::Object(fields)) = (set.replaced, &mut value) {
        let replacement = json!({ "at": replaced.at, "by": replaced.by });
        fields.insert("replaced".to_owned(), with_kept(kept, &replaced_level(set.id), replacement));
    }
    with_kept(kept, &level(set.id), value)
}

/// A bound for the JSON of a set, without what is kept of it.
pub(super) fn size_hint(set: &ShareSet) -> usize {
    512 + set.shares.iter().map(|share| 256 + 6 * share.custodian.raw().len()).sum::<usize>()
}

fn level(set: u16) -> String {
    format!("share_sets/{set}")
}

fn share_level(set: u16, number: usize) -> String {
    format!("share_sets/{set}/{number}")
}

fn replaced_level(set: u16) -> String {
    format!("share_sets/{set}/replaced")
}
