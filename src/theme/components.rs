//! The two halves of every component in; the signature they share, or what is wrong with them, out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tera::{ComponentInfo, Tera};

use super::layers::{Findings, Layers, ThemeFile, is_component};
use super::{AttributeType, Signature};
use crate::diagnostic::{Diagnostic, nearest, rules};

/// The files of a component, by its name as authors write it.
#[derive(Clone, Copy, Default)]
pub(super) struct Halves<'l> {
    /// `NAME.html`.
    pub html: Option<&'l ThemeFile>,
    /// `NAME.md`.
    pub markdown: Option<&'l ThemeFile>,
}

/// A `{% component … %}` tag in a text.
#[derive(Debug, PartialEq)]
struct Definition {
    name: String,
    /// From the name to the closing parenthesis.
    header: Range<usize>,
    /// Its arguments in order, `@` included in the place and not in the name.
    arguments: Vec<(String, Range<usize>)>,
}

/// Pairs the files of `components/`, and reports those that are alone.
pub(super) fn pair<'l>(layers: &'l Layers, findings: &mut Findings) -> BTreeMap<String, Halves<'l>> {
    let mut pairs: BTreeMap<String, Halves> = BTreeMap::new();
    for (path, file) in layers.below("components") {
        if !is_component(&path) {
            continue;
        }
        if let Some(name) = path.strip_suffix(".html") {
            pairs.entry(name.to_owned()).or_default().html = Some(file);
        } else if let Some(name) = path.strip_suffix(".md") {
            pairs.entry(name.to_owned()).or_default().markdown = Some(file);
        }
    }
    for (name, halves) in &pairs {
        let (file, missing, reader) = match (halves.html, halves.markdown) {
            (Some(file), None) => (file, "md", "agents"),
            (None, Some(file)) => (file, "html", "readers"),
            (Some(_), Some(_)) | (None, None) => continue,
        };
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let message = format!("component `{name}` has no template for {reader}");
        let help = format!("add `{folder}/{name}.{missing}` with the same attributes");
        let range = findings.text(file).map_or(0..0, |text| first_header(text, name));
        findings.add(&rules::COMPONENT_PAIR, message, file, range, Some(help));
    }
    pairs
}

/// Whether a half defines its component and nothing else; reports it where it does not.
pub(super) fn defines_itself(name: &str, file: &ThemeFile, findings: &mut Findings) -> bool {
    let Some(text) = findings.text(file) else { return false };
    let wanted = tera_name(name);
    let found = definitions(text);
    if found.is_empty() {
        let message = format!("`{}` defines no component", file.path);
        let help = format!("wrap it in `{{% component {wanted}() %}}` and `{{% endcomponent {wanted} %}}`");
        findings.add(&rules::COMPONENT_PAIR, message, file, 0..first_line(text), Some(help));
        return false;
    }
    let mut alone = true;
    for other in found.iter().filter(|definition| definition.name != wanted) {
        alone = false;
        let message = format!("`{}` defines `{}`, and its name says `{wanted}`", file.path, other.name);
        let help = if found.len() == 1 {
            format!("name the component `{wanted}`, or the file after the component")
        } else {
            "give every component a file of its own".to_owned()
        };
        let range = other.header.start..other.header.start + other.name.len();
        findings.add(&rules::COMPONENT_PAIR, message, file, range, Some(help));
    }
    alone
}

/// The signature of a component, from those halves that could be read. Differences between the two are reported.
pub(super) fn signature(
    name: &str,
    halves: Halves,
    html: &Tera,
    markdown: &Tera,
    findings: &mut Findings,
) -> Signature {
    match (read(name, halves.html, html, findings), read(name, halves.markdown, markdown, findings)) {
        (Some(html), Some(markdown)) => {
            compare(name, &html, &markdown, findings);
            html.signature
        }
        (Some(half), None) | (None, Some(half)) => half.signature,
        // Neither half can be read, and that was said: pages that use it have nothing to be told.
        (None, None) => Signature { attributes: Vec::new(), open: true, parent: None },
    }
}

/// One template of a component, read.
struct Half<'l> {
    file: &'l ThemeFile,
    signature: Signature,
    definition: Option<Definition>,
}

