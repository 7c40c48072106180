//! A page for a printer: a QR code for each entry, and its seed to be typed where no camera is.
//!
//! One document without a script, a font or a picture from elsewhere. Each entry's URI stands in it as text too, which
//! the printer leaves out: a page that was kept as a file can be read by whatever reads such pages.

use data_encoding::BASE32_NOPAD;

use super::html::escaped;
use super::registry::{Export, Format, Trait};
use super::written::each_refused;
use super::{ExportError, otpauth, qr_draw};
use crate::entry::{Entry, Label};
use crate::otp::Otp;
use crate::secret::{SecretBytes, SecretText};

/// The format. It is a page for a printer, and written only.
pub const FORMAT: Format = Format {
    id: "qr-html",
    name: "page of QR codes to print",
    help: "a page for a printer with a QR code for each entry, to be scanned by any authenticator",
    import: None,
    export: Some(Export {
        ending: "html",
        encrypts: false,
        keeps: &[Trait::Tags, Trait::FurtherTags, Trait::UriParameters],
        changes: &[],
        refuses: |entries| each_refused(entries, refuses_one),
        write: |entries, _, _, day| page(entries, day),
    }),
};

/// Millimetres of a module on paper, as far as the code stays this large; a telephone reads less.
const MODULE: f32 = 0.55;
/// Millimetres of the smallest code.
const SMALLEST: f32 = 38.0;
/// Light modules of the border on both sides.
const BORDERS: u16 = 8;
/// Bytes that the longest drawing of a run of modules takes: `M181 181h181v1h-181z`.
const RUN: usize = 22;
/// Bytes of an entry's markup around its texts.
const MARKUP: usize = 1_024;

