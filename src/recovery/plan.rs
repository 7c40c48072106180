//! The recovery plan: what each account can be reached through, and what that depends on in turn.
//!
//! A plan is a list of things. A thing is there when it is not lost, when all that it [needs](Thing::needs) is there,
//! and when at least one of its ways in is open; a thing without ways in is simply there. What depends on itself alone
//! is not there: a circle opens nothing. `graph.rs` holds the plan in numbers, `standing.rs` says what is there after
//! losses, `search.rs` loses things one by one and together, `why.rs` puts the result into words.

mod graph;
mod search;
mod standing;
mod way;
mod why;

pub use graph::{Graph, PlanError};
pub use search::{LossFinding, Searched, search, search_while};
pub use standing::Standing;
pub use way::{NotNames, names_of, names_written};
pub use why::{Reason, Step, Why, bootstrap, why};

use crate::entry::Label;

/// Most things that a person's plan has. Five hundred are an organisation; more are a mistake.
pub const MOST_THINGS: usize = 2_000;
/// Most things of a plan together with what a vault knows by itself.
pub const MOST_TOLD_AND_KNOWN: usize = 4_000;
/// Most ways in of one thing.
pub const MOST_WAYS: usize = 64;
/// Most things that one way in needs together, and most places, people and other things that a thing needs always.
pub const MOST_TOGETHER: usize = 64;
/// Longest name of a thing, in bytes.
pub const LONGEST_NAME: usize = 200;

/// What each account can be reached through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The things, in the order they were written down.
    pub things: Vec<Thing>,
    /// Losses that have a name of their own.
    pub scenarios: Vec<Scenario>,
}

/// Something that can be lost, or be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its name, which no other thing of the plan has.
    pub name: Label,
    /// What it is.
    pub kind: ThingKind,
    /// What must be there too, always: the place where it lies, the person who holds it.
    pub needs: Vec<Label>,
    /// The ways in: one of them is enough. Without any it is simply there.
    pub ways: Vec<Way>,
    /// Opens something privileged.
    pub privileged: bool,
    /// It is lost today.
    pub lost: bool,
    /// Free text.
    pub note: String,
}

impl Thing {
    /// A thing that is simply there.
    pub fn new(name: impl Into<String>, kind: ThingKind) -> Self {
        Self {
            name: Label::new(name),
            kind,
            needs: Vec::new(),
            ways: Vec::new(),
            privileged: false,
            lost: false,
            note: String::new(),
        }
    }
}

/// Things that open something when enough of them are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Their names.
    pub of: Vec<Label>,
    /// How many of them are enough, for a quorum; all of them otherwise.
    pub at_least: Option<u8>,
}

/// A set of losses with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its name.
    pub name: Label,
    /// What is lost in it.
    pub lose: Vec<Label>,
}

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ThingKind {
    /// An account of a service: what people want to get into.
    Account,
    /// An authenticator app on a phone whose system says how, and whether, it comes back on the next one.
    Authenticator(PhoneKind),
    /// A bundle of this vault.
    Bundle,
    /// A code that an entry of a vault makes.
    Code,
    /// A phone, a laptop, a tablet.
    Device,
    /// A hardware key (FIDO2, smart card).
    HardwareKey,
    /// Temporary access that a helpdesk issues.
    HelpdeskAccess,
    /// An identity provider.
    IdentityProvider,
    /// A network: the internet, a company's own.
    Network,
    /// Something else.
    Other,
    /// A passkey.
    Passkey,
    /// A password or passphrase.
    Password,
    /// A person.
    Person,
    /// A place: an office, a home, a safe, a bag.
    Place,
    /// One-time recovery codes of a service.
    RecoveryCodes,
    /// A service that something is kept in: a cloud drive, a password manager.
    Service,
    /// One custodian's share.
    Share,
    /// A quorum of shares.
    ShareSet,
    /// Codes by SMS or telephone.
    Sms,
    /// A vault of this program.
    Vault,
}

/// How a phone stands to the one who carries it, which decides whether its authenticator comes back on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PhoneKind {
    /// Android.
    Android,
    /// An iPhone under management with a managed Apple account: the device cannot enrol without the second factor.
    IosManagedAccount,
    /// An iPhone under management with a personal Apple account: the keychain may be blocked.
    IosManagedPersonalAccount,
    /// A personal iPhone without iCloud Keychain: the authenticator does not come back.
    IosPersonal,
    /// A personal iPhone with iCloud Keychain.
    IosPersonalKeychain,
}

impl ThingKind {
    /// Every kind, by its name.
    pub const ALL: [Self; 24] = [
        Self::Account,
        Self::Authenticator(PhoneKind::Android),
        Self::Authenticator(PhoneKind::IosManagedAccount),
        Self::Authenticator(PhoneKind::IosManagedPersonalAccount),
        Self::Authenticator(PhoneKind::IosPersonal),
        Self::Authenticator(PhoneKind::IosPersonalKeychain),
        Self::Bundle,
        Self::Code,
        Self::Device,
        Self::HardwareKey,
        Self::HelpdeskAccess,
        Self::IdentityProvider,
        Self::Network,
        Self::Other,
        Self::Passkey,
        Self::Password,
        Self::Person,
        Self::Place,
        Self::RecoveryCodes,
        Self::Service,
        Self::Share,
        Self::ShareSet,
        Self::Sms,
        Self::Vault,
    ];

    /// The name in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Authenticator(PhoneKind::Android) => "authenticator-android",
            Self::Authenticator(PhoneKind::IosManagedAccount) => "authenticator-ios-managed",
            Self::Authenticator(PhoneKind::IosManagedPersonalAccount) => "authenticator-ios-managed-personal",
            Self::Authenticator(PhoneKind::IosPersonal) => "authenticator-ios",
            Self::Authenticator(PhoneKind::IosPersonalKeychain) => "authenticator-ios-keychain",
            Self::Bundle => "bundle",
            Self::Code => "code",
            Self::Device => "device",
            Self::HardwareKey => "hardware-key",
            Self::HelpdeskAccess => "helpdesk-access",
            Self::IdentityProvider => "identity-provider",
            Self::Network => "network",
            Self::Other => "other",
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Person => "person",
            Self::Place => "place",
            Self::RecoveryCodes => "recovery-codes",
            Self::Service => "service",
            Self::Share => "share",
            Self::ShareSet => "share-set",
            Self::Sms => "sms",
            Self::Vault => "vault",
        }
    }

    /// Reads that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether it is a second factor of its own; a vault is one through its codes.
    pub const fn is_factor(self) -> bool {
        self.resists_phishing()
            || matches!(
                self,
                Self::Authenticator(_)
                    | Self::Code
                    | Self::HelpdeskAccess
                    | Self::RecoveryCodes
                    | Self::Sms
                    | Self::Vault
            )
    }

    /// Tells whether it is a factor that a false site cannot pass on.
    pub const fn resists_phishing(self) -> bool {
        matches!(self, Self::HardwareKey | Self::Passkey)
    }
}

#[cfg(test)]
mod tests;
