//! Google Authenticator's export as a person meets it: as text, as pictures of its QR codes, and pasted.

use data_encoding::BASE64;
use lifeboat::app::add::{self, Particulars};
use lifeboat::secret::SecretText;
use lifeboat::tui::effect::{Effect, EntryEffect};

use crate::cli_add::picture_of;
use crate::support::{RFC_SEED, Sandbox};
use crate::tui_stage::Stage;

/// Two codes of an export, of five accounts and of four.
const TWO_PARTS: &str = include_str!("../../vectors/interchange/google/v2.txt");

fn part(n: usize) -> &'static str {
    TWO_PARTS.lines().nth(n).unwrap()
}

/// A field of bytes as protobuf has it; its length in three bytes, so that it may be any up to 2 MiB.
fn field(key: u8, bytes: &[u8]) -> Vec<u8> {
    let seven_bits = |shift: u32| u8::try_from((bytes.len() >> shift) & 127).unwrap();
    let head = [key << 3 | 2, seven_bits(0) | 128, seven_bits(7) | 128, seven_bits(14)];
    [&head, bytes].concat()
}

/// An account of an export with RFC 6238's seed.
pub(crate) fn account(issuer: &str, name: &str) -> Vec<u8> {
    [field(1, b"12345678901234567890"), field(2, name.as_bytes()), field(3, issuer.as_bytes())].concat()
}

/// A code of an export with some accounts.
pub(crate) fn export_of(accounts: &[Vec<u8>]) -> String {
    let message: Vec<u8> = accounts.iter().flat_map(|account| field(1, account)).collect();
    format!("otpauth-migration://offline?data={}", BASE64.encode(&message).replace('+', "%2B"))
}

/// A code with a good account and one of an algorithm that the app wrote once and nobody can use.
pub(crate) fn export_with_md5(issuer: &str, name: &str) -> String {
    export_of(&[account(issuer, name), [account("Old", name), vec![4 << 3, 4]].concat()])
}

#[test]
fn an_export_comes_in_from_text_and_a_part_of_it_is_told_to_be_one() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("phone.txt", TWO_PARTS);
    let json = sandbox.run("import ~/phone.txt --json").done().json("lifeboat.import/1");
    let report = &json["files"][0];
    assert_eq!((report["format"].as_str(), report["taken"].as_u64()), (Some("google"), Some(9)));
    assert_eq!(
        (report["entries"][8]["position"].as_u64(), report["notices"].as_array().unwrap().len()),
        (Some(9), 0)
    );
    assert_eq!(sandbox.run("code Example --at 1700000000").done().out, "921300\n");

    sandbox.write("second.txt", part(1));
    let words = "part 1 of 2 is not in this file: import that QR code too";
    sandbox.run("import ~/second.txt").done().prints("4 were there already").prints(words);
}

#[test]
fn an_export_comes_in_from_a_picture_of_its_code() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("first.png", picture_of(part(0)));
    sandbox.write("second.png", picture_of(part(1)));
    let imported = sandbox.run("import ~/second.png ~/first.png").done();
    let imported = imported.prints("took 4 entries of second.png (google)");
    // One of them makes the same codes as an account of the part that was there before.
    imported.prints("took 4 entries of first.png (google); 1 was there already");
    assert_eq!(sandbox.run("code Example --at 1700000000").done().out, "921300\n");
    sandbox.write("page.png", picture_of("https://example.org/"));
    sandbox.run("import ~/page.png").exits(5).says("what its QR codes hold is no account");
}

#[test]
fn an_account_of_an_export_that_cannot_be_taken_refuses_the_file_by_place_and_name() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("phone.txt", export_with_md5("Mail", "ana"));
    let words = "entry 2 \"Old:ana\": its algorithm \"MD5\" is not supported";
    sandbox.run("import ~/phone.txt").exits(8).says(words);
    sandbox.run("import ~/phone.txt --allow-skipped").done().prints("took 1 entry").prints(words);
}

#[test]
fn an_export_of_one_account_is_added_and_of_several_answered_with_the_line_that_works() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("add -").stdin(export_of(&[account("Mail", "Mail:ana")])).run().done();
    assert_eq!(sandbox.run("code Mail --at 59").done().out, "287082\n");
    let several = sandbox.command("add -").stdin(part(0)).run().exits(2);
    several.says("the export holds 5 accounts, and one is added at a time").says("lifeboat import FILE");
    sandbox.command("add -").stdin(TWO_PARTS).run().exits(2).says("holds 9 accounts");
    sandbox.command("add -").stdin(export_of(&[])).run().exits(2).says("the URI cannot be used");
    sandbox.command("add -").stdin(&part(0)[..200]).run().exits(2).says("the export is damaged or cut off");

    sandbox.write("one.png", picture_of(&export_of(&[account("Bank", "ben")])));
    sandbox.run("add --qr ~/one.png --allow-duplicate").done();
    assert_eq!(sandbox.run("code Bank --at 59").done().out, "287082\n");
    sandbox.write("part.png", picture_of(part(0)));
    let several = sandbox.run("add --qr ~/part.png").exits(2);
    several.says("holds 5 accounts").says(&format!("lifeboat import {}", sandbox.path("part.png").display()));
    let listed = sandbox.run("list --json").done().json("lifeboat.list/1");
    assert_eq!(listed["entries"].as_array().unwrap().len(), 2, "nothing of it was added");
}

/// The secret that the form wants checked.
#[track_caller]
fn checked(stage: &mut Stage) -> SecretText {
    match stage.effects.pop() {
        Some(Effect::Entry(EntryEffect::Check(new, true))) => new.secret,
        other => panic!("{other:?} {}", stage.screen(80, 24)),
    }
}

#[test]
fn an_export_that_is_pasted_fills_the_form_with_the_account_that_is_chosen() {
    for start in ["", "a<tab><tab>"] {
        let mut stage = Stage::open();
        stage.keys(start);
        stage.effects.clear();
        stage.paste(part(0));
        let screen = stage.screen(80, 24);
        assert!(screen.contains("the export holds 5 accounts: this is the first"), "{screen}");
        assert!(screen.contains("> One of them:    < 1 >") && !screen.contains("otpauth"), "{screen}");
        let first = checked(&mut stage);
        stage.keys("<right>");
        let second = checked(&mut stage);
        assert!(!first.same_as(&second));
        for (one, words) in [(first, "Example:alice@example.com"), (second, "VPN:a:b+c d")] {
            let (draft, _) = add::draft_from_text(&one, &Particulars::default()).unwrap();
            assert_eq!(draft.title(), words);
        }
    }
}

#[test]
fn an_export_of_one_account_or_of_none_goes_into_the_secrets_field() {
    for text in [export_of(&[account("Mail", "ana")]), "otpauth-migration://offline?data=////".to_owned()] {
        let mut stage = Stage::open();
        stage.paste(&text);
        assert!(checked(&mut stage).same_as(&SecretText::new(text)));
        let screen = stage.screen(80, 24);
        assert!(
            screen.contains("> Secret:") && !screen.contains("One of them") && !screen.contains("otpauth-")
        );
    }
}

#[test]
fn no_part_of_an_export_is_ever_drawn_in_another_field() {
    let mut stage = Stage::open();
    stage.keys("/").paste(part(0));
    assert!(!stage.screen(80, 24).contains("otpauth-migration"));
    let mut stage = Stage::open();
    stage.keys("a<tab><tab>").paste(part(0)).keys("<c-r>");
    assert!(!stage.screen(80, 24).contains(RFC_SEED));
}
