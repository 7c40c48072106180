//! Share sets: listed, their acknowledgements brought home, new ones made in a ceremony, old ones replaced.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a step does not know means nothing to it")]

use super::{bundles, forms, passphrase};
use crate::app::Failure;
use crate::secret::SecretText;
use crate::tui::effect::{CustodianEffect, Effect};
use crate::tui::form::Applied;
use crate::tui::message::{CustodianMessage, Message};
use crate::tui::model::{
    BundlesPage, CardStep, Ceremony, Confirm, CustodiansPage, Dialog, Done, Keeping, Model, NewSetForm,
    Question, RecordForm, Screen, SetRow,
};
use crate::tui::secret_field::SecretField;
use crate::tui::view::most_above;

/// The custodians that are asked for in a new set that takes no other's place.
const FIRST_NEEDED: u8 = 2;

/// More lines than a card has on any screen; the view stops at the last of them.
const MOST_LINES: usize = 30;

/// What is offered on several screens, and what the world says of share sets.
pub(super) fn act(model: &mut Model, message: CustodianMessage) -> Vec<Effect> {
    match message {
        CustodianMessage::Open => return show_page(model),
        CustodianMessage::New | CustodianMessage::Replace if model.read_only => {
            model.tell("the medium takes no changes: the cards would be written in vain", true);
        }
        CustodianMessage::New => {
            return begin(model, Keeping::New(NewSetForm::begin(FIRST_NEEDED, &[], None)));
        }
        CustodianMessage::Record => return begin(model, Keeping::Record(RecordForm::begin())),
        CustodianMessage::Replace => return replace(model),
        CustodianMessage::Listed(rows) => return listed(model, rows),
        CustodianMessage::Drawn(about) => {
            if let Some(page) = page(model)
                && let Keeping::New(new) = &page.doing
            {
                let replaces = new.replaces.as_ref().map(|(id, _)| *id);
                page.doing = Keeping::Ceremony(Box::new(Ceremony::begin(about, replaces)));
            }
        }
        CustodianMessage::Card { number, words, asked } => {
            if let Some(ceremony) = ceremony(model)
                && ceremony.number() == number
                && matches!(ceremony.step, CardStep::Alone | CardStep::Wrong(_))
            {
                ceremony.step = CardStep::Card { words, asked };
            }
        }
        CustodianMessage::WordChecked(is_right) => return word_checked(model, is_right),
        CustodianMessage::Done(done) => {
            model.remember(done.what.clone(), false);
            match page(model) {
                Some(page) if !matches!(page.doing, Keeping::List) => page.doing = Keeping::Told(done),
                _ => model.tell(done.what, false),
            }
        }
    }
    Vec::new()
}

fn page(model: &mut Model) -> Option<&mut CustodiansPage> {
    if let Screen::Custodians(page) = &mut model.screen { Some(page) } else { None }
}

fn ceremony(model: &mut Model) -> Option<&mut Ceremony> {
    match page(model).map(|page| &mut page.doing) {
        Some(Keeping::Ceremony(ceremony)) => Some(ceremony),
        _ => None,
    }
}

fn show_page(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.screen, Screen::Custodians(_)) {
        model.list.filtering = false;
        model.screen = Screen::Custodians(CustodiansPage::default());
    }
    opened()
}

/// The place has come onto the screen, or the vault has changed under it.
pub(super) fn opened() -> Vec<Effect> {
    vec![Effect::Custodian(CustodianEffect::List)]
}

fn begin(model: &mut Model, doing: Keeping) -> Vec<Effect> {
    let effects = show_page(model);
    if let Some(page) = page(model) {
        page.doing = doing;
    }
    effects
}

fn listed(model: &mut Model, rows: Vec<SetRow>) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Custodians(page) => {
            page.selected = page.selected.min(rows.len().saturating_sub(1));
            page.rows = Some(rows);
        }
        Screen::Bundles(_) => bundles::offer_sets(model, &rows),
        _ => {}
    }
    Vec::new()
}

/// The form of a new set, with the custodians of the selected one.
fn replace(model: &mut Model) -> Vec<Effect> {
    let row = page(model).and_then(|page| page.selected_row().cloned());
    match row {
        Some(row) if !row.is_replaced => {
            let form = NewSetForm::begin(row.needed, &row.custodians, Some((row.id, row.name)));
            begin(model, Keeping::New(form))
        }
        Some(row) => {
            model.tell(format!("{} was replaced already; Enter shows what is left to do", row.name), false);
            Vec::new()
        }
        None => {
            model.tell("choose the share set first: key 2, then c", false);
            Vec::new()
        }
    }
}

