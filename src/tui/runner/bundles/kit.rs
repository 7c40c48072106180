//! The kit that a custodian keeps.

use super::super::Runner;
use super::super::jobs::{Outcome, Wait, typed_path};
use super::failed;
use crate::app::failure::shown_path;
use crate::app::kit::{self, KitMade, KitRequest};
use crate::app::time;
use crate::app::{Failure, Kind, share_set, unlock};
use crate::tui::message::{BundleMessage, Message};
use crate::tui::model::Done;

/// How a newer bundle, and a kit of it, are made here.
const RENEWAL: &str = "make another one (n), and a kit of it in another folder (K)";

impl Runner {
    pub(super) fn make_kit(&mut self, folder: &str, names: bool) -> Vec<Message> {
        let folder = typed_path(folder);
        self.with_session_for("Making the kit and reading it back", Wait::Long, move |ctx, mut session| {
            let request = KitRequest { folder: &folder, force: false, names, credentials: None };
            // A kit is kept for years: a bundle that another process has just made has to be known.
            let made = unlock::reload_if_changed(ctx, &mut session)
                .and_then(|_| kit::make(ctx, &mut session, &request))
                .map_err(own_steps);
            let done = made.map(|made| Message::Bundle(BundleMessage::Done(told_kit(&made))));
            Outcome::Used(session, vec![done.unwrap_or_else(failed)])
        })
    }
}

/// The steps that a failure names, as they are taken here: an option of a command helps nobody in a form.
fn own_steps(mut failure: Failure) -> Failure {
    if failure.kind == Kind::FileExists {
        failure.next = vec!["name another folder: one that does not exist yet, or is empty".to_owned()];
    }
    for step in &mut failure.next {
        *step = if step.contains("lifeboat bundle create") {
            "make one of all entries: Esc, then n".to_owned()
        } else {
            step.replace("run the command again", "try again").replace("run it again", "try again")
        };
    }
    failure
}

fn told_kit(made: &KitMade) -> Done {
    let record = &made.bundle.record;
    let mut facts = vec![
        ("kit", shown_path(&made.folder)),
        ("bundle", format!("{}, made {}", record.path, time::day(record.created))),
        ("since then", made.bundle.changes()),
    ];
    facts.extend(record.share_set.map(|set| ("share set", share_set::name(set))));
    let files: Vec<&str> = made.files.iter().map(|file| file.name).chain([kit::SUMS]).collect();
    facts.extend([
        ("program", made.machine.in_words()),
        ("checked", made.checked().to_owned()),
        ("files", files.join(", ")),
    ]);
    let [print, one_each] = kit::NEXT;
    let mut warnings = made.doubts(RENEWAL);
    warnings.extend((!made.durable).then(|| kit::NOT_DURABLE.to_owned()));
    Done {
        name: "Kit",
        what: "The kit is made.".to_owned(),
        warnings,
        facts,
        next: vec![format!("Next: {print}."), format!("Always {one_each}.")],
        offset: 0,
    }
}
