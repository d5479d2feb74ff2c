//! mdBook's hidden lines: text in, what a reader does not see at first out.
//!
//! In Rust code a line that starts with `# `, or is only `#`, is there for the compiler; `##` stands for `#`.
//! In other languages a fence may name a prefix: ```` ```python,hidelines=~ ````. mdBook lets readers unfold
//! such lines; a page without JavaScript, an agent and a copied snippet are better off without them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The code without its hidden lines.
#[must_use]
pub fn visible_rust_lines(code: &str) -> String {
    let mut visible = String::with_capacity(code.len());
    for line in code.split_inclusive('\n') {
        match rust_line(line) {
            Line::Visible => visible.push_str(line),
            Line::Hidden => {}
            Line::Escaped(at) => {
                visible.push_str(&line[..at]);
                visible.push_str(&line[at + 1..]);
            }
        }
    }
    visible
}

/// What to take out of a page for its code to be what readers see: ranges in order, apart. A whole line goes
/// with the margin before it and the line ending after it.
pub(super) fn in_fences(text: &str) -> Vec<Range<usize>> {
    let mut removed: Vec<Range<usize>> = Vec::new();
    if !text.contains('#') && !text.contains("hidelines") {
        return removed;
    }
    // What Markdown itself takes for a fence: guessing at margins would eat a heading one day.
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    let mut hiding = Hiding::Nothing;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => hiding = Hiding::of(&info),
            Event::End(TagEnd::CodeBlock) => hiding = Hiding::Nothing,
            Event::Text(_) => {
                let mut start = range.start;
                for line in text[range].split_inclusive('\n') {
                    let before = text[..start].rfind('\n').map_or(0, |at| at + 1);
                    // Only margins stand before code in its line; else this is the rest of a line in two texts.
                    let starts = text[before..start].chars().all(|c| matches!(c, ' ' | '\t' | '>'));
                    match if starts { hiding.line(line) } else { Line::Visible } {
                        Line::Visible => {}
                        Line::Hidden => {
                            let rest = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
                            removed.push(before..rest);
                        }
                        Line::Escaped(at) => removed.push(start + at..start + at + 1),
                    }
                    start += line.len();
                }
            }
            _ => {}
        }
    }
    // A line may come as two texts, the second half inside the first one's range.
    removed.sort_by_key(|range| (range.start, range.end));
    removed.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    removed
}

/// Which lines of a block of code are hidden.
enum Hiding {
    Nothing,
    Rust,
    Prefix(String),
}

impl Hiding {
    fn of(info: &str) -> Self {
        let mut words = info.split(|c: char| c == ',' || c.is_whitespace());
        if words.next() == Some("rust") {
            return Self::Rust;
        }
        match words.find_map(|word| word.strip_prefix("hidelines=")) {
            Some(prefix) if !prefix.is_empty() => Self::Prefix(prefix.to_owned()),
            _ => Self::Nothing,
        }
    }

    fn line(&self, line: &str) -> Line {
        match self {
            Self::Rust => rust_line(line),
            Self::Prefix(prefix) if line.trim_start().starts_with(prefix.as_str()) => Line::Hidden,
            Self::Nothing | Self::Prefix(_) => Line::Visible,
        }
    }
}

enum Line {
    Visible,
    Hidden,
    /// `##`: one of the two, at this offset, goes.
    Escaped(usize),
}

/// mdBook's `BORING_LINES_REGEX`: `^(\s*)#(.?)(.*)$`.
fn rust_line(line: &str) -> Line {
    let Some(rest) = line.trim_start().strip_prefix('#') else { return Line::Visible };
    match rest.chars().next() {
        None | Some(' ' | '\n' | '\r') => Line::Hidden,
        Some('#') => Line::Escaped(line.len() - rest.len() - 1),
        Some(_) => Line::Visible,
    }
}
