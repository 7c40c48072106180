//! Proofs of seeds and clock: a few words for the telephone, or a file for another machine.

use std::path::Path;

use serde_json::{Value, json};

use super::super::args::{Proof, ProofCommand};
use super::super::render::{self, fields};
use super::super::time;
use super::Run;
use crate::app::failure::shown_path;
use crate::app::keyring::in_words;
use crate::app::proof::{self, ClockVerdict, Compared, Spoken, Verdict, Words};
use crate::app::status::count;
use crate::app::{Exit, Failure};

pub(super) fn proof(run: &mut Run<'_, '_>, args: &Proof) -> Result<Exit, Failure> {
    match (&args.command, &args.output) {
        (Some(ProofCommand::Compare { file }), _) => compare(run, file),
        (None, Some(output)) => write(run, output),
        (None, None) => speak(run),
    }
}

fn speak(run: &mut Run<'_, '_>) -> Result<Exit, Failure> {
    let session = run.open()?;
    let spoken = proof::speak(run.ctx, &session)?;
    let json = fields([
        ("at", json!(spoken.at)),
        ("now", words_json(&spoken.now)),
        ("before", words_json(&spoken.before)),
        ("counted", counted_json(&spoken)),
    ]);
    let left = spoken.now.until + 1 - spoken.at;
    let clock = format!("{}; other words in {}", time::shown(spoken.at), in_words(left));
    let mut lines = vec![("clock", clock)];
    lines.extend(words_lines(&spoken));
    run.result("proof", &json, &render::table(&lines))?;
    run.tell("next: read them to the other machine's keeper, who runs `lifeboat proof` too, in the same half minute");
    run.tell("      the same words: the same seeds and the same clock; others: `lifeboat proof -o FILE` here, then");
    run.tell("      `lifeboat proof compare FILE` there names what differs");
    Ok(Exit::Done)
}

fn write(run: &mut Run<'_, '_>, output: &Path) -> Result<Exit, Failure> {
    proof::refuse_existing(run.ctx, output)?;
    let session = run.open()?;
    let written = proof::write(run.ctx, &session, output)?;
    let spoken = proof::speak(run.ctx, &session)?;
    let fingerprint = written.key.fingerprint();
    let json = fields([
        ("at", json!(written.at)),
        ("file", json!(output.display().to_string())),
        ("key_fingerprint", json!(fingerprint)),
        ("now", words_json(&spoken.now)),
        ("before", words_json(&spoken.before)),
        ("counted", counted_json(&spoken)),
    ]);
    let mut lines = vec![("file", shown_path(output)), ("clock", time::shown(written.at))];
    lines.extend(counted_lines(&spoken));
    lines.push(("signed by", fingerprint));
    run.result("proof", &json, &render::table(&lines))?;
    for (name, words) in words_lines(&spoken).iter().take(2) {
        run.tell(&format!("{name:<12} {words}"));
    }
    run.tell(
        "it holds no seed, no code and no name; next, on the other machine: lifeboat proof compare FILE",
    );
    Ok(Exit::Done)
}

fn words_json(words: &Words) -> Value {
    json!({ "from": words.from, "until": words.until, "words": words.words })
}

fn counted_json(spoken: &Spoken) -> Value {
    let counted = spoken.counted;
    json!({ "entries": counted.proven, "sealed": counted.sealed, "short": counted.short })
}

/// The words of now and of before, and what they are made over.
fn words_lines(spoken: &Spoken) -> Vec<(&'static str, String)> {
    // Time alone: the date stands beside the clock.
    let at = |seconds| time::shown(seconds).chars().skip(11).take(8).collect::<String>();
    let line = |words: &Words| format!("{} to {}  {}", at(words.from), at(words.until), words.words);
    let mut lines = vec![("now", line(&spoken.now)), ("before", line(&spoken.before))];
    lines.extend(counted_lines(spoken));
    lines
}

fn counted_lines(spoken: &Spoken) -> Vec<(&'static str, String)> {
    let counted = spoken.counted;
    let entries = count(counted.proven, "entry", "entries");
    let words = format!("{entries} with a seed of 80 bits or more that is not sealed");
    let mut lines = vec![("counted", words)];
    let left_out = counted.left_out();
    if !left_out.is_empty() {
        lines.push(("left out", left_out));
    }
    lines
}

fn compare(run: &mut Run<'_, '_>, file: &Path) -> Result<Exit, Failure> {
    let brought = proof::look(run.ctx, file)?;
    let session = run.open()?;
    let compared = proof::compare(run.ctx, &session, &brought)?;
    let entries: Vec<Value> = compared
        .entries
        .iter()
        .map(|entry| {
            json!({
                "id": entry.id.to_string(),
                "name": entry.title,
                "verdict": entry.verdict.name(),
                "because": (!entry.because.is_empty()).then_some(&entry.because),
            })
        })
        .collect();
    let (age, ahead) = match compared.clock {
        ClockVerdict::Ago(seconds) => (Some(seconds), None),
        ClockVerdict::FromTheFuture(seconds) => (None, Some(seconds)),
    };
    let json = fields([
        ("made", json!(compared.made)),
        ("age_seconds", json!(age)),
        ("ahead_seconds", json!(ahead)),
        ("key_fingerprint", json!(compared.origin.fingerprint)),
        ("own_key", json!(compared.is_own_key)),
        ("vault", json!(compared.origin.vault.to_string())),
        ("same_vault", json!(compared.is_same_vault)),
        ("generation", json!(compared.origin.generation)),
        ("same", json!(compared.n_same())),
        ("entries", json!(entries)),
        ("differs", json!(compared.has_findings())),
    ]);
    let text = told(run, &compared);
    run.result("proof-compare", &json, &text)?;
    if !compared.has_findings() {
        run.tell("nothing differs: what was compared makes the same codes here and there");
        return Ok(Exit::Done);
    }
    if compared.n_same() == 0 {
        run.tell("not one entry was seen to be the same");
    }
    Ok(Exit::CheckFailed)
}

fn told(run: &Run<'_, '_>, compared: &Compared) -> String {
    let whose = if compared.is_own_key { "this vault's own key" } else { "another key" };
    let vault = if compared.is_same_vault { " (this one)" } else { "" };
    let clock = match compared.clock {
        ClockVerdict::Ago(seconds) => format!(
            "made {} ago by this clock; if less time has passed, this clock is ahead",
            in_words(seconds)
        ),
        ClockVerdict::FromTheFuture(seconds) => format!(
            "OFF: made {} from now; this clock is behind by at least {seconds} s, or the other is ahead",
            in_words(seconds)
        ),
    };
    let mut text = render::table(&[
        ("made", time::shown(compared.made)),
        ("clock", clock),
        ("vault", format!("{}, generation {}{vault}", compared.origin.vault, compared.origin.generation)),
        ("signed by", format!("{}, {whose}", compared.origin.fingerprint)),
        ("same", count(compared.n_same(), "entry", "entries")),
    ]);
    let rows: Vec<Vec<String>> = compared
        .entries
        .iter()
        .filter(|entry| entry.verdict != Verdict::Same)
        .map(|entry| {
            let name = entry.title.clone().unwrap_or_else(|| entry.id.to_string());
            let verdict = entry.verdict.name();
            let verdict =
                if entry.verdict.is_finding() { verdict.to_uppercase() } else { verdict.to_owned() };
            vec![verdict, name, entry.because.clone()]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&run.rows(&["HOW IT IS", "ENTRY", "BECAUSE"], &rows));
    }
    text
}
