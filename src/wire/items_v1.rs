//! Exceptions, incidents, passes that were issued, and a person's own runbooks, as they stand in the payload of a vault
//! or a bundle, schema 1.
//!
//! An item is read whole or not at all. One that this version cannot read, because a newer one wrote it, is kept as its
//! text and written back; it never keeps a vault from opening.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::WireError;
use super::residue::{Object, from_hex};
use crate::entry::{EntryId, Label};
use crate::recovery::exception::{Exception, ExceptionKind};
use crate::recovery::incident::{Done, Incident, IncidentKind, MOST_TASKS, Task, TaskStep};
use crate::recovery::item::{ItemId, Items, MOST_ITEMS, UnreadItem};
use crate::recovery::pass::IssuedPass;
use crate::recovery::runbook::{LONGEST_RUNBOOK, OwnRunbook};

const FIELD: &str = "items";
const EXCEPTIONS: &str = "exceptions";
const INCIDENTS: &str = "incidents";
const PASSES: &str = "passes";
const RUNBOOKS: &str = "runbooks";
/// Where the text of something that is no object of lists is kept.
const WHOLE: &str = "";

/// Reads the items; what is not understood is kept as text.
pub(super) fn read(value: Value) -> Items {
    let mut items = Items::default();
    let text = value.to_string();
    let Ok(mut object) = Object::of(value, FIELD) else { return whole(text) };
    let lists = (|| {
        let exceptions = object.list(EXCEPTIONS)?;
        let incidents = object.list(INCIDENTS)?;
        let passes = object.list(PASSES)?;
        Ok::<_, WireError>((exceptions, incidents, passes, object.list(RUNBOOKS)?))
    })();
    let Ok((exceptions, incidents, passes, runbooks)) = lists else { return whole(text) };
    // A list of a newer version: all of it stays as it is.
    if !object.rest().is_empty() {
        return whole(text);
    }
    items.exceptions = each(exceptions, EXCEPTIONS, exception, &mut items.unread);
    items.incidents = each(incidents, INCIDENTS, incident, &mut items.unread);
    items.passes = each(passes, PASSES, pass, &mut items.unread);
    items.runbooks = each(runbooks, RUNBOOKS, runbook, &mut items.unread);
    items
}

fn whole(text: String) -> Items {
    Items { unread: vec![UnreadItem { list: WHOLE, text }], ..Items::default() }
}

/// Writes the items; `None` where there are none.
pub(super) fn write(items: &Items) -> Option<Value> {
    if items.is_empty() {
        return None;
    }
    if let Some(text) = items.unread.iter().find(|unread| unread.list == WHOLE) {
        return serde_json::from_str(&text.text).ok();
    }
    let mut fields = Map::new();
    let mut list = |name: &str, read: Vec<Value>| {
        let unread = items.unread.iter().filter(|unread| unread.list == name);
        let unread = unread.filter_map(|unread| serde_json::from_str(&unread.text).ok());
        let all: Vec<Value> = read.into_iter().chain(unread).collect();
        if !all.is_empty() {
            fields.insert(name.to_owned(), Value::Array(all));
        }
    };
    list(EXCEPTIONS, items.exceptions.iter().map(exception_out).collect());
    list(INCIDENTS, items.incidents.iter().map(incident_out).collect());
    list(PASSES, items.passes.iter().map(pass_out).collect());
    list(RUNBOOKS, items.runbooks.iter().map(runbook_out).collect());
    Some(Value::Object(fields))
}

/// A bound for the JSON of the items.
pub(super) fn size_hint(items: &Items) -> usize {
    let long = |text: &str| 2 * text.len();
    let task = |task: &Task| {
        let done = task.done.as_ref().map_or(0, |done| long(&done.note));
        192 + long(task.about.raw()) + long(&task.note) + done
    };
    let incident = |incident: &Incident| {
        let basis: usize = incident.basis.iter().map(|line| 8 + long(line)).sum();
        256 + long(&incident.reason) + basis + incident.tasks.iter().map(task).sum::<usize>()
    };
    let incidents: usize = items.incidents.iter().map(incident).sum();
    let runbooks: usize = items.runbooks.iter().map(|runbook| runbook.text.len() + 256).sum();
    512 * (items.exceptions.len() + items.passes.len()) + incidents + runbooks
}

