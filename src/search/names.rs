//! Words in, a number for each out, from 0 in the order of their first use. Each word is stored once and hashed once.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

/// Words with their numbers.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// All words, one after another.
    text: String,
    all: Vec<Name>,
    /// Open addressing: the number of a word and one, or 0; a power of two of them, half of them free.
    slots: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Name {
    start: usize,
    length: u32,
    hash: u32,
}

impl Names {
    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The word of a number that [`number`](Self::number) gave.
    pub(super) fn word(&self, number: u32) -> &str {
        self.spelled(self.all[number as usize])
    }

    /// The number of a word, a new one where it is new.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        self.hashed(word, hash(word))
    }

    /// The numbers that the words of `other` have here, by the numbers they have there.
    pub(super) fn take_over(&mut self, other: &Self) -> Vec<u32> {
        other.all.iter().map(|name| self.hashed(other.spelled(*name), name.hash)).collect()
    }

    fn spelled(&self, name: Name) -> &str {
        &self.text[name.start..name.start + name.length as usize]
    }

    fn hashed(&mut self, word: &str, hash: u32) -> u32 {
        if (self.all.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let at = match self.place(word, hash) {
            Ok(number) => return number,
            Err(free) => free,
        };
        let number = u32::try_from(self.all.len()).expect("fewer words than memory has room for");
        let length = u32::try_from(word.len()).expect("terms are short");
        self.all.push(Name { start: self.text.len(), length, hash });
        self.text.push_str(word);
        self.slots[at] = number + 1;
        number
    }

    /// The number of a word, or the slot to put it in.
    fn place(&self, word: &str, hash: u32) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let Some(number) = self.slots[at].checked_sub(1) else { return Err(at) };
            let known = self.all[number as usize];
            if known.hash == hash && self.spelled(known) == word {
                return Ok(number);
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let mask = (self.slots.len() * 2).max(1_024) - 1;
        self.slots = vec![0; mask + 1];
        for (number, name) in (1..).zip(&self.all) {
            let mut at = name.hash as usize & mask;
            while self.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = number;
        }
    }
}

fn hash(word: &str) -> u32 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(word.as_bytes());
    (hasher.finish() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_one_number_also_after_growing() {
        let mut names = Names::default();
        let words: Vec<String> = (0..3_000).map(|number| format!("word{number}")).collect();
        for (number, word) in (0..).zip(&words) {
            assert_eq!(names.number(word), number);
        }
        for (number, word) in (0..).zip(&words) {
            assert_eq!((names.number(word), names.word(number)), (number, &**word));
        }
        let mut other = Names::default();
        assert_eq!([other.number("new"), other.number("word7")], [0, 1]);
        assert_eq!(names.take_over(&other), [3_000, 7]);
        assert_eq!(names.len(), 3_001);
    }
}
