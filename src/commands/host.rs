//! `waypost host`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use waypost::diagnostic::print;
use waypost::{Mode, hosts, scaffold};

use super::{Format, Place, has_errors, looking, show, site_folder};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The host.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(hosts::NAMES))]
    host: String,
    #[command(flatten)]
    place: Place,
    /// The folder to write to, `host/NAME` in that of `book.toml` unless given.
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Write over files that are not of an earlier pack.
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let root = site_folder(&arguments.place.dir)?;
    let report = waypost::build(&looking(&root, Mode::Check))?;
    let Some(site) = report.host.as_ref().filter(|_| !has_errors(&report.diagnostics)) else {
        show(&report, &root, Format::Text, print::brief, true)?;
        return Ok(ExitCode::from(1));
    };
    let host = &arguments.host;
    let pack = hosts::pack(hosts::named(host).context("a host that there is a pack for")?, site);
    let folder = arguments.out.clone().unwrap_or_else(|| root.join("host").join(host));
    let existing = if arguments.force { scaffold::Existing::Overwrite } else { scaffold::Existing::Keep };
    let kept = scaffold::write_pack(&folder, &pack, existing)?;
    let mut err = anstream::stderr();
    for (path, _) in pack.files.iter().filter(|(path, _)| !quiet && !kept.contains(path)) {
        writeln!(err, "wrote {}", folder.join(path).display())?;
    }
    for limit in pack.limits.iter().filter(|_| !quiet) {
        writeln!(err, "not on this host ({}): {}", limit.code, limit.text)?;
    }
    anyhow::ensure!(
        kept.is_empty(),
        "`{}` exists and was not made by `waypost host`: `--force` writes over it, `--out` writes elsewhere",
        kept.join("`, `")
    );
    Ok(ExitCode::SUCCESS)
}
