//! Drills: what is due and what was run, reports that are brought home, and the one that is being run.
//!
//! The drill lives here, with the bundle that it has opened, and goes with the screen, or when the vault is locked.

mod told;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use self::told::{compared, known, told_ended, told_not_ended, told_recorded};
use super::Runner;
use super::bundles::{failed, seen};
use super::jobs::{Outcome, Wait, typed_path};
use crate::app::bundle::OpenedBundle;
use crate::app::drill::{self, OpenedWith, Running};
use crate::app::{Context, Failure, Kind, share_set};
use crate::entry::{EntryId, label};
use crate::recovery::drill::KEY_FILE_ALONE;
use crate::secret::SecretText;
use crate::tui::effect::DrillEffect;
use crate::tui::message::{DrillMessage, Message};
use crate::tui::model::{DrillEntry, DrillOpened};

/// How often a code of another device may be typed; the last one that fits nowhere is a finding.
const ATTEMPTS: usize = 3;

/// A drill that is being run.
pub(super) struct Drill {
    running: Running,
    /// What opens the bundle, as it is tried.
    with: OpenedWith,
    /// No share came from a file.
    is_typed: bool,
    /// Codes of another device that fit nowhere.
    n_wrong_codes: usize,
    /// The reasons that codes were shown for.
    reasons: BTreeMap<EntryId, String>,
}

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_drill(&mut self, effect: DrillEffect) -> Vec<Message> {
        match effect {
            DrillEffect::List => self.with_session_for("Reading the log", Wait::Short, |ctx, session| {
                let answer = match known(ctx, &session) {
                    Ok(known) => Message::Drill(DrillMessage::Listed(Box::new(known))),
                    Err(failure) => failed(failure),
                };
                Outcome::Used(session, vec![answer])
            }),
            DrillEffect::Record(path) => {
                let path = typed_path(&path);
                self.with_session_for("Checking the report", Wait::Long, move |ctx, mut session| {
                    let recorded = drill::record(ctx, &mut session, &path);
                    let answer = recorded.map(|recorded| told(told_recorded(&recorded)));
                    Outcome::Used(session, vec![answer.unwrap_or_else(failed)])
                })
            }
            DrillEffect::Begin(path) => {
                self.forget();
                let ctx = Arc::clone(&self.ctx);
                let path = typed_path(&path);
                let work = move || Outcome::Drill(Running::begin(&ctx, &path).map(Box::new));
                self.spawn("Reading the bundle", Wait::Cancellable, work)
            }
            DrillEffect::Open { passphrase, key_file } => self.open_drill(passphrase, &key_file),
            DrillEffect::OpenByShares => {
                let (Some(drill), Some(opening)) = (&mut self.drill, &self.opening) else {
                    return Vec::new();
                };
                let words = format!("{} shares of {}", opening.threshold(), opening.set_name());
                drill.with = OpenedWith { words, typed: drill.is_typed };
                self.open_by_shares(false)
            }
            DrillEffect::CompareClock(typed) => self.compare_clock(&typed),
            DrillEffect::ShowCode(id) => self.drill_code(id, false),
            DrillEffect::NextCode(id) => self.drill_code(id, true),
            DrillEffect::Attest(id, reference) => {
                let Some(drill) = &mut self.drill else { return Vec::new() };
                vec![match drill.running.attest(id, &reference) {
                    Ok(()) => Message::Drill(DrillMessage::Attested(id, Some(reference))),
                    Err(failure) => failed(failure),
                }]
            }
            DrillEffect::NotAccepted(id) => {
                let Some(drill) = &mut self.drill else { return Vec::new() };
                drill.running.not_accepted(id);
                vec![Message::Drill(DrillMessage::Attested(id, None))]
            }
            DrillEffect::Finish(path) => self.finish_drill(&path),
        }
    }

    /// The bundle is whole.
    pub(super) fn drill_begun(&mut self, running: Running) -> Message {
        self.bundle = Some(running.shared_bundle());
        let mut message = seen(running.bundle());
        if let Message::BundleSeen { about, .. } = &mut message {
            about.extend(running.bundle().passed_over());
            about.extend(running.clock_doubts().iter().map(|doubt| format!("! {doubt}")));
        }
        let with = OpenedWith { words: String::new(), typed: false };
        self.drill =
            Some(Drill { running, with, is_typed: true, n_wrong_codes: 0, reasons: BTreeMap::new() });
        message
    }

    /// A share of the drill's bundle came from a file or from a picture.
    pub(super) fn share_from_file(&mut self) {
        if let Some(drill) = &mut self.drill {
            drill.is_typed = false;
        }
    }

    fn open_drill(&mut self, passphrase: SecretText, key_file: &str) -> Vec<Message> {
        let has_key_file = self.key_file_of(key_file).is_some();
        let Some(drill) = &mut self.drill else { return Vec::new() };
        let bundle = drill.running.bundle();
        let typed = !passphrase.is_empty();
        let words = match (typed, has_key_file) {
            (true, false) => "passphrase",
            (true, true) => "passphrase and key file",
            (false, _) if bundle.wants_passphrase() || bundle.quorum().is_some() => "key file",
            (false, _) => KEY_FILE_ALONE,
        };
        drill.with = OpenedWith { words: words.to_owned(), typed };
        self.open_bundle(passphrase, key_file)
    }

    /// The drill's bundle is open. Where shares opened it, its maker is asked about before anything of it is told.
    pub(super) fn drill_opened(&mut self, opened: OpenedBundle) -> Message {
        let Some(drill) = &mut self.drill else { return Message::Finished };
        drill.running.opened(&self.ctx, opened, drill.with.clone());
        match drill.running.unknown_maker(self.session.as_deref()) {
            Some(fingerprint) => Message::MakerUnknown(fingerprint),
            None => self.drill_compared().unwrap_or_else(failed),
        }
    }

    /// Somebody has compared the maker's fingerprint with the cards.
    pub(super) fn drill_maker_accepted(&mut self) -> Message {
        if let Some(drill) = &mut self.drill {
            drill.running.accept_maker();
        }
        self.drill_compared().unwrap_or_else(failed)
    }

    fn drill_compared(&mut self) -> Result<Message, Failure> {
        let (Some(drill), Some(session)) = (&mut self.drill, &self.session) else {
            return Ok(Message::Finished);
        };
        let is_of = drill.running.is_of(session);
        if is_of {
            drill.running.compare(session)?;
        }
        let found = drill.running.entries();
        let verdicts: HashMap<EntryId, &'static str> =
            found.iter().filter_map(|found| Some((found.id?, found.verdict.name()))).collect();
        let entries = drill.running.bundled().iter().map(|entry| DrillEntry {
            id: entry.id,
            title: entry.title(),
            verdict: verdicts.get(&entry.id).copied().unwrap_or_default(),
            privileged: entry.privileged,
            said: None,
        });
        let signer = if is_of {
            format!("this vault's key, {}", share_set::maker(session)?)
        } else {
            "a key that is made for this drill alone".to_owned()
        };
        let opened = DrillOpened {
            entries: entries.collect(),
            compared: compared(&self.ctx, &drill.running, &drill.with, is_of, &found),
            clock_entry: drill.running.clock_entry().map(|entry| entry.title),
            is_of_vault: is_of,
            signer,
        };
        Ok(Message::Drill(DrillMessage::Opened(Box::new(opened))))
    }

    fn compare_clock(&mut self, typed: &SecretText) -> Vec<Message> {
        let Some(drill) = &mut self.drill else { return Vec::new() };
        let Some(entry) = drill.running.clock_entry() else { return Vec::new() };
        let mut code = SecretText::with_capacity(typed.len());
        typed.expose().chars().filter(|c| !c.is_whitespace()).for_each(|c| code.expose_mut().push(c));
        let outcome = match drill.running.compare_clock(&self.ctx, entry.id, code.expose()) {
            Ok(offset) => Ok(format!("{offset}.")),
            Err(failure) => {
                drill.n_wrong_codes += 1;
                if drill.n_wrong_codes < ATTEMPTS {
                    Err(format!("{}\ntype the one that is shown now", label::shown_message(&failure.what)))
                } else {
                    drill.running.code_fits_nowhere(entry.id);
                    Ok("No code of the other device fits a time near this clock: that is a finding."
                        .to_owned())
                }
            }
        };
        vec![Message::Drill(DrillMessage::ClockCompared(outcome))]
    }

    fn drill_code(&mut self, id: EntryId, follows: bool) -> Vec<Message> {
        let Some(drill) = &mut self.drill else { return Vec::new() };
        let reason = self.ctx.reason.clone().or_else(|| drill.reasons.get(&id).filter(|_| follows).cloned());
        let shown = match &reason {
            Some(reason) => drill.running.code(&self.ctx.with_reason(reason.clone()), id),
            None => drill.running.code(&self.ctx, id),
        };
        let shown = match shown {
            Ok(shown) => shown,
            Err(failure) => return vec![failed(failure)],
        };
        drill.reasons.extend(reason.map(|reason| (id, reason)));
        let ends = shown.seconds_left.map(|seconds| self.ctx.code_time().saturating_add(seconds));
        let code = shown.code.grouped();
        vec![Message::Drill(DrillMessage::Code { id, code, ends, follows })]
    }

    /// Ends the drill: the report, where one is wanted, and the one record of the log.
    fn finish_drill(&mut self, path: &str) -> Vec<Message> {
        let path = (!path.trim().is_empty()).then(|| typed_path(path));
        if let Some(Err(failure)) = path.as_deref().map(|path| refuse_report(&self.ctx, path)) {
            return vec![failed(failure)];
        }
        let Some(drill) = self.drill.take_if(|_| self.session.is_some()) else { return Vec::new() };
        self.with_session_for("Ending the drill", Wait::Long, move |ctx, mut session| {
            let Drill { running, reasons, .. } = drill;
            let reasons: Vec<String> = reasons.into_values().collect();
            let reasoned = (!reasons.is_empty()).then(|| ctx.with_reason(reasons.join("; ")));
            let live = running.is_of(&session).then_some(&mut *session);
            let outcome = running.finish(reasoned.as_ref().unwrap_or(ctx), live, path.as_deref());
            let done =
                outcome.map_or_else(|failure| told_not_ended(&failure), |outcome| told_ended(&outcome));
            Outcome::Used(session, vec![told(done)])
        })
    }
}

fn told(done: crate::tui::model::Done) -> Message {
    Message::Drill(DrillMessage::Done(done))
}

/// As [`drill::refuse_report`], with a step that can be taken at the field.
fn refuse_report(ctx: &Context, path: &Path) -> Result<(), Failure> {
    drill::refuse_report(ctx, path).map_err(|mut failure| {
        if failure.kind == Kind::FileExists {
            failure.next = vec!["name another file: no report is written over another".to_owned()];
        }
        failure
    })
}
