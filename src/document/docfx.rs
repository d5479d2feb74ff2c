//! Blocks in, blocks with tab groups and partials out: what docfx's authors write for `<Tabs>` and imports.
//!
//! A heading `# [Bash](#tab/bash)` opens a tab, and a rule ends the group. Zones (`::: zone pivot="bash"`), of which
//! the stage before reading leaves [`zone_start`] and [`ZONE_END`], are tabs as well: docfx shows one of them at a
//! time. Both become the component that `<Tabs>` would be, so that everything after reading knows one kind of tabs.
//! All groups of a site share a name: a reader who chose Bash once sees Bash everywhere, as docfx's readers do.

use super::tab_group::{Group, component};
use super::{Component, Import, Kind, Node, plain_text};

/// The name of all groups of tab headings; also the key in the query that selects a tab (`?tabs=bash`).
const TABS: &str = "tabs";
/// The same for zones.
const PIVOTS: &str = "pivots";

/// The line that stands for an included document, by its path from the folder of `book.toml`.
const INCLUDE: &str = "<!-- include ";
const ZONE: &str = "<!-- zone ";
/// The line that ends a zone.
const ZONE_END: &str = "<!-- zone-end -->";

/// Makes included documents partials: the component that an import's name would be, and the import.
pub(super) fn include(nodes: &mut [Node], imports: &mut Vec<Import>) {
    for node in nodes {
        if let Some(path) = comment(node, INCLUDE) {
            let name = path.to_owned();
            if imports.iter().all(|import| import.name != name) {
                imports.push(Import { source: format!("@site/{name}"), name: name.clone(), span: node.span });
            }
            let mut place = component(&name, node.span, Vec::new(), node.span);
            if let Kind::Component(Component { body, .. }) = &mut place.kind {
                *body = None;
            }
            *node = place;
        }
        include(&mut node.children, imports);
    }
}

/// Puts what stands in zones and below tab headings into tabs, at every depth.
pub(super) fn group(nodes: Vec<Node>) -> Vec<Node> {
    let mut out = Vec::with_capacity(nodes.len());
    let mut tabs = Group::new(TABS);
    let mut zones = Group::new(PIVOTS);
    let mut nodes = nodes.into_iter();
    while let Some(mut node) = nodes.next() {
        if let Some(pivot) = zone(&node) {
            tabs.close(None, &mut out);
            zones.open(node.span, node.span.end, pivot.to_owned(), pivot.replace(',', ", "));
            let mut end = node.span;
            let inside: Vec<Node> = nodes
                .by_ref()
                .take_while(|node| {
                    end = node.span;
                    !is_zone_end(node)
                })
                .collect();
            for node in group(inside) {
                zones.push(node);
            }
            zones.ends(end);
            continue;
        }
        zones.close(None, &mut out);
        node.children = group(std::mem::take(&mut node.children));
        if let Some((value, label)) = tab(&node) {
            tabs.open(node.span, node.span.end, value, label);
        } else if tabs.is_empty() {
            out.push(node);
        } else if node.kind == Kind::Rule {
            tabs.close(Some(node.span), &mut out);
        } else {
            tabs.push(node);
        }
    }
    tabs.close(None, &mut out);
    zones.close(None, &mut out);
    out
}

/// The pivot of the zone that a block opens.
fn zone(node: &Node) -> Option<&str> {
    comment(node, ZONE)
}

fn comment<'a>(node: &'a Node, start: &str) -> Option<&'a str> {
    let Kind::Html { html, .. } = &node.kind else { return None };
    html.trim().strip_prefix(start)?.strip_suffix(" -->")
}

fn is_zone_end(node: &Node) -> bool {
    matches!(&node.kind, Kind::Html { html, .. } if html.trim() == ZONE_END)
}

/// The value and the label of the tab that a heading opens: it holds nothing but a link to `#tab/value`, or to
/// `#tab/value/condition` for a tab that goes with another group's.
fn tab(node: &Node) -> Option<(String, String)> {
    let Kind::Heading { .. } = node.kind else { return None };
    let [link] = &node.children[..] else { return None };
    let Kind::Link { url, .. } = &link.kind else { return None };
    let value = url.strip_prefix("#tab/").filter(|value| !value.is_empty())?;
    let words = plain_text(&link.children);
    let label = match value.split_once('/') {
        Some((_, condition)) => format!("{words} ({condition})"),
        None => words,
    };
    Some((value.to_lowercase(), label))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::parse::{Options, parse};
    use super::*;
    use crate::diagnostic::FileId;

    fn read(text: &str) -> Vec<Node> {
        let options = Options { gfm: true, docfx: true, ..Options::default() };
        parse(FileId(0), &Arc::from(text), &options).0.nodes
    }

    /// The tree in short: groups with their labels, other blocks by their words.
    fn short(nodes: &[Node]) -> String {
        let each = |node: &Node| match &node.kind {
            Kind::Component(component) if component.name == "Tabs" => format!("[{}]", short(&node.children)),
            Kind::Component(component) => format!(
                "{}={}: {}",
                component.text("value").unwrap_or_default(),
                component.text("label").unwrap_or_default(),
                short(&node.children)
            ),
            Kind::List { .. } | Kind::Item { .. } => format!("({})", short(&node.children)),
            Kind::Rule => "---".to_owned(),
            _ => plain_text(&node.children),
        };
        nodes.iter().map(each).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn headings_open_tabs_and_a_rule_ends_the_group() {
        let nodes = read(
            "Before.\n\n# [Bash](#tab/Bash)\n\nOne.\n\n## Inside\n\n### [Cmd](#tab/cmd)\n\nTwo.\n\n---\n\nAfter.\n\n---\n",
        );
        assert_eq!(short(&nodes), "Before. | [bash=Bash: One. | Inside | cmd=Cmd: Two.] | After. | ---");
        assert_eq!(nodes[1].span.range(), 9..77);
    }

    #[test]
    fn a_group_ends_with_what_it_stands_in() {
        let nodes =
            read("1. Do:\n\n   # [`a`](#tab/a)\n\n   One.\n\n   # [B](#tab/b/c)\n\n   Two.\n\n2. Then.\n");
        assert_eq!(short(&nodes), "((Do: | [a=a: One. | b/c=B (c): Two.]) | (Then.))");
    }

    #[test]
    fn other_headings_with_links_stay() {
        let nodes = read("# [Bash](#tabs)\n\n# A [Bash](#tab/bash)\n\n[Bash](#tab/bash)\n");
        assert_eq!(short(&nodes), "Bash | A Bash | Bash");
    }

    #[test]
    fn zones_side_by_side_are_tabs_that_may_hold_tabs() {
        let text = "<!-- zone apt -->\n\n# [A](#tab/a)\n\nOne.\n\n---\n\n<!-- zone-end -->\n\n<!-- zone dnf,yum -->\n\nTwo.\n\n<!-- zone-end -->\n\nAfter.\n";
        assert_eq!(short(&read(text)), "[apt=apt: [a=A: One.] | dnf,yum=dnf, yum: Two.] | After.");
    }
}
