//! Bundles and the way back from them.

use std::path::Path;

use serde_json::json;

use super::super::args::{Bundle, BundleOpening, Restore};
use super::super::ceremony::{self, Held};
use super::super::render::{self, fields};
use super::super::{credentials, time};
use super::Run;
use super::ways;
use crate::app::bundle::{self, BundleMade, BundleRequest, BundleShares, OpenedBundle};
use crate::app::failure::shown_path;
use crate::app::find::select;
use crate::app::init::NewSlot;
use crate::app::restore::{self, Merged, Restored};
use crate::app::share_set;
use crate::app::status::count;
use crate::app::{Exit, Failure, Session};
use crate::entry::Label;
use crate::vault::merge::MergeVerdict;

pub(super) fn create(run: &mut Run<'_, '_>, args: &Bundle) -> Result<Exit, Failure> {
    let Bundle::Create {
        query,
        output,
        tag,
        review,
        label,
        allow_weak,
        force,
        credential,
        share_set,
        new_shares,
        cards,
    } = args
    else {
        return Ok(Exit::Usage);
    };
    bundle::refuse_existing_output(run.ctx, output, *force)?;
    let planned = ceremony::plan(run, new_shares, cards, Some(output))?;
    let (mut session, at_hand) = credentials::open_vault_keeping(run.global, run.ctx, run.io)?;
    let selected = query.is_some() || !tag.is_empty();
    let selection = selected.then(|| {
        select(&session, query.as_deref(), tag).into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    });
    let set = share_set.as_deref().map(|name| share_set::find(session.vault(), name)).transpose()?;
    let set = set.map(|set| set.id);
    let by_shares = set.is_some() || planned.is_some();
    let slot = if by_shares && !credential.is_given() {
        NewSlot { passphrase: None, key_file: None }
    } else {
        credentials::new_for_bundle(run.global, run.ctx, run.io, credential, *allow_weak)?
    };
    let derives = slot.passphrase.is_some();
    let mut request = BundleRequest {
        output,
        force: *force,
        selection,
        review_seconds: review.map(|review| review.0),
        label: label.clone(),
        passphrase: slot.passphrase,
        key_file: slot.key_file,
        shares: set.map(BundleShares::Set),
        allow_weak: *allow_weak,
        vault_passphrase: at_hand.passphrase.as_ref(),
    };
    bundle::refuse(run.ctx, &session, &request)?;
    let held = match planned {
        Some(planned) => Some(ceremony::hold(run, &session, planned, new_shares, label.as_deref())?),
        None => None,
    };
    request.shares = request.shares.or(held.as_ref().map(|held| BundleShares::New(held.new_set())));
    let cost = run.ctx.kdf.bundle;
    let made = ways::making(run, derives, "Sealing, reading back and opening the bundle", cost, |ctx| {
        bundle::create(ctx, &mut session, request)
    });
    let made = match made {
        Ok(made) => made,
        Err(failure) => {
            return Err(match held {
                Some(held) => held.in_vain(run.ctx, failure),
                None => failure,
            });
        }
    };
    run.tell_notices(&mut session);
    told_made(run, &made, held.as_ref())
}

fn told_made(run: &mut Run<'_, '_>, made: &BundleMade, held: Option<&Held>) -> Result<Exit, Failure> {
    let set_name = made.share_set.map(share_set::name);
    let mut json = fields([
        ("id", json!(made.id)),
        ("file", json!(made.path.display().to_string())),
        ("entries", json!(made.n_entries)),
        ("bytes", json!(made.len)),
        ("sha256", json!(data_encoding::HEXLOWER.encode(&made.sha256))),
        ("review", json!(made.review)),
        ("share_set", json!(set_name)),
        ("signed_by", json!(made.signed_by)),
        ("durable", json!(made.durable)),
    ]);
    json.extend(held.map(|held| ("cards".to_owned(), held.json())));
    let checked = if made.share_set.is_some() {
        "read back from disk, opened from its maker's side, and compared"
    } else {
        "read back from disk, opened with what was typed, and compared"
    };
    let mut lines = vec![
        ("bundle", made.id.clone()),
        ("file", shown_path(&made.path)),
        ("entries", made.n_entries.to_string()),
        ("sha256", data_encoding::HEXLOWER.encode(&made.sha256)),
        ("checked", checked.to_owned()),
    ];
    lines.extend(set_name.map(|name| ("share set", name)));
    lines.extend(made.signed_by.clone().map(|key| ("signed by", key)));
    if let Some(review) = made.review {
        lines.push(("review", time::day(review)));
    }
    run.result("bundle", &json, &render::table(&lines))?;
    if !made.durable {
        run.tell("the disk did not confirm that the file survives a power cut: unmount the medium before you pull it");
    }
    if let Some(held) = held {
        held.tell(run);
    }
    run.tell(
        "next: copy it to a place that does not burn with this one, and try it: `lifeboat drill run FILE`",
    );
    Ok(Exit::Done)
}

