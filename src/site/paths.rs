//! Paths and addresses, as text: always `/` between parts, never a drive, never the file system.

use std::borrow::Cow;

/// `path` seen from `folder`, with `.` and `..` resolved. `None` when it leads above the root.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `path` seen from `folder`, as a browser does it: what leads above the root stays at the root.
pub(crate) fn join_clamped(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder of `path`; empty at the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of `path`.
pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `path` without `.md` or `.mdx`, where it has one of them.
pub(super) fn without_markdown(path: &str) -> Option<&str> {
    let dot = path.rfind('.')?;
    let extension = &path[dot + 1..];
    (extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("mdx")).then_some(&path[..dot])
}

/// `path` below `folder`, where it is.
pub(super) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// A folder from the configuration in the form paths have: `./docs/` is `docs`, `.` is empty.
pub(super) fn clean(folder: &str) -> String {
    join_clamped("", folder)
}

/// The parts joined by `/`, empty ones left out.
pub(super) fn concat(folder: &str, path: &str) -> String {
    match (folder.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{path}"),
    }
}

/// The way from one file to another, as a link in the first would have it.
pub(super) fn way(from: &str, to: &str) -> String {
    let from: Vec<&str> = folder(from).split('/').filter(|part| !part.is_empty()).collect();
    let to_parts: Vec<&str> = to.split('/').collect();
    let common = from.iter().zip(&to_parts[..to_parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - common);
    let up = if up.is_empty() { "./".to_owned() } else { up };
    format!("{up}{}", to_parts[common..].join("/"))
}

/// `name` without its number prefix, and the number: Docusaurus's rule, which leaves dates and versions alone.
pub(super) fn number_prefix(name: &str) -> (Option<f64>, &str) {
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 {
        return (None, name);
    }
    let separator = |c: char| matches!(c, '-' | '_' | '.');
    let rest = &name[digits..];
    if rest.starts_with(separator) && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return (None, name);
    }
    let spaced = rest.trim_start();
    let after = spaced.trim_start_matches(separator);
    let suffix = after.trim_start();
    if after.len() == spaced.len() || suffix.is_empty() || suffix.starts_with(separator) {
        return (None, name);
    }
    (name[..digits].parse().ok(), suffix)
}

/// `path` with the number prefix of each part gone.
pub(super) fn without_numbers(path: &str) -> String {
    path.split('/').map(|part| number_prefix(part).1).collect::<Vec<_>>().join("/")
}

/// `%20` and the like decoded; what is no valid encoding stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits make a byte"));
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A key or value of a query: decoded, `+` a space.
pub(super) fn decode_query(text: &str) -> String {
    decode(&text.replace('+', " ")).into_owned()
}

/// `text` as a value in a query.
#[must_use]
pub(crate) fn encode_query(text: &str) -> String {
    percent(text, b"-._~")
}

/// `text` with every byte percent-encoded but ASCII letters, digits and those that are `kept`.
pub(crate) fn percent(text: &str, kept: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_prefixes_are_docusauruss() {
        for (name, expected) in [
            ("01-intro", (Some(1.0), "intro")),
            ("1. intro", (Some(1.0), "intro")),
            ("10 - My doc", (Some(10.0), "My doc")),
            ("3__x", (Some(3.0), "x")),
            ("2021-11-foo", (None, "2021-11-foo")),
            ("7.0-foo", (None, "7.0-foo")),
            ("01", (None, "01")),
            ("01-", (None, "01-")),
            ("5 apples", (None, "5 apples")),
            ("x-1", (None, "x-1")),
        ] {
            assert_eq!(number_prefix(name), expected, "{name}");
        }
        assert_eq!(without_numbers("01-a/02-b/c"), "a/b/c");
    }

    #[test]
    fn joining_resolves_dots_and_says_when_it_leaves_the_root() {
        assert_eq!(join("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(join("a", "./c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("a", "../../c"), None);
        assert_eq!(join_clamped("a", "../../c"), "c");
    }

    #[test]
    fn decoding_keeps_what_it_cannot_read() {
        assert_eq!(decode("VNet%20peering"), "VNet peering");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%ff"), "%ff");
        assert_eq!(decode_query("VNet+peering"), "VNet peering");
        assert_eq!(encode_query("VNet peering & more"), "VNet%20peering%20%26%20more");
        assert_eq!(encode_query("z\u{fc}rich (office)"), "z%C3%BCrich%20%28office%29");
        assert_eq!(decode_query(&encode_query("z\u{fc}rich 100%")), "z\u{fc}rich 100%");
    }
}
