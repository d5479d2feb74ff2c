//! Finished bytes in, files out: writes what changed, removes what it once wrote. The other edge of the world.
//!
//! Nothing is visible until [`Output::commit`]: changed files are staged beside the site, a journal lists the
//! renames, and an interrupted commit is finished or undone by the next [`open()`]. A file is always the old or
//! the new one, whole. Files we did not write are never touched: a manifest says which ones we did, and a
//! foreign file in the way of ours is an error before anything is changed.
//!
//! In the state folder each output folder has one of its own, with `lock`, `manifest`, `journal` and `stage/`.
//! Only where the state folder is on another file system, `stage` is `.waypost-stage` in the output folder, as
//! a rename cannot leave its file system.

#![expect(clippy::disallowed_methods, reason = "one of the two edges of the world: it writes the site")]

mod exchange;
mod journal;
mod kept;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};

use journal::Journal;
pub use kept::Kept;

/// An output folder, staged and not yet committed. Staging may happen from several threads.
#[derive(Debug)]
pub struct Output {
    places: Places,
    /// What an earlier build wrote.
    manifest: BTreeSet<String>,
    staged: Mutex<BTreeMap<String, Staged>>,
    /// Numbers name the staged files.
    next: AtomicU64,
    /// Whether the stage belongs to a journal, and must outlive us.
    committing: bool,
    /// Held for as long as we live.
    lock: File,
}

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

/// Where everything is.
#[derive(Clone, Debug)]
struct Places {
    /// The output folder, absolute; it may not exist yet.
    dir: PathBuf,
    /// The folder of this output in the state folder.
    state: PathBuf,
    stage: PathBuf,
}

impl Places {
    fn journal(&self) -> PathBuf {
        self.state.join("journal")
    }

    fn manifest(&self) -> PathBuf {
        self.state.join("manifest")
    }

    fn target(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }

    fn staged(&self, number: u64) -> PathBuf {
        self.stage.join(number.to_string())
    }
}

/// What a commit has to do.
struct Plan {
    /// Staged files by number, and where they go.
    renames: Vec<(u64, String)>,
    /// Old files that the new site has no more.
    removals: Vec<String>,
    /// All files of the new site.
    manifest: BTreeSet<String>,
}

/// A file of the new site.
#[derive(Debug)]
enum Staged {
    /// Being compared or written by some thread.
    Started,
    /// The same as the one in the folder.
    Unchanged,
    /// In the stage, by number.
    Changed(u64),
    /// In the stage and growing.
    Growing(u64, Arc<Mutex<File>>),
}

/// The stage of an output folder on another file system than the state folder.
const STAGE_INSIDE: &str = ".waypost-stage";

/// Opens the output folder at `dir`, finishing or undoing an interrupted commit first. `state` is the folder for
/// staging, journal and manifest (`.waypost` beside `book.toml`), on the same file system where possible.
///
/// # Errors
/// When a folder cannot be made or read, or another build holds the lock.
pub fn open(dir: &Path, state: &Path) -> anyhow::Result<Output> {
    let state = make_state(state)?;
    let (dir, existing) = absolute(dir).with_context(|| format!("looking for `{}`", dir.display()))?;
    // By its place from the project, so that a project that is moved keeps its manifest.
    let name = state.parent().and_then(|root| dir.strip_prefix(root).ok()).unwrap_or(&dir);
    let name = blake3::hash(name.as_os_str().as_encoded_bytes()).to_hex();
    let state = state.join(format!("output-{}", &name[..16]));
    fs::create_dir_all(&state).with_context(|| format!("creating `{}`", state.display()))?;
    let lock = lock(&state.join("lock"), &dir)?;
    let stage =
        if same_file_system(&state, &existing) { state.join("stage") } else { dir.join(STAGE_INSIDE) };
    let places = Places { dir, state, stage };
    journal::recover(&places)?;
    // Both: it may have been the other one when an earlier build was interrupted.
    remove_folder(&places.state.join("stage"))?;
    remove_folder(&places.dir.join(STAGE_INSIDE))?;
    remove_folder(&exchange::beside(&places.dir))?;
    let manifest = read_manifest(&places)?;
    Ok(Output {
        places,
        manifest,
        staged: Mutex::default(),
        next: AtomicU64::new(0),
        committing: false,
        lock,
    })
}

