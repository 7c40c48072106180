//! What differs between systems: open flags, permission bits, folder syncs, locks.

#[cfg(not(unix))]
pub(super) use elsewhere::*;
#[cfg(unix)]
pub(super) use unix::*;

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
    use std::path::Path;

    use rustix::fs::OFlags;

    use super::super::Identity;

    fn flags(flags: OFlags) -> i32 {
        i32::try_from(flags.bits()).unwrap_or(0)
    }

    pub(in super::super) fn without_blocking(options: &mut OpenOptions) {
        options.custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY));
    }

    pub(in super::super) fn without_blocking_or_links(options: &mut OpenOptions) {
        options.custom_flags(flags(OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW));
    }

    #[expect(clippy::unnecessary_wraps, reason = "other systems have no such numbers")]
    pub(in super::super) fn identity(metadata: &fs::Metadata) -> Option<Identity> {
        Some(Identity { device: metadata.dev(), number: metadata.ino() })
    }

    /// Root may do anything anyway.
    pub(in super::super) fn is_foreign(metadata: &fs::Metadata) -> bool {
        ![0, rustix::process::geteuid().as_raw()].contains(&metadata.uid())
    }

    pub(in super::super) fn private(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(in super::super) fn mode(metadata: &fs::Metadata) -> u32 {
        metadata.permissions().mode() & 0o7777
    }

    pub(in super::super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    pub(in super::super) fn create_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)
    }

    pub(in super::super) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// What network file systems and document portals answer when they have no locks.
    pub(in super::super) fn lock_error(error: io::Error) -> io::Error {
        use rustix::io::Errno;
        let unsupported = [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::INVAL];
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(errno) if unsupported.contains(&errno) => io::Error::new(io::ErrorKind::Unsupported, error),
            _ => error,
        }
    }
    /// Reading back is to ask the medium, not the memory that was just written: a USB stick may hold
    /// something else. It is advice, so an answer other than yes changes nothing.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub(in super::super) fn forget_cached(file: &File) {
        let _advised = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(in super::super) fn forget_cached(_file: &File) {}

    /// tmpfs and ramfs, by their numbers in the kernel's `magic.h`. What tmpfs holds can be swapped out.
    #[cfg(target_os = "linux")]
    pub(in super::super) fn is_in_memory(folder: &Path) -> io::Result<bool> {
        const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
        let kind = rustix::fs::statfs(folder)?.f_type;
        // The type differs between architectures, and so does its sign.
        Ok(IN_MEMORY.iter().any(|number| i128::from(*number) == i128::from(kind) & 0xffff_ffff))
    }

    #[cfg(not(target_os = "linux"))]
    pub(in super::super) fn is_in_memory(_folder: &Path) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    pub(in super::super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(|errno| {
            let unsupported = [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP];
            let error = io::Error::from(errno);
            if unsupported.contains(&errno) {
                io::Error::new(io::ErrorKind::Unsupported, error)
            } else {
                error
            }
        })
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    pub(in super::super) fn rename_new(_from: &Path, _to: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::path::Path;

    use super::super::Identity;

    pub(in super::super) fn without_blocking(_options: &mut OpenOptions) {}

    pub(in super::super) fn private(_options: &mut OpenOptions) {}

    pub(in super::super) fn mode(_metadata: &fs::Metadata) -> u32 {
        0
    }

    pub(in super::super) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn create_folder(folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    pub(in super::super) fn sync_folder(_folder: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn lock_error(error: io::Error) -> io::Error {
        error
    }

    pub(in super::super) fn without_blocking_or_links(_options: &mut OpenOptions) {}

    pub(in super::super) fn identity(_metadata: &fs::Metadata) -> Option<Identity> {
        None
    }

    pub(in super::super) fn is_foreign(_metadata: &fs::Metadata) -> bool {
        false
    }

    pub(in super::super) fn forget_cached(_file: &File) {}

    pub(in super::super) fn is_in_memory(_folder: &Path) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in super::super) fn rename_new(_from: &Path, _to: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io;

    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_file_system_without_locks_is_told_from_one_that_fails() {
        for errno in [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::INVAL] {
            assert_eq!(lock_error(errno.into()).kind(), io::ErrorKind::Unsupported, "{errno:?}");
        }
        for errno in [Errno::IO, Errno::ACCESS, Errno::INTR] {
            let error = lock_error(errno.into());
            assert_eq!(error.raw_os_error(), Some(errno.raw_os_error()), "{errno:?}");
        }
        assert_eq!(lock_error(io::ErrorKind::WouldBlock.into()).kind(), io::ErrorKind::WouldBlock);
    }
}
