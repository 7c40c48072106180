//! The terminal interface: model, message, update, view; effects as data; one impure file.
//!
//! ```text
//! loop {
//!     let message = runner.next();               // a key, a paste, a worker's answer, a tick
//!     for effect in update(&mut model, message)  // pure
//!         runner.perform(effect);                // the only side effects
//!     view(&model, frame);                       // pure
//! }
//! ```
//!
//! The model holds no seed, no key and no session, so any model can be printed and compared.
//! Actions name an entry by its id; row numbers never leave the view and the selection.

pub mod cells;
pub mod effect;
pub mod form;
pub mod input;
pub mod keymap;
pub mod message;
pub mod model;
pub mod rows;
mod runner;
pub mod secret_field;
pub mod theme;
pub mod update;
pub mod view;

pub use runner::{Options, run};
