//! A text in, what in it is not Markdown out: components, tags, comments, statements, expressions, `:::` blocks.
//!
//! Tags decide extent, so this reads the source once, before Markdown does. It knows what may hide a tag (code
//! fences, code spans, escapes, comments, `<pre>`) and nothing more of Markdown; indentation means nothing to
//! it. What it finds is nested and has exact spans. Where Markdown later disagrees about what is code, the
//! source is put back, which is why a finding carries its diagnostics with it instead of reporting them.

mod directives;
mod elements;
mod words;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::directive::{self, Line, Opening};
use crate::document::element::{self, Form, Tag};
use crate::document::parse::Options;
use crate::document::script::{blank_follows, line_end};
use crate::document::{Attribute, Component, Import, Syntax, Value, literal, markup, script};

/// How deep components may nest: a page has a handful, and each level costs stack wherever the tree is walked.
const DEPTH: usize = 100;

/// What a scan found.
#[derive(Debug, Default)]
pub(in crate::document) struct Scan {
    /// Everything found; `inside` and `top` are places in it.
    pub found: Vec<Found>,
    /// What stands in no component, in order.
    pub top: Vec<usize>,
    /// Imports, in order.
    pub imports: Vec<Import>,
}

/// Something that is not Markdown.
#[derive(Debug)]
pub(in crate::document) struct Found {
    /// All of it: from the opening to the closing tag.
    pub span: Range<usize>,
    /// What it is.
    pub what: What,
    /// What is in its body, in order.
    pub inside: Vec<usize>,
    /// Markdown in an attribute and what is in it: an admonition's title, a caption.
    pub title: Option<(Range<usize>, Vec<usize>)>,
    /// How many `>` stand before it on its line: they are no part of its body.
    pub quotes: usize,
    /// What is wrong with it, if it is what it seems to be.
    pub diagnostics: Vec<Diagnostic>,
}

/// What was found.
#[derive(Debug)]
pub(in crate::document) enum What {
    /// A component with its body.
    Component(Box<Component>),
    /// One lowercase tag, or a whole element whose content is not markup.
    Html {
        /// The HTML, where it is not the source.
        html: Option<String>,
    },
    /// A comment or statement.
    Hidden,
    /// `{…}`.
    Expression,
    /// Source that is text although it looks like something else.
    Words,
}

/// Scans `text[body]`.
pub(in crate::document) fn scan(file: FileId, text: &str, body: Range<usize>, options: &Options) -> Scan {
    let mut scanner = Scanner {
        file,
        text,
        bytes: &text.as_bytes()[..body.end],
        end: body.end,
        options,
        at: body.start,
        scan: Scan::default(),
        frames: vec![Frame::new(Open::Root)],
        quotes: 0,
        items: Vec::new(),
        paragraph: 0,
        ticks: Vec::new(),
        fuel: 0,
        unwrapped: Vec::new(),
        code: false,
        reach: 8 * body.len() + 64 * 1024,
        closes: [None; 2],
        raw_missing: Vec::new(),
        end_of_line: 0,
    };
    while scanner.at < scanner.end {
        scanner.line();
    }
    while scanner.frames.len() > 1 {
        scanner.unclosed(None);
    }
    scanner.finish_html(0, None);
    let root = scanner.frames.swap_remove(0);
    scanner.scan.top = root.found;
    scanner.scan
}

struct Scanner<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    end: usize,
    options: &'a Options,
    at: usize,
    scan: Scan,
    frames: Vec<Frame>,
    /// `>` before the text of the current line.
    quotes: usize,
    /// List items the line is in: quotes around them, column of their text.
    items: Vec<(usize, usize)>,
    /// Where the current paragraph ends, once something asked.
    paragraph: usize,
    /// Lengths of backtick runs that nothing closes before the offset.
    ticks: Vec<(usize, usize)>,
    /// How much may still be read in vain for closing braces in this paragraph.
    fuel: usize,
    /// Starts of the lines that close an `mdx-code-block`.
    unwrapped: Vec<usize>,
    /// Whether the last line was indented code or blank, so that an indented one is code.
    code: bool,
    /// How far may yet be read in vain for closing braces on this page.
    reach: usize,
    /// The last `-->` and `*/` that were looked for, so that none is looked for twice: where from, where found.
    closes: [Option<(usize, usize)>; 2],
    /// Elements without markup whose closing tag is missing from here on.
    raw_missing: Vec<String>,
    /// The end of the line that was last asked for.
    end_of_line: usize,
}

