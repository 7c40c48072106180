//! Bundles that are opened: with what is typed, or with shares that are brought one by one.

use std::path::PathBuf;
use std::sync::Arc;

use super::super::Runner;
use super::super::jobs::{Outcome, Wait, credentials, typed_path, with_cost};
use super::failed;
use super::told::{overdue, planned, told_checked};
use crate::app::Failure;
use crate::app::bundle::{self, OpenedBundle};
use crate::app::restore;
use crate::app::shares::{self, Opening};
use crate::custody::Share;
use crate::envelope::Credentials;
use crate::secret::SecretText;
use crate::tui::message::{BundleMessage, Message};

impl Runner {
    /// The key file that was typed, or the one that was named on the command line.
    pub(in crate::tui::runner) fn key_file_of(&self, typed: &str) -> Option<PathBuf> {
        if typed.trim().is_empty() { self.key_file.clone() } else { Some(typed_path(typed)) }
    }

    pub(in crate::tui::runner) fn open_bundle(&mut self, typed: SecretText, key_file: &str) -> Vec<Message> {
        let Some(bundle) = self.bundle.clone() else { return Vec::new() };
        let ctx = Arc::clone(&self.ctx);
        let key_file = self.key_file_of(key_file);
        let what = with_cost("Opening the bundle", &bundle.inspect().cost);
        self.spawn(&what, Wait::Cancellable, move || {
            let opened = credentials(&ctx, typed, key_file.as_deref())
                .and_then(|credentials| bundle.open(&ctx, &credentials));
            Outcome::Opened(opened.map(Box::new))
        })
    }

    pub(super) fn verify(&mut self, typed: SecretText, key_file: &str) -> Vec<Message> {
        let Some(bundle) = self.bundle.clone() else { return Vec::new() };
        let ctx = Arc::clone(&self.ctx);
        let key_file = self.key_file_of(key_file);
        let what = with_cost("Opening the bundle", &bundle.inspect().cost);
        self.spawn(&what, Wait::Cancellable, move || {
            let checked = credentials(&ctx, typed, key_file.as_deref())
                .and_then(|credentials| bundle::verify(&ctx, &bundle, &credentials))
                .map(|checked| told_checked(&bundle, &checked));
            let answer = checked.map(|done| Message::Bundle(BundleMessage::Done(done)));
            Outcome::Answered(vec![answer.unwrap_or_else(failed)])
        })
    }

    /// Adds a share to those that were brought. One that does not fit is named, and spoils nothing.
    pub(in crate::tui::runner) fn add_share(&mut self, share: Share) -> Message {
        let Some(bundle) = self.bundle.clone() else { return Message::Finished };
        if self.opening.is_none() {
            match shares::quorum_of(&bundle).and_then(Opening::of) {
                Ok(opening) => self.opening = Some(opening),
                Err(failure) => return failed(failure),
            }
        }
        let Some(opening) = &mut self.opening else { return Message::Finished };
        match opening.add(share) {
            Ok(taken) => Message::ShareTaken {
                number: taken.number,
                again: taken.again,
                missing: taken.missing,
                numbers: opening.numbers(),
            },
            Err(failure) => failed(failure),
        }
    }

    /// Reads a share from a file or from a picture, and adds it.
    pub(super) fn add_share_file(&mut self, path: &str) -> Vec<Message> {
        let ctx = Arc::clone(&self.ctx);
        let path = typed_path(path);
        let work = move || Outcome::Share(shares::from_file(&ctx, &path));
        self.spawn("Reading the share", Wait::Cancellable, work)
    }

    /// Opens the bundle with the shares that were brought.
    pub(in crate::tui::runner) fn open_by_shares(&mut self, only_check: bool) -> Vec<Message> {
        let (Some(bundle), Some(opening)) = (self.bundle.clone(), &self.opening) else { return Vec::new() };
        let credentials = match opening.secret() {
            Ok(secret) => Credentials { recovery_secret: Some(secret), ..Credentials::default() },
            Err(failure) => return vec![failed(own_step(failure, opening.missing()))],
        };
        let ctx = Arc::clone(&self.ctx);
        self.spawn("Opening the bundle", Wait::Cancellable, move || {
            if !only_check {
                return Outcome::Opened(bundle.open(&ctx, &credentials).map(Box::new));
            }
            let checked = bundle::verify(&ctx, &bundle, &credentials);
            let done = checked.map(|checked| {
                let mut done = told_checked(&bundle, &checked);
                done.next.push(
                    "Compare the vault's key with the fingerprint on the cards: shares alone do not tell who made it."
                        .to_owned(),
                );
                Message::Bundle(BundleMessage::Done(done))
            });
            Outcome::Answered(vec![done.unwrap_or_else(failed)])
        })
    }

    /// A bundle was opened: to be restored, or to be merged into the open vault. Where shares opened it, its maker is
    /// asked about first.
    pub(in crate::tui::runner) fn bundle_opened(&mut self, opened: Arc<OpenedBundle>) -> Message {
        let unknown_maker = opened.unknown_maker(self.session.as_deref());
        self.opened = Some(Arc::clone(&opened));
        if let Some(fingerprint) = unknown_maker {
            return Message::MakerUnknown(fingerprint);
        }
        let warning = opened.overdue(self.ctx.clock.now()).map(overdue);
        let n_entries = opened.payload().entries.len();
        let Some(session) = &mut self.session else { return Message::BundleOpened { n_entries, warning } };
        match restore::merge(&self.ctx, session, &opened, None, true) {
            Ok(merged) => Message::Bundle(BundleMessage::Planned(planned(&merged, &opened, warning))),
            Err(failure) => failed(failure),
        }
    }

    /// Somebody has compared the maker's fingerprint with the cards.
    pub(super) fn accept_maker(&mut self) -> Vec<Message> {
        if self.drill.is_some() {
            return vec![self.drill_maker_accepted()];
        }
        let Some(mut opened) = self.opened.take() else { return Vec::new() };
        // Nobody else holds it: no job runs while the question is open.
        let Some(held) = Arc::get_mut(&mut opened) else { return Vec::new() };
        held.accept_maker();
        vec![self.bundle_opened(opened)]
    }
}

/// The step after shares that do not open it, as it is taken here: an option of a command helps nobody at a field.
fn own_step(mut failure: Failure, missing: u8) -> Failure {
    failure.next = vec![if missing > 0 {
        format!("bring {missing} more: type the words of each, or choose its file or picture with Ctrl-f")
    } else {
        "Esc, then bring the cards once more, one by one: one that does not fit is named".to_owned()
    }];
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Kind;

    #[test]
    fn shares_that_do_not_open_it_are_followed_by_a_step_that_can_be_taken_at_the_field() {
        let of_command = || {
            Failure::new(Kind::WrongShare, "there are not enough shares that fit")
                .next("bring 2 more: --share FILE")
        };
        assert!(own_step(of_command(), 2).next.iter().all(|step| step.contains("bring 2 more: type")));
        for missing in 0..=2 {
            let failure = own_step(of_command(), missing);
            assert_eq!(failure.next.len(), 1);
            assert!(failure.next.iter().all(|step| !step.contains("--")), "{:?}", failure.next);
        }
    }
}
