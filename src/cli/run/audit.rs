//! The log: a list, and a check.

use serde_json::{Map, Value, json};

use super::super::args::{Audit, AuditList};
use super::super::render::{self, fields};
use super::super::{credentials, sheet, time};
use super::Run;
use crate::app::audit::{self, Asked, Filter, Logged, Reported, Standing, Verified};
use crate::app::{Exit, Failure, Kind, Unchanged, unlock};
use crate::entry::Label;

pub(super) fn audit(run: &mut Run<'_, '_>, args: &Audit) -> Result<Exit, Failure> {
    match args {
        Audit::List(args) => list(run, args),
        Audit::Verify { head } => verify(run, head.as_deref()),
    }
}

fn list(run: &mut Run<'_, '_>, args: &AuditList) -> Result<Exit, Failure> {
    if args.csv && run.global.json {
        return Err(Failure::new(Kind::Usage, "--csv and --json cannot be had together")
            .unchanged(Unchanged::NothingTouched)
            .next("give one of them"));
    }
    // Before anybody types a passphrase.
    let kinds = args.kind.iter().map(|word| audit::kind(word)).collect::<Result<Vec<_>, _>>()?;
    let mut session = run.open()?;
    let filter = Filter {
        since: args.since.map(|since| since.moment(run.ctx.clock.now())),
        entries: args.entry.as_deref().map(|query| audit::entry_ids(&session, query)).transpose()?,
        person: args.person.clone(),
        kinds,
    };
    let listed = audit::list(run.ctx, &mut session, &filter)?;
    run.tell_notices(&mut session);
    if args.csv {
        run.io.print(&as_csv(&listed))?;
        return Ok(Exit::Done);
    }
    if listed.is_empty() && !run.global.json {
        run.tell("nothing in the log fits");
        return Ok(Exit::Done);
    }
    let json = fields([("records", Value::Array(listed.iter().map(as_json).collect()))]);
    let rows: Vec<Vec<String>> = listed.iter().map(as_row).collect();
    let text = run.rows(&["NO", "TIME", "WHAT", "ENTRY", "WHO", "OPENED BY", "ABOUT"], &rows);
    run.result("audit", &json, &text)
}

fn as_row(line: &Logged) -> Vec<String> {
    let number = match line.standing {
        Standing::NotSealed => "not sealed".to_owned(),
        Standing::Sealed(number) => number.to_string(),
        Standing::TakenIn(number) => format!("in {number}"),
    };
    vec![
        number,
        time::shown(line.at),
        line.event.clone(),
        line.title.clone(),
        line.who(),
        line.way.clone(),
        line.about(),
    ]
}

fn as_json(line: &Logged) -> Value {
    let raw = |label: &Label| (!label.is_empty()).then(|| label.raw().to_owned());
    let facts: Map<String, Value> =
        line.facts.iter().map(|(name, value)| (name.raw().to_owned(), json!(value.raw()))).collect();
    let (number, taken_in_by) = match line.standing {
        Standing::NotSealed => (None, None),
        Standing::Sealed(number) => (Some(number), None),
        Standing::TakenIn(number) => (None, Some(number)),
    };
    json!({
        "number": number,
        "sealed": line.is_sealed(),
        "taken_in_by": taken_in_by,
        "at": line.at,
        "event": line.event,
        "entry": line.entry.as_ref().map(Label::raw),
        "name": line.entry.as_ref().map(|_| line.title.as_str()),
        "user": raw(&line.user),
        "host": raw(&line.host),
        "way": line.way_id.as_ref().map(Label::raw),
        "reason": line.reason.as_ref().map(Label::raw),
        "generation": line.generation,
        "facts": facts,
    })
}

fn as_csv(listed: &[Logged]) -> String {
    let headings = [
        "number",
        "time",
        "event",
        "entry",
        "name",
        "user",
        "host",
        "opened by",
        "reason",
        "generation",
        "facts",
        "sealed",
    ];
    let mut text = sheet::row(headings);
    for line in listed {
        let optional =
            |label: &Option<Label>| label.as_ref().map(|label| label.raw().to_owned()).unwrap_or_default();
        let facts = line.facts.iter().map(|(name, value)| format!("{}={}", name.raw(), value.raw()));
        let (number, sealed) = match line.standing {
            Standing::NotSealed => (String::new(), "no".to_owned()),
            Standing::Sealed(number) => (number.to_string(), "yes".to_owned()),
            Standing::TakenIn(number) => (String::new(), format!("by record {number}")),
        };
        text.push_str(&sheet::row([
            &number,
            &time::shown(line.at),
            &line.event,
            &optional(&line.entry),
            &line.title,
            line.user.raw(),
            line.host.raw(),
            &line.way,
            &optional(&line.reason),
            &line.generation.map(|generation| generation.to_string()).unwrap_or_default(),
            &facts.collect::<Vec<_>>().join("; "),
            &sealed,
        ]));
    }
    text
}

