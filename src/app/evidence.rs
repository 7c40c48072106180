//! Evidence: a signed report for somebody else, made from the vault and its log, holding no secret.
//!
//! The same vault, log and moment give the same bytes: the log is read as it was before this run, the report names
//! neither this run nor this machine, and what this run leaves in the log comes after it.

mod folder;
mod gather;
mod page;
mod policy;
mod redact;
mod signers;
mod verify;

use std::path::{Path, PathBuf};

use super::bundle::sha256;
use super::context::Context;
use super::failure::{Failure, Kind, Unchanged};
use super::session::Session;
use super::{audit, log};
use crate::audit::Event;
use crate::entry::UnixSeconds;
use crate::signature;
use crate::vault::VaultId;
use crate::wire::evidence_v1;

pub use verify::{Pages, Verified, verify};

/// The report as JSON, which is signed.
pub const JSON: &str = "evidence.json";
/// The report as Markdown.
pub const MARKDOWN: &str = "evidence.md";
/// The report for a browser and a printer.
pub const HTML: &str = "evidence.html";
/// The signature, in the form of OpenSSH.
pub const SIGNATURE: &str = "evidence.json.sig";

/// What the signature is for.
pub const NAMESPACE: &str = "lifeboat-evidence";
/// Whom a verifier's list of keys names.
pub const PRINCIPAL: &str = "lifeboat";
/// What else the same key signs that somebody checks with such a list.
const DRILL_NAMESPACE: &str = "lifeboat-drill";

/// What a report is to be.
#[derive(Debug)]
pub struct Request<'a> {
    /// The folder that it is written into.
    pub folder: &'a Path,
    /// Length of the period, in seconds.
    pub since: u64,
    /// The moment that it is made for; now without one.
    pub at: Option<UnixSeconds>,
    /// Pseudonyms in the place of names.
    pub redact: bool,
    /// A policy that is to be a part of it.
    pub policy: Option<&'a Path>,
}

/// A report that was made and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Where it lies.
    pub folder: PathBuf,
    /// The first second of its period.
    pub from: UnixSeconds,
    /// The last one.
    pub at: UnixSeconds,
    /// Names are pseudonyms.
    pub redacted: bool,
    /// Records of the log.
    pub log_count: u64,
    /// Head of the log, in hexadecimal digits.
    pub log_head: String,
    /// SHA-256 of `evidence.json`, in hexadecimal digits.
    pub sha256: String,
    /// Fingerprint of the key that signed it.
    pub fingerprint: String,
    /// What it says needs attention, in words that are safe to show.
    pub attention: Vec<String>,
    /// False when the disk did not confirm that it survives a power cut.
    pub durable: bool,
}

/// The public half of the key that signs a vault's reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The line that a verifier keeps, without its line end.
    pub line: String,
    /// Its fingerprint, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    /// The vault.
    pub vault: VaultId,
}

/// The key by which somebody can check this vault's reports, if they have it before they see one.
///
/// # Errors
///
/// When the vault's key is not valid.
pub fn key(session: &Session) -> Result<Key, Failure> {
    let public = session.signing_key()?.public();
    let vault = session.vault.id;
    let short: String = vault.to_string().chars().take(8).collect();
    let line = format!(
        "{PRINCIPAL} namespaces=\"{NAMESPACE},{DRILL_NAMESPACE}\" {} vault {short}",
        public.in_openssh_words()
    );
    Ok(Key { line, fingerprint: public.fingerprint(), vault })
}

/// Refuses a folder that cannot take a report, before anybody types a passphrase for it.
///
/// # Errors
///
/// Exit 8 when a report lies there, exit 4 when the folder above is not there.
pub fn refuse_folder(ctx: &Context, folder: &Path) -> Result<(), Failure> {
    folder::look(ctx, folder).map(|_| ())
}

/// Makes a report, reads it back, and notes in the log that it was made.
///
/// # Errors
///
/// Exit 8 when something lies there, when the moment is still to come, or when the policy is not to be had in a report;
/// exit 4 without the policy. Nothing is left of a report that could not be written.
pub fn make(ctx: &Context, session: &mut Session, request: &Request<'_>) -> Result<Made, Failure> {
    let found = folder::look(ctx, request.folder)?;
    let at = moment(ctx, request)?;
    let policy = request.policy.map(|path| policy::read(ctx, path)).transpose()?;
    let signing = session.signing_key()?;
    let fingerprint = signing.public().fingerprint();
    // Before anything of this run is in it.
    let whole = log::whole(ctx, &session.path, &session.vault).map_err(|error| {
        Failure::new(Kind::Io, "the log cannot be read, and a report without it would say too little")
            .because(error)
            .unchanged(Unchanged::OutputNotCreated(request.folder.to_owned()))
            .next("check the permissions of the file beside the vault that ends in .log, and the disk")
    })?;
    let verified = audit::verify(ctx, session, None)?;
    let asked = gather::Asked { at, since: request.since, redact: request.redact, policy: policy.as_ref() };
    let report = gather::gather(ctx, session, &whole, &verified, fingerprint.clone(), &asked);
    let json = evidence_v1::encode(&report);
    let digest = data_encoding::HEXLOWER.encode(&sha256(&json));
    let pages = page::pages(&report, &digest);
    let armored = signature::armor(&signing.sign(NAMESPACE, &json));
    let files = [
        (JSON, json.as_slice()),
        (MARKDOWN, pages.markdown.as_bytes()),
        (HTML, pages.html.as_bytes()),
        (SIGNATURE, armored.as_bytes()),
    ];
    let durable = folder::write(ctx, request.folder, found, &files)?;
    let from = at.saturating_sub(request.since);
    note(ctx, session, &digest, from, at, request.redact);
    Ok(Made {
        folder: request.folder.to_owned(),
        from,
        at,
        redacted: request.redact,
        log_count: report.log.count,
        log_head: report.log.head,
        sha256: digest,
        fingerprint,
        attention: pages.attention,
        durable,
    })
}

fn moment(ctx: &Context, request: &Request<'_>) -> Result<UnixSeconds, Failure> {
    let now = ctx.clock.now();
    let at = request.at.unwrap_or(now);
    if at > now {
        return Err(Failure::new(
            Kind::Refused,
            "a report cannot be made for a moment that is still to come",
        )
        .details([format!("this machine's clock says {}", super::time::shown(now))])
        .unchanged(Unchanged::OutputNotCreated(request.folder.to_owned()))
        .next("leave --at out for a report of now; `lifeboat doctor` looks at the clock"));
    }
    Ok(at)
}

fn note(
    ctx: &Context,
    session: &mut Session,
    sha256: &str,
    from: UnixSeconds,
    at: UnixSeconds,
    redacted: bool,
) {
    let mut record = log::record(ctx, Event::EvidenceMade);
    record.facts = vec![
        ("sha256".into(), sha256.to_owned()),
        ("since".into(), from.to_string()),
        ("at".into(), at.to_string()),
        ("redacted".into(), if redacted { "yes" } else { "no" }.to_owned()),
    ];
    let without = log::sandbox_off(ctx);
    if without.is_some() {
        session.tell("the sandbox is switched off in this run (--sandbox off); the log says so");
    }
    let records = without.into_iter().chain([record]).collect();
    log::append(ctx, session, records);
}
