//! Making a share set with its custodians: the cards one at a time, never two together, each typed back in part.

use super::args::NewShares;
use super::ask;
use super::run::Run;
use super::time;
use crate::app::share_set::{self, NewShareSet};
use crate::app::{Failure, Kind, Session, Unchanged};
use crate::custody::{Quorum, Share};
use crate::platform::terminal::NoAnswer;
use crate::secret::SecretText;

/// Words of a row on a card.
const ROW: usize = 5;
/// Words that a custodian types back, so that it is known that the card can be read.
const TYPED_BACK: usize = 3;

/// The quorum that was asked for, if one was, with what speaks against it.
pub(super) fn quorum(run: &mut Run<'_, '_>, asked: &NewShares) -> Result<Option<Quorum>, Failure> {
    let Some(numbers) = asked.quorum else { return Ok(None) };
    let quorum = share_set::quorum(numbers.threshold, numbers.n_shares)?;
    if let Some(doubt) = share_set::doubts(quorum) {
        run.tell(&format!("lifeboat: {doubt}"));
    }
    Ok(Some(quorum))
}

/// Draws a set and shows its cards to one custodian after the other. Nothing is written; the vault knows the set
/// once the caller keeps it.
pub(super) fn hold(
    run: &mut Run<'_, '_>,
    session: &Session,
    quorum: Quorum,
    asked: &NewShares,
) -> Result<NewShareSet, Failure> {
    let mut new = share_set::draw(run.ctx, session, quorum, &asked.custodian)?;
    if run.global.no_input {
        return Err(Failure::new(
            Kind::Refused,
            "the cards are shown at a terminal, and --no-input forbids it",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("run it at a terminal, without --no-input"));
    }
    let fingerprint = share_set::maker(session)?;
    for idx in 0..new.shares().len() {
        show(run, &mut new, idx, &fingerprint).map_err(|failure| in_vain(failure, &new))?;
    }
    Ok(new)
}

/// Adds to a failure that cards of this set were shown already.
pub(super) fn in_vain(mut failure: Failure, new: &NewShareSet) -> Failure {
    failure.next.push(format!(
        "cards that were written down for {} open nothing: destroy them, the next attempt makes others",
        share_set::name(new.set().id)
    ));
    failure
}

fn show(run: &mut Run<'_, '_>, new: &mut NewShareSet, idx: usize, fingerprint: &str) -> Result<(), Failure> {
    let number = u8::try_from(idx + 1).unwrap_or(u8::MAX);
    let (Some(share), Some(record)) = (new.shares().get(idx), new.set().share(number)) else { return Ok(()) };
    let custodian = record.custodian.shown();
    let n_shares = new.set().n_shares();
    let heading = format!("Share {number} of {n_shares}, for {custodian}. The others look away.");
    let card = page(&heading, new, share, fingerprint);
    ask(run, &format!("{heading}\n\n"), "Press Enter when nobody else sees this screen: ")?;
    loop {
        ask(run, card.expose(), "Press Enter when all is written down: ")?;
        match typed_back(run, share, &heading)? {
            TypedBack::Right => break,
            TypedBack::Left => {
                run.tell(&format!(
                    "the card of {custodian} was not typed back: whether it can be read is not known"
                ));
                return Ok(());
            }
            TypedBack::Wrong => {}
        }
    }
    let now = run.ctx.clock.now();
    new.typed_back(number, now);
    run.tell(&format!(
        "share {number} of {n_shares}: {custodian} has typed {TYPED_BACK} words of the card back"
    ));
    Ok(())
}

/// What came of typing words back.
enum TypedBack {
    Left,
    Right,
    Wrong,
}

fn typed_back(run: &mut Run<'_, '_>, share: &Share, heading: &str) -> Result<TypedBack, Failure> {
    let words = share.words();
    for place in places(run)? {
        let page = format!(
            "{heading}\n\nFrom the card, so that it is known that it can be read.\nAn empty answer leaves that out.\n\n"
        );
        let typed = ask(run, &page, &format!("word {place}: "))?;
        let typed = typed.expose().trim().to_lowercase();
        let genuine = words.expose().split(' ').nth(place - 1).unwrap_or_default();
        if typed.is_empty() {
            return Ok(TypedBack::Left);
        }
        if typed.len() < 4 || !genuine.starts_with(&typed) {
            ask(
                run,
                &format!("{heading}\n\nThat is not word {place} of the card.\n\n"),
                "Press Enter to see the card again: ",
            )?;
            return Ok(TypedBack::Wrong);
        }
    }
    Ok(TypedBack::Right)
}

/// Three different places, each with the same chance.
fn places(run: &Run<'_, '_>) -> Result<Vec<usize>, Failure> {
    let mut places = Vec::with_capacity(TYPED_BACK);
    while places.len() < TYPED_BACK {
        let [byte] = run.ctx.random_bytes::<1>()?;
        // 240 is the largest multiple of 20 in a byte.
        let place = usize::from(byte) % Share::WORDS + 1;
        if byte < 240 && !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places)
}

fn ask(run: &mut Run<'_, '_>, page: &str, prompt: &str) -> Result<SecretText, Failure> {
    run.io.person.ask_on_page(page, prompt, false).map_err(|no_answer| match no_answer {
        NoAnswer::Interrupted => ask::interrupted(),
        NoAnswer::NoTerminal(error) => {
            Failure::new(Kind::Refused, "there is no terminal to show the cards at")
                .because(error)
                .unchanged(Unchanged::NothingTouched)
                .next("run it at a terminal")
        }
    })
}

fn page(heading: &str, new: &NewShareSet, share: &Share, fingerprint: &str) -> SecretText {
    let set = new.set();
    let mut page = SecretText::with_capacity(4096);
    let text = page.expose_mut();
    text.push_str(&format!(
        "{heading}\n\nShare set {}   any {} of {} shares open it   made {}   check by {}\n\n",
        share_set::name(set.id),
        set.threshold,
        set.n_shares(),
        time::day(set.created),
        time::day(set.check_by),
    ));
    let words = share.words();
    for (word, place) in words.expose().split(' ').zip(1..) {
        text.push_str(&format!("  {place:>2} {word:<9}"));
        if place % ROW == 0 {
            text.push_str("\n\n");
        }
    }
    text.push_str(&format!("Maker's fingerprint  {fingerprint}\n\n"));
    page
}
