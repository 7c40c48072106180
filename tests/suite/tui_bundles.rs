//! The place of bundles and the way back from one: keys in, effects and screens out.

use lifeboat::app::{Failure, Kind, unlock};
use lifeboat::envelope::{Credentials, Passphrase};
use lifeboat::secret::SecretText;
use lifeboat::tui::message::{BundleMessage, Message};
use lifeboat::tui::model::{BundlesPage, Dialog, Doing, Screen};

use crate::support::Sandbox;
use crate::tui_stage::{Stage, bundle_row, bundle_seen, done, id, report};

const STRONG: &str = "seventeen green lanterns over the harbour";

fn seen(exists: bool, asks_vault: bool) -> Message {
    Message::Bundle(BundleMessage::OutputSeen { exists, n_entries: 5, asks_vault })
}

fn failed(kind: Kind, words: &str) -> Message {
    Message::Failed(Box::new(Failure::new(kind, words)))
}

/// A stage at the step that asks for the new bundle's passphrase.
fn at_passphrase() -> Stage {
    let mut stage = Stage::open();
    stage.keys("b<enter>");
    stage.send(seen(false, true));
    stage.asked_for();
    stage
}

/// A stage at the step that asks for the vault's passphrase.
fn at_vault() -> Stage {
    let mut stage = at_passphrase();
    stage.keys(STRONG).keys("<enter>").keys(STRONG).keys("<enter>");
    stage.asked_for();
    stage
}

fn doing(stage: &Stage) -> &Doing {
    let Screen::Bundles(BundlesPage { doing, .. }) = &stage.model.screen else {
        panic!("not among the bundles: {:?}", stage.model.screen);
    };
    doing
}

#[test]
fn an_empty_place_says_what_a_bundle_is_and_how_to_make_one() {
    let mut stage = Stage::open();
    stage.keys("2");
    assert_eq!(stage.asked_for(), "Bundle(List)");
    stage.send(Message::Bundle(BundleMessage::Listed(Vec::new())));
    insta::assert_snapshot!("no_bundles_80x24", stage.screen(80, 24));
}

