//! Fixes in, repaired texts out: what `waypost check --fix` writes back.

use std::collections::BTreeMap;

use super::{Diagnostic, Edit, FileId, Files};

/// The files that the fixes of `diagnostics` change, with their new text, and how many fixes went in.
///
/// A fix counts only where its place is the author's own text ([`Files::locate_verbatim`]). Of two that overlap
/// the first one goes in; the other one's place is not what it was, so it waits for the next check.
#[must_use]
pub fn apply(files: &Files, diagnostics: &[Diagnostic]) -> (BTreeMap<FileId, String>, usize) {
    let mut edits: Vec<Edit> = diagnostics
        .iter()
        .flat_map(|diagnostic| {
            let further = diagnostic.uses.iter().filter_map(|(_, fix)| fix.as_ref());
            diagnostic.fix.iter().chain(further)
        })
        .filter_map(|fix| {
            let span = files.locate_verbatim(fix.span)?;
            Some(Edit { span, replacement: fix.replacement.clone() })
        })
        .collect();
    edits.sort_by(|a, b| (a.span, &a.replacement).cmp(&(b.span, &b.replacement)));
    edits.dedup();
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits {
        let free = kept.last().is_none_or(|last| {
            last.span.file != edit.span.file
                // Two insertions at one place: which comes first is not for us to say.
                || (last.span.end <= edit.span.start && last.span.start < edit.span.start)
        });
        if free {
            kept.push(edit);
        }
    }
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    // From the right, so that the places further left stay what they are.
    for edit in kept.iter().rev() {
        let text = texts.entry(edit.span.file).or_insert_with(|| files.get(edit.span.file).text.to_string());
        text.replace_range(edit.span.range(), &edit.replacement);
    }
    (texts, kept.len())
}

#[cfg(test)]
mod tests {
    use super::super::{Piece, Span, rules};
    use super::*;

    fn fix(file: FileId, range: std::ops::Range<usize>, to: &str) -> Diagnostic {
        Diagnostic::new(&rules::BROKEN_LINK, "m").fix(Span::new(file, range), to)
    }

    #[test]
    fn edits_go_in_from_the_right_and_overlaps_wait() {
        let mut files = Files::default();
        let a = files.add("a.md", "one two three");
        let b = files.add("b.md", "äöü");
        let fixes = [
            fix(a, 8..13, "3"),
            fix(a, 0..3, "1"),
            fix(a, 0..3, "1"),
            fix(a, 2..5, "overlaps"),
            fix(b, 2..4, "oe"),
        ];
        let (texts, count) = apply(&files, &fixes);
        assert_eq!(count, 3);
        assert_eq!(texts[&a], "1 two 3");
        assert_eq!(texts[&b], "äoeü");
    }

    #[test]
    fn a_fix_in_an_included_file_goes_there_and_one_in_a_variable_nowhere() {
        let mut files = Files::default();
        let page = files.add("page.md", "x {{V}} {{#include p.md}}");
        let part = files.add("p.md", "hallo");
        // What stages see: "x val hallo".
        files.substituted(
            page,
            vec![
                Piece { start: 0, origin: Span::new(page, 0..2), verbatim: true },
                Piece { start: 2, origin: Span::new(page, 2..7), verbatim: false },
                Piece { start: 5, origin: Span::new(page, 7..8), verbatim: true },
                Piece { start: 6, origin: Span::new(part, 0..5), verbatim: true },
            ],
        );
        let (texts, count) =
            apply(&files, &[fix(page, 2..5, "no"), fix(page, 7..8, "e"), fix(page, 1..3, "no")]);
        assert_eq!(count, 1);
        assert_eq!(texts[&part], "hello");
        assert!(!texts.contains_key(&page));
    }
}
