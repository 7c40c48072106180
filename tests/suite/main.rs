//! Everything that is tested from outside the modules, in reading order.

mod support;

mod main_job;
mod quarantine;
mod tui_keys;
mod tui_random;
mod tui_screens;
mod tui_stage;
