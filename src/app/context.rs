//! Everything a use case needs from outside: time, randomness, the disk, the machine's name.
//!
//! This is the one place where the clock and the random generator of the system are named. Tests
//! bring their own; the shipped program has no switch that fakes either.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::failure::{Failure, Kind};
use super::keyring::Look;
use super::plan::editor::ReadyEditor;
use crate::entry::UnixSeconds;
use crate::envelope::{Ceiling, KdfParameters, SlotRandom};
use crate::platform::clipboard::{Clipboard, NotAtAll, Nothing};
use crate::platform::kernel_clock;
use crate::platform::keyring::{self, KeyringError, Place};
use crate::platform::sandbox::{Mode, Protection};
use crate::secret::SecretBytes;
use crate::settings::Settings;
use crate::storage::disk::{Disk, RealDisk};
use crate::storage::paths::Paths;

/// A log goes on in a new file from 4 MiB on: some ten thousand records, which are read in a moment.
pub const LOG_LIMIT: u64 = 4 << 20;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Seconds since 1970.
    fn now(&self) -> UnixSeconds;
    /// Milliseconds within the current second, for waking on its boundary.
    fn subsecond_millis(&self) -> u32;
    /// The machine's own time, which nobody can set; `None` where the system has none that counts sleep.
    fn since_boot(&self) -> Option<SinceBoot> {
        None
    }
    /// Whether the kernel says that no time server keeps the clock; `None` where it was not asked or does not tell.
    fn unsynchronised(&self) -> Option<bool> {
        None
    }
}

/// How long the machine has been running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SinceBoot {
    /// Milliseconds since it was started, with those in which it slept.
    pub millis: u64,
    /// Milliseconds in which it was awake.
    pub awake_millis: u64,
}

/// Fills buffers with unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    ///
    /// # Errors
    ///
    /// Says that the system gave none; nothing may be made without them.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// Says that the system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes")]
pub struct NoRandomness;

/// Keeps a secret outside the process for a while, where other processes can read it.
pub trait Keyring: Send + Sync {
    /// Where it would be kept.
    ///
    /// # Errors
    ///
    /// When there is no such place, or none that may be used.
    fn place(&self) -> Result<Place, KeyringError>;

    /// Keeps a secret under a name for so many seconds, in the place of what had the name before.
    ///
    /// # Errors
    ///
    /// What the keyring says; then it is not kept.
    fn keep(&self, name: &str, secret: &SecretBytes, seconds: u32) -> Result<(), KeyringError>;

    /// Reads what is kept under a name; `None` when nothing is, or nothing any more.
    ///
    /// # Errors
    ///
    /// When there is no keyring that may be used.
    fn read(&self, name: &str) -> Result<Option<SecretBytes>, KeyringError>;

    /// What a second process finds under a name, as [`keyring::proof`] of it with this nonce.
    ///
    /// # Errors
    ///
    /// When no second process can be asked, or when it finds nothing.
    fn read_elsewhere(&self, name: &str, nonce: &[u8; 32]) -> Result<[u8; 32], KeyringError>;

    /// Drops what is kept under a name. Says whether anything was.
    ///
    /// # Errors
    ///
    /// When there is no keyring that may be used, or when it stays nevertheless.
    fn forget(&self, name: &str) -> Result<bool, KeyringError>;
}

/// The Linux kernel's keyring.
#[derive(Debug, Clone, Copy, Default)]
pub struct KernelKeyring;

impl Keyring for KernelKeyring {
    fn place(&self) -> Result<Place, KeyringError> {
        keyring::place()
    }

    fn keep(&self, name: &str, secret: &SecretBytes, seconds: u32) -> Result<(), KeyringError> {
        keyring::keep(name, secret, seconds)
    }

    fn read(&self, name: &str) -> Result<Option<SecretBytes>, KeyringError> {
        keyring::read(name)
    }

