//! What a build found and made in, how well agents are served out: points of 100, by what they were lost for, with the
//! lines of the sources. Pure; nothing is fetched, so it says what a host will have to serve, and not how it does.
//!
//! Rows, weights and thresholds follow what testers of sites look at, and what they cannot see: whether code names its
//! language, whether both forms of a page say the same. `content/waypost/check-agents.md` explains each row.

mod print;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, FileId, Span, rules};
use crate::document::parse::{Options, parse};
use crate::document::{Kind, walk};
use crate::render::PageFacts;
use crate::render::address::Addresses;
use crate::site::{Site, Visibility, front_matter_span};
pub use print::{json, text};

/// What a page came to, beside its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCheck {
    /// What is wrong with its Markdown or its HTML, where something is.
    pub faults: Vec<&'static str>,
}

/// What a build made, to be rated.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The facts of every page.
    pub facts: Vec<PageFacts>,
    /// What each of them came to, in the same order.
    pub checks: Vec<PageCheck>,
    /// The files for agents, by path in the output folder, the site's own in place of the made ones.
    pub files: BTreeMap<String, String>,
}

/// A site as agents will find it.
#[derive(Clone, Debug)]
pub struct Score {
    /// 0 to 100.
    pub points: f64,
    /// What was looked at.
    pub rows: Vec<Row>,
}

