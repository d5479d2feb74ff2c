//! What the types of `book.toml` cannot say: addresses, folders inside the root, names that must exist.
//!
//! A value that cannot be used is reported at its place and set back to its default, so that later stages only
//! ever meet values they can use; addresses and folders are brought to one form.

use std::ops::Range;

use super::read::Places;
use super::{ADMONITION_KINDS, Config, Dialect, Level, MenuEntry};
use crate::diagnostic::{Diagnostic, FileId, Span, nearest, rules};
use crate::placeholder::Placeholder;

/// Checks every value and brings it to its one form.
pub(super) fn check(config: &mut Config, places: &Places, file: FileId) -> Vec<Diagnostic> {
    let mut values = Values { file, places, diagnostics: Vec::new() };
    values.folders(config);
    values.addresses(config);
    values.content(config);
    values.menus(config);
    values.names(config);
    values.diagnostics
}

struct Values<'a> {
    file: FileId,
    places: &'a Places,
    diagnostics: Vec<Diagnostic>,
}

impl Values<'_> {
    fn folders(&mut self, config: &mut Config) {
        self.folder(&mut config.book.src, "book.src", "src");
        self.folder(&mut config.build.build_dir, "build.build-dir", "book");
        for (index, folder) in config.site.static_dirs.iter_mut().enumerate() {
            self.folder(folder, &format!("site.static-dirs[{index}]"), "static");
        }
        for (key, paths) in [
            ("output.html.additional-css", &mut config.output.html.additional_css),
            ("output.html.additional-js", &mut config.output.html.additional_js),
        ] {
            let mut index = 0;
            paths.retain_mut(|path| {
                let place = format!("{key}[{index}]");
                index += 1;
                if let Some(inside) = normal_path(path).filter(|path| !path.is_empty()) {
                    *path = inside;
                    return true;
                }
                self.outside(&place, path);
                false
            });
        }

        let (src, build) = (config.book.src.clone(), config.build.build_dir.clone());
        let place = "build.build-dir";
        if build.is_empty() {
            self.wrong(place, "`build.build-dir` is the folder of `book.toml` itself")
                .help("give the site a folder of its own: `build-dir = \"book\"`");
        } else if !src.is_empty() && is_below(&build, &src) {
            let message = format!("`build.build-dir` is `{build}`, inside the pages' folder `{src}`");
            self.wrong(place, message)
                .help("what is built would be read as pages: choose a folder beside it");
        } else if let Some(inner) = [&src]
            .into_iter()
            .chain(&config.site.static_dirs)
            .map(String::as_str)
            .chain(["themes"])
            .find(|inner| !inner.is_empty() && is_below(inner, &build))
        {
            let message = format!("`build.build-dir` is `{build}`, which holds the sources in `{inner}`");
            self.wrong(place, message).help("choose a folder that holds nothing else");
        } else {
            return;
        }
        let default = if is_below("book", &src) && !src.is_empty() { "site" } else { "book" };
        default.clone_into(&mut config.build.build_dir);
    }

    fn folder(&mut self, folder: &mut String, place: &str, default: &str) {
        if let Some(inside) = normal_path(folder) {
            *folder = inside;
        } else {
            self.outside(place, folder);
            default.clone_into(folder);
        }
    }

    fn outside(&mut self, place: &str, path: &str) {
        let message = format!("`{path}` is not inside the folder of `book.toml`");
        let at = self.places.value(place).map(|range| Span::new(self.file, range));
        let mut diagnostic = Diagnostic::new(&rules::PATH_OUTSIDE, message)
            .help("give a path from that folder, with `/` between its parts");
        diagnostic.span = at;
        self.diagnostics.push(diagnostic);
    }

    fn addresses(&mut self, config: &mut Config) {
        let html = &mut config.output.html;
        match origin(&config.site.origin) {
            Ok(origin) => config.site.origin = origin,
            Err(help) => {
                let message =
                    format!("`{}` is not an origin: a scheme and a host, without a path", config.site.origin);
                self.wrong("site.origin", message).help(help);
                config.site.origin = super::SiteConfig::default().origin;
            }
        }
        if let Some(signal) = &config.site.content_signal
            && let Err(problem) = content_signal(signal)
        {
            self.wrong("site.content-signal", problem)
                .help("write signals with commas between them: `search=yes, ai-input=yes, ai-train=no`");
            config.site.content_signal = None;
        }
        if let Some(url) = html.site_url.take() {
            if let Some(path) = base_path(&url) {
                html.site_url = Some(path);
            } else {
                let message = format!("`{url}` is not a path that a site can be served under");
                self.wrong("output.html.site-url", message)
                    .help("write the path alone, like `/docs/`; scheme and host are `origin` in `[site]`");
            }
        }
        self.web_address(&mut html.git_repository_url, "output.html.git-repository-url");
        self.web_address(&mut html.edit_url_template, "output.html.edit-url-template");
        if let Some(template) = html.edit_url_template.take_if(|template| !template.contains("{path}")) {
            let message = format!("`{template}` does not say where the page's path goes");
            let help = format!("write `{{path}}` into it: `{}/{{path}}`", template.trim_end_matches('/'));
            self.wrong("output.html.edit-url-template", message).help(help);
        }
        let mut index = 0;
        html.head.retain(|element| {
            let place = format!("output.html.head[{index}]");
            index += 1;
            let Some(problem) = super::head::problem(element) else { return true };
            self.wrong(&place, format!("a piece of `head` {problem}"))
                .help("give whole elements: `meta`, `link`, `script`, `style`, `noscript`, `template`");
            false
        });
        self.web_address(&mut config.page.feedback_url, "page.feedback-url");
        if let Some(name) = html.cname.take_if(|name| !is_host(name)) {
            let message = format!("`{name}` is not a domain name");
            self.wrong("output.html.cname", message).help("write the host alone: `docs.example.com`");
        }
        let mut bad = Vec::new();
        for (from, to) in &html.redirect {
            let key = format!("output.html.redirect.{from}");
            if from.contains("://")
                || from.contains(|c: char| c == '\\' || c.is_control())
                || from.trim_matches('/').split('/').any(|part| matches!(part, "" | "." | ".."))
            {
                let message = format!("`{from}` is not an address below the site's root");
                self.wrong_key(&key, message).help("write the old path alone: `old/page.html`");
                bad.push(from.clone());
            } else if to.is_empty() {
                self.wrong(&key, format!("the redirect from `{from}` leads nowhere"))
                    .help("give a route of the site or an absolute URL");
                bad.push(from.clone());
            }
        }
        html.redirect.retain(|from, _| !bad.contains(from));
    }

    fn web_address(&mut self, url: &mut Option<String>, place: &str) {
        let fits = |url: &String| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
            (host || url.starts_with("mailto:")) && !url.contains(char::is_whitespace)
        };
        if let Some(url) = url.take_if(|url| !fits(url)) {
            let message = format!("`{url}` is not an address on the web");
            self.wrong(place, message).help("start it with `https://`");
        }
    }

    fn content(&mut self, config: &mut Config) {
        let content = &mut config.content;
        let mut index = 0;
        content.exclude.retain(|pattern| {
            let place = format!("content.exclude[{index}]");
            index += 1;
            let Err(error) = super::exclude_glob(pattern) else { return true };
            let message = format!("`{pattern}` is not a pattern: {}", error.kind());
            self.wrong(&place, message).help("`*` is any part of a name, `**` any folders, `{a,b}` either");
            false
        });
        if content.indented_code == Some(true) && content.dialect == Dialect::Docusaurus {
            self.wrong("content.indented-code", "the `docusaurus` dialect has no indented code")
                .help("remove it, or set `dialect` to `mdbook` or `commonmark`");
            content.indented_code = None;
        }
        let toc = config.page.toc;
        if toc.min < 1 || toc.max > 6 || toc.min > toc.max {
            let place = ["page.toc", "page.toc.min", "page.toc.max"]
                .into_iter()
                .rfind(|place| self.places.value(place).is_some())
                .unwrap_or("page.toc");
            self.wrong(
                place,
                format!("the contents cannot hold headings from level {} to {}", toc.min, toc.max),
            )
            .help("levels go from 1 to 6, and `min` is at most `max`");
            config.page.toc = super::TocLevels::default();
        }
        if !is_language_tag(&config.book.language) {
            let message = format!("`{}` is not a language tag", config.book.language);
            self.wrong("book.language", message).help("write a BCP 47 tag: `en`, `pt-BR`, `zh-Hans`");
            config.book.language = super::Book::default().language;
        }
    }

    fn menus(&mut self, config: &Config) {
        self.menu(&config.header.menu, "header.menu");
        self.menu(&config.footer.legal, "footer.legal");
        for (index, column) in config.footer.columns.iter().enumerate() {
            self.menu(&column.items, &format!("footer.columns[{index}].items"));
        }
    }

    fn menu(&mut self, entries: &[MenuEntry], path: &str) {
        for (index, entry) in entries.iter().enumerate() {
            let place = format!("{path}[{index}]");
            if entry.link.is_none() && entry.items.is_empty() {
                self.wrong(&place, format!("the entry `{}` leads nowhere", entry.text))
                    .help("give it a `link`, or `items` that open below it");
            }
            self.menu(&entry.items, &format!("{place}.items"));
        }
    }

    fn names(&mut self, config: &mut Config) {
        let name = &config.theme.name;
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            let message = format!("`{name}` is not the name of a theme");
            self.wrong("theme.name", message).help("a theme is a folder below `themes`: write its name");
            config.theme.name = super::ThemeConfig::default().name;
        }
        let css = |token: &String, value: &String| {
            is_word(token, "-_") && !value.is_empty() && !value.contains([';', '{', '}', '<'])
        };
        self.keep(&mut config.theme.tokens, "theme.tokens", css, |token, value| {
            let message = format!("`{token} = \"{value}\"` is not a custom property of CSS");
            (message, "the key is a name without `--`, the value has no `;`, braces or `<`".to_owned())
        });
        self.keep(
            &mut config.variables,
            "variables",
            |name, value| is_word(name, "-_.") && !value.contains(['\u{FDD0}', '\u{FDD1}']),
            |name, _| {
                let message = format!("`{name}` cannot be a variable");
                (
                    message,
                    "name it with letters, digits, `_`, `-` and `.`; its text has no noncharacters of Unicode"
                        .to_owned(),
                )
            },
        );
        self.keep(
            &mut config.admonitions,
            "admonitions",
            |name, _| is_word(name, "-_"),
            |name, _| {
                let message = format!("`{name}` cannot be the name of an admonition kind");
                (message, "use letters, digits, `_` and `-`".to_owned())
            },
        );
        self.keep(
            &mut config.placeholders,
            "placeholders",
            |name, _| Placeholder::is_name(name),
            |name, _| {
                let message = format!("`{name}` cannot be the name of a placeholder");
                (message, "use letters, digits, spaces, `_`, `-` and `.`, and begin with a letter".to_owned())
            },
        );
        for (name, placeholder) in &mut config.placeholders {
            for (key, message, help) in placeholder.check(name) {
                self.wrong(&format!("placeholders.{name}.{key}"), message).help(help);
            }
        }
        for (kind, admonition) in &mut config.admonitions {
            if ADMONITION_KINDS.contains(&admonition.like.as_str()) {
                continue;
            }
            let place = format!("admonitions.{kind}.like");
            let message = format!("`{}` is not a built-in kind of admonition", admonition.like);
            self.suggest(&place, message, &admonition.like, ADMONITION_KINDS);
            "note".clone_into(&mut admonition.like);
        }
        self.keep(
            &mut config.components,
            "components",
            |name, to| is_word(name, "-_.") && is_word(to, "-_."),
            |name, to| {
                let message = format!("`{name} = \"{to}\"` does not map a component to another");
                (message, "write the name of a component on both sides, or `unwrap` on the right".to_owned())
            },
        );
        let components = config.components.clone();
        self.keep(
            &mut config.components,
            "components",
            |name, to| {
                let mut next = to;
                for _ in 0..components.len() {
                    if next == name {
                        return false;
                    }
                    let Some(further) = components.get(next) else { break };
                    next = further;
                }
                true
            },
            |name, to| {
                let message = format!("`{name}` is mapped to `{to}`, which leads back to it");
                (message, "map it to a component of the theme, or to `unwrap`".to_owned())
            },
        );
        let codes: Vec<&str> = rules::ALL.iter().map(|rule| rule.code).collect();
        for code in config.check.rules.keys().filter(|code| rules::find(code).is_none()) {
            let message = format!("there is no rule `{code}`");
            self.suggest_key(&format!("check.rules.{code}"), message, code, &codes);
        }
        config.check.rules.retain(|code, _| rules::find(code).is_some());
        self.keep(
            &mut config.check.rules,
            "check.rules",
            |code, level| *level == Level::Error || rules::FIXED.iter().all(|rule| rule.code != code),
            |code, _| {
                let message = format!("`{code}` is always an error: nothing can be built where it is found");
                (message, "remove the setting".to_owned())
            },
        );
    }

    /// Reports and drops the entries of a map that do not fit.
    fn keep<V>(
        &mut self,
        map: &mut std::collections::BTreeMap<String, V>,
        path: &str,
        fits: impl Fn(&String, &V) -> bool,
        say: impl Fn(&str, &V) -> (String, String),
    ) {
        map.retain(|key, value| {
            if fits(key, value) {
                return true;
            }
            let (message, help) = say(key, value);
            self.wrong_key(&format!("{path}.{key}"), message).help(help);
            false
        });
    }

    fn suggest(&mut self, place: &str, message: String, wrong: &str, candidates: &[&str]) {
        let range = self.places.value(place);
        self.suggestion(range, message, wrong, candidates, |near| format!("\"{near}\""));
    }

    fn suggest_key(&mut self, place: &str, message: String, wrong: &str, candidates: &[&str]) {
        let range = self.places.key(place);
        self.suggestion(range, message, wrong, candidates, str::to_owned);
    }

    fn suggestion(
        &mut self,
        range: Option<Range<usize>>,
        message: String,
        wrong: &str,
        candidates: &[&str],
        written: impl Fn(&str) -> String,
    ) {
        let mut diagnostic = Diagnostic::new(&rules::INVALID_CONFIG_VALUE, message);
        diagnostic.span = range.map(|range| Span::new(self.file, range));
        diagnostic = match (nearest(wrong, candidates.iter().copied()), diagnostic.span) {
            (Some(near), Some(at)) => diagnostic.help(format!("write `{near}`")).fix(at, written(near)),
            (Some(near), None) => diagnostic.help(format!("write `{near}`")),
            (None, _) if candidates.len() < 20 => {
                diagnostic.help(format!("it may be `{}`", candidates.join("`, `")))
            }
            (None, _) => diagnostic.help("`waypost explain` lists them"),
        };
        self.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, place: &str, message: impl Into<String>) -> Helped<'_> {
        let range = self.places.value(place);
        self.invalid(range, message.into())
    }

    fn wrong_key(&mut self, place: &str, message: impl Into<String>) -> Helped<'_> {
        let range = self.places.key(place);
        self.invalid(range, message.into())
    }

    fn invalid(&mut self, range: Option<Range<usize>>, message: String) -> Helped<'_> {
        let mut diagnostic = Diagnostic::new(&rules::INVALID_CONFIG_VALUE, message);
        diagnostic.span = range.map(|range| Span::new(self.file, range));
        self.diagnostics.push(diagnostic);
        Helped(self.diagnostics.last_mut().expect("one was pushed"))
    }
}

