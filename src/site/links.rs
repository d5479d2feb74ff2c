//! Every link and image in; where it leads out, once, as a [`Target`].
//!
//! Links to `.md` files are resolved as Docusaurus resolves them: against the file they stand in, then the pages'
//! folder, then the site's. Other relative addresses are resolved as a browser resolves them on the page, and
//! then, more kindly, against the file's folder. What leads nowhere is reported with the nearest candidate.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::assets::Assets;
use super::pages::Rules;
use super::partials::candidates;
use super::redirects::address_key;
use super::{Drafts, Facts, Inputs, Page, PageId, Redirect, Target, front_matter_span, markup, paths};
use crate::config::{Dialect, MenuEntry};
use crate::diagnostic::{Diagnostic, FileId, Rule, Span, nearest, rules};
use crate::document::{Attribute, Component, Kind, LinkForm, Node, Value};

/// An address in a snippet of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlLink {
    /// Where its value is in the snippet, without quotes.
    pub range: Range<usize>,
    /// The value with entities decoded.
    pub url: String,
    /// Whether it is shown or run where it stands (`src`, `poster`), not followed (`href`).
    pub embedded: bool,
}

/// The addresses in the `html` of a [`Kind::Html`], in order.
#[must_use]
pub fn html_links(html: &str) -> Vec<HtmlLink> {
    markup::attributes(html)
        .into_iter()
        .filter_map(|attribute| {
            let element = attribute.element.to_ascii_lowercase();
            let embedded = match attribute.name.to_ascii_lowercase().as_str() {
                "href"
                    if !matches!(element.as_str(), "base" | "use" | "lineargradient" | "radialgradient") =>
                {
                    element == "link"
                }
                "src" => element != "iframe",
                "poster" => true,
                _ => return None,
            };
            let url = markup::decode(attribute.value).into_owned();
            Some(HtmlLink { range: attribute.range, url, embedded })
        })
        .collect()
}

/// What [`Page::links`] knows an address in HTML by: the start of its node and the place of the value in the
/// node's `html`. It is a key, not a place in the file, because `html` may be longer or shorter than its source.
#[must_use]
pub fn html_key(node: Span, range: &Range<usize>) -> Span {
    let offset = |at: usize| node.start + u32::try_from(at).expect("input files are smaller than 4 GiB");
    Span { file: node.file, start: offset(range.start), end: offset(range.end) }
}

/// Whether an address names its scheme or host, so that no page of ours is meant by its path.
#[must_use]
pub fn is_external(url: &str) -> bool {
    if url.starts_with("//") {
        return true;
    }
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    // `page.md:12` would be a legal scheme; no scheme in use has a dot.
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(legal)
        && (!scheme.contains('.') || rest.starts_with("//"))
}

/// What resolving gave.
pub(super) struct Resolved {
    /// The links of each page, by its number.
    pub links: Vec<BTreeMap<Span, Target>>,
    /// The links of `book.toml`.
    pub config: BTreeMap<String, Target>,
    /// The files that are linked to, by path.
    pub used: BTreeSet<String>,
}

/// Resolves every link of every page, and those of `book.toml`.
pub(super) fn resolve(
    inputs: &Inputs,
    rules: &Rules,
    drafts: &Drafts,
    redirects: &[Redirect],
    files: &Assets,
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved {
    let map = Map::new(inputs, rules, drafts, redirects, files);
    let found: Vec<Work> = (0..drafts.pages.len())
        .into_par_iter()
        .map(|number| {
            let mut work = Work::new(&map, PageId(u32::try_from(number).expect("fewer than 2^32 pages")));
            work.page();
            work
        })
        .collect();
    let mut resolved = Resolved { links: Vec::new(), config: BTreeMap::new(), used: BTreeSet::new() };
    for work in found {
        resolved.links.push(work.links);
        resolved.used.extend(work.used);
        diagnostics.extend(work.diagnostics);
    }
    config_links(&map, &mut resolved, diagnostics);
    resolved
}

/// A page as seen from an address: everything that links are resolved against.
pub(super) struct Map<'a> {
    inputs: &'a Inputs<'a>,
    rules: &'a Rules,
    drafts: &'a Drafts,
    files: &'a Assets,
    routes: BTreeMap<&'a str, PageId>,
    /// Pages by their path without the extension; a folder's own page by the folder too.
    stems: BTreeMap<&'a str, PageId>,
    redirects: BTreeMap<String, &'a Target>,
    /// Paths of texts by file.
    texts: BTreeMap<FileId, (&'a str, &'a str)>,
    /// The path of the site's root on its host: `/` or `/docs/`.
    base: String,
    /// Scheme and host, where the configuration names a real one.
    origin: Option<&'a str>,
}

