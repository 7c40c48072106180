//! `list`: everything but secrets, as wide as the terminal, and nothing that could command it.

use crate::support::{RFC_SEED, Sandbox};

fn three() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.command("add - --privileged --tag prod").stdin(
        "otpauth://totp/Registrar:admin?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA256&period=60",
    ).run().done();
    sandbox
        .command("add - --tag Prod --tag bank")
        .stdin(format!("otpauth://hotp/Bank:ana?secret={RFC_SEED}&counter=7"))
        .run()
        .done();
    sandbox
}

#[test]
fn a_pipe_gets_the_whole_table() {
    let sandbox = three();
    let listed = sandbox.run("list").done();
    insta::assert_snapshot!(sandbox.normal(&listed.out));
    assert_eq!(listed.err, "");
}

#[test]
fn filters_narrow_it() {
    let sandbox = three();
    let names = |line: &str| {
        let json = sandbox.run(line).done().json("lifeboat.list/1");
        let entries = json["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["issuer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("list --json"), ["AWS", "Registrar", "Bank"]);
    assert_eq!(names("list --json reg"), ["Registrar"]);
    assert_eq!(names("list --json --tag PROD"), ["Registrar", "Bank"]);
    assert_eq!(names("list --json --tag prod --tag bank"), ["Bank"]);
    assert_eq!(names("list --json --privileged"), ["Registrar"]);
    assert!(names("list --json nothing").is_empty());
    let none = sandbox.run("list nothing").done();
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", "no entry fits\n"));
}

#[test]
fn json_has_the_fields_of_the_contract_and_no_secret() {
    let sandbox = three();
    let listed = sandbox.run("list --json").done();
    let json = listed.json("lifeboat.list/1");
    let entry = &json["entries"][1];
    for field in [
        "id",
        "issuer",
        "account",
        "type",
        "algorithm",
        "digits",
        "period",
        "tags",
        "privileged",
        "created",
        "updated",
    ] {
        assert!(!entry[field].is_null(), "{field}: {entry}");
    }
    assert_eq!((entry["algorithm"].as_str(), entry["period"].as_u64()), (Some("SHA256"), Some(60)));
    assert_eq!(json["entries"][2]["counter"], 7);
    assert!(!listed.out.contains("GEZD") && !listed.out.contains("JBSW"));
}

#[test]
fn lines_fit_the_terminal() {
    let sandbox = three();
    for columns in [20, 40, 60] {
        let listed = sandbox.command("list").at_terminal(columns).run().done();
        for line in listed.out.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= columns, "{columns}: {line}");
        }
        assert!(listed.out.contains('…'));
    }
    assert!(sandbox.command("list --ascii").at_terminal(30).run().done().out.is_ascii());
}

#[test]
fn wide_characters_keep_the_columns_straight() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(&format!("otpauth://totp/%E9%8A%80%E8%A1%8C:ana?secret={RFC_SEED}"));
    let listed = sandbox.run("list").done().out;
    let (heading, row) = listed.split_once('\n').unwrap();
    let column =
        |line: &str, word: &str| unicode_width::UnicodeWidthStr::width(line.split(word).next().unwrap());
    assert_eq!(column(heading, "ACCOUNT"), column(row, "ana"));
}

#[test]
fn labels_never_command_the_terminal() {
    let sandbox = Sandbox::with_vault();
    let hostile = "otpauth://totp/%1B%5B31mEvil%07:%E2%80%AEana%0A%C2%9B2J?secret=";
    sandbox.command("add - --note 'a\u{1b}]52;c;aGk=\u{7}b' --tag 't\u{202e}ag' --device 'd\u{9b}x' --provenance copied")
        .stdin(format!("{hostile}{RFC_SEED}"))
        .run()
        .done();
    sandbox.write("codes", "one\n");
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/k --label 'x\u{1b}[2J\u{202e}y'").done();
    for line in [
        "list",
        "show evil",
        "list --json",
        "show evil --json",
        "status",
        "status --json",
        "edit evil --favourite",
        "prove evil --accepted",
        "bundle inspect ~/b.lifeboat",
        "bundle list",
        "bundle list --json",
        "bundle inspect ~/b.lifeboat --json",
        "bundle verify ~/b.lifeboat --bundle-key-file ~/k",
        "restore ~/b.lifeboat --merge --dry-run --bundle-key-file ~/k",
        "code nobody\u{1b}[2J",
        "code '\u{202e}nobody' --json",
        "import '~/no\u{1b}[2Jfile'",
        "remove evil",
        "trash list",
        "trash list --json",
        "trash purge --yes",
    ] {
        let transcript = sandbox.command(line).at_terminal(200).run();
        for (stream, text) in [("stdout", &transcript.out), ("stderr", &transcript.err)] {
            // Our own words may have a colour.
            let text = text.replace("\x1b[1;31mlifeboat:\x1b[0m", "lifeboat:");
            let text =
                text.replace("\x1b[1;31mDUE\x1b[0m", "DUE").replace("\x1b[1;31mUNPROVEN\x1b[0m", "UNPROVEN");
            let raw = text.chars().find(|c| {
                (c.is_control() && *c != '\n')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(raw, None, "{line:?} on {stream}: {text:?}");
        }
    }
}

#[test]
fn an_empty_vault_says_what_to_do() {
    Sandbox::with_vault().run("list").done().says("lifeboat import FILE");
}
