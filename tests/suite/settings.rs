//! The settings file on a disk: read whatever it is, changed whole or not at all, and no way to run a
//! program for whoever can write it.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::sync::Arc;
use std::time::Duration;

use lifeboat::app::settings::{Saved, load, save};
use lifeboat::app::{Context, Failure, Kind, key_file, unlock};
use lifeboat::audit::Event;
use lifeboat::cli::{self, Parsed};
use lifeboat::envelope::Credentials;
use lifeboat::settings::{Key, Settings, Theme, Value, template};
use lifeboat::storage::paths::Paths;

use crate::faulty_disk::{Errno, Fault, FaultyDisk, Lack, Unsynced};
use crate::hostile_disk::records;
use crate::support::Sandbox;

const FILE: &str = "config/lifeboat.toml";
const MOUSE: (Key, &Value) = (Key::Mouse, &Value::Flag(true));

fn with_file(text: impl AsRef<[u8]>) -> Sandbox {
    let sandbox = Sandbox::empty();
    private_folder(&sandbox);
    sandbox.write(FILE, text);
    chmod(&sandbox, FILE, 0o600);
    sandbox
}

fn private_folder(sandbox: &Sandbox) {
    fs::create_dir(sandbox.path("config")).unwrap();
    chmod(sandbox, "config", 0o700);
}

fn chmod(sandbox: &Sandbox, name: &str, mode: u32) {
    fs::set_permissions(sandbox.path(name), Permissions::from_mode(mode)).unwrap();
}

fn set(sandbox: &Sandbox, (key, value): (Key, &Value)) -> Result<Saved, Failure> {
    save(&sandbox.context(), None, key, value)
}

/// The file is warned of, refused and left alone.
#[track_caller]
fn check_left_alone(sandbox: &Sandbox, kind: Kind, words: &str) {
    let before = fs::read(sandbox.path(FILE)).ok();
    let loaded = load(&sandbox.context());
    assert_eq!(loaded.settings, Settings::default());
    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.len() == 1 && warnings.concat().contains(words), "{warnings:?}");
    assert!(loaded.is_there);
    let failure = set(sandbox, MOUSE).unwrap_err();
    assert_eq!(failure.kind, kind, "{failure:?}");
    assert!(failure.unchanged.is_some() && !failure.next.is_empty(), "{failure:?}");
    assert_eq!(fs::read(sandbox.path(FILE)).ok(), before);
    let left: Vec<OsString> =
        fs::read_dir(sandbox.path("config")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with("lifeboat.toml")), "{left:?}");
}

#[test]
fn without_a_file_every_setting_keeps_its_default() {
    let sandbox = Sandbox::empty();
    let loaded = load(&sandbox.context());
    assert_eq!((loaded.settings, loaded.warnings, loaded.is_there), (Settings::default(), vec![], false));
    assert_eq!(loaded.path, Some(sandbox.path(FILE)));
    assert!(!sandbox.has("config"));
}

#[test]
fn the_first_change_makes_the_commented_file_for_its_owner_alone() {
    let sandbox = Sandbox::empty();
    let saved = set(&sandbox, MOUSE).unwrap();
    assert!(saved.loaded.settings.mouse);
    assert_eq!((&saved.loaded, saved.notice), (&load(&sandbox.context()), None));
    let text = String::from_utf8(sandbox.read(FILE)).unwrap();
    assert_eq!(text, template().replace("#mouse = false", "mouse = true"));
    let mode = |name: &str| sandbox.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("config"), mode(FILE)), (0o700, 0o600));
}

