//! What holds for every text: there is a document, its spans are right, and nothing of the machinery shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use waypost::diagnostic::{Diagnostic, FileId, Span};
use waypost::document::parse::{Options, parse};
use waypost::document::{Document, Kind, Node, Value, fence, front_matter, literal};

/// What pages are made of, and what trips readers of them.
const FRAGMENTS: &[&str] = &[
    "# [Bash](#tab/bash)\n\n",
    "<!-- zone a -->\n\n",
    "\n<!-- zone-end -->\n",
    "```js tab\nx\n```\n",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "  ",
    "    ",
    "\t",
    "text ",
    "é",
    "日本",
    "🎉",
    "# ",
    "## ",
    "- ",
    "* ",
    "1. ",
    "> ",
    "```\n",
    "```js {1} title=\"x\"\n",
    "~~~\n",
    "````mdx-code-block\n",
    "````\n",
    "`",
    "``",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "[a]: b\n",
    "[a]",
    "[^1]",
    "[^1]: note\n",
    "| a | b |\n|---|---|\n",
    "| ",
    "<Tabs>",
    "</Tabs>",
    "<TabItem value=\"a\">",
    "</TabItem>",
    "<Tabs values={[{label: 'x', value: \"y\"}]}>",
    "<A b='c",
    "<A b={",
    "<A />",
    "<A.B>",
    "</A.B>",
    "<div>",
    "</div>",
    "<br/>",
    "<p className=\"x\" style={{a: 1}}>",
    "</p>",
    "<pre>",
    "</pre>",
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "<!-- ",
    " -->",
    "{/* ",
    " */}",
    "{",
    "}",
    "{x}",
    "{'s'}",
    "{`t\n\n`}",
    "{#id}",
    "{/* #id */}",
    ":::note Title\n",
    ":::tip[T]{#a .b}\n",
    "::::info\n",
    ":::\n",
    "::::\n",
    ":::unknown\n",
    "import A from 'b'\n",
    "export const a = {\n",
    "import ",
    "<https://a.b>",
    "https://a.b/c ",
    "a@b.c ",
    "<1",
    "<=",
    "Vec<String>",
    "$",
    "$$\n",
    "\\",
    "&amp;",
    "&",
    "---\n",
    "===\n",
    "---\ntitle: x\n---\n",
    "> [!NOTE]\n",
    ":tada:",
    "- [ ] ",
    "\u{FDD0}1\u{FDD1}",
    "\u{FDD0}",
    "\0",
    "\u{FEFF}",
    "<?x?>",
    "<!X>",
    "<>",
    "</>",
    "\"",
    "'",
    "=",
    ",",
    "//",
    "/*",
    "*/",
    "Vec<T>",
    "</T>",
    "<BR>",
    "<Card title=\"a `b` <i> \\\" c\">",
    "</Card>",
    "<div>\n",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40).prop_map(|parts| parts.concat()),
        1 => "[ -~\n<>{}`:*é]{0,80}",
        1 => any::<String>(),
    ]
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

/// Docusaurus's, mdBook's, docfx's, `CommonMark`'s with elements, and `CommonMark` alone.
fn dialects() -> [Options; 5] {
    let docusaurus = Options {
        mdx: true,
        directives: true,
        admonitions: names(&["note", "tip", "info", "warning"]),
        elements: names(&["details", "summary"]),
        gfm: true,
        autolinks: true,
        heading_ids: true,
        math: true,
        indented_code: false,
        emoji: true,
        smart_punctuation: false,
        front_matter: true,
        markdown: [("Card".to_owned(), "title".to_owned())].into(),
        components: false,
        ..Options::default()
    };
    let mdbook = Options {
        mdx: false,
        components: true,
        elements: names(&["Tabs", "Card"]),
        math: false,
        emoji: false,
        autolinks: false,
        directives: false,
        indented_code: true,
        smart_punctuation: true,
        ..docusaurus.clone()
    };
    let docfx = Options { smart_punctuation: false, autolinks: true, docfx: true, ..mdbook.clone() };
    let elements = Options { elements: names(&["details"]), indented_code: true, ..Options::default() };
    let plain = Options { indented_code: true, ..Options::default() };
    [docusaurus, mdbook, docfx, elements, plain]
}

