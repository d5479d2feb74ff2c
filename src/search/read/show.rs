//! Pages that fit in, the places in them that fit best out.

use std::collections::{BTreeSet, HashMap};

use super::rank::Ranked;
use super::scan;
use super::terms::Word;
use super::unpack::{Block, Fragment, Section};
use super::{Asked, Found};

/// The most places of one page.
const PER_PAGE: usize = 3;
/// How long an excerpt is, in bytes; so much of it stands before what was found.
const EXCERPT: usize = 220;
const BEFORE: usize = 50;

/// The words of a query by the terms they stand for: which word, and how well it fits.
struct Finder<'a> {
    terms: HashMap<&'a str, Vec<(usize, f64)>>,
    /// What each word counts for.
    shares: Vec<f64>,
    sum: f64,
}

/// A place in a text where a word of the query stands.
#[derive(Clone, Copy, Debug)]
struct Hit {
    start: usize,
    end: usize,
    word: usize,
    weight: f64,
    /// Which word of the text it is.
    place: usize,
}

/// What of the query stands in some hits.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    /// From 0 to 1.
    value: f64,
    /// The share of words that follow each other as in the query.
    next: f64,
    words: usize,
}

/// A title or a heading.
struct Named {
    hits: Vec<Hit>,
    share: Share,
    fit: f64,
}

/// A place in a page.
struct Spot<'a> {
    fragment: &'a Fragment,
    section: Option<&'a Section>,
    /// The text that fits best, with its hits.
    text: Option<(&'a str, bool, Vec<Hit>)>,
    tab: i32,
    full: bool,
    score: f64,
}

pub(super) fn show(pieces: &Asked<'_>, pages: &[Vec<Ranked>], words: &[Word]) -> anyhow::Result<Vec<Found>> {
    let mut finder = Finder { terms: HashMap::new(), shares: Vec::new(), sum: 0.0 };
    for (index, word) in words.iter().enumerate() {
        let share = if word.known { 0.1 } else { word.idf };
        finder.shares.push(share);
        finder.sum += share;
        for form in &word.forms {
            finder.terms.entry(&form.term).or_default().push((index, form.weight));
        }
    }
    let mut shown: Vec<(f64, Vec<Found>)> = Vec::new();
    for page in pages {
        let read: Vec<(Fragment, f64)> = page
            .iter()
            .take(2)
            .map(|found| Ok((pieces.fragment(found.entry)?, found.score)))
            .collect::<anyhow::Result<_>>()?;
        let mut best: Vec<Spot<'_>> = Vec::new();
        for (fragment, score) in &read {
            best.extend(spots(fragment, &finder).into_iter().map(|mut spot| {
                spot.score += score;
                spot
            }));
        }
        best.sort_by(|a, b| b.score.total_cmp(&a.score));
        let top = best.first().map_or(0.0, |spot| spot.score);
        // The page itself and what stands before its first heading are one place.
        let mut places = BTreeSet::new();
        let mut index = 0;
        best.retain(|spot| {
            let place = spot.section.map_or("", |section| &*section.anchor);
            let fits = index == 0 || spot.full && spot.score > top * 0.7;
            index += 1;
            fits && places.insert(place)
        });
        best.truncate(PER_PAGE);
        let crumbs = read.first().map_or(0, |(fragment, _)| fragment.crumbs.len());
        let score = best.first().map_or(0.0, |spot| spot.score - 0.01 * crumbs as f64);
        shown.push((score, best.iter().map(found).collect()));
    }
    shown.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(shown.into_iter().flat_map(|(_, results)| results).collect())
}

/// The hits in a text, and how many words it has.
fn hits(text: &str, finder: &Finder<'_>) -> (Vec<Hit>, usize) {
    let mut found = Vec::new();
    let mut place = 0;
    let mut add = |term: &str, start: usize, end: usize, place: usize| {
        let known = finder.terms.get(term);
        for (word, weight) in known.into_iter().flatten() {
            found.push(Hit { start, end, word: *word, weight: *weight, place });
        }
        known.is_some()
    };
    for run in scan::runs(text) {
        for whole in &run.wholes {
            add(&whole.term, whole.start, whole.end, place);
        }
        for part in &run.parts {
            if !add(&part.term, part.start, part.end, place) && part.is_plain {
                for inner in scan::humps(&text[part.start..part.end]) {
                    let (start, end) = (part.start + inner.start, part.start + inner.end);
                    add(&scan::folded(&text[start..end]), start, end, place);
                }
            }
            place += 1;
        }
    }
    (found, place)
}

fn share(found: &[Hit], finder: &Finder<'_>) -> Share {
    let count = finder.shares.len();
    let mut best = vec![0f64; count];
    let mut next = vec![false; count];
    for (index, hit) in found.iter().enumerate() {
        best[hit.word] = best[hit.word].max(hit.weight);
        for later in found[index + 1..].iter().take_while(|later| later.place <= hit.place + 1) {
            if later.place == hit.place + 1 && later.word == hit.word + 1 {
                next[hit.word] = true;
            }
        }
    }
    let value: f64 = best.iter().zip(&finder.shares).map(|(best, share)| best * share).sum();
    let follow = next.iter().filter(|next| **next).count();
    Share {
        value: value / finder.sum,
        next: if count > 1 { follow as f64 / (count - 1) as f64 } else { 0.0 },
        words: best.iter().filter(|best| **best > 0.0).count(),
    }
}