impl Output {
    /// Stages a file, by its path below the output folder with `/` between its parts.
    ///
    /// # Errors
    /// When the path leaves the folder or was staged before, and when the disk refuses.
    pub fn stage(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        check_path(path)?;
        if self.staged().insert(path.to_owned(), Staged::Started).is_some() {
            bail!("`{path}` is written twice by one build");
        }
        let target = self.places.target(path);
        let staged = if same_bytes(&target, bytes) {
            Staged::Unchanged
        } else {
            let (number, mut file) = self.new_file()?;
            file.write_all(bytes).with_context(|| format!("writing `{path}`"))?;
            Staged::Changed(number)
        };
        self.staged().insert(path.to_owned(), staged);
        Ok(())
    }

    /// Adds to the end of a file that is staged piece by piece (`llms-full.txt`).
    ///
    /// # Errors
    /// When the path leaves the folder or was staged whole, and when the disk refuses.
    pub fn append(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        check_path(path)?;
        let mut staged = self.staged();
        let file = match staged.get(path) {
            Some(Staged::Growing(_, file)) => Arc::clone(file),
            Some(Staged::Started | Staged::Unchanged | Staged::Changed(_)) => {
                bail!("`{path}` is written twice by one build")
            }
            None => {
                let (number, file) = self.new_file()?;
                let file = Arc::new(Mutex::new(file));
                staged.insert(path.to_owned(), Staged::Growing(number, Arc::clone(&file)));
                file
            }
        };
        drop(staged);
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(bytes).with_context(|| format!("writing `{path}`"))
    }

    /// Makes the folder hold exactly what was staged, and whatever others put there.
    ///
    /// # Errors
    /// When a foreign file is in the way or a folder cannot be written to: then nothing was changed. When the
    /// disk refuses later on, each file is the old or the new one, and the next [`open()`] finishes the new site.
    pub fn commit(self) -> anyhow::Result<Summary> {
        self.carry_out(|output, plan| {
            let Plan { renames, removals, manifest } = plan;
            let mut journal = Journal::plan(&output.places, &output.manifest, renames, removals, manifest)?;
            if let Err(error) = journal.write(&output.places) {
                // A journal without its stage would remove old files and bring no new ones.
                let _ = fs::remove_file(output.places.journal());
                output.committing = exists(&output.places.journal());
                return Err(error);
            }
            output.committing = true;
            journal.finish(&output.places)
        })
    }

    /// The same for visitors too: the folder changes from the old site to the new one at once. Linux only.
    ///
    /// # Errors
    /// As for [`Output::commit`]; whatever fails, the folder holds the old site or the new one, whole.
    pub fn commit_at_once(self) -> anyhow::Result<Summary> {
        self.carry_out(|output, plan| {
            let Plan { renames, removals, manifest } = plan;
            exchange::commit(&output.places, &output.manifest, renames, removals, &manifest)
        })
    }

    /// Finds what is to change and lets `carry` change it, if there is anything.
    fn carry_out(
        mut self,
        carry: impl FnOnce(&mut Self, Plan) -> anyhow::Result<()>,
    ) -> anyhow::Result<Summary> {
        let staged = std::mem::take(&mut *self.staged());
        let mut summary = Summary::default();
        let mut renames = Vec::new();
        let mut manifest = BTreeSet::new();
        for (path, file) in staged {
            match file {
                Staged::Started => bail!("`{path}` could not be staged"),
                Staged::Unchanged => summary.unchanged += 1,
                Staged::Changed(number) => renames.push((number, path.clone())),
                Staged::Growing(number, file) => {
                    drop(file);
                    if same_files(&self.places.staged(number), &self.places.target(&path)) {
                        summary.unchanged += 1;
                    } else {
                        renames.push((number, path.clone()));
                    }
                }
            }
            manifest.insert(path);
        }
        let removals: Vec<String> = self.manifest.difference(&manifest).cloned().collect();
        summary.written = renames.len();
        summary.removed = removals.iter().filter(|path| is_file(&self.places.target(path))).count();
        if renames.is_empty() && removals.is_empty() && manifest == self.manifest {
            return Ok(summary);
        }
        carry(&mut self, Plan { renames, removals, manifest })?;
        Ok(summary)
    }

    /// Forgets what was staged: the folder stays as it was.
    ///
    /// # Errors
    /// When the staging folder cannot be removed.
    pub fn discard(self) -> anyhow::Result<()> {
        remove_folder(&self.places.stage)
    }

