//! The Markdown of a page in; its header, its sections and pieces of bounded length out.

use std::sync::Arc;

use crate::diagnostic::FileId;
use crate::document::parse::{Options, parse};
use crate::document::{Kind, plain_text, walk};
use crate::site::slug::Slugger;

/// A page's Markdown file, taken apart.
#[derive(Debug)]
pub(super) struct Page<'a> {
    head: &'a str,
    /// From the title on.
    pub(super) body: &'a str,
}

/// A heading, or another place with an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// 1 to 6; 7 for an anchor that is no heading.
    pub(super) level: usize,
    pub(super) anchor: String,
    pub(super) title: String,
    /// Where it begins and ends in the body.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'a> Page<'a> {
    /// Nothing for a file that is no page.
    pub(super) fn parse(file: &'a str) -> Option<Self> {
        let (head, rest) = file.strip_prefix("---\n")?.split_once("\n---\n")?;
        let rest = rest.trim_start();
        // The line for agents that came without a server.
        let body = match rest.strip_prefix("> Index of all pages:").and_then(|rest| rest.split_once('\n')) {
            Some((_, body)) => body.trim_start(),
            None => rest,
        };
        let page = Self { head, body };
        page.get("canonical_url").is_some().then_some(page)
    }

    /// A value of the header.
    pub(super) fn get(&self, key: &str) -> Option<String> {
        let value = self.head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        Some(
            quoted
                .map_or_else(|| value.to_owned(), |value| value.replace("\\\"", "\"").replace("\\\\", "\\")),
        )
    }

    /// The places with anchors, in order.
    pub(super) fn sections(&self) -> Vec<Section> {
        let options = Options { gfm: true, ..Options::default() };
        let (document, _) = parse(FileId(0), &Arc::from(self.body), &options);
        let mut found: Vec<Section> = Vec::new();
        let mut slugger = Slugger::default();
        let mut within = 0;
        walk(&document.nodes, &mut |node| {
            let place = node.span.range();
            let source = self.body.get(place.clone()).unwrap_or_default();
            let explicit = source.split_once("<a id=\"").and_then(|(_, rest)| rest.split_once('"'));
            let explicit = explicit.map(|(id, _)| id.replace("&quot;", "\""));
            let start = self.body[..place.start].rfind('\n').map_or(0, |at| at + 1);
            let (level, title) = match &node.kind {
                Kind::Heading { level, .. } => {
                    within = place.end;
                    (usize::from(*level), plain_text(&node.children).trim().to_owned())
                }
                // The anchor in a heading is the heading's; another one is called by its line.
                Kind::Html { .. } if explicit.is_some() && place.start >= within => {
                    (7, plain(self.body[start..].lines().next().unwrap_or_default()))
                }
                _ => return,
            };
            let anchor = explicit.unwrap_or_else(|| slugger.slug(&title));
            found.push(Section { level, anchor, title, start, end: self.body.len() });
        });
        for index in 0..found.len() {
            let level = found[index].level;
            if let Some(next) =
                found[index + 1..].iter().find(|next| next.level <= level).map(|next| next.start)
            {
                found[index].end = next;
            }
        }
        found
    }
}

/// Calls `visit` with each line, where it begins, and whether it is code.
fn lines(text: &str, visit: &mut impl FnMut(usize, &str, bool)) {
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '>']).trim_end();
        let was = fence.is_some();
        if let Some(open) = fence {
            if bare.starts_with(open) && bare.trim_matches(['`', '~']).is_empty() {
                fence = None;
            }
        } else if bare.starts_with("```") || bare.starts_with("~~~") {
            let mark = if bare.starts_with('`') { '`' } else { '~' };
            fence = Some(&bare[..bare.len() - bare.trim_start_matches(mark).len()]);
        }
        visit(at, line, was || fence.is_some());
        at += line.len();
    }
}

/// The words of a line of Markdown.
fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut letters = text.chars().peekable();
    let mut in_code = false;
    while let Some(letter) = letters.next() {
        match letter {
            '`' => in_code = !in_code,
            _ if in_code => words.push(letter),
            '\\' => words.extend(letters.next_if(char::is_ascii_punctuation).or(Some('\\'))),
            '*' => {}
            '<' if letters.peek().is_some_and(|next| next.is_ascii_alphabetic() || *next == '/') => {
                for _ in letters.by_ref().take_while(|letter| *letter != '>') {}
            }
            '[' => {}
            ']' => {
                if letters.next_if_eq(&'(').is_some() {
                    for _ in letters.by_ref().take_while(|letter| *letter != ')') {}
                }
            }
            other => words.push(other),
        }
    }
    words.trim().to_owned()
}

/// The bytes of `text` from character `from` on, at most `most` characters, cut before a heading, else between paragraphs,
/// else lines; and the character to go on from.
pub(super) fn cut(text: &str, from: usize, most: usize) -> (&str, Option<usize>) {
    let place = |count: usize, text: &str| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let rest = &text[place(from, text)..];
    let limit = place(most, rest);
    if limit == rest.len() {
        return (rest, None);
    }
    let (mut heading, mut paragraph, mut any) = (None, None, None);
    let mut blank = false;
    lines(&rest[..limit], &mut |at, line, is_code| {
        if at >= limit / 2 {
            any = Some(at);
            if !is_code && blank {
                paragraph = Some(at);
            }
            if !is_code && line.starts_with('#') {
                heading = Some(at);
            }
        }
        blank = line.trim().is_empty();
    });
    let end = heading.or(paragraph).or(any).filter(|end| *end > 0).unwrap_or(limit);
    (&rest[..end], Some(from + rest[..end].chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "---\ntitle: \"A: \\\"b\\\"\"\ncanonical_url: https://x.org/a/\ntokens: 9\n---\n\n> Index of all pages: \
                        https://x.org/llms.txt (so).\n\n# A\n\nText.\n\n## `One` [two](https://x.org/b) **three**\n\n```md\n## \
                        No\n```\n\n### Deep <a id=\"own\"></a>\n\nX.\n\n## Next\n\nEnd.\n";

    #[test]
    fn a_page_has_a_header_and_sections() {
        let page = Page::parse(FILE).expect("it is a page");
        assert_eq!(page.get("title").as_deref(), Some("A: \"b\""));
        assert!(page.body.starts_with("# A\n"));
        let sections = page.sections();
        let anchors: Vec<&str> = sections.iter().map(|section| &*section.anchor).collect();
        assert_eq!(anchors, ["a", "one-two-three", "own", "next"]);
        let text = &page.body[sections[1].start..sections[1].end];
        assert!(text.starts_with("## `One`") && text.ends_with("X.\n\n"), "{text}");
        assert!(Page::parse("# No header\n").is_none());
    }

    #[test]
    fn pieces_come_to_the_whole_and_end_at_headings() {
        let text = "# A\n\nÄé text.\n\n## B\n\nMore words here.\n\n## C\n\nEnd of it.\n".repeat(20);
        let (mut from, mut whole, mut count) = (Some(0), String::new(), 0);
        while let Some(at) = from {
            let (piece, next) = cut(&text, at, 100);
            assert!(piece.chars().count() <= 100 && !piece.is_empty());
            assert!(count == 0 || piece.starts_with('#'), "{piece}");
            whole.push_str(piece);
            (from, count) = (next, count + 1);
        }
        assert_eq!(whole, text);
        assert_eq!(cut("short", 0, 100), ("short", None));
        assert_eq!(cut("short", 99, 100), ("", None));
        assert_eq!(cut(&"x".repeat(300), 0, 100).1, Some(100));
    }
}
