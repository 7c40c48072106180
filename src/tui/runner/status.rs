//! The status: read for its page, and told in a line at the start.

use super::Runner;
use super::jobs::{Outcome, Wait};
use crate::app::status::{self, Group, Line, cut_names};
use crate::app::{Context, Session};
use crate::tui::message::Message;
use crate::tui::model::{StatusKnown, StatusRow};

impl Runner {
    /// Reads what the page shows. The log is read for it, which may take a while.
    pub(super) fn read_status(&mut self) -> Vec<Message> {
        self.with_session_for("Looking through the vault", Wait::Short, |ctx, session| {
            let known = read(ctx, &session);
            Outcome::Used(session, vec![known])
        })
    }
}

/// What the page shows.
fn read(ctx: &Context, session: &Session) -> Message {
    let status = status::status(ctx, session);
    let row = |line: &Line| StatusRow {
        group: line.group.name(),
        words: line.in_words(),
        names: cut_names(&line.names),
        counts: line.counts,
    };
    Message::StatusRead(StatusKnown {
        facts: status::facts(session, &status, ctx.clock.now()),
        rows: status.lines.iter().map(row).collect(),
    })
}

/// What is due, in one line for the start of the interface; `None` where nothing is.
pub(super) fn at_start(ctx: &Context, session: &Session) -> Option<String> {
    let status = status::status(ctx, session);
    let n_due = status.due.len();
    if n_due == 0 {
        return None;
    }
    let now = ctx.clock.now();
    let n_open = status.lines.iter().filter(|line| line.counts && line.group == Group::Open).count();
    let n_drills = status.drills_due.len();
    let is_rehearsal_due = status.passphrase.is_some_and(|standing| standing.due() <= now);
    let open = (n_open > 0).then(|| "an incident or a pass is still open".to_owned());
    let drills =
        (n_drills > 0).then(|| format!("{} due (3)", status::count(n_drills, "drill is", "drills are")));
    let rehearsal = is_rehearsal_due.then(|| "a rehearsal is due: `lifeboat rehearse`".to_owned());
    let all = format!("{} in all (S)", status::count(n_due, "thing to see to", "things to see to"));
    let words: Vec<String> = open.into_iter().chain(drills).chain(rehearsal).chain([all]).collect();
    Some(words.join("; "))
}
