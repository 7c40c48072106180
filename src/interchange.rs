//! Other programs' formats: bytes to drafts, entries to bytes. One format, one file.
//!
//! Files are input from strangers. A bad entry never costs the others: every importer yields what it
//! could read and names the rest, by position and label and never with a seed.

mod account;
pub mod aegis;
mod age;
pub mod andotp;
mod archive;
pub mod authy;
pub mod battle_net;
pub mod bitwarden;
mod cipher;
pub mod cotp;
pub mod duo;
pub mod ente;
pub mod freeotp;
pub mod freeotp_plus;
pub mod gauth;
mod google_database;
mod json;
pub mod keepass;
pub mod lastpass;
mod markup;
pub mod microsoft;
pub mod one_password;
pub mod otpauth;
pub mod otpauth_list;
pub mod otpauth_migration;
pub mod otpclient;
pub mod outcome;
pub mod page;
pub mod pass;
mod prefs;
pub mod proton;
pub mod proton_pass;
pub mod pskc;
pub mod qr_draw;
pub mod qr_read;
pub mod raivo;
pub mod registry;
mod rows;
pub mod rsc_2fa;
mod sqlite;
pub mod steam;
pub mod stratum;
pub mod totp_authenticator;
pub mod totp_cli;
pub mod two_fas;
mod written;
pub mod zipped_lists;

pub use outcome::{Drafted, Imported, Notice, Skipped, SkippedReason, Warning};

/// Why a file gives nothing at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file is not as its format says; the place, where it is known.
    #[error("the file is damaged: {at}")]
    Damaged {
        /// Where, in words.
        at: String,
    },
    /// The file is larger than a list of accounts can be.
    #[error("the file is too large to be a list of accounts")]
    TooLarge,
    /// Its key derivation asks for more memory than is allowed.
    #[error("opening the file would run through {asked_mib} MiB of memory; the limit is {limit_mib} MiB")]
    TooCostly {
        /// What it asks for.
        asked_mib: u64,
        /// What is allowed.
        limit_mib: u64,
    },
    /// Its key derivation asks for more rounds than is allowed.
    #[error("opening the file would take {asked} rounds of its key derivation; the limit is {limit}")]
    TooManyRounds {
        /// What it asks for.
        asked: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A version that this program does not know.
    #[error("{what} is not supported")]
    Unsupported {
        /// What, in words.
        what: String,
    },
    /// The passphrase opens it in none of the forms that it may have, where the file does not say which it has.
    #[error(
        "nothing in the file says what it is, and with this passphrase it opens neither as a backup of andOTP, new or \
         old, nor as a database of OTPClient 1"
    )]
    OpensAsNothing,
    /// The passphrase does not open it.
    #[error("the passphrase does not open this file")]
    WrongPassphrase,
    /// The passphrase does not open it, and the file does not say whether a key file is needed besides.
    #[error("the passphrase does not open this database, or it needs a key file besides")]
    WrongPassphraseOrKeyFile,
}

/// Why entries cannot be written in a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The key derivation or the cipher failed.
    #[error("the encryption failed")]
    Cipher,
}
