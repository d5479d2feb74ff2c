//! A place in a text in, the variable or directive that stands there out; and which lines a directive selects.
//!
//! The forms are those of mdBook's `links` preprocessor (`find_links`, `parse_range_or_anchor`, `take_lines`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::config::Dialect;

/// How many bytes the words of a directive may have, so that braces nobody closes are not searched to the end.
const LONGEST: usize = 4096;

/// What stands at a place.
#[derive(Debug, PartialEq)]
pub(super) enum Found<'a> {
    /// A variable or directive after a backslash: the rest stands for itself.
    Escaped,
    /// A declared variable, with its value.
    Variable(&'a str),
    /// mdBook's, or docfx's.
    Directive(Directive<'a>),
    /// Something of docfx's that is written otherwise elsewhere.
    Made(String),
}

/// A directive of mdBook or docfx.
#[derive(Debug, PartialEq)]
pub(super) enum Directive<'a> {
    /// `{{#include path:lines}}`.
    Include { path: Cow<'a, str>, lines: Lines },
    /// `{{#rustdoc_include path:lines}}`: every section of an anchor's name, not only the first one.
    Rustdoc { path: Cow<'a, str>, lines: Lines },
    /// `{{#playground path attribute …}}`: the file as a block of Rust code.
    Playground { path: Cow<'a, str>, attributes: Vec<&'a str> },
    /// docfx's `:::code source="path" language="name" range="2-5":::`: the file as a block of code.
    Code { path: Cow<'a, str>, attributes: Vec<&'a str>, lines: Lines },
    /// `{{#title …}}`, which is for mdBook's `<title>` only.
    Title,
}

impl Directive<'_> {
    /// The file it names, as written.
    pub(super) fn path(&self) -> Option<&str> {
        match self {
            Directive::Include { path, .. }
            | Directive::Rustdoc { path, .. }
            | Directive::Playground { path, .. }
            | Directive::Code { path, .. } => Some(path),
            Directive::Title => None,
        }
    }

    /// The lines it names.
    pub(super) fn lines(&self) -> &Lines {
        match self {
            Directive::Include { lines, .. }
            | Directive::Rustdoc { lines, .. }
            | Directive::Code { lines, .. } => lines,
            Directive::Playground { .. } | Directive::Title => &Lines::All,
        }
    }
}

/// Which lines of a file, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// All of them.
    All,
    /// All of them but a YAML header.
    Body,
    /// From one to before another, or to the end.
    Range(usize, Option<usize>),
    /// Those between `ANCHOR: name` and `ANCHOR_END: name`.
    Anchor(String),
}

/// The next thing to replace in `range` of `text`, and where it stands.
pub(super) fn next<'a>(
    text: &'a str,
    range: Range<usize>,
    dialect: Dialect,
    variables: &'a BTreeMap<String, String>,
) -> Option<(Range<usize>, Found<'a>)> {
    let variable = braces(text, range.clone(), dialect, variables);
    if dialect != Dialect::Docfx {
        return variable;
    }
    let end = variable.as_ref().map_or(range.end, |(at, _)| at.start);
    match super::docfx::next(text, range) {
        Some(own) if own.0.start <= end => Some(own),
        _ => variable,
    }
}

/// The next variable, or directive of mdBook.
fn braces<'a>(
    text: &'a str,
    range: Range<usize>,
    dialect: Dialect,
    variables: &'a BTreeMap<String, String>,
) -> Option<(Range<usize>, Found<'a>)> {
    let text = &text[..range.end];
    let mut from = range.start;
    if dialect != Dialect::Mdbook && variables.is_empty() {
        return None;
    }
    // No escaped directive ends before here: the rest of its line was searched.
    let mut unclosed = 0;
    while let Some(at) = text[from..].find("{{") {
        let open = from + at;
        let escaped = open > range.start && text.as_bytes()[open - 1] == b'\\';
        if dialect == Dialect::Mdbook {
            if escaped && open >= unclosed && text[open..].starts_with("{{#") {
                // mdBook's expression is greedy: a backslash escapes up to the last braces of its line.
                let line = text[open..].lines().next().unwrap_or_default();
                if let Some(end) = line.rfind("}}") {
                    return Some((open - 1..open + end + 2, Found::Escaped));
                }
                unclosed = open + line.len();
            }
            if let Some((end, directive)) = directive(text, open).filter(|_| !escaped) {
                return Some((open..end, Found::Directive(directive)));
            }
        }
        let inner = &text[open + 2..];
        // Up to the first character that no name holds: a search for the braces would be one for each `{{`.
        if let Some(length) = inner.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'))
            && inner[length..].starts_with("}}")
            && let Some(value) = variables.get(&inner[..length])
        {
            let end = open + length + 4;
            return Some(if escaped {
                (open - 1..end, Found::Escaped)
            } else {
                (open..end, Found::Variable(value))
            });
        }
        // One brace on: in `{{{NAME}}}` the inner pair counts.
        from = open + 1;
    }
    None
}

/// `{{#name words}}`, which starts at `open`; the words hold no `}`.
fn directive(text: &str, open: usize) -> Option<(usize, Directive<'_>)> {
    let inner = text[open + 2..].trim_start().strip_prefix('#')?;
    let name_length = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (name, rest) = inner.split_at(name_length);
    let near = &rest[..rest.floor_char_boundary(LONGEST)];
    let close = near.find('}').filter(|close| rest[*close..].starts_with("}}"))?;
    let words = &rest[..close];
    if !words.starts_with(char::is_whitespace) || words.trim().is_empty() {
        return None;
    }
    let directive = match name {
        "include" => {
            let (path, lines) = path_and_lines(words)?;
            Directive::Include { path, lines }
        }
        "rustdoc_include" => {
            let (path, lines) = path_and_lines(words)?;
            Directive::Rustdoc { path, lines }
        }
        "playground" | "playpen" => {
            let (path, rest) = path_and_rest(words)?;
            Directive::Playground { path, attributes: rest.split_whitespace().collect() }
        }
        "title" => Directive::Title,
        _ => return None,
    };
    let end = text.len() - rest.len() + close + 2;
    Some((end, directive))
}

