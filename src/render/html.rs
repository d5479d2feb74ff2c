//! The tree of a page in, the HTML of its article out.
//!
//! Markdown's own constructs are printed here, as `CommonMark`'s examples have them; components by the theme.
//! [`plain`] prints a document with neither a site nor a theme around it.

mod components;
mod diagrams;
mod images;
mod notes;

use std::collections::{BTreeMap, BTreeSet};

use notes::Notes;

use super::Context;
use super::component::Item;
use super::fields::Fields;
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::notes::{Noted, by_block};
use crate::document::{Alignment, Code, Document, Kind, Node, plain_text};
use crate::formula::Formulas;
use crate::pictures::mode;
use crate::site::links::{html_images, html_key, html_links};
use crate::site::{Page, PageId, Target};

/// A document as HTML, components as their children, code without colours.
#[must_use]
pub fn plain(document: &Document) -> String {
    let mut printer = Printer::new(None, &document.nodes);
    printer.blocks(&document.nodes);
    printer.footnotes();
    printer.out
}

/// The article of a page.
pub(super) struct Article {
    /// As HTML.
    pub(super) html: String,
    /// What it needs beside the theme's style sheets and scripts: `math`, `mermaid`.
    pub(super) uses: BTreeSet<&'static str>,
    /// What went wrong.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Draws the article of a page.
pub(super) fn article(context: &Context<'_>, id: PageId, page: &Page) -> Article {
    let mut printer = Printer::new(Some(Around { context, id, page }), &page.nodes);
    printer.blocks(&page.nodes);
    printer.footnotes();
    let report = |((name, message), span): ((String, String), Span)| {
        Diagnostic::new(&rules::TEMPLATE_FAILED, format!("`{name}` cannot be drawn: {message}")).at(span)
    };
    let diagnostics = printer.failures.into_iter().map(report).collect();
    Article { html: printer.out, uses: printer.uses, diagnostics }
}

/// The words of a heading as HTML for lists of headings: code and emphasis stay, links and notes do not.
pub(super) fn heading_words(nodes: &[Node]) -> String {
    let mut printer = Printer::new(None, &[]);
    printer.words_only = true;
    for node in nodes {
        printer.node(node);
    }
    printer.out.trim().to_owned()
}

/// `text` with what HTML would read as markup escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out
}

/// Writes `text` with what HTML would read as markup escaped.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escaped);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

/// Writes an address as the value of an attribute: what no URL may hold is percent-encoded.
fn escape_address(out: &mut String, url: &str) {
    for letter in url.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '\'' => out.push_str("&#x27;"),
            'A'..='Z' | 'a'..='z' | '0'..='9' => out.push(letter),
            _ if "!#$%()*+,-./:;=?@_~".contains(letter) => out.push(letter),
            _ => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
}

/// The site that a page stands in.
#[derive(Clone, Copy)]
struct Around<'a> {
    context: &'a Context<'a>,
    id: PageId,
    page: &'a Page,
}

struct Printer<'a> {
    around: Option<Around<'a>>,
    out: String,
    /// Neither links nor ids nor notes.
    words_only: bool,
    /// Ids that are taken.
    ids: BTreeSet<String>,
    /// How many images there were: the first one is not lazy.
    images: usize,
    /// What was drawn directly inside each component that is being drawn, outermost first.
    items: Vec<Vec<Item>>,
    /// Whether the node at hand is directly inside the innermost of them.
    direct: bool,
    notes: Notes<'a>,
    /// What readers fill in.
    fields: Fields<'a>,
    /// Blocks of code with notes below them.
    noted: BTreeMap<Span, Noted<'a>>,
    /// The lists of notes whose block has been drawn: that block, and what the ids of the notes begin with. A partial
    /// that stands on a page twice has the same lists twice, each with ids of its own.
    note_lists: BTreeMap<Span, (Span, String)>,
    /// How many blocks with notes there were.
    note_blocks: usize,
    formulas: Formulas,
    /// What the article needs beside the theme's style sheets and scripts.
    uses: BTreeSet<&'static str>,
    failures: BTreeMap<(String, String), Span>,
}

