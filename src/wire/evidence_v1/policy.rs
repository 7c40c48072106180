//! The policy in a report.

use serde::{Deserialize, Serialize};

use super::Named;

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// SHA-256 of its file, 64 hexadecimal digits.
    pub sha256: String,
    /// Its text; null where names are pseudonyms.
    pub text: Option<String>,
    /// The sensitive applications that it names.
    pub applications: Vec<Application>,
}

/// A sensitive application, with the entries that it can be reached through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// What names its entries.
    pub query: String,
    /// The entries that fit.
    pub entries: Vec<ApplicationEntry>,
}

/// An entry of a sensitive application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationEntry {
    /// The entry.
    pub entry: Named,
    /// Opens something privileged.
    pub privileged: bool,
    /// When the service last accepted a code.
    pub proven: Option<String>,
    /// As in [`Account::newest_bundle`](super::Account::newest_bundle).
    pub newest_bundle: Option<String>,
}
