//! Writing PSKC (RFC 6030): one package a key, the seeds in clear or under a passphrase (its section 6.2).
//!
//! Of the algorithms those are written that every reader has to know (section 8): PBKDF2 with HMAC-SHA-1, AES-128-CBC,
//! HMAC-SHA-1 over the vector and the ciphertext. Names, counters and periods stand in clear in any case.

use data_encoding::BASE64;

use crate::entry::Entry;
use crate::interchange::html::escaped;
use crate::interchange::{ExportError, cipher};
use crate::otp::Otp;
use crate::secret::{SecretBytes, SecretText};

/// What OWASP advises for PBKDF2 with HMAC-SHA-1, rounded up.
const ROUNDS: u32 = 1_400_000;
const KEY: usize = 16;
const SALT: usize = 16;
/// As long as what it makes (RFC 2104 §3).
const MAC_KEY: usize = 20;
/// Bytes of a key's markup around its texts.
const MARKUP: usize = 1_536;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<pskc:KeyContainer Version="1.0"
    xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc"
    xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"
    xmlns:xenc11="http://www.w3.org/2009/xmlenc11#"
    xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#">
"#;
const FOOT: &str = "</pskc:KeyContainer>\n";
const METHOD: &str = "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>";

/// Says why the format cannot hold each of some entries, if it cannot.
pub(super) fn refuses(entries: &[&Entry]) -> Vec<Option<&'static str>> {
    entries.iter().map(|entry| refuses_one(entry)).collect()
}

fn refuses_one(entry: &Entry) -> Option<&'static str> {
    match entry.otp {
        Otp::Steam => return Some("PSKC has no word for Steam codes"),
        // It is a signed number there.
        Otp::Hotp { counter, .. } if i64::try_from(counter).is_err() => {
            return Some("its counter is larger than PSKC's can be");
        }
        Otp::Hotp { .. } | Otp::Totp { .. } => {}
    }
    let is_none_of_xml = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let names = [entry.issuer.raw(), entry.account.raw()];
    names
        .iter()
        .any(|name| name.contains(is_none_of_xml))
        .then_some("its name holds a control character, which XML has none of")
}

