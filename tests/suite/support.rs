//! A machine of its own for each test: a temporary home, a clock that stands still, known random bytes.
//!
//! Commands run in the test's process through [`lifeboat::cli::run`], with the same code as the
//! shipped program and none of its switches changed; only the ports of [`Context`] are the test's.
//! Vaults are opened by a key file unless a test is about passphrases, so that no key derivation runs.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lifeboat::app::context::{Clock, KdfPolicy, Keyring, LOG_LIMIT, NoRandomness, Random, SinceBoot, Who};
use lifeboat::app::plan::editor::ReadyEditor;
use lifeboat::app::{Context, settings};
use lifeboat::cli::{self, Io, Parsed, Person};
use lifeboat::envelope::{Ceiling, KdfParameters};
use lifeboat::platform::clipboard::{
    self, Clipboard, ClipboardError, Multiplexer, Policy, Sent, Then, Through,
};
use lifeboat::platform::keyring::{self, KeyringError, Place};
use lifeboat::platform::sandbox::{Mode, Protection};
use lifeboat::platform::terminal::NoAnswer;
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::storage::disk::RealDisk;
use lifeboat::storage::paths::Paths;

/// The moment at which every test begins: 2027-01-15T08:00:00Z, the first second of a 30 s step.
pub(crate) const NOW: u64 = 1_800_000_000;

/// The seed of RFC 6238's appendix for SHA-1, in base32.
pub(crate) const RFC_SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A URI with that seed.
pub(crate) const RFC_URI: &str =
    "otpauth://totp/AWS:root?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AWS&digits=8";

/// The cheapest derivation that a reader accepts.
const CHEAPEST: KdfParameters = KdfParameters { memory_kib: 8 << 10, passes: 1, lanes: 1 };

/// A clock that stands still until it is moved or somebody waits: milliseconds since 1970, and those that
/// passed by the machine's own time; and those by which it is stepped when next somebody waits.
#[derive(Debug)]
struct StandingClock(AtomicU64, AtomicU64, AtomicU64);

impl StandingClock {
    fn pass(&self, millis: u64) {
        self.0.fetch_add(self.2.swap(0, Ordering::Relaxed), Ordering::Relaxed);
        self.0.fetch_add(millis, Ordering::Relaxed);
        self.1.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed) / 1000
    }

    fn subsecond_millis(&self) -> u32 {
        u32::try_from(self.0.load(Ordering::Relaxed) % 1000).unwrap()
    }

    fn since_boot(&self) -> Option<SinceBoot> {
        let millis = self.1.load(Ordering::Relaxed);
        Some(SinceBoot { millis, awake_millis: millis })
    }
}

/// The `SplitMix64` generator: different bytes at every call, the same in every run.
#[derive(Debug)]
struct KnownRandom(AtomicU64);

impl Random for KnownRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ (word >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A keyring in the test's memory, which forgets by the test's clock.
#[derive(Debug)]
pub(crate) struct MemoryKeyring {
    clock: Arc<StandingClock>,
    kept: Mutex<BTreeMap<String, (SecretBytes, u64)>>,
    fault: Mutex<Option<KeyringFault>>,
}

/// What a keyring does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyringFault {
    /// There is none.
    Absent,
    /// The second process finds another secret.
    Different,
    /// The second process finds nothing.
    Private,
    /// What is dropped stays.
    Sticky,
}

impl MemoryKeyring {
    /// Makes it do something wrong from now on, or nothing any more.
    pub(crate) fn suffers(&self, fault: Option<KeyringFault>) {
        *self.fault.lock().unwrap() = fault;
    }

    /// Everything that is kept.
    pub(crate) fn content(&self) -> Vec<(String, Vec<u8>)> {
        let kept = self.kept.lock().unwrap();
        kept.iter().map(|(name, (secret, _))| (name.clone(), secret.expose().to_vec())).collect()
    }

    /// Puts something in the place of whatever is kept.
    pub(crate) fn falsify(&self, change: impl Fn(&mut Vec<u8>)) {
        self.kept.lock().unwrap().values_mut().for_each(|(secret, _)| change(secret.expose_mut()));
    }

