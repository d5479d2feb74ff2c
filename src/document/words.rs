//! A run of text in, [`Kind::Text`] and the links that are only addresses out; `:name:` becomes an emoji.
//!
//! pulldown-cmark gives text in pieces (an escape, an entity and a bracket each end one). Addresses and emoji
//! names are found in the joined run, and each of its bytes knows where in the source it came from.

use std::collections::BTreeSet;
use std::ops::Range;

use super::parse::Options;
use super::{Kind, LinkForm, Node};
use crate::diagnostic::{FileId, Span};

/// Text that stands together.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// The text.
    pub text: String,
    /// By their start in the text: where the parts came from, and whether as the same bytes.
    parts: Vec<(usize, Range<usize>, bool)>,
}

impl Run {
    /// Adds text that came from `source`.
    pub(super) fn push(&mut self, text: &str, source: Range<usize>) {
        let verbatim = text.len() == source.len();
        match self.parts.last_mut() {
            Some((_, last, true)) if verbatim && last.end == source.start => last.end = source.end,
            _ => self.parts.push((self.text.len(), source, verbatim)),
        }
        self.text.push_str(text);
    }

    /// The source of a part of the text.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let part = |at: usize| &self.parts[self.parts.partition_point(|part| part.0 <= at).saturating_sub(1)];
        let (start, source, verbatim) = part(range.start);
        let from = if *verbatim { source.start + range.start - start } else { source.start };
        let (start, source, verbatim) = part(range.end.saturating_sub(1).max(range.start));
        let to = if *verbatim { source.start + range.end - start } else { source.end };
        from..to.max(from)
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// Turns a run into nodes. `footnotes` are the labels that are defined in another part of the page, which
/// Markdown therefore left as text. `linked` when the run stands in a link.
pub(super) fn nodes(
    file: FileId,
    run: Run,
    options: &Options,
    footnotes: &BTreeSet<String>,
    linked: bool,
    nodes: &mut Vec<Node>,
) {
    let text = run.text.as_str();
    let mut cuts = Vec::new();
    if options.autolinks && !linked {
        addresses(text, &mut cuts);
    }
    if !footnotes.is_empty() && text.contains("[^") {
        references(text, footnotes, &mut cuts);
        cuts.sort_by_key(|(range, _)| range.start);
    }
    let emoji_in = |words: &str| options.emoji && words.contains(':');
    if cuts.is_empty() && !emoji_in(text) {
        let span = Span::new(file, run.source(0..text.len()));
        nodes.push(Node { kind: Kind::Text(run.text), span, children: Vec::new() });
        return;
    }
    let span = |range: Range<usize>| Span::new(file, run.source(range));
    let words = |range: Range<usize>| {
        let words = &text[range.clone()];
        let words = if emoji_in(words) { emoji(words) } else { words.to_owned() };
        Node { kind: Kind::Text(words), span: span(range), children: Vec::new() }
    };
    let mut at = 0;
    for (range, kind) in cuts {
        if range.start < at {
            continue;
        }
        if range.start > at {
            nodes.push(words(at..range.start));
        }
        let span = span(range.clone());
        let written = &text[range.clone()];
        nodes.push(match kind {
            Cut::Address(scheme) => {
                let kind = Kind::Link {
                    url: format!("{scheme}{written}"),
                    title: String::new(),
                    form: LinkForm::Bare,
                    url_span: Some(span),
                };
                let child = Node { kind: Kind::Text(written.to_owned()), span, children: Vec::new() };
                Node { kind, span, children: vec![child] }
            }
            Cut::Footnote => {
                let label = written[2..written.len() - 1].to_owned();
                Node { kind: Kind::FootnoteReference { label }, span, children: Vec::new() }
            }
        });
        at = range.end;
    }
    if at < text.len() {
        nodes.push(words(at..text.len()));
    }
}

enum Cut {
    /// An address, and what it lacks in front.
    Address(&'static str),
    Footnote,
}

/// Addresses as GFM's "autolinks (extension)" finds them.
fn addresses(text: &str, cuts: &mut Vec<(Range<usize>, Cut)>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut done = 0;
    // Most text has none of the three.
    if !(text.contains("://") || text.contains('@') || text.contains("www.") || text.contains("WWW.")) {
        return;
    }
    while let Some(step) = bytes[at..].iter().position(|byte| matches!(byte, b':' | b'w' | b'W' | b'@')) {
        at += step;
        let found = match bytes[at] {
            b':' => web(text, at, done),
            b'@' => mail(text, at, done).map(|range| (range, "mailto:")),
            _ => www(text, at).map(|range| (range, "http://")),
        };
        at += 1;
        if let Some((range, scheme)) = found {
            at = range.end.max(at);
            done = range.end;
            cuts.push((range, Cut::Address(scheme)));
        }
    }
}

/// `http://` or `https://` around the colon at `colon`.
fn web(text: &str, colon: usize, done: usize) -> Option<(Range<usize>, &'static str)> {
    if !text[colon..].starts_with("://") {
        return None;
    }
    let before = &text[done..colon];
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        before.len() >= scheme.len()
            && before.is_char_boundary(before.len() - scheme.len())
            && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
    })?;
    let start = colon - scheme.len();
    if !may_start(text, start) {
        return None;
    }
    let from = colon + 3;
    let length = domain(&text[from..], true)?;
    Some((start..end_of_path(text, from + length), ""))
}

