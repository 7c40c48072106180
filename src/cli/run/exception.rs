//! Exceptions: added with an owner and an end, listed, ended.

use serde_json::{Map, Value, json};

use super::super::args::ExceptionCommand;
use super::super::render::fields;
use super::super::time;
use super::Run;
use crate::app::exception::{self, ListedException, NewException, Standing};
use crate::app::find::find;
use crate::app::{Exit, Failure};
use crate::entry::{Entry, EntryId, label};
use crate::recovery::exception::Exception;

pub(super) fn exception(run: &mut Run<'_, '_>, command: &ExceptionCommand) -> Result<Exit, Failure> {
    match command {
        ExceptionCommand::Add { entry, kind, until, owner } => {
            let mut session = run.open()?;
            let entry = find(&session, &entry.query)?;
            let until = until.moment(run.ctx.clock.now());
            let new = NewException { entry, kind: kind.0, until, owner: owner.clone() };
            let added = exception::add(run.ctx, &mut session, new)?;
            run.tell_notices(&mut session);
            let name = session.vault().entry(entry).map(Entry::title).unwrap_or_default();
            let json = exception_json(&added, &name, Standing::of(&added, run.ctx.clock.now()));
            run.result("exception-added", &json, &format!("{}\n", added.id))?;
            run.tell(&format!(
                "{} of {name} until {}: {}; {} answers for it",
                added.kind.name(),
                time::shown(added.until),
                added.kind.in_words(),
                added.owner
            ));
            Ok(Exit::Done)
        }
        ExceptionCommand::List => list(run),
        ExceptionCommand::End { id } => {
            let mut session = run.open()?;
            let ended = exception::end(run.ctx, &mut session, id)?;
            run.tell_notices(&mut session);
            let name = name_of(&exception::list(run.ctx, &session), ended.entry);
            run.result("exception-ended", &exception_json(&ended, &name, Standing::Ended), "")?;
            run.tell(&format!("ended: {} of {name}", ended.kind.name()));
            Ok(Exit::Done)
        }
    }
}

fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let listed = exception::list(run.ctx, &session);
    if listed.is_empty() && !run.global.json {
        run.tell(
            "there is no exception: `lifeboat exception add NAME KIND --until DATE --owner NAME` adds one",
        );
        return Ok(Exit::Done);
    }
    let json = listed.iter().map(|one| exception_json(&one.exception, &one.name, one.standing));
    let json = fields([("exceptions", json.map(Value::Object).collect())]);
    let row = |one: &ListedException| {
        let Exception { id, kind, owner, reason, until, ended, .. } = &one.exception;
        let standing = match (one.standing, ended) {
            (Standing::Past, _) => "PAST".to_owned(),
            (Standing::Ended, Some(ended)) => format!("ended {}", time::day(*ended)),
            (other, _) => other.name().to_owned(),
        };
        let (owner, reason) = (owner.shown(), label::shown(reason));
        vec![
            id.to_string(),
            standing,
            time::day(*until),
            kind.name().to_owned(),
            one.name.clone(),
            owner,
            reason,
        ]
    };
    let rows: Vec<Vec<String>> = listed.iter().map(row).collect();
    let text = run.rows(&["ID", "STANDING", "UNTIL", "KIND", "ENTRY", "OWNER", "REASON"], &rows);
    run.result("exception", &json, &text)
}

fn name_of(listed: &[ListedException], entry: EntryId) -> String {
    let found = listed.iter().find(|one| one.exception.entry == entry);
    found.map(|one| one.name.clone()).unwrap_or_default()
}

/// An exception for scripts.
pub(super) fn exception_json(exception: &Exception, name: &str, standing: Standing) -> Map<String, Value> {
    fields([
        ("id", json!(exception.id.to_string())),
        ("kind", json!(exception.kind.name())),
        ("entry", json!(exception.entry.to_string())),
        ("name", json!(name)),
        ("owner", json!(exception.owner.raw())),
        ("reason", json!(exception.reason)),
        ("added", json!(exception.added)),
        ("until", json!(exception.until)),
        ("ended", json!(exception.ended)),
        ("standing", json!(standing.name())),
    ])
}
