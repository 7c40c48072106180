//! The arguments of `plan`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use crate::recovery::plan::{ThingKind, Way};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PlanCommand {
    /// Show the things of the plan and their ways in
    Show,
    /// Start from a plan for a common set-up
    New {
        /// Which one; without it, list them
        #[arg(long, value_name = "NAME")]
        template: Option<String>,
        /// Replace the plan that is there
        #[arg(long)]
        force: bool,
    },
    /// Put a thing into the plan
    Add(PlanAdd),
    /// Take a thing out of the plan
    Remove {
        /// Its name
        name: String,
    },
    /// Change the plan in your own editor, in memory alone
    Edit,
    /// Write the plan as TOML
    Export {
        /// The file to write, or - for standard output
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Replace the file when it exists
        #[arg(long)]
        force: bool,
    },
    /// Put a plan from TOML in the place of the one that is there
    Import {
        /// The file, or - for standard input
        file: PathBuf,
    },
    /// Lose each thing, and each pair of things, and name each account that could no longer be reached
    Check {
        /// How many things are lost together at most
        #[arg(long, value_name = "1-3", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=3))]
        depth: u8,
        /// Lose this instead, for one case; may be given more than once
        #[arg(long, value_name = "NAME")]
        lose: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PlanAdd {
    /// Its name
    pub(in crate::cli) name: String,
    /// What it is: account, device, place, person, password, hardware-key, and others
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Kind,
    /// What must be there too, always: where it lies, who holds it; once for each
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) needs: Vec<String>,
    /// A way in: things that are needed together, or 2 of: A + B + C for a quorum; once for each way
    #[arg(long, value_name = "A + B")]
    pub(in crate::cli) way: Vec<Way>,
    /// It opens something privileged
    #[arg(long)]
    pub(in crate::cli) privileged: bool,
    /// It is lost today
    #[arg(long)]
    pub(in crate::cli) lost: bool,
    /// A note
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(in crate::cli) note: String,
    /// Replace the thing that has this name
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

/// A kind of thing by its name.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Kind(pub(in crate::cli) ThingKind);

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ThingKind::parse(text).map(Self).ok_or_else(|| {
            let kinds: Vec<&str> = ThingKind::ALL.into_iter().map(ThingKind::name).collect();
            format!("kinds: {}", kinds.join(", "))
        })
    }
}
