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
/// How many characters of a title the lines to indexes have, the first that there is room for.
const TITLES: [usize; 8] = [200, 60, 48, 36, 28, 22, 17, 13];
/// The same where there is no room for all titles.
const SHORT: usize = 40;
/// The most characters of what an index says of the parts of a long page, where pages and indexes are chosen by it.
const OUTLINE: usize = 600;
/// The most characters of a description in a list.
const DESCRIPTION: usize = 200;

/// The characters of the size of a page.
const SIZE: usize = 21;
/// What an index with outlines says of them.
const OUTLINES: &str = " `at` is the character of the `.md` where a part begins.";

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
        by_line: BTreeMap::new(),
        outlines: vec![0; catalogue.pages.len()],
        window: 0,
        root_limit: 0,
        title: None,
        files: BTreeMap::new(),
        indexes: BTreeMap::new(),
    };
    builder.by_line =
        (0..).map(PageId).zip(&builder.lines).map(|(id, line)| (line.trim_end().to_owned(), id)).collect();
    let outlines: Vec<usize> = catalogue.pages.iter().map(|_| 0).collect();
    let outlines = facts.iter().fold(outlines, |mut outlines, facts| {
        outlines[facts.page.0 as usize] = page::outline(facts, OUTLINE).chars().count();
        outlines
    });
    let limit = IndexKind::Root.limit();
    let small = WINDOWS[0];
    let last = WINDOWS[WINDOWS.len() - 1];
    for (window, root_limit, outlined) in [
        (small, small, true),
        (small, small, false),
        (small, limit, true),
        (small, limit, false),
        (WINDOWS[1], limit, false),
        (last, limit, false),
    ] {
        builder.outlines = if outlined { outlines.clone() } else { vec![0; outlines.len()] };
        builder.measure(0, 0);
        // Full files, and a short line for each, are the least that the root can come to.
        let least = builder.lengths[0] / window * 80;
        if window != last && least > root_limit {
            continue;
        }
        (builder.window, builder.root_limit) = (window, root_limit);
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
    /// The page of each line, without its line break.
    by_line: BTreeMap<String, PageId>,
    /// The characters that the lists of each section come to, with everything below it.
    lengths: Vec<usize>,
    /// The characters that the outline of each page comes to that is longer than the smallest window; 0 where there is
    /// no room for them.
    outlines: Vec<usize>,
    /// How long a file should be.
    window: usize,
    /// How long the lines of the root may be that lead everywhere.
    root_limit: usize,
    /// The most characters of a title in a line that leads to an index; none where not all titles have room there.
    title: Option<usize>,
    files: BTreeMap<String, String>,
    indexes: BTreeMap<String, FinishedIndex>,
}

impl<'a> Builder<'a> {
    /// The characters that the lists of a section come to, each under its heading, which names the sections around it
    /// (`above` characters).
    fn measure(&mut self, section: usize, above: usize) -> usize {
        let own = &self.catalogue.sections[section];
        let name = above + one_line(&own.title).chars().count() + " / ".len();
        let mut length = name + 20;
        let inside = if section == 0 { 0 } else { name };
        length += own.landing.map_or(0, |page| self.page_length(page));
        for child in &own.children {
            length += match child {
                Child::Page(page) => self.page_length(*page),
                Child::Section(inner) => self.measure(*inner, inside),
            };
        }
        self.lengths[section] = length;
        length
    }

    fn page_length(&self, page: PageId) -> usize {
        self.lines[page.0 as usize].chars().count() + self.outlines[page.0 as usize]
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
        let limit = IndexKind::Root.limit();
        if self.fits(0) {
            let whole = format!("{}{}", self.head(0, ""), self.lists(0));
            if within(&whole, limit) {
                return Some(whole);
            }
        }
        let head = self.head(0, " Each of the indexes lists its pages.");
        let text = self.leading(&head, false).or_else(|| self.leading(&head, true))?;
        let room = limit.checked_sub(text.chars().count() + 1)?;
        Some(text + &self.opened(room))
    }

    /// The lines of the root that lead everywhere, with as many words of the titles of all pages as there is room for;
    /// nothing where there is no room, or where an agent could not choose by them.
    fn leading(&mut self, head: &str, is_packed: bool) -> Option<String> {
        let mut limits = TITLES.iter().copied().map(Some).chain([None]);
        let pages = self.catalogue.pages_of(0);
        let lengths: Vec<usize> = pages.iter().map(|page| self.title_length(*page)).collect();
        let mut room = self.root_limit;
        loop {
            // What cannot fit is not tried.
            let comes_to = |limit: usize| lengths.iter().map(|length| length.min(&limit) + 2).sum::<usize>();
            let limit = limits.find(|limit| limit.is_none_or(|limit| comes_to(limit) <= room))?;
            if limit.is_none() && self.root_limit < IndexKind::Root.limit() {
                return None;
            }
            self.title = limit;
            self.files.clear();
            self.indexes.clear();
            let listed = if is_packed { self.packed(0) } else { self.natural(0) };
            let text = format!("{head}{}", both(&listed));
            let over = (text.chars().count() + 1).saturating_sub(self.root_limit);
            if over == 0 {
                return Some(text);
            }
            room = limit.map_or(0, &comes_to).saturating_sub(over);
        }
    }