    fn is(&self, fault: KeyringFault) -> bool {
        *self.fault.lock().unwrap() == Some(fault)
    }
}

impl Keyring for MemoryKeyring {
    fn place(&self) -> Result<Place, KeyringError> {
        if self.is(KeyringFault::Absent) { Err(KeyringError::Unsupported) } else { Ok(Place::Session) }
    }

    fn keep(&self, name: &str, secret: &SecretBytes, seconds: u32) -> Result<(), KeyringError> {
        let until = self.clock.now() + u64::from(seconds);
        self.kept.lock().unwrap().insert(name.to_owned(), (secret.duplicate(), until));
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Option<SecretBytes>, KeyringError> {
        self.place()?;
        let mut kept = self.kept.lock().unwrap();
        kept.retain(|_, (_, until)| *until > self.clock.now());
        Ok(kept.get(name).map(|(secret, _)| secret.duplicate()))
    }

    fn read_elsewhere(&self, name: &str, nonce: &[u8; 32]) -> Result<[u8; 32], KeyringError> {
        if self.is(KeyringFault::Private) {
            return Err(KeyringError::Unreadable);
        }
        let found = self.read(name)?.ok_or(KeyringError::Unreadable)?;
        let nonce = if self.is(KeyringFault::Different) { &[0; 32] } else { nonce };
        Ok(keyring::proof(nonce, &found))
    }

    fn forget(&self, name: &str) -> Result<bool, KeyringError> {
        self.place()?;
        if self.is(KeyringFault::Sticky) {
            return Err(KeyringError::Refused);
        }
        Ok(self.kept.lock().unwrap().remove(name).is_some())
    }
}

/// A machine.
#[derive(Debug)]
pub(crate) struct Sandbox {
    home: tempfile::TempDir,
    clock: Arc<StandingClock>,
    random: Arc<KnownRandom>,
    keyring: Arc<MemoryKeyring>,
    has_key: bool,
    log_limit: AtomicU64,
}

/// In memory where the system has such a place: a test waits for no disk.
fn home() -> tempfile::TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("lifeboat-test-");
    builder.tempdir_in("/dev/shm").or_else(|_| builder.tempdir()).unwrap()
}

impl Sandbox {
    /// A machine on which nothing was done yet.
    pub(crate) fn empty() -> Self {
        let clock = Arc::new(StandingClock(AtomicU64::new(NOW * 1000), AtomicU64::new(0), AtomicU64::new(0)));
        let keyring =
            MemoryKeyring { clock: Arc::clone(&clock), kept: Mutex::default(), fault: Mutex::default() };
        Self {
            home: home(),
            clock,
            random: Arc::new(KnownRandom(AtomicU64::new(1))),
            keyring: Arc::new(keyring),
            has_key: false,
            log_limit: AtomicU64::new(LOG_LIMIT),
        }
    }

    /// A machine with an empty vault that the key file `~/key` opens. Commands get that key file.
    pub(crate) fn with_vault() -> Self {
        let mut sandbox = Self::empty();
        sandbox.run("init --new-key-file ~/key").done();
        sandbox.has_key = true;
        sandbox
    }

    /// As [`Sandbox::with_vault`], with the RFC's account `AWS:root` of eight digits in it.
    pub(crate) fn with_entry() -> Self {
        let sandbox = Self::with_vault();
        sandbox.add(RFC_URI);
        sandbox
    }

    /// As [`Sandbox::with_vault`], with a vault that a passphrase opens; commands have to bring it.
    pub(crate) fn with_passphrase(passphrase: &str) -> Self {
        let sandbox = Self::empty();
        sandbox.write("vault-passphrase", passphrase);
        sandbox.run("init --new-passphrase-file ~/vault-passphrase").done();
        sandbox
    }

