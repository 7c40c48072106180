//! `seal` and `unseal`: what is sealed is opened by its shares or its passphrase, and by nothing else.

use std::sync::{Arc, Mutex};

use lifeboat::app::bundle::look_at_bundle;
use lifeboat::app::context::{NoRandomness, Random};
use lifeboat::app::seal::{self, Brought, SealTo};
use lifeboat::app::{Context, picture, share_set, show};
use lifeboat::custody::Quorum;
use lifeboat::entry::EntryId;
use lifeboat::envelope::{Credentials, Kind, Passphrase, Sealed};
use lifeboat::secret::SecretText;
use lifeboat::tui::rows;
use lifeboat::wire::{entry_v1, vault_v1};

use crate::app_entry::opened;
use crate::support::{CTRL_C, NOW, RFC_SEED, RFC_URI, Sandbox, Transcript, WHAT_WAS_SHOWN};

const STRONG: &str = "seventeen green lanterns over the harbour";
const OTHER: &str = "eleven quiet barges under the moonlight";
/// What must stand nowhere once it is sealed.
const SECRETS: [&str; 6] = [
    RFC_SEED,
    "12345678901234567890",
    "3132333435363738393031323334353637383930",
    "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA",
    "1111-2222",
    "3333-4444",
];

/// The RFC's account with two recovery codes.
fn with_codes() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    sandbox.write("codes", "1111-2222\n3333-4444\n");
    sandbox.command("add - --recovery-codes ~/codes").stdin(RFC_URI).run().done();
    sandbox
}

/// Draws a share set in the vault and writes its shares to `~/<set>1`, `~/<set>2`, …; gives its name.
fn share_set(sandbox: &Sandbox, set: &str, threshold: u8, n_shares: u8) -> String {
    let (ctx, mut session) = opened(sandbox);
    let custodians: Vec<String> = (1..=n_shares).map(|number| format!("{set} {number}")).collect();
    let quorum = Quorum::new(threshold, n_shares).unwrap();
    let new = share_set::draw(&ctx, &session, quorum, &custodians).unwrap();
    share_set::keep(&ctx, &mut session, &new, None).unwrap();
    for (share, number) in new.shares().iter().zip(1..) {
        sandbox.write(&format!("{set}{number}"), share.words().expose());
    }
    share_set::name(new.set().id).replace(' ', "-")
}

/// With an entry that is sealed to two of three shares, `~/s1` to `~/s3`.
fn sealed_to_shares() -> Sandbox {
    let sandbox = with_codes();
    let name = share_set(&sandbox, "s", 2, 3);
    sandbox.run(&format!("seal AWS --share-set {name}")).done();
    sandbox
}

/// With an entry that is sealed to the passphrase in `~/words`.
fn sealed_to_passphrase() -> Sandbox {
    let sandbox = with_codes();
    sandbox.write("words", STRONG);
    sandbox.write("other", OTHER);
    sandbox.run("seal AWS --seal-passphrase-file ~/words").done();
    sandbox
}

/// The options that bring shares.
fn shares(paths: &[&str]) -> String {
    let options: Vec<String> = paths.iter().map(|path| format!("--share ~/{path}")).collect();
    format!("{} --reason ticket-7", options.join(" "))
}

const BY_PASSPHRASE: &str = "--seal-passphrase-file ~/words --reason ticket-7";
const BY_SHARES: &str = "--share ~/s3 --share ~/s1 --reason ticket-7";

#[track_caller]
fn holds_no_secret(place: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {place}: {text}");
    }
}

fn holds_none(transcript: &Transcript) {
    holds_no_secret("what a command wrote", transcript.to_string().as_bytes());
}

/// The records of the log, as JSON.
fn log(sandbox: &Sandbox) -> String {
    let (ctx, session) = opened(sandbox);
    let id = session.vault().entries[0].id;
    let known = lifeboat::app::details::details(&ctx, &session, id, true).unwrap();
    known.history.iter().rev().map(|one| format!("{} {}\n", one.event, one.about)).collect()
}

