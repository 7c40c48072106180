//! Files of other programs in the interface: keys in, effects and screens out.

use lifeboat::app::{Failure, Kind};
use lifeboat::tui::message::{BundleMessage, Message, TransferMessage};
use lifeboat::tui::model::{Dialog, Screen};

use crate::tui_stage::{Stage, done, id, report, rows};

fn recognised(cost: Option<&str>) -> Message {
    Message::Transfer(TransferMessage::Recognised {
        format: "aegis".to_owned(),
        cost: cost.map(str::to_owned),
        may_have_key_file: false,
    })
}

fn planned(n_refused: usize) -> Message {
    let mut report = report();
    report.n_refused = n_refused;
    if n_refused > 0 {
        report.rows[0].outcome = "refused";
        report.rows[0].is_refused = true;
        report.rows[0].notes = vec!["its seed is no base32".to_owned()];
    }
    Message::Transfer(TransferMessage::Planned(report))
}

fn seen(exists: bool) -> Message {
    Message::Transfer(TransferMessage::OutputSeen {
        exists,
        n_entries: 5,
        lossy: vec!["recovery codes (2)".to_owned()],
        left_out: Vec::new(),
        asks_vault: true,
    })
}

/// A stage that shows what a file would bring.
fn at_report(n_refused: usize) -> Stage {
    let mut stage = Stage::open();
    stage.keys("i~/aegis.json<enter>");
    stage.send(recognised(None));
    stage.send(planned(n_refused));
    stage.asked_for();
    stage
}

#[test]
fn a_file_is_recognised_read_and_shown_before_anything_is_taken() {
    let mut stage = Stage::open();
    stage.keys("i");
    insta::assert_snapshot!("import_80x24", stage.screen(80, 24));
    stage.keys("~/aegis.json<enter>");
    assert_eq!(stage.asked_for(), "Transfer(Recognise(\"~/aegis.json\"))");
    stage.send(recognised(None));
    assert_eq!(
        stage.asked_for(),
        "Transfer(Read { path: \"~/aegis.json\", passphrase: None, key_file: None })"
    );
    stage.send(planned(0));
    insta::assert_snapshot!("import_report_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("import_report_40x10", stage.screen(40, 10));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "Transfer(Take { allow_skipped: false })");
    stage.send(Message::Transfer(TransferMessage::Imported("took 2 entries; I takes it back".to_owned())));
    assert!(matches!(stage.model.screen, Screen::Codes));
    assert!(stage.screen(80, 24).contains("I takes it back"));
}

#[test]
fn an_encrypted_file_asks_for_its_own_passphrase_and_again_in_place() {
    let mut stage = Stage::open();
    stage.keys("i~/aegis.json<enter>").asked_for();
    stage.send(recognised(Some("32 MiB")));
    insta::assert_snapshot!("import_passphrase_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "an empty one opens nothing");
    stage.keys("words<enter>");
    assert_eq!(
        stage.asked_for(),
        "Transfer(Read { path: \"~/aegis.json\", passphrase: Some(SecretText(redacted)), key_file: None })"
    );
    stage.send(Message::Failed(Box::new(Failure::new(Kind::WrongPassphrase, "no"))));
    assert!(stage.screen(80, 24).contains("it does not open it"));
    assert_eq!(stage.model.must_wait(), 0, "the file is not the vault");
    stage.keys("<esc>");
    assert!(stage.screen(80, 24).contains("Path: ~/aegis.json"), "back to the path as it was typed");
}

#[test]
fn a_database_may_be_opened_by_a_key_file_with_a_passphrase_or_alone() {
    for (keys, given) in [
        ("words<tab>~/db.key<enter>", "passphrase: Some(SecretText(redacted)), key_file: Some(\"~/db.key\")"),
        ("<tab>~/db.key<enter>", "passphrase: Some(SecretText(redacted)), key_file: Some(\"~/db.key\")"),
        ("words<enter>", "passphrase: Some(SecretText(redacted)), key_file: None"),
        ("<enter>", ""),
    ] {
        let mut stage = Stage::open();
        stage.keys("i~/all.kdbx<enter>").asked_for();
        stage.send(Message::Transfer(TransferMessage::Recognised {
            format: "keepass".to_owned(),
            cost: Some("1 MiB".to_owned()),
            may_have_key_file: true,
        }));
        insta::assert_snapshot!("import_key_file_80x24", stage.screen(80, 24));
        assert!(stage.screen(40, 10).contains("Key file:"));
        stage.keys(keys);
        let asked = stage.asked_for();
        let expected = format!("Transfer(Read {{ path: \"~/all.kdbx\", {given} }})");
        assert_eq!(asked, if given.is_empty() { String::new() } else { expected }, "{keys}");
    }
}

#[test]
fn some_that_cannot_be_taken_refuse_the_file_unless_that_is_asked_for() {
    let mut stage = at_report(1);
    insta::assert_snapshot!("import_refused_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("s takes the others"));
    stage.keys("s");
    assert_eq!(stage.asked_for(), "Transfer(Take { allow_skipped: true })");
}

#[test]
fn escape_takes_nothing_and_drops_what_was_read() {
    let mut stage = at_report(0);
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "Bundle(Forget)");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn a_file_that_could_not_be_taken_is_named_again() {
    let mut stage = at_report(0);
    stage.keys("<enter>");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::NoSpace, "the vault was not saved"))));
    assert!(stage.screen(80, 24).contains("the vault was not saved"));
    stage.keys("<enter>");
    assert!(stage.screen(80, 24).contains("Path: ~/aegis.json"));
}

