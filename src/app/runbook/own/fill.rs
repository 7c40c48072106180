//! The places of a person's own runbook: found, checked, and filled in.

use super::super::markdown::escaped;
use super::super::situation::{Account, Situation, named};
use super::super::typed::Typed;
use super::super::{phones, steps};
use crate::app::time::day;
use crate::entry::Label;
use crate::entry::label;

/// Every place by its name, with what is put there.
pub const PLACES: [(&str, &str); 10] = [
    ("account", "the account that --for names, else a line to write on"),
    ("bundles", "the bundles of the vault, with where they were written"),
    ("custodians", "who holds a share of a set that is in use"),
    ("date", "the day on which it is filled in"),
    ("device", "the device that --device names, else a line to write on"),
    ("entries", "the accounts that have to do with the device, or all that are privileged"),
    ("people", "who verifies identities, by the plan"),
    ("phones", "the phones of the plan, with their kind"),
    ("query", "what finds the account of --for on the command line"),
    ("ways", "the ways in of those accounts that stand without the device"),
];

/// A line to write on.
const BY_HAND: &str = "________________";
/// Places that may stand in a command.
const IN_COMMANDS: [&str; 3] = ["date", "device", "query"];

/// A piece of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text as it was written.
    Text(&'a str),
    /// A place, by the name in its braces.
    Place(&'a str),
}

/// A line taken apart. Braces around anything but small letters are text.
pub(super) fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (line, 0);
    while let Some(at) = rest.get(from..).and_then(|tail| tail.find('{')).map(|at| at + from) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let name = tail.get(1..).and_then(|tail| tail.split_once('}')).map(|(name, _)| name);
        let name = name.filter(|name| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'_')
        });
        match name {
            Some(name) => {
                if !before.is_empty() {
                    pieces.push(Piece::Text(before));
                }
                pieces.push(Piece::Place(name));
                rest = tail.get(name.len() + 2..).unwrap_or_default();
                from = 0;
            }
            None => from = at + 1,
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Tells which lines of a text are code, as a reader of Markdown takes them, or might: they begin and end at fences, or
/// stand in by four or more.
#[derive(Debug, Default)]
pub(super) struct Fences {
    open: Option<char>,
}

impl Fences {
    /// Takes the next line: whether it is one of code, and whether it is a fence itself.
    pub(super) fn line(&mut self, line: &str) -> (bool, bool) {
        let trimmed = line.trim_start_matches([' ', '\t', '>']);
        let fence =
            ['`', '~'].into_iter().find(|c| trimmed.chars().take_while(|other| other == c).count() >= 3);
        match (self.open, fence) {
            (None, Some(fence)) => {
                self.open = Some(fence);
                (true, true)
            }
            (Some(open), Some(fence)) if open == fence => {
                self.open = None;
                (true, true)
            }
            (Some(_), _) => (true, false),
            (None, None) => (line.starts_with("    ") || line.contains('\t'), false),
        }
    }
}

/// Says what is wrong with the places of a text, each with its line; else which places it has.
pub(super) fn check(text: &str) -> Result<Vec<&'static str>, Vec<String>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut fences = Fences::default();
    for (number, line) in (1..).zip(text.lines()) {
        let (in_code, _) = fences.line(line);
        let mut n_ticks = 0;
        for piece in pieces(line) {
            match piece {
                Piece::Text(text) => n_ticks += text.matches('`').count(),
                Piece::Place(name) => {
                    let Some((known, _)) = PLACES.iter().find(|(known, _)| *known == name) else {
                        faults.push(format!("line {number}: there is no place {{{}}}", label::shown(name)));
                        continue;
                    };
                    let in_command = in_code || n_ticks % 2 == 1;
                    if in_command && !IN_COMMANDS.contains(known) {
                        faults.push(format!(
                            "line {number}: {{{known}}} stands in a command, where only {{query}}, {{device}} and {{date}} can"
                        ));
                    }
                    if !found.contains(known) {
                        found.push(*known);
                    }
                }
            }
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// What is put into the places. Texts are safe to show, and not yet written for any markup.
#[derive(Debug)]
pub(super) struct Values {
    of_places: Vec<(&'static str, Vec<String>)>,
    device: String,
    query: String,
}

impl Values {
    pub(super) fn new(situation: &Situation<'_>) -> Self {
        let vault = situation.vault;
        let account = situation.accounts.first().filter(|_| situation.for_one);
        let in_use = vault.share_sets.iter().filter(|set| set.replaced.is_none());
        let mut custodians: Vec<String> =
            in_use.flat_map(|set| &set.shares).map(|share| named(&share.custodian)).collect();
        custodians.dedup();
        let bundle = |record: &crate::vault::BundleRecord| {
            let name =
                if record.label.is_empty() { String::new() } else { format!("{}, ", named(&record.label)) };
            format!("{name}{}, made {}", named(&record.path), day(record.created))
        };
        let device = situation.device.as_ref();
        let values = vec![
            ("account", account.map(|account| account.name.clone()).into_iter().collect()),
            ("bundles", vault.bundles.iter().rev().map(bundle).collect()),
            ("custodians", custodians),
            ("date", vec![day(situation.now)]),
            ("device", device.map(|device| device.name.clone()).into_iter().collect()),
            ("entries", situation.accounts.iter().map(Account::marked).collect()),
            ("people", steps::verifiers(situation)),
            (
                "phones",
                situation
                    .phones()
                    .map(|(thing, kind)| format!("{}, {}", named(&thing.name), phones::in_words(kind)))
                    .collect(),
            ),
            (
                "ways",
                situation
                    .accounts
                    .iter()
                    .flat_map(|account| account.ways.iter().map(|way| format!("{}: {way}", account.name)))
                    .collect(),
            ),
        ];
        let typed = |typed: Typed| typed.to_string().split_off(2);
        let entry = account.and_then(|account| account.entry);
        Self {
            of_places: values,
            device: device.map_or_else(|| "DEVICE".to_owned(), |device| in_command(&device.label, "DEVICE")),
            query: entry
                .map_or_else(|| "ACCOUNT".to_owned(), |entry| typed(Typed::new("x").entry(vault, entry))),
        }
    }

    /// All values of a place.
    fn of(&self, place: &str) -> &[String] {
        self.of_places
            .iter()
            .find(|(name, _)| *name == place)
            .map(|(_, values)| values.as_slice())
            .unwrap_or_default()
    }

    /// The values of a place on one line.
    fn joined(&self, place: &str, write: impl Fn(&str) -> String) -> String {
        match (place, self.of(place)) {
            ("query", _) => write(&self.query),
            // To be written on, whatever it is written as.
            ("account" | "device", []) => BY_HAND.to_owned(),
            (_, []) => "(none known)".to_owned(),
            // Several of these hold commas themselves.
            ("bundles" | "phones" | "ways", values) => {
                values.iter().map(|value| write(value)).collect::<Vec<_>>().join("; ")
            }
            (_, values) => values.iter().map(|value| write(value)).collect::<Vec<_>>().join(", "),
        }
    }

    /// What stands in a command.
    fn in_command(&self, place: &str) -> String {
        match place {
            "device" => self.device.clone(),
            "query" => self.query.clone(),
            _ => self.of(place).first().cloned().unwrap_or_default(),
        }
    }

    /// A line filled in: once for each value where a place of many stands alone on it, behind the mark of a list or not.
    pub(super) fn lines(&self, line: &str, in_code: bool, write: impl Fn(&str) -> String) -> Vec<String> {
        let pieces = pieces(line);
        if let [Piece::Place(place)] | [Piece::Text(_), Piece::Place(place)] = pieces.as_slice()
            && !in_code
            && let [first, ..] = pieces.as_slice()
            && let values @ [_, _, ..] = self.of(place)
        {
            let mark = if let Piece::Text(mark) = first { mark } else { "" };
            if mark.trim_matches([' ', '-', '*', '+', '[', ']']).is_empty() {
                return values.iter().map(|value| format!("{mark}{}", write(value))).collect();
            }
        }
        let mut n_ticks = 0;
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    n_ticks += text.matches('`').count();
                    out.push_str(text);
                }
                Piece::Place(place) if in_code || n_ticks % 2 == 1 => out.push_str(&self.in_command(place)),
                Piece::Place(place) => out.push_str(&self.joined(place, &write)),
            }
        }
        vec![out]
    }
}

/// A name in a command within Markdown that is not ours: one word, or left to be filled in.
fn in_command(name: &Label, otherwise: &str) -> String {
    let is_ordinary = |c: char| c.is_ascii_alphanumeric() || "@.:+-".contains(c);
    let raw = name.raw();
    let fits = !raw.is_empty() && !raw.starts_with('-') && raw.len() <= 60 && raw.chars().all(is_ordinary);
    if fits { raw.to_owned() } else { otherwise.to_owned() }
}

/// The whole text filled in, each line safe to show.
pub(super) fn markdown(text: &str, values: &Values) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fences = Fences::default();
    for line in text.lines() {
        let (in_code, _) = fences.line(line);
        // Tabs are the person's own, and mean something.
        let line = line.split('\t').map(label::escaped).collect::<Vec<_>>().join("    ");
        for filled in values.lines(&line, in_code, escaped) {
            out.push_str(filled.trim_end());
            out.push('\n');
        }
    }
    out
}