/// Where an address stands.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    /// The page it is on.
    page: Option<PageId>,
    /// The file it is written in.
    file: &'a str,
}

/// What an address may lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// A page or a file.
    Any,
    /// A file.
    File,
}

/// Why an address leads nowhere.
pub(super) struct Problem {
    rule: &'static Rule,
    message: String,
    help: Option<String>,
    note: Option<(Span, String)>,
    /// The address that was meant, where that is clear.
    replacement: Option<String>,
}

impl Problem {
    fn new(rule: &'static Rule, message: String) -> Self {
        Self { rule, message, help: None, note: None, replacement: None }
    }

    fn help(mut self, text: String) -> Self {
        self.help = Some(text);
        self
    }

    /// The finding at `span`, whose text in the source is the address exactly where `whole`.
    pub(super) fn at(self, span: Option<Span>, whole: bool) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.rule, self.message);
        diagnostic.span = span;
        diagnostic.help = self.help;
        diagnostic.notes.extend(self.note);
        match (self.replacement, span) {
            (Some(replacement), Some(span)) if whole => diagnostic.fix(span, replacement),
            _ => diagnostic,
        }
    }
}

/// What resolving one address gave: where it leads, what is wrong with it, and the file it needs.
pub(super) struct Answer {
    pub target: Target,
    pub problems: Vec<Problem>,
    pub used: Option<String>,
}

impl Answer {
    fn of(target: Target) -> Self {
        Self { target, problems: Vec::new(), used: None }
    }
}

/// An address in parts, as written.
struct Parts<'a> {
    path: &'a str,
    query: &'a str,
    anchor: &'a str,
    /// Query and anchor with their marks.
    suffix: &'a str,
}

impl<'a> Parts<'a> {
    fn new(url: &'a str) -> Self {
        let (before, anchor) = url.split_once('#').unwrap_or((url, ""));
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        Self { path, query, anchor, suffix: &url[path.len()..] }
    }
}

impl<'a> Map<'a> {
    pub(super) fn new(
        inputs: &'a Inputs<'a>,
        rules: &'a Rules,
        drafts: &'a Drafts,
        redirects: &'a [Redirect],
        files: &'a Assets,
    ) -> Self {
        let mut routes = BTreeMap::new();
        let mut stems = BTreeMap::new();
        for (number, page, facts) in drafts.iter() {
            routes.entry(page.route.as_str()).or_insert(number);
            if let Some(stem) = paths::without_markdown(&page.path) {
                stems.insert(stem, number);
                if facts.place.is_index {
                    stems.entry(paths::folder(&page.path)).or_insert(number);
                }
            }
        }
        let texts = inputs.documents.iter();
        let origin = inputs.config.site.origin.trim_end_matches('/');
        let local = origin.contains("://localhost") || origin.contains("://127.");
        Self {
            inputs,
            rules,
            drafts,
            files,
            routes,
            stems,
            redirects: redirects.iter().map(|redirect| (address_key(&redirect.from), &redirect.to)).collect(),
            texts: texts.map(|(path, document)| (document.file, (path.as_str(), &*document.text))).collect(),
            base: base_path(inputs.config.output.html.site_url.as_deref().unwrap_or("/")),
            // A page may well speak of a server on the reader's own machine.
            origin: (!local && !origin.is_empty()).then_some(origin),
        }
    }

    /// Where `url` leads.
    pub(super) fn resolve(&self, url: &str, here: Here, want: Want) -> Answer {
        let url = url.trim();
        if let Some(rest) = url.strip_prefix("pathname://") {
            let path = rest.trim_start_matches('/');
            return match self.files.find(self.inputs, here.file, &format!("/{}", Parts::new(path).path)) {
                Ok(Some(file)) => self.file(file, Parts::new(path).suffix),
                _ => Answer::of(Target::External(format!("{}{}{path}", self.host(), self.base))),
            };
        }
        if is_external(url) {
            let Some(path) = self.own_path(url) else { return Answer::of(Target::External(url.to_owned())) };
            return self.internal(path, here, want);
        }
        self.internal(url, here, want)
    }