    /// A path below the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The home.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file below the home.
    #[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Reads a file below the home.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Tells whether there is something below the home.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.pass(seconds * 1000);
    }

    /// Steps the clock forward when next somebody waits.
    pub(crate) fn step_at_the_next_pause(&self, seconds: u64) {
        self.clock.2.store(seconds * 1000, Ordering::Relaxed);
    }

    /// Has a log of so many bytes go on in a new file.
    pub(crate) fn rotates_at(&self, bytes: u64) {
        self.log_limit.store(bytes, Ordering::Relaxed);
    }

    /// Sets the clock back.
    pub(crate) fn set_back(&self, seconds: u64) {
        self.clock.0.fetch_sub(seconds * 1000, Ordering::Relaxed);
    }

    /// The keyring.
    pub(crate) fn keyring(&self) -> &MemoryKeyring {
        &self.keyring
    }

    /// Adds an entry from a URI and gives its id.
    #[track_caller]
    pub(crate) fn add(&self, uri: &str) -> String {
        let added = self.command("add -").stdin(uri).run().done();
        added.out.trim().to_owned()
    }

    /// Starts a command. Words are split at spaces, `'…'` keeps them together, `~/` is the home.
    pub(crate) fn command(&self, line: &str) -> Invocation<'_> {
        let mut words = vec![OsString::from("lifeboat")];
        words.extend(split(line).into_iter().map(|word| self.expand(&word)));
        if self.has_key && !line.contains("--key-file") {
            words.extend(["--key-file".into(), self.path("key").into()]);
        }
        Invocation {
            sandbox: self,
            words,
            stdin: Vec::new(),
            answers: None,
            columns: None,
            size: None,
            rounds: 0,
            reads: usize::MAX,
            clipboard: None,
            editor: None,
        }
    }

    /// Runs a command without standard input and without a terminal.
    #[must_use = "check its status, or say that it was done"]
    pub(crate) fn run(&self, line: &str) -> Transcript {
        self.command(line).run()
    }

    /// The real program, with this home and an empty environment. A system call that the sandbox refuses
    /// ends it.
    pub(crate) fn program(&self) -> assert_cmd::Command {
        let mut command = self.unboxed_program();
        command.args(["--sandbox", "kill"]);
        command
    }

    /// As [`Sandbox::program`], for a test that says itself what the sandbox is to be.
    pub(crate) fn unboxed_program(&self) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_lifeboat"));
        command.env_clear().env("HOME", self.home()).current_dir(self.home());
        command.arg("--vault").arg(self.path("vault.lifeboat"));
        if self.has_key {
            command.arg("--key-file").arg(self.path("key"));
        }
        command
    }

    /// The words of a line as the real program gets them.
    pub(crate) fn expanded(&self, line: &str) -> Vec<OsString> {
        split(line).into_iter().map(|word| self.expand(&word)).collect()
    }

    /// What commands are carried out with.
    pub(crate) fn context(&self) -> Context {
        let clock = Arc::clone(&self.clock);
        let ctx = Context {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            correction: Arc::default(),
            random: Arc::clone(&self.random) as Arc<dyn Random>,
            disk: Arc::new(RealDisk),
            keyring: Arc::clone(&self.keyring) as Arc<dyn Keyring>,
            kept: None,
            clipboard: Arc::new(clipboard::NotAtAll(clipboard::Nothing::NotWanted)),
            editor: None,
            paths: Paths {
                vault: self.path("vault.lifeboat"),
                state_dir: self.path("state"),
                settings: Some(self.path("config/lifeboat.toml")),
            },
            // Small, so that no test copies itself.
            program: Some(self.path("program")),
            kdf: KdfPolicy { vault: CHEAPEST, bundle: CHEAPEST, ceiling: Ceiling::USUAL },
            log_limit: self.log_limit.load(Ordering::Relaxed),
            who: Who { user: "ana".to_owned(), host: "workstation".to_owned() },
            reason: None,
            settings: Arc::default(),
            protection: Protection::without_sandbox(Mode::Auto),
            pause: Arc::new(move |pause: Duration| {
                clock.pass(u64::try_from(pause.as_millis()).unwrap());
                // A process that another test is just starting has this one's locks until it runs.
                std::thread::yield_now();
            }),
        };
        Context { settings: Arc::new(settings::load(&ctx).settings), ..ctx }
    }

    fn expand(&self, word: &str) -> OsString {
        match word.split_once("~/") {
            Some((before, name)) => {
                let mut path = OsString::from(before);
                path.push(self.path(name));
                path
            }
            None => word.into(),
        }
    }

    /// Takes out what differs from run to run: the home, ids, digests.
    pub(crate) fn normal(&self, text: &str) -> String {
        let text = text.replace(&self.home().display().to_string(), "~");
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit()) {
            let run = rest[start..].find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len() - start);
            out.push_str(&rest[..start]);
            match run {
                16 => out.push_str("[token]"),
                32 => out.push_str("[id]"),
                64 => out.push_str("[sha256]"),
                _ => out.push_str(&rest[start..start + run]),
            }
            rest = &rest[start + run..];
        }
        out + rest
    }
}

