//! The screens with a field, and the first run.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::parts::Page;
use crate::tui::model::{ClockForm, Model, NewPassphrase, RestoreForm, UnlockForm};
use crate::tui::secret_field::SecretField;

pub(super) fn first_run(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.text("There is no vault on this machine yet. What would you like to do?");
    page.blank();
    page.key("  1  ", "make a new vault");
    page.key("  2  ", "restore a bundle, because another machine or phone is gone");
    page.key("  3  ", "import another authenticator's file, into a new vault");
    page.blank();
    page.quiet("Nothing is written until you say so. Nothing here speaks to a network.");
    page.draw(frame, area);
}

/// A hint that Caps Lock may be on.
fn caps(page: &mut Page<'_>, field: &SecretField) {
    if field.looks_like_caps_lock() {
        page.text("Every letter so far is a capital: is Caps Lock on?");
    }
}

pub(super) fn unlock(model: &Model, form: &UnlockForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.field("Passphrase: ", &form.field);
    caps(&mut page, &form.field);
    page.blank();
    match &model.key_file {
        Some(path) => {
            page.text(&format!("With the key file {path}; leave the field empty if that opens it alone."));
        }
        None if model.wants_key_file => {
            page.text("This vault needs its key file too. Leave with Esc and start again:");
            page.text("    lifeboat --key-file PATH");
        }
        None => {}
    }
    page.wrong(form.wrong.as_deref());
    let seconds = model.must_wait();
    if seconds > 0 {
        let n_wrong = model.back_off.n_wrong();
        page.text(&format!("{n_wrong} wrong passphrases: the next can be typed in {seconds} s."));
    }
    page.blank();
    page.quiet("The passphrase is forgotten? In the shell: lifeboat restore BUNDLE");
    page.quiet("(a bundle has a passphrase of its own)");
    page.draw(frame, area);
}

fn passphrase(page: &mut Page<'_>, model: &Model, form: &NewPassphrase) {
    if let Some(words) = &form.offered {
        page.text("Write these words on paper now. They are not shown again, and you will type them next:");
        page.blank();
        page.styled(&format!("    {}", words.expose()), model.theme.code());
        page.focus();
        page.key("Enter ", "when they are on paper");
        return;
    }
    let again = form.first.is_some();
    page.field(if again { "Once more: " } else { "New passphrase: " }, &form.field);
    page.blank();
    if !again && form.field.is_empty() {
        page.quiet("Leave it empty and press Enter for one of eight words: easy to write down, 80 bits.");
    } else if !again {
        page.text(&form.strength);
    }
    page.wrong(form.wrong.as_deref());
}

pub(super) fn new_vault(model: &Model, form: &NewPassphrase, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    page.text("The passphrase opens the vault. Nobody can reset it: it is what keeps the seeds.");
    page.blank();
    passphrase(&mut page, model, form);
    page.draw(frame, area);
}

pub(super) fn restore(model: &Model, form: &RestoreForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    match form {
        RestoreForm::Path { field, wrong } => {
            page.text("1 of 3   Where is the bundle? Type or paste its path.");
            page.blank();
            page.field("Path: ", field);
            page.blank();
            page.wrong(wrong.as_deref());
        }
        RestoreForm::Passphrase { field, about, wrong } => {
            page.text("2 of 3   The file is whole. It says of itself:");
            for line in about {
                page.text(&format!("         {line}"));
            }
            page.blank();
            page.field("Passphrase of the bundle: ", field);
            page.blank();
            if let Some(path) = &model.key_file {
                page.text(&format!("With the key file {path}."));
            }
            page.wrong(wrong.as_deref());
        }
        RestoreForm::New { n_entries, form, .. } => {
            let entries = if *n_entries == 1 { "1 entry".to_owned() } else { format!("{n_entries} entries") };
            page.text(&format!("3 of 3   The bundle is open: {entries}."));
            page.text("         Now a passphrase for the vault on this machine.");
            page.blank();
            passphrase(&mut page, model, form);
        }
    }
    page.draw(frame, area);
}

pub(super) fn clock(model: &Model, form: &ClockForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    if let Some((words, seconds)) = &form.offered {
        page.text(&format!("{words}."));
        page.blank();
        let correct = match seconds {
            0 => "makes codes by the clock as it is".to_owned(),
            _ => format!("makes codes with {seconds:+} s on the clock, for this run only"),
        };
        page.key("Enter ", &correct);
        page.key("Esc   ", "leaves everything as it is");
        page.blank();
        page.quiet("Nothing else on this machine changes: set its clock right when you can.");
    } else {
        page.text(&format!("What does another device show for {} now?", form.title));
        page.quiet("One whose codes the service accepts: its clock is the one that counts.");
        page.blank();
        page.field("Code: ", &form.field);
        page.blank();
        page.wrong(form.wrong.as_deref());
    }
    page.draw(frame, area);
}
