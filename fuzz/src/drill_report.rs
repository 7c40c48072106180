//! The report of a drill. Bytes: the file.

use lifeboat::wire::drill_report_v1::{encode, parse};

pub fn run(data: &[u8]) {
    let Some(report) = parse(data) else { return };
    let written = encode(&report, &|seconds| seconds.to_string());
    let read = parse(written.as_bytes()).expect("what was read is written as a report");
    // Objects have no order of their own: the proofs come back sorted.
    assert_eq!(encode(&read, &|seconds| seconds.to_string()), written);
    assert_eq!(
        (&read.entries, &read.attested, read.level),
        (&report.entries, &report.attested, report.level)
    );
    assert_eq!((read.signer, &read.bundle, &read.clock), (report.signer, &report.bundle, &report.clock));
}
