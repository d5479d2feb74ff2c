//! The pages' tags in, the pages that list them out.
//!
//! They are ways through the site for readers, not content: HTML only, in no index, no site map and no search.

use std::collections::BTreeMap;

use super::slug::{Slugger, slug};
use super::{Page, PageId, Visibility};
use crate::config::Config;

/// The route of the page that lists all tags; those of single tags stand below it.
pub const ROUTE: &str = "tags";

/// How many bytes of a tag become its address: file names have an end.
const LONGEST: usize = 100;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As the first page that has it writes it.
    pub label: String,
    /// The route of its page: `tags/private-link`.
    pub route: String,
    /// The listed pages that have it, in the order of the navigation.
    pub pages: Vec<PageId>,
}

/// What makes two tags the same: `Azure` and ` azure` are.
#[must_use]
pub fn key(label: &str) -> String {
    label.trim().to_lowercase()
}

/// Every tag of the listed pages by its key; none where the site has no pages for them.
pub(super) fn read(config: &Config, pages: &[Page]) -> BTreeMap<String, Tag> {
    let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
    if !config.page.tag_pages {
        return tags;
    }
    let listed = (0..).map(PageId).zip(pages).filter(|(_, page)| page.visibility == Visibility::Listed);
    for (number, page) in listed {
        for label in page.document.front_matter.tags.iter().map(|label| label.trim()) {
            if label.is_empty() {
                continue;
            }
            let new = || Tag { label: label.to_owned(), route: String::new(), pages: Vec::new() };
            let tag = tags.entry(key(label)).or_insert_with(new);
            if tag.pages.last() != Some(&number) {
                tag.pages.push(number);
            }
        }
    }
    let mut slugger = Slugger::default();
    // In the folder of the tags this is the name of the page of all tags.
    slugger.unique("index");
    for tag in tags.values_mut() {
        let mut name = slug(&tag.label);
        while name.len() > LONGEST {
            name.pop();
        }
        // A tag of nothing but signs has no slug.
        let name = if name.is_empty() { "tag" } else { &name };
        tag.route = format!("{ROUTE}/{}", slugger.unique(name));
    }
    tags
}
