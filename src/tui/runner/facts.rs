//! What is known of an entry, in words.

use crate::app::details::{Details, InBundle};
use crate::app::time;
use crate::entry::label;
use crate::entry::{Label, ProvenanceKind};
use crate::otp::Otp;
use crate::otp::seed::ADVISED_SEED_BITS;
use crate::tui::model::EntryDetails;

/// In words, and safe to show; the history only where it was read.
pub(super) fn described(known: &Details, with_history: bool) -> EntryDetails {
    let mut facts: Vec<(&'static str, String)> = vec![("codes", codes(known.otp))];
    if !known.tags.is_empty() {
        facts.push(("tags", known.tags.iter().map(Label::shown).collect::<Vec<_>>().join(", ")));
    }
    let marks = match (known.privileged, known.favourite) {
        (true, true) => "opens something privileged; shown first",
        (true, false) => "opens something privileged",
        (false, true) => "shown first",
        (false, false) => "",
    };
    if !marks.is_empty() {
        facts.push(("marked", marks.to_owned()));
    }
    lines(&mut facts, "note", label::shown_lines(&known.note));
    facts.push(("seed", seed(known)));
    if let Some(at) = known.known_before {
        let words = format!(
            "{}, when it was sealed: e takes the service's new seed, which ends that",
            time::shown(at)
        );
        facts.push(("known", words));
    }
    facts.push((
        "proven",
        match known.proven {
            Some(at) => format!("{}: the service accepted a code", time::shown(at)),
            None => "never: p notes it once the service has accepted a code".to_owned(),
        },
    ));
    facts.push(("origin", origin(known)));
    facts.push((
        "recovery",
        match known.sealed {
            Some(_) => "sealed with the seed, if there are any".to_owned(),
            None => recovery_codes(known.n_recovery_codes_left, known.n_recovery_codes),
        },
    ));
    let bundles = known.bundles.iter().map(bundle).collect::<Vec<_>>();
    if bundles.is_empty() {
        facts.push(("bundles", "in none that was made from this vault".to_owned()));
    }
    lines(&mut facts, "bundles", bundles);
    facts.push(("added", time::shown(known.created)));
    if known.updated != known.created {
        facts.push(("changed", time::shown(known.updated)));
    }
    facts.extend(known.rotated.map(|at| ("rotated", format!("{}: a new seed came", time::shown(at)))));
    facts.push(("id", known.id.to_string()));
    if with_history {
        let history: Vec<String> = known
            .history
            .iter()
            .map(|one| format!("{}  {}  {}", time::shown(one.at), one.event, one.about))
            .collect();
        if history.is_empty() {
            facts.push(("history", "nothing in the end of the log".to_owned()));
        }
        lines(&mut facts, "history", history);
    }
    EntryDetails {
        id: known.id,
        title: known.title.clone(),
        facts,
        n_recovery_codes: known.n_recovery_codes,
        n_recovery_codes_left: known.n_recovery_codes_left,
    }
}

/// The first line has the name, the others go on.
fn lines(facts: &mut Vec<(&'static str, String)>, name: &'static str, lines: Vec<String>) {
    for (idx, line) in lines.into_iter().enumerate() {
        facts.push((if idx == 0 { name } else { "" }, line));
    }
}

fn codes(otp: Otp) -> String {
    let numbers = format!("{} digits, {}", otp.digits(), otp.algorithm());
    match otp {
        Otp::Totp { period, .. } => format!("TOTP, a new one every {} s: {numbers}", period.seconds()),
        Otp::Hotp { counter, .. } => format!("HOTP, by a counter, {counter} is next: {numbers}"),
        Otp::Steam => "Steam's own: five letters and digits, every 30 s".to_owned(),
    }
}

fn seed(known: &Details) -> String {
    match (&known.sealed, known.seed_bits) {
        (Some(by), _) => format!("sealed: it takes {by} to open it"),
        (None, Some(bits)) => seed_length(bits),
        (None, None) => String::new(),
    }
}

fn seed_length(bits: usize) -> String {
    if bits >= ADVISED_SEED_BITS {
        return format!("{bits} bits");
    }
    format!("{bits} bits, under the {ADVISED_SEED_BITS} that are advised; the service chose it")
}

fn origin(known: &Details) -> String {
    let Some(provenance) = &known.provenance else { return "not said; e says it".to_owned() };
    let device = provenance.device.as_ref().map(Label::shown);
    match (provenance.how, device) {
        (ProvenanceKind::Enrolled, None) => "enrolled here, as a factor of its own".to_owned(),
        (ProvenanceKind::Enrolled, Some(device)) => {
            format!("enrolled here, as a factor of its own; beside it: {device}")
        }
        (ProvenanceKind::Copied, None) => "copied: another device has the same seed".to_owned(),
        (ProvenanceKind::Copied, Some(device)) => format!("copied: {device} has the same seed"),
    }
}

fn recovery_codes(left: usize, all: usize) -> String {
    match (left, all) {
        (_, 0) => "no recovery code is stored; e stores them".to_owned(),
        (0, all) => format!("all {all} codes are used; get new ones from the service"),
        (left, all) => format!("{left} of {all} codes are unused; R hands out the next"),
    }
}

fn bundle(bundle: &InBundle) -> String {
    let name = if bundle.label.is_empty() { bundle.path.shown() } else { bundle.label.shown() };
    let state = if bundle.is_current { "as it is now" } else { "as it was before a change: make a new one" };
    format!("{}  {name}  {state}", time::day(bundle.created))
}
