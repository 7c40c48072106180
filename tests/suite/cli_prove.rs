//! `prove`: that the service took a code.

use crate::support::{NOW, Sandbox};

#[test]
fn a_proof_is_asked_for_and_dated() {
    let sandbox = Sandbox::with_entry();
    let asked = sandbox.command("prove AWS").typing(&["y"]).run().done();
    assert_eq!(asked.tty, "Did the service accept a code of AWS:root just now? [y/N] \n");
    let json = sandbox.run("show AWS --json").done().json("lifeboat.show/1");
    assert_eq!(json["proven"], NOW);
}

#[test]
fn anything_but_yes_proves_nothing() {
    let sandbox = Sandbox::with_entry();
    for answer in ["", "n", "maybe"] {
        sandbox.command("prove AWS").typing(&[answer]).run().exits(8);
    }
    sandbox.run("prove AWS --no-input").exits(8).says("--yes");
    sandbox.run("prove AWS").exits(8);
    sandbox.run("show AWS").done().prints("proven       never");
    sandbox.run("prove AWS --accepted --no-input").done();
    sandbox.run("show AWS").done().prints("proven       2027-01-15T08:00:00Z");
}
