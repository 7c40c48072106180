//! The filter is run as the kernel runs it, by an interpreter of the few instructions that it consists of.

use super::*;

const X86_64: u32 = 0xc000_003e;
const AARCH64: u32 = 0xc000_00b7;
const I386: u32 = 0x4000_0003;

#[cfg(target_arch = "x86_64")]
const HERE: u32 = X86_64;
#[cfg(target_arch = "aarch64")]
const HERE: u32 = AARCH64;

const ALLOWED: u32 = libc::SECCOMP_RET_ALLOW;
const KILLED: u32 = libc::SECCOMP_RET_KILL_PROCESS;
const REFUSED_WITH_EPERM: u32 = libc::SECCOMP_RET_ERRNO | 1;

/// What the kernel would answer to a call.
fn answer(program: &[sock_filter], arch: u32, number: i64, arguments: [u64; 6]) -> u32 {
    let mut data = Vec::new();
    data.extend(u32::try_from(number).unwrap().to_ne_bytes());
    data.extend(arch.to_ne_bytes());
    data.extend(0_u64.to_ne_bytes());
    data.extend(arguments.iter().flat_map(|argument| argument.to_ne_bytes()));
    let word = |at: u32| {
        let at = usize::try_from(at).unwrap();
        u32::from_ne_bytes(data[at..at + 4].try_into().unwrap())
    };
    let (mut accumulator, mut at) = (0, 0);
    loop {
        let instruction = &program[at];
        let branch = |taken: bool| usize::from(if taken { instruction.jt } else { instruction.jf });
        at += 1;
        match instruction.code {
            0x20 => accumulator = word(instruction.k),
            0x54 => accumulator &= instruction.k,
            0x05 => at += usize::try_from(instruction.k).unwrap(),
            0x15 => at += branch(accumulator == instruction.k),
            0x25 => at += branch(accumulator > instruction.k),
            0x35 => at += branch(accumulator >= instruction.k),
            0x06 => return instruction.k,
            code => panic!("the interpreter does not know {code:#x}"),
        }
    }
}

fn plain(action: Action, number: i64) -> u32 {
    answer(&program(action, None).unwrap(), HERE, number, [0; 6])
}

#[test]
fn every_listed_call_is_refused_and_ends_the_process_in_kill_mode() {
    let calls: Vec<i64> = REFUSED.iter().flat_map(|(_, calls)| calls.iter().copied()).collect();
    assert!(calls.len() > 50);
    for call in calls {
        assert_eq!(plain(Action::Refuse, call), REFUSED_WITH_EPERM, "{call}");
        assert_eq!(plain(Action::Kill, call), KILLED, "{call}");
    }
}

#[test]
fn what_the_program_lives_on_is_allowed() {
    for call in [
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_openat,
        libc::SYS_renameat2,
        libc::SYS_fsync,
        libc::SYS_flock,
        libc::SYS_getrandom,
        libc::SYS_clone,
        libc::SYS_clone3,
        libc::SYS_futex,
        libc::SYS_recvfrom,
        libc::SYS_ppoll,
        libc::SYS_kill,
        libc::SYS_exit_group,
        libc::SYS_mlockall,
    ] {
        assert_eq!(plain(Action::Kill, call), ALLOWED, "{call}");
    }
}

