//! The folder of `book.toml` in, [`Sources`] out: finds and reads every input file. One edge of the world.
//!
//! Every path in it is relative to the folder of `book.toml`, with `/` between its parts. Nothing outside that
//! folder is read, whatever a page, a link in the file system or a setting says. Files are read in parallel and
//! numbered in the order of their paths, so that the same folder gives the same [`FileId`]s.

#![expect(clippy::disallowed_methods, reason = "one of the two edges of the world: it reads the inputs")]

mod dates;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use rayon::prelude::*;

use crate::config::{Config, Dialect, Navigation, below, is_hidden};
use crate::diagnostic::{Diagnostic, FileId, Files, Piece, Span, nearest, rules};
use crate::substitute::{Substituted, Supply, substitute, wanted};

/// The file beside `book.toml` that says which pages there were before.
pub const LOCK: &str = "urls.lock";

/// Every input of a build.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The folder of `book.toml`, canonical.
    pub root: PathBuf,
    /// Every text that was read.
    pub files: Files,
    /// Every file below the folder, but for what is built, hidden or installed (`.git`, `node_modules`, Cargo's
    /// `target` and the build folder). Below the static folders hidden files count too.
    pub paths: BTreeMap<String, FileFacts>,
    /// Every Markdown file of the pages' folder (partials too) that is not excluded, and those that were imported
    /// from elsewhere.
    pub texts: BTreeMap<String, SourceText>,
    /// `_category_.{json,yml,yaml}` by the folder they stand in.
    pub categories: BTreeMap<String, (FileId, Arc<str>)>,
    /// `SUMMARY.md`.
    pub summary: Option<(FileId, Arc<str>)>,
    /// `urls.lock`.
    pub lock: Option<(FileId, Arc<str>)>,
    /// Files of the site's own themes: theme name, path in it, bytes.
    pub themes: BTreeMap<String, BTreeMap<String, Arc<[u8]>>>,
    /// The date of the last commit of each Markdown file, as `YYYY-MM-DD` in UTC; empty without git and in
    /// shallow clones, whose oldest commit would seem to have changed every file.
    pub dates: BTreeMap<String, String>,
}

/// A Markdown file.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// Which file it is.
    pub file: FileId,
    /// The text to parse: variables and includes in place, BOM gone.
    pub text: Arc<str>,
}

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its size in bytes.
    pub size: u64,
}

/// Reads everything that a build of the site at `root` needs. `files` holds `book.toml` already.
///
/// # Errors
/// When the folder or a file of the site cannot be read.
pub fn read(root: &Path, config: &Config, files: Files) -> anyhow::Result<(Sources, Vec<Diagnostic>)> {
    let root = root.canonicalize().with_context(|| format!("reading `{}`", root.display()))?;
    let (paths, mut diagnostics) = walk::walk(&root, config)?;
    let mut sources = Sources { root, files, paths, ..Sources::default() };
    if !sources.root.join(&config.book.src).is_dir() {
        diagnostics.push(no_pages_folder(&sources, &config.book.src));
    }
    let pages = Pages::of(config);
    let mut texts = Vec::new();
    let mut others = Vec::new();
    let mut themes = Vec::new();
    for path in sources.paths.keys() {
        if path.starts_with("themes/") {
            themes.push(path.clone());
        } else if path == LOCK {
            others.push(path.clone());
        } else if let Some(inner) = pages.inner(path) {
            if inner == "SUMMARY.md" && config.content.navigation != Navigation::Folders || is_category(path)
            {
                others.push(path.clone());
            } else if is_markdown(path) && !pages.excluded.is_match(inner) {
                texts.push(path.clone());
            }
        }
    }
    let root = sources.root.clone();
    let markdown = sources.paths.keys().filter(|path| is_markdown(path)).cloned().collect();
    let (dates, result) = std::thread::scope(|scope| {
        let dates = scope.spawn(|| dates::last_commits(&root, &markdown));
        let result = sources.read_all(config, &texts, &others, &themes);
        (dates.join().unwrap_or_default(), result)
    });
    diagnostics.extend(result?);
    sources.dates = dates;
    Ok((sources, diagnostics))
}

