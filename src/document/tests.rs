//! Whole texts in, trees and diagnostics out: each test is a form that pages have, or a slip they make.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::parse::{Options, parse};
use super::{Attribute, Document, Kind, LinkForm, Node, Value};
use crate::diagnostic::{Diagnostic, FileId, Span};

fn docusaurus() -> Options {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    Options {
        mdx: true,
        directives: true,
        admonitions: names(&["note", "tip", "info", "warning", "danger"]),
        elements: names(&["details", "summary", "llms-only"]),
        gfm: true,
        autolinks: true,
        heading_ids: true,
        math: true,
        emoji: true,
        front_matter: true,
        ..Options::default()
    }
}

fn read(text: &str) -> (Document, Vec<Diagnostic>) {
    parse(FileId(0), &Arc::from(text), &docusaurus())
}

/// The tree in one line, for a text that nothing is wrong with.
fn tree(text: &str) -> String {
    let (document, diagnostics) = read(text);
    let codes: Vec<_> =
        diagnostics.iter().map(|diagnostic| (diagnostic.rule.code, &diagnostic.message)).collect();
    assert!(codes.is_empty(), "{text:?}: {codes:?}");
    shown(&document.nodes)
}

/// The tree, and code and source of each diagnostic.
fn broken(text: &str) -> (String, Vec<(&'static str, &str)>) {
    let (document, diagnostics) = read(text);
    let found = diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.rule.code, &text[diagnostic.span.map(Span::range).unwrap_or_default()]))
        .collect();
    (shown(&document.nodes), found)
}

fn shown(nodes: &[Node]) -> String {
    let mut out = String::new();
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        show(node, &mut out);
    }
    out
}

/// Writing to a string does not fail.
fn done(_written: std::fmt::Result) {}

fn show(node: &Node, out: &mut String) {
    let name = match &node.kind {
        Kind::Text(text) => return done(write!(out, "{text:?}")),
        Kind::InlineCode(code) => return done(write!(out, "code{code:?}")),
        Kind::Html { html, inline } => return done(write!(out, "{}{html}", if *inline { "~" } else { "" })),
        Kind::Hidden => return out.push_str("hidden"),
        Kind::Expression { source } => return done(write!(out, "expr{{{source}}}")),
        Kind::SoftBreak => return out.push_str("br"),
        Kind::HardBreak => return out.push_str("BR"),
        Kind::Rule => return out.push_str("hr"),
        Kind::Code(code) => return done(write!(out, "fence:{}{:?}", code.fence.language, code.text)),
        Kind::Math { tex, display } => {
            return done(write!(out, "math{}{tex:?}", if *display { "$" } else { "" }));
        }
        Kind::FootnoteReference { label } => return done(write!(out, "^{label}")),
        Kind::Heading { level, id, .. } => format!("h{level}{}{id}", if id.is_empty() { "" } else { "#" }),
        Kind::Paragraph => "p".to_owned(),
        Kind::List { start, loose } => {
            format!(
                "{}{}",
                start.map_or("ul".to_owned(), |start| format!("ol{start}")),
                if *loose { "+" } else { "" }
            )
        }
        Kind::Item { checked } => match checked {
            None => "li".to_owned(),
            Some(checked) => format!("li:{checked}"),
        },
        Kind::Quote => "quote".to_owned(),
        Kind::Table { .. } => "table".to_owned(),
        Kind::Row => "tr".to_owned(),
        Kind::Cell => "td".to_owned(),
        Kind::FootnoteDefinition { label } => format!("note:{label}"),
        Kind::Emphasis => "em".to_owned(),
        Kind::Strong => "b".to_owned(),
        Kind::Strikethrough => "s".to_owned(),
        Kind::Link { url, form, .. } => {
            let form = match form {
                LinkForm::Inline => "",
                LinkForm::Reference(_) => "ref:",
                LinkForm::Autolink => "auto:",
                LinkForm::Bare => "bare:",
            };
            format!("a:{form}{url}")
        }
        Kind::Image { url, .. } => format!("img:{url}"),
        Kind::Component(component) => {
            let mut name = format!("{}{}", if component.inline { "~" } else { "" }, component.name);
            for Attribute { name: key, value, .. } in &component.attributes {
                let _infallible = match value {
                    Value::String(text) => write!(name, " {key}={text:?}"),
                    Value::Markup(nodes) => write!(name, " {key}=<{}>", shown(nodes)),
                    Value::Bool(true) => write!(name, " {key}"),
                    other => write!(name, " {key}={other:?}"),
                };
            }
            name
        }
        Kind::Partial { .. } => "partial".to_owned(),
    };
    let _infallible = write!(out, "{name}[{}]", shown(&node.children));
}

