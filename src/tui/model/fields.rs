//! The fields that the form of a new entry and the form of one that is there have in common, and what was typed
//! into them.

use crate::app::add::Particulars;
use crate::entry::{Label, Provenance, ProvenanceKind};
use crate::tui::form::{Field, Form};

/// Numbers of digits.
pub const DIGITS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
/// It is not known how the seed came here.
pub const NOT_SAID: &str = "not said";
const ENROLLED: &str = "enrolled here";
const COPIED: &str = "copied from another device";
/// Stands for the end of a line in a field, which has one line.
const LINE_END: char = '⏎';

pub(super) fn issuer(value: &str) -> Field {
    Field::text("issuer", "Issuer: ", "The service.", value)
}

pub(super) fn account(value: &str) -> Field {
    Field::text("account", "Account: ", "Your name at the service.", value)
}

pub(super) fn type_name(chosen: &str) -> Field {
    let help = "totp: by the clock. hotp: by a counter. steam: Steam's own. Left and Right choose.";
    Field::choice("type", "Type: ", help, &["totp", "hotp", "steam"], chosen)
}

pub(super) fn algorithm(chosen: &str) -> Field {
    let help = "SHA1, unless the service says otherwise.";
    Field::choice("algorithm", "Algorithm: ", help, &["SHA1", "SHA256", "SHA512"], chosen)
}

pub(super) fn digits(chosen: &str) -> Field {
    Field::choice("digits", "Digits: ", "6, unless the service says otherwise.", &DIGITS, chosen)
}

pub(super) fn number(value: &str) -> Field {
    let help = "totp: seconds between two codes, mostly 30. hotp: the next counter, mostly 0.";
    Field::text("number", "Period/counter: ", help, value)
}

pub(super) fn tags(value: &str) -> Field {
    Field::text("tags", "Tags: ", "Separated by commas.", value)
}

pub(super) fn note(value: &str) -> Field {
    let help = "Anything that helps to find or use it; no secrets. A pasted line end stands as ⏎.";
    Field::text("note", "Note: ", help, &one_line(value))
}

pub(super) fn privileged(is_privileged: bool) -> Field {
    let help = "Whether it opens something that opens more: a root account, a registrar, a hypervisor.";
    yes_or_no("privileged", "Privileged: ", help, is_privileged)
}

pub(super) fn favourite(is_favourite: bool) -> Field {
    yes_or_no("favourite", "Shown first: ", "Favourites stand at the top of the list.", is_favourite)
}

fn yes_or_no(key: &'static str, label: &'static str, help: &'static str, yes: bool) -> Field {
    Field::choice(key, label, help, &["no", "yes"], if yes { "yes" } else { "no" })
}

pub(super) fn provenance(chosen: &str) -> Field {
    let help = "Enrolled: the service knows this vault as a factor of its own. Copied: another device has the \
                same seed.";
    Field::choice("provenance", "Seed is: ", help, &[NOT_SAID, ENROLLED, COPIED], chosen)
}

pub(super) fn device(value: &str) -> Field {
    Field::text("device", "Other device: ", "The device that has the same seed, if there is one.", value)
}

/// The value of the provenance's field.
pub(super) fn provenance_value(provenance: Option<&Provenance>) -> &'static str {
    match provenance.map(|provenance| provenance.how) {
        None => NOT_SAID,
        Some(ProvenanceKind::Enrolled) => ENROLLED,
        Some(ProvenanceKind::Copied) => COPIED,
    }
}

/// A note in one line.
pub(super) fn one_line(note: &str) -> String {
    note.replace("\r\n", "\n").replace(['\n', '\r'], &LINE_END.to_string())
}

/// A note in its lines again.
pub fn many_lines(note: &str) -> String {
    note.replace(LINE_END, "\n")
}

/// A field's value that is not what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub key: &'static str,
    /// What is wrong with it.
    pub words: &'static str,
}

/// The period or the counter that was given, as the type wants it.
///
/// # Errors
///
/// When it is no number, or out of range.
pub fn numbers(form: &Form) -> Result<(Option<u32>, Option<u64>), Wrong> {
    let typed = form.value("number").trim();
    let wrong = |words| Wrong { key: "number", words };
    match form.value("type") {
        "totp" => {
            let period = typed.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
            Ok((Some(period.ok_or(wrong("the period must be from 1 to 86400 seconds, mostly 30"))?), None))
        }
        "hotp" => {
            Ok((None, Some(typed.parse().map_err(|_| wrong("the counter must be a number, mostly 0"))?)))
        }
        _ => Ok((None, None)),
    }
}

/// All that is in the fields besides the seed.
///
/// # Errors
///
/// As [`numbers`].
pub fn particulars(form: &Form) -> Result<Particulars, Wrong> {
    let (period, counter) = numbers(form)?;
    Ok(Particulars {
        issuer: Some(form.value("issuer").trim().to_owned()),
        account: Some(form.value("account").trim().to_owned()),
        type_name: Some(form.value("type").to_owned()),
        algorithm: Some(form.value("algorithm").to_owned()),
        digits: form.value("digits").parse().ok(),
        period,
        counter,
    })
}

/// The tags that were typed.
pub fn typed_tags(form: &Form) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in form.value("tags").split(',').map(|tag| tag.trim().trim_start_matches('#')) {
        if !tag.is_empty() && !tags.iter().any(|other| other == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

/// How the seed came here, as far as it was said.
///
/// # Errors
///
/// When a device was named, and not what it has to do with the seed.
pub fn typed_provenance(form: &Form) -> Result<Option<Provenance>, Wrong> {
    let device = form.value("device").trim();
    let how = match form.value("provenance") {
        ENROLLED => ProvenanceKind::Enrolled,
        COPIED => ProvenanceKind::Copied,
        _ if device.is_empty() => return Ok(None),
        _ => {
            return Err(Wrong {
                key: "provenance",
                words: "say too whether the seed was copied from that device",
            });
        }
    };
    Ok(Some(Provenance { how, device: (!device.is_empty()).then(|| Label::new(device)) }))
}

/// Another type wants another number.
pub fn renumber(form: &mut Form) {
    let number = if form.value("type") == "hotp" { "0" } else { "30" };
    form.set("number", number);
}
