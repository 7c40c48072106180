//! What lies over a screen: it takes every key until it is closed.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a dialog does not know means nothing to it")]

use super::{
    bundles, codes, custodians, drills, entry, incidents, log, pages, passes, plan, reasons, share_entry,
};
use crate::tui::effect::{BundleEffect, Effect, TransferEffect};
use crate::tui::form::Applied;
use crate::tui::keymap::{self, Scope};
use crate::tui::message::{Message, Typed};
use crate::tui::model::{Confirm, Dialog, FileRow, Model, Picker, Prompt, PromptFor, Question, Screen};
use crate::tui::view::{dialog_lines, dialog_page, palette};

/// Longest text of a search, in characters.
const LONGEST_FILTER: usize = 200;

pub(super) fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    match &mut model.dialog {
        None => Vec::new(),
        Some(Dialog::Confirm(_)) => match message {
            Message::Confirm => {
                let Some(Dialog::Confirm(confirm)) = model.dialog.take() else { return Vec::new() };
                confirmed(model, confirm)
            }
            Message::Back => {
                let Some(Dialog::Confirm(confirm)) = model.dialog.take() else { return Vec::new() };
                denied(model, &confirm)
            }
            message => close(model, &message),
        },
        Some(Dialog::CopyAgain { id, next_at, .. }) => {
            let (id, next_at) = (*id, *next_at);
            match message {
                Message::Confirm => {
                    model.dialog = None;
                    vec![Effect::Copy { id, again: true }]
                }
                Message::Wait => {
                    model.dialog = None;
                    codes::wait_for(model, id, next_at);
                    Vec::new()
                }
                message => close(model, &message),
            }
        }
        Some(Dialog::Picture(picture)) => match message {
            Message::Invert => {
                picture.inverse = !picture.inverse;
                Vec::new()
            }
            message => close(model, &message),
        },
        Some(Dialog::RecoveryCode { title, code, .. }) => match message {
            Message::Copy => {
                vec![Effect::CopyShown { title: title.clone(), code: code.duplicate(), of: None }]
            }
            message => close(model, &message),
        },
        Some(Dialog::Help { filter, searching, scroll }) => {
            match message {
                Message::Filter => *searching = true,
                Message::Submit => *searching = false,
                Message::Back if *searching => {
                    *searching = false;
                    filter.clear();
                }
                message if *searching && edit(filter, &message) => *scroll = 0,
                message => return scroll_or_close(model, &message),
            }
            Vec::new()
        }
        Some(Dialog::Failure { .. } | Dialog::Messages { .. }) => scroll_or_close(model, &message),
        Some(Dialog::Palette { .. }) => in_palette(model, message),
        Some(Dialog::Picker(_)) => in_picker(model, message),
        Some(Dialog::Prompt(_)) => in_prompt(model, message),
        Some(Dialog::Reason(_)) => reasons::update(model, message),
    }
}

fn close(model: &mut Model, message: &Message) -> Vec<Effect> {
    if matches!(message, Message::Back) {
        model.dialog = None;
    }
    Vec::new()
}

fn scroll_or_close(model: &mut Model, message: &Message) -> Vec<Effect> {
    let Message::Move(rows) = message else { return close(model, message) };
    let lines = dialog_lines(model).len();
    let most = u16::try_from(lines.saturating_sub(dialog_page(model))).unwrap_or(0);
    if let Some(Dialog::Help { scroll, .. } | Dialog::Failure { scroll, .. } | Dialog::Messages { scroll }) =
        &mut model.dialog
    {
        let rows = i16::try_from(*rows).unwrap_or(0);
        *scroll = scroll.saturating_add_signed(rows).min(most);
    }
    Vec::new()
}

/// Changes a search text; false where the message means nothing to it.
fn edit(filter: &mut String, message: &Message) -> bool {
    match message {
        Message::Typed(Typed(c)) if !c.is_control() && filter.chars().count() < LONGEST_FILTER => {
            filter.push(*c);
        }
        Message::Erase => {
            filter.pop();
        }
        Message::EraseAll => filter.clear(),
        _ => return false,
    }
    true
}

/// The question was answered with no, which mostly leaves everything as it is.
fn denied(model: &mut Model, confirm: &Confirm) -> Vec<Effect> {
    match confirm.question {
        Question::AcceptMaker => share_entry::maker_refused(model),
        _ => Vec::new(),
    }
}

