//! Imports of what is not Markdown: nothing is run, and the author should know what happens instead.

use std::collections::BTreeSet;

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, FileId, rules};
use crate::document::{Document, Import, Kind, extension, is_image};
use crate::site::partials::is_markdown;

/// An import that does nothing here. Those of components that the theme has are known without it. What is reported is
/// given back, by file and name: saying it again where the name is used would help nobody.
pub(super) fn unsupported<'a>(
    inputs: &Inputs<'a>,
    found: &mut Vec<Diagnostic>,
) -> BTreeSet<(FileId, &'a str)> {
    let mut told = BTreeSet::new();
    let used: BTreeSet<FileId> = inputs
        .site
        .pages
        .iter()
        .flat_map(|page| page.partials.iter().copied().chain([page.document.file]))
        .collect();
    let placed = components(inputs);
    for document in inputs.documents.values().filter(|document| used.contains(&document.file)) {
        let mut seen = BTreeSet::new();
        for import in &document.imports {
            // A component that no theme defines is reported where it stands, with its import.
            let reported =
                is_known(inputs, document, import) || placed.contains(&(document.file, &import.name));
            // An image is put where its name is used; other uses of the name are printed, which is said there.
            let concerned =
                !is_markdown(import) && !is_image(&import.source) && !reported && is_used(document, import);
            if concerned {
                told.insert((document.file, import.name.as_str()));
            }
            if concerned && seen.insert(import.span) {
                found.push(report(import));
            }
        }
    }
    told
}

/// Whether the document speaks of the name again: an import that nothing uses changes nothing by being left out.
fn is_used(document: &Document, import: &Import) -> bool {
    let (text, statement) = (&document.text, import.span.range());
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.match_indices(import.name.as_str()).any(|(at, name)| {
        let inside = statement.contains(&at);
        let before = text[..at].chars().next_back().is_some_and(word);
        let after = text[at + name.len()..].chars().next().is_some_and(word);
        !inside && !before && !after
    })
}

/// The names of the components in each file.
fn components<'a>(inputs: &Inputs<'a>) -> BTreeSet<(FileId, &'a str)> {
    let mut placed = BTreeSet::new();
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| {
            if let Kind::Component(component) = &node.kind {
                placed.insert((component.name_span.file, component.name.as_str()));
            }
        });
    }
    placed
}

/// Whether the names of the import's statement are all known: a use of one that is not is reported where it stands.
fn is_known(inputs: &Inputs, document: &Document, import: &Import) -> bool {
    if import.source.starts_with("@theme") || import.source.starts_with("@docusaurus/") {
        return true;
    }
    let mut names =
        document.imports.iter().filter(|other| other.span == import.span).map(|other| &other.name);
    names
        .all(|name| inputs.theme.components.contains_key(name) || inputs.config.components.contains_key(name))
}

fn report(import: &Import) -> Diagnostic {
    let (name, source) = (&import.name, &import.source);
    let (message, help) = if source.contains("raw-loader") || source.ends_with("?raw") {
        (
            format!("`{source}` is not read: `{{{name}}}` is printed as written"),
            "put the code into a fence".to_owned(),
        )
    } else {
        match extension(source).as_str() {
            "css" | "scss" | "sass" | "less" => (
                format!("the style sheet `{source}` is not loaded"),
                "name it in `output.html.additional-css` in `book.toml`".to_owned(),
            ),
            "json" | "yaml" | "yml" | "toml" => (
                format!("the data in `{source}` is not read: `{{{name}}}` is printed as written"),
                "declare the values under `[variables]` in `book.toml`, and write `{{NAME}}`".to_owned(),
            ),
            _ if name.starts_with(char::is_lowercase) => (
                format!("the code in `{source}` is not run, so `{name}` means nothing"),
                "write the value where it is used, or declare it under `[variables]` in `book.toml`"
                    .to_owned(),
            ),
            _ => (
                format!("the code in `{source}` is not run, so `{name}` means nothing"),
                format!(
                    "add `components/{name}.html` and `components/{name}.md` to a theme of your own, or map it \
                     under `[components]` in `book.toml`"
                ),
            ),
        }
    };
    Diagnostic::new(&rules::UNSUPPORTED_IMPORT, message).at(import.span).help(help)
}
