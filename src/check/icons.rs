//! Icons by name: in attributes, in the front matter and in `book.toml`, against those of the theme.

use super::{Inputs, walk};
use crate::diagnostic::{Diagnostic, Span, nearest, rules};
use crate::document::{Attribute, Kind, Value};
use crate::site::front_matter_span;

/// An icon that the theme does not have, so that nothing would be drawn.
pub(super) fn unknown(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        walk(&page.nodes, &mut |node| {
            let Kind::Component(component) = &node.kind else { return };
            let takes = |name: &str| {
                let signature = inputs.theme.components.get(&component.name);
                signature.is_some_and(|it| it.attributes.iter().any(|attribute| attribute.name == name))
            };
            for attribute in &component.attributes {
                let name = attribute.name.as_str();
                let is_icon = name == "icon" || name == "name" && component.name == "Icon";
                if is_icon && takes(name) {
                    found.extend(written(inputs, attribute));
                }
            }
        });
        let front_matter = &page.document.front_matter;
        let props = front_matter.all.get("sidebar_custom_props");
        if let Some(icon) = props.and_then(|props| props.get("icon")?.as_str()) {
            let place = front_matter_span(front_matter, "sidebar_custom_props");
            let place = place.map(|place| inside(&page.document.text, place, icon));
            found.extend(report(inputs, icon, place, false));
        }
    }
    for social in &inputs.config.footer.social {
        found.extend(report(inputs, &social.icon, inputs.in_config(&social.icon), true));
    }
}

fn written(inputs: &Inputs, attribute: &Attribute) -> Option<Diagnostic> {
    let Value::String(icon) = &attribute.value else { return None };
    report(inputs, icon, Some(attribute.value_span), false)
}

/// The finding about an icon of this name; `bare` where the place holds the name and nothing else.
fn report(inputs: &Inputs, icon: &str, place: Option<Span>, bare: bool) -> Option<Diagnostic> {
    let name = icon.trim();
    // A picture has an address, an emoji is no ASCII.
    let is_name = !name.is_empty() && name.is_ascii() && !name.contains(['/', '.', ':']);
    if !is_name || inputs.theme.icons.contains(name) {
        return None;
    }
    let mut diagnostic =
        Diagnostic::new(&rules::UNKNOWN_ICON, format!("the theme has no icon `{name}`, so none is drawn"));
    diagnostic.span = place;
    let near = nearest(name, inputs.theme.icons.iter().map(String::as_str));
    Some(match (near, place) {
        (Some(near), Some(place)) if bare => {
            diagnostic.help(format!("did you mean `{near}`?")).fix(place, near)
        }
        (Some(near), _) => diagnostic.help(format!("did you mean `{near}`?")),
        (None, _) => {
            diagnostic.help(format!("add `icons/{name}.svg` to a theme of your own, or write an emoji"))
        }
    })
}

/// Where `text` stands in `place`; all of that where it does not stand there as it is.
fn inside(source: &str, place: Span, text: &str) -> Span {
    let found = source.get(place.range()).and_then(|written| written.find(text));
    found.map_or(place, |at| {
        let start = place.range().start + at;
        Span::new(place.file, start..start + text.len())
    })
}
