//! Reports for auditors.

use std::path::Path;

use serde_json::json;

use super::super::args::{AboutEvidence, Evidence};
use super::super::render::{self, fields};
use super::super::{credentials, time};
use super::Run;
use crate::app::evidence::{self, Made, Pages, Request, Verified};
use crate::app::failure::shown_path;
use crate::app::{Exit, Failure, Kind, Unchanged};
use crate::entry::label::shown;

/// The period of a report, where none is said: what guidance for emergency access asks a validation in.
const USUAL_PERIOD: u64 = 90 * 86_400;

pub(super) fn evidence(run: &mut Run<'_, '_>, args: &Evidence) -> Result<Exit, Failure> {
    if let Some(other) = &args.other {
        refuse_more(args)?;
        return match other {
            AboutEvidence::Key => key(run),
            AboutEvidence::Verify { folder, signers } => verify(run, folder, signers),
        };
    }
    // clap wants it where there is no other command.
    let folder = args.output.as_deref().unwrap_or(Path::new("."));
    evidence::refuse_folder(run.ctx, folder)?;
    let (mut session, _opened) = credentials::open_vault_unnoted(run.global, run.ctx, run.io)?;
    let request = Request {
        folder,
        since: args.since.map_or(USUAL_PERIOD, |since| since.0),
        at: args.at.map(|at| at.0),
        redact: args.redact,
        policy: args.policy.as_deref(),
    };
    let made = evidence::make(run.ctx, &mut session, &request)?;
    run.tell_notices(&mut session);
    told(run, &made)
}

/// Options of a report go with no other command.
fn refuse_more(args: &Evidence) -> Result<(), Failure> {
    let Evidence { other: _, output, since, redact, policy, at } = args;
    if output.is_none() && since.is_none() && !redact && policy.is_none() && at.is_none() {
        return Ok(());
    }
    Err(Failure::new(Kind::Usage, "`evidence key` and `evidence verify` take no options of a report")
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat evidence -o DIR` makes a report; `lifeboat evidence --help` lists its options"))
}

fn told(run: &mut Run<'_, '_>, made: &Made) -> Result<Exit, Failure> {
    let json = fields([
        ("folder", json!(made.folder.display().to_string())),
        ("from", json!(made.from)),
        ("at", json!(made.at)),
        ("redacted", json!(made.redacted)),
        ("log_count", json!(made.log_count)),
        ("log_head", json!(made.log_head)),
        ("sha256", json!(made.sha256)),
        ("fingerprint", json!(made.fingerprint)),
        ("attention", json!(made.attention)),
        ("durable", json!(made.durable)),
    ]);
    let mut text = render::table(&[
        ("evidence", shown_path(&made.folder)),
        ("period", format!("{} to {}", time::shown(made.from), time::shown(made.at))),
        ("names", if made.redacted { "pseudonyms" } else { "as they are" }.to_owned()),
        ("log", format!("{} records, head {}", made.log_count, made.log_head)),
        ("signed by", made.fingerprint.clone()),
        ("sha256", made.sha256.clone()),
        ("checked", "read back from disk and compared".to_owned()),
    ]);
    for line in &made.attention {
        text.push_str(&format!("{:<12} {line}\n", "attention"));
    }
    run.result("evidence-made", &json, &text)?;
    if !made.durable {
        run.tell("the disk did not confirm that the report survives a power cut");
    }
    run.tell("next: note the log's head elsewhere; whoever checks needs the line of `lifeboat evidence key` beforehand");
    Ok(Exit::Done)
}

fn key(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let key = evidence::key(&session)?;
    let json = fields([
        ("line", json!(key.line)),
        ("fingerprint", json!(key.fingerprint)),
        ("vault", json!(key.vault.to_string())),
    ]);
    run.result("evidence-key", &json, &format!("{}\n", key.line))?;
    run.tell(&format!("fingerprint {}", key.fingerprint));
    Ok(Exit::Done)
}

fn verify(run: &mut Run<'_, '_>, folder: &Path, signers: &Path) -> Result<Exit, Failure> {
    let verified = evidence::verify(run.ctx, folder, signers)?;
    let absent: &[&str] = match &verified.pages {
        Pages::Compared { absent } => absent,
        Pages::OfAnotherVersion => &[],
    };
    let is_compared = matches!(verified.pages, Pages::Compared { .. });
    let json = fields([
        ("fits", json!(true)),
        ("fingerprint", json!(verified.fingerprint)),
        ("principals", json!(verified.principals)),
        ("comment", json!(verified.comment)),
        ("vault", json!(verified.vault)),
        ("from", json!(verified.from)),
        ("to", json!(verified.to)),
        ("redacted", json!(verified.redacted)),
        ("log_count", json!(verified.log_count)),
        ("log_head", json!(verified.log_head)),
        ("sha256", json!(verified.sha256)),
        ("version", json!(verified.version)),
        ("pages_compared", json!(is_compared)),
        ("pages_absent", json!(absent)),
    ]);
    run.result("evidence-verify", &json, &verified_text(&verified))?;
    if let Pages::OfAnotherVersion = verified.pages {
        run.tell(&format!(
            "lifeboat: version {} made the pages beside it, and they were not compared: only evidence.json is checked",
            shown(&verified.version)
        ));
    }
    for name in absent {
        run.tell(&format!("lifeboat: {name} is not there"));
    }
    Ok(Exit::Done)
}

fn verified_text(verified: &Verified) -> String {
    let comment = if verified.comment.is_empty() { "none".to_owned() } else { shown(&verified.comment) };
    render::table(&[
        ("fits", "evidence.json is as it was signed, by a key that was known".to_owned()),
        ("key", verified.fingerprint.clone()),
        ("of", shown(&verified.principals)),
        ("comment", comment),
        ("vault", shown(&verified.vault)),
        ("period", format!("{} to {}", shown(&verified.from), shown(&verified.to))),
        ("names", if verified.redacted { "pseudonyms" } else { "as they are" }.to_owned()),
        ("log", format!("{} records, head {}", verified.log_count, shown(&verified.log_head))),
        ("sha256", verified.sha256.clone()),
    ])
}
