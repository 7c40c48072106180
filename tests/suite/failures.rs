//! A gallery of failures, rendered once each: reviewers read the voice here.

use std::fmt::Write as _;

use crate::support::{RFC_URI, Sandbox};

#[test]
fn gallery() {
    let sandbox = Sandbox::with_entry();
    sandbox.add("otpauth://totp/AWS:billing?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.write("words", "password1");
    sandbox.write("text", "nothing in particular");
    sandbox.write("newer.json", r#"{"version":9,"header":{},"db":{}}"#);
    sandbox.write("odd.txt", format!("{RFC_URI}\notpauth://totp/x?secret=1\n"));
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    let mut altered = sandbox.read("b.lifeboat");
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    sandbox.write("altered.lifeboat", altered);
    let mut newer = sandbox.read("b.lifeboat");
    newer[8] = 9;
    sandbox.write("newer.lifeboat", newer);

    let mut gallery = String::new();
    for line in [
        "list --vault ~/nowhere",
        "list --key-file ~/bk",
        "list --key-file ~/text",
        "code AWS",
        "code nobody",
        "add - --issuer X",
        "edit AWS:root --digits 11",
        "trash purge nobody",
        "trash restore nobody",
        "init --new-key-file ~/k",
        "init --kdf-memory 1",
        "export --to otpauth -o ~/plain",
        "export --to otpauth -o ~/text --plaintext",
        "import ~/text",
        "import ~/missing",
        "import ~/newer.json",
        "import ~/odd.txt",
        "import --undo",
        "bundle create -o ~/c.lifeboat --bundle-passphrase-file ~/words",
        "bundle create -o ~/missing/c.lifeboat --bundle-key-file ~/bk",
        "bundle verify ~/altered.lifeboat --bundle-key-file ~/bk",
        "bundle verify ~/newer.lifeboat --bundle-key-file ~/bk",
        "bundle verify ~/b.lifeboat --no-input",
        "bundle inspect ~/vault.lifeboat",
        "restore ~/b.lifeboat",
        "restore --previous 9",
        "slot remove 00000000",
        "prove AWS:root --no-input",
        "code AWS:root --copy",
        "doctor --compare 00000000 --with AWS:root",
    ] {
        let transcript = sandbox.run(line);
        assert_ne!(transcript.status, 0, "{line}");
        let err = sandbox.normal(&transcript.err);
        assert!(err.starts_with("lifeboat: "), "{line}: {err}");
        for part in ["\n  unchanged  ", "\n  next       "] {
            assert!(
                err.contains(part),
                "{line}: every failure says what is unharmed and what to do next\n{err}"
            );
        }
        writeln!(gallery, "$ lifeboat {line}\n{err}=> {}\n", transcript.status).unwrap();
    }
    insta::assert_snapshot!(gallery);
}

#[test]
fn as_json_a_failure_has_the_contracts_fields() {
    let sandbox = Sandbox::with_vault();
    let error = sandbox.run("code nobody --json").exits(4);
    assert!(error.out.is_empty());
    insta::assert_snapshot!(error.err, @r#"{"schema":"lifeboat.error/1","help":"`lifeboat list` shows all of them","kind":"no-entry","message":"no entry fits \"nobody\"","unchanged":"no file was touched"}"#);
}
