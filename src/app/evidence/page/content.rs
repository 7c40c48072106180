//! What the pages say, in the order in which somebody wants to know it.

use super::tables::{self, day, digest, shown};
use super::{Block, recovery};
use crate::app::status::count as in_words;
use crate::recovery::Level;
use crate::wire::evidence_v1::Report;

/// What a drill of a level shows, and after how many days it is looked for: what guidance for emergency access asks of
/// opening, and twice and four times that of what costs more.
const USUAL_DAYS: [(Level, &str, u64); 3] = [
    (Level::Opens, "a bundle opens", 90),
    (Level::Restored, "the seeds in a bundle are the vault's, and the clock is right", 180),
    (Level::Accepted, "services accept codes from a bundle", 365),
];
const DAY_SECONDS: u64 = 86_400;

pub(super) fn blocks(report: &Report, sha256: &str) -> Vec<Block> {
    let (attention, fine) = verdict(report);
    let period = format!("{} to {}", day(&report.period.from), day(&report.period.to));
    let mut blocks = vec![
        Block::Title(
            "Recovery evidence",
            format!(
                "What the vault {} and its log say about being able to sign in without the usual phone, {period}. \
                 All times are UTC.",
                report.vault.id.get(..8).unwrap_or_default()
            ),
        ),
        Block::Verdict { attention, fine },
        Block::Facts(facts(report)),
    ];
    if report.redacted {
        blocks.push(Block::Says(
            "Names of accounts, people, machines and places are pseudonyms. The same vault gives the same ones in each of \
             its reports; who has its key can tell whose they are."
                .to_owned(),
        ));
    }
    recovery::sections(report, &mut blocks);
    tables::sections(report, &mut blocks);
    blocks.push(Block::Heading("What this does not prove"));
    blocks.push(Block::List(not_proven().into_iter().chain(recovery::not_proven(report)).collect()));
    blocks.push(Block::Heading("How to check it"));
    how_to_check(report, sha256, &mut blocks);
    blocks
}

fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let (vault, log) = (&report.vault, &report.log);
    let mut contents = in_words_of(vault.entries, "entry", "entries");
    if vault.in_trash > 0 {
        contents.push_str(&format!(", {} more in the trash", vault.in_trash));
    }
    if vault.unreadable > 0 {
        contents.push_str(&format!(", {} more that cannot be read", vault.unreadable));
    }
    vec![
        (
            "Period",
            format!("{} to {}", tables::moment(&report.period.from), tables::moment(&report.period.to)),
        ),
        (
            "Vault",
            format!("{}, made {}, generation {}", shown(&vault.id), day(&vault.created), vault.generation),
        ),
        ("Contents", contents),
        ("Signed by", shown(&vault.key)),
        (
            "Log",
            format!(
                "{}, {} of them in the period; in it {} to open the vault",
                in_words_of(log.count, "record", "records"),
                log.in_period,
                in_words_of(log.failed_unlocks, "failed attempt", "failed attempts"),
            ),
        ),
        ("Log head", shown(&log.head)),
        ("Made with", format!("{} {}", shown(&report.tool.name), shown(&report.tool.version))),
    ]
}

