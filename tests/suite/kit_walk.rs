//! From a kit to the first code, by following only what its page says, on a machine that has nothing else; and the
//! shipped program making one.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::custody_story::cards;
use crate::pty::Pseudoterminal;
use crate::support::Sandbox;

/// A counting account, whose first code is RFC 4226's, whatever the clock says.
const URI: &str =
    "otpauth://hotp/Registrar:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Registrar&counter=0";
const FIRST_CODE: &str = "755224";
const READY: &str = "ready> ";

/// The kit of a vault with that account, the words of the cards that open it, and the maker's fingerprint.
fn kit() -> (Sandbox, Vec<String>, String) {
    let keeper = Sandbox::with_vault();
    keeper.add(URI);
    // It stands for the program, which is large as tests build it, and is that program all the same.
    keeper.write("program", format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_lifeboat")));
    let line =
        "bundle create -o ~/b.lifeboat --quorum 2-of-3 --custodian Ana --custodian Ben --custodian Cem";
    let made = keeper.command(line).typing(&[""; 40]).run().done();
    let maker = made.out.lines().find_map(|line| line.strip_prefix("signed by")).unwrap().trim().to_owned();
    keeper.run("kit -o ~/kit").done();
    (keeper, cards(&made.tty), maker)
}

/// Every file below a folder, with what is in it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.symlink_metadata().unwrap().is_dir() {
            found.extend(tree(&path));
            found.insert(path.display().to_string(), Vec::new());
        } else {
            found.insert(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// The lines that the page has somebody type, of the part with this heading.
fn typed_lines(page: &str, heading: &str) -> Vec<String> {
    let (_, part) = page.split_once(&format!("\n{heading}\n")).unwrap();
    let end = part
        .find("\n----")
        .map_or(part.len(), |start| part[start + 1..].find("\n----").map_or(part.len(), |at| start + 1 + at));
    let is_typed = |line: &&str| line.starts_with("        ") && !line.starts_with("         ");
    part[..end].lines().filter(is_typed).map(|line| line.trim().to_owned()).collect()
}

/// Types a card's words as the page says: five at a time, four letters of each.
fn types_card(terminal: &Pseudoterminal, card: &str) {
    let words: Vec<&str> = card.split(' ').collect();
    for (row, first) in words.chunks(5).zip([1, 6, 11, 16]) {
        terminal.shows(&format!("words {first} to {}:", first + 4));
        let short: Vec<&str> = row.iter().map(|word| &word[..4]).collect();
        terminal.types(&short.join(" ")).types("\r");
    }
}

#[test]
fn the_page_alone_leads_from_a_kit_to_the_first_code_and_nothing_else_is_written() {
    let (keeper, cards, maker) = kit();
    let elsewhere = Sandbox::empty();
    std::fs::create_dir(elsewhere.path("kit")).unwrap();
    for entry in std::fs::read_dir(keeper.path("kit")).unwrap() {
        let from = entry.unwrap().path();
        // A medium that keeps no permissions.
        let to = elsewhere.path("kit").join(from.file_name().unwrap());
        std::fs::copy(&from, &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    drop(keeper);
    let before = tree(elsewhere.home());
    let page = String::from_utf8(elsewhere.read("kit/START-HERE.txt")).unwrap();

    let mut terminal = Pseudoterminal::shell(&elsewhere, 40, 100);
    terminal.shows(READY);
    terminal.types("cd kit\r");
    let mut passphrase = String::new();
    let lines = typed_lines(&page, "STEP BY STEP");
    assert_eq!(lines.len(), 8, "{lines:?}");
    for line in lines {
        terminal.types("clear\r").until("an empty screen", |screen| screen.trim() == READY.trim());
        let line = line.replace("NAME", "regis");
        terminal.types(&line).types("\r");
        match line.as_str() {
            "ls" => drop(terminal.shows("START-HERE.txt")),
            "sha256sum -c SHA256SUMS" => {
                let screen = terminal.shows("START-HERE.txt: OK");
                assert_eq!(screen.matches(": OK").count(), 7, "{screen}");
            }
            "./lifeboat restore ." => {
                types_card(&terminal, &cards[2]);
                terminal.shows("already");
                types_card(&terminal, &cards[0]);
                let screen = terminal.shows("Is that the fingerprint on the cards?");
                assert!(screen.contains(&maker), "{screen}");
                terminal.types("yes\r").shows("New passphrase for the vault");
                terminal.types("\r");
                let screen = terminal.shows("Type it again:");
                let words = screen
                    .lines()
                    .find(|line| line.starts_with("    ") && line.split_whitespace().count() == 8);
                words.unwrap_or_else(|| panic!("no words in {screen}")).trim().clone_into(&mut passphrase);
                terminal.types(&passphrase).types("\r").shows("1 entry");
            }
            "./lifeboat list" => {
                terminal.shows("Passphrase:");
                terminal.types(&passphrase).types("\r").shows("Registrar");
            }
            "./lifeboat code regis" => {
                terminal.shows("Passphrase:");
                terminal.types(&passphrase).types("\r").shows(FIRST_CODE);
            }
            "./lifeboat" => {
                terminal.shows("Passphrase:");
                terminal.types(&passphrase).types("\r").shows("Registrar");
                terminal.types("q");
            }
            _ => {}
        }
        terminal.until("the next prompt", |screen| screen.trim_end().ends_with(READY.trim()));
    }
    terminal.types("exit\r");
    assert_eq!(terminal.end().code(), Some(0));

    let opened = elsewhere.path("kit/opened.lifeboat").display().to_string();
    let mut after = tree(elsewhere.home());
    after.retain(|path, _| !path.starts_with(&opened));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(before == after, "what was there is as it was");
}

#[test]
fn a_home_that_is_named_gets_only_what_was_told() {
    let (keeper, cards, _) = kit();
    let elsewhere = Sandbox::empty();
    elsewhere.write("one", &cards[0]);
    elsewhere.write("two", &cards[1]);
    let before = tree(elsewhere.home());
    let kit_before = tree(&keeper.path("kit"));
    let mut restore = elsewhere.unboxed_program();
    restore
        .args([
            "restore",
            "--yes",
            "--share",
            "one",
            "--share",
            "two",
            "--new-key-file",
            "key",
            "--sandbox",
            "kill",
        ])
        .arg(keeper.path("kit"));
    restore.assert().success();
    assert!(tree(&keeper.path("kit")) == kit_before, "the kit is as it was");
    let is_told = |path: &String| {
        let short = path.strip_prefix(&elsewhere.home().display().to_string()).unwrap();
        // The vault and its key file, as they were named; and what this machine remembers, in the user's own place.
        short.starts_with("/vault.lifeboat") || short == "/key" || short.starts_with("/.local")
    };
    let new: Vec<String> =
        tree(elsewhere.home()).into_keys().filter(|path| !before.contains_key(path)).collect();
    assert!(!new.is_empty() && new.iter().all(is_told), "{new:?}");
}

#[test]
fn the_program_in_a_kit_is_the_one_that_made_it() {
    let keeper = Sandbox::with_entry();
    keeper.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bundle-key").done();
    let mut command = keeper.program();
    command.args(["kit", "-o", "kit", "--bundle-key-file", "bundle-key"]).assert().success();
    let (made, itself) =
        (keeper.read("kit/lifeboat"), std::fs::read(env!("CARGO_BIN_EXE_lifeboat")).unwrap());
    assert!(made == itself);
    let mut inspect = assert_cmd::Command::new(keeper.path("kit/lifeboat"));
    inspect.env_clear().env("HOME", keeper.home()).args(["bundle", "inspect"]).arg(keeper.path("kit"));
    inspect.assert().success();
}
