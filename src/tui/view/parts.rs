//! What several screens are drawn with: wrapped text, fields with the cursor in them, boxes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::entry::label;
use crate::tui::form::{Form, Input};
use crate::tui::model::Model;
use crate::tui::secret_field::SecretField;

/// Most lines of what is wrong that a form draws; no screen has more.
const MOST_WRONG_LINES: usize = 64;

/// Lines of a form, wrapped already, so that the place of its field is known.
pub(super) struct Page<'m> {
    model: &'m Model,
    width: usize,
    lines: Vec<Line<'static>>,
    /// Line and column of the field's cursor.
    cursor: Option<(usize, usize)>,
    /// The line that must be seen, whatever else does not fit.
    focus: usize,
}

impl<'m> Page<'m> {
    pub(super) fn new(model: &'m Model, area: Rect) -> Self {
        Self { model, width: usize::from(area.width), lines: Vec::new(), cursor: None, focus: 0 }
    }

    pub(super) fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.styled(text, Style::new());
    }

    pub(super) fn quiet(&mut self, text: &str) {
        self.styled(text, self.model.theme.quiet());
    }

    pub(super) fn styled(&mut self, text: &str, style: Style) {
        self.lines.extend(wrap(text, self.width).into_iter().map(|line| Line::styled(line, style)));
    }

    /// A key and what it does; continued lines stand under the words.
    pub(super) fn key(&mut self, key: &'static str, words: &str) {
        let indent = key.width();
        for (idx, line) in wrap(words, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let key =
                if idx == 0 { Span::styled(key, self.model.theme.key()) } else { " ".repeat(indent).into() };
            self.lines.push(Line::from(vec![key, line.into()]));
        }
    }

    /// What is wrong, a line at a time; nothing for nothing.
    pub(super) fn wrong(&mut self, wrong: Option<&str>) {
        for line in wrong.into_iter().flat_map(str::lines).take(MOST_WRONG_LINES) {
            self.styled(&format!("! {line}"), self.model.theme.wrong());
        }
    }

    /// A field behind its prompt; the terminal's cursor stands in it.
    pub(super) fn field(&mut self, prompt: &str, field: &SecretField) {
        let room = self.width.saturating_sub(prompt.width()).max(4);
        let drawn = field.drawn(room, self.model.ascii);
        self.cursor = Some((self.lines.len(), prompt.width() + drawn.cursor));
        self.focus = self.lines.len();
        self.lines.push(Line::from(vec![
            Span::styled(prompt.to_owned(), self.model.theme.key()),
            drawn.text.into(),
        ]));
    }

    /// The fields of a form, a line each, and a few words about the one that has the cursor.
    pub(super) fn form(&mut self, form: &Form) {
        self.fields(form);
        if form.focused().is_some_and(|field| !field.help.is_empty()) {
            self.blank();
            self.help(form);
        }
    }

    /// A few words about the field that has the cursor.
    pub(super) fn help(&mut self, form: &Form) {
        if let Some(help) = form.focused().map(|field| field.help).filter(|help| !help.is_empty()) {
            self.quiet(help);
        }
    }

    /// A line of several styles, which is not wrapped.
    pub(super) fn spans(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// The fields of a form, a line each.
    pub(super) fn fields(&mut self, form: &Form) {
        let labels = form.fields().iter().map(|field| field.label.width()).max().unwrap_or(0);
        for (idx, field) in form.fields().iter().enumerate() {
            let is_focused = idx == form.focus();
            let marker = if is_focused { "> " } else { "  " };
            let label = format!("{marker}{:<labels$}", field.label);
            let style = if is_focused { self.model.theme.key() } else { Style::new() };
            let room = self.width.saturating_sub(label.width()).max(4);
            let text = match &field.input {
                Input::Choice { values, chosen } => {
                    let value = values.get(*chosen).map(AsRef::as_ref).unwrap_or_default();
                    if is_focused { format!("< {value} >") } else { value.to_owned() }
                }
                Input::Path(text) | Input::Secret(text) | Input::Text(text) => {
                    let drawn = text.drawn(room, self.model.ascii);
                    if is_focused {
                        self.cursor = Some((self.lines.len(), label.width() + drawn.cursor));
                    }
                    drawn.text
                }
            };
            if is_focused {
                self.focus = self.lines.len();
                self.cursor.get_or_insert((self.lines.len(), 0));
            }
            self.lines.push(Line::from(vec![Span::styled(label, style), text.into()]));
        }
    }

    /// Columns of a line.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many lines there are.
    pub(super) fn n_lines(&self) -> usize {
        self.lines.len()
    }

    /// Makes the last line the one that must be seen.
    pub(super) fn focus(&mut self) {
        self.focus = self.lines.len().saturating_sub(1);
    }

    /// Draws the lines from one of them on; the last one stays at the end of the screen.
    pub(super) fn draw_from(mut self, line: usize, frame: &mut Frame<'_>, area: Rect) {
        let most = self.lines.len().saturating_sub(usize::from(area.height));
        self.lines.drain(..line.min(most));
        frame.set_cursor_position(Position { x: area.x, y: area.y });
        frame.render_widget(Paragraph::new(self.lines), area);
    }

    /// Draws the lines. Where not all of them fit, the one that must be seen is, and the one after it.
    pub(super) fn draw(self, frame: &mut Frame<'_>, area: Rect) {
        let height = usize::from(area.height);
        let most = self.lines.len().saturating_sub(height);
        let skipped = (self.focus + 2).saturating_sub(height).min(self.focus).min(most);
        if let Some((line, column)) = self.cursor
            && let (Ok(x), Ok(y)) = (u16::try_from(column), u16::try_from(line - skipped))
            && x < area.width
            && y < area.height
        {
            frame.set_cursor_position(Position { x: area.x + x, y: area.y + y });
        }
        let lines: Vec<Line<'_>> = self.lines.into_iter().skip(skipped).collect();
        frame.render_widget(Paragraph::new(lines), area);
    }
}