    fn internal(&self, url: &str, here: Here, want: Want) -> Answer {
        let parts = Parts::new(url);
        let path = paths::decode(parts.path);
        if path.is_empty() {
            return match (here.page, want) {
                (Some(page), Want::Any) => self.page(page, &parts, url),
                (None, Want::Any) => {
                    self.broken(url, Problem::new(&rules::BROKEN_LINK, "the address is empty".to_owned()))
                }
                (_, Want::File) => self.broken(
                    url,
                    Problem::new(&rules::BROKEN_ASSET, "the address of the file is empty".to_owned())
                        .help("write the path of the image or file".to_owned()),
                ),
            };
        }
        if want == Want::Any {
            if let Some(page) = self.markdown(&path, here).or_else(|| self.route(&path, here)) {
                return self.page(page, &parts, url);
            }
            let redirect = path.starts_with('/').then(|| self.redirects.get(&address_key(&path))).flatten();
            if let Some(target) = redirect {
                return Answer::of((*target).clone());
            }
        }
        if let Some(file) = self.asset(&path, here) {
            return self.file(file, parts.suffix);
        }
        match self.elsewhere(&path, here) {
            Some(outside) => Answer::of(Target::External(format!("{outside}{}", parts.suffix))),
            None => self.broken(url, self.problem(&path, &parts, here, want)),
        }
    }

    /// The page that a link to a `.md` file means.
    fn markdown(&self, path: &str, here: Here) -> Option<PageId> {
        paths::without_markdown(path)?;
        candidates(self.inputs.config, here.file, path)
            .into_iter()
            .flatten()
            .find_map(|place| self.drafts.by_path.get(&place))
            .copied()
    }

    /// The page that an address without `.md` means (or one of our own `.md` addresses).
    fn route(&self, path: &str, here: Here) -> Option<PageId> {
        let bare = paths::without_markdown(path).or_else(|| path.strip_suffix(".html")).unwrap_or(path);
        let find = |route: String| {
            let route = route.as_str();
            let short = route.strip_suffix("index").filter(|rest| rest.is_empty() || rest.ends_with('/'));
            let short = short.map(|rest| rest.trim_end_matches('/'));
            self.routes.get(route).or_else(|| self.routes.get(short?)).copied()
        };
        if let Some(rest) = bare.strip_prefix("@site/") {
            return self.stems.get(rest.trim_end_matches('/')).copied();
        }
        if bare.starts_with('/') {
            let full = paths::join_clamped("", bare);
            let based = self.below_base(&full).map(str::to_owned);
            return find(full.clone()).or_else(|| find(based?)).or_else(|| {
                let stem = paths::join(&paths::clean(&self.inputs.config.book.src), &full)?;
                self.stems.get(stem.as_str()).copied()
            });
        }
        let folders = self.folders(here);
        folders
            .first()
            .and_then(|folder| find(self.on_site(folder, bare)?))
            .or_else(|| {
                let stem = paths::join(paths::folder(here.file), bare)?;
                self.stems.get(stem.as_str()).copied()
            })
            .or_else(|| find(self.on_site(folders.get(1)?, bare)?))
    }

    /// The folders that a browser may resolve relative addresses of a page against: that of its route, and, where
    /// its address ends in a slash, the route itself.
    fn folders(&self, here: Here) -> Vec<&str> {
        let Some(page) = here.page else { return Vec::new() };
        let route = self.drafts.pages[page.0 as usize].route.as_str();
        if self.drafts.facts[page.0 as usize].place.route_is_folder {
            vec![route]
        } else {
            vec![paths::folder(route), route]
        }
    }

    /// The route that `path` names on a page in `folder`, as long as it stays on the site.
    fn on_site(&self, folder: &str, path: &str) -> Option<String> {
        let full = paths::join_clamped(&paths::concat(self.base.trim_matches('/'), folder), path);
        self.below_base(&full).map(str::to_owned)
    }

