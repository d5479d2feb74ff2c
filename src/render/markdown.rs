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
use crate::site::{Page, PageId, Variant};

/// The most tokens of the directive and the header, without the lines around it and the one that counts.
const HEAD: usize = 105;

/// A Markdown file.
pub(super) struct File {
    /// All of it.
    pub(super) text: String,
    /// Its tokens, as its header says.
    pub(super) tokens: usize,
}

/// The whole Markdown file of a page: YAML header, directive, title, body.
pub(super) fn file(context: &Context<'_>, id: PageId, page: &Page) -> (File, Vec<Diagnostic>) {
    made(context, id, page, None)
}

/// The same with one choice made in its tabs.
pub(super) fn variant(context: &Context<'_>, id: PageId, page: &Page, variant: &Variant) -> File {
    // What failed here failed in the whole page, and is reported there.
    made(context, id, page, Some(variant)).0
}

fn made(
    context: &Context<'_>,
    id: PageId,
    page: &Page,
    variant: Option<&Variant>,
) -> (File, Vec<Diagnostic>) {
    let (body, failures) = patch::project(context, id, page, variant);
    let mut text = String::with_capacity(body.len() + 600);
    let directive = directive(context);
    let room = HEAD.saturating_sub(tokens::count(&directive));
    let head = header(context, page, variant, room);
    text.push_str(&directive);
    text.push_str("\n\n");
    if let Some(variant) = variant {
        // A line of its own: MCP leaves out the one above, and whoever reads a part must know that it is one.
        let whole = context.addresses.absolute(&context.addresses.markdown(&page.route));
        text.push_str(&format!(
            "> Only what holds for {} is here: {whole} has all.\n\n",
            escaped(&variant.label)
        ));
    }
    if !page.has_h1 {
        text.push_str("# ");
        text.push_str(&escaped(&page.title));
        text.push_str("\n\n");
    }
    text.push_str(&body);
    children(context, page, &mut text);
    let text = tidy::tidy(&text);
    (counted(&head, &text), failures)
}

/// The file with its length in its header, which is a part of that length.
fn counted(head: &str, text: &str) -> File {
    let body = tokens::count(text);
    let header = |tokens: usize| format!("---\n{head}tokens: {tokens}\n---\n\n");
    // One digit more can be one token more, and then it is right.
    let first = body + tokens::count(&header(body));
    let tokens = body + tokens::count(&header(first));
    File { text: header(tokens) + text, tokens }
}

/// Text as Markdown that says it literally.
#[must_use]
pub fn escaped(text: &str) -> String {
    inline::escape(text)
}

/// The header without its last line, in `room` tokens where a shorter description makes that possible.
fn header(context: &Context<'_>, page: &Page, variant: Option<&Variant>, room: usize) -> String {
    // The start of a description says more than none, beside a long address or title too: a page deep in a large site keeps it.
    let heads = [200, 140, 80, 60, 45, 30].map(|limit| shortened(&page.description, limit));
    let mut heads = heads.iter().map(|description| header_with(context, page, variant, description));
    let bare = || header_with(context, page, variant, "");
    heads.find(|head| tokens::count(head) <= room).unwrap_or_else(bare)
}

fn header_with(context: &Context<'_>, page: &Page, variant: Option<&Variant>, description: &str) -> String {
    let title = match variant {
        Some(variant) => format!("{} ({})", page.title, variant.label),
        None => page.title.clone(),
    };
    let mut lines = vec![("title", title.as_str())];
    let chosen;
    if let (Some(variant), false) = (variant, description.is_empty()) {
        chosen = format!("{}: {description}", variant.label);
        lines.push(("description", &chosen));
    } else if !description.is_empty() {
        lines.push(("description", description));
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
