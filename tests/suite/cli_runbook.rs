//! `runbook`: the steps for this vault and this plan, on paper for somebody who is tired.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{NOW, RFC_SEED, RFC_URI, Sandbox};

pub(crate) const NAMES: [&str; 5] = ["planned-change", "lost-device", "first-device", "break-glass", "drill"];

const PLAN: &str = r#"
[[thing]]
name = "phone-ana"
kind = "device"

[[thing]]
name = "authenticator on phone-ana"
kind = "authenticator-ios-managed"
needs = ["phone-ana"]

[[thing]]
name = "helpdesk"
kind = "person"
note = "Jo or Kim, extension 4711; they call back."

[[thing]]
name = "temporary access"
kind = "helpdesk-access"
needs = ["helpdesk"]

[[thing]]
name = "home safe"
kind = "place"

[[thing]]
name = "hardware key"
kind = "hardware-key"
needs = ["home safe"]

[[thing]]
name = "Mail"
kind = "account"
ways = [["authenticator on phone-ana"]]

[[thing]]
name = "Entra password"
kind = "password"

[[thing]]
name = "Entra admin"
kind = "account"
privileged = true
ways = [
  ["Entra password", "authenticator on phone-ana"],
  ["Entra password", "hardware key"],
  ["Entra password", "temporary access"],
]

[[thing]]
name = "laptop"
kind = "device"

[[thing]]
name = "vault file"
kind = "other"
needs = ["laptop"]

[[thing]]
name = "bundle safe.lifeboat"
kind = "bundle"
needs = ["home safe"]
"#;

/// A vault of four accounts, with a plan, and a bundle that two of three custodians open.
pub(crate) fn office() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    let more = [
        (
            "otpauth://totp/GitHub:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=GitHub",
            "--provenance enrolled",
        ),
        (
            "otpauth://hotp/VPN:ana?secret=KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU&issuer=VPN&counter=3",
            "--provenance copied --device phone-ana",
        ),
        (RFC_URI, "--privileged --provenance copied --device phone-ana"),
    ];
    for (uri, options) in more {
        sandbox.command(&format!("add - {options}")).stdin(uri).run().done();
    }
    sandbox.write("plan.toml", PLAN);
    sandbox.run("plan import ~/plan.toml").done();
    sandbox
        .run("bundle create -o ~/safe.lifeboat --quorum 2-of-3 --custodian Ana --custodian Ben --custodian Cem --shares ~/cards --plaintext")
        .done();
    sandbox
}

/// A page without what differs between machines.
fn settled(sandbox: &Sandbox, page: &str) -> String {
    page.replace(sandbox.home().to_str().unwrap(), "HOME")
}

