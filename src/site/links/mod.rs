//! Every link and image in; where it leads out, once, as a [`Target`].
//!
//! Links to `.md` files are resolved as Docusaurus resolves them: against the file they stand in, then the pages'
//! folder, then the site's. Other relative addresses are resolved as a browser resolves them on the page, and
//! then, more kindly, against the file's folder. What leads nowhere is reported with the nearest candidate.

mod config;
mod inside;
mod map;
mod missing;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::assets::Assets;
use super::pages::Rules;
use super::{Drafts, Inputs, PageId, Redirect, Target, front_matter_span, markup};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::front_matter::EditUrl;
use crate::document::{Attribute, Component, FrontMatter, Kind, LinkForm, Node, Value};
pub(super) use config::{from_config, in_config};
pub(super) use map::Map;
use map::{Here, Want};

/// An address in a snippet of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlLink {
    /// Where its value is in the snippet, without quotes.
    pub range: Range<usize>,
    /// The value with entities decoded.
    pub url: String,
    /// Whether it is shown or run where it stands (`src`, `poster`), not followed (`href`).
    pub embedded: bool,
}

/// The addresses in the `html` of a [`Kind::Html`], in order.
#[must_use]
pub fn html_links(html: &str) -> Vec<HtmlLink> {
    markup::attributes(html)
        .into_iter()
        .filter_map(|attribute| {
            let element = attribute.element.to_ascii_lowercase();
            let embedded = match attribute.name.to_ascii_lowercase().as_str() {
                "href"
                    if !matches!(element.as_str(), "base" | "use" | "lineargradient" | "radialgradient") =>
                {
                    element == "link"
                }
                "src" => element != "iframe",
                "poster" => true,
                _ => return None,
            };
            let url = markup::decode(attribute.value).into_owned();
            Some(HtmlLink { range: attribute.range, url, embedded })
        })
        .collect()
}

/// An image in a snippet of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlImage {
    /// Where the value of `src` is in the snippet, without quotes.
    pub source: Range<usize>,
    /// The other attributes with a value: names in lower case, values as written.
    pub attributes: BTreeMap<String, String>,
}

/// The images in the `html` of a [`Kind::Html`] that have an address, in order.
#[must_use]
pub fn html_images(html: &str) -> Vec<HtmlImage> {
    let mut images: BTreeMap<usize, HtmlImage> = BTreeMap::new();
    for attribute in markup::attributes(html) {
        if attribute.element.eq_ignore_ascii_case("img") {
            let image = images.entry(attribute.tag).or_default();
            match attribute.name.to_ascii_lowercase() {
                name if name == "src" => image.source = attribute.range,
                name => {
                    image.attributes.insert(name, attribute.value.to_owned());
                }
            }
        }
    }
    images.into_values().filter(|image| !image.source.is_empty()).collect()
}

/// What [`Page::links`](crate::site::Page::links) knows an address in HTML by: the start of its node and the place of the value in the
/// node's `html`. It is a key, not a place in the file, because `html` may be longer or shorter than its source.
///
/// # Panics
/// When the snippet is 4 GiB long, which [`crate::source`] refuses.
#[must_use]
pub fn html_key(node: Span, range: &Range<usize>) -> Span {
    let offset = |at: usize| node.start + u32::try_from(at).expect("input files are smaller than 4 GiB");
    Span { file: node.file, start: offset(range.start), end: offset(range.end) }
}

/// Whether an address names its scheme or host, so that no page of ours is meant by its path.
#[must_use]
pub fn is_external(url: &str) -> bool {
    if url.starts_with("//") {
        return true;
    }
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    // `page.md:12` would be a legal scheme; no scheme in use has a dot.
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(legal)
        && (!scheme.contains('.') || rest.starts_with("//"))
}

/// The scheme of an address whose content would run as code of the site, with its colon.
#[must_use]
pub fn code_scheme(url: &str) -> Option<&'static str> {
    // Browsers skip white space and control characters in front of the scheme, line feeds and tabs anywhere in it.
    let mut letters = url
        .trim_start_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .map(|c| c.to_ascii_lowercase());
    let start: String = letters.by_ref().take("javascript:".len()).collect();
    ["javascript:", "vbscript:", "data:"].into_iter().find(|scheme| start.starts_with(scheme))
}

/// Whether an address holds a picture itself, which shows and runs nothing.
fn is_picture(url: &str) -> bool {
    url.trim_start().get(.."data:image/".len()).is_some_and(|start| start.eq_ignore_ascii_case("data:image/"))
}

/// What resolving gave.
pub(super) struct Resolved {
    /// The links of each page, by its number.
    pub links: Vec<BTreeMap<Span, Target>>,
    /// The links of `book.toml`.
    pub config: BTreeMap<String, Target>,
    /// The files that are linked to, by path.
    pub used: BTreeSet<String>,
}

