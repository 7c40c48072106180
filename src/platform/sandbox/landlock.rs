//! Landlock: the paths that stay open, and nothing else; no program, no TCP, no signal to others.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, LandlockStatus, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, make_bitflags, path_beneath_rules,
};

use super::{LANDLOCK_ABI, Landlock, Places, Reach};

/// Rights of an ABI that was not tried are not asked for; the crate leaves out what the kernel lacks.
const TRIED: ABI = ABI::V7;

/// Where what is read comes from besides the folders that were named: free memory, swap, the generator.
const SYSTEM_FILES: [&str; 3] = ["/dev/urandom", "/proc/meminfo", "/proc/swaps"];

const READ: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | ReadDir});

/// No device, socket, pipe or link is ever made, and nothing moves from one folder to another.
const WRITE: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir
});

/// A terminal is asked for its size and its modes.
const TERMINAL: BitFlags<AccessFs> = make_bitflags!(AccessFs::{ReadFile | WriteFile | IoctlDev});

pub(super) fn close(places: &Places) -> Landlock {
    let status = match restrict(places) {
        Ok(status) => status,
        Err(error) => return Landlock::Missing(format!("the kernel refused the rules: {error}")),
    };
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, LandlockStatus::NotEnabled) => {
            Landlock::Missing("this kernel has Landlock, and it was not switched on at boot".to_owned())
        }
        (RulesetStatus::NotEnforced, _)
        | (_, LandlockStatus::NotEnabled | LandlockStatus::NotImplemented) => {
            Landlock::Missing("this kernel has no Landlock (Linux 5.13 and later can)".to_owned())
        }
        (_, LandlockStatus::Available { effective_abi, .. }) => {
            Landlock::InForce { abi: number(effective_abi).min(LANDLOCK_ABI), outputs: places.outputs }
        }
    }
}

fn restrict(places: &Places) -> Result<landlock::RestrictionStatus, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(TRIED))?
        .handle_access(AccessNet::from_all(TRIED))?
        .scope(Scope::from_all(TRIED))?
        .create()?
        .add_rules(path_beneath_rules(&places.readable, READ))?
        .add_rules(path_beneath_rules(SYSTEM_FILES.map(Path::new), READ))?
        .add_rules(path_beneath_rules(&places.writable, WRITE))?
        .add_rules(path_beneath_rules([Path::new("/dev/null")], WRITE))?
        .add_rules(path_beneath_rules([Path::new("/dev/tty")], TERMINAL))?
        .restrict_self()
}

/// Programs start, and read what they need; they write among temporary files alone. True when that is in force.
pub(super) fn close_for_program(reach: Reach) -> bool {
    restrict_for_program(reach).is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

fn restrict_for_program(reach: Reach) -> Result<landlock::RestrictionStatus, RulesetError> {
    let named = ["TMPDIR", "XDG_RUNTIME_DIR"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let temporary = named.filter(|place| place.is_absolute()).chain([PathBuf::from("/tmp")]);
    let mut rules = Ruleset::default().handle_access(AccessFs::from_all(TRIED))?;
    // What shows a desktop from elsewhere is reached over TCP, or by a socket without a name among files.
    if reach == Reach::Local {
        rules = rules.handle_access(AccessNet::from_all(TRIED))?.scope(Scope::AbstractUnixSocket)?;
    }
    rules
        .scope(Scope::Signal)?
        .create()?
        .add_rules(path_beneath_rules([Path::new("/")], READ | AccessFs::Execute))?
        .add_rules(path_beneath_rules(temporary, WRITE))?
        .add_rules(path_beneath_rules([Path::new("/dev/null")], WRITE))?
        .restrict_self()
}

/// Programs start, and read what they need; they write below one folder and on the terminal alone. True when that is
/// in force.
pub(super) fn close_for_editor(folder: &Path) -> bool {
    restrict_for_editor(folder).is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

fn restrict_for_editor(folder: &Path) -> Result<landlock::RestrictionStatus, RulesetError> {
    // Some editors mark a file that is being edited by a link.
    let writes = WRITE | AccessFs::MakeSym;
    Ruleset::default()
        .handle_access(AccessFs::from_all(TRIED))?
        .handle_access(AccessNet::from_all(TRIED))?
        .scope(Scope::AbstractUnixSocket)?
        .create()?
        .add_rules(path_beneath_rules([Path::new("/")], READ | AccessFs::Execute))?
        .add_rules(path_beneath_rules([folder], writes))?
        .add_rules(path_beneath_rules([Path::new("/dev/null")], WRITE))?
        .add_rules(path_beneath_rules(["/dev/tty", "/dev/pts"].map(Path::new), TERMINAL))?
        .restrict_self()
}

fn number(abi: ABI) -> u8 {
    abi.to_string().parse().unwrap_or(0)
}
