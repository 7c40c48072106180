//! The manual page `man/lifeboat.1`, made from the same definitions as the command line itself.
//!
//! `UPDATE=1 cargo test man` writes it anew; without it the test says when the file has drifted.

use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use lifeboat::app::Exit;
use lifeboat::cli;
use lifeboat::settings::{Key, Settings, parse};
use lifeboat::tui::keymap;

/// When the words that stand here were last looked over.
const DATE: &str = "2026-11-25";

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/man/lifeboat.1");
const SETTINGS_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/man/lifeboat.toml.5");

#[test]
fn the_manual_is_what_the_definitions_say() {
    let made = manual();
    if std::env::var_os("UPDATE").is_some() {
        update(&made);
    }
    let kept = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        kept == made,
        "man/lifeboat.1 has drifted from the definitions; write it with: UPDATE=1 cargo test man"
    );
}

#[expect(clippy::disallowed_methods, reason = "a generated file of the source tree needs no durability")]
fn update(text: &str) {
    std::fs::write(PATH, text).unwrap();
}

#[test]
fn every_command_option_and_status_is_in_it() {
    let text = manual();
    for section in ["EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"] {
        let heading = |line: &str| line.trim_start_matches(".SH ").trim_matches('"') == section;
        assert!(text.lines().any(heading), "{section}");
    }
    for (path, command) in leaves() {
        assert!(text.contains(&format!(".SS \"{path}\"")), "{path}");
        for arg in command.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(text.contains(&format!("\\-\\-{}", arg.replace('-', "\\-"))), "{path} --{arg}");
        }
    }
}

/// The keys of the terminal interface, scope by scope, from the table that translates them.
fn keys(page: &mut Roff) {
    heading(page, "KEYS");
    page.text([roman(
        "Without a command the terminal interface opens. These are its keys; ? shows those of the screen that is \
         open, and : every action by its name.",
    )]);
    let mut written = Vec::new();
    for scope in keymap::bindings().map(|binding| binding.scope) {
        if written.contains(&scope) {
            continue;
        }
        written.push(scope);
        page.control("SS", [upper_first(scope.name()).as_str()]);
        for binding in keymap::bindings().filter(|binding| binding.scope == scope) {
            page.control("TP", []);
            page.text([bold(binding.shown)]);
            page.text([roman(binding.help)]);
        }
    }
    page.control("SS", ["Always"]);
    for (shown, help) in keymap::ALWAYS {
        page.control("TP", []);
        page.text([bold(shown)]);
        page.text([roman(help)]);
    }
}

#[test]
fn every_key_of_the_interface_is_in_it() {
    let text = manual().replace("\\-", "-");
    for binding in keymap::bindings() {
        assert!(text.contains(binding.help), "{binding:?}");
    }
}

/// Each `.It Ic` of the settings' page: its key, and the text below it on one line.
fn described_keys() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(SETTINGS_PATH).unwrap();
    let keys = page.split("\n.Sh KEYS\n").nth(1).unwrap().split("\n.Sh ").next().unwrap();
    let items = keys.split("\n.It Ic ").skip(1).map(|item| item.split_once('\n').unwrap());
    items.map(|(key, text)| (key.to_owned(), text.replace('\n', " "))).collect()
}

#[test]
fn the_page_of_the_settings_describes_every_key_with_what_it_takes_and_its_default() {
    let described = described_keys();
    let paths: Vec<&str> = described.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, Key::ALL.map(Key::path));
    for ((path, text), key) in described.iter().zip(Key::ALL) {
        let default = key.value(&Settings::default()).in_file();
        for words in [format!("Takes {}.", key.kind()), format!("The default is {default}.")] {
            assert!(text.contains(&words), "{path} does not say: {words}");
        }
    }
}

#[test]
fn the_example_of_the_settings_is_understood() {
    let page = std::fs::read_to_string(SETTINGS_PATH).unwrap();
    let example = page.split(".Bd -literal\n").nth(1).unwrap().split(".Ed").next().unwrap();
    let (settings, warnings) = parse(example.as_bytes());
    assert_eq!(warnings, []);
    assert_ne!(settings, Settings::default());
}

