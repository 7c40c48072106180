//! What the work inside the program costs, in CPU time, against the goals that were set for it.
//!
//! `cargo bench --bench speed` runs all of it; words after `--` keep the lines whose name holds one of
//! them. CPU time and not wall time, so that a busy machine changes little; medians, so that one bad
//! run changes nothing. Files lie in memory where the system has such a folder. What a whole process
//! costs is measured by `tests/measure.sh`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot run has nothing to go on with, and its result is a table"
)]

#[path = "support/table.rs"]
mod table;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lifeboat::app::bundle::{self, BundleRequest};
use lifeboat::app::code::{self, CodeRequest};
use lifeboat::app::context::{KdfPolicy, KernelKeyring, LOG_LIMIT, SystemClock, SystemRandom, Who};
use lifeboat::app::edit::{self, Edit};
use lifeboat::app::init::NewSlot;
use lifeboat::app::{Context, Session, find, import, restore, unlock};
use lifeboat::entry::{Entry, EntryDraft, EntryId, Label};
use lifeboat::envelope::{
    self, Credentials, KdfParameters, KeyFile, Kind, MasterKey, Sealed, Slot, SlotRandom, ToSeal, kdf,
};
use lifeboat::interchange::registry;
use lifeboat::otp::{Otp, Seed, TimeStep};
use lifeboat::platform::clipboard::{NotAtAll, Nothing};
use lifeboat::secret::SecretBytes;
use lifeboat::storage::atomic::{self, Existing};
use lifeboat::storage::disk::RealDisk;
use lifeboat::storage::paths::Paths;
use lifeboat::vault::{Vault, VaultId, VaultKeys, find as naming, search};
use lifeboat::wire;

use table::Table;

/// The shipped program wipes what it frees, and that costs time: so does this one.
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

const NOW: u64 = 1_800_000_000;
const KEY: [u8; 32] = [7; 32];

fn main() {
    // Cargo adds `--bench`; everything else that begins so is for a harness that this is not.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let mut table = Table::new(words);
    opening(&mut table);
    one_code(&mut table);
    parts_of_an_opening(&mut table);
    changing(&mut table);
    importing(&mut table);
    filtering(&mut table);
    deriving(&mut table);
    codes(&mut table);
}

/// What unlocking costs beyond the key derivation.
fn opening(table: &mut Table) {
    for (n_entries, goal) in [(1, None), (1_000, None), (10_000, None), (100_000, None)] {
        let name = format!("open a vault of {n_entries} entries");
        table.measure(
            &name,
            runs_for(n_entries),
            goal,
            || Place::with_vault(n_entries),
            |place| {
                drop(black_box(place.open()));
            },
        );
    }
}

/// What one command for one code costs, without starting the process.
fn one_code(table: &mut Table) {
    for (n_entries, goal) in [(1, None), (1_000, None), (10_000, Some(20.0))] {
        let name = format!("one code out of {n_entries}");
        table.measure(
            &name,
            runs_for(n_entries),
            goal,
            || Place::with_vault(n_entries),
            |place| {
                let mut session = place.open();
                let id = find::find(&session, &account(n_entries / 2)).expect("the name is unique");
                black_box(code::code(&place.ctx, &mut session, id, CodeRequest::default()).expect("a code"));
            },
        );
    }
}

/// Where the time of an opening goes.
fn parts_of_an_opening(table: &mut Table) {
    let n_entries = 10_000;
    let runs = runs_for(n_entries);
    let read = |place: &Place| std::fs::read(&place.ctx.paths.vault).expect("the vault is there");
    table.measure(
        "  of 10000: read",
        runs,
        None,
        || Place::with_vault(n_entries),
        |place| {
            black_box(read(place));
        },
    );
    let whole = || {
        let place = Place::with_vault(n_entries);
        let bytes = read(&place);
        (place, bytes)
    };
    table.measure("  of 10000: read and checksum", runs, None, whole, |(_, bytes)| {
        black_box(Sealed::parse(bytes.clone(), Kind::Vault).expect("it is whole"));
    });
    let sealed = || {
        let place = Place::with_vault(n_entries);
        Sealed::parse(read(&place), Kind::Vault).expect("it is whole")
    };
    table.measure("  of 10000: unwrap and decrypt", runs, None, sealed, |sealed| {
        let (master, _) = sealed.unlock(&credentials(), KdfPolicy::default().ceiling).expect("it opens");
        black_box(sealed.open(&master).expect("it opens"));
    });
    let payload = || {
        let sealed = sealed();
        let (master, _) = sealed.unlock(&credentials(), KdfPolicy::default().ceiling).expect("it opens");
        sealed.open(&master).expect("it opens")
    };
    table.measure("  of 10000: parse", runs, None, payload, |payload| {
        black_box(wire::vault_v1::parse(payload.json()).expect("it is a vault"));
    });
    table.measure(
        "  of 10000: encode",
        runs,
        None,
        || vault_of(n_entries),
        |vault| {
            black_box(wire::vault_v1::encode(vault));
        },
    );
}

