//! `book.toml` in, [`Config`] out: resolved and checked, every mistake a diagnostic with its place.
//!
//! mdBook's keys keep mdBook's meaning; what Waypost adds stands in tables of its own. The doc comments here
//! are the descriptions in `book.schema.json`.

mod head;
mod read;
mod values;

use std::collections::BTreeMap;

use globset::{GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};
use crate::placeholder::Placeholder;
pub use read::{parse, place_of, place_of_key, schema, with_redirects, with_theme};

/// The admonition kinds that every theme knows, and that a kind of the site's own may be `like`.
pub const ADMONITION_KINDS: &[&str] =
    &["note", "tip", "info", "warning", "danger", "important", "caution", "success", "secondary"];

/// The whole of `book.toml`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// What the site is.
    pub book: Book,
    /// Where things are written.
    pub build: Build,
    /// Outputs; `html` is mdBook's name for the site.
    pub output: Outputs,
    /// Where the site stands on the web, and its addresses.
    pub site: SiteConfig,
    /// How sources are read.
    pub content: Content,
    /// Which theme, and what is set in it.
    pub theme: ThemeConfig,
    /// The page header.
    pub header: Header,
    /// The page footer.
    pub footer: Footer,
    /// A bar above the header.
    pub announcement: Option<Announcement>,
    /// What stands around an article.
    pub page: PageConfig,
    /// Tab groups and the labels they may have: `groups.NAME = ["Label", …]`.
    pub tabs: TabsConfig,
    /// Search on the site.
    pub search: SearchConfig,
    /// `{{NAME}}` in pages and in code becomes this text, before Markdown is read.
    pub variables: BTreeMap<String, String>,
    /// What readers fill into the commands of every page, by name: `{NAME}`, `<NAME>` or `$NAME`.
    pub placeholders: BTreeMap<String, Placeholder>,
    /// Admonition kinds of the site's own, by the word after `:::`.
    pub admonitions: BTreeMap<String, Admonition>,
    /// How a foreign component is read: the name of another one, or `unwrap` to keep only its children.
    pub components: BTreeMap<String, String>,
    /// Images.
    pub images: Images,
    /// Highlighting.
    pub highlight: Highlight,
    /// Checks and their levels.
    pub check: Check,
}

/// `[book]`: what the site is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Book {
    /// The name of the site.
    pub title: String,
    /// One sentence on what it holds: the quoted line of `llms.txt`.
    pub description: String,
    /// Who writes it.
    pub authors: Vec<String>,
    /// The language of the text, as a BCP 47 tag.
    pub language: String,
    /// The direction of the text; taken from the language where absent.
    pub text_direction: Option<TextDirection>,
    /// The folder of the pages, relative to `book.toml`.
    pub src: String,
}

/// The direction that text runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextDirection {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// `[build]`: where things are written.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Build {
    /// The folder the site is written to, relative to `book.toml`.
    pub build_dir: String,
}

/// `[output]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Outputs {
    /// The site.
    pub html: Html,
}

/// `[output.html]`: mdBook's settings of the site.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Html {
    /// The path the site is served under, `/` unless it shares a host: `/docs/`.
    pub site_url: Option<String>,
    /// The repository: a link in the header, and the base of edit links.
    pub git_repository_url: Option<String>,
    /// The address of a page's editor; `{path}` is the page's path from the folder of `book.toml`.
    pub edit_url_template: Option<String>,
    /// Old address (from the site's root) to new address (a route or an absolute URL).
    pub redirect: BTreeMap<String, String>,
    /// Style sheets loaded after the theme's, by path from the folder of `book.toml`.
    pub additional_css: Vec<String>,
    /// Scripts loaded after the theme's, by path from the folder of `book.toml`.
    pub additional_js: Vec<String>,
    /// HTML for the end of each page's head: whole `meta`, `link`, `script`, `style`, `noscript` elements, as they are.
    pub head: Vec<String>,
    /// The domain of the site, written to `CNAME`.
    pub cname: Option<String>,
    /// Whether the chapters of a book go without numbers in the sidebar.
    pub no_section_label: bool,
}

