//! What stands for a placeholder, put in its place.

use std::ops::Range;

use super::{
    Build, Fold, Frame, Kind, Node, OPEN, Part, Place, Run, Tree, Value, View, What, literal, parts, restore,
};
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::markup;

impl Fold<'_> {
    /// Ends the paragraph before a block among its words and begins another after it.
    pub(super) fn split(&mut self, tree: &mut Tree, view: &View<'_>, range: &Range<usize>, number: usize) {
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

    pub(super) fn inline_html(&mut self, tree: &mut Tree, view: &View<'_>, html: &str, range: &Range<usize>) {
        tree.begin_implied(range);
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

    pub(super) fn html_block(&mut self, tree: &mut Tree, view: &View<'_>, run: &Run, range: &Range<usize>) {
        let text = run.text.as_str();
        let whole = !view.placeholders || !text.contains(OPEN);
        if whole && !self.options.mdx {
            let kind = Kind::Html { inline: false, html: text.to_owned() };
            let span = self.block_span(view, range);
            tree.top().children.push(Node { kind, span, children: Vec::new() });
            return;
        }
        let children = &mut Vec::new();
        for part in parts(text) {
            match part {
                // In HTML, words are HTML: a paragraph of their own would tear it apart.
                Part::Place(Place::Found(number), _)
                    if !self.options.mdx && matches!(self.found[number].what, What::Words) =>
                {
                    self.diagnostics.append(&mut self.found[number].diagnostics);
                    let range = self.found[number].span.clone();
                    let mut words = String::new();
                    markup::escape(&self.source[range.clone()], &mut words);
                    more_html(children, &words, Span::new(self.file, range));
                }
                Part::Place(Place::Found(number), _) => {
                    tree.top().children.append(children);
                    self.alone(tree, number);
                }
                Part::Place(Place::Edge, _) => {}
                Part::Text(part) if text[part.clone()].trim().is_empty() => {}
                Part::Text(part) => {
                    let source = view.source(run.source(part.clone()));
                    let span = self.trimmed(source);
                    let words = &text[part];
                    if self.options.mdx {
                        let kind = Kind::Text(words.trim().to_owned());
                        let words = Node { kind, span, children: Vec::new() };
                        children.push(Node { kind: Kind::Paragraph, span, children: vec![words] });
                    } else {
                        more_html(children, words, span);
                    }
                }
            }
        }
        tree.top().children.append(children);
    }

    /// Puts a finding among words.
    pub(super) fn among_words(&mut self, tree: &mut Tree, number: usize) {
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
    pub(super) fn alone(&mut self, tree: &mut Tree, number: usize) {
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

    pub(super) fn found_node(&mut self, number: usize, inline: bool) -> Node {
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
                    && let Some(title) =
                        component.attributes.iter_mut().rev().find(|attribute| is_unread(&attribute.value))
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
            // `{{ x }}` is how templates are written, ours and others': an undeclared one stays as it is.
            Ok(_) | Err(_) if inside.starts_with('{') && inside.ends_with('}') && !inside.contains(':') => {
                return Printed::Text(written.to_owned());
            }
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
}

enum Printed {
    Text(String),
    Node(Kind),
}

/// Whether an attribute waits for its Markdown.
fn is_unread(value: &Value) -> bool {
    matches!(value, Value::Markup(nodes) if nodes.is_empty())
}

/// Adds to the block of HTML that ends `nodes`, or begins one.
fn more_html(nodes: &mut Vec<Node>, text: &str, span: Span) {
    if let Some(Node { kind: Kind::Html { html, .. }, span: whole, .. }) = nodes.last_mut() {
        html.push_str(text);
        whole.end = span.end;
        return;
    }
    let kind = Kind::Html { inline: false, html: text.to_owned() };
    nodes.push(Node { kind, span, children: Vec::new() });
}
