//! Theme folders in, a [`Theme`] out: templates layered, component signatures read, assets gathered.
//!
//! A component is `components/NAME.html` and `components/NAME.md`, each one Tera `{% component NAME(…) %}`: the
//! signature they share is the schema of the author's attributes. Arguments with `@` are facts that the
//! renderer gives (`@items`, `@id` …) and that an author cannot. A `-` in a name is `_` in Tera.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Files};

/// A theme, layered and checked.
#[derive(Debug)]
pub struct Theme {
    /// What each component takes, by its name as authors write it.
    pub components: BTreeMap<String, Signature>,
    /// Files that are served, by address below the site's root (`assets/theme.css`).
    pub assets: BTreeMap<String, Arc<[u8]>>,
    /// The words of the interface by key, from the theme's `words.toml`.
    pub words: BTreeMap<String, String>,
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
    pub default: Option<serde_json::Value>,
}

/// One of a page's two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Projection {
    /// For readers.
    Html,
    /// For agents.
    Markdown,
}

/// Layers the files of `layers` (first ones win) over the built-in theme.
#[must_use]
pub fn load(
    _layers: &[(String, BTreeMap<String, Arc<[u8]>>)],
    _files: &mut Files,
) -> (Theme, Vec<Diagnostic>) {
    unimplemented!()
}

impl Theme {
    /// Renders a component: `arguments` are the author's, `facts` what the renderer gives.
    ///
    /// # Errors
    /// What the template engine says, in one line.
    pub fn component(
        &self,
        _projection: Projection,
        _name: &str,
        _arguments: &serde_json::Map<String, serde_json::Value>,
        _facts: &serde_json::Map<String, serde_json::Value>,
        _body: Option<&str>,
    ) -> Result<String, String> {
        unimplemented!()
    }

    /// Renders a page template (`page.html`, `home.html`, `index.html`, `404.html`) with a view.
    ///
    /// # Errors
    /// What the template engine says, in one line.
    pub fn page(&self, _template: &str, _view: &impl Serialize) -> Result<String, String> {
        unimplemented!()
    }
}