    /// The part of a path on the host (without its first slash) that is below the site's root.
    fn below_base<'p>(&self, full: &'p str) -> Option<&'p str> {
        let base = self.base.trim_matches('/');
        if full == base { Some("") } else { paths::below(full, base) }
    }

    /// The address on the site's host of what a relative path reaches outside the site.
    fn elsewhere(&self, path: &str, here: Here) -> Option<String> {
        if self.base == "/" || paths::without_markdown(path).is_some() {
            return None;
        }
        if path.starts_with('/') {
            let mdbook = self.inputs.config.content.dialect == Dialect::Mdbook;
            return mdbook.then(|| format!("{}{path}", self.host()));
        }
        let folder = self.folders(here).first().copied()?;
        let full = paths::join_clamped(&paths::concat(self.base.trim_matches('/'), folder), path);
        self.below_base(&full).is_none().then(|| format!("{}/{full}", self.host()))
    }

    fn host(&self) -> &str {
        self.inputs.config.site.origin.trim_end_matches('/')
    }

    /// The path of an absolute URL on our own site, with a slash before it.
    fn own_path<'u>(&self, url: &'u str) -> Option<&'u str> {
        let rest = url.strip_prefix(self.origin?)?;
        let path = rest.strip_prefix(self.base.trim_end_matches('/'))?;
        match path.chars().next() {
            None => Some("/"),
            Some('/') => Some(path),
            Some(_) => None,
        }
    }

    fn asset(&self, path: &str, here: Here) -> Option<String> {
        if let Ok(Some(file)) = self.files.find(self.inputs, here.file, path) {
            return Some(file);
        }
        // As a browser would, on the page.
        let absolute = match path.strip_prefix('/') {
            Some(full) => vec![self.below_base(full)?.to_owned()],
            None => self.folders(here).iter().filter_map(|folder| self.on_site(folder, path)).collect(),
        };
        absolute.iter().find_map(|path| self.files.find(self.inputs, "", &format!("/{path}")).ok().flatten())
    }

    fn file(&self, path: String, suffix: &str) -> Answer {
        let address = self.files.address(&path);
        let target = Target::Asset { address, suffix: suffix.to_owned() };
        Answer { target, problems: Vec::new(), used: Some(path) }
    }

    fn broken(&self, url: &str, problem: Problem) -> Answer {
        Answer { target: Target::Broken(url.to_owned()), problems: vec![problem], used: None }
    }

    /// A link to a page: its tab and anchor are looked up there.
    fn page(&self, number: PageId, parts: &Parts, url: &str) -> Answer {
        let (page, facts) = (&self.drafts.pages[number.0 as usize], &self.drafts.facts[number.0 as usize]);
        let mut problems = Vec::new();
        let anchor = paths::decode(parts.anchor);
        let place = facts.anchors.get(&*anchor);
        let tab = tab(page, parts, url, place.map_or(&[], Vec::as_slice), &mut problems);
        // `#`, `#top` and text fragments need no heading.
        let free = anchor.is_empty() || anchor == "top" || anchor.starts_with(":~:");
        if !free && place.is_none() {
            problems.push(no_anchor(page, facts, &anchor, parts, url));
        }
        let target = Target::Page {
            page: number,
            query: parts.query.to_owned(),
            anchor: parts.anchor.to_owned(),
            tab,
        };
        Answer { target, problems, used: None }
    }

    /// Why nothing was found at `path`, and what is near.
    fn problem(&self, path: &str, parts: &Parts, here: Here, want: Want) -> Problem {
        let markdown = paths::without_markdown(path).is_some();
        let name = paths::name(path);
        let is_file = want == Want::File || !markdown && !path.ends_with(".html") && has_extension(name);
        if is_file { self.no_file(path, parts, here) } else { self.no_page(path, markdown, parts, here) }
    }

    fn no_file(&self, path: &str, parts: &Parts, here: Here) -> Problem {
        if self.files.find(self.inputs, here.file, path).is_err() {
            return Problem::new(
                &rules::PATH_OUTSIDE,
                format!("`{path}` leads outside the folder of `book.toml`"),
            )
            .help("move the file below the folder of `book.toml`: nothing outside it is copied".to_owned());
        }
        let problem = Problem::new(&rules::BROKEN_ASSET, format!("there is no file at `{path}`"));
        let wanted = paths::join_clamped(paths::folder(here.file), path.trim_start_matches("@site/"));
        let all = || self.inputs.sources.paths.keys().map(String::as_str);
        if let Some(same) = all().find(|candidate| candidate.eq_ignore_ascii_case(&wanted)) {
            let mut problem = problem.help(format!("did you mean `{same}`? Case counts on web servers"));
            problem.replacement = recased(parts, same);
            return problem;
        }
        let name = paths::name(path);
        let near = all().find(|candidate| paths::name(candidate).eq_ignore_ascii_case(name));
        let near = near.or_else(|| {
            let folder = paths::folder(&wanted);
            let siblings = all().filter(|candidate| paths::folder(candidate) == folder);
            let near = nearest(name, siblings.clone().map(paths::name))?;
            siblings.clone().find(|candidate| paths::name(candidate) == near)
        });
        match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => {
                let folders = self.inputs.config.site.static_dirs.join("`, `");
                problem.help(format!(
                    "write its path from this file's folder, or `/…` for one below `{folders}`"
                ))
            }
        }
    }

    fn no_page(&self, path: &str, markdown: bool, parts: &Parts, here: Here) -> Problem {
        let places = if markdown { candidates(self.inputs.config, here.file, path) } else { Vec::new() };
        if markdown && places.iter().all(Option::is_none) {
            return Problem::new(
                &rules::PATH_OUTSIDE,
                format!("`{path}` leads outside the folder of `book.toml`"),
            )
            .help("link to the page's address on the web instead".to_owned());
        }
        for place in places.iter().flatten() {
            let known = self.inputs.documents.get(place).map(|document| self.rules.no_page(place, document));
            let outside = self.inputs.sources.paths.contains_key(place);
            if let Some(reason) = known.flatten() {
                return Problem::new(&rules::BROKEN_LINK, format!("`{place}` {}", reason.reason()))
                    .help("link to a page, or put the text where readers can reach it".to_owned());
            } else if outside {
                return Problem::new(&rules::BROKEN_LINK, format!("`{place}` is no page of this site"))
                    .help("link to where it stands on the web".to_owned());
            }
        }
        let problem = Problem::new(&rules::BROKEN_LINK, format!("there is no page at `{path}`"));
        let wanted = match places.iter().flatten().next() {
            Some(place) => place.clone(),
            None => {
                paths::join_clamped(if path.starts_with('/') { "" } else { paths::folder(here.file) }, path)
            }
        };
        let same =
            self.drafts.by_path.keys().find(|candidate| {
                candidate.eq_ignore_ascii_case(&wanted) || other_extension(&wanted, candidate)
            });
        if let Some(same) = same.filter(|_| markdown) {
            let mut problem = problem.help(format!("did you mean `{same}`?"));
            problem.replacement = recased(parts, same);
            return problem;
        }
        let Some((near, clear)) = self.nearest_page(&wanted, path) else {
            return problem.help(if markdown {
                "write the path from this file's folder, or from the pages' folder with a `/` before it"
                    .to_owned()
            } else {
                "link to the page's file, such as `./page.md`: such links are checked in editors too"
                    .to_owned()
            });
        };
        let page = &self.drafts.pages[near.0 as usize];
        let way = way(here.file, &page.path);
        let mut problem = problem.help(format!("did you mean `{}` ({})?", way, page.title));
        if clear && !page.path.is_empty() {
            problem.replacement = Some(format!("{way}{}", parts.suffix));
        }
        problem
    }

    /// The page whose name or route is nearest, and whether no other can be meant.
    fn nearest_page(&self, wanted: &str, written: &str) -> Option<(PageId, bool)> {
        let bare = |path: &str| paths::without_markdown(path).unwrap_or(path).to_lowercase();
        let route = written.trim_matches('/').trim_end_matches(".html");
        if let Some((_, page)) = self.routes.iter().find(|(known, _)| known.eq_ignore_ascii_case(route)) {
            return Some((*page, written.starts_with('/')));
        }
        let stem = bare(paths::name(wanted.trim_end_matches('/')));
        let folder = paths::folder(wanted).to_lowercase();
        let mut best: Option<(f64, PageId)> = None;
        for (number, page, _) in self.drafts.iter() {
            let own = paths::name(if page.path.is_empty() { &page.route } else { &page.path });
            let last = paths::name(&page.route).to_lowercase();
            let similar = |name: &str| strsim::normalized_damerau_levenshtein(&stem, name);
            let name = similar(&bare(own)).max(similar(&last));
            if name < 0.7 {
                continue;
            }
            let place =
                strsim::normalized_damerau_levenshtein(&folder, &paths::folder(&page.path).to_lowercase());
            let score = name + place * 0.3;
            if best.is_none_or(|(best, _)| score > best) {
                best = Some((score, number));
            }
        }
        best.map(|(_, page)| (page, false))
    }
}

