//! One tag at an offset in, its name, attributes and end out; or how much of it is lost, and why.
//!
//! A lost quote or brace is repaired here: the tag then ends at the first `>` that still can be its own, never
//! past a blank line, so that one slip costs one attribute and not the page.

use std::ops::Range;

use super::script::{self, blank_follows};
use super::{Attribute, Value, literal};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};

/// Which end of an element a tag is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `<name>`.
    Open,
    /// `</name>`.
    Close,
    /// `<name />`.
    Empty,
}

/// A tag.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    /// From `<` to after `>`.
    pub span: Range<usize>,
    /// The name; empty for the fragments `<>` and `</>`.
    pub name: Range<usize>,
    /// Which end of an element it is.
    pub form: Form,
    /// Its attributes, in order.
    pub attributes: Vec<Attribute>,
    /// Whether comments stand between them, which only JSX has.
    pub commented: bool,
    /// What is wrong with them.
    pub problems: Vec<Diagnostic>,
}

/// Why there is no tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// `<` and what follows cannot be one.
    NoName,
    /// It starts as one and never ends.
    NoEnd,
}

/// Reads the tag at `at`, where `text` has a `<`, from `text[..end]`. `reach` is how far closing braces may yet
/// be looked for in vain on this page.
pub(super) fn read(file: FileId, text: &str, at: usize, end: usize, reach: &mut usize) -> Result<Tag, Lost> {
    let mut reader = Reader { file, text: &text[..end], at: at + 1, reach, problems: Vec::new() };
    let closing = reader.take(b'/');
    let name = reader.tag_name();
    if reader.peek() == Some(b'>') && name.is_empty() {
        let form = if closing { Form::Close } else { Form::Open };
        let span = at..reader.at + 1;
        return Ok(Tag { span, name, form, attributes: Vec::new(), commented: false, problems: Vec::new() });
    }
    // A name ends at white space or at the end of the tag; `<a:` and `<a@` are addresses.
    if name.is_empty() || !matches!(reader.peek(), Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'{')) {
        return Err(if name.is_empty() { Lost::NoName } else { Lost::NoEnd });
    }
    let component = is_component(&text[name.clone()]);
    let mut attributes = Vec::new();
    // Where to look for the end of a tag with a lost quote: behind the last attribute that is surely whole.
    let mut safe = reader.at;
    let mut doubtful = false;
    let mut commented = false;
    let form = loop {
        match reader.part(component) {
            Part::Attribute(attribute) => {
                doubtful |= matches!(attribute.value, Value::String(_))
                    && text[attribute.value_span.range()].contains('\n');
                attributes.push(attribute);
                if !doubtful {
                    safe = reader.at;
                }
            }
            Part::Comment => commented = true,
            Part::End(form) => break form,
            Part::Problem(place, message, help) => {
                let (place, message, help) =
                    lost_quote(text, attributes.last()).unwrap_or((place, message, help));
                attributes.retain(|attribute: &Attribute| attribute.span.end as usize <= safe);
                reader.at = safe;
                let form = reader.repair().ok_or(Lost::NoEnd)?;
                // A place behind the repaired end would point at a neighbour.
                let place = place.min(reader.at - 1);
                let place = place..place + text[place..].chars().next().map_or(1, char::len_utf8);
                reader.problems.push(
                    Diagnostic::new(&rules::INVALID_ATTRIBUTE, message).at(Span::new(file, place)).help(help),
                );
                break form;
            }
        }
    };
    let form = if closing { Form::Close } else { form };
    Ok(Tag { span: at..reader.at, name, form, attributes, commented, problems: reader.problems })
}

/// Whether an element of this name is a component: capitalised, dotted or with a namespace.
pub(super) fn is_component(name: &str) -> bool {
    name.contains('.')
        || (name.contains(':') && !name.starts_with("xml") && !name.starts_with("xlink"))
        || !name.starts_with(|c: char| c.is_lowercase())
}

