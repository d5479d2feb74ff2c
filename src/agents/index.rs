//! The catalogue in, `llms.txt` at the root and in every section out, each within its size.
//!
//! A section whose pages do not fit splits itself: its index lists the indexes of its subsections, and where those are
//! many or its pages stand side by side, parts (`a/llms-1.txt`) that are filled one after the other. The root lists
//! pages where they all fit, else the indexes of everything and after them as many sections with their pages as there is
//! room for, so that every page is two steps away up to some ten thousand pages; beyond that it lists what lists those,
//! and it is three.
//!
//! Agents cut what they fetch, some after 5,000 characters, some after 20,000. An index is as long as the smallest of
//! these windows where the root can list all indexes of that length, else as the next, else as what the format allows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Catalogue, Child, grouped, line, literal, one_line, page};
use crate::check::{FinishedIndex, IndexKind};
use crate::render::PageFacts;
use crate::render::address::index_file;
use crate::site::PageId;

/// How long a file should be, so that a fetch with a small window gets it whole; the last is the limit that it must keep.
const WINDOWS: [usize; 3] = [4_900, 19_000, 46_000];
/// The characters of a file that are not its list: its head, the first lines of `## This page`, `## Up`.
const REST: usize = 1_300;
/// The most characters of the headings of a landing page.
const LANDING: usize = 3_000;
/// The most characters of the lines of the root that lead to indexes.
const TITLES: usize = 7_500;
/// The most characters of a description in a list.
const DESCRIPTION: usize = 200;

/// Every `llms.txt` but those of single pages, by path in the output folder.
pub(super) fn files(
    catalogue: &Catalogue,
    facts: &[PageFacts],
) -> (BTreeMap<String, String>, Vec<FinishedIndex>) {
    let pages = (0..).map(PageId).zip(&catalogue.pages);
    let mut builder = Builder {
        catalogue,
        facts: facts.iter().map(|facts| (facts.page, facts)).collect(),
        lines: pages
            .map(|(id, page)| line(&page.title, &catalogue.markdown_url(id), &page.description, DESCRIPTION))
            .collect(),
        lengths: vec![0; catalogue.sections.len()],
        window: 0,
        files: BTreeMap::new(),
        indexes: BTreeMap::new(),
    };
    builder.measure(0);
    let last = WINDOWS[WINDOWS.len() - 1];
    for window in WINDOWS {
        // Full files, and a short line for each, are the least that the root can come to.
        let least = builder.lengths[0] / window * 80;
        if window != last && least > IndexKind::Root.limit() {
            continue;
        }
        builder.window = window;
        builder.files.clear();
        builder.indexes.clear();
        let root = builder.root();
        if root.is_none() && window != last {
            continue;
        }
        for section in 1..catalogue.sections.len() {
            if catalogue.sections[section].pages > 0 {
                builder.section(section);
            }
        }
        let text = root.unwrap_or_else(|| builder.grouped());
        builder.put("llms.txt".to_owned(), text, IndexKind::Root);
        break;
    }
    (builder.files, builder.indexes.into_values().collect())
}

/// One line of an index.
#[derive(Clone)]
struct Listed {
    text: String,
    /// Whether it leads to a further index, not to a page.
    is_index: bool,
}

struct Builder<'a> {
    catalogue: &'a Catalogue,
    facts: BTreeMap<PageId, &'a PageFacts>,
    /// The line of each page.
    lines: Vec<String>,
    /// The characters that the lists of each section come to, with everything below it.
    lengths: Vec<usize>,
    /// How long a file should be.
    window: usize,
    files: BTreeMap<String, String>,
    indexes: BTreeMap<String, FinishedIndex>,
}

impl<'a> Builder<'a> {
    fn measure(&mut self, section: usize) -> usize {
        let own = &self.catalogue.sections[section];
        let mut length = one_line(&own.title).chars().count() * 2 + 20;
        length += own.landing.map_or(0, |page| self.page_length(page));
        for child in &own.children {
            length += match child {
                Child::Page(page) => self.page_length(*page),
                Child::Section(inner) => self.measure(*inner),
            };
        }
        self.lengths[section] = length;
        length
    }

    fn page_length(&self, page: PageId) -> usize {
        self.lines[page.0 as usize].chars().count()
    }

    fn length(&self, child: Child) -> usize {
        match child {
            Child::Page(page) => self.page_length(page),
            Child::Section(section) => self.lengths[section],
        }
    }

    fn fits(&self, section: usize) -> bool {
        self.lengths[section] <= self.room()
    }

    /// What a file may hold of lists.
    fn room(&self) -> usize {
        self.window - REST
    }

    // ---- files ----

