//! The binary `accrual`.

use std::process::ExitCode;

use clap::Parser;

// Many small allocations on many threads are what a server does; this one is faster at it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    accrual_server::command::run(accrual_server::command::Cli::parse())
}
