//! The sandbox, closed for real in a process of its own: this binary starts itself once more, closes the
//! sandbox in there, and tries on purpose what must not work.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lifeboat::platform::sandbox::{Landlock, Mode, Seccomp};

use crate::support::Sandbox;

/// Names the folder to work in, in the process that is sandboxed.
const FOLDER: &str = "LIFEBOAT_TEST_SANDBOXED_IN";
/// Names the mode.
const MODE: &str = "LIFEBOAT_TEST_SANDBOX_MODE";

const EPERM: i32 = 1;
const EACCES: i32 = 13;
const SIGSYS: i32 = 31;

/// Starts this binary again with one test, which does its work because the folder is named.
fn in_a_process_of_its_own(test: &str, mode: &str, folder: &Path) -> Output {
    let name = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(MODE, mode)
        .output()
        .unwrap()
}

/// The folder, in the process that is to be sandboxed; `None` in an ordinary run of the tests.
fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Closes the sandbox as the shipped program does for a command with one output.
fn close(home: &Path) {
    let mode = if std::env::var(MODE).unwrap() == "kill" { Mode::Kill } else { Mode::Auto };
    let mut ctx = Sandbox::empty().context();
    ctx.paths.vault = home.join("vault-folder/vault.lifeboat");
    ctx.paths.state_dir = home.join("state/lifeboat");
    ctx.paths.settings = Some(home.join("settings/lifeboat.toml"));
    let outputs = [home.join("outputs/bundle.lifeboat")];
    match lifeboat::app::sandbox::close(&mut ctx, mode, Some(&outputs)) {
        Ok(()) => match (ctx.protection.seccomp, ctx.protection.landlock) {
            (Seccomp::InForce { .. }, Landlock::InForce { abi, .. }) => {
                say("landlock", format_args!("ABI {abi}"));
            }
            (_, Landlock::Missing(why)) => say("unsupported", why),
            other => say("unsupported", format_args!("{other:?}")),
        },
        Err(failure) => say("unsupported", failure.causes().join(": ")),
    }
}

#[expect(clippy::print_stdout, reason = "the process that started this one reads it")]
fn say(name: &str, outcome: impl std::fmt::Display) {
    println!("\n@{name}={outcome}");
}

fn attempt<T>(name: &str, outcome: io::Result<T>) {
    match outcome {
        Ok(_) => say(name, "worked"),
        Err(error) => {
            say(name, error.raw_os_error().map_or_else(|| error.to_string(), |code| code.to_string()));
        }
    }
}

fn said(output: &Output) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = text.lines().filter_map(|line| line.strip_prefix('@')?.split_once('='));
    pairs.map(|(name, outcome)| (name.to_owned(), outcome.to_owned())).collect()
}

/// False, loudly, where this kernel can't do it; under CI=true that is a failure.
#[expect(clippy::print_stderr, reason = "what was skipped must be seen")]
fn is_supported(said: &BTreeMap<String, String>) -> bool {
    let Some(why) = said.get("unsupported") else { return true };
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "this kernel has no sandbox: {why}");
    eprintln!("SKIPPED: this kernel has no sandbox: {why}");
    false
}

fn prepared() -> Sandbox {
    let sandbox = Sandbox::empty();
    for name in ["vault-folder", "state", "outputs", "settings", "elsewhere"] {
        fs::create_dir(sandbox.path(name)).unwrap();
    }
    sandbox.write("elsewhere/kept", "kept");
    sandbox.write("outputs/link-target", "");
    sandbox.write("settings/lifeboat.toml", "");
    symlink(sandbox.path("elsewhere/kept"), sandbox.path("outputs/link")).unwrap();
    sandbox
}

fn write_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}

#[test]
fn attempts_at_the_network_and_at_programs() {
    let Some(home) = folder() else { return };
    // A name is looked up by opening a socket to a name server or to the name service's cache.
    let before = UdpSocket::bind("127.0.0.1:0").unwrap();
    close(&home);
    attempt("tcp-connect", TcpStream::connect("127.0.0.1:9"));
    attempt("tcp-listen", TcpListener::bind("127.0.0.1:0"));
    attempt("udp", UdpSocket::bind("127.0.0.1:0"));
    attempt("udp-opened-before", before.send_to(b"seed", "127.0.0.1:9"));
    attempt("unix-connect", UnixStream::connect("/run/nscd/socket"));
    attempt("unix-listen", UnixListener::bind(home.join("outputs/socket")));
    attempt("unix-datagram", UnixDatagram::unbound());
    say("name", if ("lifeboat.invalid", 80).to_socket_addrs().is_ok() { "worked" } else { "refused" });
    attempt("program", Command::new(std::env::current_exe().unwrap()).arg("--help").output());
    attempt("in-a-thread", std::thread::spawn(|| TcpStream::connect("127.0.0.1:9")).join().unwrap());
    // What the program itself needs goes on: crossterm and signal-hook pass signals through a pair.
    attempt("pair", UnixStream::pair().and_then(|(mut one, _)| io::Write::write_all(&mut one, b"x")));
}

