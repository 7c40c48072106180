//! The shipped program, spawned: statuses, modes, descriptors, a closed pipe, an environment with nothing in it.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::support::{RFC_URI, Sandbox};

fn status(mut command: assert_cmd::Command) -> i32 {
    command.output().unwrap().status.code().expect("no signal ended it")
}

#[test]
fn statuses_reach_the_shell() {
    let sandbox = Sandbox::with_entry();
    for (line, expected) in [
        ("list", 0),
        ("--version", 0),
        ("nonsense", 2),
        ("code nobody", 4),
        ("status --check", 7),
        ("init", 8),
    ] {
        let mut command = sandbox.program();
        command.args(line.split(' '));
        assert_eq!(status(command), expected, "{line}");
    }
}

#[test]
fn the_rfc_code_comes_out_of_the_real_program() {
    let sandbox = Sandbox::with_vault();
    let mut add = sandbox.program();
    add.args(["add", "-"]).write_stdin(RFC_URI).assert().success();
    let mut code = sandbox.program();
    code.args(["code", "AWS", "--at", "1970-01-01T00:00:59Z"])
        .assert()
        .success()
        .stdout("94287082\n")
        .stderr("");
}

#[test]
fn files_are_for_their_owner_alone() {
    let sandbox = Sandbox::empty();
    let mut init = sandbox.program();
    init.args(["init", "--new-key-file", "key", "--vault", "deep/er/v.lifeboat"]).assert().success();
    for name in ["key", "deep/er/v.lifeboat"] {
        let mode = std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(sandbox.path("deep")).unwrap().permissions().mode() & 0o7777, 0o700);
}

#[test]
fn a_bare_relative_vault_name_opens_what_is_there() {
    let sandbox = Sandbox::with_entry();
    let mut list = sandbox.program();
    list.args(["list", "--json", "--vault", "vault.lifeboat"]);
    let out = list.output().unwrap();
    assert!(String::from_utf8(out.stdout).unwrap().contains("AWS"));
}

#[test]
fn the_environment_names_vault_and_passphrase_file() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_lifeboat"));
    command
        .env_clear()
        .env("LIFEBOAT_VAULT", sandbox.path("vault.lifeboat"))
        .env("LIFEBOAT_PASSPHRASE_FILE", sandbox.path("vault-passphrase"))
        .env("XDG_STATE_HOME", sandbox.path("xdg"))
        .env("HOME", sandbox.home())
        .args(["list", "--sandbox", "kill"])
        .assert()
        .success();
}

#[test]
fn without_a_home_nobody_is_asked_for_one() {
    let sandbox = Sandbox::with_entry();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_lifeboat"));
    let out = command.env_clear().args(["list", "--sandbox", "kill"]).output().unwrap();
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    assert!(String::from_utf8(out.stderr).unwrap().contains("set HOME, or name the vault with --vault PATH"));
    let mut named = sandbox.program();
    named.env_remove("HOME").arg("list");
    assert_eq!(status(named), 0);
}

#[test]
fn the_settings_lie_in_the_configuration_folder() {
    let sandbox = Sandbox::with_vault();
    let place = sandbox.path("somewhere/lifeboat/lifeboat.toml");
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    sandbox.write("somewhere/lifeboat/lifeboat.toml", "[lock]\nidle = \"1s\"\n");
    let doctor = |variable: Option<&str>| {
        let mut doctor = sandbox.program();
        doctor.envs(variable.map(|name| (name, sandbox.path("somewhere")))).args(["doctor", "--json"]);
        let document: serde_json::Value = serde_json::from_slice(&doctor.output().unwrap().stdout).unwrap();
        document["settings"].clone()
    };
    let told = doctor(Some("XDG_CONFIG_HOME"));
    assert_eq!(told["path"], place.to_str().unwrap());
    assert_eq!(told["warnings"][0]["line"], 2);
    let told = doctor(None);
    assert_eq!(told["path"], sandbox.path(".config/lifeboat/lifeboat.toml").to_str().unwrap());
    assert_eq!(told["is_there"], false);
}

#[test]
fn a_descriptor_brings_the_passphrase_and_goes_before_the_environment() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    let mut shell = assert_cmd::Command::new("/bin/sh");
    let out = shell
        .env_clear()
        .env("HOME", sandbox.home())
        .env("LIFEBOAT_PASSPHRASE_FILE", "/dev/null")
        .args(["-c", "exec \"$0\" list --sandbox kill --vault \"$1\" --passphrase-fd 7 7< \"$2\""])
        .arg(env!("CARGO_BIN_EXE_lifeboat"))
        .arg(sandbox.path("vault.lifeboat"))
        .arg(sandbox.path("vault-passphrase"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn without_a_terminal_no_question_hangs() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    let mut list = sandbox.program();
    list.args(["list", "--no-input"]);
    assert_eq!(status(list), 3);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = Sandbox::with_entry();
    for line in ["list", "completions zsh", "--help", "code AWS --watch"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_lifeboat"))
            .env_clear()
            .env("HOME", sandbox.home())
            // The vault was made by the tests' clock, which a real one doubts; a failure is told all the same.
            .args(["--sandbox", "kill", "--quiet"])
            .arg("--vault")
            .arg(sandbox.path("vault.lifeboat"))
            .arg("--key-file")
            .arg(sandbox.path("key"))
            .args(line.split(' '))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        assert_eq!(out.status.code(), Some(0), "{line}: {out:?}");
        assert!(out.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

#[test]
fn a_pipe_gets_no_colour_and_no_escape() {
    let sandbox = Sandbox::with_entry();
    for line in ["list", "code nobody", "--help", "nonsense", "status"] {
        let mut command = sandbox.program();
        let out = command.env("TERM", "xterm-256color").args(line.split(' ')).output().unwrap();
        assert!(!out.stdout.contains(&0x1b) && !out.stderr.contains(&0x1b), "{line}");
    }
}
