use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::diagnostic::FileId;
use crate::document::{Document, FrontMatter};
use crate::render::address::Addresses;
use crate::render::{PageFacts, Section as Part, VariantFacts};
use crate::site::Page;

fn config() -> Config {
    let mut config = Config::default();
    config.book.title = "Docs".to_owned();
    config.book.description = "All of it.".to_owned();
    config.site.origin = "https://docs.example.com".to_owned();
    config
}

fn page(route: &str, title: &str) -> Page {
    let document = Document {
        file: FileId(0),
        text: Arc::from(""),
        front_matter: FrontMatter::default(),
        imports: Vec::new(),
        body_start: 0,
        nodes: Vec::new(),
    };
    Page {
        document: Arc::new(document),
        path: format!("{route}.md"),
        id: route.to_owned(),
        route: route.to_owned(),
        title: title.to_owned(),
        label: title.to_owned(),
        description: format!(
            "What {title} is for, in a sentence of an ordinary length that says a little more."
        ),
        described: true,
        nodes: Vec::new(),
        has_h1: false,
        headings: Vec::new(),
        tabs: Vec::new(),
        variants: Vec::new(),
        links: BTreeMap::new(),
        last_updated: Some("2026-01-02".to_owned()),
        visibility: Visibility::Listed,
        generated_index: None,
        partials: Vec::new(),
    }
}

fn item(label: &str, link: NavLink, items: Vec<NavItem>) -> NavItem {
    NavItem {
        label: label.to_owned(),
        link,
        items,
        collapsed: false,
        number: None,
        description: String::new(),
        icon: None,
        badge: None,
        class: None,
    }
}

fn facts(site: &Site, id: PageId) -> PageFacts {
    let page = site.page(id);
    PageFacts {
        page: id,
        route: page.route.clone(),
        title: page.title.clone(),
        description: page.description.clone(),
        last_updated: page.last_updated.clone(),
        visibility: page.visibility,
        characters: 12_345,
        tokens: 3_000,
        sections: Vec::new(),
        labels: Vec::new(),
        variants: Vec::new(),
        links: Vec::new(),
        procedure: false,
    }
}

/// A tree of `widths[0]` sections with `widths[1]` in each …, the last width being pages.
fn tree(widths: &[usize]) -> Site {
    fn grow(site: &mut Site, route: &str, widths: &[usize]) -> Vec<NavItem> {
        let Some((width, below)) = widths.split_first() else { return Vec::new() };
        let mut items = Vec::new();
        for number in 0..*width {
            let route = if route.is_empty() { format!("n{number}") } else { format!("{route}/n{number}") };
            let title = format!("Node {}", route.replace('/', "."));
            let id = PageId(u32::try_from(site.pages.len()).expect("few pages"));
            site.pages.push(page(&route, &title));
            let inside = grow(site, &route, below);
            items.push(item(&title, NavLink::Page(id), inside));
        }
        items
    }
    let mut site = Site::default();
    site.nav.items = grow(&mut site, "", widths);
    site
}

fn links(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with("- ["))
        .map(|line| {
            line.split("](").nth(1).and_then(|rest| rest.split(')').next()).expect("a link").to_owned()
        })
        .collect()
}

fn steps(files: &BTreeMap<String, String>, site: &Site, most: usize) {
    let mut reached = BTreeSet::new();
    let mut open = vec!["llms.txt".to_owned()];
    for _ in 0..most {
        let mut next = Vec::new();
        for path in &open {
            // Up is not down.
            let down = files[path].split("\n## Up\n").next().expect("a part before");
            for url in links(down) {
                let path = url.strip_prefix("https://docs.example.com/").expect("absolute").to_owned();
                if path.ends_with(".txt") { next.push(path) } else { _ = reached.insert(path) }
            }
        }
        open = next;
    }
    for page in &site.pages {
        assert!(reached.contains(&format!("{}.md", page.route)), "{} is out of reach", page.route);
    }
}

