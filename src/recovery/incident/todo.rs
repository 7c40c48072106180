//! The list of things to do of what was on a device or seen by a person, the most urgent first.
//!
//! Privileged accounts go first, and among them what got out for certain. Which steps an account needs depends on what
//! happened: of a device that is at hand only those seeds are rotated that lie on it.

use std::cmp::Reverse;

use super::exposure::{Certainty, Exposed, Exposure};
use super::meanwhile::{Meanwhile, WayIn};
use super::tick::THIS_VAULT;
use super::{IncidentKind, MOST_TASKS, Subject, Task, TaskStep};
use crate::entry::Label;

/// Room for what stands before and behind the accounts.
const ROOM_FOR_OTHERS: usize = 1_000;
/// Most steps of one account.
const MOST_STEPS: usize = 5;

/// A list of things to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The things to do.
    pub tasks: Vec<Task>,
    /// How many accounts they are about.
    pub n_accounts: usize,
}

/// Makes the list.
pub fn list(kind: IncidentKind, subject: &Subject, exposure: &Exposure, ways: &Meanwhile<'_>) -> List {
    let mut making = Making { kind, tasks: Vec::new() };
    if matches!(kind, IncidentKind::LostDevice | IncidentKind::ReplacedDevice | IncidentKind::Stolen) {
        let about = subject.name().cloned().unwrap_or_default();
        making.other(TaskStep::VerifyIdentity, about, "by a channel that does not need the device");
    }
    making.openers(exposure);
    let mut accounts: Vec<&Exposed> = exposure.accounts.iter().collect();
    accounts.sort_by_cached_key(|account| {
        (Reverse(account.privileged), Reverse(account.certainty), account.about.shown().to_lowercase())
    });
    let room = (MOST_TASKS - ROOM_FOR_OTHERS) / MOST_STEPS;
    let mut n_accounts = 0;
    for account in accounts.iter().take(room) {
        let before = making.tasks.len();
        making.account(account, ways);
        n_accounts += usize::from(making.tasks.len() > before);
    }
    if let Some(more) = accounts.len().checked_sub(room).filter(|more| *more > 0) {
        let note = "they are more than a list holds: open another incident when these are done";
        making.other(TaskStep::RotateSeed, Label::new(format!("{more} more entries")), note);
    }
    making.closing(exposure);
    if making.tasks.is_empty() || (n_accounts == 0 && making.tasks.len() == 1 && making.is_only_identity()) {
        let about = subject.name().cloned().unwrap_or_default();
        let note = "nothing in the vault, its plan and its log names it: is the name right? \
                    Look through the accounts by hand";
        making.other(TaskStep::RemoveOldMethod, about, note);
    }
    List { tasks: making.tasks, n_accounts }
}

struct Making {
    kind: IncidentKind,
    tasks: Vec<Task>,
}

impl Making {
    fn other(&mut self, step: TaskStep, about: Label, note: &str) {
        let note = note.to_owned();
        self.tasks.push(Task { step, entry: None, about, privileged: false, note, done: None });
    }

    fn is_only_identity(&self) -> bool {
        self.tasks.iter().all(|task| task.step == TaskStep::VerifyIdentity)
    }

    /// The device is in nobody else's hands and nobody has left.
    fn is_at_hand(&self) -> bool {
        matches!(self.kind, IncidentKind::HandedOver | IncidentKind::ReplacedDevice)
    }

    /// What opens the vault, and passwords that lie there.
    fn openers(&mut self, exposure: &Exposure) {
        if self.is_at_hand() {
            if exposure.vault {
                let note = "delete the vault from it, with vault.lifeboat.previous.* and the log, or wipe it";
                self.other(TaskStep::RemoveOldMethod, Label::new(THIS_VAULT), note);
            }
            return;
        }
        if exposure.vault {
            let note = "with `lifeboat passwd --purge-previous`: a copy that was taken of the vault file still opens \
                        with the passphrase of its day, so that the seeds are rotated too";
            self.other(TaskStep::ChangePassphrase, Label::new(THIS_VAULT), note);
        }
        for password in &exposure.passwords {
            self.other(
                TaskStep::ChangePassphrase,
                Label::new(password.as_str()),
                "it lies there, by the plan",
            );
        }
    }

