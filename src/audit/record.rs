//! What one record of the log says.

/// What happened. The names are part of the log's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An entry was added.
    Added,
    /// Lines that stood in clear before this unlock were taken into the chain.
    Absorbed,
    /// A bundle was made.
    BundleMade,
    /// A bundle was opened to check it.
    BundleVerified,
    /// The clock was corrected for codes, for one run.
    ClockCorrected,
    /// The clock was stepped while the vault was open.
    ClockStepped,
    /// A code was shown or printed.
    CodeShown,
    /// A report of a drill on another machine was brought home.
    DrillRecorded,
    /// A restore was rehearsed.
    Drilled,
    /// An entry was changed.
    Edited,
    /// A report for auditors was made.
    EvidenceMade,
    /// An exception was added.
    ExceptionAdded,
    /// An exception was ended.
    ExceptionEnded,
    /// Entries were written to another program's format.
    Exported,
    /// Records could not be written for a while.
    Gap,
    /// Entries came from another program's file.
    Imported,
    /// The last import was taken back.
    ImportUndone,
    /// An incident was closed: nothing of it is left to do.
    IncidentClosed,
    /// An incident was opened.
    IncidentOpened,
    /// The vault's key was put into the kernel's keyring for a while.
    KeyKept,
    /// A kit for a custodian was made.
    KitMade,
    /// The log did not hold what the vault knew of it: records were missing, or others stood in their place.
    LogBroken,
    /// The log goes on in a new file.
    LogRotated,
    /// The vault was made.
    Made,
    /// A change that was announced never reached the disk.
    NotDone,
    /// A pass was closed: new methods are registered, old ones removed.
    PassClosed,
    /// A pass was issued.
    PassIssued,
    /// The recovery plan was changed.
    PlanChanged,
    /// A service accepted a code.
    Proven,
    /// Entries were destroyed for good.
    Purged,
    /// A passphrase was typed from memory, or a share was checked, to see that it can be done.
    Rehearsed,
    /// The ways of opening were changed.
    Rekeyed,
    /// Previous generations were destroyed.
    PreviousPurged,
    /// An entry was moved to the trash.
    Removed,
    /// A torn last line was closed off.
    Repaired,
    /// A bundle was restored, or a previous generation put back.
    Restored,
    /// A recovery code was handed out.
    RecoveryCodeUsed,
    /// A seed was replaced by another.
    Rotated,
    /// A person's own runbook was put in, changed or taken out.
    RunbookChanged,
    /// A change that was announced has reached the disk.
    Saved,
    /// The vault was opened while the kernel was asked to refuse nothing (`--sandbox off`).
    SandboxOff,
    /// An entry's seed was sealed once more.
    Sealed,
    /// What was given to open a sealed entry did not open it.
    SealRefused,
    /// A seed was shown.
    SeedShown,
    /// A setting was changed.
    SettingsChanged,
    /// A custodian's acknowledgement was brought home.
    ShareAcknowledged,
    /// A share set was made.
    ShareSetMade,
    /// Another share set took the place of one.
    ShareSetReplaced,
    /// An entry was taken out of the trash.
    TakenBack,
    /// Something to do of an incident was done.
    TaskDone,
    /// The vault was opened.
    Unlocked,
    /// The seal of an entry was taken away.
    Unsealed,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 52] = [
        Self::Added,
        Self::Absorbed,
        Self::BundleMade,
        Self::BundleVerified,
        Self::ClockCorrected,
        Self::ClockStepped,
        Self::CodeShown,
        Self::DrillRecorded,
        Self::Drilled,
        Self::Edited,
        Self::EvidenceMade,
        Self::ExceptionAdded,
        Self::ExceptionEnded,
        Self::Exported,
        Self::Gap,
        Self::Imported,
        Self::ImportUndone,
        Self::IncidentClosed,
        Self::IncidentOpened,
        Self::KeyKept,
        Self::KitMade,
        Self::LogBroken,
        Self::LogRotated,
        Self::Made,
        Self::NotDone,
        Self::PassClosed,
        Self::PassIssued,
        Self::PlanChanged,
        Self::Proven,
        Self::Purged,
        Self::Rehearsed,
        Self::Rekeyed,
        Self::PreviousPurged,
        Self::Removed,
        Self::Repaired,
        Self::Restored,
        Self::RecoveryCodeUsed,
        Self::Rotated,
        Self::RunbookChanged,
        Self::SandboxOff,
        Self::Saved,
        Self::Sealed,
        Self::SealRefused,
        Self::SeedShown,
        Self::SettingsChanged,
        Self::ShareAcknowledged,
        Self::ShareSetMade,
        Self::ShareSetReplaced,
        Self::TakenBack,
        Self::TaskDone,
        Self::Unlocked,
        Self::Unsealed,
    ];

    /// The word in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Absorbed => "absorbed",
            Self::BundleMade => "bundle-made",
            Self::BundleVerified => "bundle-verified",
            Self::ClockCorrected => "clock-corrected",
            Self::ClockStepped => "clock-stepped",
            Self::CodeShown => "code-shown",
            Self::DrillRecorded => "drill-recorded",
            Self::Drilled => "drilled",
            Self::Edited => "edited",
            Self::EvidenceMade => "evidence-made",
            Self::ExceptionAdded => "exception-added",
            Self::ExceptionEnded => "exception-ended",
            Self::Exported => "exported",
            Self::Gap => "gap",
            Self::Imported => "imported",
            Self::ImportUndone => "import-undone",
            Self::IncidentClosed => "incident-closed",
            Self::IncidentOpened => "incident-opened",
            Self::KeyKept => "key-kept",
            Self::KitMade => "kit-made",
            Self::LogBroken => "log-broken",
            Self::LogRotated => "log-rotated",
            Self::Made => "made",
            Self::NotDone => "not-done",
            Self::PassClosed => "pass-closed",
            Self::PassIssued => "pass-issued",
            Self::PlanChanged => "plan-changed",
            Self::Proven => "proven",
            Self::Purged => "purged",
            Self::Rehearsed => "rehearsed",
            Self::Rekeyed => "rekeyed",
            Self::PreviousPurged => "previous-purged",
            Self::Removed => "removed",
            Self::Repaired => "repaired",
            Self::Restored => "restored",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::Rotated => "rotated",
            Self::RunbookChanged => "runbook-changed",
            Self::SandboxOff => "sandbox-off",
            Self::Saved => "saved",
            Self::Sealed => "sealed",
            Self::SealRefused => "seal-refused",
            Self::SeedShown => "seed-shown",
            Self::SettingsChanged => "settings-changed",
            Self::ShareAcknowledged => "share-acknowledged",
            Self::ShareSetMade => "share-set-made",
            Self::ShareSetReplaced => "share-set-replaced",
            Self::TakenBack => "taken-back",
            Self::TaskDone => "task-done",
            Self::Unlocked => "unlocked",
            Self::Unsealed => "unsealed",
        }
    }

    /// Reads that word; `None` for one of a newer version.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}

/// One record: who did what, when, to which entry, and why. It names entries by id, never by label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Unix seconds of the machine's clock.
    pub at: u64,
    /// What happened.
    pub event: Event,
    /// The entry it is about, as its 32 hexadecimal digits.
    pub entry: Option<String>,
    /// The operating system's name of the person.
    pub user: String,
    /// The machine's name.
    pub host: String,
    /// The way by which the vault was opened, as the eight hexadecimal digits of its slot: of the people who share a
    /// vault each has one, and it cannot be chosen freely, as the name can.
    pub way: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// The generation that a change leads to. A record with one announces the change: it is written
    /// before the vault is, and a `saved` or `not-done` record with the same number follows.
    pub generation: Option<u64>,
    /// Further facts, by name: counts, formats, ids. Never a secret.
    pub facts: Vec<(String, String)>,
}
