//! Steps that the runbooks of devices share, in words of one page: who it is, what to use meanwhile, what to register
//! anew, what to remove, what to confirm.

use super::page::{Item, Step, Writing, upper_first};
use super::phones;
use super::situation::{Account, Situation, named, noted};
use super::typed::Typed;
use crate::app::status::count;
use crate::entry::Label;
use crate::recovery::plan::ThingKind;

/// Most commands below one step; for what is more the last one says how.
const MOST_COMMANDS: usize = 5;
/// Lines for accounts that nobody wrote down.
const ACCOUNTS_BY_HAND: usize = 4;

/// What stands above everything: the rule, and what kind of page this is.
pub(super) fn head(writing: &mut Writing, situation: &Situation<'_>, holders: &[String]) {
    rule(writing, holders);
    writing.says("Words in CAPITALS are yours to fill in. Tick a box when it is done, and not before.");
    if let Some(device) = &situation.device {
        let kinds: Vec<&str> = device.kinds.iter().map(|kind| phones::in_words(*kind)).collect();
        if !kinds.is_empty() {
            writing.says(format!("{} is a {}.", device.name, kinds.join(" and a ")));
        }
        writing.lines(device.notes.iter().cloned());
    }
    writing
        .item(Item::Fill(["Ticket", "For whom", "Done by", "Begun (date, time)"].map(str::to_owned).into()));
}

/// The key rule, and who should hold the page.
pub(super) fn rule(writing: &mut Writing, holders: &[String]) {
    writing.warns(
        "MFA is never switched off as a temporary fix. Somebody without a factor gets one for a few hours, by a pass or by \
         the helpdesk; nobody gets an account without.",
    );
    let holders = match holders {
        [] => "whoever does these steps and whoever keeps the vault".to_owned(),
        names => names.join(", "),
    };
    writing.says(format!(
        "This page holds no seed, no code, no passphrase and no share word, and it is a map for an attacker all the same: who is \
         asked, what lies where. It should be held by {holders}, locked away, and by nobody else."
    ));
}

/// Who verifies identities, as the plan has it: the people that temporary access needs, else all.
pub(super) fn verifiers(situation: &Situation<'_>) -> Vec<String> {
    let needed = situation.of_kind(ThingKind::HelpdeskAccess).flat_map(|access| {
        access.needs.iter().chain(access.ways.iter().flat_map(|way| &way.of)).collect::<Vec<_>>()
    });
    let is_person = |name: &&Label| {
        situation.thing(name.raw()).is_some_and(|thing| thing.kind == ThingKind::Person && !thing.lost)
    };
    let mut names: Vec<String> = needed.filter(is_person).map(named).collect();
    if names.is_empty() {
        let people = situation.of_kind(ThingKind::Person).filter(|person| !person.lost);
        names = people.map(|person| named(&person.name)).collect();
    }
    names.dedup();
    names
}

/// The step that is never left out.
pub(super) fn identity(writing: &mut Writing, situation: &Situation<'_>, who: &str) {
    let verifiers = verifiers(situation);
    let mut step = Step::new(format!("Verify that {who}. Do not skip it, whoever asks and however late it is."))
        .note(
            "How: call back on a number that was on file before today, or meet. Then two things that this person and you \
             know and a finder of their phone does not.",
        )
        .note(
            "A voice, a caller's number, a picture and an answer from the person's mailbox prove nothing. Whoever is in a \
             hurry is called back too.",
        );
    if situation.accounts.iter().any(|account| account.privileged) {
        step = step.note("Privileged accounts are among those below: a second person confirms who it is.");
    }
    if verifiers.is_empty() {
        writing.lacks(
            "who verifies identities, and who issues temporary access:",
            Some(Typed::new("lifeboat plan add helpdesk --kind person --note").word("\"HOW THEY VERIFY\"")),
        );
    } else {
        step = step.note(format!("By the plan this is done by: {}.", verifiers.join(", ")));
        let notes = situation
            .of_kind(ThingKind::Person)
            .filter(|person| !person.note.trim().is_empty() && verifiers.contains(&named(&person.name)));
        step = step.notes(notes.map(noted));
    }
    writing.step(step.fill(&["How it was verified", "By, when"]));
}

/// Opens the incident that keeps the list of what is left to do.
pub(super) fn incident(writing: &mut Writing, kind: &str, situation: &Situation<'_>) {
    let command = Typed::new(&format!("lifeboat incident open {kind} --device"));
    let command = match &situation.device {
        Some(device) => command.name(&device.label, "DEVICE"),
        None => command.word("DEVICE"),
    };
    writing.step(
        Step::new(
            "Open an incident in the vault: it keeps the list of what is left, and asks until nothing is.",
        )
        .types(command)
        .fill(&["Incident", "Opened (date, time)"]),
    );
}

