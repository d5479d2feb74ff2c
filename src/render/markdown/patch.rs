//! The tree of a page in, its Markdown out: the source is copied, and replaced where a node means something else.
//!
//! A [`Patcher`] walks the tree with a cursor in the source. What lies between nodes is copied as written, so list
//! markers, emphasis, escapes and tables stay the author's. Inside a component the margin that belongs to its place
//! (quote markers and indentation) is left out, because its body goes to a template as a text of its own; what comes
//! back is written with the margin of the place it is put in.

mod component;
mod links;
mod margin;
mod put;
mod run;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use margin::columns;

use super::tidy::hides;
use super::{inline, lists};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::notes::{Noted, by_block};
use crate::document::{Kind, Node, plain_text};
use crate::render::Context;
use crate::render::code;
use crate::render::component::Item;
use crate::render::fields::Fields;
use crate::site::slug::slug;
use crate::site::{Page, PageId};

/// The body of a page, not tidied, and templates that failed.
pub(super) fn project(context: &Context<'_>, id: PageId, page: &Page) -> (String, Vec<Diagnostic>) {
    let file = page.document.file;
    let text = &*page.document.text;
    let noted = by_block(&page.nodes);
    let mut patcher = Patcher {
        context,
        id,
        page,
        file,
        text,
        out: String::new(),
        cursor: page.document.body_start as usize,
        limit: text.len(),
        margin: Margin::default(),
        quotes: 0,
        column: None,
        base: 0,
        place: Place::Blocks,
        level: 1,
        ends: true,
        last: false,
        runs_on: false,
        followed: false,
        items: Vec::new(),
        direct: false,
        path: Vec::new(),
        replaced: BTreeMap::new(),
        partial: false,
        summary: None,
        ids: BTreeSet::new(),
        fields: Fields::of(context, page),
        notes: code::note_lines(context, &noted),
        noted,
        has_light: links::has_light(page),
        failures: BTreeMap::new(),
    };
    patcher.replaced = patcher.replaced_in(&page.nodes, &page.document);
    patcher.nodes(&page.nodes);
    patcher.copy_to(text.len());
    let report = |((name, message), span): ((String, String), Span)| {
        Diagnostic::new(&rules::TEMPLATE_FAILED, format!("`{name}` cannot be drawn for agents: {message}"))
            .at(span)
    };
    (patcher.out, patcher.failures.into_iter().map(report).collect())
}

/// What is left out at the start of each copied line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Margin {
    /// Quote markers.
    quotes: usize,
    /// Columns of white space after them, at most.
    columns: usize,
}

/// Where nodes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among blocks.
    Blocks,
    /// In a paragraph.
    Words,
    /// In a heading or a table cell, which must stay one line.
    Line,
}

struct Patcher<'a> {
    context: &'a Context<'a>,
    id: PageId,
    page: &'a Page,
    /// The file whose text is copied: the page's, or a partial's.
    file: FileId,
    text: &'a str,
    out: String,
    /// What is before it has been dealt with.
    cursor: usize,
    /// Where the container ends: what is behind it is another's.
    limit: usize,
    margin: Margin,
    /// Quotes around the node at hand in its file.
    quotes: usize,
    /// The place whose column was asked for last.
    column: Option<margin::Column>,
    /// The column where the blocks of the container begin.
    base: usize,
    place: Place,
    /// The level of the last heading.
    level: u8,
    /// Whether the end of the container is the end of a section.
    ends: bool,
    /// Whether the node at hand is the last of its section.
    last: bool,
    /// Whether what stands behind the container could be taken for a part of what ends it.
    runs_on: bool,
    /// Whether what stands behind the node at hand could be taken for a part of it.
    followed: bool,
    /// What was drawn directly inside each component that is being drawn, outermost first.
    items: Vec<Vec<Item>>,
    /// Whether the node at hand is directly inside the innermost of them.
    direct: bool,
    /// The labels of the tabs around, outermost first.
    path: Vec<String>,
    /// What is no node of the tree and does not stay: addresses of reference definitions, components that the site
    /// stage left out. Each with its end and what replaces it, by its start in the file.
    replaced: BTreeMap<usize, (usize, String)>,
    /// Whether the text is a partial's: its reference definitions could collide with the page's.
    partial: bool,
    /// What stood in the `<summary>` of the `details` that is being drawn.
    summary: Option<String>,
    ids: BTreeSet<String>,
    /// What readers fill in: listed after the first command that uses it.
    fields: Fields<'a>,
    /// Blocks of code with numbered markers.
    noted: BTreeMap<Span, Noted<'a>>,
    /// Whether the page shows an image in light mode only.
    has_light: bool,
    /// Notes on code, by their span: the line that each is about.
    notes: BTreeMap<Span, usize>,
    failures: BTreeMap<(String, String), Span>,
}

