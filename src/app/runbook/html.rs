//! A runbook for a printer: one document that loads nothing and runs nothing, with boxes that a pen can tick.

use super::markdown::title;
use super::page::{Item, MOST_TICKS, Part, Runbook, Step};
use super::typed::Typed;
use crate::app::time::day;
use crate::interchange::html::escaped;

/// A step with more boxes than these is longer than a page may be left empty for: it may be broken between them.
const LONG: usize = 14;
/// Columns of a command in its frame, on A4 and on US Letter.
const COLUMNS: usize = 74;

/// Margins hold for A4 and for US Letter. Browsers that know of them number the pages, so that whoever puts the paper
/// together sees that none is missing. Boxes and frames are lines, since browsers print no colours of grounds.
const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Lifeboat runbook</title>
<style>
@page{margin:15mm 16mm 17mm;@bottom-left{content:"MFA is never switched off as a temporary fix. This page is a map for an attacker: lock it away.";font:8pt Helvetica,Arial,'Liberation Sans',sans-serif}@bottom-right{content:"page " counter(page) " of " counter(pages);font:8pt Helvetica,Arial,'Liberation Sans',sans-serif}}
*{box-sizing:border-box;margin:0;padding:0}
html{background:#fff;color:#000}
body{max-width:178mm;margin:0 auto;padding:8mm 4mm;font:10.5pt/1.35 Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif;overflow-wrap:anywhere}
header{border-bottom:.7mm solid #000;padding-bottom:1.5mm;margin-bottom:3mm}
h1{font-size:17pt;line-height:1.2}
header p{font-size:9.5pt;margin-top:.8mm}
h2{font-size:12.5pt;margin:5.5mm 0 2mm;border-bottom:.25mm solid #000;padding-bottom:.6mm;break-after:avoid}
p{margin:1.2mm 0;orphans:3;widows:3}
.warns{border:.6mm solid #000;padding:1.6mm 3mm;margin:2mm 0;font-weight:bold;break-inside:avoid}
ul{padding-left:5mm;margin:1.2mm 0}
li{margin:.5mm 0;break-inside:avoid}
.step{display:grid;grid-template-columns:5mm 9mm 1fr;margin:2.6mm 0 3.4mm;break-inside:avoid}
.long{break-inside:auto}
.step>b{text-align:right;padding-right:2mm}
.step p:first-child{margin-top:0;break-after:avoid}
.step .note{font-size:9.5pt}
.box{width:4mm;height:4mm;border:.4mm solid #000;margin-top:.4mm;flex:none}
.ticks{list-style:none;padding:0;margin:1.4mm 0}
.ticks li{display:flex;gap:2mm;margin:1.1mm 0}
.ticks .box{width:3.4mm;height:3.4mm;margin-top:.5mm}
pre{font:9.5pt/1.4 'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace;border-left:.9mm solid #000;margin:1.4mm 0;padding:.3mm 0 .3mm 2.5mm;white-space:pre-wrap;break-inside:avoid;break-before:avoid}
.fill{display:grid;grid-template-columns:1fr 1fr;column-gap:5mm;break-inside:avoid;break-before:avoid}
.fill span{border-bottom:.25mm solid #000;height:8.5mm;padding-top:3.6mm;font-size:8.5pt}
.fill span:last-child:nth-child(odd){grid-column:1/3}
@media print{body{max-width:none;padding:0}}
</style>
</head>
<body>
"#;

pub(super) fn page(runbook: &Runbook) -> String {
    let made = day(runbook.made);
    let mut page = HEAD.to_owned();
    page.push_str(&format!(
        "<header><h1><bdi>{}</bdi></h1>\n<p>Runbook <bdi>{}</bdi>, filled in on {made} (UTC).</p></header>\n",
        escaped(&title(runbook)),
        escaped(&runbook.name)
    ));
    runbook.parts.iter().for_each(|part| self::part(&mut page, part));
    page.push_str("</body>\n</html>\n");
    page
}

fn part(page: &mut String, part: &Part) {
    page.push_str("<section>\n");
    if !part.heading.is_empty() {
        page.push_str(&format!("<h2><bdi>{}</bdi></h2>\n", escaped(&part.heading)));
    }
    for item in &part.items {
        match item {
            Item::Fill(fields) => fill(page, fields),
            Item::Lines(lines) => list(page, lines),
            Item::Says(text) => page.push_str(&format!("<p><bdi>{}</bdi></p>\n", escaped(text))),
            Item::Step(step) => self::step(page, step),
            Item::Types(commands) => types(page, commands),
            Item::Warns(text) => {
                page.push_str(&format!("<p class=\"warns\"><bdi>{}</bdi></p>\n", escaped(text)));
            }
        }
    }
    page.push_str("</section>\n");
}

fn step(page: &mut String, step: &Step) {
    debug_assert!(step.ticks.len() <= MOST_TICKS, "a step counts what it has no room for");
    let class = if step.ticks.len() + step.commands.len() > LONG { "step long" } else { "step" };
    page.push_str(&format!(
        "<div class=\"{class}\"><div class=\"box\"></div><b>{}.</b><div>\n<p><bdi>{}</bdi></p>\n",
        step.number,
        escaped(&step.text)
    ));
    for note in &step.notes {
        page.push_str(&format!("<p class=\"note\"><bdi>{}</bdi></p>\n", escaped(note)));
    }
    types(page, &step.commands);
    if !step.ticks.is_empty() {
        page.push_str("<ul class=\"ticks\">\n");
        for tick in &step.ticks {
            page.push_str(&format!(
                "<li><span class=\"box\"></span><span><bdi>{}</bdi></span></li>\n",
                escaped(tick)
            ));
        }
        page.push_str("</ul>\n");
    }
    fill(page, &step.fill);
    page.push_str("</div></div>\n");
}

fn types(page: &mut String, commands: &[Typed]) {
    for command in commands {
        page.push_str(&format!("<pre>{}</pre>\n", escaped(&command.lines(COLUMNS).join("\n"))));
    }
}

fn list(page: &mut String, lines: &[String]) {
    page.push_str("<ul>\n");
    for line in lines {
        page.push_str(&format!("<li><bdi>{}</bdi></li>\n", escaped(line)));
    }
    page.push_str("</ul>\n");
}

fn fill(page: &mut String, fields: &[String]) {
    if fields.is_empty() {
        return;
    }
    page.push_str("<div class=\"fill\">");
    for field in fields {
        page.push_str(&format!("<span>{}</span>", escaped(field)));
    }
    page.push_str("</div>\n");
}
