//! The folder of `book.toml` in, the paths of its files out.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use walkdir::{DirEntry, WalkDir};

use super::FileFacts;
use crate::config::{Config, below};
use crate::diagnostic::{Diagnostic, rules};

/// Every file that a site may be made of.
pub(super) fn walk(
    root: &Path,
    config: &Config,
) -> anyhow::Result<(BTreeMap<String, FileFacts>, Vec<Diagnostic>)> {
    let mut paths = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let walk = WalkDir::new(root).follow_links(true).min_depth(1).into_iter();
    for entry in walk.filter_entry(|entry| enters(root, config, entry)) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // Links that lead nowhere or back are common; a folder of pages that cannot be read is not.
                let pages = error.path().is_some_and(|path| path.starts_with(root.join(&config.book.src)));
                let link = error.path().is_some_and(Path::is_symlink) || error.loop_ancestor().is_some();
                if link || !pages && error.depth() > 0 {
                    continue;
                }
                return Err(error).context("reading the site's folder");
            }
        };
        if !entry.file_type().is_file() {
            continue;
        }
        let Some(path) = relative(root, entry.path()) else {
            let shown = entry.path().strip_prefix(root).unwrap_or(entry.path()).display().to_string();
            let message = format!("the name of `{shown}` is not UTF-8, so no address can be made of it");
            diagnostics.push(Diagnostic::new(&rules::INVALID_TEXT, message).help("rename it"));
            continue;
        };
        let size = entry.metadata().map_or(0, |found| found.len());
        paths.insert(path, FileFacts { size });
    }
    Ok((paths, diagnostics))
}

fn enters(root: &Path, config: &Config, entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if matches!(name.as_ref(), ".git" | "node_modules" | ".DS_Store") {
        return false;
    }
    // A hidden file in a linked folder is where the link leads, whatever it is called on the way.
    if entry.path_is_symlink() || name.starts_with('.') {
        let Ok(target) = entry.path().canonicalize() else { return false };
        let Some(target) = relative(root, &target) else { return false };
        if config.hides(&target) || below(&config.build.build_dir, &target).is_some() {
            return false;
        }
    }
    let Some(path) = relative(root, entry.path()) else { return true };
    if config.hides(&path) {
        return false;
    }
    if !entry.file_type().is_dir() {
        return true;
    }
    if path == config.build.build_dir {
        return false;
    }
    // A folder of pages may well be called `target`; Cargo marks the ones it makes.
    !(name == "target" && entry.path().join("CACHEDIR.TAG").exists())
}

/// A path from the root, with `/` between its parts.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).ok()?.to_str()?;
    Some(if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() })
}
