//! The payload of a bundle, schema 1: what a machine that has nothing else needs, and no key of the vault.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::entry_v1::{self, size_hint};
use super::residue::Object;
use super::vault_v1::{Item, Top, Writer, anchor, set_aside};
use super::{SCHEMA, WireError, items_v1, plan_v1};
use crate::entry::{Entry, UnixSeconds};
use crate::recovery::Items;
use crate::secret::SecretBytes;
use crate::signature::PublicKey;
use crate::vault::{LogAnchor, Quarantined, StoredPlan, VaultId};

/// What a bundle holds once it is open.
#[derive(Debug)]
pub struct BundlePayload {
    /// When it was made.
    pub created: UnixSeconds,
    /// The program that made it.
    pub tool: String,
    /// After this moment every opening warns; none is refused.
    pub review: Option<UnixSeconds>,
    /// True when it holds a selection of the vault's entries.
    pub selected: bool,
    /// The vault it was made from.
    pub vault: VaultId,
    /// When that vault was made.
    pub vault_created: UnixSeconds,
    /// That vault's generation then.
    pub generation: u64,
    /// That vault's Ed25519 public key.
    pub public_key: PublicKey,
    /// Where that vault's log stood.
    pub log_anchor: LogAnchor,
    /// The accounts.
    pub entries: Vec<Entry>,
    /// Entries that cannot be read, as their texts.
    pub quarantine: Vec<Quarantined>,
    /// That vault's recovery plan.
    pub plan: StoredPlan,
    /// That vault's exceptions, incidents, passes and own runbooks; none where it holds a selection.
    pub items: Items,
}

/// Reads the payload of a bundle. Fields that this version does not know are passed over.
///
/// # Errors
///
/// [`WireError`] when what everything depends on is missing. A bad entry is quarantined.
pub fn parse(json: &[u8]) -> Result<BundlePayload, WireError> {
    let top = Top::parse(json)?;
    let mut object = Object::new(top.others);
    let schema = object.number("schema")?;
    if schema > SCHEMA {
        return Err(WireError::NewerSchema { found: schema });
    }
    let mut bundle = object.object("bundle")?;
    let mut vault = object.object("vault")?;
    let mut log = object.object("log")?;
    let mut payload = BundlePayload {
        created: bundle.number("created")?,
        tool: bundle.text("tool")?,
        review: bundle.optional_number("review")?,
        selected: bundle.flag("selected")?,
        vault: VaultId(vault.hex("id")?),
        vault_created: vault.number("created")?,
        generation: vault.number("generation")?,
        public_key: PublicKey(vault.hex("public_key")?),
        log_anchor: LogAnchor { count: log.number("count")?, head: log.hex("head")? },
        entries: Vec::with_capacity(top.entries.len()),
        quarantine: Vec::new(),
        plan: object.take("plan").map(|value| plan_v1::read(&value)).unwrap_or_default(),
        items: object.take("items").map(items_v1::read).unwrap_or_default(),
    };
    for raw in top.entries {
        match entry_v1::parse(raw.get()) {
            Ok(entry) => payload.entries.push(entry),
            Err(quarantined) => payload.quarantine.push(quarantined),
        }
    }
    Ok(payload)
}

/// What goes into a bundle, borrowed from the vault it is made from.
#[derive(Debug)]
pub struct BundleOut<'a> {
    /// When it is made.
    pub created: UnixSeconds,
    /// The program that makes it.
    pub tool: &'a str,
    /// After this moment every opening warns.
    pub review: Option<UnixSeconds>,
    /// True when `entries` is a selection.
    pub selected: bool,
    /// The vault.
    pub vault: &'a crate::vault::Vault,
    /// The vault's Ed25519 public key.
    pub public_key: PublicKey,
    /// The accounts.
    pub entries: &'a [&'a Entry],
    /// Entries that cannot be read; none in a selection. What of them lies in the trash stays there.
    pub quarantine: &'a [Quarantined],
}

/// Writes the payload of a bundle.
pub fn encode(bundle: &BundleOut<'_>) -> SecretBytes {
    let capacity = 4096
        + bundle.entries.iter().map(|entry| size_hint(entry)).sum::<usize>()
        + items_v1::size_hint(&bundle.vault.items)
        + bundle.quarantine.iter().map(|quarantined| quarantined.text.len() + 1).sum::<usize>();
    let mut out = Writer::new(capacity);
    out.value("schema", &json!(SCHEMA));
    let mut head = json!({ "created": bundle.created, "tool": bundle.tool });
    if let Value::Object(fields) = &mut head {
        if let Some(review) = bundle.review {
            fields.insert("review".to_owned(), json!(review));
        }
        if bundle.selected {
            fields.insert("selected".to_owned(), json!(true));
        }
    }
    out.value("bundle", &head);
    out.value(
        "vault",
        &json!({
            "id": bundle.vault.id.to_string(),
            "created": bundle.vault.created,
            "generation": bundle.vault.generation,
            "public_key": HEXLOWER.encode(&bundle.public_key.0),
        }),
    );
    out.value("log", &anchor(bundle.vault.log_anchor));
    let items = bundle.entries.iter().map(|entry| Item::Entry(entry));
    out.entries("entries", items.chain(set_aside(bundle.quarantine)));
    if let Some(plan) = plan_v1::write(&bundle.vault.plan) {
        out.value("plan", &plan);
    }
    // Who is given a selection is not told what happened to the rest.
    let items = if bundle.selected { None } else { items_v1::write(&bundle.vault.items) };
    if let Some(items) = items {
        out.value("items", &items);
    }
    out.finish()
}
