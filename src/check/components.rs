//! Components against the theme: their names, where they stand, and their attributes.

use std::collections::BTreeMap;

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, Edit, FileId, nearest, rules};
use crate::document::{Attribute, Component, Import, Kind, Node, Syntax, Value, plain_text};
use crate::theme::{AttributeType, Signature};

/// Attributes that any component may have: React's own, anchors and appearance, which a theme may pass by.
const UNIVERSAL: &[&str] = &["children", "class", "className", "id", "key", "style"];

/// A component that no theme defines: one finding for each, with all places of it.
pub(super) fn known(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let imports = imports(inputs);
    let mut unknown: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
    each(inputs, &mut |component| {
        if !inputs.theme.components.contains_key(&component.name) {
            unknown.entry(&component.name).or_default().push(component);
        }
    });
    for (name, mut uses) in unknown {
        // A partial is read once for each page that shows it.
        uses.sort_by_key(|component| component.name_span);
        uses.dedup_by_key(|component| component.name_span);
        let near = nearest(name, inputs.theme.components.keys().map(String::as_str));
        let import = uses.iter().find_map(|component| imports.get(&component.name_span.file)?.get(name));
        let near = near.filter(|_| import.is_none());
        let fix = |component: &Component| {
            let is_alone = component.syntax == Syntax::Tag && component.body.is_none();
            let replacement = near.filter(|_| is_alone)?.to_owned();
            Some(Edit { span: component.name_span, replacement })
        };
        let Some((first, others)) = uses.split_first() else { continue };
        let places = if others.is_empty() { String::new() } else { format!(", in {} places", uses.len()) };
        let message = format!("no theme defines the component `{name}`{places}");
        let mut diagnostic = Diagnostic::new(&rules::UNKNOWN_COMPONENT, message).at(first.name_span);
        diagnostic.uses = others.iter().map(|component| (component.name_span, fix(component))).collect();
        diagnostic.fix = fix(first);
        if let Some(import) = import {
            diagnostic = diagnostic
                .note(import.span, format!("imported from `{}`, whose code is not run", import.source));
        }
        found.push(diagnostic.help(match near {
            Some(near) => format!("did you mean `<{near}>`?"),
            None => advice(name),
        }));
    }
}

fn advice(name: &str) -> String {
    format!(
        "add `components/{name}.html` and `components/{name}.md` to a theme of your own, or write \
         `{name} = \"unwrap\"` under `[components]` in `book.toml` to keep only what is in it"
    )
}

/// A component outside the one it belongs in. Tab items are read with their groups.
pub(super) fn parents(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    fn visit<'a>(inputs: &Inputs, nodes: &'a [Node], above: &mut Vec<&'a str>, found: &mut Vec<Diagnostic>) {
        for node in nodes {
            let Kind::Component(component) = &node.kind else {
                visit(inputs, &node.children, above, found);
                continue;
            };
            let name = component.name.as_str();
            let parent = inputs.theme.components.get(name).and_then(|signature| signature.parent.as_deref());
            if let Some(parent) = parent.filter(|parent| name != "TabItem" && !above.contains(parent)) {
                found.push(
                    Diagnostic::new(
                        &rules::COMPONENT_OUTSIDE,
                        format!("`<{name}>` stands outside `<{parent}>`"),
                    )
                    .at(component.name_span)
                    .help(format!("put `<{parent}>` around it")),
                );
            }
            loose(inputs, node, name, found);
            above.push(name);
            visit(inputs, &node.children, above, found);
            above.pop();
        }
    }
    for page in &inputs.site.pages {
        visit(inputs, &page.nodes, &mut Vec::new(), found);
    }
}

