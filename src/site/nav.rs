//! Folders, `_category_` files or `SUMMARY.md` in; the sidebar tree, breadcrumbs, previous and next out.

use super::PageId;

/// The navigation of the site.
#[derive(Clone, Debug, Default)]
pub struct Nav {
    /// The entries of the top level, in order.
    pub items: Vec<NavItem>,
    /// Pages in reading order: previous and next come from it.
    pub order: Vec<PageId>,
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
