//! `[output.html.redirect]` in; where each old address leads in the end out.

use std::collections::{BTreeMap, BTreeSet};

use super::assets::Assets;
use super::links::{self, Map};
use super::pages::Rules;
use super::{Drafts, Inputs, Nav, Redirect, Target, paths};
use crate::diagnostic::{Diagnostic, nearest, rules};

/// Reads the redirects, each followed to its end. A site without a page at its root gets one to its first page.
pub(super) fn read(
    inputs: &Inputs,
    rules_of_pages: &Rules,
    drafts: &Drafts,
    nav: &Nav,
    files: &Assets,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Redirect> {
    let map = Map::new(inputs, rules_of_pages, drafts, &[], files);
    let table = &inputs.config.output.html.redirect;
    let mut keys: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (from, to) in table {
        let before = keys.insert(address_key(from), (from, to));
        if let Some((first, other)) = before.filter(|(_, other)| address_key(other) != address_key(to)) {
            diagnostics.push(differing(inputs, (first, other), (from, to)));
        }
    }
    let mut redirects = Vec::new();
    let mut circles: BTreeSet<String> = BTreeSet::new();
    for (key, (from, to)) in &keys {
        if let Some(page) = drafts.pages.iter().find(|page| page.route.eq_ignore_ascii_case(key)) {
            let mut diagnostic = Diagnostic::new(
                &rules::REDIRECT_SHADOWS,
                format!("the redirect from `{from}` stands on the address of `{}`", page.title),
            )
            .help("take the redirect out, or move the page");
            diagnostic.span = links::in_config(inputs, from);
            diagnostics.push(diagnostic);
            continue;
        }
        // A page ends a chain, whatever stands on its address.
        let is_page = |key: &str| drafts.pages.iter().any(|page| page.route == key);
        let end = match end(&keys, key, to, &is_page) {
            Ok(end) => end,
            Err(circle) => {
                // Once for a circle, however many redirects are in it or lead into it.
                if circles.insert(circle.iter().min().cloned().unwrap_or_default()) {
                    diagnostics.push(going_round(inputs, &circle, &keys));
                }
                continue;
            }
        };
        let end = if links::is_external(end) || end.starts_with('/') {
            end.to_owned()
        } else {
            // mdBook's are relative to the old page.
            let rooted = format!("/{}", paths::join_clamped("", end));
            let relative = format!("/{}", paths::join_clamped(paths::folder(from), end));
            if links::from_config(&map, &relative).problems.is_empty() { relative } else { rooted }
        };
        let answer = links::from_config(&map, &end);
        for problem in answer.problems {
            let mut diagnostic = problem.at(links::in_config(inputs, to), false);
            if let (Target::Broken(_), None) = (&answer.target, links::code_scheme(&end)) {
                diagnostic.rule = &rules::REDIRECT_TARGET;
                diagnostic.severity = rules::REDIRECT_TARGET.severity;
                diagnostic.message = format!("the redirect from `{from}` leads to `{to}`, where no page is");
                let routes = drafts.pages.iter().map(|page| page.route.as_str());
                diagnostic.help = Some(match nearest(&address_key(to), routes) {
                    Some(near) => format!("did you mean `/{near}`?"),
                    None => "name the address of a page, such as `/guides/start`, or a whole URL".to_owned(),
                });
            }
            diagnostics.push(diagnostic);
        }
        // Where the finding is switched off, there is still nowhere to lead to.
        if links::code_scheme(&end).is_some() {
            continue;
        }
        redirects.push(Redirect { from: from.trim_start_matches('/').to_owned(), to: answer.target });
    }
    // mdBook copies the first chapter to the root; a redirect gives each page one address.
    let home = drafts.pages.iter().any(|page| page.route.is_empty())
        || keys.contains_key("")
        || files.is_at("index.html");
    if let (false, Some(first)) = (home, nav.order.first()) {
        let to = Target::Page { page: *first, query: String::new(), anchor: String::new(), tab: None };
        redirects.push(Redirect { from: String::new(), to });
    }
    redirects
}

/// What an address is compared by: `/a/b/`, `a/b.html` and `a/b/index.html` are one.
pub(crate) fn address_key(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    let path = paths::join_clamped("", path);
    let path = path.strip_suffix(".html").unwrap_or(&path);
    let path = path.strip_suffix("/index").unwrap_or(if path == "index" { "" } else { path });
    path.to_owned()
}

/// Two redirects from what is one address to readers.
fn differing(inputs: &Inputs, first: (&str, &str), second: (&str, &str)) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` are one address, and lead to different ones: `{}` and `{}`",
        first.0, second.0, first.1, second.1
    );
    let mut diagnostic =
        Diagnostic::new(&rules::DUPLICATE_ROUTE, message).help("take one of the redirects out");
    diagnostic.span = links::in_config(inputs, second.0);
    match links::in_config(inputs, first.0) {
        Some(span) => diagnostic.note(span, "the other is here"),
        None => diagnostic,
    }
}

fn going_round(inputs: &Inputs, circle: &[String], keys: &BTreeMap<String, (&str, &str)>) -> Diagnostic {
    let names: Vec<&str> = circle.iter().filter_map(|key| keys.get(key)).map(|(from, _)| *from).collect();
    let (first, rest) = names.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let mut diagnostic = Diagnostic::new(
        &rules::REDIRECT_LOOP,
        format!("the redirect from `{first}` leads back to where it began"),
    )
    .help("let one of them lead to a page");
    diagnostic.span = links::in_config(inputs, first);
    for from in rest {
        if let Some(span) = links::in_config(inputs, from) {
            diagnostic = diagnostic.note(span, "by way of this one");
        }
    }
    diagnostic
}

/// The end of the chain of redirects that starts with `to`; where it goes in a circle, the redirects of that.
fn end<'t>(
    keys: &BTreeMap<String, (&str, &'t str)>,
    start: &str,
    to: &'t str,
    is_page: &dyn Fn(&str) -> bool,
) -> Result<&'t str, Vec<String>> {
    let mut seen = vec![start.to_owned()];
    let mut to = to;
    loop {
        if links::is_external(to) {
            return Ok(to);
        }
        let key = address_key(to);
        if is_page(&key) {
            return Ok(to);
        }
        if let Some(start) = seen.iter().position(|before| *before == key) {
            return Err(seen.split_off(start));
        }
        let Some((_, next)) = keys.get(&key) else { return Ok(to) };
        seen.push(key);
        to = next;
    }
}
