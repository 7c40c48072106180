//! `plan`: what each account can be reached through, changed, carried out and in, and checked.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{RFC_URI, Sandbox};

const TWO_WAYS: &str = r#"
[[thing]]
name = "laptop"
kind = "device"
needs = ["office"]

[[thing]]
name = "office"
kind = "place"

[[thing]]
name = "vault file"
kind = "other"
needs = ["laptop"]

[[thing]]
name = "key in the safe"
kind = "hardware-key"

[[thing]]
name = "Entra password"
kind = "password"

[[thing]]
name = "Entra"
kind = "account"
privileged = true
ways = [
  ["Entra password", "this vault"],
  ["Entra password", "key in the safe"],
]

[[scenario]]
name = "burglary"
lose = ["laptop", "key in the safe"]
"#;

fn planned() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    sandbox.write("plan.toml", TWO_WAYS);
    sandbox.run("plan import ~/plan.toml").done();
    sandbox
}

#[test]
fn entries_bundles_and_share_sets_are_in_the_plan_by_themselves() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.run("bundle create -o ~/safe.lifeboat --bundle-passphrase-file ~/words").done();
    let json = sandbox.run("plan show --json").done().json("lifeboat.plan/1");
    let names: Vec<&str> =
        json["things"].as_array().unwrap().iter().map(|thing| thing["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "vault file",
            "vault passphrase",
            "this vault",
            "passphrase of bundle safe.lifeboat",
            "bundle safe.lifeboat",
            "code AWS:root",
            "AWS:root",
        ]
    );
    let code = &json["things"][5];
    assert_eq!(code["ways"][0]["of"][0], "this vault");
    assert_eq!(code["ways"][1]["of"][0], "bundle safe.lifeboat");
    assert_eq!(code["own"], false);
}

#[test]
fn a_loss_that_takes_an_account_away_is_named_with_the_chain_that_fails() {
    let sandbox = planned();
    let checked = sandbox.run("plan check").exits(7);
    let said = &checked.out;
    assert!(said.contains("burglary: takes accounts away"), "{said}");
    assert!(
        said.contains(
            "Entra needs this vault · this vault needs vault file · vault file needs laptop, which is lost"
        ),
        "{said}"
    );
    assert!(said.contains("Entra needs key in the safe, which is lost"), "{said}");
    assert!(
        said.contains("losing one thing (1 case)\n  Entra password: 1 account, 1 privileged: Entra"),
        "{said}"
    );
    assert!(said.contains("losing two things together"), "{said}");
    checked.says("\"Entra password\" alone takes 1 account away");
}

#[test]
fn one_case_says_how_what_is_left_is_reached_step_by_step() {
    let sandbox = planned();
    let said = sandbox.run("plan check --lose office").done().out;
    assert!(said.starts_with("without office: every account is still reached\n"), "{said}");
    let steps = "    1. key in the safe\n    2. Entra password\n    3. Entra, with key in the safe and Entra password\n";
    assert!(said.contains(steps), "{said}");
    sandbox.run("plan check --lose attic").exits(4).says("nothing in the plan is named \"attic\"");
    sandbox.run("plan check --lose a").exits(4).says("things fit \"a\"");
}

#[test]
fn a_backup_behind_the_login_that_it_restores_is_told_as_a_circle() {
    let sandbox = planned();
    sandbox.run("plan add OneDrive --kind service --way Entra").done();
    sandbox
        .command("plan add")
        .arg("the bundle")
        .arg("--kind")
        .arg("bundle")
        .arg("--way")
        .arg("OneDrive")
        .run()
        .done();
    sandbox
        .command("plan add")
        .arg("this vault")
        .arg("--kind")
        .arg("vault")
        .arg("--way")
        .arg("vault file + vault passphrase")
        .arg("--way")
        .arg("the bundle + vault passphrase")
        .run()
        .done();
    let json = sandbox
        .command("plan check --json")
        .arg("--lose")
        .arg("laptop")
        .arg("--lose")
        .arg("key in the safe")
        .run()
        .exits(7)
        .json("lifeboat.plan-check/1");
    let circle = json["scenarios"][0]["takes_away"]["circle"].as_str().unwrap();
    assert_eq!(
        circle,
        "Entra needs this vault · this vault needs the bundle · the bundle needs OneDrive · OneDrive needs Entra"
    );
}

