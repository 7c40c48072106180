//! Sealed entries: what is asked before one is opened for one code, and what is said where it cannot be.

use crate::entry::EntryId;
use crate::tui::effect::{AfterOpening, Effect, EntryEffect, OpenSealed};
use crate::tui::form::{Field, Form};
use crate::tui::model::{Dialog, Model, Prompt, PromptFor, Row};

/// Where an entry is sealed: asks for what opens it, or says what does. `None` where it is not sealed.
pub(super) fn ask(model: &mut Model, row: &Row, then: AfterOpening) -> Option<Vec<Effect>> {
    let seal = row.sealed.as_ref()?;
    if !seal.passphrase {
        explain(model, row, "code");
        return Some(Vec::new());
    }
    model.dialog = Some(Dialog::Prompt(Prompt {
        title: "Sealed",
        lines: vec![
            format!("{} is sealed: it takes {} to open it, for this one code.", row.title(), seal.by),
            "Who opens it, when and why is kept in the log.".to_owned(),
        ],
        form: Form::new(vec![
            Field::secret("passphrase", "Its passphrase: ", "Not the vault's."),
            Field::text("reason", "Reason: ", "Why it is opened, for example a ticket.", ""),
        ]),
        wrong: None,
        purpose: PromptFor::OpenSealed(row.id, then),
    }));
    Some(Vec::new())
}

/// Says which command opens what the interface does not.
pub(super) fn explain(model: &mut Model, row: &Row, command: &str) {
    let Some(seal) = &row.sealed else { return };
    let with = if seal.passphrase { "--seal-passphrase-file FILE" } else { "--share FILE" };
    let mut lines = vec![
        format!("{} is sealed: it takes {} to open it.", row.title(), seal.by),
        String::new(),
        "Outside of this interface, in a shell:".to_owned(),
        format!("    lifeboat {command} {} {with}", row.id),
        String::new(),
    ];
    lines.push(if seal.passphrase {
        "It asks for the passphrase where no file is named, and for a reason, which the log keeps.".to_owned()
    } else {
        "Name --share once for each share, or none at all: it asks for their words, and for a reason, which the log \
         keeps."
            .to_owned()
    });
    model.dialog = Some(Dialog::Failure { lines, scroll: 0 });
}

/// The fields are done: what opens the entry, and why.
pub(super) fn given(prompt: &mut Prompt, id: EntryId, then: AfterOpening) -> Option<Effect> {
    let is_empty = |key: &str| prompt.form.value(key).trim().is_empty();
    let missing = if is_empty("passphrase") {
        Some(("passphrase", "type the passphrase that this entry is sealed with, or go back with Esc"))
    } else if is_empty("reason") {
        Some(("reason", "say why it is opened: the log keeps the reason"))
    } else {
        None
    };
    if let Some((key, words)) = missing {
        prompt.wrong = Some(words.to_owned());
        prompt.form.focus_on(key);
        return None;
    }
    let (passphrase, reason) = (prompt.form.take("passphrase"), prompt.form.take("reason"));
    Some(Effect::Entry(EntryEffect::Open(Box::new(OpenSealed { id, passphrase, reason, then }))))
}

/// The entries among these that are not sealed.
pub(super) fn leave_out(model: &Model, mut ids: Vec<EntryId>) -> Vec<EntryId> {
    ids.retain(|id| model.list.row(*id).is_none_or(|row| row.sealed.is_none()));
    ids
}