impl<'a> Patcher<'a> {
    /// Copies the source from the cursor to `end`, without margins and carriage returns, with what stands for itself
    /// nowhere in the tree replaced.
    fn copy_to(&mut self, end: usize) {
        let mut at = self.cursor;
        while at < end {
            let is_line_start = at == 0 || self.text.as_bytes()[at - 1] == b'\n';
            if is_line_start {
                at = self.skip_margin(at, end);
            }
            let line_end = self.text[at..end].find('\n').map_or(end, |length| at + length + 1);
            match self.replaced.range(at..line_end).next() {
                Some((from, (to, new))) => {
                    self.out.push_str(&self.text[at..*from]);
                    self.out.push_str(new);
                    at = *to;
                    // A tag that fills a line leaves none behind.
                    if new.is_empty() && self.line().trim().is_empty() && self.text[at..].starts_with('\n') {
                        at += 1;
                    }
                }
                None => {
                    let line = &self.text[at..line_end];
                    match line.strip_suffix("\r\n") {
                        Some(line) => {
                            self.out.push_str(line);
                            self.out.push('\n');
                        }
                        None => self.out.push_str(line),
                    }
                    at = line_end;
                }
            }
        }
        self.cursor = self.cursor.max(end).max(at);
    }

    fn skip_margin(&self, start: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes();
        let is_blank = |at: usize| at < end && matches!(bytes[at], b' ' | b'\t');
        let mut at = start;
        for _ in 0..self.margin.quotes {
            let mut marker = at;
            while is_blank(marker) {
                marker += 1;
            }
            if marker >= end || bytes[marker] != b'>' {
                break;
            }
            at = marker + 1;
            if at < end && bytes[at] == b' ' {
                at += 1;
            }
        }
        let mut columns = 0;
        while columns < self.margin.columns && is_blank(at) {
            columns += if bytes[at] == b'\t' { 4 - columns % 4 } else { 1 };
            at += 1;
        }
        at
    }

    /// The line of the output that is being written.
    fn line(&self) -> &str {
        &self.out[self.out.rfind('\n').map_or(0, |at| at + 1)..]
    }

    fn nodes(&mut self, nodes: &'a [Node]) {
        let ends = self.ends;
        let mut index = 0;
        while let Some(node) = nodes.get(index) {
            let mut after = index + 1;
            if node.span.file == self.file && node.span.start as usize >= self.cursor {
                if let Kind::Html { .. } = node.kind {
                    after = run::run_end(nodes, index);
                }
                self.last = ends && self.ends_section(&nodes[after..]);
                self.followed = self.is_followed(&nodes[after..]);
                self.copy_to(node.span.start as usize);
                let margin = self.margin;
                self.margin.columns = self.margin.columns.min(self.columns_of(node));
                let start = self.out.len();
                if let Kind::Html { inline, .. } = node.kind {
                    self.html(&nodes[index..after], inline);
                } else {
                    self.node(node);
                }
                self.margin = margin;
                if is_list(node, &nodes[..index]) {
                    self.out = lists::apart(std::mem::take(&mut self.out), start);
                }
                self.cursor = self.cursor.max(node.span.end as usize);
            }
            index = after;
        }
    }