/// The tab that a query names, as the group's ordinal and the tab's place. What it names wrongly is a problem.
fn tab(
    page: &Page,
    parts: &Parts,
    url: &str,
    place: &[(u32, usize)],
    problems: &mut Vec<Problem>,
) -> Option<(u32, usize)> {
    let mut chosen = None;
    for pair in parts.query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (paths::decode_query(key), paths::decode_query(value));
        let own = |group: &&super::TabGroup| {
            group.query.as_deref() == Some(key.as_str()) || group.group.as_deref() == Some(key.as_str())
        };
        let mut groups: Vec<_> = page.tabs.iter().filter(own).collect();
        // `tab` names a tab of any group, unless a group claims the word for itself.
        if groups.is_empty() && key == "tab" {
            groups = page.tabs.iter().collect();
            if groups.is_empty() {
                let title = &page.title;
                problems.push(
                    Problem::new(
                        &rules::BROKEN_TAB,
                        format!("the link names the tab `{value}`, but `{title}` has no tabs"),
                    )
                    .help("take the query out of the link".to_owned()),
                );
            }
        }
        if groups.is_empty() {
            continue;
        }
        // The group that the anchor stands in is meant before others with the same tab.
        groups.sort_by_key(|group| !place.iter().any(|(ordinal, _)| *ordinal == group.ordinal));
        let found = groups.iter().find_map(|group| {
            let by_value = group.tabs.iter().position(|tab| tab.value == value);
            let at = by_value.or_else(|| group.tabs.iter().position(|tab| tab.label == value))?;
            Some((*group, at))
        });
        match found {
            Some((group, at)) => {
                if let Some((_, other)) =
                    place.iter().find(|(ordinal, other)| *ordinal == group.ordinal && *other != at)
                {
                    let mut problem = Problem::new(
                        &rules::BROKEN_TAB,
                        format!(
                            "the link opens the tab `{value}`, but `#{}` stands in the tab `{}`",
                            parts.anchor, group.tabs[*other].label
                        ),
                    )
                    .help("name the tab that the heading stands in, or take the query out".to_owned());
                    problem.note = Some((group.tabs[*other].span, "the heading's tab is here".to_owned()));
                    problem.replacement = renamed_tab(url, pair, &group.tabs[*other].value);
                    problems.push(problem);
                }
                chosen = chosen.or(Some((group.ordinal, at)));
            }
            None => problems.push(no_tab(page, &groups, &value, url, pair)),
        }
    }
    chosen
}

