//! A page's text in, the text that is parsed out: variables and mdBook's includes put in place.
//!
//! It stands before reading proper because what it puts in is Markdown like any other, and knows where each
//! part came from ([`Piece`]), so that messages point into the file the author wrote. Pure: the caller hands it
//! the files that [`wanted`] names. The spans of its diagnostics index the text it returns, like everyone's.
//!
//! `{{NAME}}` is replaced where `book.toml` declares NAME, everywhere, and stays as written where it does not;
//! `\{{NAME}}` prints `{{NAME}}`. In the mdBook dialect the directives of mdBook's `links` preprocessor work as
//! there, with two differences: what cannot be included is an error, and the lines that mdBook hides until a
//! reader unfolds them (`# line` in Rust code, what `rustdoc_include` leaves outside its range) are left out.

mod directive;
mod docfx;
mod hidden;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::config::{Dialect, is_hidden};
use crate::diagnostic::{Diagnostic, FileId, Piece, Span, nearest, rules};
use directive::{Directive, Found, Lines};
pub use hidden::visible_rust_lines;

/// What substitution makes of a text.
#[derive(Clone, Debug)]
pub struct Substituted {
    /// The text to parse, without a byte order mark; the author's own when nothing was put in or taken out.
    pub text: Arc<str>,
    /// Where its parts came from; empty when it is the author's own.
    pub pieces: Vec<Piece>,
    /// Includes that name nothing.
    pub diagnostics: Vec<Diagnostic>,
}

/// What can be put into a text.
#[derive(Clone, Copy)]
pub struct Supply<'a> {
    /// Whose directives count.
    pub dialect: Dialect,
    /// What `{{NAME}}` stands for.
    pub variables: &'a BTreeMap<String, String>,
    /// The files that could be read, by path from the folder of `book.toml`.
    pub included: &'a BTreeMap<String, (FileId, Arc<str>)>,
    /// The path of an existing file that is nearest to one that does not exist.
    pub nearest_path: &'a dyn Fn(&str) -> Option<String>,
}

impl std::fmt::Debug for Supply<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Supply").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

/// The files that the directives of `text` (at `path` from the folder of `book.toml`) name, with the directive.
/// What lies outside that folder is not among them.
#[must_use]
pub fn wanted(file: FileId, path: &str, text: &str, dialect: Dialect) -> Vec<(String, Span)> {
    let mut wanted = Vec::new();
    let nothing = BTreeMap::new();
    let mut from = 0;
    while let Some((range, found)) = directive::next(text, from..text.len(), dialect, &nothing) {
        if let Found::Directive(directive) = found
            && let Some(target) = directive.path().and_then(|target| resolve(path, target, dialect))
        {
            wanted.push((target, Span::new(file, range.clone())));
        }
        from = range.end;
    }
    wanted
}

/// Puts variables and includes in place.
#[must_use]
pub fn substitute(file: FileId, path: &str, text: &Arc<str>, supply: Supply<'_>) -> Substituted {
    let start = mark_length(text);
    let mut work = Work {
        supply,
        page: file,
        out: String::with_capacity(text.len()),
        line: 0,
        pieces: Vec::new(),
        diagnostics: Vec::new(),
        includes: 0,
        full: false,
        changed: start > 0,
    };
    work.expand(Part { file, path, text }, start..text.len(), "", &mut Vec::new());
    let Work { mut out, mut pieces, mut diagnostics, mut changed, .. } = work;
    if supply.dialect == Dialect::Mdbook {
        let removed = hidden::in_fences(&out);
        if !removed.is_empty() {
            (out, pieces) = without(&out, &pieces, &removed);
            for span in diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.span.as_mut()) {
                let moved = |at: u32| at - removed_before(&removed, at);
                (span.start, span.end) = (moved(span.start), moved(span.end));
            }
            changed = true;
        }
    }
    if changed {
        Substituted { text: out.into(), pieces, diagnostics }
    } else {
        Substituted { text: Arc::clone(text), pieces: Vec::new(), diagnostics }
    }
}

