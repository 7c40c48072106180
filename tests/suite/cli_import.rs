//! `import`: all or nothing per file, each entry reported by place and name, and taken back.

use crate::support::{RFC_SEED, RFC_URI, Sandbox};

/// An Aegis export in clear with one entry of an unknown type between two good ones.
const MIXED: &str = r#"{"version":1,"header":{"slots":null,"params":null},"db":{"version":2,"entries":[
  {"type":"totp","uuid":"a","name":"ana","issuer":"Bank","note":"","favorite":true,"icon":null,
   "info":{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","algo":"SHA1","digits":6,"period":30}},
  {"type":"unheard","uuid":"b","name":"odd","issuer":"Strange","note":"","icon":null,
   "info":{"secret":"GEZDGNBVGY3TQOJQ","algo":"SHA1","digits":6,"period":30}},
  {"type":"hotp","uuid":"c","name":"ana","issuer":"VPN","note":"","icon":null,
   "info":{"secret":"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP","algo":"SHA256","digits":8,"counter":4}}]}}"#;

fn names(sandbox: &Sandbox) -> Vec<String> {
    let json = sandbox.run("list --json").done().json("lifeboat.list/1");
    json["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["issuer"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_of_uris_comes_in_with_a_report() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("list.txt", format!(
        "# phone\n\n{RFC_URI}\notpauth://totp/Bank:ana?secret={RFC_SEED}\notpauth://totp/Old?secret=JBSWY3DPEHPK3PXP\n"
    ));
    let imported = sandbox.run("import ~/list.txt").done();
    insta::assert_snapshot!(sandbox.normal(&imported.to_string()));
    assert_eq!(names(&sandbox), ["AWS", "Bank", ""]);
}

#[test]
fn one_entry_that_cannot_be_taken_refuses_the_file() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("phone.json", MIXED);
    let refused = sandbox.run("import ~/phone.json").exits(8);
    insta::assert_snapshot!(sandbox.normal(&refused.to_string()));
    assert!(names(&sandbox).is_empty());

    let taken = sandbox.run("import ~/phone.json --allow-skipped --json").done().json("lifeboat.import/1");

    assert_eq!(names(&sandbox), ["Bank", "VPN"]);
    let report = &taken["files"][0];
    assert_eq!((report["taken"].as_u64(), report["format"].as_str()), (Some(2), Some("aegis")));
    assert_eq!(report["refused"][0]["position"], 2);
    assert_eq!(report["refused"][0]["name"], "Strange:odd");
    assert!(!taken.to_string().contains("GEZD"));
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("phone.json", MIXED);
    let before = sandbox.read("vault.lifeboat");
    sandbox.run("import --dry-run ~/phone.json").done().prints("would take 2 entries").prints("entry 2");
    assert_eq!(sandbox.read("vault.lifeboat"), before);
}

#[test]
fn a_second_import_finds_everything_there_already() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("phone.json", MIXED);
    sandbox.run("import --allow-skipped ~/phone.json").done();
    sandbox
        .run("import --allow-skipped ~/phone.json")
        .done()
        .prints("took 0 entries")
        .prints("2 were there already");
    assert_eq!(names(&sandbox).len(), 2);
}

#[test]
fn the_last_import_is_taken_back() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("phone.json", MIXED);
    sandbox.run("import --allow-skipped ~/phone.json").done();
    sandbox.wait(5);
    sandbox.run("edit Bank --note kept").done();

    let undone = sandbox.run("import --undo").done();

    assert_eq!(
        undone.out,
        "took the import of phone.json back: 1 entry is in the trash\n1 was changed or removed since, and left alone\n"
    );
    assert_eq!(names(&sandbox), ["AWS", "Bank"]);
    sandbox.run("import --undo").exits(4);
}

#[test]
fn an_encrypted_export_asks_for_its_own_passphrase() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "correct horse battery staple\n");
    sandbox.run("export --to aegis -o ~/aegis.json --file-passphrase-file ~/words").done();
    sandbox.run("remove AWS").done();
    sandbox.run("trash purge --yes").done();

    sandbox.run("import ~/aegis.json --no-input").exits(3).says("--file-passphrase-file");
    sandbox.command("import ~/aegis.json").typing(&["wrong"]).run().exits(3).says("passphrase of that file");
    let imported =
        sandbox.command("import ~/aegis.json").typing(&["correct horse battery staple"]).run().done();

    assert!(imported.tty.contains("aegis.json (aegis, 32 MiB to open)"), "{}", imported.tty);
    sandbox.run("code AWS --at 59").done().prints("94287082");
}

