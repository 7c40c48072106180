//! The forms of one entry: a new one, one that is there; and the first code.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::codes;
use super::parts::Page;
use crate::app::check::Checked;
use crate::tui::form::Form;
use crate::tui::model::{AddForm, EditForm, Model, Proving};

/// Bits of a seed that are advised.
const ADVISED: usize = crate::otp::seed::ADVISED_SEED_BITS;

pub(super) fn add(model: &Model, form: &AddForm, frame: &mut Frame<'_>, area: Rect) {
    if let Some(proving) = &form.proving {
        return first_code(model, proving, frame, area);
    }
    let mut below = Page::new(model, area);
    let is_wrong = form.wrong.is_some();
    match &form.checked {
        Some(Err(words)) if !is_wrong => below.wrong(Some(words)),
        Some(Ok(checked)) => {
            found(&mut below, checked);
            if let Some(twin) = &checked.twin {
                below.wrong(Some(&format!("the same seed is in the vault already, as {}", twin.title)));
            } else if let Some(namesake) = &checked.namesake {
                let words = format!(
                    "an entry of this name has another seed: {}. Has the service given a new one, e on it replaces \
                     the old",
                    namesake.title
                );
                below.text(&words);
            }
        }
        Some(Err(_)) | None => {}
    }
    below.wrong(form.wrong.as_deref());
    let is_named = ["issuer", "account"].iter().any(|key| !form.form.value(key).trim().is_empty());
    if matches!(&form.checked, Some(Ok(checked)) if checked.twin.is_none()) && !is_wrong {
        let words = if is_named { "adds it" } else { "adds it, once it has an issuer or an account" };
        below.key("Enter ", words);
    }
    both(model, &form.form, below, frame, area);
}

/// What is known of a seed that is good.
fn found(page: &mut Page<'_>, checked: &Checked) {
    let bits = checked.bits;
    if checked.is_short {
        page.text(&format!("seed: {bits} bits, under the {ADVISED} that are advised; the service chose it"));
    } else {
        page.text(&format!("seed: {bits} bits"));
    }
    for warning in &checked.warnings {
        page.text(&format!("note: {warning}"));
    }
}

pub(super) fn edit(model: &Model, edit: &EditForm, frame: &mut Frame<'_>, area: Rect) {
    let mut below = Page::new(model, area);
    match &edit.checked {
        Some(Err(words)) if edit.wrong.is_none() => below.wrong(Some(words)),
        Some(Ok(checked)) => {
            found(&mut below, checked);
            let twin = checked.twin.as_ref();
            if twin.is_some_and(|twin| twin.id == edit.values.id) {
                below.text("that is the seed that it has");
            } else if let Some(twin) = twin {
                below.wrong(Some(&format!("the same seed is in the vault already, as {}", twin.title)));
            }
            if checked.said.is_some() {
                below.text("only the seed of the URI is taken");
            }
        }
        Some(Err(_)) | None => {}
    }
    let n_codes = edit.n_typed_codes();
    if n_codes > 0 {
        below.text(&format!("recovery codes: {n_codes}"));
    }
    below.wrong(edit.wrong.as_deref());
    both(model, &edit.form, below, frame, area);
}

/// The fields above; below them what the one with the cursor is for, and what was found. Where not all fits, the fields
/// scroll, and what was found goes before what the field is for.
fn both(model: &Model, form: &Form, found: Page<'_>, frame: &mut Frame<'_>, area: Rect) {
    let mut fields = Page::new(model, area);
    fields.fields(form);
    let mut help = Page::new(model, area);
    help.help(form);
    let count = |page: &Page<'_>| u16::try_from(page.n_lines()).unwrap_or(u16::MAX);
    let (n_fields, n_found) = (count(&fields), count(&found));
    let room = area.height.saturating_sub(n_fields).max(area.height / 2);
    let n_help = if n_found == 0 { count(&help).min(room) } else { count(&help) };
    let n_help = if n_help + n_found > room { 0 } else { n_help };
    let n_below = n_help + n_found.min(room);
    let upper = area.height.saturating_sub(n_below).min(n_fields);
    fields.draw(frame, Rect { height: upper, ..area });
    // A blank line between them, where there is one to spare.
    let y = area.y + upper + u16::from(upper + n_below < area.height);
    help.draw(frame, Rect { y, height: n_help, ..area });
    found.draw(frame, Rect { y: y + n_help, height: n_below - n_help, ..area });
}

fn first_code(model: &Model, proving: &Proving, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.text(&format!("{} is added.", proving.title));
    for warning in &proving.warnings {
        page.text(&format!("note: {warning}"));
    }
    if let Some(row) = model.list.row(proving.id) {
        page.blank();
        page.spans(codes::code_and_countdown(model, row));
    }
    page.blank();
    if proving.refused {
        page.styled("It stays, and it is unproven. What to check:", model.theme.wrong());
        page.key("  T  ", "the clock: two minutes off, and no code fits. T compares it with another device");
        page.key("  e  ", "algorithm, digits and period: as the service says, or SHA1, 6 and 30");
        page.key(
            "     ",
            "the seed: was it copied as a whole? Have the service show its QR code anew, and add that",
        );
        page.key("  a  ", "a later code was accepted");
        page.key("  s  ", "leave it for now; p notes it later");
    } else {
        page.text("Give this code to the service now. Has it accepted it?");
        page.blank();
        page.key("  Enter  ", "copies the code");
        page.key("  a      ", "accepted: that is noted with the date");
        page.key("  n      ", "not accepted: what to check");
        page.key("  s      ", "skip it; the entry counts as never proven until then");
    }
    page.draw(frame, area);
}