/// Breaks a text at spaces into lines of so many columns; longer words are broken where they must be.
/// Spaces at the start of a line are kept as its indent. What it draws is safe to show, whatever came.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    // Nearly every text is one such line, and an incident has up to a hundred thousand of them.
    if text.len() <= width && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return vec![text.trim_end().to_owned()];
    }
    let text = label::shown_message(text);
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        if line.width() + word.trim_end().width() <= width {
            line.push_str(word);
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        for grapheme in word.graphemes(true) {
            if line.width() + grapheme.width() > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Draws lines in a box in the middle of the screen.
pub(super) fn boxed(
    model: &Model,
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    lines: Vec<Line<'_>>,
    scroll: u16,
) {
    let block = if model.ascii {
        let ascii = ratatui::symbols::border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        };
        Block::bordered().border_set(ascii)
    } else {
        Block::bordered()
    };
    frame.render_widget(Clear, area);
    frame.render_widget(
        Paragraph::new(lines).scroll((scroll, 0)).block(block.title(format!(" {title} "))),
        area,
    );
}

pub(super) fn centered(body: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(body.width);
    let height = height.min(body.height);
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height }
}

/// Cuts or fills a text to a number of columns, the last of which stays empty.
pub(super) fn padded(text: &str, width: usize, ascii: bool) -> String {
    let mut out = cut(text, width.saturating_sub(1), ascii);
    let used = out.width();
    out.push_str(&" ".repeat(width.saturating_sub(used)));
    out
}

/// Cuts a text to a number of columns; what was cut ends in a mark. It is safe to show, whatever came.
pub(super) fn cut(text: &str, width: usize, ascii: bool) -> String {
    let text = label::shown_message(text);
    if text.width() <= width {
        return text;
    }
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        if out.width() + grapheme.width() + 1 > width {
            break;
        }
        out.push_str(grapheme);
    }
    if width > 0 {
        out.push_str(if ascii { "~" } else { "…" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_long_words_where_they_must_be() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("    indented words", 12), ["    indented", "words"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn wide_characters_are_cut_by_their_columns() {
        assert_eq!(cut("鸭子鸭子", 5, false), "鸭子…");
        assert_eq!(padded("鸭子", 6, false), "鸭子  ");
        assert_eq!(cut("abcdef", 3, true), "ab~");
    }
}