#[test]
fn several_files_are_each_all_or_nothing_and_a_failure_says_what_stays() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("good.txt", RFC_URI);
    sandbox.write("phone.json", MIXED);
    let failed = sandbox.run("import ~/good.txt ~/phone.json").exits(8);
    failed.says("the files before it are in the vault: good.txt (1 entry)");
    assert_eq!(names(&sandbox), ["AWS"]);
}

#[test]
fn a_file_that_cannot_be_recognised_is_refused_before_any_passphrase() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    sandbox.write("photo", b"\x89PNG\r\n");
    sandbox.run("import ~/photo").exits(5).says("no PNG, JPEG, WebP, GIF or BMP picture");
    sandbox.write("own", sandbox.read("vault.lifeboat"));
    sandbox.run("import ~/own").exits(5).says("lifeboat restore FILE");
    sandbox
        .run("import --from nonsense ~/photo")
        .exits(2)
        .says("formats that can be imported: 1password, 2fa, 2fas");
    sandbox.run("import").exits(2);
}

#[test]
fn an_encrypted_file_that_says_nothing_of_itself_is_not_taken_for_one_of_a_certain_app() {
    let sandbox = Sandbox::with_vault();
    let bytes: Vec<u8> = (0..300).map(|n: u32| n.wrapping_mul(0x9e37_79b9).to_be_bytes()[0]).collect();
    sandbox.write("backup", bytes);
    sandbox.run("import ~/backup --no-input").exits(3).says("(andotp or otpclient, 1 MiB to open)");
    let refused = sandbox.command("import ~/backup").typing(&["wrong"]).run().exits(3);
    refused.says("nothing in the file says what it is").says("OTPClient 1").says("if one of them wrote it");
}

#[test]
fn a_database_of_keepass_opens_with_its_key_file_in_every_form_that_there_is() {
    let sandbox = Sandbox::with_vault();
    let vectors = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/keepass-key-files");
    sandbox.write("words", "correct horse battery staple");
    for form in ["1", "2", "digits", "raw", "any"] {
        sandbox.write("db-key", std::fs::read(vectors.join(format!("{form}.key"))).unwrap());
        sandbox.write("all.kdbx", std::fs::read(vectors.join(format!("with-key-{form}.kdbx"))).unwrap());
        let import = "import --dry-run ~/all.kdbx --file-passphrase-file ~/words";
        sandbox.run(&format!("{import} --file-key-file ~/db-key")).done().prints("would take");
        sandbox.run(import).exits(3).says("--file-key-file PATH");
    }
    sandbox.write("db-key", std::fs::read(vectors.join("2.key")).unwrap());
    sandbox.write("all.kdbx", std::fs::read(vectors.join("only-key-2.kdbx")).unwrap());
    let alone = "import --dry-run ~/all.kdbx --file-key-file ~/db-key";
    sandbox.command(alone).typing(&[""]).run().done().prints("would take");
    sandbox.command(alone).typing(&["something"]).run().exits(3);
    sandbox.run(&format!("{alone} --no-input")).done().prints("would take");
    sandbox.write("all.kdbx", std::fs::read(vectors.join("with-key-2.kdbx")).unwrap());
    sandbox.run(&format!("{alone} --no-input")).exits(3).says("--file-key-file PATH");

    let text = String::from_utf8(sandbox.read("db-key")).unwrap();
    sandbox.write("db-key", text.replacen("Hash=\"", "Hash=\"0", 1));
    sandbox.run(alone).exits(5).says("the key file");
    sandbox.run("import --dry-run ~/all.kdbx --file-key-file ~/none").exits(4);
    sandbox.write("uris", RFC_URI);
    sandbox.write("db-key", "k");
    sandbox.run("import ~/uris --file-key-file ~/db-key").exits(8).says("is not encrypted");
}

#[test]
fn a_database_of_keepass_may_have_an_empty_passphrase() {
    let sandbox = Sandbox::with_vault();
    let vectors = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/keepass-key-files");
    sandbox.write("nothing", "\n");
    sandbox.write("db-key", std::fs::read(vectors.join("2.key")).unwrap());
    for (database, key_file) in [("blank.kdbx", ""), ("blank-with-key-2.kdbx", " --file-key-file ~/db-key")] {
        sandbox.write("all.kdbx", std::fs::read(vectors.join(database)).unwrap());
        let import = format!("import --dry-run ~/all.kdbx{key_file}");
        sandbox.run(&format!("{import} --file-passphrase-file ~/nothing")).done().prints("would take");
        sandbox.command(&import).typing(&[""]).run().done().prints("would take");
    }
}

