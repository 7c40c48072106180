//! The shares of a bundle, typed word by word or taken from files, until they are enough.

#![expect(clippy::wildcard_enum_match_arm, reason = "what a card does not know means nothing to it")]

use crate::app::status::count;
use crate::custody::{Likely, Share, ShareError, words};
use crate::secret::SecretText;
use crate::tui::effect::{BundleEffect, Effect};
use crate::tui::form::Applied;
use crate::tui::message::{Message, Typed};
use crate::tui::model::{
    BundleForm, Confirm, Dialog, Doing, Model, Question, RestoreForm, Screen, ShareEntry,
};
use crate::tui::secret_field::Jump;

/// Words of a row on a card.
const ROW: usize = 5;

/// Applies what is typed to a bundle that is being opened: to the card of a share, or to its fields. What means
/// nothing to them is given back.
pub(super) fn apply(
    bundle: &mut BundleForm,
    message: Message,
    only_check: bool,
) -> Result<Vec<Effect>, Message> {
    if matches!(message, Message::OtherWay) {
        bundle.other_way();
        return Ok(Vec::new());
    }
    let Some(entry) = bundle.shares.as_mut().filter(|_| bundle.by_shares) else {
        return match bundle.form.apply(message) {
            Applied::Edited => {
                bundle.wrong = None;
                Ok(Vec::new())
            }
            Applied::Moved => Ok(Vec::new()),
            Applied::NotTaken(message) => Err(message),
        };
    };
    match message {
        Message::ShareTaken { number, again, missing, numbers } => {
            bundle.wrong = None;
            let is_there = if again { "was there already" } else { "is taken" };
            entry.told = Some(format!("Share {number} {is_there}; {}.", still_needed(missing)));
            (entry.missing, entry.numbers) = (missing, numbers);
            Ok(enough(entry, only_check))
        }
        message @ (Message::Failed(_) | Message::BundleOpened { .. } | Message::BundleSeen { .. }) => {
            Err(message)
        }
        Message::Submit if !entry.holds_words() && entry.missing == 0 => Ok(enough(entry, only_check)),
        message => {
            let effects = type_word(entry, message)?;
            bundle.wrong = None;
            Ok(effects)
        }
    }
}

/// How many shares are still to be brought, in words.
pub(in crate::tui) fn still_needed(missing: u8) -> String {
    match missing {
        0 => "that is enough".to_owned(),
        _ => format!("{} needed", count(usize::from(missing), "more is", "more are")),
    }
}

fn enough(entry: &ShareEntry, only_check: bool) -> Vec<Effect> {
    if entry.missing > 0 {
        return Vec::new();
    }
    vec![Effect::Bundle(BundleEffect::OpenByShares { only_check })]
}

fn type_word(entry: &mut ShareEntry, message: Message) -> Result<Vec<Effect>, Message> {
    match message {
        Message::Typed(Typed(' ')) | Message::NextField(1) | Message::Submit => return Ok(take(entry)),
        // Anything else is no letter of a word: the numbers of a card, the points behind them.
        Message::Typed(Typed(c)) if !c.is_alphabetic() => {}
        Message::Typed(Typed(c)) => {
            entry.remark = None;
            entry.told = None;
            if entry.field.text().len() < 4 * words::LONGEST_WORD {
                c.to_lowercase().for_each(|c| entry.field.push(c));
            }
        }
        Message::Pasted(text) => return Ok(paste(entry, &text)),
        Message::Erase | Message::EraseWord if entry.field.is_empty() => entry.take_back(),
        Message::Erase => entry.field.erase(),
        Message::EraseWord => entry.field.clear(),
        Message::EraseAll => entry.clear(),
        Message::Back if entry.holds_words() => {
            entry.clear();
            entry.told = Some("The card was left; nothing of it is kept.".to_owned());
        }
        message => match moved(entry.place(), &message) {
            Some(place) => entry.go_to(place),
            None => return Err(message),
        },
    }
    Ok(Vec::new())
}

/// Where a message moves to.
fn moved(place: usize, message: &Message) -> Option<usize> {
    Some(match message {
        Message::Jump(Jump::Left) | Message::NextField(-1) => place.saturating_sub(1),
        Message::Jump(Jump::Right) => place + 1,
        Message::Jump(Jump::Start) => 0,
        Message::Jump(Jump::End) => Share::WORDS,
        Message::Move(rows) if *rows < 0 => place.checked_sub(ROW).unwrap_or(place),
        Message::Move(_) if place + ROW < Share::WORDS => place + ROW,
        Message::Move(_) => place,
        _ => return None,
    })
}

/// Takes the word that is being typed, if it is known which it is.
fn take(entry: &mut ShareEntry) -> Vec<Effect> {
    if entry.field.is_empty() {
        if !entry.word_here().is_empty() && entry.whole().is_none() {
            entry.go_to(entry.place() + 1);
            return Vec::new();
        }
        return finish(entry);
    }
    match word(entry.field.text().expose()) {
        Ok(word) => {
            if entry.put(word) {
                Vec::new()
            } else {
                finish(entry)
            }
        }
        Err(remark) => {
            entry.remark = Some(remark);
            Vec::new()
        }
    }
}