/// The diagnostic just reported, to say what to do about it.
struct Helped<'a>(&'a mut Diagnostic);

impl Helped<'_> {
    fn help(self, text: impl Into<String>) {
        self.0.help = Some(text.into());
    }
}

/// A path below the root in its one form: no `.`, no `..`, no slash at either end. The root itself is empty.
fn normal_path(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\0']) || path.get(1..2) == Some(":") {
        return None;
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether `path` is `folder` or in it.
fn is_below(path: &str, folder: &str) -> bool {
    super::below(folder, path).is_some()
}

/// An origin in its one form, or what to do about it.
fn origin(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    let Some((scheme, rest)) =
        lower.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
    else {
        let host = text.split_once("://").map_or(text, |(_, host)| host).trim_matches('/');
        return Err(format!("write `https://{}`", if is_host(host) { host } else { "docs.example.com" }));
    };
    let authority = rest.trim_end_matches('/');
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let bracketed = host.starts_with('[') && host.ends_with(']') && !host.contains('/');
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok());
    if (is_host(host) || bracketed) && port_fits {
        return Ok(format!("{scheme}://{authority}"));
    }
    Err(match authority.split_once('/') {
        Some((host, path)) => {
            format!(
                "write `{scheme}://{host}` here, and the path as `site-url = \"/{path}/\"` in `[output.html]`"
            )
        }
        None => "write it like `https://docs.example.com`".to_owned(),
    })
}

