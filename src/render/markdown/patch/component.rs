//! Components, partials and blocks of code: drawn by their templates from bodies that are texts of their own.

use serde_json::{Map, Value as Json, json};

use super::margin::{Column, body_columns, without_blank_ends};
use super::{Margin, Patcher, Place, is_block};
use crate::diagnostic::{FileId, Span};
use crate::document::{Code, Component, Node, Syntax, plain_text};
use crate::render::code;
use crate::render::component::{self, Drawn, Item};
use crate::render::fields::PANEL;
use crate::site::Page;
use crate::theme::Projection;

impl<'a> Patcher<'a> {
    pub(super) fn code(&mut self, code: &'a Code, span: Span) {
        self.pull_in(if code.fenced { 4 } else { 1 });
        let drawn = self.draw_code(code, &Map::new(), span);
        self.cursor = span.end as usize;
        let list = self.fields.first.take_if(|first| *first == span).map(|_| self.draw_fields(span));
        match list.filter(|list| !list.is_empty()) {
            Some(list) => self.put_block(&format!("{drawn}\n\n{list}"), false),
            None => self.put_block(&drawn, true),
        }
    }

    /// The list of what readers fill in.
    fn draw_fields(&mut self, span: Span) -> String {
        if !self.context.theme.components.contains_key(PANEL) {
            return String::new();
        }
        let facts = self.panel_facts();
        let list = self.draw(PANEL, span, &Map::new(), &facts, None);
        without_blank_ends(&list).to_owned()
    }

    fn panel_facts(&self) -> Map<String, Json> {
        let mut facts = Map::new();
        facts.insert("placeholders".to_owned(), Json::Array(self.fields.list.clone()));
        facts
    }

    pub(super) fn draw_code(&mut self, code: &Code, own: &Map<String, Json>, span: Span) -> String {
        let language = code::language(&code.fence);
        let mut lines = code::lines(&code.text, &code.fence, self.context.config.content.dialect);
        if let Some(noted) = self.noted.get(&span) {
            for line in &mut lines {
                code::take_marker(line, noted);
            }
        }
        let text = code::joined(&lines);
        let fence = code::fenced(language, &text);
        let mut facts = Map::new();
        facts.insert("fence".to_owned(), Json::String(fence.clone()));
        let mut arguments = self.context.code_arguments(&code.fence, &mut facts);
        arguments.extend(own.clone());
        arguments.remove("children");
        if !self.context.theme.components.contains_key("CodeBlock") {
            return fence;
        }
        self.draw("CodeBlock", span, &arguments, &facts, None)
    }

    pub(super) fn component(&mut self, node: &'a Node, component: &'a Component) {
        let end = node.span.end as usize;
        match component::drawn(self.context, component) {
            Drawn::Children => {
                let direct = self.direct;
                (self.ends, self.runs_on) = (self.last, self.followed);
                let body = self.body(node, component, direct);
                self.cursor = end;
                self.put(&body, component.inline);
            }
            Drawn::By("CodeBlock", signature) => {
                let code = component::fence_of(node, component);
                let own = component::arguments(component, signature);
                let drawn = self.draw_code(&code, &own, node.span);
                self.cursor = end;
                self.put(&drawn, component.inline);
            }
            Drawn::By(name, signature) => {
                let arguments = component::arguments(component, signature);
                let drawn = self.known_component(node, component, name, arguments);
                self.cursor = end;
                self.put(&drawn, component.inline);
            }
        }
    }

