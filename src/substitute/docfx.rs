//! docfx's own constructs, as Microsoft's documentation writes them, in Markdown that everyone reads.
//!
//! `[!INCLUDE [text](path)]` puts a file in (a whole document becomes a comment that `document` makes a partial of), `:::code …:::` one as code; `:::image …:::` is an image, `[!VIDEO …]` a
//! link. Zones (`::: zone pivot="apt"`) become comments that `document` knows them by, and what is only for
//! layout (`[!div …]`, `:::row:::`) goes. In code all of it stays: it is being written about.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::directive::{Directive, Found, Lines};

/// Where code stands in `text`, in order.
pub(super) fn code(text: &str) -> Vec<Range<usize>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    let is_code = |event: &Event<'_>| {
        matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))))
    };
    let events = Parser::new_ext(text, options).into_offset_iter();
    events.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect()
}

/// The next construct in `range` of `text`, and where it stands.
pub(super) fn next(text: &str, range: Range<usize>) -> Option<(Range<usize>, Found<'_>)> {
    let text = &text[..range.end];
    let mut from = range.start;
    loop {
        let at = from + text[from..].find(['[', ':'])?;
        let rest = &text[at..];
        let found = if rest.starts_with("[!") {
            bracketed(text, at)
        } else if rest.starts_with(":::") {
            block(text, at)
        } else {
            None
        };
        match found {
            Some((end, found)) if found == Found::Made(String::new()) => {
                let line = quote_line(text, at..end).filter(|line| line.start >= range.start);
                return Some((line.unwrap_or(at..end), found));
            }
            Some((end, found)) => return Some((at..end, found)),
            None => from = at + 1,
        }
    }
}

/// The whole line in a quote, where nothing else stands in it: it would stay as an empty one.
fn quote_line(text: &str, at: Range<usize>) -> Option<Range<usize>> {
    let start = text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let margin = &text[start..at.start];
    let rest = text[at.end..].split_inclusive('\n').next().unwrap_or_default();
    let alone = margin.contains('>')
        && margin.chars().all(|c| matches!(c, ' ' | '\t' | '>'))
        && rest.trim().is_empty();
    alone.then(|| start..at.end + rest.len())
}

/// Whether an include stands for a document of its own, not for words: it is alone on its line. Such a document has
/// link definitions of its own, and its links count from its folder.
pub(super) fn is_document(text: &str, at: &Range<usize>, path: &str) -> bool {
    let start = text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let rest = text[at.end..].lines().next().unwrap_or_default();
    text[start..at.start].chars().all(is_margin) && rest.trim().is_empty() && path.ends_with(".md")
}

/// What stands for such an include until `document` reads it.
pub(super) fn place(path: &str) -> String {
    format!("<!-- include {path} -->")
}

/// What may stand before a block in its line.
fn is_margin(c: char) -> bool {
    matches!(c, ' ' | '\t' | '>' | '-' | '*' | '.') || c.is_ascii_digit()
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
    let line = text[at..].lines().next()?;
    if !text[start..at].chars().all(is_margin) {
        return in_words(line).map(|(length, made)| (at + length, made));
    }
    let inner = line.trim_end().trim_start_matches(':').trim_end_matches(':').trim();
    let (name, words) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let value = |key: &str| attribute(words, key);
    let made = match name {
        "image" => {
            // More words may follow it, another image too.
            return in_words(line)
                .map(|(length, made)| (at + length, made))
                .or_else(|| Some((at + line.len(), image(words)?)));
        }
        "code" => {
            let attributes = value("language").into_iter().collect();
            let lines = value("range").map_or(Lines::All, lines);
            Found::Directive(Directive::Code { path: Cow::Borrowed(value("source")?), attributes, lines })
        }
        // Comments, of which reading makes tabs: zones of one place are never shown together.
        "zone" => match value("pivot") {
            Some(pivot) => Found::Made(format!("<!-- zone {pivot} -->\n")),
            None => Found::Made(String::new()),
        },
        "zone-end" => Found::Made("<!-- zone-end -->\n".to_owned()),
        "row" | "row-end" | "column" | "column-end" | "moniker" | "moniker-end" | "image-end" => {
            Found::Made(String::new())
        }
        _ => return None,
    };
    Some((at + line.len(), made))
}

/// `:::image …:::` at the start of `line`, which words may follow, and its length.
fn in_words(line: &str) -> Option<(usize, Found<'_>)> {
    let words = line.strip_prefix(":::image")?;
    let end = words.find(":::")?;
    Some((line.len() - words.len() + end + 3, image(&words[..end])?))
}

fn image(words: &str) -> Option<Found<'_>> {
    let alt = attribute(words, "alt-text").unwrap_or_default().replace(['[', ']'], "").replace('<', "\\<");
    let source = attribute(words, "source")?;
    let source = if source.contains([' ', '(', ')']) { format!("<{source}>") } else { source.to_owned() };
    Some(Found::Made(format!("![{alt}]({source})")))
}

/// `2-5`, `2-` or `2`; of several ranges the first.
fn lines(range: &str) -> Lines {
    let first = range.split(',').next().unwrap_or_default().trim();
    let (from, to) = first.split_once('-').unwrap_or((first, first));
    match (from.trim().parse::<usize>(), to.trim().parse::<usize>()) {
        (Ok(from), Ok(to)) => Lines::Range(from.saturating_sub(1), Some(to)),
        (Ok(from), Err(_)) => Lines::Range(from.saturating_sub(1), None),
        (Err(_), _) => Lines::All,
    }
}

/// The value of `key="…"`.
fn attribute<'a>(words: &'a str, key: &str) -> Option<&'a str> {
    let at = words.match_indices(key).find(|(at, _)| {
        words[at + key.len()..].starts_with("=\"")
            && (*at == 0 || words[..*at].ends_with(char::is_whitespace))
    })?;
    words[at.0 + key.len() + 2..].split('"').next()
}
