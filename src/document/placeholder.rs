//! A tree in, the placeholders in its code and sentences out.

use std::borrow::Cow;

use super::{Code, FrontMatter, Kind, Node, walk};
use crate::diagnostic::Span;
use crate::placeholder::Names;

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
                if let Some(names) = names_in(code, names) {
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

/// The names that count on a page: its own and the `site`'s.
#[must_use]
pub fn names<'a>(front_matter: &'a FrontMatter, site: impl Iterator<Item = &'a String>) -> Names {
    let mut names = Names::default();
    let own = front_matter.placeholders.iter().map(|declared| &declared.name);
    for name in own.chain(site) {
        names.add(name);
    }
    names
}

/// `names` with those that a fence marks; `None` where it says that nothing in it is one.
#[must_use]
pub fn names_in<'a>(code: &Code, names: &'a Names) -> Option<Cow<'a, Names>> {
    match code.fence.placeholders.as_deref() {
        None => Some(Cow::Borrowed(names)),
        Some([]) => None,
        Some(marked) => {
            let mut names = names.clone();
            for name in marked {
                names.add(name);
            }
            Some(Cow::Owned(names))
        }
    }
}
