//! The folders of a theme laid over each other: which file stands for which name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::ThemeFiles;
use super::assets::is;
use crate::diagnostic::{Diagnostic, FileId, Files, Rule, Span, nearest, rules};

/// The theme that is part of the program.
static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// What the names of the built-in templates begin with.
pub(super) const BUILT_IN_PREFIX: &str = "default/";

/// A file of a theme.
#[derive(Clone, Debug)]
pub(super) struct ThemeFile {
    /// From the folder of `book.toml`; the built-in ones as if they stood there.
    pub path: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

/// Every file of every layer, the layers that win first.
pub(super) struct Layers {
    /// Path in the theme to the file, for each layer; the built-in one is the last.
    layers: Vec<BTreeMap<String, ThemeFile>>,
}

/// Lays `sites` (first ones win) over the built-in theme.
pub(super) fn layer(sites: &[(String, ThemeFiles)]) -> Layers {
    let mut layers: Vec<BTreeMap<String, ThemeFile>> = sites
        .iter()
        .map(|(theme, files)| {
            let file = |path: &String, bytes: &Arc<[u8]>| ThemeFile {
                path: format!("themes/{theme}/{path}"),
                bytes: Arc::clone(bytes),
            };
            files.iter().map(|(path, bytes)| (path.clone(), file(path, bytes))).collect()
        })
        .collect();
    layers.push(built_in());
    Layers { layers }
}

/// The files of the theme that is part of the program.
pub(super) fn built_in() -> BTreeMap<String, ThemeFile> {
    let mut files = BTreeMap::new();
    collect(&BUILT_IN, &mut files);
    files
}

fn collect(folder: &Dir, into: &mut BTreeMap<String, ThemeFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let full = format!("themes/default/{path}");
        into.insert(path, ThemeFile { path: full, bytes: Arc::from(file.contents()) });
    }
    for below in folder.dirs() {
        collect(below, into);
    }
}

impl Layers {
    /// Every file that wins below `folder`, by its path from there.
    pub(super) fn below(&self, folder: &str) -> BTreeMap<String, &ThemeFile> {
        let mut files = BTreeMap::new();
        for layer in &self.layers {
            for (path, file) in layer {
                if let Some(name) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
                    files.entry(name.to_owned()).or_insert(file);
                }
            }
        }
        files
    }

    /// The templates of pages by the names Tera knows them by. The built-in ones are `default/NAME`: a name without that
    /// means the site's own template, and the built-in one where there is none, so that a site's `page.html` can
    /// extend `default/page.html` and everything that includes `page.html` gets the site's.
    pub(super) fn templates(&self) -> BTreeMap<String, &ThemeFile> {
        let mut templates = BTreeMap::new();
        let Some((built_in, sites)) = self.layers.split_last() else { return templates };
        for (path, file) in sites.iter().flatten() {
            if let Some(name) = path.strip_prefix("templates/") {
                templates.entry(name.to_owned()).or_insert(file);
            }
        }
        for (path, file) in built_in {
            if let Some(name) = path.strip_prefix("templates/") {
                templates.insert(format!("{BUILT_IN_PREFIX}{name}"), file);
            }
        }
        templates
    }

    /// Every file of the site's themes, by its path in the theme.
    pub(super) fn own(&self) -> impl Iterator<Item = (&String, &ThemeFile)> {
        self.layers.split_last().map_or(&[][..], |(_, sites)| sites).iter().flatten()
    }

    /// The files of these names, layer by layer, those that win first; in a layer in the order of `names`.
    pub(super) fn by_layer(&self, names: &[String]) -> impl Iterator<Item = &ThemeFile> {
        self.layers.iter().flat_map(move |layer| names.iter().filter_map(move |name| layer.get(name)))
    }

    /// The file of this name in each layer that has it, those that win first.
    pub(super) fn all(&self, path: &str) -> impl DoubleEndedIterator<Item = &ThemeFile> {
        self.layers.iter().filter_map(move |layer| layer.get(path))
    }

    /// Files of the site's themes that have no meaning where they stand: a misspelt folder loses its files silently.
    pub(super) fn unused(&self) -> Vec<Diagnostic> {
        const FOLDERS: [&str; 4] = ["templates", "components", "assets", "icons"];
        let sites = self.layers.split_last().map_or(&[][..], |(_, sites)| sites);
        let mut found = Vec::new();
        for (path, file) in sites.iter().flatten() {
            let message = format!("`{}` means nothing in a theme", file.path);
            let Some((folder, name)) = path.split_once('/') else {
                let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
                if extension == "toml" && path != "theme.toml" && !is_words(path) {
                    let help = "a theme's own files are `theme.toml`, `words.toml` and `words.LANGUAGE.toml`";
                    found.push(Diagnostic::new(&rules::UNUSED_THEME_FILE, message).help(help));
                } else if ["html", "md", "css", "js", "svg"].contains(&extension) && !is_note(path) {
                    let help = "move it into `templates`, `components`, `assets` or `icons`";
                    found.push(Diagnostic::new(&rules::UNUSED_THEME_FILE, message).help(help));
                }
                continue;
            };
            let help = match folder {
                "templates" | "assets" => continue,
                "components" if is_component(name) => continue,
                "icons" if is(name, "svg") && !name.contains('/') || is_note(name) => continue,
                "components" => {
                    "a component is `NAME.html` and `NAME.md`, directly in `components`".to_owned()
                }
                "icons" => "an icon is `NAME.svg`, directly in `icons`".to_owned(),
                _ => match nearest(folder, FOLDERS) {
                    Some(meant) => format!("the folder is named `{meant}`"),
                    None => "a theme has `templates`, `components`, `assets` and `icons`".to_owned(),
                },
            };
            found.push(Diagnostic::new(&rules::UNUSED_THEME_FILE, message).help(help));
        }
        found
    }
}