#[test]
fn an_import_is_taken_back_after_a_yes() {
    let mut stage = Stage::open();
    stage.keys("I");
    assert!(stage.screen(80, 24).contains("Take the last import back?"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    stage.keys("Iy");
    assert_eq!(stage.asked_for(), "Transfer(Undo)");
}

#[test]
fn on_a_new_machine_a_file_is_chosen_then_the_vault_is_made_then_the_file_is_read() {
    let mut stage = Stage::first_run();
    stage.keys("3");
    assert!(stage.screen(80, 24).contains("A vault for it is made next."));
    stage.keys("~/aegis.json<enter>");
    assert_eq!(stage.asked_for(), "Transfer(Recognise(\"~/aegis.json\"))");
    stage.send(recognised(Some("32 MiB")));
    assert!(stage.screen(80, 24).contains("First a vault for what is in it"));
    stage.keys("long enough a secret<enter>other<enter>long enough a secret<enter>");
    assert!(stage.asked_for().ends_with("MakeVault(SecretText(redacted))"));
    stage.send(Message::Rows { rows: Vec::new(), set_aside: 0 });
    assert!(stage.asked_for().contains("Transfer(Recognise(\"~/aegis.json\"))"));
    stage.send(recognised(Some("32 MiB")));
    assert!(stage.screen(80, 24).contains("Passphrase of the file:"));
}

#[test]
fn on_a_new_machine_a_file_of_no_known_format_makes_no_vault() {
    let mut stage = Stage::first_run();
    stage.keys("3~/holiday.jpg<enter>");
    stage.send(Message::Failed(Box::new(Failure::new(Kind::UnknownFormat, "it is of no known format"))));
    assert!(stage.screen(80, 24).contains("! it is of no known format"));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::FirstRun));
}

#[test]
fn going_back_from_the_new_vault_keeps_the_chosen_file() {
    let mut stage = Stage::first_run();
    stage.keys("3~/aegis.json<enter>");
    stage.send(recognised(None));
    stage.keys("first<enter><esc><esc>");
    assert!(stage.screen(80, 24).contains("Path: ~/aegis.json"));
}

