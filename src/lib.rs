//! x
pub mod entry;
pub mod otp;
pub mod secret;
pub mod vault;
