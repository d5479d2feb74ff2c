//! The words of a query in, the entries that fit it out, best first.

use std::collections::BTreeMap;

use super::Asked;
use super::scan::is_letters;
use super::terms::{Query, Word, correct, is_light};

/// An entry and how well it fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) entry: u32,
    pub(super) score: f64,
}

/// Weighs the words of a query and ranks what has them. A word that hardly stands anywhere may be a slip that its author
/// made too: its neighbours are tried then.
pub(super) fn ranked(pieces: &mut Asked<'_>, query: &mut Query) -> anyhow::Result<Vec<Ranked>> {
    let entries = pieces.reader.entries;
    let looked_up = || 0..query.words.len();
    let active: Vec<usize> = looked_up().filter(|index| !query.words[*index].known).collect();
    if active.iter().any(|index| !is_light(&query.words[*index].term)) {
        for index in &active {
            query.words[*index].light = is_light(&query.words[*index].term);
        }
    }
    for index in &active {
        weigh(&mut query.words[*index], entries);
    }
    for word in &mut query.bonus {
        weigh(word, entries);
    }
    if active.is_empty() {
        return Ok(Vec::new());
    }
    let (mut ranked, complete) = rank(query, entries);
    if complete < 3 {
        let is_odd = |word: &Word| word.count < 3 && is_letters(&word.term, 5);
        let odd: Vec<usize> = active.into_iter().filter(|index| is_odd(&query.words[*index])).collect();
        for index in &odd {
            correct(pieces, &mut query.words[*index], 3)?;
            weigh(&mut query.words[*index], entries);
        }
        if !odd.is_empty() {
            ranked = rank(query, entries).0;
        }
    }
    Ok(ranked)
}

/// How well each entry fits a word, and the headings it stands in.
#[expect(clippy::cast_possible_truncation, reason = "the engine in the browser keeps single precision too")]
fn weigh(word: &mut Word, entries: u32) {
    word.scores = vec![0.0; entries as usize];
    word.headings.clear();
    word.cut = false;
    let (mut count, mut stands) = (0u32, 0u32);
    for form in &word.forms {
        for list in &form.lists {
            let mut had = 0;
            list.texts(|entry, counts_for| {
                had += 1;
                let Some(own) = word.scores.get_mut(entry as usize) else { return };
                count += u32::from(*own == 0.0);
                let score = form.weight * f64::from(counts_for) / 92.0;
                *own = (f64::from(*own) + (score - f64::from(*own) * score)) as f32;
            });
            // The index keeps the best entries alone of what stands in very many.
            word.cut |= had < list.entries;
            stands = stands.max(list.entries);
            list.headings(|entry, place, length| {
                if entry < entries {
                    let known = word.headings.entry((entry, place.min(4_095))).or_insert((0.0, length));
                    if known.0 < form.weight {
                        *known = (form.weight, length);
                    }
                }
            });
        }
    }
    word.count = count.max(stands);
    let count = f64::from(word.count);
    word.idf = (1.0 + (f64::from(entries) - count + 0.5) / (count + 0.5)).ln();
    if word.light {
        word.idf *= 0.2;
    }
}

/// The entries that have enough of the words; and how many have all of them.
#[expect(clippy::cast_possible_truncation, reason = "the engine in the browser keeps single precision too")]
fn rank(query: &Query, entries: u32) -> (Vec<Ranked>, usize) {
    let words: Vec<&Word> = query.words.iter().filter(|word| !word.known).collect();
    // What is not known to lack a word does not lack it, unless there is nothing else to go by.
    let whole = words.iter().any(|word| !word.light && !word.cut && word.count > 0);
    let is_spare = |word: &Word| word.light || word.cut && whole;
    let sum: f64 = words.iter().map(|word| word.idf).sum();
    let needed: f64 = words.iter().filter(|word| !is_spare(word)).map(|word| word.idf).sum();
    let mut covered = vec![0f32; entries as usize];
    let mut scores = vec![0f32; entries as usize];
    let add = |to: &mut f32, value: f64| *to = (f64::from(*to) + value) as f32;
    for word in &words {
        let spare = is_spare(word);
        for (entry, score) in word.scores.iter().enumerate().filter(|(_, score)| **score != 0.0) {
            if !spare {
                add(&mut covered[entry], word.idf);
            }
            add(&mut scores[entry], word.idf * f64::from(*score) / sum);
        }
    }
    // Where next to nothing has all the words, what has the weightiest of them will do.
    let best = f64::from(covered.iter().copied().fold(0.0, f32::max));
    let complete = covered.iter().filter(|own| f64::from(**own) >= needed * 0.999).count();
    let all = complete >= 3 || complete > 0 && words.len() < 3;
    let least = if all { needed * 0.999 } else { best * 0.6 };
    for word in &query.bonus {
        for (entry, score) in word.scores.iter().enumerate().filter(|(_, score)| **score != 0.0) {
            add(&mut scores[entry], 0.6 * f64::from(*score));
        }
    }
    let extra = headings(&words, sum, entries);
    let mut ranked: Vec<Ranked> = (0..entries)
        .filter_map(|entry| {
            let at = entry as usize;
            let own = f64::from(covered[at]);
            let score = (f64::from(scores[at]) + f64::from(extra[at])) * own / needed;
            (own > 0.0 && own >= least).then_some(Ranked { entry, score })
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
    (ranked, complete)
}

/// By entry: what its best heading adds, by how much of the query it has and how much else.
#[expect(clippy::cast_possible_truncation, reason = "the engine in the browser keeps single precision too")]
fn headings(words: &[&Word], sum: f64, entries: u32) -> Vec<f32> {
    let mut headings: BTreeMap<(u32, u32), (f64, u32, u32)> = BTreeMap::new();
    for word in words {
        for (key, (weight, length)) in &word.headings {
            let known = headings.entry(*key).or_insert((0.0, 0, *length));
            known.0 += word.idf * weight;
            known.1 += 1;
        }
    }
    let mut extra = vec![0f32; entries as usize];
    for ((entry, place), (weight, words, length)) in headings {
        let share = weight / sum;
        let filled = (f64::from(words) / f64::from(length.max(1))).min(1.0);
        let value = share * share * (0.4 + 0.6 * filled) * if place > 0 { 0.7 } else { 1.0 };
        let own = &mut extra[entry as usize];
        if value > f64::from(*own) {
            *own = value as f32;
        }
    }
    extra
}
