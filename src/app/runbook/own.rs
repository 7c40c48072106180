//! A person's own runbooks: Markdown with places to fill in, kept in the vault.
//!
//! `fill.rs` finds the places and fills them, `parse.rs` takes the Markdown apart for a page to print. What is filled in
//! is text and never becomes markup, wherever it stands.

mod fill;
mod parse;

use super::page::{Runbook, Writing};
use super::situation::{Day, Situation, usable_plan};
use super::{Asked, BuiltIn, no_such, steps};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged};
use crate::app::session::Session;
use crate::app::time::day;
use crate::app::{log, vault_file};
use crate::audit::Event;
use crate::custody::Share;
use crate::entry::{Label, label};
use crate::recovery::item::MOST_ITEMS;
use crate::recovery::runbook::{LONGEST_RUNBOOK, OwnRunbook};
use crate::vault::Vault;

pub use fill::PLACES;

/// Longest name of a person's own runbook, in characters.
const LONGEST_NAME: usize = 60;
/// A text in capitals and digits of base32 that is as long as this may be a seed.
const SHORTEST_SEED: usize = 16;

/// What putting one in did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// Its name, safe to show.
    pub name: String,
    /// It took the place of one that was there.
    pub replaced: bool,
    /// The places that it has, by their names.
    pub places: Vec<&'static str>,
}

/// What stands in the list.
pub(super) fn what(runbook: &OwnRunbook) -> String {
    format!("your own, of {}: {}", day(runbook.updated), parse::first_line(&runbook.text))
}

/// Puts a runbook in. One that is there under its name is replaced with `replace` alone.
///
/// # Errors
///
/// Exit 2 for a name that every vault has or that is none, for places that are not known (by name and line), and for text
/// that holds a secret; exit 8 when it is there already.
pub fn put(
    ctx: &Context,
    session: &mut Session,
    name: &str,
    text: &str,
    replace: bool,
) -> Result<Put, Failure> {
    let name = checked_name(name)?;
    let text = text.replace("\r\n", "\n");
    let wrong = |what: String| Failure::new(Kind::Usage, what).unchanged(Unchanged::NothingTouched);
    if text.len() > LONGEST_RUNBOOK {
        return Err(wrong(format!("a runbook has {} KiB at most", LONGEST_RUNBOOK >> 10)));
    }
    if text.trim().is_empty() {
        return Err(wrong("the runbook is empty".to_owned()));
    }
    let places = fill::check(&text).map_err(|faults| {
        let known: Vec<String> = PLACES.iter().map(|(place, _)| format!("{{{place}}}")).collect();
        wrong("the runbook has places that cannot be filled in".to_owned())
            .details(faults)
            .next(format!("places: {}", known.join(", ")))
    })?;
    if let Some(secret) = secret_in(session.vault(), &text) {
        return Err(wrong(format!("the runbook holds {secret}, and a runbook is printed and passed on"))
            .next("take it out: a runbook says where something is, never what it is")
            .next("if the file lies on a disk, destroy it"));
    }
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let refused = |failure: Failure| failure.unchanged(Unchanged::VaultKept(path.clone()));
        let runbooks = &mut vault.items.runbooks;
        let is_full = runbooks.len() >= MOST_ITEMS;
        let own = OwnRunbook { name: name.clone(), text, updated: ctx.clock.now() };
        let replaced = match runbooks.iter_mut().find(|other| is_named(other, name.raw())) {
            Some(slot) if replace => {
                *slot = own;
                true
            }
            Some(_) => {
                return Err(refused(
                    Failure::new(Kind::Duplicate, format!("there is a runbook \"{name}\" already"))
                        .next("to replace it: the same command with --force")
                        .next(format!("`lifeboat runbook '{name}'` shows it")),
                ));
            }
            None if is_full => {
                return Err(refused(Failure::new(Kind::Refused, "the vault has too many runbooks")));
            }
            None => {
                runbooks.push(own);
                false
            }
        };
        let mut record = log::record(ctx, Event::RunbookChanged);
        record.facts = vec![("change".into(), if replaced { "replaced" } else { "added" }.into())];
        Ok((Put { name: name.shown(), replaced, places }, vec![record]))
    })
}

/// Takes one out.
///
/// # Errors
///
/// Exit 2 for one that every vault has, exit 4 when there is none of that name.
pub fn remove(ctx: &Context, session: &mut Session, name: &str) -> Result<String, Failure> {
    check_removable(session.vault(), name)?;
    vault_file::change(ctx, session, |vault| {
        let runbooks = &mut vault.items.runbooks;
        let place = runbooks.iter().position(|own| is_named(own, name));
        let Some(place) = place else { return Err(no_such(vault, name)) };
        let removed = runbooks.remove(place);
        let mut record = log::record(ctx, Event::RunbookChanged);
        record.facts = vec![("change".into(), "removed".into())];
        Ok((removed.name.shown(), vec![record]))
    })
}

