//! What [`build`](crate::build) is made of beside the stages themselves: the settings of a run, its findings and times,
//! and the stages that go over many files in parallel, parsing and rendering.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rayon::prelude::*;

use crate::agents::Catalogue;
use crate::config::{self, Config, Dialect};
use crate::diagnostic::{Diagnostic, FileId, Files, Severity, Span, nearest, rules};
use crate::document::{self, Document};
use crate::feed::{self, Found, Lock};
use crate::hosts;
use crate::output::{self, Output, Summary};
use crate::pictures::{self, Pictures};
use crate::render::highlight::Highlighter;
use crate::render::{self, Context, PageFacts, Rendered};
use crate::score::{self, PageCheck, Score};
use crate::search::{self, Index};
use crate::site::{self, PageId, Site, Target};
use crate::source::{self, Sources};
use crate::theme::{self, Theme};
use crate::{check, dialect, procedure};

/// How many pages are rendered before their files are staged: that many are in memory at once.
const AT_ONCE: usize = 256;

/// `book.toml` is the first file that is read.
const BOOK_TOML: FileId = FileId(0);

/// Told how many of how many pages are rendered.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write the site.
    Build,
    /// Write it so that no visitor of the folder sees a part of it.
    BuildAtOnce,
    /// Only find what is wrong with it.
    Check,
    /// Find what is wrong with it, and rate what agents would get.
    Rate,
}

/// A run: which site, and where to.
#[derive(Clone)]
pub struct Settings<'a> {
    /// The folder of `book.toml`.
    pub root: PathBuf,
    /// The folder to write to; the one of `book.toml` where absent.
    pub out: Option<PathBuf>,
    /// Scheme, host and port that take the place of the site's own; for previews.
    pub origin: Option<String>,
    /// Whether to write.
    pub mode: Mode,
    /// Told of progress.
    pub progress: Option<Progress<'a>>,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Every file that findings can point into.
    pub files: Files,
    /// Everything found, at the levels of `book.toml`.
    pub diagnostics: Vec<Diagnostic>,
    /// How many pages there are.
    pub pages: usize,
    /// Route and title of every page that is listed.
    pub pages_by_route: Vec<(String, String)>,
    /// What was written; nothing when there were errors, or when only a check was asked for.
    pub summary: Option<Summary>,
    /// How well agents are served, where that was asked for and there was no error.
    pub score: Option<Score>,
    /// `urls.lock`, where the site has one.
    pub lock: Option<Lock>,
    /// What stands at the site's addresses, with the hashes of its pages; only of a check that found no error before pages
    /// were rendered.
    pub found: Option<Found>,
    /// The stages and the time each took.
    pub stages: Vec<(&'static str, Duration)>,
    /// Links to other sites, with every place they stand in.
    pub external_links: BTreeMap<String, Vec<Span>>,
    /// The folders whose changes concern this site.
    pub watched: Vec<PathBuf>,
    /// What hosts are told of the site; nothing when there were errors before it was rendered.
    pub host: Option<hosts::Site>,
}

/// A run in progress: what its stages found, and how long each took.
pub(crate) struct Run<'a> {
    settings: &'a Settings<'a>,
    diagnostics: Vec<Diagnostic>,
    stages: Vec<(&'static str, Duration)>,
    since: Instant,
}

impl<'a> Run<'a> {
    pub(crate) fn new(settings: &'a Settings<'a>) -> Self {
        Self { settings, diagnostics: Vec::new(), stages: Vec::new(), since: Instant::now() }
    }

    /// Takes what a stage gave: its result is passed on, its findings and its time are kept.
    pub(crate) fn stage<T>(&mut self, name: &'static str, (result, found): (T, Vec<Diagnostic>)) -> T {
        self.diagnostics.extend(found);
        self.stages.push((name, self.since.elapsed()));
        self.since = Instant::now();
        result
    }

    /// Whether anything found so far stops the build.
    pub(crate) fn failed(&self, config: &Config) -> bool {
        self.diagnostics.iter().any(|found| config.check.level(found) == Some(Severity::Error))
    }

