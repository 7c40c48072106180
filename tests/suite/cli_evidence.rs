//! Evidence: what a report says, that it is the same wherever it is made, and that it holds no secret.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use sha2::Digest as _;

use crate::evidence_story::{DAY, NAMES, Story, story};
use crate::log_fixture::{append, open, record};
use crate::support::{NOW, Sandbox};
use lifeboat::audit::Event;

pub(crate) const FILES: [&str; 4] = ["evidence.json", "evidence.md", "evidence.html", "evidence.json.sig"];

pub(crate) fn text(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.read(name)).unwrap()
}

pub(crate) fn report(sandbox: &Sandbox, folder: &str) -> Value {
    serde_json::from_slice(&sandbox.read(&format!("{folder}/evidence.json"))).unwrap()
}

/// A report of this vault into a folder, as JSON.
pub(crate) fn made(sandbox: &Sandbox, line: &str) -> Value {
    sandbox.run(&format!("evidence -o ~/report {line}")).done();
    report(sandbox, "report")
}

#[test]
fn a_report_says_what_the_vault_and_its_log_hold() {
    let Story { sandbox, zwetschke, holunder } = story();
    let report = made(&sandbox, "--policy ~/policy");
    assert_eq!(report["schema"], "lifeboat.evidence/1");
    assert_eq!(
        report["period"],
        json!({ "from": "2026-11-18T08:00:00Z", "to": "2027-02-16T08:00:00Z", "seconds": 90 * DAY })
    );
    let session = open(&sandbox);
    assert_eq!(report["vault"]["id"], session.vault().id.to_string());
    assert_eq!(report["vault"]["entries"], 2);
    assert_eq!(report["vault"]["in_trash"], 1);
    // The clock of the story is set back once, which is told whatever the reason was.
    assert_eq!(report["log"]["whole"], false);
    let kinds: Vec<&Value> =
        report["log"]["findings"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["clock-went-back"]);
    assert_eq!(report["log"]["gaps"], 1);
    let named = |id: &str, name: &str| json!({ "id": id, "name": name });

    let [first, second] = report["drills"].as_array().unwrap().as_slice() else { panic!("two drills") };
    assert_eq!(first["level"], "L2");
    assert_eq!(first["clean"], false);
    assert_eq!(first["clock_off_seconds"], -90);
    let stale = json!({ "verdict": "stale", "count": 1, "entries": [named(&holunder, "Holunder:Schlehe")] });
    assert_eq!(first["found"][1], stale);
    assert_eq!(second["level"], "L3");
    assert_eq!(second["at"], "2027-01-26T08:00:00Z");
    assert_eq!(
        (second["first_code_ms"].as_u64(), second["total_ms"].as_u64()),
        (Some(61_000), Some(754_000))
    );
    let attested =
        json!([{ "entry": named(&zwetschke, "Zwetschke:marille"), "reference": "Ebereschenfall" }]);
    assert_eq!(second["attested"], attested);

    let [selection, whole] = report["bundles"].as_array().unwrap().as_slice() else { panic!("two bundles") };
    assert_eq!((&selection["selected"], &selection["entries"]), (&json!(true), &json!(1)));
    assert_eq!(whole["label"], "Kornelkirsche");
    assert!(whole["path"].as_str().unwrap().ends_with("Lagerhaus/b.lifeboat"));
    assert_eq!(whole["review_overdue"], true);
    assert_eq!((&whole["changed"], &whole["removed"]), (&json!(1), &json!(1)));
    let last: Vec<_> = whole["last_drills"].as_array().unwrap().iter().map(|last| &last["level"]).collect();
    assert_eq!(last, ["L0", "L1", "L2", "L3"]);
    assert_eq!(selection["last_drills"], json!([]));

    let set = &report["share_sets"][0];
    assert_eq!((&set["needed"], &set["of"], &set["replaced"]), (&json!(2), &json!(3), &Value::Null));
    assert_eq!(set["custodians"][1]["name"], "Vogelbeer");
    assert_eq!(set["custodians"][1]["acknowledged"], "2027-01-17T08:00:00Z");
    assert_eq!(set["custodians"][0]["acknowledged"], Value::Null);
    assert_eq!(report["acknowledgements"][0]["share"], 2);

    let [first, second] = report["privileged"].as_array().unwrap().as_slice() else { panic!("two accounts") };
    assert_eq!(first["entry"], named(&zwetschke, "Zwetschke:marille"));
    assert_eq!((&first["provenance"], &first["proven_days_ago"]), (&json!("enrolled"), &json!(32)));
    assert_eq!((&first["newest_bundle"], &first["bundles"]), (&json!("as-it-is"), &json!(1)));
    assert_eq!(first["accepted"], "2027-01-26T08:00:00Z");
    assert_eq!(first["recovery_codes_left"], 2);
    assert_eq!((&second["provenance"], &second["device"]), (&json!("copied"), &json!("Hagebuttentelefon")));
    assert_eq!((&second["newest_bundle"], &second["proven"]), (&json!("older-seed"), &Value::Null));
    assert_eq!((&second["rotated"], &second["seed"]), (&json!("2027-01-17T08:00:00Z"), &json!("good")));

    let events = |part: &str| -> Vec<String> {
        let items = report[part].as_array().unwrap().iter();
        items.map(|item| item["event"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(events("changes"), ["added", "added", "added", "proven", "removed", "rotated"]);
    assert_eq!(events("rehearsals"), ["rehearsed"]);
    assert_eq!(events("exceptions"), ["exported", "gap", "sandbox-off"]);
    let removed = &report["changes"][4];
    assert_eq!(removed["reason"], "Maulbeeramt");
    assert_eq!((&removed["user"], &removed["host"]), (&json!("ana"), &json!("workstation")));
    assert_eq!((&removed["outcome"], &removed["entry"]["name"]), (&json!("saved"), &json!("Berberitze")));
    assert_eq!(removed["way"].as_str().unwrap().len(), 8);

    let policy = &report["policy"];
    let sha256 = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(sandbox.read("policy")));
    assert_eq!(policy["sha256"], json!(sha256));
    assert_eq!(policy["text"], json!(text(&sandbox, "policy")));
    let applications = policy["applications"].as_array().unwrap();
    assert_eq!(applications[0]["entries"][0]["entry"]["name"], "Zwetschke:marille");
    assert_eq!(applications[1]["query"], "holunder:");
    assert_eq!(applications[1]["entries"][0]["privileged"], true);
    assert_eq!(applications[2]["entries"], json!([]));

    let summary = &report["summary"];
    for (count, expected) in [
        ("drills", 2),
        ("drills_with_findings", 1),
        ("bundles", 2),
        ("reviews_overdue", 1),
        ("shares", 3),
        ("shares_not_acknowledged", 2),
        ("privileged", 2),
        ("privileged_never_proven", 1),
        ("privileged_not_in_newest_bundle", 1),
        ("privileged_never_accepted", 1),
        ("never_proven", 1),
        ("proven_long_ago", 0),
        ("applications", 3),
        ("applications_without_entry", 1),
        ("exceptions", 3),
    ] {
        assert_eq!(summary[count], expected, "{count}");
    }
}

#[test]
fn a_bundle_with_the_present_seed_covers_an_account_whatever_else_has_changed() {
    let Story { sandbox, zwetschke, .. } = story();
    sandbox.run(&format!("prove {zwetschke} --accepted")).done();
    let report = made(&sandbox, "");
    assert_eq!(report["privileged"][0]["newest_bundle"], "same-seed");
    assert_eq!(report["privileged"][0]["bundles"], 0);
    assert_eq!(report["summary"]["privileged_not_in_newest_bundle"], 1, "the other one");
}

#[test]
fn the_pages_for_people_say_the_same() {
    let Story { sandbox, .. } = story();
    sandbox.run("evidence -o ~/report --policy ~/policy").done();
    let (markdown, html) = (text(&sandbox, "report/evidence.md"), text(&sandbox, "report/evidence.html"));
    let sha256 = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(sandbox.read("report/evidence.json")));
    for name in NAMES.iter().copied().chain([sha256.as_str(), "not phishing-resistant", "Needs attention"]) {
        assert!(markdown.contains(name), "{name} is not in the Markdown");
        assert!(html.contains(name), "{name} is not in the HTML");
    }
    insta::assert_snapshot!(sandbox.normal(&markdown));
}

#[test]
fn the_page_for_a_browser_runs_nothing_and_fetches_nothing() {
    let Story { sandbox, .. } = story();
    sandbox.add("otpauth://totp/%3Cscript%3Ealert(1)%3C%2Fscript%3E?secret=GEZDGNBVGY3TQOJQGEZA");
    sandbox.run("evidence -o ~/report --policy ~/policy").done();
    let html = text(&sandbox, "report/evidence.html");
    for word in ["<script", "http:", "https:", "//", "url(", "@import", "<img", "<link", "src=", "href="] {
        assert!(!html.contains(word), "{word} is in the page");
    }
    assert!(html.contains("default-src 'none'") && html.contains("&lt;script&gt;alert(1)"));
    // Whatever is left of the markup is what this program writes.
    let body = html.split_once("<body>").unwrap().1;
    for tag in
        body.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap().trim_start_matches('/'))
    {
        let known = "h1 h2 p section div b i ul li table thead tbody tr th td pre body html";
        assert!(known.split(' ').any(|name| name == tag), "<{tag}> is in the page");
    }
}

