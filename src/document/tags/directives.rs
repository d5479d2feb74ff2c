//! `:::` lines in, admonitions out.

use std::ops::Range;

use super::{
    Attribute, Component, DEPTH, Found, Frame, Line, Open, Opening, Scanner, Syntax, Value, What, directive,
};
use crate::diagnostic::{Diagnostic, Span, nearest, rules};

impl Scanner<'_> {
    /// An admonition that is never closed ends where a line leaves its list item or quote.
    pub(super) fn note_dedent(&mut self, start: usize, base: usize) {
        for frame in &mut self.frames {
            if let Open::Directive { column, quotes, dedent, .. } = &mut frame.what
                && dedent.is_none()
                && (base < *column || self.quotes < *quotes)
            {
                *dedent = Some(start);
            }
        }
    }

    pub(super) fn directive(&mut self, line: usize, end: usize, column: usize, base: usize) -> bool {
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
    pub(super) fn title(&mut self, range: Range<usize>) -> Vec<usize> {
        self.frames.push(Frame::new(Open::Title));
        self.at = range.start;
        self.inline(range.end);
        while !matches!(self.frames.last(), Some(Frame { what: Open::Title, .. }) | None) {
            self.unclosed(None);
        }
        self.finish_html(self.frames.len() - 1, None);
        self.frames.pop().map(|frame| frame.found).unwrap_or_default()
    }

    pub(super) fn close_directive(&mut self, colons: usize, line: usize, marker: Range<usize>) {
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
    pub(super) fn admonition(
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
}
