//! The entries: listed, added, changed, proven, removed.

use std::path::Path;

use serde_json::json;

use super::super::args::{self, Add, Edit, List, Origin, Prove, Query};
use super::super::render::{self, fields};
use super::super::{ask, credentials, time};
use super::{Run, only_dash, seal};
use crate::app::add::{self, Particulars};
use crate::app::failure::shown_path;
use crate::app::find::{find, find_in_trash, select};
use crate::app::{Exit, Failure, Kind, Session, Unchanged, edit, picture, remove};
use crate::entry::{Entry, EntryDraft, EntryId, Label, Provenance, ProvenanceKind};
use crate::otp::Seed;
use crate::secret::SecretText;
use crate::vault::Quarantined;

pub(super) fn list(run: &mut Run<'_, '_>, args: &List) -> Result<Exit, Failure> {
    let session = run.open()?;
    let entries: Vec<&Entry> = select(&session, args.query.as_deref(), &args.tag)
        .into_iter()
        .filter(|entry| entry.privileged || !args.privileged)
        .collect();
    let quarantine = &session.vault().quarantine;
    let json = fields([
        ("entries", json!(entries.iter().map(|entry| render::entry_json(entry)).collect::<Vec<_>>())),
        (
            "set_aside",
            json!(
                quarantine
                    .iter()
                    .map(|q| json!({ "name": q.title.raw(), "reason": q.reason, "in_trash": q.in_trash.is_some() }))
                    .collect::<Vec<_>>()
            ),
        ),
    ]);
    let rows: Vec<Vec<String>> = entries.iter().map(|entry| row(entry)).collect();
    let mut text = run.rows(&["ISSUER", "ACCOUNT", "TYPE", "TAGS", "ID"], &rows);
    text.extend(quarantine.iter().map(set_aside));
    if entries.is_empty() && quarantine.is_empty() && !run.global.json {
        run.tell(if args.query.is_some() || !args.tag.is_empty() || args.privileged {
            "no entry fits"
        } else {
            "the vault is empty: `lifeboat add` adds an entry, `lifeboat import FILE` brings a phone's export"
        });
        return Ok(Exit::Done);
    }
    run.result("list", &json, &text)
}

/// The line about an entry that cannot be read.
fn set_aside(quarantined: &Quarantined) -> String {
    let place = if quarantined.in_trash.is_some() { ", in the trash" } else { "" };
    format!("set aside{place}: {} ({})\n", quarantined.title, quarantined.reason)
}

fn row(entry: &Entry) -> Vec<String> {
    let mut marks = String::new();
    if entry.privileged {
        marks.push('!');
    }
    if entry.favourite {
        marks.push('*');
    }
    let tags = entry.tags.iter().map(Label::shown).collect::<Vec<_>>().join(",");
    let tags = if marks.is_empty() { tags } else { format!("{marks} {tags}").trim_end().to_owned() };
    vec![
        entry.issuer.shown(),
        entry.account.shown(),
        if entry.is_sealed() {
            format!("{}, sealed", entry.otp.type_name())
        } else {
            entry.otp.type_name().to_owned()
        },
        tags,
        entry.id.to_string(),
    ]
}

fn particulars(args: &args::Particulars) -> Particulars {
    Particulars {
        issuer: args.issuer.clone(),
        account: args.account.clone(),
        type_name: args.type_name.clone(),
        algorithm: args.algorithm.clone(),
        digits: args.digits,
        period: args.period.map(|period| u32::try_from(period.0).unwrap_or(u32::MAX)),
        counter: args.counter,
    }
}

fn provenance(args: &Origin) -> Option<Provenance> {
    let how = ProvenanceKind::parse(args.provenance.as_deref()?)?;
    Some(Provenance { how, device: args.device.clone().map(Label::new) })
}

pub(super) fn add(run: &mut Run<'_, '_>, args: &Add) -> Result<Exit, Failure> {
    only_dash(&args.source, "type it at the hidden prompt: lifeboat add; or: lifeboat add - < FILE")?;
    // The vault first: who cannot open it need not type a secret. Standard input can hold only one thing.
    let mut session = run.open()?;
    let particulars = particulars(&args.particulars);
    let (mut draft, warnings) = if args.generate {
        let seed = add::generate_seed(run.ctx)?;
        let draft = EntryDraft::new(Label::default(), Label::default(), seed, crate::otp::Otp::COMMON);
        named(draft, &particulars)?
    } else {
        let text = secret_text(run, args)?;
        add::draft_from_text(&text, &particulars)?
    };
    draft.tags.extend(args.tag.iter().map(Label::new));
    draft.privileged = args.privileged;
    if let Some(note) = &args.note {
        draft.note.clone_from(note);
    }
    draft.provenance = provenance(&args.origin);
    if let Some(path) = &args.recovery_codes {
        draft.recovery_codes = add::recovery_codes(&credentials::text_from(run.ctx, run.io, path)?);
    }
    let added = add::add(run.ctx, &mut session, draft, args.allow_duplicate)?;
    run.tell_notices(&mut session);
    let json = fields([
        ("id", json!(added.id.to_string())),
        ("name", json!(added.title)),
        ("seed_bits_short", json!(added.short_seed_bits)),
        ("warnings", json!(warnings)),
    ]);
    run.result("add", &json, &format!("{}\n", added.id))?;
    for warning in warnings.iter().filter(|warning| !warning.contains("bits")) {
        run.tell(&format!("lifeboat: {}: {warning}", added.title));
    }
    if let Some(bits) = added.short_seed_bits {
        run.tell(&format!(
            "lifeboat: {}: its seed has {bits} bits, under the 112 that are advised; it works, the service chose it",
            added.title
        ));
    }
    if args.generate {
        run.tell("lifeboat: give the seed to the server with: lifeboat show --reveal");
    }
    if run.io.err_is_terminal {
        run.tell(&format!("added {}; sign in with a code of it once, then: lifeboat prove", added.title));
    }
    Ok(Exit::Done)
}

