//! `incident`: what was lost or opened, and its list of things to do.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{NOW, RFC_URI, Sandbox};

const SHOP: &str = "otpauth://totp/Shop:ben?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const MAIL: &str = "otpauth://totp/Mail:cem?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA";
const HOUR: u64 = 3_600;

/// `AWS:root` (privileged) copied to a phone, `Shop:ben` enrolled with it, `Mail:cem` in the vault alone.
fn with_phone() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    let add = |line: &str, uri: &str| sandbox.command(line).stdin(uri).run().done();
    add("add - --privileged --provenance copied --device 'Phone Ana'", RFC_URI);
    add("add - --provenance enrolled --device 'phone ana'", SHOP);
    add("add -", MAIL);
    sandbox
}

fn open(sandbox: &Sandbox, line: &str) -> Value {
    sandbox.run(&format!("incident open {line} --json")).done().json("lifeboat.incident/1")
}

/// The steps of each account and of what stands alone, in the list's order.
fn steps(shown: &Value) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for task in shown["tasks"].as_array().unwrap() {
        let (about, step) = (task["about"].as_str().unwrap(), task["step"].as_str().unwrap().to_owned());
        match groups.last_mut().filter(|(last, _)| last == about) {
            Some((_, steps)) => steps.push(step),
            None => groups.push((about.to_owned(), vec![step])),
        }
    }
    groups
}

fn of<'a>(groups: &'a [(String, Vec<String>)], about: &str) -> &'a [String] {
    let found = groups.iter().find(|(name, _)| name == about);
    found.map(|(_, steps)| steps.as_slice()).unwrap_or_default()
}

fn notes(shown: &Value) -> String {
    shown["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| format!("{}\n", task["note"].as_str().unwrap()))
        .collect()
}

#[test]
fn each_kind_says_what_it_is_about_or_is_refused() {
    let sandbox = with_phone();
    let before = sandbox.read("vault.lifeboat");
    for line in [
        "lost-device",
        "stolen --person ana",
        "replaced-device --device ' '",
        "handed-over",
        "leaver",
        "leaver --device x",
        "compromised",
        "compromised --device x --person y",
        "break-glass --device x --reason why",
        "burnt --device x",
    ] {
        sandbox.run(&format!("incident open {line}")).exits(2);
    }
    sandbox.run("incident open break-glass").exits(8).says("--reason");
    sandbox.run("incident open burnt").exits(2).says("kinds: break-glass, compromised");
    for line in ["show 00000000", "show nonsense", "done 00000000 1", "done 1"] {
        sandbox.run(&format!("incident {line}")).exits(4).says("no incident has the id");
    }
    sandbox.run("incident list").done().says("there is no incident");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
}

#[test]
fn a_lost_phone_is_re_registered_and_what_was_copied_to_it_is_rotated_first() {
    let sandbox = with_phone();
    let shown = open(&sandbox, "lost-device --device PHONE-ANA");
    assert!(shown["basis"].to_string().contains("the plan has nothing of that name"));
    let shown_by_its_name = open(&sandbox, "lost-device --device ' PHONE ANA '");
    let groups = steps(&shown_by_its_name);
    let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["PHONE ANA", "AWS:root", "Shop:ben", ""], "what is privileged and certain goes first");
    let whole = ["way-in-meanwhile", "re-register", "rotate-seed", "remove-old-method", "prove"];
    assert_eq!(
        (of(&groups, "AWS:root"), of(&groups, "Shop:ben")),
        (&whole.map(String::from)[..], &whole.map(String::from)[..])
    );
    let notes = notes(&shown_by_its_name);
    assert!(notes.contains("copied to Phone Ana, at least since 2027-01-15"), "{notes}");
    assert!(notes.contains("by the plan stands: a code of this vault"), "{notes}");
    sandbox.run("incident open lost-device --device 'phone ana'").exits(8).says("such an incident is open");
    assert!(of(&steps(&open(&sandbox, "stolen --device 'phone ana'")), "Mail:cem").is_empty());
}

