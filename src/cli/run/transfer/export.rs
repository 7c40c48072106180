//! Out to another program's file, or to a telephone's camera.

use std::path::Path;

use serde_json::json;

use super::super::super::args::Export;
use super::super::super::render::fields;
use super::super::super::{ask, credentials};
use super::{Run, entries, qr_codes};
use crate::app::bundle;
use crate::app::export::{self, ExportDone, ExportRequest};
use crate::app::failure::shown_path;
use crate::app::find::select;
use crate::app::{Exit, Failure, Kind, Session, Unchanged};
use crate::entry::EntryId;
use crate::secret::SecretText;

/// What is to be said of an export in clear.
const IN_CLEAR: &str = "the seeds in it are in clear: move it where it is needed, then destroy it";

pub(in crate::cli::run) fn export(run: &mut Run<'_, '_>, args: &Export) -> Result<Exit, Failure> {
    let is_of_qr_codes = export::is_of_qr_codes(&args.to)?;
    match &args.output {
        Some(_) if args.is_to_pipe() => refuse_to_pipe(run)?,
        None if !is_of_qr_codes => return Err(export::needs_file(&args.to)),
        None => qr_codes::refuse_without_terminal(run)?,
        // How many pictures there are is known when the vault is open.
        Some(_) if is_of_qr_codes => {}
        Some(output) => bundle::refuse_existing_output(run.ctx, output, args.force)?,
    }
    let mut session = run.open_proven()?;
    let chosen: Vec<_> =
        select(&session, args.query.as_deref(), &args.tag).into_iter().map(|entry| entry.id).collect();
    if let Some(output) = args.output.as_ref().filter(|_| !args.is_to_pipe()) {
        for path in export::outputs(&session, &args.to, &chosen, output)? {
            bundle::refuse_existing_output(run.ctx, &path, args.force)?;
        }
    }
    let can_encrypt = tell_preview(run, &session, args, &chosen)?;
    if args.plaintext {
        run.ask_why(&session, &chosen)?;
    }
    let Some(output) = &args.output else {
        let done = qr_codes::show(run, &mut session, &args.to, chosen, args.plaintext)?;
        return finish(run, &mut session, &done);
    };
    let passphrase = if can_encrypt && !args.plaintext { Some(passphrase(run, args, output)?) } else { None };
    let request = ExportRequest {
        format: &args.to,
        entries: chosen,
        output,
        force: args.force,
        plaintext: args.plaintext,
        passphrase: passphrase.as_ref(),
    };
    if args.is_to_pipe() {
        let (bytes, done) = export::handed_out(run.ctx, &mut session, &request)?;
        run.tell_notices(&mut session);
        run.io.pipe(&bytes)?;
        let n_entries = entries(done.n_entries);
        run.tell(&format!("wrote {n_entries} to standard output ({})", done.format));
        if !done.encrypted {
            run.tell(IN_CLEAR);
        }
        return Ok(Exit::Done);
    }
    let done = export::export(run.ctx, &mut session, &request)?;
    finish(run, &mut session, &done)
}

/// Standard output is for something that reads it: not for a screen that keeps it, nor for a result as JSON.
fn refuse_to_pipe(run: &Run<'_, '_>) -> Result<(), Failure> {
    let refused = |kind, what| {
        Failure::new(kind, what)
            .unchanged(Unchanged::NothingTouched)
            .next("name a file: -o FILE; or have a program read it: lifeboat export … -o - | PROGRAM")
    };
    if run.global.json {
        return Err(refused(
            Kind::Usage,
            "with --json standard output is for the result, not for the export",
        ));
    }
    if run.io.out_is_terminal {
        return Err(refused(Kind::Refused, "standard output is a terminal, and would keep what is exported"));
    }
    Ok(())
}

/// Says what will be lost, before anything is written; and whether the format can be encrypted.
fn tell_preview(
    run: &mut Run<'_, '_>,
    session: &Session,
    args: &Export,
    chosen: &[EntryId],
) -> Result<bool, Failure> {
    let preview = export::preview(session, &args.to, chosen)?;
    if !preview.lossy.is_empty() {
        run.tell(&format!(
            "lifeboat: the format {} does not keep: {}",
            preview.format,
            preview.lossy.join(", ")
        ));
    }
    for one in &preview.left_out {
        run.tell(&format!("lifeboat: not exported: {}: {}", one.name, one.reason));
    }
    if !preview.sealed.is_empty() {
        let left_out =
            format!("lifeboat: sealed, not exported: {}; unseal it first", preview.sealed.join(", "));
        run.tell(&left_out);
    }
    Ok(preview.can_encrypt)
}

fn finish(run: &mut Run<'_, '_>, session: &mut Session, done: &ExportDone) -> Result<Exit, Failure> {
    run.tell_notices(session);
    let left_out =
        done.left_out.iter().map(|one| json!({ "name": one.name, "reason": one.reason })).collect();
    let files: Vec<String> = done.paths.iter().map(|path| path.display().to_string()).collect();
    let json = fields([
        ("file", json!(files.first())),
        ("files", json!(files)),
        ("format", json!(done.format)),
        ("entries", json!(done.n_entries)),
        ("encrypted", json!(done.encrypted)),
        ("lost", json!(done.lossy)),
        ("left_out", left_out),
        ("sealed", json!(done.sealed)),
    ]);
    let n_entries = entries(done.n_entries);
    let paths: Vec<String> = done.paths.iter().map(|path| shown_path(path)).collect();
    let text = match paths.as_slice() {
        [] => format!("showed {n_entries} ({})\n", done.format),
        [path] => format!("wrote {n_entries} to {path} ({})\n", done.format),
        paths => format!(
            "wrote {n_entries} to {} pictures ({}):\n  {}\n",
            paths.len(),
            done.format,
            paths.join("\n  ")
        ),
    };
    run.result("export", &json, &text)?;
    if !done.encrypted && !done.paths.is_empty() {
        run.tell(if done.paths.len() > 1 {
            "the seeds in them are in clear: have them scanned, then destroy them"
        } else {
            IN_CLEAR
        });
    }
    Ok(Exit::Done)
}

fn passphrase(run: &mut Run<'_, '_>, args: &Export, output: &Path) -> Result<SecretText, Failure> {
    if let Some(file) = &args.file_passphrase_file {
        return credentials::from_file(run.ctx, run.io, file).map(|passphrase| passphrase.text().duplicate());
    }
    let instead = "give the exported file's passphrase with --file-passphrase-file PATH";
    let typed = ask::hidden(run.global, run.io, "Passphrase for the exported file: ", instead)?;
    let again = ask::hidden(run.global, run.io, "Type it again: ", instead)?;
    if typed.is_empty() || !typed.same_as(&again) {
        return Err(Failure::new(Kind::NoCredential, "the two passphrases differ, or are empty").unchanged(
            if args.is_to_pipe() {
                Unchanged::NothingTouched
            } else {
                Unchanged::OutputNotCreated(output.to_owned())
            },
        ));
    }
    Ok(typed)
}
