//! The arguments of `proof`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct Proof {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<ProofCommand>,
    /// Write a proof of each entry instead, for `proof compare` on the other machine
    #[arg(short, long, value_name = "FILE", value_parser = super::file::made())]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ProofCommand {
    /// Compare another machine's proofs with this vault and this clock
    Compare {
        /// The file that `proof -o` made there
        file: PathBuf,
    },
}
