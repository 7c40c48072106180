//! The log's records and the chain that binds each to all before it.
//!
//! Pure: no key, no file. A line is sealed by [`crate::envelope::aead`] and written by
//! `app::log`; what a record says becomes JSON in [`crate::wire::log_v1`].

pub mod chain;
pub mod record;
pub mod trail;
pub mod verify;

pub use chain::{Line, SealedLine, advance, start};
pub use record::{Event, Record};
