//! `status`: what is due, on one screen.

use crate::support::Sandbox;

#[test]
fn one_screen_says_what_is_due() {
    let sandbox = Sandbox::with_entry();
    sandbox.add("otpauth://totp/Old?secret=JBSWY3DPEHPK3PXP");
    let status = sandbox.run("status").done();
    insta::assert_snapshot!(sandbox.normal(&status.to_string()));
}

#[test]
fn check_is_7_until_nothing_is_due() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("status --check").exits(7);
    sandbox.run("prove AWS --accepted").done();
    sandbox.run("status --check").exits(7).prints("there is no bundle");
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk --review 30d").done();
    sandbox.run("status --check").done().prints("nothing is due");
    sandbox.wait(31 * 86_400);
    sandbox.run("status --check").exits(7).prints("review");
    sandbox.wait(366 * 86_400);
    sandbox.run("status --check --json").exits(7).prints("proof_aged");
}

#[test]
fn a_proof_ages_in_a_year_and_one_from_far_ahead_is_no_better() {
    let sandbox = Sandbox::with_entry();
    sandbox.wait(2 * 365 * 86_400);
    sandbox.run("prove AWS --accepted").done();
    sandbox.wait(365 * 86_400);
    let aged = |sandbox: &Sandbox| sandbox.run("status").done().out.contains("proven more than a year ago");
    assert!(!aged(&sandbox));
    sandbox.wait(1);
    assert!(aged(&sandbox));
    sandbox.run("status").done().prints("1 entry was proven more than a year ago: sign in with a code");
    sandbox.set_back(2 * 365 * 86_400 + 2);
    assert!(aged(&sandbox));
}

#[test]
fn an_older_copy_of_the_vault_is_told_and_not_built_upon() {
    let sandbox = Sandbox::with_entry();
    let older = sandbox.read("vault.lifeboat");
    sandbox.run("edit AWS --note newer").done();
    sandbox.write("vault.lifeboat", older);
    sandbox.run("status --check").exits(7).prints("older copy");
    sandbox.run("edit AWS --note lost").exits(8).says("older copy");
    sandbox.run("code AWS").done().says("older copy");
}

#[test]
fn json_lists_names_and_no_secret() {
    let sandbox = Sandbox::with_entry();
    let status = sandbox.run("status --json").done();
    let json = status.json("lifeboat.status/1");
    assert_eq!(json["entries"], 1);
    assert_eq!(json["never_proven"][0]["name"], "AWS:root");
    assert_eq!(json["groups"]["unproven"][0]["names"], serde_json::json!(["AWS:root"]));
    let groups: Vec<&String> = json["groups"].as_object().unwrap().keys().collect();
    assert_eq!(groups.len(), 6, "{groups:?}");
    assert!(!status.out.contains("GEZD"));
}

#[test]
fn long_lists_are_cut_and_the_number_is_told() {
    let sandbox = Sandbox::with_vault();
    for (number, letter) in (b'A'..=b'Z').chain(b'2'..=b'5').map(char::from).enumerate() {
        let name = format!("Service{number:02}:ana");
        sandbox.add(&format!("otpauth://totp/{name}?secret={letter}BSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    }
    let told = sandbox.run("status").done();
    assert!(told.out.contains("30 entries were never proven"), "{told}");
    assert!(told.out.contains("Service00:ana, ") && told.out.contains(" more\n"), "{told}");
    assert!(!told.out.contains("Service29:ana"), "{told}");
    assert!(told.out.lines().count() <= 24, "{told}");
    let json = sandbox.run("status --json").done().json("lifeboat.status/1");
    assert_eq!(json["never_proven"].as_array().unwrap().len(), 30);
}

#[test]
fn a_terminal_gets_lines_that_fit_and_a_colour_that_no_color_takes_away() {
    let sandbox = Sandbox::with_entry();
    let told = sandbox.command("status --color always").at_terminal(80).run().done();
    assert!(told.out.contains("\u{1b}[1;31mDUE\u{1b}[0m "), "{told}");
    for line in told.out.lines().filter(|line| !line.contains(&sandbox.home().display().to_string())) {
        assert!(line.replace("\u{1b}[1;31m", "").replace("\u{1b}[0m", "").chars().count() <= 80, "{line}");
    }
    for plain in ["status", "status --color never"] {
        assert!(!sandbox.run(plain).done().out.contains('\u{1b}'), "{plain}");
    }
}

#[test]
fn a_copy_without_an_end_is_due_and_one_with_an_exception_is_not() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("prove AWS --accepted").done();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    sandbox.run("status --check").done();
    sandbox.run("edit AWS --provenance copied --device phone").done();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk --force").done();
    let told = sandbox.run("status --check").exits(7);
    told.prints("1 entry is a copy of a seed on another device, with no end to that");
    sandbox.run("exception add AWS clone --until 90d --owner Ana").done();
    sandbox.run("status --check").done().prints("exceptions   1 holds");
}
