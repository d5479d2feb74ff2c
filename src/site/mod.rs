//! All documents in, what lies between them out: routes, headings, tabs, navigation, links.
//!
//! A [`Page`] is a document with its partials put in place, every heading given its id, every component
//! counted, every link resolved to a [`Target`] once. Pure: it knows which files exist from
//! [`crate::source::Sources`], and reads none.

pub mod links;
pub mod nav;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{FileId, Span};
use crate::document::{Document, Node};
pub use nav::{Nav, NavItem};

/// A page, by its place in [`Site::pages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// The whole site, before anything is rendered.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Every page that is built, in navigation order; unlisted and hidden ones last.
    pub pages: Vec<Page>,
    /// The navigation.
    pub nav: Nav,
    /// Old address to new one, checked.
    pub redirects: Vec<Redirect>,
    /// Files to copy: from the address below the site's root to the source, by path from the folder of
    /// `book.toml`. Those that pages use, and all below the static folders.
    pub assets: BTreeMap<String, String>,
}

impl Site {
    /// The page.
    #[must_use]
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0 as usize]
    }

    /// Every page with its id.
    pub fn iter(&self) -> impl Iterator<Item = (PageId, &Page)> {
        (0..).map(PageId).zip(&self.pages)
    }
}

/// A page of the site.
#[derive(Clone, Debug)]
pub struct Page {
    /// The document it is made from; a page made without one (a generated category index) has an empty one.
    pub document: Arc<Document>,
    /// The path of the document from the folder of `book.toml`; empty for generated pages.
    pub path: String,
    /// The document id: folder and file name without number prefixes, or the front matter's `id`.
    pub id: String,
    /// The address below the site's base path, without a leading or trailing slash: `a/b`, empty for the home page.
    pub route: String,
    /// The name of the page, plain text.
    pub title: String,
    /// The name in the navigation.
    pub label: String,
    /// The description, or the start of the first paragraph; empty where there is neither.
    pub description: String,
    /// Whether the description is the author's.
    pub described: bool,
    /// The tree, partials in place, headings with ids, components counted.
    pub nodes: Vec<Node>,
    /// Whether the tree begins with the page's own `# heading` (which then is the visible title).
    pub has_h1: bool,
    /// Its headings in reading order, the `h1` included.
    pub headings: Vec<Heading>,
    /// Its tab groups in reading order, outer ones before inner ones.
    pub tabs: Vec<TabGroup>,
    /// Where each link and image leads, by the span of its node (in the page's or a partial's file).
    pub links: BTreeMap<Span, Target>,
    /// The date of its last change, as `YYYY-MM-DD`.
    pub last_updated: Option<String>,
    /// Who may list it.
    pub visibility: Visibility,
    /// The children that a generated category index lists.
    pub generated_index: Option<Vec<PageId>>,
    /// Other files whose text is in the tree (partials), for edit dates and dependency.
    pub partials: Vec<FileId>,
}

/// Who may list a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everyone.
    Listed,
    /// In the navigation; not for crawlers or agents' indexes (`noindex`).
    NoIndex,
    /// In no list at all (`unlisted`).
    Unlisted,
}

/// A heading of a page.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor, unique in the page.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// The tabs it stands in, outermost first: (ordinal of the group's component, index of the tab).
    pub tabs: Vec<(u32, usize)>,
}

/// A group of tabs.
#[derive(Clone, Debug)]
pub struct TabGroup {
    /// The ordinal of its component in the page.
    pub ordinal: u32,
    /// The start of its HTML ids: `tabs-1`.
    pub id: String,
    /// `groupId`.
    pub group: Option<String>,
    /// The key in the query that selects a tab: `queryString`, or `groupId` where `queryString` is only a switch.
    pub query: Option<String>,
    /// Its tabs in the order of their buttons.
    pub tabs: Vec<Tab>,
    /// The tab that is open at first; none for `defaultValue={null}`.
    pub selected: Option<usize>,
    /// Where its opening tag is.
    pub span: Span,
}

/// A tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What identifies it in its group.
    pub value: String,
    /// What its button says.
    pub label: String,
    /// The HTML id of its panel: the group's id and a slug of the value.
    pub id: String,
    /// The ordinal of the component that is its panel.
    pub panel: Option<u32>,
    /// Where its label is written.
    pub span: Span,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page of the site.
    Page {
        /// Which.
        page: PageId,
        /// The query as written, without `?`; empty where there is none.
        query: String,
        /// The anchor as written, without `#`; empty where there is none.
        anchor: String,
        /// The tab that the query names, as the group's ordinal and the tab's index in the target page.
        tab: Option<(u32, usize)>,
    },
    /// A file that is copied, by its address below the site's root, and what follows it (`#page=2`).
    Asset {
        /// The address below the base path, without a leading slash.
        address: String,
        /// Query and fragment as written, with `?` and `#`.
        suffix: String,
    },
    /// Another site, `mailto:` and the like: as written.
    External(String),
    /// Not found, and reported: as written.
    Broken(String),
}

/// An old address and where it leads now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Below the base path, without a leading slash, as written in `book.toml`.
    pub from: String,
    /// A page, or an absolute URL.
    pub to: Target,
}
