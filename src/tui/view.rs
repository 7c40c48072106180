//! The model drawn. Pure: `&Model` in, cells out. Labels come in already safe to show.

mod forms;
mod list;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::keymap::{BINDINGS, EVERYWHERE, Place, place, screen_place};
use super::model::{Dialog, Model, Screen};

/// Smallest screen that anything is drawn on.
pub const SMALLEST: (u16, u16) = (32, 8);

/// Draws the model.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
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
    frame.render_widget(Paragraph::new(title(model)), top);
    match &model.screen {
        Screen::List => list::draw(model, frame, body),
        Screen::Add(form) => forms::add(model, form, frame, body),
        Screen::FirstRun => forms::first_run(model, frame, body),
        Screen::NewVault(form) => forms::new_vault(model, form, frame, body),
        Screen::Restore(form) => forms::restore(model, form, frame, body),
        Screen::Unlock(form) => forms::unlock(model, form, frame, body),
    }
    frame.render_widget(Paragraph::new(notice_line(model)), notice);
    frame.render_widget(Paragraph::new(footer_line(model, footer.width)), footer);
    match model.dialog {
        Some(Dialog::Help { scroll }) => help(model, scroll, frame, body),
        Some(Dialog::CopyAgain { id, seconds_ago, next_in }) => {
            let row = model.list.rows.iter().find(|row| row.id == id);
            let name = row.map(list::name).unwrap_or_default();
            question(
                model,
                frame,
                body,
                &[
                    format!("The code of {name} was copied {seconds_ago} s ago."),
                    "Most services take a code once.".to_owned(),
                    format!("The next one comes in {next_in} s. Copy the same again?"),
                ],
            );
        }
        None => {}
    }
}

fn title(model: &Model) -> Line<'_> {
    let place = match &model.screen {
        Screen::Add(_) => "Add an entry",
        Screen::FirstRun => "Welcome",
        Screen::List => "Codes",
        Screen::NewVault(_) => "New vault",
        Screen::Restore(_) => "Restore",
        Screen::Unlock(_) => "LOCKED",
    };
    Line::from(vec![
        Span::styled("lifeboat", model.theme.title()),
        Span::raw(if model.ascii { " | " } else { " · " }),
        Span::raw(place),
        Span::raw("  "),
        Span::styled(model.vault_path.as_str(), model.theme.quiet()),
    ])
}

/// What runs, or what just happened.
fn notice_line(model: &Model) -> Line<'_> {
    if let Some(busy) = &model.busy {
        let seconds = model.now.saturating_sub(busy.since);
        let dots = if model.ascii { "..." } else { "…" };
        return Line::from(vec![
            Span::styled(format!("{}{dots} {seconds} s", busy.what), model.theme.title()),
            Span::styled("   Esc cancels", model.theme.quiet()),
        ]);
    }
    match &model.notice {
        Some(notice) if notice.wrong => Line::styled(format!("! {}", notice.text), model.theme.wrong()),
        Some(notice) => Line::raw(notice.text.as_str()),
        None => Line::default(),
    }
}

/// The keys that matter here, as many as fit; help and the way out stay.
fn footer_line(model: &Model, width: u16) -> Line<'static> {
    use unicode_width::UnicodeWidthStr as _;
    let here = place(model);
    let mut bindings: Vec<_> =
        BINDINGS.iter().filter(|binding| binding.place == here && !binding.footer.is_empty()).collect();
    let needed = |binding: &super::keymap::Binding| binding.shown.width() + binding.footer.width() + 4;
    // Dropped from the right, but for the last two: the keys themselves and the way out.
    while bindings.len() > 2
        && bindings.iter().map(|binding| needed(binding)).sum::<usize>() > usize::from(width)
    {
        bindings.remove(bindings.len() - 3);
    }
    let mut spans = Vec::new();
    for binding in bindings {
        spans.push(Span::styled(binding.shown, model.theme.key()));
        spans.push(Span::raw(format!(" {}   ", binding.footer)));
    }
    Line::from(spans)
}

/// The keys of the screen, a line each.
pub fn help_lines(model: &Model) -> Vec<String> {
    let here = screen_place(model);
    let mut lines: Vec<String> = BINDINGS
        .iter()
        .filter(|binding| binding.place == here || (here == Place::List && binding.place == Place::Filter))
        .map(|binding| {
            let place = if binding.place == Place::Filter { "in the filter: " } else { "" };
            format!("{:<10} {place}{}", binding.shown, binding.help)
        })
        .collect();
    lines.extend(EVERYWHERE.iter().map(|(keys, words)| format!("{keys:<10} {words}")));
    lines
}

fn help(model: &Model, scroll: u16, frame: &mut Frame<'_>, body: Rect) {
    let lines: Vec<Line<'_>> = help_lines(model).into_iter().map(Line::from).collect();
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = centered(body, 64, height);
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).scroll((scroll, 0)).block(boxed(model, " Keys ")), area);
}

fn question(model: &Model, frame: &mut Frame<'_>, body: Rect, lines: &[String]) {
    let mut text: Vec<Line<'_>> = lines.iter().map(|line| Line::from(line.as_str())).collect();
    text.push(Line::default());
    text.push(Line::styled("y yes   n no", model.theme.key()));
    let height = u16::try_from(text.len() + 2).unwrap_or(u16::MAX);
    let area = centered(body, 62, height);
    frame.render_widget(Clear, area);
    frame.render_widget(
        Paragraph::new(text).wrap(Wrap { trim: true }).block(boxed(model, " Copy again? ")),
        area,
    );
}

fn boxed<'a>(model: &Model, title: &'a str) -> Block<'a> {
    if model.ascii {
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
        Block::bordered().border_set(ascii).title(title)
    } else {
        Block::bordered().title(title)
    }
}

fn centered(body: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(body.width);
    let height = height.min(body.height);
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height }
}
