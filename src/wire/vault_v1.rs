//! The payload of a vault, schema 1.

use data_encoding::{BASE64, HEXLOWER};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::entry_v1::{self, EntryOut, size_hint};
use super::residue::{Kept, Object, from_hex};
use super::{SCHEMA, WireError, items_v1, plan_v1, share_set_v1, strict};
use crate::entry::{EntryId, Label};
use crate::secret::{SecretBytes, SecretText};
use crate::vault::{
    BundleRecord, BundledEntry, Continues, ImportRecord, LogAnchor, Quarantined, Trashed, Vault, VaultId,
    VaultKeys,
};

/// Reads the payload of a vault.
///
/// # Errors
///
/// [`WireError`] when what everything depends on is missing. A bad entry is no error: it is
/// quarantined.
pub fn parse(json: &[u8]) -> Result<Vault, WireError> {
    let top = Top::parse(json)?;
    let mut object = Object::new(top.others);
    let schema = object.number("schema")?;
    if schema > SCHEMA {
        return Err(WireError::NewerSchema { found: schema });
    }
    let mut kept = Kept::default();

    let mut head = object.object("vault")?;
    let id = VaultId(head.hex("id")?);
    let (created, generation) = (head.number("created")?, head.number("generation")?);
    let previous = head.optional_hex("previous")?;
    kept.add("vault", head.rest());

    let mut keys_object = object.object("keys")?;
    let keys = VaultKeys { log: key(&mut keys_object, "log")?, signing: key(&mut keys_object, "signing")? };
    kept.add("keys", keys_object.rest());

    let mut log = object.object("log")?;
    let log_anchor = LogAnchor { count: log.number("count")?, head: log.hex("head")? };
    kept.add("log", log.rest());

    let bundles = object
        .list("bundles")?
        .into_iter()
        .map(|value| read_bundle(value, &mut kept))
        .collect::<Result<Vec<_>, _>>()?;
    let share_sets = object
        .list("share_sets")?
        .into_iter()
        .map(|value| share_set_v1::read(value, &mut kept))
        .collect::<Result<Vec<_>, _>>()?;
    let plan = object.take("plan").map(|value| plan_v1::read(&value)).unwrap_or_default();
    let items = object.take("items").map(items_v1::read).unwrap_or_default();
    let last_import = object.take("last_import").map(|value| read_import(value, &mut kept)).transpose()?;
    let continues = object.take("continues").map(|value| read_continues(value, &mut kept)).transpose()?;
    kept.add("", object.rest());

    let mut vault = Vault {
        id,
        generation,
        created,
        entries: Vec::with_capacity(top.entries.len()),
        trash: Vec::new(),
        quarantine: Vec::new(),
        keys,
        log_anchor,
        previous,
        bundles,
        share_sets,
        plan,
        items,
        last_import,
        continues,
        kept: None,
    };
    for raw in top.entries {
        match entry_v1::parse(raw.get()) {
            Ok(entry) => vault.entries.push(entry),
            Err(quarantined) => vault.quarantine.push(quarantined),
        }
    }
    for raw in top.trash {
        match read_trashed(raw.get(), &mut kept)? {
            Ok(trashed) => vault.trash.push(trashed),
            Err(quarantined) => vault.quarantine.push(quarantined),
        }
    }
    vault.kept = kept.into_text();
    Ok(vault)
}

