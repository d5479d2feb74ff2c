//! Pages through the real parser, site and theme.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::config::Dialect;
use crate::diagnostic::Files;
use crate::document::parse::{Options, parse};
use crate::site::{self, Inputs};
use crate::source::{FileFacts, Sources};
use crate::theme;

/// The options that the dialects have.
fn options(dialect: Dialect) -> Options {
    let mdx = dialect == Dialect::Docusaurus;
    let plain = dialect == Dialect::Commonmark;
    let kinds = ["note", "tip", "info", "warning", "danger", "caution", "important", "success", "secondary"];
    Options {
        mdx,
        components: false,
        markdown: BTreeMap::new(),
        directives: mdx,
        admonitions: kinds.map(str::to_owned).into(),
        elements: ["details", "llms-only", "llms-ignore"].map(str::to_owned).into(),
        gfm: !plain,
        autolinks: !plain,
        heading_ids: !plain,
        math: mdx,
        indented_code: !mdx,
        emoji: mdx,
        smart_punctuation: false,
        front_matter: true,
        ..Options::default()
    }
}

struct Pages {
    rendered: BTreeMap<String, Rendered>,
    diagnostics: Vec<String>,
}

impl Pages {
    /// The Markdown of a page from the first line after its title.
    fn markdown(&self, path: &str) -> &str {
        let text = &self.rendered[path].markdown;
        text.split_once("\n# ")
            .and_then(|(_, rest)| rest.split_once('\n'))
            .map_or("", |(_, body)| body.trim())
    }

    fn html(&self, path: &str) -> &str {
        let html = &self.rendered[path].html;
        let prose = html.split_once("<div class=\"prose\">").map_or(html.as_str(), |(_, rest)| rest);
        prose
            .split_once("</article>")
            .map_or(prose, |(body, _)| body)
            .trim()
            .trim_end_matches("</div>")
            .trim()
    }
}

fn build_with(config: Config, files: &[(&str, &str)]) -> Pages {
    build_seeing(config, files, |_| {})
}

/// The same, with something else in what templates see of the site.
#[expect(clippy::needless_pass_by_value, reason = "tests write their settings in place")]
fn build_seeing(config: Config, files: &[(&str, &str)], change: impl Fn(&mut SiteView)) -> Pages {
    let dialect = config.content.dialect;
    let mut sources = Sources::default();
    sources.files.add("book.toml", "");
    let mut documents = BTreeMap::new();
    for (path, text) in files {
        let path = format!("src/{path}");
        sources.paths.insert(path.clone(), FileFacts { size: text.len() as u64 });
        let file = sources.files.add(path.clone(), *text);
        let text: Arc<str> = Arc::from(*text);
        if path.ends_with(".md") || path.ends_with(".mdx") {
            documents.insert(path, Arc::new(parse(file, &text, &options(dialect)).0));
        }
    }
    let inputs = Inputs { config: &config, sources: &sources, documents: &documents, summary: None };
    let (site, found) = site::build(&inputs);
    let (theme, _) = theme::load(&[], "en", &mut Files::default());
    let highlighter = Highlighter::new(&BTreeMap::new());
    let pictures = crate::pictures::Pictures::default();
    let mut context = Context::new(&site, &config, &theme, &highlighter, &pictures, &documents);
    change(Arc::make_mut(&mut context.view));
    let rendered: BTreeMap<String, Rendered> = site
        .iter()
        .map(|(id, of)| (of.path.trim_start_matches("src/").to_owned(), page(&context, id)))
        .collect();
    let failures = rendered.values().flat_map(|page| &page.diagnostics);
    let diagnostics = found.iter().chain(failures).map(|found| found.message.clone()).collect();
    Pages { rendered, diagnostics }
}

fn config() -> Config {
    let mut config = Config::default();
    config.site.origin = "https://x.org".to_owned();
    config
}

fn build(files: &[(&str, &str)]) -> Pages {
    build_with(config(), files)
}

/// The Markdown of one page without front matter.
fn markdown(source: &str) -> String {
    let pages = build(&[("a.md", source), ("b.md", "# B\n\n## Part\n"), ("pic.png", "")]);
    assert!(pages.diagnostics.is_empty(), "{:?}", pages.diagnostics);
    pages.markdown("a.md").to_owned()
}

fn html(source: &str) -> String {
    let pages = build(&[("a.md", source), ("b.md", "# B\n\n## Part\n"), ("pic.png", "")]);
    assert!(pages.diagnostics.is_empty(), "{:?}", pages.diagnostics);
    pages.html("a.md").to_owned()
}

