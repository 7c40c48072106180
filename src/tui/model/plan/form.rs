//! A thing of the plan being written down: its name and kind, what it needs, its ways in, its marks.

use std::borrow::Cow;

use crate::app::plan::AtHand;
use crate::entry::Label;
use crate::recovery::plan::{Thing, ThingKind, Way, names_of, names_written};
use crate::tui::form::{Field, Form};
use crate::tui::model::fields;
use crate::tui::secret_field::holds_uri;

/// The fields of the ways in. A thing with more of them is changed as text.
pub const WAY_KEYS: [&str; 16] = [
    "way 1", "way 2", "way 3", "way 4", "way 5", "way 6", "way 7", "way 8", "way 9", "way 10", "way 11",
    "way 12", "way 13", "way 14", "way 15", "way 16",
];
/// Fields in which names of other things are typed.
const NEEDS: &str = "needs";
/// What is said of a seed's URI in any of the fields.
const HOLDS_URI: &str = "a URI with a seed in it does not belong here: Ctrl-u empties the field";
/// Most names that are offered at once.
const MOST_OFFERED: usize = 4;
/// Longest list of names that nothing has, in names.
const MOST_UNKNOWN: usize = 4;

/// A thing being written down.
#[derive(Debug)]
pub struct ThingForm {
    /// The fields.
    pub form: Form,
    /// The thing that is changed, by the name that it has; `None` for a new one.
    pub changes: Option<Label>,
    /// The name, where it is given: that of something that the vault knows by itself.
    pub about: Option<Label>,
    /// What is wrong with what was typed when it was to be saved.
    pub wrong: Option<String>,
    /// What is to be said of what is typed, a line each; safe to show.
    pub hints: Vec<String>,
    /// Names that fit what is typed of one, the best first.
    pub offered: Vec<Label>,
    /// Something was typed.
    pub is_edited: bool,
}

/// What was typed makes no thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAThing {
    /// The field.
    pub key: &'static str,
    /// What is wrong with it, safe to show.
    pub words: String,
}

impl ThingForm {
    /// A new thing.
    pub fn new() -> Self {
        Self::filled(&Thing::new("", ThingKind::Account), None, None)
    }

    /// More about something that the vault knows by itself.
    pub fn say_more(known: &Thing) -> Self {
        let said = Thing::new(known.name.raw(), known.kind);
        Self::filled(&said, None, Some(known.name.clone()))
    }

    /// One of the person's own things, to be changed; `is_known` where the vault knows it too, and it keeps its name.
    /// `None` where fields of one line cannot hold what it says.
    pub fn change(own: &Thing, is_known: bool) -> Option<Self> {
        let form = Self::filled(own, Some(own.name.clone()), is_known.then(|| own.name.clone()));
        // A name with a plus sign in it, a seventeenth way in, a line end in the note: nothing of it may be lost.
        (form.thing().as_ref() == Ok(own)).then_some(form)
    }

    fn filled(thing: &Thing, changes: Option<Label>, about: Option<Label>) -> Self {
        let mut all = Vec::new();
        if about.is_none() {
            let help = "What others name it by: \"laptop\", \"Ana\", \"Entra password\".";
            all.push(Field::text("name", "Name: ", help, thing.name.raw()));
        }
        let kinds = ThingKind::ALL.into_iter().map(|kind| Cow::Borrowed(kind.name())).collect();
        let help = "Left and Right choose, and so does a first letter.";
        all.push(Field::choice_of("kind", "Kind: ", help, kinds, thing.kind.name()));
        let help = "What must be there too, always: where it lies, who holds it. A + B for several.";
        all.push(Field::text(NEEDS, "Needs: ", help, &names_written(&thing.needs)));
        for (key, way) in WAY_KEYS.into_iter().zip(&thing.ways) {
            all.push(way_field(key, &way.written()));
        }
        all.push(fields::privileged(thing.privileged));
        let help = "Whether it is lost today, and not only in thought.";
        let lost = if thing.lost { "yes" } else { "no" };
        all.push(Field::choice("lost", "Lost: ", help, &["no", "yes"], lost));
        all.push(fields::note(&thing.note));
        let mut form = Self {
            form: Form::new(all),
            changes,
            about,
            wrong: None,
            hints: Vec::new(),
            offered: Vec::new(),
            is_edited: false,
        };
        form.settle_ways();
        form
    }

