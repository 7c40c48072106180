//! Real files of other authenticators, where they are present beside the project.
//!
//! They are under other licences and never copied here. `../shared/interop/INDEX.tsv` lists them with
//! what an independent program read out of each. Where the folder is absent the tests say so and pass,
//! unless `LIFEBOAT_INTEROP=required`.

#![expect(clippy::print_stderr, reason = "a person must see that nothing was compared")]

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lifeboat::entry::{Entry, EntryId, Label};
use lifeboat::interchange::registry::{self, Source};
use lifeboat::interchange::steam::Companion;
use lifeboat::interchange::{Drafted, Imported, SkippedReason};
use lifeboat::secret::SecretText;
use serde_json::{Value, json};

const NOW: u64 = 1_700_000_000;

/// A line of the index.
struct Row {
    path: PathBuf,
    name: String,
    password: String,
    expected: Vec<Value>,
}

/// The rows of some folders; `None` where the files are not present.
fn rows(folders: &[&str]) -> Option<Vec<Row>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/interop");
    let index = match fs::read_to_string(root.join("INDEX.tsv")) {
        Ok(index) => index,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let required = std::env::var("LIFEBOAT_INTEROP").is_ok_and(|value| value == "required");
            assert!(!required, "../shared/interop is required and not present");
            eprintln!("../shared/interop is not present: real files of other programs were not read");
            return None;
        }
        Err(error) => panic!("INDEX.tsv cannot be read: {error}"),
    };
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let column = |name: &str| header.iter().position(|other| *other == name).expect(name);
    let (path, password, expected) = (column("path"), column("password"), column("expected"));
    let rows =
        lines.filter(|fields| folders.iter().any(|folder| fields[path].starts_with(folder))).map(|fields| {
            Row {
                path: root.join(fields[path]),
                name: fields[path].to_owned(),
                password: fields[password].to_owned(),
                expected: serde_json::from_str(fields[expected]).expect("a list of accounts"),
            }
        });
    Some(rows.collect())
}

fn imported(row: &Row) -> Imported {
    let bytes = fs::read(&row.path).unwrap_or_else(|error| panic!("{}: {error}", row.name));
    let opened = with_companion(row, &bytes).map_or_else(
        || {
            let format = registry::detect(&bytes).unwrap_or_else(|error| panic!("{}: {error}", row.name));
            registry::open(format, &bytes)
        },
        Ok,
    );
    match opened.unwrap_or_else(|error| panic!("{}: {error}", row.name)) {
        Source::Plain(imported) => imported,
        Source::Sealed(sealed) => {
            assert!(!row.password.is_empty(), "{} is encrypted", row.name);
            sealed
                .open(&SecretText::new(row.password.clone()))
                .unwrap_or_else(|error| panic!("{}: {error}", row.name))
        }
    }
}

/// A file that cannot be opened without another one in its folder.
fn with_companion(row: &Row, bytes: &[u8]) -> Option<Source> {
    let name = row.path.file_name().unwrap().to_string_lossy();
    if !Companion::is_needed_by(&name, bytes) {
        return None;
    }
    let manifest = fs::read(row.path.with_file_name(Companion::NAME)).expect("its manifest");
    Companion::of(&manifest).expect("a manifest").expect("a whole one").open(&name, bytes)
}

/// An account in the index's own words.
fn account(drafted: Drafted) -> Value {
    let draft = drafted.draft;
    let mut account = json!({
        "issuer": draft.issuer.raw(),
        "name": draft.account.raw(),
        "type": draft.otp.type_name(),
        "algo": draft.otp.algorithm().name(),
        "digits": draft.otp.digits(),
        "secret": draft.seed.to_base32().expose(),
    });
    if let Some(period) = draft.otp.period() {
        account["period"] = json!(period.seconds());
    }
    if let Some(counter) = draft.otp.counter() {
        account["counter"] = json!(counter);
    }
    if !draft.tags.is_empty() {
        account["groups"] = draft.tags.iter().map(Label::raw).collect();
    }
    if !draft.note.is_empty() {
        account["note"] = json!(draft.note);
    }
    if draft.favourite {
        account["favorite"] = json!(true);
    }
    let entry = Entry::from_draft(draft, EntryId::from_bytes([0; 16]), NOW);
    let code = entry.code_at(NOW).map(|timed| timed.code).or_else(|| entry.counter_code()).unwrap();
    account["code"] = json!(code.expose());
    account
}

/// Types that are skipped, and nothing else may be.
fn is_unsupported(account: &Value) -> bool {
    matches!(account["type"].as_str(), Some("motp" | "yandex"))
}