fn no_tab(page: &Page, groups: &[&super::TabGroup], value: &str, url: &str, pair: &str) -> Problem {
    let mut problem = Problem::new(&rules::BROKEN_TAB, format!("`{}` has no tab `{value}`", page.title));
    let tabs: Vec<_> = groups.iter().flat_map(|group| &group.tabs).collect();
    let near = nearest(value, tabs.iter().flat_map(|tab| [tab.label.as_str(), tab.value.as_str()]));
    let near = near.and_then(|near| tabs.iter().find(|tab| tab.label == near || tab.value == near));
    if let Some(tab) = near {
        problem.help = Some(format!("did you mean `{}`?", tab.label));
        problem.note = Some((tab.span, "that tab is here".to_owned()));
        if tab.value.eq_ignore_ascii_case(value) {
            problem.replacement = renamed_tab(url, pair, &tab.value);
        }
    } else {
        let mut labels: Vec<_> = tabs.iter().map(|tab| format!("`{}`", tab.label)).collect();
        labels.dedup();
        problem.help = Some(format!("name one of {}", labels.join(", ")));
    }
    problem
}

/// The address with another tab in the pair of its query.
fn renamed_tab(url: &str, pair: &str, value: &str) -> Option<String> {
    let (key, _) = pair.split_once('=')?;
    Some(url.replacen(pair, &format!("{key}={}", paths::encode_query(value)), 1))
}

fn no_anchor(page: &Page, facts: &Facts, anchor: &str, parts: &Parts, url: &str) -> Problem {
    let mut problem =
        Problem::new(&rules::BROKEN_ANCHOR, format!("`{}` has no heading `#{anchor}`", page.title));
    let slug = super::slug::slug(anchor);
    let same = facts.anchors.keys().find(|known| known.eq_ignore_ascii_case(anchor) || **known == slug);
    let near = same.map(String::as_str).or_else(|| nearest(anchor, facts.anchors.keys().map(String::as_str)));
    if let Some(near) = near {
        problem.help = Some(format!("did you mean `#{near}`?"));
        if let Some(heading) = page.headings.iter().find(|heading| heading.id == near) {
            problem.note = Some((heading.span, format!("`#{near}` is here")));
        }
        if same.is_some() {
            problem.replacement = Some(format!("{}#{near}", &url[..url.len() - parts.anchor.len() - 1]));
        }
        return problem;
    }
    let ids: Vec<_> = page
        .headings
        .iter()
        .filter(|heading| heading.level > 1)
        .map(|heading| format!("`#{}`", heading.id))
        .collect();
    problem.help = Some(match ids.len() {
        0 => "the page has no headings to link to: take the anchor out".to_owned(),
        1..=8 => format!("its headings are {}", ids.join(", ")),
        more => format!("its headings are {} and {} more", ids[..8].join(", "), more - 8),
    });
    problem
}

/// What the path of an address says with the letters of the path that exists.
fn recased(parts: &Parts, path: &str) -> Option<String> {
    let up = parts.path.rfind("../").map_or(0, |at| at + 3);
    let up = up.max(if parts.path.starts_with("./") { 2 } else { 0 });
    let up = up.max(if parts.path.starts_with("@site/") { 6 } else { 0 });
    let up = up.max(usize::from(parts.path.starts_with('/')));
    let tail = &parts.path[up..];
    let stem = |path: &str| paths::without_markdown(path).map_or(path.len(), str::len);
    if tail.contains("./") || !tail.is_ascii() {
        return None;
    }
    let own = path.get(stem(path).checked_sub(stem(tail))?..)?;
    let same = own[..stem(own)].eq_ignore_ascii_case(&tail[..stem(tail)]);
    same.then(|| format!("{}{own}{}", &parts.path[..up], parts.suffix))
}

