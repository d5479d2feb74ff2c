//! Site and theme in, diagnostics out: one rule, one function, one code, one page of help.
//!
//! There are two stages. [`site`] sees the site before anything is rendered; [`pages`] sees what was rendered,
//! as plain values. What reading itself finds (a lost tag, a broken link) is reported where it is read.

mod audience;
mod az;
mod components;
mod descriptions;
mod expressions;
mod fences;
mod formulas;
mod headings;
mod icons;
mod images;
mod imports;
mod languages;
mod placeholders;
mod sizes;
mod tabs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::{Config, place_of};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::{Document, Node, Value};
use crate::site::Site;
use crate::theme::Theme;
pub use sizes::{FinishedHeading, FinishedPage, LONG, OVERSIZED};

/// What the first stage looks at.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// `book.toml`.
    pub config: &'a Config,
    /// The site.
    pub site: &'a Site,
    /// Every text that was read, by path from the folder of `book.toml`.
    pub documents: &'a BTreeMap<String, Arc<Document>>,
    /// The theme.
    pub theme: &'a Theme,
    /// `book.toml` as it was read.
    pub book: (FileId, &'a str),
    /// The names that a fence may give as its language, in lower case.
    pub languages: &'a BTreeSet<String>,
}

impl<'a> Inputs<'a> {
    /// The texts that were read, by file.
    fn texts(&self) -> BTreeMap<FileId, &'a str> {
        self.documents.values().map(|document| (document.file, &*document.text)).collect()
    }

    /// Where a text stands in quotes in `book.toml`.
    fn in_config(&self, text: &str) -> Option<Span> {
        let (file, book) = self.book;
        ['"', '\''].iter().find_map(|quote| {
            let at = book.find(&format!("{quote}{text}{quote}"))? + 1;
            Some(Span::new(file, at..at + text.len()))
        })
    }
}

/// Checks the site before it is rendered.
#[must_use]
pub fn site(inputs: &Inputs) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    pages_exist(inputs, &mut found);
    let told = imports::unsupported(inputs, &mut found);
    expressions::printed(inputs, &told, &mut found);
    components::known(inputs, &mut found);
    components::parents(inputs, &mut found);
    components::attributes(inputs, &mut found);
    icons::unknown(inputs, &mut found);
    formulas::invalid(inputs, &mut found);
    formulas::off(inputs, &mut found);
    fences::languages(inputs, &mut found);
    fences::marked_lines(inputs, &mut found);
    fences::marked_placeholders(inputs, &mut found);
    fences::said_of_nothing(inputs, &mut found);
    az::commands(inputs, &mut found);
    placeholders::unused(inputs, &mut found);
    placeholders::notes(inputs, &mut found);
    tabs::labels(inputs, &mut found);
    tabs::declared_labels(inputs, &mut found);
    headings::in_two_tabs(inputs, &mut found);
    headings::repeated(inputs, &mut found);
    languages::missing(inputs, &mut found);
    languages::wrong(inputs, &mut found);
    images::without_text(inputs, &mut found);
    descriptions::missing(inputs, &mut found);
    descriptions::titles(inputs, &mut found);
    descriptions::duplicate(inputs, &mut found);
    audience::budgets(inputs, &mut found);
    crate::site::distinct(found)
}

/// A site without a page is a mistake in `src` far more often than a wish, and would take the place of the last one.
fn pages_exist(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    if !inputs.site.pages.is_empty() {
        return;
    }
    let folder = match inputs.config.book.src.as_str() {
        "" => "the folder of `book.toml`".to_owned(),
        src => format!("the folder `{src}`"),
    };
    let (file, book) = inputs.book;
    let mut diagnostic = Diagnostic::new(&rules::NO_PAGES, format!("{folder} holds no page"))
        .help("write a page there (`index.md`), or let `src` in `[book]` name the folder of the pages");
    diagnostic.span = place_of(file, book, "book", "src");
    found.push(diagnostic);
}

/// An index that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedIndex {
    /// Its address below the site's root.
    pub path: String,
    /// What it is the index of.
    pub kind: IndexKind,
    /// Its length in characters.
    pub characters: usize,
}

/// What an index is the index of, which decides how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// The site: at most 10,000 characters.
    Root,
    /// A section: at most 50,000.
    Section,
    /// A page: at most 4,000.
    Page,
    /// `AGENTS.md`: at most 8,000.
    Agents,
}

impl IndexKind {
    /// The most characters it may have.
    #[must_use]
    pub fn limit(self) -> usize {
        match self {
            Self::Root => 10_000,
            Self::Section => 50_000,
            Self::Page => 4_000,
            Self::Agents => 8_000,
        }
    }
}

/// Checks what was made: the indexes that agents fetch are short enough to be read whole.
#[must_use]
pub fn pages(indexes: &[FinishedIndex]) -> Vec<Diagnostic> {
    indexes
        .iter()
        .filter(|index| index.characters > index.kind.limit())
        .map(|index| {
            let limit = index.kind.limit();
            Diagnostic::new(
                &rules::INDEX_SIZE,
                format!("`{}` has {} characters; agents may read only {limit}", index.path, index.characters),
            )
            .help("shorten titles and descriptions, or put pages into sections")
        })
        .collect()
}

/// Checks the pages that were made: agents' tools read them whole.
#[must_use]
pub fn lengths(pages: &[FinishedPage]) -> Vec<Diagnostic> {
    pages.iter().filter_map(sizes::long).collect()
}

/// Calls `visit` with every node, those in attributes too, parents before children.
fn walk<'a>(nodes: &'a [Node], visit: &mut impl FnMut(&'a Node)) {
    crate::document::walk(nodes, &mut |node| {
        visit(node);
        if let crate::document::Kind::Component(component) = &node.kind {
            for attribute in &component.attributes {
                if let Value::Markup(nodes) = &attribute.value {
                    crate::document::walk(nodes, visit);
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{FinishedIndex, IndexKind, pages};
    use crate::diagnostic::{Files, print};

    #[test]
    fn an_index_over_its_limit_is_reported() {
        let index =
            |characters| FinishedIndex { path: "llms.txt".to_owned(), kind: IndexKind::Root, characters };
        assert!(pages(&[index(10_000)]).is_empty());
        let found = pages(&[index(10_001)]);
        let said = print::text(&found, &Files::default(), "", print::Style::Plain);
        assert!(
            said.starts_with(
                "warning[index-size]: `llms.txt` has 10001 characters; agents may read only 10000"
            ),
            "{said}"
        );
    }
}
