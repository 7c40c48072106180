//! Checks whether the log is whole, as far as that can be told.

use std::path::Path;

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::session::Session;
use super::super::{log, time, vault_file};
use super::not_listed;
use crate::audit::trail::Seen;
use crate::audit::verify::{self, Checked, File, Finding, Known};
use crate::audit::{self, Event};
use crate::entry::{UnixSeconds, label};
use crate::vault::{LogAnchor, VaultId};

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was found, in the order of the records.
    pub found: Vec<Reported>,
    /// The files that were read, safe to show; the one that is written to is the last.
    pub files: Vec<String>,
    /// The records that are there.
    pub n_records: u64,
    /// When the first and the last of them were made.
    pub span: Option<(UnixSeconds, UnixSeconds)>,
    /// The number of the last record.
    pub count: u64,
    /// The head of the chain after it.
    pub head: [u8; 32],
    /// What the vault knows of its log.
    pub anchor: LogAnchor,
    /// The vault's generation.
    pub generation: u64,
    /// The vault that this one goes on from.
    pub continues: Option<Continued>,
    /// Where the head stands that was asked about.
    pub asked: Option<Asked>,
}

impl Verified {
    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        self.found.iter().any(|found| found.is_wrong)
    }

    /// How many records came after the last save, and could be cut off unseen.
    pub fn n_after_anchor(&self) -> u64 {
        self.count.saturating_sub(self.anchor.count)
    }
}

/// One finding, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Its sort: the word in JSON.
    pub kind: &'static str,
    /// Whether something is wrong; else it is told for the sake of completeness.
    pub is_wrong: bool,
    /// The first and the last record that it is about.
    pub records: Option<(u64, u64)>,
    /// When the first of them was made, where that can be read.
    pub at: Option<UnixSeconds>,
    /// What that one says, by its word in the log.
    pub event: Option<&'static str>,
    /// When the records before and behind were made, where these cannot be read.
    pub between: (Option<UnixSeconds>, Option<UnixSeconds>),
    /// The file, by its name.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u64>,
    /// What was found.
    pub words: String,
}

impl Reported {
    /// What was found, with where it stands and what the record says; safe to show.
    pub fn in_words(&self) -> String {
        let mut about = Vec::new();
        about.extend(self.at.map(time::shown));
        about.extend(self.event.map(str::to_owned));
        about.extend(match self.between {
            (Some(after), Some(before)) => {
                Some(format!("made between {} and {}", time::shown(after), time::shown(before)))
            }
            (Some(after), None) => Some(format!("made after {}", time::shown(after))),
            (None, Some(before)) => Some(format!("made before {}", time::shown(before))),
            (None, None) => None,
        });
        about.extend(match (&self.file, self.line) {
            (Some(file), Some(line)) => Some(format!("line {line} of {file}")),
            _ => None,
        });
        if about.is_empty() { self.words.clone() } else { format!("{} ({})", self.words, about.join(", ")) }
    }
}

/// The vault that this one goes on from, as the bundle that it was restored from said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Continued {
    /// That vault.
    pub vault: VaultId,
    /// The head of its log when the bundle was made.
    pub head: [u8; 32],
    /// When it was restored here.
    pub restored: UnixSeconds,
}

/// Where a head stands that was noted elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// After so many records of this log.
    After(u64),
    /// It is the head of the vault that this one goes on from.
    Continued,
    /// Nowhere.
    Nowhere,
}

/// Reads a head: 64 hexadecimal digits in either case, with or without spaces between them.
pub fn head(text: &str) -> Option<[u8; 32]> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?.try_into().ok()
}

/// Checks the log as it lies there, and looks for a head that was noted elsewhere. Nothing is written.
///
/// # Errors
///
/// When it cannot be told which files the log has. A file that cannot be read is a finding.
pub fn verify(ctx: &Context, session: &Session, asked: Option<[u8; 32]>) -> Result<Verified, Failure> {
    let vault = &session.vault;
    let read = log::files(ctx, &session.path, vault).map_err(not_listed)?;
    let mut names = Vec::new();
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    for file in read {
        let name = name_of(&file.path);
        match file.reads {
            Ok(reads) => {
                files.push(File { reads, is_current: file.is_current });
                names.push(name);
            }
            Err(error) => {
                let cause = label::shown_message(&error.source.to_string());
                let words = format!("{name} cannot be read: {cause}");
                unreadable.push((name, Finding::new(verify::Kind::Unreadable, words)));
            }
        }
    }
    let known = Known {
        start: audit::start(&vault.id.0),
        anchor: (vault.log_anchor.count, vault.log_anchor.head),
        generation: present_generation(ctx, session),
    };
    let checked = verify::check(&files, &known);
    let mut found: Vec<Reported> = unreadable
        .into_iter()
        .map(|(name, finding)| Reported { file: Some(name), ..reported(finding, &names) })
        .collect();
    found.extend(checked.findings.iter().cloned().map(|finding| reported(finding, &names)));
    let continues = vault.continues.as_ref().map(|continues| Continued {
        vault: continues.vault,
        head: continues.log_head,
        restored: continues.restored,
    });
    let asked = asked.map(|head| stands(&checked, continues.as_ref(), &head));
    if asked == Some(Asked::Nowhere) {
        let words =
            "the head that was given is not in this log: it is of another log, or this one was written anew";
        found.push(reported(Finding::new(verify::Kind::HeadUnknown, words), &names));
    }
    Ok(Verified {
        found,
        span: span(&files),
        files: names,
        n_records: checked.n_records,
        count: checked.count,
        head: checked.head,
        anchor: vault.log_anchor,
        generation: vault.generation,
        continues,
        asked,
    })
}

fn stands(checked: &Checked, continues: Option<&Continued>, head: &[u8; 32]) -> Asked {
    match checked.stands_at(head) {
        Some(number) => Asked::After(number),
        None if continues.is_some_and(|continues| continues.head == *head) => Asked::Continued,
        None => Asked::Nowhere,
    }
}

/// The vault's generation now: another process may have saved since it was opened, and the log says so already.
fn present_generation(ctx: &Context, session: &Session) -> u64 {
    let sealed = vault_file::read_sealed(ctx, &session.path).ok().flatten();
    let present = sealed.and_then(|sealed| vault_file::decode(&session.path, &sealed, &session.master).ok());
    present.map_or(0, |vault| vault.generation).max(session.vault.generation)
}

fn span(files: &[File]) -> Option<(UnixSeconds, UnixSeconds)> {
    let reads = files.iter().flat_map(|file| &file.reads);
    let times = reads.filter_map(|read| match &read.seen {
        Seen::Own(own) => own.record.as_ref().map(|record| record.at),
        Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Open { .. } | Seen::Spoiled => None,
    });
    times.fold(None, |span: Option<(u64, u64)>, at| Some((span.map_or(at, |(first, _)| first), at)))
}

fn reported(finding: Finding, names: &[String]) -> Reported {
    Reported {
        kind: finding.kind.name(),
        is_wrong: finding.kind.is_wrong(),
        records: finding.records,
        at: finding.of.map(|(at, _)| at),
        event: finding.of.map(|(_, event)| Event::name(event)),
        between: finding.between,
        file: finding.place.and_then(|place| names.get(place.file).cloned()),
        line: finding.place.map(|place| place.line),
        words: finding.words,
    }
}

fn name_of(path: &Path) -> String {
    label::shown(&path.file_name().unwrap_or_default().to_string_lossy())
}
