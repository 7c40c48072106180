//! XML as a tree, of files that are no larger than what they are for.

use roxmltree::{Document, ParsingOptions};

use super::ImportError;
use super::json::damaged;

/// Most tags of a document, and so most nodes: of KeePass about twenty thousand entries with their old versions.
const MOST_TAGS: usize = 2_000_000;
/// Most equals signs, and so most attributes.
const MOST_ATTRIBUTES: usize = 1_000_000;

/// Parses a document. The parser takes memory for as many nodes and attributes as there are signs of them, many times
/// the text's own length, so that these are counted before.
///
/// # Errors
///
/// [`ImportError::TooLarge`], and [`ImportError::Damaged`] with the place.
pub(super) fn parse(text: &[u8]) -> Result<Document<'_>, ImportError> {
    #[expect(clippy::naive_bytecount, reason = "64 MiB take some hundredths of a second, and no crate more")]
    let n_of = |sign: u8| text.iter().filter(|byte| **byte == sign).count();
    if n_of(b'<') > MOST_TAGS || n_of(b'=') > MOST_ATTRIBUTES {
        return Err(ImportError::TooLarge);
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = std::str::from_utf8(text).map_err(|_| damaged("it is not text"))?;
    Document::parse_with_options(text, ParsingOptions::default()).map_err(|error| {
        let at = error.pos();
        ImportError::Damaged { at: format!("line {}, column {}", at.row, at.col) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_more_tags_or_attributes_than_a_person_has_is_refused_before_it_is_parsed() {
        let of = |what: &str, n: usize| parse(format!("<a>{}</a>", what.repeat(n)).as_bytes()).map(|_| ());
        assert_eq!(of("<b/>", MOST_TAGS + 1), Err(ImportError::TooLarge));
        assert_eq!(of("=", MOST_ATTRIBUTES + 1), Err(ImportError::TooLarge));
        assert_eq!(of("<b c=''/>", 1000), Ok(()));
        assert_eq!(of("<", 1), Err(ImportError::Damaged { at: "line 1, column 5".to_owned() }));
    }
}
