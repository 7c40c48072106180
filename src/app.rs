//! The use cases: one public function for each thing that a person can ask for.
//!
//! Both faces call these and nothing below. A use case gets a [`context::Context`] (time,
//! randomness, disk), works on a [`session::Session`], and returns an outcome or a
//! [`failure::Failure`] that says what happened, what is unharmed and what to do next.

pub mod acknowledge;
pub mod add;
pub mod audit;
pub mod bundle;
pub mod card;
pub mod card_folder;
pub mod check;
pub mod clipboard;
pub mod clock;
pub mod code;
pub mod context;
pub mod demo;
pub mod details;
pub mod doctor;
pub mod drill;
pub mod edit;
pub mod evidence;
pub mod exception;
pub mod export;
pub mod failure;
pub mod files;
pub mod find;
pub mod history;
pub mod import;
pub mod incident;
pub mod init;
pub mod key_file;
pub mod keyring;
pub mod kit;
mod log;
mod paragraph;
pub mod pass;
pub mod passphrase;
pub mod picture;
pub mod plan;
pub mod proof;
pub mod protection;
pub mod reason;
pub mod rehearse;
pub mod rekey;
pub mod remove;
pub mod restore;
pub mod runbook;
pub mod sandbox;
pub mod seal;
pub mod session;
pub mod settings;
pub mod share_set;
pub mod shares;
pub mod show;
mod state;
pub mod status;
pub mod time;
mod time_server;
pub mod unlock;
mod vault_file;

pub use context::Context;
pub use failure::{Exit, Failure, Kind, Unchanged};
pub use session::{Notice, Session};