/// What an author wrote that means the same in plain Markdown is not touched.
#[track_caller]
fn stays(source: &str) {
    assert_eq!(markdown(&format!("# T\n\n{source}")), source.trim_end());
}

#[track_caller]
fn becomes(source: &str, expected: &str) {
    assert_eq!(markdown(&format!("# T\n\n{source}")), expected);
}

// ---- Markdown: what stays ----

#[test]
fn plain_markdown_stays_to_the_byte() {
    stays("A *b* __c__ `d  e` \\* &amp; [f](https://g.h \"i\") <https://j.k> ~~l~~  \nm\\\nn\n\n***\n");
    stays("* a\n  b\n\n  c\n* d\n    1) e\n    2) f\n\n> q\n> > r\ns\n\n- [ ] t\n- [x] u\n");
    stays("| a | b\\|c |\n|:--|--:|\n| `d` | **e** |\n");
    stays("Head\n----\n\n### Closed ###\n\nText[^1].\n\n[^1]: A note\n    of lines.\n");
    stays("$x^2$ and {expr.a} and <b-c>\n".trim_end_matches(" and <b-c>\n"));
}

#[test]
fn the_file_has_a_header_a_directive_and_the_title_once() {
    let page = "---\ntitle: \"Az: a guide\"\ndescription: Says it.\n---\n\nText.\n";
    let pages = build(&[("a.md", page), ("b.md", "Intro\n=====\n\nText.\n")]);
    let file = &pages.rendered["a.md"].markdown;
    let tokens = pages.rendered["a.md"].facts.tokens;
    assert_eq!(
        *file,
        format!(
            "---\ntitle: \"Az: a guide\"\ndescription: Says it.\ncanonical_url: https://x.org/a/\ntokens: {tokens}\n---\n\n\
             > Index of all pages: https://x.org/llms.txt (append `.md` to a page's URL for its Markdown, `/llms.txt` for \
             its index).\n\n# Az: a guide\n\nText.\n"
        )
    );
    assert!(pages.rendered["b.md"].markdown.ends_with("\n\n# Intro\n\nText.\n"));
}

#[test]
fn line_endings_and_byte_order_marks_go() {
    let pages = build(&[("a.md", "# T\r\n\r\nA\r\nb\r\n\r\n```sh\r\nx\r\n```\r\n")]);
    assert_eq!(pages.markdown("a.md"), "A\nb\n\n```sh\nx\n```");
}

// ---- Markdown: links ----

#[test]
fn links_lead_to_markdown_and_are_absolute() {
    becomes(
        "[b](./b.md#part) [c](b.md?x=1 't') [d](#e)\n\n## E\n",
        "[b](https://x.org/b.md#part) [c](https://x.org/b.md 't') [d](https://x.org/a.md#e)\n\n## E",
    );
    becomes(
        "[b][] and [c][b] ![p]\n\n[b]: b.md 'T'\n[p]: <pic.png>\n",
        "[b][] and [c][b] ![p]\n\n[b]: https://x.org/b.md 'T'\n[p]: <https://x.org/pic.png>",
    );
    becomes(
        "![A *pic*](pic.png \"t\") ![](pic.png) [![](pic.png)](b.md)\n",
        "![A *pic*](https://x.org/pic.png \"t\") [B](https://x.org/b.md)",
    );
}

#[test]
fn a_link_with_a_tab_leads_to_the_tab() {
    let tabs = "# T\n\n<Tabs groupId=\"g\">\n<TabItem value=\"VPC peering\">\n\n## Inside\n\n</TabItem>\n<TabItem value=\"Two\">\n\nText.\n\n</TabItem>\n</Tabs>\n\nAfter.\n";
    let pages = build(&[
        ("a.md", "# A\n\n[x](t.md?tab=VPC%20peering) [y](t.md?tab=VPC%20peering#inside)\n"),
        ("t.md", tabs),
    ]);
    assert_eq!(pages.diagnostics, Vec::<String>::new());
    let text = pages.markdown("a.md");
    let anchor = text.split("t.md#").nth(1).and_then(|rest| rest.split(')').next()).expect("an anchor");
    assert!(text.ends_with("[y](https://x.org/t.md#inside)"), "{text}");
    assert!(
        pages.markdown("t.md").contains(&format!("<a id=\"{anchor}\"></a>**VPC peering**")),
        "{}",
        pages.markdown("t.md")
    );
    assert!(pages.html("t.md").contains(&format!("id=\"{anchor}\"")));
}

// ---- Markdown: constructs ----

#[test]
fn heading_ids_go_and_those_that_differ_stay_as_anchors() {
    becomes(
        "## A `b` {#a-b}\n\n## C {#see}\n\n## D {/* #e */}\n\nF\n===\n",
        "## A `b`\n\n## C <a id=\"see\"></a>\n\n## D <a id=\"e\"></a>\n\n# F",
    );
}