#[test]
fn the_same_vault_log_and_moment_give_the_same_bytes() {
    let Story { sandbox, .. } = story();
    let copies = [Sandbox::empty(), Sandbox::empty()];
    for copy in &copies {
        for name in ["vault.lifeboat", "vault.lifeboat.log", "key", "policy"] {
            copy.write(name, sandbox.read(name));
        }
    }
    // On another day, by somebody else's clock.
    for days in [40, 300] {
        let at = if days == 40 { "2027-02-16T08:00:00Z".to_owned() } else { (NOW + 32 * DAY).to_string() };
        let copy = &copies[usize::from(days != 40)];
        copy.wait(days * DAY);
        copy.run(&format!("evidence -o ~/report --policy ~/policy --at {at} --key-file ~/key")).done();
    }
    sandbox.run("evidence -o ~/report --policy ~/policy").done();
    for name in FILES.map(|name| format!("report/{name}")) {
        assert_eq!(text(&copies[0], &name), text(&sandbox, &name), "{name}");
        assert_eq!(text(&copies[1], &name), text(&sandbox, &name), "{name}");
    }
}

#[test]
fn a_report_leaves_one_record_and_speaks_of_the_log_before_it() {
    let Story { sandbox, .. } = story();
    let before = text(&sandbox, "vault.lifeboat.log");
    let vault = sandbox.read("vault.lifeboat");
    let told = sandbox.run("evidence -o ~/report --since 7d --redact").done();
    let after = text(&sandbox, "vault.lifeboat.log");
    assert!(after.starts_with(&before));
    assert_eq!(after.lines().count(), before.lines().count() + 1);
    assert_eq!(sandbox.read("vault.lifeboat"), vault);
    let report = report(&sandbox, "report");
    assert_eq!(report["log"]["count"], before.lines().count());
    let head = last_record(&sandbox).1;
    assert_eq!(report["log"]["head"], json!(head));
    assert!(told.out.contains(&head), "{told}");
    let (made, _) = last_record(&sandbox);
    assert_eq!(made.event, Event::EvidenceMade);
    let sha256 = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(sandbox.read("report/evidence.json")));
    let at = NOW + 32 * DAY;
    for (name, value) in [
        ("sha256", sha256),
        ("at", at.to_string()),
        ("since", (at - 7 * DAY).to_string()),
        ("redacted", "yes".into()),
    ] {
        assert!(made.facts.contains(&(name.into(), value)), "{name}: {made:?}");
    }
}