impl Sources {
    /// Reads further Markdown files (imported partials from outside the pages' folder) by path; those that do not
    /// exist or lie outside are left out, the caller reports them.
    pub fn read_more(&mut self, config: &Config, wanted: &[(String, Span)]) -> Vec<Diagnostic> {
        let wanted: BTreeSet<&String> = wanted.iter().map(|(path, _)| path).collect();
        let new: Vec<String> = wanted
            .into_iter()
            .filter(|path| !self.texts.contains_key(*path) && inside(&self.root, path).is_some())
            .cloned()
            .collect();
        let mut raw = self.raw();
        let mut diagnostics = Vec::new();
        // What cannot be read is left out too: the caller says that there is no such text.
        let _ = self.load(&new, &mut raw, &mut diagnostics);
        self.put_in_place(config, &new, &mut raw, &mut diagnostics);
        diagnostics
    }

    /// The bytes of a file that is copied.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the root.
    pub fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        // Which hidden files may be copied, the search has decided.
        let file =
            below_root(&self.root, path).with_context(|| format!("reading `{path}`: it is not there"))?;
        fs::read(file).with_context(|| format!("reading `{path}`"))
    }

    /// A file of which only a part is read.
    ///
    /// # Errors
    /// When it cannot be opened, or lies outside the root.
    pub fn open(&self, path: &str) -> anyhow::Result<impl std::io::BufRead + std::io::Seek + use<>> {
        let file =
            below_root(&self.root, path).with_context(|| format!("reading `{path}`: it is not there"))?;
        let file = fs::File::open(file).with_context(|| format!("reading `{path}`"))?;
        Ok(std::io::BufReader::new(file))
    }

    fn read_all(
        &mut self,
        config: &Config,
        texts: &[String],
        others: &[String],
        themes: &[String],
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let mut raw = self.raw();
        let mut all: Vec<String> = texts.iter().chain(others).cloned().collect();
        all.sort();
        self.load(&all, &mut raw, &mut diagnostics)?;
        for path in others {
            let Some((file, text)) = raw.get(path) else { continue };
            let text = self.unmarked(*file, text);
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if path == LOCK {
                self.lock = Some((*file, text));
            } else if name == "SUMMARY.md" {
                self.summary = Some((*file, text));
            } else {
                // In the order of their names `.json` comes first, and counts, as in Docusaurus.
                self.categories.entry(folder.to_owned()).or_insert((*file, text));
            }
        }
        self.put_in_place(config, texts, &mut raw, &mut diagnostics);

        let root = &self.root;
        let bytes: Vec<Vec<u8>> = themes
            .par_iter()
            .map(|path| fs::read(root.join(path)).with_context(|| format!("reading `{path}`")))
            .collect::<anyhow::Result<_>>()?;
        for (path, bytes) in themes.iter().zip(bytes) {
            if let Some((theme, file)) = path.strip_prefix("themes/").and_then(|path| path.split_once('/')) {
                self.themes.entry(theme.to_owned()).or_default().insert(file.to_owned(), bytes.into());
            }
        }
        Ok(diagnostics)
    }

    /// The texts that were read, as they are in their files.
    fn raw(&self) -> BTreeMap<String, (FileId, Arc<str>)> {
        self.files.iter().map(|(id, file)| (file.path.clone(), (id, Arc::clone(&file.text)))).collect()
    }

    /// Reads files that were not read yet. `paths` is in order.
    fn load(
        &mut self,
        paths: &[String],
        raw: &mut BTreeMap<String, (FileId, Arc<str>)>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> anyhow::Result<()> {
        let new: Vec<&String> = paths.iter().filter(|path| !raw.contains_key(*path)).collect();
        let root = &self.root;
        let read: Vec<Text> =
            new.par_iter().map(|path| read_text(root, path)).collect::<anyhow::Result<_>>()?;
        for (path, text) in new.into_iter().zip(read) {
            match text {
                Text::TooLarge => diagnostics.push(
                    Diagnostic::new(&rules::INVALID_TEXT, format!("`{path}` is larger than 4 GiB"))
                        .help("split it, or exclude it in `[content]`"),
                ),
                Text::Read { text, problems } => {
                    let text: Arc<str> = text.into();
                    let file = self.files.add(path, Arc::clone(&text));
                    raw.insert(path.clone(), (file, text));
                    diagnostics.extend(problems.into_iter().map(|(range, message, help)| {
                        Diagnostic::new(&rules::INVALID_TEXT, message).at(Span::new(file, range)).help(help)
                    }));
                }
            }
        }
        Ok(())
    }

    /// Makes the texts at `paths` ready to parse; reads what they include, and what that includes.
    fn put_in_place(
        &mut self,
        config: &Config,
        paths: &[String],
        raw: &mut BTreeMap<String, (FileId, Arc<str>)>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let dialect = config.content.dialect;
        if matches!(dialect, Dialect::Mdbook | Dialect::Docfx) {
            let mut look_in: Vec<String> = paths.to_vec();
            let mut seen: BTreeSet<String> = BTreeSet::new();
            while !look_in.is_empty() {
                let named: BTreeSet<String> = look_in
                    .par_iter()
                    .filter_map(|path| raw.get_key_value(path))
                    .flat_map_iter(|(path, (file, text))| wanted(*file, path, text, dialect))
                    .map(|(path, _)| path)
                    .collect();
                let new: Vec<String> = named.into_iter().filter(|path| seen.insert(path.clone())).collect();
                let there: Vec<String> =
                    new.iter().filter(|path| inside(&self.root, path).is_some()).cloned().collect();
                // A file that cannot be read is missing where it is included, which is said there.
                let _ = self.load(&there, raw, diagnostics);
                look_in = new;
            }
        }
        let nearest_path = |path: &str| nearest_path(&self.paths, path);
        let done: Vec<(&String, FileId, Substituted)> = {
            let (raw, nearest_path) = (&*raw, &nearest_path);
            paths
                .par_iter()
                .filter_map(|path| {
                    let (file, text) = raw.get(path)?;
                    let supply =
                        Supply { dialect, variables: &config.variables, included: raw, nearest_path };
                    Some((path, *file, substitute(*file, path, text, supply)))
                })
                .collect()
        };
        for (path, file, result) in done {
            self.files.substituted(file, result.pieces);
            diagnostics.extend(result.diagnostics);
            self.texts.insert(path.clone(), SourceText { file, text: result.text });
        }
    }

    /// A text without its byte order mark.
    fn unmarked(&mut self, file: FileId, text: &Arc<str>) -> Arc<str> {
        let Some(rest) = text.strip_prefix('\u{feff}') else { return Arc::clone(text) };
        let start = text.len() - rest.len();
        let origin = Span::new(file, start..text.len());
        self.files.substituted(file, vec![Piece { start: 0, origin, verbatim: true }]);
        rest.into()
    }
}

