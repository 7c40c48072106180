//! What the machine is like: what is right, what is not, and what does not matter here.

use super::context::Context;
use super::failure::{Failure, shown_path};
use super::keyring::{Found, in_words};
use super::{clipboard, clock, protection, settings, state, time_server, unlock};
use crate::envelope::KdfParameters;
use crate::storage::disk::FileKind;
use crate::storage::{atomic, lock, previous};

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Worth knowing, nothing to do.
    Note,
    /// As it should be.
    Right,
    /// Something to do.
    Wrong,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in one or two words.
    pub what: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// The same in words, with what to do.
    pub words: String,
}

pub(super) fn finding(what: &'static str, verdict: Verdict, words: impl Into<String>) -> Finding {
    Finding { what, verdict, words: words.into() }
}

/// What the face knows of the terminal and the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// True when standard output is a terminal.
    pub terminal: bool,
    /// Names of environment variables that say that the terminal is recorded or shared.
    pub recorders: Vec<String>,
}

/// Looks at the machine. The vault is looked at from outside; no passphrase is needed.
pub fn doctor(ctx: &Context, around: &Surroundings) -> Vec<Finding> {
    let mut findings = clock(ctx);
    findings.push(vault(ctx));
    findings.extend(permissions(ctx));
    findings.push(locks(ctx));
    findings.push(previous_generations(ctx));
    findings.push(memory(ctx));
    findings.push(swap(ctx));
    findings.extend(protection::findings(&ctx.protection));
    findings.push(keyring(ctx));
    findings.extend(settings(ctx));
    findings.push(if around.terminal {
        finding("terminal", Verdict::Right, "standard output is a terminal")
    } else {
        finding("terminal", Verdict::Note, "standard output is no terminal; the terminal interface needs one")
    });
    for recorder in &around.recorders {
        findings.push(finding(
            "recording",
            Verdict::Note,
            format!("{recorder} is set: what is on the screen may be kept in a scrollback or a recording"),
        ));
    }
    findings.extend(clipboard::findings(ctx));
    findings
}

/// Where the settings file lies, and what of it is not taken.
fn settings(ctx: &Context) -> Vec<Finding> {
    let loaded = settings::load(ctx);
    let (verdict, words) = match &loaded.path {
        None => (Verdict::Note, "no place for them without a home; all keep their defaults".to_owned()),
        Some(path) if !loaded.is_there => {
            (Verdict::Note, format!("none at {}; all keep their defaults", shown_path(path)))
        }
        Some(path) if loaded.warnings.is_empty() => {
            (Verdict::Right, format!("{} is understood", shown_path(path)))
        }
        Some(path) => (Verdict::Note, format!("{} is there, and not all of it is taken", shown_path(path))),
    };
    let warnings =
        loaded.warnings.iter().map(|warning| finding("settings", Verdict::Wrong, warning.to_string()));
    [finding("settings", verdict, words)].into_iter().chain(warnings).collect()
}

/// What the look into the keyring has brought.
fn keyring(ctx: &Context) -> Finding {
    let Some(look) = &ctx.kept else { return finding("keyring", Verdict::Note, "not looked into") };
    let place = match &look.place {
        Ok(place) => place,
        Err(error) => {
            return finding(
                "keyring",
                Verdict::Note,
                format!("{error}: `lifeboat unlock` does not work here"),
            );
        }
    };
    match &look.found {
        Found::Key(key) => finding(
            "keyring",
            Verdict::Note,
            format!(
                "the kernel's {} keeps this vault's key for {} more, for {}; `lifeboat lock` drops it",
                place.name(),
                in_words(key.until().saturating_sub(ctx.clock.now())),
                place.who()
            ),
        ),
        Found::Nothing => finding(
            "keyring",
            Verdict::Right,
            format!("no key of this vault is in the kernel's {}", place.name()),
        ),
        Found::Useless => finding(
            "keyring",
            Verdict::Note,
            "a key that does not open the vault any more was in the kernel's keyring, and was dropped",
        ),
    }
}

/// The clock against the times that are certain to have passed, and what keeps it right.
fn clock(ctx: &Context) -> Vec<Finding> {
    let now = ctx.clock.now();
    // From outside: the vault's id stands in its header, and no passphrase is needed.
    let last_use = unlock::look(ctx).ok().map(|vault| state::read(ctx, vault.id()).state.last_seen);
    let plausible = match clock::doubt(now, last_use.filter(|seen| *seen > 0)) {
        Some(doubt) => finding("clock", Verdict::Wrong, doubt.to_string()),
        None => finding(
            "clock",
            Verdict::Right,
            "plausible; `lifeboat doctor --compare CODE --with NAME` measures it by another device's code",
        ),
    };
    vec![plausible, time_server::kernel_flag(ctx.clock.unsynchronised()), time_server::look(ctx)]
}

fn vault(ctx: &Context) -> Finding {
    let shown = shown_path(&ctx.paths.vault);
    match unlock::presence(ctx) {
        Err(failure) => finding("vault", Verdict::Wrong, failure.to_string()),
        Ok(unlock::Presence::Absent) => finding(
            "vault",
            Verdict::Note,
            format!("none at {shown}: `lifeboat init` or `lifeboat restore BUNDLE`"),
        ),
        Ok(unlock::Presence::Present) => match unlock::look(ctx) {
            Ok(sealed) => finding(
                "vault",
                Verdict::Right,
                format!("{shown} is whole; opened by {}", sealed.ways().join(", or by ")),
            ),
            Err(failure) => {
                let cause = failure.causes().join(": ");
                finding("vault", Verdict::Wrong, format!("{failure}: {cause}; `lifeboat restore --previous`"))
            }
        },
    }
}