fn each<T>(
    values: Vec<Value>,
    list: &'static str,
    read: impl Fn(Value) -> Result<T, WireError>,
    unread: &mut Vec<UnreadItem>,
) -> Vec<T> {
    let mut items = Vec::with_capacity(values.len().min(MOST_ITEMS));
    for value in values {
        let text = value.to_string();
        match read(value) {
            Ok(item) if items.len() < MOST_ITEMS => items.push(item),
            Ok(_) | Err(_) => unread.push(UnreadItem { list, text }),
        }
    }
    items
}

fn exception(value: Value) -> Result<Exception, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let exception = Exception {
        id: ItemId::from_bytes(object.hex("id")?),
        kind: ExceptionKind::parse(&object.text("kind")?).ok_or(WireError::Field { field: "kind" })?,
        entry: entry(&object.text("entry")?)?,
        owner: Label::new(object.text("owner")?),
        reason: object.optional_text("reason")?.unwrap_or_default(),
        added: object.number("added")?,
        until: object.number("until")?,
        ended: object.optional_number("ended")?,
    };
    nothing_else(object, exception)
}

fn exception_out(exception: &Exception) -> Value {
    let mut fields = object_of(json!({
        "id": exception.id.to_string(),
        "kind": exception.kind.name(),
        "entry": exception.entry.to_string(),
        "owner": exception.owner.raw(),
        "added": exception.added,
        "until": exception.until,
    }));
    text(&mut fields, "reason", &exception.reason);
    moment(&mut fields, "ended", exception.ended);
    Value::Object(fields)
}

fn incident(value: Value) -> Result<Incident, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let tasks = object.list("tasks")?;
    if tasks.len() > MOST_TASKS {
        return Err(WireError::Field { field: "tasks" });
    }
    let incident = Incident {
        id: ItemId::from_bytes(object.hex("id")?),
        kind: IncidentKind::parse(&object.text("kind")?).ok_or(WireError::Field { field: "kind" })?,
        subject: object.optional_text("subject")?.map(Label::new),
        reason: object.optional_text("reason")?.unwrap_or_default(),
        opened: object.number("opened")?,
        until: object.optional_number("until")?,
        closed: object.optional_number("closed")?,
        basis: object.list("basis")?.into_iter().map(line).collect::<Result<_, _>>()?,
        tasks: tasks.into_iter().map(task).collect::<Result<_, _>>()?,
    };
    nothing_else(object, incident)
}

fn incident_out(incident: &Incident) -> Value {
    let mut fields = object_of(json!({
        "id": incident.id.to_string(),
        "kind": incident.kind.name(),
        "opened": incident.opened,
        "tasks": incident.tasks.iter().map(task_out).collect::<Vec<_>>(),
    }));
    if let Some(subject) = &incident.subject {
        fields.insert("subject".to_owned(), json!(subject.raw()));
    }
    text(&mut fields, "reason", &incident.reason);
    moment(&mut fields, "until", incident.until);
    moment(&mut fields, "closed", incident.closed);
    if !incident.basis.is_empty() {
        fields.insert("basis".to_owned(), json!(incident.basis));
    }
    Value::Object(fields)
}

fn line(value: Value) -> Result<String, WireError> {
    match value {
        Value::String(line) => Ok(line),
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_) => {
            Err(WireError::Field { field: "basis" })
        }
    }
}

