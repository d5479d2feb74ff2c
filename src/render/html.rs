//! The tree of a page in, the HTML of its article out.
//!
//! Markdown's own constructs are printed here, as CommonMark's examples have them; components by the theme.
//! [`plain`] prints a document with neither a site nor a theme around it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::component::{self, Drawn, Item};
use super::{Context, code};
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::{Alignment, Code, Component, Document, Kind, Node, plain_text};
use crate::site::links::{html_key, html_links};
use crate::site::{Page, PageId, Target};
use crate::theme::{Projection, Signature};

/// A document as HTML, components as their children, code without colours.
#[must_use]
pub fn plain(document: &Document) -> String {
    let mut printer = Printer::new(None, &document.nodes);
    printer.blocks(&document.nodes);
    printer.footnotes();
    printer.out
}

/// The article of a page as HTML, and what went wrong.
pub(super) fn article(context: &Context<'_>, id: PageId, page: &Page) -> (String, Vec<Diagnostic>) {
    let mut printer = Printer::new(Some(Around { context, id, page }), &page.nodes);
    printer.blocks(&page.nodes);
    printer.footnotes();
    let report = |((name, message), span): ((String, String), Span)| {
        Diagnostic::new(&rules::TEMPLATE_FAILED, format!("`{name}` cannot be drawn: {message}")).at(span)
    };
    (printer.out, printer.failures.into_iter().map(report).collect())
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
    failures: BTreeMap<(String, String), Span>,
}

