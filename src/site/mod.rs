//! All documents in, what lies between them out: routes, headings, tabs, navigation, links.
//!
//! A [`Page`] is a document with its partials put in place, every heading given its id, every component
//! counted, every link resolved to a [`Target`] once. Pure: it knows which files exist from
//! [`crate::source::Sources`], and reads none.

mod addresses;
mod anchors;
mod assets;
mod folders;
pub mod links;
mod markup;
pub mod nav;
mod pages;
pub mod partials;
pub(crate) mod paths;
mod redirects;
pub mod slug;
mod summary;
mod tabs;
pub mod tag_pages;
mod text;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Dialect};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::document::{Document, FrontMatter, Node};
use crate::source::Sources;
pub use addresses::{collisions, html_file, markdown_file};
pub(crate) use markup::decode as decode_entities;
pub use nav::{Nav, NavItem, NavLink};
pub(crate) use redirects::address_key;
pub use tag_pages::Tag;

/// What a site is built from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// `book.toml`.
    pub config: &'a Config,
    /// Which files there are.
    pub sources: &'a Sources,
    /// Every text that was read, partials too, by path from the folder of `book.toml`.
    pub documents: &'a BTreeMap<String, Arc<Document>>,
    /// `SUMMARY.md`, read like any other document.
    pub summary: Option<&'a Document>,
}

/// Finds the pages, what is in them and what lies between them.
#[must_use]
pub fn build(inputs: &Inputs) -> (Site, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let outline = summary::Outline::read(inputs, &mut diagnostics);
    let rules = pages::Rules::new(inputs, outline.as_ref());
    let mut drafts = read_pages(inputs, &rules, outline.as_ref(), &mut diagnostics);
    let items = match &outline {
        Some(outline) => summary::nav(inputs, &rules, outline, &drafts, &mut diagnostics),
        None => folders::nav(inputs, &rules, &mut drafts, &mut diagnostics),
    };
    let mut nav = Nav::new(items, &drafts.pages);
    drafts.sort(&mut nav);
    nav.connect(&drafts.pages, &mut diagnostics);
    drafts.tags = tag_pages::read(inputs.config, &drafts.pages);
    let files = assets::Assets::new(inputs);
    let redirects = redirects::read(inputs, &rules, &drafts, &nav, &files, &mut diagnostics);
    let mut resolved = links::resolve(inputs, &rules, &drafts, &redirects, &files, &mut diagnostics);
    let mut site = Site { nav, redirects, ..Site::default() };
    site.pages = drafts.pages;
    site.tags = drafts.tags;
    for (page, links) in site.pages.iter_mut().zip(resolved.links) {
        page.links = links;
    }
    site.dark = assets::dark(inputs, &files, &mut resolved.used);
    site.assets = files.copied(&resolved.used);
    site.config_links = resolved.config;
    addresses::check(inputs, &site, &mut diagnostics);
    (site, distinct(diagnostics))
}

/// A page, by its place in [`Site::pages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// The whole site, before anything is rendered.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Every page that is built, in navigation order; unlisted and hidden ones last.
    pub pages: Vec<Page>,
    /// The navigation.
    pub nav: Nav,
    /// Old address to new one, checked.
    pub redirects: Vec<Redirect>,
    /// Files to copy: from the address below the site's root to the source, by path from the folder of
    /// `book.toml`. Those that pages use, and all below the static folders.
    pub assets: BTreeMap<String, String>,
    /// The address of the image for dark ground, by that of the image that it stands beside; empty unless
    /// `[images] dark-files` is set.
    pub dark: BTreeMap<String, String>,
    /// Where each address in `book.toml` leads (menus, footer, announcement, logo, icon, style sheets, scripts),
    /// by the address as written there.
    pub config_links: BTreeMap<String, Target>,
    /// The tags that have pages of their own, by [`tag_pages::key`].
    pub tags: BTreeMap<String, Tag>,
}

impl Site {
    /// The page.
    #[must_use]
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0 as usize]
    }

    /// Every page with its id.
    pub fn iter(&self) -> impl Iterator<Item = (PageId, &Page)> {
        (0..).map(PageId).zip(&self.pages)
    }
}