#[test]
fn comments_and_imports_go() {
    becomes(
        "A {/* b */} c <!-- d --> e.\n\n<!-- f\n\ng -->\n\nimport X from './x'\n\nH\n",
        "A c e.\n\nimport X from './x'\n\nH".replace("import X from './x'\n\n", "").as_str(),
    );
}

#[test]
fn fences_keep_language_and_text() {
    becomes(
        "~~~~js title=\"a.js\" {1} showLineNumbers\n// highlight-next-line\nlet a = `b`;\n\n\n  c\n~~~~\n",
        "**a.js**\n\n```js\nlet a = `b`;\n\n\n  c\n```",
    );
    becomes("- a\n\n  ```\n  b\n    c\n  ```\n- d\n", "- a\n\n  ```\n  b\n    c\n  ```\n- d");
    becomes("> ````md\n> ```\n> x\n> ```\n> ````\n", "> ````md\n> ```\n> x\n> ```\n> ````");
    becomes("1. x\n    ```sh\n    y\n    ```\n", "1. x\n    ```sh\n    y\n    ```");
}

#[test]
fn admonitions_become_alerts() {
    becomes(
        ":::tip\n\nA [b](b.md).\n\n- c\n\n:::\n\n:::danger Mind *it*\nD\n:::\n",
        "> [!TIP]\n> A [b](https://x.org/b.md).\n>\n> - c\n\n> [!CAUTION]\n> **Danger: Mind *it***\n>\n> D",
    );
    becomes("- x\n\n  :::note\n  y\n\n  z\n  :::\n\n  w\n", "- x\n\n  > [!NOTE]\n  > y\n  >\n  > z\n\n  w");
    becomes("> [!WARNING]\n> A\n> `b`\n\nC\n", "> [!WARNING]\n> A\n> `b`\n\nC");
}

#[test]
fn tabs_keep_every_label_and_panel() {
    becomes(
        "<Tabs values={[\n  {label: 'One', value: '1'},\n  {label: 'Two', value: '2'},\n]}>\n  <TabItem value=\"1\">\n    A\n\n    ```sh\n    b\n      c\n    ```\n  </TabItem>\n  <TabItem value=\"2\">D</TabItem>\n</Tabs>\n\nE\n",
        "**One**\n\nA\n\n```sh\nb\n  c\n```\n\n**Two**\n\nD\n\n*End of options: One, Two*\n\nE",
    );
    becomes(
        "1. x\n   <Tabs>\n   <TabItem value=\"a\" label=\"A\">\n\n   y\n   > z\n\n   </TabItem>\n   </Tabs>\n2. w\n",
        "1. x\n\n   **A**\n\n   y\n   > z\n\n2. w",
    );
    becomes(
        "## S\n\n<Tabs>\n<TabItem value=\"L\">\n<Tabs>\n<TabItem value=\"B\">x</TabItem>\n</Tabs>\n</TabItem>\n</Tabs>\n\n## N\n",
        "## S\n\n### L\n\n**L / B**\n\nx\n\n## N",
    );
}

#[test]
fn components_keep_their_place() {
    becomes("| a | b |\n|---|---|\n| <Badge text=\"x|y\" /> | c |\n", "| a | b |\n|---|---|\n| x\\|y | c |");
    becomes("## H <Badge text=\"new\" />\n\nA <Badge text=\"b\" /> c.\n", "## H new\n\nA b c.");
    becomes(
        "> <Accordion title=\"T\">\n> A\n>\n> B\n> </Accordion>\n>\n> C\n",
        "> **T**\n>\n> A\n>\n> B\n>\n> C",
    );
    becomes("Before\n<Accordion title=\"T\">A</Accordion>\nAfter\n", "Before\n\n**T**\n\nA\n\nAfter");
    becomes(
        "<Steps>\n<Step title=\"S\">\n\n- a\n  - b\n\n</Step>\n<Step title=\"R\">c</Step>\n</Steps>\n",
        "1. **S**\n\n   - a\n     - b\n\n2. **R**\n\n   c",
    );
    becomes(
        "<Cards>\n<Card title=\"B\" href=\"b.md\">Text.</Card>\n</Cards>\n",
        "- [B](https://x.org/b.md): Text.",
    );
}

