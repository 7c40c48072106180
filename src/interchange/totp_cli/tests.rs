use super::*;
use crate::interchange::outcome::SkippedReason;
use crate::interchange::registry::{self, SealedFile as _};
use crate::secret::SecretText;

fn read(text: &str) -> Imported {
    let Source::Plain(imported) = open(text.as_bytes()).unwrap() else { panic!("it is not encrypted") };
    imported
}

fn damage(text: &str) -> String {
    open(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn the_dump_is_read_whatever_order_its_fields_have() {
    let text = "- accounts:\n  - token: JBSWY3DPEHPK3PXP\n    name: vpn # a comment\n    timePeriod: 60\n  name: 'it''s work'\n- name: empty\n  accounts: []\n";
    assert!(recognises(&Look::new(text.as_bytes())));
    let imported = read(text);
    let [only] = &imported.drafts[..] else { panic!("one entry") };
    assert_eq!(only.draft.title(), "it's work:vpn");
    assert_eq!(only.draft.otp.period().unwrap().seconds(), 60);
}

#[test]
fn a_value_that_is_quoted_or_goes_on_in_the_next_line_is_one_text() {
    let text = "- name: \"a \\\"b\\\" \\u00e9\\x41\\U0001F600\"\n  accounts:\n    - name: a long\n        name of an account\n      token: JBSW Y3DP\n        EHPK 3PXP\n";
    let imported = read(text);
    let draft = &imported.drafts[0].draft;
    assert_eq!(draft.issuer.raw(), "a \"b\" éA😀");
    assert_eq!(draft.account.raw(), "a long name of an account");
    assert_eq!(draft.seed.to_base32().expose(), "JBSWY3DPEHPK3PXP");
}

#[test]
fn what_the_program_does_not_write_is_damage_with_its_line() {
    for (text, line) in [
        ("- name: a\n  accounts:\n    - name: x\n      token: |\n        JBSWY3DP\n", 4),
        ("- name: a\n  accounts: [{name: x, token: y}]\n", 2),
        ("- name: a\n  accounts:\n    - name: \"x\n      token: y\n", 3),
        ("- name: a\n  accounts:\n    name: x\n", 3),
        ("name: a\n", 1),
        ("- name: a\n  accounts:\n      - name: x\n        token: y\n    - name: z\n", 5),
        ("- name: a\n  accounts:\n  - nothing\n", 3),
    ] {
        assert_eq!(
            damage(text),
            format!("the file is damaged: line {line} is not as totp-cli writes it"),
            "{text}"
        );
    }
}

#[test]
fn an_account_that_cannot_be_used_costs_itself_alone() {
    let imported = read(
        r#"[{"Name":"a","Accounts":[{"Name":"x","Token":"JBSWY3DPEHPK3PXP"},{"name":"y","token":"!"},7,
        {"name":"z","token":"JBSWY3DPEHPK3PXP","algorithm":"md4"},{"name":"w","token":"JBSWY3DPEHPK3PXP","length":11}]}]"#,
    );
    assert_eq!(imported.drafts[0].draft.title(), "a:x");
    let positions: Vec<usize> = imported.skipped.iter().map(|one| one.position).collect();
    assert_eq!((imported.drafts.len(), positions), (1, vec![2, 3, 4, 5]));
    assert!(matches!(imported.skipped[2].reason, SkippedReason::UnknownAlgorithm(_)));
}

#[test]
fn what_is_typed_before_a_code_goes_into_the_note_and_that_is_said() {
    let imported =
        read(r#"[{"name":"a","accounts":[{"name":"x","token":"JBSWY3DPEHPK3PXP","prefix":"77"}]}]"#);
    assert_eq!(imported.drafts[0].draft.note, "type before the code: 77");
    assert_eq!(imported.notices, [Notice::Prefixes]);
}

/// The oldest form, written by the program's own way: `{"work":{"vpn":"JBSWY3DPEHPK3PXP"}}` under "hunter2".
const OLD: &str = "AAECAwQFBgcICQoLDA0OD+sRDhBSm/48THJUFHKihno6DQkWTXASSYnUy8ucfvVB0dZO+qz68p/abEkBp+NsvQ==";

#[test]
fn the_oldest_form_is_opened_also_where_it_is_taken_for_another_program_s() {
    let look = Look::new(OLD.as_bytes());
    let taken_for = registry::detect(OLD.as_bytes()).unwrap();
    assert_eq!(taken_for.id, "totp-authenticator");
    for source in [registry::open(taken_for, OLD.as_bytes()).unwrap(), open(look.bytes).unwrap()] {
        let Source::Sealed(sealed) = source else { panic!("it is encrypted") };
        let imported = sealed.open(&SecretText::new("hunter2".to_owned())).unwrap();
        assert_eq!(imported.drafts[0].draft.title(), "work:vpn");
    }
}

#[test]
fn a_wrong_password_of_the_oldest_form_is_called_one() {
    let old = Old::parse(OLD.as_bytes()).unwrap();
    let error = Box::new(old).open(&SecretText::new("wrong".to_owned())).unwrap_err();
    assert_eq!(error, ImportError::WrongPassphrase);
}
