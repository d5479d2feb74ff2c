//! Any text as a JavaScript literal and as the words after a fence.

#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::document::{fence, literal};

fuzz_target!(|text: &str| {
    if let Err(problem) = literal::parse(text) {
        assert!(text.is_char_boundary(problem.at));
    }
    let _is = literal::is_expression(text);
    let (fence, _) = fence::read(text);
    let _lines = fence::lines(&fence, text);
});