    pub(super) fn known_component(
        &mut self,
        node: &'a Node,
        component: &'a Component,
        name: &str,
        arguments: Map<String, Json>,
    ) -> String {
        let (context, page) = (self.context, self.page);
        let group = component::tab_group(page, component);
        let level = self.level;
        let panel = panel_label(page, component.ordinal);
        self.path.extend(panel.map(str::to_owned));
        let summary = self.summary.replace(String::new());
        self.items.push(Vec::new());
        // The margin of an admonition and of a step, and the label of the next tab, say where they end.
        let shows_end = matches!(name, "Admonition" | "Step" | "TabItem");
        let (ends, runs_on) = (self.ends, self.runs_on);
        (self.ends, self.runs_on) = (self.last, self.followed && !shows_end);
        let body = self.body(node, component, true);
        (self.ends, self.runs_on) = (ends, runs_on);
        let items = self.items.pop().unwrap_or_default();
        let summary = std::mem::replace(&mut self.summary, summary).unwrap_or_default();
        if panel.is_some() {
            self.path.pop();
        }
        let url = match component::target(page, component) {
            Some(target) => context.addresses.in_markdown(context.site, &page.route, target),
            None => self.own(component::written_address(component)),
        };
        let id = match group {
            Some(group) => group.id.clone(),
            None => self.unique(&format!("{}-{}", component::id_stem(name), component.ordinal)),
        };
        let mut facts = Map::new();
        facts.insert("id".to_owned(), json!(id));
        facts.insert("inline".to_owned(), json!(component.inline));
        facts.insert("url".to_owned(), json!(url));
        facts.insert("index".to_owned(), json!(self.index_among_siblings(name)));
        // 7 where no level is left: a label must not end the section it stands in.
        facts.insert("heading_level".to_owned(), json!(level + 1));
        facts.insert("last".to_owned(), json!(self.last));
        facts.insert("followed".to_owned(), json!(self.followed));
        facts.insert("path".to_owned(), json!(self.path));
        facts.insert("summary".to_owned(), Json::String(summary));
        match group {
            Some(group) => {
                let linked = |index: usize| context.linked_tabs.contains(&(self.id, group.ordinal, index));
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
        for (attribute, nodes) in component::markup(component) {
            let markup = self.markup(nodes);
            facts.insert(attribute.to_owned(), Json::String(markup));
        }
        let drawn = self.draw(name, node.span, &arguments, &facts, Some(&body));
        let drawn = match component.text("id") {
            Some(id) if matches!(name, "Accordion" | "Admonition" | "details") => anchored(&drawn, id),
            Some(_) | None => drawn,
        };
        let item = Item {
            name: name.to_owned(),
            ordinal: component.ordinal,
            attributes: arguments,
            whole: drawn.clone(),
            body,
            text: plain_text(&node.children).trim().to_owned(),
            min_heading: component::min_heading(&node.children),
            is_code: component::is_code(&node.children),
            id,
            url,
        };
        if self.direct
            && let Some(items) = self.items.last_mut()
        {
            items.push(item);
        }
        if drawn.is_empty() {
            // The headings in what was left out are not there for what follows.
            self.level = level;
        }
        drawn
    }

    pub(super) fn draw(
        &mut self,
        name: &str,
        span: Span,
        arguments: &Map<String, Json>,
        facts: &Map<String, Json>,
        body: Option<&str>,
    ) -> String {
        let drawn = self.context.theme.component(Projection::Markdown, name, arguments, facts, body);
        let text = drawn.unwrap_or_else(|message| {
            self.failures.entry((name.to_owned(), message)).or_insert(span);
            body.unwrap_or_default().to_owned()
        });
        text.trim_matches('\n').trim_end().to_owned()
    }

    /// What is in a component, as a text of its own.
    pub(super) fn body(&mut self, node: &'a Node, component: &Component, direct: bool) -> String {
        let quotes = self.quotes + usize::from(component.syntax == Syntax::Alert);
        let range = match (component.body, node.children.first(), node.children.last()) {
            (Some(body), ..) => body.range(),
            (None, Some(first), Some(last)) => first.span.start as usize..last.span.end as usize,
            (None, ..) => return String::new(),
        };
        let from = if component.syntax == Syntax::Alert { range.start } else { node.span.start as usize };
        let columns = body_columns(self.text, &range, quotes)
            .unwrap_or_else(|| Column::of(self.file, self.text, from, quotes, &mut self.column));
        let margin = Margin { quotes, columns };
        let outer = (self.cursor, self.limit, self.margin, self.quotes, self.base, self.place, self.direct);
        let out = std::mem::take(&mut self.out);
        (self.cursor, self.limit, self.margin, self.quotes) = (range.start, range.end, margin, quotes);
        (self.base, self.direct) = (0, direct);
        if !component.inline {
            self.place = Place::Blocks;
        }
        self.nodes(&node.children);
        self.copy_to(range.end);
        (self.cursor, self.limit, self.margin, self.quotes, self.base, self.place, self.direct) = outer;
        let body = std::mem::replace(&mut self.out, out);
        without_blank_ends(&body).to_owned()
    }

    /// Markdown in an attribute.
    pub(super) fn markup(&mut self, nodes: &'a [Node]) -> String {
        let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else { return String::new() };
        let outer = (self.cursor, self.limit, self.place);
        let out = std::mem::take(&mut self.out);
        (self.cursor, self.limit) = (first.span.start as usize, last.span.end as usize);
        self.place = Place::Line;
        self.nodes(nodes);
        self.copy_to(last.span.end as usize);
        (self.cursor, self.limit, self.place) = outer;
        std::mem::replace(&mut self.out, out).trim().to_owned()
    }

    pub(super) fn partial(&mut self, node: &'a Node, file: FileId) {
        let document = self.context.documents.get(&file).copied();
        let (Some(document), Some(first), Some(last)) =
            (document, node.children.first(), node.children.last())
        else {
            return self.leave_out(node.span.end as usize);
        };
        let outer =
            (self.file, self.text, self.cursor, self.limit, self.margin, self.quotes, self.base, self.place);
        let out = std::mem::take(&mut self.out);
        let was_partial = std::mem::replace(&mut self.partial, true);
        (self.file, self.text, self.limit) = (file, &document.text, last.span.end as usize);
        // An unwrapped component stands in the page, and in the quotes around it.
        let quotes = if file == outer.0 { self.quotes } else { 0 };
        (self.cursor, self.margin, self.quotes, self.base) =
            (first.span.start as usize, Margin { quotes, columns: 0 }, quotes, 0);
        if node.children.iter().any(is_block) {
            self.place = Place::Blocks;
        }
        // The children that a page gives its partial stand in the page's margin.
        self.margin.columns = Column::of(self.file, self.text, self.cursor, quotes, &mut self.column);
        let replaced = self.replaced_in(&node.children, document);
        let replaced = std::mem::replace(&mut self.replaced, replaced);
        (self.ends, self.runs_on) = (self.last, self.followed);
        self.nodes(&node.children);
        self.copy_to(last.span.end as usize);
        self.replaced = replaced;
        self.partial = was_partial;
        (self.file, self.text, self.cursor, self.limit, self.margin, self.quotes, self.base, self.place) =
            outer;
        let body = std::mem::replace(&mut self.out, out);
        self.cursor = node.span.end as usize;
        let is_words = self.place != Place::Blocks && !body.contains('\n');
        self.put(without_blank_ends(&body), is_words);
    }

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

/// A drawn box with the anchor that its author gave it: on its bold first line, else on a line before it.
fn anchored(drawn: &str, id: &str) -> String {
    let id = id.trim();
    if id.is_empty() || drawn.is_empty() {
        return drawn.to_owned();
    }
    let anchor = format!("<a id=\"{}\"></a>", id.replace('&', "&amp;").replace('"', "&quot;"));
    if drawn.starts_with("**") { format!("{anchor}{drawn}") } else { format!("{anchor}\n\n{drawn}") }
}

/// The label of the tab whose panel is the component of this ordinal.
fn panel_label(page: &Page, ordinal: u32) -> Option<&str> {
    let tabs = page.tabs.iter().flat_map(|group| &group.tabs);
    tabs.filter(|tab| tab.panel == Some(ordinal)).map(|tab| tab.label.as_str()).next()
}
