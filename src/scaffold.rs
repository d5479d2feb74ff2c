//! The site that is inside the binary: written out for `waypost new`, served where there is no `book.toml`, and
//! asked by `waypost explain`. Also writes what `waypost check --fix` repairs, and copies of the built-in theme's files
//! for `waypost theme eject`; in [`lock`] what `waypost lock` writes. An edge of the world.

pub mod lock;

use std::path::{Path, PathBuf};

use anyhow::Context;
use include_dir::{Dir, DirEntry, include_dir};

use crate::Report;
use crate::config::{self, Config};
use crate::diagnostic::{FileId, Rule, fix};
use crate::hosts::Pack;
use crate::source;
use crate::theme::eject;

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");
static BOOK_TOML: &str = include_str!("../book.toml");

/// Writes the embedded site to `dir` and counts the files.
///
/// # Errors
/// When the folder holds anything, or the disk refuses.
#[expect(clippy::disallowed_methods, reason = "writes the files of a new site")]
pub fn write(dir: &Path) -> anyhow::Result<usize> {
    let shown = dir.display();
    anyhow::ensure!(!dir.is_file(), "{shown} is a file: name a folder that does not exist yet");
    let occupied =
        dir.exists() && std::fs::read_dir(dir).with_context(|| format!("reading {shown}"))?.next().is_some();
    anyhow::ensure!(
        !occupied || !dir.join("book.toml").exists(),
        "{shown} holds a site already, and nothing was written: `waypost serve {shown}` shows it; name a folder that does not exist yet for a new one"
    );
    anyhow::ensure!(
        !occupied,
        "{shown} is not empty, and nothing was written: name a folder that does not exist yet, such as {}",
        dir.join("docs").display()
    );
    let mut count = 0;
    let mut put = |path: &Path, bytes: &[u8]| {
        let path = dir.join(path);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        count += 1;
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
    };
    put(Path::new("book.toml"), BOOK_TOML.as_bytes())?;
    put(Path::new(".gitignore"), b"/book\n/host\n/.waypost\n")?;
    for (path, bytes) in files(&CONTENT) {
        put(&Path::new("content").join(path), bytes)?;
    }
    Ok(count)
}

fn files<'a>(dir: &'a Dir<'a>) -> Vec<(&'a Path, &'a [u8])> {
    dir.entries()
        .iter()
        .flat_map(|entry| match entry {
            DirEntry::Dir(dir) => files(dir),
            DirEntry::File(file) => vec![(file.path(), file.contents())],
        })
        .collect()
}

/// The page that explains a rule, as Markdown without its header.
#[must_use]
pub fn explanation(rule: &Rule) -> String {
    let path = format!("waypost/diagnostics/{}.md", rule.code);
    let page = CONTENT.get_file(&path).and_then(|file| file.contents_utf8()).unwrap_or_default();
    let body =
        page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(page, |(_, body)| body);
    format!("{}: {}\n\n{}\n", rule.code, rule.title, body.trim())
}

/// Writes the edits of `report`'s findings into the sources and counts the files.
///
/// # Errors
/// When a file cannot be written.
pub fn apply_fixes(root: &Path, report: &Report) -> anyhow::Result<usize> {
    let (edited, _) = fix::apply(&report.files, &report.diagnostics);
    for (file, text) in &edited {
        source::rewrite(root, &report.files.get(*file).path, text)?;
    }
    Ok(edited.len())
}

/// What became of copying files of the built-in theme into a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ejected {
    /// The files that were written, by path from the folder of `book.toml`.
    pub written: Vec<String>,
    /// Those that were there before and were left alone.
    pub kept: Vec<String>,
    /// Whether `[theme] name` was written into `book.toml`.
    pub set: bool,
    /// The name of the theme that the site would have to set itself, where its `book.toml` could not be changed in place.
    pub to_set: Option<String>,
}

