//! The words behind a command's name, read as the CLI's parser (Python's argparse) reads them.

use std::ops::Range;

use super::table::{Entry, Flag, Table, Values};
use super::{Finding, Kind, Setting};
use crate::diagnostic::nearest;
use crate::shell::Word;

/// A command with its words.
pub(super) struct Call<'a> {
    pub(super) table: &'a Table,
    pub(super) entry: &'a Entry<'a>,
    pub(super) text: &'a str,
    pub(super) words: &'a [Word],
    /// Where the command's name stands.
    pub(super) at: Range<usize>,
    /// Whether words may be missing: it is a synopsis, or others are added to it.
    pub(super) is_loose: bool,
    pub(super) setting: &'a Setting,
}

/// What a word is.
enum Read<'a> {
    /// A value.
    Value,
    /// A flag, the name as it is written, and the value that is written with it.
    Flag(&'a Flag<'a>, &'a str, Option<&'a str>),
    /// Several flags that it may abbreviate.
    Ambiguous(Vec<&'a str>),
    /// A long name with one dash, of which the CLI takes the first letter for the flag: the flag, its name, the value.
    OneDash(&'a Flag<'a>, &'a str, Option<&'a str>),
    /// A flag of no name that is known.
    Unknown,
    /// Something that may be anything: what comes behind it cannot be told.
    Anything,
}

/// Checks the words of a command.
pub(super) fn check(call: &Call<'_>, findings: &mut Vec<Finding>) {
    let mut is_loose = call.is_loose;
    let mut given: Vec<&Flag> = Vec::new();
    let mut positional: Vec<&Word> = Vec::new();
    let mut asks = false;
    // An extension may give the command flags and values of its own; what is near to one of the CLI's own is still a slip.
    let extended = call.setting.extensions.cover(call.entry.path).is_some();
    let mut behind_unknown = false;
    let mut at = 0;
    while let Some(word) = call.words.get(at) {
        at += 1;
        if word.value == "--" && word.is_known() {
            // All that follows are values, whatever they look like.
            positional.extend(&call.words[at..]);
            break;
        }
        match read(call, word) {
            Read::Anything => is_loose = true,
            Read::Value => {
                is_loose |= word.splits;
                if !behind_unknown {
                    positional.push(word);
                }
            }
            Read::Unknown => {
                behind_unknown = true;
                if !(is_bracketed(&word.value) || extended && is_its_own(call, word)) {
                    unknown(call, word, findings);
                }
                is_loose |= extended;
            }
            Read::Ambiguous(names) => {
                behind_unknown = true;
                findings.push(Finding {
                    kind: Kind::UnknownFlag,
                    range: name_range(call, word),
                    message: format!("`{}` may be any of {}", name_of(&word.value), listed(&names)),
                    help: Some("write the whole name".to_owned()),
                    fix: None,
                });
            }
            ref what @ (Read::Flag(flag, name, glued) | Read::OneDash(flag, name, glued)) => {
                behind_unknown = false;
                if matches!(what, Read::OneDash(..)) {
                    one_dash(call, word, name, findings);
                }
                asks |= flag.name() == "--help";
                given.push(flag);
                deprecated(call, flag, name, word, findings);
                if let Some(value) = glued {
                    if word.is_known() {
                        choice(call, flag, value, word, findings);
                    }
                    if flag.values == Values::Exactly(0) && !is_loose && !is_cluster(call, name, value) {
                        findings.push(wrong(word, format!("`{name}` takes no value"), "write it alone"));
                    }
                    continue;
                }
                let limit = match flag.values {
                    Values::Exactly(count) => count,
                    Values::Optional => 1,
                    Values::Any | Values::Some => usize::MAX,
                };
                let mut count = 0;
                while count < limit
                    && let Some(value) = call.words.get(at)
                    && matches!(read(call, value), Read::Value)
                {
                    if value.is_known() {
                        choice(call, flag, &value.value, value, findings);
                    }
                    is_loose |= value.splits;
                    at += 1;
                    count += 1;
                }
                let needed = match flag.values {
                    Values::Exactly(count) => count,
                    Values::Some => 1,
                    Values::Optional | Values::Any => 0,
                };
                let follows_anything =
                    call.words.get(at).is_some_and(|word| matches!(read(call, word), Read::Anything));
                if count < needed && !is_loose && !follows_anything {
                    let message = if needed == 1 {
                        format!("`{name}` has no value")
                    } else {
                        format!("`{name}` has {count} of its {needed} values")
                    };
                    findings.push(wrong(word, message, "write it behind the flag"));
                }
            }
        }
    }
    if asks {
        return;
    }
    leftover(call, &positional, is_loose, findings);
    if !is_loose && !call.setting.is_loose {
        missing(call, &given, positional.len(), findings);
    }
}

