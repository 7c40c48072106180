//! The terminal's bytes as keys: known sequences, unknown ones, and any bytes in any pieces.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use lifeboat::tui::input::{Decoder, Input, LONGEST_PASTE};
use proptest::prelude::*;

/// What a test can compare.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Click(u16, u16),
    Focus(bool),
    Key(KeyEvent),
    Paste(String),
    Refused,
    Wheel(isize),
}

fn seen(inputs: impl IntoIterator<Item = Input>) -> Vec<Seen> {
    let seen = |input| match input {
        Input::Key(key) => Seen::Key(key),
        Input::Paste(text) => Seen::Paste(text.expose().to_owned()),
        Input::Refused(_) => Seen::Refused,
        Input::Click { column, row } => Seen::Click(column, row),
        Input::Focus(focused) => Seen::Focus(focused),
        Input::Wheel(rows) => Seen::Wheel(rows),
    };
    inputs.into_iter().map(seen).collect()
}

/// The pieces, each at once, and a pause after the last one.
fn read(pieces: impl IntoIterator<Item: AsRef<[u8]>>) -> Vec<Seen> {
    let mut decoder = Decoder::default();
    let mut inputs: Vec<Input> = pieces.into_iter().flat_map(|piece| decoder.feed(piece.as_ref())).collect();
    inputs.extend(decoder.pause());
    assert!(!decoder.awaits());
    seen(inputs)
}

fn held(code: KeyCode, modifiers: KeyModifiers) -> Seen {
    Seen::Key(KeyEvent::new(code, modifiers))
}

fn key(code: KeyCode) -> Seen {
    held(code, KeyModifiers::NONE)
}

fn typed(text: &str) -> Vec<Seen> {
    text.chars().map(|c| key(KeyCode::Char(c))).collect()
}

#[track_caller]
fn check(bytes: &[u8], wanted: &[Seen]) {
    assert_eq!(read([bytes]), wanted, "{}", bytes.escape_ascii());
    // The same in pieces of one byte.
    assert_eq!(read(bytes.chunks(1)), wanted, "{}", bytes.escape_ascii());
}

#[test]
fn focus_clicks_and_the_wheel_are_told() {
    check(b"\x1b[I", &[Seen::Focus(true)]);
    check(b"\x1b[O", &[Seen::Focus(false)]);
    check(b"\x1b[<0;10;5M", &[Seen::Click(9, 4)]);
    check(b"\x1b[<64;1;1M\x1b[<65;200;60M", &[Seen::Wheel(-3), Seen::Wheel(3)]);
}

#[test]
fn keys_are_known_as_terminals_send_them() {
    use KeyCode::{BackTab, Backspace, Delete, Down, End, Enter, Esc, F, Home, Left, PageUp, Right, Tab, Up};
    for (bytes, code) in [
        (&b"\r"[..], Enter),
        (b"\t", Tab),
        (b"\x7f", Backspace),
        (b"\x08", Backspace),
        (b"\x1b", Esc),
        (b"\x1b[A", Up),
        (b"\x1bOB", Down),
        (b"\x1b[C", Right),
        (b"\x1bOD", Left),
        (b"\x1b[H", Home),
        (b"\x1b[1~", Home),
        (b"\x1b[7~", Home),
        (b"\x1bOF", End),
        (b"\x1b[4~", End),
        (b"\x1b[3~", Delete),
        (b"\x1b[5~", PageUp),
        (b"\x1b[Z", BackTab),
        (b"\x1bOP", F(1)),
        (b"\x1b[11~", F(1)),
        (b"\x1b[[A", F(1)),
        (b"\x1b[15~", F(5)),
        (b"\x1b[17~", F(6)),
        (b"\x1b[24~", F(12)),
    ] {
        check(bytes, &[key(code)]);
    }
    check(b"\x03", &[held(KeyCode::Char('c'), KeyModifiers::CONTROL)]);
    check(b"\x1a", &[held(KeyCode::Char('z'), KeyModifiers::CONTROL)]);
    check(b"\x1b[1;5C", &[held(Right, KeyModifiers::CONTROL)]);
    check(b"\x1b[3;2~", &[held(Delete, KeyModifiers::SHIFT)]);
    check(b"\x1bq", &[held(KeyCode::Char('q'), KeyModifiers::ALT)]);
    check(b"\x1b\x1b[A", &[key(Esc), key(Up)]);
}

#[test]
fn text_is_read_in_utf8_whatever_pieces_it_comes_in() {
    check("Zürich, 2 Uhr €🔑".as_bytes(), &typed("Zürich, 2 Uhr €🔑"));
}

#[test]
fn bytes_that_are_no_utf8_mean_nothing_and_take_nothing_with_them() {
    for bytes in
        [&b"a\xffb"[..], b"a\xc3b", b"a\xe2\x82b", b"a\x80b", b"a\xc0\x80b", b"a\xed\xa0\x80b", b"a\xf5b"]
    {
        check(bytes, &typed("ab"));
    }
}