/// The last record of the log, and the head of the chain before it.
fn last_record(sandbox: &Sandbox) -> (lifeboat::audit::Record, String) {
    use lifeboat::audit::{Line, SealedLine};
    use lifeboat::envelope::{MasterKey, aead};
    let log = text(sandbox, "vault.lifeboat.log");
    let Some(Line::Sealed(line)) = Line::parse(log.lines().last().unwrap()) else { panic!("no sealed line") };
    let session = open(sandbox);
    let vault = session.vault();
    let key = MasterKey::from_bytes(vault.keys.log.expose().try_into().unwrap());
    let mut info = b"lifeboat/1/log\0".to_vec();
    info.extend_from_slice(&vault.id.0);
    info.extend_from_slice(&line.number.to_be_bytes());
    let binding = SealedLine::binding(line.number, &line.previous);
    let opened = aead::open_small(&key, &info, binding.as_bytes(), &line.sealed).unwrap();
    let record = lifeboat::wire::log_v1::parse(opened.expose()).unwrap();
    (record, data_encoding::HEXLOWER.encode(&line.previous))
}

#[test]
fn the_period_has_both_of_its_ends_and_nothing_beyond_them() {
    let sandbox = Sandbox::with_vault();
    let at = NOW + 100 * DAY;
    let moments = [at - DAY - 1, at - DAY, at, at + 1];
    let records = moments.map(|at| record(at, Event::Rehearsed));
    append(&sandbox, &records);
    sandbox.wait(101 * DAY);
    let report = made(&sandbox, &format!("--since 1d --at {at}"));
    let listed: Vec<_> = report["rehearsals"].as_array().unwrap().iter().map(|item| &item["at"]).collect();
    assert_eq!(listed, ["2027-04-24T08:00:00Z", "2027-04-25T08:00:00Z"]);
    assert_eq!(report["log"]["in_period"], 2);
    // The head is that of the whole log.
    assert_eq!(report["log"]["count"], text(&sandbox, "vault.lifeboat.log").lines().count() - 1);
}

