//! What stands among words: code spans, escapes, tags, comments, braces.

use std::ops::Range;

use super::{Form, Found, Scanner, Tag, What, blank_follows, element, line_end, list_marker, markup, script};
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::element::Lost;
use crate::document::{Import, Value, is_image, literal};

/// The bytes that something other than text may start with. A table, because every byte of every page is
/// looked up in it.
const SIGNS: [bool; 256] = {
    let mut signs = [false; 256];
    signs[b'\n' as usize] = true;
    signs[b'\\' as usize] = true;
    signs[b'`' as usize] = true;
    signs[b'<' as usize] = true;
    signs[b'{' as usize] = true;
    signs
};

impl Scanner<'_> {
    /// Text to the end of the line at which nothing is open any more, or to `stop`.
    pub(super) fn inline(&mut self, stop: usize) {
        while self.at < stop {
            let plain = self.bytes[self.at..stop].iter().position(|byte| SIGNS[usize::from(*byte)]);
            let Some(plain) = plain else {
                self.at = stop;
                return;
            };
            self.at += plain;
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

    pub(super) fn code_span(&mut self, stop: usize) {
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
    pub(super) fn paragraph_end(&mut self) -> usize {
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

    /// `<` where only some elements are components and all else is `CommonMark`'s.
    ///
    /// What has the form of a tag and the name of nothing (`Vec<T>`) would be no words to a browser: it becomes text.
    pub(super) fn plain_angle(&mut self, stop: usize) {
        let rest = &self.text[self.at..stop];
        if rest.starts_with("<!--") {
            let end = self.comment_end(stop);
            self.at = end.unwrap_or(self.at + 4);
            return;
        }
        let Ok(tag) = element::read(self.file, self.text, self.at, stop, &mut self.reach) else {
            self.at += 1;
            return;
        };
        let name = &self.text[tag.name.clone()];
        let named = self.options.elements.contains(name);
        if !named && markup::is_raw(name) {
            self.at = self.raw_end(&tag, name, stop).unwrap_or(tag.span.end);
        } else if !named && (!tag.problems.is_empty() || !markup::is_name(name)) {
            // Markdown reads it as text.
            self.at += 1;
        } else {
            // A `>` or a tag in the value of an attribute is none.
            self.at = tag.span.end;
            if named || self.is_unknown_component(&tag, stop) {
                self.component(tag);
            } else if self.is_placeholder(&tag, stop) {
                let diagnostic = self.unknown_element(&tag.span);
                self.words(tag.span, Some(diagnostic));
            }
        }
    }

    /// A capitalised name that is none of HTML's: `<BR>` and `<B>…</B>` are the same in capitals, `Box<A>` has no end.
    fn is_unknown_component(&mut self, tag: &Tag, stop: usize) -> bool {
        let name = &self.text[tag.name.clone()];
        let lower = name.to_lowercase();
        let shouted = !name.contains(|c: char| c.is_ascii_lowercase())
            && markup::is_known(&lower)
            && (tag.form != Form::Open
                || markup::closes_itself(&lower)
                || self.raw_end(tag, name, stop).is_some());
        self.options.components && element::is_component(name) && !shouted
    }

    /// `<name>`: no element of HTML, none that a script may define, and never closed.
    fn is_placeholder(&mut self, tag: &Tag, stop: usize) -> bool {
        let name = &self.text[tag.name.clone()];
        self.options.components
            && tag.form == Form::Open
            && !name.contains('-')
            && !markup::is_known(&name.to_lowercase())
            && self.raw_end(tag, name, stop).is_none()
    }

    pub(super) fn unknown_element(&self, span: &Range<usize>) -> Diagnostic {
        let written: Vec<&str> = self.text[span.clone()].split_whitespace().collect();
        Diagnostic::new(
            &rules::UNKNOWN_ELEMENT,
            format!("`{}` is no element of HTML and is printed as text", written.join(" ")),
        )
        .at(Span::new(self.file, span.clone()))
        .help("put it in backticks, or write `&lt;`: browsers and other tools leave it out")
        // A backslash would not do within a block of HTML.
        .fix(Span::new(self.file, span.start..span.start + 1), "&lt;")
    }

    /// `<` in MDX.
    pub(super) fn angle(&mut self, stop: usize) {
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
        if self.end_of_line <= start {
            self.end_of_line = line_end(self.text, start);
        }
        let line = &self.text[start..self.end_of_line.min(stop)];
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
        match element::read(self.file, self.text, start, stop, &mut self.reach) {
            Ok(mut tag) => {
                self.bind(&mut tag);
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

    /// Puts the addresses of imported images in the place of their names: `src={picture}`.
    fn bind(&self, tag: &mut Tag) {
        for attribute in &mut tag.attributes {
            let Value::Expression(source) = &attribute.value else { continue };
            let Some(bound) = with_pictures(source, &self.scan.imports) else { continue };
            if let Ok(value) = literal::parse(&bound) {
                attribute.value = value;
                let place = attribute.value_span;
                tag.problems.retain(|problem| problem.span.is_none_or(|span| !place.contains(span)));
            }
        }
    }

    /// A `<` that opens no tag stays text. What could be one is an error; what MDX refuses and a reader
    /// understands is not.
    pub(super) fn not_a_tag(&mut self, lost: Lost, line: &str) {
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

    pub(super) fn comment_end(&mut self, stop: usize) -> Option<usize> {
        let from = self.at + 4;
        // `<!-->` and `<!--->` are whole comments.
        let rest = &self.text[from..stop];
        if rest.starts_with('>') {
            return Some(from + 1);
        }
        if rest.starts_with("->") {
            return Some(from + 2);
        }
        self.close(0, "-->", from).filter(|end| *end <= stop)
    }

    /// The offset after the next `mark`; it is looked for once, however many comments lack it.
    fn close(&mut self, index: usize, mark: &str, from: usize) -> Option<usize> {
        let known = self.closes[index].filter(|(start, found)| *start <= from && from <= *found);
        let found = match known {
            Some((_, found)) => found,
            None => self.text[from..self.end].find(mark).map_or(usize::MAX, |found| from + found),
        };
        self.closes[index] = Some((known.map_or(from, |(start, _)| start), found));
        (found < usize::MAX).then(|| found + mark.len())
    }

    /// How long the braces at `start` are that begin with a comment, where they hold nothing else.
    fn comment_braces(&mut self, start: usize, stop: usize) -> CommentBraces {
        let mut from = start + 1;
        loop {
            let rest = &self.text[from..stop];
            let trimmed = rest.trim_start();
            from += rest.len() - trimmed.len();
            if trimmed.starts_with('}') {
                return CommentBraces::Whole(from + 1);
            }
            if !trimmed.starts_with("/*") {
                return CommentBraces::Code;
            }
            match self.close(1, "*/", from + 2).filter(|end| *end <= stop) {
                Some(end) => from = end,
                None => return CommentBraces::Unclosed,
            }
        }
    }

    pub(super) fn lost_comment(&mut self, span: Range<usize>, close: &str) {
        let diagnostic = Diagnostic::new(&rules::UNCLOSED_COMMENT, "the comment is never closed")
            .at(Span::new(self.file, span.clone()))
            .help(format!("add `{close}`"));
        self.at = span.end;
        self.words(span, Some(diagnostic));
    }

    /// `{` in MDX.
    pub(super) fn brace(&mut self, stop: usize) {
        let start = self.at;
        let rest = &self.text[start..stop];
        if rest.starts_with("{#") {
            // A heading's id; its reader is where headings are.
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            self.at += line.find('}').map_or(1, |end| end + 1);
            return;
        }
        if rest[1..].trim_start().starts_with("/*") {
            match self.comment_braces(start, stop) {
                CommentBraces::Whole(end) => {
                    self.hidden(start..end);
                    self.at = end;
                    return;
                }
                CommentBraces::Code => {}
                CommentBraces::Unclosed => return self.lost_comment(start..start + 1, "*/}"),
            }
        }
        let line = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let flow = self.text[line..start].trim_start_matches([' ', '\t', '>']).is_empty()
            || self.text[..start].ends_with('>');
        let limit = self.paragraph_end().min(stop);
        let mut found = script::braces(self.text, start, limit);
        if found.is_none() && flow && rest[1..].trim_start().starts_with(['`', '<', '(']) {
            // A template or JSX that fills its own lines may hold blank ones.
            let mut far = stop.min(start + self.reach);
            while !self.text.is_char_boundary(far) {
                far -= 1;
            }
            found = script::braces(self.text, start, far).filter(|found| {
                self.text[found.end..line_end(self.text, found.end).min(stop)].trim_start().is_empty()
                    || self.text[found.end..stop].trim_start().starts_with('<')
            });
            if found.is_none() {
                self.reach -= far - start;
            }
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
    pub(super) fn text_brace(&self, span: Range<usize>) -> Diagnostic {
        Diagnostic::new(
            &rules::UNSUPPORTED_EXPRESSION,
            "the brace starts no JavaScript and is printed as text",
        )
        .at(Span::new(self.file, span.start..span.start + 1))
        .help("write `\\{`: other MDX tools stop here")
        .fix(Span::new(self.file, span.start..span.start + 1), "\\{")
    }
}

/// How long `<https://…>` or `<name@host>` at the start of `line` is.
fn autolink(line: &str) -> Option<usize> {
    let end = 1 + line[1..].find(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))?;
    let inside = &line[1..end];
    if !line[end..].starts_with('>') {
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

/// What braces hold that begin with a comment.
enum CommentBraces {
    /// Comments; the offset after the closing brace.
    Whole(usize),
    /// A comment and code.
    Code,
    /// A comment that never ends.
    Unclosed,
}

/// The start of a tag, for a message.
fn name_of(text: &str) -> &str {
    &text[..text.find(|c: char| !(c.is_alphanumeric() || "/._:-$@".contains(c))).unwrap_or(text.len())]
}

/// JavaScript with the names of imported images replaced by their addresses as strings; nothing where it has none.
fn with_pictures(source: &str, imports: &[Import]) -> Option<String> {
    let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut bound = String::new();
    let mut rest = source;
    let mut quote = None;
    let mut found = false;
    while let Some(first) = rest.chars().next() {
        let length =
            if letter(first) { rest.find(|c| !letter(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(length);
        let picture = imports.iter().find(|import| import.name == word && is_image(&import.source));
        match picture {
            // A key of an object is no name, nor is what follows a dot.
            Some(import)
                if quote.is_none()
                    && !after.trim_start().starts_with(':')
                    && !bound.trim_end().ends_with('.') =>
            {
                found = true;
                bound.push_str(&format!("{:?}", import.source));
            }
            _ => bound.push_str(word),
        }
        if matches!(first, '"' | '\'' | '`') {
            quote = match quote {
                None => Some(first),
                Some(open) if open == first => None,
                open => open,
            };
        }
        rest = after;
    }
    found.then_some(bound)
}