/// The page as roff.
fn manual() -> String {
    let command = cli::command();
    let mut page = Roff::new();
    page.control(
        "TH",
        ["LIFEBOAT", "1", DATE, concat!("lifeboat ", env!("CARGO_PKG_VERSION")), "User Commands"],
    );
    heading(&mut page, "NAME");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    page.text([roman(format!("lifeboat - {}", lower_first(&about)))]);

    heading(&mut page, "SYNOPSIS");
    page.text([bold("lifeboat"), roman(" [options] [command]")]);

    heading(&mut page, "DESCRIPTION");
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    for (idx, paragraph) in long.split("\n\n").enumerate() {
        if idx > 0 {
            page.control("PP", []);
        }
        for line in paragraph.lines() {
            page.text([roman(line)]);
        }
    }
    page.control("PP", []);
    for line in [
        "Results go to standard output, everything else to standard error.",
        "No secret is taken as an argument: a seed, an otpauth URI or a passphrase comes from a hidden prompt, \
         from standard input, from a file or from a file descriptor.",
        "One trailing line end of a passphrase file is not part of the passphrase.",
    ] {
        page.text([roman(line)]);
    }
    page.control("PP", []);
    for line in [
        "A query names an entry: by its id, by its issuer:account, issuer or account in any case, or by a part of \
         issuer:account that only one has.",
        "A time is written as 2026-11-24T02:00:00Z or as Unix seconds, a duration as 90s, 15m, 2h or 30d.",
    ] {
        page.text([roman(line)]);
    }

    heading(&mut page, "OPTIONS");
    page.text([roman("These go with every command.")]);
    arguments(&mut page, &command);

    heading(&mut page, "COMMANDS");
    for (path, command) in leaves() {
        page.control("SS", [path.as_str()]);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        page.text([roman(format!("{about}."))]);
        page.control("PP", []);
        page.text(synopsis(&path, &command));
        arguments(&mut page, &command);
    }

    paragraphs(&mut page, "THE STATUS", &STATUS);
    paragraphs(&mut page, "EXCEPTIONS", &EXCEPTIONS);
    paragraphs(&mut page, "UNLOCK ONCE", &UNLOCK_ONCE);

    keys(&mut page);
    paragraphs(&mut page, "COPYING", &COPYING);

    timer(&mut page);
    table(&mut page, "EXIT STATUS", &exit_statuses());
    table(&mut page, "ENVIRONMENT", &ENVIRONMENT.map(|(name, words)| (name.to_owned(), words)));
    table(&mut page, "FILES", &FILES.map(|(name, words)| (name.to_owned(), words)));
    paragraphs(&mut page, "THE LOG", &LOG);
    heading(&mut page, "EXAMPLES");
    for (idx, (words, commands)) in EXAMPLES.into_iter().enumerate() {
        if idx > 0 {
            page.control("PP", []);
        }
        page.text([roman(words)]);
        page.control("RS", ["4"]);
        page.control("EX", []);
        for command in commands {
            page.text([roman(*command)]);
        }
        page.control("EE", []);
        page.control("RE", []);
    }
    heading(&mut page, "SEE ALSO");
    page.text([
        bold("lifeboat-vault"),
        roman("(5), "),
        bold("lifeboat-bundle"),
        roman("(5), "),
        bold("lifeboat-drill"),
        roman("(5), "),
        bold("lifeboat-pass"),
        roman("(5), "),
        bold("lifeboat-plan"),
        roman("(5), "),
        bold("lifeboat.toml"),
        roman("(5), "),
        bold("lifeboat-evidence"),
        roman("(7), "),
        bold("lifeboat-import"),
        roman("(7), "),
        bold("lifeboat-incident"),
        roman("(7), "),
        bold("lifeboat-recovery"),
        roman("(7), "),
        bold("lifeboat-runbook"),
        roman("(7)"),
    ]);
    page.to_roff()
}

