//! Cells made into the terminal's bytes, and few of them: over a slow line a countdown must not cost a screenful.
//!
//! Pure but for asking how large the terminal is. What differs from ratatui's own backend: the cursor is moved by the shortest way that is
//! known, digits that stand in a column are written down that column, and what the terminal knows already
//! (colours at rest, a cursor that is shown) is not said again.

use std::io;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// Up to so many cells both orders are tried, and the shorter one is sent. More of them are a new screen, and the
/// order makes no difference that would be worth the time.
const MOST_TRIED: usize = 2_000;

/// The two symbols of a countdown's bar: neutral in Unicode's table of widths (UAX #11), so one column everywhere.
const NARROW_EVERYWHERE: [&str; 2] = ["▰", "▱"];

/// Writes cells to a buffer.
#[derive(Debug)]
pub struct Cells<W> {
    out: W,
    size: fn() -> (u16, u16),
    /// Columns of the terminal, beyond which a cursor's place is not known.
    columns: u16,
    /// Where the cursor is known to be.
    at: Option<Position>,
    /// Whether the cursor is known to be shown.
    shown: Option<bool>,
}

/// Cells beside each other that are written at once, and look alike.
struct Run<'a> {
    x: u16,
    y: u16,
    cells: Vec<&'a Cell>,
}

impl Run<'_> {
    fn goes_on_at(&self, x: u16, y: u16, cell: &Cell) -> bool {
        let is_beside = self.y == y && usize::from(self.x) + self.cells.len() == usize::from(x);
        is_beside && self.cells.last().is_some_and(|last| Look::of(last) == Look::of(cell))
    }
}

/// What the next character is drawn with.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether a space looks the same in both: the ground is, and nothing is drawn on it.
    fn blanks_like(self, other: Self) -> bool {
        let seen = Modifier::REVERSED | Modifier::UNDERLINED;
        self.bg == other.bg && !self.modifier.union(other.modifier).intersects(seen)
    }
}

const AT_REST: Look = Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

impl<W: io::Write> Cells<W> {
    /// Starts with a terminal about which nothing is known.
    pub fn new(out: W, size: fn() -> (u16, u16)) -> Self {
        Self { out, size, columns: size().0, at: None, shown: None }
    }

    /// Where the bytes went.
    pub fn sent(&self) -> &W {
        &self.out
    }

    /// Puts the cursor where it is wanted.
    fn go(&mut self, to: Position) -> io::Result<()> {
        let mut pen = Pen::new(self.at, self.columns);
        pen.go(to);
        self.send(&pen)
    }

    fn send(&mut self, pen: &Pen) -> io::Result<()> {
        self.at = pen.at;
        self.out.write_all(&pen.bytes)
    }
}

/// Bytes that draw, and where they leave the cursor.
struct Pen {
    bytes: Vec<u8>,
    at: Option<Position>,
    columns: u16,
    look: Look,
}

impl Pen {
    fn new(at: Option<Position>, columns: u16) -> Self {
        Self { bytes: Vec::new(), at, columns, look: AT_REST }
    }

