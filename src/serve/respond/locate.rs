//! An address in, the page or file that it means out. Nothing outside of the folder that is served is ever one.

use std::path::Path;

use super::Served;
use crate::hosts;

/// What an address means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A page, by its route: it has an HTML and a Markdown form.
    Page(String),
    /// Any other file, by its path below the folder.
    File(String),
    /// What stood there stands elsewhere.
    Moved(String),
}

pub(super) fn locate(served: &Served, path: &str) -> Option<Found> {
    let path = decode(path)?;
    let base = &served.site.plain_base;
    let inside = match path.strip_prefix(base) {
        Some(inside) => inside,
        None if format!("{path}/") == *base => return Some(Found::Moved(served.site.base.clone())),
        None => return None,
    };
    let parts: Vec<&str> = inside.split('/').filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(*part, "." | "..") || part.contains(['\\', '\0'])) {
        return None;
    }
    let named = parts.join("/");
    let route = hosts::route(&named);
    if let Some(to) = served.site.redirects.get(&route) {
        return Some(Found::Moved(to.clone()));
    }
    let exists = |candidate: &str| is_inside(&served.folder, candidate);
    if !inside.ends_with('/') && !named.ends_with(".html") && exists(&named) {
        return Some(Found::File(named));
    }
    if named == "404.html" {
        return Some(Found::File(named));
    }
    if html_of(served, &route).is_some() {
        return Some(Found::Page(route));
    }
    // `a/b/index.md` for `a/b.md`, and HTML that the site brings itself.
    [route, named].into_iter().find(|path| !inside.ends_with('/') && exists(path)).map(Found::File)
}

/// The file that holds a page's HTML.
pub(super) fn html_of(served: &Served, route: &str) -> Option<String> {
    if route == "404" {
        return None;
    }
    [join(route, "index.html"), format!("{route}.html")]
        .into_iter()
        .find(|path| is_inside(&served.folder, path))
}

pub(super) fn markdown_of(served: &Served, route: &str) -> Option<String> {
    Some(markdown_file(route)).filter(|path| is_inside(&served.folder, path))
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[expect(clippy::disallowed_methods, reason = "the server reads the folder it serves")]
pub(super) fn is_inside(folder: &Path, path: &str) -> bool {
    // A link in the folder may not lead out of it.
    let (Ok(root), Ok(target)) = (folder.canonicalize(), folder.join(path).canonicalize()) else {
        return false;
    };
    target.starts_with(root) && target.is_file()
}

#[expect(clippy::disallowed_methods, reason = "the server reads the folder it serves")]
pub(super) fn read(served: &Served, path: &str) -> Option<Vec<u8>> {
    std::fs::read(served.folder.join(path)).ok()
}

pub(super) fn markdown_file(route: &str) -> String {
    if route.is_empty() { "index.md".to_owned() } else { format!("{route}.md") }
}

/// Decodes `%xx`; nothing when what comes out is no UTF-8.
pub(super) fn decode(path: &str) -> Option<String> {
    String::from_utf8(hosts::bytes(path)).ok()
}
