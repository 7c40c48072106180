//! The arguments of `incident`.

use std::str::FromStr;

use clap::{Args, Subcommand};

use crate::recovery::incident::{IncidentKind, MOST_TASKS};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum IncidentCommand {
    /// Open an incident, and make its list of things to do
    Open(IncidentOpen),
    /// List the incidents, the open ones first
    List,
    /// Show an incident and its things to do
    Show {
        /// Its id
        id: String,
    },
    /// Tick things off; end a break-glass session
    Done {
        /// Its id
        id: String,
        /// The numbers of what is done: 4, or 4-9
        #[arg(value_name = "TASK")]
        tasks: Vec<Numbers>,
        /// What is to be said of it
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct IncidentOpen {
    /// What happened: lost-device, stolen, replaced-device, handed-over, leaver, break-glass or compromised
    #[arg(value_name = "KIND")]
    pub(in crate::cli) kind: Kind,
    /// The device, as the entries' provenance, the plan or the log name it
    #[arg(long, value_name = "NAME", conflicts_with = "person")]
    pub(in crate::cli) device: Option<String>,
    /// The person, as the plan or the log name them: the system's user, user@host, or a way of opening
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) person: Option<String>,
}

/// A kind of incident by its name.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Kind(pub(in crate::cli) IncidentKind);

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        IncidentKind::parse(text).map(Self).ok_or_else(|| {
            let kinds: Vec<&str> = IncidentKind::ALL.into_iter().map(IncidentKind::name).collect();
            format!("kinds: {}", kinds.join(", "))
        })
    }
}

/// `4`, or `4-9`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Numbers {
    first: usize,
    last: usize,
}

impl Numbers {
    /// Each of them.
    pub(in crate::cli) fn each(self) -> impl Iterator<Item = usize> {
        self.first..=self.last
    }
}

impl FromStr for Numbers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= MOST_TASKS => {
                Ok(Self { first, last })
            }
            _ => Err("give the number that stands before it, or several as 4-9"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_one_or_a_run_of_them() {
        let each = |text: &str| text.parse::<Numbers>().map(|numbers| numbers.each().collect::<Vec<_>>());
        assert_eq!(each("4"), Ok(vec![4]));
        assert_eq!(each("4-6"), Ok(vec![4, 5, 6]));
        for wrong in ["", "0", "6-4", "-3", "4-", "a", "1-100001", "1-2-3"] {
            assert!(each(wrong).is_err(), "{wrong:?}");
        }
    }
}
