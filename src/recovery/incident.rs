//! Incidents: something lost, stolen, replaced or opened, with its list of things to do until none is left.
//!
//! `subject.rs` says what lies on a device or with a person, `exposure.rs` which seeds were seen there and since when at
//! least, `todo.rs` makes the list of it, `meanwhile.rs` the way in until that is done, `session.rs` what was revealed
//! while glass was broken. `tick.rs` ticks things off.

pub mod exposure;
pub mod meanwhile;
pub mod session;
pub mod subject;
pub mod tick;
pub mod todo;

pub use subject::Subject;
pub use tick::Happened;

use super::item::ItemId;
use crate::entry::{EntryId, Label, UnixSeconds};

/// Most things to do of one incident.
pub const MOST_TASKS: usize = 100_000;
/// How long a break-glass session lasts, in seconds: an hour.
pub const BREAK_GLASS_SECONDS: u64 = 3_600;

/// Something lost or opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its name.
    pub id: ItemId,
    /// What happened.
    pub kind: IncidentKind,
    /// The device or the person that it is about, where there is one.
    pub subject: Option<Label>,
    /// Why, or what is known; may be empty.
    pub reason: String,
    /// When it was opened.
    pub opened: UnixSeconds,
    /// Of a break-glass session: when it ends by itself.
    pub until: Option<UnixSeconds>,
    /// When nothing was left to do, or the break-glass session was ended with nothing to do.
    pub closed: Option<UnixSeconds>,
    /// What the list was made from and what it cannot know, in words, safe to show.
    pub basis: Vec<String>,
    /// The things to do, the most urgent first. A task's number is its place, counted from 1.
    pub tasks: Vec<Task>,
}

impl Incident {
    /// How many things are still to be done.
    pub fn n_left(&self) -> usize {
        self.tasks.iter().filter(|task| task.done.is_none()).count()
    }

    /// Nobody has closed it.
    pub const fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// A break-glass session whose list of things to do was not made yet.
    pub fn awaits_list(&self) -> bool {
        self.is_open() && self.kind == IncidentKind::BreakGlass && self.tasks.is_empty()
    }

    /// A break-glass session that has not ended.
    pub fn is_running(&self, now: UnixSeconds) -> bool {
        self.awaits_list() && self.until.is_some_and(|until| now < until)
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IncidentKind {
    /// Something privileged was opened in an emergency.
    BreakGlass,
    /// Seeds may be known to somebody else.
    Compromised,
    /// A device was handed over to somebody else.
    HandedOver,
    /// A person leaves.
    Leaver,
    /// A device is lost or broken.
    LostDevice,
    /// A device was replaced, with the old one at hand.
    ReplacedDevice,
    /// A device was stolen.
    Stolen,
}

impl IncidentKind {
    /// Every kind, by its name.
    pub const ALL: [Self; 7] = [
        Self::BreakGlass,
        Self::Compromised,
        Self::HandedOver,
        Self::Leaver,
        Self::LostDevice,
        Self::ReplacedDevice,
        Self::Stolen,
    ];

    /// The word on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BreakGlass => "break-glass",
            Self::Compromised => "compromised",
            Self::HandedOver => "handed-over",
            Self::Leaver => "leaver",
            Self::LostDevice => "lost-device",
            Self::ReplacedDevice => "replaced-device",
            Self::Stolen => "stolen",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What.
    pub step: TaskStep,
    /// The entry that it is about, where it is one of the vault's.
    pub entry: Option<EntryId>,
    /// What it is about in words, as it was named when the incident was opened.
    pub about: Label,
    /// It opens something privileged.
    pub privileged: bool,
    /// What else is known, such as how, and since when at least, a seed was on a device; may be empty.
    pub note: String,
    /// When and how it was done.
    pub done: Option<Done>,
}

/// The steps of an incident, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskStep {
    /// See that the person is who they say.
    VerifyIdentity,
    /// Change a passphrase or a password that may be known.
    ChangePassphrase,
    /// A way in until the rest is done.
    WayInMeanwhile,
    /// Register the new method at the service.
    ReRegister,
    /// Replace the seed.
    RotateSeed,
    /// Remove the old method at the service.
    RemoveOldMethod,
    /// See that the service accepts a code.
    Prove,
    /// See what was done with something that was opened, and write down what is decided.
    Review,
    /// Make a new share set.
    ReplaceShares,
    /// Make a new bundle, which is the last: it holds what came before.
    Rebundle,
}

impl TaskStep {
    /// Every step, in their order.
    pub const ALL: [Self; 10] = [
        Self::VerifyIdentity,
        Self::ChangePassphrase,
        Self::WayInMeanwhile,
        Self::ReRegister,
        Self::RotateSeed,
        Self::RemoveOldMethod,
        Self::Prove,
        Self::Review,
        Self::ReplaceShares,
        Self::Rebundle,
    ];

    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyIdentity => "verify-identity",
            Self::ChangePassphrase => "change-passphrase",
            Self::WayInMeanwhile => "way-in-meanwhile",
            Self::ReRegister => "re-register",
            Self::RotateSeed => "rotate-seed",
            Self::RemoveOldMethod => "remove-old-method",
            Self::Prove => "prove",
            Self::Review => "review",
            Self::ReplaceShares => "replace-shares",
            Self::Rebundle => "re-bundle",
        }
    }

    /// What is to be done, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::VerifyIdentity => "verify the identity of whoever reports it",
            Self::ChangePassphrase => "change the passphrase",
            Self::WayInMeanwhile => "way in meanwhile; the second factor is never switched off",
            Self::ReRegister => "register the new method",
            Self::RotateSeed => "rotate the seed",
            Self::RemoveOldMethod => "remove the old method",
            Self::Prove => "prove",
            Self::Review => "review, decide, write down",
            Self::ReplaceShares => "replace the share set",
            Self::Rebundle => "make a new bundle",
        }
    }

    /// Reads that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// How something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: UnixSeconds,
    /// The program did it, and saw it: a seed was rotated, a code proven, a bundle made.
    pub by_itself: bool,
    /// What the person said of it; may be empty.
    pub note: String,
}
