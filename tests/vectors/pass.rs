//! `vectors/pass/*.vec`: passes made by another implementation, whole or with one defect.

use std::path::Path;

use data_encoding::HEXLOWER;
use lifeboat::envelope::{Ceiling, Credentials, KeyFile, Kind, OpenError, Passphrase, Sealed};
use lifeboat::otp::Code;
use lifeboat::secret::SecretText;
use lifeboat::wire::WireError;
use lifeboat::wire::pass_v1::{self, PassDocument};

use crate::envelope::class;
use crate::file::{Outcome, Vector, same};

const HEADERS: [&str; 13] = [
    "codes",
    "comment",
    "expect",
    "field",
    "first",
    "from",
    "id",
    "key-file-hex",
    "passphrase",
    "period",
    "title",
    "to",
    "until",
];

pub(crate) fn run(_: &Path, text: String) -> Outcome {
    let vector = Vector::parse(&text, &HEADERS)?;
    vector.want("comment")?;
    let key_file = vector.get("key-file-hex").map(|text| HEXLOWER.decode(text.as_bytes())).transpose()?;
    let key_file = key_file.map(<[u8; 32]>::try_from).transpose().map_err(|_| "a key file has 32 bytes")?;
    let credentials = Credentials {
        passphrase: vector.get("passphrase").map(|text| Passphrase::new(SecretText::new(text.to_owned()))),
        key_file: key_file.map(KeyFile::from_bytes),
        recovery_secret: None,
    };
    let hex: String = vector.body.lines().collect();
    let json = match open(HEXLOWER.decode(hex.as_bytes())?, &credentials) {
        Ok(json) => json,
        Err(error) => return same("the outcome", (class(&error), &error), (vector.want("expect")?, &error)),
    };
    let read = pass_v1::parse(&json);
    let (found, field) = match &read {
        Ok(_) => ("success", None),
        Err(WireError::Field { field }) => ("bad content", Some(*field)),
        Err(WireError::KeyTwice) => ("key twice", None),
        Err(WireError::NewerSchema { .. }) => ("newer", None),
        Err(WireError::NotAnObject) => ("no object", None),
        Err(other) => return Err(format!("{other}").into()),
    };
    same("the outcome", (found, field), (vector.want("expect")?, vector.get("field")))?;
    read.map_or(Ok(()), |document| compare(&document, &vector))
}

fn open(bytes: Vec<u8>, credentials: &Credentials) -> Result<Vec<u8>, OpenError> {
    let sealed = Sealed::parse(bytes, Kind::Pass)?;
    let (master, _) = sealed.unlock(credentials, Ceiling::USUAL)?;
    Ok(sealed.open(&master)?.json().to_vec())
}

fn compare(document: &PassDocument, vector: &Vector<'_>) -> Outcome {
    let number = |name| vector.want(name).and_then(|text| Ok(text.parse::<u64>()?));
    same("its id", document.id.to_string().as_str(), vector.want("id")?)?;
    same("its title", document.title.raw(), vector.want("title")?)?;
    same("its person", document.to.raw(), vector.want("to")?)?;
    same("its start", document.from, number("from")?)?;
    same("its end", document.until, number("until")?)?;
    same("its period", u64::from(document.period.seconds()), number("period")?)?;
    same("its first step", document.first(), number("first")?)?;
    let codes: Vec<&str> = document.codes.iter().map(Code::expose).collect();
    same("its codes", codes.join(" ").as_str(), vector.want("codes")?)?;
    // What is read is written so that it is read as the same.
    let written = pass_v1::encode(document).ok_or("what was read is written again")?;
    let again = pass_v1::parse(written.expose())?;
    let again: Vec<&str> = again.codes.iter().map(Code::expose).collect();
    same("its codes, written again", again, codes)
}
