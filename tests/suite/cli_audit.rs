//! `audit list`: every thing that is done leaves its record, and is found by whoever looks for it.

use std::collections::BTreeMap;

use lifeboat::app::audit::Filter;
use lifeboat::audit::Event;
use serde_json::Value;

use crate::app_entry::opened;
use crate::support::{NOW, RFC_SEED, RFC_URI, Sandbox};

const OTHER_URI: &str = "otpauth://totp/GitHub:ben?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJR&issuer=GitHub";

fn listed(sandbox: &Sandbox, options: &str) -> Vec<Value> {
    let json = sandbox.run(&format!("audit list --json {options}")).done().json("lifeboat.audit/1");
    json["records"].as_array().unwrap().clone()
}

fn events(sandbox: &Sandbox, options: &str) -> Vec<String> {
    listed(sandbox, options).iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect()
}

/// Two entries, with a code of the first one shown an hour later.
fn used() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    sandbox.add(OTHER_URI);
    sandbox.wait(3600);
    sandbox.run("code AWS --reason 'INC-7, the night'").done();
    sandbox
}

/// A command, what it reads, its status, and the records that come of it beside `unlocked` and `saved`.
type Row = (&'static str, &'static str, u8, &'static [Event]);

/// In this order, on one machine.
const TABLE: [Row; 36] = [
    ("list", "", 0, &[]),
    ("add -", OTHER_URI, 0, &[Event::Added]),
    ("edit GitHub --note x", "", 0, &[Event::Edited]),
    ("edit GitHub --seed -", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 0, &[Event::Rotated]),
    ("edit GitHub --recovery-codes -", "one\ntwo\nthree", 0, &[Event::Edited]),
    ("prove GitHub --accepted", "", 0, &[Event::Proven]),
    ("code GitHub", "", 0, &[Event::CodeShown]),
    ("code GitHub --next", "", 0, &[Event::CodeShown]),
    ("show GitHub", "", 0, &[]),
    ("show GitHub --reveal", "", 0, &[Event::SeedShown]),
    ("show GitHub --qr", "", 0, &[Event::SeedShown]),
    ("show GitHub --recovery-codes", "", 0, &[Event::SeedShown]),
    ("recovery-code use GitHub", "", 0, &[Event::RecoveryCodeUsed]),
    ("doctor --compare 00000000 --with AWS", "", 7, &[Event::CodeShown]),
    ("seal AWS --seal-passphrase-file ~/words", "", 0, &[Event::Sealed]),
    ("code AWS --seal-passphrase-file ~/wrong --reason x", "", 3, &[Event::SealRefused]),
    ("code AWS --seal-passphrase-file ~/words --reason x", "", 0, &[Event::CodeShown]),
    ("unseal AWS --seal-passphrase-file ~/wrong --reason x", "", 3, &[Event::SealRefused]),
    ("unseal AWS --seal-passphrase-file ~/words --reason x", "", 0, &[Event::Unsealed]),
    ("remove GitHub", "", 0, &[Event::Removed]),
    ("trash restore GitHub", "", 0, &[Event::TakenBack]),
    ("remove GitHub", "", 0, &[Event::Removed]),
    ("trash purge --yes", "", 0, &[Event::Purged]),
    ("import ~/uris", "", 0, &[Event::Imported]),
    ("import --undo", "", 0, &[Event::ImportUndone]),
    ("export --to otpauth --plaintext -o ~/out", "", 0, &[Event::Exported]),
    ("slot add --new-key-file ~/second", "", 0, &[Event::Rekeyed]),
    ("bundle create -o ~/bundle --bundle-key-file ~/bundle-key", "", 0, &[Event::BundleMade]),
    ("bundle list", "", 0, &[]),
    ("kit -o ~/kit", "", 0, &[Event::KitMade]),
    ("restore ~/bundle --bundle-key-file ~/bundle-key --merge --yes", "", 0, &[]),
    ("restore --previous 1 --yes", "", 0, &[Event::Restored]),
    ("unlock --for 1m", "", 0, &[Event::KeyKept]),
    ("status", "", 0, &[]),
    ("audit verify", "", 0, &[]),
    ("passwd --new-key-file ~/third --yes --purge-previous", "", 0, &[Event::Rekeyed, Event::PreviousPurged]),
];

#[test]
fn every_command_leaves_the_record_of_what_it_does() {
    let sandbox = Sandbox::with_entry();
    sandbox.write("words", "seventeen green lanterns over the harbour");
    sandbox.write("wrong", "eleven quiet barges under the moonlight");
    sandbox.write("uris", OTHER_URI.replace("GitHub", "Third"));
    sandbox.write("program", "a program");
    let mut seen = listed(&sandbox, "").len();
    for (line, stdin, status, wanted) in TABLE {
        sandbox.command(line).stdin(stdin).run().exits(status);
        if line.starts_with("passwd") {
            std::fs::copy(sandbox.path("third"), sandbox.path("key")).unwrap();
        }
        let all = events(&sandbox, "");
        // The last one is that of the list itself.
        let new: Vec<&str> = all[seen..all.len() - 1].iter().map(String::as_str).collect();
        // A previous generation is opened instead of the vault.
        let opens = !line.starts_with("restore --previous");
        assert_eq!(new.first() == Some(&"unlocked"), opens, "{line}: {new:?}");
        let told: Vec<&str> =
            new.into_iter().filter(|event| !["unlocked", "saved"].contains(event)).collect();
        let wanted: Vec<&str> = wanted.iter().map(|event| event.name()).collect();
        assert_eq!(told, wanted, "{line}");
        seen = all.len();
    }
    let with_seed = sandbox.run("audit list --csv").done().out;
    assert!(!with_seed.contains(RFC_SEED), "the log names no seed");
    sandbox.run("audit verify").done();
}

#[test]
fn a_failed_unlock_is_listed_and_is_not_sealed_before_somebody_unlocks() {
    let sandbox = Sandbox::with_passphrase("correct horse");
    sandbox.command("list --passphrase-file -").stdin("wrong").run().exits(3);
    let list = |kind: &str| {
        sandbox.run(&format!("audit list --kind {kind} --passphrase-file ~/vault-passphrase")).done()
    };
    assert!(!list("unlocked").out.contains("failed-unlock"), "it is of another kind");
    assert_eq!(list("failed-unlock").out.lines().count(), 2);
    let all = || sandbox.run("audit list --passphrase-file ~/vault-passphrase --json").done();
    let of = |all: &Value| {
        let lines = all["records"].as_array().unwrap().clone();
        lines.into_iter().find(|line| line["event"] == "failed-unlock").unwrap()
    };
    let taken_in = of(&all().json("lifeboat.audit/1"));
    assert_eq!((taken_in["number"].as_u64(), taken_in["taken_in_by"].as_u64()), (None, Some(3)));
    assert_eq!((taken_in["at"].as_u64(), taken_in["sealed"].as_bool()), (Some(NOW), Some(true)));
    // One that nobody has taken in: as the interface sees it, which was open all the time.
    let ctx = sandbox.context();
    let sealed = lifeboat::app::unlock::look(&ctx).unwrap();
    let passphrase = lifeboat::secret::SecretText::new("correct horse".to_owned());
    let credentials = lifeboat::envelope::Credentials {
        passphrase: Some(lifeboat::envelope::Passphrase::new(passphrase)),
        ..Default::default()
    };
    let mut session = lifeboat::app::unlock::unlock(&ctx, sealed, &credentials).unwrap();
    sandbox.command("list --passphrase-file -").stdin("wrong").run().exits(3);
    let lines = lifeboat::app::audit::list(&ctx, &mut session, &Filter::default()).unwrap();
    let last = lines.last().unwrap();
    assert_eq!((last.event.as_str(), last.is_sealed(), last.who().as_str()), ("failed-unlock", false, ""));
}

#[test]
fn a_copy_is_told_from_what_was_only_shown() {
    let sandbox = Sandbox::with_entry();
    sandbox.run("code AWS").done();
    sandbox.command("code AWS --copy").at_terminal(80).run().done();
    let facts: Vec<Value> =
        listed(&sandbox, "--kind code-shown").into_iter().map(|line| line["facts"].clone()).collect();
    assert_eq!(facts, [serde_json::json!({}), serde_json::json!({ "copied": "yes" })]);
}

#[test]
fn records_are_found_by_time() {
    let sandbox = used();
    assert_eq!(events(&sandbox, "--since 59m"), ["unlocked", "code-shown", "unlocked"]);
    let at = NOW + 3600;
    let rfc = "2027-01-15T09:00:00Z";
    for since in [at.to_string(), rfc.to_owned()] {
        let found = events(&sandbox, &format!("--since {since} --kind code-shown"));
        assert_eq!(found, ["code-shown"]);
        assert!(events(&sandbox, &format!("--since {} --kind code-shown", at + 1)).is_empty());
    }
    assert_eq!(events(&sandbox, "--since 90d")[0], "made");
    sandbox.run("audit list --since soon").exits(2).says("90s, 15m, 2h or 30d");
}

#[test]
fn records_are_found_by_kind_and_another_word_is_answered_with_all_kinds() {
    let sandbox = used();
    assert_eq!(events(&sandbox, "--kind added --kind code-shown"), ["added", "added", "code-shown"]);
    let refused = sandbox.run("audit list --kind shown").exits(2).says("no kind of record");
    for kind in Event::ALL.map(Event::name).into_iter().chain(["failed-unlock"]) {
        assert!(refused.err.contains(kind), "{kind}");
    }
    sandbox.run("audit list --kind kit-made").done().says("nothing in the log fits");
}

#[test]
fn records_are_found_by_entry_wherever_it_is_now() {
    let sandbox = used();
    assert_eq!(events(&sandbox, "--entry aws"), ["added", "code-shown"]);
    let id = listed(&sandbox, "--entry aws")[0]["entry"].as_str().unwrap().to_owned();
    sandbox.run("remove AWS").done();
    assert_eq!(events(&sandbox, "--entry aws"), ["added", "code-shown", "removed"]);
    assert_eq!(listed(&sandbox, "--entry aws")[0]["name"], "AWS:root", "the trash knows its name");
    sandbox.run("trash purge --yes").done();
    sandbox.run("audit list --entry aws").exits(4).says("of one that is gone give the id");
    assert_eq!(events(&sandbox, &format!("--entry {id}")), ["added", "code-shown", "removed", "purged"]);
    assert_eq!(listed(&sandbox, &format!("--entry {}", id.to_uppercase()))[0]["name"], "gone");
    sandbox.add(RFC_URI);
    sandbox.add(&RFC_URI.replace("root", "other").replace("GEZD", "MEZD"));
    sandbox.run("audit list --entry AWS").exits(4).says("2 entries fit");
}

#[test]
fn records_are_found_by_person_way_and_custodian() {
    use lifeboat::app::share_set;
    let sandbox = used();
    let all = events(&sandbox, "").len();
    for (n_lists, person) in (1..).zip(["ana", "ANA", "ana@workstation"]) {
        // Each list opens the vault once more.
        assert_eq!(events(&sandbox, &format!("--person {person}")).len(), all + n_lists, "{person}");
    }
    assert!(!events(&sandbox, "--person ANA@Workstation").is_empty());
    assert!(events(&sandbox, "--person ben").is_empty());
    let way = listed(&sandbox, "--kind code-shown")[0]["way"].as_str().unwrap().to_owned();
    assert_eq!(
        events(&sandbox, &format!("--person {} --kind code-shown", way.to_uppercase())),
        ["code-shown"]
    );

    // An acknowledgement names its share, and the vault whose that is.
    let (ctx, mut session) = opened(&sandbox);
    let quorum = share_set::quorum(2, 2).unwrap();
    let new = share_set::draw(&ctx, &session, quorum, &["Cem Y.".to_owned(), "Dora".to_owned()]).unwrap();
    share_set::keep(&ctx, &mut session, &new, None).unwrap();
    sandbox.write("share", new.shares()[0].words().expose());
    let set = share_set::name(new.set().id).replace(' ', "-");
    sandbox.run(&format!("bundle create -o ~/b --share-set {set}")).done();
    sandbox.run("share acknowledge ~/b --share ~/share -o ~/ack").done();
    sandbox.run("share record ~/ack").done();
    assert_eq!(events(&sandbox, "--person 'cem y.'"), ["share-acknowledged"]);
    assert!(events(&sandbox, "--person Dora").is_empty());
}

#[test]
fn a_list_is_a_table_of_what_happened_with_the_newest_last() {
    let sandbox = used();
    let text = sandbox.run("audit list").done().out;
    insta::assert_snapshot!(sandbox.normal(&text));
    for (number, line) in text.lines().skip(1).enumerate() {
        assert!(line.starts_with(&(number + 1).to_string()), "{line}");
    }
    let narrow = sandbox.command("audit list").at_terminal(60).run().done().out;
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
}

/// The cells of each row of a CSV document, read by the letter of RFC 4180.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut row = Vec::new();
        loop {
            let mut cell = String::new();
            if let Some(quoted) = rest.strip_prefix('"') {
                let mut chars = quoted.char_indices();
                let end = loop {
                    match chars.next().expect("a quoted cell ends") {
                        (at, '"') if quoted[at + 1..].starts_with('"') => {
                            cell.push('"');
                            chars.next();
                        }
                        (at, '"') => break at + 1,
                        (_, c) => cell.push(c),
                    }
                };
                rest = &quoted[end..];
            } else {
                let end = rest.find([',', '\r']).expect("a row ends");
                cell.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            row.push(cell);
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        rest = rest.strip_prefix("\r\n").expect("a row ends with CR LF");
        rows.push(row);
    }
    rows
}

#[test]
fn csv_is_read_by_the_letter_and_starts_no_formula() {
    let sandbox = Sandbox::with_entry();
    for reason in ["=1+1", "+1", "-1", "@x", "say \"hi\", then go", "two\nlines", "INC-7"] {
        sandbox.command("code AWS").arg(format!("--reason={reason}")).run().done();
    }
    let rows = csv(&sandbox.run("audit list --csv --kind code-shown").done().out);
    let heading = "number time event entry name user host|opened by|reason generation facts sealed";
    let heading: Vec<&str> = heading
        .split('|')
        .flat_map(|part| if part.contains("opened") { vec![part] } else { part.split(' ').collect() })
        .collect();
    assert_eq!(rows[0], heading);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let reasons: Vec<&str> = rows[1..].iter().map(|row| row[8].as_str()).collect();
    assert_eq!(reasons, ["'=1+1", "'+1", "'-1", "'@x", "say \"hi\", then go", "two<U+000A>lines", "INC-7"]);
    let row: BTreeMap<&str, &str> = heading.into_iter().zip(rows[1].iter().map(String::as_str)).collect();
    assert_eq!((row["time"], row["name"], row["sealed"]), ("2027-01-15T08:00:00Z", "AWS:root", "yes"));
    sandbox.run("audit list --csv --json").exits(2).says("together");
    // An empty list is a heading.
    assert_eq!(csv(&sandbox.run("audit list --csv --kind kit-made").done().out).len(), 1);
}
