//! The catalogue in, `llms.txt` at the root and in every section out, each within its size.
//!
//! A section whose pages do not fit splits itself: its index lists the indexes of its subsections, and where those are
//! many or its pages stand side by side, parts (`a/llms-1.txt`) that are filled one after the other. The root lists
//! pages where they all fit, else as many sections with their pages as fit and the indexes of the others, so that every
//! page is two steps away up to some ten thousand pages; beyond that it lists what lists those, and it is three.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Catalogue, Child, grouped, line, literal, one_line, page};
use crate::check::{FinishedIndex, IndexKind};
use crate::render::PageFacts;
use crate::render::address::index_file;
use crate::site::PageId;

/// What a file may hold of lists, the rest being its head, `## This page` and `## Up`.
const LISTS: usize = 44_000;
/// The most characters of the headings of a landing page.
const LANDING: usize = 3_000;
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
        files: BTreeMap::new(),
        indexes: Vec::new(),
    };
    builder.measure(0);
    for section in 1..catalogue.sections.len() {
        if catalogue.sections[section].pages > 0 {
            builder.section(section);
        }
    }
    builder.root();
    (builder.files, builder.indexes)
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
    files: BTreeMap<String, String>,
    indexes: Vec<FinishedIndex>,
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
        self.lengths[section] <= LISTS
    }

    // ---- files ----

    fn root(&mut self) {
        let head = self.head(0, "");
        let split_head = self.head(0, " Each of the indexes lists its pages.");
        let whole = self
            .fits(0)
            .then(|| format!("{head}{}", self.lists(0)))
            .filter(|text| within(text, IndexKind::Root.limit()));
        let text = whole
            .or_else(|| {
                let room = IndexKind::Root.limit().checked_sub(split_head.chars().count() + 20)?;
                Some(format!("{split_head}{}", self.opened(room)?))
            })
            .or_else(|| {
                Some(format!("{split_head}{}", both(&self.packed(0))))
                    .filter(|text| within(text, IndexKind::Root.limit()))
            })
            .unwrap_or_else(|| format!("{split_head}{}", both(&self.grouped())));
        self.put("llms.txt".to_owned(), text, IndexKind::Root);
    }

    /// The root of a site that is too large to be listed whole: sections are opened level by level, each as long as there
    /// is room for its pages; of the others the index is listed. Nothing where there is no room for that.
    fn opened(&mut self, room: usize) -> Option<String> {
        let closed = both(&self.natural(0)).chars().count();
        let mut room = room.checked_sub(closed)?;
        let mut open = BTreeSet::from([0]);
        let mut waiting: VecDeque<usize> = self.sections_in(0).collect();
        while let Some(section) = waiting.pop_front() {
            let has_large = self.sections_in(section).any(|inner| !self.fits(inner));
            if !self.fits(section) || has_large {
                continue;
            }
            let names = self.path_to(section).chars().count() + "## \n\n\n".len();
            let cost = names + self.own_list(section, &BTreeSet::new()).chars().count();
            if cost <= room {
                room -= cost;
                open.insert(section);
                waiting.extend(self.sections_in(section));
            }
        }
        let mut lists = Vec::new();
        let mut rest: Vec<Listed> = self.natural(0);
        rest.retain(|line| {
            !open.iter().any(|section| *section != 0 && line.text == self.index_line(*section).text)
        });
        let (pages, indexes): (Vec<Listed>, Vec<Listed>) = rest.into_iter().partition(|line| !line.is_index);
        lists.push(("Pages".to_owned(), pages.iter().map(|line| line.text.as_str()).collect::<String>()));
        self.open_lists(0, &open, &mut lists);
        lists.push(("Indexes".to_owned(), indexes.iter().map(|line| line.text.as_str()).collect()));
        lists.retain(|(_, list)| !list.is_empty());
        Some(headed(&lists))
    }

    /// The lists of the open sections below `section`, in order.
    fn open_lists(&self, section: usize, open: &BTreeSet<usize>, lists: &mut Vec<(String, String)>) {
        for inner in self.sections_in(section).filter(|inner| open.contains(inner)) {
            lists.push((self.path_to(inner), self.own_list(inner, open)));
            self.open_lists(inner, open, lists);
        }
    }

    /// The pages of a section itself, and the indexes of the sections in it that are not open.
    fn own_list(&self, section: usize, open: &BTreeSet<usize>) -> String {
        let own = &self.catalogue.sections[section];
        let mut list: String = own.landing.iter().map(|page| self.lines[page.0 as usize].as_str()).collect();
        for child in &own.children {
            match child {
                Child::Page(page) => list.push_str(&self.lines[page.0 as usize]),
                Child::Section(inner) if open.contains(inner) => {}
                Child::Section(inner) => list.push_str(&self.index_line(*inner).text),
            }
        }
        list
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
        let facts = own.landing.and_then(|page| self.facts.get(&page));
        let this = facts.map(|facts| page::this_page(self.catalogue, facts, LANDING));
        let mut text = self.head(section, this.as_ref().map_or("", |(_, left_out)| left_out));
        if let Some((this, _)) = &this {
            text.push_str(this);
            text.push('\n');
        }
        if self.fits(section) {
            text.push_str(&self.lists(section));
        } else {
            let mut listed = self.natural(section);
            if listed.iter().map(|line| line.text.chars().count()).sum::<usize>() > LISTS {
                listed = self.packed(section);
            }
            // The landing page stands at the top already.
            let landing = own.landing.map(|page| self.lines[page.0 as usize].as_str());
            listed.retain(|line| Some(line.text.as_str()) != landing);
            text.push_str(&both(&listed));
        }
        let up = self.up(section);
        text.push_str(&format!("## Up\n\n{up}"));
        self.put(index_file(&own.route), text, IndexKind::Section);
    }

    fn up(&self, section: usize) -> String {
        let mut text = String::new();
        let mut at = section;
        while at != 0 {
            at = self.catalogue.sections[at].parent;
            text.push_str(&self.index_line(at).text);
        }
        text
    }

    #[expect(clippy::needless_pass_by_value, reason = "a text that was made for it")]
    fn put(&mut self, path: String, text: String, kind: IndexKind) {
        let text = format!("{}\n", text.trim_end());
        self.indexes.push(FinishedIndex { path: path.clone(), kind, characters: text.chars().count() });
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
        let pages = match own.pages {
            1 => "1 page".to_owned(),
            many => format!("{} pages", grouped(many)),
        };
        let details = if section == 0 {
            let full = self.catalogue.addresses.absolute(&self.catalogue.addresses.file("llms-full.txt"));
            format!(
                "{pages}, as Markdown. Append `.md` to the URL of a page for its Markdown, `/llms.txt` to that of a page or \
                 section for its own index.{note} All pages in one file: {full}"
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
        let mut about =
            if own.pages == 1 { "1 page".to_owned() } else { format!("{} pages", grouped(own.pages)) };
        let description = one_line(&own.description);
        if !description.is_empty() && section != 0 {
            about.push_str(". ");
            about.push_str(&description);
        }
        Listed { text: line(&own.title, &self.catalogue.index_url(section), &about, 120), is_index: true }
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
            if !part.is_empty() && (is_large || length + self.length(child) > LISTS) {
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
        let name = |child: Option<&Child>| match child {
            Some(Child::Page(page)) => one_line(&self.catalogue.entry(*page).title),
            Some(Child::Section(inner)) => one_line(&self.catalogue.sections[*inner].title),
            None => String::new(),
        };
        let range = format!("{} to {}", name(children.first()), name(children.last()));
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
        let mut text = format!("# {title}\n\n> {range}\n\nPages as Markdown.\n\n");
        text.push_str(&headed(&lists));
        text.push_str(&format!("## Up\n\n{}{}", self.index_line(section).text, self.up(section)));
        let folder = if own.route.is_empty() { String::new() } else { format!("{}/", own.route) };
        let path = format!("{folder}llms-{number}.txt");
        let url = self.catalogue.addresses.absolute(&self.catalogue.addresses.file(&path));
        self.put(path, text, IndexKind::Section);
        Listed { text: line(&title, &url, &range, 80), is_index: true }
    }

    /// The root of a very large site: indexes of indexes.
    fn grouped(&mut self) -> Vec<Listed> {
        let listed = self.packed(0);
        let mut groups: Vec<Vec<Listed>> = Vec::new();
        let mut length = 0;
        for line in listed {
            let own = line.text.chars().count();
            if groups.is_empty() || length + own > LISTS {
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
        lines
    }
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