#[test]
fn the_list_says_what_has_changed_since_and_what_is_due() {
    let mut stage = Stage::open();
    let mut due = bundle_row("Ana's safe");
    due.review_due = true;
    let mut current = bundle_row("Bank deposit box");
    (current.changes, current.is_current, current.review) = ("current".to_owned(), true, None);
    stage.keys("2");
    stage.send(Message::Bundle(BundleMessage::Listed(vec![due, current])));
    stage.keys("j");
    insta::assert_snapshot!("bundles_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("bundles_40x10", stage.screen(40, 10));
    insta::assert_snapshot!("bundles_120x40", stage.screen(120, 40));
    assert_eq!(stage.cursor(80, 24), (0, 3), "the terminal's cursor stands on the selected row");
}

#[test]
fn the_list_is_read_again_when_the_vault_changes_under_it() {
    let mut stage = Stage::open();
    stage.keys("2").asked_for();
    stage.send(Message::Rows { rows: crate::tui_stage::rows(), set_aside: 0 });
    assert!(stage.asked_for().contains("Bundle(List)"));
}

#[test]
fn a_bundle_of_everything_is_made_in_three_steps() {
    let mut stage = Stage::open();
    stage.keys("b");
    insta::assert_snapshot!("new_bundle_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("new_bundle_40x10", stage.screen(40, 10));
    stage.asked_for();
    stage.keys("<enter>");
    assert_eq!(
        stage.asked_for(),
        "Bundle(CheckOutput(\"~/lifeboat-2023-11-14.bundle\", Selection { ids: None, tags: [] }))"
    );
    stage.send(seen(false, true));
    stage.keys(STRONG);
    stage.send(Message::Estimated("good: about 97 bits.".to_owned()));
    insta::assert_snapshot!("new_bundle_passphrase_80x24", stage.screen(80, 24));
    stage.keys("<enter>").keys(STRONG).keys("<enter>");
    assert!(!stage.asked_for().contains("Create"), "the vault's passphrase is asked for first");
    stage.keys("vault words");
    insta::assert_snapshot!("new_bundle_vault_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Bundle(Prove(SecretText(redacted)))");
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert_eq!(
        stage.asked_for(),
        "Bundle(Create(NewBundleOrder { path: \"~/lifeboat-2023-11-14.bundle\", force: false, \
         selection: Selection { ids: None, tags: [] }, review_seconds: Some(7776000), label: \"\", \
         passphrase: Some(SecretText(redacted)), key_file: \"\", share_set: None, allow_weak: false, \
         vault_passphrase: SecretText(redacted) }))"
    );
    stage.send(Message::Bundle(BundleMessage::Done(done())));
    insta::assert_snapshot!("bundle_made_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert!(matches!(doing(&stage), Doing::List));
}

#[test]
fn marked_entries_go_into_a_bundle_of_their_own_or_all_do() {
    let mut stage = Stage::open();
    stage.keys("  b<enter>");
    let marked = format!("Selection {{ ids: Some([{:?}, {:?}]), tags: [] }}", id(1), id(2));
    assert!(stage.asked_for().contains(&marked));
    stage.keys("<down><down><down><right><enter>");
    assert!(stage.asked_for().contains("Selection { ids: None, tags: [] }"), "all, once that is chosen");
}

#[test]
fn tags_choose_what_goes_in() {
    let mut stage = Stage::open();
    stage.keys("b<down><down><down>#work, ops<enter>");
    assert!(stage.asked_for().contains("Selection { ids: None, tags: [\"work\", \"ops\"] }"));
}

#[test]
fn a_field_that_cannot_be_right_is_said_before_anything_is_asked_for() {
    for (keys, words) in [
        ("<c-u>", "type the path of the file"),
        ("<down><down><c-u>soon", "as 90d, or leave it empty"),
        ("<up><up><right>", "type the path of the key file"),
        ("<up>~/key", "the key file is not used as it stands"),
    ] {
        let mut stage = Stage::open();
        stage.keys("b").asked_for();
        stage.keys(keys).keys("<enter>");
        assert_eq!(stage.asked_for(), "", "{keys}");
        assert!(stage.screen(80, 24).contains(words), "{keys}: {}", stage.screen(80, 24));
    }
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_yes() {
    let mut stage = Stage::open();
    stage.keys("b<enter>");
    stage.send(seen(true, true));
    assert!(stage.screen(80, 24).contains("~/lifeboat-2023-11-14.bundle exists already"));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("1 of 3"), "no is the default");
    stage.keys("<enter>");
    stage.send(seen(true, true));
    stage.keys("y").keys(STRONG).keys("<enter>").keys(STRONG).keys("<enter>vault words<enter>").asked_for();
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert!(stage.asked_for().contains("force: true"));
}

#[test]
fn a_yes_to_replacing_one_file_does_not_replace_another() {
    let mut stage = Stage::open();
    stage.keys("b<enter>");
    stage.send(seen(true, true));
    stage.keys("y<esc>x<enter>");
    stage.send(seen(true, true));
    assert!(matches!(stage.model.dialog, Some(Dialog::Confirm(_))), "it is asked again");
}

#[test]
fn a_weak_passphrase_is_taken_only_after_a_yes() {
    let mut stage = at_passphrase();
    stage.keys("hunter2<enter>");
    assert!(stage.screen(80, 24).contains("too weak for a bundle"));
    stage.keys("<enter>");
    assert!(stage.model.dialog.is_none());
    assert!(stage.screen(80, 24).contains("New passphrase: •"), "what was typed is kept");
    stage.keys("<enter>y");
    assert!(stage.screen(80, 24).contains("Once more:"));
    stage.keys("hunter2<enter>vault words<enter>").asked_for();
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert!(stage.asked_for().contains("allow_weak: true"));
}

#[test]
fn a_yes_to_one_weak_passphrase_does_not_stand_for_the_next() {
    let mut stage = at_passphrase();
    stage.keys("hunter2<enter>y<esc>").keys(STRONG).keys("<enter>").keys(STRONG).keys("<enter>v<enter>");
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert!(stage.asked_for().contains("allow_weak: false"));
}

#[test]
fn a_key_file_alone_asks_for_no_passphrase_of_the_bundle() {
    let mut stage = Stage::open();
    stage.keys("b<up>~/key<up><right><right><enter>").asked_for();
    stage.send(seen(false, true));
    assert!(stage.screen(80, 24).contains("3 of 3   The vault's passphrase"));
    stage.keys("vault words<enter>").asked_for();
    stage.send(Message::Bundle(BundleMessage::Proven));
    let asked = stage.asked_for();
    assert!(asked.contains("passphrase: None, key_file: \"~/key\""), "{asked}");
}

#[test]
fn a_vault_without_a_passphrase_asks_for_none() {
    let mut stage = Stage::open();
    stage.keys("b<enter>");
    stage.send(seen(false, false));
    stage.keys(STRONG).keys("<enter>").keys(STRONG).keys("<enter>");
    assert!(stage.asked_for().contains("Create"));
}

#[test]
fn wrong_passphrases_of_the_vault_make_the_next_one_wait_here_too() {
    let mut stage = at_vault();
    for _ in 0..3 {
        stage.keys("wrong<enter>");
        stage.send(failed(Kind::WrongPassphrase, "no"));
    }
    assert!(stage.screen(80, 24).contains("3 wrong passphrases: the next can be typed in"));
    stage.asked_for();
    stage.keys("x<enter>");
    assert_eq!(stage.asked_for(), "");
    stage.keys("<esc>");
    assert!(stage.screen(80, 24).contains("1 of 3"), "going back always works");
}

#[test]
fn a_failure_keeps_what_was_typed_and_the_passphrase_that_is_on_paper() {
    let mut stage = at_vault();
    stage.keys("vault words<enter>");
    stage.send(Message::Bundle(BundleMessage::Proven));
    stage.send(failed(Kind::NoSpace, "the bundle was not written"));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! the bundle was not written") && screen.contains(".bundle"), "{screen}");
    stage.keys("<enter>");
    stage.send(seen(false, true));
    assert!(stage.screen(80, 24).contains("3 of 3"), "the bundle's passphrase is not asked for again");
    stage.keys("vault words<enter>").asked_for();
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert!(stage.asked_for().contains("passphrase: Some"));
}

#[test]
fn the_vaults_own_passphrase_is_refused_at_the_bundles() {
    let mut stage = at_vault();
    stage.keys("vault words<enter>");
    stage.send(Message::Bundle(BundleMessage::Proven));
    stage.send(failed(Kind::Refused, "a bundle is not sealed with the vault's own passphrase"));
    let screen = stage.screen(80, 24);
    assert!(
        screen.contains("2 of 3") && screen.contains("vault's own passphrase; choose another"),
        "{screen}"
    );
}

#[test]
fn eight_words_are_typed_back_before_a_bundle_is_sealed_with_them() {
    let mut stage = at_passphrase();
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Generate");
    stage.send(Message::Generated(SecretText::new("one two three".to_owned())));
    assert!(stage.screen(80, 24).contains("one two three"));
    stage.keys("<enter>");
    assert!(!stage.screen(80, 24).contains("one two three"), "they are shown once");
    stage.keys("one two<enter>");
    assert!(stage.screen(80, 24).contains("the two differ"));
    stage.keys("one two three<enter>");
    assert!(stage.screen(80, 24).contains("3 of 3"), "words that were made are not judged");
}

#[test]
fn a_bundle_is_named_looked_at_opened_and_checked() {
    let mut stage = Stage::open();
    stage.keys("2").asked_for();
    stage.send(Message::Bundle(BundleMessage::Listed(vec![bundle_row("Safe")])));
    stage.keys("v<enter>");
    assert_eq!(stage.asked_for(), "LookAtBundle(\"/media/usb/safe.bundle\")", "the selected one is offered");
    stage.send(bundle_seen(&["label Safe 2"], true));
    insta::assert_snapshot!("verify_80x24", stage.screen(80, 24));
    stage.keys("words<down>~/key<enter>");
    assert_eq!(stage.asked_for(), "Bundle(Verify { passphrase: SecretText(redacted), key_file: \"~/key\" })");
    stage.send(failed(Kind::WrongPassphrase, "no"));
    assert!(stage.screen(80, 24).contains("it does not open it"), "asked again in place");
    stage.send(Message::Bundle(BundleMessage::Done(done())));
    assert_eq!(stage.asked_for(), "Bundle(Forget)");
}

#[test]
fn any_file_is_inspected_without_opening_it() {
    let mut stage = Stage::open();
    stage.keys("2i/media/usb/other.bundle<enter>");
    assert!(stage.asked_for().contains("LookAtBundle(\"/media/usb/other.bundle\")"));
    stage.send(bundle_seen(&["label Safe 2"], false));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("label Safe 2") && screen.contains("proven only when it is opened"), "{screen}");
    assert_eq!(stage.asked_for(), "Bundle(Forget)");
}

#[test]
fn restoring_into_this_vault_shows_what_it_would_do_and_escape_does_nothing() {
    for (keys, expected) in
        [("<enter>", "Bundle(Merge)"), ("<esc>", "Bundle(Forget)"), ("1", "Bundle(Forget)")]
    {
        let mut stage = Stage::open();
        stage.keys("r/media/usb/other.bundle<enter>");
        stage.send(bundle_seen(&["label Safe 2"], false));
        stage.keys("words<enter>").asked_for();
        stage.send(Message::Bundle(BundleMessage::Planned(report())));
        insta::allow_duplicates! {
            insta::assert_snapshot!("merge_80x24", stage.screen(80, 24));
        }
        assert_eq!(stage.keys(keys).asked_for(), expected, "{keys}");
    }
}

#[test]
fn a_report_scrolls_and_enter_takes_nothing_where_nothing_would_be_written() {
    let mut stage = Stage::open();
    stage.keys("r/x<enter>");
    stage.send(bundle_seen(&["label Safe 2"], false));
    let mut nothing = report();
    nothing.n_written = 0;
    stage.send(Message::Bundle(BundleMessage::Planned(nothing)));
    stage.keys("jj");
    let screen = stage.screen(80, 24);
    assert!(!screen.contains("GitLab") && screen.contains("Bank:ana"), "{screen}");
    stage.asked_for();
    stage.keys("<enter>");
    assert!(!stage.asked_for().contains("Merge"));
}

#[test]
fn locking_drops_every_step_with_what_was_typed_in_it() {
    let new = at_vault();
    let mut merge = Stage::open();
    merge.keys("r/x<enter>");
    merge.send(bundle_seen(&["label Safe 2"], false));
    merge.send(Message::Bundle(BundleMessage::Planned(report())));
    for mut stage in [new, merge] {
        stage.asked_for();
        stage.keys("<c-z>");
        assert!(stage.asked_for().starts_with("Lock"));
        assert!(matches!(stage.model.screen, Screen::Unlock(_)));
        let screen = stage.screen(80, 24);
        assert!(!screen.contains("GitLab") && !screen.contains("lifeboat-2023"), "{screen}");
        // What was under way may still answer.
        stage.send(Message::Bundle(BundleMessage::Planned(report())));
        stage.send(Message::Bundle(BundleMessage::Done(done())));
        stage.send(Message::Bundle(BundleMessage::Proven));
        stage.send(Message::Bundle(BundleMessage::Listed(vec![bundle_row("Safe")])));
        assert!(matches!(stage.model.screen, Screen::Unlock(_)));
        assert!(!stage.screen(80, 24).contains("safe.bundle"));
    }
}

#[test]
fn no_text_of_a_model_or_of_what_it_asks_for_holds_a_typed_passphrase() {
    let mut stage = at_passphrase();
    stage.keys("cAnArY words over the harbour<enter>cAnArY words over the harbour<enter>cAnArY<enter>");
    stage.send(Message::Bundle(BundleMessage::Proven));
    let asked = stage.asked_for();
    assert!(asked.contains("Create"), "{asked}");
    assert!(!asked.contains("cAnArY") && !format!("{:?}", stage.model).contains("cAnArY"), "{asked}");
}

#[test]
fn a_folder_is_taken_for_a_new_file_and_its_name_stays() {
    let mut stage = Stage::open();
    stage.keys("b<c-f>");
    stage.send(Message::FolderListed { folder: "/media/usb".to_owned(), rows: Vec::new(), wrong: None });
    stage.keys("<tab><enter>");
    assert!(stage.asked_for().contains("CheckOutput(\"/media/usb/lifeboat-2023-11-14.bundle\""));
}

#[test]
fn the_three_ways_of_beginning_are_seen_on_the_smallest_screen() {
    let screen = Stage::first_run().screen(32, 8);
    for way in ["1  make", "2  restore", "3  import"] {
        assert!(screen.contains(way), "{screen}");
    }
}

#[test]
fn the_key_file_of_a_bundle_is_asked_for_on_a_new_machine() {
    let mut stage = Stage::first_run();
    stage.keys("2/x.bundle<enter>");
    stage.send(bundle_seen(&["opened by a passphrase with a key file"], true));
    insta::assert_snapshot!("restore_key_file_80x24", stage.screen(80, 24));
    stage.keys("words<down>~/key<enter>");
    assert!(
        stage.asked_for().ends_with("OpenBundle { passphrase: SecretText(redacted), key_file: \"~/key\" }")
    );
}

#[test]
fn going_back_in_a_restore_keeps_the_path() {
    let mut stage = Stage::first_run();
    stage.keys("2/media/usb/x.bundle<enter>");
    stage.send(bundle_seen(&["label Safe 2"], false));
    stage.keys("<esc>");
    assert!(stage.screen(80, 24).contains("Path: /media/usb/x.bundle"));
}

#[test]
fn the_key_file_of_the_vault_is_asked_for_before_its_passphrase() {
    let mut stage = Stage::locked();
    stage.model.wants_key_file = true;
    insta::assert_snapshot!("key_file_80x24", stage.screen(80, 24));
    stage.keys("~/kex<enter>");
    assert_eq!(stage.asked_for(), "UseKeyFile(\"~/kex\")");
    assert!(stage.screen(80, 24).contains("With the key file ~/kex"));
    stage.keys("words<enter>");
    assert_eq!(stage.asked_for(), "Unlock(SecretText(redacted))");
    stage.send(failed(Kind::NoFile, "cannot read the key file"));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("Key file: ~/kex") && screen.contains("! cannot read the key file"), "{screen}");
    stage.keys("<backspace>y<enter>words<enter>");
    assert_eq!(stage.asked_for(), "UseKeyFile(\"~/key\") Unlock(SecretText(redacted))");
}

#[test]
fn a_proof_opens_nothing_and_notes_a_wrong_passphrase() {
    let sandbox = Sandbox::with_passphrase(STRONG);
    let ctx = sandbox.context();
    let before = sandbox.read("vault.lifeboat");
    let proof = |words: &str| {
        let passphrase = Some(Passphrase::new(SecretText::new(words.to_owned())));
        unlock::prove(&ctx, &Credentials { passphrase, key_file: None, recovery_secret: None })
    };
    assert!(proof(STRONG).is_ok());
    assert_eq!(proof("wrong").unwrap_err().kind, Kind::WrongPassphrase);
    assert_eq!(sandbox.read("vault.lifeboat"), before);
    sandbox.run("list --passphrase-file ~/vault-passphrase").done().says("1 failed attempt");
}
