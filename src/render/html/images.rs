//! Images: with the room they will take, those out of sight fetched late, and each in the colours of the page.

use std::collections::BTreeMap;

use super::{Around, Printer, escape, escape_address};
use crate::document::{Component, Node, Value, plain_text};
use crate::pictures::{Mode, Variant, mode};
use crate::site::Target;
use crate::site::links::entry_key;

/// The attributes that an author gave an image, by name.
pub(super) type Own = BTreeMap<String, String>;

impl<'a> Printer<'a> {
    /// An image in Markdown.
    pub(super) fn image(&mut self, node: &'a Node, url: &str, title: &str) {
        let alt = plain_text(&node.children);
        if self.words_only {
            escape(&mut self.out, &alt);
            return;
        }
        let target = self.around.and_then(|around| around.page.links.get(&node.span));
        self.picture(target, url, &alt, title, &Own::new());
    }

    /// An image, or two where there is one for dark ground beside it.
    pub(super) fn picture(&mut self, target: Option<&Target>, url: &str, alt: &str, title: &str, own: &Own) {
        let Some(Around { context, id, .. }) = self.around else {
            return self.img(None, url, alt, title, own, None);
        };
        let dark = match target {
            Some(Target::Asset { address, .. }) => context.site.dark.get(address),
            Some(Target::Page { .. } | Target::External(_) | Target::Broken(_)) | None => None,
        };
        let url =
            target.map_or_else(|| url.to_owned(), |target| context.addresses.html(context.site, id, target));
        let (url, class) = mode(&url);
        let Some(dark) = dark else { return self.img(target, url, alt, title, own, class) };
        self.img(target, url, alt, title, own, Some(Mode::Light));
        let dark = Target::Asset { address: dark.clone(), suffix: String::new() };
        let url = context.addresses.html(context.site, id, &dark);
        self.img(Some(&dark), &url, alt, title, own, Some(Mode::Dark));
    }

    /// The images of a `<ThemedImage>` or an `<Image>`, as the fact `@images`.
    pub(super) fn component_images(&mut self, around: Around<'a>, component: &Component) -> String {
        const PASSED: [&str; 6] = ["class", "height", "loading", "sizes", "style", "width"];
        let mut own = Own::new();
        for attribute in &component.attributes {
            let name = if attribute.name == "className" { "class" } else { attribute.name.as_str() };
            let value = match &attribute.value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            if PASSED.contains(&name) {
                own.insert(name.to_owned(), value);
            }
        }
        let (alt, title) =
            (component.text("alt").unwrap_or_default(), component.text("title").unwrap_or_default());
        let outer = std::mem::take(&mut self.out);
        let links = &around.page.links;
        for attribute in &component.attributes {
            match &attribute.value {
                Value::Object(entries) if attribute.name == "sources" => {
                    for (index, (name, value)) in entries.iter().enumerate() {
                        let Value::String(url) = value else { continue };
                        let target = links.get(&entry_key(attribute.value_span, index));
                        let mode = if name == "dark" { Mode::Dark } else { Mode::Light };
                        let url = target.map_or_else(
                            || url.clone(),
                            |target| around.context.addresses.html(around.context.site, around.id, target),
                        );
                        let mode = (entries.len() > 1).then_some(mode);
                        self.img(target, &url, alt, title, &own, mode);
                    }
                }
                Value::String(url) if matches!(attribute.name.as_str(), "src" | "img") => {
                    self.picture(links.get(&attribute.value_span), url, alt, title, &own);
                }
                _ => {}
            }
        }
        std::mem::replace(&mut self.out, outer)
    }

    fn img(
        &mut self,
        target: Option<&Target>,
        url: &str,
        alt: &str,
        title: &str,
        own: &Own,
        mode: Option<Mode>,
    ) {
        let copies = self.copies(target);
        self.out.push_str(&copies);
        self.out.push_str("<img src=\"");
        escape_address(&mut self.out, url);
        self.out.push_str("\" alt=\"");
        escape(&mut self.out, alt);
        self.out.push('"');
        self.title(title);
        for (name, value) in own {
            self.out.push_str(&format!(" {name}=\""));
            if let Some(mode) = mode.filter(|_| name == "class") {
                self.out.push_str(mode.class());
                self.out.push(' ');
            }
            escape(&mut self.out, value);
            self.out.push('"');
        }
        if self.around.is_some() {
            let added = self.image_attributes(target, own, mode);
            self.out.push_str(&added);
        }
        self.void_end("");
        self.out.push_str(if copies.is_empty() { "" } else { "</picture>" });
    }

