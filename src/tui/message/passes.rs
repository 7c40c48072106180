//! What happens around passes.

use crate::app::pass::Asked;
use crate::secret::SecretText;
use crate::tui::model::{Done, PassRow};

/// One thing that happened.
#[derive(Debug)]
pub enum PassMessage {
    // What the person means.
    /// Ask whether the selected one is to be closed.
    AskClose,
    /// Issue one.
    New,
    /// To their page.
    Open,

    // What the world says.
    /// What speaks against the pass that is being filled in.
    Checked(Result<Asked, String>),
    /// One was closed: what to tell.
    Closed(String),
    /// One was issued.
    Done(Done),
    /// All of them, newest first.
    Listed(Vec<PassRow>),
    /// One is sealed under these words, and not written yet.
    Prepared(SecretText),
    /// Nothing speaks against it; whether the vault's passphrase is wanted first.
    Ready(bool),
}

impl PassMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::AskClose | Self::New | Self::Open => true,
            Self::Checked(_)
            | Self::Closed(_)
            | Self::Done(_)
            | Self::Listed(_)
            | Self::Prepared(_)
            | Self::Ready(_) => false,
        }
    }
}
