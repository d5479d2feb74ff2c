//! A text in, what in it is not Markdown out: components, tags, comments, statements, expressions, `:::` blocks.
//!
//! Tags decide extent, so this reads the source once, before Markdown does. It knows what may hide a tag (code
//! fences, code spans, escapes, comments, `<pre>`) and nothing more of Markdown; indentation means nothing to
//! it. What it finds is nested and has exact spans. Where Markdown later disagrees about what is code, the
//! source is put back, which is why a finding carries its diagnostics with it instead of reporting them.

use std::ops::Range;

use super::directive::{self, Line, Opening};
use super::element::{self, Form, Lost, Tag};
use super::parse::Options;
use super::script::{blank_follows, line_end};
use super::{Attribute, Component, Import, Syntax, Value, literal, markup, script};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};

/// How deep components may nest: a page has a handful, and each level costs stack wherever the tree is walked.
const DEPTH: usize = 100;

/// What a scan found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Everything found; `inside` and `top` are places in it.
    pub found: Vec<Found>,
    /// What stands in no component, in order.
    pub top: Vec<usize>,
    /// Imports, in order.
    pub imports: Vec<Import>,
}

/// Something that is not Markdown.
#[derive(Debug)]
pub(super) struct Found {
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
pub(super) enum What {
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
pub(super) fn scan(file: FileId, text: &str, body: Range<usize>, options: &Options) -> Scan {
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
        no_comment_end: false,
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
    no_comment_end: bool,
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
            b'i' | b'e' if self.options.mdx && content == start => self.statement(),
            b'`' | b'~' => self.fence(end, container),
            b':' if self.options.directives => self.directive(start, end, column, base),
            b'$' if self.options.math => self.math(end),
            _ => false,
        };
        if !handled {
            self.inline(self.end);
        }
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