/// What stands between the parts of a component: text between `<Step>`s has no place in their list.
fn loose(inputs: &Inputs, node: &Node, name: &str, found: &mut Vec<Diagnostic>) {
    fn holds(node: &Node, is_part: &dyn Fn(&Node) -> bool) -> bool {
        is_part(node) || node.children.iter().any(|child| holds(child, is_part))
    }
    let signature = |component: &Component| inputs.theme.components.get(&component.name);
    let is_part = |node: &Node| match &node.kind {
        Kind::Component(part) => signature(part).is_some_and(|part| part.parent.as_deref() == Some(name)),
        _ => false,
    };
    // Tab groups are checked with their tabs.
    if name == "Tabs" || !node.children.iter().any(|child| holds(child, &is_part)) {
        return;
    }
    let part = node.children.iter().find_map(|child| {
        let mut part = None;
        walk(std::slice::from_ref(child), &mut |inner| {
            if let (None, Kind::Component(component)) = (part, &inner.kind)
                && is_part(inner)
            {
                part = Some(component.name.as_str());
            }
        });
        part
    });
    let part = part.unwrap_or_default();
    // A tag of a part that is text was reported where it was read.
    let torn = |node: &Node| {
        let words = plain_text(std::slice::from_ref(node));
        words.contains(&format!("<{part}")) || words.contains(&format!("</{part}"))
    };
    if node.children.iter().any(torn) {
        return;
    }
    for child in node.children.iter().filter(|child| !holds(child, &is_part) && !is_blank(child)) {
        found.push(
            Diagnostic::new(
                &rules::COMPONENT_OUTSIDE,
                format!("this stands in `<{name}>` but in none of its `<{part}>`"),
            )
            .at(child.span)
            .help(format!("move it into a `<{part}>`, or before `<{name}>`")),
        );
    }
}

/// Whether nothing of a node is shown.
fn is_blank(node: &Node) -> bool {
    match &node.kind {
        Kind::Hidden | Kind::SoftBreak | Kind::HardBreak | Kind::FootnoteDefinition { .. } => true,
        Kind::Text(words) => words.trim().is_empty(),
        Kind::Paragraph | Kind::Partial { .. } => node.children.iter().all(is_blank),
        _ => false,
    }
}

/// Attributes that a component does not take, needs and lacks, or takes as something else.
pub(super) fn attributes(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    each(inputs, &mut |component| {
        // A directive's attributes are made by the reader of documents, not by an author.
        let Some(signature) = inputs.theme.components.get(&component.name) else { return };
        if component.syntax != Syntax::Tag {
            return;
        }
        for attribute in &component.attributes {
            match signature.attributes.iter().find(|known| same_name(&known.name, &attribute.name)) {
                Some(known) => found.extend(mismatch(component, attribute, known)),
                None => found.extend(unknown(component, attribute, signature)),
            }
        }
        for known in signature.attributes.iter().filter(|known| known.required) {
            if !component.attributes.iter().any(|attribute| same_name(&known.name, &attribute.name)) {
                found.push(
                    Diagnostic::new(
                        &rules::MISSING_ATTRIBUTE,
                        format!("`<{}>` needs the attribute `{}`", component.name, known.name),
                    )
                    .at(component.name_span)
                    .help(format!("write `<{} {}=\"…\">`", component.name, known.name)),
                );
            }
        }
    });
}

fn unknown(component: &Component, attribute: &Attribute, signature: &Signature) -> Option<Diagnostic> {
    let name = attribute.name.as_str();
    let free = UNIVERSAL.contains(&name) || name.starts_with("data-") || name.starts_with("aria-");
    if signature.open || free {
        return None;
    }
    let known: Vec<&str> = signature.attributes.iter().map(|known| known.name.as_str()).collect();
    let mut diagnostic = Diagnostic::new(
        &rules::UNKNOWN_ATTRIBUTE,
        format!("`<{}>` takes no attribute `{name}`", component.name),
    )
    .at(attribute.span);
    diagnostic = match nearest(name, known.iter().copied()) {
        Some(near) => {
            let written = near.to_owned();
            let start = attribute.span.range().start;
            let own = crate::diagnostic::Span::new(attribute.span.file, start..start + name.len());
            diagnostic.help(format!("did you mean `{near}`?")).fix(own, written)
        }
        None if known.is_empty() => diagnostic.help("it takes none: remove it"),
        None => diagnostic.help(format!("it takes `{}`", known.join("`, `"))),
    };
    Some(diagnostic)
}

