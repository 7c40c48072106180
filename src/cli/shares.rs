//! Shares that somebody brings to a command: named files first, then typed word by word.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::ask;
use super::io::Io;
use crate::app::shares::{self, Opening};
use crate::app::{Context, Failure, Kind, Unchanged};
use crate::custody::{self, Share};
use crate::envelope::Quorum;
use crate::platform::terminal::NoAnswer;
use crate::secret::SecretText;

/// Most bytes of a share's text on standard input.
const LONGEST_SHARE: u64 = 64 << 10;
/// Words of a row, on a card and on the screen.
const ROW: usize = 5;

/// Reads a share from a file, or from standard input with `-`.
pub(super) fn read(ctx: &Context, io: &mut Io<'_>, path: &Path) -> Result<Share, Failure> {
    if path == Path::new("-") {
        let text = io.read_stdin(LONGEST_SHARE)?;
        return shares::from_text(&text, "standard input");
    }
    shares::from_file(ctx, path)
}

/// One share, from a file or typed at the terminal.
pub(super) fn one(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    quorum: &Quorum,
    file: Option<&Path>,
) -> Result<Share, Failure> {
    if let Some(file) = file {
        return read(ctx, io, file);
    }
    if global.no_input {
        return Err(none_given(quorum));
    }
    match typed(io, &Opening::of(quorum)?) {
        Ok(Some(share)) => Ok(share),
        Ok(None) | Err(NoAnswer::Interrupted) => Err(ask::interrupted()),
        Err(NoAnswer::NoTerminal(_)) => Err(none_given(quorum)),
    }
}

/// Collects as many shares as are needed: from the files that are named, and then from whoever sits at the terminal.
/// After each it is said how many are still missing; one that does not fit is named and spoils nothing.
pub(super) fn gather(
    global: &Global,
    ctx: &Context,
    io: &mut Io<'_>,
    quorum: &Quorum,
    files: &[PathBuf],
) -> Result<Opening, Failure> {
    let mut opening = Opening::of(quorum)?;
    for file in files {
        let added = read(ctx, io, file).and_then(|share| opening.add(share));
        let is_fatal = |failure: &Failure| failure.kind != Kind::WrongShare;
        match added {
            Ok(taken) => say(global, io, &told(&opening, taken, &crate::app::failure::shown_path(file))),
            Err(failure) if is_fatal(&failure) => return Err(failure),
            Err(failure) => refuse(io, &failure),
        }
    }
    while opening.missing() > 0 && !global.no_input {
        match typed(io, &opening) {
            Ok(Some(share)) => match opening.add(share) {
                Ok(taken) => say(global, io, &told(&opening, taken, "what was typed")),
                Err(failure) => refuse(io, &failure),
            },
            Ok(None) | Err(NoAnswer::NoTerminal(_)) => break,
            Err(NoAnswer::Interrupted) => return Err(ask::interrupted()),
        }
    }
    Ok(opening)
}

fn say(global: &Global, io: &mut Io<'_>, line: &str) {
    if !global.quiet {
        io.tell(line);
    }
}

fn refuse(io: &mut Io<'_>, failure: &Failure) {
    io.tell(&format!("lifeboat: {failure}"));
    for line in failure.details.iter().chain(&failure.causes()) {
        io.tell(&format!("  {line}"));
    }
}

fn told(opening: &Opening, taken: shares::Taken, source: &str) -> String {
    let set = opening.set_name();
    let missing = match taken.missing {
        0 => "that is enough".to_owned(),
        1 => "1 more is needed".to_owned(),
        n => format!("{n} more are needed"),
    };
    let again = if taken.again { " was there already" } else { " is taken" };
    format!("share {} of {set}{again} ({source}); {missing}", taken.number)
}