    fn title_length(&self, page: PageId) -> usize {
        one_line(&self.catalogue.entry(page).title).chars().count()
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
            let (this, left_out) = page::this_page(self.catalogue, facts, room);
            text = self.head(section, &left_out);
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
        let window = self.window.min(IndexKind::Root.limit());
        let text = self.outlined(&text, if kind == IndexKind::Root { window } else { self.window });
        let characters = text.chars().count();
        self.indexes.insert(path.clone(), FinishedIndex { path: path.clone(), kind, characters });
        self.files.insert(path, text);
    }

    /// An index whose lines of long pages say where their parts begin, as far as `limit` characters hold that: an agent
    /// reads on from there without the page's own index.
    fn outlined(&self, text: &str, limit: usize) -> String {
        let used = text.chars().count();
        // Each page that the lists hold, once.
        let mut pages: BTreeSet<&str> = BTreeSet::new();
        let long: Vec<(&str, &PageFacts)> = text
            .lines()
            .filter_map(|line| {
                let page = *self.by_line.get(line)?;
                let facts = *self.facts.get(&page)?;
                (!page::outline(facts, SIZE).is_empty() && pages.insert(line)).then_some((line, facts))
            })
            .collect();
        if used + OUTLINES.len() + SIZE * long.len() > limit || long.is_empty() {
            return text.to_owned();
        }
        // What short outlines leave goes to the others.
        let mut room = limit - used - OUTLINES.len();
        let mut order: Vec<(usize, usize)> = (0..long.len())
            .map(|index| (page::outline(long[index].1, usize::MAX).chars().count(), index))
            .collect();
        order.sort_unstable();
        let mut outlines: BTreeMap<&str, String> = BTreeMap::new();
        for (number, (_, index)) in order.iter().enumerate() {
            let outline = page::outline(long[*index].1, room / (order.len() - number));
            room -= outline.chars().count();
            outlines.insert(long[*index].0, outline);
        }
        let mut out = String::with_capacity(text.len() * 2);
        // Sizes alone explain themselves.
        let mut has_note = !outlines.values().any(|outline| outline.contains(" at "));
        for line in text.lines() {
            // Before the first list.
            if !has_note && line.starts_with("## ") {
                out.truncate(out.trim_end().len());
                out.push_str(OUTLINES);
                out.push_str("\n\n");
                has_note = true;
            }
            out.push_str(line);
            // A page that stands in two lists has its outline in the first.
            if let Some(outline) = outlines.remove(line).filter(|outline| !outline.is_empty()) {
                out.push_str(if line.contains("): ") { "" } else { ":" });
                out.push_str(&outline);
            }
            out.push('\n');
        }
        out
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
        if let Some(titles) = self.titles(section, &children) {
            about = if titles.is_empty() { about } else { format!("{about}: {titles}") };
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
        let about = self.about(section, children);
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
    fn about(&self, section: usize, children: &[Child]) -> String {
        // None are left of a part that is the section's own page.
        self.titles(section, children).filter(|titles| !titles.is_empty()).unwrap_or_else(|| {
            let pages = self.catalogue.pages_in(children);
            let end = |page: Option<&PageId>| {
                page.map_or(String::new(), |page| {
                    super::shortened(&one_line(&self.catalogue.entry(*page).title), 40)
                })
            };
            match pages.as_slice() {
                [only] => end(Some(only)),
                _ => format!("{} to {}", end(pages.first()), end(pages.last())),
            }
        })
    }

    /// The titles of all pages in a part of the navigation, by which agents choose; where the root has no room for that, as
    /// many as a line may have, and nothing where that is a few words of many pages.
    fn titles(&self, section: usize, children: &[Child]) -> Option<String> {
        let own = &self.catalogue.sections[section];
        let pages = self.catalogue.pages_in(children);
        // The line has the title of a section's own page already.
        let is_named = |page: &PageId| {
            let title = &self.catalogue.entry(*page).title;
            own.landing == Some(*page) && title.eq_ignore_ascii_case(&own.title)
        };
        let limit = self.title.unwrap_or(SHORT);
        let titles = pages
            .iter()
            .filter(|page| !is_named(page))
            .map(|page| super::shortened(&one_line(&self.catalogue.entry(*page).title), limit));
        if self.title.is_some() {
            return Some(titles.collect::<Vec<_>>().join("; "));
        }
        let lines = (self.lengths[0] / self.room() + 1).max(self.sections_in(0).count());
        let room = (self.root_limit * 3 / 4).checked_sub(lines * 90)? / lines;
        let joined = titles.take(room).collect::<Vec<_>>().join("; ");
        if joined.chars().count() <= room {
            return Some(joined);
        }
        // A few words of many pages are worse than what the section says of itself.
        (room >= 100).then(|| super::shortened(&joined, room))
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
