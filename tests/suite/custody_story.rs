//! The custodians' story on three machines: a set and its cards, bundles that it opens, single shares checked and
//! acknowledged, a custodian who leaves, and the new cards.

use lifeboat::custody::words;

use crate::support::{NOW, Sandbox, Transcript};

const DAY: u64 = 86_400;

/// The words of the cards that a terminal has shown, a card a text.
pub(crate) fn cards(tty: &str) -> Vec<String> {
    let tokens: Vec<&str> = tty.split_whitespace().collect();
    let mut cards: Vec<Vec<&str>> = Vec::new();
    for pair in tokens.windows(2) {
        let (number, word) = (pair[0].parse::<usize>(), pair[1]);
        let is_word = word.chars().all(|c| c.is_ascii_lowercase()) && words::index(word).is_some();
        match number {
            Ok(1) if is_word => cards.push(vec![word]),
            Ok(number) if is_word => {
                if let Some(card) = cards.last_mut().filter(|card| card.len() + 1 == number) {
                    card.push(word);
                }
            }
            _ => {}
        }
    }
    cards.into_iter().filter(|card| card.len() == 20).map(|card| card.join(" ")).collect()
}

/// Makes a bundle, or a set, whose cards are shown to custodians who type nothing back.
fn ceremony(sandbox: &Sandbox, line: &str) -> (Vec<String>, Transcript) {
    let done = sandbox.command(line).typing(&[""; 40]).run().done();
    (cards(&done.tty), done)
}

/// Brings a file from one machine to another.
fn bring(from: &Sandbox, to: &Sandbox, name: &str) {
    to.write(name, from.read(name));
}

/// The line of a transcript's output that begins so, without its beginning.
#[track_caller]
fn line<'t>(told: &'t Transcript, name: &str) -> &'t str {
    let found = told.out.lines().find_map(|line| line.strip_prefix(name));
    found.unwrap_or_else(|| panic!("there is no line {name} in\n{told}")).trim()
}

