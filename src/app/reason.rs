//! Reasons: where the settings ask for one before something of a privileged entry is shown.
//!
//! It reminds and records: whoever can edit the settings can switch it off. What is to be enforced is
//! sealed. The use cases that show something ask here, so that no face can forget it.

use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::log;
use super::session::Session;
use crate::entry::{Entry, EntryId, label};
use crate::settings::{NotTaken, Rule};

/// Most reasons that are offered.
pub const MOST_RECENT: usize = 5;
/// What tickets look like, for an example that fits a pattern.
const EXAMPLES: [&str; 5] = ["INC-4711", "CHG-4711", "INC0004711", "#4711", "4711"];

/// A reason that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it has to be like.
    pub rule: Rule,
    /// The entries that it is asked for, by their names, safe to show.
    pub titles: Vec<String>,
    /// Reasons that were given before and would be taken, newest first; as they were given.
    pub recent: Vec<String>,
}

/// Tells whether a reason is asked for before something of these entries is shown.
pub fn asked(ctx: &Context, session: &Session, ids: &[EntryId]) -> Option<Asked> {
    let rule = ctx.settings.reasons.rule()?;
    let privileged = ids.iter().filter_map(|id| session.vault.entry(*id)).filter(|entry| entry.privileged);
    let titles: Vec<String> = privileged.map(Entry::title).collect();
    if titles.is_empty() {
        return None;
    }
    let recent = recent(ctx, session, &rule);
    Some(Asked { rule, titles, recent })
}

/// The last different reasons of the log that would be taken, newest first, as far back as its end is read.
pub fn recent(ctx: &Context, session: &Session, rule: &Rule) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for record in log::recent(ctx, &session.path, &session.vault).records.into_iter().rev() {
        let Some(reason) = record.reason.as_deref().and_then(|reason| rule.take(reason).ok()) else {
            continue;
        };
        if !reasons.iter().any(|other| other == reason) {
            reasons.push(reason.to_owned());
        }
        if reasons.len() == MOST_RECENT {
            break;
        }
    }
    reasons
}

impl Asked {
    /// Takes what was typed: a reason, or the number of one that was given before.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] says why it is neither.
    pub fn take(&self, typed: &str) -> Result<String, NotTaken> {
        chosen(&self.recent, typed).map_or_else(|| self.rule.take(typed).map(str::to_owned), Ok)
    }

    /// The names of the entries, for a line.
    pub fn names(&self) -> String {
        match self.titles.as_slice() {
            [title] => title.clone(),
            [title, others @ ..] => format!("{title} and {} more privileged", others.len()),
            [] => String::new(),
        }
    }

    /// The failure of a reason that is missing, or was given and is not taken.
    pub fn refused(&self, given: Option<NotTaken>) -> Failure {
        let names = self.names();
        let what = match given {
            None => format!("a reason is asked for before anything of {names} is shown"),
            Some(_) => format!("the reason is not taken, and nothing of {names} is shown"),
        };
        let mut failure = Failure::new(Kind::Refused, what);
        if let Some(given) = given {
            failure = failure.because(given);
        }
        let wanted = self.rule.pattern().map_or_else(
            || "the settings ask for any text that is not blank".to_owned(),
            |pattern| format!("the settings ask for one that matches {} as a whole", label::shown(pattern)),
        );
        let example = EXAMPLES.into_iter().find(|example| self.rule.take(example).is_ok());
        let option = match example.map(str::to_owned).or_else(|| self.recent_in_quotes()) {
            Some(example) => {
                format!("run the command again with its reason, for example --reason '{example}'")
            }
            None => "run the command again with --reason TEXT, and a text that matches".to_owned(),
        };
        failure.details([wanted]).unchanged(Unchanged::NothingTouched).next(option)
    }

    /// A reason that was given before, where it stands in single quotes as it is.
    fn recent_in_quotes(&self) -> Option<String> {
        self.recent.iter().find(|recent| !recent.contains('\'') && label::shown(recent) == **recent).cloned()
    }
}

/// The reason among those that were given before that a number stands for.
pub fn chosen(recent: &[String], typed: &str) -> Option<String> {
    let number: usize = typed.trim().parse().ok()?;
    recent.get(number.checked_sub(1)?).cloned()
}

/// Refuses to show something of entries without the reason that is asked for.
pub(super) fn check(ctx: &Context, session: &Session, ids: &[EntryId]) -> Result<(), Failure> {
    let Some(rule) = ctx.settings.reasons.rule() else { return Ok(()) };
    let given = ctx.reason.as_deref().map(|reason| rule.take(reason).map(drop));
    match given {
        Some(Ok(())) => Ok(()),
        None => asked(ctx, session, ids).map_or(Ok(()), |asked| Err(asked.refused(None))),
        Some(Err(error)) => asked(ctx, session, ids).map_or(Ok(()), |asked| Err(asked.refused(Some(error)))),
    }
}