/// Splits a line into words.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (idx, part) in line.split('\'').enumerate() {
        if idx % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// A command that is about to run.
#[must_use]
pub(crate) struct Invocation<'s> {
    sandbox: &'s Sandbox,
    words: Vec<OsString>,
    stdin: Vec<u8>,
    answers: Option<VecDeque<String>>,
    columns: Option<usize>,
    size: Option<(usize, usize)>,
    rounds: usize,
    reads: usize,
    clipboard: Option<Arc<dyn Clipboard>>,
    editor: Option<ReadyEditor>,
}

/// The answer that stands for Ctrl-C.
pub(crate) const CTRL_C: &str = "\x03";

/// The answer that reads the word which is asked for (`word 7: `) off the card that was shown last.
pub(crate) const THE_WORD: &str = "\x12";

/// What stands before each page that was shown alone.
pub(crate) const NEW_PAGE: &str = "=== page\n";

/// The answer that repeats what the terminal has just shown.
pub(crate) const WHAT_WAS_SHOWN: &str = "\x11";

impl Invocation<'_> {
    /// Gives it standard input.
    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    /// Adds an argument as it is, whatever is in it.
    pub(crate) fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.words.push(argument.into());
        self
    }

    /// Puts a person at a terminal who gives these answers.
    pub(crate) fn typing(mut self, answers: &[&str]) -> Self {
        self.answers = Some(answers.iter().map(|answer| (*answer).to_owned()).collect());
        self
    }

    /// Makes standard output and error a terminal of so many columns.
    pub(crate) fn at_terminal(mut self, columns: usize) -> Self {
        self.columns = Some(columns);
        self.answers.get_or_insert_default();
        self
    }

    /// Gives the terminal that pages are shown on so many columns and rows.
    pub(crate) fn sized(mut self, columns: usize, rows: usize) -> Self {
        self.size = Some((columns, rows));
        self
    }

    /// Lets what repeats go on so many times.
    pub(crate) fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// Closes the reading end of standard output after so many writes.
    pub(crate) fn reading(mut self, writes: usize) -> Self {
        self.reads = writes;
        self
    }

    /// Gives it another clipboard than that of the terminal.
    pub(crate) fn copying_with(mut self, clipboard: Arc<dyn Clipboard>) -> Self {
        self.clipboard = Some(clipboard);
        self
    }

    /// Gives it an editor.
    pub(crate) fn editing_with(mut self, editor: ReadyEditor) -> Self {
        self.editor = Some(editor);
        self
    }

    /// Runs it.
    #[must_use = "check its status, or say that it was done"]
    pub(crate) fn run(self) -> Transcript {
        let shown = Arc::new(Mutex::new(String::new()));
        let terminal = self.answers.is_some().then(|| Arc::clone(&shown));
        let mut script =
            Script { answers: self.answers, shown: Arc::clone(&shown), rounds: self.rounds, size: self.size };
        let mut out = Pipe { bytes: Vec::new(), reads: self.reads };
        let mut err = Vec::new();
        let names_a_vault = self.words.iter().any(|word| word == "--vault");
        let status = match cli::parse(self.words) {
            Parsed::Print(text) => {
                out.bytes = text.into_bytes();
                0
            }
            Parsed::Usage(text) => {
                err = text.into_bytes();
                2
            }
            Parsed::Run(mut cli) => {
                let mut ctx = self.sandbox.context();
                cli.take_settings(&mut ctx);
                ctx.editor = self.editor;
                ctx.clipboard = self.clipboard.unwrap_or_else(|| Arc::new(terminal_clipboard(terminal)));
                // Only the option counts, never a LIFEBOAT_VAULT of whoever runs the tests.
                if names_a_vault {
                    ctx.paths.vault = cli.vault().expect("--vault was given");
                }
                let mut io = Io {
                    stdin: &mut self.stdin.as_slice(),
                    stdin_taken: false,
                    out: &mut out,
                    err: &mut err,
                    person: &mut script,
                    out_is_terminal: self.columns.is_some(),
                    err_is_terminal: self.columns.is_some(),
                    columns: self.columns.unwrap_or(80),
                };
                cli::run(&cli, &mut ctx, &mut io)
            }
        };
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let tty = shown.lock().unwrap().clone();
        Transcript { status, out: text(out.bytes), err: text(err), tty }
    }
}