    /// How far to the right a block stands: its lines can have no wider margin. No limit for what does not start its
    /// line.
    fn columns_of(&self, node: &Node) -> usize {
        if !is_block(node) {
            return usize::MAX;
        }
        let at = node.span.start as usize;
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = margin::without_quotes(&self.text[line..at], self.quotes);
        if before.trim().is_empty() { margin::columns(before, 0) } else { usize::MAX }
    }

    /// Whether what comes next in the container ends the section: nothing, or a heading that a label as deep as a
    /// subsection would not swallow.
    fn ends_section(&self, rest: &[Node]) -> bool {
        match rest.iter().find(|node| !is_nothing(node)) {
            None => self.ends,
            Some(Node { kind: Kind::Heading { level, .. }, .. }) => *level <= self.level + 1,
            Some(_) => false,
        }
    }

    /// Whether something follows that does not show by itself that it is no part of what stands before it, as the
    /// heading of the next section does.
    fn is_followed(&self, rest: &[Node]) -> bool {
        match rest.iter().find(|node| !is_nothing(node)) {
            None => self.runs_on,
            Some(Node { kind: Kind::Heading { level, .. }, .. }) => *level > self.level,
            Some(_) => true,
        }
    }

    fn node(&mut self, node: &'a Node) {
        let (direct, ends, last) = (self.direct, self.ends, self.last);
        let (runs_on, followed) = (self.runs_on, self.followed);
        if !matches!(node.kind, Kind::Paragraph | Kind::Partial { .. } | Kind::Component(_)) {
            self.direct = false;
        }
        match &node.kind {
            Kind::Heading { level, id, explicit, marker } => {
                self.heading(node, *level, id, *explicit, *marker);
            }
            Kind::Paragraph => {
                self.ends = last;
                self.runs_on = followed;
                self.in_place(node, Place::Words);
            }
            Kind::List { .. } => self.dedented(|patcher| patcher.contained(node)),
            Kind::Item { .. } => self.item(node),
            Kind::Quote => self.dedented(|patcher| {
                (patcher.ends, patcher.runs_on) = (false, false);
                patcher.quotes += 1;
                patcher.contained(node);
                patcher.quotes -= 1;
            }),
            Kind::Code(code) => self.code(code, node.span),
            Kind::Table { .. } => self.dedented(|patcher| patcher.contained(node)),
            Kind::Row => self.contained(node),
            Kind::Cell => self.in_line(node),
            Kind::FootnoteDefinition { .. } => {
                (self.ends, self.runs_on) = (false, false);
                self.contained(node);
            }
            Kind::Text(words) => self.text(node.span, words),
            Kind::Emphasis | Kind::Strong | Kind::Strikethrough => self.contained(node),
            Kind::Link { url, title, form, url_span } => self.link(node, (url, title), *form, *url_span),
            Kind::Image { url, title, form, url_span } => self.image(node, (url, title), *form, *url_span),
            // These mean in plain Markdown what they mean here. `Html` is dealt with in runs, by `nodes`.
            Kind::Rule
            | Kind::FootnoteReference { .. }
            | Kind::InlineCode(_)
            | Kind::SoftBreak
            | Kind::HardBreak
            | Kind::Expression { .. }
            | Kind::Math { .. }
            | Kind::Html { .. } => self.copy_to(node.span.end as usize),
            Kind::Hidden => self.leave_out(node.span.end as usize),
            Kind::Component(component) => self.component(node, component),
            Kind::Partial { file } => self.partial(node, *file),
        }
        (self.direct, self.ends, self.last) = (direct, ends, last);
        (self.runs_on, self.followed) = (runs_on, followed);
    }

    /// A node that is copied, with its children patched.
    fn contained(&mut self, node: &'a Node) {
        self.nodes(&node.children);
        self.copy_to(node.span.end as usize);
    }

