//! Everything about one entry: added, tried, changed, looked at, shown as a QR code.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use lifeboat::app::check::{Checked, Known};
use lifeboat::app::picture;
use lifeboat::app::{Failure, Kind};
use lifeboat::entry;
use lifeboat::secret::SecretText;
use lifeboat::tui::effect::{Change, Effect, EntryEffect, NewEntry};
use lifeboat::tui::message::{EntryMessage, Message};
use lifeboat::tui::model::{Dialog, EntryValues, Picture, Screen};

use crate::app_entry::{opened, read_again};
use crate::pty::Pseudoterminal;
use crate::support::Sandbox;
use crate::tui_stage::{Stage, checked, details, id, rows, values};

const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn send(stage: &mut Stage, message: EntryMessage) {
    stage.send(Message::Entry(message));
}

fn good(twin: Option<Known>) -> EntryMessage {
    let checked = Checked { bits: 160, twin, ..Checked::default() };
    EntryMessage::Checked { outcome: Ok(Box::new(checked)), fills: true }
}

fn twin() -> Known {
    Known { id: id(1), title: "AWS:root@example.org".to_owned() }
}

/// A form of a new entry with a seed and a name in it.
fn filled() -> Stage {
    let mut stage = Stage::open();
    stage.keys(&format!("a{SEED}<tab><tab>Mail<tab>ana"));
    send(&mut stage, good(None));
    stage.effects.clear();
    stage
}

#[track_caller]
fn asked_to_add(stage: &mut Stage) -> (Box<NewEntry>, bool) {
    match stage.effects.pop() {
        Some(Effect::Entry(EntryEffect::Add(new, again))) => (new, again),
        other => panic!("{other:?} {}", stage.screen(80, 24)),
    }
}

#[track_caller]
fn asked_to_change(stage: &mut Stage) -> Box<Change> {
    match stage.effects.pop() {
        Some(Effect::Entry(EntryEffect::Change(change))) => change,
        other => panic!("{other:?} {}", stage.screen(80, 24)),
    }
}

fn wrong(kind: Kind, words: &str) -> Message {
    Message::Failed(Box::new(Failure::new(kind, words)))
}

#[test]
fn a_uri_fills_the_fields_and_they_can_be_corrected() {
    let mut stage = Stage::open();
    stage.keys("a").paste("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP");
    stage.send(checked("Amazon", "root"));
    stage.keys("<tab><tab><c-u>AWS<tab><tab><tab><right><tab><right><tab><c-u>60<tab>cloud, #work<enter>");
    let (new, again) = asked_to_add(&mut stage);
    assert!(!again);
    let particulars = &new.particulars;
    assert_eq!(particulars.issuer.as_deref(), Some("AWS"));
    assert_eq!(particulars.account.as_deref(), Some("root"));
    assert_eq!(particulars.algorithm.as_deref(), Some("SHA256"));
    assert_eq!((particulars.digits, particulars.period, particulars.counter), (Some(7), Some(60), None));
    assert_eq!(new.tags, ["cloud", "work"]);
    assert!(new.secret.expose().starts_with("otpauth://totp/A:b?"), "what else it says is kept");
}

#[test]
fn a_uri_goes_into_its_own_field_wherever_it_is_pasted() {
    let mut stage = Stage::open();
    stage.keys("a<tab><tab>").paste(&format!("otpauth://totp/A:b?secret={SEED}"));
    assert!(!stage.screen(80, 24).contains("JBSW"), "{}", stage.screen(80, 24));
    assert_eq!(stage.asked_for(), "Entry(Check(NewEntry(redacted), true))");
    stage.keys("<c-r>");
    assert!(stage.screen(80, 24).contains("JBSW"), "shown when asked for");
    assert!(stage.model.shows_secret_text(), "the cells that held it are forgotten");
}