#[test]
fn what_is_sealed_stands_nowhere_with_the_vault_open_and_every_file_at_hand() {
    for sandbox in [sealed_to_shares(), sealed_to_passphrase()] {
        let (ctx, mut session) = opened(&sandbox);
        let id = session.vault().entries[0].id;
        // The vault's own content, and whatever Debug shows of it.
        holds_no_secret("the vault's payload", vault_v1::encode(session.vault()).expose());
        holds_no_secret("the entry", entry_v1::encode(&session.vault().entries[0]).expose());
        holds_no_secret("Debug", format!("{:?}", session.vault()).as_bytes());
        holds_no_secret("the interface's list", format!("{:?}", rows::of(session.vault())).as_bytes());
        // Nothing that shows a secret shows it.
        assert_eq!(show::reveal(&ctx, &mut session, id).unwrap_err().exit().status(), 3);
        assert_eq!(show::recovery_codes(&ctx, &mut session, id).unwrap_err().exit().status(), 3);
        assert_eq!(show::use_recovery_code(&ctx, &mut session, id).unwrap_err().exit().status(), 3);
        assert_eq!(picture::of_seed(&ctx, &mut session, id, 99).unwrap_err().exit().status(), 3);
        drop(session);
        for line in [
            "code AWS",
            "code AWS --json",
            "code AWS --next",
            "code AWS --watch",
            "show AWS --reveal",
            "show AWS --qr",
            "show AWS --recovery-codes",
            "recovery-code use AWS",
            "unseal AWS",
            "edit AWS --recovery-codes ~/codes",
            "doctor --compare 94287082 --with AWS",
        ] {
            let refused = sandbox.run(&format!("{line} --no-input --reason x --yes")).exits(3);
            assert!(refused.err.contains("AWS:root is sealed"), "{line}: {refused}");
            holds_none(&refused);
        }
        for line in [
            "list --json",
            "show AWS",
            "show AWS --json",
            "status --json",
            "export --to otpauth -o ~/x --plaintext",
        ] {
            holds_none(&sandbox.run(line));
        }
        // A bundle carries it as it is.
        sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
        let bundle = look_at_bundle(&ctx, &sandbox.path("b.lifeboat")).unwrap();
        let key_file = lifeboat::app::key_file::read_key_file(&ctx, &sandbox.path("bk")).unwrap();
        let credentials = Credentials { key_file: Some(key_file), ..Credentials::default() };
        let held = bundle.open(&ctx, &credentials).unwrap();
        assert!(held.payload().entries[0].is_sealed());
        holds_no_secret("the bundle", entry_v1::encode(&held.payload().entries[0]).expose());
        // What opens the vault opens nothing of it, nor does what opens the bundle.
        let container = held.payload().entries[0].secret.sealed().unwrap().container().to_vec();
        let container = Sealed::parse(container, Kind::SealedEntry).unwrap();
        assert!(container.unlock(&credentials, ctx.kdf.ceiling).is_err());
        // No file holds it but those of old: the previous generations and what the test wrote.
        for file in ["vault.lifeboat", "vault.lifeboat.log", "b.lifeboat"] {
            holds_no_secret(file, &sandbox.read(file));
        }
    }
}

#[test]
fn its_passphrase_gives_the_codes_of_before() {
    let sandbox = with_codes();
    let before = sandbox.run("code AWS").done().out;
    sandbox.write("words", STRONG);
    let sealed = sandbox.run("seal AWS --seal-passphrase-file ~/words").done();
    insta::assert_snapshot!(sandbox.normal(&sealed.to_string()));
    assert_eq!(sandbox.run(&format!("code AWS {BY_PASSPHRASE}")).done().out, before);
    let json = sandbox.run(&format!("code AWS --json {BY_PASSPHRASE}")).done().json("lifeboat.code/1");
    assert_eq!(json["code"].as_str(), Some(before.trim()));
    let uri = sandbox.run(&format!("show AWS --reveal {BY_PASSPHRASE}")).done();
    assert!(uri.prints(RFC_SEED).err.is_empty());
    sandbox.run(&format!("show AWS --qr {BY_PASSPHRASE}")).done();
    // It is as sealed as before.
    sandbox.run("code AWS --no-input --reason x").exits(3);
}

