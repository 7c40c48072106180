//! Share sets: listed, drawn and shown card by card, kept, and their acknowledgements brought home.

use std::sync::Arc;

use super::Runner;
use super::bundles::failed;
use super::jobs::{Outcome, Wait, typed_path};
use crate::app::acknowledge::{self, Recorded};
use crate::app::share_set::{self, Aftermath, NewShareSet, ShareState, name, typed_back};
use crate::app::status::count;
use crate::app::time;
use crate::app::{Context, Session};
use crate::custody::Share;
use crate::tui::effect::CustodianEffect;
use crate::tui::message::{CustodianMessage, Message};
use crate::tui::model::{AboutCards, Done, SetRow};
use crate::vault::{ShareSet, Vault};

impl Runner {
    /// Does what update wants done about it.
    pub(super) fn for_custodian(&mut self, effect: CustodianEffect) -> Vec<Message> {
        match effect {
            CustodianEffect::List => self.read(listed),
            CustodianEffect::Draw { needed, custodians } => self.draw_set(needed, &custodians),
            CustodianEffect::Show(number) => self.card(number).into_iter().collect(),
            CustodianEffect::CheckWord { number, place, typed } => {
                let is_right =
                    self.share(number).is_some_and(|share| typed_back::is_word(share, place, typed.expose()));
                vec![Message::Custodian(CustodianMessage::WordChecked(is_right))]
            }
            CustodianEffect::TypedBack(number) => {
                let now = self.ctx.clock.now();
                if let Some(new) = self.new_set.as_mut().and_then(Arc::get_mut) {
                    new.typed_back(number, now);
                }
                Vec::new()
            }
            CustodianEffect::Keep(replaces) => {
                let Some(new) = self.new_set.clone() else { return Vec::new() };
                self.with_session_for("Keeping the share set", Wait::Long, move |ctx, mut session| {
                    let kept = share_set::keep(ctx, &mut session, &new, replaces);
                    let done = kept.map(|()| told_kept(session.vault(), &new, replaces));
                    Outcome::Used(session, vec![done.map_or_else(failed, told)])
                })
            }
            CustodianEffect::Record(path) => {
                let path = typed_path(&path);
                self.with_session(move |ctx, mut session| {
                    let recorded = acknowledge::record(ctx, &mut session, &path);
                    let done = recorded.map(|recorded| told(told_recorded(&recorded)));
                    Outcome::Used(session, vec![done.unwrap_or_else(failed)])
                })
            }
        }
    }

    fn draw_set(&mut self, needed: u8, custodians: &[String]) -> Vec<Message> {
        let Some(session) = &self.session else { return Vec::new() };
        let n_shares = u8::try_from(custodians.len()).unwrap_or(u8::MAX);
        let drawn = share_set::quorum(needed, n_shares)
            .and_then(|quorum| share_set::draw(&self.ctx, session, quorum, custodians))
            .and_then(|new| Ok((about_cards(&new, share_set::maker(session)?), new)));
        match drawn {
            Ok((about, new)) => {
                self.new_set = Some(Arc::new(new));
                vec![Message::Custodian(CustodianMessage::Drawn(about))]
            }
            Err(failure) => vec![failed(failure)],
        }
    }

    fn share(&self, number: u8) -> Option<&Share> {
        let idx = usize::from(number).checked_sub(1)?;
        self.new_set.as_ref()?.shares().get(idx)
    }

    fn card(&self, number: u8) -> Option<Message> {
        let words = self.share(number)?.words();
        Some(match typed_back::places(&self.ctx) {
            Ok(asked) => Message::Custodian(CustodianMessage::Card { number, words, asked }),
            Err(failure) => failed(failure),
        })
    }
}

fn told(done: Done) -> Message {
    Message::Custodian(CustodianMessage::Done(done))
}

fn about_cards(new: &NewShareSet, maker: String) -> AboutCards {
    let set = new.set();
    AboutCards {
        set: name(set.id),
        needed: set.threshold,
        custodians: set.shares.iter().map(|share| share.custodian.shown()).collect(),
        made: time::day(set.created),
        check_by: time::day(set.check_by),
        maker,
    }
}

/// The share sets of the vault, newest first.
fn listed(ctx: &Context, session: &Session) -> Message {
    let now = ctx.clock.now();
    let rows = session.vault().share_sets.iter().rev().map(|set| row(session.vault(), set, now)).collect();
    Message::Custodian(CustodianMessage::Listed(rows))
}

fn row(vault: &Vault, set: &ShareSet, now: u64) -> SetRow {
    let states: Vec<(u8, ShareState)> =
        (1..).zip(&set.shares).map(|(number, _)| (number, share_set::state(set, number, now))).collect();
    let n_due = states.iter().filter(|(_, state)| state.is_due(set, now)).count();
    let n_known = states.iter().filter(|(_, state)| matches!(state, ShareState::Acknowledged(_))).count();
    let due = if n_due > 0 { format!("{n_due} DUE; ") } else { String::new() };
    let state = match set.replaced {
        Some(_) => "REPLACED, destroy its cards".to_owned(),
        None => format!("{due}{n_known} of {} acknowledged", set.n_shares()),
    };
    SetRow {
        id: set.id,
        name: name(set.id),
        quorum: format!("{} of {}", set.threshold, set.n_shares()),
        made: time::day(set.created),
        state,
        is_due: n_due > 0 || set.replaced.is_some(),
        is_replaced: set.replaced.is_some(),
        needed: set.threshold,
        custodians: set.shares.iter().map(|share| share.custodian.raw().to_owned()).collect(),
        facts: facts(vault, set, &states, now),
    }
}

