//! A piece of code in, the places that a reader fills in out: `{name}`, `<name>`, `$NAME` and `${NAME}`.
//!
//! Only names that a page, the site or the fence declares are found here; what else a shell's grammar takes for a
//! placeholder is found by [`crate::render`]. `{subscription-id}`, `<subscription id>` and `$SUBSCRIPTION_ID` are one
//! field, because [`key`] leaves out how each notation writes a name.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Code, FrontMatter, Kind, Node, walk};
use crate::config::Config;
use crate::diagnostic::Span;

/// How long a name may be; what is longer is code in braces.
const LONGEST: usize = 60;

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

/// A placeholder on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The key of its field.
    pub key: String,
    /// As it is written.
    pub written: String,
    /// The block of code, the code in a sentence or the expression that it stands in.
    pub at: Span,
    /// Whether that is a block of code.
    pub in_block: bool,
}

/// The placeholders of `nodes` and of what is below them, in reading order.
#[must_use]
pub fn uses(nodes: &[Node], names: &Names) -> Vec<Use> {
    let mut uses = Vec::new();
    walk(nodes, &mut |node| {
        let mut add = |names: &Names, text: &str, in_block: bool| {
            let found = names.find(text).into_iter();
            uses.extend(found.map(|found| Use {
                written: text[found.place].to_owned(),
                key: found.key,
                at: node.span,
                in_block,
            }));
        };
        match &node.kind {
            Kind::Code(code) => {
                if let Some(names) = names.in_code(code) {
                    add(&names, &code.text, true);
                }
            }
            Kind::InlineCode(text) => add(names, text, false),
            Kind::Expression { source } => add(names, &format!("{{{source}}}"), false),
            _ => {}
        }
    });
    uses
}

impl Names {
    /// What a page and its site declare.
    #[must_use]
    pub fn of(config: &Config, front_matter: &FrontMatter) -> Self {
        let mut names = Self::default();
        let declared = front_matter.placeholders.iter().map(|declared| &declared.name);
        for name in declared.chain(config.placeholders.keys()) {
            names.add(name);
        }
        names
    }

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

    /// With the names that a fence marks; `None` where it says that nothing in it is one.
    #[must_use]
    pub fn in_code(&self, code: &Code) -> Option<Cow<'_, Self>> {
        match code.fence.placeholders.as_deref() {
            None => Some(Cow::Borrowed(self)),
            Some([]) => None,
            Some(marked) => {
                let mut names = self.clone();
                marked.iter().for_each(|name| names.add(name));
                Some(Cow::Owned(names))
            }
        }
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
        let length = rest.find(if sign == "{" { '}' } else { '>' }).filter(|length| *length <= LONGEST)?;
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
        names.iter().for_each(|name| all.add(name));
        all.find(text).into_iter().map(|it| format!("{}={}", &text[it.place], it.key)).collect()
    }

    #[test]
    fn every_notation_of_a_declared_name() {
        assert_eq!(
            found(&["sub-id", "RG"], "a {sub-id} <Sub ID>/{sub_id} $RG ${RG}x \"$RG\" {rg}"),
            ["{sub-id}=sub-id", "<Sub ID>=sub-id", "{sub_id}=sub-id", "$RG=rg", "${RG}=rg", "$RG=rg", "{rg}=rg"]
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