/// Asks for the words of one share, row by row, on a page of its own that is gone afterwards. `None` when the
/// person stops.
fn typed(io: &mut Io<'_>, opening: &Opening) -> Result<Option<Share>, NoAnswer> {
    let mut words = SecretText::with_capacity(Share::WORDS * 10);
    let mut remark = String::new();
    loop {
        let n_words = custody::progress(words.expose()).n_words;
        let page = page(opening, &words, &remark);
        let first = n_words + 1;
        let last = (n_words + ROW).min(Share::WORDS);
        let row = io.person.ask_on_page(page.expose(), &format!("words {first} to {last}: "), false)?;
        match row.expose().trim() {
            "" => return Ok(None),
            "-" => {
                words = SecretText::with_capacity(Share::WORDS * 10);
                "The card is begun again.".clone_into(&mut remark);
                continue;
            }
            _ => {}
        }
        match wrong_word(&row, n_words) {
            Some(wrong) => {
                remark = wrong;
                continue;
            }
            None => remark.clear(),
        }
        words.expose_mut().push_str(row.expose().trim());
        words.expose_mut().push(' ');
        if custody::progress(words.expose()).n_words < Share::WORDS {
            continue;
        }
        match shares::from_text(&words, "what was typed") {
            Ok(share) => return Ok(Some(share)),
            Err(failure) => {
                remark = format!("{}.\nType the whole card again.", failure.details.join("; "));
                words = SecretText::with_capacity(Share::WORDS * 10);
            }
        }
    }
}

/// What is wrong with a row, if one of its words is not in the list.
fn wrong_word(row: &SecretText, n_before: usize) -> Option<String> {
    // With a space behind it, the last word counts as typed to its end.
    let mut whole = SecretText::with_capacity(row.len() + 1);
    whole.expose_mut().push_str(row.expose());
    whole.expose_mut().push(' ');
    let place = *custody::progress(whole.expose()).not_in_list.first()?;
    let typed = whole
        .expose()
        .split_whitespace()
        .filter(|token| token.chars().any(char::is_alphabetic))
        .nth(place - 1);
    let suggestion = typed.and_then(custody::words::nearest);
    let meant = suggestion.map(|word| format!("; did you mean {word:?}?")).unwrap_or_default();
    Some(format!("word {} is not in the list{meant} Type the row again.", n_before + place))
}

fn page(opening: &Opening, words: &SecretText, remark: &str) -> SecretText {
    let mut page = SecretText::with_capacity(2048);
    let missing = opening.missing();
    let there = opening.numbers();
    let text = page.expose_mut();
    text.push_str(&format!(
        "{} shares of the set {} open this together; {} still needed.\n",
        opening.threshold(),
        opening.set_name(),
        if missing == 1 { "1 is".to_owned() } else { format!("{missing} are") },
    ));
    if !there.is_empty() {
        let numbers: Vec<String> = there.iter().map(u8::to_string).collect();
        text.push_str(&format!("There already: share {}.\n", numbers.join(", ")));
    }
    text.push_str(
        "\nType the words of one card, a row at a time. Four letters of a word are enough.\n\
         The others look away. An empty line stops; - begins the card again.\n\n",
    );
    let typed = words.expose().split_whitespace().filter_map(custody::words::index);
    for (index, place) in typed.zip(1..) {
        // Whole, however it was shortened: so the card can be compared.
        let word = custody::words::word(usize::from(index)).unwrap_or_default();
        text.push_str(&format!("{place:>3} {word:<9}"));
        if place % ROW == 0 {
            text.push('\n');
        }
    }
    if !remark.is_empty() {
        text.push_str(&format!("\n{remark}\n"));
    }
    text.push('\n');
    page
}

/// The failure of a bundle that only shares open, where none can be had.
pub(super) fn none_given(quorum: &Quorum) -> Failure {
    Failure::new(
        Kind::NoCredential,
        format!(
            "{} shares of the set {} are needed, and none was given",
            quorum.threshold,
            crate::app::share_set::name(quorum.set)
        ),
    )
    .unchanged(Unchanged::NothingTouched)
    .next("name each with --share FILE: its words as text, or a picture of the card's QR code")
}