/// What a word is, in the order in which argparse decides it.
fn read<'a>(call: &'a Call<'_>, word: &'a Word) -> Read<'a> {
    let value = word.value.as_str();
    if !value.starts_with('-') {
        // A word of which the first letter is not known may be a flag only where it may be several words.
        return if word.unknown == Some(0) && word.splits && is_flags_variable(value) {
            Read::Anything
        } else {
            Read::Value
        };
    }
    if value == "--%" {
        return Read::Anything;
    }
    let named =
        |name: &str| call.entry.flags.iter().find(|flag| flag.names.iter().any(|(own, _)| *own == name));
    if word.is_known()
        && let Some(flag) = named(value)
    {
        return Read::Flag(flag, value, None);
    }
    if value.len() == 1 {
        return Read::Value;
    }
    let (name, glued) = value.split_once('=').map_or((value, None), |(name, value)| (name, Some(value)));
    if word.unknown.is_some_and(|unknown| unknown < name.len() && (name.starts_with("--") || unknown < 2)) {
        return Read::Anything;
    }
    if glued.is_some()
        && let Some(flag) = named(name)
    {
        return Read::Flag(flag, name, glued);
    }
    if name.starts_with("--") {
        let mut meant: Vec<(&Flag, &str)> = Vec::new();
        for flag in &call.entry.flags {
            for (own, _) in flag.names.iter().filter(|(own, _)| own.starts_with(name)) {
                meant.push((flag, own));
            }
        }
        match meant.as_slice() {
            [] => {}
            [(flag, _)] => return Read::Flag(flag, name, glued),
            // Names of one flag do not help argparse either.
            _ => return Read::Ambiguous(meant.into_iter().map(|(_, name)| name).collect()),
        }
    } else {
        let long = |flag: &&Flag| flag.names.iter().any(|(own, _)| own.strip_prefix('-') == Some(name));
        if name.len() > 3
            && let Some(flag) = call.entry.flags.iter().find(long)
        {
            return Read::OneDash(flag, name, glued);
        }
        let end = value.char_indices().nth(2).map_or(value.len(), |(at, _)| at);
        if let Some(flag) = named(&value[..end]) {
            return Read::Flag(flag, &value[..end], Some(&value[end..]));
        }
        if value[1..].parse::<f64>().is_ok() {
            return Read::Value;
        }
    }
    if value.contains(' ') { Read::Value } else { Read::Unknown }
}

/// Whether a variable is one that holds flags, by its name: a lone `$X` where a flag may stand could be.
fn is_flags_variable(value: &str) -> bool {
    value.starts_with(['$', '%', '!', '`'])
}

/// `[--name]`, `--name]`, as a synopsis has it.
fn is_bracketed(value: &str) -> bool {
    value.ends_with([']', ')', ',']) || value.contains("...")
}

fn name_of(value: &str) -> &str {
    value.split_once('=').map_or(value, |(name, _)| name)
}

/// Where the name of a flag stands, without the value that is written with it.
fn name_range(call: &Call<'_>, word: &Word) -> Range<usize> {
    let name = name_of(&word.value);
    let raw = call.text.get(word.range.clone()).unwrap_or_default();
    if raw.starts_with(name) { word.range.start..word.range.start + name.len() } else { word.range.clone() }
}

/// Whether a flag that the CLI does not know may be an extension's: it is not near to one of the command's.
fn is_its_own(call: &Call<'_>, word: &Word) -> bool {
    let name = name_of(&word.value);
    let mut own = call.entry.flags.iter().flat_map(|flag| flag.names.iter().map(|(name, _)| *name));
    let most = if name.len() < 10 { 1 } else { 2 };
    name.starts_with("--") && !own.any(|own| own.len() > 4 && strsim::osa_distance(name, own) <= most)
}

fn unknown(call: &Call<'_>, word: &Word, findings: &mut Vec<Finding>) {
    let name = name_of(&word.value);
    let all = || call.entry.flags.iter().flat_map(|flag| flag.names.iter().map(|(name, _)| *name));
    let long = || all().filter(|name| name.starts_with("--"));
    let dashed = name.trim_start_matches(['-', '–', '—']);
    let near =
        nearest(name, long()).or_else(|| nearest(&format!("--{dashed}"), long())).filter(|_| name.len() > 3);
    let release = call.table.release();
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`az {} --help` lists what it takes", call.entry.path),
    };
    let range = name_range(call, word);
    let is_written_so = call.text.get(range.clone()) == Some(name);
    findings.push(Finding {
        kind: Kind::UnknownFlag,
        range,
        message: format!("`az {}` takes no `{name}` in the Azure CLI {release}", call.entry.path),
        help: Some(help),
        fix: near.filter(|_| is_written_so).and_then(|_| super::only_one(name, long())),
    });
}