/// Whether two paths differ only in `.md` and `.mdx`.
fn other_extension(a: &str, b: &str) -> bool {
    match (paths::without_markdown(a), paths::without_markdown(b)) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    }
}

fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && (1..=5).contains(&extension.len())
            && extension.chars().all(|c| c.is_ascii_alphanumeric())
            && extension.chars().any(|c| c.is_ascii_alphabetic())
    })
}

/// The way from one file to another.
fn way(from: &str, to: &str) -> String {
    let from: Vec<&str> = paths::folder(from).split('/').filter(|part| !part.is_empty()).collect();
    let to_parts: Vec<&str> = to.split('/').collect();
    let common = from.iter().zip(&to_parts[..to_parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - common);
    let up = if up.is_empty() { "./".to_owned() } else { up };
    format!("{up}{}", to_parts[common..].join("/"))
}

/// A base path with slashes around it; a whole URL gives its path.
fn base_path(site_url: &str) -> String {
    let path = match site_url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => site_url,
    };
    match path.trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}

/// The links of one page on the way.
struct Work<'a> {
    map: &'a Map<'a>,
    number: PageId,
    links: BTreeMap<Span, Target>,
    used: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Work<'a> {
    fn new(map: &'a Map<'a>, number: PageId) -> Self {
        Self { map, number, links: BTreeMap::new(), used: BTreeSet::new(), diagnostics: Vec::new() }
    }

    fn page(&mut self) {
        let page = &self.map.drafts.pages[self.number.0 as usize];
        self.nodes(&page.nodes);
        let front_matter = &page.document.front_matter;
        if let (Some(image), Some(span)) = (&front_matter.image, front_matter_span(front_matter, "image")) {
            // Docusaurus reads it as an address from the site's root, unless it is relative to the file.
            let own = matches!(self.map.files.find(self.map.inputs, &page.path, image), Ok(Some(_)));
            let url = if own || is_external(image) || image.starts_with('/') {
                image.clone()
            } else {
                format!("/{image}")
            };
            self.link(&url, Want::File, span, span, false);
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &node.kind {
                Kind::Link { url, form, .. } => self.written(node, url, *form, Want::Any),
                Kind::Image { url, form, .. } => self.written(node, url, *form, Want::File),
                Kind::Html { html, .. } => self.html(node, html),
                Kind::Component(component) => self.component(component),
                _ => {}
            }
            self.nodes(&node.children);
        }
    }

    /// A link or an image in Markdown.
    fn written(&mut self, node: &Node, url: &str, form: LinkForm, want: Want) {
        if let LinkForm::Autolink | LinkForm::Bare = form {
            let url = match url {
                address if !address.contains(':') && address.contains('@') => format!("mailto:{address}"),
                address if address.starts_with("www.") => format!("https://{address}"),
                address => address.to_owned(),
            };
            return self.link(&url, want, node.span, node.span, false);
        }
        let place = match form {
            LinkForm::Reference(Some(span)) => self.find(url, span),
            _ => self.find_last(url, node.span),
        };
        self.link(url, want, node.span, place.unwrap_or(node.span), place.is_some());
    }

    fn html(&mut self, node: &Node, html: &str) {
        let mut from = node.span.range().start;
        for link in html_links(html) {
            let key = html_key(node.span, &link.range);
            let rest = Span::new(node.span.file, from..node.span.range().end.max(from));
            let place = self.find(&html[link.range.clone()], rest);
            if let Some(place) = place {
                from = place.range().end;
            }
            // A script's own address, a bare `#`, and values that code fills in are not ours to judge.
            if link.url.contains('{') || link.url.is_empty() {
                continue;
            }
            let want = if link.embedded { Want::File } else { Want::Any };
            self.link(&link.url, want, key, place.unwrap_or(node.span), place.is_some());
        }
    }

    fn component(&mut self, component: &Component) {
        for attribute in &component.attributes {
            if let Value::Markup(nodes) = &attribute.value {
                self.nodes(nodes);
            }
            if let Some((url, want)) = address(attribute) {
                let place = self.find(&url, attribute.value_span);
                let span = place.unwrap_or(attribute.value_span);
                self.link(&url, want, attribute.value_span, span, place.is_some());
            }
        }
    }

    fn link(&mut self, url: &str, want: Want, key: Span, place: Span, whole: bool) {
        let file = self.map.texts.get(&key.file).map_or("", |(path, _)| *path);
        let answer = self.map.resolve(url, Here { page: Some(self.number), file }, want);
        self.diagnostics.extend(answer.problems.into_iter().map(|problem| problem.at(Some(place), whole)));
        self.used.extend(answer.used);
        self.links.insert(key, answer.target);
    }

    fn find(&self, text: &str, span: Span) -> Option<Span> {
        let (_, source) = self.map.texts.get(&span.file)?;
        let at = span.range().start + source.get(span.range())?.find(text)?;
        (!text.is_empty()).then(|| Span::new(span.file, at..at + text.len()))
    }

    /// The address of `[words](address)` stands behind the words, which may hold the same text.
    fn find_last(&self, text: &str, span: Span) -> Option<Span> {
        let (_, source) = self.map.texts.get(&span.file)?;
        let at = span.range().start + source.get(span.range())?.rfind(text)?;
        (!text.is_empty()).then(|| Span::new(span.file, at..at + text.len()))
    }
}