    fn read_elsewhere(&self, name: &str, nonce: &[u8; 32]) -> Result<[u8; 32], KeyringError> {
        keyring::read_elsewhere(name, nonce)
    }

    fn forget(&self, name: &str) -> Result<bool, KeyringError> {
        keyring::forget(name)
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock {
    unsynchronised: Option<bool>,
}

impl SystemClock {
    /// Asks the kernel about its clock, which it no longer answers once the sandbox is closed.
    fn ask() -> Self {
        Self { unsynchronised: kernel_clock::unsynchronised() }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one clock that everything else is given")]
    fn since_epoch() -> Duration {
        // A clock before 1970 is told by `doctor`; codes of then are codes of zero.
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UnixSeconds {
        Self::since_epoch().as_secs()
    }

    fn subsecond_millis(&self) -> u32 {
        Self::since_epoch().subsec_millis()
    }

    fn unsynchronised(&self) -> Option<bool> {
        self.unsynchronised
    }

    #[cfg(target_os = "linux")]
    fn since_boot(&self) -> Option<SinceBoot> {
        use rustix::time::{ClockId, clock_gettime};
        let millis = |id| {
            let time = clock_gettime(id);
            let millis = time.tv_sec.checked_mul(1000)?.checked_add(time.tv_nsec / 1_000_000)?;
            u64::try_from(millis).ok()
        };
        Some(SinceBoot { millis: millis(ClockId::Boottime)?, awake_millis: millis(ClockId::Monotonic)? })
    }
}

/// The system's random generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// How new slots are derived, and how much an unknown file may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfPolicy {
    /// Cost of a vault's slots.
    pub vault: KdfParameters,
    /// Cost of a bundle's slots.
    pub bundle: KdfParameters,
    /// The ceiling on reading.
    pub ceiling: Ceiling,
}

impl Default for KdfPolicy {
    fn default() -> Self {
        Self { vault: KdfParameters::VAULT, bundle: KdfParameters::BUNDLE, ceiling: Ceiling::USUAL }
    }
}

/// Who is at work, as the operating system says it. The log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Login name or numeric user id.
    pub user: String,
    /// The machine's name.
    pub host: String,
}

/// What the use cases are given.
pub struct Context {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Seconds that are added to the clock for codes, in this run only; see [`super::clock`].
    pub correction: Arc<AtomicI64>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Files.
    pub disk: Arc<dyn Disk>,
    /// What keeps the vault's key for a while, where a person asks for it.
    pub keyring: Arc<dyn Keyring>,
    /// What the one look into the keyring has brought; `None` before it.
    pub kept: Option<Look>,
    /// What copies a code; see [`super::clipboard`].
    pub clipboard: Arc<dyn Clipboard>,
    /// A person's editor, where a command is to have one.
    pub editor: Option<ReadyEditor>,
    /// Where things lie.
    pub paths: Paths,
    /// The file of the running program, which goes into a kit; `None` where the system does not tell.
    pub program: Option<PathBuf>,
    /// Strength of new slots and the ceiling on reading.
    pub kdf: KdfPolicy,
    /// A log of so many bytes or more goes on in a new file.
    pub log_limit: u64,
    /// Who is at work.
    pub who: Who,
    /// Why, where somebody said so; goes into the log.
    pub reason: Option<String>,
    /// What holds in this run: the settings file, and before it the command line and the environment.
    pub settings: Arc<Settings>,
    /// What the kernel refuses this process, for `doctor` and the log.
    pub protection: Protection,
    /// Waits. Only the lock uses it.
    pub pause: Arc<dyn Fn(Duration) + Send + Sync>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("paths", &self.paths).field("who", &self.who).finish_non_exhaustive()
    }
}

impl Context {
    /// The real clock, randomness and disk, with the vault at `vault` or at its default place.
    ///
    /// # Errors
    ///
    /// When no home directory is known and no path was given.
    pub fn real(vault: Option<PathBuf>) -> Result<Self, Failure> {
        let paths = Paths::from_environment(vault).map_err(|error| {
            Failure::new(Kind::Io, "cannot tell where the vault lies")
                .because(error)
                .next("set HOME, or name the vault with --vault PATH")
        })?;
        Ok(Self {
            clock: Arc::new(SystemClock::ask()),
            correction: Arc::default(),
            random: Arc::new(SystemRandom),
            disk: Arc::new(RealDisk),
            keyring: Arc::new(KernelKeyring),
            kept: None,
            clipboard: Arc::new(NotAtAll(Nothing::NotWanted)),
            editor: None,
            paths,
            program: std::env::current_exe().ok(),
            kdf: KdfPolicy::default(),
            log_limit: LOG_LIMIT,
            who: who(),
            reason: None,
            settings: Arc::default(),
            protection: Protection::without_sandbox(Mode::Auto),
            pause: Arc::new(std::thread::sleep),
        })
    }

