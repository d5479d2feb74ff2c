//! What a commit will do, written down before it does it.
//!
//! In: the staged files and what an earlier build wrote. Out: a [`Journal`] that can be carried out again from
//! the start however far it got, because a rename whose source is gone and a removal of what is gone are done.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::{
    Places, STAGE_INSIDE, exists, is_file, read_manifest, remove_folder, write_manifest, write_whole,
};

/// The changes that make the new site of the old one, in this order.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Journal {
    /// Whether the stage is in the output folder.
    stage_inside: bool,
    /// Old files that stand where the new site has folders, or in what is a file there.
    clear: Vec<String>,
    /// Staged files by number, and where they go: what pages use before the pages.
    renames: Vec<(u64, String)>,
    /// Old files that the new site has no more.
    removals: Vec<String>,
    /// All files of the new site.
    manifest: BTreeSet<String>,
    /// Folders made for the new site, to take back if it is not begun.
    #[serde(skip)]
    made: Made,
}

impl Journal {
    /// Looks for everything that could stop a commit halfway, and refuses before anything is changed.
    pub(super) fn plan(
        places: &Places,
        old: &BTreeSet<String>,
        mut renames: Vec<(u64, String)>,
        mut removals: Vec<String>,
        manifest: BTreeSet<String>,
    ) -> anyhow::Result<Self> {
        for path in &manifest {
            let mut above = path.match_indices('/').map(|(slash, _)| &path[..slash]);
            if let Some(above) = above.find(|above| manifest.contains(*above)) {
                bail!("`{above}` would be a file and, for `{path}`, a folder");
            }
        }
        let stale: BTreeSet<&str> = removals.iter().map(String::as_str).collect();
        let mut clear = BTreeSet::new();
        let mut foreign = BTreeSet::new();
        for (_, path) in &renames {
            look(places, path, old, &stale, &mut clear, &mut foreign);
        }
        if let Some(first) = foreign.first() {
            let others = match foreign.len() - 1 {
                0 => String::new(),
                count => format!(", and {count} more"),
            };
            bail!(
                "`{}` is in the way and was not written by Waypost{others}: move it away, set another `build-dir`, \
                 or delete `{}` if all of it was built",
                places.dir.join(first).display(),
                places.dir.display()
            );
        }
        let parents = |paths: Vec<&String>| -> BTreeSet<PathBuf> {
            paths.into_iter().filter_map(|path| Path::new(path).parent()).map(Path::to_owned).collect()
        };
        let filled = parents(renames.iter().map(|(_, path)| path).collect());
        for folder in filled.union(&parents(removals.iter().collect())) {
            let folder = existing(&places.dir.join(folder));
            if !writable(&folder) {
                bail!("`{}` cannot be written to", folder.display());
            }
        }
        // Now rather than later: a full disk must be met before the first file changes.
        let mut made = Made::default();
        for folder in &filled {
            if !folder.ancestors().any(|folder| folder.to_str().is_some_and(|folder| clear.contains(folder)))
            {
                made.folder(&places.dir.join(folder))?;
            }
        }
        renames.sort_by(|(_, a), (_, b)| (rank(a), a).cmp(&(rank(b), b)));
        removals.retain(|path| !clear.contains(path));
        let stage_inside = places.stage == places.dir.join(STAGE_INSIDE);
        Ok(Self { stage_inside, clear: clear.into_iter().collect(), renames, removals, manifest, made })
    }

    /// Writes the journal, after what it names is safely on the disk.
    pub(super) fn write(&mut self, places: &Places) -> anyhow::Result<()> {
        settle(places, &self.renames).with_context(|| format!("writing `{}`", places.stage.display()))?;
        let text = serde_json::to_vec(self).expect("a journal has string keys only");
        write_whole(&places.journal(), &text)?;
        self.made.folders.clear();
        Ok(())
    }

    /// Carries the journal out and forgets it.
    pub(super) fn finish(&self, places: &Places) -> anyhow::Result<()> {
        for step in self.steps() {
            step.take(places).with_context(|| {
                format!("changing `{}`; the next build finishes this", places.dir.join(step.path()).display())
            })?;
        }
        close(places, &self.manifest)
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let clear = self.clear.iter().map(|path| Step::Remove(path));
        let renames = self.renames.iter().map(|(number, path)| Step::Rename(*number, path));
        clear.chain(renames).chain(self.removals.iter().map(|path| Step::Remove(path)))
    }
}

/// Folders that were made, removed again unless they are kept.
#[derive(Debug, Default)]
struct Made {
    folders: Vec<PathBuf>,
}

impl Made {
    fn folder(&mut self, folder: &Path) -> anyhow::Result<()> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !exists(folder)).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).with_context(|| format!("creating `{}`", folder.display()))?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in self.folders.iter().rev() {
            // It fails where somebody put something into it meanwhile, which then stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Finishes the commit that a journal tells of, if there is one. What still cannot be done is left: the build
/// that follows meets it again and says so, and until then the manifest keeps both sites' files as ours.
pub(super) fn recover(places: &Places) -> anyhow::Result<()> {
    let bytes = match fs::read(places.journal()) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("reading `{}`", places.journal().display())),
    };
    let journal: Journal = serde_json::from_slice(&bytes).with_context(|| {
        format!("reading `{}`: remove it if another version of Waypost wrote it", places.journal().display())
    })?;
    let stage = if journal.stage_inside { places.dir.join(STAGE_INSIDE) } else { places.state.join("stage") };
    let places = Places { stage, ..places.clone() };
    let old = read_manifest(&places)?;
    for step in journal.steps() {
        let _ = step.take(&places);
    }
    let left = old.into_iter().filter(|path| is_file(&places.target(path)));
    let manifest = journal.manifest.iter().cloned().chain(left).collect();
    close(&places, &manifest)
}