#[test]
fn no_socket_and_no_program_can_be_had() {
    let sandbox = prepared();
    let output = in_a_process_of_its_own("attempts_at_the_network_and_at_programs", "auto", sandbox.home());
    let mut said = said(&output);
    if !is_supported(&said) {
        return;
    }
    said.remove("landlock");
    let expected = [
        ("tcp-connect", "1"),
        ("tcp-listen", "1"),
        ("udp", "1"),
        ("udp-opened-before", "1"),
        ("unix-connect", "1"),
        ("unix-listen", "1"),
        ("unix-datagram", "1"),
        ("name", "refused"),
        ("program", "1"),
        ("in-a-thread", "1"),
        ("pair", "worked"),
    ];
    let expected: BTreeMap<String, String> =
        expected.into_iter().map(|(name, outcome)| (name.to_owned(), outcome.to_owned())).collect();
    assert_eq!(said, expected, "\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn attempts_at_files() {
    let Some(home) = folder() else { return };
    close(&home);
    let outside = home.join("elsewhere/kept");
    attempt("write-outside", write_to(&home.join("elsewhere/new")));
    attempt("truncate-outside", write_to(&outside));
    attempt("append-outside", OpenOptions::new().append(true).open(&outside));
    attempt("write-through-a-link", write_to(&home.join("outputs/link")));
    attempt("remove-outside", fs::remove_file(&outside));
    attempt("folder-outside", fs::create_dir(home.join("elsewhere/folder")));
    attempt("move-out", fs::rename(home.join("outputs/link-target"), home.join("elsewhere/moved")));
    attempt("bring-in", fs::rename(&outside, home.join("outputs/brought")));
    attempt("link-in", fs::hard_link(&outside, home.join("outputs/linked")));
    attempt("symlink", symlink("/", home.join("outputs/root")));
    let fifo = home.join("outputs/fifo");
    let mode = rustix::fs::Mode::RUSR;
    let made = rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0);
    attempt("fifo", made.map_err(io::Error::from));
    attempt("environment-of-another", File::open("/proc/1/environ"));
    attempt("device", File::open("/dev/zero"));
    attempt("read-outside", File::open(&outside));
    // What is run is named in there.
    attempt("settings", write_to(&home.join("settings/lifeboat.toml")));
    attempt("settings-beside", write_to(&home.join("settings/.tmp")));
    attempt("read-settings", File::open(home.join("settings/lifeboat.toml")));
    attempt("vault-folder", write_to(&home.join("vault-folder/.tmp")));
    attempt(
        "state",
        fs::create_dir(home.join("state/lifeboat")).and_then(|()| write_to(&home.join("state/lifeboat/x"))),
    );
    attempt("output", write_to(&home.join("outputs/.tmp")));
    attempt("rename", fs::rename(home.join("outputs/.tmp"), home.join("outputs/bundle")));
    attempt("link", fs::hard_link(home.join("outputs/bundle"), home.join("outputs/bundle.1")));
    attempt("remove", fs::remove_file(home.join("outputs/bundle.1")));
    attempt("null", OpenOptions::new().write(true).open("/dev/null"));
    attempt("free-memory", fs::read("/proc/meminfo"));
}

