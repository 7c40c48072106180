//! The kit that a custodian keeps: what is in it, what is not, which bundle is taken, and the copies that stand in for
//! one another.

use std::os::unix::fs::PermissionsExt as _;

use sha2::Digest as _;

use crate::custody_story::cards;
use crate::support::{Sandbox, Transcript};

const DAY: u64 = 86_400;
const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ";
const URI: &str = "otpauth://totp/Zwetschke:marille?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ&issuer=Zwetschke";
const WORDS: &str = "nineteen quiet otters behind the lighthouse";
const COPIES: [&str; 3] = ["bundle-1.lifeboat", "bundle-2.lifeboat", "bundle-3.lifeboat"];
const READABLE: [&str; 4] = ["START-HERE.txt", "START-HERE.html", "SHA256SUMS", "restore.py"];
const CUSTODIANS: &str = "--custodian Quittenbaum --custodian Vogelbeer --custodian Schlehdorn";

/// A vault with an account, and a small program in the place of the running one.
fn keeper() -> Sandbox {
    let keeper = Sandbox::with_vault();
    keeper.add(URI);
    keeper.write("program", "\x7fELF and so on");
    keeper
}

/// As [`keeper`], with a bundle that a passphrase opens.
fn with_bundle() -> Sandbox {
    let keeper = keeper();
    keeper.write("words", WORDS);
    keeper.run("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words --label Safe").done();
    keeper
}

/// As [`keeper`], with a bundle that two of three cards open. The cards' words.
fn with_cards() -> (Sandbox, Vec<String>) {
    let keeper = keeper();
    let line = format!("bundle create -o ~/b.lifeboat --quorum 2-of-3 {CUSTODIANS}");
    let made = keeper.command(&line).typing(&[""; 40]).run().done();
    (keeper, cards(&made.tty))
}

fn text(sandbox: &Sandbox, name: &str) -> String {
    String::from_utf8(sandbox.read(name)).unwrap()
}

fn bring_kit(from: &Sandbox, to: &Sandbox) {
    std::fs::create_dir(to.path("kit")).unwrap();
    for entry in std::fs::read_dir(from.path("kit")).unwrap() {
        let name = format!("kit/{}", entry.unwrap().file_name().to_str().unwrap());
        to.write(&name, from.read(&name));
    }
}

fn spoil(sandbox: &Sandbox, name: &str) {
    let mut bytes = sandbox.read(name);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    sandbox.write(name, bytes);
}

#[test]
fn a_kit_is_the_bundle_three_times_the_program_the_reader_and_the_instructions_with_their_sums() {
    let keeper = with_bundle();
    let made = keeper.run("kit -o ~/kit --json").done();
    for name in COPIES {
        assert_eq!(keeper.read(&format!("kit/{name}")), keeper.read("b.lifeboat"), "{name}");
    }
    assert_eq!(keeper.read("kit/lifeboat"), keeper.read("program"));
    assert_eq!(keeper.read("kit/restore.py"), include_bytes!("../../vectors/restore.py"));

    let sums = text(&keeper, "kit/SHA256SUMS");
    let listed: Vec<(String, String)> = sums
        .lines()
        .map(|line| line.split_once("  ").map(|(sum, name)| (sum.to_owned(), name.to_owned())).unwrap())
        .collect();
    let mut there: Vec<String> = std::fs::read_dir(keeper.path("kit"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "SHA256SUMS")
        .collect();
    there.sort();
    let mut named: Vec<String> = listed.iter().map(|(_, name)| name.clone()).collect();
    named.sort();
    assert_eq!(there, named);
    let document = made.json("lifeboat.kit/1");
    for (idx, (sum, name)) in listed.iter().enumerate() {
        let bytes = keeper.read(&format!("kit/{name}"));
        assert_eq!(*sum, data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&bytes)), "{name}");
        assert_eq!(document["files"][idx]["name"], *name);
        assert_eq!(document["files"][idx]["sha256"], *sum);
        assert_eq!(document["files"][idx]["bytes"], bytes.len());
    }
}

