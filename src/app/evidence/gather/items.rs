//! What was lost, opened or weakened for a time: exceptions with an end, incidents, and passes that were issued.
//!
//! They are told as they stood at the moment that the report is made for, as far as their own dates tell it: what began
//! later is not there, and what ended later had not ended.

use super::super::redact::{Names, Sort};
use super::{Material, count, hex, moment};
use crate::entry::UnixSeconds;
use crate::recovery::exception::Exception;
use crate::recovery::incident::{Incident as Kept, IncidentKind, Task as ToDo};
use crate::recovery::pass::IssuedPass;
use crate::wire::evidence_v1::{ExceptionWithEnd, Incident, Pass, Task};

/// The exceptions that were open in the period, oldest first.
pub(super) fn exceptions(material: &Material<'_>) -> Vec<ExceptionWithEnd> {
    let all = &material.session.vault.items.exceptions;
    let mut told: Vec<&Exception> =
        all.iter().filter(|one| was_open(material, one.added, one.ended)).collect();
    told.sort_by_key(|one| (one.added, one.id.bytes()));
    told.into_iter().map(|one| exception(material, one)).collect()
}

fn exception(material: &Material<'_>, exception: &Exception) -> ExceptionWithEnd {
    let names = &material.names;
    let ended = by_then(material, exception.ended);
    let state = match ended {
        Some(_) => "ended",
        None if material.at >= exception.until => "past",
        None => "holds",
    };
    ExceptionWithEnd {
        id: exception.id.to_string(),
        kind: exception.kind.name().to_owned(),
        entry: names.entry(exception.entry),
        owner: names.of(Sort::Person, exception.owner.raw()),
        reason: said(names, &exception.reason),
        added: moment(exception.added),
        until: moment(exception.until),
        ended: ended.map(moment),
        state: state.to_owned(),
    }
}

/// The incidents that were open in the period, oldest first.
pub(super) fn incidents(material: &Material<'_>) -> Vec<Incident> {
    let all = &material.session.vault.items.incidents;
    let mut told: Vec<&Kept> = all.iter().filter(|one| was_open(material, one.opened, one.closed)).collect();
    told.sort_by_key(|one| (one.opened, one.id.bytes()));
    told.into_iter().map(|one| incident(material, one)).collect()
}

fn incident(material: &Material<'_>, incident: &Kept) -> Incident {
    let names = &material.names;
    let tasks: Vec<Task> = incident.tasks.iter().map(|to_do| task(material, to_do)).collect();
    // A device is named as an entry's provenance names it, and a person as the operating system does.
    let sort = if incident.kind == IncidentKind::Leaver { Sort::Person } else { Sort::Text };
    Incident {
        id: incident.id.to_string(),
        kind: incident.kind.name().to_owned(),
        subject: incident.subject.as_ref().map(|subject| names.of(sort, subject.raw())),
        reason: said(names, &incident.reason),
        opened: moment(incident.opened),
        until: incident.until.map(moment),
        closed: by_then(material, incident.closed).map(moment),
        left: count(tasks.iter().filter(|task| task.done.is_none()).count()),
        tasks,
    }
}

fn task(material: &Material<'_>, task: &ToDo) -> Task {
    let names = &material.names;
    let done = task.done.as_ref().filter(|done| done.at <= material.at);
    let entry = task.entry.map(|id| names.entry(id));
    let is_named = entry.as_ref().is_some_and(|entry| entry.name.is_some());
    Task {
        step: task.step.name().to_owned(),
        entry,
        about: if is_named { None } else { said(names, task.about.raw()) },
        privileged: task.privileged,
        note: said(names, &task.note),
        done: done.map(|done| moment(done.at)),
        by_itself: done.map(|done| done.by_itself),
        done_note: done.and_then(|done| said(names, &done.note)),
    }
}

/// The passes that were open in the period, oldest first.
pub(super) fn passes(material: &Material<'_>) -> Vec<Pass> {
    let all = &material.session.vault.items.passes;
    let mut told: Vec<&IssuedPass> =
        all.iter().filter(|one| was_open(material, one.issued, one.closed)).collect();
    told.sort_by_key(|one| (one.issued, one.id.bytes()));
    told.into_iter().map(|one| pass(material, one)).collect()
}

fn pass(material: &Material<'_>, pass: &IssuedPass) -> Pass {
    let names = &material.names;
    let closed = by_then(material, pass.closed);
    let state = match closed {
        Some(_) => "closed",
        None if material.at >= pass.until => "past",
        None => "live",
    };
    let answer = |answer: &Option<String>| answer.as_ref().and_then(|answer| said(names, answer));
    Pass {
        id: pass.id.to_string(),
        entry: names.entry(pass.entry),
        to: names.of(Sort::Person, pass.to.raw()),
        reason: said(names, &pass.reason),
        identified: answer(&pass.identified),
        channel: answer(&pass.channel),
        issued: moment(pass.issued),
        from: moment(pass.from),
        until: moment(pass.until),
        privileged: pass.privileged,
        sha256: hex(&pass.sha256),
        closed: closed.map(moment),
        state: state.to_owned(),
    }
}

/// Tells whether something was open at any moment of the period.
fn was_open(material: &Material<'_>, began: UnixSeconds, ended: Option<UnixSeconds>) -> bool {
    began <= material.at && ended.is_none_or(|ended| ended >= material.from)
}

/// An end that had come by the moment that the report is made for.
fn by_then(material: &Material<'_>, ended: Option<UnixSeconds>) -> Option<UnixSeconds> {
    ended.filter(|ended| *ended <= material.at)
}

/// A text that a person wrote; `None` for an empty one.
fn said(names: &Names<'_>, text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| names.of(Sort::Text, text))
}
