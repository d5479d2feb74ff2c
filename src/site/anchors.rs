//! A page's tree in; its headings, tab groups and anchors out, and the tree with ids and ordinals.

use std::collections::{BTreeMap, BTreeSet};

use super::slug::{Slugger, slug};
use super::tabs::{self, Texts};
use super::{Heading, TabGroup, markup};
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::{Kind, Node, Value, plain_text};

/// The tabs that something stands in, outermost first: (ordinal of the group's component, index of the tab).
pub(super) type TabPath = Vec<(u32, usize)>;

/// What can be pointed at in a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Marked {
    pub headings: Vec<Heading>,
    pub tabs: Vec<TabGroup>,
    /// Every anchor and the tabs it stands in: headings and their aliases, ids in HTML, `id` of components, panels of tabs.
    pub anchors: BTreeMap<String, TabPath>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Counts the components of a page, and gives headings and tab groups their ids.
pub(super) fn mark(nodes: &mut [Node], texts: &Texts) -> Marked {
    count(nodes, &mut 0);
    let mut work = Work {
        texts,
        slugger: Slugger::default(),
        explicit: BTreeMap::new(),
        ways: Vec::new(),
        made: Vec::new(),
        marked: Marked::default(),
    };
    work.reserve(nodes);
    work.visit(nodes, &mut Vec::new(), None);
    tabs::name(&mut work.marked.tabs, &mut work.slugger);
    work.panels();
    work.aliases();
    work.marked
}

/// Numbers components from 1 in reading order: those in an attribute before those in the body.
fn count(nodes: &mut [Node], last: &mut u32) {
    for node in nodes {
        if let Kind::Component(component) = &mut node.kind {
            *last += 1;
            component.ordinal = *last;
            for attribute in &mut component.attributes {
                if let Value::Markup(nodes) = &mut attribute.value {
                    count(nodes, last);
                }
            }
        }
        count(&mut node.children, last);
    }
}

struct Work<'a> {
    texts: &'a Texts<'a>,
    slugger: Slugger,
    /// The author's ids and the first heading of each.
    explicit: BTreeMap<String, Span>,
    /// The tabs that each tab group stands in.
    ways: Vec<TabPath>,
    /// The slug of each heading's words, none for those with an id of the author's.
    made: Vec<Option<String>>,
    marked: Marked,
}

