//! `export --to google`: as text, as pictures, and on the screen one code after another; and the papers beside it.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{CTRL_C, NEW_PAGE, NOW, RFC_SEED, RFC_URI, Sandbox, Transcript};

const SHOW: &str = "export --to google --plaintext";

/// A vault with so many entries that a telephone's app can hold.
fn with_entries(n: usize) -> Sandbox {
    let sandbox = Sandbox::with_vault();
    // A seed of its own for each: else those of another file would count as there already.
    let seed = |n: usize| format!("{}{RFC_SEED}", char::from(b'A' + u8::try_from(n).unwrap()));
    let uri = |n| format!("otpauth://totp/Mail:ana{n}?secret={}&issuer=Mail\n", seed(n));
    sandbox.write("uris", (0..n).map(uri).collect::<String>());
    sandbox.run("import ~/uris").done();
    sandbox
}

/// How many entries come in from files.
fn n_taken(files: &[&str], from: &Sandbox) -> u64 {
    let other = Sandbox::with_vault();
    for file in files {
        other.write(file, from.read(file));
    }
    let files: Vec<String> = files.iter().map(|file| format!("~/{file}")).collect();
    let json = other.run(&format!("import {} --json", files.join(" "))).done().json("lifeboat.import/1");
    json["files"].as_array().unwrap().iter().map(|file| file["taken"].as_u64().unwrap()).sum()
}

/// The codes that were shown, as pictures of their own.
fn pictures(shown: &Transcript) -> Vec<String> {
    let pages = shown.tty.split(NEW_PAGE).filter(|page| page.contains("##"));
    pages
        .map(|page| page.lines().filter(|line| !line.starts_with("Code ")).collect::<Vec<_>>().join("\n"))
        .collect()
}

#[test]
fn an_export_for_a_telephone_is_text_that_comes_in_again() {
    let sandbox = with_entries(25);
    sandbox.run("export --to google -o ~/codes.txt").exits(8).says("--plaintext");
    let done = sandbox.run("export --to google -o ~/codes.txt --plaintext").done();
    assert_eq!(sandbox.normal(&done.out), "wrote 25 entries to ~/codes.txt (google)\n");
    assert_eq!(String::from_utf8(sandbox.read("codes.txt")).unwrap().lines().count(), 3);
    assert_eq!(n_taken(&["codes.txt"], &sandbox), 25);
}

#[test]
fn what_the_telephone_cannot_hold_is_named_before_anything_is_written() {
    let sandbox = Sandbox::with_entry();
    sandbox.add(&format!("otpauth://totp/Bank:ana?secret={RFC_SEED}&period=60"));
    let done = sandbox.run("export --to google -o ~/codes --plaintext --json").done();
    done.clone().says("not exported: Bank:ana: Google Authenticator knows no period but 30 seconds");
    assert_eq!(done.json("lifeboat.export/1")["left_out"][0]["name"], "Bank:ana");
    let refused = sandbox.run("export Bank --to google -o ~/none --plaintext").exits(8);
    refused.says("cannot hold what was chosen");
    assert!(!sandbox.has("none"));
}

