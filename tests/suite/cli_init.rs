//! `init`: a vault is made once, with what it is told to be opened by.

use crate::support::{CTRL_C, Sandbox, WHAT_WAS_SHOWN};

#[test]
fn a_key_file_alone_makes_and_opens_a_vault() {
    let sandbox = Sandbox::empty();
    let made = sandbox.run("init --new-key-file ~/key").done();
    insta::assert_snapshot!(sandbox.normal(&made.to_string()));
    sandbox.run("list --key-file ~/key").done().says("the vault is empty");
}

#[test]
fn the_result_is_json_when_asked() {
    let sandbox = Sandbox::empty();
    let made = sandbox.run("init --json --new-key-file ~/key").done().json("lifeboat.init/1");
    assert_eq!(made["vault"], sandbox.path("vault.lifeboat").to_str().unwrap());
    assert_eq!(made["slots"][0]["type"], "keyfile");
    assert_eq!(made["id"].as_str().unwrap().len(), 32);
}

#[test]
fn with_a_passphrase_both_are_needed_together() {
    let sandbox = Sandbox::empty();
    sandbox.write("words", "correct horse battery staple\n");
    sandbox.run("init --new-key-file ~/key --new-passphrase-file ~/words").done();

    sandbox.run("list --key-file ~/key --no-input").exits(3);
    sandbox.run("list --passphrase-file ~/words").exits(3);
    sandbox.run("list --key-file ~/key --passphrase-file ~/words").done();
}

#[test]
fn the_passphrase_falls_back_on_the_global_option() {
    let sandbox = Sandbox::empty();
    sandbox.write("words", "correct horse battery staple");
    sandbox.run("init --passphrase-file ~/words").done();
    sandbox.run("list --passphrase-file ~/words").done();
}

#[test]
fn a_typed_passphrase_is_typed_twice() {
    let sandbox = Sandbox::empty();
    let made = sandbox
        .command("init")
        .typing(&["correct horse", "correct mouse", "correct horse", "correct horse"])
        .run()
        .done()
        .says("The two differ; nothing was made");
    assert!(!made.err.contains("horse") && !made.tty.contains("horse"));
    sandbox.command("list").typing(&["correct horse"]).run().done();
}

#[test]
fn an_empty_answer_gets_eight_words_which_are_shown_at_the_terminal_alone() {
    let sandbox = Sandbox::empty();
    let made = sandbox.command("init").typing(&["", WHAT_WAS_SHOWN]).run().done();

    let words = made.tty.lines().find(|line| line.starts_with("    ")).unwrap().trim();
    assert_eq!(words.split(' ').count(), 8);
    assert!(!made.out.contains(words) && !made.err.contains(words));
    sandbox.command("list").typing(&[words]).run().done();
}

#[test]
fn a_weak_passphrase_is_taken_with_a_word_about_it() {
    let sandbox = Sandbox::empty();
    sandbox.write("words", "password");
    sandbox.run("init --new-passphrase-file ~/words").done().says("easy to guess");
}

#[test]
fn nothing_is_made_over_a_vault() {
    let sandbox = Sandbox::with_entry();
    let before = sandbox.read("vault.lifeboat");

    sandbox.run("init --new-key-file ~/another --yes").exits(8).says("already");

    assert_eq!(sandbox.read("vault.lifeboat"), before);
    assert!(!sandbox.has("another"), "no key file is left behind");
}

#[test]
fn ctrl_c_at_the_question_leaves_nothing() {
    let sandbox = Sandbox::empty();
    sandbox.command("init").typing(&[CTRL_C]).run().exits(130).says("interrupted");
    assert!(!sandbox.has("vault.lifeboat"));
}

#[test]
fn no_input_asks_nothing() {
    let sandbox = Sandbox::empty();
    sandbox.run("init --no-input").exits(3).says("--new-passphrase-file");
    assert!(!sandbox.has("vault.lifeboat"));
}

#[test]
fn the_strength_has_a_floor_and_a_ceiling() {
    let sandbox = Sandbox::empty();
    for weak in ["--kdf-memory 63", "--kdf-passes 2", "--kdf-memory 8 --kdf-passes 100"] {
        sandbox.run(&format!("init --new-key-file ~/key {weak}")).exits(8).says("64 MiB and 3 passes");
    }
    sandbox
        .run("init --new-key-file ~/key --kdf-memory 4096 --kdf-passes 9")
        .exits(8)
        .says("no reader would open");
    assert!(!sandbox.has("key") && !sandbox.has("vault.lifeboat"));
}

#[test]
fn the_chosen_strength_is_used() {
    let sandbox = Sandbox::empty();
    sandbox.write("words", "correct horse battery staple");
    sandbox.run("init --new-passphrase-file ~/words --kdf-memory 65 --kdf-passes 3").done();
    let slots = sandbox.run("slot list --json --passphrase-file ~/words").done().json("lifeboat.slot/1");
    assert_eq!(
        (slots["slots"][0]["memory_mib"].as_u64(), slots["slots"][0]["passes"].as_u64()),
        (Some(65), Some(3))
    );
}
