//! Seccomp: a list of system calls that this program has no use for once it runs.
//!
//! A list of what is refused, not of what is allowed: the calls that the standard library and the C
//! library make differ between versions, and a program that ends because of a new one on the night when
//! it is needed would be worse than none. What is on the list is what lets data out, starts another
//! program, reaches into another process or the kernel, or takes the refusals themselves away. Threads
//! stay possible, and so do pairs of sockets inside the process, by which signals are passed on.

use std::collections::BTreeMap;

use rustix::thread::{SecureComputingMode, secure_computing_mode};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter_all_threads, sock_filter,
};

use super::{Action, Reach, Seccomp};

const SOCKETS: &str = "sockets";
const PROGRAMS: &str = "starting programs";

/// What is refused whatever its arguments, in words and by number.
const REFUSED: [(&str, &[i64]); 8] = [
    (
        SOCKETS,
        &[
            libc::SYS_socket,
            libc::SYS_connect,
            libc::SYS_bind,
            libc::SYS_listen,
            libc::SYS_accept,
            libc::SYS_accept4,
            // Over a socket that a parent left open; descriptors travel in these too.
            libc::SYS_sendmsg,
            libc::SYS_sendmmsg,
            libc::SYS_recvmsg,
            libc::SYS_recvmmsg,
        ],
    ),
    (PROGRAMS, &[libc::SYS_execve, libc::SYS_execveat]),
    (
        "other processes' memory and descriptors",
        &[
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_process_madvise,
            libc::SYS_pidfd_getfd,
            libc::SYS_kcmp,
        ],
    ),
    // It can do most of what is refused here without the system calls that are looked at.
    ("io_uring", &[libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register]),
    ("the kernel's keyrings", &[libc::SYS_keyctl, libc::SYS_add_key, libc::SYS_request_key]),
    (
        "BPF, tracing, kernel modules, other kernels",
        &[
            libc::SYS_bpf,
            libc::SYS_perf_event_open,
            libc::SYS_userfaultfd,
            libc::SYS_init_module,
            libc::SYS_finit_module,
            libc::SYS_delete_module,
            libc::SYS_kexec_load,
            KEXEC_FILE_LOAD,
            libc::SYS_reboot,
            libc::SYS_swapon,
            libc::SYS_swapoff,
            libc::SYS_acct,
            libc::SYS_syslog,
            libc::SYS_quotactl,
            libc::SYS_personality,
        ],
    ),
    (
        "mounts and namespaces",
        &[
            libc::SYS_mount,
            libc::SYS_umount2,
            libc::SYS_mount_setattr,
            libc::SYS_move_mount,
            libc::SYS_open_tree,
            libc::SYS_fsopen,
            libc::SYS_fspick,
            libc::SYS_fsconfig,
            libc::SYS_fsmount,
            libc::SYS_pivot_root,
            libc::SYS_chroot,
            libc::SYS_setns,
            libc::SYS_unshare,
            // Opens files past the rules for paths.
            libc::SYS_open_by_handle_at,
        ],
    ),
    (
        "setting the clock or the machine's name",
        &[
            libc::SYS_settimeofday,
            libc::SYS_clock_settime,
            // Both can be asked without setting anything, which nothing here does.
            libc::SYS_adjtimex,
            libc::SYS_clock_adjtime,
            libc::SYS_sethostname,
            libc::SYS_setdomainname,
        ],
    ),
];

/// What is refused for some arguments alone, in words.
const REFUSED_BY_ARGUMENT: [&str; 4] = [
    "sending to an address",
    "sockets in pairs that leave the process",
    "typing into the terminal in the person's place",
    "new executable memory",
];

/// Not named by the libc crate for every C library; from Linux's tables of system calls.
#[cfg(target_arch = "x86_64")]
const KEXEC_FILE_LOAD: i64 = 320;
#[cfg(target_arch = "aarch64")]
const KEXEC_FILE_LOAD: i64 = 294;

/// Requests to a terminal, from Linux's `asm-generic/ioctls.h`: types a character for the person; does
/// that and more on a console. The C libraries differ in the type of the number.
const TIOCSTI: u64 = 0x5412;
const TIOCLINUX: u64 = 0x541c;

/// The numbers of the 32-bit system calls that x86-64 also takes begin here.
#[cfg(target_arch = "x86_64")]
const X32_CALLS: u32 = 0x4000_0000;

/// Closes it. With a reach, starting programs stays open, and what that takes.
pub(super) fn close(action: Action, for_program: Option<Reach>) -> Seccomp {
    match install(action, for_program) {
        Ok(()) => {
            let by_argument = REFUSED_BY_ARGUMENT.iter().copied();
            let refuses = refused(for_program).map(|(words, _)| words).chain(by_argument).collect();
            Seccomp::InForce { action, refuses }
        }
        Err(error) => Seccomp::Refused(error),
    }
}

