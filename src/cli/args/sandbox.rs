//! The option `--sandbox`, and what a command may write besides the vault.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{Bundle, Cli, Command, Drill, NewCredential, PassCommand, PlanCommand, Shares, Slot};
use crate::app::drill;
use crate::platform::sandbox::Mode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Sandbox {
    /// The kernel refuses what the program has no use for; without seccomp it does not start
    Auto,
    /// As auto, and the program does not start unless every rule is in force
    Require,
    /// As auto, and a refused system call ends the program
    Kill,
    /// Ask nothing of the kernel; the vault's log says so
    Off,
}

impl From<Sandbox> for Mode {
    fn from(option: Sandbox) -> Self {
        match option {
            Sandbox::Auto => Self::Auto,
            Sandbox::Require => Self::Require,
            Sandbox::Kill => Self::Kill,
            Sandbox::Off => Self::Off,
        }
    }
}

impl Cli {
    /// The files and folders that the command may make besides the vault; `None` in the terminal
    /// interface, where a person names them later.
    ///
    /// Without a wildcard, so that who adds a command decides it here.
    pub(in crate::cli) fn outputs(&self) -> Option<Vec<PathBuf>> {
        let key_file = |new: &NewCredential| new.new_key_file.iter().cloned().collect();
        Some(match self.command.as_ref()? {
            Command::Init(args) => key_file(&args.new),
            Command::Passwd(args) => key_file(&args.new),
            Command::Slot(Slot::Add(new)) => key_file(new),
            Command::Restore(args) => key_file(&args.new),
            // Pictures of QR codes lie beside the name that is given.
            Command::Export(args) => args.output.iter().filter(|_| !args.is_to_pipe()).cloned().collect(),
            Command::Bundle(Bundle::Create { output, credential, cards, .. }) => {
                let named = [output.clone()].into_iter().chain(credential.bundle_key_file.clone());
                // What is made there are folders in it, so that the place itself has to be writable if it is there.
                named.chain(cards.shares.iter().map(|folder| folder.join("cards"))).collect()
            }
            Command::Drill(Drill::Run(args)) => {
                let report = args.report.iter();
                report.flat_map(|report| [report.clone(), drill::signature_of(report)]).collect()
            }
            Command::Kit(args) => vec![args.output.clone()],
            Command::Pass(PassCommand::Issue(args)) => vec![args.output.clone()],
            Command::Plan(PlanCommand::Export { output, .. }) if output != Path::new("-") => {
                vec![output.clone()]
            }
            // A folder in it is made; the file that is named here never is.
            Command::Plan(PlanCommand::Edit) => crate::app::plan::editor::places(),
            Command::Runbook(args) => args.output.iter().cloned().collect(),
            Command::Proof(args) => args.output.iter().cloned().collect(),
            // Files in it are made too where it is there already.
            Command::Evidence(args) => args.output.iter().map(|folder| folder.join("evidence")).collect(),
            Command::Share(Shares::Acknowledge { output, .. }) => vec![output.clone()],
            Command::Share(Shares::Replace { cards, .. }) => cards.shares.iter().cloned().collect(),
            // A folder in it is made; the file that is named here never is.
            Command::Demo => vec![std::env::temp_dir().join("lifeboat")],
            Command::Add(_)
            | Command::Audit(_)
            | Command::Bundle(Bundle::Inspect { .. } | Bundle::Verify { .. } | Bundle::List)
            | Command::Code(_)
            | Command::Completions(_)
            | Command::Doctor(_)
            | Command::Drill(Drill::Record { .. } | Drill::List | Drill::Due { .. })
            | Command::Edit(_)
            | Command::Exception(_)
            | Command::Import(_)
            | Command::Incident(_)
            | Command::List(_)
            | Command::Lock
            | Command::Pass(
                PassCommand::Close { .. } | PassCommand::List | PassCommand::Open(_) | PassCommand::Sheet(_),
            )
            | Command::Plan(_)
            | Command::Prove(_)
            | Command::RecoveryCode(_)
            | Command::Rehearse(_)
            | Command::Remove(_)
            | Command::Seal(_)
            | Command::Share(Shares::List | Shares::Check { .. } | Shares::Record { .. })
            | Command::Show(_)
            | Command::Slot(Slot::List | Slot::Remove { .. })
            | Command::Status(_)
            | Command::Trash(_)
            | Command::Unlock(_)
            | Command::Unseal(_) => Vec::new(),
        })
    }
}