/// Writes the payload of a vault.
pub fn encode(vault: &Vault) -> SecretBytes {
    let kept = Kept::from_text(vault.kept.as_ref());
    let mut out = Writer::new(capacity(vault));
    out.value("schema", &json!(SCHEMA));

    let mut head = with_kept(
        &kept,
        "vault",
        json!({
            "id": vault.id.to_string(), "created": vault.created, "generation": vault.generation,
        }),
    );
    if let (Some(previous), Value::Object(fields)) = (vault.previous, &mut head) {
        fields.insert("previous".to_owned(), json!(HEXLOWER.encode(&previous)));
    }
    out.value("vault", &head);
    out.value(
        "keys",
        &with_kept(
            &kept,
            "keys",
            json!({
                "log": HEXLOWER.encode(vault.keys.log.expose()),
                "signing": HEXLOWER.encode(vault.keys.signing.expose()),
            }),
        ),
    );
    out.value("log", &with_kept(&kept, "log", anchor(vault.log_anchor)));
    out.entries("entries", vault.entries.iter().map(Item::Entry).chain(set_aside(&vault.quarantine)));
    let mut trash = vault
        .trash
        .iter()
        .map(|trashed| Item::Trashed(trashed, &kept))
        .chain(vault.quarantine.iter().filter_map(|quarantined| quarantined.in_trash.as_ref()).map(Item::Raw))
        .peekable();
    if trash.peek().is_some() {
        out.entries("trash", trash);
    }
    if !vault.bundles.is_empty() {
        let records: Vec<Value> = vault
            .bundles
            .iter()
            .map(|record| with_kept(&kept, &bundle_level(record), write_bundle(record)))
            .collect();
        out.value("bundles", &Value::Array(records));
    }
    if !vault.share_sets.is_empty() {
        let sets = vault.share_sets.iter().map(|set| share_set_v1::write(set, &kept));
        out.value("share_sets", &Value::Array(sets.collect()));
    }
    if let Some(plan) = plan_v1::write(&vault.plan) {
        out.value("plan", &plan);
    }
    if let Some(items) = items_v1::write(&vault.items) {
        out.value("items", &items);
    }
    if let Some(import) = &vault.last_import {
        let added: Vec<String> = import.added.iter().map(EntryId::to_string).collect();
        let value =
            json!({ "at": import.at, "format": import.format, "file": import.file.raw(), "added": added });
        out.value("last_import", &with_kept(&kept, "last_import", value));
    }
    if let Some(continues) = &vault.continues {
        let value = json!({
            "vault": continues.vault.to_string(),
            "generation": continues.generation,
            "bundle": HEXLOWER.encode(&continues.bundle),
            "log_head": HEXLOWER.encode(&continues.log_head),
            "restored": continues.restored,
        });
        out.value("continues", &with_kept(&kept, "continues", value));
    }
    for (name, value) in kept.level("") {
        out.value(name, value);
    }
    out.finish()
}

/// The entries that cannot be read, besides those in the trash.
pub(super) fn set_aside(quarantine: &[Quarantined]) -> impl Iterator<Item = Item<'_>> {
    let present = quarantine.iter().filter(|quarantined| quarantined.in_trash.is_none());
    present.map(|quarantined| Item::Raw(&quarantined.text))
}

pub(super) fn anchor(anchor: LogAnchor) -> Value {
    json!({ "count": anchor.count, "head": HEXLOWER.encode(&anchor.head) })
}

/// The top level of a payload: entries as their own texts, so that a bad one stays alone.
pub(super) struct Top<'a> {
    pub(super) entries: Vec<&'a RawValue>,
    pub(super) trash: Vec<&'a RawValue>,
    pub(super) others: Map<String, Value>,
}

