//! Passes: issued, opened on any machine, printed, listed, closed.

mod issue;
mod open;

use serde_json::{Map, Value, json};

use super::super::args::PassCommand;
use super::super::render::{self, fields};
use super::super::{ask, time};
use super::Run;
use crate::app::pass::{self, ListedPass, ROTATE};
use crate::app::status::count;
use crate::app::{Exit, Failure};
use crate::entry::label;
use crate::recovery::pass::PassState;

pub(super) fn pass(run: &mut Run<'_, '_>, command: &PassCommand) -> Result<Exit, Failure> {
    match command {
        PassCommand::Issue(args) => issue::issue(run, args),
        PassCommand::Open(args) => open::open(run, args),
        PassCommand::Sheet(opening) => open::sheet(run, opening),
        PassCommand::List => list(run),
        PassCommand::Close { id } => close(run, id),
    }
}

fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let listed = pass::list(run.ctx, &session);
    let rows: Vec<Vec<String>> = listed.iter().map(row).collect();
    let passes: Vec<Value> = listed.iter().map(|listed| Value::Object(listed_json(listed))).collect();
    let headings = ["ID", "STATE", "ENTRY", "FOR", "FROM", "UNTIL", ""];
    let text = if rows.is_empty() { String::new() } else { run.rows(&headings, &rows) };
    run.result("pass-list", &fields([("passes", Value::Array(passes))]), &text)?;
    let n_open = listed.iter().filter(|listed| listed.pass.is_open()).count();
    if listed.is_empty() {
        run.tell("no pass was issued");
    } else if n_open > 0 {
        run.tell(&format!(
            "{} open: when new methods are registered and old ones removed, `lifeboat pass close ID`",
            count(n_open, "pass is", "passes are")
        ));
    }
    Ok(Exit::Done)
}

fn row(listed: &ListedPass) -> Vec<String> {
    let pass = &listed.pass;
    let told = match (listed.is_rotated, pass.is_open()) {
        (true, true) => "open; has another seed since",
        (false, true) => "open",
        (_, false) => "",
    };
    vec![
        pass.id.to_string(),
        listed.state.name().to_owned(),
        listed.title.clone(),
        pass.to.shown(),
        time::shown(pass.from),
        time::shown(pass.until),
        told.to_owned(),
    ]
}

/// What the vault remembers of a pass, for JSON.
fn listed_json(listed: &ListedPass) -> Map<String, Value> {
    let pass = &listed.pass;
    fields([
        ("id", json!(pass.id.to_string())),
        ("entry", json!(pass.entry.to_string())),
        ("name", json!(listed.title)),
        ("to", json!(pass.to.raw())),
        ("reason", json!(pass.reason)),
        ("identified", json!(pass.identified)),
        ("channel", json!(pass.channel)),
        ("issued", json!(pass.issued)),
        ("from", json!(pass.from)),
        ("until", json!(pass.until)),
        ("privileged", json!(pass.privileged)),
        ("sha256", json!(data_encoding::HEXLOWER.encode(&pass.sha256))),
        ("state", json!(listed.state.name())),
        ("open", json!(pass.is_open())),
        ("closed", json!(pass.closed)),
        ("rotated_since", json!(listed.is_rotated)),
    ])
}

fn close(run: &mut Run<'_, '_>, id: &str) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let found = pass::find(run.ctx, &session, id)?;
    let id = found.pass.id;
    if !found.pass.is_open() {
        return Err(pass::already_closed(id));
    }
    let question = format!(
        "The pass {id} of {} for {}: are new methods registered, and the old ones removed?",
        found.title, found.pass.to
    );
    ask::confirm(run.global, run.io, &question)?;
    let closed = pass::close(run.ctx, &mut session, id)?;
    run.tell_notices(&mut session);
    let lines = [
        ("closed", id.to_string()),
        ("entry", closed.title.clone()),
        ("for", closed.pass.to.shown()),
        ("reason", label::shown(&closed.pass.reason)),
    ];
    run.result("pass-close", &listed_json(&closed), &render::table(&lines))?;
    // It was closed before its end: the codes do not know.
    if found.state == PassState::Live && !closed.is_rotated {
        let until = time::shown(closed.pass.until);
        run.tell(&format!("its codes work until {until} all the same; only a new seed ends that: {ROTATE}"));
    }
    Ok(Exit::Done)
}
