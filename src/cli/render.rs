//! Outcomes and failures as text and as JSON.

use serde_json::{Map, Value, json};

use super::time;
use crate::app::Failure;
use crate::app::bundle::BundleInfo;
use crate::app::rekey::ListedSlot;
use crate::app::{seal, share_set};
use crate::entry::{Entry, EntrySecret, Label, SealedBy, SealedSecret, label};
use crate::envelope::Quorum;
use crate::otp::Seed;

/// One JSON document with its schema first, on one line, safe to show: characters that could command a
/// terminal or reorder text are written as `\u` escapes, which readers turn back.
pub(super) fn document(command: &str, fields: &Map<String, Value>) -> String {
    let body = Value::Object(fields.clone()).to_string();
    let rest = body.strip_prefix('{').unwrap_or("}");
    let comma = if fields.is_empty() { "" } else { "," };
    format!("{{\"schema\":\"lifeboat.{command}/1\"{comma}{}\n", escaped(rest))
}

/// Fields of a JSON object.
pub(super) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// JSON text on one line in which what could deceive stands as `\u` escapes: the same text to whoever reads JSON.
pub(super) fn escaped(json: &str) -> String {
    // Between two tokens: inside a string they are escaped already.
    label::escaped_json(&json.replace(['\n', '\r', '\t'], " "))
}