impl Score {
    /// The points as a whole number: 100 only where nothing was lost.
    #[must_use]
    pub fn whole(&self) -> u32 {
        (0..=100).rev().find(|points| f64::from(*points) <= self.points + 1e-9).unwrap_or(0)
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name in the output and the documentation.
    pub id: &'static str,
    /// What it is a part of.
    pub category: &'static str,
    /// The points it is worth; those of all rows are a hundred.
    pub weight: u32,
    /// How many things were looked at; with none the row counts for nothing.
    pub items: usize,
    /// What was found, and which part of an item each costs: 1 for all of it.
    pub losses: Vec<(Diagnostic, f64)>,
}

impl Row {
    /// The part of the row that is kept: 0 to 1.
    #[must_use]
    pub fn kept(&self) -> f64 {
        if self.items == 0 {
            return 1.0;
        }
        let lost: f64 = self.losses.iter().map(|(_, part)| part).sum();
        (1.0 - lost / count(self.items)).max(0.0)
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Beyond so many characters even the most patient tool cuts a page.
const CUT: usize = 100_000;
/// The longest index that testers pass.
const LONG_INDEX: usize = 50_000;

/// Looks at a page in both forms.
#[must_use]
pub fn page(html: &str, markdown: &str) -> PageCheck {
    let mut faults = Vec::new();
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    match body.find("/llms.txt") {
        None => faults.push("its HTML does not say where the index for agents is"),
        Some(at) if at > body.len() / 2 => {
            faults.push("its HTML says where the index for agents is in its second half only");
        }
        Some(_) => {}
    }
    if !markdown.get(..markdown.len().min(4_000)).unwrap_or(markdown).contains("/llms.txt") {
        faults.push("its Markdown does not say where the index is");
    }
    // Read as any reader of Markdown would: what is code there is no link.
    let options = Options { front_matter: true, gfm: true, ..Options::default() };
    let (document, found) = parse(FileId(0), &Arc::from(markdown), &options);
    if found.iter().any(|found| found.rule.code == rules::UNCLOSED_CODE.code) {
        faults.push("its Markdown opens a code fence and never closes it");
    }
    let mut relative = false;
    walk(&document.nodes, &mut |node| match &node.kind {
        Kind::Link { url, .. } | Kind::Image { url, .. } => relative |= is_relative(url),
        _ => {}
    });
    if relative {
        faults
            .push("its Markdown has a link or image without a host, which leads nowhere from a conversation");
    }
    PageCheck { faults }
}

/// Whether an address says no scheme (`https:`, `mailto:`) and is no place on its own page.
fn is_relative(address: &str) -> bool {
    let is_scheme = |scheme: &str| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let has_scheme = address.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme));
    !address.is_empty() && !has_scheme && !address.starts_with('#')
}

/// Rates a site by what was found in it and what was made of it. `found` are the findings whatever level `book.toml`
/// gives them: a rule that is turned off still costs agents what it costs them.
#[must_use]
pub fn rate(site: &Site, config: &Config, found: &[Diagnostic], made: &Made, book: FileId) -> Score {
    let hidden: BTreeSet<FileId> = site
        .pages
        .iter()
        .filter(|page| page.visibility != Visibility::Listed)
        .map(|page| page.document.file)
        .collect();
    let counted = |found: &&Diagnostic| found.span.is_none_or(|span| !hidden.contains(&span.file));
    let found: Vec<Diagnostic> = found.iter().filter(counted).cloned().collect();
    let found = crate::site::distinct(found);
    let of = |costs: &[(&str, f64)]| -> Vec<(Diagnostic, f64)> {
        let cost = |found: &Diagnostic| {
            costs.iter().find(|(code, _)| *code == found.rule.code).map(|(_, cost)| *cost)
        };
        found.iter().filter_map(|found| Some((found.clone(), cost(found)?))).collect()
    };
    let Items { pages, fences, headings, images, links } = items(site);
    let row = |id, category, weight, items, losses| Row { id, category, weight, items, losses };
    let (valid, size, coverage) = indexes(site, config, made, &found);
    let rows = vec![
        row("index", "discovery", 8, 1, valid),
        row("index-size", "discovery", 6, 1, size),
        row("coverage", "discovery", 6, pages, coverage),
        row(
            "descriptions",
            "discovery",
            8,
            pages,
            of(&[("missing-description", 1.0), ("duplicate-description", 1.0), ("description-title", 1.0)]),
        ),
        row("page-size", "sizes", 16, pages, lengths(site, made, &found)),
        row("languages", "structure", 8, fences, of(&[("missing-language", 0.5), ("wrong-language", 1.0)])),
        row(
            "headings",
            "structure",
            7,
            headings,
            of(&[("tab-heading-twice", 1.0), ("repeated-heading", 1.0)]),
        ),
        row("images", "structure", 6, images, of(&[("missing-alt", 1.0)])),
        row("titles", "structure", 4, pages, of(&[("missing-title", 1.0)])),
        row("forms", "fidelity", 8, pages, faults(site, made)),
        row("audience", "fidelity", 5, pages, of(&[("people-only", 1.0), ("agents-only", 1.0)])),
        row(
            "links",
            "links",
            8,
            links,
            of(&[("broken-link", 1.0), ("broken-anchor", 1.0), ("broken-tab", 1.0), ("broken-asset", 1.0)]),
        ),
        row("origin", "metadata", 5, 1, origin(config, book)),
        row("dates", "metadata", 5, pages, dates(site)),
    ];
    let applicable = || rows.iter().filter(|row| row.items > 0);
    let worth: f64 = applicable().map(|row| f64::from(row.weight)).sum();
    let kept: f64 = applicable().map(|row| f64::from(row.weight) * row.kept()).sum();
    Score { points: if worth > 0.0 { 100.0 * kept / worth } else { 0.0 }, rows }
}

struct Items {
    pages: usize,
    fences: usize,
    headings: usize,
    images: usize,
    links: usize,
}

fn items(site: &Site) -> Items {
    let mut items = Items { pages: 0, fences: 0, headings: 0, images: 0, links: 0 };
    for page in site.pages.iter().filter(|page| page.visibility == Visibility::Listed) {
        items.pages += 1;
        items.headings += page.headings.len();
        items.links += page.links.len();
        walk(&page.nodes, &mut |node| match &node.kind {
            Kind::Code(code) => items.fences += usize::from(code.fenced),
            Kind::Image { .. } => items.images += 1,
            Kind::Html { html, .. } => items.images += html.matches("<img").count(),
            Kind::Component(component) => items.images += usize::from(component.name.ends_with("Image")),
            _ => {}
        });
    }
    items
}

/// What a page's length costs.
fn lengths(site: &Site, made: &Made, found: &[Diagnostic]) -> Vec<(Diagnostic, f64)> {
    let cut: BTreeSet<FileId> = made
        .facts
        .iter()
        .filter(|page| page.characters > CUT)
        .map(|page| site.page(page.page).document.file)
        .collect();
    let cost = |found: &Diagnostic| match found.rule.code {
        "long-page" => Some(0.25),
        "oversized-page" if found.span.is_some_and(|span| cut.contains(&span.file)) => Some(1.0),
        "oversized-page" => Some(0.5),
        _ => None,
    };
    found.iter().filter_map(|found| Some((found.clone(), cost(found)?))).collect()
}

fn broken(message: String) -> Diagnostic {
    Diagnostic::new(&rules::AGENTS_FILE, message)
}

type Losses = Vec<(Diagnostic, f64)>;

/// The root index: what is wrong with its form, with its length, and which pages it does not lead to.
fn indexes(site: &Site, config: &Config, made: &Made, found: &[Diagnostic]) -> (Losses, Losses, Losses) {
    let (mut valid, mut size, mut coverage) = (Vec::new(), Vec::new(), Vec::new());
    let root = made.files.get("llms.txt").map_or("", String::as_str);
    let (title, quote) =
        (root.lines().any(|line| line.starts_with("# ")), root.lines().any(|line| line.starts_with("> ")));
    if !root.contains("](") {
        valid.push((broken("`llms.txt` has no link".to_owned()), 1.0));
    } else if !title || !quote {
        let lack = if title { "a quoted line that says what the site is" } else { "a title (`# …`)" };
        valid.push((broken(format!("`llms.txt` lacks {lack}")), 0.25));
    }
    let robots = made.files.get("robots.txt").map_or("", String::as_str);
    if keeps_out(robots) {
        let message = "`robots.txt` keeps crawlers from the whole site (`Disallow: /`)".to_owned();
        valid.push((broken(message), 1.0));
    }
    let characters = root.chars().count();
    if characters > LONG_INDEX {
        let message = format!("`llms.txt` has {characters} characters; agents read {LONG_INDEX}");
        size.push((broken(message), if characters > CUT { 1.0 } else { 0.5 }));
    }
    size.extend(
        found.iter().filter(|found| found.rule.code == "index-size").map(|found| (found.clone(), 0.5)),
    );
    // From the root over every index that is linked.
    let addresses = Addresses::new(config);
    let url = |path: &str| addresses.absolute(&addresses.file(path));
    let texts: BTreeMap<String, &str> =
        made.files.iter().map(|(path, text)| (url(path), text.as_str())).collect();
    let root = url("llms.txt");
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut waiting = vec![root.as_str()];
    while let Some(address) = waiting.pop() {
        let Some(text) = reached.insert(address).then(|| texts.get(address)).flatten() else { continue };
        for rest in text.split("](").skip(1) {
            let address = &rest[..rest.find([')', '#']).unwrap_or(rest.len())];
            if !reached.contains(address) {
                waiting.push(address);
            }
        }
    }
    for page in site.pages.iter().filter(|page| page.visibility == Visibility::Listed) {
        if !reached.contains(addresses.absolute(&addresses.markdown(&page.route)).as_str()) {
            let message = format!("no index leads to the Markdown of `{}`", page.title);
            coverage.push((broken(message).at(Span::new(page.document.file, 0..0)), 1.0));
        }
    }
    (valid, size, coverage)
}

/// Whether the group for all crawlers forbids everything.
fn keeps_out(robots: &str) -> bool {
    let (mut is_all, mut in_names) = (false, false);
    for line in robots.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim(), value.trim());
        if key.eq_ignore_ascii_case("user-agent") {
            is_all = value == "*" || in_names && is_all;
            in_names = true;
        } else {
            in_names = false;
            if is_all && value == "/" && key.eq_ignore_ascii_case("disallow") {
                return true;
            }
        }
    }
    false
}