/// `[site]`: where the site stands on the web.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SiteConfig {
    /// Scheme and host, without a path: `https://docs.example.com`. Absolute links are made of it.
    pub origin: String,
    /// Whether page addresses end in `/` (`a/b/index.html`) or not (`a/b.html`).
    pub trailing_slash: bool,
    /// Folders whose files are copied as they are to the root of the site.
    pub static_dirs: Vec<String>,
    /// The logo, by its address from the site's root; `dark` for the dark mode.
    pub logo: Option<Logo>,
    /// The icon of the browser tab, by its address from the site's root.
    pub favicon: Option<String>,
    /// Whether crawlers may list the site.
    pub noindex: bool,
    /// A `Content-Signal` line for robots.txt, as given.
    pub content_signal: Option<String>,
}

/// A logo in one or two colour modes.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Logo {
    /// On light ground.
    pub light: String,
    /// On dark ground; the light one where absent.
    #[serde(default)]
    pub dark: Option<String>,
    /// What it shows.
    #[serde(default)]
    pub alt: String,
}

/// `[content]`: how sources are read.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Content {
    /// Which Markdown the pages are written in.
    pub dialect: Dialect,
    /// Files that are not pages, as globs from the pages' folder.
    pub exclude: Vec<String>,
    /// Whether `01-name.md` orders a page and leaves its address without the number.
    pub number_prefixes: bool,
    /// Where the navigation comes from.
    pub navigation: Navigation,
    /// Indented text is code. Only for the dialects that have no component tags in it.
    pub indented_code: Option<bool>,
    /// Whether `:name:` becomes an emoji; on in the `docusaurus` dialect.
    pub emoji: Option<bool>,
    /// Whether bare `https://…` in text becomes a link; on but in the `commonmark` dialect.
    pub autolinks: Option<bool>,
    /// Whether `$…$`, `$$…$$` and code fences of the language `math` are formulas in TeX.
    pub math: bool,
    /// Straight quotes and dashes become typographic ones.
    pub smart_punctuation: bool,
}

/// A Markdown dialect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// MDX as Docusaurus reads it: components, `:::` admonitions, imports, expressions.
    #[default]
    Docusaurus,
    /// mdBook: CommonMark and GFM, `{{#include}}`, no components.
    Mdbook,
    /// CommonMark and GFM as docfx writes it: `[!INCLUDE]`, `:::image`, zones.
    Docfx,
    /// CommonMark and nothing else.
    Commonmark,
}

/// Where the navigation comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Navigation {
    /// `SUMMARY.md` where there is one, else the folders.
    #[default]
    Auto,
    /// Folders, `_category_` files and `sidebar_position`.
    Folders,
    /// `SUMMARY.md`, mdBook's format.
    Summary,
}

/// `[theme]`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ThemeConfig {
    /// The folder below `themes/` whose files come before the built-in theme's.
    pub name: String,
    /// CSS custom properties that are set for the whole site: `accent = "#5b21b6"` sets `--accent`.
    pub tokens: BTreeMap<String, String>,
    /// Interface words that replace the theme's, by key.
    pub words: BTreeMap<String, String>,
}

/// `[header]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Header {
    /// Links and drop-down menus, from the left.
    pub menu: Vec<MenuEntry>,
}

/// One entry of a menu: a link, or a heading with links of its own.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MenuEntry {
    /// What it says.
    pub text: String,
    /// Where it leads: a route or an absolute URL.
    #[serde(default)]
    pub link: Option<String>,
    /// A line under the text, in drop-down menus.
    #[serde(default)]
    pub description: Option<String>,
    /// Entries of the drop-down menu.
    #[serde(default)]
    pub items: Vec<MenuEntry>,
}

/// `[footer]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Footer {
    /// Columns of links.
    pub columns: Vec<FooterColumn>,
    /// Links to other places the authors can be found, as icons: `icon = "github"`.
    pub social: Vec<SocialLink>,
    /// Links of the last line.
    pub legal: Vec<MenuEntry>,
    /// The copyright line.
    pub copyright: Option<String>,
}

/// A footer column.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FooterColumn {
    /// Its heading.
    pub title: String,
    /// Its links.
    #[serde(default)]
    pub items: Vec<MenuEntry>,
}