/// How a machine says by itself that a drill is due.
fn timer(page: &mut Roff) {
    heading(page, "DRILLS BY A TIMER");
    for (idx, paragraph) in TIMER.into_iter().enumerate() {
        if idx > 0 {
            page.control("PP", []);
        }
        page.text([roman(paragraph)]);
    }
    for (name, lines) in TIMER_FILES {
        page.control("PP", []);
        page.text([bold(name)]);
        page.control("RS", ["4"]);
        page.control("EX", []);
        for line in lines {
            page.text([roman(*line)]);
        }
        page.control("EE", []);
        page.control("RE", []);
    }
    page.control("PP", []);
    page.text([roman(TIMER_AFTERWARDS)]);
}

fn heading(page: &mut Roff, name: &str) {
    page.control("SH", [name]);
}

fn paragraphs(page: &mut Roff, name: &str, paragraphs: &[&str]) {
    heading(page, name);
    for (idx, paragraph) in paragraphs.iter().enumerate() {
        if idx > 0 {
            page.control("PP", []);
        }
        page.text([roman(*paragraph)]);
    }
}

fn table(page: &mut Roff, name: &str, rows: &[(String, &str)]) {
    heading(page, name);
    for (term, words) in rows {
        page.control("TP", []);
        page.text([bold(term.as_str())]);
        page.text([roman(*words)]);
    }
}

/// Every command that does something, with its whole name.
fn leaves() -> Vec<(String, clap::Command)> {
    fn walk(path: &str, command: &clap::Command, found: &mut Vec<(String, clap::Command)>) {
        if !command.is_subcommand_required_set() && path != "lifeboat" {
            found.push((path.to_owned(), command.clone()));
        }
        for sub in command.get_subcommands() {
            walk(&format!("{path} {}", sub.get_name()), sub, found);
        }
    }
    let mut found = Vec::new();
    walk("lifeboat", &cli::command(), &mut found);
    found
}