#[test]
fn a_set_opens_two_bundles_and_after_a_leaver_only_the_new_cards_open_the_new_one() {
    let vault = Sandbox::with_entry();
    let code = vault.run("code AWS --at 1800000000").done().out;

    // The set, its cards, the first bundle; the second one needs no new cards.
    let (old, made) = ceremony(
        &vault,
        "bundle create -o ~/first.lifeboat --quorum 2-of-3 --custodian Ana --custodian Ben --custodian Cem",
    );
    assert_eq!(old.len(), 3);
    let old_name = line(&made, "share set").to_owned();
    let maker = line(&made, "signed by").to_owned();
    assert!(made.tty.contains(&maker), "each card names the maker's key");
    for card in &old {
        let first: Vec<&str> = card.split(' ').take(2).collect();
        assert_eq!(first.join(" ").to_uppercase(), old_name);
        assert!(
            !format!("{}{}", made.out, made.err).contains(card.as_str()),
            "words stay on the terminal's pages"
        );
    }
    let set = old_name.replace(' ', "-");
    vault.run(&format!("bundle create -o ~/second.lifeboat --share-set {set}")).done();

    // A custodian's machine has never seen the vault: checks a share alone, acknowledges it.
    let custodian = Sandbox::empty();
    for file in ["first.lifeboat", "second.lifeboat"] {
        bring(&vault, &custodian, file);
    }
    custodian.write("ben", &old[1]);
    for file in ["first.lifeboat", "second.lifeboat"] {
        let checked = custodian.run(&format!("share check ~/{file} --share ~/ben")).done();
        assert_eq!(line(&checked, "share"), format!("2 of 3, of the set {old_name}"));
    }
    custodian.run("share acknowledge ~/second.lifeboat --share ~/ben -o ~/from-ben").done();
    bring(&custodian, &vault, "from-ben");
    let recorded = vault.run("share record ~/from-ben").done();
    assert!(line(&recorded, "counted").starts_with("1 of 3 shares acknowledged"), "{recorded}");
    vault.run("share list").prints("acknowledged");

    // Any two of the old cards open both, in any order, and nobody's alone.
    for (idx, file) in ["first.lifeboat", "second.lifeboat"].into_iter().enumerate() {
        let elsewhere = Sandbox::empty();
        bring(&vault, &elsewhere, file);
        elsewhere.write("one", &old[2]);
        elsewhere.write("two", &old[idx]);
        elsewhere.run(&format!("restore ~/{file} --share ~/one --no-input")).exits(3).says("bring 1 more");
        assert!(!elsewhere.has("vault.lifeboat"));
        let line = format!("restore ~/{file} --share ~/one --share ~/two --yes --new-key-file ~/key");
        elsewhere.run(&line).done().says(&maker);
        assert_eq!(elsewhere.run("code AWS --at 1800000000 --key-file ~/key").done().out, code);
    }

    // Cem leaves.
    vault.wait(30 * DAY);
    let (new, replaced) = ceremony(
        &vault,
        &format!("share replace {set} --quorum 2-of-3 --custodian Ana --custodian Ben --custodian Dora"),
    );
    assert_eq!(new.len(), 3);
    let new_name = line(&replaced, "new set").split(',').next().unwrap().to_owned();
    assert_ne!(new_name, old_name);
    for told in ["first.lifeboat", "second.lifeboat", "AWS:root", "Rotate them"] {
        assert!(replaced.out.contains(told), "{told} is not in\n{replaced}");
    }
    vault.run("status").prints(&format!("the cards of {old_name}, which was replaced"));
    vault.run(&format!("bundle create -o ~/x --share-set {set}")).exits(8).says("was replaced by");
    vault
        .run(&format!("bundle create -o ~/third.lifeboat --share-set {}", new_name.replace(' ', "-")))
        .done();

    // With the new cards it opens; an old one is refused by name and date, and spoils nothing.
    let elsewhere = Sandbox::empty();
    bring(&vault, &elsewhere, "third.lifeboat");
    for (name, words) in [("old-cem", &old[2]), ("new-ana", &new[0]), ("new-dora", &new[2])] {
        elsewhere.write(name, words);
    }
    let day = "2027-02-14";
    elsewhere
        .run("share check ~/third.lifeboat --share ~/old-cem")
        .exits(3)
        .says(&format!("{old_name}, which was replaced on {day}"))
        .says(&new_name);
    let line = "restore ~/third.lifeboat --share ~/old-cem --share ~/new-dora --share ~/new-ana --yes --new-key-file ~/key";
    elsewhere.run(line).done().says("was replaced on");
    assert_eq!(elsewhere.run("code AWS --at 1800000000 --key-file ~/key").done().out, code);

    // An acknowledgement of a replaced set is not counted.
    vault.run("share record ~/from-ben").exits(8).says("was replaced");
}

#[test]
fn shares_are_typed_word_by_word_and_a_mistyped_one_is_named_and_never_put_right() {
    let vault = Sandbox::with_entry();
    let (cards, _) =
        ceremony(&vault, "bundle create -o ~/b.lifeboat --quorum 2-of-2 --custodian Ana --custodian Ben");
    let elsewhere = Sandbox::empty();
    bring(&vault, &elsewhere, "b.lifeboat");
    let rows = |card: &str| -> Vec<String> {
        let words: Vec<&str> = card.split(' ').collect();
        words.chunks(5).map(|row| row.join(" ")).collect()
    };
    let (ana, ben) = (rows(&cards[0]), rows(&cards[1]));
    let short: Vec<String> = ana
        .iter()
        .map(|row| row.split(' ').map(|word| word[..4].to_uppercase()).collect::<Vec<_>>().join("  "))
        .collect();
    let mistyped = format!("{} acadmeic", ben[1].rsplit_once(' ').unwrap().0);
    let answers: Vec<&str> = [
        &short[0], &short[1], &short[2], &short[3], // Ana, by four letters of each
        &ben[0], &mistyped, &ben[1], &ben[2], &ben[3], // Ben, with a word that is not in the list
    ]
    .into_iter()
    .map(String::as_str)
    .chain(["y", "a new passphrase of this machine", "a new passphrase of this machine"])
    .collect();
    let done = elsewhere.command("restore ~/b.lifeboat").typing(&answers).run().done();
    let done = done.says("share 1 of").says("1 more is needed").says("that is enough");
    assert!(done.tty.contains("word 10 is not in the list"), "{}", done.tty);
}

