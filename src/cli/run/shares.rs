//! Share sets and single shares.

use std::path::Path;

use serde_json::json;

use super::super::args::{CardFolder, NewShares, Shares};
use super::super::ceremony::{self, Held};
use super::super::render::{self, fields};
use super::super::{credentials, shares, time};
use super::Run;
use crate::app::acknowledge;
use crate::app::bundle::{self, SealedBundle};
use crate::app::failure::shown_path;
use crate::app::share_set::{self, name};
use crate::app::shares as use_case;
use crate::app::status::count;
use crate::app::{Exit, Failure};
use crate::custody::Share;
use crate::vault::ShareSet;

pub(super) fn shares(run: &mut Run<'_, '_>, args: &Shares) -> Result<Exit, Failure> {
    match args {
        Shares::List => list(run),
        Shares::Check { bundle, share } => check(run, bundle, share.as_deref()),
        Shares::Acknowledge { bundle, share, output, force } => {
            acknowledge(run, bundle, share.as_deref(), output, *force)
        }
        Shares::Record { file } => record(run, file),
        Shares::Replace { set, new_shares, cards } => replace(run, set, new_shares, cards),
    }
}

fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let sets = &session.vault().share_sets;
    if sets.is_empty() && !run.global.json {
        run.tell("there is no share set yet: `lifeboat bundle create -o FILE --quorum 2-of-3 --custodian NAME …` makes one");
        return Ok(Exit::Done);
    }
    let n_bundles = |set: &ShareSet| {
        session.vault().bundles.iter().filter(|record| record.share_set == Some(set.id)).count()
    };
    let json: Vec<_> = sets
        .iter()
        .map(|set| {
            let shares: Vec<_> = set
                .shares
                .iter()
                .zip(1..)
                .map(|(share, number)| {
                    json!({
                        "share": number,
                        "custodian": share.custodian.raw(),
                        "typed_back": share.typed_back,
                        "acknowledged": share.acknowledged,
                    })
                })
                .collect();
            json!({
                "set": name(set.id),
                "needed": set.threshold,
                "of": set.n_shares(),
                "created": set.created,
                "check_by": set.check_by,
                "bundles": n_bundles(set),
                "replaced": set.replaced.map(|replaced| json!({ "at": replaced.at, "by": name(replaced.by) })),
                "shares": shares,
            })
        })
        .collect();
    let now = run.ctx.clock.now();
    let mut text = String::new();
    for set in sets {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!(
            "{}: {} of {} shares, made {}, opens {}{}\n",
            name(set.id),
            set.threshold,
            set.n_shares(),
            time::day(set.created),
            count(n_bundles(set), "bundle", "bundles"),
            set.replaced.map_or_else(String::new, |replaced| format!(
                "; REPLACED on {} by {}",
                time::day(replaced.at),
                name(replaced.by)
            )),
        ));
        let rows: Vec<Vec<String>> = (1..)
            .zip(&set.shares)
            .map(|(number, share)| {
                let state = share_set::state(set, number, now);
                vec![format!("  {number}"), share.custodian.shown(), state.in_words()]
            })
            .collect();
        text.push_str(&run.rows(&["  SHARE", "CUSTODIAN", "LAST KNOWN TO BE THERE"], &rows));
    }
    run.result("share", &fields([("sets", json!(json))]), &text)
}

/// The bundle and one share for it, from a file or typed.
fn one(run: &mut Run<'_, '_>, bundle: &Path, share: Option<&Path>) -> Result<(SealedBundle, Share), Failure> {
    let sealed = run.bundle(bundle)?;
    let quorum = use_case::quorum_of(&sealed)?;
    let share = shares::one(run.global, run.ctx, run.io, quorum, share)?;
    Ok((sealed, share))
}

fn check(run: &mut Run<'_, '_>, bundle: &Path, share: Option<&Path>) -> Result<Exit, Failure> {
    let (sealed, share) = one(run, bundle, share)?;
    use_case::check(&sealed, &share)?;
    let info = sealed.inspect();
    let n_shares = sealed.quorum().map_or(0, crate::envelope::Quorum::n_shares);
    let json = fields([
        ("set", json!(share.set().name())),
        ("share", json!(share.number())),
        ("of", json!(n_shares)),
        ("needed", json!(share.threshold())),
        ("bundle", json!(info.id)),
        ("whole", json!(true)),
    ]);
    let lines = [
        ("share", format!("{} of {n_shares}, of the set {}", share.number(), share.set())),
        ("needed", format!("{} of them open the bundle together", share.threshold())),
        ("bundle", format!("{}, made {}", info.id, time::day(info.created))),
    ];
    run.result("share", &json, &render::table(&lines))?;
    run.tell("the share is whole, of the set that opens this bundle, and current; nothing was opened");
    run.tell("next: put it back where it was; `lifeboat share acknowledge` tells whoever keeps the vault");
    Ok(Exit::Done)
}

