//! HTML as an author wrote it in, its attributes with their places out.
//!
//! Enough of a tokenizer to find ids and addresses in snippets: it knows comments, quotes and unquoted values,
//! and never fails.

use std::borrow::Cow;
use std::ops::Range;

/// An attribute of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    /// Where the tag of the element starts in the snippet.
    pub tag: usize,
    /// The name of the element, as written.
    pub element: &'a str,
    /// Its own name, as written.
    pub name: &'a str,
    /// Its value without quotes, as written.
    pub value: &'a str,
    /// Where the value is in the snippet, without quotes.
    pub range: Range<usize>,
}

/// Every attribute with a value in `html`, in order.
pub(super) fn attributes(html: &str) -> Vec<Attribute<'_>> {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
        if html[open..].starts_with("<!--") {
            at = html[open..].find("-->").map_or(html.len(), |offset| open + offset + 3);
            continue;
        }
        let start = open + 1;
        let end =
            start + run(&bytes[start..], |byte| byte.is_ascii_alphanumeric() || b"-.:_".contains(&byte));
        at = end.max(open + 1);
        if end == start || !bytes[start].is_ascii_alphabetic() {
            continue;
        }
        let element = &html[start..end];
        at = tag(html, (open, element), end, &mut found);
    }
    found
}

/// Reads the attributes of one tag from `at`, and says where the tag ends.
fn tag<'a>(
    html: &'a str,
    (tag, element): (usize, &'a str),
    mut at: usize,
    found: &mut Vec<Attribute<'a>>,
) -> usize {
    let bytes = html.as_bytes();
    loop {
        at += run(&bytes[at..], |byte| byte.is_ascii_whitespace() || byte == b'/');
        if at >= bytes.len() || bytes[at] == b'>' || bytes[at] == b'<' {
            return at;
        }
        let start = at;
        at += run(&bytes[at..], |byte| !byte.is_ascii_whitespace() && !b"=>/".contains(&byte));
        let name = &html[start..at];
        let gap = run(&bytes[at..], |byte| byte.is_ascii_whitespace());
        if bytes.get(at + gap) != Some(&b'=') {
            at = at.max(start + 1);
            while !html.is_char_boundary(at) {
                at += 1;
            }
            continue;
        }
        at += gap + 1;
        at += run(&bytes[at..], |byte| byte.is_ascii_whitespace());
        let range = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let start = at + 1;
                let end = start + run(&bytes[start..], |byte| byte != *quote);
                at = (end + 1).min(bytes.len());
                start..end
            }
            Some(b'{') => {
                // A JavaScript value that was left as written: no address and no id.
                at = braces(bytes, at);
                continue;
            }
            _ => {
                let start = at;
                at += run(&bytes[at..], |byte| !byte.is_ascii_whitespace() && byte != b'>');
                start..at
            }
        };
        found.push(Attribute { tag, element, name, value: &html[range.clone()], range });
    }
}

fn run(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| wanted(**byte)).count()
}

fn braces(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0usize;
    for (offset, byte) in bytes[start..].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return start + offset + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    bytes.len()
}

/// A value with the entities that addresses hold decoded.
pub(crate) fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let decoded =
        value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    Cow::Owned(decoded.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::attributes;

    #[test]
    fn finds_values_in_every_quoting() {
        let html =
            "<a id='x' href=\"a.md\" hidden><!-- <a id=\"no\"> --><img src=b.png /><p {x}><i id = \"ü\">";
        let found: Vec<_> =
            attributes(html).iter().map(|found| (found.element, found.name, found.value)).collect();
        assert_eq!(
            found,
            [("a", "id", "x"), ("a", "href", "a.md"), ("img", "src", "b.png"), ("i", "id", "ü")]
        );
        assert!(attributes(html).iter().all(|found| &html[found.range.clone()] == found.value));
    }

    #[test]
    fn survives_broken_markup() {
        for html in [
            "<",
            "<a",
            "<a href",
            "<a href=",
            "<a href=\"x",
            "<a =\"x\">",
            "< a>",
            "a < b",
            "<a é=é ü>",
            "<a {{",
        ] {
            let _ = attributes(html);
        }
        assert!(attributes("<img src={require('./x.png').default} />").is_empty());
    }
}
