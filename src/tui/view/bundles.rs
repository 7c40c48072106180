//! The bundles, and what is done with them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::listed::{self, Layout};
use super::parts::{Page, cut, padded};
use super::window::Window;
use super::{forms, report};
use crate::app::status::count;
use crate::tui::model::{
    BundleForm, BundleRow, BundlesPage, COMPACT_COLUMNS, Doing, KitForm, Model, NewBundle, NewBundleStep,
    Purpose,
};

/// Columns of a day, and of the number of entries.
const DAY: usize = 12;
const ENTRIES: usize = 9;
/// Columns of what has changed, and of the review.
const CHANGES: usize = 22;
const REVIEW: usize = 17;
pub(super) fn draw(model: &Model, page: &BundlesPage, frame: &mut Frame<'_>, area: Rect) {
    match &page.doing {
        Doing::List => list(model, page, frame, area),
        Doing::New(new) => new_bundle(model, new, frame, area),
        Doing::Existing(purpose, bundle) => existing(model, *purpose, bundle, frame, area),
        Doing::Kit(kit) => new_kit(model, kit, frame, area),
        Doing::Merge(merge) => report::report(model, merge, frame, area),
        Doing::Done(done) => report::done(model, done, frame, area),
    }
}

fn list(model: &Model, page: &BundlesPage, frame: &mut Frame<'_>, area: Rect) {
    let Some(rows) = &page.rows else { return };
    let Some(layout) = layout(model, page, area) else { return empty(model, frame, area) };
    let width = usize::from(area.width);
    let lines = rows.iter().enumerate().map(|(idx, row)| line(model, row, idx == page.selected, width));
    listed::draw(frame, area, layout, page.selected, heading(model, width), lines);
}

fn layout(model: &Model, page: &BundlesPage, area: Rect) -> Option<Layout> {
    let facts = page.selected_row().map(|row| row.facts.as_slice());
    listed::layout(model, page.rows.as_ref().map(Vec::len), page.selected, facts, area)
}

/// Where the rows are; `None` where there are none.
pub(super) fn window(model: &Model, page: &BundlesPage, area: Rect) -> Option<Window> {
    layout(model, page, area).map(|layout| layout.window)
}

fn is_compact(width: usize) -> bool {
    width < usize::from(COMPACT_COLUMNS)
}

fn heading(model: &Model, width: usize) -> Line<'static> {
    let words = if is_compact(width) {
        format!("  {}{}", padded("MADE", DAY, model.ascii), "SINCE THEN")
    } else {
        format!(
            "  {}{}{}{}LABEL",
            padded("MADE", DAY, model.ascii),
            padded("ENTRIES", ENTRIES, model.ascii),
            padded("SINCE THEN", CHANGES, model.ascii),
            padded("REVIEW", REVIEW, model.ascii),
        )
    };
    Line::styled(cut(&words, width, model.ascii), model.theme.quiet())
}

fn line(model: &Model, row: &BundleRow, is_selected: bool, width: usize) -> Line<'static> {
    let marker = if is_selected { "> " } else { "  " };
    let style = if is_selected { model.theme.selected() } else { Style::new() };
    let due = if row.review_due { " DUE" } else { "" };
    let review = row.review.as_ref().map(|review| format!("{review}{due}")).unwrap_or_default();
    let review_style = if row.review_due { model.theme.wrong() } else { Style::new() };
    let change_style = if row.is_current { Style::new() } else { model.theme.banner() };
    let day = Span::styled(format!("{marker}{}", padded(&row.day, DAY, model.ascii)), style);
    if is_compact(width) {
        let due = if row.review_due { "  review DUE" } else { "" };
        let room = width.saturating_sub(day.width() + due.len());
        let changes = Span::styled(cut(&row.changes, room, model.ascii), change_style);
        return Line::from(vec![day, changes, Span::styled(due, review_style)]);
    }
    let entries = Span::raw(padded(&row.n_entries.to_string(), ENTRIES, model.ascii));
    let changes = Span::styled(padded(&row.changes, CHANGES, model.ascii), change_style);
    let review = Span::styled(padded(&review, REVIEW, model.ascii), review_style);
    let used = day.width() + entries.width() + changes.width() + review.width();
    let label = Span::raw(cut(&row.label, width.saturating_sub(used), model.ascii));
    Line::from(vec![day, entries, changes, review, label])
}

fn empty(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.text("No bundle was made of this vault yet.");
    page.blank();
    page.text(
        "A bundle is one file with everything in it, sealed with a passphrase of its own. It restores on any machine that has Lifeboat, and kept elsewhere it outlasts this one.",
    );
    page.blank();
    page.key("  n  ", "make one: its passphrase goes onto paper, the file to another place");
    page.key("  r  ", "restore one that was made elsewhere into this vault");
    page.key("  v  ", "open one and check everything in it");
    page.key("  c  ", "custodians: people who open a bundle together, two of three, say");
    page.key("  K  ", "the kit that a custodian keeps, once there is a bundle for it");
    page.draw(frame, area);
}

fn new_bundle(model: &Model, new: &NewBundle, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    match &new.step {
        NewBundleStep::What => {
            page.text("1 of 3   A file that restores on any machine that has Lifeboat.");
            if !new.marked.is_empty() {
                page.text(&format!(
                    "         {} marked.",
                    count(new.marked.len(), "entry is", "entries are")
                ));
            }
            page.blank();
            page.form(&new.form);
            page.wrong(new.wrong.as_deref());
        }
        NewBundleStep::Passphrase(form) => {
            page.text(&format!(
                "2 of 3   A passphrase for this bundle alone: {}.",
                forms::entries(new.n_entries)
            ));
            page.quiet("Not the vault's own: the bundle is opened when the vault is gone, from paper.");
            page.blank();
            forms::passphrase(&mut page, model, form);
        }
        NewBundleStep::Vault(proof) => {
            page.text("3 of 3   The vault's passphrase, once more.");
            page.quiet("A bundle outlasts this sitting: whoever sits here has to know it.");
            page.blank();
            forms::vault_proof(&mut page, model, proof);
        }
    }
    page.draw(frame, area);
}

fn new_kit(model: &Model, kit: &KitForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.text(
        "What one custodian keeps: the newest bundle of all entries three times, this program, the independent reader, instructions.",
    );
    page.quiet("No share, no passphrase and no key file is in it: it opens nothing by itself.");
    page.blank();
    page.form(&kit.form);
    page.wrong(kit.wrong.as_deref());
    page.draw(frame, area);
}

fn existing(model: &Model, purpose: Purpose, bundle: &BundleForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    let words = match (&bundle.about, purpose) {
        (Some(_), _) => "The file is whole. It says of itself:",
        (None, Purpose::Inspect) => "Which bundle? What stands outside of it is shown, without opening it.",
        (None, Purpose::Merge) => "Which bundle? Its entries come into this vault, once you have seen which.",
        (None, Purpose::Verify) => {
            "Which bundle? It is opened and everything in it is checked; nothing is changed."
        }
    };
    page.text(words);
    forms::bundle(&mut page, model, bundle, "  ");
    page.draw(frame, area);
}
