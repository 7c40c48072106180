//! The arguments of the log.

use clap::{Args, Subcommand};

use crate::app::time::Since;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Audit {
    /// List what the log says, the newest last
    List(AuditList),
    /// Check whether the log is whole, as far as that can be told
    Verify {
        /// Look for a head of the log that was noted elsewhere: 64 hexadecimal digits
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AuditList {
    /// Only from then on: for example 90d, or a time
    #[arg(long, value_name = "DURATION|TIME")]
    pub(in crate::cli) since: Option<Since>,
    /// Only about this entry: one of the vault or of the trash, or the id of one that is gone
    #[arg(long, value_name = "QUERY")]
    pub(in crate::cli) entry: Option<String>,
    /// Only by or about somebody: a user, USER@HOST, the name of a way of opening, or a custodian
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) person: Option<String>,
    /// Only of this kind, as the list names it; once for each
    #[arg(long, value_name = "EVENT")]
    pub(in crate::cli) kind: Vec<String>,
    /// Write comma-separated values, with every text whole
    #[arg(long)]
    pub(in crate::cli) csv: bool,
}
