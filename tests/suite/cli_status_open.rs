//! `status`: incidents and passes that nobody has closed, and what the plan comes to.

use lifeboat::entry::{EntryId, Label};
use lifeboat::recovery::incident::{Done, Incident, IncidentKind, Task, TaskStep};
use lifeboat::recovery::item::ItemId;
use lifeboat::recovery::pass::IssuedPass;
use serde_json::json;

use crate::quarantine::rewrite;
use crate::support::{NOW, Sandbox};

fn quiet() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.run("prove AWS --accepted").done();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    sandbox.run("status --check").done();
    sandbox
}

fn task(done: bool) -> Task {
    Task {
        step: TaskStep::RotateSeed,
        entry: None,
        about: Label::new("AWS:root"),
        privileged: false,
        note: String::new(),
        done: done.then(|| Done { at: NOW, by_itself: false, note: String::new() }),
    }
}

fn incident(number: u8, kind: IncidentKind, tasks: &[bool]) -> Incident {
    Incident {
        id: ItemId::from_bytes([number; 4]),
        kind,
        subject: None,
        reason: String::new(),
        opened: NOW - u64::from(number),
        until: None,
        basis: Vec::new(),
        closed: None,
        tasks: tasks.iter().map(|done| task(*done)).collect(),
    }
}

fn pass(number: u8, entry: EntryId, until: u64, closed: Option<u64>) -> IssuedPass {
    IssuedPass {
        id: ItemId::from_bytes([number; 4]),
        entry,
        to: Label::new("Helpdesk: Jo"),
        reason: "INC-4711".to_owned(),
        identified: None,
        channel: None,
        issued: NOW,
        from: NOW,
        until,
        privileged: false,
        sha256: [7; 32],
        closed,
    }
}

#[test]
fn open_incidents_are_told_with_how_much_is_left_and_the_line_that_helps() {
    let sandbox = quiet();
    rewrite(&sandbox, |vault| {
        let subject = Some(Label::new("phone-ana"));
        let lost = Incident { subject, ..incident(1, IncidentKind::LostDevice, &[true, false, false]) };
        let closed = Incident { closed: Some(NOW), ..incident(2, IncidentKind::Stolen, &[true]) };
        vault.items.incidents = vec![lost, closed];
    });
    let told = sandbox.run("status --check").exits(7);
    let told =
        told.prints("OPEN         1 incident is open, 2 things to do: `lifeboat incident show 01010101`");
    assert!(told.out.contains("01010101 lost-device phone-ana, 2 things left"), "{told}");
    assert!(!told.out.contains("02020202"), "{told}");
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(json["incidents"][0]["left"], 2);
    assert_eq!(json["incidents"][0]["tasks"], 3);
    assert_eq!(json["incidents"][0]["subject"], "phone-ana");
    assert_eq!(json["groups"]["open"][0]["counts"], true);
    // One in which nothing is left and that nobody has closed is open all the same.
    rewrite(&sandbox, |vault| {
        vault.items.incidents =
            vec![incident(3, IncidentKind::Leaver, &[true]), incident(4, IncidentKind::Leaver, &[false])];
    });
    sandbox
        .run("status --check")
        .exits(7)
        .prints("2 incidents are open, 1 thing to do: `lifeboat incident show ID`");
}

#[test]
fn a_break_glass_session_is_told_while_it_runs_and_after_it_until_its_list_is_closed() {
    let sandbox = quiet();
    let session =
        |closed| Incident { until: Some(NOW + 3600), closed, ..incident(5, IncidentKind::BreakGlass, &[]) };
    rewrite(&sandbox, |vault| {
        vault.items.incidents = vec![incident(6, IncidentKind::Stolen, &[false]), session(None)];
    });
    let told = sandbox.run("status --check").exits(7);
    let told = told.prints(
        "OPEN         a break-glass session runs until 2027-01-15T09:00:00Z, no list yet: `lifeboat incident show 05050505`",
    );
    let (session_at, other_at) = (told.out.find("break-glass"), told.out.find("1 incident is open"));
    assert!(session_at < other_at && other_at.is_some(), "{told}");
    assert_eq!(
        sandbox.run("status --json").done().json("lifeboat.status/1")["incidents"][0]["running"],
        true
    );
    sandbox.wait(3600);
    sandbox
        .run("status --check")
        .exits(7)
        .prints("a break-glass session ended on 2027-01-15T09:00:00Z and is not closed");
    rewrite(&sandbox, |vault| vault.items.incidents = vec![session(Some(NOW + 3600))]);
    sandbox.run("status --check").done();
}

#[test]
fn passes_stay_until_somebody_closes_them() {
    let sandbox = quiet();
    rewrite(&sandbox, |vault| {
        let entry = vault.entries[0].id;
        vault.items.passes =
            vec![pass(1, entry, NOW + 3600, None), pass(2, entry, NOW, None), pass(3, entry, NOW, Some(NOW))];
    });
    let told = sandbox.run("status --check").exits(7);
    let told = told.prints("1 pass has ended and not closed").prints("1 pass is given out and not ended");
    assert!(told.out.contains("01010101 AWS:root to Helpdesk: Jo, until 2027-01-15T09:00:00Z"), "{told}");
    assert!(told.out.contains("02020202 AWS:root to Helpdesk: Jo, ended 2027-01-15T08:00:00Z"), "{told}");
    assert!(told.out.contains("`lifeboat pass close ID`") && !told.out.contains("03030303"), "{told}");
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    let live: Vec<bool> =
        json["passes"].as_array().unwrap().iter().map(|pass| pass["live"].as_bool().unwrap()).collect();
    assert_eq!(live, [false, true]);
}

