//! The three runbooks of a phone, each in the order that guidance for helpdesks has: a planned change with the old phone
//! at hand, a lost or broken phone, and the first device of a new person.

use super::page::{Step, Writing};
use super::phones;
use super::situation::Situation;
use super::steps;
use crate::recovery::plan::PhoneKind;

/// The old phone is at hand.
pub(super) fn planned_change(writing: &mut Writing, situation: &Situation<'_>) {
    let (name, word) = (situation.device_name(), situation.word());
    steps::head(writing, situation, &steps::verifiers(situation));
    steps::phones_of_the_plan(writing, situation, "planned-change");
    writing.part("Who is it");
    steps::identity(writing, situation, &format!("the person whose {word} it is asks for the change"));
    steps::incident(writing, "replaced-device", situation);

    writing.part(format!("Before anything is wiped: a way in that does not need the old {word}"));
    writing.step(Step::new(format!(
        "Keep {name} working until the last step. What cannot be undone, wiping above all, comes last."
    )));
    steps::other_factors(writing, situation);
    let before = if managed(situation) { ", issued now, BEFORE the old phone is wiped" } else { "" };
    steps::temporary_access(writing, situation, before);
    steps::traps(writing, situation);

    writing.part(format!("From the old {word} to the new one"));
    each_kind(writing, situation, phones::on_the_old, "Old phone: ");
    each_kind(writing, situation, phones::on_the_new, "New phone: ");
    steps::vault_was_there(writing, situation);
    writing.step(Step::new(format!(
        "See what came over: open the authenticator on the new {word} and sign in somewhere with it. An app that looks \
         right and a restore that was announced are not enough."
    )));
    steps::register(
        writing,
        situation,
        &format!("Register anew, on the new {word}, what did not come over:"),
    );

    writing.part(format!("Remove the old {word}"));
    steps::remove_methods(writing, situation, &format!("the old {word}"));
    writing.step(
        Step::new(format!(
            "Wipe the old {word}, take it out of the management, and take its number off where the number moved."
        ))
        .fill(&["Wiped by", "When"]),
    );
    let why = format!("they lay on the old {word}, unless you saw it wiped before it was handed on.");
    steps::rotate(writing, situation, &why);

    writing.part("Confirm");
    steps::confirm(writing, situation, true);
    steps::not_noted(writing, situation);
}

/// The phone is gone.
pub(super) fn lost_device(writing: &mut Writing, situation: &Situation<'_>) {
    let (name, word) = (situation.device_name(), situation.word());
    steps::head(writing, situation, &steps::verifiers(situation));
    steps::phones_of_the_plan(writing, situation, "lost-device");
    writing.part("Who is it");
    steps::identity(writing, situation, &format!("the person to whom {name} belongs is the one who asks"));
    steps::incident(writing, "lost-device", situation);
    writing.step(
        Step::new(format!("Lock {name} from afar, and have its number blocked at the operator."))
            .note("Stolen, or not known where: open the incident as stolen instead, and end the person's open sessions.")
            .fill(&["Locked by", "When"]),
    );

    writing.part("What to use meanwhile");
    steps::vault_was_there(writing, situation);
    steps::other_factors(writing, situation);
    let before = if managed(situation) { ", issued BEFORE the new phone is set up" } else { "" };
    steps::temporary_access(writing, situation, before);
    steps::traps(writing, situation);

    writing.part(format!("The new {word}"));
    each_kind(writing, situation, phones::on_the_new, "New phone: ");
    if situation.is_computer() {
        writing.step(Step::new(
            "New computer: this program, the vault that was restored, and a passphrase of its own. See that it opens.",
        ));
    }
    let text = format!("Sign in with what you used meanwhile, and register the new {word} at once:");
    steps::register(writing, situation, &text);

    writing.part(format!("Remove the lost {word}"));
    steps::remove_methods(writing, situation, &format!("the lost {word}"));
    steps::rotate(writing, situation, &format!("they lay on the lost {word}."));
    writing.step(
        Step::new(
            "Wipe it from afar, if it can be, and take it out of the management once the wipe is confirmed.",
        )
        .fill(&["Wiped by", "When"]),
    );

    writing.part("Confirm");
    steps::confirm(writing, situation, true);
    steps::not_noted(writing, situation);
}

/// A new person, and nothing yet.
pub(super) fn first_device(writing: &mut Writing, situation: &Situation<'_>) {
    steps::head(writing, situation, &steps::verifiers(situation));
    steps::phones_of_the_plan(writing, situation, "first-device");
    writing.part("Who is it");
    steps::identity(
        writing,
        situation,
        "this is the new person, by who hired them and a document you hold in hand",
    );
    writing.step(
        Step::new("Assign the device to the person, by its serial number, before anybody unpacks it.")
            .fill(&["Device, serial number", "Assigned by, when"]),
    );

    writing.part("Before set-up: the way in that needs no device");
    writing.says(
        "Set-up asks for a sign-in with a second factor, and there is none yet. There is always a bootstrap path that does \
         not need the thing being set up: have it in hand first.",
    );
    writing.step(
        Step::new("Has the person a factor already, such as a hardware key? Then use it, and leave out the next two steps.")
            .fill(&["Which one", "Seen by, when"]),
    );
    steps::temporary_access(writing, situation, ", issued BEFORE set-up begins");

    steps::traps(writing, situation);

    writing.part("Set-up and enrolment");
    each_kind(writing, situation, phones::on_the_first, "New phone: ");
    writing.step(Step::new(
        "When sign-in asks for a factor that is not there yet: the temporary access, or the factor of the step above. \
         Never the way round: no exception in the policy, no account without MFA.",
    ));
    steps::register(
        writing,
        situation,
        "Register the authenticator on the new device at once, while the access lasts:",
    );
    writing.step(
        Step::new("Register a second factor on something else the same day: a hardware key, or recovery codes in a safe.")
            .note("With one factor only, the next lost phone is an emergency.")
            .fill(&["Which, where it lies", "When"]),
    );

    writing.part("Confirm");
    writing.step(
        Step::new("Compliance: the policy applies from enrolment on. See that the device is compliant before you leave it.")
            .fill(&["Seen by", "When"]),
    );
    steps::confirm(writing, situation, false);
}

fn managed(situation: &Situation<'_>) -> bool {
    situation.device.as_ref().is_some_and(|device| device.kinds.contains(&PhoneKind::IosManagedAccount))
}

/// A step for the phone's kind; for each kind its own where it is not known.
fn each_kind(
    writing: &mut Writing,
    situation: &Situation<'_>,
    words: fn(PhoneKind) -> &'static str,
    start: &'static str,
) {
    let kinds = situation.device.as_ref().map(|device| device.kinds.as_slice()).unwrap_or_default();
    match kinds {
        [] if situation.is_computer() => {}
        [] => {
            let of_kind = |kind: &PhoneKind| {
                let words = words(*kind);
                format!("{}: {}", phones::in_words(*kind), words.strip_prefix(start).unwrap_or(words))
            };
            let step = Step::new(format!("{start}do what fits its kind, and tick that one:"));
            writing.step(step.ticks(phones::ALL.iter().map(of_kind)));
        }
        kinds => {
            for kind in kinds {
                writing.step(Step::new(words(*kind)));
            }
        }
    }
}
