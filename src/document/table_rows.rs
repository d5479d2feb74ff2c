//! A text to parse in, the same with spaces for the tabs in rows like `|---<tab>|` out.
//!
//! GFM takes such a row for the delimiter of a table; pulldown-cmark 0.13 takes it for words. A tab and a space are one
//! byte each, so that places stay what they are.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The text to parse instead; nothing where it stays as it is.
pub(super) fn without_tabs(text: &str, markdown: Options) -> Option<String> {
    if !markdown.contains(Options::ENABLE_TABLES) || !text.contains('\t') {
        return None;
    }
    let mut tabs: Vec<usize> = rows(text).flatten().collect();
    if tabs.is_empty() {
        return None;
    }
    // Only the parser knows which lines are code.
    let events = Parser::new_ext(text, markdown).into_offset_iter();
    let mut kept = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => Some(range),
        _ => None,
    });
    let mut block = kept.next();
    tabs.retain(|tab| {
        while block.as_ref().is_some_and(|block| block.end <= *tab) {
            block = kept.next();
        }
        block.as_ref().is_none_or(|block| !block.contains(tab))
    });
    if tabs.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for at in tabs {
        bytes[at] = b' ';
    }
    String::from_utf8(bytes).ok()
}

/// The places of the tabs in each row that would be a delimiter without them.
fn rows(text: &str) -> impl Iterator<Item = Vec<usize>> {
    let mut at = 0;
    let mut after_pipe = false;
    text.split_inclusive('\n').filter_map(move |line| {
        let begins = at;
        at += line.len();
        let follows = std::mem::replace(&mut after_pipe, line.contains('|'));
        let row = line.trim_start_matches([' ', '\t', '>']);
        let delimits = follows
            && row.contains('\t')
            && row.contains('-')
            && row.bytes().all(|byte| matches!(byte, b'|' | b':' | b'-' | b' ' | b'\t' | b'\r' | b'\n'));
        let begins = begins + line.len() - row.len();
        delimits.then(|| row.match_indices('\t').map(|(tab, _)| begins + tab).collect())
    })
}
