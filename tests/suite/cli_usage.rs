//! The command line as a whole: what it is called, what it refuses to be given, how it ends.

use lifeboat::cli;

use crate::support::{RFC_SEED, RFC_URI, Sandbox};

/// Visits every command with its name, the deepest ones too.
fn each_command(visit: &mut dyn FnMut(&str, &clap::Command)) {
    fn walk(path: &str, command: &clap::Command, visit: &mut dyn FnMut(&str, &clap::Command)) {
        visit(path, command);
        for sub in command.get_subcommands() {
            walk(&format!("{path} {}", sub.get_name()), sub, visit);
        }
    }
    walk("lifeboat", &cli::command(), visit);
}

#[test]
fn the_definition_is_sound() {
    cli::command().debug_assert();
}

#[test]
fn the_commands_are_those_of_the_contract() {
    let command = cli::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();

    let contract = "init code list add prove edit show recovery-code seal unseal remove trash import export passwd slot \
                    unlock lock bundle share kit drill pass plan runbook incident exception proof rehearse restore audit status doctor evidence demo completions";
    let mut missing: Vec<&str> = contract.split_whitespace().filter(|name| !names.contains(name)).collect();
    missing.extend(names.iter().filter(|name| !contract.split_whitespace().any(|known| known == **name)));
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn help_texts_are_one_line_without_a_full_stop() {
    each_command(&mut |path, command| {
        let mut texts = vec![(path.to_owned(), command.get_about())];
        texts.extend(command.get_arguments().map(|arg| (format!("{path} {}", arg.get_id()), arg.get_help())));
        for (what, text) in texts {
            let text = text.map(ToString::to_string).unwrap_or_default();
            assert!(!text.is_empty(), "{what} has no help");
            assert!(!text.ends_with('.') && !text.contains('\n'), "{what}: {text}");
            assert!(
                text.starts_with(|c: char| !c.is_lowercase()) || text.starts_with("totp"),
                "{what}: {text}"
            );
        }
    });
}

#[test]
fn every_command_explains_itself() {
    let sandbox = Sandbox::empty();
    let mut paths = Vec::new();
    each_command(&mut |path, _| paths.push(path.to_owned()));
    for path in paths {
        let line = path.trim_start_matches("lifeboat").trim();
        sandbox.run(&format!("{line} --help")).done().prints("Usage: lifeboat");
    }
    sandbox.run("--version").done().prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn no_secret_is_taken_as_an_argument_and_none_is_repeated() {
    let sandbox = Sandbox::with_entry();
    for line in [
        format!("add {RFC_URI}"),
        format!("add --issuer X {RFC_URI}"),
        format!("code {RFC_URI}"),
        format!("add --qr {RFC_URI}"),
        format!("import {RFC_URI}"),
        format!("--json add {RFC_URI}"),
        "add otpauth-migration://offline?data=GEZDGNBV".to_owned(),
        format!("add {RFC_SEED}"),
        format!("add - {RFC_SEED}"),
        "add GEZD GNBV GY3T QOJQ".to_owned(),
        format!("add --seed {RFC_SEED}"),
        format!("add --secret={RFC_SEED}"),
        format!("edit AWS --seed {RFC_SEED}"),
        format!("edit AWS --seed={RFC_SEED}"),
        format!("list --passphrase {RFC_SEED}"),
        format!("list --passphrase={RFC_SEED}"),
        format!("init --new-passphrase={RFC_SEED}"),
    ] {
        let refused = sandbox.command(&line).typing(&[]).run().exits(2);
        let said = format!("{}{}{}", refused.out, refused.err, refused.tty);
        for part in ["GEZD", "GNBV", "GY3T", "QOJQ"] {
            assert!(!said.contains(part), "{line}:\n{said}");
        }
    }
}

#[test]
fn a_uri_as_an_argument_is_answered_with_the_line_that_works() {
    let refused = Sandbox::empty().run(&format!("add {RFC_URI}")).exits(2);
    insta::assert_snapshot!(refused.to_string());
}

#[test]
fn a_misspelt_option_is_json_under_json() {
    let refused = Sandbox::empty().run("list --json --privilegde").exits(2);
    let error = refused.error_json();
    assert_eq!(error["kind"], "usage");
    assert_eq!(error["message"], "unexpected argument '--privilegde' found");
    assert!(error["help"].as_str().unwrap().contains("--privileged"), "{error}");
    assert!(refused.out.is_empty());
}

#[test]
fn without_a_command_and_without_a_terminal_it_says_what_works() {
    Sandbox::empty().run("").exits(2).says("needs a terminal").says("lifeboat --help");
}

#[test]
fn standard_input_is_named_once() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    sandbox
        .command("add - --passphrase-file -")
        .stdin("correct horse\n")
        .run()
        .exits(2)
        .says("standard input (-) is named more than once");
}

/// cli.md's table, one way to each status.
#[test]
fn exit_statuses_are_those_of_the_contract() {
    let sandbox = Sandbox::with_entry();
    sandbox.add("otpauth://totp/AWS:billing?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.write("wrong-key", sandbox.read("key"));
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/other-key").done();
    let mut damaged = sandbox.read("b.lifeboat");
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    sandbox.write("damaged.lifeboat", damaged);
    sandbox.write("text", "nothing in particular");
    sandbox.run("evidence -o ~/report").done();
    sandbox.write("cut.json", r#"{"version":1,"header":{"slots":null,"params":null},"db":{"version":2,"entries":[{"type":"motp","name":"x"}]}}"#);

    for (status, line) in [
        (0, "list"),
        (2, "nonsense"),
        (2, "code"),
        (3, "list --key-file ~/other-key"),
        (3, "bundle verify ~/b.lifeboat --no-input --bundle-key-file ~/key"),
        (4, "code nobody"),
        (4, "code AWS"),
        (4, "import ~/no-such-file"),
        (4, "bundle inspect ~/no-such-file"),
        (4, "add --qr ~/no-such-file"),
        (4, "evidence verify ~/no-such-folder --signers ~/text"),
        (5, "bundle inspect ~/damaged.lifeboat"),
        (5, "bundle inspect ~/text"),
        (5, "import ~/text"),
        (7, "status --check"),
        (7, "audit verify --head 0000000000000000000000000000000000000000000000000000000000000000"),
        (7, "evidence verify ~/report --signers ~/text"),
        (8, "init --new-key-file ~/k2"),
        (8, "export --to otpauth -o ~/plain.txt"),
        (8, "export --to otpauth -o ~/text --plaintext"),
        (8, "bundle create -o ~/b.lifeboat --bundle-key-file ~/other-key"),
        (8, "trash purge root --no-input"),
        (8, "evidence -o ~/report"),
        (8, "import ~/cut.json"),
    ] {
        if line.starts_with("trash purge") {
            sandbox.run("remove AWS:root").done();
        }
        let _transcript = sandbox.run(line).exits(status);
    }
    assert!(!sandbox.has("plain.txt") && !sandbox.has("k2"));
    assert_eq!(sandbox.read("text"), b"nothing in particular");
}

#[test]
fn a_writer_that_never_ends_is_exit_6() {
    let sandbox = Sandbox::with_vault();
    let held = std::fs::File::open(sandbox.path("vault.lifeboat.lock")).unwrap();
    held.lock().unwrap();

    let busy = sandbox.command("add - --issuer X").stdin(RFC_SEED).run().exits(6);

    assert!(busy.says("did not finish in time").out.is_empty());
    held.unlock().unwrap();
    sandbox.command("add - --issuer X").stdin(RFC_SEED).run().done();
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let sandbox = Sandbox::with_vault();
    let plain = sandbox.run("code nobody").exits(4);
    assert!(!plain.err.contains('\x1b'));
    let asked = sandbox.run("code nobody --color always").exits(4);
    assert!(asked.err.contains("\x1b[1;31mlifeboat:\x1b[0m"));
    let never = sandbox.command("code nobody --color never").at_terminal(80).run().exits(4);
    assert!(!never.err.contains('\x1b'));
}

#[test]
fn quiet_prints_results_and_errors_alone() {
    let sandbox = Sandbox::with_vault();
    let added = sandbox.command("add - -q --issuer X").stdin("JBSWY3DPEHPK3PXP").at_terminal(80).run().done();
    assert_eq!(added.err, "");
    assert_eq!(added.out.len(), 33);
    let failed = sandbox.run("code nobody -q").exits(4);
    assert!(failed.err.starts_with("lifeboat: "));
}
