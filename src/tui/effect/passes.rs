//! What is to be done around passes.

use crate::recovery::ItemId;
use crate::secret::SecretText;

/// One thing to do.
#[derive(Debug)]
pub enum PassEffect {
    /// Say what speaks against a pass.
    Check(PassOrder),
    /// Note that new methods were registered and old ones removed.
    Close(ItemId),
    /// Write the pass whose words were shown, and note it.
    Issue,
    /// List them.
    List,
    /// Make the words and seal the codes under them. The reason is given beside it.
    Prepare(PassOrder),
    /// As [`Self::Check`], with the reason, before anything is made; and say whether the vault's passphrase is wanted.
    Ready(PassOrder, SecretText),
}

/// The pass that is wanted, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassOrder {
    /// What names the entry.
    pub entry: String,
    /// How long it lasts, in seconds.
    pub seconds: u64,
    /// Whom it is for.
    pub to: String,
    /// Issue it of an entry that opens something privileged too.
    pub privileged_ok: bool,
    /// How the person was identified; empty where nobody said.
    pub identified: String,
    /// The channel by which the words go; empty where nobody said.
    pub channel: String,
    /// Where it is written.
    pub path: String,
}