/// How deep includes may be nested; mdBook's limit.
const DEPTH: usize = 10;
/// How much may be put into one page: nested includes multiply.
const MOST_BYTES: usize = 64 << 20;
const MOST_INCLUDES: usize = 20_000;

/// A file whose text, or part of it, is put in.
#[derive(Clone, Copy)]
struct Part<'a> {
    file: FileId,
    path: &'a str,
    text: &'a str,
}

struct Work<'a> {
    supply: Supply<'a>,
    page: FileId,
    out: String,
    /// Where the last line of `out` starts.
    line: usize,
    pieces: Vec<Piece>,
    diagnostics: Vec<Diagnostic>,
    includes: usize,
    /// Whether it was said that the page includes too much: once is enough.
    full: bool,
    changed: bool,
}

impl<'a> Work<'a> {
    /// Adds a range of a file, what is named in it put in place. Every line after the first one gets `margin`.
    fn expand(
        &mut self,
        part: Part<'_>,
        range: Range<usize>,
        margin: &str,
        stack: &mut Vec<(String, Lines)>,
    ) {
        let mut from = range.start;
        let docfx = self.supply.dialect == Dialect::Docfx
            && directive::next(part.text, range.clone(), Dialect::Docfx, self.supply.variables).is_some();
        let code = if docfx { docfx::code(part.text) } else { Vec::new() };
        while let Some((at, found)) =
            directive::next(part.text, from..range.end, self.supply.dialect, self.supply.variables)
        {
            let before = code.partition_point(|range| range.start <= at.start);
            let in_code = before > 0 && at.start < code[before - 1].end;
            if in_code && matches!(found, Found::Made(_) | Found::Directive(_)) {
                self.copy(part, from..at.start + 1, margin);
                from = at.start + 1;
                continue;
            }
            self.copy(part, from..at.start, margin);
            self.changed = true;
            match found {
                // The backslash goes, the rest stands for itself.
                Found::Escaped => self.copy(part, at.start + 1..at.end, margin),
                Found::Made(text) => self.make(&text, Span::new(part.file, at.clone()), margin),
                Found::Variable(value) => self.make(value, Span::new(part.file, at.clone()), margin),
                Found::Directive(Directive::Title) => {}
                Found::Directive(directive) => self.include(part, at.clone(), &directive, margin, stack),
            }
            from = at.end;
        }
        self.copy(part, from..range.end, margin);
    }

    fn include(
        &mut self,
        part: Part<'_>,
        at: Range<usize>,
        directive: &Directive<'_>,
        margin: &str,
        stack: &mut Vec<(String, Lines)>,
    ) {
        self.includes += 1;
        let origin = Span::new(part.file, at.clone());
        let (path, lines) = match self.find(part.path, directive, stack) {
            Ok(found) => found,
            Err(diagnostic) => {
                // Something stays, so that the place of the message is in the text that stages see: what is written
                // for mdBook, as there. docfx's would be read as a link and reported a second time.
                let start = self.out.len();
                match self.supply.dialect {
                    Dialect::Docfx => self.make(" ", origin, ""),
                    Dialect::Docusaurus | Dialect::Mdbook | Dialect::Commonmark => {
                        self.copy(part, at, margin);
                    }
                }
                if !self.full {
                    self.diagnostics.push((*diagnostic).at(Span::new(self.page, start..self.out.len())));
                }
                self.full = self.is_full();
                return;
            }
        };
        let is_include = matches!(directive, Directive::Include { .. });
        if self.supply.dialect == Dialect::Docfx && is_include && docfx::is_document(part.text, &at, &path) {
            return self.make(&docfx::place(&path), origin, margin);
        }
        let included: &'a BTreeMap<String, (FileId, Arc<str>)> = self.supply.included;
        let (file, text) = &included[&path];
        let inner = Part { file: *file, path: &path, text };
        // An include in a list item or a quote: what it brings must stand in there whole.
        let line = &self.out[self.line..];
        let margin = if line.chars().all(|c| matches!(c, ' ' | '\t' | '>')) {
            line.to_owned()
        } else {
            margin.to_owned()
        };
        let opening = match directive {
            Directive::Playground { attributes, .. } => {
                Some(["rust"].iter().chain(attributes).copied().collect::<Vec<_>>().join(","))
            }
            Directive::Code { attributes, .. } => Some(attributes.join(",")),
            Directive::Include { .. } | Directive::Rustdoc { .. } | Directive::Title => None,
        };
        if let Some(words) = &opening {
            self.make(&format!("```{words}\n"), origin, &margin);
        }
        stack.push((path.clone(), directive.lines().clone()));
        for range in lines {
            self.expand(inner, range, &margin, stack);
        }
        stack.pop();
        if opening.is_some() {
            self.make("\n```", origin, &margin);
        }
    }

