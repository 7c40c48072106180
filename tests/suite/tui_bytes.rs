//! What a second of countdowns sends to the terminal, which may be at the other end of a slow line.

use std::num::NonZero;

use lifeboat::entry::EntryId;
use lifeboat::secret::SecretText;
use lifeboat::tui::cells::Cells;
use lifeboat::tui::message::Message;
use lifeboat::tui::view::view;
use ratatui::Terminal;
use ratatui::buffer::Buffer;

use crate::tui_stage::{NOW, Stage, rows};

/// Entries, so many that they fill every screen that is tried.
const N_ENTRIES: u8 = 60;
/// Whole periods, so that every code ends as often as it begins.
const SECONDS: u64 = 120;

/// A usual terminal, the tallest list in which every row counts, and two on which the rows beside the selected one don't.
const SIZES: [fn() -> (u16, u16); 4] = [|| (80, 24), || (80, 32), || (120, 40), || (200, 50)];

/// A full screen of entries by the clock.
fn stage(size: (u16, u16)) -> Stage {
    let mut stage = Stage::open();
    let common = rows().into_iter().find(|row| row.period == Some(30)).unwrap();
    let rows = (0..N_ENTRIES)
        .map(|n| {
            let mut row = common.clone();
            row.id = EntryId::from_bytes([n; 16]);
            row.issuer = format!("Service {n:02}");
            row.favourite = false;
            row
        })
        .collect();
    stage.send(Message::Rows { rows, set_aside: 0 });
    stage.send(Message::Resized(size.0, size.1));
    stage
}

/// Shows a code of every row on the screen until the end of the step.
fn reveal(stage: &mut Stage, step: u64) {
    let ids: Vec<_> = stage.model.list.on_screen(stage.model.page()).map(|row| row.id).collect();
    for (idx, id) in (0_u64..).zip(ids) {
        let code = |step: u64| {
            let number = (step * 7_919 + idx * 104_729) * 15_485_863 % 1_000_000;
            SecretText::new(format!("{:03} {:03}", number / 1_000, number % 1_000))
        };
        stage.send(Message::Revealed {
            id,
            code: code(step),
            next: Some(code(step + 1)),
            valid_until: Some((step + 1) * 30),
            // As the setting shows them: they stay.
            seconds: Some(u64::MAX),
        });
    }
}

/// Bytes a second on average, with every code shown or none.
fn bytes_a_second(size: fn() -> (u16, u16), shown: bool) -> u64 {
    let (columns, lines) = size();
    let mut stage = stage((columns, lines));
    let mut terminal = Terminal::new(Cells::new(Vec::new(), size)).unwrap();
    let mut parser = vt100::Parser::new(NonZero::new(lines).unwrap(), NonZero::new(columns).unwrap(), 0);
    let mut before = 0;
    let mut bytes = 0;
    // The first second draws all of it, and is not counted.
    for second in 0..=SECONDS {
        let now = NOW + second;
        stage.model.last_key = now;
        stage.send(Message::Tick(now));
        if shown && (second == 0 || now.is_multiple_of(30)) {
            reveal(&mut stage, now / 30);
        }
        let mut drawn = Buffer::default();
        terminal
            .draw(|frame| {
                view(&stage.model, frame);
                drawn = frame.buffer_mut().clone();
            })
            .unwrap();
        let sent = terminal.backend().sent();
        parser.process(&sent[before..]);
        if second > 0 {
            bytes += sent.len() - before;
        }
        before = sent.len();
        compare(&drawn, parser.screen());
    }
    u64::try_from(bytes).unwrap() / SECONDS
}

/// What was drawn stands on the screen.
fn compare(drawn: &Buffer, screen: &vt100::Screen) {
    for y in 0..drawn.area.height {
        for x in 0..drawn.area.width {
            let cell = screen.cell(y, x).unwrap();
            let seen = if cell.contents().is_empty() { " " } else { cell.contents() };
            assert_eq!(seen, drawn[(x, y)].symbol(), "at {x},{y}: {}", screen.contents());
        }
    }
}

/// Bytes a second on average of a step of a drill.
fn bytes_of_drill(size: fn() -> (u16, u16), step: fn() -> Stage) -> u64 {
    let mut stage = step();
    stage.send(Message::Resized(size().0, size().1));
    let mut terminal = Terminal::new(Cells::new(Vec::new(), size)).unwrap();
    let mut first = 0;
    for second in 0..=SECONDS {
        let now = NOW + second;
        stage.model.last_key = now;
        stage.send(Message::Tick(now));
        terminal.draw(|frame| view(&stage.model, frame)).unwrap();
        if second == 0 {
            first = terminal.backend().sent().len();
        }
    }
    u64::try_from(terminal.backend().sent().len() - first).unwrap() / SECONDS
}

#[test]
fn a_large_clock_changes_the_cells_that_change() {
    for size in SIZES {
        for step in [crate::tui_drill::at_clock, crate::tui_drill::at_code] {
            let bytes = bytes_of_drill(size, step);
            assert!((1..200).contains(&bytes), "{bytes} at {:?}", size());
        }
    }
}

#[test]
fn a_second_costs_less_than_two_hundred_bytes() {
    for size in SIZES {
        for shown in [false, true] {
            let bytes = bytes_a_second(size, shown);
            assert!(bytes < 200, "{bytes} at {:?}, codes shown: {shown}", size());
        }
    }
}

#[test]
fn where_many_rows_are_shown_the_selected_one_counts_and_all_do_in_their_last_seconds() {
    let mut stage = stage((80, 40));
    let counting = |stage: &mut Stage, seconds: &str| stage.screen(80, 40).matches(seconds).count();
    assert_eq!(counting(&mut stage, " 10s "), 1);
    assert_eq!(stage.screen(80, 40).matches("▰▰▱▱▱▱").count(), 36, "the bars tell the rest");
    stage.wait(4);
    assert_eq!(counting(&mut stage, "  6s "), 1);
    stage.wait(1);
    assert_eq!(counting(&mut stage, "!  5s "), 36);
    // Where nothing moves there are no bars, and so each row counts.
    stage.model.prefs.motion = false;
    stage.wait(5);
    assert_eq!(counting(&mut stage, " 30s"), 36);
}
