//! Finished bytes in, files out: writes what changed, removes what it once wrote. The other edge of the world.
//!
//! Nothing is visible until [`Output::commit`]: changed files are staged beside the site, a journal lists the
//! renames, and an interrupted commit is finished or undone by the next [`open`]. A file is always the old or
//! the new one, whole. Files we did not write are never touched.

use std::path::Path;

/// An output folder, staged and not yet committed. Staging may happen from several threads.
#[derive(Debug)]
pub struct Output {}

/// What a commit did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files created or changed.
    pub written: usize,
    /// Files that were the same already.
    pub unchanged: usize,
    /// Files of an earlier build that are no longer made.
    pub removed: usize,
}

/// Opens the output folder at `dir`, finishing or undoing an interrupted commit first. `state` is the folder for
/// staging, journal and manifest, on the same file system (`.waypost` beside `book.toml`).
///
/// # Errors
/// When a folder cannot be made or read, or another build holds the lock.
pub fn open(_dir: &Path, _state: &Path) -> anyhow::Result<Output> {
    unimplemented!()
}

impl Output {
    /// Stages a file, by its path below the output folder with `/` between its parts.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stage(&self, _path: &str, _bytes: &[u8]) -> anyhow::Result<()> {
        unimplemented!()
    }

    /// Adds to the end of a file that is staged piece by piece (`llms-full.txt`).
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn append(&self, _path: &str, _bytes: &[u8]) -> anyhow::Result<()> {
        unimplemented!()
    }

    /// Makes the folder hold exactly what was staged, and whatever others put there.
    ///
    /// # Errors
    /// When the disk refuses: the folder then still holds the old site, or the next [`open`] finishes the new one.
    pub fn commit(self) -> anyhow::Result<Summary> {
        unimplemented!()
    }

    /// Forgets what was staged: the folder stays as it was.
    ///
    /// # Errors
    /// When the staging folder cannot be removed.
    pub fn discard(self) -> anyhow::Result<()> {
        unimplemented!()
    }
}