pub(super) fn inspect(run: &mut Run<'_, '_>, file: &Path) -> Result<Exit, Failure> {
    let info = run.bundle(file)?.inspect();
    let text = render::table(&render::bundle_info_lines(&info));
    run.result("bundle", &render::bundle_info_json(&info), &text)?;
    run.tell("the file is whole; what it says of itself is proven only when it is opened");
    Ok(Exit::Done)
}

pub(super) fn verify(run: &mut Run<'_, '_>, file: &Path, opening: &BundleOpening) -> Result<Exit, Failure> {
    let sealed = run.bundle(file)?;
    let at_hand = credentials::for_bundle(run.global, run.ctx, run.io, &sealed, opening)?;
    let cost = sealed.inspect().cost;
    let derives = at_hand.passphrase.is_some();
    let checked = {
        let Run { global, ctx, io } = run;
        credentials::working(global, io, derives, "Opening the bundle", &cost, || {
            bundle::verify(ctx, &sealed, &at_hand)
        })?
    };
    let mut json = render::bundle_info_json(&checked.info);
    for (name, value) in fields([
        ("vault", json!(checked.vault.to_string())),
        ("generation", json!(checked.generation)),
        ("entries", json!(checked.n_entries)),
        ("set_aside", json!(checked.n_quarantined)),
        ("selected", json!(checked.selected)),
        ("review", json!(checked.review)),
        ("tool", json!(checked.tool)),
        ("key_fingerprint", json!(checked.key_fingerprint)),
    ]) {
        json.insert(name, value);
    }
    let mut lines = render::bundle_info_lines(&checked.info);
    lines.push(("vault", format!("{}, generation {}", checked.vault, checked.generation)));
    let part = if checked.selected { " (a selection)" } else { "" };
    lines.push(("entries", format!("{}{part}", checked.n_entries)));
    if checked.n_quarantined > 0 {
        lines.push(("set aside", format!("{} that cannot be read", checked.n_quarantined)));
    }
    if let Some(review) = checked.review {
        lines.push(("review", time::day(review)));
    }
    lines.push(("made by", Label::new(checked.tool.clone()).shown()));
    lines.push(("vault's key", checked.key_fingerprint.clone()));
    run.result("bundle", &json, &render::table(&lines))?;
    overdue(run, checked.overdue);
    run.tell("it opens, and everything in it is whole; nothing was changed");
    Ok(Exit::Done)
}

/// A review date warns and never refuses.
pub(super) fn overdue(run: &mut Run<'_, '_>, late: Option<u64>) {
    if let Some(late) = late {
        run.tell(&format!(
            "lifeboat: the review of this bundle is {} days overdue: make a new one when the night is over",
            late / 86_400
        ));
    }
}

pub(super) fn list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let listed = bundle::list(run.ctx, &session);
    let json: Vec<_> = listed
        .iter()
        .map(|listed| {
            json!({
                "id": data_encoding::HEXLOWER.encode(&listed.record.id),
                "file": listed.record.path.raw(),
                "label": listed.record.label.raw(),
                "created": listed.record.created,
                "generation": listed.record.generation,
                "entries": listed.record.contents.len(),
                "selected": listed.record.selected,
                "review": listed.record.review,
                "review_due": listed.review_due,
                "share_set": listed.record.share_set.map(share_set::name),
                "new": listed.added,
                "changed": listed.changed,
                "removed": listed.removed,
                "sha256": data_encoding::HEXLOWER.encode(&listed.record.sha256),
            })
        })
        .collect();
    if listed.is_empty() && !run.global.json {
        run.tell("no bundle was made of this vault yet: `lifeboat bundle create -o FILE` makes one");
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = listed
        .iter()
        .map(|listed| {
            let due = if listed.review_due { " (due)" } else { "" };
            vec![
                time::day(listed.record.created),
                listed.record.contents.len().to_string(),
                listed.changes(),
                listed.record.review.map(|review| format!("{}{due}", time::day(review))).unwrap_or_default(),
                listed.record.label.shown(),
                listed.record.path.shown(),
            ]
        })
        .collect();
    let text = run.rows(&["MADE", "ENTRIES", "SINCE THEN", "REVIEW", "LABEL", "FILE"], &rows);
    run.result("bundle", &fields([("bundles", json!(json))]), &text)
}

