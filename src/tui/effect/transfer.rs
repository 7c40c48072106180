//! What is to be done around files of other programs.

use super::bundles::Selection;
use crate::secret::SecretText;

/// One thing to do. Paths are as they were typed.
#[derive(Debug)]
pub enum TransferEffect {
    /// Look at where an export is to be written, and at what it would be like.
    CheckOutput {
        /// Where.
        path: String,
        /// The format's id.
        format: &'static str,
        /// What is written.
        selection: Selection,
    },
    /// Write entries for another program.
    Export(Box<ExportOrder>),
    /// Read a file that was recognised, and say what it would bring.
    Read {
        /// The file.
        path: String,
        /// Its passphrase, where it is encrypted.
        passphrase: Option<SecretText>,
        /// Its key file, where one was named.
        key_file: Option<String>,
    },
    /// Recognise a file.
    Recognise(String),
    /// Take the entries of the file that was read.
    Take {
        /// Leave out what cannot be taken.
        allow_skipped: bool,
    },
    /// Take the last import back.
    Undo,
}

/// What an export is to be like.
#[derive(Debug)]
pub struct ExportOrder {
    /// Where it is written.
    pub path: String,
    /// Replace what is there.
    pub force: bool,
    /// The format's id.
    pub format: &'static str,
    /// What is written.
    pub selection: Selection,
    /// The file's passphrase; `None` for a file in clear.
    pub passphrase: Option<SecretText>,
}
