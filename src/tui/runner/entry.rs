//! One entry: adding it, what is known about it, changes of it, its QR code and recovery codes.

use std::sync::Arc;

use super::facts::described;
use super::jobs::{Outcome, Wait, revealed, typed_path, with_cost};
use super::{Runner, changes};
use crate::app::code::{self, CodeRequest};
use crate::app::seal::{self, Brought};
use crate::app::{Context, Failure, Session, add, check, details, edit, picture, show};
use crate::entry::{Entry, EntryId, Label};
use crate::envelope::Passphrase;
use crate::secret::SecretText;
use crate::tui::effect::{AfterOpening, Change, EntryEffect, NewEntry, OpenSealed};
use crate::tui::message::{EntryMessage, Message};
use crate::tui::model::{EntryValues, Picture};

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_entry(&mut self, effect: EntryEffect) -> Vec<Message> {
        match effect {
            EntryEffect::Add(new, again) => self.with_session(move |ctx, mut session| {
                let done = added(ctx, &mut session, &new, again);
                changes::answer(session, done)
            }),
            EntryEffect::Change(change) => self.with_session(move |ctx, mut session| {
                let done = changed(ctx, &mut session, *change);
                changes::answer(session, done)
            }),
            EntryEffect::Check(new, fills) => vec![self.checked(&new, fills)],
            EntryEffect::Describe(id) => self.read_details(id, false),
            EntryEffect::Read(id) => self.read_details(id, true),
            EntryEffect::ReadToChange(id) => {
                let Some(session) = &self.session else { return Vec::new() };
                session.vault().entry(id).map(|entry| to_change(entry).into()).into_iter().collect()
            }
            EntryEffect::HandOut(id) => self.with_session(move |ctx, mut session| {
                let done = handed_out(ctx, &mut session, id);
                changes::answer(session, done)
            }),
            EntryEffect::MakeSeed => vec![match add::generate_seed(&self.ctx) {
                Ok(seed) => EntryMessage::SeedMade(seed.to_base32()).into(),
                Err(failure) => Message::Failed(Box::new(failure)),
            }],
            EntryEffect::Open(order) => self.open_sealed(*order),
            EntryEffect::Prove(id) => self.with_session(move |ctx, mut session| {
                let done = proven(ctx, &mut session, id);
                changes::answer(session, done)
            }),
            EntryEffect::ReadPicture(path) => {
                let ctx = Arc::clone(&self.ctx);
                let path = typed_path(path.expose());
                let work = move || {
                    Outcome::Answered(vec![match picture::accounts(&ctx, &path) {
                        Ok(texts) => EntryMessage::PictureRead(texts).into(),
                        Err(failure) => Message::Failed(Box::new(failure)),
                    }])
                };
                self.spawn("Reading the picture", Wait::Cancellable, work)
            }
            EntryEffect::ShowQr(id, most_modules) => self.with_session(move |ctx, mut session| {
                let done = drawn(ctx, &mut session, id, most_modules);
                changes::answer(session, done)
            }),
        }
    }

    /// Opens a sealed entry for one code. Nothing of what was opened outlasts this.
    fn open_sealed(&mut self, order: OpenSealed) -> Vec<Message> {
        let cost = self.session.as_ref().and_then(|session| seal::ways(session, order.id).ok().flatten());
        let what = with_cost("Opening the entry", &cost.map(|ways| ways.cost).unwrap_or_default());
        // The vault goes along, so the answer is always taken.
        self.with_session_for(&what, Wait::Long, move |ctx, mut session| {
            let OpenSealed { id, passphrase, reason, then } = order;
            let ctx = ctx.with_reason(reason.expose().trim().to_owned());
            let brought = Brought::Passphrase(Passphrase::new(passphrase));
            let shown = seal::open(&ctx, &mut session, id, brought).and_then(|opened| {
                let code = if matches!(then, AfterOpening::Copy) { code::to_copy } else { code::code_with };
                code(&ctx, &mut session, id, CodeRequest::default(), Some(&opened))
            });
            match (then, shown) {
                (AfterOpening::Copy, shown) => Outcome::Code(session, Box::new(shown)),
                (AfterOpening::Show(seconds), Ok(shown)) => {
                    let left = shown.valid_until.map(|until| until.saturating_sub(ctx.code_time()));
                    let seconds = left.map_or(seconds, |left| left.min(seconds));
                    Outcome::Used(session, vec![revealed(&shown, Some(seconds))])
                }
                (AfterOpening::Show(_), Err(failure)) => {
                    Outcome::Used(session, vec![Message::Failed(Box::new(failure))])
                }
            }
        })
    }

    /// What can be said of a seed that is being typed; of duplicates only while no job has the session.
    fn checked(&self, new: &NewEntry, fills: bool) -> Message {
        let particulars = (!(fills && new.secret.expose().contains("://"))).then_some(&new.particulars);
        let outcome = check::check(self.session.as_deref(), &new.secret, particulars);
        EntryMessage::Checked { outcome: outcome.map(Box::new).map_err(|failure| in_a_line(&failure)), fills }
            .into()
    }

    fn read_details(&self, id: EntryId, with_history: bool) -> Vec<Message> {
        let Some(session) = &self.session else { return Vec::new() };
        let Some(known) = details::details(&self.ctx, session, id, with_history) else { return Vec::new() };
        let details = described(&known, with_history);
        let message =
            if with_history { EntryMessage::Read(details) } else { EntryMessage::Described(details) };
        vec![message.into()]
    }
}