/// What is refused whatever its arguments.
fn refused(for_program: Option<Reach>) -> impl Iterator<Item = (&'static str, &'static [i64])> {
    let is_refused = move |words: &&str| for_program.is_none() || ![SOCKETS, PROGRAMS].contains(words);
    REFUSED.iter().copied().filter(move |(words, _)| is_refused(words))
}

fn install(action: Action, for_program: Option<Reach>) -> Result<(), String> {
    let program = program(action, for_program).map_err(|error| error.to_string())?;
    apply_filter_all_threads(&program).map_err(|error| error.to_string())?;
    // The kernel itself is asked, so that what doctor says was not merely meant.
    match secure_computing_mode() {
        Ok(SecureComputingMode::Filter) => Ok(()),
        Ok(_) => Err("it was taken and is not in force".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The filter. A call of another architecture ends the process in either case.
fn program(action: Action, for_program: Option<Reach>) -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        refused(for_program).flat_map(|(_, calls)| calls).map(|call| (*call, Vec::new())).collect();
    rules.extend(by_argument(for_program)?);
    let answer = match action {
        Action::Refuse => SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        Action::Kill => SeccompAction::KillProcess,
    };
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        answer,
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?;
    let mut program = BpfProgram::try_from(filter)?;
    refuse_x32(&mut program);
    Ok(program)
}

/// Rules for calls that are needed, and not with every argument.
fn by_argument(
    for_program: Option<Reach>,
) -> Result<Vec<(i64, Vec<SeccompRule>)>, seccompiler::BackendError> {
    let any = |conditions: Vec<SeccompCondition>| {
        conditions
            .into_iter()
            .map(|condition| SeccompRule::new(vec![condition]))
            .collect::<Result<Vec<_>, _>>()
    };
    let low = |argument, operator, value: libc::c_int| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, u64::from(value.unsigned_abs()))
    };
    let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
    let runs = || low(2, SeccompCmpOp::MaskedEq(executable), libc::PROT_EXEC);
    let request = |number| SeccompCondition::new(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, number);
    let mut rules = vec![
        (libc::SYS_socketpair, any(vec![low(0, SeccompCmpOp::Ne, libc::AF_UNIX)?])?),
        // What is typed this way goes to the shell once the program has ended.
        (libc::SYS_ioctl, any(vec![request(TIOCSTI)?, request(TIOCLINUX)?])?),
    ];
    if matches!(for_program, None | Some(Reach::Local)) {
        // `send` on a pair of sockets passes no address.
        let addressed = SeccompCondition::new(4, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0)?;
        rules.push((libc::SYS_sendto, any(vec![addressed])?));
    }
    let of_program: &[libc::c_int] = match for_program {
        // Starting a program makes its code executable.
        None => {
            rules.extend([
                (libc::SYS_mmap, any(vec![runs()?])?),
                (libc::SYS_mprotect, any(vec![runs()?])?),
                (libc::SYS_pkey_mprotect, any(vec![runs()?])?),
            ]);
            &[]
        }
        Some(Reach::Anything) => &[],
        // Looking up a name asks the kernel for its addresses.
        Some(Reach::Connected) => &[libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK],
        Some(Reach::Local) => &[libc::AF_UNIX],
    };
    if !of_program.is_empty() {
        let others = of_program.iter().map(|domain| low(0, SeccompCmpOp::Ne, *domain));
        rules.push((libc::SYS_socket, vec![SeccompRule::new(others.collect::<Result<_, _>>()?)?]));
    }
    Ok(rules)
}

/// Ends the process at a call by an x32 number: the same calls once more, past every rule above.
#[cfg(target_arch = "x86_64")]
fn refuse_x32(program: &mut BpfProgram) {
    const LOAD_WORD: u16 = 0x20;
    const JUMP_IF_AT_LEAST: u16 = 0x35;
    const RETURN: u16 = 0x06;
    let step = |code, jf, k| sock_filter { code, jt: 0, jf, k };
    // Right after the number was loaded. Jumps are relative and lead forward, so that none is displaced.
    let loads_number = |instruction: &sock_filter| instruction.code == LOAD_WORD && instruction.k == 0;
    if let Some(loaded) = program.iter().position(loads_number) {
        let ends = [step(JUMP_IF_AT_LEAST, 1, X32_CALLS), step(RETURN, 0, libc::SECCOMP_RET_KILL_PROCESS)];
        program.splice(loaded + 1..=loaded, ends);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn refuse_x32(_program: &mut BpfProgram) {}

#[cfg(test)]
mod tests;
