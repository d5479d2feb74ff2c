//! A block of code in, its lines as they are shown out: magic comments and hidden lines gone, marks known.
//! Both projections take them from here, so that what an agent reads is what a reader copies, to the byte.

use crate::config::Dialect;
use crate::document::fence::{self, Fence, Line, Mark};

/// The lines of `text` as they are shown.
pub(super) fn lines(text: &str, fence: &Fence, dialect: Dialect) -> Vec<Line> {
    let prefix = (dialect == Dialect::Mdbook).then(|| hidden_prefix(fence)).flatten();
    let Some(prefix) = prefix else { return fence::lines(fence, text) };
    let shown: Vec<String> = text.lines().filter_map(|line| without_hidden(line, &prefix)).collect();
    fence::lines(fence, &shown.join("\n"))
}

/// The lines as one text, each ended by `\n`.
pub(super) fn joined(lines: &[Line]) -> String {
    lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect()
}

/// What templates call a mark.
pub(super) fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Highlight => "highlight",
        Mark::Error => "error",
        Mark::Success => "success",
        Mark::Added => "added",
        Mark::Removed => "removed",
        Mark::Focus => "focus",
    }
}

/// The language of a fence; mdBook writes switches behind a comma.
pub(super) fn language(fence: &Fence) -> &str {
    fence.language.split([',', '{']).next().unwrap_or_default()
}

/// mdBook's switches as classes, which the styles of a book go by: `rust,does_not_compile` is marked in its margin.
pub(super) fn classes(fence: &Fence) -> String {
    let words = fence.language.split(',').skip(1).map(str::trim);
    let plain = |word: &&str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    words.filter(plain).flat_map(|word| [" ", word]).collect()
}

/// A fence around `text` that nothing in it can close.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let longest =
        text.lines().map(|line| line.trim_start().bytes().take_while(|byte| *byte == b'`').count()).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    // A backtick in the info string would make the line an inline code span.
    let language: String = language.chars().filter(|letter| *letter != '`').collect();
    format!("{fence}{language}\n{text}{newline}{fence}")
}

/// What begins a line that mdBook hides: `#` in Rust, what `hidelines=` says elsewhere.
fn hidden_prefix(fence: &Fence) -> Option<String> {
    let set = fence.rest.iter().find(|(key, _)| key == "hidelines").map(|(_, value)| value.clone());
    set.or_else(|| (language(fence) == "rust").then(|| "#".to_owned()))
}

/// The line as it is shown, where it is. In Rust `##` stands for `#`, and `#[…]` and `#![…]` are code.
fn without_hidden(line: &str, prefix: &str) -> Option<String> {
    let indent = line.len() - line.trim_start().len();
    let Some(rest) = line[indent..].strip_prefix(prefix) else { return Some(line.to_owned()) };
    if prefix != "#" {
        return None;
    }
    match rest.bytes().next() {
        Some(b'#') => Some(format!("{}{rest}", &line[..indent])),
        Some(b'[' | b'!') => Some(line.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, fence: &Fence, dialect: Dialect) -> Vec<String> {
        lines(text, fence, dialect).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn mdbook_hides_lines_of_rust() {
        let fence = Fence { language: "rust,ignore".to_owned(), ..Fence::default() };
        assert_eq!(
            shown("# use a;\n#[derive(X)]\n##x\n#\nfn b() {}\n", &fence, Dialect::Mdbook),
            ["#[derive(X)]", "#x", "fn b() {}"]
        );
        assert_eq!(shown("# a\n", &fence, Dialect::Docusaurus), ["# a"]);
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("md", "````\nx\n````\n"), "`````md\n````\nx\n````\n`````");
        assert_eq!(fenced("", "x"), "```\nx\n```");
        assert_eq!(fenced("", ""), "```\n```");
    }
}
