//! `waypost schema`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Of what.
    #[arg(value_enum, default_value_t = Of::Book)]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// `book.toml`.
    Book,
    /// The steps of a page as data, `/page.procedure.json`.
    Procedure,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let schema = match arguments.of {
        Of::Book => waypost::config::schema(),
        Of::Procedure => waypost::procedure::schema(),
    };
    write!(anstream::stdout(), "{schema}")?;
    Ok(ExitCode::SUCCESS)
}
