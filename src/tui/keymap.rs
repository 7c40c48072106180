//! One table of keys: the footer, the help, the palette and the translation of keys are all made from it.
//!
//! Each scope has its own list below `keymap/`. Pages share `pages::ANYWHERE`: places, palette, help, lock
//! and the way out; a page's own keys win.

#![expect(clippy::wildcard_enum_match_arm, reason = "a key that is not bound means nothing")]

mod bundles;
mod codes;
mod custodians;
mod dialogs;
mod drills;
mod entry;
mod fields;
mod incidents;
mod log;
mod pages;
mod passes;
mod plan;
mod runbooks;
mod shares;
mod transfer;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::message::{Message, Typed};
use super::model::{Dialog, Model, Screen};

/// Where a binding is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every page that is not a form; its own keys win.
    Anywhere,
    /// The bundles.
    Bundles,
    /// The cards of a new share set.
    Card,
    /// The entries.
    Codes,
    /// A yes or no is wanted.
    Confirm,
    /// A code was copied before.
    CopyAgain,
    /// The share sets.
    Custodians,
    /// What was done.
    Done,
    /// Codes of a drill are attested.
    DrillAttest,
    /// A step of a drill in which nothing is typed.
    DrillStep,
    /// The drills.
    Drills,
    /// Everything about one entry.
    Entry,
    /// A field is being typed.
    Field,
    /// The filter of the entries is being typed.
    Filter,
    /// The first code of a new entry.
    FirstCode,
    /// No vault yet.
    FirstRun,
    /// The keys are shown.
    Help,
    /// A search in the keys is being typed.
    HelpFilter,
    /// An incident that is worked off.
    Incident,
    /// The incidents.
    Incidents,
    /// The log.
    Log,
    /// The filter of the log is being typed.
    LogFilter,
    /// The palette's filter is being typed.
    Palette,
    /// The words of a pass.
    PassWords,
    /// The passes.
    Passes,
    /// A file is being chosen.
    Picker,
    /// The plan.
    Plan,
    /// What a check of the plan has found.
    PlanCheck,
    /// A scenario or a template is chosen.
    PlanChoice,
    /// The filter of the plan is being typed.
    PlanFilter,
    /// What a file holds, before it is taken.
    Report,
    /// A runbook that is filled in.
    Runbook,
    /// The runbooks.
    Runbooks,
    /// The settings.
    Settings,
    /// The words of a share are being typed.
    Share,
    /// What there is to see to.
    Status,
    /// A failure, messages or a QR code are shown.
    Told,
    /// The trash.
    Trash,
}

impl Scope {
    /// Its name in the help.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "every page",
            Self::Bundles => "bundles",
            Self::Card => "the cards of a share set",
            Self::Codes => "codes",
            Self::Confirm => "a question",
            Self::CopyAgain => "a code that was copied before",
            Self::Custodians => "custodians",
            Self::Done => "what was done",
            Self::DrillAttest => "the codes of a drill",
            Self::DrillStep => "a step of a drill",
            Self::Drills => "drills",
            Self::Entry => "entry",
            Self::Field => "a field",
            Self::Filter => "the filter of the codes",
            Self::FirstCode => "the first code of a new entry",
            Self::FirstRun => "first run",
            Self::Help => "the keys",
            Self::HelpFilter => "the search in the keys",
            Self::Incident => "an incident",
            Self::Incidents => "incidents",
            Self::Log => "log",
            Self::LogFilter => "the filter of the log",
            Self::Palette => "the palette",
            Self::PassWords => "the words of a pass",
            Self::Passes => "passes",
            Self::Picker => "choosing a file",
            Self::Plan => "plan",
            Self::PlanCheck => "what a check of the plan has found",
            Self::PlanChoice => "choosing a scenario or a template",
            Self::PlanFilter => "the filter of the plan",
            Self::Report => "a report",
            Self::Runbook => "a runbook",
            Self::Runbooks => "runbooks",
            Self::Settings => "settings",
            Self::Share => "the words of a share",
            Self::Status => "status",
            Self::Told => "what is told",
            Self::Trash => "trash",
        }
    }

    /// True where letters are keys and the shared keys are in force beside the scope's own.
    const fn is_page(self) -> bool {
        matches!(
            self,
            Self::Bundles
                | Self::Codes
                | Self::Custodians
                | Self::Done
                | Self::Drills
                | Self::Entry
                | Self::FirstCode
                | Self::Incident
                | Self::Incidents
                | Self::Log
                | Self::Passes
                | Self::Plan
                | Self::PlanCheck
                | Self::PlanChoice
                | Self::Report
                | Self::Runbook
                | Self::Runbooks
                | Self::Settings
                | Self::Status
                | Self::Trash
        )
    }

    /// True where a character that is not bound is typed.
    const fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Field
                | Self::Filter
                | Self::HelpFilter
                | Self::LogFilter
                | Self::Palette
                | Self::Picker
                | Self::PlanFilter
                | Self::Share
        )
    }
}