#[test]
fn files_are_written_in_the_allowed_folders_alone() {
    let sandbox = prepared();
    let output = in_a_process_of_its_own("attempts_at_files", "auto", sandbox.home());
    let said = said(&output);
    if !is_supported(&said) {
        return;
    }
    let abi: u32 = said["landlock"].strip_prefix("ABI ").unwrap().parse().unwrap();
    let cross_device = "18"; // EXDEV: what a move between folders comes to, whoever forbids it.
    for (name, outcome) in &said {
        let allowed = [
            "read-outside",
            "read-settings",
            "vault-folder",
            "state",
            "output",
            "rename",
            "link",
            "remove",
            "null",
            "free-memory",
        ];
        match name.as_str() {
            "landlock" => {}
            "truncate-outside" if abi < 3 => assert_eq!(outcome, &EACCES.to_string()),
            "move-out" | "bring-in" | "link-in" => {
                assert!([cross_device, "13"].contains(&outcome.as_str()), "{name}: {outcome}");
            }
            name if allowed.contains(&name) => assert_eq!(outcome, "worked", "{name}"),
            name => assert_eq!(outcome, &EACCES.to_string(), "{name}"),
        }
    }
    assert_eq!(said.len(), 26, "\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(sandbox.read("elsewhere/kept"), b"kept");
    let leftover = |name: &str| fs::symlink_metadata(sandbox.path(name)).map(|found| found.file_type());
    assert!(leftover("outputs/link").unwrap().is_symlink());
    assert!(leftover("outputs/fifo").is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
    assert!(!leftover("outputs/bundle").unwrap().is_fifo());
}

#[test]
fn attempts_at_the_kernel_and_at_other_processes() {
    let Some(home) = folder() else { return };
    let itself =
        rustix::process::pidfd_open(rustix::process::getpid(), rustix::process::PidfdFlags::empty()).unwrap();
    let host = rustix::system::uname().nodename().to_bytes().to_vec();
    close(&home);
    let no_flags = rustix::process::PidfdGetfdFlags::empty();
    attempt(
        "descriptor-of-another",
        rustix::process::pidfd_getfd(&itself, 0, no_flags).map_err(io::Error::from),
    );
    // Both would change nothing if they went through.
    attempt("chroot", rustix::process::chroot("/").map_err(io::Error::from));
    attempt("host-name", rustix::system::sethostname(&host).map_err(io::Error::from));
    let parent = rustix::process::getppid().unwrap();
    attempt("signal", rustix::process::test_kill_process(parent).map_err(io::Error::from));
    let own = rustix::process::getpid();
    attempt("signal-to-itself", rustix::process::test_kill_process(own).map_err(io::Error::from));
}

#[test]
fn neither_the_kernel_nor_another_process_can_be_changed() {
    let sandbox = prepared();
    let output =
        in_a_process_of_its_own("attempts_at_the_kernel_and_at_other_processes", "auto", sandbox.home());
    let said = said(&output);
    if !is_supported(&said) {
        return;
    }
    for name in ["descriptor-of-another", "chroot", "host-name"] {
        assert_eq!(said[name], EPERM.to_string(), "{name}");
    }
    assert_eq!(said["signal-to-itself"], "worked");
    if ["ABI 6", "ABI 7"].contains(&said["landlock"].as_str()) {
        assert_eq!(said["signal"], EPERM.to_string());
    }
}

#[test]
fn an_attempt_that_must_not_be_survived() {
    let Some(home) = folder() else { return };
    close(&home);
    say("before", "alive");
    attempt("tcp-connect", TcpStream::connect("127.0.0.1:9"));
}

#[test]
fn in_kill_mode_an_attempt_ends_the_process() {
    let sandbox = prepared();
    let output = in_a_process_of_its_own("an_attempt_that_must_not_be_survived", "kill", sandbox.home());
    let said = said(&output);
    if !is_supported(&said) {
        return;
    }
    assert_eq!(said["before"], "alive");
    assert_eq!(said.get("tcp-connect"), None);
    assert_eq!(output.status.signal(), Some(SIGSYS), "{output:?}");
}

#[test]
fn the_real_program_tells_what_is_in_force() {
    let sandbox = Sandbox::with_vault();
    let mut doctor = assert_cmd::Command::new(env!("CARGO_BIN_EXE_lifeboat"));
    doctor.env_clear().env("HOME", sandbox.home()).args(["doctor", "--json", "--vault"]);
    let output = doctor.arg(sandbox.path("vault.lifeboat")).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = &document["sandbox"];
    assert_eq!((&told["mode"], &told["system"]), (&"auto".into(), &"linux".into()));
    assert_eq!(told["seccomp"]["in_force"], true, "{told}");
    assert_eq!(told["seccomp"]["action"], "refuse");
    assert_eq!(told["no_new_privileges"], true);
    assert_eq!((&told["core_dumps_off"], &told["undumpable"]), (&true.into(), &true.into()));
    let complete = told["complete"] == true;
    assert_eq!(complete, told["landlock"]["abi"].as_u64().is_some_and(|abi| abi >= 7));

    let mut required = sandbox.unboxed_program();
    let status = required.args(["list", "--sandbox", "require"]).output().unwrap().status;
    assert_eq!(status.code(), Some(if complete { 0 } else { 8 }));
}

#[test]
fn going_without_is_told_and_logged() {
    let sandbox = Sandbox::with_entry();
    let n_lines = || String::from_utf8(sandbox.read("vault.lifeboat.log")).unwrap().lines().count();
    let run = |mode: &str| {
        let before = n_lines();
        let output = sandbox.unboxed_program().args(["list", "--sandbox", mode]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        (n_lines() - before, String::from_utf8(output.stderr).unwrap())
    };
    // The vault was made by the tests' clock, which a real one may doubt.
    let (n_records, words) = run("auto");
    assert!(n_records == 1 && !words.contains("sandbox"), "{words}");
    let (n_records, words) = run("off");
    assert_eq!(n_records, 2);
    assert!(words.contains("the sandbox is switched off in this run"), "{words}");
    let doctor = sandbox.unboxed_program().args(["doctor", "--sandbox", "off"]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(7));
}

/// The list of `deny.toml` is checked by cargo-deny where that is installed, and here everywhere.
#[test]
fn no_crate_that_speaks_to_a_network_is_locked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let deny = text("deny.toml");
    let banned: Vec<&str> =
        deny.lines().filter_map(|line| line.trim().strip_prefix("{ crate = \"")?.split('"').next()).collect();
    let banned: Vec<&str> =
        banned.into_iter().filter(|name| !["nucleo-matcher", "option-ext"].contains(name)).collect();
    assert!(banned.len() > 20 && banned.contains(&"tokio"), "{banned:?}");
    let lock = text("Cargo.lock");
    let locked: Vec<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(locked.len() > 100 && locked.contains(&"mio"), "{}", locked.len());
    let found: Vec<&&str> = locked.iter().filter(|name| banned.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}
