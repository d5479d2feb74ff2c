//! Components and blocks of code: drawn by their templates, with what is in them drawn before.

use serde_json::{Map, Value as Json, json};

use super::{Around, Printer, escape};
use crate::diagnostic::Span;
use crate::document::{Code, Component, Node, Value, plain_text};
use crate::render::Context;
use crate::render::code;
use crate::render::component::{self, Drawn, Item};
use crate::render::fields::PANEL;
use crate::render::frame::nested;
use crate::site::Page;
use crate::theme::{Projection, Signature};

impl<'a> Printer<'a> {
    /// What the template of a block of code is given. `span` is where the block stands in the tree.
    pub(super) fn code_facts(
        &mut self,
        around: Around<'a>,
        code: &Code,
        span: Option<Span>,
    ) -> (Map<String, Json>, Map<String, Json>) {
        let context = around.context;
        let fence = &code.fence;
        let noted = span.and_then(|span| self.noted.get(&span));
        let mut notes = String::new();
        if let Some((noted, list)) = noted.and_then(|noted| Some((noted, noted.list?))) {
            self.note_blocks += 1;
            notes = format!("code-note-{}", self.note_blocks);
            self.note_lists.insert(list.span, (noted.code.span, notes.clone()));
        }
        let block = code::Block {
            context,
            code,
            names: &self.fields.names,
            attributes: &|key| self.fields.attributes(key),
            notes: noted,
        };
        let lines = code::drawn(&block);
        let mut facts = Map::new();
        let fold = code::folded(fence, lines.len(), context.config.highlight.fold);
        facts.insert("fold".to_owned(), json!(fold.unwrap_or(0)));
        facts.insert("lines".to_owned(), Json::Array(lines));
        facts.insert("classes".to_owned(), Json::String(code::classes(fence)));
        facts.insert("line_numbers".to_owned(), Json::Bool(fence.line_numbers.is_some()));
        facts.insert("file".to_owned(), json!(code::file_name(fence).unwrap_or_default()));
        facts.insert("notes".to_owned(), Json::String(notes));
        let arguments = context.code_arguments(fence, &mut facts);
        (arguments, facts)
    }

    /// The list of what readers fill in.
    pub(super) fn fields_panel(&mut self, span: Span) {
        if !self.around.is_some_and(|around| around.context.theme.components.contains_key(PANEL)) {
            return;
        }
        let facts = self.panel_facts();
        self.draw(PANEL, span, &Map::new(), &facts, None, false);
    }

    fn panel_facts(&self) -> Map<String, Json> {
        let mut facts = Map::new();
        facts.insert("placeholders".to_owned(), Json::Array(self.fields.list.clone()));
        facts
    }

    pub(super) fn component(&mut self, node: &'a Node, component: &'a Component) {
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

    pub(super) fn known_component(
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
        if name == PANEL {
            facts.extend(self.panel_facts());
        }
        if name == "TOCInline" {
            facts.insert("contents".to_owned(), contents(context, page, component));
        }
        if matches!(name, "ThemedImage" | "Image") {
            let images = self.component_images(around, component);
            facts.insert("images".to_owned(), Json::String(images));
        }
        if name == "Mermaid" {
            self.diagram_facts(component.text("value").unwrap_or_default(), &mut facts);
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
            is_code: component::is_code(&node.children),
            id,
            url,
        });
    }

    /// `<CodeBlock>` as a tag: what it holds is drawn as if it stood in a fence.
    pub(super) fn code_component(
        &mut self,
        around: Around<'a>,
        node: &'a Node,
        component: &'a Component,
        signature: &Signature,
    ) {
        let code = component::fence_of(node, component);
        let (mut arguments, facts) = self.code_facts(around, &code, None);
        for (name, value) in component::arguments(component, signature) {
            arguments.insert(name, value);
        }
        arguments.remove("children");
        self.draw("CodeBlock", node.span, &arguments, &facts, None, component.inline);
    }

    /// Draws a component by its template. Where that fails the body stands there alone: the build stops later, with
    /// everything that is wrong reported.
    pub(super) fn draw(
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
    pub(super) fn inside(&mut self, nodes: &'a [Node]) -> (String, Vec<Item>) {
        let outer = std::mem::take(&mut self.out);
        let direct = std::mem::replace(&mut self.direct, true);
        self.items.push(Vec::new());
        self.blocks(nodes);
        self.direct = direct;
        let items = self.items.pop().unwrap_or_default();
        let body = std::mem::replace(&mut self.out, outer);
        (body.trim_matches('\n').to_owned(), items)
    }

    pub(super) fn remember(&mut self, item: Item) {
        if self.direct
            && let Some(items) = self.items.last_mut()
        {
            items.push(item);
        }
    }

    /// The place among the components of the same name in the same parent, from 1.
    pub(super) fn index_among_siblings(&self, name: &str) -> usize {
        let siblings = self.items.last().filter(|_| self.direct);
        1 + siblings.map_or(0, |items| items.iter().filter(|item| item.name == name).count())
    }

    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        while !self.ids.insert(id.clone()) {
            id.push_str("-x");
        }
        id
    }
}

/// The headings that `<TOCInline>` lists: those below the title without the first ones, which `toc={toc.slice(2)}`
/// leaves out, and of them the levels that it or `book.toml` names.
fn contents(context: &Context<'_>, page: &Page, component: &Component) -> Json {
    let level = |name: &str, otherwise: u8| match component.attribute(name).map(|found| &found.value) {
        Some(Value::Number(level)) => *level,
        _ => f64::from(otherwise),
    };
    let toc = context.config.page.toc;
    let levels = level("minHeadingLevel", toc.min)..=level("maxHeadingLevel", toc.max);
    let skipped = match component.attribute("toc").map(|found| &found.value) {
        Some(Value::Expression(source)) => {
            source.split(['(', ')']).nth(1).and_then(|count| count.trim().parse().ok()).unwrap_or(0)
        }
        _ => 0,
    };
    let below = page.headings.iter().filter(|heading| heading.level > 1).skip(skipped);
    let listed = below.filter(|heading| levels.contains(&f64::from(heading.level)));
    serde_json::to_value(nested(page, listed)).unwrap_or_default()
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
