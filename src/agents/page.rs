//! The facts of a page in, its own index out: where its parts begin and how long they are, what is related, what is above.

use std::collections::BTreeMap;

use super::{Catalogue, Child, TITLE, grouped, line, literal, one_line};
use crate::render::{PageFacts, VariantFacts};
use crate::site::{PageId, variant_file};

/// The most characters that the index of a page may have.
const LIMIT: usize = 4_000;
/// The most characters of the list of what is above it, but for the nearest and the root.
const UP: usize = 800;
/// The most characters of its list of related pages.
const RELATED: usize = 1_200;
/// The same where there is no room for all headings.
const FEW: usize = 450;

/// The characters that the smallest window of a tool shows of a section, with some of the one before.
const NEAR: usize = 4_800;
/// What an outline ends with that does not name everything.
const MORE: &str = "; \u{2026}";
/// The characters of a short name of a heading, and where it begins.
const LEAST_NAME: usize = 26;

/// The index of a page that has no pages below it.
pub(super) fn index(catalogue: &Catalogue, facts: &PageFacts) -> String {
    let whole = index_with(catalogue, facts, RELATED);
    // What a page holds comes before what is beside it.
    if whole.1.is_empty() { whole.0 } else { index_with(catalogue, facts, FEW).0 }
}

/// The index of a page with `limit` characters of related pages, and what it says that it leaves out.
fn index_with(catalogue: &Catalogue, facts: &PageFacts, limit: usize) -> (String, String) {
    let related = related(catalogue, facts, limit);
    let up = up(catalogue, facts.page);
    let mut tail = String::new();
    if !related.is_empty() {
        tail.push_str(&format!("\n## Related\n\n{related}"));
    }
    tail.push_str(&format!("\n## Up\n\n{up}"));
    let head = head(catalogue, facts);
    let room = LIMIT.saturating_sub(head.chars().count() + tail.chars().count() + 100);
    let (own, note) = this_page(catalogue, facts, room);
    (format!("{head}{note}\n\n{own}{tail}"), note)
}

/// `## This page` with the page's Markdown, its variants and its headings in `room` characters; and a sentence on what is
/// left out.
///
/// Where the lines of all headings do not fit, whole levels have lines, the higher ones first; what is below is named in
/// the line above it, with where it begins.
pub(super) fn this_page(catalogue: &Catalogue, facts: &PageFacts, room: usize) -> (String, String) {
    let url = catalogue.markdown_url(facts.page);
    let own = line(&facts.title, &url, &size(facts), 120);
    let mut text = if facts.procedure { procedure(catalogue, facts) } else { String::new() };
    let mut room = room.saturating_sub("## This page\n\n".len() + own.chars().count() + text.chars().count());
    // Headings lead further into a long page than its thirtieth variant does.
    let mut for_variants = room / 2;
    let mut variants_left = 0;
    for variant in &facts.variants {
        let line = variant_line(catalogue, facts, variant);
        let length = line.chars().count();
        if length > for_variants {
            variants_left += 1;
            continue;
        }
        text.push_str(&line);
        (for_variants, room) = (for_variants - length, room - length);
    }
    let lines: Vec<String> = facts
        .sections
        .iter()
        .map(|section| {
            // A tool with a small window reads on from there.
            let size = format!("{} characters from {}", grouped(section.characters), grouped(section.from));
            line(&section.title, &format!("{url}#{}", section.id), &size, 60)
        })
        .collect();
    let parts = parts(facts);
    let mut listed = vec![false; facts.sections.len()];
    let mut is_first = true;
    for level in 1..=6 {
        let of_level = |index: &usize| facts.sections[*index].level == level;
        let length: usize = (0..lines.len()).filter(of_level).map(|index| lines[index].chars().count()).sum();
        let below = parts.iter().filter(|part| part.level > level && part.is_far).count();
        if length > room || !is_first && length + below * LEAST_NAME > room {
            break;
        }
        is_first &= length == 0;
        room -= length;
        (0..lines.len()).filter(of_level).for_each(|index| listed[index] = true);
    }
    // What the lines name: the rest of the headings, and the labels of tabs where they lie far from a heading.
    let rest: Vec<&Part<'_>> =
        parts.iter().filter(|part| part.section.map_or(part.is_far, |section| !listed[section])).collect();
    let (names, named) = names(&rest, room);
    let mut names = rest.iter().zip(names).peekable();
    let mut until = |end: usize| {
        let mut text = String::new();
        while let Some((_, name)) = names.next_if(|(part, _)| part.from < end) {
            text.extend(name);
        }
        text
    };
    let kept: Vec<usize> = (0..lines.len()).filter(|index| listed[*index]).collect();
    let start_of = |index: Option<&usize>| index.map_or(usize::MAX, |index| facts.sections[*index].from);
    let with = |line: &str, names: &str| {
        let names = names.strip_prefix(';').map(|names| format!(":{names}")).unwrap_or_default();
        format!("{}{names}\n", line.trim_end())
    };
    let own = with(&own, &until(start_of(kept.first())));
    for (number, index) in kept.iter().enumerate() {
        text.push_str(&with(&lines[*index], &until(start_of(kept.get(number + 1)))));
    }
    let left = rest.iter().filter(|part| part.section.is_some()).count().saturating_sub(named);
    (format!("## This page\n\n{own}{text}"), left_out(left, "heading") + &left_out(variants_left, "variant"))
}