#[test]
fn what_is_wrong_with_a_secret_is_said_by_its_place_and_nothing_is_added() {
    let mut stage = filled();
    let words = "the secret cannot be used: character 6 is not base32; 0 may be the letter O".to_owned();
    send(&mut stage, EntryMessage::Checked { outcome: Err(words), fills: false });
    assert!(stage.screen(80, 24).contains("! the secret cannot be used: character 6"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("> Secret:"), "the cursor goes there");
}

#[test]
fn an_entry_needs_a_name_and_a_number_that_is_one() {
    let mut stage = Stage::open();
    stage.keys(&format!("a{SEED}"));
    send(&mut stage, good(None));
    stage.effects.clear();
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("give it an issuer or an account"));
    stage.keys("Mail<tab><tab><tab><tab><tab><c-u>half<enter>");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("> Period/counter: half") && screen.contains("! the period must be"), "{screen}");
    stage.effects.clear();
    stage.keys("<c-u>45<enter>");
    assert_eq!(asked_to_add(&mut stage).0.particulars.period, Some(45));
}

#[test]
fn another_type_begins_with_its_own_number() {
    let mut stage = filled();
    stage.keys("<tab><right>");
    assert!(stage.screen(80, 24).contains("Period/counter: 0"));
    stage.keys("<enter>");
    let particulars = &asked_to_add(&mut stage).0.particulars;
    assert_eq!((particulars.period, particulars.counter), (None, Some(0)));
}

#[test]
fn a_duplicate_is_named_while_it_is_typed_and_added_only_after_a_yes() {
    let mut stage = filled();
    send(&mut stage, good(Some(twin())));
    assert!(stage.screen(80, 24).contains("already, as AWS:root@example.org"));
    stage.keys("<enter><enter>");
    assert_eq!(stage.asked_for(), "", "no is the default");
    stage.keys("<enter>y");
    assert!(asked_to_add(&mut stage).1);
}

#[test]
fn a_failure_is_told_in_the_form_and_keeps_what_was_typed() {
    let mut stage = filled();
    stage.keys("<enter>");
    let _asked = asked_to_add(&mut stage);
    stage.send(wrong(Kind::NoSpace, "the vault was not saved"));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! the vault was not saved") && screen.contains("Mail"), "{screen}");
    stage.keys("<enter>");
    assert_eq!(asked_to_add(&mut stage).0.secret.expose(), SEED);
}

#[test]
fn leaving_a_form_asks_when_something_would_be_lost() {
    let mut stage = filled();
    stage.keys("<esc><enter>");
    assert!(matches!(stage.model.screen, Screen::Add(_)), "no is the default");
    stage.keys("<esc>y");
    assert!(matches!(stage.model.screen, Screen::Codes));
    stage.keys("a<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes), "nothing was typed");
}

#[test]
fn a_seed_is_made_where_none_was_typed_and_only_after_a_yes() {
    let mut stage = Stage::open();
    stage.keys("a<enter><enter>");
    assert_eq!(stage.asked_for(), "");
    stage.keys("<enter>y");
    assert_eq!(stage.asked_for(), "Entry(MakeSeed)");
    send(&mut stage, EntryMessage::SeedMade(SecretText::new(SEED.to_owned())));
    assert!(!stage.screen(80, 24).contains("JBSW"));
    stage.keys("<c-r>");
    assert!(stage.screen(80, 24).contains("JBSW"), "for the server that is to have it");
}

#[test]
fn a_picture_is_chosen_and_read_and_its_code_fills_the_form() {
    let mut stage = Stage::open();
    stage.keys("a<c-f>");
    stage.effects.clear();
    let file = lifeboat::tui::model::FileRow { name: "qr.png".to_owned(), is_folder: false, len: 9 };
    stage.send(Message::FolderListed { folder: "/media".to_owned(), rows: vec![file], wrong: None });
    stage.keys("<enter>");
    let Some(Effect::Entry(EntryEffect::ReadPicture(path))) = stage.effects.pop() else { panic!() };
    assert_eq!(path.expose(), "/media/qr.png");
    stage.send(wrong(Kind::UnknownFormat, "no account came out of the picture"));
    assert!(stage.screen(80, 24).contains("! no account came out"), "and the path stays: qr.png");
    stage.keys("<enter>");
    assert!(stage.asked_for().starts_with("Entry(ReadPicture("), "Enter reads it again");
    let text = |n: u8| SecretText::new(format!("otpauth://totp/A:{n}?secret={SEED}"));
    send(&mut stage, EntryMessage::PictureRead(vec![text(1)]));
    assert_eq!(stage.asked_for(), "Entry(Check(NewEntry(redacted), true))");
    assert!(stage.screen(80, 24).contains("its one account fills the form"));

    send(&mut stage, EntryMessage::PictureRead(vec![text(1), text(2), text(3)]));
    assert!(stage.screen(80, 24).contains("> One of them:    < 1 >"), "{}", stage.screen(80, 24));
    stage.effects.clear();
    stage.keys("<right>");
    let Some(Effect::Entry(EntryEffect::Check(new, true))) = stage.effects.pop() else { panic!() };
    assert!(new.secret.same_as(&text(2)));
}

#[test]
fn after_adding_the_first_code_is_shown_and_tried() {
    let added = || {
        let mut stage = filled();
        stage.send(Message::Added { id: id(5), title: "VPN:ana".to_owned(), warnings: Vec::new() });
        assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(5)));
        stage.reveal(5, "123 456");
        stage
    };
    let mut stage = added();
    insta::assert_snapshot!("first_code_80x24", stage.screen(80, 24));
    stage.keys("y");
    assert!(stage.asked_for().starts_with("CopyShown"), "y copies here as on the list, and proves nothing");
    stage.keys("a");
    assert_eq!(stage.asked_for(), format!("Entry(Prove({:?}))", id(5)));
    assert!(matches!(stage.model.screen, Screen::Codes));

    let mut stage = added();
    stage.keys("s");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("is not proven: p notes it"), "{}", stage.screen(80, 24));

    let mut stage = added();
    stage.keys("n");
    insta::assert_snapshot!("first_code_refused_80x24", stage.screen(80, 24));
    stage.keys("<esc>");
    assert_eq!(stage.asked_for(), "", "it stays unproven");
    assert!(!format!("{:?}", stage.model).contains("JBSW"));

    let mut stage = added();
    stage.keys("ne");
    send(&mut stage, EntryMessage::ToChange(Box::new(values())));
    stage.effects.clear();
    send(&mut stage, EntryMessage::Changed("VPN:ana is changed".to_owned()));
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(2)), "and the first code is tried again");
    assert!(stage.screen(80, 24).contains("Has it accepted it?"));
}