#[test]
fn names_of_incidents_and_passes_are_shown_and_not_obeyed() {
    let sandbox = quiet();
    rewrite(&sandbox, |vault| {
        let entry = vault.entries[0].id;
        let bad = Label::new("x\u{1b}[2J\nDUE");
        vault.items.incidents =
            vec![Incident { subject: Some(bad.clone()), ..incident(1, IncidentKind::Leaver, &[false]) }];
        vault.items.passes = vec![IssuedPass { to: bad, ..pass(2, entry, NOW, None) }];
    });
    let told = sandbox.run("status").done();
    assert!(!told.out.contains('\u{1b}') && !told.out.contains("\nDUE"), "{told}");
    assert!(told.out.contains("x<U+001B>[2J<U+000A>DUE"), "{told}");
}

const PLAN: &str = r#"
[[thing]]
name = "safe"
kind = "place"

[[thing]]
name = "key"
kind = "hardware-key"
needs = ["safe"]
lost = true

[[thing]]
name = "password"
kind = "password"

[[thing]]
name = "Drive"
kind = "account"
ways = [["password"]]

[[thing]]
name = "Entra"
kind = "account"
privileged = true
ways = [["password", "key"]]
"#;

#[test]
fn the_plan_says_what_cannot_be_reached_and_what_alone_takes_accounts_away() {
    let sandbox = quiet();
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["plan"], json!(null), "what the vault knows by itself is no plan of a person");
    sandbox.write("plan.toml", PLAN);
    sandbox.run("plan import ~/plan.toml").done();
    let told = sandbox.run("status --check").exits(7);
    let told = told.prints("UNREACHABLE  1 account cannot be reached now: `lifeboat plan check` says why");
    assert!(told.out.contains("Entra\n"), "{told}");
    assert!(told.out.contains("password (1 account)"), "{told}");
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["plan"]["unreachable_now"], json!(["Entra"]));

    // Single points are told and are nothing that is due: nearly every plan has some.
    sandbox.write("plan.toml", PLAN.replace("lost = true", ""));
    sandbox.run("plan import ~/plan.toml").done();
    let told = sandbox.run("status --check").done().prints("take accounts away when lost alone");
    assert!(told.out.contains("password (2 accounts)"), "{told}");
}

#[test]
fn a_circle_is_told_in_words() {
    let sandbox = quiet();
    let circle = r#"
[[thing]]
name = "OneDrive"
kind = "service"
ways = [["Entra"]]

[[thing]]
name = "Entra"
kind = "account"
ways = [["the bundle"]]

[[thing]]
name = "the bundle"
kind = "bundle"
ways = [["OneDrive"]]
"#;
    sandbox.write("plan.toml", circle);
    sandbox.run("plan import ~/plan.toml").done();
    let told = sandbox.run("status --check").exits(7).prints("1 circle is in the plan");
    assert!(
        told.out.contains("Entra needs the bundle · the bundle needs OneDrive · OneDrive needs Entra"),
        "{told}"
    );
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["plan"]["circles"].as_array().unwrap().len(), 1);
}

#[test]
fn the_most_urgent_group_stands_first() {
    let sandbox = quiet();
    sandbox.write("plan.toml", PLAN);
    sandbox.run("plan import ~/plan.toml").done();
    sandbox.add("otpauth://totp/Git:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.run("exception add AWS clone --until 9d --owner Ana").done();
    rewrite(&sandbox, |vault| vault.items.incidents = vec![incident(1, IncidentKind::Stolen, &[false])]);
    sandbox.wait(8 * 86_400);
    let told = sandbox.run("status").done();
    let places: Vec<usize> =
        ["\nUNREACHABLE ", "\nOPEN ", "\nDUE ", "\nUNPROVEN ", "\nUNDRILLED ", "\nEXPIRING "]
            .iter()
            .map(|word| told.out.find(word).unwrap_or_else(|| panic!("{word:?} is not there:\n{told}")))
            .collect();
    assert!(places.is_sorted(), "{told}");
    assert!(told.out.lines().count() <= 24, "one screen:\n{told}");
}

#[test]
fn a_review_that_is_near_expires_and_is_not_due() {
    let sandbox = quiet();
    sandbox.run("bundle create -o ~/r.lifeboat --bundle-key-file ~/bk --review 20d --label Safe").done();
    sandbox.run("drill run ~/r.lifeboat --bundle-key-file ~/bk --attest AWS=INC-1").done();
    assert!(!sandbox.run("status").done().out.contains("EXPIRING"));
    sandbox.wait(6 * 86_400);
    let told = sandbox
        .run("status --check")
        .done()
        .prints("EXPIRING     the review of a bundle is due on 2027-02-04: Safe");
    assert!(told.out.contains("nothing is due"), "{told}");
    sandbox.wait(14 * 86_400);
    sandbox.run("status --check").exits(7).prints("DUE          the review of a bundle is due: Safe");
}
