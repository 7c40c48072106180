//! The arguments of what shows a secret because somebody asked for it.

use clap::{Args, Subcommand};

use super::super::time::{Moment, Seconds};
use super::{Query, SealOpening};

#[derive(Debug, Args)]
pub(in crate::cli) struct Code {
    #[command(flatten)]
    pub(in crate::cli) entry: Query,
    /// Print the next code
    #[arg(long)]
    pub(in crate::cli) next: bool,
    /// Print the code of this time
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Option<Moment>,
    /// Copy the code instead of printing it: through the terminal, or as the settings say
    #[arg(long, conflicts_with_all = ["watch", "json"])]
    pub(in crate::cli) copy: bool,
    /// With --copy: wait for this time, then take the copy back, or overwrite what cannot be read
    #[arg(long, value_name = "DURATION", requires = "copy")]
    pub(in crate::cli) clear_after: Option<Seconds>,
    /// Keep printing until interrupted
    #[arg(long, conflicts_with_all = ["at", "next"])]
    pub(in crate::cli) watch: bool,
    #[command(flatten)]
    pub(in crate::cli) opening: SealOpening,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    #[command(flatten)]
    pub(in crate::cli) entry: Query,
    /// Print the otpauth URI, which holds the seed
    #[arg(long)]
    pub(in crate::cli) reveal: bool,
    /// Draw the otpauth URI as a QR code for a phone
    #[arg(long)]
    pub(in crate::cli) qr: bool,
    /// Print the stored recovery codes
    #[arg(long)]
    pub(in crate::cli) recovery_codes: bool,
    #[command(flatten)]
    pub(in crate::cli) opening: SealOpening,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RecoveryCode {
    /// Print the next unused recovery code and mark it as used
    Use(UseRecoveryCode),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct UseRecoveryCode {
    #[command(flatten)]
    pub(in crate::cli) entry: Query,
    #[command(flatten)]
    pub(in crate::cli) opening: SealOpening,
}
