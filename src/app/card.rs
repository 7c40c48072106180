//! Share cards: what a custodian keeps on paper. Everything is on the card that somebody needs at night who has never
//! heard of this program; no account and no other custodian is.
//!
//! Pure: a share and what is known of its set in, a page as [`SecretText`] out.

mod content;
mod html;
mod text;

use unicode_width::UnicodeWidthChar as _;

use super::share_set::NewShareSet;
use crate::custody::Share;
use crate::entry::Label;
use crate::secret::SecretText;
use crate::vault::ShareSet;

/// Words of a row, on paper and on the screen.
pub const ROW: usize = 5;
/// Most columns of a name on a card: so that a card is one page, whatever somebody is called.
const WIDEST_NAME: usize = 72;
/// Most columns of whom to call.
const WIDEST_CALL: usize = 160;

/// What stands on each card of a set.
#[derive(Debug, Clone, Default)]
pub struct OnEachCard {
    /// Fingerprint of the key that signs the bundles.
    pub maker: String,
    /// Label of the bundle that the set was made with, if it has one.
    pub bundle: Option<Label>,
    /// Whom to call; empty for lines to fill in by hand.
    pub call: Label,
}

/// One share as a page.
#[derive(Debug)]
pub struct Card<'a> {
    share: &'a Share,
    set: &'a ShareSet,
    each: &'a OnEachCard,
    custodian: String,
    call: String,
}

impl<'a> Card<'a> {
    /// The cards of a set, in the order of their numbers.
    pub fn all(new: &'a NewShareSet, each: &'a OnEachCard) -> Vec<Self> {
        let set = new.set();
        let cards = new.shares().iter().filter_map(|share| {
            let custodian = fitted(&set.share(share.number())?.custodian, WIDEST_NAME);
            Some(Self { share, set, each, custodian, call: fitted(&each.call, WIDEST_CALL) })
        });
        cards.collect()
    }

    /// The number of its share.
    pub fn number(&self) -> u8 {
        self.share.number()
    }

    /// How many shares there are.
    pub fn n_shares(&self) -> usize {
        self.set.n_shares()
    }

    /// What is known of its set.
    pub fn set(&self) -> &ShareSet {
        self.set
    }

    /// Whom to call, as it may be shown; empty where that is filled in by hand.
    pub fn call(&self) -> &str {
        &self.call
    }

    /// Fingerprint of the key that signs the bundles.
    pub fn maker(&self) -> &str {
        &self.each.maker
    }

    /// Who holds it, as it may be shown.
    pub fn custodian(&self) -> &str {
        &self.custodian
    }

    /// The share.
    pub fn share(&self) -> &Share {
        self.share
    }

    /// The words in capitals: what its QR code says. A QR code takes capitals in little more than half the space.
    pub fn qr_text(&self) -> SecretText {
        let words = self.share.words();
        let mut text = SecretText::with_capacity(words.len());
        text.expose_mut().extend(words.expose().chars().map(|c| c.to_ascii_uppercase()));
        text
    }

    /// The words in one line: what a file holds that opens a bundle.
    pub fn line(&self) -> SecretText {
        let words = self.share.words();
        let mut line = SecretText::with_capacity(words.len() + 1);
        line.expose_mut().push_str(words.expose());
        line.expose_mut().push('\n');
        line
    }

    /// The card as plain text: one page of 72 columns.
    pub fn text(&self) -> SecretText {
        text::page(self)
    }

    /// The card as a document of HTML that needs nothing else: one page on A4 and on US Letter.
    pub fn html(&self) -> SecretText {
        html::page(self)
    }
}

/// A text as it may be shown, cut to the columns that a page has for it.
pub(super) fn fitted(name: &Label, widest: usize) -> String {
    let shown = name.shown();
    let mut width = 0;
    let end = shown.char_indices().find(|(_, c)| {
        width += c.width().unwrap_or(0);
        width > widest
    });
    match end {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}

/// Breaks a text into lines that are no wider than so many columns, broken between words where that can be.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let word_width: usize = word.chars().map(|c| c.width().unwrap_or(0)).sum();
        if width > 0 && width + 1 + word_width > columns {
            lines.push(std::mem::take(&mut line));
            width = 0;
        }
        if width > 0 {
            line.push(' ');
            width += 1;
        }
        for c in word.chars() {
            let c_width = c.width().unwrap_or(0);
            if width + c_width > columns {
                lines.push(std::mem::take(&mut line));
                width = 0;
            }
            line.push(c);
            width += c_width;
        }
    }
    lines.push(line);
    lines
}
