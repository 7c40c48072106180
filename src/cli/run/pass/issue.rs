//! Issuing a pass: what is asked, the words shown once, and what is told.

use serde_json::json;

use super::super::super::args::PassIssue;
use super::super::super::ceremony::{Size, ask_on_page};
use super::super::super::render::{self, fields};
use super::super::super::{ask, time};
use super::super::{Run, ways};
use crate::app::failure::shown_path;
use crate::app::find::find;
use crate::app::pass::{self, Asked, Issued, PassRequest, Prepared, ROTATE, Said};
use crate::app::status::count;
use crate::app::{Exit, Failure, Kind, Unchanged};
use crate::entry::label;
use crate::platform::terminal::NoAnswer;
use crate::recovery::pass::LONGEST_SAID;
use crate::secret::SecretText;

pub(super) fn issue(run: &mut Run<'_, '_>, args: &PassIssue) -> Result<Exit, Failure> {
    pass::refuse_existing(run.ctx, &args.output)?;
    // It outlasts the time that was chosen for a key in the keyring.
    let mut session = run.open_proven()?;
    let request = PassRequest {
        id: find(&session, &args.entry.query)?,
        from: args.from.map(|moment| moment.0),
        seconds: args.lasts.0,
        to: &args.to,
        privileged_ok: args.privileged_ok,
        output: &args.output,
    };
    let asked = pass::check(run.ctx, &session, &request)?;
    let reason = pass::reason_asked(run.ctx, &session, request.id);
    let question = format!("A pass of {}. Why is it issued? The log keeps the reason.\n", asked.title);
    ask::because(run.global, run.ctx, run.io, &reason, question, |not_taken| {
        pass::no_reason(&asked.title, not_taken)
    })?;
    for doubt in &asked.doubts {
        run.tell(&format!("lifeboat: {doubt}"));
    }
    let to = label::shown(args.to.trim());
    let said = Said {
        identified: said(run, args.identified.as_deref(), &format!("How was {to} identified?"))?,
        channel: said(run, args.channel.as_deref(), "By which channel do the words go?")?,
    };
    let missing = [("how the person was identified", &said.identified), ("the channel", &said.channel)];
    for (what, _) in missing.iter().filter(|(_, said)| said.is_none()) {
        run.tell(&format!("lifeboat: {what} is recorded as not said"));
    }
    let cost = run.ctx.kdf.vault;
    let prepared = ways::making(run, true, "Sealing, and opening it once more", cost, |ctx| {
        pass::prepare(ctx, &session, &request, &asked, said)
    })?;
    let on_a_page = run.io.out_is_terminal && !run.global.no_input && !run.global.json;
    if on_a_page {
        show(run, &prepared, &asked, &to)?;
    }
    let words = (!on_a_page).then(|| prepared.words().duplicate());
    let issued = prepared.issue(run.ctx, &mut session)?;
    run.tell_notices(&mut session);
    told(run, &issued, words.as_ref())
}

