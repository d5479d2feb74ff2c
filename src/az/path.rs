//! The words of a command that name it: `vm create` of `az vm create -n x`.

use std::ops::Range;

use super::extensions::of_group;
use super::table::{Entry, Table};
use super::{Finding, Kind, Setting, range};
use crate::diagnostic::nearest;
use crate::shell::Word;

/// A command that was found.
pub(super) struct Found<'a> {
    pub(super) entry: Entry<'a>,
    /// How many words it and what stands before it take.
    pub(super) length: usize,
    /// Where its words stand.
    pub(super) range: Range<usize>,
}

/// The command that `words` call; `None` where there is none, or none that is known, with what is wrong.
pub(super) fn command<'a>(
    table: &'a Table,
    setting: &Setting,
    words: &[Word],
    findings: &mut Vec<Finding>,
) -> Option<Found<'a>> {
    let first = leading_flags(words)?;
    let mut path = String::new();
    let mut at = first;
    while let Some(word) = words.get(at) {
        if word.value.starts_with('-') || !is_plain(word) {
            break;
        }
        let longer = if path.is_empty() { word.value.clone() } else { format!("{path} {}", word.value) };
        if !table.has(&longer) {
            break;
        }
        path = longer;
        at += 1;
    }
    let entry = table.find(&path);
    let next = words.get(at);
    if let Some(entry) = entry.filter(|entry| !entry.is_group) {
        deprecated(table, &entry, range(&words[first..at]), findings);
        return Some(Found { entry, length: at, range: range(&words[first..at]) });
    }
    let word = next?;
    if !is_plain(word) {
        return None;
    }
    if word.value.starts_with('-') {
        let asks = words[at..].iter().any(|word| ["--help", "-h"].contains(&word.value.as_str()));
        if !asks && !path.is_empty() && !setting.is_loose && !word.value.trim_matches('-').is_empty() {
            findings.push(Finding {
                kind: Kind::UnknownCommand,
                range: range(&words[first..at]),
                message: format!("`az {path}` is a group of commands, and none of them is named"),
                help: Some(format!("write the command before its flags: {}", some(table.below(&path)))),
                fix: None,
            });
        }
        return None;
    }
    unknown(table, setting, &path, words, first, at, findings);
    None
}

/// How many words stand before the command; `None` where the command is only a flag, such as `az --version`.
fn leading_flags(words: &[Word]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.value.starts_with('-')) {
        at += match word.value.as_str() {
            "--debug" | "--verbose" | "--only-show-errors" => 1,
            "--output" | "-o" | "--query" | "--subscription" => 2,
            _ => return None,
        };
    }
    (at < words.len()).then_some(at)
}

/// Whether a word can be one of a command's name, and is no placeholder or notation: `az GROUP [SUBGROUP]`,
/// `az some-command`.
fn is_plain(word: &Word) -> bool {
    let is_upper = word.value.len() > 1 && word.value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let is_stand_in = ["some-", "my-", "your-", "any-"].iter().any(|start| word.value.starts_with(start));
    word.is_known()
        && !is_upper
        && !is_stand_in
        && !word.value.is_empty()
        && word.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '=')
}

/// Says that there is no such command.
fn unknown(
    table: &Table,
    setting: &Setting,
    path: &str,
    words: &[Word],
    first: usize,
    at: usize,
    findings: &mut Vec<Finding>,
) {
    let plain = words[first..].iter().take_while(|word| is_plain(word) && !word.value.starts_with('-'));
    let whole: Vec<&str> = plain.map(|word| word.value.as_str()).collect();
    let whole = whole.join(" ");
    if setting.is_loose {
        return;
    }
    let word = &words[at];
    let place = range(&words[first..=at]);
    // In a group that the CLI has itself, an extension's word is one that is not a slip of the CLI's own.
    let brings = |groups_end: Option<usize>| {
        groups_end.is_some_and(|end| end > path.len() || !is_slip(&word.value, table.below(path)))
    };
    if brings(setting.extensions.cover(&whole)) {
        return;
    }
    if let Some((extension, _)) = of_group(&whole).filter(|(_, end)| brings(Some(*end))) {
        findings.push(Finding {
            kind: Kind::Extension,
            range: place,
            message: format!("`az {}` comes with the extension `{extension}`", shown(path, &word.value)),
            help: Some(format!(
                "add it to the site's: `extensions = [\"{extension}\"]` under `[az]` in `book.toml`; its commands are not checked further"
            )),
            fix: None,
        });
        return;
    }
    let what = if path.is_empty() { "command".to_owned() } else { format!("command in `az {path}`") };
    let near = nearest(&word.value, table.below(path));
    let release = table.release();
    let help = match near {
        Some(near) => format!("did you mean `az {}`?", shown(path, near)),
        None if path.is_empty() => {
            "if it comes with an extension, name that in `extensions` under `[az]` in `book.toml`".to_owned()
        }
        None => format!("there are {}", some(table.below(path))),
    };
    findings.push(Finding {
        kind: Kind::UnknownCommand,
        range: word.range.clone(),
        message: format!("the Azure CLI {release} has no {what} called `{}`", word.value),
        help: Some(help),
        fix: near.filter(|_| !word.quoted).and_then(|_| super::only_one(&word.value, table.below(path))),
    });
}

/// Whether a word is surely one of `known`, written wrongly: a letter or two are off.
fn is_slip<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> bool {
    let most = if word.chars().count() < 8 { 1 } else { 2 };
    let mut known = known.filter(|own| own.chars().count() > 3);
    known.any(|own| word != own && strsim::osa_distance(word, own) <= most)
}

/// Says that a command or a group it stands in will go.
fn deprecated(table: &Table, entry: &Entry<'_>, range: Range<usize>, findings: &mut Vec<Finding>) {
    let ends = entry.path.match_indices(' ').map(|(at, _)| at).chain([entry.path.len()]);
    let gone = ends.map(|end| &entry.path[..end]).find_map(|path| Some((path, table.deprecation(path)?)));
    let Some((path, deprecation)) = gone else { return };
    findings.push(Finding {
        kind: Kind::Deprecated,
        range,
        message: format!("`az {path}` is deprecated{}", super::when(&deprecation)),
        help: super::instead(&deprecation, table),
        fix: None,
    });
}

fn shown(path: &str, word: &str) -> String {
    if path.is_empty() { word.to_owned() } else { format!("{path} {word}") }
}

/// A few names, in words.
fn some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let names: Vec<&str> = names.collect();
    let listed: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    format!("{}{more}", listed.join(", "))
}
