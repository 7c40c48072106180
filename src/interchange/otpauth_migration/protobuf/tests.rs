use super::*;

fn fields(message: &[u8]) -> Result<Vec<(u32, Value<'_>)>, Malformed> {
    Fields::of(message).collect()
}

#[test]
fn the_documentations_examples_are_read() {
    // "Encoding": a field 1 of 150, a field 2 of "testing", and a message in field 3 that holds the first.
    assert_eq!(fields(b"\x08\x96\x01"), Ok(vec![(1, Value::Number(150))]));
    assert_eq!(fields(b"\x12\x07testing"), Ok(vec![(2, Value::Bytes(b"testing"))]));
    assert_eq!(fields(b"\x1a\x03\x08\x96\x01"), Ok(vec![(3, Value::Bytes(b"\x08\x96\x01"))]));
    assert_eq!(fields(b""), Ok(Vec::new()));
}

#[test]
fn a_negative_number_has_ten_bytes_and_is_read_as_itself() {
    let minus_two = b"\x28\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    let Ok(fields) = fields(minus_two) else { panic!() };
    assert_eq!(fields, [(5, Value::Number(u64::MAX - 1))]);
    assert_eq!(int32(u64::MAX - 1), -2);
    assert_eq!(int32(1 << 32), 0, "int32 is the low half");
}

#[test]
fn a_number_written_longer_than_it_needs_to_be_is_the_same_number() {
    assert_eq!(fields(b"\x08\x81\x80\x80\x00"), Ok(vec![(1, Value::Number(1))]));
    assert_eq!(fields(b"\x88\x80\x00\x01"), Ok(vec![(1, Value::Number(1))]), "a tag too");
    // Bits beyond the 64th.
    let over = b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
    assert_eq!(fields(over), Ok(vec![(1, Value::Number(u64::MAX))]));
}

#[test]
fn a_number_of_eleven_bytes_is_refused() {
    assert_eq!(fields(b"\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"), Err(Malformed));
    assert_eq!(fields(&[0x80; 1000]), Err(Malformed));
}

#[test]
fn kinds_of_fields_that_are_not_needed_are_passed_over_with_their_bytes() {
    let message = b"\x09\x01\x02\x03\x04\x05\x06\x07\x08\x15\x01\x02\x03\x04\x18\x07";
    assert_eq!(fields(message), Ok(vec![(1, Value::Fixed), (2, Value::Fixed), (3, Value::Number(7))]));
    // The highest number that a field can have.
    assert_eq!(fields(b"\xf8\xff\xff\xff\x0f\x01"), Ok(vec![(0x1fff_ffff, Value::Number(1))]));
}

#[test]
fn what_is_cut_off_or_no_field_is_refused() {
    for message in [
        &b"\x08"[..],
        b"\x08\x96",
        b"\x12\x07testin",
        b"\x09\x01\x02\x03\x04\x05\x06\x07",
        b"\x15\x01\x02\x03",
        // Field 0, the two kinds of groups, two kinds that there are not, a tag of more than 32 bits.
        b"\x00\x01",
        b"\x0b\x0c",
        b"\x0c",
        b"\x0e",
        b"\x0f",
        b"\x88\x80\x80\x80\x10\x01",
    ] {
        assert_eq!(fields(message), Err(Malformed), "{message:x?}");
    }
}

#[test]
fn lengths_beyond_the_message_are_refused_without_memory() {
    for len in [&b"\x02"[..], b"\xff\xff\xff\xff\x07", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"] {
        let message = [b"\x0a", len, b"x"].concat();
        assert_eq!(fields(&message), Err(Malformed), "{len:x?}");
    }
}

#[test]
fn nothing_is_read_behind_a_malformed_field() {
    let mut fields = Fields::of(b"\x08\x01\x00\x08\x01");
    assert_eq!(fields.next(), Some(Ok((1, Value::Number(1)))));
    assert_eq!(fields.next(), Some(Err(Malformed)));
    assert_eq!(fields.next(), None);
}

#[test]
fn bytes_that_were_put_are_read_again() {
    for len in [0, 1, 127, 128, 16_383, 16_384, 70_000] {
        let bytes = vec![7; len];
        let mut message = Vec::new();
        put_bytes(&mut message, 1, &bytes);
        assert_eq!(fields(&message), Ok(vec![(1, Value::Bytes(&bytes))]));
    }
}
