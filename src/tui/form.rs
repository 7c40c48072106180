//! A form of several fields: texts, secrets and choices; one of them has the cursor.

#![expect(clippy::wildcard_enum_match_arm, reason = "what means nothing to a field is given back")]

use std::borrow::Cow;

use super::message::{Message, Typed};
use super::secret_field::{Jump, SecretField};

/// Several fields, one of which has the cursor.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<Field>,
    focus: usize,
}

/// One field.
#[derive(Debug)]
pub struct Field {
    /// The name by which the code knows it.
    pub key: &'static str,
    /// The words before it.
    pub label: &'static str,
    /// A few words about it, shown while it has the cursor.
    pub help: &'static str,
    /// What can be given.
    pub input: Input,
}

/// What can be given in a field.
#[derive(Debug)]
pub enum Input {
    /// One of a few values.
    Choice {
        /// The values.
        values: Vec<Cow<'static, str>>,
        /// The chosen one.
        chosen: usize,
    },
    /// A path, which can be chosen from a list of files too.
    Path(SecretField),
    /// Something that is hidden while it is typed.
    Secret(SecretField),
    /// A text.
    Text(SecretField),
}

/// What a message has done to a form.
#[derive(Debug)]
pub enum Applied {
    /// A value has changed.
    Edited,
    /// Something moved, or nothing happened; the values are the same.
    Moved,
    /// It means nothing to a form.
    NotTaken(Message),
}

impl Field {
    /// A text, with what it holds at the start.
    pub fn text(key: &'static str, label: &'static str, help: &'static str, value: &str) -> Self {
        Self { key, label, help, input: Input::Text(filled(value)) }
    }

    /// A path, with what it holds at the start.
    pub fn path(key: &'static str, label: &'static str, help: &'static str, value: &str) -> Self {
        Self { key, label, help, input: Input::Path(filled(value)) }
    }

    /// Something that is hidden while it is typed.
    pub fn secret(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self { key, label, help, input: Input::Secret(SecretField::default()) }
    }

    /// One of a few values, with the chosen one.
    pub fn choice(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        values: &[&'static str],
        chosen: &str,
    ) -> Self {
        Self::choice_of(key, label, help, values.iter().map(|value| Cow::Borrowed(*value)).collect(), chosen)
    }

    /// As [`Self::choice`], where the values are known only while the program runs.
    pub fn choice_of(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        values: Vec<Cow<'static, str>>,
        chosen: &str,
    ) -> Self {
        let chosen = values.iter().position(|value| value == chosen).unwrap_or(0);
        Self { key, label, help, input: Input::Choice { values, chosen } }
    }

    /// The typed text; `None` for a choice.
    pub fn typed(&self) -> Option<&SecretField> {
        match &self.input {
            Input::Choice { .. } => None,
            Input::Path(field) | Input::Secret(field) | Input::Text(field) => Some(field),
        }
    }

    fn typed_mut(&mut self) -> Option<&mut SecretField> {
        match &mut self.input {
            Input::Choice { .. } => None,
            Input::Path(field) | Input::Secret(field) | Input::Text(field) => Some(field),
        }
    }
}

/// How far it is to the next value that begins with a letter; `None` where no other does.
fn to_letter(values: &[Cow<'static, str>], chosen: usize, letter: char) -> Option<usize> {
    let begins = |value: &Cow<'static, str>| {
        value.chars().next().is_some_and(|first| first.to_lowercase().eq(letter.to_lowercase()))
    };
    (1..values.len()).find(|by| values.get((chosen + by) % values.len()).is_some_and(begins))
}

fn filled(value: &str) -> SecretField {
    let mut field = SecretField::plain();
    value.chars().for_each(|c| field.push(c));
    field
}

impl Form {
    /// A form with the cursor in its first field.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, focus: 0 }
    }

    /// Its fields, in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The cursor stands behind the last character of a text, so that nothing but what is offered is to its right.
    pub fn is_at_end(&self) -> bool {
        match self.focused().map(|field| &field.input) {
            Some(Input::Text(text)) => text.is_at_end(),
            _ => false,
        }
    }

    /// The field that has the cursor.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    /// The place of the field that has the cursor.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// The field that has the cursor, where it wants a path.
    pub fn path_mut(&mut self) -> Option<&mut SecretField> {
        match &mut self.fields.get_mut(self.focus)?.input {
            Input::Path(field) => Some(field),
            Input::Choice { .. } | Input::Secret(_) | Input::Text(_) => None,
        }
    }

    /// Puts the cursor into a field.
    pub fn focus_on(&mut self, key: &str) {
        self.focus = self.fields.iter().position(|field| field.key == key).unwrap_or(self.focus);
    }

    /// The field with a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// What was typed into a field, or the value that was chosen; empty where there is no such field.
    ///
    /// For what is no secret: the text is not wiped by whoever takes a copy of it.
    pub fn value(&self, key: &str) -> &str {
        match self.field(key).map(|field| &field.input) {
            None => "",
            Some(Input::Choice { values, chosen }) => {
                values.get(*chosen).map(Cow::as_ref).unwrap_or_default()
            }
            Some(Input::Path(field) | Input::Secret(field) | Input::Text(field)) => field.text().expose(),
        }
    }