#[test]
fn components_stand_among_blocks_and_among_words() {
    assert_eq!(tree("<A>\n\n*x*\n\n</A>"), "A[p[em[\"x\"]]]");
    assert_eq!(tree("<A>\ntext\n- a\n- b\n</A>"), "A[p[\"text\"] ul[li[p[\"a\"]] li[p[\"b\"]]]]");
    assert_eq!(tree("<A>text *x*</A>"), "A[\"text \" em[\"x\"]]");
    assert_eq!(tree("a <A>1. x</A> b"), "p[\"a \" ~A[\"1. x\"] \" b\"]");
    assert_eq!(tree("# T <A /> u"), "h1[\"T \" ~A[] \" u\"]");
    assert_eq!(tree("[<A /> x](y)"), "p[a:y[~A[] \" x\"]]");
    assert_eq!(tree("| a |\n|---|\n| <A>x | y</A> |"), "table[tr[td[\"a\"]] tr[td[~A[\"x | y\"]]]]");
    assert_eq!(tree("text\n<A />\nmore"), "p[\"text\"] A[] p[\"more\"]");
    assert_eq!(tree("<A /> <B />"), "A[] B[]");
    assert_eq!(tree("**<A/>** **x:**<A/> _<A/>_"), "p[b[~A[]] \" \" b[\"x:\"] ~A[] \" \" em[~A[]]]");
    assert_eq!(tree("<A> _x_ </A>y"), "p[~A[\" \" em[\"x\"] \" \"] \"y\"]");
    assert_eq!(tree("<A.B c:d=\"e\" />"), "A.B c:d=\"e\"[]");
}

#[test]
fn components_stand_in_lists_and_quotes() {
    assert_eq!(
        tree("1. a\n\n   <A>\n     <B>\n\n     - x\n\n     </B>\n   </A>\n\n2. b"),
        "ol1+[li[p[\"a\"] A[B[ul[li[p[\"x\"]]]]]] li[p[\"b\"]]]"
    );
    assert_eq!(tree("- <A>\n  x\n  </A>\n- b"), "ul[li[A[p[\"x\"]]] li[p[\"b\"]]]");
    assert_eq!(tree("> <A>\n> x\n> > y\n> </A>"), "quote[A[p[\"x\"] quote[p[\"y\"]]]]");
    assert_eq!(tree("- a\n\n      <A>\n      x\n      </A>\n"), "ul+[li[p[\"a\"] A[p[\"x\"]]]]");
}

#[test]
fn indentation_means_nothing_to_tags() {
    assert_eq!(tree("<A>\n    <B>\n        x\n    </B>\n    </A>"), "A[B[p[\"x\"]]]");
    assert_eq!(tree("text\n\n    prose <A />\n    more"), "p[\"text\"] p[\"prose \" ~A[] br \"more\"]");
    assert_eq!(tree("<A>\n  ```js\n  x\n    y\n  ```\n</A>"), "A[fence:js\"x\\n  y\\n\"]");
    assert_eq!(tree("text\n      <A/>\nmore"), "p[\"text\"] A[] p[\"more\"]");
}

