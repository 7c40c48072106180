//! The terminal interface with a clock and a random generator that a test steers: for `memory.py`.
//!
//! Files in the folder that `LIFEBOAT_STEER` names say what happens. While `later` is there, it is ten minutes
//! later; while `panic` is there, drawing random bytes is a defect. The shipped program has no such switch,
//! and cannot be made to panic from outside; the interface, the jobs and the allocator are its own.
#![allow(clippy::panic, clippy::print_stderr, reason = "a test program whose purpose is to panic")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use lifeboat::app::Context;
use lifeboat::app::context::{Clock, NoRandomness, Random, SystemClock, SystemRandom};
use lifeboat::cli::{self, Parsed};
use lifeboat::entry::UnixSeconds;
use lifeboat::platform::process;
use lifeboat::tui;

#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

struct Steered(PathBuf);

impl Steered {
    fn says(&self, name: &str) -> bool {
        Path::try_exists(&self.0.join(name)).unwrap_or(false)
    }
}

impl Clock for Steered {
    fn now(&self) -> UnixSeconds {
        SystemClock::default().now() + if self.says("later") { 600 } else { 0 }
    }

    fn subsecond_millis(&self) -> u32 {
        SystemClock::default().subsecond_millis()
    }
}

impl Random for Steered {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        assert!(!self.says("panic"), "a defect that the test asked for");
        SystemRandom.fill(bytes)
    }
}

fn main() -> ExitCode {
    process::harden();
    let steer = PathBuf::from(std::env::var_os("LIFEBOAT_STEER").unwrap_or_default());
    let Parsed::Run(mut cli) = cli::parse(std::env::args_os()) else {
        eprintln!("only the options of the interface are known here");
        return ExitCode::from(2);
    };
    let Ok(mut ctx) = Context::real(cli.vault()) else { return ExitCode::FAILURE };
    ctx.clock = Arc::new(Steered(steer.clone()));
    ctx.random = Arc::new(Steered(steer));
    cli.take_settings(&mut ctx);
    cli.apply_to(&mut ctx);
    cli.open_clipboard(&mut ctx);
    let options = tui::Options { key_file: cli.key_file() };
    if tui::run(ctx, &options).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
