//! Checks a report with the keys that somebody had before: no vault is needed, and none is opened.

use std::path::Path;

use super::page;
use super::signers::{self, Allowed};
use super::{HTML, JSON, MARKDOWN, NAMESPACE, PRINCIPAL, SIGNATURE};
use crate::app::bundle::sha256;
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, reading, shown_path};
use crate::entry::label;
use crate::signature::{self, PublicKey, SignatureError};
use crate::wire::evidence_v1::{self, Report};

/// Most bytes of a report or a page: ten thousand accounts and twenty thousand records are some fifteen million.
const LARGEST: u64 = 256 << 20;
/// Most bytes of a signature, and of a list of keys.
const LARGEST_SIGNATURE: u64 = 16 << 10;
const LARGEST_SIGNERS: u64 = 1 << 20;

/// A report whose signature fits, by a key that was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Fingerprint of the key.
    pub fingerprint: String,
    /// Whom the list of keys names on its line. Raw.
    pub principals: String,
    /// What stands behind the key there. Raw.
    pub comment: String,
    /// The vault's id.
    pub vault: String,
    /// The first second of the period, RFC 3339.
    pub from: String,
    /// The last one, RFC 3339.
    pub to: String,
    /// Names are pseudonyms.
    pub redacted: bool,
    /// Records of the log.
    pub log_count: u64,
    /// Head of the log.
    pub log_head: String,
    /// SHA-256 of `evidence.json`, in hexadecimal digits.
    pub sha256: String,
    /// Which version made it.
    pub version: String,
    /// How the pages beside it stand.
    pub pages: Pages,
}

/// How the pages beside a signed report stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// Those that are there say what the report says; named are those that are not there.
    Compared {
        /// The absent ones.
        absent: Vec<&'static str>,
    },
    /// Another version made them, so that they cannot be made again here.
    OfAnotherVersion,
}

/// Checks the report in a folder against a list of keys in OpenSSH's form.
///
/// # Errors
///
/// Exit 4 when a file is not there, exit 5 when it is no report, exit 7 when the signature does not fit, when it is by a key
/// that the list does not allow, or when a page beside it says something else.
pub fn verify(ctx: &Context, folder: &Path, signers: &Path) -> Result<Verified, Failure> {
    let json = read(ctx, &folder.join(JSON), LARGEST)?;
    let armored = read(ctx, &folder.join(SIGNATURE), LARGEST_SIGNATURE)?;
    let known = read(ctx, signers, LARGEST_SIGNERS)?;
    let report = evidence_v1::parse(&json);
    let key = signed_by(&json, &armored, report.is_some(), folder)?;
    let allowed = allowed(ctx, &String::from_utf8_lossy(&known), key, folder, signers)?;
    let report = report.ok_or_else(|| no_report(folder))?;
    if report.vault.key != key.fingerprint() {
        return Err(wrong(folder, "it is the report of one vault, signed by another").details([format!(
            "it says {}; it was signed by {}",
            label::shown(&report.vault.key),
            key.fingerprint()
        )]));
    }
    let digest = data_encoding::HEXLOWER.encode(&sha256(&json));
    let pages = compare_pages(ctx, folder, &report, &digest)?;
    Ok(Verified {
        fingerprint: key.fingerprint(),
        principals: allowed.principals,
        comment: allowed.comment,
        vault: report.vault.id,
        from: report.period.from,
        to: report.period.to,
        redacted: report.redacted,
        log_count: report.log.count,
        log_head: report.log.head,
        sha256: digest,
        version: report.tool.version,
        pages,
    })
}

/// Whose signature it is, whoever that may be.
fn signed_by(json: &[u8], armored: &[u8], is_report: bool, folder: &Path) -> Result<PublicKey, Failure> {
    let blob = std::str::from_utf8(armored).ok().and_then(signature::dearmor);
    let verified =
        blob.map_or(Err(SignatureError::Malformed), |blob| signature::verify(&blob, NAMESPACE, json));
    verified.map_err(|error| match error {
        SignatureError::Malformed if !is_report => no_report(folder),
        SignatureError::DoesNotFit => {
            wrong(folder, "the report was altered after it was signed, or the signature is another one's")
        }
        SignatureError::Malformed | SignatureError::OtherNamespace => {
            wrong(folder, "its signature cannot be used").because(error)
        }
    })
}

fn allowed(
    ctx: &Context,
    known: &str,
    key: PublicKey,
    folder: &Path,
    signers: &Path,
) -> Result<Allowed, Failure> {
    signers::look_for(known, key, PRINCIPAL, NAMESPACE, ctx.clock.now()).map_err(|passed_over| {
        let lines = passed_over.into_iter().map(|line| format!("line {}: {}", line.line, line.why));
        wrong(folder, "it is signed by an unknown key")
            .details([format!("the key is {}", key.fingerprint())])
            .details([format!("{} does not allow it", shown_path(signers))])
            .details(lines)
            .next("a key that came with the report proves nothing: ask the vault's owner for `lifeboat evidence key`")
    })
}

/// Makes the pages anew and compares them with those that lie there.
fn compare_pages(ctx: &Context, folder: &Path, report: &Report, digest: &str) -> Result<Pages, Failure> {
    if report.tool.version != env!("CARGO_PKG_VERSION") {
        return Ok(Pages::OfAnotherVersion);
    }
    let pages = page::pages(report, digest);
    let mut absent = Vec::new();
    for (name, made) in [(MARKDOWN, &pages.markdown), (HTML, &pages.html)] {
        match read(ctx, &folder.join(name), LARGEST) {
            Ok(found) if found == made.as_bytes() => {}
            Ok(_) => {
                return Err(wrong(folder, format!("{name} does not say what the signed {JSON} says"))
                    .next(format!("{JSON} is as it was signed; make nothing of {name}")));
            }
            Err(failure) if failure.kind == Kind::NoFile => absent.push(name),
            Err(failure) => return Err(failure),
        }
    }
    Ok(Pages::Compared { absent })
}

fn read(ctx: &Context, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    ctx.disk.read(path, limit).map_err(|error| {
        Failure::new(reading(&error), format!("cannot read {}", shown_path(path)))
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    })
}

fn no_report(folder: &Path) -> Failure {
    Failure::new(
        Kind::UnknownFormat,
        format!("{} holds no report that this version knows", shown_path(folder)),
    )
    .unchanged(Unchanged::NothingTouched)
    .next("`lifeboat evidence -o DIR` makes one")
}

fn wrong(folder: &Path, what: impl Into<String>) -> Failure {
    Failure::new(Kind::CheckFailed, what)
        .details([format!("the report lies in {}", shown_path(folder))])
        .unchanged(Unchanged::NothingTouched)
}
