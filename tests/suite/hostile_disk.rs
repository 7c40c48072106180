//! Every step of the disk fails, lies or is the last one, under every use case that writes: the vault
//! opens with its old content or its new one, what was said of it is true, and the next change works.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use lifeboat::app::add::{self, Particulars};
use lifeboat::app::bundle::{self, BundleRequest};
use lifeboat::app::code::{self, CodeRequest};
use lifeboat::app::import::{self, ImportOptions};
use lifeboat::app::init::{self, NewSlot};
use lifeboat::app::rekey::{self, Rekey};
use lifeboat::app::{Context, Exit, Failure, Kind, Session, Unchanged, remove, restore, unlock};
use lifeboat::audit::{self, Event, Line, Record, SealedLine};
use lifeboat::entry::Entry;
use lifeboat::envelope::{Credentials, KeyFile, MasterKey, aead};
use lifeboat::secret::SecretText;
use lifeboat::storage::paths::Paths;
use lifeboat::vault::Vault;
use lifeboat::wire::log_v1;

use crate::faulty_disk::{Call, Errno, Fault, FaultyDisk, Unsynced};
use crate::support::{NOW, Sandbox};

const VAULT: &str = "/home/vault.lifeboat";
const LOG: &str = "/home/vault.lifeboat.log";
const BUNDLE: &str = "/home/ana.bundle";
const PHONE: &str = "/home/phone.txt";
const OWN_KEY: u8 = 7;
const NEW_KEY: u8 = 8;
const BUNDLE_KEY: u8 = 9;
const ERRNOS: [Errno; 6] = [Errno::IO, Errno::NOSPC, Errno::ACCESS, Errno::ROFS, Errno::DQUOT, Errno::INTR];

/// What is to be done once the faults are armed.
type Act<'a> = Box<dyn FnOnce(&Context) -> Result<Vec<String>, Failure> + 'a>;

/// Something that writes.
struct UseCase {
    name: &'static str,
    /// Puts on a whole disk what must be there before.
    lay_out: fn(&Context, &FaultyDisk),
    /// Does, on a whole disk, what comes before the change itself, such as unlocking.
    prepare: fn(&Context) -> Act<'static>,
}

