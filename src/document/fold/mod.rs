//! Markdown events and what stands for placeholders in, nodes out.
//!
//! The fold is push and pop: a start opens a frame, an end closes it into a node of the frame below. What it
//! adds to that: words are joined and searched for addresses, a placeholder becomes what was found, code gets
//! its source back where the scan took code for a tag, and MDX's rules for tags among words are applied.

mod blocks;
mod elements;
mod found;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, BrokenLinkCallback, CodeBlockKind, CowStr, Event, LinkType, OffsetIter, Tag,
};

use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::document::parse::Options;
use crate::document::script::line_end;
use crate::document::tags::{Found, What};
use crate::document::view::{OPEN, Part, Place, View, parts, restore};
use crate::document::words::{self, Run};
use crate::document::{
    Alignment, Attribute, Code, Component, Kind, LinkForm, Node, Syntax, Value, fence, literal, markup,
};
use blocks::address;
use elements::{is_only_elements, lift, push_paragraph, trailing_ends, trim_breaks};

/// How deep the tree may be below one body: past it, containers are left out and their content stays.
const DEPTH: usize = 100;
/// How often indented text is read again as prose.
const REREAD: usize = 4;

/// Link definitions of the whole page by folded label: address, title, where the address stands.
pub(in crate::document) type Definitions = BTreeMap<String, (String, String, Option<Span>)>;

/// Resolves references whose definition stands in another body of the page.
#[derive(Clone, Copy)]
pub(in crate::document) struct Elsewhere<'a>(pub &'a std::cell::OnceCell<Definitions>);

impl<'i> BrokenLinkCallback<'i> for Elsewhere<'_> {
    fn handle_broken_link(&mut self, link: BrokenLink<'i>) -> Option<(CowStr<'i>, CowStr<'i>)> {
        let (url, title, _) = self.0.get()?.get(&fold_label(&link.reference))?;
        Some((CowStr::from(url.clone()), CowStr::from(title.clone())))
    }
}

/// A body's events.
pub(in crate::document) type Events<'a> = OffsetIter<'a, Elsewhere<'a>>;

/// A label as Markdown compares labels.
pub(in crate::document) fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What the fold of a page needs.
pub(in crate::document) struct Fold<'a> {
    pub file: FileId,
    pub source: &'a str,
    pub options: &'a Options,
    pub markdown: pulldown_cmark::Options,
    pub found: &'a mut [Found],
    /// The views of the bodies and titles, by number of the finding.
    pub bodies: &'a [Option<View<'a>>],
    pub titles: &'a [Option<View<'a>>],
    pub body_events: Vec<Option<Events<'a>>>,
    pub title_events: Vec<Option<Events<'a>>>,
    pub definitions: &'a std::cell::OnceCell<Definitions>,
    /// Labels of all footnotes of a page with several bodies.
    pub footnotes: &'a BTreeSet<String>,
    pub diagnostics: Vec<Diagnostic>,
    pub rereads: usize,
}

/// An open construct.
struct Frame {
    what: Build,
    /// In the view.
    range: Range<usize>,
    children: Vec<Node>,
    /// Where in the view its last part ends.
    last: usize,
}

enum Build {
    /// The body.
    Body,
    /// A node of this kind.
    Node(Kind),
    /// A paragraph; of a tight list when no event says so.
    Paragraph { implied: bool },
    /// Code so far, and the places of its lines.
    Code { info: Option<String>, text: String, lines: Vec<Range<usize>> },
    /// HTML so far.
    Html(Run),
    /// A quote with a kind.
    Alert(BlockQuoteKind),
    /// Too deep: only its children count.
    Nothing,
}

/// The tree so far.
struct Tree {
    frames: Vec<Frame>,
    run: Run,
    /// Links and images open: no addresses are looked for in them.
    links: usize,
    /// A soft break here would start a paragraph's second half.
    split: bool,
}

impl Tree {
    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the body's frame is never popped while events come")
    }

    /// Words that stand in a list item or a body without a paragraph get one.
    fn begin_implied(&mut self, range: &Range<usize>) {
        if matches!(
            self.top().what,
            Build::Body
                | Build::Node(Kind::Item { .. } | Kind::Quote | Kind::FootnoteDefinition { .. })
                | Build::Alert(_)
        ) {
            let what = Build::Paragraph { implied: true };
            self.frames.push(Frame {
                what,
                range: range.start..usize::MAX,
                children: Vec::new(),
                last: range.start,
            });
        }
    }
}

