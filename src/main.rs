//! The command line: parses the arguments and hands them to the sub-command.
//!
//! Exit codes: 0 clean, 1 errors in the content, 2 usage or machine.

mod commands;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Documentation sites for people and for the agents they send.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,
    /// Say nothing but errors.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Colours on the terminal.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    match commands::run(&arguments.command, arguments.quiet) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to report to when this fails too.
            drop(writeln!(anstream::stderr(), "error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output went away, as `| head` does: that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
