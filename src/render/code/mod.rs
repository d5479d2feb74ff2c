//! A block of code in, its lines as they are shown out: magic comments and hidden lines gone, marks known.
//! Both projections take them from here, so that what an agent reads is what a reader sees, to the byte. For readers
//! the lines are coloured, with placeholders as fields, and what is no part of a command is kept from copying.

mod parts;
mod said;
mod session;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Context;
use crate::config::Dialect;
use crate::diagnostic::Span;
use crate::document::fence::{self, Fence, Fold, Line, Mark};
use crate::document::notes::Noted;
use crate::document::placeholder::names_in;
use crate::document::{Code, Kind};
use crate::placeholder::Names;
use parts::{Part, PartKind};
pub(super) use said::exchanges;
pub use said::{Exchange, Shell};
use session::Said;

/// What a block of code is drawn with, besides itself.
pub(super) struct Block<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) code: &'a Code,
    /// What the page declares.
    pub(super) names: &'a Names,
    /// The attributes of a field, by its key.
    pub(super) attributes: &'a dyn Fn(&str) -> String,
    /// The notes below it.
    pub(super) notes: Option<&'a Noted<'a>>,
}

/// The lines of a block as its template gets them.
pub(super) fn drawn(block: &Block<'_>) -> Vec<Json> {
    let Block { context, code, .. } = block;
    let fence = &code.fence;
    let mut lines = lines(&code.text, fence, context.config.content.dialect);
    let notes: Vec<Option<usize>> = lines.iter_mut().map(|line| take_marker(line, block.notes?)).collect();
    let language = language(fence);
    let grammar = context.highlighter.canonical(language).unwrap_or_default();
    let html = context.highlighter.lines(language, &joined(&lines));
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let said = session::read(grammar, &text, &html);
    let names = names_in(code, block.names);
    let is_shell = matches!(grammar, "Shell" | "Console" | "PowerShell");
    let signs = language == "diff" && !is_patch(&text);
    let first = fence.line_numbers.unwrap_or(1);
    let line = |(index, line): (usize, &Line)| {
        let html = html.get(index).map_or("", String::as_str);
        let said = said.as_ref().map(|said| said[index]);
        let mut parts = Vec::new();
        if let Some(Said::Command(prompt)) = said {
            parts.push(Part { place: 0..prompt, kind: PartKind::Uncopied });
        }
        if signs && line.text.starts_with(['+', '-', ' ']) {
            parts.push(Part { place: 0..1, kind: PartKind::Uncopied });
        }
        if let Some(names) = &names {
            let fields =
                if is_shell { said::fields(&line.text, html, names) } else { names.find(&line.text) };
            parts.extend(fields.into_iter().map(|found| {
                let attributes = (block.attributes)(&found.key);
                Part { place: found.place, kind: PartKind::Field(attributes) }
            }));
        }
        let is_output = said == Some(Said::Output);
        let is_removed = line.mark == Some(Mark::Removed) && (language != "diff" || signs);
        let html = if parts.is_empty() { html.to_owned() } else { parts::with(html, parts) };
        json!({
            "html": html,
            "mark": line.mark.map(mark_name),
            "number": first.saturating_add(index),
            "output": is_output,
            "uncopied": is_output || is_removed,
            "note": notes[index],
        })
    };
    lines.iter().enumerate().map(line).collect()
}

/// Takes the marker of a note off a line, where there is such a note.
pub(super) fn take_marker(line: &mut Line, noted: &Noted<'_>) -> Option<usize> {
    let (place, number) = fence::note_marker(&line.text)?;
    noted.numbers.contains(&number).then(|| {
        line.text.truncate(place.start);
        number
    })
}

/// The notes on blocks of code, by their span: the number of the line that each is about.
pub(super) fn note_lines(context: &Context<'_>, blocks: &BTreeMap<Span, Noted<'_>>) -> BTreeMap<Span, usize> {
    let mut found = BTreeMap::new();
    for noted in blocks.values() {
        let (Kind::Code(code), Some(list)) = (&noted.code.kind, noted.list) else { continue };
        let first = code.fence.line_numbers.unwrap_or(1);
        for (index, line) in lines(&code.text, &code.fence, context.config.content.dialect).iter().enumerate()
        {
            let marker = fence::note_marker(&line.text).filter(|(_, number)| noted.numbers.contains(number));
            let item = marker.and_then(|(_, number)| list.children.get(number - noted.numbers.start));
            if let Some(item) = item {
                found.entry(item.span).or_insert(first.saturating_add(index));
            }
        }
    }
    found
}

/// Whether a diff is a file for `patch`, which is copied as it is.
fn is_patch(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.starts_with("@@ ") || line.starts_with("diff ") || line.starts_with("--- "))
}

/// How many lines of a block of `lines` are shown before it is opened; `None` where it is not folded.
pub(super) fn folded(fence: &Fence, lines: usize, longest: Option<usize>) -> Option<usize> {
    let shown = match (fence.fold, longest) {
        (Some(Fold::To(shown)), _) => shown,
        (None, Some(longest)) if lines > longest => fence::FOLDED_LINES.min(longest),
        (Some(Fold::Never) | None, _) => return None,
    };
    // To open a block for the sake of two more lines is no help.
    (lines.saturating_sub(2) > shown).then_some(shown)
}

/// The name under which a block is offered as a file: its title, where that is the name of one.
pub(super) fn file_name(fence: &Fence) -> Option<&str> {
    let name = match &fence.download {
        Some(None) => return None,
        Some(Some(name)) => name,
        None if fence.language == "diff" => return None,
        None => fence.title.as_ref().filter(|title| is_file_name(title))?,
    };
    name.rsplit('/').next().filter(|name| !name.is_empty())
}

/// The file that readers write with a block: what `file=` says, else the name under which it is offered, with its folders.
pub(super) fn written_file(fence: &Fence) -> Option<&str> {
    match &fence.file {
        Some(path) => path.as_deref(),
        None if fence.output => None,
        None => {
            let name = file_name(fence)?;
            let title = fence.title.as_deref().filter(|title| title.ends_with(name) && is_file_name(title));
            title.or(Some(name))
        }
    }
}

fn is_file_name(title: &str) -> bool {
    const WITHOUT_ENDING: [&str; 4] = ["Dockerfile", "Makefile", "Justfile", "Jenkinsfile"];
    let name = title.rsplit('/').next().unwrap_or_default();
    let plain = title.chars().all(|c| c.is_alphanumeric() || "-_.@/+~".contains(c));
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let has_ending = ending.is_some_and(|ending| {
        ending.starts_with(|c: char| c.is_ascii_alphabetic())
            && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    plain && (has_ending || name.starts_with('.') && name.len() > 1 || WITHOUT_ENDING.contains(&name))
}

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
