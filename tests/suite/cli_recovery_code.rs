//! `recovery-code use`: each one once.

use crate::support::{RFC_URI, Sandbox};

#[test]
fn each_is_handed_out_once_and_then_there_is_none() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("codes", "1111-2222\n3333-4444\n");
    sandbox.command("add - --recovery-codes ~/codes").stdin(RFC_URI).run().done();

    let first = sandbox.run("recovery-code use AWS").done();
    assert_eq!((first.out.as_str(), first.err.as_str()), ("1111-2222\n", "marked as used; 1 left\n"));
    let second = sandbox.run("recovery-code use AWS --json").done().json("lifeboat.recovery-code/1");
    assert_eq!((second["code"].as_str(), second["left"].as_u64()), (Some("3333-4444"), Some(0)));
    let none = sandbox.run("recovery-code use AWS").exits(4);
    assert!(none.says("no unused recovery code").out.is_empty());
}

#[test]
fn new_ones_replace_the_old() {
    let sandbox = Sandbox::with_entry();
    sandbox.command("edit AWS --recovery-codes -").stdin("5555-6666\n").run().done();
    assert_eq!(sandbox.run("recovery-code use AWS").done().out, "5555-6666\n");
}