/// Numbers of pages are said by browsers that know of them (`@bottom-right`): whoever puts the paper together sees that
/// none is missing. The ground of the warning is a frame, since browsers print no colours of grounds.
const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Seeds of one-time codes</title>
<style>
@page{size:A4;margin:13mm 14mm 15mm;@bottom-left{content:"Seeds of one-time codes: keep locked away";font:8.5pt Helvetica,Arial,'Liberation Sans',sans-serif}@bottom-right{content:"page " counter(page) " of " counter(pages);font:8.5pt Helvetica,Arial,'Liberation Sans',sans-serif}}
*{box-sizing:border-box;margin:0;padding:0}
html{background:#fff;color:#000}
body{max-width:182mm;margin:0 auto;padding:6mm 0;font:10.5pt/1.35 Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif}
h1{font-size:18pt;line-height:1.2}
header p{margin-top:1.2mm}
.warning{border:.7mm solid #000;padding:2.5mm 4mm;margin:3mm 0 4mm}
.warning p{margin-top:1mm}
section{display:grid;grid-template-columns:minmax(48mm,max-content) 1fr;gap:5mm;align-items:start;border-top:.3mm solid #000;padding:3mm 0;break-inside:avoid}
section div{min-width:0;padding-top:1.5mm;overflow-wrap:anywhere}
h2{font-size:12.5pt;line-height:1.25;margin-bottom:1.2mm}
p+p{margin-top:1.2mm}
.seed{font:bold 11.5pt/1.4 'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace}
code{display:block;margin-top:1.2mm;font-size:7.5pt;color:#555;overflow-wrap:anywhere}
@media print{body{padding:0;max-width:none}code{display:none}}
</style>
</head>
<body>
"#;

fn refuses_one(entry: &Entry) -> Option<&'static str> {
    let uri = otpauth::write_entry(entry)?;
    qr_draw::on_page(&uri).is_err().then_some("its names are too long for a QR code")
}

/// The page. Sealed entries are left out.
fn page(entries: &[&Entry], day: &str) -> Result<SecretBytes, ExportError> {
    let blocks: Vec<SecretText> =
        entries.iter().filter_map(|entry| block(entry).transpose()).collect::<Result<_, _>>()?;
    let heading = heading(blocks.len(), day);
    let length = HEAD.len() + heading.len() + blocks.iter().map(SecretText::len).sum::<usize>() + FOOT.len();
    let mut page = SecretBytes::with_capacity(length);
    let texts = [HEAD, &heading].into_iter().chain(blocks.iter().map(SecretText::expose)).chain([FOOT]);
    texts.for_each(|text| page.expose_mut().extend_from_slice(text.as_bytes()));
    Ok(page)
}

const FOOT: &str = "</body>\n</html>\n";

fn heading(n: usize, day: &str) -> String {
    let entries = if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") };
    format!(
        "<header>\n<h1>Seeds of one-time codes</h1>\n<p>{entries}, written by Lifeboat on {day} (UTC).</p>\n\
         <div class=\"warning\"><b>This paper makes every code on it, for as long as the accounts have these seeds.</b>\n\
         <p>Whoever reads, copies or photographs it can do so too. Print it on a printer that keeps nothing, and fetch \
         it at once. Lock it away, apart from the passwords. Delete the file that it was printed from.</p>\n\
         <p>When it is no longer needed, or a newer one takes its place: burn or shred it. If it was lost or seen: \
         set every account on it up anew.</p></div>\n</header>\n"
    )
}

fn block(entry: &Entry) -> Result<Option<SecretText>, ExportError> {
    let (Some(uri), Some(seed)) = (otpauth::write_entry(entry), entry.seed()) else { return Ok(None) };
    // Too long a text was refused before.
    let modules = qr_draw::on_page(&uri).map_err(|_| ExportError::Cipher)?;
    let symbols = SecretText::new(BASE32_NOPAD.encode(seed.bytes().expose()));
    let (title, tags) = (escaped(&entry.title()), tags(&entry.tags));
    let n_runs: usize = modules.iter().map(|row| row.len().div_ceil(2)).sum();
    let room = MARKUP + title.len() + tags.len() + 2 * symbols.len() + 6 * uri.len() + n_runs * RUN;
    let mut block = SecretText::with_capacity(room);
    let out = block.expose_mut();
    let side = u16::try_from(modules.len()).unwrap_or(u16::MAX).saturating_add(BORDERS);
    let size = (f32::from(side) * MODULE).max(SMALLEST);
    out.push_str("<section>\n");
    qr_draw::svg(
        out,
        &modules,
        &format!("width=\"{size:.1}mm\" height=\"{size:.1}mm\" role=\"img\" aria-label=\"QR code\""),
    );
    out.push_str(&format!(
        "\n<div>\n<h2><bdi>{title}</bdi></h2>\n<p>{}</p>\n<p class=\"seed\">",
        codes(entry.otp)
    ));
    for (c, idx) in symbols.expose().chars().zip(0..) {
        if idx > 0 && idx % 4 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out.push_str("</p>\n");
    out.push_str(&tags);
    out.push_str("<code>");
    // What is percent-encoded holds nothing else that means something here.
    for part in uri.expose().split_inclusive('&') {
        out.push_str(part.strip_suffix('&').unwrap_or(part));
        out.push_str(if part.ends_with('&') { "&amp;" } else { "" });
    }
    out.push_str("</code>\n</div>\n</section>\n");
    Ok(Some(block))
}

/// How the codes are made, for whoever types it by hand.
fn codes(otp: Otp) -> String {
    let (algorithm, digits) = (otp.algorithm(), otp.digits());
    match otp {
        Otp::Hotp { counter, .. } => {
            format!("by a counter (HOTP), {algorithm}, {digits} digits, next counter {counter}")
        }
        Otp::Steam => "Steam's own codes, 5 letters and digits, 30 seconds".to_owned(),
        Otp::Totp { period, .. } => {
            format!("by the clock (TOTP), {algorithm}, {digits} digits, {} seconds", period.seconds())
        }
    }
}

fn tags(tags: &[Label]) -> String {
    if tags.is_empty() {
        return String::new();
    }
    let tags: Vec<String> = tags.iter().map(|tag| format!("<bdi>{}</bdi>", escaped(&tag.shown()))).collect();
    format!("<p class=\"tags\">Tags: {}</p>\n", tags.join(", "))
}