pub(super) fn restore(run: &mut Run<'_, '_>, args: &Restore) -> Result<Exit, Failure> {
    if let Some(number) = args.previous {
        return put_back(run, number);
    }
    let Some(file) = &args.file else { return Ok(Exit::Usage) };
    let sealed = run.bundle(file)?;
    if !args.merge {
        ways::refuse_existing(run)?;
    }
    // The vault to merge into first: both passphrases are asked for before anything is opened twice.
    let session = if args.merge { Some(run.open()?) } else { None };
    let at_hand = credentials::for_bundle(run.global, run.ctx, run.io, &sealed, &args.opening)?;
    let cost = sealed.inspect().cost;
    let mut opened = {
        let Run { global, ctx, io } = run;
        credentials::working(global, io, at_hand.passphrase.is_some(), "Opening the bundle", &cost, || {
            sealed.open(ctx, &at_hand)
        })?
    };
    compare_maker(run, &mut opened, session.as_ref())?;
    let late = opened.overdue(run.ctx.clock.now());
    overdue(run, late);
    match session {
        Some(session) => merge(run, session, &opened, args),
        None => into_new(run, opened, args),
    }
}

/// Has the maker's fingerprint compared with the cards, where shares opened the bundle and this vault did not make it.
fn compare_maker(
    run: &mut Run<'_, '_>,
    opened: &mut OpenedBundle,
    own: Option<&Session>,
) -> Result<(), Failure> {
    let Some(fingerprint) = opened.unknown_maker(own) else { return Ok(()) };
    confirm_maker(run, &fingerprint)?;
    opened.accept_maker();
    Ok(())
}

/// Asks whether a fingerprint is that of the cards.
pub(super) fn confirm_maker(run: &mut Run<'_, '_>, fingerprint: &str) -> Result<(), Failure> {
    run.tell(&format!("the shares fit; the bundle is signed by\n    {fingerprint}"));
    let question = "Is that the fingerprint on the cards?";
    super::super::ask::confirm(run.global, run.io, question).map_err(|failure| {
        failure
            .details([format!("the bundle is signed by {fingerprint}")])
            .next("if it is another one, somebody else made this file: keep it apart and take another copy")
    })
}

fn into_new(run: &mut Run<'_, '_>, opened: OpenedBundle, args: &Restore) -> Result<Exit, Failure> {
    let n_entries = opened.payload().entries.len();
    run.tell(&format!("the bundle is open: {}; now the new vault on this machine", entries(n_entries)));
    let slot = credentials::new_for_vault(run.global, run.ctx, run.io, &args.new, true)?;
    let cost = run.ctx.kdf.vault;
    let derives = slot.passphrase.is_some();
    let select = args.select.clone();
    let (mut session, restored) = ways::making(run, derives, "Making the vault", cost, |ctx| {
        restore::into_new_vault_opened(ctx, opened, &slot, select.as_deref())
    })?;
    run.tell_notices(&mut session);
    report(run, &session, &restored)
}

fn report(run: &mut Run<'_, '_>, session: &Session, restored: &Restored) -> Result<Exit, Failure> {
    let json = fields([
        ("vault", json!(session.path().display().to_string())),
        ("entries", json!(restored.n_entries)),
        ("set_aside", json!(restored.n_quarantined)),
        ("from_vault", json!(restored.from_vault.to_string())),
        ("generation", json!(restored.generation)),
        ("bundle_created", json!(restored.bundle_created)),
    ]);
    let lines = [
        ("restored", entries(restored.n_entries)),
        ("vault", shown_path(session.path())),
        ("as of", format!("{} (generation {})", time::shown(restored.bundle_created), restored.generation)),
    ];
    run.result("restore", &json, &render::table(&lines))?;
    run.tell(
        "next: `lifeboat list`, then `lifeboat code NAME`, or `lifeboat` alone for the terminal interface",
    );
    run.tell("then: if the old machine is lost, rotate its seeds; make a new bundle from this vault");
    Ok(Exit::Done)
}

