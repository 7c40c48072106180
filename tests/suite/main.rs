//! Everything that is tested from outside the modules, in reading order.

mod support;

mod cli_add;
mod cli_bundle;
mod cli_code;
mod cli_completions;
mod cli_credentials;
mod cli_demo;
mod cli_doctor;
mod cli_edit;
mod cli_export;
mod cli_import;
mod cli_init;
mod cli_list;
mod cli_passwd;
mod cli_prove;
mod cli_recovery_code;
mod cli_restore;
mod cli_show;
mod cli_slot;
mod cli_status;
mod cli_trash;
mod cli_usage;
mod failures;
mod no_leaks;
mod real_program;

mod man;
mod readme;
