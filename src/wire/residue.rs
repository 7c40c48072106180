//! Takes known fields out of a JSON object and keeps the rest, so that it can be written back.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value};

use super::WireError;
use crate::secret::SecretText;

/// A JSON object from which known fields are taken one by one.
pub(super) struct Object {
    fields: Map<String, Value>,
}

impl Object {
    pub(super) fn new(fields: Map<String, Value>) -> Self {
        Self { fields }
    }

    pub(super) fn of(value: Value, field: &'static str) -> Result<Self, WireError> {
        match value {
            Value::Object(fields) => Ok(Self { fields }),
            Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {
                Err(WireError::Field { field })
            }
        }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }

    pub(super) fn object(&mut self, name: &'static str) -> Result<Self, WireError> {
        Self::of(self.take(name).ok_or(WireError::Field { field: name })?, name)
    }

    pub(super) fn number(&mut self, name: &'static str) -> Result<u64, WireError> {
        self.optional_number(name)?.ok_or(WireError::Field { field: name })
    }

    pub(super) fn optional_number(&mut self, name: &'static str) -> Result<Option<u64>, WireError> {
        self.take(name).map(|value| value.as_u64().ok_or(WireError::Field { field: name })).transpose()
    }

    /// A number that fits the type it is for.
    pub(super) fn small<T: TryFrom<u64>>(&mut self, name: &'static str) -> Result<T, WireError> {
        T::try_from(self.number(name)?).map_err(|_| WireError::Field { field: name })
    }

    pub(super) fn optional_small<T: TryFrom<u64>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, WireError> {
        let number = self.optional_number(name)?.map(T::try_from);
        number.transpose().map_err(|_| WireError::Field { field: name })
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<String, WireError> {
        self.optional_text(name)?.ok_or(WireError::Field { field: name })
    }

    pub(super) fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, WireError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(WireError::Field { field: name }),
        }
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, WireError> {
        self.take(name).map_or(Ok(false), |value| value.as_bool().ok_or(WireError::Field { field: name }))
    }

    pub(super) fn list(&mut self, name: &'static str) -> Result<Vec<Value>, WireError> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(elements)) => Ok(elements),
            Some(_) => Err(WireError::Field { field: name }),
        }
    }

    pub(super) fn hex<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], WireError> {
        from_hex(&self.text(name)?).ok_or(WireError::Field { field: name })
    }

    pub(super) fn optional_hex<const N: usize>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<[u8; N]>, WireError> {
        let text = self.optional_text(name)?;
        text.map(|text| from_hex(&text).ok_or(WireError::Field { field: name })).transpose()
    }

    /// What was not taken.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.fields
    }
}

/// Bytes of exactly `N` pairs of lower-case hexadecimal digits.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// What is kept of several levels of one thing: the name of the level, then its unknown fields.
#[derive(Default)]
pub(super) struct Kept {
    levels: Map<String, Value>,
}

impl Kept {
    pub(super) fn add(&mut self, level: &str, rest: Map<String, Value>) {
        if !rest.is_empty() {
            self.levels.insert(level.to_owned(), Value::Object(rest));
        }
    }

    /// The levels whose names fit.
    pub(super) fn only(mut self, fits: impl Fn(&str) -> bool) -> Self {
        self.levels.retain(|level, _| fits(level));
        self
    }

    /// Takes over the levels of another one. At the first level, only the fields that may stand there and do not yet.
    pub(super) fn absorb(&mut self, other: Self, may_stand: impl Fn(&str) -> bool) {
        for (level, fields) in other.levels {
            let Value::Object(fields) = fields else { continue };
            let own = self.levels.entry(level.clone()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(own) = own else { continue };
            for (name, value) in fields {
                if !level.is_empty() || may_stand(&name) && !own.contains_key(&name) {
                    own.insert(name, value);
                }
            }
        }
    }

    /// The text that a domain type carries without looking into it.
    pub(super) fn into_text(self) -> Option<SecretText> {
        (!self.levels.is_empty()).then(|| SecretText::new(Value::Object(self.levels).to_string()))
    }

    pub(super) fn from_text(text: Option<&SecretText>) -> Self {
        let levels = text.and_then(|text| serde_json::from_str(text.expose()).ok());
        Self { levels: levels.unwrap_or_default() }
    }

    /// The unknown fields of one level, to be written back.
    pub(super) fn level(&self, level: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.levels.get(level).and_then(Value::as_object).into_iter().flatten()
    }
}
