//! Reasons: asked for before something of a privileged entry is shown, where the settings want one.
//!
//! Whatever shows something is an effect, and every effect passes here: one that waits for its reason is kept
//! in the dialog that asks for it. The reason then holds for as long as the code is shown.

#![expect(clippy::wildcard_enum_match_arm, reason = "what shows nothing asks for nothing")]

use std::collections::BTreeSet;

use crate::entry::{EntryId, label};
use crate::secret::SecretText;
use crate::settings::{NotTaken, Rule};
use crate::tui::effect::{DrillEffect, Effect, EntryEffect, ExportOrder, TransferEffect};
use crate::tui::form::{Applied, Field, Form};
use crate::tui::message::Message;
use crate::tui::model::{AskReason, Because, Dialog, Model, PAGE_REVEALED_SECONDS, Row, Screen};

/// True where nothing of an entry may be shown before a reason is given.
pub(super) fn is_wanted(model: &Model, id: EntryId) -> bool {
    asks(model, id) && !model.list.because.contains_key(&id)
}

/// True where an entry shows something for a reason alone.
pub(super) fn asks(model: &Model, id: EntryId) -> bool {
    let in_drill = || matches!(&model.screen, Screen::Drills(page) if page.entry(id).is_some_and(|entry| entry.privileged));
    model.prefs.reasons.is_some() && (model.list.row(id).is_some_and(|row| row.privileged) || in_drill())
}

/// What a reason for an entry has to be like, where one is asked for in any case.
pub(super) fn rule(model: &Model, id: EntryId) -> Rule {
    let rule = if asks(model, id) { model.prefs.reasons.clone() } else { None };
    rule.unwrap_or_else(|| Rule::new(""))
}

/// A reason was given for an entry, whoever has asked: it holds for a while, where the settings want one.
pub(super) fn note(model: &mut Model, id: EntryId, reason: &SecretText) {
    if asks(model, id) {
        let until = model.now.saturating_add(model.prefs.shown_seconds);
        model.list.because.insert(id, Because { reason: reason.duplicate(), until });
    }
}

/// The entries of a page whose codes are shown, or may be shown at once; says so where some wait for a reason, which
/// is given for one entry at a time.
pub(super) fn leave_out(model: &mut Model, mut ids: Vec<EntryId>) -> Vec<EntryId> {
    let n_all = ids.len();
    ids.retain(|id| !asks(model, *id) || model.list.revealed.contains_key(id));
    match n_all - ids.len() {
        0 => {}
        1 => model.tell("one privileged code stays hidden: v asks for a reason", false),
        n => model.tell(format!("{n} privileged codes stay hidden: v asks for a reason for each"), false),
    }
    ids
}

/// A code is shown until then, and so long holds the reason that it is shown for.
pub(super) fn holds_until(model: &mut Model, id: EntryId, until: u64) {
    if let Some(because) = model.list.because.get_mut(&id) {
        because.until = until;
    }
}

/// What was shown for a reason before a message; see [`settle`].
pub(super) fn shown(model: &Model) -> BTreeSet<EntryId> {
    model.list.because.keys().filter(|id| model.list.revealed.contains_key(id)).copied().collect()
}

/// A reason goes with the code that it was given for, and no code stays without one.
pub(super) fn settle(model: &mut Model, shown_before: &BTreeSet<EntryId>) {
    let now = model.now;
    // A clock that was set back must not make a reason last.
    let latest = now.saturating_add(PAGE_REVEALED_SECONDS.max(model.prefs.shown_seconds));
    let waiting = model.waiting.map(|waiting| waiting.id);
    let list = &mut model.list;
    list.because.retain(|id, because| {
        let is_hidden = shown_before.contains(id) && !list.revealed.contains_key(id);
        !is_hidden && (waiting == Some(*id) || now < because.until && because.until <= latest)
    });
    if model.prefs.reasons.is_some() {
        let mut revealed = std::mem::take(&mut model.list.revealed);
        revealed.retain(|id, _| !is_wanted(model, *id));
        model.list.revealed = revealed;
    }
}

/// Passes on an effect that shows nothing for which a reason is wanted, or has one; else asks for it.
pub(super) fn hold_back(model: &mut Model, effect: Effect) -> Vec<Effect> {
    if model.prefs.reasons.is_none() {
        return vec![effect];
    }
    let effect = match effect {
        // What is shown of several is shown for the reason of none.
        Effect::Reveal(mut ids, seconds) if ids.len() > 1 => {
            ids.retain(|id| !asks(model, *id));
            Effect::Reveal(ids, seconds)
        }
        effect => effect,
    };
    let (ids, why) = match &effect {
        Effect::Copy { id, .. } => (vec![*id], "Why is this code copied?"),
        Effect::Reveal(ids, _) => (ids.clone(), "Why is this code shown?"),
        Effect::Drill(DrillEffect::ShowCode(id)) => (vec![*id], "Why is this code shown?"),
        Effect::Entry(EntryEffect::HandOut(id)) => (vec![*id], "Why is a recovery code handed out?"),
        Effect::Entry(EntryEffect::ShowQr(id, _)) => (vec![*id], "Why is this seed shown?"),
        Effect::Transfer(TransferEffect::Export(order)) if order.passphrase.is_none() => {
            (exported(model, order), "Why are these seeds written in clear?")
        }
        _ => return vec![effect],
    };
    let ids: Vec<EntryId> = ids.into_iter().filter(|id| asks(model, *id)).collect();
    match ids.as_slice() {
        [] => vec![effect],
        [id] => match model.list.because.get(id) {
            Some(because) => vec![Effect::Because(because.reason.duplicate(), Box::new(effect))],
            None => ask(model, ids, why, effect),
        },
        _ => ask(model, ids, why, effect),
    }
}