#[test]
fn a_wrong_word_is_located_and_the_card_has_to_be_typed_again() {
    let vault = Sandbox::with_entry();
    let (cards, _) = ceremony(
        &vault,
        "bundle create -o ~/b.lifeboat --quorum 2-of-3 --custodian A --custodian B --custodian C",
    );
    let genuine: Vec<&str> = cards[0].split(' ').collect();
    let other = if genuine[6] == "zero" { "acid" } else { "zero" };
    let mut wrong = genuine.clone();
    wrong[6] = other;
    vault.write("wrong", wrong.join(" "));
    let refused = vault.run("share check ~/b.lifeboat --share ~/wrong").exits(3);
    refused.says(&format!("word 7 is probably wrong, did you mean \"{}\"?", genuine[6]));
    let checked =
        vault.command("share check ~/b.lifeboat").typing(&[&wrong.join(" "), &cards[0]]).run().done();
    assert!(checked.tty.contains("word 7 is probably wrong"), "{}", checked.tty);
}

#[test]
fn what_is_no_quorum_is_refused_and_what_is_a_risky_one_is_told() {
    let vault = Sandbox::with_entry();
    let create =
        |rest: &str| vault.command(&format!("bundle create -o ~/b.lifeboat {rest}")).typing(&[""; 40]).run();
    create("--quorum 1-of-2 --custodian A --custodian B").exits(8).says("at least 2 shares must be needed");
    create("--quorum 3-of-2 --custodian A --custodian B")
        .exits(8)
        .says("more shares are needed than there are");
    create("--quorum 2-of-17 --custodian A").exits(8).says("at most 16");
    create("--quorum 2-of-3 --custodian A --custodian B")
        .exits(8)
        .says("names of 3 custodians, and 2 were given");
    create("--quorum 2-of-2 --custodian Ana --custodian 'ana '")
        .exits(8)
        .says("nobody could tell their cards apart");
    create("--quorum 2-of-2 --custodian ' ' --custodian B").exits(8).says("1 to 100 characters");
    create("--quorum two --custodian A").exits(2).says("2-of-3");
    create("--quorum 2-of-3").exits(8).says("names of 3 custodians, and 0 were given");
    create("--custodian A").exits(2).says("--quorum 2-of-3");
    assert!(!vault.has("b.lifeboat"));
    create("--quorum 2-of-2 --custodian A --custodian B").done().says("one lost card");
    vault.run("bundle create -o ~/c --no-input --quorum 2-of-2 --custodian A --custodian B").exits(8);
}

#[test]
fn who_opens_the_vault_cannot_open_what_is_sealed_to_its_custodians() {
    let vault = Sandbox::with_entry();
    ceremony(
        &vault,
        "bundle create -o ~/b.lifeboat --quorum 2-of-3 --custodian A --custodian B --custodian C",
    );
    // The vault is open, its key file at hand: nothing of it opens the bundle.
    vault.run("bundle verify ~/b.lifeboat --no-input").exits(3).says("shares of the set");
    vault.run("bundle verify ~/b.lifeboat --bundle-key-file ~/key").exits(3);
    vault.run("restore ~/b.lifeboat --merge --no-input").exits(3);
    let shown = vault.run("bundle inspect ~/b.lifeboat --json").done().json("lifeboat.bundle/1");
    assert_eq!((shown["quorum"]["needed"].as_u64(), shown["quorum"]["of"].as_u64()), (Some(2), Some(3)));
}

