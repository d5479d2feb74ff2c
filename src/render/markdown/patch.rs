//! The tree of a page in, its Markdown out: the source is copied, and replaced where a node means something else.
//!
//! A [`Patcher`] walks the tree with a cursor in the source. What lies between nodes is copied as written, so list
//! markers, emphasis, escapes and tables stay the author's. Inside a component the margin that belongs to its place
//! (quote markers and indentation) is left out, because its body goes to a template as a text of its own; what comes
//! back is written with the margin of the place it is put in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::elements::{self, Around, Token};
use super::lists;
use super::tidy::without_markers;
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::{Code, Component, Kind, LinkForm, Node, Syntax, plain_text, walk};
use crate::render::component::{self, Drawn, Item};
use crate::render::tag::{Piece, pieces};
use crate::render::{Context, code};
use crate::site::links::{html_key, html_links};
use crate::site::slug::slug;
use crate::site::{Page, PageId, Target};
use crate::theme::Projection;

/// The body of a page, not tidied, and templates that failed.
pub(super) fn project(context: &Context<'_>, id: PageId, page: &Page) -> (String, Vec<Diagnostic>) {
    let file = page.document.file;
    let text = &*page.document.text;
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
        definitions: BTreeMap::new(),
        partial: false,
        summary: None,
        ids: BTreeSet::new(),
        failures: BTreeMap::new(),
    };
    patcher.definitions = patcher.definitions_in(&page.nodes, file);
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
    /// Addresses of reference definitions and what replaces them, by their start in the file.
    definitions: BTreeMap<usize, (usize, String)>,
    /// Whether the text is a partial's: its reference definitions could collide with the page's.
    partial: bool,
    /// What stood in the `<summary>` of the `details` that is being drawn.
    summary: Option<String>,
    ids: BTreeSet<String>,
    failures: BTreeMap<(String, String), Span>,
}

impl<'a> Patcher<'a> {
    // ---- copying ----

    /// Copies the source from the cursor to `end`, without margins and carriage returns.
    fn copy_to(&mut self, end: usize) {
        let mut at = self.cursor;
        while at < end {
            let is_line_start = at == 0 || self.text.as_bytes()[at - 1] == b'\n';
            if is_line_start {
                at = self.skip_margin(at, end);
            }
            let line_end = self.text[at..end].find('\n').map_or(end, |length| at + length + 1);
            self.copy_line(at, line_end);
            at = line_end;
        }
        self.cursor = self.cursor.max(end);
    }

