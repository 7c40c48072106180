//! The model drawn. Pure: `&Model` in, cells out. Labels come in already safe to show.

mod forms;
mod list;
mod parts;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use self::parts::{boxed, centered, wrap};
use super::keymap::{BINDINGS, Binding, EVERYWHERE, Place, place, screen_place};
use super::model::{Dialog, Model, Screen};

/// Smallest screen that anything is drawn on.
pub const SMALLEST: (u16, u16) = (32, 8);

/// Most lines that a notice covers at the bottom of the screen.
const NOTICE_LINES: usize = 3;

/// Columns of a dialog's text.
const DIALOG_WIDTH: u16 = 66;

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    if model.left {
        return;
    }
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let words = format!("too small: {}x{}, need {}x{}", area.width, area.height, SMALLEST.0, SMALLEST.1);
        frame.render_widget(Paragraph::new(words).wrap(Wrap { trim: true }), area);
        return;
    }
    let [top, body, notice, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(title(model, usize::from(top.width))), top);
    match &model.screen {
        Screen::List => list::draw(model, frame, body),
        Screen::Add(form) => forms::add(model, form, frame, body),
        Screen::Clock(form) => forms::clock(model, form, frame, body),
        Screen::FirstRun => forms::first_run(model, frame, body),
        Screen::NewVault(form) => forms::new_vault(model, form, frame, body),
        Screen::Restore(form) => forms::restore(model, form, frame, body),
        Screen::Unlock(form) => forms::unlock(model, form, frame, body),
    }
    draw_notice(model, frame, notice);
    frame.render_widget(Paragraph::new(footer_line(model, footer.width)), footer);
    draw_dialog(model, frame, body);
}

fn title(model: &Model, width: usize) -> Line<'static> {
    let place = match &model.screen {
        Screen::Add(_) => "Add an entry",
        Screen::Clock(_) => "Clock",
        Screen::FirstRun => "Welcome",
        Screen::List => "Codes",
        Screen::NewVault(_) => "New vault",
        Screen::Restore(_) => "Restore",
        Screen::Unlock(_) => "LOCKED",
    };
    let place = format!("{}{place}  ", if model.ascii { " | " } else { " · " });
    let mut warning = String::new();
    if model.sandbox_off {
        warning.push_str("sandbox off  ");
    }
    if model.clock.correction != 0 {
        let seconds = format!("{:+} s", model.clock.correction);
        warning.push_str(&match width {
            64.. => format!("clock corrected {seconds} for this run  "),
            _ => format!("clock {seconds}  "),
        });
    }
    let room = width.saturating_sub(
        "lifeboat".len() + unicode_width::UnicodeWidthStr::width(place.as_str()) + warning.len(),
    );
    Line::from(vec![
        Span::styled("lifeboat", model.theme.title()),
        Span::raw(place),
        Span::styled(warning, model.theme.wrong()),
        Span::styled(parts::cut(&model.vault_path, room, model.ascii), model.theme.quiet()),
    ])
}

/// What runs, what is waited for, or what just happened: above the footer, over as much of the screen
/// as the words need.
fn draw_notice(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (words, style) = if let Some(busy) = &model.busy {
        let seconds = model.now.saturating_sub(busy.since);
        let dots = if model.ascii { "..." } else { "…" };
        let cancels = if busy.can_cancel { "   Esc cancels" } else { "" };
        (format!("{}{dots} {seconds} s{cancels}", busy.what), model.theme.title())
    } else if let Some(waiting) = model.waiting {
        let row = model.list.rows.iter().find(|row| row.id == waiting.id);
        let name = row.map(super::model::Row::title).unwrap_or_default();
        let seconds = waiting.at.saturating_sub(model.now);
        (format!("copying the next code of {name} in {seconds} s   Esc stops"), model.theme.title())
    } else if let Some(notice) = &model.notice {
        let mark = if notice.wrong { "! " } else { "" };
        let style = if notice.wrong { model.theme.wrong() } else { Style::new() };
        (format!("{mark}{}", notice.text), style)
    } else {
        return;
    };
    let lines = wrap(&words, usize::from(area.width));
    let lines: Vec<Line<'_>> =
        lines.into_iter().take(NOTICE_LINES).map(|line| Line::styled(line, style)).collect();
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let area = Rect { y: area.y + 1 - height, height, ..area };
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines), area);
}