    fn in_place(&mut self, node: &'a Node, place: Place) {
        let outer = self.place;
        if outer == Place::Blocks {
            self.dedented(|patcher| {
                patcher.place = place;
                patcher.contained(node);
                patcher.place = outer;
            });
        } else {
            self.contained(node);
        }
    }

    fn in_line(&mut self, node: &'a Node) {
        let outer = std::mem::replace(&mut self.place, Place::Line);
        self.contained(node);
        self.place = outer;
    }

    /// Writes a block that may stand too deep: MDX knows no indented code, every other reader of Markdown does.
    fn dedented(&mut self, write: impl FnOnce(&mut Self)) {
        let margin = self.margin;
        self.margin.columns += self.pull_in(4);
        write(self);
        self.margin = margin;
    }

    /// Takes white space from the line that was begun, down to the container's column, where there are at least
    /// `least` columns too many; how many were taken.
    fn pull_in(&mut self, least: usize) -> usize {
        let line = self.line();
        let blank = line.len() - line.trim_end_matches([' ', '\t']).len();
        let before = &line[..line.len() - blank];
        // Only where nothing but quote markers stands before it: a list marker's padding is the list's.
        if !before.chars().all(|letter| matches!(letter, ' ' | '>' | '\t')) {
            return 0;
        }
        let width = columns(line, 0);
        let floor = self.base.max(columns(before, 0) + usize::from(before.ends_with('>')));
        if width < floor + least {
            return 0;
        }
        let keep = floor - columns(before, 0);
        self.out.truncate(self.out.len() - blank);
        self.out.push_str(&" ".repeat(keep));
        width - floor
    }

    fn item(&mut self, node: &'a Node) {
        let (base, ends) = (self.base, self.ends);
        // Its indentation says where an item ends.
        (self.ends, self.runs_on) = (false, false);
        if let Some(first) = node.children.first() {
            let start = (first.span.start as usize).clamp(self.cursor, node.span.end as usize);
            self.copy_to(start);
            self.base = columns(self.line(), 0);
        }
        if let Some(line) = self.notes.get(&node.span) {
            // The numbers in the code are gone: whoever runs it has no use for them.
            let words = self.context.word("code_note_line").unwrap_or("Line {line}:");
            self.out.push_str(&words.replace("{line}", &line.to_string()));
            self.out.push(' ');
        }
        self.contained(node);
        (self.base, self.ends) = (base, ends);
    }

    fn heading(&mut self, node: &'a Node, level: u8, id: &str, explicit: bool, marker: Option<Span>) {
        self.pull_in(4);
        let place = std::mem::replace(&mut self.place, Place::Line);
        let marks = self.text[self.cursor..].bytes().take_while(|byte| *byte == b'#').count();
        let wanted = "#".repeat(usize::from(level));
        let dashes = self.text[node.span.range()].ends_with('-');
        if marks > 0 && marks != wanted.len() {
            self.out.push_str(&wanted);
            self.cursor += marks;
        }
        // The page's title stands as `# title`, however it was underlined.
        if marks == 0 && (level == 1 || !dashes || level != 2) {
            self.out.push_str(&wanted);
            self.out.push(' ');
            let start = self.out.len();
            self.nodes(&node.children);
            let words = self.out.split_off(start);
            self.out.push_str(&words.split_whitespace().collect::<Vec<_>>().join(" "));
            self.cursor = node.span.end as usize;
        } else {
            self.nodes(&node.children);
            let end = node.span.end as usize;
            if let Some(marker) = marker.filter(|marker| marker.start as usize >= self.cursor) {
                self.copy_to(marker.start as usize);
                self.leave_out(marker.end as usize);
            }
            self.copy_to(end);
        }
        let alias = self.page.alias(id);
        let id = alias.unwrap_or(id);
        if (explicit || alias.is_some()) && id != slug(plain_text(&node.children).trim()) {
            let closing = self.line().trim_end_matches([' ', '\n', '#']).len();
            let line_start = self.out.len() - self.line().len();
            let tail = self.out.split_off(line_start + closing);
            self.out.push_str(&format!(" <a id=\"{}\"></a>", id.replace('"', "&quot;")));
            self.out.push_str(&tail);
        }
        self.place = place;
        self.level = level;
    }

