//! Incidents and passes that are still open.

use crate::app::exception::EntryNames;
use crate::entry::{EntryId, Label, UnixSeconds};
use crate::recovery::incident::{Incident, IncidentKind};
use crate::recovery::item::ItemId;
use crate::recovery::pass::IssuedPass;
use crate::vault::Vault;

/// An incident that nobody has closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIncident {
    /// Its name.
    pub id: ItemId,
    /// What happened.
    pub kind: IncidentKind,
    /// The device or the person that it is about, safe to show; empty where there is none.
    pub subject: String,
    /// When it was opened.
    pub opened: UnixSeconds,
    /// Of a break-glass session: when it ends by itself.
    pub until: Option<UnixSeconds>,
    /// How many things are to be done in all.
    pub n_tasks: usize,
    /// How many of them are left.
    pub n_left: usize,
}

impl OpenIncident {
    fn of(incident: &Incident) -> Self {
        Self {
            id: incident.id,
            kind: incident.kind,
            subject: incident.subject.as_ref().map(Label::shown).unwrap_or_default(),
            opened: incident.opened,
            until: incident.until,
            n_tasks: incident.tasks.len(),
            n_left: incident.n_left(),
        }
    }

    /// It is a break-glass session.
    pub fn is_session(&self) -> bool {
        self.kind == IncidentKind::BreakGlass && self.until.is_some()
    }

    /// It is a break-glass session that has not ended.
    pub fn is_running(&self, now: UnixSeconds) -> bool {
        self.is_session() && self.until.is_some_and(|until| now < until)
    }
}

/// The incidents that nobody has closed: break-glass sessions first, then the oldest.
pub(super) fn incidents(vault: &Vault) -> Vec<OpenIncident> {
    let open = vault.items.incidents.iter().filter(|incident| incident.is_open());
    let mut incidents: Vec<OpenIncident> = open.map(OpenIncident::of).collect();
    incidents.sort_by_key(|incident| (!incident.is_session(), incident.opened));
    incidents
}

/// A pass that nobody has closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPass {
    /// Its name.
    pub id: ItemId,
    /// The entry whose codes it has.
    pub entry: EntryId,
    /// That entry's name, safe to show.
    pub name: String,
    /// Whom it was given to, safe to show.
    pub to: String,
    /// Its first moment.
    pub from: UnixSeconds,
    /// The moment after its last.
    pub until: UnixSeconds,
    /// It has not ended.
    pub is_live: bool,
}

/// The passes that nobody has closed: those that have ended first, then by their end.
pub(super) fn passes(vault: &Vault, now: UnixSeconds) -> Vec<OpenPass> {
    let names = EntryNames::of(vault);
    let open = vault.items.passes.iter().filter(|pass| pass.closed.is_none());
    let of_pass = |pass: &IssuedPass| OpenPass {
        id: pass.id,
        entry: pass.entry,
        name: names.name(pass.entry),
        to: pass.to.shown(),
        from: pass.from,
        until: pass.until,
        is_live: pass.is_live(now),
    };
    let mut passes: Vec<OpenPass> = open.map(of_pass).collect();
    passes.sort_by_key(|pass| (pass.is_live, pass.until));
    passes
}
