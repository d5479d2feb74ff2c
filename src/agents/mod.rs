//! Page facts and finished Markdown in, what agents find their way by out: the `llms.txt` tree, `llms-full.txt`,
//! site maps, `robots.txt`, `AGENTS.md`.
//!
//! It knows values only: titles, routes, sizes, and the navigation. A [`Catalogue`] is made once for a site; a page's own
//! index is made where the page is rendered, everything else at the end. All of it lists the same set of pages:
//! those that are [`Listed`](Visibility::Listed).

mod index;
mod page;
mod sitemap;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{FinishedIndex, IndexKind};
use crate::config::Config;
use crate::render::PageFacts;
use crate::render::address::Addresses;
use crate::site::nav::{NavItem, NavLink};
use crate::site::slug::slug;
use crate::site::{PageId, Site, Visibility};

/// What all indexes are made from.
#[derive(Debug)]
pub struct Catalogue {
    title: String,
    description: String,
    noindex: bool,
    content_signal: Option<String>,
    addresses: Addresses,
    /// The URL of the feed of changes, where there is one.
    changes: Option<String>,
    /// By number of the page.
    pages: Vec<Entry>,
    /// The first one is the whole site.
    sections: Vec<Section>,
}

/// A page as others list it.
#[derive(Debug)]
struct Entry {
    title: String,
    description: String,
    route: String,
    last_updated: Option<String>,
    /// Whether any list may hold it.
    listed: bool,
    /// The section that lists it.
    parent: usize,
    /// The section that it is the first page of.
    landing_of: Option<usize>,
}

/// A part of the navigation with pages below it.
#[derive(Debug)]
struct Section {
    title: String,
    description: String,
    /// Its index stands at `route/llms.txt`.
    route: String,
    /// The page that is the section's own.
    landing: Option<PageId>,
    children: Vec<Child>,
    parent: usize,
    /// How many pages it lists, the landing page too.
    pages: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Child {
    Page(PageId),
    Section(usize),
}

impl Catalogue {
    /// The catalogue of a site.
    #[must_use]
    pub fn new(site: &Site, config: &Config) -> Self {
        let pages = site.pages.iter().map(|page| Entry {
            title: page.title.clone(),
            description: page.description.clone(),
            route: page.route.clone(),
            last_updated: page.last_updated.clone(),
            listed: page.visibility == Visibility::Listed,
            parent: 0,
            landing_of: None,
        });
        let root = Section {
            title: config.book.title.clone(),
            description: config.book.description.clone(),
            route: String::new(),
            landing: None,
            children: Vec::new(),
            parent: 0,
            pages: 0,
        };
        let mut catalogue = Self {
            title: config.book.title.clone(),
            description: config.book.description.clone(),
            noindex: config.site.noindex,
            content_signal: config.site.content_signal.clone(),
            addresses: Addresses::new(config),
            changes: None,
            pages: pages.collect(),
            sections: vec![root],
        };
        let mut seen = BTreeSet::new();
        let mut children = catalogue.add(&site.nav.items, 0, &mut seen);
        let left =
            site.iter().map(|(id, _)| id).filter(|id| !seen.contains(id) && catalogue.entry(*id).listed);
        // What the navigation leaves out belongs to the site itself; the home page is where it begins.
        let (home, left): (Vec<PageId>, Vec<PageId>) =
            left.partition(|id| catalogue.entry(*id).route.is_empty());
        children.extend(home.into_iter().chain(left).map(Child::Page));
        let is_home =
            |child: &Child| matches!(child, Child::Page(id) if catalogue.entry(*id).route.is_empty());
        children.sort_by_key(|child| !is_home(child));
        catalogue.sections[0].children = children;
        catalogue.count(0);
        catalogue.place();
        catalogue
    }

    /// Lets the root index and `AGENTS.md` name the feed of changes, by its path in the output folder.
    pub fn announce_changes(&mut self, path: &str) {
        self.changes = Some(self.addresses.absolute(&self.addresses.file(path)));
    }

    /// The index of a page and its path in the output folder; nothing for a page that no list holds, or whose index is
    /// its section's.
    #[must_use]
    pub fn page_index(&self, facts: &PageFacts) -> Option<(String, String)> {
        let entry = self.entry(facts.page);
        let is_own = entry.listed && entry.landing_of.is_none() && !entry.route.is_empty();
        is_own.then(|| (crate::render::address::index_file(&entry.route), page::index(self, facts)))
    }

