//! The Linux kernel's keyring: a secret that other processes of the session can read, for a while.
//!
//! The kernel keeps it in its own memory, which is never swapped out, and drops it when its time is over
//! or when it is told to. Whatever the kernel answers is passed on; a system without a keyring says so.
//! All calls come from the thread that the program starts with, before it has started another: which
//! keyrings a process has is a matter of each thread.

use std::ffi::OsString;
use std::io;

use crate::secret::SecretBytes;

/// Largest secret that is kept.
pub const LARGEST_SECRET: usize = 128;

/// The argument with which the program calls itself to read a secret back from a second process.
const READ_BACK: &str = "--keyring-read-back";

/// Binds the answer of the second process to this use.
const READ_BACK_CONTEXT: &[u8] = b"lifeboat/1/keyring-read-back\0";

/// The keyring that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The session keyring that the process inherited: its session's processes have it too.
    Session,
    /// There is no session keyring: all processes of the user without one share this keyring.
    UserSession,
}

impl Place {
    /// Its name, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "session keyring",
            Self::UserSession => "user-session keyring",
        }
    }

    /// Who can use what lies there.
    pub const fn who(self) -> &'static str {
        match self {
            Self::Session => "every process of this session",
            Self::UserSession => "every process of this user",
        }
    }
}

/// Why the keyring did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// This user may not have more keys (kernel.keys.maxkeys).
    #[error("this user may not keep more in the kernel's keyring")]
    Full,
    /// The second process could not be started.
    #[error("a second process could not be started to read the key back")]
    NoSecondProcess(#[source] io::Error),
    /// A filter or a security module forbids it: usual in containers.
    #[error("the kernel does not let this process use its keyring")]
    Refused,
    /// The kernel's answer, by name or number.
    #[error("the kernel's keyring said {0}")]
    Said(String),
    /// The second process does not find the key, or finds another.
    #[error("a second process of this session does not find it there")]
    Unreadable,
    /// Not Linux, or a kernel without keyrings.
    #[error("this system has no kernel keyring")]
    Unsupported,
}

/// What a second process answers when it finds the secret: only who has the secret can say it.
///
/// The nonce is new for each question, so that no earlier answer fits.
pub fn proof(nonce: &[u8; 32], secret: &SecretBytes) -> [u8; 32] {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new_with_prefix(READ_BACK_CONTEXT);
    hash.update(nonce);
    hash.update(secret.expose());
    hash.finalize().into()
}

/// Starts the program a second time and gives what it answers for a secret, as [`proof`] makes it.
///
/// Arguments and answer hold a name, a nonce and a hash, and the second process gets no environment.
///
/// # Errors
///
/// [`KeyringError::NoSecondProcess`], or [`KeyringError::Unreadable`] when it does not find the secret.
pub fn read_elsewhere(name: &str, nonce: &[u8; 32]) -> Result<[u8; 32], KeyringError> {
    use std::process::{Command, Stdio};
    // The file that runs, even where another one has taken its name meanwhile.
    let output = Command::new("/proc/self/exe")
        .args([READ_BACK, name, &data_encoding::HEXLOWER.encode(nonce)])
        .env_clear()
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(KeyringError::NoSecondProcess)?;
    let answer = data_encoding::HEXLOWER.decode(output.stdout.trim_ascii_end());
    answer.ok().and_then(|answer| answer.try_into().ok()).ok_or(KeyringError::Unreadable)
}

/// What the second process has to print, where the arguments say that this is one; empty when the secret
/// is not to be found.
pub fn answer(arguments: impl IntoIterator<Item = OsString>) -> Option<String> {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next()? != READ_BACK {
        return None;
    }
    let mut answer = || {
        let name = arguments.next()?.into_string().ok()?;
        let nonce = data_encoding::HEXLOWER.decode(arguments.next()?.to_str()?.as_bytes()).ok()?;
        let secret = read(&name).ok()??;
        Some(data_encoding::HEXLOWER.encode(&proof(&nonce.try_into().ok()?, &secret)))
    };
    Some(answer().unwrap_or_default())
}

#[cfg(target_os = "linux")]
pub use kernel::{forget, keep, place, read};

#[cfg(target_os = "linux")]
mod kernel {
    use linux_keyutils::{Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};

    use super::{KeyringError, LARGEST_SECRET, Place};
    use crate::secret::SecretBytes;

    /// `ENOSYS`, the same number on every architecture that the program is built for.
    const NO_SUCH_CALL: i32 = 38;

