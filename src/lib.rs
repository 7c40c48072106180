//! x
pub mod entry;
pub mod envelope;
pub mod otp;
pub mod secret;
pub mod vault;
pub mod wire;