#[test]
fn code_hides_tags() {
    assert_eq!(
        tree("```\n<A>\n</B>\n```\n\n<C>\n~~~\n</C>\n~~~\n</C>"),
        "fence:\"<A>\\n</B>\\n\" C[fence:\"</C>\\n\"]"
    );
    assert_eq!(
        tree("`<A>` ``<A> ` {x}`` \\<A> \\{x}"),
        "p[code\"<A>\" \" \" code\"<A> ` {x}\" \" <A> {x}\"]"
    );
    assert_eq!(tree("- it`s\n- don`t <A/>"), "ul[li[p[\"it`s\"]] li[p[\"don`t \" ~A[]]]]");
    assert_eq!(tree("- a\n  ```\n  <A>\n  ```\n\n<B/>"), "ul[li[p[\"a\"] fence:\"<A>\\n\"]] B[]");
    assert_eq!(tree("````md\n```\n<A>\n```\n````"), "fence:md\"```\\n<A>\\n```\\n\"");
    // The scan takes the `{x}` for an expression and Markdown takes it for an address: the source is put back.
    assert_eq!(tree("[a](https://b/{x}) ![c](<{d e}>)"), "p[a:https://b/{x}[\"a\"] \" \" img:{d e}[\"c\"]]");
    assert_eq!(tree("$a_{x y}$"), "p[math\"a_{x y}\"]");
}

#[test]
fn comments_and_statements_are_hidden() {
    assert_eq!(tree("a\n\n<!-- <A> -->\n\nb {/* <A> */} c"), "p[\"a\"] hidden p[\"b \" hidden \" c\"]");
    assert_eq!(tree("<!--\n\n<A>\n\n-->\n\n{/*\n\n<B>\n\n*/}\n"), "hidden hidden");
    assert_eq!(tree("export const A = () => (\n  <B>\n\n  </B>\n);\n\nx"), "hidden p[\"x\"]");
    let (document, _) =
        read("import A, {\n  B as C,\n} from './x.md';\nimport './y.css'\n\nimport data from the server");
    let imports: Vec<_> =
        document.imports.iter().map(|import| (import.name.as_str(), import.source.as_str())).collect();
    assert_eq!(imports, [("A", "./x.md"), ("C", "./x.md")]);
    assert_eq!(shown(&document.nodes), "hidden hidden p[\"import data from the server\"]");
    assert_eq!(
        tree("````mdx-code-block\nimport A from 'b';\n\n<A>\n\n```js\nx\n```\n\n</A>\n````"),
        "hidden hidden A[fence:js\"x\\n\"] hidden"
    );
}

#[test]
fn expressions_are_printed() {
    assert_eq!(tree("a{' '}b {`c`} {1} {props.x} {true}"), "p[\"a b c 1 \" expr{props.x} \" \" hidden]");
    assert_eq!(tree("{props.children}"), "expr{props.children}");
    assert_eq!(tree("{`\n\ntext\n\n`}"), "p[\"\\n\\ntext\\n\\n\"]");
    assert_eq!(
        tree("{list.map(item => (\n  <li>{item}</li>\n))}"),
        "expr{list.map(item => (\n  <li>{item}</li>\n))}"
    );
    let (tree, found) = broken("Send {\"json\": 1} to {{ name }}, {some words here} or {");
    assert_eq!(tree, "p[\"Send {\\\"json\\\": 1} to {{ name }}, {some words here} or {\"]");
    // What `{{ name }}` is, other tools know.
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|(code, _)| *code == "unsupported-expression"), "{found:?}");
}

