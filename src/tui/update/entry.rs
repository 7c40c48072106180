//! Everything about one entry: what is known, proof, its QR code, its recovery codes.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

use super::{add, edit, seals};
use crate::entry::EntryId;
use crate::tui::effect::{Effect, EntryEffect};
use crate::tui::message::{EntryMessage, Message};
use crate::tui::model::{Confirm, Dialog, EntryDetails, EntryPage, Model, Question, Screen};
use crate::tui::view::{entry_lines, entry_page, most_modules};

/// What the entry page does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Back => return back(model),
        Message::Move(lines) => scroll(model, lines),
        Message::MoveToFirst => scroll(model, isize::MIN / 2),
        Message::MoveToLast => scroll(model, isize::MAX / 2),
        Message::Failed(failure) => super::fail(model, &failure),
        _ => {}
    }
    Vec::new()
}

/// To the record of the log that it was opened from, or to the list.
fn back(model: &mut Model) -> Vec<Effect> {
    match std::mem::replace(&mut model.screen, Screen::Codes) {
        Screen::Entry(EntryPage { from_log: Some(log), .. }) => super::log::returned(model, *log),
        _ => Vec::new(),
    }
}

fn scroll(model: &mut Model, lines: isize) {
    let most = entry_lines(model).len().saturating_sub(entry_page(model));
    if let Screen::Entry(page) = &mut model.screen {
        page.offset = page.offset.min(most).saturating_add_signed(lines).min(most);
    }
}

/// What is offered about an entry on several screens, and what the world says about it.
pub(super) fn act(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Entry(message) if !message.is_by_person() => return answered(model, message),
        Message::Entry(
            message @ (EntryMessage::Accepted | EntryMessage::NotAccepted | EntryMessage::Skip),
        ) => return add::tried(model, &message),
        _ => {}
    }
    let Some((id, title)) =
        model.subject().and_then(|id| model.list.row(id)).map(|row| (row.id, row.title()))
    else {
        model.tell("nothing is selected", false);
        return Vec::new();
    };
    match message {
        Message::OpenEntry => {
            model.screen = Screen::Entry(EntryPage::new(id));
            return opened(model);
        }
        Message::Edit => return vec![Effect::Entry(EntryEffect::ReadToChange(id))],
        Message::Prove => model.dialog = Some(ask_whether_proven(id, &title)),
        Message::Entry(ask @ (EntryMessage::AskQr | EntryMessage::AskRecoveryCode))
            if model.list.row(id).is_some_and(|row| row.sealed.is_some()) =>
        {
            let command = if matches!(ask, EntryMessage::AskQr) { "show --qr" } else { "recovery-code use" };
            if let Some(row) = model.list.row(id).cloned() {
                seals::explain(model, &row, command);
            }
        }
        Message::Entry(EntryMessage::AskQr) => model.dialog = Some(ask_for_qr(id, &title)),
        Message::Entry(EntryMessage::AskRecoveryCode) => ask_for_recovery_code(model, id, &title),
        _ => {}
    }
    Vec::new()
}

fn ask_whether_proven(id: EntryId, title: &str) -> Dialog {
    Dialog::Confirm(Confirm {
        title: "Proven?",
        lines: vec![
            "Has the service accepted a code of this entry just now?".to_owned(),
            format!("  {title}"),
            String::new(),
            "A yes is noted with the date, so that it is known that the seed here is the one that counts."
                .to_owned(),
        ],
        question: Question::Prove(id),
    })
}

fn ask_for_qr(id: EntryId, title: &str) -> Dialog {
    Dialog::Confirm(Confirm {
        title: "Show the seed?",
        lines: vec![
            "Show the seed of this entry as a QR code?".to_owned(),
            format!("  {title}"),
            String::new(),
            "It is the seed itself: whoever photographs the screen can make all its codes from then on. The log \
             notes that it was shown. Esc closes it, i turns dark and light."
                .to_owned(),
        ],
        question: Question::ShowQr(id),
    })
}

