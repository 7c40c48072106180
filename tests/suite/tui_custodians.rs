//! Share sets and their custodians: the list, acknowledgements, bundles that a set opens, and the ceremony of cards.

use lifeboat::app::{Failure, Kind};
use lifeboat::secret::SecretText;
use lifeboat::tui::message::{BundleMessage, CustodianMessage, Message};
use lifeboat::tui::model::{AboutCards, CardStep, Keeping, Screen};

use crate::tui_stage::{Stage, about_cards, done, set_row, shares};

fn listed(stage: &mut Stage) {
    let mut old = set_row(7, "ACADEMIC ACID");
    (old.state, old.is_replaced) = ("REPLACED, destroy its cards".to_owned(), true);
    old.facts.push(("replaced", "2023-11-01, by CERAMIC MOMENT".to_owned()));
    let rows = vec![set_row(9, "CERAMIC MOMENT"), old];
    stage.send(Message::Custodian(CustodianMessage::Listed(rows)));
}

/// The place of custodians with two sets, one of which was replaced.
fn at_list() -> Stage {
    let mut stage = Stage::open();
    stage.keys("2c");
    listed(&mut stage);
    stage.asked_for();
    stage
}

/// A ceremony with three custodians, at the first of them.
fn at_ceremony() -> Stage {
    let mut stage = at_list();
    stage.keys("nAna<tab>Ben<tab>Cem<enter>").asked_for();
    stage.send(Message::Custodian(CustodianMessage::Drawn(about_cards())));
    stage
}

fn show_card(stage: &mut Stage, number: u8) {
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), format!("Custodian(Show({number}))"));
    let words = shares()[usize::from(number) - 1].words();
    stage.send(Message::Custodian(CustodianMessage::Card { number, words, asked: vec![3, 20, 11] }));
}

fn doing(stage: &Stage) -> &Keeping {
    let Screen::Custodians(page) = &stage.model.screen else {
        panic!("not among the custodians: {:?}", stage.model.screen);
    };
    &page.doing
}

fn shows_word_of(stage: &mut Stage, number: usize) -> bool {
    let screen = stage.screen(80, 24);
    // The first four say the set, the number and the quorum, and are no secret.
    let words = shares()[number - 1].words();
    let shown = words
        .expose()
        .split(' ')
        .skip(4)
        .filter(|word| screen.split_whitespace().any(|s| s == *word))
        .count();
    // A word or two may be on another card as well.
    shown > 4
}

#[test]
fn an_empty_place_says_what_custodians_are_and_what_to_do() {
    let mut stage = Stage::open();
    stage.keys("2c");
    assert!(stage.asked_for().contains("Custodian(List)"));
    stage.send(Message::Custodian(CustodianMessage::Listed(Vec::new())));
    insta::assert_snapshot!("no_sets_80x24", stage.screen(80, 24));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Bundles(_)));
}

#[test]
fn the_list_says_in_words_how_each_share_stands_and_what_is_due() {
    let mut stage = at_list();
    insta::assert_snapshot!("sets_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("sets_60x18", stage.screen(60, 18));
    insta::assert_snapshot!("sets_40x10", stage.screen(40, 10));
    insta::assert_snapshot!("sets_200x50", stage.screen(200, 50));
    assert_eq!(stage.cursor(80, 24), (0, 2), "the terminal's cursor stands on the selected row");
    stage.keys("j<enter>");
    insta::assert_snapshot!("set_replaced_80x24", stage.screen(80, 24));
    stage.keys("<esc>R");
    assert!(stage.screen(80, 24).contains("ACADEMIC ACID was replaced already"));
}

#[test]
fn an_acknowledgement_is_brought_home_and_its_outcome_told() {
    let mut stage = at_list();
    stage.keys("a<enter>");
    assert!(stage.screen(80, 24).contains("type the path of the file"));
    stage.keys("~/from-ben");
    insta::assert_snapshot!("record_80x24", stage.screen(80, 24));
    stage.asked_for();
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Custodian(Record(\"~/from-ben\"))");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::Damaged, "~/from-ben was not recorded"))));
    let screen = stage.screen(80, 24);
    assert!(
        screen.contains("! ~/from-ben was not recorded") && screen.contains("File: ~/from-ben"),
        "{screen}"
    );
    stage.send(Message::Custodian(CustodianMessage::Done(done())));
    assert!(matches!(doing(&stage), Keeping::Told(_)));
}