impl<'a> Printer<'a> {
    fn new(around: Option<Around<'a>>, nodes: &'a [Node]) -> Self {
        let mut ids = BTreeSet::new();
        if let Some(Around { page, .. }) = around {
            ids.extend(page.headings.iter().map(|heading| heading.id.clone()));
            ids.extend(page.headings.iter().filter_map(|heading| heading.alias.clone()));
            for group in &page.tabs {
                ids.insert(group.id.clone());
                ids.extend(group.tabs.iter().flat_map(|tab| [tab.id.clone(), format!("{}-button", tab.id)]));
            }
        }
        let fields = around.map_or_else(Fields::default, |around| Fields::of(around.context, around.page));
        let mut noted = if around.is_some() { by_block(nodes) } else { BTreeMap::new() };
        noted.retain(|_, noted| noted.list.is_some());
        let mut notes = Notes::default();
        crate::document::walk(nodes, &mut |node| {
            if let Kind::FootnoteDefinition { label } = &node.kind {
                notes.definitions.entry((node.span.file, label)).or_insert(node);
            }
        });
        Self {
            around,
            out: String::new(),
            words_only: false,
            ids,
            images: 0,
            items: Vec::new(),
            direct: false,
            notes,
            fields,
            noted,
            note_lists: BTreeMap::new(),
            note_blocks: 0,
            formulas: Formulas::default(),
            uses: BTreeSet::new(),
            failures: BTreeMap::new(),
        }
    }

