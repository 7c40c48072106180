//! One rule of reading an otpauth URI per file.

use std::path::Path;

use data_encoding::HEXLOWER;
use lifeboat::interchange::otpauth::{UriError, parse, write_draft};

use crate::file::{Outcome, Vector, code_at, number, same};

const HEADERS: [&str; 15] = [
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
    "seed-hex",
    "type",
    "warning",
];

pub(crate) fn run(_: &Path, text: String) -> Outcome {
    let vector = Vector::parse(&text, &HEADERS)?;
    let uri = vector.body.strip_suffix('\n').ok_or("the URI ends its line")?;
    vector.want("comment")?;
    let read = parse(uri);
    match vector.want("expect")? {
        "reject" => same("the outcome", read.err().map(|error| word(&error)), Some(vector.want("error")?)),
        "accept" => accepted(&vector, read.map_err(|error| format!("refused: {error}"))?),
        other => Err(format!("expect: {other}").into()),
    }
}

fn accepted(
    vector: &Vector<'_>,
    (draft, warnings): (lifeboat::entry::EntryDraft, Vec<lifeboat::interchange::Warning>),
) -> Outcome {
    same("the issuer", draft.issuer.raw(), vector.want("issuer")?)?;
    same("the account", draft.account.raw(), vector.want("account")?)?;
    let otp = draft.otp;
    same("the type", otp.type_name(), vector.want("type")?)?;
    same("the algorithm", otp.algorithm().name(), vector.want("algorithm")?)?;
    same("the number of digits", otp.digits().to_string().as_str(), vector.want("digits")?)?;
    let name = if otp.counter().is_some() { "counter" } else { "period" };
    same(name, number(otp).to_string().as_str(), vector.want(name)?)?;
    same("the seed", HEXLOWER.encode(draft.seed.bytes().expose()).as_str(), vector.want("seed-hex")?)?;
    let parameters: Vec<String> =
        draft.uri_parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    same("the parameters kept", parameters, vector.all("parameter").map(str::to_owned).collect())?;
    let warnings: Vec<&str> = warnings.iter().map(|warning| warning.name()).collect();
    same("the warnings", warnings, vector.all("warning").collect())?;
    same("the code", code_at(&draft.seed, otp).expose(), vector.want("code")?)?;
    let written = write_draft(&draft);
    same("what is written", written.expose(), vector.want("reexport")?)?;

    // What was written is read back as the same entry and written the same again.
    let (again, _) =
        parse(written.expose()).map_err(|error| format!("what is written is refused: {error}"))?;
    same("what is written the second time", write_draft(&again).expose(), written.expose())
}

/// The word of an error in the vectors.
fn word(error: &UriError) -> &'static str {
    match error {
        UriError::BadDigits => "bad-digits",
        UriError::BadCounter => "bad-counter",
        UriError::TooLong => "too-long",
        UriError::Migration => "migration",
        UriError::NoSecret => "no-secret",
        UriError::NotOtpauth => "not-otpauth",
        UriError::Seed(_) => "seed",
        UriError::UnknownAlgorithm(_) => "unknown-algorithm",
        UriError::UnknownType(_) => "unknown-type",
        _ => "an error without a word",
    }
}
