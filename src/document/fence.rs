//! The words after a code fence in, a [`Fence`] out: language, title, marked lines, switches.

/// What the words after a fence say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fence {
    /// The first word, as written; empty where there is none.
    pub language: String,
    /// `title="…"`.
    pub title: Option<String>,
    /// `{1,3-5}`: 1-based, inclusive ranges of marked lines.
    pub marked: Vec<(usize, usize)>,
    /// `showLineNumbers`, `showLineNumbers=5`: the number of the first line.
    pub line_numbers: Option<usize>,
    /// `wrap`: long lines are broken.
    pub wrap: bool,
    /// Further words and `key=value` pairs, in order, for themes.
    pub rest: Vec<(String, String)>,
}

/// A line of a block of code, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its ending; magic comments are gone.
    pub text: String,
    /// What the author marked it as.
    pub mark: Option<Mark>,
}

/// What a line is marked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// `{1,3-5}` or `highlight-…`.
    Highlight,
    /// `error-…`.
    Error,
    /// `success-…`.
    Success,
    /// Added: `add-…`, or `+` in a `diff`.
    Added,
    /// Removed: `remove-…`, or `-` in a `diff`.
    Removed,
    /// `focus-…`.
    Focus,
}
