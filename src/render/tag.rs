//! A piece of HTML that an author wrote in, its tags and texts out. As lenient as browsers are, and no parser:
//! it knows where tags begin and end and what attributes they have, not what nests in what.

/// A part of a piece of HTML.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Between tags, as written.
    Text(&'a str),
    /// `<name …>`, `</name>` or `<name … />`.
    Tag(Tag),
    /// `<!-- … -->`, `<!DOCTYPE …>`, `<? … ?>`.
    Comment,
}

/// A tag.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tag {
    /// Its name in lower case.
    pub(super) name: String,
    /// `</name>`.
    pub(super) closing: bool,
    /// `<name />`, or an element that never has content.
    pub(super) empty: bool,
    /// Its attributes, in order.
    pub(super) attributes: Vec<TagAttribute>,
}

/// An attribute of a tag.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TagAttribute {
    /// In lower case.
    pub(super) name: String,
    /// Its value, entities decoded.
    pub(super) value: String,
}

impl Tag {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }
}

/// Splits a piece of HTML.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut at, mut text) = (0, 0);
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let Some((piece, end)) = piece(html, start) else {
            at = start + 1;
            continue;
        };
        if text < start {
            pieces.push(Piece::Text(&html[text..start]));
        }
        // What stands in these is no markup, so nothing in it may be taken for a tag.
        let raw = match &piece {
            Piece::Tag(tag) if !tag.closing && !tag.empty && is_raw(&tag.name) => Some(tag.name.clone()),
            Piece::Tag(_) | Piece::Text(_) | Piece::Comment => None,
        };
        pieces.push(piece);
        (at, text) = (end, end);
        if let Some(name) = raw {
            at = find_closing(html, end, &name);
        }
    }
    if text < html.len() {
        pieces.push(Piece::Text(&html[text..]));
    }
    pieces
}

/// `text` with character references decoded: numbers, and the names that documentation uses.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest[1..].find(';').filter(|end| *end <= 10).map(|end| &rest[1..=end]);
        match reference.and_then(character) {
            Some(character) => {
                out.push(character);
                rest = &rest[reference.map_or(0, str::len) + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(reference: &str) -> Option<char> {
    if let Some(number) = reference.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "copy" => '\u{a9}',
        "reg" => '\u{ae}',
        "trade" => '\u{2122}',
        "mdash" => '\u{2014}',
        "ndash" => '\u{2013}',
        "hellip" => '\u{2026}',
        "middot" => '\u{b7}',
        "bull" => '\u{2022}',
        "rarr" => '\u{2192}',
        "larr" => '\u{2190}',
        "times" => '\u{d7}',
        "check" => '\u{2713}',
        "lbrace" | "lcub" => '{',
        "rbrace" | "rcub" => '}',
        _ => return None,
    })
}

fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style" | "textarea" | "title")
}

/// Elements that have no content and no closing tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

fn find_closing(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = html[at..].find("</") {
        at += found;
        if html.as_bytes()[at + 2..]
            .get(..name.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
        {
            return at;
        }
        at += 2;
    }
    html.len()
}

/// The tag or comment that starts at `start`, and where it ends; nothing where `<` is only a character.
fn piece(html: &str, start: usize) -> Option<(Piece<'static>, usize)> {
    let bytes = html.as_bytes();
    if html[start..].starts_with("<!--") {
        let end = html[start + 4..].find("-->").map_or(html.len(), |end| start + 4 + end + 3);
        return Some((Piece::Comment, end));
    }
    if matches!(bytes.get(start + 1), Some(b'!' | b'?')) {
        return Some((Piece::Comment, html[start..].find('>').map_or(html.len(), |end| start + end + 1)));
    }
    let closing = bytes.get(start + 1) == Some(&b'/');
    let mut at = start + 1 + usize::from(closing);
    let name_start = at;
    if !bytes.get(at)?.is_ascii_alphabetic() {
        return None;
    }
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte)) {
        at += 1;
    }
    let name = html[name_start..at].to_ascii_lowercase();
    let mut attributes = Vec::new();
    let mut empty = is_void(&name);
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        match *bytes.get(at)? {
            b'>' => return Some((Piece::Tag(Tag { name, closing, empty, attributes }), at + 1)),
            b'/' => {
                empty |= bytes.get(at + 1) == Some(&b'>');
                at += 1;
            }
            _ => {
                let (attribute, end) = attribute(html, at);
                attributes.push(attribute);
                at = end;
            }
        }
    }
}

fn attribute(html: &str, start: usize) -> (TagAttribute, usize) {
    let bytes = html.as_bytes();
    let mut at = start + 1;
    while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !b"=>/".contains(byte)) {
        at += 1;
    }
    let name = html[start..at].to_ascii_lowercase();
    let mut value = at;
    while bytes.get(value).is_some_and(u8::is_ascii_whitespace) {
        value += 1;
    }
    if bytes.get(value) != Some(&b'=') {
        return (TagAttribute { name, value: String::new() }, at);
    }
    value += 1;
    while bytes.get(value).is_some_and(u8::is_ascii_whitespace) {
        value += 1;
    }
    let quote = bytes.get(value).copied().filter(|byte| b"\"'".contains(byte));
    if let Some(quote) = quote
        && let Some(length) = html[value + 1..].find(char::from(quote))
    {
        let inner = value + 1..value + 1 + length;
        return (TagAttribute { name, value: decode(&html[inner.clone()]) }, inner.end + 1);
    }
    let length = html[value..].find(|letter: char| letter.is_ascii_whitespace() || letter == '>');
    let end = length.map_or(html.len(), |length| value + length);
    (TagAttribute { name, value: decode(&html[value..end]) }, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        let name = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => format!("'{text}'"),
            Piece::Tag(tag) => format!("{}{}", if tag.closing { "/" } else { "" }, tag.name),
            Piece::Comment => "!".to_owned(),
        };
        pieces(html).iter().map(name).collect()
    }

    #[test]
    fn splits_tags_texts_and_comments() {
        assert_eq!(names("a <B x='>'>b</b><!-- <i> -->c < d"), ["'a '", "b", "'b'", "/b", "!", "'c < d'"]);
        assert_eq!(names("<style>a > b {}</style>x"), ["style", "'a > b {}'", "/style", "'x'"]);
        assert_eq!(names("<a href=\"x"), ["'<a href=\"x'"]);
        assert_eq!(names("\u{e9}<br/>\u{e9}"), ["'\u{e9}'", "br", "'\u{e9}'"]);
    }

    #[test]
    fn reads_attributes_in_every_quoting() {
        let html = "<img src=a.png alt = 'b &amp; c' hidden width=\"3\">";
        let [Piece::Tag(tag)] = &pieces(html)[..] else { panic!("one tag") };
        assert_eq!(tag.attribute("src"), Some("a.png"));
        assert_eq!(tag.attribute("alt"), Some("b & c"));
        assert_eq!(tag.attribute("hidden"), Some(""));
        assert_eq!(tag.attribute("width"), Some("3"));
    }

    #[test]
    fn decodes_what_it_knows_and_leaves_the_rest() {
        assert_eq!(decode("&lt;&#65;&#x42;&unknown; & &;"), "<AB&unknown; & &;");
    }
}
