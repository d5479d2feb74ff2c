//! Commands in, what they do to what is there and which files they write out.
//!
//! Only the verbs of `az` are read: its thousands of commands are named alike, and what is inferred is marked so.

use super::{File, KnownEffect};
use crate::document::extension;
use crate::document::fence::Effect;
use crate::render;
use crate::shell::{self, Command, Shell, Word};

/// The commands of a text.
pub(super) fn commands(language: render::Shell, text: &str) -> Vec<Command> {
    shell::commands(rules(language), "", text)
}

/// What the verbs of `az` commands say, each command once.
pub(super) fn inferred(commands: &[Command]) -> Vec<KnownEffect> {
    let mut effects: Vec<KnownEffect> = Vec::new();
    for command in commands.iter().filter(|command| command.program() == Some("az")) {
        let Some((effect, name)) = az(&command.words[1..]) else { continue };
        let known = KnownEffect { effect, command: Some(name), inferred: true };
        if !effects.contains(&known) {
            effects.push(known);
        }
    }
    effects
}

/// The files that commands write, with their content where it stands in a here-document.
pub(super) fn files(language: render::Shell, text: &str, commands: &[Command]) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for command in commands {
        for word in &command.writes {
            if word.value.is_empty() || word.value.starts_with(['&', '$']) || word.value.starts_with("/dev/")
            {
                continue;
            }
            let content = if rules(language) == Shell::Posix { here_document(command, text) } else { None };
            files.push(File {
                path: word.value.clone(),
                language: extension(&word.value),
                content,
                excerpt: false,
                append: is_append(command, word, text),
            });
        }
    }
    files
}

fn rules(language: render::Shell) -> Shell {
    match language {
        render::Shell::Sh | render::Shell::Bash | render::Shell::Zsh | render::Shell::Fish => Shell::Posix,
        render::Shell::PowerShell => Shell::PowerShell,
        render::Shell::Cmd => Shell::Cmd,
    }
}

/// The effect of an `az` command with these words, and its name.
fn az(words: &[Word]) -> Option<(Effect, String)> {
    let is_help = |word: &Word| matches!(word.value.as_str(), "--help" | "-h");
    if words.iter().any(is_help) {
        return None;
    }
    let path: Vec<&str> = words
        .iter()
        .take_while(|word| word.is_known() && !word.value.starts_with('-'))
        .map(|word| word.value.as_str())
        .collect();
    if path == ["rest"] {
        return Some((rest(words)?, "az rest".to_owned()));
    }
    // What follows the verb is a value without a flag.
    let (at, effect) = path.iter().enumerate().rev().find_map(|(at, word)| Some((at, verb(word)?)))?;
    Some((effect, format!("az {}", path[..=at].join(" "))))
}

fn verb(word: &str) -> Option<Effect> {
    // `create-for-rbac`, `list-skus`
    Some(match word.split('-').next().unwrap_or_default() {
        "create" | "add" => Effect::Create,
        "update" | "set" => Effect::Update,
        "delete" | "remove" | "purge" => Effect::Delete,
        "list" | "show" | "wait" | "get" | "exists" => Effect::Read,
        _ => return None,
    })
}

/// What the method of `az rest` says. A `put` makes or replaces, and a `post` may do anything.
fn rest(words: &[Word]) -> Option<Effect> {
    let at = words.iter().position(|word| matches!(word.value.as_str(), "--method" | "-m"));
    let Some(at) = at else { return Some(Effect::Read) };
    match words.get(at + 1)?.value.to_ascii_lowercase().as_str() {
        "get" | "head" => Some(Effect::Read),
        "delete" => Some(Effect::Delete),
        "patch" => Some(Effect::Update),
        _ => None,
    }
}

fn is_append(command: &Command, word: &Word, text: &str) -> bool {
    let before = text.get(..word.range.start).unwrap_or_default().trim_end();
    let is_tee = command.program() == Some("tee");
    let adds = |word: &Word| matches!(word.value.as_str(), "-a" | "--append");
    before.ends_with(">>") || is_tee && command.words.iter().any(adds)
}

/// The text that `<<WORD` gives to `cat` or `tee`, which pass it on as it is.
fn here_document(command: &Command, text: &str) -> Option<String> {
    if !matches!(command.program(), Some("cat" | "tee")) {
        return None;
    }
    let line_end = text[command.range.start..].find('\n').map(|at| command.range.start + at)?;
    // Another command on the line may have one of its own.
    let line = text.get(command.range.start..command.range.end.min(line_end))?;
    let at = line.find("<<").filter(|at| !line[*at..].starts_with("<<<"))?;
    let rest = &line[at + 2..];
    let (strips, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let is_literal = rest.trim_start().starts_with(['\'', '"', '\\']);
    let rest = rest.trim_start().trim_start_matches(['\'', '"', '\\']);
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = &rest[..end];
    if word.is_empty() {
        return None;
    }
    let mut content = String::new();
    for line in text[line_end + 1..].lines() {
        let line = if strips { line.trim_start_matches('\t') } else { line };
        if line == word {
            // What the shell would still expand is not what the file will hold.
            return Some(content).filter(|text| is_literal || !text.contains(['$', '`', '\\']));
        }
        content.push_str(line);
        content.push('\n');
    }
    None
}
