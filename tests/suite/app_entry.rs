//! What `app` says of one entry: everything known, what a seed is worth before it is added, its QR code.

use lifeboat::app::add::Particulars;
use lifeboat::app::{Context, Session, check, details, edit, key_file, picture, unlock};
use lifeboat::envelope::Credentials;
use lifeboat::interchange::qr_read;
use lifeboat::secret::SecretText;

use crate::support::{NOW, RFC_SEED, RFC_URI, Sandbox};

/// The machine's vault, open by its key file.
pub(crate) fn opened(sandbox: &Sandbox) -> (Context, Session) {
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { passphrase: None, key_file: Some(key), recovery_secret: None };
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    (ctx, session)
}

/// The text of the one QR code in a picture.
pub(crate) fn read_again(picture: &[u8]) -> String {
    let texts = qr_read::texts(picture).unwrap();
    assert_eq!(texts.len(), 1);
    texts[0].expose().to_owned()
}

fn said(text: &str) -> String {
    let checked = check::check(None, &SecretText::new(text.to_owned()), None).unwrap_err();
    format!("{}: {}", checked.what, checked.causes().join(": "))
}

#[test]
fn a_secret_is_checked_without_its_name_and_never_repeated() {
    let (_, session) = opened(&Sandbox::with_vault());
    let check = |text: &str| check::check(Some(&session), &SecretText::new(text.to_owned()), None).unwrap();
    let short = check("jbsw y3dp-ehpk 3pxp==");
    assert_eq!((short.bits, short.is_short, short.said), (80, true, None));
    assert!(!check(RFC_SEED).is_short);
    let words = said("JBSW 0Y3D");
    assert!(words.contains("character 6 is not base32") && words.contains("letter O"), "{words}");
    assert!(!words.contains("JBSW") && !words.contains("Y3D"), "{words}");
    let said_of_export = said("otpauth-migration://offline?data=abc");
    assert!(said_of_export.contains("export"), "{said_of_export}");
}

#[test]
fn a_uri_says_what_the_fields_are_to_hold() {
    let uri =
        SecretText::new(format!("otpauth://hotp/Mail:ana?secret={RFC_SEED}&counter=7&algorithm=SHA256"));
    let said = check::check(None, &uri, None).unwrap().said.unwrap();
    assert_eq!((said.issuer.as_str(), said.account.as_str(), said.type_name), ("Mail", "ana", "hotp"));
    assert_eq!((said.algorithm, said.digits, said.number), ("SHA256", 6, 7));
}

#[test]
fn a_twin_and_a_namesake_are_named() {
    let (_, session) = opened(&Sandbox::with_entry());
    let check = |text: &str, particulars: Option<&Particulars>| {
        check::check(Some(&session), &SecretText::new(text.to_owned()), particulars).unwrap()
    };
    assert_eq!(check(RFC_URI, None).twin.unwrap().title, "AWS:root");
    // The numbers count: the same seed with six digits shows other codes.
    let six = Particulars { digits: Some(6), ..Particulars::default() };
    assert_eq!(check(RFC_URI, Some(&six)).twin, None);
    let eight = Particulars { digits: Some(8), ..Particulars::default() };
    assert_eq!(check(RFC_SEED, Some(&eight)).twin.unwrap().title, "AWS:root");
    let named = Particulars {
        issuer: Some("AWS".to_owned()),
        account: Some("root".to_owned()),
        ..Particulars::default()
    };
    let other = check("JBSWY3DPEHPK3PXP", Some(&named));
    assert_eq!((other.twin, other.namesake.unwrap().title), (None, "AWS:root".to_owned()));
}

#[test]
fn everything_known_is_told_and_whether_bundles_are_current() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.write("codes", "one\ntwo\n");
    sandbox.run("edit root --recovery-codes ~/codes --note remark --tag +work").done();
    sandbox.run("bundle create -o ~/b.lifeboat --label Safe --bundle-passphrase-file ~/words").done();
    let of = |sandbox: &Sandbox| {
        let (ctx, session) = opened(sandbox);
        let id = session.vault().entries[0].id;
        details::details(&ctx, &session, id, true).unwrap()
    };
    let known = of(&sandbox);
    assert_eq!(
        (known.title.as_str(), known.seed_bits, known.note.as_str()),
        ("AWS:root", Some(160), "remark")
    );
    assert_eq!((known.n_recovery_codes, known.n_recovery_codes_left), (2, 2));
    assert_eq!(known.created, NOW);
    assert!(known.bundles.len() == 1 && known.bundles[0].is_current, "{:?}", known.bundles);
    assert_eq!(known.bundles[0].label.raw(), "Safe");

    sandbox.run("recovery-code use root").done();
    let known = of(&sandbox);
    assert_eq!((known.n_recovery_codes, known.n_recovery_codes_left), (2, 1));
    assert!(!known.bundles[0].is_current, "the bundle still calls that code unused");
    let events: Vec<&str> = known.history.iter().map(|one| one.event).collect();
    assert_eq!(events.first(), Some(&"recovery-code-used"), "{events:?}");
    assert!(events.contains(&"added") && events.contains(&"edited"), "{events:?}");
    assert!(!format!("{known:?}").contains("one\""), "no code is in it");
}

#[test]
fn how_a_seed_came_here_can_be_said_and_taken_back() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("edit root --provenance copied --device tablet").done();
    let (ctx, mut session) = opened(&sandbox);
    let id = session.vault().entries[0].id;
    assert!(session.vault().entries[0].provenance.is_some());
    edit::edit(&ctx, &mut session, id, edit::Edit { provenance_not_said: true, ..edit::Edit::default() })
        .unwrap();
    assert!(opened(&sandbox).1.vault().entries[0].provenance.is_none(), "on the disk too");
}

#[test]
fn the_log_says_that_a_seed_was_drawn_before_it_is() {
    let sandbox = Sandbox::with_entry();
    let (ctx, mut session) = opened(&sandbox);
    let id = session.vault().entries[0].id;
    let large = picture::of_seed(&ctx, &mut session, id, 200).unwrap();
    let small = picture::of_seed(&ctx, &mut session, id, 20).unwrap();
    assert!(
        small.len() < large.len(),
        "what is taken for granted is left out: {} {}",
        small.len(),
        large.len()
    );
    let known = details::details(&ctx, &session, id, true).unwrap();
    assert_eq!(known.history.iter().filter(|one| one.event == "seed-shown").count(), 2);
}

#[test]
fn a_picture_that_gives_nothing_says_why() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("x.png", "no picture");
    let ctx = sandbox.context();
    let failure = picture::texts(&ctx, &sandbox.path("x.png")).unwrap_err();
    assert!(failure.what.contains("no account came out"), "{}", failure.what);
    let failure = picture::texts(&ctx, &sandbox.path("absent.png")).unwrap_err();
    assert!(failure.what.starts_with("cannot read"), "{}", failure.what);
}
