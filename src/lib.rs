//! x
pub mod app;
pub mod audit;
pub mod cli;
pub mod custody;
pub mod entry;
pub mod envelope;
pub mod interchange;
pub mod otp;
pub mod platform;
pub mod secret;
pub mod storage;
pub mod tui;
pub mod vault;
pub mod wire;
