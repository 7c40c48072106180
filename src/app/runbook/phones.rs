//! What is known of each kind of phone: how its authenticator comes back, and what people run into.

use crate::recovery::plan::PhoneKind;

/// All kinds, in the order in which a page tells them.
pub(super) const ALL: [PhoneKind; 5] = [
    PhoneKind::IosPersonalKeychain,
    PhoneKind::IosPersonal,
    PhoneKind::IosManagedPersonalAccount,
    PhoneKind::IosManagedAccount,
    PhoneKind::Android,
];

/// What people run into with every phone.
pub(super) const OF_EVERY_PHONE: [&str; 3] = [
    "Portal sign-in after a swap asks for the second factor that was on the old phone. Register the new phone before the \
     old one is wiped, or have a temporary access pass.",
    "Duo and Microsoft Authenticator let no seed out: nothing is copied from phone to phone, each account is enrolled anew.",
    "A passkey that is bound to the phone goes with it.",
];

/// What it is, in words.
pub(super) const fn in_words(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Android => "Android phone",
        PhoneKind::IosManagedAccount => "company iPhone with a managed Apple account",
        PhoneKind::IosManagedPersonalAccount => "company iPhone with a personal Apple account",
        PhoneKind::IosPersonal => "personal iPhone without iCloud Keychain",
        PhoneKind::IosPersonalKeychain => "personal iPhone with iCloud Keychain",
    }
}

/// What people run into with this kind.
pub(super) const fn traps(kind: PhoneKind) -> &'static [&'static str] {
    match kind {
        PhoneKind::Android => &[
            "What comes back is up to each app and its own account, not to the phone's backup: expect nothing until you \
             have seen it.",
            "A work profile goes with the management, and the authenticator in it goes too.",
        ],
        PhoneKind::IosManagedAccount => &[
            "A circle at enrolment: the device cannot enrol without MFA, and the person cannot do MFA without the device.",
            "So the temporary access pass comes first, BEFORE the old phone is wiped and before the new one is set up.",
            "Set-up asks for the managed Apple account, which policy may allow from a compliant device alone, and this one \
             is not compliant yet. Whoever keeps the policy has to let enrolment through.",
        ],
        PhoneKind::IosManagedPersonalAccount => &[
            "The keychain may be blocked by policy. Then nothing is restored, whatever the person has switched on.",
            "Every new device means full re-registration, each time: take the hour for it.",
        ],
        PhoneKind::IosPersonal => &[
            "The keychain was off and nobody knew: people learn it when the phone is gone. Nothing comes back, and every \
             account is registered anew.",
        ],
        PhoneKind::IosPersonalKeychain => &[
            "The authenticator comes back only if iCloud Keychain was on before. Where it was off and nobody knew, people \
             learn it when the phone is gone: look, and take nobody's word.",
            "The restore wants the Apple account. Its own second factor must not be on the old phone alone.",
        ],
    }
}

/// What to do on the old phone while it is at hand.
pub(super) const fn on_the_old(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Android => {
            "Old phone: bring the authenticator up to date, and use its own transfer or backup where it has one."
        }
        PhoneKind::IosManagedAccount => {
            "Old phone: leave it as it is, enrolled and working, until the new one is registered. Do not wipe it first."
        }
        PhoneKind::IosManagedPersonalAccount => {
            "Old phone: ask whoever runs the management whether the keychain is blocked. If it is, nothing will come over: \
             plan to register every account anew. If not: keychain on, authenticator up to date."
        }
        PhoneKind::IosPersonal => {
            "Old phone: switch iCloud Keychain on if the person agrees, bring the authenticator up to date, and wait until \
             it is synchronised. Otherwise expect nothing to come over."
        }
        PhoneKind::IosPersonalKeychain => {
            "Old phone: see with your own eyes that iCloud Keychain is on, in Settings under the person's name; bring the \
             authenticator up to date, and switch its own backup on."
        }
    }
}

/// What to do on the new phone.
pub(super) const fn on_the_new(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Android => {
            "New phone: set it up, install the authenticator, and take over what its own transfer brings."
        }
        PhoneKind::IosManagedAccount => {
            "New phone: begin set-up, sign in to the managed Apple account with the temporary access pass when it asks, and \
             let the device enrol. Install the authenticator after that."
        }
        PhoneKind::IosManagedPersonalAccount => {
            "New phone: enrol it, sign in to the same Apple account, and install the authenticator. Expect it to be empty."
        }
        PhoneKind::IosPersonal => {
            "New phone: same Apple account, install the authenticator. Expect it to be empty."
        }
        PhoneKind::IosPersonalKeychain => {
            "New phone: same Apple account, iCloud Keychain on, install the authenticator, and wait for the restore."
        }
    }
}

/// What to do on the first phone of somebody.
pub(super) const fn on_the_first(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Android => {
            "New phone: set it up, install the authenticator, and switch on its own backup where it has one."
        }
        PhoneKind::IosManagedAccount => on_the_new(kind),
        PhoneKind::IosManagedPersonalAccount => {
            "New phone: enrol it, sign in to the person's Apple account, and install the authenticator. Ask whether policy \
             blocks the keychain, and write it into the plan: then the next phone begins empty."
        }
        PhoneKind::IosPersonal => {
            "New phone: sign in to the person's Apple account and install the authenticator. Offer to switch iCloud Keychain \
             on: without it the next phone begins empty."
        }
        PhoneKind::IosPersonalKeychain => {
            "New phone: sign in to the person's Apple account, switch iCloud Keychain on, see that it is on, and install the \
             authenticator."
        }
    }
}
