//! Files of other programs: what is asked, what they hold, what became of it.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::parts::Page;
use super::{forms, report};
use crate::tui::model::{ExportForm, ExportStep, ImportForm, Model, TransferForm};

pub(super) fn draw(model: &Model, form: &TransferForm, frame: &mut Frame<'_>, area: Rect) {
    match form {
        TransferForm::Done(done) => report::done(model, done, frame, area),
        TransferForm::Export(export) => draw_export(model, export, frame, area),
        TransferForm::Import(import) => draw_import(model, import, frame, area),
        TransferForm::Report(report, _) => report::report(model, report, frame, area),
    }
}

fn draw_import(model: &Model, import: &ImportForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    match &import.recognised {
        None => {
            page.text(&format!(
                "Which file? These can be read: {}.",
                crate::app::import::formats().join(", ")
            ));
            page.quiet("You see what it would bring before anything is written.");
            if !model.open {
                page.quiet("A vault for it is made next.");
            }
        }
        Some(recognised) => page.text(&format!("The file is recognised: {}.", recognised.format)),
    }
    page.blank();
    page.form(&import.form);
    page.wrong(import.wrong.as_deref());
    page.draw(frame, area);
}

fn draw_export(model: &Model, export: &ExportForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    let what = format!("{} to be written.", forms::entries(export.n_entries));
    match &export.step {
        ExportStep::What => {
            page.text("1 of 3   A file for another authenticator.");
            page.blank();
            page.form(&export.form);
            page.wrong(export.wrong.as_deref());
            if export.wrong.is_none() && export.form.focused().is_some_and(|field| field.key == "format") {
                let formats = crate::app::export::formats();
                let names: Vec<&str> = formats.iter().map(|format| format.name).collect();
                page.blank();
                page.quiet(&format!("There are: {}.", names.join(", ")));
            }
        }
        ExportStep::Passphrase(form) => {
            page.text(&format!("2 of 3   A passphrase for the file: {what}"));
            lossy(&mut page, export);
            page.blank();
            forms::passphrase(&mut page, model, form);
        }
        ExportStep::Clear(form) => {
            page.text(&format!("2 of 3   Every seed in clear: {what}"));
            page.wrong(Some("Whoever reads this file has every code of these entries from then on."));
            lossy(&mut page, export);
            page.text(&format!(
                "It is written for you alone to read (0600), and the log says so. Type \"{}\" if that is meant.",
                crate::tui::update::PLAINTEXT_WORD
            ));
            page.blank();
            page.form(form);
            page.wrong(export.wrong.as_deref());
        }
        ExportStep::Vault(proof) => {
            page.text("3 of 3   The vault's passphrase, once more.");
            page.quiet("The file outlasts this sitting: whoever sits here has to know it.");
            page.blank();
            forms::vault_proof(&mut page, model, proof);
        }
    }
    page.draw(frame, area);
}

fn lossy(page: &mut Page<'_>, export: &ExportForm) {
    if !export.lossy.is_empty() {
        page.quiet(&format!("The format does not keep: {}.", export.lossy.join(", ")));
    }
    for line in &export.left_out {
        page.wrong(Some(line));
    }
}
