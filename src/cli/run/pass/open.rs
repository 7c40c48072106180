//! Opening a pass: live on a terminal, once on a pipe, or all of it on a sheet. No vault is needed.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::args::{PassOpen, PassOpening};
use super::super::super::render::{self, fields};
use super::super::super::{ask, credentials, time};
use super::super::Run;
use crate::app::keyring::in_words;
use crate::app::pass::{self, OpenedPass, SheetCode};
use crate::app::passphrase;
use crate::app::status::count;
use crate::app::{Exit, Failure, Kind, Unchanged};
use crate::envelope::Passphrase;
use crate::secret::SecretText;

/// How long the page waits before it looks for a key again.
const LISTENING: Duration = Duration::from_millis(200);
/// Columns of a sheet.
const SHEET_COLUMNS: usize = 80;

pub(super) fn open(run: &mut Run<'_, '_>, args: &PassOpen) -> Result<Exit, Failure> {
    let opened = opened(run, &args.opening)?;
    let live = run.io.out_is_terminal && !run.global.json && !run.global.no_input && args.at.is_none();
    if live {
        return watch(run, &opened);
    }
    let now = args.at.map_or_else(|| run.ctx.code_time(), |moment| moment.0);
    let shown = opened.at(now)?;
    let json = fields([
        ("id", json!(opened.id().to_string())),
        ("title", json!(opened.title().raw())),
        ("to", json!(opened.to().raw())),
        ("code", json!(shown.code.expose())),
        ("valid_from", json!(shown.from)),
        ("valid_until", json!(shown.until)),
        ("from", json!(opened.from())),
        ("until", json!(opened.until())),
    ]);
    let mut line = SecretText::with_capacity(16);
    line.expose_mut().push_str(shown.code.expose());
    line.expose_mut().push('\n');
    run.result("pass-open", &json, line.expose())?;
    let left = in_words(opened.until() - now);
    run.tell(&format!("{}: good for {} s; the pass ends in {left}", opened.title(), shown.until - now));
    Ok(Exit::Done)
}

/// Reads a pass and opens it with its words.
fn opened(run: &mut Run<'_, '_>, opening: &PassOpening) -> Result<OpenedPass, Failure> {
    let sealed = pass::look(run.ctx, &opening.file)?;
    let words = words(run, opening)?;
    let cost = sealed.cost();
    let Run { global, ctx, io } = run;
    credentials::working(global, io, true, "Opening the pass", &cost, || sealed.open(ctx, words))
}

/// Its words, which may be typed as they were heard.
fn words(run: &mut Run<'_, '_>, opening: &PassOpening) -> Result<Passphrase, Failure> {
    let Run { global, ctx, io } = run;
    let typed = if let Some(path) = &opening.pass_passphrase_file {
        credentials::from_file(ctx, io, path)?
    } else {
        let instead = "give them with --pass-passphrase-file PATH";
        credentials::not_empty(ask::hidden(global, io, "Words of the pass: ", instead)?)?
    };
    Ok(Passphrase::new(passphrase::heard(typed.text().duplicate())))
}

/// A page of its own that is drawn again each second, until a key or the end of the pass takes it away.
fn watch(run: &mut Run<'_, '_>, opened: &OpenedPass) -> Result<Exit, Failure> {
    let watched = watch_page(run, opened);
    // Whatever happened, no code stays on the screen.
    run.io.person.leave_page();
    if watched? == Watched::ToItsEnd {
        run.tell("the pass has ended");
    }
    Ok(Exit::Done)
}

/// Why a page was left.
#[derive(PartialEq, Eq)]
enum Watched {
    Enough,
    ToItsEnd,
}

fn watch_page(run: &mut Run<'_, '_>, opened: &OpenedPass) -> Result<Watched, Failure> {
    let mut drawn_at = None;
    let mut now = run.ctx.code_time();
    let mut shown = opened.at(now)?;
    loop {
        if drawn_at != Some(now) {
            drawn_at = Some(now);
            let columns = run.io.person.size().map_or(SHEET_COLUMNS, |(columns, _)| columns);
            let page = page(opened, &shown, now, (columns, if run.global.ascii { '>' } else { '…' }));
            run.io.person.draw_page(page.expose()).map_err(|error| {
                Failure::new(Kind::Io, "there is no terminal to show the code at")
                    .because(error)
                    .unchanged(Unchanged::NothingTouched)
                    .next("to print one code: lifeboat pass open FILE | cat")
            })?;
        }
        if !run.io.person.looks_on() {
            return Ok(Watched::Enough);
        }
        let rest = 1000 - u64::from(run.ctx.clock.subsecond_millis().min(999));
        (run.ctx.pause)(Duration::from_millis(rest).min(LISTENING));
        now = run.ctx.code_time();
        if now >= opened.until() {
            return Ok(Watched::ToItsEnd);
        }
        // A clock that was set back before the start ends it too.
        shown = opened.at(now)?;
    }
}

