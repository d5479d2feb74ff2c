//! Tab groups across the site: labels of one group that mean the same and are not.

use std::collections::{BTreeMap, BTreeSet};

use super::Inputs;
use crate::diagnostic::{Diagnostic, Span, nearest, rules};

/// How long a word must be for one letter to be more likely a slip than another word.
const LONG: usize = 6;

/// One spelling of a label: how often it is used, where first, and every place.
#[derive(Default)]
struct Spelling {
    places: Vec<Span>,
}

/// Labels of one group (`groupId`), over all pages, that differ by case, spacing or a letter.
pub(super) fn labels(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    let mut groups: BTreeMap<&str, BTreeMap<&str, Spelling>> = BTreeMap::new();
    for group in inputs.site.pages.iter().flat_map(|page| &page.tabs) {
        let Some(name) = &group.group else { continue };
        for tab in &group.tabs {
            let spelling = groups.entry(name).or_default().entry(&tab.label).or_default();
            spelling.places.push(tab.span);
        }
    }
    for (group, mut labels) in groups {
        // Where a list is declared, every other spelling is wrong by itself.
        if inputs.config.tabs.groups.contains_key(group) {
            continue;
        }
        // A partial's tabs are read once for each page they stand in.
        for spelling in labels.values_mut() {
            let mut seen = BTreeSet::new();
            spelling.places.retain(|place| seen.insert(*place));
        }
        let all: Vec<(&str, &Spelling)> = labels.iter().map(|(label, spelling)| (*label, spelling)).collect();
        for (first, second) in near(&all) {
            let ((a, first), (b, second)) = (all[first], all[second]);
            if !drifted(a, b) {
                continue;
            }
            let (usual, rare) = if first.places.len() >= second.places.len() {
                ((a, first), (b, second))
            } else {
                ((b, second), (a, first))
            };
            for place in &rare.1.places {
                found.push(
                    Diagnostic::new(
                        &rules::TAB_LABEL_DRIFT,
                        format!("the label `{}` of the group `{group}` is `{}` elsewhere", rare.0, usual.0),
                    )
                    .at(*place)
                    .note(usual.1.places[0], format!("`{}` is here", usual.0))
                    .help("use one spelling: readers' choice is carried from page to page by it"),
                );
            }
        }
    }
}

/// The pairs of labels that may be one label spelled twice. A group may have thousands, so they are not compared each
/// with each: words that differ by one letter share what is left when one letter is taken out.
fn near(labels: &[(&str, &Spelling)]) -> BTreeSet<(usize, usize)> {
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, (label, _)) in labels.iter().enumerate() {
        let mut keys = BTreeSet::from([folded(label)]);
        let words: Vec<String> = label.split_whitespace().map(str::to_lowercase).collect();
        for (at, word) in words.iter().enumerate().filter(|(_, word)| word.chars().count() >= LONG) {
            let before = words[..at].join(" ");
            let after = words[at + 1..].join(" ");
            keys.insert(format!("{before} {word} {after}"));
            for (letter, found) in word.char_indices() {
                let (start, end) = (&word[..letter], &word[letter + found.len_utf8()..]);
                keys.insert(format!("{before} {start}{end} {after}"));
            }
        }
        for key in keys {
            alike.entry(key).or_default().push(number);
        }
    }
    let pairs = |all: &Vec<usize>| -> Vec<(usize, usize)> {
        let each = |(at, first): (usize, &usize)| {
            all[at + 1..].iter().map(|second| (*first, *second)).collect::<Vec<_>>()
        };
        all.iter().enumerate().flat_map(each).collect()
    };
    alike.values().flat_map(pairs).collect()
}

/// Labels that the list in `book.toml` does not hold.
pub(super) fn declared_labels(inputs: &Inputs, found: &mut Vec<Diagnostic>) {
    for group in inputs.site.pages.iter().flat_map(|page| &page.tabs) {
        let Some(name) = &group.group else { continue };
        let Some(allowed) = inputs.config.tabs.groups.get(name) else { continue };
        for tab in group.tabs.iter().filter(|tab| !allowed.contains(&tab.label)) {
            let diagnostic = Diagnostic::new(
                &rules::TAB_LABEL_DRIFT,
                format!("`{}` is no label of the group `{name}`", tab.label),
            )
            .at(tab.span);
            found.push(match nearest(&tab.label, allowed.iter().map(String::as_str)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!(
                    "use one of `{}`, or add it to `tabs.groups.{name}` in `book.toml`",
                    allowed.join("`, `")
                )),
            });
        }
    }
}

/// Whether two labels are likely one label spelled twice: the same but for case and spacing, or one letter in one
/// long word. Short words, abbreviations and words with digits differ by a letter because they mean something
/// else (`npm` and `pnpm`, `VNet` and `VPC`, `Python 2` and `Python 3`).
fn drifted(a: &str, b: &str) -> bool {
    if folded(a) == folded(b) {
        return true;
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split_whitespace().collect(), b.split_whitespace().collect());
    if a.len() != b.len() {
        return false;
    }
    let mut different = a.iter().zip(&b).filter(|(a, b)| a.to_lowercase() != b.to_lowercase());
    let (Some((a, b)), None) = (different.next(), different.next()) else { return false };
    let plain = |word: &str| {
        word.chars().count() >= LONG
            && word.chars().all(char::is_alphabetic)
            && word.chars().skip(1).all(char::is_lowercase)
    };
    plain(a) && plain(b) && strsim::damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase()) == 1
}

/// A label without case and spacing.
fn folded(label: &str) -> String {
    label
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Spelling, drifted, near};

    #[test]
    fn slips_are_told_from_other_words() {
        for (a, b) in [
            ("VNet peering", "VNet Peering"),
            ("VNet peering", "VNet  peering"),
            ("Public endpoint", "Public endpoints"),
            ("PowerShell", "Powershell"),
            ("Mac OS", "macOS"),
            ("Terraform", "Terrafrom"),
            ("built-in", "built in"),
        ] {
            assert!(drifted(a, b), "{a} / {b}");
            let (first, second) = (Spelling::default(), Spelling::default());
            assert!(near(&[(a, &first), (b, &second)]).contains(&(0, 1)), "{a} / {b}");
        }
        for (a, b) in [
            ("VNet peering", "VPC peering"),
            ("VNet peering", "VHub peering"),
            ("npm", "pnpm"),
            ("Python 2", "Python 3"),
            ("IPv4", "IPv6"),
            ("C", "C++"),
            ("AWS CLI", "AWS CDK"),
            ("Java", "JavaScript"),
            ("Public endpoints", "Private Link"),
        ] {
            assert!(!drifted(a, b), "{a} / {b}");
        }
    }
}
