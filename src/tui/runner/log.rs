//! The log: read and checked, made into evidence; and the passphrase typed from memory.

use std::path::Path;

use super::Runner;
use super::bundles::failed;
use super::jobs::{Outcome, Wait, credentials, typed_path, with_cost};
use crate::app::audit::{self, Asked, Filter, Logged, Verified};
use crate::app::evidence::{self, Key, Made, Request};
use crate::app::failure::shown_path;
use crate::app::rehearse::{self, Help, Recalled};
use crate::app::status::count;
use crate::app::time::{self, Since};
use crate::app::{Context, Failure, Kind, Session, Unchanged, unlock};
use crate::entry::{EntryId, Label};
use crate::recovery::Subject;
use crate::secret::SecretText;
use crate::tui::effect::{EvidenceOrder, LogEffect};
use crate::tui::message::{LogMessage, Message};
use crate::tui::model::{Done, LogFilter, LogRecords, LogRow};

/// Digits of a head in one group, and groups in a line: so that it can be read out.
const GROUP: usize = 4;
const GROUPS: usize = 8;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_log(&mut self, effect: LogEffect) -> Vec<Message> {
        match effect {
            LogEffect::Read(wanted) => {
                self.with_session_for("Reading the log", Wait::Short, move |ctx, mut session| {
                    let rows = rows(ctx, &mut session, &wanted);
                    let read = rows.map(|rows| Message::Log(LogMessage::Read(wanted, LogRecords::of(rows))));
                    Outcome::Used(session, vec![read.unwrap_or_else(failed)])
                })
            }
            LogEffect::Check(head) => {
                self.with_session_for("Checking the log", Wait::Short, move |ctx, session| {
                    let checked = audit::verify(ctx, &session, head).map(|verified| told_checked(&verified));
                    Outcome::Used(session, vec![answer(checked)])
                })
            }
            LogEffect::MakeEvidence(order) => self.with_session_for(
                "Making the report and reading it back",
                Wait::Long,
                move |ctx, mut session| {
                    let made = make_evidence(ctx, &mut session, &order).map(|made| told_evidence(&made));
                    Outcome::Used(session, vec![answer(made)])
                },
            ),
            LogEffect::Key => {
                let key = self.session.as_ref().map(|session| evidence::key(session));
                key.map(|key| answer(key.map(|key| told_key(&key)))).into_iter().collect()
            }
            LogEffect::BeginRehearsal => {
                let found = unlock::look(&self.ctx)
                    .and_then(|vault| rehearse::refuse(&vault, self.key_file.is_some()));
                let begun = found.map(|()| Message::Log(LogMessage::RehearsalBegun));
                vec![begun.unwrap_or_else(failed)]
            }
            LogEffect::Rehearse { typed, n_failed } => self.rehearse(typed, n_failed),
            LogEffect::NotRecalled(n_tries) => self.with_session(move |ctx, mut session| {
                let help = rehearse::not_recalled_in(ctx, &mut session, Subject::Vault, n_tries);
                let told = unlock::look(ctx).map(|vault| {
                    let failure = rehearse::failed(ctx, &vault, n_tries, &help);
                    told_not_recalled(failure, &help)
                });
                Outcome::Used(session, vec![answer(told)])
            }),
        }
    }

    /// Tries a passphrase on the vault as it lies on the disk. The session waits for it, so that the log is written by
    /// one after the other.
    fn rehearse(&mut self, typed: SecretText, n_failed: usize) -> Vec<Message> {
        let key_file = self.key_file.clone();
        let cost = unlock::look(&self.ctx).map(|vault| vault.cost()).unwrap_or_default();
        self.with_session_for(&with_cost("Trying it", &cost), Wait::Long, move |ctx, session| {
            let recalled = recall(ctx, typed, key_file.as_deref(), n_failed)
                .map(|recalled| Message::Log(LogMessage::Recalled(told_recalled(recalled))));
            Outcome::Used(session, vec![recalled.unwrap_or_else(failed)])
        })
    }
}

fn answer(done: Result<Done, Failure>) -> Message {
    done.map_or_else(failed, |done| Message::Log(LogMessage::Done(done)))
}

