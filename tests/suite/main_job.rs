//! The main job from end to end: a phone's export comes in, its codes are right, a bundle is made, the
//! machine is lost, another one restores it, and the codes are right again.

use lifeboat::app::{import, restore, unlock};
use lifeboat::entry::Entry;
use lifeboat::envelope::Credentials;
use lifeboat::otp::TimeStep;
use sha1::Digest as _;

use crate::support::Sandbox;

const SEEDS: [(&str, &str, &str, u32, u32); 4] = [
    ("AWS", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "SHA1", 6, 30),
    ("Bank", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "SHA256", 8, 60),
    ("Registrar", "KRUGKIDROVUWG2ZAMJZG653OEBTG66BA", "SHA512", 7, 10),
    ("VPN", "MZXW6YTBOI", "SHA1", 6, 90),
];

fn phone_export(sandbox: &Sandbox) -> &'static str {
    let lines: Vec<String> = SEEDS
        .iter()
        .map(|(issuer, seed, algorithm, digits, period)| {
            format!("otpauth://totp/{issuer}:ana?secret={seed}&issuer={issuer}&algorithm={algorithm}&digits={digits}&period={period}")
        })
        .collect();
    sandbox.write("phone.txt", lines.join("\n"));
    "phone.txt"
}

/// RFC 6238 from the hash functions up, without the program's own code.
fn independent_code(seed: &str, algorithm: &str, digits: u32, period: u32, at: u64) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(&seed.as_bytes()[..seed.len() / 8 * 8]).unwrap_or_default();
    let key = if seed.len().is_multiple_of(8) {
        key
    } else {
        data_encoding::BASE32_NOPAD.decode(seed.as_bytes()).unwrap()
    };
    let message = (at / u64::from(period)).to_be_bytes();
    let hash = |bytes: &[u8]| -> Vec<u8> {
        match algorithm {
            "SHA1" => sha1::Sha1::digest(bytes).to_vec(),
            "SHA256" => sha2::Sha256::digest(bytes).to_vec(),
            _ => sha2::Sha512::digest(bytes).to_vec(),
        }
    };
    let block = if algorithm == "SHA512" { 128 } else { 64 };
    let padded = |fill: u8| -> Vec<u8> { (0..block).map(|idx| key.get(idx).unwrap_or(&0) ^ fill).collect() };
    let inner = hash(&[padded(0x36).as_slice(), &message].concat());
    let mac = hash(&[padded(0x5c).as_slice(), &inner].concat());
    let offset = usize::from(mac[mac.len() - 1] & 15);
    let word = u32::from_be_bytes(mac[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    let width = usize::try_from(digits).unwrap();
    format!("{:0width$}", u64::from(word) % 10_u64.pow(digits))
}

fn check_codes(entries: &[Entry]) {
    assert_eq!(entries.len(), SEEDS.len());
    let mut at: u64 = 1_800_000_000;
    for round in 0..100_u64 {
        at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round) % 4_000_000_000;
        for entry in entries {
            let (_, seed, algorithm, digits, period) =
                SEEDS.iter().find(|(issuer, ..)| *issuer == entry.issuer.raw()).unwrap();
            let step = TimeStep::at(at, entry.otp.period().unwrap());
            let code = entry.code_of(step).unwrap();
            assert_eq!(
                code.expose(),
                independent_code(seed, algorithm, *digits, *period, at),
                "{} at {at}",
                entry.title()
            );
        }
    }
}

fn key(sandbox: &Sandbox, name: &str) -> Credentials {
    let key_file = lifeboat::app::key_file::read_key_file(&sandbox.context(), &sandbox.path(name)).unwrap();
    Credentials { passphrase: None, key_file: Some(key_file), recovery_secret: None }
}

#[test]
fn a_phone_export_survives_the_loss_of_the_machine_with_all_its_codes() {
    let old = Sandbox::with_vault();
    let export = phone_export(&old);
    old.run(&format!("import ~/{export}")).done().prints("took 4 entries");
    // Through the encrypted form of another authenticator too, out and in again.
    old.write("aegis-passphrase", "phone passphrase");
    old.run("export --to aegis -o ~/aegis.json --file-passphrase-file ~/aegis-passphrase").done();
    let phone = Sandbox::with_vault();
    let recognised = import::recognise(&phone.context(), &old.path("aegis.json"), None).unwrap();
    assert_eq!(recognised.format(), "aegis");
    let command = format!(
        "import {} --file-passphrase-file {}",
        old.path("aegis.json").display(),
        old.path("aegis-passphrase").display()
    );
    phone.run(&command).done().prints("took 4 entries");

    let ctx = phone.context();
    let session = unlock::unlock(&ctx, unlock::look(&ctx).unwrap(), &key(&phone, "key")).unwrap();
    check_codes(&session.vault().entries);
    phone.run("bundle create -o ~/bundle --bundle-key-file ~/bundle-key").done();

    let new = Sandbox::empty();
    let ctx = new.context();
    // Another machine draws other random bytes.
    ctx.random_bytes::<64>().unwrap();
    let bundle = lifeboat::app::bundle::look_at_bundle(&ctx, &phone.path("bundle")).unwrap();
    let slot = lifeboat::app::init::NewSlot {
        passphrase: None,
        key_file: Some(lifeboat::app::key_file::make_key_file(&ctx, &new.path("key")).unwrap()),
    };
    let (restored, outcome) =
        restore::into_new_vault(&ctx, &bundle, &key(&phone, "bundle-key"), &slot, None).unwrap();
    assert_eq!(outcome.n_entries, 4);
    check_codes(&restored.vault().entries);
    assert_ne!(
        restored.vault().keys.log.expose(),
        session.vault().keys.log.expose(),
        "it makes keys of its own"
    );
    assert_eq!(restored.vault().continues.as_ref().unwrap().vault, session.vault().id);
}

#[test]
fn importing_the_same_file_twice_adds_nothing() {
    let sandbox = Sandbox::with_vault();
    let export = phone_export(&sandbox);
    sandbox.run(&format!("import ~/{export}")).done();
    sandbox.run(&format!("import ~/{export}")).done().prints("took 0 entries").prints("4 were there already");
    sandbox.run("import --undo").done().prints("4 entries are in the trash");
    let listed = sandbox.run("list --json").done();
    assert_eq!(listed.json("lifeboat.list/1")["entries"].as_array().unwrap().len(), 0);
}
