//! A text in, its [`Document`] out.
//!
//! The way through: front matter off, one scan for what is not Markdown, a view of each body, pulldown-cmark
//! over every view, one fold. Link definitions are gathered from all views before the first is folded, because
//! a reference in one body may be defined in another.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pulldown_cmark::Parser;

use super::fold::{Definitions, Elsewhere, Events, Fold, fold_label};
use super::front_matter::Keys;
use super::tags::{self, Found, Scan, What};
use super::view::{self, Body, Of, View, restore};
use super::{Document, FrontMatter, Kind, Node, Syntax, code_tabs, docfx, front_matter};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};

/// How a text is read. A plain `CommonMark` document has everything switched off.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Components, `{expressions}`, imports and exports, `{/* comments */}`.
    pub mdx: bool,
    /// Capitalised tags are components on a page that is not MDX. All other HTML is CommonMark's.
    pub components: bool,
    /// `:::kind` blocks become components.
    pub directives: bool,
    /// The kinds a `:::` block may have.
    pub admonitions: BTreeSet<String>,
    /// Names that are read as components whatever they look like (`details`).
    pub elements: BTreeSet<String>,
    /// The attribute of a component, by the name of the component, whose text is Markdown.
    pub markdown: BTreeMap<String, String>,
    /// GFM: tables, task lists, strikethrough, footnotes, alerts.
    pub gfm: bool,
    /// Bare addresses in text become links.
    pub autolinks: bool,
    /// `{#id}` after a heading's words is its id.
    pub heading_ids: bool,
    /// `$…$` and `$$…$$` are mathematics.
    pub math: bool,
    /// Indented text is code.
    pub indented_code: bool,
    /// `:name:` becomes an emoji.
    pub emoji: bool,
    /// Straight quotes and dashes become typographic ones.
    pub smart_punctuation: bool,
    /// A YAML header is read.
    pub front_matter: bool,
    /// What its keys may be.
    pub keys: Keys,
    /// docfx's tab headings and zones make tab groups, its includes partials.
    pub docfx: bool,
}

/// Reads `text`. Whatever it holds, there is a document, and each span in it lies in its parent's.
#[must_use]
pub fn parse(file: FileId, text: &Arc<str>, options: &Options) -> (Document, Vec<Diagnostic>) {
    // The Markdown parser's authors have had panics reported by fuzzers; a page must not end the build.
    guarded(file, text, || read(file, text, options))
}

/// What `read` gives; the text as it stands, and a finding, where it panics.
fn guarded(
    file: FileId,
    text: &Arc<str>,
    read: impl FnOnce() -> (Document, Vec<Diagnostic>),
) -> (Document, Vec<Diagnostic>) {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let span = Span::new(file, 0..text.len());
        let words = Node { kind: Kind::Text(text.to_string()), span, children: Vec::new() };
        let document = Document {
            file,
            text: Arc::clone(text),
            front_matter: FrontMatter::default(),
            imports: Vec::new(),
            body_start: 0,
            nodes: vec![Node { kind: Kind::Paragraph, span, children: vec![words] }],
        };
        let diagnostic = Diagnostic::new(&rules::INTERNAL_ERROR, "the Markdown parser failed on this page")
            .at(Span::new(file, 0..0))
            .help("please report it with the page; taking the page apart shows what it fails on");
        (document, vec![diagnostic])
    })
}

fn read(file: FileId, text: &Arc<str>, options: &Options) -> (Document, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let clean = refuse(file, text, &mut diagnostics);
    let source: &str = clean.as_deref().unwrap_or(text);
    let mut front_matter = FrontMatter::default();
    let mut body_start = if source.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    if options.front_matter {
        let (found, start, problems) = front_matter::read(file, source, options.keys);
        (front_matter, body_start) = (found, start);
        diagnostics.extend(problems);
    }
    let body = body_start..source.len();
    let scan = if options.mdx || options.components || options.directives || !options.elements.is_empty() {
        tags::scan(file, source, body.clone(), options)
    } else {
        Scan::default()
    };
    let Scan { mut found, top, mut imports } = scan;
    let mut nodes = fold(file, source, body, &mut found, &top, options, &mut diagnostics);
    if options.mdx {
        nodes = code_tabs::group(nodes);
    }
    if options.docfx {
        docfx::include(&mut nodes, &mut imports);
        nodes = docfx::group(nodes);
    }
    if clean.is_some() {
        scrub(&mut nodes);
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map_or(0, |span| span.start));
    let body_start = Span::new(file, body_start..body_start).start;
    (Document { file, text: Arc::clone(text), front_matter, imports, body_start, nodes }, diagnostics)
}