    /// Every other file for agents and crawlers, but `llms-full.txt`, by path in the output folder, and the lengths of
    /// the indexes among them.
    #[must_use]
    pub fn files(&self, facts: &[PageFacts]) -> (BTreeMap<String, String>, Vec<FinishedIndex>) {
        let (mut files, mut indexes) = index::files(self, facts);
        files.extend(sitemap::xml(self));
        files.insert("sitemap.md".to_owned(), sitemap::markdown(self));
        files.insert("robots.txt".to_owned(), sitemap::robots(self));
        let agents = sitemap::agents(self);
        let characters = agents.chars().count();
        indexes.push(FinishedIndex { path: "AGENTS.md".to_owned(), kind: IndexKind::Agents, characters });
        files.insert("AGENTS.md".to_owned(), agents);
        (files, indexes)
    }

    /// The beginning of `llms-full.txt`.
    #[must_use]
    pub fn full_head(&self) -> String {
        let mut head = format!("# {}\n\n", self.title);
        if !self.description.is_empty() {
            head.push_str(&format!("> {}\n\n", literal(&self.description)));
        }
        head
    }

    /// A page's part of `llms-full.txt`, from its finished Markdown file; empty for a page that no list holds.
    #[must_use]
    pub fn full_part(&self, facts: &PageFacts, markdown: &str) -> String {
        let entry = self.entry(facts.page);
        if !entry.listed {
            return String::new();
        }
        let url = self.markdown_url(facts.page);
        let body = page::body(markdown);
        format!("# {}\n\nSource: {url}\n\n{}\n\n", literal(&entry.title), body.trim())
    }

    fn entry(&self, id: PageId) -> &Entry {
        &self.pages[id.0 as usize]
    }

    fn markdown_url(&self, id: PageId) -> String {
        self.addresses.absolute(&self.addresses.markdown(&self.entry(id).route))
    }

    fn index_url(&self, section: usize) -> String {
        self.addresses.absolute(&self.addresses.index(&self.sections[section].route))
    }

    fn add(&mut self, items: &[NavItem], parent: usize, seen: &mut BTreeSet<PageId>) -> Vec<Child> {
        let mut children = Vec::new();
        // A titled line between entries begins a part that holds what follows it.
        let mut part: Option<(usize, Vec<Child>)> = None;
        for item in items {
            if item.link == NavLink::Separator && !item.label.trim().is_empty() {
                self.finish_part(&mut part, &mut children);
                let Child::Section(index) = self.section(&item.label, "", parent, Vec::new()) else {
                    continue;
                };
                part = Some((index, Vec::new()));
                continue;
            }
            let parent = part.as_ref().map_or(parent, |(index, _)| *index);
            let page = match item.link {
                NavLink::Page(page) if self.entry(page).listed && seen.insert(page) => Some(page),
                NavLink::Page(_) | NavLink::None | NavLink::External(_) | NavLink::Separator => None,
            };
            let child = if item.items.is_empty() {
                page.map(|page| self.leaf(page, parent))
            } else {
                self.branch(item, page, parent, seen)
            };
            match &mut part {
                Some((_, inside)) => inside.extend(child),
                None => children.extend(child),
            }
        }
        self.finish_part(&mut part, &mut children);
        children
    }

    fn finish_part(&mut self, part: &mut Option<(usize, Vec<Child>)>, children: &mut Vec<Child>) {
        if let Some((index, inside)) = part.take()
            && !inside.is_empty()
        {
            self.sections[index].children = inside;
            children.push(Child::Section(index));
        }
    }

    fn leaf(&mut self, page: PageId, parent: usize) -> Child {
        self.pages[page.0 as usize].parent = parent;
        Child::Page(page)
    }

    fn branch(
        &mut self,
        item: &NavItem,
        landing: Option<PageId>,
        parent: usize,
        seen: &mut BTreeSet<PageId>,
    ) -> Option<Child> {
        let Child::Section(index) = self.section(&item.label, &item.description, parent, Vec::new()) else {
            return None;
        };
        let children = self.add(&item.items, index, seen);
        match landing {
            // With nothing listed below it, a page is a page.
            Some(page) if children.is_empty() => Some(self.leaf(page, parent)),
            // The index of the home page is the root's.
            Some(page) if self.entry(page).route.is_empty() => {
                let first = self.leaf(page, index);
                self.sections[index].children = [vec![first], children].concat();
                Some(Child::Section(index))
            }
            Some(page) => {
                let entry = &mut self.pages[page.0 as usize];
                (entry.parent, entry.landing_of) = (parent, Some(index));
                let description = entry.description.clone();
                let section = &mut self.sections[index];
                section.landing = Some(page);
                if section.description.is_empty() {
                    section.description = description;
                }
                section.children = children;
                Some(Child::Section(index))
            }
            None if children.is_empty() => None,
            None => {
                self.sections[index].children = children;
                Some(Child::Section(index))
            }
        }
    }

