//! The page as one document of HTML: no script, nothing from elsewhere, for a desk, a telephone and a printer.

use super::{Block, Cell};
use crate::interchange::html::escaped;

/// Below 40em a table's row becomes a card, in which its heading stands before each cell. Paper is white whatever the
/// screen is.
const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Recovery evidence</title>
<style>
@page { size: A4; margin: 15mm 13mm; }
:root { --ink: #1b1d21; --soft: #5a606b; --line: #d4d8de; --ground: #fff; --tint: #f4f6f8; --warn: #a3230f; --warn-ground: #fdf1ee; --fine: #1f6b3a; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; color: var(--ink); background: var(--ground); max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .35rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); break-after: avoid; }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
p.below { color: var(--soft); }
ul { margin: .4rem 0; padding-left: 1.25rem; }
li { margin: .2rem 0; max-width: 46rem; overflow-wrap: anywhere; break-inside: avoid; }
.verdict { display: grid; gap: .75rem; margin: 1.25rem 0; }
.verdict div { border: 1px solid var(--line); border-left: .35rem solid var(--fine); border-radius: .3rem; padding: .6rem 1rem; break-inside: avoid; }
.verdict div.warns { border-left-color: var(--warn); background: var(--warn-ground); }
.verdict b { color: var(--fine); }
.verdict .warns b, b.warns { color: var(--warn); }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; font-size: .9rem; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
th { text-align: left; vertical-align: bottom; font-weight: 600; color: var(--soft); border-bottom: 2px solid var(--line); padding: .3rem .8rem .3rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; overflow-wrap: break-word; }
td.long { overflow-wrap: anywhere; }
i { font-style: normal; white-space: nowrap; }
tr { break-inside: avoid; }
table.facts { width: auto; }
table.facts td { overflow-wrap: anywhere; }
table.facts th { border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; padding-top: .35rem; }
pre { font: .85rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--tint); border-radius: .3rem; margin: .6rem 0; padding: .7rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }
@media screen and (prefers-color-scheme: dark) {
:root { --ink: #e4e6ea; --soft: #a0a7b3; --line: #3a3f48; --ground: #16181c; --tint: #21242a; --warn: #ff9d8a; --warn-ground: #2b1d1a; --fine: #7fd39b; }
}
@media screen and (max-width: 40em) {
body { padding: 1rem .9rem 2rem; }
h1 { font-size: 1.45rem; }
table.rows thead { display: none; }
table.rows, table.rows tbody, table.rows tr, table.rows td { display: block; }
table.rows tr { border: 1px solid var(--line); border-radius: .3rem; padding: .35rem .75rem; margin: 0 0 .6rem; }
table.rows td { border: 0; padding: .15rem 0; }
table.rows td::before { content: attr(data-of) ": "; color: var(--soft); }
table.facts, table.facts tbody, table.facts tr, table.facts th, table.facts td { display: block; }
table.facts th { border: 0; padding: .4rem 0 0; }
table.facts td { padding: 0 0 .4rem; }
}
@media print {
html { font-size: 9.5pt; }
body { font-size: 1rem; max-width: none; margin: 0; padding: 0; }
h2 { margin-top: 1.6rem; }
.verdict div.warns, pre { background: none; }
pre { border: 1px solid var(--line); }
}
</style>
</head>
<body>
"#;

/// A word that a narrow column of a printed table has room for; a longer one may be broken anywhere.
const LONGEST_WHOLE_WORD: usize = 14;

pub(super) fn page(blocks: &[Block]) -> String {
    let mut page = HEAD.to_owned();
    for block in blocks {
        write(&mut page, block);
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn write(page: &mut String, block: &Block) {
    match block {
        Block::Title(title, below) => {
            page.push_str(&format!(
                "<h1>{}</h1>\n<p class=\"below\">{}</p>\n",
                escaped(title),
                with_dates(below)
            ));
        }
        Block::Heading(heading) => page.push_str(&format!("<h2>{}</h2>\n", escaped(heading))),
        Block::Says(text) => page.push_str(&format!("<p>{}</p>\n", escaped(text))),
        Block::Verdict { attention, fine } => {
            page.push_str("<section class=\"verdict\">\n");
            for (class, heading, lines) in
                [("warns", "Needs attention", attention), ("fine", "In order", fine)]
            {
                if !lines.is_empty() {
                    page.push_str(&format!("<div class=\"{class}\"><b>{heading}</b>\n"));
                    list(page, lines);
                    page.push_str("</div>\n");
                }
            }
            page.push_str("</section>\n");
        }
        Block::Facts(facts) => {
            page.push_str("<table class=\"facts\">\n<tbody>\n");
            for (name, value) in facts {
                page.push_str(&format!(
                    "<tr><th>{}</th><td>{}</td></tr>\n",
                    escaped(name),
                    with_dates(value)
                ));
            }
            page.push_str("</tbody>\n</table>\n");
        }
        Block::Table { headings, rows } => table(page, headings, rows),
        Block::List(lines) => list(page, lines),
        Block::Verbatim(lines) | Block::Types(lines) => {
            page.push_str(&format!("<pre>{}</pre>\n", escaped(&lines.join("\n"))));
        }
    }
}

/// A text in which no date is broken at its hyphens.
fn with_dates(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| if is_date(word) { format!("<i>{}</i>", escaped(word)) } else { escaped(word) })
        .collect();
    words.join(" ")
}

/// `2027-01-15`, with whatever follows it.
fn is_date(word: &str) -> bool {
    let fits =
        |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    word.len() >= 10 && word.len() <= 12 && word.bytes().take(10).enumerate().all(fits)
}

fn list(page: &mut String, lines: &[String]) {
    page.push_str("<ul>\n");
    for line in lines {
        page.push_str(&format!("<li>{}</li>\n", with_dates(line)));
    }
    page.push_str("</ul>\n");
}

fn table(page: &mut String, headings: &[&str], rows: &[Vec<Cell>]) {
    page.push_str("<table class=\"rows\">\n<thead>\n<tr>");
    for heading in headings {
        page.push_str(&format!("<th>{}</th>", escaped(heading)));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (heading, cell) in headings.iter().zip(row) {
            let text = with_dates(&cell.text);
            let text = if cell.warns { format!("<b class=\"warns\">{text}</b>") } else { text };
            let is_long = cell.text.split(' ').any(|word| word.chars().count() > LONGEST_WHOLE_WORD);
            let class = if is_long { " class=\"long\"" } else { "" };
            page.push_str(&format!("<td{class} data-of=\"{}\">{text}</td>", escaped(heading)));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}
