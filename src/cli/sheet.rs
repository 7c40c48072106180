//! Comma-separated values (RFC 4180) that a spreadsheet shows and does not carry out.

use crate::entry::label;

/// One row with its line end. Control characters and what else deceives is made visible, and a cell that a spreadsheet
/// would take for a formula gets an apostrophe before it.
pub(super) fn row<'a>(cells: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>) -> String {
    let mut line = cells.into_iter().map(|text| cell(text.as_ref())).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

fn cell(text: &str) -> String {
    let mut safe = label::escaped(text);
    // The wide ones are taken for the others where the text is Japanese.
    if safe.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) {
        safe.insert(0, '\'');
    }
    if safe.contains(['"', ',', ' ', '\'']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_never_carried_out() {
        assert_eq!(row(["plain", "", "a,b", "say \"hi\""]), "plain,,\"a,b\",\"say \"\"hi\"\"\"\r\n");
        for start in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{ff1d}1"] {
            assert_eq!(row([start]), format!("\"'{start}\"\r\n"), "{start}");
        }
        assert_eq!(row(["a\r\n=1", "\t=1"]), "a<U+000D><U+000A>=1,<U+0009>=1\r\n", "one row, one line");
    }
}