fn named(mut draft: EntryDraft, particulars: &Particulars) -> Result<(EntryDraft, Vec<String>), Failure> {
    draft.otp = particulars.otp(draft.otp)?;
    draft.issuer = Label::new(particulars.issuer.clone().unwrap_or_default());
    draft.account = Label::new(particulars.account.clone().unwrap_or_default());
    if draft.issuer.is_empty() && draft.account.is_empty() {
        return Err(Failure::new(Kind::Usage, "an entry needs a name")
            .unchanged(Unchanged::NothingTouched)
            .next("give it with --issuer NAME and --account NAME"));
    }
    Ok((draft, Vec::new()))
}

/// The secret from a picture, from standard input, or from the prompt.
fn secret_text(run: &mut Run<'_, '_>, args: &Add) -> Result<SecretText, Failure> {
    if let Some(path) = &args.qr {
        let mut texts = picture::texts(run.ctx, path)?;
        if texts.len() > 1 {
            return Err(Failure::new(Kind::Usage, format!("the picture holds {} QR codes", texts.len()))
                .unchanged(Unchanged::OnlyRead(path.clone()))
                .next("cut it to the one that is meant")
                .next(import_all(path)));
        }
        let n_accounts = texts.first().map(add::accounts).transpose()?.map_or(0, |accounts| accounts.len());
        if n_accounts > 1 {
            let mut failure = add::not_one(n_accounts);
            failure.next = vec![import_all(path)];
            return Err(failure.unchanged(Unchanged::OnlyRead(path.clone())));
        }
        return texts.pop().ok_or_else(|| Failure::new(Kind::UnknownFormat, "the picture holds no QR code"));
    }
    if !args.source.is_empty() {
        return run.io.read_stdin(64 << 10);
    }
    ask::hidden(
        run.global,
        run.io,
        "otpauth URI or secret: ",
        "send it through a pipe: lifeboat add - < FILE",
    )
}

fn import_all(path: &Path) -> String {
    format!("to take them all: lifeboat import {}", shown_path(path))
}

pub(super) fn prove(run: &mut Run<'_, '_>, args: &Prove) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = find(&session, &args.entry.query)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    if !args.accepted {
        ask::confirm(run.global, run.io, &format!("Did the service accept a code of {title} just now?"))?;
    }
    edit::prove(run.ctx, &mut session, id)?;
    run.tell_notices(&mut session);
    let json = fields([("id", json!(id.to_string())), ("proven", json!(run.ctx.clock.now()))]);
    run.result("prove", &json, "")?;
    run.tell(&format!("noted: the service accepted a code of {title}"));
    Ok(Exit::Done)
}

pub(super) fn edit(run: &mut Run<'_, '_>, args: &Edit) -> Result<Exit, Failure> {
    only_dash(args.seed.as_slice(), "send it through a pipe: lifeboat edit NAME --seed - < FILE")?;
    let mut session = run.open()?;
    let (tags_added, tags_removed) = tag_changes(&args.tag)?;
    let seed = match &args.seed {
        None => None,
        Some(_) => Some(new_seed(run)?),
    };
    let recovery_codes = match &args.recovery_codes {
        None => None,
        Some(path) => Some(add::recovery_codes(&credentials::text_from(run.ctx, run.io, path)?)),
    };
    let either = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    let change = edit::Edit {
        particulars: particulars(&args.particulars),
        tags_added,
        tags_removed,
        note: args.note.clone(),
        privileged: either(args.privileged, args.no_privileged),
        favourite: either(args.favourite, args.no_favourite),
        seed,
        recovery_codes,
        provenance: provenance(&args.origin),
        ..edit::Edit::default()
    };
    if change.is_empty() {
        return Err(Failure::new(Kind::Usage, "nothing to change was given")
            .unchanged(Unchanged::NothingTouched)
            .next("`lifeboat edit --help` lists what can be changed"));
    }
    let rotated = change.seed.is_some();
    let id = change_entry(run, &mut session, args, change)?;
    run.tell_notices(&mut session);
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    run.result("edit", &fields([("id", json!(id.to_string())), ("name", json!(title))]), "")?;
    run.tell(&format!("changed {title}"));
    if rotated {
        run.tell("its proof is gone with the old seed: sign in with a code once, then: lifeboat prove");
    }
    Ok(Exit::Done)
}