    fn staged(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Staged>> {
        // A thread that panicked while it held the map left at worst a file `Started`, which commit refuses.
        self.staged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_file(&self) -> anyhow::Result<(u64, File)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.places.staged(number);
        let file = File::create_new(&path).or_else(|error| match error.kind() {
            // Made when it is first needed: most builds of a preview change nothing.
            io::ErrorKind::NotFound => {
                fs::create_dir_all(&self.places.stage)?;
                File::create_new(&path)
            }
            _ => Err(error),
        });
        Ok((number, file.with_context(|| format!("creating `{}`", path.display()))?))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.committing {
            // What remains is removed by the next `open`; there is nobody to tell.
            let _ = remove_folder(&self.places.stage);
        }
        // Closing would not do: a program that another thread is just starting has the file open too, for a moment.
        let _ = self.lock.unlock();
    }
}

/// A path that stays in the folder, on every system.
fn check_path(path: &str) -> anyhow::Result<()> {
    let mut parts = path.split('/');
    let bad = |part: &str| matches!(part, "" | "." | ".." | STAGE_INSIDE);
    if parts.any(bad)
        || path.contains('\\')
        || path.contains(char::is_control)
        || (cfg!(windows) && path.contains(':'))
    {
        bail!("`{}` is not a path that a site can be written to", path.escape_debug());
    }
    Ok(())
}

fn same_bytes(path: &Path, bytes: &[u8]) -> bool {
    let same_size =
        fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
    same_size && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Whether two files hold the same, read piece by piece: they may be larger than memory.
fn same_files(a: &Path, b: &Path) -> bool {
    let size =
        |path: &Path| fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len());
    let (Some(size_a), Some(size_b)) = (size(a), size(b)) else { return false };
    if size_a != size_b {
        return false;
    }
    let (Ok(mut a), Ok(mut b)) = (File::open(a), File::open(b)) else { return false };
    let (mut part_a, mut part_b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let Ok(read) = a.read(&mut part_a) else { return false };
        if read == 0 {
            return true;
        }
        if b.read_exact(&mut part_b[..read]).is_err() || part_a[..read] != part_b[..read] {
            return false;
        }
    }
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether something stands there that is no folder: what a manifest can speak of.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir())
}

fn remove_folder(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(error).with_context(|| format!("removing `{}`", path.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the state folder, which no version control should keep.
fn make_state(state: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(state).with_context(|| format!("creating `{}`", state.display()))?;
    let ignore = state.join(".gitignore");
    if !exists(&ignore) {
        fs::write(&ignore, "*\n").with_context(|| format!("writing `{}`", ignore.display()))?;
    }
    state.canonicalize().with_context(|| format!("looking for `{}`", state.display()))
}

/// The folder with every link in its way followed, and the deepest folder on that way that exists.
fn absolute(dir: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let dir = std::path::absolute(dir)?;
    for ancestor in dir.ancestors() {
        if let Ok(existing) = ancestor.canonicalize() {
            let rest = dir.strip_prefix(ancestor).expect("an ancestor is a prefix");
            let dir = if rest.as_os_str().is_empty() { existing.clone() } else { existing.join(rest) };
            return Ok((dir, existing));
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

fn lock(path: &Path, dir: &Path) -> anyhow::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.with_context(|| format!("opening `{}`", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            bail!("another build is writing to `{}`: wait for it, or stop it", dir.display())
        }
        // Some network file systems have no locks; a build there is better than none.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(fs::TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("locking `{}`", path.display()))
        }
    }
}

#[cfg(unix)]
fn same_file_system(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev(),
        _ => true,
    }
}

#[cfg(not(unix))]
fn same_file_system(a: &Path, b: &Path) -> bool {
    a.components().next() == b.components().next()
}

fn read_manifest(places: &Places) -> anyhow::Result<BTreeSet<String>> {
    match fs::read_to_string(places.manifest()) {
        Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error).with_context(|| format!("reading `{}`", places.manifest().display())),
    }
}

fn write_manifest(places: &Places, manifest: &BTreeSet<String>) -> anyhow::Result<()> {
    let mut text = String::new();
    for path in manifest {
        text.push_str(path);
        text.push('\n');
    }
    write_whole(&places.manifest(), text.as_bytes())
}

/// Writes a file so that it is there whole or not at all, after a power cut too.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        if cfg!(unix) {
            File::open(path.parent().unwrap_or(path))?.sync_all()?;
        }
        Ok(())
    };
    write().with_context(|| format!("writing `{}`", path.display()))
}

#[cfg(test)]
mod tests;
