//! Copying through a program of the system: programs that pretend, started by the shipped program's own broker.
//!
//! They keep what they are given in a file, and note how they were called. The terminal is one that would show
//! OSC 52, so that a program is chosen where one is found.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::Arc;

use lifeboat::platform::clipboard::{NotAtAll, Nothing};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};

use crate::pty::{Pseudoterminal, ended_by};
use crate::support::{Desktop, Sandbox};

/// Longest that anything is waited for: far beyond what a busy machine needs.
const PATIENCE: Timespec = Timespec { tv_sec: 60, tv_nsec: 0 };

const WL_COPY: &str = r#"
case "$*" in
    --help) echo '--sensitive' ;;
    *--clear*) rm -f "$PLACE/holds" ;;
    *) cat > "$PLACE/taken" && mv "$PLACE/taken" "$PLACE/holds" ;;
esac
"#;

const WL_PASTE: &str = r#"[ -e "$PLACE/holds" ] || exit 1; cat "$PLACE/holds""#;

/// Hands the text out for as long as it lives, as the real one does.
const XCLIP: &str = r#"
case "$*" in
    *-out) [ -e "$PLACE/holds" ] || exit 1; cat "$PLACE/holds" ;;
    *)
        cat > "$PLACE/holds"
        (trap 'rm -f "$PLACE/holds"; exit 0' TERM; echo > "$PLACE/serves"; sleep 600 & wait $!) > /dev/null 2>&1 &
        while [ ! -e "$PLACE/serves" ]; do :; done ;;
esac
"#;

const HANGS: &str = "case \"$*\" in --help) ;; *) sleep 600 ;; esac";

/// A desktop with programs that pretend, and a way of seeing that every process has ended.
struct Place {
    sandbox: Sandbox,
    /// Every process that is started here has the other end, and whatever it starts has it too.
    alive: OwnedFd,
    variables: Vec<(&'static str, String)>,
}

impl Place {
    fn new(variable: &'static str, programs: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::with_entry();
        for folder in ["bin", "run"] {
            fs::create_dir(sandbox.path(folder)).unwrap();
        }
        for (name, what) in programs {
            let noted = "PLACE=$TMPDIR\necho \"$0 $*\" >> \"$PLACE/calls\"\nenv >> \"$PLACE/variables\"\necho $PPID > \"$PLACE/broker\"\n";
            sandbox.write(&format!("bin/{name}"), format!("#!/bin/sh\n{noted}{what}\n"));
            fs::set_permissions(sandbox.path(&format!("bin/{name}")), fs::Permissions::from_mode(0o755))
                .unwrap();
        }
        // Nothing that is installed here is found, but for what the programs themselves are made of.
        for name in ["cat", "env", "mv", "rm", "sleep"] {
            let places = ["/usr/bin", "/bin"].map(|folder| PathBuf::from(folder).join(name));
            let place = places.iter().find(|place| place.metadata().is_ok()).unwrap();
            symlink(place, sandbox.path(&format!("bin/{name}"))).unwrap();
        }
        let fifo = sandbox.path("alive");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
            .unwrap();
        let alive =
            rustix::fs::open(&fifo, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())
                .unwrap();
        let path = sandbox.path("bin").display().to_string();
        let run = sandbox.path("run").display().to_string();
        let variables = vec![
            ("PATH", path),
            ("TMPDIR", run.clone()),
            ("XDG_RUNTIME_DIR", run),
            ("TERM", "dumb".to_owned()),
            (variable, "here".to_owned()),
            // What no program has any use for.
            ("LIFEBOAT_VAULT", "/nowhere".to_owned()),
            ("UNRELATED", "a secret of somebody".to_owned()),
        ];
        Self { sandbox, alive, variables }
    }

    fn wayland() -> Self {
        Self::new("WAYLAND_DISPLAY", &[("wl-copy", WL_COPY), ("wl-paste", WL_PASTE)])
    }

