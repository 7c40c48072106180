//! A process that leaves no memory behind: no core dump, no reading by others of the same user.

/// Switches core dumps off and makes the process undumpable. Returns whether both are in force.
#[cfg(target_os = "linux")]
pub fn harden() -> bool {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let limited = setrlimit(Resource::Core, none).is_ok();
    set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok() && limited
}

/// Switches core dumps off. Returns whether that is in force.
#[cfg(all(unix, not(target_os = "linux")))]
pub fn harden() -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).is_ok()
}

/// Nothing is switched off on this system.
#[cfg(not(unix))]
pub fn harden() -> bool {
    false
}

/// Tells whether the process can still leave a core dump.
pub fn core_dumps_off() -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        getrlimit(Resource::Core).current == Some(0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Tells whether a shell of the same session could let the process go on once it has stopped.
///
/// Started straight by a terminal or by a connection, it would stand still for good.
pub fn can_be_continued() -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{getppid, getsid};
        match (getsid(None), getppid().map(|parent| getsid(Some(parent)))) {
            (Ok(own), Some(Ok(parents))) => own == parents,
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        false
    }
}