/// Entities of a string attribute decoded.
pub(super) fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start..];
        // The longest name of an entity has 31 letters.
        let end = rest.bytes().take(34).position(|byte| byte == b';').map(|end| end + 1);
        let entity = end.map(|end| &rest[..end]).filter(|entity| {
            entity[1..entity.len() - 1].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        });
        if let Some(entity) = entity {
            // pulldown-cmark holds HTML's table of entities and gives it to no one; a text of one it decodes.
            for event in pulldown_cmark::Parser::new(entity) {
                if let pulldown_cmark::Event::Text(text) = event {
                    decoded.push_str(&text);
                }
            }
            rest = &rest[entity.len()..];
        } else {
            decoded.push('&');
            rest = &rest[1..];
        }
    }
    decoded.push_str(rest);
    decoded
}

/// Where a value ends in `name=` and something stands right behind its quote, the quote before `name` is what is
/// missing: `title="AWS href="/a"`.
fn lost_quote(text: &str, last: Option<&Attribute>) -> Option<(usize, String, String)> {
    let last = last.filter(|last| matches!(last.value, Value::String(_)))?;
    let value = last.value_span.range();
    let quote = text[value.clone()].chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inside = text.get(value.start + 1..value.end - 1)?.strip_suffix('=')?;
    let glued = text[value.end..].starts_with(|c: char| !c.is_whitespace() && !matches!(c, '>' | '/'))
        || text[value.end..].starts_with('/') && !text[value.end..].starts_with("/>");
    let name = inside.rsplit(char::is_whitespace).next()?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':'));
    (glued && plain).then(|| {
        let message = format!("the value of `{}` is never closed", last.name);
        (value.start, message, format!("add the closing `{quote}` before `{name}`"))
    })
}

