//! Lines in, what stands before their words out: quote markers, indentation, list markers.

use std::ops::Range;

use crate::diagnostic::FileId;
use crate::render::markdown::tidy::without_markers;

/// What the next line of a block begins with when its first one begins with `line`: quote markers, and spaces in
/// the place of list markers. Nothing where the line holds words.
pub(super) fn continuation(line: &str) -> Option<String> {
    let mut prefix = String::new();
    let mut rest = line;
    loop {
        let Some(first) = rest.chars().next() else { return Some(prefix) };
        if matches!(first, ' ' | '\t' | '>') {
            prefix.push(first);
            rest = &rest[1..];
            continue;
        }
        if matches!(rest, "[ ] " | "[x] " | "[X] ") {
            return Some(prefix);
        }
        if rest.starts_with("[^") && rest.trim_end().ends_with("]:") {
            prefix.push_str("    ");
            return Some(prefix);
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = match rest.as_bytes().get(digits) {
            Some(b'-' | b'*' | b'+') if digits == 0 => 1,
            Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
            Some(_) | None => return None,
        };
        if !rest[marker..].is_empty() && !rest[marker..].starts_with([' ', '\t']) {
            return None;
        }
        prefix.push_str(&" ".repeat(marker));
        rest = &rest[marker..];
    }
}

/// The part of a line that only says where its words stand.
pub(super) fn leading_markers(line: &str) -> &str {
    let unquoted = line.trim_start_matches([' ', '\t', '>']);
    &line[..line.len() - without_markers(unquoted).len()]
}

/// Whether a block may begin after `out`, which ends in a line feed: the line before holds no words.
pub(super) fn ends_blank(out: &str) -> bool {
    let Some(lines) = out.strip_suffix('\n') else { return true };
    let last = lines.rsplit('\n').next().unwrap_or_default();
    continuation(last).is_some()
}

pub(super) fn without_blank_ends(text: &str) -> &str {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        rest = after;
    }
    rest.trim_end()
}

/// The columns of white space that the body at `range` has before its text: those of its first line. `None` where that
/// begins behind the tag: those before the tag are meant.
pub(super) fn body_columns(text: &str, range: &Range<usize>, quotes: usize) -> Option<usize> {
    let body = &text[range.clone()];
    let is_line_start = range.start == 0 || text.as_bytes()[range.start - 1] == b'\n';
    let first = body.split('\n').next().unwrap_or_default();
    if !is_line_start && !first.trim().is_empty() {
        return None;
    }
    let mut at = range.start;
    for (index, line) in body.split('\n').enumerate() {
        let start = at;
        at += line.len() + 1;
        if (index == 0 && !is_line_start) || line.trim_matches([' ', '\t', '>', '\r']).is_empty() {
            continue;
        }
        let unquoted = without_quotes(&text[start..start + line.len()], quotes);
        let blank = unquoted.len() - unquoted.trim_start_matches([' ', '\t']).len();
        return Some(columns(&unquoted[..blank], 0));
    }
    Some(0)
}

/// A place whose column is known, so that the next one in its line is counted from there: a line may hold thousands of
/// components.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    file: FileId,
    quotes: usize,
    at: usize,
    columns: usize,
}

impl Column {
    /// The column of `at` in its line, quote markers not counted; `known` is the place before.
    pub(super) fn of(file: FileId, text: &str, at: usize, quotes: usize, known: &mut Option<Self>) -> usize {
        if let Some(known) = known
            && (known.file, known.quotes) == (file, quotes)
            && known.at <= at
            && !text[known.at..at].contains('\n')
        {
            known.columns = columns(&text[known.at..at], known.columns);
            known.at = at;
            return known.columns;
        }
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let words = without_quotes(&text[start..at], quotes);
        let columns = columns(words, 0);
        // Among the quote markers, what comes next may be one more.
        let counts = !words.trim_start_matches([' ', '\t', '>']).is_empty();
        *known = counts.then_some(Self { file, quotes, at, columns });
        columns
    }
}

pub(super) fn columns(text: &str, from: usize) -> usize {
    text.chars()
        .fold(from, |column, letter| if letter == '\t' { column + 4 - column % 4 } else { column + 1 })
}

pub(super) fn without_quotes(line: &str, quotes: usize) -> &str {
    let mut rest = line;
    for _ in 0..quotes {
        match rest.trim_start_matches([' ', '\t']).strip_prefix('>') {
            Some(after) => rest = after.strip_prefix(' ').unwrap_or(after),
            None => break,
        }
    }
    rest
}
