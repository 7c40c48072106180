//! The recovery plan: shown, changed, carried out and in, and checked.

mod told;

use std::path::Path;

use serde_json::{Value, json};

use super::super::args::{PlanAdd, PlanCommand};
use super::super::credentials;
use super::super::render::fields;
use super::Run;
use crate::app::failure::shown_path;
use crate::app::plan::editor::Round;
use crate::app::plan::{self, Changed, CheckOptions, TEMPLATES, Template};
use crate::app::status::count;
use crate::app::{Exit, Failure, Kind, Unchanged};
use crate::entry::{Label, label};
use crate::recovery::plan::{Plan, Thing};

pub(super) fn plan(run: &mut Run<'_, '_>, command: &PlanCommand) -> Result<Exit, Failure> {
    match command {
        PlanCommand::Show => show(run),
        PlanCommand::New { template: None, .. } => templates(run),
        PlanCommand::New { template: Some(name), force } => new(run, name, *force),
        PlanCommand::Add(args) => add(run, args),
        PlanCommand::Edit => edit(run),
        PlanCommand::Remove { name } => remove(run, name),
        PlanCommand::Export { output, force } => export(run, output, *force),
        PlanCommand::Import { file } => import(run, file),
        PlanCommand::Check { depth, lose } => check(run, *depth, lose),
    }
}

fn show(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let own = plan::own(session.vault())?;
    let whole = plan::whole(session.vault())?;
    let is_own = |thing: &Thing| own.things.iter().any(|other| other.name == thing.name);
    let json = fields([
        ("things", whole.things.iter().map(|thing| told::thing_json(thing, is_own(thing))).collect()),
        ("scenarios", whole.scenarios.iter().map(told::scenario_json).collect()),
    ]);
    let things: String = whole.things.iter().map(|thing| told::thing(thing, is_own(thing))).collect();
    let scenarios: String = whole.scenarios.iter().map(told::scenario).collect();
    run.result("plan", &json, &format!("{things}{scenarios}"))?;
    if own == Plan::default() {
        run.tell("this is what the vault knows by itself; `lifeboat plan new` lists plans to start from");
    }
    Ok(Exit::Done)
}

fn templates(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let listed = TEMPLATES.iter().map(|template| json!({ "name": template.name, "for": template.what }));
    let text: String =
        TEMPLATES.iter().map(|template| format!("{:<16} {}\n", template.name, template.what)).collect();
    run.result("plan-templates", &fields([("templates", Value::Array(listed.collect()))]), &text)?;
    run.tell(
        "next: lifeboat plan new --template NAME, then replace the names in capitals: lifeboat plan edit",
    );
    Ok(Exit::Done)
}

fn new(run: &mut Run<'_, '_>, name: &str, force: bool) -> Result<Exit, Failure> {
    let template = Template::by_name(name).ok_or_else(|| {
        let known: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        Failure::new(Kind::Usage, format!("no template is named \"{}\"", label::shown(name)))
            .unchanged(Unchanged::NothingTouched)
            .next(format!("templates: {}", known.join(", ")))
    })?;
    let from = plan::read_toml(template.toml.as_bytes())?;
    let mut session = run.open()?;
    if !force && plan::own(session.vault())? != Plan::default() {
        return Err(Failure::new(Kind::Refused, "the vault has a plan already")
            .unchanged(Unchanged::VaultKept(session.path().to_owned()))
            .next(
                "to replace it: the same command with --force; `lifeboat plan export -o -` shows it first",
            ));
    }
    let changed = plan::replace(run.ctx, &mut session, from)?;
    run.tell_notices(&mut session);
    done(run, &changed, "made")?;
    run.tell("next: replace the names in capitals: lifeboat plan edit;");
    run.tell("      then `lifeboat plan check` says what would lock you out");
    Ok(Exit::Done)
}

fn add(run: &mut Run<'_, '_>, args: &PlanAdd) -> Result<Exit, Failure> {
    let mut thing = Thing::new(args.name.trim(), args.kind.0);
    thing.needs = args.needs.iter().map(Label::new).collect();
    thing.ways.clone_from(&args.way);
    thing.privileged = args.privileged;
    thing.lost = args.lost;
    thing.note.clone_from(&args.note);
    let mut session = run.open()?;
    let changed = plan::add(run.ctx, &mut session, thing, args.force)?;
    run.tell_notices(&mut session);
    done(run, &changed, "put into the plan")
}