impl Work<'_> {
    /// Takes the author's ids first, so that no made one stands in their way.
    fn reserve(&mut self, nodes: &mut [Node]) {
        for node in nodes {
            if let Kind::Heading { id, explicit: true, marker, .. } = &mut node.kind {
                let span = marker.unwrap_or(node.span);
                if let Some(first) = self.explicit.get(id.as_str()) {
                    let unique = self.slugger.unique(id);
                    self.marked.diagnostics.push(
                        Diagnostic::new(&rules::DUPLICATE_ID, format!("two headings have the id `{id}`"))
                            .at(span)
                            .note(*first, "the first is here")
                            .help(format!("give this one another, such as `{{#{unique}}}`")),
                    );
                    *id = unique;
                } else {
                    self.explicit.insert(id.clone(), span);
                    self.slugger.unique(id);
                }
            }
            self.reserve(&mut node.children);
        }
    }

    /// `group` is the tab group whose direct content `nodes` are, by its place among the page's groups.
    fn visit(&mut self, nodes: &mut [Node], path: &mut TabPath, group: Option<usize>) {
        for node in nodes {
            if let Kind::Heading { .. } = node.kind {
                self.heading(node, path);
            } else if let Kind::Html { html, .. } = &node.kind {
                self.html(html, path);
            } else if let Kind::Component(_) = node.kind {
                self.component(node, path, group);
                continue;
            }
            // Partials and paragraphs are no step between a group and its items.
            let through = matches!(node.kind, Kind::Partial { .. } | Kind::Paragraph);
            self.visit(&mut node.children, path, group.filter(|_| through));
        }
    }

    fn heading(&mut self, node: &mut Node, path: &TabPath) {
        let text = plain_text(&node.children).split_whitespace().collect::<Vec<_>>().join(" ");
        let Kind::Heading { level, id, explicit, .. } = &mut node.kind else { return };
        if !*explicit {
            *id = self.slugger.slug(&text);
        }
        self.made.push((!*explicit).then(|| slug(&text)));
        self.anchor(id, path);
        let heading =
            Heading { level: *level, id: id.clone(), alias: None, text, span: node.span, tabs: path.clone() };
        self.marked.headings.push(heading);
    }

    fn html(&mut self, html: &str, path: &TabPath) {
        for attribute in markup::attributes(html) {
            let named = attribute.name == "name" && attribute.element.eq_ignore_ascii_case("a");
            if attribute.name == "id" || named {
                self.anchor(&markup::decode(attribute.value), path);
            }
        }
    }

    fn component(&mut self, node: &mut Node, path: &mut TabPath, group: Option<usize>) {
        let mut inner = None;
        if let Kind::Component(component) = &node.kind
            && component.name == tabs::GROUP
        {
            let read = tabs::group(node, component, self.texts, &mut self.marked.diagnostics);
            inner = Some(self.marked.tabs.len());
            self.marked.tabs.push(read);
            self.ways.push(path.clone());
        }
        let Kind::Component(component) = &mut node.kind else { return };
        let panel = group.and_then(|group| {
            let group = &self.marked.tabs[group];
            let index = group.tabs.iter().position(|tab| tab.panel == Some(component.ordinal))?;
            Some((group.ordinal, index))
        });
        path.extend(panel);
        if component.name == tabs::ITEM && group.is_none() {
            self.marked.diagnostics.push(
                Diagnostic::new(&rules::TAB_OUTSIDE, "`<TabItem>` stands outside `<Tabs>`")
                    .at(component.name_span)
                    .help("put `<Tabs>` around the items of one choice"),
            );
        }
        if let Some(id) = component.text("id") {
            self.anchor(id, path);
        }
        // Where books link to: the anchor that mdBook's own listings have.
        if component.name == "Listing"
            && let Some(number) = component.text("number")
        {
            self.anchor(&format!("listing-{number}"), path);
        }
        for attribute in &mut component.attributes {
            if let Value::Markup(nodes) = &mut attribute.value {
                self.visit(nodes, path, None);
            }
        }
        self.visit(&mut node.children, path, inner);
        if panel.is_some() {
            path.pop();
        }
    }

    fn anchor(&mut self, id: &str, path: &TabPath) {
        if !id.is_empty() && !self.marked.anchors.contains_key(id) {
            self.marked.anchors.insert(id.to_owned(), path.clone());
        }
    }

    /// Gives headings in tabs whose words another heading has, too, a second id that names the tab: `setup-azure`
    /// beside `setup-1`. Where the innermost tab does not tell them apart, it names all tabs from the outermost on.
    fn aliases(&mut self) {
        let mut repeated: BTreeMap<&str, usize> = BTreeMap::new();
        for made in self.made.iter().flatten() {
            *repeated.entry(made).or_default() += 1;
        }
        let labels: BTreeMap<(u32, usize), String> = self.marked.tabs.iter().flat_map(tabs::slugs).collect();
        let wanted = |heading: &Heading, made: Option<&String>| {
            let made = made?;
            let again = *made != heading.id || repeated.get(made.as_str()).is_some_and(|count| *count > 1);
            let tabs: Vec<&str> =
                heading.tabs.iter().map(|tab| labels.get(tab).map(String::as_str)).collect::<Option<_>>()?;
            let innermost = tabs.last()?;
            (again && !made.is_empty())
                .then(|| [format!("{made}-{innermost}"), format!("{made}-{}", tabs.join("-"))])
        };
        let wanted: Vec<Option<[String; 2]>> = self
            .marked
            .headings
            .iter()
            .zip(&self.made)
            .map(|(heading, made)| wanted(heading, made.as_ref()))
            .collect();
        let mut short: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for [innermost, all] in wanted.iter().flatten() {
            short.entry(innermost).or_default().insert(all);
        }
        for (heading, wanted) in self.marked.headings.iter_mut().zip(&wanted) {
            let Some([innermost, all]) = wanted else { continue };
            let told_apart = short.get(innermost.as_str()).is_some_and(|ways| ways.len() == 1);
            let wanted = if told_apart { innermost } else { all };
            let mut alias = self.slugger.unique(wanted);
            while self.marked.anchors.contains_key(&alias) {
                alias = self.slugger.unique(wanted);
            }
            self.marked.anchors.insert(alias.clone(), heading.tabs.clone());
            heading.alias = Some(alias);
        }
    }

    fn panels(&mut self) {
        for (group, way) in self.marked.tabs.iter().zip(&self.ways) {
            for (index, tab) in group.tabs.iter().enumerate() {
                let path = way.iter().copied().chain([(group.ordinal, index)]).collect();
                self.marked.anchors.entry(tab.id.clone()).or_insert(path);
            }
        }
    }
}