#[test]
fn a_change_that_never_reached_the_disk_is_told_as_one() {
    let sandbox = Sandbox::with_vault();
    let change = |event, generation| {
        let mut record = record(NOW, event);
        record.generation = Some(generation);
        record
    };
    append(
        &sandbox,
        &[
            change(Event::Added, 2),
            change(Event::NotDone, 2),
            change(Event::Removed, 2),
            change(Event::Saved, 2),
            change(Event::Rotated, 3),
        ],
    );
    let report = made(&sandbox, "");
    let outcomes: Vec<_> =
        report["changes"].as_array().unwrap().iter().map(|item| &item["outcome"]).collect();
    assert_eq!(outcomes, ["not-saved", "saved", "unknown"]);
    // The file is of the first generation, and the log has seen a second one.
    assert_eq!(report["exceptions"][0]["event"], "older-copy");
    assert_eq!(report["exceptions"][0]["details"]["newest generation"], "2");
}

#[test]
fn records_that_cannot_be_read_are_named_by_their_numbers() {
    let Story { sandbox, .. } = story();
    let log = text(&sandbox, "vault.lifeboat.log");
    let without: Vec<&str> =
        log.lines().enumerate().filter(|(idx, _)| !(3..5).contains(idx)).map(|(_, line)| line).collect();
    sandbox.write("vault.lifeboat.log", without.join("\n") + "\n");
    let told = sandbox.run("evidence -o ~/report").done();
    assert!(told.out.contains("The log is not whole: "), "{told}");
    let log = &report(&sandbox, "report")["log"];
    assert_eq!((&log["whole"], &log["unread"]), (&json!(false), &json!([{ "from": 4, "to": 5 }])));
    assert_eq!(log["findings"][0]["records"], json!({ "from": 4, "to": 5 }), "{log}");
}

#[test]
fn a_log_that_was_cut_is_shorter_than_the_vault_knew() {
    let Story { sandbox, .. } = story();
    let log = text(&sandbox, "vault.lifeboat.log");
    let start: Vec<&str> = log.lines().take(10).collect();
    sandbox.write("vault.lifeboat.log", start.join("\n") + "\n");
    let log = made(&sandbox, "")["log"].clone();
    assert_eq!((&log["count"], &log["whole"]), (&json!(10), &json!(false)));
    assert_eq!(log["unread"], json!([{ "from": 11, "to": log["anchored"] }]));
}

#[test]
fn its_files_are_for_their_owner_alone_and_a_report_is_never_replaced() {
    let Story { sandbox, .. } = story();
    sandbox.run("evidence -o ~/report").done();
    let mode = |name: &str| std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode("report"), 0o700);
    for name in FILES {
        assert_eq!(mode(&format!("report/{name}")), 0o600, "{name}");
    }
    let before = sandbox.read("report/evidence.json");
    sandbox.run("evidence -o ~/report").exits(8).says("a report lies in it already");
    assert_eq!(sandbox.read("report/evidence.json"), before);
    for name in FILES {
        let folder = format!("with-{name}");
        std::fs::create_dir(sandbox.path(&folder)).unwrap();
        sandbox.write(&format!("{folder}/{name}"), "mine");
        let why = if name == FILES[3] { "already" } else { "begun in it and never finished" };
        sandbox.run(&format!("evidence -o ~/{folder}")).exits(8).says(name).says(why);
        assert_eq!(sandbox.read(&format!("{folder}/{name}")), b"mine");
    }
    // What else lies in the folder stays.
    std::fs::create_dir(sandbox.path("case")).unwrap();
    sandbox.write("case/letter", "dear");
    sandbox.run("evidence -o ~/case").done();
    assert_eq!(sandbox.read("case/letter"), b"dear");
    sandbox.run("evidence -o ~/absent/report").exits(4).says("there is no folder");
    sandbox.run("evidence -o ~/key").exits(8).says("no folder");
}

