//! The tour: a vault, a bundle, a loss, a restore, in a temporary folder and without a question.
//!
//! Nothing in it is staged: each step runs the same function as the command it names. It uses the
//! weakest lawful key derivation, and says so, to end quickly.

use std::path::Path;

use super::add::{self, Particulars};
use super::bundle::{self, BundleRequest};
use super::context::{Context, KdfPolicy};
use super::failure::{Failure, Kind, Unchanged};
use super::init::{self, NewSlot};
use super::session::Session;
use super::{drill, evidence, passphrase, restore, vault_file};
use crate::entry::{EntryDraft, Label};
use crate::envelope::{Ceiling, Credentials, KdfParameters, Passphrase};
use crate::otp::{self, Algorithm, Digits, Otp, Period, Seed, TimeStep};
use crate::recovery::Verdict;
use crate::secret::{SecretBytes, SecretText};
use crate::storage::atomic::{self, Existing};
use crate::storage::paths::Paths;
use crate::storage::temporary::TemporaryFolder;

const RFC4226: &str = include_str!("../../vectors/rfc4226.txt");
const RFC6238: &str = include_str!("../../vectors/rfc6238.txt");

/// Accounts of the tour: issuer, account, kind of code.
const ACCOUNTS: [(&str, &str, &str); 6] = [
    ("AWS", "root@example.org", "totp"),
    ("Registrar", "admin", "totp"),
    ("Hypervisor", "root", "totp60"),
    ("VPN", "ana", "totp8"),
    ("GitHub", "ana", "totp256"),
    ("Steam", "ana", "steam"),
];

/// One thing that the tour says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// What is done next.
    Step(String),
    /// What came of it, or a word about it.
    Line(String),
}

/// Takes the tour and tells it step by step.
///
/// # Errors
///
/// When a step fails, or two codes that must agree do not.
pub fn demo(ctx: &Context, tell: &mut dyn FnMut(Told)) -> Result<(), Failure> {
    let token = ctx.token()?;
    let disk = std::sync::Arc::clone(&ctx.disk);
    let folder = TemporaryFolder::new(disk.as_ref(), &token).map_err(|error| {
        Failure::new(Kind::Io, "there is no place for a temporary directory")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
            .next("set TMPDIR to a directory that can be written")
    })?;
    let mut step = |words: &str| tell(Told::Step(words.to_owned()));
    step("1  The arithmetic: every test value of RFC 4226 and RFC 6238");
    let n_values = check_vectors()?;
    line(tell, format!("{n_values} of {n_values} agree"));

    tell(Told::Step(
        "2  The old machine: a vault with six accounts   (lifeboat init, lifeboat add)".to_owned(),
    ));
    let old = machine(ctx, folder.path(), "old");
    let mut session = old_vault(&old)?;
    line(
        tell,
        "sealed with Argon2id at its floor here, 64 MiB and 3 passes; a real vault uses 128 MiB".to_owned(),
    );
    // Both machines are asked for the codes of this one moment.
    let at = ctx.clock.now();
    let before = codes(&session, at);
    for (name, code) in &before {
        line(tell, format!("{name:<24} {}", code.expose()));
    }

    tell(Told::Step(
        "3  A bundle on another disk, read back and compared   (lifeboat bundle create)".to_owned(),
    ));
    let words = passphrase::generate(ctx)?;
    let usb = folder.path().join("usb-stick.lifeboat");
    let made = make_bundle(&old, &mut session, &usb, &words)?;
    line(tell, format!("{} entries, {} bytes, sha256 {}…", made.n_entries, made.len, short_hex(made.sha256)));
    line(tell, format!("its own passphrase, made of eight words: {}", words.expose()));

    tell(Told::Step(
        "4  The drill: that restore rehearsed into memory, beside the vault   (lifeboat drill run)"
            .to_owned(),
    ));
    rehearse(&old, &mut session, &usb, &words, tell)?;

    tell(Told::Step(
        "5  The evidence: a signed report of the vault, its log and that drill   (lifeboat evidence)"
            .to_owned(),
    ));
    let report = folder.path().join("evidence");
    let signers = folder.path().join("signers");
    make_evidence(&old, &mut session, &report, &signers, tell)?;

    tell(Told::Step("6  The loss: the vault, its log and its previous generations are deleted".to_owned()));
    drop(session);
    let n_deleted = delete_all(&old, &folder.path().join("old"))?;
    line(tell, format!("{n_deleted} files gone"));

    tell(Told::Step(
        "7  The new machine: an empty home, the bundle, the eight words   (lifeboat restore)".to_owned(),
    ));
    let new = machine(ctx, folder.path(), "new");
    let sealed = bundle::look_at_bundle(&new, &usb)?;
    let credentials = Credentials {
        passphrase: Some(Passphrase::new(words.duplicate())),
        key_file: None,
        recovery_secret: None,
    };
    let slot = NewSlot { passphrase: Some(Passphrase::new(passphrase::generate(ctx)?)), key_file: None };
    let (restored, outcome) = restore::into_new_vault(&new, &sealed, &credentials, &slot, None)?;
    line(tell, format!("{} entries restored into a new vault with keys of its own", outcome.n_entries));

    tell(Told::Step(
        "8  The proof: the new machine's codes for the same moment against the old one's".to_owned(),
    ));
    let again = codes(&restored, at);
    let same = |(left, right): &(&(String, SecretText), &(String, SecretText))| {
        left.0 == right.0 && left.1.same_as(&right.1)
    };
    let agree = again.iter().zip(&before).filter(same).count();
    if agree != again.len() || again.len() != ACCOUNTS.len() {
        return Err(Failure::new(Kind::CheckFailed, "the codes of the restored vault are not the old ones")
            .unchanged(Unchanged::NothingTouched)
            .next("this is a defect of Lifeboat; please report it"));
    }
    line(tell, format!("{agree} of {} agree", again.len()));

    tell(Told::Step(
        "9  The auditor, who kept the key and has no vault   (lifeboat evidence verify)".to_owned(),
    ));
    let verified = evidence::verify(&new, &report, &signers)?;
    line(tell, format!("whole, and signed by {}", verified.fingerprint));

    tell(Told::Step(
        "What happened: nothing of yours was touched; the temporary directory is deleted now.".to_owned(),
    ));
    for words in [
        "For real:",
        "lifeboat init                         a vault, with a passphrase of yours",
        "lifeboat import phone-export.json     what your phone's authenticator wrote",
        "lifeboat                              codes, in the terminal",
        "lifeboat bundle create -o FILE        on a disk that does not burn with this one",
        "lifeboat drill run FILE               the restore rehearsed, and what it found",
        "lifeboat restore FILE                 on the day that you need it",
    ] {
        line(tell, words.to_owned());
    }
    Ok(())
}

