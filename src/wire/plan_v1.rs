//! The recovery plan: as it stands in the payload of a vault or a bundle, and as TOML for people.
//!
//! A plan is read whole or not at all. One that this version cannot read, because a newer one wrote it, is kept as its
//! text and written back; it never keeps a vault from opening.

mod toml;

use serde_json::{Map, Value, json};

use super::WireError;
use super::residue::Object;
use crate::entry::Label;
use crate::recovery::plan::{Plan, Scenario, Thing, ThingKind, Way};
use crate::vault::StoredPlan;

pub use toml::{LARGEST, TomlError, from_toml, to_toml};

const FIELD: &str = "plan";

/// Reads a plan, or keeps the text of one that a newer version wrote.
pub(super) fn read(value: &Value) -> StoredPlan {
    match plan(value.clone()) {
        Ok(plan) => StoredPlan::Read(plan),
        Err(_) => StoredPlan::Unread(value.to_string()),
    }
}

/// Writes a plan; `None` where there is none.
pub(super) fn write(stored: &StoredPlan) -> Option<Value> {
    match stored {
        StoredPlan::None => None,
        StoredPlan::Unread(text) => serde_json::from_str(text).ok(),
        StoredPlan::Read(plan) => {
            let things: Vec<Value> = plan.things.iter().map(thing_out).collect();
            let scenarios = plan.scenarios.iter();
            let scenarios: Vec<Value> = scenarios
                .map(|scenario| json!({ "name": scenario.name.raw(), "lose": names_out(&scenario.lose) }))
                .collect();
            Some(json!({ "things": things, "scenarios": scenarios }))
        }
    }
}

fn plan(value: Value) -> Result<Plan, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let things = object.list("things")?.into_iter().map(thing).collect::<Result<_, _>>()?;
    let scenarios = object.list("scenarios")?.into_iter().map(scenario).collect::<Result<_, _>>()?;
    nothing_else(object)?;
    Ok(Plan { things, scenarios })
}

fn thing(value: Value) -> Result<Thing, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let kind = ThingKind::parse(&object.text("kind")?).ok_or(WireError::Field { field: "kind" })?;
    let thing = Thing {
        name: Label::new(object.text("name")?),
        kind,
        needs: names(object.list("needs")?)?,
        ways: object.list("ways")?.into_iter().map(way).collect::<Result<_, _>>()?,
        privileged: object.flag("privileged")?,
        lost: object.flag("lost")?,
        note: object.optional_text("note")?.unwrap_or_default(),
    };
    nothing_else(object)?;
    Ok(thing)
}

fn way(value: Value) -> Result<Way, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let way = Way { of: names(object.list("of")?)?, at_least: object.optional_small("at_least")? };
    nothing_else(object)?;
    Ok(way)
}

fn scenario(value: Value) -> Result<Scenario, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let scenario = Scenario { name: Label::new(object.text("name")?), lose: names(object.list("lose")?)? };
    nothing_else(object)?;
    Ok(scenario)
}

fn names(values: Vec<Value>) -> Result<Vec<Label>, WireError> {
    let name = |value| match value {
        Value::String(name) => Ok(Label::new(name)),
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_) => {
            Err(WireError::Field { field: FIELD })
        }
    };
    values.into_iter().map(name).collect()
}

/// A field that is not known could change what the others mean: then the plan is kept and not judged.
fn nothing_else(object: Object) -> Result<(), WireError> {
    if object.rest().is_empty() { Ok(()) } else { Err(WireError::Field { field: FIELD }) }
}

fn thing_out(thing: &Thing) -> Value {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(thing.name.raw()));
    fields.insert("kind".to_owned(), json!(thing.kind.name()));
    if !thing.needs.is_empty() {
        fields.insert("needs".to_owned(), names_out(&thing.needs));
    }
    if !thing.ways.is_empty() {
        fields.insert("ways".to_owned(), thing.ways.iter().map(way_out).collect());
    }
    for (name, flag) in [("privileged", thing.privileged), ("lost", thing.lost)] {
        if flag {
            fields.insert(name.to_owned(), json!(true));
        }
    }
    if !thing.note.is_empty() {
        fields.insert("note".to_owned(), json!(thing.note));
    }
    Value::Object(fields)
}

fn way_out(way: &Way) -> Value {
    let mut fields = Map::new();
    fields.insert("of".to_owned(), names_out(&way.of));
    if let Some(k) = way.at_least {
        fields.insert("at_least".to_owned(), json!(k));
    }
    Value::Object(fields)
}

fn names_out(names: &[Label]) -> Value {
    names.iter().map(|name| json!(name.raw())).collect()
}

#[cfg(test)]
mod tests;