/// What the place of custodians does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let Some(page) = page(model) else { return Vec::new() };
    match &mut page.doing {
        Keeping::List => on_list(model, &message),
        Keeping::Record(record) => match record.form.apply(message) {
            Applied::NotTaken(Message::Submit) if record.form.value("path").trim().is_empty() => {
                record.wrong = Some("type the path of the file, or choose it with Ctrl-f".to_owned());
                Vec::new()
            }
            Applied::NotTaken(Message::Submit) => {
                vec![Effect::Custodian(CustodianEffect::Record(record.form.value("path").to_owned()))]
            }
            Applied::NotTaken(Message::Failed(failure)) => {
                record.wrong = Some(forms::in_place(&failure));
                Vec::new()
            }
            Applied::NotTaken(Message::Back) => {
                page.doing = Keeping::List;
                Vec::new()
            }
            Applied::Edited => {
                record.wrong = None;
                Vec::new()
            }
            Applied::Moved | Applied::NotTaken(_) => Vec::new(),
        },
        Keeping::New(new) => match new.form.apply(message) {
            Applied::Edited => {
                new.wrong = None;
                new.leave_one_empty();
                Vec::new()
            }
            Applied::NotTaken(Message::Submit) => draw(new),
            Applied::NotTaken(Message::Failed(failure)) => {
                refuse(new, failure.what.clone());
                Vec::new()
            }
            Applied::NotTaken(Message::Back) => {
                page.doing = Keeping::List;
                Vec::new()
            }
            Applied::Moved | Applied::NotTaken(_) => Vec::new(),
        },
        Keeping::Ceremony(_) => in_ceremony(model, message),
        Keeping::Told(done) => {
            match message {
                Message::Back => page.doing = Keeping::List,
                Message::Failed(failure) => super::fail(model, &failure),
                message => {
                    let most = most_above(done, size);
                    bundles::scroll(&message, |by| done.scroll(by, most));
                }
            }
            Vec::new()
        }
    }
}

fn on_list(model: &mut Model, message: &Message) -> Vec<Effect> {
    let clicked = super::clicked(model, message);
    let Some(page) = page(model) else { return Vec::new() };
    let last = page.rows.as_ref().map_or(0, Vec::len).saturating_sub(1);
    match message {
        Message::Back => {
            model.screen = Screen::Bundles(BundlesPage::default());
            return bundles::opened(model);
        }
        Message::Submit => {
            if let Some(row) = page.selected_row() {
                page.doing = Keeping::Told(about(row));
            }
        }
        Message::Failed(failure) => super::fail(model, failure),
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        message => {
            bundles::scroll(message, |by| page.selected = page.selected.saturating_add_signed(by).min(last));
        }
    }
    Vec::new()
}

/// All that is known of a set.
fn about(row: &SetRow) -> Done {
    Done {
        name: "Share set",
        what: format!("{}: any {} open it together.", row.name, row.quorum),
        warnings: Vec::new(),
        facts: row.facts.clone(),
        next: Vec::new(),
        offset: 0,
    }
}

fn draw(new: &mut NewSetForm) -> Vec<Effect> {
    match new.quorum() {
        Ok(quorum) => {
            new.wrong = None;
            vec![Effect::Custodian(CustodianEffect::Draw {
                needed: quorum.threshold(),
                custodians: new.custodians(),
            })]
        }
        Err(words) => {
            refuse(new, words);
            Vec::new()
        }
    }
}

/// What is wrong stands above the fields, where the cursor goes for it.
fn refuse(new: &mut NewSetForm, words: String) {
    new.wrong = Some(words);
    new.form.focus_on("needed");
}

fn in_ceremony(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(ceremony) = ceremony(model) else { return Vec::new() };
    match message {
        Message::Submit => go_on(ceremony),
        Message::Back => {
            model.dialog = Some(ask_to_leave(ceremony));
            Vec::new()
        }
        Message::Failed(failure) => {
            failed(model, &failure);
            Vec::new()
        }
        Message::Move(rows) => {
            ceremony.scroll = ceremony.scroll.saturating_add_signed(rows).min(MOST_LINES);
            Vec::new()
        }
        message => {
            if let CardStep::TypingBack { field, .. } = &mut ceremony.step {
                let _edited = passphrase::edit(field, message);
            }
            Vec::new()
        }
    }
}

