//! A page in, its blocks of commands, of files and of output out, as readers copy them: what procedures are made of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::code::{self, Exchange};
use super::{Context, component};
use crate::diagnostic::Span;
use crate::document::notes::{Noted, by_block};
use crate::document::placeholder::{names, names_in};
use crate::document::{Code, Component, Kind, Node};
use crate::placeholder::Names;
use crate::site::{Page, Visibility};

/// Reads the blocks of code of a page.
#[derive(Debug)]
pub struct Blocks<'a> {
    context: &'a Context<'a>,
    names: Names,
    noted: BTreeMap<Span, Noted<'a>>,
    /// The line that each note is about, by the place of the note.
    pub note_lines: BTreeMap<Span, usize>,
}

/// A file that readers write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path, as the author names it.
    pub path: String,
    /// The language of the block.
    pub language: String,
    /// Its text, as it is shown.
    pub text: String,
    /// What readers fill in: as written, and the key of its field.
    pub fields: Vec<(String, String)>,
}

/// Whether a page is a procedure: one that agents may read, with commands in it that are more than examples.
#[must_use]
pub fn has_commands(context: &Context<'_>, page: &Page) -> bool {
    if page.visibility != Visibility::Listed || page.document.front_matter.no_procedure {
        return false;
    }
    let mut blocks = None;
    any_block(&page.nodes, &mut |node, code| {
        let noted = blocks.get_or_insert_with(|| Blocks::new(context, page));
        !noted.exchanges(node, code).is_empty()
    })
}

/// The block of code that a node is, in a fence or as a tag.
#[must_use]
pub fn block_of(node: &Node) -> Option<Cow<'_, Code>> {
    match &node.kind {
        Kind::Code(code) => Some(Cow::Borrowed(code)),
        Kind::Component(component) if component.name == "CodeBlock" => {
            Some(Cow::Owned(component::fence_of(node, component)))
        }
        _ => None,
    }
}

/// Whether agents are given what is in a component.
#[must_use]
pub fn is_for_agents(component: &Component) -> bool {
    let for_humans = component.name == "Visibility" && component.text("for") == Some("humans");
    component.name != "llms-ignore" && !for_humans
}

fn any_block(nodes: &[Node], is_wanted: &mut impl FnMut(&Node, &Code) -> bool) -> bool {
    nodes.iter().any(|node| {
        if let Some(code) = block_of(node) {
            return is_wanted(node, &code);
        }
        match &node.kind {
            Kind::Component(component) if !is_for_agents(component) => false,
            _ => any_block(&node.children, is_wanted),
        }
    })
}

impl<'a> Blocks<'a> {
    /// The blocks of a page.
    #[must_use]
    pub fn new(context: &'a Context<'a>, page: &'a Page) -> Self {
        let noted = by_block(&page.nodes);
        Self {
            context,
            names: names(&page.document.front_matter, context.config.placeholders.keys()),
            note_lines: code::note_lines(context, &noted),
            noted,
        }
    }

    /// The lists that are notes on blocks of code.
    pub fn note_lists(&self) -> impl Iterator<Item = &Node> {
        self.noted.values().filter_map(|noted| noted.list)
    }

    /// The commands of a block; none where it holds none.
    #[must_use]
    pub fn exchanges(&self, node: &Node, code: &Code) -> Vec<Exchange> {
        code::exchanges(self.context, code, &self.names, self.noted.get(&node.span))
    }

    /// The file that readers write with a block.
    #[must_use]
    pub fn file(&self, node: &Node, code: &Code) -> Option<Written> {
        let path = code::written_file(&code.fence)?.to_owned();
        let text = self.text(node, code);
        let mut fields = Vec::new();
        for found in names_in(code, &self.names).map_or_else(Vec::new, |names| names.find(&text)) {
            let field = (text[found.place].to_owned(), found.key);
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        Some(Written { path, language: code::language(&code.fence).to_owned(), text, fields })
    }

    /// A block as it is shown, each line ended.
    #[must_use]
    pub fn text(&self, node: &Node, code: &Code) -> String {
        let mut lines = code::lines(&code.text, &code.fence, self.context.config.content.dialect);
        if let Some(noted) = self.noted.get(&node.span) {
            for line in &mut lines {
                code::take_marker(line, noted);
            }
        }
        code::joined(&lines)
    }

    /// A block as a fence of Markdown.
    #[must_use]
    pub fn fenced(&self, node: &Node, code: &Code) -> String {
        code::fenced(code::language(&code.fence), &self.text(node, code))
    }
}
