//! A page or file in, its bytes and the headers that say what it is and where its other form stands out.

use axum::http::header;

use super::Served;
use super::answer::{Answer, KEEPS_FOR_EVER};
use super::locate::{html_of, is_inside, join, markdown_of, read};
use crate::hosts;
use crate::hosts::negotiate::{self, Form};
use crate::hosts::types;

/// A page, in the form that is asked for.
pub(super) fn page(served: &Served, route: &str, accept: &str) -> Answer {
    let markdown = markdown_of(served, route);
    let mut answer = match &markdown {
        Some(markdown) if negotiate::form(accept) == Form::Markdown => {
            let mut answer = file(served, markdown);
            answer.headers.push((header::CONTENT_LOCATION, served.site.address(markdown)));
            answer
        }
        _ => {
            let path = html_of(served, route).unwrap_or_default();
            let mut answer = file(served, &path);
            let index = join(route, "llms.txt");
            let is_listed = markdown.is_some() && is_inside(&served.folder, &index);
            let index = if is_listed { index.as_str() } else { "llms.txt" };
            let mut links = Vec::new();
            if let Some(markdown) = &markdown {
                let address = served.site.address(markdown);
                links.push(format!("<{address}>; rel=\"alternate\"; type=\"text/markdown\""));
            }
            let index = served.site.address(index);
            links.push(format!("<{index}>; rel=\"describedby\"; type=\"text/plain\""));
            links.push(canonical(served, route));
            answer.headers.push((header::LINK, links.join(", ")));
            answer
        }
    };
    answer.negotiated = true;
    answer
}

fn canonical(served: &Served, route: &str) -> String {
    format!("<{}>; rel=\"canonical\"", served.site.canonical(route))
}

/// A file as it is.
pub(super) fn file(served: &Served, path: &str) -> Answer {
    // It was there a moment ago: a build takes files away.
    let Some(mut bytes) = read(served, path) else { return super::missing(served, path, "") };
    let kind = types::of(path);
    if kind.starts_with("text/html") {
        bytes = with_script(bytes, &served.script);
    }
    let mut headers = Vec::new();
    let robots = || (header::HeaderName::from_static("x-robots-tag"), "noindex".to_owned());
    if let Some(stem) = path.strip_suffix(".md") {
        headers.push(robots());
        if let Some(tokens) = value(&bytes, "tokens") {
            headers.push((header::HeaderName::from_static("x-markdown-tokens"), tokens.to_owned()));
        }
        // Markdown that has no page of its own, a variant, says itself which it belongs to.
        let route = if stem == "index" { "" } else { stem };
        let own = || {
            value(&bytes, "canonical_url")
                .map(|url| format!("<{}>; rel=\"canonical\"", url.trim_matches('"')))
        };
        if html_of(served, route).is_some() {
            headers.push((header::LINK, canonical(served, route)));
        } else if let Some(link) = own() {
            headers.push((header::LINK, link));
        }
    } else if served.site.noindex {
        headers.push(robots());
    }
    let mut answer = Answer::new(bytes, kind);
    answer.headers = headers;
    if hosts::is_immutable(&served.site, path) {
        answer.cache = KEEPS_FOR_EVER;
    }
    answer
}

/// What a line of a page's YAML header says.
fn value<'a>(markdown: &'a [u8], key: &str) -> Option<&'a str> {
    let header = std::str::from_utf8(markdown).ok()?.strip_prefix("---\n")?;
    let mut lines = header.split("\n---").next()?.lines();
    lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

pub(super) fn with_script(bytes: Vec<u8>, script: &str) -> Vec<u8> {
    if script.is_empty() {
        return bytes;
    }
    match String::from_utf8(bytes) {
        Ok(mut page) => {
            let at = page.rfind("</body>").unwrap_or(page.len());
            page.insert_str(at, script);
            page.into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}