#[test]
fn proof_names_the_entry_and_no_is_the_default() {
    let mut stage = Stage::open();
    stage.keys("jp");
    assert!(stage.screen(80, 24).contains("  Bank:ana"));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    stage.keys("py");
    assert_eq!(stage.asked_for(), format!("Entry(Prove({:?}))", id(2)));
}

fn editing() -> Stage {
    let mut stage = Stage::open();
    stage.keys("je");
    assert_eq!(stage.asked_for(), format!("Entry(ReadToChange({:?}))", id(2)));
    send(&mut stage, EntryMessage::ToChange(Box::new(values())));
    stage
}

#[test]
fn only_what_differs_is_sent() {
    let mut stage = editing();
    insta::assert_snapshot!("edit_80x24", stage.screen(80, 24));
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "");
    assert!(stage.screen(80, 24).contains("nothing differs"));
    stage.keys("<c-u>Credit<tab><tab><tab><tab><right><tab><tab><c-u>money, home<enter>");
    let change = asked_to_change(&mut stage);
    let edit = &change.edit;
    assert_eq!(edit.particulars.issuer.as_deref(), Some("Credit"));
    assert_eq!(edit.particulars.digits, Some(9));
    assert!(edit.particulars.account.is_none() && edit.particulars.period.is_none());
    assert!(edit.particulars.type_name.is_none() && edit.particulars.algorithm.is_none());
    assert_eq!(
        (&edit.tags_added[..], &edit.tags_removed[..]),
        (&["home".to_owned()][..], &["work".to_owned()][..])
    );
    assert!(edit.note.is_none() && edit.privileged.is_none() && edit.favourite.is_none());
    assert!(edit.provenance.is_none() && change.seed.is_none() && change.recovery_codes.is_none());
    stage.send(wrong(Kind::NoSpace, "the vault was not saved"));
    let screen = stage.screen(80, 24);
    assert!(screen.contains("! the vault was not saved") && screen.contains("Credit"), "{screen}");
    send(&mut stage, EntryMessage::Changed("Credit:ana is changed".to_owned()));
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn a_note_keeps_its_lines() {
    let mut stage = editing();
    stage.keys(&"<tab>".repeat(7));
    assert!(stage.screen(80, 24).contains("first line⏎second line"));
    stage.paste("\nthird line\n");
    stage.keys("<enter>");
    let note = asked_to_change(&mut stage).edit.note.unwrap();
    assert_eq!(note, "first line\nsecond line\nthird line");
}

