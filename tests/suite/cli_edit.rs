//! `edit`: names, numbers, tags, and a new seed under the same id.

use crate::support::{RFC_SEED, Sandbox};

#[test]
fn fields_are_changed_one_by_one() {
    let sandbox = Sandbox::with_entry();
    sandbox.wait(60);
    sandbox
        .run(
            "edit AWS --issuer Amazon --account boss --digits 6 --period 60s --algorithm SHA512 --note hello \
             --privileged --favourite --tag +work,+prod --provenance enrolled",
        )
        .done()
        .says("changed Amazon:boss");
    let shown = sandbox.run("show Amazon").done();
    insta::assert_snapshot!(sandbox.normal(&shown.out));
    sandbox.run("edit Amazon --no-privileged --no-favourite --tag -work --note ''").done();
    let json = sandbox.run("show Amazon --json").done().json("lifeboat.show/1");
    assert_eq!(json["tags"], serde_json::json!(["prod"]));
    assert_eq!((json["privileged"].as_bool(), json["favourite"].as_bool()), (Some(false), Some(false)));
    assert_eq!(json["note"], "");
}

#[test]
fn a_new_seed_keeps_the_id_and_asks_for_a_new_proof() {
    let sandbox = Sandbox::with_entry();
    let id = sandbox.run("show AWS --json").done().json("lifeboat.show/1")["id"].clone();
    sandbox.run("prove AWS --accepted").done();

    sandbox
        .command("edit AWS --seed -")
        .stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        .run()
        .done()
        .says("lifeboat prove");

    let json = sandbox.run("show AWS --json").done().json("lifeboat.show/1");
    assert_eq!(json["id"], id);
    assert!(json["proven"].is_null() && !json["rotated"].is_null());
    sandbox.run("show AWS --reveal").done().prints("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
}

#[test]
fn nothing_to_change_and_values_out_of_range_are_usage() {
    let sandbox = Sandbox::with_entry();
    let before = sandbox.run("show AWS").done().out;
    sandbox.run("edit AWS").exits(2).says("nothing to change");
    sandbox.run("edit AWS --digits 11").exits(2).says("from 1 to 10");
    sandbox.run("edit AWS --period 2d").exits(2).says("86400");
    sandbox.run("edit AWS --algorithm MD5").exits(2).says("SHA512");
    sandbox.run("edit AWS --type motp").exits(2);
    sandbox.run("edit AWS --tag +").exits(2).says("+work,-old");
    sandbox.command("edit AWS --seed -").stdin("not base32!").run().exits(2);
    assert_eq!(sandbox.run("show AWS").done().out, before);
}

#[test]
fn a_seed_alone_changes_nothing_else() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(&format!("otpauth://totp/AWS:root?secret={RFC_SEED}&digits=8&period=45"));
    sandbox.command("edit AWS --seed -").stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run().done();
    let json = sandbox.run("show AWS --json").done().json("lifeboat.show/1");
    assert_eq!((json["digits"].as_u64(), json["period"].as_u64()), (Some(8), Some(45)));
}

#[test]
fn what_was_proven_of_other_codes_is_not_proven_any_more() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("prove AWS --accepted").done();
    sandbox.run("edit AWS --digits 8 --note same").done();
    sandbox.run("show AWS").done().prints("proven       2027-01-15");
    sandbox.run("edit AWS --digits 6").done();
    sandbox.run("show AWS").done().prints("proven       never");
}