fn line(tell: &mut dyn FnMut(Told), words: String) {
    tell(Told::Line(words));
}

/// A machine of the tour: its own home below the temporary folder, and the floor strength.
fn machine(ctx: &Context, folder: &Path, name: &str) -> Context {
    let home = folder.join(name);
    let paths = Paths { vault: home.join("vault.lifeboat"), state_dir: home.join("state"), settings: None };
    let floor = KdfParameters::FLOOR;
    ctx.elsewhere(paths, KdfPolicy { vault: floor, bundle: floor, ceiling: Ceiling::USUAL })
}

fn old_vault(ctx: &Context) -> Result<Session, Failure> {
    let slot = NewSlot { passphrase: Some(Passphrase::new(passphrase::generate(ctx)?)), key_file: None };
    let mut session = init::init(ctx, &slot)?;
    for (issuer, account, kind) in ACCOUNTS {
        let seed = add::generate_seed(ctx)?;
        let particulars = Particulars {
            type_name: (kind == "steam").then(|| kind.to_owned()),
            algorithm: (kind == "totp256").then(|| "SHA256".to_owned()),
            digits: (kind == "totp8").then_some(8),
            period: (kind == "totp60").then_some(60),
            ..Particulars::default()
        };
        let otp = particulars.otp(Otp::COMMON)?;
        add::add(
            ctx,
            &mut session,
            EntryDraft::new(Label::new(issuer), Label::new(account), seed, otp),
            false,
        )?;
    }
    Ok(session)
}

fn make_bundle(
    ctx: &Context,
    session: &mut Session,
    output: &Path,
    words: &SecretText,
) -> Result<bundle::BundleMade, Failure> {
    bundle::create(
        ctx,
        session,
        BundleRequest {
            output,
            force: false,
            selection: None,
            review_seconds: Some(90 * 86_400),
            label: Some("tour".to_owned()),
            passphrase: Some(Passphrase::new(words.duplicate())),
            key_file: None,
            shares: None,
            allow_weak: false,
            vault_passphrase: None,
        },
    )
}

