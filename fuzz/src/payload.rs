//! The payload of a vault or a bundle. Bytes: one that chooses, then its JSON.

use std::collections::HashSet;

use lifeboat::entry::{Entry, EntryId};
use lifeboat::recovery::Items;
use lifeboat::recovery::plan::Plan;
use lifeboat::secret::SecretBytes;
use lifeboat::vault::{StoredPlan, Vault, VaultKeys};
use lifeboat::wire::bundle_v1::{self, BundleOut};
use lifeboat::wire::{plan_v1, vault_v1};
use serde_json::Value;

use super::shared::{assert_message, has_whole_numbers_only};

pub fn run(data: &[u8]) {
    let Some((first, json)) = data.split_first() else { return };
    if first & 1 == 0 { vault(json) } else { bundle(json) }
}

fn vault(json: &[u8]) {
    let vault = match vault_v1::parse(json) {
        Ok(vault) => vault,
        Err(error) => return assert_message(&error.to_string()),
    };
    let written = vault_v1::encode(&vault);
    let again = vault_v1::parse(written.expose()).expect("what was written is read");
    assert_eq!(counts(&again), counts(&vault));
    assert_eq!(again.items, vault.items);
    if let StoredPlan::Read(plan) = &vault.plan {
        assert_eq!(again.plan, vault.plan);
        plan_as_toml(plan);
    }
    let (Ok(before), Ok(after)) =
        (serde_json::from_slice::<Value>(json), serde_json::from_slice(written.expose()))
    else {
        return;
    };
    // A number beyond the format, in a field that nobody knows, may lose digits each time that it is written.
    if has_whole_numbers_only(&before) {
        assert_eq!(vault_v1::encode(&again).expose(), written.expose());
    }
    same(before, after);
}

/// A plan that was read is written as TOML and read again as the same.
fn plan_as_toml(plan: &Plan) {
    let text = plan_v1::to_toml(plan);
    if text.len() <= plan_v1::LARGEST
        && plan.scenarios.iter().all(|one| !one.name.is_empty() && !one.lose.is_empty())
    {
        assert_eq!(plan_v1::from_toml(&text).as_ref(), Ok(plan));
    }
}

fn counts(vault: &Vault) -> [usize; 4] {
    [vault.entries.len(), vault.trash.len(), vault.quarantine.len(), vault.bundles.len()]
}

/// Every field besides the entries comes out as it came in; entries are counted here and looked at in `entry`.
fn same(before: Value, after: Value) {
    let n = |value: &Value| {
        let length = |name: &str| value.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        length("entries") + length("trash")
    };
    assert_eq!(n(&after), n(&before), "entries and trash together");
    // Twice the same id is no payload of ours, and numbers beyond the format may lose digits.
    if has_whole_numbers_only(&before) && names_each_bundle_once(&before) {
        assert_eq!(normal(before), normal(after));
    }
}

fn names_each_bundle_once(payload: &Value) -> bool {
    let bundles = payload.get("bundles").and_then(Value::as_array);
    let mut seen = HashSet::new();
    bundles.into_iter().flatten().all(|bundle| seen.insert(bundle.get("id").map(Value::to_string)))
}

fn normal(mut payload: Value) -> Value {
    let fields = payload.as_object_mut().expect("a payload is an object");
    // A plan and items are written in one form, whatever form they came in; they were compared as what they mean.
    for name in ["entries", "trash", "plan", "items"] {
        fields.remove(name);
    }
    // The schema is ours.
    fields.insert("schema".to_owned(), 1.into());
    fields.retain(|name, value| name != "bundles" || value.as_array().is_some_and(|list| !list.is_empty()));
    for bundle in fields.get_mut("bundles").and_then(Value::as_array_mut).into_iter().flatten() {
        let bundle = bundle.as_object_mut().expect("a record is an object");
        bundle.retain(|name, value| name != "label" || *value != "");
        bundle.retain(|name, value| name != "selected" || *value != false);
    }
    let added = fields.get_mut("last_import").and_then(|import| import.get_mut("added"));
    for id in added.and_then(Value::as_array_mut).into_iter().flatten() {
        *id = EntryId::parse(id.as_str().unwrap()).unwrap().to_string().into();
    }
    if let Some(import) = fields.get_mut("last_import").and_then(Value::as_object_mut) {
        import.entry("added").or_insert_with(|| Value::Array(Vec::new()));
    }
    payload
}

fn bundle(json: &[u8]) {
    let mut read = match bundle_v1::parse(json) {
        Ok(read) => read,
        Err(error) => return assert_message(&error.to_string()),
    };
    if read.selected {
        // A selection is written without them.
        read.items = Items::default();
    }
    let keys = VaultKeys { log: SecretBytes::new(vec![1; 32]), signing: SecretBytes::new(vec![2; 32]) };
    let mut vault = Vault::new(read.vault, keys, read.vault_created);
    (vault.generation, vault.log_anchor, vault.plan) = (read.generation, read.log_anchor, read.plan.clone());
    vault.items = read.items.clone();
    let entries: Vec<&Entry> = read.entries.iter().collect();
    let written = bundle_v1::encode(&BundleOut {
        created: read.created,
        tool: &read.tool,
        review: read.review,
        selected: read.selected,
        vault: &vault,
        public_key: read.public_key,
        entries: &entries,
        quarantine: &read.quarantine,
    });
    let again = bundle_v1::parse(written.expose()).expect("what was written is read");
    assert_eq!(format!("{again:?}"), format!("{read:?}"));
}
