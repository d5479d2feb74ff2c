//! A query in, its words out: each with the terms of the dictionary that it stands for and how well they fit.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::words::is_joiner;
use super::super::{by_units, words};
use super::scan::{self, Run};
use super::unpack::{Term, units};
use super::{Asked, Pieces};

/// How many longer words the last one of a query may stand for.
const MOST: usize = 40;
/// How many pieces are read for what begins alike.
const MOST_PIECES: usize = 3;
/// What is in more entries than this needs no longer words.
const OFTEN: u32 = 1_000;
/// English words that ask and join: they need not stand in a page that answers.
const LIGHT: &str = " a an and are as at be by can do does for from get how i in into is it its my of on or our that \
                     the there this to use using was we what when where which why will with without you your ";

/// A term that a word stands for.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) term: String,
    pub(super) weight: f64,
    pub(super) lists: Vec<Rc<Term>>,
}

/// A word of a query.
#[derive(Debug, Default)]
pub(super) struct Word {
    pub(super) term: String,
    pub(super) forms: Vec<Form>,
    /// Whether it stands nearly everywhere: it is marked in results, and not looked up.
    pub(super) known: bool,
    /// Whether it asks or joins.
    pub(super) light: bool,
    /// Whether the index has the best of its entries only.
    pub(super) cut: bool,
    pub(super) count: u32,
    pub(super) idf: f64,
    /// By entry.
    pub(super) scores: Vec<f32>,
    /// By entry and place of the heading: how well the word fits, and how many words the heading has.
    pub(super) headings: BTreeMap<(u32, u32), (f64, u32)>,
}

/// A query.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// What should all be found.
    pub(super) words: Vec<Word>,
    /// What makes a page fit better.
    pub(super) bonus: Vec<Word>,
}

pub(super) fn is_light(term: &str) -> bool {
    LIGHT.contains(&format!(" {term} "))
}

pub(super) fn understand(pieces: &mut Asked<'_>, text: &str) -> anyhow::Result<Query> {
    let runs = scan::runs(text);
    let open = text.chars().next_back().is_some_and(words::is_part);
    let common = &pieces.reader.common;
    let has_rare = runs.iter().any(|run| match run.wholes.first() {
        Some(whole) => !common.contains(&whole.term),
        None => run.parts.iter().any(|part| !common.contains(&part.term) && !is_light(&part.term)),
    });
    let mut query = Query::default();
    for (index, run) in runs.iter().enumerate() {
        let is_last = open && index + 1 == runs.len();
        words_of(pieces, text, run, is_last, has_rare, &mut query)?;
    }
    // `az network vhub` is a term of its own.
    let trimmed = text.trim();
    let is_command = trimmed.starts_with(|letter: char| letter.is_ascii_lowercase())
        && trimmed.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b' ' | b'-'));
    let chain: Vec<&str> = trimmed.split_whitespace().take(4).collect();
    if is_command && chain.len() > 1 {
        let forms = expand(pieces, &chain.join(" "), false)?;
        if !forms.is_empty() {
            query.bonus.push(Word { forms, ..Word::default() });
        }
    }
    Ok(query)
}

fn words_of(
    pieces: &mut Asked<'_>,
    text: &str,
    run: &Run,
    is_last: bool,
    has_rare: bool,
    query: &mut Query,
) -> anyhow::Result<()> {
    let known = |term: &str| Word {
        term: term.to_owned(),
        forms: vec![Form { term: term.to_owned(), weight: 1.0, lists: Vec::new() }],
        known: true,
        ..Word::default()
    };
    if let Some(whole) = run.wholes.first() {
        if has_rare && pieces.reader.common.contains(&whole.term) {
            query.words.push(known(&whole.term));
            return Ok(());
        }
        let forms = expand(pieces, &whole.term, is_last)?;
        if !forms.is_empty() {
            if !is_hyphenated(&whole.term) {
                query.words.push(Word { term: whole.term.clone(), forms, ..Word::default() });
                return Ok(());
            }
            query.bonus.push(Word { forms, ..Word::default() });
        }
    }
    for (index, part) in run.parts.iter().enumerate() {
        let last = is_last && index + 1 == run.parts.len();
        if part.term.is_empty() || part.term.encode_utf16().count() > 40 {
            continue;
        }
        if has_rare && pieces.reader.common.contains(&part.term) {
            query.words.push(known(&part.term));
            continue;
        }
        let forms = expand(pieces, &part.term, last)?;
        let mut one = Word { term: part.term.clone(), forms, ..Word::default() };
        if one.forms.is_empty() && part.term.encode_utf16().count() > 3 {
            correct(pieces, &mut one, 0)?;
        }
        let inner = if part.is_plain { turns(&text[part.start..part.end]) } else { Vec::new() };
        if !one.forms.is_empty() || inner.len() < 2 {
            query.words.push(one);
            continue;
        }
        for (place, word) in inner.iter().enumerate() {
            let term = scan::folded(word);
            let forms = expand(pieces, &term, last && place + 1 == inner.len())?;
            query.words.push(Word { term, forms, ..Word::default() });
        }
    }
    Ok(())
}

