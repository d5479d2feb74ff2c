//! A page's text in, the text that is parsed out: variables and mdBook's includes put in place.
//!
//! It stands before reading proper because what it puts in is Markdown like any other, and knows where each
//! part came from ([`Piece`]), so that messages point into the file the author wrote. Pure: the caller hands it
//! the files that [`wanted`] names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Dialect;
use crate::diagnostic::{Diagnostic, FileId, Piece, Span};

/// What substitution makes of a text.
#[derive(Clone, Debug)]
pub struct Substituted {
    /// The text to parse; the author's own when nothing was put in.
    pub text: Arc<str>,
    /// Where its parts came from; empty when nothing was put in.
    pub pieces: Vec<Piece>,
    /// Includes that name nothing.
    pub diagnostics: Vec<Diagnostic>,
}

/// The files that the directives of `text` (at `path` from the folder of `book.toml`) name, with the directive.
#[must_use]
pub fn wanted(_file: FileId, _path: &str, _text: &str, _dialect: Dialect) -> Vec<(String, Span)> {
    unimplemented!()
}

/// Puts variables and includes in place. `included` holds the files that could be read, by path from the folder
/// of `book.toml`.
#[must_use]
pub fn substitute(
    _file: FileId,
    _path: &str,
    _text: &Arc<str>,
    _dialect: Dialect,
    _variables: &BTreeMap<String, String>,
    _included: &BTreeMap<String, (FileId, Arc<str>)>,
) -> Substituted {
    unimplemented!()
}
