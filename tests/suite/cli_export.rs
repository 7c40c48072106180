//! `export`: encrypted where the format can, in clear only when somebody says so.

use crate::support::{RFC_SEED, RFC_URI, Sandbox};

fn mode(sandbox: &Sandbox, name: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o7777
}

#[test]
fn seeds_in_clear_have_to_be_asked_for() {
    let sandbox = Sandbox::with_entry();
    let refused = sandbox.run("export --to otpauth -o ~/list.txt").exits(8);
    refused.says("--plaintext");
    assert!(!sandbox.has("list.txt"));

    let done = sandbox.run("export --to otpauth -o ~/list.txt --plaintext").done();

    assert_eq!(sandbox.normal(&done.out), "wrote 1 entry to ~/list.txt (otpauth)\n");
    done.says("in clear");
    let text = String::from_utf8(sandbox.read("list.txt")).unwrap();
    assert!(text.starts_with("otpauth://totp/AWS:root?") && text.contains(RFC_SEED));
    assert_eq!(mode(&sandbox, "list.txt"), 0o600);
}

#[test]
fn what_a_format_cannot_say_is_named() {
    let sandbox = Sandbox::with_vault();
    sandbox.command("add - --privileged --tag work --note x").stdin(RFC_URI).run().done();
    let done = sandbox.run("export --to otpauth -o ~/list.txt --plaintext --json").done();
    let json = done.json("lifeboat.export/1");
    assert!(!json["lost"].as_array().unwrap().is_empty());
    done.says("the format otpauth does not keep:");
}

/// A vault with an entry by the clock and one by a counter, which some formats cannot hold.
fn with_counter() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.add(&format!("otpauth://hotp/Bank:ana?secret={RFC_SEED}&counter=9"));
    sandbox
}

#[test]
fn what_a_format_cannot_hold_is_named_before_the_file_is_written() {
    let sandbox = with_counter();
    let left_out = "lifeboat: not exported: Bank:ana: the app has no codes by a counter";
    // The two passphrases differ: nothing is written, and it was told already.
    let early = sandbox.command("export --to proton -o ~/p.json").typing(&["one", "two"]).run().exits(3);
    early.says(left_out);
    assert!(!sandbox.has("p.json"));

    let done = sandbox.run("export --to proton -o ~/p.json --plaintext --json").done();

    let done = done.says(left_out);
    let json = done.json("lifeboat.export/1");
    assert_eq!(json["entries"], 1);
    assert_eq!(json["left_out"][0]["name"], "Bank:ana");
    assert!(!String::from_utf8(sandbox.read("p.json")).unwrap().contains("Bank"));
}

#[test]
fn where_nothing_can_be_held_no_passphrase_is_asked_for_and_no_file_is_made() {
    let sandbox = with_counter();
    for way in ["", " --plaintext"] {
        let refused = sandbox
            .command(&format!("export --to bitwarden -o ~/b.json bank{way}"))
            .typing(&[])
            .run()
            .exits(8);
        let refused = refused.says("the format bitwarden cannot hold what was chosen");
        refused.says("Bank:ana: the app has no codes by a counter");
        assert!(!sandbox.has("b.json"));
    }
}

#[test]
fn of_a_hundred_entries_that_cannot_be_held_a_failure_names_ten() {
    let sandbox = Sandbox::with_vault();
    let uris: String = (0..100)
        .map(|idx| format!("otpauth://hotp/Bank{idx}:ana?secret={RFC_SEED}&counter={idx}\n"))
        .collect();
    sandbox.write("uris", uris);
    sandbox.run("import ~/uris").done();
    let refused = sandbox.run("export --to proton -o ~/p.json --plaintext").exits(8);
    refused.says("Bank9:ana and 90 more: the app has no codes by a counter");
}

#[test]
fn of_several_entries_with_one_seed_an_app_that_knows_them_by_it_gets_the_first() {
    let sandbox = with_counter();
    for format in ["2fas", "stratum"] {
        let done = sandbox.run(&format!("export --to {format} -o ~/{format} --plaintext")).done();
        done.says("not exported: Bank:ana: another entry with the same seed goes first");
    }
}

#[test]
fn what_a_format_changes_is_named_too() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(&format!("otpauth://totp/someone?secret={RFC_SEED}"));
    for format in ["2fas", "stratum", "bitwarden"] {
        sandbox
            .run(&format!("export --to {format} -o ~/{format} --plaintext"))
            .done()
            .says("that there is no issuer: the account's name is written for it (1)");
    }
}

#[test]
fn seeds_that_leave_in_clear_are_in_the_log_as_such() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("export --to 2fas -o ~/clear.2fas --plaintext").done();
    sandbox.command("export --to 2fas -o ~/sealed.2fas").typing(&["same words", "same words"]).run().done();
    let log = sandbox.run("audit list --kind exported --json").done();
    let records = log.json("lifeboat.audit/1");
    let facts = |idx: usize| records["records"][idx]["facts"].to_string();
    assert!(facts(0).contains("2fas") && facts(0).contains("true"), "{records}");
    assert!(facts(1).contains("false"), "{records}");
    assert_eq!(mode(&sandbox, "clear.2fas"), 0o600);
}

