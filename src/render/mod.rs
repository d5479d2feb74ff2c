//! One page in, its text out: HTML for readers, Markdown for agents. Pure.
//!
//! [`PageView`] is everything a template can see: the only types of the crate that are serialised for
//! templates stand here. A template that sees nothing else cannot make a page depend on what is not in its
//! view, which is what makes a rendered page's cache key complete.

pub mod address;
mod code;
pub mod commands;
mod component;
pub mod facts;
mod fields;
mod frame;
pub mod highlight;
pub mod html;
pub mod markdown;
mod redirect;
mod tag;
mod tag_pages;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, FileId, rules};
use crate::document::{Document, Fence};
use crate::pictures::Pictures;
use crate::site::{Page, PageId, Site, Target};
use crate::theme::Theme;
use address::Addresses;
pub use code::{Exchange, Shell};
pub use facts::{PageFacts, Section};
use frame::Frame;
use highlight::Highlighter;
pub use redirect::redirects;
pub use tag_pages::tag_pages;

/// What every page is rendered with. Made once for a build and shared by threads.
#[derive(Debug)]
pub struct Context<'a> {
    /// All pages.
    pub site: &'a Site,
    /// The settings.
    pub config: &'a Config,
    /// The templates.
    pub theme: &'a Theme,
    /// The colours of code.
    pub highlighter: &'a Highlighter,
    /// The sizes of images.
    pub pictures: &'a Pictures,
    /// The documents that spans index, of every page and partial, as they were read.
    documents: BTreeMap<FileId, &'a Document>,
    /// How pages and files are called.
    pub addresses: Addresses,
    /// What every template sees of the site.
    pub view: Arc<SiteView>,
    /// The navigation, laid out once.
    frame: Frame,
    /// The tabs that a link leads to by its query alone: page, ordinal of the group, index of the tab.
    linked_tabs: BTreeSet<(PageId, u32, usize)>,
    /// The placeholders that are secrets.
    secrets: BTreeSet<String>,
}

/// A page, rendered.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The whole HTML file.
    pub html: String,
    /// The whole Markdown file. Only pages that are [`Listed`](crate::site::Visibility::Listed) are written as Markdown.
    pub markdown: String,
    /// What indexes and checks need to know of it.
    pub facts: PageFacts,
    /// Templates that failed.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    /// Everything pages are rendered with.
    #[must_use]
    pub fn new(
        site: &'a Site,
        config: &'a Config,
        theme: &'a Theme,
        highlighter: &'a Highlighter,
        pictures: &'a Pictures,
        documents: &'a BTreeMap<String, Arc<Document>>,
    ) -> Self {
        let documents = documents.values().map(|document| (document.file, &**document)).collect();
        let addresses = Addresses::new(config);
        let view = Arc::new(frame::site_view(site, config, theme, &addresses));
        let frame = Frame::new(site, config, &addresses);
        let targets = site.pages.iter().flat_map(|page| page.links.values());
        let linked_tabs = targets
            .filter_map(|target| match target {
                Target::Page { page, anchor, tab: Some((group, index)), .. } if anchor.is_empty() => {
                    Some((*page, *group, *index))
                }
                Target::Page { .. } | Target::Asset { .. } | Target::External(_) | Target::Broken(_) => None,
            })
            .collect();
        let secrets = fields::secrets(config, site);
        Self {
            site,
            config,
            theme,
            highlighter,
            pictures,
            documents,
            addresses,
            view,
            frame,
            linked_tabs,
            secrets,
        }
    }

    /// Writes the hashes of the site's own style sheets and scripts (by address below the site's root) into their
    /// addresses, so that browsers do not go on with old ones.
    pub fn stamp(&mut self, hashes: &BTreeMap<String, String>) {
        let view = Arc::make_mut(&mut self.view);
        for (address, hash) in hashes {
            let address = self.addresses.file(address);
            for own in view.stylesheets.iter_mut().chain(&mut view.scripts).filter(|own| **own == address) {
                own.push_str("?v=");
                own.push_str(hash);
            }
        }
    }

    /// Whether a placeholder is a secret on any page, by the key of its field.
    #[must_use]
    pub fn is_secret(&self, key: &str) -> bool {
        self.secrets.contains(key)
    }

    /// Lets the head of every page name the feeds of changes: one for readers, one for programs.
    pub fn announce_changes(&mut self, [atom, json]: [&str; 2]) {
        let view = Arc::make_mut(&mut self.view);
        view.changes_url = Some(self.addresses.file(atom));
        view.changes_json_url = Some(self.addresses.file(json));
    }

    /// A word of the interface.
    fn word(&self, key: &str) -> Option<&str> {
        self.view.words.get(key).map(String::as_str)
    }

    /// A fence's words as arguments of `CodeBlock`. What its template does not take as an attribute is a fact.
    fn code_arguments(&self, fence: &Fence, facts: &mut Map<String, Json>) -> Map<String, Json> {
        let signature = self.theme.components.get("CodeBlock");
        let takes = |name: &str| {
            signature.is_some_and(|signature| {
                signature.open || signature.attributes.iter().any(|attribute| attribute.name == name)
            })
        };
        let mut arguments = Map::new();
        let mut give = |name: &str, value: Json| {
            if takes(name) { &mut arguments } else { &mut *facts }.insert(name.to_owned(), value);
        };
        give("language", json!(code::language(fence)));
        give("wrap", json!(fence.wrap));
        if let Some(title) = &fence.title {
            give("title", json!(title));
        }
        arguments
    }
}

