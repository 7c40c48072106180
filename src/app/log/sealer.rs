//! Seals and opens the log's lines with the vault's key for them.

use crate::audit::trail::Content;
use crate::audit::{self, Record, SealedLine};
use crate::envelope::MasterKey;
use crate::envelope::aead;
use crate::secret::SecretBytes;
use crate::vault::{LogAnchor, Vault, VaultId};
use crate::wire::log_v1;

/// The key of a vault's log, taken out of the vault once for many lines.
pub(super) struct Sealer {
    key: MasterKey,
    vault: VaultId,
}

impl Sealer {
    pub(super) fn of(vault: &Vault) -> Self {
        let mut key = zeroize::Zeroizing::new([0_u8; 32]);
        if vault.keys.log.len() == key.len() {
            key.copy_from_slice(vault.keys.log.expose());
        }
        Self { key: MasterKey::from_bytes(*key), vault: vault.id }
    }

    /// Where the chain of this vault begins.
    pub(super) fn start(&self) -> LogAnchor {
        LogAnchor { count: 0, head: audit::start(&self.vault.0) }
    }

    /// Seals a record into the line that follows an anchor; gives where the chain stands then.
    pub(super) fn seal(&self, after: LogAnchor, record: &Record, random: &[u8; 32]) -> (String, LogAnchor) {
        let number = after.count.saturating_add(1);
        let binding = SealedLine::binding(number, &after.head);
        let json = log_v1::encode(record);
        let sealed = aead::seal_small(&self.key, &self.info(number), binding.as_bytes(), random, &json);
        let line = SealedLine { number, previous: after.head, sealed }.encode();
        let anchor = LogAnchor { count: number, head: audit::advance(&after.head, &line) };
        (line, anchor)
    }

    /// Opens a line: `None` when it was not sealed by this vault at this place of the chain.
    pub(super) fn open(&self, line: &SealedLine) -> Option<Content> {
        Some(log_v1::parse(self.json(line)?.expose()).map_or(Content::Newer, Content::Record))
    }

    /// Tells whether this vault sealed a line, whatever it says.
    pub(super) fn is_own(&self, line: &SealedLine) -> bool {
        self.json(line).is_some()
    }

    fn json(&self, line: &SealedLine) -> Option<SecretBytes> {
        let binding = SealedLine::binding(line.number, &line.previous);
        aead::open_small(&self.key, &self.info(line.number), binding.as_bytes(), &line.sealed).ok()
    }

    fn info(&self, number: u64) -> Vec<u8> {
        let mut info = b"lifeboat/1/log\0".to_vec();
        info.extend_from_slice(&self.vault.0);
        info.extend_from_slice(&number.to_be_bytes());
        info
    }
}
