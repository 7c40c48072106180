//! Pure rules about getting back in: what a rehearsed restore has shown, and when the next one is due.

pub mod drill;
pub mod due;
pub mod plan;
pub mod rehearsal;

pub use drill::{Drill, Level, Verdict};
pub use rehearsal::{Rehearsal, Subject};