    /// What the settings file says of copying.
    fn with_settings(self, lines: &str) -> Self {
        fs::create_dir_all(self.sandbox.path(".config/lifeboat")).unwrap();
        self.sandbox.write(".config/lifeboat/lifeboat.toml", format!("[clipboard]\n{lines}\n"));
        self
    }

    /// The shell opens the pipe by which the end of everything is seen, and becomes the program.
    fn words(&self, line: &str) -> Vec<String> {
        let path = |name: &str| self.sandbox.path(name).display().to_string();
        let mut words = vec!["-c".to_owned(), "exec 9> \"$0\"; exec \"$@\"".to_owned(), path("alive")];
        words.push(env!("CARGO_BIN_EXE_lifeboat").to_owned());
        words.extend(["--sandbox", "kill", "--vault"].map(str::to_owned));
        words.extend([path("vault.lifeboat"), "--key-file".to_owned(), path("key")]);
        words.extend(line.split_whitespace().map(str::to_owned));
        words
    }

    fn start(&self, line: &str) -> Running {
        let mut child = Command::new("/bin/sh")
            .args(self.words(line))
            .env_clear()
            .env("HOME", self.sandbox.home())
            .envs(self.variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        Running { child, said, all: String::new() }
    }

    fn interface(&self) -> Pseudoterminal {
        let terminal = Pseudoterminal::start_in(&self.sandbox, &self.words(""), &self.variables);
        terminal.shows("AWS");
        terminal
    }

    fn file(&self, name: &str) -> PathBuf {
        self.sandbox.path("run").join(name)
    }

    fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.file(name)).ok()
    }

    /// What the clipboard holds.
    fn holds(&self) -> Option<String> {
        self.text("holds")
    }

    /// Another program copies something.
    fn takes(&self, text: &str) {
        self.write("holds", text);
    }

    #[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
    fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).unwrap();
    }

    /// Waits until every process that was started has ended.
    #[track_caller]
    fn everything_has_ended(&self) {
        let n_ready = poll(&mut [PollFd::new(&self.alive, PollFlags::IN)], Some(&PATIENCE)).unwrap();
        assert_eq!(n_ready, 1, "a process is left behind; calls:\n{:?}", self.text("calls"));
    }

    /// Waits until a file in the place of the programs is as asked for.
    #[track_caller]
    fn until(&self, what: &str, right: impl Fn(&Self) -> bool) {
        for _ in 0..6000 {
            if right(self) {
                return;
            }
            // A moment in which nothing is ready: files can't be waited for without a program's help.
            let moment = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };
            poll(&mut [], Some(&moment)).unwrap();
        }
        panic!("waited in vain until {what}; calls:\n{:?}", self.text("calls"));
    }
}

struct Running {
    child: Child,
    said: BufReader<ChildStderr>,
    all: String,
}