    /// Draws runs in the order in which they come, and leaves the terminal's colours at rest.
    fn drawn(mut self, runs: &[Run<'_>]) -> Self {
        for run in runs {
            self.go(Position { x: run.x, y: run.y });
            run.cells.iter().for_each(|cell| self.draw(cell));
        }
        if self.look != AT_REST {
            self.bytes.extend(b"\x1b[0m");
        }
        self
    }

    /// The shortest way of the cursor to a place.
    fn go(&mut self, to: Position) {
        if self.at == Some(to) {
            return;
        }
        let absolute = format!("\x1b[{};{}H", u32::from(to.y) + 1, u32::from(to.x) + 1);
        let relative = self.at.and_then(|from| relative(from, to));
        let shortest = relative.filter(|way| way.len() < absolute.len()).unwrap_or(absolute);
        self.bytes.extend(shortest.as_bytes());
        self.at = Some(to);
    }

    fn draw(&mut self, cell: &Cell) {
        let wanted = Look::of(cell);
        if wanted != self.look && !(cell.symbol() == " " && wanted.blanks_like(self.look)) {
            self.bytes.extend(change(self.look, wanted).as_bytes());
            self.look = wanted;
        }
        self.bytes.extend(cell.symbol().as_bytes());
        self.advance(cell.symbol());
    }

    /// Notes where the cursor is after a symbol, as far as terminals agree about it.
    fn advance(&mut self, symbol: &str) {
        let Some(at) = &mut self.at else { return };
        at.x = at.x.saturating_add(u16::try_from(symbol.width()).unwrap_or(u16::MAX));
        // Behind the last column the cursor waits for the next character, and terminals differ in where. How wide a
        // character is that is not ASCII, they do not agree about either: its neighbours trust it, nothing else does.
        if at.x >= self.columns || !(symbol.is_ascii() || NARROW_EVERYWHERE.contains(&symbol)) {
            self.at = None;
        }
    }
}

/// A way without numbers that are counted from the corner, where it is a short one.
///
/// A line feed goes straight down in raw mode, and never scrolls here: the line below is one of the screen.
fn relative(from: Position, to: Position) -> Option<String> {
    let mut way = String::new();
    match i32::from(to.y) - i32::from(from.y) {
        down @ 0..=3 => (0..down).for_each(|_| way.push('\n')),
        _ => return None,
    }
    match i32::from(to.x) - i32::from(from.x) {
        0 => {}
        left @ -4..=-1 => (left..0).for_each(|_| way.push('\x08')),
        1 => way.push_str("\x1b[C"),
        right @ 2.. => way.push_str(&format!("\x1b[{right}C")),
        _ if to.x == 0 => way.push('\r'),
        left => way.push_str(&format!("\x1b[{}D", -left)),
    }
    Some(way)
}

/// What turns one look into another.
fn change(from: Look, to: Look) -> String {
    let mut codes: Vec<String> = Vec::new();
    let mut from = from;
    // A modifier that goes takes the others with it: which codes end which is not the same everywhere.
    if !(from.modifier - to.modifier).is_empty() || to == AT_REST {
        codes.push("0".to_owned());
        from = AT_REST;
    }
    let added = to.modifier - from.modifier;
    for (modifier, code) in [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
    ] {
        if added.contains(modifier) {
            codes.push(code.to_owned());
        }
    }
    if to.fg != from.fg {
        codes.push(color(to.fg, 30));
    }
    if to.bg != from.bg {
        codes.push(color(to.bg, 40));
    }
    format!("\x1b[{}m", codes.join(";"))
}

/// The code of a colour: of the terminal's own sixteen, since the theme has no others.
fn color(color: Color, base: u8) -> String {
    let number = match color {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Reset | Color::Indexed(_) | Color::Rgb(..) => 9,
    };
    (base + number).to_string()
}

impl<W: io::Write> Backend for Cells<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut runs: Vec<Run<'a>> = Vec::new();
        for (x, y, cell) in content {
            match runs.last_mut() {
                Some(run) if run.goes_on_at(x, y, cell) => run.cells.push(cell),
                _ => runs.push(Run { x, y, cells: vec![cell] }),
            }
        }
        let across = Pen::new(self.at, self.columns).drawn(&runs);
        if runs.iter().map(|run| run.cells.len()).sum::<usize>() > MOST_TRIED {
            return self.send(&across);
        }
        // Downwards, a step is two bytes and colours are said once a column. Numbers end in the same column: the last
        // cell of each run decides.
        runs.sort_by_key(|run| (usize::from(run.x) + run.cells.len(), run.y));
        let down = Pen::new(self.at, self.columns).drawn(&runs);
        self.send(if down.bytes.len() < across.bytes.len() { &down } else { &across })
    }

    fn append_lines(&mut self, n: u16) -> io::Result<()> {
        self.at = None;
        (0..n).try_for_each(|_| self.out.write_all(b"\n"))
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown.replace(false) == Some(false) { Ok(()) } else { self.out.write_all(b"\x1b[?25l") }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown.replace(true) == Some(true) { Ok(()) } else { self.out.write_all(b"\x1b[?25h") }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // The terminal is never asked: its answer would come between the keys, and some never answer.
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.go(position.into())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.out.write_all(match clear_type {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        })
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = (self.size)();
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        let (width, height) = (self.size)();
        Ok(WindowSize { columns_rows: Size { width, height }, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