#[test]
fn a_list_in_utf_16_is_read_as_windows_saves_it() {
    let sandbox = Sandbox::with_vault();
    let units = || format!("{RFC_URI}\r\n").encode_utf16().collect::<Vec<_>>();
    let little: Vec<u8> = units().into_iter().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().into_iter().flat_map(u16::to_be_bytes).collect();
    for (mark, bytes) in [(b"\xff\xfe", little), (b"\xfe\xff", big)] {
        sandbox.write("uris", [&mark[..], &bytes].concat());
        sandbox.run("import --dry-run ~/uris").done().prints("would take 1 entry");
        sandbox.write("uris", [&mark[..], &bytes[1..]].concat());
        sandbox.run("import --dry-run ~/uris").exits(5);
    }
}

#[test]
fn a_file_without_any_account_is_said_to_have_none() {
    let sandbox = Sandbox::with_vault();
    sandbox.write("empty", r#"{"schemaVersion":4,"services":[]}"#);
    sandbox.run("import --dry-run ~/empty").done().prints("0 entries of empty (2fas); no account is in it");
}

#[test]
fn parts_of_one_export_in_several_files_are_missed_in_none_and_taken_back_together() {
    let parts = include_str!("../../vectors/interchange/google/v2.txt");
    let sandbox = Sandbox::with_vault();
    let lines: Vec<&str> = parts.lines().filter(|line| line.starts_with("otpauth-migration")).collect();
    assert!(lines.len() >= 2);
    for (number, line) in lines.iter().enumerate() {
        sandbox.write(&format!("part-{number}"), line);
    }
    let first = sandbox.run("import --dry-run ~/part-0").done();
    assert!(first.out.contains("is not in this file"), "{}", first.out);
    let names: Vec<String> = (0..lines.len()).rev().map(|number| format!("~/part-{number}")).collect();
    let all = sandbox.run(&format!("import {}", names.join(" "))).done();
    assert!(!all.out.contains("not in this file"), "{}", all.out);
    let n = sandbox.run("list --json").done().json("lifeboat.list/1")["entries"].as_array().unwrap().len();
    assert!(n > 5, "{n}");

    sandbox.run("import --undo").done().prints("part-1, part-0");
    let left = sandbox.run("list --json").done().json("lifeboat.list/1")["entries"].as_array().unwrap().len();
    assert_eq!(left, 0, "one command is one step");
    sandbox.run("import --undo").exits(4);
}

#[test]
fn codes_of_something_else_beside_accounts_in_a_picture_are_named_and_no_failure() {
    let sandbox = Sandbox::with_vault();
    let second = format!("otpauth://totp/Bank:ana?secret={RFC_SEED}");
    let mut page = image::GrayImage::from_pixel(900, 300, image::Luma([255]));
    for (at, text) in (0..).zip([RFC_URI, "https://example.org/a-secret-of-others", &second]) {
        let code = image::load_from_memory(&crate::cli_add::picture_of(text)).unwrap().into_luma8();
        image::imageops::overlay(&mut page, &code, at * 300, 0);
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    page.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    sandbox.write("page.png", bytes.into_inner());
    let imported = sandbox.run("import ~/page.png").done();
    let told = format!("{}{}", imported.out, imported.err);
    assert!(
        told.contains("of the picture's 3 QR codes, read as a page is, these hold no account: 2"),
        "{told}"
    );
    assert!(!told.contains("a-secret-of-others"));
    assert_eq!(names(&sandbox), ["AWS", "Bank"]);

    sandbox.write("other.png", crate::cli_add::picture_of("https://example.org/a-secret-of-others"));
    sandbox.run("import ~/other.png").exits(5).says("what its QR codes hold is no account; 1 could be read");
}

#[test]
fn a_pipe_that_has_the_name_of_a_file_is_read_to_its_end() {
    let sandbox = Sandbox::with_vault();
    let imported =
        sandbox.program().args(["import", "--dry-run", "/dev/stdin"]).write_stdin(RFC_URI).assert().success();
    let out = String::from_utf8(imported.get_output().stdout.clone()).unwrap();
    assert!(out.starts_with("would take 1 entry of /dev/stdin (otpauth)"), "{out}");
}
