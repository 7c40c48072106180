//! What a report says of the days on which something was lost, opened or weakened, and of the plan for them.
//!
//! Reports that were made before these parts existed have none of them, which is something else than an empty list.

use serde::{Deserialize, Serialize};

use super::Named;

/// Something that is weaker than it should be, with an owner and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionWithEnd {
    /// Its id, 8 hexadecimal digits.
    pub id: String,
    /// What it weakens: `clone`, `no-second-factor`, `not-drilled` or `skipped-proof`.
    pub kind: String,
    /// The entry that it is about.
    pub entry: Named,
    /// Who answers for it.
    pub owner: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// When it was added.
    pub added: String,
    /// Its end.
    pub until: String,
    /// When somebody ended it.
    pub ended: Option<String>,
    /// `holds`; `past`: its end has come and nobody has ended it; `ended`.
    pub state: String,
}

/// Something that was lost, stolen, replaced or opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id, 8 hexadecimal digits.
    pub id: String,
    /// What happened, in the word of `incident open`.
    pub kind: String,
    /// The device or the person that it is about.
    pub subject: Option<String>,
    /// Why, or what is known, where somebody said so.
    pub reason: Option<String>,
    /// When it was opened.
    pub opened: String,
    /// Of a break-glass session: when it ends by itself.
    pub until: Option<String>,
    /// When it was closed; null while it is open.
    pub closed: Option<String>,
    /// How many things are still to be done.
    pub left: u64,
    /// The things to do, the most urgent first.
    pub tasks: Vec<Task>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What: `verify-identity`, `rotate-seed` and so on.
    pub step: String,
    /// The entry that it is about, where it is one of the vault's.
    pub entry: Option<Named>,
    /// What it is about, as it was named when the incident was opened; null where the entry has its name.
    pub about: Option<String>,
    /// It opens something privileged.
    pub privileged: bool,
    /// What else was known when the incident was opened.
    pub note: Option<String>,
    /// When it was done; null while it is not.
    pub done: Option<String>,
    /// The program saw that it was done; otherwise a person said so. Null while it is not.
    pub by_itself: Option<bool>,
    /// What the person said of it.
    pub done_note: Option<String>,
}

/// A pass that was issued: the codes of one entry for a limited time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// Its id, 8 hexadecimal digits.
    pub id: String,
    /// The entry whose codes it has.
    pub entry: Named,
    /// Whom it was given to.
    pub to: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// How that person was identified; null where nobody said.
    pub identified: Option<String>,
    /// The channel by which its words went; null where nobody said.
    pub channel: Option<String>,
    /// When it was issued.
    pub issued: String,
    /// The first moment of its window.
    pub from: String,
    /// The moment after the last.
    pub until: String,
    /// The entry opened something privileged when it was issued.
    pub privileged: bool,
    /// SHA-256 of its file, 64 hexadecimal digits.
    pub sha256: String,
    /// When somebody said that new methods were registered and old ones removed; null while it is open.
    pub closed: Option<String>,
    /// `live`: open, and its window is not over; `past`: open, and it is over; `closed`.
    pub state: String,
}

/// The recovery plan, without what it says: accounts and counts, and no chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// `checked`; `none`: nobody wrote one down; `unread`: a newer version wrote it; `not-checkable`: together with what
    /// the vault knows now it means nothing.
    pub state: String,
    /// When it was last changed, as the log tells it.
    pub last_changed: Option<String>,
    /// How many things somebody wrote down.
    pub things: u64,
    /// What the check found; null where it was not checked.
    pub check: Option<PlanCheck>,
}

/// What the check of a plan found: now, and after each single loss.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCheck {
    /// How many accounts it looked at, with those that the vault knows by itself.
    pub accounts: u64,
    /// How many cannot be reached even now.
    pub unreachable: u64,
    /// How many things take an account away when they alone are lost.
    pub single_points: u64,
    /// How many accounts one such loss takes away.
    pub accounts_at_one_loss: u64,
    /// Those of them that are privileged.
    pub privileged_at_one_loss: u64,
    /// How many named losses there are, such as a place or a person.
    pub scenarios: u64,
    /// Those of them that take an account away.
    pub scenarios_with_loss: u64,
    /// The accounts that cannot be reached now, or that one loss takes away: privileged ones first.
    pub weak_accounts: Vec<WeakAccount>,
    /// What is unwise without any loss.
    pub flags: Vec<PlanFlag>,
}

/// An account that cannot be reached now, or that one loss takes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeakAccount {
    /// Its name in the plan, or its pseudonym.
    pub name: String,
    /// It is privileged.
    pub privileged: bool,
    /// It can be reached now.
    pub reachable: bool,
    /// How many things take it away when they alone are lost.
    pub single_points: u64,
}

/// Something unwise, by its sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFlag {
    /// The sort.
    pub kind: String,
    /// How often.
    pub count: u64,
    /// The accounts that it is about, where it is about accounts.
    pub accounts: Vec<String>,
}
