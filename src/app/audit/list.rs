//! Lists what the log says, filtered.

use std::collections::{BTreeMap, BTreeSet};

use super::super::context::Context;
use super::super::failure::{Failure, Kind, Unchanged};
use super::super::session::Session;
use super::super::{find, log, share_set, time};
use super::not_listed;
use crate::audit::trail::{InClear, Seen};
use crate::audit::{Event, Record};
use crate::entry::{EntryId, Label, UnixSeconds};

/// Which lines are wanted; an empty filter wants all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// From this moment on.
    pub since: Option<UnixSeconds>,
    /// About one of these entries, by their ids as the log has them; see [`entry_ids`].
    pub entries: Option<Vec<EntryId>>,
    /// By or about somebody: the system's user, `user@host`, the name of a way of opening, or a custodian.
    pub person: Option<String>,
    /// One of these happened; see [`kind`].
    pub kinds: Vec<&'static str>,
}

/// Stands for the name of an entry that was destroyed.
pub const GONE: &str = "gone";

/// How a line stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In clear, and no record has taken it in: anybody could have written it.
    NotSealed,
    /// Sealed, under this number.
    Sealed(u64),
    /// In clear, and the record with this number has sealed its hash since.
    TakenIn(u64),
}

/// Facts that are moments, in Unix seconds.
const MOMENTS: [&str; 4] = ["at", "date", "drilled at", "since"];

/// One line of the log. Labels are safe to show as they are displayed; what came from outside is in them raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// How it stands in the log.
    pub standing: Standing,
    /// When, by the machine's clock of then.
    pub at: UnixSeconds,
    /// What happened, by its word in the log; a line in clear may say one of its own.
    pub event: String,
    /// The entry that it is about, by its id.
    pub entry: Option<Label>,
    /// The entry's name as it is now; `gone` where it was destroyed, empty where it is about none.
    pub title: String,
    /// The system's user; empty of a line in clear.
    pub user: Label,
    /// The machine; empty of a line in clear.
    pub host: Label,
    /// The way by which the vault was open: its sort and its name, safe to show; empty where that is not known.
    pub way: String,
    /// The name of the way alone.
    pub way_id: Option<Label>,
    /// Why, where somebody said so.
    pub reason: Option<Label>,
    /// The generation that a change leads to.
    pub generation: Option<u64>,
    /// Further facts, by name.
    pub facts: Vec<(Label, Label)>,
}

impl Logged {
    /// `ana@workstation`, safe to show; empty of a line in clear.
    pub fn who(&self) -> String {
        if self.user.is_empty() { String::new() } else { format!("{}@{}", self.user, self.host) }
    }

    /// Why, the generation and the facts in one line, safe to show.
    pub fn about(&self) -> String {
        let reason = self.reason.iter().map(|reason| format!("because {reason}"));
        let facts = self.facts_in_words().into_iter().map(|(name, value)| format!("{name}={value}"));
        let generation = self.generation.iter().map(|generation| format!("generation {generation}"));
        reason.chain(generation).chain(facts).collect::<Vec<_>>().join("  ")
    }

    /// The facts, safe to show, with moments as people write them. The records have Unix seconds.
    pub fn facts_in_words(&self) -> Vec<(String, String)> {
        let in_words = |(name, value): &(Label, Label)| {
            let moment = if MOMENTS.contains(&name.raw()) { value.raw().parse().ok() } else { None };
            (name.shown(), moment.map_or_else(|| value.shown(), time::shown))
        };
        self.facts.iter().map(in_words).collect()
    }

    /// Whether it is a record, or a line in clear that one has taken in.
    pub fn is_sealed(&self) -> bool {
        self.standing != Standing::NotSealed
    }
}

/// The kind of line that a word names: that of a record, or of a line in clear.
///
/// # Errors
///
/// Exit 2 for another word, with all that there are.
pub fn kind(word: &str) -> Result<&'static str, Failure> {
    let mut names: Vec<&str> = Event::ALL.map(Event::name).into_iter().chain([log::FAILED_UNLOCK]).collect();
    names.sort_unstable();
    names.iter().copied().find(|name| *name == word).ok_or_else(|| {
        let shown = crate::entry::label::shown(word);
        Failure::new(Kind::Usage, format!("the log has no kind of record that is called \"{shown}\""))
            .details([format!("the kinds are {}", names.join(", "))])
            .unchanged(Unchanged::NothingTouched)
            .next("name one of these, and more of them by --kind once for each")
    })
}

/// The entries that a query names: one of the vault, one in the trash, or by its id one that is gone.
///
/// # Errors
///
/// Exit 4 when none or several fit.
pub fn entry_ids(session: &Session, query: &str) -> Result<Vec<EntryId>, Failure> {
    let none = match find::find(session, query) {
        Err(failure) if failure.kind == Kind::NoEntry => failure,
        found => return found.map(|id| vec![id]),
    };
    match find::find_in_trash(session, query) {
        Err(failure) if failure.kind == Kind::NoEntry => {
            EntryId::parse(query.trim()).map(|id| vec![id]).ok_or_else(|| {
                none.next("`lifeboat trash list` shows the removed ones; of one that is gone give the id")
            })
        }
        found => found.map(|id| vec![id]),
    }
}

