//! The addresses in `book.toml` in; where they lead out.

use super::super::Inputs;
use super::map::{Answer, Here, Map, Want};
use super::{Resolved, is_external};
use crate::config::MenuEntry;
use crate::diagnostic::{Diagnostic, Span};

/// The addresses in `book.toml`.
pub(super) fn config_links(map: &Map, resolved: &mut Resolved, diagnostics: &mut Vec<Diagnostic>) {
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
pub(in crate::site) fn in_config(inputs: &Inputs, text: &str) -> Option<Span> {
    let (file, book) = inputs.sources.files.iter().find(|(_, file)| file.path == "book.toml")?;
    ['"', '\''].iter().find_map(|quote| {
        let at = book.text.find(&format!("{quote}{text}{quote}"))? + 1;
        Some(Span::new(file, at..at + text.len()))
    })
}

/// Where a redirect leads: like a link in `book.toml`.
pub(in crate::site) fn from_config(map: &Map, url: &str) -> Answer {
    map.resolve(url, Here { page: None, file: "book.toml" }, Want::Any)
}
