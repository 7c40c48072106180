//! `plan edit`: the plan as a file in memory, for a person's own editor, and back.
//!
//! The plan is a map for an attacker, so its text never reaches a lasting disk: the file lies on a tmpfs, in a folder of
//! its own, and the editor is kept from writing anywhere else. What a person typed is not lost by a mistake in it: the
//! file stays until it was taken or they say that it is to be dropped.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Changed, judge, own, read_toml};
use crate::app::context::Context;
use crate::app::failure::{Failure, Kind, Unchanged, shown_path};
use crate::app::session::Session;
use crate::app::{log, vault_file};
use crate::audit::Event;
use crate::platform::editor::{self, Brokered, Editor, EditorError, Ended};
use crate::platform::interrupt::HeldBack;
use crate::platform::sandbox::Mode;
use crate::recovery::plan::Plan;
use crate::storage::atomic::{self, Existing};
use crate::vault::StoredPlan;
use crate::wire::plan_v1;

/// The name of the file; editors colour it by its ending.
const FILE: &str = "plan.toml";
/// How the folder's name begins.
const FOLDER: &str = "lifeboat-plan-";

/// What stands above the plan in the file.
const HEAD: &str = "\
# Save and leave to take this over. Leave it as it is to change nothing.
# The file lies in memory and is removed afterwards. Comments are not kept.

";

/// An editor that is ready to be used on one file.
#[derive(Clone)]
pub struct ReadyEditor {
    /// The file, in a folder that is not there yet.
    pub file: PathBuf,
    /// What runs it.
    pub runs: Arc<dyn Editor>,
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The folders below which the file may be made, before one of them is chosen.
pub fn places() -> Vec<PathBuf> {
    editor::places(variable).iter().map(|place| place.join(FOLDER)).collect()
}

/// Makes an editor ready: nothing can be started once the sandbox is closed.
///
/// # Errors
///
/// Exit 8 where no folder lies in memory, exit 4 where there is no such editor.
pub fn open(ctx: &mut Context, mode: Mode) -> Result<(), Failure> {
    let in_memory =
        |place: &PathBuf| ctx.disk.is_in_memory(place).unwrap_or(false) && ctx.disk.takes_files(place);
    let Some(place) = editor::places(variable).into_iter().find(in_memory) else {
        return Err(Failure::new(
            Kind::Refused,
            "the plan is edited in memory alone, and there is no such folder",
        )
        .details(["neither $XDG_RUNTIME_DIR nor /dev/shm is a tmpfs that this user may write to".to_owned()])
        .unchanged(Unchanged::NothingTouched)
        .next("without a file: lifeboat plan export -o - | PROGRAM | lifeboat plan import -")
        .next("or one thing at a time: lifeboat plan add, lifeboat plan remove"));
    };
    let find = |name: &str| crate::platform::clipboard::find(&variable("PATH").unwrap_or_default(), name);
    let chosen = editor::choose(variable, find).map_err(|name| {
        Failure::new(
            Kind::NoFile,
            format!("the editor \"{}\" was not found", crate::entry::label::shown(&name)),
        )
        .unchanged(Unchanged::NothingTouched)
        .next("name one that is there: EDITOR=nano lifeboat plan edit")
    })?;
    let token = ctx.token()?;
    let file = place.join(format!("{FOLDER}{token}")).join(FILE);
    let runs = Brokered::start(&chosen, &file, mode).map_err(|error| {
        Failure::new(Kind::Io, "what starts the editor could not be started")
            .because(error)
            .unchanged(Unchanged::NothingTouched)
    })?;
    ctx.editor = Some(ReadyEditor { file, runs: Arc::new(runs) });
    Ok(())
}

/// The plan as a file, until it is dropped.
pub struct Draft {
    editor: ReadyEditor,
    disk: Arc<dyn crate::storage::disk::Disk>,
    /// The plan from which the text was made.
    base: Plan,
    /// The text as it was before the editor ran.
    before: String,
    /// A signal that ends the program waits until the file is gone.
    signals: HeldBack,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("file", &self.editor.file).finish_non_exhaustive()
    }
}

/// What came of one run of the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Round {
    /// The text is as it was.
    Unchanged,
    /// Another text was saved.
    Saved(String),
}

/// Writes the plan to its file.
///
/// # Errors
///
/// Exit 5 for a plan of a newer version, and what writing can fail with.
pub fn begin(ctx: &Context, session: &Session) -> Result<Draft, Failure> {
    let editor = ctx.editor.clone().ok_or_else(|| {
        Failure::new(Kind::Refused, "there is no terminal for an editor")
            .unchanged(Unchanged::NothingTouched)
            .next("without one: lifeboat plan export -o -, and lifeboat plan import -")
    })?;
    let base = own(&session.vault)?;
    let before = format!("{HEAD}{}", plan_v1::to_toml(&base));
    let draft = Draft { disk: Arc::clone(&ctx.disk), base, before, editor, signals: HeldBack::new() };
    let cannot = |error: String| {
        Failure::new(Kind::Io, format!("cannot write {}", shown_path(&draft.editor.file)))
            .details([error])
            .unchanged(Unchanged::NothingTouched)
    };
    let folder = draft.folder();
    ctx.disk.create_folder(folder).map_err(|error| cannot(error.to_string()))?;
    // Looked at again: it is this folder that counts.
    if !ctx.disk.is_in_memory(folder).unwrap_or(false) {
        return Err(cannot("its folder does not lie in memory".to_owned()));
    }
    let token = ctx.token()?;
    atomic::create(ctx.disk.as_ref(), &draft.editor.file, draft.before.as_bytes(), &token, Existing::Refuse)
        .map_err(|error| cannot(error.to_string()))?;
    Ok(draft)
}

