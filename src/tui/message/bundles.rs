//! What happens around bundles.

use crate::tui::model::{BundleRow, Done, Report};

/// One thing that happened.
#[derive(Debug)]
pub enum BundleMessage {
    // What the person means.
    /// Look at a bundle's outside.
    Inspect,
    /// The form for a custodian's kit.
    Kit,
    /// Open the selected bundle and check it.
    Verify,

    // What the world says.
    /// It was done.
    Done(Done),
    /// The bundles made from this vault.
    Listed(Vec<BundleRow>),
    /// Where a bundle is to be written was looked at, and what would go into it.
    OutputSeen {
        /// Something is there already.
        exists: bool,
        /// How many entries would go into it.
        n_entries: usize,
        /// The vault's passphrase has to be asked for.
        asks_vault: bool,
    },
    /// What restoring the opened bundle into this vault would do.
    Planned(Report),
    /// What was given opens the vault.
    Proven,
}

impl BundleMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Inspect | Self::Kit | Self::Verify => true,
            Self::Done(_) | Self::Listed(_) | Self::OutputSeen { .. } | Self::Planned(_) | Self::Proven => {
                false
            }
        }
    }
}
