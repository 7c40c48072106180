//! The share sets of the vault, their custodians, and the ceremony in which a new set is made.

use super::report::Done;
use crate::app::share_set;
use crate::custody::Quorum;
use crate::secret::SecretText;
use crate::tui::form::{Field, Form};
use crate::tui::keymap::Scope;
use crate::tui::secret_field::SecretField;

/// Labels of the fields for the custodians' names; there are as many as a set can have.
const CUSTODIANS: [(&str, &str); 16] = [
    ("1", "Custodian 1: "),
    ("2", "Custodian 2: "),
    ("3", "Custodian 3: "),
    ("4", "Custodian 4: "),
    ("5", "Custodian 5: "),
    ("6", "Custodian 6: "),
    ("7", "Custodian 7: "),
    ("8", "Custodian 8: "),
    ("9", "Custodian 9: "),
    ("10", "Custodian 10: "),
    ("11", "Custodian 11: "),
    ("12", "Custodian 12: "),
    ("13", "Custodian 13: "),
    ("14", "Custodian 14: "),
    ("15", "Custodian 15: "),
    ("16", "Custodian 16: "),
];
/// Fields that are there from the start.
const FEWEST_FIELDS: usize = 3;

/// The share sets, and what is done with them.
#[derive(Debug, Default)]
pub struct CustodiansPage {
    /// Newest first; `None` until they were read.
    pub rows: Option<Vec<SetRow>>,
    /// The selected row.
    pub selected: usize,
    /// What is being done.
    pub doing: Keeping,
}

/// A share set, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRow {
    /// Its id.
    pub id: u16,
    /// Its name.
    pub name: String,
    /// How many shares are needed, and of how many.
    pub quorum: String,
    /// The day on which it was made.
    pub made: String,
    /// How its shares stand, in a few words.
    pub state: String,
    /// True when somebody should do something about it.
    pub is_due: bool,
    /// True when another set has taken its place.
    pub is_replaced: bool,
    /// How many shares are needed.
    pub needed: u8,
    /// Its custodians, as they were typed. Raw: they are shown escaped.
    pub custodians: Vec<String>,
    /// All that is known of it, each share first.
    pub facts: Vec<(&'static str, String)>,
}

/// What is being done with share sets.
#[derive(Debug, Default)]
pub enum Keeping {
    /// A row is chosen.
    #[default]
    List,
    /// The file of an acknowledgement is named.
    Record(RecordForm),
    /// A new set is planned.
    New(NewSetForm),
    /// The cards of a new set are shown, one after the other.
    Ceremony(Box<Ceremony>),
    /// What is known, or what was done.
    Told(Done),
}

/// The file of an acknowledgement.
#[derive(Debug)]
pub struct RecordForm {
    /// Its path.
    pub form: Form,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// A new set: how many are needed, and who the custodians are.
#[derive(Debug)]
pub struct NewSetForm {
    /// The fields.
    pub form: Form,
    /// What is wrong with them.
    pub wrong: Option<String>,
    /// The set that it takes the place of: its id and its name.
    pub replaces: Option<(u16, String)>,
}

/// The making of a set: never two cards together.
#[derive(Debug)]
pub struct Ceremony {
    /// What each card says.
    pub about: AboutCards,
    /// Place of the custodian whose turn it is, from 0.
    pub turn: usize,
    /// What is on the screen.
    pub step: CardStep,
    /// First line of the card that is shown.
    pub scroll: usize,
    /// How many have typed words of their card back.
    pub n_typed_back: usize,
    /// What came of the last card.
    pub told: Option<String>,
    /// The set that it takes the place of.
    pub replaces: Option<u16>,
}

/// What each card says; safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutCards {
    /// The set's name.
    pub set: String,
    /// How many shares are needed.
    pub needed: u8,
    /// The custodians, in the order of their shares.
    pub custodians: Vec<String>,
    /// The day on which it was made.
    pub made: String,
    /// The day by which it should be checked.
    pub check_by: String,
    /// Fingerprint of the key that signs the bundles.
    pub maker: String,
}

/// The steps of one card.
#[derive(Debug)]
pub enum CardStep {
    /// Only its custodian is to look from here on.
    Alone,
    /// Its words.
    Card {
        /// With a space between them.
        words: SecretText,
        /// The places of the words that are asked for afterwards, from 1.
        asked: Vec<usize>,
    },
    /// Words are typed back.
    TypingBack {
        /// The places of the words that are still asked for, from 1; the first one is asked for now.
        asked: Vec<usize>,
        /// What is being typed.
        field: SecretField,
    },
    /// The word of this place was not the one on the card.
    Wrong(usize),
    /// All cards were shown, and the set is kept; or why it was not.
    Keeping(Option<String>),
}

impl CustodiansPage {
    /// The selected set.
    pub fn selected_row(&self) -> Option<&SetRow> {
        self.rows.as_ref()?.get(self.selected)
    }