const USE_CASES: [UseCase; 9] = [
    UseCase {
        name: "init",
        lay_out: |_, _| {},
        prepare: |_| Box::new(|ctx| Ok(notices(init::init(ctx, &slot(OWN_KEY))?))),
    },
    UseCase {
        name: "add",
        lay_out: with_two_entries,
        prepare: |ctx| {
            let mut session = open(ctx, OWN_KEY).unwrap();
            Box::new(move |ctx| {
                add(ctx, &mut session, "Third")?;
                Ok(notices(session))
            })
        },
    },
    UseCase {
        name: "remove",
        lay_out: with_two_entries,
        prepare: |ctx| {
            let mut session = open(ctx, OWN_KEY).unwrap();
            Box::new(move |ctx| {
                let id = session.vault().entries[0].id;
                remove::remove(ctx, &mut session, &[id])?;
                Ok(notices(session))
            })
        },
    },
    UseCase {
        name: "passwd",
        lay_out: with_two_entries,
        prepare: |ctx| {
            let mut session = open(ctx, OWN_KEY).unwrap();
            Box::new(move |ctx| {
                let (at_hand, new) = (credentials(OWN_KEY), slot(NEW_KEY));
                rekey::rekey(ctx, &mut session, &Rekey::Change, &at_hand, Some(&new), &[])?;
                Ok(notices(session))
            })
        },
    },
    UseCase {
        name: "slot add",
        lay_out: with_two_entries,
        prepare: |ctx| {
            let mut session = open(ctx, OWN_KEY).unwrap();
            Box::new(move |ctx| {
                rekey::add_slot(ctx, &mut session, &slot(NEW_KEY))?;
                Ok(notices(session))
            })
        },
    },
    UseCase {
        name: "bundle create",
        lay_out: with_two_entries,
        prepare: |ctx| {
            let mut session = open(ctx, OWN_KEY).unwrap();
            Box::new(move |ctx| {
                make_bundle(ctx, &mut session)?;
                Ok(notices(session))
            })
        },
    },
    UseCase {
        name: "restore",
        lay_out: |ctx, disk| {
            with_two_entries(ctx, disk);
            make_bundle(ctx, &mut open(ctx, OWN_KEY).unwrap()).unwrap();
            for path in disk.files().into_iter().filter(|path| path != BUNDLE) {
                ctx.disk.remove(Path::new(&path)).unwrap();
            }
            ctx.disk.sync_folder(Path::new("/home")).unwrap();
            ctx.disk.sync_folder(Path::new("/home/state")).unwrap();
        },
        prepare: |ctx| {
            let bundle = bundle::look_at_bundle(ctx, Path::new(BUNDLE)).unwrap();
            Box::new(move |ctx| {
                let (session, _) =
                    restore::into_new_vault(ctx, &bundle, &credentials(BUNDLE_KEY), &slot(OWN_KEY), None)?;
                Ok(notices(session))
            })
        },
    },
    UseCase {
        name: "restore --previous",
        lay_out: with_two_entries,
        prepare: |ctx| {
            let previous = restore::look_at_previous(ctx, Some(1)).unwrap();
            Box::new(move |ctx| {
                Ok(notices(restore::put_back_previous(ctx, &previous, &credentials(OWN_KEY))?))
            })
        },
    },
    UseCase {
        name: "import",
        lay_out: |ctx, disk| {
            with_two_entries(ctx, disk);
            disk.put(PHONE, [uri("Phone one"), uri("Phone two")].join("\n").as_bytes());
        },
        prepare: |ctx| {
            let mut session = open(ctx, OWN_KEY).unwrap();
            Box::new(move |ctx| {
                let file = import::recognise(ctx, Path::new(PHONE), None)?;
                import::import(ctx, &mut session, file, None, ImportOptions::default())?;
                Ok(notices(session))
            })
        },
    },
];

fn with_two_entries(ctx: &Context, _disk: &FaultyDisk) {
    let mut session = init::init(ctx, &slot(OWN_KEY)).unwrap();
    for issuer in ["First", "Second"] {
        add(ctx, &mut session, issuer).unwrap();
    }
}

/// What the session has to tell, in words.
fn notices(mut session: Session) -> Vec<String> {
    session.take_notices().into_iter().map(|notice| notice.0).collect()
}

fn key_file(key: u8) -> KeyFile {
    KeyFile::from_bytes([key; 32])
}

fn slot(key: u8) -> NewSlot {
    NewSlot { passphrase: None, key_file: Some(key_file(key)) }
}

fn credentials(key: u8) -> Credentials {
    Credentials { passphrase: None, key_file: Some(key_file(key)), recovery_secret: None }
}

/// The same account name always has the same seed.
fn uri(issuer: &str) -> String {
    let bytes: Vec<u8> = issuer.bytes().cycle().take(20).collect();
    let seed = data_encoding::BASE32_NOPAD.encode(&bytes);
    format!("otpauth://totp/{}:ana?secret={seed}", issuer.replace(' ', "%20"))
}

fn add(ctx: &Context, session: &mut Session, issuer: &str) -> Result<(), Failure> {
    let text = SecretText::new(uri(issuer));
    let (draft, _) = add::draft_from_text(&text, &Particulars::default())?;
    add::add(ctx, session, draft, false).map(|_| ())
}

fn make_bundle(ctx: &Context, session: &mut Session) -> Result<(), Failure> {
    let request = BundleRequest {
        output: Path::new(BUNDLE),
        force: false,
        selection: None,
        review_seconds: None,
        label: None,
        passphrase: None,
        key_file: Some(key_file(BUNDLE_KEY)),
        shares: None,
        allow_weak: false,
        vault_passphrase: None,
    };
    bundle::create(ctx, session, request).map(|_| ())
}