/// Something open.
struct Frame {
    what: Open,
    found: Vec<usize>,
    /// Lowercase elements open in it: name, place in the findings.
    html: Vec<(Range<usize>, usize)>,
}

enum Open {
    Root,
    /// Markdown in an attribute: nothing in it closes what is around it.
    Title,
    Tag {
        tag: Tag,
        quotes: usize,
    },
    Directive {
        opening: Opening,
        start: usize,
        body: usize,
        title: Vec<usize>,
        quotes: usize,
        column: usize,
        /// The first line that stands further left than the admonition.
        dedent: Option<usize>,
    },
}

impl Frame {
    fn new(what: Open) -> Self {
        Self { what, found: Vec::new(), html: Vec::new() }
    }
}

/// What stands before the text of a line.
struct Prefix {
    /// Where the text starts.
    content: usize,
    /// The column it starts at.
    column: usize,
    /// The column of the first list marker, or of the text.
    base: usize,
}

impl Scanner<'_> {
    /// One line, or as many as what starts in it takes up.
    fn line(&mut self) {
        let start = self.at;
        let end = line_end(self.text, start).min(self.end);
        let prefix = self.prefix(start, end);
        let Prefix { content, column, base } = prefix;
        if self.text[content..end].trim_end().is_empty() {
            self.at = end + 1;
            self.code = true;
            return;
        }
        if self.unwrapped.last() == Some(&start) {
            self.unwrapped.pop();
            self.hidden(content..content + self.text[content..end].trim_end().len());
            self.at = end + 1;
            return;
        }
        self.note_dedent(start, base);
        let container =
            self.items.last().filter(|(quotes, _)| *quotes == self.quotes).map_or(0, |(_, column)| *column);
        if self.options.indented_code && self.code && column >= container + 4 {
            self.at = end + 1;
            return;
        }
        self.code = false;
        self.at = content;
        let handled = match self.bytes[content] {
            b'i' | b'e' if self.options.mdx && self.at_margin(start, content) => self.statement(),
            b'`' | b'~' => self.fence(end, container),
            b':' if self.options.directives => self.directive(start, end, column, base),
            b'$' if self.options.math => self.math(end),
            _ => false,
        };
        if !handled {
            self.inline(self.end);
        }
    }

    /// Whether a line has nothing before its text that a statement may not have. Formatters indent what stands in a
    /// component, statements too.
    fn at_margin(&self, start: usize, content: usize) -> bool {
        content == start || (!self.frames.is_empty() && self.text[start..content].trim().is_empty())
    }

    /// Reads quote and list markers, and keeps account of the list items that the line is in.
    fn prefix(&mut self, start: usize, end: usize) -> Prefix {
        let mut at = start;
        let mut column = 0;
        let mut base = None;
        self.quotes = 0;
        loop {
            while at < end && matches!(self.bytes[at], b' ' | b'\t' | b'\r') {
                column += if self.bytes[at] == b'\t' { 4 - column % 4 } else { 1 };
                at += 1;
            }
            if at == end {
                break;
            }
            if self.bytes[at] == b'>' && base.is_none() {
                self.quotes += 1;
                at += 1;
                column += 1;
                continue;
            }
            if base.is_none() {
                let quotes = self.quotes;
                self.items.retain(|item| item.0 < quotes || (item.0 == quotes && item.1 <= column));
                base = Some(column);
            }
            let Some(marker) = list_marker(&self.text[at..end]) else { break };
            at += marker;
            column += marker;
            let spaces = self.text[at..end].bytes().take_while(|byte| *byte == b' ').count();
            let spaces = if (1..=4).contains(&spaces) { spaces } else { 1 };
            self.items.push((self.quotes, column + spaces));
        }
        Prefix { content: at, column, base: base.unwrap_or(column) }
    }

    /// `import` and `export`.
    fn statement(&mut self) -> bool {
        let start = self.at;
        // The fence that closes an `mdx-code-block` ends what is in it.
        let limit = self.unwrapped.last().map_or(self.end, |close| self.end.min(*close));
        let rest = &self.text[start..limit];
        let end = if rest.starts_with("import") {
            let Some((end, names, source)) = script::import(self.text, start, limit) else { return false };
            let span = Span::new(self.file, start..end);
            let imports = names.into_iter().map(|name| Import { name, source: source.clone(), span });
            self.scan.imports.extend(imports);
            end
        } else if rest.starts_with("export") {
            let Some(end) = script::export(self.text, start, limit) else { return false };
            end
        } else {
            return false;
        };
        self.hidden(start..end);
        self.at = end;
        // Another statement may follow on the same line; anything else there is text.
        while self.bytes.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
        } else if !self.text[self.at..self.end].starts_with("import") || !self.statement() {
            self.inline(self.end);
        }
        true
    }

    fn fence(&mut self, line: usize, container: usize) -> bool {
        let start = self.at;
        let byte = self.bytes[start];
        let length = self.bytes[start..line].iter().take_while(|other| **other == byte).count();
        let info = self.text[start + length..line].trim();
        if length < 3 || (byte == b'`' && info.contains('`')) {
            return false;
        }
        let (close, after) = self.fence_end(byte, length, container, line + 1);
        if self.options.mdx
            && info == "mdx-code-block"
            && let Some(close) = close
        {
            self.hidden(start..start + self.text[start..line].trim_end().len());
            self.unwrapped.push(close);
            self.at = line + 1;
        } else {
            self.at = after;
        }
        true
    }

    /// The line that closes a fence, and where to read on.
    fn fence_end(&self, byte: u8, length: usize, container: usize, from: usize) -> (Option<usize>, usize) {
        let mut line = from;
        while line < self.end {
            let end = line_end(self.text, line).min(self.end);
            let mut at = line;
            let mut column = 0;
            let mut quotes = 0;
            while at < end {
                match self.bytes[at] {
                    b' ' | b'\r' => column += 1,
                    b'\t' => column += 4 - column % 4,
                    b'>' if quotes < self.quotes => {
                        quotes += 1;
                        column += 1;
                    }
                    _ => break,
                }
                at += 1;
            }
            if quotes < self.quotes || (at < end && column < container) {
                return (None, line);
            }
            let run = self.bytes[at..end].iter().take_while(|other| **other == byte).count();
            if run >= length && self.text[at + run..end].trim().is_empty() {
                return (Some(line), end + 1);
            }
            line = end + 1;
        }
        (None, self.end)
    }

    /// `$$` on a line of its own, to the next one before a blank line.
    fn math(&mut self, end: usize) -> bool {
        if self.text[self.at..end].trim_end() != "$$" {
            return false;
        }
        let mut line = end;
        while line < self.end && !blank_follows(self.text, line) {
            let next = line_end(self.text, line + 1).min(self.end);
            if self.text[line..next].trim().trim_start_matches(['>', ' ', '\t']) == "$$" {
                self.at = next + 1;
                return true;
            }
            line = next;
        }
        false
    }

    /// Gives up the innermost open thing: its tag becomes text, an admonition ends where it can.
    fn unclosed(&mut self, forced: Option<Range<usize>>) {
        if matches!(self.frames.last(), Some(Frame { what: Open::Directive { .. }, .. })) {
            self.finish_html(self.frames.len() - 1, forced.as_ref());
        }
        let Some(frame) = self.frames.pop() else { return };
        match frame.what {
            Open::Root | Open::Title => {}
            Open::Tag { tag, .. } => {
                let name = &self.text[tag.name.clone()];
                let diagnostic = if self.is_named(name) {
                    self.unclosed_tag(name, tag.span.clone(), forced.as_ref())
                } else {
                    self.unknown_element(&tag.span)
                };
                self.words(tag.span, Some(diagnostic));
                if let Some(parent) = self.frames.last_mut() {
                    parent.found.extend(frame.found);
                    parent.html.extend(frame.html);
                }
            }
            Open::Directive { opening, start, body, title, quotes, dedent, .. } => {
                let mut limit = dedent.unwrap_or(forced.as_ref().map_or(self.end, |forced| forced.start));
                let mut inside = frame.found;
                // Where the author gave inner and outer as many colons, Docusaurus ends both at the first close.
                let closed = inside.iter().map(|index| &self.scan.found[*index].span).find(|span| {
                    let line = &self.text[span.start..limit.max(span.start)];
                    line.len() - line.trim_start_matches(':').len() == opening.colons
                });
                limit = closed.map_or(limit, |span| limit.min(span.end));
                let kept = inside.iter().position(|index| self.scan.found[*index].span.start >= limit);
                let after = inside.split_off(kept.unwrap_or(inside.len()));
                let last = inside.last().map_or(0, |last| self.scan.found[*last].span.end);
                limit = limit.max(last);
                let body = body.min(limit)..limit;
                let end = (start + trimmed(&self.text[start..limit])).max(last);
                let kind = &self.text[opening.kind.clone()];
                let colons = ":".repeat(opening.colons);
                let mut diagnostic = Diagnostic::new(
                    &rules::UNCLOSED_ADMONITION,
                    format!("the admonition `{colons}{kind}` is never closed"),
                )
                .at(Span::new(self.file, start..opening.kind.end))
                .help(format!("add a line `{colons}` after its last line"));
                if let Some(forced) = forced {
                    diagnostic = diagnostic.note(Span::new(self.file, forced), "it ends here at the latest");
                }
                let body = body.start.min(end)..body.end.min(end);
                self.admonition(opening, start..end, body, title, quotes, inside, Some(diagnostic));
                if let Some(parent) = self.frames.last_mut() {
                    parent.found.extend(after);
                }
            }
        }
    }

    fn hidden(&mut self, span: Range<usize>) {
        self.push(Found {
            span,
            what: What::Hidden,
            inside: Vec::new(),
            title: None,
            quotes: 0,
            diagnostics: Vec::new(),
        });
    }

    fn words(&mut self, span: Range<usize>, diagnostic: Option<Diagnostic>) {
        let diagnostics = diagnostic.into_iter().collect();
        self.push(Found { span, what: What::Words, inside: Vec::new(), title: None, quotes: 0, diagnostics });
    }

    fn push(&mut self, found: Found) -> usize {
        let index = self.scan.found.len();
        self.scan.found.push(found);
        if let Some(frame) = self.frames.last_mut() {
            frame.found.push(index);
        }
        index
    }
}

/// How long a text is without the blank lines at its end, quote markers and all.
fn trimmed(text: &str) -> usize {
    let mut text = text.trim_end();
    while let Some((before, _)) =
        text.rsplit_once('\n').filter(|(_, line)| line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'>')))
    {
        text = before.trim_end();
    }
    text.len()
}

/// How long the list marker is that the line starts with; nothing for `---`.
fn list_marker(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let length = match bytes.first()? {
        b'-' | b'+' | b'*' => 1,
        b'0'..=b'9' => {
            let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
            matches!(bytes.get(digits), Some(b'.' | b')')).then_some(digits + 1).filter(|_| digits < 10)?
        }
        _ => return None,
    };
    if !matches!(bytes.get(length), None | Some(b' ' | b'\t' | b'\r' | b'\n')) {
        return None;
    }
    let mark = bytes[0];
    let rule = mark != b'+'
        && length == 1
        && bytes.iter().all(|byte| *byte == mark || byte.is_ascii_whitespace())
        && line.matches(char::from(mark)).count() >= 3;
    (!rule).then_some(length)
}
