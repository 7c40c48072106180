//! Files of other programs: recognised, previewed, taken; and written.

use std::path::Path;
use std::sync::Arc;

use super::Runner;
use super::bundles::{entries, failed, output, selected};
use super::jobs::{Outcome, Wait, typed_path};
use crate::app::bundle;
use crate::app::export::{self, ExportDone, ExportRequest};
use crate::app::failure::shown_path;
use crate::app::import::{self, ImportReport, ReadFile};
use crate::app::status::count;
use crate::app::{Context, Failure, Session};
use crate::tui::effect::{ExportOrder, Selection, TransferEffect};
use crate::tui::message::{Message, TransferMessage};
use crate::tui::model::{Done, Report, ReportRow};
use crate::vault::merge::Verdict;

/// Most entries of a reason that are named before an export: with a hundred it still fits a screen.
const MOST_NAMED: usize = 3;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_transfer(&mut self, effect: TransferEffect) -> Vec<Message> {
        let ctx = Arc::clone(&self.ctx);
        match effect {
            TransferEffect::CheckOutput { path, format, selection } => {
                let path = typed_path(&path);
                let asks_vault = match self.asks_vault() {
                    Ok(asks) => asks,
                    Err(failure) => return vec![failed(failure)],
                };
                self.with_session(move |ctx, session| {
                    let seen = check_output(ctx, &session, &path, format, &selection, asks_vault);
                    Outcome::Used(session, vec![seen.unwrap_or_else(failed)])
                })
            }
            TransferEffect::Export(order) => {
                self.with_session_for("Writing the file", Wait::Long, move |ctx, mut session| {
                    let done = write(ctx, &mut session, *order);
                    Outcome::Used(session, vec![done.unwrap_or_else(failed)])
                })
            }
            TransferEffect::Recognise(path) => {
                self.forget();
                let path = typed_path(&path);
                self.spawn("Reading the file", Wait::Cancellable, move || {
                    let recognised = import::recognise(&ctx, &path, None).map(|file| {
                        let (format, cost) = (file.format().to_owned(), file.wants_passphrase());
                        let may_have_key_file = file.may_have_key_file();
                        Message::Transfer(TransferMessage::Recognised { format, cost, may_have_key_file })
                    });
                    Outcome::Answered(vec![recognised.unwrap_or_else(failed)])
                })
            }
            TransferEffect::Read { path, passphrase, key_file } => {
                let path = typed_path(&path);
                let key_file = key_file.as_deref().map(typed_path);
                let what = if passphrase.is_some() { "Opening the file" } else { "Reading the file" };
                self.spawn(what, Wait::Cancellable, move || {
                    let file = import::recognise(&ctx, &path, None).and_then(|mut file| {
                        if let Some(key_file) = &key_file {
                            file.take_key_file(&ctx, key_file)?;
                        }
                        import::read(file, passphrase.as_ref())
                    });
                    Outcome::Read(file.map(Box::new))
                })
            }
            TransferEffect::Take { allow_skipped } => {
                let Some(file) = self.file.take() else { return Vec::new() };
                self.with_session(move |ctx, mut session| {
                    let taken = import::take(ctx, &mut session, *file, allow_skipped, false);
                    let told = taken
                        .map(|report| Message::Transfer(TransferMessage::Imported(told_imported(&report))));
                    Outcome::Used(session, vec![told.unwrap_or_else(failed)])
                })
            }
            TransferEffect::Undo => self.with_session(move |ctx, mut session| {
                let undone =
                    import::undo(ctx, &mut session).map(|undone| Message::Noticed(told_undone(&undone)));
                Outcome::Used(session, vec![undone.unwrap_or_else(failed)])
            }),
        }
    }

    /// A file was read. What it would bring is told against the open vault; nothing is told without one.
    pub(super) fn file_read(&mut self, file: Box<ReadFile>) -> Option<Message> {
        let session = self.session.as_ref()?;
        let report = import::preview(session, &file);
        self.file = Some(file);
        Some(Message::Transfer(TransferMessage::Planned(planned(&report))))
    }
}