#[test]
fn admonitions_of_every_form() {
    let note = "Admonition type=\"note\"";
    assert_eq!(tree(":::note\n\nx\n\n:::"), format!("{note}[p[\"x\"]]"));
    assert_eq!(
        tree(":::note Your *title*\nx\n:::"),
        format!("{note} title=<\"Your \" em[\"title\"]>[p[\"x\"]]")
    );
    assert_eq!(
        tree(":::note[T `c` <B/>]\nx\n:::"),
        format!("{note} title=<\"T \" code\"c\" \" \" ~B[]>[p[\"x\"]]")
    );
    assert_eq!(tree("::: note\nx\n:::"), format!("{note}[p[\"x\"]]"));
    assert_eq!(tree(":::note{#a .b}\nx\n:::"), format!("{note} id=\"a\" class=\"b\"[p[\"x\"]]"));
    assert_eq!(
        tree("::::note\n:::tip\nx\n:::\ny\n::::\nz"),
        format!("{note}[Admonition type=\"tip\"[p[\"x\"]] p[\"y\"]] p[\"z\"]")
    );
    assert_eq!(
        tree(":::note\n:::tip\nx\n:::\ny\n:::\nz"),
        format!("{note}[Admonition type=\"tip\"[p[\"x\"]] p[\"y\"]] p[\"z\"]")
    );
    assert_eq!(
        tree("- a\n\n  :::note\n  x\n  :::\n- b"),
        format!("ul+[li[p[\"a\"] {note}[p[\"x\"]]] li[p[\"b\"]]]")
    );
    assert_eq!(tree("    :::note\n\n    x\n\n    :::"), format!("{note}[p[\"x\"]]"));
    assert_eq!(tree("<A>\n:::note\nx\n:::\n</A>"), format!("A[{note}[p[\"x\"]]]"));
    assert_eq!(tree("> :::note\n> x\n> :::"), format!("quote[{note}[p[\"x\"]]]"));
    assert_eq!(tree("text\n:::note\nx\n:::"), format!("p[\"text\"] {note}[p[\"x\"]]"));
    assert_eq!(tree(":::note\n```\n:::\n```\n:::"), format!("{note}[fence:\":::\\n\"]"));
    assert_eq!(tree("> [!NOTE]\n> x"), format!("{note}[p[\"x\"]]"));
    assert_eq!(tree(":::note\n:::"), format!("{note}[]"));
    assert_eq!(tree("at 10:30am, :word: ::: and ::foo"), "p[\"at 10:30am, :word: ::: and ::foo\"]");
    assert_eq!(
        tree("::: zone pivot=\"x\"\ny\n::: zone-end"),
        "p[\"::: zone pivot=\\\"x\\\"\" br \"y\" br \"::: zone-end\"]"
    );
}

#[test]
fn admonitions_that_are_wrong() {
    let note = "Admonition type=\"note\"";
    assert_eq!(broken(":::note\nx"), (format!("{note}[p[\"x\"]]"), vec![("unclosed-admonition", ":::note")]));
    assert_eq!(
        broken("- :::note\n  x\n- b\n\n:::tip\ny\n:::"),
        (
            format!("ul[li[{note}[p[\"x\"]]] li[p[\"b\"]]] Admonition type=\"tip\"[p[\"y\"]]"),
            vec![("unclosed-admonition", ":::note")]
        )
    );
    assert_eq!(
        broken("<A>\n:::note\nx\n</A>\ny"),
        (format!("A[{note}[p[\"x\"]]] p[\"y\"]"), vec![("unclosed-admonition", ":::note")])
    );
    // As many colons inside as outside: the first close ends both, and the rest of the page is free.
    assert_eq!(
        broken(":::note\nx\n:::tip\ny\n:::\n\nz"),
        (
            format!("{note}[p[\"x\"] Admonition type=\"tip\"[p[\"y\"]]] p[\"z\"]"),
            vec![("unclosed-admonition", ":::note")]
        )
    );
    let (_, diagnostics) = read(":::warnign\nx\n:::");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].fix.as_ref().map(|fix| fix.replacement.as_str()), Some("warning"));
    assert_eq!(broken("x\n\n:::\n"), ("p[\"x\"] p[\":::\"]".to_owned(), vec![("stray-closing-tag", ":::")]));
}

