//! How names stand in a report: as they are, or as pseudonyms that one vault always gives alike and nobody else can find
//! out by trying, because they are derived from its signing key.

use std::collections::HashMap;

use crate::app::session::Session;
use crate::app::time::Moment;
use crate::entry::{Entry, EntryId};
use crate::envelope::aead;
use crate::secret::SecretBytes;
use crate::wire::evidence_v1::Named;

/// Label of the key's derivation from the seed of the signing key.
const KEY_INFO: &[u8] = b"lifeboat/1/pseudonym\0";
/// Facts of records whose values are words of this program, numbers, hashes or names of share sets.
const NO_NAMES: [&str; 34] = [
    "added",
    "bundle",
    "by",
    "by itself",
    "cards",
    "date",
    "days",
    "dropped",
    "entries",
    "exception",
    "files",
    "format",
    "from generation",
    "incident",
    "keyring",
    "kind",
    "lines",
    "newest generation",
    "ok",
    "pass",
    "plaintext",
    "quorum",
    "records",
    "result",
    "sealed to",
    "seconds",
    "share",
    "share set",
    "since",
    "step",
    "tasks",
    "things",
    "typed",
    "what",
];

/// Facts whose values are moments, as this program writes them.
const MOMENTS: [&str; 2] = ["from", "until"];
/// Facts that name a person.
const PEOPLE: [&str; 2] = ["owner", "to"];

/// The sort of a name, which its pseudonym begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Account,
    Host,
    Person,
    Place,
    Text,
}

impl Sort {
    const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Host => "host",
            Self::Person => "person",
            Self::Place => "place",
            Self::Text => "text",
        }
    }
}

/// Writes names down, as a report wants them.
pub(super) struct Names<'a> {
    titles: HashMap<EntryId, &'a Entry>,
    /// The first entry of each title, which has it for itself in the plan.
    by_title: HashMap<String, EntryId>,
    key: Option<SecretBytes>,
}

impl<'a> Names<'a> {
    pub(super) fn new(session: &'a Session, redact: bool) -> Self {
        let vault = &session.vault;
        let trashed = vault.trash.iter().map(|trashed| &trashed.entry);
        let titles = vault.entries.iter().chain(trashed).map(|entry| (entry.id, entry)).collect();
        let key = redact.then(|| {
            let mut key = SecretBytes::new(vec![0; 32]);
            aead::expand(vault.keys.signing.expose(), None, KEY_INFO, key.expose_mut());
            key
        });
        let mut by_title = HashMap::new();
        if redact {
            for entry in &vault.entries {
                by_title.entry(entry.title()).or_insert(entry.id);
            }
        }
        Self { titles, by_title, key }
    }

    pub(super) fn are_pseudonyms(&self) -> bool {
        self.key.is_some()
    }

    /// A name; an empty one stays empty.
    pub(super) fn of(&self, sort: Sort, name: &str) -> String {
        match &self.key {
            Some(key) if !name.is_empty() => pseudonym(key, sort.word(), name.as_bytes()),
            _ => name.to_owned(),
        }
    }

    /// An entry, by its id as the vault or a record has it.
    pub(super) fn entry(&self, id: EntryId) -> Named {
        match &self.key {
            Some(key) => {
                let pseudonym = pseudonym(key, "entry", &id.bytes());
                Named { id: pseudonym.clone(), name: Some(pseudonym) }
            }
            None => Named { id: id.to_string(), name: self.titles.get(&id).map(|entry| entry.title()) },
        }
    }

    /// An account of the recovery plan, by its name there. One that the vault knows by itself is named after its entry, and
    /// has the entry's pseudonym.
    pub(super) fn account(&self, name: &str) -> String {
        let Some(key) = &self.key else { return name.to_owned() };
        let by_title = || self.by_title.get(name).copied();
        match by_title().or_else(|| id_behind(name).filter(|id| self.titles.contains_key(id))) {
            Some(id) => pseudonym(key, "entry", &id.bytes()),
            None => self.of(Sort::Account, name),
        }
    }

    /// The value of a fact in a record.
    pub(super) fn fact(&self, name: &str, value: &str) -> String {
        let is_moment = || MOMENTS.contains(&name) && value.parse::<Moment>().is_ok();
        if NO_NAMES.contains(&name) || is_moment() {
            return value.to_owned();
        }
        self.of(if PEOPLE.contains(&name) { Sort::Person } else { Sort::Text }, value)
    }

    /// What opened a bundle, in words, which may name who brought a share: without names, the sort of it alone.
    pub(super) fn opened_with(&self, words: &str) -> String {
        if !self.are_pseudonyms() || words.is_empty() {
            return words.to_owned();
        }
        let sorts: Vec<&str> =
            ["passphrase", "key file", "share"].into_iter().filter(|sort| words.contains(sort)).collect();
        if sorts.is_empty() { self.of(Sort::Text, words) } else { sorts.join(", ") }
    }
}

/// The id that stands behind the title of an entry where the title alone does not tell it apart: `title (id)`.
fn id_behind(name: &str) -> Option<EntryId> {
    EntryId::parse(name.strip_suffix(')')?.rsplit_once(" (")?.1)
}

/// Forty bits as eight letters: enough to tell ten thousand entries apart.
fn pseudonym(key: &SecretBytes, sort: &str, name: &[u8]) -> String {
    let mut bytes = [0; 5];
    let info = [sort.as_bytes(), b"\0", name].concat();
    aead::expand(key.expose(), None, &info, &mut bytes);
    format!("{sort}-{}", data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}