#[test]
fn of_a_device_at_hand_only_what_lies_on_it_is_rotated() {
    let sandbox = with_phone();
    let replaced = steps(&open(&sandbox, "replaced-device --device 'phone ana'"));
    assert!(of(&replaced, "AWS:root").contains(&"rotate-seed".to_owned()));
    assert_eq!(of(&replaced, "Shop:ben"), ["way-in-meanwhile", "re-register", "remove-old-method", "prove"]);
    assert_eq!(replaced[0].1, ["verify-identity"]);
    let handed_over = steps(&open(&sandbox, "handed-over --device 'phone ana'"));
    assert_eq!(of(&handed_over, "AWS:root"), ["rotate-seed", "remove-old-method", "prove"]);
    assert_eq!(of(&handed_over, "Shop:ben"), ["remove-old-method"]);
    // The vault was open on this machine: nothing is rotated for that, and it does not stay there.
    let shown = open(&sandbox, "handed-over --device workstation");
    assert_eq!(steps(&shown), [("this vault".to_owned(), vec!["remove-old-method".to_owned()])]);
    assert!(notes(&shown).contains("delete the vault from it"), "{shown}");
    sandbox.run("plan show").done().prints("this vault");
    assert!(!sandbox.run("plan show").done().out.contains("LOST"));
}

#[test]
fn whoever_leaves_could_read_what_was_not_sealed_and_their_share_goes() {
    let sandbox = with_phone();
    sandbox.write("seal-words", "seventeen green lanterns over the harbour");
    sandbox
        .command("bundle create -o ~/b.lifeboat --quorum 2-of-3 --custodian ANA --custodian Ben --custodian Cem --shares ~/cards --plaintext")
        .run()
        .done();
    sandbox.run("code Shop").done();
    sandbox.add("otpauth://totp/Safe:box?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXD");
    sandbox.wait(10 * 86_400);
    sandbox.run("seal Safe --seal-passphrase-file ~/seal-words").done();
    sandbox.run("edit Mail --seed - --note x").exits(2);
    let shown = open(&sandbox, "leaver --person ' Ana'");
    let groups = steps(&shown);
    assert_eq!(groups[0], ("this vault".to_owned(), vec!["change-passphrase".to_owned()]));
    assert_eq!(of(&groups, "AWS:root"), ["rotate-seed", "remove-old-method", "prove"]);
    let all: BTreeSet<&str> = groups.iter().flat_map(|(_, steps)| steps).map(String::as_str).collect();
    assert!(!all.contains("verify-identity") && all.contains("replace-shares"), "{groups:?}");
    assert_eq!(groups.last().unwrap().1, ["re-bundle"]);
    let notes = notes(&shown);
    assert!(notes.contains("codes shown, at least since 2027-01-15 (log)"), "{notes}");
    assert!(notes.contains("the seed brought in, at least since 2027-01-15 (log)"), "{notes}");
    assert!(shown["basis"].to_string().contains("user `ana`"));
    // By a way of opening, whose name nobody chooses, the same is found.
    let way = sandbox.run("slot list --json").done().json("lifeboat.slot/1")["slots"][0]["slot"].clone();
    let by_way = open(&sandbox, &format!("leaver --person {}", way.as_str().unwrap()));
    assert!(by_way["basis"].to_string().contains("way of opening `"), "{}", by_way["basis"]);

    let set = sandbox.run("share list --json").done().json("lifeboat.share/1")["sets"][0]["set"].clone();
    sandbox
        .run(&format!("share replace '{}' --shares ~/cards2 --plaintext", set.as_str().unwrap()))
        .done()
        .says("ticked off by itself");
}

