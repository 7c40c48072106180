//! Passes: listed, issued and closed.

use std::path::Path;

use super::Runner;
use super::bundles::failed;
use super::jobs::{Outcome, Wait, typed_path};
use crate::app::failure::shown_path;
use crate::app::find::find;
use crate::app::pass::{self, Asked, Issued, ListedPass, PassRequest, Prepared, ROTATE, Said};
use crate::app::status::count;
use crate::app::{Context, Failure, Session, time};
use crate::entry::label;
use crate::recovery::pass::PassState;
use crate::secret::SecretText;
use crate::tui::effect::{PassEffect, PassOrder};
use crate::tui::message::{Message, PassMessage};
use crate::tui::model::{Done, PassRow};

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_pass(&mut self, effect: PassEffect) -> Vec<Message> {
        match effect {
            PassEffect::List => self.read(listed),
            PassEffect::Check(order) => self.read(|ctx, session| {
                let checked = request(session, &order, &typed_path(&order.path), |request| {
                    pass::check(ctx, session, request)
                });
                Message::Pass(PassMessage::Checked(checked.map_err(in_short)))
            }),
            PassEffect::Ready(order, reason) => {
                let asks_vault = self.asks_vault();
                self.read(|ctx, session| {
                    let ready = request(session, &order, &typed_path(&order.path), |request| {
                        may_be_issued(ctx, session, request, &reason)
                    });
                    let asks_vault = ready.and(asks_vault);
                    asks_vault.map_or_else(failed, |asks| Message::Pass(PassMessage::Ready(asks)))
                })
            }
            PassEffect::Prepare(order) => {
                self.with_session_for("Sealing, and opening it once more", Wait::Long, move |ctx, session| {
                    let prepared = request(&session, &order, &typed_path(&order.path), |request| {
                        let asked = pass::check(ctx, &session, request)?;
                        pass::prepare(ctx, &session, request, &asked, said(&order))
                    });
                    Outcome::Pass(session, prepared.map(Box::new))
                })
            }
            PassEffect::Issue => {
                let Some(prepared) = self.pass.take() else { return Vec::new() };
                self.with_session_for("Writing the pass", Wait::Long, move |ctx, mut session| {
                    let issued = prepared.issue(ctx, &mut session);
                    let done = issued.map(|issued| Message::Pass(PassMessage::Done(told_issued(&issued))));
                    Outcome::Used(session, vec![done.unwrap_or_else(failed)])
                })
            }
            PassEffect::Close(id) => {
                self.with_session_for("Closing the pass", Wait::Short, move |ctx, mut session| {
                    let closed = pass::close(ctx, &mut session, id);
                    let words = closed.map(|closed| {
                        let words = format!("the pass of {} for {} is closed", closed.title, closed.pass.to);
                        Message::Pass(PassMessage::Closed(words))
                    });
                    Outcome::Used(session, vec![words.unwrap_or_else(failed)])
                })
            }
        }
    }

    /// A pass was sealed, or not. It waits here until its words were said.
    pub(super) fn pass_prepared(&mut self, prepared: Result<Box<Prepared>, Failure>) -> Message {
        match prepared {
            Ok(prepared) => {
                let words = prepared.words().duplicate();
                self.pass = Some(prepared);
                Message::Pass(PassMessage::Prepared(words))
            }
            Err(failure) => failed(failure),
        }
    }
}

/// Does something with the request that an order stands for.
fn request<T>(
    session: &Session,
    order: &PassOrder,
    output: &Path,
    then: impl FnOnce(&PassRequest<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    then(&PassRequest {
        id: find(session, &order.entry)?,
        from: None,
        seconds: order.seconds,
        to: &order.to,
        privileged_ok: order.privileged_ok,
        output,
    })
}

/// Nothing speaks against it, and the reason is one that may stand in the log.
fn may_be_issued(
    ctx: &Context,
    session: &Session,
    request: &PassRequest<'_>,
    reason: &SecretText,
) -> Result<Asked, Failure> {
    let asked = pass::check(ctx, session, request)?;
    let taken = pass::reason_asked(ctx, session, request.id).take(reason.expose());
    taken.map_err(|not_taken| pass::no_reason(&asked.title, Some(not_taken)))?;
    Ok(asked)
}

fn said(order: &PassOrder) -> Said {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Said { identified: said(&order.identified), channel: said(&order.channel) }
}

/// What speaks against it, without what a command would be told to do about it.
fn in_short(failure: Failure) -> String {
    let mut words = vec![failure.what.clone()];
    words.extend(failure.causes());
    words.extend(failure.details.iter().cloned());
    label::shown_message(&words.join("; "))
}

/// The passes of the vault, newest first.
fn listed(ctx: &Context, session: &Session) -> Message {
    let rows = pass::list(ctx, session).iter().rev().map(row).collect();
    Message::Pass(PassMessage::Listed(rows))
}

fn row(listed: &ListedPass) -> PassRow {
    let ListedPass { pass, state, .. } = listed;
    let not_said = || "not said".to_owned();
    let said = |said: &Option<String>| said.as_deref().map_or_else(not_said, label::shown);
    let stands = match (state, pass.is_open()) {
        (PassState::Live, _) => "live; waits for close",
        (_, true) => "ended; waits for close",
        (_, false) => "closed",
    };
    let mut facts = vec![
        ("pass", pass.id.to_string()),
        ("stands", stands.to_owned()),
        ("good", format!("{} to {}", time::shown(pass.from), time::shown(pass.until))),
        ("reason", label::shown(&pass.reason)),
        ("identified", said(&pass.identified)),
        ("channel", said(&pass.channel)),
        ("issued", time::shown(pass.issued)),
    ];
    facts.extend(pass.closed.map(|closed| ("closed", time::shown(closed))));
    if pass.privileged {
        facts.push(("privileged", "what it opened opens more".to_owned()));
    }
    if listed.is_rotated {
        facts.push(("seed", "another one since: its codes count no more".to_owned()));
    }
    PassRow {
        id: pass.id,
        title: listed.title.clone(),
        to: pass.to.shown(),
        until: time::shown(pass.until),
        state: state.name(),
        is_open: pass.is_open(),
        is_good: *state == PassState::Live && !listed.is_rotated,
        facts,
    }
}

fn told_issued(issued: &Issued) -> Done {
    let pass = &issued.pass;
    let codes = count(issued.n_codes, "code", "codes");
    let mut warnings = Vec::new();
    if !issued.durable {
        warnings.push("the disk did not confirm that the file survives a power cut".to_owned());
    }
    warnings.push(format!(
        "who has the file and the words can read all its codes at any time; only a new seed takes that back: {ROTATE}"
    ));
    Done {
        name: "New pass",
        what: format!("The pass of {} for {} is written.", issued.title, pass.to),
        warnings,
        facts: vec![
            ("pass", pass.id.to_string()),
            ("file", format!("{}, {} bytes", shown_path(&issued.output), issued.len)),
            ("from", time::shown(pass.from)),
            ("until", time::shown(pass.until)),
            ("holds", format!("{codes}, the last good until {}", time::shown(issued.codes_until))),
        ],
        next: vec![
            "Send the file by another way than the words go. There: lifeboat pass open FILE".to_owned(),
            "When new methods are registered and old ones removed: c on the list closes it.".to_owned(),
        ],
        offset: 0,
    }
}
