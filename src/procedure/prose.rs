//! What stands around commands in, Markdown out: words, links, lists and tables, with absolute addresses.
//!
//! A page's own Markdown is made by patching the author's text, which says where a thing stands and not what it is; a
//! step needs single paragraphs, from the page or a partial, by themselves. So they are printed from the tree.

use crate::document::{Component, Kind, Node, Value, plain_text};
use crate::render::Context;
use crate::render::commands::{Blocks, block_of, is_for_agents};
use crate::render::markdown::escaped;
use crate::site::{Page, Tab};

/// What words are printed with.
pub(super) struct Prose<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) page: &'a Page,
    pub(super) blocks: &'a Blocks<'a>,
}

impl Prose<'_> {
    /// A block and what is in it, without blank lines at its ends; empty where nothing is left to say.
    pub(super) fn block(&self, node: &Node) -> String {
        if let Some(code) = block_of(node) {
            return titled(code.fence.title.as_deref(), &self.blocks.fenced(node, &code));
        }
        match &node.kind {
            Kind::Paragraph => self.words(&node.children),
            Kind::Heading { .. } => bold(&self.words(&node.children)),
            Kind::List { start, loose } => self.list(node, *start, *loose),
            Kind::Quote => quoted(&self.all(&node.children)),
            Kind::Table { .. } => self.table(node),
            Kind::Item { .. } | Kind::Partial { .. } | Kind::Row | Kind::Cell => self.all(&node.children),
            Kind::Component(component) if !component.inline => self.component(node, component),
            Kind::Rule | Kind::Hidden | Kind::FootnoteDefinition { .. } => String::new(),
            Kind::Math { tex, display: true } => format!("$$\n{}\n$$", tex.trim()),
            Kind::Component(_)
            | Kind::Code(_)
            | Kind::FootnoteReference { .. }
            | Kind::Text(_)
            | Kind::InlineCode(_)
            | Kind::Emphasis
            | Kind::Strong
            | Kind::Strikethrough
            | Kind::SoftBreak
            | Kind::HardBreak
            | Kind::Link { .. }
            | Kind::Image { .. }
            | Kind::Html { .. }
            | Kind::Expression { .. }
            | Kind::Math { .. } => self.words(std::slice::from_ref(node)),
        }
    }

    /// Blocks, a blank line between each; words between them are blocks of their own.
    pub(super) fn all(&self, nodes: &[Node]) -> String {
        let mut blocks: Vec<String> = Vec::new();
        let mut index = 0;
        while index < nodes.len() {
            let words = nodes[index..].iter().take_while(|node| is_words(node)).count();
            let text = match words {
                0 => self.block(&nodes[index]),
                words => self.words(&nodes[index..index + words]),
            };
            index += words.max(1);
            if !text.is_empty() {
                blocks.push(text);
            }
        }
        blocks.join("\n\n")
    }

    /// Words on one line, but for the breaks that readers see.
    pub(super) fn words(&self, nodes: &[Node]) -> String {
        let mut out = String::new();
        self.inline(nodes, &mut out);
        out.trim().to_owned()
    }

    fn inline(&self, nodes: &[Node], out: &mut String) {
        for node in nodes {
            match &node.kind {
                Kind::Text(text) => out.push_str(&escaped(text)),
                Kind::InlineCode(text) => out.push_str(&code_span(text)),
                Kind::Emphasis => self.marked("*", node, out),
                Kind::Strong => self.marked("**", node, out),
                Kind::Strikethrough => self.marked("~~", node, out),
                Kind::SoftBreak => out.push(' '),
                Kind::HardBreak => out.push_str("\\\n"),
                Kind::Link { url, .. } => {
                    let words = self.words(&node.children);
                    let address = self.address(node, url);
                    out.push_str(&if words.is_empty() { address } else { link(&words, &address) });
                }
                Kind::Image { url, .. } => {
                    let words = plain_text(&node.children);
                    if !words.trim().is_empty() {
                        out.push_str(&format!("!{}", link(&escaped(words.trim()), &self.address(node, url))));
                    }
                }
                Kind::Expression { source } => out.push_str(&format!("{{{source}}}")),
                Kind::Math { tex, .. } => out.push_str(&format!("${tex}$")),
                Kind::Html { html, .. } => out.push_str(&without_tags(html)),
                Kind::Component(component) if !is_for_agents(component) => {}
                Kind::Component(component) => match component.text("text") {
                    Some(text) if node.children.is_empty() => out.push_str(&escaped(text)),
                    Some(_) | None => self.inline(&node.children, out),
                },
                Kind::Hidden
                | Kind::FootnoteReference { .. }
                | Kind::FootnoteDefinition { .. }
                | Kind::Rule => {}
                Kind::Heading { .. }
                | Kind::Paragraph
                | Kind::List { .. }
                | Kind::Item { .. }
                | Kind::Quote
                | Kind::Code(_)
                | Kind::Table { .. }
                | Kind::Row
                | Kind::Cell
                | Kind::Partial { .. } => self.inline(&node.children, out),
            }
        }
    }

    fn marked(&self, mark: &str, node: &Node, out: &mut String) {
        let words = self.words(&node.children);
        if !words.is_empty() {
            out.push_str(&format!("{mark}{words}{mark}"));
        }
    }

    /// Where a link leads: to Markdown, absolute.
    fn address(&self, node: &Node, url: &str) -> String {
        let addresses = &self.context.addresses;
        match self.page.links.get(&node.span) {
            Some(target) => addresses.in_markdown(self.context.site, &self.page.route, target),
            None if url.starts_with('#') => {
                format!("{}{url}", addresses.absolute(&addresses.twin(self.page)))
            }
            None => url.to_owned(),
        }
    }

    fn list(&self, node: &Node, start: Option<u64>, loose: bool) -> String {
        let mut items = Vec::new();
        for (number, item) in (start.unwrap_or(1)..).zip(&node.children) {
            let marker = if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
            let mut text = self.all(&item.children);
            if let Some(line) = self.blocks.note_lines.get(&item.span) {
                text = format!("Line {line}: {text}");
            }
            let margin = " ".repeat(marker.len());
            items.push(marker + indented(&text, &margin).trim_start());
        }
        items.join(if loose { "\n\n" } else { "\n" })
    }

    fn table(&self, node: &Node) -> String {
        let mut lines = Vec::new();
        for (index, row) in node.children.iter().enumerate() {
            let cells = row.children.iter();
            let cells: Vec<String> =
                cells.map(|cell| self.words(&cell.children).replace('|', "\\|").replace('\n', " ")).collect();
            lines.push(format!("| {} |", cells.join(" | ")));
            if index == 0 {
                lines.push(format!("|{}", " --- |".repeat(cells.len())));
            }
        }
        lines.join("\n")
    }

    fn component(&self, node: &Node, component: &Component) -> String {
        if !is_for_agents(component) {
            return String::new();
        }
        let title = match self.tab(component) {
            Some(tab) => escaped(&tab.label),
            None => self.title(component),
        };
        let body = self.all(&node.children);
        if component.name != "Admonition" {
            return titled_markdown(&title, &body);
        }
        let kind = component.text("type").unwrap_or("note");
        let title =
            if title.is_empty() { capitalised(kind) } else { format!("{}: {title}", capitalised(kind)) };
        quoted(&titled_markdown(&title, &body))
    }

    /// What a component is called, as Markdown.
    pub(super) fn title(&self, component: &Component) -> String {
        let named = ["title", "summary", "label"].iter().find_map(|name| component.attribute(name));
        match named.map(|attribute| &attribute.value) {
            Some(Value::String(text)) => escaped(text.trim()),
            Some(Value::Markup(nodes)) => self.words(nodes),
            _ => String::new(),
        }
    }

    fn tab(&self, component: &Component) -> Option<&Tab> {
        let mut tabs = self.page.tabs.iter().flat_map(|group| &group.tabs);
        tabs.find(|tab| component.ordinal > 0 && tab.panel == Some(component.ordinal))
    }
}

