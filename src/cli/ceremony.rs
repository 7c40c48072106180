//! Making a share set with its custodians: the cards one at a time, never two together, each typed back in part; or as
//! files in memory, for a printer.

mod pages;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub(super) use self::pages::Size;
use super::args::{CardFolder, NewShares};
use super::run::Run;
use super::time;
use crate::app::card::{Card, OnEachCard};
use crate::app::card_folder::{self, Place, Written};
use crate::app::failure::shown_path;
use crate::app::share_set::typed_back::{self, TYPED_BACK};
use crate::app::share_set::{self, NewShareSet};
use crate::app::{Context, Failure, Kind, Session, Unchanged};
use crate::custody::Quorum;
use crate::entry::Label;
use crate::platform::terminal::NoAnswer;
use crate::secret::SecretText;

/// What was asked for, looked at before anything is typed.
pub(super) struct Planned {
    quorum: Quorum,
    /// Where the cards are written; `None` where they are shown.
    place: Option<Place>,
}

/// A set that was drawn, and whose cards its custodians have.
pub(super) struct Held {
    new: NewShareSet,
    cards: Cards,
}

enum Cards {
    /// Each was seen by its custodian.
    Seen,
    /// Each lies in a folder of its own.
    Written(Written),
}

/// Looks at what was asked for: the quorum, if one was, with what speaks against it, and the place of the cards, which
/// is not that of the bundle where one is made.
pub(super) fn plan(
    run: &mut Run<'_, '_>,
    asked: &NewShares,
    cards: &CardFolder,
    bundle: Option<&Path>,
) -> Result<Option<Planned>, Failure> {
    let Some(numbers) = asked.quorum else {
        return match (cards.shares.is_some(), asked.custodian.is_empty()) {
            (true, _) => Err(no_new_set()),
            (false, false) => Err(no_quorum()),
            (false, true) => Ok(None),
        };
    };
    let quorum = share_set::quorum(numbers.threshold, numbers.n_shares)?;
    let place = cards
        .shares
        .as_deref()
        .map(|folder| card_folder::place(run.ctx, folder, cards.plaintext, bundle))
        .transpose()?;
    if place.is_none() && run.global.no_input {
        return Err(Failure::new(
            Kind::Refused,
            "the cards are shown at a terminal, and --no-input forbids it",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("run it at a terminal, without --no-input")
        .next("or have them written into memory: --shares /dev/shm/cards --plaintext"));
    }
    if let Some(doubt) = share_set::doubts(quorum) {
        run.tell(&format!("lifeboat: {doubt}"));
    }
    Ok(Some(Planned { quorum, place }))
}

fn no_quorum() -> Failure {
    Failure::new(Kind::Usage, "custodians are named, and not how many of them are needed")
        .unchanged(Unchanged::NothingTouched)
        .next("say it with --quorum, for example --quorum 2-of-3")
}

fn no_new_set() -> Failure {
    Failure::new(Kind::Usage, "--shares writes the cards of a new share set, and none is made")
        .unchanged(Unchanged::NothingTouched)
        .next("name the new set: --quorum 2-of-3 --custodian NAME (once for each custodian)")
        .next("a set that is there has its cards: its words are nowhere else, and cannot be written again")
}

/// Draws a set and hands its cards to its custodians. The vault knows the set once the caller keeps it.
pub(super) fn hold(
    run: &mut Run<'_, '_>,
    session: &Session,
    planned: Planned,
    asked: &NewShares,
    label: Option<&str>,
) -> Result<Held, Failure> {
    let mut new = share_set::draw(run.ctx, session, planned.quorum, &asked.custodian)?;
    let each = OnEachCard {
        maker: share_set::maker(session)?,
        bundle: label.filter(|label| !label.is_empty()).map(Label::new),
        call: Label::new(run.ctx.settings.cards.call.clone()),
    };
    if let Some(place) = planned.place {
        let written = card_folder::write(run.ctx, &place, &mut new, &each)?;
        return Ok(Held { new, cards: Cards::Written(written) });
    }
    let mut any_seen = false;
    match show_all(run, &mut new, &each, &mut any_seen) {
        Ok(()) => Ok(Held { new, cards: Cards::Seen }),
        Err(failure) if any_seen => Err(void(failure, &new)),
        Err(failure) => Err(failure),
    }
}

/// Adds to a failure that cards of this set were shown already.
fn void(mut failure: Failure, new: &NewShareSet) -> Failure {
    let name = share_set::name(new.set().id);
    failure.next.push(format!(
        "cards that were written down for {name} open nothing: destroy them, the next attempt makes others"
    ));
    failure
}

impl Held {
    /// The set.
    pub(super) fn new_set(&self) -> &NewShareSet {
        &self.new
    }

    /// Takes the cards back, because what they were made for could not be made, and says so.
    pub(super) fn in_vain(self, ctx: &Context, mut failure: Failure) -> Failure {
        let name = share_set::name(self.new.set().id);
        if matches!(failure.unchanged, Some(Unchanged::MadeNotNoted(_))) {
            failure.next.insert(
                0,
                format!(
                    "keep the cards of {name} with that bundle, which they open, until there is a new one"
                ),
            );
            return failure;
        }
        match self.cards {
            Cards::Seen => void(failure, &self.new),
            Cards::Written(written) => written.take_back(ctx, failure),
        }
    }

    /// The folders for JSON, where cards were written.
    pub(super) fn json(&self) -> Value {
        let Cards::Written(written) = &self.cards else { return Value::Null };
        let set = self.new.set();
        let folders = written.folders.iter().zip(&set.shares).zip(1..);
        let list = folders.map(|((folder, share), number): ((&PathBuf, _), u8)| {
            json!({ "share": number, "custodian": share.custodian.raw(), "folder": folder.display().to_string() })
        });
        Value::Array(list.collect())
    }

    /// Says what is to be done with the cards now.
    pub(super) fn tell(&self, run: &mut Run<'_, '_>) {
        let check_by = time::day(self.new.set().check_by);
        if let Cards::Written(written) = &self.cards {
            run.tell("the cards are in these folders, in clear, and nowhere else:");
            for folder in &written.folders {
                run.tell(&format!("    {}", shown_path(folder)));
            }
            let dir = written.dir().map(shown_path).unwrap_or_default();
            run.tell(
                "next: print each card.html (or card.txt) on a printer that keeps nothing, and hand it over",
            );
            run.tell(&format!("then delete the folder, today: rm -r '{dir}'"));
            run.tell(
                "  it lies in memory: switching the machine off loses it too, and swap space may hold parts of it",
            );
        }
        run.tell("next, for each custodian: the card into an envelope, sealed, and to a place of its own:");
        run.tell("  not with another card, not with the bundle, not with a computer");
        run.tell(&format!("  checked alone by {check_by}, and every 90 days: `lifeboat share check FILE`"));
    }
}

fn show_all(
    run: &mut Run<'_, '_>,
    new: &mut NewShareSet,
    each: &OnEachCard,
    any_seen: &mut bool,
) -> Result<(), Failure> {
    ask(run, |size| pages::before(new, size), "Press Enter to begin: ")?;
    let n_shares = new.set().n_shares();
    let mut seen = Vec::with_capacity(n_shares);
    for card in Card::all(new, each) {
        let (number, custodian) = (card.number(), card.custodian().to_owned());
        ask(run, |size| pages::away(&card, size), "Press Enter when nobody else sees this screen: ")?;
        *any_seen = true;
        if show(run, &card)? {
            let words = format!("{custodian} has typed {TYPED_BACK} words of the card back");
            run.tell(&format!("share {number} of {n_shares}: {words}"));
            seen.push((number, run.ctx.clock.now()));
        } else {
            run.tell(&format!(
                "share {number} of {n_shares}: {custodian} left typing back out: whether the card can be read is not \
                 known"
            ));
        }
    }
    for (number, at) in seen {
        new.typed_back(number, at);
    }
    Ok(())
}

/// Shows a card until words of it were typed back, or that was left out: then false.
fn show(run: &mut Run<'_, '_>, card: &Card<'_>) -> Result<bool, Failure> {
    loop {
        let answer =
            ask(run, |size| pages::card(card, size), "q: as a QR code.  Enter, when all is written down: ")?;
        match answer.expose().trim() {
            "" => {}
            "q" | "Q" => {
                let ascii = run.global.ascii;
                ask(run, |size| pages::qr(card, ascii, size), pages::BELOW_QR)?;
                continue;
            }
            // Whatever else was typed was not meant for this.
            _ => continue,
        }
        match type_back(run, card)? {
            TypedBack::Right => return Ok(true),
            TypedBack::LeftOut => return Ok(false),
            TypedBack::Wrong => {}
        }
    }
}

/// What came of typing words back.
enum TypedBack {
    LeftOut,
    Right,
    Wrong,
}

fn type_back(run: &mut Run<'_, '_>, card: &Card<'_>) -> Result<TypedBack, Failure> {
    for (place, idx) in typed_back::places(run.ctx)?.into_iter().zip(1..) {
        let typed =
            ask(run, |size| pages::type_back(card, idx, TYPED_BACK, size), &format!("word {place}: "))?;
        if typed.expose().trim().is_empty() {
            return Ok(TypedBack::LeftOut);
        }
        if !typed_back::is_word(card.share(), place, typed.expose()) {
            ask(run, |size| pages::wrong(card, place, size), "Press Enter to see the card again: ")?;
            return Ok(TypedBack::Wrong);
        }
    }
    Ok(TypedBack::Right)
}

/// Asks below a page that is made for the size that the terminal has then. One that has no room for it is told so: a
/// card whose first lines have scrolled away would be copied without them.
fn ask(
    run: &mut Run<'_, '_>,
    page: impl Fn(Size) -> SecretText,
    prompt: &str,
) -> Result<SecretText, Failure> {
    ask_on_page(run, page, prompt).map_err(|no_answer| match no_answer {
        NoAnswer::Interrupted => {
            Failure::new(Kind::Interrupted, "interrupted: no share set and no bundle was made")
                .unchanged(Unchanged::NothingTouched)
        }
        NoAnswer::NoTerminal(error) => {
            Failure::new(Kind::Refused, "there is no terminal to show the cards at")
                .because(error)
                .unchanged(Unchanged::NothingTouched)
                .next("run it at a terminal")
                .next("or have them written into memory: --shares /dev/shm/cards --plaintext")
        }
    })
}

/// Asks below a page that is gone with its answer. A terminal that has no room for it is told so, until it has.
pub(super) fn ask_on_page(
    run: &mut Run<'_, '_>,
    page: impl Fn(Size) -> SecretText,
    prompt: &str,
) -> Result<SecretText, NoAnswer> {
    loop {
        let size = run.io.person.size().map_or_else(Size::default, |(columns, rows)| Size { columns, rows });
        let made = page(size);
        if size.holds(&made, prompt) {
            return run.io.person.ask_on_page(made.expose(), prompt, false);
        }
        let small = pages::too_small(&made, prompt, size);
        run.io.person.ask_on_page(&small, "Press Enter to try again: ", false)?;
    }
}
