//! Changes of the list's entries, and what the pages read.

use super::jobs::{Outcome, typed_path};
use crate::app::time;
use crate::app::{Context, Failure, Session, edit, files, history, incident, reason, remove};
use crate::entry::EntryId;
use crate::entry::label;
use crate::tui::message::Message;
use crate::tui::model::{FileRow, TrashRow};

/// The session comes back with what the change came to.
pub(super) fn answer(session: Box<Session>, outcome: Result<Message, Failure>) -> Outcome {
    let message = outcome.unwrap_or_else(|failure| Message::Failed(Box::new(failure)));
    Outcome::Used(session, vec![message])
}

fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 entry {one}") } else { format!("{n} entries {many}") }
}

pub(super) fn favourite(ctx: &Context, mut session: Box<Session>, id: EntryId, favourite: bool) -> Outcome {
    let change = edit::Edit { favourite: Some(favourite), ..edit::Edit::default() };
    let done = edit::edit(ctx, &mut session, id, change);
    let words = if favourite { "it is shown first from now on" } else { "it is no longer shown first" };
    answer(session, done.map(|()| Message::Noticed(words.to_owned())))
}

pub(super) fn tag(
    ctx: &Context,
    mut session: Box<Session>,
    ids: &[EntryId],
    added: &[String],
    removed: &[String],
) -> Outcome {
    let done = edit::tag(ctx, &mut session, ids, added, removed);
    answer(session, done.map(|()| Message::Noticed(counted(ids.len(), "is tagged", "are tagged"))))
}

pub(super) fn remove(ctx: &Context, mut session: Box<Session>, ids: Vec<EntryId>) -> Outcome {
    let done = remove::remove(ctx, &mut session, &ids);
    let words =
        counted(ids.len(), "lies in the trash; u takes it back", "lie in the trash; u takes them back");
    answer(session, done.map(|()| Message::Removed { ids, words }))
}

pub(super) fn take_back(ctx: &Context, mut session: Box<Session>, ids: &[EntryId]) -> Outcome {
    let done = remove::take_back(ctx, &mut session, ids);
    answer(session, done.map(|()| Message::Noticed(counted(ids.len(), "is back", "are back"))))
}

pub(super) fn purge(ctx: &Context, mut session: Box<Session>, ids: &[EntryId]) -> Outcome {
    let done = remove::purge(ctx, &mut session, ids, false);
    let words = "it is destroyed in this vault; previous generations and bundles still hold it";
    answer(session, done.map(|_| Message::Noticed(words.to_owned())))
}

pub(super) fn reasons(ctx: &Context, session: &Session) -> Message {
    let Some(rule) = ctx.settings.reasons.rule() else {
        return Message::ReasonsRead { recent: Vec::new(), in_session: false };
    };
    let mut recent = reason::recent(ctx, session, &rule);
    let running = incident::running_reason(ctx, session);
    let running = running.and_then(|(_, reason)| rule.take(&reason).ok().map(str::to_owned));
    if let Some(running) = &running {
        recent.retain(|other| other != running);
        recent.insert(0, running.clone());
        recent.truncate(reason::MOST_RECENT);
    }
    Message::ReasonsRead { recent, in_session: running.is_some() }
}

pub(super) fn trash_rows(_ctx: &Context, session: &Session) -> Message {
    let row = |trashed: &crate::vault::Trashed| TrashRow {
        id: trashed.entry.id,
        title: trashed.entry.title(),
        removed: time::shown(trashed.removed),
    };
    Message::TrashRead(session.vault().trash.iter().rev().map(row).collect())
}

pub(super) fn last_used(ctx: &Context, session: &Session) -> Message {
    Message::UseRead(history::last_used(ctx, session))
}

/// What lies in a folder that was typed; the folder comes back as it is meant.
pub(super) fn listed(ctx: &Context, typed: &str) -> Message {
    let folder = files::tidied(&typed_path(typed));
    let name = folder.to_string_lossy().into_owned();
    let (rows, wrong) = match files::list(ctx, &folder) {
        Ok(listed) => {
            let row =
                |file: files::Listed| FileRow { name: file.name, is_folder: file.is_folder, len: file.len };
            (listed.into_iter().map(row).collect(), None)
        }
        Err(failure) => (Vec::new(), Some(label::shown_message(&failure.causes().join(": ")))),
    };
    Message::FolderListed { folder: name, rows, wrong }
}