#[test]
fn every_choice_of_enough_shares_gives_the_codes_of_before_and_no_smaller_one_does() {
    for (threshold, n_shares) in [(2, 3), (3, 4)] {
        let sandbox = Sandbox::with_entry();
        let before = sandbox.run("code AWS").done().out;
        let name = share_set(&sandbox, "s", threshold, n_shares);
        sandbox
            .run(&format!("seal AWS --share-set {name}"))
            .done()
            .prints(&format!("{threshold} of {n_shares} shares"));
        for choice in 0_u32..1 << n_shares {
            let chosen: Vec<String> =
                (0..n_shares).filter(|n| choice >> n & 1 == 1).map(|n| format!("s{}", n + 1)).collect();
            let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
            let ran = sandbox.run(&format!("code AWS --no-input {}", shares(&chosen)));
            if choice.count_ones() >= u32::from(threshold) {
                assert_eq!(ran.done().out, before, "{chosen:?}");
            } else {
                assert!(ran.exits(3).out.is_empty());
            }
        }
    }
}

#[test]
fn words_at_the_prompt_open_it_and_the_reason_is_asked_for() {
    let sandbox = sealed_to_passphrase();
    let expected = sandbox.run(&format!("code AWS {BY_PASSPHRASE}")).done().out;
    let asked = sandbox.command("code AWS").typing(&["the pager went off", STRONG]).run().done();
    assert_eq!(asked.out, expected);
    assert!(
        asked.tty.contains("Why is it opened?") && asked.tty.contains("AWS:root is sealed with"),
        "{asked}"
    );
    // Reasons that were given before are offered by their numbers.
    let again = sandbox.command("code AWS").typing(&["2", STRONG]).run().done();
    assert!(again.tty.contains("1  the pager went off") && again.tty.contains("2  ticket-7"), "{again}");
    // Nobody is asked for a passphrase who has no reason.
    sandbox.command("code AWS").typing(&["  "]).run().exits(8);
    sandbox.command("code AWS").typing(&[CTRL_C]).run().exits(130);
    sandbox.command("code AWS").typing(&["why not", OTHER]).run().exits(3).says("stays sealed");

    let sandbox = sealed_to_shares();
    let words = |file: &str| String::from_utf8(sandbox.read(file)).unwrap();
    let rows = |file: &str| -> Vec<String> {
        let words = words(file);
        words.split_whitespace().collect::<Vec<_>>().chunks(5).map(|row| row.join(" ")).collect()
    };
    let answers: Vec<String> =
        ["night shift".to_owned()].into_iter().chain(rows("s2")).chain(rows("s3")).collect();
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    let typed = sandbox.command("code AWS").typing(&answers).run().done();
    assert_eq!(typed.out, expected);
}

#[test]
fn a_reason_is_always_wanted() {
    for (sandbox, with) in [
        (sealed_to_passphrase(), "--seal-passphrase-file ~/words"),
        (sealed_to_shares(), "--share ~/s1 --share ~/s2"),
    ] {
        for line in ["code AWS", "show AWS --reveal", "recovery-code use AWS", "unseal AWS"] {
            let refused = sandbox.run(&format!("{line} --no-input {with}")).exits(8);
            assert!(refused.says("reason").out.is_empty());
            sandbox.run(&format!("{line} --no-input {with} --reason ''")).exits(8);
            // Nothing to open it with goes first.
            sandbox.run(&format!("{line} --no-input")).exits(3);
        }
    }
    // No face can forget it.
    let sandbox = sealed_to_passphrase();
    let (ctx, mut session) = opened(&sandbox);
    let id = session.vault().entries[0].id;
    let brought = || Brought::Passphrase(Passphrase::new(SecretText::new(STRONG.to_owned())));
    for (reason, status) in [(None, Some(8)), (Some(" "), Some(8)), (Some("ticket-7"), None)] {
        let ctx = Context { reason: reason.map(str::to_owned), ..ctx.with_settings((*ctx.settings).clone()) };
        let refused = seal::open(&ctx, &mut session, id, brought()).err();
        assert_eq!(refused.map(|failure| failure.exit().status()), status, "{reason:?}");
    }
}