impl Running {
    /// Waits until it has said something.
    #[track_caller]
    fn says(&mut self, words: &str) -> &mut Self {
        while !self.all.contains(words) {
            let n_bytes = self.said.read_line(&mut self.all).unwrap();
            assert!(n_bytes > 0, "{words:?} was not said:\n{}", self.all);
        }
        self
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    fn end(&mut self) -> ExitStatus {
        while self.said.read_line(&mut self.all).unwrap() > 0 {}
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn a_code_reaches_the_program_on_its_input_and_in_no_argument_or_variable() {
    let place = Place::wayland();
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with wl-copy, marked as a secret").says("cleared in 3600 s unless something else");
    let code = place.holds().unwrap();
    assert!(is_code(&code), "{code:?}");
    copying.says("Ctrl-C does it at once").signal(Signal::INT);
    assert!(copying.end().success());
    place.everything_has_ended();

    let (calls, variables) = (place.text("calls").unwrap(), place.text("variables").unwrap());
    assert!(calls.contains("wl-copy --type text/plain --sensitive\n"), "{calls}");
    for text in [&calls, &variables, &copying.all] {
        assert!(!text.contains(&code), "{text}");
    }
    assert!(variables.contains("WAYLAND_DISPLAY=here"), "{variables}");
    for name in ["LIFEBOAT", "UNRELATED", "TERM="] {
        assert!(!variables.contains(name), "{name} in {variables}");
    }
}

#[test]
fn a_copy_is_cleared_while_it_is_still_there() {
    let place = Place::wayland();
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with wl-copy");
    copying.says("Ctrl-C does it at once").signal(Signal::INT);
    assert!(copying.end().success());
    assert!(copying.all.contains("the clipboard is cleared"), "{}", copying.all);
    assert_eq!(place.holds(), None);
    place.everything_has_ended();
}

#[test]
fn what_was_copied_since_is_left_alone() {
    let place = Place::wayland();
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with wl-copy");
    place.takes("a letter to somebody");
    copying.says("Ctrl-C does it at once").signal(Signal::TERM);
    assert!(copying.end().success());
    assert!(copying.all.contains("something else by now, and was left alone"), "{}", copying.all);
    assert_eq!(place.holds().as_deref(), Some("a letter to somebody"));
    assert!(!copying.all.contains("letter"), "{}", copying.all);
    place.everything_has_ended();
}

#[test]
fn what_is_longer_than_the_code_is_not_taken_for_it_however_long_it_is() {
    let endless = "cat \"$PLACE/holds\"; while :; do echo more; done";
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", WL_COPY), ("wl-paste", endless)]);
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with wl-copy");
    copying.says("Ctrl-C does it at once").signal(Signal::INT);
    assert!(copying.end().success());
    assert!(copying.all.contains("left alone"), "{}", copying.all);
    place.everything_has_ended();
}

#[test]
fn killed_outright_it_leaves_neither_a_copy_nor_a_process() {
    for (place, words) in [
        (Place::wayland(), "copied with wl-copy"),
        (Place::new("DISPLAY", &[("xclip", XCLIP)]), "copied with xclip"),
    ] {
        let mut copying = place.start("code AWS --copy --clear-after 1h");
        copying.says(words);
        assert!(is_code(&place.holds().unwrap()));
        copying.signal(Signal::KILL);
        assert_eq!(ended_by(copying.end()), Some(Signal::KILL.as_raw()));
        place.everything_has_ended();
        assert_eq!(place.holds(), None, "{words}");
    }
}

#[test]
fn killed_while_the_program_copies_it_leaves_no_copy_either() {
    // It is held up until somebody says that it may go on.
    let held_up =
        WL_COPY.replace("cat > ", "echo > \"$PLACE/waits\"; until [ -e \"$PLACE/go\" ]; do :; done; cat > ");
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", &held_up), ("wl-paste", WL_PASTE)]);
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    place.until("the program waits", |place| place.text("waits").is_some());
    copying.signal(Signal::KILL);
    copying.end();
    place.write("go", "");
    place.everything_has_ended();
    assert!(place.text("calls").unwrap().contains("--clear"), "it was there, and was cleared");
    assert_eq!(place.holds(), None);
}

#[test]
fn what_a_program_leaves_running_is_ended_with_the_copy() {
    let place = Place::new("DISPLAY", &[("xclip", XCLIP)]);
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with xclip, which cannot mark it as a secret");
    copying.says("Ctrl-C does it at once").signal(Signal::INT);
    assert!(copying.end().success());
    assert!(copying.all.contains("the clipboard is cleared"), "{}", copying.all);
    assert_eq!(place.holds(), None);
    place.everything_has_ended();
}

#[test]
fn the_settings_name_a_command_which_gets_the_code_as_its_input_alone() {
    let keeps = "cat > \"$PLACE/holds\"";
    let place = Place::new("DISPLAY", &[("pick", keeps)])
        .with_settings("provider = \"command\"\ncommand = [\"pick\", \"--board\", \"a b\"]");
    let mut copying = place.start("code AWS --copy");
    assert!(copying.end().success());
    assert!(
        copying.all.contains("given to pick; nobody can see here whether it copied it"),
        "{}",
        copying.all
    );
    assert!(copying.all.contains("left to expire with the code"), "{}", copying.all);
    let code = place.holds().unwrap();
    assert!(is_code(&code));
    let calls = place.text("calls").unwrap();
    assert!(calls.ends_with("/bin/pick --board a b\n"), "{calls}");
    assert!(!place.text("variables").unwrap().contains(&code));
    place.everything_has_ended();

    let place = place.with_settings("provider = \"command\"\ncommand = [\"pick\"]\nclear = \"always\"");
    let mut copying = place.start("code AWS --copy --yes");
    copying.says("something is written over it in 30 s").says("Ctrl-C does it at once").signal(Signal::INT);
    assert!(copying.end().success());
    assert!(copying.all.contains("asked to overwrite it; that is not confirmed"), "{}", copying.all);
    assert_eq!(place.holds().as_deref(), Some(" "));
    place.everything_has_ended();
}

#[test]
fn the_settings_can_switch_copying_off() {
    let place = Place::wayland().with_settings("provider = \"none\"");
    let mut copying = place.start("code AWS --copy");
    assert_eq!(copying.end().code(), Some(8));
    for part in ["switched off in the settings", "no file was touched", "`lifeboat code NAME` prints it"] {
        assert!(copying.all.contains(part), "{part:?} is not said:\n{}", copying.all);
    }
    assert_eq!(place.text("calls"), None);
}

/// A tmux that keeps buffers; one of before 3.2 does not know `-w`.
const TMUX: &str = r#"
case "$*" in
    *' -w '*) [ -z "$OLD" ] || exit 1; cat > "$PLACE/holds" ;;
    load-buffer*) cat > "$PLACE/holds" ;;
    save-buffer*) [ -e "$PLACE/holds" ] || exit 1; cat "$PLACE/holds" ;;
    delete-buffer*) rm "$PLACE/holds" ;;
