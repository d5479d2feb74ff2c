//! A `<Tabs>` node in, its [`TabGroup`] out, as Docusaurus puts one together.
//!
//! `values` wins over the items; the open tab is `defaultValue`, else the first `default`, else the first, and
//! none for `defaultValue={null}`. What Docusaurus throws on is reported, and the group made as well as it can be.

use std::collections::BTreeMap;

use super::slug::{Slugger, slug};
use super::{Tab, TabGroup};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};
use crate::document::{Component, Kind, Node, Value, plain_text};

/// The name of the group's component.
pub(super) const GROUP: &str = "Tabs";
/// The name of its items.
pub(super) const ITEM: &str = "TabItem";

/// The texts that spans point into, by file.
pub(super) type Texts<'a> = BTreeMap<FileId, &'a str>;

/// Reads the group of a `<Tabs>` node. Its HTML ids are given later, by [`name`].
pub(super) fn group(
    node: &Node,
    component: &Component,
    texts: &Texts,
    diagnostics: &mut Vec<Diagnostic>,
) -> TabGroup {
    let mut found = Vec::new();
    let items = items(&node.children, &mut found);
    // The tag of an item that is text was reported where it was read; what does not fit is a consequence.
    let torn = node.children.iter().any(is_torn);
    if !torn {
        diagnostics.append(&mut found);
    }
    let mut tabs =
        match component.attribute("values").map(|attribute| (&attribute.value, attribute.value_span)) {
            Some((Value::Array(values), span)) => from_values(values, span, &items, texts, &mut found),
            _ => from_items(&items, &mut found),
        };
    if !torn {
        diagnostics.append(&mut found);
    }
    let flagged = tabs.iter().position(|(_, flagged, _)| *flagged);
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    tabs.retain(|(tab, _, place)| match seen.get(&tab.value) {
        Some(first) => {
            diagnostics.push(
                Diagnostic::new(
                    &rules::TAB_DUPLICATE,
                    format!("the value `{}` is given to two tabs", tab.value),
                )
                .at(*place)
                .note(*first, "the first is here")
                .help("give each tab of a group a `value` of its own"),
            );
            false
        }
        None => {
            seen.insert(tab.value.clone(), *place);
            true
        }
    });
    let tabs: Vec<Tab> = tabs.into_iter().map(|(tab, ..)| tab).collect();
    let group = component.attribute("groupId").and_then(|attribute| scalar(&attribute.value));
    let query = match component.attribute("queryString").map(|attribute| &attribute.value) {
        Some(Value::String(key)) if !key.is_empty() => Some(key.clone()),
        Some(Value::Bool(true)) => group.clone(),
        _ => None,
    };
    let selected = selected(component, &tabs, flagged, diagnostics);
    TabGroup {
        ordinal: component.ordinal,
        id: String::new(),
        group,
        query,
        tabs,
        selected,
        span: component.name_span,
    }
}

/// Gives the groups of a page their HTML ids, none of which `taken` holds.
pub(super) fn name(groups: &mut [TabGroup], taken: &mut Slugger) {
    for (group, number) in groups.iter_mut().zip(1u32..) {
        group.id = taken.unique(&format!("tabs-{number}"));
        for (tab, number) in group.tabs.iter_mut().zip(1u32..) {
            let own = slug(&tab.value);
            let own = if own.is_empty() { number.to_string() } else { own };
            tab.id = taken.unique(&format!("{}-{own}", group.id));
        }
    }
}

/// What each tab of a group is called in an anchor, by the group's ordinal and the tab's index.
pub(super) fn slugs(group: &TabGroup) -> impl Iterator<Item = ((u32, usize), String)> {
    group.tabs.iter().enumerate().map(|(index, tab)| {
        let own = [&tab.label, &tab.value].map(|name| slug(name)).into_iter().find(|name| !name.is_empty());
        ((group.ordinal, index), own.unwrap_or_else(|| (index + 1).to_string()))
    })
}

