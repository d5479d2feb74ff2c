//! A document in, its tree with the imported documents in place out; components renamed as `book.toml` says.
//!
//! A partial stands where `<Name />` stood, as [`Kind::Partial`]; its nodes keep the spans of their own file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Inputs, paths};
use crate::config::{Config, is_hidden};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};
use crate::document::{Attribute, Component, Document, Import, Kind, Node, Value};
use crate::source::Sources;

/// The imported Markdown files that exist and are in no document yet, by path from the folder of `book.toml`,
/// each with the statement that names it. Read them and ask again, until nothing new comes.
#[must_use]
pub fn wanted(
    documents: &BTreeMap<String, Arc<Document>>,
    config: &Config,
    sources: &Sources,
) -> Vec<(String, Span)> {
    let mut wanted = BTreeMap::new();
    for (path, document) in documents {
        for import in document.imports.iter().filter(|import| is_markdown(import)) {
            let found = candidates(config, path, &import.source)
                .into_iter()
                .flatten()
                .find(|candidate| documents.contains_key(candidate) || sources.paths.contains_key(candidate));
            if let Some(found) = found
                && !documents.contains_key(&found)
            {
                wanted.entry(found).or_insert(import.span);
            }
        }
    }
    wanted.into_iter().collect()
}

/// Where `source`, as a document at `path` names it, may be: the first that exists is meant. `None` stands for
/// a place outside the folder of `book.toml`.
pub(super) fn candidates(config: &Config, path: &str, source: &str) -> Vec<Option<String>> {
    let folder = paths::folder(path);
    if let Some(rest) = source.strip_prefix("@site/") {
        return site_folders(config).iter().map(|folder| paths::join(folder, rest)).collect();
    }
    if source.starts_with("./") || source.starts_with("../") {
        return vec![paths::join(folder, source)];
    }
    let src = paths::clean(&config.book.src);
    let mut places = vec![paths::join(&src, source)];
    if !source.starts_with('/') {
        places.insert(0, paths::join(folder, source));
    }
    places.extend(site_folders(config).iter().map(|folder| paths::join(folder, source)));
    places
}

/// What `@site` may stand for: the folder of `book.toml`, and the parents of the static folders, because in a
/// repository whose `docs/` stand beside its `website/`, the latter is what Docusaurus calls the site.
pub(super) fn site_folders(config: &Config) -> Vec<String> {
    let mut folders = vec![String::new()];
    for folder in &config.site.static_dirs {
        let parent = paths::folder(&paths::clean(folder)).to_owned();
        if !folders.contains(&parent) {
            folders.push(parent);
        }
    }
    folders
}

/// Whether the import is of Markdown.
pub(crate) fn is_markdown(import: &Import) -> bool {
    !import.source.contains('!') && paths::without_markdown(&import.source).is_some()
}

/// How much partials may put into one page: nested ones multiply.
const MOST_BYTES: usize = 16 << 20;
const MOST_PARTIALS: usize = 20_000;
/// How deep partials may be nested.
const DEPTH: usize = 100;

/// The tree of a page, and which other files are in it.
pub(super) struct Inlined {
    pub nodes: Vec<Node>,
    pub partials: BTreeSet<FileId>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts the partials of the document at `path` in place.
pub(super) fn inline(inputs: &Inputs, path: &str, document: &Document) -> Inlined {
    let mut work = Work {
        inputs,
        chain: vec![(path.to_owned(), None)],
        count: 0,
        bytes: 0,
        full: false,
        result: Inlined { nodes: Vec::new(), partials: BTreeSet::new(), diagnostics: Vec::new() },
    };
    let scope = work.scope(path, document, None);
    work.result.nodes = work.nodes(&scope, &document.nodes);
    work.result
}

struct Work<'a> {
    inputs: &'a Inputs<'a>,
    /// The documents being read, outermost first, each with the tag that put it there.
    chain: Vec<(String, Option<Span>)>,
    /// How many partials were put in.
    count: usize,
    /// How many bytes of text they brought.
    bytes: usize,
    /// Whether it was said that the page holds too many: once is enough.
    full: bool,
    result: Inlined,
}

/// What names mean in one document.
struct Scope<'a> {
    imports: BTreeMap<&'a str, Option<Imported<'a>>>,
    props: Option<Props>,
    /// Whether nothing in the document can change, so that its nodes are taken as they are.
    plain: bool,
}

#[derive(Clone)]
struct Imported<'a> {
    path: String,
    document: &'a Document,
    span: Span,
}

struct Props {
    attributes: Vec<Attribute>,
    children: Vec<Node>,
    /// How much text the children are, with the partials in them.
    bytes: usize,
    file: FileId,
}

