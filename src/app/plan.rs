//! The recovery plan: kept in the vault, joined by what the vault knows itself, changed, and checked.
//!
//! `at_hand.rs` is a plan that was read and is asked, `editor.rs` has a person's editor change it, `known.rs` says what of a
//! plan the vault knows by itself, `check.rs` loses things and puts what it finds into words,
//! `flags.rs` says what is unwise without any loss, `templates.rs` has plans to start from.

mod at_hand;
mod check;
pub mod editor;
mod flags;
mod known;
mod templates;

pub use at_hand::{AtHand, Because, NamedLoss};
pub use check::{
    CheckOptions, Found, PlanBrief, PlanChecked, Reached, ScenarioFound, SinglePoint, ToCheck, brief, check,
};
pub use flags::{Flag, FlagKind};
pub use known::{VAULT, whole};
pub(super) use known::{bundles, share_names, whole_with_names};
pub use templates::{TEMPLATES, Template};

use std::path::Path;

use super::bundle::{not_written, refuse_vault};
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{log, vault_file};
use crate::audit::Event;
use crate::entry::Label;
use crate::recovery::plan::{Graph, Plan, PlanError, Thing};
use crate::storage::atomic::{self, Existing};
use crate::vault::{StoredPlan, Vault};
use crate::wire::plan_v1;

/// The person's own part of the plan; an empty one where none was made.
///
/// # Errors
///
/// Exit 5 when a newer version wrote it.
pub fn own(vault: &Vault) -> Result<Plan, Failure> {
    match &vault.plan {
        StoredPlan::None => Ok(Plan::default()),
        StoredPlan::Read(plan) => Ok(plan.clone()),
        StoredPlan::Unread(_) => {
            Err(Failure::new(Kind::UnknownVersion, "the vault's plan was written by a newer Lifeboat")
                .because("it holds something that this version does not know, and a plan is not half read")
                .unchanged(Unchanged::NothingTouched)
                .next("use the newer version; the plan stays in the vault as it is"))
        }
    }
}

/// What of a plan the vault knows by itself, without the person's own part.
pub fn known(vault: &Vault) -> Plan {
    known::join(&Plan::default(), vault).plan
}

/// What a change of the plan did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// How many things the person's own plan has now.
    pub n_things: usize,
    /// Names of things that were added, changed or removed, safe to show.
    pub names: Vec<String>,
}

/// Puts a thing into the plan. One that is there under its name is replaced with `replace` alone.
///
/// # Errors
///
/// Exit 8 when it is there already; exit 2 when the plan would mean nothing with it.
pub fn add(ctx: &Context, session: &mut Session, thing: Thing, replace: bool) -> Result<Changed, Failure> {
    change(ctx, session, |plan| {
        let names = vec![thing.name.shown()];
        let place = plan.things.iter().position(|other| other.name == thing.name);
        match place.and_then(|place| plan.things.get_mut(place)) {
            None => plan.things.push(thing),
            Some(slot) if replace => *slot = thing,
            Some(_) => {
                return Err(Failure::new(
                    Kind::Duplicate,
                    format!("\"{}\" is in the plan already", thing.name),
                )
                .next("to replace it: the same command with --force")
                .next("`lifeboat plan show` lists what is in it"));
            }
        }
        Ok(names)
    })
}

/// Puts another thing in the place of one of the person's own. Where it has another name, whatever named it does so by
/// the new one.
///
/// # Errors
///
/// Exit 4 when nothing has that name; exit 8 when something else has the new one, or when the vault knows the thing by
/// itself and would go on calling it by the old one; exit 2 when the plan would mean nothing with it.
pub fn edit(ctx: &Context, session: &mut Session, name: &Label, thing: Thing) -> Result<Changed, Failure> {
    change_with(ctx, session, |plan, vault| {
        let place = plan.things.iter().position(|own| own.name == *name).ok_or_else(|| not_in_plan(name))?;
        let renamed = thing.name != *name;
        if renamed && plan.things.iter().any(|own| own.name == thing.name) {
            return Err(Failure::new(Kind::Duplicate, format!("\"{}\" is in the plan already", thing.name)));
        }
        let is_known = || {
            let joined = known::join(plan, vault);
            joined.plan.things.iter().skip(joined.known_from).any(|known| known.name == *name)
        };
        if renamed && is_known() {
            let what = format!("\"{name}\" cannot be called otherwise");
            return Err(Failure::new(Kind::Refused, what)
                .because("it says more about something that the vault knows by this name"));
        }
        let names = vec![thing.name.shown()];
        let new_name = thing.name.clone();
        if let Some(slot) = plan.things.get_mut(place) {
            *slot = thing;
        }
        if renamed {
            rename(plan, name, &new_name);
        }
        Ok(names)
    })
}

/// Makes everything that names something by its old name do so by the new one.
fn rename(plan: &mut Plan, old: &Label, new: &Label) {
    let in_things = plan
        .things
        .iter_mut()
        .flat_map(|thing| thing.needs.iter_mut().chain(thing.ways.iter_mut().flat_map(|way| &mut way.of)));
    let in_scenarios = plan.scenarios.iter_mut().flat_map(|scenario| &mut scenario.lose);
    for label in in_things.chain(in_scenarios).filter(|label| *label == old) {
        label.clone_from(new);
    }
}

/// Starts a plan from a template, where there is none yet.
///
/// # Errors
///
/// Exit 8 when the vault has a plan already.
pub fn start(ctx: &Context, session: &mut Session, template: &Template) -> Result<Changed, Failure> {
    let from = read_toml(template.toml.as_bytes())?;
    change(ctx, session, |plan| {
        if *plan != Plan::default() {
            return Err(Failure::new(Kind::Refused, "the vault has a plan already"));
        }
        *plan = from;
        Ok(Vec::new())
    })
}