fn name(text: &str, finder: &Finder<'_>) -> Named {
    let (hits, length) = hits(text, finder);
    let share = share(&hits, finder);
    let filled = if length > 0 { (share.words as f64 / length as f64).min(1.0) } else { 0.0 };
    let fit = share.value * share.value * (0.3 + 0.5 * filled + 0.2 * share.next);
    Named { hits, share, fit }
}

fn spots<'a>(fragment: &'a Fragment, finder: &Finder<'_>) -> Vec<Spot<'a>> {
    let title = name(&fragment.title, finder);
    let count = finder.shares.len();
    let mut found = Vec::new();
    for (index, section) in fragment.sections.iter().enumerate() {
        let heading = (!section.heading.is_empty()).then(|| name(&section.heading, finder));
        let mut best: Option<(f64, &Block, Vec<Hit>)> = None;
        let mut every = Vec::new();
        for block in &section.blocks {
            let (places, _) = hits(block.text(), finder);
            if places.is_empty() {
                continue;
            }
            every.extend_from_slice(&places);
            let share = share(&places, finder);
            let fits = share.value * (0.8 + 0.4 * share.next) + if block.is_code() { 0.0 } else { 0.02 };
            if best.as_ref().is_none_or(|(known, ..)| fits > *known) {
                best = Some((fits, block, places));
            }
        }
        let heading_value = heading.as_ref().map_or(0.0, |heading| heading.share.value);
        if best.is_none() && heading_value == 0.0 {
            continue;
        }
        every.extend(heading.iter().flat_map(|heading| heading.hits.iter().copied()));
        let covers = share(&every, finder);
        every.extend_from_slice(&title.hits);
        let with_title = share(&every, finder);
        let fits = best.as_ref().map_or(0.0, |(fits, ..)| 0.3 * fits);
        let fit = heading.as_ref().map_or(0.0, |heading| 0.9 * heading.fit);
        // Words of a hidden tab are shown in that tab, at the heading above them.
        let own_tab = best.as_ref().filter(|_| heading_value <= 0.9).map(|(_, block, _)| block.tab(section));
        let text = match best {
            Some((_, block, places)) => Some((block.text(), block.is_code(), places)),
            None => section.blocks.first().map(|block| (block.text(), block.is_code(), Vec::new())),
        };
        found.push(Spot {
            fragment,
            section: Some(section),
            text,
            tab: own_tab.filter(|tab| *tab >= 0).unwrap_or(section.tab),
            full: with_title.words >= count,
            score: 0.5 * covers.value + fits + fit - 0.001 * index as f64,
        });
    }
    // The page itself: its title, with what it says first.
    if title.share.value > 0.0 && fragment.part < 2 {
        let (places, _) = hits(&fragment.description, finder);
        let said = share(&places, finder).value;
        found.push(Spot {
            fragment,
            section: None,
            text: Some((&fragment.description, false, places)),
            tab: -1,
            full: title.share.words >= count,
            score: 1.3 * title.fit + 0.4 * title.share.value + 0.2 * said,
        });
    }
    found
}

fn found(spot: &Spot<'_>) -> Found {
    let fragment = spot.fragment;
    let tab = usize::try_from(spot.tab).ok().and_then(|tab| fragment.tabs.get(tab));
    Found {
        address: fragment.address.clone(),
        tab: tab.map_or_else(String::new, |(_, query)| query.clone()),
        anchor: spot.section.map_or_else(String::new, |section| section.anchor.clone()),
        title: fragment.title.clone(),
        heading: spot.section.map_or_else(String::new, |section| section.heading.clone()),
        crumbs: fragment.crumbs.clone(),
        tabs: tab.map_or_else(Vec::new, |(labels, _)| labels.clone()),
        excerpt: spot.text.as_ref().map_or_else(String::new, |(text, code, hits)| excerpt(text, *code, hits)),
    }
}

/// The words around the place where most words of the query stand.
fn excerpt(text: &str, is_code: bool, hits: &[Hit]) -> String {
    let mut from = 0;
    let mut most = 0;
    for hit in hits.iter().filter(|_| text.len() > EXCERPT) {
        // A command is shown from the start of its line.
        let line = text[..hit.start].rfind('\n').map_or(0, |at| at + 1);
        let start = if is_code && hit.end < line + EXCERPT { line } else { hit.start.saturating_sub(BEFORE) };
        let within = hits.iter().filter(|other| other.start >= start && other.end <= start + EXCERPT);
        let words = within.map(|other| other.word).collect::<BTreeSet<_>>().len();
        if words > most {
            (most, from) = (words, start);
        }
    }
    from = text.ceil_char_boundary(from);
    if from > 0
        && !is_code
        && let Some(space) = text[from..].find(' ').filter(|space| *space < BEFORE)
    {
        from += space + 1;
    }
    let mut to = text.floor_char_boundary((from + EXCERPT).min(text.len()));
    if to < text.len()
        && let Some(space) = text[from..to].rfind([' ', '\n']).filter(|space| *space > EXCERPT / 2)
    {
        to = from + space;
    }
    let before = if from > 0 { "\u{2026} " } else { "" };
    let after = if to < text.len() { " \u{2026}" } else { "" };
    format!("{before}{}{after}", text[from..to].trim())
}
