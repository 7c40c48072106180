//! The one integration binary. Tests state behaviour; their names read as sentences.
#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a helper that panics is a test that fails; clippy.toml allows it in the tests themselves"
)]

mod read_back;
mod support;

mod architecture;
mod corpus;
mod custody_story;
mod evidence_items;
mod evidence_story;
mod export_refusals;
mod export_round_trips;
mod incident_story;
mod interop;
mod log_fixture;
mod main_job;
mod otp_second_implementation;
mod quarantine;
mod slip39_official;

mod cli_usage;

mod cli_credentials;
mod cli_init;

mod cli_add;
mod cli_code;
mod cli_edit;
mod cli_list;
mod cli_prove;
mod cli_reason;
mod cli_recovery_code;
mod cli_show;
mod cli_trash;

mod cli_export;
mod cli_export_qr;
mod cli_import;
mod cli_import_together;

mod cli_audit;
mod cli_incident;
mod cli_pass;
mod cli_passwd;
mod cli_plan;
mod cli_plan_edit;
mod cli_proof;
mod cli_rehearse;
mod cli_runbook;
mod cli_runbook_own;
mod cli_seal;
mod cli_slot;
mod cli_unlock;

mod cards;
mod cli_bundle;
mod cli_cards;
mod cli_kit;
mod cli_restore;

mod defect;
mod drill;
mod drill_due;
mod drill_quiet;
mod drill_record;

mod cli_completions;
mod cli_demo;
mod cli_doctor;
mod cli_evidence;
mod cli_evidence_items;
mod cli_evidence_redact;
mod cli_evidence_verify;
mod cli_exception;
mod cli_status;
mod cli_status_open;

mod app_entry;
mod app_plan;
mod audit_attacks;
mod clipboard;
mod clock;
mod failures;
mod no_leaks;
mod real_program;
mod sandbox;
mod settings;

mod man;
mod man_import;
mod readme;

mod faulty_disk;
mod google_export;
mod hostile_disk;
mod hostile_evidence;
mod hostile_files;
mod hostile_kit;
mod hostile_log;
mod hostile_storage;
mod hostile_text;
mod kept_state;
mod kept_storage;
mod many_writers;
mod real_storage;

mod kit_walk;
mod pass_disk;
mod pty;
mod tui_bundles;
mod tui_bytes;
mod tui_cells;
mod tui_clock;
mod tui_custodians;
mod tui_drill;
mod tui_entry;
mod tui_incidents;
mod tui_input;
mod tui_keys;
mod tui_kit;
mod tui_list;
mod tui_log;
mod tui_looks;
mod tui_passes;
mod tui_plan;
mod tui_pty;
mod tui_pty_bundles;
mod tui_pty_drill;
mod tui_pty_kit;
mod tui_pty_list;
mod tui_pty_log;
mod tui_pty_plan;
mod tui_pty_shares;
mod tui_random;
mod tui_reason;
mod tui_runbooks;
mod tui_screens;
mod tui_seal;
mod tui_shares;
mod tui_stage;
mod tui_status;
mod tui_transfer;
mod tui_uris;