fn read<'l>(
    name: &str,
    file: Option<&'l ThemeFile>,
    tera: &Tera,
    findings: &mut Findings,
) -> Option<Half<'l>> {
    let (file, name) = (file?, tera_name(name));
    let info = tera.get_component_definition(&name)?;
    let definition = definition(findings.text(file)?, &name);
    Some(Half { file, signature: describe(&info, definition.as_ref()), definition })
}

fn compare(name: &str, html: &Half, markdown: &Half, findings: &mut Findings) {
    let all = html.signature.attributes.iter().chain(&markdown.signature.attributes);
    let names: BTreeSet<&str> = all.map(|attribute| attribute.name.as_str()).collect();
    for attribute in names {
        let (message, at, other) =
            match (html.signature.attribute(attribute), markdown.signature.attribute(attribute)) {
                // The id of an element: Markdown has none.
                (Some(_), None) if attribute == "id" => continue,
                (Some(_), None) => {
                    (format!("component `{name}` takes `{attribute}` only for readers"), html, markdown)
                }
                (None, Some(_)) => {
                    (format!("component `{name}` takes `{attribute}` only for agents"), markdown, html)
                }
                (Some(own), Some(twin)) if own != twin => {
                    let (here, there) = (say(twin), say(own));
                    let message =
                        format!("`{attribute}` of component `{name}` is {here} here and {there} there");
                    (message, markdown, html)
                }
                (Some(_) | None, Some(_) | None) => continue,
            };
        differ(attribute, message, at, other, findings);
    }
    if html.signature.open != markdown.signature.open {
        let message = format!("only one template of component `{name}` takes any attribute (`...rest`)");
        differ("", message, markdown, html, findings);
    }
    if html.signature.parent != markdown.signature.parent {
        let message = format!("the templates of component `{name}` name different parents");
        differ("", message, markdown, html, findings);
    }
}

fn differ(attribute: &str, message: String, at: &Half, other: &Half, findings: &mut Findings) {
    let place = |half: &Half| {
        let Some(definition) = &half.definition else { return 0..0 };
        let argument = definition.arguments.iter().find(|(name, _)| name == attribute);
        argument.map_or_else(|| definition.header.clone(), |(_, range)| range.clone())
    };
    let note = findings.span(other.file, place(other));
    let span = findings.span(at.file, place(at));
    findings.diagnostics.push(
        Diagnostic::new(&rules::COMPONENT_SIGNATURE, message)
            .at(span)
            .note(note, "the other template")
            .help("give both templates the same attributes: authors write for both at once"),
    );
}

fn say(attribute: &AttributeType) -> String {
    let kind = attribute.kind.unwrap_or("anything");
    let mut said = match &attribute.default {
        Some(default) => format!("`{kind} = {default}`"),
        None => format!("`{kind}`, required"),
    };
    if !attribute.choices.is_empty() {
        said.push_str(" (one of ");
        said.push_str(&attribute.choices.join(", "));
        said.push(')');
    }
    if attribute.markdown {
        said.push_str(" (Markdown)");
    } else if attribute.markup {
        said.push_str(" (markup)");
    }
    said
}

/// What a template says of its attributes, in the order it says it.
fn describe(info: &ComponentInfo, definition: Option<&Definition>) -> Signature {
    let metadata = |key: &str| info.metadata().get(key);
    let texts = |value: Option<&tera::Value>| -> Vec<String> {
        let texts = value.and_then(tera::Value::as_array).unwrap_or_default();
        texts.iter().filter_map(tera::Value::as_str).map(str::to_owned).collect()
    };
    let markup = texts(metadata("markup"));
    let markdown = metadata("markdown").and_then(tera::Value::as_str);
    let mut attributes: Vec<AttributeType> = info
        .args()
        .iter()
        .filter(|argument| {
            !argument.is_implicit()
                || argument.name() == "id"
                || markup.iter().any(|own| own == argument.name())
        })
        .map(|argument| AttributeType {
            name: argument.name().to_owned(),
            kind: argument.arg_type().map(|kind| kind.as_str()),
            required: argument.is_required(),
            default: if argument.is_implicit() {
                Some("".into())
            } else {
                argument.default().and_then(|default| serde_json::to_value(default).ok())
            },
            choices: texts(metadata("choices").and_then(|all| all.get_from_path(argument.name()))),
            markup: markup.iter().any(|own| own == argument.name()),
            markdown: markdown == Some(argument.name()),
        })
        .collect();
    if let Some(definition) = definition {
        let place = |name: &str| definition.arguments.iter().position(|(own, _)| own == name);
        attributes.sort_by_key(|attribute| place(&attribute.name));
    }
    Signature {
        attributes,
        open: info.rest_param().is_some(),
        parent: metadata("parent").and_then(tera::Value::as_str).map(str::to_owned),
    }
}

