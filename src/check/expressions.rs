//! JavaScript in prose that nothing has replaced.

use std::collections::BTreeSet;

use super::Inputs;
use crate::diagnostic::{Diagnostic, FileId, rules};
use crate::document::{FrontMatter, Kind};

/// Reports expressions that are printed as they are written: all but the placeholders that their page declares.
/// `told` names what an import was reported for.
pub(super) fn printed(inputs: &Inputs, told: &BTreeSet<(FileId, &str)>, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        let front_matter = &page.document.front_matter;
        super::walk(&page.nodes, &mut |node| {
            let Kind::Expression { source } = &node.kind else { return };
            let name = source.trim_start();
            let name = &name
                [..name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(name.len())];
            if !is_placeholder(front_matter, source.trim()) && !told.contains(&(node.span.file, name)) {
                found.push(
                    Diagnostic::new(
                        &rules::UNSUPPORTED_EXPRESSION,
                        format!("`{{{source}}}` is printed as text"),
                    )
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
