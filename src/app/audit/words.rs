//! What the words of the log mean.

use super::super::log;
use crate::audit::Event;

/// What happened, by its word in the log, in a few words.
pub fn in_words(event: &str) -> &'static str {
    match Event::parse(event) {
        Some(event) => of(event),
        None if event == log::FAILED_UNLOCK => "what was given to open the vault did not open it",
        None => "something that this version of Lifeboat has no words for",
    }
}

fn of(event: Event) -> &'static str {
    match event {
        Event::Added => "an entry was added",
        Event::Absorbed => "lines in clear were taken into the chain",
        Event::BundleMade => "a bundle was made",
        Event::BundleVerified => "a bundle was opened to check it",
        Event::ClockCorrected => "the clock was corrected for codes, for one run",
        Event::ClockStepped => "the clock was stepped while the vault was open",
        Event::CodeShown => "a code was shown or copied",
        Event::DrillRecorded => "a drill on another machine was brought home",
        Event::Drilled => "a restore was rehearsed",
        Event::Edited => "an entry was changed",
        Event::EvidenceMade => "a report for auditors was made",
        Event::ExceptionAdded => "an exception was added",
        Event::ExceptionEnded => "an exception was ended",
        Event::Exported => "entries were written for another program",
        Event::Gap => "records could not be written for a while",
        Event::Imported => "entries came from another program's file",
        Event::ImportUndone => "the last import was taken back",
        Event::IncidentClosed => "an incident was closed",
        Event::IncidentOpened => "an incident was opened",
        Event::KeyKept => "the vault's key was put into the kernel's keyring",
        Event::KitMade => "a kit for a custodian was made",
        Event::LogBroken => "the log did not hold what the vault knew of it",
        Event::LogRotated => "the log goes on in a new file",
        Event::Made => "the vault was made",
        Event::NotDone => "a change that was announced never reached the disk",
        Event::PassClosed => "a pass was closed",
        Event::PassIssued => "a pass was issued",
        Event::PlanChanged => "the recovery plan was changed",
        Event::Proven => "the service accepted a code",
        Event::Purged => "entries were destroyed for good",
        Event::Rehearsed => "a passphrase was typed from memory, or a share was checked",
        Event::Rekeyed => "the ways of opening were changed",
        Event::PreviousPurged => "previous generations were destroyed",
        Event::Removed => "an entry was moved to the trash",
        Event::Repaired => "a torn last line was closed off",
        Event::Restored => "a bundle was restored, or a previous generation put back",
        Event::RecoveryCodeUsed => "a recovery code was handed out",
        Event::Rotated => "a seed was replaced by another",
        Event::RunbookChanged => "a person's own runbook was changed",
        Event::Saved => "a change that was announced has reached the disk",
        Event::SandboxOff => "the vault was opened with the sandbox switched off",
        Event::Sealed => "an entry's seed was sealed once more",
        Event::SealRefused => "what was given did not open a sealed entry",
        Event::SeedShown => "a seed was shown",
        Event::SettingsChanged => "a setting was changed",
        Event::ShareAcknowledged => "a custodian's acknowledgement was brought home",
        Event::ShareSetMade => "a share set was made",
        Event::ShareSetReplaced => "another share set took the place of one",
        Event::TakenBack => "an entry was taken out of the trash",
        Event::TaskDone => "something to do of an incident was done",
        Event::Unlocked => "the vault was opened",
        Event::Unsealed => "the seal of an entry was taken away",
    }
}
