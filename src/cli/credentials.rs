//! Where passphrases and key files come from: files, descriptors, standard input, a hidden prompt.

use std::path::{Path, PathBuf};

use super::args::{BundleCredential, BundleOpening, Global, NewCredential};
use super::io::Io;
use super::{ask, shares};
use crate::app::bundle::{self, SealedBundle};
use crate::app::drill::OpenedWith;
use crate::app::init::NewSlot;
use crate::app::keyring::Found;
use crate::app::restore::SealedPrevious;
use crate::app::unlock::{self, Opened, SealedVault};
use crate::app::{Context, Failure, Kind, Session, Unchanged, failure, key_file, passphrase};
use crate::envelope::{Credentials, KeyFile, Passphrase};
use crate::recovery::drill::KEY_FILE_ALONE;
use crate::secret::SecretText;

/// Longest passphrase file.
const LONGEST_PASSPHRASE: u64 = 64 << 10;

/// Reads a passphrase from a file (`-` is standard input). One trailing line end is not part of it.
pub(super) fn from_file(ctx: &Context, io: &mut Io<'_>, path: &Path) -> Result<Passphrase, Failure> {
    line_from(ctx, io, path).and_then(not_empty)
}

/// As [`from_file`], where an empty one is one too.
pub(super) fn line_from(ctx: &Context, io: &mut Io<'_>, path: &Path) -> Result<SecretText, Failure> {
    let mut text = if path == Path::new("-") { io.read_stdin(LONGEST_PASSPHRASE)? } else { read(ctx, path)? };
    let buffer = text.expose_mut();
    if buffer.ends_with('\n') {
        buffer.pop();
        if buffer.ends_with('\r') {
            buffer.pop();
        }
    }
    Ok(text)
}

/// Reads a text from a file (`-` is standard input).
pub(super) fn text_from(ctx: &Context, io: &mut Io<'_>, path: &Path) -> Result<SecretText, Failure> {
    if path == Path::new("-") { io.read_stdin(1 << 20) } else { read(ctx, path) }
}

fn read(ctx: &Context, path: &Path) -> Result<SecretText, Failure> {
    let cannot = |kind, cause: Box<dyn std::error::Error + Send + Sync>| {
        Failure::new(kind, format!("cannot read {}", failure::shown_path(path)))
            .because(cause)
            .unchanged(Unchanged::NothingTouched)
    };
    // Not only regular files: a shell's `<(command)` is a pipe.
    let bytes = ctx.disk.read_special(path, LONGEST_PASSPHRASE).map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NoFile } else { Kind::Io };
        cannot(kind, error.into())
    })?;
    SecretText::from_utf8(bytes).map_err(|error| cannot(Kind::Usage, error.into()))
}

/// Refuses nothing where a passphrase is wanted.
pub(super) fn not_empty(text: SecretText) -> Result<Passphrase, Failure> {
    if text.is_empty() {
        return Err(Failure::new(Kind::NoCredential, "the passphrase is empty")
            .unchanged(Unchanged::NothingTouched)
            .next("check the file it comes from"));
    }
    Ok(Passphrase::new(text))
}

/// The passphrase that the global options bring, if they do.
fn given(global: &Global, ctx: &Context, io: &mut Io<'_>) -> Result<Option<Passphrase>, Failure> {
    if let Some(number) = global.passphrase_fd {
        return from_file(ctx, io, &PathBuf::from(format!("/dev/fd/{number}"))).map(Some);
    }
    global.passphrase_file.as_deref().map(|path| from_file(ctx, io, path)).transpose()
}

/// Collects what opens the vault, asking for a passphrase only where one is needed.
pub(super) fn for_vault(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    vault: &SealedVault,
) -> Result<Credentials, Failure> {
    let key_file = global.key_file.as_deref().map(|path| key_file::read_key_file(ctx, path)).transpose()?;
    let mut passphrase = given(global, ctx, io)?;
    let enough = key_file.is_some() && vault.opens_with_key_file_alone();
    if passphrase.is_none() && !enough {
        if !vault.wants_passphrase() {
            return Err(Failure::new(
                Kind::NoCredential,
                "the vault is opened by a key file, and none was named",
            )
            .unchanged(Unchanged::NothingTouched)
            .next("name it with --key-file PATH"));
        }
        let typed = ask::hidden(
            global,
            io,
            "Passphrase: ",
            "give the passphrase with --passphrase-file PATH, --passphrase-fd N or LIFEBOAT_PASSPHRASE_FILE",
        )?;
        passphrase = Some(not_empty(typed)?);
    }
    Ok(Credentials { passphrase, key_file, recovery_secret: None })
}

