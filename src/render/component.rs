//! What both projections of a component share: which template draws it, its arguments, the facts it is given.

use serde_json::{Map, Value as Json, json};

use super::Context;
use crate::document::{Attribute, Code, Component, Kind, Node, Syntax, Value, plain_text, walk};
use crate::site::links::entry_key;
use crate::site::{Page, Tab, TabGroup, Target};
use crate::theme::Signature;

/// How a component of a page is drawn.
pub(super) enum Drawn<'a> {
    /// By the templates of this name.
    By(&'a str, &'a Signature),
    /// Its children stand in its place: `book.toml` says so, or no theme knows it (which is reported before).
    Children,
}

/// A component that was drawn directly inside another one.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The name of its templates.
    pub(super) name: String,
    /// Which component of its page it is.
    pub(super) ordinal: u32,
    /// Its arguments.
    pub(super) attributes: Map<String, Json>,
    /// What is in it, drawn.
    pub(super) body: String,
    /// The component as a whole, drawn.
    pub(super) whole: String,
    /// The words in it.
    pub(super) text: String,
    /// The level of the highest heading in it.
    pub(super) min_heading: Option<u8>,
    /// Whether a single block of code is all that is in it.
    pub(super) is_code: bool,
    /// Its `@id`.
    pub(super) id: String,
    /// Its `@url`.
    pub(super) url: String,
}

impl Item {
    /// What it shows as the panel of a tab. Docusaurus takes any element with a `value` for one; such a one is more
    /// than its body.
    pub(super) fn panel(&self) -> &str {
        if self.name == "TabItem" { &self.body } else { &self.whole }
    }

    /// Its entry in `@items`.
    pub(super) fn json(&self) -> Json {
        json!({
            "name": self.name,
            "attributes": self.attributes,
            "body": self.body,
            "text": self.text,
            "id": self.id,
            "url": self.url,
        })
    }
}

/// Which templates draw `component`.
pub(super) fn drawn<'a>(context: &'a Context<'_>, component: &'a Component) -> Drawn<'a> {
    match context.theme.components.get(&component.name) {
        Some(signature) => Drawn::By(&component.name, signature),
        None => Drawn::Children,
    }
}

/// The author's attributes that the templates take, as JSON. Others are reported by the checks; giving them to
/// the template engine would only turn one finding into two.
pub(super) fn arguments(component: &Component, signature: &Signature) -> Map<String, Json> {
    let mut arguments = Map::new();
    for attribute in &component.attributes {
        // Template names hold no `-`; `file-name` is `file_name` there.
        let written = signature.attributes.iter().any(|known| known.name == attribute.name);
        let name = if written { attribute.name.clone() } else { attribute.name.replace('-', "_") };
        if !signature.open && !signature.attributes.iter().any(|known| known.name == name) {
            continue;
        }
        if let Some(value) = value(&attribute.value) {
            arguments.insert(name, value);
        }
    }
    arguments
}

/// An attribute's value as JSON. `null` and what is no literal count as not given: a typed argument takes neither.
fn value(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null | Value::Expression(_) => return None,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Number(number) => self::number(*number),
        Value::String(text) => Json::String(text.clone()),
        Value::Array(values) => {
            Json::Array(values.iter().map(|inner| self::value(inner).unwrap_or(Json::Null)).collect())
        }
        Value::Object(entries) => Json::Object(
            entries
                .iter()
                .map(|(key, inner)| (key.clone(), self::value(inner).unwrap_or(Json::Null)))
                .collect(),
        ),
        Value::Markup(nodes) => Json::String(plain_text(nodes)),
    })
}

/// A whole number as an integer: a template that declares `integer` takes no `2.0`.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and within the range that is exact")]
fn number(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9.0e15 {
        return Json::from(number as i64);
    }
    serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
}

/// The attributes that are Markdown: each goes to the template as a fact of its name.
pub(super) fn markup(component: &Component) -> Vec<(&str, &[Node])> {
    component.attributes.iter().filter_map(|it| Some((it.name.as_str(), markup_of(it)?))).collect()
}

fn markup_of(attribute: &Attribute) -> Option<&[Node]> {
    match &attribute.value {
        Value::Markup(nodes) => Some(nodes),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)
        | Value::Expression(_) => None,
    }
}

/// The level of the highest heading among `nodes`.
pub(super) fn min_heading(nodes: &[Node]) -> Option<u8> {
    let mut lowest = None;
    walk(nodes, &mut |node| {
        if let Kind::Heading { level, .. } = node.kind {
            lowest = Some(lowest.map_or(level, |other: u8| other.min(level)));
        }
    });
    lowest
}

/// Whether a single block of code, in a fence or as a tag, is all that `nodes` show.
pub(super) fn is_code(nodes: &[Node]) -> bool {
    let is_shown = |node: &&Node| match &node.kind {
        Kind::Hidden | Kind::SoftBreak => false,
        Kind::Text(text) => !text.trim().is_empty(),
        _ => true,
    };
    let mut shown = nodes.iter().filter(is_shown);
    let (Some(node), None) = (shown.next(), shown.next()) else { return false };
    match &node.kind {
        Kind::Code(code) => code.fence.language != "mermaid",
        Kind::Component(component) => component.name == "CodeBlock",
        Kind::Partial { .. } => is_code(&node.children),
        _ => false,
    }
}

