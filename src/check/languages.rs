//! The languages that fences name, against the code in them: a fence without one, and a shell's that holds JSON.
//!
//! What code is in is guessed by forms that nothing else has; where that is not certain, a guess is a suggestion only,
//! and the absence of one says nothing.

use std::collections::BTreeSet;

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::{Code, Kind, extension};

/// The names of fences whose code is typed into a shell. Sessions (`console`) hold output, too.
const SHELLS: &[&str] = &[
    "azurecli",
    "azurecli-interactive",
    "bash",
    "bat",
    "cmd",
    "fish",
    "ksh",
    "powershell",
    "ps1",
    "pwsh",
    "sh",
    "shell",
    "zsh",
];

/// What lines of commands begin with.
const COMMANDS: &[&str] = &[
    "apt",
    "apt-get",
    "aws",
    "az",
    "brew",
    "bun",
    "cargo",
    "cd",
    "chmod",
    "cp",
    "curl",
    "deno",
    "docker",
    "export",
    "gcloud",
    "git",
    "go",
    "helm",
    "kubectl",
    "make",
    "mkdir",
    "npm",
    "npx",
    "pip",
    "pip3",
    "pnpm",
    "python",
    "python3",
    "rustup",
    "source",
    "ssh",
    "sudo",
    "systemctl",
    "terraform",
    "wget",
    "yarn",
];

/// What code is in, and whether it can be nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Guess {
    language: String,
    certain: bool,
}

/// A fence that does not say what its code is in.
pub(super) fn missing(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let texts = inputs.texts();
    let named = named(inputs);
    each(inputs, &mut |code, span| {
        if named.contains(&span)
            || !code.fenced
            || !code.fence.language.is_empty()
            || code.text.trim().is_empty()
        {
            return;
        }
        let text = texts.get(&span.file).copied().unwrap_or_default();
        let opening = opening(text, span, code);
        let diagnostic =
            Diagnostic::new(&rules::MISSING_LANGUAGE, "a code fence does not say what its code is in")
                .at(opening.unwrap_or(span));
        let named = code.fence.title.as_deref().map(extension);
        let named = named.filter(|ending| inputs.languages.contains(ending));
        let guess = named
            .map(|language| Guess { language, certain: true })
            .or_else(|| guess(&code.text))
            .filter(|guess| inputs.languages.contains(&guess.language));
        found.push(match (guess, opening) {
            (Some(Guess { language, certain: true }), Some(place)) => {
                let gap = if code.info.is_some() { " " } else { "" };
                let end = Span { start: place.end, ..place };
                diagnostic
                    .help(format!("name its language: `{language}`"))
                    .fix(end, format!("{language}{gap}"))
            }
            (Some(Guess { language, .. }), _) => {
                diagnostic.help(format!("name its language: `{language}`, as it seems; `text` for output"))
            }
            (None, _) => {
                diagnostic.help("name its language after the backticks; `text` for output and the like")
            }
        });
    });
}

/// The blocks whose language the component around them says: `<CodeBlock language="json">`.
fn named(inputs: &Inputs) -> BTreeSet<Span> {
    let mut named = BTreeSet::new();
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| {
            let Kind::Component(component) = &node.kind else { return };
            let class = || component.text("className").is_some_and(|class| class.contains("language-"));
            if component.attribute("language").is_some() || class() {
                walk(&node.children, &mut |inner| {
                    named.extend(matches!(inner.kind, Kind::Code(_)).then_some(inner.span));
                });
            }
        });
    }
    named
}

/// Data in a fence that says it holds commands: an agent would run it.
pub(super) fn wrong(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    each(inputs, &mut |code, span| {
        let language = code.fence.language.as_str();
        if !SHELLS.contains(&language.to_lowercase().as_str()) {
            return;
        }
        let Some(data) = data(&code.text).filter(|data| inputs.languages.contains(*data)) else { return };
        let shown = match data {
            "http" => "an HTTP message".to_owned(),
            data => data.to_uppercase(),
        };
        let word = code.info.map(|info| Span { end: info.start + length(language), ..info });
        let diagnostic = Diagnostic::new(
            &rules::WRONG_LANGUAGE,
            format!("the fence says `{language}`, and its code is {shown}"),
        )
        .at(word.unwrap_or(span))
        .help(format!("write `{data}`: who reads `{language}` takes it for commands to run"));
        found.push(match word {
            Some(word) => diagnostic.fix(word, data),
            None => diagnostic,
        });
    });
}

/// The backticks or tildes that a fence begins with.
fn opening(text: &str, span: Span, code: &Code) -> Option<Span> {
    let source = text.get(span.range())?;
    let mark = source.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let run = source.len() - source.trim_start_matches(mark).len();
    let end = match code.info {
        // What follows without a language (`title="a"`) stays behind it.
        Some(info) => info.start,
        None => span.start + u32::try_from(run).ok()?,
    };
    (run >= 3 && end >= span.start).then_some(Span { end, ..span })
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// What code without a language is likely in.
fn guess(text: &str) -> Option<Guess> {
    if let Some(language) = data(text) {
        // Other languages print such lists, and commands such tables.
        let certain = match language {
            "json" => serde_json::from_str::<serde_json::Value>(text).is_ok(),
            "yaml" => false,
            _ => true,
        };
        return Some(Guess { language: language.to_owned(), certain });
    }
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let language = if first.strip_prefix("$ ").is_some_and(|rest| !rest.trim().is_empty()) {
        "console"
    } else if first.split_once(' ').is_some_and(|(word, _)| COMMANDS.contains(&word)) {
        "bash"
    } else {
        return None;
    };
    Some(Guess { language: language.to_owned(), certain: false })
}

/// The form of data that all of a text is in, by marks that no command has.
fn data(text: &str) -> Option<&'static str> {
    let trimmed = text.trim();
    if is_json(trimmed) {
        Some("json")
    } else if is_http(trimmed) {
        Some("http")
    } else if is_xml(trimmed) {
        Some("xml")
    } else if is_yaml(text) {
        Some("yaml")
    } else {
        None
    }
}