/// Saving, bundling and coming back, each with its reading back and proving.
fn changing(table: &mut Table) {
    let n_entries = 10_000;
    let opened = || {
        let place = Place::with_vault(n_entries);
        let session = place.open();
        (place, session, 0_u32)
    };
    table.measure("save one change of 10000 entries", 15, None, opened, |(place, session, turn)| {
        *turn += 1;
        let id = session.vault().entries[0].id;
        let change = Edit { note: Some(format!("change {turn}")), ..Edit::default() };
        edit::edit(&place.ctx, session, id, change).expect("the change is saved");
    });
    // Each run has a vault of its own: a vault remembers what is in its bundles, and every one makes it larger.
    table.measure_afresh("bundle 10000 entries", 15, Some(80.0), opened, |(place, session, _)| {
        let output = place.folder().join("bundle");
        black_box(bundle::create(&place.ctx, session, bundle_to(&output)).expect("the bundle is made"));
    });
    let bundled = || {
        let (place, mut session, turn) = opened();
        let output = place.folder().join("bundle");
        bundle::create(&place.ctx, &mut session, bundle_to(&output)).expect("the bundle is made");
        (place, output, turn)
    };
    table.measure("restore 10000 entries", 15, Some(80.0), bundled, |(place, output, turn)| {
        *turn += 1;
        let ctx = context(place.folder().join(format!("restored.{turn}")), place.folder());
        let sealed = bundle::look_at_bundle(&ctx, output).expect("the bundle is whole");
        black_box(
            restore::into_new_vault(&ctx, &sealed, &credentials(), &slot(), None).expect("it restores"),
        );
    });
}

/// Taking what another program has exported, where no key has to be derived.
fn importing(table: &mut Table) {
    let n_entries = 10_000;
    let file = || {
        let place = Place::with_vault(1);
        let path = place.folder().join("aegis.json");
        let aegis = registry::by_id("aegis").and_then(|format| format.export).expect("it is written");
        let vault = vault_of(n_entries);
        let entries: Vec<&Entry> = vault.entries.iter().collect();
        let text = (aegis.write)(&entries, None, &mut |bytes| bytes.fill(7), "2027-01-15")
            .expect("it can be written");
        atomic::create(place.ctx.disk.as_ref(), &path, text.expose(), "bench", Existing::Refuse)
            .expect("the file can be written");
        (place, path)
    };
    table.measure("  of 10000 of Aegis: recognise and read", 31, None, file, |(place, path)| {
        let file = import::recognise(&place.ctx, path, None).expect("it is recognised");
        black_box(import::read(file, None).expect("it can be read"));
    });
    let opened = || {
        let (place, path) = file();
        let session = place.open();
        (place, path, session)
    };
    table.measure_afresh(
        "import 10000 entries of Aegis",
        15,
        Some(150.0),
        opened,
        |(place, path, session)| {
            let file = import::recognise(&place.ctx, path, None).expect("it is recognised");
            let options = import::ImportOptions { dry_run: false, allow_skipped: false, goes_on: false };
            let report = import::import(&place.ctx, session, file, None, options).expect("it is imported");
            assert!(report.n_taken() >= 9_999, "all but one that the vault holds");
        },
    );
}

/// What a keystroke costs in a list of 100 000.
fn filtering(table: &mut Table) {
    let n_entries = 100_000;
    table.measure(
        "filter 100000 labels by a part",
        15,
        None,
        || vault_of(n_entries),
        |vault| {
            black_box(naming::matching(vault.entries.iter(), "person.4999").count());
        },
    );
    let index = || {
        let vault = vault_of(n_entries);
        search::Index::new(vault.entries.iter().map(|e| (e.issuer.raw(), e.account.raw(), [].as_slice())))
    };
    for query in ["p", "per499", "#tag", "'4999"] {
        let name = format!("search 100000 labels for {query}");
        table.measure(&name, 15, None, index, |index| {
            black_box(index.matches(query));
        });
    }
    table.measure(
        "prepare 100000 labels for searching",
        7,
        None,
        || vault_of(n_entries),
        |vault| {
            black_box(search::Index::new(
                vault.entries.iter().map(|e| (e.issuer.raw(), e.account.raw(), [].as_slice())),
            ));
        },
    );
}

fn deriving(table: &mut Table) {
    for memory_mib in [64, 128] {
        let cost = KdfParameters { memory_kib: memory_mib << 10, passes: 3, lanes: 1 };
        let name = format!("Argon2id, {memory_mib} MiB, 3 passes");
        table.measure(
            &name,
            5,
            None,
            || (),
            |()| {
                black_box(
                    kdf::derive(b"eight words of a diceware passphrase", &[9; 16], cost).expect("memory"),
                );
            },
        );
    }
}

