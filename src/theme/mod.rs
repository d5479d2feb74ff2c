//! Theme folders in, a [`Theme`] out: templates layered, component signatures read, assets gathered.
//!
//! A theme is `templates/*` (pages), `components/NAME.html` and `NAME.md`, `assets/*`, `icons/NAME.svg`, `words.toml` and
//! `theme.toml`. A site's theme replaces single files of the built-in one; words are replaced one by one, and
//! every built-in template is also `default/NAME`, for the one that replaces it to extend.
//!
//! A component is `components/NAME.html` and `components/NAME.md`, each one Tera `{% component NAME(…) %}`: the
//! signature they share is the schema of the author's attributes. Arguments with `@` are facts that the
//! renderer gives (`@items`, `@id` …) and that an author cannot. A `-` in a name is `_` in Tera. The metadata after the
//! parentheses says what a signature cannot: `"parent"` is the component it must stand in, `"choices"` the values
//! an attribute may have, `"markup"` the facts that authors write: `@title` is the rendered title, and the attribute
//! `title` exists. A fact `@id` is such a fact in every component. `"markdown"` names one of them whose text is read as
//! Markdown in tags too (``caption="A `Vec<T>`"``).
//!
//! Templates have the functions `icon(name, label, size, class)` and `asset(name)`, the filters of `filters`, and
//! `words` as a global value. Everything they can call is a function of the theme's files and its input.

mod assets;
mod components;
mod contract;
pub mod eject;
mod engine;
mod filters;
mod icons;
mod layers;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};
use tera::{Context, Tera};

pub use contract::CONTRACT;

use crate::diagnostic::{Diagnostic, Files};
pub use assets::Asset;

/// A theme, layered and checked.
#[derive(Debug)]
pub struct Theme {
    /// What each component takes, by its name as authors write it.
    pub components: BTreeMap<String, Signature>,
    /// Files that are served, by address below the site's root (`assets/theme.3f2a9c1d.css`): the address changes with
    /// the bytes, so that browsers may keep them for ever.
    pub assets: BTreeMap<String, Asset>,
    /// The address of each asset by its path below `assets/` (`theme.css`).
    pub addresses: BTreeMap<String, String>,
    /// The words of the interface by key, from the theme's `words.toml`.
    pub words: BTreeMap<String, String>,
    /// The names that an `icon` attribute, an `Icon` or a navigation entry can have; an emoji can stand in their place.
    pub icons: BTreeSet<String>,
    html: Tera,
    markdown: Tera,
}

/// What a component takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The author's attributes, in order.
    pub attributes: Vec<AttributeType>,
    /// Whether it takes any further attributes (`...rest`).
    pub open: bool,
    /// The component it must stand in, from the metadata `parent`.
    pub parent: Option<String>,
}

/// One attribute of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeType {
    /// Its name.
    pub name: String,
    /// Its type, where the template says (`string`, `bool`, `integer`, `float`, `number`, `array`, `map`).
    pub kind: Option<&'static str>,
    /// Whether it must be given.
    pub required: bool,
    /// The default as JSON.
    pub default: Option<Value>,
    /// The values it may have, where the template names them; empty where it may have any.
    pub choices: Vec<String>,
    /// Whether it may hold markup: the renderer gives it to the template as a fact of its name.
    pub markup: bool,
    /// Whether its text is read as Markdown where a tag gives it.
    pub markdown: bool,
}

/// The files of a theme, by their path in it.
pub type ThemeFiles = BTreeMap<String, Arc<[u8]>>;

/// One of a page's two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Projection {
    /// For readers.
    Html,
    /// For agents.
    Markdown,
}

/// Layers the files of `layers` (first ones win) over the built-in theme; the interface speaks `language` (BCP 47) where
/// the theme has its words, else English.
#[must_use]
pub fn load(layers: &[(String, ThemeFiles)], language: &str, files: &mut Files) -> (Theme, Vec<Diagnostic>) {
    let layers = layers::layer(layers);
    let mut findings = layers::Findings::new(files);
    findings.diagnostics.extend(layers.unused());
    contract::check(&layers, &mut findings);
    let words = words::words(&layers, language, &mut findings);
    let icons = icons::gather(&layers, &mut findings);
    let icon_names = icons.keys().cloned().collect();
    let assets = assets::gather(&layers, &mut findings);

    let mut base = engine::base();
    filters::register(&mut base);
    base.register_function("icon", icons::function(Arc::new(icons)));
    base.register_function("asset", assets::function(Arc::new(assets.addresses.clone())));
    let mut html = layers.templates();
    let mut markdown = BTreeMap::new();
    let pairs = components::pair(&layers, &mut findings);
    for (name, halves) in &pairs {
        if let Some(file) = halves.html.filter(|file| components::defines_itself(name, file, &mut findings)) {
            html.insert(format!("components/{name}.html"), file);
        }
        if let Some(file) =
            halves.markdown.filter(|file| components::defines_itself(name, file, &mut findings))
        {
            markdown.insert(format!("components/{name}.md"), file);
        }
    }
    let html = engine::compile(&base, html, &mut findings);
    let markdown = engine::compile(&base, markdown, &mut findings);
    let signatures = pairs
        .iter()
        .map(|(name, halves)| {
            (name.clone(), components::signature(name, *halves, &html, &markdown, &mut findings))
        })
        .collect();

    let theme = Theme {
        components: signatures,
        assets: assets.served,
        addresses: assets.addresses,
        words: BTreeMap::new(),
        icons: icon_names,
        html,
        markdown,
    };
    (theme.with_words(&words), findings.diagnostics)
}

