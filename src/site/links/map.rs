//! An address and where it stands in; the page, file or other site it means out.

use std::collections::BTreeMap;

use super::super::assets::Assets;
use super::super::pages::Rules;
use super::super::partials::candidates;
use super::super::redirects::address_key;
use super::super::{Drafts, Inputs, PageId, Redirect, Target, paths};
use super::inside::{no_anchor, tab};
use super::missing::Problem;
use super::{code_scheme, is_external, is_picture};
use crate::config::Dialect;
use crate::diagnostic::{FileId, rules};

/// A page as seen from an address: everything that links are resolved against.
pub(in crate::site) struct Map<'a> {
    pub inputs: &'a Inputs<'a>,
    pub rules: &'a Rules,
    pub drafts: &'a Drafts,
    pub files: &'a Assets,
    pub routes: BTreeMap<&'a str, PageId>,
    /// Pages by their path without the extension; a folder's own page by the folder too.
    pub stems: BTreeMap<&'a str, PageId>,
    pub redirects: BTreeMap<String, &'a Target>,
    /// Paths of texts by file.
    pub texts: BTreeMap<FileId, (&'a str, &'a str)>,
    /// The path of the site's root on its host: `/` or `/docs/`.
    pub base: String,
    /// Scheme and host, where the configuration names a real one.
    pub origin: Option<&'a str>,
}

/// Where an address stands.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    /// The page it is on.
    pub page: Option<PageId>,
    /// The file it is written in.
    pub file: &'a str,
}

/// What an address may lead to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// A page or a file.
    Any,
    /// A file.
    File,
}

/// What resolving one address gave: where it leads, what is wrong with it, and the file it needs.
pub(in crate::site) struct Answer {
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
pub(super) struct Parts<'a> {
    pub path: &'a str,
    pub query: &'a str,
    pub anchor: &'a str,
    /// Query and anchor with their marks.
    pub suffix: &'a str,
}

impl<'a> Parts<'a> {
    fn new(url: &'a str) -> Self {
        let (before, anchor) = url.split_once('#').unwrap_or((url, ""));
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        Self { path, query, anchor, suffix: &url[path.len()..] }
    }
}

