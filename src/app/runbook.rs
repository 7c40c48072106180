//! Runbooks: what to do, step by step, filled in from the vault and the plan for the day on which somebody is tired.
//!
//! `page.rs` is a runbook as data, `markdown.rs` and `html.rs` write it down; `situation.rs` gathers what is known,
//! `steps.rs`, `devices.rs` and `emergency.rs` put it in order, `phones.rs` knows the kinds of phones, `own.rs` a person's
//! own runbooks. A runbook never holds a seed, a code, a passphrase or a share's word.

mod devices;
mod emergency;
mod html;
mod markdown;
mod own;
mod page;
mod phones;
mod situation;
mod steps;
mod typed;

use std::path::Path;

use super::bundle::{not_written, refuse_vault};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::log;
use super::session::Session;
use crate::audit::Event;
use crate::entry::Label;
use crate::storage::atomic::{self, Existing};
use crate::vault::Vault;

use page::Writing;
use situation::{Day, Situation, usable_plan};

pub use own::{PLACES, Put, put, removable, remove};
pub use page::{Item, Part, Runbook, Step};
pub use typed::Typed;

/// A runbook that every vault has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// A bundle is opened in an emergency.
    BreakGlass,
    /// A restore is rehearsed.
    Drill,
    /// A new person's first device.
    FirstDevice,
    /// A lost or broken phone.
    LostDevice,
    /// A new phone with the old one at hand.
    PlannedChange,
}

impl BuiltIn {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 5] =
        [Self::PlannedChange, Self::LostDevice, Self::FirstDevice, Self::BreakGlass, Self::Drill];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BreakGlass => "break-glass",
            Self::Drill => "drill",
            Self::FirstDevice => "first-device",
            Self::LostDevice => "lost-device",
            Self::PlannedChange => "planned-change",
        }
    }

    /// What it is for, in one line.
    pub const fn what(self) -> &'static str {
        match self {
            Self::BreakGlass => {
                "a bundle is opened in an emergency: who may, where it lies, what comes after"
            }
            Self::Drill => "a restore is rehearsed: which bundle is due, how far to go, what to record",
            Self::FirstDevice => "a new person sets up a first device, with no factor yet",
            Self::LostDevice => "a phone is lost, stolen or broken",
            Self::PlannedChange => "a phone is replaced while the old one is at hand",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::BreakGlass => "Break glass",
            Self::Drill => "Drill",
            Self::FirstDevice => "First device of a new person",
            Self::LostDevice => "Lost or broken device",
            Self::PlannedChange => "Planned change of a device",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|built_in| built_in.name() == name)
    }
}

/// A runbook in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name, as it is.
    pub name: Label,
    /// What it is for, or when it was put in; safe to show.
    pub what: String,
    /// It is a person's own.
    pub own: bool,
}

/// Which runbook, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// The device, by its name in the plan or in entries.
    pub device: Option<String>,
    /// One entry or account alone.
    pub query: Option<String>,
}

/// All runbooks: those that every vault has, then the person's own.
pub fn list(vault: &Vault) -> Vec<Listed> {
    let built_in = BuiltIn::ALL.into_iter().map(|built_in| Listed {
        name: Label::new(built_in.name()),
        what: built_in.what().to_owned(),
        own: false,
    });
    let own = vault.items.runbooks.iter().map(|runbook| Listed {
        name: runbook.name.clone(),
        what: own::what(runbook),
        own: true,
    });
    built_in.chain(own).collect()
}

/// Fills a runbook in.
///
/// # Errors
///
/// Exit 4 when there is none of that name, or no device or account, or several.
pub fn make(ctx: &Context, session: &Session, asked: &Asked) -> Result<Runbook, Failure> {
    let Some(built_in) = BuiltIn::parse(&asked.name) else { return own::make(ctx, session, asked) };
    let mut writing = Writing::default();
    let (plan, graph) = usable_plan(session.vault(), &mut writing)?;
    if super::plan::own(session.vault()).is_ok_and(|own| own.things.is_empty()) {
        writing.lacks(
            "anything but what the vault knows by itself. Plans to start from:",
            Some(Typed::new("lifeboat plan new")),
        );
    }
    let day = match built_in {
        BuiltIn::BreakGlass | BuiltIn::Drill => Day::NothingIsGone,
        BuiltIn::FirstDevice => Day::OneIsNew,
        BuiltIn::LostDevice | BuiltIn::PlannedChange => Day::OneIsGone,
    };
    let situation = Situation::new(ctx, session, (&plan, &graph), asked, day)?;
    match built_in {
        BuiltIn::BreakGlass => emergency::break_glass(&mut writing, ctx, session, &situation),
        BuiltIn::Drill => emergency::rehearsed(&mut writing, ctx, session, &situation),
        BuiltIn::FirstDevice => devices::first_device(&mut writing, &situation),
        BuiltIn::LostDevice => devices::lost_device(&mut writing, &situation),
        BuiltIn::PlannedChange => devices::planned_change(&mut writing, &situation),
    }
    Ok(Runbook {
        name: built_in.name().to_owned(),
        title: built_in.title().to_owned(),
        about: about(&situation),
        made: situation.now,
        parts: writing.finish(),
        own_markdown: None,
    })
}

fn about(situation: &Situation<'_>) -> Option<String> {
    let device = situation.device.as_ref().map(|device| device.name.clone());
    let account =
        situation.accounts.first().filter(|_| situation.for_one).map(|account| account.name.clone());
    match (device, account) {
        (Some(device), Some(account)) => Some(format!("{device}, {account}")),
        (device, account) => device.or(account),
    }
}

/// The runbook as Markdown.
pub fn markdown(runbook: &Runbook) -> String {
    markdown::page(runbook)
}

/// The runbook as a page to print.
pub fn html(runbook: &Runbook) -> String {
    html::page(runbook)
}

/// Writes a page to a file that only its owner reads. The log is written first.
///
/// # Errors
///
/// Exit 8 when the output exists or is the vault, and what writing can fail with.
pub fn write(
    ctx: &Context,
    session: &mut Session,
    text: &str,
    output: &Path,
    force: bool,
) -> Result<(), Failure> {
    refuse_vault(ctx, session, output)?;
    let mut record = log::record(ctx, Event::Exported);
    record.facts = vec![("format".into(), "runbook".into())];
    log::append(ctx, session, vec![record]);
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    atomic::create(ctx.disk.as_ref(), output, text.as_bytes(), &ctx.token()?, existing)
        .map(drop)
        .map_err(|error| not_written(output, "runbook", error))
}

/// Says that there is no runbook of a name.
fn no_such(vault: &Vault, name: &str) -> Failure {
    Failure::new(Kind::NoEntry, format!("there is no runbook \"{}\"", Label::new(name)))
        .details(list(vault).into_iter().map(|listed| listed.name.shown()))
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat runbook` lists them")
        .next("to put one of your own in: lifeboat runbook NAME --template FILE")
}
