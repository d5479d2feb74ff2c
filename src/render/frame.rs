//! What stands around an article: navigation, breadcrumbs, contents, neighbours, actions, header and footer.
//!
//! The navigation is laid out once for the site ([`Frame`]); a page only marks its way through it. At large sites a
//! page holds its own part: the entries along the way, their siblings, and its children. Whole copies in every page
//! are what makes the pages of rivals heavy and their builds slow.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{Addresses, encode_query};
use super::{
    ActionView, AnnouncementView, ColumnView, Context, FooterView, LinkView, LogoView, MenuView, NavItemView,
    PageView, SiteView, SocialView, TagView, TocItem, html,
};
use crate::config::{Config, MenuEntry, PageAction, TextDirection};
use crate::diagnostic::Span;
use crate::document::front_matter::EditUrl;
use crate::document::{Kind, Node};
use crate::site::links::{code_scheme, is_external};
use crate::site::nav::{NavItem, NavLink, neighbours};
use crate::site::tag_pages;
use crate::site::{Heading, Page, PageId, Site, Target, Visibility};
use crate::theme::Theme;

/// How many siblings a page of a large site shows around itself.
const SIBLINGS: usize = 40;

/// How many levels of the sidebar stand inside each other. What is deeper follows its parent, indented: on a phone
/// there is no room for more, and templates may call themselves only so often.
const NESTED: usize = 8;

/// The navigation of a site, laid out.
#[derive(Debug)]
pub(super) struct Frame {
    entries: Vec<Entry>,
    top: Vec<usize>,
    by_page: BTreeMap<PageId, usize>,
    /// Whether every page holds the whole navigation.
    whole: bool,
}

#[derive(Debug)]
struct Entry {
    view: NavItemView,
    collapsed: bool,
    parent: Option<usize>,
    children: Vec<usize>,
}

impl Frame {
    pub(super) fn new(site: &Site, config: &Config, addresses: &Addresses) -> Self {
        let mut frame = Self { entries: Vec::new(), top: Vec::new(), by_page: BTreeMap::new(), whole: false };
        frame.top = frame.add(site, addresses, &site.nav.items, None);
        frame.whole = frame.by_page.len() <= config.page.sidebar_limit;
        frame
    }

    fn add(
        &mut self,
        site: &Site,
        addresses: &Addresses,
        items: &[NavItem],
        parent: Option<usize>,
    ) -> Vec<usize> {
        let mut added = Vec::with_capacity(items.len());
        for item in items {
            let index = self.entries.len();
            let (url, external) = match &item.link {
                NavLink::None | NavLink::Separator => (None, false),
                NavLink::Page(page) => {
                    self.by_page.entry(*page).or_insert(index);
                    (Some(addresses.page(&site.page(*page).route)), false)
                }
                NavLink::External(link) => {
                    let (url, external) = addresses.setting(site, link);
                    (Some(url), external)
                }
            };
            self.entries.push(Entry {
                view: NavItemView {
                    text: item.label.clone(),
                    url,
                    external,
                    separator: item.link == NavLink::Separator,
                    current: false,
                    open: false,
                    number: item.number.clone(),
                    icon: item.icon.as_deref().and_then(|icon| icon_address(site, addresses, icon)),
                    badge: item.badge.clone(),
                    class: item.class.clone(),
                    indent: 0,
                    items: Vec::new(),
                },
                collapsed: item.collapsed,
                parent,
                children: Vec::new(),
            });
            let children = self.add(site, addresses, &item.items, Some(index));
            self.entries[index].children = children;
            added.push(index);
        }
        added
    }

    /// The way from the top of the navigation to a page, the page last; empty for a page that is not in it.
    fn way(&self, page: Option<PageId>) -> Vec<usize> {
        let mut way = Vec::new();
        let mut at = page.and_then(|page| self.by_page.get(&page).copied());
        while let Some(index) = at {
            way.push(index);
            at = self.entries[index].parent;
        }
        way.reverse();
        way
    }

    /// The sidebar of the page at the end of `way`.
    fn sidebar(&self, way: &[usize]) -> Vec<NavItemView> {
        self.level(&self.top, way, None, 1)
    }

