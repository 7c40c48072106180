//! Looks for a program once, so that what is run later is the file that was found.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The absolute path of a program: itself where it is one, or that of the first folder of PATH that has it.
///
/// Folders that are not absolute are passed over: what lies there depends on where the program was started.
pub fn find(path: &OsStr, name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|named| named.is_absolute() && may_be_run(named));
    }
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|named| may_be_run(named))
}

#[cfg(unix)]
fn may_be_run(path: &Path) -> bool {
    use rustix::fs::{Access, FileType, access, stat};
    let is_file =
        stat(path).is_ok_and(|facts| FileType::from_raw_mode(facts.st_mode) == FileType::RegularFile);
    is_file && access(path, Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_be_run(path: &Path) -> bool {
    path.metadata().is_ok_and(|facts| facts.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_its_absolute_path_alone() {
        let shell = find(OsStr::new("nowhere:/usr/bin:/bin"), "sh").unwrap();
        assert!(shell.is_absolute() && shell.ends_with("sh"));
        assert_eq!(find(OsStr::new(""), shell.to_str().unwrap()), Some(shell));
        for (path, name) in [
            ("/usr/bin:/bin", "no such program"),
            ("/usr", "bin"),
            ("", "sh"),
            ("/etc", "passwd"),
            ("/usr/bin:/bin", "./sh"),
        ] {
            assert_eq!(find(OsStr::new(path), name), None, "{path} {name}");
        }
    }
}
