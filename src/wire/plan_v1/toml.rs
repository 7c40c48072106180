//! A plan as TOML, for an editor and for a pipe. What is wrong is named with its line.

use std::fmt::Write as _;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::entry::Label;
use crate::entry::label::quoted;
use crate::recovery::plan::{MOST_THINGS, Plan, Scenario, Thing, ThingKind, Way};

/// Larger files are no plan, in bytes.
pub const LARGEST: usize = 4 << 20;

/// Stands above every plan that is written.
const HEAD: &str = "\
# A recovery plan of Lifeboat. It is a map for an attacker: keep it encrypted, or do not keep it.
#
# [[thing]] has a name and a kind. `needs` is what must be there always: where it lies, who holds it.
# `ways` are the ways in, of which one is enough: each is a list of things that are needed together, or
# { at_least = 2, of = [...] } for a quorum. A thing without ways is simply there.
# [[scenario]] names a set of losses. Switching the second factor off is no way in.
";

/// Says what in a plan's TOML is not understood, and where. Safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {words}")]
pub struct TomlError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub words: String,
}

/// Reads a plan.
///
/// # Errors
///
/// The first thing that is not understood, with its line. Nothing is guessed and nothing passed over: a misspelt key
/// would otherwise take a way in out of the plan without a word.
pub fn from_toml(text: &str) -> Result<Plan, TomlError> {
    if text.len() > LARGEST {
        return Err(TomlError { line: 1, words: format!("the plan is larger than {} MiB", LARGEST >> 20) });
    }
    let root = DeTable::parse(text).map_err(|error| TomlError {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        words: crate::entry::label::shown_message(error.message()),
    })?;
    let reading = Reading { text };
    let mut plan = Plan::default();
    for (key, value) in root.get_ref() {
        match key.get_ref().as_ref() {
            "thing" => {
                for table in reading.tables(value)? {
                    if plan.things.len() >= MOST_THINGS {
                        return Err(reading.wrong(table, &format!("more than {MOST_THINGS} things")));
                    }
                    plan.things.push(reading.thing(table)?);
                }
            }
            "scenario" => {
                for table in reading.tables(value)? {
                    plan.scenarios.push(reading.scenario(table)?);
                }
            }
            other => return Err(reading.unknown(key, other, "thing, scenario")),
        }
    }
    Ok(plan)
}

type Node<'t, 'i> = &'t Spanned<DeValue<'i>>;

struct Reading<'t> {
    text: &'t str,
}