    /// The file that a directive names and the ranges of its text to put in.
    fn find(
        &self,
        from: &str,
        directive: &Directive<'_>,
        stack: &[(String, Lines)],
    ) -> Result<(String, Vec<Range<usize>>), Box<Diagnostic>> {
        let target = directive.path().expect("a title is not included");
        let missing = |message: String, help: String| {
            Err(Box::new(Diagnostic::new(&rules::MISSING_INCLUDE, message).help(help)))
        };
        let Some(path) = resolve(from, target, self.supply.dialect) else {
            let message = format!("`{target}` leads outside the folder of `book.toml`");
            let help = "files below that folder can be included, and no others";
            return Err(Box::new(Diagnostic::new(&rules::PATH_OUTSIDE, message).help(help)));
        };
        if is_hidden(&path) {
            let message = format!("`{path}` is hidden: a name in it starts with `.`");
            let help = "hidden files are not read: include one without the dot";
            return Err(Box::new(Diagnostic::new(&rules::PATH_OUTSIDE, message).help(help)));
        }
        let Some((_, text)) = self.supply.included.get(&path) else {
            let help = match (self.supply.nearest_path)(&path) {
                Some(near) => format!("did you mean `{}`?", relative(from, &near)),
                None => format!("the path counts from the folder of `{from}`"),
            };
            return missing(format!("there is no file `{path}` to include"), help);
        };
        let lines = directive.lines();
        if stack.iter().any(|(open, open_lines)| *open == path && open_lines == lines) {
            return missing(
                format!("`{path}` includes itself"),
                "remove one of the includes on the way".to_owned(),
            );
        }
        if stack.len() >= DEPTH {
            return missing(
                format!("includes are nested more than {DEPTH} deep"),
                "include the file where it is needed".to_owned(),
            );
        }
        if self.is_full() {
            return missing(
                "this page includes too much".to_owned(),
                format!("a page holds at most {MOST_INCLUDES} includes and {} MB", MOST_BYTES >> 20),
            );
        }
        match directive::select(text, directive) {
            Ok(ranges) => Ok((path, ranges)),
            Err(directive::Nothing::Anchor(name, anchors)) => {
                let help = match nearest(&name, anchors.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if anchors.is_empty() => {
                        format!("mark the lines with `ANCHOR: {name}` and `ANCHOR_END: {name}`")
                    }
                    None => format!("its anchors are `{}`", anchors.join("`, `")),
                };
                missing(format!("`{path}` has no anchor `{name}`"), help)
            }
            Err(directive::Nothing::Range(count)) => {
                missing(format!("`{path}` has no such lines"), format!("it has {count}, counted from 1"))
            }
        }
    }

    fn is_full(&self) -> bool {
        self.out.len() > MOST_BYTES || self.includes > MOST_INCLUDES
    }

