//! Placeholders that are declared and not used, markers in code without a note.

use std::collections::{BTreeMap, BTreeSet};

use super::Inputs;
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::notes::noted;
use crate::document::placeholder::{names, uses};
use crate::placeholder::key;

/// A placeholder that a page declares, with nothing on the page for it to fill in.
pub(super) fn unused(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        let front_matter = &page.document.front_matter;
        if front_matter.placeholders.is_empty() {
            continue;
        }
        let used = uses(&page.nodes, &names(front_matter, inputs.config.placeholders.keys()));
        let used: BTreeSet<String> = used.into_iter().map(|used| used.key).collect();
        for declared in &front_matter.placeholders {
            let name = &declared.name;
            if used.contains(&key(name)) {
                continue;
            }
            let message = format!("nothing on this page uses the placeholder `{name}`");
            let help = format!("write `{{{name}}}` or `<{name}>` in a command or in code, or remove it here");
            found.push(Diagnostic::new(&rules::UNUSED_PLACEHOLDER, message).at(declared.span).help(help));
        }
    }
}

/// A marker such as `# (1)!` that no item of an ordered list below the code explains.
pub(super) fn notes(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let texts = inputs.texts();
    for page in &inputs.site.pages {
        for noted in noted(&page.nodes) {
            for number in noted.markers.iter().filter(|number| !noted.numbers.contains(*number)) {
                let message = match noted.list {
                    Some(_) => format!("the list below the code has no note {number}"),
                    None => format!("no list of notes follows the code with the marker `({number})!`"),
                };
                let help = match noted.list {
                    Some(_) => "add an item to it, or change the number",
                    None => "write the notes as an ordered list right after the code",
                };
                let at = place(&texts, noted.code.span, *number);
                found.push(Diagnostic::new(&rules::MISSING_NOTE, message).at(at).help(help));
            }
        }
    }
}

/// Where the marker of this number stands in the source.
fn place(texts: &BTreeMap<FileId, &str>, code: Span, number: usize) -> Span {
    let source = texts.get(&code.file).and_then(|text| text.get(code.range())).unwrap_or_default();
    let marker = format!("({number})!");
    match source.find(&marker) {
        Some(at) => {
            let start = code.range().start + at;
            Span::new(code.file, start..start + marker.len())
        }
        None => code,
    }
}
