//! A page's tree in; its title, its label and the start of its text out.

use super::Heading;
use super::pages::Place;
use crate::config::Dialect;
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::{Kind, Node};

/// How many characters of a paragraph stand for a missing description.
const EXCERPT: usize = 160;
/// Fewer characters without the end of a sentence are a mark, such as a date.
const MARK: usize = 40;

/// What a page is called.
pub(super) struct Names {
    pub title: String,
    pub label: String,
    pub has_h1: bool,
    pub diagnostic: Option<Diagnostic>,
}

/// The names of a page: front matter, first `h1`, `SUMMARY.md`'s label, and its id where all are missing.
pub(super) fn names(
    dialect: Dialect,
    place: &Place,
    summary: Option<&str>,
    nodes: &[Node],
    headings: &[Heading],
) -> Names {
    let front_matter = &place.document.front_matter;
    let given = front_matter.title.clone().filter(|title| !title.trim().is_empty());
    let first = headings.first().filter(|heading| heading.level == 1);
    let h1 = headings.iter().find(|heading| heading.level == 1 && !heading.text.is_empty());
    // mdBook prints no title of its own, and Docusaurus none where the text begins with one. Without a title in the
    // front matter a later `h1` is the only one there can be, and printing it twice would help nobody.
    let has_h1 = match dialect {
        Dialect::Mdbook => h1.is_some(),
        Dialect::Docusaurus | Dialect::Docfx | Dialect::Commonmark => {
            begins_with_h1(nodes) || given.is_none() && first.is_some()
        }
    };
    let title =
        given.or_else(|| h1.map(|heading| heading.text.clone())).or_else(|| summary.map(str::to_owned));
    let diagnostic = (title.is_none() && !front_matter.unreadable).then(|| {
        let start = place.document.body_start as usize;
        let span = front_matter.span.unwrap_or_else(|| Span::new(place.document.file, start..start));
        Diagnostic::new(
            &rules::MISSING_TITLE,
            format!("the page has no title, so it is called `{}`", place.id),
        )
        .at(span)
        .help("give it `title:` in its front matter, or begin it with `# Title`")
    });
    let title =
        title.unwrap_or_else(|| if place.id.is_empty() { "index".to_owned() } else { place.id.clone() });
    let label = front_matter.sidebar_label.as_deref().or(summary).unwrap_or(&title).trim().to_owned();
    Names { title: title.trim().to_owned(), label, has_h1, diagnostic }
}

/// Makes the heading that a page of a book begins with its `h1`, and raises what is below it by as much.
///
/// Books number their chapters' sections on (`## Comments` begins a page of a chapter): each is a page here, and one
/// without a title of its own would get that of `SUMMARY.md` above the heading that says the same.
pub(super) fn promote(nodes: &mut [Node]) {
    let Some(first) = first_level(nodes).filter(|level| *level > 1) else { return };
    let mut levels = Vec::new();
    crate::document::walk(nodes, &mut |node| {
        if let Kind::Heading { level, .. } = node.kind {
            levels.push(level);
        }
    });
    if levels.contains(&1) {
        return;
    }
    let below = levels[1..].iter().all(|level| *level > first);
    raise(nodes, if below { first - 1 } else { 0 }, &mut Some(first - 1));
}

/// `title` is by how much the first heading rises, `by` the others.
fn raise(nodes: &mut [Node], by: u8, title: &mut Option<u8>) {
    for node in nodes {
        if let Kind::Heading { level, .. } = &mut node.kind {
            *level -= title.take().unwrap_or(by);
        }
        raise(&mut node.children, by, title);
    }
}

/// Whether the first thing readers see is an `h1`.
fn begins_with_h1(nodes: &[Node]) -> bool {
    first_level(nodes) == Some(1)
}

/// The level of the heading that is the first thing readers see.
fn first_level(nodes: &[Node]) -> Option<u8> {
    // Level 0 is what is seen and no heading.
    fn first(nodes: &[Node]) -> Option<u8> {
        nodes.iter().find_map(|node| match &node.kind {
            Kind::Hidden => None,
            Kind::Partial { .. } => first(&node.children),
            Kind::Html { html, .. } if is_silent(html) => None,
            Kind::Heading { level, .. } => Some(*level),
            Kind::Paragraph if node.children.iter().all(is_empty_anchor) => None,
            _ => Some(0),
        })
    }
    first(nodes).filter(|level| *level > 0)
}

/// An anchor or a comment: nothing that is seen.
fn is_silent(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!--") || html.starts_with("<a ") || html == "</a>"
}

