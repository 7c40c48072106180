//! The page of the status: keys in, effects and screens out; and the line that tells of it at the start.

use lifeboat::tui::message::Message;
use lifeboat::tui::model::{Screen, StatusKnown, StatusRow};

use crate::pty::Pseudoterminal;
use crate::support::{RFC_URI, Sandbox};
use crate::tui_stage::Stage;

/// A status with a row of each sort, all about one name.
pub(crate) fn status_known(name: &str) -> StatusKnown {
    let row = |group: &'static str, words: &str, counts: bool| StatusRow {
        group,
        words: format!("{words}, {name}: `lifeboat incident show 1a2b3c4d`"),
        names: format!("{name}, Git:ana and 3 more"),
        counts,
    };
    StatusKnown {
        facts: vec![("vault", format!("{name}, generation 7")), ("entries", "12, 3 privileged".to_owned())],
        rows: vec![
            row("open", "1 incident is open, 5 things to do", true),
            row("due", "1 exception is past its end", true),
            row("due", "there is no bundle of this vault", true),
            row("expiring", "1 exception ends within 14 days", false),
        ],
    }
}

fn opened() -> Stage {
    let mut stage = Stage::open();
    stage.keys("S");
    assert_eq!(stage.asked_for(), "ReadStatus");
    stage.send(Message::StatusRead(status_known("AWS:root")));
    stage
}

#[test]
fn it_is_reached_by_one_key_and_says_the_most_urgent_first() {
    let mut stage = opened();
    insta::assert_snapshot!("status_80x24", stage.screen(80, 24));
    insta::assert_snapshot!("status_40x10", stage.screen(40, 10));
    stage.keys("<esc>");
    assert!(matches!(stage.model.screen, Screen::Codes));
}

#[test]
fn it_scrolls_to_its_last_line_and_no_further() {
    let mut stage = opened();
    let first = stage.screen(40, 10);
    stage.keys("jjj<up><up><up>");
    assert_eq!(stage.screen(40, 10), first);
    stage.keys("G");
    let last = stage.screen(40, 10);
    assert!(last.contains("12, 3 privileged"), "{last}");
    stage.keys("jj<pgdn>");
    assert_eq!(stage.screen(40, 10), last);
    stage.keys("k");
    assert_ne!(stage.screen(40, 10), last, "one key moves back from the end, however often it was reached");
    stage.keys("g");
    assert_eq!(stage.screen(40, 10), first);
}

#[test]
fn it_is_read_anew_when_the_vault_has_changed_and_stays_away_after_a_lock() {
    let mut stage = opened();
    stage.send(Message::Rows { rows: Vec::new(), set_aside: 0 });
    assert_eq!(stage.asked_for(), "ReadStatus");
    stage.keys("L").asked_for();
    stage.send(Message::StatusRead(status_known("AWS:root")));
    assert!(!stage.screen(80, 24).contains("AWS:root"));
    stage.keys("S");
    assert!(matches!(stage.model.screen, Screen::Unlock(_)));
}

#[test]
fn where_nothing_counts_it_says_that_nothing_is_due() {
    let mut stage = opened();
    let mut known = status_known("AWS:root");
    known.rows.retain(|row| !row.counts);
    stage.send(Message::StatusRead(known));
    assert!(stage.screen(80, 24).contains("Nothing is due."));
}

#[test]
fn the_shipped_program_offers_it_at_its_start_and_shows_it() {
    let sandbox = Sandbox::empty();
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.run("init --new-passphrase-file ~/words").done();
    sandbox.command("add - --passphrase-file ~/words").stdin(RFC_URI).run().done();
    let mut terminal = Pseudoterminal::start(&sandbox, 24, 80);
    terminal.shows("Passphrase:");
    terminal.pastes("seventeen green lanterns over the harbour").types("\r");
    terminal.shows("things to see to in all (S)");
    terminal.types("S").shows("1 entry was never proven");
    terminal.shows("there is no bundle of this vault");
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
}
