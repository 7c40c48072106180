//! A new incident being written down: its kind, what it is about, why.

use std::borrow::Cow;

use super::IncidentsKnown;
use crate::app::incident;
use crate::entry::Label;
use crate::recovery::incident::subject::same;
use crate::recovery::incident::{IncidentKind, Subject};
use crate::secret::SecretText;
use crate::tui::form::{Field, Form};
use crate::tui::secret_field::holds_uri;

/// The fields for what it is about.
const DEVICE: &str = "device";
const PERSON: &str = "person";
/// Most names that are offered at once.
const MOST_OFFERED: usize = 4;

/// A new incident being written down.
#[derive(Debug)]
pub struct IncidentForm {
    /// The fields.
    pub form: Form,
    /// What was wrong when it was to be opened.
    pub wrong: Option<String>,
    /// What keeps it from being opened as it is typed, or is to be known of it; safe to show.
    pub hints: Vec<String>,
    /// Names that fit what is typed of one, the best first.
    pub offered: Vec<Label>,
    /// Something was typed.
    pub is_edited: bool,
    /// What was typed for what it is about, also where the kind that is chosen now has no field for it.
    kept: [SecretText; 2],
}

/// What a kind is about.
const fn fields_of(kind: IncidentKind) -> (bool, bool) {
    match kind {
        IncidentKind::BreakGlass => (false, false),
        IncidentKind::Compromised => (true, true),
        IncidentKind::HandedOver
        | IncidentKind::LostDevice
        | IncidentKind::ReplacedDevice
        | IncidentKind::Stolen => (true, false),
        IncidentKind::Leaver => (false, true),
    }
}

/// What a kind means, below its field.
const fn help(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::BreakGlass => {
            "A timed session, for an emergency: what is shown in it is grouped, and looked through at its end."
        }
        IncidentKind::Compromised => {
            "Somebody else may know seeds: those of a device, of a person, or other ones."
        }
        IncidentKind::HandedOver => "The device goes to somebody else, and nothing may be left on it.",
        IncidentKind::Leaver => "A person leaves, who has seen codes or holds a share.",
        IncidentKind::LostDevice => "The device is lost or broken. It is marked as lost in the plan.",
        IncidentKind::ReplacedDevice => "A new device takes the place of one that is still at hand.",
        IncidentKind::Stolen => "The device was stolen. It is marked as lost in the plan.",
    }
}

impl IncidentForm {
    /// An empty form.
    pub fn new() -> Self {
        let first = IncidentKind::LostDevice;
        let kinds = IncidentKind::ALL.into_iter().map(|kind| Cow::Borrowed(kind.name())).collect();
        let mut form = Self {
            form: Form::new(vec![
                Field::choice_of("kind", "What: ", help(first), kinds, first.name()),
                Field::text(
                    "reason",
                    "Why: ",
                    "A ticket, or what is known. It stands in the vault and its log.",
                    "",
                ),
            ]),
            wrong: None,
            hints: Vec::new(),
            offered: Vec::new(),
            is_edited: false,
            kept: [SecretText::with_capacity(0), SecretText::with_capacity(0)],
        };
        form.settle();
        form
    }

    /// The chosen kind.
    pub fn kind(&self) -> IncidentKind {
        IncidentKind::parse(self.form.value("kind")).unwrap_or(IncidentKind::LostDevice)
    }

    /// Why, as it was typed.
    pub fn reason(&self) -> &str {
        self.form.value("reason").trim()
    }

    /// Those fields stand there that the kind needs; what was typed in another is kept for when it comes back.
    pub fn settle(&mut self) {
        let kind = self.kind();
        self.form.set_help("kind", help(kind));
        let (device, person) = fields_of(kind);
        let wanted = [(DEVICE, "Device: ", device), (PERSON, "Person: ", person)];
        let mut after = "kind";
        for ((key, label, is_wanted), kept) in wanted.into_iter().zip(&mut self.kept) {
            match (is_wanted, self.form.field(key).is_some()) {
                (true, false) => {
                    let help = "As the plan or its entries name it.";
                    self.form.insert_after(after, Field::text(key, label, help, ""));
                    self.form.put(key, kept);
                }
                (false, true) => {
                    *kept = self.form.take(key);
                    self.form.remove(key);
                }
                (true, true) | (false, false) => {}
            }
            if is_wanted {
                after = key;
            }
        }
    }

