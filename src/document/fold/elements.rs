//! MDX's rules for tags among words: no paragraph around elements that fill it, no closing tag in the
//! paragraph when its opening tag stands before.

use super::{Kind, Node, Span, enclose, markup};

pub(super) fn push_paragraph(nodes: &mut Vec<Node>, children: Vec<Node>, span: Span) {
    if !children.is_empty() {
        let mut node = Node { kind: Kind::Paragraph, span, children };
        enclose(&mut node);
        nodes.push(node);
    }
}

pub(super) fn is_space(node: &Node) -> bool {
    match &node.kind {
        Kind::SoftBreak => true,
        Kind::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

pub(super) fn trim_breaks(children: &mut Vec<Node>) {
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
        return -1;
    }
    i32::from(!(html.ends_with("/>") || html.contains("</") || markup::is_void(name)))
}

/// Whether a paragraph holds nothing but elements (and what is in them), of which one is not phrasing: MDX
/// then puts no paragraph around them.
pub(super) fn is_only_elements(children: &[Node]) -> bool {
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
pub(super) fn lift(children: Vec<Node>, nodes: &mut Vec<Node>) {
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
pub(super) fn trailing_ends(children: &mut Vec<Node>) -> Vec<Node> {
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