impl From<EntryMessage> for Message {
    fn from(message: EntryMessage) -> Self {
        Self::Entry(message)
    }
}

/// A failure beside a field: what and why.
fn in_a_line(failure: &Failure) -> String {
    let causes = failure.causes().join(": ");
    if causes.is_empty() { failure.what.clone() } else { format!("{}: {causes}", failure.what) }
}

fn added(ctx: &Context, session: &mut Session, new: &NewEntry, again: bool) -> Result<Message, Failure> {
    let (mut draft, warnings) = add::draft_from_text(&new.secret, &new.particulars)?;
    draft.tags = new.tags.iter().map(Label::new).collect();
    draft.note.clone_from(&new.note);
    draft.privileged = new.privileged;
    draft.provenance.clone_from(&new.provenance);
    let added = add::add(ctx, session, draft, again)?;
    Ok(Message::Added { id: added.id, title: added.title, warnings })
}

fn changed(ctx: &Context, session: &mut Session, change: Change) -> Result<Message, Failure> {
    let Change { id, mut edit, seed, recovery_codes } = change;
    edit.seed = seed.map(|text| seed_of(&text)).transpose()?;
    edit.recovery_codes = recovery_codes.map(|codes| add::recovery_codes(&codes));
    let is_rotated = edit.seed.is_some();
    edit::edit(ctx, session, id, edit)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    let words = if is_rotated {
        format!("{title} has a new seed: sign in with a code of it once, then p notes that it is proven")
    } else {
        format!("{title} is changed")
    };
    Ok(EntryMessage::Changed(words).into())
}

/// The seed of a text, whose names and numbers do not count.
fn seed_of(text: &SecretText) -> Result<crate::otp::Seed, Failure> {
    let nameless = add::Particulars { account: Some("-".to_owned()), ..add::Particulars::default() };
    add::draft_from_text(text, &nameless).map(|(draft, _)| draft.seed)
}

fn proven(ctx: &Context, session: &mut Session, id: EntryId) -> Result<Message, Failure> {
    edit::prove(ctx, session, id)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    Ok(Message::Noticed(format!("noted: the service accepted a code of {title}")))
}

fn handed_out(ctx: &Context, session: &mut Session, id: EntryId) -> Result<Message, Failure> {
    let handed_out = show::use_recovery_code(ctx, session, id)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    Ok(EntryMessage::HandedOut { title, code: handed_out.code, left: handed_out.left }.into())
}

fn drawn(ctx: &Context, session: &mut Session, id: EntryId, most_modules: usize) -> Result<Message, Failure> {
    let modules = picture::of_seed(ctx, session, id, most_modules)?;
    let title = session.vault().entry(id).map(Entry::title).unwrap_or_default();
    let lines = vec!["This is the seed: let no camera see it but your phone's.".to_owned()];
    Ok(EntryMessage::QrDrawn(Picture { title, lines, modules, inverse: false }).into())
}

fn to_change(entry: &Entry) -> EntryMessage {
    let otp = entry.otp;
    let period = otp.period().map(|period| u64::from(period.seconds()));
    EntryMessage::ToChange(Box::new(EntryValues {
        id: entry.id,
        title: entry.title(),
        issuer: entry.issuer.raw().to_owned(),
        account: entry.account.raw().to_owned(),
        type_name: otp.type_name(),
        algorithm: otp.algorithm().name(),
        digits: otp.digits(),
        number: otp.counter().or(period).unwrap_or(0),
        tags: entry.tags.iter().map(|tag| tag.raw().to_owned()).collect(),
        note: entry.note.clone(),
        favourite: entry.favourite,
        privileged: entry.privileged,
        provenance: entry.provenance.clone(),
        n_recovery_codes: entry.recovery_codes.len(),
        n_recovery_codes_left: entry.recovery_codes_left(),
        sealed: entry.secret.sealed().map(seal::in_words),
    }))
}