impl Reading<'_> {
    fn thing(&self, node: Node<'_, '_>) -> Result<Thing, TomlError> {
        let mut thing = Thing::new("", ThingKind::Other);
        let (mut has_name, mut has_kind) = (false, false);
        for (key, value) in self.table(node)? {
            match key.get_ref().as_ref() {
                "name" => {
                    thing.name = Label::new(self.string(value)?);
                    has_name = true;
                }
                "kind" => {
                    thing.kind = self.kind(value)?;
                    has_kind = true;
                }
                "needs" => thing.needs = self.names(value)?,
                "ways" => thing.ways = self.ways(value)?,
                "privileged" => thing.privileged = self.flag(value)?,
                "lost" => thing.lost = self.flag(value)?,
                "note" => thing.note = self.string(value)?.into(),
                other => {
                    return Err(self.unknown(key, other, "name, kind, needs, ways, privileged, lost, note"));
                }
            }
        }
        if has_name && has_kind {
            Ok(thing)
        } else {
            Err(self.wrong(node, "a thing needs a name and a kind"))
        }
    }

    fn scenario(&self, node: Node<'_, '_>) -> Result<Scenario, TomlError> {
        let mut scenario = Scenario { name: Label::default(), lose: Vec::new() };
        for (key, value) in self.table(node)? {
            match key.get_ref().as_ref() {
                "name" => scenario.name = Label::new(self.string(value)?),
                "lose" => scenario.lose = self.names(value)?,
                other => return Err(self.unknown(key, other, "name, lose")),
            }
        }
        if scenario.name.is_empty() || scenario.lose.is_empty() {
            return Err(self.wrong(node, "a scenario needs a name, and a list of what it loses"));
        }
        Ok(scenario)
    }

    fn kind(&self, node: Node<'_, '_>) -> Result<ThingKind, TomlError> {
        let name = self.string(node)?;
        ThingKind::parse(name).ok_or_else(|| {
            let known: Vec<&str> = ThingKind::ALL.into_iter().map(ThingKind::name).collect();
            let known = known.join(", ");
            self.wrong(node, &format!("no kind \"{}\"; kinds: {known}", Label::new(name).shown()))
        })
    }

    fn ways(&self, node: Node<'_, '_>) -> Result<Vec<Way>, TomlError> {
        self.array(node)?.iter().map(|way| self.way(way)).collect()
    }

    fn way(&self, node: Node<'_, '_>) -> Result<Way, TomlError> {
        if node.get_ref().is_array() {
            return Ok(Way { of: self.names(node)?, at_least: None });
        }
        let mut way = Way { of: Vec::new(), at_least: None };
        for (key, value) in self.table(node)? {
            match key.get_ref().as_ref() {
                "of" => way.of = self.names(value)?,
                "at_least" => {
                    let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
                    way.at_least = Some(
                        number
                            .ok_or_else(|| self.wrong(value, "at_least is a whole number from 1 to 255"))?,
                    );
                }
                other => return Err(self.unknown(key, other, "of, at_least")),
            }
        }
        Ok(way)
    }

    fn names(&self, node: Node<'_, '_>) -> Result<Vec<Label>, TomlError> {
        self.array(node)?.iter().map(|name| self.string(name).map(Label::new)).collect()
    }

    fn tables<'t, 'i>(&self, node: Node<'t, 'i>) -> Result<Vec<Node<'t, 'i>>, TomlError> {
        Ok(self.array(node)?.iter().collect())
    }

    fn array<'t, 'i>(&self, node: Node<'t, 'i>) -> Result<&'t [Spanned<DeValue<'i>>], TomlError> {
        node.get_ref()
            .as_array()
            .map(|array| &array[..])
            .ok_or_else(|| self.wrong(node, "a list belongs here"))
    }

    fn table<'t, 'i>(&self, node: Node<'t, 'i>) -> Result<&'t DeTable<'i>, TomlError> {
        node.get_ref().as_table().ok_or_else(|| self.wrong(node, "a table belongs here"))
    }

    fn string<'t>(&self, node: Node<'t, '_>) -> Result<&'t str, TomlError> {
        node.get_ref().as_str().ok_or_else(|| self.wrong(node, "a text in quotes belongs here"))
    }

    fn flag(&self, node: Node<'_, '_>) -> Result<bool, TomlError> {
        node.get_ref().as_bool().ok_or_else(|| self.wrong(node, "true or false belongs here"))
    }

    fn wrong<T>(&self, at: &Spanned<T>, words: &str) -> TomlError {
        TomlError { line: line_of(self.text, at.span().start), words: words.to_owned() }
    }

    fn unknown<T>(&self, at: &Spanned<T>, name: &str, known: &str) -> TomlError {
        self.wrong(at, &format!("\"{}\" means nothing here; what does: {known}", Label::new(name).shown()))
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Writes a plan, with a heading that says how it is read.
pub fn to_toml(plan: &Plan) -> String {
    let mut out = HEAD.to_owned();
    for thing in &plan.things {
        let _ = write!(
            out,
            "\n[[thing]]\nname = {}\nkind = \"{}\"\n",
            quoted(thing.name.raw()),
            thing.kind.name()
        );
        if !thing.needs.is_empty() {
            let _ = writeln!(out, "needs = {}", list(&thing.needs));
        }
        if !thing.ways.is_empty() {
            out.push_str("ways = [\n");
            for way in &thing.ways {
                let of = list(&way.of);
                let _ = match way.at_least {
                    None => writeln!(out, "  {of},"),
                    Some(k) => writeln!(out, "  {{ at_least = {k}, of = {of} }},"),
                };
            }
            out.push_str("]\n");
        }
        for (name, flag) in [("privileged", thing.privileged), ("lost", thing.lost)] {
            if flag {
                let _ = writeln!(out, "{name} = true");
            }
        }
        if !thing.note.is_empty() {
            let _ = writeln!(out, "note = {}", quoted(&thing.note));
        }
    }
    for scenario in &plan.scenarios {
        let (name, lose) = (quoted(scenario.name.raw()), list(&scenario.lose));
        let _ = write!(out, "\n[[scenario]]\nname = {name}\nlose = {lose}\n");
    }
    out
}

fn list(names: &[Label]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name.raw())).collect();
    format!("[{}]", names.join(", "))
}
