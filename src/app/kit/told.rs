//! What is told of a kit, in words that every surface says alike.

use super::KitMade;

/// What a medium that confirms nothing means for a kit.
pub const NOT_DURABLE: &str =
    "the disk did not confirm that the kit survives a power cut: unmount the medium before you pull it";
/// What is done with a kit that was made, a line each.
pub const NEXT: [&str; 2] = [
    "print START-HERE.html in it, and fill in on paper whom to call; walk through it once with the custodian",
    "one kit for each custodian, on a medium of its own; never with a card, a passphrase or a key file",
];

impl KitMade {
    /// How it was checked.
    pub fn checked(&self) -> &'static str {
        if self.was_opened {
            "read back from disk and compared; the bundle opens with what was given"
        } else {
            "read back from disk and compared; each copy of the bundle is whole"
        }
    }

    /// What speaks against giving it to anybody as it is; `renewal` is how a newer one is made here.
    pub fn doubts(&self, renewal: &str) -> Vec<String> {
        let mut doubts: Vec<String> = self
            .not_taken
            .iter()
            .map(|not_taken| format!("a newer bundle was not taken: {}", not_taken.in_words()))
            .collect();
        let changes = self.bundle.changes();
        if changes != "current" {
            doubts.push(format!("the vault has changed since the bundle was made ({changes}): {renewal}"));
        }
        let mut doubt = |words: &str| doubts.push(words.to_owned());
        if self.bundle.review_due {
            doubt("the bundle's review is overdue: whoever opens it will be told so");
        }
        match self.machine.is_static {
            Some(true) => {}
            Some(false) => doubt(
                "this program is not static: where the C library is older it does not start. Better make the kit with \
                 the static program, which tests/supply_chain.sh of the source builds",
            ),
            None => doubt("on which machines this program runs is not known"),
        }
        if !self.is_executable {
            doubt(
                "the medium keeps no permissions: the program is made executable by hand, as the instructions say",
            );
        }
        doubts
    }
}