/// The name of a component in Tera, whose names have no `-`.
pub(super) fn tera_name(name: &str) -> String {
    name.replace('-', "_")
}

fn definition(text: &str, name: &str) -> Option<Definition> {
    definitions(text).into_iter().find(|definition| definition.name == name)
}

fn first_header(text: &str, name: &str) -> Range<usize> {
    definition(text, &tera_name(name)).map_or(0..first_line(text), |definition| definition.header)
}

fn first_line(text: &str) -> usize {
    text.lines().next().map_or(0, str::len)
}

/// Every `{% component … %}` of a template. Tera knows what they are and not where.
fn definitions(text: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find(['{']).map(|next| at + next) {
        at = open + 1;
        if text[open..].starts_with("{#") {
            at = text[open..].find("#}").map_or(text.len(), |end| open + end + 2);
        } else if text[open..].starts_with("{%") {
            let after = text[open + 2..].trim_start_matches('-').trim_start();
            let Some(rest) = after.strip_prefix("component") else { continue };
            if !rest.starts_with(char::is_whitespace) {
                continue;
            }
            let start = text.len() - rest.trim_start().len();
            let length = text[start..]
                .find(|character: char| !character.is_alphanumeric() && !"_.".contains(character))
                .unwrap_or(text.len() - start);
            let (arguments, end) = arguments(text, start + length);
            found.push(Definition {
                name: text[start..start + length].to_owned(),
                header: start..end,
                arguments,
            });
            at = end;
        }
    }
    found
}

/// The names between the parentheses that open at `from`, and where these close.
fn arguments(text: &str, from: usize) -> (Vec<(String, Range<usize>)>, usize) {
    let bytes = text.as_bytes();
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut expected = false;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => {
                at = text[at + 1..].find(char::from(quote)).map_or(text.len(), |end| at + 1 + end);
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                expected = depth == 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (names, at + 1);
                }
            }
            b',' => expected = depth == 1,
            byte if expected && (byte == b'@' || byte.is_ascii_alphabetic() || byte == b'_') => {
                let start = at;
                let name = at + usize::from(byte == b'@');
                at = name;
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                    at += 1;
                }
                names.push((text[name..at].to_owned(), start..at));
                expected = false;
                continue;
            }
            b'%' if bytes.get(at + 1) == Some(&b'}') => return (names, at),
            _ => {}
        }
        at += 1;
    }
    (names, text.len())
}

impl Signature {
    /// The attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&AttributeType> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The attribute that was probably meant by `name`.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.attributes.iter().map(|attribute| attribute.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_found_where_they_stand() {
        let text = "{# {% component No() %} #}\n{%- component A(x: string = \"a, b)\", @items: array = [\"y\", 1], ...rest) {\"parent\": \"B\"} -%}{% endcomponent A %}{% component b_c() %}{% endcomponent %}";
        let found = definitions(text);
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["A", "b_c"]);
        let places: Vec<&str> = found[0].arguments.iter().map(|(_, range)| &text[range.clone()]).collect();
        assert_eq!(places, ["x", "@items", "rest"]);
        assert!(
            text[found[0].header.clone()].starts_with("A(x")
                && text[found[0].header.clone()].ends_with("rest)")
        );
    }

    #[test]
    fn broken_definitions_do_not_stop_the_search() {
        for text in [
            "{% component",
            "{% component A",
            "{% component A(",
            "{% component A(x = \"",
            "{%component A(é",
            "{",
        ] {
            definitions(text);
        }
    }
}