/// The clipboard of the terminal that shows what is written to it, if there is one.
fn terminal_clipboard(terminal: Option<Arc<Mutex<String>>>) -> impl Clipboard {
    clipboard::ThroughTerminal::new(Multiplexer::None, move |request: &str| {
        let Some(shown) = &terminal else { return Err(io::ErrorKind::NotFound.into()) };
        shown.lock().unwrap().push_str(request);
        Ok(())
    })
}

/// A clipboard in the test's memory, which can be read back as that of a desktop.
#[derive(Debug, Default)]
pub(crate) struct Desktop {
    holds: Mutex<Option<String>>,
    ours: Mutex<Option<String>>,
    hangs: AtomicBool,
}

impl Desktop {
    /// What it holds.
    pub(crate) fn holds(&self) -> Option<String> {
        self.holds.lock().unwrap().clone()
    }

    /// Another program copies something.
    pub(crate) fn takes(&self, text: &str) {
        *self.holds.lock().unwrap() = Some(text.to_owned());
    }

    /// Its program hangs from now on.
    pub(crate) fn hangs(&self) {
        self.hangs.store(true, Ordering::Relaxed);
    }

    fn answers(&self) -> Result<(), ClipboardError> {
        let hung = ClipboardError::Hung { name: "wl-copy".to_owned(), patience: Duration::from_secs(2) };
        if self.hangs.load(Ordering::Relaxed) { Err(hung) } else { Ok(()) }
    }
}

impl Clipboard for Desktop {
    fn copy(&self, text: &str, policy: Policy) -> Result<Sent, ClipboardError> {
        self.answers()?;
        self.takes(text);
        *self.ours.lock().unwrap() = Some(text.to_owned());
        let through = Through::Program {
            kind: clipboard::Kind::Wayland,
            name: "wl-copy".to_owned(),
            marked: true,
            passed_on: false,
        };
        Ok(Sent { through, then: Then::Cleared(policy.after) })
    }

    fn clear_if_ours(&self) -> Result<clipboard::Cleared, ClipboardError> {
        self.answers()?;
        let Some(ours) = self.ours.lock().unwrap().take() else { return Ok(clipboard::Cleared::Nothing) };
        let mut holds = self.holds.lock().unwrap();
        if holds.as_ref() != Some(&ours) {
            return Ok(clipboard::Cleared::NotOurs);
        }
        *holds = None;
        Ok(clipboard::Cleared::Gone)
    }
}

/// Standard output, until its reader has enough.
struct Pipe {
    bytes: Vec<u8>,
    reads: usize,
}

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.reads == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.reads -= 1;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A person who answers as the test says.
struct Script {
    answers: Option<VecDeque<String>>,
    shown: Arc<Mutex<String>>,
    rounds: usize,
    size: Option<(usize, usize)>,
}

