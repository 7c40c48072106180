//! One test per file under `vectors/`: see its README for the format.
//!
//! A new kind of vector is a function from a file's bytes, in a module of its own, and a line below.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod envelope;
mod file;
mod header;
mod interchange;
mod otpauth;
mod pass;
mod plan;
mod rfc;
mod slip39;

datatest_stable::harness! {
    { test = rfc::rfc4226, root = "vectors", pattern = r"^rfc4226\.txt$" },
    { test = rfc::rfc6238, root = "vectors", pattern = r"^rfc6238\.txt$" },
    { test = otpauth::uri, root = "vectors/otpauth", pattern = r"\.vec$" },
    { test = envelope::run, root = "vectors/envelope", pattern = r"\.vec$" },
    { test = plan::run, root = "vectors/plan", pattern = r"\.vec$" },
    { test = pass::run, root = "vectors/pass", pattern = r"\.vec$" },
    { test = slip39::run, root = "vectors/slip39", pattern = r"\.vec$" },
    // A folder for each format; Python may leave one of its own there.
    { test = interchange::fixture, root = "vectors/interchange", pattern = r"^(?!refused/)[a-z0-9-]+/" },
    { test = interchange::refused, root = "vectors/interchange/refused", pattern = r"/" },
}
