//! The JSON inside a vault and a bundle, and nothing else: domain types in, bytes out, and back.
//!
//! Two rules hold at every level. Fields that this version does not know are kept and written back,
//! so that an older Lifeboat never destroys what a newer one wrote. And an entry that cannot be
//! read is put into quarantine with its text while the others work: one bad record never locks
//! anybody out.

pub mod acknowledgement_v1;
pub mod bundle_v1;
pub mod drill_report_v1;
pub mod entry_v1;
pub mod evidence_v1;
mod items_v1;
pub mod log_v1;
pub mod pass_v1;
pub mod plan_v1;
pub mod proof_v1;
mod residue;
pub mod sealed_v1;
mod share_set_v1;
pub mod state_v1;
mod strict;
pub mod vault_v1;

pub use bundle_v1::BundlePayload;

/// The schema written, and the newest read.
pub const SCHEMA: u64 = 1;

/// Why a payload is refused as a whole. It was authenticated, so this is a defect or a newer version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// A field that everything depends on is missing or of the wrong form.
    #[error("the content is not valid: {field}")]
    Field {
        /// The field's name.
        field: &'static str,
    },
    /// An object has a key twice: another reader could see another content in the same bytes.
    #[error("the content is not valid: a key stands twice")]
    KeyTwice,
    /// The bytes are not one JSON object.
    #[error("the content is not a JSON object")]
    NotAnObject,
    /// The content was written by a newer version.
    #[error("the content has schema {found}; this program reads schemas up to {SCHEMA}")]
    NewerSchema {
        /// The schema in the file.
        found: u64,
    },
}