/// The question was answered with yes.
fn confirmed(model: &mut Model, confirm: Confirm) -> Vec<Effect> {
    match confirm.question {
        Question::AcceptMaker => vec![Effect::Bundle(BundleEffect::AcceptMaker)],
        Question::Incident(question) => incidents::confirmed(model, question),
        Question::LeaveDrill => drills::leave(model),
        Question::LeaveCeremony => custodians::leave(model),
        Question::Overwrite => bundles::overwrite(model),
        Question::ClosePass(id) => passes::close(id),
        Question::Plan(question) => plan::confirmed(model, question),
        Question::Remove(ids) => vec![Effect::Remove(ids)],
        Question::UndoImport => vec![Effect::Transfer(TransferEffect::Undo)],
        Question::UseWeak => bundles::use_weak(model),
        question @ (Question::AddTwin
        | Question::LeaveForm
        | Question::MakeSeed
        | Question::Prove(_)
        | Question::SaveChanges
        | Question::ShowQr(_)
        | Question::UseRecoveryCode(_)) => entry::confirmed(model, question),
    }
}

fn in_palette(model: &mut Model, message: Message) -> Vec<Effect> {
    let actions = palette(model);
    let clicked = super::clicked(model, &message);
    let Some(Dialog::Palette { filter, selected }) = &mut model.dialog else { return Vec::new() };
    match message {
        Message::Move(rows) => {
            *selected = selected.saturating_add_signed(rows).min(actions.len().saturating_sub(1));
        }
        Message::Clicked(..) => *selected = clicked.unwrap_or(*selected),
        Message::Submit => {
            let chosen = actions.get(*selected).copied();
            model.dialog = None;
            let Some(binding) = chosen else { return Vec::new() };
            // What the list does is done on the list, wherever the palette was opened.
            let here = keymap::screen_scope(model);
            if binding.scope == Scope::Codes && !matches!(here, Scope::Codes | Scope::Entry) {
                model.screen = Screen::Codes;
            }
            return super::apply(model, binding.message());
        }
        message if edit(filter, &message) => *selected = 0,
        message => return close(model, &message),
    }
    Vec::new()
}

/// Opens the file picker for the field that has the cursor, where that wants a path.
pub(super) fn pick_file(model: &mut Model) -> Vec<Effect> {
    if let Some(entry) = share_entry::entry(model) {
        let folder = entry.folder.clone();
        model.dialog = Some(Dialog::Picker(Picker { folder: folder.clone(), ..Picker::default() }));
        return vec![Effect::ListFolder(folder)];
    }
    let Some(typed) = path_field(model).map(|field| field.text().expose().to_owned()) else {
        model.tell("no path is wanted here", false);
        return Vec::new();
    };
    // What was typed so far is where the search begins.
    let folder = match typed.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
        None => "~".to_owned(),
    };
    model.dialog = Some(Dialog::Picker(Picker { folder: folder.clone(), ..Picker::default() }));
    vec![Effect::ListFolder(folder)]
}

/// The field that has the cursor, where it wants a path.
fn path_field(model: &mut Model) -> Option<&mut crate::tui::secret_field::SecretField> {
    if share_entry::entry(model).is_some() {
        return None;
    }
    let asks_key_file = model.asks_key_file();
    let form = match &mut model.screen {
        Screen::Unlock(form) => return asks_key_file.then_some(&mut form.key_file),
        Screen::Bundles(page) => page.form_mut()?,
        Screen::Custodians(page) => page.form_mut()?,
        Screen::Drills(page) => page.form_mut()?,
        Screen::Log(page) => page.form_mut()?,
        Screen::Passes(page) => page.form_mut()?,
        Screen::Runbooks(page) => page.form_mut()?,
        Screen::Transfer(form) => form.form_mut()?,
        Screen::Restore(form) => return form.path_mut(),
        Screen::Add(form) => return form.path_mut(),
        _ => return None,
    };
    form.path_mut()
}

/// A folder was listed, for whoever still looks at it.
pub(super) fn listed(model: &mut Model, folder: String, rows: Vec<FileRow>, wrong: Option<String>) {
    if let Some(Dialog::Picker(picker)) = &mut model.dialog {
        *picker = Picker { folder, rows, wrong, hidden: picker.hidden, ..Picker::default() };
    }
}