/// Opens the vault, with a key that is kept or with what the person gives, and says on standard error what is
/// worth saying.
pub(super) fn open_vault(global: &Global, ctx: &Context, io: &mut Io<'_>) -> Result<Session, Failure> {
    match open_kept(global, ctx, io, Noted::AtOnce)? {
        Some(session) => Ok(session),
        None => open_vault_keeping(global, ctx, io).map(|(session, _)| session),
    }
}

/// As [`open_vault`], and notes nothing: what opened it is for whoever notes it.
pub(super) fn open_vault_unnoted(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
) -> Result<(Session, Opened), Failure> {
    match open_kept(global, ctx, io, Noted::Later)? {
        Some(session) => Ok((session, Opened::WithKeptKey)),
        None => {
            open_given(global, ctx, io, Noted::Later).map(|(session, _)| (session, Opened::WithCredentials))
        }
    }
}

/// When it is noted that the vault was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Noted {
    AtOnce,
    Later,
}

/// Opens the vault with a key that the kernel's keyring keeps. `None` where the person has to give something:
/// there is none, it is of no use any more, or something was named on the command line, which goes first.
fn open_kept(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    noted: Noted,
) -> Result<Option<Session>, Failure> {
    if is_given(global) {
        return Ok(None);
    }
    let useless =
        "lifeboat: the key in the kernel's keyring does not open the vault any more, and was dropped";
    let key = match ctx.kept.as_ref().map(|look| &look.found) {
        Some(Found::Key(key)) => key,
        Some(Found::Useless) => {
            if !global.quiet {
                io.tell(useless);
            }
            return Ok(None);
        }
        Some(Found::Nothing) | None => return Ok(None),
    };
    let vault = unlock::look(ctx)?;
    if global.verbose {
        let path = failure::shown_path(&ctx.paths.vault);
        io.tell(&format!("lifeboat: opening {path} with the key in the kernel's keyring"));
    }
    let unlocked = match noted {
        Noted::AtOnce => unlock::unlock_kept(ctx, vault, key),
        Noted::Later => unlock::unlock_kept_unnoted(ctx, vault, key),
    };
    match unlocked {
        Ok(mut session) => {
            opened(global, io, &mut session);
            Ok(Some(session))
        }
        // It was changed since the look.
        Err(failure) if failure.kind == Kind::NoCredential => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Whether the command line, or the environment, names something that opens the vault.
pub(super) fn is_given(global: &Global) -> bool {
    global.passphrase_fd.is_some() || global.passphrase_file.is_some() || global.key_file.is_some()
}

/// Opens the vault with what the person gives now, and gives that back. A key that is kept is not used:
/// this is for what needs the credential itself, or outlasts the time that was chosen for the key.
pub(super) fn open_vault_keeping(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
) -> Result<(Session, Credentials), Failure> {
    open_given(global, ctx, io, Noted::AtOnce)
}

fn open_given(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    noted: Noted,
) -> Result<(Session, Credentials), Failure> {
    let vault = unlock::look(ctx)?;
    if global.verbose {
        io.tell(&format!("lifeboat: reading {}", failure::shown_path(&ctx.paths.vault)));
    }
    let has_key = ctx.kept.as_ref().is_some_and(|look| look.key().is_some());
    if has_key && !is_given(global) && !global.quiet {
        io.tell("lifeboat: the key in the kernel's keyring is not used for this: it asks anew");
    }
    let credentials = for_vault(global, ctx, io, &vault)?;
    let cost = vault.cost();
    let mut session =
        working(global, io, credentials.passphrase.is_some(), "Opening the vault", &cost, || match noted {
            Noted::AtOnce => unlock::unlock(ctx, vault, &credentials),
            Noted::Later => unlock::unlock_unnoted(ctx, vault, &credentials),
        })?;
    opened(global, io, &mut session);
    Ok((session, credentials))
}

fn opened(global: &Global, io: &mut Io<'_>, session: &mut Session) {
    if session.newer_generation_seen().is_some() && global.yes {
        session.accept_older();
    }
    tell_notices(global, io, session);
}

/// Says what a session has to tell.
pub(super) fn tell_notices(global: &Global, io: &mut Io<'_>, session: &mut Session) {
    for notice in session.take_notices() {
        if !global.quiet {
            io.tell(&format!("lifeboat: {}", notice.0));
        }
    }
}

/// Runs a key derivation under a line that says so, on a terminal, and takes the line away again.
pub(super) fn working<T>(
    global: &Global,
    io: &mut Io<'_>,
    derives: bool,
    what: &str,
    cost: &str,
    work: impl FnOnce() -> T,
) -> T {
    let shown = derives && io.err_is_terminal && !global.quiet && !cost.is_empty();
    if shown {
        let dots = if global.ascii { "..." } else { "…" };
        let _written = write!(io.err, "{what} ({cost}) {dots}").and_then(|()| io.err.flush());
    }
    let result = work();
    if shown {
        let _written = write!(io.err, "\r\x1b[2K").and_then(|()| io.err.flush());
    }
    result
}

/// What a new way of opening is for: decides the words and how strong a passphrase has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Bundle,
    Seal,
    Vault,
}

/// Collects a new way of opening the vault.
///
/// `fallback` also takes `--passphrase-file` as the new passphrase (init and restore).
pub(super) fn new_for_vault(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    new: &NewCredential,
    fallback: bool,
) -> Result<NewSlot, Failure> {
    let mut passphrase =
        new.new_passphrase_file.as_deref().map(|path| from_file(ctx, io, path)).transpose()?;
    if passphrase.is_none() && fallback {
        passphrase = given(global, ctx, io)?;
    }
    if passphrase.is_none() && new.new_key_file.is_none() {
        passphrase = Some(ask_new(global, ctx, io, For::Vault, false)?);
    }
    if let Some(given) = &passphrase
        && passphrase::estimate(given.text()).bits < 35
        && !global.quiet
    {
        io.tell("lifeboat: this passphrase is easy to guess; whoever gets a copy of the vault can try without end");
    }
    if passphrase.is_none() && !global.quiet {
        io.tell("lifeboat: the key file alone will open the vault; keep it apart from the vault");
    }
    let key_file = new.new_key_file.as_deref().map(|path| key_file::make_key_file(ctx, path)).transpose()?;
    Ok(NewSlot { passphrase, key_file })
}

/// Collects the bundle's own credential for making one.
pub(super) fn new_for_bundle(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    credential: &BundleCredential,
    allow_weak: bool,
) -> Result<NewSlot, Failure> {
    let mut passphrase =
        credential.bundle_passphrase_file.as_deref().map(|path| from_file(ctx, io, path)).transpose()?;
    if passphrase.is_none() && credential.bundle_key_file.is_none() {
        passphrase = Some(ask_new(global, ctx, io, For::Bundle, allow_weak)?);
    }
    let key_file =
        credential.bundle_key_file.as_deref().map(|path| bundle::key_file_for(ctx, path)).transpose()?;
    Ok(NewSlot { passphrase, key_file })
}

/// Collects the passphrase that an entry is to be sealed with.
pub(super) fn new_for_seal(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    file: Option<&Path>,
) -> Result<Passphrase, Failure> {
    match file {
        Some(path) => from_file(ctx, io, path),
        None => ask_new(global, ctx, io, For::Seal, false),
    }
}

/// Asks for the passphrase of a sealed entry; `None` where it is left empty and that is a way on.
pub(super) fn seal_passphrase(
    global: &Global,
    io: &mut Io<'_>,
    title: &str,
    or_shares: bool,
) -> Result<Option<Passphrase>, Failure> {
    let or_shares_words = if or_shares { " (leave it empty to open it with shares)" } else { "" };
    let prompt = format!("Passphrase that {title} is sealed with{or_shares_words}: ");
    let typed = ask::hidden(global, io, &prompt, "give it with --seal-passphrase-file PATH")?;
    if typed.is_empty() && or_shares { Ok(None) } else { not_empty(typed).map(Some) }
}

/// Asks for a new passphrase twice, offering one that nobody has to think of.
fn ask_new(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    purpose: For,
    allow_weak: bool,
) -> Result<Passphrase, Failure> {
    let (name, instead) = match purpose {
        For::Bundle => ("bundle", "give it with --bundle-passphrase-file PATH, or --bundle-key-file PATH"),
        For::Seal => {
            ("entry", "give it with --seal-passphrase-file PATH, or name a share set: --share-set NAME")
        }
        For::Vault => ("vault", "give it with --new-passphrase-file PATH, or --new-key-file PATH"),
    };
    loop {
        let prompt = format!("New passphrase for the {name} (leave it empty for one of eight words): ");
        let typed = ask::hidden(global, io, &prompt, instead)?;
        let generated = typed.is_empty();
        let chosen = if generated {
            let words = passphrase::generate(ctx)?;
            let mut shown = SecretText::with_capacity(words.len() + 128);
            shown.expose_mut().push_str("\n    ");
            shown.expose_mut().push_str(words.expose());
            shown.expose_mut().push_str("\n\nWrite it down on paper now; it is not shown again.\n");
            io.person.show(shown.expose()).map_err(|error| {
                Failure::new(Kind::NoCredential, "there is no terminal to show a passphrase at")
                    .because(error)
            })?;
            words
        } else {
            let estimate = passphrase::estimate(&typed);
            let mut words = format!("About {} bits to guess.", estimate.bits);
            if let Some(advice) = &estimate.advice {
                words.push(' ');
                words.push_str(advice);
            }
            io.tell(&words);
            let too_weak = match purpose {
                For::Bundle => "Too weak for a bundle, which lies about for years",
                For::Seal => "Too weak: whoever opens the vault can try without end",
                For::Vault => "",
            };
            if !too_weak.is_empty() && estimate.weak_for_bundle && !allow_weak {
                io.tell(&format!("{too_weak}: take 15 characters or more, or leave it empty."));
                continue;
            }
            typed
        };
        let again = ask::hidden(global, io, "Type it again: ", instead)?;
        if again.same_as(&chosen) {
            return Ok(Passphrase::new(chosen));
        }
        io.tell("The two differ; nothing was made. Once more:");
    }
}

/// Collects what opens a bundle: its own credential, or shares.
pub(super) fn for_bundle(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    bundle: &SealedBundle,
    opening: &BundleOpening,
) -> Result<Credentials, Failure> {
    for_drill(global, ctx, io, bundle, opening).map(|(credentials, _)| credentials)
}

/// As [`for_bundle`], and says what it was and whether somebody typed it.
pub(super) fn for_drill(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    bundle: &SealedBundle,
    opening: &BundleOpening,
) -> Result<(Credentials, OpenedWith), Failure> {
    let credential = &opening.credential;
    if !opening.share.is_empty() {
        return with_shares(global, ctx, io, bundle, &opening.share);
    }
    let key_file: Option<KeyFile> =
        credential.bundle_key_file.as_deref().map(|path| key_file::read_key_file(ctx, path)).transpose()?;
    let mut passphrase =
        credential.bundle_passphrase_file.as_deref().map(|path| from_file(ctx, io, path)).transpose()?;
    let enough = key_file.is_some() && bundle.opens_with_key_file_alone();
    let mut typed = false;
    if passphrase.is_none() && !enough {
        match (bundle.wants_passphrase(), bundle.quorum()) {
            (false, Some(_)) if key_file.is_none() => return with_shares(global, ctx, io, bundle, &[]),
            (false, _) => {
                return Err(Failure::new(
                    Kind::NoCredential,
                    "the bundle is opened by a key file, and none was named",
                )
                .unchanged(Unchanged::NothingTouched)
                .next("name it with --bundle-key-file PATH"));
            }
            (true, quorum) => {
                let prompt = match quorum {
                    Some(_) => "Passphrase of the bundle (leave it empty to open it with shares): ",
                    None => "Passphrase of the bundle: ",
                };
                let instead = "give the bundle's passphrase with --bundle-passphrase-file PATH";
                let answer = ask::hidden(global, io, prompt, instead)?;
                if answer.is_empty() && quorum.is_some() {
                    return with_shares(global, ctx, io, bundle, &[]);
                }
                passphrase = Some(not_empty(answer)?);
                typed = true;
            }
        }
    }
    let words = match (&passphrase, &key_file) {
        (Some(_), None) => "passphrase",
        (Some(_), Some(_)) => "passphrase and key file",
        (None, _) if bundle.wants_passphrase() || bundle.quorum().is_some() => "key file",
        (None, _) => KEY_FILE_ALONE,
    };
    let with = OpenedWith { words: words.to_owned(), typed };
    Ok((Credentials { passphrase, key_file, recovery_secret: None }, with))
}

fn with_shares(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    bundle: &SealedBundle,
    files: &[PathBuf],
) -> Result<(Credentials, OpenedWith), Failure> {
    let quorum = crate::app::shares::quorum_of(bundle)?;
    if files.is_empty() && global.no_input {
        return Err(shares::none_given(quorum));
    }
    let gathered = shares::gather(global, ctx, io, quorum, files)?;
    let recovery_secret = Some(gathered.secret()?);
    let words = format!("{} shares of {}", gathered.threshold(), gathered.set_name());
    let with = OpenedWith { words, typed: files.is_empty() };
    Ok((Credentials { recovery_secret, ..Credentials::default() }, with))
}

/// Collects what opens a previous generation: the same options as for the vault itself.
pub(super) fn for_previous(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    previous: &SealedPrevious,
) -> Result<Credentials, Failure> {
    let key_file = global.key_file.as_deref().map(|path| key_file::read_key_file(ctx, path)).transpose()?;
    let mut passphrase = given(global, ctx, io)?;
    if passphrase.is_none() && key_file.is_none() && previous.wants_passphrase() {
        let typed =
            ask::hidden(global, io, "Passphrase at that time: ", "give it with --passphrase-file PATH")?;
        passphrase = Some(not_empty(typed)?);
    }
    Ok(Credentials { passphrase, key_file, recovery_secret: None })
}