fn open(ctx: &Context, key: u8) -> Result<Session, Failure> {
    unlock::unlock(ctx, unlock::look(ctx)?, &credentials(key))
}

/// The content before a change and after it, and the steps between.
struct Story {
    before: Content,
    after: Content,
    steps: Vec<Call>,
}

/// One machine whose disks come and go.
struct Machine {
    sandbox: Sandbox,
}

impl Machine {
    fn new() -> Self {
        Self { sandbox: Sandbox::empty() }
    }

    fn context(&self, disk: &FaultyDisk) -> Context {
        let paths = Paths { vault: VAULT.into(), state_dir: "/home/state".into(), settings: None };
        Context { disk: Arc::new(disk.clone()), paths, ..self.sandbox.context() }
    }

    fn lay_out(&self, use_case: &UseCase) -> FaultyDisk {
        let disk = FaultyDisk::new();
        (use_case.lay_out)(&self.context(&disk), &disk);
        disk
    }

    /// What happens when nothing goes wrong.
    fn story(&self, use_case: &UseCase, laid_out: &FaultyDisk) -> Story {
        let before = self.content(&laid_out.fork());
        let disk = laid_out.fork();
        let ctx = self.context(&disk);
        let act = (use_case.prepare)(&ctx);
        disk.arm(Fault::Stop(usize::MAX));
        act(&ctx).unwrap();
        disk.disarm();
        let steps = disk.calls();
        let after = self.content(&disk);
        assert_ne!(before, after, "{} changes nothing", use_case.name);
        Story { before, after, steps }
    }

    #[track_caller]
    fn content(&self, disk: &FaultyDisk) -> Content {
        Content::of(self.open_whichever(disk).as_ref())
    }

    /// Opens the vault with the key that fits; `None` when there is no vault.
    #[track_caller]
    fn open_whichever(&self, disk: &FaultyDisk) -> Option<(u8, Session)> {
        let ctx = self.context(disk);
        match open(&ctx, OWN_KEY) {
            Ok(session) => Some((OWN_KEY, session)),
            Err(failure) if failure.kind == Kind::NoFile => None,
            Err(failure) if failure.kind == Kind::WrongPassphrase => {
                Some((NEW_KEY, good(open(&ctx, NEW_KEY))))
            }
            Err(failure) => panic!("{}", told(&failure)),
        }
    }

    /// The next change works, leaves nothing lying about and goes on with the log.
    #[track_caller]
    fn check_goes_on(&self, disk: &FaultyDisk, opened: Option<(u8, Session)>) {
        let ctx = self.context(disk);
        let (key, mut session) = opened.unwrap_or_else(|| (OWN_KEY, good(init::init(&ctx, &slot(OWN_KEY)))));
        let n_before = session.vault().entries.len();
        good(add(&ctx, &mut session, "Afterwards"));
        let session = good(open(&ctx, key));
        assert_eq!(session.vault().entries.len(), n_before + 1);
        let left: Vec<_> =
            disk.files().into_iter().filter(|path| path.contains(".vault.lifeboat.tmp.")).collect();
        assert_eq!(left, [""; 0], "left lying about");
        check_chain(session.vault().id.0, &disk.bytes(LOG).unwrap_or_default());
    }
}

#[track_caller]
fn good<T>(said: Result<T, Failure>) -> T {
    said.unwrap_or_else(|failure| panic!("{}", told(&failure)))
}

fn told(failure: &Failure) -> String {
    format!("{failure} {:?} {:?} {:?}", failure.causes(), failure.unchanged, failure.next)
}

/// What a vault file holds, as far as the use cases change it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Absent,
    Vault { key: u8, n_ways: usize, entries: Vec<String>, trash: Vec<String>, n_bundles: usize },
}

