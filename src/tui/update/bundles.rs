//! The bundles: listed, made, looked at, checked, restored into this vault.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a screen does not know means nothing to it")]

mod kit;
mod new;

use super::{forms, share_entry};
use crate::tui::effect::{BundleEffect, Effect};
use crate::tui::message::{BundleMessage, Message};
use crate::tui::model::{
    BundleForm, BundlesPage, Confirm, Dialog, Doing, Done, Keeping, Model, Purpose, Question, Report, Screen,
    TransferForm,
};
use crate::tui::view::most_above;

pub(super) use new::{ALL, MARKED, marked, offer_sets, selection, use_weak};

/// What the place of bundles does with a message.
pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let size = model.size;
    let Screen::Bundles(page) = &mut model.screen else { return Vec::new() };
    match &mut page.doing {
        Doing::List => on_list(model, &message),
        Doing::New(_) => new::update(model, message),
        Doing::Existing(..) => existing(model, message),
        Doing::Kit(_) => kit::update(page, message),
        Doing::Merge(report) => match message {
            Message::Submit if report.n_written > 0 => vec![Effect::Bundle(BundleEffect::Merge)],
            Message::Back | Message::Submit => {
                page.doing = Doing::List;
                Vec::new()
            }
            Message::Failed(failure) => {
                super::fail(model, &failure);
                Vec::new()
            }
            message => {
                scroll(&message, |by| report.scroll(by));
                Vec::new()
            }
        },
        Doing::Done(done) => {
            match message {
                Message::Back => page.doing = Doing::List,
                Message::Failed(failure) => super::fail(model, &failure),
                message => {
                    let most = most_above(done, size);
                    scroll(&message, |by| done.scroll(by, most));
                }
            }
            Vec::new()
        }
    }
}

/// Moves a window over lines.
pub(super) fn scroll(message: &Message, mut by: impl FnMut(isize)) {
    match message {
        Message::Move(rows) => by(*rows),
        Message::MoveToFirst => by(isize::MIN / 2),
        Message::MoveToLast => by(isize::MAX / 2),
        _ => {}
    }
}

fn on_list(model: &mut Model, message: &Message) -> Vec<Effect> {
    let clicked = super::clicked(model, message);
    let Screen::Bundles(page) = &mut model.screen else { return Vec::new() };
    let last = page.rows.as_ref().map_or(0, Vec::len).saturating_sub(1);
    match message {
        Message::Back => model.screen = Screen::Codes,
        Message::Failed(failure) => super::fail(model, failure),
        Message::Clicked(..) => page.selected = clicked.unwrap_or(page.selected),
        message => {
            scroll(message, |by| page.selected = page.selected.saturating_add_signed(by).min(last));
        }
    }
    Vec::new()
}

/// What is offered about bundles on several screens, and what the world says of them.
pub(super) fn act(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::NewBundle => return new::begin(model),
        Message::Merge => return name_bundle(model, Purpose::Merge),
        Message::Bundle(BundleMessage::Inspect) => return name_bundle(model, Purpose::Inspect),
        Message::Bundle(BundleMessage::Kit) => return kit::begin(model),
        Message::Bundle(BundleMessage::Verify) => return name_bundle(model, Purpose::Verify),
        Message::Bundle(BundleMessage::Proven) => {
            model.back_off = crate::tui::model::BackOff::default();
            match model.screen {
                Screen::Transfer(_) => return super::transfer::proven(model),
                Screen::Passes(_) => return super::passes::proven(model),
                _ => {}
            }
            return new::proven(model);
        }
        Message::Bundle(BundleMessage::OutputSeen { exists, n_entries, asks_vault }) => {
            return new::output_seen(model, exists, n_entries, asks_vault);
        }
        Message::Bundle(BundleMessage::Listed(rows)) => {
            if let Screen::Bundles(page) = &mut model.screen {
                page.selected = page.selected.min(rows.len().saturating_sub(1));
                page.rows = Some(rows);
            }
        }
        Message::Bundle(BundleMessage::Planned(report)) => planned(model, report),
        Message::Bundle(BundleMessage::Done(done)) => finished(model, done),
        _ => {}
    }
    Vec::new()
}

/// Opens the place of bundles where another screen is on.
fn show_page(model: &mut Model) -> Vec<Effect> {
    if matches!(model.screen, Screen::Bundles(_)) {
        return Vec::new();
    }
    model.list.filtering = false;
    model.screen = Screen::Bundles(BundlesPage::default());
    opened(model)
}

