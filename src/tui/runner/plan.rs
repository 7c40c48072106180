//! The plan: read, checked, and changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Runner;
use super::bundles::failed;
use super::changes;
use super::jobs::{Outcome, Wait};
use crate::app::plan::{self, AtHand, Changed, CheckOptions, Template, ToCheck};
use crate::app::status::count;
use crate::app::{Context, Failure, Kind, Session, Unchanged};
use crate::entry::Label;
use crate::tui::effect::PlanEffect;
use crate::tui::message::{Message, PlanMessage};
use crate::tui::model::{PlanFindings, PlanKnown, WhatIf};

/// Tells a check that goes on elsewhere whether its answer is still wanted. A search with three losses together may
/// take minutes, and nobody waits for it after Esc.
#[derive(Debug, Default)]
pub(super) struct Wanted(Arc<AtomicBool>);

impl Wanted {
    /// The check that is under way comes to nothing.
    pub(super) fn stop(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// A new check is wanted, and the one before it no longer.
    fn begin(&mut self) -> Arc<AtomicBool> {
        self.stop();
        self.0 = Arc::new(AtomicBool::new(true));
        Arc::clone(&self.0)
    }
}

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_plan(&mut self, effect: PlanEffect) -> Vec<Message> {
        match effect {
            PlanEffect::Read => {
                self.read(|_, session| Message::Plan(PlanMessage::Read(Box::new(read(session)))))
            }
            PlanEffect::Check(depth) => self.check_plan(depth),
            PlanEffect::Add(thing) => {
                let name = thing.name.clone();
                self.change_plan("put into the plan", Some(name), |ctx, session| {
                    plan::add(ctx, session, *thing, false)
                })
            }
            PlanEffect::Edit(old, thing) => {
                let name = thing.name.clone();
                self.change_plan("changed", Some(name), move |ctx, session| {
                    plan::edit(ctx, session, &old, *thing)
                })
            }
            PlanEffect::Remove(name) => {
                self.change_plan("taken out of the plan", None, move |ctx, session| {
                    plan::remove(ctx, session, name.raw())
                })
            }
            PlanEffect::Start(name) => self.change_plan("your plan is begun", None, move |ctx, session| {
                let template = Template::by_name(name)
                    .ok_or_else(|| Failure::new(Kind::Usage, format!("no template is named \"{name}\"")))?;
                plan::start(ctx, session, &template)
            }),
        }
    }

    fn check_plan(&mut self, depth: usize) -> Vec<Message> {
        let Some(session) = &self.session else { return Vec::new() };
        // What is searched holds no secret, so that the session stays here and the search may be given up.
        let to_check = match ToCheck::of(&self.ctx, session) {
            Ok(to_check) => to_check,
            Err(failure) => return vec![failed(here(failure))],
        };
        let wanted = self.check.begin();
        let work = move || {
            let options = CheckOptions { depth, lose: Vec::new() };
            let checked = to_check.check(&options, &|| wanted.load(Ordering::Relaxed));
            Outcome::Answered(match checked {
                Ok(Some(checked)) => {
                    let findings = Box::new(PlanFindings::of(&checked, depth));
                    vec![Message::Plan(PlanMessage::Checked(findings))]
                }
                Ok(None) => Vec::new(),
                Err(failure) => vec![failed(failure)],
            })
        };
        let what =
            if depth > 2 { "Checking the plan, up to three losses together" } else { "Checking the plan" };
        self.spawn(what, Wait::Cancellable, work)
    }

    fn change_plan(
        &mut self,
        verb: &'static str,
        name: Option<Label>,
        change: impl FnOnce(&Context, &mut Session) -> Result<Changed, Failure> + Send + 'static,
    ) -> Vec<Message> {
        self.with_session_for("Saving the plan", Wait::Short, move |ctx, mut session| {
            let changed = change(ctx, &mut session).map_err(here);
            let done = changed.map(|changed| {
                let things = count(changed.n_things, "thing", "things");
                let about = match changed.names.first() {
                    Some(name) => format!("{name} is {verb}"),
                    None => verb.to_owned(),
                };
                Message::Plan(PlanMessage::Changed(format!("{about}; your plan has {things}"), name))
            });
            changes::answer(session, done)
        })
    }
}

/// The plan of the open vault, or why it cannot be read.
fn read(session: &Session) -> PlanKnown {
    match AtHand::of(session.vault()) {
        Ok(at_hand) => PlanKnown::Read(Box::new(WhatIf::of(at_hand))),
        Err(failure) => PlanKnown::NotRead(not_read(failure)),
    }
}

/// What is to be said of a plan that cannot be read, a line each: what happened, why, and what to do.
fn not_read(failure: Failure) -> Vec<String> {
    let mut failure = failure.unchanged(Unchanged::NothingTouched);
    if failure.kind != Kind::UnknownVersion {
        failure.next = vec![
            "`lifeboat plan export -o FILE` writes it as text; put right there what is named, and `lifeboat plan import \
             FILE` takes it back"
                .to_owned(),
        ];
    }
    let mut lines = vec![failure.what.clone()];
    lines.extend(failure.causes());
    lines.extend(failure.details.iter().map(|line| format!("- {line}")));
    lines.extend(failure.next.iter().cloned());
    lines
}

/// A failure with the steps that can be taken here.
fn here(mut failure: Failure) -> Failure {
    for step in &mut failure.next {
        if step.contains("--force") {
            "e on it changes it".clone_into(step);
        } else if step.contains("plan edit") {
            "take it out of them first: e on each changes it".clone_into(step);
        }
    }
    failure
}