/// An object, or a list of some. One with a hole (`...`, `<id>`) or a comment is no JSON, and still no command.
fn is_json(text: &str) -> bool {
    let (open, close) = (text.chars().next(), text.chars().next_back());
    match (open, close) {
        (Some('{'), Some('}')) | (Some('['), Some(']')) => {}
        _ => return false,
    }
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        return match value {
            serde_json::Value::Object(map) => !map.is_empty(),
            serde_json::Value::Array(items) => items.iter().any(serde_json::Value::is_object),
            _ => false,
        };
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let begins = lines.next().is_some_and(|line| matches!(line, "{" | "[" | "[{"));
    let is_key = |line: &str| {
        line.strip_prefix('"')
            .and_then(|rest| rest.split_once('"'))
            .is_some_and(|(key, rest)| !key.is_empty() && rest.trim_start().starts_with(':'))
    };
    let fits =
        |line: &str| is_key(line) || line.starts_with(['{', '}', '[', ']', '"']) || line.starts_with("...");
    let (mut keys, mut others) = (0, 0);
    for line in lines {
        keys += usize::from(is_key(line));
        others += usize::from(!fits(line));
    }
    begins && keys > 0 && others == 0
}

/// A request or an answer with its version.
fn is_http(text: &str) -> bool {
    const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let mut words = text.lines().next().unwrap_or_default().split_whitespace();
    let (first, second, third) = (words.next(), words.next(), words.next());
    let is_version =
        |word: &str| word.starts_with("HTTP/") && word[5..].starts_with(|c: char| c.is_ascii_digit());
    match (first, second, third) {
        (Some(method), Some(path), Some(version)) if METHODS.contains(&method) => {
            (path.starts_with('/') || path.contains("://")) && is_version(version) && words.next().is_none()
        }
        (Some(version), Some(code), _) => {
            is_version(version) && code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// One element from the first character to the last, or a declaration.
fn is_xml(text: &str) -> bool {
    if text.starts_with("<?xml ") {
        return true;
    }
    let Some(rest) = text.strip_prefix('<') else { return false };
    let name: &str = &rest[..rest.find(|c: char| !c.is_alphanumeric() && !"-_.:".contains(c)).unwrap_or(0)];
    !name.is_empty() && rest[name.len()..].contains('>') && text.ends_with(&format!("</{name}>"))
}

/// Keys and lists, at least one level of it below another. Output that looks like it puts values in columns.
fn is_yaml(text: &str) -> bool {
    let (mut keys, mut nested) = (0, false);
    let mut opened: Option<usize> = None;
    for line in text.lines() {
        let bare = line.trim_start();
        if bare.is_empty() || bare.starts_with('#') || bare == "---" {
            continue;
        }
        let indent = line.len() - bare.len();
        let item = bare.strip_prefix("- ");
        let rest = item.unwrap_or(bare).trim_end();
        nested |= opened.is_some_and(|above| indent > above || item.is_some() && indent == above);
        opened = None;
        let key = rest.split(':').next().unwrap_or_default();
        let is_word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
        let value = rest.get(key.len()..).and_then(|value| value.strip_prefix(':'));
        match value {
            Some("") if is_word => {
                keys += 1;
                opened = Some(indent);
            }
            Some(value) if is_word && value.starts_with(' ') && !value.starts_with("  ") => keys += 1,
            _ if item.is_some() && keys > 0 => {}
            _ => return false,
        }
    }
    keys > 1 && nested
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

#[cfg(test)]
mod tests {
    use super::data;

    #[test]
    fn data_is_told_from_commands_and_output() {
        for (text, wanted) in [
            ("{\"a\": 1}\n", Some("json")),
            ("[\n  {\"a\": 1}\n]\n", Some("json")),
            ("{\n  \"id\": <id>,\n  \"b\": [\n  ...\n  ]\n}\n", Some("json")),
            ("[1, 2]\n", None),
            ("{}\n", None),
            ("{\n  echo \"a\"\n}\n", None),
            ("[ -f a ] && [ -f b ]\n", None),
            ("curl -d '{\"a\": 1}' localhost\n", None),
            ("GET /users/1 HTTP/1.1\nHost: a\n", Some("http")),
            ("HTTP/1.1 200 OK\n", Some("http")),
            ("GET http://localhost\n", None),
            ("<?xml version=\"1.0\"?>\n<a/>\n", Some("xml")),
            ("<project>\n  <a/>\n</project>\n", Some("xml")),
            ("<command> --help\n", None),
            ("apiVersion: v1\nmetadata:\n  name: a\n", Some("yaml")),
            ("servers:\n- a\n- b\nport: 80\n", Some("yaml")),
            ("Name: a\nStatus: ok\n", None),
            ("Name:   a\nLabels:\n  b\n", None),
            ("npm install\n", None),
            ("\u{e9}: \u{e9}\n", None),
            ("<\u{e9}>\u{e9}</\u{e9}>\n", Some("xml")),
            ("", None),
        ] {
            assert_eq!(data(text), wanted, "{text}");
        }
    }
}