/// Word 7 of a card, for the prompt `word 7: `.
fn word_of_card(shown: &str, prompt: &str) -> String {
    let wanted = prompt.trim_start_matches("word ").trim_end_matches(": ");
    let rows = shown.lines().rev().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut rows = rows.filter(|row| row.len() == 10 && row[0].parse::<u8>().is_ok());
    let word = rows.find_map(|row| Some(row[row.iter().position(|part| *part == wanted)? + 1].to_owned()));
    word.unwrap_or_else(|| panic!("no card shows word {wanted}: {shown}"))
}

impl Person for Script {
    fn ask_on_page(&mut self, page: &str, prompt: &str, hidden: bool) -> Result<SecretText, NoAnswer> {
        if self.answers.is_some() {
            self.shown.lock().unwrap().push_str(NEW_PAGE);
        }
        self.show(page).map_err(NoAnswer::NoTerminal)?;
        self.ask(prompt, hidden)
    }

    fn size(&self) -> Option<(usize, usize)> {
        self.size
    }

    fn ask(&mut self, prompt: &str, _hidden: bool) -> Result<SecretText, NoAnswer> {
        let Some(answers) = &mut self.answers else {
            return Err(NoAnswer::NoTerminal(io::ErrorKind::NotFound.into()));
        };
        let mut shown = self.shown.lock().unwrap();
        let last_shown = shown.lines().find(|line| line.starts_with("    ")).map(str::trim);
        let answer = match answers.pop_front().unwrap_or_else(|| panic!("nobody answers: {prompt}")) {
            c if c == CTRL_C => return Err(NoAnswer::Interrupted),
            c if c == WHAT_WAS_SHOWN => last_shown.expect("something was shown").to_owned(),
            word if word == THE_WORD => word_of_card(&shown, prompt),
            answer => answer,
        };
        shown.push_str(prompt);
        shown.push('\n');
        Ok(SecretText::new(answer))
    }

    fn show(&mut self, text: &str) -> io::Result<()> {
        if self.answers.is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.shown.lock().unwrap().push_str(text);
        Ok(())
    }

    fn goes_on(&mut self) -> bool {
        let goes_on = self.rounds > 0;
        self.rounds = self.rounds.saturating_sub(1);
        goes_on
    }
}

/// What a command wrote and how it ended.
#[derive(Debug, Clone)]
pub(crate) struct Transcript {
    /// The exit status.
    pub(crate) status: u8,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
    /// What the controlling terminal showed: questions, and what was shown there alone.
    pub(crate) tty: String,
}

impl Transcript {
    /// Expects exit status 0.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        self.exits(0)
    }

    /// Expects an exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: u8) -> Self {
        assert_eq!(self.status, status, "\n{self}");
        self
    }

    /// Expects words on standard error.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "{words:?} is not said:\n{self}");
        self
    }

    /// Expects a result.
    #[track_caller]
    pub(crate) fn prints(self, words: &str) -> Self {
        assert!(self.out.contains(words), "{words:?} is not printed:\n{self}");
        self
    }

    /// The result as JSON; expects its schema.
    #[track_caller]
    pub(crate) fn json(&self, schema: &str) -> serde_json::Value {
        json(&self.out, schema)
    }

    /// The error as JSON.
    #[track_caller]
    pub(crate) fn error_json(&self) -> serde_json::Value {
        json(&self.err, "lifeboat.error/1")
    }
}

#[track_caller]
fn json(text: &str, schema: &str) -> serde_json::Value {
    assert!(text.starts_with(&format!("{{\"schema\":\"{schema}\"")), "the schema comes first: {text}");
    serde_json::from_str(text).unwrap_or_else(|error| panic!("one JSON document, not {text:?}: {error}"))
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in [("terminal", &self.tty), ("stdout", &self.out), ("stderr", &self.err)] {
            if !text.is_empty() {
                writeln!(f, "-- {name}\n{}", text.trim_end())?;
            }
        }
        write!(f, "-- status {}", self.status)
    }
}
