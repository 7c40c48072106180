//! Runs every file under `vectors/`: one file, one test, named by its path.
//!
//! `vectors/README.md` says what the files hold. They were not made by this program, so agreeing with
//! them is agreeing with the format's description.

mod envelope;
mod file;
mod interchange;
mod otpauth;
mod rfc;

datatest_stable::harness! {
    { test = rfc::hotp, root = "vectors", pattern = r"^rfc4226\.txt$" },
    { test = rfc::totp, root = "vectors", pattern = r"^rfc6238\.txt$" },
    { test = otpauth::run, root = "vectors/otpauth", pattern = r"\.vec$" },
    { test = envelope::run, root = "vectors/envelope", pattern = r"\.vec$" },
    { test = interchange::run, root = "vectors/interchange", pattern = r"^(aegis/.*\.json|otpauth/.*\.txt)$" },
}
