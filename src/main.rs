//! The command line: arguments in, one call into the library, what it says out, an exit code.
//!
//! Exit codes: 0 clean, 1 errors in the content, 2 usage or machine.

use std::io::{IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};
use waypost::diagnostic::print::{self, Style};
use waypost::diagnostic::{Diagnostic, Files, Severity, rules};
use waypost::scaffold::lock;
use waypost::theme::eject;
use waypost::{Mode, Report, Settings, external, hosts, mcp, scaffold, score, serve};

/// Documentation sites for people and for the agents they send.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Say nothing but errors.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Colours on the terminal.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the site.
    Build {
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
    },
    /// Find every mistake and write nothing.
    Check {
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
        #[arg(long, value_name = "N", requires = "agents", value_parser = clap::value_parser!(u32).range(..=100))]
        min_score: Option<u32>,
    },
    /// Show the site in a browser, and again after each change.
    Serve {
        #[command(flatten)]
        place: Place,
        /// The port; the next free one where it is taken and none is named.
        #[arg(long, short)]
        port: Option<u16>,
        /// The address to listen on.
        #[arg(long, default_value = "127.0.0.1")]
        host: IpAddr,
        /// Open a browser.
        #[arg(long)]
        open: bool,
        /// Build once and serve that as a host would, with what caches may keep.
        #[arg(long)]
        no_watch: bool,
        /// Answer agents that ask for a missing page with 200 instead of 404: some of them discard what comes with 404.
        #[arg(long)]
        soft_404: bool,
    },
    /// Write the rules that make a host serve the site: both forms of each page, types, caching, redirects, 404s.
    Host {
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
    },
    /// Note in `urls.lock` which pages there are and what changed; feeds of changes are made from it.
    Lock {
        #[command(flatten)]
        place: Place,
        /// Write nothing; end with 1 where the file is not up to date.
        #[arg(long)]
        check: bool,
        /// An address that is gone for good, without a redirect; `/guides/*` for all below one.
        #[arg(long, value_name = "ADDRESS")]
        removed: Vec<String>,
        /// The day of the changes, as `2026-11-25`; today in UTC unless given.
        #[arg(long, value_name = "DAY")]
        date: Option<jiff::civil::Date>,
        /// How findings are printed.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Answer agents about the site, by the Model Context Protocol: on the standard streams, or over HTTP.
    Mcp {
        /// The folder of `book.toml`, or one that holds a built site.
        #[arg(default_value = ".")]
        dir: PathBuf,
        /// Answer over HTTP at `/mcp`, on this address.
        #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:3333")]
        http: Option<SocketAddr>,
        /// A name, with or without a port, that clients may reach the server by, beside this machine's own.
        #[arg(long, value_name = "HOST", requires = "http")]
        allow_host: Vec<String>,
    },
    /// Begin a site: the guides and pages that come with Waypost, to change or replace.
    New {
        /// A folder that does not exist, or is empty.
        dir: PathBuf,
    },
    /// Say what a finding means and what to do about it.
    Explain {
        /// The code in brackets of a message, such as `broken-link`; without one, all codes.
        code: Option<String>,
    },
    /// Print a JSON Schema.
    Schema {
        /// Of what.
        #[arg(value_enum, default_value_t = SchemaOf::Book)]
        of: SchemaOf,
    },
    /// Copy files of the built-in theme into the site, to change them; and see how they differ.
    Theme {
        #[command(subcommand)]
        command: ThemeCommand,
    },
}

