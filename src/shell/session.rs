//! Terminal sessions: which lines begin with a prompt, the commands behind them, and what was answered.

use super::reader::{Reader, Until};
use super::{Command, Shell};

/// A line that begins with a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Where the line begins.
    line: usize,
    /// Where the command behind the prompt begins.
    command: usize,
    /// Whether it can only begin a command; `>` also continues one.
    begins: bool,
}

/// The prompts of a text, where it is a session: its first command has one, or, in a `console`, any line.
pub(super) fn prompts(text: &str, console: bool) -> Option<Vec<Prompt>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut is_first = true;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let prompt = prompt(line, console);
        if let Some((length, begins)) = prompt {
            found.push(Prompt { line: at, command: at + length, begins });
        }
        if is_first && !trimmed.is_empty() && (prompt.is_some() || !trimmed.starts_with('#')) {
            if !console && prompt.is_none() {
                return None;
            }
            is_first = false;
        }
        at += line.len();
    }
    (!found.is_empty()).then_some(found)
}

/// The commands behind the prompts, with their answers.
pub(super) fn read(shell: Shell, text: &str, prompts: &[Prompt]) -> Vec<Command> {
    let masked = masked(text, prompts);
    let mut reader = Reader::new(shell, &masked);
    reader.bounds = prompts.iter().filter(|prompt| prompt.begins).map(|prompt| prompt.line).collect();
    reader.bounds.push(text.len());
    let mut at = 0;
    for (index, prompt) in prompts.iter().enumerate() {
        // A line that the command before it took.
        if prompt.line < at {
            continue;
        }
        reader.at = prompt.command;
        reader.end = reader.bound(prompt.line + 1);
        let before = reader.commands.len();
        reader.list(Until::Line);
        at = reader.at;
        let next = prompts[index + 1..].iter().map(|prompt| prompt.line).find(|line| *line >= at);
        let answer = at..next.unwrap_or(text.len()).max(at);
        let own = reader.commands.get_mut(before..).unwrap_or_default();
        if !text[answer.clone()].trim().is_empty()
            && let Some(last) = own.iter_mut().filter(|it| it.depth == 0).max_by_key(|it| it.range.start)
        {
            last.output = Some(answer);
        }
    }
    reader.commands
}

/// The text with spaces in place of prompts, so that places stay what they are.
fn masked(text: &str, prompts: &[Prompt]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for prompt in prompts {
        masked.push_str(&text[at..prompt.line]);
        masked.extend(std::iter::repeat_n(' ', prompt.command - prompt.line));
        at = prompt.command;
    }
    masked.push_str(&text[at..]);
    masked
}

/// How long the prompt of a line is, with the space behind it, and whether it surely begins a command. These are the
/// prompts that the grammars of `render::highlight` know.
fn prompt(line: &str, console: bool) -> Option<(usize, bool)> {
    let start = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - start.len();
    let length = windows(start).or_else(|| sign(start, console)).or_else(|| host(start));
    let length = length.or_else(|| root(start).filter(|_| console))?;
    let rest = &start[length..];
    let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if console && rest.trim().is_empty() {
        return None;
    }
    Some((indent + length + space, !start.starts_with('>')))
}

/// `PS C:\>`, `PS>`, `C:\folder>`.
fn windows(line: &str) -> Option<usize> {
    let drive = |text: &str| {
        let mut letters = text.chars();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':')
    };
    let end = line.trim_end().find('>')?;
    let inner = &line[..end];
    let known = match inner.strip_prefix("PS") {
        Some(path) => path.is_empty() || path.strip_prefix(' ').is_some_and(drive),
        None => drive(inner) && inner[2..].starts_with('\\'),
    };
    known.then_some(end + 1)
}

/// A sign alone.
fn sign(line: &str, console: bool) -> Option<usize> {
    let first = line.chars().next()?;
    let is_sign = first == '$' || console && matches!(first, '%' | '>' | '❯' | '➜');
    let length = first.len_utf8();
    (is_sign && line[length..].starts_with([' ', '\t'])).then_some(length)
}

/// `me@host:~$`, `[me@host ~]$`.
fn host(line: &str) -> Option<usize> {
    let is_name = |c: char| c.is_alphanumeric() || "_.-".contains(c);
    let mut at = 0;
    if let Some(rest) = line.strip_prefix('(') {
        let close = rest.find(|c| !is_name(c)).filter(|close| rest[*close..].starts_with(") "))?;
        at = close + 3;
    }
    at += usize::from(line[at..].starts_with('['));
    let user = line[at..].find(|c| !is_name(c)).filter(|length| *length > 0)?;
    at += user;
    let machine = line[at..].strip_prefix('@')?;
    at += 1 + machine.find(|c| !is_name(c)).filter(|length| *length > 0)?;
    if !line[at..].starts_with([':', ' ']) {
        return None;
    }
    let end = at + line[at..].find(['$', '#', '%', '\n'])?;
    let after = &line[end..];
    (!after.starts_with('\n') && after[1..].starts_with([' ', '\t'])).then_some(end + 1)
}

/// `# command`, where no sentence follows.
fn root(line: &str) -> Option<usize> {
    let command = line.strip_prefix("# ")?.trim_start();
    let word = command.split(' ').next().unwrap_or_default();
    let after = command[word.len()..].trim();
    let starts = command.starts_with(|c: char| c.is_ascii_lowercase() || "./".contains(c));
    let follows =
        after.is_empty() || after.starts_with(|c: char| c.is_alphanumeric() || "-./~$<{_".contains(c));
    (starts && follows).then_some(1)
}
