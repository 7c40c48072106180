//! See `fuzz/src/drill_report.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lifeboat_fuzz::run("drill_report", data));
