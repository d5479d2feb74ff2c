//! Headings that say too little by themselves: the same words at two places of a page.
//!
//! An agent gets a heading out of its context: in the page's index, as an anchor, as the beginning of a passage. One
//! "Prerequisites" is clear on its page; of four nobody knows which one is meant.

use std::collections::BTreeMap;

use super::Inputs;
use crate::diagnostic::{Diagnostic, rules};
use crate::site::slug::slug;
use crate::site::{Heading, Page};

/// What runs on something is said with another word than what is done for something.
const PLATFORMS: &[&str] = &[
    "android",
    "aws",
    "azure",
    "centos",
    "debian",
    "docker",
    "fedora",
    "gcp",
    "google cloud",
    "ios",
    "kubernetes",
    "linux",
    "mac",
    "macos",
    "openshift",
    "ubuntu",
    "unix",
    "windows",
    "wsl",
];

/// A heading that stands in two tabs of one group: a link reaches only the first.
pub(super) fn in_two_tabs(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for page in &inputs.site.pages {
        for (heading, twin) in page.headings.iter().zip(twins(page)) {
            let Some(twin) = twin else { continue };
            let proposed = label(page, heading).map(|label| proposal(&heading.text, label));
            let named = proposed.map_or_else(
                || "name what differs in the heading".to_owned(),
                |proposed| format!("name what differs in the heading: `{proposed}`"),
            );
            found.push(
                Diagnostic::new(
                    &rules::TAB_HEADING_TWICE,
                    format!(
                        "`{}` is a heading in two tabs, so this one's anchor is `#{}`",
                        heading.text, heading.id
                    ),
                )
                .at(heading.span)
                .note(twin.span, format!("`#{}` is here", twin.id))
                .help(match &heading.alias {
                    Some(alias) => format!("link to `#{alias}`, which stays; or {named}"),
                    None => format!("{named}, or give it an id: `{{#…}}`"),
                }),
            );
        }
    }
}

/// For each heading of a page the one before it that has its words in another tab of a group.
fn twins(page: &Page) -> Vec<Option<&Heading>> {
    // By the words, one for each way through the tabs: a heading said a thousand times in one tab is compared once.
    let mut before: BTreeMap<&str, Vec<&Heading>> = BTreeMap::new();
    let mut twins = Vec::with_capacity(page.headings.len());
    for heading in &page.headings {
        let same = before.entry(&heading.text).or_default();
        let elsewhere = |other: &&&Heading| {
            let own = &heading.tabs;
            other.tabs.iter().any(|(group, tab)| own.iter().any(|(mine, at)| mine == group && at != tab))
        };
        twins.push(same.iter().find(elsewhere).copied());
        if !heading.tabs.is_empty() && !same.iter().any(|other| other.tabs == heading.tabs) {
            same.push(heading);
        }
    }
    twins
}

/// The same words under two headings of one page, or in tabs of two groups.
pub(super) fn repeated(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for page in inputs.site.pages.iter().filter(|page| !is_log(page)) {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (heading, twin)) in page.headings.iter().zip(twins(page)).enumerate() {
            if heading.level > 1 && is_made(heading) && twin.is_none() {
                places.entry(slug(&heading.text)).or_default().push(at);
            }
        }
        for places in places.values().filter(|places| places.len() > 1) {
            let (first, second) = (&page.headings[places[0]], &page.headings[places[1]]);
            let times = match places.len() {
                2 => "twice".to_owned(),
                many => format!("{many} times"),
            };
            let more = places[2..].iter().map(|at| page.headings[*at].id.as_str());
            let anchors: Vec<String> =
                [second.id.as_str()].into_iter().chain(more).take(3).map(|id| format!("`#{id}`")).collect();
            let rest = if places.len() > 4 { " and so on" } else { "" };
            let about = label(page, second).or_else(|| above(page, places[1]));
            let help = match about {
                Some(about) => format!(
                    "name what differs: `{}`; or give it an id: `{{#…}}`",
                    proposal(&second.text, about)
                ),
                None => "name what differs, or give it an id: `{#…}`".to_owned(),
            };
            found.push(
                Diagnostic::new(
                    &rules::REPEATED_HEADING,
                    format!(
                        "`{}` is a heading {times} on this page: the anchors after `#{}` are {}{rest}",
                        second.text,
                        first.id,
                        anchors.join(", ")
                    ),
                )
                .at(second.span)
                .note(first.span, format!("`#{}` is here", first.id))
                .help(help),
            );
        }
    }
}

