//! The settings: shown, changed in their file, and taken over by what runs.

use std::sync::Arc;

use super::{Runner, model};
use crate::app::{Context, Failure, Kind, failure, settings as file};
use crate::entry::label;
use crate::settings::{self, Key, Settings, Value};
use crate::tui::message::Message;
use crate::tui::model::{Prefs, SettingRow};
use crate::tui::theme::Theme;

/// What of the settings the screens go by.
pub(super) fn prefs(settings: &Settings) -> Prefs {
    Prefs {
        masked: settings.codes.masked,
        shown_seconds: settings.codes.shown_for.as_secs(),
        mask_on_focus_loss: settings.codes.mask_on_focus_loss,
        idle_seconds: settings.lock.idle.as_secs(),
        sort: match settings.codes.sort {
            settings::Sort::Name => model::Sort::Name,
            settings::Sort::Recent => model::Sort::Recent,
            settings::Sort::Tag => model::Sort::Tag,
            settings::Sort::Due => model::Sort::Due,
        },
        motion: settings.motion,
        mouse: settings.mouse,
        ascii: settings.ascii,
        theme: theme(settings.theme),
        reasons: settings.reasons.rule(),
    }
}

fn theme(theme: settings::Theme) -> Theme {
    match theme {
        settings::Theme::Default => Theme::new(true),
        settings::Theme::HighContrast => Theme::high_contrast(),
        settings::Theme::Plain => Theme::new(false),
    }
}

/// What is in force, and what the file says.
fn read(ctx: &Context, loaded: &file::Loaded) -> Message {
    let in_force: &Settings = &ctx.settings;
    let row = |key: Key| {
        let value = shown(key, &loaded.settings);
        let now = shown(key, in_force);
        // The command line and the environment go before the file.
        let note = if now == value { String::new() } else { format!(" In this run: {now}.") };
        SettingRow {
            key: key.path(),
            help: key.does(),
            value,
            values: values(key),
            allowed: format!("It takes {}.{note}", key.kind()),
        }
    };
    Message::SettingsRead {
        rows: Key::ALL.into_iter().map(row).collect(),
        warnings: loaded.warnings.iter().map(|warning| label::shown_message(&warning.to_string())).collect(),
        path: loaded.path.as_deref().map(failure::shown_path),
        prefs: prefs(in_force),
    }
}

/// A value as a person types it.
fn shown(key: Key, settings: &Settings) -> String {
    let value = match key.value(settings) {
        // A pattern's backslashes are doubled in the file alone.
        Value::Text(text) => return label::shown_message(&text),
        value => value.in_file(),
    };
    let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    label::shown_message(bare.unwrap_or(&value))
}

/// The values that are gone through; none where a text is typed.
fn values(key: Key) -> Vec<&'static str> {
    match key.kind() {
        settings::Kind::Flag => vec!["true", "false"],
        settings::Kind::Choice(names) => names,
        settings::Kind::Time { .. }
        | settings::Kind::Command
        | settings::Kind::Pattern
        | settings::Kind::Text { .. } => Vec::new(),
    }
}

impl Runner {
    /// Says which settings are in force.
    pub(super) fn settings(&self) -> Vec<Message> {
        vec![read(&self.ctx, &file::load(&self.ctx))]
    }

    /// Changes a setting in its file and goes by it from now on.
    pub(super) fn set(&mut self, path: &str, typed: &str) -> Vec<Message> {
        match self.changed(path, typed) {
            Ok(messages) => messages,
            Err(failure) => vec![Message::Failed(Box::new(failure))],
        }
    }

    fn changed(&mut self, path: &str, typed: &str) -> Result<Vec<Message>, Failure> {
        let Some(key) = Key::parse(path) else { return Ok(Vec::new()) };
        let value = key.kind().read(typed).ok_or_else(|| {
            Failure::new(Kind::Usage, format!("{path} is not changed: that is no value for it"))
                .unchanged(crate::app::Unchanged::NothingTouched)
                .next(format!("it takes {}", key.kind()))
        })?;
        let saved = file::save(&self.ctx, self.session.as_deref_mut(), key, &value)?;
        // Only what was changed is taken over: the command line's and the environment's words stay in force.
        let mut in_force = Settings::clone(&self.ctx.settings);
        if let Err(unfit) = key.set(&mut in_force, &key.value(&saved.loaded.settings)) {
            return Err(Failure::new(Kind::Usage, unfit.to_string()));
        }
        self.ctx = Arc::new(self.ctx.with_settings(in_force));
        let mut messages = vec![read(&self.ctx, &saved.loaded)];
        if matches!(key, Key::Command | Key::Provider) {
            let words = "saved; it is in force from the next start, because what copies is chosen before the sandbox closes";
            messages.push(Message::Noticed(words.to_owned()));
        }
        messages.extend(saved.notice.map(|notice| Message::Noticed(notice.0)));
        Ok(messages)
    }
}