/// The entries that an export would write, as far as the list knows them.
fn exported(model: &Model, order: &ExportOrder) -> Vec<EntryId> {
    let selection = &order.selection;
    let tags: Vec<String> = selection.tags.iter().map(|tag| label::shown(tag).to_lowercase()).collect();
    let has = |row: &Row, tag: &String| row.tags.iter().any(|other| other.to_lowercase() == *tag);
    let is_chosen = |row: &&Row| {
        selection.ids.as_ref().is_none_or(|ids| ids.contains(&row.id)) && tags.iter().all(|tag| has(row, tag))
    };
    model.list.rows.iter().filter(is_chosen).map(|row| row.id).collect()
}

/// What an entry is called, in the vault or in the bundle of a drill.
fn title(model: &Model, id: EntryId) -> Option<String> {
    let in_drill = || match &model.screen {
        Screen::Drills(page) => page.entry(id).map(|entry| entry.title.clone()),
        _ => None,
    };
    model.list.row(id).map(Row::title).or_else(in_drill)
}

fn ask(model: &mut Model, ids: Vec<EntryId>, why: &str, then: Effect) -> Vec<Effect> {
    let (Some(rule), Some(title)) =
        (model.prefs.reasons.clone(), ids.first().and_then(|id| title(model, *id)))
    else {
        return Vec::new();
    };
    let others = match ids.len() {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let mut lines = vec![format!("{why} The log keeps it."), format!("  {title}{others}, privileged")];
    if let Some(pattern) = rule.pattern() {
        lines.push(format!("It has to match {} as a whole.", label::shown(pattern)));
    }
    model.dialog = Some(Dialog::Reason(Box::new(AskReason {
        ids,
        lines,
        recent: Vec::new(),
        chosen: None,
        form: Form::new(vec![Field::text("reason", "Reason: ", "", "")]),
        rule,
        wrong: None,
        then,
    })));
    vec![Effect::ReadReasons]
}

/// What was given before is known, for whoever is still asked. The reason of a break-glass session that is running stands
/// in the field at once.
pub(super) fn recent(model: &mut Model, recent: Vec<String>, in_session: bool) {
    let Some(Dialog::Reason(ask)) = &mut model.dialog else { return };
    ask.recent = recent;
    if in_session && ask.form.value("reason").is_empty() {
        choose(ask, 1);
        ask.lines.push("Below stands that of the break-glass session: Enter takes it.".to_owned());
    }
}

/// What the dialog does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(Dialog::Reason(ask)) = &mut model.dialog else { return Vec::new() };
    if let Message::NextField(by) = message {
        choose(ask, by);
        return Vec::new();
    }
    match ask.form.apply(message) {
        Applied::Edited => {
            ask.chosen = None;
            let typed = ask.form.value("reason");
            ask.wrong = ask.take(typed).err().filter(|error| *error != NotTaken::Blank).map(in_words);
        }
        Applied::NotTaken(Message::Submit) => return given(model),
        Applied::NotTaken(Message::Back) => {
            model.dialog = None;
            model.tell("no reason was given, so nothing was done", false);
        }
        Applied::Moved | Applied::NotTaken(_) => {}
    }
    Vec::new()
}

fn in_words(error: NotTaken) -> String {
    match error {
        NotTaken::NoMatch => "it does not match yet".to_owned(),
        error => error.to_string(),
    }
}

/// Goes through the reasons that were given before.
fn choose(ask: &mut AskReason, by: isize) {
    let Some(last) = ask.recent.len().checked_sub(1) else { return };
    let chosen = match ask.chosen {
        Some(place) => place.checked_add_signed(by).filter(|place| *place <= last),
        None => None,
    };
    // Past either end it goes on at the other one.
    let chosen = chosen.unwrap_or(if by > 0 { 0 } else { last });
    ask.chosen = Some(chosen);
    ask.wrong = None;
    let reason = ask.recent.get(chosen).cloned().unwrap_or_default();
    ask.form.set("reason", &reason);
}

fn given(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Reason(ask)) = &mut model.dialog else { return Vec::new() };
    let reason = match ask.take(ask.form.value("reason")) {
        Ok(reason) => SecretText::new(reason),
        Err(error) => {
            ask.wrong = Some(error.to_string());
            return Vec::new();
        }
    };
    let Some(Dialog::Reason(ask)) = model.dialog.take() else { return Vec::new() };
    let AskReason { ids, then, .. } = *ask;
    // For one entry it holds for a while; a file with several is one act, and so is a code of a bundle.
    if let ([id], false) = (ids.as_slice(), matches!(then, Effect::Transfer(_) | Effect::Drill(_))) {
        note(model, *id, &reason);
    }
    vec![Effect::Because(reason, Box::new(then))]
}