/// What needs attention, and what is in order.
pub(super) fn verdict(report: &Report) -> (Vec<String>, Vec<String>) {
    let mut said = Said::default();
    recovery::verdict(report, &mut said);
    drills(report, &mut said);
    bundles(report, &mut said);
    accounts(report, &mut said);
    rehearsals(report, &mut said);
    let log = &report.log;
    let gaps = in_words_of(log.gaps, "time", "times");
    said.put(
        log.gaps > 0,
        || format!("Records of the log could not be written {gaps} in the period."),
        String::new,
    );
    said.put(
        !log.whole,
        || {
            let mut kinds: Vec<&str> = log.findings.iter().map(|finding| finding.kind.as_str()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            format!("The log is not whole: {}. `lifeboat audit verify` says where.", shown(&kinds.join(", ")))
        },
        || format!("The log is whole: {}.", in_words_of(log.count, "record", "records")),
    );
    let exceptions = report.summary.exceptions;
    // Before there were exceptions with an end, these had the word for themselves.
    if report.exceptions_with_end.is_none() {
        let words = in_words_of(exceptions, "exception", "exceptions");
        said.put(exceptions > 0, || format!("{words}, listed below."), || "No exceptions.".to_owned());
    } else {
        let words = in_words_of(exceptions, "other thing weakens", "other things weaken");
        said.put(
            exceptions > 0,
            || format!("{words} something, and nobody has set an end to it: listed below."),
            || "Nothing else was seen that weakens something.".to_owned(),
        );
    }
    (said.attention, said.fine)
}

/// What needs attention, and what is in order.
#[derive(Default)]
pub(super) struct Said {
    attention: Vec<String>,
    fine: Vec<String>,
}

impl Said {
    /// Says one of the two; nothing for an empty text.
    pub(super) fn put(
        &mut self,
        warns: bool,
        attention: impl FnOnce() -> String,
        fine: impl FnOnce() -> String,
    ) {
        let (list, line) = if warns { (&mut self.attention, attention()) } else { (&mut self.fine, fine()) };
        if !line.is_empty() {
            list.push(line);
        }
    }
}

fn drills(report: &Report, said: &mut Said) {
    let summary = &report.summary;
    let end = seconds(&report.period.to);
    let held = in_words_of(summary.drills, "drill", "drills");
    said.put(
        summary.drills_with_findings > 0,
        || format!("{held} in the period; {} of them found something wrong.", summary.drills_with_findings),
        || {
            if summary.drills > 0 {
                format!("{held} in the period, nothing found wrong.")
            } else {
                String::new()
            }
        },
    );
    for (level, shows, days) in USUAL_DAYS {
        let last = summary.last_drills.iter().find(|last| last.level == level.name());
        let is_recent = last.is_some_and(|last| end.saturating_sub(seconds(&last.at)) <= days * DAY_SECONDS);
        let shown = format!("{shows} ({level})");
        match last {
            None => said.put(true, || format!("No drill has ever shown that {shown}."), String::new),
            Some(last) if !last.clean => {
                let line = format!(
                    "The last drill that went as far found something wrong: {shown}, {}.",
                    day(&last.at)
                );
                said.put(true, || line, String::new);
            }
            Some(last) => said.put(
                !is_recent,
                || {
                    format!(
                        "No drill of the last {days} days has shown that {shown}; the last was on {}.",
                        day(&last.at)
                    )
                },
                || format!("A drill has shown that {shown}, on {}.", day(&last.at)),
            ),
        }
    }
}

fn rehearsals(report: &Report, said: &mut Said) {
    let all = report.rehearsals.len();
    let failed = report.rehearsals.iter().filter(|item| tables::has_failed(item)).count();
    let words = in_words(all, "rehearsal", "rehearsals");
    said.put(
        failed > 0,
        || format!("{failed} of {words} failed: what was typed, or the share, was not right."),
        || if all > 0 { format!("{words} in the period, and none failed.") } else { String::new() },
    );
}

fn bundles(report: &Report, said: &mut Said) {
    let summary = &report.summary;
    match report.bundles.iter().find(|bundle| summary.newest_bundle.as_ref() == Some(&bundle.id)) {
        None => said.put(true, || "There is no bundle of all entries.".to_owned(), String::new),
        Some(bundle) => {
            let made = day(&bundle.created);
            let changes = tables::changes(bundle);
            said.put(
                bundle.added + bundle.changed > 0,
                || format!("The newest bundle of all entries, made {made}, is not what the vault is now: {changes}."),
                || format!("The newest bundle of all entries, made {made}, holds every entry as it is now."),
            );
            said.put(
                bundle.share_set_replaced,
                || "The newest bundle opens with cards of a share set that was replaced.".to_owned(),
                String::new,
            );
        }
    }
    let overdue = in_words_of(summary.reviews_overdue, "bundle is", "bundles are");
    said.put(summary.reviews_overdue > 0, || format!("The review of {overdue} overdue."), String::new);
    let (shares, missing) = (summary.shares, summary.shares_not_acknowledged);
    said.put(
        missing > 0,
        || format!("{missing} of {shares} shares were not acknowledged within the last 90 days."),
        || {
            if shares > 0 {
                format!("{shares} of {shares} shares were acknowledged within the last 90 days.")
            } else {
                String::new()
            }
        },
    );
}

fn accounts(report: &Report, said: &mut Said) {
    let summary = &report.summary;
    let all = summary.privileged;
    let privileged = in_words_of(all, "privileged account", "privileged accounts");
    if all == 0 {
        said.put(
            true,
            || "No entry is marked as privileged: coverage cannot be told.".to_owned(),
            String::new,
        );
    }
    for (n, missing, there) in [
        (
            summary.privileged_never_proven,
            "no code was ever seen to be accepted",
            "a code was seen to be accepted",
        ),
        (
            summary.privileged_not_in_newest_bundle,
            "the newest bundle of all entries does not hold the present seed",
            "the newest bundle of all entries holds the present seed",
        ),
        (
            summary.privileged_never_accepted,
            "nobody has signed in from a bundle in a drill",
            "somebody has signed in from a bundle in a drill",
        ),
    ] {
        said.put(
            n > 0,
            || format!("{n} of {privileged}: {missing}."),
            || if all > 0 { format!("{all} of {privileged}: {there}.") } else { String::new() },
        );
    }
    let others = summary.never_proven.saturating_sub(summary.privileged_never_proven);
    let words = in_words_of(others, "other entry was", "other entries were");
    said.put(others > 0, || format!("{words} never proven."), String::new);
    let old = in_words_of(summary.proven_long_ago, "proof is", "proofs are");
    said.put(summary.proven_long_ago > 0, || format!("{old} older than a year."), String::new);
    if let (Some(all), Some(without)) = (summary.applications, summary.applications_without_entry) {
        said.put(
            without > 0,
            || format!("No entry fits {without} of {all} sensitive applications that the policy names."),
            || {
                if all > 0 {
                    format!("An entry fits {all} of {all} sensitive applications that the policy names.")
                } else {
                    String::new()
                }
            },
        );
    }
}

/// Seconds since 1970 of a moment in the report; 0 where it is none.
fn seconds(moment: &str) -> u64 {
    moment.parse::<crate::app::time::Moment>().map_or(0, |moment| moment.0)
}

/// `1 drill`, `2 drills`.
pub(super) fn in_words_of(n: u64, one: &str, several: &str) -> String {
    in_words(usize::try_from(n).unwrap_or(usize::MAX), one, several)
}

fn not_proven() -> Vec<String> {
    [
        "One-time codes are not phishing-resistant: who gives a code to a false page has given it away. Where a service \
         takes FIDO2 or certificates, emergency accounts should have those.",
        "Whoever holds the vault's key can rewrite its log from the last head that somebody else holds, and sign another \
         report. Compare the head and the number of records with those on earlier reports, and keep this one elsewhere.",
        "Times are those of the clocks of the machines that were used. Nothing outside of them vouches for them.",
        "People are named as the operating system named them; sharing an account or a machine shares the name.",
        "That a service accepted a code, and that somebody signed in during a drill, is what a person said.",
        "Failed attempts to open the vault are counted from lines in clear, which anybody who can write the log's file can \
         take away until the vault is next opened.",
        "What was done with another program, or with a copy of the vault elsewhere, stands in no log.",
        "The contents, the bundles and the share sets are those of the vault when the report was made, for whatever \
         moment it is made. That a bundle lies where it was written was not looked at.",
        "A seed that was copied, shown or exported lies elsewhere too, and may have been copied on.",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn how_to_check(report: &Report, sha256: &str, blocks: &mut Vec<Block>) {
    blocks.push(Block::Says(
        "This page was made from evidence.json, which lies beside it and is signed. Whoever checks it keeps in a \
         file signers the line that the command lifeboat evidence key has printed earlier:"
            .to_owned(),
    ));
    blocks.push(Block::Types(vec![
        "ssh-keygen -Y verify -f signers -I lifeboat -n lifeboat-evidence \\".to_owned(),
        "    -s evidence.json.sig < evidence.json".to_owned(),
    ]));
    blocks.push(Block::Says(
        "A key that came with the report proves nothing: it has to be one that was had before. The command lifeboat \
         evidence verify \
         checks the same, and that this page says what evidence.json says."
            .to_owned(),
    ));
    blocks.push(Block::Facts(vec![
        ("Key", shown(&report.vault.key)),
        ("SHA-256 of evidence.json", digest(sha256)),
    ]));
}