    fn section(&mut self, title: &str, description: &str, parent: usize, children: Vec<Child>) -> Child {
        self.sections.push(Section {
            title: title.trim().to_owned(),
            description: description.to_owned(),
            route: String::new(),
            landing: None,
            children,
            parent,
            pages: 0,
        });
        Child::Section(self.sections.len() - 1)
    }

    fn count(&mut self, section: usize) -> usize {
        let children = self.sections[section].children.clone();
        let inside: usize = children
            .iter()
            .map(|child| match child {
                Child::Page(_) => 1,
                Child::Section(inner) => self.count(*inner),
            })
            .sum();
        let own = &mut self.sections[section];
        own.pages = inside + usize::from(own.landing.is_some());
        own.pages
    }

    /// Gives every section the address of its index: its landing page's, else the folder that its pages share, else one
    /// made of its title.
    fn place(&mut self) {
        let mut taken: BTreeSet<String> = self.pages.iter().map(|page| page.route.to_lowercase()).collect();
        taken.insert(String::new());
        for index in 1..self.sections.len() {
            if self.sections[index].pages == 0 {
                continue;
            }
            if let Some(landing) = self.sections[index].landing {
                let route = self.entry(landing).route.clone();
                self.sections[index].route = route;
                continue;
            }
            let shared = self.shared_folder(index);
            let above = &self.sections[self.sections[index].parent].route;
            let word = slug(&self.sections[index].title);
            let word = if word.is_empty() { "section" } else { &word };
            let wanted = if above.is_empty() { word.to_owned() } else { format!("{above}/{word}") };
            let mut route = if shared.is_empty() { wanted.clone() } else { shared };
            let mut number = 1;
            while !taken.insert(route.to_lowercase()) {
                route = if number == 1 { wanted.clone() } else { format!("{wanted}-{number}") };
                number += 1;
            }
            self.sections[index].route = route;
        }
    }

    fn shared_folder(&self, section: usize) -> String {
        let mut shared: Option<Vec<&str>> = None;
        for page in self.pages_of(section) {
            let route = &self.entry(page).route;
            let folder: Vec<&str> =
                route.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
            shared = Some(match shared {
                None => folder,
                Some(before) => {
                    let same = before.iter().zip(&folder).take_while(|(a, b)| a == b).count();
                    before[..same].to_vec()
                }
            });
        }
        shared.unwrap_or_default().join("/")
    }

    /// The pages of a section and of those below it, in order.
    fn pages_of(&self, section: usize) -> Vec<PageId> {
        let mut pages = Vec::new();
        self.collect(section, &mut pages);
        pages
    }

    /// The pages of some children of a section, in order.
    fn pages_in(&self, children: &[Child]) -> Vec<PageId> {
        let mut pages = Vec::new();
        for child in children {
            match child {
                Child::Page(page) => pages.push(*page),
                Child::Section(inner) => self.collect(*inner, &mut pages),
            }
        }
        pages
    }

    fn collect(&self, section: usize, pages: &mut Vec<PageId>) {
        pages.extend(self.sections[section].landing);
        for child in &self.sections[section].children {
            match child {
                Child::Page(page) => pages.push(*page),
                Child::Section(inner) => self.collect(*inner, pages),
            }
        }
    }
}

/// `- [title](url): description`, as every list of an index has it: no brackets in the title, all on one line, the
/// description cut at a word near `limit` characters.
fn line(title: &str, url: &str, description: &str, limit: usize) -> String {
    let title = literal(title).replace('[', "(").replace(']', ")");
    let title = if title.is_empty() { "Untitled" } else { &title };
    let description = shortened(&literal(description), limit);
    if description.is_empty() {
        return format!("- [{title}]({url})\n");
    }
    format!("- [{title}]({url}): {description}\n")
}

/// The text on one line; what Markdown would take for a tag (`Vec<T>`) escaped.
fn literal(text: &str) -> String {
    let line = one_line(text);
    let mut literal = String::with_capacity(line.len());
    for (at, character) in line.char_indices() {
        let names = |next: char| next.is_ascii_alphabetic() || "/!?".contains(next);
        if character == '<' && line[at + 1..].starts_with(names) {
            literal.push('\\');
        }
        literal.push(character);
    }
    literal
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str, limit: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let words = text[..cut].rsplit_once(' ').map_or(&text[..cut], |(words, _)| words);
    if words.is_empty() {
        return String::new();
    }
    format!("{}\u{2026}", words.trim_end_matches([',', ';', ':', '.', ' ']))
}

/// `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
