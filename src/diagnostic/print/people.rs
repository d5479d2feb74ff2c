//! Findings as rustc shows them: the line, a caret, notes, help, and the fix as a diff.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet, normalize_untrusted_str,
};

use super::super::{Diagnostic, FileId, Files, Severity, Span};
use super::{Lines, Located, located, summary};

/// Whether the text holds terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Characters only.
    Plain,
    /// ANSI colours.
    Colored,
}

/// Every finding for people, with a line that counts them at the end; empty where there are none.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], files: &Files, prefix: &str, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    let located = located(diagnostics, files);
    let mut lines = Lines::new(files);
    let mut out = String::new();
    for item in &located {
        out.push_str(&renderer.render(&report(item, &mut lines, prefix)));
        out.push_str("\n\n");
    }
    if let Some(counts) = summary(diagnostics) {
        writeln!(out, "{counts}").expect("a string takes any text");
    }
    out
}

/// Longer lines are cut around what is marked: a minified file would fill the screen, and take its time.
const LONG_LINE: usize = 2_000;

fn report<'a>(item: &'a Located<'_>, lines: &mut Lines<'a>, prefix: &str) -> Vec<Group<'a>> {
    let diagnostic = item.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name(Some("advice")),
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.code);
    let mut main = Group::with_title(title);

    // The file of the finding comes first, the other ones in the order of their names.
    let mut marks: BTreeMap<(bool, FileId), Vec<Mark<'_>>> = BTreeMap::new();
    let own = item.span.map(|span| span.file);
    let mut mark = |span: Span, label| {
        let range = lines.range(span);
        marks.entry((Some(span.file) != own, span.file)).or_default().push((range, label));
    };
    if let Some(span) = item.span {
        mark(span, None);
    }
    for (span, label) in &item.notes {
        mark(*span, Some(label));
    }
    for ((elsewhere, file), marks) in marks {
        let excerpt = Excerpt::around(file, marks.iter().map(|(range, _)| range), lines);
        if excerpt.cut_line {
            let position = lines.position(file, marks[0].0.start);
            let origin = Origin::path(excerpt.path(lines, prefix)).line(position.line);
            main = main.element(origin.char_column(position.column));
        }
        let annotations = marks.into_iter().map(|(range, label)| -> Annotation<'a> {
            let kind =
                if label.is_none() && !elsewhere { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(excerpt.inside(range)).label(label)
        });
        let path = if excerpt.cut_line { None } else { Some(excerpt.path(lines, prefix)) };
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).path(path);
        main = main.element(snippet.annotations(annotations));
    }

    let Some(fix) = &item.fix else {
        if let Some(help) = &diagnostic.help {
            main = main.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        return vec![main];
    };
    let range = lines.range(fix.span);
    let excerpt = Excerpt::around(fix.span.file, [&range], lines);
    let help = diagnostic.help.as_deref().unwrap_or("this repairs it");
    let title = Level::HELP.secondary_title(normalize_untrusted_str(help));
    if excerpt.cut_line {
        return vec![main, Group::with_title(title)];
    }
    let path = if own == Some(fix.span.file) { None } else { Some(excerpt.path(lines, prefix)) };
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.line).path(path);
    let patch = Patch::new(excerpt.inside(range), fix.replacement.as_str());
    vec![main, title.element(snippet.patch(patch))]
}

/// What is marked in a file, and what is said of it; nothing for the finding itself.
type Mark<'a> = (Range<usize>, Option<&'a str>);

/// The lines of a file that are shown. Only these are handed on: the renderer reads all that it is given.
struct Excerpt<'a> {
    file: FileId,
    text: &'a str,
    start: usize,
    line: usize,
    /// Whether a long line was cut, so that columns in the excerpt are not those in the file.
    cut_line: bool,
}

impl<'a> Excerpt<'a> {
    fn around<'r>(
        file: FileId,
        ranges: impl IntoIterator<Item = &'r Range<usize>>,
        lines: &mut Lines<'a>,
    ) -> Self {
        let (first, last) = ranges
            .into_iter()
            .fold((usize::MAX, 0), |(low, high), range| (low.min(range.start), high.max(range.end)));
        let text = lines.text(file).0;
        let line = lines.index(file, first);
        let mut start = lines.starts(file)[line];
        let mut end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        let cut_line = text[start..end].split('\n').any(|line| line.len() > LONG_LINE);
        if cut_line {
            // Enough around the marks to know the place by; the renderer trims further to the terminal.
            start = start.max(first.saturating_sub(80));
            end = end.min(last + 80).min(start + 2 * LONG_LINE).max(first);
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            while !text.is_char_boundary(end) {
                end += 1;
            }
        }
        Self { file, text: &text[start..end], start, line: line + 1, cut_line }
    }

    fn inside(&self, range: Range<usize>) -> Range<usize> {
        let offset = |at: usize| at.saturating_sub(self.start).min(self.text.len());
        offset(range.start)..offset(range.end)
    }

    fn path(&self, lines: &Lines<'_>, prefix: &str) -> String {
        format!("{prefix}{}", lines.files.get(self.file).path)
    }
}
