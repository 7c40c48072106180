//! One entry that cannot be read: it is set aside, shown, kept, repaired, and never stops the others.

use lifeboat::app::unlock;
use lifeboat::entry::Label;
use lifeboat::envelope::{KeyFile, Kind, MasterKey, SlotRandom, ToSeal, seal as seal_envelope};
use lifeboat::secret::{SecretBytes, SecretText};
use lifeboat::vault::Quarantined;

use crate::support::{RFC_SEED, Sandbox};

const BROKEN: &str = r#"{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","issuer":"Bank","account":"ana","seed":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","type":"totp","algorithm":"SHA1","digits":99,"period":30,"created":1,"updated":1,"from_the_future":[1]}"#;

/// A vault with the RFC's account and one whose digits are out of range.
fn with_a_broken_entry() -> Sandbox {
    let sandbox = Sandbox::with_entry();
    plant(&sandbox, BROKEN);
    sandbox
}

/// Puts an entry as it stands in a payload into the vault, though it cannot be read.
pub(crate) fn plant(sandbox: &Sandbox, broken: &str) {
    rewrite(sandbox, |vault| {
        vault.quarantine.push(Quarantined {
            text: SecretText::new(broken.to_owned()),
            reason: String::new(),
            title: Label::default(),
            in_trash: None,
        });
    });
}

/// Puts into the vault what no command puts there, past the log.
pub(crate) fn rewrite(sandbox: &Sandbox, change: impl FnOnce(&mut lifeboat::vault::Vault)) {
    let json = content(sandbox);
    let mut vault = lifeboat::wire::vault_v1::parse(json.expose()).unwrap();
    change(&mut vault);
    seal(sandbox, &vault);
}

/// What the vault holds, as its payload has it.
fn content(sandbox: &Sandbox) -> SecretBytes {
    let ctx = sandbox.context();
    let key = lifeboat::app::key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials =
        lifeboat::envelope::Credentials { passphrase: None, key_file: Some(key), recovery_secret: None };
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &credentials).unwrap();
    lifeboat::wire::vault_v1::encode(session.vault())
}

/// Writes a vault as a program of another version could have: sealed by the format's own functions.
#[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
fn seal(sandbox: &Sandbox, vault: &lifeboat::vault::Vault) {
    let ctx = sandbox.context();
    let key = lifeboat::app::key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let master = MasterKey::from_bytes([9; 32]);
    let slot = slot(sandbox, Kind::Vault, &vault.id.0, &master, &key);
    let json = lifeboat::wire::vault_v1::encode(vault);
    let to_seal = ToSeal {
        kind: Kind::Vault,
        id: vault.id.0,
        slots: &[slot],
        info: None,
        json: json.expose(),
        signature: &[],
    };
    std::fs::write(sandbox.path("vault.lifeboat"), seal_envelope(&to_seal, &master, &[4; 32]).unwrap())
        .unwrap();
}

/// A slot that a key file opens alone.
pub(crate) fn slot(
    sandbox: &Sandbox,
    kind: Kind,
    id: &[u8; 16],
    master: &MasterKey,
    key: &KeyFile,
) -> lifeboat::envelope::Slot {
    let random = SlotRandom { sid: [1; 4], salt: [2; 32], kdf_salt: [3; 16] };
    let cost = sandbox.context().kdf.vault;
    lifeboat::envelope::Slot::new(kind, id, master, None, Some(key), cost, &random).unwrap().unwrap()
}

#[test]
fn the_others_work_and_the_bad_one_is_named() {
    let sandbox = with_a_broken_entry();
    sandbox.run("code AWS").done();
    sandbox.run("list").done().prints("set aside: Bank:ana (the field `digits` is missing or out of range)");
    sandbox.run("status --check").exits(7).prints("Bank:ana");
}