    /// A word or two for the title.
    pub const fn name(&self) -> &'static str {
        if self.changes.is_some() { "Change a thing" } else { "Add a thing" }
    }

    /// What was typed.
    ///
    /// # Errors
    ///
    /// The first field that means nothing.
    pub fn thing(&self) -> Result<Thing, NotAThing> {
        let typed = |key: &str| self.form.value(key).trim();
        let wrong = |key: &'static str, words: &str| NotAThing { key, words: words.to_owned() };
        let name = match &self.about {
            Some(about) => about.clone(),
            None if typed("name").is_empty() => return Err(wrong("name", "type a name")),
            None => Label::new(typed("name")),
        };
        let kind = ThingKind::parse(typed("kind")).ok_or_else(|| wrong("kind", "choose a kind"))?;
        let mut thing = Thing { name, ..Thing::new("", kind) };
        if !typed(NEEDS).is_empty() {
            thing.needs = names_of(typed(NEEDS)).map_err(|error| wrong(NEEDS, &error.to_string()))?;
        }
        for key in WAY_KEYS {
            if !typed(key).is_empty() {
                let way: Way = typed(key).parse().map_err(|error| wrong(key, &format!("{error}")))?;
                thing.ways.push(way);
            }
        }
        thing.privileged = typed("privileged") == "yes";
        thing.lost = typed("lost") == "yes";
        thing.note = fields::many_lines(self.form.value("note"));
        Ok(thing)
    }

    /// Says what is to be said of what is typed: names that nothing has, and a quorum that nothing can meet.
    pub fn check(&mut self, at_hand: Option<&AtHand>) {
        self.hints.clear();
        self.offered.clear();
        // It is drawn as dots in its field, and repeated nowhere.
        let typed = self.form.fields().iter().filter_map(Field::typed);
        if typed.into_iter().any(|text| holds_uri(text.text().expose())) {
            self.hints.push(HOLDS_URI.to_owned());
            return;
        }
        let Some(at_hand) = at_hand else { return };
        self.offered = self.fitting(at_hand);
        if let Ok(thing) = self.thing() {
            self.hints = faults(&thing, at_hand, self.changes.as_ref());
        }
    }

    /// Takes the first name that fits in the place of what is typed of it; false where none does.
    pub fn take_offered(&mut self) -> bool {
        let Some((key, name)) = self.names_field().zip(self.offered.first()) else { return false };
        let typed = self.form.value(key).to_owned();
        let last = last_name(&typed);
        let kept = typed.strip_suffix(last).unwrap_or(&typed);
        let whole = format!("{kept}{}", name.raw());
        self.form.set(key, &whole);
        self.is_edited = true;
        true
    }

    /// One empty field stands after the ways in that were typed.
    pub fn settle_ways(&mut self) {
        let keys = self.form.fields().iter().map(|field| field.key);
        let there: Vec<&'static str> = keys.filter(|key| WAY_KEYS.contains(key)).collect();
        let is_empty = |key: &str| self.form.value(key).trim().is_empty();
        let focused = self.form.focused().map(|field| field.key);
        // The one that has the cursor stays, also where it is empty.
        let last = there.iter().rposition(|key| !is_empty(key) || Some(*key) == focused);
        let n_wanted = last.map_or(1, |last| {
            let ends_empty = there.get(last).is_some_and(|key| is_empty(key));
            if ends_empty { last + 1 } else { last + 2 }
        });
        for key in there.iter().skip(n_wanted) {
            self.form.remove(key);
        }
        if n_wanted > there.len()
            && let Some(key) = WAY_KEYS.get(there.len())
        {
            let after = there.last().copied().unwrap_or(NEEDS);
            self.form.insert_after(after, way_field(key, ""));
        }
    }

    /// The field that has the cursor, where names are typed in it.
    fn names_field(&self) -> Option<&'static str> {
        let key = self.form.focused()?.key;
        (key == NEEDS || WAY_KEYS.contains(&key)).then_some(key)
    }

    /// Names that fit what is typed of the last one: those that begin so, then those that hold it.
    fn fitting(&self, at_hand: &AtHand) -> Vec<Label> {
        let Some(key) = self.names_field() else { return Vec::new() };
        let needle = last_name(self.form.value(key)).to_lowercase();
        if needle.is_empty() {
            return Vec::new();
        }
        let can_be_typed = |name: &Label| names_of(name.raw()).is_ok_and(|names| names == [name.clone()]);
        let fits = |name: &&Label| name.raw().to_lowercase().contains(&needle) && can_be_typed(name);
        let names = at_hand.things().iter().map(|thing| &thing.name);
        let mut fitting: Vec<&Label> = names.filter(fits).collect();
        // What is typed in full needs no more.
        if fitting.iter().any(|name| name.raw().to_lowercase() == needle) && fitting.len() == 1 {
            return Vec::new();
        }
        fitting.sort_by_key(|name| {
            let name = name.raw().to_lowercase();
            (!name.starts_with(&needle), name.len())
        });
        fitting.into_iter().take(MOST_OFFERED).cloned().collect()
    }
}

