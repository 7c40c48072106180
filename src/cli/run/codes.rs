//! What shows a secret because somebody asked for it: codes, seeds, recovery codes.

use std::time::Duration;

use serde_json::json;

use super::super::args::{Code, Show, UseRecoveryCode};
use super::super::io::Reader;
use super::super::render::{self, fields};
use super::super::{ask, time};
use super::{Run, seal};
use crate::app::clock::{self, Noticed, Watch};
use crate::app::code::{self, CodeRequest, ShownCode};
use crate::app::find::find;
use crate::app::seal::Opened;
use crate::app::{Exit, Failure, Kind, Session, Unchanged, clipboard, edit, show};
use crate::entry::{EntryId, label};
use crate::interchange::qr_draw::{self, Style};
use crate::platform::clipboard::Policy;
use crate::secret::SecretText;

/// How long a loop sleeps before it looks for Ctrl-C again.
const LISTENING: Duration = Duration::from_millis(200);

pub(super) fn code(run: &mut Run<'_, '_>, args: &Code) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = find(&session, &args.entry.query)?;
    run.ask_why(&session, &[id])?;
    let opened = seal::opened(run, &mut session, id, &args.opening)?;
    if args.watch {
        return watch(run, &mut session, id, opened.as_ref());
    }
    if args.copy {
        return copy(run, &mut session, id, args, opened);
    }
    let request = CodeRequest { at: args.at.map(|moment| moment.0), next: args.next };
    let shown = code::code_with(run.ctx, &mut session, id, request, opened.as_ref())?;
    drop(opened);
    run.tell_notices(&mut session);
    print_code(run, &shown, args.at.is_some())
}

fn print_code(run: &mut Run<'_, '_>, shown: &ShownCode, for_a_time: bool) -> Result<Exit, Failure> {
    print_result(run, shown)?;
    let (true, false) = (run.io.out_is_terminal, run.global.json || for_a_time) else {
        return Ok(Exit::Done);
    };
    let now = run.ctx.clock.now();
    if let Some(until) = shown.valid_until {
        run.tell(&format!("{} s left", until.saturating_sub(now)));
    } else if let Some(counter) = shown.counter {
        run.tell(&format!("counter {counter}; the next run gives the next code"));
    }
    Ok(Exit::Done)
}

fn print_result(run: &mut Run<'_, '_>, shown: &ShownCode) -> Result<Reader, Failure> {
    let json = fields([
        ("id", json!(shown.id.to_string())),
        ("issuer", json!(shown.issuer.raw())),
        ("account", json!(shown.account.raw())),
        ("code", json!(shown.code.expose())),
        ("valid_from", json!(shown.valid_from)),
        ("valid_until", json!(shown.valid_until)),
        ("next", json!(shown.next.as_ref().map(crate::otp::Code::expose))),
        ("counter", json!(shown.counter)),
    ]);
    let mut line = SecretText::with_capacity(16);
    line.expose_mut().push_str(shown.code.expose());
    line.expose_mut().push('\n');
    run.print("code", &json, line.expose())
}

fn copy(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    id: EntryId,
    args: &Code,
    opened: Option<Opened>,
) -> Result<Exit, Failure> {
    let entry = session.vault().entry(id);
    let counts = entry.is_some_and(|entry| entry.otp.counter().is_some());
    let request = CodeRequest { at: args.at.map(|moment| moment.0), next: args.next };
    // A code that counts is another one each time; only the clock gives the same one twice.
    if !counts {
        let now = request.at.unwrap_or_else(|| run.ctx.clock.now());
        let period = entry.and_then(|entry| entry.otp.period());
        let step = period.map(|period| crate::otp::TimeStep::at(now, period));
        let step = if args.next { step.map(crate::otp::TimeStep::next) } else { step };
        if let Some(step) = step
            && let Some(at) = code::copied_before(run.ctx, session, id, step.starts())
        {
            let now = run.ctx.clock.now();
            run.tell(&format!(
                "lifeboat: this code was copied {} s ago, and most services take a code once; the next one comes in {} s",
                now.saturating_sub(at),
                step.ends().saturating_sub(now)
            ));
            ask::confirm(run.global, run.io, "Copy the same code again?")?;
        }
    }
    clipboard::ready(run.ctx)?;
    let shown = code::to_copy(run.ctx, session, id, request, opened.as_ref())?;
    // What follows may wait for the time to clear the copy.
    drop(opened);
    let policy = args.clear_after.map_or_else(
        || Policy::from(&run.ctx.settings.clipboard),
        |after| Policy { after: Duration::from_secs(after.0), overwrite: true },
    );
    let sent = run.ctx.clipboard.copy(shown.code.expose(), policy);
    let sent = sent.map_err(|error| clipboard::failed(error, counts))?;
    if let Some(from) = shown.valid_from {
        code::mark_copied(run.ctx, session, id, from);
    }
    run.tell_notices(session);
    let left = shown.valid_until.map_or_else(String::new, |until| {
        format!("; good for {} s", until.saturating_sub(run.ctx.clock.now()))
    });
    run.tell(&format!("{sent}{left}"));
    if let Some(after) = sent.then.after() {
        clear_after(run, after.as_secs());
    }
    Ok(Exit::Done)
}

