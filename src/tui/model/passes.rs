//! Passes: which were issued, one being issued, and its words.

use super::bundles::VaultProof;
use super::report::Done;
use crate::app::pass::Asked;
use crate::app::time::Seconds;
use crate::recovery::ItemId;
use crate::recovery::pass::LONGEST_SAID;
use crate::secret::SecretText;
use crate::tui::effect::PassOrder;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;
use crate::tui::secret_field::holds_uri;

const NO: &str = "no";
const YES: &str = "yes";

/// The passes, and what is done with them.
#[derive(Debug, Default)]
pub struct PassesPage {
    /// A row each, newest first; `None` until they were read.
    pub rows: Option<Vec<PassRow>>,
    /// The selected one.
    pub selected: usize,
    /// What is done.
    pub doing: PassStep,
}

/// A pass that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassRow {
    /// Its name.
    pub id: ItemId,
    /// The entry's name, safe to show.
    pub title: String,
    /// Whom it was given to, safe to show.
    pub to: String,
    /// When it ends or ended.
    pub until: String,
    /// How it stands, in a word.
    pub state: &'static str,
    /// Nobody has closed it.
    pub is_open: bool,
    /// Its codes are still good.
    pub is_good: bool,
    /// Pairs of a name and what is known, safe to show.
    pub facts: Vec<(&'static str, String)>,
}

/// What is done with the passes.
#[derive(Debug, Default)]
pub enum PassStep {
    /// One is being filled in.
    Issue(Box<PassForm>),
    /// The list is looked at.
    #[default]
    List,
    /// One was issued, or is looked at as a whole.
    Told(Done),
    /// The vault's passphrase, once more.
    Vault(Box<PassForm>, VaultProof),
    /// The words of one that is not written yet.
    Words(Box<PassForm>, SecretText),
}

/// A pass that is being filled in.
#[derive(Debug)]
pub struct PassForm {
    /// What is said of it.
    pub form: Form,
    /// What speaks against it, as far as it was typed.
    pub checked: Option<Result<Asked, String>>,
    /// What is wrong.
    pub wrong: Option<String>,
}

impl PassesPage {
    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            PassStep::List => "Passes",
            PassStep::Issue(_) | PassStep::Vault(..) => "New pass",
            PassStep::Words(..) => "The words of a pass",
            PassStep::Told(done) => done.name,
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            PassStep::List => Scope::Passes,
            PassStep::Issue(_) | PassStep::Vault(..) => Scope::Field,
            PassStep::Words(..) => Scope::PassWords,
            PassStep::Told(_) => Scope::Done,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        if let PassStep::Issue(pass) = &self.doing { Some(&pass.form) } else { None }
    }

    /// As [`Self::form`], to be filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        if let PassStep::Issue(pass) = &mut self.doing { Some(&mut pass.form) } else { None }
    }

    /// The selected one.
    pub fn row(&self) -> Option<&PassRow> {
        self.rows.as_ref()?.get(self.selected)
    }

    /// Moves the selection.
    pub fn move_by(&mut self, by: isize) {
        let last = self.rows.as_ref().map_or(0, Vec::len).saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// True while the words of a pass are on the screen.
    pub fn holds_words(&self) -> bool {
        matches!(self.doing, PassStep::Words(..))
    }

    /// True while what is typed of the vault's passphrase can be read.
    pub fn shows_typed(&self) -> bool {
        matches!(&self.doing, PassStep::Vault(_, proof) if proof.field.is_shown())
    }

    /// True while the vault's passphrase is wanted.
    pub fn asks_vault(&self) -> bool {
        matches!(self.doing, PassStep::Vault(..))
    }
}

impl PassForm {
    /// Begins with what names an entry; empty where none is selected.
    pub fn begin(entry: &str) -> Self {
        let form = Form::new(vec![
            Field::text(
                "entry",
                "Entry: ",
                "Whose codes: its name, or enough of it to find it alone.",
                entry,
            ),
            Field::text("for", "For how long: ", "30m, 1h; 8 hours at most. It begins now.", "1h"),
            Field::text("to", "To: ", "Whom it is for: a name, or a desk and a name.", ""),
            Field::text("reason", "Reason: ", "Why; the log keeps it. A ticket's number is enough.", ""),
            Field::text(
                "identified",
                "Identified by: ",
                "How you know that it is that person; empty: not said.",
                "",
            ),
            Field::text(
                "channel",
                "Words go by: ",
                "By which channel the words go; another one than the file.",
                "",
            ),
            Field::path(
                "path",
                "File: ",
                "A new file. Ctrl-f chooses the folder. A name that ends in .png: a QR code.",
                "",
            ),
            Field::choice(
                "privileged",
                "Privileged too: ",
                "Issue it even of an entry that opens something privileged. Left and Right choose.",
                &[NO, YES],
                NO,
            ),
        ]);
        let mut pass = Self { form, checked: None, wrong: None };
        if !entry.is_empty() {
            pass.form.focus_on("to");
        }
        pass
    }

    /// The pass that the fields stand for.
    ///
    /// # Errors
    ///
    /// The field that is missing or stands for nothing, and why.
    pub fn order(&self) -> Result<PassOrder, (&'static str, String)> {
        let typed = |key: &str| self.form.value(key).trim().to_owned();
        // What refuses a name repeats it.
        let holds_seed = ["entry", "for", "to", "reason", "identified", "channel", "path"]
            .into_iter()
            .find(|key| holds_uri(self.form.value(key)));
        if let Some(key) = holds_seed {
            return Err((key, "this is a URI with a seed in it, which does not belong here".to_owned()));
        }
        let missing = [
            ("entry", "name the entry whose codes are in it"),
            ("to", "say whom it is for"),
            ("path", "type the path of the file that is to be made"),
        ];
        if let Some((key, words)) = missing.into_iter().find(|(key, _)| typed(key).is_empty()) {
            return Err((key, words.to_owned()));
        }
        for key in ["identified", "channel"] {
            if typed(key).chars().count() > LONGEST_SAID {
                let words = format!("{LONGEST_SAID} characters at most");
                return Err((key, words));
            }
        }
        let Seconds(seconds) = typed("for").parse::<Seconds>().map_err(|error| ("for", error.to_string()))?;
        Ok(PassOrder {
            entry: typed("entry"),
            seconds,
            to: typed("to"),
            privileged_ok: self.form.value("privileged") == YES,
            identified: typed("identified"),
            channel: typed("channel"),
            path: self.form.value("path").to_owned(),
        })
    }
}