#[test]
fn tags_that_are_wrong_cost_only_themselves() {
    let (document, diagnostics) = read("<A>\n<B>\nx\n</A>\n\n**y**");
    assert_eq!(shown(&document.nodes), "A[p[\"<B>\" br \"x\"]] p[b[\"y\"]]");
    assert_eq!((diagnostics[0].rule.code, diagnostics[0].notes[0].0.start), ("unclosed-tag", 10));
    assert_eq!(broken("x\n\n</A>\n\ny").1, [("stray-closing-tag", "</A>")]);
    assert_eq!(
        broken("A `Vec` is Vec<String> and **x**"),
        (
            "p[\"A \" code\"Vec\" \" is Vec<String> and \" b[\"x\"]]".to_owned(),
            vec![("unclosed-tag", "<String>")]
        )
    );
    assert_eq!(
        broken("put <your-token> here"),
        ("p[\"put <your-token> here\"]".to_owned(), vec![("unclosed-tag", "<your-token>")])
    );
    assert_eq!(
        broken("<A b=\"c>\n\nx\n\n</A>\n\ny"),
        ("A[p[\"x\"]] p[\"y\"]".to_owned(), vec![("invalid-attribute", "\"")])
    );
    assert_eq!(
        broken("<A b={[{c: 1}]>\n\nx {y}\n\n</A>\n\nz}"),
        ("A[p[\"x \" expr{y}]] p[\"z}\"]".to_owned(), vec![("invalid-attribute", "{")])
    );
    assert_eq!(broken("<!-- x\n\ny").1, [("unclosed-comment", "<!--")]);
    assert_eq!(broken("<b>x\n\n</b>").1, []);
    assert_eq!(broken("x </b> y").1, [("stray-closing-tag", "</b>")]);
    assert_eq!(broken("```js\nx").1, [("unclosed-code", "```")]);
}

#[test]
fn what_mdx_1_left_behind_is_text() {
    assert_eq!(
        tree("<https://a.b> <n@a.b>"),
        "p[a:auto:https://a.b[\"https://a.b\"] \" \" a:auto:mailto:n@a.b[\"n@a.b\"]]"
    );
    assert_eq!(
        broken("x <= 1 and <1ms, a < b, <-"),
        (
            "p[\"x <= 1 and <1ms, a < b, <-\"]".to_owned(),
            vec![("bare-angle", "<"), ("bare-angle", "<"), ("bare-angle", "<")]
        )
    );
    assert_eq!(broken("<!DOCTYPE html>\n\nx").0, "p[\"<!DOCTYPE html>\"] p[\"x\"]");
}

#[test]
fn lowercase_tags_are_html_with_markdown_in_them() {
    assert_eq!(tree("<div className=\"a\">\n**x**\n</div>"), "<div class=\"a\"> p[b[\"x\"]] </div>");
    assert_eq!(tree("<p>x *y*</p>"), "<p> \"x \" em[\"y\"] </p>");
    assert_eq!(tree("<kbd>x</kbd> y<br />"), "p[~<kbd> \"x\" ~</kbd> \" y\" ~<br />]");
    assert_eq!(tree("<div>text\nmore\n</div>\nx"), "<div> \"text\" br \"more\" </div> p[\"x\"]");
    assert_eq!(tree("<pre>\n  {x} <A>\n\n**y**\n</pre>"), "<pre>\n  {x} <A>\n\n**y**\n</pre>");
    assert_eq!(tree("<style>{`a { b: c }`}</style>"), "<style>a { b: c }</style>");
    assert_eq!(tree("<a id=\"x\" />"), "<a id=\"x\"></a>");
    assert_eq!(
        tree("<details>\n<summary>a *b*</summary>\ntext\n\n</details>"),
        "details[summary[\"a \" em[\"b\"]] p[\"text\"]]"
    );
    assert_eq!(tree("<div>\n<A>\n</A>\n</div>"), "<div> A[] </div>");
}

#[test]
fn headings_have_ids() {
    for (text, expected) in [
        ("# A {#b}", "h1#b[\"A\"]"),
        ("## A *c* {#b-c}", "h2#b-c[\"A \" em[\"c\"]]"),
        ("# A \\{#b\\_c}", "h1#b_c[\"A\"]"),
        ("# A {/* #b */}", "h1#b[\"A\"]"),
        ("# `x` {#b} #", "h1#b[code\"x\"]"),
        ("A {#b}\n===", "h1#b[\"A\"]"),
        ("# A {#2022.1#b}", "h1#2022.1#b[\"A\"]"),
        ("# {#b} A", "h1[\"{#b} A\"]"),
        ("# A `{#b}`", "h1[\"A \" code\"{#b}\"]"),
    ] {
        assert_eq!(tree(text), expected, "{text}");
    }
    let text = "x\n\n# É {#b}\n";
    let (document, _) = read(text);
    let Kind::Heading { marker: Some(marker), explicit: true, .. } = document.nodes[1].kind else {
        panic!("{:?}", document.nodes[1]);
    };
    assert_eq!(&text[marker.range()], " {#b}");
}