impl<'a> Map<'a> {
    pub(in crate::site) fn new(
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
            base: inputs.config.base_path(),
            // A page may well speak of a server on the reader's own machine.
            origin: (!local && !origin.is_empty()).then_some(origin),
        }
    }

    /// Where `url` leads.
    pub(super) fn resolve(&self, url: &str, here: Here, want: Want) -> Answer {
        if let Some(scheme) = code_scheme(url).filter(|_| want != Want::File || !is_picture(url)) {
            return code(scheme, want);
        }
        let url = url.trim();
        if let Some(rest) = url.strip_prefix("pathname://") {
            let path = rest.trim_start_matches('/');
            return match self.files.find(self.inputs, here.file, &format!("/{}", Parts::new(path).path)) {
                Ok(Some(file)) => self.file(file, Parts::new(path).suffix),
                _ => Answer::of(Target::External(format!("{}{}{path}", self.host(), self.base))),
            };
        }
        // docfx's sign for the folder of `book.toml` is Docusaurus's `@site`.
        let root = url.strip_prefix("~/").filter(|_| self.inputs.config.content.dialect == Dialect::Docfx);
        if let Some(rest) = root {
            return self.internal(&format!("@site/{rest}"), here, want);
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
                    broken(url, Problem::new(&rules::BROKEN_LINK, "the address is empty".to_owned()))
                }
                (_, Want::File) => broken(
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
        // A Markdown file that is no page (a draft, a partial) is no download either, unless it was put there as one.
        let download = |file: &String| paths::without_markdown(file).is_none() || self.files.is_static(file);
        if let Some(file) = self.asset(&path, here).filter(download) {
            return self.file(file, parts.suffix);
        }
        if let Some(address) = self.made(&path).filter(|_| want == Want::Any) {
            return Answer::of(Target::Asset { address, suffix: parts.suffix.to_owned() });
        }
        match self.elsewhere(&path, here, want) {
            Some(outside) => Answer::of(Target::External(format!("{outside}{}", parts.suffix))),
            None => broken(url, self.problem(&path, &parts, here, want)),
        }
    }

    /// The address of a file that is made of the whole site, of the index of a page, or of the page of a tag.
    fn made(&self, path: &str) -> Option<String> {
        let full = path.strip_prefix('/')?;
        // Like a page, that of a tag is found with and without the base path.
        if let Some(address) = self.tag(full).or_else(|| self.tag(self.below_base(full)?)) {
            return Some(address);
        }
        let address = self.below_base(full)?;
        let of_site = super::super::addresses::MADE.iter().any(|(made, _)| *made == address);
        let of_page = || self.routes.contains_key(address.strip_suffix("/llms.txt")?).then_some(());
        (of_site || of_page().is_some()).then(|| address.to_owned())
    }

    /// The address of the page of all tags, or of one.
    fn tag(&self, address: &str) -> Option<String> {
        let route = address.trim_end_matches('/');
        let tags = &self.drafts.tags;
        let below = route.strip_prefix(super::super::tag_pages::ROUTE)?;
        let is_tags = below.is_empty() && !tags.is_empty();
        let slash = if self.inputs.config.site.trailing_slash { "/" } else { "" };
        (is_tags || tags.values().any(|tag| tag.route == route)).then(|| format!("{route}{slash}"))
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

    /// The folders that a browser may resolve relative addresses of a page against, likely ones first: sites differ
    /// in whether addresses of pages, and of folders, end in a slash.
    fn folders(&self, here: Here) -> Vec<&str> {
        let Some(page) = here.page else { return Vec::new() };
        let route = self.drafts.pages[page.0 as usize].route.as_str();
        if self.drafts.facts[page.0 as usize].place.route_is_folder {
            vec![route, paths::folder(route)]
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

    /// The address on the site's host of what a path reaches outside the site: a site that shares its host may link
    /// to its neighbours. A path that begins like one of our own routes is more likely a slip, and so is every
    /// picture or script that is not there.
    fn elsewhere(&self, path: &str, here: Here, want: Want) -> Option<String> {
        // docfx's absolute addresses count from the host, where its sites stand side by side; its relative ones are files.
        if self.inputs.config.content.dialect == Dialect::Docfx {
            return path.starts_with('/').then(|| format!("{}{path}", self.host()));
        }
        if want == Want::File
            || self.base == "/"
            || paths::without_markdown(path).is_some()
            || path.starts_with('@')
        {
            return None;
        }
        let full = if path.starts_with('/') {
            let full = paths::join_clamped("", path);
            let begin = full.split('/').next().unwrap_or_default();
            let next = self.routes.range(begin..).next().map(|(route, _)| *route);
            if next.is_some_and(|route| route.split('/').next() == Some(begin)) {
                return None;
            }
            full
        } else {
            let folder = self.folders(here).first().copied()?;
            paths::join_clamped(&paths::concat(self.base.trim_matches('/'), folder), path)
        };
        // What the address of a folder ends in is kept.
        let end = if path.ends_with('/') && !full.is_empty() { "/" } else { "" };
        self.below_base(&full).is_none().then(|| format!("{}/{full}{end}", self.host()))
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

    pub(super) fn asset(&self, path: &str, here: Here) -> Option<String> {
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
}

/// The answer to an address that holds code. Where it is not refused all the same, nothing of it is written.
fn code(scheme: &str, want: Want) -> Answer {
    let help = match want {
        Want::Any => "link to a page, a file or another site",
        Want::File => "write the path of the image or file",
    };
    let message = format!("`{scheme}` addresses run code on the reader's side, so they are not written");
    broken("#", Problem::new(&rules::BROKEN_LINK, message).help(help.to_owned()))
}

fn broken(url: &str, problem: Problem) -> Answer {
    Answer { target: Target::Broken(url.to_owned()), problems: vec![problem], used: None }
}
