//! Pages and `_category_` files in, the navigation out: the folders of the disk as Docusaurus orders them.
//!
//! Entries of a folder stand by position (`sidebar_position`, `position`, the number before a name), those
//! without one after them, and then by the name on disk. A folder is a category; its own page (`index`,
//! `README`, or named like the folder) is what the category leads to.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::pages::{Place, Rules};
use super::slug::Slugger;
use super::{Drafts, Facts, Inputs, NavItem, NavLink, Page, PageId, Visibility, paths};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};
use crate::document::{Document, FrontMatter};

/// Draws the navigation, and adds the pages that generated category indexes are.
pub(super) fn nav(
    inputs: &Inputs,
    rules: &Rules,
    drafts: &mut Drafts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<NavItem> {
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    for (number, (page, facts)) in drafts.pages.iter().zip(&drafts.facts).enumerate() {
        let hidden = page.visibility == Visibility::Unlisted;
        if hidden || page.document.front_matter.layout.as_deref() == Some("home") {
            continue;
        }
        let mut folder = facts.place.folder.clone();
        folders.entry(folder.clone()).or_default().pages.push(number);
        while !folder.is_empty() {
            let parent = paths::folder(&folder).to_owned();
            let name = paths::name(&folder).to_owned();
            folders.entry(parent.clone()).or_default().folders.insert(name);
            folder = parent;
        }
    }
    let src = paths::clean(&inputs.config.book.src);
    let mut categories = BTreeMap::new();
    for (folder, (file, text)) in &inputs.sources.categories {
        if let Some(below) = paths::below(folder, &src).or((*folder == src).then_some("")) {
            categories.insert(below.to_owned(), read_category(inputs, *file, text, diagnostics));
        }
    }
    let mut work = Work { rules, folders, categories, drafts, slugger: Slugger::default(), diagnostics };
    work.folder("").into_iter().map(|entry| entry.item).collect()
}

#[derive(Debug, Default)]
struct Folder {
    pages: Vec<usize>,
    folders: BTreeSet<String>,
}

/// A `_category_` file.
#[derive(Clone, Debug)]
struct Category {
    file: FileId,
    label: Option<String>,
    position: Option<f64>,
    collapsed: Option<bool>,
    collapsible: Option<bool>,
    description: Option<String>,
    class: Option<String>,
    props: Option<Value>,
    link: CategoryLink,
}

#[derive(Clone, Debug)]
enum CategoryLink {
    /// Nothing said: the folder's own page.
    Automatic,
    /// `null`.
    None,
    /// A page by its id, in the folder or in the whole site.
    Document(String),
    /// A page that lists the category.
    Generated { slug: Option<String>, title: Option<String>, description: Option<String> },
}

/// An entry and what it is ordered by.
struct Entry {
    item: NavItem,
    position: Option<f64>,
    name: String,
}

struct Work<'a> {
    rules: &'a Rules,
    folders: BTreeMap<String, Folder>,
    categories: BTreeMap<String, Category>,
    drafts: &'a mut Drafts,
    slugger: Slugger,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Work<'_> {
    fn folder(&mut self, folder: &str) -> Vec<Entry> {
        let Folder { pages, folders } = self.folders.remove(folder).unwrap_or_default();
        let mut entries: Vec<Entry> = pages.iter().map(|page| self.page(*page)).collect();
        for name in folders {
            entries.extend(self.category(&paths::concat(folder, &name), name));
        }
        entries.sort_by(|a, b| by_position(a.position, b.position).then_with(|| a.name.cmp(&b.name)));
        entries
    }

    fn page(&self, number: usize) -> Entry {
        let (page, place) = (&self.drafts.pages[number], &self.drafts.facts[number].place);
        let mut item = NavItem::new(page.label.clone(), NavLink::Page(page_id(number)));
        item.decorate(&page.document.front_matter);
        Entry { item, position: place.position, name: place.name.clone() }
    }

    fn category(&mut self, folder: &str, name: String) -> Option<Entry> {
        let category = self.categories.get(folder).cloned();
        let link = category.as_ref().map_or(CategoryLink::Automatic, |category| category.link.clone());
        let own = self.own_page(folder, &link, category.as_ref());
        let (number, bare) = self.rules.number_prefix(&name);
        let own_entry = own.map(|own| self.page(own));
        let label = category.as_ref().and_then(|category| category.label.clone());
        let label = label
            .or_else(|| own_entry.as_ref().map(|entry| entry.item.label.clone()))
            .unwrap_or_else(|| bare.to_owned());
        let position = category.as_ref().and_then(|category| category.position);
        let position = position.or_else(|| own_entry.as_ref()?.position).or(number);
        let mut item = NavItem::new(label, NavLink::None);
        if let Some(own) = own_entry {
            (item.icon, item.badge, item.class) = (own.item.icon, own.item.badge, own.item.class);
            item.link = own.item.link;
        }
        item.collapsed = true;
        if let Some(category) = &category {
            item.collapsed = category.collapsible != Some(false) && category.collapsed != Some(false);
            item.description = category.description.clone().unwrap_or_default();
            item.class = category.class.clone().or(item.class);
            if let Some(props) = &category.props {
                item.custom_props(props);
            }
        }
        // The slug of a generated index is made before those below it, as its label comes first.
        let generated = match (&link, &category) {
            (CategoryLink::Generated { slug, title, description }, Some(category)) => {
                let made = || format!("category/{}", self.slugger.slug(&item.label));
                let route = slug.as_deref().map_or_else(made, |slug| paths::join_clamped("", slug));
                Some((route, title.clone(), description.clone(), category.file))
            }
            _ => None,
        };
        item.items = self
            .folder(folder)
            .into_iter()
            .filter(|entry| entry.item.link == NavLink::None || entry.item.link != item.link)
            .map(|entry| entry.item)
            .collect();
        if item.items.is_empty() && !matches!(item.link, NavLink::Page(_)) {
            return None;
        }
        if let Some((route, title, description, file)) = generated {
            item.link = NavLink::Page(self.generate(&item, route, title, description, file));
        }
        item.collapsed &= !item.items.is_empty();
        Some(Entry { item, position, name })
    }

    /// The page that a category leads to.
    fn own_page(&mut self, folder: &str, link: &CategoryLink, category: Option<&Category>) -> Option<usize> {
        let pages = self.folders.get(folder).map_or(&[][..], |folder| &folder.pages);
        match link {
            CategoryLink::Automatic => {
                pages.iter().copied().find(|page| self.drafts.facts[*page].place.is_index)
            }
            CategoryLink::None | CategoryLink::Generated { .. } => None,
            CategoryLink::Document(id) => {
                let local = |page: &usize| paths::name(&self.drafts.pages[*page].id) == id;
                let found = pages
                    .iter()
                    .copied()
                    .find(local)
                    .or_else(|| self.drafts.pages.iter().position(|page| page.id == *id));
                if let (None, Some(category)) = (found, category) {
                    let near = nearest(id, self.drafts.pages.iter().map(|page| page.id.as_str()));
                    let diagnostic = Diagnostic::new(
                        &rules::BROKEN_LINK,
                        format!("the category leads to `{id}`, which is no page's id"),
                    )
                    .at(Span::new(category.file, 0..0));
                    self.diagnostics.push(match near {
                        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                        None => diagnostic.help("name a page of the folder by its id"),
                    });
                }
                found
            }
        }
    }

    fn generate(
        &mut self,
        item: &NavItem,
        route: String,
        title: Option<String>,
        description: Option<String>,
        file: FileId,
    ) -> PageId {
        let number = self.drafts.pages.len();
        let description =
            description.or_else(|| Some(item.description.clone()).filter(|text| !text.is_empty()));
        let document = Arc::new(Document {
            file,
            text: Arc::from(""),
            front_matter: FrontMatter::default(),
            imports: Vec::new(),
            body_start: 0,
            nodes: Vec::new(),
        });
        self.drafts.facts.push(Facts {
            place: Place {
                path: String::new(),
                document: Arc::clone(&document),
                folder: String::new(),
                name: String::new(),
                id: String::new(),
                route: route.clone(),
                is_index: false,
                route_is_folder: true,
                position: None,
            },
            anchors: BTreeMap::new(),
        });
        self.drafts.pages.push(Page {
            document,
            path: String::new(),
            id: String::new(),
            route,
            title: title.unwrap_or_else(|| item.label.clone()),
            label: item.label.clone(),
            described: description.is_some(),
            description: description.unwrap_or_default(),
            nodes: Vec::new(),
            has_h1: false,
            headings: Vec::new(),
            tabs: Vec::new(),
            variants: Vec::new(),
            links: BTreeMap::new(),
            last_updated: None,
            visibility: Visibility::Listed,
            generated_index: Some(item.items.iter().filter_map(first_page).collect()),
            partials: Vec::new(),
        });
        page_id(number)
    }
}

