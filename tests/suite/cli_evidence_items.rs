//! Evidence: what a report says of incidents, of exceptions with an end, of passes and of the plan, and what it keeps to
//! itself.

use serde_json::{Value, json};

use lifeboat::recovery::exception::ExceptionKind;
use lifeboat::recovery::incident::{IncidentKind, TaskStep};
use lifeboat::recovery::item::{Items, UnreadItem};

use crate::cli_evidence::{FILES, made, report, text};
use crate::evidence_items::{AT, ITEM_NAMES, PLAN_NAMES, change, eventful, exception, incident, pass, task};
use crate::evidence_story::{DAY, NAMES, Story};
use crate::log_fixture::open;
use crate::support::{NOW, Sandbox};

fn column<'a>(report: &'a Value, part: &str, field: &str) -> Vec<&'a Value> {
    report[part].as_array().unwrap().iter().map(|one| &one[field]).collect()
}

#[test]
fn exceptions_are_told_with_their_owner_and_their_end_and_what_has_become_of_them() {
    let Story { sandbox, zwetschke, .. } = eventful();
    let report = made(&sandbox, "");
    // Those that were ended before the period and those that began after it are not there.
    assert_eq!(column(&report, "exceptions_with_end", "id"), ["13131313", "11111111", "12121212"]);
    assert_eq!(column(&report, "exceptions_with_end", "state"), ["ended", "past", "holds"]);
    assert_eq!(
        report["exceptions_with_end"][1],
        json!({
            "id": "11111111",
            "kind": "no-second-factor",
            "entry": { "id": zwetschke, "name": "Zwetschke:marille" },
            "owner": "Walderdbeere",
            "reason": "Stachelbeergrund",
            "added": "2027-01-20T08:00:00Z",
            "until": "2027-02-04T08:00:00Z",
            "ended": null,
            "state": "past",
        })
    );
    let summary = &report["summary"];
    assert_eq!(
        (&summary["exceptions_with_end_open"], &summary["exceptions_with_end_past"]),
        (&json!(2), &json!(1))
    );
    // What weakens something without an end that somebody has set is counted by itself.
    assert_eq!(summary["exceptions"], 3);
}

#[test]
fn incidents_are_told_until_nothing_is_left_of_them() {
    let Story { sandbox, holunder, .. } = eventful();
    let report = made(&sandbox, "");
    assert_eq!(column(&report, "incidents", "id"), ["22222222", "21212121"]);
    let [leaver, stolen] = report["incidents"].as_array().unwrap().as_slice() else { panic!("two") };
    assert_eq!((&leaver["closed"], &leaver["left"]), (&json!("2027-01-30T08:00:00Z"), &json!(0)));
    assert_eq!((&stolen["closed"], &stolen["left"]), (&Value::Null, &json!(2)));
    assert_eq!((&stolen["kind"], &stolen["subject"]), (&json!("stolen"), &json!("Hagebuttentelefon")));
    let tasks = stolen["tasks"].as_array().unwrap();
    let of = |field: &str| -> Vec<&Value> { tasks.iter().map(|task| &task[field]).collect() };
    assert_eq!(of("step"), ["rotate-seed", "remove-old-method", "prove", "re-bundle"]);
    // The third was done after the moment that the report is made for.
    let done = [json!("2027-01-28T08:00:00Z"), Value::Null, Value::Null, json!("2027-01-29T08:00:00Z")];
    assert_eq!(of("done"), done.iter().collect::<Vec<_>>());
    assert_eq!(tasks[0]["by_itself"], true);
    assert_eq!(tasks[0]["entry"], json!({ "id": holunder, "name": "Holunder:Schlehe" }));
    assert_eq!((&tasks[0]["about"], &tasks[1]["note"]), (&Value::Null, &json!("Moosbeernotiz")));
    assert_eq!((&tasks[3]["by_itself"], &tasks[3]["done_note"]), (&json!(false), &json!("Preiselbeerwort")));
    assert_eq!((&tasks[3]["entry"], &tasks[3]["about"]), (&Value::Null, &json!("Mirabellenbundle")));
    let summary = &report["summary"];
    assert_eq!((&summary["incidents_open"], &summary["incident_tasks_left"]), (&json!(1), &json!(2)));
}

