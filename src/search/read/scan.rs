//! Text in, its words and compounds with their places out: the rules of `words`, as `scan` of `engine.js` has them.

use super::super::words::{fold, is_dense, is_joiner, is_part, is_word, trimmed};

/// A term in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) term: String,
    /// Where it stands, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it may be one of several words in one (`virtualHubs`); pairs of letters are not.
    pub(super) is_plain: bool,
}

/// A run of letters, digits and joiners.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// What is found as one term in spite of its joiners, the run itself first.
    pub(super) wholes: Vec<Word>,
    /// The words in it.
    pub(super) parts: Vec<Word>,
}

/// The runs of a text.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].find(is_part) {
        let start = at + first;
        let length = text[start..].find(|letter| !is_part(letter)).unwrap_or(text.len() - start);
        at = start + length;
        let run = &text[start..at];
        let mut one = Run::default();
        if run.contains(is_joiner) && !run.contains("://") && !run.contains(is_dense) {
            compounds(run, start, &mut one.wholes);
        }
        parts(run, start, &mut one.parts);
        if !one.wholes.is_empty() || !one.parts.is_empty() {
            found.push(one);
        }
    }
    found
}

/// The words of `virtualHubs`; nothing for a word that is one.
pub(super) fn humps(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    if !bytes.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..=bytes.len() {
        let breaks = at == bytes.len()
            || bytes[at].is_ascii_uppercase()
                && (bytes[at - 1].is_ascii_lowercase()
                    || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
        if breaks {
            found.push(start..at);
            start = at;
        }
    }
    found
}

/// The text, folded.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::new();
    fold(text, &mut folded);
    folded
}

fn compounds(run: &str, at: usize, wholes: &mut Vec<Word>) {
    let Some(cut) = trimmed(run) else { return };
    let mut add = |start: usize, end: usize| {
        if run[start..end].contains(is_joiner) {
            let term = folded(&run[start..end]);
            wholes.push(Word { term, start: at + start, end: at + end, is_plain: false });
        }
    };
    add(cut.start, cut.end);
    let lead = run[cut.clone()].find(|letter| !matches!(letter, '-' | '.' | '@')).unwrap_or(0);
    let bare = cut.start + lead;
    if lead > 0 {
        add(bare, cut.end);
    }
    if run[bare..cut.end].contains('/') {
        let mut from = bare;
        for part in run[bare..cut.end].split('/') {
            if let Some(inner) = trimmed(part) {
                add(from + inner.start, from + inner.end);
            }
            from += part.len() + 1;
        }
    }
}

fn parts(run: &str, at: usize, found: &mut Vec<Word>) {
    let mut at = at;
    for part in run.split(is_joiner) {
        if !part.is_empty() {
            pieces(part, at, found);
        }
        // Joiners are ASCII.
        at += part.len() + 1;
    }
}

fn pieces(part: &str, at: usize, found: &mut Vec<Word>) {
    if !part.contains(is_dense) {
        found.push(Word { term: folded(part), start: at, end: at + part.len(), is_plain: true });
        return;
    }
    let mut at = at;
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let dense = is_dense(first);
        let end = rest.find(|letter| is_dense(letter) != dense).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        if dense {
            let letters: Vec<(usize, char)> = piece.char_indices().collect();
            for pair in letters.windows(2.min(letters.len())) {
                let (last, letter) = pair[pair.len() - 1];
                let (start, end) = (pair[0].0, last + letter.len_utf8());
                let term = folded(&piece[start..end]);
                found.push(Word { term, start: at + start, end: at + end, is_plain: false });
            }
        } else {
            found.push(Word { term: folded(piece), start: at, end: at + piece.len(), is_plain: false });
        }
        at += piece.len();
        rest = after;
    }
}

/// Whether a term is letters alone, at least `least` of them.
pub(super) fn is_letters(term: &str, least: usize) -> bool {
    term.chars().count() >= least && term.chars().all(|letter| letter.is_alphabetic() && is_word(letter))
}