impl<'a> Work<'a> {
    fn scope(&mut self, path: &str, document: &'a Document, props: Option<Props>) -> Scope<'a> {
        let mut imports = BTreeMap::new();
        for import in document.imports.iter().filter(|import| is_markdown(import)) {
            let places = candidates(self.inputs.config, path, &import.source);
            let found = places.iter().flatten().find_map(|place| {
                let document = self.inputs.documents.get(place)?;
                Some(Imported { path: place.clone(), document, span: import.span })
            });
            if found.is_none() {
                let diagnostic = missing(self.inputs, path, import, &places);
                self.result.diagnostics.push(diagnostic);
            }
            imports.insert(import.name.as_str(), found);
        }
        let plain = imports.is_empty() && props.is_none() && self.inputs.config.components.is_empty();
        Scope { imports, props, plain }
    }

    /// Whether the page can hold no more of what stands at `span`, which is reported once.
    fn is_full(&mut self, span: Span) -> bool {
        let full = self.count >= MOST_PARTIALS || self.bytes >= MOST_BYTES || self.chain.len() > DEPTH;
        if full && !self.full {
            self.full = true;
            let page = self.chain.first().map_or("", |(page, _)| page);
            self.result.diagnostics.push(too_much(page, span));
        }
        full
    }

    fn nodes(&mut self, scope: &Scope<'a>, nodes: &[Node]) -> Vec<Node> {
        if scope.plain {
            return nodes.to_vec();
        }
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes {
            self.node(scope, node, &mut out);
        }
        out
    }

    fn node(&mut self, scope: &Scope<'a>, node: &Node, out: &mut Vec<Node>) {
        match &node.kind {
            Kind::Component(component) => self.component(scope, node, component, out),
            Kind::Expression { source } if scope.props.is_some() => {
                let props = scope.props.as_ref().expect("just seen");
                match property(source) {
                    Some("children") => self.children(props, node.span, out),
                    Some(name) => {
                        if let Some(text) = props.text(name) {
                            out.push(Node { kind: Kind::Text(text), span: node.span, children: Vec::new() });
                        }
                    }
                    None => out.push(node.clone()),
                }
            }
            kind => out.push(Node {
                kind: kind.clone(),
                span: node.span,
                children: self.nodes(scope, &node.children),
            }),
        }
    }

    /// What stands between the tags of a partial, where the partial asks for it: as often as it does.
    fn children(&mut self, props: &Props, span: Span, out: &mut Vec<Node>) {
        if self.is_full(span) {
            return;
        }
        self.bytes += props.bytes;
        out.push(Node { kind: Kind::Partial { file: props.file }, span, children: props.children.clone() });
    }

    fn component(&mut self, scope: &Scope<'a>, node: &Node, component: &Component, out: &mut Vec<Node>) {
        if let Some(imported) = scope.imports.get(component.name.as_str()) {
            // A missing one was reported at its import; an unknown component as well would say it twice.
            if let Some(imported) = imported {
                self.partial(scope, node, component, imported, out);
            }
            return;
        }
        let mut component = component.clone();
        for attribute in &mut component.attributes {
            self.attribute(scope, attribute);
        }
        // A name may be mapped to one that is mapped itself; `book.toml` was refused if that went in a circle.
        while let Some(name) = self.inputs.config.components.get(&component.name) {
            component.name.clone_from(name);
        }
        if component.name == "unwrap" {
            // In a node of its own, so that its tags are not taken for what stands between two others.
            let kind = Kind::Partial { file: node.span.file };
            out.push(Node { kind, span: node.span, children: self.nodes(scope, &node.children) });
            return;
        }
        let children = self.nodes(scope, &node.children);
        out.push(Node { kind: Kind::Component(component), span: node.span, children });
    }

    fn attribute(&mut self, scope: &Scope<'a>, attribute: &mut Attribute) {
        match &mut attribute.value {
            Value::Markup(nodes) => *nodes = self.nodes(scope, nodes),
            Value::Expression(source) => {
                let value = scope.props.as_ref().zip(property(source)).map(|(props, name)| props.value(name));
                if let Some(value) = value {
                    attribute.value = value;
                }
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {}
        }
    }

    fn partial(
        &mut self,
        scope: &Scope<'a>,
        node: &Node,
        component: &Component,
        imported: &Imported<'a>,
        out: &mut Vec<Node>,
    ) {
        if let Some(start) = self.chain.iter().position(|(path, _)| *path == imported.path) {
            let diagnostic = cycle(&self.chain[start..], imported, component);
            self.result.diagnostics.push(diagnostic);
            return;
        }
        if self.is_full(component.name_span) {
            return;
        }
        let document = imported.document;
        self.count += 1;
        self.bytes += document.text.len();
        let mut attributes = component.attributes.clone();
        for attribute in &mut attributes {
            self.attribute(scope, attribute);
        }
        let before = self.bytes;
        let children = self.nodes(scope, &node.children);
        let bytes = self.bytes - before + node.span.range().len();
        let props = Props { attributes, children, bytes, file: node.span.file };
        self.result.partials.insert(document.file);
        self.chain.push((imported.path.clone(), Some(component.name_span)));
        let scope = self.scope(&imported.path, document, Some(props));
        let mut children = self.nodes(&scope, &document.nodes);
        self.chain.pop();
        if component.inline {
            children = flat(children);
        }
        out.push(Node { kind: Kind::Partial { file: document.file }, span: node.span, children });
    }
}

impl Props {
    fn value(&self, name: &str) -> Value {
        let attribute = self.attributes.iter().rev().find(|attribute| attribute.name == name);
        attribute.map_or(Value::Null, |attribute| attribute.value.clone())
    }

    /// What React prints for the value: nothing for `null`, `undefined` and booleans.
    fn text(&self, name: &str) -> Option<String> {
        match self.value(name) {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Expression(source) => Some(format!("{{{source}}}")),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) | Value::Markup(_) => None,
        }
    }
}

/// The name in `props.name`.
fn property(source: &str) -> Option<&str> {
    let name = source.trim().strip_prefix("props.")?;
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// What stands among words cannot be a block: a partial of one paragraph gives its words.
fn flat(nodes: Vec<Node>) -> Vec<Node> {
    let visible = nodes.iter().filter(|node| node.kind != Kind::Hidden).count();
    let paragraph = nodes.iter().position(|node| node.kind == Kind::Paragraph);
    match paragraph {
        Some(at) if visible == 1 => nodes.into_iter().nth(at).expect("its place was just found").children,
        _ => nodes,
    }
}

fn missing(inputs: &Inputs, path: &str, import: &Import, places: &[Option<String>]) -> Diagnostic {
    let outside = places.iter().all(Option::is_none);
    if outside {
        return Diagnostic::new(
            &rules::PATH_OUTSIDE,
            format!("`{}` leads outside the folder of `book.toml`", import.source),
        )
        .at(import.span)
        .help("move the file below the folder of `book.toml`: nothing outside it is read");
    }
    if is_hidden(&import.source) {
        return Diagnostic::new(
            &rules::PATH_OUTSIDE,
            format!("`{}` is hidden: a name in it starts with `.`", import.source),
        )
        .at(import.span)
        .help("hidden files are not read: rename it");
    }
    let diagnostic = Diagnostic::new(
        &rules::MISSING_PARTIAL,
        format!("`{}` does not exist, so `<{} />` prints nothing", import.source, import.name),
    )
    .at(import.span);
    let name = paths::name(&import.source);
    let same_name = inputs.documents.keys().find(|path| paths::name(path) == name);
    let near = same_name.map(String::as_str).or_else(|| {
        let wanted = places.iter().flatten().next()?;
        nearest(wanted, inputs.documents.keys().map(String::as_str))
    });
    match near {
        Some(near) if import.source.starts_with("@site/") => {
            diagnostic.help(format!("did you mean `@site/{near}`?"))
        }
        Some(near) => diagnostic.help(format!("did you mean `{}`?", paths::way(path, near))),
        None => diagnostic
            .help("write the path from this file's folder (`./…`) or from `book.toml`'s (`@site/…`)"),
    }
}

fn too_much(page: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&rules::PARTIAL_CYCLE, format!("`{page}` holds too many partials")).at(span).help(format!(
        "a page holds at most {MOST_PARTIALS} partials, {} MB of them, nested {DEPTH} deep: look for partials that \
         hold others more than once",
        MOST_BYTES >> 20
    ))
}

fn cycle(chain: &[(String, Option<Span>)], imported: &Imported, component: &Component) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        &rules::PARTIAL_CYCLE,
        format!("`<{} />` puts `{}` into itself", component.name, imported.path),
    )
    .at(component.name_span)
    .note(imported.span, format!("`{}` is imported here", imported.path))
    .help("take one of the imports out: a text cannot hold itself");
    for (path, tag) in chain.iter().skip(1) {
        if let Some(tag) = tag {
            diagnostic = diagnostic.note(*tag, format!("which is inside `{path}`, put in place here"));
        }
    }
    diagnostic
}
