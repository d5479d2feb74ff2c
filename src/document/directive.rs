//! A line that starts with `:::` in, what it opens or closes out.
//!
//! `:::kind`, `:::kind Title`, `:::kind[Title]`, `:::kind{#id .class key="value"}`, `::: kind`, more colons.

use std::ops::Range;

use super::{Attribute, Value};
use crate::diagnostic::{FileId, Span};

/// What a line of colons does.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// Opens an admonition.
    Open(Opening),
    /// Closes one; this many colons.
    Close(usize),
}

/// The first line of an admonition.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// How many colons.
    pub colons: usize,
    /// The word after them.
    pub kind: Range<usize>,
    /// The title.
    pub title: Option<Range<usize>>,
    /// What is in braces.
    pub attributes: Vec<Attribute>,
    /// Whether nothing but an admonition is written like this; else it may be another tool's.
    pub certain: bool,
}

/// Reads the line from its colons at `at` to its end at `end`; nothing when it is only text.
pub(super) fn read(file: FileId, text: &str, at: usize, end: usize) -> Option<Line> {
    let line = text[at..end].trim_end();
    let colons = line.bytes().take_while(|byte| *byte == b':').count();
    let rest = &line[colons..];
    if colons < 3 {
        return None;
    }
    if rest.is_empty() {
        return Some(Line::Close(colons));
    }
    let word = rest.trim_start_matches([' ', '\t']);
    let spaced = word.len() < rest.len();
    let length = word.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(word.len());
    // `:::image … :::` and `:::zone-end` are docfx's.
    if length == 0
        || !word.starts_with(char::is_alphabetic)
        || line.ends_with(":::")
        || word[..length].ends_with("-end")
    {
        return None;
    }
    let start = at + line.len() - word.len();
    let kind = start..start + length;
    let mut after = kind.end;
    let line_end = at + line.len();
    let mut title = None;
    let mut attributes = Vec::new();
    let tail = &text[after..line_end];
    if tail.starts_with('[') {
        let close = bracket(text, after, line_end)?;
        title = Some(after + 1..close);
        after = close + 1;
    }
    if text[after..line_end].starts_with('{') {
        let close = after + text[after..line_end].find('}')?;
        attributes = braces(file, text, after + 1..close);
        after = close + 1;
    }
    let words = text[after..line_end].trim_start();
    if !words.is_empty() {
        if tail.len() == text[after..line_end].len() && !tail.starts_with([' ', '\t']) {
            return None;
        }
        // Text after `[Title]` belongs to the title, as Docusaurus shows it.
        let from = line_end - words.len();
        title = Some(title.map_or(from, |title: Range<usize>| title.start)..line_end);
    }
    let title = title.filter(|title| !text[title.clone()].trim().is_empty());
    let pairs = title.as_ref().is_some_and(|title| {
        let words = &text[title.clone()];
        words.find("=\"").is_some_and(|equals| !words[..equals].contains([' ', '[', '(']))
    });
    Some(Line::Open(Opening { colons, kind, title, attributes, certain: !spaced && !pairs }))
}

/// The `]` for the `[` at `open`.
fn bracket(text: &str, open: usize, end: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[..end];
    let mut depth = 0usize;
    let mut at = open;
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// `#id .class key=value key="value" flag`.
fn braces(file: FileId, text: &str, range: Range<usize>) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        let trimmed = rest.trim_start();
        at = range.end - trimmed.len();
        let word = trimmed.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(trimmed.len());
        let (name, value_at) = match trimmed.as_bytes().first() {
            None => break,
            Some(b'#') => ("id", at + 1),
            Some(b'.') => ("class", at + 1),
            Some(_) => (&trimmed[..word], at + word + 1),
        };
        let (value, end) = if !trimmed.starts_with(['#', '.']) && !trimmed[word..].starts_with('=') {
            (Value::Bool(true), at + word)
        } else {
            let tail = &text[value_at..range.end];
            match tail.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) if !trimmed.starts_with(['#', '.']) => {
                    let length = tail[1..].find(quote).unwrap_or(tail.len() - 1);
                    let value = Value::String(tail[1..=length].to_owned());
                    (value, (value_at + length + 2).min(range.end))
                }
                _ => {
                    let length = tail.find(char::is_whitespace).unwrap_or(tail.len());
                    (Value::String(tail[..length].to_owned()), value_at + length)
                }
            }
        };
        if !name.is_empty() {
            let span = Span::new(file, at..end);
            attributes.push(Attribute { name: name.to_owned(), value, span, value_span: span });
        }
        at = end.max(at + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colons, kind, title, attributes, whether it is certain.
    type Read<'a> = (usize, &'a str, Option<&'a str>, Vec<(String, Value)>, bool);

    fn open(text: &str) -> Option<Read<'_>> {
        match read(FileId(0), text, 0, text.len())? {
            Line::Open(opening) => Some((
                opening.colons,
                &text[opening.kind],
                opening.title.map(|title| &text[title]),
                opening.attributes.into_iter().map(|attribute| (attribute.name, attribute.value)).collect(),
                opening.certain,
            )),
            Line::Close(_) => None,
        }
    }

    #[test]
    fn every_form_of_an_opening() {
        assert_eq!(open(":::note"), Some((3, "note", None, vec![], true)));
        assert_eq!(
            open(":::note Your **Title** \r"),
            Some((3, "note", Some("Your **Title**"), vec![], true))
        );
        assert_eq!(open("::::tip[A [b] c]"), Some((4, "tip", Some("A [b] c"), vec![], true)));
        assert_eq!(open("::: info"), Some((3, "info", None, vec![], false)));
        assert_eq!(open(":::note [link](x) first"), Some((3, "note", Some("[link](x) first"), vec![], true)));
        let string = |text: &str| Value::String(text.to_owned());
        assert_eq!(
            open(":::tip[T]{#a .b c=d e=\"f g\" h}"),
            Some((
                3,
                "tip",
                Some("T"),
                vec![
                    ("id".into(), string("a")),
                    ("class".into(), string("b")),
                    ("c".into(), string("d")),
                    ("e".into(), string("f g")),
                    ("h".into(), Value::Bool(true)),
                ],
                true
            ))
        );
    }

    #[test]
    fn what_is_no_opening() {
        for text in
            [":::", "::note", "::: zone-end", ":::image type=\"x\":::", ":::{.class}", ":::a:b", ":::note(x)"]
        {
            assert_eq!(open(text), None, "{text}");
        }
        assert!(matches!(read(FileId(0), "::::  ", 0, 6), Some(Line::Close(4))));
        assert!(!open("::: zone pivot=\"x\"").is_none_or(|opening| opening.4));
        assert!(open(":::tip{é=\"é}").is_some());
    }
}
