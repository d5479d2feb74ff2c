//! The component trees of pages, against those of markdown-rs in MDX mode.
//!
//! The cases are what disagreed once, or could. `WAYPOST_ORACLE=folder cargo test --test oracle -- --ignored`
//! compares every Markdown file below a folder and prints those that differ.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]
#![expect(clippy::print_stdout, reason = "a corpus that is absent is skipped aloud")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use markdown::mdast::Node as Theirs;
use waypost::diagnostic::FileId;
use waypost::document::parse::{Options, parse};
use waypost::document::{Kind, Node, Syntax};

const CASES: &[&str] = &[
    "<Tabs>\n<TabItem value=\"a\">\nText\n</TabItem>\n</Tabs>",
    "<Tabs><TabItem value=\"a\">Text</TabItem></Tabs>",
    "- item\n\n  <Tabs>\n    <TabItem value=\"a\">\n\n    - inner\n\n    </TabItem>\n  </Tabs>\n\n- next <Badge>x</Badge>",
    "1. item\n   <Note>\n   text\n   </Note>\n2. item",
    "> <Note>\n> text *and* <Badge />\n> </Note>",
    "| a | b |\n|---|---|\n| <Badge>x</Badge> | <Icon /> |",
    "# Heading <Badge>new</Badge>",
    "[<Icon name=\"x\" /> text](address)",
    "**<Badge>x</Badge>** and _<Icon />_",
    "```mdx\n<Tabs>\n</TabItem>\n```\n\n<A>\n\n~~~\n<B>\n~~~\n\n</A>",
    "`<Tabs>` and ``<A> ` <B>`` <C />",
    "\\<Tabs> text <C />",
    "<A>\n    <B />\n    </A>",
    "<Tabs\n  values={[\n    {label: 'a > b', value: \"x\"},\n    {label: `x`},\n  ]}\n  groupId='g'\n>\n\n<TabItem />\n\n</Tabs>",
    "{/* <Tabs> */}\n\n<A />",
    "{/*\n\n<Tabs>\n\n*/}\n\n<A />",
    "<A>\n<div>\n\n<B />\n\n</div>\n</A>",
    "<div>\n  <A>text</A>\n</div>",
    "text <A>with <B>nested</B> words</A> text",
    "<A.B c={<Icon />}>\n\ntext\n\n</A.B>",
    "<A>\n\n1. one\n\n   ```js\n   <X>\n   ```\n\n2. two <B />\n\n</A>",
    "é <A ü=\"é\">é</A> é",
    "<A>\r\n<B />\r\n\r\n- <C />\r\n</A>\r\n",
    "<A>{'text'}</A> {x ? <B /> : null}",
    "<A>\n\n| x |\n|---|\n| <B /> |\n\n</A>",
    "Setext <A />\n===",
    "<details>\n<summary>Sum</summary>\n\n<A />\n\n</details>",
    "<A title=\"two\nlines\" />",
    "- [ ] task <A />\n- [x] <B />",
    "<A>\ttab</A>\n\t<B />",
    "<></>\n\n<A />",
];

#[test]
fn component_trees_are_those_of_markdown_rs() {
    for text in CASES {
        let expected = theirs(text).unwrap_or_else(|message| panic!("not MDX: {message}: {text}"));
        assert_eq!(ours(text), expected, "{text}");
    }
}

/// Real MDX, where it is present: the same tree on every page that markdown-rs can read.
#[test]
fn component_trees_of_real_pages() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    for name in ["jest", "moon", "rke2", "rtk"] {
        let folder = corpora.join(name);
        if !folder.exists() {
            println!("SKIPPED: the corpus {name} is not present at {}", folder.display());
            continue;
        }
        let (mut same, mut refused, mut differ) = (0, 0, Vec::new());
        for (path, text) in pages(&folder) {
            match theirs(&text) {
                Err(_) => refused += 1,
                Ok(expected) if ours(&text) == expected => same += 1,
                Ok(expected) => {
                    differ.push(format!("{path}\n  markdown-rs {expected}\n  waypost     {}", ours(&text)));
                }
            }
        }
        assert!(differ.is_empty(), "{name}:\n{}", differ.join("\n"));
        println!("{name}: {same} pages the same, {refused} are no MDX to markdown-rs");
    }
}

fn pages(folder: &Path) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "md" || extension == "mdx")
            && let Ok(text) = std::fs::read_to_string(path)
            // Docusaurus takes these fences away before MDX sees them.
            && !text.contains("```mdx-code-block")
        {
            pages.push((path.display().to_string(), text));
        }
    }
    pages
}

/// The components of a page by name, with those in them in parentheses.
fn ours(text: &str) -> String {
    let options = Options { mdx: true, gfm: true, front_matter: true, ..Options::default() };
    let (document, _) = parse(FileId(0), &Arc::from(text), &options);
    let mut tree = String::new();
    write_ours(&document.nodes, &mut tree);
    tree
}

fn write_ours(nodes: &[Node], tree: &mut String) {
    for node in nodes {
        match &node.kind {
            Kind::Component(component) if component.syntax == Syntax::Tag => {
                let _infallible = write!(tree, "{}(", component.name);
                write_ours(&node.children, tree);
                tree.push(')');
            }
            _ => write_ours(&node.children, tree),
        }
    }
}

fn theirs(text: &str) -> Result<String, String> {
    let mut options = markdown::ParseOptions::mdx();
    let gfm = markdown::Constructs::gfm();
    options.constructs.gfm_table = gfm.gfm_table;
    options.constructs.gfm_task_list_item = gfm.gfm_task_list_item;
    options.constructs.gfm_strikethrough = gfm.gfm_strikethrough;
    options.constructs.gfm_footnote_definition = gfm.gfm_footnote_definition;
    options.constructs.gfm_label_start_footnote = gfm.gfm_label_start_footnote;
    options.constructs.frontmatter = true;
    // It needs a JavaScript parser to know where a statement ends; what the pages export is no component here.
    options.mdx_esm_parse = Some(Box::new(|_| markdown::MdxSignal::Ok));
    let root = markdown::to_mdast(text, &options).map_err(|message| message.to_string())?;
    let mut tree = String::new();
    write_theirs(&root, &mut tree);
    Ok(tree)
}

fn write_theirs(node: &Theirs, tree: &mut String) {
    let name = match node {
        Theirs::MdxJsxFlowElement(element) => element.name.as_deref(),
        Theirs::MdxJsxTextElement(element) => element.name.as_deref(),
        _ => None,
    };
    let name = name.filter(|name| name.contains('.') || name.starts_with(|c: char| c.is_ascii_uppercase()));
    if let Some(name) = name {
        let _infallible = write!(tree, "{name}(");
    }
    for child in node.children().into_iter().flatten() {
        write_theirs(child, tree);
    }
    if name.is_some() {
        tree.push(')');
    }
}
