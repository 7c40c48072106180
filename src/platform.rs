//! What differs between systems: hardening of the process, the sandbox, the keyring, the controlling terminal,
//! the clipboard, a person's editor.
//!
//! Linux first. What another system cannot do is reported by the functions here, never pretended.

pub mod clipboard;
pub mod editor;
pub mod interrupt;
pub mod kernel_clock;
pub mod keyring;
pub mod process;
pub mod sandbox;
pub mod terminal;
