//! Which texts are pages, what they are called and where they stand: ids and routes.
//!
//! The rules are those of Docusaurus 3.10 (`docs.ts`, `slug.ts`, `numberPrefix.ts`) and, in mdBook's dialect,
//! those of mdBook, so that addresses in the world keep working.

use std::collections::BTreeSet;
use std::sync::Arc;

use globset::GlobSet;

use super::summary::Outline;
use super::{Inputs, front_matter_span, paths};
use crate::config::Dialect;
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::{Document, FrontMatter};

/// A text that becomes a page, and where it stands among the sources.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// From the folder of `book.toml`.
    pub path: String,
    /// Its document.
    pub document: Arc<Document>,
    /// Its folder below the pages' folder, as it is on disk; empty at the top.
    pub folder: String,
    /// The name of the file.
    pub name: String,
    /// The document id.
    pub id: String,
    /// The address, without slashes around it.
    pub route: String,
    /// Whether it is its folder's own page: `index`, `README`, or named like the folder.
    pub is_index: bool,
    /// Whether relative addresses on it start from its route, not from the folder of its route.
    pub route_is_folder: bool,
    /// Where it stands in its folder: `sidebar_position`, or the number before its name.
    pub position: Option<f64>,
}

/// Why a Markdown file is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPage {
    /// Its front matter says `draft: true`.
    Draft,
    /// Its name, or a folder's, starts with `_`, or it is a test.
    Partial,
    /// `content.exclude` names it.
    Excluded,
    /// `SUMMARY.md` does not name it, and the dialect is mdBook's.
    NotInSummary,
    /// It stands outside the pages' folder.
    Outside,
}

impl NoPage {
    /// The end of a sentence that begins with the file's name.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Draft => "is a draft, which is not built",
            Self::Partial => "is a partial, not a page: a name in its path starts with `_` or is a test's",
            Self::Excluded => "is no page: `content.exclude` leaves it out",
            Self::NotInSummary => "is no page: `SUMMARY.md` does not list it",
            Self::Outside => "is no page: it lies outside the pages' folder",
        }
    }
}

/// Decides which files are pages.
#[derive(Debug)]
pub(super) struct Rules {
    src: String,
    dialect: Dialect,
    number_prefixes: bool,
    exclude: GlobSet,
    /// The files that `SUMMARY.md` names, where the navigation comes from it.
    listed: Option<BTreeSet<String>>,
}

impl Rules {
    /// The rules of this site.
    pub(super) fn new(inputs: &Inputs, outline: Option<&Outline>) -> Self {
        let content = &inputs.config.content;
        Self {
            src: paths::clean(&inputs.config.book.src),
            dialect: content.dialect,
            number_prefixes: content.number_prefixes && content.dialect != Dialect::Mdbook,
            exclude: content.excluded(),
            listed: outline.map(Outline::files),
        }
    }

    /// Every page, by path.
    pub(super) fn pages(&self, inputs: &Inputs) -> Vec<Place> {
        inputs
            .documents
            .iter()
            .filter(|(path, document)| self.no_page(path, document).is_none())
            .map(|(path, document)| self.place(path, document))
            .collect()
    }

    /// Why this file is no page; `None` when it is one.
    pub(super) fn no_page(&self, path: &str, document: &Document) -> Option<NoPage> {
        let Some(below) = paths::below(path, &self.src) else { return Some(NoPage::Outside) };
        if let Some(listed) = &self.listed {
            if below == "SUMMARY.md" || self.dialect == Dialect::Mdbook && !listed.contains(path) {
                return Some(NoPage::NotInSummary);
            }
            if self.dialect == Dialect::Mdbook {
                return None;
            }
        }
        let name = paths::name(below);
        let tests =
            name.contains(".test.") || paths::folder(below).split('/').any(|part| part == "__tests__");
        if tests || below.split('/').any(|part| part.starts_with('_')) {
            return Some(NoPage::Partial);
        }
        if self.exclude.is_match(below) {
            return Some(NoPage::Excluded);
        }
        document.front_matter.draft.then_some(NoPage::Draft)
    }

