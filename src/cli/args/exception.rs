//! The arguments of `exception`.

use std::str::FromStr;

use clap::Subcommand;

use super::Query;
use crate::app::time::Until;
use crate::recovery::exception::ExceptionKind;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ExceptionCommand {
    /// Add one; it needs an owner and an end, at most 400 days ahead
    Add {
        #[command(flatten)]
        entry: Query,
        /// What is weaker: clone, no-second-factor, not-drilled or skipped-proof
        kind: Kind,
        /// Its end: a day (until the end of it, UTC), a time, or a duration such as 30d
        #[arg(long, value_name = "DATE")]
        until: Until,
        /// Who answers for it
        #[arg(long, value_name = "NAME")]
        owner: String,
    },
    /// List them: those past their end first, then by their end
    List,
    /// End one
    End {
        /// Its id, as the list has it
        id: String,
    },
}

/// A kind of exception by its name.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Kind(pub(in crate::cli) ExceptionKind);

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ExceptionKind::parse(text).map(Self).ok_or_else(|| {
            let kinds: Vec<&str> = ExceptionKind::ALL.into_iter().map(ExceptionKind::name).collect();
            format!("kinds: {}", kinds.join(", "))
        })
    }
}
