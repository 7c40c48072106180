//! The shipped interface in a real terminal: what is done to entries, settings that are changed, the mouse and the focus.

use crate::pty::Pseudoterminal;
use crate::support::Sandbox;

const OTHER_URI: &str = "otpauth://totp/GitHub:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=GitHub";
const ENTER: &str = "\r";
const ESC: &str = "\x1b";

/// An open list of AWS and GitHub, in that order.
fn opened() -> (Sandbox, Pseudoterminal) {
    let sandbox = Sandbox::with_entry();
    sandbox.add(OTHER_URI);
    let terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("GitHub");
    (sandbox, terminal)
}

#[track_caller]
fn leaves(mut terminal: Pseudoterminal) {
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
}

#[test]
fn what_is_removed_is_in_the_trash_and_comes_back() {
    let (sandbox, terminal) = opened();
    terminal.types("d").shows("Move this entry to the trash?");
    terminal.types("y").shows("1 entry lies in the trash");
    sandbox.run("list").done().prints("GitHub");
    assert!(!sandbox.run("list").done().out.contains("AWS"));
    terminal.types("u").shows("1 entry is back");
    sandbox.run("list").done().prints("AWS");
    leaves(terminal);
}

#[test]
fn several_marked_entries_are_tagged_in_one_save() {
    let (sandbox, terminal) = opened();
    terminal.types("*t").shows("Tags of these 2 entries");
    terminal.pastes("work, home").types(ENTER).shows("2 entries are tagged");
    let listed = sandbox.run("list --tag work").done();
    listed.prints("AWS").prints("GitHub");
    leaves(terminal);
}

#[test]
fn an_entry_is_edited_and_keeps_its_codes() {
    let (sandbox, terminal) = opened();
    let before = sandbox.run("code AWS --at 59").done().out;
    terminal.types("e").shows("Issuer:");
    terminal.types("\x15").pastes("Amazon").types(ENTER);
    terminal
        .until("the list with the new name", |screen| screen.contains("Amazon") && screen.contains("GitHub"));
    sandbox.run("code Amazon --at 59").done().prints(before.trim());
    leaves(terminal);
}

#[test]
fn a_setting_is_changed_in_its_file_and_in_force_at_once() {
    let (sandbox, terminal) = opened();
    terminal.types("6").shows("codes.masked");
    terminal.types("jjjj").types(ENTER);
    terminal.until("a setting that is off", |screen| {
        screen.lines().any(|line| line.contains("codes.masked") && line.contains("false"))
    });
    let kept = String::from_utf8(sandbox.read(".config/lifeboat/lifeboat.toml")).unwrap();
    assert!(kept.contains("masked = false"), "{kept}");
    terminal.types("1");
    terminal.until("codes without asking", |screen| !screen.contains("•••"));
    leaves(terminal);
}

#[test]
fn codes_are_hidden_while_the_terminal_says_that_the_keyboard_is_elsewhere() {
    let (_sandbox, terminal) = opened();
    terminal.sends(b"\x1b[?1004h");
    terminal.types("v");
    terminal
        .until("a code", |screen| screen.lines().any(|line| line.contains("AWS") && !line.contains("••••")));
    terminal.types("\x1b[O");
    terminal.until("no code", |screen| {
        screen.lines().any(|line| line.contains("AWS") && line.contains("•••• ••••"))
    });
    terminal.types("\x1b[I");
    terminal.until("the code again", |screen| {
        screen.lines().any(|line| line.contains("AWS") && !line.contains("••••"))
    });
    leaves(terminal);
}

#[test]
fn the_mouse_is_the_terminals_until_a_setting_gives_it_away() {
    let (_sandbox, terminal) = opened();
    assert!(!String::from_utf8_lossy(&terminal.sent()).contains("\x1b[?1000h"));
    terminal.types("6").shows("mouse");
    terminal.types("j").types(ENTER).sends(b"\x1b[?1000h\x1b[?1006h");
    terminal.types("1").shows("GitHub");
    terminal.types("\x1b[<0;5;4M");
    terminal
        .until("the second row selected", |screen| screen.lines().any(|line| line.starts_with("> GitHub")));
    leaves(terminal);
}

#[test]
fn the_terminal_is_resized_while_a_key_is_derived_and_cancelled() {
    let sandbox = Sandbox::with_passphrase("seventeen green lanterns over the harbour");
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Passphrase:");
    terminal.types("wrong").types(ENTER);
    terminal.resize(8, 32);
    terminal.resize(50, 200);
    terminal.resize(5, 20);
    terminal.shows("too small: 20x5");
    terminal.resize(24, 80);
    terminal.types(ESC).shows("Passphrase:");
    terminal.types("\x03");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(terminal.left_behind(), "");
}