fn path_and_lines(words: &str) -> Option<(Cow<'_, str>, Lines)> {
    if words.trim_start().starts_with('"') {
        let (path, rest) = path_and_rest(words)?;
        let lines = rest.trim_start().strip_prefix(':').map_or(Lines::All, |rest| lines(rest.trim_end()));
        return Some((path, lines));
    }
    let word = words.split_whitespace().next()?;
    let (path, rest) = word.split_once(':').unwrap_or((word, ""));
    Some((path.into(), lines(rest)))
}

/// A path, bare or in quotes with backslashes as escapes, and what follows it.
fn path_and_rest(words: &str) -> Option<(Cow<'_, str>, &str)> {
    let words = words.trim_start();
    let Some(quoted) = words.strip_prefix('"') else {
        let end = words.find(char::is_whitespace).unwrap_or(words.len());
        return Some((words[..end].into(), &words[end..]));
    };
    let mut path = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => path.extend(chars.next().map(|(_, c)| c)),
            '"' => return Some((path.into(), &quoted[at + 1..])),
            c => path.push(c),
        }
    }
    None
}

/// `from`, `from:`, `:to`, `from:to` or an anchor's name. A word that is no number after `from:` counts for
/// nothing, as in mdBook.
fn lines(words: &str) -> Lines {
    let mut parts = words.splitn(3, ':');
    let start = match parts.next() {
        None | Some("") => None,
        Some(word) => match word.parse::<usize>() {
            Ok(number) => Some(number.saturating_sub(1)),
            Err(_) => return Lines::Anchor(word.to_owned()),
        },
    };
    match (start, parts.next().map(str::parse::<usize>)) {
        (Some(start), Some(Ok(end))) => Lines::Range(start, Some(end)),
        (Some(start), Some(Err(_))) => Lines::Range(start, None),
        (Some(start), None) => Lines::Range(start, Some(start + 1)),
        (None, Some(Ok(end))) => Lines::Range(0, Some(end)),
        (None, None | Some(Err(_))) => Lines::All,
    }
}

/// Why a directive selects nothing.
#[derive(Debug, PartialEq)]
pub(super) enum Nothing {
    /// No such anchor; those there are.
    Anchor(String, Vec<String>),
    /// No such lines; how many there are.
    Range(usize),
}

/// The lines of `text` that a directive selects, as ranges, neighbours joined; without the last line ending.
pub(super) fn select(text: &str, directive: &Directive<'_>) -> Result<Vec<Range<usize>>, Nothing> {
    let body = super::mark_length(text);
    let mut lines = Vec::new();
    let mut start = body;
    for line in text[body..].split_inclusive('\n') {
        lines.push(start..start + line.len());
        start += line.len();
    }
    let selected = match directive.lines() {
        Lines::All => &lines[..],
        Lines::Body => {
            let is_fence = |range: &Range<usize>| text[range.clone()].trim_end() == "---";
            let header = lines.first().is_some_and(is_fence);
            let end = lines.iter().skip(1).position(is_fence).filter(|_| header);
            &lines[end.map_or(0, |end| end + 2)..]
        }
        Lines::Range(from, to) => {
            let to = to.unwrap_or(lines.len()).min(lines.len());
            lines.get(*from..to).filter(|lines| !lines.is_empty()).ok_or(Nothing::Range(lines.len()))?
        }
        Lines::Anchor(name) => {
            let first_only = matches!(directive, Directive::Include { .. });
            lines = anchored(text, &lines, name, first_only)?;
            &lines[..]
        }
    };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for line in selected {
        match ranges.last_mut() {
            Some(last) if last.end == line.start => last.end = line.end,
            _ => ranges.push(line.clone()),
        }
    }
    if let Some(range) = ranges.last_mut() {
        let content = &text[range.clone()];
        let content =
            content.strip_suffix('\n').map_or(content, |line| line.strip_suffix('\r').unwrap_or(line));
        range.end = range.start + content.len();
    }
    Ok(ranges)
}

fn anchored(
    text: &str,
    lines: &[Range<usize>],
    name: &str,
    first_only: bool,
) -> Result<Vec<Range<usize>>, Nothing> {
    let mut kept = Vec::new();
    let mut anchors = Vec::new();
    let (mut inside, mut found) = (false, false);
    for range in lines {
        let line = &text[range.clone()];
        if let Some(end) = anchor(line, "ANCHOR_END:") {
            if inside && end == name {
                inside = false;
                if first_only {
                    break;
                }
            }
        } else if let Some(start) = anchor(line, "ANCHOR:") {
            if start == name {
                inside = true;
                found = true;
            }
            anchors.push(start.to_owned());
        } else if inside {
            kept.push(range.clone());
        }
    }
    if found { Ok(kept) } else { Err(Nothing::Anchor(name.to_owned(), anchors)) }
}

/// The name after `word` in a line, where there is one.
fn anchor<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let rest = line[line.find(word)? + word.len()..].trim_start();
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
    if end == 0 { None } else { Some(&rest[..end]) }
}