/// The records that are wanted, newest first.
fn rows(ctx: &Context, session: &mut Session, wanted: &LogFilter) -> Result<Vec<LogRow>, Failure> {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let since = said(&wanted.since).map(|text| {
        text.parse::<Since>().map_err(|error| {
            Failure::new(Kind::Usage, error.to_string()).unchanged(Unchanged::NothingTouched)
        })
    });
    let entries = said(&wanted.entry).map(|query| audit::entry_ids(session, &query));
    let filter = Filter {
        since: since.transpose()?.map(|since| since.moment(ctx.clock.now())),
        entries: entries.transpose()?,
        person: said(&wanted.person),
        kinds: said(&wanted.kind).map(|word| audit::kind(&word)).transpose()?.into_iter().collect(),
    };
    let listed = audit::list(ctx, session, &filter)?;
    Ok(listed.into_iter().rev().map(row).collect())
}

fn row(logged: Logged) -> LogRow {
    let facts = logged.facts_in_words();
    LogRow {
        standing: logged.standing,
        at: logged.at,
        event: Label::new(logged.event).shown(),
        entry: logged.entry.as_ref().and_then(|id| EntryId::parse(id.raw())),
        title: logged.title,
        user: logged.user.shown(),
        host: logged.host.shown(),
        way: logged.way,
        reason: logged.reason.map(|reason| reason.shown()),
        generation: logged.generation,
        facts,
    }
}

/// A head as lines that can be read out: groups of digits.
fn head_lines(name: &'static str, head: &str) -> Vec<(&'static str, String)> {
    let digits: Vec<char> = head.chars().collect();
    let groups: Vec<String> = digits.chunks(GROUP).map(|group| group.iter().collect()).collect();
    let lines = groups.chunks(GROUPS).enumerate();
    lines.map(|(idx, groups)| (if idx == 0 { name } else { "" }, groups.join(" "))).collect()
}

fn told_checked(verified: &Verified) -> Done {
    let span = verified.span.map_or_else(String::new, |(first, last)| {
        format!(", from {} to {}", time::shown(first), time::shown(last))
    });
    let hex = |head: &[u8; 32]| data_encoding::HEXLOWER.encode(head);
    let (wrong, notes): (Vec<_>, Vec<_>) = verified.found.iter().partition(|found| found.is_wrong);
    let mut facts = vec![("records", format!("{}{span}", verified.n_records))];
    facts.extend(head_lines("head", &hex(&verified.head)));
    facts.push(("", format!("after record {}; note both elsewhere", verified.count)));
    facts.push((
        "vault",
        format!(
            "generation {} knows the head after record {}; {} came later",
            verified.generation,
            verified.anchor.count,
            verified.n_after_anchor()
        ),
    ));
    if let Some(continues) = &verified.continues {
        let restored = time::shown(continues.restored);
        let words = format!("the vault {}, restored here {restored}, at its head", continues.vault);
        facts.push(("continues", words));
        facts.extend(head_lines("", &hex(&continues.head)));
    }
    facts.extend(verified.asked.and_then(asked).map(|words| ("asked", words)));
    facts.extend(
        verified
            .files
            .iter()
            .enumerate()
            .map(|(idx, file)| (if idx == 0 { "files" } else { "" }, file.clone())),
    );
    facts.extend(notes.iter().map(|found| ("note", found.in_words())));
    let mut next = vec!["What no check of the log can prove:".to_owned()];
    next.extend(audit::NOT_PROVEN.iter().map(|line| format!("- {line}")));
    next.push(
        "Against the first two: note the head elsewhere, and look for it later (h on the log).".to_owned(),
    );
    Done {
        name: "Check",
        what: if verified.is_wrong() {
            let n = count(wrong.len(), "thing is wrong", "things are wrong");
            format!("The log is NOT WHOLE: {n}.")
        } else {
            "Nothing was found: the log is whole up to what the vault knows of it.".to_owned()
        },
        warnings: wrong.iter().map(|found| found.in_words()).collect(),
        facts,
        next,
        offset: 0,
    }
}

fn asked(asked: Asked) -> Option<String> {
    match asked {
        Asked::After(0) => Some("that head is the beginning of this log".to_owned()),
        Asked::After(number) => Some(format!("that head stands here, after record {number}")),
        Asked::Continued => Some("that head is the one of the vault that this one continues".to_owned()),
        Asked::Nowhere => None,
    }
}

fn make_evidence(ctx: &Context, session: &mut Session, order: &EvidenceOrder) -> Result<Made, Failure> {
    let folder = typed_path(&order.folder);
    let policy = (!order.policy.is_empty()).then(|| typed_path(&order.policy));
    // What another process has changed belongs into it.
    unlock::reload_if_changed(ctx, session)?;
    let request = Request {
        folder: &folder,
        since: order.since,
        at: None,
        redact: order.redact,
        policy: policy.as_deref(),
    };
    evidence::make(ctx, session, &request)
}

