//! A rendered page in, what indexes and checks need to know of it out: values only, small enough to keep for every
//! page of a large site.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::markdown::File;
use super::{Context, tag};
use crate::diagnostic::{FileId, Span};
use crate::document::parse::{Options, parse};
use crate::document::{Kind, plain_text, walk};
use crate::site::{Page, PageId, Target, Variant, Visibility};

/// What is known of a page after it was rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFacts {
    /// Which page.
    pub page: PageId,
    /// Its address below the base path, without slashes at its ends.
    pub route: String,
    /// Its name.
    pub title: String,
    /// Its description; empty where there is none.
    pub description: String,
    /// `YYYY-MM-DD`.
    pub last_updated: Option<String>,
    /// Who may list it.
    pub visibility: Visibility,
    /// The length of its Markdown in characters.
    pub characters: usize,
    /// The length of its Markdown in tokens.
    pub tokens: usize,
    /// Its headings, the title left out.
    pub sections: Vec<Section>,
    /// The labels of its tabs, in order.
    pub labels: Vec<Label>,
    /// Its variants.
    pub variants: Vec<VariantFacts>,
    /// The pages it links to, in order, each once.
    pub links: Vec<PageId>,
    /// Whether its steps are there as data, too.
    pub procedure: bool,
}

/// What is known of a variant of a page after it was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantFacts {
    /// What its file is called after the page's.
    pub name: String,
    /// The tab that it is the page of.
    pub label: String,
    /// Its length in characters.
    pub characters: usize,
    /// Its length in tokens.
    pub tokens: usize,
}

/// A heading of a page's Markdown and what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// 2 to 6; 1 for further titles within a page.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub title: String,
    /// The characters of the Markdown before it.
    pub from: usize,
    /// The characters from it to the next heading of its level or above.
    pub characters: usize,
    /// Where it is written.
    pub span: Span,
    /// Whether it stands in a tab.
    pub in_tab: bool,
}

/// The label of a tab in a page's Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its words.
    pub title: String,
    /// The characters of the Markdown before it.
    pub from: usize,
}

pub(super) fn of(
    context: &Context<'_>,
    id: PageId,
    page: &Page,
    markdown: &File,
    variants: &[(&Variant, File)],
) -> PageFacts {
    let mut links = Vec::new();
    walk(&page.nodes, &mut |node| {
        let places = match &node.kind {
            Kind::Link { .. } => page.links.get(&node.span).into_iter().collect(),
            Kind::Html { .. } | Kind::Component(_) => inside(page, node.span),
            _ => Vec::new(),
        };
        for target in places {
            if let Target::Page { page: to, .. } = target
                && *to != id
                && !links.contains(to)
                && context.site.page(*to).visibility == Visibility::Listed
            {
                links.push(*to);
            }
        }
    });
    let (sections, labels) = sections(page, &markdown.text);
    PageFacts {
        page: id,
        route: page.route.clone(),
        title: page.title.clone(),
        description: page.description.clone(),
        last_updated: page.last_updated.clone(),
        visibility: page.visibility,
        characters: markdown.text.chars().count(),
        tokens: markdown.tokens,
        sections,
        labels,
        variants: variants.iter().map(|(variant, file)| of_variant(variant, file)).collect(),
        links,
        procedure: false,
    }
}

fn of_variant(variant: &Variant, file: &File) -> VariantFacts {
    VariantFacts {
        name: variant.name.clone(),
        label: variant.label.clone(),
        characters: file.text.chars().count(),
        tokens: file.tokens,
    }
}

fn inside(page: &Page, span: Span) -> Vec<&Target> {
    let from = Span { end: span.start, ..span };
    page.links
        .range(from..)
        .take_while(|(place, _)| span.contains(**place))
        .map(|(_, target)| target)
        .collect()
}