/// The word that letters stand for; else what is wrong with them.
fn word(typed: &str) -> Result<&'static str, SecretText> {
    if let Some(word) = words::index(typed).and_then(|index| words::word(usize::from(index))) {
        return Ok(word);
    }
    match words::complete(typed) {
        [word] => Ok(word),
        [] => {
            let meant = words::nearest(typed).map(|word| format!("; did you mean {word}?"));
            Err(SecretText::new(format!("no word of the list begins so{}", meant.unwrap_or_default())))
        }
        _ => Err(SecretText::new("several words begin so: type on, four letters decide".to_owned())),
    }
}

/// The words of a pasted text go into the places from here on, up to one that is no word.
fn paste(entry: &mut ShareEntry, text: &SecretText) -> Vec<Effect> {
    let tokens = text.expose().split_whitespace().map(|token| {
        token.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ':', ')'])
    });
    for token in tokens.filter(|token| !token.is_empty()) {
        match word(token) {
            Ok(word) => {
                if !entry.put(word) {
                    return finish(entry);
                }
            }
            Err(remark) => {
                entry.remark = Some(remark);
                break;
            }
        }
    }
    Vec::new()
}

/// Hands the whole card over and forgets it here. What is wrong with its words is told; nothing is put right.
fn finish(entry: &mut ShareEntry) -> Vec<Effect> {
    let Some(text) = entry.whole() else {
        if entry.holds_words() {
            let first = entry.words().position(str::is_empty).unwrap_or(0);
            entry.go_to(first);
            entry.remark = Some(SecretText::new(format!("word {} is missing", first + 1)));
        }
        return Vec::new();
    };
    match Share::parse(text.expose()) {
        Ok(share) => {
            entry.clear();
            vec![Effect::Bundle(BundleEffect::AddShare(share))]
        }
        Err(error) => {
            let place = match &error {
                ShareError::Checksum {
                    likely: Some(Likely::Wrong { position, .. } | Likely::Swapped { position }),
                } => *position,
                _ => 1,
            };
            entry.go_to(place.saturating_sub(1));
            let advice = match error {
                ShareError::Foreign(_) => "Esc leaves this card: take one that says that it is for Lifeboat.",
                _ => "Compare it with the card, and type the right word in its place; Left and Right move.",
            };
            entry.remark = Some(SecretText::new(format!("{error}\n{advice}")));
            Vec::new()
        }
    }
}

/// The bundle that is being opened, wherever that is.
fn bundle(model: &mut Model) -> Option<&mut BundleForm> {
    match &mut model.screen {
        Screen::Restore(RestoreForm::Bundle(bundle)) => Some(bundle),
        Screen::Bundles(page) => match &mut page.doing {
            Doing::Existing(_, bundle) => Some(bundle),
            _ => None,
        },
        Screen::Drills(page) => page.bundle_mut(),
        _ => None,
    }
}

/// The card that is being typed, if one is.
pub(super) fn entry(model: &mut Model) -> Option<&mut ShareEntry> {
    bundle(model).filter(|bundle| bundle.by_shares).and_then(|bundle| bundle.shares.as_mut())
}

/// A share comes from a file, or from a picture of its card.
pub(super) fn from_file(entry: &mut ShareEntry, folder: &str, path: String) -> Vec<Effect> {
    folder.clone_into(&mut entry.folder);
    entry.clear();
    vec![Effect::Bundle(BundleEffect::AddShareFile(path))]
}

/// Shares have opened a bundle of which nobody knows yet who made it. No is the default.
pub(super) fn ask_maker(model: &mut Model, fingerprint: &str) {
    if entry(model).is_none() {
        return;
    }
    model.dialog = Some(Dialog::Confirm(Confirm {
        title: "Who made it?",
        lines: vec![
            "The shares fit. The bundle is signed by".to_owned(),
            format!("  {fingerprint}"),
            "Each card names the fingerprint of its maker. Shares alone do not tell who made a file: somebody else could have."
                .to_owned(),
            String::new(),
            "Is this the fingerprint on the cards?".to_owned(),
        ],
        question: Question::AcceptMaker,
    }));
}

/// Nobody vouches for the maker: what was opened is dropped, with the shares.
pub(super) fn maker_refused(model: &mut Model) -> Vec<Effect> {
    let Some(bundle) = bundle(model) else { return Vec::new() };
    let words = "the maker's fingerprint is not the one on the cards, so somebody else may have made this file; \
                 nothing of it was taken\nnext: keep the file apart, take another copy of the bundle, and tell \
                 whoever keeps the vault";
    *bundle = BundleForm::new(bundle.path.expose(), Some(words.to_owned()));
    vec![Effect::Bundle(BundleEffect::Forget)]
}
