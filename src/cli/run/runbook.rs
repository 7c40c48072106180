//! Runbooks: listed, filled in, and a person's own put in and taken out.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::args::Runbook;
use super::super::render::fields;
use super::super::{ask, credentials};
use super::Run;
use crate::app::failure::shown_path;
use crate::app::runbook::{self, Asked, Item, PLACES, Part, Step, Typed};
use crate::app::{Exit, Failure};

/// Columns of a name in the list.
const NAMES: usize = 16;

pub(super) fn runbook(run: &mut Run<'_, '_>, args: &Runbook) -> Result<Exit, Failure> {
    match (&args.name, &args.template) {
        (None, _) => list(run),
        (Some(name), Some(template)) => put(run, name, template, args.force),
        (Some(name), None) if args.remove => remove(run, name),
        (Some(name), None) => {
            let asked = Asked { name: name.clone(), device: args.device.clone(), query: args.query.clone() };
            fill_in(run, &asked, args)
        }
    }
}

fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let listed = runbook::list(session.vault());
    let json = listed
        .iter()
        .map(|listed| json!({ "name": listed.name.raw(), "for": listed.what, "own": listed.own }));
    let text: String =
        listed.iter().map(|listed| format!("{:<NAMES$} {}\n", listed.name.shown(), listed.what)).collect();
    run.result("runbooks", &fields([("runbooks", json.collect())]), &text)?;
    run.tell("next: lifeboat runbook NAME; with --device or --for it fits one device or account, with");
    run.tell("      -o FILE.html it is a page to print");
    Ok(Exit::Done)
}

fn fill_in(run: &mut Run<'_, '_>, asked: &Asked, args: &Runbook) -> Result<Exit, Failure> {
    if let Some(output) = &args.output {
        crate::app::bundle::refuse_existing_output(run.ctx, output, args.force)?;
    }
    let mut session = run.open()?;
    let made = runbook::make(run.ctx, &session, asked)?;
    let as_html = args.html || args.output.as_deref().is_some_and(is_html);
    let text = if as_html { runbook::html(&made) } else { runbook::markdown(&made) };
    if let Some(output) = &args.output {
        runbook::write(run.ctx, &mut session, &text, output, args.force)?;
    }
    run.tell_notices(&mut session);
    let mut json = told(&made);
    let Some(output) = &args.output else {
        return run.result("runbook", &json, &text);
    };
    json.insert("file".to_owned(), json!(output.display().to_string()));
    run.result("runbook", &json, &format!("wrote the runbook {} to {}\n", made.name, shown_path(output)))?;
    run.tell("it is a map for an attacker: print it, lock it away, and destroy the file");
    Ok(Exit::Done)
}

fn is_html(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
}

fn put(run: &mut Run<'_, '_>, name: &str, template: &Path, force: bool) -> Result<Exit, Failure> {
    let text = credentials::text_from(run.ctx, run.io, template)?;
    let mut session = run.open()?;
    let put = runbook::put(run.ctx, &mut session, name, text.expose(), force)?;
    run.tell_notices(&mut session);
    let json = fields([
        ("name", json!(put.name)),
        ("change", json!(if put.replaced { "replaced" } else { "added" })),
        ("places", json!(put.places)),
    ]);
    let verb = if put.replaced { "replaced" } else { "put in" };
    run.result("runbook-changed", &json, &format!("{verb}: {}\n", put.name))?;
    if put.places.is_empty() {
        run.tell("it has no place to fill in; there are:");
        for (place, what) in PLACES {
            run.tell(&format!("  {:<13} {what}", format!("{{{place}}}")));
        }
    }
    Ok(Exit::Done)
}

fn remove(run: &mut Run<'_, '_>, name: &str) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let shown = runbook::removable(&session, name)?;
    ask::confirm(run.global, run.io, &format!("Take the runbook {shown} out of the vault?"))?;
    let removed = runbook::remove(run.ctx, &mut session, name)?;
    run.tell_notices(&mut session);
    let json = fields([("name", json!(removed)), ("change", json!("removed")), ("places", json!([]))]);
    run.result("runbook-changed", &json, &format!("taken out: {removed}\n"))
}

/// A runbook as data.
fn told(made: &runbook::Runbook) -> Map<String, Value> {
    fields([
        ("name", json!(made.name)),
        ("title", json!(made.title)),
        ("about", json!(made.about)),
        ("made", json!(made.made)),
        ("parts", made.parts.iter().map(part).collect()),
        ("steps", json!(made.steps().count())),
    ])
}

fn part(part: &Part) -> Value {
    json!({ "heading": part.heading, "items": part.items.iter().map(item).collect::<Vec<_>>() })
}

fn item(item: &Item) -> Value {
    match item {
        Item::Fill(fields) => json!({ "fill": fields }),
        Item::Lines(lines) => json!({ "lines": lines }),
        Item::Says(text) => json!({ "says": text }),
        Item::Step(step) => json!({ "step": self::step(step) }),
        Item::Types(commands) => json!({ "commands": commands_of(commands) }),
        Item::Warns(text) => json!({ "warns": text }),
    }
}

fn step(step: &Step) -> Value {
    json!({
        "number": step.number,
        "text": step.text,
        "notes": step.notes,
        "ticks": step.ticks,
        "commands": commands_of(&step.commands),
        "fill": step.fill,
    })
}

fn commands_of(commands: &[Typed]) -> Vec<String> {
    commands.iter().map(ToString::to_string).collect()
}
