//! `waypost theme list`, `eject` and `diff`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use waypost::scaffold;
use waypost::theme::eject;

use super::{Place, is_default, prefix, site_folder};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the files that a site's own theme can replace; `*` stands before those that it does.
    List(Place),
    /// Copy a built-in file into the site's own theme; make that theme and set it in `book.toml` where there is none.
    Eject(Eject),
    /// Print how the site's files differ from the built-in ones of this program.
    Diff {
        /// As for `waypost theme eject`; without one, everything the site's theme replaces.
        template: Option<String>,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
struct Eject {
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
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::List(place) => list(&place.dir)?,
        Command::Eject(arguments) => eject(arguments, quiet)?,
        Command::Diff { template, place } => diff(template.as_deref(), &place.dir)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(dir: &Path) -> anyhow::Result<()> {
    let own = match site_folder(dir) {
        Ok(root) => scaffold::own_theme(&root)?,
        // The built-in theme can be looked at without a site.
        Err(_) if is_default(dir) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut out = anstream::stdout();
    for path in eject::files() {
        let sign = if own.iter().any(|(replaced, _)| *replaced == path) { '*' } else { ' ' };
        writeln!(out, "{sign} {path}")?;
    }
    Ok(())
}

fn eject(arguments: &Eject, quiet: bool) -> anyhow::Result<()> {
    let root = site_folder(&arguments.place.dir)?;
    let paths = files(&arguments.template)?;
    let existing = if arguments.force { scaffold::Existing::Overwrite } else { scaffold::Existing::Keep };
    let ejected = scaffold::eject(&root, &paths, &arguments.name, existing)?;
    let mut err = anstream::stderr();
    for path in ejected.written.iter().filter(|_| !quiet) {
        writeln!(err, "wrote {}{path}", prefix(&root))?;
    }
    if ejected.set && !quiet {
        writeln!(err, "set the theme in {}book.toml", prefix(&root))?;
    }
    if let Some(theme) = &ejected.to_set {
        let book = prefix(&root);
        writeln!(err, "add these lines to {book}book.toml:\n\n  [theme]\n  name = \"{theme}\"")?;
    }
    anyhow::ensure!(
        ejected.kept.is_empty(),
        "`{}` exists and is left as it is: `--force` writes it anew, `waypost theme diff` shows what you changed",
        ejected.kept.join("`, `")
    );
    Ok(())
}

fn diff(template: Option<&str>, dir: &Path) -> anyhow::Result<()> {
    let root = site_folder(dir)?;
    let paths = match template {
        Some(template) => files(template)?,
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
    Ok(())
}

/// The files of the built-in theme that a name means.
fn files(name: &str) -> anyhow::Result<Vec<String>> {
    eject::named(name).map_err(|near| {
        let help = match &near[..] {
            [] => "`waypost theme list` prints all".to_owned(),
            near => format!("did you mean `{}`?", near.join("`, `")),
        };
        anyhow::anyhow!("the built-in theme has nothing called `{name}`: {help}")
    })
}
