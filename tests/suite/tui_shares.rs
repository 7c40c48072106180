//! A bundle opened with shares: words typed one by one, the card that is wrong, files, and the maker's fingerprint.

use lifeboat::app::{Failure, Kind};
use lifeboat::tui::message::{BundleMessage, Message};
use lifeboat::tui::model::{Dialog, FileRow, RestoreForm, Screen, ShareEntry};

use crate::tui_stage::{Stage, quorum_seen, report, share_taken, shares};

/// The words of a card.
fn card(number: usize) -> Vec<String> {
    shares()[number - 1].words().expose().split(' ').map(str::to_owned).collect()
}

/// A stage on an empty machine, at the first card of a bundle that shares alone open.
fn at_card() -> Stage {
    let mut stage = Stage::first_run();
    stage.keys("2~/safe.bundle<enter>");
    stage.send(quorum_seen(false));
    stage.asked_for();
    stage
}

fn entry(stage: &Stage) -> &ShareEntry {
    let Screen::Restore(RestoreForm::Bundle(bundle)) = &stage.model.screen else {
        panic!("no bundle is being opened: {:?}", stage.model.screen);
    };
    bundle.shares.as_ref().unwrap()
}

/// Types the words of a card, each by its first four letters.
fn type_card(stage: &mut Stage, words: &[String]) {
    for word in words {
        stage.keys(&word[..4]).keys(" ");
    }
}

#[test]
fn a_bundle_that_shares_alone_open_asks_for_words_and_for_no_passphrase() {
    let mut stage = at_card();
    insta::assert_snapshot!("card_empty_80x24", stage.screen(80, 24));
    let words = card(1);
    type_card(&mut stage, &words[..12]);
    stage.keys("ac");
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("card_80x24", screen);
    insta::assert_snapshot!("card_60x18", stage.screen(60, 18));
    insta::assert_snapshot!("card_40x10", stage.screen(40, 10));
    insta::assert_snapshot!("card_200x50", stage.screen(200, 50));
    assert!(!screen.contains("Passphrase"));
}

#[test]
fn every_word_is_checked_at_once_and_four_letters_or_one_candidate_decide() {
    let mut stage = at_card();
    stage.keys("ac ");
    assert!(stage.screen(80, 24).contains("several words begin so"), "seven words do");
    stage.keys("a<tab>");
    assert_eq!(entry(&stage).words().next(), Some("academic"), "one word begins with aca");
    stage.keys("acdi ");
    assert!(stage.screen(80, 24).contains("no word of the list begins so; did you mean acid?"));
    assert_eq!(entry(&stage).words().nth(1), Some(""), "a suggestion is never taken");
    stage.keys("<c-w>ACID<enter>");
    assert_eq!(entry(&stage).words().nth(1), Some("acid"));
    assert_eq!(entry(&stage).place(), 2);
    stage.keys("3.ac<backspace><backspace><backspace>");
    assert_eq!((entry(&stage).place(), entry(&stage).word_here()), (1, ""), "the word before was taken back");
}

#[test]
fn a_whole_card_is_handed_over_and_its_words_are_gone() {
    let mut stage = at_card();
    let words = card(1);
    type_card(&mut stage, &words);
    assert_eq!(stage.asked_for(), format!("Bundle(AddShare({:?}))", shares()[0]));
    let gone = |stage: &mut Stage| {
        let screen = stage.screen(80, 24);
        let held = format!("{:?}", stage.model);
        // The name of the set is its first two words.
        words[2..]
            .iter()
            .all(|word| !screen.split_whitespace().any(|shown| shown == word) && !held.contains(word))
    };
    assert!(gone(&mut stage) && !stage.model.shows_secret_text());
    stage.send(share_taken(1, 1));
    assert!(gone(&mut stage));
    insta::assert_snapshot!("card_taken_80x24", stage.screen(80, 24));
    stage.asked_for();
    type_card(&mut stage, &card(2));
    stage.asked_for();
    stage.send(share_taken(2, 0));
    assert_eq!(stage.asked_for(), "Bundle(OpenByShares { only_check: false })");
}

#[test]
fn a_word_of_another_place_is_located_and_not_put_right() {
    let mut stage = at_card();
    let mut words = card(1);
    let right = std::mem::replace(&mut words[6], "zero".to_owned());
    type_card(&mut stage, &words);
    assert_eq!(stage.asked_for(), "", "nothing is handed over");
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("card_wrong_80x24", screen);
    assert!(
        screen.contains("word 7 is probably wrong") && screen.contains(&format!("\"{right}\"?")),
        "{screen}"
    );
    assert_eq!((entry(&stage).place(), entry(&stage).word_here()), (6, "zero"));
    stage.keys(&right[..4]).keys(" ");
    assert!(stage.asked_for().starts_with("Bundle(AddShare("), "typed right, the card is whole");
}

#[test]
fn a_share_that_does_not_fit_is_named_and_the_next_card_is_typed() {
    let mut stage = at_card();
    type_card(&mut stage, &card(1));
    stage.send(share_taken(1, 1));
    type_card(&mut stage, &card(3));
    let refused = Failure::new(Kind::WrongShare, "the share is of set OLDER CARDS, which was replaced");
    stage.send(Message::Failed(Box::new(refused)));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("OLDER CARDS") && screen.contains("Taken: share 1."), "{screen}");
    stage.keys("ac");
    assert!(!stage.screen(80, 24).contains("OLDER CARDS"), "it is told until the next card is begun");
}

