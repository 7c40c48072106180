//! What happens around files of other programs.

use crate::tui::model::{Done, Report};

/// One thing that happened.
#[derive(Debug)]
pub enum TransferMessage {
    // What the person means.
    /// Take what is good of a file of which some cannot be taken.
    AllowSkipped,
    /// Ask before the last import is taken back.
    UndoImport,

    // What the world says.
    /// It was done.
    Done(Done),
    /// Entries came in.
    Imported(String),
    /// Where an export is to be written was looked at, and what it would be like.
    OutputSeen {
        /// Something is there already.
        exists: bool,
        /// How many entries would be written.
        n_entries: usize,
        /// What the format cannot say of them, in words.
        lossy: Vec<String>,
        /// What is left out and why, in a few lines.
        left_out: Vec<String>,
        /// The vault's passphrase has to be asked for.
        asks_vault: bool,
    },
    /// What the file would bring.
    Planned(Report),
    /// A file was recognised.
    Recognised {
        /// As what, in words.
        format: String,
        /// What opening it costs, in words, where it is encrypted.
        cost: Option<String>,
        /// A key file may open it, with its passphrase or alone.
        may_have_key_file: bool,
    },
}

impl TransferMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::AllowSkipped | Self::UndoImport => true,
            Self::Done(_)
            | Self::Imported(_)
            | Self::OutputSeen { .. }
            | Self::Planned(_)
            | Self::Recognised { .. } => false,
        }
    }
}
