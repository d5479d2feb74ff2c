//! Routes and link targets in, addresses out: the one place that knows how a page, its Markdown and its index
//! are called, in the output folder and on the web.

use crate::config::Config;
use crate::site::links::is_external;
pub use crate::site::markdown_file;
pub(crate) use crate::site::paths::encode_query;
use crate::site::paths::{join_clamped, percent};
use crate::site::{Page, PageId, Site, Target, Visibility};

/// Where the site stands and how its addresses look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Scheme and host, without a trailing slash.
    pub origin: String,
    /// The path of the site, with a slash at both ends.
    pub base: String,
    /// Whether page addresses end in a slash.
    pub trailing_slash: bool,
}

impl Addresses {
    /// What `book.toml` says of them.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            origin: config.site.origin.trim_end_matches('/').to_owned(),
            base: encode_rest(&config.base_path()),
            trailing_slash: config.site.trailing_slash,
        }
    }

    /// The address of a page: `/base/a/b/` or `/base/a/b`.
    #[must_use]
    pub fn page(&self, route: &str) -> String {
        let slash = if self.trailing_slash && !route.is_empty() { "/" } else { "" };
        format!("{}{}{slash}", self.base, encode(route))
    }

    /// The address of a page's Markdown: `/base/a/b.md`.
    #[must_use]
    pub fn markdown(&self, route: &str) -> String {
        self.file(&markdown_file(route))
    }

    /// The address of a page's steps as data: `/base/a/b.procedure.json`.
    #[must_use]
    pub fn procedure(&self, route: &str) -> String {
        self.file(&procedure_file(route))
    }

    /// The address of a page's or a section's index: `/base/a/b/llms.txt`.
    #[must_use]
    pub fn index(&self, route: &str) -> String {
        self.file(&index_file(route))
    }

    /// The address of a file of the site, by its path in the output folder.
    #[must_use]
    pub fn file(&self, path: &str) -> String {
        format!("{}{}", self.base, encode(path))
    }

    /// The whole URL of an address.
    #[must_use]
    pub fn absolute(&self, address: &str) -> String {
        format!("{}{address}", self.origin)
    }

    /// The path in the output folder that holds a page's HTML.
    #[must_use]
    pub fn html_file(&self, route: &str) -> String {
        crate::site::html_file(route, self.trailing_slash)
    }

    /// What stands in `href` or `src` in the HTML of the page `from`.
    #[must_use]
    pub fn html(&self, site: &Site, from: PageId, target: &Target) -> String {
        match target {
            Target::Page { page, query, anchor, .. } => {
                let suffix = suffix(query, anchor);
                if *page == from && query.is_empty() && !anchor.is_empty() {
                    return suffix;
                }
                format!("{}{suffix}", self.page(&site.page(*page).route))
            }
            Target::Asset { address, suffix } => format!("{}{suffix}", self.file(address)),
            Target::External(url) | Target::Broken(url) => url.clone(),
        }
    }

    /// What a link in Markdown leads to from the page `from`: absolute, to the Markdown of a page. Where the query names a tab and
    /// there is no anchor, to the tab's label; other queries mean nothing in Markdown and are left out.
    #[must_use]
    pub fn in_markdown(&self, site: &Site, from: &str, target: &Target) -> String {
        match target {
            Target::Page { page, anchor, tab, .. } => {
                let page = site.page(*page);
                let anchor = match anchor.as_str() {
                    "" => tab_anchor(page, *tab),
                    // Only anchors that Markdown writes out hold in it when a heading's words are said twice.
                    id => page.alias(id).unwrap_or(id),
                };
                format!("{}{}", self.absolute(&self.twin(page)), suffix("", anchor))
            }
            Target::Asset { address, suffix } => self.absolute(&format!("{}{suffix}", self.file(address))),
            Target::External(url) => url.clone(),
            // It is reported and leads nowhere; at least it leads there from everywhere.
            Target::Broken(url) => self.resolved(from, url),
        }
    }

    /// An address as it was written on a page, as a browser understands it there.
    fn resolved(&self, route: &str, url: &str) -> String {
        if is_external(url) || url.starts_with("//") || matches!(url, "" | "#") {
            return url.to_owned();
        }
        if url.starts_with('/') {
            return self.absolute(url);
        }
        let page = self.page(route);
        let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        if path.is_empty() {
            return self.absolute(&format!("{page}{rest}"));
        }
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        let slash = if path.ends_with(['/', '.']) { "/" } else { "" };
        self.absolute(&format!("/{}{slash}{rest}", join_clamped(folder, path)))
    }

    /// The address that agents are sent to for a page: its Markdown, or its HTML where it has none.
    #[must_use]
    pub fn twin(&self, page: &Page) -> String {
        match page.visibility {
            Visibility::Listed => self.markdown(&page.route),
            Visibility::NoIndex | Visibility::Unlisted => self.page(&page.route),
        }
    }

    /// The address of what `book.toml` calls `link`, and whether it is another site's.
    #[must_use]
    pub fn setting(&self, site: &Site, link: &str) -> (String, bool) {
        match site.config_links.get(link) {
            Some(Target::External(url)) => (url.clone(), true),
            // No page has this number: an anchor alone is no address in `book.toml`.
            Some(target) => (self.html(site, PageId(u32::MAX), target), false),
            None if is_external(link) => (link.to_owned(), true),
            None => (self.file(link.trim_start_matches('/')), false),
        }
    }
}

