//! Diagnostics in, what people and programs read out: [`text`], [`json`], [`sarif`], [`github`].
//!
//! This is where spans become places in the file that the author wrote ([`Files::locate`]), and nowhere else.
//! Lines and columns count from 1, columns in characters. Every form lists the findings by file and place, the
//! ones without a place first, and says the same thing once. Paths are those of [`super::File`] with `prefix`
//! before them: the way from where the reader stands to the folder of `book.toml` (`docs/`, or nothing).

mod machine;
mod people;

use std::collections::BTreeMap;

use super::{Diagnostic, Edit, FileId, Files, Severity, Span};
pub use machine::{github, json, sarif};
pub use people::{Style, brief, text};

/// The number of findings of each severity in words: `2 errors, 1 warning`; nothing where there are none.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let mut parts = Vec::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "piece of advice", "pieces of advice"),
    ] {
        match count(severity) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            number => parts.push(format!("{number} {many}")),
        }
    }
    if parts.is_empty() { None } else { Some(parts.join(", ")) }
}

/// A diagnostic whose spans point into the author's files.
struct Located<'a> {
    diagnostic: &'a Diagnostic,
    span: Option<Span>,
    notes: Vec<(Span, &'a str)>,
    /// Other places of the same, in the order of files and places.
    uses: Vec<Span>,
    /// The fix, where its place is the author's own text and not what a variable or include stands for.
    fix: Option<Edit>,
}

/// Every finding at its place, in the order they are shown.
fn located<'a>(diagnostics: &'a [Diagnostic], files: &Files) -> Vec<Located<'a>> {
    let mut located: Vec<Located<'_>> = diagnostics
        .iter()
        .map(|diagnostic| Located {
            diagnostic,
            span: diagnostic.span.map(|span| files.locate(span)),
            notes: diagnostic.notes.iter().map(|(span, text)| (files.locate(*span), text.as_str())).collect(),
            uses: uses(diagnostic, files),
            fix: diagnostic.fix.as_ref().and_then(|fix| {
                let span = files.locate_verbatim(fix.span)?;
                Some(Edit { span, replacement: fix.replacement.clone() })
            }),
        })
        .collect();
    let key = |item: &Located<'a>| {
        let place = item.span.map(|span| (&*files.get(span.file).path, span.start, span.end));
        (place, item.diagnostic.rule.code, item.diagnostic.message.as_str())
    };
    located.sort_by(|a, b| key(a).cmp(&key(b)));
    // A partial or an included file is checked in every page that shows it.
    located.dedup_by(|a, b| key(a) == key(b));
    located
}

fn uses(diagnostic: &Diagnostic, files: &Files) -> Vec<Span> {
    let own = diagnostic.span.map(|span| files.locate(span));
    let mut uses: Vec<Span> = diagnostic.uses.iter().map(|(span, _)| files.locate(*span)).collect();
    uses.sort_by(|a, b| {
        (&files.get(a.file).path, a.start, a.end).cmp(&(&files.get(b.file).path, b.start, b.end))
    });
    // A file that several pages include is used once.
    uses.dedup();
    uses.retain(|span| Some(*span) != own);
    uses
}

/// How many other places of the same are named to people.
const USES: usize = 6;

/// `also at a.md:3, b.md:7 and 12 more`; nothing where there is no other place.
fn also(item: &Located<'_>, lines: &mut Lines<'_>, prefix: &str) -> Option<String> {
    let mut named: Vec<String> = Vec::new();
    for span in item.uses.iter().take(USES) {
        let (start, _) = lines.positions(*span);
        named.push(format!("{prefix}{}:{}", lines.files.get(span.file).path, start.line));
    }
    let more = item.uses.len() - named.len();
    let more = if more > 0 { format!(" and in {more} more places") } else { String::new() };
    (!named.is_empty()).then(|| format!("also at {}{more}", named.join(", ")))
}

/// A place as people count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    line: usize,
    column: usize,
}

/// The starts of the lines of the files that were asked for, so that each file is read once.
struct Lines<'a> {
    files: &'a Files,
    starts: BTreeMap<FileId, Vec<usize>>,
}

impl<'a> Lines<'a> {
    fn new(files: &'a Files) -> Self {
        Self { files, starts: BTreeMap::new() }
    }

    /// The author's text, without the byte order mark that would count as a character, and its length.
    fn text(&self, file: FileId) -> (&'a str, usize) {
        let text: &'a str = &self.files.get(file).text;
        text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, '\u{feff}'.len_utf8()))
    }

    /// The span as a range in [`Lines::text`], within it and on character boundaries whatever the span says.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let (text, mark) = self.text(span.file);
        let clamp = |offset: usize| {
            let mut offset = offset.saturating_sub(mark).min(text.len());
            while !text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let range = span.range();
        clamp(range.start)..clamp(range.end.max(range.start))
    }

    fn starts(&mut self, file: FileId) -> &[usize] {
        let text = self.text(file).0;
        self.starts.entry(file).or_insert_with(|| {
            let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        })
    }

    /// The number of the line, from 0, that holds `offset`.
    fn index(&mut self, file: FileId, offset: usize) -> usize {
        self.starts(file).partition_point(|start| *start <= offset) - 1
    }

    fn position(&mut self, file: FileId, offset: usize) -> Position {
        let index = self.index(file, offset);
        let start = self.starts(file)[index];
        Position { line: index + 1, column: self.text(file).0[start..offset].chars().count() + 1 }
    }

    fn positions(&mut self, span: Span) -> (Position, Position) {
        let range = self.range(span);
        (self.position(span.file, range.start), self.position(span.file, range.end))
    }
}

#[cfg(test)]
mod tests;
