//! What all shares that were made together have in common.

use std::fmt;

/// Names the shares that were made together: what the first two words of each say.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetId {
    /// 15 bits of identifier, one that says whether the set is extendable, and four of the iteration exponent.
    bits: u32,
}

impl SetId {
    /// Largest identifier.
    pub const LARGEST: u16 = 0x7fff;

    /// The set of an identifier, as Lifeboat makes them: extendable, with an exponent of zero.
    ///
    /// `None` when the identifier has more than 15 bits.
    pub fn new(number: u16) -> Option<Self> {
        (number <= Self::LARGEST).then(|| Self { bits: u32::from(number) << 5 | EXTENDABLE })
    }

    /// Makes an identifier of two random bytes, one bit of which is not used.
    pub fn from_random(bytes: [u8; 2]) -> Self {
        let number = u16::from_be_bytes(bytes) & Self::LARGEST;
        Self { bits: u32::from(number) << 5 | EXTENDABLE }
    }

    /// The set that two words name, by their indices.
    pub(super) fn from_words(first: u16, second: u16) -> Self {
        Self { bits: u32::from(first & TEN_BITS) << 10 | u32::from(second & TEN_BITS) }
    }

    /// The indices of the two words.
    pub(super) fn words(self) -> [u16; 2] {
        [self.bits >> 10, self.bits & u32::from(TEN_BITS)].map(|word| u16::try_from(word).unwrap_or_default())
    }

    /// The identifier: 15 bits.
    pub fn number(self) -> u16 {
        u16::try_from(self.bits >> 5).unwrap_or_default()
    }

    /// Tells whether the identifier has no part in the encryption.
    pub fn is_extendable(self) -> bool {
        self.bits & EXTENDABLE != 0
    }

    /// The exponent of the iterations.
    pub fn exponent(self) -> u8 {
        u8::try_from(self.bits & 0xf).unwrap_or_default()
    }

    /// The name that people compare: the first two words of each of the shares, in capitals.
    pub fn name(self) -> String {
        let words = self.words().map(|index| super::words::word(usize::from(index)).unwrap_or_default());
        words.join(" ").to_ascii_uppercase()
    }
}

/// The sixth bit from the end.
const EXTENDABLE: u32 = 1 << 4;
const TEN_BITS: u16 = 0x3ff;

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl fmt::Debug for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SetId({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_named_by_its_first_two_words() {
        assert_eq!(SetId::new(0).unwrap().name(), "ACADEMIC AGAIN");
        assert_eq!(SetId::new(0x7fff).unwrap(), SetId::from_random([0xff, 0xff]));
        assert_eq!(SetId::new(0x8000), None);
        for number in 0..=SetId::LARGEST {
            let set = SetId::new(number).unwrap();
            let [first, second] = set.words();
            assert_eq!(SetId::from_words(first, second), set);
            assert_eq!((set.number(), set.is_extendable(), set.exponent()), (number, true, 0));
        }
    }

    #[test]
    fn the_words_say_extendable_and_exponent_too() {
        // "shadow pistol" of the standard's vectors: not extendable, exponent 2.
        let [shadow, pistol] = ["shadow", "pistol"].map(|word| super::super::words::index(word).unwrap());
        let set = SetId::from_words(shadow, pistol);
        assert_eq!(set.name(), "SHADOW PISTOL");
        assert_eq!((set.number() >> 5, set.is_extendable(), set.exponent()), (shadow, false, 2));
    }
}