/// The kind of an admonition, what readers call it, and the built-in kind it looks like.
pub(super) fn admonition_facts(context: &Context<'_>, component: &Component, facts: &mut Map<String, Json>) {
    let written = component.text("type").unwrap_or("note");
    // GFM writes its five kinds in capitals.
    let kind = if component.syntax == Syntax::Alert { written.to_lowercase() } else { written.to_owned() };
    let custom = context.config.admonitions.get(&kind);
    let label = match custom {
        Some(custom) => custom.title.clone(),
        None => context.word(&format!("admonition_{kind}")).map_or_else(|| capitalised(&kind), str::to_owned),
    };
    facts.insert("like".to_owned(), json!(custom.map_or(kind.as_str(), |custom| custom.like.as_str())));
    facts.insert("kind".to_owned(), Json::String(kind));
    facts.insert("label".to_owned(), Json::String(label));
}

/// `word` with a capital first letter.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Where the address among the attributes leads, as the link stage found it.
pub(super) fn target<'a>(page: &'a Page, component: &Component) -> Option<&'a Target> {
    const FIRST: [&str; 4] = ["href", "to", "link", "url"];
    let preferred = FIRST.iter().filter_map(|name| component.attribute(name));
    preferred.chain(&component.attributes).find_map(|attribute| {
        let light = match &attribute.value {
            Value::Object(entries) => entries.iter().position(|(key, _)| key == "light").unwrap_or(0),
            _ => 0,
        };
        let entry = || page.links.get(&entry_key(attribute.value_span, light));
        page.links.get(&attribute.value_span).or_else(entry)
    })
}

/// The address that an author wrote, where the link stage knows none.
pub(super) fn written_address(component: &Component) -> &str {
    ["href", "to", "link", "url"].iter().find_map(|name| component.text(name)).unwrap_or_default()
}

/// The group of tabs that a component is.
pub(super) fn tab_group<'a>(page: &'a Page, component: &Component) -> Option<&'a TabGroup> {
    page.tabs.iter().find(|group| group.ordinal == component.ordinal)
}

/// The entries of `@items` for a group of tabs, with what was drawn in each panel. `linked` says which of the tabs
/// links lead to.
pub(super) fn tab_items(group: &TabGroup, drawn: &[Item], linked: &dyn Fn(usize) -> bool) -> Json {
    let item = |(index, tab): (usize, &Tab)| {
        let panel = drawn.iter().find(|item| tab.panel == Some(item.ordinal));
        let body = panel.map_or("", Item::panel);
        let argument = |name: &str| panel.and_then(|item| item.attributes.get(name));
        let class = argument("className").and_then(Json::as_str).unwrap_or_default();
        let button_class = argument("attributes").and_then(|it| it["className"].as_str()).unwrap_or_default();
        json!({
            "value": tab.value,
            "label": tab.label,
            "id": tab.id,
            "button_id": format!("{}-button", tab.id),
            "selected": group.selected == Some(index),
            "linked": linked(index),
            "min_heading": panel.and_then(|item| item.min_heading),
            "code": panel.is_some_and(|item| item.is_code),
            "class": class,
            "button_class": button_class,
            "body": body,
        })
    };
    Json::Array(group.tabs.iter().enumerate().map(item).collect())
}

/// A name as the start of an HTML id: `AccordionGroup` is `accordion-group`.
pub(super) fn id_stem(name: &str) -> String {
    let mut stem = String::new();
    let mut before = '-';
    for letter in name.chars() {
        if letter.is_uppercase() && before != '-' && !before.is_uppercase() {
            stem.push('-');
        }
        let plain = if letter.is_alphanumeric() { letter } else { '-' };
        stem.extend(plain.to_lowercase());
        before = plain;
    }
    stem
}

/// What a `<CodeBlock>` holds, as if it stood in a fence: the fence in it, or its text as it stands, that of a
/// template literal too.
pub(super) fn fence_of(node: &Node, component: &Component) -> Code {
    let inner = fence_in(&node.children);
    let mut fence = inner.map(|code| code.fence.clone()).unwrap_or_default();
    let class = component.text("className").and_then(|class| class.strip_prefix("language-"));
    if let Some(language) = component.text("language").or(class) {
        language.clone_into(&mut fence.language);
    }
    if component.attribute("showLineNumbers").is_some() {
        fence.line_numbers = fence.line_numbers.or(Some(1));
    }
    let text = inner.map_or_else(|| literal_text(node, component), |code| code.text.clone());
    Code { fence, info: None, text, fenced: true }
}

fn fence_in(nodes: &[Node]) -> Option<&Code> {
    nodes.iter().find_map(|node| match &node.kind {
        Kind::Code(code) => Some(code),
        _ => fence_in(&node.children),
    })
}

fn literal_text(node: &Node, component: &Component) -> String {
    let text = match &node.children[..] {
        [] => component.text("children").unwrap_or_default().to_owned(),
        children => plain_text(children),
    };
    // Where a literal stands among words, its braces and quotes are gone already: what begins with a brace here may
    // as well be JSON.
    let text = text.trim();
    let literal = text.strip_prefix("{`").and_then(|text| text.strip_suffix("`}"));
    let text = literal.unwrap_or(text);
    format!("{}\n", text.trim_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_names() {
        assert_eq!(id_stem("AccordionGroup"), "accordion-group");
        assert_eq!(id_stem("llms-only"), "llms-only");
        assert_eq!(id_stem("FAQ"), "faq");
    }

    #[test]
    fn whole_numbers_are_integers() {
        assert_eq!(number(2.0), json!(2));
        assert_eq!(number(2.5), json!(2.5));
    }
}
