//! See `fuzz/src/otpauth_migration.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lifeboat_fuzz::run("otpauth_migration", data));