/// A failure as people read it: what, because, unchanged, next.
pub(super) fn failure_text(failure: &Failure, color: bool) -> String {
    let (start, end) = if color { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    // A cause may be another crate's words, and those may repeat what they have read.
    let mut text = format!("{start}lifeboat:{end} {}\n", label::shown_message(&failure.what));
    let mut block = |heading: &str, lines: &[String]| {
        for (idx, line) in lines.iter().enumerate() {
            let heading = if idx == 0 { heading } else { "" };
            text.push_str(&format!("  {heading:<10} {}\n", label::shown_message(line)));
        }
    };
    block("because", &failure.causes());
    block("details", &failure.details);
    if let Some(unchanged) = &failure.unchanged {
        block("unchanged", &[unchanged.to_string()]);
    }
    block("next", &failure.next);
    text
}

/// A failure as a script reads it.
pub(super) fn failure_json(failure: &Failure) -> String {
    let mut object = fields([
        ("kind", json!(failure.kind.name())),
        ("message", json!(failure.what)),
        ("help", json!(failure.next.join("; "))),
    ]);
    let causes = failure.causes();
    if !causes.is_empty() {
        object.insert("because".to_owned(), json!(causes));
    }
    if !failure.details.is_empty() {
        object.insert("details".to_owned(), json!(failure.details));
    }
    if let Some(unchanged) = &failure.unchanged {
        object.insert("unchanged".to_owned(), json!(unchanged.to_string()));
    }
    document("error", &object)
}

/// An entry without its secrets, for `list` and `show`.
pub(super) fn entry_json(entry: &Entry) -> Map<String, Value> {
    let mut object = fields([
        ("id", json!(entry.id.to_string())),
        ("issuer", json!(entry.issuer.raw())),
        ("account", json!(entry.account.raw())),
        ("type", json!(entry.otp.type_name())),
        ("algorithm", json!(entry.otp.algorithm().name())),
        ("digits", json!(entry.otp.digits())),
        ("tags", json!(entry.tags.iter().map(Label::raw).collect::<Vec<_>>())),
        ("privileged", json!(entry.privileged)),
        ("favourite", json!(entry.favourite)),
        ("note", json!(entry.note)),
        ("created", json!(entry.created)),
        ("updated", json!(entry.updated)),
        ("seed_bits", json!(entry.seed().map(Seed::bits))),
        ("recovery_codes_left", json!((!entry.is_sealed()).then(|| entry.recovery_codes_left()))),
    ]);
    let mut optional = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    optional("sealed", entry.secret.sealed().map(|sealed| json!(sealed_json(sealed))));
    optional("known_before", entry.known_before.map(|at| json!(at)));
    optional("period", entry.otp.period().map(|period| json!(period.seconds())));
    optional("counter", entry.otp.counter().map(|counter| json!(counter)));
    optional("proven", entry.proven.map(|at| json!(at)));
    optional("rotated", entry.rotated.map(|at| json!(at)));
    optional("provenance", entry.provenance.as_ref().map(|provenance| json!(provenance.how.name())));
    let device = entry.provenance.as_ref().and_then(|provenance| provenance.device.as_ref());
    optional("device", device.map(|device| json!(device.raw())));
    object
}

/// What opens a sealed entry, for JSON.
fn sealed_json(sealed: &SealedSecret) -> Vec<Value> {
    let ways = sealed.ways().iter();
    ways.map(|way| match *way {
        SealedBy::Other => json!({ "by": "unknown" }),
        SealedBy::Passphrase => json!({ "by": "passphrase" }),
        SealedBy::Shares { set, threshold, n_shares } => json!({
            "by": "shares", "share_set": share_set::name(set), "needed": threshold, "shares": n_shares,
        }),
    })
    .collect()
}

/// An entry without its secrets, a line for each thing known.
pub(super) fn entry_text(entry: &Entry) -> String {
    let mut lines: Vec<(&str, String)> = vec![
        ("issuer", entry.issuer.shown()),
        ("account", entry.account.shown()),
        ("type", kind_in_words(entry)),
        ("seed", seed_in_words(entry)),
    ];
    if let Some(at) = entry.known_before {
        lines.push(("known before", format!("{}, when it was sealed", time::shown(at))));
    }
    if !entry.tags.is_empty() {
        lines.push(("tags", entry.tags.iter().map(Label::shown).collect::<Vec<_>>().join(", ")));
    }
    if entry.privileged {
        lines.push(("privileged", "yes".to_owned()));
    }
    if entry.favourite {
        lines.push(("favourite", "yes".to_owned()));
    }
    if let Some(provenance) = &entry.provenance {
        let device = provenance.device.as_ref().map(|device| format!(" ({device})")).unwrap_or_default();
        lines.push(("provenance", format!("{}{device}", provenance.how.name())));
    }
    lines.push(("proven", entry.proven.map_or_else(|| "never".to_owned(), time::shown)));
    if let Some(rotated) = entry.rotated {
        lines.push(("rotated", time::shown(rotated)));
    }
    if !entry.recovery_codes.is_empty() {
        let left = entry.recovery_codes_left();
        lines.push(("recovery", format!("{left} of {} codes unused", entry.recovery_codes.len())));
    }
    lines.push(("created", time::shown(entry.created)));
    lines.push(("updated", time::shown(entry.updated)));
    for line in label::shown_lines(&entry.note) {
        lines.push(("note", line));
    }
    lines.push(("id", entry.id.to_string()));
    table(&lines)
}

/// Whether the seed is at hand, and how long it is where that is known.
fn seed_in_words(entry: &Entry) -> String {
    match &entry.secret {
        EntrySecret::Open(seed) => format!("{} bits, not shown (--reveal shows it)", seed.bits()),
        EntrySecret::Sealed(sealed) => format!("sealed: it takes {} to open it", seal::in_words(sealed)),
    }
}

/// `TOTP, SHA1, 6 digits, every 30 s`.
fn kind_in_words(entry: &Entry) -> String {
    let (algorithm, digits) = (entry.otp.algorithm(), entry.otp.digits());
    match (entry.otp.counter(), entry.otp.period()) {
        (Some(counter), _) => format!("HOTP, {algorithm}, {digits} digits, next counter {counter}"),
        (None, Some(period)) if entry.otp.type_name() == "totp" => {
            format!("TOTP, {algorithm}, {digits} digits, every {} s", period.seconds())
        }
        _ => "Steam".to_owned(),
    }
}

/// Columns of the names in [`table`] and [`wrapped`].
const NAME_COLUMNS: usize = 12;
/// Fewest columns that words are broken into.
const NARROWEST: usize = 20;

/// Names and values in two columns.
pub(super) fn table(lines: &[(&str, String)]) -> String {
    lines.iter().map(|(name, value)| format!("{name:<NAME_COLUMNS$} {value}\n")).collect()
}

/// A name and words in two columns. Words that are wider than the terminal go on below themselves; the name may have
/// a colour.
pub(super) fn wrapped(name: &str, words: &str, columns: Option<usize>, color: Option<&str>) -> String {
    let room = columns.map(|columns| columns.saturating_sub(NAME_COLUMNS + 1).max(NARROWEST));
    let lines = room.map_or_else(|| vec![words.to_owned()], |room| broken(words, room));
    let mut text = String::new();
    for (idx, line) in lines.iter().enumerate() {
        let name = if idx == 0 { name } else { "" };
        let (start, end) = color.filter(|_| !name.is_empty()).map_or(("", ""), |color| (color, "\x1b[0m"));
        let padding = " ".repeat(NAME_COLUMNS.saturating_sub(name.len()));
        text.push_str(&format!("{start}{name}{end}{padding} {line}\n"));
    }
    text
}

/// Breaks words at spaces into lines of so many columns, with the indent of the first; a longer word is left whole.
fn broken(words: &str, columns: usize) -> Vec<String> {
    use unicode_width::UnicodeWidthStr as _;
    let indent: String = words.chars().take_while(|c| *c == ' ').collect();
    let mut lines = Vec::new();
    let mut line = indent.clone();
    for word in words.trim_start_matches(' ').split(' ') {
        let is_first = line.len() == indent.len();
        if !is_first && line.width() + 1 + word.width() > columns {
            lines.push(std::mem::replace(&mut line, format!("{indent}{word}")));
            continue;
        }
        if !is_first {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Rows under headings, each column as wide as its widest cell, lines cut to a number of columns with
/// a mark at the cut.
pub(super) fn rows(headings: &[&str], rows: &[Vec<String>], cut_to: Option<(usize, char)>) -> String {
    use unicode_width::UnicodeWidthStr as _;
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let heading_row: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let mut text = String::new();
    for row in std::iter::once(&heading_row).chain(rows) {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        let line = line.trim_end();
        text.push_str(&cut_to.map_or_else(|| line.to_owned(), |(columns, mark)| cut(line, columns, mark)));
        text.push('\n');
    }
    text
}

/// Cuts a line to a number of columns, with a mark at the cut.
pub(super) fn cut(line: &str, columns: usize, mark: char) -> String {
    use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};
    if line.width() <= columns {
        return line.to_owned();
    }
    let mut used = 0;
    let mut out = String::new();
    for c in line.chars() {
        let width = c.width().unwrap_or(0);
        if used + width >= columns {
            break;
        }
        used += width;
        out.push(c);
    }
    out.push(mark);
    out
}

/// A slot for JSON.
pub(super) fn slot_json(slot: &ListedSlot) -> Value {
    json!({
        "slot": slot.name,
        "type": slot.type_name,
        "memory_mib": slot.cost.map(|(memory, _)| memory),
        "passes": slot.cost.map(|(_, passes)| passes),
        "opened_this": slot.opened_this,
    })
}

/// What stands outside a bundle, for JSON.
pub(super) fn bundle_info_json(info: &BundleInfo) -> Map<String, Value> {
    fields([
        ("id", json!(info.id)),
        ("created", json!(info.created)),
        ("label", json!(info.label.as_ref().map(Label::raw))),
        ("opened_by", json!(info.ways)),
        ("sha256", json!(data_encoding::HEXLOWER.encode(&info.sha256))),
        ("cost", json!(info.cost)),
        ("quorum", info.quorum.as_ref().map_or(Value::Null, quorum_json)),
    ])
}

fn quorum_json(quorum: &Quorum) -> Value {
    let replaced: Vec<Value> = quorum
        .replaced
        .iter()
        .map(|replaced| json!({ "set": share_set::name(replaced.set), "at": replaced.at }))
        .collect();
    json!({
        "set": share_set::name(quorum.set),
        "needed": quorum.threshold,
        "of": quorum.n_shares(),
        "replaced": replaced,
    })
}

/// What stands outside a bundle, for people.
pub(super) fn bundle_info_lines(info: &BundleInfo) -> Vec<(&'static str, String)> {
    let mut lines = vec![("bundle", info.id.clone())];
    if let Some(label) = &info.label {
        lines.push(("label", label.shown()));
    }
    lines.push(("made", time::shown(info.created)));
    lines.push(("opened by", info.ways.join(", or by ")));
    if !info.cost.is_empty() {
        lines.push(("cost", info.cost.clone()));
    }
    lines.push(("sha256", data_encoding::HEXLOWER.encode(&info.sha256)));
    lines
}
