//! What can be wrong, and where: the vocabulary every stage reports in.
//!
//! In: a [`Rule`], a sentence, a [`Span`]. Out: a [`Diagnostic`] that [`mod@print`] shows as text, JSON, SARIF or
//! GitHub annotations. It is a module of its own, first of all, because every other one reports through it and
//! it needs none of them.

pub mod fix;
pub mod print;
pub mod rules;

use std::ops::Range;
use std::sync::Arc;

/// One input file, by its place in [`Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file. `start` and `end` lie on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the bytes are in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span of `range` in `file`.
    ///
    /// # Panics
    /// When an offset does not fit `u32`; [`crate::source`] refuses files of 4 GiB and more.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).expect("input files are smaller than 4 GiB");
        Self { file, start: offset(range.start), end: offset(range.end) }
    }

    /// The bytes as a range, to slice the text with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies wholly inside this span of the same file.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// How much a finding matters. Errors stop the build; warnings and advice are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site would be wrong: nothing is written.
    Error,
    /// Readers or agents lose something.
    Warning,
    /// Worth knowing.
    Advice,
}

/// One kind of finding: the code authors name in `book.toml`, on the command line and in searches.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case, stable, unique.
    pub code: &'static str,
    /// The level it has unless `[check.rules]` gives another.
    pub severity: Severity,
    /// What it says, in a few words.
    pub title: &'static str,
}

/// A replacement that repairs a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What takes its place.
    pub replacement: String,
}

/// One finding: what is, where, and what to do about it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The kind of finding.
    pub rule: &'static Rule,
    /// The rule's level, or the one that `book.toml` gives it.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, code in backticks.
    pub message: String,
    /// Where; absent for what has no place (a missing folder).
    pub span: Option<Span>,
    /// Further places and what each has to do with it.
    pub notes: Vec<(Span, String)>,
    /// Other places where the same is wrong, each with the edit that repairs it there: one finding says it of all of them.
    pub uses: Vec<(Span, Option<Edit>)>,
    /// What to do.
    pub help: Option<String>,
    /// An edit that does it, where one is safe.
    pub fix: Option<Edit>,
}

impl Diagnostic {
    /// A finding with no place yet.
    #[must_use]
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            span: None,
            notes: Vec::new(),
            uses: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same, with a second place and what it has to do with the finding.
    #[must_use]
    pub fn note(mut self, span: Span, text: impl Into<String>) -> Self {
        self.notes.push((span, text.into()));
        self
    }

    /// The same, with what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The same, with an edit that repairs it.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Edit { span, replacement: replacement.into() });
        self
    }
}

/// A text file that spans can point into.
#[derive(Clone, Debug)]
pub struct File {
    /// Relative to the folder of `book.toml`, with `/` between parts.
    pub path: String,
    /// The whole text, as the author wrote it (a BOM included).
    pub text: Arc<str>,
    /// Where the parts of the text that stages see came from, when variables or includes were put into it;
    /// empty when they see the author's. In order, without gaps.
    pub pieces: Vec<Piece>,
}

/// A part of a substituted text and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where the part starts in the substituted text; it ends where the next one starts.
    pub start: u32,
    /// What it came from: the same bytes when `verbatim`, else the directive that stood for it.
    pub origin: Span,
    /// Whether the part is the same bytes as its origin.
    pub verbatim: bool,
}

/// Every text file that was read, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

impl Files {
    /// Adds a file and says which it is.
    ///
    /// # Panics
    /// When there are more than `u32::MAX` files.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 files"));
        self.files.push(File { path: path.into(), text: text.into(), pieces: Vec::new() });
        id
    }

    /// The file.
    ///
    /// # Panics
    /// When `id` is from another collection.
    #[must_use]
    pub fn get(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// Notes that stages see a substituted text of this file, and where its parts came from.
    pub fn substituted(&mut self, id: FileId, pieces: Vec<Piece>) {
        self.files[id.0 as usize].pieces = pieces;
    }

    /// The place in a file as its author wrote it. Idempotent for files without substitutions only: call it
    /// once, where a diagnostic is shown.
    #[must_use]
    pub fn locate(&self, span: Span) -> Span {
        let pieces = &self.get(span.file).pieces;
        let find = |offset: u32| pieces[..pieces.partition_point(|piece| piece.start <= offset)].last();
        let Some(first) = find(span.start) else { return span };
        let shift =
            |piece: &Piece, offset: u32| (piece.origin.start + offset - piece.start).min(piece.origin.end);
        let start = if first.verbatim { shift(first, span.start) } else { first.origin.start };
        let last = find(span.end.saturating_sub(1).max(span.start)).unwrap_or(first);
        if last.origin.file != first.origin.file {
            return Span { start, ..first.origin };
        }
        let end = if last.verbatim { shift(last, span.end) } else { last.origin.end };
        Span { file: first.origin.file, start, end: end.max(start) }
    }

    /// The place in a file as its author wrote it, where the bytes there are the same: nothing for a span that
    /// takes in a variable's value or the edge of an include. An edit of such a place does what it says.
    #[must_use]
    pub fn locate_verbatim(&self, span: Span) -> Option<Span> {
        let pieces = &self.get(span.file).pieces;
        if pieces.is_empty() {
            return Some(span);
        }
        let last = pieces.partition_point(|piece| piece.start < span.end.max(span.start + 1));
        let first = pieces[..last].partition_point(|piece| piece.start <= span.start).checked_sub(1)?;
        let covered = &pieces[first..last];
        let joined = covered.windows(2).all(|pair| {
            pair[0].origin.file == pair[1].origin.file && pair[0].origin.end == pair[1].origin.start
        });
        if !joined || covered.iter().any(|piece| !piece.verbatim) {
            return None;
        }
        let start = covered[0].origin.start + (span.start - covered[0].start);
        let end = start + (span.end - span.start);
        let inside = end <= covered.last()?.origin.end;
        inside.then_some(Span { file: covered[0].origin.file, start, end })
    }

    /// All files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0..).map(FileId).zip(&self.files)
    }
}

/// The candidate nearest to `wanted` in spelling, where one is near enough to suggest.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = wanted.to_lowercase();
    let length = folded.chars().count();
    candidates
        .into_iter()
        // A difference of lengths alone can rule a name out, and costs nothing to see.
        .filter(|candidate| {
            let own = candidate.chars().count();
            length.min(own) * 5 >= length.max(own) * 3
        })
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate)
        })
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}
