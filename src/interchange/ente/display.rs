//! What Ente Auth says beside a code: tags, a note, whether it is pinned or in the trash.

use serde_json::Value;

use crate::entry::{EntryDraft, Label};
use crate::interchange::json::text;
use crate::interchange::outcome::Imported;

/// The parameter of a URI in which it stands, as JSON.
pub(super) const PARAMETER: &str = "codeDisplay";

/// What is said beside a code.
#[derive(Debug, Default)]
pub(in crate::interchange) struct Display {
    tags: Vec<Label>,
    note: String,
    is_pinned: bool,
    /// True when the person has removed it there.
    pub(in crate::interchange) is_trashed: bool,
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

    /// Writes it into a draft.
    pub(in crate::interchange) fn apply(&mut self, draft: &mut EntryDraft) {
        draft.tags.append(&mut self.tags);
        if draft.note.is_empty() {
            draft.note = std::mem::take(&mut self.note);
        }
        draft.favourite |= self.is_pinned;
    }
}

/// Takes it out of a draft's parameters and applies it. True when the code is in Ente's trash.
pub(in crate::interchange) fn take_from(draft: &mut EntryDraft) -> bool {
    let Some(place) = draft.uri_parameters.iter().position(|(name, _)| name == PARAMETER) else {
        return false;
    };
    let (_, json) = draft.uri_parameters.remove(place);
    let Ok(said) = serde_json::from_str::<Value>(&json) else { return false };
    let mut display = Display::of(&said);
    display.apply(draft);
    display.is_trashed
}

impl Imported {
    /// Counts a code that lies in the trash of its app, and stays there.
    pub(in crate::interchange) fn leave_trashed(&mut self) {
        self.n_trashed += 1;
    }
}
