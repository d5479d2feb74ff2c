//! Images and the words that stand for them: what agents, screen readers and slow connections get instead.

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::{Component, Kind, Node, plain_text};

/// The components of the built-in theme that show an image of their own.
const COMPONENTS: &[&str] = &["Image", "ThemedImage"];

/// An image that says nothing. `alt=""` in HTML is a choice, for what only decorates.
pub(super) fn without_text(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let texts = inputs.texts();
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| {
            for (place, how) in silent(inputs, node, |file| texts.get(&file).copied()) {
                found.push(
                    Diagnostic::new(&rules::MISSING_ALT, "an image has no words that stand for it")
                        .at(place)
                        .help(how),
                );
            }
        });
    }
}

const MARKDOWN: &str =
    "say what it shows: `![The settings page](…)`; for what only decorates, `<img alt=\"\" …>`";
const HTML: &str = "say what it shows: `alt=\"The settings page\"`; for what only decorates, `alt=\"\"`";

/// The images of a node itself that have no words, and what to do about each.
fn silent<'t>(
    inputs: &Inputs,
    node: &Node,
    text: impl Fn(FileId) -> Option<&'t str>,
) -> Vec<(Span, &'static str)> {
    match &node.kind {
        Kind::Image { .. } if plain_text(&node.children).trim().is_empty() => vec![(node.span, MARKDOWN)],
        Kind::Component(component) if is_image(inputs, component) => {
            let given = component.attribute("alt").is_some();
            if given { Vec::new() } else { vec![(component.name_span, HTML)] }
        }
        Kind::Html { .. } => {
            let source =
                text(node.span.file).and_then(|text| text.get(node.span.range())).unwrap_or_default();
            let start = node.span.range().start;
            tags(source)
                .into_iter()
                .map(|tag| (Span::new(node.span.file, start + tag.start..start + tag.end), HTML))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn is_image(inputs: &Inputs, component: &Component) -> bool {
    let name = component.name.as_str();
    let meant = inputs.config.components.get(name).map_or(name, String::as_str);
    COMPONENTS.contains(&meant)
}

/// Where `<img …>` stands without an `alt` in a piece of HTML.
fn tags(html: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|next| at + next) {
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| start + end);
            continue;
        }
        let name = rest.get(1..4).is_some_and(|name| name.eq_ignore_ascii_case("img"));
        if !name || !rest[4..].starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '>')) {
            at = start + 1;
            continue;
        }
        let (end, told) = attributes(&rest[4..]);
        at = start + 4 + end;
        if !told {
            found.push(start..at);
        }
    }
    found
}

/// Where the tag ends that a text stands in, and whether its attributes say what is shown: `alt`, or that it is nothing.
fn attributes(text: &str) -> (usize, bool) {
    let mut told = false;
    let mut quote: Option<char> = None;
    let mut depth = 0usize;
    let mut word = 0;
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            if c == open {
                quote = None;
                word = at + 1;
            }
            continue;
        }
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_end = c.is_whitespace() || matches!(c, '=' | '>' | '/');
        if is_end && depth == 0 {
            let name = &text[word..at];
            let spread = name.starts_with("{...");
            told |= spread || ["alt", "aria-hidden", "role"].iter().any(|own| name.eq_ignore_ascii_case(own));
            word = at + c.len_utf8();
        }
        match c {
            '"' | '\'' | '`' => quote = Some(c),
            '>' if depth == 0 => return (at + 1, told),
            _ => {}
        }
    }
    // Never ended: what it says cannot be known.
    (text.len(), true)
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn alt_is_found_however_it_is_written() {
        for told in [
            "<img alt src=a>",
            "<img src='a' alt=\"\"/>",
            "<IMG SRC=a ALT = 'b'>",
            "<img src={a > b ? 'x' : 'y'} alt={c} />",
            "<img {...props} />",
            "<!-- <img src=a> -->",
            "<image src=a>",
            "<img src=\"a",
        ] {
            assert!(tags(told).is_empty(), "{told}");
        }
        assert_eq!(tags("x <img src=\"alt=1\"> <img alt=b> <img\nsrc=alt.png>"), [2..19, 32..49]);
        assert_eq!(tags("<img data-alt='\u{e9}' src=é.png>").len(), 1);
    }
}