fn www(text: &str, at: usize) -> Option<Range<usize>> {
    if !text.get(at..at + 4)?.eq_ignore_ascii_case("www.") || !may_start(text, at) {
        return None;
    }
    let length = domain(&text[at..], false)?;
    Some(at..end_of_path(text, at + length))
}

/// An address starts at the beginning, after white space or after `*`, `_`, `~`, `(`.
fn may_start(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '@' | '\\' | '"' | '=' | '`'))
}

/// How long the domain is that the text starts with.
fn domain(text: &str, short: bool) -> Option<usize> {
    let length =
        text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
    let domain = text[..length].trim_end_matches('.');
    let mut last = domain.rsplit('.');
    let underscored = last.next().is_some_and(|part| part.contains('_'))
        || last.next().is_some_and(|part| part.contains('_'));
    (!domain.is_empty() && !underscored && !domain.starts_with('.') && (short || domain.contains('.')))
        .then_some(domain.len())
}

/// Where a path ends: at white space or `<`, without the punctuation of the sentence around it.
fn end_of_path(text: &str, from: usize) -> usize {
    let length = text[from..].find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len() - from);
    let mut path = &text[from..from + length];
    // Brackets that the path closes and did not open; counted once, since a path may be nothing but them.
    let excess =
        |close: char, open: char| path.matches(close).count().saturating_sub(path.matches(open).count());
    let (mut round, mut square) = (excess(')', '('), excess(']', '['));
    while let Some(last) = path.chars().next_back() {
        let cut = match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => 1,
            ')' if round > 0 => {
                round -= 1;
                1
            }
            ']' if square > 0 => {
                square -= 1;
                1
            }
            ';' => {
                // `&name;` at the end is an entity the author meant for the page.
                let name = path[..path.len() - 1].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
                if name.ends_with('&') { path.len() - name.len() + 1 } else { 1 }
            }
            _ => break,
        };
        path = &path[..path.len() - cut];
    }
    from + path.len()
}

/// `name@host.tld` around the `@`.
fn mail(text: &str, at: usize, done: usize) -> Option<Range<usize>> {
    let name = text[done..at]
        .bytes()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+'))
        .count();
    let host = text[at + 1..].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    let host = text[at + 1..at + 1 + host.unwrap_or(text.len() - at - 1)].trim_end_matches('.');
    let good = name > 0
        && host.contains('.')
        && !host.ends_with(['-', '_'])
        && host.split('.').all(|part| !part.is_empty())
        && !text[..at - name].ends_with('/');
    good.then(|| at - name..at + 1 + host.len())
}

fn references(text: &str, footnotes: &BTreeSet<String>, cuts: &mut Vec<(Range<usize>, Cut)>) {
    for (start, _) in text.match_indices("[^") {
        if let Some(length) = text[start..].find(']')
            && footnotes.contains(&text[start + 2..start + length].to_lowercase())
        {
            cuts.push((start..start + length + 1, Cut::Footnote));
        }
    }
}

/// Replaces `:name:` where there is an emoji of this name; `10:30am` and `:word` stay.
fn emoji(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(colon) = rest.find(':') {
        let name = &rest[colon + 1..];
        let length = name
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'))
            .count();
        let emoji = (length > 0 && name[length..].starts_with(':'))
            .then(|| emojis::get_by_shortcode(&name[..length]))
            .flatten();
        if let Some(emoji) = emoji {
            replaced.push_str(&rest[..colon]);
            replaced.push_str(emoji.as_str());
            rest = &name[length + 1..];
        } else {
            replaced.push_str(&rest[..=colon]);
            rest = name;
        }
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(String, String)> {
        let mut run = Run::default();
        run.push(text, 10..10 + text.len());
        let options = Options { autolinks: true, emoji: true, ..Options::default() };
        let mut found = Vec::new();
        nodes(FileId(0), run, &options, &BTreeSet::new(), false, &mut found);
        found
            .into_iter()
            .filter_map(|node| match node.kind {
                Kind::Link { url, .. } => {
                    let range = node.span.range();
                    Some((text[range.start - 10..range.end - 10].to_owned(), url))
                }
                _ => None,
            })
            .collect()
    }

    #[test]
    fn addresses_in_sentences() {
        let same = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(
            links("See https://a.b/c?d=e_f. Or (http://x.y/(z))!"),
            [same("https://a.b/c?d=e_f"), same("http://x.y/(z)")]
        );
        assert_eq!(
            links("www.example.com/é, é"),
            [("www.example.com/é".into(), "http://www.example.com/é".into())]
        );
        assert_eq!(
            links("write to a.b+c@d-e.org."),
            [("a.b+c@d-e.org".into(), "mailto:a.b+c@d-e.org".into())]
        );
        assert_eq!(links("http://localhost:3000/x"), [same("http://localhost:3000/x")]);
        for text in
            ["xhttp://", "https://", "www.", "awww.x.y", "a@b", "@a.b", "http:/x", "user@host_.x_", "10:30"]
        {
            assert_eq!(links(text), [], "{text}");
        }
    }

    #[test]
    fn emoji_names() {
        assert_eq!(emoji("a :tada: b :+1:"), "a 🎉 b 👍");
        assert_eq!(emoji("10:30am :word ::xx:: :nope_nope:"), "10:30am :word ::xx:: :nope_nope:");
    }
}