esac
"#;

#[test]
fn a_buffer_of_tmux_is_ours_by_name_and_is_deleted() {
    for (script, words) in [
        (TMUX.to_owned(), "(prefix = lists it) and sent on to the terminal, which does not confirm it"),
        (format!("OLD=1\n{TMUX}"), "this tmux sends nothing on to the terminal"),
    ] {
        let place = Place::new("TMUX", &[("tmux", &script)]).with_settings("provider = \"tmux\"");
        let mut copying = place.start("code AWS --copy");
        copying.says(words).says("Ctrl-C does it at once");
        assert!(is_code(&place.holds().unwrap()));
        copying.signal(Signal::INT);
        assert!(copying.end().success());
        assert_eq!(place.holds(), None);
        let calls = place.text("calls").unwrap();
        assert!(calls.contains("tmux delete-buffer -b lifeboat\n"), "{calls}");
        place.everything_has_ended();
    }
}

#[test]
fn what_goes_through_the_terminal_is_overwritten_where_the_settings_say_so() {
    let over_it = b"\x1b]52;c;IA==\x07".as_slice();
    let has = |sent: &[u8]| sent.windows(over_it.len()).any(|window| window == over_it);
    for (clear, is_overwritten) in [("always", true), ("expire", false)] {
        let place = Place::wayland().with_settings(&format!("provider = \"osc52\"\nclear = \"{clear}\""));
        let mut terminal = place.interface();
        terminal.types("\r").shows("sent through OSC 52");
        assert!(!has(&terminal.sent()));
        terminal.types("q");
        terminal.end();
        assert_eq!(has(&terminal.sent()), is_overwritten, "{clear}");
        assert_eq!(place.text("calls"), None);
    }
}

#[test]
fn a_program_that_is_too_old_to_mark_a_secret_is_told_as_such() {
    let old = WL_COPY.replace("echo '--sensitive'", "echo '--trim-newline'");
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", &old), ("wl-paste", WL_PASTE)]);
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("too old to mark it as a secret");
    assert!(!place.text("calls").unwrap().contains("--sensitive"));
}

