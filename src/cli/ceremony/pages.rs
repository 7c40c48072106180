//! The pages of the ceremony. Each is shown alone, on the terminal's other screen, and is gone with its answer.

use unicode_width::UnicodeWidthStr as _;

use super::super::time;
use crate::app::card::{Card, ROW, wrapped};
use crate::app::share_set::{self, CHECK_SECONDS, NewShareSet};
use crate::interchange::qr_draw::{self, Style};
use crate::secret::SecretText;

/// What stands in the one line below a QR code: there is room for no other.
pub(super) const BELOW_QR: &str = "No telephone: it would keep the picture. Enter: back to the words. ";
/// Most columns that a text takes.
const WIDEST: usize = 76;
/// Lines of a list of names before it is cut.
const MOST_NAMES: usize = 3;

/// Columns and rows of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Size {
    pub(in crate::cli) columns: usize,
    pub(in crate::cli) rows: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { columns: 80, rows: 24 }
    }
}

impl Size {
    /// Tells whether a page has room on it with its prompt, and one column for the cursor.
    pub(super) fn holds(self, page: &SecretText, prompt: &str) -> bool {
        let (columns, rows) = needed(page, prompt);
        columns <= self.columns && rows <= self.rows
    }

    fn text(self) -> usize {
        self.columns.saturating_sub(2).clamp(20, WIDEST)
    }
}

fn needed(page: &SecretText, prompt: &str) -> (usize, usize) {
    let widest = page.expose().lines().map(str::width).max().unwrap_or_default();
    // Room for a word, or a telephone number of keys that somebody leans on.
    (widest.max(prompt.width() + 1), page.expose().lines().count() + 1)
}

/// A page whose lines are put together here. The buffer never moves.
struct Page {
    text: SecretText,
    columns: usize,
}

impl Page {
    fn new(size: Size) -> Self {
        Self { text: SecretText::with_capacity(8 << 10), columns: size.text() }
    }

    fn line(&mut self, line: &str) {
        self.text.expose_mut().push_str(line);
        self.text.expose_mut().push('\n');
    }

    fn words(&mut self, text: &str) {
        for line in wrapped(text, self.columns) {
            self.line(&line);
        }
    }

    /// As much of a text as one line holds: the rows below it are counted.
    fn first_line(&mut self, text: &str) {
        let mut lines = wrapped(text, self.columns).into_iter();
        let first = lines.next().unwrap_or_default();
        self.line(&format!("{first}{}", if lines.next().is_some() { " …" } else { "" }));
    }

    /// Steps or the like: a mark, and the text hanging behind it.
    fn item(&mut self, mark: &str, text: &str) {
        for (idx, line) in wrapped(text, self.columns - mark.len()).into_iter().enumerate() {
            let mark = if idx == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
            self.line(&format!("{mark}{line}"));
        }
    }
}

fn heading(card: &Card<'_>) -> String {
    format!("Share {} of {}, for {}", card.number(), card.n_shares(), card.custodian())
}

/// What will happen, before anything does.
pub(super) fn before(new: &NewShareSet, size: Size) -> SecretText {
    let set = new.set();
    let mut page = Page::new(size);
    page.words(&format!(
        "A new share set: {} cards, of which any {} open the bundle together.",
        set.n_shares(),
        set.threshold
    ));
    page.line("");
    let names: Vec<String> = set.shares.iter().map(|share| share.custodian.shown()).collect();
    let names = wrapped(&format!("These have to be here: {}", names.join(", ")), page.columns);
    let n_lines = names.len();
    for name in names.into_iter().take(MOST_NAMES) {
        page.line(&name);
    }
    if n_lines > MOST_NAMES {
        page.line(&format!("… ({} in all)", set.n_shares()));
    }
    page.line("Each with paper, a pen that lasts, and an envelope.");
    page.line("");
    page.item("1. ", "In turn, each sees twenty words here, alone, and writes them down.");
    page.item("2. ", "Each types three of them back, which shows that the card can be read.");
    page.item("3. ", "Nobody photographs this screen, and nobody sees another's card.");
    page.item("4. ", "When all have their cards, the bundle is made.");
    page.line("");
    page.words("Ctrl-C ends it at any time: nothing is made then, and cards are void.");
    page.text
}

/// Sends the others away.
pub(super) fn away(card: &Card<'_>, size: Size) -> SecretText {
    let mut page = Page::new(size);
    page.words(&heading(card));
    page.line("");
    page.words("Everybody else looks away now, or leaves the room. No telephone points here.");
    page.line("");
    page.words("The next page has all that goes on the card. Write clearly, with the numbers.");
    page.line("");
    page.text
}

/// The card.
pub(super) fn card(card: &Card<'_>, size: Size) -> SecretText {
    let set = card.set();
    let mut page = Page::new(size);
    page.first_line(&heading(card));
    page.line(&format!(
        "Set {}; any {} of {} open the bundle",
        share_set::name(set.id),
        set.threshold,
        set.n_shares()
    ));
    page.line(&format!(
        "Made {}; check by {}, then every {} days",
        time::day(set.created),
        time::day(set.check_by),
        CHECK_SECONDS / 86_400
    ));
    page.line("");
    // A line between two rows, and more room between words, where there is room for it.
    let (is_tall, cell) = (size.rows >= 18, if size.columns >= 78 { 12 } else { 9 });
    let words = card.share().words();
    let mut row = SecretText::with_capacity(128);
    for (word, place) in words.expose().split(' ').zip(1..) {
        let is_last = place % ROW == 0;
        let width = if is_last { 0 } else { cell };
        row.expose_mut().push_str(&format!("{place:>2} {word:<width$}"));
        if is_last {
            page.line(row.expose());
            row = SecretText::with_capacity(128);
            if is_tall || place == ROW * 4 {
                page.line("");
            }
        }
    }
    let call = match card.call() {
        "" => "write a name and a number",
        call => call,
    };
    page.first_line(&format!("Whom to call: {call}"));
    page.line("Opened with: lifeboat restore FILE   (FILE: the bundle)");
    page.line("Signing key, to be compared then:");
    page.line(card.maker());
    page.line("");
    page.text
}

/// The words as a QR code, and nothing else: it takes the whole screen.
pub(super) fn qr(card: &Card<'_>, ascii: bool, size: Size) -> SecretText {
    let mut page = Page::new(size);
    let style = Style { ascii, inverse: false };
    // Twenty words always have room in one.
    for line in qr_draw::terminal(&card.qr_text(), style).unwrap_or_default() {
        page.line(line.expose());
    }
    page.text
}

/// Asks for a word.
pub(super) fn type_back(card: &Card<'_>, idx: usize, of: usize, size: Size) -> SecretText {
    let mut page = Page::new(size);
    page.words(&heading(card));
    page.line("");
    page.words(&format!("Type this word off your card ({idx} of {of}). Four letters are enough."));
    page.words("An empty answer leaves it out: nobody knows then that the card can be read.");
    page.line("");
    page.text
}

/// Says that a word is not what it should be.
pub(super) fn wrong(card: &Card<'_>, place: usize, size: Size) -> SecretText {
    let mut page = Page::new(size);
    page.words(&heading(card));
    page.line("");
    page.words(&format!("That is not word {place}. Look at the screen, and put the card right."));
    page.line("");
    page.text
}

/// Instead of a page that has no room.
pub(super) fn too_small(page: &SecretText, prompt: &str, size: Size) -> String {
    let (columns, rows) = needed(page, prompt);
    format!(
        "This window is too small: {columns} columns and {rows} rows\nare needed, it has {} and {}. Make it larger.\n",
        size.columns, size.rows
    )
}