impl Default for ThingForm {
    fn default() -> Self {
        Self::new()
    }
}

fn way_field(key: &'static str, value: &str) -> Field {
    let help = "What is needed together: A + B. For a quorum 2 of: A + B + C. Each way in has its own field; without \
                any it is simply there.";
    let label = if WAY_KEYS.first() == Some(&key) { "Way in: " } else { "or: " };
    Field::text(key, label, help, value)
}

/// What is typed of the last name in a list of names.
fn last_name(typed: &str) -> &str {
    let after_plus = typed.rsplit_once(" + ").map_or(typed, |(_, last)| last);
    let is_number = |text: &str| !text.trim().is_empty() && text.trim().chars().all(|c| c.is_ascii_digit());
    let after_quorum = after_plus.split_once("of:").filter(|(number, _)| is_number(number));
    after_quorum.map_or(after_plus, |(_, name)| name).trim_start()
}

/// What keeps a thing from being saved as it is, as far as that can be said here.
fn faults(thing: &Thing, at_hand: &AtHand, changes: Option<&Label>) -> Vec<String> {
    let mut faults = Vec::new();
    let is_taken = || at_hand.own().things.iter().any(|own| own.name == thing.name);
    if changes != Some(&thing.name) && is_taken() {
        faults.push(format!("\"{}\" is in your plan already: e there changes it", thing.name));
    }
    let mut unknown: Vec<String> = Vec::new();
    for name in thing.needs.iter().chain(thing.ways.iter().flat_map(|way| &way.of)) {
        let words = format!("\"{name}\"");
        if !at_hand.has(name) && *name != thing.name && !unknown.contains(&words) {
            unknown.push(words);
        }
    }
    if !unknown.is_empty() {
        let more = unknown.len().saturating_sub(MOST_UNKNOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        unknown.truncate(MOST_UNKNOWN);
        faults.push(format!("nothing in the plan is named {}{more}", unknown.join(", ")));
    }
    for way in &thing.ways {
        let n = way.of.len();
        if let Some(at_least) = way.at_least.filter(|at_least| *at_least == 0 || usize::from(*at_least) > n) {
            faults.push(format!("a way in asks for {at_least} of {n}"));
        }
        if let Some(twice) =
            way.of.iter().enumerate().find(|(idx, name)| way.of.iter().take(*idx).any(|one| one == *name))
        {
            faults.push(format!("a way in names \"{}\" twice", twice.1));
        }
    }
    faults
}
