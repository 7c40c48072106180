//! The order of a table's columns, which stands nowhere but in the text of its `CREATE TABLE`.

use crate::interchange::ImportError;
use crate::interchange::json::damaged;

/// Longest text that is read.
const LONGEST: usize = 1 << 20;
/// Words that begin a condition of the whole table, and no column.
const CONDITIONS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// A piece of the text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// A name between quotes of one of the four kinds.
    Quoted(String),
    /// A letter that is neither in a word nor a space.
    Sign(char),
    /// A word or a number.
    Word(String),
}

/// The names of the columns that a row holds, in their order.
///
/// # Errors
///
/// [`ImportError::Damaged`] where the text is not understood, [`ImportError::Unsupported`] where the row may hold other
/// values than its columns say.
pub(super) fn columns(sql: &str) -> Result<Vec<String>, ImportError> {
    let bad = || damaged("the text of a table");
    let mut pieces = pieces(sql).ok_or_else(bad)?.into_iter();
    pieces.by_ref().find(|piece| *piece == Piece::Sign('(')).ok_or_else(bad)?;
    let mut columns = Vec::new();
    let (mut depth, mut is_first, mut is_condition) = (1_usize, true, false);
    for piece in pieces {
        let word = match &piece {
            Piece::Word(word) => word.to_ascii_uppercase(),
            Piece::Quoted(_) | Piece::Sign(_) => String::new(),
        };
        match piece {
            Piece::Sign('(') => depth += 1,
            Piece::Sign(')') => {
                depth -= 1;
                if depth == 0 {
                    return Ok(columns);
                }
            }
            Piece::Sign(',') if depth == 1 => is_first = true,
            Piece::Word(_) | Piece::Quoted(_) if depth == 1 && is_first => {
                is_first = false;
                is_condition = CONDITIONS.contains(&word.as_str());
                match piece {
                    Piece::Word(name) | Piece::Quoted(name) if !is_condition => columns.push(name),
                    Piece::Word(_) | Piece::Quoted(_) | Piece::Sign(_) => {}
                }
            }
            // Such a column may be computed and then is in no row.
            Piece::Word(_) if depth == 1 && !is_condition && matches!(word.as_str(), "AS" | "GENERATED") => {
                return Err(ImportError::Unsupported { what: "a table with generated columns".to_owned() });
            }
            Piece::Word(_) | Piece::Quoted(_) | Piece::Sign(_) => {}
        }
    }
    Err(bad())
}

fn pieces(sql: &str) -> Option<Vec<Piece>> {
    if sql.len() > LONGEST {
        return None;
    }
    let mut pieces = Vec::new();
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        let end = match letter {
            '"' | '\'' | '`' => letter,
            '[' => ']',
            '-' if letters.next_if_eq(&'-').is_some() => {
                letters.by_ref().find(|letter| *letter == '\n');
                continue;
            }
            '/' if letters.next_if_eq(&'*').is_some() => {
                let mut before = ' ';
                letters
                    .by_ref()
                    .find(|letter| std::mem::replace(&mut before, *letter) == '*' && *letter == '/')?;
                continue;
            }
            _ if letter.is_whitespace() => continue,
            _ if is_of_word(letter) => {
                let mut word = String::from(letter);
                while let Some(letter) = letters.next_if(|letter| is_of_word(*letter)) {
                    word.push(letter);
                }
                pieces.push(Piece::Word(word));
                continue;
            }
            _ => {
                pieces.push(Piece::Sign(letter));
                continue;
            }
        };
        let mut name = String::new();
        loop {
            let letter = letters.next()?;
            // A quote that is doubled is a part of the name.
            if letter != end {
                name.push(letter);
            } else if end != ']' && letters.next_if_eq(&end).is_some() {
                name.push(end);
            } else {
                break;
            }
        }
        pieces.push(Piece::Quoted(name));
    }
    Some(pieces)
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_found_however_the_text_is_written() {
        for (sql, names) in [
            ("CREATE TABLE a(b, c)", &["b", "c"][..]),
            (
                "CREATE TABLE IF NOT EXISTS `x y` (`_id` INTEGER PRIMARY KEY AUTOINCREMENT, \"a\"\"b\" varchar(32), [c d] TEXT DEFAULT ',(', é)",
                &["_id", "a\"b", "c d", "é"],
            ),
            (
                "create table t (a -- one, two\n, /* three, */ b DECIMAL(10, 2) CHECK (b IN (1, 2)), primary key (a, b), CONSTRAINT c UNIQUE(b), foreign key (a) references u(v))",
                &["a", "b"],
            ),
            ("CREATE TABLE \"a(\" (\"primary\" TEXT, b)", &["primary", "b"]),
        ] {
            assert_eq!(columns(sql).unwrap(), names, "{sql}");
        }
    }

    #[test]
    fn a_table_with_generated_columns_is_refused_because_its_rows_have_less() {
        for column in ["b INT GENERATED ALWAYS AS (a + 1) STORED", "b AS (a)"] {
            let error = columns(&format!("CREATE TABLE t(a, {column}, c)")).unwrap_err();
            assert!(matches!(error, ImportError::Unsupported { .. }), "{column}");
        }
    }

    #[test]
    fn a_text_that_does_not_end_is_damage() {
        for sql in
            ["", "CREATE TABLE t", "CREATE TABLE t(a", "CREATE TABLE t(a, \"b)", "CREATE TABLE t(a /* )"]
        {
            assert!(matches!(columns(sql), Err(ImportError::Damaged { .. })), "{sql}");
        }
    }
}