impl Draft {
    fn folder(&self) -> &Path {
        self.editor.file.parent().unwrap_or(&self.editor.file)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        self.disk.read(&self.editor.file, u64::try_from(plan_v1::LARGEST).unwrap_or(u64::MAX))
    }

    /// Runs the editor, and reads what it has saved.
    ///
    /// # Errors
    ///
    /// When the editor cannot be run, has ended with a failure after it saved something, or has saved what is no text.
    pub fn edit(&mut self) -> Result<Round, Failure> {
        let ended = self.editor.runs.edit();
        self.signals.forget_keys();
        let ended = ended.map_err(not_edited)?;
        let bytes = self.read().map_err(|error| {
            Failure::new(Kind::Io, "what the editor has saved cannot be read").because(error)
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::new(Kind::Damaged, "what the editor has saved is not text in UTF-8"))?;
        let how = match ended {
            Ended::Status(0) => None,
            Ended::Status(status) => Some(format!("the editor has ended with status {status}")),
            Ended::Signal(signal) => Some(format!("the editor was ended by signal {signal}")),
        };
        match how {
            None if text == self.before => Ok(Round::Unchanged),
            None => Ok(Round::Saved(text)),
            // What was saved before it ended is neither taken nor lost.
            Some(how) => Err(Failure::new(Kind::Io, format!("nothing was taken over: {how}"))
                .next("an editor may write beside the file alone; one that needs more: lifeboat plan edit --sandbox off")),
        }
    }

    /// Tells whether a signal asks the program to end.
    pub fn is_to_end(&self) -> bool {
        self.signals.came()
    }

    /// Tells whether something was saved that a person would lose with the file.
    pub fn holds_work(&self) -> bool {
        let saved = self.read();
        saved.map_or(true, |bytes| bytes != self.before.as_bytes())
    }

    /// Takes what was saved over into the vault.
    ///
    /// # Errors
    ///
    /// Exit 2 with every fault and its line where it means nothing; exit 8 where the plan was changed by somebody else
    /// meanwhile, once: what is taken after that takes the place of theirs.
    pub fn take(&mut self, ctx: &Context, session: &mut Session, text: &str) -> Result<Changed, Failure> {
        let edited = read_toml(text.as_bytes())?;
        if edited == Plan::default() && self.base != edited {
            // An editor that was left with an empty file has more often met a mistake than a wish.
            return Err(Failure::new(Kind::Refused, "what was saved holds no plan any more")
                .unchanged(Unchanged::VaultKept(session.path.clone()))
                .next("to have no plan at all: lifeboat plan import - < /dev/null"));
        }
        let path = session.path.clone();
        let mut met = None;
        let base = self.base.clone();
        let outcome = vault_file::change(ctx, session, |vault| {
            let unchanged = |failure: Failure| failure.unchanged(Unchanged::VaultKept(path.clone()));
            let now = own(vault).map_err(unchanged)?;
            if now != base {
                met = Some(now);
                return Err(unchanged(
                    Failure::new(Kind::Refused, "the plan was changed by somebody else while you edited it")
                        .next("look at theirs in another terminal: lifeboat plan show")
                        .next("edit again and put in what is missing; what you save then takes the place of theirs"),
                ));
            }
            judge(&now, &edited, vault).map_err(unchanged)?;
            let n_things = edited.things.len();
            vault.plan = StoredPlan::Read(edited);
            let mut record = log::record(ctx, Event::PlanChanged);
            record.facts = vec![("things".into(), n_things.to_string())];
            Ok((Changed { n_things, names: Vec::new() }, vec![record]))
        });
        if let Some(now) = met {
            self.base = now;
        }
        outcome
    }
}

impl Drop for Draft {
    /// Takes the folder away with whatever the editor has left in it.
    fn drop(&mut self) {
        let folder = self.folder();
        for left in self.disk.list(folder).unwrap_or_default() {
            let _removed = self.disk.remove(&left);
        }
        let _removed = self.disk.remove_folder(folder);
    }
}

fn not_edited(error: EditorError) -> Failure {
    let failure = Failure::new(Kind::Io, "the plan could not be edited").unchanged(Unchanged::NothingTouched);
    let failure = match error {
        EditorError::NotClosed => {
            failure.next("`lifeboat plan edit --sandbox auto` goes on with what is in force")
        }
        EditorError::NotStarted(_) => failure.next("name another one: EDITOR=nano lifeboat plan edit"),
        EditorError::BrokerGone | EditorError::NoTerminal(_) => {
            failure.next("without an editor: lifeboat plan export -o -, and lifeboat plan import -")
        }
    };
    failure.because(error)
}
