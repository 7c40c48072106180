//! The kit that a custodian keeps.

use serde_json::json;

use super::super::args::Kit;
use super::super::render::{self, fields};
use super::super::{credentials, time};
use super::{Run, ways};
use crate::app::failure::shown_path;
use crate::app::kit::{self, KitMade, KitRequest};
use crate::app::{Exit, Failure, key_file, share_set};
use crate::envelope::Credentials;

pub(super) fn kit(run: &mut Run<'_, '_>, args: &Kit) -> Result<Exit, Failure> {
    kit::refuse_folder(run.ctx, &args.output, args.force)?;
    let mut session = run.open()?;
    let proof = proof(run, args)?;
    let request = KitRequest {
        folder: &args.output,
        force: args.force,
        names: args.names,
        credentials: proof.as_ref(),
    };
    let derives = proof.as_ref().is_some_and(|proof| proof.passphrase.is_some());
    let cost = run.ctx.kdf.bundle;
    let made = ways::making(run, derives, "Opening the bundle and making the kit", cost, |ctx| {
        kit::make(ctx, &mut session, &request)
    })?;
    run.tell_notices(&mut session);
    told(run, &made)
}

/// What the copies are to be opened with, where the person has brought it.
fn proof(run: &mut Run<'_, '_>, args: &Kit) -> Result<Option<Credentials>, Failure> {
    let key_file =
        args.bundle_key_file.as_deref().map(|path| key_file::read_key_file(run.ctx, path)).transpose()?;
    let passphrase = args.bundle_passphrase_file.as_deref();
    let passphrase = passphrase.map(|path| credentials::from_file(run.ctx, run.io, path)).transpose()?;
    let is_given = key_file.is_some() || passphrase.is_some();
    Ok(is_given.then_some(Credentials { passphrase, key_file, recovery_secret: None }))
}

fn told(run: &mut Run<'_, '_>, made: &KitMade) -> Result<Exit, Failure> {
    let record = &made.bundle.record;
    let set = record.share_set.map(share_set::name);
    let hex = |sha256: &[u8; 32]| data_encoding::HEXLOWER.encode(sha256);
    let files: Vec<_> = made
        .files
        .iter()
        .map(|file| json!({ "name": file.name, "bytes": file.len, "sha256": hex(&file.sha256) }))
        .collect();
    let json = fields([
        ("folder", json!(made.folder.display().to_string())),
        ("bundle", json!(data_encoding::HEXLOWER.encode(&record.id))),
        ("bundle_file", json!(record.path.raw())),
        ("bundle_created", json!(record.created)),
        ("new", json!(made.bundle.added)),
        ("changed", json!(made.bundle.changed)),
        ("removed", json!(made.bundle.removed)),
        ("share_set", json!(set)),
        ("opened", json!(made.was_opened)),
        ("static", json!(made.machine.is_static)),
        ("runs_on", json!(made.machine.runs_on)),
        ("durable", json!(made.durable)),
        ("files", json!(files)),
    ]);
    let mut lines = vec![
        ("kit", shown_path(&made.folder)),
        ("bundle", format!("{}, made {}", record.path, time::day(record.created))),
        ("since then", made.bundle.changes()),
    ];
    lines.extend(set.map(|set| ("share set", set)));
    lines.push(("program", made.machine.in_words()));
    lines.push(("checked", made.checked().to_owned()));
    let mut text = render::table(&lines);
    for file in &made.files {
        text.push_str(&format!("{}  {}\n", hex(&file.sha256), file.name));
    }
    run.result("kit", &json, &text)?;
    doubts(run, made);
    let [print, one_each] = kit::NEXT;
    run.tell(&format!("next: {print}"));
    run.tell(one_each);
    Ok(Exit::Done)
}

/// What speaks against giving it to anybody as it is.
fn doubts(run: &mut Run<'_, '_>, made: &KitMade) {
    let set = made.bundle.record.share_set;
    let set = set.map(|set| format!(" --share-set {}", share_set::name(set).replace(' ', "-")));
    let renewal = format!(
        "make another one, `lifeboat bundle create -o FILE{}`, and the kit anew with --force",
        set.unwrap_or_default()
    );
    for doubt in made.doubts(&renewal) {
        run.tell(&format!("lifeboat: {doubt}"));
    }
    if !made.durable {
        run.tell(kit::NOT_DURABLE);
    }
}
