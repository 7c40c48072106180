//! What people hold: shares of a recovery secret, and the words that they and generated passphrases are made of.
//!
//! A recovery secret of 128 bits is split into shares of twenty words ([`split()`]), of which a quorum brings it back
//! ([`combine()`], [`Collected`]). The scheme is SLIP-0039, so that other programs can do the same: [`slip39`] has the
//! standard, the rest is what Lifeboat makes of it. Pure: random bytes come in as arguments, and what a recovery secret
//! opens is not known here.

mod collected;
mod combine;
pub mod gf256;
mod quorum;
pub mod rs1024;
mod set_id;
mod share;
pub mod slip39;
mod split;
mod typed;
pub mod words;

pub use self::collected::{Added, Collected, Expected, Ready, Unfit};
pub use self::combine::{CombineError, combine};
pub use self::quorum::{Quorum, QuorumError};
pub use self::set_id::SetId;
pub use self::share::{Fingerprint, Foreign, Likely, Share, ShareError, Suggestion};
pub use self::split::{SECRET_BYTES, SplitError, split};
pub use self::typed::{Candidates, Progress, progress};
