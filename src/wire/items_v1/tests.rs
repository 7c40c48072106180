use serde_json::{Value, json};

use super::{read, write};
use crate::entry::{EntryId, Label};
use crate::recovery::exception::{Exception, ExceptionKind};
use crate::recovery::incident::{Done, Incident, IncidentKind, Task, TaskStep};
use crate::recovery::item::{ItemId, Items};
use crate::recovery::pass::IssuedPass;
use crate::recovery::runbook::OwnRunbook;

fn full() -> Items {
    let entry = EntryId::from_bytes([7; 16]);
    let tasks = TaskStep::ALL.into_iter().zip([
        None,
        Some(Done { at: 5, by_itself: true, note: String::new() }),
        Some(Done { at: 6, by_itself: false, note: "by telephone".to_owned() }),
    ]);
    let task = |(step, done)| Task {
        step,
        entry: Some(entry),
        about: Label::new("AWS: root"),
        privileged: true,
        note: "copied to phone-ana".to_owned(),
        done,
    };
    let incident = |(n, kind): (u8, IncidentKind)| Incident {
        id: ItemId::from_bytes([n; 4]),
        kind,
        subject: Some(Label::new("phone-ana")),
        reason: "left in a train".to_owned(),
        opened: 10,
        until: Some(20),
        closed: Some(30),
        basis: vec!["host `phone-ana` in the log".to_owned()],
        tasks: tasks.clone().map(task).collect(),
    };
    let exception = |(n, kind): (u8, ExceptionKind)| Exception {
        id: ItemId::from_bytes([n; 4]),
        kind,
        entry,
        owner: Label::new("Ana"),
        reason: "until the token has come".to_owned(),
        added: 1,
        until: 2,
        ended: Some(3),
    };
    Items {
        exceptions: (0..).zip(ExceptionKind::ALL).map(exception).collect(),
        incidents: (0x40..).zip(IncidentKind::ALL).map(incident).collect(),
        passes: vec![IssuedPass {
            id: ItemId::from_bytes([0x80; 4]),
            entry,
            to: Label::new("Helpdesk: Jo"),
            reason: "INC-4711".to_owned(),
            identified: Some("video call".to_owned()),
            channel: Some("telephone".to_owned()),
            issued: 1,
            from: 2,
            until: 3602,
            privileged: true,
            sha256: [9; 32],
            closed: Some(4000),
        }],
        runbooks: vec![OwnRunbook { name: Label::new("vpn"), text: "# VPN\n".to_owned(), updated: 4 }],
        unread: Vec::new(),
    }
}

#[test]
fn what_is_written_is_read_back() {
    let items = full();
    assert_eq!(read(write(&items).unwrap()), items);
    assert_eq!(write(&Items::default()), None);
}

#[test]
fn what_may_be_empty_may_be_absent() {
    let mut items = full();
    for exception in &mut items.exceptions {
        (exception.reason, exception.ended) = (String::new(), None);
    }
    for incident in &mut items.incidents {
        incident.reason = String::new();
        incident.basis = Vec::new();
        (incident.subject, incident.until, incident.closed) = (None, None, None);
        incident.tasks = vec![Task {
            step: TaskStep::Rebundle,
            entry: None,
            about: Label::new(""),
            privileged: false,
            note: String::new(),
            done: None,
        }];
    }
    for pass in &mut items.passes {
        (pass.identified, pass.channel, pass.closed, pass.privileged) = (None, None, None, false);
    }
    assert_eq!(read(write(&items).unwrap()), items);
}

/// Changes each field of each item in turn: nothing is lost, and nothing else is touched by it.
#[test]
fn an_item_of_a_newer_version_is_kept_as_it_is_and_the_others_are_read() {
    let written = write(&full()).unwrap();
    let mut n_changed = 0;
    for list in ["exceptions", "incidents", "passes", "runbooks"] {
        let fields: Vec<String> = written[list][0].as_object().unwrap().keys().cloned().collect();
        for field in fields.iter().map(String::as_str).chain(["new"]) {
            let mut newer = written.clone();
            newer[list][0][field] = json!({ "of": "tomorrow" });
            let items = read(newer.clone());
            assert_eq!(items.unread.len(), 1, "{list} {field}");
            let whole = full();
            let n_others = [
                whole.exceptions.len() + whole.incidents.len() + whole.passes.len() + whole.runbooks.len(),
                items.exceptions.len()
                    + items.incidents.len()
                    + items.passes.len()
                    + items.runbooks.len()
                    + 1,
            ];
            assert_eq!(n_others[0], n_others[1], "{list} {field}");
            let back = write(&items).unwrap();
            let all = |value: &Value| {
                let mut all: Vec<String> =
                    value[list].as_array().unwrap().iter().map(Value::to_string).collect();
                all.sort();
                all
            };
            assert_eq!(all(&back), all(&newer), "{list} {field}");
            n_changed += 1;
        }
    }
    assert!(n_changed > 30, "{n_changed}");
}

#[test]
fn lists_of_a_newer_version_are_kept_whole() {
    for newer in [json!({ "exceptions": [], "drills": [1] }), json!([1, 2]), json!({ "passes": 3 })] {
        let items = read(newer.clone());
        assert_eq!((items.unread.len(), items.exceptions.len()), (1, 0));
        assert_eq!(write(&items).unwrap(), newer);
    }
}

#[test]
fn what_another_has_besides_is_told_by_id_and_by_name() {
    let own = full();
    let mut other = full();
    assert!(own.lacking(&other).is_empty());
    let id = ItemId::from_bytes([0xee; 4]);
    other.incidents[0].id = id;
    other.runbooks[0].name = Label::new("mail");
    let lacking = own.lacking(&other);
    assert_eq!((lacking.incidents.len(), lacking.runbooks.len()), (1, 1));
    assert_eq!((lacking.exceptions.len(), lacking.passes.len()), (0, 0));
    let mut both = own;
    both.append(lacking);
    assert!(both.has(id) && both.lacking(&other).is_empty());
}