#[test]
fn an_unknown_sequence_is_never_taken_for_text() {
    for sequence in [
        &b"\x1b[<35;10;5M"[..],
        b"\x1b[<0;10;5m",
        b"\x1b[<0;0;5M",
        b"\x1b[<0;+1;5M",
        b"\x1b[<0;10M",
        b"\x1b[1I",
        b"\x1b[97;5u",
        b"\x1b[57399;1:3u",
        b"\x1b[1;1:3A",
        b"\x1b[27;5;106~",
        b"\x1b[99~",
        b"\x1b[99999999999999999999~",
        b"\x1b[?62;c",
        b"\x1b[12;40R",
        b"\x1b[32;10;10M",
        b"\x1b[M !!",
        b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12m",
        b"\x1b[?1;2$y",
        b"\x1b]52;c;c2VjcmV0\x07",
        b"\x1b]11;rgb:0000/0000/0000\x07",
        b"\x1b[[Q",
        b"\x1bOj",
    ] {
        check(sequence, &[]);
        let around = [b"a", sequence, b"b"].concat();
        check(&around, &typed("ab"));
    }
    // The end of a string is itself a sequence, with Alt.
    let string = read([&b"\x1bP1$r0m\x1b\\"[..]]);
    assert_eq!(string, [held(KeyCode::Char('\\'), KeyModifiers::ALT)]);
}

#[test]
fn a_pause_tells_esc_from_a_sequence_and_ends_what_was_begun() {
    let mut decoder = Decoder::default();
    assert!(decoder.feed(b"\x1b").is_empty() && decoder.awaits());
    assert_eq!(seen(decoder.pause()), [key(KeyCode::Esc)]);
    assert_eq!(seen(decoder.feed(b"[A")), typed("[A"));
    for begun in [&b"\x1b["[..], b"\x1b[1;", b"\x1bO", b"\x1b]52;", b"\x1b[[", b"\x1b[M!", b"\xe2\x82"] {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(begun).is_empty() && decoder.awaits(), "{}", begun.escape_ascii());
        assert!(decoder.pause().is_none(), "{}", begun.escape_ascii());
        assert_eq!(seen(decoder.feed(b"x")), typed("x"), "{}", begun.escape_ascii());
    }
}

#[test]
fn a_paste_is_one_text_with_whatever_stands_in_it() {
    for text in ["", "two\rlines\n", "\x1b[A\x03q", "näh €", "\x1b[201", "[201~"] {
        let bytes = format!("x\x1b[200~{text}\x1b[201~y");
        let wanted = [typed("x"), vec![Seen::Paste(text.to_owned())], typed("y")].concat();
        check(bytes.as_bytes(), &wanted);
    }
}

#[test]
fn a_pause_does_not_end_a_paste() {
    let mut decoder = Decoder::default();
    assert!(decoder.feed(b"\x1b[200~one").is_empty() && !decoder.awaits());
    assert!(decoder.pause().is_none());
    assert_eq!(
        seen(decoder.feed(b"two\x1b[201~q")),
        [Seen::Paste("onetwo".to_owned()), typed("q").remove(0)]
    );
}

#[test]
fn a_paste_that_is_too_long_or_no_text_is_refused_whole() {
    let paste = |text: &[u8]| read([&b"\x1b[200~"[..], text, b"\x1b[201~q"]);
    let longest = "é".repeat(LONGEST_PASTE / 2);
    assert_eq!(paste(longest.as_bytes()), [Seen::Paste(longest.clone()), typed("q").remove(0)]);
    for n_more in [1, 2, 5, 6, 7, 100, 200_000] {
        let long = "x".repeat(LONGEST_PASTE + n_more);
        assert_eq!(paste(long.as_bytes()), [Seen::Refused, typed("q").remove(0)], "{n_more}");
    }
    assert_eq!(paste(b"a\xffb"), [Seen::Refused, typed("q").remove(0)]);
}

/// Bytes of which many are, or look like, the ones that mean something.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"\x1b"[..],
        b"\x1b[",
        b"\x1bO",
        b"\x1b]",
        b"\x1b[M",
        b"\x1b[[",
        b"\x1b[200~",
        b"\x1b[201~",
        b"1;5",
        b"~",
        b"A",
        b"\xe2\x82\xac",
        b"\xf0\x9f",
        b"secret",
        b"\r",
        b"\x07",
    ]);
    let piece = prop_oneof![
        3 => known.prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_same_keys_come_out_wherever_the_bytes_are_parted(
        bytes in bytes(),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let mut places: Vec<usize> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
        places.extend([0, bytes.len()]);
        places.sort_unstable();
        let pieces = places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
        prop_assert_eq!(read([bytes.as_slice()]), read(pieces));
    }

    #[test]
    fn no_text_comes_out_of_a_control_sequence(
        parameters in "[0-?]{0,40}",
        between in "[ -/]{0,3}",
        end in "[@-LN-Z\\\\-~]",
    ) {
        prop_assume!(format!("{parameters}{between}{end}") != "200~");
        let bytes = format!("\x1b[{parameters}{between}{end}");
        let text = |seen: &Seen| matches!(seen, Seen::Key(key) if matches!(key.code, KeyCode::Char(_)));
        prop_assert!(!read([bytes.as_bytes()]).iter().any(text));
    }

    #[test]
    fn what_is_typed_is_what_comes_out(text in "\\PC{0,40}") {
        prop_assert_eq!(read([text.as_bytes()]), typed(&text));
    }
}