/// Lists what fits, oldest first. Lines that cannot be read are passed over, which is told in the session's notices:
/// whether the log is whole is for [`verify`](super::verify()) to say.
///
/// # Errors
///
/// When a file of the log cannot be read.
pub fn list(ctx: &Context, session: &mut Session, filter: &Filter) -> Result<Vec<Logged>, Failure> {
    let files = log::files(ctx, &session.path, &session.vault).map_err(not_listed)?;
    let names = Names::of(session);
    let mut listed: Vec<Logged> = Vec::new();
    let mut n_newer = 0;
    // Lines in clear wait for the record that takes them in.
    let mut waiting = InClear::default();
    let mut waiting_from = 0;
    let mut seen = BTreeSet::new();
    for file in files {
        let reads = file.reads.map_err(not_listed)?;
        let has_own = reads.iter().any(|read| matches!(read.seen, Seen::Own(_)));
        if !has_own && !file.is_current {
            continue;
        }
        for read in reads {
            let own = match read.seen {
                Seen::Open { at, event } => {
                    if waiting.count() == 0 {
                        waiting_from = listed.len();
                    }
                    waiting.push(at, &event);
                    listed.push(in_clear(at, event));
                    continue;
                }
                Seen::Own(own) => own,
                Seen::Cut { .. } | Seen::Foreign { .. } | Seen::Spoiled => continue,
            };
            // What stands twice is listed once.
            if !seen.insert((own.number, own.head)) {
                continue;
            }
            let Some(record) = own.record else {
                n_newer += 1;
                continue;
            };
            if record.event == Event::Absorbed
                && std::mem::take(&mut waiting).facts().as_ref() == Some(&record.facts)
            {
                let taken = listed.iter_mut().skip(waiting_from);
                taken.for_each(|line| line.take_in(own.number));
            }
            if !matches!(record.event, Event::LogBroken | Event::LogRotated | Event::Repaired) {
                waiting = InClear::default();
            }
            listed.push(names.told(own.number, record));
        }
    }
    if n_newer > 0 {
        session.tell(format!("{n_newer} records of a newer version of Lifeboat are not listed"));
    }
    let person = filter.person.as_deref().map(str::to_lowercase);
    listed.retain(|line| {
        filter.since.is_none_or(|since| line.at >= since)
            && (filter.kinds.is_empty() || filter.kinds.iter().any(|kind| *kind == line.event))
            && filter.entries.as_ref().is_none_or(|entries| is_about(line, entries))
            && person.as_deref().is_none_or(|person| names.is_of(line, person))
    });
    Ok(listed)
}

fn in_clear(at: UnixSeconds, event: String) -> Logged {
    Logged {
        standing: Standing::NotSealed,
        at,
        event,
        entry: None,
        title: String::new(),
        user: Label::default(),
        host: Label::default(),
        way: String::new(),
        way_id: None,
        reason: None,
        generation: None,
        facts: Vec::new(),
    }
}

impl Logged {
    fn take_in(&mut self, number: u64) {
        if self.standing == Standing::NotSealed {
            self.standing = Standing::TakenIn(number);
        }
    }
}

fn is_about(line: &Logged, entries: &[EntryId]) -> bool {
    let id = line.entry.as_ref().and_then(|id| EntryId::parse(id.raw()));
    id.is_some_and(|id| entries.contains(&id))
}

/// The names that the vault has now for what the log names by id.
struct Names {
    titles: BTreeMap<String, String>,
    ways: BTreeMap<String, String>,
    /// By share set and number.
    custodians: BTreeMap<(String, String), Label>,
}

impl Names {
    fn of(session: &Session) -> Self {
        let vault = &session.vault;
        let trashed = vault.trash.iter().map(|trashed| &trashed.entry);
        let titles = vault.entries.iter().chain(trashed);
        let ways = super::super::rekey::list(session).into_iter();
        let custodians = vault.share_sets.iter().flat_map(|set| {
            let name = share_set::name(set.id);
            let numbered = (1..).zip(&set.shares);
            numbered.map(move |(number, share): (u32, _)| {
                ((name.clone(), number.to_string()), share.custodian.clone())
            })
        });
        Self {
            titles: titles.map(|entry| (entry.id.to_string(), entry.title())).collect(),
            ways: ways.map(|way| (way.name, way.type_name)).collect(),
            custodians: custodians.collect(),
        }
    }

    fn told(&self, number: u64, record: Record) -> Logged {
        let title = record.entry.as_ref().map(|id| self.titles.get(id).cloned());
        let way = record.way.as_ref().map(|way| match self.ways.get(way) {
            Some(sort) => format!("{sort} {way}"),
            None => format!("{}, which is gone", Label::new(way).shown()),
        });
        Logged {
            standing: Standing::Sealed(number),
            at: record.at,
            event: record.event.name().to_owned(),
            title: title.map(|title| title.unwrap_or_else(|| GONE.to_owned())).unwrap_or_default(),
            entry: record.entry.map(Label::new),
            user: Label::new(record.user),
            host: Label::new(record.host),
            way: way.unwrap_or_default(),
            way_id: record.way.map(Label::new),
            reason: record.reason.map(Label::new),
            generation: record.generation,
            facts: record
                .facts
                .into_iter()
                .map(|(name, value)| (Label::new(name), Label::new(value)))
                .collect(),
        }
    }

    /// Whether a line is by or about somebody, whose name is in lower case.
    fn is_of(&self, line: &Logged, person: &str) -> bool {
        let is = |text: &str| text.to_lowercase() == person;
        let fact = |wanted: &str| {
            let found = line.facts.iter().find(|(name, _)| name.raw() == wanted);
            found.map_or_else(String::new, |(_, value)| value.raw().to_owned())
        };
        let custodian = self.custodians.get(&(fact("share set"), fact("share")));
        (!line.user.is_empty()
            && (is(line.user.raw()) || is(&format!("{}@{}", line.user.raw(), line.host.raw()))))
            || line.way_id.as_ref().is_some_and(|way| is(way.raw()))
            || custodian.is_some_and(|custodian| is(custodian.raw()))
            || line.facts.iter().any(|(_, value)| is(value.raw()) || value.raw().split(", ").any(is))
    }
}
