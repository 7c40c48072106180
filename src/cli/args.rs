//! The command line as clap reads it. Help texts are the manual's: man page and completions are made of them.

mod audit;
mod bundles;
mod codes;
mod drill;
mod evidence;
mod exception;
mod file;
mod incident;
mod kit;
mod pass;
mod plan;
mod proof;
mod rehearse;
mod runbook;
mod sandbox;
mod seal;
mod settled;
mod shares;
mod ways;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use self::audit::{Audit, AuditList};
pub(super) use self::bundles::{Bundle, BundleCredential, BundleOpening, CardFolder, NewShares, Restore};
pub(super) use self::codes::{Code, RecoveryCode, Show, UseRecoveryCode};
pub(super) use self::drill::{Attestation, Drill, DrillRun};
pub(super) use self::evidence::{AboutEvidence, Evidence};
pub(super) use self::exception::ExceptionCommand;
pub(super) use self::incident::{IncidentCommand, IncidentOpen, Numbers};
pub(super) use self::kit::Kit;
pub(super) use self::pass::{PassCommand, PassIssue, PassOpen, PassOpening};
pub(super) use self::plan::{PlanAdd, PlanCommand};
pub(super) use self::proof::{Proof, ProofCommand};
pub(super) use self::rehearse::Rehearse;
pub(super) use self::runbook::Runbook;
use self::sandbox::Sandbox;
pub(super) use self::seal::{Seal, SealOpening, Unseal};
pub(super) use self::settled::Environment;
pub(super) use self::shares::Shares;
pub(super) use self::ways::{Dropping, Init, NewCredential, Passwd, Slot, Unlock};
use super::time::Seconds;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "lifeboat",
    version,
    about = "Authenticator for the terminal that works without a network, built around the day the phone is gone",
    long_about = "Authenticator for the terminal that works without a network, built around the day the phone is gone.\n\n\
        Seeds live in an encrypted vault; encrypted bundles restore them on a machine that has nothing else.\n\
        `lifeboat` alone opens the terminal interface. `lifeboat demo` shows the whole story without touching your files.",
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Global {
    /// Use this vault (default: vault.lifeboat in the platform's data directory)
    #[arg(long, global = true, value_name = "PATH", env = "LIFEBOAT_VAULT", hide_env_values = true)]
    pub(super) vault: Option<PathBuf>,
    /// Read the vault's passphrase from a file, or from standard input with -
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "LIFEBOAT_PASSPHRASE_FILE",
        hide_env_values = true
    )]
    pub(super) passphrase_file: Option<PathBuf>,
    /// Read the vault's passphrase from an open file descriptor; goes before --passphrase-file
    #[arg(long, global = true, value_name = "N")]
    pub(super) passphrase_fd: Option<u32>,
    /// Use this key file, alone or with the passphrase
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) key_file: Option<PathBuf>,
    /// Never prompt: fail instead
    #[arg(long, global = true)]
    pub(super) no_input: bool,
    /// Answer every confirmation with yes
    #[arg(long, global = true)]
    pub(super) yes: bool,
    /// Say why; the log keeps it, and the settings can ask for it
    #[arg(long, global = true, value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// Open files whose key derivation is past the usual limit
    #[arg(long, global = true)]
    pub(super) allow_kdf_cost: bool,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Draw with ASCII characters alone
    #[arg(long, global = true)]
    pub(super) ascii: bool,
    /// Use colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
    /// How much the kernel is asked to refuse to this program
    #[arg(long, global = true, value_name = "HOW", value_enum, default_value_t = Sandbox::Auto)]
    pub(super) sandbox: Sandbox,
    /// Print results and errors alone
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print what is read and written
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a vault
    Init(Init),
    /// Print the code of an entry
    Code(Code),
    /// List the entries, without secrets
    List(List),
    /// Add an entry, from a hidden prompt or standard input
    Add(Add),
    /// Note that the service accepted a code
    Prove(Prove),
    /// Change an entry
    Edit(Edit),
    /// Show an entry, without its seed unless asked
    Show(Show),
    /// Hand out stored recovery codes
    #[command(subcommand)]
    RecoveryCode(RecoveryCode),
    /// Seal an entry's seed once more: to a passphrase of its own, or to the shares of a set
    Seal(Seal),
    /// Take the seal of an entry away
    Unseal(Unseal),
    /// Move an entry to the trash
    Remove(Query),
    /// List, empty or take from the trash
    #[command(subcommand)]
    Trash(Trash),
    /// Import another authenticator's file
    Import(Import),
    /// Export to another authenticator's format
    Export(Export),
    /// Change the passphrase, with a new master key
    Passwd(Passwd),
    /// List, add or remove ways of opening the vault
    #[command(subcommand)]
    Slot(Slot),
    /// Keep the vault's key in the kernel's keyring for a while, so that commands ask for no passphrase
    Unlock(Unlock),
    /// Drop the key that `unlock` keeps, now
    Lock,
    /// Make and check encrypted bundles
    #[command(subcommand)]
    Bundle(Bundle),
    /// List share sets, check single shares, replace a set
    #[command(subcommand)]
    Share(Shares),
    /// Make what a custodian keeps: the newest bundle three times, this program, a reader, instructions
    Kit(Kit),
    /// Rehearse restores, and see when the next one is due
    #[command(subcommand)]
    Drill(Drill),
    /// Restore a bundle, or put back a previous generation
    Restore(Restore),
    /// Show a few words by which another machine knows that its seeds and clock are these, or write them as a file
    Proof(Proof),
    /// Type a passphrase from memory, or check a share; nothing is opened for use, the date is noted
    Rehearse(Rehearse),
    /// Keep the recovery plan: what each account can be reached through, and what a loss would lock out
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Fill in a runbook from the vault and its plan: what to do, step by step, to tick off on paper
    Runbook(Runbook),
    /// Keep the list of what is to be done after a loss, a theft, a leave, or after glass was broken
    #[command(subcommand)]
    Incident(IncidentCommand),
    /// Let something be weaker for a time, with an owner and an end
    #[command(subcommand)]
    Exception(ExceptionCommand),
    /// Give somebody the codes of one entry for a limited time, without its seed
    #[command(subcommand)]
    Pass(PassCommand),
    /// List the log, or check whether it is whole
    #[command(subcommand)]
    Audit(Audit),
    /// Show what is unreachable, open, due, unproven, undrilled and expiring
    Status(Status),
    /// Look at the machine: clock, permissions, memory, terminal
    Doctor(Doctor),
    /// Make a signed report for auditors, or check one
    Evidence(Evidence),
    /// Take a tour in a temporary directory
    Demo,
    /// Print completions for a shell
    Completions(Completions),
}