#[test]
fn what_does_not_fit_is_named_and_opens_nothing() {
    let sandbox = sealed_to_passphrase();
    let wrong = "--seal-passphrase-file ~/other --reason x --no-input";
    let refused = sandbox.run(&format!("code AWS {wrong}")).exits(3);
    insta::assert_snapshot!(sandbox.normal(&refused.to_string()));
    sandbox.run(&format!("unseal AWS {wrong}")).exits(3);
    share_set(&sandbox, "s", 2, 3);
    sandbox.run(&format!("code AWS {BY_SHARES}")).exits(3).says("no shares open AWS:root");

    let sandbox = sealed_to_shares();
    sandbox.write("words", STRONG);
    sandbox.run(&format!("code AWS {BY_PASSPHRASE}")).exits(3).says("no passphrase opens AWS:root");
    let other = share_set(&sandbox, "t", 2, 3).replace('-', " ");
    let refused = sandbox.run(&format!("code AWS --no-input {}", shares(&["t1", "t2"]))).exits(3);
    assert!(refused.err.contains(&other), "the other set is not named: {refused}");
    // It does not spoil the others.
    sandbox.run(&format!("code AWS --no-input {}", shares(&["s1", "t2", "s2"]))).done();
    // What is not sealed needs none of it, and says so.
    sandbox.command("add -").stdin("otpauth://totp/Mail:ana?secret=JBSWY3DPEHPK3PXP").run().done();
    sandbox.run("code Mail --share ~/s1").done().says("not sealed");
}

#[test]
fn the_log_says_who_opened_it_with_what_and_why() {
    let sandbox = sealed_to_shares();
    sandbox.run(&format!("code AWS {BY_SHARES}")).done();
    sandbox.run(&format!("show AWS --reveal {BY_SHARES}")).done();
    sandbox.run(&format!("recovery-code use AWS {BY_SHARES}")).done();
    sandbox.run(&format!("unseal AWS {BY_SHARES}")).done();
    sandbox.write("words", STRONG);
    sandbox.run("seal AWS --seal-passphrase-file ~/words --reason policy").done();
    sandbox.run(&format!("code AWS {BY_PASSPHRASE}")).done();
    let set = opened(&sandbox).1.vault().share_sets[0].id;
    insta::assert_snapshot!(log(&sandbox).replace(&share_set::name(set), "[SET]"));
}

#[test]
fn recovery_codes_are_sealed_with_the_seed_and_used_one_by_one() {
    for (sandbox, with) in [(sealed_to_shares(), BY_SHARES), (sealed_to_passphrase(), BY_PASSPHRASE)] {
        let container = |sandbox: &Sandbox| {
            opened(sandbox).1.vault().entries[0].secret.sealed().unwrap().container().to_vec()
        };
        let before = container(&sandbox);
        let first = sandbox.run(&format!("recovery-code use AWS {with}")).done();
        assert_eq!((first.out.as_str(), first.err.contains("1 left")), ("1111-2222\n", true));
        let after = container(&sandbox);
        let parse = |bytes: Vec<u8>| Sealed::parse(bytes, Kind::SealedEntry).unwrap();
        let (before, after) = (parse(before), parse(after));
        assert_eq!((before.header().id, &before.header().slots), (after.header().id, &after.header().slots));
        assert_ne!(before.header().salt, after.header().salt);
        let listed = sandbox.run(&format!("show AWS --recovery-codes {with}")).done();
        assert_eq!(listed.out, "1111-2222  (used 2027-01-15)\n3333-4444\n");
        sandbox.run(&format!("recovery-code use AWS {with}")).done().prints("3333-4444");
        sandbox.run(&format!("recovery-code use AWS {with}")).exits(4);
        holds_no_secret("the vault", vault_v1::encode(opened(&sandbox).1.vault()).expose());
        // New ones go the same way.
        sandbox.command(&format!("edit AWS --recovery-codes - {with}")).stdin("5555-6666\n").run().done();
        sandbox.run(&format!("unseal AWS {with}")).done();
        assert_eq!(sandbox.run("recovery-code use AWS").done().out, "5555-6666\n");
    }
}

#[test]
fn unsealing_gives_everything_back() {
    for (sandbox, with) in [(sealed_to_shares(), BY_SHARES), (sealed_to_passphrase(), BY_PASSPHRASE)] {
        sandbox.run(&format!("unseal AWS {with}")).done().says("no longer sealed");
        assert!(sandbox.run("show AWS --reveal").done().out.contains(RFC_SEED));
        assert_eq!(sandbox.run("show AWS --recovery-codes").done().out, "1111-2222\n3333-4444\n");
        let shown = sandbox.run("show AWS --json").done().json("lifeboat.show/1");
        assert!(shown.get("sealed").is_none() && shown.get("known_before").is_none(), "{shown}");
        sandbox.run(&format!("unseal AWS {with}")).exits(8).says("not sealed");
    }
}

