//! The facts of a page in, its own index out: where its parts begin and how long they are, what is related, what is above.

use super::{Catalogue, Child, grouped, line, literal, one_line};
use crate::render::{PageFacts, Section};
use crate::site::PageId;

/// The most characters that the index of a page may have.
const LIMIT: usize = 4_000;
/// The most characters of its list of related pages.
const RELATED: usize = 1_200;

/// The index of a page that has no pages below it.
pub(super) fn index(catalogue: &Catalogue, facts: &PageFacts) -> String {
    let related = related(catalogue, facts);
    let up = up(catalogue, facts.page);
    let mut tail = String::new();
    if !related.is_empty() {
        tail.push_str(&format!("\n## Related\n\n{related}"));
    }
    tail.push_str(&format!("\n## Up\n\n{up}"));
    let head = head(catalogue, facts);
    let room = LIMIT.saturating_sub(head.chars().count() + tail.chars().count() + 100);
    let (own, left_out) = this_page(catalogue, facts, room);
    let note = match left_out {
        0 => String::new(),
        1 => " 1 heading is left out here.".to_owned(),
        left_out => format!(" {left_out} headings are left out here."),
    };
    format!("{head}{note}\n\n{own}{tail}")
}

/// `## This page` with the page's Markdown and as many of its headings as `room` characters hold, the higher ones first;
/// and how many are left out.
pub(super) fn this_page(catalogue: &Catalogue, facts: &PageFacts, room: usize) -> (String, usize) {
    let url = catalogue.markdown_url(facts.page);
    let mut text = format!("## This page\n\n{}", line(&facts.title, &url, &size(facts), 120));
    text.extend(facts.procedure.then(|| procedure(catalogue, facts)));
    let lines: Vec<String> = facts
        .sections
        .iter()
        .map(|section| {
            // A tool with a small window reads on from there.
            let size = format!("{} characters from {}", grouped(section.characters), grouped(section.from));
            line(&section.title, &format!("{url}#{}", section.id), &size, 60)
        })
        .collect();
    let mut room = room.saturating_sub(text.chars().count());
    let mut chosen = vec![false; lines.len()];
    for level in 1..=6 {
        for (index, Section { level: own, .. }) in facts.sections.iter().enumerate() {
            let length = lines[index].chars().count();
            if *own == level && length <= room {
                room -= length;
                chosen[index] = true;
            }
        }
    }
    let kept = lines.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(line, _)| line.as_str());
    text.extend(kept);
    (text, chosen.iter().filter(|chosen| !**chosen).count())
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
    format!("{} characters, about {} tokens", grouped(facts.characters), grouped(facts.tokens))
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
    let mut details = if way.is_empty() { String::new() } else { format!("In {}. ", way.join(" > ")) };
    if let Some(date) = &facts.last_updated {
        details.push_str(&format!("Last updated {date}. "));
    }
    details.push_str(&format!("{}.", size(facts)));
    format!("# {}\n\n> {description}\n\n{details}", literal(&facts.title))
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
fn related(catalogue: &Catalogue, facts: &PageFacts) -> String {
    let siblings: Vec<PageId> = catalogue.sections[catalogue.entry(facts.page).parent]
        .children
        .iter()
        .filter_map(|child| match child {
            Child::Page(page) => Some(*page),
            Child::Section(section) => catalogue.sections[*section].landing,
        })
        .collect();
    let place = siblings.iter().position(|page| *page == facts.page).unwrap_or(0);
    let near = &siblings[place.saturating_sub(4)..(place + 5).min(siblings.len())];
    let mut text = String::new();
    let mut length = 0;
    let mut listed = vec![facts.page];
    for page in facts.links.iter().take(8).chain(near) {
        if listed.contains(page) || !catalogue.entry(*page).listed {
            continue;
        }
        listed.push(*page);
        let entry = catalogue.entry(*page);
        let line = line(&entry.title, &catalogue.markdown_url(*page), &entry.description, 100);
        length += line.chars().count();
        if length > RELATED {
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
    sections.iter().map(above).collect()
}
