//! The shipped interface in a real terminal: what a person does on a first evening, and every way in which it ends.

use data_encoding::BASE64;
use rustix::process::Signal;

use crate::pty::{Pseudoterminal, ended_by};
use crate::support::{RFC_SEED, RFC_URI, Sandbox};

const STRONG: &str = "seventeen green lanterns over the harbour";
const ENTER: &str = "\r";
const ESC: &str = "\x1b";
const CTRL_C: &str = "\x03";
const CTRL_Z: &str = "\x1a";
const MASKED: &str = "•••• ••••";

/// A URI with another seed than the one that is in the vault.
const OTHER_URI: &str = "otpauth://totp/GitHub:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=GitHub";

fn opened(sandbox: &Sandbox) -> Pseudoterminal {
    let terminal = Pseudoterminal::start(sandbox, 24, 80);
    terminal.shows("AWS");
    terminal
}

/// The code of the RFC's seed that the screen shows, without the space in its middle.
fn code_on(screen: &str) -> Option<String> {
    let row = screen.lines().find(|line| line.contains("AWS"))?;
    let groups: Vec<&str> = row
        .split_whitespace()
        .filter(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    (groups.len() == 2).then(|| groups.concat())
}

#[track_caller]
fn shown_code(terminal: &Pseudoterminal) -> String {
    terminal.types("v");
    code_on(&terminal.until("a code", |screen| code_on(screen).is_some())).unwrap()
}

#[test]
fn it_opens_finds_shows_and_leaves_the_terminal_as_it_was() {
    let sandbox = Sandbox::with_entry();
    sandbox.add(OTHER_URI);
    let mut terminal = opened(&sandbox);
    let screen = terminal.shows("GitHub");
    assert!(screen.contains(MASKED) && code_on(&screen).is_none(), "{screen}");

    terminal.types("/git");
    terminal.until("AWS filtered away", |screen| !screen.contains("AWS") && screen.contains("GitHub"));
    terminal.types(ESC).shows("AWS");
    terminal.types("g");
    let code = shown_code(&terminal);
    terminal.types("q");

    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    let screen = terminal.screen();
    assert!(!screen.contains("AWS") && !screen.contains(&code[..4]), "{screen}");
}

#[test]
fn a_copied_code_goes_to_the_terminal_as_osc_52_and_is_the_right_one() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = opened(&sandbox);
    let before = shown_code(&terminal);
    terminal.types(ENTER).sends(b"\x1b]52;c;");
    terminal.shows("sent through OSC 52");
    let after = code_on(&terminal.screen()).unwrap_or_else(|| before.clone());

    let sent = String::from_utf8(terminal.sent()).unwrap();
    let copied = sent.split("\x1b]52;c;").nth(1).unwrap().split('\x07').next().unwrap();
    let copied = String::from_utf8(BASE64.decode(copied.as_bytes()).unwrap()).unwrap();
    // The step may have ended between the two keys.
    assert!(copied == before || copied == after, "{copied}: neither {before} nor {after}");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
}

#[test]
fn a_pasted_uri_is_previewed_and_added_and_its_seed_never_shown() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = opened(&sandbox);
    terminal.pastes(OTHER_URI).shows("GitHub");
    terminal.shows("Enter adds it");
    terminal.types(ENTER).shows("Has it accepted it?");
    terminal.types("a").shows("noted: the service accepted a code of GitHub");
    terminal.until("the list with both", |screen| screen.contains("AWS") && screen.contains("GitHub"));
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));

    sandbox.run("list").done().prints("GitHub");
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert!(!sent.contains("JBSWY3DPEHPK3PXP"), "{sent}");
}

#[test]
fn a_wrong_passphrase_is_said_in_place_and_the_right_one_opens_at_another_size() {
    let sandbox = Sandbox::with_passphrase(STRONG);
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Passphrase:");
    terminal.types("wrong").types(ENTER).shows("does not");
    terminal.pastes(STRONG).types(ENTER);
    // While the key is derived, or just after it: the frame after it is right in either case.
    terminal.resize(40, 120);
    terminal.shows("AWS");
    terminal.resize(10, 40);
    terminal.until("the list in forty columns", |screen| {
        screen.contains("AWS") && screen.lines().all(|line| line.chars().count() <= 40)
    });
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert!(!sent.contains("seventeen") && !sent.contains("wrong\x1b"), "{sent}");
}