fn verify(run: &mut Run<'_, '_>, head: Option<&str>) -> Result<Exit, Failure> {
    let head = head.map(|text| {
        audit::head(text).ok_or_else(|| {
            Failure::new(Kind::Usage, "a head of the log is 64 hexadecimal digits, all of them")
                .unchanged(Unchanged::NothingTouched)
                .next("copy it whole from where it was noted; spaces in it do not matter (then quote it)")
        })
    });
    let head = head.transpose()?;
    let (mut session, opened) = credentials::open_vault_unnoted(run.global, run.ctx, run.io)?;
    // Looked at first: that the vault was opened is a record too.
    let verified = audit::verify(run.ctx, &session, head);
    unlock::note(run.ctx, &mut session, opened);
    run.tell_notices(&mut session);
    let verified = verified?;
    run.result("audit", &verified_json(&verified), &verified_text(&verified))?;
    Ok(if verified.is_wrong() { Exit::CheckFailed } else { Exit::Done })
}

fn hex(head: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(head)
}

fn verified_json(verified: &Verified) -> Map<String, Value> {
    let found: Vec<Value> = verified.found.iter().map(found_json).collect();
    fields([
        ("whole", json!(!verified.is_wrong())),
        ("findings", json!(found)),
        ("files", json!(verified.files)),
        ("records", json!(verified.n_records)),
        ("count", json!(verified.count)),
        ("head", json!(hex(&verified.head))),
        ("anchor", json!({ "count": verified.anchor.count, "head": hex(&verified.anchor.head) })),
        ("after_anchor", json!(verified.n_after_anchor())),
        ("generation", json!(verified.generation)),
        (
            "continues",
            json!(verified.continues.map(|continues| json!({
                "vault": continues.vault.to_string(),
                "log_head": hex(&continues.head),
                "restored": continues.restored,
            }))),
        ),
        (
            "asked",
            json!(verified.asked.map(|asked| match asked {
                Asked::After(number) => json!({ "found": true, "after": number }),
                Asked::Continued => json!({ "found": true, "after": null }),
                Asked::Nowhere => json!({ "found": false, "after": null }),
            })),
        ),
        ("not_proven", json!(audit::NOT_PROVEN)),
    ])
}

fn found_json(found: &Reported) -> Value {
    json!({
        "kind": found.kind,
        "wrong": found.is_wrong,
        "first": found.records.map(|(first, _)| first),
        "last": found.records.map(|(_, last)| last),
        "at": found.at,
        "event": found.event,
        "after": found.between.0,
        "before": found.between.1,
        "file": found.file,
        "line": found.line,
        "message": found.words,
    })
}

fn verified_text(verified: &Verified) -> String {
    let span = verified.span.map_or_else(String::new, |(first, last)| {
        format!(", from {} to {}", time::shown(first), time::shown(last))
    });
    let files = match verified.files.as_slice() {
        [] => "no file".to_owned(),
        [file] => file.clone(),
        files => {
            format!("{} files, the last of them {}", files.len(), files.last().cloned().unwrap_or_default())
        }
    };
    let mut lines = vec![
        ("log", files),
        ("records", format!("{}{span}", verified.n_records)),
        ("head", hex(&verified.head)),
        ("", format!("after record {}; note both elsewhere", verified.count)),
        (
            "vault",
            format!(
                "generation {} knows the head after record {}; {} came later",
                verified.generation,
                verified.anchor.count,
                verified.n_after_anchor()
            ),
        ),
    ];
    if let Some(continues) = verified.continues {
        lines.push((
            "continues",
            format!(
                "the vault {}, restored here {}, at its head",
                continues.vault,
                time::shown(continues.restored)
            ),
        ));
        lines.push(("", hex(&continues.head)));
    }
    match verified.asked {
        Some(Asked::After(0)) => lines.push(("asked", "that head is the beginning of this log".to_owned())),
        Some(Asked::After(number)) => {
            lines.push(("asked", format!("that head stands here, after record {number}")));
        }
        Some(Asked::Continued) => {
            lines.push(("asked", "that head is the one of the vault that this one continues".to_owned()));
        }
        Some(Asked::Nowhere) | None => {}
    }
    let mut text = render::table(&lines);
    for found in &verified.found {
        text.push_str(&format!(
            "{:<12} {}\n",
            if found.is_wrong { "WRONG" } else { "note" },
            found.in_words()
        ));
    }
    text.push_str(if verified.is_wrong() {
        "\nThe log is not whole.\n"
    } else {
        "\nNothing was found: the log is whole up to what the vault knows of it.\n"
    });
    text.push_str("What no check of the log can prove:\n");
    for line in audit::NOT_PROVEN {
        text.push_str(&format!("- {line}\n"));
    }
    text.push_str(audit::NOTE_HEADS);
    text.push('\n');
    text
}
