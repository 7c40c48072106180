//! Chooses the face: a command, or the terminal interface when there is none.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use lifeboat::app::Context;
use lifeboat::cli::{self, Cli, Parsed};
use lifeboat::defect;
use lifeboat::platform::{clipboard, editor, keyring, process};
use lifeboat::tui;

/// Wipes every block of memory that is freed: keys, seeds, decoded payloads and Argon2's blocks.
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    defect::tell_the_place_alone(|| {});
    process::harden();
    let status = run();
    // Until the last thread has ended, somebody could still read the memory.
    process::wipe_stack();
    status
}

/// Kept out of `main`, so that the stack that it used lies below and can be wiped.
#[inline(never)]
fn run() -> ExitCode {
    // `unlock` has the program itself read the key back from a second process.
    if let Some(answer) = keyring::answer(std::env::args_os()) {
        return cli::io::print_and_exit(&answer, 0);
    }
    // What copies through a program of the system has the program itself start that one.
    if clipboard::served(std::env::args_os()) {
        return ExitCode::SUCCESS;
    }
    // `plan edit` has it start the editor.
    if editor::served(std::env::args_os()) {
        return ExitCode::SUCCESS;
    }
    let mut cli = match cli::parse(std::env::args_os()) {
        Parsed::Run(cli) => cli,
        Parsed::Print(text) => return cli::io::print_and_exit(&text, 0),
        Parsed::Usage(text) => return cli::io::print_and_exit(&text, 2),
    };
    let mut io = cli::io::Standard::new();
    let terminals = io::stdin().is_terminal() && io::stdout().is_terminal();
    ExitCode::from(match Context::real(cli.vault()) {
        Err(failure) => cli::fail(&cli, &failure, &mut io.lend()),
        Ok(mut ctx) => {
            cli.take_settings(&mut ctx);
            // Home and paths are known by now, and here the kernel's keyring is looked into: afterwards the kernel
            // refuses it. For `unlock` and `lock` it stays open.
            cli.apply_to(&mut ctx);
            cli.open_clipboard(&mut ctx);
            match cli.open_editor(&mut ctx).and_then(|()| cli.close_sandbox(&mut ctx)) {
                Err(failure) => cli::fail(&cli, &failure, &mut io.lend()),
                Ok(()) if cli.wants_interface() && terminals => interface(&cli, ctx, &mut io),
                Ok(()) => cli::run(&cli, &mut ctx, &mut io.lend()),
            }
        }
    })
}

fn interface(cli: &Cli, ctx: Context, io: &mut cli::io::Standard) -> u8 {
    match tui::run(ctx, &tui::Options { key_file: cli.key_file() }) {
        Ok(()) => 0,
        Err(failure) => cli::fail(cli, &failure, &mut io.lend()),
    }
}