enum Part {
    Attribute(Attribute),
    Comment,
    End(Form),
    /// Where, what, and what to do.
    Problem(usize, String, String),
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    reach: &'a mut usize,
    problems: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn tag_name(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$') {
            return start..start;
        }
        let length = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.' | ':')));
        let name = &rest[..length.unwrap_or(rest.len())];
        self.at += name.trim_end_matches(':').len();
        start..self.at
    }

    /// Over white space; a blank line is crossed only to something that surely belongs to the tag.
    fn space(&mut self) -> bool {
        let start = self.at;
        let mut blank = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' if blank_follows(self.text, self.at) => blank = true,
                // Quote markers in front of a tag's further lines are the container's.
                b'>' if self.text[..self.at].trim_end_matches([' ', '\t', '>']).ends_with('\n')
                    && self.quoted(start) => {}
                b' ' | b'\t' | b'\n' | b'\r' => {}
                _ => break,
            }
            self.at += 1;
        }
        if blank && !self.continues() {
            self.at = start;
            return false;
        }
        true
    }

    /// Whether the line that `at` is in stands in a block quote.
    fn quoted(&self, at: usize) -> bool {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[line..].trim_start_matches([' ', '\t']).starts_with('>')
    }

    /// Whether what follows a blank line is more of a tag: its end, or `name=`.
    fn continues(&self) -> bool {
        let rest = self.rest();
        let name = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | ':'))).unwrap_or(0);
        rest.starts_with('>') || rest.starts_with("/>") || (name > 0 && rest[name..].starts_with('='))
    }

    fn part(&mut self, component: bool) -> Part {
        if !self.space() {
            return Part::Problem(
                self.at,
                "the tag is not closed before a blank line".to_owned(),
                "add the `>` that ends the tag".to_owned(),
            );
        }
        let start = self.at;
        match self.peek() {
            None => Part::Problem(start, "the tag is never closed".to_owned(), "add `>`".to_owned()),
            Some(b'>') => {
                self.at += 1;
                Part::End(Form::Open)
            }
            Some(b'/') if self.rest().starts_with("/*") => match self.rest().find("*/") {
                Some(length) => {
                    self.at += length + 2;
                    Part::Comment
                }
                None => Part::Problem(start, "the comment is never closed".to_owned(), "add `*/`".to_owned()),
            },
            Some(b'/') if self.rest().starts_with("//") && self.rest().contains('\n') => {
                self.at += self.rest().find('\n').unwrap_or(0);
                Part::Comment
            }
            Some(b'/') => {
                self.at += 1;
                self.space();
                if self.take(b'>') {
                    Part::End(Form::Empty)
                } else {
                    Part::Problem(
                        start,
                        "`/` ends no tag here".to_owned(),
                        "write `/>`, or leave it out".to_owned(),
                    )
                }
            }
            Some(b'{') => self.spread(start),
            Some(_) => self.attribute(start, component),
        }
    }

    /// `{...props}` or `{/* comment */}`.
    fn spread(&mut self, start: usize) -> Part {
        let Some(end) = self.braces(start) else { return unclosed_brace(start) };
        let inside = &self.text[start + 1..end - 1];
        self.at = end;
        if is_comment(inside) {
            return Part::Comment;
        }
        let span = Span::new(self.file, start..end);
        self.problems.push(
            Diagnostic::new(
                &rules::UNSUPPORTED_EXPRESSION,
                format!("`{{{}}}` is not evaluated", brief(inside)),
            )
            .at(span)
            .help("write the attributes one by one"),
        );
        let value = Value::Expression(inside.trim().to_owned());
        Part::Attribute(Attribute { name: "...".to_owned(), value, span, value_span: span })
    }

    fn attribute(&mut self, start: usize, component: bool) -> Part {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | ':' | '.' | '@')))
            .unwrap_or(rest.len());
        if length == 0 {
            let c = rest.chars().next().unwrap_or(' ');
            return Part::Problem(
                start,
                format!("`{c}` starts no attribute"),
                "check the quotes and braces before it".to_owned(),
            );
        }
        let name = rest[..length].to_owned();
        self.at += length;
        let name_span = Span::new(self.file, start..self.at);
        let after_name = self.at;
        if !self.space() || !self.take(b'=') {
            self.at = after_name;
            return Part::Attribute(Attribute {
                name,
                value: Value::Bool(true),
                span: name_span,
                value_span: name_span,
            });
        }
        self.space();
        let value_start = self.at;
        let value = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                let Some(length) = self.quoted_length(quote) else {
                    return Part::Problem(
                        value_start,
                        format!("the value of `{name}` is never closed"),
                        format!("add the closing `{}`", char::from(quote)),
                    );
                };
                self.at += length + 2;
                Value::String(decode(&self.text[value_start + 1..value_start + 1 + length]))
            }
            Some(b'{') => {
                let Some(end) = self.braces(value_start) else { return unclosed_brace(value_start) };
                self.at = end;
                self.evaluate(&name, value_start + 1..end - 1)
            }
            Some(byte) if !matches!(byte, b'>' | b'<' | b'=' | b'`' | b'/' | b'}') => {
                let rest = self.rest();
                let bare =
                    rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '<' | '"' | '\'' | '{' | '}'));
                let bare = &rest[..bare.unwrap_or(rest.len())];
                let bare = if self.rest()[bare.len()..].starts_with('>') {
                    bare.trim_end_matches('/')
                } else {
                    bare
                };
                self.at += bare.len();
                if component {
                    let span = Span::new(self.file, value_start..self.at);
                    self.problems.push(
                        Diagnostic::new(
                            &rules::INVALID_ATTRIBUTE,
                            format!("the value of `{name}` has no quotes"),
                        )
                        .at(span)
                        .help(format!("write `{name}=\"{bare}\"`"))
                        .fix(span, format!("\"{bare}\"")),
                    );
                }
                Value::String(decode(bare))
            }
            _ => {
                return Part::Problem(
                    value_start.min(self.text.len()),
                    format!("`{name}=` has no value"),
                    format!("write `{name}=\"…\"`, or `{name}` alone"),
                );
            }
        };
        Part::Attribute(Attribute {
            name,
            value,
            span: Span::new(self.file, start..self.at),
            value_span: Span::new(self.file, value_start..self.at),
        })
    }

    /// How long the string in quotes is that starts here; nothing when a blank line comes first.
    fn quoted_length(&self, quote: u8) -> Option<usize> {
        let bytes = &self.text.as_bytes()[self.at + 1..];
        for (length, byte) in bytes.iter().enumerate() {
            if *byte == quote {
                return Some(length);
            }
            if *byte == b'\n' && blank_follows(self.text, self.at + 1 + length) {
                return None;
            }
        }
        None
    }

    /// The end of the braces that open at `start`. A blank line is crossed only where what the braces hold can
    /// be read as a whole, or is a function or JSX: a lost brace then does not reach the next page section.
    fn braces(&mut self, start: usize) -> Option<usize> {
        let mut limit = self.text.len().min(start + *self.reach);
        while !self.text.is_char_boundary(limit) {
            limit -= 1;
        }
        let Some(found) = script::braces(self.text, start, limit) else {
            *self.reach -= limit - start;
            return None;
        };
        if found.blank.is_some() {
            let inside = &self.text[start + 1..found.end - 1];
            let code = inside.contains("=>") || inside.trim_start().starts_with('<') || is_comment(inside);
            if !code && literal::parse(inside).is_err() {
                *self.reach -= (found.end - start).min(*self.reach);
                return None;
            }
        }
        Some(found.end)
    }

    fn evaluate(&mut self, name: &str, inside: Range<usize>) -> Value {
        let source = &self.text[inside.clone()];
        match literal::parse(source) {
            Ok(value) => value,
            // What Docusaurus binds to every page's headings; the component that lists them reads it.
            Err(_) if is_contents(source) => Value::Expression(source.trim().to_owned()),
            Err(problem) => {
                let whole = Span::new(self.file, inside.start - 1..inside.end + 1);
                let diagnostic = if literal::is_expression(source) {
                    let shown = brief(source);
                    Diagnostic::new(
                        &rules::UNSUPPORTED_EXPRESSION,
                        format!("`{name}={{{shown}}}` is JavaScript that is not evaluated"),
                    )
                    .at(whole)
                    .help("write a literal: a string, number, list or object")
                } else {
                    let at = inside.start + problem.at;
                    let length = self.text[at..].chars().next().map_or(0, char::len_utf8);
                    Diagnostic::new(
                        &rules::INVALID_ATTRIBUTE,
                        format!("the value of `{name}` cannot be read: {}", problem.message),
                    )
                    .at(Span::new(self.file, at..at + length))
                    .note(whole, "in this value")
                    .help("check the quotes, commas and brackets of the value")
                };
                self.problems.push(diagnostic);
                Value::Expression(source.trim().to_owned())
            }
        }
    }

    /// Ends a broken tag at the first `>` before the next blank line and says how it ended.
    fn repair(&mut self) -> Option<Form> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = self.peek() {
            match byte {
                b'>' => {
                    self.at += 1;
                    let form = if bytes[self.at - 2] == b'/' { Form::Empty } else { Form::Open };
                    return Some(form);
                }
                b'<' => return None,
                b'\n' if blank_follows(self.text, self.at) => return None,
                _ => self.at += 1,
            }
        }
        None
    }
}

