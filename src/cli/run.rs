//! Each command: collect what it needs, call its use case, print what came of it.

mod audit;
mod bundles;
mod codes;
mod demo;
mod drill;
mod entries;
mod evidence;
mod exception;
mod incident;
mod kit;
mod machine;
mod pass;
mod plan;
mod proof;
mod rehearse;
mod runbook;
mod seal;
mod shares;
mod status;
mod transfer;
mod ways;

use std::ffi::OsString;
use std::path::Path;

use super::args::{Bundle, Cli, Command, Global, RecoveryCode, Slot, Trash};
use super::io::{Io, Reader};
use super::render;
use super::{ask, credentials};
use crate::app::bundle::{self, SealedBundle};
use crate::app::{Context, Exit, Failure, Kind, Session, Unchanged};
use crate::entry::EntryId;
use serde_json::{Map, Value};

/// What a command is carried out with.
pub(super) struct Run<'a, 'io> {
    pub(super) global: &'a Global,
    pub(super) ctx: &'a mut Context,
    pub(super) io: &'a mut Io<'io>,
}

impl Run<'_, '_> {
    /// Opens the vault.
    fn open(&mut self) -> Result<Session, Failure> {
        credentials::open_vault(self.global, self.ctx, self.io)
    }

    /// Opens the vault with what the person gives now, whatever key is kept.
    fn open_proven(&mut self) -> Result<Session, Failure> {
        credentials::open_vault_keeping(self.global, self.ctx, self.io).map(|(session, _)| session)
    }

    /// Prints a result: a JSON document under `--json`, else the text.
    fn result(&mut self, command: &str, json: &Map<String, Value>, text: &str) -> Result<Exit, Failure> {
        self.print(command, json, text).map(|_| Exit::Done)
    }

    /// As [`Run::result`], and says whether anybody still reads.
    fn print(&mut self, command: &str, json: &Map<String, Value>, text: &str) -> Result<Reader, Failure> {
        if self.global.json { self.io.print(&render::document(command, json)) } else { self.io.print(text) }
    }

    /// Rows under headings, as wide as the terminal; whole on a pipe.
    fn rows(&self, headings: &[&str], rows: &[Vec<String>]) -> String {
        let ellipsis = if self.global.ascii { '>' } else { '…' };
        let cut = self.io.out_is_terminal.then_some((self.io.columns, ellipsis));
        render::rows(headings, rows, cut)
    }

    /// Says something beside the result.
    pub(super) fn tell(&mut self, line: &str) {
        if !self.global.quiet {
            self.io.tell(line);
        }
    }

    /// Reads a bundle, or the first whole copy in a kit's folder, and says which copies were passed over.
    fn bundle(&mut self, path: &Path) -> Result<SealedBundle, Failure> {
        let sealed = bundle::look_at_bundle(self.ctx, path)?;
        for line in sealed.passed_over() {
            self.tell(&format!("lifeboat: {line}"));
        }
        Ok(sealed)
    }

    /// Asks for a reason, where the settings want one before something of these entries is shown.
    fn ask_why(&mut self, session: &Session, ids: &[EntryId]) -> Result<(), Failure> {
        ask::reason(self.global, self.ctx, self.io, session, ids)
    }

    /// Says what a session has to tell.
    fn tell_notices(&mut self, session: &mut Session) {
        credentials::tell_notices(self.global, self.io, session);
    }
}

pub(super) fn dispatch(cli: &Cli, ctx: &mut Context, io: &mut Io<'_>) -> Result<Exit, Failure> {
    let mut run = Run { global: &cli.global, ctx, io };
    let Some(command) = &cli.command else {
        return Err(Failure::new(
            Kind::Usage,
            "the terminal interface needs a terminal on standard input and output",
        )
        .unchanged(Unchanged::NothingTouched)
        .next("`lifeboat --help` lists the commands that work without one"));
    };
    match command {
        Command::Init(args) => ways::init(&mut run, args),
        Command::Code(args) => codes::code(&mut run, args),
        Command::List(args) => entries::list(&mut run, args),
        Command::Add(args) => entries::add(&mut run, args),
        Command::Prove(args) => entries::prove(&mut run, args),
        Command::Edit(args) => entries::edit(&mut run, args),
        Command::Show(args) => codes::show(&mut run, args),
        Command::RecoveryCode(RecoveryCode::Use(args)) => codes::use_recovery_code(&mut run, args),
        Command::Seal(args) => seal::seal(&mut run, args),
        Command::Unseal(args) => seal::unseal(&mut run, args),
        Command::Remove(query) => entries::remove(&mut run, query),
        Command::Trash(Trash::List) => entries::trash_list(&mut run),
        Command::Trash(Trash::Restore(query)) => entries::trash_restore(&mut run, query),
        Command::Trash(Trash::Purge { query }) => entries::trash_purge(&mut run, query.as_deref()),
        Command::Import(args) => transfer::import(&mut run, args),
        Command::Export(args) => transfer::export(&mut run, args),
        Command::Passwd(args) => ways::passwd(&mut run, args),
        Command::Slot(Slot::List) => ways::slot_list(&mut run),
        Command::Slot(Slot::Add(new)) => ways::slot_add(&mut run, new),
        Command::Slot(Slot::Remove { slot, dropping }) => ways::slot_remove(&mut run, slot, dropping),
        Command::Unlock(args) => ways::unlock(&mut run, args),
        Command::Lock => ways::lock(&mut run),
        Command::Bundle(bundle @ Bundle::Create { .. }) => bundles::create(&mut run, bundle),
        Command::Bundle(Bundle::Inspect { file }) => bundles::inspect(&mut run, file),
        Command::Bundle(Bundle::Verify { file, opening }) => bundles::verify(&mut run, file, opening),
        Command::Bundle(Bundle::List) => bundles::list(&mut run),
        Command::Share(args) => shares::shares(&mut run, args),
        Command::Kit(args) => kit::kit(&mut run, args),
        Command::Proof(args) => proof::proof(&mut run, args),
        Command::Rehearse(args) => rehearse::rehearse(&mut run, args),
        Command::Drill(args) => drill::drill(&mut run, args),
        Command::Restore(args) => bundles::restore(&mut run, args),
        Command::Pass(command) => pass::pass(&mut run, command),
        Command::Plan(command) => plan::plan(&mut run, command),
        Command::Runbook(args) => runbook::runbook(&mut run, args),
        Command::Incident(command) => incident::incident(&mut run, command),
        Command::Exception(command) => exception::exception(&mut run, command),
        Command::Audit(args) => audit::audit(&mut run, args),
        Command::Status(args) => status::status(&mut run, args.check),
        Command::Doctor(args) => machine::doctor(&mut run, args),
        Command::Evidence(args) => evidence::evidence(&mut run, args),
        Command::Demo => demo::demo(&mut run),
        Command::Completions(args) => machine::completions(&mut run, args.shell),
    }
}

/// Only `-` may stand where a secret would: anything else stands in the process list already.
fn only_dash(arguments: &[OsString], instead: &str) -> Result<(), Failure> {
    if matches!(arguments, [] | [_]) && arguments.iter().all(|argument| argument == "-") {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Usage,
        "a secret is not taken as an argument: it would stand in the process list and the shell's history",
    )
    .unchanged(Unchanged::NothingTouched)
    .next(instead)
    .next("if that was a secret, it is in your shell's history now: delete that line"))
}
