//! `add`: from a pipe, a prompt, a picture, or made here.

use crate::support::{RFC_SEED, RFC_URI, Sandbox};

#[test]
fn a_uri_from_a_pipe_prints_the_id_alone() {
    let sandbox = Sandbox::with_vault();
    let added = sandbox.command("add -").stdin(format!("{RFC_URI}\n")).run().done();
    assert_eq!(sandbox.normal(&added.out), "[id]\n");
    assert_eq!(added.err, "");
    sandbox.run(&format!("code {} --at 59", added.out.trim())).done().prints("94287082\n");
}

#[test]
fn a_bare_seed_takes_its_particulars_from_options() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .command("add - --issuer Bank --account ana --algorithm SHA256 --digits 7 --period 45s")
        .stdin("gezd gnbv-gy3t qojq GEZDGNBVGY3TQOJQ")
        .run()
        .done();
    let shown = sandbox.run("show Bank --json").done().json("lifeboat.show/1");
    assert_eq!(shown["algorithm"], "SHA256");
    assert_eq!((shown["digits"].as_u64(), shown["period"].as_u64()), (Some(7), Some(45)));
    assert_eq!(shown["seed_bits"], 160);
}

#[test]
fn the_prompt_is_hidden_and_its_answer_is_not_repeated() {
    let sandbox = Sandbox::with_vault();
    let added = sandbox.command("add --issuer Bank").typing(&[RFC_SEED]).run().done();
    assert_eq!(added.tty, "otpauth URI or secret: \n");
    assert!(!added.to_string().contains("GEZD"));
}

#[test]
fn without_a_terminal_it_names_the_pipe() {
    let sandbox = Sandbox::with_vault();
    sandbox.run("add --issuer Bank").exits(3).says("lifeboat add - < FILE");
    sandbox.command("add --no-input --issuer Bank").typing(&[RFC_SEED]).run().exits(3).says("--no-input");
}

#[test]
fn a_seed_that_is_made_here_differs_every_time() {
    let sandbox = Sandbox::with_vault();
    sandbox.run("add --generate --issuer One").done().says("lifeboat show --reveal");
    sandbox.run("add --generate --issuer Two").done();
    let uri = |name: &str| sandbox.run(&format!("show {name} --reveal")).done().out;
    let secret = |uri: String| uri.split("secret=").nth(1).unwrap()[..32].to_owned();
    assert_ne!(secret(uri("One")), secret(uri("Two")));
    sandbox.run("add --generate").exits(2).says("--issuer NAME");
}

#[test]
fn a_picture_gives_its_account() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("qr.png", picture_of(RFC_URI));
    sandbox.run("add --qr ~/qr.png").done();
    sandbox.run("code AWS --at 59").done().prints("94287082");

    sandbox.write("no.png", picture_of(""));
    sandbox.write("text.png", "no picture");
    sandbox.run("add --qr ~/text.png").exits(5).says("no account came out of the picture");
}

/// A PNG file with a QR code.
pub(crate) fn picture_of(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).unwrap();
    let width = u32::try_from(code.width()).unwrap();
    let side = (width + 8) * 4;
    let picture = image::GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / 4).wrapping_sub(4), (y / 4).wrapping_sub(4));
        let dark = x < width && y < width && code[(x as usize, y as usize)] == qrcode::Color::Dark;
        image::Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn the_same_account_twice_is_refused_unless_it_is_meant() {
    let sandbox = Sandbox::with_entry();
    let refused = sandbox.command("add -").stdin(RFC_URI).run().exits(8);
    assert!(refused.says("AWS:root").out.is_empty());
    sandbox.command("add - --allow-duplicate").stdin(RFC_URI).run().done();
}

#[test]
fn what_is_known_of_it_is_kept() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("codes", "1111-2222\n\n  3333-4444  \n");
    sandbox
        .command(
            "add - --tag work --tag prod --privileged --note 'call Bo first' --provenance copied --device Pixel \
             --recovery-codes ~/codes",
        )
        .stdin(RFC_URI)
        .run()
        .done();
    let shown = sandbox.run("show AWS").done();
    insta::assert_snapshot!(sandbox.normal(&shown.out));
}

#[test]
fn a_short_seed_is_taken_with_a_warning_and_an_empty_one_refused() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("add - --issuer Old").stdin("JBSWY3DPEHPK3PXP").run().done().says("80 bits");
    sandbox.command("add - --issuer None").stdin("").run().exits(2);
    sandbox.command("add -").stdin("otpauth://totp/x?secret=").run().exits(2);
}

#[test]
fn a_refused_seed_is_not_repeated() {
    let sandbox = Sandbox::with_vault();
    for wrong in
        ["otpauth://totp/x?secret=GEZDGNBV!!!!", "GEZDGNBV1889", "otpauth://totp/x?secret=GEZDGNBV&digits=99"]
    {
        let refused = sandbox.command("add - --issuer X").stdin(wrong).run().exits(2);
        assert!(!refused.to_string().contains("GEZD"), "{refused}");
    }
    assert!(sandbox.run("list").done().out.is_empty());
}

#[test]
fn json_names_id_and_warnings() {
    let sandbox = Sandbox::with_vault();
    let added = sandbox.command("add - --json --issuer Old").stdin("JBSWY3DPEHPK3PXP").run().done();
    let added = added.json("lifeboat.add/1");
    assert_eq!(added["id"].as_str().unwrap().len(), 32);
    assert_eq!(added["name"], "Old");
    assert_eq!(added["seed_bits_short"], 80);
}
