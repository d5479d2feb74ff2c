//! JavaScript in prose that nothing has replaced.

use super::Inputs;
use crate::diagnostic::{Diagnostic, rules};
use crate::document::{FrontMatter, Kind};

/// Reports expressions that are printed as they are written: all but the placeholders that their page declares.
pub(super) fn printed(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        let front_matter = &page.document.front_matter;
        super::walk(&page.nodes, &mut |node| {
            let Kind::Expression { source } = &node.kind else { return };
            if !is_placeholder(front_matter, source.trim()) {
                found.push(
                    Diagnostic::new(&rules::UNSUPPORTED_EXPRESSION, format!("`{{{source}}}` is printed as text"))
                        .at(node.span)
                        .help("JavaScript is not run: write what it stands for, or `\\{` if it is text"),
                );
            }
        });
    }
}

fn is_placeholder(front_matter: &FrontMatter, name: &str) -> bool {
    front_matter.all.get("placeholders").is_some_and(|declared| declared.get(name).is_some())
}
