//! Portable Symmetric Key Containers (RFC 6030), plain, and encrypted with a passphrase or a key that both sides have.

mod export;
mod sealed;

use data_encoding::BASE64;
use roxmltree::{Document, Node};

use self::sealed::Keys;
use super::ImportError;
use super::account::{self, Codes, Judged, Kind, Number};
use super::json::damaged;
use super::outcome::{Imported, MOST_ENTRIES, Notice, SkippedReason, safe_name};
use super::registry::{Change, Export, Format, Import, Look, Source, Trait};
use crate::secret::SecretBytes;

/// The format.
pub const FORMAT: Format = Format {
    id: "pskc",
    name: "PSKC",
    help: "Portable Symmetric Key Container (RFC 6030), as ykman and token vendors write it; a pre-shared key is given in hexadecimal digits",
    import: Some(Import { recognises, open }),
    export: Some(Export {
        ending: "xml",
        encrypts: true,
        keeps: &[Trait::DigitsOfSteam],
        changes: &[Change::NamesInClear],
        refuses: export::refuses,
        write: |entries, passphrase, random, _| export::export(entries, passphrase, random),
    }),
};

/// Larger files are not read.
const LARGEST_FILE: usize = 16 << 20;
/// What the algorithms of one-time codes are called, behind the names of RFC 6030 and of the drafts before it.
const NAMES: [&str; 2] = ["urn:ietf:params:xml:ns:keyprov:pskc:", "urn:ietf:params:xml:ns:keyprov:pskc#"];

fn recognises(look: &Look<'_>) -> bool {
    let start = look.text.get(..look.text.len().min(8192)).unwrap_or_default();
    start.starts_with(b"<") && start.windows(12).any(|window| window == b"KeyContainer")
}

/// Reads a file as far as it goes without a passphrase.
///
/// # Errors
///
/// [`ImportError`] when it is damaged or too large, of another version, or encrypted in a way that is not read.
pub fn open(bytes: &[u8]) -> Result<Source, ImportError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ImportError::TooLarge);
    }
    let text = std::str::from_utf8(Look::new(bytes).text).map_err(|_| damaged("it is not text"))?;
    let document = document(text)?;
    let container = container(&document)?;
    let is_encrypted =
        keys(container).any(|(_, key)| below(key, &["Data", "Secret", "EncryptedValue"]).is_some());
    if is_encrypted {
        return sealed::Sealed::parse(text, container).map(|sealed| Source::Sealed(Box::new(sealed)));
    }
    accounts(container, None).map(Source::Plain)
}

fn document(text: &str) -> Result<Document<'_>, ImportError> {
    Document::parse(text).map_err(|error| {
        let at = error.pos();
        ImportError::Damaged { at: format!("line {}, column {}", at.row, at.col) }
    })
}

fn container<'a>(document: &'a Document<'_>) -> Result<Node<'a, 'a>, ImportError> {
    let container = document.root_element();
    if container.tag_name().name() != "KeyContainer" {
        return Err(damaged("it is no key container"));
    }
    // Until RFC 6030 the keys were in devices, and were written in ways that no two drafts have in common.
    let is_draft = named(container, "KeyPackage").next().is_none()
        && named(container, "Device").any(|device| named(device, "Key").next().is_some());
    match container.attribute("Version").unwrap_or("1.0").trim() {
        _ if is_draft => {
            Err(ImportError::Unsupported { what: "PSKC as it was drafted before RFC 6030".to_owned() })
        }
        "1.0" | "1" => Ok(container),
        _ => Err(ImportError::Unsupported { what: "this version of PSKC".to_owned() }),
    }
}

/// The keys of a container, each with the package that it is in.
fn keys<'a>(container: Node<'a, 'a>) -> impl Iterator<Item = (Node<'a, 'a>, Node<'a, 'a>)> {
    named(container, "KeyPackage").flat_map(|package| named(package, "Key").map(move |key| (package, key)))
}

/// Takes every key of a container. Where they are encrypted they open, or the file is not the one it was.
fn accounts(container: Node<'_, '_>, opening: Option<&Keys>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut n_without = 0;
    for (idx, (package, key)) in keys(container).enumerate() {
        if idx >= MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        let algorithm = key.attribute("Algorithm").unwrap_or_default().trim();
        let kind = NAMES.iter().find_map(|name| algorithm.strip_prefix(name)).unwrap_or_default();
        // A PIN that stands beside a key is no account.
        if kind == "pin" {
            n_without += 1;
            continue;
        }
        let (issuer, name) = names(package, key);
        let kind = match kind.to_ascii_lowercase().as_str() {
            "hotp" => Ok(Kind::Hotp),
            "totp" => Ok(Kind::Totp),
            _ => Err(SkippedReason::UnknownType(safe_name(
                algorithm.rsplit([':', '#']).next().unwrap_or_default(),
            ))),
        };
        let judged = kind.and_then(|kind| judge(key, kind, &issuer, &name, opening));
        imported.take(idx + 1, account::title(&issuer, &name), judged);
    }
    if n_without > 0 {
        imported.notice(Notice::WithoutCodes(n_without));
    }
    Ok(imported)
}

