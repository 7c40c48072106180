//! `restore`: on an empty machine, into a vault that is there, and a generation back.

use crate::support::{CTRL_C, Sandbox};

/// A machine with two entries, and their bundle brought to another machine with its key file.
fn lost_and_new() -> (Sandbox, Sandbox) {
    let lost = Sandbox::with_entry();
    lost.add("otpauth://totp/Bank:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA512");
    lost.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk --review 30d").done();
    let new = Sandbox::empty();
    new.write("b.lifeboat", lost.read("b.lifeboat"));
    new.write("bk", lost.read("bk"));
    (lost, new)
}

#[test]
fn a_bundle_restores_on_a_machine_that_has_nothing_else() {
    let (lost, new) = lost_and_new();
    let restored = new.run("restore ~/b.lifeboat --bundle-key-file ~/bk --new-key-file ~/k").done();
    insta::assert_snapshot!(new.normal(&restored.to_string()));
    for query in ["AWS", "Bank"] {
        let code = |sandbox: &Sandbox, key: &str| {
            sandbox.run(&format!("code {query} --key-file ~/{key}")).done().out
        };
        assert_eq!(code(&new, "k"), code(&lost, "key"));
    }
}

#[test]
fn a_review_date_warns_and_never_refuses() {
    let (_, new) = lost_and_new();
    new.wait(40 * 86_400);
    new.run("restore ~/b.lifeboat --bundle-key-file ~/bk --new-key-file ~/k").done().says("10 days overdue");
}

#[test]
fn the_bundle_is_open_before_the_new_passphrase_is_asked_for() {
    let (_, new) = lost_and_new();
    let stopped =
        new.command("restore ~/b.lifeboat --bundle-key-file ~/bk").typing(&[CTRL_C]).run().exits(130);
    stopped.says("the bundle is open: 2 entries");
    assert!(!new.has("vault.lifeboat"));
    new.command("restore ~/b.lifeboat --bundle-key-file ~/bk")
        .typing(&["some words here", "some words here"])
        .run()
        .done();
    new.command("list").typing(&["some words here"]).run().done().prints("Bank");
}

#[test]
fn the_new_vault_falls_back_on_the_global_passphrase_file() {
    let (_, new) = lost_and_new();
    new.write("words", "new vault's words");
    new.run("restore ~/b.lifeboat --bundle-key-file ~/bk --passphrase-file ~/words --no-input").done();
    new.run("list --passphrase-file ~/words").done().prints("AWS");
}

#[test]
fn a_selection_restores_what_fits() {
    let (_, new) = lost_and_new();
    new.run("restore ~/b.lifeboat --bundle-key-file ~/bk --new-key-file ~/k --select nobody").exits(4);
    assert!(!new.has("vault.lifeboat"));
    let json = new
        .run("restore ~/b.lifeboat --bundle-key-file ~/bk --new-key-file ~/k2 --select bank --json")
        .done();
    assert_eq!(json.json("lifeboat.restore/1")["entries"], 1);
}

#[test]
fn a_vault_that_is_there_is_merged_into_or_left_alone() {
    let (lost, _) = lost_and_new();
    let before = lost.read("vault.lifeboat");
    lost.run("restore ~/b.lifeboat --bundle-key-file ~/bk").exits(8).says("--merge");
    assert_eq!(lost.read("vault.lifeboat"), before);
}

#[test]
fn a_merge_never_rolls_back_silently() {
    let (lost, _) = lost_and_new();
    lost.wait(60);
    lost.run("edit AWS --note newer").done();
    lost.run("remove Bank").done();
    let line = "restore ~/b.lifeboat --merge --bundle-key-file ~/bk";
    let dry = lost.run(&format!("{line} --dry-run")).done();
    assert_eq!(dry.out, "would write 0 of 2 entries\n  kept ours      AWS:root\n  in the trash   Bank:ana\n");
    lost.run(line).done();
    lost.run("show AWS").done().prints("newer");
    lost.run("code Bank").exits(4);
}

#[test]
fn a_merge_shows_what_it_will_write_and_asks() {
    let (lost, _) = lost_and_new();
    lost.run("remove Bank").done();
    lost.run("trash purge --yes").done();
    let line = "restore ~/b.lifeboat --merge --bundle-key-file ~/bk";
    lost.run(&format!("{line} --no-input")).exits(8).says("new            Bank:ana");
    lost.command(line).typing(&["n"]).run().exits(8);
    lost.run("code Bank").exits(4);

    let merged = lost.command(line).typing(&["y"]).run().done();

    assert_eq!(merged.tty, "Write 1 entry into the vault? [y/N] \n");
    merged.prints("wrote 1 of 2 entries");
    lost.run("code Bank").done();
    let json = lost.run(&format!("{line} --json")).done().json("lifeboat.restore/1");
    assert_eq!(json["entries"][0]["outcome"], "same");
}

#[test]
fn a_previous_generation_is_put_back_after_a_question() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("edit AWS --issuer Mistake").done();
    sandbox.run("restore --previous --no-input").exits(8).says("Put it back");
    sandbox.command("restore --previous").typing(&["n"]).run().exits(8);

    sandbox.command("restore --previous").typing(&["y"]).run().done().says("1 entry is back");
    sandbox.run("list").done().prints("AWS");
    sandbox.run("restore --previous 1 --yes").done();
    sandbox.run("list").done().prints("Mistake");
    sandbox.run("restore --previous 9 --yes").exits(4);
}

#[test]
fn a_damaged_vault_is_helped_by_its_previous_generation() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("edit AWS --note x").done();
    sandbox.write("vault.lifeboat", "garbage");
    sandbox.run("list").exits(5).says("restore --previous");
    sandbox.run("restore --previous --yes").done();
    sandbox.run("code AWS --at 59").done().prints("94287082");
}

#[test]
fn a_previous_generation_that_cannot_be_read_is_named_where_it_is_passed_over() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("edit AWS --note x").done();
    sandbox.run("edit AWS --note y").done();
    let mut damaged = sandbox.read("vault.lifeboat.previous.1");
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    sandbox.write("vault.lifeboat.previous.1", &damaged);

    let told = sandbox.run("restore --previous --no-input").exits(8);
    told.says("previous generation 1 cannot be read and was passed over: ").says("previous generation 2 of ");
    sandbox.run("restore --previous 1 --yes").exits(5);
    assert!(
        !sandbox.run("restore --previous 2 --no-input").exits(8).err.contains("passed over"),
        "it was named"
    );
    let back = sandbox.run("restore --previous --yes --json").done();
    assert_eq!(back.json("lifeboat.restore/1")["passed_over"], serde_json::json!([1]));
}

#[test]
fn what_is_no_bundle_is_told_apart() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("text", "hello");
    sandbox.run("restore ~/missing --merge").exits(4);
    sandbox.run("restore ~/text --merge").exits(5).says("is no bundle");
    sandbox.run("restore ~/vault.lifeboat --merge").exits(5);
    sandbox.run("restore").exits(2);
    sandbox.run("restore ~/text --dry-run").exits(2);
}