    /// The same clock, randomness and disk with other places and another strength, for the tour.
    pub(super) fn elsewhere(&self, paths: Paths, kdf: KdfPolicy) -> Self {
        Self {
            clock: Arc::clone(&self.clock),
            correction: Arc::clone(&self.correction),
            random: Arc::clone(&self.random),
            disk: Arc::clone(&self.disk),
            keyring: Arc::clone(&self.keyring),
            kept: None,
            clipboard: Arc::clone(&self.clipboard),
            editor: None,
            paths,
            program: self.program.clone(),
            kdf,
            log_limit: self.log_limit,
            who: self.who.clone(),
            reason: None,
            settings: Arc::clone(&self.settings),
            protection: self.protection.clone(),
            pause: Arc::clone(&self.pause),
        }
    }

    /// The same with other settings, which a person has changed while it runs.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            reason: self.reason.clone(),
            ..self.elsewhere(self.paths.clone(), self.kdf)
        }
    }

    /// The same for what is done for a reason.
    #[must_use]
    pub fn with_reason(&self, reason: String) -> Self {
        Self { reason: Some(reason), ..self.elsewhere(self.paths.clone(), self.kdf) }
    }

    /// Seconds since 1970 for codes: the clock's, corrected where somebody has corrected it for this run.
    /// Everything else, the log above all, keeps to the clock.
    pub fn code_time(&self) -> UnixSeconds {
        self.clock.now().saturating_add_signed(self.correction.load(Ordering::Relaxed))
    }

    /// A fixed number of random bytes.
    ///
    /// # Errors
    ///
    /// When the system gives none.
    pub fn random_bytes<const N: usize>(&self) -> Result<[u8; N], Failure> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|error| {
            Failure::new(Kind::Io, "nothing can be made without random bytes").because(error)
        })?;
        Ok(bytes)
    }

    /// A random suffix for a temporary file.
    pub(super) fn token(&self) -> Result<String, Failure> {
        Ok(data_encoding::HEXLOWER.encode(&self.random_bytes::<8>()?))
    }

    /// The random bytes of a new slot.
    pub(super) fn slot_random(&self) -> Result<SlotRandom, Failure> {
        Ok(SlotRandom {
            sid: self.random_bytes()?,
            salt: self.random_bytes()?,
            kdf_salt: self.random_bytes()?,
        })
    }
}

/// The login name and the machine's name, escaped, without asking any name service.
fn who() -> Who {
    let user = ["USER", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(user_id);
    let host = host_name().unwrap_or_else(|| "unknown".to_owned());
    Who { user: crate::entry::label::shown(&user), host: crate::entry::label::shown(&host) }
}

#[cfg(unix)]
fn user_id() -> String {
    format!("uid {}", rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn user_id() -> String {
    "unknown".to_owned()
}

#[cfg(unix)]
fn host_name() -> Option<String> {
    rustix::system::uname().nodename().to_str().ok().map(str::to_owned)
}

#[cfg(not(unix))]
fn host_name() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}