#[test]
fn a_new_set_says_while_it_is_typed_what_it_means_and_what_speaks_against_it() {
    let mut stage = at_list();
    stage.keys("n").asked_for();
    insta::assert_snapshot!("new_set_empty_80x24", stage.screen(80, 24));
    stage.keys("Ana<tab>Ben<tab>Cem");
    insta::assert_snapshot!("new_set_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("new_set_60x18", stage.screen(60, 18));
    insta::assert_snapshot!("new_set_40x10", stage.screen(40, 10));
    stage.keys("<up><up><up><c-u>3");
    assert!(stage.screen(80, 24).contains("! all 3 shares are needed"));
    stage.keys("<c-u>1<enter>");
    assert!(stage.screen(80, 24).contains("1 of 3 is no quorum"), "{}", stage.screen(80, 24));
    stage.keys("<c-u>x<enter>");
    assert!(stage.screen(80, 24).contains("as a number"));
    assert_eq!(stage.asked_for(), "", "nothing is drawn");
    stage.keys("<c-u>2<enter>");
    assert_eq!(stage.asked_for(), "Custodian(Draw { needed: 2, custodians: [\"Ana\", \"Ben\", \"Cem\"] })");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::Refused, "two custodians are called Ana"))));
    assert!(stage.screen(80, 24).contains("! two custodians are called Ana"), "refused in place");
}

#[test]
fn no_card_is_written_for_a_vault_that_cannot_be_saved() {
    let mut stage = at_list();
    stage.model.read_only = true;
    stage.keys("n");
    assert!(stage.screen(80, 24).contains("written in vain") && matches!(doing(&stage), Keeping::List));
    stage.keys("R");
    assert!(matches!(doing(&stage), Keeping::List));
}

#[test]
fn sixteen_custodians_can_be_named_and_no_more() {
    let mut stage = at_list();
    stage.keys("n");
    for n in 1..=16 {
        stage.keys(&format!("Custodian {n}<down>"));
    }
    assert!(stage.screen(60, 18).contains("Any 2 of these 16"), "{}", stage.screen(60, 18));
    stage.asked_for();
    stage.keys("<enter>");
    assert_eq!(stage.asked_for().matches("Custodian ").count(), 16);
}