#[test]
fn a_sealed_entry_is_in_the_list_for_what_lay_open_and_for_what_was_opened() {
    let sandbox = with_phone();
    sandbox.write("seal-words", "seventeen green lanterns over the harbour");
    sandbox.run("seal Mail --seal-passphrase-file ~/seal-words").done();
    let shown = open(&sandbox, "stolen --device workstation");
    assert!(notes(&shown).contains("lay open in the vault until 2027-01-15; sealed since"), "{shown}");
    sandbox
        .command("edit Mail --seed - --seal-passphrase-file ~/seal-words --reason x")
        .stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXC")
        .run()
        .done();
    sandbox.wait(5);
    let shown = open(&sandbox, "compromised --device workstation");
    assert!(of(&steps(&shown), "Mail:cem").is_empty(), "its new seed never lay open: {shown}");
    sandbox.run("code Mail --seal-passphrase-file ~/seal-words --reason x").done();
    let shown = open(&sandbox, "compromised --person ana");
    assert!(notes(&shown).contains("codes shown"), "{shown}");
}

#[test]
fn where_nobody_knows_who_everything_that_is_not_sealed_is_in_the_list() {
    let sandbox = with_phone();
    let shown = open(&sandbox, "compromised --reason 'a paste site'");
    let groups = steps(&shown);
    assert_eq!(groups.iter().filter(|(_, steps)| steps.contains(&"rotate-seed".to_owned())).count(), 3);
    assert!(notes(&shown).contains("could have been read; since when is not known"));
    assert_eq!(shown["reason"], "a paste site");
}

#[test]
fn a_name_that_nothing_knows_is_told_with_those_that_there_are() {
    let sandbox = with_phone();
    let shown = open(&sandbox, "handed-over --device workstatoin");
    assert!(shown["basis"].to_string().contains("no host of that name in the log; there are: workstation"));
    assert!(notes(&shown).contains("is the name right?"));
    let shown = open(&sandbox, "leaver --person anna");
    assert!(shown["basis"].to_string().contains("there are: ana"), "{shown}");
}

#[test]
fn a_log_that_cannot_be_read_is_said_and_the_rest_is_found() {
    let sandbox = with_phone();
    std::fs::remove_file(sandbox.path("vault.lifeboat.log")).unwrap();
    std::fs::create_dir(sandbox.path("vault.lifeboat.log")).unwrap();
    let shown = open(&sandbox, "lost-device --device 'phone ana'");
    let basis = shown["basis"].to_string();
    assert!(basis.contains("the log could not be read: the list is by plan and provenance alone"), "{basis}");
    assert!(!of(&steps(&shown), "AWS:root").is_empty());
}

#[test]
fn an_export_of_one_entry_takes_no_others_along_and_one_of_several_takes_all() {
    let sandbox = with_phone();
    sandbox.run("export Mail --to otpauth --plaintext -o ~/uris").done();
    let shown = open(&sandbox, "replaced-device --device workstation");
    let groups = steps(&shown);
    assert_eq!(of(&groups, "Mail:cem"), ["rotate-seed", "prove"]);
    assert!(of(&groups, "Shop:ben").is_empty(), "{groups:?}");
    assert!(notes(&shown).contains("the seed exported, at least since 2027-01-15 (log)"));
    sandbox.run("export --to otpauth --plaintext -o ~/more-uris").done();
    let shown = open(&sandbox, "handed-over --device workstation");
    assert!(of(&steps(&shown), "Shop:ben").contains(&"rotate-seed".to_owned()), "{shown}");
    assert!(notes(&shown).contains("may have been in the export of 2027-01-15 (log)"));
}