    /// What it is about, or why what was typed does not say that.
    ///
    /// # Errors
    ///
    /// The field that is to be filled in, and what it wants.
    pub fn subject(&self) -> Result<Subject, (&'static str, &'static str)> {
        let typed = |key| Some(self.form.value(key)).filter(|typed| !typed.trim().is_empty());
        let kind = self.kind();
        // What is said of a name repeats it, and an incident keeps it.
        if let Some(key) = [DEVICE, PERSON, "reason"].into_iter().find(|key| holds_uri(self.form.value(key)))
        {
            return Err((key, "this is a URI with a seed in it, which does not belong here"));
        }
        incident::subject(kind, typed(DEVICE), typed(PERSON), Some(self.reason())).map_err(
            |_| match fields_of(kind) {
                (false, false) => ("reason", "glass is broken for a reason: type it"),
                (true, false) => (DEVICE, "type the name of the device"),
                (false, true) => (PERSON, "type the name of the person"),
                (true, true) if typed(DEVICE).is_some() => {
                    (PERSON, "a device or a person, not both: empty one")
                }
                (true, true) => (DEVICE, "type a device, a person, or only why"),
            },
        )
    }

    /// Says what is to be said of what is typed: what is missing, that such an incident is open, that nothing has the name.
    pub fn check(&mut self, known: Option<&IncidentsKnown>) {
        self.hints.clear();
        self.offered.clear();
        let subject = match self.subject() {
            Ok(subject) => subject,
            Err((_, words)) => {
                // An empty form has no mistakes in it yet.
                self.hints.extend(self.is_edited.then(|| words.to_owned()));
                Subject::Nobody
            }
        };
        let Some(known) = known else { return };
        self.offered = self.fitting(known);
        let kind = self.kind();
        let is_same = |name: Option<&Label>, other: Option<&Label>| match (name, other) {
            (Some(name), Some(other)) => same(name.raw(), other.raw()),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let is_in_the_way = |row: &&super::IncidentRow| {
            let counts = if kind == IncidentKind::BreakGlass { row.is_running } else { row.is_open };
            counts && row.kind == kind && is_same(row.subject.as_ref(), subject.name())
        };
        if self.subject().is_ok()
            && let Some(row) = known.rows.iter().find(is_in_the_way)
        {
            self.hints.push(format!("such an incident is open: {}, of {}", row.id, row.opened));
        }
        let names = match &subject {
            Subject::Device(_) => &known.devices,
            Subject::Person(_) => &known.persons,
            Subject::Nobody => return,
        };
        if let Some(name) = subject.name()
            && self.offered.is_empty()
            && !names.iter().any(|other| same(other.raw(), name.raw()))
        {
            self.hints
                .push(format!("nothing in the vault and its plan is named \"{name}\": is the name right?"));
        }
    }

    /// Takes the first name that fits in the place of what is typed of it; false where none does.
    pub fn take_offered(&mut self) -> bool {
        let Some((key, name)) = self.names_field().zip(self.offered.first()) else { return false };
        let name = name.raw().to_owned();
        self.form.set(key, &name);
        self.is_edited = true;
        true
    }

    /// The field that has the cursor, where a name is typed in it.
    fn names_field(&self) -> Option<&'static str> {
        self.form.focused().map(|field| field.key).filter(|key| [DEVICE, PERSON].contains(key))
    }

    fn fitting(&self, known: &IncidentsKnown) -> Vec<Label> {
        let Some(key) = self.names_field() else { return Vec::new() };
        let names = if key == DEVICE { &known.devices } else { &known.persons };
        let typed = self.form.value(key).trim().to_lowercase();
        if names.iter().any(|name| same(name.raw(), &typed)) {
            return Vec::new();
        }
        let mut fitting: Vec<&Label> =
            names.iter().filter(|name| name.raw().to_lowercase().contains(&typed)).collect();
        fitting.sort_by_key(|name| !name.raw().to_lowercase().starts_with(&typed));
        fitting.into_iter().take(MOST_OFFERED).cloned().collect()
    }
}

impl Default for IncidentForm {
    fn default() -> Self {
        Self::new()
    }
}