fn page(opened: &OpenedPass, shown: &SheetCode<'_>, now: u64, (columns, mark): (usize, char)) -> SecretText {
    let mut page = SecretText::with_capacity(8192);
    let text = page.expose_mut();
    // Lines that went on below would leave a part of themselves there.
    for line in [format!("Pass {} of {}", opened.id(), opened.title()), format!("for {}", opened.to())] {
        text.push_str(&render::cut(&line, columns, mark));
        text.push('\n');
    }
    text.push_str("\n    ");
    text.push_str(shown.code.grouped().expose());
    text.push_str(&format!("    {:>3} s\n\n", shown.until.saturating_sub(now)));
    let left = in_words(opened.until().saturating_sub(now));
    text.push_str(&format!("The pass ends in {left}, at {}.\n", time::shown(opened.until())));
    text.push_str("q or Ctrl-C ends this, and leaves nothing on the screen.\n");
    page
}

pub(super) fn sheet(run: &mut Run<'_, '_>, opening: &PassOpening) -> Result<Exit, Failure> {
    let opened = opened(run, opening)?;
    let codes = opened.sheet(run.ctx.code_time())?;
    let listed: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "from": code.from, "until": code.until, "code": code.code.expose() }))
        .collect();
    let json = fields([
        ("id", json!(opened.id().to_string())),
        ("title", json!(opened.title().raw())),
        ("to", json!(opened.to().raw())),
        ("from", json!(opened.from())),
        ("until", json!(opened.until())),
        ("period", json!(opened.period_seconds())),
        ("codes", Value::Array(listed)),
    ]);
    let text = if run.global.json { SecretText::new(String::new()) } else { printed(&opened, &codes) };
    run.result("pass-sheet", &json, text.expose())?;
    run.tell("who has the sheet has its codes: destroy it when the pass has ended");
    Ok(Exit::Done)
}

/// The sheet: what it is, and the codes with the times at which they begin, from left to right, under each day.
fn printed(opened: &OpenedPass, codes: &[SheetCode<'_>]) -> SecretText {
    let mut sheet = SecretText::with_capacity(4096 + 40 * codes.len());
    let text = sheet.expose_mut();
    let each = format!(
        "{}, each good for {} s from its time on",
        count(codes.len(), "code", "codes"),
        opened.period_seconds()
    );
    text.push_str(&render::table(&[
        ("pass", opened.id().to_string()),
        ("entry", opened.title().shown()),
        ("for", opened.to().shown()),
        ("from", time::shown(opened.from())),
        ("until", time::shown(opened.until())),
        ("holds", each),
    ]));
    text.push_str("\nAll times are UTC, not local time. Read from left to right. Codes in brackets\n");
    text.push_str("are for clocks that are off: they lie before or behind the time of the pass.\n");
    let widest = codes.iter().map(|code| code.code.grouped().len()).max().unwrap_or_default();
    // A time, the code in its brackets, and two columns between.
    let per_line = (SHEET_COLUMNS / (widest + 13)).max(1);
    for day in codes.chunk_by(|one, other| time::day(one.from) == time::day(other.from)) {
        let name = day.first().map(|code| time::day(code.from)).unwrap_or_default();
        text.push_str(&format!("\n{name}, UTC\n\n"));
        for line in day.chunks(per_line) {
            for (place, code) in line.iter().enumerate() {
                let clock: String = time::shown(code.from).chars().skip(11).take(8).collect();
                let (before, behind) = if code.is_within { (' ', "") } else { ('(', ")") };
                text.push_str(&format!("{clock} {before}"));
                text.push_str(code.code.grouped().expose());
                text.push_str(behind);
                if place + 1 < line.len() {
                    text.push_str(if code.is_within { "   " } else { "  " });
                }
            }
            text.push('\n');
        }
    }
    sheet
}
