//! `exception`: what is weaker than it should be, with an owner and an end.

use serde_json::json;

use crate::drill::{DAY, WORDS, home};
use crate::quarantine;
use crate::support::{NOW, Sandbox};

/// A vault in which nothing is due but what a test makes so.
fn quiet() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.run("prove AWS --accepted").done();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    sandbox.run("drill run ~/b.lifeboat --bundle-key-file ~/bk --attest AWS=INC-1").done();
    sandbox.run("status --check").done();
    sandbox
}

fn added(sandbox: &Sandbox, words: &str) -> String {
    sandbox.run(&format!("exception add {words}")).done().out.trim().to_owned()
}

#[test]
fn one_is_added_listed_and_ended_and_the_log_says_so() {
    let sandbox = Sandbox::with_entry();
    let id =
        added(&sandbox, "AWS skipped-proof --until 30d --owner 'Ana Ruiz' --reason 'the vendor is down'");
    assert_eq!(id.len(), 8, "{id}");
    let listed = sandbox.run("exception list --json").done().json("lifeboat.exception/1");
    let one = &listed["exceptions"][0];
    assert_eq!(one["id"], json!(id));
    assert_eq!(one["kind"], "skipped-proof");
    assert_eq!(one["name"], "AWS:root");
    assert_eq!(one["owner"], "Ana Ruiz");
    assert_eq!(one["reason"], "the vendor is down");
    assert_eq!(one["until"], json!(NOW + 30 * DAY));
    assert_eq!(one["standing"], "holds");
    sandbox
        .run(&format!("exception end {}", id.to_uppercase()))
        .done()
        .says("ended: skipped-proof of AWS:root");
    let listed = sandbox.run("exception list --json").done().json("lifeboat.exception/1");
    assert_eq!(listed["exceptions"][0]["standing"], "ended");
    sandbox.run(&format!("exception end {id}")).exits(8).says("was ended on 2027-01-15");

    let log = sandbox.run("audit list --json").done().json("lifeboat.audit/1");
    let records = log["records"].as_array().unwrap();
    let of = |event: &str| {
        records.iter().find(|record| record["event"] == event).unwrap_or_else(|| panic!("{event}"))
    };
    let added = of("exception-added");
    assert_eq!(added["reason"], "the vendor is down");
    assert_eq!(added["entry"].as_str().unwrap().len(), 32);
    for record in [added, of("exception-ended")] {
        let text = record.to_string();
        assert!(text.contains(&id) && text.contains("skipped-proof") && text.contains("Ana Ruiz"), "{text}");
        assert!(!record["facts"].to_string().contains("AWS"), "records name entries by id: {text}");
    }
}

#[test]
fn an_end_is_a_day_a_time_or_a_duration_and_lies_ahead_by_400_days_at_most() {
    let sandbox = Sandbox::with_entry();
    for (kind, until, moment) in [
        ("clone", "2027-01-15", 1_800_057_599),
        ("not-drilled", "2027-02-01T00:00:00+01:00", 1_801_436_400),
        ("skipped-proof", "400d", NOW + 400 * DAY),
        ("no-second-factor", "1h", NOW + 3600),
    ] {
        let told =
            sandbox.run(&format!("exception add AWS {kind} --until {until} --owner Ana --json")).done();
        assert_eq!(told.json("lifeboat.exception-added/1")["until"], json!(moment), "{until}");
    }
    sandbox.add("otpauth://totp/Git:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    for (until, status, words) in [
        ("2027-01-14", 8, "lies ahead"),
        ("0s", 8, "lies ahead"),
        ("1800000000", 8, "lies ahead"),
        ("401d", 8, "ends within 400 days, and 2028-02-20 is further ahead"),
        ("99999999999d", 8, "ends within 400 days"),
        ("soon", 2, "write an end as"),
        ("2027-02-30", 2, "write an end as"),
    ] {
        let line = format!("exception add Git clone --until {until} --owner Ana");
        sandbox.run(&line).exits(status).says(words);
    }
    // The day that the refusal names is one that is taken.
    let refused = sandbox.run("exception add Git clone --until 401d --owner Ana").exits(8);
    let named = refused.err.split("name an end by ").nth(1).unwrap().get(..10).unwrap().to_owned();
    sandbox.run(&format!("exception add Git clone --until {named} --owner Ana")).done();
}