fn ask_for_recovery_code(model: &mut Model, id: EntryId, title: &str) {
    let known = match &model.screen {
        Screen::Entry(page) => page.details.as_ref(),
        _ => model.details.as_ref().filter(|details| details.id == id),
    };
    let counted = known.map(|details| (details.n_recovery_codes_left, details.n_recovery_codes));
    let left = match counted {
        Some((_, 0)) => {
            model.tell("no recovery code is stored; e stores the ones that the service gives", false);
            return;
        }
        Some((0, n)) => {
            let words =
                format!("all {n} recovery codes are used: get new ones from the service, and e stores them");
            model.tell(words, true);
            return;
        }
        Some((left, n)) => format!(" {left} of {n} are left."),
        None => String::new(),
    };
    model.dialog = Some(Dialog::Confirm(Confirm {
        title: "Use a recovery code?",
        lines: vec![
            "Hand out the next recovery code of this entry?".to_owned(),
            format!("  {title}"),
            String::new(),
            format!(
                "It is shown once. It is marked as used and saved before that, because it works once.{left}"
            ),
        ],
        question: Question::UseRecoveryCode(id),
    }));
}

fn answered(model: &mut Model, message: EntryMessage) -> Vec<Effect> {
    match message {
        EntryMessage::Described(details) => {
            if model.list.selected == Some(details.id) {
                model.details = Some(details);
            }
        }
        EntryMessage::Read(details) => {
            if let Screen::Entry(page) = &mut model.screen
                && page.id() == details.id
            {
                page.details = Some(details);
                scroll(model, 0);
            }
        }
        EntryMessage::ToChange(values) => edit::begin(model, *values),
        // Whoever looks away must not find it later.
        EntryMessage::QrDrawn(_) if model.hides_codes() => {}
        EntryMessage::QrDrawn(picture) => {
            model.dialog = Some(Dialog::Picture(picture));
            // The page's history has one line more.
            if matches!(model.screen, Screen::Entry(_)) {
                return opened(model);
            }
        }
        EntryMessage::HandedOut { title, code, left } => {
            model.remember(format!("a recovery code of {title} was handed out; {left} are left"), false);
            model.dialog = Some(Dialog::RecoveryCode { title, code, left });
        }
        message @ (EntryMessage::Changed(_) | EntryMessage::Checked { .. })
            if matches!(model.screen, Screen::Edit(_)) =>
        {
            return edit::answered(model, message);
        }
        EntryMessage::Changed(words) => model.tell(words, false),
        message => return add::answered(model, message),
    }
    Vec::new()
}

/// The page of an entry has come onto the screen, or the vault has changed under it.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    let Screen::Entry(page) = &model.screen else { return Vec::new() };
    let id = page.id();
    if model.list.row(id).is_none() {
        model.screen = Screen::Codes;
        return Vec::new();
    }
    vec![Effect::Entry(EntryEffect::Read(id))]
}

/// Asks for what is known about the selected entry, where it is shown beside the list: once for each.
pub(super) fn described(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.list.selected.filter(|_| model.is_wide()) else { return Vec::new() };
    if model.details.as_ref().is_some_and(|details| details.id == id) {
        return Vec::new();
    }
    model.details = Some(EntryDetails::asked(id));
    vec![Effect::Entry(EntryEffect::Describe(id))]
}

/// A question about an entry was answered with yes.
pub(super) fn confirmed(model: &mut Model, question: Question) -> Vec<Effect> {
    let effect = match question {
        Question::Prove(id) => EntryEffect::Prove(id),
        Question::ShowQr(id) => EntryEffect::ShowQr(id, most_modules(model)),
        Question::UseRecoveryCode(id) => EntryEffect::HandOut(id),
        question if matches!(model.screen, Screen::Edit(_)) => return edit::confirmed(model, &question),
        question => return add::confirmed(model, &question),
    };
    vec![Effect::Entry(effect)]
}

/// The keyboard went elsewhere, or came back. Where a setting hides codes then, a seed is not left on the screen;
/// a recovery code, which is used up, is hidden and comes back.
pub(super) fn focus_changed(model: &mut Model) {
    if !model.hides_codes() {
        return;
    }
    if matches!(model.dialog, Some(Dialog::Picture(_))) {
        model.dialog = None;
        model.tell("the QR code was closed, because the keyboard went elsewhere; Q shows it again", false);
    }
    match &mut model.screen {
        Screen::Add(add) => add.form.hide_secrets(),
        Screen::Edit(edit) => edit.form.hide_secrets(),
        _ => {}
    }
}
