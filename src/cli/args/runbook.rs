//! The arguments of `runbook`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Runbook {
    /// Which one: planned-change, lost-device, first-device, break-glass, drill, or one of your own; without it, list them
    pub(in crate::cli) name: Option<String>,
    /// For one account alone
    #[arg(long = "for", value_name = "QUERY", requires = "name")]
    pub(in crate::cli) query: Option<String>,
    /// For this device: its name in the plan or in entries
    #[arg(long, value_name = "NAME", requires = "name")]
    pub(in crate::cli) device: Option<String>,
    /// Make a page to print, as an output that ends in .html is too
    #[arg(long, requires = "name")]
    pub(in crate::cli) html: bool,
    /// The file to write, for its owner alone to read; standard output without it
    #[arg(short, long, value_name = "FILE", requires = "name", value_parser = super::file::made())]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Put a runbook of your own into the vault: Markdown from a file, or from standard input with -
    #[arg(long, value_name = "FILE", requires = "name", conflicts_with_all = ["query", "device", "html", "output", "remove"])]
    pub(in crate::cli) template: Option<PathBuf>,
    /// Take a runbook of your own out of the vault
    #[arg(long, requires = "name", conflicts_with_all = ["query", "device", "html", "output"])]
    pub(in crate::cli) remove: bool,
    /// Replace the file, or the runbook of your own, when it exists
    #[arg(long, requires = "name")]
    pub(in crate::cli) force: bool,
}