    /// Adds bytes of a file as they are.
    fn copy(&mut self, part: Part<'_>, range: Range<usize>, margin: &str) {
        if margin.is_empty() {
            self.copy_line(part, range);
            return;
        }
        let mut start = range.start;
        for line in part.text[range].split_inclusive('\n') {
            self.copy_line(part, start..start + line.len());
            start += line.len();
            if line.ends_with('\n') {
                self.add(margin, Span::new(part.file, start..start), false);
            }
        }
    }

    fn copy_line(&mut self, part: Part<'_>, range: Range<usize>) {
        self.add(&part.text[range.clone()], Span::new(part.file, range), true);
    }

    /// Adds text that stands for a directive.
    fn make(&mut self, text: &str, origin: Span, margin: &str) {
        if margin.is_empty() {
            self.add(text, origin, false);
        } else {
            self.add(&text.replace('\n', &format!("\n{margin}")), origin, false);
        }
    }

    fn add(&mut self, text: &str, origin: Span, verbatim: bool) {
        if text.is_empty() {
            return;
        }
        let start = u32::try_from(self.out.len()).expect("a page is far smaller than 4 GiB");
        if let Some(at) = text.rfind('\n') {
            self.line = self.out.len() + at + 1;
        }
        self.out.push_str(text);
        if let Some(last) = self.pieces.last_mut()
            && last.verbatim
            && verbatim
            && (last.origin.file, last.origin.end) == (origin.file, origin.start)
        {
            last.origin.end = origin.end;
            return;
        }
        self.pieces.push(Piece { start, origin, verbatim });
    }
}

/// The text without `removed` (in order, apart), and where its parts came from.
fn without(text: &str, pieces: &[Piece], removed: &[Range<usize>]) -> (String, Vec<Piece>) {
    let offset = |at: usize| u32::try_from(at).expect("a page is far smaller than 4 GiB");
    let mut out = String::with_capacity(text.len());
    let mut kept: Vec<Piece> = Vec::new();
    let gaps = removed.iter().map(|range| range.start).chain([text.len()]);
    let starts = [0].into_iter().chain(removed.iter().map(|range| range.end));
    for (start, end) in starts.zip(gaps) {
        let mut at = start;
        let first = pieces.partition_point(|piece| piece.start as usize <= start).saturating_sub(1);
        for (index, piece) in pieces.iter().enumerate().skip(first) {
            if at >= end {
                break;
            }
            let stop = pieces.get(index + 1).map_or(text.len(), |next| next.start as usize).min(end);
            let origin = if piece.verbatim {
                let moved = |at: usize| piece.origin.start + (offset(at) - piece.start);
                Span { start: moved(at), end: moved(stop), ..piece.origin }
            } else {
                piece.origin
            };
            kept.push(Piece { start: offset(out.len()), origin, verbatim: piece.verbatim });
            out.push_str(&text[at..stop]);
            at = stop;
        }
    }
    (out, kept)
}

fn removed_before(removed: &[Range<usize>], at: u32) -> u32 {
    let bytes: usize = removed
        .iter()
        .take_while(|range| range.start < at as usize)
        .map(|range| range.end.min(at as usize) - range.start)
        .sum();
    u32::try_from(bytes).expect("no more than there was")
}

/// The path that `target`, as written in the file at `from`, names; nothing for what lies outside the root. docfx
/// writes `~/` for the root.
fn resolve(from: &str, target: &str, dialect: Dialect) -> Option<String> {
    let target = target.replace('\\', "/");
    if let Some(target) = target.strip_prefix("~/").filter(|_| dialect == Dialect::Docfx) {
        return resolve("", target, dialect);
    }
    if target.is_empty() || target.starts_with('/') || target.get(1..2) == Some(":") {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// How the file at `from` names the file at `path`.
fn relative(from: &str, path: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// The length of the byte order mark that a text starts with.
fn mark_length(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

#[cfg(test)]
mod tests;