fn check(text: &str, document: &Document, diagnostics: &[Diagnostic]) {
    let whole = Span::new(FileId(0), 0..text.len());
    assert!(text.is_char_boundary(document.body_start as usize));
    nodes(text, &document.nodes, whole);
    for import in &document.imports {
        span(text, import.span, whole);
    }
    for (_, found) in &document.front_matter.spans {
        span(text, *found, whole);
    }
    for diagnostic in diagnostics {
        if let Some(found) = diagnostic.span {
            span(text, found, whole);
        }
        for (note, _) in &diagnostic.notes {
            span(text, *note, whole);
        }
        if let Some(fix) = &diagnostic.fix {
            span(text, fix.span, whole);
        }
        assert!(!diagnostic.message.contains(['\u{FDD0}', '\u{FDD1}', '\n']), "{diagnostic:?}");
        assert_ne!(diagnostic.rule.code, "internal-error");
    }
}

fn span(text: &str, found: Span, parent: Span) {
    assert!(found.start <= found.end && parent.contains(found), "{found:?} is not in {parent:?}");
    assert!(text.get(found.range()).is_some(), "{found:?} is not on character boundaries");
}

fn nodes(text: &str, list: &[Node], parent: Span) {
    for node in list {
        span(text, node.span, parent);
        let shown = format!("{:?}", node.kind);
        assert!(!shown.contains("\\u{fdd0}") && !shown.contains("\\u{fdd1}"), "a placeholder leaks: {shown}");
        match &node.kind {
            Kind::Component(component) => {
                span(text, component.name_span, node.span);
                if let Some(body) = component.body {
                    span(text, body, node.span);
                    if component.syntax == waypost::document::Syntax::Tag {
                        nodes(text, &node.children, body);
                    }
                }
                for attribute in &component.attributes {
                    span(text, attribute.span, node.span);
                    span(text, attribute.value_span, attribute.span);
                    if let Value::Markup(title) = &attribute.value {
                        nodes(text, title, attribute.span);
                    }
                }
            }
            Kind::Link { url_span: Some(found), .. } | Kind::Image { url_span: Some(found), .. } => {
                span(text, *found, node.span);
            }
            Kind::Heading { marker: Some(found), .. } => span(text, *found, node.span),
            Kind::Code(code) => {
                if let Some(found) = code.info {
                    span(text, found, node.span);
                }
                let _lines = fence::lines(&code.fence, &code.text);
            }
            _ => {}
        }
        nodes(text, &node.children, node.span);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn every_text_has_a_document_with_right_spans(text in texts()) {
        for options in dialects() {
            let (document, diagnostics) = parse(FileId(0), &Arc::from(text.as_str()), &options);
            check(&text, &document, &diagnostics);
        }
    }

    #[test]
    fn the_same_text_has_the_same_document(text in texts()) {
        let [docusaurus, ..] = dialects();
        let read = || parse(FileId(0), &Arc::from(text.as_str()), &docusaurus);
        let ((first, first_found), (second, second_found)) = (read(), read());
        prop_assert_eq!(first.nodes, second.nodes);
        prop_assert_eq!(format!("{first_found:?}"), format!("{second_found:?}"));
    }

    #[test]
    fn literals_and_headers_survive_everything(text in any::<String>(), code in "[\\[\\]{}()'\"`a-z0-9:,./*+$\\\\ é\n-]{0,60}") {
        for source in [&text, &code] {
            if let Err(problem) = literal::parse(source) {
                prop_assert!(source.is_char_boundary(problem.at));
            }
            let _is = literal::is_expression(source);
            let _fence = fence::read(source);
            let header = format!("---\n{source}\n---\nbody");
            let (_, body, diagnostics) = front_matter::read(FileId(0), &header, front_matter::Keys::Known);
            prop_assert!(header.is_char_boundary(body));
            for diagnostic in diagnostics {
                prop_assert!(diagnostic.span.is_none_or(|span| header.get(span.range()).is_some()));
            }
        }
    }
}

#[test]
fn deep_nesting_costs_no_stack() {
    let [docusaurus, mdbook, ..] = dialects();
    for unit in [
        "<A>",
        "> ",
        "- ",
        "<div>",
        "{",
        "[",
        ":::note\n",
        "*a ",
        "<A>\n\n- ",
        "> <A>\n> ",
        "`<A>",
        "<A b={",
        "<!--",
        "![",
        "<A b=\"",
        "<a ",
        "$a",
        "\n\n        ",
    ] {
        let text: Arc<str> = unit.repeat(20_000).into();
        for options in [&docusaurus, &mdbook] {
            let (document, diagnostics) = parse(FileId(0), &text, options);
            check(&text, &document, &diagnostics);
        }
    }
}
