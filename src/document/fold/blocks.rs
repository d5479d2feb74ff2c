//! Code, alerts, headings: what a block's own source says beyond its events. Also where addresses stand.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Parser};

use super::{
    Attribute, Code, Component, Elsewhere, Fold, Kind, Node, OPEN, REREAD, Syntax, Tree, Value, View,
    enclose, fence, line_end, restore,
};
use crate::diagnostic::{Diagnostic, Span, rules};

impl Fold<'_> {
    pub(super) fn code(
        &mut self,
        tree: &mut Tree,
        view: &View<'_>,
        info: Option<String>,
        text: String,
        lines: &[Range<usize>],
        range: &Range<usize>,
    ) {
        let fenced = info.is_some();
        if !fenced && !self.options.indented_code && self.rereads < REREAD {
            // MDX has no indented code: it is prose further to the right.
            self.rereads += 1;
            let mut view = view.dedented(lines);
            view.read_tables(self.markdown);
            let callback = Some(Elsewhere(self.definitions));
            let parser = Parser::new_with_broken_link_callback(&view.text, self.markdown, callback);
            let nodes = self.nodes(&view, parser.into_offset_iter());
            self.rereads -= 1;
            tree.top().children.extend(nodes);
            return;
        }
        let text =
            if text.contains(OPEN) { restore(&text, self.source, self.found).into_owned() } else { text };
        let span = self.block_span(view, range);
        let (fence, place) = match info {
            None => (fence::Fence::default(), None),
            Some(info) => {
                let (opening, place) = opening_line(&view.text, range);
                let place = place.map(|place| self.span(view, &place));
                let (fence, problems) = fence::read(&info);
                for problem in problems {
                    // Entities in the words make them longer or shorter than their source.
                    let exact = place.filter(|place| self.source.get(place.range()) == Some(info.as_str()));
                    let part = exact.map(|place| {
                        let start = place.range().start;
                        Span::new(self.file, start + problem.place.start..start + problem.place.end)
                    });
                    self.diagnostics.push(
                        Diagnostic::new(&rules::INVALID_FENCE, problem.message)
                            .at(part.or(place).unwrap_or(span))
                            .help(problem.help),
                    );
                }
                if !is_closed(&view.text, range, &opening) {
                    let marker = &view.text[opening.clone()];
                    self.diagnostics.push(
                        Diagnostic::new(
                            &rules::UNCLOSED_CODE,
                            format!("the code fence {marker} is never closed"),
                        )
                        .at(self.span(view, &opening))
                        .help(format!("add a line {marker} after the code, indented like this one")),
                    );
                }
                (fence, place)
            }
        };
        let kind = Kind::Code(Code { fence: Box::new(fence), info: place, text, fenced });
        tree.top().children.push(Node { kind, span, children: Vec::new() });
    }

    pub(super) fn alert(
        &self,
        view: &View<'_>,
        kind: BlockQuoteKind,
        children: Vec<Node>,
        range: &Range<usize>,
    ) -> Node {
        let kind = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let span = self.block_span(view, range);
        let text = &view.text[range.clone()];
        let open = text.find("[!").map_or(range.start, |open| range.start + open);
        let close = view.text[open..range.end].find(']').map_or(open, |close| open + close + 1);
        let name_span = self.span(view, &(open..close));
        let after = line_end(&view.text, close).min(range.end);
        let body = Span { start: self.span(view, &(after..after)).start.min(span.end), ..span };
        let attribute = Attribute {
            name: "type".to_owned(),
            value: Value::String(kind.to_owned()),
            span: name_span,
            value_span: name_span,
        };
        let component = Component {
            name: "Admonition".to_owned(),
            name_span,
            attributes: vec![attribute],
            body: Some(body),
            inline: false,
            syntax: Syntax::Alert,
            ordinal: 0,
        };
        let mut node = Node { kind: Kind::Component(component), span, children };
        enclose(&mut node);
        node
    }

    /// The id at the end of a heading, taken off its words, and what wrote it.
    pub(super) fn heading_id(&self, children: &mut Vec<Node>) -> Option<(String, Span)> {
        let last = children.last()?;
        let (id, start, words) = match &last.kind {
            Kind::Hidden => {
                let source = &self.source[last.span.range()];
                let comment = source.strip_prefix("{/*")?.strip_suffix("*/}")?.trim();
                (comment.strip_prefix('#')?.to_owned(), last.span.start as usize, None)
            }
            Kind::Text(text) => {
                let open = text.rfind("{#")?;
                let id = text[open + 2..].trim_end().strip_suffix('}')?;
                if id.contains('}') {
                    return None;
                }
                let source = &self.source[last.span.range()];
                let brace = source.rfind("{#")?;
                let brace = brace - usize::from(source[..brace].ends_with('\\'));
                (id.to_owned(), last.span.start as usize + brace, Some(text[..open].trim_end().to_owned()))
            }
            _ => return None,
        };
        if id.is_empty() || id.contains(['{', '\n']) {
            return None;
        }
        let text_start = last.span.start;
        let end = text_start as usize + self.source[last.span.range()].trim_end().len();
        let start = self.source[..start].trim_end_matches([' ', '\t']).len();
        let marker = Span::new(self.file, start.min(end)..end);
        children.pop();
        match words {
            Some(words) if !words.is_empty() => {
                let end = marker.start.max(text_start);
                let span = Span { start: text_start, end, ..marker };
                children.push(Node { kind: Kind::Text(words), span, children: Vec::new() });
            }
            _ => {
                // The space between the words and a comment goes with the comment.
                if let Some(Node { kind: Kind::Text(text), span, .. }) = children.last_mut() {
                    text.truncate(text.trim_end().len());
                    span.end = span.end.min(marker.start.max(span.start));
                    if text.is_empty() {
                        children.pop();
                    }
                }
            }
        }
        Some((id, marker))
    }
}

/// Where the address stands in `…](address "title")`, when the label's content ends at `last`.
pub(super) fn address(text: &str, last: usize, end: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = last + text.get(last..end)?.find("](")? + 2;
    while at < end && bytes[at].is_ascii_whitespace() {
        at += 1;
    }
    if bytes[at] == b'<' && !text[at..].starts_with("<?\u{FDD0}") {
        let close = text[at..end].find('>')?;
        return Some(at + 1..at + close);
    }
    let start = at;
    let mut depth = 0usize;
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            byte if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    text.is_char_boundary(at.min(end)).then(|| start..at.min(end))
}

/// Where the fence and the words after it stand.
fn opening_line(text: &str, range: &Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
    let line = &text[range.start..line_end(text, range.start).min(range.end)];
    let trimmed = line.trim_start();
    let start = range.start + line.len() - trimmed.len();
    let fence = trimmed.chars().next().unwrap_or('`');
    let info = trimmed.trim_start_matches(fence);
    let marker = start..start + trimmed.len() - info.len();
    let words = info.trim();
    let from = marker.end + info.len() - info.trim_start().len();
    (marker, (!words.is_empty()).then(|| from..from + words.len()))
}

/// Whether the last line of a block of code closes the fence.
fn is_closed(text: &str, range: &Range<usize>, opening: &Range<usize>) -> bool {
    let marker = &text[opening.clone()];
    let Some(fence) = marker.chars().next() else { return true };
    let code = text[range.clone()].trim_end();
    let Some(newline) = code.rfind('\n') else { return false };
    let last = code[newline..].trim_start_matches(['\n', ' ', '\t', '>']);
    last.len() >= marker.len() && last.chars().all(|c| c == fence)
}
