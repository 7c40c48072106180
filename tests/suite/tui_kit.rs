//! The custodian's kit in the place of bundles: keys in, effects and screens out.

use lifeboat::app::{Failure, Kind, Unchanged};
use lifeboat::tui::message::{BundleMessage, Message};
use lifeboat::tui::model::{BundlesPage, Doing, Done, Screen};

use crate::tui_stage::{Stage, bundle_row};

fn doing(stage: &Stage) -> &Doing {
    let Screen::Bundles(BundlesPage { doing, .. }) = &stage.model.screen else {
        panic!("not among the bundles: {:?}", stage.model.screen);
    };
    doing
}

/// A stage that lists one bundle, with the form for a kit over it.
fn asked() -> Stage {
    let mut stage = Stage::open();
    stage.keys("2");
    stage.send(Message::Bundle(BundleMessage::Listed(vec![bundle_row("Ana's safe")])));
    stage.keys("K").asked_for();
    stage
}

fn made() -> Done {
    Done {
        name: "Kit",
        what: "The kit is made.".to_owned(),
        warnings: vec![
            "the vault has changed since the bundle was made (1 new): make another one (n)".to_owned(),
        ],
        facts: vec![
            ("kit", "/media/usb/kit".to_owned()),
            ("bundle", "/media/usb/safe.bundle, made 2023-11-02".to_owned()),
            ("since then", "1 new".to_owned()),
        ],
        next: vec!["Next: print START-HERE.html in it.".to_owned()],
        offset: 0,
    }
}

#[test]
fn a_kit_is_asked_for_by_its_folder_and_names_nobody_at_first() {
    let mut stage = asked();
    stage.keys("/media/usb/kit");
    insta::assert_snapshot!("kit_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("kit_60x18", stage.screen(60, 18));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Bundle(MakeKit { folder: \"/media/usb/kit\", names: false })");
    stage.send(Message::Bundle(BundleMessage::Done(made())));
    insta::assert_snapshot!("kit_made_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("kit_made_60x18", stage.screen(60, 18));
    stage.keys("<enter>");
    assert!(matches!(doing(&stage), Doing::List));
}

#[test]
fn names_are_in_it_only_when_that_is_chosen() {
    let mut stage = asked();
    stage.keys("/media/usb/kit<down><right>");
    insta::assert_snapshot!("kit_names_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Bundle(MakeKit { folder: \"/media/usb/kit\", names: true })");
}

#[test]
fn without_a_folder_nothing_is_asked_for() {
    let mut stage = asked();
    stage.keys("  <enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("! type the path of the folder"));
    stage.keys("x");
    assert!(!stage.screen(80, 24).contains("! type"), "what is typed takes the words away");
}

#[test]
fn a_failure_stands_at_the_form_and_loses_nothing_that_was_typed() {
    let mut stage = asked();
    stage.keys("/media/usb/kit<down><right><enter>").asked_for();
    let failure = Failure::new(Kind::FileExists, "/media/usb/kit is not empty")
        .unchanged(Unchanged::NothingTouched)
        .next("name another folder");
    stage.send(Message::Failed(Box::new(failure)));
    assert!(stage.model.dialog.is_none(), "it is said in place");
    insta::assert_snapshot!("kit_refused_80x24", stage.screen(80, 24));
    stage.keys("<up>-2<enter>");
    assert_eq!(stage.asked_for(), "Bundle(MakeKit { folder: \"/media/usb/kit-2\", names: true })");
}

#[test]
fn the_folder_can_be_chosen_from_a_list() {
    let mut stage = asked();
    stage.keys("/media/usb/<c-f>");
    assert_eq!(stage.asked_for(), "ListFolder(\"/media/usb\")");
}

#[test]
fn the_form_can_be_left_and_is_found_by_its_name() {
    let mut stage = asked();
    stage.keys("/media<esc>");
    assert!(matches!(doing(&stage), Doing::List));
    let mut stage = Stage::open();
    stage.keys(":custodian's kit<enter>");
    assert!(matches!(doing(&stage), Doing::Kit(_)), "from the codes too");
    assert_eq!(stage.asked_for(), "Bundle(List)");
}

#[test]
fn a_kit_that_is_made_after_the_person_has_gone_elsewhere_is_told_there() {
    let mut stage = asked();
    stage.keys("/media/usb/kit<enter><esc>");
    stage.send(Message::Bundle(BundleMessage::Done(made())));
    assert!(stage.screen(80, 24).contains("The kit is made."));
    assert!(matches!(doing(&stage), Doing::List));
}

#[test]
fn the_end_of_what_is_told_is_reached_on_a_small_screen_and_nothing_is_overshot() {
    let mut stage = asked();
    let mut long = made();
    long.warnings =
        vec!["on a small screen each of these warnings takes a good number of lines".to_owned(); 9];
    long.next.push("This is the end.".to_owned());
    stage.send(Message::Bundle(BundleMessage::Done(long)));
    for (columns, rows) in [(80, 24), (60, 18), (40, 10), (32, 8)] {
        stage.screen(columns, rows);
        stage.keys(&"j".repeat(60));
        let end = stage.screen(columns, rows);
        assert!(end.contains("This is the end."), "{end}");
        stage.keys("k");
        assert!(
            stage.screen(columns, rows) != end || (columns, rows) == (80, 24),
            "one key up is seen: {end}"
        );
    }
}
