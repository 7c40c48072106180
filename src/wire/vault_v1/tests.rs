use super::*;

const WHOLE: &str = r#"{"schema":1,"vault":{"id":"01010101010101010101010101010101","created":5,"generation":7,"previous":"0202020202020202020202020202020202020202020202020202020202020202","new_a":1},
"keys":{"log":"0303030303030303030303030303030303030303030303030303030303030303","signing":"0404040404040404040404040404040404040404040404040404040404040404","new_b":"x"},
"log":{"count":3,"head":"0505050505050505050505050505050505050505050505050505050505050505","new_c":[1]},
"entries":[{"id":"06060606060606060606060606060606","issuer":"Git\"Hub","account":"ana","seed":"JBSWY3DPE","type":"totp","algorithm":"SHA256","digits":8,"period":60,"tags":["a","b"],"note":"n\nm","favourite":true,"privileged":true,"created":1,"updated":2,"rotated":3,"proven":4,"provenance":{"how":"copied","device":"phone","new_d":null},"recovery_codes":[{"code":"r1","used":9,"new_e":{}},{"code":"r2"}],"uri_parameters":[["image","http://x"]],"new_f":{"deep":[1,2]}},
{"id":"07070707070707070707070707070707","issuer":"","account":"h","seed":"JBSWY3DPEHPK3PXP","type":"hotp","algorithm":"SHA1","digits":6,"counter":5,"created":1,"updated":2},
{"id":"08080808080808080808080808080808","issuer":"S","account":"","seed":"JBSWY3DPEHPK3PXP","type":"steam","algorithm":"SHA1","digits":5,"period":30,"created":1,"updated":2},
{"id":"09090909090909090909090909090909","issuer":"New","account":"x","type":"ocra","seed":"zz"}],
"trash":[{"removed":8,"entry":{"id":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","issuer":"T","account":"","seed":"JBSWY3DPEHPK3PXP","type":"totp","algorithm":"SHA1","digits":6,"period":30,"created":1,"updated":2},"new_g":true}],
"bundles":[{"id":"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b","created":1,"path":"/x","label":"l","review":2,"generation":6,"selected":true,"share_set":4660,"sha256":"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c","contents":"BgYGBgYGBgYGBgYGBgYGBgECAwQ=","new_h":1}],
"share_sets":[{"id":4660,"threshold":2,"public_key":"1010101010101010101010101010101010101010101010101010101010101010","created":1,"check_by":2,"shares":[{"custodian":"A\"na","fingerprint":"01020304","acknowledge_key":"1111111111111111111111111111111111111111111111111111111111111111","typed_back":3,"acknowledged":4,"new_k":1},{"custodian":"Ben","fingerprint":"05060708","acknowledge_key":"1212121212121212121212121212121212121212121212121212121212121212"}],"replaced":{"at":5,"by":7,"new_l":1},"new_m":[2]}],
"last_import":{"at":1,"format":"aegis","file":"f.json","added":["06060606060606060606060606060606"],"new_i":1},
"continues":{"vault":"0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d","generation":1,"bundle":"0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e","log_head":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","restored":2,"new_j":1},
"plan":{"new_k":1}}"#;

#[test]
fn reading_and_writing_keeps_every_field_known_or_not_at_every_level() {
    let vault = parse(WHOLE.as_bytes()).unwrap();
    let written = encode(&vault);
    let before: Value = serde_json::from_str(WHOLE).unwrap();
    let after: Value = serde_json::from_slice(written.expose()).unwrap();
    assert_eq!(before, after);
}

#[test]
fn a_bad_entry_is_quarantined_and_the_others_work() {
    let vault = parse(WHOLE.as_bytes()).unwrap();
    assert_eq!(vault.entries.len(), 3);
    assert_eq!(vault.quarantine.len(), 1);
    assert_eq!(vault.quarantine[0].title.raw(), "New:x");
    assert_eq!(vault.quarantine[0].reason, "the type `ocra` is not known to this version");
}

#[test]
fn the_reason_of_a_quarantine_names_the_field_and_repeats_no_value() {
    for (broken, field) in [
        (r#""digits":8"#, r#""digits":"JBSWY3DPE""#),
        (r#""seed":"JBSWY3DPE""#, r#""seed":17"#),
        (r#""seed":"JBSWY3DPE""#, r#""seed":"01JBSWY3DPE""#),
        (r#""period":60"#, r#""period":0"#),
        (r#""tags":["a","b"]"#, r#""tags":"JBSWY3DPE""#),
    ] {
        let vault = parse(WHOLE.replace(broken, field).as_bytes()).unwrap();
        let reason = &vault.quarantine[0].reason;
        let name = field.split('"').nth(1).unwrap();
        assert!(reason.contains(name), "{reason} should name {name}");
        assert!(!reason.contains("JBSW"), "{reason}");
        assert_eq!(vault.entries.len(), 2);
    }
}

#[test]
fn a_newer_schema_is_refused_by_its_number() {
    let newer = WHOLE.replacen("\"schema\":1", "\"schema\":2", 1);
    assert_eq!(parse(newer.as_bytes()).unwrap_err(), WireError::NewerSchema { found: 2 });
}

#[test]
fn a_key_that_stands_twice_is_refused_outside_of_entries_and_costs_an_entry_alone() {
    for (once, twice) in [
        (r#""entries":["#, r#""entries":[],"entries":["#),
        (r#""trash":["#, r#""trash":[],"trash":["#),
        (r#""schema":1"#, r#""schema":1,"schema":1"#),
        (r#""generation":7"#, r#""generation":7,"generation":7"#),
        (r#""new_k":1"#, r#""new_k":1,"new_k":1"#),
        (r#""removed":8"#, r#""removed":8,"removed":8"#),
        (r#""new_g":true"#, r#""new_g":true,"new_g":true"#),
    ] {
        let text = WHOLE.replacen(once, twice, 1);
        assert_eq!(parse(text.as_bytes()).unwrap_err(), WireError::KeyTwice, "{twice}");
    }
    for (once, twice, reason) in [
        (r#""digits":8"#, r#""digits":8,"digits":8"#, "digits"),
        (r#""seed":"JBSWY3DPE""#, r#""seed":"JBSWY3DPE","seed":"MFRGG""#, "seed"),
        (r#""new_f":{"deep":[1,2]}"#, r#""new_f":{"deep":1,"deep":2}"#, "unknown"),
        (r#""new_d":null"#, r#""new_d":null,"new_d":null"#, "provenance"),
    ] {
        let vault = parse(WHOLE.replacen(once, twice, 1).as_bytes()).unwrap();
        assert_eq!((vault.entries.len(), vault.quarantine.len()), (2, 2), "{twice}");
        assert!(vault.quarantine[0].reason.contains(reason), "{}", vault.quarantine[0].reason);
        assert!(vault.quarantine[0].reason.contains("twice"), "{}", vault.quarantine[0].reason);
    }
}

#[test]
fn a_removed_entry_that_cannot_be_read_stays_in_the_trash_with_its_date() {
    let broken = WHOLE.replacen(
        r#""issuer":"T","account":"","seed":"#,
        r#""issuer":"T","account":"","seed":1,"was":"#,
        1,
    );
    let vault = parse(broken.as_bytes()).unwrap();
    assert_eq!((vault.trash.len(), vault.quarantine.len()), (0, 2));
    let written = encode(&vault);
    let before: Value = serde_json::from_str(&broken).unwrap();
    let after: Value = serde_json::from_slice(written.expose()).unwrap();
    assert_eq!(before, after, "nothing of it is lost, and it is no entry again");
}

#[test]
fn a_share_set_whose_numbers_do_not_fit_is_refused_by_its_field() {
    for (right, wrong, field) in [
        (r#""threshold":2"#, r#""threshold":256"#, "threshold"),
        (r#""id":4660"#, r#""id":65536"#, "id"),
        (r#""by":7"#, r#""by":-7"#, "by"),
        (r#""share_set":4660"#, r#""share_set":65536"#, "share_set"),
        (r#""fingerprint":"01020304""#, r#""fingerprint":"0102030""#, "fingerprint"),
    ] {
        assert_eq!(
            parse(WHOLE.replace(right, wrong).as_bytes()).unwrap_err(),
            WireError::Field { field },
            "{wrong}"
        );
    }
}
