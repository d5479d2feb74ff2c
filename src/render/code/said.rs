//! A block of commands in, what readers copy of it out, each command of a session with what was answered.

use super::session::{self, Said};
use super::{language, lines, parts, take_marker};
use crate::document::Code;
use crate::document::fence::Mark;
use crate::document::notes::Noted;
use crate::document::placeholder::names_in;
use crate::placeholder::{Found, Names, Placeholder, key};
use crate::render::Context;

/// A shell that commands are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh`.
    Sh,
    /// Bash, and every fence that names no other shell of its kind.
    Bash,
    /// `zsh`.
    Zsh,
    /// Fish.
    Fish,
    /// PowerShell.
    PowerShell,
    /// `cmd.exe`.
    Cmd,
}

/// Commands that are copied together, and what they print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What they are written for.
    pub shell: Shell,
    /// The commands, without prompts; no line ending at the end.
    pub commands: String,
    /// What was answered; empty where the block does not say.
    pub output: String,
    /// What readers fill in: as written, and the key of its field. In order, each notation once.
    pub fields: Vec<(String, String)>,
}

/// The commands of a block; none where it holds no commands. `names` are those that the page declares.
pub(crate) fn exchanges(
    context: &Context<'_>,
    code: &Code,
    names: &Names,
    noted: Option<&Noted<'_>>,
) -> Vec<Exchange> {
    let name = language(&code.fence);
    let Some(grammar) = context.highlighter.canonical(name) else { return Vec::new() };
    let Some(shell) = shell_of(grammar, name) else { return Vec::new() };
    if code.fence.output || matches!(code.fence.file, Some(Some(_))) {
        return Vec::new();
    }
    let mut lines = lines(&code.text, &code.fence, context.config.content.dialect);
    if let Some(noted) = noted {
        for line in &mut lines {
            take_marker(line, noted);
        }
    }
    let html = context.highlighter.lines(name, &super::joined(&lines));
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let said = session::read(grammar, &text, &html);
    if said.is_none() && grammar == "Console" {
        return Vec::new();
    }
    let names = names_in(code, names);
    let new = || Exchange { shell, commands: String::new(), output: String::new(), fields: Vec::new() };
    let mut exchanges = vec![new()];
    for (index, line) in lines.iter().enumerate() {
        let kind = said.as_ref().map_or(Said::Command(0), |said| said[index]);
        match (kind, exchanges.last_mut()) {
            (Said::Output, Some(last)) => add(&mut last.output, &line.text),
            (Said::Command(prompt), Some(last)) if line.mark != Some(Mark::Removed) => {
                let last = if last.output.trim().is_empty() {
                    last.output.clear();
                    last
                } else {
                    exchanges.push(new());
                    exchanges.last_mut().expect("one was pushed")
                };
                if line.text.trim_start().starts_with("PS") && prompt > 0 {
                    last.shell = Shell::PowerShell;
                }
                add(&mut last.commands, &line.text[prompt..]);
                let html = html.get(index).map_or("", String::as_str);
                let found = names.as_deref().map_or_else(Vec::new, |names| fields(&line.text, html, names));
                for found in found.into_iter().filter(|found| found.place.start >= prompt) {
                    let field = (line.text[found.place].to_owned(), found.key);
                    if !last.fields.contains(&field) {
                        last.fields.push(field);
                    }
                }
            }
            (Said::Command(_), _) | (Said::Output, None) => {}
        }
    }
    for exchange in &mut exchanges {
        exchange.commands = trimmed(&exchange.commands);
        exchange.output = trimmed(&exchange.output);
    }
    exchanges.retain(|exchange| !exchange.commands.is_empty());
    exchanges
}

/// What readers fill in in a line of a shell: the declared names, and what the grammar takes for a placeholder.
pub(super) fn fields(text: &str, html: &str, names: &Names) -> Vec<Found> {
    let mut fields = names.find(text);
    // Not the `{{ value }}` of templates.
    let more = parts::placeholders(html).into_iter().filter(|(_, name)| Placeholder::is_name(name));
    let more = more.map(|(place, name)| Found { place, key: key(&name) });
    let known: Vec<usize> = fields.iter().map(|found| found.place.start).collect();
    fields.extend(more.filter(|found| !known.contains(&found.place.start)));
    fields.sort_by_key(|found| found.place.start);
    fields
}

/// What a language's commands are written for; `None` where it has none.
fn shell_of(grammar: &str, language: &str) -> Option<Shell> {
    Some(match (grammar, language.to_ascii_lowercase().as_str()) {
        ("Shell", "sh") => Shell::Sh,
        ("Shell", "zsh") => Shell::Zsh,
        ("Shell" | "Console", _) => Shell::Bash,
        ("Fish", "fish" | "fish-shell") => Shell::Fish,
        ("PowerShell", _) => Shell::PowerShell,
        ("Batch File", _) => Shell::Cmd,
        _ => return None,
    })
}

fn add(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Without blank lines at its ends.
fn trimmed(text: &str) -> String {
    let start = text.len() - text.trim_start().len();
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    text[line..].trim_end().to_owned()
}