/// The vault lay on the device: it has to be restored first.
pub(super) fn vault_was_there(writing: &mut Writing, situation: &Situation<'_>) {
    let place = situation.thing("vault file").map(|file| file.needs.is_empty() && file.ways.is_empty());
    if place.unwrap_or(true) {
        writing.lacks(
            "where the vault itself lies. Where that goes too, its bundle is restored first:",
            Some(Typed::new("lifeboat plan add").word("'vault file'").words("--kind other --needs DEVICE")),
        );
    }
    if situation.vault_is_gone() {
        let newest = situation.vault.bundles.iter().rev().find(|record| !record.selected);
        let command = Typed::new("lifeboat restore");
        writing.step(
            Step::new(format!(
                "The vault of this page lay on {} too. Restore its newest bundle on a computer that you trust, first of all:",
                situation.device_name()
            ))
            .types(match newest {
                Some(record) => command.name(&record.path, "BUNDLE"),
                None => command.word("BUNDLE"),
            })
            .fill(&["Restored by, on", "When"]),
        );
    }
}

/// The other factors that stand, and what they open.
pub(super) fn other_factors(writing: &mut Writing, situation: &Situation<'_>) {
    let name = situation.device_name();
    let (standing, none): (Vec<&Account<'_>>, Vec<&Account<'_>>) =
        situation.accounts.iter().partition(|account| !account.ways.is_empty());
    if !standing.is_empty() {
        let ticks =
            standing.iter().map(|account| format!("{}: {}", account.marked(), account.ways.join("; or ")));
        writing.step(
            Step::new(format!("First choice: another factor. These are reached without {name}:"))
                .ticks(ticks)
                .fill(&["Used", "When"]),
        );
    }
    if !none.is_empty() {
        writing.step(
            Step::new(format!(
                "No way in is left without {name} for these. They need temporary access or a pass:"
            ))
            .ticks(none.iter().map(|account| account.with_uses())),
        );
    }
    if situation.accounts.is_empty() {
        nothing_known(writing, situation);
        writing.step(
            Step::new("Write down here which accounts it is about, and which other factor each has:")
                .fill(&["Account and other factor"; ACCOUNTS_BY_HAND]),
        );
    }
}

fn nothing_known(writing: &mut Writing, situation: &Situation<'_>) {
    let name = situation.device_name();
    let device = match &situation.device {
        Some(device) => {
            Typed::new("lifeboat edit ACCOUNT --provenance copied --device").name(&device.label, "DEVICE")
        }
        None => Typed::new("lifeboat edit ACCOUNT --provenance copied --device DEVICE"),
    };
    writing.lacks(format!("which accounts use {name}. Of an entry whose seed lies there too:"), Some(device));
    writing.lacks(
        "which ways in the accounts have:",
        Some(
            Typed::new("lifeboat plan add ACCOUNT --kind account --way").word("\"PASSWORD + OTHER FACTOR\""),
        ),
    );
}

/// Temporary access by a helpdesk, and a pass of this vault.
pub(super) fn temporary_access(writing: &mut Writing, situation: &Situation<'_>, before: &str) {
    let (there, gone): (Vec<_>, Vec<_>) = situation
        .of_kind(ThingKind::HelpdeskAccess)
        .partition(|access| situation.is_there(access.name.raw()));
    let mut step = Step::new(format!("Temporary access by the identity provider's helpdesk{before}:"))
        .note("One person, single use, 1 to 4 hours, at most 8. Used at once to register new methods, and then gone.")
        .note("Handed over in person, or by a call to a number on file. Never by e-mail, nor by chat.");
    for access in &there {
        let by: Vec<String> = access.needs.iter().map(named).collect();
        let by = if by.is_empty() { String::new() } else { format!(", needs {}", by.join(", ")) };
        step = step.note(format!("{}{by}.", named(&access.name)));
        step = step.notes((!access.note.trim().is_empty()).then(|| noted(access)));
    }
    if there.is_empty() && gone.is_empty() {
        writing.lacks(
            "who can issue temporary access at the identity provider:",
            Some(
                Typed::new("lifeboat plan add")
                    .word("\"temporary access\"")
                    .words("--kind helpdesk-access --needs helpdesk"),
            ),
        );
    }
    step = step.notes(gone.iter().map(|access| {
        format!(
            "NOT TO BE HAD without {}: {}. Whoever issues it needs a factor that does not lie there.",
            situation.device_name(),
            named(&access.name)
        )
    }));
    writing.step(step.fill(&["Issued by, to", "From, until"]));
    pass(writing, situation);
}