    pub(crate) fn report(
        self,
        config: &Config,
        sources: Sources,
        site: &Site,
        lock: Option<Lock>,
        made: Made,
    ) -> Report {
        let mut diagnostics = self.diagnostics;
        let score = made.to_rate.map(|to_rate| score::rate(site, config, &diagnostics, &to_rate, BOOK_TOML));
        if diagnostics.iter().any(|found| found.rule.code == rules::CONFIG_SYNTAX.code) {
            // Without its settings the site was read by the defaults: what else was found is a guess.
            diagnostics.retain(|found| found.rule.code == rules::CONFIG_SYNTAX.code);
        }
        diagnostics.retain_mut(|found| match config.check.level(found) {
            Some(severity) => {
                found.severity = severity;
                true
            }
            None => false,
        });
        let listed = |page: &&site::Page| page.visibility == site::Visibility::Listed;
        Report {
            diagnostics,
            pages: site.pages.len(),
            pages_by_route: site
                .pages
                .iter()
                .filter(listed)
                .map(|page| (page.route.clone(), page.title.clone()))
                .collect(),
            summary: made.summary,
            score,
            lock,
            found: made.found,
            stages: self.stages,
            external_links: external_links(site),
            watched: watched(self.settings, &sources),
            host: made.host,
            files: sources.files,
        }
    }
}

/// What became of a site.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// What was written; nothing when there were errors, or when only a check was asked for.
    summary: Option<Summary>,
    /// What stands at the site's addresses.
    found: Option<Found>,
    /// What is rated, where that was asked for.
    to_rate: Option<score::Made>,
    /// What hosts are told of it.
    host: Option<hosts::Site>,
}

/// Reads `book.toml`.
pub(crate) fn configure(settings: &Settings<'_>) -> anyhow::Result<((Config, Files), Vec<Diagnostic>)> {
    let text = source::book_toml(&settings.root)?;
    let mut files = Files::default();
    let file = files.add("book.toml", text.as_str());
    let (mut config, diagnostics) = config::parse(file, &text);
    if let Some(origin) = &settings.origin {
        config.site.origin.clone_from(origin);
    }
    // A site that is written among its own pages would be read as pages by the next build.
    if let Some(out) = &settings.out
        && let Ok(below) = out.strip_prefix(settings.root.join(&config.book.src))
    {
        anyhow::ensure!(
            !below.as_os_str().is_empty(),
            "`{}` is the folder of the pages: write elsewhere",
            out.display()
        );
        config.content.exclude_folder(&below.to_string_lossy().replace('\\', "/"));
    }
    Ok(((config, files), diagnostics))
}