impl<'a> Top<'a> {
    /// Reads the top level of a payload.
    pub(super) fn parse(json: &'a [u8]) -> Result<Self, WireError> {
        serde_json::from_slice(json).map_err(|error| {
            if strict::is_twice(&error) { WireError::KeyTwice } else { WireError::NotAnObject }
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Top<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TopVisitor;
        impl<'de> Visitor<'de> for TopVisitor {
            type Value = Top<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a payload")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Top<'de>, A::Error> {
                let (mut entries, mut trash, mut others) = (None, None, Map::new());
                while let Some(key) = access.next_key::<String>()? {
                    let list = match key.as_str() {
                        "entries" => &mut entries,
                        "trash" => &mut trash,
                        _ => {
                            strict::read_into(&mut others, key, &mut access)?;
                            continue;
                        }
                    };
                    if list.replace(access.next_value()?).is_some() {
                        return Err(strict::twice());
                    }
                }
                Ok(Top { entries: entries.unwrap_or_default(), trash: trash.unwrap_or_default(), others })
            }
        }
        deserializer.deserialize_map(TopVisitor)
    }
}

/// One element of a list of entries.
pub(super) enum Item<'a> {
    Entry(&'a crate::entry::Entry),
    Raw(&'a SecretText),
    Trashed(&'a Trashed, &'a Kept),
}

/// Writes one JSON object field by field into a buffer that is wiped.
pub(super) struct Writer {
    out: SecretBytes,
}

impl Writer {
    pub(super) fn new(capacity: usize) -> Self {
        let mut out = SecretBytes::with_capacity(capacity);
        out.expose_mut().push(b'{');
        Self { out }
    }

    fn name(&mut self, name: &str) {
        if self.out.len() > 1 {
            self.out.expose_mut().push(b',');
        }
        self.json(name);
        self.out.expose_mut().push(b':');
    }

    fn json<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        let written = serde_json::to_writer(self.out.expose_mut(), value);
        debug_assert!(written.is_ok(), "writing to memory does not fail");
    }

    pub(super) fn value(&mut self, name: &str, value: &Value) {
        self.name(name);
        self.json(value);
    }

    pub(super) fn entries<'a, I: Iterator<Item = Item<'a>>>(&mut self, name: &str, items: I) {
        self.name(name);
        self.out.expose_mut().push(b'[');
        for (idx, item) in items.enumerate() {
            if idx > 0 {
                self.out.expose_mut().push(b',');
            }
            match item {
                Item::Entry(entry) => self.json(&EntryOut(entry)),
                Item::Raw(text) => {
                    self.out.expose_mut().extend_from_slice(text.expose().as_bytes());
                }
                Item::Trashed(trashed, kept) => self.trashed(trashed, kept),
            }
        }
        self.out.expose_mut().push(b']');
    }

    fn trashed(&mut self, trashed: &Trashed, kept: &Kept) {
        self.out.expose_mut().extend_from_slice(b"{\"removed\":");
        self.json(&trashed.removed);
        self.out.expose_mut().extend_from_slice(b",\"entry\":");
        self.json(&EntryOut(&trashed.entry));
        for (name, value) in kept.level(&format!("trash/{}", trashed.entry.id)) {
            self.name(name);
            self.json(value);
        }
        self.out.expose_mut().push(b'}');
    }

    pub(super) fn finish(mut self) -> SecretBytes {
        self.out.expose_mut().push(b'}');
        self.out
    }
}

fn capacity(vault: &Vault) -> usize {
    let entries = vault.entries.iter().chain(vault.trash.iter().map(|trashed| &trashed.entry));
    let quarantined: usize = vault
        .quarantine
        .iter()
        .map(|quarantined| quarantined.in_trash.as_ref().unwrap_or(&quarantined.text).len() + 1)
        .sum();
    let bundles: usize = vault
        .bundles
        .iter()
        .map(|record| {
            512 + record.contents.len() * 28 + 6 * (record.path.raw().len() + record.label.raw().len())
        })
        .sum();
    4096 + entries.map(|entry| size_hint(entry) + 32).sum::<usize>()
        + quarantined
        + bundles
        + vault.kept.as_ref().map_or(0, SecretText::len)
        + vault.share_sets.iter().map(share_set_v1::size_hint).sum::<usize>()
        + items_v1::size_hint(&vault.items)
        + vault.last_import.as_ref().map_or(0, |import| import.added.len() * 36)
}

pub(super) fn with_kept(kept: &Kept, level: &str, mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        for (name, unknown) in kept.level(level) {
            fields.insert(name.clone(), unknown.clone());
        }
    }
    value
}

fn key(object: &mut Object, name: &'static str) -> Result<SecretBytes, WireError> {
    let text = SecretText::new(object.text(name)?);
    let bytes =
        zeroize::Zeroizing::new(from_hex::<32>(text.expose()).ok_or(WireError::Field { field: name })?);
    Ok(SecretBytes::from_slice(bytes.as_slice()))
}

/// An element of the trash, its entry as its own text.
#[derive(Default)]
struct TrashItem<'a> {
    removed: Option<u64>,
    entry: Option<&'a RawValue>,
    rest: Map<String, Value>,
}

impl<'de: 'a, 'a> Deserialize<'de> for TrashItem<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemVisitor;
        impl<'de> Visitor<'de> for ItemVisitor {
            type Value = TrashItem<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an element of the trash")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<TrashItem<'de>, A::Error> {
                let mut item = TrashItem::default();
                while let Some(key) = access.next_key::<String>()? {
                    let is_repeated = match key.as_str() {
                        "removed" => item.removed.replace(access.next_value()?).is_some(),
                        "entry" => item.entry.replace(access.next_value()?).is_some(),
                        _ => {
                            strict::read_into(&mut item.rest, key, &mut access)?;
                            false
                        }
                    };
                    if is_repeated {
                        return Err(strict::twice());
                    }
                }
                Ok(item)
            }
        }
        deserializer.deserialize_map(ItemVisitor)
    }
}

