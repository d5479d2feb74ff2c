//! What the Azure CLI takes: a table of its commands in, what is wrong with a command out.
//!
//! The [`Table`] is made from the CLI itself by `tools/az-table` and ships in the program, packed; it is unpacked when
//! a site has an `az` command. [`check`] reads a command as the CLI's own parser does: abbreviated flags, `--flag=value`
//! and `-gNAME` are right, placeholders and substitutions are values that nobody knows. Pure: a command in, findings out.

mod arguments;
mod extensions;
mod path;
mod table;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::shell::{Command, Word};
pub use extensions::{Extensions, of_group};
pub use table::{Deprecation, Entry, Flag, Table, Values};

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A group or a command that does not exist.
    UnknownCommand,
    /// A command that an extension brings, which the site does not name.
    Extension,
    /// A flag that the command does not take, or an abbreviation of several.
    UnknownFlag,
    /// A flag that the command needs.
    MissingFlag,
    /// A flag without its value, or words that belong to no flag.
    Values,
    /// A value that is not among those that a flag may have.
    Choice,
    /// A command or a flag that will go.
    Deprecated,
}

/// Something wrong with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of mistake it is.
    pub kind: Kind,
    /// Where in the text.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What to write at `range`, where only one thing can be meant.
    pub fix: Option<String>,
}

/// What a page says about the commands on it.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The extensions that the site or the page names.
    pub extensions: Extensions,
    /// The values that the page sets for all commands: `group` of `az configure --defaults group=…`.
    pub defaults: BTreeSet<String>,
    /// Whether the page makes flags optional that are required, or commands of its own: it turns on that the CLI
    /// remembers values, or defines aliases.
    pub is_loose: bool,
}

/// The words of the `az` command in `text` that `command` is or, as `xargs` does, runs; with whether more words may follow.
#[must_use]
pub fn words<'a>(text: &str, command: &'a Command) -> Option<(&'a [Word], bool)> {
    let is_az = |word: &Word| word.is_known() && ["az", "az.cmd", "az.exe"].contains(&word.value.as_str());
    let program = command.words.first()?;
    if is_az(program) {
        // `az>>` and `az vm>>` are the prompts of `az interactive`, which reads its lines in its own way.
        let is_prompt = |word: &Word| text.get(word.range.end..).is_some_and(|rest| rest.starts_with(">>"));
        if command.words.iter().take(3).any(is_prompt) {
            return None;
        }
        return Some((&command.words[1..], false));
    }
    let runs = ["xargs", "parallel", "watch", "timeout", "find"].contains(&command.program()?);
    let at = command.words.iter().position(is_az).filter(|_| runs)?;
    Some((&command.words[at + 1..], true))
}

/// Reads from a command what it sets for those after it.
pub fn learn(text: &str, command: &Command, setting: &mut Setting) {
    let Some((words, _)) = words(text, command) else { return };
    let values: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
    match values.as_slice() {
        ["configure", rest @ ..] => {
            let keys = rest.iter().filter_map(|word| word.split_once('='));
            setting.defaults.extend(keys.map(|(key, _)| key.trim_start_matches("--defaults=").to_owned()));
        }
        ["config", "set", rest @ ..] => {
            let keys = rest.iter().filter_map(|word| word.split_once('=')?.0.strip_prefix("defaults."));
            setting.defaults.extend(keys.map(str::to_owned));
        }
        ["extension", "add", rest @ ..] => {
            for pair in rest.windows(2).filter(|pair| ["--name", "-n"].contains(&pair[0])) {
                setting.extensions.add(pair[1]);
            }
        }
        ["config", "param-persist", "on", ..] | ["local-context", "on", ..] | ["alias", ..] => {
            setting.is_loose = true;
        }
        _ => {}
    }
}

/// What is wrong with `words`, which follow `az`. `text` is what they stand in; `is_open` says that more may follow.
#[must_use]
pub fn check(table: &Table, setting: &Setting, text: &str, words: &[Word], is_open: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(found) = path::command(table, setting, words, &mut findings) else { return findings };
    let is_synopsis = words.iter().any(|word| !word.quoted && is_notation(&word.value));
    let call = arguments::Call {
        table,
        entry: &found.entry,
        text,
        words: &words[found.length..],
        at: found.range,
        is_loose: is_open || is_synopsis,
        setting,
    };
    arguments::check(&call, &mut findings);
    findings
}

/// Whether a word is how documentation writes what may be left out or repeated: `[--name]`, `...`.
fn is_notation(word: &str) -> bool {
    let opens = word.strip_prefix('[').is_some_and(|rest| {
        rest.starts_with(['-', '<', '[']) || rest.ends_with(']') && rest.starts_with(char::is_alphabetic)
    });
    opens || word.contains("...") || word.contains('…')
}

/// The one candidate that `wanted` surely means: very near to it, and no other is anywhere near.
fn only_one<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let score = |candidate: &str| strsim::normalized_damerau_levenshtein(wanted, candidate);
    let alike =
        |candidate: &&str| wanted.len().min(candidate.len()) * 5 >= wanted.len().max(candidate.len()) * 3;
    let mut near: Vec<(f64, &str)> = candidates
        .filter(alike)
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score >= 0.7)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    match near.as_slice() {
        [(best, name)] if *best >= 0.8 => Some((*name).to_owned()),
        _ => None,
    }
}

/// ` and goes in 3.0.0`, where that is known.
fn when(deprecation: &Deprecation) -> String {
    deprecation.release.as_ref().map_or_else(String::new, |release| format!(" and goes in {release}"))
}

/// What to use instead.
fn instead(deprecation: &Deprecation, table: &Table) -> Option<String> {
    let instead = deprecation.instead.as_ref()?;
    Some(format!("use `{}` (Azure CLI {})", instead.trim_end_matches('.'), table.release()))
}

/// Where a run of words stands.
fn range(words: &[Word]) -> Range<usize> {
    let start = words.first().map_or(0, |word| word.range.start);
    start..words.last().map_or(start, |word| word.range.end)
}

#[cfg(test)]
mod tests;