    /// The root; nothing where it cannot list all indexes.
    fn root(&mut self) -> Option<String> {
        if self.fits(0) {
            let whole = format!("{}{}", self.head(0, ""), self.lists(0));
            if within(&whole, IndexKind::Root.limit()) {
                return Some(whole);
            }
        }
        let head = self.head(0, " Each of the indexes lists its pages.");
        let mut natural = self.natural(0);
        let limit = IndexKind::Root.limit();
        if !within(&format!("{head}{}", both(&natural)), limit) {
            natural = self.packed(0);
        }
        let text = format!("{head}{}", both(&natural));
        let room = limit.checked_sub(text.chars().count() + 1)?;
        Some(text + &self.opened(room))
    }

    /// The pages of as many sections as there is room for, level by level.
    fn opened(&self, mut room: usize) -> String {
        let mut open = BTreeSet::from([0]);
        let mut waiting: VecDeque<usize> = self.sections_in(0).collect();
        while let Some(section) = waiting.pop_front() {
            let names = self.path_to(section).chars().count() + "## \n\n\n (99)".len();
            let cost = names + self.own_list(section).chars().count();
            if cost <= room {
                room -= cost;
                open.insert(section);
                waiting.extend(self.sections_in(section));
            }
        }
        let mut lists = Vec::new();
        self.open_lists(0, &open, &mut lists);
        lists.retain(|(_, list)| !list.is_empty());
        headed(&lists)
    }

    /// The lists of the open sections below `section`, in order.
    fn open_lists(&self, section: usize, open: &BTreeSet<usize>, lists: &mut Vec<(String, String)>) {
        for inner in self.sections_in(section).filter(|inner| open.contains(inner)) {
            lists.push((self.path_to(inner), self.own_list(inner)));
            self.open_lists(inner, open, lists);
        }
    }

    /// The pages of a section itself.
    fn own_list(&self, section: usize) -> String {
        let own = &self.catalogue.sections[section];
        let pages = own.children.iter().filter_map(|child| match child {
            Child::Page(page) => Some(*page),
            Child::Section(_) => None,
        });
        own.landing.into_iter().chain(pages).map(|page| self.lines[page.0 as usize].as_str()).collect()
    }