/// Runs a drill on the bundle and tells how far it came.
fn rehearse(
    ctx: &Context,
    session: &mut Session,
    bundle: &Path,
    words: &SecretText,
    tell: &mut dyn FnMut(Told),
) -> Result<(), Failure> {
    let mut running = drill::Running::begin(ctx, bundle)?;
    let credentials = Credentials {
        passphrase: Some(Passphrase::new(words.duplicate())),
        key_file: None,
        recovery_secret: None,
    };
    // Nobody has typed the words here, and the drill says so.
    let with = drill::OpenedWith { words: "passphrase".to_owned(), typed: false };
    running.open(ctx, &credentials, with)?;
    running.compare(session)?;
    let outcome = running.finish(ctx, Some(session), None)?;
    let (level, same) = (outcome.report.level, outcome.count(Verdict::Same));
    line(tell, format!("{level}: {}; {same} of {} entries are the same", level.in_words(), ACCOUNTS.len()));
    for not_tested in outcome.report.not_tested.iter().take(3) {
        line(tell, format!("not tested: {}", not_tested.what));
    }
    Ok(())
}

/// Makes a report, and keeps the key by which it can be checked as a verifier would.
fn make_evidence(
    ctx: &Context,
    session: &mut Session,
    folder: &Path,
    signers: &Path,
    tell: &mut dyn FnMut(Told),
) -> Result<(), Failure> {
    let key = evidence::key(session)?;
    let line_of_key = format!("{}\n", key.line);
    atomic::create(ctx.disk.as_ref(), signers, line_of_key.as_bytes(), &ctx.token()?, Existing::Refuse)
        .map_err(|error| vault_file::not_saved(signers, error))?;
    let request = evidence::Request { folder, since: 90 * 86_400, at: None, redact: false, policy: None };
    let made = evidence::make(ctx, session, &request)?;
    line(tell, format!("evidence.json, .md, .html and a signature; {} records of the log", made.log_count));
    let attention: Vec<&str> = made.attention.iter().take(3).map(String::as_str).collect();
    line(tell, format!("what it says needs attention: {}", attention.join("; ")));
    Ok(())
}

fn codes(session: &Session, at: u64) -> Vec<(String, SecretText)> {
    let entries = session.vault().entries.iter();
    entries
        .filter_map(|entry| {
            Some((entry.title(), SecretText::new(entry.code_at(at)?.code.expose().to_owned())))
        })
        .collect()
}

fn short_hex(bytes: [u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(&bytes).chars().take(16).collect()
}

fn delete_all(ctx: &Context, folder: &Path) -> Result<usize, Failure> {
    use crate::storage::{Step, StorageError};
    let failed = |error| vault_file::not_saved(folder, StorageError::new(Step::Remove, folder, error));
    let mut n_deleted = 0;
    for path in ctx.disk.list(folder).map_err(failed)? {
        if ctx.disk.remove(&path).is_ok() {
            n_deleted += 1;
        }
    }
    Ok(n_deleted)
}

/// Checks every value of the two appendices.
fn check_vectors() -> Result<usize, Failure> {
    let wrong = || {
        Failure::new(Kind::CheckFailed, "the codes of this program are wrong on this machine")
            .unchanged(Unchanged::NothingTouched)
            .next("do not use it here, and report it please")
    };
    let seed = |n_bytes: usize| {
        let digits: Vec<u8> = b"1234567890".iter().copied().cycle().take(n_bytes).collect();
        Seed::from_bytes(SecretBytes::new(digits)).map_err(|_| wrong())
    };
    let values = |text: &'static str| text.lines().filter(|line| !line.starts_with('#'));
    let mut n_values = 0;
    for (counter, value) in (0..).zip(values(RFC4226)) {
        let expected = value.split(' ').next_back().ok_or_else(wrong)?;
        if otp::hotp(&seed(20)?, Algorithm::Sha1, Digits::SIX, counter).expose() != expected {
            return Err(wrong());
        }
        n_values += 1;
    }
    for value in values(RFC6238) {
        let [at, algorithm, expected] =
            value.split(' ').collect::<Vec<_>>().try_into().map_err(|_| wrong())?;
        let algorithm = Algorithm::parse(algorithm).ok_or_else(wrong)?;
        let n_bytes = match algorithm {
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
            Algorithm::Sha512 => 64,
        };
        let step = TimeStep::at(at.parse().map_err(|_| wrong())?, Period::THIRTY);
        if otp::totp(&seed(n_bytes)?, algorithm, Digits::EIGHT, step).expose() != expected {
            return Err(wrong());
        }
        n_values += 1;
    }
    Ok(n_values)
}