    fn account(&mut self, account: &Exposed, ways: &Meanwhile<'_>) {
        let is_entry = account.entry.is_some();
        let way = account.in_plan.as_ref().map_or(WayIn::NotKnown, |name| ways.way_into(name.raw()));
        let stands = !matches!(way, WayIn::Gone);
        let mut steps = Vec::with_capacity(MOST_STEPS);
        let method = account.has_method;
        match self.kind {
            IncidentKind::Compromised | IncidentKind::LostDevice | IncidentKind::Stolen => {
                steps.extend((method || !stands).then_some(TaskStep::WayInMeanwhile));
                steps.extend(method.then_some(TaskStep::ReRegister));
                steps.extend(is_entry.then_some(TaskStep::RotateSeed));
                steps.extend(method.then_some(TaskStep::RemoveOldMethod));
                steps.push(TaskStep::Prove);
            }
            IncidentKind::ReplacedDevice => {
                let rotates = is_entry && account.is_copied;
                steps.extend(method.then_some(TaskStep::WayInMeanwhile));
                steps.extend(method.then_some(TaskStep::ReRegister));
                steps.extend(rotates.then_some(TaskStep::RotateSeed));
                steps.extend(method.then_some(TaskStep::RemoveOldMethod));
                steps.extend((method || rotates).then_some(TaskStep::Prove));
            }
            IncidentKind::HandedOver => {
                let rotates = is_entry && account.is_copied;
                steps.extend(rotates.then_some(TaskStep::RotateSeed));
                steps.extend(method.then_some(TaskStep::RemoveOldMethod));
                steps.extend(rotates.then_some(TaskStep::Prove));
            }
            IncidentKind::Leaver => {
                let used = method || account.certainty >= Certainty::CodeShown;
                steps.extend((!stands).then_some(TaskStep::WayInMeanwhile));
                steps.extend((!stands && !is_entry).then_some(TaskStep::ReRegister));
                steps.extend(is_entry.then_some(TaskStep::RotateSeed));
                steps.extend(used.then_some(TaskStep::RemoveOldMethod));
                steps.extend((is_entry || !stands).then_some(TaskStep::Prove));
            }
            // Its list is made of what was revealed: see `session.rs`.
            IncidentKind::BreakGlass => {}
        }
        let what = account.words.join("; ");
        let bearer = [TaskStep::RotateSeed, TaskStep::RemoveOldMethod, TaskStep::ReRegister, TaskStep::Prove]
            .into_iter()
            .find(|step| steps.contains(step));
        for step in steps {
            let note = if step == TaskStep::WayInMeanwhile {
                meanwhile(&way, is_entry)
            } else if Some(step) == bearer {
                what.clone()
            } else {
                String::new()
            };
            self.tasks.push(Task {
                step,
                entry: account.entry,
                about: account.about.clone(),
                privileged: account.privileged,
                note,
                done: None,
            });
        }
    }

    /// What is done once, behind the accounts.
    fn closing(&mut self, exposure: &Exposure) {
        if self.kind != IncidentKind::ReplacedDevice {
            for set in &exposure.share_sets {
                let note = format!("`lifeboat share replace '{set}'`, then have the old cards destroyed");
                self.other(TaskStep::ReplaceShares, Label::new(set.as_str()), &note);
            }
        }
        let is_new = |task: &Task| matches!(task.step, TaskStep::ReplaceShares | TaskStep::RotateSeed);
        if self.tasks.iter().any(is_new) {
            let note = "of all entries, when every seed is rotated; destroy the older bundles";
            self.other(TaskStep::Rebundle, Label::default(), note);
        }
    }
}

fn meanwhile(way: &WayIn, is_entry: bool) -> String {
    let issued = "temporary access that the helpdesk issues, for 1 to 8 hours and by a safe channel";
    match way {
        WayIn::Stands(how) if how.is_empty() => "another way in stands, by the plan".to_owned(),
        WayIn::Stands(how) => format!("by the plan stands: {how}"),
        WayIn::Gone if is_entry => {
            format!(
                "no other way in stands, by the plan: this vault's codes where it is open, a pass, or {issued}"
            )
        }
        WayIn::Gone => format!("no other way in stands, by the plan: {issued}"),
        WayIn::NotKnown if is_entry => format!("this vault's codes, a pass, or {issued}"),
        WayIn::NotKnown => format!("another factor of the account, or {issued}"),
    }
}