fn read_trashed(text: &str, kept: &mut Kept) -> Result<Result<Trashed, Quarantined>, WireError> {
    let field = WireError::Field { field: "trash" };
    let item = match serde_json::from_str::<TrashItem<'_>>(text) {
        Ok(item) => item,
        Err(error) if strict::is_twice(&error) => return Err(WireError::KeyTwice),
        Err(_) => return Err(field),
    };
    let (Some(removed), Some(entry)) = (item.removed, item.entry) else { return Err(field) };
    Ok(match entry_v1::parse(entry.get()) {
        Ok(entry) => {
            kept.add(&format!("trash/{}", entry.id), item.rest);
            Ok(Trashed { entry, removed })
        }
        // With its date and whatever else stands beside it, it stays where it is.
        Err(quarantined) => {
            Err(Quarantined { in_trash: Some(SecretText::new(text.to_owned())), ..quarantined })
        }
    })
}

fn read_bundle(value: Value, kept: &mut Kept) -> Result<BundleRecord, WireError> {
    let mut object = Object::of(value, "bundles")?;
    let contents = BASE64.decode(object.text("contents")?.as_bytes()).ok();
    let contents = contents.filter(|bytes| bytes.len().is_multiple_of(20));
    let contents = contents.ok_or(WireError::Field { field: "bundles.contents" })?;
    let record = BundleRecord {
        id: object.hex("id")?,
        created: object.number("created")?,
        path: Label::new(object.text("path")?),
        label: Label::new(object.optional_text("label")?.unwrap_or_default()),
        review: object.optional_number("review")?,
        generation: object.number("generation")?,
        selected: object.flag("selected")?,
        share_set: object.optional_small("share_set")?,
        sha256: object.hex("sha256")?,
        contents: contents.chunks_exact(20).filter_map(bundled_entry).collect(),
    };
    kept.add(&bundle_level(&record), object.rest());
    Ok(record)
}

/// The name under which unknown fields of a bundle's record are kept.
fn bundle_level(record: &BundleRecord) -> String {
    format!("bundles/{}", HEXLOWER.encode(&record.id))
}

fn bundled_entry(bytes: &[u8]) -> Option<BundledEntry> {
    let (id, digest) = bytes.split_at_checked(16)?;
    Some(BundledEntry { id: EntryId::from_bytes(id.try_into().ok()?), digest: digest.try_into().ok()? })
}

fn write_bundle(record: &BundleRecord) -> Value {
    let mut contents = Vec::with_capacity(record.contents.len() * 20);
    for bundled in &record.contents {
        contents.extend_from_slice(&bundled.id.bytes());
        contents.extend_from_slice(&bundled.digest);
    }
    let mut fields = Map::new();
    fields.insert("id".to_owned(), json!(HEXLOWER.encode(&record.id)));
    fields.insert("created".to_owned(), json!(record.created));
    fields.insert("path".to_owned(), json!(record.path.raw()));
    if !record.label.is_empty() {
        fields.insert("label".to_owned(), json!(record.label.raw()));
    }
    if let Some(review) = record.review {
        fields.insert("review".to_owned(), json!(review));
    }
    fields.insert("generation".to_owned(), json!(record.generation));
    if record.selected {
        fields.insert("selected".to_owned(), json!(true));
    }
    if let Some(set) = record.share_set {
        fields.insert("share_set".to_owned(), json!(set));
    }
    fields.insert("sha256".to_owned(), json!(HEXLOWER.encode(&record.sha256)));
    fields.insert("contents".to_owned(), json!(BASE64.encode(&contents)));
    Value::Object(fields)
}

fn read_import(value: Value, kept: &mut Kept) -> Result<ImportRecord, WireError> {
    let field = "last_import";
    let mut object = Object::of(value, field)?;
    let added = object
        .list("added")?
        .iter()
        .map(|id| id.as_str().and_then(EntryId::parse).ok_or(WireError::Field { field }))
        .collect::<Result<Vec<_>, _>>()?;
    let record = ImportRecord {
        at: object.number("at")?,
        format: object.text("format")?,
        file: Label::new(object.text("file")?),
        added,
    };
    kept.add(field, object.rest());
    Ok(record)
}

fn read_continues(value: Value, kept: &mut Kept) -> Result<Continues, WireError> {
    let mut object = Object::of(value, "continues")?;
    let continues = Continues {
        vault: VaultId(object.hex("vault")?),
        generation: object.number("generation")?,
        bundle: object.hex("bundle")?,
        log_head: object.hex("log_head")?,
        restored: object.number("restored")?,
    };
    kept.add("continues", object.rest());
    Ok(continues)
}

#[cfg(test)]
mod tests;