/// The text of `book.toml`.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn book_toml(root: &Path) -> anyhow::Result<String> {
    fs::read_to_string(root.join("book.toml"))
        .with_context(|| format!("reading `{}/book.toml`", root.display()))
}

/// The most memory that this process has had, in bytes, where the system says so.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Replaces a source file by `text`, whole or not at all: what `waypost check --fix` does.
///
/// # Errors
/// When the file is not below `root`, and when the disk refuses.
pub fn rewrite(root: &Path, path: &str, text: &str) -> anyhow::Result<()> {
    let root = root.canonicalize().with_context(|| format!("reading `{}`", root.display()))?;
    let file = inside(&root, path).with_context(|| format!("writing `{path}`: it is not there"))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let new = file.with_file_name(format!(".{name}.waypost"));
    let write = || -> std::io::Result<()> {
        fs::write(&new, text)?;
        fs::set_permissions(&new, fs::metadata(&file)?.permissions())?;
        fs::rename(&new, &file)
    };
    let result = write().with_context(|| format!("writing `{path}`"));
    if result.is_err() {
        // It may not be there; what went wrong is in the result.
        let _ = fs::remove_file(&new);
    }
    result
}

/// Writes a file beside `book.toml`, whole or not at all, whether it is there or not.
///
/// # Errors
/// When something else has its name, or a link that leads elsewhere; and when the disk refuses.
pub fn put(root: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let root = root.canonicalize().with_context(|| format!("reading `{}`", root.display()))?;
    let file = root.join(name);
    match fs::symlink_metadata(&file) {
        Ok(found) if found.is_file() => return rewrite(&root, name, text),
        Ok(_) => anyhow::bail!("writing `{name}`: what stands there is no file"),
        Err(_) => {}
    }
    let new = root.join(format!(".{name}.waypost"));
    let result = fs::write(&new, text).and_then(|()| fs::rename(&new, &file));
    if result.is_err() {
        // It may not be there; what went wrong is in the result.
        let _ = fs::remove_file(&new);
    }
    result.with_context(|| format!("writing `{name}`"))
}

/// Which paths are in the pages' folder.
struct Pages<'a> {
    src: &'a str,
    /// Folders of other things, where the pages' folder holds them.
    apart: Vec<&'a str>,
    excluded: globset::GlobSet,
}

