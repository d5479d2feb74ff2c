//! Every file the site will hold in; those that would be written to one address out, as diagnostics.
//!
//! Compared without case: two names that differ only in it are one file on macOS and Windows, and a site built
//! there would lack a page.

use std::collections::BTreeMap;

use super::{Inputs, Page, Site, front_matter_span};
use crate::diagnostic::{Diagnostic, Span, rules};

/// Something that is written.
#[derive(Clone)]
struct Written {
    /// What to call it in a message.
    name: String,
    span: Option<Span>,
}

/// What is made of the whole site and belongs to no page.
pub(super) const MADE: [(&str, &str); 6] = [
    ("llms.txt", "the site's index"),
    ("llms-full.txt", "the whole site as Markdown"),
    ("sitemap.xml", "the site map"),
    ("sitemap.md", "the site map"),
    ("robots.txt", "the word to crawlers"),
    ("AGENTS.md", "the index for repositories"),
];

/// Reports addresses that two files claim.
pub(super) fn check(inputs: &Inputs, site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let mut claimed: BTreeMap<String, Written> = BTreeMap::new();
    // An author's own robots.txt takes the place of ours.
    for (address, name) in MADE.into_iter().filter(|(address, _)| *address != "robots.txt") {
        claimed.insert(address.to_lowercase(), Written { name: name.to_owned(), span: None });
    }
    for page in &site.pages {
        let written = Written { name: name(page), span: place(page) };
        for address in addresses(page, inputs.config.site.trailing_slash) {
            let folded = address.to_lowercase();
            // The home page's index is the site's.
            if page.route.is_empty() && folded == "llms.txt" {
                continue;
            }
            if let Some(first) = claimed.get(&folded) {
                diagnostics.push(collision(&address, first, &written, page));
                break;
            }
            claimed.insert(folded, written.clone());
        }
    }
    for (address, path) in &site.assets {
        let written = Written { name: format!("the file `{path}`"), span: None };
        match claimed.get(&address.to_lowercase()) {
            Some(first) => {
                let mut diagnostic = Diagnostic::new(
                    &rules::DUPLICATE_ROUTE,
                    format!("{} and {} would both be written to `{address}`", written.name, first.name),
                )
                .help(format!("rename or remove `{path}`"));
                diagnostic.span = first.span;
                diagnostics.push(diagnostic);
            }
            None => {
                claimed.insert(address.to_lowercase(), written);
            }
        }
    }
}

/// The files of a page: for readers, for agents, and its index.
fn addresses(page: &Page, trailing_slash: bool) -> [String; 3] {
    let route = &page.route;
    if route.is_empty() {
        return ["index.html".to_owned(), "index.md".to_owned(), "llms.txt".to_owned()];
    }
    let html = if trailing_slash { format!("{route}/index.html") } else { format!("{route}.html") };
    [html, format!("{route}.md"), format!("{route}/llms.txt")]
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

fn collision(address: &str, first: &Written, second: &Written, page: &Page) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        &rules::DUPLICATE_ROUTE,
        format!("{} and {} would both be written to `{address}`", first.name, second.name),
    )
    .help(format!(
        "give one of them another address: `slug: /…` in its front matter (now `/{}`)",
        page.route
    ));
    diagnostic.span = second.span;
    if let Some(span) = first.span {
        diagnostic = diagnostic.note(span, "the other is here");
    }
    diagnostic
}