/// Resolves every link of every page, and those of `book.toml`.
pub(super) fn resolve(
    inputs: &Inputs,
    rules: &Rules,
    drafts: &Drafts,
    redirects: &[Redirect],
    files: &Assets,
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved {
    let map = Map::new(inputs, rules, drafts, redirects, files);
    let found: Vec<Work> = (0..drafts.pages.len())
        .into_par_iter()
        .map(|number| {
            let mut work = Work::new(&map, PageId(u32::try_from(number).expect("fewer than 2^32 pages")));
            work.page();
            work
        })
        .collect();
    let mut resolved = Resolved { links: Vec::new(), config: BTreeMap::new(), used: BTreeSet::new() };
    for work in found {
        resolved.links.push(work.links);
        resolved.used.extend(work.used);
        diagnostics.extend(work.diagnostics);
    }
    config::config_links(&map, &mut resolved, diagnostics);
    resolved
}

/// The links of one page on the way.
struct Work<'a> {
    map: &'a Map<'a>,
    number: PageId,
    links: BTreeMap<Span, Target>,
    used: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Work<'a> {
    fn new(map: &'a Map<'a>, number: PageId) -> Self {
        Self { map, number, links: BTreeMap::new(), used: BTreeSet::new(), diagnostics: Vec::new() }
    }

    fn page(&mut self) {
        let page = &self.map.drafts.pages[self.number.0 as usize];
        self.nodes(&page.nodes);
        let front_matter = &page.document.front_matter;
        if let (Some(image), Some(span)) = (&front_matter.image, front_matter_span(front_matter, "image")) {
            // Docusaurus reads it as an address from the site's root, unless it is relative to the file.
            let own = matches!(self.map.files.find(self.map.inputs, &page.path, image), Ok(Some(_)));
            let url = if own || is_external(image) || image.starts_with('/') {
                image.clone()
            } else {
                format!("/{image}")
            };
            self.link(&url, Want::File, span, span, false);
        }
        if let (EditUrl::Url(url), Some(span)) =
            (&front_matter.custom_edit_url, front_matter_span(front_matter, "custom_edit_url"))
            && code_scheme(url).is_some()
        {
            self.link(url, Want::Any, span, span, false);
        }
        self.hero();
        self.sidebar_icon();
    }

    /// The buttons of a home page.
    fn hero(&mut self) {
        let front_matter = &self.map.drafts.pages[self.number.0 as usize].document.front_matter;
        let Some(span) = front_matter_span(front_matter, "hero") else { return };
        for link in hero_links(front_matter) {
            let place = self.find(link, span);
            self.link(link, Want::Any, place.unwrap_or(span), place.unwrap_or(span), place.is_some());
        }
    }

    /// The picture before a page's name in the sidebar. A theme may do without it, so that a missing one is no error.
    fn sidebar_icon(&mut self) {
        let page = &self.map.drafts.pages[self.number.0 as usize];
        let front_matter = &page.document.front_matter;
        let props = front_matter.all.get("sidebar_custom_props");
        let Some(icon) = props.and_then(|props| props.get("icon")?.as_str()) else { return };
        if is_external(icon) || !icon.contains(['/', '.']) {
            return;
        }
        let Some(span) = front_matter_span(front_matter, "sidebar_custom_props") else { return };
        let place = self.find(icon, span).unwrap_or(span);
        let found = self.diagnostics.len();
        // Docusaurus leaves it to the theme, which takes it from the site's root.
        let own = matches!(self.map.files.find(self.map.inputs, &page.path, icon), Ok(Some(_)));
        let url = if own || icon.starts_with('/') { icon.to_owned() } else { format!("/{icon}") };
        self.link(&url, Want::File, place, place, false);
        for problem in &mut self.diagnostics[found..] {
            problem.severity = Severity::Warning;
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &node.kind {
                Kind::Link { url, form, url_span, .. } => {
                    self.written(node.span, url, *form, *url_span, Want::Any);
                }
                Kind::Image { url, form, url_span, .. } => {
                    self.written(node.span, url, *form, *url_span, Want::File);
                }
                Kind::Html { html, .. } => self.html(node, html),
                Kind::Component(component) => self.component(component),
                _ => {}
            }
            self.nodes(&node.children);
        }
    }

    /// A link or an image in Markdown.
    fn written(&mut self, key: Span, url: &str, form: LinkForm, place: Option<Span>, want: Want) {
        if let LinkForm::Autolink | LinkForm::Bare = form {
            let url = match url {
                address if !address.contains(':') && address.contains('@') => format!("mailto:{address}"),
                address if address.starts_with("www.") => format!("https://{address}"),
                address => address.to_owned(),
            };
            return self.link(&url, want, key, key, false);
        }
        let place = match form {
            LinkForm::Reference(definition) => definition,
            LinkForm::Inline | LinkForm::Autolink | LinkForm::Bare => {
                place.or_else(|| self.find_last(url, key))
            }
        };
        // Only an address without escapes and entities can be replaced as it stands.
        let whole = place.is_some_and(|place| self.source(place) == Some(url));
        self.link(url, want, key, place.unwrap_or(key), whole);
    }

    fn html(&mut self, node: &Node, html: &str) {
        let mut from = node.span.range().start;
        for link in html_links(html) {
            let key = html_key(node.span, &link.range);
            let rest = Span::new(node.span.file, from..node.span.range().end.max(from));
            let place = self.find(&html[link.range.clone()], rest);
            if let Some(place) = place {
                from = place.range().end;
            }
            // A script's own address, a bare `#`, and values that code fills in are not ours to judge; HTML may hold
            // code anywhere.
            if link.url.contains('{') || link.url.is_empty() || code_scheme(&link.url).is_some() {
                continue;
            }
            let want = if link.embedded { Want::File } else { Want::Any };
            self.link(&link.url, want, key, place.unwrap_or(node.span), place.is_some());
        }
    }

    fn component(&mut self, component: &Component) {
        for attribute in &component.attributes {
            if let Value::Markup(nodes) = &attribute.value {
                self.nodes(nodes);
            }
            for (index, url) in entries(component, attribute) {
                let place = self.find(url, attribute.value_span);
                let span = place.unwrap_or(attribute.value_span);
                self.link(url, Want::File, entry_key(attribute.value_span, index), span, place.is_some());
            }
            if let Some((url, want)) = address(attribute) {
                let place = self.find(&url, attribute.value_span);
                let span = place.unwrap_or(attribute.value_span);
                self.link(&url, want, attribute.value_span, span, place.is_some());
            }
        }
    }

    fn link(&mut self, url: &str, want: Want, key: Span, place: Span, whole: bool) {
        let file = self.map.texts.get(&key.file).map_or("", |(path, _)| *path);
        let answer = self.map.resolve(url, Here { page: Some(self.number), file }, want);
        self.diagnostics.extend(answer.problems.into_iter().map(|problem| problem.at(Some(place), whole)));
        self.used.extend(answer.used);
        self.links.insert(key, answer.target);
    }

    /// The address of `[words](address)` stands behind the words, which may hold the same text.
    fn find_last(&self, text: &str, span: Span) -> Option<Span> {
        let at = span.range().start + self.source(span)?.rfind(text)?;
        (!text.is_empty()).then(|| Span::new(span.file, at..at + text.len()))
    }

    fn source(&self, span: Span) -> Option<&'a str> {
        self.map.texts.get(&span.file)?.1.get(span.range())
    }

    fn find(&self, text: &str, span: Span) -> Option<Span> {
        let at = span.range().start + self.source(span)?.find(text)?;
        (!text.is_empty()).then(|| Span::new(span.file, at..at + text.len()))
    }
}

