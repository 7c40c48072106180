//! Cells on their way to a terminal: whatever is drawn arrives, and a countdown costs little.

use std::num::NonZero;

use lifeboat::tui::cells::Cells;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

const COLUMNS: u16 = 30;
const ROWS: u16 = 8;

/// A terminal that keeps what is sent, and a parser that knows what is then on the screen.
struct Both {
    terminal: Terminal<Cells<Vec<u8>>>,
    parser: vt100::Parser,
    sent: usize,
    has_been_wide: bool,
}

impl Both {
    fn new() -> Self {
        let cells = Cells::new(Vec::new(), || (COLUMNS, ROWS));
        Self {
            terminal: Terminal::new(cells).unwrap(),
            parser: vt100::Parser::new(NonZero::new(ROWS).unwrap(), NonZero::new(COLUMNS).unwrap(), 0),
            sent: 0,
            has_been_wide: false,
        }
    }

    /// Draws a frame and gives how many bytes that took.
    fn draw(&mut self, texts: &[(u16, u16, String, Style)]) -> usize {
        let mut drawn = Buffer::default();
        self.terminal
            .draw(|frame| {
                for (x, y, text, style) in texts {
                    // A text that begins in the second half of a wide character takes the first half away, as a
                    // terminal does: left where it is, ratatui would count the half that is covered as drawn.
                    let buffer = frame.buffer_mut();
                    let before = x.checked_sub(1).and_then(|before| buffer.cell_mut((before, *y)));
                    if let Some(cell) = before.filter(|cell| cell.symbol() == "鸭") {
                        cell.set_symbol(" ");
                    }
                    frame.buffer_mut().set_stringn(*x, *y, text, usize::from(COLUMNS - x), *style);
                }
                frame.set_cursor_position((3, 3));
                drawn = frame.buffer_mut().clone();
            })
            .unwrap();
        let bytes = self.terminal.backend().sent()[self.sent..].to_vec();
        self.sent += bytes.len();
        self.has_been_wide |= texts.iter().any(|(_, _, text, _)| text.contains('鸭'));
        self.parser.process(&bytes);
        self.compare(&drawn);
        bytes.len()
    }

    fn compare(&self, drawn: &Buffer) {
        let screen = self.parser.screen();
        for y in 0..ROWS {
            for x in 0..COLUMNS {
                let wanted = &drawn[(x, y)];
                let cell = screen.cell(y, x).unwrap();
                if cell.is_wide_continuation() {
                    continue;
                }
                let seen = if cell.contents().is_empty() { " " } else { cell.contents() };
                assert_eq!(seen, wanted.symbol(), "at {x},{y}: {:?}", screen.contents());
                // What a terminal leaves in the second half of a wide character that was overwritten is its own affair.
                if seen == " " && self.has_been_wide {
                    continue;
                }
                assert_eq!(
                    cell.inverse(),
                    wanted.modifier.contains(Modifier::REVERSED),
                    "inverse at {x},{y}"
                );
                let is_underlined = wanted.modifier.contains(Modifier::UNDERLINED);
                assert_eq!(cell.underline(), is_underlined, "underlined at {x},{y}");
                // Nothing is seen of these in a space.
                if seen == " " {
                    continue;
                }
                assert_eq!(cell.bold(), wanted.modifier.contains(Modifier::BOLD), "bold at {x},{y}");
                let colors = [(Color::Red, vt100::Color::Idx(1)), (Color::LightCyan, vt100::Color::Idx(14))];
                let color = colors.iter().find(|(color, _)| *color == wanted.fg);
                let color = color.map_or(vt100::Color::Default, |(_, index)| *index);
                assert_eq!(cell.fgcolor(), color, "colour at {x},{y}");
            }
        }
        assert_eq!(screen.cursor_position(), (3, 3));
    }
}

fn countdown(left: u16) -> Vec<(u16, u16, String, Style)> {
    (0..ROWS).map(|y| (20, y, format!("{left:>3}s"), Style::new())).collect()
}

#[test]
fn a_second_of_a_countdown_costs_a_few_bytes_a_row() {
    let mut both = Both::new();
    both.draw(&countdown(29));
    let bytes = both.draw(&countdown(28));
    assert!(bytes <= usize::from(ROWS) * 4 + 16, "{bytes} bytes for {ROWS} rows");
    assert_eq!(both.draw(&countdown(28)), 0, "nothing has changed, nothing is sent");
    let tens = both.draw(&countdown(19));
    assert!(tens <= usize::from(ROWS) * 6 + 16, "{tens} bytes for {ROWS} rows");
}

/// Some frames of some texts: where, what, and in which style.
type Frames = Vec<Vec<(u16, u16, String, u8)>>;

fn frames(characters: &'static str) -> impl Strategy<Value = Frames> {
    prop::collection::vec(prop::collection::vec((0..COLUMNS, 0..ROWS, characters, 0_u8..6), 0..8), 1..6)
}

proptest! {
    #[test]
    fn what_is_drawn_is_what_stands_on_the_screen(
        frames in prop_oneof![frames("[a-z 0-9é鸭▰]{0,12}"), frames("[a-c 0-9é▰]{0,12}")],
    ) {
        let styles = [
            Style::new(),
            Style::new().add_modifier(Modifier::BOLD),
            Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Style::new().fg(Color::Red),
            Style::new().fg(Color::LightCyan).add_modifier(Modifier::UNDERLINED),
            Style::new().add_modifier(Modifier::REVERSED),
        ];
        let mut both = Both::new();
        for frame in frames {
            let texts: Vec<_> = frame
                .into_iter()
                .map(|(x, y, text, style)| (x, y, text, styles[usize::from(style)]))
                .collect();
            both.draw(&texts);
        }
    }
}
