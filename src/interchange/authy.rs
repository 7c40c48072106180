//! Authy's accounts: the preferences of its Android app, from a phone whose files can be read, and the list that a
//! script read out of its desktop program, which is gone.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;
use serde_json::value::RawValue;

use super::ImportError;
use super::account::{self, Codes, Judged, Number};
use super::cipher::{cbc_aes256, pbkdf2_sha1};
use super::json::{self, Bounded, damaged, each, has, number, take_secret, text};
use super::outcome::{Imported, SkippedReason};
use super::prefs::{self, Prefs};
use super::registry::{Format, Import, Look, SealedFile, Source};
use crate::otp::Seed;
use crate::secret::{SecretBytes, SecretText};

/// The format.
pub const FORMAT: Format = Format {
    id: "authy",
    name: "Authy",
    help: "Authy has no export; the app's preferences from a phone whose files can be read, or a list of its tokens",
    import: Some(Import { recognises, open }),
    export: None,
};

/// Where the app keeps other services' accounts, and its own.
const KEPT: [&str; 2] = ["com.authy.storage.tokens.authenticator.key", "com.authy.storage.tokens.authy.key"];
/// Rounds of the key derivation. The salt is the text itself.
const ROUNDS: u32 = 1_000;
/// Period of Authy's own codes, in seconds.
const OWN_PERIOD: u64 = 10;

fn recognises(look: &Look<'_>) -> bool {
    KEPT.iter().any(|name| prefs::has(look.text, name))
        || look.json_list_whose_items_have(&["name", "secret", "uri"])
}

/// Reads a file as far as it goes without a password.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    let text = Look::new(bytes).text;
    if text.starts_with(b"[") {
        return uris(bytes).map(Source::Plain);
    }
    let prefs = Prefs::parse(text)?;
    let lists: Vec<SecretText> =
        KEPT.iter().filter_map(|name| prefs.get(name)).map(SecretText::duplicate).collect();
    for list in &lists {
        let list = parse(list)?;
        let tokens = list.items.iter().filter_map(|token| serde_json::from_str::<Value>(token.get()).ok());
        if tokens.into_iter().any(|token| is_sealed(&token)) {
            return Ok(Source::Sealed(Box::new(Sealed(lists))));
        }
    }
    tokens(&lists, None).map(Source::Plain)
}

fn parse(list: &SecretText) -> Result<Bounded<&RawValue>, ImportError> {
    serde_json::from_str(list.expose()).map_err(|error| json::damaged_at("the list of tokens, ", &error))
}

/// Tells whether a token has its secret in no other form than the encrypted one.
fn is_sealed(token: &Value) -> bool {
    has(token, "encryptedSecret") && !has(token, "decryptedSecret") && !has(token, "secretSeed")
}

/// The list of a script: the URI says more than the other two.
fn uris(bytes: &[u8]) -> Result<Imported, ImportError> {
    let list: Bounded<&RawValue> = json::parse(bytes)?;
    let mut imported = Imported::default();
    each(list, &mut imported, |imported, position, item| {
        let judged = account::of_uri(text(item, "uri"));
        imported.take(position, account::title("", text(item, "name")), judged);
    })?;
    Ok(imported)
}

fn tokens(lists: &[SecretText], password: Option<&SecretText>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let (mut n_opened, mut n_closed) = (0_usize, 0_usize);
    let mut before = 0;
    for list in lists {
        let list = parse(list)?;
        let n_items = list.items.len();
        each(list, &mut imported, |imported, position, token| {
            let (issuer, name) = names(token);
            let is_sealed = is_sealed(token);
            let seed = secret(token, password);
            if is_sealed {
                n_opened += usize::from(seed.is_some());
                n_closed += usize::from(seed.is_none());
            }
            let seed = seed.unwrap_or(Err(SkippedReason::Field("the secret")));
            let judged = judge(seed, token, &issuer, &name);
            imported.take(before + position, account::title(&issuer, &name), judged);
        })?;
        before += n_items;
    }
    // One password is for all of them.
    if n_closed > 0 && n_opened == 0 { Err(ImportError::WrongPassphrase) } else { Ok(imported) }
}

fn judge(seed: Result<Seed, SkippedReason>, token: &Value, issuer: &str, name: &str) -> Judged {
    let (seed, digits) = (seed?, number(token, "digits"));
    if !has(token, "secretSeed") {
        return account::draft(issuer, name, seed, Codes { digits, ..Codes::USUAL });
    }
    // Authy's own have seven digits nearly always; that is no reason to guess.
    let digits = if digits == Number::Missing { Number::Bad } else { digits };
    account::draft(issuer, name, seed, Codes { digits, period: Number::Is(OWN_PERIOD), ..Codes::USUAL })
}

/// The seed in the form in which this token has it.
fn secret(token: &mut Value, password: Option<&SecretText>) -> Option<Result<Seed, SkippedReason>> {
    if let Some(secret) = take_secret(token, "decryptedSecret") {
        return Some(account::base32(Some(secret)));
    }
    if let Some(hex) = take_secret(token, "secretSeed") {
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.expose().as_bytes()).ok()?;
        return Some(account::bytes(SecretBytes::new(bytes)));
    }
    let ciphertext = BASE64.decode(text(token, "encryptedSecret").trim().as_bytes()).ok()?;
    let key = pbkdf2_sha1(password?.expose().as_bytes(), text(token, "salt").as_bytes(), ROUNDS, 32);
    let opened = cbc_aes256(&key, &[0; 16], &ciphertext)?.into_text().ok()?;
    // Without a tag, a password that only fits the padding shows in what comes out.
    Seed::from_base32(opened.expose()).ok().map(Ok)
}