    impl From<KeyError> for KeyringError {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "what has no words of its own is told by its name"
        )]
        fn from(error: KeyError) -> Self {
            match error {
                KeyError::OperationNotSupported | KeyError::Unknown(NO_SUCH_CALL) => Self::Unsupported,
                KeyError::AccessDenied | KeyError::PermissionDenied => Self::Refused,
                KeyError::QuotaExceeded => Self::Full,
                other => Self::Said(other.to_string()),
            }
        }
    }

    /// The session keyring that was inherited. Where there is none, the kernel gives the user-session
    /// keyring for it, as long as it is not asked to make one.
    fn session() -> Result<KeyRing, KeyError> {
        KeyRing::from_special_id(KeyRingIdentifier::Session, false)
    }

    /// Which keyring is used here.
    ///
    /// # Errors
    ///
    /// [`KeyringError`] when there is none, or none that may be used.
    pub fn place() -> Result<Place, KeyringError> {
        let session = session()?;
        let shared = KeyRing::from_special_id(KeyRingIdentifier::UserSession, false);
        Ok(if shared == Ok(session) { Place::UserSession } else { Place::Session })
    }

    /// Keeps a secret under a name for so many seconds, in the place of one that had the name before.
    ///
    /// Its possessor alone may see, find and read it, and nobody may change it: neither its content nor its
    /// rights nor its time.
    ///
    /// # Errors
    ///
    /// [`KeyringError`]; then it is not kept.
    pub fn keep(name: &str, secret: &SecretBytes, seconds: u32) -> Result<(), KeyringError> {
        let session = session()?;
        // In the keyring of this process first, which ends with it: killed between two steps, it leaves no
        // key without a limit behind.
        let own = KeyRing::from_special_id(KeyRingIdentifier::Process, true)?;
        let key = own.add_key(name, secret.expose())?;
        let made = last_for(key, session, seconds);
        if made.is_err() {
            let _dropped = key.invalidate();
        } else {
            own.unlink_key(key)?;
        }
        Ok(made?)
    }

    fn last_for(key: Key, session: KeyRing, seconds: u32) -> Result<(), KeyError> {
        let for_use = || Permission::VIEW | Permission::READ | Permission::SEARCH;
        let rights = |possessor| KeyPermissionsBuilder::builder().posessor(possessor).build();
        key.set_perms(rights(for_use() | Permission::LINK | Permission::SETATTR))?;
        key.set_timeout(usize::try_from(seconds).unwrap_or(usize::MAX))?;
        // A key of the same name is displaced, and with its last link it is gone.
        session.link_key(key)?;
        key.set_perms(rights(for_use()))
    }

    /// Reads what is kept under a name; `None` when nothing is, or nothing any more.
    ///
    /// # Errors
    ///
    /// [`KeyringError`] when there is no keyring that may be used.
    pub fn read(name: &str) -> Result<Option<SecretBytes>, KeyringError> {
        let key = match session().and_then(|session| session.search(name)) {
            Ok(key) => key,
            Err(error) if is_gone(error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut secret = SecretBytes::with_capacity(LARGEST_SECRET);
        let buffer = secret.expose_mut();
        buffer.resize(LARGEST_SECRET, 0);
        let length = match key.read(buffer) {
            Ok(length) => length,
            Err(error) if is_gone(error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // The kernel tells the whole length; what is longer than the buffer is not ours.
        buffer.truncate(if length > LARGEST_SECRET { 0 } else { length });
        Ok(Some(secret))
    }

    /// Drops what is kept under a name, now. Says whether anything was.
    ///
    /// The user-session keyring is looked into as well: what was kept there before a session keyring came
    /// must not stay behind.
    ///
    /// # Errors
    ///
    /// [`KeyringError`] when there is no keyring that may be used, or when it stays nevertheless.
    pub fn forget(name: &str) -> Result<bool, KeyringError> {
        let mut dropped = forget_in(session()?, name)?;
        if place()? == Place::Session {
            // Linked to the keyring of this process, what lies in the other one can be used by it.
            let own = KeyRing::from_special_id(KeyRingIdentifier::Process, true)?;
            own.link_keyring_id(KeyRingIdentifier::UserSession)?;
            dropped |= forget_in(own, name)?;
            own.unlink_keyring_id(KeyRingIdentifier::UserSession)?;
        }
        Ok(dropped)
    }

    /// The kernel wipes a key that has become invalid, whoever else has a link to it.
    fn forget_in(ring: KeyRing, name: &str) -> Result<bool, KeyError> {
        match ring.search(name).and_then(|key| key.invalidate()) {
            Ok(()) => Ok(true),
            Err(error) if is_gone(error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn is_gone(error: KeyError) -> bool {
        matches!(
            error,
            KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked | KeyError::KeyRejected
        )
    }
}

#[cfg(not(target_os = "linux"))]
pub use nowhere::{forget, keep, place, read};

#[cfg(not(target_os = "linux"))]
mod nowhere {
    use super::{KeyringError, Place};
    use crate::secret::SecretBytes;

    /// There is none.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn place() -> Result<Place, KeyringError> {
        Err(KeyringError::Unsupported)
    }

    /// Keeps nothing.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn keep(_name: &str, _secret: &SecretBytes, _seconds: u32) -> Result<(), KeyringError> {
        Err(KeyringError::Unsupported)
    }

    /// Finds nothing.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn read(_name: &str) -> Result<Option<SecretBytes>, KeyringError> {
        Err(KeyringError::Unsupported)
    }

    /// Drops nothing.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn forget(_name: &str) -> Result<bool, KeyringError> {
        Err(KeyringError::Unsupported)
    }
}