fn is_empty_anchor(node: &Node) -> bool {
    match &node.kind {
        Kind::Hidden | Kind::SoftBreak => true,
        Kind::Html { html, .. } => is_silent(html),
        Kind::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The first paragraph that says something, cut at a word.
pub(super) fn excerpt(nodes: &[Node]) -> String {
    // What stands before the first section is about the page; what comes later, about a part of it.
    let section = |node: &Node| matches!(node.kind, Kind::Heading { level, .. } if level > 1);
    let lead = &nodes[..nodes.iter().position(section).unwrap_or(nodes.len())];
    let begins = |node: &Node, text: &str| {
        telling(node, text).or_else(|| leading(node, text).filter(|_| text.chars().count() >= 2 * MARK))
    };
    let text = paragraph(lead, false, &begins)
        .or_else(|| paragraph(lead, false, &leading))
        .or_else(|| paragraph(nodes, false, &telling))
        .or_else(|| paragraph(nodes, true, &telling))
        .or_else(|| paragraph(nodes, true, &|_, text| Some(text.to_owned())))
        .unwrap_or_default();
    if text.chars().count() <= EXCERPT {
        return text;
    }
    let end = text.char_indices().nth(EXCERPT).map_or(text.len(), |(at, _)| at);
    let cut = text[..end].rfind(' ').map_or(end, |at| at);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', ';', ':', '.', '–', '—']))
}

/// A paragraph that says something by itself; of one that leads to a list, what comes before that sentence.
fn telling(node: &Node, text: &str) -> Option<String> {
    let ends = |letter| matches!(letter, '.' | '!' | '?' | '…' | '。' | '！' | '？');
    // `Date: 2026-11-25`, `Accepted`: marks, and no sentences. A paragraph of links leads elsewhere.
    let is_mark = text.chars().count() < MARK && !text.ends_with([':', '：']) && !text.ends_with(ends);
    if is_mark || has_hole(&node.children) || outside_links(&node.children).is_none() {
        return None;
    }
    if !text.ends_with([':', '：']) {
        return Some(text.to_owned());
    }
    let places = text.match_indices(ends).map(|(at, sign)| (at, at + sign.len()));
    let mut sentences = places.filter(|(at, end)| {
        // The dots of `e.g.` and of `v1.2` end nothing.
        let word = text[..*at].rsplit(' ').next().unwrap_or_default();
        (text[*end..].starts_with(' ') || text[*at..*end].len() > 1)
            && !word.contains('.')
            && word.chars().count() > 1
    });
    sentences.next_back().map(|(_, end)| text[..end].to_owned())
}

/// A sentence that leads to a list, as one that goes on.
fn leading(node: &Node, text: &str) -> Option<String> {
    let text = text.strip_suffix([':', '：'])?;
    (text.chars().count() >= MARK / 2 && !has_hole(&node.children)).then(|| format!("{text}…"))
}

/// The first word that is no link's.
fn outside_links(nodes: &[Node]) -> Option<&Node> {
    nodes.iter().find_map(|node| match &node.kind {
        Kind::Text(text) => text.contains(char::is_alphanumeric).then_some(node),
        Kind::InlineCode(_) | Kind::Math { .. } | Kind::Expression { .. } | Kind::Component(_) => Some(node),
        Kind::Link { .. } | Kind::Image { .. } => None,
        _ => outside_links(&node.children),
    })
}

/// Whether a component among the words prints what is not known before it is drawn.
fn has_hole(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match &node.kind {
        Kind::Component(component) if node.children.is_empty() => {
            component.name != "Icon" && component.text("text").is_none()
        }
        _ => has_hole(&node.children),
    })
}

/// What `told` gives of the first paragraph that it gives something of; `inside` looks into components and quotes too.
fn paragraph(nodes: &[Node], inside: bool, told: &dyn Fn(&Node, &str) -> Option<String>) -> Option<String> {
    nodes.iter().find_map(|node| match &node.kind {
        Kind::Paragraph => {
            let text = seen(&node.children).split_whitespace().collect::<Vec<_>>().join(" ");
            told(node, &text).filter(|_| !text.is_empty())
        }
        Kind::Partial { .. } => paragraph(&node.children, inside, told),
        Kind::Component(_) | Kind::Quote | Kind::List { .. } | Kind::Item { .. } if inside => {
            paragraph(&node.children, inside, told)
        }
        _ => None,
    })
}

/// The words of nodes without images and footnotes.
fn seen(nodes: &[Node]) -> String {
    let mut text = String::new();
    for node in nodes {
        match &node.kind {
            Kind::Image { .. } | Kind::FootnoteReference { .. } | Kind::Hidden => {}
            Kind::Text(words) | Kind::InlineCode(words) => text.push_str(words),
            Kind::SoftBreak | Kind::HardBreak => text.push(' '),
            // Badges say with an attribute what other components say with their children.
            Kind::Component(component) if node.children.is_empty() => {
                text.push_str(component.text("text").unwrap_or_default());
            }
            _ => text.push_str(&seen(&node.children)),
        }
    }
    text
}
