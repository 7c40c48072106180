//! KeePass' XML: what a KDBX database has inside, and what both programs export.
//!
//! Inside a database, protected values are hidden once more under one key stream that runs through the whole document, so
//! that every one of them is passed through it, also those that nobody wants.

use std::collections::HashMap;

use data_encoding::BASE64;
use roxmltree::{Document, Node, NodeId};

use super::codes::{Field, Fields, is_of_codes};
use super::crypt::Inner;
use crate::interchange::account;
use crate::interchange::json::{LARGEST_FILE, damaged};
use crate::interchange::outcome::{Imported, MOST_ENTRIES, Notice};
use crate::interchange::{ImportError, markup};
use crate::secret::{SecretBytes, SecretText};

/// Longest path of a group, in bytes.
pub(super) const LONGEST_PATH: usize = 4096;
/// The UUID of no group.
const NO_GROUP: &str = "AAAAAAAAAAAAAAAAAAAAAA==";

/// Reads an export, in which nothing is hidden.
pub(super) fn read_plain(text: &[u8]) -> Result<Imported, ImportError> {
    let document = parse(text)?;
    if document.descendants().any(|node| is_protected(&node)) {
        return Err(ImportError::Unsupported {
            what: "a KeePass XML whose values are still encrypted".to_owned(),
        });
    }
    entries(&document, &HashMap::new())
}

/// Reads what is inside a database. `hash_fits` judges what the document says of the header outside.
pub(super) fn read(
    text: &[u8],
    stream: &mut Inner,
    hash_fits: &dyn Fn(&str) -> bool,
) -> Result<Imported, ImportError> {
    let document = parse(text)?;
    let meta = child(document.root_element(), "Meta");
    if let Some(hash) = meta.and_then(|meta| child(meta, "HeaderHash"))
        && !hash_fits(hash.text().unwrap_or_default())
    {
        return Err(damaged("the header does not fit its hash"));
    }
    let mut values = HashMap::new();
    for node in document.descendants().filter(is_protected) {
        let mut value = SecretBytes::with_capacity(64);
        if let Some(text) = node.text() {
            let text = text.trim().as_bytes();
            *value.expose_mut() = BASE64.decode(text).map_err(|_| damaged("a protected value"))?;
        }
        stream.apply(&mut value).ok_or_else(|| damaged("a protected value"))?;
        if node.has_tag_name("Value") {
            values.insert(node.id(), value.into_text().map_err(|_| damaged("a protected value"))?);
        }
    }
    entries(&document, &values)
}

fn parse(text: &[u8]) -> Result<Document<'_>, ImportError> {
    let document = markup::parse(text)?;
    if document.root_element().has_tag_name("KeePassFile") {
        Ok(document)
    } else {
        Err(damaged("it has no KeePassFile"))
    }
}

fn is_protected(node: &Node<'_, '_>) -> bool {
    node.attribute("Protected").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn child_text<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    child(node, name).and_then(|child| child.text()).unwrap_or_default()
}

fn entries(document: &Document<'_>, values: &HashMap<NodeId, SecretText>) -> Result<Imported, ImportError> {
    let root = document.root_element();
    let bin = child(root, "Meta").map_or("", |meta| child_text(meta, "RecycleBinUUID")).trim();
    let mut reader = Reader {
        values,
        bin: Some(bin).filter(|bin| !bin.is_empty() && *bin != NO_GROUP),
        position: 0,
        n_without: 0,
        n_bytes_left: LARGEST_FILE,
        imported: Imported::default(),
    };
    let root = child(root, "Root").ok_or_else(|| damaged("it has no Root"))?;
    // The group around all others gives no tag.
    for top in root.children().filter(|node| node.has_tag_name("Group")) {
        reader.group(top, "", false)?;
    }
    if reader.n_without > 0 {
        reader.imported.notice(Notice::WithoutCodes(reader.n_without));
    }
    Ok(reader.imported)
}

struct Reader<'a> {
    values: &'a HashMap<NodeId, SecretText>,
    bin: Option<&'a str>,
    position: usize,
    n_without: usize,
    /// What all notes and tags may take together: an entry's are repeated with each of its codes.
    n_bytes_left: usize,
    imported: Imported,
}

impl Reader<'_> {
    /// The parser bounds the depth.
    fn group(&mut self, group: Node<'_, '_>, path: &str, is_in_bin: bool) -> Result<(), ImportError> {
        let is_in_bin = is_in_bin || self.bin.is_some_and(|bin| child_text(group, "UUID").trim() == bin);
        for node in group.children() {
            if node.has_tag_name("Entry") {
                self.entry(node, path, is_in_bin)?;
            } else if node.has_tag_name("Group") {
                let name = child_text(node, "Name").trim();
                let below = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                if below.len() > LONGEST_PATH {
                    return Err(ImportError::TooLarge);
                }
                self.group(node, &below, is_in_bin)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: Node<'_, '_>, path: &str, is_in_bin: bool) -> Result<(), ImportError> {
        self.position += 1;
        if self.position > MOST_ENTRIES {
            return Err(ImportError::TooLarge);
        }
        let mut fields = Fields { group: path.to_owned(), ..Fields::default() };
        for string in entry.children().filter(|node| node.has_tag_name("String")) {
            let name = child_text(string, "Key");
            let Some(value) = child(string, "Value") else { continue };
            let text =
                self.values.get(&value.id()).map_or_else(|| value.text(), |value| Some(value.expose()));
            let text = text.unwrap_or_default();
            match name {
                "Title" => text.clone_into(&mut fields.title),
                "UserName" => text.clone_into(&mut fields.user),
                "Notes" => text.clone_into(&mut fields.note),
                name if is_of_codes(name) => {
                    let value = SecretText::new(text.to_owned());
                    fields.codes.push(Field { name: name.to_owned(), value });
                }
                _ => {}
            }
        }
        if !fields.has_codes() {
            self.n_without += usize::from(!is_in_bin);
            return Ok(());
        }
        let tags = child_text(entry, "Tags").split([';', ',']).map(str::trim);
        fields.tags = tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        let is_drawn = child(entry, "CustomIconUUID").is_some();
        let size = fields.note.len()
            + fields.title.len()
            + fields.user.len()
            + path.len()
            + fields.tags.iter().map(String::len).sum::<usize>();
        let size = size.saturating_mul(fields.codes.len());
        self.n_bytes_left = self.n_bytes_left.checked_sub(size).ok_or(ImportError::TooLarge)?;
        for judged in fields.judged(&mut self.imported) {
            if is_in_bin {
                self.imported.leave_trashed();
                continue;
            }
            if is_drawn {
                self.imported.notice(Notice::Icons);
            }
            let title = account::title(fields.title.trim(), fields.user.trim());
            self.imported.take(self.position, title, judged);
        }
        Ok(())
    }
}