#[test]
fn a_new_seed_and_new_recovery_codes_are_asked_about_and_are_sent_as_they_came() {
    let mut stage = editing();
    stage.keys(&format!("<backtab><backtab>{SEED}"));
    send(&mut stage, EntryMessage::Checked { outcome: Ok(Box::default()), fills: false });
    stage.effects.clear();
    stage.keys("<tab>").paste("aaaa 1111\n\n bbbb 2222\r\ncccc\rdddd\r");
    assert!(!stage.screen(80, 24).contains("bbbb"), "they are hidden");
    assert!(stage.screen(80, 24).contains("recovery codes: 4"));
    stage.effects.clear();
    stage.keys("<enter>");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("  Bank:ana") && screen.contains("Its seed is replaced"), "{screen}");
    assert!(screen.contains("8 stored recovery codes, 5 of them unused"), "{screen}");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "no is the default");
    stage.keys("<enter>y");
    let change = asked_to_change(&mut stage);
    assert_eq!(change.seed.unwrap().expose(), SEED);
    assert_eq!(change.recovery_codes.unwrap().expose(), "aaaa 1111\nbbbb 2222\ncccc\ndddd\n");
    assert!(change.edit.is_empty());
}

#[test]
fn an_origin_can_be_taken_back_to_not_said() {
    let mut stage = Stage::open();
    stage.keys("je");
    let device = Some(entry::Label::new("tablet"));
    let provenance = Some(entry::Provenance { how: entry::ProvenanceKind::Copied, device });
    send(&mut stage, EntryMessage::ToChange(Box::new(EntryValues { provenance, ..values() })));
    // From the last of the choices on to the first; the device that was named goes with it.
    stage.keys(&"<backtab>".repeat(4)).keys("<right><enter>");
    let edit = asked_to_change(&mut stage).edit;
    assert!(edit.provenance_not_said && edit.provenance.is_none(), "{edit:?}");
}

#[test]
fn what_cannot_be_said_of_an_origin_is_told() {
    let mut stage = editing();
    stage.keys(&"<backtab>".repeat(3));
    stage.keys("tablet<enter>");
    assert!(stage.screen(80, 24).contains("! say too whether the seed was copied"));
    stage.keys("<right><right><enter>");
    let provenance = asked_to_change(&mut stage).edit.provenance.unwrap();
    assert_eq!(provenance.how.name(), "copied");
    assert_eq!(provenance.device.unwrap().raw(), "tablet");
}

fn page() -> Stage {
    let mut stage = Stage::open();
    stage.keys("jo");
    assert_eq!(stage.asked_for(), format!("Entry(Read({:?}))", id(2)));
    send(&mut stage, EntryMessage::Read(details(2)));
    stage
}

#[test]
fn the_page_of_an_entry_at_several_sizes() {
    let mut stage = page();
    stage.reveal(2, "1234 5678");
    insta::assert_snapshot!("entry_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("entry_40x10", stage.screen(40, 10));
    insta::assert_snapshot!("entry_120x40", stage.screen(120, 40));
    stage.screen(40, 10);
    stage.keys("<pgdn><pgdn><pgdn>");
    let screen = stage.screen(40, 10);
    assert!(screen.contains("history") && screen.contains("ana@desk"), "the end is reached: {screen}");
    stage.keys("<pgup><pgup><pgup>");
    assert!(stage.screen(40, 10).contains("TOTP"));
}

#[test]
fn the_page_shows_its_code_unasked_where_a_setting_says_so() {
    let mut stage = Stage::open();
    stage.model.prefs.masked = false;
    stage.model.list.asked.extend((1..=5).map(id));
    stage.model.list.asked.remove(&id(2));
    stage.keys("jo");
    let asked = stage.asked_for();
    assert!(asked.contains(&format!("Reveal([{:?}], {})", id(2), u64::MAX)), "{asked}");
}

#[test]
fn what_only_the_page_has_a_key_for_is_found_in_the_palette_of_the_list() {
    let mut stage = Stage::open();
    stage.keys("j:qr code, for<enter>");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("Show the seed?") && screen.contains("  Bank:ana"), "{screen}");
}

