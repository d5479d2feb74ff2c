//! `urls.lock` and the finished pages in; pages that vanished, the next `urls.lock`, and the feeds of changes out.
//!
//! The lock is what a site promised: every address it ever listed, with a hash of what the page said. git keeps it, so
//! that a build knows what was there before without asking a clock or the web. A line for each address, in order: two
//! branches that touch different pages merge, and what each line holds is the last thing that happened to it.

mod lock;
mod update;
mod vanished;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Files, Span};
use crate::render::address::{Addresses, encode};
use crate::site::{PageId, Site, Target, Visibility, address_key};
pub use crate::source::LOCK;
use crate::source::Sources;
pub use lock::{parse, print};
pub use update::{Change, changes, updated};
pub use vanished::{addresses as vanished_addresses, vanished};
pub use write::files;

/// The feed for programs, in the output folder.
pub const JSON: &str = "changes.json";
/// The feed for readers, in the output folder.
pub const ATOM: &str = "changes.atom";

/// `urls.lock`: by address below the site's root, percent-encoded, with a slash before it (`/guides/start`; `/` is the
/// home page).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Its lines.
    pub lines: BTreeMap<String, Line>,
}

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What stands there, or stood there.
    pub state: State,
    /// The name of the page.
    pub title: String,
    /// Where its address stands in the file; absent for a line that is not in one.
    pub span: Option<Span>,
}

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A page.
    Page {
        /// Of what it says ([`hash`]).
        hash: u64,
        /// The day it came.
        added: Date,
        /// The day of its last change; the same day where there was none.
        changed: Date,
    },
    /// A redirect.
    Moved {
        /// The day.
        on: Date,
        /// Where it leads: an address as those of the lock, or a whole URL.
        to: String,
    },
    /// Nothing any more, as its authors said.
    Removed {
        /// The day.
        on: Date,
    },
}

impl State {
    /// The day of the last thing that happened.
    #[must_use]
    pub fn day(&self) -> Date {
        match self {
            Self::Page { changed, .. } => *changed,
            Self::Moved { on, .. } | Self::Removed { on } => *on,
        }
    }
}

/// What stands at the site's addresses now.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The pages that are listed.
    pub pages: BTreeMap<String, FoundPage>,
    /// Addresses at which something else stands: an unlisted page, a file.
    pub others: BTreeSet<String>,
    /// Old addresses, and where each leads.
    pub redirects: BTreeMap<String, String>,
}

/// A page that is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// Which one.
    pub page: PageId,
    /// Its name, on one line.
    pub title: String,
    /// Of what it says; absent where the site was not rendered.
    pub hash: Option<u64>,
    /// When its source changed last, where that is known.
    pub last_updated: Option<Date>,
}

impl Found {
    /// What stands where; `hashes` are those of the pages, by their numbers, as far as they are known.
    #[must_use]
    pub fn new(site: &Site, hashes: &BTreeMap<PageId, u64>) -> Self {
        let mut found = Self::default();
        for (id, page) in site.iter() {
            let address = address(&page.route);
            if page.visibility != Visibility::Listed {
                found.others.insert(address);
                continue;
            }
            let last_updated = page.last_updated.as_deref().and_then(|date| date.parse().ok());
            let title = plain(&page.title);
            let hash = hashes.get(&id).copied();
            found.pages.insert(address, FoundPage { page: id, title, hash, last_updated });
        }
        let files = site.assets.keys().filter(|path| path.ends_with(".html"));
        found.others.extend(files.map(|path| address(&address_key(path))));
        for redirect in &site.redirects {
            let to = match &redirect.to {
                Target::Page { page, anchor, .. } if anchor.is_empty() => address(&site.page(*page).route),
                Target::Page { page, anchor, .. } => format!("{}#{anchor}", address(&site.page(*page).route)),
                Target::Asset { address: file, .. } => address(file),
                Target::External(url) | Target::Broken(url) => url.clone(),
            };
            found.redirects.insert(address(&address_key(&redirect.from)), in_one_word(&to));
        }
        found
    }

    /// Whether a reader who comes to `address` finds anything.
    fn answers(&self, address: &str) -> bool {
        self.pages.contains_key(address)
            || self.others.contains(address)
            || self.redirects.contains_key(address)
    }
}

/// The lock of a site, where it has one.
#[must_use]
pub fn read(sources: &Sources) -> (Option<Lock>, Vec<Diagnostic>) {
    let Some((file, text)) = &sources.lock else { return (None, Vec::new()) };
    let (lock, found) = parse(*file, text);
    (Some(lock), found)
}

/// The text of the lock as it was read; empty where there is none.
#[must_use]
pub fn text(files: &Files) -> &str {
    files.iter().find(|(_, file)| file.path == LOCK).map_or("", |(_, file)| &file.text)
}

/// A hash of what a page says, from its finished Markdown: the header and the directive are no part of it, nor is where
/// the site stands, nor where its other pages do. So a new host, a new theme or a renamed folder changes no page.
#[must_use]
pub fn hash(markdown: &str, addresses: &Addresses) -> u64 {
    let root = addresses.absolute(&addresses.base);
    let body = body(markdown);
    let mut hasher = blake3::Hasher::new();
    let mut at = 0;
    while let Some(start) = body[at..].find(&root).map(|found| at + found) {
        hasher.update(&body.as_bytes()[at..start]);
        let rest = &body[start + root.len()..];
        let ends = |next: char| next.is_whitespace() || "()<>\"[]`#?".contains(next);
        let path = &rest[..rest.find(ends).unwrap_or(rest.len())];
        if !path.ends_with(".md") {
            hasher.update(b"/");
            hasher.update(path.as_bytes());
        }
        at = start + root.len() + path.len();
    }
    hasher.update(&body.as_bytes()[at..]);
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_be_bytes(first)
}

/// A finished Markdown file without its header and directive.
fn body(markdown: &str) -> &str {
    let header = markdown.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let text = header.map_or(markdown, |(_, rest)| rest).trim_start();
    match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("> ") => rest,
        Some(_) | None => text,
    }
}

/// How the lock names a route.
fn address(route: &str) -> String {
    format!("/{}", encode(route))
}

/// A title on one line, without what a line of the lock or XML cannot hold.
fn plain(title: &str) -> String {
    let words: Vec<&str> = title.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ").replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// A URL as it can stand between spaces.
fn in_one_word(url: &str) -> String {
    let mut word = String::with_capacity(url.len());
    for character in url.chars() {
        if character.is_whitespace() || character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')
        {
            word.push_str(&encode(&character.to_string()));
        } else {
            word.push(character);
        }
    }
    word
}