fn build(site: &Site) -> BTreeMap<String, String> {
    let catalogue = Catalogue::new(site, &config());
    let all: Vec<PageFacts> = site.iter().map(|(id, _)| facts(site, id)).collect();
    let (files, indexes) = catalogue.files(&all);
    let large = crate::check::pages(&indexes);
    assert!(large.is_empty(), "{large:?}");
    let mut names = BTreeSet::new();
    let mut listed = BTreeSet::new();
    for (path, text) in &files {
        assert!(names.insert(path.to_lowercase()), "{path} stands there twice");
        if path.ends_with(".txt") && path != "robots.txt" {
            assert!(text.chars().count() <= if path == "llms.txt" { 10_000 } else { 50_000 }, "{path}");
            shape(path, text);
            listed.extend(links(text).into_iter().filter(|url| url.ends_with(".md")));
        }
    }
    let wanted = site.pages.iter().filter(|page| page.visibility == Visibility::Listed);
    let addresses = Addresses::new(&config());
    let wanted: BTreeSet<String> =
        wanted.map(|page| addresses.absolute(&addresses.markdown(&page.route))).collect();
    assert!(listed == wanted, "the indexes do not list the pages of the site");
    let mapped = files["sitemap.md"].lines().map(|line| format!("{}\n", line.trim_start()));
    assert!(links(&mapped.collect::<String>()).into_iter().collect::<BTreeSet<_>>() == wanted);
    assert!(files["AGENTS.md"].len() <= 8_192, "AGENTS.md has {} bytes", files["AGENTS.md"].len());
    for (id, _) in site.iter().step_by(97) {
        if let Some((path, text)) = catalogue.page_index(&facts(site, id)) {
            assert!(text.chars().count() <= 4_000, "{path}");
            shape(&path, &text);
        }
    }
    files
}

/// A title, a quoted line, a detail; then sections that hold nothing but links.
fn shape(path: &str, text: &str) {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let mut next = || lines.next().unwrap_or_default();
    assert!(next().starts_with("# "), "{path} has no title");
    assert!(next().starts_with("> "), "{path} has no description");
    assert!(next().starts_with(|first: char| !"#>-".contains(first)), "{path} has no details");
    let mut names = BTreeSet::new();
    for line in lines.skip_while(|line| !line.starts_with("## ")) {
        if let Some(name) = line.strip_prefix("## ") {
            assert!(names.insert(name), "{path} has `{name}` twice");
            continue;
        }
        let link = line.strip_prefix("- [").and_then(|rest| rest.split_once("](https://docs.example.com/"));
        let (title, rest) = link.unwrap_or_else(|| panic!("{path}: {line}"));
        let (_, after) = rest.split_once(')').unwrap_or_else(|| panic!("{path}: {line}"));
        assert!(!title.is_empty() && !title.contains(['[', ']']), "{path}: {line}");
        assert!(after.is_empty() || after.starts_with(": "), "{path}: {line}");
    }
}

#[test]
fn small_sites_list_every_page_in_the_root() {
    let site = tree(&[3, 2]);
    let files = build(&site);
    steps(&files, &site, 1);
    assert_eq!(
        files["llms.txt"].lines().take(8).collect::<Vec<_>>(),
        [
            "# Docs",
            "",
            "> All of it.",
            "",
            "9 pages, as Markdown. Append `.md` to the URL of a page for its Markdown, `/llms.txt` to that of a page or \
             section for its own index. All pages in one file: https://docs.example.com/llms-full.txt",
            "",
            "## Node n0",
            "",
        ]
    );
    let section = &files["n1/llms.txt"];
    assert!(
        section.contains("## This page\n\n- [Node n1](https://docs.example.com/n1.md): 12,345 characters")
    );
    assert!(section.contains("## Pages\n\n- [Node n1.n0](https://docs.example.com/n1/n0.md): What"));
    assert!(section.ends_with("## Up\n\n- [Docs](https://docs.example.com/llms.txt): 9 pages\n"));
}

#[test]
fn every_page_is_two_steps_away_in_sites_of_every_shape() {
    for widths in
        [&[10_000][..], &[10, 999], &[99, 100], &[999, 10], &[5_000, 1], &[20, 20, 24], &[4, 10, 10, 24]]
    {
        let site = tree(widths);
        steps(&build(&site), &site, 2);
    }
}

#[test]
fn very_large_sites_take_three_steps() {
    for widths in [&[100_000][..], &[100, 300], &[3_000, 10]] {
        let site = tree(widths);
        steps(&build(&site), &site, 3);
    }
}

#[test]
fn sites_of_ten_to_ten_thousand_pages_keep_every_limit() {
    let two_paths: &[&[usize]] = &[
        &[10],
        &[1, 9],
        &[2, 1, 1, 1],
        &[100],
        &[10, 9],
        &[1, 1, 1, 1, 1, 1, 1, 1, 92],
        &[1_000],
        &[10, 10, 9],
        &[2, 2, 2, 2, 2, 2, 2, 2, 1],
        &[500, 1],
    ];
    for widths in two_paths {
        let site = tree(widths);
        steps(&build(&site), &site, 2);
    }
}

#[test]
fn one_large_section_among_many_small_ones_keeps_every_limit() {
    let mut site = tree(&[90, 2]);
    let mut items = Vec::new();
    for number in 0..9_000 {
        let id = PageId(u32::try_from(site.pages.len()).expect("few pages"));
        let title = format!("Command {number}");
        site.pages.push(page(&format!("reference/c{number}"), &title));
        items.push(item(&title, NavLink::Page(id), Vec::new()));
    }
    site.nav.items.push(item("Reference", NavLink::None, items));
    steps(&build(&site), &site, 2);
}