#[test]
fn a_passphrase_beside_the_shares_opens_it_without_asking_who_made_it() {
    let vault = Sandbox::with_entry();
    vault.write("words", "seventeen green lanterns over the harbour");
    let (cards, _) = ceremony(
        &vault,
        "bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/words --quorum 2-of-2 --custodian A --custodian B",
    );
    let elsewhere = Sandbox::empty();
    for file in ["b.lifeboat", "words"] {
        bring(&vault, &elsewhere, file);
    }
    let with = "--bundle-passphrase-file ~/words --new-key-file ~/key --no-input";
    elsewhere.run(&format!("restore ~/b.lifeboat {with}")).done();
    // An empty passphrase at the prompt goes on with shares.
    let third = Sandbox::empty();
    bring(&vault, &third, "b.lifeboat");
    let answers = ["", cards[0].as_str(), cards[1].as_str(), "n"];
    third
        .command("restore ~/b.lifeboat --new-key-file ~/key")
        .typing(&answers)
        .run()
        .exits(8)
        .says("not confirmed");
    assert!(!third.has("vault.lifeboat") && !third.has("key"));
}

#[test]
fn an_acknowledgement_counts_only_from_the_share_that_it_names() {
    let vault = Sandbox::with_entry();
    let (cards, _) = ceremony(
        &vault,
        "bundle create -o ~/b.lifeboat --quorum 2-of-3 --custodian A --custodian B --custodian C",
    );
    vault.write("share", &cards[0]);
    vault.run("share acknowledge ~/b.lifeboat --share ~/share -o ~/ack").done();
    vault.run("share acknowledge ~/b.lifeboat --share ~/share -o ~/ack").exits(8).says("exists already");
    let text = String::from_utf8(vault.read("ack")).unwrap();
    for word in cards[0].split(' ') {
        assert!(!text.contains(&format!(" {word} ")), "the acknowledgement holds no word of the card");
    }
    for (from, to) in [
        ("\"share\":1", "\"share\":2"),
        ("\"date\":1800000000", "\"date\":1900000000"),
        ("\"share\":1", "\"share\":4"),
    ] {
        vault.write("forged", text.replace(from, to));
        vault.run("share record ~/forged").exits(5);
    }
    vault.write("forged", "hello");
    vault.run("share record ~/forged").exits(5).says("not an acknowledgement");
    let other = Sandbox::with_entry();
    other.write("ack", &text);
    other.run("share record ~/ack").exits(4).says("no share set");
    let recorded = vault.run("share record ~/ack --json").done().json("lifeboat.share/1");
    assert_eq!(recorded["date"].as_u64(), Some(NOW));
    assert_eq!((recorded["acknowledged"].as_u64(), recorded["of"].as_u64()), (Some(1), Some(3)));
    // Ninety days later it no longer counts, and the custodian is asked again.
    vault.wait(91 * DAY);
    vault.run("share list").prints("DUE again");
    vault.run("status --check").exits(7).prints("share 1 of").prints("share 3 of");
}

#[test]
fn words_typed_back_are_of_those_that_no_other_card_has_and_stand_for_themselves_from_four_letters_on() {
    use lifeboat::app::share_set::typed_back::{TYPED_BACK, is_word, places};
    use lifeboat::custody::Share;
    let vault = Sandbox::with_entry();
    let (cards, _) =
        ceremony(&vault, "bundle create -o ~/b.lifeboat --quorum 2-of-2 --custodian A --custodian B");
    let share = Share::parse(&cards[0]).unwrap();
    let words: Vec<&str> = cards[0].split(' ').collect();
    let ctx = vault.context();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let mut asked = places(&ctx).unwrap();
        seen.extend(asked.iter().copied());
        asked.sort_unstable();
        asked.dedup();
        assert_eq!(asked.len(), TYPED_BACK);
    }
    // The first four words say set, number and how many are needed.
    assert!(seen.into_iter().eq(5..=20));
    for (place, word) in (1..).zip(&words) {
        assert!(
            is_word(&share, place, word)
                && is_word(&share, place, &format!(" {} ", word[..4].to_uppercase()))
        );
        assert!(
            !is_word(&share, place, &word[..3])
                && !is_word(&share, place, "")
                && !is_word(&share, place, "zzzz")
        );
    }
    assert!(!is_word(&share, 0, words[0]) && !is_word(&share, 21, words[0]));
}
