//! The words after code fences: languages that can be highlighted, lines that exist.

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, Span, nearest, rules};
use crate::document::{Code, Kind};
use crate::placeholder::Names;

/// A language that no grammar knows.
pub(super) fn languages(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    each(inputs, &mut |code, span| {
        // mdBook puts attributes behind a comma: `rust,ignore`.
        let language = code.fence.language.split([',', '{']).next().unwrap_or_default();
        let folded = language.to_lowercase();
        let alias = &inputs.config.highlight.alias;
        if language.is_empty() || inputs.languages.contains(&folded) || alias.contains_key(language) {
            return;
        }
        let names = inputs.languages.iter().chain(alias.keys()).map(String::as_str);
        let diagnostic =
            Diagnostic::new(&rules::UNKNOWN_LANGUAGE, format!("no grammar knows the language `{language}`"))
                .at(word(code.info, language).unwrap_or(span));
        // Short names are near to each other without being meant.
        found.push(match nearest(&folded, names).filter(|_| folded.len() > 3) {
            Some(near) => {
                let fixed = word(code.info, language);
                let diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                match fixed {
                    Some(own) => diagnostic.fix(own, near),
                    None => diagnostic,
                }
            }
            None => diagnostic.help(format!(
                "write `text` for no highlighting, or add `{language} = \"…\"` under `[highlight.alias]` in `book.toml`"
            )),
        });
    });
}

/// Marked lines behind the end of the code.
pub(super) fn marked_lines(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    each(inputs, &mut |code, span| {
        let lines = code.text.lines().count();
        for (first, last) in code.fence.marked.iter().copied().filter(|(_, last)| *last > lines) {
            let range =
                if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
            let has = match lines {
                1 => "one line".to_owned(),
                lines => format!("{lines} lines"),
            };
            found.push(
                Diagnostic::new(
                    &rules::INVALID_FENCE,
                    format!("{range} cannot be marked: the code has {has}"),
                )
                .at(behind(code).unwrap_or(span))
                .help("count from 1, and without the lines of the fence"),
            );
        }
    });
}

/// A name that a fence marks as a placeholder and that does not stand in its code.
pub(super) fn marked_placeholders(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    each(inputs, &mut |code, span| {
        for name in code.fence.placeholders.iter().flatten() {
            let mut names = Names::default();
            names.add(name);
            if names.find(&code.text).is_empty() {
                let message = format!("the code has no placeholder `{name}`");
                let help = format!("write `${name}`, `{{{name}}}` or `<{name}>` in it, or remove the name");
                let at = behind(code).unwrap_or(span);
                found.push(Diagnostic::new(&rules::INVALID_FENCE, message).at(at).help(help));
            }
        }
    });
}

/// The language in the words after a fence, which begin with it.
fn word(info: Option<Span>, language: &str) -> Option<Span> {
    let start = info?.range().start;
    Some(Span::new(info?.file, start..start + language.len()))
}

/// The words behind the language.
fn behind(code: &Code) -> Option<Span> {
    let info = code.info?;
    let start = info.range().start + code.fence.language.len();
    Some(Span::new(info.file, start.min(info.range().end)..info.range().end))
}

fn each<'a>(inputs: &Inputs<'a>, visit: &mut impl FnMut(&'a Code, Span)) {
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| {
            if let Kind::Code(code) = &node.kind {
                visit(code, node.span);
            }
        });
    }
}