#[test]
fn an_encrypted_format_asks_twice_and_holds_no_seed_in_clear() {
    let sandbox = Sandbox::with_entry();
    sandbox.command("export --to aegis -o ~/a.json").typing(&["one", "two"]).run().exits(3);
    assert!(!sandbox.has("a.json"));
    sandbox.command("export --to aegis -o ~/a.json").typing(&["same words", "same words"]).run().done();
    assert!(!String::from_utf8_lossy(&sandbox.read("a.json")).contains(RFC_SEED));
    assert_eq!(mode(&sandbox, "a.json"), 0o600);
}

#[test]
fn nothing_is_overwritten_without_force_and_nobody_types_a_passphrase_first() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("a.json", "precious");
    sandbox.command("export --to aegis -o ~/a.json").typing(&[]).run().exits(8).says("--force");
    assert_eq!(sandbox.read("a.json"), b"precious");
    sandbox.run("export --to aegis --plaintext --force -o ~/a.json").done();
    assert!(String::from_utf8(sandbox.read("a.json")).unwrap().contains(RFC_SEED));
}

#[test]
fn nothing_is_written_over_the_vault_however_it_is_spelled() {
    let sandbox = Sandbox::with_entry();
    std::os::unix::fs::symlink(sandbox.path("vault.lifeboat"), sandbox.path("link")).unwrap();
    let before = sandbox.read("vault.lifeboat");
    sandbox.write("words", "seventeen green lanterns over the harbour");
    for output in ["~/vault.lifeboat", "~/./vault.lifeboat", "~/link"] {
        let export = format!("export --to otpauth --plaintext --force -o {output}");
        sandbox.run(&export).exits(8).says("nothing is written over the vault");
        let bundle = format!("bundle create --force -o {output} --bundle-passphrase-file ~/words");
        sandbox.run(&bundle).exits(8).says("nothing is written over the vault");
        assert_eq!(sandbox.read("vault.lifeboat"), before, "{output}");
    }
}

#[test]
fn a_selection_takes_what_fits() {
    let sandbox = Sandbox::with_entry();
    sandbox
        .command("add - --tag work")
        .stdin("otpauth://totp/Bank:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        .run()
        .done();
    sandbox.run("export --to otpauth -o ~/1 --plaintext --tag work").done();
    sandbox.run("export --to otpauth -o ~/2 --plaintext aws").done();
    assert!(String::from_utf8(sandbox.read("1")).unwrap().contains("Bank"));
    assert!(!String::from_utf8(sandbox.read("2")).unwrap().contains("Bank"));
    sandbox.run("export --to otpauth -o ~/3 --plaintext nobody").exits(4);
    sandbox.run("export --to nonsense -o ~/3").exits(2).says("2fas, aegis, andotp, bitwarden");
    assert!(!sandbox.has("3"));
}

#[test]
fn what_goes_out_comes_in_again_with_the_same_codes() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(RFC_URI);
    sandbox.add(&format!("otpauth://hotp/Bank:ana?secret={RFC_SEED}&counter=9&algorithm=SHA512"));
    sandbox.run("export --to aegis -o ~/a.json --plaintext").done();
    let other = Sandbox::with_vault();
    other.write("a.json", sandbox.read("a.json"));
    other.run("import ~/a.json").done();
    for query in ["AWS", "Bank"] {
        assert_eq!(
            other.run(&format!("code {query}")).done().out,
            sandbox.run(&format!("code {query}")).done().out
        );
    }
}

#[test]
fn a_dash_is_standard_output_and_no_file_of_that_name() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "lantern lantern");
    let list = sandbox.run("export --to otpauth -o - --plaintext").done();
    assert!(
        list.out.starts_with("otpauth://totp/AWS:root?") && list.out.lines().count() == 1,
        "{}",
        list.out
    );
    list.says("wrote 1 entry to standard output (otpauth)").says("in clear");

    let sealed = sandbox.run("export --to aegis -o - --file-passphrase-file ~/words").done();
    assert!(!sealed.out.contains(RFC_SEED) && !sealed.err.contains("in clear"), "{}", sealed.err);
    sandbox.write("aegis.json", &sealed.out);
    let import = "import --dry-run ~/aegis.json --file-passphrase-file ~/words";
    sandbox.run(import).done().prints("1 was there already");

    assert_eq!(std::fs::metadata("-").unwrap_err().kind(), std::io::ErrorKind::NotFound);
    let n_exported = sandbox.run("audit list --kind exported --json").done().json("lifeboat.audit/1");
    assert_eq!(n_exported["records"].as_array().unwrap().len(), 2);
}

#[test]
fn a_terminal_keeps_no_export_and_a_result_as_json_leaves_no_room_for_one() {
    let sandbox = Sandbox::with_entry();
    let export = "export --to otpauth -o - --plaintext";
    let refused = sandbox.command(export).at_terminal(80).run().exits(8);
    assert!(!refused.says("standard output is a terminal").out.contains(RFC_SEED));
    sandbox.run(&format!("{export} --json")).exits(2).says("with --json");
    sandbox.run("export --to otpauth -o -").exits(8).says("--plaintext");
}

#[test]
fn what_makes_a_file_or_a_folder_takes_no_dash_for_one() {
    let sandbox = Sandbox::with_entry();
    for command in [
        "bundle create",
        "drill run ~/b.lifeboat --report",
        "evidence",
        "kit",
        "pass issue AWS --to x --reason y",
        "proof",
        "runbook drill",
        "share acknowledge ~/b.lifeboat",
    ] {
        let option = if command.ends_with("--report") { "" } else { " -o" };
        sandbox.run(&format!("{command}{option} -")).exits(2).says("a file is made, and - is none");
    }
}
