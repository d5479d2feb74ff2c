//! A body and what was found in it in, the Markdown to parse out: without margin, findings as placeholders.
//!
//! A finding that fills its lines becomes an HTML processing instruction, which Markdown lets stand between
//! blocks, interrupt a paragraph and follow any list or quote marker. One among words becomes a word, with
//! punctuation around it as the brackets of a tag are, so that emphasis beside it opens and closes as beside a
//! tag. U+FDD0 and U+FDD1 delimit both; they are no characters, and no input has them. A view knows for each
//! of its bytes where in the source it came from.

use std::borrow::Cow;
use std::ops::Range;

use super::script::{blank_follows, line_end};
use super::table_rows;
use super::tags::{Found, What};

/// Starts a placeholder.
pub(super) const OPEN: char = '\u{FDD0}';
/// Ends a placeholder.
pub(super) const CLOSE: char = '\u{FDD1}';
/// A word that is nothing, around words that would start a block if they stood first.
const EDGE: &str = ",\u{FDD0}\u{FDD1},";

/// A text to parse.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Where its parts came from, by their start in it.
    pieces: Vec<Piece>,
    /// Whether it is the words of something inline, with an edge on both sides.
    pub inline: bool,
    /// Whether it has placeholders.
    pub placeholders: bool,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    source: usize,
    /// The end in the source of what is not the same bytes there.
    replaced: Option<usize>,
}

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The finding of this number.
    Found(usize),
    /// The edge of an inline view.
    Edge,
}

/// A stretch of view text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text, by its place in the stretch.
    Text(Range<usize>),
    /// A placeholder, with all that delimits it.
    Place(Place, Range<usize>),
}

impl<'a> View<'a> {
    /// The text as it is, from `start` of the source on.
    pub(super) fn verbatim(text: &'a str, start: usize) -> Self {
        View {
            text: Cow::Borrowed(text),
            pieces: vec![Piece { start: 0, source: start, replaced: None }],
            inline: false,
            placeholders: false,
        }
    }

    /// Reads rows of tables that the parser would not know as such.
    pub(super) fn read_tables(&mut self, markdown: pulldown_cmark::Options) {
        if let Some(text) = table_rows::without_tabs(&self.text, markdown) {
            self.text = Cow::Owned(text);
        }
    }

    /// The source of a range of the view.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let first = self.piece(range.start);
        let start = match first.replaced {
            None => first.source + (range.start - first.start),
            Some(_) => first.source,
        };
        if range.is_empty() {
            return start..start;
        }
        let last = self.piece(range.end - 1);
        let end = match last.replaced {
            None => last.source + (range.end - last.start),
            Some(end) => end,
        };
        start..end.max(start)
    }

    fn piece(&self, at: usize) -> Piece {
        self.pieces[self.pieces.partition_point(|piece| piece.start <= at).saturating_sub(1)]
    }

    /// The lines at `ranges` of this view as a view of their own, without the indentation of the first.
    pub(super) fn dedented(&self, ranges: &[Range<usize>]) -> View<'static> {
        let mut builder = Builder::default();
        let width = |text: &str| text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let first = ranges.iter().map(|range| &self.text[range.clone()]).find(|text| !text.trim().is_empty());
        let margin = first.map_or(0, width);
        let mut fresh = true;
        for range in ranges {
            let text = &self.text[range.clone()];
            let skip = if fresh { width(text).min(margin) } else { 0 };
            fresh = text.ends_with('\n');
            let mut at = range.start + skip;
            while at < range.end {
                let piece = self.pieces.partition_point(|piece| piece.start <= at).saturating_sub(1);
                let end = self.pieces.get(piece + 1).map_or(range.end, |next| next.start.min(range.end));
                let source = self.source(at..end);
                builder.push(&self.text[at..end], source.start, self.pieces[piece].replaced);
                at = end;
            }
        }
        builder.view(false, self.placeholders)
    }
}

/// Where the findings of a body stand, for [`view`].
pub(super) struct Body<'a> {
    /// The body.
    pub range: Range<usize>,
    /// What is in it.
    pub inside: &'a [usize],
    /// `>` to strip from its lines.
    pub quotes: usize,
    /// What the body is of.
    pub of: Of,
}

/// What a body is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The page: blocks, no margin.
    Page,
    /// An admonition: blocks that start with a whole line.
    Lines,
    /// A component that fills its lines: blocks, or words where it starts with some.
    Tag,
    /// An inline component or a title: words, unless a blank line is in them.
    Words,
}

