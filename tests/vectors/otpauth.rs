//! `vectors/otpauth/*.vec`: one rule for reading otpauth URIs each.

use std::path::Path;

use lifeboat::entry::{Entry, EntryDraft, EntryId};
use lifeboat::interchange::otpauth::{parse, write_draft};

use crate::header::Vector;

const NOW: u64 = 1_700_000_000;
const KNOWN: [&str; 16] = [
    "account",
    "algorithm",
    "code",
    "comment",
    "counter",
    "digits",
    "error",
    "expect",
    "issuer",
    "parameter",
    "period",
    "reexport",
    "rule",
    "seed-hex",
    "type",
    "warning",
];

pub(crate) fn uri(path: &Path, bytes: Vec<u8>) -> datatest_stable::Result<()> {
    let vector = Vector::parse(path, &bytes, &KNOWN);
    let uri = std::str::from_utf8(&vector.body)?;
    assert!(!vector.one("rule").is_empty(), "a row names the rule that it shows");
    match vector.one("expect") {
        "reject" => {
            let error = parse(uri).err().ok_or("it was accepted")?;
            assert_eq!(error.to_string(), vector.one("error"));
        }
        "accept" => {
            let (draft, warnings) = parse(uri)?;
            check(&draft, &vector);
            let warnings: Vec<&str> = warnings.iter().map(|warning| warning.name()).collect();
            assert_eq!(warnings, vector.all("warning"), "warnings");

            // What was written is read as the same account, and written again without a change.
            let written = write_draft(&draft);
            assert_eq!(written.expose(), vector.one("reexport"), "reexport");
            let (again, _) = parse(written.expose())?;
            check(&again, &vector);
            assert_eq!(write_draft(&again).expose(), written.expose());
            assert_eq!(code(draft), vector.one("code"), "code");
        }
        other => panic!("unknown expectation {other}"),
    }
    Ok(())
}

fn check(draft: &EntryDraft, vector: &Vector) {
    assert_eq!(draft.issuer.raw(), vector.one("issuer"), "issuer");
    assert_eq!(draft.account.raw(), vector.one("account"), "account");
    assert_eq!(draft.otp.type_name(), vector.one("type"), "type");
    assert_eq!(draft.otp.algorithm().name(), vector.one("algorithm"), "algorithm");
    assert_eq!(draft.otp.digits().to_string(), vector.one("digits"), "digits");
    match (draft.otp.period(), draft.otp.counter()) {
        (Some(period), None) => assert_eq!(period.seconds().to_string(), vector.one("period"), "period"),
        (None, Some(counter)) => assert_eq!(counter.to_string(), vector.one("counter"), "counter"),
        other => panic!("either a period or a counter, not {other:?}"),
    }
    let seed = data_encoding::HEXLOWER.encode(draft.seed.bytes().expose());
    assert_eq!(seed, vector.one("seed-hex"), "seed");
    let parameters: Vec<String> =
        draft.uri_parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(parameters, vector.all("parameter"), "parameters");
}

/// The code at the vectors' moment, or of the next counter.
pub(crate) fn code(draft: EntryDraft) -> String {
    let entry = Entry::from_draft(draft, EntryId::from_bytes([0; 16]), NOW);
    let code = entry.code_at(NOW).map(|timed| timed.code).or_else(|| entry.counter_code());
    code.expect("every entry has a code").expose().to_owned()
}