/// Reports characters that no page may hold; the text to read instead has others of the same length.
fn refuse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let reserved = |c: char| matches!(c, view::OPEN | view::CLOSE);
    // One search of bytes each: this runs over every page, and finds something in none.
    if ![view::OPEN, view::CLOSE, '\0'].iter().any(|found| text.contains(*found)) {
        return None;
    }
    for (at, found) in text.match_indices(|c| c == '\0' || reserved(c)) {
        let code = found.chars().next().map_or(0, u32::from);
        diagnostics.push(
            Diagnostic::new(
                &rules::INVALID_TEXT,
                format!("the character U+{code:04X} cannot stand in a page"),
            )
            .at(Span::new(file, at..at + found.len()))
            .help("remove it"),
        );
    }
    Some(text.replace(reserved, "\u{FFFD}"))
}

/// NUL is no character of a page, as `CommonMark` has it.
fn scrub(nodes: &mut [Node]) {
    for node in nodes {
        match &mut node.kind {
            Kind::Text(text)
            | Kind::InlineCode(text)
            | Kind::Html { html: text, .. }
            | Kind::Expression { source: text }
            | Kind::Math { tex: text, .. } => *text = text.replace('\0', "\u{FFFD}"),
            Kind::Code(code) => code.text = code.text.replace('\0', "\u{FFFD}"),
            Kind::Link { url, title, .. } | Kind::Image { url, title, .. } => {
                *url = url.replace('\0', "\u{FFFD}");
                *title = title.replace('\0', "\u{FFFD}");
            }
            _ => {}
        }
        scrub(&mut node.children);
    }
}

fn fold(
    file: FileId,
    source: &str,
    body: Range<usize>,
    found: &mut [Found],
    top: &[usize],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Node> {
    let Views { mut page, mut bodies, titles } = views(source, body, found, top);
    let several = bodies.iter().chain(&titles).any(Option::is_some);
    let markdown = markdown_options(options);
    for view in std::iter::once(&mut page).chain(bodies.iter_mut().flatten()) {
        view.read_tables(markdown);
    }
    let definitions = OnceCell::new();
    let page_events = events(&page, markdown, &definitions);
    let open = |view| events(view, markdown, &definitions);
    let body_events: Vec<Option<Events<'_>>> = bodies.iter().map(|view| view.as_ref().map(open)).collect();
    let title_events: Vec<Option<Events<'_>>> = titles.iter().map(|view| view.as_ref().map(open)).collect();
    let all = std::iter::once((&page, &page_events)).chain(
        bodies.iter().zip(&body_events).filter_map(|(view, events)| Some((view.as_ref()?, events.as_ref()?))),
    );
    // Set once, before the first event that may ask for it.
    let _first = definitions.set(gather(file, source, found, all));
    let footnotes = if several && options.gfm { footnotes(source) } else { BTreeSet::new() };
    let mut fold = Fold {
        file,
        source,
        options,
        markdown,
        found,
        bodies: &bodies,
        titles: &titles,
        body_events,
        title_events,
        definitions: &definitions,
        footnotes: &footnotes,
        diagnostics: Vec::new(),
        rereads: 0,
    };
    let nodes = fold.nodes(&page, page_events);
    diagnostics.append(&mut fold.diagnostics);
    nodes
}

/// Reads the blocks of a view; words are read when the events are asked for.
fn events<'a>(
    view: &'a View<'_>,
    markdown: pulldown_cmark::Options,
    definitions: &'a OnceCell<Definitions>,
) -> Events<'a> {
    Parser::new_with_broken_link_callback(&view.text, markdown, Some(Elsewhere(definitions)))
        .into_offset_iter()
}

struct Views<'a> {
    page: View<'a>,
    bodies: Vec<Option<View<'a>>>,
    titles: Vec<Option<View<'a>>>,
}

