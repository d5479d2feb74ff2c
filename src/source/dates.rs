//! A folder in, the date of the last commit of each of its files out.
//!
//! One `git log` that is read only as far as needed: it is several times faster than any library, and right
//! wherever git is. Without git, outside a repository, and in a shallow clone there are no dates: none is
//! better than a wrong one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The dates of those of `wanted` that were committed, by path from `root`.
pub(super) fn last_commits(root: &Path, wanted: &BTreeSet<String>) -> BTreeMap<String, String> {
    if wanted.is_empty()
        || output(root, &["rev-parse", "--is-shallow-repository"]).as_deref() != Some(b"false\n")
    {
        return BTreeMap::new();
    }
    // A file that was never committed would have the whole history read for it.
    let tracked = output(root, &["ls-files", "-z", "--", "."]).unwrap_or_default();
    let mut missing: BTreeSet<String> = tracked
        .split(|byte| *byte == 0)
        .filter_map(|path| std::str::from_utf8(path).ok())
        .filter(|path| wanted.contains(*path))
        .map(str::to_owned)
        .collect();
    let mut dates = BTreeMap::new();
    if missing.is_empty() {
        return dates;
    }
    let arguments = [
        "log",
        "-z",
        "--format=format:%x01%ct",
        "--name-only",
        "--no-merges",
        "--no-renames",
        "--no-show-signature",
        "--relative",
        "--",
        ".",
    ];
    let Ok(mut child) = git(root, &arguments).stdout(Stdio::piped()).spawn() else { return dates };
    let stdout = child.stdout.take().expect("it is piped");
    let mut date = None;
    // `\x01SECONDS\nPATH\0PATH\0\0\x01SECONDS…`, the newest commit first.
    for record in BufReader::new(stdout).split(0) {
        let Ok(record) = record else { break };
        let Ok(record) = std::str::from_utf8(&record) else { continue };
        let path = match record.strip_prefix('\u{1}') {
            Some(commit) => {
                let (seconds, path) = commit.split_once('\n').unwrap_or((commit, ""));
                date = day(seconds);
                path
            }
            None => record,
        };
        if let Some(date) = &date
            && missing.remove(path)
        {
            dates.insert(path.to_owned(), date.clone());
            if missing.is_empty() {
                break;
            }
        }
    }
    // It may have ended by itself; then there is nothing to kill.
    let _ = child.kill();
    let _ = child.wait();
    dates
}

/// A Unix time as a day in UTC.
fn day(seconds: &str) -> Option<String> {
    let time = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().to_string())
}

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root).args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn output(root: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = git(root, arguments).output().ok()?;
    if output.status.success() { Some(output.stdout) } else { None }
}