/// All that is known of a set: its shares, what they open, and what is left to do.
fn facts(
    vault: &Vault,
    set: &ShareSet,
    states: &[(u8, ShareState)],
    now: u64,
) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    for ((number, state), share) in states.iter().zip(&set.shares) {
        let due = if state.is_due(set, now) { "   DUE" } else { "" };
        let words = format!("{number}  {}   {}{due}", share.custodian.shown(), state.in_words());
        facts.push((if facts.is_empty() { "shares" } else { "" }, words));
    }
    facts.push(("check by", time::day(set.check_by)));
    if let Some(replaced) = set.replaced {
        facts.push(("replaced", format!("{}, by {}", time::day(replaced.at), name(replaced.by))));
        facts.extend(left_behind(&share_set::aftermath(vault, set.id)));
        return facts;
    }
    let mut opens: Vec<String> = vault
        .bundles
        .iter()
        .filter(|record| record.share_set == Some(set.id))
        .map(|record| format!("{}  {}  {}", time::day(record.created), record.path, record.label))
        .collect();
    if opens.is_empty() {
        opens.push("nothing yet: b makes a bundle".to_owned());
    }
    facts.extend(named("opens", opens));
    facts
}

/// Lines of which the first has a name.
fn named(name: &'static str, lines: Vec<String>) -> impl Iterator<Item = (&'static str, String)> {
    lines.into_iter().enumerate().map(move |(idx, line)| (if idx == 0 { name } else { "" }, line))
}

/// What the cards of a replaced set still open, and which seeds are known if enough of them have met.
fn left_behind(aftermath: &Aftermath) -> Vec<(&'static str, String)> {
    let bundles = aftermath
        .bundles
        .iter()
        .map(|record| format!("{}  {}  {}", time::day(record.created), record.path, record.label));
    let entries = aftermath
        .entries
        .iter()
        .map(|entry| format!("{}{}", entry.title, if entry.privileged { "   (privileged)" } else { "" }));
    named("still open", bundles.collect()).chain(named("rotate", entries.collect())).collect()
}

fn told_kept(vault: &Vault, new: &NewShareSet, replaces: Option<u16>) -> Done {
    let set = new.set();
    let set_name = name(set.id);
    let n_typed_back = set.shares.iter().filter(|share| share.typed_back.is_some()).count();
    let mut facts = vec![
        ("set", format!("{set_name}, any {} of {} shares", set.threshold, set.n_shares())),
        ("check by", time::day(set.check_by)),
        ("typed back", format!("{n_typed_back} of {} cards", set.n_shares())),
    ];
    let mut warnings = Vec::new();
    let mut next = vec![
        "Now a bundle that they open: Esc, then b.".to_owned(),
        "Each custodian keeps the card where nobody else finds it, and never beside another card or the bundle."
            .to_owned(),
    ];
    let mut what = format!("The share set {set_name} is made; the vault keeps its public half alone.");
    if let Some(old) = replaces {
        let aftermath = share_set::aftermath(vault, old);
        what = format!("The share set {set_name} takes the place of {}.", name(old));
        if !aftermath.bundles.is_empty() {
            warnings.push(format!(
                "the old cards still open {}, for ever",
                count(aftermath.bundles.len(), "bundle", "bundles")
            ));
        }
        facts.extend(left_behind(&aftermath));
        next.push(
            "Then destroy each copy of the old bundles that you can reach, and collect and destroy the old cards."
                .to_owned(),
        );
        if !aftermath.entries.is_empty() {
            next.push(
                "If the leaver's card could have met enough others, the seeds to rotate are known: the privileged ones first."
                    .to_owned(),
            );
        }
    }
    Done { name: "Share set", what, warnings, facts, next, offset: 0 }
}

fn told_recorded(recorded: &Recorded) -> Done {
    let mut warnings = Vec::new();
    if recorded.from_ahead {
        warnings
            .push("the clock that dated it is ahead of this one; today's date was taken instead".to_owned());
    }
    let what = if recorded.is_older {
        "A newer acknowledgement of this share is recorded already; nothing was changed."
    } else {
        "The acknowledgement is recorded: the share is there, and whole."
    };
    Done {
        name: "Acknowledgement",
        what: what.to_owned(),
        warnings,
        facts: vec![
            (
                "share",
                format!("{} of the set {}, {}", recorded.share, name(recorded.set), recorded.custodian),
            ),
            ("date", time::shown(recorded.date)),
            (
                "counted",
                format!(
                    "{} of {} shares acknowledged within 90 days; {} are needed",
                    recorded.n_recent, recorded.n_shares, recorded.threshold
                ),
            ),
        ],
        next: Vec::new(),
        offset: 0,
    }
}