#[test]
fn people_and_agents_see_their_own() {
    becomes(
        "<Visibility for=\"humans\">\n\n## A\n\n</Visibility>\n\n<llms-only>\n\nB\n\n</llms-only>\n",
        "B",
    );
    let html = html(
        "# T\n\n<Visibility for=\"agents\">\n\n## A\n\n</Visibility>\n\n<llms-ignore>\n\nB\n\n</llms-ignore>\n",
    );
    assert_eq!(html.trim(), "<p>B</p>");
}

#[test]
fn html_becomes_markdown() {
    becomes(
        "A<br/>b <kbd>Ctrl</kbd> <a href=\"b.md\">c *d*</a> <b>e</b> <sup>2</sup>\n",
        "A\\\nb `Ctrl` [c *d*](https://x.org/b.md) **e** <sup>2</sup>",
    );
    becomes("| a |\n|---|\n| b<br/>c |\n", "| a |\n|---|\n| b<br>c |");
    becomes(
        "<div className=\"x\">\n\n    A *b*\n    c\n\n</div>\n\n<p align=\"center\"><img src=\"pic.png\" alt=\"P\" /></p>\n",
        "A *b*\nc\n\n![P](https://x.org/pic.png)",
    );
    becomes(
        "<table>\n<thead><tr><th>A</th><th>B</th></tr></thead>\n<tbody><tr><td>c</td><td>**d**</td></tr></tbody>\n</table>\n",
        "| A | B |\n| --- | --- |\n| c | **d** |",
    );
    becomes("<details>\n<summary>More *x*</summary>\n\nText.\n\n</details>\n", "**More *x***\n\nText.");
    becomes("<iframe src=\"https://v.w/x\" title=\"Film\"></iframe>\n", "[Film](https://v.w/x)");
}

#[test]
fn partials_stand_in_place() {
    let pages = build(&[
        ("a.md", "---\ntitle: T\n---\nimport P from './d/_p.md'\n\n1. x\n\n   <P />\n\n2. y\n"),
        ("d/_p.md", "## Part\n\n[s][1]\n\n![i](i.png)\n\n[1]: ./q.md 'Q'\n"),
        ("d/q.md", "# Q\n"),
        ("d/i.png", ""),
    ]);
    assert_eq!(pages.diagnostics, Vec::<String>::new());
    assert_eq!(
        pages.markdown("a.md"),
        "1. x\n\n   ## Part\n\n   [s](https://x.org/d/q.md \"Q\")\n\n   ![i](https://x.org/d/i.png)\n\n2. y"
    );
    assert!(pages.html("a.md").contains("<h2 id=\"part\">Part<a class=\"anchor\" href=\"#part\""));
}

#[test]
fn what_the_site_leaves_out_is_left_out() {
    let mut config = config();
    config.components.insert("Layout".to_owned(), "unwrap".to_owned());
    let source = "# T\n\nimport P from './gone.md'\n\nA\n\n<P />\n\n<Layout\n  wide>\n\n## B\n\n</Layout>\n\nC <P /> d\n";
    let pages = build_with(config, &[("a.md", source), ("b.md", "# B\n")]);
    assert_eq!(pages.markdown("a.md"), "A\n\n## B\n\nC  d");
}

#[test]
fn partials_take_props_and_children() {
    let pages = build(&[
        ("a.md", "# T\n\nimport P from './_p.md'\n\n<P name=\"x*y\">\n\nInner [b](b.md).\n\n</P>\n"),
        ("_p.md", "Hello {props.name}!\n\n- {props.children}\n"),
        ("b.md", "# B\n"),
    ]);
    assert_eq!(pages.diagnostics, Vec::<String>::new());
    assert_eq!(pages.markdown("a.md"), "Hello x\\*y!\n\n- Inner [b](https://x.org/b.md).");
}

#[test]
fn nothing_is_left_that_looks_like_what_agents_never_see() {
    becomes("a \\:::b\u{200b} :rocket: {\"x*\"} {' '}c\n", "a \\:::b \u{1f680} x\\*  c");
}

#[test]
fn mdbook_pages_keep_indented_code_and_hide_lines() {
    let mut config = config();
    config.content.dialect = Dialect::Mdbook;
    let pages = build_with(
        config,
        &[("a.md", "# T\n\n    a  b\n    c\n\n```rust,ignore\n# use x;\nfn y() {}\n```\n")],
    );
    assert_eq!(pages.markdown("a.md"), "```\na  b\nc\n```\n\n```rust\nfn y() {}\n```");
}

// ---- facts ----

