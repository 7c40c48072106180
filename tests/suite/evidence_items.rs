//! The days on which something went wrong, in the vault of the story: exceptions, incidents, passes and a plan.

use lifeboat::audit::Event;
use lifeboat::entry::{EntryId, Label};
use lifeboat::envelope::{self, Ceiling, Credentials, KeyFile, Kind, Sealed, ToSeal};
use lifeboat::recovery::exception::{Exception, ExceptionKind};
use lifeboat::recovery::incident::{Done, Incident, IncidentKind, Task, TaskStep};
use lifeboat::recovery::item::{ItemId, Items};
use lifeboat::recovery::pass::IssuedPass;
use lifeboat::vault::Vault;
use lifeboat::wire::vault_v1;

use crate::evidence_story::{DAY, Story, story};
use crate::log_fixture::{append, record};
use crate::support::{NOW, Sandbox};

/// The moment at which the story's reports are made.
pub(crate) const AT: u64 = NOW + 32 * DAY;

/// What people wrote or are called, none of it a part of another text.
pub(crate) const ITEM_NAMES: [&str; 13] = [
    "Walderdbeere",
    "Stachelbeergrund",
    "Johannisbeerbericht",
    "Moosbeernotiz",
    "Preiselbeerwort",
    "Brombeerperson",
    "Heidelbeerhelfer",
    "Holzapfelgrund",
    "Kirschpflaumenausweis",
    "Apfelbeerkanal",
    "Nashibirne",
    "Mirabellenbundle",
    "Hagebuttentelefon",
];

/// Things of the plan that are no accounts, and what depends on what: no report has them.
pub(crate) const PLAN_NAMES: [&str; 6] =
    ["Feigenkeller", "Dattelhandy", "Aroniapasswort", "Kumquatnotiz", "Kakiüberfall", "Pitahayamensch"];

const PLAN: &str = r#"
[[thing]]
name = "Feigenkeller"
kind = "place"

[[thing]]
name = "Pitahayamensch"
kind = "person"

[[thing]]
name = "Dattelhandy"
kind = "device"
needs = ["Feigenkeller"]
lost = true
note = "Kumquatnotiz"

[[thing]]
name = "Aroniapasswort"
kind = "password"
needs = ["Pitahayamensch"]

[[thing]]
name = "SMS an Dattelhandy"
kind = "sms"
needs = ["Dattelhandy"]

[[thing]]
name = "Nashibirne"
kind = "account"
privileged = true
ways = [["Aroniapasswort", "SMS an Dattelhandy"]]

[[thing]]
name = "Zwetschke:marille"
kind = "account"
ways = [["Aroniapasswort", "code Zwetschke:marille"]]

[[scenario]]
name = "Kakiüberfall"
lose = ["Feigenkeller"]
"#;

/// Changes what the vault's file holds, as a program would that writes it without a word in the log.
pub(crate) fn change(sandbox: &Sandbox, change: impl FnOnce(&mut Vault)) {
    let key = lifeboat::app::key_file::read_key_file(&sandbox.context(), &sandbox.path("key")).unwrap();
    sandbox.write("vault.lifeboat", changed(sandbox.read("vault.lifeboat"), key, change));
}

/// The bytes of a vault's file that a key file opens, with something else in it.
pub(crate) fn changed(bytes: Vec<u8>, key: KeyFile, change: impl FnOnce(&mut Vault)) -> Vec<u8> {
    let credentials = Credentials { key_file: Some(key), ..Credentials::default() };
    let sealed = Sealed::parse(bytes, Kind::Vault).unwrap();
    let (master, _) = sealed.unlock(&credentials, Ceiling::USUAL).unwrap();
    let mut vault = vault_v1::parse(sealed.open(&master).unwrap().json()).unwrap();
    change(&mut vault);
    let json = vault_v1::encode(&vault);
    let to_seal = ToSeal {
        kind: Kind::Vault,
        id: vault.id.0,
        slots: &sealed.header().slots,
        info: None,
        json: json.expose(),
        signature: &[],
    };
    envelope::seal(&to_seal, &master, &[9; 32]).unwrap()
}

/// The story, and what went wrong in it. `~/plan.toml` is its plan.
pub(crate) fn eventful() -> Story {
    let story = story();
    story.sandbox.write("plan.toml", PLAN);
    story.sandbox.run("plan import ~/plan.toml").done();
    let [zwetschke, holunder] = [&story.zwetschke, &story.holunder].map(|id| EntryId::parse(id).unwrap());
    change(&story.sandbox, |vault| vault.items = items(zwetschke, holunder));
    let mut issued = record(AT - 600, Event::PassIssued);
    issued.entry = Some(story.holunder.clone());
    issued.reason = Some("Holzapfelgrund".into());
    issued.facts = vec![
        ("to".into(), "Heidelbeerhelfer".into()),
        ("until".into(), "2027-02-16T08:50:00Z".into()),
        ("from".into(), "Apfelbeerkanal".into()),
    ];
    let events = [
        Event::ExceptionAdded,
        Event::ExceptionEnded,
        Event::IncidentOpened,
        Event::IncidentClosed,
        Event::TaskDone,
        Event::PassClosed,
        Event::RunbookChanged,
    ];
    let records: Vec<_> = events.map(|event| record(AT - 100, event)).into_iter().chain([issued]).collect();
    append(&story.sandbox, &records);
    story
}

