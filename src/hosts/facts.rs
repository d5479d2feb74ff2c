//! A site and its finished pages in, what hosts are told of them out.

use std::collections::BTreeMap;

use super::types;
use crate::config::Config;
use crate::render::address::{Addresses, markdown_file};
use crate::render::{Context, PageFacts};
use crate::site::paths::percent;
use crate::site::{Target, Visibility, variant_file};

/// The pieces of the search index are named by their content.
pub(super) const PIECES: &str = "assets/search/pieces/";

/// What hosts are told of a site. Paths stand below the base path, decoded, without slashes at their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Scheme and host, without a slash at the end.
    pub origin: String,
    /// The path of the site as it stands in addresses, with a slash at both ends.
    pub base: String,
    /// The same, decoded.
    pub plain_base: String,
    /// Whether page addresses end in a slash.
    pub trailing_slash: bool,
    /// Whether crawlers may list none of it.
    pub noindex: bool,
    /// The output folder, from that of `book.toml`.
    pub folder: String,
    /// The routes of all pages.
    pub routes: Vec<String>,
    /// The Markdown files of pages, each before those of its variants.
    pub markdown: Vec<Markdown>,
    /// The routes of pages that end as the name of a file of a known kind does: `ref/package.json`.
    pub dotted: Vec<String>,
    /// The Markdown files that belong to no page.
    pub alone: Vec<String>,
    /// Old addresses, as [`route`] gives them, and what a `Location` header says for each.
    pub redirects: BTreeMap<String, String>,
    /// The files whose names change with what is in them.
    pub immutable: Vec<String>,
}

/// A Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markdown {
    /// Its path in the output folder.
    pub path: String,
    /// Its length in tokens, estimated.
    pub tokens: usize,
    /// The route of its page.
    pub route: String,
}

impl Markdown {
    /// Whether it is its page with one choice of the tabs applied: no page stands at its address without `.md`.
    #[must_use]
    pub fn is_variant(&self) -> bool {
        self.path != markdown_file(&self.route)
    }
}

impl Site {
    /// The address of a file, by its path in the output folder.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{}", self.base, encode(path))
    }

    /// The canonical URL of a page.
    #[must_use]
    pub fn canonical(&self, route: &str) -> String {
        let slash = if self.trailing_slash && !route.is_empty() { "/" } else { "" };
        format!("{}{}{slash}", self.origin, self.address(route))
    }
}

/// The route that an address below the base path means, where it means a page: `a/b` for `a/b`, `a/b/`, `a/b.html` and
/// `a/b/index.html`. Of the Markdown of a page, `a/b.md` and `a/b/index.md` are one, too.
#[must_use]
pub fn route(path: &str) -> String {
    let path = path.strip_suffix('/').unwrap_or(path);
    if let Some(route) = path.strip_suffix("/index.md") {
        return format!("{route}.md");
    }
    let stem = path.strip_suffix(".html").unwrap_or(path);
    if stem.len() == path.len() {
        return path.to_owned();
    }
    stem.strip_suffix("/index").or((stem == "index").then_some("")).unwrap_or(stem).to_owned()
}

/// What hosts are told of a site whose pages are rendered and whose made files (indexes) are these.
#[must_use]
pub fn facts<T>(context: &Context<'_>, pages: &[PageFacts], made: &BTreeMap<String, T>) -> Site {
    let Context { site, config, addresses, .. } = context;
    let listed = pages.iter().filter(|page| page.visibility == Visibility::Listed);
    let tags = site.tags.values().map(|tag| tag.route.clone());
    let routes: Vec<String> = pages.iter().map(|page| page.route.clone()).chain(tags).collect();
    let is_dotted =
        |route: &&String| types::is_known(route) && !is_named(route) && !site.assets.contains_key(*route);
    let others = made.keys().chain(site.assets.keys()).filter(|path| path.ends_with(".md"));
    Site {
        origin: location(&addresses.origin),
        base: addresses.base.clone(),
        plain_base: decoded(&addresses.base),
        trailing_slash: addresses.trailing_slash,
        noindex: config.site.noindex,
        folder: config.build.build_dir.clone(),
        dotted: routes.iter().filter(is_dotted).cloned().collect(),
        routes,
        markdown: listed.flat_map(markdown).collect(),
        alone: others.cloned().collect(),
        redirects: redirects(context, made),
        immutable: immutable(context, config),
    }
}

