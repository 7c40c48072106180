//! See `fuzz/src/qr_picture.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lifeboat_fuzz::run("qr_picture", data));