/// Builds the view of a body and notes which findings in it fill their lines.
pub(super) fn view<'t>(text: &'t str, body: &Body<'_>, found: &[Found], fills: &mut [bool]) -> View<'t> {
    let Body { ref range, inside, .. } = *body;
    let margin = if body.of == Of::Page { Margin { quotes: 0, columns: 0 } } else { Margin::of(text, body) };
    let words = words(text, body, found);
    if inside.is_empty() && !words && margin.is_none() {
        return View::verbatim(&text[range.clone()], range.start);
    }
    let mut builder = Builder::default();
    builder.out.reserve(range.len() + 16 * inside.len());
    if words {
        builder.push(EDGE, range.start, Some(range.start));
    }
    let mut next = 0;
    let mut at = range.start;
    // A body starts in the middle of its tag's line, where there is no margin.
    let mut fresh = matches!(body.of, Of::Page | Of::Lines);
    let mut blocks = Blocks { starts: true, columns: margin.columns, fence: None };
    while at < range.end {
        if fresh && !margin.is_none() {
            at = margin.unquoted(text, at, range.end);
            let columns = blocks.columns(&text[at..line_end(text, at).min(range.end)]);
            at = indented(text, at, range.end, columns);
        }
        let line = Line::read(text, body, found, at, next, words && at == range.start);
        let flow = line.flow && !(body.of == Of::Words && words);
        for &number in &inside[next..line.next] {
            let span = &found[number].span;
            builder.push(&text[at..span.start], at, None);
            fills[number] = flow;
            builder.place(number, flow, span.clone());
            at = span.end;
        }
        next = line.next;
        builder.push(&text[at..line.end], at, None);
        at = line.end;
        fresh = true;
    }
    if words {
        builder.push(EDGE, range.end, Some(range.end));
    }
    builder.view(words, !inside.is_empty() || words)
}

/// Whether a body is words and no blocks: it stands among words, or starts on the line of its tag.
fn words(text: &str, body: &Body<'_>, found: &[Found]) -> bool {
    let Range { start, end } = body.range;
    if matches!(body.of, Of::Page | Of::Lines) || start == end {
        return false;
    }
    let end = start + text[start..end].trim_end().len();
    let mut at = start;
    // Blank lines in what it holds do not count.
    let spans = body.inside.iter().map(|number| found[*number].span.clone());
    for span in spans.chain(std::iter::once(end..end)) {
        let between = &text[at..span.start.max(at)];
        if between.match_indices('\n').any(|(newline, _)| blank_follows(text, at + newline)) {
            return false;
        }
        at = span.end;
    }
    // `<Tabs><TabItem>` is a block in a block, `<Card>Text` is not.
    let line = Line::read(text, body, found, start, 0, true);
    body.of == Of::Words || !(line.flow || line.blank)
}

/// A line of a body, in which findings may span many lines of the source.
struct Line {
    /// After its `\n`.
    end: usize,
    /// The first finding after it.
    next: usize,
    /// Whether it holds findings and nothing else.
    flow: bool,
    /// Whether it holds nothing.
    blank: bool,
}

impl Line {
    fn read(text: &str, body: &Body<'_>, found: &[Found], start: usize, next: usize, first: bool) -> Self {
        let mut at = start;
        let mut index = next;
        let mut words = false;
        loop {
            let span = body.inside.get(index).map(|number| &found[*number].span);
            let until = span.map_or(body.range.end, |span| span.start);
            let segment = &text[at..until];
            let newline = segment.find('\n');
            let segment = &segment[..newline.unwrap_or(segment.len())];
            // List and quote markers before the first finding are no text.
            words |=
                if index == next && !first { !only_markers(segment) } else { !segment.trim().is_empty() };
            let end = newline.map(|newline| at + newline + 1).or(span.is_none().then_some(body.range.end));
            if let Some(end) = end {
                return Self {
                    end,
                    next: index,
                    flow: index > next && !words,
                    blank: index == next && !words,
                };
            }
            if let Some(span) = span {
                words |= matches!(found[body.inside[index]].what, What::Words);
                at = span.end;
            }
            index += 1;
        }
    }
}

/// Whether a text is white space, `>` and list markers.
fn only_markers(text: &str) -> bool {
    text.split_ascii_whitespace().all(|word| {
        let word = word.trim_start_matches('>');
        let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        matches!(word, "" | "-" | "*" | "+") || (digits > 0 && matches!(&word[digits..], "." | ")"))
    })
}

/// What every line of a body has before its text.
struct Margin {
    quotes: usize,
    columns: usize,
}

impl Margin {
    /// The quote markers before the body's tag, and the indentation of its first line.
    fn of(text: &str, body: &Body<'_>) -> Self {
        let mut margin = Margin { quotes: body.quotes, columns: 0 };
        let mut line = line_end(text, body.range.start);
        // A directive's body starts with a whole line.
        if body.range.start > 0 && text.as_bytes()[body.range.start - 1] == b'\n' {
            line = body.range.start - 1;
        }
        while line < body.range.end {
            let end = line_end(text, line + 1).min(body.range.end);
            let start = margin.unquoted(text, line + 1, end);
            let rest = &text[start..end];
            if !rest.trim().is_empty() {
                margin.columns = columns(rest);
                break;
            }
            line = end;
        }
        margin
    }

    fn is_none(&self) -> bool {
        self.quotes == 0 && self.columns == 0
    }