/// The path in the output folder that holds a page's steps as data.
#[must_use]
pub fn procedure_file(route: &str) -> String {
    if route.is_empty() { "index.procedure.json".to_owned() } else { format!("{route}.procedure.json") }
}

/// The way from a file of the output folder up to that folder: `../../`, or `./` for one that stands in it.
#[must_use]
pub fn root(file: &str) -> String {
    match file.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// The path in the output folder that holds a page's or a section's index.
#[must_use]
pub fn index_file(route: &str) -> String {
    if route.is_empty() { "llms.txt".to_owned() } else { format!("{route}/llms.txt") }
}

/// What stands in an address for the path of a file or page: everything percent-encoded that could end a URL in HTML,
/// Markdown or `llms.txt`, or mean something else in it. A file may well be called `50%20off.md`.
#[must_use]
pub fn encode(path: &str) -> String {
    percent(path, b"-._~!$&'*+,;=:@/")
}

/// An address with the same encoded, where its author left it out; what is encoded stays.
fn encode_rest(address: &str) -> String {
    percent(address, b"-._~!$&'*+,;=:@/%")
}

pub(super) fn suffix(query: &str, anchor: &str) -> String {
    let mut suffix = String::new();
    if !query.is_empty() {
        suffix.push('?');
        suffix.push_str(query);
    }
    if !anchor.is_empty() {
        suffix.push('#');
        suffix.push_str(anchor);
    }
    suffix
}

fn tab_anchor(page: &Page, tab: Option<(u32, usize)>) -> &str {
    let find = |(ordinal, index): (u32, usize)| {
        page.tabs.iter().find(|group| group.ordinal == ordinal)?.tabs.get(index)
    };
    tab.and_then(find).map_or("", |tab| tab.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(base: &str, trailing_slash: bool) -> Addresses {
        Addresses { origin: "https://example.com".to_owned(), base: base.to_owned(), trailing_slash }
    }

    #[test]
    fn pages_follow_the_trailing_slash_setting() {
        assert_eq!(addresses("/docs/", true).page("a/b"), "/docs/a/b/");
        assert_eq!(addresses("/docs/", false).page("a/b"), "/docs/a/b");
        assert_eq!(addresses("/", true).page(""), "/");
        assert_eq!(addresses("/", true).html_file("a/b"), "a/b/index.html");
        assert_eq!(addresses("/", false).html_file("a/b"), "a/b.html");
        assert_eq!(addresses("/", false).markdown(""), "/index.md");
        assert_eq!(addresses("/", false).index("a"), "/a/llms.txt");
    }

    #[test]
    fn a_file_knows_the_way_to_the_root() {
        assert_eq!(root("index.html"), "./");
        assert_eq!(root("a.html"), "./");
        assert_eq!(root("a/b/index.html"), "../../");
    }

    #[test]
    fn a_base_path_is_encoded() {
        let mut config = Config::default();
        config.output.html.site_url = Some("/a b/".to_owned());
        assert_eq!(Addresses::new(&config).base, "/a%20b/");
        config.output.html.site_url = Some("/".to_owned());
        assert_eq!(Addresses::new(&config).base, "/");
    }

    #[test]
    fn what_could_end_a_link_is_encoded() {
        assert_eq!(encode("a (b)/\u{e9}"), "a%20%28b%29/%C3%A9");
        assert_eq!(encode_rest("a b/c%20d"), "a%20b/c%20d");
    }

    #[test]
    fn a_percent_sign_in_the_name_of_a_file_is_no_encoding() {
        assert_eq!(addresses("/", true).page("100%"), "/100%25/");
        assert_eq!(addresses("/", true).page("%2e%2e/x"), "/%252e%252e/x/");
        assert_eq!(addresses("/", true).markdown("50%20off"), "/50%2520off.md");
    }
}
