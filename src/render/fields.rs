//! A page in, what its readers fill in out: which names count as placeholders, and what the site says of each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::Context;
use super::html::escaped;
use crate::config::Config;
use crate::diagnostic::Span;
use crate::document::placeholder::{Use, names, uses};
use crate::document::{Kind, Node, plain_text, walk};
use crate::placeholder::{Names, Placeholder, key};
use crate::site::{Page, Site};

/// The name of the component that lists the placeholders of a page.
pub(super) const PANEL: &str = "Placeholders";

/// The placeholders of a page.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    /// The names that count.
    pub(super) names: Names,
    /// Those that are described and used, by key.
    described: BTreeMap<String, &'a Placeholder>,
    /// The keys that are secrets anywhere on the site.
    secrets: Option<&'a BTreeSet<String>>,
    /// What their list is drawn from.
    pub(super) list: Vec<Json>,
    /// The block of code that first uses one that is described.
    pub(super) first: Option<Span>,
    /// The block at the top of the page that holds it: in a tab the list would be hidden with it.
    pub(super) before: Option<Span>,
}

/// The keys of all secrets of a site: what is one on any page is stored on none.
pub(super) fn secrets(config: &Config, site: &Site) -> BTreeSet<String> {
    let pages = site.pages.iter().flat_map(|page| &page.document.front_matter.placeholders);
    let declared = pages.map(|declared| (&declared.name, &declared.placeholder)).chain(&config.placeholders);
    declared.filter(|(_, placeholder)| placeholder.secret).map(|(name, _)| key(name)).collect()
}

impl<'a> Fields<'a> {
    /// What the page declares and uses.
    pub(super) fn of(context: &'a Context<'a>, page: &'a Page) -> Self {
        Self::without(context, page, &BTreeSet::new())
    }

    /// The same for the page without the components of these ordinals.
    pub(super) fn without(context: &'a Context<'a>, page: &'a Page, left_out: &BTreeSet<u32>) -> Self {
        let front_matter = &page.document.front_matter;
        let names = names(front_matter, context.config.placeholders.keys());
        let mut uses = uses(&page.nodes, &names);
        if !left_out.is_empty() && !uses.is_empty() {
            let mut kept = BTreeSet::new();
            places(&page.nodes, left_out, &mut kept);
            uses.retain(|used| kept.contains(&used.at));
        }
        let own = front_matter.placeholders.iter().map(|declared| (&declared.name, &declared.placeholder));
        let mut fields = Self { names, secrets: Some(&context.secrets), ..Self::default() };
        for (name, placeholder) in own.chain(&context.config.placeholders) {
            let key = key(name);
            let Some(first) = uses.iter().find(|used| used.key == key) else { continue };
            if fields.described.contains_key(&key) {
                continue;
            }
            fields.list.push(fields.entry(&key, name, placeholder, first));
            fields.described.insert(key, placeholder);
        }
        let is_first = |used: &&Use| used.in_block && fields.described.contains_key(&used.key);
        let first = uses.iter().find(is_first).map(|used| used.at);
        fields.first = first.filter(|_| !has_own_list(&page.nodes));
        fields.before = fields.first.and_then(|first| top(&page.nodes, first));
        fields
    }

    fn entry(&self, key: &str, name: &str, placeholder: &Placeholder, first: &Use) -> Json {
        json!({
            "key": key,
            "name": name,
            "written": first.written,
            "label": placeholder.label(name),
            "help": pieces(placeholder.help.as_deref().unwrap_or_default()),
            "pattern": placeholder.pattern.as_deref().unwrap_or_default(),
            "example": placeholder.example.as_deref().or(placeholder.default.as_deref()).unwrap_or_default(),
            "default": placeholder.default.as_deref().unwrap_or_default(),
            "secret": self.is_secret(key),
        })
    }

    fn is_secret(&self, key: &str) -> bool {
        self.secrets.is_some_and(|secrets| secrets.contains(key))
    }

    /// The attributes of the tag around a placeholder.
    pub(super) fn attributes(&self, key: &str) -> String {
        let mut attributes = format!("class=\"p\" data-placeholder=\"{}\"", escaped(key));
        if let Some(default) = self.described.get(key).and_then(|placeholder| placeholder.default.as_deref())
        {
            attributes.push_str(&format!(" data-default=\"{}\"", escaped(default)));
        }
        if self.is_secret(key) {
            attributes.push_str(" data-secret");
        }
        attributes
    }
}

/// Where everything stands, but what is in the components of these ordinals.
fn places(nodes: &[Node], left_out: &BTreeSet<u32>, kept: &mut BTreeSet<Span>) {
    for node in nodes {
        if !matches!(&node.kind, Kind::Component(component) if left_out.contains(&component.ordinal)) {
            kept.insert(node.span);
            places(&node.children, left_out, kept);
        }
    }
}

/// Whether the author has said where the list stands.
fn has_own_list(nodes: &[Node]) -> bool {
    let mut has = false;
    walk(nodes, &mut |node| {
        has |= matches!(&node.kind, Kind::Component(component) if component.name == PANEL);
    });
    has
}

/// The block at the top of the page, or of a partial in it, in which `inner` stands; the words before it, where they
/// announce it.
fn top(nodes: &[Node], inner: Span) -> Option<Span> {
    let mut blocks = Vec::new();
    top_blocks(nodes, &mut blocks);
    let holds = |block: &&Node| {
        let mut holds = false;
        walk(std::slice::from_ref(*block), &mut |node| holds |= node.span == inner);
        holds
    };
    let at = blocks.iter().position(holds)?;
    let announces = |block: &&&Node| {
        block.kind == Kind::Paragraph && plain_text(std::slice::from_ref(**block)).trim_end().ends_with(':')
    };
    let before = at.checked_sub(1).and_then(|before| blocks.get(before)).filter(announces);
    Some(before.unwrap_or(&blocks[at]).span)
}

fn top_blocks<'a>(nodes: &'a [Node], blocks: &mut Vec<&'a Node>) {
    for node in nodes {
        match node.kind {
            Kind::Partial { .. } => top_blocks(&node.children, blocks),
            Kind::Hidden => {}
            _ => blocks.push(node),
        }
    }
}

/// Words with `code` in them as pieces for templates.
fn pieces(text: &str) -> Json {
    let parts: Vec<&str> = text.split('`').collect();
    // A tick without a partner is a tick.
    if parts.len().is_multiple_of(2) {
        return json!([{ "text": text, "code": false }]);
    }
    let parts = parts.iter().enumerate().filter(|(_, text)| !text.is_empty());
    parts.map(|(index, text)| json!({ "text": text, "code": index % 2 == 1 })).collect()
}