    /// Where the line at `at` goes on after its quote markers.
    fn unquoted(&self, text: &str, mut at: usize, end: usize) -> usize {
        let bytes = text.as_bytes();
        for _ in 0..self.quotes {
            let spaces = bytes[at..end].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if bytes[at..end].get(spaces) != Some(&b'>') {
                break;
            }
            at += spaces + 1;
            if bytes[at..end].first() == Some(&b' ') {
                at += 1;
            }
        }
        at
    }
}

/// How much of the margin each line has. After a block that stands further to the left than the body's first one there is
/// less of it: code would lose indentation that is its own, a list its levels.
struct Blocks {
    /// Whether a block starts at the next line.
    starts: bool,
    /// The columns of the block that is open.
    columns: usize,
    /// The sign and the length of the fence that is open.
    fence: Option<(char, usize)>,
}

impl Blocks {
    /// The columns to take off `line`. They never grow again: what stands further to the right may be in a list.
    fn columns(&mut self, line: &str) -> usize {
        let words = line.trim();
        let sign = words.chars().next().filter(|sign| matches!(sign, '`' | '~'));
        let length = sign.map_or(0, |sign| words.len() - words.trim_start_matches(sign).len());
        if let Some((open, least)) = self.fence {
            if sign == Some(open) && length >= least && length == words.len() {
                (self.fence, self.starts) = (None, true);
            }
            return self.columns;
        }
        if words.is_empty() {
            self.starts = true;
            return self.columns;
        }
        let fence = sign.filter(|sign| length >= 3 && (*sign == '~' || !words[length..].contains('`')));
        if self.starts || fence.is_some() {
            self.columns = self.columns.min(columns(line));
        }
        self.starts = false;
        self.fence = fence.map(|sign| (sign, length));
        self.columns
    }
}

/// Where the line that goes on at `at` does so after at most `most` columns of white space.
fn indented(text: &str, mut at: usize, end: usize, most: usize) -> usize {
    let bytes = text.as_bytes();
    let mut column = 0;
    while at < end && column < most {
        match bytes[at] {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
        at += 1;
    }
    at
}

fn columns(line: &str) -> usize {
    let mut column = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
    }
    column
}

#[derive(Default)]
struct Builder {
    out: String,
    pieces: Vec<Piece>,
    /// Where in the source the last piece ends, when it is verbatim.
    end: Option<usize>,
}

impl Builder {
    fn push(&mut self, text: &str, source: usize, replaced: Option<usize>) {
        if text.is_empty() {
            return;
        }
        if replaced.is_some() || self.end != Some(source) {
            self.pieces.push(Piece { start: self.out.len(), source, replaced });
        }
        self.out.push_str(text);
        self.end = replaced.is_none().then_some(source + text.len());
    }

    fn place(&mut self, number: usize, flow: bool, span: Range<usize>) {
        use std::fmt::Write as _;
        self.pieces.push(Piece { start: self.out.len(), source: span.start, replaced: Some(span.end) });
        let (before, after) = if flow { ("<?", "?>") } else { (",", ",") };
        let _infallible = write!(self.out, "{before}{OPEN}{number}{CLOSE}{after}");
        self.end = None;
    }

    fn view(mut self, inline: bool, placeholders: bool) -> View<'static> {
        if self.pieces.is_empty() {
            self.pieces.push(Piece { start: 0, source: 0, replaced: None });
        }
        View { text: Cow::Owned(self.out), pieces: self.pieces, inline, placeholders }
    }
}

/// Splits view text at its placeholders.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find(OPEN).map(|open| open + at) {
        let inner = open + OPEN.len_utf8();
        let Some(close) = text[inner..].find(CLOSE).map(|close| close + inner) else { break };
        let mut start = open;
        let mut end = close + CLOSE.len_utf8();
        let flow = text[at..open].ends_with('?');
        if flow || text[at..open].ends_with(',') {
            start -= 1;
            end += usize::from(text[end..].starts_with(if flow { '?' } else { ',' }));
            // A link's address keeps what is between `<` and `>`.
            if flow && text[at..start].ends_with('<') {
                start -= 1;
                end += usize::from(text[end..].starts_with('>'));
            }
        }
        if start > at {
            parts.push(Part::Text(at..start));
        }
        let place = text[inner..close].parse().map_or(Place::Edge, Place::Found);
        parts.push(Part::Place(place, start..end));
        at = end;
    }
    if at < text.len() {
        parts.push(Part::Text(at..text.len()));
    }
    parts
}

/// The text with the source in place of its placeholders.
pub(super) fn restore<'a>(text: &'a str, source: &str, found: &[Found]) -> Cow<'a, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let mut restored = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Text(range) => restored.push_str(&text[range]),
            Part::Place(Place::Found(number), _) => restored.push_str(&source[found[number].span.clone()]),
            Part::Place(Place::Edge, _) => {}
        }
    }
    Cow::Owned(restored)
}