/// A place of a page that an agent may want to read from.
struct Part<'a> {
    title: &'a str,
    from: usize,
    /// 7 for the label of a tab.
    level: u8,
    /// The heading; none for the label of a tab.
    section: Option<usize>,
    /// Whether it may lie outside of what a small window shows from the heading above.
    is_far: bool,
}

/// The headings of a page and the labels of its tabs, in order.
fn parts(facts: &PageFacts) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    // The sections that a place lies in: level and length.
    let mut around: Vec<(u8, usize)> = vec![(0, facts.characters)];
    let mut labels = facts.labels.iter().peekable();
    let is_far = |around: &[(u8, usize)]| around.last().is_none_or(|(_, length)| *length > NEAR);
    for (index, section) in facts.sections.iter().enumerate() {
        while let Some(label) = labels.next_if(|label| label.from < section.from) {
            let is_far = is_far(&around);
            parts.push(Part { title: &label.title, from: label.from, level: 7, section: None, is_far });
        }
        while around.last().is_some_and(|(level, _)| *level >= section.level) {
            around.pop();
        }
        let is_far = is_far(&around);
        let title = section.title.as_str();
        parts.push(Part { title, from: section.from, level: section.level, section: Some(index), is_far });
        around.push((section.level, section.characters));
    }
    for label in labels {
        let is_far = is_far(&around);
        parts.push(Part { title: &label.title, from: label.from, level: 7, section: None, is_far });
    }
    parts
}

/// `; title at 1,234` of each part as far as `room` characters hold them: those far from a heading first, the higher ones
/// before the lower, shorter where that names more. And how many headings are among them.
fn names(parts: &[&Part<'_>], room: usize) -> (Vec<Option<String>>, usize) {
    let short = |part: &Part<'_>, limit: usize| {
        literal(&super::shortened(&one_line(part.title).replace(';', ","), limit))
    };
    // Short names that would be the same (`Release 1.2`, `Release 1.3`) stay whole.
    let alike = |limit: usize| {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for part in parts {
            *times.entry(short(part, limit)).or_default() += 1;
        }
        times
    };
    let name = |part: &Part<'_>, limit: usize, times: &BTreeMap<String, usize>| {
        let mut title = short(part, limit);
        if times.get(&title).is_some_and(|times| *times > 1) {
            title = short(part, 60);
        }
        format!("; {title} at {}", grouped(part.from))
    };
    let length_with = |limit: usize, times: &BTreeMap<String, usize>| -> usize {
        parts.iter().filter(|part| part.is_far).map(|part| name(part, limit, times).chars().count()).sum()
    };
    if parts.is_empty() {
        return (Vec::new(), 0);
    }
    let (mut limit, mut times) = (60, alike(60));
    for shorter in [40, 28, 20, 14] {
        if length_with(limit, &times) <= room {
            break;
        }
        (limit, times) = (shorter, alike(shorter));
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| (!parts[*index].is_far, parts[*index].level));
    let mut names = vec![None; parts.len()];
    let (mut room, mut headings) = (room, 0);
    for index in order {
        let text = name(parts[index], limit, &times);
        let length = text.chars().count();
        if length > room {
            break;
        }
        room -= length;
        headings += usize::from(parts[index].section.is_some());
        names[index] = Some(text);
    }
    (names, headings)
}

/// What an index of many pages says of a long one in `room` characters: its length, and where its parts begin. Nothing of
/// a page that a small window shows whole.
pub(super) fn outline(facts: &PageFacts, room: usize) -> String {
    let size = format!(" {} characters", grouped(facts.characters));
    if facts.characters <= NEAR || size.len() > room {
        return String::new();
    }
    let parts = parts(facts);
    let far: Vec<&Part<'_>> = parts.iter().filter(|part| part.is_far).collect();
    // An outline that does not name all says so.
    let room = (room - size.len()).saturating_sub(MORE.len());
    let (names, _) = names(&far, room);
    let more = if names.iter().all(Option::is_some) { "" } else { MORE };
    let names: String = names.into_iter().flatten().collect();
    let names = names.strip_prefix(';').map(|names| format!(":{names}{more}")).unwrap_or_default();
    format!("{size}{names}")
}

