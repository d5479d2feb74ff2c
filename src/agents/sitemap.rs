//! The catalogue in; site maps for crawlers and people, `robots.txt`, and an index to paste into a repository out.

use std::collections::BTreeMap;

use super::{Catalogue, Child, Section, grouped, one_line};

/// The most addresses that one site map may hold (sitemaps.org).
const ADDRESSES: usize = 50_000;
/// The most bytes of `AGENTS.md`.
const AGENTS: usize = 8_000;

/// `sitemap.xml`; for a very large site an index of further ones.
pub(super) fn xml(catalogue: &Catalogue) -> BTreeMap<String, String> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    const SCHEMA: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let pages = catalogue.pages.iter().filter(|page| page.listed).map(|page| {
        let url = escape(&catalogue.addresses.absolute(&catalogue.addresses.page(&page.route)));
        let date = page.last_updated.as_deref().map(|date| format!("<lastmod>{date}</lastmod>"));
        format!("<url><loc>{url}</loc>{}</url>\n", date.unwrap_or_default())
    });
    let pages: Vec<String> = pages.collect();
    let map = |pages: &[String]| format!("{HEAD}<urlset {SCHEMA}>\n{}</urlset>\n", pages.concat());
    let mut files = BTreeMap::new();
    if pages.len() <= ADDRESSES {
        files.insert("sitemap.xml".to_owned(), map(&pages));
        return files;
    }
    let mut index = format!("{HEAD}<sitemapindex {SCHEMA}>\n");
    for (number, part) in (1..).zip(pages.chunks(ADDRESSES)) {
        let path = format!("sitemap-{number}.xml");
        let url = escape(&catalogue.addresses.absolute(&catalogue.addresses.file(&path)));
        index.push_str(&format!("<sitemap><loc>{url}</loc></sitemap>\n"));
        files.insert(path, map(part));
    }
    index.push_str("</sitemapindex>\n");
    files.insert("sitemap.xml".to_owned(), index);
    files
}

/// `sitemap.md`: every page, nested as in the navigation.
pub(super) fn markdown(catalogue: &Catalogue) -> String {
    let mut text = format!("# {}\n\n", one_line(&catalogue.title));
    nested(catalogue, 0, 0, &mut text);
    text
}

fn nested(catalogue: &Catalogue, section: usize, depth: usize, text: &mut String) {
    let margin = "  ".repeat(depth);
    for child in &catalogue.sections[section].children {
        let page = match child {
            Child::Page(page) => Some(*page),
            Child::Section(inner) => catalogue.sections[*inner].landing,
        };
        let item = match (page, child) {
            (Some(page), _) => {
                super::line(&catalogue.entry(page).title, &catalogue.markdown_url(page), "", 0)
            }
            (None, Child::Section(inner)) => {
                format!("- {}\n", super::literal(&catalogue.sections[*inner].title))
            }
            (None, Child::Page(_)) => continue,
        };
        text.push_str(&margin);
        text.push_str(&item);
        if let Child::Section(inner) = child {
            nested(catalogue, *inner, depth + 1, text);
        }
    }
}

/// `robots.txt`.
pub(super) fn robots(catalogue: &Catalogue) -> String {
    let mut text = "User-agent: *\n".to_owned();
    if let Some(signal) = &catalogue.content_signal {
        text.push_str(&format!("Content-Signal: {}\n", one_line(signal)));
    }
    if catalogue.noindex {
        text.push_str("Disallow: /\n");
        return text;
    }
    text.push_str("Allow: /\n\n");
    let url = catalogue.addresses.absolute(&catalogue.addresses.file("sitemap.xml"));
    text.push_str(&format!("Sitemap: {url}\n"));
    text
}

/// `AGENTS.md`: what a repository that uses the product can hold, so that agents in it know what there is to read. Every
/// page by its route where that fits, else every section.
pub(super) fn agents(catalogue: &Catalogue) -> String {
    let root = catalogue.addresses.absolute(&catalogue.addresses.base);
    let index = catalogue.index_url(0);
    let title = one_line(&catalogue.title);
    let mut text = format!("# {title}\n\n");
    if !catalogue.description.is_empty() {
        text.push_str(&format!("{}\n\n", one_line(&catalogue.description)));
    }
    let changes = catalogue.changes.as_ref().map(|url| format!(" What changed, latest first: {url}"));
    text.push_str(&format!(
        "Read the documentation before you rely on what you remember of it. A page's Markdown is `{root}PAGE.md`, \
         with `PAGE` from the lists below; its headings and their sizes are at `{root}PAGE/llms.txt`; the index with a \
         line on every page is {index}.{}\n\n",
        changes.unwrap_or_default()
    ));
    let whole = pages(catalogue);
    if text.len() + whole.len() <= AGENTS {
        return text + &whole;
    }
    let lines = sections(catalogue);
    let mut left = lines.len();
    for line in lines {
        if text.len() + line.len() + 60 > AGENTS {
            text.push_str(&format!("- and {left} more sections, listed in {index}\n"));
            break;
        }
        text.push_str(&line);
        left -= 1;
    }
    text
}

fn pages(catalogue: &Catalogue) -> String {
    let mut text = String::new();
    for (index, section) in catalogue.sections.iter().enumerate() {
        let own = section.children.iter().filter_map(|child| match child {
            Child::Page(page) => Some(catalogue.entry(*page).route.as_str()),
            Child::Section(_) => None,
        });
        let landing = section.landing.map(|page| catalogue.entry(page).route.as_str());
        let routes: Vec<&str> = landing
            .into_iter()
            .chain(own)
            .map(|route| if route.is_empty() { "index" } else { route })
            .collect();
        if !routes.is_empty() {
            let title = if index == 0 { "Start" } else { section.title.as_str() };
            text.push_str(&format!("- {}: {}\n", one_line(title), routes.join(", ")));
        }
    }
    text
}

fn sections(catalogue: &Catalogue) -> Vec<String> {
    let top = catalogue.sections[0].children.iter().filter_map(|child| match child {
        Child::Section(section) => Some(*section),
        Child::Page(_) => None,
    });
    top.map(|section| {
        let Section { title, pages, .. } = &catalogue.sections[section];
        format!("- {} ({} pages): {}\n", one_line(title), grouped(*pages), catalogue.index_url(section))
    })
    .collect()
}

fn escape(url: &str) -> String {
    url.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;")
}