fn merge(
    run: &mut Run<'_, '_>,
    mut session: Session,
    opened: &OpenedBundle,
    args: &Restore,
) -> Result<Exit, Failure> {
    let select = args.select.as_deref();
    if !args.dry_run && !run.global.yes {
        let preview = restore::merge(run.ctx, &mut session, opened, select, true)?;
        let n = preview.entries.iter().filter(|entry| restore::writes(entry.verdict)).count();
        if n > 0 || !preview.besides.is_empty() {
            for line in merged_lines(&preview).lines() {
                run.tell(line);
            }
            super::super::ask::confirm(run.global, run.io, &question(n, &preview.besides))?;
        }
    }
    let merged = restore::merge(run.ctx, &mut session, opened, select, args.dry_run)?;
    run.tell_notices(&mut session);
    let json: Vec<_> = merged
        .entries
        .iter()
        .map(|entry| json!({ "id": entry.id.to_string(), "name": entry.title, "outcome": outcome(entry.verdict) }))
        .collect();
    let n = merged.entries.iter().filter(|entry| restore::writes(entry.verdict)).count();
    let verb = if merged.dry_run { "would write" } else { "wrote" };
    let text = format!("{verb} {n} of {}\n{}", entries(merged.entries.len()), merged_lines(&merged));
    let json = fields([
        ("dry_run", json!(merged.dry_run)),
        ("entries", json!(json)),
        ("besides", json!(merged.besides)),
    ]);
    run.result("restore", &json, &text)
}

fn question(n_entries: usize, besides: &[String]) -> String {
    if besides.is_empty() {
        format!("Write {} into the vault?", entries(n_entries))
    } else {
        format!("Write {}, and {}, into the vault?", entries(n_entries), besides.join(", "))
    }
}

fn merged_lines(merged: &Merged) -> String {
    let entries = merged.entries.iter();
    let entries = entries.map(|entry| format!("  {:<14} {}\n", outcome(entry.verdict), entry.title));
    entries.chain(merged.besides.iter().map(|words| format!("  {:<14} {words}\n", "besides"))).collect()
}

fn outcome(verdict: MergeVerdict) -> &'static str {
    match verdict {
        MergeVerdict::Added => "new",
        MergeVerdict::InTrash => "in the trash",
        MergeVerdict::Newer => "newer",
        MergeVerdict::Older => "kept ours",
        MergeVerdict::Same => "same",
    }
}

fn put_back(run: &mut Run<'_, '_>, number: Option<u32>) -> Result<Exit, Failure> {
    let previous = restore::look_at_previous(run.ctx, number)?;
    for passed in previous.passed_over() {
        run.tell(&format!(
            "previous generation {} cannot be read and was passed over: {}",
            passed.number, passed.why
        ));
    }
    let found = previous.previous();
    run.tell(&format!("previous generation {} of {}", found.number, time::shown(found.modified)));
    let at_hand = credentials::for_previous(run.global, run.ctx, run.io, &previous)?;
    let question = format!(
        "Put it back in place of {}? What is there becomes a previous generation itself.",
        shown_path(&run.ctx.paths.vault)
    );
    super::super::ask::confirm(run.global, run.io, &question)?;
    let mut session = restore::put_back_previous(run.ctx, &previous, &at_hand)?;
    run.tell_notices(&mut session);
    let n_entries = session.vault().entries.len();
    let passed_over: Vec<u32> = previous.passed_over().iter().map(|passed| passed.number).collect();
    let json = fields([
        ("entries", json!(n_entries)),
        ("generation", json!(session.vault().generation)),
        ("passed_over", json!(passed_over)),
    ]);
    run.result("restore", &json, "")?;
    run.tell(&format!(
        "done: {}; the newer changes are in previous generation 1",
        count(n_entries, "entry is back", "entries are back")
    ));
    Ok(Exit::Done)
}

pub(super) fn entries(n: usize) -> String {
    count(n, "entry", "entries")
}
