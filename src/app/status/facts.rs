//! What is known of a vault beside what there is to see to: pairs of a name and words.

use super::{Status, count, cut_names, rehearsed_in_words};
use crate::app::exception::Standing;
use crate::app::keyring;
use crate::app::session::Session;
use crate::app::time::day;
use crate::entry::UnixSeconds;

/// Most rehearsals, and most entries that were set aside, that have a line of their own.
const MOST_LISTED: usize = 3;

/// What is known of the vault, a line each.
pub fn facts(session: &Session, status: &Status, now: UnixSeconds) -> Vec<(&'static str, String)> {
    let bundle = status.newest_bundle.as_ref().map_or_else(
        || "none of all entries".to_owned(),
        |listed| format!("{}, {}", day(listed.record.created), listed.changes()),
    );
    let mut facts = vec![
        ("vault", format!("{}, generation {}", status.path, status.generation)),
        (
            "entries",
            format!(
                "{}, {} privileged, {} in the trash",
                status.n_entries, status.n_privileged, status.n_trash
            ),
        ),
        ("previous", count(status.n_previous, "generation kept", "generations kept")),
        ("bundle", bundle),
    ];
    if let Some(until) = status.kept_until {
        let left = keyring::in_words(until.saturating_sub(now));
        let words = format!("for {left} by its key in the kernel's keyring; `lifeboat lock` drops it");
        facts.push(("unlocked", words));
    }
    for (heading, entries) in [
        ("short seed", &status.short_seeds),
        ("sealed", &status.sealed),
        ("known before", &status.known_before),
    ] {
        if !entries.is_empty() {
            let titles: Vec<String> = entries.iter().map(|entry| entry.title.clone()).collect();
            facts.push((heading, cut_names(&titles)));
        }
    }
    let holding = status.exceptions.iter().filter(|listed| listed.standing != Standing::Past);
    let holding: Vec<u64> = holding.map(|listed| listed.exception.until).collect();
    if let Some(next) = holding.first() {
        let n = count(holding.len(), "holds", "hold");
        facts.push((
            "exceptions",
            format!("{n}, the next end is on {}: `lifeboat exception list`", day(*next)),
        ));
    }
    if let Some(standing) = status.passphrase {
        let last = standing.recalled.map_or_else(
            || "never typed from memory".to_owned(),
            |at| format!("last typed from memory on {}", day(at)),
        );
        facts.push(("passphrase", format!("{last}; the next time on {}", day(standing.due()))));
    }
    let rehearsed = status.rehearsed.iter().map(|rehearsal| rehearsed_in_words(session, rehearsal));
    let set_aside = status.quarantined.iter().map(|(title, reason)| format!("{title}: {reason}"));
    facts.extend(listed("rehearsed", rehearsed.collect()));
    facts.extend(listed("set aside", set_aside.collect()));
    facts
}

/// The first few of a list, a line each, and how many more there are.
fn listed(heading: &'static str, words: Vec<String>) -> Vec<(&'static str, String)> {
    let n_more = words.len().saturating_sub(MOST_LISTED);
    let more = (n_more > 0).then(|| (heading, format!("and {n_more} more")));
    words.into_iter().take(MOST_LISTED).map(|words| (heading, words)).chain(more).collect()
}
