//! Descriptions: what agents and search engines choose a page by.

use std::collections::BTreeMap;

use super::Inputs;
use crate::config::Dialect;
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::site::{Page, front_matter_span};

/// A page whose author describes it nowhere. mdBook's pages have no place to do it.
pub(super) fn missing(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    if inputs.config.content.dialect == Dialect::Mdbook {
        return;
    }
    let concerned =
        |page: &&Page| !page.described && !page.path.is_empty() && !page.document.front_matter.unreadable;
    for page in inputs.site.pages.iter().filter(concerned) {
        let instead = if page.description.is_empty() {
            "and no paragraph that could stand for it"
        } else {
            "so its first paragraph stands for it"
        };
        found.push(
            Diagnostic::new(
                &rules::MISSING_DESCRIPTION,
                format!("`{}` has no description, {instead}", page.title),
            )
            .at(place(page))
            .help("add `description:` to its front matter: one sentence on what a reader finds here"),
        );
    }
}

/// A description that says no more than the title above it.
pub(super) fn titles(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let repeats = |page: &&Page| page.described && folded(&page.description) == folded(&page.title);
    for page in inputs.site.pages.iter().filter(repeats) {
        found.push(
            Diagnostic::new(
                &rules::DESCRIPTION_TITLE,
                format!("the description of `{}` only repeats its title", page.title),
            )
            .at(place(page))
            .help("say in one sentence what a reader finds here"),
        );
    }
}

/// Two pages that their authors describe with the same words, whatever their case, spacing and punctuation.
pub(super) fn duplicate(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<String, &Page> = BTreeMap::new();
    for page in inputs.site.pages.iter().filter(|page| page.described) {
        let Some(other) = first.get(&folded(&page.description)) else {
            first.insert(folded(&page.description), page);
            continue;
        };
        let but = if page.description == other.description { "" } else { " but for how it is written" };
        found.push(
            Diagnostic::new(
                &rules::DUPLICATE_DESCRIPTION,
                format!("`{}` has the same description as `{}`{but}", page.title, other.title),
            )
            .at(place(page))
            .note(place(other), "the other is here")
            .help("say in each what only that page holds"),
        );
    }
}

/// A text by its letters and digits alone; itself where it has none.
fn folded(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { text.trim().to_owned() } else { words.join(" ") }
}

fn place(page: &Page) -> Span {
    let start = Span::new(page.document.file, 0..0);
    front_matter_span(&page.document.front_matter, "description").unwrap_or(start)
}