#[test]
fn none_is_without_an_owner_an_end_and_a_kind_that_is_known() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("exception add AWS clone --until 30d").exits(2).says("--owner");
    sandbox.run("exception add AWS clone --owner Ana").exits(2).says("--until");
    sandbox.run("exception add AWS clone --until 30d --owner '  '").exits(2).says("1 to 100 characters");
    let long = "x".repeat(101);
    sandbox.run(&format!("exception add AWS clone --until 30d --owner {long}")).exits(2);
    sandbox.run("exception add AWS holiday --until 30d --owner Ana").exits(2).says("kinds: clone");
    sandbox.run("exception add Git clone --until 30d --owner Ana").exits(4);
    sandbox.run("exception end 1a2b3c4d").exits(4).says("`lifeboat exception list`");
    sandbox.run("exception end everything").exits(4);
    sandbox.run("exception list").done().says("there is no exception");
}

#[test]
fn a_second_one_of_the_same_kind_is_refused_until_the_first_is_ended() {
    let sandbox = Sandbox::with_entry();
    let id = added(&sandbox, "AWS clone --until 5d --owner Ana");
    let again = "exception add AWS clone --until 30d --owner Ben";
    let line = format!("`lifeboat exception end {id}`, then add it anew");
    sandbox.run(again).exits(8).says("clone of AWS:root holds already, until 2027-01-20").says(&line);
    added(&sandbox, "AWS not-drilled --until 5d --owner Ana");
    sandbox.wait(5 * DAY);
    sandbox
        .run(again)
        .exits(8)
        .says("clone of AWS:root is still open, past its end on 2027-01-20")
        .says(&line);
    sandbox.run(&format!("exception end {id}")).done();
    sandbox.run(again).done();
}

#[test]
fn past_its_end_status_is_red_until_it_is_ended_or_renewed() {
    for kind in ["clone", "no-second-factor", "not-drilled", "skipped-proof"] {
        let sandbox = quiet();
        let id = added(&sandbox, &format!("AWS {kind} --until 20d --owner Ana"));
        sandbox.run("status --check").done().prints("exceptions   1 holds, the next end is on 2027-02-04");
        // It is told in time, and told is not red.
        sandbox.wait(6 * DAY);
        let told = sandbox.run("status --check").done();
        let told = told.prints("EXPIRING     1 exception ends within 14 days").prints("nothing is due");
        assert!(told.out.contains(&format!("{id} {kind} of AWS:root, until 2027-02-04, Ana")), "{told}");
        sandbox.wait(14 * DAY - 1);
        sandbox.run("status --check").done();
        sandbox.wait(1);
        let told = sandbox.run("status --check").exits(7);
        assert!(told.out.contains("DUE          1 exception is past its end"), "{told}");
        assert!(told.out.contains(&format!("{id} {kind} of AWS:root, until 2027-02-04, Ana")), "{told}");
        let json = sandbox.run("status --json").done().json("lifeboat.status/1");
        assert_eq!(json["exceptions"][0]["standing"], "past");
        assert_eq!(json["groups"]["due"][0]["counts"], true);
        sandbox.run("status").done();
        sandbox.run("exception list").done().prints("PAST");
        sandbox.run(&format!("exception end {id}")).done();
        sandbox.run("status --check").done().prints("nothing is due");
    }
}

#[test]
fn a_skipped_proof_is_not_asked_for_while_the_exception_holds() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    sandbox.run("status --check").exits(7).prints("1 entry was never proven");
    let id = added(&sandbox, "AWS skipped-proof --until 3d --owner Ana");
    sandbox.run("status --check").done();
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["never_proven"], json!([]));
    assert_eq!(json["exceptions"][0]["kind"], "skipped-proof");
    sandbox.wait(3 * DAY);
    let told = sandbox.run("status --check").exits(7).prints("1 entry was never proven");
    assert!(told.out.contains("1 exception is past its end"), "{told}");
    sandbox.run(&format!("exception end {id}")).done();
    sandbox.run("prove AWS --accepted").done();
    assert!(!sandbox.run("status").done().out.contains("UNPROVEN"));
    // One that was proven too long ago is asked for anew, and skipped in the same way.
    sandbox.wait(366 * DAY);
    sandbox.run("status").done().prints("proven more than a year ago");
    added(&sandbox, "AWS skipped-proof --until 3d --owner Ana");
    let told = sandbox.run("status").done();
    assert!(!told.out.contains("proven more than a year ago"), "{told}");
}