/// A page of the site.
#[derive(Clone, Debug)]
pub struct Page {
    /// The document it is made from; a page made without one (a generated category index) has an empty one.
    pub document: Arc<Document>,
    /// The path of the document from the folder of `book.toml`; empty for generated pages.
    pub path: String,
    /// The document id: folder and file name without number prefixes, or the front matter's `id`.
    pub id: String,
    /// The address below the site's base path, without a leading or trailing slash: `a/b`, empty for the home page.
    pub route: String,
    /// The name of the page, plain text.
    pub title: String,
    /// The name in the navigation.
    pub label: String,
    /// The description, or the start of the first paragraph; empty where there is neither.
    pub description: String,
    /// Whether the description is the author's.
    pub described: bool,
    /// The tree, partials in place, headings with ids, components counted.
    pub nodes: Vec<Node>,
    /// Whether the tree begins with the page's own `# heading` (which then is the visible title).
    pub has_h1: bool,
    /// Its headings in reading order, the `h1` included.
    pub headings: Vec<Heading>,
    /// Its tab groups in reading order, outer ones before inner ones.
    pub tabs: Vec<TabGroup>,
    /// Where each link and image leads, by the span of its node (in the page's or a partial's file); for an
    /// attribute of a component by its `value_span`, for one in HTML by [`links::html_key`], for `image` in the
    /// front matter by the span of its value.
    pub links: BTreeMap<Span, Target>,
    /// The date of its last change, as `YYYY-MM-DD`.
    pub last_updated: Option<String>,
    /// Who may list it.
    pub visibility: Visibility,
    /// The children that a generated category index lists.
    pub generated_index: Option<Vec<PageId>>,
    /// Other files whose text is in the tree (partials), for edit dates and dependency.
    pub partials: Vec<FileId>,
}

impl Page {
    /// The second id of the heading with this one, where it has one.
    #[must_use]
    pub fn alias(&self, id: &str) -> Option<&str> {
        let aliases =
            self.headings.iter().filter_map(|heading| Some((&heading.id, heading.alias.as_deref()?)));
        aliases.into_iter().find(|(own, _)| *own == id).map(|(_, alias)| alias)
    }
}

/// Who may list a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everyone.
    Listed,
    /// In the navigation; not for crawlers or agents' indexes (`noindex`).
    NoIndex,
    /// In no list at all (`unlisted`).
    Unlisted,
}

/// A heading of a page.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor, unique in the page.
    pub id: String,
    /// A second anchor that names the tab, where another heading of the page has the same words.
    pub alias: Option<String>,
    /// Its words.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// The tabs it stands in, outermost first: (ordinal of the group's component, index of the tab).
    pub tabs: Vec<(u32, usize)>,
}

impl Heading {
    /// The anchor that says most: the one that names its tab, where it has one.
    #[must_use]
    pub fn anchor(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.id)
    }
}

/// A group of tabs.
#[derive(Clone, Debug)]
pub struct TabGroup {
    /// The ordinal of its component in the page.
    pub ordinal: u32,
    /// The start of its HTML ids: `tabs-1`.
    pub id: String,
    /// `groupId`.
    pub group: Option<String>,
    /// The key in the query that selects a tab: `queryString`, or `groupId` where `queryString` is only a switch.
    pub query: Option<String>,
    /// Its tabs in the order of their buttons.
    pub tabs: Vec<Tab>,
    /// The tab that is open at first; none for `defaultValue={null}`.
    pub selected: Option<usize>,
    /// Where its opening tag is.
    pub span: Span,
}

/// A tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What identifies it in its group.
    pub value: String,
    /// What its button says.
    pub label: String,
    /// The HTML id of its panel: the group's id and a slug of the value.
    pub id: String,
    /// The ordinal of the component that is its panel.
    pub panel: Option<u32>,
    /// Where its label is written.
    pub span: Span,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page of the site.
    Page {
        /// Which.
        page: PageId,
        /// The query as written, without `?`; empty where there is none.
        query: String,
        /// The anchor as written, without `#`; empty where there is none.
        anchor: String,
        /// The tab that the query names, as the group's ordinal and the tab's index in the target page.
        tab: Option<(u32, usize)>,
    },
    /// A file that is copied, by its address below the site's root, and what follows it (`#page=2`).
    Asset {
        /// The address below the base path, without a leading slash.
        address: String,
        /// Query and fragment as written, with `?` and `#`.
        suffix: String,
    },
    /// Another site, `mailto:` and the like: as written.
    External(String),
    /// Not found, and reported: as written.
    Broken(String),
}

/// An old address and where it leads now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Below the base path, without a leading slash, as written in `book.toml`.
    pub from: String,
    /// A page, or an absolute URL.
    pub to: Target,
}

/// Pages on the way to a site, by number.
#[derive(Debug, Default)]
struct Drafts {
    pages: Vec<Page>,
    facts: Vec<Facts>,
    by_path: BTreeMap<String, PageId>,
    tags: BTreeMap<String, Tag>,
}

/// What is known of a page that only other pages' links need.
#[derive(Clone, Debug)]
struct Facts {
    place: pages::Place,
    anchors: BTreeMap<String, anchors::TabPath>,
}

