//! How long a page's Markdown is, against what agents' tools read of it, and where it would fall into parts.

use crate::diagnostic::{Diagnostic, Rule, Span, rules};

/// Over so many characters, the shortest of the usual limits (20,700) comes near.
pub const LONG: usize = 20_000;
/// Over so many, readers of indexes and graders of sites count a page as too long.
pub const OVERSIZED: usize = 50_000;
/// The most places to split at that are named.
const NAMED: usize = 6;

/// A page whose Markdown was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedPage {
    /// Its name.
    pub title: String,
    /// Where its file begins.
    pub place: Span,
    /// The length of its Markdown in characters.
    pub characters: usize,
    /// Its headings, in order.
    pub headings: Vec<FinishedHeading>,
}

/// A heading in a page's Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedHeading {
    /// 1 to 6.
    pub level: u8,
    /// Its words.
    pub title: String,
    /// Where it is written.
    pub span: Span,
    /// How many characters of the Markdown come before it.
    pub start: usize,
    /// Whether it stands in a tab: a page cannot be split there.
    pub in_tab: bool,
}

/// Whether a page of so many characters is reported, and by which rule.
fn rule(characters: usize) -> Option<(&'static Rule, usize)> {
    if characters > OVERSIZED {
        Some((&rules::OVERSIZED_PAGE, OVERSIZED))
    } else {
        (characters > LONG).then_some((&rules::LONG_PAGE, LONG))
    }
}

/// A page that is longer than agents read, with the headings at which others could begin.
pub(super) fn long(page: &FinishedPage) -> Option<Diagnostic> {
    let (rule, limit) = rule(page.characters)?;
    let mut found = Diagnostic::new(
        rule,
        format!(
            "the Markdown of `{}` has {} characters, over {}",
            page.title,
            grouped(page.characters),
            grouped(limit)
        ),
    )
    .at(page.place);
    let Split { cuts, whole } = split(page, LONG);
    let mut starts = vec![0];
    starts.extend(cuts.iter().map(|heading| heading.start));
    starts.push(page.characters);
    let length = |part: usize| grouped(starts[part + 1] - starts[part]);
    for (number, heading) in (1..).zip(&cuts).take(NAMED) {
        found = found.note(
            heading.span,
            format!(
                "page {} of {} could begin here, with {} characters",
                number + 1,
                cuts.len() + 1,
                length(number)
            ),
        );
    }
    let help = match (cuts.len(), whole) {
        (0, _) => "it has no heading outside of tabs at which it could be split: give each tab or part a page of its own"
            .to_owned(),
        (1, true) => format!("split it in two at `{}`; the first part keeps {} characters", cuts[0].title, length(0)),
        (many, true) => format!("split it in {} at the marked headings; the first part keeps {} characters", many + 1, length(0)),
        (_, false) => {
            "split it at the marked headings; a part that stays longer needs headings, or a page for each of its tabs".to_owned()
        }
    };
    Some(found.help(help))
}

/// Where a page falls into parts, and whether each of them is within the limit then.
struct Split<'a> {
    cuts: Vec<&'a FinishedHeading>,
    whole: bool,
}

/// Cuts a page from the top, into parts of about the same length that fit: at the highest headings near where a part
/// should end, or at the next one there is.
fn split(page: &FinishedPage, limit: usize) -> Split<'_> {
    let headings: Vec<&FinishedHeading> = page
        .headings
        .iter()
        .filter(|heading| !heading.in_tab && heading.level > 1 && heading.start > 0)
        .collect();
    let mut cuts: Vec<&FinishedHeading> = Vec::new();
    let mut whole = true;
    let mut from = 0;
    while page.characters.saturating_sub(from) > limit {
        let left = page.characters - from;
        let wanted = left / left.div_ceil(limit);
        let first = headings.partition_point(|heading| heading.start <= from);
        let end = headings.partition_point(|heading| heading.start <= from + limit);
        let near = |heading: &&&FinishedHeading| heading.start >= from + wanted / 2;
        let best = |heading: &&&FinishedHeading| (heading.level, heading.start.abs_diff(from + wanted));
        let within = &headings[first..end];
        let next = within
            .iter()
            .filter(near)
            .min_by_key(best)
            .or_else(|| within.iter().min_by_key(best))
            .or_else(|| headings.get(end));
        let Some(next) = next else {
            whole = false;
            break;
        };
        whole &= next.start - from <= limit;
        cuts.push(next);
        from = next.start;
    }
    Split { cuts, whole }
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{FinishedHeading, FinishedPage, long, split};
    use crate::diagnostic::{FileId, Span};

    fn page(characters: usize, headings: &[(u8, usize, bool)]) -> FinishedPage {
        let place = Span::new(FileId(0), 0..0);
        let headings = headings.iter().map(|(level, start, in_tab)| FinishedHeading {
            level: *level,
            title: format!("at {start}"),
            span: place,
            start: *start,
            in_tab: *in_tab,
        });
        FinishedPage { title: "A".to_owned(), place, characters, headings: headings.collect() }
    }

    fn cuts(page: &FinishedPage) -> (Vec<usize>, bool) {
        let split = split(page, 20_000);
        (split.cuts.iter().map(|heading| heading.start).collect(), split.whole)
    }

    #[test]
    fn a_page_is_split_at_its_highest_headings_into_parts_that_fit() {
        let (two, three) = (2, 3);
        let all = [
            (1, 10, false),
            (two, 9_000, false),
            (two, 15_000, false),
            (three, 19_000, false),
            (two, 34_000, false),
        ];
        assert_eq!(cuts(&page(50_000, &all)), (vec![15_000, 34_000], true));
        // Too long between two headings; in a tab; without any.
        assert_eq!(cuts(&page(60_000, &[(two, 30_000, false)])), (vec![30_000], false));
        assert_eq!(cuts(&page(60_000, &[(two, 19_000, true)])), (vec![], false));
        assert_eq!(cuts(&page(30_000, &[])), (vec![], false));
    }

    #[test]
    fn the_limits_are_themselves_allowed() {
        assert!(long(&page(20_000, &[])).is_none());
        assert_eq!(long(&page(20_001, &[])).expect("over").rule.code, "long-page");
        assert_eq!(long(&page(50_000, &[])).expect("over").rule.code, "long-page");
        assert_eq!(long(&page(50_001, &[])).expect("over").rule.code, "oversized-page");
    }
}
