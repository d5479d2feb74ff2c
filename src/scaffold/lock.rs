//! A site in, its `urls.lock` written anew or compared out: `waypost lock`. The day comes in here, and nowhere else.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::feed::{self, Change, Found, LOCK, Lock};
use crate::render::address::encode;
use crate::{Mode, Report, Settings, source};

/// How many addresses are printed.
const SHOWN: usize = 40;

/// What `waypost lock` is to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only to say whether the file is up to date.
    pub check: bool,
    /// Addresses that are gone for good: `/guides/old`, or `/guides/*` for all below one.
    pub removed: Vec<String>,
    /// The day of what happened since the file was written; today where absent.
    pub date: Option<Date>,
}

/// What became of `urls.lock`.
#[derive(Debug)]
pub struct Locked {
    /// The check of the site, without the vanished pages that were said to be gone.
    pub report: Report,
    /// What happened to which address, since the file was written.
    pub changes: Vec<(String, Change)>,
    /// What was done.
    pub outcome: Outcome,
}

impl Locked {
    /// Whether there is anything left to do.
    #[must_use]
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::OutOfDate | Outcome::Missing | Outcome::Refused)
    }

    /// What happened, for people: up to forty addresses, and how many there are of each kind.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = String::new();
        for (address, change) in self.changes.iter().take(SHOWN) {
            text.push_str(&format!("{:>8}  {address}\n", word(*change)));
        }
        if self.changes.len() > SHOWN {
            text.push_str(&format!("     and {} more\n", self.changes.len() - SHOWN));
        }
        let end = match self.outcome {
            Outcome::UpToDate => "urls.lock is up to date",
            Outcome::Written => "wrote urls.lock: commit it with the pages",
            Outcome::OutOfDate => {
                "urls.lock is not up to date: run `waypost lock` and commit it with the pages"
            }
            Outcome::Missing => {
                "there is no urls.lock: run `waypost lock`, which writes it, and commit it with the pages"
            }
            Outcome::Refused => "urls.lock is left as it is: the site has errors",
        };
        let mut counts = String::new();
        for kind in [Change::Added, Change::Changed, Change::Moved, Change::Removed] {
            let count = self.changes.iter().filter(|(_, change)| *change == kind).count();
            if count > 0 {
                counts.push_str(&format!("{count} {}, ", word(kind)));
            }
        }
        text.push_str(&format!(
            "{}{end}\n",
            counts.strip_suffix(", ").map_or(String::new(), |counts| format!("{counts}; "))
        ));
        text
    }
}

fn word(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Changed => "changed",
        Change::Moved => "moved",
        Change::Removed => "removed",
        Change::Noted => "noted",
    }
}

/// What was done with `urls.lock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: it says what is.
    UpToDate,
    /// It was written.
    Written,
    /// Nothing, as only a comparison was asked for: it is to be written.
    OutOfDate,
    /// Nothing, as only a comparison was asked for, and there is nothing to compare with.
    Missing,
    /// Nothing: the site has errors.
    Refused,
}

/// Checks the site at `root` and brings its `urls.lock` up to date.
///
/// # Errors
/// When an address is said to be gone that is not, and when the disk refuses.
pub fn run(root: &Path, options: &Options) -> anyhow::Result<Locked> {
    let mut report = crate::build(&Settings {
        root: root.to_owned(),
        out: None,
        origin: None,
        mode: Mode::Check,
        progress: None,
    })?;
    let old = report.lock.take();
    let is_new = old.is_none();
    let before = old.unwrap_or_default();
    let Some(found) = report.found.take() else {
        return Ok(Locked { report, changes: Vec::new(), outcome: Outcome::Refused });
    };
    forgive(&mut report, &before, &found, &options.removed)?;
    if report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(Locked { report, changes: Vec::new(), outcome: Outcome::Refused });
    }
    if options.check && is_new {
        return Ok(Locked { report, changes: Vec::new(), outcome: Outcome::Missing });
    }
    let new = feed::updated(&before, &found, options.date.unwrap_or_else(today));
    let changes = feed::changes(&before, &new);
    let changes: Vec<_> = changes.into_iter().map(|(address, change)| (address.to_owned(), change)).collect();
    let text = feed::print(&new);
    // After a merge lines may stand in another order, and git may check the file out with the line ends of Windows: what
    // it says counts, the next writing sets it right.
    let same = feed::text(&report.files).replace("\r\n", "\n") == text;
    let outcome = if same || options.check && changes.is_empty() {
        Outcome::UpToDate
    } else if options.check {
        Outcome::OutOfDate
    } else {
        source::put(root, LOCK, &text)?;
        Outcome::Written
    };
    Ok(Locked { report, changes, outcome })
}

/// Takes out of the report what it says of pages that are gone for good.
fn forgive(report: &mut Report, lock: &Lock, found: &Found, removed: &[String]) -> anyhow::Result<()> {
    let gone: BTreeSet<&str> = feed::vanished_addresses(lock, found).map(|(address, _)| address).collect();
    let mut left = lock.clone();
    for pattern in removed {
        let named: Vec<&str> = gone.iter().copied().filter(|address| names(pattern, address)).collect();
        anyhow::ensure!(
            !named.is_empty(),
            "`{pattern}` names no page that is gone: `--removed` takes the address of one that `waypost check` reports as `{}`",
            rules::VANISHED_PAGE.code
        );
        for address in named {
            left.lines.remove(address);
        }
    }
    let is_vanished = |diagnostic: &Diagnostic| diagnostic.rule.code == rules::VANISHED_PAGE.code;
    // The level that `book.toml` gives them all; where it switches them off, there are none.
    let level = report.diagnostics.iter().find(|found| is_vanished(found)).map(|found| found.severity);
    if let (Some(severity), Some((book, file))) = (level, report.files.iter().next()) {
        let still = feed::vanished(&left, found, (book, &file.text));
        report.diagnostics.retain(|diagnostic| !is_vanished(diagnostic));
        report.diagnostics.extend(still.into_iter().map(|diagnostic| Diagnostic { severity, ..diagnostic }));
    }
    Ok(())
}

/// Whether an author's `/guides/old` or `/guides/*` means the address, which is percent-encoded.
fn names(pattern: &str, address: &str) -> bool {
    let pattern =
        pattern.split_once("://").map_or(pattern, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let pattern = format!("/{}", pattern.trim_start_matches('/'));
    if let Some(folder) = pattern.strip_suffix('*') {
        return folder.ends_with('/')
            && (address.starts_with(folder) || address.starts_with(&encode(folder)));
    }
    let pattern = if pattern == "/" { &pattern } else { pattern.trim_end_matches('/') };
    address == pattern || address == encode(pattern)
}

/// Today, in UTC as the dates of commits are.
fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
