//! The screens with a field, and the first run.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use crate::tui::model::{AddForm, Model, NewPassphrase, RestoreForm, UnlockForm};
use crate::tui::secret_field::SecretField;

fn draw(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'_>>) {
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
}

fn field_line<'a>(model: &Model, prompt: &'a str, field: &SecretField, area: Rect) -> Line<'a> {
    let room = usize::from(area.width).saturating_sub(prompt.len() + 2).max(4);
    Line::from(vec![
        Span::styled(prompt, model.theme.key()),
        Span::raw(field.drawn(room, model.ascii)),
        Span::styled("_", model.theme.key()),
    ])
}

fn wrong_line<'a>(model: &Model, wrong: Option<&'a String>) -> Line<'a> {
    wrong.map_or_else(Line::default, |wrong| {
        Line::from(vec![
            Span::styled("! ", model.theme.wrong()),
            Span::styled(wrong.as_str(), model.theme.wrong()),
        ])
    })
}

pub(super) fn first_run(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let key = |key: &'static str, words: &'static str| {
        Line::from(vec![Span::styled(key, model.theme.key()), Span::raw(words)])
    };
    let lines = vec![
        Line::default(),
        Line::from("There is no vault on this machine yet. What would you like to do?"),
        Line::default(),
        key("  1  ", "make a new vault"),
        key("  2  ", "restore a bundle, because another machine or phone is gone"),
        Line::default(),
        Line::from("  To import another authenticator's file: make a vault, then in the shell"),
        Line::from("     lifeboat import FILE"),
        Line::default(),
        Line::styled(
            "Nothing is written until you say so. Nothing here speaks to a network.",
            model.theme.quiet(),
        ),
    ];
    draw(frame, area, lines);
}

pub(super) fn unlock(model: &Model, form: &UnlockForm, frame: &mut Frame<'_>, area: Rect) {
    let lines = vec![
        Line::default(),
        field_line(model, "Passphrase: ", &form.field, area),
        Line::default(),
        wrong_line(model, form.wrong.as_ref()),
        Line::default(),
        Line::styled(
            "The passphrase is forgotten? In the shell: lifeboat restore BUNDLE",
            model.theme.quiet(),
        ),
        Line::styled("(a bundle has a passphrase of its own)", model.theme.quiet()),
    ];
    draw(frame, area, lines);
}

fn passphrase_lines<'a>(model: &Model, form: &'a NewPassphrase, area: Rect) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if let Some(words) = &form.offered {
        lines.push(Line::from("Write these words on paper now; they are not shown again:"));
        lines.push(Line::default());
        lines.push(Line::styled(format!("    {}", words.expose()), model.theme.code()));
        lines.push(Line::default());
    }
    let prompt = if form.first.is_some() { "Type it again: " } else { "New passphrase: " };
    lines.push(field_line(model, prompt, &form.field, area));
    lines.push(Line::default());
    if form.first.is_none() {
        if form.field.is_empty() {
            lines.push(Line::styled(
                "Leave it empty and press Enter for one of eight words.",
                model.theme.quiet(),
            ));
        } else {
            lines.push(Line::raw(form.strength.as_str()));
        }
    }
    lines.push(wrong_line(model, form.wrong.as_ref()));
    lines
}

pub(super) fn new_vault(model: &Model, form: &NewPassphrase, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = vec![
        Line::default(),
        Line::from("The passphrase opens the vault. Nobody can reset it: it is what keeps the seeds."),
        Line::default(),
    ];
    lines.extend(passphrase_lines(model, form, area));
    draw(frame, area, lines);
}

pub(super) fn restore(model: &Model, form: &RestoreForm, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = vec![Line::default()];
    match form {
        RestoreForm::Path { field, wrong } => {
            lines.push(Line::from("1 of 3   Where is the bundle? Type or paste its path."));
            lines.push(Line::default());
            lines.push(field_line(model, "Path: ", field, area));
            lines.push(Line::default());
            lines.push(wrong_line(model, wrong.as_ref()));
        }
        RestoreForm::Passphrase { field, about, wrong } => {
            lines.push(Line::from("2 of 3   The file is whole. It says of itself:"));
            lines.extend(about.iter().map(|line| Line::from(format!("           {line}"))));
            lines.push(Line::default());
            lines.push(field_line(model, "Passphrase of the bundle: ", field, area));
            lines.push(Line::default());
            lines.push(wrong_line(model, wrong.as_ref()));
        }
        RestoreForm::New { n_entries, form } => {
            lines.push(Line::from(format!("3 of 3   The bundle is open: {n_entries} entries.")));
            lines.push(Line::from("         Now a passphrase for the vault on this machine."));
            lines.push(Line::default());
            lines.extend(passphrase_lines(model, form, area));
        }
    }
    draw(frame, area, lines);
}

pub(super) fn add(model: &Model, form: &AddForm, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = vec![
        Line::default(),
        Line::from("Paste the otpauth URI that the service shows beside its QR code."),
        Line::default(),
        field_line(model, "URI: ", &form.field, area),
        Line::default(),
    ];
    lines.extend(form.preview.iter().map(|line| Line::from(line.as_str())));
    lines.push(wrong_line(model, form.wrong.as_ref()));
    if !form.preview.is_empty() {
        lines.push(Line::styled("Enter adds it.", model.theme.key()));
    }
    draw(frame, area, lines);
}
