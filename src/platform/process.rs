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

/// Tells whether other processes of the same user are kept from this one's memory; `None` where the
/// system has no such switch that could be asked.
pub fn undumpable() -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, dumpable_behavior};
        dumpable_behavior().ok().map(|behavior| behavior == DumpableBehavior::NotDumpable)
    }
    #[cfg(not(target_os = "linux"))]
    {
        None
    }
}

/// Tells whether no program started from here could gain privileges; `None` where the system has no
/// such switch.
pub fn no_new_privileges() -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        rustix::thread::no_new_privs().ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        None
    }
}

/// Tells whether a shell could let the process go on once it has stopped.
///
/// A shell with job control puts what it starts into a group of its own. Started straight by a terminal
/// or a connection, the process is in the group that leads the session, and would stand still for good.
pub fn can_be_continued() -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{getpgrp, getsid};
        getsid(None).is_ok_and(|session| session != getpgrp())
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Bytes of the stack that are wiped: more than any use case takes, in a debug build too, and far less than
/// the 2 MiB of a thread.
const STACK_BYTES: usize = 384 << 10;

/// Overwrites the stack below the caller, where the functions that it called have left copies of what they
/// worked with: registers spilled in a cipher, a key on its way into a `Vec`, the characters of a passphrase.
///
/// No destructor reaches these, because moving a value leaves its old place as it was. It takes some ten
/// microseconds. What the caller itself holds in its frame is not reached.
#[inline(never)]
pub fn wipe_stack() {
    #[expect(clippy::large_stack_arrays, reason = "being large on the stack is what it is for")]
    let mut room = [0_u8; STACK_BYTES];
    // The compiler has to believe that somebody looks at the zeros.
    std::hint::black_box(&mut room);
}