/// The lines that issue passes, the privileged first.
fn pass(writing: &mut Writing, situation: &Situation<'_>) {
    let mut step = Step::new(
        "Or a pass of this vault: the codes of one entry for an hour, without its seed. Its words go by another way than \
         its file.",
    );
    let possible: Vec<&Account<'_>> =
        situation.accounts.iter().filter(|account| account.for_a_pass().is_ok()).collect();
    for account in possible.iter().take(MOST_COMMANDS) {
        if let Ok(entry) = account.for_a_pass() {
            step = step.types(pass_line(
                Typed::new("lifeboat pass issue").entry(situation.vault, entry),
                account.privileged,
            ));
        }
    }
    if possible.is_empty() {
        step = step.types(pass_line(Typed::new("lifeboat pass issue ACCOUNT"), false));
    }
    if let Some(n) = possible.len().checked_sub(MOST_COMMANDS).filter(|n| *n > 0) {
        step =
            step.note(format!("The same line for {} more of those above.", count(n, "account", "accounts")));
    }
    for account in &situation.accounts {
        if let Err(Some(why)) = account.for_a_pass()
            && step.notes.len() < MOST_COMMANDS
        {
            step = step.note(format!("No pass for {}: {why}.", account.name));
        }
    }
    writing.step(
        step.note("A pass cannot be taken back, but by rotating the seed.")
            .fill(&["Pass, to whom", "From, until"]),
    );
}

fn pass_line(start: Typed, privileged: bool) -> Typed {
    let line = start.words("--for 1h --to").word("\"WHO\"").words("--reason").word("\"TICKET\"");
    let line = line.words("-o pass.lifeboat");
    if privileged { line.words("--privileged-ok") } else { line }
}

/// What is registered anew: at the services, and the seeds that lay on the device.
pub(super) fn register(writing: &mut Writing, situation: &Situation<'_>, text: &str) {
    let accounts = situation.accounts.iter().map(Account::with_uses);
    let step = Step::new(text)
        .note("Privileged accounts first. Tick each when a sign-in with the new method was seen.");
    writing.step(if situation.accounts.is_empty() {
        step.fill(&["Account"; ACCOUNTS_BY_HAND])
    } else {
        step.ticks(accounts).fill(&["Done by", "When"])
    });
}

/// The seeds that were noted to lie on the device.
pub(super) fn rotate(writing: &mut Writing, situation: &Situation<'_>, why: &str) {
    let there: Vec<&Account<'_>> =
        situation.accounts.iter().filter(|account| account.seed_is_there).collect();
    if there.is_empty() {
        return;
    }
    let mut step = Step::new(format!("Replace these seeds at the service and here: {why}"))
        .ticks(there.iter().map(|account| account.marked()))
        .note("These are those of which somebody noted it. At least these.");
    for entry in there.iter().filter_map(|account| account.entry).take(MOST_COMMANDS) {
        step = step.types(Typed::new("lifeboat edit").entry(situation.vault, entry).words("--seed -"));
    }
    writing.step(step.fill(&["Done by", "When"]));
}

/// What is removed at the services.
pub(super) fn remove_methods(writing: &mut Writing, situation: &Situation<'_>, what: &str) {
    let step = Step::new(format!(
        "Remove {what} from the sign-in methods of each account, and its number too."
    ))
    .note("While it stays there, whoever holds it can use it. Look at the list of methods again afterwards.");
    writing.step(if situation.accounts.is_empty() {
        step.fill(&["Account"; ACCOUNTS_BY_HAND])
    } else {
        step.ticks(situation.accounts.iter().map(Account::marked)).fill(&["Done by", "When"])
    });
}

/// What shows that it is over; with an incident, where the device takes the place of another.
pub(super) fn confirm(writing: &mut Writing, situation: &Situation<'_>, replaces: bool) {
    writing.step(
        Step::new("The person signs in as on any day, with the new method alone, and you see it.")
            .fill(&["Seen by", "When"]),
    );
    let mut proofs =
        Step::new("For each entry that was replaced or registered anew, note that the service accepts it:");
    let entries = situation.accounts.iter().filter_map(|account| account.entry);
    for entry in entries.clone().take(MOST_COMMANDS) {
        proofs = proofs.types(Typed::new("lifeboat prove").entry(situation.vault, entry));
    }
    if entries.clone().next().is_none() {
        proofs = proofs.types(Typed::new("lifeboat prove ACCOUNT"));
    }
    writing.step(proofs);
    writing.step(
        Step::new("Temporary access and passes end: see at the identity provider that none is left, and close each pass.")
            .types(Typed::new("lifeboat pass list"))
            .types(Typed::new("lifeboat pass close ID")),
    );
    bundle(writing, situation);
    let text = if replaces {
        "Put the new device into the plan in the place of the old one, and look what a loss would take now."
    } else {
        "Put the device into the plan, with the account and its second factor, and look what a loss would take."
    };
    writing.step(
        Step::new(text).types(Typed::new("lifeboat plan edit")).types(Typed::new("lifeboat plan check")),
    );
    if replaces {
        close_incident(writing, "It is over when nothing is left, and not when it is quiet.");
    }
}