/// Renders a page in both forms.
#[must_use]
pub fn page(context: &Context<'_>, id: PageId) -> Rendered {
    let page = context.site.page(id);
    let html::Article { html: body, uses, mut diagnostics } = html::article(context, id, page);
    let mut view = frame::page_view(context, id, page, body, uses);
    let procedure = commands::has_commands(context, page);
    if procedure {
        view.procedure_url = context.addresses.procedure(&page.route);
    }
    let html = template(context, view.kind, &view, page, &mut diagnostics);
    let (markdown, failures) = markdown::file(context, id, page);
    diagnostics.extend(failures);
    let facts = PageFacts { procedure, ..facts::of(context, id, page, &markdown) };
    Rendered { html, markdown, facts, diagnostics }
}

/// The page for addresses that lead nowhere.
#[must_use]
pub fn not_found(context: &Context<'_>) -> (String, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let view = frame::not_found_view(context);
    let html = match context.theme.page("404.html", &view) {
        Ok(html) => html,
        Err(message) => {
            diagnostics.push(Diagnostic::new(
                &rules::TEMPLATE_FAILED,
                format!("`404.html` cannot be drawn: {message}"),
            ));
            String::new()
        }
    };
    (html, diagnostics)
}

fn template(
    context: &Context<'_>,
    kind: &str,
    view: &PageView,
    page: &Page,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let name = format!("{kind}.html");
    context.theme.page(&name, view).unwrap_or_else(|message| {
        let failed = Diagnostic::new(
            &rules::TEMPLATE_FAILED,
            format!("`{name}` cannot be drawn for `/{}`: {message}", page.route),
        );
        diagnostics.push(failed);
        String::new()
    })
}

