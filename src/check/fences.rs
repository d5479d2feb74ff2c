//! The words after code fences: languages that can be highlighted, lines that exist.

use std::collections::BTreeSet;

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, Span, nearest, rules};
use crate::document::fence::Fence;
use crate::document::{Code, Kind};
use crate::placeholder::Names;
use crate::shell::{self, Shell};

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

/// What a fence says of its commands, and it has none.
pub(super) fn said_of_nothing(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    // What a `<CodeBlock>` says of its language is not said by the fence in it.
    let mut inner: BTreeSet<Span> = BTreeSet::new();
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| match &node.kind {
            Kind::Component(component) if component.name == "CodeBlock" => {
                walk(&node.children, &mut |node| {
                    inner.insert(node.span);
                });
            }
            Kind::Code(code) if !inner.contains(&node.span) => {
                let Some((said, are)) = said_of_commands(&code.fence) else { return };
                let Some(why) = no_commands(inputs, code) else { return };
                let name = if code.fence.language.is_empty() { ", and name their shell: `bash`" } else { "" };
                let message = format!("{said} {are} said of commands, and {why}");
                let help =
                    format!("remove it, or write it behind the fence of the commands that it is about{name}");
                let at = behind(code).unwrap_or(node.span);
                found.push(Diagnostic::new(&rules::INVALID_FENCE, message).at(at).help(help));
            }
            _ => {}
        });
    }
}

/// The words of a fence that are about commands, and their verb.
fn said_of_commands(fence: &Fence) -> Option<(&'static str, &'static str)> {
    match (fence.effects.is_some(), !fence.permissions.is_empty()) {
        (true, true) => Some(("`effects` and `permissions`", "are")),
        (true, false) => Some(("`effects`", "is")),
        (false, true) => Some(("`permissions`", "is")),
        (false, false) => None,
    }
}

/// Why a block holds no commands; nothing where it does.
fn no_commands(inputs: &Inputs, code: &Code) -> Option<String> {
    let fence = &code.fence;
    let written = fence.language.split([',', '{']).next().unwrap_or_default();
    let language = inputs.config.highlight.alias.get(written).map_or(written, String::as_str);
    let is_fish = ["fish", "fish-shell"].contains(&language.to_lowercase().as_str());
    if fence.output {
        return Some("this is what commands print".to_owned());
    }
    if matches!(fence.file, Some(Some(_))) {
        return Some("this is a file".to_owned());
    }
    let Some(shell) = Shell::of(language, &code.text).or(is_fish.then_some(Shell::Posix)) else {
        return Some(match written {
            "" => "this code does not say that it is in a shell's language".to_owned(),
            written => format!("`{written}` is no language of a shell"),
        });
    };
    let none = shell::commands(shell, language, &code.text).is_empty();
    none.then(|| "there is none in this code".to_owned())
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
