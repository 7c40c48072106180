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
        self.among(0..self.rows.len(), query)
    }

    /// As [`Index::matches`], looking only at what fitted `before` where the new query asks for more.
    ///
    /// `found` must be what `before` gave.
    pub fn narrow(&self, before: &str, found: &[usize], query: &str) -> Vec<usize> {
        if !asks_for_more(before, query) {
            return self.matches(query);
        }
        let mut places = found.to_vec();
        // The list's own order, which decides between equals.
        places.sort_unstable();
        self.among(places.into_iter(), query)
    }

    fn among(&self, places: impl Iterator<Item = usize>, query: &str) -> Vec<usize> {
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
        let rows =
            places.filter_map(|place| Some((place, self.rows.get(place)?))).filter(|(_, row)| has_tags(row));
        if words.is_empty() {
            return rows.map(|(place, _)| place).collect();
        }
        let pattern = Pattern::parse(&words, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut found: Vec<(u32, usize)> = rows
            .filter_map(|(place, row)| Some((pattern.score(row.name.slice(..), &mut matcher)?, place)))
            .collect();
        // Equal scores keep the list's order.
        found.sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
        found.into_iter().map(|(_, place)| place).collect()
    }
}

/// Tells whether everything that fits `query` fits `before` too: letters were added at its end, and
/// none of fzf's signs, whose meaning such letters can change (`!a` fits less than `!ab`).
fn asks_for_more(before: &str, query: &str) -> bool {
    query.starts_with(before) && !query.contains(['!', '$', '^', '\'', '\\'])
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
    fn a_letter_taken_back_widens_the_search_again() {
        let found = index().matches("lab");
        assert_eq!(found, [1]);
        assert_eq!(index().narrow("lab", &found, "la"), index().matches("la"));
        assert_eq!(index().narrow("lab", &found, ""), [0, 1, 2]);
        assert_eq!(index().narrow("git", &[0, 1], "git !lab"), [0]);
    }

    #[test]
    fn a_tag_narrows_and_nothing_may_be_left() {
        assert_eq!(index().matches("#work"), [0, 2]);
        assert_eq!(index().matches("#work root"), [2]);
        assert!(index().matches("bank").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn typing_on_finds_what_typing_at_once_finds(
            names in proptest::collection::vec("[a-cä #]{0,6}", 0..12),
            query in "[a-cä#!^$' \\\\]{0,6}",
        ) {
            let tags: Vec<Vec<String>> = names.iter().map(|name| vec![name.trim().to_owned()]).collect();
            let index =
                Index::new(names.iter().zip(&tags).map(|(name, tags)| (name.as_str(), "b", tags.as_slice())));
            let mut typed = String::new();
            let mut found = index.matches("");
            for c in query.chars() {
                let before = typed.clone();
                typed.push(c);
                found = index.narrow(&before, &found, &typed);
                proptest::prop_assert_eq!(&found, &index.matches(&typed), "{:?}", typed);
            }
        }
    }
}
