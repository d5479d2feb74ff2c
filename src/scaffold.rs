//! The site that is inside the binary: written out for `waypost new`, served where there is no `book.toml`, and
//! asked by `waypost explain`. Also writes what `waypost check --fix` repairs. An edge of the world.

use std::path::Path;

use anyhow::Context;
use include_dir::{Dir, DirEntry, include_dir};

use crate::Report;
use crate::diagnostic::{Rule, fix};
use crate::source;

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content");
static BOOK_TOML: &str = include_str!("../book.toml");

/// Writes the embedded site to `dir` and counts the files.
///
/// # Errors
/// When the folder holds anything, or the disk refuses.
#[expect(clippy::disallowed_methods, reason = "writes the files of a new site")]
pub fn write(dir: &Path) -> anyhow::Result<usize> {
    let occupied = dir.exists() && std::fs::read_dir(dir)?.next().is_some();
    anyhow::ensure!(!occupied, "{} is not empty: name a folder that does not exist", dir.display());
    let mut count = 0;
    let mut put = |path: &Path, bytes: &[u8]| {
        let path = dir.join(path);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        count += 1;
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
    };
    put(Path::new("book.toml"), BOOK_TOML.as_bytes())?;
    put(Path::new(".gitignore"), b"/book\n/.waypost\n")?;
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
