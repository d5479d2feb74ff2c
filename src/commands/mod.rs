//! The sub-commands, a file each: its arguments, one call into the library, what it says out, an exit code. Here stands
//! what several of them share: the folder of a site, and how findings are printed.

mod build;
mod check;
mod serve;
mod host;
mod lock;
mod mcp;
mod new;
mod explain;
mod schema;
mod theme;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use waypost::diagnostic::print::{self, Style};
use waypost::diagnostic::{Diagnostic, Files, Severity};
use waypost::{Mode, Report, Settings};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the site.
    Build(build::Arguments),
    /// Find every mistake and write nothing.
    Check(check::Arguments),
    /// Show the site in a browser, and again after each change.
    Serve(serve::Arguments),
    /// Write the rules that make a host serve the site: both forms of each page, types, caching, redirects, 404s.
    Host(host::Arguments),
    /// Note in `urls.lock` which pages there are and what changed; feeds of changes are made from it.
    Lock(lock::Arguments),
    /// Answer agents about the site, by the Model Context Protocol: on the standard streams, or over HTTP.
    Mcp(mcp::Arguments),
    /// Begin a site: the guides and pages that come with Waypost, to change or replace.
    New(new::Arguments),
    /// Say what a finding means and what to do about it.
    Explain(explain::Arguments),
    /// Print a JSON Schema.
    Schema(schema::Arguments),
    /// Copy files of the built-in theme into the site, to change them; and see how they differ.
    Theme(theme::Arguments),
}

/// Runs a sub-command; `quiet` leaves out what is not an error.
pub(crate) fn run(command: &Command, quiet: bool) -> anyhow::Result<ExitCode> {
    match command {
        Command::Build(arguments) => build::run(arguments, quiet),
        Command::Check(arguments) => check::run(arguments, quiet),
        Command::Serve(arguments) => serve::run(arguments, quiet),
        Command::Host(arguments) => host::run(arguments, quiet),
        Command::Lock(arguments) => lock::run(arguments, quiet),
        Command::Mcp(arguments) => mcp::run(arguments, quiet),
        Command::New(arguments) => new::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Theme(arguments) => theme::run(arguments, quiet),
    }
}

#[derive(Debug, Args)]
struct Place {
    /// The folder of `book.toml`.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One object a line.
    Json,
    /// SARIF 2.1.0, for code hosts.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

/// Whether no folder was named: some commands then do without a site.
fn is_default(dir: &Path) -> bool {
    dir == Path::new(".")
}

/// The folder of `book.toml`, absolute.
fn site_folder(dir: &Path) -> anyhow::Result<PathBuf> {
    let dir = if dir.ends_with("book.toml") { dir.parent().unwrap_or(Path::new(".")) } else { dir };
    let folder = std::path::absolute(dir).with_context(|| format!("reading {}", dir.display()))?;
    anyhow::ensure!(
        folder.join("book.toml").is_file(),
        "there is no book.toml in {}: `waypost new DIR` begins a site with one, and `waypost serve` in a folder without one shows the site that comes with Waypost",
        dir.display()
    );
    Ok(folder)
}

/// Settings for a site that is only looked at.
fn looking(root: &Path, mode: Mode) -> Settings<'static> {
    Settings { root: root.to_owned(), out: None, origin: None, mode, progress: None }
}

/// A form of findings for people.
type Print = fn(&[Diagnostic], &Files, &str, Style) -> String;

/// Prints the findings of a report, all or errors alone.
fn show(report: &Report, root: &Path, format: Format, print: Print, quiet: bool) -> anyhow::Result<()> {
    let shown: Vec<Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| !quiet || diagnostic.severity == Severity::Error)
        .cloned()
        .collect();
    let (files, prefix) = (&report.files, prefix(root));
    let written = match format {
        // The stream takes the colours out again where they are not wanted.
        Format::Text => write!(anstream::stderr(), "{}", print(&shown, files, &prefix, Style::Colored)),
        Format::Json => write!(anstream::stdout(), "{}", print::json(&shown, files, &prefix)),
        Format::Sarif => write!(anstream::stdout(), "{}", print::sarif(&shown, files, &prefix)),
        Format::Github => write!(anstream::stdout(), "{}", print::github(&shown, files, &prefix)),
    };
    match written {
        // Who reads the findings may stop (`| head`); the exit code still says what was found.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// The way from the current folder to the site's, to be put before the paths in messages.
fn prefix(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match root.strip_prefix(&here) {
        Ok(below) if below.as_os_str().is_empty() => String::new(),
        Ok(below) => format!("{}/", below.display()),
        Err(_) => format!("{}/", root.display()),
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

fn exit_code(failed: bool) -> ExitCode {
    ExitCode::from(u8::from(failed))
}
