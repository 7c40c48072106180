//! The one integration binary. Tests state behaviour; their names read as sentences.
#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a helper that panics is a test that fails; clippy.toml allows it in the tests themselves"
)]

mod interop;
mod otp_second_implementation;
