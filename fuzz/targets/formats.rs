//! See `fuzz/src/formats.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lifeboat_fuzz::run("formats", data));