/// Ticks off what was done.
pub(super) fn close_incident(writing: &mut Writing, and: &str) {
    writing.step(
        Step::new(format!("Tick off in the incident what is done. {and}"))
            .types(Typed::new("lifeboat incident list"))
            .types(Typed::new("lifeboat incident done ID NUMBER"))
            .fill(&["Closed by", "When"]),
    );
}

/// A new bundle, as the newest one was made.
pub(super) fn bundle(writing: &mut Writing, situation: &Situation<'_>) {
    let newest = situation.vault.bundles.iter().rev().find(|record| !record.selected);
    let mut command = Typed::new("lifeboat bundle create -o BUNDLE");
    let mut step =
        Step::new("Make a new bundle where a seed was replaced, and destroy or refresh the older copies.");
    match newest {
        Some(record) => {
            if let Some(set) = record.share_set {
                command =
                    command.words("--share-set").word(crate::app::share_set::name(set).replace(' ', "-"));
            }
            step = step.note(format!("The newest now: {}.", named(&record.path)));
        }
        None => writing.lacks("any bundle: without one a lost vault is lost:", Some(command.clone())),
    }
    writing
        .step(step.types(command).types(Typed::new("lifeboat drill run BUNDLE")).fill(&["Made by", "When"]));
}

/// What people run into: of the phone's own kind, or of every kind where it is not known.
pub(super) fn traps(writing: &mut Writing, situation: &Situation<'_>) {
    if situation.is_computer() {
        return;
    }
    let kinds = situation.device.as_ref().map(|device| device.kinds.as_slice()).unwrap_or_default();
    match kinds {
        [] => {
            writing.part("What people run into, by kind of phone");
            for kind in phones::ALL {
                let of_kind = phones::traps(kind).iter().map(|trap| (*trap).to_owned());
                writing.says(format!("{}:", upper_first(phones::in_words(kind))));
                writing.lines(of_kind);
            }
            writing.says("Every phone:");
            writing.lines(phones::OF_EVERY_PHONE.iter().map(|trap| (*trap).to_owned()));
        }
        kinds => {
            writing.part("What people run into with this phone");
            let of_kinds = kinds.iter().flat_map(|kind| phones::traps(*kind));
            writing.lines(of_kinds.chain(&phones::OF_EVERY_PHONE).map(|trap| (*trap).to_owned()));
        }
    }
    if let Some(device) = situation.device.as_ref().filter(|device| device.kinds.is_empty()) {
        let add = Typed::new("lifeboat plan add").word("\"authenticator on it\"");
        let add = add.words("--kind authenticator-ios-keychain --needs").name(&device.label, "DEVICE");
        writing.lacks(format!("what kind of phone {} is; for example:", device.name), Some(add));
        if !device.in_plan {
            let add = Typed::new("lifeboat plan add").name(&device.label, "DEVICE").words("--kind device");
            writing.lacks(
                format!(
                    "the device {} itself; it comes into the plan before its authenticator:",
                    device.name
                ),
                Some(add),
            );
        }
    }
}

/// The phones of the plan, where none was named.
pub(super) fn phones_of_the_plan(writing: &mut Writing, situation: &Situation<'_>, runbook: &str) {
    if situation.device.is_some() {
        return;
    }
    let phones: Vec<_> = situation.phones().collect();
    if phones.is_empty() {
        writing.lacks(
            "any phone:",
            Some(
                Typed::new("lifeboat plan add")
                    .word("\"authenticator on PHONE\"")
                    .words("--kind authenticator-ios-keychain"),
            ),
        );
        return;
    }
    writing.part("Which phone");
    writing.says("This page holds for any of these. One of its own says less and fits better:");
    writing.lines(
        phones.iter().map(|(thing, kind)| format!("{}: {}", named(&thing.name), phones::in_words(*kind))),
    );
    let own = Typed::new(&format!("lifeboat runbook {runbook} --device"));
    let own = match phones.first() {
        Some((thing, _)) => own.name(situation.carrier(thing), "DEVICE"),
        None => own.word("DEVICE"),
    };
    writing.item(Item::Types(vec![own]));
}

/// Entries of which nobody noted where else their seeds lie.
pub(super) fn not_noted(writing: &mut Writing, situation: &Situation<'_>) {
    let n = situation.vault.entries.iter().filter(|entry| entry.provenance.is_none()).count();
    if n > 0 && !situation.for_one {
        writing.lacks(
            format!(
                "of {} whether a seed lies on another device too. Ask the person, and note it:",
                count(n, "entry", "entries")
            ),
            Some(Typed::new("lifeboat edit ACCOUNT --provenance copied --device DEVICE")),
        );
    }
}