fn not_in_plan(name: &Label) -> Failure {
    Failure::new(Kind::NoEntry, format!("nothing in your plan is named \"{name}\""))
        .next("`lifeboat plan show` lists it; what the vault knows by itself cannot be removed")
}

/// Takes a thing out of the plan. What names it keeps it from being removed, unless the vault knows it by itself.
///
/// # Errors
///
/// Exit 4 when nothing has that name, exit 8 when something else names it.
pub fn remove(ctx: &Context, session: &mut Session, name: &str) -> Result<Changed, Failure> {
    change_with(ctx, session, |plan, vault| {
        let wanted = Label::new(name);
        let place =
            plan.things.iter().position(|thing| thing.name == wanted).ok_or_else(|| not_in_plan(&wanted))?;
        drop(plan.things.remove(place));
        if known::join(plan, vault).missing.contains(&wanted) {
            let users = at_hand::users_in(plan, &wanted);
            return Err(Failure::new(Kind::Refused, format!("\"{wanted}\" is still named by others"))
                .details(users)
                .next("take it out of them first: lifeboat plan edit"));
        }
        Ok(vec![wanted.shown()])
    })
}

/// Puts another plan in the place of the person's own.
///
/// # Errors
///
/// Exit 2 with every fault when it means nothing.
pub fn replace(ctx: &Context, session: &mut Session, with: Plan) -> Result<Changed, Failure> {
    change(ctx, session, |plan| {
        *plan = with;
        Ok(Vec::new())
    })
}

/// Reads a plan's TOML.
///
/// # Errors
///
/// Exit 2 with the line, and exit 5 for bytes that are no text.
pub fn read_toml(bytes: &[u8]) -> Result<Plan, Failure> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| {
        Failure::new(Kind::Damaged, "the plan is not text in UTF-8").unchanged(Unchanged::NothingTouched)
    })?;
    plan_v1::from_toml(text).map_err(|error| {
        Failure::new(Kind::Usage, "the plan is not understood")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("`lifeboat plan export -o -` shows how a plan is written; lifeboat-plan(5) says what it means")
    })
}

/// The person's own plan as TOML.
///
/// # Errors
///
/// As [`own`].
pub fn write_toml(vault: &Vault) -> Result<String, Failure> {
    own(vault).map(|plan| plan_v1::to_toml(&plan))
}

/// Writes the plan's TOML to a file that only its owner reads. The log is written first.
///
/// # Errors
///
/// Exit 8 when the output exists, and what writing can fail with.
pub fn export(
    ctx: &Context,
    session: &mut Session,
    text: &str,
    output: &Path,
    force: bool,
) -> Result<(), Failure> {
    refuse_vault(ctx, session, output)?;
    let mut record = log::record(ctx, Event::Exported);
    record.facts = vec![("format".into(), "plan".into()), ("plaintext".into(), "true".into())];
    log::append(ctx, session, vec![record]);
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    atomic::create(ctx.disk.as_ref(), output, text.as_bytes(), &ctx.token()?, existing)
        .map(drop)
        .map_err(|error| not_written(output, "plan", error))
}

fn change(
    ctx: &Context,
    session: &mut Session,
    edit: impl FnOnce(&mut Plan) -> Result<Vec<String>, Failure>,
) -> Result<Changed, Failure> {
    change_with(ctx, session, |plan, _vault| edit(plan))
}

/// As [`change`], for a change that looks at the vault too.
fn change_with(
    ctx: &Context,
    session: &mut Session,
    edit: impl FnOnce(&mut Plan, &Vault) -> Result<Vec<String>, Failure>,
) -> Result<Changed, Failure> {
    let path = session.path.clone();
    vault_file::change(ctx, session, |vault| {
        let before = own(vault)?;
        let mut plan = before.clone();
        let unchanged = |failure: Failure| failure.unchanged(Unchanged::VaultKept(path.clone()));
        let names = edit(&mut plan, vault).map_err(unchanged)?;
        judge(&before, &plan, vault).map_err(unchanged)?;
        let n_things = plan.things.len();
        vault.plan = StoredPlan::Read(plan);
        let mut record = log::record(ctx, Event::PlanChanged);
        record.facts = vec![("things".into(), n_things.to_string())];
        Ok((Changed { n_things, names }, vec![record]))
    })
}

/// Judges a changed plan together with what the vault knows, since it may name that too. A name that nothing has is a
/// mistake where it is new; where the plan had it before, what it named was removed since, and that is no reason to
/// refuse every other change.
fn judge(before: &Plan, plan: &Plan, vault: &Vault) -> Result<(), Failure> {
    let joined = known::join(plan, vault);
    let mut errors = Graph::new(&joined.plan).err().unwrap_or_default();
    if !joined.missing.is_empty() {
        let before = known::join(before, vault).missing;
        let new = joined.missing.iter().filter(|name| !before.contains(name));
        errors.extend(new.map(|name| {
            let mut users = at_hand::users_in(plan, name).into_iter();
            PlanError::Unknown { thing: Label::new(users.next().unwrap_or_default()), unknown: name.clone() }
        }));
    }
    if errors.is_empty() { Ok(()) } else { Err(meaningless(&errors)) }
}

/// Says everything that is wrong with a plan.
fn meaningless(errors: &[PlanError]) -> Failure {
    Failure::new(Kind::Usage, "the plan would mean nothing like this")
        .details(errors.iter().map(ToString::to_string))
        .next("put right what is named, and run it again")
}
