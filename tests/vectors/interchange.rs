//! Files of other programs' formats, which all hold the accounts of `canonical.txt`.

use std::fs;
use std::path::Path;

use lifeboat::interchange::registry::{self, Source};
use lifeboat::secret::SecretText;

use crate::file::{Outcome, code_at, number, same};

/// Stands in `vectors/README.md` as well.
const PASSWORD: &str = "fixture password, not a secret";

pub(crate) fn run(path: &Path, bytes: Vec<u8>) -> Outcome {
    let folder = path.parent().ok_or("the fixture has no folder")?;
    let canonical = fs::read_to_string(folder.parent().ok_or("nor that one")?.join("canonical.txt"))?;
    let format = registry::detect(&bytes)?;
    same("the format", Some(format.id), folder.file_name().and_then(|name| name.to_str()))?;
    let imported = match registry::open(format, &bytes)? {
        Source::Plain(imported) => imported,
        Source::Sealed(sealed) => sealed.open(&SecretText::new(PASSWORD.to_owned()))?,
    };
    same("the number of entries skipped", imported.skipped.len(), 0)?;
    let found: Vec<String> = imported
        .drafts
        .iter()
        .map(|drafted| &drafted.draft)
        .map(|draft| {
            let otp = draft.otp;
            [
                draft.issuer.raw(),
                draft.account.raw(),
                otp.type_name(),
                otp.algorithm().name(),
                &otp.digits().to_string(),
                &number(otp).to_string(),
                draft.seed.to_base32().expose(),
                code_at(&draft.seed, otp).expose(),
            ]
            .join("\t")
        })
        .collect();
    let expected = canonical.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    same("the list of accounts", found, expected.map(str::to_owned).collect())
}