impl Content {
    fn of(opened: Option<&(u8, Session)>) -> Self {
        let Some((key, session)) = opened else { return Self::Absent };
        let name =
            |entry: &Entry| format!("{} {}", entry.title(), entry.seed().unwrap().to_base32().expose());
        let vault = session.vault();
        Self::Vault {
            key: *key,
            n_ways: rekey::list(session).len(),
            entries: vault.entries.iter().map(name).collect(),
            trash: vault.trash.iter().map(|trashed| name(&trashed.entry)).collect(),
            n_bundles: vault.bundles.len(),
        }
    }
}

fn sealed_lines(log: &[u8]) -> Vec<(String, SealedLine)> {
    String::from_utf8_lossy(log)
        .lines()
        .filter_map(|line| match Line::parse(line)? {
            Line::Sealed(sealed) => Some((line.to_owned(), sealed)),
            Line::Open { .. } => None,
        })
        .collect()
}

/// What the records of a vault's log say.
pub(crate) fn records(vault: &Vault, log: &[u8]) -> Vec<Record> {
    let key = MasterKey::from_bytes(vault.keys.log.expose().try_into().unwrap());
    let of_line = |(_, line): (String, SealedLine)| {
        let info = [b"lifeboat/1/log\0".as_slice(), &vault.id.0, &line.number.to_be_bytes()].concat();
        let binding = SealedLine::binding(line.number, &line.previous);
        let json = aead::open_small(&key, &info, binding.as_bytes(), &line.sealed).ok()?;
        log_v1::parse(json.expose())
    };
    sealed_lines(log).into_iter().filter_map(of_line).collect()
}

/// From the last whole record each leads to the one before it, down to the start of the vault's log. A
/// line that a crash or a lie cut short belongs to no chain.
#[track_caller]
fn check_chain(vault: [u8; 16], log: &[u8]) {
    let text = String::from_utf8_lossy(log);
    let sealed = sealed_lines(log);
    let Some((_, last)) = sealed.last() else { return };
    let mut at: &SealedLine = last;
    while at.number > 1 {
        let before = sealed.iter().find(|(line, before)| {
            before.number + 1 == at.number && audit::advance(&before.previous, line) == at.previous
        });
        at = &before.unwrap_or_else(|| panic!("nothing leads to record {}:\n{text}", at.number)).1;
    }
    assert_eq!(at.previous, audit::start(&vault), "the log begins with something else");
}

/// What may go wrong at a step. The system's errors take turns, since all are handled alike.
fn faults(at: usize, step: &Call) -> Vec<Fault> {
    let mut faults = vec![Fault::Error(at, ERRNOS[at % ERRNOS.len()]), Fault::Stop(at)];
    if !is_read(step) {
        let no_more = if at.is_multiple_of(2) { Errno::NOSPC } else { Errno::ROFS };
        faults.extend([
            Fault::Error(at, Errno::IO),
            Fault::ErrorAfter(at, Errno::IO),
            Fault::Unwritable(at, no_more),
        ]);
    }
    if matches!(step.step, "append" | "write_all") {
        faults.extend([Fault::LyingWrite(at), Fault::ShortWrite(at)]);
    }
    faults
}

/// Tells whether a step leaves the disk as it was.
fn is_read(step: &Call) -> bool {
    ["facts", "list", "read", "read_from", "resolve"].contains(&step.step)
}

/// Runs `check` with each fault at each of the steps that are taken when nothing goes wrong.
fn at_every_step(steps: &[Call], check: impl Fn(Fault)) {
    assert!(steps.len() > 15, "only {} steps are taken", steps.len());
    for (at, step) in steps.iter().enumerate() {
        faults(at, step).into_iter().for_each(&check);
    }
}