fn page_id(number: usize) -> PageId {
    PageId(u32::try_from(number).expect("fewer than 2^32 pages"))
}

/// The page an entry leads to, or the first one below it.
fn first_page(item: &NavItem) -> Option<PageId> {
    match item.link {
        NavLink::Page(page) => Some(page),
        NavLink::None => item.items.iter().find_map(first_page),
        NavLink::External(_) | NavLink::Separator => None,
    }
}

fn by_position(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Reads a `_category_` file; what it cannot use is reported and left out.
fn read_category(inputs: &Inputs, file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Category {
    let path = &inputs.sources.files.get(file).path;
    // Tabs between the parts of JSON are no YAML.
    let parsed = if path.ends_with(".json") {
        serde_json::from_str::<Value>(text).map_err(|error| error.to_string())
    } else {
        serde_yaml::from_str::<Value>(text).map_err(|error| error.to_string())
    };
    let (value, error) = match parsed {
        Ok(Value::Null) => (Value::Object(serde_json::Map::new()), None),
        Ok(value @ Value::Object(_)) => (value, None),
        Ok(_) => (Value::Null, Some("it holds no keys".to_owned())),
        Err(error) => (Value::Null, Some(error)),
    };
    if let Some(error) = error {
        let first = error.lines().next().unwrap_or_default();
        diagnostics.push(
            Diagnostic::new(&rules::CATEGORY_SYNTAX, format!("the category file cannot be read: {first}"))
                .at(Span::new(file, 0..0))
                .help("write keys and values, such as `label: Guides` and `position: 2`"),
        );
    }
    let mut fields = Fields { file, text, diagnostics };
    fields.known(&value);
    let string = Value::as_str;
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Category {
        file,
        label: owned(fields.read(&value, "label", "a text", string)),
        position: fields.read(&value, "position", "a number", Value::as_f64),
        collapsed: fields.read(&value, "collapsed", "true or false", Value::as_bool),
        collapsible: fields.read(&value, "collapsible", "true or false", Value::as_bool),
        description: owned(fields.read(&value, "description", "a text", string)),
        class: owned(fields.read(&value, "className", "a text", string)),
        props: value.get("customProps").cloned(),
        link: fields.link(&value),
    }
}

struct Fields<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Fields<'_> {
    fn known(&mut self, value: &Value) {
        const KEYS: [&str; 9] = [
            "label",
            "position",
            "collapsed",
            "collapsible",
            "description",
            "className",
            "customProps",
            "link",
            "key",
        ];
        let keys = value.as_object().into_iter().flat_map(serde_json::Map::keys);
        for key in keys.filter(|key| !KEYS.contains(&key.as_str())) {
            let diagnostic =
                Diagnostic::new(&rules::CATEGORY_SYNTAX, format!("the key `{key}` means nothing here"))
                    .at(self.place(key));
            self.diagnostics.push(match nearest(key, KEYS) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(self.place(key), near),
                None => diagnostic.help(format!("it may be one of `{}`", KEYS.join("`, `"))),
            });
        }
    }

    fn place(&self, key: &str) -> Span {
        match self.text.find(key) {
            Some(at) => Span::new(self.file, at..at + key.len()),
            None => Span::new(self.file, 0..0),
        }
    }

    fn read<'v, T>(
        &mut self,
        value: &'v Value,
        key: &str,
        kind: &str,
        read: impl Fn(&'v Value) -> Option<T>,
    ) -> Option<T> {
        let field = value.get(key).filter(|field| !field.is_null())?;
        let found = read(field);
        if found.is_none() {
            self.report(key, &format!("`{key}` is not {kind}"));
        }
        found
    }

    fn link(&mut self, value: &Value) -> CategoryLink {
        let Some(link) = value.get("link") else { return CategoryLink::Automatic };
        if link.is_null() {
            return CategoryLink::None;
        }
        let text = |key: &str| link.get(key).and_then(Value::as_str).map(str::to_owned);
        match (text("type").as_deref(), text("id")) {
            (Some("doc"), Some(id)) => CategoryLink::Document(id),
            (Some("generated-index"), _) => CategoryLink::Generated {
                slug: text("slug"),
                title: text("title"),
                description: text("description"),
            },
            _ => {
                self.report(
                    "link",
                    "`link` has neither the type `doc` with an `id` nor the type `generated-index`",
                );
                CategoryLink::Automatic
            }
        }
    }

    fn report(&mut self, key: &str, message: &str) {
        self.diagnostics.push(
            Diagnostic::new(&rules::CATEGORY_SYNTAX, message)
                .at(self.place(key))
                .help("correct the value, or take the key out"),
        );
    }
}
