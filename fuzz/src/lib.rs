//! What each fuzz target does with its bytes, and what must hold afterwards.
//!
//! The bodies stand here and not in `targets/`, so that `tests/suite/corpus.rs` replays the corpora through
//! the same code without the fuzzer. A target is a function from any bytes; it fails by panicking. None asks
//! only for "no panic": what was read is written and read again, what is not known is kept, what was sealed
//! opens, and what is told to a person is short and commands no terminal.

mod aegis;
mod bundle;
mod drill_report;
mod entry;
mod formats;
mod header;
mod keys;
mod label;
mod log_line;
mod otpauth;
mod otpauth_list;
mod otpauth_migration;
mod pass;
mod payload;
mod proof;
mod qr_picture;
mod settings;
mod share;
mod shared;
mod state;

/// A target: any bytes in, a panic where something does not hold.
pub type Target = fn(&[u8]);

/// The targets by name; each has a file in `targets/` and a folder in `corpus/`.
pub const TARGETS: [(&str, Target); 19] = [
    ("aegis", aegis::run),
    ("bundle", bundle::run),
    ("drill_report", drill_report::run),
    ("entry", entry::run),
    ("formats", formats::run),
    ("header", header::run),
    ("keys", keys::run),
    ("label", label::run),
    ("log_line", log_line::run),
    ("otpauth", otpauth::run),
    ("otpauth_list", otpauth_list::run),
    ("otpauth_migration", otpauth_migration::run),
    ("pass", pass::run),
    ("payload", payload::run),
    ("proof", proof::run),
    ("qr_picture", qr_picture::run),
    ("settings", settings::run),
    ("share", share::run),
    ("state", state::run),
];

/// Runs the target of a name.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(other, _)| *other == name).expect("a target of this name");
    target(data);
}
