//! Real files of other authenticators, read to exactly the accounts that an independent program found.
//!
//! The files are under their projects' licences and lie beside this repository, not in it: where they are
//! absent the tests pass and say so.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lifeboat::interchange::Imported;
use lifeboat::interchange::registry::{self, Source};
use lifeboat::otp::{Code, Otp, Period, Seed, TimeStep, hotp, steam, totp};
use lifeboat::secret::SecretText;
use serde_json::Value;

/// The second that the expected codes are for.
const AT: u64 = 1_700_000_000;

#[test]
fn lists_of_otpauth_uris_of_other_programs_give_exactly_their_accounts() {
    every_row_under("otpauth-uris/", 3);
}

#[test]
fn aegis_files_plain_and_encrypted_give_exactly_their_accounts() {
    every_row_under("aegis/", 7);
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/interop")
}

#[allow(clippy::print_stdout, reason = "the note that nothing was tested is for whoever runs the test")]
fn every_row_under(folder: &str, n_expected: usize) {
    let index = match fs::read_to_string(samples().join("INDEX.tsv")) {
        Ok(index) => index,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("note: ../shared/interop is absent, so no file of another program was read");
            return;
        }
        Err(error) => panic!("the index cannot be read: {error}"),
    };
    let mut lines = index.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| columns.iter().position(|other| *other == name).unwrap();
    let (path, password, expected) = (column("path"), column("password"), column("expected"));
    let rows: Vec<Vec<&str>> = lines
        .map(|line| line.split('\t').collect())
        .filter(|row: &Vec<_>| row[path].starts_with(folder))
        .collect();
    assert!(rows.len() >= n_expected, "{folder} has {} rows", rows.len());
    for row in rows {
        let imported = import(row[path], row[password]);
        let expected: Vec<Value> = serde_json::from_str(row[expected]).unwrap();
        let (taken, refused): (Vec<&Value>, Vec<&Value>) =
            expected.iter().partition(|entry| matches!(text(entry, "type"), "totp" | "hotp" | "steam"));
        let found: Vec<String> = imported.drafts.iter().map(|drafted| describe(&drafted.draft)).collect();
        let wanted: Vec<String> = taken.into_iter().map(describe_expected).collect();
        assert_eq!(found, wanted, "{}", row[path]);
        // Kinds of codes that are not supported are named, not lost.
        assert_eq!(imported.skipped.len(), refused.len(), "{}: {:?}", row[path], imported.skipped);
    }
}

fn import(path: &str, password: &str) -> Imported {
    let bytes = fs::read(samples().join(path)).unwrap();
    let format = registry::detect(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
    match registry::open(format, &bytes).unwrap_or_else(|error| panic!("{path}: {error}")) {
        Source::Plain(imported) => imported,
        Source::Sealed(sealed) => sealed
            .open(&SecretText::new(password.to_owned()))
            .unwrap_or_else(|error| panic!("{path}: {error}")),
    }
}

fn describe(draft: &lifeboat::entry::EntryDraft) -> String {
    let otp = draft.otp;
    let number = otp.counter().or(otp.period().map(|period| period.seconds().into())).unwrap();
    let seed = data_encoding::HEXLOWER.encode(draft.seed.bytes().expose());
    let tags: Vec<&str> = draft.tags.iter().map(lifeboat::entry::Label::raw).collect();
    format!(
        "{:?} {:?} {} {} {} {number} {seed} {tags:?} {}",
        draft.issuer.raw(),
        draft.account.raw(),
        otp.type_name(),
        otp.algorithm().name(),
        otp.digits(),
        code_at(&draft.seed, otp).expose(),
    )
}

fn describe_expected(entry: &Value) -> String {
    let number = entry.get("counter").or(entry.get("period")).unwrap();
    let seed = Seed::from_base32(text(entry, "secret")).unwrap();
    let seed = data_encoding::HEXLOWER.encode(seed.bytes().expose());
    let tags: Vec<&str> = entry
        .get("groups")
        .and_then(Value::as_array)
        .map(|groups| groups.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    format!(
        "{:?} {:?} {} {} {} {number} {seed} {tags:?} {}",
        text(entry, "issuer"),
        text(entry, "name"),
        text(entry, "type"),
        text(entry, "algo"),
        entry["digits"],
        text(entry, "code"),
    )
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn code_at(seed: &Seed, otp: Otp) -> Code {
    match otp {
        Otp::Hotp { algorithm, digits, counter } => hotp(seed, algorithm, digits, counter),
        Otp::Steam => steam(seed, TimeStep::at(AT, Period::THIRTY)),
        Otp::Totp { algorithm, digits, period } => totp(seed, algorithm, digits, TimeStep::at(AT, period)),
    }
}