/// Whether a file at the top of a theme holds words: `words.toml`, `words.pt-BR.toml`.
fn is_words(path: &str) -> bool {
    path.strip_prefix("words").and_then(|rest| rest.strip_suffix(".toml")).is_some_and(|language| {
        language.is_empty()
            || language.strip_prefix('.').is_some_and(|tag| {
                !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
    })
}

/// Whether a path below `components` is one half of a component.
pub(super) fn is_component(name: &str) -> bool {
    name.strip_suffix(".html").or_else(|| name.strip_suffix(".md")).is_some_and(|stem| {
        stem.starts_with(|first: char| first.is_ascii_alphabetic())
            && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

fn is_note(name: &str) -> bool {
    ["README", "LICENSE", "LICENCE", "CHANGELOG", "NOTICE"]
        .contains(&name.split('.').next().unwrap_or_default().to_ascii_uppercase().as_str())
}

/// The diagnostics of a load. A theme's file joins [`Files`] when the first finding in it does: most builds find none.
pub(super) struct Findings<'a> {
    files: &'a mut Files,
    known: BTreeMap<String, FileId>,
    /// What was found, in order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(files: &'a mut Files) -> Self {
        Self { files, known: BTreeMap::new(), diagnostics: Vec::new() }
    }

    /// The place in a theme's file; `range` is moved onto character boundaries.
    pub(super) fn span(&mut self, file: &ThemeFile, range: Range<usize>) -> Span {
        let text = String::from_utf8_lossy(&file.bytes);
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let range = floor(range.start)..floor(range.end.max(range.start));
        let id = *self
            .known
            .entry(file.path.clone())
            .or_insert_with(|| self.files.add(file.path.clone(), text.as_ref()));
        Span::new(id, range)
    }

    /// Notes a finding in a theme's file.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        message: impl Into<String>,
        file: &ThemeFile,
        range: Range<usize>,
        help: Option<String>,
    ) {
        let mut diagnostic = Diagnostic::new(rule, message).at(self.span(file, range));
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    /// The text of a file, unless it is not UTF-8.
    pub(super) fn text<'f>(&mut self, file: &'f ThemeFile) -> Option<&'f str> {
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let message = format!("`{}` is not UTF-8 at byte {}", file.path, error.valid_up_to());
                self.diagnostics
                    .push(Diagnostic::new(&rules::INVALID_TEXT, message).help("save it as UTF-8".to_owned()));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tera::Context;

    use super::*;
    use crate::theme::engine;

    #[test]
    fn a_site_can_extend_what_it_replaces() {
        let files = |files: &[(&str, &str)]| {
            let file = |text: &str| ThemeFile { path: text.to_owned(), bytes: Arc::from(text.as_bytes()) };
            files.iter().map(|(path, text)| (format!("templates/{path}"), file(text))).collect()
        };
        let layers = Layers {
            layers: vec![
                files(&[
                    (
                        "page.html",
                        "{% extends \"default/page.html\" %}{% block a %}mine and {{ super() }}{% endblock %}",
                    ),
                    ("foot.html", "my foot"),
                ]),
                files(&[
                    ("page.html", "{% extends \"base.html\" %}{% component p.x() %}{% endcomponent %}"),
                    ("base.html", "{% block a %}yours{% endblock %}, {% include \"foot.html\" %}"),
                    ("foot.html", "your foot"),
                ]),
            ],
        };
        let mut files = Files::default();
        let mut findings = Findings::new(&mut files);
        let tera = engine::compile(&engine::base(), layers.templates(), &mut findings);
        assert!(findings.diagnostics.is_empty(), "{:?}", findings.diagnostics);
        let render = |name: &str| tera.render(name, &Context::new()).map_err(|error| error.to_string());
        assert_eq!(render("page.html").as_deref(), Ok("mine and yours, my foot"));
        assert_eq!(render("base.html").as_deref(), Ok("yours, my foot"));
    }
}
