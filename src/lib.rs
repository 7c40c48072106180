//! Lifeboat: an authenticator for the terminal that works without a network, built around the day the
//! phone is gone.
//!
//! This library is the whole program; `main.rs` only chooses a face. The modules below are its
//! layers in reading order, each using only the ones above it (`tests/suite/architecture.rs` checks
//! the table in `ARCHITECTURE.md`). Follow one seed from the prompt to the sealed file:
//!
//! 1. [`cli`] or [`tui`] reads an otpauth URI into a [`secret::SecretText`].
//! 2. [`app::add`] has it parsed by [`interchange::otpauth`] into an [`entry::EntryDraft`].
//! 3. The entry joins a [`vault::Vault`], which refuses duplicates.
//! 4. `app::vault_file` takes it down: [`wire`] makes JSON of the vault, [`envelope`] seals the JSON,
//!    [`storage`] replaces the file; [`audit`] holds what the log says of it.
//!
//! What is pure: everything from [`secret`] to [`interchange`]. No clock, disk, terminal or
//! environment is reached from there. Time, randomness and the disk come in through
//! [`app::Context`].

pub mod secret;

pub mod defect;

pub mod otp;

pub mod entry;

pub mod vault;

pub mod settings;
pub mod signature;

pub mod audit;

pub mod custody;

pub mod envelope;

pub mod wire;

pub mod interchange;

pub mod storage;

pub mod platform;
pub mod recovery;

pub mod app;

pub mod cli;

pub mod tui;
