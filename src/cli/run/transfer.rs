//! In from other programs' files, and out to them.

mod export;
mod qr_codes;

use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::args::Import;
use super::super::render::fields;
use super::super::{ask, credentials};
use super::Run;
use crate::app::import::{self, ImportOptions, ImportReport, Input, RecognisedFile};
use crate::app::status::count;
use crate::app::{Exit, Failure, Session, Unchanged};
use crate::secret::SecretText;
use crate::vault::merge::Verdict;

pub(super) use self::export::export;

pub(super) fn import(run: &mut Run<'_, '_>, args: &Import) -> Result<Exit, Failure> {
    if args.undo {
        return undo(run);
    }
    // Recognised before the vault is opened: nobody types a passphrase for a file that cannot be read.
    let mut inputs = Vec::with_capacity(args.files.len());
    for path in &args.files {
        inputs.push(if path == Path::new("-") {
            Input::Piped(run.io.read_stdin_bytes(import::LARGEST_FILE)?)
        } else {
            Input::Named(path.clone())
        });
    }
    let mut recognised = import::recognise_all(run.ctx, inputs, args.from.as_deref())?;
    if let Some(key_file) = &args.file_key_file {
        for file in &mut recognised {
            file.take_key_file(run.ctx, key_file)?;
        }
    }
    let mut session = run.open()?;
    let mut reports: Vec<ImportReport> = Vec::new();
    for (path, file) in args.files.iter().zip(recognised) {
        let goes_on = reports.iter().any(|report| report.n_taken() > 0);
        let options = ImportOptions { dry_run: args.dry_run, allow_skipped: args.allow_skipped, goes_on };
        let report = import_one(run, &mut session, args, path, file, options)
            .map_err(|failure| after_others(failure, &reports))?;
        reports.push(report);
    }
    let json =
        fields([("files", Value::Array(reports.iter().map(|report| json!(report_json(report))).collect()))]);
    let text: String = reports.iter().map(report_text).collect();
    run.result("import", &json, &text)
}

fn import_one(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    args: &Import,
    path: &Path,
    file: RecognisedFile,
    options: ImportOptions,
) -> Result<ImportReport, Failure> {
    let passphrase = match file.wants_passphrase() {
        None => None,
        Some(cost) => Some(file_passphrase(run, args, path, file.format(), &cost)?),
    };
    let report = import::import(run.ctx, session, file, passphrase.as_ref(), options)?;
    run.tell_notices(session);
    Ok(report)
}

/// All or nothing holds for each file: what the files before brought in is in the vault.
fn after_others(mut failure: Failure, reports: &[ImportReport]) -> Failure {
    let written: Vec<String> = reports
        .iter()
        .filter(|report| report.n_taken() > 0 && !report.dry_run)
        .map(|report| format!("{} ({})", report.file, entries(report.n_taken())))
        .collect();
    if !written.is_empty() {
        failure.unchanged = Some(Unchanged::Partly(format!(
            "of this file nothing was taken; the files before it are in the vault: {}",
            written.join(", ")
        )));
    }
    failure
}

fn file_passphrase(
    run: &mut Run<'_, '_>,
    args: &Import,
    path: &Path,
    format: &str,
    cost: &str,
) -> Result<SecretText, Failure> {
    if let Some(file) = &args.file_passphrase_file {
        // An empty one too: a KeePass database may have that.
        return credentials::line_from(run.ctx, run.io, file);
    }
    if run.global.no_input && args.file_key_file.is_some() {
        return Ok(SecretText::new(String::new()));
    }
    let name = crate::app::failure::shown_path(path);
    let alone = if args.file_key_file.is_some() { "; Enter where the key file alone opens it" } else { "" };
    let prompt = format!("Passphrase of {name} ({format}, {cost} to open{alone}): ");
    ask::hidden(run.global, run.io, &prompt, "give the file's passphrase with --file-passphrase-file PATH")
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::AlreadyThere(_) => "already-there",
        Verdict::Conflicting(_) => "conflicting",
        Verdict::Taken => "taken",
    }
}

fn report_json(report: &ImportReport) -> Map<String, Value> {
    let entries: Vec<Value> = report
        .entries
        .iter()
        .map(|entry| {
            json!({
                "position": entry.position,
                "name": entry.title,
                "outcome": verdict_name(entry.verdict),
                "warnings": entry.warnings,
            })
        })
        .collect();
    let refused: Vec<Value> = report
        .refused
        .iter()
        .map(|entry| json!({ "position": entry.position, "name": entry.title, "reason": entry.reason }))
        .collect();
    fields([
        ("file", json!(report.file.raw())),
        ("format", json!(report.format)),
        ("dry_run", json!(report.dry_run)),
        ("taken", json!(report.n_taken())),
        ("entries", json!(entries)),
        ("refused", json!(refused)),
        ("notices", json!(report.notices)),
    ])
}

fn report_text(report: &ImportReport) -> String {
    let verb = if report.dry_run { "would take" } else { "took" };
    let there = report.entries.len().saturating_sub(report.n_taken());
    let mut text = format!("{verb} {} of {} ({})", entries(report.n_taken()), report.file, report.format);
    if there > 0 {
        text.push_str(&format!("; {} there already", count(there, "was", "were")));
    }
    if !report.refused.is_empty() {
        text.push_str(&format!("; {} cannot be taken", report.refused.len()));
    }
    if report.entries.is_empty() && report.refused.is_empty() && report.notices.is_empty() {
        text.push_str("; no account is in it");
    }
    text.push('\n');
    for entry in &report.entries {
        let outcome = match entry.verdict {
            Verdict::AlreadyThere(_) => "already there",
            Verdict::Conflicting(_) => "taken; another entry has this name with another seed",
            Verdict::Taken => "taken",
        };
        text.push_str(&format!("  {:>4}  {}: {outcome}\n", entry.position, entry.title));
        for warning in &entry.warnings {
            text.push_str(&format!("        {warning}\n"));
        }
    }
    for line in report.refusals() {
        text.push_str(&format!("  refused  {line}\n"));
    }
    for notice in &report.notices {
        text.push_str(&format!("  note  {notice}\n"));
    }
    if report.n_taken() > 0 && !report.dry_run {
        text.push_str(
            "  next  take it back with `lifeboat import --undo`; delete the file if it was not encrypted\n",
        );
    }
    text
}

fn undo(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let undone = import::undo(run.ctx, &mut session)?;
    run.tell_notices(&mut session);
    let json = fields([
        ("file", json!(undone.file.raw())),
        ("removed", json!(undone.n_removed)),
        ("kept", json!(undone.n_kept)),
    ]);
    let mut text = format!(
        "took the import of {} back: {} in the trash\n",
        undone.file,
        count(undone.n_removed, "entry is", "entries are")
    );
    if undone.n_kept > 0 {
        text.push_str(&format!(
            "{} changed or removed since, and left alone\n",
            count(undone.n_kept, "was", "were")
        ));
    }
    run.result("import", &json, &text)
}

fn entries(n: usize) -> String {
    count(n, "entry", "entries")
}
