//! A lock and what stands at the site's addresses now in; a finding for each address at which readers find nothing out.

use std::collections::BTreeMap;

use super::{Found, Line, Lock, State, plain};
use crate::config;
use crate::diagnostic::{Diagnostic, Edit, FileId, Span, nearest, rules};
use crate::site::paths::decode;

/// How many vanished pages are reported one by one.
const REPORTED: usize = 100;
/// How many addresses are compared to find similar ones: each vanished page is compared with every page.
const COMPARED: usize = 100_000;

/// The addresses that the lock promises and at which nothing stands.
pub fn addresses<'a>(lock: &'a Lock, found: &'a Found) -> impl Iterator<Item = (&'a str, &'a Line)> {
    let promised = |line: &Line| match line.state {
        State::Page { .. } | State::Moved { .. } => true,
        State::Removed { .. } => false,
    };
    lock.lines
        .iter()
        .filter(move |(address, line)| promised(line) && !found.answers(address))
        .map(|(address, line)| (address.as_str(), line))
}

/// A finding for each of them. `book` is `book.toml`, which the redirects would be added to.
#[must_use]
pub fn vanished(lock: &Lock, found: &Found, book: (FileId, &str)) -> Vec<Diagnostic> {
    let gone: Vec<(&str, &Line)> = addresses(lock, found).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let candidates = Candidates::new(lock, found);
    let mut reported = Vec::new();
    let mut redirects = Vec::new();
    let mut first_moved = None;
    for (index, (address, line)) in gone.iter().enumerate() {
        let same = candidates.same_text(line);
        redirects.extend(same.and_then(|to| redirect(address, to)));
        if index >= REPORTED {
            continue;
        }
        if same.is_some() && first_moved.is_none() {
            first_moved = Some(index);
        }
        let message = format!("`{address}` is gone: neither a page nor a redirect stands there");
        let mut diagnostic = Diagnostic::new(&rules::VANISHED_PAGE, message).help(candidates.help(
            address,
            line,
            same,
            index == 0 || (index + 1) * found.pages.len() <= COMPARED,
        ));
        diagnostic.span = line.span;
        reported.push(diagnostic);
    }
    if gone.len() > REPORTED {
        let message = format!("{} more pages are gone", gone.len() - REPORTED);
        let mut diagnostic = Diagnostic::new(&rules::VANISHED_PAGE, message)
            .help("where a whole section has gone for good, `waypost lock --removed '/section/*'` says so");
        diagnostic.span = gone[REPORTED].1.span;
        reported.push(diagnostic);
    }
    // All in one edit: of several at one place only the first would go in.
    if let Some(first) = first_moved
        && let Some(edit) = edit(book, &redirects)
    {
        reported[first].fix = Some(edit);
    }
    reported
}

/// Where vanished pages may have gone.
struct Candidates<'a> {
    found: &'a Found,
    /// New pages by hash; nothing where two say the same.
    by_hash: BTreeMap<u64, Option<&'a str>>,
    /// New pages by title; nothing where two are called the same.
    by_title: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Candidates<'a> {
    fn new(lock: &Lock, found: &'a Found) -> Self {
        let mut by_hash = BTreeMap::new();
        let mut by_title = BTreeMap::new();
        let is_page = |address: &String| {
            lock.lines.get(address).is_some_and(|line| matches!(line.state, State::Page { .. }))
        };
        for (address, page) in found.pages.iter().filter(|(address, _)| !is_page(address)) {
            let address = address.as_str();
            if let Some(hash) = page.hash {
                by_hash.entry(hash).and_modify(|other| *other = None).or_insert(Some(address));
            }
            by_title.entry(page.title.as_str()).and_modify(|other| *other = None).or_insert(Some(address));
        }
        Self { found, by_hash, by_title }
    }

    /// The new page that says what the vanished one did.
    fn same_text(&self, line: &Line) -> Option<&'a str> {
        match line.state {
            State::Page { hash, .. } => self.by_hash.get(&hash).copied().flatten(),
            State::Moved { .. } | State::Removed { .. } => None,
        }
    }

    fn help(&self, address: &str, line: &Line, same: Option<&str>, compare: bool) -> String {
        let gone = format!("`waypost lock --removed {address}` says that it is gone for good");
        let add = |to: &str| match redirect(address, to) {
            Some(line) => format!("add `{line}` to `[output.html.redirect]` in book.toml"),
            None => format!("add a redirect from it to `{to}` to `[output.html.redirect]` in book.toml"),
        };
        if let Some(to) = same {
            return format!("the same text stands at `{to}` now: {}", add(to));
        }
        // Where a redirect was taken out, it is known where it led.
        if let State::Moved { to, .. } = &line.state
            && self.found.pages.contains_key(to)
        {
            return format!("a redirect to `{to}` stood there: {}; or {gone}", add(to));
        }
        if let Some(to) = self.by_title.get(plain(&line.title).as_str()).copied().flatten() {
            return format!("a page called the same stands at `{to}`: {}; or {gone}", add(to));
        }
        let near = compare.then(|| nearest(address, self.found.pages.keys().map(String::as_str))).flatten();
        match near {
            Some(to) => format!("if it is at `{to}` now, {}; else {gone}", add(to)),
            None => format!("add a redirect from it to `[output.html.redirect]` in book.toml; or {gone}"),
        }
    }
}

/// The line of `book.toml`; nothing for what TOML could hold only in escapes.
fn redirect(from: &str, to: &str) -> Option<String> {
    let from = decode(from.trim_start_matches('/'));
    if from.contains(char::is_control) || to.contains(char::is_control) {
        return None;
    }
    Some(format!("{} = {}", toml_string(&from), toml_string(to)))
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn edit((file, text): (FileId, &str), redirects: &[String]) -> Option<Edit> {
    let (at, replacement) = config::with_redirects(text, redirects)?;
    Some(Edit { span: Span::new(file, at..at), replacement })
}