/// What is wrong with pages as they were made: a theme's or a component's doing more often than an author's.
fn faults(site: &Site, made: &Made) -> Losses {
    let mut losses = Vec::new();
    for (facts, check) in made.facts.iter().zip(&made.checks) {
        let page = site.page(facts.page);
        let part = 1.0 / count(check.faults.len().max(1));
        for fault in check.faults.iter().filter(|_| page.visibility == Visibility::Listed) {
            let found = broken(format!("`{}`: {fault}", page.title))
                .at(Span::new(page.document.file, 0..0))
                .help("look into the templates of the site's own theme that this page uses");
            losses.push((found, part));
        }
    }
    losses
}

/// Addresses of another host than the site's are no use to an agent.
fn origin(config: &Config, book: FileId) -> Losses {
    let is_local = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .any(|local| config.site.origin.starts_with(local));
    if !is_local {
        return Vec::new();
    }
    let found = Diagnostic::new(
        &rules::MISSING_ORIGIN,
        format!("the site says that it stands at `{}`", config.site.origin),
    )
    .at(Span::new(book, 0..0))
    .help("set `origin` in `[site]`: every address that agents get begins with it");
    vec![(found, 1.0)]
}

/// Pages that do not say how old they are.
fn dates(site: &Site) -> Losses {
    site.pages
        .iter()
        .filter(|page| {
            page.visibility == Visibility::Listed && page.last_updated.is_none() && !page.path.is_empty()
        })
        .map(|page| {
            let place = front_matter_span(&page.document.front_matter, "title");
            let found = Diagnostic::new(
                &rules::MISSING_DATE,
                format!("`{}` has no date of its last change", page.title),
            )
            .at(place.unwrap_or(Span::new(page.document.file, 0..0)))
            .help("commit it to git, or write `last_update` in its front matter");
            (found, 1.0)
        })
        .collect()
}