/// The items of a group: its components, through partials; what else stands there would never be shown.
fn items<'a>(nodes: &'a [Node], diagnostics: &mut Vec<Diagnostic>) -> Vec<&'a Component> {
    let mut found = Vec::new();
    for node in nodes {
        match &node.kind {
            Kind::Component(item) if item.name == ITEM || item.attribute("value").is_some() => {
                found.push(item);
            }
            Kind::Partial { .. } | Kind::Paragraph if holds_items(node) => {
                found.extend(items(&node.children, diagnostics));
            }
            Kind::Hidden | Kind::SoftBreak | Kind::HardBreak => {}
            Kind::Text(text) if text.trim().is_empty() => {}
            Kind::Partial { .. } if node.children.iter().all(|node| node.kind == Kind::Hidden) => {}
            _ => diagnostics.push(
                Diagnostic::new(
                    &rules::TAB_WITHOUT_BUTTON,
                    "this stands in a tab group but in none of its tabs",
                )
                .at(node.span)
                .help("move it into a `<TabItem>`, or before `<Tabs>`: readers cannot reach it here"),
            ),
        }
    }
    found
}

/// Whether the node is the tag of an item that was never closed, or closes none, and so is text.
fn is_torn(node: &Node) -> bool {
    matches!(node.kind, Kind::Paragraph | Kind::Text(_))
        && ["<TabItem", "</TabItem"].iter().any(|tag| plain_text(std::slice::from_ref(node)).contains(tag))
}

fn holds_items(node: &Node) -> bool {
    node.children
        .iter()
        .any(|child| matches!(&child.kind, Kind::Component(item) if item.name == ITEM) || holds_items(child))
}

/// The tabs that `values` lists, each with the panel of its value; whether it is flagged as the default, and where
/// its value is written.
fn from_values(
    values: &[Value],
    span: Span,
    items: &[&Component],
    texts: &Texts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Tab, bool, Span)> {
    let mut tabs = Vec::new();
    let mut from = span.range().start;
    for value in values {
        let field = |name: &str| match value {
            Value::Object(fields) => fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            other => (name == "value").then_some(other),
        };
        let Some(own) = field("value").and_then(scalar) else {
            diagnostics.push(
                Diagnostic::new(&rules::ATTRIBUTE_TYPE, "an entry of `values` has no `value`")
                    .at(span)
                    .help("write each entry as `{label: 'Label', value: 'value'}`"),
            );
            continue;
        };
        let label = field("label").and_then(scalar).unwrap_or_else(|| own.clone());
        let place = quoted(texts, span, from, &label).unwrap_or(span);
        if place != span {
            from = place.range().end;
        }
        let panel = items.iter().find(|item| item_value(item).as_deref() == Some(own.as_str()));
        let flagged =
            matches!(field("default"), Some(Value::Bool(true))) || panel.is_some_and(|item| is_default(item));
        if panel.is_none() {
            let near = items.iter().filter_map(|item| Some((item_value(item)?, item.name_span)));
            diagnostics.push(without_panel(&label, &own, place, &near.collect::<Vec<_>>()));
        }
        tabs.push((
            Tab { value: own, label, id: String::new(), panel: panel.map(|item| item.ordinal), span: place },
            flagged,
            place,
        ));
    }
    for item in items {
        let own = item_value(item);
        if !tabs.iter().any(|(tab, ..)| Some(&tab.value) == own.as_ref()) {
            let said = own.as_deref().map_or("this panel".to_owned(), |own| format!("the panel `{own}`"));
            diagnostics.push(
                Diagnostic::new(&rules::TAB_WITHOUT_BUTTON, format!("{said} has no tab that opens it"))
                    .at(item.name_span)
                    .note(span, "the tabs are listed here")
                    .help("add it to `values`, or leave `values` out and give each `<TabItem>` a `label`"),
            );
        }
    }
    tabs
}