/// One line of the table.
pub struct Binding {
    /// Where it is in force.
    pub scope: Scope,
    /// The keys, as they are matched.
    keys: &'static [Key],
    /// The keys, as they are shown.
    pub shown: &'static str,
    /// What it does, in words.
    pub help: &'static str,
    /// The word in the footer; empty where it is not there.
    pub footer: &'static str,
    message: fn() -> Message,
}

impl Binding {
    /// What it means.
    pub fn message(&self) -> Message {
        (self.message)()
    }
}

impl std::fmt::Debug for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Binding({:?} {})", self.scope, self.shown)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Char(char),
    Ctrl(char),
    Code(KeyCode),
}

const fn bind(
    scope: Scope,
    keys: &'static [Key],
    shown: &'static str,
    help: &'static str,
    footer: &'static str,
    message: fn() -> Message,
) -> Binding {
    Binding { scope, keys, shown, help, footer, message }
}

const ENTER: Key = Key::Code(KeyCode::Enter);
const ESC: Key = Key::Code(KeyCode::Esc);
const F1: Key = Key::Code(KeyCode::F(1));
const UP: Key = Key::Code(KeyCode::Up);
const DOWN: Key = Key::Code(KeyCode::Down);
const LEFT: Key = Key::Code(KeyCode::Left);
const RIGHT: Key = Key::Code(KeyCode::Right);
const HOME: Key = Key::Code(KeyCode::Home);
const END: Key = Key::Code(KeyCode::End);
const PAGE_UP: Key = Key::Code(KeyCode::PageUp);
const PAGE_DOWN: Key = Key::Code(KeyCode::PageDown);
const TAB: Key = Key::Code(KeyCode::Tab);
const BACK_TAB: Key = Key::Code(KeyCode::BackTab);
const BACKSPACE: Key = Key::Code(KeyCode::Backspace);
const DELETE: Key = Key::Code(KeyCode::Delete);

/// Every list, in the order in which the help shows them.
const TABLES: [&[Binding]; 16] = [
    codes::BINDINGS,
    entry::BINDINGS,
    bundles::BINDINGS,
    custodians::BINDINGS,
    drills::BINDINGS,
    plan::BINDINGS,
    runbooks::BINDINGS,
    passes::BINDINGS,
    incidents::BINDINGS,
    transfer::BINDINGS,
    log::BINDINGS,
    pages::BINDINGS,
    fields::BINDINGS,
    shares::BINDINGS,
    dialogs::BINDINGS,
    pages::ANYWHERE,
];

/// All bindings.
pub fn bindings() -> impl Iterator<Item = &'static Binding> {
    TABLES.into_iter().flatten()
}

/// Keys that work everywhere, even while something is typed.
pub const ALWAYS: [(&str, &str); 2] =
    [("Ctrl-c", "leave at once"), ("Ctrl-z", "lock, and suspend to the shell")];