#[track_caller]
fn check_at_every_step(name: &str) {
    let use_case = USE_CASES.iter().find(|use_case| use_case.name == name).unwrap();
    let machine = Machine::new();
    let laid_out = machine.lay_out(use_case);
    let Story { before, after, steps } = machine.story(use_case, &laid_out);
    at_every_step(&steps, |fault| {
        let disk = laid_out.fork();
        let ctx = machine.context(&disk);
        let act = (use_case.prepare)(&ctx);
        disk.arm(fault);
        let said = act(&ctx);
        disk.disarm();
        let context = || {
            let said = said.as_ref().map_err(told);
            format!("{name} {fault:?} of {steps:?}: {said:?}")
        };

        let opened = machine.open_whichever(&disk);
        let found = Content::of(opened.as_ref());
        assert!(found == before || found == after, "{} left {found:?}", context());
        match &said {
            Ok(_) => assert_eq!(found, after, "{}", context()),
            Err(failure) => {
                assert_eq!(failure.exit(), Exit::Failed, "{}", context());
                check_promise(failure, &disk, &before, &found, name)
                    .unwrap_or_else(|wrong| panic!("{}: {wrong}", context()));
            }
        }
        if disk.bytes(BUNDLE).is_some() {
            let bundle = bundle::look_at_bundle(&ctx, Path::new(BUNDLE)).expect("a bundle is whole");
            let checked = bundle::verify(&ctx, &bundle, &credentials(BUNDLE_KEY)).expect("a bundle opens");
            assert_eq!(checked.n_entries, 2, "{}", context());
        }
        machine.check_goes_on(&disk, opened);
    });
}

/// What a failure says is unharmed, is.
#[expect(clippy::wildcard_enum_match_arm, reason = "what was partly done is told in words")]
fn check_promise(
    failure: &Failure,
    disk: &FaultyDisk,
    before: &Content,
    found: &Content,
    name: &str,
) -> Result<(), String> {
    let is_kept = found == before;
    let has_output = name != "restore" && disk.bytes(BUNDLE).is_some();
    let promise = failure.unchanged.as_ref().ok_or("it does not say what is unharmed")?;
    let holds = match promise {
        Unchanged::NothingTouched => is_kept && !has_output,
        Unchanged::VaultKept(path) => is_kept && path == Path::new(VAULT),
        Unchanged::OutputNotCreated(path) => is_kept && !has_output && path == Path::new(BUNDLE),
        Unchanged::OnlyRead(_) => is_kept,
        _ => true,
    };
    if holds { Ok(()) } else { Err(format!("{promise:?} is not true: {found:?}, {:?}", disk.files())) }
}

#[test]
fn making_a_vault_survives_every_fault() {
    check_at_every_step("init");
}

#[test]
fn adding_an_entry_survives_every_fault() {
    check_at_every_step("add");
}

#[test]
fn removing_an_entry_survives_every_fault() {
    check_at_every_step("remove");
}

#[test]
fn changing_what_opens_the_vault_survives_every_fault() {
    check_at_every_step("passwd");
}

#[test]
fn adding_a_way_of_opening_survives_every_fault() {
    check_at_every_step("slot add");
}

#[test]
fn making_a_bundle_survives_every_fault() {
    check_at_every_step("bundle create");
}

#[test]
fn restoring_a_bundle_survives_every_fault() {
    check_at_every_step("restore");
}

#[test]
fn putting_a_previous_generation_back_survives_every_fault() {
    check_at_every_step("restore --previous");
}

#[test]
fn importing_a_file_survives_every_fault() {
    check_at_every_step("import");
}

#[test]
fn a_power_cut_at_any_step_leaves_a_vault_that_opens() {
    for use_case in &USE_CASES {
        let machine = Machine::new();
        let laid_out = machine.lay_out(use_case);
        let Story { before, after, steps } = machine.story(use_case, &laid_out);
        for at in 0..=steps.len() {
            if at.checked_sub(1).is_some_and(|last| is_read(&steps[last])) {
                // The disk is as it was a step ago.
                continue;
            }
            let disk = laid_out.fork();
            let ctx = machine.context(&disk);
            let act = (use_case.prepare)(&ctx);
            disk.arm(Fault::Stop(at));
            let said = act(&ctx);
            disk.disarm();
            let is_certain =
                said.as_ref().is_ok_and(|told| !told.iter().any(|line| line.contains("power cut")));
            let survivals: [fn(usize) -> bool; 3] = [|_| false, |_| true, |idx| idx % 2 == 1];
            for survives in survivals {
                for unsynced in [Unsynced::Lost, Unsynced::Half] {
                    let disk = disk.fork();
                    disk.cut_power(survives, unsynced);
                    let opened = machine.open_whichever(&disk);
                    let found = Content::of(opened.as_ref());
                    let is_good = found == after || (found == before && !is_certain);
                    assert!(
                        is_good,
                        "{} {:?} {unsynced:?} {said:?}: {found:?}",
                        use_case.name,
                        steps.get(at)
                    );
                    machine.check_goes_on(&disk, opened);
                }
            }
        }
    }
}

