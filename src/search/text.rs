//! A page's tree in, the text that readers can search out: by heading, each piece with the tabs it stands in.

use std::collections::BTreeMap;

use crate::document::{Code, Component, Kind, Node, Value, fence, plain_text};
use crate::render::address::encode_query;
use crate::site::{Page, decode_entities};

/// How many bytes of text one entry of the index may hold: a longer page has several, so that no piece of the index
/// and no excerpt's text is large.
const PART: usize = 14_000;

/// The tabs that something stands in, outermost first: (ordinal of the group's component, index of the tab).
type TabPath = Vec<(u32, usize)>;

/// What stands below a heading, or before the first one.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    /// The words of the heading; empty before the first one.
    pub heading: String,
    /// 1 to 6.
    pub level: u8,
    /// Its anchor.
    pub anchor: String,
    /// The tabs it stands in.
    pub tabs: TabPath,
    /// Whether its heading stands in the part before.
    pub continued: bool,
    /// What is below it.
    pub blocks: Vec<Block>,
}

/// A piece of text: a paragraph, a row of a table, a block of code.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Whether it is code.
    pub code: bool,
    /// Whether its lines are commands.
    pub shell: bool,
    /// The words.
    pub text: String,
    /// The code that stands among the words, by itself.
    pub spans: Vec<String>,
    /// The tabs it stands in.
    pub tabs: TabPath,
}

/// The sections of a page, in parts of bounded size. Text for agents alone is left out.
pub(super) fn parts(page: &Page) -> Vec<Vec<Section>> {
    let mut panels = BTreeMap::new();
    for group in &page.tabs {
        for (index, tab) in group.tabs.iter().enumerate() {
            panels.extend(tab.panel.map(|panel| (panel, (group.ordinal, index))));
        }
    }
    let mut walk = Walk {
        panels,
        title: page
            .has_h1
            .then(|| page.headings.iter().find(|heading| heading.level == 1))
            .flatten()
            .map(|it| &*it.id),
        sections: vec![Section::default()],
        current: 0,
        path: Vec::new(),
        open: None,
    };
    walk.blocks(&page.nodes);
    walk.close();
    split(walk.sections)
}

/// What selects the tabs of a path: their labels, and the query of an address that opens the innermost one.
pub(super) fn tabs(page: &Page, path: &[(u32, usize)]) -> (Vec<String>, String) {
    let mut labels = Vec::new();
    let mut query: Vec<String> = Vec::new();
    for (depth, (ordinal, index)) in path.iter().enumerate() {
        let Some(group) = page.tabs.iter().find(|group| group.ordinal == *ordinal) else { continue };
        let Some(tab) = group.tabs.get(*index) else { continue };
        let own = group.query.as_ref().or(group.group.as_ref());
        let key = if depth + 1 == path.len() { Some("tab") } else { own.map(String::as_str) };
        // An outer group without a name of its own opens with what is in it.
        if let Some(key) = key {
            query.push(format!("{}={}", encode_query(key), encode_query(&tab.label)));
        }
        labels.push(tab.label.clone());
    }
    (labels, query.join("&"))
}

struct Walk<'a> {
    /// The tab of each panel, by the panel's ordinal.
    panels: BTreeMap<u32, (u32, usize)>,
    /// The id of the heading that is the page's title.
    title: Option<&'a str>,
    sections: Vec<Section>,
    current: usize,
    path: TabPath,
    /// The paragraph that is being read.
    open: Option<Block>,
}