impl Drafts {
    /// Puts the pages in navigation order: those in no list by path, and the unlisted ones last.
    fn sort(&mut self, nav: &mut Nav) {
        let mut ranks = vec![usize::MAX; self.pages.len()];
        for (rank, page) in nav.order.iter().enumerate() {
            ranks[page.0 as usize] = rank;
        }
        let mut order: Vec<usize> = (0..self.pages.len()).collect();
        order.sort_by_key(|number| {
            (ranks[*number], self.pages[*number].visibility == Visibility::Unlisted, *number)
        });
        let mut renumber = vec![PageId(0); order.len()];
        for (new, old) in (0..).map(PageId).zip(&order) {
            renumber[*old] = new;
        }
        nav.renumber(&renumber);
        let mut drafts: Vec<_> = std::mem::take(&mut self.pages)
            .into_iter()
            .zip(std::mem::take(&mut self.facts))
            .zip(&renumber)
            .collect();
        drafts.sort_by_key(|(_, number)| **number);
        for ((mut page, facts), _) in drafts {
            for child in page.generated_index.iter_mut().flatten() {
                *child = renumber[child.0 as usize];
            }
            self.pages.push(page);
            self.facts.push(facts);
        }
        for page in self.by_path.values_mut() {
            *page = renumber[page.0 as usize];
        }
    }

    /// Every page with its number and facts.
    fn iter(&self) -> impl Iterator<Item = (PageId, &Page, &Facts)> {
        (0..)
            .map(PageId)
            .zip(&self.pages)
            .zip(&self.facts)
            .map(|((number, page), facts)| (number, page, facts))
    }
}

/// Makes a page of every document that is one.
fn read_pages(
    inputs: &Inputs,
    rules: &pages::Rules,
    outline: Option<&summary::Outline>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Drafts {
    let texts: tabs::Texts =
        inputs.documents.values().map(|document| (document.file, &*document.text)).collect();
    let labels = outline.map(summary::Outline::labels).unwrap_or_default();
    let paths: BTreeMap<FileId, &str> =
        inputs.documents.iter().map(|(path, document)| (document.file, path.as_str())).collect();
    let read: Vec<_> = rules
        .pages(inputs)
        .into_par_iter()
        .map(|place| {
            let label = labels.get(place.path.as_str()).copied();
            read_page(inputs, place, label, &texts, &paths)
        })
        .collect();
    let mut drafts = Drafts::default();
    for (number, (page, facts, found)) in (0..).map(PageId).zip(read) {
        drafts.by_path.insert(page.path.clone(), number);
        drafts.pages.push(page);
        drafts.facts.push(facts);
        diagnostics.extend(found);
    }
    drafts
}

fn read_page(
    inputs: &Inputs,
    place: pages::Place,
    label: Option<&str>,
    texts: &tabs::Texts,
    paths: &BTreeMap<FileId, &str>,
) -> (Page, Facts, Vec<Diagnostic>) {
    let document = Arc::clone(&place.document);
    let inlined = partials::inline(inputs, &place.path, &document);
    let mut nodes = inlined.nodes;
    if inputs.config.content.dialect == Dialect::Mdbook {
        text::promote(&mut nodes);
    }
    let marked = anchors::mark(&mut nodes, texts);
    let mut diagnostics = inlined.diagnostics;
    diagnostics.extend(marked.diagnostics);
    let front_matter = &document.front_matter;
    let names = text::names(inputs.config.content.dialect, &place, label, &nodes, &marked.headings);
    diagnostics.extend(names.diagnostic);
    diagnostics.extend(pages::invalid(&place));
    let described = front_matter.description.as_deref().is_some_and(|text| !text.trim().is_empty());
    let dates = &inputs.sources.dates;
    let files = inlined.partials.iter().filter_map(|file| paths.get(file).copied());
    let changed = files.chain([place.path.as_str()]).filter_map(|path| dates.get(path)).max().cloned();
    let page = Page {
        path: place.path.clone(),
        id: place.id.clone(),
        route: place.route.clone(),
        title: names.title,
        label: names.label,
        description: match &front_matter.description {
            Some(text) if described => text.trim().to_owned(),
            _ => text::excerpt(&nodes),
        },
        described,
        has_h1: names.has_h1,
        headings: marked.headings,
        tabs: marked.tabs,
        links: BTreeMap::new(),
        last_updated: front_matter.last_update.clone().or(changed),
        visibility: match (front_matter.unlisted, front_matter.noindex) {
            (true, _) => Visibility::Unlisted,
            (false, true) => Visibility::NoIndex,
            (false, false) => Visibility::Listed,
        },
        generated_index: None,
        partials: inlined.partials.into_iter().collect(),
        nodes,
        document,
    };
    (page, Facts { place, anchors: marked.anchors }, diagnostics)
}

/// The span of a front matter value.
pub(crate) fn front_matter_span(front_matter: &FrontMatter, key: &str) -> Option<Span> {
    let found = front_matter.spans.iter().rev().find(|(name, _)| name == key).map(|(_, span)| *span);
    found.or(front_matter.span)
}

/// Each finding once: a partial's are found again in every page it stands in.
pub(crate) fn distinct(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let key = |found: &Diagnostic| (found.rule.code, found.span, found.message.clone());
    diagnostics.into_iter().filter(|found| found.span.is_none() || seen.insert(key(found))).collect()
}
