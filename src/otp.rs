//! One-time codes: RFC 4226, RFC 6238 and Steam's variant.
//!
//! Everything here is arithmetic. No clock is read and no entry is known, so a code for any past or
//! future second can be computed and tested.

pub mod code;
pub mod params;
pub mod seed;

pub use code::{Code, STEAM_CHARACTERS, TimeStep, TimedCode, hotp, steam, totp};
pub use params::{Algorithm, Digits, Otp, Period};
pub use seed::{Seed, SeedError, Strength};
