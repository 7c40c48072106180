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

mod support;

mod architecture;

mod interop;
mod otp_second_implementation;

mod main_job;
mod many_writers;
mod quarantine;

mod faulty_disk;
mod hostile_disk;
mod hostile_files;
mod hostile_storage;
mod kept_storage;
mod real_storage;

mod tui_keys;
mod tui_random;
mod tui_screens;
mod tui_stage;
