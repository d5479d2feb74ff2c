//! The files of an index in, their data out: what `packed` and `fragment` wrote, read back. What is not of that form
//! gives an error or nothing, and never a panic: an index is a file like any other.

use std::rc::Rc;

use anyhow::Context;
use serde::Deserialize;

/// Reads packed numbers and words, from a place on.
#[derive(Debug)]
pub(super) struct Digits<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Digits<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// One digit; zero behind the end.
    pub(super) fn digit(&mut self) -> u32 {
        let code = self.text.as_bytes().get(self.at).copied().map_or(0x20, u32::from);
        self.at += 1;
        code.saturating_sub(0x20 + u32::from(code > 0x5C) + u32::from(code > 0x22))
    }

    pub(super) fn number(&mut self) -> u32 {
        match self.digit() {
            first @ ..80 => first,
            first @ 80..92 => 80 + (first - 80) * 93 + self.digit(),
            _ => 1_196 + (0..4).fold(0, |rest, _| rest * 93 + self.digit()),
        }
    }

    /// A word that shares its start with the one before it.
    pub(super) fn word(&mut self, before: &str) -> String {
        let (shared, own) = (self.digit(), self.digit());
        let rest = self.text.get(self.at..).unwrap_or_default();
        let own = &rest[..units(rest, own)];
        self.at += own.len();
        format!("{}{own}", &before[..units(before, shared)])
    }
}

/// The bytes of the first `count` UTF-16 units of a text.
pub(super) fn units(text: &str, count: u32) -> usize {
    let mut left = count as usize;
    for (at, letter) in text.char_indices() {
        if left < letter.len_utf16() {
            return at;
        }
        left -= letter.len_utf16();
    }
    text.len()
}

/// Calls `visit` with each number below `limit` of packed runs.
pub(super) fn runs(text: &str, limit: u32, mut visit: impl FnMut(u32)) {
    let mut digits = Digits::new(text, 0);
    let mut next = 0u32;
    while !digits.is_at_end() {
        next = next.saturating_add(digits.number());
        for _ in 0..digits.number() {
            if next >= limit {
                return;
            }
            visit(next);
            next += 1;
        }
    }
}

/// The data in `waypostSearch("name",DATA)`. Strings in it are those of JSON.
pub(super) fn data<'a, T: Deserialize<'a>>(name: &str, file: &'a [u8]) -> anyhow::Result<T> {
    let broken = || format!("`{name}` is no piece of a search index: build the site anew");
    let text = std::str::from_utf8(file).with_context(broken)?;
    let inside = text
        .strip_prefix("waypostSearch(\"")
        .and_then(|rest| rest.split_once("\","))
        .and_then(|(_, rest)| rest.trim_end().strip_suffix(')'));
    serde_json::from_str(inside.with_context(broken)?).with_context(broken)
}

/// A term of the dictionary, and where its entries stand in the lists of its piece.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "a term is what it is called wherever there is one")]
pub(super) struct Term {
    pub(super) term: String,
    /// How many entries it is in; the list holds the best of them.
    pub(super) entries: u32,
    lists: Rc<str>,
    texts: std::ops::Range<usize>,
    headings: std::ops::Range<usize>,
}

impl Term {
    /// Each entry with what the term counts for in it, from 1 to 92.
    pub(super) fn texts(&self, mut visit: impl FnMut(u32, u32)) {
        let mut digits = Digits::new(&self.lists, self.texts.start);
        let mut entry = 0u32;
        while digits.at < self.texts.end {
            entry = entry.saturating_add(digits.number());
            visit(entry, digits.digit());
        }
    }

    /// Each heading that it stands in: the entry, which of its headings (0 is the title), and how many words that has.
    pub(super) fn headings(&self, mut visit: impl FnMut(u32, u32, u32)) {
        let mut digits = Digits::new(&self.lists, self.headings.start);
        let mut entry = 0u32;
        while digits.at < self.headings.end {
            entry = entry.saturating_add(digits.number());
            let place = digits.number();
            visit(entry, place, digits.digit());
        }
    }
}

