//! Opening and closing tags in, elements out: components with their bodies, lowercase tags one by one.

use std::ops::Range;

use super::{
    Component, DEPTH, Form, Found, Frame, Open, Scanner, Syntax, Tag, Value, What, element, literal, markup,
    script,
};
use crate::diagnostic::{Diagnostic, Span, rules};

impl Scanner<'_> {
    /// An opening, closing or empty tag of a component.
    pub(super) fn component(&mut self, tag: Tag) {
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

    pub(super) fn tag_found(
        &mut self,
        mut tag: Tag,
        close: Option<Range<usize>>,
        inside: Vec<usize>,
        quotes: usize,
    ) -> Found {
        let title = self.attribute_in_markdown(&mut tag).map(|range| {
            let outer = (self.at, self.paragraph);
            self.paragraph = 0;
            let found = self.title(range.clone());
            (self.at, self.paragraph) = outer;
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

    /// The place of the attribute that the theme says is Markdown, where it is a string in quotes on one line.
    fn attribute_in_markdown(&self, tag: &mut Tag) -> Option<Range<usize>> {
        let name = self.options.markdown.get(&self.text[tag.name.clone()])?;
        let attribute = tag.attributes.iter_mut().rev().find(|attribute| attribute.name == *name)?;
        let place = attribute.value_span.range();
        let written = &self.text[place.clone()];
        if !matches!(attribute.value, Value::String(_))
            || !written.starts_with(['"', '\''])
            || written.contains('\n')
        {
            return None;
        }
        let range = place.start + 1..place.end - 1;
        // The words are filled in when they are parsed.
        attribute.value = Value::Markup(Vec::new());
        attribute.value_span = Span::new(self.file, range.clone());
        Some(range)
    }

    /// Whether a tag of this name is surely meant as one.
    pub(super) fn is_named(&self, name: &str) -> bool {
        !self.options.components || self.options.elements.contains(name)
    }

    pub(super) fn stray(&mut self, span: Range<usize>, name: &str) {
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

    pub(super) fn unclosed_tag(
        &self,
        name: &str,
        span: Range<usize>,
        forced: Option<&Range<usize>>,
    ) -> Diagnostic {
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
    pub(super) fn html(&mut self, tag: Tag, stop: usize) {
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
    pub(super) fn open_html(&self, name: &str) -> Option<(usize, usize)> {
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

    pub(super) fn push_html(
        &mut self,
        span: Range<usize>,
        html: Option<String>,
        diagnostics: Vec<Diagnostic>,
    ) -> usize {
        let what = What::Html { html };
        self.push(Found { span, what, inside: Vec::new(), title: None, quotes: 0, diagnostics })
    }

    /// Lowercase elements still open when a frame ends.
    pub(super) fn finish_html(&mut self, frame: usize, forced: Option<&Range<usize>>) {
        for (name, index) in std::mem::take(&mut self.frames[frame].html) {
            self.unclosed_html(&name, index, forced);
        }
    }

    pub(super) fn unclosed_html(&mut self, name: &Range<usize>, index: usize, forced: Option<&Range<usize>>) {
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
    pub(super) fn raw_end(&mut self, tag: &Tag, name: &str, stop: usize) -> Option<usize> {
        if self.raw_missing.iter().any(|missing| missing == name) {
            return None;
        }
        let mut at = tag.span.end;
        loop {
            let Some(next) = self.text[at..stop].find("</") else {
                if stop == self.end {
                    self.raw_missing.push(name.to_owned());
                }
                return None;
            };
            at += next;
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
    pub(super) fn raw_html(
        &self,
        tag: &Tag,
        name: &str,
        end: usize,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<String> {
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
}