#[test]
fn long_titles_and_missing_descriptions_keep_every_limit() {
    let long = "\u{7f51}\u{7edc}\u{8fde}\u{63a5}\u{548c}\u{6743}\u{9650} ".repeat(60);
    for (widths, hops) in [(&[60, 12][..], 2), (&[800], 2), (&[300, 30], 3)] {
        let mut site = tree(widths);
        for page in &mut site.pages {
            page.title = format!("{} [{}]", long.trim(), page.route);
            page.description = if page.route.ends_with('1') { String::new() } else { long.clone() };
        }
        for item in &mut site.nav.items {
            item.label.clone_from(&long);
        }
        steps(&build(&site), &site, hops);
    }
}

#[test]
fn deep_sections_keep_the_limit_of_a_page() {
    let mut site = tree(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3]);
    let long = "\u{6743}\u{9650}".repeat(150);
    for page in &mut site.pages {
        page.title.push_str(&long);
        page.description.clone_from(&long);
    }
    let site = site;
    let catalogue = Catalogue::new(&site, &config());
    let (id, _) = site.iter().last().expect("it has pages");
    let mut facts = facts(&site, id);
    facts.links = (0..14).map(PageId).collect();
    let (_, text) = catalogue.page_index(&facts).expect("it is listed");
    assert!(text.chars().count() <= 4_000, "{}", text.chars().count());
    shape("the page", &text);
    assert!(text.contains("(https://docs.example.com/llms.txt): 17 pages"), "{text}");
}

#[test]
fn an_index_for_repositories_says_what_it_leaves_out() {
    let site = tree(&[300, 10]);
    let files = build(&site);
    assert!(files["AGENTS.md"].contains(" more sections, listed in https://docs.example.com/llms.txt\n"));
    let site = tree(&[5_000]);
    let files = build(&site);
    let text = &files["AGENTS.md"];
    assert!(text.contains("- n0: Node n0\n"), "{text}");
    assert!(text.ends_with(" more pages, listed in https://docs.example.com/llms.txt\n"), "{text}");
}

#[test]
fn a_page_index_lists_the_variants_that_fit() {
    let site = tree(&[3, 12]);
    let catalogue = Catalogue::new(&site, &config());
    let mut facts = facts(&site, PageId(1));
    let variant = |number: usize| VariantFacts {
        name: format!("choice-{number}"),
        label: format!("Choice {number}"),
        characters: 4_321,
        tokens: 1_000,
    };
    facts.variants = (0..2).map(variant).collect();
    let (_, text) = catalogue.page_index(&facts).expect("it is listed");
    let line = "- [Node n0.n0 (Choice 0)](https://docs.example.com/n0/n0.choice-0.md): only Choice 0, 4,321 characters, \
                about 1,000 tokens\n";
    assert!(text.contains(line), "{text}");
    facts.variants = (0..60).map(variant).collect();
    facts.sections.push(Part {
        level: 2,
        id: "last".to_owned(),
        title: "Last".to_owned(),
        from: 0,
        characters: 10,
        span: crate::diagnostic::Span::new(crate::diagnostic::FileId(0), 0..0),
        in_tab: false,
    });
    let (_, text) = catalogue.page_index(&facts).expect("it is listed");
    assert!(text.chars().count() <= 4_000, "{}", text.chars().count());
    assert!(
        text.contains(" variants are left out here.") && text.contains("#last): 10 characters"),
        "{text}"
    );
}

#[test]
fn pages_that_nobody_lists_are_in_no_file() {
    let mut site = tree(&[2, 3]);
    site.pages[2].visibility = Visibility::NoIndex;
    site.pages[3].visibility = Visibility::Unlisted;
    // A page that the navigation does not have is listed all the same.
    site.pages.push(page("lost", "Lost"));
    let files = build(&site);
    for text in files.values() {
        assert!(!text.contains("n0/n1") && !text.contains("n0/n2"), "{text}");
    }
    for path in ["llms.txt", "sitemap.xml", "sitemap.md", "AGENTS.md"] {
        assert!(files[path].contains("lost"), "{path}");
    }
    let catalogue = Catalogue::new(&site, &config());
    assert!(catalogue.page_index(&facts(&site, PageId(2))).is_none());
    assert!(catalogue.full_part(&facts(&site, PageId(2)), "x").is_empty());
}

