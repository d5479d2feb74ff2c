//! Tabs as they are found in, the component that `<Tabs>` would be out.
//!
//! Not every dialect writes tabs as tags; all that comes after reading knows them as components only.

use super::{Attribute, Component, Kind, Node, Syntax, Value};
use crate::diagnostic::Span;

/// A group of tabs while it is read.
pub(super) struct Group {
    name: &'static str,
    items: Vec<Node>,
    /// What ends it, where that was read.
    end: Option<Span>,
}

impl Group {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, items: Vec::new(), end: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Starts a tab: what opens it is at `place`, and what is in it starts at `body`.
    pub(super) fn open(&mut self, place: Span, body: u32, value: String, label: String) {
        let attributes = vec![attribute("value", value, place), attribute("label", label, place)];
        self.items.push(component("TabItem", place, attributes, Span { start: body, ..place }));
    }

    /// Says how far the group reaches, where that is further than its last tab.
    pub(super) fn ends(&mut self, end: Span) {
        self.end = Some(end);
    }

    /// Adds to the tab that was opened last, which then reaches to the end of what stands in it.
    pub(super) fn push(&mut self, node: Node) {
        let Some(item) = self.items.last_mut() else { return };
        item.span.end = item.span.end.max(node.span.end);
        if let Kind::Component(Component { body: Some(body), .. }) = &mut item.kind {
            body.end = body.end.max(node.span.end);
        }
        item.children.push(node);
    }

    /// Puts the group out, where there is one.
    pub(super) fn close(&mut self, end: Option<Span>, out: &mut Vec<Node>) {
        let items = std::mem::take(&mut self.items);
        let end = end.or(self.end.take());
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        let body = Span { end: last.span.end, ..first.span };
        let place = match &first.kind {
            Kind::Component(component) => component.name_span,
            _ => first.span,
        };
        let mut node =
            component("Tabs", place, vec![attribute("groupId", self.name.to_owned(), place)], body);
        node.span = Span { end: end.map_or(body.end, |end| end.end.max(body.end)), ..body };
        node.children = items;
        out.push(node);
    }
}

/// A component that no tag stands for.
pub(super) fn component(name: &str, place: Span, attributes: Vec<Attribute>, body: Span) -> Node {
    let component = Component {
        name: name.to_owned(),
        name_span: place,
        attributes,
        body: Some(body),
        inline: false,
        syntax: Syntax::Made,
        ordinal: 0,
    };
    Node { kind: Kind::Component(component), span: place, children: Vec::new() }
}

fn attribute(name: &str, value: String, place: Span) -> Attribute {
    Attribute { name: name.to_owned(), value: Value::String(value), span: place, value_span: place }
}