#[test]
fn a_save_locks_announces_writes_reads_back_and_then_renames() {
    let machine = Machine::new();
    let disk = FaultyDisk::new();
    let ctx = machine.context(&disk);
    with_two_entries(&ctx, &disk);
    let mut session = open(&ctx, OWN_KEY).unwrap();
    let disk_before = disk.fork();
    add(&machine.context(&disk_before), &mut session, "Third").unwrap();

    let steps: Vec<(String, String)> = disk_before
        .calls()
        .into_iter()
        .map(|call| {
            (call.step.to_owned(), call.path.file_name().unwrap_or_default().to_string_lossy().into_owned())
        })
        .collect();
    let mut rest = steps.as_slice();
    for (step, name) in [
        ("try_lock", "vault.lifeboat.lock"),
        ("read", "vault.lifeboat"),
        ("append", "vault.lifeboat.log"),
        ("create_new", ".vault.lifeboat.tmp."),
        ("write_all", ".vault.lifeboat.tmp."),
        ("sync", ".vault.lifeboat.tmp."),
        ("read", ".vault.lifeboat.tmp."),
        ("rename", "vault.lifeboat.previous.1"),
        ("rename", "vault.lifeboat"),
        ("sync_folder", "home"),
        ("append", "vault.lifeboat.log"),
        ("rename", ".state"),
    ] {
        let fits = |(found, at): &(String, String)| {
            found == step && (at == name || (name.starts_with('.') && at.contains(name)))
        };
        let place = rest.iter().position(fits);
        let place = place.unwrap_or_else(|| panic!("{step} {name} does not come in its turn: {steps:?}"));
        rest = &rest[place + 1..];
    }
}

#[test]
fn what_cannot_be_looked_at_is_not_taken_for_absent() {
    let machine = Machine::new();
    for errno in ERRNOS {
        let disk = FaultyDisk::new();
        disk.arm(Fault::Error(0, errno));
        let failure = init::init(&machine.context(&disk), &slot(OWN_KEY)).unwrap_err();
        assert_eq!(disk.calls()[0].step, "facts");
        assert_eq!(failure.exit(), Exit::Failed, "{errno:?}");
        assert_eq!(failure.unchanged, Some(Unchanged::NothingTouched));
        assert_eq!(disk.files(), [""; 0], "{errno:?}");

        let disk = machine.lay_out(&USE_CASES[1]);
        disk.arm(Fault::Error(0, errno));
        let failure = unlock::look(&machine.context(&disk)).unwrap_err();
        assert_eq!(failure.exit(), Exit::Failed, "an unreadable vault is not a missing one: {errno:?}");
    }
}

#[test]
fn a_code_is_shown_whatever_becomes_of_the_log() {
    let machine = Machine::new();
    let laid_out = machine.lay_out(&USE_CASES[1]);
    let disk = laid_out.fork();
    let expected = shown_code(&machine.context(&disk)).unwrap().0;
    let n_codes = Cell::new(0);
    at_every_step(&disk.calls(), |fault| {
        let disk = laid_out.fork();
        disk.arm(fault);
        let said = shown_code(&machine.context(&disk));
        disk.disarm();
        match &said {
            Ok((code, _)) => {
                n_codes.set(n_codes.get() + 1);
                assert_eq!(*code, expected, "{fault:?}");
            }
            // Only the reading of the vault itself can be in the way.
            Err(failure) => assert_eq!(failure.unchanged, Some(Unchanged::NothingTouched), "{fault:?}"),
        }
        machine.check_goes_on(&disk, machine.open_whichever(&disk));
    });
    let n_codes = n_codes.get();
    assert!(n_codes > 50, "only {n_codes} codes were shown");

    let disk = laid_out.fork();
    disk.arm(Fault::Unwritable(0, Errno::ROFS));
    let (code, notices) = shown_code(&machine.context(&disk)).unwrap();
    assert_eq!(code, expected);
    assert!(notices.iter().any(|notice| notice.contains("the log could not be written")), "{notices:?}");
}