    /// The entries of one level, the top one being 1. Below the last that is nested, all levels are one list.
    fn level(
        &self,
        siblings: &[usize],
        way: &[usize],
        parent: Option<usize>,
        depth: usize,
    ) -> Vec<NavItemView> {
        let (here, below) = match way.split_first() {
            Some((here, below)) => (Some(*here), below),
            None => (None, way),
        };
        let place = siblings.iter().position(|index| Some(*index) == here).unwrap_or(0);
        let shown = if self.whole || siblings.len() <= SIBLINGS {
            0..siblings.len()
        } else {
            let start = place.saturating_sub(SIBLINGS / 2).min(siblings.len() - SIBLINGS);
            start..start + SIBLINGS
        };
        let left_out = shown.len() < siblings.len();
        let indent = depth.saturating_sub(NESTED);
        let mut items = Vec::with_capacity(shown.len());
        for index in &siblings[shown] {
            let entry = &self.entries[*index];
            let on_way = Some(*index) == here;
            let mut inner = if on_way {
                self.level(&entry.children, below, Some(*index), depth + 1)
            } else if self.whole {
                self.level(&entry.children, &[], Some(*index), depth + 1)
            } else {
                Vec::new()
            };
            let following = if depth < NESTED { Vec::new() } else { std::mem::take(&mut inner) };
            let open = on_way || (self.whole && !entry.collapsed);
            let current = on_way && below.is_empty();
            items.push(NavItemView { current, open, indent, items: inner, ..entry.view.clone() });
            items.extend(following);
        }
        if left_out && let Some(url) = parent.and_then(|parent| self.entries[parent].view.url.clone()) {
            // The rest stands behind the section's own page.
            items.push(NavItemView { text: "\u{2026}".to_owned(), url: Some(url), indent, ..empty_item() });
        }
        items
    }
}

/// An icon by its name, or the address of its picture where that is a file of the site.
fn icon_address(site: &Site, addresses: &Addresses, icon: &str) -> Option<String> {
    let path = icon.trim_start_matches('/');
    if site.assets.contains_key(path) {
        return Some(addresses.file(path));
    }
    let is_name = !icon.contains(['/', '.']);
    (is_name || is_external(icon)).then(|| icon.to_owned())
}

fn empty_item() -> NavItemView {
    NavItemView {
        text: String::new(),
        url: None,
        external: false,
        separator: false,
        current: false,
        open: false,
        number: None,
        icon: None,
        badge: None,
        class: None,
        indent: 0,
        items: Vec::new(),
    }
}

/// What the template of a page sees.
pub(super) fn page_view(
    context: &Context<'_>,
    id: PageId,
    page: &Page,
    body: String,
    uses: BTreeSet<&'static str>,
) -> PageView {
    let (heading, body) = own_heading(page, body);
    let Context { config, addresses, frame, .. } = context;
    let front_matter = &page.document.front_matter;
    let url = addresses.page(&page.route);
    let canonical = addresses.absolute(&url);
    let listed = page.visibility == Visibility::Listed;
    let markdown_url = if listed { addresses.markdown(&page.route) } else { String::new() };
    let way = frame.way(Some(id));
    let (prev, next) = neighbours(context.site, id);
    let toc = if front_matter.hide_table_of_contents { Vec::new() } else { contents(config, page, &body) };
    let image = image_url(context, id, page);
    let mut keywords = front_matter.keywords.clone();
    let tags = || front_matter.tags.iter().filter(|tag| !tag.trim().is_empty());
    keywords.extend(tags().filter(|tag| !front_matter.keywords.contains(tag)).cloned());
    let children = page.generated_index.iter().flatten().map(|child| link(context, *child)).collect();
    PageView {
        site: context.view.clone(),
        kind: match (front_matter.layout.as_deref(), &page.generated_index) {
            (Some("home"), _) => "home",
            (_, Some(_)) => "index",
            (_, None) => "page",
        },
        title: page.title.clone(),
        show_title: !page.has_h1 && !front_matter.hide_title,
        description: page.description.clone(),
        described: page.described,
        heading,
        index_url: addresses.index(if listed { &page.route } else { "" }),
        procedure_url: String::new(),
        noindex: config.site.noindex || !listed,
        keywords,
        image,
        body,
        uses,
        toc,
        nav: frame.sidebar(&way),
        breadcrumbs: breadcrumbs(frame, &way, page, &url),
        prev: prev.map(|page| link(context, page)),
        next: next.map(|page| link(context, page)),
        last_updated: page.last_updated.clone().filter(|_| config.page.last_updated),
        last_author: front_matter.last_update_author.clone().filter(|_| config.page.last_updated),
        edit_url: edit_url(config, page),
        feedback_url: feedback_url(config, &page.title, &canonical),
        actions: actions(context, listed.then_some(markdown_url.as_str())),
        tags: tags().map(|tag| tag_view(context, tag)).collect(),
        children,
        front_matter: themed(context, id, page),
        root: super::address::root(&addresses.html_file(&page.route)),
        markdown_url,
        canonical,
        url,
    }
}

