//! Ranking of entries while somebody types: fzf's syntax, and `#tag`.
//!
//! Pure, and prepared once for a vault, so that a keystroke costs a scan and no more.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};

/// The names of a vault's entries, prepared for searching.
#[derive(Debug, Default)]
pub struct Index {
    rows: Vec<Prepared>,
}

#[derive(Debug)]
struct Prepared {
    name: Utf32String,
    tags: Vec<String>,
}

impl Index {
    /// Prepares issuer, account and tags of each entry, in their order.
    pub fn new<'a>(entries: impl Iterator<Item = (&'a str, &'a str, &'a [String])>) -> Self {
        let rows = entries
            .map(|(issuer, account, tags)| Prepared {
                name: Utf32String::from(format!("{issuer} {account}")),
                tags: tags.iter().map(|tag| tag.to_lowercase()).collect(),
            })
            .collect();
        Self { rows }
    }

    /// The places of the entries that fit a query, best first; all of them for an empty one.
    ///
    /// Words that start with `#` are tags, which must begin so; the others follow fzf: fuzzy, `'exact`,
    /// `^start`, `end$`, `!not`.
    pub fn matches(&self, query: &str) -> Vec<usize> {
        let (tags, words): (Vec<&str>, Vec<&str>) =
            query.split_whitespace().partition(|word| word.starts_with('#'));
        let tags: Vec<String> = tags
            .iter()
            .map(|tag| tag.trim_start_matches('#').to_lowercase())
            .filter(|tag| !tag.is_empty())
            .collect();
        let has_tags =
            |row: &Prepared| tags.iter().all(|tag| row.tags.iter().any(|own| own.starts_with(tag)));
        let words = words.join(" ");
        if words.is_empty() {
            return self
                .rows
                .iter()
                .enumerate()
                .filter(|(_, row)| has_tags(row))
                .map(|(place, _)| place)
                .collect();
        }
        let pattern = Pattern::parse(&words, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut found: Vec<(u32, usize)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| has_tags(row))
            .filter_map(|(place, row)| Some((pattern.score(row.name.slice(..), &mut matcher)?, place)))
            .collect();
        // Equal scores keep the list's order.
        found.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
        found.into_iter().map(|(_, place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let tags = [vec!["work".to_owned()], vec![], vec!["Work".to_owned(), "root".to_owned()]];
        let names = [("GitHub", "ana"), ("GitLab", "root"), ("Hypervisor", "root")];
        Index::new(
            names.iter().zip(&tags).map(|((issuer, account), tags)| (*issuer, *account, tags.as_slice())),
        )
    }

    #[test]
    fn an_empty_query_keeps_all_in_order() {
        assert_eq!(index().matches("  "), [0, 1, 2]);
    }

    #[test]
    fn letters_in_order_are_enough_and_the_best_comes_first() {
        assert_eq!(index().matches("gthb"), [0]);
        assert_eq!(index().matches("root").len(), 2);
        assert_eq!(index().matches("^git"), [0, 1]);
        assert_eq!(index().matches("git !lab"), [0]);
    }

    #[test]
    fn a_tag_narrows_and_nothing_may_be_left() {
        assert_eq!(index().matches("#work"), [0, 2]);
        assert_eq!(index().matches("#work root"), [2]);
        assert!(index().matches("bank").is_empty());
    }
}
