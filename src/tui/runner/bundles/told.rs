//! What is told about bundles, in words.

use super::entries;
use crate::app::bundle::{BundleChecked, BundleMade, ListedBundle, OpenedBundle, SealedBundle};
use crate::app::failure::shown_path;
use crate::app::restore::{self, Merged, Restored};
use crate::app::share_set;
use crate::app::time;
use crate::entry::Label;
use crate::tui::model::{BundleRow, Done, Report, ReportRow};
use crate::vault::merge::MergeVerdict;

pub(super) fn told_made(made: &BundleMade, key_file: Option<&std::path::Path>) -> Done {
    let checked = if made.share_set.is_some() {
        "read back from disk, opened from its maker's side, and compared"
    } else {
        "read back from disk, opened with what was typed, and compared"
    };
    let mut facts = vec![
        ("file", shown_path(&made.path)),
        ("entries", made.n_entries.to_string()),
        ("checked", checked.to_owned()),
        ("sha256", data_encoding::HEXLOWER.encode(&made.sha256)),
        ("bundle", made.id.clone()),
    ];
    facts.extend(made.share_set.map(|set| ("share set", share_set::name(set))));
    facts.extend(made.signed_by.clone().map(|key| ("signed by", key)));
    if let Some(path) = key_file {
        facts.insert(1, ("key file", shown_path(path)));
    }
    if let Some(review) = made.review {
        facts.push(("review", time::day(review)));
    }
    let durable =
        "the disk did not confirm that the file survives a power cut: unmount the medium before you pull it";
    let mut next = vec![
        "Copy it to a place that does not burn with this one, and try it there: v opens and checks it."
            .to_owned(),
    ];
    if key_file.is_some() {
        next.push("Keep the key file elsewhere: with both in one place it protects nothing.".to_owned());
    }
    Done {
        name: "New bundle",
        what: format!("The bundle is made: {}.", entries(made.n_entries)),
        warnings: if made.durable { Vec::new() } else { vec![durable.to_owned()] },
        facts,
        next,
        offset: 0,
    }
}

pub(super) fn told_checked(bundle: &SealedBundle, checked: &BundleChecked) -> Done {
    let (_, mut facts) = about(bundle);
    facts.push(("vault", format!("{}, generation {}", checked.vault, checked.generation)));
    let part = if checked.selected { " (a selection)" } else { "" };
    facts.push(("entries", format!("{}{part}", checked.n_entries)));
    if checked.n_quarantined > 0 {
        facts.push(("set aside", format!("{} that cannot be read", checked.n_quarantined)));
    }
    if let Some(review) = checked.review {
        facts.push(("review", time::day(review)));
    }
    facts.push(("made by", Label::new(checked.tool.clone()).shown()));
    facts.push(("vault's key", checked.key_fingerprint.clone()));
    let late = checked.overdue.map(|late| format!("{}: make a new one", overdue(late)));
    Done {
        name: "Verify",
        what: "It opens, and everything in it is whole; nothing was changed.".to_owned(),
        warnings: late.into_iter().collect(),
        facts,
        next: Vec::new(),
        offset: 0,
    }
}

pub(in crate::tui::runner) fn overdue(seconds: u64) -> String {
    format!("the review of this bundle is {} days overdue", seconds / 86_400)
}

pub(super) fn told_restored(restored: &Restored) -> String {
    let mut words =
        format!("restored {} of {}", entries(restored.n_entries), time::day(restored.bundle_created));
    if restored.n_quarantined > 0 {
        words.push_str(&format!("; {} cannot be read and were set aside", restored.n_quarantined));
    }
    if let Some(late) = restored.overdue {
        words.push_str(&format!("; {}", overdue(late)));
    }
    words.push_str("; if the old machine is lost, rotate its seeds; make a new bundle from this vault (b)");
    words
}

fn outcome(verdict: MergeVerdict) -> &'static str {
    match verdict {
        MergeVerdict::Added => "new",
        MergeVerdict::InTrash => "in the trash",
        MergeVerdict::Newer => "newer",
        MergeVerdict::Older => "kept ours",
        MergeVerdict::Same => "same",
    }
}

fn n_written(merged: &Merged) -> usize {
    merged.entries.iter().filter(|entry| restore::writes(entry.verdict)).count()
}

