//! `book.toml` in, the parser's [`Options`] out: what each dialect switches on.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Dialect};
use crate::document::front_matter::Keys;
use crate::document::parse::Options;

/// The admonition kinds that are there without a word in `book.toml`.
pub const ADMONITIONS: &[&str] =
    &["note", "tip", "info", "warning", "danger", "caution", "important", "success", "secondary"];

/// How the pages of a site are read. `elements` are the names that the theme has components for, `markdown` those of
/// them with an attribute in Markdown.
#[must_use]
pub fn options(
    config: &Config,
    elements: BTreeSet<String>,
    mut markdown: BTreeMap<String, String>,
) -> Options {
    for (name, meant) in &config.components {
        if let Some(attribute) = markdown.get(meant).cloned() {
            markdown.insert(name.clone(), attribute);
        }
    }
    let content = &config.content;
    let admonitions =
        ADMONITIONS.iter().map(|kind| (*kind).to_owned()).chain(config.admonitions.keys().cloned()).collect();
    let common = Options {
        admonitions,
        markdown,
        front_matter: true,
        math: content.math,
        smart_punctuation: content.smart_punctuation,
        ..Options::default()
    };
    match content.dialect {
        Dialect::Docusaurus => Options {
            mdx: true,
            directives: true,
            // Capitalised ones are components without being named.
            elements: elements
                .into_iter()
                .filter(|name| !name.starts_with(|c: char| c.is_uppercase()))
                .collect(),
            gfm: true,
            autolinks: content.autolinks.unwrap_or(true),
            heading_ids: true,
            indented_code: content.indented_code.unwrap_or(false),
            emoji: content.emoji.unwrap_or(true),
            ..common
        },
        Dialect::Mdbook | Dialect::Docfx => Options {
            gfm: true,
            heading_ids: content.dialect == Dialect::Mdbook,
            components: true,
            // There `details` is HTML, in which a paragraph needs blank lines around it.
            elements: elements
                .into_iter()
                .filter(|name| name != "details")
                .chain(config.components.keys().cloned())
                .collect(),
            autolinks: content.autolinks.unwrap_or(content.dialect == Dialect::Docfx),
            indented_code: content.indented_code.unwrap_or(true),
            keys: if content.dialect == Dialect::Docfx { Keys::Any } else { Keys::Known },
            docfx: content.dialect == Dialect::Docfx,
            emoji: content.emoji.unwrap_or(false),
            ..common
        },
        Dialect::Commonmark => Options {
            autolinks: content.autolinks.unwrap_or(false),
            indented_code: content.indented_code.unwrap_or(true),
            emoji: content.emoji.unwrap_or(false),
            ..common
        },
    }
}
