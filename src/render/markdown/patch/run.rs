//! HTML among the nodes of a page: runs of it are found, with the Markdown in them, and handed to [`elements`].

use std::collections::BTreeMap;

use super::margin::Column;
use super::{Margin, Patcher, Place, is_block};
use crate::document::{Kind, Node};
use crate::render::markdown::elements::{self, Around, Token};
use crate::render::tag::{Piece, pieces};
use crate::site::links::{html_key, html_links};

impl<'a> Patcher<'a> {
    /// A run of siblings that begins with HTML and ends where every element it opens is closed.
    pub(super) fn html(&mut self, run: &'a [Node], inline: bool) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let end = last.span.end as usize;
        let mut tokens = Vec::new();
        let mut before = first.span.start as usize;
        for node in run {
            let start = node.span.start as usize;
            if before < start && self.text[before..start].contains([' ', '\n']) {
                tokens.push(Token::Words { markdown: " ".to_owned(), plain: Some(" ".to_owned()) });
            }
            before = node.span.end as usize;
            match &node.kind {
                Kind::Html { html, .. } => tokens.push(Token::Html(html)),
                kind => {
                    let plain = match kind {
                        Kind::Text(words) | Kind::InlineCode(words) => Some(words.clone()),
                        Kind::SoftBreak => Some("\n".to_owned()),
                        _ => None,
                    };
                    let markdown = self.fragment(node);
                    tokens.push(if is_block(node) {
                        Token::Block(markdown)
                    } else {
                        Token::Words { markdown, plain }
                    });
                }
            }
        }
        let around = match (self.place, self.is_summary_wanted()) {
            (Place::Line, _) => Around::Line,
            (_, true) => Around::Details,
            (_, false) => Around::Text,
        };
        let mut targets = BTreeMap::new();
        for node in run {
            let Kind::Html { html, .. } = &node.kind else { continue };
            for link in html_links(html) {
                if let Some(target) = self.page.links.get(&html_key(node.span, &link.range)) {
                    targets.entry(link.url).or_insert(target);
                }
            }
        }
        let address = |written: &str| match targets.get(written) {
            Some(target) => self.context.addresses.in_markdown(self.context.site, &self.page.route, target),
            None => self.own(written),
        };
        let converted = elements::convert(&tokens, around, &address);
        if converted.summary.is_some() {
            self.summary = converted.summary;
        }
        self.cursor = end;
        let is_line = self.line_so_far_is_empty();
        if inline || (self.place != Place::Blocks && !converted.is_block) {
            let mut markdown = converted.markdown;
            if markdown.ends_with("\\\n") {
                // A break is a line ending where the source has none, and nothing at the end of a paragraph.
                let mut rest = self.text[end..self.limit.max(end)].lines();
                if rest.next().unwrap_or_default().trim().is_empty() {
                    let goes_on =
                        rest.next().is_some_and(|line| !line.trim_matches([' ', '>', '\t']).is_empty());
                    markdown.truncate(markdown.len() - if goes_on { 1 } else { 2 });
                }
            }
            if converted.is_block { self.put_block(&markdown, false) } else { self.put_words(&markdown) }
        } else if converted.is_block || is_line {
            // Breaks that stand between blocks keep nothing apart.
            let markdown = converted.markdown.trim_start_matches("\\\n");
            self.put_block(markdown.strip_suffix("\\\n").unwrap_or(markdown), false);
        } else {
            self.put_words(&converted.markdown);
        }
    }

    pub(super) fn is_summary_wanted(&self) -> bool {
        self.summary.as_deref() == Some("")
    }

    /// A node's Markdown by itself, without the margin of its place.
    pub(super) fn fragment(&mut self, node: &'a Node) -> String {
        let start = node.span.start as usize;
        let columns = Column::of(self.file, self.text, start, self.quotes, &mut self.column);
        let margin = Margin { quotes: self.quotes, columns };
        let (cursor, base) = (self.cursor, self.base);
        let margin = std::mem::replace(&mut self.margin, margin);
        let outer = std::mem::take(&mut self.out);
        (self.cursor, self.base) = (start, 0);
        self.node(node);
        self.copy_to(node.span.end as usize);
        (self.cursor, self.base, self.margin) = (cursor, base, margin);
        std::mem::replace(&mut self.out, outer)
    }
}

/// Where the run of siblings ends in which every element that the HTML at `start` opens is closed; right after it where
/// one is never closed.
pub(super) fn run_end(nodes: &[Node], start: usize) -> usize {
    let mut open: Vec<String> = Vec::new();
    for (index, node) in nodes.iter().enumerate().skip(start) {
        let Kind::Html { html, .. } = &node.kind else { continue };
        for piece in pieces(html) {
            let Piece::Tag(tag) = piece else { continue };
            if tag.closing {
                if let Some(at) = open.iter().rposition(|name| *name == tag.name) {
                    open.truncate(at);
                }
            } else if !tag.empty && elements::holds_content(&tag.name) {
                open.push(tag.name);
            }
        }
        // List items and cells may be left open.
        if open
            .iter()
            .all(|name| matches!(name.as_str(), "li" | "td" | "th" | "tr" | "dt" | "dd" | "tbody" | "thead"))
        {
            return index + 1;
        }
    }
    start + 1
}