    /// An admonition that is never closed ends where a line leaves its list item or quote.
    fn note_dedent(&mut self, start: usize, base: usize) {
        for frame in &mut self.frames {
            if let Open::Directive { column, quotes, dedent, .. } = &mut frame.what
                && dedent.is_none()
                && (base < *column || self.quotes < *quotes)
            {
                *dedent = Some(start);
            }
        }
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

    fn directive(&mut self, line: usize, end: usize, column: usize, base: usize) -> bool {
        let start = self.at;
        let Some(read) = directive::read(self.file, self.text, start, end) else { return false };
        let opening = match read {
            Line::Close(colons) => {
                self.close_directive(colons, line, start..start + colons);
                self.at = end + 1;
                return true;
            }
            Line::Open(opening) => opening,
        };
        let kind = &self.text[opening.kind.clone()];
        let known = self.options.admonitions.contains(kind);
        let suggestion = nearest(kind, self.options.admonitions.iter().map(String::as_str));
        if self.frames.len() > DEPTH || (!known && !opening.certain && suggestion.is_none()) {
            return false;
        }
        while let Some(Frame { what: Open::Directive { column, dedent: Some(_), .. }, .. }) =
            self.frames.last()
            && base < *column
        {
            self.unclosed(None);
        }
        let mut title = Vec::new();
        if let Some(range) = opening.title.clone() {
            title = self.title(range);
        }
        let body = (end + 1).min(self.end);
        let quotes = self.quotes;
        self.frames.push(Frame::new(Open::Directive {
            opening,
            start,
            body,
            title,
            quotes,
            column,
            dedent: None,
        }));
        self.at = end + 1;
        true
    }

    /// What is in the Markdown of an attribute.
    fn title(&mut self, range: Range<usize>) -> Vec<usize> {
        self.frames.push(Frame::new(Open::Title));
        self.at = range.start;
        self.inline(range.end);
        while !matches!(self.frames.last(), Some(Frame { what: Open::Title, .. }) | None) {
            self.unclosed(None);
        }
        self.finish_html(self.frames.len() - 1, None);
        self.frames.pop().map(|frame| frame.found).unwrap_or_default()
    }

    fn close_directive(&mut self, colons: usize, line: usize, marker: Range<usize>) {
        let open = |exact: bool| {
            self.frames.iter().rposition(|frame| match &frame.what {
                Open::Directive { opening, .. } => {
                    opening.colons == colons || (!exact && opening.colons < colons)
                }
                Open::Root | Open::Title | Open::Tag { .. } => false,
            })
        };
        let Some(index) = open(true).or_else(|| open(false)) else {
            let diagnostic = Diagnostic::new(
                &rules::STRAY_CLOSING_TAG,
                format!("`{}` closes no admonition", &self.text[marker.clone()]),
            )
            .at(Span::new(self.file, marker.clone()))
            .help("remove the line, or open the admonition with as many colons");
            self.words(marker, Some(diagnostic));
            return;
        };
        while self.frames.len() > index + 1 {
            self.unclosed(Some(marker.clone()));
        }
        self.finish_html(index, Some(&marker));
        let Some(frame) = self.frames.pop() else { return };
        if let Open::Directive { opening, start, body, title, quotes, .. } = frame.what {
            self.admonition(
                opening,
                start..marker.end,
                body..line.max(body),
                title,
                quotes,
                frame.found,
                None,
            );
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one construct, from two callers")]
    fn admonition(
        &mut self,
        opening: Opening,
        span: Range<usize>,
        body: Range<usize>,
        title: Vec<usize>,
        quotes: usize,
        inside: Vec<usize>,
        diagnostic: Option<Diagnostic>,
    ) {
        let kind = &self.text[opening.kind.clone()];
        let name_span = Span::new(self.file, opening.kind.clone());
        let mut diagnostics: Vec<Diagnostic> = diagnostic.into_iter().collect();
        if !self.options.admonitions.contains(kind) {
            let known: Vec<&str> = self.options.admonitions.iter().map(String::as_str).collect();
            let unknown =
                Diagnostic::new(&rules::UNKNOWN_ADMONITION, format!("there is no admonition `{kind}`"))
                    .at(name_span);
            diagnostics.push(match nearest(kind, known.iter().copied()) {
                Some(near) => unknown.help(format!("write `{near}`")).fix(name_span, near),
                None => unknown.help(format!(
                    "write one of {}, or declare it in book.toml as `[admonitions.{kind}]`",
                    known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                )),
            });
        }
        let mut attributes = vec![Attribute {
            name: "type".to_owned(),
            value: Value::String(kind.to_owned()),
            span: name_span,
            value_span: name_span,
        }];
        if let Some(title) = &opening.title {
            let span = Span::new(self.file, title.clone());
            // The words are filled in when the title is parsed.
            let value = Value::Markup(Vec::new());
            attributes.push(Attribute { name: "title".to_owned(), value, span, value_span: span });
        }
        attributes.extend(opening.attributes);
        let component = Component {
            name: "Admonition".to_owned(),
            name_span,
            attributes,
            body: Some(Span::new(self.file, body)),
            inline: false,
            syntax: Syntax::Directive,
            ordinal: 0,
        };
        let title = opening.title.map(|range| (range, title));
        let what = What::Component(Box::new(component));
        self.push(Found { span, what, inside, title, quotes, diagnostics });
    }

    /// Text to the end of the line at which nothing is open any more, or to `stop`.
    fn inline(&mut self, stop: usize) {
        while self.at < stop {
            match self.bytes[self.at] {
                b'\n' => {
                    self.at += 1;
                    return;
                }
                b'\\' => {
                    self.at += 1;
                    self.at += usize::from(self.bytes.get(self.at).is_some_and(u8::is_ascii_punctuation));
                }
                b'`' => self.code_span(stop),
                b'<' if self.options.mdx => self.angle(stop),
                b'<' => self.plain_angle(stop),
                b'{' if self.options.mdx => self.brace(stop),
                _ => self.at += 1,
            }
        }
    }

    fn code_span(&mut self, stop: usize) {
        let length = self.bytes[self.at..stop].iter().take_while(|byte| **byte == b'`').count();
        let limit = self.paragraph_end().min(stop);
        self.at += length;
        if self.ticks.contains(&(length, limit)) {
            return;
        }
        let mut at = self.at;
        while at < limit {
            let Some(next) = self.bytes[at..limit].iter().position(|byte| *byte == b'`') else { break };
            at += next;
            let run = self.bytes[at..limit].iter().take_while(|byte| **byte == b'`').count();
            at += run;
            if run == length {
                self.at = at;
                return;
            }
        }
        self.ticks.push((length, limit));
    }

    /// Where the paragraph that `at` is in ends: at a blank line or where another block starts.
    fn paragraph_end(&mut self) -> usize {
        if self.at < self.paragraph {
            return self.paragraph;
        }
        let start = self.text[..self.at].rfind('\n').map_or(0, |newline| newline + 1);
        let mut end = line_end(self.text, self.at).min(self.end);
        // A table's row is a line.
        let row = self.text[start..end].trim_start().starts_with('|');
        while !row && end < self.end && !blank_follows(self.text, end) {
            let next = line_end(self.text, end + 1).min(self.end);
            let line = self.text[end + 1..next].trim_start_matches([' ', '\t', '>']);
            let starts_block = list_marker(line).is_some()
                || line.starts_with("```")
                || line.starts_with("~~~")
                || line.starts_with(":::")
                || (line.starts_with('#') && line.trim_start_matches('#').starts_with(' '))
                || (self.options.mdx
                    && line
                        .trim_start_matches('<')
                        .trim_start_matches('/')
                        .starts_with(|c: char| c.is_ascii_uppercase())
                    && line.starts_with('<'));
            if starts_block {
                break;
            }
            end = next;
        }
        self.paragraph = end;
        self.ticks.clear();
        self.fuel = 16 * (end - self.at) + 1024;
        end
    }

    /// `<` where only some elements are components and all else is CommonMark's.
    ///
    /// What has the form of a tag and the name of nothing (`Vec<T>`) would be no words to a browser: it becomes text.
    fn plain_angle(&mut self, stop: usize) {
        let rest = &self.text[self.at..stop];
        if rest.starts_with("<!--") {
            let end = self.comment_end(stop);
            self.at = end.unwrap_or(self.at + 4);
            return;
        }
        let Ok(tag) = element::read(self.file, self.text, self.at, stop) else {
            self.at += 1;
            return;
        };
        let name = &self.text[tag.name.clone()];
        if self.options.elements.contains(name) {
            self.at = tag.span.end;
            self.component(tag);
        } else if markup::is_raw(name) {
            self.at = self.raw_end(&tag, name, stop).unwrap_or(tag.span.end);
        } else if !tag.problems.is_empty() || !markup::is_name(name) {
            // Markdown reads it as text.
            self.at += 1;
        } else if self.options.components && element::is_component(name) && !self.is_shouted_html(&tag, stop)
        {
            self.at = tag.span.end;
            self.component(tag);
        } else if self.options.components && tag.form == Form::Open && self.is_placeholder(name, &tag, stop) {
            self.at = tag.span.end;
            let diagnostic = self.unknown_element(&tag.span);
            self.words(tag.span, Some(diagnostic));
        } else {
            // A `>` or a tag in an attribute's value is none.
            self.at = tag.span.end;
        }
    }

    /// `<BR>`, `<B>…</B>`: HTML's names are the same in capitals. `Box<A>` has no end.
    fn is_shouted_html(&self, tag: &Tag, stop: usize) -> bool {
        let name = &self.text[tag.name.clone()];
        let lower = name.to_lowercase();
        let shouted = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        shouted
            && markup::is_known(&lower)
            && (tag.form != Form::Open
                || markup::closes_itself(&lower)
                || self.raw_end(tag, name, stop).is_some())
    }

    /// `<name>`: no element of HTML, none that a script may define, and never closed.
    fn is_placeholder(&self, name: &str, tag: &Tag, stop: usize) -> bool {
        !markup::is_known(&name.to_lowercase()) && !name.contains('-') && self.raw_end(tag, name, stop).is_none()
    }

    fn unknown_element(&self, span: &Range<usize>) -> Diagnostic {
        let written: Vec<&str> = self.text[span.clone()].split_whitespace().collect();
        let start = span.start..span.start + 1;
        Diagnostic::new(
            &rules::UNKNOWN_ELEMENT,
            format!("`{}` is no element of HTML and is printed as text", written.join(" ")),
        )
        .at(Span::new(self.file, span.clone()))
        .help("put it in backticks, or write `&lt;`: browsers and other tools leave it out")
        // `\<` would not do within a block of HTML.
        .fix(Span::new(self.file, start), "&lt;")
    }

    /// `<` in MDX.
    fn angle(&mut self, stop: usize) {
        let start = self.at;
        let rest = &self.text[start..stop];
        if rest.starts_with("<!--") {
            match self.comment_end(stop) {
                Some(end) => {
                    self.hidden(start..end);
                    self.at = end;
                }
                None => self.lost_comment(start..start + 4, "-->"),
            }
            return;
        }
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        if before.ends_with("](") || before.ends_with("]:") {
            // `[text](<address with spaces>)`
            self.at += line.find('>').map_or(1, |end| end + 1);
            return;
        }
        if let Some(length) = autolink(line) {
            self.at += length;
            return;
        }
        match element::read(self.file, self.text, start, stop) {
            Ok(tag) => {
                let name = &self.text[tag.name.clone()];
                self.at = tag.span.end;
                if name.is_empty() {
                    self.hidden(tag.span);
                } else if element::is_component(name) || self.options.elements.contains(name) {
                    self.component(tag);
                } else {
                    self.html(tag, stop);
                }
            }
            Err(lost) => {
                self.at = start + 1;
                self.not_a_tag(lost, line);
            }
        }
    }

    /// A `<` that opens no tag stays text. What could be one is an error; what MDX refuses and a reader
    /// understands is not.
    fn not_a_tag(&mut self, lost: Lost, line: &str) {
        let start = self.at - 1;
        let Some(next) = line[1..].chars().next().filter(|c| !c.is_whitespace()) else { return };
        let span = Span::new(self.file, start..start + 1);
        let diagnostic = match lost {
            Lost::NoEnd => Diagnostic::new(
                &rules::UNCLOSED_TAG,
                format!("`<{}` starts a tag that never ends", name_of(&line[1..])),
            )
            .at(span)
            .help("add the `>`, or write `\\<` where it is text"),
            Lost::NoName => {
                Diagnostic::new(&rules::BARE_ANGLE, format!("`<{next}` is no tag and is printed as text"))
                    .at(span)
                    .help("write `\\<`: other MDX tools stop here")
                    .fix(span, "\\<")
            }
        };
        self.words(start..start + 1, Some(diagnostic));
    }

    fn comment_end(&mut self, stop: usize) -> Option<usize> {
        if self.no_comment_end {
            return None;
        }
        let from = self.at + 4;
        // `<!-->` and `<!--->` are whole comments.
        let rest = &self.text[from..stop];
        let end = if rest.starts_with('>') {
            Some(1)
        } else if rest.starts_with("->") {
            Some(2)
        } else {
            rest.find("-->").map(|end| end + 3)
        };
        self.no_comment_end = end.is_none() && stop == self.end;
        end.map(|end| from + end)
    }

    fn lost_comment(&mut self, span: Range<usize>, close: &str) {
        let diagnostic = Diagnostic::new(&rules::UNCLOSED_COMMENT, "the comment is never closed")
            .at(Span::new(self.file, span.clone()))
            .help(format!("add `{close}`"));
        self.at = span.end;
        self.words(span, Some(diagnostic));
    }

    /// An opening, closing or empty tag of a component.
    fn component(&mut self, tag: Tag) {
        let name = &self.text[tag.name.clone()];
        match tag.form {
            Form::Empty => {
                let found = self.tag_found(tag, None, Vec::new(), self.quotes);
                self.push(found);
            }
            Form::Open if self.frames.len() > DEPTH => {
                let diagnostic = Diagnostic::new(
                    &rules::UNCLOSED_TAG,
                    format!("`<{name}>` is the {DEPTH}th component around its place, which is too deep"),
                )
                .at(Span::new(self.file, tag.span.clone()))
                .help("close the components before it");
                self.words(tag.span, Some(diagnostic));
            }
            Form::Open => self.frames.push(Frame::new(Open::Tag { tag, quotes: self.quotes })),
            Form::Close => {
                let mut open = None;
                for (index, frame) in self.frames.iter().enumerate().rev() {
                    match &frame.what {
                        Open::Tag { tag: open_tag, .. } if &self.text[open_tag.name.clone()] == name => {
                            open = Some(index);
                            break;
                        }
                        Open::Root | Open::Title => break,
                        Open::Tag { .. } | Open::Directive { .. } => {}
                    }
                }
                let Some(index) = open else { return self.stray(tag.span, name) };
                while self.frames.len() > index + 1 {
                    self.unclosed(Some(tag.span.clone()));
                }
                self.finish_html(index, Some(&tag.span));
                let Some(frame) = self.frames.pop() else { return };
                if let Open::Tag { tag: open_tag, quotes } = frame.what {
                    let found = self.tag_found(open_tag, Some(tag.span), frame.found, quotes);
                    self.push(found);
                }
            }
        }
    }

    fn tag_found(
        &mut self,
        mut tag: Tag,
        close: Option<Range<usize>>,
        inside: Vec<usize>,
        quotes: usize,
    ) -> Found {
        let title = self.attribute_in_markdown(&mut tag).map(|range| {
            let after = std::mem::replace(&mut self.at, range.start);
            let paragraph = std::mem::take(&mut self.paragraph);
            let found = self.title(range.clone());
            (self.at, self.paragraph) = (after, paragraph);
            self.ticks.clear();
            (range, found)
        });
        let span = tag.span.start..close.as_ref().map_or(tag.span.end, |close| close.end);
        let body = close.map(|close| Span::new(self.file, tag.span.end..close.start));
        let component = Component {
            name: self.text[tag.name.clone()].to_owned(),
            name_span: Span::new(self.file, tag.name),
            attributes: tag.attributes,
            body,
            inline: false,
            syntax: Syntax::Tag,
            ordinal: 0,
        };
        let what = What::Component(Box::new(component));
        Found { span, what, inside, title, quotes, diagnostics: tag.problems }
    }

    /// The place of the attribute that the theme says is Markdown, where it is a string in quotes.
    fn attribute_in_markdown(&self, tag: &mut Tag) -> Option<Range<usize>> {
        let name = self.options.markdown.get(&self.text[tag.name.clone()])?;
        let attribute = tag.attributes.iter_mut().rev().find(|attribute| attribute.name == *name)?;
        let place = attribute.value_span.range();
        if !matches!(&attribute.value, Value::String(text) if !text.contains('\n'))
            || !self.text[place.clone()].starts_with(['"', '\''])
        {
            return None;
        }
        let range = place.start + 1..place.end - 1;
        let span = Span::new(self.file, range.clone());
        // The words are filled in when they are parsed.
        attribute.value = Value::Markup(Vec::new());
        attribute.value_span = span;
        Some(range)
    }

    /// Whether a tag of this name is surely meant as one.
    fn is_named(&self, name: &str) -> bool {
        !self.options.components || self.options.elements.contains(name)
    }

    fn stray(&mut self, span: Range<usize>, name: &str) {
        if !self.is_named(name) {
            let diagnostic = self.unknown_element(&span);
            return self.words(span, Some(diagnostic));
        }
        let at = Span::new(self.file, span.clone());
        let diagnostic = Diagnostic::new(&rules::STRAY_CLOSING_TAG, format!("`</{name}>` closes nothing"))
            .at(at)
            .help(format!("remove it, or open the element with `<{name}>`"));
        self.words(span, Some(diagnostic));
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

    fn unclosed_tag(&self, name: &str, span: Range<usize>, forced: Option<&Range<usize>>) -> Diagnostic {
        let glued = self.text[..span.start].ends_with(|c: char| c.is_alphanumeric());
        let help = if glued {
            format!("write `\\<{name}>` or put it in backticks if it is text, or close it with `</{name}>`")
        } else {
            format!("add `</{name}>`, or write `<{name} />`, or `\\<{name}>` if it is text")
        };
        let diagnostic = Diagnostic::new(&rules::UNCLOSED_TAG, format!("`<{name}>` is never closed"))
            .at(Span::new(self.file, span))
            .help(help);
        match forced {
            Some(forced) => {
                let text = format!("`{}` closes what is around it", &self.text[forced.clone()]);
                diagnostic.note(Span::new(self.file, forced.clone()), text)
            }
            None => diagnostic,
        }
    }

    /// One lowercase tag, or all of an element without markup in it.
    fn html(&mut self, tag: Tag, stop: usize) {
        let name = &self.text[tag.name.clone()];
        let mut diagnostics = tag.problems.clone();
        if tag.form == Form::Open
            && markup::is_raw(name)
            && let Some(end) = self.raw_end(&tag, name, stop)
        {
            let html = self.raw_html(&tag, name, end, &mut diagnostics);
            self.at = end;
            self.push_html(tag.span.start..end, html, diagnostics);
            return;
        }
        let html = markup::html(self.text, &tag, &mut diagnostics);
        match tag.form {
            Form::Empty => {
                self.push_html(tag.span, html, diagnostics);
            }
            Form::Open => {
                let index = self.push_html(tag.span, html, diagnostics);
                if !markup::is_void(name)
                    && let Some(frame) = self.frames.last_mut()
                {
                    frame.html.push((tag.name, index));
                }
            }
            Form::Close => {
                let Some((frame, open)) = self.open_html(name) else { return self.stray(tag.span, name) };
                // A component opened in the element and not closed there is none: `<b>Vec<String></b>`.
                while self.frames.len() > frame + 1 {
                    self.unclosed(Some(tag.span.clone()));
                }
                let skipped =
                    self.frames.last_mut().map(|frame| frame.html.split_off(open)).unwrap_or_default();
                for (name, index) in skipped.into_iter().skip(1) {
                    self.unclosed_html(&name, index, Some(&tag.span));
                }
                self.push_html(tag.span, html, diagnostics);
            }
        }
    }

    /// The frame and place of the innermost open element of this name that components do not hide.
    fn open_html(&self, name: &str) -> Option<(usize, usize)> {
        for (index, frame) in self.frames.iter().enumerate().rev() {
            let same = |(open, _): &(Range<usize>, usize)| self.text[open.clone()].eq_ignore_ascii_case(name);
            if let Some(open) = frame.html.iter().rposition(same) {
                return Some((index, open));
            }
            match frame.what {
                Open::Tag { .. } => {}
                Open::Root | Open::Title | Open::Directive { .. } => break,
            }
        }
        None
    }

    fn push_html(&mut self, span: Range<usize>, html: Option<String>, diagnostics: Vec<Diagnostic>) -> usize {
        let what = What::Html { html };
        self.push(Found { span, what, inside: Vec::new(), title: None, quotes: 0, diagnostics })
    }

    /// Lowercase elements still open when a frame ends.
    fn finish_html(&mut self, frame: usize, forced: Option<&Range<usize>>) {
        for (name, index) in std::mem::take(&mut self.frames[frame].html) {
            self.unclosed_html(&name, index, forced);
        }
    }

    fn unclosed_html(&mut self, name: &Range<usize>, index: usize, forced: Option<&Range<usize>>) {
        let name = &self.text[name.clone()];
        if markup::closes_itself(name) {
            return;
        }
        let diagnostic = self.unclosed_tag(name, self.scan.found[index].span.clone(), forced);
        let found = &mut self.scan.found[index];
        found.diagnostics = vec![diagnostic];
        // `<your-token>` is a word to readers, and to a browser nothing.
        if !markup::is_known(name) {
            found.what = What::Words;
        }
    }

    /// The end of an element whose content is not markup.
    fn raw_end(&self, tag: &Tag, name: &str, stop: usize) -> Option<usize> {
        let mut at = tag.span.end;
        loop {
            at += self.text[at..stop].find("</")?;
            let rest = &self.text[at + 2..stop];
            if rest.get(..name.len()).is_some_and(|other| other.eq_ignore_ascii_case(name)) {
                let close = rest[name.len()..].trim_start();
                if close.starts_with('>') {
                    return Some(stop - close.len() + 1);
                }
            }
            at += 2;
        }
    }

    /// The element as HTML: string literals in braces are what JSX would print.
    fn raw_html(&self, tag: &Tag, name: &str, end: usize, problems: &mut Vec<Diagnostic>) -> Option<String> {
        let open = markup::html(self.text, tag, problems);
        let content = &self.text[tag.span.end..end];
        if open.is_none() && !content.contains('{') {
            return None;
        }
        let mut html = open.unwrap_or_else(|| self.text[tag.span.clone()].to_owned());
        let mut rest = content;
        while let Some(brace) = rest.find('{') {
            html.push_str(&rest[..brace]);
            rest = &rest[brace..];
            let end = script::braces(rest, 0, rest.len()).map_or(1, |found| found.end);
            match (literal::parse(rest[..end].trim_start_matches('{').trim_end_matches('}')), end) {
                (Ok(Value::String(text)), 2..) if name == "style" || name == "script" => html.push_str(&text),
                (Ok(Value::String(text)), 2..) => markup::escape(&text, &mut html),
                _ if element::is_comment(rest[..end].trim_start_matches('{').trim_end_matches('}')) => {}
                _ => html.push_str(&rest[..end]),
            }
            rest = &rest[end..];
        }
        html.push_str(rest);
        Some(html)
    }

    /// `{` in MDX.
    fn brace(&mut self, stop: usize) {
        let start = self.at;
        let rest = &self.text[start..stop];
        if rest.starts_with("{#") {
            // A heading's id; its reader is where headings are.
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            self.at += line.find('}').map_or(1, |end| end + 1);
            return;
        }
        if rest[1..].trim_start().starts_with("/*") {
            match comment_braces(rest) {
                Some(length) if element::is_comment(&rest[1..length - 1]) => {
                    self.hidden(start..start + length);
                    self.at += length;
                    return;
                }
                Some(_) => {}
                None => return self.lost_comment(start..start + 1, "*/}"),
            }
        }
        let line = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let flow = self.text[line..start].trim_start_matches([' ', '\t', '>']).is_empty()
            || self.text[..start].ends_with('>');
        let limit = self.paragraph_end().min(stop);
        let mut found = script::braces(self.text, start, limit);
        if found.is_none() && flow && rest[1..].trim_start().starts_with(['`', '<', '(']) && self.fuel > 0 {
            // A template or JSX that fills its own lines may hold blank ones.
            found = script::braces(self.text, start, stop).filter(|found| {
                self.text[found.end..line_end(self.text, found.end).min(stop)].trim_start().is_empty()
                    || self.text[found.end..stop].trim_start().starts_with('<')
            });
            self.fuel = if found.is_none() { 0 } else { self.fuel };
        }
        if let Some(found) = found {
            if self.text[start + 1..found.end - 1].trim().is_empty() {
                self.words(start..found.end, Some(self.text_brace(start..found.end)));
            } else {
                self.push(Found {
                    span: start..found.end,
                    what: What::Expression,
                    inside: Vec::new(),
                    title: None,
                    quotes: 0,
                    diagnostics: Vec::new(),
                });
            }
            self.at = found.end;
        } else {
            let wasted = limit - start;
            if self.fuel >= wasted {
                self.fuel -= wasted;
                self.words(start..start + 1, Some(self.text_brace(start..start + 1)));
                self.at += 1;
            } else {
                self.at = limit.max(start + 1);
            }
        }
    }

    /// Braces that are no JavaScript.
    fn text_brace(&self, span: Range<usize>) -> Diagnostic {
        Diagnostic::new(
            &rules::UNSUPPORTED_EXPRESSION,
            "the brace starts no JavaScript and is printed as text",
        )
        .at(Span::new(self.file, span.start..span.start + 1))
        .help("write `\\{`: other MDX tools stop here")
        .fix(Span::new(self.file, span.start..span.start + 1), "\\{")
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
        && bytes.iter().filter(|byte| **byte == mark).count() >= 3;
    (!rule).then_some(length)
}

/// How long `<https://…>` or `<name@host>` at the start of `line` is.
fn autolink(line: &str) -> Option<usize> {
    let end = line.find('>')?;
    let inside = &line[1..end];
    if inside.contains(|c: char| c.is_whitespace() || c == '<') {
        return None;
    }
    let scheme = inside.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.len() >= 2
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
            && (rest.starts_with("//")
                || matches!(scheme, "mailto" | "tel" | "sms" | "data" | "urn" | "xmpp"))
    });
    let mail = inside.split_once('@').is_some_and(|(name, host)| {
        let plain = |text: &str, more: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        plain(name, ".!#$%&'*+/=?^_`{|}~-") && plain(host, ".-")
    });
    (scheme || mail).then_some(end + 1)
}

/// How long the braces at the start of `text` are that begin with a comment; nothing when that never ends.
fn comment_braces(text: &str) -> Option<usize> {
    let close = text.find("*/")? + 2;
    let mut rest = text[close..].trim_start();
    while let Some(comment) = rest.strip_prefix("/*") {
        rest = comment[comment.find("*/")? + 2..].trim_start();
    }
    if rest.starts_with('}') {
        return Some(text.len() - rest.len() + 1);
    }
    // Code follows the comment.
    script::braces(text, 0, text.len()).map(|found| found.end)
}

/// The start of a tag, for a message.
fn name_of(text: &str) -> &str {
    &text[..text.find(|c: char| !(c.is_alphanumeric() || "/._:-$@".contains(c))).unwrap_or(text.len())]
}
