//! Folders in, a signal for each burst of changes out (notify, debounced).

use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use anyhow::Context;
use notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

/// Folders being watched. Dropping it ends the watching.
pub(crate) struct Watch {
    debouncer: Debouncer<notify::RecommendedWatcher, RecommendedCache>,
    watched: Vec<(PathBuf, RecursiveMode)>,
    /// One message for each burst: the paths that changed.
    pub(crate) changes: Receiver<Vec<PathBuf>>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Watch").field("watched", &self.watched).finish_non_exhaustive()
    }
}

/// Starts watching nothing; changes below `ignored` folders are never reported.
///
/// # Errors
/// When the system has no watcher to give.
pub(crate) fn start(ignored: Vec<PathBuf>) -> anyhow::Result<Watch> {
    let (sender, changes) = std::sync::mpsc::channel();
    let handler = move |result: DebounceEventResult| {
        // Where the system lost count of what changed, something did: an empty list says so.
        let lost = result.as_ref().map_or(true, |events| events.iter().any(|event| event.need_rescan()));
        let mut paths: Vec<PathBuf> = result
            .unwrap_or_default()
            .into_iter()
            // notify reports reads too: a build that reads its sources would start itself.
            .filter(|event| !event.kind.is_access())
            .flat_map(|event| event.paths.clone())
            .filter(|path| !ignored.iter().any(|folder| path.starts_with(folder)))
            .collect();
        paths.sort();
        paths.dedup();
        if lost || !paths.is_empty() {
            // The receiver is gone only when the server is stopping.
            drop(sender.send(paths));
        }
    };
    let debouncer =
        new_debouncer(Duration::from_millis(50), None, handler).context("starting to watch for changes")?;
    Ok(Watch { debouncer, watched: Vec::new(), changes })
}

impl Watch {
    /// Watches `root` itself and everything below `folders`; what was watched before and is no longer named is
    /// let go. Folders, never files: an editor replaces a file, and a watch on it would die with the old one.
    ///
    /// # Errors
    /// When a folder cannot be watched; on Linux most often because of `fs.inotify.max_user_watches`.
    pub(crate) fn set(&mut self, root: &Path, folders: &[PathBuf]) -> anyhow::Result<()> {
        let mut wanted = vec![(root.to_owned(), RecursiveMode::NonRecursive)];
        wanted.extend(folders.iter().map(|folder| (folder.clone(), RecursiveMode::Recursive)));
        for (path, _) in self.watched.iter().filter(|entry| !wanted.contains(entry)) {
            // A folder that was removed is no longer watched: nothing to undo.
            drop(self.debouncer.unwatch(path));
        }
        for (path, mode) in wanted.iter().filter(|entry| !self.watched.contains(entry)) {
            self.debouncer.watch(path, *mode).with_context(|| {
                format!(
                    "watching {} (a limit on watches is raised with `sysctl fs.inotify.max_user_watches=524288`)",
                    path.display()
                )
            })?;
        }
        self.watched = wanted;
        Ok(())
    }
}