    /// The start of a `<picture>` with the copies of an image; nothing where it has none.
    fn copies(&self, target: Option<&Target>) -> String {
        let Some((Around { context, .. }, target)) = self.around.zip(target) else { return String::new() };
        let copies = context.pictures.of(target).map_or(&[][..], |picture| &picture.variants);
        if copies.is_empty() {
            return String::new();
        }
        let each = |copy: &Variant| format!("{} {}w", context.addresses.file(&copy.address), copy.width);
        let set = copies.iter().map(each).collect::<Vec<_>>().join(", ");
        // As wide as the article at most, which is `--measure` of the theme.
        format!(
            "<picture><source type=\"image/webp\" srcset=\"{set}\" sizes=\"(min-width: 50rem) 46rem, 100vw\">"
        )
    }

    /// What is added to the attributes that an author gave an image: its size, and when to fetch it.
    pub(super) fn image_attributes(
        &mut self,
        target: Option<&Target>,
        own: &Own,
        mode: Option<Mode>,
    ) -> String {
        let mut added = String::new();
        if let Some(mode) = mode
            && !own.contains_key("class")
        {
            added.push_str(&format!(" class=\"{}\"", mode.class()));
        }
        let known = self.around.zip(target).and_then(|(around, target)| around.context.pictures.of(target));
        if let Some(picture) = known {
            added.push_str(&room(picture.width, picture.height, own));
        }
        // The first image is likely to be in sight at once: a lazy one would come late. Of those for one colour mode only
        // a lazy one is not fetched in the other.
        if !own.contains_key("loading") && (self.images > 0 || mode.is_some()) {
            added.push_str(" loading=\"lazy\"");
        }
        if !own.contains_key("decoding") {
            added.push_str(" decoding=\"async\"");
        }
        self.images += 1;
        added
    }
}

/// The attributes that keep an image's room. What the author says of its size wins; the proportions are the image's.
fn room(width: u32, height: u32, own: &Own) -> String {
    let number =
        |name: &str| own.get(name).map(|value| value.trim().trim_end_matches("px").parse::<u32>().ok());
    let scaled = |by: u32, of: u32, to: u32| {
        let (by, of, to) = (u64::from(by), u64::from(of), u64::from(to));
        (by * to + of / 2) / of.max(1)
    };
    let style = own.get("style");
    let proportions = || match style {
        None => format!(" style=\"aspect-ratio: {width} / {height}\""),
        Some(_) => String::new(),
    };
    match (number("width"), number("height")) {
        (Some(_), Some(_)) => String::new(),
        (Some(Some(own)), None) => format!(" height=\"{}\"", scaled(own, width, height).max(1)),
        (None, Some(Some(own))) => format!(" width=\"{}\"", scaled(own, height, width).max(1)),
        (Some(None), None) | (None, Some(None)) => proportions(),
        (None, None) => {
            let sized = style.is_some_and(|style| style.contains("height") && !style.contains("width"));
            // A class may give it a height, and the width in the tag would then pull it out of shape.
            if own.contains_key("class") {
                proportions()
            } else if sized {
                String::new()
            } else {
                format!(" width=\"{width}\" height=\"{height}\"")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_s_size_wins_and_keeps_the_proportions() {
        for (own, wanted) in [
            (&[][..], " width=\"400\" height=\"200\""),
            (&[("width", "100")], " height=\"50\""),
            (&[("height", "50px")], " width=\"100\""),
            (&[("width", "50%")], " style=\"aspect-ratio: 400 / 200\""),
            (&[("width", "1"), ("height", "2")], ""),
            (&[("style", "height:2em")], ""),
            (&[("style", "width:50%")], " width=\"400\" height=\"200\""),
            (&[("class", "x")], " style=\"aspect-ratio: 400 / 200\""),
            (&[("width", "4294967295")], " height=\"2147483648\""),
        ] {
            let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(room(400, 200, &own), wanted, "{own:?}");
        }
    }
}
