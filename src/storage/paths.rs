//! Where things lie on this machine.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The name of the vault in the data folder.
const VAULT_NAME: &str = "vault.lifeboat";
/// The name of the settings in the configuration folder.
const SETTINGS_NAME: &str = "lifeboat.toml";

/// The paths that a run works with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The vault.
    pub vault: PathBuf,
    /// Where this machine remembers what it has seen; no secret lies there.
    pub state_dir: PathBuf,
    /// What a person has chosen; `None` where no home is known.
    pub settings: Option<PathBuf>,
}

/// Says that the environment names no home folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the environment names no home folder")]
pub struct NoHome;

impl Paths {
    /// The platform's places, with the vault where `vault` says. With a vault named, a missing home is
    /// no obstacle: the state then lies beside the vault.
    ///
    /// # Errors
    ///
    /// [`NoHome`] when neither is known.
    pub fn from_environment(vault: Option<PathBuf>) -> Result<Self, NoHome> {
        // Without HOME the home would be looked up by the user's name, which on many systems asks a service
        // over a socket. This program opens none, not even for that.
        let folders = if home_is_named() { ProjectDirs::from("", "", "lifeboat") } else { None };
        match (vault, folders) {
            (vault, Some(folders)) => Ok(Self {
                vault: vault.unwrap_or_else(|| folders.data_dir().join(VAULT_NAME)),
                state_dir: folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned(),
                settings: Some(folders.config_dir().join(SETTINGS_NAME)),
            }),
            (Some(vault), None) => {
                let mut state = vault.as_os_str().to_owned();
                state.push(".state");
                Ok(Self { vault, state_dir: PathBuf::from(state), settings: None })
            }
            (None, None) => Err(NoHome),
        }
    }
}

fn home_is_named() -> bool {
    !cfg!(unix) || std::env::var_os("HOME").is_some_and(|home| !home.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_that_is_named_lies_where_it_was_named_and_the_state_elsewhere() {
        let named = PathBuf::from("/media/stick/ana.vault");
        let paths = Paths::from_environment(Some(named.clone())).unwrap();
        assert_eq!(paths.vault, named);
        assert_ne!(paths.state_dir, named);
        assert_eq!(paths.settings.is_some(), home_is_named());
        assert!(paths.settings.is_none_or(|settings| settings.ends_with(SETTINGS_NAME)));
        // A machine that names no home has no place for a vault without a name.
        match Paths::from_environment(None) {
            Ok(paths) => assert!(paths.vault.ends_with(VAULT_NAME), "{}", paths.vault.display()),
            Err(error) => assert_eq!((error, home_is_named()), (NoHome, false)),
        }
    }
}
