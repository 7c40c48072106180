//! Nothing secret is anywhere but where somebody asked for it.

use std::path::Path;

use crate::google_export::{account, export_of, export_with_md5};
use crate::support::{RFC_SEED, Sandbox, Transcript};

/// What must never be seen: seeds as text and bytes, passphrases, recovery codes.
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    /// The secrets are ASCII, so that a lossy reading of any bytes still holds what they hold of one.
    #[track_caller]
    fn absent(&self, place: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        for (name, secret) in &self.0 {
            assert!(!text.contains(secret.as_str()), "{name} in {place}: {text:?}");
        }
    }

    #[track_caller]
    fn absent_from(&self, line: &str, transcript: &Transcript) {
        self.absent(&format!("stdout of {line}"), transcript.out.as_bytes());
        self.absent(&format!("stderr of {line}"), transcript.err.as_bytes());
        self.absent(&format!("terminal of {line}"), transcript.tty.as_bytes());
        self.absent(&format!("Debug of {line}"), format!("{transcript:?}").as_bytes());
    }
}

const VAULT_WORDS: &str = "vault words nobody must see";
const BUNDLE_WORDS: &str = "bundle words nobody must see either";
const FILE_WORDS: &str = "file words are no business of anybody";

fn secrets(sandbox: &Sandbox) -> Secrets {
    let mut secrets = vec![
        ("the seed in base32", RFC_SEED.to_ascii_lowercase()),
        ("the seed", "12345678901234567890".to_ascii_lowercase()),
        ("the seed in hexadecimal", "3132333435363738393031323334353637383930".to_ascii_lowercase()),
        ("the seed in base64", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA".to_ascii_lowercase()),
        ("the seed as a list", "49, 50, 51, 52, 53, 54".to_ascii_lowercase()),
        ("the vault's passphrase", VAULT_WORDS.to_ascii_lowercase()),
        ("the bundle's passphrase", BUNDLE_WORDS.to_ascii_lowercase()),
        ("the file's passphrase", FILE_WORDS.to_ascii_lowercase()),
        ("a recovery code", "7777-recovery-8888".to_ascii_lowercase()),
    ];
    if sandbox.has("key") {
        let text = String::from_utf8(sandbox.read("key")).unwrap();
        let key = text.lines().next_back().unwrap().rsplit(' ').next().unwrap();
        secrets.push(("the key file", key.to_ascii_lowercase()));
    }
    Secrets(secrets)
}

/// Files that a person made or asked for, which hold what they hold.
const ASKED_FOR: [&str; 6] = ["vault-passphrase", "bundle-words", "file-words", "codes", "key", "phone"];

fn check_files(secrets: &Secrets, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir_without_following() {
            check_files(secrets, &path);
        } else if !ASKED_FOR.contains(&path.file_name().unwrap().to_str().unwrap()) {
            secrets.absent(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
        secrets.absent("a file name", path.to_str().unwrap().as_bytes());
    }
}

trait WithoutFollowing {
    fn is_dir_without_following(&self) -> bool;
}

impl WithoutFollowing for Path {
    fn is_dir_without_following(&self) -> bool {
        self.symlink_metadata().unwrap().is_dir()
    }
}

/// A long session with a passphrase: every command that is not asked to show a secret.
#[test]
fn a_long_session_leaves_no_secret_anywhere() {
    let sandbox = Sandbox::with_passphrase(VAULT_WORDS);
    sandbox.write("bundle-words", BUNDLE_WORDS);
    sandbox.write("file-words", FILE_WORDS);
    sandbox.write("codes", "7777-recovery-8888\n9999-recovery-0000\n");
    let secrets = secrets(&sandbox);
    let uri = format!("otpauth://totp/AWS:root?secret={RFC_SEED}");
    let export = export_with_md5("Mail", "ana");
    sandbox.write("phone", &export);
    let before = temporary_files();

    for (line, stdin) in [
        ("add - --recovery-codes ~/codes --note remark", uri.as_str()),
        ("add -", uri.as_str()),
        ("add - --json --allow-duplicate", uri.as_str()),
        ("add -", "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=77"),
        ("add - --issuer x", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ!"),
        ("add - --allow-duplicate", &export_of(&[account("Mail", "ana")])),
        ("add -", &export),
        ("add -", &export[..60]),
        ("import ~/phone", ""),
        ("import ~/phone --allow-skipped --json", ""),
        ("import --undo", ""),
        ("trash purge --yes", ""),
        ("list", ""),
        ("list --json -v", ""),
        ("show root", ""),
        ("remove root", ""),
        ("trash list --json", ""),
        ("code root -v", ""),
        ("code root --json", ""),
        ("show root --json", ""),
        ("prove root --accepted", ""),
        ("edit root --note other --privileged", ""),
        ("edit root --seed -", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        ("status --json", ""),
        ("status", ""),
        ("doctor --json", ""),
        ("slot list --json", ""),
        ("bundle create -o ~/b.lifeboat --bundle-passphrase-file ~/bundle-words", ""),
        ("bundle create -o ~/weak.lifeboat --bundle-passphrase-file ~/vault-passphrase", ""),
        ("bundle inspect ~/b.lifeboat --json", ""),
        ("bundle verify ~/b.lifeboat --json --bundle-passphrase-file ~/bundle-words", ""),
        ("bundle verify ~/b.lifeboat --bundle-passphrase-file ~/file-words", ""),
        ("bundle list --json", ""),
        ("proof", ""),
        ("proof -o ~/proof -v", ""),
        ("proof compare ~/proof", ""),
        ("proof compare ~/proof --json", ""),
        ("rehearse ~/b.lifeboat", ""),
        ("restore ~/b.lifeboat --merge --dry-run --bundle-passphrase-file ~/bundle-words", ""),
        ("restore ~/b.lifeboat --merge --yes --json --bundle-passphrase-file ~/bundle-words", ""),
        ("export --to aegis -o ~/aegis.json --file-passphrase-file ~/file-words", ""),
        ("export --to otpauth -o ~/plain.txt", ""),
        ("import ~/aegis.json --json --file-passphrase-file ~/file-words", ""),
        ("import ~/aegis.json --file-passphrase-file ~/bundle-words", ""),
        ("slot add --new-passphrase-file ~/file-words", ""),
        ("restore --previous --yes", ""),
        ("passwd --yes --new-passphrase-file ~/bundle-words", ""),
        ("list", ""),
        ("list --json", ""),
    ] {
        let line = format!("{line} --passphrase-file ~/vault-passphrase");
        secrets.absent_from(&line, &sandbox.command(&line).stdin(stdin).run());
        check_files(&secrets, sandbox.home());
    }
    secrets.absent_from("typed", &sandbox.command("list").typing(&[BUNDLE_WORDS]).run().done());
    secrets.absent_from("wrong", &sandbox.command("list").typing(&[VAULT_WORDS]).run().exits(3));
    assert_eq!(temporary_files(), before, "nothing is left in the system's place for temporary files");
}

/// Folders of ours in the system's place for temporary files, but for those of other tests' demos.
fn temporary_files() -> usize {
    let ours =
        |name: &str| name.starts_with("lifeboat-") && !name.starts_with("lifeboat-test-") && name.len() < 20;
    std::fs::read_dir(std::env::temp_dir())
        .unwrap()
        .filter(|entry| entry.as_ref().is_ok_and(|entry| ours(&entry.file_name().to_string_lossy())))
        .count()
}

/// The same with a key file, whose bytes are nowhere either.
#[test]
fn a_key_file_stays_where_it_is() {
    let sandbox = Sandbox::with_entry();
    let secrets = secrets(&sandbox);
    for line in
        ["list -v", "doctor", "slot list", "code AWS", "passwd --new-key-file ~/vault-passphrase", "list"]
    {
        secrets.absent_from(line, &sandbox.run(line));
    }
    check_files(&secrets, sandbox.home());
}

/// What a test, a log or a panic could print with `{:?}`.
#[test]
fn debug_of_what_holds_secrets_shows_none() {
    use lifeboat::app::{self, add, show, unlock};
    use lifeboat::envelope::{Credentials, Passphrase};
    use lifeboat::secret::SecretText;

    let sandbox = Sandbox::with_passphrase(VAULT_WORDS);
    sandbox.write("codes", "7777-recovery-8888\n");
    let line = "add - --recovery-codes ~/codes --passphrase-file ~/vault-passphrase";
    sandbox.command(line).stdin(format!("otpauth://totp/AWS:root?secret={RFC_SEED}")).run().done();
    let secrets = secrets(&sandbox);
    let ctx = sandbox.context();
    let credentials = Credentials {
        passphrase: Some(Passphrase::new(SecretText::new(VAULT_WORDS.into()))),
        key_file: None,
        recovery_secret: None,
    };
    let mut session: app::Session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    let id = session.vault().entries[0].id;
    let uri = show::reveal(&ctx, &mut session, id).unwrap();
    let draft = add::draft_from_text(&uri, &add::Particulars::default()).unwrap();
    let codes = show::recovery_codes(&ctx, &mut session, id).unwrap();
    for (name, debug) in [
        ("Session", format!("{session:?}")),
        ("Session, pretty", format!("{session:#?}")),
        ("Credentials", format!("{credentials:?}")),
        ("Context", format!("{ctx:?}")),
        ("EntryDraft", format!("{draft:?}")),
        ("SecretText", format!("{uri:?}")),
        ("recovery codes", format!("{codes:?}")),
    ] {
        secrets.absent(name, debug.as_bytes());
    }
}

/// The keys that never leave the vault, and every type that comes near a secret.
#[test]
fn keys_and_what_holds_them_are_never_shown() {
    use lifeboat::app::{Failure, bundle, import, init, unlock};
    use lifeboat::envelope::{self, Ceiling, Credentials, KeyFile, MasterKey, Sealed};

    let sandbox = Sandbox::with_entry();
    sandbox.run("bundle create -o ~/b --bundle-key-file ~/bundle-key").done();
    sandbox.write("phone", format!("otpauth://totp/Bank:ana?secret={RFC_SEED}"));
    let ctx = sandbox.context();
    let key = |name: &str| KeyFile::parse(&sandbox.read(name)).unwrap();
    let of_key =
        |name: &str| Credentials { passphrase: None, key_file: Some(key(name)), recovery_secret: None };
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &of_key("key")).unwrap();
    let vault = session.vault();

    let mut forms = Vec::new();
    for (name, bytes) in [
        ("the log's key", vault.keys.log.expose()),
        ("the signing key", vault.keys.signing.expose()),
        ("the seed", b"12345678901234567890"),
    ] {
        let list: Vec<String> = bytes.iter().take(8).map(ToString::to_string).collect();
        forms.push((name, bytes.to_vec()));
        forms.push((name, data_encoding::HEXLOWER.encode(bytes).into_bytes()));
        forms.push((name, data_encoding::BASE32_NOPAD.encode(bytes).into_bytes()));
        forms.push((name, data_encoding::BASE64_NOPAD.encode(bytes).into_bytes()));
        forms.push((name, list.join(", ").into_bytes()));
    }
    let absent = |place: &str, bytes: &[u8]| {
        for (name, form) in &forms {
            assert!(!bytes.windows(form.len()).any(|window| window == form), "{name} in {place}");
        }
    };

    for entry in std::fs::read_dir(sandbox.home()).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() && entry.file_name() != "phone" {
            absent(&entry.path().display().to_string(), &std::fs::read(entry.path()).unwrap());
        }
    }
    let sealed = Sealed::parse(sandbox.read("vault.lifeboat"), envelope::Kind::Vault).unwrap();
    let (master, _) = sealed.unlock(&of_key("key"), Ceiling::USUAL).unwrap();
    let payload = sealed.open(&master).unwrap();
    assert!(payload.json().windows(32).any(|window| window == RFC_SEED.as_bytes()), "the search finds");
    let bundle = bundle::look_at_bundle(&ctx, &sandbox.path("b")).unwrap();
    let opened = bundle.open(&ctx, &of_key("bundle-key")).unwrap();
    absent("a bundle's content", format!("{:?}", opened.payload()).as_bytes());
    let recognised = import::recognise(&ctx, &sandbox.path("phone"), None).unwrap();
    let failure: Failure =
        unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &of_key("bundle-key")).unwrap_err();
    let new_slot = init::NewSlot { passphrase: None, key_file: Some(key("key")) };
    let sevens = format!("{:?} {:?}", MasterKey::from_bytes([7; 32]), KeyFile::from_bytes([7; 32]));
    assert!(!sevens.contains("7, 7") && !sevens.contains("0707"), "{sevens}");
    for debug in [
        format!("{vault:?}"),
        format!("{:#?}", vault.entries[0]),
        format!("{:?}", vault.keys),
        format!("{master:?} {payload:?} {sealed:?} {new_slot:?} {:?}", of_key("key")),
        format!("{bundle:?} {opened:?} {recognised:?} {failure:?}"),
    ] {
        absent("what Debug shows", debug.as_bytes());
    }
}
