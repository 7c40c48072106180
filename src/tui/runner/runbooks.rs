//! Runbooks: listed, filled in, and written.

use std::path::Path;

use super::Runner;
use super::bundles::failed;
use super::jobs::{Outcome, Wait, typed_path};
use crate::app::failure::shown_path;
use crate::app::runbook;
use crate::app::{Context, Session, bundle};
use crate::tui::effect::RunbookEffect;
use crate::tui::message::{Message, RunbookMessage};
use crate::tui::model::RunbookRow;

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_runbook(&mut self, effect: RunbookEffect) -> Vec<Message> {
        match effect {
            RunbookEffect::List => self.read(listed),
            RunbookEffect::Make(asked) => {
                // What the log says of bundles and drills is read for it.
                self.with_session_for("Filling the runbook in", Wait::Short, move |ctx, session| {
                    let made = runbook::make(ctx, &session, &asked)
                        .map(|made| Message::Runbook(RunbookMessage::Made(asked, Box::new(made))));
                    Outcome::Used(session, vec![made.unwrap_or_else(failed)])
                })
            }
            RunbookEffect::Write(made, path) => {
                let path = typed_path(&path);
                self.with_session_for("Writing the runbook", Wait::Short, move |ctx, mut session| {
                    let text = if is_html(&path) { runbook::html(&made) } else { runbook::markdown(&made) };
                    let written = bundle::refuse_existing_output(ctx, &path, false)
                        .and_then(|()| runbook::write(ctx, &mut session, &text, &path, false))
                        .map(|()| Message::Runbook(RunbookMessage::Written(told(&path))));
                    Outcome::Used(session, vec![written.unwrap_or_else(failed)])
                })
            }
        }
    }
}

fn listed(_: &Context, session: &Session) -> Message {
    let row = |listed: runbook::Listed| RunbookRow {
        name: listed.name.raw().to_owned(),
        shown: listed.name.shown(),
        what: listed.what,
        own: listed.own,
    };
    Message::Runbook(RunbookMessage::Listed(runbook::list(session.vault()).into_iter().map(row).collect()))
}

fn is_html(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm"))
}

fn told(path: &Path) -> String {
    format!(
        "wrote the runbook to {}; it is a map for an attacker: print it, lock it away, and destroy the file",
        shown_path(path)
    )
}
