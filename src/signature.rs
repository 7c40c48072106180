//! Ed25519 signatures in the form that OpenSSH writes and checks (PROTOCOL.sshsig of its sources), so that others
//! can check them with `ssh-keygen -Y verify` and nothing of ours.
//!
//! A signature names what it is for (its namespace): one made for a bundle is none of an acknowledgement.

use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::secret::SecretBytes;

/// Length of an Ed25519 public key, in bytes.
pub const PUBLIC_KEY_BYTES: usize = 32;

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const KEY_TYPE: &[u8] = b"ssh-ed25519";
/// Hash of what is signed; OpenSSH takes `sha256` as well and writes this one.
const HASH: &[u8] = b"sha512";
const ARMOR_BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const ARMOR_END: &str = "-----END SSH SIGNATURE-----";
/// Columns of an armored line.
const ARMOR_COLUMNS: usize = 70;

/// An Ed25519 key that signs.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

impl SigningKey {
    /// Takes the 32 bytes of a seed (RFC 8032 section 5.1.5); `None` when they are not as many.
    pub fn from_seed(seed: &SecretBytes) -> Option<Self> {
        let mut bytes = Zeroizing::new([0_u8; PUBLIC_KEY_BYTES]);
        (seed.len() == bytes.len()).then(|| {
            bytes.copy_from_slice(seed.expose());
            Self(ed25519_dalek::SigningKey::from_bytes(&bytes))
        })
    }

    /// The half that anybody may know.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a message for one use: the bytes that stand between the armor lines of an SSH signature, decoded.
    pub fn sign(&self, namespace: &str, message: &[u8]) -> Vec<u8> {
        let signature = self.0.sign(&to_sign(namespace, message));
        let mut blob = MAGIC.to_vec();
        blob.extend_from_slice(&VERSION.to_be_bytes());
        put(&mut blob, &self.public().in_ssh_form());
        put(&mut blob, namespace.as_bytes());
        put(&mut blob, b"");
        put(&mut blob, HASH);
        let mut inner = Vec::with_capacity(83);
        put(&mut inner, KEY_TYPE);
        put(&mut inner, &signature.to_bytes());
        put(&mut blob, &inner);
        blob
    }
}

/// An Ed25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; PUBLIC_KEY_BYTES]);

impl PublicKey {
    /// The word for this type of key in OpenSSH's files.
    pub const OPENSSH_TYPE: &'static str = "ssh-ed25519";

    /// The fingerprint as `ssh-keygen -l` prints it: SHA-256 over the key in SSH's form.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.in_ssh_form());
        format!("SHA256:{}", data_encoding::BASE64_NOPAD.encode(&hash))
    }

    /// The key as it stands in OpenSSH's files: its type and base64, without a comment.
    pub fn in_openssh_words(&self) -> String {
        format!("{} {}", Self::OPENSSH_TYPE, data_encoding::BASE64.encode(&self.in_ssh_form()))
    }

    /// Reads the base64 that stands behind the type in such a file; `None` when it is no key of this type.
    pub fn from_openssh_base64(text: &str) -> Option<Self> {
        let blob = data_encoding::BASE64.decode(text.as_bytes()).ok()?;
        let mut rest = blob.as_slice();
        let is_known = take(&mut rest)? == KEY_TYPE;
        let key = take(&mut rest)?.try_into().ok()?;
        (is_known && rest.is_empty()).then_some(Self(key))
    }

    fn in_ssh_form(self) -> Vec<u8> {
        let mut blob = Vec::with_capacity(51);
        put(&mut blob, KEY_TYPE);
        put(&mut blob, &self.0);
        blob
    }
}

/// Why bytes are no signature of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The bytes are not an SSH signature by an Ed25519 key.
    #[error("it is not an SSH signature by an Ed25519 key")]
    Malformed,
    /// It was made for another use.
    #[error("it is a signature of something else")]
    OtherNamespace,
    /// It is one of another message, or by another key than it says.
    #[error("the signature does not belong to what is signed")]
    DoesNotFit,
}

/// Checks a signature and says whose it is. Whether that key is anybody's to trust is for the caller to know.
///
/// # Errors
///
/// [`SignatureError`] unless it is a signature of this message for this use.
pub fn verify(blob: &[u8], namespace: &str, message: &[u8]) -> Result<PublicKey, SignatureError> {
    let mut rest = blob;
    let parts = read(&mut rest).ok_or(SignatureError::Malformed)?;
    if parts.namespace != namespace.as_bytes() {
        return Err(SignatureError::OtherNamespace);
    }
    let key = ed25519_dalek::VerifyingKey::from_bytes(&parts.key).map_err(|_| SignatureError::Malformed)?;
    let signature = ed25519_dalek::Signature::from_bytes(&parts.signature);
    // Strictly: a key or a signature of small order fits more than one message.
    key.verify_strict(&to_sign(namespace, message), &signature).map_err(|_| SignatureError::DoesNotFit)?;
    Ok(PublicKey(parts.key))
}

/// The text form that files hold.
pub fn armor(blob: &[u8]) -> String {
    let encoded = data_encoding::BASE64.encode(blob);
    let mut text = format!("{ARMOR_BEGIN}\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(ARMOR_COLUMNS));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str(ARMOR_END);
    text.push('\n');
    text
}

/// Reads the text form; `None` when it is not one whole signature and nothing else.
pub fn dearmor(text: &str) -> Option<Vec<u8>> {
    let inside = text.trim().strip_prefix(ARMOR_BEGIN)?.strip_suffix(ARMOR_END)?;
    let encoded: String = inside.split_ascii_whitespace().collect();
    data_encoding::BASE64.decode(encoded.as_bytes()).ok()
}

struct Parts<'a> {
    key: [u8; PUBLIC_KEY_BYTES],
    namespace: &'a [u8],
    signature: [u8; 64],
}

/// Takes a signature apart; nothing may follow it.
fn read<'a>(rest: &mut &'a [u8]) -> Option<Parts<'a>> {
    *rest = rest.strip_prefix(MAGIC)?.strip_prefix(&VERSION.to_be_bytes())?;
    let mut key = take(rest)?;
    let namespace = take(rest)?;
    let _reserved = take(rest)?;
    let hash = take(rest)?;
    let mut signature = take(rest)?;
    let is_known = take(&mut key)? == KEY_TYPE && take(&mut signature)? == KEY_TYPE && hash == HASH;
    let parts = Parts {
        key: take(&mut key)?.try_into().ok()?,
        namespace,
        signature: take(&mut signature)?.try_into().ok()?,
    };
    (is_known && key.is_empty() && signature.is_empty() && rest.is_empty()).then_some(parts)
}

fn to_sign(namespace: &str, message: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    put(&mut bytes, namespace.as_bytes());
    put(&mut bytes, b"");
    put(&mut bytes, HASH);
    put(&mut bytes, &Sha512::digest(message));
    bytes
}

/// Appends a length and the bytes (RFC 4251 section 5, `string`).
fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Takes such bytes off the front.
fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let (bytes, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *rest = after;
    Some(bytes)
}

#[cfg(test)]
mod tests;