fn mismatch(component: &Component, attribute: &Attribute, known: &AttributeType) -> Option<Diagnostic> {
    if let Value::String(text) = &attribute.value
        && !known.choices.is_empty()
        && !known.choices.contains(text)
    {
        return Some(no_choice(component, attribute, text, known));
    }
    let expected = known.kind?;
    let fits = match &attribute.value {
        // Code was reported where it was read, and an absent value is as good as none.
        Value::Null | Value::Expression(_) => true,
        Value::String(_) | Value::Markup(_) => expected == "string",
        Value::Bool(_) => expected == "bool",
        Value::Number(number) => match expected {
            "integer" => number.fract() == 0.0,
            "float" | "number" => true,
            _ => false,
        },
        Value::Array(_) => expected == "array",
        Value::Object(_) => expected == "map",
    };
    if fits {
        return None;
    }
    let diagnostic = Diagnostic::new(
        &rules::ATTRIBUTE_TYPE,
        format!(
            "`{}` of `<{}>` is {}, not {}",
            attribute.name,
            component.name,
            described(&attribute.value),
            named(expected)
        ),
    )
    .at(attribute.span);
    let replacement = match (&attribute.value, expected) {
        (Value::String(text), "bool") if text == "true" || text == "false" => Some(format!("{{{text}}}")),
        (Value::String(text), "integer") if text.parse::<i64>().is_ok() => Some(format!("{{{text}}}")),
        (Value::String(text), "float" | "number") if text.parse::<f64>().is_ok() => {
            Some(format!("{{{text}}}"))
        }
        (Value::Number(number), "string") => Some(format!("\"{number}\"")),
        _ => None,
    };
    let diagnostic = match (&replacement, expected) {
        (Some(text), _) => diagnostic.help(format!("write `{}={text}`", attribute.name)),
        (None, "string") => diagnostic.help(format!("write `{}=\"…\"`", attribute.name)),
        (None, "bool") => diagnostic.help(format!("write `{0}` alone, or `{0}={{false}}`", attribute.name)),
        (None, "array") => diagnostic.help(format!("write `{}={{[…]}}`", attribute.name)),
        (None, "map") => diagnostic.help(format!("write `{}={{{{key: 'value'}}}}`", attribute.name)),
        (None, _) => diagnostic.help(format!("write `{}={{1}}`", attribute.name)),
    };
    let has_value = attribute.value_span.end == attribute.span.end && attribute.value_span != attribute.span;
    Some(match replacement.filter(|_| has_value) {
        Some(replacement) => diagnostic.fix(attribute.value_span, replacement),
        None => diagnostic,
    })
}

fn no_choice(component: &Component, attribute: &Attribute, text: &str, known: &AttributeType) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &rules::ATTRIBUTE_TYPE,
        format!("`{}` of `<{}>` cannot be `{text}`", attribute.name, component.name),
    )
    .at(attribute.value_span);
    match nearest(text, known.choices.iter().map(String::as_str)) {
        Some(near) => {
            let help = format!("did you mean `{near}`?");
            diagnostic.help(help).fix(attribute.value_span, format!("\"{near}\""))
        }
        None => diagnostic.help(format!("it may be `{}`", known.choices.join("`, `"))),
    }
}

fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) | Value::Markup(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Expression(_) => "code",
    }
}

fn named(kind: &str) -> &str {
    match kind {
        "string" => "a text",
        "bool" => "true or false",
        "integer" => "a whole number",
        "float" | "number" => "a number",
        "array" => "a list",
        "map" => "an object",
        other => other,
    }
}

/// Tera knows no `-` in names.
fn same_name(known: &str, written: &str) -> bool {
    known == written || written.contains('-') && known == written.replace('-', "_")
}

fn each<'a>(inputs: &Inputs<'a>, visit: &mut impl FnMut(&'a Component)) {
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| {
            if let Kind::Component(component) = &node.kind {
                visit(component);
            }
        });
    }
}

fn imports<'a>(inputs: &Inputs<'a>) -> BTreeMap<FileId, BTreeMap<&'a str, &'a Import>> {
    let documents = inputs.documents.values().filter(|document| !document.imports.is_empty());
    documents
        .map(|document| {
            let names = document.imports.iter().map(|import| (import.name.as_str(), import));
            (document.file, names.collect())
        })
        .collect()
}
