//! The page as Markdown: readable as it is, and no name in it can become markup.

use super::{Block, Cell};

pub(super) fn page(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks.iter().map(block).collect();
    parts.join("\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(title, below) => format!("# {title}\n\n{}\n", escaped(below)),
        Block::Heading(heading) => format!("## {heading}\n"),
        Block::Says(text) => format!("{}\n", escaped(text)),
        Block::Verdict { attention, fine } => {
            let mut parts = Vec::new();
            for (heading, lines) in [("Needs attention", attention), ("In order", fine)] {
                if !lines.is_empty() {
                    parts.push(format!("**{heading}**\n\n{}", list(lines)));
                }
            }
            parts.join("\n")
        }
        Block::Facts(facts) => {
            let rows =
                facts.iter().map(|(name, value)| format!("| {} | {} |\n", escaped(name), escaped(value)));
            format!("| | |\n|---|---|\n{}", rows.collect::<String>())
        }
        Block::Table { headings, rows } => {
            let line = "|---".repeat(headings.len());
            let rows = rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(cell).collect();
                format!("| {} |\n", cells.join(" | "))
            });
            format!("| {} |\n{line}|\n{}", headings.join(" | "), rows.collect::<String>())
        }
        Block::List(lines) => list(lines),
        // Four spaces: nothing that stands in such a line can end the block.
        Block::Verbatim(lines) | Block::Types(lines) => {
            lines.iter().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect()
        }
    }
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| format!("- {}\n", escaped(line))).collect()
}

fn cell(cell: &Cell) -> String {
    let text = escaped(&cell.text);
    if cell.warns { format!("**{text}**") } else { text }
}

/// A text that no name and no label can turn into markup, wherever on a line it stands, with the escapes that every
/// reader of Markdown knows. An address is no link.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_markup = matches!(
            c,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!' | '$'
        );
        let begins = out.is_empty() && matches!(c, '#' | '+' | '-' | '=');
        let links = (c == ':' && chars.peek() == Some(&'/'))
            || (c == '.' && out.to_ascii_lowercase().ends_with("www"));
        // `7.` and `7)` at the start of a line begin a numbered list.
        let numbers = matches!(c, '.' | ')')
            && !out.is_empty()
            && out.bytes().all(|byte| byte.is_ascii_digit())
            && chars.peek().is_none_or(|next| next.is_whitespace());
        if is_markup || begins || links || numbers {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_markup() {
        for (name, written) in [
            ("AWS:root", "AWS:root"),
            ("ana@example.com", "ana@example.com"),
            ("a|b", "a\\|b"),
            ("a\\|b", "a\\\\\\|b"),
            ("`rm` *x* _y_ ~z~", "\\`rm\\` \\*x\\* \\_y\\_ \\~z\\~"),
            ("<script>&amp;", "\\<script\\>\\&amp;"),
            ("![x](y)", "\\!\\[x\\](y)"),
            ("# x", "\\# x"),
            ("- x", "\\- x"),
            ("12. x", "12\\. x"),
            ("1.5", "1.5"),
            ("https://x www.y", "https\\://x www\\.y"),
        ] {
            assert_eq!(escaped(name), written);
        }
    }

    #[test]
    fn a_table_has_as_many_cells_as_headings_whatever_is_in_them() {
        let rows = vec![vec![Cell::of("a | b\\"), Cell::warning("never")]];
        let table = Block::Table { headings: vec!["One", "Two"], rows };
        assert_eq!(block(&table), "| One | Two |\n|---|---|\n| a \\| b\\\\ | **never** |\n");
    }
}