#[test]
fn what_cannot_be_a_report_is_refused_and_nothing_is_left() {
    let Story { sandbox, .. } = story();
    sandbox.write("no-text", [0xff, 0xfe]);
    sandbox.write("with-seed", "see OTPAUTH://totp/a?secret=x\n");
    sandbox.write("too-many", "application: a\n".repeat(1001));
    let log = sandbox.read("vault.lifeboat.log");
    for (status, line, words) in [
        (4, "--policy ~/absent", "cannot use the policy"),
        (5, "--policy ~/no-text", "not a text"),
        (8, "--policy ~/with-seed", "holds no secret"),
        (8, "--policy ~/too-many", "1001 applications"),
        (8, "--at 2099-01-01T00:00:00Z", "still to come"),
        (2, "--at soon", "invalid value"),
        (2, "--since 1w", "invalid value"),
    ] {
        sandbox.run(&format!("evidence -o ~/report {line}")).exits(status).says(words);
        assert!(!sandbox.has("report"), "{line}");
    }
    assert_eq!(sandbox.read("vault.lifeboat.log"), log);
    sandbox.run("evidence").exits(2).says("--output");
    sandbox.run("evidence --redact key").exits(2).says("no options of a report");
}

#[test]
fn a_vault_in_which_nothing_happened_gives_a_report_too() {
    let sandbox = Sandbox::with_vault();
    let report = made(&sandbox, "--since 0s");
    for part in ["drills", "bundles", "share_sets", "privileged", "never_proven", "rehearsals", "exceptions"]
    {
        assert_eq!(report[part], json!([]), "{part}");
    }
    assert_eq!(report["policy"], Value::Null);
    let page = text(&sandbox, "report/evidence.md");
    assert!(page.contains("There is no bundle of all entries.") && page.contains("No drill has ever shown"));
}

/// The names of all fields, at every depth; what stands under `details` are the log's own.
fn fields(value: &Value, into: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields(item, into)),
        Value::Object(object) => {
            for (name, value) in object {
                into.insert(name.clone());
                if name != "details" {
                    fields(value, into);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_manual_describes_every_field() {
    let Story { sandbox, .. } = crate::evidence_items::eventful();
    let log = text(&sandbox, "vault.lifeboat.log");
    let without: Vec<&str> =
        log.lines().enumerate().filter(|(idx, _)| *idx != 3).map(|(_, line)| line).collect();
    sandbox.write("vault.lifeboat.log", without.join("\n") + "\n");
    sandbox.run("prove Zwetschke --accepted").done();
    sandbox.wait(400 * DAY);
    let report = made(&sandbox, "--since 1000d --policy ~/policy");
    for (part, value) in report.as_object().unwrap() {
        assert_ne!(value, &json!([]), "{part} is empty, so that its fields are not seen");
    }
    let mut found = std::collections::BTreeSet::new();
    fields(&report, &mut found);
    assert!(found.len() > 100, "{}", found.len());
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/man/lifeboat-evidence.7")).unwrap();
    let form = page.split(".Sh THE FORM OF EVIDENCE.JSON").nth(1).unwrap();
    let words: std::collections::BTreeSet<&str> = form.split([' ', '\n']).collect();
    let missing: Vec<_> = found.iter().filter(|name| !words.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_run_without_the_sandbox_is_told_and_logged() {
    use lifeboat::app::evidence::{Request, make};
    use lifeboat::platform::sandbox::{Mode, Protection};
    let sandbox = Sandbox::with_vault();
    let mut ctx = sandbox.context();
    ctx.protection = Protection::without_sandbox(Mode::Off);
    let mut session = open(&sandbox);
    let (folder, at) = (sandbox.path("first"), None);
    let request = Request { folder: &folder, since: DAY, at, redact: false, policy: None };
    make(&ctx, &mut session, &request).unwrap();
    assert!(session.take_notices().iter().any(|notice| notice.0.contains("--sandbox off")));
    // Not yet in the report of that run, which speaks of what was before it.
    assert_eq!(report(&sandbox, "first")["exceptions"], json!([]));
    assert_eq!(made(&sandbox, "")["exceptions"][0]["event"], "sandbox-off");
}