pub(crate) fn id(byte: u8) -> ItemId {
    ItemId::from_bytes([byte; 4])
}

pub(crate) fn exception(
    byte: u8,
    entry: EntryId,
    kind: ExceptionKind,
    [added, until]: [u64; 2],
) -> Exception {
    Exception {
        id: id(byte),
        kind,
        entry,
        owner: Label::new("Walderdbeere"),
        reason: String::new(),
        added,
        until,
        ended: None,
    }
}

pub(crate) fn task(step: TaskStep, entry: EntryId, done: Option<u64>) -> Task {
    Task {
        step,
        entry: Some(entry),
        about: Label::new("as it was named then"),
        privileged: true,
        note: String::new(),
        done: done.map(|at| Done { at, by_itself: true, note: String::new() }),
    }
}

pub(crate) fn incident(byte: u8, kind: IncidentKind, subject: &str, opened: u64) -> Incident {
    Incident {
        id: id(byte),
        kind,
        subject: (!subject.is_empty()).then(|| Label::new(subject)),
        reason: String::new(),
        basis: Vec::new(),
        opened,
        until: None,
        closed: None,
        tasks: Vec::new(),
    }
}

pub(crate) fn pass(byte: u8, entry: EntryId, issued: u64) -> IssuedPass {
    IssuedPass {
        id: id(byte),
        entry,
        to: Label::new("Heidelbeerhelfer"),
        reason: "Holzapfelgrund".into(),
        identified: Some("Kirschpflaumenausweis".into()),
        channel: Some("Apfelbeerkanal".into()),
        issued,
        from: issued,
        until: issued + 3600,
        privileged: false,
        sha256: [byte; 32],
        closed: None,
    }
}

pub(crate) fn items(zwetschke: EntryId, holunder: EntryId) -> Items {
    let day = |n: u64| NOW + n * DAY;
    let exceptions = vec![
        Exception {
            reason: "Stachelbeergrund".into(),
            ..exception(0x11, zwetschke, ExceptionKind::NoSecondFactor, [day(5), day(20)])
        },
        exception(0x12, holunder, ExceptionKind::Clone, [day(6), day(60)]),
        Exception {
            ended: Some(day(9)),
            ..exception(0x13, holunder, ExceptionKind::SkippedProof, [day(3), day(40)])
        },
        // Before the period, and after the moment of the report.
        Exception {
            ended: Some(day(0) - 200 * DAY),
            ..exception(0x14, holunder, ExceptionKind::NotDrilled, [day(0) - 300 * DAY, day(0)])
        },
        exception(0x15, holunder, ExceptionKind::NotDrilled, [AT + 1, AT + DAY]),
    ];
    let bundle = Task {
        entry: None,
        about: Label::new("Mirabellenbundle"),
        privileged: false,
        done: Some(Done { at: day(14), by_itself: false, note: "Preiselbeerwort".into() }),
        ..task(TaskStep::Rebundle, holunder, None)
    };
    let stolen = Incident {
        reason: "Johannisbeerbericht".into(),
        tasks: vec![
            task(TaskStep::RotateSeed, holunder, Some(day(13))),
            Task { note: "Moosbeernotiz".into(), ..task(TaskStep::RemoveOldMethod, holunder, None) },
            // Done after the moment of the report: not done yet.
            task(TaskStep::Prove, holunder, Some(AT + 1)),
            bundle,
        ],
        ..incident(0x21, IncidentKind::Stolen, "Hagebuttentelefon", day(12))
    };
    let leaver = Incident {
        closed: Some(day(15)),
        tasks: vec![task(TaskStep::RemoveOldMethod, zwetschke, Some(day(15)))],
        ..incident(0x22, IncidentKind::Leaver, "Brombeerperson", day(11))
    };
    let before = Incident {
        until: Some(day(0) - 200 * DAY),
        closed: Some(day(0) - 200 * DAY),
        ..incident(0x23, IncidentKind::BreakGlass, "", day(0) - 201 * DAY)
    };
    let passes = vec![
        IssuedPass { privileged: true, ..pass(0x31, zwetschke, day(20)) },
        IssuedPass {
            identified: None,
            channel: None,
            closed: Some(day(22)),
            ..pass(0x32, holunder, day(21))
        },
        pass(0x33, holunder, AT - 600),
        pass(0x34, holunder, AT + 1),
    ];
    Items { exceptions, incidents: vec![stolen, leaver, before], passes, ..Items::default() }
}