/// What is said of the person or the channel: as it was given, or asked for. `None` where nobody says it.
fn said(run: &mut Run<'_, '_>, given: Option<&str>, question: &str) -> Result<Option<String>, Failure> {
    let text = match given {
        Some(given) => given.to_owned(),
        None if run.global.no_input => return Ok(None),
        None => match run.io.person.ask(&format!("{question} (empty: not said) "), false) {
            Ok(answer) => answer.expose().to_owned(),
            Err(NoAnswer::Interrupted) => return Err(ask::interrupted()),
            Err(NoAnswer::NoTerminal(_)) => return Ok(None),
        },
    };
    let text = text.trim();
    if text.chars().count() > LONGEST_SAID {
        let what = format!("what is said of a pass has {LONGEST_SAID} characters at most");
        return Err(Failure::new(Kind::Usage, what).unchanged(Unchanged::NothingTouched));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Shows the words on a page that is gone with the next key. Nothing was written yet.
fn show(run: &mut Run<'_, '_>, prepared: &Prepared, asked: &Asked, to: &str) -> Result<(), Failure> {
    let ascii = run.global.ascii;
    let cut = |line: String, size: Size| render::cut(&line, size.columns, if ascii { '>' } else { '…' });
    let page = |size: Size| {
        let mut page = SecretText::with_capacity(8192);
        let text = page.expose_mut();
        text.push_str(&cut(format!("The words of the pass of {}", asked.title), size));
        text.push('\n');
        text.push_str(&cut(format!("for {to}:"), size));
        text.push_str("\n\n    ");
        text.push_str(prepared.words().expose());
        text.push_str("\n\nThey are shown this once, and stored nowhere. Say them to that person, by\n");
        text.push_str("another way than the file goes. Each is known by its first four letters.\n\n");
        page
    };
    let answer = ask_on_page(run, page, "Press Enter when they are said or written down: ");
    answer.map(drop).map_err(|no_answer| match no_answer {
        NoAnswer::Interrupted => Failure::new(Kind::Interrupted, "interrupted: no pass was issued")
            .unchanged(Unchanged::NothingTouched)
            .next("the words that were shown open nothing"),
        NoAnswer::NoTerminal(error) => {
            Failure::new(Kind::Refused, "there is no terminal to show the words at")
                .because(error)
                .unchanged(Unchanged::NothingTouched)
                .next("to have them printed with the result: --no-input, with all that is asked as options")
        }
    })
}

fn told(run: &mut Run<'_, '_>, issued: &Issued, words: Option<&SecretText>) -> Result<Exit, Failure> {
    let pass = &issued.pass;
    let json = fields([
        ("id", json!(pass.id.to_string())),
        ("file", json!(issued.output.display().to_string())),
        ("entry", json!(pass.entry.to_string())),
        ("name", json!(issued.title)),
        ("to", json!(pass.to.raw())),
        ("from", json!(pass.from)),
        ("until", json!(pass.until)),
        ("codes", json!(issued.n_codes)),
        ("codes_from", json!(issued.codes_from)),
        ("codes_until", json!(issued.codes_until)),
        ("bytes", json!(issued.len)),
        ("sha256", json!(data_encoding::HEXLOWER.encode(&pass.sha256))),
        ("identified", json!(pass.identified)),
        ("channel", json!(pass.channel)),
        ("privileged", json!(pass.privileged)),
        ("durable", json!(issued.durable)),
        ("words", json!(words.map(SecretText::expose))),
    ]);
    let codes = count(issued.n_codes, "code", "codes");
    let codes = format!("{codes}, the last good until {}", time::shown(issued.codes_until));
    let mut text = SecretText::with_capacity(8192);
    text.expose_mut().push_str(&render::table(&[
        ("pass", pass.id.to_string()),
        ("file", format!("{}, {} bytes", shown_path(&issued.output), issued.len)),
        ("entry", issued.title.clone()),
        ("for", pass.to.shown()),
        ("from", time::shown(pass.from)),
        ("until", time::shown(pass.until)),
        ("holds", codes),
    ]));
    if let Some(words) = words {
        text.expose_mut().push_str("words        ");
        text.expose_mut().push_str(words.expose());
        text.expose_mut().push('\n');
    }
    run.result("pass-issue", &json, text.expose())?;
    if !issued.durable {
        run.tell("lifeboat: the disk did not confirm that the file survives a power cut");
    }
    run.tell("the words are stored nowhere; say them by another way than the file goes");
    run.tell("who has the file and the words can read all its codes at any time: that it ends");
    run.tell("  is a courtesy, and it cannot be taken back but by giving the service a new");
    run.tell(&format!("  seed: {ROTATE}"));
    run.tell("next: there, lifeboat pass open FILE");
    run.tell(&format!("      when new methods are registered: lifeboat pass close {}", pass.id));
    Ok(Exit::Done)
}