#[test]
fn a_wrong_number_ticks_nothing_off_and_none_at_all_is_asked_for() {
    let sandbox = with_phone();
    let shown = open(&sandbox, "lost-device --device 'phone ana'");
    let id = shown["id"].as_str().unwrap();
    let before = sandbox.read("vault.lifeboat");
    sandbox.run(&format!("incident done {id} 1 99")).exits(4).says("has nothing with the number 99");
    sandbox
        .run(&format!("incident done {id}"))
        .exits(2)
        .says("which of its things to do are done was not said");
    sandbox.run(&format!("incident done {id} 3-1")).exits(2).says("4-9");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    sandbox.run(&format!("incident done {id} 1")).done();
    let json = sandbox.run(&format!("incident done {id} 1-2 --json")).done().json("lifeboat.incident-done/1");
    assert_eq!((&json["ticked"][0], &json["ticked_before"][0]["task"]), (&2.into(), &1.into()));
    sandbox.run(&format!("incident done {id} 3-99999")).exits(4);
}

#[test]
fn a_removed_entry_is_ticked_off_by_hand_and_says_where_it_is() {
    let sandbox = with_phone();
    let shown = open(&sandbox, "lost-device --device 'phone ana'");
    let id = shown["id"].as_str().unwrap();
    sandbox.run("remove AWS").done();
    let line = format!("incident show {id}");
    sandbox.run(&line).done().prints("AWS:root  (privileged, in the trash)").says("close the account");
    sandbox.run("trash purge --yes").done();
    sandbox.run(&line).done().prints("AWS:root  (privileged, gone from the vault)");
    sandbox.run(&format!("incident done {id} 2-6 --note 'account closed'")).done();
    sandbox.run(&line).done().prints("account closed");
}

#[test]
fn a_drill_that_is_attested_ticks_the_proof_off() {
    let sandbox = with_phone();
    let shown = open(&sandbox, "lost-device --device 'phone ana'");
    let id = shown["id"].as_str().unwrap();
    sandbox.run("bundle create -o ~/old.lifeboat --bundle-key-file ~/bundle-key").done();
    let drill = |file: &str| {
        sandbox.run(&format!("drill run ~/{file}.lifeboat --bundle-key-file ~/bundle-key --attest AWS=INC-7"))
    };
    drill("old").done();
    let left = || {
        sandbox.run("incident list --json").done().json("lifeboat.incidents/1")["incidents"][0]["left"]
            .clone()
    };
    let all = left();
    assert_eq!(all, shown["left"], "what was proven is the seed that is still to be rotated");
    sandbox.command("edit AWS --seed -").stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXW").run().done();
    let _stale = drill("old").exits(7);
    assert_eq!(left().as_u64().unwrap(), all.as_u64().unwrap() - 1, "an older bundle proves nothing");
    sandbox.run("bundle create -o ~/new.lifeboat --bundle-key-file ~/bundle-key").done();
    drill("new").done().says(&format!("incident {id}: ticked off by itself: 6"));
    assert_eq!(left().as_u64().unwrap(), all.as_u64().unwrap() - 2);
}

#[test]
fn broken_glass_groups_what_is_shown_in_its_hour_and_ends_with_its_list() {
    let sandbox = with_phone();
    sandbox.run("show Mail --reveal").done();
    sandbox.wait(5);
    let id = open(&sandbox, "break-glass --reason INC-4711")["id"].as_str().unwrap().to_owned();
    sandbox.run("incident open break-glass --reason again").exits(8).says(&id);
    sandbox.run("incident list").done().prints("running until 2027-01-15T09:00:05Z");
    sandbox.run("code AWS").done();
    sandbox.run("code Shop").done();
    sandbox.run("show Shop --reveal").done();
    sandbox.run("plan export -o ~/plan").done();
    let show =
        |id: &str| sandbox.run(&format!("incident show {id} --json")).done().json("lifeboat.incident/1");
    let running = show(&id);
    assert_eq!(running["list_is_stored"], false);
    assert_eq!(running["revealed"].as_array().unwrap().len(), 4);
    sandbox.run(&format!("incident show {id}")).done().says("it runs until 2027-01-15T09:00:05Z");

    sandbox.wait(HOUR + 1);
    sandbox.run("show Mail --reveal").done();
    sandbox.run(&format!("incident show {id}")).done().says("it has ended");
    let second = open(&sandbox, "break-glass --reason second")["id"].as_str().unwrap().to_owned();
    sandbox
        .run(&format!("incident done {id}"))
        .done()
        .prints("the session has ended; its list: 7 things to do");
    let ended = show(&id);
    assert_eq!(ended["list_is_stored"], true);
    assert_eq!(ended["until"], NOW + 5 + HOUR);
    let groups = steps(&ended);
    assert_eq!(of(&groups, "AWS:root"), ["rotate-seed", "prove"], "a code of something privileged");
    assert_eq!(of(&groups, "Shop:ben"), ["rotate-seed", "prove"]);
    assert!(of(&groups, "Mail:cem").is_empty(), "before and after the session");
    assert_eq!(of(&groups, "once"), ["review"]);
    assert_eq!(of(&groups, "the session"), ["review"]);
    sandbox.run(&format!("incident done {second}")).done().prints("nothing left: the incident is closed");
    let log = sandbox.run("audit list --json --kind incident-closed").done().json("lifeboat.audit/1");
    assert!(log.to_string().contains(&second), "{log}");
}

