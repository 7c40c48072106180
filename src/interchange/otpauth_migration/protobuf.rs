//! Protobuf's wire format, as far as messages of numbers and bytes need it (its documentation, "Encoding").
//!
//! Nothing is copied and nothing is allocated: a field is a slice of the message that holds it. Groups, which
//! nobody has written for fifteen years, are refused.

/// Most bytes of a number: ten times seven bits hold 64.
const LONGEST_NUMBER: usize = 10;

/// Says that bytes are no message: cut off, a number that does not end, or a kind of field that there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) enum Value<'a> {
    /// A message, a text or bytes.
    Bytes(&'a [u8]),
    /// Four or eight bytes, which no field that is known here has.
    Fixed,
    /// A number, a truth value or a case of an enumeration.
    Number(u64),
}

/// The fields of a message in their order, each with its number. After a malformed one there are no more.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u32, Value<'a>), Malformed> {
        let tag = u32::try_from(self.number()?).map_err(|_| Malformed)?;
        let number = tag >> 3;
        if number == 0 {
            return Err(Malformed);
        }
        let value = match tag & 7 {
            0 => Value::Number(self.number()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let len = usize::try_from(self.number()?).map_err(|_| Malformed)?;
                Value::Bytes(self.take(len)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Malformed),
        };
        Ok((number, value))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number of seven bits a byte, the lowest first. Bits beyond 64 are dropped, as protobuf's own readers do.
    fn number(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for idx in 0..LONGEST_NUMBER {
            let (byte, rest) = self.rest.split_first().ok_or(Malformed)?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << (7 * idx);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Reads a number as protobuf's `int32`: the low 32 bits, so that a negative one of ten bytes is itself.
pub(super) fn int32(number: u64) -> i32 {
    let [a, b, c, d, ..] = number.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// Appends a field of bytes to a message.
pub(super) fn put_bytes(message: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    message.push(field << 3 | 2);
    put(message, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    message.extend_from_slice(bytes);
}

/// Appends a field with a number to a message.
pub(super) fn put_number(message: &mut Vec<u8>, field: u8, number: u64) {
    message.push(field << 3);
    put(message, number);
}

fn put(message: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        message.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    message.push(u8::try_from(number).unwrap_or_default());
}

/// Most bytes that a field of bytes takes besides them: its tag, and a length of five bytes at most in a message that
/// fits into a QR code.
pub(super) const FIELD_OVERHEAD: usize = 6;

#[cfg(test)]
mod tests;