    /// Leaves the source up to `end` out, with one of the two spaces that would then meet.
    fn leave_out(&mut self, end: usize) {
        self.cursor = self.cursor.max(end);
        let rest = &self.text[self.cursor..self.limit.max(self.cursor)];
        if self.place != Place::Blocks && rest.starts_with([',', '.', ';', ':', '!', '?', ')']) {
            // No space before a sign that followed what is left out.
            self.out.truncate(self.out.trim_end_matches(' ').len());
        }
        let after = self.text[self.cursor..self.limit.max(self.cursor)].starts_with(' ');
        if after && (self.out.ends_with(' ') && self.place != Place::Blocks || self.line().is_empty()) {
            self.cursor += 1;
        }
    }

    fn text(&mut self, span: Span, words: &str) {
        let source = &self.text[span.range()];
        if source == words && ![":::", "{#", "<"].iter().any(|sign| source.contains(sign)) {
            return self.copy_to(span.end as usize);
        }
        let mut text = source.to_owned();
        if source.starts_with('{') && source.ends_with('}') && !words.starts_with('{') {
            // A literal or a prop, all of it.
            text = inline::escape(words);
        } else if source != words {
            if words.contains(hides) {
                text = words::without_unseen(&text);
            }
            text = words::with_emoji(&words::without_literals(&text, words), words);
        }
        // Nobody may take text that only looks like it for a directive or an id that was left behind.
        text = text.replace(":::", "\\:::").replace("\\\\:::", "\\:::");
        text = words::with_plain_angles(&words::without_ids(&text));
        if self.out.ends_with('\\') && !source.starts_with('\\') {
            text = text.strip_prefix('\\').map(str::to_owned).unwrap_or(text);
        }
        self.out.push_str(&text);
        self.cursor = span.end as usize;
    }
}

/// Whether nothing of the node is left for agents to see.
fn is_nothing(node: &Node) -> bool {
    match &node.kind {
        Kind::Hidden | Kind::FootnoteDefinition { .. } => true,
        Kind::Html { html, .. } => html.trim_start().starts_with("</"),
        Kind::Paragraph => node.children.iter().all(|child| child.kind == Kind::Hidden),
        _ => false,
    }
}

/// Whether the node comes to a list of its own. A card by itself is an item of the list that the cards around it are.
fn is_list(node: &Node, before: &[Node]) -> bool {
    match &node.kind {
        Kind::List { .. } => true,
        Kind::Component(component) if !component.inline => {
            let same = before.iter().rfind(|node| !is_nothing(node)).is_some_and(
                |before| matches!(&before.kind, Kind::Component(other) if other.name == component.name),
            );
            !same || matches!(component.name.as_str(), "Cards" | "FileTree" | "Steps")
        }
        _ => false,
    }
}

fn is_block(node: &Node) -> bool {
    match &node.kind {
        Kind::Heading { .. }
        | Kind::Paragraph
        | Kind::List { .. }
        | Kind::Item { .. }
        | Kind::Quote
        | Kind::Code(_)
        | Kind::Table { .. }
        | Kind::Row
        | Kind::Rule
        | Kind::FootnoteDefinition { .. }
        | Kind::Partial { .. } => true,
        Kind::Html { inline, .. } => !inline,
        Kind::Component(component) => !component.inline,
        Kind::Math { display, .. } => *display,
        Kind::Cell
        | Kind::FootnoteReference { .. }
        | Kind::Text(_)
        | Kind::InlineCode(_)
        | Kind::Emphasis
        | Kind::Strong
        | Kind::Strikethrough
        | Kind::SoftBreak
        | Kind::HardBreak
        | Kind::Link { .. }
        | Kind::Image { .. }
        | Kind::Hidden
        | Kind::Expression { .. } => false,
    }
}