#[test]
fn a_kit_is_for_its_owner_alone_and_the_program_in_it_starts() {
    let keeper = with_bundle();
    keeper.run("kit -o ~/kit").done();
    let mode = |name: &str| std::fs::metadata(keeper.path(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode("kit"), 0o700);
    assert_eq!(mode("kit/lifeboat"), 0o700);
    for name in COPIES.iter().chain(&READABLE) {
        assert_eq!(mode(&format!("kit/{name}")), 0o600, "{name}");
    }
}

#[test]
fn nothing_secret_and_nobody_stands_in_what_is_not_encrypted() {
    let (keeper, cards) = with_cards();
    assert_eq!(cards.len(), 3);
    let told = keeper.run("kit -o ~/kit").done();
    let key = text(&keeper, "key");
    let home = keeper.home().display().to_string();
    let mut secrets =
        vec![SEED, &SEED[..12], "Zwetschke", "marille", "otpauth://totp/Z", "Quittenbaum", "Vogelbeer"];
    secrets.extend(["Schlehdorn", "workstation", key.lines().last().unwrap(), home.as_str()]);
    // Behind the first four words, which say what sets have in common: the reader has a share of the standard in it.
    let runs: Vec<String> = cards
        .iter()
        .flat_map(|card| {
            let words: Vec<&str> = card.split(' ').skip(4).collect();
            words.windows(3).map(|run| run.join(" ")).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(runs.len(), 3 * 14);
    secrets.extend(runs.iter().map(String::as_str));
    for name in READABLE {
        let page = text(&keeper, &format!("kit/{name}"));
        for secret in &secrets {
            assert!(!page.contains(secret), "{secret} stands in {name}");
        }
    }
    assert!(!told.out.contains("Zwetschke") && !told.err.contains("Zwetschke"));
    // The set is named, so that everybody knows which cards to bring.
    let set = cards[0].split(' ').take(2).collect::<Vec<_>>().join(" ").to_uppercase();
    assert!(text(&keeper, "kit/START-HERE.txt").contains(&set));

    // A passphrase that was typed for the proof is not there either.
    let keeper = with_bundle();
    keeper.run("kit -o ~/kit --bundle-passphrase-file ~/words").done();
    for name in READABLE {
        let page = text(&keeper, &format!("kit/{name}"));
        assert!(!page.contains(WORDS) && !page.contains("otters"), "{name}");
    }
}

#[test]
fn accounts_and_custodians_are_named_where_that_is_asked_for_and_no_seed_is() {
    let (keeper, cards) = with_cards();
    keeper.run("kit -o ~/kit --names").done();
    for name in ["START-HERE.txt", "START-HERE.html"] {
        let page = text(&keeper, &format!("kit/{name}"));
        for wanted in ["Zwetschke:marille", "Quittenbaum", "Vogelbeer", "Schlehdorn"] {
            assert!(page.contains(wanted), "{wanted} is not in {name}");
        }
        assert!(!page.contains(SEED) && !page.contains(&cards[0]));
    }
}

#[test]
fn the_newest_bundle_that_lies_where_it_was_written_is_taken() {
    let keeper = with_bundle();
    keeper.wait(DAY);
    keeper.run("bundle create -o ~/newer.lifeboat --bundle-passphrase-file ~/words").done();
    keeper.run("kit -o ~/first").done().prints("newer.lifeboat");
    assert_eq!(keeper.read("first/bundle-1.lifeboat"), keeper.read("newer.lifeboat"));

    keeper.wait(DAY);
    keeper.run("bundle create Zwet -o ~/part.lifeboat --bundle-passphrase-file ~/words").done();
    spoil(&keeper, "newer.lifeboat");
    let told = keeper.run("kit -o ~/second").done();
    let told = told.says("part.lifeboat").says("a selection").says("newer.lifeboat").says("something else");
    assert!(told.out.contains("b.lifeboat"), "{told}");
    assert_eq!(keeper.read("second/bundle-1.lifeboat"), keeper.read("b.lifeboat"));

    std::fs::remove_file(keeper.path("b.lifeboat")).unwrap();
    keeper
        .run("kit -o ~/third")
        .exits(8)
        .says("no bundle to make a kit of")
        .says("not where it was written")
        .says("lifeboat bundle create -o FILE");
    assert!(!keeper.has("third"));
}

#[test]
fn a_bundle_of_a_replaced_set_goes_into_no_kit() {
    let (keeper, cards) = with_cards();
    let set = cards[0].split(' ').take(2).collect::<Vec<_>>().join("-").to_uppercase();
    let replace = format!("share replace {set} --quorum 2-of-3 {CUSTODIANS}");
    keeper.command(&replace).typing(&[""; 40]).run().done();
    keeper.run("kit -o ~/kit").exits(8).says("was replaced by").says("--share-set");
    assert!(!keeper.has("kit"));
}

#[test]
fn what_has_changed_since_the_bundle_was_made_is_told() {
    let keeper = with_bundle();
    let current = keeper.run("kit -o ~/first").done();
    assert!(!current.err.contains("has changed since"), "{current}");
    keeper.command("edit Zwetschke --seed -").stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXZ").run().done();
    keeper.run("kit -o ~/second").done().says("the vault has changed since").says("1 changed");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let keeper = with_bundle();
    std::fs::create_dir(keeper.path("full")).unwrap();
    keeper.write("full/letter", "dear");
    for line in ["kit -o ~/full", "kit -o ~/full --force"] {
        keeper.run(line).exits(8).says("is not empty");
    }
    assert_eq!(std::fs::read_dir(keeper.path("full")).unwrap().count(), 1);
    keeper.run("kit -o ~/b.lifeboat --force").exits(8).says("no folder");
    keeper.run("kit -o ~/absent/kit").exits(4).says("there is no folder");
    assert!(!keeper.has("absent"));
    std::fs::create_dir(keeper.path("empty")).unwrap();
    keeper.run("kit -o ~/empty").done();
}

#[test]
fn a_kit_that_was_begun_and_not_finished_is_told_and_made_anew() {
    let keeper = with_bundle();
    keeper.run("kit -o ~/kit").done();
    keeper.run("kit -o ~/kit").exits(8).says("holds a kit already");
    std::fs::remove_file(keeper.path("kit/SHA256SUMS")).unwrap();
    std::fs::remove_file(keeper.path("kit/restore.py")).unwrap();
    keeper.write("kit/.START-HERE.txt.tmp.0011223344556677", "half");
    keeper.write("kit/bundle-2.lifeboat", "half");
    keeper.run("kit -o ~/kit").exits(8).says("begun and never finished");
    keeper.run("kit -o ~/kit --force").done();
    assert_eq!(keeper.read("kit/bundle-2.lifeboat"), keeper.read("b.lifeboat"));
    assert_eq!(std::fs::read_dir(keeper.path("kit")).unwrap().count(), 8, "nothing is left of the first try");
}

#[test]
fn a_program_that_cannot_read_itself_makes_no_kit() {
    let keeper = with_bundle();
    std::fs::remove_file(keeper.path("program")).unwrap();
    keeper.run("kit -o ~/kit").exits(1).says("cannot read its own file");
    assert!(!keeper.has("kit"));
}

#[test]
fn what_opens_the_bundle_is_proven_before_anything_is_written() {
    let keeper = with_bundle();
    keeper.write("wrong", "another sentence that opens nothing");
    keeper.run("kit -o ~/kit --bundle-passphrase-file ~/wrong").exits(3);
    assert!(!keeper.has("kit"));
    let made = keeper.run("kit -o ~/kit --bundle-passphrase-file ~/words --json").done();
    assert_eq!(made.json("lifeboat.kit/1")["opened"], true);
}

/// The restored account's name, on a machine that has nothing but the kit.
fn restored(sandbox: &Sandbox, line: &str) -> Transcript {
    let told = sandbox.run(line).done();
    sandbox.run("list --key-file ~/key").done().prints("Zwetschke");
    told
}

#[test]
fn a_kit_s_folder_restores_from_the_first_copy_that_is_whole() {
    let keeper = with_bundle();
    keeper.run("kit -o ~/kit").done();
    for n_spoiled in 0..3 {
        let elsewhere = Sandbox::empty();
        bring_kit(&keeper, &elsewhere);
        elsewhere.write("words", WORDS);
        for name in &COPIES[..n_spoiled] {
            spoil(&elsewhere, &format!("kit/{name}"));
        }
        let told =
            restored(&elsewhere, "restore ~/kit --bundle-passphrase-file ~/words --new-key-file ~/key");
        assert_eq!(told.err.matches("was passed over").count(), n_spoiled, "{told}");
        elsewhere.run("bundle inspect ~/kit").done();
        elsewhere.run("bundle verify ~/kit --bundle-passphrase-file ~/words").done();
    }
}

#[test]
fn without_a_whole_copy_each_is_named_and_nothing_is_made() {
    let keeper = with_bundle();
    keeper.run("kit -o ~/kit").done();
    spoil(&keeper, "kit/bundle-1.lifeboat");
    spoil(&keeper, "kit/bundle-3.lifeboat");
    std::fs::remove_file(keeper.path("kit/bundle-2.lifeboat")).unwrap();
    let refused = keeper.run("restore ~/kit --vault ~/new").exits(5);
    for words in ["bundle-1", "bundle-2", "bundle-3", "not there", "kit of another custodian"] {
        assert!(refused.err.contains(words), "{words} is not in\n{refused}");
    }
    assert!(!keeper.has("new"));
    std::fs::create_dir(keeper.path("nothing")).unwrap();
    keeper.run("restore ~/nothing --vault ~/new").exits(4).says("no bundle of a kit");
}

#[test]
fn a_damaged_copy_names_those_beside_it() {
    let keeper = with_bundle();
    keeper.run("kit -o ~/kit").done();
    spoil(&keeper, "kit/bundle-2.lifeboat");
    let refused = keeper.run("restore ~/kit/bundle-2.lifeboat --vault ~/new").exits(5);
    assert!(
        refused.err.contains("bundle-1.lifeboat or") && refused.err.contains("bundle-3.lifeboat instead"),
        "{refused}"
    );
    // A bundle that is no copy of a kit has nothing beside it.
    spoil(&keeper, "b.lifeboat");
    assert!(!keeper.run("restore ~/b.lifeboat --vault ~/new").exits(5).err.contains("beside it"));
}

#[test]
fn one_card_is_checked_against_a_kit_and_two_open_it() {
    let (keeper, cards) = with_cards();
    keeper.run("kit -o ~/kit").done();
    let elsewhere = Sandbox::empty();
    bring_kit(&keeper, &elsewhere);
    spoil(&elsewhere, "kit/bundle-1.lifeboat");
    elsewhere.write("one", &cards[0]);
    elsewhere.write("two", &cards[2]);
    elsewhere.run("share check ~/kit --share ~/one").done().says("was passed over").prints("1 of 3");
    elsewhere.run("restore ~/kit --share ~/one --no-input").exits(3);
    restored(&elsewhere, "restore ~/kit --share ~/one --share ~/two --yes --new-key-file ~/key");
}