/// Writes entries. Sealed ones are left out.
///
/// # Errors
///
/// [`ExportError::Cipher`] when the encryption fails.
pub(super) fn export(
    entries: &[&Entry],
    passphrase: Option<&SecretText>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<SecretBytes, ExportError> {
    let sealer = passphrase.map(|passphrase| Sealer::new(passphrase, random));
    let head = sealer.as_ref().map(|sealer| sealer.head(random)).transpose()?.unwrap_or_default();
    let mut packages = Vec::new();
    for entry in entries {
        packages.extend(package(entry, sealer.as_ref(), random)?);
    }
    let room = HEAD.len() + head.len() + FOOT.len() + packages.iter().map(SecretText::len).sum::<usize>();
    let mut out = SecretBytes::with_capacity(room);
    let texts = [HEAD, &head].into_iter().chain(packages.iter().map(SecretText::expose)).chain([FOOT]);
    texts.for_each(|text| out.expose_mut().extend_from_slice(text.as_bytes()));
    Ok(out)
}

/// What a passphrase makes, and the key of the sums.
struct Sealer {
    salt: [u8; SALT],
    key: SecretBytes,
    mac_key: SecretBytes,
}

impl Sealer {
    fn new(passphrase: &SecretText, random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut salt = [0; SALT];
        random(&mut salt);
        let mut mac_key = SecretBytes::new(vec![0; MAC_KEY]);
        random(mac_key.expose_mut());
        let key = cipher::pbkdf2_sha1(passphrase.expose().as_bytes(), &salt, ROUNDS, KEY);
        Self { salt, key, mac_key }
    }

    /// The vector and the ciphertext behind it.
    fn sealed(&self, text: &SecretBytes, random: &mut dyn FnMut(&mut [u8])) -> Result<Vec<u8>, ExportError> {
        let mut vector = [0; 16];
        random(&mut vector);
        let ciphertext = cipher::seal_cbc_aes128(&self.key, &vector, text.expose())?;
        Ok([&vector, ciphertext.as_slice()].concat())
    }

    fn head(&self, random: &mut dyn FnMut(&mut [u8])) -> Result<String, ExportError> {
        let salt = BASE64.encode(&self.salt);
        let mac_key = BASE64.encode(&self.sealed(&self.mac_key, random)?);
        Ok(format!(
            r#"  <pskc:EncryptionKey>
    <xenc11:DerivedKey>
      <xenc11:KeyDerivationMethod Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">
        <pkcs5:PBKDF2-params>
          <Salt><Specified>{salt}</Specified></Salt>
          <IterationCount>{ROUNDS}</IterationCount>
          <KeyLength>{KEY}</KeyLength>
          <PRF/>
        </pkcs5:PBKDF2-params>
      </xenc11:KeyDerivationMethod>
    </xenc11:DerivedKey>
  </pskc:EncryptionKey>
  <pskc:MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1">
    <pskc:MACKey>
      {METHOD}
      <xenc:CipherData><xenc:CipherValue>{mac_key}</xenc:CipherValue></xenc:CipherData>
    </pskc:MACKey>
  </pskc:MACMethod>
"#
        ))
    }
}

fn package(
    entry: &Entry,
    sealer: Option<&Sealer>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Option<SecretText>, ExportError> {
    let Some(seed) = entry.seed() else { return Ok(None) };
    let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
    let room = MARKUP + 12 * (issuer.len() + account.len()) + 2 * seed.bytes().len();
    let mut package = SecretText::with_capacity(room);
    let out = package.expose_mut();
    let kind = if entry.otp.counter().is_some() { "hotp" } else { "totp" };
    out.push_str(&format!(
        "  <pskc:KeyPackage>\n    \
         <pskc:Key Id=\"{}\" Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:{kind}\">\n",
        entry.id
    ));
    if !issuer.is_empty() {
        element(out, "Issuer", issuer);
    }
    out.push_str(&format!(
        "      <pskc:AlgorithmParameters>\n        <pskc:Suite>{}</pskc:Suite>\n        \
         <pskc:ResponseFormat Encoding=\"DECIMAL\" Length=\"{}\"/>\n      </pskc:AlgorithmParameters>\n",
        entry.otp.algorithm(),
        entry.otp.digits()
    ));
    // Readers take it apart at the issuer, or at its first colon where there is none.
    let colon = if issuer.is_empty() && !account.contains(':') { "" } else { ":" };
    element(out, "FriendlyName", &format!("{issuer}{colon}{account}"));
    out.push_str("      <pskc:Data>\n        <pskc:Secret>\n          ");
    match sealer {
        None => {
            let secret = SecretText::new(BASE64.encode(seed.bytes().expose()));
            for part in ["<pskc:PlainValue>", secret.expose(), "</pskc:PlainValue>\n"] {
                out.push_str(part);
            }
        }
        Some(sealer) => {
            let sealed = sealer.sealed(seed.bytes(), random)?;
            let mac = cipher::hmac_sha1(&sealer.mac_key, &sealed)?;
            out.push_str(&format!(
                "<pskc:EncryptedValue>\n            {METHOD}\n            \
                 <xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>\n          \
                 </pskc:EncryptedValue>\n          <pskc:ValueMAC>{}</pskc:ValueMAC>\n",
                BASE64.encode(&sealed),
                BASE64.encode(&mac)
            ));
        }
    }
    out.push_str("        </pskc:Secret>\n");
    let mut number = |name: &str, value: u64| {
        out.push_str(&format!(
            "        <pskc:{name}><pskc:PlainValue>{value}</pskc:PlainValue></pskc:{name}>\n"
        ));
    };
    if let Some(counter) = entry.otp.counter() {
        number("Counter", counter);
    } else if let Some(period) = entry.otp.period() {
        number("Time", 0);
        number("TimeInterval", period.seconds().into());
    }
    out.push_str("      </pskc:Data>\n");
    if !account.is_empty() {
        element(out, "UserId", &format!("CN={}", distinguished(account)));
    }
    out.push_str("    </pskc:Key>\n  </pskc:KeyPackage>\n");
    Ok(Some(package))
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("      <pskc:{name}>{}</pskc:{name}>\n", escaped(text)));
}

/// A text as a value of a distinguished name (RFC 4514 §2.4).
fn distinguished(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let last = text.chars().count().saturating_sub(1);
    for (idx, c) in text.chars().enumerate() {
        let at_an_end = c == ' ' && (idx == 0 || idx == last) || c == '#' && idx == 0;
        if at_an_end || matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