#[test]
fn a_session_is_ended_early_and_a_code_alone_is_reviewed() {
    let sandbox = with_phone();
    let id = open(&sandbox, "break-glass --reason INC-4711")["id"].as_str().unwrap().to_owned();
    sandbox.run("code Shop").done();
    sandbox.wait(60);
    sandbox.run(&format!("incident done {id} 1")).done().prints("ticked off: 1").prints("1 thing is left");
    sandbox.run("code Mail").done();
    let shown = sandbox.run(&format!("incident show {id} --json")).done().json("lifeboat.incident/1");
    assert_eq!(shown["until"], NOW + 60);
    assert_eq!(
        steps(&shown),
        [
            ("Shop:ben".to_owned(), vec!["review".to_owned()]),
            ("the session".to_owned(), vec!["review".to_owned()]),
        ]
    );
}

#[test]
fn the_reason_of_broken_glass_is_the_reason_for_what_is_shown_in_it() {
    let sandbox = with_phone();
    std::fs::create_dir_all(sandbox.path("config")).unwrap();
    sandbox.write("config/lifeboat.toml", "[reasons]\nprivileged = true\n");
    sandbox.run("code AWS --no-input").exits(8);
    let id = open(&sandbox, "break-glass --reason INC-4711")["id"].as_str().unwrap().to_owned();
    sandbox.run("code AWS --no-input").done().says(&format!("that of the break-glass session {id}"));
    let log = sandbox.run("audit list --json --kind code-shown").done().json("lifeboat.audit/1");
    assert_eq!(log["records"][0]["reason"], "INC-4711");
    sandbox.wait(HOUR);
    sandbox.run("code AWS --no-input").exits(8);
}

#[test]
fn ten_thousand_entries_make_a_list_that_can_be_read() {
    let sandbox = Sandbox::with_vault();
    let uris: String = (0..10_000_u32)
        .map(|n| {
            let seed = data_encoding::BASE32_NOPAD.encode(&[n.to_be_bytes(), [7; 4], [9; 4]].concat());
            format!("otpauth://totp/Shop:{n}?secret={seed}\n")
        })
        .collect();
    sandbox.write("uris", uris);
    sandbox.run("import ~/uris").done();
    let opened = sandbox.run("incident open stolen --device workstation").done();
    assert!(opened.out.lines().count() < 150, "{}", opened.out.lines().count());
    opened.prints("20003 of 20003 things to do").prints("which --json names");
    let list = sandbox.run("incident list --json").done().json("lifeboat.incidents/1");
    let id = list["incidents"][0]["id"].as_str().unwrap();
    sandbox.run(&format!("incident done {id} 3-20002")).done().prints("3 things are left");
    let shown = sandbox.run(&format!("incident show {id}")).done();
    shown.prints("10000 accounts are done and not shown here");
}