pub(super) fn planned(merged: &Merged, opened: &OpenedBundle, warning: Option<String>) -> Report {
    let n_written = n_written(merged);
    let of = entries(merged.entries.len());
    let made = time::day(opened.payload().created);
    let mut summary = vec![format!("The bundle of {made} would write {n_written} of {of} into this vault.")];
    summary.push("What is newer here stays, and what lies in the trash stays there.".to_owned());
    if !merged.besides.is_empty() {
        summary.push(format!("It would bring besides: {}.", merged.besides.join(", ")));
    }
    summary.extend(warning.map(|warning| format!("! {warning}")));
    let row = |entry: &restore::MergedEntry| ReportRow {
        outcome: outcome(entry.verdict),
        name: entry.title.clone(),
        notes: Vec::new(),
        is_refused: false,
    };
    // What would change comes first.
    let (changed, same): (Vec<_>, Vec<_>) =
        merged.entries.iter().partition(|entry| restore::writes(entry.verdict));
    let rows = changed.into_iter().chain(same).map(row).collect();
    // There is something to write, even where no entry is.
    let n_written = n_written + merged.besides.len();
    Report { summary, rows, offset: 0, n_written, n_refused: 0 }
}

pub(super) fn told_merged(merged: &Merged) -> Done {
    let number = |verdict| merged.entries.iter().filter(|entry| entry.verdict == verdict).count();
    let facts = [
        MergeVerdict::Added,
        MergeVerdict::Newer,
        MergeVerdict::Older,
        MergeVerdict::InTrash,
        MergeVerdict::Same,
    ];
    Done {
        name: "Restore into this vault",
        what: format!("Wrote {} of {}.", n_written(merged), entries(merged.entries.len())),
        warnings: Vec::new(),
        facts: facts
            .into_iter()
            .filter(|verdict| number(*verdict) > 0)
            .map(|verdict| (outcome(verdict), entries(number(verdict))))
            .chain(merged.besides.iter().map(|words| ("besides", words.clone())))
            .collect(),
        next: vec![
            "The vault as it was before is previous generation 1: `lifeboat restore --previous 1`."
                .to_owned(),
        ],
        offset: 0,
    }
}

/// What stands outside a bundle: in a few lines, and all of it.
pub(super) fn about(bundle: &SealedBundle) -> (Vec<String>, Vec<(&'static str, String)>) {
    let info = bundle.inspect();
    let label = info.label.as_ref().map(Label::shown);
    let ways = info.ways.join(", or by ");
    let mut lines: Vec<String> = bundle.passed_over().iter().map(|line| format!("! {line}")).collect();
    lines.push(format!("made {}", time::shown(info.created)));
    lines.extend(label.as_ref().map(|label| format!("label {label}")));
    lines.push(format!("opened by {ways}"));
    let mut facts: Vec<_> = bundle.passed_over().into_iter().map(|line| ("copies", line)).collect();
    facts.push(("bundle", info.id));
    facts.extend(label.map(|label| ("label", label)));
    facts.push(("made", time::shown(info.created)));
    facts.push(("opened by", ways));
    if !info.cost.is_empty() {
        facts.push(("cost", info.cost));
    }
    facts.push(("sha256", data_encoding::HEXLOWER.encode(&info.sha256)));
    (lines, facts)
}

pub(super) fn row(listed: &ListedBundle) -> BundleRow {
    let record = &listed.record;
    let n_entries = record.contents.len();
    let part = if record.selected { " (a selection)" } else { "" };
    let changes = listed.changes();
    let review = record.review.map(time::day);
    let due = if listed.review_due { ", due: make a new one" } else { "" };
    let mut facts = vec![("file", record.path.shown())];
    if !record.label.raw().is_empty() {
        facts.push(("label", record.label.shown()));
    }
    facts.push(("made", format!("{}, of generation {}", time::shown(record.created), record.generation)));
    facts.push(("holds", format!("{}{part}", entries(n_entries))));
    facts.extend(record.share_set.map(|set| ("share set", share_set::name(set))));
    facts.push(("since then", changes.clone()));
    facts.push((
        "review",
        review.as_ref().map_or_else(|| "none".to_owned(), |review| format!("{review}{due}")),
    ));
    facts.push(("bundle", data_encoding::HEXLOWER.encode(&record.id)));
    facts.push(("sha256", data_encoding::HEXLOWER.encode(&record.sha256)));
    BundleRow {
        day: time::day(record.created),
        n_entries,
        is_current: listed.added + listed.changed + listed.removed == 0,
        changes,
        review,
        review_due: listed.review_due,
        label: record.label.shown(),
        path: record.path.raw().to_owned(),
        facts,
    }
}
