//! What happens around the plan.

use crate::entry::Label;
use crate::tui::model::{PlanFindings, PlanKnown};

/// One thing that happened.
#[derive(Debug)]
pub enum PlanMessage {
    // What the person means.
    /// Write a new thing down.
    Add,
    /// Change the selected thing.
    Change,
    /// Lose each thing, and so many together at most.
    Check(usize),
    /// Take all marks away.
    ClearMarks,
    /// Mark the selected thing as lost in the vault, or no longer.
    Lost,
    /// The next account that cannot be reached.
    NextCutOff,
    /// Take the selected thing out of the plan.
    Remove,
    /// Choose losses that have a name.
    Scenarios,
    /// Start from a template.
    Templates,
    /// All that is known of the selected finding.
    Whole,

    // What the world says.
    /// The plan was changed: what to tell, and the thing that is selected then.
    Changed(String, Option<Label>),
    /// What a check has found.
    Checked(Box<PlanFindings>),
    /// The plan, or why it cannot be read.
    Read(Box<PlanKnown>),
}

impl PlanMessage {
    /// Whether the person did it.
    pub fn is_by_person(&self) -> bool {
        match self {
            Self::Add
            | Self::Change
            | Self::Check(_)
            | Self::ClearMarks
            | Self::Lost
            | Self::NextCutOff
            | Self::Remove
            | Self::Scenarios
            | Self::Templates
            | Self::Whole => true,
            Self::Changed(..) | Self::Checked(_) | Self::Read(_) => false,
        }
    }
}
