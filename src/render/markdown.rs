//! A page in, its Markdown for agents out, by patching the author's source where it changes.
//!
//! Text that means the same in plain Markdown stays as it was written, byte for byte; what does not (components, links,
//! fences, comments, HTML, heading ids) is replaced at its span (`patch`). HTML becomes Markdown in `elements`; a
//! last pass (`tidy`) takes away what patches leave behind: blank lines, trailing spaces, invisible characters.

mod elements;
mod inline;
mod lists;
mod patch;
mod table;
mod tidy;

use super::{Context, tokens};
use crate::diagnostic::Diagnostic;
use crate::site::{Page, PageId};

/// The whole Markdown file of a page: YAML header, directive, title, body.
pub(super) fn file(context: &Context<'_>, id: PageId, page: &Page) -> (String, Vec<Diagnostic>) {
    let (body, failures) = patch::project(context, id, page);
    let mut text = String::with_capacity(body.len() + 600);
    let directive = directive(context);
    let head = header(context, page, &directive);
    text.push_str(&directive);
    text.push_str("\n\n");
    if !page.has_h1 {
        text.push_str("# ");
        text.push_str(&escaped(&page.title));
        text.push_str("\n\n");
    }
    text.push_str(&body);
    children(context, page, &mut text);
    let text = tidy::tidy(&text);
    // The header holds its own length; the few tokens it comes to itself are the same for every page.
    let count = tokens::estimate(&head) + tokens::estimate(&text) + 8;
    (format!("---\n{head}tokens: {count}\n---\n\n{text}"), failures)
}

/// Text as Markdown that says it literally.
#[must_use]
pub fn escaped(text: &str) -> String {
    inline::escape(text)
}

/// What stands before the title costs every reader of every page: at most this many tokens, with room for the error
/// of an estimate below the 120 that agents are promised.
const FRAME: usize = 114;

fn header(context: &Context<'_>, page: &Page, directive: &str) -> String {
    // The start of a long first paragraph says enough: all of it stands below.
    let mut limit = 200;
    loop {
        let head = header_within(context, page, limit);
        if limit <= 40 || tokens::estimate(&head) + tokens::estimate(directive) + 12 <= FRAME {
            return head;
        }
        limit -= 20;
    }
}

fn header_within(context: &Context<'_>, page: &Page, limit: usize) -> String {
    let mut lines = vec![("title", page.title.as_str())];
    let description = shortened(&page.description, limit);
    if !description.is_empty() {
        lines.push(("description", &description));
    }
    let canonical = context.addresses.absolute(&context.addresses.page(&page.route));
    lines.push(("canonical_url", &canonical));
    if let Some(date) = &page.last_updated {
        lines.push(("last_updated", date));
    }
    lines.iter().fold(String::new(), |header, (key, value)| header + key + ": " + &yaml(value) + "\n")
}

fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((cut, _)) => {
            let words = text[..cut].rsplit_once(' ').map_or(&text[..cut], |(words, _)| words);
            format!("{words}\u{2026}")
        }
        None => text.to_owned(),
    }
}

/// A value in YAML: plain where that is a string in every version of YAML, else in double quotes.
fn yaml(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let starts_plain = one_line.starts_with(char::is_alphabetic);
    let is_plain = starts_plain
        && !one_line.contains(": ")
        && !one_line.contains(" #")
        && !one_line.ends_with(':')
        && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
            .contains(&one_line.to_lowercase().as_str());
    let is_date = one_line.len() == 10 && one_line.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_plain || is_date {
        return one_line;
    }
    format!("\"{}\"", one_line.replace('\\', "\\\\").replace('"', "\\\""))
}

fn directive(context: &Context<'_>) -> String {
    let index = context.addresses.absolute(&context.view.llms_url);
    format!(
        "> Index of all pages: {index} (append `.md` to a page's URL for its Markdown, `/llms.txt` for its index)."
    )
}

/// The list that stands for the cards of a generated category index.
fn children(context: &Context<'_>, page: &Page, text: &mut String) {
    let Some(children) = &page.generated_index else { return };
    text.push_str("\n\n");
    for child in children {
        let child = context.site.page(*child);
        let url = context.addresses.absolute(&context.addresses.twin(child));
        text.push_str(&format!("- [{}]({url})", escaped(&child.label)));
        if !child.description.is_empty() {
            text.push_str(": ");
            text.push_str(&escaped(&child.description));
        }
        text.push('\n');
    }
}
