//! `slot`: several ways of opening one vault.

use crate::support::Sandbox;

#[test]
fn a_second_way_opens_the_same_vault() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "correct horse battery staple");
    let added = sandbox.run("slot add --new-passphrase-file ~/words").done();
    assert_eq!(added.out.trim().len(), 8, "its name is the result");
    added.says("also opened by");
    sandbox.command("code AWS --at 59 --key-file ~/none").run().exits(4);
    let listed = sandbox.run("slot list").done();
    assert_eq!(listed.out.lines().count(), 3);
    listed.prints("opened it now").prints("8 MiB, 1 passes");
}

#[test]
fn a_way_is_taken_away_by_its_name() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "correct horse battery staple");
    let name = sandbox.run("slot add --new-passphrase-file ~/words").done().out;
    let slots = sandbox.run(&format!("slot remove {} --json", name.trim())).done().json("lifeboat.slot/1");
    assert_eq!(slots["slots"].as_array().unwrap().len(), 1);
    sandbox.run("slot remove 00000000").exits(4).says("slot list");
}

/// Two key files, each of which opens the vault alone; the names of their ways.
fn with_two_key_files() -> (Sandbox, [String; 2]) {
    let sandbox = Sandbox::with_entry();
    let slots = sandbox.run("slot list --json").done().json("lifeboat.slot/1");
    let first = slots["slots"][0]["slot"].as_str().unwrap().to_owned();
    let second = sandbox.run("slot add --new-key-file ~/second.key").done().out.trim().to_owned();
    sandbox.run("list --key-file ~/second.key").done();
    (sandbox, [first, second])
}

#[test]
fn a_key_file_whose_way_is_taken_away_opens_nothing_any_more() {
    let (sandbox, [_, second]) = with_two_key_files();
    sandbox.run(&format!("slot remove {second}")).done();
    sandbox.run("list --key-file ~/second.key").exits(3);
    sandbox.run("list").done();
}

#[test]
fn the_way_of_another_key_file_is_dropped_by_name_and_never_wrapped_for_the_one_at_hand() {
    let (sandbox, [first, second]) = with_two_key_files();

    sandbox.run("passwd --new-key-file ~/third.key").exits(8).says(&second);
    sandbox.run("list --key-file ~/second.key").done();

    sandbox.run(&format!("passwd --new-key-file ~/third.key --drop {second}")).done();
    sandbox.run("list --key-file ~/third.key").done();
    sandbox.run("list").exits(3);
    sandbox.run("list --key-file ~/second.key").exits(3);
    let slots = sandbox.run("slot list --json --key-file ~/third.key").done().json("lifeboat.slot/1");
    assert_eq!(slots["slots"].as_array().unwrap().len(), 1, "neither {first} nor {second} is left");
}

#[test]
fn removing_the_way_that_opened_leaves_no_way_for_its_key_file() {
    let (sandbox, [first, _]) = with_two_key_files();
    // The other key file is not at hand, so that nothing would be left but what is dropped.
    sandbox.run(&format!("slot remove {first}")).exits(8).says("nothing would open the vault");
    sandbox.run(&format!("slot remove {first} --key-file ~/second.key")).done();
    sandbox.run("list").exits(3);
    sandbox.run("list --key-file ~/second.key").done().prints("AWS");
}

#[test]
fn the_last_way_stays() {
    let sandbox = Sandbox::with_entry();
    let slots = sandbox.run("slot list --json").done().json("lifeboat.slot/1");
    let name = slots["slots"][0]["slot"].as_str().unwrap();
    sandbox.run(&format!("slot remove {name} --yes")).exits(8).says("nothing would open the vault");
    sandbox.run("list").done().prints("AWS");
}

#[test]
fn a_key_file_that_was_made_before_a_failure_is_told() {
    let sandbox = Sandbox::with_entry();
    std::fs::remove_file(sandbox.path("vault.lifeboat.lock")).unwrap();
    std::fs::create_dir(sandbox.path("vault.lifeboat.lock")).unwrap();

    let failed = sandbox.run("slot add --new-key-file ~/second.key").exits(1);

    assert!(sandbox.has("second.key"));
    failed.says("is as it was before; the key file").says("was made");
}