/// The terms of a piece.
pub(super) fn terms(name: &str, file: &[u8]) -> anyhow::Result<Vec<Rc<Term>>> {
    let (words, lists): (String, String) = data(name, file)?;
    let lists: Rc<str> = lists.into();
    let mut found: Vec<Rc<Term>> = Vec::new();
    let mut digits = Digits::new(&words, 0);
    let mut offset = 0usize;
    while !digits.is_at_end() {
        let term = digits.word(found.last().map_or("", |term| &term.term));
        let entries = digits.number();
        let mut next = || {
            let start = offset;
            offset = offset.saturating_add(digits.number() as usize).min(lists.len());
            start..offset
        };
        let (texts, headings) = (next(), next());
        found.push(Rc::new(Term { term, entries, lists: Rc::clone(&lists), texts, headings }));
    }
    Ok(found)
}

/// The words of a piece for slips, each with the power of two of how often it stands.
pub(super) fn spelling(name: &str, file: &[u8]) -> anyhow::Result<Vec<(String, u32)>> {
    let words: String = data(name, file)?;
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut digits = Digits::new(&words, 0);
    while !digits.is_at_end() {
        let word = digits.word(found.last().map_or("", |(word, _)| word));
        found.push((word, digits.digit()));
    }
    Ok(found)
}

/// What results show of an entry.
#[derive(Debug, Deserialize)]
pub(super) struct Fragment {
    pub(super) address: String,
    pub(super) title: String,
    pub(super) crumbs: Vec<String>,
    pub(super) description: String,
    /// Labels, and the query that opens the tab.
    pub(super) tabs: Vec<(Vec<String>, String)>,
    pub(super) sections: Vec<Section>,
    /// 0 for a page of one part, else the number of the part.
    pub(super) part: u32,
}

/// A heading with what is below it.
#[derive(Debug, Deserialize)]
pub(super) struct Section {
    pub(super) heading: String,
    #[expect(dead_code, reason = "the form of the file has it")]
    level: u8,
    pub(super) anchor: String,
    pub(super) tab: i32,
    pub(super) blocks: Vec<Block>,
}

/// A piece of text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Block {
    /// Prose in the tab of its heading.
    Plain(String),
    /// With its tab, and whether it is code (1).
    Full(String, i32, u8),
}

impl Block {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Full(text, ..) => text,
        }
    }

    pub(super) fn tab(&self, section: &Section) -> i32 {
        match self {
            Self::Plain(_) => section.tab,
            Self::Full(_, tab, _) => *tab,
        }
    }

    pub(super) fn is_code(&self) -> bool {
        matches!(self, Self::Full(_, _, code) if *code != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::packed;
    use super::*;

    #[test]
    fn numbers_and_words_come_back() {
        let mut out = Vec::new();
        let numbers = [0, 79, 80, 1_195, 1_196, 50_000_000];
        for number in numbers {
            packed::number(&mut out, number);
        }
        packed::word(&mut out, "", "größer😀x");
        packed::word(&mut out, "größer😀x", "größer😀yz");
        let text = String::from_utf8(out).expect("it is text");
        let mut digits = Digits::new(&text, 0);
        assert_eq!(numbers.map(|_| digits.number()), numbers);
        let first = digits.word("");
        assert_eq!((&*first, &*digits.word(&first)), ("größer😀x", "größer😀yz"));
        assert!(digits.is_at_end());
    }

    #[test]
    fn what_is_no_index_is_no_panic() {
        for file in [
            &b""[..],
            b"\xff\xfe",
            b"waypostSearch(",
            b"waypostSearch(\"t\",[1])",
            b"waypostSearch(\"t\",[\"~~~~~~~~\",\"\"])",
            "waypostSearch(\"t\",[\"~\u{e4}\u{e4}!!\",\"\u{e4}\"])".as_bytes(),
        ] {
            if let Ok(terms) = terms("t", file) {
                for term in terms {
                    term.texts(|_, _| {});
                    term.headings(|_, _, _| {});
                }
            }
            drop(spelling("s", file));
        }
        let mut seen = 0;
        runs("~~~~~~~~~~~~~~~", 100, |_| seen += 1);
        assert!(seen <= 100);
    }
}