fn permissions(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    let vault = &ctx.paths.vault;
    let look = |path: &std::path::Path| ctx.disk.facts(path).ok().flatten();
    if let Some(facts) = look(vault) {
        if facts.kind == FileKind::Link {
            findings.push(finding(
                "vault file",
                Verdict::Note,
                "a link; changes are written where it points",
            ));
        } else if facts.mode & 0o077 != 0 {
            findings.push(finding(
                "permissions",
                Verdict::Wrong,
                format!(
                    "{} can be read by others (mode {:o}); the next change repairs it",
                    shown_path(vault),
                    facts.mode
                ),
            ));
        } else {
            findings.push(finding("permissions", Verdict::Right, "the vault is for its owner alone"));
        }
    }
    if let Some(folder) = vault.parent().filter(|folder| !folder.as_os_str().is_empty())
        && let Some(facts) = look(folder)
        && facts.mode & 0o022 != 0
    {
        findings.push(finding(
            "folder",
            Verdict::Wrong,
            format!("{} can be written by others (mode {:o}): chmod go-w", shown_path(folder), facts.mode),
        ));
    }
    findings
}

fn locks(ctx: &Context) -> Finding {
    if !matches!(unlock::presence(ctx), Ok(unlock::Presence::Present)) {
        return finding("locks", Verdict::Note, "not tried: there is no vault yet");
    }
    match lock::acquire(ctx.disk.as_ref(), &ctx.paths.vault, &mut |_| false) {
        Ok(lock) if lock.is_held() => finding("locks", Verdict::Right, "work: writers wait for each other"),
        Ok(_) => finding(
            "locks",
            Verdict::Wrong,
            "this file system has none; do not write from two places at once",
        ),
        Err(error) if error.is_would_block() => {
            finding("locks", Verdict::Note, "another process is writing now")
        }
        Err(error) => {
            finding("locks", Verdict::Note, format!("{error}: the vault can be read here, not changed"))
        }
    }
}

fn previous_generations(ctx: &Context) -> Finding {
    match previous::list(ctx.disk.as_ref(), &ctx.paths.vault) {
        Ok(found) if found.is_empty() => finding("previous", Verdict::Note, "no previous generation yet"),
        Ok(found) => finding(
            "previous",
            Verdict::Right,
            format!(
                "{} kept; `lifeboat restore --previous` puts one back",
                super::status::count(found.len(), "generation is", "generations are")
            ),
        ),
        Err(error) => finding("previous", Verdict::Wrong, error.to_string()),
    }
}

fn memory(ctx: &Context) -> Finding {
    let wanted = KdfParameters::BUNDLE;
    match unlock::free_memory_kib(ctx) {
        Some(free) if free < u64::from(wanted.memory_kib) => finding(
            "memory",
            Verdict::Wrong,
            format!("{} MiB are free; opening a bundle needs {} MiB", free >> 10, wanted.memory_mib()),
        ),
        Some(free) => finding(
            "memory",
            Verdict::Right,
            format!("{} MiB are free; a bundle needs {}", free >> 10, wanted.memory_mib()),
        ),
        None => finding("memory", Verdict::Note, "not known on this system"),
    }
}

/// Memory is not locked: the usual limit of 8 MiB would make the key derivation fail.
fn swap(ctx: &Context) -> Finding {
    let swaps = ctx.disk.read_special(std::path::Path::new("/proc/swaps"), 64 << 10);
    swap_of(swaps.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).as_deref())
}

/// Reads the kernel's list: a heading, then a line for each place.
fn swap_of(list: Option<&str>) -> Finding {
    let Some(list) = list else {
        return finding(
            "swap",
            Verdict::Note,
            "memory is not locked: encrypt the swap space, or a seed could be written there",
        );
    };
    let places: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    if places.is_empty() {
        return finding(
            "swap",
            Verdict::Right,
            "this machine has none; memory is not locked, and need not be",
        );
    }
    let (verdict, words) = if places.iter().all(|place| place.contains("zram")) {
        (Verdict::Right, "compressed memory alone, which no disk keeps")
    } else {
        (Verdict::Note, "memory is not locked: see that this is encrypted, or a seed could be written there")
    };
    let names: Vec<String> = places.into_iter().map(crate::entry::label::shown).collect();
    finding("swap", verdict, format!("{}: {words}", names.join(", ")))
}

/// Removes temporary files that a crash left beside the vault. Every writer does it too, under the lock.
///
/// # Errors
///
/// When the folder cannot be listed.
pub fn sweep(ctx: &Context) -> Result<usize, Failure> {
    let (_lock, _) = super::vault_file::lock_path(ctx, &ctx.paths.vault)?;
    atomic::sweep(ctx.disk.as_ref(), &ctx.paths.vault)
        .map_err(|error| super::vault_file::not_saved(&ctx.paths.vault, error))
}