#[test]
fn what_is_unwise_is_told_without_any_loss() {
    let sandbox = planned();
    sandbox.run("plan add phone --kind device --needs office --lost").done();
    sandbox
        .command("plan add")
        .arg("texts")
        .arg("--kind")
        .arg("sms")
        .arg("--needs")
        .arg("phone")
        .run()
        .done();
    sandbox
        .command("plan add")
        .arg("Mail")
        .arg("--kind")
        .arg("account")
        .arg("--way")
        .arg("texts")
        .run()
        .done();
    sandbox.command("plan add").arg("MFA off").arg("--kind").arg("other").run().done();
    let json = sandbox.run("plan check --json").exits(7).json("lifeboat.plan-check/1");
    let flags: Vec<String> = json["flags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flag| format!("{}: {}", flag["about"].as_str().unwrap(), flag["words"].as_str().unwrap()))
        .collect();
    assert_eq!(
        flags,
        [
            "texts: lies on phone, which is marked as lost",
            "Mail: its only second factor is SMS",
            "MFA off: switching the second factor off is no way in: it opens the account to everybody",
            "phone: is marked as lost",
        ]
    );
    assert_eq!(json["unreachable_now"]["accounts"][0], "Mail");
}

#[test]
fn a_mistake_costs_nothing_and_is_named_with_its_line() {
    let sandbox = planned();
    let before = sandbox.read("vault.lifeboat");
    sandbox.write("bad.toml", "[[thing]]\nname = \"x\"\nkind = \"spaceship\"\n");
    sandbox.run("plan import ~/bad.toml").exits(2).says("line 3: no kind \"spaceship\"");
    sandbox.write("bad.toml", "[[thing]]\nname = \"x\"\nkind = \"device\"\nneeds = [\"y\"]\n");
    sandbox
        .run("plan import ~/bad.toml")
        .exits(2)
        .says("\"x\" names \"y\", and nothing in the plan has that name");
    sandbox.run("plan remove laptop").exits(8).says("still named by others");
    sandbox.run("plan remove nobody").exits(4).says("nothing in your plan is named");
    sandbox.run("plan add office --kind place").exits(8).says("is in the plan already");
    sandbox.run("plan new --template one-admin").exits(8).says("has a plan already");
    sandbox.run("plan new --template nobody").exits(2).says("templates: break-glass");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
}

#[test]
fn a_plan_goes_out_and_comes_in_again_through_a_pipe_and_through_a_file() {
    let sandbox = planned();
    let text = sandbox.run("plan export -o -").done().out;
    assert!(text.contains("map for an attacker") && text.contains("key in the safe"), "{text}");
    let other = Sandbox::with_vault();
    other.command("plan import -").stdin(&text).run().done();
    assert_eq!(other.run("plan export -o -").done().out, text);

    sandbox.run("plan export -o ~/out.toml").done().says("map for an attacker");
    assert_eq!(sandbox.read("out.toml"), text.as_bytes());
    let mode = std::fs::metadata(sandbox.path("out.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    sandbox.run("plan export -o ~/out.toml").exits(8);
    sandbox.run("plan export --force -o ~/vault.lifeboat").exits(8).says("nothing is written over the vault");
}

#[test]
fn every_template_is_a_plan_and_its_check_ends() {
    let sandbox = Sandbox::with_entry();
    let listed = sandbox.run("plan new --json").done().json("lifeboat.plan-templates/1");
    let templates = listed["templates"].as_array().unwrap();
    assert!(templates.len() >= 4);
    for template in templates {
        let name = template["name"].as_str().unwrap();
        sandbox.run(&format!("plan new --force --template {name}")).done();
        let json = sandbox.run("plan check --depth 3 --json").exits(7).json("lifeboat.plan-check/1");
        assert!(json["unreachable_now"].is_null(), "{name}: everything can be reached at first");
        assert!(!json["scenarios"].as_array().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_bundle_carries_the_plan_to_a_machine_that_has_nothing_else() {
    let sandbox = planned();
    sandbox.add(RFC_URI);
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.run("bundle create -o ~/safe.lifeboat --bundle-passphrase-file ~/words").done();
    let bundle = sandbox.read("safe.lifeboat");
    let plan = sandbox.run("plan export -o -").done().out;

    let empty = Sandbox::empty();
    empty.write("safe.lifeboat", &bundle);
    empty.write("words", "seventeen green lanterns over the harbour");
    empty
        .run("restore ~/safe.lifeboat --bundle-passphrase-file ~/words --new-passphrase-file ~/words")
        .done();
    assert_eq!(empty.run("plan export -o - --passphrase-file ~/words").done().out, plan);

    let with_own = Sandbox::with_vault();
    with_own.run("plan add mine --kind place").done();
    with_own.write("safe.lifeboat", &bundle);
    with_own.write("words", "seventeen green lanterns over the harbour");
    with_own.run("restore ~/safe.lifeboat --merge --yes --bundle-passphrase-file ~/words").done();
    let kept = with_own.run("plan export -o -").done().out;
    assert!(kept.contains("mine") && !kept.contains("laptop"), "a plan that is there stays: {kept}");
}

/// Somebody removes an entry that the plan names: everything else of the plan goes on, and says so.
#[test]
fn a_plan_that_names_what_was_removed_is_still_checked_and_changed() {
    let sandbox = planned();
    sandbox.add(RFC_URI);
    sandbox.run("plan add VPN --kind account --way 'code AWS:root' --way 'laptop'").done();
    sandbox.run("plan add AWS:root --kind account --privileged --way 'code AWS:root'").done();
    sandbox.run("plan remove AWS:root").done();
    sandbox.run("remove AWS --yes").done();

    let checked = sandbox.run("plan check").exits(7);
    checked.prints("code AWS:root: neither the plan nor the vault has it any more, and it is named by: VPN");
    sandbox.run("plan show").done().prints("VPN");
    sandbox.run("plan add office2 --kind place").done();
    // A name that is a mistake is still one.
    sandbox.run("plan add other --kind account --way 'code AWS:rot'").exits(2).says("code AWS:rot");
    sandbox.run("plan remove laptop").exits(8).says("VPN");
    sandbox.run("plan add VPN --kind account --way laptop --force").done();
    let mended = sandbox.run("plan check");
    assert!(!mended.out.contains("any more"), "{}", mended.out);
}

#[test]
fn who_asks_for_json_gets_the_toml_in_it() {
    let sandbox = planned();
    let toml = sandbox.run("plan export -o -").done().out;
    let json = sandbox.run("plan export -o - --json").done().json("lifeboat.plan-exported/1");
    assert_eq!(json["toml"], toml.as_str());
}

#[test]
fn a_merge_says_before_it_asks_that_the_plan_comes_along_too() {
    let sandbox = planned();
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.add(RFC_URI);
    sandbox.run("bundle create -o ~/safe.lifeboat --bundle-passphrase-file ~/words").done();
    let other = Sandbox::with_entry();
    other.write("safe.lifeboat", sandbox.read("safe.lifeboat"));
    other.write("words", "seventeen green lanterns over the harbour");
    let line = "restore ~/safe.lifeboat --merge --bundle-passphrase-file ~/words";
    other.run(&format!("{line} --dry-run")).done().prints("besides        the recovery plan of the bundle");
    other.run(&format!("{line} --no-input")).exits(8).says("the recovery plan of the bundle");
    assert!(!other.run("plan export -o -").done().out.contains("laptop"), "nothing is taken without a yes");

    other.run(&format!("{line} --select AWS --yes")).done();
    assert!(!other.run("plan export -o -").done().out.contains("laptop"), "a selection is no plan");
    let json = other.run(&format!("{line} --yes --json")).done().json("lifeboat.restore/1");
    assert_eq!(json["besides"][0], "the recovery plan of the bundle");
    assert!(other.run("plan export -o -").done().out.contains("laptop"));
}

#[test]
fn changes_of_the_plan_are_in_the_log_without_any_name() {
    let sandbox = planned();
    let log = sandbox.run("audit list --json").done();
    let json = log.json("lifeboat.audit/1");
    let text = json.to_string();
    assert!(text.contains("plan-changed"), "{text}");
    assert!(!text.contains("laptop") && !text.contains("office"), "the log is no map: {text}");
}

#[test]
fn what_the_vault_knows_has_a_name_of_its_own_whatever_people_call_things() {
    let sandbox = Sandbox::with_vault();
    let long = "x".repeat(900);
    for (number, label) in
        ["vault%20file", "this%20vault", "code%20A", "A", "A", &long, &long].into_iter().enumerate()
    {
        let seed = format!("JBSWY3DPEHPK3PX{}", ["A", "B", "C", "D", "E", "F", "G"][number]);
        sandbox
            .command("add - --allow-duplicate")
            .stdin(format!("otpauth://totp/{label}?secret={seed}"))
            .run()
            .done();
    }
    let json = sandbox.run("plan show --json").done().json("lifeboat.plan/1");
    let names: Vec<&str> =
        json["things"].as_array().unwrap().iter().map(|thing| thing["name"].as_str().unwrap()).collect();
    let once: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(once.len(), names.len(), "{names:?}");
    assert_eq!(names.len(), 3 + 2 * 7);
    sandbox.run("plan add spare --kind hardware-key").done();
    sandbox.run("plan check").exits(7);
}

#[test]
fn of_very_many_entries_the_privileged_and_the_named_stand_alone() {
    let sandbox = Sandbox::with_vault();
    let uris: String = (0..1_000_u16)
        .map(|n| {
            format!(
                "otpauth://totp/Shop:{n}?secret=JBSWY3DPEHPK3PXP{}\n",
                data_encoding::BASE32_NOPAD.encode(&[n.to_be_bytes(), [7, 7], [7, 7]].concat()[..5])
            )
        })
        .collect();
    sandbox.write("uris", uris);
    sandbox.run("import ~/uris").done();
    sandbox.run("edit Shop:17 --privileged").done();
    sandbox.run("plan add 'Shop:41' --kind account --way 'code Shop:41'").done();
    let json = sandbox.run("plan show --json").done().json("lifeboat.plan/1");
    let names: Vec<&str> =
        json["things"].as_array().unwrap().iter().map(|thing| thing["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "vault file",
            "vault passphrase",
            "this vault",
            "code Shop:17",
            "Shop:17",
            "code Shop:41",
            "Shop:41",
            "998 other entries",
        ]
    );
    sandbox.run("plan check").exits(7).prints("998 other entries");
}

#[test]
fn a_bundle_of_a_share_set_that_was_replaced_keeps_its_way_in() {
    let sandbox = Sandbox::with_entry();
    sandbox
        .command("bundle create -o ~/first.lifeboat --quorum 2-of-3 --custodian Ana --custodian Ben --custodian Cem --shares ~/cards --plaintext")
        .run()
        .done();
    let listed = sandbox.run("share list --json").done().json("lifeboat.share/1");
    let set = listed["sets"][0]["set"].as_str().unwrap();
    sandbox.run(&format!("share replace '{set}' --shares ~/cards2 --plaintext")).done();
    sandbox.run("plan add spare --kind hardware-key").done();
    let shown = sandbox.run("plan show").done().out;
    assert!(shown.contains(&format!("way in   share set {set}")), "{shown}");
}