/// The pieces of a word between small letters and capitals.
fn turns(word: &str) -> Vec<&str> {
    let bytes = word.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        if bytes[at - 1].is_ascii_lowercase() && bytes[at].is_ascii_uppercase() {
            found.push(&word[start..at]);
            start = at;
        }
    }
    found.push(&word[start..]);
    found
}

/// Whether nothing but single hyphens joins the words of a term.
fn is_hyphenated(term: &str) -> bool {
    let mut parts = term.split('-');
    term.contains('-') && parts.all(|part| !part.is_empty() && !part.contains(is_joiner))
}

fn stem_of(pieces: &Asked<'_>, term: &str) -> String {
    match pieces.reader.stemmer {
        Some(stemmer) if scan::is_letters(term, 3) => waken_snowball::stem(stemmer, term).into_owned(),
        _ => term.to_owned(),
    }
}

/// What a word of a query stands for.
fn expand(pieces: &mut Asked<'_>, term: &str, is_last: bool) -> anyhow::Result<Vec<Form>> {
    let mut forms: Vec<Form> = Vec::new();
    let mut add = |entry: &Rc<Term>, weight: f64| match forms.iter_mut().find(|form| form.term == entry.term)
    {
        Some(known) if known.lists.iter().any(|list| Rc::ptr_eq(list, entry)) => {}
        Some(known) => known.lists.push(Rc::clone(entry)),
        None => forms.push(Form { term: entry.term.clone(), weight, lists: vec![Rc::clone(entry)] }),
    };
    let length = |term: &str| term.encode_utf16().count();
    let own = stem_of(pieces, term);
    let is_plain = !term.contains(is_joiner);
    for entry in between(pieces, term, term, usize::MAX)?.iter().filter(|entry| entry.term == term) {
        add(entry, 1.0);
    }
    if pieces.reader.stemmer.is_some() && is_plain && length(term) > 2 {
        let shared = own.encode_utf16().zip(term.encode_utf16()).take_while(|(a, b)| a == b).count();
        let least = u32::try_from(shared.saturating_sub(1).max(3)).unwrap_or(u32::MAX);
        let start = &term[..units(term, least)];
        for entry in starting(pieces, start)? {
            if entry.term != term && stem_of(pieces, &entry.term) == own {
                add(&entry, 0.8);
            }
        }
    }
    // What is found often needs no more words.
    let often = forms.iter().any(|form| form.lists[0].entries > OFTEN);
    if is_last && !often {
        let mut longer = starting(pieces, term)?;
        longer.retain(|entry| {
            let fits =
                |letter: char| !(letter == ' ' || is_plain && (letter.is_whitespace() || is_joiner(letter)));
            !forms.iter().any(|form| form.term == entry.term) && entry.term.chars().all(fits)
        });
        longer.sort_by(|a, b| length(&a.term).cmp(&length(&b.term)).then(b.entries.cmp(&a.entries)));
        for entry in longer.into_iter().take(MOST) {
            let weight = 0.4 + 0.4 * length(term) as f64 / length(&entry.term) as f64;
            match forms.iter_mut().find(|form| form.term == entry.term) {
                Some(known) => known.lists.push(entry),
                None => forms.push(Form { term: entry.term.clone(), weight, lists: vec![entry] }),
            }
        }
    }
    Ok(forms)
}

/// Adds what a word may be a slip of, if that stands in at least 2^`often` entries.
pub(super) fn correct(pieces: &mut Asked<'_>, word: &mut Word, often: u32) -> anyhow::Result<()> {
    for (index, near) in misspelled(pieces, &word.term, often)?.into_iter().enumerate() {
        for mut form in expand(pieces, &near, false)? {
            if !word.forms.iter().any(|known| known.term == form.term) {
                form.weight *= if index > 0 { 0.5 } else { 0.7 };
                word.forms.push(form);
            }
        }
    }
    Ok(())
}

