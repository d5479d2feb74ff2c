//! A link to a page in; the tab and the heading it names there out, or what is wrong with them.

use std::ops::Range;

use super::super::slug::slug;
use super::super::{Facts, Heading, Page, TabGroup, paths};
use super::map::Parts;
use super::missing::Problem;
use crate::diagnostic::{nearest, rules};

/// The tab that a query names, as the group's ordinal and the tab's place. What it names wrongly is a problem.
pub(super) fn tab(
    page: &Page,
    parts: &Parts,
    url: &str,
    place: &[(u32, usize)],
    problems: &mut Vec<Problem>,
) -> Option<(u32, usize)> {
    let mut chosen = None;
    for pair in parts.query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (paths::decode_query(key), paths::decode_query(value));
        let own = |group: &&TabGroup| {
            group.query.as_deref() == Some(key.as_str()) || group.group.as_deref() == Some(key.as_str())
        };
        let mut groups: Vec<_> = page.tabs.iter().filter(own).collect();
        // `tab` names a tab of any group, unless a group claims the word for itself.
        if groups.is_empty() && key == "tab" {
            groups = page.tabs.iter().collect();
            if groups.is_empty() {
                let title = &page.title;
                let mut problem = Problem::new(
                    &rules::BROKEN_TAB,
                    format!("the link names the tab `{value}`, but `{title}` has no tabs"),
                )
                .help("take the query out of the link".to_owned());
                problem.part = part(url, pair);
                problems.push(problem);
            }
        }
        if groups.is_empty() {
            continue;
        }
        // The group that the anchor stands in is meant before others with the same tab.
        groups.sort_by_key(|group| !place.iter().any(|(ordinal, _)| *ordinal == group.ordinal));
        let found = groups.iter().find_map(|group| {
            let by_value = group.tabs.iter().position(|tab| tab.value == value);
            let at = by_value.or_else(|| group.tabs.iter().position(|tab| tab.label == value))?;
            Some((*group, at))
        });
        match found {
            Some((group, at)) => {
                if let Some((_, other)) =
                    place.iter().find(|(ordinal, other)| *ordinal == group.ordinal && *other != at)
                {
                    let mut problem = Problem::new(
                        &rules::BROKEN_TAB,
                        format!(
                            "the link opens the tab `{value}`, but `#{}` stands in the tab `{}`",
                            parts.anchor, group.tabs[*other].label
                        ),
                    );
                    if let Some(twin) = twin(page, parts.anchor, (group.ordinal, at)) {
                        problem.help =
                            Some(format!("the heading of that name in `{value}` is `#{}`", twin.anchor()));
                        problem.note = Some((twin.span, "it is here".to_owned()));
                        let before = &url[..url.len() - parts.anchor.len()];
                        problem.replacement = Some(format!("{before}{}", twin.anchor()));
                    } else {
                        problem.help =
                            Some("name the tab that the heading stands in, or take the query out".to_owned());
                        problem.note =
                            Some((group.tabs[*other].span, "the heading's tab is here".to_owned()));
                        problem.replacement = renamed_tab(url, pair, &group.tabs[*other].value);
                    }
                    problem.part = part(url, pair);
                    problems.push(problem);
                }
                chosen = chosen.or(Some((group.ordinal, at)));
            }
            None => problems.push(no_tab(page, &groups, &value, url, pair)),
        }
    }
    chosen
}

/// The heading in a tab that has the words of the one with this anchor.
fn twin<'a>(page: &'a Page, anchor: &str, tab: (u32, usize)) -> Option<&'a Heading> {
    let meant = page.headings.iter().find(|heading| heading.id == anchor || heading.anchor() == anchor)?;
    page.headings.iter().find(|heading| heading.text == meant.text && heading.tabs.contains(&tab))
}

fn no_tab(page: &Page, groups: &[&TabGroup], value: &str, url: &str, pair: &str) -> Problem {
    let mut problem = Problem::new(&rules::BROKEN_TAB, format!("`{}` has no tab `{value}`", page.title));
    problem.part = part(url, pair);
    let tabs: Vec<_> = groups.iter().flat_map(|group| &group.tabs).collect();
    let near = nearest(value, tabs.iter().flat_map(|tab| [tab.label.as_str(), tab.value.as_str()]));
    let near = near.and_then(|near| tabs.iter().find(|tab| tab.label == near || tab.value == near));
    if let Some(tab) = near {
        problem.help = Some(format!("did you mean `{}`?", tab.label));
        problem.note = Some((tab.span, "that tab is here".to_owned()));
        if tab.value.eq_ignore_ascii_case(value) {
            problem.replacement = renamed_tab(url, pair, &tab.value);
        }
    } else {
        let mut labels: Vec<_> = tabs.iter().map(|tab| format!("`{}`", tab.label)).collect();
        labels.dedup();
        problem.help = Some(format!("name one of {}", labels.join(", ")));
    }
    problem
}

/// Where a pair of the query stands in the address.
fn part(url: &str, pair: &str) -> Option<Range<usize>> {
    url.find(pair).map(|at| at..at + pair.len())
}

/// The address with another tab in the pair of its query.
fn renamed_tab(url: &str, pair: &str, value: &str) -> Option<String> {
    let (key, _) = pair.split_once('=')?;
    Some(url.replacen(pair, &format!("{key}={}", paths::encode_query(value)), 1))
}

pub(super) fn no_anchor(page: &Page, facts: &Facts, anchor: &str, parts: &Parts, url: &str) -> Problem {
    let mut problem =
        Problem::new(&rules::BROKEN_ANCHOR, format!("`{}` has no heading `#{anchor}`", page.title));
    problem.part = Some(url.len() - parts.anchor.len() - 1..url.len());
    let slug = slug(anchor);
    let same = facts.anchors.keys().find(|known| known.eq_ignore_ascii_case(anchor) || **known == slug);
    let near = same.map(String::as_str).or_else(|| nearest(anchor, facts.anchors.keys().map(String::as_str)));
    if let Some(near) = near {
        problem.help = Some(format!("did you mean `#{near}`?"));
        if let Some(heading) =
            page.headings.iter().find(|heading| heading.id == near || heading.anchor() == near)
        {
            problem.note = Some((heading.span, format!("`#{near}` is here")));
        }
        if same.is_some() {
            problem.replacement = Some(format!("{}#{near}", &url[..url.len() - parts.anchor.len() - 1]));
        }
        return problem;
    }
    let ids: Vec<_> = page
        .headings
        .iter()
        .filter(|heading| heading.level > 1)
        .map(|heading| format!("`#{}`", heading.id))
        .collect();
    problem.help = Some(match ids.len() {
        0 => "the page has no headings to link to: take the anchor out".to_owned(),
        1..=8 => format!("its headings are {}", ids.join(", ")),
        more => format!("its headings are {} and {} more", ids[..8].join(", "), more - 8),
    });
    problem
}
