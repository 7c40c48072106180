//! One story: a laptop with the vault on it is stolen, and what is to be done about it is done, until nothing is left.

use serde_json::Value;

use crate::support::{NOW, RFC_URI, Sandbox};

const PLAN: &str = r#"
[[thing]]
name = "Workstation"
kind = "device"

[[thing]]
name = "vault file"
kind = "other"
needs = ["Workstation"]

[[thing]]
name = "token app"
kind = "authenticator-android"
needs = ["Workstation"]

[[thing]]
name = "key in the safe"
kind = "hardware-key"

[[thing]]
name = "VPN"
kind = "account"
privileged = true
ways = [["token app"], ["key in the safe"]]
"#;

const DAY: u64 = 86_400;

fn tasks(shown: &Value) -> Vec<(u64, String, String)> {
    let tasks = shown["tasks"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    tasks.map(|task| (task["number"].as_u64().unwrap(), text(&task["step"]), text(&task["about"]))).collect()
}

#[test]
fn from_a_theft_to_nothing_left() {
    let sandbox = Sandbox::with_passphrase("the old words");
    let run = |line: &str| sandbox.run(&format!("{line} --passphrase-file ~/vault-passphrase"));
    let give = |line: &str, stdin: &str| {
        sandbox.command(&format!("{line} --passphrase-file ~/vault-passphrase")).stdin(stdin).run()
    };
    sandbox.write("plan.toml", PLAN);
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.write("new-words", "eleven slow barges under the bridge");
    give("add - --privileged --provenance copied --device workstation", RFC_URI).done();
    let shop = give("add -", "otpauth://totp/Shop:ben?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").done();
    run("plan import ~/plan.toml").done();
    run("show AWS --reveal").done();
    run("bundle create -o ~/first.lifeboat --bundle-passphrase-file ~/words").done();
    assert!(shop.out.trim().len() == 32);

    // The theft.
    sandbox.wait(30 * DAY);
    let opened =
        run("incident open stolen --device ' WORKSTATION' --json --reason 'taken from the train'").done();
    let opened = opened.says("Workstation is marked as lost in the plan");
    let shown = opened.json("lifeboat.incident/1");
    let id = shown["id"].as_str().unwrap().to_owned();
    check_list(&shown);
    let basis = shown["basis"].to_string();
    assert!(
        basis.contains("host `workstation`: at least since 2027-01-15; before that nothing is known"),
        "{basis}"
    );
    let people = run(&format!("incident show {id}")).done().out;
    assert!(people.contains("the second factor is never switched off"), "{people}");
    assert!(people.contains("with `lifeboat passwd --purge-previous`"), "{people}");
    run("plan check").exits(7).prints("Workstation: is marked as lost");
    run("incident open stolen --device workstation").exits(8).says(&id);

    let told = evidence(&sandbox, "before");
    assert_eq!((&told["kind"], &told["left"]), (&"stolen".into(), &14.into()), "{told}");
    assert!(told["closed"].is_null(), "{told}");

    // What a person says is done, and what the program has seen itself.
    run(&format!("incident done {id} 1 3-4 6 8-10 --note 'by telephone'")).done().prints("7 things are left");
    run(&format!("incident done {id} 4")).done().prints("4 was ticked off already, on 2027-02-14");
    sandbox
        .run("passwd --purge-previous --passphrase-file ~/vault-passphrase --new-passphrase-file ~/new-words")
        .done()
        .says(&format!("incident {id}: ticked off by itself: 2; 6 things to do are left"));
    sandbox.write("vault-passphrase", "eleven slow barges under the bridge");
    run("prove AWS --accepted").done();
    run("bundle create -o ~/early.lifeboat --bundle-passphrase-file ~/words").done();
    assert_eq!(
        left(&run(&format!("incident show {id} --json")).done().json("lifeboat.incident/1")),
        [5, 7, 11, 12, 13, 14]
    );

    sandbox.wait(DAY);
    give("edit AWS --seed -", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXW")
        .done()
        .says("ticked off by itself: 5; 5 things");
    run("prove AWS --accepted").done().says("ticked off by itself: 7");
    give("edit Shop --seed -", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXV").done().says("ticked off by itself: 12");
    run("bundle create AWS -o ~/one.lifeboat --bundle-passphrase-file ~/words").done();
    run("bundle create -o ~/all.lifeboat --bundle-passphrase-file ~/words")
        .done()
        .says("ticked off by itself: 14");
    run(&format!("incident done {id} 11")).done().prints("1 thing is left");
    run("prove Shop --accepted")
        .done()
        .says(&format!("incident {id}: ticked off by itself: 13; nothing left, it is closed"))
        .says("Workstation is still marked as lost in the plan");

    // Nothing is left, and everything says so.
    let shown = run(&format!("incident show {id} --json")).done().json("lifeboat.incident/1");
    assert_eq!(shown["closed"], NOW + 31 * DAY);
    assert_eq!(shown["tasks"][4]["done"], NOW + 31 * DAY);
    assert_eq!(
        (&shown["tasks"][4]["by_itself"], &shown["tasks"][3]["by_itself"]),
        (&true.into(), &false.into())
    );
    assert_eq!(shown["tasks"][3]["done_note"], "by telephone");
    run(&format!("incident show {id}")).done().prints("nothing left");
    run(&format!("incident done {id} 5")).exits(8).says("was closed on 2027-02-15");
    let log = run("audit list --json").done().json("lifeboat.audit/1");
    check_log(&log, &id);
    run("audit verify").done();

    // No incident is open any more, and evidence says so too.
    let list = run("incident list --json").done().json("lifeboat.incidents/1");
    let open: Vec<&Value> = list["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|incident| incident["closed"].is_null())
        .collect();
    assert!(open.is_empty(), "{open:?}");
    let told = evidence(&sandbox, "after");
    assert_eq!((&told["left"], told["closed"].is_string()), (&0.into(), true), "{told}");
    let steps = told["tasks"].as_array().unwrap();
    assert_eq!(steps.len(), 14);
    assert!(steps.iter().all(|task| task["done"].is_string()), "{told}");
}

/// What evidence says of the one incident.
fn evidence(sandbox: &Sandbox, name: &str) -> Value {
    sandbox.run(&format!("evidence -o ~/{name} --passphrase-file ~/vault-passphrase")).done();
    let report: Value = serde_json::from_slice(&sandbox.read(&format!("{name}/evidence.json"))).unwrap();
    let incidents = report["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 1, "{report}");
    incidents[0].clone()
}

fn left(shown: &Value) -> Vec<u64> {
    let tasks = shown["tasks"].as_array().unwrap().iter();
    tasks.filter(|task| task["done"].is_null()).map(|task| task["number"].as_u64().unwrap()).collect()
}

/// What is privileged and certain goes first, each with what is known of it.
#[track_caller]
fn check_list(shown: &Value) {
    let step = |number: u64, step: &str, about: &str| (number, step.to_owned(), about.to_owned());
    assert_eq!(
        tasks(shown),
        [
            step(1, "verify-identity", "WORKSTATION"),
            step(2, "change-passphrase", "this vault"),
            step(3, "way-in-meanwhile", "AWS:root"),
            step(4, "re-register", "AWS:root"),
            step(5, "rotate-seed", "AWS:root"),
            step(6, "remove-old-method", "AWS:root"),
            step(7, "prove", "AWS:root"),
            step(8, "way-in-meanwhile", "VPN"),
            step(9, "re-register", "VPN"),
            step(10, "remove-old-method", "VPN"),
            step(11, "prove", "VPN"),
            step(12, "rotate-seed", "Shop:ben"),
            step(13, "prove", "Shop:ben"),
            step(14, "re-bundle", ""),
        ]
    );
    assert_eq!(
        shown["tasks"][4]["note"],
        "copied to workstation, at least since 2027-01-15; the seed shown, at least since 2027-01-15 (log)"
    );
    assert_eq!(shown["tasks"][2]["note"], "by the plan stands: a code of bundle first.lifeboat");
    assert_eq!(shown["tasks"][7]["note"], "by the plan stands: key in the safe");
    assert_eq!(shown["tasks"][11]["note"], "could have been read, at least since 2027-01-15");
}

/// It says all of it, and names no device, no person and no account.
#[track_caller]
fn check_log(log: &Value, id: &str) {
    let records: Vec<&Value> = log["records"].as_array().unwrap().iter().collect();
    let of = |event: &str| records.iter().filter(|record| record["event"] == event).count();
    assert_eq!((of("incident-opened"), of("task-done"), of("incident-closed")), (1, 8, 1), "{log}");
    let told: Vec<String> = records
        .iter()
        .filter(|record| {
            ["incident-opened", "task-done", "incident-closed"].iter().any(|e| record["event"] == *e)
        })
        .map(|record| record["facts"].to_string())
        .collect();
    let told = told.join("\n");
    assert!(told.contains("1, 3-4, 6, 8-10") && told.contains(id), "{told}");
    assert!(
        !told.to_lowercase().contains("workstation") && !told.contains("AWS"),
        "the log is no map: {told}"
    );
}
