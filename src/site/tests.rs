//! Small sites, read from text, built whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Inputs, NavItem, NavLink, Page, Site, Target, build, nav};
use crate::config::{Config, Dialect};
use crate::diagnostic::Diagnostic;
use crate::document::parse::{Options, parse};
use crate::source::{FileFacts, Sources};

/// A site in memory.
struct Case {
    config: Config,
    sources: Sources,
    texts: Vec<(String, String)>,
}

/// What became of it.
struct Built {
    site: Site,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
}

fn case(files: &[(&str, &str)]) -> Case {
    let mut config = Config::default();
    config.book.src = "docs".to_owned();
    let mut case = Case { config, sources: Sources::default(), texts: Vec::new() };
    case.sources.files.add("book.toml", "");
    for (path, text) in files {
        case.sources.paths.insert((*path).to_owned(), FileFacts { size: text.len() as u64 });
        case.texts.push(((*path).to_owned(), (*text).to_owned()));
    }
    case
}

impl Case {
    fn configure(mut self, change: impl Fn(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    fn build(mut self) -> Built {
        let mut documents = BTreeMap::new();
        let mut summary = None;
        let mdbook = self.config.content.dialect == Dialect::Mdbook;
        let options = Options {
            mdx: !mdbook,
            directives: !mdbook,
            gfm: true,
            heading_ids: true,
            front_matter: !mdbook,
            autolinks: !mdbook,
            ..Options::default()
        };
        for (path, text) in &self.texts {
            let file = self.sources.files.add(path.clone(), text.as_str());
            if path.contains("_category_") {
                let folder = path.rsplit_once('/').expect("below docs").0;
                self.sources.categories.insert(folder.to_owned(), (file, Arc::from(text.as_str())));
            }
            if !path.ends_with(".md") && !path.ends_with(".mdx") {
                continue;
            }
            let (document, _) = parse(file, &Arc::from(text.as_str()), &options);
            if path.ends_with("SUMMARY.md") {
                summary = Some(document);
            } else {
                documents.insert(path.clone(), Arc::new(document));
            }
        }
        let inputs = Inputs {
            config: &self.config,
            sources: &self.sources,
            documents: &documents,
            summary: summary.as_ref(),
        };
        let (site, diagnostics) = build(&inputs);
        Built { site, diagnostics, sources: self.sources }
    }
}

impl Built {
    fn page(&self, path: &str) -> &Page {
        self.site.pages.iter().find(|page| page.path == path).unwrap_or_else(|| panic!("no page {path}"))
    }

    fn routes(&self) -> Vec<(&str, &str)> {
        let mut routes: Vec<_> =
            self.site.pages.iter().map(|page| (page.path.as_str(), page.route.as_str())).collect();
        routes.sort_unstable();
        routes
    }

    /// `code: message` of each diagnostic, with the text it points at.
    fn findings(&self) -> Vec<String> {
        self.diagnostics
            .iter()
            .map(|found| {
                let place =
                    found.span.map_or("", |span| &self.sources.files.get(span.file).text[span.range()]);
                format!("{} [{place}] {}", found.rule.code, found.help.as_deref().unwrap_or_default())
            })
            .collect()
    }

    fn codes(&self) -> Vec<&str> {
        self.diagnostics.iter().map(|found| found.rule.code).collect()
    }

    /// Where the links of a page lead, in order.
    fn targets(&self, path: &str) -> Vec<String> {
        self.page(path).links.values().map(|target| self.target(target)).collect()
    }

    fn target(&self, target: &Target) -> String {
        match target {
            Target::Page { page, query, anchor, tab } => {
                let mut text = format!("/{}", self.site.page(*page).route);
                for (mark, part) in [("?", query), ("#", anchor)] {
                    if !part.is_empty() {
                        text.push_str(mark);
                        text.push_str(part);
                    }
                }
                if let Some((group, index)) = tab {
                    text.push_str(&format!(" tab {group}.{index}"));
                }
                text
            }
            Target::Asset { address, suffix } => format!("file {address}{suffix}"),
            Target::External(url) => url.clone(),
            Target::Broken(url) => format!("broken {url}"),
        }
    }

    fn drawn(&self) -> String {
        fn draw(built: &Built, items: &[NavItem], depth: usize, out: &mut String) {
            for item in items {
                out.push_str(&"  ".repeat(depth));
                if let Some(number) = &item.number {
                    out.push_str(number);
                    out.push(' ');
                }
                out.push_str(&item.label);
                match &item.link {
                    NavLink::Page(page) => out.push_str(&format!(" /{}", built.site.page(*page).route)),
                    NavLink::External(url) => out.push_str(&format!(" {url}")),
                    NavLink::Separator => out.push_str("---"),
                    NavLink::None => {}
                }
                out.push('\n');
                draw(built, &item.items, depth + 1, out);
            }
        }
        let mut out = String::new();
        draw(self, &self.site.nav.items, 0, &mut out);
        out
    }
}

#[test]
fn routes_are_docusauruss() {
    let built = case(&[
        ("docs/index.md", "# Home"),
        ("docs/intro.md", "# Intro"),
        ("docs/01-guides/README.md", "# Guides"),
        ("docs/01-guides/02-first.mdx", "# First"),
        ("docs/api/api.md", "# API"),
        ("docs/api/call.md", "---\nid: calls\n---\n# Call"),
        ("docs/api/deep.md", "---\nslug: other\n---\n# Deep"),
        ("docs/api/top.md", "---\nslug: /top\n---\n# Top"),
        ("docs/api/2021-11-notes.md", "# Notes"),
        ("docs/api/draft.md", "---\ndraft: true\n---\n# Draft"),
        ("docs/_part.md", "Part"),
        ("docs/_parts/x.md", "Part"),
        ("docs/__tests__/x.md", "Test"),
        ("docs/x.test.md", "Test"),
        ("docs/old/x.md", "# Old"),
        ("other/x.md", "# Outside"),
    ])
    .configure(|config| config.content.exclude = vec!["old/**".to_owned()])
    .build();
    assert_eq!(
        built.routes(),
        [
            ("docs/01-guides/02-first.mdx", "guides/first"),
            ("docs/01-guides/README.md", "guides"),
            ("docs/api/2021-11-notes.md", "api/2021-11-notes"),
            ("docs/api/api.md", "api"),
            ("docs/api/call.md", "api/calls"),
            ("docs/api/deep.md", "api/other"),
            ("docs/api/top.md", "top"),
            ("docs/index.md", ""),
            ("docs/intro.md", "intro"),
        ]
    );
    assert_eq!(built.page("docs/01-guides/02-first.mdx").id, "guides/first");
    assert_eq!(built.page("docs/api/call.md").id, "api/calls");
    assert_eq!(built.codes(), Vec::<&str>::new());
}

#[test]
fn titles_and_descriptions_come_from_the_header_or_the_text() {
    let long = "word ".repeat(50);
    let built = case(&[
        ("docs/a.md", "---\ntitle: Given\nsidebar_label: Short\ndescription: Said.\n---\n# Heading\n\nText."),
        ("docs/b.md", &format!("import X from './_x.md'\n\n# The *B* page\n\n![pic](x.png)\n\n{long}")),
        ("docs/c.md", "Only text here.\n\n## Later"),
        ("docs/x.png", ""),
        ("docs/_x.md", ""),
    ])
    .build();
    let a = built.page("docs/a.md");
    assert_eq!((a.title.as_str(), a.label.as_str(), a.has_h1), ("Given", "Short", true));
    assert_eq!((a.description.as_str(), a.described), ("Said.", true));
    let b = built.page("docs/b.md");
    assert_eq!((b.title.as_str(), b.has_h1, b.described), ("The B page", true, false));
    assert!(b.description.starts_with("word word") && b.description.ends_with("word…"), "{}", b.description);
    assert!(b.description.chars().count() <= 160);
    let c = built.page("docs/c.md");
    assert_eq!((c.title.as_str(), c.has_h1, c.description.as_str()), ("c", false, "Only text here."));
    assert_eq!(built.codes(), ["missing-title"]);
}

#[test]
fn descriptions_are_sentences_about_the_page() {
    let told = |text: &str| {
        let built = case(&[("docs/a.md", &format!("---\ntitle: A\n---\n{text}"))]).build();
        built.page("docs/a.md").description.clone()
    };
    assert_eq!(
        told("Date: 2026-11-25\n\n## Status\n\nAccepted\n\n## Context\n\nWe keep a record."),
        "We keep a record."
    );
    assert_eq!(told("[Watch the video](https://x.org)\n\nTabs hold choices."), "Tabs hold choices.");
    assert_eq!(
        told(
            "This shows how to run v1.2: a cluster has, e.g. here, two parts. They are these:\n\n- One\n\nMore."
        ),
        "This shows how to run v1.2: a cluster has, e.g. here, two parts."
    );
    assert_eq!(
        told("Waypost knows these variables:\n\n## `A`\n\nA is set by the host."),
        "Waypost knows these variables…"
    );
    assert_eq!(told("Example:\n\n```sh\nx\n```\n\nIt prints a line."), "It prints a line.");
    assert_eq!(told(":::note\n\nKept as it is.\n\n:::\n\n## Use\n\nRun it once."), "Run it once.");
    assert_eq!(told("Example:"), "Example:");
    assert_eq!(told("短い説明です。次のとおりです：\n\n- 一"), "短い説明です。");
}

#[test]
fn headings_get_the_anchors_that_links_in_the_world_name() {
    let built = case(&[(
        "docs/a.md",
        "# A\n\n## Set up {#setup}\n\n## Setup\n\n## `az` & more\n\n## `az` & more\n\n## Again {#setup}\n",
    )])
    .build();
    let ids: Vec<_> = built.page("docs/a.md").headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["a", "setup", "setup-2", "az--more", "az--more-1", "setup-1"]);
    assert_eq!(built.codes(), ["duplicate-id"]);
}

const TABS: &str = "# Tabs page\n\n<Tabs\n  groupId=\"connection-options\"\n  defaultValue=\"VNet peering\"\n  values={[\n    \
    {label: 'Public endpoints', value: 'Public endpoints'},\n    {label: 'VNet peering', value: 'VNet peering'},\n  \
    ]}>\n<TabItem value=\"Public endpoints\">\n\n## In public\n\n</TabItem>\n<TabItem value=\"VNet peering\">\n\n## In \
    peering\n\n</TabItem>\n</Tabs>\n\n## After\n";

#[test]
fn tab_groups_are_put_together_from_values_and_items() {
    let built = case(&[("docs/a.md", TABS)]).build();
    assert_eq!(built.findings(), Vec::<String>::new());
    let page = built.page("docs/a.md");
    let group = &page.tabs[0];
    assert_eq!((group.ordinal, group.id.as_str(), group.selected), (1, "tabs-1", Some(1)));
    assert_eq!((group.group.as_deref(), group.query.as_deref()), (Some("connection-options"), None));
    let tabs: Vec<_> = group.tabs.iter().map(|tab| (tab.id.as_str(), tab.panel)).collect();
    assert_eq!(tabs, [("tabs-1-public-endpoints", Some(2)), ("tabs-1-vnet-peering", Some(3))]);
    let headings: Vec<_> =
        page.headings.iter().map(|heading| (heading.id.as_str(), heading.tabs.clone())).collect();
    assert_eq!(
        headings,
        [("tabs-page", vec![]), ("in-public", vec![(1, 0)]), ("in-peering", vec![(1, 1)]), ("after", vec![]),]
    );
}

#[test]
fn what_is_wrong_in_a_tab_group_is_said_where_it_is() {
    let built = case(&[(
        "docs/a.md",
        "# A\n\n<Tabs defaultValue=\"lynux\">\n<TabItem value=\"linux\" label=\"Linux\">a</TabItem>\n\
         <TabItem value=\"mac\">b</TabItem>\n<TabItem value=\"mac\">c</TabItem>\n<TabItem>d</TabItem>\n</Tabs>\n\n\
         <TabItem value=\"alone\">e</TabItem>\n\n\
         <Tabs values={[{label: 'One', value: 'one'}, {label: 'Two', value: 'two'}]}>\n\
         <TabItem value=\"one\">x</TabItem>\n<TabItem value=\"three\">y</TabItem>\n</Tabs>\n\n\
         <Tabs defaultValue={null}>\n<TabItem value=\"x\">x</TabItem>\n</Tabs>\n",
    )])
    .build();
    let findings = built.findings();
    assert_eq!(
        built.codes(),
        [
            "tab-without-button",
            "tab-duplicate",
            "tab-default",
            "tab-outside",
            "tab-without-panel",
            "tab-without-button",
        ]
    );
    assert!(findings[2].contains("[\"lynux\"] did you mean `linux`?"), "{findings:?}");
    assert!(findings[4].contains("['Two']"), "{findings:?}");
    let page = built.page("docs/a.md");
    assert_eq!(page.tabs.iter().map(|group| group.selected).collect::<Vec<_>>(), [Some(0), Some(0), None]);
}

#[test]
fn links_are_resolved_as_docusaurus_does() {
    let built = case(&[
        ("docs/index.md", "# Home\n\n[g](guides/first.md) [s](./guides/) [t](tabs)"),
        (
            "docs/guides/first.md",
            "# First\n\n\
             [file](./second.md) [up](../tabs.md) [bare](tabs.md) [root](/tabs.md) [site](@site/docs/tabs.md)\n\
             [anchor](second.md#part) [route](/guides/second) [slash](/guides/second/) [less](second) [html](second.html)\n\
             [self](#first) [mail](mailto:a@b.c) [out](https://example.com/x.md) [own](https://docs.test/base/tabs#after)\n\
             [raw](pathname:///api/index.html) [index](/index.md) [pdf](./a.pdf#page=2) ![img](/img/x.png) ![rel](../y.png)\n\
             [q](../tabs.md?tab=VNet%20peering#in-peering) [plus](../tabs.md?tab=VNet+peering) [other](../tabs.md?x=1)\n",
        ),
        ("docs/guides/second.md", "# Second\n\n## Part\n"),
        ("docs/guides/README.md", "# Guides"),
        ("docs/tabs.md", TABS),
        ("docs/guides/a.pdf", ""),
        ("docs/y.png", ""),
        ("static/img/x.png", ""),
    ])
    .configure(|config| {
        config.site.origin = "https://docs.test".to_owned();
        config.output.html.site_url = Some("/base/".to_owned());
    })
    .build();
    assert_eq!(built.findings(), Vec::<String>::new());
    assert_eq!(built.targets("docs/index.md"), ["/guides/first", "/guides", "/tabs"]);
    assert_eq!(
        built.targets("docs/guides/first.md"),
        [
            "/guides/second",
            "/tabs",
            "/tabs",
            "/tabs",
            "/tabs",
            "/guides/second#part",
            "/guides/second",
            "/guides/second",
            "/guides/second",
            "/guides/second",
            "/guides/first#first",
            "mailto:a@b.c",
            "https://example.com/x.md",
            "/tabs#after",
            "https://docs.test/base/api/index.html",
            "/",
            "file guides/a.pdf#page=2",
            "file img/x.png",
            "file y.png",
            "/tabs?tab=VNet%20peering#in-peering tab 1.1",
            "/tabs?tab=VNet+peering tab 1.1",
            "/tabs?x=1",
        ]
    );
    let assets: Vec<_> = built.site.assets.iter().map(|(to, from)| (to.as_str(), from.as_str())).collect();
    assert_eq!(
        assets,
        [("guides/a.pdf", "docs/guides/a.pdf"), ("img/x.png", "static/img/x.png"), ("y.png", "docs/y.png"),]
    );
}

#[test]
fn a_link_that_leads_nowhere_names_what_is_near() {
    let built = case(&[
        (
            "docs/a.md",
            "# A\n\n[1](guides/Second.md) [2](second.md) [3](guides/second.md#prat) [4](tabs.md?tab=VNet%20Peering)\n\
             [5](tabs.md?tab=VNet%20peering#in-public) [6](guides/second.md?tab=x) ![7](pic.png) [8](../../x.md)\n\
             [9](_part.md) [10](guides/second.md#Part) [11](/guides/secnd) [12](https://example.com) [13](draft.md)\n",
        ),
        ("docs/guides/second.md", "# Second\n\n## Part\n"),
        ("docs/_part.md", "x"),
        ("docs/draft.md", "---\ndraft: true\n---\n# D"),
        ("docs/tabs.md", TABS),
        ("docs/Pic.png", ""),
    ])
    .build();
    let findings = built.findings();
    let expected = [
        "broken-link [guides/Second.md] did you mean `guides/second.md`?",
        "broken-link [second.md] did you mean `guides/second.md` (Second)?",
        "broken-anchor [#prat] did you mean `#part`?",
        "broken-tab [tab=VNet%20Peering] did you mean `VNet peering`?",
        "broken-tab [tab=VNet%20peering] name the tab that the heading stands in, or take the query out",
        "broken-tab [tab=x] take the query out of the link",
        "broken-asset [pic.png] did you mean `Pic.png`? Case counts on web servers",
        "path-outside [../../x.md] link to the page's address on the web instead",
        "broken-link [_part.md] link to a page, or put the text where readers can reach it",
        "broken-anchor [#Part] did you mean `#part`?",
        "broken-link [/guides/secnd] did you mean `./guides/second.md` (Second)?",
        "broken-link [draft.md] link to a page, or put the text where readers can reach it",
    ];
    assert_eq!(findings, expected);
    let fixes: Vec<_> = built
        .diagnostics
        .iter()
        .map(|found| found.fix.as_ref().map_or("", |fix| fix.replacement.as_str()))
        .collect();
    assert_eq!(
        fixes,
        [
            "guides/second.md",
            "",
            "",
            "tabs.md?tab=VNet%20peering",
            "tabs.md?tab=Public%20endpoints#in-public",
            "",
            "Pic.png",
            "",
            "",
            "guides/second.md#part",
            "",
            "",
        ]
    );
}

#[test]
fn addresses_in_html_and_attributes_are_links_too() {
    let built = case(&[
        (
            "docs/a.md",
            "# A\n\n<a id=\"here\"></a>\n\nText <a href=\"b.md\">b</a> and <img src=\"./x.png\" alt=\"\"/>.\n\n\
             <Card href=\"/b#here\" title=\"B\" />\n\n[x](#here)\n",
        ),
        ("docs/b.md", "# B\n\n<Card id=\"here\" title=\"x\" />\n"),
        ("docs/x.png", ""),
    ])
    .build();
    assert_eq!(built.findings(), Vec::<String>::new());
    assert_eq!(built.targets("docs/a.md"), ["/b", "file x.png", "/b#here", "/a#here"]);
}

#[test]
fn partials_stand_where_they_are_used_and_keep_their_own_links() {
    let built = case(&[
        (
            "docs/guide/a.md",
            "import Part from '../_parts/_part.mdx'\nimport Gone from './_gone.md'\n\n# A\n\n<Part name=\"Ada\" />\n\n<Gone />\n",
        ),
        ("docs/_parts/_part.mdx", "import Inner from './_inner.md'\n\n## Of {props.name}\n\n[x](./other.md)\n\n<Inner />\n"),
        ("docs/_parts/_inner.md", "## Inner\n"),
        ("docs/_parts/other.md", "# Other\n"),
        ("docs/other.md", "---\nslug: /o\n---\n# O\n"),
        ("docs/loop.md", "import Loop from './_loop.md'\n\n# L\n\n<Loop />\n"),
        ("docs/_loop.md", "import Again from './_loop.md'\n\n<Again />\n"),
    ])
    .build();
    let page = built.page("docs/guide/a.md");
    let headings: Vec<_> =
        page.headings.iter().map(|heading| (heading.id.as_str(), heading.text.as_str())).collect();
    assert_eq!(headings, [("a", "A"), ("of-ada", "Of Ada"), ("inner", "Inner")]);
    assert_eq!(page.partials.len(), 2);
    let mut codes = built.codes();
    codes.sort_unstable();
    assert_eq!(codes, ["broken-link", "missing-partial", "partial-cycle"]);
}

#[test]
fn foreign_components_are_renamed_or_unwrapped() {
    let built = case(&[("docs/a.md", "# A\n\n<Outer>\n\n## In\n\n<Note id=\"n\">x</Note>\n\n</Outer>\n")])
        .configure(|config| {
            config.components.insert("Outer".to_owned(), "unwrap".to_owned());
            config.components.insert("Note".to_owned(), "Admonition".to_owned());
        })
        .build();
    let mut names = Vec::new();
    crate::document::walk(&built.page("docs/a.md").nodes, &mut |node| {
        if let crate::document::Kind::Component(component) = &node.kind {
            names.push((component.name.clone(), component.ordinal));
        }
    });
    assert_eq!(names, [("Admonition".to_owned(), 1)]);
}

#[test]
fn folders_are_ordered_as_docusaurus_orders_them() {
    let built = case(&[
        ("docs/intro.md", "---\nsidebar_position: 1\n---\n# Intro"),
        ("docs/zebra.md", "# Zebra"),
        ("docs/02-second.md", "# Second"),
        ("docs/hidden.md", "---\nunlisted: true\n---\n# Hidden"),
        ("docs/guides/index.md", "---\nsidebar_position: 1.5\n---\n# All guides"),
        ("docs/guides/b.md", "# B"),
        ("docs/guides/a.md", "---\nsidebar_label: The A\n---\n# A"),
        (
            "docs/ref/_category_.json",
            "{\"label\": \"Reference\", \"position\": 9, \"collapsed\": false,\
          \"link\": {\"type\": \"generated-index\", \"description\": \"All of it.\"}}",
        ),
        ("docs/ref/one.md", "# One"),
        ("docs/empty/_category_.yml", "label: Empty"),
        ("docs/bare/x.md", "# X"),
    ])
    .build();
    assert_eq!(
        built.drawn(),
        "Intro /intro\nAll guides /guides\n  The A /guides/a\n  B /guides/b\nSecond /second\nReference \
         /category/reference\n  One /ref/one\nbare\n  X /bare/x\nZebra /zebra\n"
    );
    assert_eq!(built.codes(), Vec::<&str>::new());
    let generated = built.site.pages.iter().find(|page| page.generated_index.is_some()).expect("made");
    assert_eq!(
        (generated.route.as_str(), generated.description.as_str()),
        ("category/reference", "All of it.")
    );
    let children = generated.generated_index.as_ref().expect("just found");
    assert_eq!(built.site.page(children[0]).path, "docs/ref/one.md");
    // The order of pages is that of the navigation, the unlisted one last.
    assert_eq!(built.site.pages.last().expect("pages").path, "docs/hidden.md");
    let (number, _) = built.site.iter().find(|(_, page)| page.path == "docs/guides/b.md").expect("a page");
    let trail: Vec<_> = nav::trail(&built.site, number).iter().map(|item| item.label.as_str()).collect();
    assert_eq!(trail, ["All guides", "B"]);
    let (before, after) = nav::neighbours(&built.site, number);
    assert_eq!(built.site.page(before.expect("one")).path, "docs/guides/a.md");
    assert_eq!(built.site.page(after.expect("one")).path, "docs/02-second.md");
}

#[test]
fn summaries_are_mdbooks() {
    let built = case(&[
        (
            "docs/SUMMARY.md",
            "# Summary\n\n[Preface](preface.md)\n\n# Part one\n\n- [First](first/README.md)\n  - [Deep](first/deep.md)\n\
             - [Draft]()\n  - [Under](under.md)\n\n---\n\n# Part two\n\n- [Second](second.md)\n- [Gone](gone.md)\n\
             - [Second again](second.md)\n\n[After](after.md)\n",
        ),
        ("docs/preface.md", "Words\n"),
        ("docs/first/README.md", "# The first\n"),
        ("docs/first/deep.md", "# Deep\n\n[r](../second.md) [h](../second.html#second) [i](index.html)\n"),
        ("docs/under.md", "# Under"),
        ("docs/second.md", "# Second"),
        ("docs/after.md", "# After"),
        ("docs/unlisted.md", "# Not built"),
    ])
    .configure(|config| config.content.dialect = Dialect::Mdbook)
    .build();
    assert_eq!(
        built.drawn(),
        "Preface /preface\nPart one\n  1. First /first\n    1.1. Deep /first/deep\n  2. Draft\n    2.1. Under \
         /under\n---\nPart two\n  3. Second /second\nAfter /after\n"
    );
    assert_eq!(built.codes(), ["summary-missing-page", "summary-duplicate"]);
    assert_eq!(built.site.pages.len(), 6);
    assert_eq!(built.page("docs/preface.md").title, "Preface");
    assert_eq!(built.targets("docs/first/deep.md"), ["/second", "/second#second", "/first"]);
    // No page stands at the root, so the first one is where it leads.
    assert_eq!(built.site.redirects.len(), 1);
    assert_eq!(built.target(&built.site.redirects[0].to), "/preface");
}

#[test]
fn a_book_may_do_without_numbers() {
    let built = case(&[
        ("docs/SUMMARY.md", "[A](a.md)\n\n- [B](b.md)\n"),
        ("docs/a.md", "# A"),
        ("docs/b.md", "# B"),
    ])
    .configure(|config| {
        config.content.dialect = Dialect::Mdbook;
        config.output.html.no_section_label = true;
    })
    .build();
    assert_eq!(built.drawn(), "A /a\nB /b\n");
}

#[test]
fn two_files_never_take_one_address() {
    let built = case(&[
        ("docs/a.md", "# A"),
        ("docs/b.md", "---\nslug: /A\n---\n# B"),
        ("docs/index.md", "# Home"),
        ("static/index.html", ""),
        ("static/llms.txt", ""),
    ])
    .build();
    assert_eq!(built.codes(), ["duplicate-route", "duplicate-route", "duplicate-route"]);
}

#[test]
fn redirects_are_followed_and_checked() {
    let built = case(&[("docs/index.md", "# Home\n\n[x](/old)"), ("docs/new.md", "# New")])
        .configure(|config| {
            for (from, to) in [
                ("/old", "/older"),
                ("/older.html", "/new"),
                ("/a", "/b"),
                ("/b", "/a"),
                ("/new", "/"),
                ("/c", "/gone"),
            ] {
                config.output.html.redirect.insert(from.to_owned(), to.to_owned());
            }
        })
        .build();
    assert_eq!(built.codes(), ["redirect-loop", "redirect-target", "redirect-shadows"]);
    assert_eq!(built.targets("docs/index.md"), ["/new"]);
}

#[test]
fn neighbours_may_be_named() {
    let built = case(&[
        ("docs/a.md", "---\npagination_next: guides/c\n---\n# A"),
        ("docs/b.md", "---\npagination_prev: null\npagination_next: nothere\n---\n# B"),
        ("docs/guides/c.md", "# C"),
    ])
    .build();
    assert_eq!(built.codes(), ["pagination-target"]);
    let (a, _) = built.site.iter().find(|(_, page)| page.path == "docs/a.md").expect("a page");
    let next = nav::neighbours(&built.site, a).1.expect("named");
    assert_eq!(built.site.page(next).path, "docs/guides/c.md");
}

#[test]
fn a_site_that_shares_its_host_may_link_to_its_neighbours() {
    let built = case(&[
        (
            "docs/index.md",
            "# Home\n\n[blog](/blog/one) [std](../std/index.html) [page](/docs/a/b) [same](/a/b)\n[slip](/a/c)\n",
        ),
        ("docs/a/b.md", "# B\n"),
    ])
    .configure(|config| {
        config.site.origin = "https://host.test".to_owned();
        config.output.html.site_url = Some("/docs/".to_owned());
    })
    .build();
    assert_eq!(
        built.targets("docs/index.md"),
        ["https://host.test/blog/one", "https://host.test/std/index.html", "/a/b", "/a/b", "broken /a/c",]
    );
    assert_eq!(built.codes(), ["broken-link"]);
}

#[test]
fn partials_that_multiply_end() {
    let mut files = vec![("docs/a.md".to_owned(), "import P from './_p0.md'\n\n<P/>\n".to_owned())];
    for number in 0..25 {
        let text = format!("import P from './_p{}.md'\n\n<P/>\n\n<P/>\n", number + 1);
        files.push((format!("docs/_p{number}.md"), text));
    }
    files.push(("docs/_p25.md".to_owned(), "Text.\n".to_owned()));
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let built = case(&files).build();
    let said: Vec<_> =
        built.diagnostics.iter().filter(|diagnostic| diagnostic.rule.code == "partial-cycle").collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].message, "`docs/a.md` holds too many partials");
}

#[test]
fn children_that_multiply_end() {
    let mut body = "<P>\n\nText.\n\n</P>\n".to_owned();
    for _ in 0..25 {
        body = format!("<P>\n\n{body}\n</P>\n");
    }
    let page = format!("import P from './_p.md'\n\n{body}");
    let built =
        case(&[("docs/a.md", &page), ("docs/_p.md", "{props.children}\n\n{props.children}\n")]).build();
    let said = built.diagnostics.iter().filter(|diagnostic| diagnostic.rule.code == "partial-cycle");
    assert_eq!(said.count(), 1);
}