fn planned(report: &ImportReport) -> Report {
    let n_written = report.n_taken();
    let n_there = report.entries.len().saturating_sub(n_written);
    let n_refused = report.refused.len();
    let mut summary = format!("{} ({}) would bring {}", report.file, report.format, entries(n_written));
    if n_there > 0 {
        summary.push_str(&format!("; {} there already", count(n_there, "is", "are")));
    }
    if n_refused > 0 {
        summary.push_str(&format!("; {n_refused} cannot be taken"));
    }
    let mut summary = vec![format!("{summary}.")];
    summary.extend(report.notices.iter().map(|notice| format!("note  {notice}")));
    let refused = report.refused.iter().map(|refused| ReportRow {
        outcome: "refused",
        name: if refused.title.is_empty() {
            format!("entry {}", refused.position)
        } else {
            format!("entry {}, {}", refused.position, refused.title)
        },
        notes: vec![refused.reason.clone()],
        is_refused: true,
    });
    let taken = report.entries.iter().map(|entry| {
        let mut notes = entry.warnings.clone();
        let outcome = match entry.verdict {
            Verdict::AlreadyThere(_) => "there already",
            Verdict::Conflicting(_) => {
                notes.insert(0, "another entry has this name with another seed; both are kept".to_owned());
                "conflicting"
            }
            Verdict::Taken => "new",
        };
        ReportRow { outcome, name: entry.title.clone(), notes, is_refused: false }
    });
    Report { summary, rows: refused.chain(taken).collect(), offset: 0, n_written, n_refused }
}

fn told_imported(report: &ImportReport) -> String {
    let left_out = match report.refused.len() {
        0 => String::new(),
        n => format!("; {n} could not be taken"),
    };
    format!(
        "took {} of {}{left_out}; I takes the import back, and `lifeboat import --undo` too; delete the file if it was not encrypted",
        entries(report.n_taken()),
        report.file
    )
}

fn told_undone(undone: &import::Undone) -> String {
    let mut words = format!(
        "took the import of {} back: {} in the trash",
        undone.file,
        count(undone.n_removed, "entry is", "entries are")
    );
    if undone.n_kept > 0 {
        let kept = count(undone.n_kept, "was", "were");
        words.push_str(&format!("; {kept} changed or removed since, and left alone"));
    }
    words
}

fn check_output(
    ctx: &Context,
    session: &Session,
    path: &Path,
    format: &str,
    selection: &Selection,
    asks_vault: bool,
) -> Result<Message, Failure> {
    let (_, ids) = output(ctx, session, path, selection)?;
    let outputs = export::outputs(session, format, &ids, path)?;
    let exists = outputs.iter().any(|path| bundle::refuse_existing_output(ctx, path, false).is_err());
    let preview = export::preview(session, format, &ids)?;
    Ok(Message::Transfer(TransferMessage::OutputSeen {
        exists,
        n_entries: preview.n_entries,
        left_out: export::told_left_out(&preview.left_out, &preview.sealed, MOST_NAMED)
            .map(|line| format!("not written: {line}"))
            .collect(),
        lossy: preview.lossy,
        asks_vault,
    }))
}

fn write(ctx: &Context, session: &mut Session, order: ExportOrder) -> Result<Message, Failure> {
    let path = typed_path(&order.path);
    let done = export::export(
        ctx,
        session,
        &ExportRequest {
            format: order.format,
            entries: selected(session, &order.selection),
            output: &path,
            force: order.force,
            plaintext: order.passphrase.is_none(),
            passphrase: order.passphrase.as_ref(),
        },
    )?;
    Ok(Message::Transfer(TransferMessage::Done(told_exported(&done))))
}

fn told_exported(done: &ExportDone) -> Done {
    let seeds = if done.encrypted { "encrypted with the file's passphrase" } else { "in clear" };
    let mut facts: Vec<_> = done.paths.iter().map(|path| ("file", shown_path(path))).collect();
    facts.extend([
        ("format", done.format.to_owned()),
        ("entries", done.n_entries.to_string()),
        ("seeds", seeds.to_owned()),
    ]);
    if !done.lossy.is_empty() {
        facts.push(("not kept", done.lossy.join(", ")));
    }
    let left_out = export::told_left_out(&done.left_out, &done.sealed, usize::MAX);
    facts.extend(left_out.map(|line| ("left out", line)));
    let clear = "the seeds in it are in clear: move it where it is needed, then destroy it";
    Done {
        name: "Export",
        what: format!("Wrote {}.", entries(done.n_entries)),
        warnings: if done.encrypted { Vec::new() } else { vec![clear.to_owned()] },
        facts,
        next: vec!["It is no bundle: Lifeboat restores from bundles, which keep everything.".to_owned()],
        offset: 0,
    }
}