/// The views of the page, of every body and every title. Outer ones first: whether a component fills its
/// lines is seen from outside, and decides how its own body is read.
fn views<'a>(text: &'a str, range: Range<usize>, found: &[Found], top: &[usize]) -> Views<'a> {
    let mut fills = vec![false; found.len()];
    let mut bodies: Vec<Option<View<'a>>> = found.iter().map(|_| None).collect();
    let mut titles: Vec<Option<View<'a>>> = found.iter().map(|_| None).collect();
    let build = |range, inside: &[usize], quotes, of, fills: &mut [bool]| {
        view::view(text, &Body { range, inside, quotes, of }, found, fills)
    };
    let page = build(range, top, 0, Of::Page, &mut fills);
    for (number, finding) in found.iter().enumerate().rev() {
        let What::Component(component) = &finding.what else { continue };
        if let Some((range, inside)) = &finding.title {
            titles[number] = Some(build(range.clone(), inside, 0, Of::Words, &mut fills));
        }
        if let Some(body) = component.body {
            let of = match component.syntax {
                Syntax::Directive | Syntax::Alert | Syntax::Made => Of::Lines,
                Syntax::Tag if fills[number] => Of::Tag,
                Syntax::Tag => Of::Words,
            };
            bodies[number] = Some(build(body.range(), &finding.inside, finding.quotes, of, &mut fills));
        }
    }
    Views { page, bodies, titles }
}

fn markdown_options(options: &Options) -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Markdown;
    let mut markdown = Markdown::empty();
    if options.gfm {
        markdown |= Markdown::ENABLE_TABLES
            | Markdown::ENABLE_STRIKETHROUGH
            | Markdown::ENABLE_TASKLISTS
            | Markdown::ENABLE_FOOTNOTES
            | Markdown::ENABLE_GFM;
    }
    markdown.set(Markdown::ENABLE_MATH, options.math);
    markdown.set(Markdown::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    markdown
}

/// The link definitions of all views; of two with one label the first in the source counts.
fn gather<'v, 'e: 'v>(
    file: FileId,
    source: &str,
    found: &[Found],
    views: impl Iterator<Item = (&'v View<'e>, &'v Events<'e>)>,
) -> Definitions {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut definitions = Definitions::new();
    for (view, events) in views {
        for (label, definition) in events.reference_definitions().iter() {
            let label = fold_label(&restore(label, source, found));
            let at = view.source(definition.span.clone()).start;
            if places.get(&label).is_some_and(|earlier| *earlier <= at) {
                continue;
            }
            places.insert(label.clone(), at);
            let title = definition.title.as_deref().unwrap_or_default();
            let span = destination(&view.text, definition.span.clone())
                .map(|place| Span::new(file, view.source(place)));
            let url = restore(&definition.dest, source, found).into_owned();
            definitions.insert(label, (url, restore(title, source, found).into_owned(), span));
        }
    }
    definitions
}

/// Where the address stands in `[label]: address "title"`.
fn destination(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let definition = &text[range.clone()];
    let bytes = definition.as_bytes();
    let mut at = definition.find('[')? + 1;
    // A label has no unescaped bracket in it.
    while *bytes.get(at)? != b']' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at += 1;
    if *bytes.get(at)? != b':' {
        return None;
    }
    at += 1;
    while bytes.get(at)?.is_ascii_whitespace() || bytes[at] == b'>' {
        at += 1;
    }
    let rest = &definition[at..];
    let place = match rest.strip_prefix('<') {
        Some(pointed) => at + 1..at + 1 + pointed.find('>')?,
        None => at..at + rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()),
    };
    Some(range.start + place.start..range.start + place.end)
}

/// The labels of the footnotes that lines of the page define, in lower case.
fn footnotes(source: &str) -> BTreeSet<String> {
    source
        .match_indices("]:")
        .filter_map(|(close, _)| {
            let line = source[..close].rfind('\n').map_or(0, |newline| newline + 1);
            let label = source[line..close].trim_start_matches([' ', '\t', '>']).strip_prefix("[^")?;
            (!label.is_empty() && !label.contains(['[', ']'])).then(|| label.to_lowercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Files, print};

    #[test]
    fn a_panic_costs_one_page_and_not_the_build() {
        let mut files = Files::default();
        let file = files.add("a.md", "One.");
        let text = Arc::clone(&files.get(file).text);
        let (document, found) = guarded(file, &text, || panic!("as a parser may"));
        assert_eq!(crate::document::plain_text(&document.nodes), "One.");
        let said = print::text(&found, &files, "", print::Style::Plain);
        assert!(
            said.starts_with("error[internal-error]: the Markdown parser failed on this page\n --> a.md:1:1"),
            "{said}"
        );
    }
}
