//! `passwd`: another passphrase and another master key.

use crate::support::Sandbox;

#[test]
fn the_old_passphrase_no_longer_opens_it() {
    let sandbox = Sandbox::with_passphrase("the first one");
    sandbox.write("second", "the second one\n");
    let changed =
        sandbox.command("passwd --new-passphrase-file ~/second").typing(&["the first one"]).run().done();
    changed.says("new master key").says("previous generations beside the vault").says("--purge-previous");
    sandbox.command("list").typing(&["the first one"]).run().exits(3);
    sandbox.command("list").typing(&["the second one"]).run().done();
}

#[test]
fn a_key_file_can_be_changed_too() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("passwd --new-key-file ~/key2").done();
    sandbox.run("list").exits(3);
    sandbox.run("list --key-file ~/key2").done().prints("AWS");
}

#[test]
fn other_ways_of_opening_are_dropped_only_by_name_or_by_a_yes() {
    let sandbox = Sandbox::with_passphrase("the first one");
    sandbox.run("slot add --new-key-file ~/spare --passphrase-file ~/vault-passphrase").done();
    let slots =
        sandbox.run("slot list --json --passphrase-file ~/vault-passphrase").done().json("lifeboat.slot/1");
    let spare = slots["slots"][1]["slot"].as_str().unwrap().to_owned();
    sandbox.write("second", "the second one");
    let line = "passwd --passphrase-file ~/vault-passphrase --new-passphrase-file ~/second";

    sandbox.run(&format!("{line} --no-input")).exits(8).says(&spare);
    sandbox.command(line).typing(&["n"]).run().exits(8);
    sandbox.run("list --key-file ~/spare").done();

    sandbox.run(&format!("{line} --drop {spare} --no-input")).done();
    sandbox.run("list --key-file ~/spare --no-input").exits(3);
    sandbox.run("list --passphrase-file ~/second").done();
}

#[test]
fn previous_generations_are_destroyed_when_asked() {
    let sandbox = Sandbox::with_entry();
    assert!(
        sandbox.has("vault.lifeboat.previous.1"),
        "{:?}",
        std::fs::read_dir(sandbox.home()).unwrap().collect::<Vec<_>>()
    );
    sandbox
        .run("passwd --new-key-file ~/key2 --purge-previous --no-input --yes")
        .done()
        .says("are destroyed");
    assert!(!sandbox.has("vault.lifeboat.previous.1"));
}