/// Words that are one slip away from `term`: a letter more, less, another, or two changed over.
fn misspelled(pieces: &mut Asked<'_>, term: &str, often: u32) -> anyhow::Result<Vec<String>> {
    let turn = |word: &str| word.chars().rev().collect::<String>();
    let length = u32::try_from(term.encode_utf16().count()).unwrap_or(u32::MAX);
    let head = length.saturating_sub(1) >> 1;
    let turned = turn(term);
    let start = &term[..units(term, head)];
    let end = &turned[..units(&turned, length.saturating_sub(head + 1))];
    let mut near: BTreeMap<String, u32> = BTreeMap::new();
    let mut look = |list: &[(String, u32)], is_turned: bool| {
        for (word, count) in list.iter().filter(|(_, count)| *count >= often) {
            let own = if is_turned { turn(word) } else { word.clone() };
            if own != term && is_near(term, &own) {
                let alike = own.chars().next() == term.chars().next();
                near.insert(own, count + if alike { 4 } else { 0 });
            }
        }
    };
    let reader = pieces.reader;
    if reader.spelling.first.len() < 2 {
        for name in &reader.spelling.name {
            look(&pieces.spelling(name)?, false);
        }
    } else {
        for name in names(&reader.spelling, start, &format!("{start}\u{FFFF}")).iter().take(MOST_PIECES) {
            look(&pieces.spelling(name)?, false);
        }
        for name in names(&reader.backwards, end, &format!("{end}\u{FFFF}")).iter().take(MOST_PIECES) {
            look(&pieces.spelling(name)?, true);
        }
    }
    let mut near: Vec<(String, u32)> = near.into_iter().collect();
    near.sort_by(|(a, often_a), (b, often_b)| often_b.cmp(often_a).then_with(|| by_units(a, b)));
    Ok(near.into_iter().take(3).map(|(word, _)| word).collect())
}

fn is_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<u16>, Vec<u16>) = (a.encode_utf16().collect(), b.encode_utf16().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[start..a.len() - end], &b[start..b.len() - end]) {
        (rest, other) if rest.len() <= 1 && other.len() <= 1 => true,
        ([first, second], [third, fourth]) => first == fourth && second == third,
        _ => false,
    }
}

/// The names of the pieces with words from `from` to below `to`.
fn names<'a>(pieces: &'a Pieces, from: &str, to: &str) -> &'a [String] {
    let mut start = pieces.first.partition_point(|first| by_units(first, from).is_lt());
    if pieces.first.get(start).is_none_or(|first| first != from) {
        start = start.saturating_sub(1);
    }
    let fits = |first: &&String| by_units(first, to).is_lt() || *first == from;
    let count = pieces.first[start..].iter().take_while(fits).count();
    &pieces.name[start..start + count]
}

fn between(pieces: &mut Asked<'_>, from: &str, to: &str, most: usize) -> anyhow::Result<Vec<Rc<Term>>> {
    let reader = pieces.reader;
    let mut found = Vec::new();
    for name in names(&reader.terms, from, to).iter().take(most) {
        found.extend(pieces.terms(name)?.iter().cloned());
    }
    Ok(found)
}

fn starting(pieces: &mut Asked<'_>, start: &str) -> anyhow::Result<Vec<Rc<Term>>> {
    let mut found = between(pieces, start, &format!("{start}\u{FFFF}"), MOST_PIECES)?;
    found.retain(|entry| entry.term.starts_with(start));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_near() {
        for (a, b) in
            [("peering", "pering"), ("peering", "peeering"), ("peering", "peerign"), ("peering", "pearing")]
        {
            assert!(is_near(a, b) && is_near(b, a), "{a} {b}");
        }
        for (a, b) in [("peering", "prering!"), ("peering", "pring"), ("abcd", "badc")] {
            assert!(!is_near(a, b), "{a} {b}");
        }
    }

    #[test]
    fn pieces_are_found_by_their_first_word() {
        let pieces = Pieces::new("b\none\nd\ntwo\nf\nthree");
        assert_eq!(names(&pieces, "a", "a"), ["one"; 0]);
        assert_eq!(names(&pieces, "c", "c"), ["one"]);
        assert_eq!(names(&pieces, "d", "d"), ["two"]);
        assert_eq!(names(&pieces, "c", "g"), ["one", "two", "three"]);
        assert_eq!(names(&Pieces::new(""), "a", "b"), ["one"; 0]);
    }
}
