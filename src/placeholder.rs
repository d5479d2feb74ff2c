//! What readers fill into commands: what is said of a placeholder, and where one stands in a text.
//!
//! A placeholder is written `{name}`, `<name>`, `$NAME` or `${NAME}`. Only names that a page, the site or a fence
//! declares are found here; what else a shell's grammar takes for a placeholder is found where code is drawn.
//! `{subscription-id}`, `<subscription id>` and `$SUBSCRIPTION_ID` are one field, because [`key`] leaves out how each
//! notation writes a name.

use std::collections::BTreeSet;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long a name may be; what is longer is code in braces.
const LONGEST: usize = 60;

/// Something that readers fill into commands: `placeholders.NAME` of `book.toml` and of a page's front matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Placeholder {
    /// What it is called; its name where absent.
    pub label: Option<String>,
    /// Where a reader finds it.
    pub help: Option<String>,
    /// A regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// A value that matches, shown while the field is empty.
    pub example: Option<String>,
    /// The value that stands for it until a reader gives another.
    pub default: Option<String>,
    /// Whether the value is a secret, which is never stored.
    pub secret: bool,
}

/// Something about a placeholder that cannot be used: the key at fault, what is wrong, and what to do.
pub type PlaceholderProblem = (&'static str, String, &'static str);

impl Placeholder {
    /// What it is called in the interface.
    #[must_use]
    pub fn label<'a>(&'a self, name: &'a str) -> &'a str {
        self.label.as_deref().unwrap_or(name)
    }

    /// Whether commands can name a placeholder so: letters, digits, spaces, `_`, `-` and `.`, a letter first.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        name.starts_with(char::is_alphabetic)
            && name.chars().all(|letter| letter.is_alphanumeric() || "-_. ".contains(letter))
            && name.len() <= LONGEST
            && !name.ends_with(' ')
    }

    /// Takes out what cannot be used, and says what that was.
    pub fn check(&mut self, name: &str) -> Vec<PlaceholderProblem> {
        let mut problems = Vec::new();
        let read = self.pattern.as_deref().map(|pattern| regex::Regex::new(&format!("^(?:{pattern})$")));
        let pattern = match read {
            Some(Ok(pattern)) => Some(pattern),
            Some(Err(_)) => {
                let pattern = self.pattern.take().unwrap_or_default();
                let message = format!("the pattern of `{name}` is no regular expression: `{pattern}`");
                let help = "escape what is meant literally; there is no looking around and no back reference";
                problems.push(("pattern", message, help));
                None
            }
            None => None,
        };
        if self.secret && self.default.take().is_some() {
            let message =
                format!("the secret `{name}` has a default, which is on the page for everyone to read");
            problems.push(("default", message, "remove the default"));
        }
        for (key, value) in [("default", &mut self.default), ("example", &mut self.example)] {
            let is_no_line = |value: &mut String| value.is_empty() || value.contains('\n');
            let misfits = |value: &mut String| pattern.as_ref().is_some_and(|it| !it.is_match(value));
            if let Some(value) = value.take_if(is_no_line) {
                let what = if value.is_empty() { "is empty" } else { "has several lines" };
                let message = format!("the {key} of `{name}` {what}");
                problems.push((key, message, "write it in one line, or remove it"));
            } else if let Some(value) = value.take_if(misfits) {
                let message = format!("the {key} of `{name}` does not match its pattern: `{value}`");
                let help = "change one of the two: the pattern must match the whole value";
                problems.push((key, message, help));
            }
        }
        problems
    }
}

/// The names that count as placeholders in a piece of code.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// As written, for `$NAME`: the case of a shell's variables counts.
    exact: BTreeSet<String>,
    /// Their keys.
    keys: BTreeSet<String>,
}

/// A placeholder in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is, signs and all.
    pub place: Range<usize>,
    /// The key of its field.
    pub key: String,
}

impl Names {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        self.keys.insert(key(name));
        self.exact.insert(name.to_owned());
    }

    /// Whether `name` is one of them, however it is written.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.keys.contains(&key(name))
    }

    /// The placeholders in `text`, in order.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if self.keys.is_empty() {
            return found;
        }
        let mut at = 0;
        while let Some(next) = text[at..].find(['{', '<', '$']) {
            let start = at + next;
            match self.at(text, start) {
                Some((end, key)) => {
                    found.push(Found { place: start..end, key });
                    at = end;
                }
                None => at = start + 1,
            }
        }
        found
    }

    /// The end and the key of the placeholder that begins at `start`.
    fn at(&self, text: &str, start: usize) -> Option<(usize, String)> {
        let (sign, rest) = (&text[start..=start], &text[start + 1..]);
        let before = text[..start].chars().next_back();
        if before == Some('\\') || sign != "$" && matches!(before, Some('{' | '<' | '$')) {
            return None;
        }
        if sign == "$" {
            let braces = rest.starts_with('{');
            let name = &rest[usize::from(braces)..];
            let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
            let end = start + 1 + length + if braces { 2 } else { 0 };
            let closed = !braces || name[length..].starts_with('}');
            return (closed && self.exact.contains(&name[..length])).then(|| (end, key(&name[..length])));
        }
        // No further than a name may go: a long text of opening signs would be read once for each of them.
        let near = &rest[..rest.floor_char_boundary(LONGEST + 1)];
        let length = near.find(if sign == "{" { '}' } else { '>' })?;
        let key = key(&rest[..length]);
        self.keys.contains(&key).then_some((start + length + 2, key))
    }
}

/// What all notations of a name have in common.
#[must_use]
pub fn key(name: &str) -> String {
    name.trim().to_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], text: &str) -> Vec<String> {
        let mut all = Names::default();
        for name in names {
            all.add(name);
        }
        all.find(text).into_iter().map(|it| format!("{}={}", &text[it.place], it.key)).collect()
    }

    #[test]
    fn every_notation_of_a_declared_name() {
        assert_eq!(
            found(&["sub-id", "RG"], "a {sub-id} <Sub ID>/{sub_id} $RG ${RG}x \"$RG\" {rg}"),
            [
                "{sub-id}=sub-id",
                "<Sub ID>=sub-id",
                "{sub_id}=sub-id",
                "$RG=rg",
                "${RG}=rg",
                "$RG=rg",
                "{rg}=rg"
            ]
        );
    }

    #[test]
    fn what_only_looks_like_one() {
        assert_eq!(
            found(&["sub", "RG"], "{{sub}} {other} <b> $RGS $rg ${RG:-x} \\$RG \\{sub} {sub: 1} { <sub"),
            Vec::<String>::new()
        );
        assert_eq!(found(&[], "{sub}"), Vec::<String>::new());
        assert_eq!(found(&["é"], "{é}é{é"), ["{é}=é"]);
    }
}