#[test]
fn what_is_kept_out_of_drills_is_reported_as_not_tested_and_never_as_the_same() {
    let vault = home();
    let drill = "drill run ~/b.lifeboat --json";
    let verdict = |name: &str, told: &serde_json::Value| {
        let entries = told["entries"].as_array().unwrap().iter();
        let found: Vec<&serde_json::Value> =
            entries.filter(|one| one["title"].as_str().unwrap().starts_with(name)).collect();
        (found[0]["verdict"].as_str().unwrap().to_owned(), found[0]["detail"].as_str().unwrap().to_owned())
    };
    // Another way of making codes is a finding: no drill reaches L2 until there is a new bundle.
    vault.run("edit Git --digits 8").done();
    let told = vault.command(drill).typing(&[WORDS]).run().exits(7).json("lifeboat.drill/1");
    assert_eq!((told["level"].as_str(), verdict("Git", &told).0.as_str()), (Some("L1"), "different"));

    vault.run("exception add Git not-drilled --until 30d --owner Ana").done();
    let told = vault.command(drill).typing(&[WORDS]).run().done().json("lifeboat.drill/1");
    assert_eq!(told["level"], "L2");
    let (said, detail) = verdict("Git", &told);
    assert_eq!(said, "not-compared");
    assert_eq!(detail, "kept out of drills by an exception until 2027-02-15: it was not tested");
    assert!(
        told["not_tested"].to_string().contains("the seeds of 1 entry, kept out of drills by exceptions"),
        "{told}"
    );
    assert!(!told["not_tested"].to_string().contains("sealed"), "{told}");

    // A code of it that a service accepted does not lift a drill that did not look at it.
    let attested = vault
        .command(&format!("{drill} --attest Git=INC-7 --no-input --bundle-passphrase-file ~/words"))
        .run();
    assert_eq!(attested.done().json("lifeboat.drill/1")["level"], "L2");

    vault.wait(30 * DAY);
    let told = vault.command(drill).typing(&[WORDS]).run().exits(7).json("lifeboat.drill/1");
    assert_eq!(verdict("Git", &told).0, "different");
}

#[test]
fn an_entry_that_no_bundle_holds_can_be_kept_out_of_drills() {
    let vault = home();
    vault.add("otpauth://totp/New:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXZ");
    let drill = "drill run ~/b.lifeboat";
    vault.command(drill).typing(&[WORDS]).run().exits(7).prints("MISSING      New:ana");
    vault.run("exception add New not-drilled --until 30d --owner Ana").done();
    let told = vault.command(drill).typing(&[WORDS]).run().done();
    let told = told.prints("kept out of drills by exceptions: New:ana");
    assert!(!told.out.contains("MISSING"), "{told}");
    let told = vault.command("drill run ~/b.lifeboat --json").typing(&[WORDS]).run().done();
    assert!(told.out.contains("it was not tested; the bundle does not hold it"), "{told}");
}

#[test]
fn a_report_that_is_brought_home_keeps_it_out_too() {
    let vault = home();
    vault.run("edit Git --digits 8").done();
    let other = crate::drill::elsewhere(&vault);
    other.command("drill run ~/b.lifeboat --report ~/report").typing(&[WORDS]).run().done();
    for file in ["report", "report.sig"] {
        vault.write(file, other.read(file));
    }
    vault.run("exception add Git not-drilled --until 30d --owner Ana").done();
    let told = vault.run("drill record ~/report --json").done().json("lifeboat.drill/1");
    assert_eq!(told["level"], "L2", "{told}");
    assert!(told["not_tested"].to_string().contains("kept out of drills by exceptions"), "{told}");
}

#[test]
fn the_plan_flags_an_account_that_is_without_its_second_factor() {
    let sandbox = Sandbox::with_entry();
    let flag = |sandbox: &Sandbox| {
        let checked = sandbox.run("plan check --json").exits(7).json("lifeboat.plan-check/1");
        let flags = checked["flags"].as_array().unwrap().iter();
        let of_it: Vec<String> = flags
            .filter(|flag| flag["about"] == "AWS:root")
            .map(|flag| flag["words"].as_str().unwrap().to_owned())
            .collect();
        of_it.into_iter().find(|words| words.contains("second factor"))
    };
    assert_eq!(flag(&sandbox), None);
    let id = added(&sandbox, "AWS no-second-factor --until 2d --owner Ana");
    assert_eq!(flag(&sandbox).unwrap(), "is without its second factor until 2027-01-17; Ana answers for it");
    sandbox.wait(2 * DAY);
    assert_eq!(
        flag(&sandbox).unwrap(),
        "is without its second factor and was to be so until 2027-01-17; Ana answers for it"
    );
    sandbox.run(&format!("exception end {id}")).done();
    assert_eq!(flag(&sandbox), None);
}