/// The address that an attribute gives, where it gives one.
fn address(attribute: &Attribute) -> Option<(String, Want)> {
    let want = match attribute.name.as_str() {
        "href" | "to" | "link" => Want::Any,
        "src" => Want::File,
        _ => return None,
    };
    match &attribute.value {
        Value::String(url) if !url.is_empty() => Some((url.clone(), want)),
        Value::Expression(source) => Some((required(source)?, want)),
        _ => None,
    }
}

/// The path in `require('./x.png').default` and `useBaseUrl('/x')`.
fn required(source: &str) -> Option<String> {
    let source = source.trim();
    let rest = source.strip_prefix("require(").or_else(|| source.strip_prefix("useBaseUrl("))?;
    let rest = rest.trim_end_matches(".default").trim_end().strip_suffix(')')?.trim();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let path = rest[1..].strip_suffix(quote)?;
    (!path.contains(quote)).then(|| path.to_owned())
}

/// The addresses in `book.toml`.
fn config_links(map: &Map, resolved: &mut Resolved, diagnostics: &mut Vec<Diagnostic>) {
    fn menu<'c>(entries: &'c [MenuEntry], found: &mut Vec<(&'c str, Want)>) {
        for entry in entries {
            found.extend(entry.link.as_deref().map(|link| (link, Want::Any)));
            menu(&entry.items, found);
        }
    }
    let config = map.inputs.config;
    let mut found = Vec::new();
    menu(&config.header.menu, &mut found);
    for column in &config.footer.columns {
        menu(&column.items, &mut found);
    }
    menu(&config.footer.legal, &mut found);
    found.extend(config.footer.social.iter().map(|social| (social.link.as_str(), Want::Any)));
    found.extend(
        config.announcement.iter().filter_map(|bar| bar.link.as_deref()).map(|link| (link, Want::Any)),
    );
    if let Some(logo) = &config.site.logo {
        found.extend(
            [Some(&logo.light), logo.dark.as_ref()]
                .into_iter()
                .flatten()
                .map(|url| (url.as_str(), Want::File)),
        );
    }
    found.extend(config.site.favicon.as_deref().map(|url| (url, Want::File)));
    let own = config.output.html.additional_css.iter().chain(&config.output.html.additional_js);
    found.extend(own.map(|path| (path.as_str(), Want::File)));
    for (url, want) in found {
        // Addresses in `book.toml` start from the site's root, paths from its own folder.
        let here = Here { page: None, file: "book.toml" };
        let relative = !is_external(url) && !url.starts_with(['/', '#']);
        let mut answer = map.resolve(url, here, want);
        if relative && !answer.problems.is_empty() {
            let rooted = map.resolve(&format!("/{url}"), here, want);
            if rooted.problems.is_empty() {
                answer = rooted;
            }
        }
        let span = in_config(map.inputs, url);
        diagnostics.extend(answer.problems.into_iter().map(|problem| problem.at(span, false)));
        resolved.used.extend(answer.used);
        resolved.config.insert(url.to_owned(), answer.target);
    }
}

/// Where a text stands in quotes in `book.toml`.
pub(super) fn in_config(inputs: &Inputs, text: &str) -> Option<Span> {
    let (file, book) = inputs.sources.files.iter().find(|(_, file)| file.path == "book.toml")?;
    ['"', '\''].iter().find_map(|quote| {
        let at = book.text.find(&format!("{quote}{text}{quote}"))? + 1;
        Some(Span::new(file, at..at + text.len()))
    })
}

/// Where a redirect leads: like a link in `book.toml`.
pub(super) fn from_config(map: &Map, url: &str) -> Answer {
    map.resolve(url, Here { page: None, file: "book.toml" }, Want::Any)
}