impl Command {
    /// Whether it has to do with the vault at its place, so that a key that is kept for it is of use.
    pub(super) fn may_use_kept_key(&self) -> bool {
        let has_not = matches!(
            self,
            Self::Bundle(Bundle::Inspect { .. } | Bundle::Verify { .. })
                | Self::Completions(_)
                | Self::Demo
                | Self::Evidence(Evidence { other: Some(AboutEvidence::Verify { .. }), .. })
                | Self::Init(_)
                | Self::Lock
                | Self::Pass(PassCommand::Open(_) | PassCommand::Sheet(_))
                | Self::Share(Shares::Check { .. } | Shares::Acknowledge { .. })
                | Self::Unlock(_)
        );
        let makes_its_own = matches!(self, Self::Restore(args) if !args.merge);
        !has_not && !makes_its_own
    }
}

#[derive(Debug, Args)]
pub(super) struct Query {
    /// The entry: its id, its issuer:account, or a unique part of that
    pub(super) query: String,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only entries whose issuer:account contains this
    pub(super) query: Option<String>,
    /// Only entries with this tag
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
    /// Only privileged entries
    #[arg(long)]
    pub(super) privileged: bool,
}

/// Names and numbers of an entry.
#[derive(Debug, Args)]
pub(super) struct Particulars {
    /// The service
    #[arg(long, value_name = "NAME")]
    pub(super) issuer: Option<String>,
    /// The account at the service
    #[arg(long, value_name = "NAME")]
    pub(super) account: Option<String>,
    /// SHA1, SHA256 or SHA512
    #[arg(long, value_name = "NAME")]
    pub(super) algorithm: Option<String>,
    /// Digits of a code, from 1 to 10
    #[arg(long, value_name = "N")]
    pub(super) digits: Option<u8>,
    /// Length of a step, for example 30s
    #[arg(long, value_name = "DURATION")]
    pub(super) period: Option<Seconds>,
    /// The next counter of a counting entry
    #[arg(long, value_name = "N")]
    pub(super) counter: Option<u64>,
    /// totp, hotp or steam
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) type_name: Option<String>,
}

/// How a seed came here.
#[derive(Debug, Args)]
pub(super) struct Origin {
    /// Whether the service knows this vault as a factor of its own, or the seed lies elsewhere too
    #[arg(long, value_name = "HOW", value_parser = ["enrolled", "copied"])]
    pub(super) provenance: Option<String>,
    /// The other device
    #[arg(long, value_name = "NAME", requires = "provenance")]
    pub(super) device: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// - reads an otpauth URI or a base32 secret from standard input; without it there is a hidden prompt
    // Several values are taken so that a secret in groups of four is refused without being repeated.
    #[arg(value_name = "-", num_args = 0..)]
    pub(super) source: Vec<OsString>,
    /// Read the QR code in a picture
    #[arg(long, value_name = "IMAGE", conflicts_with_all = ["source", "generate"])]
    pub(super) qr: Option<PathBuf>,
    /// Make a new seed, to be given to a server
    #[arg(long, conflicts_with = "source")]
    pub(super) generate: bool,
    #[command(flatten)]
    pub(super) particulars: Particulars,
    /// Add a tag
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
    /// Mark as opening something privileged
    #[arg(long)]
    pub(super) privileged: bool,
    /// Add a note
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// Add it though the same account is in the vault
    #[arg(long)]
    pub(super) allow_duplicate: bool,
    /// Store the service's recovery codes, one a line, from a file or from standard input with -
    #[arg(long, value_name = "FILE")]
    pub(super) recovery_codes: Option<PathBuf>,
    #[command(flatten)]
    pub(super) origin: Origin,
}