/// The addresses of the buttons that a home page opens with: `hero.actions[].link` in its front matter.
pub fn hero_links(front_matter: &FrontMatter) -> impl Iterator<Item = &str> {
    let actions = front_matter.all.get("hero").and_then(|hero| hero.get("actions")?.as_array());
    actions.into_iter().flatten().filter_map(|action| action.get("link")?.as_str())
}

/// What [`Page::links`](crate::site::Page::links) knows an address in an object by: the span of the attribute's value,
/// with as many bytes off its start as make it different from the others.
#[must_use]
pub fn entry_key(value: Span, index: usize) -> Span {
    let start = value.start + 1 + u32::try_from(index).unwrap_or(u32::MAX - 1 - value.start);
    Span { start: start.min(value.end), ..value }
}

/// The addresses in the `sources` of a `<ThemedImage>`, with their places in the object.
fn entries<'a>(component: &Component, attribute: &'a Attribute) -> impl Iterator<Item = (usize, &'a str)> {
    let entries = match &attribute.value {
        Value::Object(entries) if component.name == "ThemedImage" && attribute.name == "sources" => {
            &entries[..]
        }
        _ => &[],
    };
    entries.iter().enumerate().filter_map(|(index, (_, value))| match value {
        Value::String(url) if !url.is_empty() => Some((index, url.as_str())),
        _ => None,
    })
}

/// The address that an attribute gives, where it gives one.
fn address(attribute: &Attribute) -> Option<(String, Want)> {
    let want = match attribute.name.as_str() {
        "href" | "to" | "link" | "url" => Want::Any,
        "src" | "img" => Want::File,
        _ => return None,
    };
    match &attribute.value {
        Value::String(url) if !url.is_empty() => Some((url.clone(), want)),
        Value::Expression(source) => Some((required(source)?, want)),
        _ => None,
    }
}

/// The path in `require('./x.png').default` and `useBaseUrl('/x')`.
fn required(source: &str) -> Option<String> {
    let source = source.trim();
    let rest = source.strip_prefix("require(").or_else(|| source.strip_prefix("useBaseUrl("))?;
    let rest = rest.trim_end_matches(".default").trim_end().strip_suffix(')')?.trim();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let path = rest[1..].strip_suffix(quote)?;
    (!path.contains(quote)).then(|| path.to_owned())
}
