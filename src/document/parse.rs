//! A text in, its [`Document`] out.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Document;
use crate::diagnostic::{Diagnostic, FileId};

/// How a text is read. A plain CommonMark document has everything switched off.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Components, `{expressions}`, imports and exports, `{/* comments */}`.
    pub mdx: bool,
    /// `:::kind` blocks become components.
    pub directives: bool,
    /// The kinds a `:::` block may have.
    pub admonitions: BTreeSet<String>,
    /// Lowercase element names that are read as components (`details`).
    pub elements: BTreeSet<String>,
    /// GFM: tables, task lists, strikethrough, footnotes, alerts.
    pub gfm: bool,
    /// Bare addresses in text become links.
    pub autolinks: bool,
    /// `{#id}` after a heading's words is its id.
    pub heading_ids: bool,
    /// `$…$` and `$$…$$` are mathematics.
    pub math: bool,
    /// Indented text is code.
    pub indented_code: bool,
    /// `:name:` becomes an emoji.
    pub emoji: bool,
    /// Straight quotes and dashes become typographic ones.
    pub smart_punctuation: bool,
    /// A YAML header is read.
    pub front_matter: bool,
}

/// Reads `text`. Whatever it holds, there is a document, and each span in it lies in its parent's.
#[must_use]
pub fn parse(_file: FileId, _text: &Arc<str>, _options: &Options) -> (Document, Vec<Diagnostic>) {
    unimplemented!()
}