fn task(value: Value) -> Result<Task, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let done = match object.optional_number("done")? {
        None => None,
        Some(at) => Some(Done {
            at,
            by_itself: object.flag("by_itself")?,
            note: object.optional_text("done_note")?.unwrap_or_default(),
        }),
    };
    let task = Task {
        step: TaskStep::parse(&object.text("step")?).ok_or(WireError::Field { field: "step" })?,
        entry: object.optional_text("entry")?.map(|id| entry(&id)).transpose()?,
        about: Label::new(object.optional_text("about")?.unwrap_or_default()),
        privileged: object.flag("privileged")?,
        note: object.optional_text("note")?.unwrap_or_default(),
        done,
    };
    nothing_else(object, task)
}

fn task_out(task: &Task) -> Value {
    let mut fields = object_of(json!({ "step": task.step.name() }));
    if let Some(entry) = task.entry {
        fields.insert("entry".to_owned(), json!(entry.to_string()));
    }
    text(&mut fields, "about", task.about.raw());
    text(&mut fields, "note", &task.note);
    flag(&mut fields, "privileged", task.privileged);
    if let Some(done) = &task.done {
        moment(&mut fields, "done", Some(done.at));
        flag(&mut fields, "by_itself", done.by_itself);
        text(&mut fields, "done_note", &done.note);
    }
    Value::Object(fields)
}

fn pass(value: Value) -> Result<IssuedPass, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let pass = IssuedPass {
        id: ItemId::from_bytes(object.hex("id")?),
        entry: entry(&object.text("entry")?)?,
        to: Label::new(object.text("to")?),
        reason: object.text("reason")?,
        identified: object.optional_text("identified")?,
        channel: object.optional_text("channel")?,
        issued: object.number("issued")?,
        from: object.number("from")?,
        until: object.number("until")?,
        privileged: object.flag("privileged")?,
        sha256: object.hex("sha256")?,
        closed: object.optional_number("closed")?,
    };
    nothing_else(object, pass)
}

fn pass_out(pass: &IssuedPass) -> Value {
    let mut fields = object_of(json!({
        "id": pass.id.to_string(),
        "entry": pass.entry.to_string(),
        "to": pass.to.raw(),
        "reason": pass.reason,
        "issued": pass.issued,
        "from": pass.from,
        "until": pass.until,
        "sha256": HEXLOWER.encode(&pass.sha256),
    }));
    for (name, said) in [("identified", &pass.identified), ("channel", &pass.channel)] {
        if let Some(said) = said {
            fields.insert(name.to_owned(), json!(said));
        }
    }
    flag(&mut fields, "privileged", pass.privileged);
    moment(&mut fields, "closed", pass.closed);
    Value::Object(fields)
}

fn runbook(value: Value) -> Result<OwnRunbook, WireError> {
    let mut object = Object::of(value, FIELD)?;
    let runbook = OwnRunbook {
        name: Label::new(object.text("name")?),
        text: object.text("text")?,
        updated: object.number("updated")?,
    };
    if runbook.text.len() > LONGEST_RUNBOOK {
        return Err(WireError::Field { field: "text" });
    }
    nothing_else(object, runbook)
}

fn runbook_out(runbook: &OwnRunbook) -> Value {
    json!({ "name": runbook.name.raw(), "text": runbook.text, "updated": runbook.updated })
}

fn entry(id: &str) -> Result<EntryId, WireError> {
    from_hex(id).map(EntryId::from_bytes).ok_or(WireError::Field { field: "entry" })
}

/// A field that is not known could change what the others mean: then the item is kept and not judged.
fn nothing_else<T>(object: Object, item: T) -> Result<T, WireError> {
    if object.rest().is_empty() { Ok(item) } else { Err(WireError::Field { field: FIELD }) }
}

fn object_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => Map::new(),
    }
}

fn text(fields: &mut Map<String, Value>, name: &str, value: &str) {
    if !value.is_empty() {
        fields.insert(name.to_owned(), json!(value));
    }
}

fn flag(fields: &mut Map<String, Value>, name: &str, value: bool) {
    if value {
        fields.insert(name.to_owned(), json!(true));
    }
}

fn moment(fields: &mut Map<String, Value>, name: &str, value: Option<u64>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), json!(value));
    }
}

#[cfg(test)]
mod tests;
