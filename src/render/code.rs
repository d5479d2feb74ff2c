//! A block of code in, its lines as they are shown out: magic comments and hidden lines gone, marks known.
//! Both projections take them from here, so that what an agent reads is what a reader copies, to the byte.

use crate::config::Dialect;
use crate::document::Fence;
use crate::document::fence::{Line, Mark};

/// What a magic comment does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Mark(Mark),
    Hide,
}

/// Where a magic comment does it.
#[derive(Clone, Copy)]
enum Extent {
    NextLine,
    Start,
    End,
}

/// The lines of `text` as they are shown.
pub(super) fn lines(text: &str, fence: &Fence, dialect: Dialect) -> Vec<Line> {
    let hidden_prefix = (dialect == Dialect::Mdbook).then(|| hidden_prefix(fence)).flatten();
    let mut lines: Vec<Line> = Vec::new();
    let mut next = None;
    let mut open: Vec<Effect> = Vec::new();
    for text in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        match magic(text) {
            Some((effect, Extent::NextLine)) => next = Some(effect),
            Some((effect, Extent::Start)) => open.push(effect),
            Some((effect, Extent::End)) => {
                open.iter().rposition(|other| *other == effect).map(|at| open.remove(at));
            }
            None => {
                let effect = next.take().or_else(|| open.last().copied());
                let hidden = effect == Some(Effect::Hide) || open.contains(&Effect::Hide);
                let text = match hidden_prefix.as_deref() {
                    Some(prefix) => without_hidden(text, prefix),
                    None => Some(text.to_owned()),
                };
                if let (Some(text), false) = (text, hidden) {
                    let mark = match effect {
                        Some(Effect::Mark(mark)) => Some(mark),
                        Some(Effect::Hide) | None => None,
                    };
                    lines.push(Line { text, mark });
                }
            }
        }
    }
    for (number, line) in (1..).zip(&mut lines) {
        if line.mark.is_some() {
            continue;
        }
        if fence.marked.iter().any(|(first, last)| (*first..=*last).contains(&number)) {
            line.mark = Some(Mark::Highlight);
        } else if fence.language.eq_ignore_ascii_case("diff") {
            line.mark = diff_mark(&line.text);
        }
    }
    lines
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

fn diff_mark(line: &str) -> Option<Mark> {
    if line.starts_with("+++") || line.starts_with("---") {
        return None;
    }
    match line.as_bytes().first() {
        Some(b'+') => Some(Mark::Added),
        Some(b'-') => Some(Mark::Removed),
        _ => None,
    }
}

/// Reads a line that is nothing but a magic comment, in the comment syntax of any language.
fn magic(line: &str) -> Option<(Effect, Extent)> {
    if !line.contains("-next-line") && !line.contains("-start") && !line.contains("-end") {
        return None;
    }
    let text = line.trim();
    const OPENINGS: [&str; 11] = ["{/*", "/*", "<!--", "//", "#", "--", ";", "%", "'", "REM ", "::"];
    let text = OPENINGS.iter().find_map(|opening| text.strip_prefix(opening))?;
    let text =
        ["*/}", "*/", "-->"].iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text).trim();
    let (word, extent) = if let Some(word) = text.strip_suffix("-next-line") {
        (word, Extent::NextLine)
    } else if let Some(word) = text.strip_suffix("-start") {
        (word, Extent::Start)
    } else {
        (text.strip_suffix("-end")?, Extent::End)
    };
    let effect = match word {
        "highlight" => Effect::Mark(Mark::Highlight),
        "error" => Effect::Mark(Mark::Error),
        "success" => Effect::Mark(Mark::Success),
        "add" | "added" => Effect::Mark(Mark::Added),
        "remove" | "removed" => Effect::Mark(Mark::Removed),
        "focus" => Effect::Mark(Mark::Focus),
        "hide" => Effect::Hide,
        _ => return None,
    };
    Some((effect, extent))
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
        let show = |line: Line| match line.mark {
            Some(mark) => format!("{}!{}", line.text, mark_name(mark)),
            None => line.text,
        };
        lines(text, fence, dialect).into_iter().map(show).collect()
    }

    #[test]
    fn magic_comments_mark_lines_and_disappear() {
        let text = "a\n// highlight-next-line\nb\n<!-- error-start -->\nc\n\n<!-- error-end -->\n/* hide-start */\nd\n/* hide-end */\n# add-next-line\ne\n";
        assert_eq!(
            shown(text, &Fence::default(), Dialect::Docusaurus),
            ["a", "b!highlight", "c!error", "!error", "e!added"]
        );
    }

    #[test]
    fn what_only_looks_like_a_magic_comment_stays() {
        let text = "// front-end\n# the-start\nx -- highlight-next-line\n";
        assert_eq!(shown(text, &Fence::default(), Dialect::Docusaurus).len(), 3);
    }

    #[test]
    fn ranges_count_shown_lines() {
        let fence = Fence { marked: vec![(2, 3)], ..Fence::default() };
        assert_eq!(
            shown("// focus-next-line\na\nb\nc\nd", &fence, Dialect::Docusaurus),
            ["a!focus", "b!highlight", "c!highlight", "d"]
        );
    }

    #[test]
    fn diffs_are_marked() {
        let fence = Fence { language: "diff".to_owned(), ..Fence::default() };
        assert_eq!(
            shown("--- a\n+++ b\n-x\n+y\n z\n", &fence, Dialect::Docusaurus),
            ["--- a", "+++ b", "-x!removed", "+y!added", " z"]
        );
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