#[test]
fn its_text_is_shown_only_when_asked_for() {
    let sandbox = with_a_broken_entry();
    let shown = sandbox.run("show bank").done();
    assert!(!shown.out.contains(RFC_SEED) && shown.out.contains("digits"), "{shown}");
    sandbox.run("show bank --reveal").done().prints(RFC_SEED);
}

#[test]
fn a_change_writes_it_back_as_it_was() {
    let sandbox = with_a_broken_entry();
    sandbox.run("edit AWS --note hello").done();
    let shown = sandbox.run("show bank --reveal").done();
    assert_eq!(shown.out.trim(), BROKEN);
}

#[test]
fn giving_the_wrong_field_repairs_it_and_keeps_what_is_not_known() {
    let sandbox = with_a_broken_entry();
    sandbox.run("edit bank --note x").exits(2).says("it still cannot be read");
    sandbox.run("edit bank --digits 6").done();
    sandbox.run("code bank").done();
    let listed = sandbox.run("list --json").done();
    assert!(!listed.out.contains("set aside") && listed.out.contains("Bank"), "{listed}");
}

#[test]
fn it_travels_in_a_bundle_and_comes_back() {
    let sandbox = with_a_broken_entry();
    sandbox.run("bundle create -o ~/b --bundle-key-file ~/bundle-key").done();
    let other = Sandbox::empty();
    let (bundle, key) = (sandbox.path("b"), sandbox.path("bundle-key"));
    other
        .run(&format!(
            "restore {} --bundle-key-file {} --new-key-file ~/key",
            bundle.display(),
            key.display()
        ))
        .done();
    other.run("list --key-file ~/key").done().prints("set aside: Bank:ana");
}

/// A vault with the RFC's account and a removed one whose digits are out of range.
fn with_a_broken_entry_in_the_trash() -> Sandbox {
    let sandbox = with_a_broken_entry();
    let json = content(&sandbox);
    let text = String::from_utf8(json.expose().to_vec()).unwrap();
    let text = text.replacen(&format!(",{BROKEN}"), "", 1);
    let item = format!(r#"{{"removed":1700000000,"entry":{BROKEN},"by":"ana"}}"#);
    let text = text.replacen('{', &format!("{{\"trash\":[{item}],"), 1);
    seal(&sandbox, &lifeboat::wire::vault_v1::parse(text.as_bytes()).unwrap());
    sandbox
}

#[test]
fn a_removed_one_stays_in_the_trash_with_its_date() {
    let sandbox = with_a_broken_entry_in_the_trash();
    sandbox.run("list").done().prints("set aside, in the trash: Bank:ana");
    sandbox.run("trash list").done().prints("set aside, in the trash: Bank:ana");
    sandbox.run("edit AWS --note hello").done();
    let json = content(&sandbox);
    let text = String::from_utf8(json.expose().to_vec()).unwrap();
    assert!(text.contains(&format!(r#""trash":[{{"removed":1700000000,"entry":{BROKEN},"by":"ana"}}]"#)));
}

#[test]
fn a_removed_one_is_in_no_bundle() {
    let sandbox = with_a_broken_entry_in_the_trash();
    sandbox.run("bundle create -o ~/b --bundle-key-file ~/bundle-key").done();
    let checked = sandbox.run("bundle verify ~/b --bundle-key-file ~/bundle-key --json").done();
    assert_eq!(checked.json("lifeboat.bundle/1")["set_aside"], 0);
}

#[test]
fn a_removed_one_comes_back_by_repair_and_goes_with_the_trash() {
    let sandbox = with_a_broken_entry_in_the_trash();
    sandbox.run("edit bank --digits 6").done();
    sandbox.run("code bank").done();
    sandbox.run("trash list").done().says("the trash is empty");

    let sandbox = with_a_broken_entry_in_the_trash();
    sandbox.run("trash purge --no-input").exits(8).says("Bank:ana");
    let purged = sandbox.run("trash purge --yes --json").done();
    assert_eq!(purged.json("lifeboat.trash/1")["purged"], 1);
    assert!(!sandbox.run("list").done().out.contains("set aside"));
}