/// Refuses what cannot be taken out, before anybody is asked.
fn check_removable(vault: &Vault, name: &str) -> Result<(), Failure> {
    if BuiltIn::parse(name).is_some() {
        return Err(taken(name).next("every vault has it, and it cannot be taken out"));
    }
    if vault.items.runbooks.iter().any(|own| is_named(own, name)) {
        Ok(())
    } else {
        Err(no_such(vault, name))
    }
}

/// The person's own runbook of a name, safe to show, for a question before it is taken out.
///
/// # Errors
///
/// As [`remove`].
pub fn removable(session: &Session, name: &str) -> Result<String, Failure> {
    check_removable(session.vault(), name).map(|()| label::shown(name))
}

/// Fills a person's own runbook in.
pub(super) fn make(ctx: &Context, session: &Session, asked: &Asked) -> Result<Runbook, Failure> {
    let runbooks = &session.vault().items.runbooks;
    let own = runbooks
        .iter()
        .find(|own| own.name.raw() == asked.name)
        .or_else(|| runbooks.iter().find(|own| is_named(own, &asked.name)))
        .ok_or_else(|| no_such(session.vault(), &asked.name))?;
    let mut writing = Writing::default();
    let (plan, graph) = usable_plan(session.vault(), &mut writing)?;
    let situation = Situation::new(ctx, session, (&plan, &graph), asked, Day::NothingIsGone)?;
    let values = fill::Values::new(&situation);
    steps::rule(&mut writing, &steps::verifiers(&situation));
    let foot = writing.finish();
    let (title, mut parts) = parse::parts(&own.text, &values);
    let own_markdown = fill::markdown(&own.text, &values);
    // What stands above every other runbook.
    let rule = foot.into_iter().next();
    parts.splice(0..0, rule);
    Ok(Runbook {
        name: own.name.shown(),
        title: title.unwrap_or_else(|| own.name.shown()),
        about: super::about(&situation),
        made: situation.now,
        parts,
        own_markdown: Some(own_markdown),
    })
}

fn is_named(own: &OwnRunbook, name: &str) -> bool {
    own.name.raw().to_lowercase() == name.trim().to_lowercase()
}

fn taken(name: &str) -> Failure {
    Failure::new(
        Kind::Usage,
        format!("\"{}\" is the name of a runbook that every vault has", label::shown(name)),
    )
    .unchanged(Unchanged::NothingTouched)
}

/// A name that can be typed and that no other runbook has by itself.
fn checked_name(name: &str) -> Result<Label, Failure> {
    let name = name.trim();
    if BuiltIn::ALL.into_iter().any(|built_in| built_in.name() == name.to_lowercase()) {
        return Err(taken(name).next("give yours another name"));
    }
    let is_ordinary = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let fits = !name.is_empty()
        && !name.starts_with('-')
        && name.chars().count() <= LONGEST_NAME
        && name.chars().all(is_ordinary);
    if fits {
        return Ok(Label::new(name));
    }
    Err(Failure::new(Kind::Usage, format!("\"{}\" is no name for a runbook", label::shown(name)))
        .unchanged(Unchanged::NothingTouched)
        .next(format!("1 to {LONGEST_NAME} letters, digits, spaces, dots, - and _; no - at its beginning")))
}

/// What secret a text holds, in words; `None` where none was found. What is looked for: URIs with seeds, the seeds and
/// recovery codes of this vault, words of a share.
fn secret_in(vault: &Vault, text: &str) -> Option<&'static str> {
    let lowered = text.to_lowercase();
    if ["otpauth://", "otpauth-migration://"].iter().any(|scheme| lowered.contains(scheme)) {
        return Some("an otpauth URI");
    }
    // As it would be typed: in groups, in either case.
    let joined: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let joined = joined.to_uppercase();
    for entry in &vault.entries {
        let seed = entry.seed().map(|seed| data_encoding::BASE32_NOPAD.encode(seed.bytes().expose()));
        let seed = seed.map(crate::secret::SecretText::new);
        if seed.is_some_and(|seed| seed.len() >= SHORTEST_SEED && joined.contains(seed.expose())) {
            return Some("the seed of one of the entries");
        }
        let mut codes = entry.recovery_codes.iter().map(|code| code.code.expose());
        if codes.any(|code| code.len() >= 6 && text.contains(code)) {
            return Some("a recovery code of one of the entries");
        }
    }
    let is_share = |line: &str| Share::parse(line.trim_start_matches(['-', '*', ' '])).is_ok();
    text.lines().any(is_share).then_some("the words of a share")
}
