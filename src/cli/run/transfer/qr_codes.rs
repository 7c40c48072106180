//! QR codes one after another at the terminal, each on the other screen and gone with the key that asks for the next.

use super::Run;
use crate::app::export::{self, ExportDone};
use crate::app::status::count;
use crate::app::{Failure, Kind, Session, Unchanged};
use crate::cli::ceremony::{Size, ask_on_page};
use crate::entry::EntryId;
use crate::interchange::qr_draw::{self, Style};
use crate::platform::terminal::NoAnswer;
use crate::secret::SecretText;

/// What is said before anything is seen.
const BEFORE: &str = "\
In Google Authenticator: the menu, Transfer accounts, Import accounts,
Scan QR code. Other authenticators read them too. Scan them in order.

These are the seeds themselves: whoever photographs this screen can make
all the codes from then on. Let no camera see it but your phone's.

A code needs a large window, or small letters. Fewer entries at a time
(a NAME, or --tag) make smaller codes. Ctrl-C ends it.

";

/// Refuses before anybody types a passphrase where nobody could see them.
pub(super) fn refuse_without_terminal(run: &Run<'_, '_>) -> Result<(), Failure> {
    if run.io.out_is_terminal && !run.global.no_input {
        return Ok(());
    }
    let why = if run.global.no_input { "nobody is asked for a key" } else { "standard output is none" };
    Err(Failure::new(Kind::Refused, format!("the QR codes are shown at a terminal, and {why}"))
        .unchanged(Unchanged::NothingTouched)
        .next("to have them as pictures: -o FILE.png")
        .next("to have their URIs as text: -o FILE"))
}

/// Shows them all.
pub(super) fn show(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    format: &str,
    entries: Vec<EntryId>,
    plaintext: bool,
) -> Result<ExportDone, Failure> {
    let codes = export::qr_codes(run.ctx, session, format, entries, plaintext)?;
    let (n_entries, n_codes) = (codes.done.n_entries, codes.texts.len());
    let (n_entries, n) = (count(n_entries, "entry", "entries"), count(n_codes, "QR code", "QR codes"));
    let before = format!("{n_entries} in {n}, one after another.\n\n{BEFORE}");
    ask(run, |_| SecretText::new(before.clone()), "Press Enter to begin: ", 0, n_codes)?;
    for (text, number) in codes.texts.iter().zip(1..) {
        let next = if number == n_codes { "the end" } else { "the next" };
        let prompt = format!("Code {number} of {n_codes}. Enter: {next}. i: turns dark and light. ");
        let mut inverse = false;
        loop {
            let style = Style { ascii: run.global.ascii, inverse };
            let lines = qr_draw::terminal(text, style).map_err(|error| {
                Failure::new(Kind::Refused, "the QR code cannot be drawn")
                    .because(error)
                    .unchanged(Unchanged::NothingTouched)
            })?;
            let answer = ask(run, |_| page(&lines), &prompt, number - 1, n_codes)?;
            match answer.expose().trim() {
                "" => break,
                "i" | "I" => inverse = !inverse,
                // Whatever else was typed was not meant for this.
                _ => {}
            }
        }
    }
    Ok(codes.done)
}

/// A QR code, and nothing else: it takes the whole screen.
fn page(lines: &[SecretText]) -> SecretText {
    let mut page = SecretText::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in lines {
        page.expose_mut().push_str(line.expose());
        page.expose_mut().push('\n');
    }
    page
}

fn ask(
    run: &mut Run<'_, '_>,
    page: impl Fn(Size) -> SecretText,
    prompt: &str,
    n_shown: usize,
    n_codes: usize,
) -> Result<SecretText, Failure> {
    ask_on_page(run, page, prompt).map_err(|no_answer| match no_answer {
        NoAnswer::Interrupted => {
            let shown = format!("interrupted after {n_shown} of {n_codes} QR codes");
            Failure::new(Kind::Interrupted, shown).unchanged(Unchanged::NothingTouched)
        }
        NoAnswer::NoTerminal(error) => {
            Failure::new(Kind::Refused, "there is no terminal to show the QR codes at")
                .because(error)
                .unchanged(Unchanged::NothingTouched)
                .next("to have them as pictures: -o FILE.png")
                .next("to have their URIs as text: -o FILE")
        }
    })
}
