//! What is to be done around the plan.

use crate::entry::Label;
use crate::recovery::plan::Thing;

/// One thing to do.
#[derive(Debug)]
pub enum PlanEffect {
    /// Put a thing into the plan.
    Add(Box<Thing>),
    /// Lose each thing, and so many together at most.
    Check(usize),
    /// Put a thing in the place of the one with this name.
    Edit(Label, Box<Thing>),
    /// Read the plan.
    Read,
    /// Take a thing out of the plan.
    Remove(Label),
    /// Start from the template with this name.
    Start(&'static str),
}