/// Codes of the common kind, from a seed in memory.
fn codes(table: &mut Table) {
    const N_CODES: u32 = 100_000;
    let name = "100000 codes";
    let median = table.measure(
        name,
        9,
        None,
        || entry(0),
        |entry| {
            let Otp::Totp { period, .. } = entry.otp else { return };
            let mut step = TimeStep::at(NOW, period);
            for _ in 0..N_CODES {
                black_box(entry.code_of(black_box(step)));
                step = step.next();
            }
        },
    );
    if let Some(millis) = median {
        println!("{:<44} {:>10.0}", "  codes per second", f64::from(N_CODES) / millis * 1000.0);
    }
}

/// Fewer runs where one takes long.
fn runs_for(n_entries: u32) -> usize {
    match n_entries {
        0..=1_000 => 101,
        1_001..=10_000 => 31,
        _ => 7,
    }
}

/// A folder with a vault in it. It is removed when it is dropped.
struct Place {
    ctx: Context,
    folder: tempfile::TempDir,
}

impl Place {
    fn with_vault(n_entries: u32) -> Self {
        let in_memory = tempfile::tempdir_in("/dev/shm");
        let folder = in_memory.or_else(|_| tempfile::tempdir()).expect("a folder for the measurement");
        let ctx = context(folder.path().join("vault"), folder.path());
        let vault = vault_of(n_entries);
        let (id, master) = (vault.id.0, MasterKey::from_bytes([3; 32]));
        let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [3; 16] };
        let key_file = KeyFile::from_bytes(KEY);
        let slot = Slot::new(Kind::Vault, &id, &master, None, Some(&key_file), KdfParameters::VAULT, &random);
        let slots = [slot.expect("no derivation can fail").expect("a key file was given")];
        let json = wire::vault_v1::encode(&vault);
        let to_seal =
            ToSeal { kind: Kind::Vault, id, slots: &slots, info: None, json: json.expose(), signature: &[] };
        let bytes = envelope::seal(&to_seal, &master, &[4; 32]).expect("it is small enough");
        atomic::create(ctx.disk.as_ref(), &ctx.paths.vault, &bytes, "bench", Existing::Refuse)
            .expect("the vault can be written");
        Self { ctx, folder }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn open(&self) -> Session {
        let sealed = unlock::look(&self.ctx).expect("the vault is whole");
        unlock::unlock(&self.ctx, sealed, &credentials()).expect("the key file opens it")
    }
}

fn context(vault: PathBuf, folder: &Path) -> Context {
    Context {
        clock: Arc::new(SystemClock::default()),
        correction: Arc::default(),
        random: Arc::new(SystemRandom),
        disk: Arc::new(RealDisk),
        keyring: Arc::new(KernelKeyring),
        kept: None,
        editor: None,
        clipboard: Arc::new(NotAtAll(Nothing::NotWanted)),
        paths: Paths { vault, state_dir: folder.join("state"), settings: None },
        program: None,
        kdf: KdfPolicy::default(),
        log_limit: LOG_LIMIT,
        who: Who { user: "ana".into(), host: "bench".into() },
        reason: None,
        settings: Arc::default(),
        protection: lifeboat::platform::sandbox::Protection::without_sandbox(
            lifeboat::platform::sandbox::Mode::Auto,
        ),
        pause: Arc::new(|_| {}),
    }
}

fn credentials() -> Credentials {
    Credentials { passphrase: None, key_file: Some(KeyFile::from_bytes(KEY)), recovery_secret: None }
}

fn slot() -> NewSlot {
    NewSlot { passphrase: None, key_file: Some(KeyFile::from_bytes(KEY)) }
}

fn bundle_to(output: &Path) -> BundleRequest<'_> {
    BundleRequest {
        output,
        force: false,
        selection: None,
        review_seconds: None,
        label: None,
        passphrase: None,
        key_file: Some(KeyFile::from_bytes(KEY)),
        shares: None,
        allow_weak: false,
        vault_passphrase: None,
    }
}

fn vault_of(n_entries: u32) -> Vault {
    let keys =
        VaultKeys { log: SecretBytes::from_slice(&[5; 32]), signing: SecretBytes::from_slice(&[6; 32]) };
    let mut vault = Vault::new(VaultId([8; 16]), keys, NOW);
    vault.generation = 1;
    vault.entries = (0..n_entries).map(entry).collect();
    vault
}

fn account(idx: u32) -> String {
    format!("person.{idx}@example.com")
}

/// An entry like those that services hand out: twenty bytes of seed, SHA-1, six digits, a tag now and then.
fn entry(idx: u32) -> Entry {
    let mut seed = [0x5a_u8; 20];
    seed[..4].copy_from_slice(&idx.to_be_bytes());
    let mut id = [0x11_u8; 16];
    id[..4].copy_from_slice(&idx.to_be_bytes());
    let issuer = format!("Service {}", idx % 997);
    let seed = Seed::from_bytes(SecretBytes::from_slice(&seed)).expect("twenty bytes are a seed");
    let mut draft = EntryDraft::new(Label::new(issuer), Label::new(account(idx)), seed, Otp::COMMON);
    if idx.is_multiple_of(4) {
        draft.tags.push(Label::new("work"));
    }
    Entry::from_draft(draft, EntryId::from_bytes(id), NOW)
}
