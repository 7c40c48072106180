//! `show`: without the seed, and with it where somebody says so.

use crate::support::{RFC_SEED, RFC_URI, Sandbox};

#[test]
fn an_entry_is_shown_without_its_seed() {
    let sandbox = Sandbox::with_entry();
    let shown = sandbox.run("show AWS").done();
    insta::assert_snapshot!(sandbox.normal(&shown.to_string()));
    let json = sandbox.run("show AWS --json").done();
    assert!(!json.out.contains("GEZD"));
    assert!(json.json("lifeboat.show/1")["uri"].is_null());
}

#[test]
fn reveal_prints_the_uri_alone() {
    let sandbox = Sandbox::with_entry();
    let revealed = sandbox.run("show AWS --reveal").done();
    assert_eq!(revealed.out.lines().count(), 1);
    assert!(revealed.out.starts_with("otpauth://totp/AWS:root?"));
    assert!(revealed.out.contains(RFC_SEED));
    let json = sandbox.run("show AWS --reveal --json").done().json("lifeboat.show/1");
    assert_eq!(json["uri"], revealed.out.trim());
}

#[test]
fn what_came_in_goes_out() {
    let sandbox = Sandbox::with_vault();
    let uri = format!(
        "otpauth://totp/A%20B:c%2Bd?secret={RFC_SEED}&issuer=A%20B&image=https%3A%2F%2Fx.example%2Fi.png"
    );
    sandbox.add(&uri);
    let revealed = sandbox.run("show c+d --reveal").done().out;
    assert!(revealed.contains("image=https%3A%2F%2Fx.example%2Fi.png"), "{revealed}");
    sandbox.command("add -").stdin(&revealed).run().exits(8);
}

#[test]
fn a_drawn_code_can_be_scanned_back() {
    let sandbox = Sandbox::with_entry();
    let drawn = sandbox.run("show AWS --qr").done().says("whoever sees this picture has the seed");
    assert!(!drawn.out.contains("GEZD"), "the picture alone");
    let rows: Vec<Vec<char>> = drawn.out.lines().map(|line| line.chars().collect()).collect();
    let (height, width) = (rows.len() * 2, rows[0].len());
    // Light modules are drawn: a half block is light above, below, or both.
    let picture = image::GrayImage::from_fn(
        u32::try_from(width * 4).unwrap(),
        u32::try_from(height * 4).unwrap(),
        |x, y| {
            let (x, y) = (x as usize / 4, y as usize / 4);
            let light = match rows[y / 2].get(x) {
                Some('█') => true,
                Some('▀') => y % 2 == 0,
                Some('▄') => y % 2 == 1,
                _ => false,
            };
            image::Luma([if light { 255 } else { 0 }])
        },
    );
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    sandbox.write("screen.png", png.into_inner());
    sandbox.run("add --qr ~/screen.png").exits(8).says("the same account");
    assert!(sandbox.run("show AWS --qr --ascii").done().out.is_ascii());
}

#[test]
fn recovery_codes_are_listed_when_asked() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("codes", "1111-2222\n3333-4444\n");
    sandbox.command("add - --recovery-codes ~/codes").stdin(RFC_URI).run().done();
    assert!(!sandbox.run("show AWS").done().prints("2 of 2 codes unused").out.contains("1111"));
    assert_eq!(sandbox.run("show AWS --recovery-codes").done().out, "1111-2222\n3333-4444\n");
    sandbox.run("recovery-code use AWS").done();
    assert_eq!(
        sandbox.run("show AWS --recovery-codes").done().out,
        "1111-2222  (used 2027-01-15)\n3333-4444\n"
    );
    let json = sandbox.run("show AWS --recovery-codes --json").done().json("lifeboat.show/1");
    assert_eq!(json["recovery_codes"][1]["code"], "3333-4444");
    assert!(json["recovery_codes"][1]["used"].is_null());
}