/// Whether each part is a signal of <https://contentsignals.org/> with its answer: nobody would notice that a crawler does
/// not understand what it was told.
fn content_signal(text: &str) -> Result<(), String> {
    const SIGNALS: [&str; 3] = ["search", "ai-input", "ai-train"];
    let mut seen = Vec::new();
    for part in text.split(',') {
        let (name, answer) = part.split_once('=').unwrap_or((part, ""));
        let (name, answer) = (name.trim(), answer.trim());
        if !SIGNALS.contains(&name) {
            return Err(format!("`{name}` is no signal: there are `search`, `ai-input` and `ai-train`"));
        }
        if !matches!(answer, "yes" | "no") {
            return Err(format!("`{}` says neither `yes` nor `no`", part.trim()));
        }
        if seen.contains(&name) {
            return Err(format!("`{name}` is given twice"));
        }
        seen.push(name);
    }
    Ok(())
}

/// A path that starts and ends in a slash.
fn base_path(url: &str) -> Option<String> {
    if url.contains("://")
        || url.contains(['?', '#', '\\', '"', '<', '>'])
        || url.contains(char::is_whitespace)
    {
        return None;
    }
    let path = normal_path(url.trim_start_matches('/'))?;
    Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// A name of letters, digits and the `further` characters, that starts with a letter or `_`.
fn is_word(word: &str, further: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_alphanumeric() || further.contains(c))
}