/// The files of a site's own theme, by their path in it, and where each stands from the folder of `book.toml`.
///
/// # Errors
/// When `book.toml` cannot be read.
pub fn own_theme(root: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let (config, _) = book(root)?;
    let below = |path: String| {
        let place = Path::new("themes").join(&config.theme.name).join(&path);
        root.join(&place).is_file().then_some((path, place))
    };
    Ok(eject::files().into_iter().filter_map(below).collect())
}

/// Copies files of the built-in theme (by their paths in it) into the site's own theme: the one that `book.toml` names,
/// or a new one called `name`, which is then set there. What is there already stays, unless `overwrite`.
///
/// # Errors
/// When `book.toml` cannot be read or a file cannot be written.
#[expect(clippy::disallowed_methods, reason = "writes the files of a theme")]
pub fn eject(root: &Path, paths: &[String], name: &str, existing: Existing) -> anyhow::Result<Ejected> {
    let (config, text) = book(root)?;
    let is_new = config.theme.name == "default";
    let theme = if is_new { name } else { &config.theme.name };
    let is_folder = !theme.is_empty()
        && theme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && theme != "default";
    anyhow::ensure!(is_folder, "`{theme}` cannot be the name of a theme: use letters, digits, `-` and `_`");
    let mut ejected = Ejected::default();
    for path in paths {
        let shown = format!("themes/{theme}/{path}");
        let place = root.join(&shown);
        if place.exists() && existing == Existing::Keep {
            ejected.kept.push(shown);
            continue;
        }
        let bytes = eject::copy(path).with_context(|| format!("the built-in theme has no `{path}`"))?;
        let folder = place.parent().unwrap_or(root);
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        std::fs::write(&place, bytes).with_context(|| format!("writing {}", place.display()))?;
        ejected.written.push(shown);
    }
    if is_new && !ejected.written.is_empty() {
        match config::with_theme(&text, theme) {
            Some(changed) => {
                source::rewrite(root, "book.toml", &changed)?;
                ejected.set = true;
            }
            None => ejected.to_set = Some(theme.to_owned()),
        }
    }
    Ok(ejected)
}

/// What happens to files that are in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They stay.
    Keep,
    /// They are written anew.
    Overwrite,
}

/// What says in each file of a pack that it may be made anew.
const MADE: &str = "made by `waypost host";

/// Writes the files of a pack below `folder`. Those that are there already, differ and are not of an earlier pack stay;
/// their paths are given back.
///
/// # Errors
/// When a file cannot be read or written.
#[expect(clippy::disallowed_methods, reason = "writes what the author asked for")]
pub fn write_pack(folder: &Path, pack: &Pack, existing: Existing) -> anyhow::Result<Vec<String>> {
    let mut kept = Vec::new();
    for (path, text) in &pack.files {
        let target = folder.join(path);
        let old = match std::fs::read(&target) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(error).with_context(|| format!("reading {}", target.display()));
            }
        };
        let is_ours = |old: &String| old == text || old.contains(MADE) || path.contains("waypost");
        if existing == Existing::Keep && old.as_ref().is_some_and(|old| !is_ours(old)) {
            kept.push(path.clone());
            continue;
        }
        let parent = target.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        std::fs::write(&target, text).with_context(|| format!("writing {}", target.display()))?;
    }
    Ok(kept)
}

/// How the site's copy of a file of the built-in theme differs from the one in this program; nothing where the site has
/// none, or it is not text.
///
/// # Errors
/// When a file cannot be read.
#[expect(clippy::disallowed_methods, reason = "reads the files of a theme")]
pub fn theme_difference(root: &Path, path: &str) -> anyhow::Result<Option<String>> {
    let (config, _) = book(root)?;
    let shown = format!("themes/{}/{path}", config.theme.name);
    let place = root.join(&shown);
    if !place.is_file() {
        return Ok(None);
    }
    let own = std::fs::read(&place).with_context(|| format!("reading {}", place.display()))?;
    Ok(eject::difference(path, &shown, &own))
}

fn book(root: &Path) -> anyhow::Result<(Config, String)> {
    let text = source::book_toml(root)?;
    Ok((config::parse(FileId(0), &text).0, text))
}
