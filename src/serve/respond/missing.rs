//! An address that means nothing in, what is said about it out: in the form that was asked for, with the pages that are nearest.

use axum::http::StatusCode;

use super::Served;
use super::answer::Answer;
use super::forms::with_script;
use super::locate::{decode, markdown_file, read};
use crate::diagnostic::nearest;
use crate::hosts;
use crate::hosts::negotiate::{self, Form};
use crate::hosts::types;

/// Longer addresses are no misspelled pages.
const LONGEST_MISSING: usize = 300;

/// The page for an address that has none, with the three pages whose addresses are most like it.
pub(super) fn missing(served: &Served, path: &str, accept: &str) -> Answer {
    let wanted = decode(path).unwrap_or_default();
    let site = &served.site;
    let wanted = wanted.strip_prefix(&site.plain_base).unwrap_or(&wanted);
    let wanted = hosts::route(wanted.trim_matches('/'));
    let near = near(served, wanted.trim_end_matches(".md"));
    // Who asks for Markdown by its address and does not say that it is a browser can read it.
    let by_name = wanted.ends_with(".md") && !negotiate::names_html(accept);
    let mut answer = if negotiate::form(accept) == Form::Markdown || by_name {
        let mut body = format!(
            "# Page not found\n\n`{}` is not a page of this site. The index of the site is {}{}llms.txt.\n",
            path.replace('`', "'"),
            site.origin,
            site.base
        );
        if !near.is_empty() {
            body.push_str("\nThe nearest pages:\n\n");
        }
        for (route, title) in &near {
            let url = format!("{}{}", site.origin, site.address(&markdown_file(route)));
            body.push_str(&format!("- [{}]({url})\n", title.replace(['[', ']'], "")));
        }
        Answer::new(body.into_bytes(), types::of("404.md"))
    } else {
        let page = read(served, "404.html").and_then(|bytes| String::from_utf8(bytes).ok());
        let page = page.unwrap_or_else(|| {
            "<!doctype html><title>Not found</title><main><h1>Not found</h1></main>".to_owned()
        });
        let mut list = String::new();
        for (route, title) in &near {
            let url = site.address(&page_path(served, route));
            list.push_str(&format!(
                "<li><a class=\"card\" href=\"{}\"><strong class=\"card-title\">{}</strong></a></li>",
                escape(&url),
                escape(title)
            ));
        }
        let page = page.replacen("<!-- nearest -->", &list, 1);
        Answer::new(with_script(page.into_bytes(), &served.script), types::of("404.html"))
    };
    answer.status = StatusCode::NOT_FOUND;
    answer.negotiated = true;
    answer
}

pub(super) fn near(served: &Served, wanted: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // To compare an address of any length with those of all pages would keep the server busy.
    if wanted.len() > LONGEST_MISSING {
        return found;
    }
    let mut pages = served.pages.clone();
    let last = wanted.rsplit('/').next().unwrap_or(wanted);
    while found.len() < 3 {
        let by_route = nearest(wanted, pages.iter().map(|(route, _)| route.as_str()));
        let by_name = || {
            let name = |route: &str| route.rsplit('/').next().unwrap_or_default().to_owned();
            let names: Vec<String> = pages.iter().map(|(route, _)| name(route)).collect();
            let best = nearest(last, names.iter().map(String::as_str))?.to_owned();
            pages.iter().find(|(route, _)| name(route) == best).map(|(route, _)| route.clone())
        };
        let Some(route) = by_route.map(str::to_owned).or_else(by_name) else { break };
        let Some(at) = pages.iter().position(|(page, _)| *page == route) else { break };
        found.push(pages.remove(at));
    }
    found
}

fn page_path(served: &Served, route: &str) -> String {
    if served.site.trailing_slash && !route.is_empty() { format!("{route}/") } else { route.to_owned() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
