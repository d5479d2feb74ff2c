//! Markdown events and what stands for placeholders in, nodes out.
//!
//! The fold is push and pop: a start opens a frame, an end closes it into a node of the frame below. What it
//! adds to that: words are joined and searched for addresses, a placeholder becomes what was found, code gets
//! its source back where the scan took code for a tag, and MDX's rules for tags among words are applied.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLink, BrokenLinkCallback, CodeBlockKind, CowStr, Event, LinkType, OffsetIter,
    Parser, Tag,
};

use super::parse::Options;
use super::script::line_end;
use super::tags::{Found, What};
use super::view::{OPEN, Part, Place, View, parts, restore};
use super::words::{self, Run};
use super::{
    Alignment, Attribute, Code, Component, Kind, LinkForm, Node, Syntax, Value, fence, literal, markup,
};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};

/// How deep the tree may be below one body: past it, containers are left out and their content stays.
const DEPTH: usize = 100;
/// How often indented text is read again as prose.
const REREAD: usize = 4;

/// Link definitions of the whole page by folded label: address, title, where the address stands.
pub(super) type Definitions = BTreeMap<String, (String, String, Option<Span>)>;

/// Resolves references whose definition stands in another body of the page.
#[derive(Clone, Copy)]
pub(super) struct Elsewhere<'a>(pub &'a std::cell::OnceCell<Definitions>);

impl<'i> BrokenLinkCallback<'i> for Elsewhere<'_> {
    fn handle_broken_link(&mut self, link: BrokenLink<'i>) -> Option<(CowStr<'i>, CowStr<'i>)> {
        let (url, title, _) = self.0.get()?.get(&fold_label(&link.reference))?;
        Some((CowStr::from(url.clone()), CowStr::from(title.clone())))
    }
}

/// A body's events.
pub(super) type Events<'a> = OffsetIter<'a, Elsewhere<'a>>;

/// A label as Markdown compares labels.
pub(super) fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What the fold of a page needs.
pub(super) struct Fold<'a> {
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
}