/// The issuer where the token has one, else what stands before a colon or a dash of its name.
fn names(token: &Value) -> (String, String) {
    let (name, original) = (text(token, "name"), text(token, "originalName"));
    let issuer = match text(token, "originalIssuer") {
        "" => match (original.split_once(':'), name.split_once(" - ")) {
            (Some((issuer, _)), _) | (None, Some((issuer, _))) => issuer.trim().to_owned(),
            (None, None) => capitalised(text(token, "accountType")),
        },
        issuer => issuer.to_owned(),
    };
    let prefixes = [format!("{issuer}: "), format!("{issuer}:"), format!("{issuer} - ")];
    let account = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str())).unwrap_or(name);
    (issuer, account.trim().to_owned())
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The lists of tokens, some of which are encrypted.
#[derive(Debug)]
struct Sealed(Vec<SecretText>);

impl SealedFile for Sealed {
    fn cost(&self) -> String {
        "1 MiB".to_owned()
    }

    fn open(self: Box<Self>, passphrase: &SecretText) -> Result<Imported, ImportError> {
        if self.0.is_empty() {
            return Err(damaged("there is no list of tokens"));
        }
        tokens(&self.0, Some(passphrase))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefs(tokens: &str) -> String {
        let escaped = tokens.replace('"', "&quot;");
        format!("<map><string name=\"com.authy.storage.tokens.authenticator.key\">[{escaped}]</string></map>")
    }

    #[test]
    fn a_token_is_named_by_its_issuer_or_by_the_start_of_its_name_and_authys_own_have_ten_seconds() {
        let text = prefs(
            r#"{"accountType":"authenticator","decryptedSecret":"JBSWY3DPEHPK3PXP","digits":6,"originalIssuer":"Deno","name":"Deno: Mason"},
               {"accountType":"authenticator","decryptedSecret":"JBSWY3DPEHPK3PXP","digits":6,"originalName":"AWS:root","name":"AWS:root"},
               {"accountType":"twitch","secretSeed":"00112233445566778899aabbccddeeff","digits":7,"name":"ana"},
               {"accountType":"x","digits":7,"name":"none"}"#,
        );
        let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
        let titles: Vec<String> = imported.drafts.iter().map(|one| one.draft.title()).collect();
        assert_eq!(titles, ["Deno:Mason", "AWS:root", "Twitch:ana"]);
        let own = imported.drafts[2].draft.otp;
        assert_eq!((own.digits(), own.period().map(crate::otp::Period::seconds)), (7, Some(10)));
        assert_eq!(imported.skipped.len(), 1);
    }

    #[test]
    fn the_list_of_a_script_is_read_by_its_uris() {
        let text = r#"[{"name":"n","secret":"JBSWY3DPEHPK3PXP","uri":"otpauth://totp/n?secret=JBSWY3DPEHPK3PXP&digits=7&period=10"}]"#;
        assert!(recognises(&Look::new(text.as_bytes())));
        let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
        assert_eq!(imported.drafts[0].draft.otp.digits(), 7);
    }

    #[test]
    fn a_wrong_password_is_called_one() {
        let text =
            prefs(r#"{"encryptedSecret":"AAAAAAAAAAAAAAAAAAAAAA==","salt":"s","digits":6,"name":"a"}"#);
        let Ok(Source::Sealed(sealed)) = open(text.as_bytes()) else { panic!("it is encrypted") };
        assert_eq!(sealed.open(&SecretText::new("x".to_owned())).unwrap_err(), ImportError::WrongPassphrase);
    }

    #[test]
    fn a_wrong_password_is_called_one_beside_tokens_that_need_none() {
        let text = prefs(
            r#"{"decryptedSecret":"JBSWY3DPEHPK3PXP","digits":6,"name":"open"},
               {"encryptedSecret":"AAAAAAAAAAAAAAAAAAAAAA==","salt":"s","digits":6,"name":"a"}"#,
        );
        let Ok(Source::Sealed(sealed)) = open(text.as_bytes()) else { panic!("it is encrypted") };
        assert_eq!(sealed.open(&SecretText::new("x".to_owned())).unwrap_err(), ImportError::WrongPassphrase);
    }

    #[test]
    fn what_was_decrypted_already_needs_no_password() {
        let text = prefs(
            r#"{"decryptedSecret":"JBSWY3DPEHPK3PXP","encryptedSecret":"AAAA","salt":"s","digits":6,"name":"a"}"#,
        );
        let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it needs no password") };
        assert_eq!(imported.drafts.len(), 1);
    }

    #[test]
    fn the_digits_of_authys_own_codes_are_not_guessed() {
        let text = prefs(r#"{"accountType":"x","secretSeed":"00112233445566778899aabbccddeeff","name":"a"}"#);
        let Ok(Source::Plain(imported)) = open(text.as_bytes()) else { panic!("it can be read") };
        assert_eq!(imported.skipped[0].reason, SkippedReason::Field("the number of digits"));
    }
}