impl<'a> Pages<'a> {
    fn of(config: &'a Config) -> Self {
        let src = config.book.src.as_str();
        let inner = |folder: &&'a str| below(src, folder).is_some_and(|rest| !rest.is_empty());
        let apart = config.site.static_dirs.iter().map(String::as_str).filter(inner).collect();
        Self { src, apart, excluded: config.content.excluded() }
    }

    /// The path from the pages' folder.
    fn inner<'p>(&self, path: &'p str) -> Option<&'p str> {
        let inner = below(self.src, path)?;
        let apart = self.apart.iter().any(|folder| below(folder, path).is_some());
        if apart { None } else { Some(inner) }
    }
}

enum Text {
    TooLarge,
    Read { text: String, problems: Vec<(std::ops::Range<usize>, String, &'static str)> },
}

/// Characters that the parser keeps for itself ([`crate::document`]): Unicode has none there.
const RESERVED: [char; 2] = ['\u{FDD0}', '\u{FDD1}'];

fn read_text(root: &Path, path: &str) -> anyhow::Result<Text> {
    let file = root.join(path);
    let context = || format!("reading `{path}`");
    if fs::metadata(&file).with_context(context)?.len() >= u64::from(u32::MAX) {
        return Ok(Text::TooLarge);
    }
    let bytes = fs::read(&file).with_context(context)?;
    let mut problems = Vec::new();
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            // The same bytes up to there: the replacement character stands where the first bad byte did.
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[at];
            let message = format!("`{path}` is not UTF-8: byte {at} is 0x{byte:02X}");
            problems.push((at..at + '\u{fffd}'.len_utf8(), message, "save the file as UTF-8"));
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
    };
    if let Some((at, found)) = text.match_indices(RESERVED).next() {
        let message = format!("the noncharacter U+{:04X} cannot stand in a text", u32::from(first(found)));
        problems.push((
            at..at + found.len(),
            message,
            "remove it: nothing shows it, and Unicode has no meaning for it",
        ));
        // As long as what it replaces, so that no place moves.
        text = text.replace(RESERVED, "\u{fffd}");
    }
    Ok(Text::Read { text, problems })
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or_default()
}

/// The file at `path`, if it is a file below `root` when every link on the way is followed, and not a hidden one.
fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let file = below_root(root, path)?;
    let real = file.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    if is_hidden(path) || is_hidden(&real) { None } else { Some(file) }
}

/// The file at `path`, if it is a file below `root` when every link on the way is followed.
fn below_root(root: &Path, path: &str) -> Option<PathBuf> {
    if path.starts_with('/') || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return None;
    }
    let file = root.join(path).canonicalize().ok()?;
    if file.starts_with(root) && file.is_file() { Some(file) } else { None }
}

fn is_markdown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").or_else(|| name.strip_suffix(".mdx")).is_some_and(|name| !name.is_empty())
}

fn is_category(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "_category_.json" | "_category_.yml" | "_category_.yaml")
}

/// The file that was perhaps meant: of a similar name in the same folder, or of the same name elsewhere.
fn nearest_path(paths: &BTreeMap<String, FileFacts>, wanted: &str) -> Option<String> {
    let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", wanted));
    let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let beside = paths
        .range(start.clone()..)
        .map_while(|(path, _)| path.strip_prefix(&start))
        .filter(|rest| !rest.contains('/'));
    if let Some(near) = nearest(name, beside) {
        return Some(format!("{start}{near}"));
    }
    let namesakes = paths.keys().filter(|path| path.rsplit('/').next() == Some(name));
    nearest(wanted, namesakes.map(String::as_str)).map(str::to_owned)
}

fn no_pages_folder(sources: &Sources, src: &str) -> Diagnostic {
    let folders: BTreeSet<&str> = sources
        .paths
        .keys()
        .filter(|path| is_markdown(path))
        .filter_map(|path| path.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let likely = nearest(src, folders.iter().copied())
        .or_else(|| ["docs", "content", "src", "pages"].into_iter().find(|folder| folders.contains(folder)));
    let diagnostic =
        Diagnostic::new(&rules::INVALID_CONFIG_VALUE, format!("the pages' folder `{src}` does not exist"));
    diagnostic.help(match likely {
        Some(folder) => format!("write `src = \"{folder}\"` in `[book]`, or create `{src}`"),
        None => format!("create `{src}`, or name another folder with `src` in `[book]`"),
    })
}

#[cfg(test)]
mod tests;