#[test]
fn a_change_keeps_what_somebody_wrote_and_where_a_link_leads() {
    let file = "# mine\ntheme = \"plain\" # dark room\nfuture = 1\n";
    let sandbox = with_file(file);
    fs::create_dir(sandbox.path("dotfiles")).unwrap();
    fs::rename(sandbox.path(FILE), sandbox.path("dotfiles/toml")).unwrap();
    symlink(sandbox.path("dotfiles/toml"), sandbox.path(FILE)).unwrap();
    set(&sandbox, (Key::Theme, &Value::Choice("high-contrast"))).unwrap();
    assert!(sandbox.path(FILE).symlink_metadata().unwrap().is_symlink());
    let changed = String::from_utf8(sandbox.read("dotfiles/toml")).unwrap();
    assert_eq!(changed, file.replace("plain", "high-contrast"));
}

#[test]
fn a_file_that_cannot_be_read_is_warned_of_and_not_overwritten() {
    check_left_alone(&with_file("mouse = = true\n"), Kind::UnknownFormat, "line 1: not TOML");
    check_left_alone(&with_file(b"\n\xff"), Kind::UnknownFormat, "line 2: it is no text");
    check_left_alone(&with_file("#".repeat(70_000)), Kind::UnknownFormat, "larger than the 65536 bytes");
    let folder = Sandbox::empty();
    fs::create_dir_all(folder.path(FILE)).unwrap();
    check_left_alone(&folder, Kind::Io, "it is a folder");
    let dangling = Sandbox::empty();
    private_folder(&dangling);
    symlink(dangling.path("stick/toml"), dangling.path(FILE)).unwrap();
    check_left_alone(&dangling, Kind::Io, "a link that leads nowhere");
    assert!(!dangling.has("stick"));
}

#[test]
fn what_does_not_fit_is_refused_with_what_does() {
    let sandbox = Sandbox::empty();
    let failure = set(&sandbox, (Key::Idle, &Value::Time(Duration::from_secs(1)))).unwrap_err();
    assert_eq!(failure.kind, Kind::Usage);
    assert_eq!(failure.causes(), ["lock.idle takes a time from \"30s\" to \"2h\""]);
    assert!(!sandbox.has("config"));
}

#[test]
fn a_command_is_not_run_where_somebody_else_could_have_written_it() {
    let file = "mouse = true\n[clipboard]\nprovider = \"command\"\ncommand = [\"pass-on\"]\n";
    let sandbox = with_file(file);
    assert_eq!(load(&sandbox.context()).settings.clipboard.command, ["pass-on"]);
    for (name, mode, safe) in
        [(FILE, 0o620, 0o600), (FILE, 0o602, 0o644), ("config", 0o720, 0o700), ("config", 0o1777, 0o755)]
    {
        chmod(&sandbox, name, mode);
        let loaded = load(&sandbox.context());
        assert!(loaded.settings.mouse, "the rest is read");
        assert_eq!(loaded.settings.clipboard.command, [] as [&str; 0], "{name} {mode:o}");
        let words = loaded.warnings.first().unwrap().to_string();
        assert!(words.starts_with("clipboard.command is not run"), "{words}");
        assert!(words.contains(&format!("can be written by others (mode {mode:o}): chmod go-w")), "{words}");
        chmod(&sandbox, name, safe);
        assert_eq!(load(&sandbox.context()).warnings, [], "{name} {safe:o}");
    }
}

#[test]
fn a_command_is_not_run_where_a_link_leads_to_what_others_can_write() {
    let sandbox = with_file("");
    fs::remove_file(sandbox.path(FILE)).unwrap();
    fs::create_dir(sandbox.path("shared")).unwrap();
    chmod(&sandbox, "shared", 0o777);
    sandbox.write("shared/toml", "clipboard.command = [\"pass-on\"]\n");
    chmod(&sandbox, "shared/toml", 0o600);
    symlink(sandbox.path("shared/toml"), sandbox.path(FILE)).unwrap();
    let is_run = || !load(&sandbox.context()).settings.clipboard.command.is_empty();
    assert!(!is_run());
    chmod(&sandbox, "shared", 0o755);
    assert!(is_run());
}

