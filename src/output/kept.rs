//! What is costly to make, kept between builds in the state folder, by a name that says all that it was made from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;

/// A folder of things that were made before.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
    next: AtomicU64,
}

impl Kept {
    /// Opens the one in the state folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(state: &Path) -> anyhow::Result<Self> {
        let folder = super::make_state(state)?.join("images");
        fs::create_dir_all(&folder).with_context(|| format!("creating `{}`", folder.display()))?;
        Ok(Self { folder, next: AtomicU64::new(0) })
    }

    /// What was kept under this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(name)).ok()
    }

    /// The size of what was kept under this name.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<u64> {
        fs::metadata(self.folder.join(name)).ok().map(|facts| facts.len())
    }

    /// What was kept under this name by this build.
    ///
    /// # Errors
    /// When it is gone.
    pub fn read(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        let file = self.folder.join(name);
        fs::read(&file).with_context(|| format!("reading `{}`", file.display()))
    }

    /// Keeps something, whole or not at all.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let new = self.folder.join(format!(".{number}-{}.new", std::process::id()));
        let write = || fs::write(&new, bytes).and_then(|()| fs::rename(&new, self.folder.join(name)));
        let result = write().with_context(|| format!("writing `{}`", self.folder.join(name).display()));
        if result.is_err() {
            // It may not be there; what went wrong is in the result.
            let _ = fs::remove_file(&new);
        }
        result
    }

    /// Lets go of everything but these. What cannot be removed stays for the next build.
    pub fn retain(&self, names: &BTreeSet<String>) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        for entry in entries.filter(|entry| !names.contains(&*entry.file_name().to_string_lossy())) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
