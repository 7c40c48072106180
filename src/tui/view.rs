//! The model drawn. Pure: `&Model` in, cells out. Labels come in already safe to show.

mod add;
mod big;
mod bundles;
mod codes;
mod custodians;
mod dialogs;
mod drills;
mod entry;
mod forms;
mod incidents;
mod listed;
mod log;
mod pages;
mod parts;
mod passes;
mod plan;
mod report;
mod runbooks;
mod share_entry;
mod status;
mod transfer;
mod window;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Wrap};
use unicode_width::UnicodeWidthStr as _;

pub use self::dialogs::{dialog_lines, dialog_page, palette};
pub use self::entry::{entry_lines, entry_page, most_modules};
pub use self::incidents::{incident_heights, incident_lines};
use self::parts::{cut, wrap};
pub use self::report::most_above;
pub use self::runbooks::most_above_runbook;
pub use self::status::most_above_status;
pub use self::window::row_at;
use super::keymap::{self, Binding};
use super::message::Message;
use super::model::{Model, Place, Screen};

/// Smallest screen that anything is drawn on.
pub const SMALLEST: (u16, u16) = (32, 8);

/// Most lines that a notice covers at the bottom of the screen.
const NOTICE_LINES: usize = 3;

/// Lines of a screen on which a whole card fits.
const CARD_LINES: usize = 18;

/// Fewest columns of the vault's path that are worth showing.
const SHORTEST_PATH: usize = 12;

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
        Screen::Add(form) => add::add(model, form, frame, body),
        Screen::Bundles(page) => bundles::draw(model, page, frame, body),
        Screen::Clock(form) => forms::clock(model, form, frame, body),
        Screen::Codes => codes::draw(model, frame, body),
        Screen::Custodians(page) => custodians::draw(model, page, frame, body),
        Screen::Drills(page) => drills::draw(model, page, frame, body),
        Screen::Edit(form) => add::edit(model, form, frame, body),
        Screen::Entry(page) => entry::draw(model, page, frame, body),
        Screen::FirstRun => forms::first_run(model, frame, body),
        Screen::Incidents(page) => incidents::draw(model, page, frame, body),
        Screen::Log(page) => log::draw(model, page, frame, body),
        Screen::NewVault(form) => forms::new_vault(model, form, frame, body),
        Screen::Passes(page) => passes::draw(model, page, frame, body),
        Screen::Plan(page) => plan::draw(model, page, frame, body),
        Screen::Runbooks(page) => runbooks::draw(model, page, frame, body),
        Screen::Restore(form) => forms::restore(model, form, frame, body),
        Screen::Status(page) => status::draw(model, page, frame, body),
        Screen::Settings(page) => pages::settings(model, page, frame, body),
        Screen::Transfer(form) => transfer::draw(model, form, frame, body),
        Screen::Trash(page) => pages::trash(model, page, frame, body),
        Screen::Unlock(form) => forms::unlock(model, form, frame, body),
    }
    draw_notice(model, frame, notice);
    frame.render_widget(Paragraph::new(footer_line(model, footer.width)), footer);
    dialogs::draw(model, frame, body);
}

/// What the screen is called, below its place.
fn screen_name(screen: &Screen) -> &'static str {
    match screen {
        Screen::Add(form) => form.name(),
        Screen::Clock(_) => "Clock",
        Screen::Edit(_) => "Edit",
        Screen::Entry(_) => "Entry",
        Screen::FirstRun => "Welcome",
        Screen::NewVault(_) => "New vault",
        Screen::Restore(_) => "Restore",
        Screen::Status(_) => "Status",
        Screen::Transfer(form) => form.name(),
        Screen::Trash(_) => "Trash",
        Screen::Unlock(_) => "LOCKED",
        Screen::Bundles(page) => page.name(),
        Screen::Custodians(page) => page.name(),
        Screen::Drills(page) => page.name(),
        Screen::Incidents(page) => page.name(),
        Screen::Log(page) => page.name(),
        Screen::Passes(page) => page.name(),
        Screen::Plan(page) => page.name(),
        Screen::Runbooks(page) => page.name(),
        Screen::Codes | Screen::Settings(_) => "",
    }
}