/// The step is done: the card, words of it, the next card.
fn go_on(ceremony: &mut Ceremony) -> Vec<Effect> {
    let number = ceremony.number();
    let effect = match &mut ceremony.step {
        CardStep::Alone | CardStep::Wrong(_) => {
            (ceremony.told, ceremony.scroll) = (None, 0);
            CustodianEffect::Show(number)
        }
        CardStep::Card { asked, .. } => {
            // The words go with the step.
            let asked = std::mem::take(asked);
            ceremony.step = CardStep::TypingBack { asked, field: SecretField::plain() };
            return Vec::new();
        }
        CardStep::TypingBack { field, .. } if field.text().expose().trim().is_empty() => {
            let told = format!(
                "The card of {} was not typed back: whether it can be read is not known.",
                ceremony.custodian()
            );
            return next_card(ceremony, told);
        }
        CardStep::TypingBack { asked, field } => {
            let typed: SecretText = field.take();
            CustodianEffect::CheckWord { number, place: asked.first().copied().unwrap_or(1), typed }
        }
        CardStep::Keeping(_) => CustodianEffect::Keep(ceremony.replaces),
    };
    vec![Effect::Custodian(effect)]
}

fn word_checked(model: &mut Model, is_right: bool) -> Vec<Effect> {
    let Some(ceremony) = ceremony(model) else { return Vec::new() };
    let CardStep::TypingBack { asked, field } = &mut ceremony.step else { return Vec::new() };
    field.clear();
    if !is_right {
        ceremony.step = CardStep::Wrong(asked.first().copied().unwrap_or(1));
        return Vec::new();
    }
    asked.drain(..asked.len().min(1));
    if !asked.is_empty() {
        return Vec::new();
    }
    let mut effects = vec![Effect::Custodian(CustodianEffect::TypedBack(ceremony.number()))];
    ceremony.n_typed_back += 1;
    let told = format!("{} has typed words of the card back.", ceremony.custodian());
    effects.extend(next_card(ceremony, told));
    effects
}

/// The next custodian's turn; after the last one the set is kept.
fn next_card(ceremony: &mut Ceremony, told: String) -> Vec<Effect> {
    ceremony.told = Some(told);
    if ceremony.turn + 1 < ceremony.about.custodians.len() {
        ceremony.turn += 1;
        ceremony.step = CardStep::Alone;
        return Vec::new();
    }
    ceremony.step = CardStep::Keeping(None);
    vec![Effect::Custodian(CustodianEffect::Keep(ceremony.replaces))]
}

fn ask_to_leave(ceremony: &Ceremony) -> Dialog {
    // Whose turn it is, with their card shown, counts: nobody knows whether it was written down.
    let n_shown = ceremony.turn + usize::from(!matches!(ceremony.step, CardStep::Alone));
    let mut lines = vec![
        format!("The share set {} is not made yet: the vault knows nothing of it.", ceremony.about.set),
        String::new(),
    ];
    if n_shown > 0 {
        lines.push("Cards that were written down open nothing then: destroy them.".to_owned());
        lines.push(String::new());
    }
    lines.push("Leave, and make nothing?".to_owned());
    Dialog::Confirm(Confirm { title: "Leave?", lines, question: Question::LeaveCeremony })
}

/// The ceremony was left: nothing was made.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(page) = page(model) else { return Vec::new() };
    if let Keeping::Ceremony(ceremony) = &page.doing {
        let words =
            format!("nothing was made; cards that say {} open nothing: destroy them", ceremony.about.set);
        page.doing = Keeping::List;
        model.tell(words, false);
    }
    // What was drawn is dropped with the step.
    Vec::new()
}

/// A failure is told at the step that it is about; the set stays as it was drawn, so that it can be kept yet.
fn failed(model: &mut Model, failure: &Failure) {
    let words = forms::in_place(failure);
    match ceremony(model).map(|ceremony| &mut ceremony.step) {
        Some(CardStep::Keeping(wrong)) => *wrong = Some(words),
        _ => super::fail(model, failure),
    }
}