/// Layers the site's own theme over the built-in one.
pub(crate) fn theme(config: &Config, sources: &mut Sources) -> (Theme, Vec<Diagnostic>) {
    let name = &config.theme.name;
    let layers: Vec<_> =
        sources.themes.get(name).map(|files| (name.clone(), files.clone())).into_iter().collect();
    let (theme, mut diagnostics) = theme::load(&layers, &config.book.language, &mut sources.files);
    if layers.is_empty() && name != "default" {
        let themes = sources.themes.keys().map(String::as_str).chain(["default"]);
        let help = nearest(name, themes).map_or_else(
            || format!("make the folder `themes/{name}`, or remove the setting to use the built-in theme"),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no folder `themes/{name}`");
        let mut found = Diagnostic::new(&rules::UNKNOWN_THEME, message).help(help);
        found.span = config::place_of(BOOK_TOML, &sources.files.get(BOOK_TOML).text, "theme", "name");
        diagnostics.push(found);
    }
    let known = |key: &&String| theme.words.contains_key(*key);
    for key in config.theme.words.keys().filter(|key| !known(key)) {
        let help = nearest(key, theme.words.keys().map(String::as_str)).map_or_else(
            || "`waypost theme eject words.toml` writes them all".to_owned(),
            |near| format!("write `{near}`"),
        );
        let message = format!("`{key}` is not a word of the interface");
        let mut found = Diagnostic::new(&rules::UNKNOWN_CONFIG_KEY, message).help(help);
        let book = &sources.files.get(BOOK_TOML).text;
        found.span = config::place_of_key(BOOK_TOML, book, &["theme", "words", key]);
        diagnostics.push(found);
    }
    (theme.with_words(&config.theme.words), diagnostics)
}

/// What is known of the images; the copies that were made of them are kept beside the state of builds.
pub(crate) fn pictures(
    settings: &Settings<'_>,
    inputs: &site::Inputs<'_>,
    site: &Site,
) -> anyhow::Result<(Pictures, Vec<Diagnostic>)> {
    let wanted =
        !matches!(settings.mode, Mode::Check | Mode::Rate) && !inputs.config.images.variants.is_empty();
    let kept = wanted.then(|| output::Kept::open(&settings.root.join(".waypost"))).transpose()?;
    Ok(pictures::read(inputs, site, kept.as_ref()))
}

/// The grammars, with the aliases of `book.toml`.
pub(crate) fn highlighter(config: &Config) -> (Highlighter, Vec<Diagnostic>) {
    (Highlighter::new(&config.highlight.alias), Vec::new())
}

/// Every text of a site as a tree.
pub(crate) struct Documents {
    by_path: BTreeMap<String, Arc<Document>>,
    summary: Option<Document>,
    book: Arc<str>,
}

impl Documents {
    pub(crate) fn inputs<'a>(&'a self, config: &'a Config, sources: &'a Sources) -> site::Inputs<'a> {
        site::Inputs { config, sources, documents: &self.by_path, summary: self.summary.as_ref() }
    }

    /// Checks the site before it is rendered.
    pub(crate) fn check(
        &self,
        config: &Config,
        site: &Site,
        theme: &Theme,
        highlighter: &Highlighter,
    ) -> Vec<Diagnostic> {
        let languages = highlighter.languages();
        check::site(&check::Inputs {
            config,
            site,
            documents: &self.by_path,
            theme,
            book: (BOOK_TOML, &self.book),
            languages: &languages,
        })
    }

    pub(crate) fn context<'a>(
        &'a self,
        inputs: &site::Inputs<'a>,
        site: &'a Site,
        theme: &'a Theme,
        highlighter: &'a Highlighter,
        pictures: &'a Pictures,
        lock: Option<&Lock>,
    ) -> anyhow::Result<Context<'a>> {
        let html = &inputs.config.output.html;
        let mut hashes = BTreeMap::new();
        for link in html.additional_css.iter().chain(&html.additional_js) {
            let Some(Target::Asset { address, .. }) = site.config_links.get(link) else { continue };
            if let Some(path) = site.assets.get(address) {
                let hash = blake3::hash(&inputs.sources.bytes(path)?).to_hex();
                hashes.insert(address.clone(), hash[..8].to_owned());
            }
        }
        let mut context = Context::new(site, inputs.config, theme, highlighter, pictures, &self.by_path);
        context.stamp(&hashes);
        if lock.is_some() {
            context.announce_changes([feed::ATOM, feed::JSON]);
        }
        Ok(context)
    }
}

/// Parses every text, and the partials that these name from outside the pages' folder, and those that they name.
pub(crate) fn parse(config: &Config, theme: &Theme, sources: &mut Sources) -> (Documents, Vec<Diagnostic>) {
    let markdown = theme.components.iter().filter_map(|(name, signature)| {
        let attribute = signature.attributes.iter().find(|attribute| attribute.markdown)?;
        Some((name.clone(), attribute.name.clone()))
    });
    let options = dialect::options(config, theme.components.keys().cloned().collect(), markdown.collect());
    let mut diagnostics = Vec::new();
    let mut by_path = BTreeMap::new();
    let mut asked = BTreeSet::new();
    loop {
        let new: Vec<_> = sources.texts.iter().filter(|(path, _)| !by_path.contains_key(*path)).collect();
        let parsed: Vec<_> = new
            .into_par_iter()
            .map(|(path, source)| (path.clone(), document::parse::parse(source.file, &source.text, &options)))
            .collect();
        for (path, (document, found)) in parsed {
            diagnostics.extend(found);
            by_path.insert(path, Arc::new(document));
        }
        let mut wanted = site::partials::wanted(&by_path, config, sources);
        wanted.retain(|(path, _)| asked.insert(path.clone()));
        if wanted.is_empty() {
            break;
        }
        diagnostics.extend(sources.read_more(config, &wanted));
    }
    let summary = sources.summary.as_ref().map(|(file, text)| {
        // A summary is mdBook's, whatever the pages are.
        let mdbook = Config {
            content: config::Content { dialect: Dialect::Mdbook, ..config.content.clone() },
            ..config.clone()
        };
        let (document, found) =
            document::parse::parse(*file, text, &dialect::options(&mdbook, BTreeSet::new(), BTreeMap::new()));
        diagnostics.extend(found);
        document
    });
    let book = Arc::clone(&sources.files.get(BOOK_TOML).text);
    (Documents { by_path, summary, book }, diagnostics)
}