/// What the template of a page sees. Addresses are complete: base path included, ready for `href`.
#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    /// The site, the same for every page.
    pub site: Arc<SiteView>,
    /// `page`, `home`, `index` (a generated category index), `tags` (all tags), `tag` (one of them) or `404`.
    pub kind: &'static str,
    /// The name of the page.
    pub title: String,
    /// Whether the template prints the title as `h1` (false when the article has its own, or `hide_title`).
    pub show_title: bool,
    /// Empty where there is none.
    pub description: String,
    /// Whether the author wrote it; else it is the start of the first paragraph, which the article holds.
    pub described: bool,
    /// The article's own `h1` as HTML, where it begins with one; it is not in `body` then.
    pub heading: String,
    /// The address from the root of the host: `/base/a/b/`.
    pub url: String,
    /// The way from its file up to the root of the site, for a copy that is opened from a disk: `../../`, `./`.
    pub root: String,
    /// The absolute address.
    pub canonical: String,
    /// The address of its Markdown.
    pub markdown_url: String,
    /// The address of its page-level `llms.txt`.
    pub index_url: String,
    /// The address of its steps as data; empty for a page without commands.
    pub procedure_url: String,
    /// `noindex` for crawlers.
    pub noindex: bool,
    /// Keywords and tags, for the head.
    pub keywords: Vec<String>,
    /// The absolute address of the image for link previews.
    pub image: Option<String>,
    /// The article, as HTML.
    pub body: String,
    /// What the article needs beside the style sheets and scripts of every page: `math`, `mermaid`.
    pub uses: BTreeSet<&'static str>,
    /// The on-page contents, nested; empty when hidden.
    pub toc: Vec<TocItem>,
    /// The sidebar: the whole tree, or at large sites this page's part of it.
    pub nav: Vec<NavItemView>,
    /// From the top of the tree to the page, the page itself last.
    pub breadcrumbs: Vec<LinkView>,
    /// The page before it in reading order.
    pub prev: Option<LinkView>,
    /// The page after it in reading order.
    pub next: Option<LinkView>,
    /// `YYYY-MM-DD`.
    pub last_updated: Option<String>,
    /// Who changed it last, where the front matter says.
    pub last_author: Option<String>,
    /// The address of its editor.
    pub edit_url: Option<String>,
    /// Where feedback on it goes.
    pub feedback_url: Option<String>,
    /// Page actions, in order.
    pub actions: Vec<ActionView>,
    /// Its tags; of the page of all tags, those of the site.
    pub tags: Vec<TagView>,
    /// Its children, for a generated category index; the pages that have a tag, for the page of one.
    pub children: Vec<LinkView>,
    /// The front matter as written, for themes.
    pub front_matter: serde_json::Map<String, serde_json::Value>,
}

/// What every template sees of the site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// The name of the site.
    pub title: String,
    /// One sentence on it.
    pub description: String,
    /// Who writes it.
    pub authors: Vec<String>,
    /// BCP 47.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The address of the home page: `/` or `/base/`.
    pub home: String,
    /// Whether page addresses end in a slash.
    pub trailing_slash: bool,
    /// The address of the root `llms.txt`.
    pub llms_url: String,
    /// The address of the Atom feed of changes, where there is one.
    pub changes_url: Option<String>,
    /// The same as a JSON feed.
    pub changes_json_url: Option<String>,
    /// Scheme and host.
    pub origin: String,
    /// The logo's addresses, light and dark, and what it shows.
    pub logo: Option<LogoView>,
    /// The address of the icon.
    pub favicon: Option<String>,
    /// The addresses of the style sheets, the theme's first; they change when the files do.
    pub stylesheets: Vec<String>,
    /// The addresses of the scripts.
    pub scripts: Vec<String>,
    /// Whether images can be enlarged.
    pub zoom: bool,
    /// The address of the script that answers searches; absent where the site has none.
    pub search: Option<String>,
    /// `--name: value` pairs for `:root`.
    pub tokens: BTreeMap<String, String>,
    /// The header's menus.
    pub menu: Vec<MenuView>,
    /// The footer.
    pub footer: FooterView,
    /// The bar above the header.
    pub announcement: Option<AnnouncementView>,
    /// The versions of the site, where there are several.
    pub versions: Vec<ChoiceView>,
    /// The languages of the site, where there are several.
    pub languages: Vec<ChoiceView>,
    /// The address of the page of all tags, where there are such pages.
    pub tags_url: Option<String>,
    /// HTML for the end of the head, from the settings.
    pub head: String,
    /// The repository.
    pub repository: Option<String>,
    /// Whether links in articles show what they lead to.
    pub previews: bool,
    /// The words of the interface by key, the theme's with the site's in place.
    pub words: BTreeMap<String, String>,
}

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct LinkView {
    /// What it says.
    pub text: String,
    /// Where it leads; absent for a breadcrumb without a page.
    pub url: Option<String>,
    /// A line about it; empty where there is none.
    pub description: String,
}

