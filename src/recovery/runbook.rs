//! Runbooks: what to do, step by step. Here: a person's own, which the vault keeps.

use crate::entry::{Label, UnixSeconds};

/// Longest text of a person's own runbook, in bytes.
pub const LONGEST_RUNBOOK: usize = 64 << 10;

/// A runbook that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRunbook {
    /// Its name, which no other one has.
    pub name: Label,
    /// Markdown, with places to fill in.
    pub text: String,
    /// When it was put in.
    pub updated: UnixSeconds,
}