fn shown_code(ctx: &Context) -> Result<(String, Vec<String>), Failure> {
    let mut session = open(ctx, OWN_KEY)?;
    let id = session.vault().entries[0].id;
    let shown = code::code(ctx, &mut session, id, CodeRequest { at: Some(NOW), next: false })?;
    Ok((shown.code.expose().to_owned(), notices(session)))
}

#[test]
fn a_counter_that_cannot_be_saved_gives_no_code() {
    let machine = Machine::new();
    let disk = FaultyDisk::new();
    let ctx = machine.context(&disk);
    let mut session = init::init(&ctx, &slot(OWN_KEY)).unwrap();
    let text = SecretText::new("otpauth://hotp/Bank:ana?secret=JBSWY3DPEHPK3PXP&counter=5".to_owned());
    let (draft, _) = add::draft_from_text(&text, &Particulars::default()).unwrap();
    let id = add::add(&ctx, &mut session, draft, false).unwrap().id;

    disk.arm(Fault::Unwritable(0, Errno::NOSPC));
    let failure = code::code(&ctx, &mut session, id, CodeRequest::default()).unwrap_err();
    assert_eq!(failure.kind, Kind::NoSpace);
    disk.disarm();
    let shown = code::code(&ctx, &mut session, id, CodeRequest::default()).unwrap();
    assert_eq!(shown.counter, Some(5));
}

#[test]
fn records_that_the_log_did_not_take_are_counted_until_it_takes_them() {
    let machine = Machine::new();
    let disk = machine.lay_out(&USE_CASES[1]);
    let ctx = machine.context(&disk);
    let mut session = open(&ctx, OWN_KEY).unwrap();
    let id = session.vault().entries[0].id;
    let mut show = || code::code(&ctx, &mut session, id, CodeRequest::default()).unwrap();
    disk.arm(Fault::Stop(usize::MAX));
    show();
    let at = disk.calls().iter().position(|call| call.step == "append").unwrap();
    for _ in 0..3 {
        disk.arm(Fault::Error(at, Errno::IO));
        show();
        assert!(disk.disarm());
    }
    show();
    let is_told = |record: &Record| record.facts.iter().any(|(name, n)| name == "records" && n == "3");
    let records = records(session.vault(), &disk.bytes(LOG).unwrap());
    assert!(records.iter().any(|record| record.event == Event::Gap && is_told(record)), "{records:?}");
    check_chain(session.vault().id.0, &disk.bytes(LOG).unwrap());
}

#[test]
fn a_record_that_the_disk_only_claims_to_have_taken_is_told_and_counted() {
    let machine = Machine::new();
    let disk = machine.lay_out(&USE_CASES[1]);
    let ctx = machine.context(&disk);
    let mut session = open(&ctx, OWN_KEY).unwrap();
    let id = session.vault().entries[0].id;
    let show = |session: &mut Session| code::code(&ctx, session, id, CodeRequest::default()).unwrap();
    disk.arm(Fault::Stop(usize::MAX));
    show(&mut session);
    let at = disk.calls().iter().position(|call| call.step == "append").unwrap();
    disk.arm(Fault::LyingWrite(at));
    let shown = show(&mut session);
    assert!(disk.disarm());
    assert!(!shown.code.expose().is_empty(), "the code is shown all the same");
    let told = session.take_notices().into_iter().any(|notice| notice.0.contains("reading back"));
    assert!(told, "it is told that the log could not be written");

    show(&mut session);
    let log = disk.bytes(LOG).unwrap();
    let is_told = |record: &Record| record.facts.iter().any(|(name, n)| name == "records" && n == "1");
    let records = records(session.vault(), &log);
    assert!(records.iter().any(|record| record.event == Event::Gap && is_told(record)), "{records:?}");
    check_chain(session.vault().id.0, &log);
}

