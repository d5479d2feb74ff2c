//! An address that means nothing in, what is said about it out: in the form that its ending names (`llms.txt`, `.json`) or
//! the request asks for, with the pages that are nearest. Who asks for text or data is never given a page.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

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
    // A page stands where its index and its Markdown would.
    let page = wanted.strip_suffix("/llms.txt").unwrap_or(&wanted);
    let page = [".md", ".procedure.json", ".json", ".xml"]
        .iter()
        .find_map(|end| page.strip_suffix(end))
        .unwrap_or(page);
    let near = near(served, page);
    let kind = types::of(&wanted);
    let by_address = match kind.split(';').next().unwrap_or_default() {
        "application/json" => Some((data(served, path, &near), kind)),
        "text/markdown" => Some((markdown(served, path, &near), kind)),
        // A list of pages is text, whatever the address was of.
        "application/xml" | "application/atom+xml" => {
            Some((markdown(served, path, &near), types::of("404.txt")))
        }
        kind if kind.starts_with("text/") && kind != "text/html" => {
            Some((markdown(served, path, &near), types::of("404.txt")))
        }
        _ => None,
    };
    let is_by_address = by_address.is_some();
    let mut answer = if let Some((body, kind)) = by_address {
        Answer::new(body.into_bytes(), kind)
    } else if negotiate::form(accept) == Form::Markdown {
        Answer::new(markdown(served, path, &near).into_bytes(), types::of("404.md"))
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
    answer.negotiated = !is_by_address;
    answer
}

/// What agents are told, and who asks for text by its address.
fn markdown(served: &Served, path: &str, near: &[(String, String)]) -> String {
    let site = &served.site;
    let mut body = format!(
        "# Page not found\n\n`{}` is not a page of this site. The index of the site is {}{}llms.txt.\n",
        path.replace('`', "'"),
        site.origin,
        site.base
    );
    if !near.is_empty() {
        body.push_str("\nThe nearest pages:\n\n");
    }
    for (route, title) in near {
        let url = format!("{}{}", site.origin, site.address(&markdown_file(route)));
        body.push_str(&format!("- [{}]({url})\n", title.replace(['[', ']'], "")));
    }
    body
}

/// What programs are told that ask for data.
fn data(served: &Served, path: &str, near: &[(String, String)]) -> String {
    let site = &served.site;
    let url = |path: &str| format!("{}{}", site.origin, site.address(path));
    let nearest: Vec<Value> = near
        .iter()
        .map(|(route, title)| json!({ "title": title, "url": url(&markdown_file(route)) }))
        .collect();
    let error = json!({ "error": "not found", "path": path, "index": url("llms.txt"), "nearest": nearest });
    format!("{error}\n")
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
    while found.len() < 3 {
        let Some(at) = by_words(wanted, &pages) else { break };
        found.push(pages.remove(at));
    }
    found
}

/// The page that has most of an address's words in its own; rare words count more. The shorter address of equal ones.
fn by_words(wanted: &str, pages: &[(String, String)]) -> Option<usize> {
    let wanted: BTreeSet<String> = words(wanted).filter(|word| word.len() > 1).collect();
    let owned: Vec<BTreeSet<String>> = pages.iter().map(|(route, _)| words(route).collect()).collect();
    let rarity: Vec<(&String, f64)> = wanted
        .iter()
        .map(|word| (word, owned.iter().filter(|own| own.contains(word)).count()))
        .filter(|(_, pages)| *pages > 0)
        .map(|(word, pages)| (word, 1.0 / f64::from(u32::try_from(pages).unwrap_or(u32::MAX))))
        .collect();
    let score = |at: usize| -> f64 {
        rarity.iter().filter(|(word, _)| owned[at].contains(*word)).map(|(_, rarity)| rarity).sum()
    };
    let scored = (0..pages.len()).map(|at| (at, score(at))).filter(|(_, score)| *score > 0.0);
    let best = scored.min_by(|(a, one), (b, other)| {
        other.total_cmp(one).then_with(|| pages[*a].0.len().cmp(&pages[*b].0.len()))
    });
    best.map(|(at, _)| at)
}

/// The words of an address, in lower case.
fn words(route: &str) -> impl Iterator<Item = String> {
    route
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

fn page_path(served: &Served, route: &str) -> String {
    if served.site.trailing_slash && !route.is_empty() { format!("{route}/") } else { route.to_owned() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