fn acknowledge(
    run: &mut Run<'_, '_>,
    bundle: &Path,
    share: Option<&Path>,
    output: &Path,
    force: bool,
) -> Result<Exit, Failure> {
    bundle::refuse_existing_output(run.ctx, output, force)?;
    let (sealed, share) = one(run, bundle, share)?;
    let said = acknowledge::write(run.ctx, &sealed, &share, output, force)?;
    let json = fields([
        ("file", json!(output.display().to_string())),
        ("set", json!(name(said.set))),
        ("share", json!(said.share)),
        ("date", json!(said.date)),
    ]);
    let lines = [
        ("file", shown_path(output)),
        ("share", format!("{} of the set {}", said.share, name(said.set))),
        ("date", time::shown(said.date)),
    ];
    run.result("share", &json, &render::table(&lines))?;
    run.tell("the share is whole and current; the file says so, signed, and holds nothing secret");
    run.tell("next: send it to whoever keeps the vault, who runs `lifeboat share record FILE`");
    Ok(Exit::Done)
}

fn record(run: &mut Run<'_, '_>, file: &Path) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let recorded = acknowledge::record(run.ctx, &mut session, file)?;
    run.tell_notices(&mut session);
    let json = fields([
        ("set", json!(name(recorded.set))),
        ("share", json!(recorded.share)),
        ("custodian", json!(recorded.custodian.raw())),
        ("date", json!(recorded.date)),
        ("recorded", json!(!recorded.is_older)),
        ("acknowledged", json!(recorded.n_recent)),
        ("of", json!(recorded.n_shares)),
        ("needed", json!(recorded.threshold)),
    ]);
    let lines = [
        ("share", format!("{} of the set {}, {}", recorded.share, name(recorded.set), recorded.custodian)),
        ("date", time::shown(recorded.date)),
        (
            "counted",
            format!(
                "{} of {} shares acknowledged within 90 days; {} are needed",
                recorded.n_recent, recorded.n_shares, recorded.threshold
            ),
        ),
    ];
    run.result("share", &json, &render::table(&lines))?;
    if recorded.is_older {
        run.tell("a newer acknowledgement of this share is recorded already; nothing was changed");
    }
    if recorded.from_ahead {
        run.tell("lifeboat: the clock that dated it is ahead of this one; today's date was taken instead");
    }
    Ok(Exit::Done)
}

fn replace(
    run: &mut Run<'_, '_>,
    set: &str,
    new_shares: &NewShares,
    cards: &CardFolder,
) -> Result<Exit, Failure> {
    let (mut session, _) = credentials::open_vault_keeping(run.global, run.ctx, run.io)?;
    let old = share_set::find(session.vault(), set)?.clone();
    share_set::refuse_replaced(&old)?;
    // What is not said stays as it was: a card that was lost is replaced for the same custodians.
    let asked = new_shares.as_before(&old);
    let Some(planned) = ceremony::plan(run, &asked, cards, None)? else { return Ok(Exit::Usage) };
    let held = ceremony::hold(run, &session, planned, &asked, None)?;
    if let Err(failure) = share_set::keep(run.ctx, &mut session, held.new_set(), Some(old.id)) {
        return Err(held.in_vain(run.ctx, failure));
    }
    run.tell_notices(&mut session);
    told_replaced(run, &old, &held, &share_set::aftermath(session.vault(), old.id))
}

fn told_replaced(
    run: &mut Run<'_, '_>,
    old: &ShareSet,
    held: &Held,
    aftermath: &share_set::Aftermath,
) -> Result<Exit, Failure> {
    let new = held.new_set().set();
    let (old_name, new_name) = (name(old.id), name(new.id));
    let bundles: Vec<_> = aftermath
        .bundles
        .iter()
        .map(|record| {
            json!({
                "id": data_encoding::HEXLOWER.encode(&record.id),
                "file": record.path.raw(),
                "label": record.label.raw(),
                "created": record.created,
            })
        })
        .collect();
    let entries: Vec<_> = aftermath
        .entries
        .iter()
        .map(|entry| json!({ "id": entry.id.to_string(), "name": entry.title, "privileged": entry.privileged }))
        .collect();
    let json = fields([
        ("replaced", json!(old_name)),
        ("set", json!(new_name)),
        ("needed", json!(new.threshold)),
        ("of", json!(new.n_shares())),
        ("bundles", json!(bundles)),
        ("entries", json!(entries)),
        ("cards", held.json()),
    ]);
    let mut text = render::table(&[
        ("new set", format!("{new_name}, {} of {} shares", new.threshold, new.n_shares())),
        ("replaces", old_name.clone()),
    ]);
    if !aftermath.bundles.is_empty() {
        text.push_str(&format!("\nThe old cards ({old_name}) still open these bundles, for ever:\n"));
        for record in &aftermath.bundles {
            let label = if record.label.is_empty() { String::new() } else { format!("  {}", record.label) };
            text.push_str(&format!("  {}  {}{label}\n", time::day(record.created), record.path));
        }
    }
    if !aftermath.entries.is_empty() {
        text.push_str(
            "\nIf the leaver's card could have met enough others, these seeds are known. Rotate them at the service,\n\
             the privileged ones first, with `lifeboat edit NAME --seed -`:\n",
        );
        for entry in &aftermath.entries {
            let privileged = if entry.privileged { "  (privileged)" } else { "" };
            text.push_str(&format!("  {}{privileged}\n", entry.title));
        }
    }
    run.result("share", &json, &text)?;
    held.tell(run);
    let slug = new_name.replace(' ', "-");
    run.tell(&format!(
        "next: a new bundle for the new cards: `lifeboat bundle create -o FILE --share-set {slug}`"
    ));
    run.tell("then: destroy each copy of the old bundles that you can reach, and collect and destroy the old cards");
    Ok(Exit::Done)
}