/// A tag of a page, with the address of its page where it has one.
pub(super) fn tag_view(context: &Context<'_>, label: &str) -> TagView {
    let tag = context.site.tags.get(&tag_pages::key(label));
    TagView {
        text: tag.map_or(label, |tag| &tag.label).to_owned(),
        url: tag.map(|tag| context.addresses.page(&tag.route)),
        count: tag.map_or(0, |tag| tag.pages.len()),
    }
}

/// What the template of the page for missing addresses sees.
pub(super) fn not_found_view(context: &Context<'_>) -> PageView {
    let Context { config, addresses, .. } = context;
    let url = addresses.file("404.html");
    let title = context.word("not_found").unwrap_or_default().to_owned();
    let feedback_url = feedback_url(config, &title, &addresses.absolute(&url));
    PageView { feedback_url, ..made_view(context, "404", title, url) }
}

/// What the template of a page sees that no document stands behind: it is for readers alone, in no index.
pub(super) fn made_view(context: &Context<'_>, kind: &'static str, title: String, url: String) -> PageView {
    let Context { addresses, frame, .. } = context;
    PageView {
        site: context.view.clone(),
        kind,
        title,
        show_title: true,
        description: String::new(),
        described: false,
        heading: String::new(),
        canonical: addresses.absolute(&url),
        root: super::address::root("404.html"),
        markdown_url: String::new(),
        index_url: context.view.llms_url.clone(),
        procedure_url: String::new(),
        noindex: true,
        keywords: Vec::new(),
        image: None,
        body: String::new(),
        uses: BTreeSet::new(),
        toc: Vec::new(),
        nav: frame.sidebar(&[]),
        breadcrumbs: Vec::new(),
        prev: None,
        next: None,
        last_updated: None,
        last_author: None,
        edit_url: None,
        feedback_url: None,
        actions: Vec::new(),
        tags: Vec::new(),
        children: Vec::new(),
        front_matter: serde_json::Map::new(),
        url,
    }
}

/// The front matter for themes, with the addresses of a home page's buttons ready for `href`.
fn themed(context: &Context<'_>, id: PageId, page: &Page) -> serde_json::Map<String, serde_json::Value> {
    let mut all = page.document.front_matter.all.clone();
    let actions = all.get_mut("hero").and_then(|hero| hero.get_mut("actions")?.as_array_mut());
    for action in actions.into_iter().flatten() {
        let Some(link) = action.get("link").and_then(|link| link.as_str()) else { continue };
        if let Some(target) = hero_target(page, link) {
            action["link"] = context.addresses.html(context.site, id, target).into();
        } else if code_scheme(link).is_some() {
            action["link"] = "#".into();
        }
    }
    all
}

/// Where the link stage found that a button leads: its address stands in the front matter.
fn hero_target<'a>(page: &'a Page, link: &str) -> Option<&'a Target> {
    let front_matter = &page.document.front_matter;
    let hero = front_matter.spans.iter().find(|(key, _)| key == "hero").map(|(_, span)| span.range())?;
    let at = hero.start + page.document.text.get(hero)?.find(link)?;
    let place = Span::new(page.document.file, at..at + link.len());
    page.links.get(&place)
}

/// The `h1` that a body begins with, and the rest: it stands above the body, where the title of other pages does.
fn own_heading(page: &Page, body: String) -> (String, String) {
    let end =
        body.find("</h1>").filter(|_| page.has_h1 && body.starts_with("<h1")).map(|at| at + "</h1>".len());
    match end {
        Some(end) => (body[..end].to_owned(), body[end..].trim_start_matches('\n').to_owned()),
        None => (String::new(), body),
    }
}

/// The image for link previews, as the link stage found it.
fn image_url(context: &Context<'_>, id: PageId, page: &Page) -> Option<String> {
    let written = page.document.front_matter.image.as_deref()?;
    let places = page.document.front_matter.spans.iter().filter(|(key, _)| key == "image");
    let target = { places }.find_map(|(_, place)| page.links.get(place));
    let address = target.map(|target| context.addresses.html(context.site, id, target));
    let address = address.unwrap_or_else(|| context.addresses.setting(context.site, written).0);
    Some(if is_external(&address) { address } else { context.addresses.absolute(&address) })
}

pub(super) fn link(context: &Context<'_>, id: PageId) -> LinkView {
    let page = context.site.page(id);
    LinkView {
        text: page.label.clone(),
        url: Some(context.addresses.page(&page.route)),
        description: page.description.clone(),
    }
}