/// Waits, then takes back what was copied. Ctrl-C does it at once.
fn clear_after(run: &mut Run<'_, '_>, seconds: u64) {
    let until = run.ctx.clock.now().saturating_add(seconds);
    // Asked before it is said what Ctrl-C does: from here on it does that.
    let mut goes_on = run.io.person.goes_on();
    run.tell("this waits for that; Ctrl-C does it at once");
    while goes_on && run.ctx.clock.now() < until {
        (run.ctx.pause)(LISTENING);
        goes_on = run.io.person.goes_on();
    }
    match run.ctx.clipboard.clear_if_ours() {
        Ok(how) => run.tell(&how.to_string()),
        Err(error) => run.io.tell(&format!("lifeboat: {}", clipboard::not_cleared(&error))),
    }
}

/// One line that is drawn again each second on a terminal; on a pipe a line for each new code.
fn watch(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    id: EntryId,
    opened: Option<&Opened>,
) -> Result<Exit, Failure> {
    let mut shown = code::code_with(run.ctx, session, id, CodeRequest::default(), opened)?;
    run.tell_notices(session);
    if shown.counter.is_some() {
        return print_code(run, &shown, false);
    }
    let live = run.io.out_is_terminal && !run.global.json;
    let (mut printed_until, mut drawn_at) = (None, None);
    let mut watch = Watch::default();
    while run.io.person.goes_on() {
        for noticed in watch.look(run.ctx.clock.as_ref()) {
            if let Noticed::Stepped(millis) = noticed {
                clock::log_step(run.ctx, session, millis);
                run.tell(&format!("lifeboat: {}", clock::stepped_in_words(millis)));
                // The code on the screen is that of the time before.
                shown = code::refresh_with(session, id, run.ctx.clock.now(), opened).unwrap_or(shown);
                run.tell_notices(session);
            }
        }
        let now = run.ctx.clock.now();
        if shown.valid_until.is_some_and(|until| until <= now) {
            shown = code::refresh_with(session, id, now, opened).unwrap_or(shown);
        }
        let reader = if live && drawn_at != Some(now) {
            drawn_at = Some(now);
            let left = shown.valid_until.unwrap_or(now).saturating_sub(now);
            let mut line = SecretText::with_capacity(64);
            line.expose_mut().push_str("\r\x1b[2K");
            line.expose_mut().push_str(shown.code.grouped().expose());
            line.expose_mut().push_str(&format!("  {left:>3} s"));
            run.io.print(line.expose())?
        } else if !live && printed_until != shown.valid_until {
            printed_until = shown.valid_until;
            print_result(run, &shown)?
        } else {
            Reader::Reads
        };
        if reader == Reader::HasEnough {
            return Ok(Exit::Done);
        }
        let rest = 1000 - u64::from(run.ctx.clock.subsecond_millis().min(999));
        (run.ctx.pause)(Duration::from_millis(rest).min(LISTENING));
    }
    if live {
        let _reader = run.io.print("\r\x1b[2K")?;
    }
    Ok(Exit::Done)
}