/// A link shown as an icon.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SocialLink {
    /// The icon's name in the theme.
    pub icon: String,
    /// Where it leads.
    pub link: String,
    /// What a screen reader says.
    pub label: String,
}

/// `[announcement]`: a bar above the header.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Announcement {
    /// What it says.
    pub text: String,
    /// Where it leads.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether a reader can close it; it stays closed until its text changes.
    #[serde(default = "yes")]
    pub dismissible: bool,
}

fn yes() -> bool {
    true
}

/// `[page]`: what stands around an article.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PageConfig {
    /// Page actions, in order.
    pub actions: Vec<PageAction>,
    /// Where feedback goes; `{title}` and `{url}` are filled in. None without a repository or this.
    pub feedback_url: Option<String>,
    /// Whether the date of the last change is shown (from git or front matter).
    pub last_updated: bool,
    /// Whether the pages' tags have pages of their own, below `/tags/`, that list what has them.
    pub tag_pages: bool,
    /// The lowest and highest heading level of the contents.
    pub toc: TocLevels,
    /// How many pages the navigation may have before a page holds only its own part of it.
    pub sidebar_limit: usize,
    /// Whether a link to another page of the site shows the beginning of it under a resting pointer or on focus.
    pub previews: bool,
}

/// The levels of headings in the on-page contents.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct TocLevels {
    /// The lowest level, 2 unless given.
    pub min: u8,
    /// The highest level, 3 unless given.
    pub max: u8,
}

/// Something a reader can do with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PageAction {
    /// Copy the page as Markdown.
    Copy,
    /// View it as Markdown.
    View,
    /// Open it in ChatGPT.
    Chatgpt,
    /// Open it in Claude.
    Claude,
    /// Open it in Cursor.
    Cursor,
    /// Print it.
    Print,
}

/// `[tabs]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct TabsConfig {
    /// The labels that tabs of a group (`groupId`) may have. A group that is not named here may have any.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// `[search]`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SearchConfig {
    /// Whether the site has search.
    pub enabled: bool,
    /// What results can be filtered by, beside their section: `facets.cloud = ["aws", "azure", "gcp"]`. A page has the
    /// values that are among its `tags`.
    pub facets: BTreeMap<String, Vec<String>>,
}

/// An admonition kind of the site's own.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Admonition {
    /// The title where the author gives none.
    pub title: String,
    /// The built-in kind it looks like and means to agents: note, tip, info, warning, danger …
    pub like: String,
}

/// `[images]`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Images {
    /// Whether an image that is shown smaller than it is can be enlarged.
    pub zoom: bool,
    /// Whether `name-dark.png` or `name.dark.png` beside `name.png` is shown in its place in dark mode.
    pub dark_files: bool,
    /// The formats of smaller copies that are made of large PNG and JPEG images. Needs a Waypost with the feature
    /// `images`.
    pub variants: Vec<ImageFormat>,
    /// The widths of these copies in pixels, beside that of the image itself.
    pub widths: Vec<u32>,
    /// Their quality, from 1 to 100; at 100 nothing is lost.
    #[schemars(range(min = 1, max = 100))]
    pub quality: u8,
}

/// A format of copies of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// WebP, which every browser reads.
    Webp,
}

/// `[highlight]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Highlight {
    /// Names for fence languages that no grammar knows: `alias.mylang = "yaml"`.
    pub alias: BTreeMap<String, String>,
    /// Blocks of code with more lines than this are folded. None unless given; `fold` after a fence folds one.
    #[schemars(range(min = 2, max = 10000))]
    pub fold: Option<usize>,
}

/// `[check]`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Check {
    /// Levels by rule code: `broken-anchor = "warning"`.
    pub rules: BTreeMap<String, Level>,
}

/// The level of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Stops the build.
    Error,
    /// Is shown.
    Warning,
    /// Is shown last.
    Advice,
    /// Is not shown.
    Off,
}

impl Config {
    /// The path the site is served under: starts and ends with `/`.
    #[must_use]
    pub fn base_path(&self) -> String {
        let path = self.output.html.site_url.as_deref().unwrap_or("/").trim_matches('/');
        if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
    }