/// The pages that are gone, of a site that is not rendered.
pub(crate) fn vanished(
    context: &Context<'_>,
    sources: &Sources,
    lock: Option<&Lock>,
) -> (Made, Vec<Diagnostic>) {
    let Some(lock) = lock else { return (Made::default(), Vec::new()) };
    let found = Found::new(context.site, &BTreeMap::new());
    (Made::default(), feed::vanished(lock, &found, (BOOK_TOML, &sources.files.get(BOOK_TOML).text)))
}

/// Renders every page, makes the indexes of what came out, and commits the whole.
pub(crate) fn render(
    settings: &Settings<'_>,
    inputs: &site::Inputs<'_>,
    context: &Context<'_>,
    lock: Option<&Lock>,
) -> anyhow::Result<(Made, Vec<Diagnostic>)> {
    let mut catalogue = Catalogue::new(context.site, context.config);
    if lock.is_some() {
        catalogue.announce_changes(feed::JSON);
    }
    let output = match settings.mode {
        Mode::Build | Mode::BuildAtOnce => {
            let own = || settings.root.join(&context.config.build.build_dir);
            let folder = settings.out.clone().unwrap_or_else(own);
            Some(output::open(&folder, &settings.root.join(".waypost"))?)
        }
        Mode::Check | Mode::Rate => None,
    };
    let mut index = context.config.search.enabled.then(|| Index::new(context.theme, context.config));
    let hashed = lock.is_some() || settings.mode == Mode::Check;
    let Pages { facts, checks, mut diagnostics, demanded, hashes } =
        pages(settings, context, &catalogue, output.as_ref(), index.as_mut(), hashed)?;
    let standing = hashed.then(|| Found::new(context.site, &hashes));
    let (mut files, indexes) = catalogue.files(&facts);
    let host = Some(hosts::facts(context, &facts, &files));
    diagnostics.extend(check::pages(&indexes));
    diagnostics.extend(check::lengths(&long_pages(context, &facts)));
    let procedures = procedures(&facts);
    if !procedures.is_empty() {
        files.insert(procedure::SCHEMA.to_owned(), procedure::schema());
    }
    let made = files.keys().map(|path| {
        let what =
            if path == procedure::SCHEMA { "the schema of procedures" } else { "the index of a section" };
        (path.as_str(), what)
    });
    let made = made.chain(index.iter().map(|_| (search::MANIFEST, "the index of search")));
    let feeds = lock.iter().flat_map(|_| [feed::JSON, feed::ATOM]).map(|path| (path, "the feed of changes"));
    let made = made.chain(feeds);
    let themes = context.theme.assets.keys().map(|path| (path.as_str(), "a file of the theme"));
    diagnostics.extend(site::collisions(inputs, context.site, &procedures, made.chain(themes)));
    let (missing, found) = render::not_found(context);
    diagnostics.extend(found);
    let (tags, found) = render::tag_pages(context);
    diagnostics.extend(found);
    if let (Some(lock), Some(standing)) = (lock, &standing) {
        let book = &inputs.sources.files.get(BOOK_TOML).text;
        diagnostics.extend(feed::vanished(lock, standing, (BOOK_TOML, book)));
        let feeds = feed::files(lock, standing, context.site, context.config, &context.view.words);
        files.extend(feeds.map(|(path, text)| (path.to_owned(), text)));
    }
    let Some(output) = output else {
        let to_rate = match settings.mode {
            Mode::Rate => Some(to_rate(inputs, context, facts, checks, files)?),
            Mode::Build | Mode::BuildAtOnce | Mode::Check => None,
        };
        return Ok((Made { summary: None, found: standing, to_rate, host }, diagnostics));
    };
    if diagnostics.iter().any(|found| context.config.check.level(found) == Some(Severity::Error)) {
        output.discard()?;
        return Ok((Made { summary: None, found: standing, to_rate: None, host }, diagnostics));
    }
    let missing = [("404.html".to_owned(), missing)].into_iter().filter(|(path, _)| !is_own(context, path));
    let files = files.into_iter().filter(|(path, _)| !is_own(context, path));
    for (path, text) in missing.chain(files).chain(tags).chain(render::redirects(context)) {
        output.stage(&path, text.as_bytes())?;
    }
    let idle = |path: &str| search::is_idle(context.theme, context.config, path);
    for (path, asset) in context.theme.assets.iter().filter(|(path, _)| !is_own(context, path) && !idle(path))
    {
        if asset.on_demand.as_ref().is_none_or(|folder| demanded.contains(folder.as_str())) {
            let bytes = asset.bytes().with_context(|| format!("unpacking `{path}` of the theme"))?;
            output.stage(path, &bytes)?;
        }
    }
    let found = index.map(Index::finish).unwrap_or_default();
    found.par_iter().try_for_each(|(path, bytes)| output.stage(path, bytes))?;
    if let Some(name) = context.config.output.html.cname.as_ref().filter(|_| !is_own(context, "CNAME")) {
        output.stage("CNAME", format!("{name}\n").as_bytes())?;
    }
    let assets: Vec<_> = context.site.assets.iter().collect();
    assets.par_iter().try_for_each(|(address, path)| output.stage(address, &inputs.sources.bytes(path)?))?;
    if let Some(kept) = (!context.config.images.variants.is_empty())
        .then(|| output::Kept::open(&settings.root.join(".waypost")))
        .transpose()?
    {
        let copies: Vec<_> = context.pictures.variants().collect();
        copies.par_iter().try_for_each(|copy| output.stage(&copy.address, &kept.read(&copy.key)?))?;
    }
    let summary = match settings.mode {
        Mode::BuildAtOnce => output.commit_at_once()?,
        Mode::Build | Mode::Check | Mode::Rate => output.commit()?,
    };
    Ok((Made { summary: Some(summary), found: standing, to_rate: None, host }, diagnostics))
}