/// The footnotes of a page.
#[derive(Default)]
struct Notes<'a> {
    definitions: BTreeMap<(FileId, &'a str), &'a Node>,
    /// Those that were referred to, in order, and how often.
    used: Vec<((FileId, &'a str), usize)>,
}

impl<'a> Printer<'a> {
    fn new(around: Option<Around<'a>>, nodes: &'a [Node]) -> Self {
        let mut ids = BTreeSet::new();
        if let Some(Around { page, .. }) = around {
            ids.extend(page.headings.iter().map(|heading| heading.id.clone()));
            for group in &page.tabs {
                ids.insert(group.id.clone());
                ids.extend(group.tabs.iter().flat_map(|tab| [tab.id.clone(), format!("{}-button", tab.id)]));
            }
        }
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
                self.out.push_str("<hr />\n");
            }
            // Footnotes are printed at the end of the page, and nothing for what is hidden.
            Kind::FootnoteDefinition { .. } | Kind::Hidden => {}
            Kind::FootnoteReference { label } => self.footnote_reference(node.span.file, label),
            Kind::Text(text) => escape(&mut self.out, text),
            Kind::InlineCode(text) => {
                self.out.push_str("<code>");
                escape(&mut self.out, text);
                self.out.push_str("</code>");
            }
            Kind::Emphasis => self.inline("em", node),
            Kind::Strong => self.inline("strong", node),
            Kind::Strikethrough => self.inline("del", node),
            Kind::SoftBreak => self.out.push('\n'),
            Kind::HardBreak => self.out.push_str("<br />\n"),
            Kind::Link { url, title, .. } => self.link(node, url, title),
            Kind::Image { url, title, .. } => self.image(node, url, title),
            Kind::Html { inline, html } => self.html(node.span, *inline, html),
            Kind::Expression { source } => {
                self.out.push('{');
                escape(&mut self.out, source);
                self.out.push('}');
            }
            Kind::Math { tex, display } => self.math(tex, *display),
            Kind::Component(component) => self.component(node, component),
        }
        self.direct = direct;
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
        self.blocks(&node.children);
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        if let Some(around) = self.around.filter(|_| level > 1 && !id.is_empty()) {
            let label = around.context.word("heading_link").unwrap_or("Link to this section");
            self.out.push_str("<a class=\"anchor\" href=\"#");
            escape(&mut self.out, id);
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

    fn item(&mut self, node: &'a Node, checked: Option<bool>, loose: bool) {
        self.fresh();
        self.out.push_str("<li>");
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
            self.out.push_str("<pre class=\"mermaid\">");
            escape(&mut self.out, &code.text);
            self.out.push_str("</pre>\n");
            return;
        }
        let (arguments, facts) = self.code_facts(around, code);
        self.draw("CodeBlock", span, &arguments, &facts, None, false);
    }

    /// What the template of a block of code is given.
    fn code_facts(&self, around: Around<'a>, code: &Code) -> (Map<String, Json>, Map<String, Json>) {
        let context = around.context;
        let fence = &code.fence;
        let language = code::language(fence);
        let lines = code::lines(&code.text, fence, context.config.content.dialect);
        let text = code::joined(&lines);
        let html = context.highlighter.lines(language, &text);
        let first = fence.line_numbers.unwrap_or(1);
        let line = |(index, line): (usize, &crate::document::fence::Line)| {
            json!({
                "html": html.get(index).map_or("", String::as_str),
                "mark": line.mark.map(code::mark_name),
                "number": first + index,
            })
        };
        let mut facts = Map::new();
        facts.insert("lines".to_owned(), Json::Array(lines.iter().enumerate().map(line).collect()));
        facts.insert("line_numbers".to_owned(), Json::Bool(fence.line_numbers.is_some()));
        let arguments = context.code_arguments(fence, &mut facts);
        (arguments, facts)
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

    fn image(&mut self, node: &'a Node, url: &str, title: &str) {
        let alt = plain_text(&node.children);
        if self.words_only {
            escape(&mut self.out, &alt);
            return;
        }
        self.out.push_str("<img src=\"");
        match self.around.and_then(|around| Some((around, around.page.links.get(&node.span)?))) {
            Some((Around { context, id, .. }, target)) => {
                escape_address(&mut self.out, &context.addresses.html(context.site, id, target));
            }
            None => escape_address(&mut self.out, url),
        }
        self.out.push_str("\" alt=\"");
        escape(&mut self.out, &alt);
        self.out.push('"');
        self.title(title);
        if self.around.is_some() {
            // The first image is likely to be in sight at once: a lazy one would come late.
            self.out.push_str(if self.images == 0 { "" } else { " loading=\"lazy\"" });
            self.out.push_str(" decoding=\"async\"");
            self.images += 1;
        }
        self.out.push_str(" />");
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
            for link in html_links(html) {
                let Some(target) = page.links.get(&html_key(span, &link.range)) else { continue };
                self.out.push_str(&html[copied..link.range.start]);
                escape(&mut self.out, &context.addresses.html(context.site, id, target));
                copied = link.range.end;
            }
        }
        self.out.push_str(&html[copied..]);
        if !inline {
            self.fresh();
        }
    }

    fn math(&mut self, tex: &str, display: bool) {
        if display {
            self.fresh();
        }
        self.out.push_str(if display { "<pre class=\"math\">" } else { "<code class=\"math\">" });
        escape(&mut self.out, tex);
        self.out.push_str(if display { "</pre>\n" } else { "</code>" });
    }

    fn footnote_reference(&mut self, file: FileId, label: &'a str) {
        if self.words_only {
            return;
        }
        let key = (file, label);
        if !self.notes.definitions.contains_key(&key) {
            escape(&mut self.out, &format!("[^{label}]"));
            return;
        }
        let index = self.notes.used.iter().position(|(used, _)| *used == key).unwrap_or_else(|| {
            self.notes.used.push((key, 0));
            self.notes.used.len() - 1
        });
        self.notes.used[index].1 += 1;
        let (number, time) = (index + 1, self.notes.used[index].1);
        let again = if time > 1 { format!("-{time}") } else { String::new() };
        self.out.push_str(&format!(
            "<sup><a href=\"#footnote-{number}\" id=\"footnote-reference-{number}{again}\" class=\"footnote-reference\">{number}</a></sup>"
        ));
    }

    /// The footnotes that were referred to, at the end of the page, each with a way back.
    fn footnotes(&mut self) {
        if self.notes.used.is_empty() {
            return;
        }
        self.fresh();
        let word = |key: &str, default: &str| {
            let words = self.around.and_then(|around| around.context.word(key)).unwrap_or(default);
            let mut escaped = String::new();
            escape(&mut escaped, words);
            escaped
        };
        let (title, back) = (word("footnotes", "Footnotes"), word("footnote_back", "Back to the text"));
        self.out.push_str(&format!("<section class=\"footnotes\" aria-label=\"{title}\">\n<ol>\n"));
        let mut index = 0;
        // A note may refer to further ones, so the list can grow while it is printed.
        while let Some((key, _)) = self.notes.used.get(index).copied() {
            index += 1;
            self.out.push_str(&format!("<li id=\"footnote-{index}\">"));
            if let Some(note) = self.notes.definitions.get(&key).copied() {
                self.blocks(&note.children);
            }
            let inside = self.out.trim_end().strip_suffix("</p>").map(str::len);
            self.out.truncate(inside.unwrap_or_else(|| self.out.trim_end().len()));
            for time in 1..=self.notes.used[index - 1].1 {
                let again = if time > 1 { format!("-{time}") } else { String::new() };
                self.out.push_str(&format!(
                    " <a href=\"#footnote-reference-{index}{again}\" class=\"footnote-back\" aria-label=\"{back} {index}{again}\">\u{21a9}</a>"
                ));
            }
            self.out.push_str(if inside.is_some() { "</p>\n</li>\n" } else { "</li>\n" });
        }
        self.out.push_str("</ol>\n</section>\n");
    }

    fn component(&mut self, node: &'a Node, component: &'a Component) {
        if self.words_only {
            escape(&mut self.out, &plain_text(std::slice::from_ref(node)));
            return;
        }
        let Some(around) = self.around else { return self.blocks(&node.children) };
        match component::drawn(around.context, component) {
            Drawn::Children => self.blocks(&node.children),
            Drawn::By("CodeBlock", signature) => self.code_component(around, node, component, signature),
            Drawn::By(name, signature) => self.known_component(around, node, component, name, signature),
        }
    }

    fn known_component(
        &mut self,
        around: Around<'a>,
        node: &'a Node,
        component: &'a Component,
        name: &str,
        signature: &Signature,
    ) {
        let Around { context, id: page_id, page } = around;
        let arguments = component::arguments(component, signature);
        let (body, items) = self.inside(&node.children);
        let group = component::tab_group(page, component);
        let id = match group {
            Some(group) => group.id.clone(),
            None => self.unique(&format!("{}-{}", component::id_stem(name), component.ordinal)),
        };
        let url = match component::target(page, component) {
            Some(target) => context.addresses.html(context.site, page_id, target),
            None => component::written_address(component).to_owned(),
        };
        let mut facts = Map::new();
        facts.insert("id".to_owned(), json!(id));
        facts.insert("inline".to_owned(), json!(component.inline));
        facts.insert("url".to_owned(), json!(url));
        facts.insert("index".to_owned(), json!(self.index_among_siblings(name)));
        match group {
            Some(group) => {
                let linked = |index: usize| context.linked_tabs.contains(&(page_id, group.ordinal, index));
                facts.insert("items".to_owned(), component::tab_items(group, &items, &linked));
                facts.insert("group".to_owned(), json!(group.group.as_deref().unwrap_or_default()));
                facts.insert("query".to_owned(), json!(group.query.as_deref().unwrap_or_default()));
            }
            None => {
                facts.insert("items".to_owned(), Json::Array(items.iter().map(Item::json).collect()));
            }
        }
        if name == "Admonition" {
            component::admonition_facts(context, component, &mut facts);
        }
        let (body, summary) = take_summary(body);
        facts.insert("summary".to_owned(), Json::String(summary));
        for (attribute, nodes) in component::markup(component) {
            let markup = self.inside(nodes).0;
            facts.insert(attribute.to_owned(), Json::String(markup));
        }
        let body = (component.body.is_some() || !body.is_empty()).then_some(body);
        let start = self.out.len();
        self.draw(name, node.span, &arguments, &facts, body.as_deref(), component.inline);
        self.remember(Item {
            name: name.to_owned(),
            ordinal: component.ordinal,
            attributes: arguments,
            body: body.unwrap_or_default(),
            whole: self.out[start..].trim().to_owned(),
            text: plain_text(&node.children).trim().to_owned(),
            min_heading: component::min_heading(&node.children),
            id,
            url,
        });
    }

    /// `<CodeBlock>` as a tag: what it holds is drawn as if it stood in a fence.
    fn code_component(
        &mut self,
        around: Around<'a>,
        node: &'a Node,
        component: &'a Component,
        signature: &Signature,
    ) {
        let code = component::fence_of(node, component);
        let (mut arguments, facts) = self.code_facts(around, &code);
        for (name, value) in component::arguments(component, signature) {
            arguments.insert(name, value);
        }
        arguments.remove("children");
        self.draw("CodeBlock", node.span, &arguments, &facts, None, component.inline);
    }

    /// Draws a component by its template. Where that fails the body stands there alone: the build stops later, with
    /// everything that is wrong reported.
    fn draw(
        &mut self,
        name: &str,
        span: Span,
        arguments: &Map<String, Json>,
        facts: &Map<String, Json>,
        body: Option<&str>,
        inline: bool,
    ) {
        let Some(Around { context, .. }) = self.around else { return };
        let drawn = context.theme.component(Projection::Html, name, arguments, facts, body);
        let html = drawn.unwrap_or_else(|message| {
            self.failures.entry((name.to_owned(), message)).or_insert(span);
            body.unwrap_or_default().to_owned()
        });
        let html = html.trim_matches(['\n', ' ']);
        if inline {
            self.out.push_str(html);
        } else if !html.is_empty() {
            self.fresh();
            self.out.push_str(html);
            self.out.push('\n');
        }
    }

    /// What is drawn of `nodes` inside a component, and which components stand directly in it.
    fn inside(&mut self, nodes: &'a [Node]) -> (String, Vec<Item>) {
        let outer = std::mem::take(&mut self.out);
        let direct = std::mem::replace(&mut self.direct, true);
        self.items.push(Vec::new());
        self.blocks(nodes);
        self.direct = direct;
        let items = self.items.pop().unwrap_or_default();
        let body = std::mem::replace(&mut self.out, outer);
        (body.trim_matches('\n').to_owned(), items)
    }

    fn remember(&mut self, item: Item) {
        if self.direct
            && let Some(items) = self.items.last_mut()
        {
            items.push(item);
        }
    }

    /// The place among the components of the same name in the same parent, from 1.
    fn index_among_siblings(&self, name: &str) -> usize {
        let siblings = self.items.last().filter(|_| self.direct);
        1 + siblings.map_or(0, |items| items.iter().filter(|item| item.name == name).count())
    }

    fn unique(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        while !self.ids.insert(id.clone()) {
            id.push_str("-x");
        }
        id
    }
}

/// Takes the first `<summary>` out of what was drawn in a `details`: templates place it themselves.
fn take_summary(body: String) -> (String, String) {
    let Some(start) = body.find("<summary").filter(|start| !body[..*start].contains("<details")) else {
        return (body, String::new());
    };
    let Some(open) = body[start..].find('>').map(|at| start + at + 1) else { return (body, String::new()) };
    let Some(close) = body[open..].find("</summary>").map(|at| open + at) else {
        return (body, String::new());
    };
    let words = body[open..close].trim();
    let words = words.strip_prefix("<p>").and_then(|words| words.strip_suffix("</p>")).unwrap_or(words);
    let rest = format!("{}{}", &body[..start], &body[close + "</summary>".len()..]);
    // The paragraph that Markdown made around a summary on a line of its own is empty now.
    (rest.replacen("<p></p>\n", "", 1).trim_matches('\n').to_owned(), words.to_owned())
}