impl<'a> Walk<'a> {
    fn blocks(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    /// Ends the piece of text at hand.
    fn close(&mut self) {
        if let Some(mut block) = self.open.take() {
            if !is_tidy(&block.text) {
                block.text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            if !block.text.is_empty() {
                self.sections[self.current].blocks.push(block);
            }
        }
    }

    fn say(&mut self, words: &str) {
        let path = &self.path;
        let open = self.open.get_or_insert_with(|| Block {
            code: false,
            shell: false,
            text: String::new(),
            spans: Vec::new(),
            tabs: path.clone(),
        });
        open.text.push_str(words);
    }

    fn code(&mut self, code: &Code) {
        self.close();
        if let Some(title) = &code.fence.title {
            self.say(title);
            self.close();
        }
        let lines: Vec<String> =
            fence::lines(&code.fence, &code.text).into_iter().map(|line| line.text).collect();
        let text = lines.join("\n");
        let text = text.trim_matches('\n').to_owned();
        if !text.trim().is_empty() {
            let shell = matches!(
                &*code.fence.language.to_ascii_lowercase(),
                "" | "bash"
                    | "sh"
                    | "shell"
                    | "console"
                    | "zsh"
                    | "az"
                    | "azurecli"
                    | "azurecli-interactive"
                    | "powershell"
            );
            let tabs = self.path.clone();
            self.sections[self.current].blocks.push(Block {
                code: true,
                shell,
                text,
                spans: Vec::new(),
                tabs,
            });
        }
    }

    fn apart(&mut self, node: &'a Node) {
        self.close();
        self.blocks(&node.children);
        self.close();
    }

    fn node(&mut self, node: &'a Node) {
        match &node.kind {
            Kind::Heading { level, id, .. } => {
                self.close();
                if self.title == Some(id) {
                    return;
                }
                let heading = plain_text(&node.children).split_whitespace().collect::<Vec<_>>().join(" ");
                self.sections.push(Section {
                    heading,
                    level: *level,
                    anchor: id.clone(),
                    tabs: self.path.clone(),
                    ..Section::default()
                });
                self.current = self.sections.len() - 1;
            }
            Kind::Code(code) => self.code(code),
            Kind::Text(text) => self.say(text),
            Kind::InlineCode(text) => {
                self.say(text);
                if let Some(open) = &mut self.open {
                    open.spans.push(text.clone());
                }
            }
            Kind::Math { tex, .. } => self.say(tex),
            Kind::Expression { source } => {
                self.say("{");
                self.say(source);
                self.say("}");
            }
            Kind::SoftBreak | Kind::HardBreak => self.say(" "),
            Kind::Image { .. } => {
                self.say(" ");
                self.blocks(&node.children);
                self.say(" ");
            }
            Kind::Cell => {
                self.blocks(&node.children);
                self.say(" ");
            }
            Kind::Component(component) => self.component(node, component),
            Kind::Paragraph
            | Kind::List { .. }
            | Kind::Item { .. }
            | Kind::Quote
            | Kind::Table { .. }
            | Kind::Row
            | Kind::FootnoteDefinition { .. } => self.apart(node),
            Kind::Emphasis
            | Kind::Strong
            | Kind::Strikethrough
            | Kind::Link { .. }
            | Kind::Partial { .. } => self.blocks(&node.children),
            Kind::Html { html, inline } => {
                if !inline {
                    self.close();
                }
                self.say(&without_tags(html));
            }
            Kind::Rule | Kind::Hidden | Kind::FootnoteReference { .. } => {}
        }
    }

    fn component(&mut self, node: &'a Node, component: &'a Component) {
        let agents_only = component.name == "llms-only"
            || component.name == "Visibility" && component.text("for") == Some("agents");
        if agents_only {
            return;
        }
        if !component.inline {
            self.close();
        }
        let before = self.current;
        let panel = self.panels.get(&component.ordinal).copied();
        self.path.extend(panel);
        for attribute in &component.attributes {
            match &attribute.value {
                Value::Markup(nodes) => {
                    self.blocks(nodes);
                    self.close();
                }
                Value::String(words)
                    if panel.is_none()
                        && matches!(
                            &*attribute.name,
                            "title" | "description" | "summary" | "caption" | "text" | "tip" | "headline"
                        ) =>
                {
                    self.say(words);
                    if component.inline {
                        self.say(" ");
                    } else {
                        self.close();
                    }
                }
                Value::String(_)
                | Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Array(_)
                | Value::Object(_)
                | Value::Expression(_) => {}
            }
        }
        self.blocks(&node.children);
        if !component.inline {
            self.close();
        }
        if panel.is_some() {
            self.path.pop();
            // What follows the tabs stands below the heading before them.
            self.current = before;
        }
    }
}

/// Whether all its words have one space between them, as nearly all text has; letters that are not ASCII may be spaces.
fn is_tidy(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !(b' '..0x7F).contains(&byte) || byte == b' ' && before == b' ' {
            return false;
        }
        before = byte;
    }
    text.is_empty() || before != b' '
}

/// The words of a piece of HTML; scripts and style sheets have none.
fn without_tags(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    if lower.contains("<script") || lower.contains("<style") {
        return String::new();
    }
    let mut words = String::new();
    let mut in_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                words.push(' ');
            }
            _ if in_tag => {}
            other => words.push(other),
        }
    }
    decode_entities(&words).into_owned()
}

/// Sections in parts of bounded size; one that is too long itself is continued in the next part.
fn split(sections: Vec<Section>) -> Vec<Vec<Section>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut size = 0;
    for mut section in sections {
        let blocks = std::mem::take(&mut section.blocks);
        if section.heading.is_empty() && blocks.is_empty() {
            continue;
        }
        size += section.heading.len();
        for block in blocks.into_iter().flat_map(pieces) {
            if size > 0 && size + block.text.len() > PART {
                let rest = Section { blocks: Vec::new(), continued: true, ..section.clone() };
                let first = std::mem::replace(&mut section, rest);
                // A heading goes with its text.
                if first.blocks.is_empty() && !first.continued {
                    section.continued = false;
                } else {
                    part.push(first);
                }
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                size = section.heading.len();
            }
            size += block.text.len();
            section.blocks.push(block);
        }
        part.push(section);
    }
    if !part.is_empty() || parts.is_empty() {
        parts.push(part);
    }
    parts
}

/// A block in pieces of which each fits a part.
fn pieces(block: Block) -> Vec<Block> {
    if block.text.len() <= PART {
        return vec![block];
    }
    let mut pieces = Vec::new();
    let mut rest = &block.text[..];
    while !rest.is_empty() {
        let mut end = rest.len().min(PART);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        if end < rest.len()
            && let Some(at) = rest[..end].rfind(['\n', ' '])
        {
            end = at + 1;
        }
        pieces.push(Block { text: rest[..end].trim().to_owned(), ..block.clone() });
        rest = &rest[end..];
    }
    pieces
}