impl Theme {
    /// The same, with `words` in the place of its own: `[theme.words]` of `book.toml`.
    #[must_use]
    pub fn with_words(mut self, words: &BTreeMap<String, String>) -> Self {
        self.words.extend(words.iter().map(|(key, word)| (key.clone(), word.clone())));
        // Converted once: every component shares the one map.
        let shared = tera::Value::from(self.words.clone());
        for tera in [&mut self.html, &mut self.markdown] {
            tera.global_context().insert_value("words", shared.clone());
        }
        self
    }

    /// The addresses of the style sheets of every page: those directly in `assets/`, by name.
    #[must_use]
    pub fn stylesheets(&self) -> Vec<&str> {
        self.directly("css")
    }

    /// The addresses of the scripts of every page: those directly in `assets/`, by name. What is loaded later stands in
    /// a folder below.
    #[must_use]
    pub fn scripts(&self) -> Vec<&str> {
        self.directly("js")
    }

    /// The folders of assets on demand of which a finished page names a file.
    pub fn demanded<'a>(&'a self, html: &'a str) -> impl Iterator<Item = &'a str> {
        let named = |(address, asset): (&String, &'a Asset)| {
            asset.on_demand.as_deref().filter(|_| html.contains(address.as_str()))
        };
        self.assets.iter().filter_map(named)
    }

    fn directly(&self, extension: &str) -> Vec<&str> {
        let own =
            self.addresses.iter().filter(|(name, _)| !name.contains('/') && assets::is(name, extension));
        own.map(|(_, address)| address.as_str()).collect()
    }

    /// Renders a component: `arguments` are the author's, `facts` what the renderer gives.
    ///
    /// Attributes that the component does not take, and values it cannot use, are left out: a check reports
    /// them, and a site may have lowered its level. A fact of the name of an attribute stands in its place, where
    /// it is not empty. `words` is always the theme's.
    ///
    /// # Errors
    /// What the template engine says, in one line.
    pub fn component(
        &self,
        projection: Projection,
        name: &str,
        arguments: &Map<String, Value>,
        facts: &Map<String, Value>,
        body: Option<&str>,
    ) -> Result<String, String> {
        let Some(signature) = self.components.get(name) else {
            return Err(format!("the theme has no component `{name}`"));
        };
        let mut given = Context::new();
        let mut implicit = Context::new();
        for (fact, value) in facts {
            if fact != "words" {
                implicit.insert_value(fact.clone(), engine::value(value));
            }
        }
        for attribute in &signature.attributes {
            let own = arguments.get(&attribute.name);
            let fact = facts.get(&attribute.name).filter(|fact| !is_empty(fact));
            if attribute.name == "id" {
                if let Some(value) = own.and_then(|own| attribute.value(own)) {
                    implicit.insert_value("id", value);
                }
            } else if attribute.markup {
                if let (None, Some(Value::String(text))) = (fact, own) {
                    let literal = match projection {
                        Projection::Html => icons::escape(text),
                        Projection::Markdown => filters::markdown_escape(text),
                    };
                    implicit.insert_value(attribute.name.clone(), tera::Value::from(literal));
                }
            } else if let Some(value) = fact.or(own).and_then(|value| attribute.value(value)) {
                given.insert_value(attribute.name.clone(), value);
            }
        }
        if signature.open {
            for (name, value) in arguments {
                if signature.attribute(name).is_none() {
                    given.insert_value(name.clone(), engine::value(value));
                }
            }
        }
        let (tera, autoescape) = match projection {
            Projection::Html => (&self.html, true),
            Projection::Markdown => (&self.markdown, false),
        };
        let name = components::tera_name(name);
        tera.render_component_with_implicits(&name, &given, &implicit, Some(body.unwrap_or("")), autoescape)
            .map_err(|error| engine::one_line(&error))
    }

    /// Renders a page template (`page.html`, `home.html`, `index.html`, `404.html`) with a view.
    ///
    /// # Errors
    /// What the template engine says, in one line.
    pub fn page(&self, template: &str, view: &impl Serialize) -> Result<String, String> {
        Context::from_serialize(view)
            .and_then(|context| self.html.render(template, &context))
            .map_err(|error| engine::one_line(&error))
    }
}

impl AttributeType {
    /// Whether an author may give it this value. As HTML has it, `open=""` and `open="true"` are true, and a number may
    /// stand for its digits; `null` is as good as nothing.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        let chosen = match value {
            Value::String(text) if !self.choices.is_empty() => self.choices.contains(text),
            _ => true,
        };
        chosen && (self.value(value).is_some() || value.is_null() && !self.required)
    }

    /// The value as the template takes it; none where its type is another one.
    fn value(&self, value: &Value) -> Option<tera::Value> {
        let same = engine::value(value);
        match (self.kind, value) {
            (_, Value::Null) => None,
            (None, _)
            | (Some("string"), Value::String(_))
            | (Some("bool"), Value::Bool(_))
            | (Some("array"), Value::Array(_))
            | (Some("map"), Value::Object(_))
            | (Some("number"), Value::Number(_)) => Some(same),
            (Some("integer"), Value::Number(_)) => same.as_i64().map(tera::Value::from),
            (Some("float"), Value::Number(_)) => same.as_f64().map(tera::Value::from),
            (Some("string"), Value::Number(_)) => Some(same.to_string().into()),
            (Some("bool"), Value::String(text)) if text == "false" => Some(false.into()),
            (Some("bool"), Value::String(text))
                if text.is_empty() || text == "true" || *text == self.name =>
            {
                Some(true.into())
            }
            (Some("integer" | "number"), Value::String(text)) => {
                text.parse::<i64>().ok().map(tera::Value::from)
            }
            (Some("float"), Value::String(text)) => text.parse::<f64>().ok().map(tera::Value::from),
            (Some(_), _) => None,
        }
    }
}

fn is_empty(fact: &Value) -> bool {
    match fact {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests;
