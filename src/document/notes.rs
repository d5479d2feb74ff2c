//! Blocks of code with numbered markers (`# (1)!`) and the ordered list right after each, whose items are the notes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Code, Kind, Node, fence};
use crate::diagnostic::Span;

/// A block of code with markers.
#[derive(Clone, Debug)]
pub struct Noted<'a> {
    /// The block.
    pub code: &'a Node,
    /// The ordered list after it.
    pub list: Option<&'a Node>,
    /// The numbers of the notes that the list has.
    pub numbers: Range<usize>,
    /// The numbers of the markers.
    pub markers: Vec<usize>,
}

/// Every block of code with markers in `nodes` and below them, in reading order.
#[must_use]
pub fn noted(nodes: &[Node]) -> Vec<Noted<'_>> {
    let mut found = Vec::new();
    among(nodes, &mut found);
    found
}

/// The same by the place of the block.
#[must_use]
pub fn by_block(nodes: &[Node]) -> BTreeMap<Span, Noted<'_>> {
    noted(nodes).into_iter().map(|noted| (noted.code.span, noted)).collect()
}

fn among<'a>(nodes: &'a [Node], found: &mut Vec<Noted<'a>>) {
    for (index, node) in nodes.iter().enumerate() {
        if let Kind::Code(code) = &node.kind {
            let markers = markers(code);
            if !markers.is_empty() {
                let after = nodes[index + 1..].iter().find(|node| node.kind != Kind::Hidden);
                let list = after.filter(|node| matches!(node.kind, Kind::List { start: Some(_), .. }));
                let numbers = list.map_or(0..0, numbers);
                found.push(Noted { code: node, list, numbers, markers });
            }
        }
        among(&node.children, found);
    }
}

fn markers(code: &Code) -> Vec<usize> {
    // Most blocks are told apart by this alone; a block of Markdown shows how it is written.
    if !code.text.contains(")!") || matches!(code.fence.language.as_str(), "md" | "markdown" | "mdx") {
        return Vec::new();
    }
    code.text.lines().filter_map(fence::note_marker).map(|(_, number)| number).collect()
}

fn numbers(list: &Node) -> Range<usize> {
    let Kind::List { start: Some(start), .. } = list.kind else { return 0..0 };
    let first = usize::try_from(start).unwrap_or(usize::MAX);
    let items = list.children.iter().filter(|item| matches!(item.kind, Kind::Item { .. })).count();
    first..first.saturating_add(items)
}