fn left_out(number: usize, what: &str) -> String {
    match number {
        0 => String::new(),
        1 => format!(" 1 {what} is left out here."),
        _ => format!(" {number} {what}s are left out here."),
    }
}

/// The line of the page with one choice made.
fn variant_line(catalogue: &Catalogue, facts: &PageFacts, variant: &VariantFacts) -> String {
    let path = variant_file(&catalogue.entry(facts.page).route, &variant.name);
    let url = catalogue.addresses.absolute(&catalogue.addresses.file(&path));
    let size = size_of(variant.characters, variant.tokens);
    line(
        &format!("{} ({})", facts.title, variant.label),
        &url,
        &format!("only {}, {size}", variant.label),
        120,
    )
}

/// The line of the page's steps as data.
fn procedure(catalogue: &Catalogue, facts: &PageFacts) -> String {
    let addresses = &catalogue.addresses;
    let url = addresses.absolute(&addresses.procedure(&facts.route));
    line("Steps as JSON", &url, "The commands, files, placeholders and permissions of this page as data", 120)
}

/// The body of a finished Markdown file: without the header, the directive and the title.
pub(super) fn body(markdown: &str) -> &str {
    let header = markdown.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    let mut rest = header.map_or(markdown, |(_, rest)| rest).trim_start();
    if rest.starts_with('>') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    if rest.starts_with("# ") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

fn size(facts: &PageFacts) -> String {
    size_of(facts.characters, facts.tokens)
}

fn size_of(characters: usize, tokens: usize) -> String {
    format!("{} characters, about {} tokens", grouped(characters), grouped(tokens))
}

fn head(catalogue: &Catalogue, facts: &PageFacts) -> String {
    let description = literal(&facts.description);
    let description = super::shortened(&description, 300);
    let description = if description.is_empty() {
        format!("A page of {}.", one_line(&catalogue.title))
    } else {
        description
    };
    let way: Vec<String> =
        way(catalogue, facts.page).iter().map(|index| one_line(&catalogue.sections[*index].title)).collect();
    let way = super::shortened(&way.join(" > "), 400);
    let mut details = if way.is_empty() { String::new() } else { format!("In {way}. ") };
    if let Some(date) = &facts.last_updated {
        details.push_str(&format!("Last updated {date}. "));
    }
    details.push_str(&format!("{}.", size(facts)));
    format!("# {}\n\n> {description}\n\n{details}", super::shortened(&literal(&facts.title), TITLE))
}

/// The sections around a page, outermost first, the site itself left out.
fn way(catalogue: &Catalogue, page: PageId) -> Vec<usize> {
    let mut way = Vec::new();
    let mut at = catalogue.entry(page).parent;
    while at != 0 {
        way.push(at);
        at = catalogue.sections[at].parent;
    }
    way.reverse();
    way
}

/// The pages that it links to, then its neighbours in the navigation.
fn related(catalogue: &Catalogue, facts: &PageFacts, limit: usize) -> String {
    let own = catalogue.entry(facts.page);
    let siblings = &catalogue.sections[own.parent].children;
    let near = &siblings[own.position.saturating_sub(4)..(own.position + 5).min(siblings.len())];
    let near: Vec<PageId> = near
        .iter()
        .filter_map(|child| match child {
            Child::Page(page) => Some(*page),
            Child::Section(section) => catalogue.sections[*section].landing,
        })
        .collect();
    let mut text = String::new();
    let mut length = 0;
    let mut listed = vec![facts.page];
    for page in facts.links.iter().take(8).chain(&near) {
        if listed.contains(page) || !catalogue.entry(*page).listed {
            continue;
        }
        listed.push(*page);
        let entry = catalogue.entry(*page);
        let line = line(&entry.title, &catalogue.markdown_url(*page), &entry.description, 100);
        length += line.chars().count();
        if length > limit {
            break;
        }
        text.push_str(&line);
    }
    text
}

/// The indexes of the sections around the page, the nearest first, and the root's.
pub(super) fn up(catalogue: &Catalogue, page: PageId) -> String {
    let mut sections = way(catalogue, page);
    sections.reverse();
    sections.push(0);
    let above = |index: &usize| {
        let section = &catalogue.sections[*index];
        let pages = if section.pages == 1 {
            "1 page".to_owned()
        } else {
            format!("{} pages", grouped(section.pages))
        };
        line(&section.title, &catalogue.index_url(*index), &pages, 60)
    };
    let lines: Vec<String> = sections.iter().map(above).collect();
    // The nearest and the root lead everywhere; what lies between them is named as far as there is room.
    let mut length = 0;
    let last = lines.len() - 1;
    let fits = |(index, line): &(usize, &String)| {
        length += line.chars().count();
        *index == 0 || *index == last || length <= UP
    };
    lines.iter().enumerate().filter(fits).map(|(_, line)| line.as_str()).collect()
}