impl<'a> Fold<'a> {
    /// The nodes of a view.
    pub(super) fn nodes(&mut self, view: &View<'_>, events: OffsetIter<'_, Elsewhere<'a>>) -> Vec<Node> {
        let body = Frame { what: Build::Body, range: 0..view.text.len(), children: Vec::new(), last: 0 };
        let mut tree = Tree { frames: vec![body], run: Run::default(), links: 0, split: false };
        for (event, range) in events {
            self.event(&mut tree, view, event, &range);
            let top = tree.top();
            top.last = top.last.max(range.end.min(top.range.end));
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
            self.begin_implied(tree, range);
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
            Build::Code { info, text, lines } => self.code(tree, view, info, &text, &lines, &range),
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
        self.begin_implied(tree, range);
        let span = self.span(view, range);
        tree.top().children.push(Node { kind, span, children: Vec::new() });
    }

    fn text(&mut self, tree: &mut Tree, view: &View<'_>, text: &str, range: &Range<usize>) {
        self.begin_implied(tree, range);
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
        words::nodes(self.file, &run, self.options, footnotes, linked, &mut tree.top().children);
    }

    /// Words that stand in a list item or a body without a paragraph get one.
    fn begin_implied(&mut self, tree: &mut Tree, range: &Range<usize>) {
        if matches!(
            tree.top().what,
            Build::Body
                | Build::Node(Kind::Item { .. } | Kind::Quote | Kind::FootnoteDefinition { .. })
                | Build::Alert(_)
        ) {
            let what = Build::Paragraph { implied: true };
            tree.frames.push(Frame {
                what,
                range: range.start..usize::MAX,
                children: Vec::new(),
                last: range.start,
            });
        }
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

    /// Ends the paragraph before a block among its words and begins another after it.
    fn split(&mut self, tree: &mut Tree, view: &View<'_>, range: &Range<usize>, number: usize) {
        self.flush(tree);
        let splits = matches!(tree.top().what, Build::Paragraph { .. });
        if !splits {
            self.among_words(tree, number);
            return;
        }
        let Some(frame) = tree.frames.pop() else { return };
        tree.split = true;
        self.paragraph(tree, view, frame.children, &(frame.range.start..range.start));
        self.alone(tree, number);
        let rest = Frame {
            what: frame.what,
            range: range.end.min(frame.range.end)..frame.range.end,
            children: Vec::new(),
            last: range.end,
        };
        tree.frames.push(rest);
        tree.split = true;
    }

    fn inline_html(&mut self, tree: &mut Tree, view: &View<'_>, html: &str, range: &Range<usize>) {
        self.begin_implied(tree, range);
        if let [Part::Place(Place::Found(number), _)] = parts(html)[..] {
            self.split(tree, view, range, number);
            return;
        }
        let html = restore(html, self.source, self.found).into_owned();
        if self.options.mdx {
            // The scan took it for text.
            tree.run.push(&html, view.source(range.clone()));
        } else {
            self.leaf(tree, view, Kind::Html { inline: true, html }, range);
        }
    }

    fn html_block(&mut self, tree: &mut Tree, view: &View<'_>, run: &Run, range: &Range<usize>) {
        let text = run.text.as_str();
        if !(view.placeholders && text.contains(OPEN)) && !self.options.mdx {
            let kind = Kind::Html { inline: false, html: text.to_owned() };
            let span = self.block_span(view, range);
            tree.top().children.push(Node { kind, span, children: Vec::new() });
            return;
        }
        for part in parts(text) {
            match part {
                // In HTML, words are HTML: a paragraph of their own would tear it apart.
                Part::Place(Place::Found(number), _)
                    if !self.options.mdx && matches!(self.found[number].what, What::Words) =>
                {
                    self.words_in_html(tree, number);
                }
                Part::Place(Place::Found(number), _) => self.alone(tree, number),
                Part::Place(Place::Edge, _) => {}
                Part::Text(part) if text[part.clone()].trim().is_empty() => {}
                Part::Text(part) => {
                    let source = view.source(run.source(part.clone()));
                    let span = self.trimmed(source);
                    let html = text[part].to_owned();
                    let node = if self.options.mdx {
                        let words =
                            Node { kind: Kind::Text(html.trim().to_owned()), span, children: Vec::new() };
                        Node { kind: Kind::Paragraph, span, children: vec![words] }
                    } else {
                        Node { kind: Kind::Html { inline: false, html }, span, children: Vec::new() }
                    };
                    tree.top().children.push(node);
                }
            }
        }
    }

    fn words_in_html(&mut self, tree: &mut Tree, number: usize) {
        self.diagnostics.append(&mut self.found[number].diagnostics);
        let range = self.found[number].span.clone();
        let span = Span::new(self.file, range.clone());
        let mut html = String::new();
        markup::escape(&self.source[range], &mut html);
        tree.top().children.push(Node {
            kind: Kind::Html { inline: false, html },
            span,
            children: Vec::new(),
        });
    }

    /// Puts a finding among words.
    fn among_words(&mut self, tree: &mut Tree, number: usize) {
        let found = &mut self.found[number];
        let range = found.span.clone();
        let span = Span::new(self.file, range.clone());
        match &found.what {
            What::Words => {
                self.diagnostics.append(&mut found.diagnostics);
                tree.run.push(&self.source[range.clone()], range);
            }
            What::Expression => match self.expression(number) {
                Printed::Text(text) => tree.run.push(&text, range),
                Printed::Node(kind) => {
                    self.flush(tree);
                    tree.top().children.push(Node { kind, span, children: Vec::new() });
                }
            },
            What::Component(_) | What::Html { .. } | What::Hidden => {
                self.flush(tree);
                let node = self.found_node(number, true);
                tree.top().children.push(node);
            }
        }
    }

    /// Puts a finding between blocks.
    fn alone(&mut self, tree: &mut Tree, number: usize) {
        let range = self.found[number].span.clone();
        let span = Span::new(self.file, range.clone());
        match &self.found[number].what {
            What::Words | What::Expression => {
                let printed = if matches!(self.found[number].what, What::Expression) {
                    self.expression(number)
                } else {
                    self.diagnostics.append(&mut self.found[number].diagnostics);
                    Printed::Text(self.source[range].to_owned())
                };
                let node = match printed {
                    Printed::Text(text) if text.trim().is_empty() => {
                        Node { kind: Kind::Hidden, span, children: Vec::new() }
                    }
                    Printed::Text(text) => {
                        let words = Node { kind: Kind::Text(text), span, children: Vec::new() };
                        Node { kind: Kind::Paragraph, span, children: vec![words] }
                    }
                    Printed::Node(kind) => Node { kind, span, children: Vec::new() },
                };
                tree.top().children.push(node);
            }
            What::Component(_) | What::Html { .. } | What::Hidden => {
                let node = self.found_node(number, false);
                tree.top().children.push(node);
            }
        }
    }

    fn found_node(&mut self, number: usize, inline: bool) -> Node {
        let found = &mut self.found[number];
        let range = found.span.clone();
        let span = Span::new(self.file, range.clone());
        self.diagnostics.append(&mut found.diagnostics);
        match std::mem::replace(&mut found.what, What::Hidden) {
            What::Hidden | What::Words | What::Expression => {
                Node { kind: Kind::Hidden, span, children: Vec::new() }
            }
            What::Html { html } => {
                let html = html.unwrap_or_else(|| self.source[range].to_owned());
                Node { kind: Kind::Html { inline, html }, span, children: Vec::new() }
            }
            What::Component(mut component) => {
                component.inline = inline;
                let titles = self.titles;
                if let (Some(view), Some(events)) = (&titles[number], self.title_events[number].take())
                    && let Some(title) = component.attributes.iter_mut().rev().find(
                        |attribute| matches!(&attribute.value, Value::Markup(nodes) if nodes.is_empty()),
                    )
                {
                    title.value = Value::Markup(self.nodes(view, events));
                }
                let bodies = self.bodies;
                let children = match (&bodies[number], self.body_events[number].take()) {
                    (Some(view), Some(events)) => self.nodes(view, events),
                    _ => Vec::new(),
                };
                Node { kind: Kind::Component(*component), span, children }
            }
        }
    }

    /// What braces in prose print.
    fn expression(&mut self, number: usize) -> Printed {
        let range = self.found[number].span.clone();
        let written = &self.source[range.clone()];
        let inside = &written[1..written.len() - 1];
        match literal::parse(inside) {
            Ok(Value::String(text)) => return Printed::Text(text),
            Ok(Value::Number(value)) => return Printed::Text(value.to_string()),
            Ok(Value::Null | Value::Bool(_)) => return Printed::Node(Kind::Hidden),
            Err(_) if literal::is_expression(inside) && !inside.trim_start().starts_with('{') => {
                return Printed::Node(Kind::Expression { source: inside.trim().to_owned() });
            }
            Ok(Value::Array(_) | Value::Object(_) | Value::Markup(_) | Value::Expression(_)) | Err(_) => {}
        }
        let brace = Span::new(self.file, range.start..range.start + 1);
        self.diagnostics.push(
            Diagnostic::new(&rules::UNSUPPORTED_EXPRESSION, "what these braces hold is printed as text")
                .at(Span::new(self.file, range))
                .help("write `\\{` if it is text: other MDX tools stop here")
                .fix(brace, "\\{"),
        );
        Printed::Text(written.to_owned())
    }

    fn code(
        &mut self,
        tree: &mut Tree,
        view: &View<'_>,
        info: Option<String>,
        text: &str,
        lines: &[Range<usize>],
        range: &Range<usize>,
    ) {
        let fenced = info.is_some();
        if !fenced && !self.options.indented_code && self.rereads < REREAD {
            // MDX has no indented code: it is prose further to the right.
            self.rereads += 1;
            let view = view.dedented(lines);
            let callback = Some(Elsewhere(self.definitions));
            let parser = Parser::new_with_broken_link_callback(&view.text, self.markdown, callback);
            let nodes = self.nodes(&view, parser.into_offset_iter());
            self.rereads -= 1;
            tree.top().children.extend(nodes);
            return;
        }
        let text = restore(text, self.source, self.found).into_owned();
        let span = self.block_span(view, range);
        let (fence, place) = match info {
            None => (fence::Fence::default(), None),
            Some(info) => {
                let (opening, place) = opening_line(&view.text, range);
                let place = place.map(|place| self.span(view, &place));
                let (fence, problems) = fence::read(&info);
                for problem in problems {
                    self.diagnostics
                        .push(Diagnostic::new(&rules::INVALID_FENCE, problem).at(place.unwrap_or(span)));
                }
                if !is_closed(&view.text, range, &opening) {
                    let marker = &view.text[opening.clone()];
                    self.diagnostics.push(
                        Diagnostic::new(
                            &rules::UNCLOSED_CODE,
                            format!("the code that `{marker}` opens is never closed"),
                        )
                        .at(self.span(view, &opening))
                        .help(format!("add a line `{marker}` after the code, indented like this one")),
                    );
                }
                (fence, place)
            }
        };
        let kind = Kind::Code(Code { fence, info: place, text, fenced });
        tree.top().children.push(Node { kind, span, children: Vec::new() });
    }

    fn alert(
        &self,
        view: &View<'_>,
        kind: BlockQuoteKind,
        children: Vec<Node>,
        range: &Range<usize>,
    ) -> Node {
        let kind = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let span = self.block_span(view, range);
        let text = &view.text[range.clone()];
        let open = text.find("[!").map_or(range.start, |open| range.start + open);
        let close = view.text[open..range.end].find(']').map_or(open, |close| open + close + 1);
        let name_span = self.span(view, &(open..close));
        let after = line_end(&view.text, close).min(range.end);
        let body = Span { start: self.span(view, &(after..after)).start.min(span.end), ..span };
        let attribute = Attribute {
            name: "type".to_owned(),
            value: Value::String(kind.to_owned()),
            span: name_span,
            value_span: name_span,
        };
        let component = Component {
            name: "Admonition".to_owned(),
            name_span,
            attributes: vec![attribute],
            body: Some(body),
            inline: false,
            syntax: Syntax::Alert,
            ordinal: 0,
        };
        let mut node = Node { kind: Kind::Component(component), span, children };
        enclose(&mut node);
        node
    }

    /// The id at the end of a heading, taken off its words, and what wrote it.
    fn heading_id(&self, children: &mut Vec<Node>) -> Option<(String, Span)> {
        let last = children.last()?;
        let (id, start, words) = match &last.kind {
            Kind::Hidden => {
                let source = &self.source[last.span.range()];
                let comment = source.strip_prefix("{/*")?.strip_suffix("*/}")?.trim();
                (comment.strip_prefix('#')?.to_owned(), last.span.start as usize, None)
            }
            Kind::Text(text) => {
                let open = text.rfind("{#")?;
                let id = text[open + 2..].trim_end().strip_suffix('}')?;
                if id.contains('}') {
                    return None;
                }
                let source = &self.source[last.span.range()];
                let brace = source.rfind("{#")?;
                let brace = brace - usize::from(source[..brace].ends_with('\\'));
                (id.to_owned(), last.span.start as usize + brace, Some(text[..open].trim_end().to_owned()))
            }
            _ => return None,
        };
        if id.is_empty() || id.contains(['{', '\n']) {
            return None;
        }
        let text_start = last.span.start;
        let end = text_start as usize + self.source[last.span.range()].trim_end().len();
        let start = self.source[..start].trim_end_matches([' ', '\t']).len();
        let marker = Span::new(self.file, start.min(end)..end);
        children.pop();
        match words {
            Some(words) if !words.is_empty() => {
                let end = marker.start.max(text_start);
                let span = Span { start: text_start, end, ..marker };
                children.push(Node { kind: Kind::Text(words), span, children: Vec::new() });
            }
            _ => {
                // The space between the words and a comment goes with the comment.
                if let Some(Node { kind: Kind::Text(text), span, .. }) = children.last_mut() {
                    text.truncate(text.trim_end().len());
                    span.end = span.end.min(marker.start.max(span.start));
                    if text.is_empty() {
                        children.pop();
                    }
                }
            }
        }
        Some((id, marker))
    }

    fn span(&self, view: &View<'_>, range: &Range<usize>) -> Span {
        Span::new(self.file, view.source(range.clone()))
    }

    /// The span of a block: without the line ending and blank lines after it.
    fn block_span(&self, view: &View<'_>, range: &Range<usize>) -> Span {
        let text = &view.text[range.clone()];
        self.trimmed(view.source(range.start..range.start + text.trim_end().len()))
    }

    fn trimmed(&self, source: Range<usize>) -> Span {
        let text = &self.source[source.clone()];
        Span::new(self.file, source.start..source.start + text.trim_end().len())
    }
}

enum Printed {
    Text(String),
    Node(Kind),
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

/// Where the address stands in `…](address "title")`, when the label's content ends at `last`.
fn address(text: &str, last: usize, end: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = last + text.get(last..end)?.find("](")? + 2;
    while at < end && bytes[at].is_ascii_whitespace() {
        at += 1;
    }
    if bytes[at] == b'<' && !text[at..].starts_with("<?\u{FDD0}") {
        let close = text[at..end].find('>')?;
        return Some(at + 1..at + close);
    }
    let start = at;
    let mut depth = 0usize;
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            byte if byte.is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    text.is_char_boundary(at.min(end)).then(|| start..at.min(end))
}

/// Where the fence and the words after it stand.
fn opening_line(text: &str, range: &Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
    let line = &text[range.start..line_end(text, range.start).min(range.end)];
    let trimmed = line.trim_start();
    let start = range.start + line.len() - trimmed.len();
    let fence = trimmed.chars().next().unwrap_or('`');
    let info = trimmed.trim_start_matches(fence);
    let marker = start..start + trimmed.len() - info.len();
    let words = info.trim();
    let from = marker.end + info.len() - info.trim_start().len();
    (marker, (!words.is_empty()).then(|| from..from + words.len()))
}

/// Whether the last line of a block of code closes the fence.
fn is_closed(text: &str, range: &Range<usize>, opening: &Range<usize>) -> bool {
    let marker = &text[opening.clone()];
    let Some(fence) = marker.chars().next() else { return true };
    let code = text[range.clone()].trim_end();
    let Some(newline) = code.rfind('\n') else { return false };
    let last = code[newline..].trim_start_matches(['\n', ' ', '\t', '>']);
    last.len() >= marker.len() && last.chars().all(|c| c == fence)
}

fn push_paragraph(nodes: &mut Vec<Node>, children: Vec<Node>, span: Span) {
    if !children.is_empty() {
        let mut node = Node { kind: Kind::Paragraph, span, children };
        enclose(&mut node);
        nodes.push(node);
    }
}

fn is_space(node: &Node) -> bool {
    match &node.kind {
        Kind::SoftBreak => true,
        Kind::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn trim_breaks(children: &mut Vec<Node>) {
    while children.last().is_some_and(is_space) {
        children.pop();
    }
    let lead = children.iter().take_while(|node| is_space(node)).count();
    children.drain(..lead);
}

/// What a tag among words does to how deep the words after it are.
fn depth_of(node: &Node) -> i32 {
    let Kind::Html { html, .. } = &node.kind else { return 0 };
    let name = html.trim_start_matches('<').trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len())];
    if html.starts_with("</") {
        -1
    } else if html.ends_with("/>") || html.contains("</") || markup::is_void(name) {
        0
    } else {
        1
    }
}

/// Whether a paragraph holds nothing but elements (and what is in them), of which one is not phrasing: MDX
/// then puts no paragraph around them.
fn is_only_elements(children: &[Node]) -> bool {
    let mut depth = 0;
    let mut block = false;
    for node in children {
        let step = depth_of(node);
        let element = match &node.kind {
            Kind::Html { html, .. } => {
                let name = html.trim_start_matches(['<', '/']);
                let name = &name[..name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len())];
                block |= depth == 0 && !markup::is_phrasing(name);
                true
            }
            Kind::Component(_) => {
                block |= depth == 0;
                true
            }
            Kind::Expression { .. } | Kind::Hidden => true,
            _ => is_space(node),
        };
        if !element && depth == 0 {
            return false;
        }
        depth += step;
        if depth < 0 {
            return false;
        }
    }
    block
}

/// Puts a paragraph's elements in its place.
fn lift(children: Vec<Node>, nodes: &mut Vec<Node>) {
    let mut depth = 0;
    for mut node in children {
        let step = depth_of(&node);
        if depth == 0 && is_space(&node) {
            continue;
        }
        if depth == 0 || depth + step == 0 {
            match &mut node.kind {
                Kind::Html { inline, .. } => *inline = false,
                Kind::Component(component) if depth == 0 => component.inline = false,
                _ => {}
            }
        }
        depth += step;
        nodes.push(node);
    }
}

/// Takes closing tags off the end whose opening tags stand before the paragraph.
fn trailing_ends(children: &mut Vec<Node>) -> Vec<Node> {
    let mut total: i32 = children.iter().map(depth_of).sum();
    let mut ends = Vec::new();
    while total < 0 && children.last().is_some_and(|last| depth_of(last) < 0) {
        if let Some(mut end) = children.pop() {
            if let Kind::Html { inline, .. } = &mut end.kind {
                *inline = false;
            }
            ends.insert(0, end);
            total += 1;
        }
        while children.last().is_some_and(is_space) {
            children.pop();
        }
    }
    ends
}
