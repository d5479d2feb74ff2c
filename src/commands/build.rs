//! `waypost build`.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use waypost::diagnostic::print;
use waypost::{Mode, Report, Settings, scaffold};

use super::{Format, Place, exit_code, has_errors, is_default, plural, show, site_folder};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The folder to write to, instead of the one `book.toml` names.
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the stages with their times, and the peak of memory.
    #[arg(long)]
    stats: bool,
    /// Let the new site take the place of the old one at once, so that visitors never see a part of it (Linux).
    #[arg(long)]
    atomic: bool,
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let dir = &arguments.place.dir;
    let root = match site_folder(dir) {
        Err(_) if is_default(dir) && wants_embedded()? => {
            scaffold::write(Path::new("waypost-site"))?;
            site_folder(Path::new("waypost-site"))?
        }
        root => root?,
    };
    let out = arguments.out.as_deref().map(std::path::absolute).transpose()?;
    let mode = if arguments.atomic { Mode::BuildAtOnce } else { Mode::Build };
    let started = Instant::now();
    let report = with_progress(quiet, |progress| {
        waypost::build(&Settings { root: root.clone(), out, origin: None, mode, progress })
    })?;
    show(&report, &root, arguments.format, print::brief, quiet)?;
    if !quiet {
        summarise(&report, started)?;
    }
    if arguments.stats {
        print_stats(&report)?;
    }
    Ok(exit_code(has_errors(&report.diagnostics)))
}

/// Asks, where somebody is there to ask, whether to begin with the site that comes with Waypost.
fn wants_embedded() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() || Path::new("book.toml").exists()
    {
        return Ok(false);
    }
    let question = "there is no book.toml here: write the site that comes with Waypost to waypost-site/ and build it? [y/N] ";
    write!(anstream::stderr(), "{question}")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Runs `work` with a bar on the terminal where there is one and the work is long.
fn with_progress(
    quiet: bool,
    work: impl FnOnce(Option<waypost::Progress<'_>>) -> anyhow::Result<Report>,
) -> anyhow::Result<Report> {
    if quiet || !std::io::stderr().is_terminal() {
        return work(None);
    }
    let bar = indicatif::ProgressBar::new(0);
    let style = indicatif::ProgressStyle::with_template("{bar:32} {pos}/{len} pages")
        .context("the template of the progress bar")?;
    bar.set_style(style);
    let report = work(Some(&|done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    }));
    bar.finish_and_clear();
    report
}

fn summarise(report: &Report, started: Instant) -> anyhow::Result<()> {
    let mut err = anstream::stderr();
    let Some(summary) = report.summary else {
        writeln!(err, "nothing was written")?;
        return Ok(());
    };
    writeln!(
        err,
        "{} page{}: {} files written, {} unchanged, {} removed in {:.2} s",
        report.pages,
        plural(report.pages),
        summary.written,
        summary.unchanged,
        summary.removed,
        started.elapsed().as_secs_f64()
    )?;
    Ok(())
}

fn print_stats(report: &Report) -> anyhow::Result<()> {
    let mut err = anstream::stderr();
    for (stage, time) in &report.stages {
        writeln!(err, "{stage:>12}  {:8.1} ms", time.as_secs_f64() * 1000.0)?;
    }
    if let Some(bytes) = waypost::source::peak_memory() {
        writeln!(err, "{:>12}  {:8.1} MB", "peak memory", bytes as f64 / 1e6)?;
    }
    Ok(())
}