#[test]
fn a_seed_that_was_open_is_known_before_until_it_is_rotated() {
    let sandbox = with_codes();
    sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
    let name = share_set(&sandbox, "s", 2, 3);
    sandbox.wait(60);
    let sealed = sandbox.run(&format!("seal AWS --share-set {name} --json")).done().json("lifeboat.seal/1");
    assert_eq!((sealed["known_before"].as_u64(), sealed["bundles"].as_u64()), (Some(NOW + 60), Some(1)));
    assert!(sealed["previous_generations"].as_u64().unwrap() > 0);
    let known = |sandbox: &Sandbox| {
        let status = sandbox.run("status --json").done().json("lifeboat.status/1");
        status["known_before"].as_array().unwrap().len()
    };
    assert_eq!(known(&sandbox), 1);
    let shown = sandbox.run("show AWS --json").done().json("lifeboat.show/1");
    assert_eq!(shown["known_before"].as_u64(), Some(NOW + 60));
    sandbox.run("show AWS").done().prints("known before");
    // Other changes leave the mark, and what is sealed.
    sandbox.run("edit AWS --note x --digits 6 --no-input").done();
    assert_eq!(known(&sandbox), 1);

    // Without its shares, recovery codes may be lost: that is asked.
    let rotate = |with: &str| {
        sandbox.command(&format!("edit AWS --seed - {with}")).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    };
    rotate("--no-input").run().exits(8).says("Recovery codes that are sealed");
    rotate("--no-input --yes").run().done();
    assert_eq!(known(&sandbox), 0);
    let payload = vault_v1::encode(opened(&sandbox).1.vault());
    assert!(!String::from_utf8_lossy(payload.expose()).contains("JBSWY3DP"));
    sandbox.run(&format!("show AWS --reveal {BY_SHARES}")).done().prints("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let shown = sandbox.run("show AWS --json").done().json("lifeboat.show/1");
    assert!(shown.get("known_before").is_none() && shown["rotated"].as_u64() == Some(NOW + 60), "{shown}");
    // With them, what was sealed with the old seed stays.
    rotate("--recovery-codes ~/codes --no-input").run().done();
    rotate(BY_SHARES).run().done();
    sandbox.run(&format!("show AWS --recovery-codes {BY_SHARES}")).done().prints("1111-2222");
}

#[test]
fn a_new_seed_under_a_passphrase_wants_the_passphrase_that_opens_the_old_one() {
    let sandbox = sealed_to_passphrase();
    let rotate = |with: &str| {
        sandbox.command(&format!("edit AWS --seed - {with}")).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    };
    rotate("--no-input --yes --reason x").run().exits(3);
    rotate("--no-input --yes --reason x --seal-passphrase-file ~/other").run().exits(3);
    sandbox.run(&format!("show AWS --reveal {BY_PASSPHRASE}")).done().prints(RFC_SEED);
    rotate(BY_PASSPHRASE).run().done();
    sandbox
        .run(&format!("show AWS --reveal {BY_PASSPHRASE}"))
        .done()
        .prints("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    sandbox.run(&format!("show AWS --recovery-codes {BY_PASSPHRASE}")).done().prints("1111-2222");
    assert_eq!(opened(&sandbox).1.vault().entries[0].known_before, None);
}

#[test]
fn a_new_seed_goes_to_the_set_that_took_the_place_of_the_old_one() {
    let sandbox = sealed_to_shares();
    let (ctx, mut session) = opened(&sandbox);
    let old = session.vault().share_sets[0].id;
    let names = ["u 1".to_owned(), "u 2".to_owned()];
    let new = share_set::draw(&ctx, &session, Quorum::new(2, 2).unwrap(), &names).unwrap();
    share_set::keep(&ctx, &mut session, &new, Some(old)).unwrap();
    for (share, number) in new.shares().iter().zip(1..) {
        sandbox.write(&format!("u{number}"), share.words().expose());
    }
    // What is sealed to the old one opens with the old cards.
    sandbox.run(&format!("code AWS {BY_SHARES}")).done();
    sandbox.command("edit AWS --seed - --yes").stdin(RFC_SEED).run().done();
    let refused = sandbox.run(&format!("code AWS --no-input {BY_SHARES}")).exits(3);
    assert!(refused.err.contains("which was replaced on"), "{refused}");
    sandbox.run(&format!("code AWS --no-input {}", shares(&["u1", "u2"]))).done();
    // And nothing new is sealed to the old one.
    sandbox.run(&format!("unseal AWS {}", shares(&["u1", "u2"]))).done();
    let name = share_set::name(old).replace(' ', "-");
    sandbox.run(&format!("seal AWS --share-set {name}")).exits(8).says("was replaced");
}

#[test]
fn a_bundle_carries_it_sealed_and_it_opens_on_another_machine() {
    for (sandbox, with, files) in [
        (sealed_to_shares(), BY_SHARES, ["s1", "s3"]),
        (sealed_to_passphrase(), BY_PASSPHRASE, ["words", "other"]),
    ] {
        let expected = sandbox.run(&format!("code AWS {with}")).done().out;
        sandbox.run("bundle create -o ~/b.lifeboat --bundle-key-file ~/bk").done();
        let elsewhere = Sandbox::empty();
        for file in ["b.lifeboat", "bk"].into_iter().chain(files) {
            elsewhere.write(file, sandbox.read(file));
        }
        elsewhere.run("restore ~/b.lifeboat --bundle-key-file ~/bk --new-key-file ~/key").done();
        let code = elsewhere.run(&format!("code AWS --key-file ~/key --no-input {with}")).done();
        assert_eq!(code.out, expected);
        elsewhere.run("code AWS --key-file ~/key --no-input --reason x").exits(3);
        // A set that this vault does not know seals nothing new; with its shares the seal stays as it is.
        if with == BY_SHARES {
            let rotate = |with: &str| {
                let line = format!("edit AWS --seed - --key-file ~/key --no-input --yes {with}");
                elsewhere.command(&line).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run()
            };
            rotate("").exits(3).says("does not know the share set");
            rotate(with).done();
        }
        // Brought home again, nothing is taken for another content.
        let merged = sandbox.run("restore --merge ~/b.lifeboat --bundle-key-file ~/bk --yes").done();
        assert!(merged.out.contains("same"), "{merged}");
    }
}

#[test]
fn a_container_that_was_moved_to_another_entry_is_refused() {
    let sandbox = sealed_to_passphrase();
    sandbox
        .command("add - --allow-duplicate")
        .stdin("otpauth://totp/Bank:eve?secret=JBSWY3DPEHPK3PXP")
        .run()
        .done();
    let (ctx, session) = opened(&sandbox);
    // Whoever has the vault's key can write anything into it.
    let text = String::from_utf8(vault_v1::encode(session.vault()).expose().to_vec()).unwrap();
    let mut vault: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sealed = vault["entries"][0]["sealed"].clone();
    let moved = vault["entries"][1].as_object_mut().unwrap();
    drop(moved.remove("seed"));
    drop(moved.insert("sealed".to_owned(), sealed));
    let vault = vault_v1::parse(vault.to_string().as_bytes()).unwrap();
    let entry = vault.entries[1].id;
    put(&sandbox, &vault);
    drop((ctx, session));
    let refused = sandbox.run(&format!("code Bank {BY_PASSPHRASE}")).exits(5);
    assert!(refused.err.contains("belongs to another entry") && refused.out.is_empty(), "{refused}");
    sandbox.run(&format!("unseal {entry} {BY_PASSPHRASE}")).exits(5);
    sandbox.run(&format!("code AWS {BY_PASSPHRASE}")).done();
}

/// Writes a vault's content into the machine's vault file, under its own key file.
#[expect(clippy::disallowed_methods, reason = "a fixture needs no durability")]
fn put(sandbox: &Sandbox, vault: &lifeboat::vault::Vault) {
    use lifeboat::envelope::{ToSeal, seal};
    let ctx = sandbox.context();
    let sealed = Sealed::parse(sandbox.read("vault.lifeboat"), Kind::Vault).unwrap();
    let key_file = lifeboat::app::key_file::read_key_file(&ctx, &sandbox.path("key")).unwrap();
    let credentials = Credentials { key_file: Some(key_file), ..Credentials::default() };
    let (master, _) = sealed.unlock(&credentials, ctx.kdf.ceiling).unwrap();
    let json = vault_v1::encode(vault);
    let header = sealed.header();
    let to_seal = ToSeal {
        kind: Kind::Vault,
        id: header.id,
        slots: &header.slots,
        info: None,
        json: json.expose(),
        signature: &[],
    };
    std::fs::write(sandbox.path("vault.lifeboat"), seal(&to_seal, &master, &[7; 32]).unwrap()).unwrap();
}

#[test]
fn a_container_that_nobody_can_read_costs_its_entry_alone() {
    let sandbox = sealed_to_passphrase();
    sandbox.command("add -").stdin("otpauth://totp/Mail:ana?secret=JBSWY3DPEHPK3PXP").run().done();
    let (_, session) = opened(&sandbox);
    let text = String::from_utf8(vault_v1::encode(session.vault()).expose().to_vec()).unwrap();
    let mut vault: serde_json::Value = serde_json::from_str(&text).unwrap();
    vault["entries"][0]["sealed"] = "AAAA".into();
    put(&sandbox, &vault_v1::parse(vault.to_string().as_bytes()).unwrap());
    sandbox.run("code Mail").done();
    sandbox.run("list").done().prints("set aside: AWS:root (the field `sealed` is missing or out of range)");
    // A seed takes its place.
    sandbox.command("edit AWS --seed -").stdin(RFC_SEED).run().done();
    sandbox.run("code AWS").done();
}

#[test]
fn an_export_leaves_sealed_entries_out_by_their_names() {
    let sandbox = sealed_to_passphrase();
    let line = "export --to otpauth --plaintext -o ~/x";
    let refused = sandbox.run(line).exits(8);
    assert!(refused.says("nothing was exported").err.contains("AWS:root") && !sandbox.has("x"));
    sandbox.command("add -").stdin("otpauth://totp/Mail:ana?secret=JBSWY3DPEHPK3PXP").run().done();
    sandbox.run(line).done().says("sealed, not exported: AWS:root; unseal it first").prints("wrote 1 entry");
    holds_no_secret("an export", &sandbox.read("x"));
    let done = sandbox.run("export --to aegis --plaintext -o ~/y --json").done().json("lifeboat.export/1");
    assert_eq!((done["entries"].as_u64(), done["sealed"][0].as_str()), (Some(1), Some("AWS:root")));
    holds_no_secret("an export", &sandbox.read("y"));
    assert!(!String::from_utf8(sandbox.read("y")).unwrap().contains("AWS"));
}

#[test]
fn a_counter_is_saved_outside_and_its_seed_stays_sealed() {
    let sandbox = Sandbox::with_vault();
    sandbox.add(&format!("otpauth://hotp/Bank:ana?secret={RFC_SEED}&counter=0"));
    sandbox.write("words", STRONG);
    sandbox.run("seal Bank --seal-passphrase-file ~/words").done();
    // RFC 4226, appendix D.
    for expected in ["755224", "287082", "359152"] {
        assert_eq!(sandbox.run(&format!("code Bank {BY_PASSPHRASE}")).done().out.trim(), expected);
    }
    let (_, session) = opened(&sandbox);
    let entry = &session.vault().entries[0];
    assert!(entry.is_sealed() && entry.otp.counter() == Some(3));
    let steam = Sandbox::with_vault();
    steam.add(&format!("otpauth://totp/Steam:ana?secret={RFC_SEED}&issuer=Steam"));
    let before = steam.run("code Steam").done().out;
    steam.write("words", STRONG);
    steam.run("seal Steam --seal-passphrase-file ~/words").done();
    assert_eq!(steam.run(&format!("code Steam {BY_PASSPHRASE}")).done().out, before);
}

#[test]
fn watching_and_copying_open_it_once() {
    let sandbox = sealed_to_passphrase();
    let expected = sandbox.run(&format!("code AWS {BY_PASSPHRASE}")).done().out;
    let watched = sandbox.command(&format!("code AWS --watch {BY_PASSPHRASE}")).rounds(400).run().done();
    let mut lines = watched.out.lines();
    assert_eq!(lines.next(), Some(expected.trim()));
    assert!(lines.next().is_some_and(|next| next != expected.trim()), "{watched}");
    let copied = sandbox.command(&format!("code AWS --copy {BY_PASSPHRASE}")).at_terminal(80).run().done();
    assert!(copied.out.is_empty(), "{copied}");
    // The guard against a second copy does not need the seed.
    sandbox.command(&format!("code AWS --copy {BY_PASSPHRASE} --no-input")).at_terminal(80).run().exits(8);
}

#[test]
fn a_new_passphrase_is_typed_twice_and_strong_and_not_the_vaults() {
    let sandbox = Sandbox::with_entry();
    let sealed = sandbox.command("seal AWS").typing(&["secret", STRONG, STRONG]).run().done();
    sealed.says("Too weak");
    sandbox.command("code AWS --reason x").typing(&[STRONG]).run().done();
    let generated = Sandbox::with_entry();
    generated.command("seal AWS").typing(&["", WHAT_WAS_SHOWN]).run().done();
    let weak = Sandbox::with_entry();
    weak.write("weak", "password1");
    weak.run("seal AWS --seal-passphrase-file ~/weak").exits(8).says("too weak");
    weak.run("seal AWS --no-input").exits(3);
    weak.run("code AWS").done();

    let own = Sandbox::with_passphrase(STRONG);
    let with = "--passphrase-file ~/vault-passphrase";
    own.command(&format!("add - {with}")).stdin(RFC_URI).run().done();
    own.run(&format!("seal AWS {with} --seal-passphrase-file ~/vault-passphrase"))
        .exits(8)
        .says("vault's own passphrase");
    own.run(&format!("code AWS {with}")).done();
}

#[test]
fn what_is_sealed_is_not_sealed_over_and_what_is_not_there_is_not_sealed() {
    let sandbox = sealed_to_shares();
    sandbox.write("words", STRONG);
    sandbox.run("seal AWS --seal-passphrase-file ~/words").exits(8).says("is sealed already");
    // Nobody thinks of a passphrase for nothing.
    sandbox.command("seal AWS").typing(&[]).run().exits(8);
    sandbox.run("seal AWS --share-set nobody").exits(4);
    sandbox.run("seal nothing --seal-passphrase-file ~/words").exits(4);
    sandbox.run("seal AWS --share-set x --seal-passphrase-file ~/words").exits(2);
}

#[test]
fn a_new_master_key_and_the_trash_leave_the_seal_alone() {
    let sandbox = sealed_to_passphrase();
    sandbox.run("prove AWS --accepted").done();
    sandbox.run("remove AWS").done();
    sandbox.run("trash list --json").done();
    sandbox.run("trash restore AWS").done();
    sandbox.run("passwd --new-key-file ~/key2").done();
    let line = format!("code AWS --key-file ~/key2 --no-input {BY_PASSPHRASE}");
    assert_eq!(sandbox.run(&line).done().out.trim().len(), 8);
}

/// Random bytes, before the first of which something happens.
struct Meddling {
    random: Arc<dyn Random>,
    happens: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Random for Meddling {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        let happens = self.happens.lock().unwrap().take();
        if let Some(happens) = happens {
            happens();
        }
        self.random.fill(bytes)
    }
}

#[test]
fn what_another_process_changes_meanwhile_is_neither_lost_nor_sealed_unseen() {
    for (line, stdin, is_sealed) in
        [("edit AWS --note other", "", true), ("edit AWS --seed -", "JBSWY3DPEHPK3PXP", false)]
    {
        let sandbox = Arc::new(with_codes());
        let (mut ctx, mut session) = opened(&sandbox);
        let id = session.vault().entries[0].id;
        let elsewhere = Arc::clone(&sandbox);
        let happens: Box<dyn FnOnce() + Send> = Box::new(move || {
            elsewhere.command(line).stdin(stdin).run().done();
        });
        ctx.random =
            Arc::new(Meddling { random: Arc::clone(&ctx.random), happens: Mutex::new(Some(happens)) });
        let new = Passphrase::new(SecretText::new(STRONG.to_owned()));
        let sealed = seal::seal(&ctx, &mut session, id, SealTo::Passphrase { new, vault: None });
        assert_eq!(sealed.map_err(|failure| failure.exit().status()).err(), (!is_sealed).then_some(6));
        let (_, session) = opened(&sandbox);
        let entry = &session.vault().entries[0];
        assert_eq!((entry.is_sealed(), entry.note == "other"), (is_sealed, is_sealed));
    }
}

#[test]
fn the_same_account_beside_a_sealed_one_is_taken_because_nobody_can_tell() {
    let sandbox = sealed_to_passphrase();
    let id = sandbox.add(RFC_URI);
    assert!(EntryId::parse(&id).is_some());
}