#[test]
fn facts_say_where_sections_begin_and_where_links_lead() {
    let pages = build(&[
        ("a.md", "# T\n\n## A [b](b.md)\n\nText.\n\n### C\n\n```md\n## Not\n```\n\n## A [b](b.md)\n"),
        ("b.md", "# B\n"),
    ]);
    let facts = &pages.rendered["a.md"].facts;
    let sections: Vec<_> =
        facts.sections.iter().map(|part| (part.level, part.id.as_str(), part.characters)).collect();
    assert_eq!(sections, [(2, "a-b", 62), (3, "c", 25), (2, "a-b-1", 29)]);
    assert_eq!(facts.links.len(), 1);
}

// ---- HTML ----

#[test]
fn html_has_anchors_tables_notes_and_tasks() {
    let text =
        html("# T\n\n## A `b`\n\n| a | b |\n|---|:-:|\n| c | d |\n\n- [x] e\n\nf[^1] g[^1]\n\n[^1]: note\n");
    assert!(text.starts_with(
        "<h2 id=\"a-b\">A <code>b</code><a class=\"anchor\" href=\"#a-b\" \
         aria-label=\"Link to this section: A b\"></a></h2>\n<div class=\"table\" role=\"group\" tabindex=\"0\""
    ), "{text}");
    assert!(text.contains("<td style=\"text-align: center\">d</td>"));
    assert!(text.contains(
        "<ul class=\"tasks\">\n<li><input type=\"checkbox\" disabled=\"\" checked=\"\" aria-label="
    ));
    assert!(text.contains("<a href=\"#footnote-1\" id=\"footnote-reference-1-2\""));
    assert!(text.contains("<li id=\"footnote-1\">\n<p>note <a href=\"#footnote-reference-1\""), "{text}");
}

#[test]
fn html_links_have_the_addresses_of_pages() {
    let text = html(
        "# T\n\n[b](b.md?x=1#part) [e](https://e.f) <a href=\"b.md\">c</a> [d](#t) ![p](pic.png) ![q](pic.png)\n",
    );
    assert!(text.contains("<a href=\"/b/?x=1#part\">b</a> <a href=\"https://e.f\" rel=\"noopener\">e</a>"));
    assert!(text.contains("<a href=\"/b/\">c</a> <a href=\"#t\">d</a>"));
    assert!(text.contains("<img src=\"/pic.png\" alt=\"p\" decoding=\"async\">"));
    assert!(text.contains("<img src=\"/pic.png\" alt=\"q\" loading=\"lazy\" decoding=\"async\">"));
}

#[test]
fn ids_are_unique() {
    let pages = build(&[(
        "a.md",
        "# T\n\n## Tabs 1\n\n<Tabs><TabItem value=\"a\">x</TabItem></Tabs>\n\n## Accordion 3\n\n<Accordion title=\"y\">z</Accordion>\n\n## Accordion 2\n",
    )]);
    let html = pages.html("a.md");
    let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let unique: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
}

#[test]
fn code_has_lines_and_marks() {
    let text = html("# T\n\n```js title=\"a.js\" {1}\nlet a;\n```\n");
    assert!(text.contains("<figcaption class=\"code-title\">a.js</figcaption>"), "{text}");
    assert!(text.contains("line-highlight"), "{text}");
}

#[test]
fn a_line_of_thousands_of_components_takes_no_longer_than_they_do() {
    // What is quadratic would take minutes here.
    let source = format!("# T\n\nWords {}\n", "<Badge>x</Badge> ".repeat(20_000));
    assert_eq!(markdown(&source).matches(" x").count(), 20_000);
}

// ---- The frame ----

#[test]
fn versions_and_languages_have_switches_where_there_are_several() {
    let choice = |text: &str, url: &str, current: bool, language: &str| ChoiceView {
        text: text.to_owned(),
        url: url.to_owned(),
        current,
        language: language.to_owned(),
    };
    let files = [("a.md", "# A\n")];
    let several = build_seeing(config(), &files, |site| {
        site.versions = vec![choice("2.0", "/", true, ""), choice("1.0", "/1.0/", false, "")];
        site.languages = vec![choice("English", "/", true, "en"), choice("Deutsch", "/de/", false, "de")];
    });
    let html = &several.rendered["a.md"].html;
    for expected in [
        "<summary aria-label=\"Version: 2.0\">",
        "<li><a href=\"/\" aria-current=\"true\">2.0</a></li><li><a href=\"/1.0/\">1.0</a></li>",
        "<summary aria-label=\"Language: English\">",
        "<a href=\"/de/\" lang=\"de\" hreflang=\"de\">Deutsch</a>",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    let one = build_seeing(config(), &files, |site| {
        site.versions = vec![choice("2.0", "/", true, "")];
    });
    assert!(!one.rendered["a.md"].html.contains("class=\"switch\""));
    assert!(several.diagnostics.is_empty() && one.diagnostics.is_empty(), "{:?}", several.diagnostics);
}
