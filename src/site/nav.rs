//! Folders, `_category_` files or `SUMMARY.md` in; the sidebar tree, breadcrumbs, previous and next out.

use std::collections::BTreeMap;

use super::{Page, PageId, Site, Visibility};
use crate::diagnostic::{Diagnostic, nearest, rules};
use crate::document::FrontMatter;
use crate::document::front_matter::Pagination;

/// The navigation of the site.
#[derive(Clone, Debug, Default)]
pub struct Nav {
    /// The entries of the top level, in order.
    pub items: Vec<NavItem>,
    /// Pages in reading order: previous and next come from it.
    pub order: Vec<PageId>,
    /// The way to each page from the top, as places among siblings; by page, empty for those in no list.
    places: Vec<Vec<usize>>,
    /// Previous and next of each page.
    neighbours: Vec<(Option<PageId>, Option<PageId>)>,
}

/// An entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// What it says.
    pub label: String,
    /// What it leads to, where it leads anywhere.
    pub link: NavLink,
    /// Entries below it.
    pub items: Vec<NavItem>,
    /// Whether it starts closed.
    pub collapsed: bool,
    /// mdBook's chapter number, `1.2.`, where the navigation has them.
    pub number: Option<String>,
    /// A description (`_category_`), empty where there is none.
    pub description: String,
    /// The icon's name or address (`sidebar_custom_props.icon`).
    pub icon: Option<String>,
    /// A short word after the label (`sidebar_custom_props.badge`).
    pub badge: Option<String>,
    /// CSS class names from the author.
    pub class: Option<String>,
}

/// What an entry leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NavLink {
    /// Nothing: it only holds others.
    None,
    /// A page.
    Page(PageId),
    /// Another site.
    External(String),
    /// A line between groups (mdBook's `---`).
    Separator,
}

/// The entries from the top of the navigation to the page, its own last; empty for a page in no list.
#[must_use]
pub fn trail(site: &Site, page: PageId) -> Vec<&NavItem> {
    let mut trail = Vec::new();
    let mut items = &site.nav.items;
    for place in site.nav.places.get(page.0 as usize).into_iter().flatten() {
        trail.push(&items[*place]);
        items = &items[*place].items;
    }
    trail
}

/// The pages before and after a page: in the navigation, or as its front matter says.
#[must_use]
pub fn neighbours(site: &Site, page: PageId) -> (Option<PageId>, Option<PageId>) {
    site.nav.neighbours.get(page.0 as usize).copied().unwrap_or_default()
}

impl NavItem {
    /// An entry with nothing below it.
    #[must_use]
    pub fn new(label: String, link: NavLink) -> Self {
        Self {
            label,
            link,
            items: Vec::new(),
            collapsed: false,
            number: None,
            description: String::new(),
            icon: None,
            badge: None,
            class: None,
        }
    }

    /// Takes icon, badge and class from a page's front matter, where it gives them.
    pub(super) fn decorate(&mut self, front_matter: &FrontMatter) {
        if let Some(props) = front_matter.all.get("sidebar_custom_props") {
            self.custom_props(props);
        }
        if let Some(class) = &front_matter.sidebar_class_name {
            self.class = Some(class.clone());
        }
    }

    /// Takes icon and badge from `customProps` or `sidebar_custom_props`.
    pub(super) fn custom_props(&mut self, props: &serde_json::Value) {
        let read = |key: &str| props.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        self.icon = read("icon").or(self.icon.take());
        self.badge = read("badge").or(self.badge.take());
    }
}

impl Nav {
    /// The navigation with the places of its pages; [`Nav::connect`] adds their neighbours.
    pub(super) fn new(items: Vec<NavItem>, pages: &[Page]) -> Self {
        let mut nav = Self { items, places: vec![Vec::new(); pages.len()], ..Self::default() };
        place(&nav.items, &mut Vec::new(), &mut nav.places, &mut nav.order);
        nav.order.retain(|page| pages[page.0 as usize].visibility != Visibility::Unlisted);
        nav
    }

    /// Gives every page its new number: `renumber` holds it by the old one.
    pub(super) fn renumber(&mut self, renumber: &[PageId]) {
        fn items(list: &mut [NavItem], renumber: &[PageId]) {
            for item in list {
                if let NavLink::Page(page) = &mut item.link {
                    *page = renumber[page.0 as usize];
                }
                items(&mut item.items, renumber);
            }
        }
        items(&mut self.items, renumber);
        for page in &mut self.order {
            *page = renumber[page.0 as usize];
        }
        let mut places = vec![Vec::new(); self.places.len()];
        for (old, place) in std::mem::take(&mut self.places).into_iter().enumerate() {
            places[renumber[old].0 as usize] = place;
        }
        self.places = places;
    }

    /// Finds the neighbours of each page, as the order and the front matter have them.
    pub(super) fn connect(&mut self, pages: &[Page], diagnostics: &mut Vec<Diagnostic>) {
        self.neighbours = vec![(None, None); pages.len()];
        for pair in self.order.windows(2) {
            self.neighbours[pair[0].0 as usize].1 = Some(pair[1]);
            self.neighbours[pair[1].0 as usize].0 = Some(pair[0]);
        }
        let ids: BTreeMap<&str, PageId> =
            (0..).map(PageId).zip(pages).map(|(number, page)| (page.id.as_str(), number)).collect();
        for (page, neighbours) in pages.iter().zip(&mut self.neighbours) {
            let front_matter = &page.document.front_matter;
            let mut read = |key: &str, wanted: &Pagination, place: &mut Option<PageId>| match wanted {
                Pagination::Automatic => {}
                Pagination::None => *place = None,
                Pagination::Page(id) => {
                    let near = page.id.rsplit_once('/').map(|(folder, _)| format!("{folder}/{id}"));
                    let found = ids.get(id.as_str()).or_else(|| ids.get(near?.as_str()));
                    *place = found.copied();
                    if found.is_none() {
                        diagnostics.push(no_neighbour(key, id, page, ids.keys().copied()));
                    }
                }
            };
            read("pagination_prev", &front_matter.pagination_prev, &mut neighbours.0);
            read("pagination_next", &front_matter.pagination_next, &mut neighbours.1);
        }
    }
}

/// Notes the way to each page; the first entry of a page counts.
fn place(items: &[NavItem], way: &mut Vec<usize>, places: &mut [Vec<usize>], order: &mut Vec<PageId>) {
    for (at, item) in items.iter().enumerate() {
        way.push(at);
        if let NavLink::Page(page) = item.link
            && places[page.0 as usize].is_empty()
        {
            places[page.0 as usize].clone_from(way);
            order.push(page);
        }
        place(&item.items, way, places, order);
        way.pop();
    }
}

fn no_neighbour<'a>(key: &str, id: &str, page: &Page, ids: impl Iterator<Item = &'a str>) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(&rules::PAGINATION_TARGET, format!("`{key}` names `{id}`, which is no page's id"));
    if let Some(span) = super::front_matter_span(&page.document.front_matter, key) {
        diagnostic = diagnostic.at(span);
    }
    diagnostic.help(match nearest(id, ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a page by its id: its path below the pages' folder without number prefixes and `.md`"
            .to_owned(),
    })
}
