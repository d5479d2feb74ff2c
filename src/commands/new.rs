//! `waypost new`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use waypost::scaffold;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A folder that does not exist, or is empty.
    dir: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let count = scaffold::write(&arguments.dir)?;
    let shown = arguments.dir.display();
    writeln!(
        anstream::stderr(),
        "wrote {count} files to {shown}\n\n  waypost serve {shown}    shows the site\n  waypost check {shown}    finds mistakes\n  waypost build {shown}    writes it"
    )?;
    Ok(ExitCode::SUCCESS)
}