fn in_picker(model: &mut Model, message: Message) -> Vec<Effect> {
    let clicked = super::clicked(model, &message);
    let Some(Dialog::Picker(picker)) = &mut model.dialog else { return Vec::new() };
    match message {
        Message::Move(rows) => {
            let last = picker.shown().len().saturating_sub(1);
            picker.selected = picker.selected.saturating_add_signed(rows).min(last);
        }
        Message::Clicked(..) => picker.selected = clicked.unwrap_or(picker.selected),
        Message::ToggleShown => {
            picker.hidden = !picker.hidden;
            picker.selected = 0;
        }
        // For a file that is to be made: its name stays.
        Message::NextField(_) => {
            let folder = picker.folder.trim_end_matches('/').to_owned();
            model.dialog = None;
            if let Some(field) = path_field(model) {
                let name = field.text().expose().rsplit('/').next().unwrap_or_default().to_owned();
                field.clear();
                format!("{folder}/{name}").chars().for_each(|c| field.push(c));
            }
        }
        Message::FolderAbove => return vec![Effect::ListFolder(format!("{}/..", picker.folder))],
        Message::Submit => {
            let Some(row) = picker.shown().get(picker.selected).map(|row| (*row).clone()) else {
                return Vec::new();
            };
            let path = format!("{}/{}", picker.folder.trim_end_matches('/'), row.name);
            if row.is_folder {
                return vec![Effect::ListFolder(path)];
            }
            let folder = picker.folder.clone();
            model.dialog = None;
            if let Some(entry) = share_entry::entry(model) {
                return share_entry::from_file(entry, &folder, path);
            }
            if let Some(field) = path_field(model) {
                field.clear();
                path.chars().for_each(|c| field.push(c));
            }
            if matches!(model.screen, Screen::Add(_)) {
                return super::add::read_picture(model);
            }
        }
        message if edit(&mut picker.filter, &message) => picker.selected = 0,
        message => return close(model, &message),
    }
    Vec::new()
}

fn in_prompt(model: &mut Model, message: Message) -> Vec<Effect> {
    let Some(Dialog::Prompt(prompt)) = &mut model.dialog else { return Vec::new() };
    match prompt.form.apply(message) {
        Applied::Edited => prompt.wrong = None,
        Applied::Moved => {}
        Applied::NotTaken(Message::Submit) => return prompted(model),
        Applied::NotTaken(message) => return close(model, &message),
    }
    Vec::new()
}

/// The fields of a prompt are done.
fn prompted(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Prompt(Prompt { form, purpose, wrong, .. })) = &mut model.dialog else {
        return Vec::new();
    };
    match purpose {
        PromptFor::DrillReference(id) => {
            let id = *id;
            drills::reference_given(model, id)
        }
        PromptFor::OpenSealed(id, then) => {
            let (id, then) = (*id, *then);
            super::seals::given(model, id, then)
        }
        PromptFor::LogFilter => log::filtered(form),
        PromptFor::LogHead => log::head_given(model),
        PromptFor::Purge(id, name) => {
            if form.value("name") != name {
                *wrong = Some("that is not its name; nothing was destroyed".to_owned());
                return Vec::new();
            }
            let id = *id;
            model.dialog = None;
            vec![Effect::Purge(vec![id])]
        }
        PromptFor::Setting(key) => {
            let (key, value) = (*key, form.value("value").to_owned());
            model.dialog = None;
            pages::set(model, key, value)
        }
        PromptFor::Tag(ids) => {
            let (removed, added): (Vec<&str>, Vec<&str>) = form
                .value("tags")
                .split(',')
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .partition(|tag| tag.starts_with('-'));
            let removed: Vec<String> =
                removed.iter().map(|tag| tag.trim_start_matches('-').trim().to_owned()).collect();
            let added: Vec<String> =
                added.iter().map(|tag| tag.trim_start_matches(['+', '#']).trim().to_owned()).collect();
            if added.is_empty() && removed.is_empty() {
                *wrong = Some("type a tag, or go back with Esc".to_owned());
                return Vec::new();
            }
            let ids = std::mem::take(ids);
            model.dialog = None;
            vec![Effect::Tag { ids, added, removed }]
        }
    }
}
