//! The source of a text in, the same with what the parser put in place of literals and shortcodes out.

use crate::render::markdown::inline::escape;

/// The source of a text with `{"text"}` and `{' '}` as what they say: the parser put them in place in `words`.
pub(super) fn without_literals(source: &str, words: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        let inside = rest[start + 1..].trim_start();
        let quote = inside.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'));
        let literal = quote.and_then(|quote| {
            let (text, after) = inside[1..].split_once(quote)?;
            let after = after.trim_start().strip_prefix('}')?;
            let whole = &rest[start..rest.len() - after.len()];
            (!text.contains('\\') && !words.contains(whole)).then_some((text, after))
        });
        match literal {
            Some((text, after)) => {
                out.push_str(&rest[..start]);
                out.push_str(&escape(text));
                rest = after;
            }
            None => {
                out.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The source of a text with the shortcodes that became emoji in `words` as those emoji.
pub(super) fn with_emoji(source: &str, words: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find(':') {
        let name = rest[start + 1..].find(':').map(|end| &rest[start + 1..=start + end]);
        let emoji = name.and_then(emojis::get_by_shortcode).map(emojis::Emoji::as_str);
        match (name, emoji.filter(|emoji| words.contains(emoji))) {
            (Some(name), Some(emoji)) => {
                out.push_str(&rest[..start]);
                out.push_str(emoji);
                rest = &rest[start + name.len() + 2..];
            }
            (Some(_) | None, _) => {
                out.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text without references to characters that nobody sees, whose own form is left out of every Markdown file.
pub(super) fn without_unseen(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let end = rest[start..].find(';').map(|length| start + length);
        let name = end.map_or("", |end| &rest[start + 1..end]).to_ascii_lowercase();
        let is_unseen = matches!(
            name.as_str(),
            "#8203"
                | "#x200b"
                | "zerowidthspace"
                | "#8288"
                | "#x2060"
                | "nobreak"
                | "#65279"
                | "#xfeff"
                | "#173"
                | "#xad"
                | "shy"
        );
        let next = end.filter(|_| is_unseen).map_or(start + 1, |end| end + 1);
        kept.push_str(if is_unseen { &rest[..start] } else { &rest[..next] });
        rest = &rest[next..];
    }
    kept + rest
}

/// The text with what looks like the id of a heading escaped; `{{#include}}`, which an mdBook page may show, does not.
pub(super) fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices("{#") {
        if !text[..at].ends_with(['{', '\\']) {
            out.push_str(&text[copied..at]);
            out.push('\\');
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The text with a backslash before each `<` that could open a tag: `Vec<T>` is text to its author.
pub(super) fn with_plain_angles(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let next = text[at + character.len_utf8()..].trim_start_matches('/');
        if character == '<' && before != '\\' && next.starts_with(|next: char| next.is_ascii_alphabetic()) {
            plain.push('\\');
        }
        plain.push(character);
        before = character;
    }
    plain
}
