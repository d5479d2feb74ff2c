//! A page's tree in; its title, its label and the start of its text out.

use super::Heading;
use super::pages::Place;
use crate::config::Dialect;
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::{Kind, Node};

/// How many characters of a paragraph stand for a missing description.
const EXCERPT: usize = 160;

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
    // A sentence that leads to a list, or has a hole where a component prints, says little by itself.
    let whole = |node: &Node, text: &str| !text.ends_with(':') && !has_hole(&node.children);
    let text = paragraph(nodes, false, &whole)
        .or_else(|| paragraph(nodes, true, &whole))
        .or_else(|| paragraph(nodes, true, &|_, _| true))
        .unwrap_or_default();
    if text.chars().count() <= EXCERPT {
        return text;
    }
    let end = text.char_indices().nth(EXCERPT).map_or(text.len(), |(at, _)| at);
    let cut = text[..end].rfind(' ').map_or(end, |at| at);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', ';', ':', '.', '–', '—']))
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

/// The first paragraph with words that `fits`; `inside` looks into components and quotes too.
fn paragraph(nodes: &[Node], inside: bool, fits: &dyn Fn(&Node, &str) -> bool) -> Option<String> {
    nodes.iter().find_map(|node| match &node.kind {
        Kind::Paragraph => {
            let text = seen(&node.children).split_whitespace().collect::<Vec<_>>().join(" ");
            (!text.is_empty() && fits(node, &text)).then_some(text)
        }
        Kind::Partial { .. } => paragraph(&node.children, inside, fits),
        Kind::Component(_) | Kind::Quote | Kind::List { .. } | Kind::Item { .. } if inside => {
            paragraph(&node.children, inside, fits)
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
