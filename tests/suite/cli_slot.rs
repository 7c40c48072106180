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
