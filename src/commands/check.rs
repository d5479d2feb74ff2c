//! `waypost check`, and `waypost check --agents`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use waypost::diagnostic::print;
use waypost::{Mode, external, scaffold, score};

use super::{Format, Place, exit_code, has_errors, looking, plural, prefix, show, site_folder};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of the command line")]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Ask the servers that pages link to, too.
    #[arg(long)]
    external: bool,
    /// Repair what can be repaired safely, in the sources.
    #[arg(long)]
    fix: bool,
    /// Print each piece of advice, where else only some of a kind are printed and the others counted.
    #[arg(long)]
    all: bool,
    /// Rate what agents will get, out of 100, with the places where points are lost.
    #[arg(long, conflicts_with_all = ["external", "fix", "all"])]
    agents: bool,
    /// With `--agents`: end with exit code 1 where the score is lower.
    #[arg(long, value_name = "N", requires = "agents", value_parser = points)]
    min_score: Option<u32>,
}

fn points(text: &str) -> Result<u32, String> {
    let read = text.parse().ok().filter(|points| *points <= 100);
    read.ok_or_else(|| "a score is a whole number from 0 to 100".to_owned())
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let root = site_folder(&arguments.place.dir)?;
    if arguments.agents {
        return rate(&root, arguments.format, arguments.min_score, quiet);
    }
    let settings = looking(&root, Mode::Check);
    let mut report = waypost::build(&settings)?;
    if arguments.fix {
        let repaired = scaffold::apply_fixes(&root, &report)?;
        if !quiet {
            writeln!(anstream::stderr(), "repaired {repaired} file{}", plural(repaired))?;
        }
        report = waypost::build(&settings)?;
    }
    if arguments.external {
        report.diagnostics.extend(external::check(&report.external_links));
    }
    let print = if arguments.all { print::text } else { print::brief };
    show(&report, &root, arguments.format, print, quiet)?;
    if !quiet && report.diagnostics.is_empty() {
        writeln!(anstream::stderr(), "{} page{}, nothing to say", report.pages, plural(report.pages))?;
    }
    Ok(exit_code(has_errors(&report.diagnostics)))
}

/// Rates the site for agents: the table or the data on standard output, errors where there is no score.
fn rate(root: &Path, format: Format, min_score: Option<u32>, quiet: bool) -> anyhow::Result<ExitCode> {
    let report = waypost::build(&looking(root, Mode::Rate))?;
    let (files, prefix) = (&report.files, prefix(root));
    let Some(score) = &report.score else {
        show(&report, root, format, print::brief, quiet)?;
        writeln!(anstream::stderr(), "a site with errors has no score: repair them first")?;
        return Ok(ExitCode::FAILURE);
    };
    match format {
        Format::Text => write!(anstream::stdout(), "{}", score::text(score, files, &prefix))?,
        Format::Json => write!(anstream::stdout(), "{}", score::json(score, files, &prefix))?,
        Format::Sarif | Format::Github => anyhow::bail!("a score is printed as `text` or `json`"),
    }
    let low = min_score.filter(|least| score.whole() < *least);
    if let Some(least) = low {
        writeln!(anstream::stderr(), "the score is below {least}")?;
    }
    Ok(exit_code(low.is_some() || has_errors(&report.diagnostics)))
}
