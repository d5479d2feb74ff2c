//! Formulas: TeX that can be read, and pages whose formulas are taken for text.

use std::collections::BTreeMap;

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::{Kind, Node};
use crate::formula::{self, Formulas};

/// TeX that cannot be read.
pub(super) fn invalid(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    if !inputs.config.content.math {
        return;
    }
    let texts = inputs.texts();
    for page in &inputs.site.pages {
        let mut formulas = Formulas::default();
        walk(&page.nodes, &mut |node| {
            let (tex, display) = match &node.kind {
                Kind::Math { tex, display } => (tex.as_str(), *display),
                Kind::Code(code) if code.fence.language == "math" => (code.text.trim(), true),
                _ => return,
            };
            let Err(mistake) = formulas.mathml(tex, display) else { return };
            let start = node.span.range().start;
            let place =
                source(&texts, node.span).and_then(|source| formula::place(source, tex, &mistake.range));
            let span = place
                .map_or(node.span, |place| Span::new(node.span.file, start + place.start..start + place.end));
            found.push(
                Diagnostic::new(
                    &rules::INVALID_MATH,
                    format!("this formula cannot be read: {}", mistake.message),
                )
                .at(span)
                .help(if display {
                    "correct the TeX at the mark"
                } else {
                    "correct the TeX; a dollar sign that opens no formula is written `\\$`"
                }),
            );
        });
    }
}

/// The first thing on a page that is a formula and nothing else, where formulas are off.
pub(super) fn off(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    if inputs.config.content.math {
        return;
    }
    let texts = inputs.texts();
    for page in &inputs.site.pages {
        let mut first: Option<Span> = None;
        walk(&page.nodes, &mut |node| {
            if first.is_none() && is_formula(&texts, node) {
                first = Some(node.span);
            }
        });
        found.extend(first.map(|span| {
            Diagnostic::new(&rules::MATH_OFF, "this formula is shown as it is written")
                .at(span)
                .help("write `math = true` under `[content]` in `book.toml`")
        }));
    }
}

/// A fence of that language, or a paragraph between `$$` with a command of TeX in it.
fn is_formula(texts: &BTreeMap<FileId, &str>, node: &Node) -> bool {
    match &node.kind {
        Kind::Code(code) => code.fence.language == "math",
        Kind::Paragraph => {
            let source = source(texts, node.span).unwrap_or_default().trim();
            let inside = source.strip_prefix("$$").and_then(|rest| rest.strip_suffix("$$"));
            inside.is_some_and(|tex| {
                !tex.contains("$$")
                    && tex.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_alphabetic())
            })
        }
        _ => false,
    }
}

fn source<'a>(texts: &BTreeMap<FileId, &'a str>, span: Span) -> Option<&'a str> {
    texts.get(&span.file)?.get(span.range())
}
