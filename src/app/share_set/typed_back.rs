//! The words of a card that its custodian types back, so that it is known that the card can be read.

use crate::app::context::Context;
use crate::app::failure::Failure;
use crate::custody::Share;
use crate::secret::SecretText;

/// How many words are typed back.
pub const TYPED_BACK: usize = 3;
/// Words that say which set a share is of, which one of it, and how many are needed: other cards have them too.
const SAID: usize = 4;
/// Fewest letters that stand for a word.
const FEWEST_LETTERS: usize = 4;

/// Three different places, from one, each with the same chance, among the words that only this card has.
///
/// # Errors
///
/// When the system gives no random bytes.
pub fn places(ctx: &Context) -> Result<Vec<usize>, Failure> {
    let mut places = Vec::with_capacity(TYPED_BACK);
    while places.len() < TYPED_BACK {
        let [byte] = ctx.random_bytes::<1>()?;
        // Sixteen places, and 256 is a multiple of that.
        let place = usize::from(byte) % (Share::WORDS - SAID) + SAID + 1;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places)
}

/// Tells whether what was typed is the word at a place of a share: whole, or its first four letters or more.
pub fn is_word(share: &Share, place: usize, typed: &str) -> bool {
    let words = share.words();
    let typed = SecretText::new(typed.trim().to_lowercase());
    let word = place.checked_sub(1).and_then(|idx| words.expose().split(' ').nth(idx));
    typed.len() >= FEWEST_LETTERS && word.is_some_and(|word| word.starts_with(typed.expose()))
}
