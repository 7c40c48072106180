//! What people hold: today the words that generated passphrases are made of.
//!
//! Shares, share sets and their cards come to live here.

pub mod words;
