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
    let aged = |sandbox: &Sandbox| sandbox.run("status").done().out.contains("proof aged   AWS:root");
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
    assert!(!status.out.contains("GEZD"));
}
