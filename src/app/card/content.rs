//! What stands on a card, in words, whatever it is printed from.

use super::{Card, WIDEST_NAME, fitted};
use crate::app::share_set::{self, CHECK_SECONDS};
use crate::app::time::day;

/// A part of the card under a heading.
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) items: Vec<Item>,
}

/// A piece of a section.
pub(super) enum Item {
    /// To be typed as it stands.
    Command(String),
    /// To be filled in by hand, each with what goes there.
    Fill(&'static [&'static str]),
    /// What must never be done.
    Never(String),
    /// One step after the other.
    Step(String),
    /// A sentence or two.
    Text(String),
}

/// The name of the page.
pub(super) fn title() -> &'static str {
    "Lifeboat share card"
}

/// What is said beside the title.
pub(super) fn subtitle(card: &Card<'_>) -> String {
    format!("Share {} of {}; {} are needed", card.number(), card.set.n_shares(), card.set.threshold)
}

/// What is known of the share, each with its name. No value holds more than one text from outside.
pub(super) fn facts(card: &Card<'_>) -> Vec<(&'static str, String)> {
    let set = card.set;
    let mut facts = vec![
        ("For", card.custodian.clone()),
        ("Share set", share_set::name(set.id)),
        ("Made", day(set.created)),
    ];
    facts.extend(card.each.bundle.as_ref().map(|label| ("With bundle", fitted(label, WIDEST_NAME))));
    facts.push((
        "Check by",
        format!("{}, and every {} days after that", day(set.check_by), CHECK_SECONDS / 86_400),
    ));
    facts.push(("Signing key", card.each.maker.clone()));
    facts
}

/// What can stay in sight when the card is folded.
pub(super) fn outside(card: &Card<'_>) -> Vec<Section> {
    vec![what(card), call(card)]
}

/// What is read when the card is needed, or checked.
pub(super) fn inside(card: &Card<'_>) -> Vec<Section> {
    vec![opening(card), checking(), never()]
}

fn section(heading: impl Into<String>, items: Vec<Item>) -> Section {
    Section { heading: heading.into(), items }
}

fn what(card: &Card<'_>) -> Section {
    let (needed, all) = (usize::from(card.set.threshold), card.set.n_shares());
    let together = if needed == all {
        format!("All {all} cards together open it")
    } else {
        format!("Any {needed} of the {all} cards open it together")
    };
    section(
        "What this is",
        vec![Item::Text(format!(
            "A locked file, called the bundle, holds sign-in codes for an emergency. This card is one of {all} keys \
             to it. {together}; this card alone opens nothing. Keep it sealed."
        ))],
    )
}

fn call(card: &Card<'_>) -> Section {
    let whom =
        if card.call.is_empty() { Item::Fill(&["Name", "Telephone"]) } else { Item::Text(card.call.clone()) };
    section("Whom to call", vec![whom])
}

fn opening(card: &Card<'_>) -> Section {
    let needed = card.set.threshold;
    section(
        "In an emergency: how the bundle is opened",
        vec![
            Item::Step(
                "Call whoever is named above: they know where the bundle is, and who has the other cards. Take your \
                 time: a wrong word locks and destroys nothing."
                    .to_owned(),
            ),
            Item::Step(format!(
                "Bring {needed} cards and the bundle to one computer that you trust. It needs no network."
            )),
            Item::Step("Start Lifeboat there, with the name of the bundle for FILE:".to_owned()),
            Item::Command("lifeboat restore FILE".to_owned()),
            Item::Step(
                "It asks for the words. Each person types those of one card while the others look away; the first four \
                 letters of a word are enough."
                    .to_owned(),
            ),
            Item::Step(
                "It shows a signing key. Compare it with the one on this card. If it is another, say no, stop, and call."
                    .to_owned(),
            ),
            Item::Step(
                "If there is no Lifeboat: the file restore.py and Python 3 do the same, and show everything on the \
                 screen:"
                    .to_owned(),
            ),
            Item::Command("python3 restore.py FILE".to_owned()),
        ],
    )
}

fn checking() -> Section {
    section(
        "How this card is checked, alone",
        vec![
            Item::Command("lifeboat share check FILE".to_owned()),
            Item::Text(
                "It asks for the words, five at a time. It opens nothing and tells nobody. Put the card back, and the \
                 date here:"
                    .to_owned(),
            ),
            Item::Fill(&["", "", "", ""]),
        ],
    )
}

fn never() -> Section {
    let never = |text: &str| Item::Never(text.to_owned());
    section(
        "Never",
        vec![
            never("photograph, scan or copy this card;"),
            never("keep it with another card, with the bundle, or with a computer or telephone;"),
            never("type its words anywhere but into Lifeboat or restore.py, or tell them to anybody, whoever asks."),
            Item::Text(
                "Is it lost, or has somebody seen the words? Call at once. Destroy it when you are given a new one."
                    .to_owned(),
            ),
        ],
    )
}