#[test]
fn cards_are_shown_one_at_a_time_and_three_words_are_typed_back() {
    let mut stage = at_ceremony();
    insta::assert_snapshot!("alone_80x24", stage.screen(80, 24));
    assert!(!shows_word_of(&mut stage, 1) && !stage.model.shows_secret_text());
    show_card(&mut stage, 1);
    insta::assert_snapshot!("card_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("card_60x18", stage.screen(60, 18));
    let (top, end) = (stage.screen(40, 10), stage.keys("<down><down><down><down>").screen(40, 10));
    insta::assert_snapshot!("card_40x10", top);
    assert!(top.contains(" 1 ceramic") && end.contains("20 daughter"), "all of it can be seen: {end}");
    insta::assert_snapshot!("card_200x50", stage.screen(200, 50));
    assert!(stage.model.shows_secret_text() && shows_word_of(&mut stage, 1));
    stage.keys("<enter>");
    assert!(!shows_word_of(&mut stage, 1) && !stage.model.shows_secret_text(), "the card is gone");
    insta::assert_snapshot!("typing_back_80x24", stage.screen(80, 24));
    for (typed, place) in [("acad", 3), ("daug", 20), ("rece", 11)] {
        assert!(stage.screen(80, 24).contains(&format!("Word {place}:")));
        stage.keys(typed).keys("<enter>");
        assert_eq!(
            stage.asked_for(),
            format!("Custodian(CheckWord {{ number: 1, place: {place}, typed: SecretText(redacted) }})")
        );
        stage.send(Message::Custodian(CustodianMessage::WordChecked(true)));
    }
    assert_eq!(stage.asked_for(), "Custodian(TypedBack(1))");
    let screen = stage.screen(80, 24);
    assert!(
        screen.contains("Ana has typed words of the card back.") && screen.contains("only Ben looks"),
        "{screen}"
    );
}

#[test]
fn a_wrong_word_shows_the_card_again_and_an_empty_answer_leaves_it_out() {
    let mut stage = at_ceremony();
    show_card(&mut stage, 1);
    stage.keys("<enter>wrong<enter>").asked_for();
    stage.send(Message::Custodian(CustodianMessage::WordChecked(false)));
    assert!(stage.screen(80, 24).contains("that is not word 3 of the card"));
    show_card(&mut stage, 1);
    stage.keys("<enter><enter>");
    assert!(stage.screen(80, 24).contains("The card of Ana was not typed back"));
    show_card(&mut stage, 2);
    stage.keys("<enter><enter>");
    show_card(&mut stage, 3);
    stage.keys("<enter><enter>");
    assert_eq!(stage.asked_for(), "Custodian(Keep(None))", "after the last one the set is kept");
    let full = Failure::new(Kind::NoSpace, "the vault was not saved");
    stage.send(Message::Failed(Box::new(full)));
    insta::assert_snapshot!("not_kept_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Custodian(Keep(None))", "and can be kept once there is room");
    stage.send(Message::Custodian(CustodianMessage::Done(done())));
    assert!(stage.asked_for().contains("Forget"), "the shares are dropped");
}

#[test]
fn leaving_asks_and_makes_nothing() {
    let mut stage = at_ceremony();
    show_card(&mut stage, 1);
    stage.keys("<esc>");
    insta::assert_snapshot!("leave_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert!(shows_word_of(&mut stage, 1), "no is the default, and the card is still there");
    stage.keys("<esc>y");
    assert!(stage.asked_for().contains("Forget") && matches!(doing(&stage), Keeping::List));
    assert!(!shows_word_of(&mut stage, 1));
    assert!(stage.screen(80, 24).contains("nothing was made"));
}

#[test]
fn locking_and_losing_the_keyboard_take_the_card_away() {
    let mut stage = at_ceremony();
    show_card(&mut stage, 1);
    stage.send(Message::Focused(false));
    assert!(!shows_word_of(&mut stage, 1));
    stage.send(Message::Focused(true));
    assert!(shows_word_of(&mut stage, 1));
    stage.wait(250).keys(" ").wait(250);
    assert!(stage.model.open, "a key that changes nothing keeps the card");
    stage.wait(100);
    assert!(!stage.model.open && !shows_word_of(&mut stage, 1));
    // A card that comes late shows nothing.
    let words = SecretText::new("academic acid".to_owned());
    stage.send(Message::Custodian(CustodianMessage::Card { number: 1, words, asked: vec![1] }));
    assert!(!stage.screen(80, 24).contains("academic"));
}

#[test]
fn a_card_of_another_custodian_is_never_shown() {
    let mut stage = at_ceremony();
    stage.keys("<enter>");
    let card = |number: u8| {
        let words = shares()[usize::from(number) - 1].words();
        Message::Custodian(CustodianMessage::Card { number, words, asked: vec![1] })
    };
    stage.send(card(2));
    assert!(!shows_word_of(&mut stage, 2));
    stage.send(card(1));
    stage.send(card(2));
    assert!(shows_word_of(&mut stage, 1) && !shows_word_of(&mut stage, 2));
    assert!(matches!(doing(&stage), Keeping::Ceremony(c) if matches!(c.step, CardStep::Card { .. })));
}

#[test]
fn a_set_is_replaced_with_its_custodians_offered() {
    let mut stage = at_list();
    stage.keys("R");
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("replace_80x24", screen);
    stage.keys("<down><down><down><c-u>Dora<enter>");
    assert_eq!(
        stage.asked_for(),
        "Custodian(List) Custodian(Draw { needed: 2, custodians: [\"Ana\", \"Ben\", \"Dora\"] })"
    );
    let about = AboutCards { custodians: vec!["Ana".to_owned()], ..about_cards() };
    stage.send(Message::Custodian(CustodianMessage::Drawn(about)));
    show_card(&mut stage, 1);
    stage.keys("<enter><enter>");
    assert_eq!(stage.asked_for(), "Custodian(Keep(Some(9)))");
}

#[test]
fn a_bundle_is_made_for_a_share_set_alone_or_beside_a_passphrase() {
    let mut stage = Stage::open();
    stage.keys("  2n");
    listed(&mut stage);
    stage.keys("<up><up><up><right><right><right>");
    let screen = stage.screen(80, 24);
    insta::assert_snapshot!("new_bundle_by_shares_80x24", screen);
    assert!(screen.contains("2 entries are marked."), "{screen}");
    assert!(!screen.contains("ACADEMIC ACID"), "a set that was replaced is not offered");
    stage.keys("<enter>").asked_for();
    let seen = |stage: &mut Stage| {
        stage.send(Message::Bundle(BundleMessage::OutputSeen {
            exists: false,
            n_entries: 5,
            asks_vault: true,
        }));
    };
    seen(&mut stage);
    assert!(stage.screen(80, 24).contains("3 of 3   The vault's passphrase"), "no passphrase of its own");
    stage.keys("vault words<enter>").asked_for();
    stage.send(Message::Bundle(BundleMessage::Proven));
    let asked = stage.asked_for();
    assert!(asked.contains("passphrase: None") && asked.contains("share_set: Some(9)"), "{asked}");

    let mut stage = at_list();
    stage.keys("b");
    listed(&mut stage);
    assert!(stage.screen(80, 24).contains("Opened by:    a share set"), "{}", stage.screen(80, 24));
    stage.keys("<up><up><up><right><enter>");
    seen(&mut stage);
    assert!(stage.screen(80, 24).contains("2 of 3   A passphrase for this bundle alone"));
}

#[test]
fn the_palette_has_the_actions_and_the_help_is_searchable() {
    let mut stage = Stage::open();
    for words in ["custodians: share", "make a share set", "acknowledgement home"] {
        stage.keys(":").keys(words);
        assert!(stage.screen(80, 24).contains("> "), "{words}: {}", stage.screen(80, 24));
        stage.keys("<enter>");
        assert!(matches!(stage.model.screen, Screen::Custodians(_)), "{words}");
        stage.keys("<esc><esc><esc>1");
    }
    let mut stage = at_list();
    stage.keys("?/replace");
    assert!(stage.screen(80, 24).contains("a custodian leaves"));
}