    /// What is being done, in the title.
    pub fn name(&self) -> &'static str {
        match &self.doing {
            Keeping::List => "Custodians",
            Keeping::Record(_) => "Acknowledgement",
            Keeping::New(NewSetForm { replaces: None, .. }) => "New share set",
            Keeping::New(_) => "Replace a share set",
            Keeping::Ceremony(_) => "Cards",
            Keeping::Told(done) => done.name,
        }
    }

    /// Where its keys go.
    pub fn scope(&self) -> Scope {
        match &self.doing {
            Keeping::List => Scope::Custodians,
            Keeping::Record(_) | Keeping::New(_) => Scope::Field,
            Keeping::Ceremony(ceremony) => match ceremony.step {
                CardStep::TypingBack { .. } => Scope::Field,
                CardStep::Alone | CardStep::Card { .. } | CardStep::Wrong(_) | CardStep::Keeping(_) => {
                    Scope::Card
                }
            },
            Keeping::Told(_) => Scope::Done,
        }
    }

    /// The form that is being filled in.
    pub fn form(&self) -> Option<&Form> {
        match &self.doing {
            Keeping::Record(record) => Some(&record.form),
            Keeping::New(new) => Some(&new.form),
            Keeping::List | Keeping::Ceremony(_) | Keeping::Told(_) => None,
        }
    }

    /// As [`Self::form`], to be filled in.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        match &mut self.doing {
            Keeping::Record(record) => Some(&mut record.form),
            Keeping::New(new) => Some(&mut new.form),
            Keeping::List | Keeping::Ceremony(_) | Keeping::Told(_) => None,
        }
    }

    /// True while a card is on the screen, or what is typed back of one.
    pub fn holds_words(&self) -> bool {
        match &self.doing {
            Keeping::Ceremony(ceremony) => match &ceremony.step {
                CardStep::Card { .. } => true,
                CardStep::TypingBack { field, .. } => !field.is_empty(),
                CardStep::Alone | CardStep::Wrong(_) | CardStep::Keeping(_) => false,
            },
            Keeping::List | Keeping::Record(_) | Keeping::New(_) | Keeping::Told(_) => false,
        }
    }
}

impl RecordForm {
    /// Asks for the file.
    pub fn begin() -> Self {
        let help = "The file that a custodian has sent. Ctrl-f chooses it.";
        Self { form: Form::new(vec![Field::path("path", "File: ", help, "")]), wrong: None }
    }
}

impl NewSetForm {
    /// Begins with these custodians.
    pub fn begin(needed: u8, custodians: &[String], replaces: Option<(u16, String)>) -> Self {
        let help = "How many of them have to come together to open a bundle; at least two.";
        let needed = Field::text("needed", "Needed: ", help, &needed.to_string());
        let mut new = Self { form: Form::new(vec![needed]), wrong: None, replaces };
        for (idx, _) in CUSTODIANS.iter().enumerate() {
            match custodians.get(idx) {
                Some(name) => new.add_field(idx, name),
                None if idx < FEWEST_FIELDS => new.add_field(idx, ""),
                None => break,
            }
        }
        new.leave_one_empty();
        if let Some((first, _)) = CUSTODIANS.first() {
            new.form.focus_on(if custodians.is_empty() { first } else { "needed" });
        }
        new
    }

    fn add_field(&mut self, idx: usize, name: &str) {
        let Some((key, label)) = CUSTODIANS.get(idx) else { return };
        let help = "Who will keep a card. An empty line follows the last one; empty lines mean nobody.";
        let before = idx.checked_sub(1).and_then(|before| CUSTODIANS.get(before));
        let before = before.map_or("needed", |(key, _)| *key);
        self.form.insert_after(before, Field::text(key, label, help, name));
    }

    /// One more name can be typed below the last one.
    pub fn leave_one_empty(&mut self) {
        let n_fields = self.form.fields().len() - 1;
        let last = n_fields.checked_sub(1).and_then(|idx| CUSTODIANS.get(idx));
        if last.is_some_and(|(key, _)| !self.form.value(key).trim().is_empty()) {
            self.add_field(n_fields, "");
        }
    }

    /// The names that were typed.
    pub fn custodians(&self) -> Vec<String> {
        let typed = CUSTODIANS.iter().map(|(key, _)| self.form.value(key).trim());
        typed.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// The quorum that the fields stand for.
    ///
    /// # Errors
    ///
    /// Why they stand for none, in words.
    pub fn quorum(&self) -> Result<Quorum, String> {
        let needed = self.form.value("needed").trim().parse::<u8>();
        let needed = needed.map_err(|_| "say how many are needed, as a number".to_owned())?;
        let n_custodians = u8::try_from(self.custodians().len()).unwrap_or(u8::MAX);
        share_set::quorum(needed, n_custodians)
            .map_err(|failure| format!("{}: {}", failure.what, failure.causes().join(": ")))
    }
}

impl Ceremony {
    /// Begins with the first custodian.
    pub fn begin(about: AboutCards, replaces: Option<u16>) -> Self {
        Self { about, turn: 0, step: CardStep::Alone, scroll: 0, n_typed_back: 0, told: None, replaces }
    }

    /// The number of the share whose turn it is, from 1.
    pub fn number(&self) -> u8 {
        u8::try_from(self.turn + 1).unwrap_or(u8::MAX)
    }

    /// Its custodian.
    pub fn custodian(&self) -> &str {
        self.about.custodians.get(self.turn).map(String::as_str).unwrap_or_default()
    }
}