impl<'a> Fold<'a> {
    /// The nodes of a view.
    pub(in crate::document) fn nodes(
        &mut self,
        view: &View<'_>,
        events: OffsetIter<'_, Elsewhere<'a>>,
    ) -> Vec<Node> {
        let body = Frame { what: Build::Body, range: 0..view.text.len(), children: Vec::new(), last: 0 };
        let mut tree = Tree { frames: vec![body], run: Run::default(), links: 0, split: false };
        for (event, range) in events {
            let starts = matches!(event, Event::Start(_));
            self.event(&mut tree, view, event, &range);
            if !starts {
                let top = tree.top();
                top.last = top.last.max(range.end.min(top.range.end));
            }
        }
        self.flush(&mut tree);
        self.end_implied(&mut tree, view);
        let mut nodes = tree.frames.swap_remove(0).children;
        if view.inline && nodes.len() == 1 && matches!(nodes[0].kind, Kind::Paragraph) {
            nodes = std::mem::take(&mut nodes[0].children);
        }
        nodes
    }

    fn event(&mut self, tree: &mut Tree, view: &View<'_>, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Text(text) => match &mut tree.top().what {
                Build::Code { text: code, lines, .. } => {
                    lines.push(range.clone());
                    code.push_str(&text);
                }
                Build::Html(run) => run.push(&text, range.clone()),
                Build::Body | Build::Node(_) | Build::Paragraph { .. } | Build::Alert(_) | Build::Nothing => {
                    self.text(tree, view, &text, range);
                }
            },
            Event::Html(html) => {
                if let Build::Html(run) = &mut tree.top().what {
                    run.push(&html, range.clone());
                }
            }
            Event::InlineHtml(html) => self.inline_html(tree, view, &html, range),
            Event::Start(tag) => self.start(tree, view, tag, range),
            Event::End(_) => self.end(tree, view, range),
            Event::Code(code) => {
                let code = restore(&code, self.source, self.found).into_owned();
                self.leaf(tree, view, Kind::InlineCode(code), range);
            }
            Event::InlineMath(tex) => {
                let tex = restore(&tex, self.source, self.found).into_owned();
                self.leaf(tree, view, Kind::Math { tex, display: false }, range);
            }
            Event::DisplayMath(tex) => {
                let tex = restore(&tex, self.source, self.found).into_owned();
                self.leaf(tree, view, Kind::Math { tex, display: true }, range);
            }
            Event::FootnoteReference(label) => {
                let label = restore(&label, self.source, self.found).into_owned();
                self.leaf(tree, view, Kind::FootnoteReference { label }, range);
            }
            Event::SoftBreak if tree.split && tree.run.is_empty() && tree.top().children.is_empty() => {}
            Event::SoftBreak => self.leaf(tree, view, Kind::SoftBreak, range),
            Event::HardBreak => self.leaf(tree, view, Kind::HardBreak, range),
            Event::Rule => {
                self.end_implied(tree, view);
                let span = self.block_span(view, range);
                tree.top().children.push(Node { kind: Kind::Rule, span, children: Vec::new() });
            }
            Event::TaskListMarker(checked) => {
                let item = tree.frames.iter_mut().rev().find_map(|frame| match &mut frame.what {
                    Build::Node(Kind::Item { checked }) => Some(checked),
                    _ => None,
                });
                if let Some(state) = item {
                    *state = Some(checked);
                }
            }
        }
    }

    fn start(&mut self, tree: &mut Tree, view: &View<'_>, tag: Tag<'_>, range: &Range<usize>) {
        let inline = matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        );
        self.flush(tree);
        if inline {
            tree.begin_implied(range);
        } else {
            self.end_implied(tree, view);
        }
        let what = match tag {
            Tag::Paragraph => {
                // A tight list's paragraphs come without events.
                if let [
                    ..,
                    Frame { what: Build::Node(Kind::List { loose, .. }), .. },
                    Frame { what: Build::Node(Kind::Item { .. }), .. },
                ] = &mut tree.frames[..]
                {
                    *loose = true;
                }
                Build::Paragraph { implied: false }
            }
            Tag::Heading { level, .. } => Build::Node(Kind::Heading {
                level: level as u8,
                id: String::new(),
                explicit: false,
                marker: None,
            }),
            Tag::BlockQuote(None) => Build::Node(Kind::Quote),
            Tag::BlockQuote(Some(kind)) => Build::Alert(kind),
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                Build::Code { info: None, text: String::new(), lines: Vec::new() }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Build::Code {
                info: Some(restore(&info, self.source, self.found).into_owned()),
                text: String::new(),
                lines: Vec::new(),
            },
            Tag::HtmlBlock => Build::Html(Run::default()),
            Tag::List(start) => Build::Node(Kind::List { start, loose: false }),
            Tag::Item => Build::Node(Kind::Item { checked: None }),
            Tag::FootnoteDefinition(label) => {
                let label = restore(&label, self.source, self.found).into_owned();
                Build::Node(Kind::FootnoteDefinition { label })
            }
            Tag::Table(alignments) => {
                Build::Node(Kind::Table { alignments: alignments.into_iter().map(alignment).collect() })
            }
            Tag::TableHead | Tag::TableRow => Build::Node(Kind::Row),
            Tag::TableCell => Build::Node(Kind::Cell),
            Tag::Emphasis => Build::Node(Kind::Emphasis),
            Tag::Strong => Build::Node(Kind::Strong),
            Tag::Strikethrough => Build::Node(Kind::Strikethrough),
            Tag::Link { link_type, dest_url, title, id } => {
                tree.links += 1;
                let url = restore(&dest_url, self.source, self.found).into_owned();
                let title = restore(&title, self.source, self.found).into_owned();
                let url = if link_type == LinkType::Email { format!("mailto:{url}") } else { url };
                let form = self.link_form(link_type, &url, &id);
                Build::Node(Kind::Link { url, title, form, url_span: None })
            }
            Tag::Image { link_type, dest_url, title, id } => {
                tree.links += 1;
                let url = restore(&dest_url, self.source, self.found).into_owned();
                let title = restore(&title, self.source, self.found).into_owned();
                let form = self.link_form(link_type, &url, &id);
                Build::Node(Kind::Image { url, title, form, url_span: None })
            }
            // Extensions that are never switched on.
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => Build::Nothing,
        };
        let leaf = matches!(what, Build::Code { .. } | Build::Html(_) | Build::Paragraph { .. });
        let what = if tree.frames.len() > DEPTH && !leaf && !matches!(what, Build::Node(Kind::Heading { .. }))
        {
            Build::Nothing
        } else {
            what
        };
        tree.frames.push(Frame { what, range: range.clone(), children: Vec::new(), last: range.start });
    }

    fn link_form(&self, link_type: LinkType, url: &str, label: &str) -> LinkForm {
        match link_type {
            LinkType::Inline => LinkForm::Inline,
            LinkType::Autolink | LinkType::Email => LinkForm::Autolink,
            LinkType::Reference
            | LinkType::ReferenceUnknown
            | LinkType::Collapsed
            | LinkType::CollapsedUnknown
            | LinkType::Shortcut
            | LinkType::ShortcutUnknown
            | LinkType::WikiLink { .. } => {
                let label = restore(label, self.source, self.found);
                let definition = self.definitions.get().and_then(|all| all.get(&fold_label(&label)));
                LinkForm::Reference(definition.filter(|found| found.0 == url).and_then(|found| found.2))
            }
        }
    }

    fn end(&mut self, tree: &mut Tree, view: &View<'_>, range: &Range<usize>) {
        self.flush(tree);
        if tree.frames.len() > 1 && matches!(tree.top().what, Build::Paragraph { implied: true }) {
            self.end_implied(tree, view);
        }
        if tree.frames.len() < 2 {
            return;
        }
        let Some(frame) = tree.frames.pop() else { return };
        let Frame { what, children, last, range: started } = frame;
        let range = started.start.min(range.start)..range.end;
        match what {
            Build::Body => {}
            Build::Nothing => tree.top().children.extend(children),
            Build::Paragraph { .. } => self.paragraph(tree, view, children, &started),
            Build::Code { info, text, lines } => self.code(tree, view, info, text, &lines, &range),
            Build::Html(run) => self.html_block(tree, view, &run, &range),
            Build::Alert(kind) => {
                let node = self.alert(view, kind, children, &range);
                tree.top().children.push(node);
            }
            Build::Node(kind) => {
                let node = self.node(tree, view, kind, children, last, &range);
                tree.top().children.push(node);
            }
        }
    }

    fn node(
        &self,
        tree: &mut Tree,
        view: &View<'_>,
        kind: Kind,
        children: Vec<Node>,
        last: usize,
        range: &Range<usize>,
    ) -> Node {
        let mut node = Node { kind, span: self.block_span(view, range), children };
        match &mut node.kind {
            Kind::Heading { id, explicit, marker, .. } if self.options.heading_ids => {
                if let Some((found, span)) = self.heading_id(&mut node.children) {
                    (*id, *explicit, *marker) = (found, true, Some(span));
                }
            }
            Kind::Link { url_span, form, .. } | Kind::Image { url_span, form, .. } => {
                tree.links -= 1;
                let place = match form {
                    LinkForm::Inline => address(&view.text, last, range.end),
                    LinkForm::Autolink => Some(range.start + 1..range.end - 1),
                    LinkForm::Reference(_) | LinkForm::Bare => None,
                };
                node.span = self.span(view, range);
                *url_span = place.map(|place| self.span(view, &place));
            }
            Kind::Emphasis | Kind::Strong | Kind::Strikethrough => node.span = self.span(view, range),
            _ => {}
        }
        enclose(&mut node);
        node
    }

    /// A node without children, among words.
    fn leaf(&mut self, tree: &mut Tree, view: &View<'_>, kind: Kind, range: &Range<usize>) {
        self.flush(tree);
        tree.begin_implied(range);
        let span = self.span(view, range);
        tree.top().children.push(Node { kind, span, children: Vec::new() });
    }

    fn text(&mut self, tree: &mut Tree, view: &View<'_>, text: &str, range: &Range<usize>) {
        tree.begin_implied(range);
        if !(view.placeholders && text.contains(OPEN)) {
            tree.run.push(text, view.source(range.clone()));
            return;
        }
        let verbatim = text.len() == range.len();
        for part in parts(text) {
            match part {
                Part::Text(part) => {
                    let place = if verbatim {
                        range.start + part.start..range.start + part.end
                    } else {
                        range.clone()
                    };
                    tree.run.push(&text[part], view.source(place));
                }
                Part::Place(Place::Found(number), _) => self.among_words(tree, number),
                Part::Place(Place::Edge, _) => {}
            }
        }
    }

    /// Ends the run of text.
    fn flush(&mut self, tree: &mut Tree) {
        if tree.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut tree.run);
        let linked = tree.links > 0;
        let none = BTreeSet::new();
        let footnotes = if self.options.gfm { self.footnotes } else { &none };
        words::nodes(self.file, run, self.options, footnotes, linked, &mut tree.top().children);
    }

    fn end_implied(&mut self, tree: &mut Tree, view: &View<'_>) {
        if !matches!(tree.top().what, Build::Paragraph { implied: true }) {
            return;
        }
        if let Some(frame) = tree.frames.pop() {
            self.paragraph(tree, view, frame.children, &(frame.range.start..frame.last));
            let last = frame.last;
            let top = tree.top();
            top.last = top.last.max(last.min(top.range.end));
        }
    }

    /// Closes a paragraph: MDX has none around elements that fill it.
    fn paragraph(&mut self, tree: &mut Tree, view: &View<'_>, mut children: Vec<Node>, range: &Range<usize>) {
        if std::mem::take(&mut tree.split) {
            trim_breaks(&mut children);
            if children.is_empty() {
                return;
            }
        }
        let top = &mut tree.top().children;
        if view.placeholders && self.options.mdx && !view.inline {
            if is_only_elements(&children) {
                lift(children, top);
                return;
            }
            let after = trailing_ends(&mut children);
            let span = self.inner_span(view, range, &children);
            push_paragraph(top, children, span);
            top.extend(after);
            return;
        }
        let span = self.inner_span(view, range, &children);
        push_paragraph(top, children, span);
    }

    /// The span of a paragraph: its range without the white space and breaks around it.
    fn inner_span(&self, view: &View<'_>, range: &Range<usize>, children: &[Node]) -> Span {
        match (children.first(), children.last()) {
            (Some(first), Some(last)) => Span { end: last.span.end.max(first.span.end), ..first.span },
            _ => self.block_span(view, range),
        }
    }

    fn span(&self, view: &View<'_>, range: &Range<usize>) -> Span {
        Span::new(self.file, view.source(range.clone()))
    }

    /// The span of a block: without the indentation before it, and the line ending and blank lines after it.
    fn block_span(&self, view: &View<'_>, range: &Range<usize>) -> Span {
        let text = view.text[range.clone()].trim_end();
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        self.trimmed(view.source(range.start + indent..range.start + text.len()))
    }

    fn trimmed(&self, source: Range<usize>) -> Span {
        let text = &self.source[source.clone()];
        Span::new(self.file, source.start..source.start + text.trim_end().len())
    }
}

fn alignment(alignment: pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}

/// Widens a node to its children: a container's range may end before what a lazy line adds to it.
fn enclose(node: &mut Node) {
    for child in &node.children {
        if child.span.file == node.span.file {
            node.span.start = node.span.start.min(child.span.start);
            node.span.end = node.span.end.max(child.span.end);
        }
    }
}