/// Whether the anchor of a heading is made of its words: one that the author gave tells it apart.
fn is_made(heading: &Heading) -> bool {
    let made = slug(&heading.text);
    match heading.id.strip_prefix(made.as_str()) {
        Some("") => true,
        Some(rest) => {
            rest.strip_prefix('-').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        }
        None => false,
    }
}

/// The heading that another one stands under and that says more than it.
fn above(page: &Page, at: usize) -> Option<&str> {
    let own = &page.headings[at];
    let mut level = own.level;
    for above in page.headings[..at].iter().rev().filter(|above| above.level > 1) {
        if above.level < level {
            level = above.level;
            if slug(&above.text) != slug(&own.text) {
                return Some(&above.text);
            }
        }
    }
    None
}

/// The label of the innermost tab that a heading stands in.
fn label<'a>(page: &'a Page, heading: &Heading) -> Option<&'a str> {
    let (group, tab) = heading.tabs.last()?;
    let group = page.tabs.iter().find(|found| found.ordinal == *group)?;
    group.tabs.get(*tab).map(|tab| tab.label.as_str())
}

/// A heading that says what it is about.
fn proposal(text: &str, about: &str) -> String {
    let first = about.split([' ', '(', '/']).next().unwrap_or_default().to_lowercase();
    let is_platform =
        PLATFORMS.contains(&first.as_str()) || PLATFORMS.contains(&about.to_lowercase().as_str());
    format!("{text} {} {about}", if is_platform { "on" } else { "for" })
}

/// Whether a page lists releases: their parts are called alike, and looked up under a version or a date.
fn is_log(page: &Page) -> bool {
    page.headings.iter().filter(|heading| is_release(&heading.text)).count() > 1
}

/// Whether a heading begins with a version, or is a date: `1.2.0`, `Release v2.0 (stable)`, `July 07, 2026`.
fn is_release(text: &str) -> bool {
    let mut words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let number = |word: &str| {
        let word = word.trim_start_matches(['v', 'V']);
        word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(['.', '-', '/'])
    };
    let version = match words.clone().next() {
        Some("Release" | "Version" | "release" | "version") => words.clone().nth(1).is_some_and(number),
        Some(word) => number(word),
        None => false,
    };
    let is_year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    version || words.clone().count() <= 3 && words.any(is_year)
}

#[cfg(test)]
mod tests {
    use super::{is_release, proposal};

    #[test]
    fn releases_are_told_from_sections() {
        for text in [
            "1.2.0",
            "v2.0.0 (2024-05-01)",
            "[1.0] - 2023-01-01",
            "May 2024",
            "July 07, 2026",
            "Release 1.27.3",
            "2024-05-01",
            "Release v1.36.3+rke2r1",
        ] {
            assert!(is_release(text), "{text}");
        }
        for text in [
            "Linux",
            "Python 3.12",
            "Install on Ubuntu 24.04",
            "Step 10",
            "HTTP/2",
            "OAuth 2 with 3 parties",
            "1st step",
            "2. Install",
            "",
        ] {
            assert!(!is_release(text), "{text}");
        }
    }

    #[test]
    fn what_differs_is_named_with_its_word() {
        assert_eq!(proposal("Setup", "Linux"), "Setup on Linux");
        assert_eq!(proposal("Setup", "macOS (ARM)"), "Setup on macOS (ARM)");
        assert_eq!(proposal("Example", "npm"), "Example for npm");
        assert_eq!(proposal("Setup", "Google Cloud"), "Setup on Google Cloud");
    }
}