    fn copy_line(&mut self, start: usize, end: usize) {
        let mut at = start;
        let patches: Vec<(usize, (usize, String))> =
            self.definitions.range(start..end).map(|(start, patch)| (*start, patch.clone())).collect();
        for (from, (to, new)) in patches {
            if from >= at && to <= end {
                self.out.push_str(&self.text[at..from]);
                self.out.push_str(&new);
                at = to;
            }
        }
        let rest = &self.text[at.min(end)..end];
        match rest.strip_suffix("\r\n") {
            Some(line) => {
                self.out.push_str(line);
                self.out.push('\n');
            }
            None => self.out.push_str(rest),
        }
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

    // ---- walking ----

    fn nodes(&mut self, nodes: &'a [Node]) {
        let ends = self.ends;
        let mut index = 0;
        while let Some(node) = nodes.get(index) {
            let mut after = index + 1;
            if node.span.file == self.file && node.span.start as usize >= self.cursor {
                if let Kind::Html { .. } = node.kind {
                    after = run_end(nodes, index);
                }
                self.last = ends && self.ends_section(&nodes[after..]);
                self.followed = self.is_followed(&nodes[after..]);
                self.copy_to(node.span.start as usize);
                let start = self.out.len();
                if let Kind::Html { inline, .. } = node.kind {
                    self.html(&nodes[index..after], inline);
                } else {
                    self.node(node);
                }
                if is_list(node, &nodes[..index]) {
                    self.out = lists::apart(std::mem::take(&mut self.out), start);
                }
                self.cursor = self.cursor.max(node.span.end as usize);
            }
            index = after;
        }
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
                self.heading(node, *level, id, *explicit, *marker)
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
        let floor = self.base.max(columns(before, 0));
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
        self.contained(node);
        (self.base, self.ends) = (base, ends);
    }

    fn heading(&mut self, node: &'a Node, level: u8, id: &str, explicit: bool, marker: Option<Span>) {
        self.pull_in(4);
        let place = std::mem::replace(&mut self.place, Place::Line);
        // The page's title stands as `# title`, however it was underlined.
        let is_underlined = !self.text[self.cursor..].starts_with('#');
        if level == 1 && is_underlined {
            self.out.push_str("# ");
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
        if explicit && id != slug(plain_text(&node.children).trim()) {
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
        if source != words {
            text = with_emoji(&without_literals(&text, words), words);
        }
        // Nobody may take text that only looks like it for a directive or an id that was left behind.
        text = text.replace(":::", "\\:::").replace("\\\\:::", "\\:::");
        text = without_tags(&without_ids(&text), self.out.ends_with('\\'));
        if self.out.ends_with('\\') {
            text = text.strip_prefix('\\').map(str::to_owned).unwrap_or(text);
        }
        self.out.push_str(&text);
        self.cursor = span.end as usize;
    }

    // ---- links ----

    fn address(&self, node: &Node, url: &str) -> String {
        match self.page.links.get(&node.span) {
            Some(target) => self.context.addresses.in_markdown(self.context.site, target),
            None => self.own(url),
        }
    }

    /// An address that the link stage does not know: an anchor is this page's.
    fn own(&self, url: &str) -> String {
        if url.starts_with('#') {
            let own = self.context.addresses.twin(self.page);
            return format!("{}{url}", self.context.addresses.absolute(&own));
        }
        url.to_owned()
    }

    fn definitions_in(&self, nodes: &'a [Node], file: FileId) -> BTreeMap<usize, (usize, String)> {
        let mut definitions = BTreeMap::new();
        walk(nodes, &mut |node| {
            let (Kind::Link { url, form, .. } | Kind::Image { url, form, .. }) = &node.kind else { return };
            if let LinkForm::Reference(Some(place)) = form
                && place.file == file
            {
                let range = place.range();
                if self.partial {
                    let line = definition_line(self.text, &range);
                    definitions.insert(line.start, (line.end, String::new()));
                } else {
                    let new = self.address(node, url);
                    if new != *url {
                        definitions.insert(range.start, (range.end, elements::destination(&new)));
                    }
                }
            }
        });
        definitions
    }

    fn link(&mut self, node: &'a Node, (url, title): (&str, &str), form: LinkForm, place: Option<Span>) {
        let new = self.address(node, url);
        let end = node.span.end as usize;
        let start = self.out.len();
        self.copy_to(node.children.first().map_or(node.span.start, |first| first.span.start) as usize);
        let words = self.out.len();
        self.nodes(&node.children);
        let has_words = !self.out[words..].trim().is_empty();
        let definition_stays = match form {
            LinkForm::Reference(definition) => definition.is_some() && !self.partial,
            LinkForm::Inline | LinkForm::Autolink | LinkForm::Bare => false,
        };
        if matches!(form, LinkForm::Autolink | LinkForm::Bare)
            || (has_words && (new == *url || definition_stays))
        {
            return self.copy_to(end);
        }
        if !has_words {
            // A link around an ornament: it is called what it leads to.
            self.out.truncate(start);
            let name = match self.page.links.get(&node.span) {
                Some(Target::Page { page, .. }) => self.context.site.page(*page).title.as_str(),
                Some(Target::Asset { .. } | Target::External(_) | Target::Broken(_)) | None => {
                    elements::last_part(&new)
                }
            };
            self.out.push('[');
            self.out.push_str(&elements::escape(name));
        } else if let Some(place) = place {
            self.copy_to(place.start as usize);
            self.out.push_str(&elements::destination(&new));
            self.cursor = place.end as usize;
            return self.copy_to(end);
        }
        self.out.push_str(&format!("]({}{})", elements::destination(&new), elements::link_title(title)));
        self.cursor = end;
    }

    fn image(&mut self, node: &'a Node, (url, title): (&str, &str), form: LinkForm, place: Option<Span>) {
        let alt = plain_text(&node.children);
        if alt.trim().is_empty() {
            // An image without words is an ornament.
            return self.leave_out(node.span.end as usize);
        }
        let new = self.address(node, url);
        let end = node.span.end as usize;
        let definition_stays = match form {
            LinkForm::Reference(definition) => definition.is_some() && !self.partial,
            LinkForm::Inline | LinkForm::Autolink | LinkForm::Bare => false,
        };
        if new == *url || definition_stays {
            return self.copy_to(end);
        }
        if let Some(place) = place {
            self.copy_to(place.start as usize);
            self.out.push_str(&elements::destination(&new));
            self.cursor = place.end as usize;
            return self.copy_to(end);
        }
        let alt = elements::escape(&elements::collapsed(alt.trim()));
        self.out.push_str(&format!(
            "![{alt}]({}{})",
            elements::destination(&new),
            elements::link_title(title)
        ));
        self.cursor = end;
    }

    // ---- HTML ----

    /// A run of siblings that begins with HTML and ends where every element it opens is closed.
    fn html(&mut self, run: &'a [Node], inline: bool) {
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
            Some(target) => self.context.addresses.in_markdown(self.context.site, target),
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

    fn is_summary_wanted(&self) -> bool {
        self.summary.as_deref() == Some("")
    }

    /// A node's Markdown by itself, without the margin of its place.
    fn fragment(&mut self, node: &'a Node) -> String {
        let start = node.span.start as usize;
        let columns = columns_before(self.text, start, self.quotes);
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

    // ---- code ----

    fn code(&mut self, code: &'a Code, span: Span) {
        self.pull_in(if code.fenced { 4 } else { 1 });
        let drawn = self.draw_code(code, &Map::new(), span);
        self.cursor = span.end as usize;
        self.put_block(&drawn, true);
    }

    fn draw_code(&mut self, code: &Code, own: &Map<String, Json>, span: Span) -> String {
        let language = code::language(&code.fence);
        let lines = code::lines(&code.text, &code.fence, self.context.config.content.dialect);
        let text = code::joined(&lines);
        let fence = code::fenced(language, &text);
        let mut facts = Map::new();
        facts.insert("fence".to_owned(), Json::String(fence.clone()));
        let mut arguments = self.context.code_arguments(&code.fence, &mut facts);
        arguments.extend(own.clone());
        arguments.remove("children");
        if !self.context.theme.components.contains_key("CodeBlock") {
            return fence;
        }
        self.draw("CodeBlock", span, &arguments, &facts, None)
    }

    // ---- components ----

    fn component(&mut self, node: &'a Node, component: &'a Component) {
        let end = node.span.end as usize;
        match component::drawn(self.context, component) {
            Drawn::Children => {
                let direct = self.direct;
                (self.ends, self.runs_on) = (self.last, self.followed);
                let body = self.body(node, component, direct);
                self.cursor = end;
                self.put(&body, component.inline);
            }
            Drawn::By("CodeBlock", signature) => {
                let code = component::fence_of(node, component);
                let own = component::arguments(component, signature);
                let drawn = self.draw_code(&code, &own, node.span);
                self.cursor = end;
                self.put(&drawn, component.inline);
            }
            Drawn::By(name, signature) => {
                let arguments = component::arguments(component, signature);
                let drawn = self.known_component(node, component, name, arguments);
                self.cursor = end;
                self.put(&drawn, component.inline);
            }
        }
    }

    fn known_component(
        &mut self,
        node: &'a Node,
        component: &'a Component,
        name: &str,
        arguments: Map<String, Json>,
    ) -> String {
        let (context, page) = (self.context, self.page);
        let group = component::tab_group(page, component);
        let level = self.level;
        let panel = panel_label(page, component.ordinal);
        self.path.extend(panel.map(str::to_owned));
        let summary = std::mem::replace(&mut self.summary, Some(String::new()));
        self.items.push(Vec::new());
        // The margin of an admonition and of a step, and the label of the next tab, say where they end.
        let shows_end = matches!(name, "Admonition" | "Step" | "TabItem");
        let (ends, runs_on) = (self.ends, self.runs_on);
        (self.ends, self.runs_on) = (self.last, self.followed && !shows_end);
        let body = self.body(node, component, true);
        (self.ends, self.runs_on) = (ends, runs_on);
        let items = self.items.pop().unwrap_or_default();
        let summary = std::mem::replace(&mut self.summary, summary).unwrap_or_default();
        if panel.is_some() {
            self.path.pop();
        }
        let url = match component::target(page, component) {
            Some(target) => context.addresses.in_markdown(context.site, target),
            None => self.own(component::written_address(component)),
        };
        let id = match group {
            Some(group) => group.id.clone(),
            None => self.unique(&format!("{}-{}", component::id_stem(name), component.ordinal)),
        };
        let mut facts = Map::new();
        facts.insert("id".to_owned(), json!(id));
        facts.insert("inline".to_owned(), json!(component.inline));
        facts.insert("url".to_owned(), json!(url));
        facts.insert("index".to_owned(), json!(self.index_among_siblings(name)));
        // 7 where no level is left: a label must not end the section it stands in.
        facts.insert("heading_level".to_owned(), json!(level + 1));
        facts.insert("last".to_owned(), json!(self.last));
        facts.insert("followed".to_owned(), json!(self.followed));
        facts.insert("path".to_owned(), json!(self.path));
        facts.insert("summary".to_owned(), Json::String(summary));
        match group {
            Some(group) => {
                let linked = |index: usize| context.linked_tabs.contains(&(self.id, group.ordinal, index));
                facts.insert("items".to_owned(), component::tab_items(group, &items, &linked));
                facts.insert("group".to_owned(), json!(group.group.as_deref().unwrap_or_default()));
                facts.insert("query".to_owned(), json!(group.query.as_deref().unwrap_or_default()));
            }
            None => {
                facts.insert("items".to_owned(), Json::Array(items.iter().map(Item::json).collect()));
            }
        }
        if name == "Admonition" {
            component::admonition_facts(context, component, &mut facts);
        }
        for (attribute, nodes) in component::markup(component) {
            let markup = self.markup(nodes);
            facts.insert(attribute.to_owned(), Json::String(markup));
        }
        let drawn = self.draw(name, node.span, &arguments, &facts, Some(&body));
        let item = Item {
            name: name.to_owned(),
            ordinal: component.ordinal,
            attributes: arguments,
            whole: drawn.clone(),
            body,
            text: plain_text(&node.children).trim().to_owned(),
            min_heading: component::min_heading(&node.children),
            id,
            url,
        };
        if self.direct
            && let Some(items) = self.items.last_mut()
        {
            items.push(item);
        }
        if drawn.is_empty() {
            // The headings in what was left out are not there for what follows.
            self.level = level;
        }
        drawn
    }

    fn draw(
        &mut self,
        name: &str,
        span: Span,
        arguments: &Map<String, Json>,
        facts: &Map<String, Json>,
        body: Option<&str>,
    ) -> String {
        let drawn = self.context.theme.component(Projection::Markdown, name, arguments, facts, body);
        let text = drawn.unwrap_or_else(|message| {
            self.failures.entry((name.to_owned(), message)).or_insert(span);
            body.unwrap_or_default().to_owned()
        });
        text.trim_matches('\n').trim_end().to_owned()
    }

    /// What is in a component, as a text of its own.
    fn body(&mut self, node: &'a Node, component: &Component, direct: bool) -> String {
        let quotes = self.quotes + usize::from(component.syntax == Syntax::Alert);
        let range = match (component.body, node.children.first(), node.children.last()) {
            (Some(body), ..) => body.range(),
            (None, Some(first), Some(last)) => first.span.start as usize..last.span.end as usize,
            (None, ..) => return String::new(),
        };
        let from = if component.syntax == Syntax::Alert { range.start } else { node.span.start as usize };
        let margin = Margin { quotes, columns: body_columns(self.text, &range, quotes, from) };
        let outer = (self.cursor, self.limit, self.margin, self.quotes, self.base, self.place, self.direct);
        let out = std::mem::take(&mut self.out);
        (self.cursor, self.limit, self.margin, self.quotes) = (range.start, range.end, margin, quotes);
        (self.base, self.direct) = (0, direct);
        if !component.inline {
            self.place = Place::Blocks;
        }
        self.nodes(&node.children);
        self.copy_to(range.end);
        (self.cursor, self.limit, self.margin, self.quotes, self.base, self.place, self.direct) = outer;
        let body = std::mem::replace(&mut self.out, out);
        without_blank_ends(&body).to_owned()
    }

    /// Markdown in an attribute.
    fn markup(&mut self, nodes: &'a [Node]) -> String {
        let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else { return String::new() };
        let outer = (self.cursor, self.limit, self.place);
        let out = std::mem::take(&mut self.out);
        (self.cursor, self.limit) = (first.span.start as usize, last.span.end as usize);
        self.place = Place::Line;
        self.nodes(nodes);
        self.copy_to(last.span.end as usize);
        (self.cursor, self.limit, self.place) = outer;
        std::mem::replace(&mut self.out, out).trim().to_owned()
    }

    fn partial(&mut self, node: &'a Node, file: FileId) {
        let text = self.context.texts.get(&file);
        let (Some(text), Some(first), Some(last)) = (text, node.children.first(), node.children.last())
        else {
            return self.leave_out(node.span.end as usize);
        };
        let outer =
            (self.file, self.text, self.cursor, self.limit, self.margin, self.quotes, self.base, self.place);
        let (out, was_partial) = (std::mem::take(&mut self.out), std::mem::replace(&mut self.partial, true));
        (self.file, self.text, self.limit) = (file, text, last.span.end as usize);
        (self.cursor, self.margin, self.quotes, self.base) =
            (first.span.start as usize, Margin::default(), 0, 0);
        self.place = Place::Blocks;
        let definitions = self.definitions_in(&node.children, file);
        let definitions = std::mem::replace(&mut self.definitions, definitions);
        (self.ends, self.runs_on) = (self.last, self.followed);
        self.nodes(&node.children);
        self.copy_to(last.span.end as usize);
        self.definitions = definitions;
        self.partial = was_partial;
        (self.file, self.text, self.cursor, self.limit, self.margin, self.quotes, self.base, self.place) =
            outer;
        let body = std::mem::replace(&mut self.out, out);
        self.cursor = node.span.end as usize;
        let is_words = self.place != Place::Blocks && !body.contains('\n');
        self.put(without_blank_ends(&body), is_words);
    }

    fn index_among_siblings(&self, name: &str) -> usize {
        let siblings = self.items.last().filter(|_| self.direct);
        1 + siblings.map_or(0, |items| items.iter().filter(|item| item.name == name).count())
    }

    fn unique(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        while !self.ids.insert(id.clone()) {
            id.push_str("-x");
        }
        id
    }

    // ---- putting back ----

    fn line_so_far_is_empty(&self) -> bool {
        continuation(self.line()).is_some()
    }

    /// Writes what took the place of a node that ended at the cursor.
    fn put(&mut self, text: &str, is_words: bool) {
        if self.place == Place::Line || (is_words && !text.contains('\n')) {
            self.put_words(text);
        } else {
            self.put_block(text, false);
        }
    }

    fn put_words(&mut self, text: &str) {
        if text.is_empty() {
            return self.leave_out(self.cursor);
        }
        if self.place == Place::Line {
            self.out.push_str(&elements::in_one_line(text));
        } else if text.contains('\n') {
            let prefix = continuation(leading_markers(self.line())).unwrap_or_default();
            self.out.push_str(&text.replace('\n', &format!("\n{prefix}")));
        } else {
            self.out.push_str(text);
        }
    }

    /// Writes a block with the margin of its place. A `tight` one (a fence) may touch the paragraph before it.
    fn put_block(&mut self, text: &str, tight: bool) {
        if self.place == Place::Line {
            return self.put_words(text);
        }
        let text = without_blank_ends(text);
        if text.is_empty() {
            return;
        }
        let tight = tight && text.starts_with("```");
        let prefix = match continuation(self.line()) {
            Some(prefix) => {
                let start = self.out.len() - self.line().len();
                if !tight && !ends_blank(&self.out[..start]) {
                    self.out.insert_str(start, &format!("{}\n", prefix.trim_end()));
                }
                prefix
            }
            None => {
                let prefix = continuation(leading_markers(self.line())).unwrap_or_default();
                self.out.truncate(self.out.trim_end_matches(' ').len());
                self.out.push_str(&format!("\n{}\n{prefix}", prefix.trim_end()));
                prefix
            }
        };
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.out.push('\n');
                self.out.push_str(if line.is_empty() { prefix.trim_end() } else { &prefix });
            }
            self.out.push_str(line);
        }
        let rest = &self.text[self.cursor..self.limit.max(self.cursor)];
        let (same, below) = rest.split_once('\n').unwrap_or((rest, ""));
        if !same.trim().is_empty() {
            let skipped = same.len() - same.trim_start().len();
            self.cursor += skipped;
            self.out.push_str(&format!("\n{}\n{prefix}", prefix.trim_end()));
        } else if !tight {
            let next = below.lines().next().unwrap_or_default();
            if !next.trim_matches([' ', '\t', '>', '\r']).is_empty() {
                self.out.push_str(&format!("\n{}", prefix.trim_end()));
            }
        }
    }
}

/// Where the run of siblings ends in which every element that the HTML at `start` opens is closed; right after it where
/// one is never closed.
fn run_end(nodes: &[Node], start: usize) -> usize {
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
            let same = before.iter().rfind(|node| !is_nothing(node)).is_some_and(|before| {
                matches!(&before.kind, Kind::Component(other) if other.name == component.name)
            });
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

/// The label of the tab whose panel is the component of this ordinal.
fn panel_label(page: &Page, ordinal: u32) -> Option<&str> {
    let tabs = page.tabs.iter().flat_map(|group| &group.tabs);
    tabs.filter(|tab| tab.panel == Some(ordinal)).map(|tab| tab.label.as_str()).next()
}

/// The columns of white space that the body at `range` has before its text: those of its first line, or where that
/// begins behind the tag, those before `from`.
fn body_columns(text: &str, range: &Range<usize>, quotes: usize, from: usize) -> usize {
    let body = &text[range.clone()];
    let is_line_start = range.start == 0 || text.as_bytes()[range.start - 1] == b'\n';
    let first = body.split('\n').next().unwrap_or_default();
    if !is_line_start && !first.trim().is_empty() {
        return columns_before(text, from, quotes);
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
        return columns(&unquoted[..blank], 0);
    }
    0
}

/// The column of `at` in its line, quote markers not counted.
fn columns_before(text: &str, at: usize, quotes: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    columns(without_quotes(&text[start..at], quotes), 0)
}

fn without_quotes(line: &str, quotes: usize) -> &str {
    let mut rest = line;
    for _ in 0..quotes {
        match rest.trim_start_matches([' ', '\t']).strip_prefix('>') {
            Some(after) => rest = after.strip_prefix(' ').unwrap_or(after),
            None => break,
        }
    }
    rest
}

fn columns(text: &str, from: usize) -> usize {
    text.chars()
        .fold(from, |column, letter| if letter == '\t' { column + 4 - column % 4 } else { column + 1 })
}

/// What the next line of a block begins with when its first one begins with `line`: quote markers, and spaces in
/// the place of list markers. Nothing where the line holds words.
fn continuation(line: &str) -> Option<String> {
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
fn leading_markers(line: &str) -> &str {
    let unquoted = line.trim_start_matches([' ', '\t', '>']);
    &line[..line.len() - without_markers(unquoted).len()]
}

/// Whether a block may begin after `out`, which ends in a line feed: the line before holds no words.
fn ends_blank(out: &str) -> bool {
    let Some(lines) = out.strip_suffix('\n') else { return true };
    let last = lines.rsplit('\n').next().unwrap_or_default();
    continuation(last).is_some()
}

fn without_blank_ends(text: &str) -> &str {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        rest = after;
    }
    rest.trim_end()
}

/// The line of a reference definition, from its bracket to its end.
fn definition_line(text: &str, address: &Range<usize>) -> Range<usize> {
    let line = text[..address.start].rfind('\n').map_or(0, |at| at + 1);
    let start = text[line..address.start].find('[').map_or(address.start, |at| line + at);
    let end = text[address.end..].find('\n').map_or(text.len(), |at| address.end + at);
    start..end
}

/// The text with what looks like the id of a heading escaped; `{{#include}}`, which an mdBook page may show, does not.
fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices("{#") {
        if !text[..at].ends_with(['{', '\\']) {
            out.push_str(&text[copied..at]);
            out.push('\\');
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The text with what looks like a tag escaped: `Vec<String>` was text, and other readers of Markdown would take it for
/// HTML. `escaped` says that a backslash stands before the text.
fn without_tags(text: &str, escaped: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let opens = letter == '<'
            && text[at + 1..].starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!'));
        if opens && !out.ends_with('\\') && !(at == 0 && escaped) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The source of a text with `{"text"}` and `{' '}` as what they say: the parser put them in place in `words`.
fn without_literals(source: &str, words: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        let end = rest[start..].find('}').map(|end| start + end + 1);
        let literal = end.map(|end| &rest[start..end]).filter(|literal| !words.contains(literal));
        let inner = literal.map(|literal| literal[1..literal.len() - 1].trim());
        let quoted = inner.filter(|inner| inner.len() >= 2).and_then(|inner| {
            let quote = inner.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
            inner[1..].strip_suffix(quote).filter(|text| !text.contains(['\\', quote]))
        });
        match (quoted, end) {
            (Some(text), Some(end)) => {
                out.push_str(&rest[..start]);
                out.push_str(&elements::escape(text));
                rest = &rest[end..];
            }
            (None, _) | (_, None) => {
                out.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The source of a text with the shortcodes that became emoji in `words` as those emoji.
fn with_emoji(source: &str, words: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find(':') {
        let name = rest[start + 1..].find(':').map(|end| &rest[start + 1..=start + end]);
        let emoji = name.and_then(emojis::get_by_shortcode).map(|emoji| emoji.as_str());
        match (name, emoji.filter(|emoji| words.contains(emoji))) {
            (Some(name), Some(emoji)) => {
                out.push_str(&rest[..start]);
                out.push_str(emoji);
                rest = &rest[start + name.len() + 2..];
            }
            (Some(_) | None, _) => {
                out.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}