    /// Takes a secret out of its field, which is empty then.
    #[must_use]
    pub fn take(&mut self, key: &str) -> crate::secret::SecretText {
        let field = self.fields.iter_mut().find(|field| field.key == key).and_then(Field::typed_mut);
        field.map_or_else(|| crate::secret::SecretText::with_capacity(0), SecretField::take)
    }

    /// Says something else below a field while it is being filled in.
    pub fn set_help(&mut self, key: &str, help: &'static str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.key == key) {
            field.help = help;
        }
    }

    /// Puts a text that is no secret into a field, or chooses a value.
    pub fn set(&mut self, key: &str, value: &str) {
        let Some(field) = self.fields.iter_mut().find(|field| field.key == key) else { return };
        match &mut field.input {
            Input::Choice { values, chosen } => {
                *chosen = values.iter().position(|one| *one == value).unwrap_or(*chosen);
            }
            Input::Path(field) | Input::Secret(field) | Input::Text(field) => {
                field.clear();
                value.chars().for_each(|c| field.push(c));
            }
        }
    }

    /// Puts a secret into its field, in the place of what is there.
    pub fn put(&mut self, key: &str, secret: &crate::secret::SecretText) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.key == key).and_then(Field::typed_mut)
        {
            field.clear();
            field.paste(secret);
        }
    }

    /// Puts a field after another one, or in the place of the one that has its key.
    pub fn insert_after(&mut self, key: &str, field: Field) {
        self.remove(field.key);
        let idx = self.fields.iter().position(|one| one.key == key).map_or(0, |idx| idx + 1);
        let focused = self.focused().map(|field| field.key);
        self.fields.insert(idx, field);
        if let Some(key) = focused {
            self.focus_on(key);
        }
    }

    /// Takes a field away; the cursor stays where it is, or goes to the first field.
    pub fn remove(&mut self, key: &str) {
        let focused = self.focused().map(|field| field.key);
        self.fields.retain(|field| field.key != key);
        self.focus = 0;
        if let Some(key) = focused {
            self.focus_on(key);
        }
    }

    /// Hides what is hidden by itself again, wherever it was shown.
    pub fn hide_secrets(&mut self) {
        for field in &mut self.fields {
            if let Input::Secret(field) = &mut field.input
                && field.is_shown()
            {
                field.toggle_shown();
            }
        }
    }

    /// Empties what is hidden.
    pub fn clear_secrets(&mut self) {
        for field in &mut self.fields {
            if let Input::Secret(field) = &mut field.input {
                field.clear();
            }
        }
    }

    /// True while a secret can be read in it.
    pub fn shows_secret(&self) -> bool {
        self.fields
            .iter()
            .any(|field| matches!(&field.input, Input::Secret(text) if text.is_shown() && !text.is_empty()))
    }

    /// Applies what means something to a form.
    pub fn apply(&mut self, message: Message) -> Applied {
        let last = self.fields.len().saturating_sub(1);
        if let Message::NextField(by) = message {
            self.focus = match self.focus.checked_add_signed(by) {
                Some(focus) if focus <= last => focus,
                Some(_) => 0,
                None => last,
            };
            return Applied::Moved;
        }
        let Some(field) = self.fields.get_mut(self.focus) else { return Applied::NotTaken(message) };
        if let Input::Choice { values, chosen } = &mut field.input {
            let by = match message {
                Message::Jump(Jump::Left) => values.len().saturating_sub(1),
                Message::Jump(Jump::Right) | Message::Typed(Typed(' ')) => 1,
                Message::Typed(Typed(letter)) => match to_letter(values, *chosen, letter) {
                    Some(by) => by,
                    None => return Applied::Moved,
                },
                Message::Pasted(_) | Message::Jump(_) | Message::ToggleShown => {
                    return Applied::Moved;
                }
                message => return Applied::NotTaken(message),
            };
            *chosen = (*chosen + by) % values.len().max(1);
            return Applied::Edited;
        }
        let is_secret = matches!(field.input, Input::Secret(_));
        let Some(text) = field.typed_mut() else { return Applied::NotTaken(message) };
        match message {
            Message::Typed(Typed(c)) => text.push(c),
            Message::Pasted(pasted) => text.paste(&pasted),
            Message::Erase => text.erase(),
            Message::EraseAll => text.clear(),
            Message::EraseNext => text.erase_next(),
            Message::EraseWord => text.erase_word(),
            Message::Jump(jump) => {
                text.jump(jump);
                return Applied::Moved;
            }
            Message::ToggleShown => {
                // What is no secret is never hidden.
                if is_secret {
                    text.toggle_shown();
                }
                return Applied::Moved;
            }
            message => return Applied::NotTaken(message),
        }
        Applied::Edited
    }
}