/// The Markdown files of a page: its own and its variants.
fn markdown(page: &PageFacts) -> impl Iterator<Item = Markdown> {
    let of = |path, tokens| Markdown { path, tokens, route: page.route.clone() };
    let variants = page.variants.iter();
    let variants = variants.map(move |variant| of(variant_file(&page.route, &variant.name), variant.tokens));
    std::iter::once(of(markdown_file(&page.route), page.tokens)).chain(variants)
}

/// Whether an address ends in what says which form of a page is meant.
fn is_named(route: &str) -> bool {
    route.ends_with(".md") || route.ends_with(".html")
}

/// Every old address with where it leads: the page, its Markdown and its index.
fn redirects<T>(context: &Context<'_>, made: &BTreeMap<String, T>) -> BTreeMap<String, String> {
    let Context { site, addresses, .. } = context;
    let mut found = BTreeMap::new();
    for redirect in &site.redirects {
        let old = redirect.route();
        // The tables of hosts have a line for each: such an address leads on by its file alone.
        if old.contains(char::is_control) {
            continue;
        }
        let markdown = local(addresses, &addresses.in_markdown(site, "", &redirect.to));
        found.insert(markdown_file(old), markdown);
        if redirect.from.trim_matches('/').ends_with(".md") {
            continue;
        }
        let to = addresses.html(site, crate::site::PageId(u32::MAX), &redirect.to);
        found.insert(old.to_owned(), location(&to));
        let index = if old.is_empty() { "llms.txt".to_owned() } else { format!("{old}/llms.txt") };
        if let Target::Page { page, .. } = &redirect.to
            && !made.contains_key(&index)
        {
            let page = site.page(*page);
            let of = if page.visibility == Visibility::Listed { page.route.as_str() } else { "" };
            found.insert(index, addresses.index(of));
        }
    }
    found
}

/// An absolute URL of the site itself as an address: it holds wherever the site is looked at.
fn local(addresses: &Addresses, url: &str) -> String {
    match url.strip_prefix(&addresses.origin) {
        Some(path) if path.starts_with('/') => location(path),
        _ => location(url),
    }
}

/// A URL as a header may hold it: what no URL may hold is percent-encoded, so nothing can end the header or its quotes.
fn location(url: &str) -> String {
    percent(url, b"-._~!$&'()*+,;=:@/?#[]%")
}

/// What may be kept for ever: the theme's files with a hash in their names, unless the site brings its own.
fn immutable(context: &Context<'_>, config: &Config) -> Vec<String> {
    let is_hashed = |path: &&String| {
        path.rsplit('/').next().is_some_and(|name| {
            name.split('.').any(|part| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
    };
    let is_written = |path: &&String| {
        !context.site.assets.contains_key(*path)
            && !crate::search::is_idle(context.theme, config, path.as_str())
    };
    context.theme.assets.keys().filter(is_hashed).filter(is_written).cloned().collect()
}

/// What stands in an address for a path.
pub(super) fn encode(path: &str) -> String {
    crate::render::address::encode(path)
}

/// An address without its percent-encoding; what is no UTF-8 then stays as it is.
fn decoded(address: &str) -> String {
    String::from_utf8(bytes(address)).unwrap_or_else(|_| address.to_owned())
}

/// What an address stands for, its percent-encoding decoded.
#[must_use]
pub fn bytes(address: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%').then(|| tail.get(..2)).flatten();
        let hex = hex.filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        match hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    bytes
}

/// Whether a file of the output folder may be kept for ever.
#[must_use]
pub fn is_immutable(site: &Site, path: &str) -> bool {
    path.starts_with(PIECES) || site.immutable.iter().any(|name| name == path)
}