/// A tag of a page or of the site.
#[derive(Clone, Debug, Serialize)]
pub struct TagView {
    /// What it says.
    pub text: String,
    /// The address of its page; absent where tags have none.
    pub url: Option<String>,
    /// How many pages have it.
    pub count: usize,
}

/// A version or a language of the site, to switch to.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceView {
    /// What it says.
    pub text: String,
    /// The address of this page in it, or of its home page.
    pub url: String,
    /// Whether it is the one that is read.
    pub current: bool,
    /// BCP 47, of a language; empty for a version.
    pub language: String,
}

/// The bar above the header.
#[derive(Clone, Debug, Serialize)]
pub struct AnnouncementView {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Changes with what it says: a reader who closed it does not see it again until then.
    pub id: String,
    /// Whether it can be closed.
    pub dismissible: bool,
}

/// An entry of the sidebar.
#[derive(Clone, Debug, Serialize)]
pub struct NavItemView {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Whether it leads to another site.
    pub external: bool,
    /// Whether it is a line between groups.
    pub separator: bool,
    /// Whether it is the page itself.
    pub current: bool,
    /// Whether it is open: on the way to the page, or not collapsed.
    pub open: bool,
    /// A chapter number.
    pub number: Option<String>,
    /// An icon's name or address.
    pub icon: Option<String>,
    /// A short word after the label.
    pub badge: Option<String>,
    /// CSS class names from the author.
    pub class: Option<String>,
    /// How many levels deeper it is than the list it stands in: in a deep navigation the last levels are one list.
    pub indent: usize,
    /// Entries below it.
    pub items: Vec<NavItemView>,
}

/// An entry of the on-page contents.
#[derive(Clone, Debug, Serialize)]
pub struct TocItem {
    /// Its words, as HTML (code stays code).
    pub html: String,
    /// The anchor.
    pub id: String,
    /// The ids of the tab panels it stands in, outermost first; empty outside tabs.
    pub panels: Vec<String>,
    /// Headings below it.
    pub items: Vec<TocItem>,
}

/// A page action.
#[derive(Clone, Debug, Serialize)]
pub struct ActionView {
    /// `copy`, `view`, `chatgpt`, `claude`, `cursor`, `mcp`, `print`.
    pub name: &'static str,
    /// Where it leads; absent for what a script does.
    pub url: Option<String>,
}

/// A logo.
#[derive(Clone, Debug, Serialize)]
pub struct LogoView {
    /// On light ground.
    pub light: String,
    /// On dark ground.
    pub dark: String,
    /// What it shows.
    pub alt: String,
}

/// An entry of the header's menus.
#[derive(Clone, Debug, Serialize)]
pub struct MenuView {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Whether it leads to another site.
    pub external: bool,
    /// A line under it; empty where there is none.
    pub description: String,
    /// Entries of its drop-down menu.
    pub items: Vec<MenuView>,
}

/// The footer.
#[derive(Clone, Debug, Serialize)]
pub struct FooterView {
    /// Columns of links.
    pub columns: Vec<ColumnView>,
    /// Links shown as icons.
    pub social: Vec<SocialView>,
    /// The links of the last line.
    pub legal: Vec<MenuView>,
    /// The copyright line; empty where there is none.
    pub copyright: String,
}

/// A column of the footer.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnView {
    /// Its heading.
    pub title: String,
    /// Its links.
    pub items: Vec<MenuView>,
}

/// A link shown as an icon.
#[derive(Clone, Debug, Serialize)]
pub struct SocialView {
    /// The icon's name.
    pub icon: String,
    /// Where it leads.
    pub url: String,
    /// What a screen reader says.
    pub label: String,
}

#[cfg(test)]
mod tests;