#[test]
fn an_export_is_encrypted_and_asks_for_the_vaults_passphrase() {
    let mut stage = Stage::open();
    stage.keys(" x");
    insta::assert_snapshot!("export_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(
        stage.asked_for(),
        format!(
            "Transfer(CheckOutput {{ path: \"~/lifeboat-2023-11-14-aegis.json\", format: \"aegis\", \
             selection: Selection {{ ids: Some([{:?}]), tags: [] }} }})",
            id(1)
        )
    );
    stage.send(seen(false));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("The format does not keep: recovery codes (2)."), "{screen}");
    stage.keys("file words<enter>file words<enter>");
    assert!(!stage.asked_for().contains("Export"));
    assert!(stage.screen(80, 24).contains("3 of 3   The vault's passphrase"));
    stage.keys("vault words<enter>");
    assert_eq!(stage.asked_for(), "Bundle(Prove(SecretText(redacted)))");
    stage.send(Message::Bundle(BundleMessage::Proven));
    let asked = stage.asked_for();
    assert!(asked.contains("Export(ExportOrder") && asked.contains("Some(SecretText(redacted))"), "{asked}");
    stage.send(Message::Transfer(TransferMessage::Done(done())));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn seeds_in_clear_need_a_typed_word() {
    let mut stage = Stage::open();
    stage.keys("x<down><right><enter>");
    stage.send(seen(false));
    insta::assert_snapshot!("export_clear_80x24", stage.screen(80, 24));
    stage.asked_for();
    stage.keys("<enter>").keys("yes<enter>");
    assert!(stage.screen(80, 24).contains("! type \"plaintext\""));
    stage.keys("<c-u>plaintext<enter>");
    assert!(stage.screen(80, 24).contains("3 of 3   The vault's passphrase"));
    stage.keys("vault words<enter>");
    stage.send(Message::Bundle(BundleMessage::Proven));
    assert!(stage.asked_for().contains("passphrase: None"));
}

#[test]
fn a_format_without_encryption_is_not_written_by_mistake() {
    let mut stage = Stage::open();
    stage.keys("xl<enter>");
    assert_eq!(stage.asked_for(), "");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("this format has no encryption"), "{screen}");
}

#[test]
fn the_proposed_name_follows_the_format_and_a_name_of_ones_own_stays() {
    let mut stage = Stage::open();
    stage.keys("x");
    for (keys, end) in [
        ("l", "-otpauth.txt"),
        ("2", "-2fas.2fas"),
        ("<left>", "-ykman.sh"),
        ("s", "-stratum.stratum"),
        ("b", "-bitwarden.json"),
    ] {
        stage.keys(keys);
        let screen = stage.screen(80, 24);
        assert!(screen.contains(&format!("~/lifeboat-2023-11-14{end}\n")), "{end}: {screen}");
    }
    stage.keys("<down><down><c-u>~/mine.json<up><up>l");
    assert!(stage.screen(80, 24).contains("~/mine.json\n"));
}

#[test]
fn what_is_left_out_is_named_before_the_passphrase_and_fits_the_screen() {
    let mut stage = Stage::open();
    stage.keys("x<enter>");
    stage.send(Message::Transfer(TransferMessage::OutputSeen {
        exists: false,
        n_entries: 5,
        lossy: vec!["notes (2)".to_owned()],
        left_out: vec!["not written: Bank:ana and 96 more: the app has no codes by a counter".to_owned()],
        asks_vault: true,
    }));
    insta::assert_snapshot!("export_left_out_80x24", stage.screen(80, 24));
}

#[test]
fn where_codes_for_a_telephone_go_the_form_says_how_they_become_pictures() {
    let mut stage = Stage::open();
    stage.keys("xg<down><right><down>");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("-google.txt"), "{screen}");
    assert!(screen.contains("A name in .png makes a picture of each QR code."), "{screen}");
    stage.keys("<up><up>a<down><down>");
    assert!(!stage.screen(80, 24).contains(".png"));
}

#[test]
fn an_export_over_a_file_asks_first() {
    let mut stage = Stage::open();
    stage.keys("x<enter>");
    stage.send(seen(true));
    assert!(matches!(stage.model.dialog, Some(Dialog::Confirm(_))));
    stage.keys("n").asked_for();
    assert!(stage.screen(80, 24).contains("1 of 3"));
    stage.keys("<enter>");
    stage.send(seen(true));
    stage.keys("y");
    assert!(stage.screen(80, 24).contains("2 of 3"));
}

#[test]
fn locking_drops_a_report_and_late_answers_bring_nothing_back() {
    let mut stage = at_report(0);
    stage.keys("L");
    for late in [planned(0), recognised(None), seen(false), Message::Transfer(TransferMessage::Done(done()))]
    {
        stage.send(late);
        assert!(matches!(stage.model.screen, Screen::Unlock(_)));
        assert!(!stage.screen(80, 24).contains("GitLab"));
    }
    stage.send(Message::Rows { rows: rows(), set_aside: 0 });
    assert!(matches!(stage.model.screen, Screen::Codes), "nothing goes on where it was");
}
