//! What Ente Auth says beside a code: tags, a note, whether it is pinned or in the trash.

use serde_json::Value;

use crate::entry::{EntryDraft, Label};
use crate::interchange::json::text;
use crate::interchange::outcome::Imported;

/// The parameter of a URI in which it stands, as JSON.
pub(super) const PARAMETER: &str = "codeDisplay";

/// What is said beside a code.
#[derive(Debug)]
pub(in crate::interchange) struct Display {
    tags: Vec<Label>,
    note: String,
    is_pinned: bool,
    is_trashed: bool,
}

impl Display {
    /// Reads it; what is missing or of another kind counts as not said.
    pub(in crate::interchange) fn of(said: &Value) -> Self {
        let flag = |name: &str| said.get(name).and_then(Value::as_bool).unwrap_or(false);
        let tags = said.get("tags").and_then(Value::as_array).into_iter().flatten();
        Self {
            tags: tags.filter_map(Value::as_str).map(Label::new).collect(),
            note: text(said, "note").to_owned(),
            is_pinned: flag("pinned"),
            is_trashed: flag("trashed"),
        }
    }

    /// Takes it out of a draft's parameters; `None` where it is not there, or no JSON.
    pub(in crate::interchange) fn take_from(draft: &mut EntryDraft) -> Option<Self> {
        let place = draft.uri_parameters.iter().position(|(name, _)| name == PARAMETER)?;
        let (_, json) = draft.uri_parameters.remove(place);
        serde_json::from_str::<Value>(&json).ok().map(|said| Self::of(&said))
    }

    /// Writes it into a draft. True when the person has removed the code in Ente.
    pub(in crate::interchange) fn apply(self, draft: &mut EntryDraft) -> bool {
        draft.tags.extend(self.tags);
        if draft.note.is_empty() {
            draft.note = self.note;
        }
        draft.favourite |= self.is_pinned;
        self.is_trashed
    }
}

impl Imported {
    /// Counts a code that lies in the trash of its app, and stays there.
    pub(in crate::interchange) fn leave_trashed(&mut self) {
        self.n_trashed += 1;
    }
}