pub(super) fn show(run: &mut Run<'_, '_>, args: &Show) -> Result<Exit, Failure> {
    let shows_secrets = args.reveal || args.qr || args.recovery_codes;
    let mut session = if shows_secrets { run.open_proven()? } else { run.open()? };
    let id = match find(&session, &args.entry.query) {
        Ok(id) => id,
        Err(failure) => return show_quarantined(run, &mut session, args, failure),
    };
    if shows_secrets {
        run.ask_why(&session, &[id])?;
    }
    let opened = if shows_secrets { seal::opened(run, &mut session, id, &args.opening)? } else { None };
    let entry = session.vault().entry(id).ok_or(crate::vault::VaultError::Gone(id))?;
    let mut json = render::entry_json(entry);
    let mut text = SecretText::new(render::entry_text(entry));
    if args.reveal || args.qr {
        let uri = show::reveal_with(run.ctx, &mut session, id, opened.as_ref())?;
        if args.reveal {
            json.insert("uri".to_owned(), json!(uri.expose()));
        }
        if !run.global.json {
            text = SecretText::with_capacity(64 << 10);
        }
        if args.qr && !run.global.json {
            draw(run, &uri, &mut text)?;
        }
        if args.reveal {
            text.expose_mut().push_str(uri.expose());
            text.expose_mut().push('\n');
        }
    }
    if args.recovery_codes {
        let codes = show::recovery_codes_with(run.ctx, &mut session, id, opened.as_ref())?;
        let listed: Vec<_> =
            codes.iter().map(|code| json!({ "code": code.code.expose(), "used": code.used })).collect();
        json.insert("recovery_codes".to_owned(), json!(listed));
        if !args.reveal && !args.qr {
            text = SecretText::with_capacity(16 << 10);
        }
        for code in &codes {
            text.expose_mut().push_str(&label::escaped(code.code.expose()));
            if let Some(used) = code.used {
                text.expose_mut().push_str(&format!("  (used {})", time::day(used)));
            }
            text.expose_mut().push('\n');
        }
    }
    run.tell_notices(&mut session);
    run.result("show", &json, text.expose())
}

fn draw(run: &mut Run<'_, '_>, uri: &SecretText, text: &mut SecretText) -> Result<(), Failure> {
    let style = Style { ascii: run.global.ascii, inverse: false };
    let lines = qr_draw::terminal(uri, style).map_err(|error| {
        Failure::new(Kind::Refused, "the QR code cannot be drawn")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    })?;
    run.tell(
        "lifeboat: whoever sees this picture has the seed; clear the screen and the scrollback afterwards",
    );
    for line in &lines {
        text.expose_mut().push_str(line.expose());
        text.expose_mut().push('\n');
    }
    Ok(())
}

/// An entry that was set aside is shown by its name and what is wrong with it.
fn show_quarantined(
    run: &mut Run<'_, '_>,
    session: &mut Session,
    args: &Show,
    not_found: Failure,
) -> Result<Exit, Failure> {
    let Ok(place) = edit::find_quarantined(session, &args.entry.query) else { return Err(not_found) };
    let Some(quarantined) = session.vault().quarantine.get(place) else { return Err(not_found) };
    let (title, reason) = (quarantined.title.shown(), quarantined.reason.clone());
    let mut json = fields([("set_aside", json!(title)), ("reason", json!(reason))]);
    let mut text = SecretText::new(render::table(&[
        ("set aside", title),
        ("because", reason),
        ("repair", "lifeboat edit NAME with the field that is wrong, for example --digits 6".to_owned()),
    ]));
    if args.reveal {
        let stored = edit::reveal_quarantined(run.ctx, session, place)?;
        json.insert("text".to_owned(), json!(stored.expose()));
        // It is JSON, and stays the same JSON.
        text = SecretText::new(render::escaped(stored.expose()));
        text.expose_mut().push('\n');
    }
    run.tell_notices(session);
    run.result("show", &json, text.expose())
}

pub(super) fn use_recovery_code(run: &mut Run<'_, '_>, args: &UseRecoveryCode) -> Result<Exit, Failure> {
    let mut session = run.open()?;
    let id = find(&session, &args.entry.query)?;
    run.ask_why(&session, &[id])?;
    let opened = seal::opened(run, &mut session, id, &args.opening)?;
    let handed_out = show::use_recovery_code_with(run.ctx, &mut session, id, opened.as_ref())?;
    drop(opened);
    run.tell_notices(&mut session);
    let json = fields([("code", json!(handed_out.code.expose())), ("left", json!(handed_out.left))]);
    let mut line = SecretText::new(label::escaped(handed_out.code.expose()));
    line.expose_mut().push('\n');
    run.result("recovery-code", &json, line.expose())?;
    run.tell(&format!("marked as used; {} left", handed_out.left));
    Ok(Exit::Done)
}