fn remove(run: &mut Run<'_, '_>, name: &str) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let changed = plan::remove(run.ctx, &mut session, name)?;
    run.tell_notices(&mut session);
    done(run, &changed, "taken out of the plan")
}

fn done(run: &mut Run<'_, '_>, changed: &Changed, verb: &str) -> Result<Exit, Failure> {
    let things = count(changed.n_things, "thing", "things");
    let json = fields([("things", json!(changed.n_things)), ("names", json!(changed.names))]);
    let text = match changed.names.first() {
        Some(name) => format!("{verb}: {name}; your plan has {things}\n"),
        None => format!("{verb}: a plan of {things}\n"),
    };
    run.result("plan-changed", &json, &text)
}

fn edit(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open_proven()?;
    let mut draft = plan::editor::begin(run.ctx, &session)?;
    run.tell_notices(&mut session);
    loop {
        let failure = match draft.edit() {
            Ok(Round::Unchanged) => {
                run.tell("nothing was changed");
                return Ok(Exit::Done);
            }
            Ok(Round::Saved(text)) => match draft.take(run.ctx, &mut session, &text) {
                Ok(changed) => {
                    run.tell_notices(&mut session);
                    let done = done(run, &changed, "took")?;
                    run.tell("next: `lifeboat plan check` says what would lock you out");
                    return Ok(done);
                }
                Err(failure) => failure,
            },
            Err(failure) => failure,
        };
        if draft.is_to_end() || !draft.holds_work() {
            return Err(failure.unchanged(Unchanged::VaultKept(session.path().to_owned())));
        }
        super::super::report_to(run.global, &failure, run.io);
        let question = "What you typed is still there. Enter edits it again; d drops it: ";
        let answer = run.io.person.ask(question, false);
        let again = answer.is_ok_and(|answer| !answer.expose().trim().eq_ignore_ascii_case("d"));
        if !again {
            return Err(Failure::new(failure.kind, "the plan was not changed: what was typed is dropped")
                .unchanged(Unchanged::VaultKept(session.path().to_owned())));
        }
    }
}

fn export(run: &mut Run<'_, '_>, output: &Path, force: bool) -> Result<Exit, Failure> {
    let to_pipe = output == Path::new("-");
    if !to_pipe {
        crate::app::bundle::refuse_existing_output(run.ctx, output, force)?;
    }
    let mut session = run.open_proven()?;
    let text = plan::write_toml(session.vault())?;
    if to_pipe {
        run.tell_notices(&mut session);
        if run.global.json {
            return run.result("plan-exported", &fields([("toml", json!(text))]), "");
        }
        let _reader = run.io.print(&text)?;
        return Ok(Exit::Done);
    }
    plan::export(run.ctx, &mut session, &text, output, force)?;
    run.tell_notices(&mut session);
    let json = fields([("file", json!(output.display().to_string()))]);
    run.result("plan-exported", &json, &format!("wrote the plan to {}\n", shown_path(output)))?;
    run.tell("it is a map for an attacker: `lifeboat plan import` takes it back, then destroy it");
    Ok(Exit::Done)
}

fn import(run: &mut Run<'_, '_>, file: &Path) -> Result<Exit, Failure> {
    let text = credentials::text_from(run.ctx, run.io, file)?;
    let from = plan::read_toml(text.expose().as_bytes())?;
    let mut session = run.open()?;
    let changed = plan::replace(run.ctx, &mut session, from)?;
    run.tell_notices(&mut session);
    done(run, &changed, "took")?;
    if file != Path::new("-") {
        run.tell("the file is a map for an attacker: destroy it; `lifeboat plan export` writes it again");
    }
    Ok(Exit::Done)
}

fn check(run: &mut Run<'_, '_>, depth: u8, lose: &[String]) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    run.tell_notices(&mut session);
    let options = CheckOptions { depth: depth.into(), lose: lose.to_vec() };
    let checked = plan::check(run.ctx, &session, &options)?;
    run.result("plan-check", &told::checked_json(&checked), &told::checked(&checked))?;
    for line in told::next(&checked) {
        run.tell(&line);
    }
    Ok(if checked.is_wrong() { Exit::CheckFailed } else { Exit::Done })
}