#[test]
fn a_bundle_restores_on_an_empty_home() {
    let old = Sandbox::with_entry();
    old.write("words", STRONG);
    old.run("bundle create -o ~/safe.bundle --bundle-passphrase-file ~/words").done();
    let new = Sandbox::empty();
    let mut terminal = Pseudoterminal::start(&new, 24, 80);
    terminal.shows("There is no vault");
    terminal.types("2").shows("Path:");
    terminal
        .pastes(old.path("safe.bundle").to_str().unwrap())
        .types(ENTER)
        .shows("Passphrase of the bundle:");
    terminal.pastes(STRONG).types(ENTER).shows("1 entry");
    terminal.shows("New passphrase:");
    terminal.pastes("another seventeen green lanterns").types(ENTER).shows("Once more:");
    terminal.pastes("another seventeen green lanterns").types(ENTER).shows("AWS");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");

    new.write("new-words", "another seventeen green lanterns");
    let revealed = new.run("show AWS --reveal --passphrase-file ~/new-words").done();
    revealed.prints(RFC_SEED);
}

#[test]
fn every_signal_that_ends_it_leaves_a_clean_terminal() {
    let sandbox = Sandbox::with_entry();
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let mut terminal = opened(&sandbox);
        let code = shown_code(&terminal);
        terminal.signal(signal);
        assert_eq!(ended_by(terminal.end()), Some(signal.as_raw()), "{signal:?}");
        assert_eq!(terminal.left_behind(), "", "{signal:?}");
        let screen = terminal.screen();
        assert!(!screen.contains("AWS") && !screen.contains(&code[..4]), "{signal:?}: {screen}");
    }
}

#[test]
fn ctrl_c_leaves_from_anywhere() {
    let sandbox = Sandbox::with_entry();
    for before in ["", "?", "/aw", "a"] {
        let mut terminal = opened(&sandbox);
        terminal.types(before).types(CTRL_C);
        let status = terminal.end();
        assert!(status.code().is_some(), "{before:?}: {status:?}");
        assert_eq!(terminal.left_behind(), "", "{before:?}");
    }
}

#[test]
fn a_terminal_that_is_taken_away_ends_it() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = opened(&sandbox);
    let status = terminal.vanish();
    assert_eq!(ended_by(status), Some(Signal::HUP.as_raw()), "{status:?}");
}

/// The kernel refuses the frame before its signal has come.
#[test]
fn a_terminal_that_is_taken_away_in_the_middle_of_a_frame_ends_it_in_the_same_way() {
    let sandbox = Sandbox::with_entry();
    let mut terminal = opened(&sandbox);
    let keys = "Vv".repeat(500);
    terminal.types(&keys);
    let status = terminal.vanish();
    assert_eq!(ended_by(status), Some(Signal::HUP.as_raw()), "{status:?}");
}

#[test]
fn ctrl_z_locks_and_suspends_and_the_shell_brings_it_back_locked() {
    let sandbox = Sandbox::with_passphrase(STRONG);
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    let mut terminal = Pseudoterminal::shell(&sandbox, 24, 120);
    terminal.shows("ready>");
    let line = format!("'{}' --sandbox kill --vault vault.lifeboat\r", env!("CARGO_BIN_EXE_lifeboat"));
    terminal.types(&line).shows("Passphrase:");
    terminal.pastes(STRONG).types(ENTER).shows("AWS");
    let code = shown_code(&terminal);
    terminal.types(CTRL_Z);
    let screen = terminal.until("the shell", |screen| screen.trim_end().ends_with("ready>"));
    assert!(!screen.contains("AWS") && !screen.contains(&code[..4]), "{screen}");
    terminal.types("fg\r").shows("LOCKED");
    assert!(!terminal.screen().contains("AWS"));
    terminal.pastes(STRONG).types(ENTER).shows("AWS");
    terminal.types("q");
    terminal.until("the shell again", |screen| screen.trim_end().ends_with("ready>"));
    terminal.types("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
}

#[test]
fn stopped_from_outside_it_goes_on_locked_and_takes_the_passphrase() {
    let sandbox = Sandbox::with_passphrase(STRONG);
    sandbox.command("add - --passphrase-file ~/vault-passphrase").stdin(RFC_URI).run().done();
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Passphrase:");
    terminal.pastes(STRONG).types(ENTER).shows("AWS");
    terminal.signal(Signal::STOP);
    terminal.signal(Signal::CONT);
    terminal.shows("LOCKED");
    terminal.pastes(STRONG).types(ENTER).shows("AWS");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
}
