//! An address that leads nowhere in; what is wrong with it and what is near out.

use std::ops::Range;

use super::super::partials::candidates;
use super::super::{PageId, paths};
use super::map::{Here, Map, Parts, Want};
use crate::config::is_hidden;
use crate::diagnostic::{Diagnostic, Rule, Span, nearest, rules};

/// Why an address leads nowhere.
pub(in crate::site) struct Problem {
    pub rule: &'static Rule,
    pub message: String,
    pub help: Option<String>,
    pub note: Option<(Span, String)>,
    /// The address that was meant, where that is clear.
    pub replacement: Option<String>,
    /// The part of the address that is wrong, where not all of it is.
    pub part: Option<Range<usize>>,
}

impl Problem {
    pub(super) fn new(rule: &'static Rule, message: String) -> Self {
        Self { rule, message, help: None, note: None, replacement: None, part: None }
    }

    pub(super) fn help(mut self, text: String) -> Self {
        self.help = Some(text);
        self
    }

    /// The finding at `span`, whose text in the source is the address exactly where `whole`.
    pub(in crate::site) fn at(self, span: Option<Span>, whole: bool) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.rule, self.message);
        diagnostic.span = match (span, self.part) {
            (Some(span), Some(part)) if whole => {
                let start = span.range().start;
                Some(Span::new(span.file, start + part.start..start + part.end))
            }
            (span, _) => span,
        };
        diagnostic.help = self.help;
        diagnostic.notes.extend(self.note);
        match (self.replacement, span) {
            (Some(replacement), Some(span)) if whole => diagnostic.fix(span, replacement),
            _ => diagnostic,
        }
    }
}

fn hidden(path: &str) -> Problem {
    Problem::new(&rules::PATH_OUTSIDE, format!("`{path}` is hidden: a name in it starts with `.`"))
        .help("hidden files are not read, but those below the static folders: rename it".to_owned())
}

impl Map<'_> {
    /// Why nothing was found at `path`, and what is near.
    pub(super) fn problem(&self, path: &str, parts: &Parts, here: Here, want: Want) -> Problem {
        let markdown = paths::without_markdown(path).is_some();
        let name = paths::name(path);
        let is_file = want == Want::File
            || !markdown && !path.to_ascii_lowercase().ends_with(".html") && has_extension(name);
        if is_file { self.no_file(path, parts, here) } else { self.no_page(path, markdown, parts, here) }
    }

    fn no_file(&self, path: &str, parts: &Parts, here: Here) -> Problem {
        if is_hidden(path) && !path.starts_with('/') {
            return hidden(path);
        }
        if self.files.find(self.inputs, here.file, path).is_err() {
            return Problem::new(
                &rules::PATH_OUTSIDE,
                format!("`{path}` leads outside the folder of `book.toml`"),
            )
            .help("move the file below the folder of `book.toml`: nothing outside it is copied".to_owned());
        }
        // What exists and is refused all the same is a text of the site.
        if self.asset(path, here).is_some() {
            let folders = self.inputs.config.site.static_dirs.join("`, `");
            return Problem::new(
                &rules::BROKEN_ASSET,
                format!("`{path}` is Markdown, which is read and not copied"),
            )
            .help(format!("name another file, or put this one below `{folders}`"));
        }
        let problem = Problem::new(&rules::BROKEN_ASSET, format!("there is no file at `{path}`"));
        let wanted = paths::join_clamped(paths::folder(here.file), path.trim_start_matches("@site/"));
        let all = || self.inputs.sources.paths.keys().map(String::as_str);
        if let Some(same) = all().find(|candidate| candidate.eq_ignore_ascii_case(&wanted)) {
            let way = self.file_way(same, parts, here);
            let mut problem = problem.help(format!("did you mean `{way}`? Case counts on web servers"));
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
            Some(near) => problem.help(format!("did you mean `{}`?", self.file_way(near, parts, here))),
            None => {
                let folders = self.inputs.config.site.static_dirs.join("`, `");
                problem.help(format!(
                    "write its path from this file's folder, or `/…` for one below `{folders}`"
                ))
            }
        }
    }

    /// How a link to a file is written: files below a static folder by their address.
    fn file_way(&self, path: &str, parts: &Parts, here: Here) -> String {
        if self.files.is_static(path) {
            return format!("/{}", self.files.address(path));
        }
        written_way(parts, here, path)
    }

    fn no_page(&self, path: &str, markdown: bool, parts: &Parts, here: Here) -> Problem {
        if is_hidden(path) && !path.starts_with('/') {
            return hidden(path);
        }
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
            let mut problem = problem.help(format!("did you mean `{}`?", written_way(parts, here, same)));
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
        let generated = page.path.is_empty();
        let way = if generated { format!("/{}", page.route) } else { written_way(parts, here, &page.path) };
        let mut problem = problem.help(format!("did you mean `{}` ({})?", way, page.title));
        if clear && !generated {
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

/// The way to a file, with a `./` in front only where the author writes one.
fn written_way(parts: &Parts, here: Here, path: &str) -> String {
    let way = paths::way(here.file, path);
    let bare = !parts.path.starts_with(['.', '/', '@']);
    way.strip_prefix("./").filter(|_| bare).map(str::to_owned).unwrap_or(way)
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