#[test]
fn one_of_an_entry_that_was_removed_is_listed_by_what_is_left_of_its_name() {
    let sandbox = quiet();
    let id = added(&sandbox, "AWS clone --until 5d --owner Ana");
    sandbox.run("remove AWS").done();
    sandbox.run("exception list").done().prints("AWS:root (in the trash)");
    sandbox.run("trash purge --yes").done();
    sandbox.wait(5 * DAY);
    sandbox.run("exception list").done().prints("(not among the entries)");
    sandbox.run("status --check").exits(7).prints(&format!("{id} clone of "));
    sandbox.run(&format!("exception end {id}")).done().says("(not among the entries)");
}

#[test]
fn a_bundle_takes_them_to_the_machine_that_is_restored_and_status_there_says_so() {
    let sandbox = Sandbox::with_entry();
    let id = added(&sandbox, "AWS no-second-factor --until 5d --owner Ana");
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    sandbox.wait(5 * DAY);
    for line in [
        "restore ~/b.lifeboat --vault ~/new.lifeboat --new-key-file ~/new-key --bundle-key-file ~/bk",
        "status --check --vault ~/new.lifeboat --key-file ~/new-key",
    ] {
        let told = sandbox.run(line);
        if line.starts_with("status") {
            let told = told.exits(7);
            assert!(
                told.out.contains(&format!("{id} no-second-factor of AWS:root, until 2027-01-20, Ana")),
                "{told}"
            );
        } else {
            drop(told.done());
        }
    }
}

#[test]
fn a_merge_brings_those_that_are_not_there() {
    let sandbox = Sandbox::with_entry();
    let first = added(&sandbox, "AWS clone --until 5d --owner Ana");
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    sandbox
        .run("restore ~/b.lifeboat --vault ~/new.lifeboat --new-key-file ~/new-key --bundle-key-file ~/bk")
        .done();
    let second = added(&sandbox, "AWS not-drilled --until 5d --owner Ben");
    sandbox.run("bundle create -o ~/c.lifeboat --bundle-key-file ~/bk2").done();
    let there = "--vault ~/new.lifeboat --key-file ~/new-key";
    for _ in 0..2 {
        sandbox.run(&format!("restore ~/c.lifeboat --merge --yes --bundle-key-file ~/bk2 {there}")).done();
        let listed =
            sandbox.run(&format!("exception list --json {there}")).done().json("lifeboat.exception/1");
        let ids: Vec<&str> =
            listed["exceptions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [first.as_str(), second.as_str()]);
    }
}

#[test]
fn an_owner_that_could_command_a_terminal_is_shown_and_not_obeyed() {
    let sandbox = quiet();
    let owner = "Ana\u{1b}[2J\u{202e}\nEXPIRING";
    let added =
        sandbox.command("exception add AWS clone --until 1d").arg(format!("--owner={owner}")).run().done();
    sandbox.wait(DAY);
    for told in
        [added, sandbox.run("exception list").done(), sandbox.run("status").done(), sandbox.run("plan check")]
    {
        let said = told.out.clone() + &told.err;
        assert!(
            !said.contains('\u{1b}') && !said.contains('\u{202e}') && !said.contains("\nEXPIRING"),
            "{told}"
        );
    }
    sandbox.run("exception list").done().prints("Ana<U+001B>[2J<U+202E><U+000A>EXPIRING");
    let listed = sandbox.run("exception list --json").done().json("lifeboat.exception/1");
    assert_eq!(listed["exceptions"][0]["owner"], json!(owner));
}

#[test]
fn an_exception_of_a_newer_version_is_not_understood_and_makes_status_red() {
    let sandbox = quiet();
    quarantine::rewrite(&sandbox, |vault| {
        let text = r#"{"id":"0a0a0a0a","kind":"moonlight"}"#.to_owned();
        vault.items.unread.push(lifeboat::recovery::item::UnreadItem { list: "exceptions", text });
    });
    let told = sandbox.run("status --check").exits(7);
    told.prints("1 item of a newer version is not understood");
}
