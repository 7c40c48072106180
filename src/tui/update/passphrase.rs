//! A new passphrase, typed twice or made and written down; and the vault's own one, asked for once more.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a field does not know means nothing to it")]

use crate::app::{Failure, Kind, passphrase};
use crate::secret::SecretText;
use crate::tui::effect::{BundleEffect, Effect};
use crate::tui::message::{Message, Typed};
use crate::tui::model::{BackOff, Confirm, Dialog, NewPassphrase, Question, VaultProof};
use crate::tui::secret_field::SecretField;

/// What is said of a passphrase that does not fit.
pub(super) const DOES_NOT_OPEN: &str =
    "it does not open it: check Caps Lock and the keyboard layout, and try again";

/// What a message has come to.
#[derive(Debug)]
pub(super) enum Step {
    /// It was typed, or made, and then typed once more.
    Chosen(SecretText),
    /// It means nothing here.
    NotTaken(Message),
    /// It was taken.
    Took(Vec<Effect>),
    /// It is weak, where a weak one is not taken without a question.
    Weak,
}

/// Applies a message to a new passphrase.
pub(super) fn apply(form: &mut NewPassphrase, message: Message, asks_about_weak: bool) -> Step {
    match message {
        Message::Submit => return submit(form, asks_about_weak),
        Message::Back if form.first.is_some() || form.offered.is_some() => form.restart(None),
        Message::Estimated(words) => form.strength = words,
        Message::Generated(words) => {
            form.restart(None);
            form.offered = Some(words);
        }
        // Words that were made are written down, not edited.
        message if form.offered.is_some() => {
            return if edits(&message) { Step::Took(Vec::new()) } else { Step::NotTaken(message) };
        }
        message => match edit(&mut form.field, message) {
            Ok(false) => {}
            Ok(true) => {
                form.wrong = None;
                if form.first.is_none() {
                    return Step::Took(vec![Effect::Estimate(form.field.text().duplicate())]);
                }
            }
            Err(message) => return Step::NotTaken(message),
        },
    }
    Step::Took(Vec::new())
}

/// Empty: make one of eight words. Else: once more, unseen. Then: it is chosen, if the two are the same.
fn submit(form: &mut NewPassphrase, asks_about_weak: bool) -> Step {
    if let Some(words) = form.offered.take() {
        form.first = Some(words);
        return Step::Took(Vec::new());
    }
    form.wrong = None;
    match form.first.take() {
        None if form.field.is_empty() => return Step::Took(vec![Effect::Generate]),
        None if asks_about_weak && passphrase::estimate(form.field.text()).weak_for_bundle => {
            return Step::Weak;
        }
        None => form.first = Some(form.field.take()),
        Some(first) => {
            let typed = form.field.take();
            if first.same_as(&typed) {
                return Step::Chosen(typed);
            }
            form.wrong = Some("the two differ; type it again, or begin anew with Esc".to_owned());
            form.first = Some(first);
        }
    }
    Step::Took(Vec::new())
}

/// The question before a weak passphrase is taken. No is the default.
pub(super) fn ask_about_weak(form: &NewPassphrase) -> Dialog {
    let bits = passphrase::estimate(form.field.text()).bits;
    Dialog::Confirm(Confirm {
        title: "Weak passphrase",
        lines: vec![
            format!("It is too weak for a bundle: about {bits} bits to guess."),
            "A bundle lies about for years, and whoever finds it can try without end.".to_owned(),
            "Better: 15 characters and more, or an empty field for eight words.".to_owned(),
            String::new(),
            "Seal the bundle with it all the same?".to_owned(),
        ],
        question: Question::UseWeak,
    })
}

/// Takes a weak passphrase that was insisted on. It is typed once more.
pub(super) fn take_weak(form: &mut NewPassphrase) {
    if form.first.is_none() && form.offered.is_none() {
        form.first = Some(form.field.take());
    }
}

/// Applies a message to the vault's passphrase, or gives back what means nothing to it.
pub(super) fn prove(proof: &mut VaultProof, message: Message) -> Result<Vec<Effect>, Message> {
    match message {
        Message::Submit if proof.field.is_empty() => {
            proof.wrong = Some("type the passphrase of the vault".to_owned());
            Ok(Vec::new())
        }
        Message::Submit => {
            proof.wrong = None;
            Ok(vec![Effect::Bundle(BundleEffect::Prove(proof.field.text().duplicate()))])
        }
        Message::Back if !proof.field.is_empty() => {
            proof.field.clear();
            Ok(Vec::new())
        }
        message => edit(&mut proof.field, message).map(|_| Vec::new()),
    }
}

/// Tells a wrong passphrase of the vault at its field. False for another failure.
pub(super) fn not_proven(
    proof: &mut VaultProof,
    failure: &Failure,
    back_off: &mut BackOff,
    now: u64,
) -> bool {
    let is_wrong = failure.kind == Kind::WrongPassphrase;
    if is_wrong {
        proof.field.clear();
        proof.wrong = Some(DOES_NOT_OPEN.to_owned());
        back_off.one_more(now);
    }
    is_wrong
}

fn edits(message: &Message) -> bool {
    matches!(
        message,
        Message::Typed(_)
            | Message::Pasted(_)
            | Message::Erase
            | Message::EraseAll
            | Message::EraseNext
            | Message::EraseWord
            | Message::Jump(_)
            | Message::ToggleShown
    )
}

/// Edits a field. Says whether its text may have changed, or gives back what means nothing to it.
pub(super) fn edit(field: &mut SecretField, message: Message) -> Result<bool, Message> {
    match message {
        Message::Typed(Typed(c)) => field.push(c),
        Message::Pasted(text) => field.paste(&text),
        Message::Erase => field.erase(),
        Message::EraseAll => field.clear(),
        Message::EraseNext => field.erase_next(),
        Message::EraseWord => field.erase_word(),
        Message::Jump(jump) => {
            field.jump(jump);
            return Ok(false);
        }
        Message::ToggleShown => {
            field.toggle_shown();
            return Ok(false);
        }
        message => return Err(message),
    }
    Ok(true)
}