    fn place(&self, path: &str, document: &Arc<Document>) -> Place {
        let below = paths::below(path, &self.src).expect("only files below the pages' folder are pages");
        let front_matter = &document.front_matter;
        let folder = paths::folder(below);
        let name = paths::name(below);
        let stem = paths::without_markdown(name).unwrap_or(name);
        let (number, bare) = self.number_prefix(stem);
        let is_index = self.is_index(folder, stem);
        let own = match self.dialect {
            Dialect::Mdbook => bare,
            Dialect::Docusaurus | Dialect::Docfx | Dialect::Commonmark => {
                front_matter.id.as_deref().unwrap_or(bare)
            }
        };
        let above = self.bare_folder(folder);
        let (route, route_is_folder) = route(&above, own, is_index, front_matter);
        Place {
            path: path.to_owned(),
            document: Arc::clone(document),
            folder: folder.to_owned(),
            name: name.to_owned(),
            id: paths::concat(&above, own),
            route,
            is_index,
            route_is_folder,
            position: front_matter.sidebar_position.or(number),
        }
    }

    /// Docusaurus compares the names as they are on disk, number prefixes included.
    fn is_index(&self, folder: &str, stem: &str) -> bool {
        let stem = stem.to_lowercase();
        match self.dialect {
            Dialect::Mdbook => matches!(stem.as_str(), "index" | "readme"),
            Dialect::Docusaurus | Dialect::Docfx | Dialect::Commonmark => {
                matches!(stem.as_str(), "index" | "readme")
                    || !folder.is_empty() && stem == paths::name(folder).to_lowercase()
            }
        }
    }

    /// The number before a name and the rest, where prefixes count.
    pub(super) fn number_prefix<'a>(&self, name: &'a str) -> (Option<f64>, &'a str) {
        if self.number_prefixes { paths::number_prefix(name) } else { (None, name) }
    }

    /// A folder as it stands in ids and routes.
    pub(super) fn bare_folder(&self, folder: &str) -> String {
        if self.number_prefixes { paths::without_numbers(folder) } else { folder.to_owned() }
    }
}

/// What makes the address of a page impossible, at its slug, its id or its file.
pub(super) fn invalid(place: &Place) -> Option<Diagnostic> {
    let front_matter = &place.document.front_matter;
    let (key, text) = match (&front_matter.slug, &front_matter.id) {
        (Some(slug), _) => (Some("slug"), slug.as_str()),
        (None, Some(id)) if !place.is_index => (Some("id"), id.as_str()),
        (None, _) => (None, place.path.as_str()),
    };
    let base = if text.starts_with('/') { "" } else { place.folder.as_str() };
    let problem = if key.is_some() && text.contains("://") {
        "is a URL, not an address below the site's root"
    } else if [text, &place.route].iter().any(|text| text.contains(|c: char| c == '\\' || c.is_control())) {
        "cannot be an address: it has a backslash or a control character"
    } else if key.is_some() && paths::join(base, text).is_none() {
        "leads above the site's root"
    } else {
        return None;
    };
    let what = key.map_or("the path", |key| if key == "id" { "the id" } else { "the slug" });
    let message = format!("{what} `{}` {problem}", text.replace(char::is_control, "\u{fffd}"));
    let help = match key {
        Some(key) => {
            format!("write the path alone: `{key}: {}`", if key == "id" { "start" } else { "/guides/start" })
        }
        None => "rename the file or the folder, or give the page a `slug`".to_owned(),
    };
    let span = key.and_then(|key| front_matter_span(front_matter, key));
    let span = span.unwrap_or_else(|| Span::new(place.document.file, 0..0));
    Some(Diagnostic::new(&rules::INVALID_SLUG, message).at(span).help(help))
}

/// The route of a page, and whether it is that of a folder.
fn route(folder: &str, own: &str, is_index: bool, front_matter: &FrontMatter) -> (String, bool) {
    match &front_matter.slug {
        Some(slug) => {
            let base = if slug.starts_with('/') { "" } else { folder };
            (paths::join_clamped(base, slug), slug.ends_with('/'))
        }
        None if is_index => (folder.to_owned(), true),
        None => (paths::join_clamped(folder, own), false),
    }
}