fn breadcrumbs(frame: &Frame, way: &[usize], page: &Page, url: &str) -> Vec<LinkView> {
    let crumb =
        |text: &str, url: Option<String>| LinkView { text: text.to_owned(), url, description: String::new() };
    if way.is_empty() {
        return vec![crumb(&page.label, Some(url.to_owned()))];
    }
    way.iter()
        .map(|index| &frame.entries[*index].view)
        .map(|view| crumb(&view.text, view.url.clone()))
        .collect()
}

/// The on-page contents, nested by level. Headings that only agents see are not in the article, and not here.
fn contents(config: &Config, page: &Page, body: &str) -> Vec<TocItem> {
    let front_matter = &page.document.front_matter;
    let lowest = front_matter.toc_min_heading_level.unwrap_or(config.page.toc.min);
    let highest = front_matter.toc_max_heading_level.unwrap_or(config.page.toc.max);
    let in_article: BTreeSet<&str> =
        body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let listed = |heading: &Heading| {
        (lowest..=highest).contains(&heading.level) && in_article.contains(heading.id.as_str())
    };
    nested(page, page.headings.iter().filter(|heading| listed(heading)))
}

/// Headings of a page, nested by level.
pub(super) fn nested<'a>(page: &Page, headings: impl Iterator<Item = &'a Heading>) -> Vec<TocItem> {
    let mut nodes = BTreeMap::new();
    crate::document::walk(&page.nodes, &mut |node: &Node| {
        if let Kind::Heading { id, .. } = &node.kind {
            nodes.insert(id.as_str(), node);
        }
    });
    let mut open: Vec<(u8, TocItem)> = Vec::new();
    let mut top = Vec::new();
    for heading in headings {
        let html = match nodes.get(heading.id.as_str()) {
            Some(node) => html::heading_words(&node.children),
            None => html::escaped(&heading.text),
        };
        let panel = |(ordinal, index): &(u32, usize)| {
            let group = page.tabs.iter().find(|group| group.ordinal == *ordinal)?;
            group.tabs.get(*index).map(|tab| tab.id.clone())
        };
        let panels: Vec<String> = heading.tabs.iter().filter_map(panel).collect();
        close(&mut open, &mut top, heading.level, &panels);
        open.push((heading.level, TocItem { html, id: heading.id.clone(), panels, items: Vec::new() }));
    }
    close(&mut open, &mut top, 0, &[]);
    top
}

/// Puts finished entries, those that a heading of `level` ends, into the entry above them. A heading in a tab holds
/// none of what stands outside of that tab, which would be hidden with it.
fn close(open: &mut Vec<(u8, TocItem)>, top: &mut Vec<TocItem>, level: u8, panels: &[String]) {
    while let Some((_, item)) =
        open.pop_if(|(other, item)| *other >= level || !panels.starts_with(&item.panels))
    {
        match open.last_mut() {
            Some((_, parent)) => parent.items.push(item),
            None => top.push(item),
        }
    }
}

fn edit_url(config: &Config, page: &Page) -> Option<String> {
    match &page.document.front_matter.custom_edit_url {
        EditUrl::None => return None,
        EditUrl::Url(url) => return code_scheme(url).is_none().then(|| url.clone()),
        EditUrl::Automatic => {}
    }
    if page.path.is_empty() {
        return None;
    }
    let template = config.output.html.edit_url_template.as_deref()?;
    let url = template.replace("{path}", &super::address::encode(&page.path));
    if is_external(&url) {
        return Some(url);
    }
    // A relative template stands below the repository.
    let repository = config.output.html.git_repository_url.as_deref()?;
    Some(format!("{}/{}", repository.trim_end_matches('/'), url.trim_start_matches('/')))
}

fn feedback_url(config: &Config, title: &str, url: &str) -> Option<String> {
    let template = match &config.page.feedback_url {
        Some(template) => template.clone(),
        None => {
            let repository = config.output.html.git_repository_url.as_deref()?.trim_end_matches('/');
            if repository.contains("gitlab") {
                format!("{repository}/-/issues/new?issue[title]={{title}}&issue[description]={{url}}")
            } else {
                format!("{repository}/issues/new?title={{title}}&body={{url}}")
            }
        }
    };
    Some(template.replace("{title}", &encode_query(title)).replace("{url}", &encode_query(url)))
}

