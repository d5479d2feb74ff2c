//! `waypost lock`.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use waypost::diagnostic::print;
use waypost::scaffold::lock;

use super::{Format, Place, exit_code, show, site_folder};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Write nothing; end with 1 where the file is not up to date.
    #[arg(long)]
    check: bool,
    /// An address that is gone for good, without a redirect; `/guides/*` for all below one.
    #[arg(long, value_name = "ADDRESS")]
    removed: Vec<String>,
    /// The day of the changes, as `2026-11-25`; today in UTC unless given.
    #[arg(long, value_name = "DAY", value_parser = day)]
    date: Option<jiff::civil::Date>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A day in the form of `urls.lock`, and in no other that could be read in two ways.
fn day(text: &str) -> Result<jiff::civil::Date, String> {
    let is_day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let read = text.parse().ok().filter(|_| is_day);
    read.ok_or_else(|| {
        "a day is written as year, month and day with all their digits: `2026-01-31`".to_owned()
    })
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let root = site_folder(&arguments.place.dir)?;
    let options =
        lock::Options { check: arguments.check, removed: arguments.removed.clone(), date: arguments.date };
    let locked = lock::run(&root, &options)?;
    show(&locked.report, &root, arguments.format, print::brief, quiet)?;
    if !quiet {
        write!(anstream::stderr(), "{}", locked.summary())?;
    }
    Ok(exit_code(locked.failed()))
}
