//! The YAML header of a page in, [`FrontMatter`] out.

use serde_json::{Map, Value};

use crate::diagnostic::Span;

/// What a page says of itself. Docusaurus's keys have Docusaurus's meaning.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// `title`: the name of the page.
    pub title: Option<String>,
    /// `sidebar_label`: its name in the navigation.
    pub sidebar_label: Option<String>,
    /// `id`: replaces the file's name in the document's id and route.
    pub id: Option<String>,
    /// `slug`: replaces the route; relative to the folder's unless it starts with `/`.
    pub slug: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `sidebar_position`.
    pub sidebar_position: Option<f64>,
    /// `sidebar_class_name`, for themes.
    pub sidebar_class_name: Option<String>,
    /// `hide_title`.
    pub hide_title: bool,
    /// `hide_table_of_contents`.
    pub hide_table_of_contents: bool,
    /// `toc_min_heading_level`.
    pub toc_min_heading_level: Option<u8>,
    /// `toc_max_heading_level`.
    pub toc_max_heading_level: Option<u8>,
    /// `keywords`.
    pub keywords: Vec<String>,
    /// `image`, for link previews.
    pub image: Option<String>,
    /// `draft`: not built.
    pub draft: bool,
    /// `unlisted`: built, in no index and no navigation.
    pub unlisted: bool,
    /// `noindex` (ours): built and listed, hidden from crawlers and agents' indexes.
    pub noindex: bool,
    /// `pagination_prev`: a document id, or nothing.
    pub pagination_prev: Pagination,
    /// `pagination_next`.
    pub pagination_next: Pagination,
    /// `custom_edit_url`: an address, or none.
    pub custom_edit_url: EditUrl,
    /// `last_update.date`: as `YYYY-MM-DD`.
    pub last_update: Option<String>,
    /// `last_update.author`.
    pub last_update_author: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `layout` (ours): `home` for a page without navigation.
    pub layout: Option<String>,
    /// Everything, known keys too, for themes.
    pub all: Map<String, Value>,
    /// The header with its fences; absent where there is none.
    pub span: Option<Span>,
    /// The spans of the values of the keys above, by key, for messages.
    pub spans: Vec<(String, Span)>,
}

/// What a page says of its neighbour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pagination {
    /// Nothing: the neighbour in the navigation.
    #[default]
    Automatic,
    /// `null`: none.
    None,
    /// The document of this id.
    Page(String),
}

/// What a page says of its edit link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EditUrl {
    /// Nothing: made from the template of `book.toml`.
    #[default]
    Automatic,
    /// `null`: none.
    None,
    /// This address.
    Url(String),
}