#[test]
fn pictures_are_numbered_private_and_read_again() {
    let sandbox = with_entries(25);
    let done = sandbox.run("export --to google -o ~/codes.png --plaintext --json").done();
    let json = done.json("lifeboat.export/1");
    let names = ["codes-1-of-3.png", "codes-2-of-3.png", "codes-3-of-3.png"];
    let files: Vec<&str> =
        json["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert_eq!(files, names.map(|name| sandbox.path(name).display().to_string()));
    assert_eq!(json["file"], files[0]);
    assert!(!sandbox.has("codes.png"));
    for name in names {
        let mode = std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
    }
    assert_eq!(n_taken(&["codes-2-of-3.png", "codes-3-of-3.png", "codes-1-of-3.png"], &sandbox), 25);
    sandbox.run("export ana7 --to google -o ~/one.PNG --plaintext").done().prints("to ");
    assert!(sandbox.has("one.PNG") && n_taken(&["one.PNG"], &sandbox) == 1);
}

#[test]
fn a_picture_that_exists_refuses_all_of_them_before_any_is_written() {
    let sandbox = with_entries(25);
    sandbox.write("codes-2-of-3.png", "precious");
    let refused = sandbox.run("export --to google -o ~/codes.png --plaintext").exits(8);
    refused.says("codes-2-of-3.png exists already").says("--force");
    assert!(!sandbox.has("codes-1-of-3.png"));
    assert_eq!(sandbox.read("codes-2-of-3.png"), b"precious");
    sandbox.run("export --to google -o ~/codes.png --plaintext --force").done();
    assert_eq!(n_taken(&["codes-1-of-3.png", "codes-2-of-3.png", "codes-3-of-3.png"], &sandbox), 25);
}

#[test]
fn a_picture_that_cannot_be_written_names_those_that_are_there() {
    let sandbox = with_entries(25);
    std::fs::create_dir(sandbox.path("codes-3-of-3.png")).unwrap();
    let failed = sandbox.run("export --to google -o ~/codes.png --plaintext --force").exits(1);
    let said = sandbox.normal(&failed.err);
    assert!(said.contains("~/codes-3-of-3.png was not written, picture 3 of 3"), "{said}");
    assert!(said.contains("written already: ~/codes-1-of-3.png"), "{said}");
    assert!(said.contains("2 of 3 pictures are there and hold seeds in clear"), "{said}");
    assert!(sandbox.has("codes-1-of-3.png") && sandbox.has("codes-2-of-3.png"));
}

#[test]
fn no_picture_is_written_over_the_vault() {
    let sandbox = with_entries(25);
    let before = sandbox.read("vault.lifeboat");
    std::os::unix::fs::symlink(sandbox.path("vault.lifeboat"), sandbox.path("codes-2-of-3.png")).unwrap();
    let refused = sandbox.run("export --to google -o ~/codes.png --plaintext --force").exits(8);
    refused.says("nothing is written over the vault");
    assert!(!sandbox.has("codes-1-of-3.png"));
    assert_eq!(sandbox.read("vault.lifeboat"), before);
}

#[test]
fn without_a_file_the_codes_are_shown_one_after_another() {
    let sandbox = with_entries(12);
    let shown = sandbox.command(&format!("{SHOW} --ascii")).typing(&["", "", "i", "no", ""]);
    let shown = shown.at_terminal(250).sized(250, 130).run().done();
    assert!(shown.out.ends_with("showed 12 entries (google)\n"), "{shown}");
    assert!(
        shown.tty.contains("12 entries in 2 QR codes") && shown.tty.contains("Code 2 of 2. Enter: the end.")
    );
    let pictures = pictures(&shown);
    assert_eq!(pictures.len(), 4);
    assert!(pictures[0] != pictures[1] && pictures[1] != pictures[2], "turned");
    assert_eq!(pictures[2], pictures[3], "whatever else is typed was not meant for it");
    let logged = sandbox.run("audit list --json").done().out;
    assert!(logged.contains("exported"));
}

#[test]
fn a_screen_that_is_too_small_is_told_what_is_needed() {
    let sandbox = with_entries(10);
    let shown =
        sandbox.command(SHOW).typing(&["", "", CTRL_C]).at_terminal(80).sized(80, 24).run().exits(130);
    assert!(shown.tty.contains("This window is too small: "), "{shown}");
    assert!(shown.tty.contains("rows\nare needed, it has 80 and 24"), "{shown}");
    assert!(!shown.tty.contains('▀'), "no part of a code is shown");
    shown.says("interrupted after 0 of 1 QR codes");
}

#[test]
fn codes_are_shown_to_nobody_who_cannot_see_them() {
    let sandbox = Sandbox::with_entry();
    for line in [SHOW.to_owned(), format!("{SHOW} --json"), format!("{SHOW} --no-input")] {
        let refused = sandbox.run(&line).exits(8);
        assert!(refused.out.is_empty() && refused.err.contains("shown at a terminal"), "{refused}");
        assert!(refused.err.contains("-o FILE.png"), "{refused}");
    }
    sandbox.command("export --to google").at_terminal(200).run().exits(8).says("--plaintext");
}

#[test]
fn every_other_format_wants_a_file() {
    let sandbox = Sandbox::with_entry();
    for format in ["aegis", "otpauth", "qr-html", "ykman", "pskc"] {
        let refused =
            sandbox.command(&format!("export --to {format} --plaintext")).typing(&[]).at_terminal(200);
        refused.run().exits(2).says("-o FILE");
    }
    sandbox.run("export --to nonsense").exits(2).says("no format \"nonsense\"");
}

#[test]
fn a_page_for_a_printer_says_the_day_and_how_many_and_no_name_becomes_markup() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("add - --tag '<b>&'").stdin(RFC_URI).run().done();
    sandbox.add("otpauth://totp/Bank%20%3Cscript%3E:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.run("export --to qr-html -o ~/page.html").exits(8).says("--plaintext");
    sandbox.run("export --to qr-html -o ~/page.html --plaintext").done().prints("wrote 2 entries");
    let page = String::from_utf8(sandbox.read("page.html")).unwrap();
    assert_eq!(NOW, 1_800_000_000);
    assert!(page.contains("<p>2 entries, written by Lifeboat on 2027-01-15 (UTC).</p>"));
    assert!(page.contains("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"));
    assert!(page.contains("<bdi>&lt;b&gt;&amp;</bdi>") && page.contains("Bank &lt;script&gt;:ana"));
    assert_eq!(n_taken(&["page.html"], &sandbox), 2, "a page that was kept comes in by its text");
    for never in ["<script", "<b>&", "<link", "<img", "http://", "https://", "javascript", "url("] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn commands_for_a_yubikey_are_a_script_with_a_warning() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("export --to ykman -o ~/key.sh --plaintext").done().says("in clear");
    let script = String::from_utf8(sandbox.read("key.sh")).unwrap();
    assert!(script.starts_with("# 1 account for a YubiKey, written by Lifeboat on 2027-01-15.\n"));
    let uri =
        format!("otpauth://totp/AWS:root?secret={RFC_SEED}&issuer=AWS&algorithm=SHA1&digits=8&period=30");
    assert!(script.ends_with(&format!("\nykman oath accounts uri '{uri}'\n")), "{script}");
}

#[test]
fn a_container_for_tokens_is_encrypted_unless_that_is_asked_for() {
    let sandbox = Sandbox::with_entry();
    sandbox.command("export --to pskc -o ~/keys.xml").typing(&["some words", "some words"]).run().done();
    sandbox.write("words", "some words");
    let there = sandbox.run("import ~/keys.xml --file-passphrase-file ~/words --json").done();
    assert_eq!(there.json("lifeboat.import/1")["files"][0]["entries"][0]["outcome"], "already-there");
    let text = String::from_utf8(sandbox.read("keys.xml")).unwrap();
    assert!(text.contains("<pskc:ValueMAC>") && !text.contains("<pskc:Secret>\n          <pskc:PlainValue>"));
    sandbox.run("export --to pskc -o ~/clear.xml --plaintext").done().says("in clear");
    let text = String::from_utf8(sandbox.read("clear.xml")).unwrap();
    assert!(text.contains("<pskc:PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</pskc:PlainValue>"));
}