/// `-output`, which means `-o utput`.
fn one_dash(call: &Call<'_>, word: &Word, name: &str, findings: &mut Vec<Finding>) {
    let (letter, rest) = name.split_at(name.char_indices().nth(2).map_or(name.len(), |(at, _)| at));
    let range = name_range(call, word);
    findings.push(Finding {
        kind: Kind::UnknownFlag,
        fix: (call.text.get(range.clone()) == Some(name)).then(|| format!("-{name}")),
        range,
        message: format!("`{name}` has one dash and is read as `{letter} {rest}`"),
        help: Some(format!("write `-{name}`")),
    });
}

fn deprecated(call: &Call<'_>, flag: &Flag<'_>, name: &str, word: &Word, findings: &mut Vec<Finding>) {
    let own =
        flag.names.iter().find(|(own, _)| *own == name).and_then(|(_, deprecation)| deprecation.as_ref());
    let Some(deprecation) = own.or(flag.deprecation.as_ref()) else { return };
    findings.push(Finding {
        kind: Kind::Deprecated,
        range: name_range(call, word),
        message: format!("`{name}` of `az {}` is deprecated{}", call.entry.path, super::when(deprecation)),
        help: super::instead(deprecation, call.table),
        fix: None,
    });
}

/// A value that is none of those it may be.
fn choice(call: &Call<'_>, flag: &Flag<'_>, value: &str, word: &Word, findings: &mut Vec<Finding>) {
    let fits =
        |choice: &String| if flag.folds_case { choice.eq_ignore_ascii_case(value) } else { choice == value };
    // `a|b`, `[a]`, `@file` and `A_VALUE` are not what anyone types.
    let is_notation = value.contains(['|', '…', '*', ','])
        || value.starts_with(['[', '<', '{', '@', '('])
        || value.contains("...");
    let choices = if is_notation { Vec::new() } else { flag.choices() };
    if choices.is_empty() || choices.iter().any(fits) {
        return;
    }
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    let near = nearest(value, choices.iter().copied());
    if near.is_none() && call.setting.extensions.cover(call.entry.path).is_some() {
        return;
    }
    let help = match near {
        Some(near) => format!("did you mean `{near}`? it may be {}", listed(&choices)),
        None => format!("it may be {}", listed(&choices)),
    };
    let release = call.table.release();
    findings.push(Finding {
        kind: Kind::Choice,
        range: word.range.clone(),
        message: format!(
            "`{}` cannot be `{value}` in `az {}` of the Azure CLI {release}",
            flag.name(),
            call.entry.path
        ),
        help: Some(help),
        fix: None,
    });
}

/// Words that belong to no flag.
fn leftover(call: &Call<'_>, positional: &[&Word], is_loose: bool, findings: &mut Vec<Finding>) {
    let places = call.entry.flags.iter().filter(|flag| flag.is_positional());
    let room = places.fold(0_usize, |room, flag| match flag.values {
        Values::Exactly(count) => room.saturating_add(count),
        Values::Optional => room.saturating_add(1),
        Values::Any | Values::Some => usize::MAX,
    });
    let Some(word) = positional.get(room).filter(|word| word.is_known()) else { return };
    if is_loose || word.value.starts_with('[') {
        return;
    }
    let finding = if word.value.trim().is_empty() {
        wrong(
            word,
            "the command ends here: a space follows the sign that should continue the line".to_owned(),
            "remove the space behind it",
        )
    } else {
        wrong(
            word,
            format!("`{}` belongs to no flag", word.value),
            "quote a value that has spaces, or write the flag before it",
        )
    };
    findings.push(finding);
}

/// Whether the letters behind a short flag are short flags too: `-yv`.
fn is_cluster(call: &Call<'_>, name: &str, value: &str) -> bool {
    !name.starts_with("--")
        && value.chars().all(|letter| {
            call.entry.flags.iter().any(|flag| flag.names.iter().any(|(own, _)| *own == format!("-{letter}")))
        })
}

/// Flags that the command needs.
fn missing(call: &Call<'_>, given: &[&Flag<'_>], positional: usize, findings: &mut Vec<Finding>) {
    let lacks = |flag: &&Flag| {
        let is_given = given.contains(flag) || flag.is_positional() && positional > 0;
        let is_set = flag.default.is_some_and(|key| call.setting.defaults.contains(key));
        flag.is_required && !is_given && !is_set
    };
    let names: Vec<&str> = call.entry.flags.iter().filter(lacks).map(Flag::name).collect();
    if names.is_empty() {
        return;
    }
    let release = call.table.release();
    let names: Vec<String> = names
        .iter()
        .map(|name| if name.starts_with('-') { (*name).to_owned() } else { format!("<{name}>") })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    findings.push(Finding {
        kind: Kind::MissingFlag,
        range: call.at.clone(),
        message: format!("`az {}` needs {}", call.entry.path, listed(&names)),
        help: Some(format!("the Azure CLI {release} refuses it without")),
        fix: None,
    });
}

fn wrong(word: &Word, message: String, help: &str) -> Finding {
    Finding { kind: Kind::Values, range: word.range.clone(), message, help: Some(help.to_owned()), fix: None }
}

fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    let names: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    format!("{}{more}", names.join(", "))
}