#[test]
fn a_program_that_hangs_or_fails_is_told_and_ended() {
    for (program, words) in
        [(HANGS, "wl-copy did not end within 2 s, and was ended"), ("exit 3", "wl-copy ended with status 3")]
    {
        let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", program), ("wl-paste", WL_PASTE)]);
        let mut copying = place.start("code AWS --copy");
        assert_eq!(copying.end().code(), Some(1));
        for part in ["the code was not copied", words, "unchanged  no entry was changed", "next       "] {
            assert!(copying.all.contains(part), "{part:?} is not said:\n{}", copying.all);
        }
        place.everything_has_ended();
    }
}

#[test]
fn a_copy_that_comes_back_is_told() {
    let keeps = WL_COPY.replace("rm -f \"$PLACE/holds\"", ":");
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", &keeps), ("wl-paste", WL_PASTE)]);
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with wl-copy");
    copying.says("Ctrl-C does it at once").signal(Signal::INT);
    copying.end();
    assert!(copying.all.contains("something on this desktop brings it back"), "{}", copying.all);
    place.everything_has_ended();
}

#[test]
fn a_copy_that_cannot_be_read_back_is_left_to_expire() {
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", WL_COPY)]);
    let mut copying = place.start("code AWS --copy");
    assert!(copying.end().success());
    assert!(copying.all.contains("left to expire with the code"), "{}", copying.all);
    assert!(is_code(&place.holds().unwrap()));
    place.everything_has_ended();
}

#[test]
fn a_program_writes_among_temporary_files_alone() {
    let strays = format!("{WL_COPY}\necho stray > \"$HOME/stray\"; echo kept > \"$PLACE/kept\"");
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", &strays), ("wl-paste", WL_PASTE)]);
    let doctor = place.sandbox.unboxed_program().args(["doctor", "--json"]).output().unwrap();
    let doctor: serde_json::Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let mut copying = place.start("code AWS --copy --clear-after 1h");
    copying.says("copied with wl-copy");
    assert!(place.file("kept").metadata().is_ok());
    let has_landlock = doctor["sandbox"]["landlock"]["in_force"] == true;
    assert_eq!(place.sandbox.has("stray"), !has_landlock);
}

#[test]
fn a_terminal_that_would_show_the_code_gets_none() {
    let place = Place::new("NOTHING", &[]);
    let mut copying = place.start("code AWS --copy");
    assert_eq!(copying.end().code(), Some(1));
    for part in [
        "unchanged  no file was touched",
        "(TERM=dumb) would show the code",
        "install wl-clipboard",
        "`lifeboat code NAME` prints it",
    ] {
        assert!(copying.all.contains(part), "{part:?} is not said:\n{}", copying.all);
    }
}