#[test]
fn the_page_follows_the_vault_and_ends_with_its_entry() {
    let mut stage = page();
    stage.send(Message::Rows { rows: rows(), set_aside: 0 });
    assert_eq!(stage.asked_for(), format!("Entry(Read({:?}))", id(2)));
    stage.keys("e");
    send(&mut stage, EntryMessage::ToChange(Box::new(values())));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Entry(_)), "back to where the form was begun");
    let mut rest = rows();
    rest.retain(|row| row.id != id(2));
    stage.send(Message::Rows { rows: rest, set_aside: 0 });
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn beside_a_wide_list_stands_what_is_known_and_is_asked_for_once() {
    let mut stage = Stage::open();
    stage.send(Message::Resized(120, 24));
    assert_eq!(stage.asked_for(), format!("Entry(Describe({:?}))", id(1)));
    stage.keys("j");
    assert_eq!(stage.asked_for(), format!("Entry(Describe({:?}))", id(2)));
    stage.wait(5).keys("v");
    assert_eq!(stage.asked_for(), format!("Reveal([{:?}], 30)", id(2)));
    send(&mut stage, EntryMessage::Described(details(2)));
    insta::assert_snapshot!("panel_120x24", stage.screen(120, 24));
    send(&mut stage, EntryMessage::Described(details(4)));
    assert!(stage.screen(120, 24).contains("harbour"), "a late answer is not shown for another entry");
    stage.send(Message::Started { what: "Working".to_owned(), can_cancel: false });
    stage.keys("j");
    assert_eq!(stage.asked_for(), "", "nothing is read while a job has the session");
    stage.send(Message::Finished);
    stage.send(Message::Rows { rows: rows(), set_aside: 0 });
    assert_eq!(stage.asked_for(), format!("Entry(Describe({:?}))", id(2)), "the vault has changed");
}