    /// Whether the file at `path` is kept from pages and from the web: below the static folders hidden files such
    /// as `.well-known/security.txt` are meant to be served, but never the state of git or of a build.
    #[must_use]
    pub fn hides(&self, path: &str) -> bool {
        let is_state =
            |part: &str| part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(".waypost");
        let is_static = |folder: &String| !folder.is_empty() && below(folder, path).is_some();
        path.split('/').any(is_state) || is_hidden(path) && !self.site.static_dirs.iter().any(is_static)
    }
}

impl Content {
    /// The files of the pages' folder that are no pages, to match by path from that folder.
    #[must_use]
    pub fn excluded(&self) -> GlobSet {
        let mut set = GlobSetBuilder::new();
        // `parse` has reported and removed the patterns that cannot be read.
        for glob in self.exclude.iter().filter_map(|pattern| exclude_glob(pattern).ok()) {
            set.add(glob);
        }
        set.build().unwrap_or_default()
    }

    /// Takes a folder of the pages' folder for no pages: what is written is not to be read.
    pub fn exclude_folder(&mut self, folder: &str) {
        self.exclude.push(format!("{}/**", globset::escape(folder)));
    }
}

/// A pattern of `content.exclude`: `*` stays within a name, `**` crosses folders.
fn exclude_glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    globset::GlobBuilder::new(pattern).literal_separator(true).build()
}

impl Check {
    /// The level of a finding; nothing when it is not to be shown.
    #[must_use]
    pub fn level(&self, found: &Diagnostic) -> Option<Severity> {
        match self.rules.get(found.rule.code) {
            None => Some(found.severity),
            Some(Level::Error) => Some(Severity::Error),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Advice) => Some(Severity::Advice),
            Some(Level::Off) => None,
        }
    }
}

/// The part of `path` below `folder`, both from the folder of `book.toml`; empty for the folder itself, nothing
/// for what lies elsewhere. An empty `folder` is the folder of `book.toml`.
#[must_use]
pub fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Whether a name in `path` starts with a dot, as those of secrets, of editors and of git do.
#[must_use]
pub fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') && !matches!(part, "." | ".."))
}

impl Default for Book {
    fn default() -> Self {
        Self {
            title: "Documentation".to_owned(),
            description: String::new(),
            authors: Vec::new(),
            language: "en".to_owned(),
            text_direction: None,
            src: "src".to_owned(),
        }
    }
}

impl Default for Build {
    fn default() -> Self {
        Self { build_dir: "book".to_owned() }
    }
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            origin: "http://localhost:3000".to_owned(),
            trailing_slash: true,
            static_dirs: vec!["static".to_owned()],
            logo: None,
            favicon: None,
            noindex: false,
            content_signal: None,
        }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self {
            dialect: Dialect::Docusaurus,
            exclude: Vec::new(),
            number_prefixes: true,
            navigation: Navigation::Auto,
            indented_code: None,
            emoji: None,
            autolinks: None,
            math: false,
            smart_punctuation: false,
        }
    }
}

impl Default for Images {
    fn default() -> Self {
        Self {
            zoom: true,
            dark_files: false,
            variants: Vec::new(),
            widths: vec![480, 960, 1600],
            quality: 80,
        }
    }
}

impl Default for ThemeConfig {
    fn default() -> Self {
        Self { name: "default".to_owned(), tokens: BTreeMap::new(), words: BTreeMap::new() }
    }
}

impl Default for SearchConfig {
    fn default() -> Self {
        Self { enabled: true, facets: BTreeMap::new() }
    }
}

impl Default for PageConfig {
    fn default() -> Self {
        use PageAction::{Chatgpt, Claude, Copy, Cursor, Print, View};
        Self {
            actions: vec![Copy, View, Chatgpt, Claude, Cursor, Print],
            feedback_url: None,
            last_updated: true,
            tag_pages: true,
            toc: TocLevels::default(),
            sidebar_limit: 400,
            previews: true,
        }
    }
}

impl Default for TocLevels {
    fn default() -> Self {
        Self { min: 2, max: 3 }
    }
}

#[cfg(test)]
mod tests;