#[derive(Debug, Subcommand)]
enum ThemeCommand {
    /// Print the files that a site's own theme can replace; `*` stands before those that it does.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Copy a built-in file into the site's own theme; make that theme and set it in `book.toml` where there is none.
    Eject {
        /// A template (`footer`), a component (`Card`: both its templates), a piece or folder of the assets
        /// (`70-code.css`, `theme.css`), an icon (`rocket`), `words.toml`, or a path as `waypost theme list` prints it.
        template: String,
        #[command(flatten)]
        place: Place,
        /// The name of the new theme, where `book.toml` names none.
        #[arg(long, default_value = "mine")]
        name: String,
        /// Write over the files that are there.
        #[arg(long)]
        force: bool,
    },
    /// Print how the site's files differ from the built-in ones of this program.
    Diff {
        /// As for `waypost theme eject`; without one, everything the site's theme replaces.
        template: Option<String>,
        /// The folder of `book.toml`.
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Place {
    /// The folder of `book.toml`.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SchemaOf {
    /// `book.toml`.
    Book,
    /// The steps of a page as data, `/page.procedure.json`.
    Procedure,
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

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    match run(&arguments) {
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

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Build { place, out, format, stats, atomic } => {
            let root = match site_folder(&place.dir) {
                Err(_) if is_default(&place.dir) && wants_embedded()? => {
                    scaffold::write(Path::new("waypost-site"))?;
                    site_folder(Path::new("waypost-site"))?
                }
                root => root?,
            };
            let out = out.as_deref().map(std::path::absolute).transpose()?;
            let started = Instant::now();
            let report = with_progress(arguments.quiet, |progress| {
                waypost::build(&Settings {
                    root: root.clone(),
                    out,
                    origin: None,
                    mode: if *atomic { Mode::BuildAtOnce } else { Mode::Build },
                    progress,
                })
            })?;
            show(&report, &root, *format, print::brief, arguments.quiet)?;
            if !arguments.quiet {
                summarise(&report, started)?;
            }
            if *stats {
                print_stats(&report)?;
            }
            Ok(exit_code(&report.diagnostics))
        }
        Command::Check { place, format, agents: true, min_score, .. } => {
            rate(&site_folder(&place.dir)?, *format, *min_score, arguments.quiet)
        }
        Command::Check { place, format, external, fix, all, .. } => {
            let root = site_folder(&place.dir)?;
            let settings =
                |root: PathBuf| Settings { root, out: None, origin: None, mode: Mode::Check, progress: None };
            let mut report = waypost::build(&settings(root.clone()))?;
            if *fix {
                let repaired = scaffold::apply_fixes(&root, &report)?;
                if !arguments.quiet {
                    writeln!(anstream::stderr(), "repaired {repaired} file{}", plural(repaired))?;
                }
                report = waypost::build(&settings(root.clone()))?;
            }
            if *external {
                report.diagnostics.extend(external::check(&report.external_links));
            }
            let print = if *all { print::text } else { print::brief };
            show(&report, &root, *format, print, arguments.quiet)?;
            if !arguments.quiet && report.diagnostics.is_empty() {
                writeln!(
                    anstream::stderr(),
                    "{} page{}, nothing to say",
                    report.pages,
                    plural(report.pages)
                )?;
            }
            Ok(exit_code(&report.diagnostics))
        }
        Command::Serve { place, port, host, open, no_watch, soft_404 } => {
            let folder = match site_folder(&place.dir) {
                Ok(folder) => serve::Folder::Site(folder),
                Err(_) if is_default(&place.dir) => serve::Folder::Embedded,
                Err(error) => return Err(error),
            };
            serve::run(&serve::Options {
                folder,
                port: *port,
                host: *host,
                open: *open,
                quiet: arguments.quiet,
                changes: if *no_watch { serve::Changes::Ignore } else { serve::Changes::Watch },
                soft_404: *soft_404,
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Host { host, place, out, force } => {
            let root = site_folder(&place.dir)?;
            let settings =
                Settings { root: root.clone(), out: None, origin: None, mode: Mode::Check, progress: None };
            let report = waypost::build(&settings)?;
            let Some(site) =
                report.host.as_ref().filter(|_| exit_code(&report.diagnostics) == ExitCode::SUCCESS)
            else {
                show(&report, &root, Format::Text, print::brief, true)?;
                return Ok(ExitCode::from(1));
            };
            let pack = hosts::pack(hosts::named(host).context("a host that there is a pack for")?, site);
            let folder = out.clone().unwrap_or_else(|| root.join("host").join(host));
            let existing = if *force { scaffold::Existing::Overwrite } else { scaffold::Existing::Keep };
            let kept = scaffold::write_pack(&folder, &pack, existing)?;
            let mut err = anstream::stderr();
            for (path, _) in pack.files.iter().filter(|(path, _)| !arguments.quiet && !kept.contains(path)) {
                writeln!(err, "wrote {}", folder.join(path).display())?;
            }
            for limit in pack.limits.iter().filter(|_| !arguments.quiet) {
                writeln!(err, "not on this host ({}): {}", limit.code, limit.text)?;
            }
            anyhow::ensure!(
                kept.is_empty(),
                "`{}` exists and was not made by `waypost host`: `--force` writes over it, `--out` writes elsewhere",
                kept.join("`, `")
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Lock { place, check, removed, date, format } => {
            let root = site_folder(&place.dir)?;
            let options = lock::Options { check: *check, removed: removed.clone(), date: *date };
            let locked = lock::run(&root, &options)?;
            show(&locked.report, &root, *format, print::brief, arguments.quiet)?;
            if !arguments.quiet {
                write!(anstream::stderr(), "{}", locked.summary())?;
            }
            Ok(ExitCode::from(u8::from(locked.failed())))
        }
        Command::Mcp { dir, http, allow_host } => {
            let source = match site_folder(dir) {
                Ok(root) => mcp::Source::Site(root),
                Err(_) if dir.is_dir() => mcp::Source::Built(dir.clone()),
                Err(error) => return Err(error),
            };
            mcp::run(&mcp::Options {
                source,
                http: *http,
                hosts: allow_host.clone(),
                quiet: arguments.quiet,
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::New { dir } => {
            let count = scaffold::write(dir)?;
            let shown = dir.display();
            writeln!(
                anstream::stderr(),
                "wrote {count} files to {shown}\n\n  waypost serve {shown}    shows the site\n  waypost check {shown}    finds mistakes\n  waypost build {shown}    writes it"
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Explain { code } => explain(code.as_deref()),
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Book => waypost::config::schema(),
                SchemaOf::Procedure => waypost::procedure::schema(),
            };
            write!(anstream::stdout(), "{schema}")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Theme { command } => theme(command, arguments.quiet),
    }
}

fn theme(command: &ThemeCommand, quiet: bool) -> anyhow::Result<ExitCode> {
    match command {
        ThemeCommand::List { place } => {
            let own = match site_folder(&place.dir) {
                Ok(root) => scaffold::own_theme(&root)?,
                // The built-in theme can be looked at without a site.
                Err(_) if is_default(&place.dir) => Vec::new(),
                Err(error) => return Err(error),
            };
            let mut out = anstream::stdout();
            for path in eject::files() {
                let sign = if own.iter().any(|(replaced, _)| *replaced == path) { '*' } else { ' ' };
                writeln!(out, "{sign} {path}")?;
            }
        }
        ThemeCommand::Eject { template, place, name, force } => {
            let root = site_folder(&place.dir)?;
            let paths = theme_files(template)?;
            let existing = if *force { scaffold::Existing::Overwrite } else { scaffold::Existing::Keep };
            let ejected = scaffold::eject(&root, &paths, name, existing)?;
            let mut err = anstream::stderr();
            for path in ejected.written.iter().filter(|_| !quiet) {
                writeln!(err, "wrote {}{path}", prefix(&root))?;
            }
            if ejected.set && !quiet {
                writeln!(err, "set the theme in {}book.toml", prefix(&root))?;
            }
            if let Some(theme) = &ejected.to_set {
                writeln!(
                    err,
                    "add these lines to {}book.toml:\n\n  [theme]\n  name = \"{theme}\"",
                    prefix(&root)
                )?;
            }
            if !ejected.kept.is_empty() {
                let kept = ejected.kept.join("`, `");
                anyhow::bail!(
                    "`{kept}` exists and is left as it is: `--force` writes it anew, `waypost theme diff` shows what you changed"
                );
            }
        }
        ThemeCommand::Diff { template, dir } => {
            let root = site_folder(dir)?;
            let paths = match template {
                Some(template) => theme_files(template)?,
                None => scaffold::own_theme(&root)?.into_iter().map(|(path, _)| path).collect(),
            };
            let mut found = Vec::new();
            for path in &paths {
                found.extend(scaffold::theme_difference(&root, path)?);
            }
            anyhow::ensure!(
                !found.is_empty(),
                "the site's theme replaces nothing of this: `waypost theme list` marks with `*` what it replaces"
            );
            write!(anstream::stdout(), "{}", found.concat())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The files of the built-in theme that a name means.
fn theme_files(name: &str) -> anyhow::Result<Vec<String>> {
    eject::named(name).map_err(|near| {
        let help = match &near[..] {
            [] => "`waypost theme list` prints all".to_owned(),
            near => format!("did you mean `{}`?", near.join("`, `")),
        };
        anyhow::anyhow!("the built-in theme has nothing called `{name}`: {help}")
    })
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

/// Rates the site for agents: the table or the data on standard output, errors where there is no score.
fn rate(root: &Path, format: Format, min_score: Option<u32>, quiet: bool) -> anyhow::Result<ExitCode> {
    let root = root.to_owned();
    let settings = Settings { root: root.clone(), out: None, origin: None, mode: Mode::Rate, progress: None };
    let report = waypost::build(&settings)?;
    let (files, prefix) = (&report.files, prefix(&root));
    let Some(score) = &report.score else {
        show(&report, &root, format, print::brief, quiet)?;
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
    let failed = low.is_some() || report.diagnostics.iter().any(|found| found.severity == Severity::Error);
    Ok(ExitCode::from(u8::from(failed)))
}

/// A form of findings for people.
type Print = fn(&[Diagnostic], &Files, &str, Style) -> String;

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

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
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

fn exit_code(diagnostics: &[Diagnostic]) -> ExitCode {
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    ExitCode::from(u8::from(failed))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

fn explain(code: Option<&str>) -> anyhow::Result<ExitCode> {
    let mut out = anstream::stdout();
    let Some(code) = code else {
        for rule in rules::ALL {
            writeln!(out, "{:24} {:8} {}", rule.code, severity(rule.severity), rule.title)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(rule) = rules::find(code) else {
        let near = waypost::diagnostic::nearest(code, rules::ALL.iter().map(|rule| rule.code));
        let help = near.map_or_else(
            || "`waypost explain` lists all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        anyhow::bail!("no finding has the code `{code}`: {help}");
    };
    write!(out, "{}", scaffold::explanation(rule))?;
    Ok(ExitCode::SUCCESS)
}