#[test]
fn links_say_how_and_where_they_are_written() {
    let text = "[a](<b c> 'd') [e][f] [f] ![g](h(i)j) <https://k.l> https://m.n\n\n[f]: ../o.md \"p\"\n";
    let (document, _) = read(text);
    let mut found = Vec::new();
    super::walk(&document.nodes, &mut |node| {
        if let Kind::Link { form, url_span, .. } | Kind::Image { form, url_span, .. } = &node.kind {
            let place = match form {
                LinkForm::Reference(place) => *place,
                LinkForm::Inline | LinkForm::Autolink | LinkForm::Bare => *url_span,
            };
            found.push((&text[node.span.range()], place.map(|place| &text[place.range()])));
        }
    });
    assert_eq!(
        found,
        [
            ("[a](<b c> 'd')", Some("b c")),
            ("[e][f]", Some("../o.md")),
            ("[f]", Some("../o.md")),
            ("![g](h(i)j)", Some("h(i)j")),
            ("<https://k.l>", Some("https://k.l")),
            ("https://m.n", Some("https://m.n")),
        ]
    );
}

#[test]
fn definitions_hold_for_the_whole_page() {
    assert_eq!(
        tree("<A>\n[x] and [^1]\n</A>\n\n[x]: y\n\n[^1]: z"),
        "A[p[a:ref:y[\"x\"] \" and \" ^1]] note:1[p[\"z\"]]"
    );
    assert_eq!(tree("[x]\n\n<A>\n\n[x]: y\n\n</A>"), "p[a:ref:y[\"x\"]] A[]");
}

#[test]
fn line_endings_and_marks_of_other_systems() {
    let text = "\u{FEFF}---\r\ntitle: é\r\n---\r\n# É\r\n\r\n<A\r\n  b=\"c\">\r\n\r\n- x\r\n\r\n```js\r\ny\r\n```\r\n\r\n</A>\r\n";
    assert_eq!(tree(text), "h1[\"É\"] A b=\"c\"[ul[li[p[\"x\"]]] fence:js\"y\\n\"]");
    let (document, _) = read(text);
    assert!(text[document.body_start as usize..].starts_with("# É"));
    assert_eq!(&text[document.nodes[0].span.range()], "# É");
}

#[test]
fn reserved_characters_are_refused() {
    let (tree, found) = broken("a\u{FDD0}1\u{FDD1}b\0");
    assert_eq!(tree, "p[\"a\u{FFFD}1\u{FFFD}b\u{FFFD}\"]");
    assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["invalid-text"; 3]);
}

#[test]
fn plain_commonmark_has_no_components() {
    let options = Options { indented_code: true, ..Options::default() };
    let read = |text: &str| shown(&parse(FileId(0), &Arc::from(text), &options).0.nodes);
    assert_eq!(read("<Tabs>\n{x}\n</Tabs>\n\n    <A>\n"), "<Tabs>\n{x}\n</Tabs>\n fence:\"<A>\\n\"");
    assert_eq!(read(":::note\nhttps://a.b :tada: {#x}"), "p[\":::note\" br \"https://a.b :tada: {#x}\"]");
    let options = Options { elements: ["details".to_owned()].into(), ..options };
    let read = |text: &str| shown(&parse(FileId(0), &Arc::from(text), &options).0.nodes);
    assert_eq!(
        read("<div>\n<details>\n\n*x*\n\n</details>\n</div>\n\n    <details>\n\n`<details>`"),
        "<div>\n details[p[em[\"x\"]]] \n</div>\n fence:\"<details>\\n\" p[code\"<details>\"]"
    );
}
