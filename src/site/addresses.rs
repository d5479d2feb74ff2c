//! Every file the site will hold in; those that cannot all be written out, as diagnostics.
//!
//! Two files may not have one address, nor may one stand where another needs a folder. Compared without case: two
//! names that differ only in it are one file on macOS and Windows, and a site built there would lack a page.

use std::collections::{BTreeMap, BTreeSet};

use super::{Inputs, Page, PageId, Redirect, Site, Visibility, front_matter_span, links};
use crate::diagnostic::{Diagnostic, Span, rules};

/// What is made of the whole site and belongs to no page.
pub(super) const MADE: [(&str, &str); 6] = [
    ("llms.txt", "the site's index"),
    ("llms-full.txt", "the whole site as Markdown"),
    ("sitemap.xml", "the site map"),
    ("sitemap.md", "the site map"),
    ("robots.txt", "the word to crawlers"),
    ("AGENTS.md", "the index for repositories"),
];

/// What an author's own file, or page, at the same address takes the place of.
const REPLACEABLE: [(&str, &str); 2] =
    [("404.html", "the page for what is not found"), ("robots.txt", "the word to crawlers")];

/// Something that is written.
#[derive(Debug)]
struct Written {
    /// What to call it in a message.
    name: String,
    span: Option<Span>,
    /// What its author can do; empty where it is ours.
    help: String,
}

/// Reports files of the site that are in each other's way.
pub(super) fn check(inputs: &Inputs, site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.append(&mut Claims::new(inputs, site).diagnostics);
}

/// Reports files made beside the site's own (of the theme, of the agents' indexes: path and what to call it) that are
/// in the way of the site's. `of_pages` are further files of single pages, which no file of the site's own replaces.
#[must_use]
pub fn collisions<'m>(
    inputs: &Inputs,
    site: &Site,
    of_pages: &[(String, PageId)],
    made: impl Iterator<Item = (&'m str, &'m str)>,
) -> Vec<Diagnostic> {
    let mut claims = Claims::new(inputs, site);
    claims.diagnostics.clear();
    for (path, page) in of_pages {
        let number = claims.add(Written::page(site.page(*page)));
        claims.claim(path, number);
    }
    for (path, name) in made {
        // A file of the site's own takes the place of ours, and some of ours were claimed with the site.
        if !site.assets.contains_key(path) && !claims.indexes.contains(path) {
            let number = claims.add(Written::ours(name));
            claims.claim(path, number);
        }
    }
    claims.diagnostics
}

impl Written {
    fn ours(name: &str) -> Self {
        Self { name: name.to_owned(), span: None, help: String::new() }
    }

    fn page(page: &Page) -> Self {
        let help = format!(
            "give one of them another address: `slug: /…` in its front matter (now `/{}`)",
            page.route
        );
        Self { name: name(page), span: place(page), help }
    }

    fn redirect(inputs: &Inputs, redirect: &Redirect) -> Self {
        let name = match redirect.from.as_str() {
            "" => "the redirect from the site's root".to_owned(),
            from => format!("the redirect from `{from}`"),
        };
        let written = [redirect.from.clone(), format!("/{}", redirect.from)];
        let mut span = written.iter().filter(|from| from.len() > 1);
        let span = span.find_map(|from| links::in_config(inputs, from));
        Self { name, span, help: "take the redirect out, or move the other".to_owned() }
    }

    fn asset(path: &str) -> Self {
        Self { name: format!("the file `{path}`"), span: None, help: format!("rename or remove `{path}`") }
    }
}

/// Who has which address.
#[derive(Debug, Default)]
struct Claims {
    written: Vec<Written>,
    /// By address in lower case.
    files: BTreeMap<String, usize>,
    /// The folders above the files, each with the first file in it.
    folders: BTreeMap<String, (usize, String)>,
    /// The indexes that are made of the site and of its pages.
    indexes: BTreeSet<String>,
    /// Names of those that were found in each other's way: once is enough.
    told: BTreeSet<(String, String)>,
    diagnostics: Vec<Diagnostic>,
}

impl Claims {
    fn new(inputs: &Inputs, site: &Site) -> Self {
        let trailing_slash = inputs.config.site.trailing_slash;
        let mut claims = Self::default();
        let own = |address: &str| {
            let is_page = |page: &Page| html_file(&page.route, trailing_slash) == address;
            REPLACEABLE.iter().any(|(made, _)| *made == address)
                && (site.assets.contains_key(address) || site.pages.iter().any(is_page))
        };
        let made: BTreeMap<&str, &str> = MADE.into_iter().chain(REPLACEABLE).collect();
        for (address, name) in made {
            claims.indexes.insert(address.to_owned());
            if !own(address) {
                let number = claims.add(Written::ours(name));
                claims.claim(address, number);
            }
        }
        for page in &site.pages {
            let number = claims.add(Written::page(page));
            let route = &page.route;
            let mut addresses = vec![html_file(route, trailing_slash)];
            if page.visibility == Visibility::Listed {
                addresses.push(markdown_file(route));
                // The home page's index is the site's.
                if !route.is_empty() {
                    let index = format!("{route}/llms.txt");
                    claims.indexes.insert(index.clone());
                    addresses.push(index);
                }
            }
            let _ = addresses.iter().all(|address| claims.claim(address, number));
        }
        let tag = |tag: &super::Tag| (tag.route.clone(), format!("the page of the tag `{}`", tag.label));
        let all = (super::tag_pages::ROUTE.to_owned(), "the page of all tags".to_owned());
        for (route, name) in site.tags.values().map(tag).chain((!site.tags.is_empty()).then_some(all)) {
            let help =
                "move the other, or make no pages for tags: `tag-pages = false` in `[page]`".to_owned();
            let number = claims.add(Written { name, span: None, help });
            claims.claim(&html_file(&route, trailing_slash), number);
        }
        for redirect in &site.redirects {
            let number = claims.add(Written::redirect(inputs, redirect));
            let (html, markdown) = redirect.files(trailing_slash);
            let _ = html.iter().chain([&markdown]).all(|address| claims.claim(address, number));
        }
        for (address, path) in &site.assets {
            let number = claims.add(Written::asset(path));
            if address.contains(|c: char| c == '\\' || c.is_control()) {
                let message = format!(
                    "the file `{}` cannot have an address",
                    path.replace(char::is_control, "\u{fffd}")
                );
                let help = "rename it: there is a backslash or a control character in its path";
                claims.diagnostics.push(Diagnostic::new(&rules::INVALID_SLUG, message).help(help));
            } else {
                claims.claim(address, number);
            }
        }
        claims
    }

