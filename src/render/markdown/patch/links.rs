//! Links, images and reference definitions: patched where their address stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Patcher;
use crate::diagnostic::Span;
use crate::document::{Document, Kind, LinkForm, Node, plain_text, walk};
use crate::pictures::{Mode, mode};
use crate::render::markdown::inline::{collapsed, destination, escape, last_part, link_title};
use crate::site::{Page, Target};

/// Whether a page shows an image in light mode only.
pub(super) fn has_light(page: &Page) -> bool {
    page.links.values().any(|target| match target {
        Target::Asset { suffix: end, .. } | Target::External(end) => mode(end).1 == Some(Mode::Light),
        Target::Page { .. } | Target::Broken(_) => false,
    })
}

impl<'a> Patcher<'a> {
    pub(super) fn address(&self, node: &Node, url: &str) -> String {
        match self.page.links.get(&node.span) {
            Some(target) => self.context.addresses.in_markdown(self.context.site, &self.page.route, target),
            None => self.own(url),
        }
    }

    /// An address that the link stage does not know: an anchor is this page's.
    pub(super) fn own(&self, url: &str) -> String {
        if url.starts_with('#') {
            let own = self.context.addresses.twin(self.page);
            return format!("{}{url}", self.context.addresses.absolute(&own));
        }
        url.to_owned()
    }

    /// What is to be replaced in the text of `document`, `nodes` being what the site stage made of it.
    pub(super) fn replaced_in(
        &self,
        nodes: &'a [Node],
        document: &Document,
    ) -> BTreeMap<usize, (usize, String)> {
        let mut replaced = BTreeMap::new();
        let mut present = BTreeSet::new();
        walk(nodes, &mut |node| {
            present.insert(node.span);
            let (Kind::Link { url, form, .. } | Kind::Image { url, form, .. }) = &node.kind else { return };
            if let LinkForm::Reference(Some(place)) = form
                && place.file == document.file
            {
                let range = place.range();
                if self.partial {
                    let line = definition_line(&document.text, &range);
                    replaced.insert(line.start, (line.end, String::new()));
                } else {
                    let new = self.address(node, url);
                    if new != *url {
                        replaced.insert(range.start, (range.end, destination(&new)));
                    }
                }
            }
        });
        walk(&document.nodes, &mut |node| {
            let span = node.span.range();
            let body = match &node.kind {
                _ if present.contains(&node.span) => return,
                Kind::Component(component) => {
                    let is_unwrapped = self
                        .context
                        .config
                        .components
                        .get(&component.name)
                        .is_some_and(|name| name == "unwrap");
                    component.body.filter(|_| is_unwrapped).map(Span::range)
                }
                Kind::Expression { .. } => None,
                _ => return,
            };
            let inside = body.unwrap_or(span.end..span.end);
            replaced.insert(span.start, (inside.start, String::new()));
            if inside.end < span.end {
                replaced.insert(inside.end, (span.end, String::new()));
            }
        });
        replaced
    }

    pub(super) fn link(
        &mut self,
        node: &'a Node,
        (url, title): (&str, &str),
        form: LinkForm,
        place: Option<Span>,
    ) {
        let new = self.address(node, url);
        let end = node.span.end as usize;
        let start = self.out.len();
        self.copy_to(node.children.first().map_or(node.span.start, |first| first.span.start) as usize);
        let words = self.out.len();
        self.nodes(&node.children);
        let has_words = !self.out[words..].trim().is_empty();
        let stays = self.stays(form, new == *url);
        if matches!(form, LinkForm::Autolink | LinkForm::Bare) || (has_words && stays) {
            return self.copy_to(end);
        }
        if !has_words {
            // A link around an ornament: it is called what it leads to.
            self.out.truncate(start);
            let name = match self.page.links.get(&node.span) {
                Some(Target::Page { page, .. }) => self.context.site.page(*page).title.as_str(),
                Some(Target::Asset { .. } | Target::External(_) | Target::Broken(_)) | None => {
                    last_part(&new)
                }
            };
            self.out.push('[');
            self.out.push_str(&escape(name));
        } else if let Some(place) = self.place_of_address(node, form, place) {
            self.copy_to(place.start);
            self.out.push_str(&destination(&new));
            self.cursor = place.end;
            return self.copy_to(end);
        }
        self.out.push_str(&format!("]({}{})", destination(&new), link_title(title)));
        self.cursor = end;
    }

    /// Whether a link or an image may stay as it is written. A partial's definitions are left out: the page may have
    /// others of the same labels.
    fn stays(&self, form: LinkForm, same: bool) -> bool {
        match form {
            LinkForm::Reference(definition) => !self.partial && (same || definition.is_some()),
            LinkForm::Inline | LinkForm::Autolink | LinkForm::Bare => same,
        }
    }

    pub(super) fn image(
        &mut self,
        node: &'a Node,
        (url, title): (&str, &str),
        form: LinkForm,
        place: Option<Span>,
    ) {
        let alt = plain_text(&node.children);
        if alt.trim().is_empty() {
            // An image without words is an ornament.
            return self.leave_out(node.span.end as usize);
        }
        let new = self.address(node, url);
        let end = node.span.end as usize;
        let (new, shown) = mode(&new);
        if shown == Some(Mode::Dark) && self.has_light {
            // The same picture in other colours.
            return self.leave_out(end);
        }
        let stays = self.stays(form, new == url);
        if stays {
            return self.copy_to(end);
        }
        if let Some(place) = self.place_of_address(node, form, place) {
            self.copy_to(place.start);
            self.out.push_str(&destination(new));
            self.cursor = place.end;
            return self.copy_to(end);
        }
        let alt = escape(&collapsed(alt.trim()));
        self.out.push_str(&format!("![{alt}]({}{})", destination(new), link_title(title)));
        self.cursor = end;
    }

    /// Where the address of `[words](address "title")` is written.
    pub(super) fn place_of_address(
        &self,
        node: &Node,
        form: LinkForm,
        known: Option<Span>,
    ) -> Option<Range<usize>> {
        if let Some(known) = known {
            return Some(known.range());
        }
        if form != LinkForm::Inline {
            return None;
        }
        let words = node.children.last().map_or(node.span.start, |last| last.span.end) as usize;
        let end = node.span.end as usize;
        let tail = self.text.get(words..end)?;
        let opened = words + tail.find("](")? + 2;
        let start = end - self.text[opened..end].trim_start().len();
        let rest = &self.text[start..end];
        if let Some(pointed) = rest.strip_prefix('<') {
            return Some(start + 1..start + 1 + pointed.find('>')?);
        }
        let mut depth = 0;
        let length = rest.find(|letter: char| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth < 0 || letter.is_ascii_whitespace()
        })?;
        Some(start..start + length)
    }
}

/// The line of a reference definition, from its bracket to its end.
fn definition_line(text: &str, address: &Range<usize>) -> Range<usize> {
    let line = text[..address.start].rfind('\n').map_or(0, |at| at + 1);
    let start = text[line..address.start].find('[').map_or(address.start, |at| line + at);
    let end = text[address.end..].find('\n').map_or(text.len(), |at| address.end + at);
    start..end
}
