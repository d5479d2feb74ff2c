//! The tabs of a page in, the pages that each of its choices makes out: for agents that know what they want of a page
//! whose tabs are whole procedures.
//!
//! Such tabs hold at least half of the article, and two of them or more have headings, steps or a numbered list. A page's
//! front matter can say `variants: true` or `false` instead. Other groups of the same `groupId` follow the choice, as
//! they do for readers; what is chosen in no group stays whole.

use std::collections::{BTreeMap, BTreeSet};

use super::slug::{Slugger, slug};
use super::{Page, TabGroup};
use crate::diagnostic::{Diagnostic, rules};
use crate::document::{FrontMatter, Kind, Node, walk};

/// A page with one tab of its leading group applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What its file is called after the page's: `azure.NAME.md`.
    pub name: String,
    /// The label of the tab.
    pub label: String,
    /// The index of the tab that is applied, by the ordinal of its group's component.
    pub tabs: BTreeMap<u32, usize>,
}

/// The path in the output folder that holds a variant of a page.
#[must_use]
pub fn variant_file(route: &str, name: &str) -> String {
    format!("{}.{name}.md", if route.is_empty() { "index" } else { route })
}

/// The variants of a page, in the order of their tabs; none where its tabs are no procedures.
pub(super) fn of(page: &Page) -> (Vec<Variant>, Option<Diagnostic>) {
    let front_matter = &page.document.front_matter;
    if front_matter.variants == Some(false) {
        return (Vec::new(), None);
    }
    let wanted = front_matter.variants == Some(true);
    if page.tabs.iter().all(|group| group.tabs.len() < 2) {
        return (Vec::new(), wanted.then(|| without_tabs(front_matter)));
    }
    let (outer, all) = outer(page);
    let mut weights: BTreeMap<(Option<&str>, u32), usize> = BTreeMap::new();
    for (group, weight) in &outer {
        *weights.entry(key(group)).or_default() += weight;
    }
    let mut large = outer.iter().map(|(group, _)| *group).filter(|group| weights[&key(group)] * 2 >= all);
    let procedures = large.find(|group| procedures(page, group) >= 2);
    let leading = procedures.or_else(|| outer.first().map(|(group, _)| *group).filter(|_| wanted));
    (leading.map_or_else(Vec::new, |group| applied(page, group)), None)
}

/// What groups that follow one choice have in common.
fn key(group: &TabGroup) -> (Option<&str>, u32) {
    (group.group.as_deref(), if group.group.is_some() { 0 } else { group.ordinal })
}

fn without_tabs(front_matter: &FrontMatter) -> Diagnostic {
    let message = "the page asks for variants, and has no tabs to make them of";
    let found = Diagnostic::new(&rules::VARIANTS_WITHOUT_TABS, message);
    let found = found.help("add `<Tabs>` with two tabs or more, or remove `variants`");
    match super::front_matter_span(front_matter, "variants") {
        Some(span) => found.at(span),
        None => found,
    }
}

/// The groups that stand in no tab and leave a choice, each with the bytes of words and code in it, and all of the page's.
/// A group in a tab is no page's leading one: nothing says which of the tabs around it was meant.
fn outer(page: &Page) -> (Vec<(&TabGroup, usize)>, usize) {
    let groups = page.tabs.iter().map(|group| (group.ordinal, group)).collect();
    let mut found = Vec::new();
    let all = weigh(&page.nodes, Some(&groups), &mut found);
    found.retain(|(group, _)| group.tabs.len() >= 2);
    (found, all)
}

/// The bytes of words and code in these nodes; the groups of tabs among them, where they are looked for.
fn weigh<'a>(
    nodes: &[Node],
    groups: Option<&BTreeMap<u32, &'a TabGroup>>,
    found: &mut Vec<(&'a TabGroup, usize)>,
) -> usize {
    let mut sum = 0;
    for node in nodes {
        let group = match &node.kind {
            Kind::Component(component) => groups.and_then(|groups| groups.get(&component.ordinal)).copied(),
            _ => None,
        };
        sum += match &node.kind {
            Kind::Text(text) | Kind::InlineCode(text) => text.len(),
            Kind::Code(code) => code.text.len(),
            _ => 0,
        };
        let inside = weigh(&node.children, groups.filter(|_| group.is_none()), found);
        sum += inside;
        found.extend(group.map(|group| (group, inside)));
    }
    sum
}

/// How many tabs of the group lead through something.
fn procedures(page: &Page, group: &TabGroup) -> usize {
    let mut procedures = BTreeSet::new();
    walk(&page.nodes, &mut |node| {
        if let Kind::Component(component) = &node.kind
            && group.tabs.iter().any(|tab| tab.panel == Some(component.ordinal))
            && leads(&node.children)
        {
            procedures.insert(component.ordinal);
        }
    });
    procedures.len()
}

fn leads(nodes: &[Node]) -> bool {
    let mut leads = false;
    walk(nodes, &mut |node| {
        leads |= match &node.kind {
            Kind::Heading { .. } => true,
            Kind::List { start: Some(_), .. } => node.children.len() >= 2,
            Kind::Component(component) => component.name == "Steps",
            _ => false,
        };
    });
    leads
}

/// The groups that a choice in this one is made in too, itself among them.
fn same<'a>(page: &'a Page, leading: &'a TabGroup) -> impl Iterator<Item = &'a TabGroup> {
    page.tabs.iter().filter(move |group| key(group) == key(leading))
}

fn applied(page: &Page, leading: &TabGroup) -> Vec<Variant> {
    let mut names = Slugger::default();
    let variant = |(index, tab): (usize, &super::Tab)| {
        let name = [&tab.value, &tab.label].map(|name| slug(name)).into_iter().find(|name| !name.is_empty());
        let name = names.unique(&name.unwrap_or_else(|| (index + 1).to_string()));
        let follow = same(page, leading).filter_map(|group| {
            let index = group.tabs.iter().position(|other| other.value == tab.value)?;
            Some((group.ordinal, index))
        });
        Variant { name, label: tab.label.clone(), tabs: follow.collect() }
    };
    // What no panel stands behind would be a page without its middle.
    leading.tabs.iter().enumerate().filter(|(_, tab)| tab.panel.is_some()).map(variant).collect()
}
