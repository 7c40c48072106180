//! `remove` and `trash`: away, back, and gone for good.

use crate::support::Sandbox;

#[test]
fn an_entry_goes_to_the_trash_and_comes_back() {
    let sandbox = Sandbox::with_entry();
    let code = sandbox.run("code AWS").done().out;
    sandbox.run("remove AWS").done().says("AWS:root is in the trash");
    sandbox.run("code AWS").exits(4);
    assert_eq!(
        sandbox.normal(&sandbox.run("trash list").done().out),
        "ISSUER  ACCOUNT  REMOVED     ID\nAWS     root     2027-01-15  [id]\n"
    );

    sandbox.run("trash restore AWS").done().says("AWS:root is back");

    assert_eq!(sandbox.run("code AWS").done().out, code);
    sandbox.run("trash list").done().says("the trash is empty");
}

#[test]
fn purge_asks_and_names_what_it_destroys() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("remove AWS").done();
    sandbox.run("trash purge --no-input").exits(8).says("AWS:root");
    sandbox.command("trash purge").typing(&["n"]).run().exits(8);
    sandbox.run("trash restore AWS").done();
    sandbox.run("remove AWS").done();

    let purged = sandbox.command("trash purge AWS").typing(&["yes"]).run().done();

    assert_eq!(purged.tty, "Destroy for good: AWS:root? [y/N] \n");
    purged.says("still hold them");
    assert_eq!(
        sandbox.run("trash list --json").done().json("lifeboat.trash/1")["entries"],
        serde_json::json!([])
    );
    sandbox.run("trash purge --yes").done().says("the trash is empty");
    sandbox.run("trash restore AWS").exits(4);
}

#[test]
fn remove_does_not_touch_what_it_cannot_name() {
    let sandbox = Sandbox::with_entry();
    sandbox.add("otpauth://totp/AWS:billing?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.run("remove AWS").exits(4).says("AWS:billing");
    assert_eq!(
        sandbox.run("list --json").done().json("lifeboat.list/1")["entries"].as_array().unwrap().len(),
        2
    );
}
