//! Blocks in, blocks with tab groups out: neighbouring code whose fences say `tab`.
//!
//! The form is that of Docusaurus's plugin for tabbed code: ```` ```js tab ````, with `tab="Label"` for another name
//! than the language's, and `tab={"span":2}` for a tab that holds the next block as well.

use super::literal;
use super::tab_group::Group;
use super::{Code, Kind, Node, Value};

/// The name that the groups share, so that a reader's choice holds everywhere.
const GROUP: &str = "code-examples";

/// How many blocks a tab may be said to hold.
const MOST: u32 = 100;

/// Puts neighbouring code that is marked so into tabs, at every depth.
pub(super) fn group(nodes: Vec<Node>) -> Vec<Node> {
    let mut out = Vec::with_capacity(nodes.len());
    let mut tabs = Group::new(GROUP);
    let mut more = 0;
    for mut node in nodes {
        node.children = group(std::mem::take(&mut node.children));
        if more > 0 {
            tabs.push(node);
            more -= 1;
        } else if let Some(tab) = tab(&node) {
            tabs.open(node.span, node.span.start, tab.value, tab.label);
            tabs.push(node);
            more = tab.span - 1;
        } else {
            tabs.close(None, &mut out);
            out.push(node);
        }
    }
    tabs.close(None, &mut out);
    out
}

struct Tab {
    value: String,
    label: String,
    /// How many blocks are in it.
    span: usize,
}

fn tab(node: &Node) -> Option<Tab> {
    let Kind::Code(Code { fence, .. }) = &node.kind else { return None };
    let (_, written) = fence.rest.iter().find(|(key, _)| key == "tab")?;
    let mut tab = Tab { value: fence.language.clone(), label: named(&fence.language).to_owned(), span: 1 };
    // The braces around an object are not part of a word's value.
    match literal::parse(&format!("{{{written}}}")) {
        Ok(Value::Object(fields)) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("label", Value::String(label)) => tab.label = label,
                    ("span", Value::Number(count)) => {
                        tab.span =
                            (1..MOST).rfind(|span| f64::from(*span) <= count).map_or(1, |span| span as usize);
                    }
                    _ => {}
                }
            }
        }
        Ok(_) | Err(_) => written.clone_into(&mut tab.label),
    }
    if tab.label != named(&fence.language) {
        tab.value.clone_from(&tab.label);
    }
    Some(tab)
}

/// What readers call a language.
fn named(language: &str) -> &str {
    match language {
        "js" | "javascript" => "JavaScript",
        "ts" | "typescript" => "TypeScript",
        "jsx" => "JSX",
        "tsx" => "TSX",
        "sh" | "bash" | "shell" => "Shell",
        "" => "Text",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::parse::{Options, parse};
    use super::super::walk;
    use super::*;
    use crate::diagnostic::FileId;

    /// Groups in brackets, tabs with their labels, code by its first line.
    fn short(nodes: &[Node]) -> String {
        let each = |node: &Node| match &node.kind {
            Kind::Component(component) if component.name == "Tabs" => format!("[{}]", short(&node.children)),
            Kind::Component(component) => {
                format!("{}: {}", component.text("label").unwrap_or_default(), short(&node.children))
            }
            Kind::Code(code) => code.text.trim().to_owned(),
            _ => "…".to_owned(),
        };
        nodes.iter().map(each).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn neighbours_that_say_so_are_tabs() {
        let text = "```js tab title=\"a\"\n1\n```\n\n```ts tab={\"span\":2}\n2\n```\n```ts tab\n3\n```\n```sh\n4\n```\n\n\
                    ```sh tab=\"Yarn\"\n5\n```\n\nText\n\n```sh\n6\n```\n";
        let (document, found) =
            parse(FileId(0), &Arc::from(text), &Options { mdx: true, ..Options::default() });
        assert_eq!(short(&document.nodes), "[JavaScript: 1 TypeScript: 2 3] 4 [Yarn: 5] … 6");
        assert!(found.is_empty(), "{found:?}");
        walk(&document.nodes, &mut |node| {
            assert!(node.children.iter().all(|child| node.span.contains(child.span)), "{node:?}");
        });
    }
}
