//! Any text as a YAML header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::diagnostic::FileId;
use waypost::document::front_matter::read;

fuzz_target!(|text: &str| {
    let page = format!("---\n{text}\n---\nbody");
    let (front_matter, body, diagnostics) = read(FileId(0), &page);
    assert!(page.is_char_boundary(body));
    for (_, span) in &front_matter.spans {
        assert!(page.get(span.range()).is_some());
    }
    for diagnostic in &diagnostics {
        assert!(diagnostic.span.is_none_or(|span| page.get(span.range()).is_some()));
    }
});