fn without_panel(label: &str, own: &str, place: Span, panels: &[(String, Span)]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&rules::TAB_WITHOUT_PANEL, format!("the tab `{label}` opens no panel")).at(place);
    let near = nearest(own, panels.iter().map(|(value, _)| value.as_str()));
    match panels.iter().find(|(value, _)| Some(value.as_str()) == near) {
        Some((value, span)) => diagnostic
            .note(*span, format!("a panel with the value `{value}` is here"))
            .help(format!("make the two values the same: `{own}` or `{value}`")),
        None => diagnostic.help(format!("add `<TabItem value=\"{own}\">…</TabItem>` to the group")),
    }
}

/// The tabs of a group without `values`: one for each item.
fn from_items(items: &[&Component], diagnostics: &mut Vec<Diagnostic>) -> Vec<(Tab, bool, Span)> {
    let mut tabs = Vec::new();
    for item in items {
        let label = item.attribute("label").and_then(|found| Some((scalar(&found.value)?, found.value_span)));
        let Some(value) = item_value(item) else {
            diagnostics.push(
                Diagnostic::new(&rules::TAB_WITHOUT_BUTTON, "this tab has neither a `value` nor a `label`")
                    .at(item.name_span)
                    .help("write `<TabItem value=\"…\" label=\"…\">`"),
            );
            continue;
        };
        let labelled = label.as_ref().map(|(_, span)| *span);
        let place = item.attribute("value").map(|value| value.value_span);
        let place = place.or(labelled).unwrap_or(item.name_span);
        let span = labelled.unwrap_or(place);
        let label = label.map_or_else(|| value.clone(), |(label, _)| label);
        tabs.push((
            Tab { value, label, id: String::new(), panel: Some(item.ordinal), span },
            is_default(item),
            place,
        ));
    }
    tabs
}

/// The value of an item; its label where it has none.
fn item_value(item: &Component) -> Option<String> {
    let read = |name| item.attribute(name).and_then(|found| scalar(&found.value));
    read("value").or_else(|| read("label"))
}

fn is_default(item: &Component) -> bool {
    item.attribute("default").is_some_and(|found| !matches!(found.value, Value::Bool(false) | Value::Null))
}

fn selected(
    component: &Component,
    tabs: &[Tab],
    flagged: Option<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let first = (!tabs.is_empty()).then_some(flagged.unwrap_or(0).min(tabs.len().saturating_sub(1)));
    let Some(attribute) = component.attribute("defaultValue") else { return first };
    if attribute.value == Value::Null {
        return None;
    }
    let Some(wanted) = scalar(&attribute.value) else { return first };
    let found = tabs.iter().position(|tab| tab.value == wanted);
    if found.is_none() {
        let diagnostic = Diagnostic::new(
            &rules::TAB_DEFAULT,
            format!("`defaultValue` names `{wanted}`, which is no tab's value"),
        )
        .at(attribute.value_span);
        let near = nearest(&wanted, tabs.iter().flat_map(|tab| [tab.value.as_str(), tab.label.as_str()]));
        let near = near.and_then(|near| tabs.iter().find(|tab| tab.value == near || tab.label == near));
        diagnostics.push(match near {
            Some(tab) => diagnostic
                .note(tab.span, "the tab is here")
                .help(format!("did you mean `{}`?", tab.value))
                .fix(attribute.value_span, format!("\"{}\"", tab.value)),
            None => {
                let values: Vec<_> = tabs.iter().map(|tab| format!("`{}`", tab.value)).collect();
                diagnostic.help(format!("name one of {}", values.join(", ")))
            }
        });
    }
    found.or(first)
}

/// A string, number or boolean as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) | Value::Markup(_) | Value::Expression(_) => None,
    }
}

/// Where `text` stands in quotes between `from` and the end of `span`.
fn quoted(texts: &Texts, span: Span, from: usize, text: &str) -> Option<Span> {
    let source = texts.get(&span.file)?.get(from..span.range().end)?;
    ['\'', '"', '`']
        .iter()
        .filter_map(|quote| source.find(&format!("{quote}{text}{quote}")))
        .min()
        .map(|at| Span::new(span.file, from + at..from + at + text.len() + 2))
}