/// The keys that matter here, as many as fit; help and the way out stay.
fn footer_line(model: &Model, width: u16) -> Line<'static> {
    use unicode_width::UnicodeWidthStr as _;
    let here = place(model);
    let mut bindings: Vec<&Binding> =
        BINDINGS.iter().filter(|binding| binding.place == here && !binding.footer.is_empty()).collect();
    // The first of several keys is enough here; the help names all.
    let key = |binding: &Binding| binding.shown.split(',').next().unwrap_or_default();
    let needed = |binding: &Binding| key(binding).width() + binding.footer.width() + 4;
    // Dropped from the right, but for the last two: the keys themselves and the way out.
    while bindings.len() > 2
        && bindings.iter().map(|binding| needed(binding)).sum::<usize>() > usize::from(width) + 3
    {
        bindings.remove(bindings.len() - 3);
    }
    let mut spans = Vec::new();
    for binding in bindings {
        spans.push(Span::styled(key(binding), model.theme.key()));
        spans.push(Span::raw(format!(" {}   ", binding.footer)));
    }
    Line::from(spans)
}

/// The keys of the screen, a line each.
fn help_lines(model: &Model) -> Vec<String> {
    let here = screen_place(model);
    let here = if here == Place::Filter { Place::List } else { here };
    let mut lines: Vec<String> = BINDINGS
        .iter()
        .filter(|binding| binding.place == here || (here == Place::List && binding.place == Place::Filter))
        .map(|binding| {
            let place = if binding.place == Place::Filter { "in the filter: " } else { "" };
            format!("{:<12} {place}{}", binding.shown, binding.help)
        })
        .collect();
    lines.extend(EVERYWHERE.iter().map(|(keys, words)| format!("{keys:<12} {words}")));
    lines
}

/// The lines of the open dialog as they are wrapped on this screen.
pub fn dialog_lines(model: &Model) -> Vec<String> {
    let width = usize::from(DIALOG_WIDTH.min(model.size.0.saturating_sub(2)));
    let lines = match &model.dialog {
        None => return Vec::new(),
        Some(Dialog::CopyAgain { id, copied_at, next_at }) => {
            let row = model.list.rows.iter().find(|row| row.id == *id);
            let name = row.map(super::model::Row::title).unwrap_or_default();
            let ago = model.now.saturating_sub(*copied_at);
            let left = next_at.saturating_sub(model.now);
            vec![
                format!("The code of {name} was copied {ago} s ago."),
                "Most services take a code once.".to_owned(),
                format!("The next one comes in {left} s."),
                String::new(),
                "y  copy the same again".to_owned(),
                "w  wait, and copy the next one".to_owned(),
                "n  copy nothing".to_owned(),
            ]
        }
        Some(Dialog::Failure { lines, .. }) => lines.clone(),
        Some(Dialog::Help { .. }) => help_lines(model),
    };
    lines.iter().flat_map(|line| wrap(line, width)).collect()
}

/// Lines of a dialog that can be seen at once: title, notice, footer and the box take five.
pub fn dialog_page(model: &Model) -> usize {
    usize::from(model.size.1).saturating_sub(5).max(1)
}

fn draw_dialog(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let (title, scroll, style) = match &model.dialog {
        None => return,
        Some(Dialog::CopyAgain { .. }) => ("Copy again?", 0, Style::new()),
        Some(Dialog::Failure { scroll, .. }) => ("This did not work", *scroll, model.theme.wrong()),
        Some(Dialog::Help { scroll }) => ("Keys", *scroll, Style::new()),
    };
    let lines = dialog_lines(model);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = centered(body, DIALOG_WIDTH + 2, height);
    // The first line of a failure is what happened.
    let styled = lines
        .into_iter()
        .enumerate()
        .map(|(idx, line)| Line::styled(line, if idx == 0 { style } else { Style::new() }));
    boxed(model, frame, area, title, styled.collect(), scroll);
}