#[derive(Debug, Args)]
pub(super) struct Prove {
    #[command(flatten)]
    pub(super) entry: Query,
    /// Say that the service accepted a code, without being asked
    #[arg(long)]
    pub(super) accepted: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Edit {
    #[command(flatten)]
    pub(super) entry: Query,
    #[command(flatten)]
    pub(super) particulars: Particulars,
    /// Add and take away tags: +work,-old
    #[arg(long, value_name = "+TAG,-TAG", allow_hyphen_values = true)]
    pub(super) tag: Vec<String>,
    /// Replace the note
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// Mark as opening something privileged
    #[arg(long)]
    pub(super) privileged: bool,
    /// Take that mark away
    #[arg(long, conflicts_with = "privileged")]
    pub(super) no_privileged: bool,
    /// Show it first
    #[arg(long)]
    pub(super) favourite: bool,
    /// Take that mark away
    #[arg(long, conflicts_with = "favourite")]
    pub(super) no_favourite: bool,
    /// Replace the seed by one from standard input (-); the entry keeps its id
    #[arg(long, value_name = "-", allow_hyphen_values = true)]
    pub(super) seed: Option<OsString>,
    /// Replace the stored recovery codes, one a line, from a file or from standard input with -
    #[arg(long, value_name = "FILE")]
    pub(super) recovery_codes: Option<PathBuf>,
    #[command(flatten)]
    pub(super) origin: Origin,
    #[command(flatten)]
    pub(super) opening: SealOpening,
}

#[derive(Debug, Subcommand)]
pub(super) enum Trash {
    /// List what lies in the trash
    List,
    /// Take an entry out of the trash
    Restore(Query),
    /// Destroy one entry of the trash, or all
    Purge {
        /// The entry; all of them without it
        query: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The files: what the app has exported, or pictures of its QR codes; - is standard input
    #[arg(required_unless_present = "undo")]
    pub(super) files: Vec<PathBuf>,
    /// The format, when it is not to be recognised by content
    #[arg(long, value_name = "FORMAT")]
    pub(super) from: Option<String>,
    /// Say what would be done, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Read the passphrase of the imported file from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(super) file_passphrase_file: Option<PathBuf>,
    /// Open the imported file with this key file too, or with it alone: KeePass' databases may have one
    #[arg(long, value_name = "PATH")]
    pub(super) file_key_file: Option<PathBuf>,
    /// Take the last import back
    #[arg(long, conflicts_with_all = ["files", "from", "dry_run", "allow_skipped"])]
    pub(super) undo: bool,
    /// Import what is good when some entries cannot be taken
    #[arg(long)]
    pub(super) allow_skipped: bool,
}

fn formats_to_write() -> String {
    let formats = crate::app::export::formats();
    let names: Vec<&str> = formats.iter().map(|format| format.id).collect();
    format!("The format: {}", names.join(", "))
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Only entries whose issuer:account contains this
    pub(super) query: Option<String>,
    #[arg(long, value_name = "FORMAT", help = formats_to_write())]
    pub(super) to: String,
    /// The file to write, or - for standard output. For google, FILE.png makes a picture of each QR code; without it
    /// they are shown
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Only entries with this tag
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
    /// Write the seeds in clear
    #[arg(long)]
    pub(super) plaintext: bool,
    /// Read the passphrase for the exported file from a file, or from standard input with -
    #[arg(long, value_name = "PATH")]
    pub(super) file_passphrase_file: Option<PathBuf>,
    /// Replace the file when it exists
    #[arg(long)]
    pub(super) force: bool,
}

impl Export {
    /// Whether it goes to standard output.
    pub(super) fn is_to_pipe(&self) -> bool {
        self.output.as_deref().is_some_and(|output| output == Path::new(file::STANDARD))
    }
}

#[derive(Debug, Args)]
pub(super) struct Status {
    /// Exit with 7 if anything is unreachable, open, due, unproven or undrilled
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Compare this machine's clock with the device that shows this code
    #[arg(long, value_name = "CODE", requires = "with")]
    pub(super) compare: Option<String>,
    /// The entry that the code is of
    #[arg(long, value_name = "QUERY", requires = "compare")]
    pub(super) with: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}