    fn add(&mut self, written: Written) -> usize {
        self.written.push(written);
        self.written.len() - 1
    }

    /// Whether the address was free.
    fn claim(&mut self, address: &str, number: usize) -> bool {
        let folded = address.to_lowercase();
        if let Some(first) = self.files.get(&folded) {
            let message = format!("would both be written to `{address}`");
            return self.collision(*first, number, |a, b| format!("{a} and {b} {message}"));
        }
        if let Some((other, inner)) = self.folders.get(&folded).cloned() {
            return self.collision(other, number, |other, file| {
                format!("{file} would be written to `{address}`, where {other} needs a folder for `{inner}`")
            });
        }
        for (slash, _) in folded.match_indices('/') {
            let folder = &folded[..slash];
            if let Some(first) = self.files.get(folder) {
                // The names of the theme's files change with what is in them.
                let inner = if self.written[number].help.is_empty() {
                    String::new()
                } else {
                    format!(" for `{address}`")
                };
                return self.collision(*first, number, |file, other| {
                    format!("{file} would be written to `{folder}`, where {other} needs a folder{inner}")
                });
            }
        }
        for (slash, _) in folded.match_indices('/') {
            let folder = || (number, address.to_owned());
            self.folders.entry(folded[..slash].to_owned()).or_insert_with(folder);
        }
        self.files.insert(folded, number);
        true
    }

    /// Reports that two are in each other's way, at the second, or at the first where that is ours or has no place.
    fn collision(&mut self, first: usize, second: usize, say: impl Fn(&str, &str) -> String) -> bool {
        let (first, second) = (&self.written[first], &self.written[second]);
        if self.told.insert((first.name.clone(), second.name.clone())) {
            let help = [second, first].into_iter().find(|one| !one.help.is_empty());
            let mut diagnostic = Diagnostic::new(&rules::DUPLICATE_ROUTE, say(&first.name, &second.name));
            diagnostic.help = help.map(|one| one.help.clone());
            diagnostic.span = second.span.or(first.span);
            if let (Some(span), Some(_)) = (first.span, second.span) {
                diagnostic = diagnostic.note(span, "the other is here");
            }
            self.diagnostics.push(diagnostic);
        }
        false
    }
}

impl Redirect {
    /// The route that stood at the old address.
    #[must_use]
    pub fn route(&self) -> &str {
        let from = self.from.trim_matches('/');
        let stem = from.strip_suffix(".html").or_else(|| from.strip_suffix(".md")).unwrap_or(from);
        stem.strip_suffix("/index").unwrap_or(if stem == "index" { "" } else { stem })
    }

    /// The files that are written for it: for browsers, unless Markdown alone stood there, and for agents.
    #[must_use]
    pub fn files(&self, trailing_slash: bool) -> (Option<String>, String) {
        let from = self.from.trim_matches('/');
        let markdown = markdown_file(self.route());
        if from.ends_with(".md") {
            return (None, markdown);
        }
        let html =
            if from.ends_with(".html") { from.to_owned() } else { html_file(self.route(), trailing_slash) };
        (Some(html), markdown)
    }
}

/// The path in the output folder that holds a page's HTML.
#[must_use]
pub fn html_file(route: &str, trailing_slash: bool) -> String {
    match route {
        "" => "index.html".to_owned(),
        route if trailing_slash => format!("{route}/index.html"),
        route => format!("{route}.html"),
    }
}

/// The path in the output folder that holds a page's Markdown.
#[must_use]
pub fn markdown_file(route: &str) -> String {
    if route.is_empty() { "index.md".to_owned() } else { format!("{route}.md") }
}

fn name(page: &Page) -> String {
    if page.path.is_empty() { format!("the index of `{}`", page.label) } else { format!("`{}`", page.path) }
}

fn place(page: &Page) -> Option<Span> {
    let front_matter = &page.document.front_matter;
    let own = ["slug", "id"].iter().find(|key| front_matter.spans.iter().any(|(name, _)| name == *key));
    let own = own.and_then(|key| front_matter_span(front_matter, key));
    own.or(Some(Span::new(page.document.file, 0..0)))
}