#[test]
fn doctor_asks_what_copies_and_tells_what_it_can() {
    let place = Place::wayland();
    let mut command = place.sandbox.program();
    let output = command
        .envs(place.variables.iter().map(|(name, value)| (*name, value)))
        .args(["doctor", "--json"])
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let words = |what: &str| {
        let findings = document["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["what"] == what).unwrap();
        assert_eq!(finding["verdict"], "note", "{finding}");
        finding["words"].as_str().unwrap().to_owned()
    };
    let told = words("clipboard");
    for part in [
        "/bin/wl-copy",
        "cleared if it is still ours",
        "marks a code as a secret",
        "a sandbox of its own",
        "TERM=dumb",
    ] {
        assert!(told.contains(part), "{part:?} is not told: {told}");
    }
    assert!(words("clipboard programs").starts_with("found in PATH: "));
    assert!(place.holds().is_none(), "nothing was copied");
}

#[test]
fn only_doctor_a_copy_and_the_interface_start_a_process_for_copying() {
    let place = Place::wayland();
    for line in ["list", "code AWS", "status", "doctor --compare 00000000 --with AWS"] {
        let mut running = place.start(line);
        running.end();
        place.everything_has_ended();
        assert_eq!(place.text("calls"), None, "{line}");
    }
}

#[test]
fn in_the_interface_a_copy_goes_when_its_time_is_over() {
    let place = Place::wayland().with_settings("clear_after = \"5s\"");
    let terminal = place.interface();
    terminal.types("\r").shows("cleared in 5 s unless something else is copied");
    assert!(is_code(&place.holds().unwrap()));
    place.until("the clipboard is cleared", |place| place.holds().is_none());
    terminal.types(" ").shows("AWS");
}

#[test]
fn in_the_interface_a_copy_goes_when_it_locks() {
    let place = Place::wayland().with_settings("clear_after = \"10m\"");
    let mut terminal = place.interface();
    terminal.types("\r").shows("copied with wl-copy");
    assert!(is_code(&place.holds().unwrap()));
    terminal.types("L").shows("LOCKED");
    place.until("the clipboard is cleared", |place| place.holds().is_none());
    terminal.types("\x03");
    terminal.end();
    place.everything_has_ended();
}

#[test]
fn however_the_interface_ends_it_takes_its_copy_along() {
    for end in ["q", "\x03", "TERM", "HUP", "INT", "QUIT", "KILL", "vanish"] {
        let place = Place::wayland();
        let mut terminal = place.interface();
        terminal.types("\r").shows("copied with wl-copy");
        assert!(is_code(&place.holds().unwrap()), "{end}");
        match end {
            "TERM" => terminal.signal(Signal::TERM),
            "HUP" => terminal.signal(Signal::HUP),
            "INT" => terminal.signal(Signal::INT),
            "QUIT" => terminal.signal(Signal::QUIT),
            "KILL" => terminal.signal(Signal::KILL),
            "vanish" => {}
            keys => {
                terminal.types(keys);
            }
        }
        if end == "vanish" {
            terminal.vanish()
        } else {
            terminal.end()
        };
        place.everything_has_ended();
        assert_eq!(place.holds(), None, "{end}");
    }
}

#[test]
fn what_another_program_copied_outlives_the_interface() {
    let place = Place::wayland();
    let mut terminal = place.interface();
    terminal.types("\r").shows("copied with wl-copy");
    place.takes("a letter");
    terminal.types("q");
    terminal.end();
    place.everything_has_ended();
    assert_eq!(place.holds().as_deref(), Some("a letter"));
}

#[test]
fn a_program_that_hangs_does_not_stop_the_interface() {
    let place = Place::new("WAYLAND_DISPLAY", &[("wl-copy", HANGS), ("wl-paste", WL_PASTE)]);
    let mut terminal = place.interface();
    terminal.types("\r").shows("Copying");
    // It is drawn anew, and a key is taken.
    terminal.resize(30, 100);
    terminal.shows("wl-copy did not end within 2 s");
    terminal.types("\r/aw").shows("/aw");
    terminal.types("\x03");
    terminal.end();
    assert_eq!(terminal.left_behind(), "");
    place.everything_has_ended();
}

#[test]
fn a_broker_that_is_killed_is_told_and_the_interface_goes_on() {
    let place = Place::wayland();
    let mut terminal = place.interface();
    terminal.types("\r").shows("copied with wl-copy");
    let broker: i32 = place.text("broker").unwrap().trim().parse().unwrap();
    kill_process(Pid::from_raw(broker).unwrap(), Signal::KILL).unwrap();
    terminal.types("\ry").shows("has ended");
    terminal.types(" ").shows("AWS");
    terminal.types("q");
    assert!(terminal.end().code().is_some());
    assert_eq!(terminal.left_behind(), "");
    place.everything_has_ended();
}

#[test]
fn before_it_is_suspended_it_takes_its_copy_back() {
    let place = Place::wayland().with_settings("clear_after = \"10m\"");
    let mut terminal = Pseudoterminal::start_in(&place.sandbox, &["-i".to_owned()], &place.variables);
    terminal.shows("ready>");
    let line = format!(
        "'{}' --sandbox kill --vault vault.lifeboat --key-file key\r",
        env!("CARGO_BIN_EXE_lifeboat")
    );
    terminal.types(&line).shows("AWS");
    terminal.types("\r").shows("copied with wl-copy");
    assert!(is_code(&place.holds().unwrap()));
    terminal.types("\x1a");
    terminal.until("the shell", |screen| screen.trim_end().ends_with("ready>"));
    assert_eq!(place.holds(), None);
    terminal.types("fg\r").shows("LOCKED");
    terminal.types("\x03");
    terminal.until("the shell again", |screen| screen.trim_end().ends_with("ready>"));
    terminal.types("exit\r");
    terminal.end();
}

#[test]
fn a_broker_ends_at_whatever_is_no_request() {
    let sandbox = Sandbox::empty();
    for (arguments, input) in [
        (["wayland", "auto", "/bin/false", "/bin/false"].as_slice(), b"nonsense".as_slice()),
        (&["wayland", "auto", "/bin/false", "/bin/false"], b"C\0\xff\xff"),
        (&["wayland", "auto", "/bin/false", "/bin/false"], b""),
        (&["wayland", "auto", "false", ""], b""),
        (&["nothing"], b""),
        (&[], b""),
    ] {
        let mut broker = assert_cmd::Command::new(env!("CARGO_BIN_EXE_lifeboat"));
        let output = broker
            .env_clear()
            .env("HOME", sandbox.home())
            .arg("--clipboard-broker")
            .args(arguments)
            .write_stdin(input)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        assert!(output.stdout.len() <= 6, "{arguments:?}: {output:?}");
    }
}

#[test]
fn a_copy_that_can_be_read_back_is_waited_for_and_cleared() {
    let sandbox = Sandbox::with_entry();
    let desktop = Arc::new(Desktop::default());
    let code = sandbox.run("code AWS").done().out;
    let copy = sandbox.command("code AWS --copy").copying_with(Arc::clone(&desktop) as _);
    let done = copy.rounds(usize::MAX).run().done();
    assert!(!done.to_string().contains(code.trim()));
    done.says("cleared in 30 s unless something else is copied").says("the clipboard is cleared");
    assert_eq!(desktop.holds(), None);
    sandbox.run("code AWS --json").done().json("lifeboat.code/1");
}

#[test]
fn a_copy_that_cannot_be_taken_back_is_told() {
    let sandbox = Sandbox::with_entry();
    let desktop = Arc::new(Desktop::default());
    sandbox.command("code AWS --copy").copying_with(Arc::clone(&desktop) as _).run().done();
    desktop.takes("12");
    desktop.hangs();
    let refused = sandbox.command("code AWS --copy --yes").copying_with(desktop).run().exits(1);
    refused.says("did not end within 2 s");
}

#[test]
fn switched_off_it_says_how_else() {
    let sandbox = Sandbox::with_entry();
    let off = Arc::new(NotAtAll(Nothing::Off));
    let refused = sandbox.command("code AWS --copy").copying_with(off).run().exits(8);
    refused.says("provider = \"none\"").says("`lifeboat code NAME` prints it");
}

#[test]
fn no_counter_is_spent_where_nothing_can_be_copied_and_a_spent_one_is_told() {
    let sandbox = Sandbox::with_vault();
    sandbox.add("otpauth://hotp/Bank:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    let counter =
        || sandbox.run("list --json").done().json("lifeboat.list/1")["entries"][0]["counter"].as_u64();
    let off = Arc::new(NotAtAll(Nothing::Off));
    sandbox.command("code Bank --copy").copying_with(off).run().exits(8).says("no file was touched");
    assert_eq!(counter(), Some(0));
    let desktop = Arc::new(Desktop::default());
    desktop.hangs();
    let failed = sandbox.command("code Bank --copy").copying_with(desktop).run().exits(1);
    failed.says("the counter has moved on, and that is saved");
    assert_eq!(counter(), Some(1));
}

#[test]
fn ctrl_c_at_the_terminal_reaches_the_command_alone() {
    let place = Place::wayland();
    let words = place.words("code AWS --copy --clear-after 1h");
    let mut terminal = Pseudoterminal::start_in(&place.sandbox, &words, &place.variables);
    terminal.shows("Ctrl-C does it at once");
    assert!(is_code(&place.holds().unwrap()));
    terminal.types("\x03").shows("the clipboard is cleared");
    assert!(terminal.end().success());
    place.everything_has_ended();
    assert_eq!(place.holds(), None);
}