#[test]
fn passes_are_told_with_how_the_person_was_identified_and_the_channel() {
    let Story { sandbox, zwetschke, .. } = eventful();
    let report = made(&sandbox, "");
    assert_eq!(column(&report, "passes", "state"), ["past", "closed", "live"]);
    assert_eq!(
        report["passes"][0],
        json!({
            "id": "31313131",
            "entry": { "id": zwetschke, "name": "Zwetschke:marille" },
            "to": "Heidelbeerhelfer",
            "reason": "Holzapfelgrund",
            "identified": "Kirschpflaumenausweis",
            "channel": "Apfelbeerkanal",
            "issued": "2027-02-04T08:00:00Z",
            "from": "2027-02-04T08:00:00Z",
            "until": "2027-02-04T09:00:00Z",
            "privileged": true,
            "sha256": "31".repeat(32),
            "closed": null,
            "state": "past",
        })
    );
    assert_eq!(
        (&report["passes"][1]["identified"], &report["passes"][1]["channel"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(report["passes"][1]["closed"], "2027-02-06T08:00:00Z");
    let summary = &report["summary"];
    assert_eq!((&summary["passes_open"], &summary["passes_past"]), (&json!(2), &json!(1)));
}

#[test]
fn the_plan_is_told_as_accounts_and_counts_and_never_as_what_depends_on_what() {
    let Story { sandbox, .. } = eventful();
    let told = sandbox.run("evidence -o ~/report --policy ~/policy").done();
    let report = report(&sandbox, "report");
    let plan = &report["plan"];
    assert_eq!((&plan["state"], &plan["things"]), (&json!("checked"), &json!(7)));
    assert_eq!(plan["last_changed"], "2027-02-16T08:00:00Z");
    let check = &plan["check"];
    // `plan check` looks at the same; its own words are in its own tests.
    let checked = sandbox.run("plan check --depth 1 --json").exits(7).json("lifeboat.plan-check/1");
    assert_eq!(check["accounts"], checked["accounts"]);
    assert_eq!(check["unreachable"], 1);
    assert_eq!(json!(check["single_points"]), json!(checked["single_points"].as_array().unwrap().len()));
    assert_eq!(json!(check["scenarios"]), json!(checked["scenarios"].as_array().unwrap().len()));
    let weak = check["weak_accounts"].as_array().unwrap();
    let lost = json!({ "name": "Nashibirne", "privileged": true, "reachable": false, "single_points": 0 });
    assert_eq!(weak[0], lost);
    // The password, and the person who has it.
    let at_one_loss =
        json!({ "name": "Zwetschke:marille", "privileged": true, "reachable": true, "single_points": 2 });
    assert_eq!(weak[1..], [at_one_loss]);
    assert_eq!((&check["single_points"], &check["accounts_at_one_loss"]), (&json!(2), &json!(1)));
    assert_eq!(check["privileged_at_one_loss"], 1);
    let flags: Vec<(&Value, &Value)> =
        check["flags"].as_array().unwrap().iter().map(|flag| (&flag["kind"], &flag["accounts"])).collect();
    assert!(flags.contains(&(&json!("sms-only"), &json!(["Nashibirne"]))), "{flags:?}");
    assert!(flags.contains(&(&json!("lost"), &json!([]))), "{flags:?}");
    for name in FILES {
        let text = text(&sandbox, &format!("report/{name}"));
        for thing in PLAN_NAMES {
            assert!(!text.contains(thing), "{thing} is in {name}");
        }
    }
    assert!(!PLAN_NAMES.iter().any(|thing| told.out.contains(thing)), "{told}");
}

#[test]
fn a_reader_sees_at_once_what_is_open_and_what_is_past_its_end() {
    let Story { sandbox, .. } = eventful();
    let told = sandbox.run("evidence -o ~/report").done();
    let lines = [
        "1 incident is open, and 2 things are left to do.",
        "1 exception is past its end, and still open.",
        "1 pass is over and still open",
        "1 pass is live",
        "Of 1 pass nobody has said how the person was identified.",
        "By the recovery plan 1 account cannot be reached even now.",
        "are single points of failure",
        "that are unwise without any loss.",
    ];
    let (markdown, html) = (text(&sandbox, "report/evidence.md"), text(&sandbox, "report/evidence.html"));
    let first = |page: &str, end: &str| page.split(end).next().unwrap().to_owned();
    let starts = [first(&markdown, "**In order**"), first(&html, "<b>In order</b>"), told.out.clone()];
    for line in lines {
        assert!(starts.iter().all(|start| start.contains(line)), "{line} is not in what needs attention");
    }
    assert!(markdown.contains("- 1 exception holds, with an owner and an end that has not come."));
}

#[test]
fn the_pages_for_people_tell_all_of_it() {
    let Story { sandbox, .. } = eventful();
    sandbox.run("evidence -o ~/report --policy ~/policy").done();
    let (markdown, html) = (text(&sandbox, "report/evidence.md"), text(&sandbox, "report/evidence.html"));
    for name in NAMES.iter().chain(&ITEM_NAMES) {
        assert!(markdown.contains(name), "{name} is not in the Markdown");
        assert!(html.contains(name), "{name} is not in the HTML");
    }
    insta::assert_snapshot!(sandbox.normal(&markdown));
}

#[test]
fn a_redacted_report_names_nobody_and_repeats_nothing_that_somebody_wrote() {
    let Story { sandbox, .. } = eventful();
    let told = sandbox.run("evidence -o ~/report --redact --policy ~/policy").done();
    for name in FILES {
        let text = text(&sandbox, &format!("report/{name}")).to_lowercase();
        for label in NAMES.iter().chain(&ITEM_NAMES).chain(&PLAN_NAMES) {
            assert!(!text.contains(&label.to_lowercase()), "{label} is in {name}");
        }
        assert!(!text.contains("as it was named then"), "{name}");
    }
    assert!(!NAMES.iter().chain(&ITEM_NAMES).any(|label| told.out.contains(label)), "{told}");
    let report = report(&sandbox, "report");
    // What is no name is as it was, and the same account, person and device are called the same everywhere.
    assert_eq!(column(&report, "passes", "state"), ["past", "closed", "live"]);
    assert_eq!(report["passes"][0]["sha256"], "31".repeat(32));
    assert_eq!(report["passes"][0]["entry"], report["privileged"][0]["entry"]);
    assert_eq!(report["passes"][0]["to"], report["passes"][1]["to"]);
    assert_eq!(report["passes"][1]["identified"], Value::Null, "that nobody said it is told");
    assert_eq!(report["incidents"][1]["subject"], report["privileged"][1]["device"]);
    let weak = report["plan"]["check"]["weak_accounts"].as_array().unwrap();
    assert!(weak[0]["name"].as_str().unwrap().starts_with("account-"), "{weak:?}");
    assert_eq!(weak[1]["name"], report["privileged"][0]["entry"]["name"]);
    for (place, sort) in [
        ("/passes/0/to", "person-"),
        ("/passes/0/reason", "text-"),
        ("/passes/0/identified", "text-"),
        ("/passes/0/channel", "text-"),
        ("/exceptions_with_end/1/owner", "person-"),
        ("/exceptions_with_end/1/reason", "text-"),
        ("/incidents/0/subject", "person-"),
        ("/incidents/1/reason", "text-"),
        ("/incidents/1/tasks/1/note", "text-"),
        ("/incidents/1/tasks/3/about", "text-"),
        ("/incidents/1/tasks/3/done_note", "text-"),
    ] {
        let pseudonym = report.pointer(place).unwrap().as_str().unwrap();
        assert!(pseudonym.starts_with(sort) && pseudonym.len() == sort.len() + 8, "{place}: {pseudonym}");
    }
}

#[test]
fn what_happened_to_them_is_among_the_changes() {
    let Story { sandbox, .. } = eventful();
    let report = made(&sandbox, "--since 1d");
    assert_eq!(
        column(&report, "changes", "event"),
        [
            "plan-changed",
            "exception-added",
            "exception-ended",
            "incident-opened",
            "incident-closed",
            "task-done",
            "pass-closed",
            "runbook-changed",
            "pass-issued",
        ]
    );
    let issued = report["changes"].as_array().unwrap().last().unwrap();
    assert_eq!(issued["details"]["to"], "Heidelbeerhelfer");
    let redacted = {
        sandbox.run("evidence -o ~/redacted --redact --since 1d").done();
        self::report(&sandbox, "redacted")
    };
    let issued = redacted["changes"].as_array().unwrap().iter().find(|item| item["event"] == "pass-issued");
    let details = &issued.unwrap()["details"];
    assert_eq!(details["to"], redacted["passes"][0]["to"], "one person has one pseudonym");
    assert_eq!(details["until"], "2027-02-16T08:50:00Z");
    assert!(details["from"].as_str().unwrap().starts_with("text-"), "it is no moment: {details}");
}

#[test]
fn the_period_takes_in_what_was_open_at_any_moment_of_it() {
    let sandbox = Sandbox::with_entry();
    let entry = open(&sandbox).vault().entries[0].id;
    let (from, at) = (NOW + 99 * DAY, NOW + 100 * DAY);
    // Each of a list by when it began and when it ended.
    let spans = [
        (from - 2, Some(from - 1)),
        (from - 2, Some(from)),
        (from - 2, Some(at + 1)),
        (from - 2, None),
        (at, None),
        (at + 1, None),
    ];
    let numbered = || spans.into_iter().zip(1_u8..);
    change(&sandbox, |vault| {
        for ((began, ended), number) in numbered() {
            let mut one = exception(number, entry, ExceptionKind::Clone, [began, at]);
            one.ended = ended;
            vault.items.exceptions.push(one);
            let mut one = incident(number, IncidentKind::Stolen, "", began);
            one.closed = ended;
            vault.items.incidents.push(one);
            let mut one = pass(number, entry, began);
            one.closed = ended;
            vault.items.passes.push(one);
        }
    });
    sandbox.wait(300 * DAY);
    let report = made(&sandbox, &format!("--since 1d --at {at}"));
    let ids = ["02020202", "03030303", "04040404", "05050505"];
    let states = |closed, open| [closed, open, open, open].map(Value::from);
    for (part, field, expected) in [
        // The end of all of these comes at the moment itself.
        ("exceptions_with_end", "state", states("ended", "past")),
        ("incidents", "closed", [json!("2027-04-24T08:00:00Z"), Value::Null, Value::Null, Value::Null]),
        ("passes", "state", [json!("closed"), json!("past"), json!("past"), json!("live")]),
    ] {
        assert_eq!(column(&report, part, "id"), ids, "{part}");
        assert_eq!(column(&report, part, field), expected.iter().collect::<Vec<_>>(), "{part}");
    }
}

#[test]
fn the_same_vault_log_and_moment_give_the_same_bytes_with_all_of_it() {
    let Story { sandbox, .. } = eventful();
    let copy = Sandbox::empty();
    for name in ["vault.lifeboat", "vault.lifeboat.log", "key", "policy"] {
        copy.write(name, sandbox.read(name));
    }
    copy.wait(300 * DAY);
    copy.run(&format!("evidence -o ~/report --policy ~/policy --at {AT} --key-file ~/key")).done();
    sandbox.run("evidence -o ~/report --policy ~/policy").done();
    for name in FILES.map(|name| format!("report/{name}")) {
        assert_eq!(text(&copy, &name), text(&sandbox, &name), "{name}");
    }
}

#[test]
fn a_vault_without_any_of_it_says_so() {
    let sandbox = Sandbox::with_vault();
    let report = made(&sandbox, "");
    for part in ["exceptions_with_end", "incidents", "passes"] {
        assert_eq!(report[part], json!([]), "{part}");
    }
    assert_eq!(report["plan"], json!({ "state": "none", "last_changed": null, "things": 0, "check": null }));
    assert_eq!(report["vault"]["items_unread"], 0);
    let page = text(&sandbox, "report/evidence.md");
    for line in [
        "- No incident in the period, and none is open.",
        "- No exception holds.",
        "- No pass is open.",
        "- There is no recovery plan: what each account depends on is not known.",
        "## Incidents\n\nNone in the period.\n",
        "## Exceptions with an owner and an end\n\nNone in the period.\n",
        "## Passes that were issued\n\nNone in the period.\n",
        "## Recovery plan\n\nThere is no recovery plan",
        "## What else weakens something\n\nNone.\n",
    ] {
        assert!(page.contains(line), "{line} is not in the page");
    }
}

#[test]
fn what_a_newer_version_wrote_is_counted_and_none_is_not_said_of_it() {
    let sandbox = Sandbox::with_vault();
    let unread = |list| UnreadItem { list, text: r#"{"kind":"Zukunftsbeere"}"#.to_owned() };
    change(&sandbox, |vault| {
        vault.items = Items { unread: vec![unread("incidents"), unread("passes")], ..Items::default() };
        vault.plan = lifeboat::vault::StoredPlan::Unread(r#"{"things":[],"layers":1}"#.to_owned());
    });
    assert_eq!(open(&sandbox).vault().items.unread.len(), 2);
    let report = made(&sandbox, "");
    assert_eq!(report["vault"]["items_unread"], 2);
    assert_eq!(report["plan"]["state"], "unread");
    let page = text(&sandbox, "report/evidence.md");
    assert!(page.contains("- 2 items that a newer version wrote"), "{page}");
    assert!(page.contains("## Incidents\n\nNone that this version could read.\n"), "{page}");
    assert!(page.contains("- The recovery plan was written by a newer version"), "{page}");
    assert!(!page.contains("No incident") && !page.contains("Zukunftsbeere"), "{page}");
}

#[test]
fn a_plan_that_means_nothing_any_more_is_told_as_one_that_could_not_be_checked() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("plan.toml", "[[thing]]\nname = \"a\"\nkind = \"account\"\n");
    sandbox.run("plan import ~/plan.toml").done();
    change(&sandbox, |vault| {
        let lifeboat::vault::StoredPlan::Read(plan) = &mut vault.plan else { panic!("a plan") };
        // A way in without anything in it: no command writes such a thing.
        plan.things[0].ways.push(lifeboat::recovery::plan::Way { of: Vec::new(), at_least: None });
    });
    let report = made(&sandbox, "");
    assert_eq!((&report["plan"]["state"], &report["plan"]["check"]), (&json!("not-checkable"), &Value::Null));
    assert!(
        text(&sandbox, "report/evidence.md")
            .contains("could not be checked: together with what the vault knows")
    );
}

#[test]
fn the_things_to_do_of_a_large_incident_are_all_in_the_report_and_the_urgent_ones_on_the_pages() {
    let sandbox = Sandbox::with_entry();
    let entry = open(&sandbox).vault().entries[0].id;
    change(&sandbox, |vault| {
        let mut stolen = incident(1, IncidentKind::Stolen, "", NOW);
        stolen.tasks =
            (0..250).map(|n| task(TaskStep::RotateSeed, entry, (n < 200).then_some(NOW))).collect();
        vault.items.incidents.push(stolen);
    });
    let report = made(&sandbox, "");
    assert_eq!(report["incidents"][0]["tasks"].as_array().unwrap().len(), 250);
    let page = text(&sandbox, "report/evidence.md");
    assert_eq!(page.matches("**not yet**").count(), 50);
    assert_eq!(page.matches("as Lifeboat saw").count(), 50);
    assert!(page.contains("| 150 more, which evidence.json has |"), "{page}");
}

#[test]
fn a_thing_to_do_about_an_entry_that_is_gone_has_the_name_of_then() {
    let sandbox = Sandbox::with_vault();
    change(&sandbox, |vault| {
        let mut stolen = incident(1, IncidentKind::Stolen, "", NOW);
        stolen.tasks = vec![task(TaskStep::Prove, lifeboat::entry::EntryId::from_bytes([5; 16]), None)];
        vault.items.incidents.push(stolen);
    });
    let report = made(&sandbox, "");
    let to_do = &report["incidents"][0]["tasks"][0];
    assert_eq!((&to_do["entry"]["name"], &to_do["about"]), (&Value::Null, &json!("as it was named then")));
    assert!(
        text(&sandbox, "report/evidence.md").contains("| as it was named then, gone for good (privileged) |")
    );
    sandbox.run("evidence -o ~/redacted --redact").done();
    let to_do = self::report(&sandbox, "redacted")["incidents"][0]["tasks"][0].clone();
    assert_eq!(to_do["about"], Value::Null);
    assert!(to_do["entry"]["name"].as_str().unwrap().starts_with("entry-"));
}

#[test]
fn what_people_wrote_is_no_markup_and_commands_no_terminal() {
    let sandbox = Sandbox::with_entry();
    let entry = open(&sandbox).vault().entries[0].id;
    let hostile = "<b>|x\u{1b}[2J\u{202e}\r\n# `y`";
    change(&sandbox, |vault| {
        let label = || lifeboat::entry::Label::new(hostile);
        let mut one = exception(1, entry, ExceptionKind::Clone, [NOW, NOW]);
        (one.owner, one.reason) = (label(), hostile.into());
        vault.items.exceptions.push(one);
        let mut one = incident(2, IncidentKind::Leaver, hostile, NOW);
        one.reason = hostile.into();
        let mut to_do = task(TaskStep::Prove, entry, Some(NOW));
        (to_do.entry, to_do.about, to_do.note) = (None, label(), hostile.into());
        to_do.done.as_mut().unwrap().note = hostile.into();
        one.tasks.push(to_do);
        vault.items.incidents.push(one);
        let mut one = pass(3, entry, NOW);
        (one.to, one.reason) = (label(), hostile.into());
        (one.identified, one.channel) = (Some(hostile.into()), Some(hostile.into()));
        vault.items.passes.push(one);
    });
    let report = made(&sandbox, "");
    assert_eq!(report["passes"][0]["channel"], hostile, "for programs it is as it came");
    for name in FILES {
        let text = text(&sandbox, &format!("report/{name}"));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{name}");
    }
    let (markdown, html) = (text(&sandbox, "report/evidence.md"), text(&sandbox, "report/evidence.html"));
    assert!(!html.contains("<b>|x") && html.contains("&lt;b&gt;|x"));
    assert!(!markdown.contains("<b>|x") && markdown.contains("\\<b\\>\\|x"));
    assert!(!markdown.lines().any(|line| line.starts_with("# `")));
    // An incident, what it left to do, an exception and a pass: a row each.
    assert_eq!(markdown.lines().filter(|line| line.contains("\\<b\\>\\|x")).count(), 4, "{markdown}");
}

/// A report that was made before there were incidents, exceptions with an end, passes and a plan in one.
const BEFORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/evidence/before-incidents");

#[test]
fn a_report_from_before_fits_its_signature_and_its_pages_are_made_again_as_they_were() {
    let auditor = Sandbox::empty();
    std::fs::create_dir(auditor.path("report")).unwrap();
    let read = |name: &str| std::fs::read(format!("{BEFORE}/{name}")).unwrap();
    for name in FILES {
        auditor.write(&format!("report/{name}"), read(name));
    }
    auditor.write("signers", read("signers"));
    let told = auditor.run("evidence verify ~/report --signers ~/signers --json").done();
    let verified = told.json("lifeboat.evidence-verify/1");
    let old: Value = serde_json::from_slice(&read("evidence.json")).unwrap();
    // Pages of another version are not made again.
    let is_same = old["tool"]["version"] == env!("CARGO_PKG_VERSION");
    assert_eq!(verified["pages_compared"], is_same, "{told}");
    for part in ["incidents", "exceptions_with_end", "passes", "plan"] {
        assert_eq!(old.get(part), None, "{part}");
    }
}

#[test]
fn a_page_that_says_something_else_of_an_incident_is_found() {
    let Story { sandbox, .. } = eventful();
    sandbox.run("evidence -o ~/report").done();
    sandbox.write("signers", sandbox.run("evidence key").done().out);
    sandbox.run("evidence verify ~/report --signers ~/signers").done();
    let page = text(&sandbox, "report/evidence.md");
    let altered = page.replace("| **2 of 4** | **open** |", "| 4 of 4 | 2027-01-30 08:00 |");
    assert_ne!(altered, page);
    sandbox.write("report/evidence.md", altered);
    sandbox.run("evidence verify ~/report --signers ~/signers").exits(7).says("evidence.md does not say");
}