/// Where the keys of a model go.
pub fn scope(model: &Model) -> Scope {
    match &model.dialog {
        None => screen_scope(model),
        Some(Dialog::Confirm(_)) => Scope::Confirm,
        Some(Dialog::CopyAgain { .. }) => Scope::CopyAgain,
        Some(Dialog::Help { searching: true, .. }) => Scope::HelpFilter,
        Some(Dialog::Help { .. }) => Scope::Help,
        Some(Dialog::Palette { .. }) => Scope::Palette,
        Some(Dialog::Picker(_)) => Scope::Picker,
        Some(Dialog::Prompt(_) | Dialog::Reason(_)) => Scope::Field,
        Some(
            Dialog::Failure { .. }
            | Dialog::Messages { .. }
            | Dialog::Picture(_)
            | Dialog::RecoveryCode { .. },
        ) => Scope::Told,
    }
}

/// Where the keys of the screen under the dialogs go.
pub fn screen_scope(model: &Model) -> Scope {
    match &model.screen {
        Screen::Add(form) => form.scope(),
        Screen::Bundles(page) => page.scope(),
        Screen::Codes if model.list.filtering => Scope::Filter,
        Screen::Codes => Scope::Codes,
        Screen::Custodians(page) => page.scope(),
        Screen::Drills(page) => page.scope(),
        Screen::Passes(page) => page.scope(),
        Screen::Incidents(page) => page.scope(),
        Screen::Plan(page) => page.scope(),
        Screen::Runbooks(page) => page.scope(),
        Screen::Entry(page) => page.scope(),
        Screen::FirstRun => Scope::FirstRun,
        Screen::Log(page) => page.scope(),
        Screen::Settings(_) => Scope::Settings,
        Screen::Status(_) => Scope::Status,
        Screen::Transfer(form) => form.scope(),
        Screen::Trash(_) => Scope::Trash,
        Screen::Restore(form) => form.scope(),
        Screen::Clock(_) | Screen::Edit(_) | Screen::NewVault(_) | Screen::Unlock(_) => Scope::Field,
    }
}

/// The bindings of a scope, its own first.
pub fn in_force(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    let own = bindings().filter(move |binding| binding.scope == scope);
    own.chain(pages::ANYWHERE.iter().filter(move |_| scope.is_page()))
}

/// What a key means where the person is; `None` when it means nothing.
pub fn translate(model: &Model, key: KeyEvent) -> Option<Message> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    // Whatever else is held: Esc just before them looks like Alt, and they always work.
    match key.code {
        KeyCode::Char('c') if ctrl => return Some(Message::Quit),
        KeyCode::Char('z') if ctrl => return Some(Message::Suspend),
        _ => {}
    }
    // Nothing else is bound to Alt and the like; taken for the bare key, Alt-q would leave.
    if key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
        return None;
    }
    let scope = scope(model);
    let bound = in_force(scope).find(|binding| {
        binding.keys.iter().any(|wanted| match wanted {
            Key::Char(c) => !ctrl && key.code == KeyCode::Char(*c),
            Key::Ctrl(c) => ctrl && key.code == KeyCode::Char(*c),
            Key::Code(code) => key.code == *code,
        })
    });
    if let Some(binding) = bound {
        return Some(binding.message());
    }
    match key.code {
        KeyCode::Char(c) if scope.takes_text() && !ctrl => Some(Message::Typed(Typed(c))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        for (idx, one) in bindings().enumerate() {
            for other in bindings().skip(idx + 1).filter(|other| other.scope == one.scope) {
                for key in one.keys {
                    assert!(!other.keys.contains(key), "{one:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn every_line_names_its_keys_and_what_they_do() {
        for binding in bindings() {
            assert!(
                !binding.keys.is_empty() && !binding.shown.is_empty() && !binding.help.is_empty(),
                "{binding:?}"
            );
            assert!(!binding.help.ends_with('.'), "{binding:?}");
        }
    }
}
