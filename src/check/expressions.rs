//! JavaScript in prose that nothing has replaced.

use std::collections::BTreeSet;

use super::Inputs;
use crate::diagnostic::{Diagnostic, FileId, rules};
use crate::document::Kind;
use crate::document::placeholder::names;

/// Reports expressions that are printed as they are written: all but the placeholders that their page declares.
/// `told` names what an import was reported for.
pub(super) fn printed(inputs: &Inputs, told: &BTreeSet<(FileId, &str)>, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        let names = names(&page.document.front_matter, inputs.config.placeholders.keys());
        super::walk(&page.nodes, &mut |node| {
            let Kind::Expression { source } = &node.kind else { return };
            let name = source.trim_start();
            let name = &name
                [..name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(name.len())];
            if !names.has(source.trim()) && !told.contains(&(node.span.file, name)) {
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