#[test]
fn esc_leaves_the_card_and_then_the_bundle() {
    let mut stage = at_card();
    stage.keys("academic acid <esc>");
    assert!(!entry(&stage).holds_words());
    assert!(stage.screen(80, 24).contains("nothing of it is kept"));
    stage.keys("<esc>");
    assert!(stage.asked_for().contains("Lock"), "what was brought is dropped");
    assert!(stage.screen(80, 24).contains("~/safe.bundle"), "the path is there to be corrected");
}

#[test]
fn a_pasted_card_fills_the_rows_up_to_what_is_no_word() {
    let mut stage = at_card();
    stage.paste("1. academic 2. acid\n3: acne xyzzy acquire");
    assert_eq!(entry(&stage).place(), 3);
    assert!(stage.screen(80, 24).contains("no word of the list begins so"));
    stage.keys("<c-u>").paste(shares()[1].words().expose());
    assert!(stage.asked_for().starts_with("Bundle(AddShare("));
}

#[test]
fn a_share_comes_from_a_file_too() {
    let mut stage = at_card();
    stage.keys("academic <c-f>");
    assert_eq!(stage.asked_for(), "ListFolder(\"~\")");
    let rows = vec![FileRow { name: "card.png".to_owned(), is_folder: false, len: 9 }];
    stage.send(Message::FolderListed { folder: "/media/usb".to_owned(), rows, wrong: None });
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Bundle(AddShareFile(\"/media/usb/card.png\"))");
    assert!(!entry(&stage).holds_words(), "the card that was begun is left");
    stage.keys("<c-f>");
    assert_eq!(stage.asked_for(), "ListFolder(\"/media/usb\")", "the next one lies there too, mostly");
}

#[test]
fn a_bundle_that_a_passphrase_opens_too_asks_for_it_first_and_a_key_of_the_footer_changes_that() {
    let mut stage = Stage::first_run();
    stage.keys("2~/safe.bundle<enter>");
    stage.send(quorum_seen(true));
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("other_way_80x24", screen);
    assert!(screen.lines().last().unwrap().contains("Ctrl-o shares"), "{screen}");
    stage.keys("secret<c-o>academic ");
    assert!(stage.screen(80, 24).contains("> 2"), "{}", stage.screen(80, 24));
    stage.keys("<c-o>");
    assert!(stage.screen(80, 24).contains("Passphrase of the bundle:"));
    assert!(!entry(&stage).holds_words(), "nothing stays where nobody sees it");
    // Where one way alone opens it, the key means nothing.
    let mut stage = at_card();
    stage.keys("<c-o>");
    assert!(stage.screen(80, 24).contains("Word 1:"));
}

#[test]
fn the_maker_is_compared_with_the_cards_and_no_is_the_default() {
    let fingerprint = format!("SHA256:{}", "x".repeat(43));
    let mut stage = at_card();
    type_card(&mut stage, &card(1));
    stage.send(share_taken(1, 0));
    stage.asked_for();
    stage.send(Message::MakerUnknown(fingerprint.clone()));
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("maker_80x24", screen);
    insta::assert_snapshot!("maker_60x18", stage.screen(60, 18));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Bundle(Forget)");
    assert!(stage.screen(80, 24).contains("nothing of it was taken"));

    let mut stage = at_card();
    stage.send(Message::MakerUnknown(fingerprint));
    stage.keys("y");
    assert_eq!(stage.asked_for(), "Bundle(AcceptMaker)");
    stage.send(Message::BundleOpened { n_entries: 2, warning: None });
    assert!(stage.screen(80, 24).contains("3 of 3   The bundle is open: 2 entries."));
}

#[test]
fn shares_open_a_bundle_for_checking_it_and_for_taking_it_in() {
    for (key, asked, answer) in [
        ("v", "OpenByShares { only_check: true }", None),
        ("r", "OpenByShares { only_check: false }", Some(Message::Bundle(BundleMessage::Planned(report())))),
    ] {
        let mut stage = Stage::open();
        stage.keys("2").keys(key).keys("~/safe.bundle<enter>");
        stage.send(quorum_seen(false));
        type_card(&mut stage, &card(1));
        stage.asked_for();
        stage.send(share_taken(1, 0));
        assert!(stage.asked_for().contains(asked));
        if let Some(answer) = answer {
            stage.send(answer);
            assert!(stage.screen(80, 24).contains("would bring"));
        }
    }
}

#[test]
fn locking_and_losing_the_keyboard_take_the_words_from_the_screen() {
    let mut stage = Stage::open();
    stage.keys("2r~/safe.bundle<enter>");
    stage.send(quorum_seen(false));
    stage.keys("academic acro");
    stage.send(Message::Focused(false));
    let screen = stage.screen(80, 24);
    assert!(!screen.contains("academic") && !screen.contains("acro"), "{screen}");
    stage.send(Message::Focused(true));
    assert!(stage.screen(80, 24).contains("academic"));
    stage.wait(301);
    assert!(!stage.model.open && !format!("{:?}", stage.model).contains("academic"));
    assert!(stage.asked_for().contains("Lock"));
    // On a machine without a vault too.
    let mut stage = at_card();
    stage.keys("academic ").wait(301);
    assert!(matches!(stage.model.screen, Screen::FirstRun));
}

#[test]
fn the_keys_of_a_card_can_be_searched() {
    let mut stage = at_card();
    stage.keys("<f1>/picture");
    assert!(stage.screen(80, 24).contains("Ctrl-f"));
    assert!(matches!(stage.model.dialog, Some(Dialog::Help { .. })));
}