/// What is rated: a file for agents that the site brings itself stands for the one that would be made.
fn to_rate(
    inputs: &site::Inputs<'_>,
    context: &Context<'_>,
    facts: Vec<PageFacts>,
    checks: Vec<PageCheck>,
    mut files: BTreeMap<String, String>,
) -> anyhow::Result<score::Made> {
    for (path, text) in &mut files {
        if let Some(own) = context.site.assets.get(path) {
            *text = String::from_utf8_lossy(&inputs.sources.bytes(own)?).into_owned();
        }
    }
    Ok(score::Made { facts, checks, files })
}

/// The pages that agents may not read whole.
fn long_pages(context: &Context<'_>, facts: &[PageFacts]) -> Vec<check::FinishedPage> {
    let long =
        |page: &&PageFacts| page.characters > check::LONG && page.visibility == site::Visibility::Listed;
    let finished = |page: &PageFacts| {
        let headings = page.sections.iter().map(|section| check::FinishedHeading {
            level: section.level,
            title: section.title.clone(),
            span: section.span,
            start: section.from,
            in_tab: section.in_tab,
        });
        check::FinishedPage {
            title: page.title.clone(),
            place: Span::new(context.site.page(page.page).document.file, 0..0),
            characters: page.characters,
            headings: headings.collect(),
        }
    };
    facts.iter().filter(long).map(finished).collect()
}

/// Whether the site brings a file of its own (`robots.txt`, `404.html`), or a page at that address: it is meant then.
fn is_own(context: &Context<'_>, path: &str) -> bool {
    let is_page = |page: &site::Page| context.addresses.html_file(&page.route) == path;
    context.site.assets.contains_key(path) || path == "404.html" && context.site.pages.iter().any(is_page)
}

/// The files of procedures, each with its page.
fn procedures(facts: &[PageFacts]) -> Vec<(String, PageId)> {
    let with = facts.iter().filter(|facts| facts.procedure);
    with.map(|facts| (render::address::procedure_file(&facts.route), facts.page)).collect()
}

/// What came of the pages.
struct Pages {
    facts: Vec<PageFacts>,
    /// What they came to, where they are rated.
    checks: Vec<PageCheck>,
    diagnostics: Vec<Diagnostic>,
    /// The folders of the theme's assets on demand that they need.
    demanded: BTreeSet<String>,
    /// Of what they say, where that is asked for.
    hashes: BTreeMap<PageId, u64>,
}