#[track_caller]
fn check_rows(folder: &str, n_files: usize) {
    let Some(rows) = rows(&[folder]) else { return };
    let words = [
        ("tags", "groups"),
        ("pinned", "favorite"),
        ("groups", "groups"),
        ("group_path", "groups"),
        ("note", "note"),
        ("favorite", "favorite"),
    ];
    let has =
        |word: &str| rows.iter().flat_map(|row| &row.expected).any(|account| account.get(word).is_some());
    let folder_says: Vec<&str> =
        words.into_iter().filter(|(word, _)| has(word)).map(|(_, ours)| ours).collect();
    let n_present = rows.iter().filter(|row| fs::metadata(&row.path).is_ok()).count();
    assert!(rows.len() >= n_files && n_present == rows.len(), "{n_present} of {} are present", rows.len());
    for row in rows {
        let imported = imported(&row);
        let mut found: Vec<Value> = imported.drafts.into_iter().map(account).collect();
        let (unsupported, mut expected): (Vec<Value>, Vec<Value>) =
            row.expected.into_iter().partition(is_unsupported);
        // The index has its own words for what is beside a code, and not for every format.
        let says = |word: &str| folder_says.contains(&word);
        for account in expected.iter_mut().chain(&mut found).filter_map(Value::as_object_mut) {
            for (word, ours) in [("tags", "groups"), ("pinned", "favorite")] {
                if let Some(said) = account.remove(word) {
                    account.insert(ours.to_owned(), said);
                }
            }
            account.remove("item");
            // KeePass' entries have names of their own, beside those of the code.
            account.remove("title");
            account.remove("username");
            if let Some(path) = account.remove("group_path").filter(|path| path != "Root") {
                account.insert("groups".to_owned(), json!([path]));
            }
            account.remove("prefix");
            for beside in ["groups", "note", "favorite"].into_iter().filter(|word| !says(word)) {
                account.remove(beside);
            }
        }
        assert_eq!(found, expected, "{}", row.name);
        if row.name.starts_with("proton-pass/") {
            // One of its codes is malformed in the file itself.
            assert_eq!(imported.skipped.len(), 1, "{:?}", imported.skipped);
            continue;
        }
        let all_by_type =
            imported.skipped.iter().all(|skipped| matches!(skipped.reason, SkippedReason::UnknownType(_)));
        assert!(all_by_type, "{}: {:?}", row.name, imported.skipped);
        assert_eq!(imported.skipped.len(), unsupported.len(), "{}", row.name);
    }
}

#[test]
fn every_real_list_of_uris_gives_exactly_its_accounts() {
    check_rows("otpauth-uris/", 3);
}

#[test]
fn every_real_2fas_file_gives_exactly_its_accounts() {
    check_rows("2fas/", 8);
}

#[test]
fn every_real_file_of_andotp_gives_exactly_its_accounts() {
    check_rows("andotp/", 4);
}

#[test]
fn every_real_export_of_freeotp_plus_as_json_gives_exactly_its_accounts() {
    check_rows("freeotp-plus/aegisapp-freeotp_plus.json", 1);
    check_rows("freeotp-plus/cotp", 1);
}

#[test]
fn every_real_export_of_bitwarden_gives_exactly_its_accounts() {
    check_rows("bitwarden/aegisapp", 2);
    check_rows("bitwarden/passimport", 1);
    check_rows("bitwarden/stratum-bitwarden.encrypted.argon", 1);
    check_rows("bitwarden/stratum-bitwarden.encrypted.pbkdf2", 1);
    check_rows("bitwarden/stratum-bitwarden.unencrypted", 1);
    check_rows("bitwarden-authenticator/", 2);
}

#[test]
fn every_real_file_of_ente_auth_gives_exactly_its_accounts() {
    check_rows("ente/", 7);
}

#[test]
fn every_real_backup_of_stratum_gives_exactly_its_accounts() {
    check_rows("stratum/aegisapp-stratum_encrypted", 2);
    check_rows("stratum/aegisapp-stratum_plain", 1);
    check_rows("stratum/stratum-backup.legacy", 1);
    check_rows("stratum/stratum-backup.html", 1);
    check_rows("stratum/aegisapp-stratum_internal", 1);
}

#[test]
fn every_real_export_of_proton_authenticator_gives_exactly_its_accounts() {
    check_rows("proton-authenticator/", 3);
}