fn judge(key: Node<'_, '_>, kind: Kind, issuer: &str, name: &str, opening: Option<&Keys>) -> Judged {
    let format = below(key, &["AlgorithmParameters", "ResponseFormat"]);
    let said =
        |attribute: &str| format.and_then(|format| format.attribute(attribute)).unwrap_or_default().trim();
    if !matches!(said("Encoding"), "" | "DECIMAL") {
        return Err(SkippedReason::Words("its codes are no decimal numbers"));
    }
    if matches!(said("CheckDigits"), "true" | "1") {
        return Err(SkippedReason::Words("its codes end with a check digit"));
    }
    let digits = match said("Length") {
        "" => Number::Missing,
        length => length.parse().map_or(Number::Bad, Number::Is),
    };
    let suite = below(key, &["AlgorithmParameters", "Suite"]).map(content).unwrap_or_default();
    let data = |name: &str| below(key, &["Data", name]);
    let secret = data("Secret").ok_or(SkippedReason::Words("the file does not hold its secret"))?;
    let seed = account::bytes(bytes(secret, opening).ok_or(SkippedReason::Field("the secret"))?)?;
    let codes = Codes {
        kind,
        // Some write the name that XML's signatures have for it.
        algorithm: suite.rsplit('#').next().unwrap_or_default(),
        digits,
        period: number(data("TimeInterval"), opening),
        counter: number(data("Counter"), opening),
    };
    account::draft(issuer, name, seed, codes)
}

/// The issuer and the account's name: the friendly name, or the user, or the number of the token.
fn names(package: Node<'_, '_>, key: Node<'_, '_>) -> (String, String) {
    let text = |node, path: &[&str]| below(node, path).map(content).unwrap_or_default();
    let issuer = below(key, &["Issuer"]).map(content);
    if let Some(friendly) = below(key, &["FriendlyName"]).map(content) {
        let Some(issuer) = issuer else {
            let (issuer, name) = account::split_name(&friendly);
            return (issuer.to_owned(), name.to_owned());
        };
        let behind = friendly.strip_prefix(&issuer).and_then(|rest| rest.strip_prefix(':'));
        let name = behind.filter(|_| !issuer.is_empty()).unwrap_or(&friendly).trim().to_owned();
        return (issuer, name);
    }
    let user = text(key, &["UserId"]);
    // Of a distinguished name the part that names the person.
    let part = user
        .split(',')
        .map(str::trim)
        .find_map(|part| ["CN=", "UID="].iter().find_map(|kind| part.strip_prefix(kind)));
    let serial = text(package, &["DeviceInfo", "SerialNo"]);
    let id = key.attribute("Id").unwrap_or_default();
    let name =
        [part.unwrap_or(&user), &serial, id].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    (issuer.unwrap_or_default(), name.to_owned())
}

/// A value as bytes, plain or encrypted.
fn bytes(value: Node<'_, '_>, opening: Option<&Keys>) -> Option<SecretBytes> {
    if let Some(plain) = below(value, &["PlainValue"]) {
        return base64(plain).map(SecretBytes::new);
    }
    opening?.open(value)
}

/// A value as a number: written out, or encrypted as the bytes of it with the highest first.
fn number(value: Option<Node<'_, '_>>, opening: Option<&Keys>) -> Number {
    let Some(value) = value else { return Number::Missing };
    if let Some(plain) = below(value, &["PlainValue"]) {
        return content(plain).parse().map_or(Number::Bad, Number::Is);
    }
    let opened = opening.and_then(|opening| opening.open(value));
    // Digits may be meant as a written number, unless there are as many bytes as numbers have.
    let is_clear = |bytes: &[u8]| {
        (1..=8).contains(&bytes.len())
            && (matches!(bytes.len(), 4 | 8) || !bytes.iter().all(u8::is_ascii_digit))
    };
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let bytes = opened.filter(|bytes| is_clear(bytes.expose()));
    bytes.map_or(Number::Bad, |bytes| Number::Is(number(bytes.expose())))
}

fn named<'a>(node: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    // By the local name alone: real files have several spellings of the namespaces.
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn below<'a>(node: Node<'a, 'a>, path: &[&str]) -> Option<Node<'a, 'a>> {
    path.iter().try_fold(node, |node, name| {
        node.children().find(|child| child.is_element() && child.tag_name().name() == *name)
    })
}

fn content(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

fn base64(node: Node<'_, '_>) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = node.text()?.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(&symbols).ok()
}

#[cfg(test)]
mod tests;
