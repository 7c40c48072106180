//! `import` of files that need one another, and of what comes through a pipe.

use crate::support::{Sandbox, Transcript};

/// `{"shared_secret":"SGVsbG8h3q2+7w==","account_name":"ana"}` under "hunter2", as Steam Desktop Authenticator encrypts it.
const MA_FILE: &str =
    "gpAT5rK+sMgvg58TX/X48Wm6QPVDSFpNG9ohwK543Bal8xa+KFoKU4kVTRCN3Aexy6AwS0Sie+UU8wj0nlewBQ==";
const MANIFEST: &str = r#"{"encrypted":true,"entries":[{"encryption_iv":"BwcHBwcHBwcHBwcHBwcHBw==","encryption_salt":"AAECAwQFBgc=","filename":"76.maFile","steamid":76}]}"#;

fn with_files() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    std::fs::create_dir(sandbox.path("maFiles")).unwrap();
    sandbox.write("maFiles/76.maFile", MA_FILE);
    sandbox.write("sda.json", MANIFEST);
    sandbox.write("words", "hunter2\n");
    sandbox
}

fn check_taken(imported: Transcript) {
    let json = imported.done().json("lifeboat.import/1");
    let files = json["files"].as_array().unwrap();
    let taken: Vec<(&str, u64)> =
        files.iter().map(|file| (file["file"].as_str().unwrap(), file["taken"].as_u64().unwrap())).collect();
    assert!(taken.contains(&("76.maFile", 1)), "{taken:?}");
    assert!(files.iter().all(|file| file["format"] == "steam"), "{json}");
    assert!(!json.to_string().contains("command line"), "{json}");
}

#[test]
fn an_encrypted_file_of_steam_comes_in_with_its_manifest_in_either_order() {
    for line in [
        "import ~/sda.json ~/maFiles/76.maFile --file-passphrase-file ~/words --json",
        "import ~/maFiles/76.maFile ~/sda.json --file-passphrase-file ~/words --json",
        "import --from steam ~/sda.json ~/maFiles/76.maFile --file-passphrase-file ~/words --json",
    ] {
        check_taken(with_files().run(line));
    }
}

#[test]
fn a_manifest_that_lies_beside_the_file_is_found() {
    let sandbox = with_files();
    sandbox.write("maFiles/manifest.json", MANIFEST);
    check_taken(sandbox.run("import ~/maFiles/76.maFile --file-passphrase-file ~/words --json"));
}

#[test]
fn without_its_manifest_the_file_is_refused_and_the_manifest_named() {
    let sandbox = with_files();
    let refused = sandbox.run("import ~/maFiles/76.maFile --file-passphrase-file ~/words").exits(4);
    insta::assert_snapshot!(sandbox.normal(&refused.to_string()));
    // A manifest that does not name it is no help.
    sandbox.write("maFiles/manifest.json", MANIFEST.replace("76.maFile", "77.maFile"));
    sandbox.run("import ~/maFiles/76.maFile").exits(4).says("manifest.json");
}

#[test]
fn a_wrong_password_of_the_file_is_called_one() {
    let sandbox = with_files();
    sandbox.write("words", "hunter3\n");
    sandbox.run("import ~/sda.json ~/maFiles/76.maFile --file-passphrase-file ~/words").exits(3);
}

#[test]
fn a_manifest_alone_brings_nothing_and_says_what_to_name() {
    let sandbox = with_files();
    sandbox
        .run("import ~/sda.json")
        .done()
        .prints("took 0 entries")
        .prints("name its .maFiles on the same command line");
}

#[test]
fn what_pass_shows_comes_in_through_a_pipe_with_the_next_counter() {
    let sandbox = Sandbox::with_vault();
    let shown = "hunter2\nlogin: ana\notpauth://hotp/Bank:ana?secret=JBSWY3DPEHPK3PXP&counter=4\n";
    let imported = sandbox.command("import -").stdin(shown).run().done();
    insta::assert_snapshot!(sandbox.normal(&imported.to_string()));
    sandbox.run("code Bank --json").done().prints("\"counter\":5");
}

#[test]
fn standard_input_that_is_no_text_is_recognised_too() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("import -").stdin(b"\x1f\x8b\x08\x00").run().exits(5).says("gzip");
}
