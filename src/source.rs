//! The folder of `book.toml` in, [`Sources`] out: finds and reads every input file. One edge of the world.
//!
//! Every path in it is relative to the folder of `book.toml`, with `/` between its parts. Nothing outside that
//! folder is read, whatever a page, a link in the file system or a setting says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, FileId, Files, Span};

/// Every input of a build.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The folder of `book.toml`, canonical.
    pub root: PathBuf,
    /// Every text that was read.
    pub files: Files,
    /// Every file below the folder, but for what is built, hidden or installed (`.git`, `node_modules`, `target`
    /// and the build folder).
    pub paths: BTreeMap<String, FileFacts>,
    /// Every Markdown file of the pages' folder (partials too), and those that were imported from elsewhere.
    pub texts: BTreeMap<String, SourceText>,
    /// `_category_.{json,yml,yaml}` by the folder they stand in.
    pub categories: BTreeMap<String, (FileId, Arc<str>)>,
    /// `SUMMARY.md`.
    pub summary: Option<(FileId, Arc<str>)>,
    /// Files of the site's own themes: theme name, path in it, bytes.
    pub themes: BTreeMap<String, BTreeMap<String, Arc<[u8]>>>,
    /// The date of the last commit of each file, as `YYYY-MM-DD`; empty without git and in shallow clones.
    pub dates: BTreeMap<String, String>,
}

/// A Markdown file.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// Which file it is.
    pub file: FileId,
    /// The text to parse: variables and includes in place, BOM gone.
    pub text: Arc<str>,
}

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its size in bytes.
    pub size: u64,
}

/// Reads everything that a build of the site at `root` needs. `files` holds `book.toml` already.
///
/// # Errors
/// When the folder cannot be read.
pub fn read(_root: &Path, _config: &Config, _files: Files) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    unimplemented!()
}

impl Sources {
    /// Reads further Markdown files (imported partials from outside the pages' folder) by path; those that do not exist
    /// or lie outside are left out, the caller reports them.
    pub fn read_more(&mut self, _config: &Config, _wanted: &[(String, Span)]) -> Vec<Diagnostic> {
        unimplemented!()
    }

    /// The bytes of a file that is copied.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn bytes(&self, _path: &str) -> anyhow::Result<Vec<u8>> {
        unimplemented!()
    }
}