fn told_evidence(made: &Made) -> Done {
    let files = [evidence::JSON, evidence::MARKDOWN, evidence::HTML, evidence::SIGNATURE];
    let mut facts = vec![
        ("folder", shown_path(&made.folder)),
        ("files", files.join(", ")),
        ("period", format!("{} to {}", time::shown(made.from), time::shown(made.at))),
        ("names", if made.redacted { "pseudonyms" } else { "as they are" }.to_owned()),
        ("signed by", made.fingerprint.clone()),
    ];
    facts.extend(head_lines("log", &made.log_head));
    facts.push((
        "",
        format!(
            "after {}",
            count(usize::try_from(made.log_count).unwrap_or(usize::MAX), "record", "records")
        ),
    ));
    facts.push(("sha256", made.sha256.clone()));
    facts.push(("checked", "read back from disk and compared".to_owned()));
    let mut next = vec![
        "Whoever checks it needs this vault's line beforehand (K on the log), in a file, here called signers:"
            .to_owned(),
        format!(
            "  ssh-keygen -Y verify -f signers -I {} -n {} -s {} < {}",
            evidence::PRINCIPAL,
            evidence::NAMESPACE,
            evidence::SIGNATURE,
            evidence::JSON
        ),
        "Note the log's head elsewhere.".to_owned(),
    ];
    if !made.attention.is_empty() {
        next.push("It says that this needs attention:".to_owned());
        next.extend(made.attention.iter().map(|line| format!("- {line}")));
    }
    let mut warnings = Vec::new();
    if !made.durable {
        warnings.push("the disk did not confirm that the report survives a power cut".to_owned());
    }
    Done {
        name: "Evidence",
        what: "The report is made and signed.".to_owned(),
        warnings,
        facts,
        next,
        offset: 0,
    }
}

fn told_key(key: &Key) -> Done {
    Done {
        name: "Evidence key",
        what: "By this line somebody checks the reports of this vault.".to_owned(),
        warnings: Vec::new(),
        facts: vec![("line", key.line.clone()), ("fingerprint", key.fingerprint.clone()), ("vault", key.vault.to_string())],
        next: vec![
            "Hand it over before they see a report, and not together with one: who brings both can have made both.".to_owned(),
            "It is one line of a file. `lifeboat evidence key > signers` writes it.".to_owned(),
        ],
        offset: 0,
    }
}

fn recall(
    ctx: &Context,
    typed: SecretText,
    key_file: Option<&Path>,
    n_failed: usize,
) -> Result<Recalled, Failure> {
    let typed = credentials(ctx, typed, key_file)?;
    let vault = unlock::look(ctx)?;
    rehearse::vault(ctx, &vault, &typed, n_failed)
}

fn told_recalled(recalled: Recalled) -> Done {
    let standing = recalled.standing;
    let days = standing.interval_days();
    let row = count(standing.n_in_a_row, "time", "times");
    Done {
        name: "Rehearse",
        what: "Well done: that is the passphrase.".to_owned(),
        warnings: recalled.notices.into_iter().map(|notice| notice.0).collect(),
        facts: vec![
            ("recalled", format!("{row} in a row")),
            (
                "noted",
                if recalled.noted { "in the log" } else { "nowhere: the log could not be written" }
                    .to_owned(),
            ),
            ("next time", format!("{}, in {days} days", time::day(standing.due()))),
        ],
        next: Vec::new(),
        offset: 0,
    }
}

fn told_not_recalled(failure: Failure, help: &Help) -> Done {
    let mut next = vec![
        "The vault is still open here: use that. At the accounts that matter most enrol another factor, or show the seed as a QR code (Q on an entry's page) to another authenticator.".to_owned(),
    ];
    next.extend(failure.next.into_iter().map(|step| step.replace("lifeboat rehearse", "r on the log")));
    Done {
        name: "Rehearse",
        what: format!("It was not recalled: {}.", failure.what),
        warnings: help.notices.iter().map(|notice| notice.0.clone()).collect(),
        facts: vec![(
            "noted",
            if help.noted { "in the log" } else { "nowhere: the log could not be written" }.to_owned(),
        )],
        next,
        offset: 0,
    }
}
