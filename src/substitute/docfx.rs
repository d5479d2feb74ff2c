//! docfx's own constructs, as Microsoft's documentation writes them, in Markdown that everyone reads.
//!
//! `[!INCLUDE [text](path)]` puts a file in, `:::code …:::` one as code; `:::image …:::` is an image, `[!VIDEO …]` a
//! link. A zone (`::: zone pivot="apt"`) keeps its text under the name of its pivot, and what is only for layout
//! (`[!div …]`, `:::row:::`) goes.

use std::borrow::Cow;
use std::ops::Range;

use super::directive::{Directive, Found, Lines};

/// The next construct in `range` of `text`, and where it stands.
pub(super) fn next(text: &str, range: Range<usize>) -> Option<(Range<usize>, Found<'_>)> {
    let text = &text[..range.end];
    let mut from = range.start;
    loop {
        let bracket = text[from..].find("[!").map(|at| from + at);
        let colons = text[from..].find(":::").map(|at| from + at);
        let at = bracket.into_iter().chain(colons).min()?;
        let found = if Some(at) == bracket { bracketed(text, at) } else { block(text, at) };
        match found {
            Some((end, found)) => return Some((at..end, found)),
            None => from = at + 2,
        }
    }
}

/// `[!INCLUDE [text](path)]`, `[!div …]`, `[!VIDEO …]`, which starts at `at`.
fn bracketed(text: &str, at: usize) -> Option<(usize, Found<'_>)> {
    let line = text[at..].lines().next()?;
    let word = line[2..].split(|c: char| !c.is_ascii_alphabetic()).next()?;
    match word.to_ascii_lowercase().as_str() {
        "include" => {
            let open = line.find("](")? + 2;
            let close = open + line[open..].find(")]")?;
            let path = line[open..close].trim();
            let directive = Directive::Include { path: Cow::Borrowed(path), lines: Lines::Body };
            Some((at + close + 2, Found::Directive(directive)))
        }
        "div" => {
            let close = line.find(']')? + 1;
            Some((at + close, Found::Made(String::new())))
        }
        "video" => {
            let close = line.find(']')?;
            let url = line["[!VIDEO".len()..close].trim();
            Some((at + close + 1, Found::Made(format!("[Video]({url})"))))
        }
        _ => None,
    }
}

/// `:::name …:::` or `::: name …` on a line of its own, which starts at `at`.
fn block(text: &str, at: usize) -> Option<(usize, Found<'_>)> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_margin = |c: char| matches!(c, ' ' | '\t' | '>' | '-' | '*' | '.') || c.is_ascii_digit();
    if !text[start..at].chars().all(is_margin) {
        return None;
    }
    let line = text[at..].lines().next()?;
    let inner = line.trim_end().trim_start_matches(':').trim_end_matches(':').trim();
    let (name, words) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let value = |key: &str| attribute(words, key);
    let made = match name {
        "image" => {
            let alt = value("alt-text").unwrap_or_default().replace(['[', ']'], "").replace('<', "\\<");
            Found::Made(format!("![{alt}]({})", value("source")?))
        }
        "code" => {
            let attributes = value("language").into_iter().collect();
            Found::Directive(Directive::Code { path: Cow::Borrowed(value("source")?), attributes })
        }
        "zone" => Found::Made(format!("**{}**\n", value("pivot").or_else(|| value("target"))?)),
        "zone-end" | "row" | "row-end" | "column" | "column-end" | "moniker" | "moniker-end" | "image-end" => {
            Found::Made(String::new())
        }
        _ => return None,
    };
    Some((at + line.len(), made))
}

/// The value of `key="…"`.
fn attribute<'a>(words: &'a str, key: &str) -> Option<&'a str> {
    let at = words.match_indices(key).find(|(at, _)| {
        words[at + key.len()..].starts_with("=\"") && (*at == 0 || words[..*at].ends_with(char::is_whitespace))
    })?;
    words[at.0 + key.len() + 2..].split('"').next()
}
