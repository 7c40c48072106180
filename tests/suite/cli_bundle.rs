//! `bundle`: made, read back, looked at from outside, verified, listed.

use crate::support::{NOW, Sandbox, WHAT_WAS_SHOWN};

const STRONG: &str = "seventeen green lanterns over the harbour";

#[test]
fn a_bundle_is_read_back_and_compared() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", STRONG);
    let made = sandbox
        .run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words --label 'safe 3' --review 90d")
        .done();
    insta::assert_snapshot!(sandbox.normal(&made.to_string()));
    let inspected = sandbox.run("bundle inspect ~/b.lifeboat").done();
    insta::assert_snapshot!(sandbox.normal(&inspected.to_string()));
}

#[test]
fn json_says_what_was_made() {
    let sandbox = Sandbox::with_entry();
    let made = sandbox.run("bundle create --json -o ~/b.lifeboat --bundle-key-file ~/bk --review 30d").done();
    let made = made.json("lifeboat.bundle/1");
    assert_eq!((made["entries"].as_u64(), made["review"].as_u64()), (Some(1), Some(NOW + 30 * 86_400)));
    let inspected = sandbox.run("bundle inspect --json ~/b.lifeboat").done().json("lifeboat.bundle/1");
    assert_eq!((&inspected["id"], &inspected["sha256"]), (&made["id"], &made["sha256"]));
    assert_eq!(made["bytes"].as_u64(), Some(sandbox.read("b.lifeboat").len() as u64));
}

#[test]
fn its_passphrase_is_typed_twice_and_strong() {
    let sandbox = Sandbox::with_entry();
    let made =
        sandbox.command("bundle create -o ~/b.lifeboat").typing(&["secret", STRONG, STRONG]).run().done();
    made.says("Too weak for a bundle");
    sandbox.command("bundle verify ~/b.lifeboat").typing(&[STRONG]).run().done();
    let generated =
        sandbox.command("bundle create -o ~/c.lifeboat").typing(&["", WHAT_WAS_SHOWN]).run().done();
    assert!(generated.tty.contains("Write it down"));
}

#[test]
fn a_weak_one_is_taken_only_when_insisted_on() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("weak", "password1");
    let line = "bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/weak";
    sandbox.run(line).exits(8).says("--allow-weak");
    assert!(!sandbox.has("b.lifeboat"));
    sandbox.run(&format!("{line} --allow-weak")).done();
}

#[test]
fn the_vaults_own_passphrase_is_not_taken() {
    let sandbox = Sandbox::with_passphrase(STRONG);
    let with = "--passphrase-file ~/vault-passphrase";
    sandbox.command(&format!("add - {with}")).stdin(crate::support::RFC_URI).run().done();
    sandbox
        .run(&format!("bundle create -o ~/b.lifeboat {with} --bundle-passphrase-file ~/vault-passphrase"))
        .exits(8)
        .says("vault's own passphrase");
}

#[test]
fn an_output_that_exists_is_refused_before_a_passphrase_is_typed() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("b.lifeboat", "precious");
    sandbox.command("bundle create -o ~/b.lifeboat").typing(&[]).run().exits(8).says("--force");
    assert_eq!(sandbox.read("b.lifeboat"), b"precious");
    sandbox.run("bundle create -o ~/b.lifeboat --force --bundle-key-file ~/bk").done();
    sandbox.run("bundle create -o ~/vault.lifeboat --force --bundle-key-file ~/bk").exits(8);
}

#[test]
fn verify_opens_it_and_changes_nothing() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk --review 1d").done();
    let before = sandbox.read("b.lifeboat");
    let verified = sandbox.run("bundle verify ~/b.lifeboat --bundle-key-file ~/bk").done();
    assert!(verified.says("nothing was changed").out.contains("entries      1\n"));
    sandbox.wait(11 * 86_400);
    sandbox.run("bundle verify ~/b.lifeboat --bundle-key-file ~/bk").done().says("10 days overdue");
    sandbox.run("bundle verify ~/b.lifeboat --bundle-key-file ~/key --no-input").exits(3);
    assert_eq!(sandbox.read("b.lifeboat"), before);
}

#[test]
fn a_selection_is_listed_as_one() {
    let sandbox = Sandbox::with_entry();
    sandbox.add("otpauth://totp/Bank:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox
        .run("bundle create bank -o ~/b.lifeboat --bundle-key-file ~/bk")
        .done()
        .prints("entries      1\n");
    sandbox.run("bundle verify ~/b.lifeboat --bundle-key-file ~/bk").done().prints("1 (a selection)");
    sandbox.run("bundle create nobody -o ~/c.lifeboat --bundle-key-file ~/bk").exits(4);
    sandbox.run("bundle create --tag none -o ~/c.lifeboat --bundle-key-file ~/bk").exits(4);
    assert!(!sandbox.has("c.lifeboat"));
}

#[test]
fn the_list_says_what_has_changed_since() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("bundle list").done().says("no bundle was made");
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk --review 10d --label safe").done();
    sandbox.run("bundle list").done().prints("current");
    sandbox.wait(60);
    sandbox.add("otpauth://totp/Bank:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.run("edit AWS --note changed").done();
    sandbox.wait(11 * 86_400);
    let listed = sandbox.run("bundle list").done();
    insta::assert_snapshot!(sandbox.normal(&listed.out));
    let json = sandbox.run("bundle list --json").done().json("lifeboat.bundle/1");
    let bundle = &json["bundles"][0];
    assert_eq!(
        (bundle["new"].as_u64(), bundle["changed"].as_u64(), bundle["removed"].as_u64()),
        (Some(1), Some(1), Some(0))
    );
    assert_eq!(bundle["review_due"], true);
}
