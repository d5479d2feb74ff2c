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
    let mut out = rendered(&located, files, prefix, &renderer);
    counted(diagnostics, &mut out);
    out
}

/// How many pieces of advice of one rule are shown before the rest is only counted.
const ENOUGH: usize = 3;

/// The findings for people, without a flood: of each rule's advice a few, and a line that counts the others.
#[must_use]
pub fn brief(diagnostics: &[Diagnostic], files: &Files, prefix: &str, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled(),
    };
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rest: BTreeMap<&str, BTreeMap<FileId, usize>> = BTreeMap::new();
    let mut shown = located(diagnostics, files);
    shown.retain(|item| {
        let Diagnostic { rule, severity: Severity::Advice, .. } = item.diagnostic else { return true };
        let count = seen.entry(rule.code).or_default();
        *count += 1;
        if *count > ENOUGH {
            let files = rest.entry(rule.code).or_default();
            if let Some(span) = item.span {
                *files.entry(span.file).or_default() += 1;
            }
        }
        *count <= ENOUGH
    });
    let mut out = rendered(&shown, files, prefix, &renderer);
    for (code, places) in rest {
        let more = seen[code] - ENOUGH;
        let mut message = format!("{more} more");
        // The first of those that have as many.
        let most = places.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        match (most, places.len()) {
            (Some((file, _)), 1) => message.push_str(&format!(" in {prefix}{}", files.get(*file).path)),
            (Some((file, count)), many) => {
                let path = &files.get(*file).path;
                message.push_str(&format!(" in {many} files, the most in {prefix}{path} ({count})"));
            }
            (None, _) => {}
        }
        let title = Level::NOTE.with_name(Some("advice")).primary_title(message.as_str()).id(code);
        out.push_str(&renderer.render(&[Group::with_title(title)]));
        out.push('\n');
    }
    if seen.values().any(|count| *count > ENOUGH) {
        out.push_str("`waypost check --all` shows every piece of advice\n\n");
    }
    counted(diagnostics, &mut out);
    out
}

fn rendered(located: &[Located<'_>], files: &Files, prefix: &str, renderer: &Renderer) -> String {
    let mut lines = Lines::new(files);
    let mut out = String::new();
    for item in located {
        out.push_str(&renderer.render(&report(item, &mut lines, prefix)));
        out.push_str("\n\n");
    }
    out
}

fn counted(diagnostics: &[Diagnostic], out: &mut String) {
    if let Some(counts) = summary(diagnostics) {
        writeln!(out, "{counts}").expect("a string takes any text");
    }
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

    let also = super::also(item, lines, prefix);
    if let Some(also) = &also {
        main = main.element(Level::NOTE.message(normalize_untrusted_str(also)));
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
        let text = lines.text(file).0;
        let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end);
        let (mut first, mut last) = (usize::MAX, 0);
        let mut cut_line = false;
        for range in ranges {
            (first, last) = (first.min(range.start), last.max(range.end));
            // The lines between two marks are not shown: only those of the marks themselves may be too long.
            let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
            cut_line |= text[start..line_end(range.end)].split('\n').any(|line| line.len() > LONG_LINE);
        }
        let line = lines.index(file, first);
        let mut start = lines.starts(file)[line];
        let mut end = line_end(last);
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