/// The sections of the Markdown: its headings are the page's, in the same order; those that the Markdown adds (tab
/// labels) or leaves out match nothing. The labels of tabs, which are headings or bold lines, beside them.
fn sections(page: &Page, markdown: &str) -> (Vec<Section>, Vec<Label>) {
    let mut found: Vec<(usize, Section)> = Vec::new();
    let mut labels = Vec::new();
    let tabs: BTreeSet<String> =
        page.tabs.iter().flat_map(|group| &group.tabs).map(|tab| letters_of(&tab.label)).collect();
    let label = |line: &str, from: usize| {
        // Those of nested groups are joined.
        let title = unmarked(line);
        let last = letters_of(title.rsplit(" / ").next().unwrap_or_default());
        (!last.is_empty() && tabs.contains(&last)).then_some(Label { title, from })
    };
    let mut wanted = page.headings.iter();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    let mut before = (0, "");
    for line in markdown.split_inclusive('\n') {
        let start = at;
        at += line.chars().count();
        let text = line.trim_start_matches([' ', '>']).trim_end();
        if let Some(open) = fence {
            if text.starts_with(open) && text.trim_matches(['`', '~']).is_empty() {
                fence = None;
            }
            continue;
        }
        if text.starts_with("```") || text.starts_with("~~~") {
            let mark = if text.starts_with('`') { '`' } else { '~' };
            fence = Some(&text[..text.len() - text.trim_start_matches(mark).len()]);
            continue;
        }
        let above = std::mem::replace(&mut before, (start, text));
        let hashes = text.bytes().take_while(|byte| *byte == b'#').count();
        // A line of `=` or `-` makes a heading of the one above.
        let under = match text.chars().next() {
            Some('=') if text.bytes().all(|byte| byte == b'=') => 1,
            Some('-') if text.bytes().all(|byte| byte == b'-') => 2,
            _ => 0,
        };
        let (level, start, words) = if under > 0 && !above.1.is_empty() {
            (under, above.0, letters_of(above.1))
        } else if (1..=6).contains(&hashes) && text[hashes..].starts_with(' ') {
            (hashes, start, letters_of(&text[hashes..]))
        } else {
            if !tabs.is_empty() && (text.starts_with("**") || text.starts_with("<a ")) && text.ends_with("**")
            {
                labels.extend(label(text, start));
            }
            continue;
        };
        let mut ahead = wanted.clone();
        let found_at = ahead
            .find(|heading| usize::from(heading.level) == level && letters(&heading.text).eq(words.chars()));
        if let Some(heading) = found_at {
            wanted = ahead;
            let section = Section {
                level: heading.level,
                id: heading.anchor().to_owned(),
                title: heading.text.clone(),
                from: start,
                characters: 0,
                span: heading.span,
                in_tab: !heading.tabs.is_empty(),
            };
            found.push((start, section));
        } else if !tabs.is_empty() && hashes > 0 {
            labels.extend(label(&text[hashes..], start));
        }
    }
    let ends: Vec<(usize, u8)> = found.iter().map(|(start, section)| (*start, section.level)).collect();
    for (index, (start, section)) in found.iter_mut().enumerate() {
        let next = ends[index + 1..].iter().find(|(_, level)| *level <= section.level);
        section.characters = next.map_or(at, |(end, _)| *end) - *start;
    }
    let title = usize::from(found.first().is_some_and(|(_, section)| section.level == 1 && page.has_h1));
    (found.into_iter().skip(title).map(|(_, section)| section).collect(), labels)
}

/// The words of a label as it stands in Markdown.
fn unmarked(line: &str) -> String {
    let mut words = String::new();
    for piece in tag::pieces(line) {
        if let tag::Piece::Text(text) = piece {
            words.extend(text.chars().filter(|letter| !matches!(letter, '*' | '`' | '\\')));
        }
    }
    words.trim().to_owned()
}

/// The letters and digits of a text.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| letter.is_alphanumeric())
}

/// The letters and digits of what a heading says, from its Markdown.
fn letters_of(markdown: &str) -> String {
    // Most headings are words and nothing else.
    if !markdown.contains(['\\', '&', '<', '[']) {
        return letters(markdown).collect();
    }
    // A reference without its footnote is text.
    let notes = markdown.split("[^").skip(1).filter_map(|rest| rest.split_once(']'));
    let notes: String = notes.flat_map(|(label, _)| ["\n\n[^", label, "]:"]).collect();
    let options = Options { gfm: true, ..Options::default() };
    let (document, _) = parse(FileId(0), &Arc::from(format!("# {}{notes}", markdown.trim())), &options);
    letters(&plain_text(&document.nodes)).collect()
}
