//! Which entry a query names: its id, else an exact name, else a unique part of one (cli.md's rule).

use crate::entry::{Entry, EntryId};

/// Says that a query does not name exactly one entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// Nothing fits.
    #[error("no entry fits")]
    None,
    /// Several fit; their ids, in the vault's order.
    #[error("{} entries fit", .0.len())]
    Several(Vec<EntryId>),
}

/// Finds the one entry that a query names.
///
/// An id wins, then an exact case-insensitive `issuer:account`, `issuer` or `account`, then a
/// case-insensitive part of `issuer:account`.
///
/// # Errors
///
/// [`FindError`] when none or several fit; an empty query fits nothing.
pub fn find<'a>(
    entries: impl Iterator<Item = &'a Entry> + Clone,
    query: &str,
) -> Result<&'a Entry, FindError> {
    let query = query.trim();
    if query.is_empty() {
        return Err(FindError::None);
    }
    if let Some(id) = EntryId::parse(query)
        && let Some(entry) = entries.clone().find(|entry| entry.id == id)
    {
        return Ok(entry);
    }
    let needle = Needle::new(query);
    for fits in [Needle::names_exactly, Needle::is_part_of] {
        let found: Vec<&Entry> = entries.clone().filter(|entry| fits(&needle, entry)).collect();
        match found.as_slice() {
            [] => {}
            [entry] => return Ok(entry),
            several => return Err(FindError::Several(several.iter().map(|entry| entry.id).collect())),
        }
    }
    Err(FindError::None)
}

/// All entries whose `issuer:account` contains the query; all of them for an empty one.
pub fn matching<'a, I: Iterator<Item = &'a Entry>>(
    entries: I,
    query: &str,
) -> impl Iterator<Item = &'a Entry> {
    let needle = Needle::new(query.trim());
    let id = EntryId::parse(query.trim());
    entries.filter(move |entry| needle.is_part_of(entry) || id == Some(entry.id))
}

/// A query, lowered once. Names that are ASCII, nearly all of them, are compared without a copy.
struct Needle {
    lowered: String,
}

impl Needle {
    fn new(query: &str) -> Self {
        Self { lowered: query.to_lowercase() }
    }

    fn names_exactly(&self, entry: &Entry) -> bool {
        let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
        if self.is(issuer) || self.is(account) {
            return true;
        }
        self.lowered.contains(':') && self.is(&format!("{issuer}:{account}"))
    }

    fn is(&self, name: &str) -> bool {
        if name.is_empty() {
            false
        } else if name.is_ascii() {
            name.eq_ignore_ascii_case(&self.lowered)
        } else {
            name.to_lowercase() == self.lowered
        }
    }

    fn is_part_of(&self, entry: &Entry) -> bool {
        let (issuer, account) = (entry.issuer.raw(), entry.account.raw());
        if self.lowered.is_empty() || self.is_in(issuer) || self.is_in(account) {
            return true;
        }
        // Only a query with a colon can lie across both.
        self.lowered.contains(':') && self.is_in(&format!("{issuer}:{account}"))
    }

    fn is_in(&self, name: &str) -> bool {
        if !name.is_ascii() {
            return name.to_lowercase().contains(&self.lowered);
        }
        let needle = self.lowered.as_bytes();
        name.as_bytes().windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{EntryDraft, Label};
    use crate::otp::{Otp, Seed};

    fn entries(names: &[(&str, &str)]) -> Vec<Entry> {
        names
            .iter()
            .enumerate()
            .map(|(idx, (issuer, account))| {
                let seed = Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap();
                let draft = EntryDraft::new(Label::new(*issuer), Label::new(*account), seed, Otp::COMMON);
                Entry::from_draft(draft, EntryId::from_bytes([u8::try_from(idx).unwrap(); 16]), 0)
            })
            .collect()
    }

    fn found(entries: &[Entry], query: &str) -> Result<String, FindError> {
        find(entries.iter(), query).map(Entry::title)
    }

    #[test]
    fn an_exact_name_wins_over_a_part() {
        let entries = entries(&[("Git", "ana"), ("GitHub", "ana@work"), ("GitLab", "root")]);
        assert_eq!(found(&entries, "git").unwrap(), "Git:ana");
        assert_eq!(found(&entries, "github:ANA@work").unwrap(), "GitHub:ana@work");
        assert_eq!(found(&entries, "lab").unwrap(), "GitLab:root");
    }

    #[test]
    fn none_and_several_are_told_apart() {
        let entries = entries(&[("GitHub", "ana"), ("GitLab", "ana")]);
        assert_eq!(found(&entries, "bank").unwrap_err(), FindError::None);
        assert_eq!(found(&entries, "").unwrap_err(), FindError::None);
        assert!(matches!(found(&entries, "git").unwrap_err(), FindError::Several(ids) if ids.len() == 2));
        assert!(matches!(found(&entries, "ana").unwrap_err(), FindError::Several(ids) if ids.len() == 2));
    }

    #[test]
    fn letters_beyond_ascii_are_found_in_either_case() {
        let entries = entries(&[("Zürich", "ana"), ("Zürcher Bank", "ÉMILE"), ("", "root")]);
        assert_eq!(found(&entries, "ZÜRICH").unwrap(), "Zürich:ana");
        assert_eq!(found(&entries, "ÜRC").unwrap(), "Zürcher Bank:ÉMILE");
        assert_eq!(found(&entries, "bank:ém").unwrap(), "Zürcher Bank:ÉMILE");
        assert!(matches!(found(&entries, "zür").unwrap_err(), FindError::Several(ids) if ids.len() == 2));
    }

    #[test]
    fn a_query_with_a_colon_lies_across_both_names_or_fits_nothing() {
        let entries = entries(&[("GitHub", "ana"), ("GitLab", "root"), ("a:b", "c")]);
        assert_eq!(found(&entries, "hub:an").unwrap(), "GitHub:ana");
        assert_eq!(found(&entries, "hub:root").unwrap_err(), FindError::None);
        assert_eq!(found(&entries, "github:ana").unwrap(), "GitHub:ana");
        assert_eq!(found(&entries, "a:b:c").unwrap(), "a:b:c");
        assert_eq!(found(&entries, "githubana").unwrap_err(), FindError::None);
    }

    #[test]
    fn all_that_contain_a_query_are_listed_in_their_order() {
        let entries = entries(&[("GitHub", "ana"), ("GitLab", "root"), ("Bank", "Anatol")]);
        let listed = |query: &str| -> Vec<String> {
            matching(entries.iter(), query).map(|entry| entry.issuer.raw().to_owned()).collect()
        };
        assert_eq!(listed(" ana "), ["GitHub", "Bank"]);
        assert_eq!(listed("git"), ["GitHub", "GitLab"]);
        assert_eq!(listed(""), ["GitHub", "GitLab", "Bank"]);
        assert_eq!(listed(&entries[1].id.to_string()), ["GitLab"]);
        assert!(listed("zoo").is_empty());
    }

    #[test]
    fn an_id_names_its_entry_whatever_the_names_are() {
        let entries = entries(&[("A", "x"), ("B", "x")]);
        assert_eq!(found(&entries, &entries[1].id.to_string()).unwrap(), "B:x");
    }
}
