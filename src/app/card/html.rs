//! The card as one document of HTML: no script, nothing fetched, the QR code drawn in it.

use super::content::{self, Item, Section};
use super::{Card, ROW};
use crate::interchange::html::escaped;
use crate::interchange::qr_draw;
use crate::secret::SecretText;

/// Bytes of a page with the longest names; the buffer never moves.
const ROOM: usize = 64 << 10;

/// The last of the facts is the key, which is compared letter by letter. Heights are such that the page is shorter than A4 and than US Letter. Without a margin of the page browsers print no
/// address and no date on it.
const STYLE: &str = "\
@page{margin:0}
*{box-sizing:border-box;margin:0;padding:0}
html{background:#fff;color:#000}
body{max-width:210mm;margin:0 auto;padding:8mm 14mm 6mm;font:10.5pt/1.25 Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif}
header{display:flex;justify-content:space-between;align-items:baseline;border-bottom:.7mm solid #000;padding-bottom:1mm;margin-bottom:2mm}
h1{font-size:18pt}
header p{font-size:15pt;font-weight:bold}
h2{font-size:11.5pt;margin:2.1mm 0 .4mm}
dl{margin-top:2.4mm;display:grid;grid-template-columns:27mm 1fr;row-gap:.3mm}
dt{font-weight:bold}
dd{overflow-wrap:anywhere}
dd:last-child{font-family:'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace}
p{overflow-wrap:anywhere}
ol,ul{padding-left:6mm}
li{padding-left:1mm}
code{display:block;font:bold 12pt/1.3 'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace;margin:.4mm 0 .4mm 2mm}
.fill{display:flex;gap:6mm}
.fill span{flex:1;border-bottom:.3mm solid #000;height:7mm;padding-top:2.8mm;font-size:9pt}
.fold{display:flex;align-items:center;gap:3mm;margin:3mm -14mm 3mm;font-size:9pt}
.fold:before,.fold:after{content:'';flex:1;border-top:.3mm dashed #000}
.secret{display:flex;justify-content:space-between;align-items:center;gap:4mm;break-inside:avoid}
.secret svg{flex:none;width:46mm;height:46mm}
.words{flex:1;display:grid;grid-template-columns:repeat(5,1fr);row-gap:3.6mm}
.words span{font:bold 12.5pt/1.2 'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace;white-space:nowrap}
.words small{display:block;font:8.5pt/1.1 Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif}
";

pub(super) fn page(card: &Card<'_>) -> SecretText {
    let mut page = SecretText::with_capacity(ROOM);
    let out = page.expose_mut();
    let (title, subtitle) = (content::title(), escaped(&content::subtitle(card)));
    out.push_str(&format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1><p>{subtitle}</p></header>\n"
    ));
    for section in &content::outside(card) {
        write(out, section);
    }
    out.push_str("<dl>\n");
    for (name, value) in content::facts(card) {
        out.push_str(&format!("<dt>{name}</dt><dd><bdi>{}</bdi></dd>\n", escaped(&value)));
    }
    out.push_str("</dl>\n");
    for section in &content::inside(card) {
        write(out, section);
    }
    out.push_str(
        "<div class=\"fold\">fold here, so that the words are inside</div>\n<div class=\"secret\">\n",
    );
    out.push_str("<div class=\"words\">\n");
    let words = card.share.words();
    for (word, place) in words.expose().split(' ').zip(1..) {
        let end = if place % ROW == 0 { "\n" } else { "" };
        out.push_str(&format!("<span><small>{place}</small>{word}</span>{end}"));
    }
    out.push_str("</div>\n");
    draw(out, card);
    out.push_str("</div>\n</body>\n</html>\n");
    page
}

/// The QR code. Twenty words always have room in one.
fn draw(out: &mut String, card: &Card<'_>) {
    let Ok(modules) = qr_draw::printed(&card.qr_text()) else { return };
    qr_draw::svg(out, &modules, "role=\"img\" aria-label=\"The words as a QR code\"");
    out.push('\n');
}

fn write(out: &mut String, section: &Section) {
    out.push_str(&format!("<section>\n<h2>{}</h2>\n", escaped(&section.heading)));
    let mut list = None;
    for item in &section.items {
        let wanted = match item {
            Item::Never(_) => Some("ul"),
            Item::Step(_) => Some("ol"),
            // A command stands below the step that it belongs to.
            Item::Command(_) => list,
            Item::Fill(_) | Item::Text(_) => None,
        };
        if wanted != list {
            out.push_str(&list.map(|list| format!("</{list}>\n")).unwrap_or_default());
            out.push_str(&wanted.map(|list| format!("<{list}>\n")).unwrap_or_default());
            list = wanted;
        }
        match item {
            Item::Command(command) if list.is_some() => {
                // Inside of the item before it.
                if out.ends_with("</li>\n") {
                    out.truncate(out.len() - "</li>\n".len());
                }
                out.push_str(&format!("<code>{}</code></li>\n", escaped(command)));
            }
            Item::Command(command) => out.push_str(&format!("<code>{}</code>\n", escaped(command))),
            Item::Fill(fields) => {
                out.push_str("<p class=\"fill\">");
                fields.iter().for_each(|field| out.push_str(&format!("<span>{field}</span>")));
                out.push_str("</p>\n");
            }
            Item::Never(text) | Item::Step(text) => out.push_str(&format!("<li>{}</li>\n", escaped(text))),
            Item::Text(text) => out.push_str(&format!("<p><bdi>{}</bdi></p>\n", escaped(text))),
        }
    }
    out.push_str(&list.map(|list| format!("</{list}>\n")).unwrap_or_default());
    out.push_str("</section>\n");
}