/// JavaScript for a message: on one line and not long.
fn brief(source: &str) -> &str {
    let source = source.trim();
    if source.len() > 40 || source.contains('\n') { "…" } else { source }
}

/// Whether what stands between braces is only a comment.
pub(super) fn is_comment(inside: &str) -> bool {
    let mut rest = inside.trim();
    if rest.is_empty() {
        return false;
    }
    loop {
        rest = if let Some(comment) = rest.strip_prefix("/*") {
            let Some(end) = comment.find("*/") else { return false };
            comment[end + 2..].trim_start()
        } else if rest.starts_with("//") {
            rest.find('\n').map_or("", |end| rest[end..].trim_start())
        } else {
            return rest.is_empty();
        };
    }
}

/// `toc` or `toc.slice(2)`.
fn is_contents(source: &str) -> bool {
    let Some(rest) = source.trim().strip_prefix("toc") else { return false };
    let slice = rest.strip_prefix(".slice(").and_then(|rest| rest.strip_suffix(')'));
    rest.is_empty() || slice.is_some_and(|count| count.trim().parse::<usize>().is_ok())
}

fn unclosed_brace(at: usize) -> Part {
    Part::Problem(at, "the brace is never closed".to_owned(), "add the closing `}`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        read(FileId(0), text, 0, text.len(), &mut 1000).unwrap_or_else(|lost| panic!("{lost:?}: {text}"))
    }

    fn values(tag: &Tag) -> Vec<(&str, &Value)> {
        tag.attributes.iter().map(|attribute| (attribute.name.as_str(), &attribute.value)).collect()
    }

    #[test]
    fn attributes_of_every_form() {
        let text = "<Tab.Item a=\"1 &amp; 2\" b='x>y' c={3} d // >\n\n  e={[{f: '>'},\n\n]} /* c */ {/* d */} />rest";
        let tag = tag(text);
        assert_eq!(&text[tag.span.clone()], text.strip_suffix("rest").unwrap_or(text));
        assert_eq!(&text[tag.name.clone()], "Tab.Item");
        assert_eq!(tag.form, Form::Empty);
        assert_eq!(
            values(&tag),
            [
                ("a", &Value::String("1 & 2".into())),
                ("b", &Value::String("x>y".into())),
                ("c", &Value::Number(3.0)),
                ("d", &Value::Bool(true)),
                ("e", &Value::Array(vec![Value::Object(vec![("f".into(), Value::String(">".into()))])])),
            ]
        );
        assert!(tag.problems.is_empty(), "{:?}", tag.problems);
        assert_eq!(&text[tag.attributes[0].span.range()], "a=\"1 &amp; 2\"");
        assert_eq!(&text[tag.attributes[4].value_span.range()], "{[{f: '>'},\n\n]}");
    }

    #[test]
    fn a_lost_quote_or_brace_costs_one_attribute() {
        for (text, end, names) in [
            ("<A x=\"1\" y=\"2>\ntext\n\nmore \"quoted\">", "<A x=\"1\" y=\"2>", vec!["x"]),
            ("<A x=\"1\" v={[{a: 1}]>\n\n<B c={1} />\n}", "<A x=\"1\" v={[{a: 1}]>", vec!["x"]),
            ("<A x=\"1>\n\n\"quoted\"", "<A x=\"1>", vec![]),
            ("<A x=\"1>\nsaid \"b\" c", "<A x=\"1>", vec![]),
        ] {
            let tag = tag(text);
            assert_eq!(&text[tag.span.clone()], end);
            assert_eq!(tag.attributes.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), names);
            assert_eq!(tag.problems.len(), 1, "{text}");
            assert_eq!(tag.problems[0].rule.code, "invalid-attribute");
        }
    }

    #[test]
    fn what_is_no_tag() {
        for text in ["<1ms", "<= 3", "< a>", "<", "<https://a.b>", "<a@b.c>", "<A b c\n\nd>"] {
            assert!(read(FileId(0), text, 0, text.len(), &mut 1000).is_err(), "{text}");
        }
    }

    #[test]
    fn problems_point_at_the_byte() {
        let text = "<A v={[{a 1}]} w={props.x} />";
        let tag = tag(text);
        let codes: Vec<_> = tag
            .problems
            .iter()
            .map(|problem| (problem.rule.code, &text[problem.span.map(Span::range).unwrap_or_default()]))
            .collect();
        assert_eq!(codes, [("invalid-attribute", "1"), ("unsupported-expression", "{props.x}")]);
    }

    #[test]
    fn entities() {
        assert_eq!(decode("a&lt;&#65;&nbsp;&bogus;&x &"), "a<A\u{a0}&bogus;&x &");
    }
}