/// Asks for a bundle file; the selected bundle's path stands in the field.
fn name_bundle(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let effects = show_page(model);
    if let Screen::Bundles(page) = &mut model.screen {
        let path = page.selected_row().map(|row| row.path.clone()).unwrap_or_default();
        page.doing = Doing::Existing(purpose, BundleForm::new(&path, None));
    }
    effects
}

/// The bundle that was named is looked at, then opened.
fn existing(model: &mut Model, message: Message) -> Vec<Effect> {
    let key_file_named = model.key_file.is_some();
    let Screen::Bundles(page) = &mut model.screen else { return Vec::new() };
    let Doing::Existing(purpose, bundle) = &mut page.doing else { return Vec::new() };
    let message = match share_entry::apply(bundle, message, *purpose == Purpose::Verify) {
        Ok(effects) => return effects,
        Err(message) => message,
    };
    match message {
        Message::Submit => {
            let effects = forms::submit_bundle(bundle, key_file_named);
            if *purpose != Purpose::Verify {
                return effects;
            }
            // Opened in order to be checked, and for nothing else.
            return effects
                .into_iter()
                .map(|effect| match effect {
                    Effect::OpenBundle { passphrase, key_file } => {
                        Effect::Bundle(BundleEffect::Verify { passphrase, key_file })
                    }
                    effect => effect,
                })
                .collect();
        }
        Message::Back if bundle.about.is_some() => {
            *bundle = BundleForm::new(bundle.path.expose(), None);
            // What was looked at, and the shares that were brought, are dropped with the step.
            return vec![Effect::Bundle(BundleEffect::Forget)];
        }
        Message::Back => page.doing = Doing::List,
        Message::BundleSeen { facts, .. } if *purpose == Purpose::Inspect => {
            page.doing = Doing::Done(Done {
                name: "Inspect",
                what: "The file is whole. It says of itself:".to_owned(),
                warnings: Vec::new(),
                facts,
                next: vec!["What it says is proven only when it is opened: v does that.".to_owned()],
                offset: 0,
            });
        }
        Message::BundleSeen { about, by, .. } => bundle.ask(about, by),
        Message::Failed(failure) => bundle.wrong = Some(forms::in_place(&failure)),
        _ => {}
    }
    Vec::new()
}

/// A bundle was opened, and compared with this vault.
fn planned(model: &mut Model, report: Report) {
    if let Screen::Bundles(page) = &mut model.screen
        && matches!(page.doing, Doing::Existing(Purpose::Merge, _))
    {
        page.doing = Doing::Merge(report);
    }
}

/// What was being done is done, if nobody has gone elsewhere meanwhile.
fn finished(model: &mut Model, done: Done) {
    model.remember(done.what.clone(), false);
    match &mut model.screen {
        Screen::Bundles(page) if !matches!(page.doing, Doing::List) => page.doing = Doing::Done(done),
        _ => model.tell(done.what, false),
    }
}

/// The place has come onto the screen, or the vault has changed under it.
pub(super) fn opened(_model: &mut Model) -> Vec<Effect> {
    vec![Effect::Bundle(BundleEffect::List)]
}

/// True on the screens for which the runner keeps a bundle, or a file, that was looked at or opened.
pub(super) fn holds_opened(model: &Model) -> bool {
    match &model.screen {
        Screen::Bundles(page) => match &page.doing {
            Doing::Existing(..) | Doing::Merge(_) => true,
            Doing::Done(_) | Doing::Kit(_) | Doing::List | Doing::New(_) => false,
        },
        Screen::Custodians(page) => matches!(page.doing, Keeping::Ceremony(_)),
        Screen::Drills(page) => page.run().is_some(),
        Screen::Passes(page) => page.holds_words(),
        Screen::Transfer(TransferForm::Report(..)) => true,
        _ => false,
    }
}

/// Asks before a file is replaced.
pub(super) fn ask_to_overwrite(model: &mut Model, path: &str) {
    let path = crate::entry::label::shown(path);
    model.dialog = Some(Dialog::Confirm(Confirm {
        title: "Replace?",
        lines: vec![
            format!("{path} exists already."),
            "Replacing it destroys what is in it, once the new file is complete.".to_owned(),
            String::new(),
            "Replace it?".to_owned(),
        ],
        question: Question::Overwrite,
    }));
}

/// The file that is there may be replaced.
pub(super) fn overwrite(model: &mut Model) -> Vec<Effect> {
    match &model.screen {
        Screen::Bundles(_) => new::overwrite(model),
        Screen::Transfer(_) => super::transfer::overwrite(model),
        _ => Vec::new(),
    }
}