#[test]
fn a_page_index_holds_what_fits() {
    let mut site = tree(&[3, 12]);
    site.pages[1].title = "A [bracketed] page".to_owned();
    let catalogue = Catalogue::new(&site, &config());
    let mut facts = facts(&site, PageId(1));
    facts.title = "A [bracketed] page".to_owned();
    facts.links = vec![PageId(20), PageId(2)];
    for number in 0..60 {
        let level = if number % 3 == 0 { 2 } else { 3 };
        let title = format!("Heading number {number}");
        facts.sections.push(Part {
            level,
            id: format!("heading-number-{number}"),
            title,
            from: number * 1_234,
            characters: 1_234,
            span: crate::diagnostic::Span::new(crate::diagnostic::FileId(0), 0..0),
            in_tab: false,
        });
    }
    let (path, text) = catalogue.page_index(&facts).expect("it is listed");
    assert_eq!(path, "n0/n0/llms.txt");
    assert!(text.chars().count() <= 4_000, "{}", text.chars().count());
    assert!(text.starts_with("# A [bracketed] page\n\n> What"));
    assert!(
        text.contains("\n\nIn Node n0. Last updated 2026-01-02. 12,345 characters, about 3,000 tokens. ")
    );
    assert!(text.contains(" headings are left out here.\n\n## This page\n\n- [A (bracketed) page]("));
    // The headings that have no line of their own stand in the line above.
    assert!(
        text.contains("#heading-number-3): 1,234 characters from 3,702: Heading number 4 at 4,936; Heading")
    );
    assert!(text.contains("## Related\n\n- [Node n1.n6]("));
    assert!(text.contains("## Up\n\n- [Node n0](https://docs.example.com/n0/llms.txt): 13 pages\n- [Docs]("));
}

#[test]
fn sections_without_a_page_get_an_address() {
    let mut site = Site::default();
    for route in ["guides/a", "guides/b", "x", "y/z", "guides/deep/c"] {
        site.pages.push(page(route, route));
    }
    let link = |number| NavLink::Page(PageId(number));
    let leaf = |number: u32| item("Leaf", link(number), Vec::new());
    site.nav.items = vec![
        item("Guides", NavLink::None, vec![leaf(0), leaf(1), item("Deep", NavLink::None, vec![leaf(4)])]),
        item("Part Two", NavLink::Separator, Vec::new()),
        leaf(2),
        leaf(3),
    ];
    let files = build(&site);
    assert!(files["guides/llms.txt"].starts_with("# Guides\n"));
    assert!(files["guides/deep/llms.txt"].starts_with("# Deep\n"));
    assert!(files["part-two/llms.txt"].starts_with("# Part Two\n"));
    assert!(files["llms.txt"].contains("## Guides / Deep\n") && files["llms.txt"].contains("## Part Two\n"));
}

#[test]
fn crawlers_get_addresses_and_dates() {
    let site = tree(&[1]);
    let files = build(&site);
    assert!(
        files["sitemap.xml"]
            .contains("<url><loc>https://docs.example.com/n0/</loc><lastmod>2026-01-02</lastmod></url>")
    );
    assert_eq!(
        files["robots.txt"],
        "User-agent: *\nAllow: /\n\nSitemap: https://docs.example.com/sitemap.xml\n"
    );
    assert_eq!(files["sitemap.md"], "# Docs\n\n- [Node n0](https://docs.example.com/n0.md)\n");
    let large = tree(&[99, 10]);
    assert!(build(&large)["AGENTS.md"].len() <= 8_192);
}

#[test]
fn the_full_text_has_each_title_once() {
    let site = tree(&[1]);
    let catalogue = Catalogue::new(&site, &config());
    let file = "---\ntitle: Node n0\ntokens: 3\n---\n\n> Index\n\n# Node n0\n\nText.\n";
    assert_eq!(
        catalogue.full_part(&facts(&site, PageId(0)), file),
        "# Node n0\n\nSource: https://docs.example.com/n0.md\n\nText.\n\n"
    );
}

#[test]
fn the_root_opens_the_sections_that_fit() {
    let mut site = Site::default();
    for (section, pages) in [("Small", 3), ("Large", 300)] {
        let mut items = Vec::new();
        for number in 0..pages {
            let id = PageId(u32::try_from(site.pages.len()).expect("few pages"));
            let title = format!("{section} {number}");
            site.pages.push(page(&format!("{}/n{number}", section.to_lowercase()), &title));
            items.push(item(&title, NavLink::Page(id), Vec::new()));
        }
        site.nav.items.push(item(section, NavLink::None, items));
    }
    let files = build(&site);
    let root = &files["llms.txt"];
    assert!(root.contains("## Small\n\n- [Small 0](https://docs.example.com/small/n0.md)"), "{root}");
    assert!(
        root.contains("## Indexes\n\n- [Small](https://docs.example.com/small/llms.txt): 3 pages: Small 0; Small 1; Small 2"),
        "{root}"
    );
    // Each of the others can be read whole through the smallest window.
    assert!(
        root.contains("- [Large, part 1](https://docs.example.com/large/llms-1.txt): Large 0; Large 1; ")
    );
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("large/llms-")) {
        assert!(text.chars().count() < 5_000, "{path}");
    }
    steps(&files, &site, 2);
}
