//! The kernel's flag for a clock that no time server keeps, by adjtimex(2).
//!
//! This is the one file of the program with unsafe code, and it has one block of it: no well-kept crate has a
//! safe door to the call (`DECISIONS.md` says which were looked at). A test keeps `unsafe` out of every
//! other file.

/// Tells whether the kernel calls its clock unsynchronised (`STA_UNSYNC`): nothing has set it by a time server for
/// long, or ever. `None` where the system has no such flag, or does not tell it.
///
/// The kernel refuses the call once the sandbox is closed: with other arguments it sets the clock.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "reads a flag that the kernel tells in no other way")]
pub fn unsynchronised() -> Option<bool> {
    // SAFETY: `timex` is a plain C structure of integers (timex.h), for which all bytes zero are a value, and
    // `modes` 0 asks the kernel to change nothing. The kernel writes no more than the structure, which lives on
    // this stack until the call has returned, keeps no pointer to it, and needs no right to be read.
    let (answer, status) = unsafe {
        let mut clock: libc::timex = std::mem::zeroed();
        (libc::adjtimex(&raw mut clock), clock.status)
    };
    (answer >= 0).then_some(status & libc::STA_UNSYNC != 0)
}

/// Not asked on this system.
#[cfg(not(target_os = "linux"))]
pub fn unsynchronised() -> Option<bool> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn the_kernel_tells_the_flag_to_anybody_and_the_same_twice() {
        assert!(super::unsynchronised().is_some());
        assert_eq!(super::unsynchronised(), super::unsynchronised());
    }
}
