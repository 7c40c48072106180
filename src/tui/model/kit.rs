//! A custodian's kit that is to be made.

use crate::tui::form::{Field, Form};

/// Values of the field that says whether names stand in the instructions.
const NO: &str = "no";
const YES: &str = "yes";

/// Where a kit goes, and whether it names anybody.
#[derive(Debug)]
pub struct KitForm {
    /// The fields.
    pub form: Form,
    /// What is wrong with them.
    pub wrong: Option<String>,
}

impl KitForm {
    /// Asks for the folder; names are in it only when somebody wants them.
    pub fn begin() -> Self {
        let folder =
            "A folder that does not exist yet, or is empty. Ctrl-f shows the folders; Tab takes one.";
        let names = "Yes: the instructions name the accounts and the custodians, to anybody who finds them.";
        let fields = vec![
            Field::path("folder", "Folder: ", folder, ""),
            Field::choice("names", "Names in it: ", names, &[NO, YES], NO),
        ];
        Self { form: Form::new(fields), wrong: None }
    }

    /// The folder, as it was typed.
    pub fn folder(&self) -> &str {
        self.form.value("folder").trim()
    }

    /// True when the instructions are to name the accounts and the custodians.
    pub fn names(&self) -> bool {
        self.form.value("names") == YES
    }
}