/// Changes an entry, or repairs one that was set aside.
fn change_entry(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    args: &Edit,
    mut change: edit::Edit,
) -> Result<EntryId, Failure> {
    let query = &args.entry.query;
    match find(session, query) {
        Ok(id) => {
            let opened = seal::opened_to_change(run, session, id, &mut change, &args.opening)?;
            edit::edit_with(run.ctx, session, id, change, opened.as_ref()).map(|()| id)
        }
        Err(not_found) => match edit::find_quarantined(session, query) {
            Ok(place) => edit::repair(run.ctx, session, place, &change),
            Err(_) => Err(not_found),
        },
    }
}

fn new_seed(run: &mut Run<'_, '_>) -> Result<Seed, Failure> {
    let text = run.io.read_stdin(64 << 10)?;
    let nameless = Particulars { account: Some("-".to_owned()), ..Particulars::default() };
    add::draft_from_text(&text, &nameless).map(|(draft, _)| draft.seed)
}

/// `+work,-old`: a bare name is added.
fn tag_changes(arguments: &[String]) -> Result<(Vec<String>, Vec<String>), Failure> {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for change in arguments.iter().flat_map(|argument| argument.split(',')).map(str::trim) {
        match (change.strip_prefix('+'), change.strip_prefix('-')) {
            (_, Some(name)) if !name.is_empty() => removed.push(name.to_owned()),
            (Some(name), _) if !name.is_empty() => added.push(name.to_owned()),
            (None, None) if !change.is_empty() => added.push(change.to_owned()),
            _ => {
                return Err(Failure::new(Kind::Usage, "write changes of tags as +work,-old")
                    .unchanged(Unchanged::NothingTouched));
            }
        }
    }
    Ok((added, removed))
}

pub(super) fn remove(run: &mut Run<'_, '_>, query: &Query) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = find(&session, &query.query)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    remove::remove(run.ctx, &mut session, &[id])?;
    run.tell_notices(&mut session);
    run.result("remove", &fields([("id", json!(id.to_string())), ("name", json!(title))]), "")?;
    run.tell(&format!("{title} is in the trash; `lifeboat trash restore` takes it out again"));
    Ok(Exit::Done)
}

pub(super) fn trash_list(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let trash = &session.vault().trash;
    let listed: Vec<_> = trash
        .iter()
        .map(|trashed| {
            let mut json = render::entry_json(&trashed.entry);
            json.insert("removed".to_owned(), json!(trashed.removed));
            json
        })
        .collect();
    let rows: Vec<Vec<String>> = trash
        .iter()
        .map(|trashed| {
            let entry = &trashed.entry;
            vec![
                entry.issuer.shown(),
                entry.account.shown(),
                time::day(trashed.removed),
                entry.id.to_string(),
            ]
        })
        .collect();
    let unreadable: String = unreadable_trash(&session).map(set_aside).collect();
    if rows.is_empty() && unreadable.is_empty() && !run.global.json {
        run.tell("the trash is empty");
        return Ok(Exit::Done);
    }
    let text = run.rows(&["ISSUER", "ACCOUNT", "REMOVED", "ID"], &rows) + &unreadable;
    run.result("trash", &fields([("entries", json!(listed))]), &text)
}

/// What lies in the trash and cannot be read.
fn unreadable_trash(session: &Session) -> impl Iterator<Item = &Quarantined> {
    session.vault().quarantine.iter().filter(|quarantined| quarantined.in_trash.is_some())
}

pub(super) fn trash_restore(run: &mut Run<'_, '_>, query: &Query) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = find_in_trash(&session, &query.query)?;
    remove::take_back(run.ctx, &mut session, &[id])?;
    run.tell_notices(&mut session);
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    run.result("trash", &fields([("id", json!(id.to_string())), ("name", json!(title))]), "")?;
    run.tell(&format!("{title} is back"));
    Ok(Exit::Done)
}

pub(super) fn trash_purge(run: &mut Run<'_, '_>, query: Option<&str>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let ids: Vec<EntryId> = match query {
        Some(query) => vec![find_in_trash(&session, query)?],
        None => session.vault().trash.iter().map(|trashed| trashed.entry.id).collect(),
    };
    let unreadable = query.is_none();
    let trash = session.vault().trash.iter().filter(|trashed| ids.contains(&trashed.entry.id));
    let mut names: Vec<String> = trash.map(|trashed| trashed.entry.title()).collect();
    if unreadable {
        names.extend(unreadable_trash(&session).map(|quarantined| quarantined.title.shown()));
    }
    if names.is_empty() {
        run.tell("the trash is empty");
        return run.result("trash", &fields([("purged", json!(0))]), "");
    }
    ask::confirm(run.global, run.io, &format!("Destroy for good: {}?", names.join(", ")))?;
    let purged = remove::purge(run.ctx, &mut session, &ids, unreadable)?;
    run.tell_notices(&mut session);
    run.result("trash", &fields([("purged", json!(purged))]), "")?;
    run.tell(&format!(
        "destroyed {purged}; bundles and the previous generations made before still hold them"
    ));
    Ok(Exit::Done)
}
