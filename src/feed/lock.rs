//! The text of `urls.lock` in, a [`Lock`] out; and back.
//!
//! Two lines for one address are no mistake: a merge that keeps both sides leaves them, and the later day counts.

use std::fmt::Write;

use jiff::civil::Date;

use super::{Line, Lock, State};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};

/// What the first lines say.
const HEAD: &str = "\
# Every address of this site, and the last thing that happened to each. `waypost lock` writes this file; keep it in git.
version 1
";

/// How many lines that cannot be read are reported one by one.
const REPORTED: usize = 20;

/// Reads a lock. Lines that cannot be read are left out and reported.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Lock, Vec<Diagnostic>) {
    let mut lock = Lock::default();
    let mut found = Vec::new();
    let mut left_out = 0;
    let mut has_version = false;
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let line_start = start;
        start += whole.len();
        let line = whole.trim_end_matches(['\n', '\r']);
        let span =
            |range: std::ops::Range<usize>| Span::new(file, line_start + range.start..line_start + range.end);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if is_mark_of_a_merge(line) {
            if found.len() < REPORTED {
                found.push(merged(span(0..line.len()), Span::new(file, line_start..start)));
            } else {
                left_out += 1;
            }
            continue;
        }
        if let Some(version) = line.strip_prefix("version ") {
            if version != "1" {
                let message =
                    format!("`urls.lock` is of version `{}`", version.chars().take(20).collect::<String>());
                let diagnostic = Diagnostic::new(&rules::LOCK_SYNTAX, message).at(span(0..line.len())).help(
                    "this Waypost knows version 1: use the Waypost that wrote the file, or a later one",
                );
                return (Lock::default(), vec![diagnostic]);
            }
            has_version = true;
            continue;
        }
        if !has_version {
            let diagnostic =
                Diagnostic::new(&rules::LOCK_SYNTAX, "`urls.lock` does not begin with its version")
                    .at(span(0..line.len()))
                    .help("bring back the file that git has, or write `version 1` before the first address");
            return (Lock::default(), vec![diagnostic]);
        }
        match read_line(line) {
            Ok((address, state, title)) => {
                let read = Line { state, title: title.to_owned(), span: Some(span(0..address.len())) };
                put(&mut lock, address, read);
            }
            Err((range, message)) if found.len() < REPORTED => found.push(
                Diagnostic::new(&rules::LOCK_SYNTAX, message)
                    .at(span(range))
                    .help("take back the change of this line, or take the line out and run `waypost lock`"),
            ),
            Err(_) => left_out += 1,
        }
    }
    if left_out > 0 {
        let message = format!("{left_out} more lines of `urls.lock` cannot be read");
        found.push(
            Diagnostic::new(&rules::LOCK_SYNTAX, message)
                .at(Span::new(file, text.len()..text.len()))
                .help("bring back the file that git has, and run `waypost lock`"),
        );
    }
    (lock, found)
}

/// The text of a lock.
///
/// # Panics
/// Never: a string takes everything.
#[must_use]
pub fn print(lock: &Lock) -> String {
    let mut text = String::with_capacity(HEAD.len() + lock.lines.len() * 96);
    text.push_str(HEAD);
    for (address, Line { state, title, .. }) in &lock.lines {
        let written = match state {
            State::Page { hash, added, changed } => {
                write!(text, "{address} page {changed} {added} {hash:016x} {title}")
            }
            State::Moved { on, to } => write!(text, "{address} moved {on} {to} {title}"),
            State::Removed { on } => write!(text, "{address} removed {on} {title}"),
        };
        written.expect("a string takes everything");
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

/// Of two lines for one address the later one counts; on the same day a page, whose absence will be noticed, comes
/// before what is said to be gone.
fn put(lock: &mut Lock, address: &str, line: Line) {
    let Some(other) = lock.lines.get_mut(address) else {
        lock.lines.insert(address.to_owned(), line);
        return;
    };
    let first = match (&other.state, &line.state) {
        (State::Page { added: a, .. }, State::Page { added: b, .. }) => Some((*a).min(*b)),
        _ => None,
    };
    if rank(&line) > rank(other) {
        *other = line;
    }
    if let (State::Page { added, .. }, Some(first)) = (&mut other.state, first) {
        *added = first;
    }
}

fn rank(line: &Line) -> (Date, u8, u64, &str, &str) {
    match &line.state {
        State::Page { hash, changed, .. } => (*changed, 2, *hash, "", &line.title),
        State::Moved { on, to } => (*on, 1, 0, to, &line.title),
        State::Removed { on } => (*on, 0, 0, "", &line.title),
    }
}

fn is_mark_of_a_merge(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

fn merged(span: Span, line: Span) -> Diagnostic {
    Diagnostic::new(&rules::LOCK_SYNTAX, "`urls.lock` holds both sides of a merge")
        .at(span)
        .help("take this line out and keep those of both sides, then run `waypost lock`: of two lines for one address the later one counts")
        .fix(line, "")
}

type Wrong = (std::ops::Range<usize>, String);

/// `ADDRESS page CHANGED ADDED HASH TITLE`, `ADDRESS moved DAY TO TITLE` or `ADDRESS removed DAY TITLE`.
fn read_line(line: &str) -> Result<(&str, State, &str), Wrong> {
    if let Some((at, bad)) = line
        .char_indices()
        .find(|(_, character)| character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'))
    {
        let message = format!("the character U+{:04X} cannot stand in `urls.lock`", u32::from(bad));
        return Err((at..at + bad.len_utf8(), message));
    }
    let mut fields = Fields { line, at: 0 };
    let (address, place) = fields.next();
    if !is_address(address) {
        return Err((
            place,
            "a line of `urls.lock` begins with an address such as `/guides/start`".to_owned(),
        ));
    }
    let (kind, place) = fields.next();
    let state = match kind {
        "page" => {
            let changed = fields.day()?;
            let added = fields.day()?;
            let (hash, place) = fields.next();
            let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            match u64::from_str_radix(hash, 16) {
                Ok(hash) if is_hash => State::Page { hash, added, changed },
                Ok(_) | Err(_) => return Err((place, "a hash has 16 digits, `0` to `f`".to_owned())),
            }
        }
        "moved" => {
            let on = fields.day()?;
            let (to, place) = fields.next();
            if to.is_empty() {
                return Err((place, "where the page has moved to is missing".to_owned()));
            }
            State::Moved { on, to: to.to_owned() }
        }
        "removed" => State::Removed { on: fields.day()? },
        _ => {
            return Err((place, "after the address comes `page`, `moved` or `removed`".to_owned()));
        }
    };
    Ok((address, state, fields.rest()))
}

/// The words of a line.
struct Fields<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Fields<'a> {
    fn next(&mut self) -> (&'a str, std::ops::Range<usize>) {
        let start = self.at;
        let end = self.line[start..].find(' ').map_or(self.line.len(), |space| start + space);
        self.at = (end + 1).min(self.line.len());
        (&self.line[start..end], start..end)
    }

    fn day(&mut self) -> Result<Date, Wrong> {
        let (text, place) = self.next();
        let is_day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let day = text.parse().ok().filter(|_| is_day);
        day.ok_or_else(|| (place, "a day is written as `2026-11-25`".to_owned()))
    }

    fn rest(&self) -> &'a str {
        self.line[self.at..].trim()
    }
}

/// What the encoding of a route can give, and nothing that could end an address anywhere.
fn is_address(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'*+,;=:@/%".contains(&byte);
    let Some(path) = text.strip_prefix('/') else { return false };
    path.is_empty()
        || text.bytes().all(allowed) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