#[test]
fn a_command_in_the_file_of_another_user_is_not_run() {
    for path in ["/home/lifeboat.toml", "/home"] {
        let disk = FaultyDisk::new();
        disk.put("/home/lifeboat.toml", b"clipboard.command = [\"pass-on\"]\n");
        let ctx = context(&Sandbox::empty(), &disk);
        assert_eq!(load(&ctx).settings.clipboard.command, ["pass-on"]);
        disk.give_away(path);
        let loaded = load(&ctx);
        assert_eq!(loaded.settings, Settings::default());
        let words = loaded.warnings.first().unwrap().to_string();
        assert!(words.contains(&format!("{path} belongs to another user")), "{words}");
    }
}

#[test]
fn a_change_does_not_make_a_stranger_s_command_ones_own() {
    let file = "[clipboard]\ncommand = [\"steal\"]\n";
    let sandbox = with_file(file);
    chmod(&sandbox, FILE, 0o666);
    let failure = set(&sandbox, MOUSE).unwrap_err();
    assert_eq!(failure.kind, Kind::Refused);
    assert_eq!(sandbox.read(FILE), file.as_bytes());
    // To name another is to take it over.
    let mine = Value::Command(vec!["mine".to_owned()]);
    let saved = set(&sandbox, (Key::Command, &mine)).unwrap();
    assert_eq!(saved.loaded.settings.clipboard.command, ["mine"]);
    assert_eq!(sandbox.path(FILE).metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn without_a_home_there_is_no_file_and_none_is_made() {
    let sandbox = Sandbox::empty();
    let mut ctx = sandbox.context();
    ctx.paths.settings = None;
    let loaded = load(&ctx);
    assert_eq!((loaded.settings, loaded.path), (Settings::default(), None));
    let failure = save(&ctx, None, MOUSE.0, MOUSE.1).unwrap_err();
    assert_eq!((failure.kind, failure.next), (Kind::Io, vec!["set HOME".to_owned()]));
}

#[test]
fn of_two_that_write_one_waits_and_nothing_is_lost() {
    let sandbox = Sandbox::empty();
    set(&sandbox, MOUSE).unwrap();
    let held = fs::File::open(sandbox.path("config/lifeboat.toml.lock")).unwrap();
    held.lock().unwrap();
    let failure = set(&sandbox, (Key::Ascii, &Value::Flag(true))).unwrap_err();
    assert_eq!(failure.kind, Kind::Busy);
    drop(held);
    let saved = set(&sandbox, (Key::Ascii, &Value::Flag(true))).unwrap();
    assert!(saved.loaded.settings.mouse && saved.loaded.settings.ascii);
}

fn context(sandbox: &Sandbox, disk: &FaultyDisk) -> Context {
    let paths = Paths {
        vault: "/home/vault.lifeboat".into(),
        state_dir: "/home/state".into(),
        settings: Some("/home/lifeboat.toml".into()),
    };
    Context { disk: Arc::new(disk.clone()), paths, ..sandbox.context() }
}

#[test]
fn whatever_fails_at_any_step_the_file_is_the_old_one_or_the_new_one_and_the_words_are_true() {
    let old = b"# mine\nmouse = false\n".to_vec();
    let new = b"# mine\nmouse = true\n".to_vec();
    let sandbox = Sandbox::empty();
    let laid_out = FaultyDisk::new();
    laid_out.put("/home/lifeboat.toml", &old);
    let run = |disk: &FaultyDisk| save(&context(&sandbox, disk), None, MOUSE.0, MOUSE.1);
    let whole = laid_out.fork();
    run(&whole).unwrap();
    let n_steps = whole.calls().len();
    assert!(n_steps > 10, "{n_steps}");
    let mut n_refused = 0;
    for at in 0..n_steps {
        for fault in [
            Fault::Error(at, Errno::IO),
            Fault::ErrorAfter(at, Errno::IO),
            Fault::Error(at, Errno::NOSPC),
            Fault::LyingWrite(at),
            Fault::ShortWrite(at),
            Fault::Stop(at),
            Fault::Unwritable(at, Errno::ROFS),
        ] {
            let disk = laid_out.fork();
            disk.arm(fault);
            let outcome = run(&disk);
            disk.disarm();
            let found = disk.bytes("/home/lifeboat.toml").unwrap();
            match outcome {
                Ok(_) => assert_eq!(found, new, "{fault:?}"),
                // Stopped for good, it can be either: nobody is left to be told.
                Err(_) if matches!(fault, Fault::Stop(_)) => {
                    assert!(found == old || found == new, "{fault:?}");
                }
                Err(failure) => {
                    n_refused += 1;
                    assert_eq!(found, old, "{fault:?}: {failure:?}");
                    assert!(!failure.what.is_empty() && failure.unchanged.is_some(), "{failure:?}");
                }
            }
            for unsynced in [Unsynced::Half, Unsynced::Kept, Unsynced::Lost] {
                for survives in [true, false] {
                    let cut = disk.fork();
                    cut.cut_power(|_| survives, unsynced);
                    let found = cut.bytes("/home/lifeboat.toml").unwrap();
                    assert!(found == old || found == new, "{fault:?} {unsynced:?}");
                }
            }
        }
    }
    assert!(n_refused > 10, "{n_refused}");
}

#[test]
fn what_a_disk_did_not_confirm_is_told() {
    let disk = FaultyDisk::new().without(Lack::Locks);
    let sandbox = Sandbox::empty();
    let ctx = context(&sandbox, &disk);
    save(&ctx, None, MOUSE.0, MOUSE.1).unwrap();
    disk.arm(Fault::Error(usize::MAX, Errno::IO));
    assert_eq!(save(&ctx, None, Key::Ascii, &Value::Flag(true)).unwrap().notice, None);
    let at = disk.calls().iter().rposition(|call| call.step == "sync_folder").unwrap();
    disk.arm(Fault::Error(at, Errno::IO));
    let saved = save(&ctx, None, Key::Ascii, &Value::Flag(false)).unwrap();
    assert!(saved.notice.unwrap().0.contains("power cut"));
}

#[test]
fn the_log_says_which_setting_was_changed_and_not_to_what() {
    let sandbox = Sandbox::with_entry();
    let ctx = sandbox.context();
    let key = key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { passphrase: None, key_file: Some(key), recovery_secret: None };
    let mut session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    let secret = Value::Command(vec!["pass-on".to_owned(), "--token=hush".to_owned()]);
    save(&ctx, Some(&mut session), Key::Command, &secret).unwrap();
    let log = records(session.vault(), &sandbox.read("vault.lifeboat.log"));
    let changed: Vec<_> = log.iter().filter(|record| record.event == Event::SettingsChanged).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].facts, [("key".to_owned(), "clipboard.command".to_owned())]);
}

/// The command line as it is given, with what the file and the environment of the tests add.
fn settled(sandbox: &Sandbox, arguments: &str) -> Settings {
    let words = crate::support::split(&format!("lifeboat {arguments}"));
    let Parsed::Run(mut cli) = cli::parse(words.into_iter().map(OsString::from)) else {
        panic!("{arguments}")
    };
    let mut ctx = sandbox.context();
    cli.take_settings(&mut ctx);
    Settings::clone(&ctx.settings)
}

#[test]
fn the_command_line_goes_before_the_file() {
    let sandbox = with_file("theme = \"plain\"\nascii = true\n");
    let settings = settled(&sandbox, "list");
    assert_eq!((settings.theme, settings.ascii), (Theme::Plain, true));
    let settings = settled(&sandbox, "list --color always");
    assert_eq!(settings.theme, Theme::Default);

    let sandbox = with_file("theme = \"high-contrast\"\nascii = false\n");
    let settings = settled(&sandbox, "list --ascii --color never");
    assert_eq!((settings.theme, settings.ascii), (Theme::Plain, true));
    let settings = settled(&sandbox, "list --color always");
    assert_eq!(settings.theme, Theme::HighContrast);
}
