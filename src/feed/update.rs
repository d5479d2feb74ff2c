//! A lock and what stands at the site's addresses now in, the next lock out: what `waypost lock` writes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Found, Line, Lock, State};

/// How many addresses of removed pages a lock holds, the latest ones.
const REMOVED: usize = 500;

/// The lock that says what `found` holds; what happened since the old one happened on the day `today`.
///
/// In the first lock of a site its pages came when their sources changed last, as far as that is known.
#[must_use]
pub fn updated(old: &Lock, found: &Found, today: Date) -> Lock {
    let is_first = old.lines.is_empty();
    let moved = moved_pages(old, found);
    let mut lines = BTreeMap::new();
    for (address, page) in &found.pages {
        let state = match (old.lines.get(address).map(|line| &line.state), page.hash) {
            (Some(State::Page { hash, added, changed }), new) => {
                let new = new.unwrap_or(*hash);
                let changed = if new == *hash { *changed } else { today };
                State::Page { hash: new, added: *added, changed }
            }
            (Some(State::Moved { .. } | State::Removed { .. }) | None, hash) => {
                let hash = hash.unwrap_or_default();
                let day = page.last_updated.filter(|_| is_first).unwrap_or(today);
                came(hash, moved.get(address.as_str()).map_or(&[], Vec::as_slice), day)
            }
        };
        lines.insert(address.clone(), line(state, &page.title));
    }
    for (address, before) in &old.lines {
        // An unlisted page is in no index, so it is not here either.
        if found.pages.contains_key(address) || found.others.contains(address) {
            continue;
        }
        let to = found.redirects.get(address);
        let state = match (&before.state, to) {
            (State::Page { .. } | State::Removed { .. }, Some(to)) => {
                State::Moved { on: today, to: to.clone() }
            }
            (State::Moved { on, .. }, Some(to)) => State::Moved { on: *on, to: to.clone() },
            (State::Page { .. } | State::Moved { .. }, None) => State::Removed { on: today },
            (State::Removed { on }, None) => State::Removed { on: *on },
        };
        lines.insert(address.clone(), line(state, &before.title));
    }
    forget(&mut lines);
    Lock { lines }
}

/// Something that happened to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Added,
    /// It says something else.
    Changed,
    /// It stands elsewhere.
    Moved,
    /// It is gone.
    Removed,
    /// It says the same, but its line does not: its name, or where a redirect leads.
    Noted,
}

/// What differs between two locks, by address.
#[must_use]
pub fn changes<'a>(old: &'a Lock, new: &'a Lock) -> BTreeMap<&'a str, Change> {
    let mut found = BTreeMap::new();
    // Where pages have moved to, with what they said before: they are not new there.
    let mut moved: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (address, line) in &new.lines {
        let before = old.lines.get(address).map(|before| &before.state);
        if let (Some(State::Page { hash, .. }), State::Moved { to, .. }) = (before, &line.state) {
            moved.entry(to.split('#').next().unwrap_or_default()).or_default().push(*hash);
        }
    }
    for (address, line) in &new.lines {
        let before = old.lines.get(address);
        let change = match (before.map(|before| &before.state), &line.state) {
            (Some(State::Page { hash: a, .. }), State::Page { hash: b, .. }) if a != b => Change::Changed,
            (Some(State::Page { .. }), State::Page { .. })
            | (Some(State::Moved { .. }), State::Moved { .. })
            | (Some(State::Removed { .. }), State::Removed { .. }) => {
                if before.is_some_and(|before| before.title == line.title && before.state == line.state) {
                    continue;
                }
                Change::Noted
            }
            (_, State::Page { hash, .. }) => match moved.get(address.as_str()) {
                Some(before) if before.contains(hash) => continue,
                Some(_) => Change::Changed,
                None => Change::Added,
            },
            (_, State::Moved { .. }) => Change::Moved,
            (_, State::Removed { .. }) => Change::Removed,
        };
        found.insert(address.as_str(), change);
    }
    let gone = old.lines.keys().filter(|address| !new.lines.contains_key(*address));
    found.extend(gone.map(|address| (address.as_str(), Change::Noted)));
    found
}

fn line(state: State, title: &str) -> Line {
    Line { state, title: title.to_owned(), span: None }
}

/// The pages of the old lock that are elsewhere now, by the address that a redirect leads to.
fn moved_pages<'a>(old: &'a Lock, found: &'a Found) -> BTreeMap<&'a str, Vec<(u64, Date, Date)>> {
    let mut moved: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (address, line) in &old.lines {
        let State::Page { hash, added, changed } = line.state else { continue };
        if found.pages.contains_key(address) || found.others.contains(address) {
            continue;
        }
        if let Some(to) = found.redirects.get(address) {
            let page = to.split('#').next().unwrap_or_default();
            moved.entry(page).or_default().push((hash, added, changed));
        }
    }
    moved
}

/// A page at a new address: where it was before, it is as old as it was, and has changed only if its text has.
fn came(hash: u64, before: &[(u64, Date, Date)], day: Date) -> State {
    match before.iter().find(|page| page.0 == hash).or(before.first()) {
        Some((old, added, changed)) => {
            State::Page { hash, added: *added, changed: if *old == hash { *changed } else { day } }
        }
        None => State::Page { hash, added: day, changed: day },
    }
}

/// Leaves out the oldest of the removed pages where there are many.
fn forget(lines: &mut BTreeMap<String, Line>) {
    let removed = |(address, line): (&String, &Line)| match line.state {
        State::Removed { on } => Some((on, address.clone())),
        State::Page { .. } | State::Moved { .. } => None,
    };
    let mut removed: Vec<(Date, String)> = lines.iter().filter_map(removed).collect();
    removed.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    for (_, address) in removed.iter().skip(REMOVED) {
        lines.remove(address);
    }
}