/// The new site is whole: writes what is ours now, and forgets the journal and its stage.
fn close(places: &Places, manifest: &BTreeSet<String>) -> anyhow::Result<()> {
    write_manifest(places, manifest)?;
    fs::remove_file(places.journal())
        .with_context(|| format!("removing `{}`", places.journal().display()))?;
    remove_folder(&places.stage)
}

/// One change to the output folder.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Remove(&'a str),
    Rename(u64, &'a str),
}

impl<'a> Step<'a> {
    fn path(self) -> &'a str {
        match self {
            Step::Remove(path) | Step::Rename(_, path) => path,
        }
    }

    pub(super) fn take(self, places: &Places) -> io::Result<()> {
        match self {
            Step::Remove(path) => remove(places, path),
            Step::Rename(number, path) => rename(places, number, path),
        }
    }
}

fn remove(places: &Places, path: &str) -> io::Result<()> {
    if !real_folders(places, path)? {
        return Ok(());
    }
    match fs::remove_file(places.target(path)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // Somebody made it a folder since: it is theirs.
        Err(_) if places.target(path).is_dir() => {}
        Err(error) => return Err(error),
    }
    for folder in Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        // Fails where something is left in it, and then the ones above are not empty either.
        if fs::remove_dir(places.dir.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}

fn rename(places: &Places, number: u64, path: &str) -> io::Result<()> {
    let (from, to) = (places.staged(number), places.target(path));
    let moved = fs::rename(&from, &to).or_else(|error| {
        if !exists(&from) {
            return Ok(());
        }
        // Seldom needed, so looked for only after a failure: a folder that is missing, or one that was emptied.
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        if to.is_dir() {
            fs::remove_dir(&to)?;
        }
        if error.kind() == io::ErrorKind::CrossesDevices {
            return copy_over(&from, &to, number);
        }
        fs::rename(&from, &to)
    });
    match moved {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(&from, &to, number),
        moved => moved,
    }
}

/// What a rename does, onto another file system: a folder of the output may be one.
fn copy_over(from: &Path, to: &Path, number: u64) -> io::Result<()> {
    let beside = to.with_file_name(format!("{STAGE_INSIDE}-{number}"));
    fs::copy(from, &beside)?;
    File::options().write(true).open(&beside)?.sync_all()?;
    fs::rename(&beside, to)?;
    fs::remove_file(from)
}

/// Whether the folders above `path` are folders, not links to elsewhere; some may be missing.
fn real_folders(places: &Places, path: &str) -> io::Result<bool> {
    for folder in Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        match fs::symlink_metadata(places.dir.join(folder)) {
            Ok(found) if !found.is_dir() => return Ok(false),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Notes what must be cleared for a file at `path`, and what is in its way that is not ours.
fn look(
    places: &Places,
    path: &str,
    old: &BTreeSet<String>,
    stale: &BTreeSet<&str>,
    clear: &mut BTreeSet<String>,
    foreign: &mut BTreeSet<String>,
) {
    let mut stands = |path: &str, ours: bool| {
        if !ours {
            foreign.insert(path.to_owned());
        }
    };
    for (slash, _) in path.match_indices('/') {
        let folder = &path[..slash];
        match fs::symlink_metadata(places.target(folder)) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                stands(folder, stale.contains(folder));
                clear.insert(folder.to_owned());
                return;
            }
            // Nor is there anything below it.
            Err(_) => return,
        }
    }
    match fs::symlink_metadata(places.target(path)) {
        Ok(found) if found.is_dir() => {
            for inner in walkdir::WalkDir::new(places.target(path)).into_iter().flatten() {
                if inner.file_type().is_dir() {
                    continue;
                }
                let inner = inner.path().strip_prefix(&places.dir).expect("it was walked to from there");
                let inner: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
                let inner = inner.join("/");
                stands(&inner, stale.contains(inner.as_str()));
                clear.insert(inner);
            }
        }
        Ok(_) => stands(path, old.contains(path)),
        Err(_) => {}
    }
}

/// Pages after what they load, indexes after the pages: a reader between two renames meets no page whose
/// style sheet is missing.
fn rank(path: &str) -> u8 {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html" | "md") => 1,
        Some("txt" | "xml") => 2,
        _ => 0,
    }
}

/// The deepest folder on the way to `path` that exists.
fn existing(path: &Path) -> PathBuf {
    path.ancestors().find(|folder| folder.is_dir()).unwrap_or(path).to_owned()
}

#[cfg(unix)]
fn writable(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn writable(folder: &Path) -> bool {
    !fs::metadata(folder).is_ok_and(|found| found.permissions().readonly())
}

/// Waits until the staged files are on the disk. A few are waited for one by one; for many it is quicker to
/// have the file system write out all it has.
fn settle(places: &Places, renames: &[(u64, String)]) -> io::Result<()> {
    const FEW: usize = 64;
    #[cfg(target_os = "linux")]
    if renames.len() > FEW {
        let stage = File::open(&places.stage)?;
        return Ok(rustix::fs::syncfs(&stage)?);
    }
    for (number, _) in renames {
        File::options().write(true).open(places.staged(*number))?.sync_data()?;
    }
    Ok(())
}