    fn sections_in(&self, section: usize) -> impl Iterator<Item = usize> + 'a {
        let catalogue = self.catalogue;
        catalogue.sections[section].children.iter().filter_map(|child| match child {
            Child::Section(inner) => Some(*inner),
            Child::Page(_) => None,
        })
    }

    /// The titles on the way to a section, as headings of lists have them.
    fn path_to(&self, section: usize) -> String {
        let own = &self.catalogue.sections[section];
        let title = one_line(&own.title);
        if own.parent == 0 { title } else { format!("{} / {title}", self.path_to(own.parent)) }
    }

    fn section(&mut self, section: usize) {
        let own = &self.catalogue.sections[section];
        let lists = if self.fits(section) {
            self.lists(section)
        } else {
            let mut listed = self.natural(section);
            if listed.iter().map(|line| line.text.chars().count()).sum::<usize>() > self.room() {
                listed = self.packed(section);
            }
            // The landing page stands at the top already.
            let landing = own.landing.map(|page| self.lines[page.0 as usize].as_str());
            listed.retain(|line| Some(line.text.as_str()) != landing);
            both(&listed)
        };
        let mut text = self.head(section, "");
        let up = self.up(section);
        if let Some(facts) = own.landing.and_then(|page| self.facts.get(&page)) {
            let used = [&text, &lists, &up].map(|part| part.chars().count()).iter().sum::<usize>() + 100;
            let room = self.window.saturating_sub(used).min(LANDING);
            let (this, _) = page::this_page(self.catalogue, facts, room);
            text.push_str(&this);
            text.push('\n');
        }
        text.push_str(&lists);
        text.push_str(&format!("## Up\n\n{up}"));
        self.put(index_file(&own.route), text, IndexKind::Section);
    }

    fn up(&self, section: usize) -> String {
        let mut text = String::new();
        let mut at = section;
        while at != 0 {
            at = self.catalogue.sections[at].parent;
            let own = &self.catalogue.sections[at];
            text.push_str(&line(&own.title, &self.catalogue.index_url(at), &pages_of(own.pages), 60));
        }
        text
    }

    #[expect(clippy::needless_pass_by_value, reason = "a text that was made for it")]
    fn put(&mut self, path: String, text: String, kind: IndexKind) {
        let text = format!("{}\n", text.trim_end());
        let characters = text.chars().count();
        self.indexes.insert(path.clone(), FinishedIndex { path: path.clone(), kind, characters });
        self.files.insert(path, text);
    }

    fn head(&self, section: usize, note: &str) -> String {
        let own = &self.catalogue.sections[section];
        let title = literal(&own.title);
        let description = super::shortened(&super::literal(&own.description), 300);
        let description = match (description.is_empty(), section) {
            (false, _) => description,
            (true, 0) => format!("The documentation of {title}."),
            (true, _) => format!("A section of {}.", one_line(&self.catalogue.title)),
        };
        let pages = pages_of(own.pages);
        let details = if section == 0 {
            let full = self.catalogue.addresses.absolute(&self.catalogue.addresses.file("llms-full.txt"));
            let changes = &self.catalogue.changes;
            let changes = changes.as_ref().map(|url| format!(" and what changed, latest first: {url}"));
            format!(
                "{pages}, as Markdown. Append `.md` to the URL of a page for its Markdown, `/llms.txt` to that of a page or \
                 section for its own index.{note} All pages in one file: {full}{}",
                changes.unwrap_or_default()
            )
        } else {
            format!("{pages}, as Markdown.{note}")
        };
        format!("# {title}\n\n> {description}\n\n{details}\n\n")
    }

    // ---- lists ----

    /// Every page of a section and below it, a heading for each section.
    fn lists(&self, section: usize) -> String {
        let mut lists: Vec<(String, String)> = Vec::new();
        self.collect(section, "", true, &mut lists);
        headed(&lists)
    }

    fn collect(&self, section: usize, name: &str, is_top: bool, lists: &mut Vec<(String, String)>) {
        let own = &self.catalogue.sections[section];
        let mut list = String::new();
        if let Some(landing) = own.landing.filter(|_| !is_top) {
            list.push_str(&self.lines[landing.0 as usize]);
        }
        for child in &own.children {
            if let Child::Page(page) = child {
                list.push_str(&self.lines[page.0 as usize]);
            }
        }
        if !list.is_empty() {
            let name = if is_top { "Pages".to_owned() } else { name.to_owned() };
            lists.push((name, list));
        }
        for child in &own.children {
            if let Child::Section(inner) = child {
                let title = one_line(&self.catalogue.sections[*inner].title);
                let name = if name.is_empty() { title } else { format!("{name} / {title}") };
                self.collect(*inner, &name, false, lists);
            }
        }
    }

    fn index_line(&self, section: usize) -> Listed {
        let own = &self.catalogue.sections[section];
        let mut about = pages_of(own.pages);
        let children: Vec<Child> =
            own.landing.map(Child::Page).into_iter().chain(own.children.iter().copied()).collect();
        let description = one_line(&own.description);
        if let Some(titles) = self.titles(&children) {
            about = format!("{about}: {titles}");
        } else if !description.is_empty() {
            about = format!("{about}. {}", super::shortened(&description, 100));
        }
        let limit = about.chars().count();
        Listed { text: line(&own.title, &self.catalogue.index_url(section), &about, limit), is_index: true }
    }

    fn page_line(&self, page: PageId) -> Listed {
        Listed { text: self.lines[page.0 as usize].clone(), is_index: false }
    }

    /// A section that does not fit, as its pages and the indexes of its subsections, which list theirs.
    fn natural(&mut self, section: usize) -> Vec<Listed> {
        let own = &self.catalogue.sections[section];
        let mut listed: Vec<Listed> = own.landing.map(|page| self.page_line(page)).into_iter().collect();
        for child in &own.children {
            match child {
                Child::Page(page) => listed.push(self.page_line(*page)),
                Child::Section(inner) if self.fits(*inner) => listed.push(self.index_line(*inner)),
                Child::Section(inner) => listed.extend(self.packed(*inner)),
            }
        }
        listed
    }

    /// A section that does not fit, as few indexes, each filled with what stands side by side.
    fn packed(&mut self, section: usize) -> Vec<Listed> {
        let own = &self.catalogue.sections[section];
        let children: Vec<Child> =
            own.landing.map(Child::Page).into_iter().chain(own.children.iter().copied()).collect();
        let mut listed = Vec::new();
        let mut part: Vec<Child> = Vec::new();
        let (mut length, mut number) = (0, 0);
        for child in children {
            let is_large = matches!(child, Child::Section(inner) if !self.fits(inner));
            if !part.is_empty() && (is_large || length + self.length(child) > self.room()) {
                listed.push(self.part(section, &std::mem::take(&mut part), &mut number));
                length = 0;
            }
            match child {
                Child::Section(inner) if is_large => listed.extend(self.packed(inner)),
                Child::Page(_) | Child::Section(_) => {
                    part.push(child);
                    length += self.length(child);
                }
            }
        }
        if !part.is_empty() {
            listed.push(self.part(section, &part, &mut number));
        }
        listed
    }

    /// Some children of a section as a file of their own; one that is a section has its own already.
    fn part(&mut self, section: usize, children: &[Child], number: &mut usize) -> Listed {
        if let [Child::Section(only)] = children {
            return self.index_line(*only);
        }
        *number += 1;
        let own = &self.catalogue.sections[section];
        let title = format!("{}, part {number}", one_line(&own.title));
        let about = self.about(children);
        let mut lists = Vec::new();
        let mut list = String::new();
        for child in children {
            match child {
                Child::Page(page) => list.push_str(&self.lines[page.0 as usize]),
                Child::Section(inner) => {
                    let title = one_line(&self.catalogue.sections[*inner].title);
                    self.collect(*inner, &title, false, &mut lists);
                }
            }
        }
        if !list.is_empty() {
            lists.insert(0, ("Pages".to_owned(), list));
        }
        let mut text = format!("# {title}\n\n> {about}\n\nPages as Markdown.\n\n");
        text.push_str(&headed(&lists));
        let own_line = line(&own.title, &self.catalogue.index_url(section), &pages_of(own.pages), 60);
        text.push_str(&format!("## Up\n\n{own_line}{}", self.up(section)));
        let folder = if own.route.is_empty() { String::new() } else { format!("{}/", own.route) };
        let path = format!("{folder}llms-{number}.txt");
        let url = self.catalogue.addresses.absolute(&self.catalogue.addresses.file(&path));
        self.put(path, text, IndexKind::Section);
        Listed { text: line(&title, &url, &about, about.chars().count()), is_index: true }
    }

    /// What a part holds: the titles of its pages where the root has room for that, else of the first and the last.
    fn about(&self, children: &[Child]) -> String {
        self.titles(children).unwrap_or_else(|| {
            let pages = self.catalogue.pages_in(children);
            let end = |page: Option<&PageId>| {
                page.map_or(String::new(), |page| {
                    super::shortened(&one_line(&self.catalogue.entry(*page).title), 40)
                })
            };
            format!("{} to {}", end(pages.first()), end(pages.last()))
        })
    }

    /// The titles of all pages in a part of the navigation, by which agents choose; nothing where they are too long for
    /// all indexes of the root to say that.
    fn titles(&self, children: &[Child]) -> Option<String> {
        let lines = (self.lengths[0] / self.room() + 1).max(self.sections_in(0).count());
        let room = TITLES.checked_sub(lines * 90)? / lines;
        let mut titles = String::new();
        for page in self.catalogue.pages_in(children) {
            if !titles.is_empty() {
                titles.push_str("; ");
            }
            titles.push_str(&one_line(&self.catalogue.entry(page).title));
            if titles.chars().count() > room {
                // A few words of many pages are worse than what the section says of itself.
                return (room >= 100).then(|| super::shortened(&titles, room));
            }
        }
        Some(titles)
    }

    /// The root of a very large site: indexes of indexes.
    fn grouped(&mut self) -> String {
        let listed = self.packed(0);
        let mut groups: Vec<Vec<Listed>> = Vec::new();
        let mut length = 0;
        for line in listed {
            let own = line.text.chars().count();
            if groups.is_empty() || length + own > self.room() {
                groups.push(Vec::new());
                length = 0;
            }
            length += own;
            if let Some(group) = groups.last_mut() {
                group.push(line);
            }
        }
        let title = one_line(&self.catalogue.title);
        let mut lines = Vec::new();
        for (number, group) in (1..).zip(&groups) {
            let name = format!("{title}, index {number}");
            let about = format!("{} further indexes", group.len());
            let text = format!("# {name}\n\n> {about}\n\nEach of them lists its pages.\n\n{}", both(group));
            let path = format!("llms-index-{number}.txt");
            let url = self.catalogue.addresses.absolute(&self.catalogue.addresses.file(&path));
            self.put(path, text, IndexKind::Section);
            lines.push(Listed { text: line(&name, &url, &about, 80), is_index: true });
        }
        format!("{}{}", self.head(0, " Each of the indexes lists its pages."), both(&lines))
    }
}

fn pages_of(count: usize) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{} pages", grouped(count)) }
}

fn within(text: &str, limit: usize) -> bool {
    text.trim_end().chars().count() < limit
}

/// Lists under their names. The reference parser keeps one list for each name, so no name comes twice.
fn headed(lists: &[(String, String)]) -> String {
    let mut text = String::new();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, list) in lists {
        let times = names.entry(name).or_default();
        *times += 1;
        let number = if *times > 1 { format!(" ({times})") } else { String::new() };
        text.push_str(&format!("## {name}{number}\n\n{list}\n"));
    }
    text
}

/// Pages first, then indexes, each under its heading.
fn both(listed: &[Listed]) -> String {
    let mut text = String::new();
    for (name, is_index) in [("Pages", false), ("Indexes", true)] {
        let lines: String =
            listed.iter().filter(|line| line.is_index == is_index).map(|line| line.text.as_str()).collect();
        if !lines.is_empty() {
            text.push_str(&format!("## {name}\n\n{lines}\n"));
        }
    }
    text
}
