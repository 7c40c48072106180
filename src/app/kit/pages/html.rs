//! The instructions for a browser and a printer: one file that loads nothing and runs nothing.

use super::Part;
use crate::interchange::html::escaped;

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Emergency kit: start here</title>
<style>
@page { margin: 18mm 16mm; }
body { font: 11pt/1.4 sans-serif; color: #000; background: #fff; max-width: 42em; margin: 1.5em auto; padding: 0 1em; }
h1 { font-size: 1.7em; margin: 0 0 .3em; }
h2 { font-size: 1.2em; margin: 1.5em 0 .4em; border-bottom: 1px solid #000; break-after: avoid; }
p { margin: .5em 0; }
.warns { border: 2px solid #000; padding: .5em .8em; font-weight: bold; break-inside: avoid; }
.step { display: flex; gap: .8em; break-inside: avoid; }
.step b { flex: none; width: 1.6em; text-align: right; font-size: 1.1em; line-height: 1.3; }
pre { font: 10.5pt/1.5 monospace; border-left: 4px solid #000; margin: .5em 0 .9em 2.8em; padding: .1em .8em; white-space: pre-wrap; overflow-wrap: anywhere; break-before: avoid; break-inside: avoid; }
ul { list-style: none; padding-left: 1em; columns: 2; }
li, td { overflow-wrap: anywhere; }
td { vertical-align: top; padding: .15em .9em .15em 0; }
tr { break-inside: avoid; }
td:first-child { font-weight: bold; overflow-wrap: normal; }
.fill { display: flex; gap: .6em; margin: 1.3em 0; break-inside: avoid; }
.fill i { flex: 1; border-bottom: 1px solid #000; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
</style>
</head>
<body>
"#;

pub(super) fn page(parts: &[Part]) -> String {
    let mut page = HEAD.to_owned();
    for part in parts {
        page.push_str(&match part {
            Part::Title(title, below) => {
                format!("<h1>{}</h1>\n<p>{}</p>\n", escaped(title), escaped(below))
            }
            Part::Heading(heading) => format!("<h2>{}</h2>\n", escaped(heading)),
            Part::Says(text) => format!("<p>{}</p>\n", escaped(text)),
            Part::Warns(text) => format!("<p class=\"warns\">{}</p>\n", escaped(text)),
            Part::Step(number, text) => {
                format!("<p class=\"step\"><b>{number}.</b><span>{}</span></p>\n", escaped(text))
            }
            Part::Types(lines) => format!("<pre>{}</pre>\n", escaped(&lines.join("\n"))),
            Part::Lines(lines) => {
                let items: String =
                    lines.iter().map(|line| format!("<li>{}</li>\n", escaped(line))).collect();
                format!("<ul>\n{items}</ul>\n")
            }
            Part::Table(rows) => {
                let row = |(name, what): &(String, String)| {
                    format!("<tr><td>{}</td><td>{}</td></tr>\n", escaped(name), escaped(what))
                };
                format!("<table>\n{}</table>\n", rows.iter().map(row).collect::<String>())
            }
            Part::Fill(word) => format!("<p class=\"fill\">{} <i></i></p>\n", escaped(word)),
        });
    }
    page.push_str("</body>\n</html>\n");
    page
}
