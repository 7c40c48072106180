//! See `fuzz/src/proof.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lifeboat_fuzz::run("proof", data));