#[test]
fn arguments_decide_where_the_call_itself_is_needed() {
    let program = program(Action::Refuse, None).unwrap();
    let at = |place: usize, value: u64| {
        let mut arguments = [0; 6];
        arguments[place] = value;
        arguments
    };
    let executable = 1 << 2;
    for (call, arguments, expected) in [
        (libc::SYS_sendto, [0; 6], ALLOWED),
        (libc::SYS_sendto, at(4, 0x7fff_0000_0000), REFUSED_WITH_EPERM),
        (libc::SYS_sendto, at(4, 1), REFUSED_WITH_EPERM),
        (libc::SYS_socketpair, at(0, 1), ALLOWED),
        (libc::SYS_socketpair, at(0, 2), REFUSED_WITH_EPERM),
        (libc::SYS_ioctl, at(1, 0x5401), ALLOWED),
        (libc::SYS_ioctl, at(1, 0x5412), REFUSED_WITH_EPERM),
        // The kernel looks at the lower half of the number alone, and so must the filter.
        (libc::SYS_ioctl, at(1, 0xffff_ffff_0000_5412), REFUSED_WITH_EPERM),
        (libc::SYS_ioctl, at(1, 0x541c), REFUSED_WITH_EPERM),
        (libc::SYS_mmap, at(2, 3), ALLOWED),
        (libc::SYS_mmap, at(2, executable | 1), REFUSED_WITH_EPERM),
        (libc::SYS_mprotect, at(2, 3), ALLOWED),
        (libc::SYS_mprotect, at(2, executable), REFUSED_WITH_EPERM),
        (libc::SYS_pkey_mprotect, at(2, executable), REFUSED_WITH_EPERM),
    ] {
        assert_eq!(answer(&program, HERE, call, arguments), expected, "{call} {arguments:x?}");
    }
}

#[test]
fn a_call_of_another_architecture_ends_the_process() {
    for action in [Action::Refuse, Action::Kill] {
        let program = program(action, None).unwrap();
        for arch in [X86_64, AARCH64, I386].into_iter().filter(|arch| *arch != HERE) {
            assert_eq!(answer(&program, arch, 1, [0; 6]), KILLED, "{arch:#x}");
        }
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_call_by_an_x32_number_ends_the_process() {
    let program = program(Action::Refuse, None).unwrap();
    for number in [0x4000_0000, 0x4000_0001, 0x4000_0000 + libc::SYS_socket, 0x7fff_ffff, 0xffff_ffff] {
        assert_eq!(answer(&program, HERE, number, [0; 6]), KILLED, "{number:#x}");
    }
}

#[test]
fn what_starts_a_program_may_do_that_and_open_the_sockets_it_needs_and_nothing_else_of_the_list() {
    let needed = [SOCKETS, PROGRAMS];
    let calls = |wanted: bool| {
        let listed = REFUSED.iter().filter(move |(words, _)| needed.contains(words) == wanted);
        listed.flat_map(|(_, calls)| calls.iter().copied())
    };
    for (reach, refused_sockets) in [
        (Reach::Anything, [].as_slice()),
        (Reach::Connected, [libc::AF_PACKET, libc::AF_VSOCK].as_slice()),
        (Reach::Local, [libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK, libc::AF_PACKET].as_slice()),
    ] {
        let program = program(Action::Refuse, Some(reach)).unwrap();
        let of_socket = |domain: libc::c_int| {
            let arguments = [u64::try_from(domain).unwrap(), 0, 0, 0, 0, 0];
            answer(&program, HERE, libc::SYS_socket, arguments)
        };
        for call in calls(true).filter(|call| *call != libc::SYS_socket) {
            assert_eq!(answer(&program, HERE, call, [0; 6]), ALLOWED, "{reach:?} {call}");
        }
        for call in calls(false) {
            assert_eq!(answer(&program, HERE, call, [0; 6]), REFUSED_WITH_EPERM, "{reach:?} {call}");
        }
        assert_eq!(of_socket(libc::AF_UNIX), ALLOWED, "{reach:?}");
        for domain in refused_sockets {
            assert_eq!(of_socket(*domain), REFUSED_WITH_EPERM, "{reach:?} {domain}");
        }
        let executable = [0, 0, 1 << 2, 0, 0, 0];
        assert_eq!(answer(&program, HERE, libc::SYS_mmap, executable), ALLOWED);
        assert_eq!(answer(&program, HERE, libc::SYS_ioctl, [0, 0x5412, 0, 0, 0, 0]), REFUSED_WITH_EPERM);
    }
}