/// Renders and stages the pages, some hundred at a time: a large site is never in memory whole.
fn pages(
    settings: &Settings<'_>,
    context: &Context<'_>,
    catalogue: &Catalogue,
    output: Option<&Output>,
    mut index: Option<&mut Index>,
    hashed: bool,
) -> anyhow::Result<Pages> {
    let ids: Vec<PageId> = context.site.iter().map(|(id, _)| id).collect();
    let mut facts = Vec::with_capacity(ids.len());
    let mut checks = Vec::new();
    let mut diagnostics = Vec::new();
    let mut demanded = BTreeSet::new();
    let mut hashes = BTreeMap::new();
    if let Some(output) = output {
        output.append("llms-full.txt", catalogue.full_head().as_bytes())?;
    }
    let searched = index.is_some() && output.is_some();
    for some in ids.chunks(AT_ONCE) {
        let rendered: Vec<(Rendered, Option<search::Entry>, Option<u64>)> = some
            .par_iter()
            .map(|id| {
                let rendered = render::page(context, *id);
                if let Some(output) = output {
                    stage(context, catalogue, output, &rendered)?;
                }
                let entry = if searched { search::entry(context.site, context.config, *id) } else { None };
                let hash = hashed.then(|| feed::hash(&rendered.markdown, &context.addresses));
                Ok((rendered, entry, hash))
            })
            .collect::<anyhow::Result<_>>()?;
        let mut fragments = Vec::new();
        for (page, entry, hash) in rendered {
            hashes.extend(hash.map(|hash| (page.facts.page, hash)));
            if let (Some(index), Some(entry)) = (&mut index, entry) {
                fragments.extend(index.add(entry));
            }
            if let Some(output) = output {
                let part = catalogue.full_part(&page.facts, &page.markdown);
                output.append("llms-full.txt", part.as_bytes())?;
            }
            if settings.mode == Mode::Rate {
                checks.push(score::page(&page.html, &page.markdown));
            }
            demanded.extend(context.theme.demanded(&page.html).map(str::to_owned));
            facts.push(page.facts);
            diagnostics.extend(page.diagnostics);
        }
        if let Some(output) = output {
            fragments.par_iter().try_for_each(|(path, bytes)| output.stage(path, bytes))?;
        }
        if let Some(progress) = settings.progress {
            progress(facts.len(), ids.len());
        }
    }
    Ok(Pages { facts, checks, diagnostics, demanded, hashes })
}

/// Stages the files of a page.
fn stage(
    context: &Context<'_>,
    catalogue: &Catalogue,
    output: &Output,
    rendered: &Rendered,
) -> anyhow::Result<()> {
    let page = context.site.page(rendered.facts.page);
    output.stage(&context.addresses.html_file(&page.route), rendered.html.as_bytes())?;
    if page.visibility == site::Visibility::Listed {
        output.stage(&render::address::markdown_file(&page.route), rendered.markdown.as_bytes())?;
    }
    for (path, variant) in &rendered.variants {
        output.stage(path, variant.as_bytes())?;
    }
    if let Some(procedure) = procedure::of(context, rendered) {
        output
            .stage(&render::address::procedure_file(&page.route), procedure::text(&procedure).as_bytes())?;
    }
    if let Some((path, index)) = catalogue.page_index(&rendered.facts) {
        output.stage(&path, index.as_bytes())?;
    }
    Ok(())
}

fn external_links(site: &Site) -> BTreeMap<String, Vec<Span>> {
    let mut links: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for (span, target) in site.pages.iter().flat_map(|page| &page.links) {
        if let Target::External(url) = target
            && (url.starts_with("http://") || url.starts_with("https://"))
        {
            links.entry(url.clone()).or_default().push(*span);
        }
    }
    for spans in links.values_mut() {
        spans.sort();
        spans.dedup();
    }
    links
}

/// The folders directly below the site's that hold anything a build reads.
fn watched(settings: &Settings<'_>, sources: &Sources) -> Vec<PathBuf> {
    let read = sources.files.iter().map(|(_, file)| file.path.as_str());
    let first = |path: &str| path.split_once('/').map(|(folder, _)| folder.to_owned());
    let folders: BTreeSet<String> =
        read.chain(sources.paths.keys().map(String::as_str)).filter_map(first).collect();
    folders.into_iter().map(|folder| settings.root.join(folder)).filter(|folder| folder.is_dir()).collect()
}