fn value(arg: &clap::Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn takes_value(arg: &clap::Arg) -> bool {
    arg.get_action().takes_values()
}

fn positional_name(arg: &clap::Arg) -> String {
    let name = value(arg);
    if name.is_empty() { arg.get_id().as_str().to_uppercase() } else { name }
}

fn repeats(arg: &clap::Arg) -> bool {
    matches!(arg.get_action(), clap::ArgAction::Append)
}

/// `lifeboat code [options] QUERY`.
fn synopsis(path: &str, command: &clap::Command) -> Vec<Inline> {
    let mut line = vec![bold(path)];
    if command.get_opts().chain(command.get_arguments().filter(|arg| !arg.is_positional())).next().is_some() {
        line.push(roman(" [options]"));
    }
    for arg in command.get_positionals() {
        let name = positional_name(arg);
        let (open, close) = if arg.is_required_set() { ("", "") } else { ("[", "]") };
        let dots = if repeats(arg) && name != "-" { "..." } else { "" };
        line.extend([roman(format!(" {open}")), italic(name), roman(format!("{dots}{close}"))]);
    }
    line
}

fn arguments(page: &mut Roff, command: &clap::Command) {
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let mut term = Vec::new();
        if arg.is_positional() {
            term.push(italic(positional_name(arg)));
        } else {
            if let Some(short) = arg.get_short() {
                term.extend([bold(format!("-{short}")), roman(", ")]);
            }
            term.push(bold(format!("--{}", arg.get_long().unwrap_or_default())));
            if takes_value(arg) {
                let optional = arg.get_num_args().is_some_and(|range| range.min_values() == 0);
                let (open, close) = if optional { (" [", "]") } else { (" ", "") };
                term.extend([roman(open), italic(value(arg)), roman(close)]);
            }
        }
        page.control("TP", []);
        page.text(term);
        let mut words = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let possible: Vec<String> = if takes_value(arg) {
            arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
        } else {
            Vec::new()
        };
        if !possible.is_empty() {
            words.push_str(&format!(" ({})", possible.join(", ")));
        }
        if let Some(name) = arg.get_env() {
            words.push_str(&format!("; also from {}", name.to_string_lossy()));
        }
        if repeats(arg) && !arg.is_positional() {
            words.push_str("; may be given several times");
        }
        page.text([roman(words)]);
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

const STATUS: [&str; 4] = [
    "status says on one screen what there is to see to, under six words, the most urgent first. unreachable: accounts of a plan \
     of your own that nothing leads to now, circles in it, and what alone would take accounts away. open: incidents with what is \
     left of their lists, break-glass sessions that run or ended without being closed, passes that nobody has closed. due: \
     exceptions past their end, copies of seeds without an end, entries and items that cannot be read, bundles that lack \
     something or are to be reviewed, shares to be checked, the passphrase to be typed from memory. unproven: entries whose \
     service was never seen to accept a code, or not for a year. undrilled: bundles of which a drill is due. expiring: exceptions \
     that end, and reviews that are due, within 14 days.",
    "Long lists are cut, and the number is told; --json has all of them. There groups has a list for each of the six words, each \
     item with what it is, what to do next, the names that it is about, and whether it counts; due has the words of all that \
     count, and exceptions, incidents, passes and plan have what was looked at.",
    "With --check the status is 7 when anything counts: all but what expires, and but the circles and single points of a plan, of \
     which nearly every plan has some. What expires is told in time and is not late. To be held to single points too, run plan \
     check.",
    "The terminal interface says at its start how many things there are to see to; S shows them there.",
];

const EXCEPTIONS: [&str; 6] = [
    "What weakens something gets an owner and an end: exception add does nothing without --until and --owner. An end lies ahead by \
     400 days at most, so that somebody looks at it again in a year. A day alone lasts until its end, in UTC. --reason is kept \
     with it. exception list shows those past their end first; they travel in bundles and come back with a restore.",
    "skipped-proof: no service is asked to accept a code. While it holds, the entry is not among the unproven. clone: the seed lies \
     on another device too. An entry whose provenance is copied is due without one, since nothing else says until when.",
    "not-drilled: drills do not look at the entry. A drill that compares, and a report that is brought home, say of it that it was \
     not compared and why, name it among what was not tested, and reach their level without it. It is never called the same, \
     and a code of it that a service accepted does not lift the drill to L3. What a person or another device's code has found of \
     it in the drill stays a finding.",
    "no-second-factor: the account is without its second factor for a time. It has no effect but to be told: plan check flags the \
     account while it is open. Switching the second factor off is never a way in.",
    "Within 14 days of its end an exception is told as expiring. From its end on it has no effect any more, and status is red, and \
     status --check ends with 7, until somebody has ended what it allowed and runs exception end. To give it another end, end it \
     and add it anew: while one of the same entry and kind is open, a second one is refused. One whose entry was removed stays in \
     the list, by the entry's id, until it is ended.",
    "The log has a record of each that was added or ended: the entry by its id, the kind, the owner, the end and the reason.",
];

fn exit_statuses() -> Vec<(String, &'static str)> {
    [
        (Exit::Done, "done"),
        (Exit::Failed, "failed: an I/O or unexpected error"),
        (Exit::Usage, "the command line is not understood"),
        (Exit::WrongCredential, "wrong passphrase or key file, or none to be had under --no-input"),
        (Exit::NotFound, "no entry, or more than one, fits the query; no such file"),
        (Exit::Damaged, "the file is damaged, altered, or not of a known format or version"),
        (Exit::Busy, "another process is writing the vault and did not finish in time"),
        (
            Exit::CheckFailed,
            "a check found something wrong: a drill, drill due --check, status --check, audit verify, proof compare, evidence \
             verify, doctor",
        ),
        (
            Exit::Refused,
            "refused by a rule: an answer that was no, an exception without an end that is near enough, a plaintext export not asked for, a file that exists, a weak \
             passphrase for a bundle, a key derivation past the ceiling, an import with refused entries",
        ),
        (Exit::Interrupted, "interrupted with Ctrl-C at a question; nothing was changed"),
    ]
    .map(|(exit, words)| (exit.status().to_string(), words))
    .to_vec()
}

const ENVIRONMENT: [(&str, &str); 9] = [
    ("LIFEBOAT_VAULT", "the vault, where --vault does not name one"),
    ("LIFEBOAT_PASSPHRASE_FILE", "the file of the vault's passphrase, where no option names one"),
    ("NO_COLOR", "no colour, when it is set and not empty"),
    ("NO_MOTION", "nothing moves by itself, when it is set and not empty"),
    (
        "HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CONFIG_HOME",
        "where the vault, the machine's own notes and the settings lie",
    ),
    ("TMPDIR", "where demo makes its temporary directory"),
    (
        "TERM, TERM_PROGRAM, VTE_VERSION, SSH_CONNECTION, SSH_TTY, WAYLAND_DISPLAY, DISPLAY, WSL_DISTRO_NAME, \
         WSL_INTEROP, PATH",
        "what a code is copied through, where the settings leave that open",
    ),
    ("TMUX, STY", "how a copied code is wrapped to reach the outer terminal"),
    ("USER, LOGNAME", "the name that the log keeps"),
];

const FILES: [(&str, &str); 7] = [
    ("~/.local/share/lifeboat/vault.lifeboat", "the vault; lifeboat-vault(5) describes it"),
    ("vault.lifeboat.previous.1 to .5", "the generations before it, the newest first"),
    ("vault.lifeboat.log", "the sealed log; lifeboat-vault(5) describes it"),
    (
        "vault.lifeboat.log.000000009214",
        "what the log has filled, by the number of its last record; never deleted",
    ),
    ("vault.lifeboat.lock", "the lock of writers; it stays and is empty"),
    ("~/.config/lifeboat/lifeboat.toml", "the settings; lifeboat.toml(5) describes them"),
    (
        "~/.local/state/lifeboat/",
        "what this machine has seen of each vault: its newest generation, and which codes were copied; no secret",
    ),
];

const UNLOCK_ONCE: [&str; 4] = [
    "On Linux, unlock puts the vault's master key into the kernel's session keyring, or into the user-session \
     keyring where no session keyring was inherited. It is on no disk, and the kernel drops it when the time is \
     over. Until then every process that has the keyring can open the vault without the passphrase, and a process \
     that reads the key can keep a copy of it. lock drops the key at once, needs no passphrase, and works when the \
     vault file is damaged or gone; it reaches the keyrings of its own session and user. passwd and slot remove \
     drop the key before they begin, and a key that does not open the vault any more is dropped when it is found.",
    "What is named with --passphrase-file, --passphrase-fd or --key-file goes before the key. Nothing that outlasts \
     the time is done with it: unlock, passwd, slot add, slot remove, export, bundle create, and show with --reveal, \
     --qr or --recovery-codes ask anew. Bundles are never opened by it. rehearse has the passphrase typed in any case; the \
     key only serves to note the date.",
    "The terminal interface opens with the key when it starts, and says so. Once it is locked, by hand or by itself, \
     it asks for the passphrase. After two wrong passphrases it takes no input for 2 seconds, then 4, 8, 16 and 30 \
     after each further one; leaving always works. That slows a person at the keyboard down, and nobody who has a \
     copy of the vault: there only the key derivation counts.",
    "The kernel counts by the machine's clock, and time spent asleep counts. A clock that is set back to before the \
     unlock makes the key useless. Where there is no keyring, unlock fails with status 1 before it asks for anything, \
     and everything else goes on without it.",
];

const COPYING: [&str; 5] = [
    "A code is copied through the terminal by the escape sequence OSC 52, which works over SSH and needs no other \
     program. The terminal confirms nothing and is never asked what it holds, so that the copy is left to expire with \
     its code; --clear-after, or clear = \"always\" in the settings, has a space written over it, whatever is there by \
     then. Inside tmux, which has to have set-clipboard on, and inside screen it is sent plain and once more wrapped. \
     A terminal of which is known that it passes OSC 52 over (GNOME's and others built on VTE, Apple's Terminal) gives \
     way to a program of the desktop where one is found and the desktop is not that of a machine reached over SSH; so \
     does one that would show it (the Linux console, a dumb one), through which nothing is ever copied.",
    "lifeboat.toml(5) names another provider: wl-copy, xclip or xsel, pbcopy, clip.exe, a buffer of tmux, or a program \
     of one's own, which gets the code on its standard input and in no argument. The program is started by a second \
     process of lifeboat, which is made before the sandbox closes, starts nothing else, and gives it no more of the \
     environment than it needs. It is looked for in PATH once; folders there that are not absolute are passed over.",
    "What a provider can give back is cleared in clear_after, 30 seconds if nothing else is set, and only while it is \
     still the code: what was copied since is left alone. It is cleared as well when the interface locks or ends, and \
     when lifeboat is ended by whatever, SIGKILL included; code --copy waits for it, and Ctrl-C does it at once. What \
     only another device of the desktop knows, a history of the clipboard above all, is not reached. A program of one's \
     own cannot be asked what became of the code: that copy is treated as one through the terminal.",
    "Every program of a desktop can read its clipboard. wl-copy is told to mark a code as a secret where it knows how \
     (version 2.3), so that histories pass it over; the others have no such mark. A program that does not end within 2 \
     seconds (clip.exe: 10) is ended, and that is told.",
    "lifeboat doctor says what copies here and why, which programs were found, and whether a copy can be read back.",
];

const LOG: [&str; 5] = [
    "Every command that opens the vault, shows or copies a code, shows a seed, or changes anything leaves a record: when, \
     who and on which machine, by which way of opening, about which entry, and why where a reason was given. A code is \
     recorded before it is shown, a change before it is saved and once more afterwards. A log that cannot be written \
     blocks nothing; how many records it lacks is recorded as a gap when it can be written again.",
    "audit list prints the records, the newest last. Entries are shown by their present names. A failed unlock cannot be \
     sealed, because nothing was opened: it stands in clear, marked as not sealed, until the next unlock seals its hash. \
     --csv writes every text whole, with control characters made visible, and an apostrophe before what a spreadsheet \
     would take for a formula.",
    "audit verify looks at the log before it records its own unlock. It names each record that was changed, removed, moved \
     or doubled, an end that was cut off, a log of another time or another copy of the vault, records of another vault, \
     lines in clear that are not those that were sealed, a clock that went back by more than a minute and a generation of \
     the vault that did: status 7. What explains itself is told as a note: gaps, a line that a crash cut short and the \
     next record says so, a change whose end the next unlock records, the clocks of two machines.",
    "What it cannot prove stands at the end of what it prints. Whoever has the vault's key can write another log, and what \
     came after the last save of the vault can be cut off. So note the head and its number elsewhere, and look later whether \
     it is still in the chain, with --head.",
    "A log of 4 MiB is put aside as vault.lifeboat.log.NUMBER, and goes on in a new file. A vault that is copied without its \
     log goes on with the number that comes next, and audit verify names the records that are not there: copy all files \
     whose names begin with that of the vault.",
];

const TIMER: [&str; 2] = [
    "drill due --check ends with status 7 when a bundle is to be drilled, and says which; status --check does so for \
     everything that is due. Both open the vault, to read its log, and so need what opens it. The units below give it \
     as a credential of systemd, which only the service can read; a key file alone that opens the vault (slot add \
     --new-key-file) is as good, and can be removed again without a new passphrase. A key in the kernel's keyring is \
     of no use to a timer: it ends after twelve hours at most, and another session does not have it.",
    "Who can read the credential can open the vault. Where that is too much, put the dates of drill due into a \
     calendar instead.",
];

const TIMER_FILES: [(&str, &[&str]); 2] = [
    (
        "~/.config/systemd/user/lifeboat-drill.service",
        &[
            "[Unit]",
            "Description=Is a drill of a bundle due?",
            "",
            "[Service]",
            "Type=oneshot",
            "LoadCredentialEncrypted=vault:%h/.config/lifeboat/vault.cred",
            "ExecStart=/usr/local/bin/lifeboat drill due --check --no-input --passphrase-file %d/vault",
        ],
    ),
    (
        "~/.config/systemd/user/lifeboat-drill.timer",
        &[
            "[Unit]",
            "Description=Asks every Monday whether a drill is due",
            "",
            "[Timer]",
            "OnCalendar=Mon 09:00",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
        ],
    ),
];

const TIMER_AFTERWARDS: &str = "systemd-creds encrypt --user --name=vault - ~/.config/lifeboat/vault.cred makes the \
    credential from what is typed; systemctl --user enable --now lifeboat-drill.timer starts the timer. The service fails \
    while a drill is due: systemctl --user --failed shows it, journalctl --user -u lifeboat-drill says which bundle, and \
    OnFailure= in [Unit] can name a unit that sends a message.";

const EXAMPLES: [(&str, &[&str]); 13] = [
    ("See the whole story without touching your files:", &["lifeboat demo"]),
    (
        "Make a vault, bring a phone's export into it, read a code:",
        &["lifeboat init", "lifeboat import aegis-export.json", "lifeboat code aws:root"],
    ),
    (
        "Add one account from a file, from a picture, or from a prompt:",
        &[
            "lifeboat add - < uri.txt",
            "lifeboat add --qr screenshot.png",
            "lifeboat add --issuer Bank --account ana",
        ],
    ),
    (
        "Copy a code, through the terminal where nothing else is set, over SSH too:",
        &["lifeboat code aws:root --copy"],
    ),
    (
        "Type the passphrase once for an hour of work, and end that early:",
        &["lifeboat unlock --for 1h", "lifeboat code aws:root", "lifeboat lock"],
    ),
    (
        "Make an encrypted bundle, and look at it later:",
        &[
            "lifeboat bundle create -o /media/usb/2026-11.lifeboat --review 90d --label 'safe 3'",
            "lifeboat bundle inspect /media/usb/2026-11.lifeboat",
            "lifeboat bundle verify /media/usb/2026-11.lifeboat",
        ],
    ),
    (
        "Rehearse that every quarter, on another machine, and bring the report home:",
        &[
            "lifeboat drill run /media/usb/2026-11.lifeboat --report drill.json --attest aws:root=INC-4711",
            "lifeboat drill record drill.json",
            "lifeboat drill due",
        ],
    ),
    ("Restore it on a machine that has nothing else:", &["lifeboat restore /media/usb/2026-11.lifeboat"]),
    (
        "See that another machine has the same seeds and the same clock: by words on the telephone, or by a file:",
        &["lifeboat proof", "lifeboat proof -o proof.txt", "lifeboat proof compare proof.txt"],
    ),
    ("Type the passphrase from memory, so that it stays there:", &["lifeboat rehearse"]),
    (
        "See who has used an account, hand the log on, and check that it is whole:",
        &[
            "lifeboat audit list --since 90d --entry aws:root",
            "lifeboat audit list --csv --kind code-shown --kind seed-shown > log.csv",
            "lifeboat audit verify --head 0ccb398492f796dd3020ee5b366b83f76c3c1dc1076f4aa654ada83eb1db5103",
        ],
    ),
    (
        "Give an auditor the key, later a signed report of a quarter, and check it as they do:",
        &[
            "lifeboat evidence key > signers",
            "lifeboat evidence -o 2026-q4 --since 92d --policy recovery-policy.md",
            "lifeboat evidence verify 2026-q4 --signers signers",
        ],
    ),
    (
        "In a script:",
        &[
            "lifeboat code aws:root --no-input --json --passphrase-file /run/secrets/lifeboat",
            "lifeboat status --check --no-input --key-file /etc/lifeboat.key",
        ],
    ),
];