/// Whether a node stands among words and is no block.
pub(super) fn is_words(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(_)
        | Kind::InlineCode(_)
        | Kind::Emphasis
        | Kind::Strong
        | Kind::Strikethrough
        | Kind::SoftBreak
        | Kind::HardBreak
        | Kind::Link { .. }
        | Kind::Image { .. }
        | Kind::Expression { .. }
        | Kind::FootnoteReference { .. }
        | Kind::Math { display: false, .. }
        | Kind::Html { inline: true, .. } => true,
        Kind::Component(component) => component.inline && component.name != "CodeBlock",
        Kind::Heading { .. }
        | Kind::Paragraph
        | Kind::List { .. }
        | Kind::Item { .. }
        | Kind::Quote
        | Kind::Code(_)
        | Kind::Table { .. }
        | Kind::Row
        | Kind::Cell
        | Kind::Rule
        | Kind::FootnoteDefinition { .. }
        | Kind::Math { .. }
        | Kind::Html { .. }
        | Kind::Hidden
        | Kind::Partial { .. } => false,
    }
}

fn titled(title: Option<&str>, body: &str) -> String {
    titled_markdown(&title.map(escaped).unwrap_or_default(), body)
}

fn titled_markdown(title: &str, body: &str) -> String {
    match (title.is_empty(), body.is_empty()) {
        (true, _) => body.to_owned(),
        (false, true) => bold(title),
        (false, false) => format!("{}\n\n{body}", bold(title)),
    }
}

fn bold(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("**{words}**") }
}

fn link(words: &str, address: &str) -> String {
    if address.contains([' ', '(', ')']) {
        return format!("[{words}](<{address}>)");
    }
    format!("[{words}]({address})")
}

fn code_span(text: &str) -> String {
    let mut ticks = "`".to_owned();
    while text.contains(&ticks) {
        ticks.push('`');
    }
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn quoted(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") }).collect();
    lines.join("\n")
}

fn indented(text: &str, margin: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") })
        .collect();
    lines.join("\n")
}

fn capitalised(word: &str) -> String {
    let lower = word.to_lowercase();
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The words of a piece of HTML, as Markdown.
fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut in_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            other => words.push(other),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