/// What a camera sees of a screen whose ground is dark, or light.
fn seen(screen: &str, columns: usize, ascii: bool, light_ground: bool) -> Vec<u8> {
    let mut rows: Vec<Vec<bool>> = Vec::new();
    for line in screen.lines() {
        let cells: Vec<char> = line.chars().chain(std::iter::repeat(' ')).take(columns).collect();
        if ascii {
            rows.push(cells.iter().step_by(2).map(|c| *c == '#').collect());
        } else {
            rows.push(cells.iter().map(|c| matches!(c, '█' | '▀')).collect());
            rows.push(cells.iter().map(|c| matches!(c, '█' | '▄')).collect());
        }
    }
    let (width, height) = (rows[0].len(), rows.len());
    let side = |n: usize| u32::try_from((n + 8) * 4).unwrap();
    let picture = GrayImage::from_fn(side(width), side(height), |x, y| {
        let at = |n: u32| usize::try_from(n / 4).unwrap().wrapping_sub(4);
        let drawn = rows.get(at(y)).and_then(|row| row.get(at(x))).copied().unwrap_or(false);
        Luma([if drawn == light_ground { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// An open page with the QR code of the RFC's seed over it, for a screen of a size.
fn with_qr(columns: u16, rows: u16, ascii: bool) -> Stage {
    let mut stage = page();
    stage.model.ascii = ascii;
    stage.screen(columns, rows);
    stage.keys("Q");
    let question = stage.screen(80, 24).replace(['\n', '│', '|'], " ");
    assert!(question.contains("It is the seed itself") && question.contains("Bank:ana"), "{question}");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "no is the default");
    stage.screen(columns, rows);
    stage.keys("Qy");
    let Some(Effect::Entry(EntryEffect::ShowQr(_, most_modules))) = stage.effects.pop() else { panic!() };
    let sandbox = Sandbox::with_entry();
    let (ctx, mut session) = opened(&sandbox);
    let entry = session.vault().entries[0].id;
    let modules = picture::of_seed(&ctx, &mut session, entry, most_modules).unwrap();
    let lines = vec!["This is the seed.".to_owned()];
    send(
        &mut stage,
        EntryMessage::QrDrawn(Picture { title: "AWS:root".to_owned(), lines, modules, inverse: false }),
    );
    stage
}

#[test]
fn the_qr_code_on_the_screen_is_read_back_as_the_uri() {
    for (columns, rows, ascii) in [(80, 24, false), (200, 50, false), (60, 40, false), (160, 60, true)] {
        let mut stage = with_qr(columns, rows, ascii);
        for light_ground in [false, true] {
            let screen = stage.screen(columns, rows);
            assert!(!screen.contains("needs"), "{columns}x{rows}: {screen}");
            let found = read_again(&seen(&screen, usize::from(columns), ascii, light_ground));
            assert!(
                found.starts_with("otpauth://totp/AWS:root?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
                "{found}"
            );
            assert!(found.contains("digits=8"), "{found}");
            stage.keys("i");
        }
        assert!(stage.model.shows_secret_text());
        stage.keys("<esc>");
        assert!(stage.model.dialog.is_none() && !stage.model.shows_secret_text());
    }
}

#[test]
fn a_screen_that_is_too_small_for_a_qr_code_says_what_it_needs() {
    let mut stage = with_qr(40, 10, false);
    let screen = stage.screen(40, 10).replace('\n', " ");
    assert!(screen.contains("columns and") && screen.contains("this screen has 40 and 10"), "{screen}");
    assert!(!screen.contains('█'), "and draws no part of it: {screen}");
    let mut stage = with_qr(80, 24, true);
    assert!(stage.screen(80, 24).contains("Without --ascii it is half as large."));
}

#[test]
fn a_qr_code_goes_when_the_keyboard_goes_elsewhere_unless_a_setting_lets_it_stay() {
    let mut stage = with_qr(80, 24, false);
    assert!(!format!("{:?}", stage.model).contains("[true"), "the model does not tell it");
    stage.send(Message::Focused(false));
    assert!(stage.model.dialog.is_none());
    let mut stage = with_qr(80, 24, false);
    stage.model.prefs.mask_on_focus_loss = false;
    stage.send(Message::Focused(false));
    assert!(matches!(stage.model.dialog, Some(Dialog::Picture(_))));
    stage.send(Message::Lock);
    assert!(stage.model.dialog.is_none());
}

#[test]
fn a_recovery_code_is_handed_out_after_a_yes_and_shown_once() {
    let mut stage = page();
    stage.keys("R");
    let screen = stage.screen(80, 24);
    assert!(screen.contains("  Bank:ana") && screen.contains("5 of 8 are left"), "{screen}");
    stage.keys("<enter>");
    assert_eq!(stage.asked_for(), "", "no is the default");
    stage.keys("Ry");
    assert_eq!(stage.asked_for(), format!("Entry(HandOut({:?}))", id(2)));
    let code = || SecretText::new("7777-recovery-8888".to_owned());
    let handed_out = || EntryMessage::HandedOut { title: "Bank:ana".to_owned(), code: code(), left: 4 };
    send(&mut stage, handed_out());
    insta::assert_snapshot!("recovery_code_80x24", stage.screen(80, 24));
    assert!(!format!("{:?}", stage.model).contains("7777"));
    stage.keys("c");
    let asked_for = stage.asked_for();
    assert!(
        asked_for.starts_with("CopyShown { title: \"Bank:ana\", code: SecretText(redacted)"),
        "{asked_for}"
    );
    stage.send(Message::Focused(false));
    assert!(!stage.screen(80, 24).contains("7777") && !stage.model.shows_secret_text());
    stage.send(Message::Focused(true));
    assert!(stage.screen(80, 24).contains("7777"), "it is used up: it must not be lost by a look elsewhere");
    stage.keys("<enter>m");
    assert!(!stage.screen(80, 24).contains("7777"), "the messages do not keep it");
    stage.keys("<esc>");
    send(&mut stage, handed_out());
    stage.send(Message::Lock);
    assert!(stage.model.dialog.is_none());
}

#[test]
fn where_no_recovery_code_is_left_that_is_said() {
    for (n_recovery_codes, words) in [(0, "no recovery code is stored"), (3, "all 3 recovery codes are used")]
    {
        let mut stage = page();
        let none =
            lifeboat::tui::model::EntryDetails { n_recovery_codes, n_recovery_codes_left: 0, ..details(2) };
        send(&mut stage, EntryMessage::Read(none));
        stage.keys("R");
        assert!(stage.screen(80, 24).contains(words), "{}", stage.screen(80, 24));
        assert_eq!(stage.asked_for(), "");
    }
}

#[test]
fn what_comes_after_locking_about_an_entry_shows_nothing() {
    let mut stage = page();
    stage.keys("L");
    for message in [
        EntryMessage::HandedOut {
            title: "Bank".to_owned(),
            code: SecretText::new("7777".to_owned()),
            left: 1,
        },
        EntryMessage::QrDrawn(Picture {
            title: "Bank".to_owned(),
            lines: Vec::new(),
            modules: vec![vec![true; 21]; 21],
            inverse: false,
        }),
        EntryMessage::Read(details(2)),
        EntryMessage::ToChange(Box::new(values())),
        EntryMessage::SeedMade(SecretText::new(SEED.to_owned())),
    ] {
        send(&mut stage, message);
        let screen = stage.screen(80, 24);
        assert!(screen.contains("LOCKED") && !screen.contains("Bank"), "{screen}");
        assert!(stage.model.dialog.is_none());
    }
}

#[test]
fn a_secret_that_is_shown_in_a_form_is_hidden_when_the_keyboard_goes_elsewhere() {
    let mut stage = filled();
    stage.keys("<backtab><backtab><backtab><c-r>");
    assert!(stage.screen(80, 24).contains("JBSW"));
    stage.send(Message::Focused(false));
    assert!(!stage.screen(80, 24).contains("JBSW"));
}

#[test]
fn in_a_terminal_a_picture_is_added_tried_and_changed() {
    let sandbox = Sandbox::with_entry();
    let uri = format!("otpauth://totp/Mail:ana?secret={SEED}&issuer=Mail");
    sandbox.write("qr.png", crate::cli_add::picture_of(&uri));
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("AWS");
    terminal.types("a\t").pastes(sandbox.path("qr.png").to_str().unwrap()).types("\r");
    terminal.shows("its one account fills the form");
    terminal.shows("Mail");
    terminal.types("\r").shows("Has it accepted it?");
    terminal.types("a").shows("noted: the service accepted a code of Mail:ana");
    terminal.types("e").shows("> Issuer:");
    terminal.types("box").types("\t").types("\r").shows("Mailbox:ana is changed");
    terminal.types("o").shows("the service accepted a code");
    terminal.types("Qy").until("a QR code", |screen| screen.contains("████████████"));
    terminal
        .types("\x1b")
        .until("the page again", |screen| screen.contains("seed-shown") && !screen.contains("████"));
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    assert!(!String::from_utf8_lossy(&terminal.sent()).contains("JBSWY3DPEHPK3PXP"));
}

#[test]
fn in_a_terminal_new_recovery_codes_are_stored_hidden_and_handed_out_once() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("AWS");
    terminal.types("oe").shows("> Issuer:");
    // Up from the first field is the last one.
    terminal.types("\x1b[A").pastes("first-1111\nsecond-2222\n").shows("recovery codes: 2");
    terminal.types("\r").shows("2 of 2 codes are unused");
    assert!(!String::from_utf8_lossy(&terminal.sent()).contains("first-1111"));
    terminal.types("Ry").shows("first-1111");
    terminal.types("\r").until("it gone", |screen| !screen.contains("first-1111"));
    terminal.shows("1 of 2 codes are unused");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    sandbox.run("recovery-code use root").done().prints("second-2222");
}

#[test]
fn forms_can_be_filled_in_at_the_smallest_size() {
    let mut stage = filled();
    for tabs in 0..13 {
        let screen = stage.screen(32, 8);
        assert!(screen.contains("\n> "), "the field with the cursor is seen after {tabs}: {screen}");
        stage.keys("<tab>");
    }
    let words = "the secret cannot be used: character 6 is not base32".to_owned();
    send(&mut stage, EntryMessage::Checked { outcome: Err(words), fills: false });
    let screen = stage.screen(32, 8);
    assert!(
        screen.contains("! the secret cannot be used"),
        "what is wrong goes before what the field is for: {screen}"
    );
    assert!(editing().keys("<backtab>").screen(80, 40).contains("  Issuer:"), "nothing scrolls without need");
}
