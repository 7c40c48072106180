//! The shipped interface in a real terminal: a custodian's kit.

use crate::pty::Pseudoterminal;
use crate::support::{RFC_SEED, Sandbox};

const BUNDLE_WORDS: &str = "nineteen quiet otters behind the lighthouse";
const ENTER: &str = "\r";

#[test]
fn a_kit_is_made_with_the_program_that_runs_once_there_is_a_bundle_and_an_empty_place() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", BUNDLE_WORDS);
    let folder = |name: &str| sandbox.path(name).to_str().unwrap().to_owned();
    let mut terminal = Pseudoterminal::start(&sandbox, 40, 100);
    terminal.shows("AWS");
    terminal.types("2").shows("No bundle was made");
    terminal.types("K").shows("What one custodian keeps");
    terminal.pastes(&folder("kit")).types(ENTER).shows("there is no bundle to make a kit of");
    let screen = terminal.shows("next: make one of all entries: Esc, then n");
    assert!(!screen.contains("--share-set") && !screen.contains("lifeboat bundle"), "{screen}");
    assert!(!sandbox.has("kit"));

    // Another process makes one meanwhile.
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words").done();
    std::fs::create_dir(sandbox.path("full")).unwrap();
    sandbox.write("full/letter", "dear Ana");
    terminal.types("\x15").pastes(&folder("full")).types(ENTER).shows("is not empty");
    let screen = terminal.shows("next: name another folder");
    assert!(screen.contains("unchanged:") && !screen.contains(" -o"), "{screen}");
    terminal.types("/kit/kit").types(ENTER).shows("there is no folder");
    let screen = terminal.shows("then try again");
    assert!(screen.contains("full/kit/kit"), "what was typed is kept: {screen}");
    terminal.types("\x15").pastes(&folder("kit")).types(ENTER).shows("The kit is made.");
    terminal.shows("each copy of the bundle is whole");
    terminal.shows("current");
    let screen = terminal.shows("Next: print START-HERE.html");
    assert!(!screen.contains("not taken") && !screen.contains("has changed"), "{screen}");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert!(!sent.contains(RFC_SEED));

    let bundle = sandbox.read("b.lifeboat");
    for copy in ["bundle-1.lifeboat", "bundle-2.lifeboat", "bundle-3.lifeboat"] {
        assert_eq!(sandbox.read(&format!("kit/{copy}")), bundle, "{copy}");
    }
    let running = std::fs::read(env!("CARGO_BIN_EXE_lifeboat")).unwrap();
    assert!(sandbox.read("kit/lifeboat") == running, "the program that was running");
    assert!(sandbox.has("kit/SHA256SUMS"));
    let text = String::from_utf8(sandbox.read("kit/START-HERE.txt")).unwrap();
    assert!(!text.contains("AWS"), "nobody is named");
    assert_eq!(sandbox.read("full/letter"), b"dear Ana");
}

#[test]
fn a_kit_whose_first_copies_are_spoiled_is_restored_from_the_whole_one_and_that_is_told() {
    let old = Sandbox::with_entry();
    old.write("words", BUNDLE_WORDS);
    old.write("program", "a program");
    old.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words").done();
    old.run("kit -o ~/kit").done();
    old.write("kit/bundle-1.lifeboat", "spoiled");
    std::fs::remove_file(old.path("kit/bundle-2.lifeboat")).unwrap();
    let kit = old.path("kit").to_str().unwrap().to_owned();

    let new = Sandbox::empty();
    let terminal = Pseudoterminal::start(&new, 40, 100);
    terminal.shows("There is no vault");
    terminal.types("2").shows("Path:");
    terminal.pastes(&kit).types(ENTER).shows("bundle-1.lifeboat was passed over: ");
    terminal.shows("bundle-2.lifeboat was passed over: it is not there");
    terminal.shows("bundle-3.lifeboat is whole and was taken");
    terminal.pastes(BUNDLE_WORDS).types(ENTER).shows("3 of 3");

    let terminal = Pseudoterminal::start(&old, 40, 100);
    terminal.shows("AWS");
    terminal.types("2").shows("SINCE THEN");
    terminal.types("i").shows("Which bundle?");
    terminal.types("\x15").pastes(&kit).types(ENTER).shows("The file is whole.");
    terminal.shows("bundle-1.lifeboat was passed over: ");
    terminal.shows("bundle-3.lifeboat is whole and was taken");
}

#[test]
fn a_kit_of_an_older_bundle_says_so_and_names_the_accounts_when_that_is_chosen() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", BUNDLE_WORDS);
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words").done();
    sandbox.run("bundle create -o ~/lost.lifeboat --bundle-passphrase-file ~/words").done();
    std::fs::remove_file(sandbox.path("lost.lifeboat")).unwrap();
    sandbox.add("otpauth://totp/Zwetschke:marille?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ");
    for (rows, columns, folder) in [(24, 80, "kit"), (18, 60, "kit-2")] {
        let mut terminal = Pseudoterminal::start(&sandbox, rows, columns);
        terminal.shows("Zwetschke");
        terminal.types("2").shows("SINCE THEN");
        terminal.types("K").shows("What one custodian keeps");
        terminal.pastes(sandbox.path(folder).to_str().unwrap()).types("\t ").shows("< yes >");
        terminal.types(ENTER).shows("The kit is made.");
        let screen = terminal.shows("a newer bundle was not taken:");
        assert!(screen.contains("(1 new):"), "{screen}");
        terminal.types(&"j".repeat(40));
        let screen = terminal.shows("or a key file.");
        assert!(!screen.contains("--force"), "{screen}");
        terminal.types("q");
        assert_eq!(terminal.end().code(), Some(0));
        let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
        assert!(!sent.contains("--force") && !sent.contains("--share-set"));
        let text = String::from_utf8(sandbox.read(&format!("{folder}/START-HERE.txt"))).unwrap();
        assert!(text.contains("AWS"), "{text}");
    }
}