#[test]
fn a_change_whose_end_is_not_known_is_settled_once_and_not_while_somebody_is_at_it() {
    let machine = Machine::new();
    let use_case = &USE_CASES[1];
    let laid_out = machine.lay_out(use_case);
    let steps = machine.story(use_case, &laid_out).steps;
    for (last, event) in [("rename", Event::Saved), ("create_new", Event::NotDone)] {
        let of_vault = |call: &Call| call.step == last && !call.path.starts_with("/home/state");
        let at = steps.iter().rposition(of_vault).unwrap();
        let disk = laid_out.fork();
        let ctx = machine.context(&disk);
        let act = (use_case.prepare)(&ctx);
        disk.arm(Fault::Stop(at + 1));
        let _killed = act(&ctx);
        disk.disarm();

        let found = || {
            let session = open(&ctx, OWN_KEY).unwrap();
            let of_unlock = |record: &Record| record.facts.iter().any(|(name, _)| name == "found");
            let records = records(session.vault(), &disk.bytes(LOG).unwrap());
            records.into_iter().filter(of_unlock).map(|record| record.event).collect::<Vec<_>>()
        };
        let held = ctx.disk.try_lock(Path::new("/home/vault.lifeboat.lock")).unwrap();
        assert_eq!(found(), [], "whoever holds the lock may still confirm it");
        drop(held);
        assert_eq!(found(), [event]);
        assert_eq!(found(), [event]);
    }
}

#[test]
fn a_flood_of_failed_unlocks_does_not_break_the_chain() {
    let machine = Machine::new();
    let disk = machine.lay_out(&USE_CASES[1]);
    let ctx = machine.context(&disk);
    let flood = "U1 1800000000 failed-unlock\n".repeat(4_000);
    ctx.disk.append(Path::new(LOG), flood.as_bytes()).unwrap();
    let session = open(&ctx, OWN_KEY).unwrap();
    let log = disk.bytes(LOG).unwrap();
    check_chain(session.vault().id.0, &log);
    let n_sealed = String::from_utf8(log).unwrap().lines().filter(|line| line.starts_with("L1 ")).count();
    let last = sealed_lines(&disk.bytes(LOG).unwrap()).pop().unwrap().1;
    assert_eq!(last.number, n_sealed as u64, "the numbers go on");
}

#[test]
fn a_new_vault_beside_the_log_of_one_that_is_gone_begins_its_own_chain() {
    let machine = Machine::new();
    let disk = machine.lay_out(&USE_CASES[1]);
    let ctx = machine.context(&disk);
    ctx.disk.remove(Path::new(VAULT)).unwrap();
    let session = init::init(&ctx, &slot(OWN_KEY)).unwrap();
    check_chain(session.vault().id.0, &disk.bytes(LOG).unwrap());
}

#[test]
fn a_line_cut_short_is_no_part_of_the_chain_even_where_it_reads_like_one() {
    let machine = Machine::new();
    let disk = machine.lay_out(&USE_CASES[1]);
    let whole = disk.bytes(LOG).unwrap();
    // Cut the last line at each place, and let somebody fail to unlock before the next one succeeds.
    let start = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for end in start..whole.len() {
        let disk = disk.fork();
        disk.put(LOG, &whole[..end]);
        let ctx = machine.context(&disk);
        open(&ctx, NEW_KEY).unwrap_err();
        let session = open(&ctx, OWN_KEY).unwrap();
        check_chain(session.vault().id.0, &disk.bytes(LOG).unwrap());
    }
}