/// What must not be overlooked, in words.
fn banner(model: &Model, width: usize) -> String {
    let mut banner = String::new();
    if model.read_only {
        banner.push_str("READ-ONLY  ");
    }
    if model.sandbox_off {
        banner.push_str("SANDBOX OFF  ");
    }
    if model.clock.correction != 0 {
        let seconds = format!("{:+} s", model.clock.correction);
        banner.push_str(&match width {
            64.. => format!("clock corrected {seconds} for this run  "),
            _ => format!("clock {seconds}  "),
        });
    }
    banner
}

/// The program, where the person is, what must not be overlooked, and the vault's path where there is room.
fn title(model: &Model, width: usize) -> Line<'static> {
    let banner = banner(model, width);
    let mut spans = vec![Span::styled("lifeboat", model.theme.title())];
    let used = |spans: &[Span<'_>]| spans.iter().map(|span| span.content.width()).sum::<usize>();
    let place = model.screen.place().filter(|_| model.open);
    let name = screen_name(&model.screen);
    let tabs = tabs(model, place);
    if place.is_some() && name.is_empty() && used(&spans) + used(&tabs) + banner.width() <= width {
        spans.extend(tabs);
    } else {
        let (between, below) = if model.ascii { (" | ", " > ") } else { (" · ", " › ") };
        let words = match (place, name.is_empty()) {
            (Some(place), true) => place.name().to_owned(),
            (Some(place), false) => format!("{}{below}{name}", place.name()),
            (None, _) => name.to_owned(),
        };
        spans.push(Span::raw(format!("{between}{words}  ")));
    }
    spans.push(Span::styled(banner, model.theme.banner()));
    let room = width.saturating_sub(used(&spans));
    if room >= SHORTEST_PATH {
        spans.push(Span::styled(cut(&model.vault_path, room, model.ascii), model.theme.quiet()));
    }
    Line::from(spans)
}

/// The places with their numbers; the one that is open stands in brackets, which need no colour.
fn tabs(model: &Model, open: Option<Place>) -> Vec<Span<'static>> {
    let mut spans = vec![Span::raw(" ")];
    for (idx, place) in Place::ALL.into_iter().enumerate() {
        let name = format!("{} {}", idx + 1, place.name());
        spans.push(if open == Some(place) {
            Span::styled(format!("[{name}]"), model.theme.title())
        } else {
            Span::styled(format!(" {name} "), model.theme.quiet())
        });
    }
    spans.push(Span::raw(" "));
    spans
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
        let name = model.list.row(waiting.id).map(super::model::Row::title).unwrap_or_default();
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

/// Whether a key stands in the footer: in a field only where it does something.
fn is_of_use(model: &Model, binding: &Binding) -> bool {
    let is_field = matches!(binding.scope, keymap::Scope::Field | keymap::Scope::Share);
    // A card is moved only where it is longer than the screen.
    if binding.scope == keymap::Scope::Card && matches!(binding.message(), Message::Move(1)) {
        return model.shows_secret_text() && usize::from(model.size.1) < CARD_LINES;
    }
    if binding.footer.is_empty() || !is_field {
        return !binding.footer.is_empty();
    }
    let (typing, message) = (model.typing(), binding.message());
    if matches!(message, Message::OtherWay) {
        return typing.other_way;
    }
    binding.scope == keymap::Scope::Share
        || (typing.path || !matches!(message, Message::PickFile))
            && (typing.hidden || !matches!(message, Message::ToggleShown))
}

/// The keys that matter here, as many as fit; help and the way out stay.
fn footer_line(model: &Model, width: u16) -> Line<'static> {
    let here = keymap::scope(model);
    let mut bindings: Vec<&Binding> =
        keymap::in_force(here).filter(|binding| is_of_use(model, binding)).collect();
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