fn actions(context: &Context<'_>, markdown_url: Option<&str>) -> Vec<ActionView> {
    let markdown = markdown_url.map(|url| context.addresses.absolute(url));
    let ask = |address: &str| {
        let words = context.word("ask_prompt").unwrap_or("Read {url} so that I can ask questions about it.");
        markdown.as_deref().map(|url| format!("{address}{}", encode_query(&words.replace("{url}", url))))
    };
    let action = |action: &PageAction| {
        let (name, url) = match action {
            PageAction::Copy => ("copy", None),
            PageAction::View => ("view", markdown_url.map(str::to_owned)),
            PageAction::Chatgpt => ("chatgpt", ask("https://chatgpt.com/?q=")),
            PageAction::Claude => ("claude", ask("https://claude.ai/new?q=")),
            PageAction::Cursor => ("cursor", ask("https://cursor.com/link/prompt?text=")),
            PageAction::Print => ("print", None),
        };
        // Without its Markdown a page can only be printed.
        (markdown_url.is_some() || name == "print").then_some(ActionView { name, url })
    };
    context.config.page.actions.iter().filter_map(action).collect()
}

/// What every template sees of the site.
pub(super) fn site_view(site: &Site, config: &Config, theme: &Theme, addresses: &Addresses) -> SiteView {
    let asset = |link: &str| addresses.setting(site, link).0;
    let menu =
        |entries: &[MenuEntry]| entries.iter().map(|entry| menu_entry(site, addresses, entry)).collect();
    // The theme's files come first: the site's own may change what they say.
    let loaded = |theme: Vec<&str>, own: &[String]| {
        theme.iter().map(|path| addresses.file(path)).chain(own.iter().map(|path| asset(path))).collect()
    };
    let html = &config.output.html;
    let mut words = theme.words.clone();
    words.extend(config.theme.words.clone());
    let logo = config.site.logo.as_ref().map(|logo| LogoView {
        light: asset(&logo.light),
        dark: asset(logo.dark.as_deref().unwrap_or(&logo.light)),
        alt: logo.alt.clone(),
    });
    SiteView {
        title: config.book.title.clone(),
        description: config.book.description.clone(),
        authors: config.book.authors.clone(),
        language: config.book.language.clone(),
        direction: direction(config),
        home: addresses.base.clone(),
        trailing_slash: addresses.trailing_slash,
        llms_url: addresses.index(""),
        changes_url: None,
        changes_json_url: None,
        origin: addresses.origin.clone(),
        logo,
        favicon: config.site.favicon.as_deref().map(asset),
        stylesheets: loaded(theme.stylesheets(), &html.additional_css),
        scripts: loaded(theme.scripts(), &html.additional_js),
        zoom: config.images.zoom,
        search: theme
            .addresses
            .get("search/client.js")
            .filter(|_| config.search.enabled)
            .map(|path| addresses.file(path)),
        tokens: config.theme.tokens.clone(),
        menu: menu(&config.header.menu),
        footer: FooterView {
            columns: config
                .footer
                .columns
                .iter()
                .map(|column| ColumnView { title: column.title.clone(), items: menu(&column.items) })
                .collect(),
            social: config
                .footer
                .social
                .iter()
                .map(|social| SocialView {
                    icon: social.icon.clone(),
                    url: asset(&social.link),
                    label: social.label.clone(),
                })
                .collect(),
            legal: menu(&config.footer.legal),
            copyright: config.footer.copyright.clone().unwrap_or_default(),
        },
        announcement: config.announcement.as_ref().map(|bar| AnnouncementView {
            text: bar.text.clone(),
            url: bar.link.as_deref().map(asset),
            id: blake3::hash(format!("{}\n{}", bar.text, bar.link.as_deref().unwrap_or_default()).as_bytes())
                .to_hex()[..8]
                .to_owned(),
            dismissible: bar.dismissible,
        }),
        versions: Vec::new(),
        languages: Vec::new(),
        tags_url: (!site.tags.is_empty()).then(|| addresses.page(tag_pages::ROUTE)),
        head: config.output.html.head.join("\n"),
        repository: config.output.html.git_repository_url.clone(),
        previews: config.page.previews,
        words,
    }
}

fn menu_entry(site: &Site, addresses: &Addresses, entry: &MenuEntry) -> MenuView {
    let link = entry.link.as_deref().map(|link| addresses.setting(site, link));
    MenuView {
        text: entry.text.clone(),
        external: link.as_ref().is_some_and(|(_, external)| *external),
        url: link.map(|(url, _)| url),
        description: entry.description.clone().unwrap_or_default(),
        items: entry.items.iter().map(|item| menu_entry(site, addresses, item)).collect(),
    }
}

fn direction(config: &Config) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur"];
    let language = config.book.language.split('-').next().unwrap_or_default();
    match config.book.text_direction {
        Some(TextDirection::Rtl) => "rtl",
        Some(TextDirection::Ltr) => "ltr",
        None if RIGHT_TO_LEFT.contains(&language) => "rtl",
        None => "ltr",
    }
}