    fn blocks(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    /// Begins a line, unless one has begun.
    fn fresh(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn node(&mut self, node: &'a Node) {
        let direct = self.direct;
        // Components in paragraphs, in partials and among words still count as their parent's items.
        if !matches!(node.kind, Kind::Paragraph | Kind::Partial { .. } | Kind::Component(_)) {
            self.direct = false;
        }
        if self.fields.before.take_if(|before| *before == node.span).is_some() {
            self.fields_panel(node.span);
        }
        match &node.kind {
            Kind::Heading { level, id, .. } => self.heading(node, *level, id),
            Kind::Paragraph => self.element("p", "", node),
            Kind::List { start, loose } => self.list(node, *start, *loose),
            Kind::Item { checked } => self.item(node, *checked, true),
            Kind::Quote => {
                self.fresh();
                self.out.push_str("<blockquote>\n");
                self.blocks(&node.children);
                self.fresh();
                self.out.push_str("</blockquote>\n");
            }
            Kind::Code(code) => self.code(code, node.span),
            Kind::Table { alignments } => self.table(node, alignments),
            Kind::Row | Kind::Cell | Kind::Partial { .. } => self.blocks(&node.children),
            Kind::Rule => {
                self.fresh();
                self.void_end("<hr");
                self.out.push('\n');
            }
            // Footnotes are printed at the end of the page, and nothing for what is hidden.
            Kind::FootnoteDefinition { .. } | Kind::Hidden => {}
            Kind::FootnoteReference { label } => self.footnote_reference(node.span.file, label),
            Kind::Text(text) => escape(&mut self.out, text),
            Kind::InlineCode(text) => {
                self.out.push_str("<code>");
                self.with_fields(text);
                self.out.push_str("</code>");
            }
            Kind::Emphasis => self.inline("em", node),
            Kind::Strong => self.inline("strong", node),
            Kind::Strikethrough => self.inline("del", node),
            Kind::SoftBreak => self.out.push('\n'),
            Kind::HardBreak => {
                self.void_end("<br");
                self.out.push('\n');
            }
            Kind::Link { url, title, .. } => self.link(node, url, title),
            Kind::Image { url, title, .. } => self.image(node, url, title),
            Kind::Html { inline, html } => self.html(node.span, *inline, html),
            Kind::Expression { source } => self.with_fields(&format!("{{{source}}}")),
            Kind::Math { tex, display } => self.math(tex, *display),
            Kind::Component(component) => self.component(node, component),
        }
        self.direct = direct;
    }

    /// Writes `start` and ends the tag of an element without content: in HTML a slash says nothing, and CommonMark's
    /// examples have one.
    fn void_end(&mut self, start: &str) {
        self.out.push_str(start);
        self.out.push_str(if self.around.is_some() { ">" } else { " />" });
    }

    fn inline(&mut self, name: &str, node: &'a Node) {
        self.out.push_str(&format!("<{name}>"));
        self.blocks(&node.children);
        self.out.push_str(&format!("</{name}>"));
    }

    fn element(&mut self, name: &str, attributes: &str, node: &'a Node) {
        self.fresh();
        let start = self.out.len();
        self.out.push_str(&format!("<{name}{attributes}>"));
        let content = self.out.len();
        self.blocks(&node.children);
        // A paragraph of nothing but comments, imports or what only agents see leaves no empty box behind.
        if self.out[content..].trim().is_empty() && self.around.is_some() {
            self.out.truncate(start);
        } else {
            self.out.push_str(&format!("</{name}>\n"));
        }
    }

    fn heading(&mut self, node: &'a Node, level: u8, id: &str) {
        self.fresh();
        self.out.push_str(&format!("<h{level}"));
        if !id.is_empty() {
            self.out.push_str(" id=\"");
            escape(&mut self.out, id);
            self.out.push('"');
        }
        self.out.push('>');
        let alias = self.around.and_then(|around| around.page.alias(id));
        if let Some(alias) = alias {
            self.out.push_str("<span id=\"");
            escape(&mut self.out, alias);
            self.out.push_str("\"></span>");
        }
        self.blocks(&node.children);
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        if let Some(around) = self.around.filter(|_| level > 1 && !id.is_empty()) {
            let label = around.context.word("heading_link").unwrap_or("Link to this section");
            self.out.push_str("<a class=\"anchor\" href=\"#");
            escape(&mut self.out, alias.unwrap_or(id));
            self.out.push_str("\" aria-label=\"");
            escape(&mut self.out, label);
            self.out.push_str(": ");
            escape(&mut self.out, plain_text(&node.children).trim());
            self.out.push_str("\"></a>");
        }
        self.out.push_str(&format!("</h{level}>\n"));
    }

    fn list(&mut self, node: &'a Node, start: Option<u64>, loose: bool) {
        self.fresh();
        if let Some((block, stem)) = self.note_lists.remove(&node.span)
            && let Some(noted) = self.noted.get(&block)
        {
            let first = noted.numbers.start;
            // With the script notes open at their numbers: a note without a number must stay in sight.
            let all_open = noted.numbers.clone().all(|number| noted.markers.contains(&number));
            let class = if all_open { " class=\"code-notes\"" } else { "" };
            return self.note_list(node, class, first, &stem, loose);
        }
        let is_tasks = node.children.iter().any(|item| matches!(item.kind, Kind::Item { checked: Some(_) }));
        let class = if is_tasks && self.around.is_some() { " class=\"tasks\"" } else { "" };
        match start {
            None => self.out.push_str(&format!("<ul{class}>\n")),
            Some(1) => self.out.push_str(&format!("<ol{class}>\n")),
            Some(start) => self.out.push_str(&format!("<ol start=\"{start}\"{class}>\n")),
        }
        for item in &node.children {
            match item.kind {
                Kind::Item { checked } => self.item(item, checked, loose),
                _ => self.node(item),
            }
        }
        self.out.push_str(if start.is_some() { "</ol>\n" } else { "</ul>\n" });
    }

    /// The notes on a block of code, each with an id for its marker to lead to.
    fn note_list(&mut self, node: &'a Node, class: &str, first: usize, stem: &str, loose: bool) {
        let start = if first == 1 { String::new() } else { format!(" start=\"{first}\"") };
        self.out.push_str(&format!("<ol{class}{start}>\n"));
        for (index, item) in node.children.iter().enumerate() {
            self.fresh();
            self.out.push_str(&format!("<li id=\"{stem}-{}\">", first + index));
            self.item_body(item, None, loose);
        }
        self.out.push_str("</ol>\n");
    }

    /// Text with the placeholders in it as fields.
    fn with_fields(&mut self, text: &str) {
        let mut written = 0;
        for found in self.fields.names.find(text) {
            escape(&mut self.out, &text[written..found.place.start]);
            let attributes = self.fields.attributes(&found.key);
            self.out.push_str(&format!("<span {attributes}>"));
            escape(&mut self.out, &text[found.place.clone()]);
            self.out.push_str("</span>");
            written = found.place.end;
        }
        escape(&mut self.out, &text[written..]);
    }

    fn item(&mut self, node: &'a Node, checked: Option<bool>, loose: bool) {
        self.fresh();
        self.out.push_str("<li>");
        self.item_body(node, checked, loose);
    }

    fn item_body(&mut self, node: &'a Node, checked: Option<bool>, loose: bool) {
        if let Some(checked) = checked {
            let (word, default) = if checked { ("task_done", "Done") } else { ("task_open", "To do") };
            let label = self.around.and_then(|around| around.context.word(word)).unwrap_or(default);
            self.out.push_str("<input type=\"checkbox\" disabled=\"\"");
            self.out.push_str(if checked { " checked=\"\"" } else { "" });
            self.out.push_str(" aria-label=\"");
            escape(&mut self.out, label);
            self.out.push_str("\"> ");
        }
        for child in &node.children {
            // The paragraphs of a tight list are only its words.
            if child.kind == Kind::Paragraph && (!loose || checked.is_some()) {
                self.blocks(&child.children);
            } else {
                self.node(child);
            }
        }
        self.out.push_str("</li>\n");
    }

    fn code(&mut self, code: &'a Code, span: Span) {
        self.fresh();
        let Some(around) = self.around else {
            self.out.push_str("<pre><code");
            if !code.fence.language.is_empty() {
                self.out.push_str(" class=\"language-");
                escape(&mut self.out, &code.fence.language);
                self.out.push('"');
            }
            self.out.push('>');
            escape(&mut self.out, &code.text);
            self.out.push_str("</code></pre>\n");
            return;
        };
        if code.fence.language == "mermaid" {
            return self.diagram(around, code, span);
        }
        if code.fence.language == "math" && around.context.config.content.math {
            self.out.push_str("<p>");
            self.math(code.text.trim(), true);
            self.out.push_str("</p>\n");
            return;
        }
        let (arguments, facts) = self.code_facts(around, code, Some(span));
        self.draw("CodeBlock", span, &arguments, &facts, None, false);
    }

    fn table(&mut self, node: &'a Node, alignments: &[Alignment]) {
        self.fresh();
        if let Some(around) = self.around {
            // A wide table scrolls in a box of its own, which the keyboard must be able to reach.
            let label = around.context.word("table").unwrap_or("Table");
            self.out.push_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
            escape(&mut self.out, label);
            self.out.push_str("\">\n");
        }
        self.out.push_str("<table>\n");
        for (index, row) in node.children.iter().enumerate() {
            self.out.push_str(match index {
                0 => "<thead>\n<tr>\n",
                1 => "<tbody>\n<tr>\n",
                _ => "<tr>\n",
            });
            for (column, cell) in row.children.iter().enumerate() {
                // An empty heading would be announced as one.
                let name = if index == 0 && !cell.children.is_empty() { "th" } else { "td" };
                let style = match alignments.get(column) {
                    None | Some(Alignment::None) => "",
                    Some(Alignment::Left) => " style=\"text-align: left\"",
                    Some(Alignment::Center) => " style=\"text-align: center\"",
                    Some(Alignment::Right) => " style=\"text-align: right\"",
                };
                self.out.push_str(&format!("<{name}{style}>"));
                self.blocks(&cell.children);
                self.out.push_str(&format!("</{name}>\n"));
            }
            self.out.push_str(if index == 0 { "</tr>\n</thead>\n" } else { "</tr>\n" });
        }
        self.out.push_str(if node.children.len() > 1 { "</tbody>\n</table>\n" } else { "</table>\n" });
        if self.around.is_some() {
            self.out.push_str("</div>\n");
        }
    }

    fn link(&mut self, node: &'a Node, url: &str, title: &str) {
        if self.words_only {
            self.blocks(&node.children);
            return;
        }
        let target = self.around.and_then(|around| around.page.links.get(&node.span));
        self.out.push_str("<a href=\"");
        match (self.around, target) {
            (Some(Around { context, id, .. }), Some(target)) => {
                escape_address(&mut self.out, &context.addresses.html(context.site, id, target));
            }
            (Some(_), None) | (None, _) => escape_address(&mut self.out, url),
        }
        self.out.push('"');
        self.title(title);
        let external = match target {
            Some(Target::External(url)) => url.starts_with("http"),
            Some(Target::Page { .. } | Target::Asset { .. } | Target::Broken(_)) | None => false,
        };
        self.out.push_str(if external { " rel=\"noopener\">" } else { ">" });
        self.blocks(&node.children);
        self.out.push_str("</a>");
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            escape(&mut self.out, title);
            self.out.push('"');
        }
    }

    fn html(&mut self, span: Span, inline: bool, html: &str) {
        if self.words_only {
            return;
        }
        if !inline {
            self.fresh();
        }
        let mut copied = 0;
        if let Some(Around { context, id, page }) = self.around {
            let images = html_images(html);
            for link in html_links(html) {
                let Some(target) = page.links.get(&html_key(span, &link.range)) else { continue };
                let url = context.addresses.html(context.site, id, target);
                let image = images.iter().find(|image| image.source == link.range);
                let (url, mode) = if image.is_some() { mode(&url) } else { (url.as_str(), None) };
                self.out.push_str(&html[copied..link.range.start]);
                escape(&mut self.out, url);
                copied = link.range.end;
                if let Some(image) = image {
                    if html[copied..].starts_with(['"', '\'']) {
                        copied += 1;
                        self.out.push_str(&html[copied - 1..copied]);
                    }
                    let added = self.image_attributes(Some(target), &image.attributes, mode);
                    self.out.push_str(&added);
                }
            }
        }
        self.out.push_str(&html[copied..]);
        if !inline {
            self.fresh();
        }
    }

    /// A formula. What cannot be read is shown as it is written: a check has reported it.
    fn math(&mut self, tex: &str, display: bool) {
        let mathml = if self.around.is_some() || self.words_only {
            self.formulas.mathml(tex, display && !self.words_only).ok()
        } else {
            None
        };
        let Some(mathml) = mathml else {
            self.out.push_str("<code class=\"math\">");
            escape(&mut self.out, tex);
            self.out.push_str("</code>");
            return;
        };
        self.uses.insert("math");
        match self.around.filter(|_| display) {
            Some(around) => {
                // A wide formula scrolls in a box of its own, which the keyboard must be able to reach.
                let label = around.context.word("formula").unwrap_or("Formula");
                self.out.push_str("<span class=\"math\" role=\"group\" tabindex=\"0\" aria-label=\"");
                escape(&mut self.out, label);
                self.out.push_str("\">");
                self.out.push_str(&mathml);
                self.out.push_str("</span>");
            }
            None => self.out.push_str(&mathml),
        }
    }
}