#[test]
fn every_real_file_of_lastpass_raivo_duo_and_cotp_gives_exactly_its_accounts() {
    check_rows("lastpass/", 3);
    check_rows("raivo/", 2);
    check_rows("duo/", 1);
    check_rows("cotp/", 4);
}

#[test]
fn every_real_file_of_steam_gives_exactly_its_account() {
    check_rows("steam/", 9);
}

#[test]
fn every_real_database_of_microsoft_gives_exactly_its_accounts() {
    check_rows("microsoft/", 1);
}

#[test]
fn every_real_file_of_freeotp_gives_exactly_its_accounts() {
    check_rows("freeotp/", 5);
    check_rows("freeotp-plus/", 3);
}

#[test]
fn every_real_file_of_authy_battle_net_and_totp_authenticator_gives_exactly_its_accounts() {
    check_rows("authy/", 2);
    check_rows("battlenet/", 1);
    check_rows("totp-authenticator/", 2);
}

#[test]
fn every_real_file_of_programs_for_the_terminal_gives_exactly_its_accounts() {
    check_rows("gauth/", 2);
    check_rows("rsc-2fa/", 1);
    check_rows("otpclient/", 2);
    check_rows("winauth/", 2);
    check_rows("totp-cli/", 2);
}

#[test]
fn every_real_archive_gives_exactly_its_accounts() {
    check_rows("authenticator-plus/", 1);
    check_rows("proton-pass/", 1);
    check_rows("1password/", 1);
}

#[test]
fn every_real_database_of_keepass_and_every_export_of_one_gives_exactly_its_accounts() {
    check_rows("keepass/", 10);
}

#[test]
fn every_real_aegis_file_gives_exactly_its_accounts() {
    check_rows("aegis/", 7);
}

#[test]
fn a_wrong_passphrase_of_a_real_aegis_file_is_called_one() {
    let Some(rows) = rows(&["aegis/"]) else { return };
    let row = rows.iter().find(|row| !row.password.is_empty()).expect("an encrypted file");
    let bytes = fs::read(&row.path).unwrap();
    let format = registry::detect(&bytes).unwrap();
    let Source::Sealed(sealed) = registry::open(format, &bytes).unwrap() else { panic!("it is encrypted") };
    let error = sealed.open(&SecretText::new("not the password".to_owned())).unwrap_err();
    assert_eq!(error, lifeboat::interchange::ImportError::WrongPassphrase);
}

#[test]
fn every_real_export_of_google_authenticator_gives_exactly_its_accounts() {
    let Some(rows) = rows(&["google-migration/"]) else { return };
    let (mut n_read, mut n_refused) = (0, 0);
    for row in rows {
        let bytes = fs::read(&row.path).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        // A picture without a code of an export and a text that is none are here too.
        let Ok(format) = registry::detect(&bytes) else {
            n_refused += 1;
            continue;
        };
        assert_eq!(format.id, "google", "{}", row.name);
        let imported = imported(&row);
        let found: Vec<Value> = imported.drafts.into_iter().map(account).collect();
        assert_eq!(found, row.expected, "{}", row.name);
        // One holds nothing but a damaged code; three are parts of an export.
        assert_eq!(imported.skipped.len(), usize::from(found.is_empty()), "{}", row.name);
        let is_part = ["Export_1", "Export_3", "missing-batch"].iter().any(|name| row.name.contains(name));
        assert_eq!(imported.notices.len(), usize::from(is_part), "{}: {:?}", row.name, imported.notices);
        n_read += 1;
    }
    assert!(n_read >= 11 && n_refused == 2, "{n_read} files were read, {n_refused} refused");
}

#[test]
fn every_real_file_of_the_index_is_recognised_but_what_holds_no_account() {
    let Some(rows) = rows(&[""]) else { return };
    let mut refused = Vec::new();
    for row in &rows {
        let bytes = fs::read(&row.path).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        match registry::detect(&bytes) {
            // Encrypted files of Steam say nothing of themselves: their manifest does.
            Ok(_) if row.name.starts_with("steam/") => {}
            // Text exports of several programs are lists of URIs, and some programs write Aegis' format.
            Ok(format) => {
                let opened = registry::open(format, &bytes);
                let says_how_else = row.name.contains("accountrestricted") && opened.is_err();
                assert!(opened.is_ok() || says_how_else, "{}: {}: {opened:?}", row.name, format.id);
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                assert!(row.expected.is_empty(), "{} holds accounts", row.name);
                refused.push(row.name.as_str());
            }
        }
    }
    assert!(rows.len() >= 100, "{} files are in the index", rows.len());
    assert!(refused.len() <= 3, "{refused:?}");
}