/// The text of a page on one line: where lines are broken says nothing.
fn flat(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says_in_order(page: &str, words: &[&str]) {
    let page = flat(page);
    let mut rest = page.as_str();
    for word in words {
        let at = rest.find(word).unwrap_or_else(|| panic!("{word:?} is not said behind the others: {page}"));
        rest = &rest[at + word.len()..];
    }
}

#[test]
fn without_a_name_each_runbook_is_listed_in_one_line() {
    let sandbox = office();
    let listed = sandbox.run("runbook").done().out;
    assert_eq!(listed.lines().count(), 5, "{listed}");
    for name in NAMES {
        assert!(
            listed.lines().any(|line| line.starts_with(name) && line.len() > name.len() + 10),
            "{listed}"
        );
    }
    let json = sandbox.run("runbook --json").done().json("lifeboat.runbooks/1");
    assert_eq!(json["runbooks"][1]["name"], "lost-device");
    assert_eq!(json["runbooks"][1]["own"], false);
}

#[test]
fn a_planned_change_is_in_the_order_of_the_guide() {
    let page = office().run("runbook planned-change --device phone-ana").done().out;
    says_in_order(
        &page,
        &[
            "MFA is never switched off as a temporary fix",
            "map for an attacker",
            "should be held by helpdesk",
            "Verify that the person whose phone it is",
            "Do not skip it",
            "By the plan this is done by: helpdesk",
            "extension 4711",
            "lifeboat incident open replaced-device --device phone-ana",
            "a way in that does not need the old phone",
            "Entra admin (privileged): Entra password + hardware key (home safe)",
            "BEFORE the old phone is wiped",
            "lifeboat pass issue AWS:root --for 1h --to \"WHO\" --reason \"TICKET\"",
            "Old phone: leave it as it is",
            "New phone: begin set-up",
            "See what came over",
            "Register anew",
            "Remove the old phone from the sign-in methods",
            "Wipe the old phone",
            "signs in as on any day",
            "lifeboat pass close ID",
            "lifeboat incident done",
        ],
    );
}

#[test]
fn a_lost_phone_is_in_the_order_of_the_guide() {
    let page = office().run("runbook lost-device --device phone-ana").done().out;
    says_in_order(
        &page,
        &[
            "Verify that the person to whom phone-ana belongs",
            "Do not skip it",
            "lifeboat incident open lost-device --device phone-ana",
            "Lock phone-ana from afar",
            "These are reached without phone-ana:",
            "No way in is left without phone-ana for these.",
            "Mail: authenticator on phone-ana",
            "single use, 1 to 4 hours",
            "Never by e-mail",
            "lifeboat pass issue AWS:root",
            "New phone: begin set-up",
            "register the new phone at once",
            "Remove the lost phone from the sign-in methods",
            "they lay on the lost phone",
            "lifeboat edit AWS:root --seed -",
            "signs in as on any day",
            "Temporary access and passes end",
        ],
    );
}

#[test]
fn a_first_device_is_in_the_order_of_the_guide() {
    let page = office().run("runbook first-device --device phone-new").done().out;
    says_in_order(
        &page,
        &[
            "First device of a new person: phone-new",
            "Verify that this is the new person",
            "Assign the device",
            "a bootstrap path that does not need the thing being set up",
            "Has the person a factor already",
            "Temporary access by the identity provider's helpdesk, issued BEFORE set-up begins",
            "Set-up and enrolment",
            "When sign-in asks for a factor that is not there yet",
            "Register the authenticator on the new device at once",
            "Register a second factor on something else the same day",
            "the policy applies from enrolment on",
            "What kind of phone phone-new is",
        ],
    );
    assert!(!page.contains("AWS"), "the accounts of others are not the new person's: {page}");
}

#[test]
fn break_glass_says_who_may_open_what_lies_where_and_what_comes_after() {
    let sandbox = office();
    let page = settled(&sandbox, &sandbox.run("runbook break-glass").done().out);
    says_in_order(
        &page,
        &[
            "should be held by Ana, Ben, Cem",
            "Verify that whoever asks",
            "cannot wait for the usual way",
            "Is there another way?",
            "Entra password + hardware key (home safe)",
            "2 of these 3 open it together",
            "Card 1, Ana",
            "safe.lifeboat, made 2027-01-15, 3 entries, written to HOME/safe.lifeboat; lies: home safe",
            "lifeboat incident open break-glass --reason \"WHY\"",
            "a computer that you trust, off the network",
            "lifeboat restore HOME/safe.lifeboat",
            "lifeboat code AWS:root",
            "Replace every seed that was opened",
            "AWS:root (privileged)",
            "lifeboat share replace",
            "When it was last drilled",
            "safe.lifeboat: L1 never, due 2027-01-22",
        ],
    );
}

#[test]
fn a_drill_says_which_bundle_is_due_and_how_far_to_go() {
    let sandbox = office();
    sandbox.wait(8 * 86_400);
    let page = settled(&sandbox, &sandbox.run("runbook drill").done().out);
    says_in_order(
        &page,
        &[
            "A drill changes nothing",
            "safe.lifeboat: L1 never, DUE; L2 never, due 2027-02-14",
            "L0: the file is whole",
            "L3: services accepted its codes",
            "Verify that each custodian",
            "lifeboat drill run HOME/safe.lifeboat",
            "--report drill.json",
            "lifeboat drill record drill.json",
            "--attest AWS:root=\"REFERENCE\"",
            "What to record",
        ],
    );
}

#[test]
fn each_kind_of_phone_has_its_own_traps() {
    for (kind, trap) in [
        (
            "authenticator-ios-keychain",
            "Where it was off and nobody knew, people learn it when the phone is gone",
        ),
        ("authenticator-ios", "The keychain was off and nobody knew"),
        ("authenticator-ios-managed-personal", "Every new device means full re-registration, each time"),
        (
            "authenticator-ios-managed",
            "the device cannot enrol without MFA, and the person cannot do MFA without the device",
        ),
        ("authenticator-android", "up to each app and its own account"),
    ] {
        let sandbox = Sandbox::with_vault();
        sandbox.run("plan add pixel --kind device").done();
        sandbox.run(&format!("plan add authenticator --kind {kind} --needs pixel")).done();
        for name in ["planned-change", "lost-device", "first-device"] {
            for device in ["pixel", "authenticator"] {
                let page = flat(&sandbox.run(&format!("runbook {name} --device {device}")).done().out);
                assert!(page.contains(trap), "{name} {device} {kind}: {page}");
                assert!(page.contains("second factor that was on the old phone"), "{page}");
                assert!(page.contains("Duo and Microsoft Authenticator let no seed out"), "{page}");
                let others = page.matches("BEFORE the old phone is wiped and before").count();
                assert_eq!(others, usize::from(kind == "authenticator-ios-managed"), "{name} {kind}: {page}");
            }
            let general = flat(&sandbox.run(&format!("runbook {name}")).done().out);
            assert!(general.contains(trap), "without a device every kind's are told: {general}");
            assert!(general.contains("pixel") || general.contains("authenticator: "), "{general}");
        }
    }
}

#[test]
fn privileged_accounts_come_first_though_they_were_added_last() {
    let sandbox = office();
    let json = sandbox.run("runbook lost-device --device phone-ana --json").done().json("lifeboat.runbook/1");
    let items = json["parts"].as_array().unwrap().iter().flat_map(|part| part["items"].as_array().unwrap());
    let mut n_looked_at = 0;
    for item in items {
        let ticks = item["step"]["ticks"].as_array().cloned().unwrap_or_default();
        let privileged: Vec<bool> =
            ticks.iter().map(|tick| tick.as_str().unwrap().contains("(privileged)")).collect();
        n_looked_at += usize::from(privileged.contains(&true) && privileged.contains(&false));
        assert!(privileged.is_sorted_by(|one, next| one >= next), "{ticks:?}");
    }
    assert!(n_looked_at >= 3, "{json}");
}

#[test]
fn a_device_that_took_the_vault_with_it_has_its_bundle_restored_first() {
    let sandbox = office();
    let page = settled(&sandbox, &sandbox.run("runbook lost-device --device laptop").done().out);
    says_in_order(
        &page,
        &[
            "The vault of this page lay on laptop too",
            "lifeboat restore HOME/safe.lifeboat",
            "AWS:root",
            "restored first",
        ],
    );
}

#[test]
fn temporary_access_that_went_with_the_device_is_not_offered() {
    let sandbox = office();
    sandbox
        .command("plan add --force")
        .arg("temporary access")
        .arg("--kind=helpdesk-access")
        .arg("--needs=phone-ana")
        .run()
        .done();
    let page = flat(&sandbox.run("runbook lost-device --device phone-ana").done().out);
    assert!(page.contains("NOT TO BE HAD without phone-ana: temporary access"), "{page}");
}

#[test]
fn for_one_account_it_speaks_of_no_other() {
    let sandbox = office();
    let page = sandbox.run("runbook lost-device --device phone-ana --for AWS").done().out;
    assert!(page.contains("AWS:root") && !page.contains("Mail") && !page.contains("VPN"), "{page}");
    let page = sandbox.run("runbook planned-change --for Mail").done().out;
    assert!(page.starts_with("# Planned change of a device: Mail\n") && !page.contains("AWS"), "{page}");
    let page = sandbox.run("runbook break-glass --for GitHub").done().out;
    assert!(page.contains("lifeboat code GitHub:ana") && !page.contains("AWS"), "{page}");
}

#[test]
fn what_has_no_pass_says_why() {
    let page = flat(&office().run("runbook lost-device --device phone-ana").done().out);
    assert!(page.contains("No pass for VPN:ana: its codes follow a counter"), "{page}");
    assert!(!page.contains("pass issue VPN"), "{page}");
}

#[test]
fn an_empty_vault_has_runbooks_that_can_be_used_with_a_pen() {
    let sandbox = Sandbox::with_vault();
    for name in NAMES {
        let page = flat(&sandbox.run(&format!("runbook {name}")).done().out);
        assert!(page.contains("Verify"), "{name}: {page}");
        assert!(page.contains("____"), "{name}: {page}");
        assert!(page.contains("What this page does not know"), "{name}: {page}");
        assert!(page.contains("lifeboat plan new"), "{name}: {page}");
    }
    let page = flat(&sandbox.run("runbook lost-device").done().out);
    for add in [
        "lifeboat plan add helpdesk --kind person",
        "--kind helpdesk-access",
        "--kind authenticator-ios-keychain",
        "lifeboat edit ACCOUNT --provenance copied --device DEVICE",
    ] {
        assert!(page.contains(add), "{add}: {page}");
    }
}

#[test]
fn names_that_nothing_has_are_told_apart() {
    let sandbox = office();
    let unknown = sandbox.run("runbook nothing").exits(4).says("there is no runbook \"nothing\"");
    unknown.says("break-glass");
    sandbox
        .run("runbook lost-device --device pager")
        .exits(4)
        .says("no device is named \"pager\"")
        .says("phone-ana");
    sandbox.run("runbook lost-device --for nobody").exits(4).says("no entry fits");
    sandbox.run("runbook lost-device --for a").exits(4);
    sandbox.run("runbook --device phone-ana").exits(2);
    sandbox.run("runbook drill --template - --html").exits(2);
    sandbox.run("runbook drill --remove --device x").exits(2);
    let error = sandbox.run("runbook nothing --json").exits(4).error_json();
    assert_eq!(error["kind"], "no-entry");
}

#[test]
fn a_page_goes_to_a_file_that_only_its_owner_reads_and_nothing_is_written_over() {
    let sandbox = office();
    sandbox.run("runbook lost-device -o ~/lost.html").done().says("map for an attacker");
    let page = String::from_utf8(sandbox.read("lost.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    assert_eq!(page, sandbox.run("runbook lost-device --html").done().out);
    let mode = std::fs::metadata(sandbox.path("lost.html")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    sandbox.run("runbook drill -o ~/lost.html").exits(8).says("exists already");
    assert_eq!(String::from_utf8(sandbox.read("lost.html")).unwrap(), page);
    let json = sandbox.run("runbook drill -o ~/lost.html --force --json").done().json("lifeboat.runbook/1");
    assert_eq!(json["name"], "drill");
    assert!(json["file"].as_str().unwrap().ends_with("lost.html"));
    sandbox
        .run("runbook drill --force -o ~/vault.lifeboat")
        .exits(8)
        .says("nothing is written over the vault");
    sandbox.run("runbook drill -o ~/drill.md").done();
    assert_eq!(sandbox.read("drill.md"), sandbox.run("runbook drill").done().out.into_bytes());
    let log = sandbox.run("audit list --json").done().out;
    assert!(log.contains("\"runbook\""), "what was written is in the log: {log}");
}

#[test]
fn the_page_to_print_loads_nothing_and_runs_nothing() {
    let sandbox = office();
    for name in NAMES {
        let page = sandbox.run(&format!("runbook {name} --html")).done().out;
        for forbidden in
            ["<script", "<link", "<img", "<iframe", "http:", "https:", "src=", "url(", "href=", "@import"]
        {
            assert!(!page.contains(forbidden), "{name}: {forbidden}");
        }
        assert!(page.contains("default-src 'none'"), "{name}");
        assert!(page.contains("break-inside:avoid") && page.contains("@page"), "{name}");
        let steps = sandbox.run(&format!("runbook {name} --json")).done().json("lifeboat.runbook/1");
        let boxes = page.matches("<div class=\"box\">").count();
        assert_eq!(steps["steps"], boxes, "{name}: each step has a box");
    }
}

#[test]
fn no_line_is_wider_than_a_terminal_and_no_paragraph_longer_than_a_breath() {
    let sandbox = office();
    let asked = NAMES.iter().map(|name| (*name).to_owned()).chain(
        ["planned-change", "lost-device", "first-device"]
            .iter()
            .map(|name| format!("{name} --device phone-ana")),
    );
    for asked in asked {
        let page = settled(&sandbox, &sandbox.run(&format!("runbook {asked}")).done().out);
        for line in page.lines() {
            assert!(line.chars().count() <= 80, "{asked}: {line}");
        }
        for paragraph in page.split("\n\n").flat_map(|block| block.split("\n- ")) {
            let is_list = paragraph.contains("- [ ]") || paragraph.contains("      lifeboat");
            assert!(is_list || paragraph.lines().count() <= 3, "{asked}: {paragraph}");
        }
    }
}

#[test]
fn nothing_secret_is_in_any_form_of_it() {
    let sandbox = office();
    sandbox.write("codes", "7777-recovery-8888\n");
    sandbox.run("edit AWS --recovery-codes ~/codes").done();
    for name in NAMES {
        for form in ["", "--html", "--json", "--device phone-ana", "--for AWS"] {
            let out = sandbox.run(&format!("runbook {name} {form}")).done().out;
            for secret in [RFC_SEED, "JBSWY3DPEHPK3PXP", "7777-recovery-8888", "12345678901234567890"] {
                assert!(!out.contains(secret), "{name} {form}");
            }
            let share = String::from_utf8(sandbox.read("cards/01-Ana/share.txt")).unwrap();
            let words: Vec<&str> = share.split_whitespace().collect();
            assert!(!flat(&out).contains(&words[4..7].join(" ")), "{name} {form}");
        }
    }
}

/// A line without what is escaped in it: what is left means something to a reader of Markdown.
pub(crate) fn unescaped(line: &str) -> String {
    let mut left = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            left.push(c);
        }
    }
    left
}

#[test]
fn a_label_cannot_make_a_box_a_link_a_heading_or_markup() {
    let hostile = [
        "- [ ] **9.** forged",
        "# forged",
        "[forged](https://evil.example)",
        "<b>forged</b><script>alert(1)</script>",
        "`forged` **forged** __forged__ ![x](y)",
        "1. forged",
        "\u{2028}- [ ] forged",
        "forged\n- [ ] forged\n# forged",
        "</pre></li><h1>forged",
        "```",
        "    forged",
        "'; rm -rf ~; '",
        "$(forged)",
    ];
    for label in hostile {
        let sandbox = Sandbox::with_vault();
        sandbox
            .command("add - --privileged --provenance copied")
            .arg(format!("--issuer={label}"))
            .arg(format!("--account={label}"))
            .arg(format!("--device={label}"))
            .stdin(RFC_SEED)
            .run()
            .done();
        for (name, kind) in [(label.to_owned(), "device"), (format!("{label} too"), "person")] {
            sandbox
                .command("plan add")
                .arg(format!("--kind={kind}"))
                .arg(format!("--note={label}"))
                .arg("--")
                .arg(name)
                .run()
                .done();
        }
        for name in NAMES {
            let line = format!("runbook {name}");
            let command = || sandbox.command(&line).arg(format!("--device={label}"));
            let json = command().arg("--json").run().done().json("lifeboat.runbook/1");
            let items =
                json["parts"].as_array().unwrap().iter().flat_map(|part| part["items"].as_array().unwrap());
            let steps: Vec<_> =
                items.map(|item| item["step"].clone()).filter(|step| !step.is_null()).collect();
            let n_ticks: usize = steps.iter().map(|step| step["ticks"].as_array().unwrap().len()).sum();
            let n_headings =
                json["parts"].as_array().unwrap().iter().filter(|part| part["heading"] != "").count();

            let page = command().run().done().out;
            let boxes = page.lines().filter(|line| line.trim_start().starts_with("- [ ]")).count();
            assert_eq!(boxes, steps.len() + n_ticks, "{name} {label:?}:\n{page}");
            let headings = page.lines().filter(|line| line.trim_start().starts_with('#')).count();
            assert_eq!(headings, 1 + n_headings, "{name} {label:?}:\n{page}");
            for line in page.lines().filter(|line| !line.starts_with("      ")) {
                let live = unescaped(line);
                assert!(
                    !live.contains("](") && !live.contains("<b>") && !live.contains('`'),
                    "{label:?}: {line}"
                );
            }
            for line in page.lines().filter(|line| line.starts_with("      ")) {
                let is_quoted = !line.contains("$(") || line.contains("'$(forged)'");
                assert!(is_quoted && !line.contains("device '; rm"), "{label:?}: {line}");
            }

            let html = command().arg("--html").run().done().out;
            assert_eq!(html.matches("<h2>").count(), n_headings, "{name} {label:?}");
            assert_eq!(html.matches("<h1>").count(), 1, "{name} {label:?}");
            assert_eq!(
                html.matches("<script").count() + html.matches("<b>forged").count(),
                0,
                "{name} {label:?}"
            );
        }
    }
}

#[test]
fn the_same_vault_gives_the_same_page_until_something_changes() {
    let sandbox = office();
    for name in NAMES {
        for form in ["", "--html", "--json"] {
            let line = format!("runbook {name} {form}");
            assert_eq!(sandbox.run(&line).done().out, sandbox.run(&line).done().out, "{line}");
        }
    }
    let before = sandbox.run("runbook lost-device").done().out;
    sandbox.run("edit GitHub --provenance copied --device phone-ana").done();
    assert_ne!(sandbox.run("runbook lost-device").done().out, before);
}

#[test]
fn the_five_runbooks_of_a_small_office() {
    let sandbox = office();
    assert_eq!(NOW, 1_800_000_000);
    for name in NAMES {
        let device =
            if name.contains("device") || name.contains("change") { "--device phone-ana" } else { "" };
        let page = settled(&sandbox, &sandbox.run(&format!("runbook {name} {device}")).done().out);
        insta::assert_snapshot!(format!("runbook_{name}"), page);
    }
}
