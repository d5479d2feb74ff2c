//! `icons/NAME.svg` in; the SVG that a template's `icon(name="…")` prints out.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use tera::{Kwargs, State, TeraResult, Value};

use super::layers::{Findings, Layers};
use super::words::icon_names;
use crate::diagnostic::{nearest, rules};

/// Drawn with lines, as the built-in icons are: what a file without `fill` and `stroke` of its own gets.
const LINES: &str =
    r#" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round""#;

/// Every icon by every name it has.
pub(super) type Icons = BTreeMap<String, Arc<Icon>>;

/// One drawing.
#[derive(Debug)]
pub(super) struct Icon {
    /// The name of its file.
    name: String,
    /// The attributes of its `svg` that are its own (`viewBox`, colours), each after a space.
    attributes: String,
    /// What is between the tags.
    body: String,
}

/// Reads the icons of all layers.
pub(super) fn gather(layers: &Layers, findings: &mut Findings) -> Icons {
    let mut icons = Icons::new();
    for (path, file) in layers.below("icons") {
        let Some(name) = path.strip_suffix(".svg") else { continue };
        let Some(text) = findings.text(file) else { continue };
        match read(name, text) {
            Ok(icon) => {
                icons.insert(name.to_owned(), Arc::new(icon));
            }
            Err(problem) => {
                let help = "an icon is one `<svg viewBox=\"…\">…</svg>` without scripts".to_owned();
                findings.add(&rules::THEME_FILE, problem, file, 0..text.len().min(4), Some(help));
            }
        }
    }
    let drawn: Vec<String> = icons.keys().cloned().collect();
    for (alias, name) in icon_names(layers, findings) {
        if let Some(icon) = icons.get(&name) {
            let icon = Arc::clone(icon);
            icons.entry(alias).or_insert(icon);
            continue;
        }
        let Some(file) = layers.all("theme.toml").next() else { continue };
        let text = String::from_utf8_lossy(&file.bytes);
        let at = text.find(&format!("\"{name}\"")).unwrap_or(0);
        let help =
            nearest(&name, drawn.iter().map(String::as_str)).map(|icon| format!("did you mean `{icon}`?"));
        let message = format!("`{alias}` is another name for the icon `{name}`, which does not exist");
        findings.add(&rules::THEME_FILE, message, file, at..at + name.len() + 2, help);
    }
    icons
}

fn read(name: &str, text: &str) -> Result<Icon, &'static str> {
    let open = text.find("<svg").ok_or("no `<svg>` in this icon")?;
    let rest = &text[open + "<svg".len()..];
    let (tag, rest) = rest.split_once('>').ok_or("the `<svg>` tag is not closed")?;
    let (body, _) = rest.rsplit_once("</svg>").ok_or("the `<svg>` element is not closed")?;
    let lower = body.to_ascii_lowercase();
    if lower.contains("<script") || lower.contains(" on") && lower.contains("=\"javascript") {
        return Err("an icon with a script in it");
    }
    let mut attributes = String::new();
    for (key, value) in svg_attributes(tag) {
        if ["width", "height", "class", "id", "style", "version"].contains(&key) || key.starts_with("xmlns") {
            continue;
        }
        write!(attributes, " {key}=\"{value}\"").expect("writing to a String");
    }
    if !tag.contains("fill=") && !tag.contains("stroke=") {
        attributes.push_str(LINES);
    }
    Ok(Icon { name: name.to_owned(), attributes, body: body.trim().to_owned() })
}

fn svg_attributes(mut tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    while let Some((key, rest)) = tag.split_once('=') {
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|quote| ['"', '\''].contains(quote)) else { break };
        let Some((value, after)) = rest[1..].split_once(quote) else { break };
        found.push((key.trim(), value));
        tag = after;
    }
    found
}

/// The function `icon(name, label, size, class)` of templates. An unknown name prints nothing: which names there are is
/// [`super::Theme::icons`], for a check that can say where the name is written. A name that is not ASCII is an emoji.
pub(super) fn function(icons: Arc<Icons>) -> impl Fn(Kwargs, &State) -> TeraResult<Value> {
    move |arguments, _| {
        let name = arguments.must_get::<&Value>("name")?.as_str().unwrap_or_default().trim();
        let label = arguments.get::<&str>("label")?.unwrap_or_default();
        let class = arguments.get::<&str>("class")?.unwrap_or_default();
        let size = match arguments.get::<&Value>("size")? {
            Some(size) => size.to_string(),
            None => String::new(),
        };
        let mut said = String::new();
        if label.is_empty() {
            said.push_str(" aria-hidden=\"true\"");
        } else {
            write!(said, " role=\"img\" aria-label=\"{}\"", escape(label)).expect("writing to a String");
        }
        let class = if class.is_empty() { String::new() } else { format!(" {}", escape(class)) };
        let Some(icon) = icons.get(name) else {
            let drawn = !name.is_ascii();
            let emoji = format!("<span class=\"icon{class}\"{said}>{}</span>", escape(name));
            return Ok(Value::safe_string(if drawn { &emoji } else { "" }));
        };
        let size = if is_length(&size) { size.as_str() } else { "1em" };
        let Icon { name, attributes, body } = icon.as_ref();
        Ok(Value::safe_string(&format!(
            "<svg class=\"icon icon-{name}{class}\" width=\"{size}\" height=\"{size}\"{attributes}{said}>{body}</svg>"
        )))
    }
}

fn is_length(size: &str) -> bool {
    size.starts_with(|first: char| first.is_ascii_digit())
        && size.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'%')
}

/// `text` as the value of an HTML attribute or the words of an element.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = Vec::with_capacity(text.len());
    tera::escape_html(text, &mut escaped).expect("writing to a Vec");
    String::from_utf8(escaped).expect("escaping keeps UTF-8")
}
