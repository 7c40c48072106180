//! Pure rules about getting back in: what a rehearsed restore has shown, and when the next one is due, what depends
//! on what, and what is left to do.

pub mod drill;
pub mod due;
pub mod exception;
pub mod incident;
pub mod item;
pub mod pass;
pub mod plan;
pub mod rehearsal;
pub mod runbook;

pub use drill::{Drill, Level, Verdict};
pub use item::{ItemId, Items};
pub use rehearsal::{Rehearsal, Subject};
