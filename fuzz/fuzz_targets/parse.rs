//! Any text in any dialect: a document comes out, and each span lies in its parent's on character boundaries.
//! The first byte chooses the options.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use waypost::diagnostic::{FileId, Span};
use waypost::document::Node;
use waypost::document::parse::{Options, parse};

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let bit = |index: u8| choice >> index & 1 == 1;
    let options = Options {
        mdx: bit(0),
        directives: bit(1),
        admonitions: ["note".to_owned(), "tip".to_owned()].into(),
        elements: if bit(2) { ["details".to_owned(), "summary".to_owned()].into() } else { [].into() },
        gfm: bit(3),
        autolinks: bit(4),
        heading_ids: bit(4),
        emoji: bit(4),
        math: bit(5),
        indented_code: bit(6),
        smart_punctuation: bit(7),
        front_matter: bit(7),
        components: bit(2),
        markdown: [("Card".to_owned(), "title".to_owned())].into(),
    };
    let text: Arc<str> = text.into();
    let (document, diagnostics) = parse(FileId(0), &text, &options);
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.rule.code != "internal-error"));
    check(&text, &document.nodes, Span::new(FileId(0), 0..text.len()));
});

fn check(text: &str, nodes: &[Node], parent: Span) {
    for node in nodes {
        assert!(parent.contains(node.span), "{:?} is not in {parent:?}", node.span);
        assert!(text.get(node.span.range()).is_some());
        let shown = format!("{:?}", node.kind);
        assert!(!shown.contains("\\u{fdd0}") && !shown.contains("\\u{fdd1}"), "a placeholder leaks: {shown}");
        check(text, &node.children, node.span);
    }
}
