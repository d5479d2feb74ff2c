//! A commit that no visitor can see half of: a whole new folder, put in the place of the old one at once.
//!
//! The new folder is made beside the old one out of hard links, so it costs names and no bytes; the changes are
//! made in it; then the two change places by one system call. What others put into the old folder is linked too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::journal::Journal;
use super::{Places, STAGE_INSIDE, exists, remove_folder, write_manifest};

/// The folder in which the new site is put together: beside the output folder, on the same file system.
pub(super) fn beside(dir: &Path) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    dir.with_file_name(format!(".{name}.waypost-next"))
}

/// Makes the new site in a folder of its own and lets it change places with the old one.
pub(super) fn commit(
    places: &Places,
    old: &BTreeSet<String>,
    renames: Vec<(u64, String)>,
    removals: Vec<String>,
    manifest: &BTreeSet<String>,
) -> anyhow::Result<()> {
    let next = beside(&places.dir);
    remove_folder(&next)?;
    link(&places.dir, &next).with_context(|| format!("linking `{}`", next.display()))?;
    let inside = Places { dir: next.clone(), ..places.clone() };
    let journal = Journal::plan(&inside, old, renames, removals, manifest.clone())?;
    for step in journal.steps() {
        step.take(&inside).with_context(|| format!("writing `{}`", next.display()))?;
    }
    // A kill between the two manifests leaves one that knows the files of both sites as ours.
    write_manifest(places, &old.union(manifest).cloned().collect())?;
    swap(&next, &places.dir).with_context(|| format!("exchanging `{}`", places.dir.display()))?;
    write_manifest(places, manifest)?;
    drop(journal);
    remove_folder(&next)?;
    remove_folder(&places.stage)
}

/// Makes `to` a folder with the same files as `from`, the stage left out.
fn link(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    if !exists(from) {
        return Ok(());
    }
    let walk = walkdir::WalkDir::new(from).min_depth(1).into_iter();
    for entry in walk.filter_entry(|entry| entry.file_name() != STAGE_INSIDE) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir(&target)?;
        } else {
            // A link in the file system is linked as what it is, not as what it leads to.
            fs::hard_link(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn swap(next: &Path, dir: &Path) -> anyhow::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    if exists(dir) {
        renameat_with(CWD, next, CWD, dir, RenameFlags::EXCHANGE)?;
    } else {
        fs::rename(next, dir)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn swap(next: &Path, dir: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(!exists(dir), "only Linux can exchange two folders at once: build without `--atomic`");
    Ok(fs::rename(next, dir)?)
}
