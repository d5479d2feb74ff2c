//! The way of a grammar through a block, by names of states that every thread and every run agrees on.
//!
//! syntect's state cannot be shared by threads, so what is remembered of a line holds only the *name* of the
//! state after it. A name is a hash: of the grammar for its first state, else of the state before and the line
//! between. One name stands for one state, but a state may have several names, which costs a second look at
//! a line and nothing else. A state that was met before in the block keeps its name: after `}` code is back
//! where it was, and its lines are known again.

use super::classes::Classes;
use super::languages::Grammar;
use super::line::{self, State};
use super::memo::{Key, key};

/// The states a block may hold at once. A here-document is in a new one after each line.
const MET: usize = 64;
/// The states met first are those that code comes back to.
const KEPT: usize = 8;

/// A grammar on its way through one block.
pub(super) struct Path<'a> {
    grammar: Grammar<'a>,
    classes: &'a Classes,
    /// The name of the state before the next line.
    name: Key,
    met: Vec<(Key, State)>,
    /// What was remembered since the last state at hand: the names before the lines, and the lines.
    passed: Vec<(Key, &'a str)>,
}

impl<'a> Path<'a> {
    pub(super) fn new(grammar: Grammar<'a>, classes: &'a Classes) -> Self {
        let name = key(&grammar.id().to_le_bytes(), "");
        Self { grammar, classes, name, met: Vec::new(), passed: Vec::new() }
    }

    /// The name of the state before the next line.
    pub(super) fn name(&self) -> Key {
        self.name
    }

    /// Goes over a line whose end is known.
    pub(super) fn pass(&mut self, line: &'a str, next: Key) {
        self.passed.push((self.name, line));
        self.name = next;
    }

    /// Reads a line and returns its HTML.
    pub(super) fn read(&mut self, line: &str) -> String {
        if self.met.is_empty() {
            self.start();
        }
        if !self.met.iter().any(|(name, _)| *name == self.name) {
            self.catch_up();
        }
        let (html, next) = self.step(self.name, line);
        self.passed.clear();
        let known = self.met.iter().find(|(_, state)| *state == next).map(|(name, _)| *name);
        self.name = known.unwrap_or_else(|| {
            let name = key(&self.name, line);
            self.meet(name, next);
            name
        });
        html
    }

    /// The first state differs from all others by being the first; most lines stand in the one after it, which
    /// is the same whatever the first line is, if that line opens nothing.
    fn start(&mut self) {
        let first = key(&self.grammar.id().to_le_bytes(), "");
        self.met.push((first, State::start(self.grammar)));
        let (_, second) = self.step(first, "");
        self.met.push((key(&first, ""), second));
    }

    /// Reads again what was only passed, because the line after it was not known.
    fn catch_up(&mut self) {
        let at_hand = |(name, _): &(Key, &str)| self.met.iter().any(|(met, _)| met == name);
        let from =
            self.passed.iter().rposition(at_hand).expect("the first line passed began in a state at hand");
        let ends = self.passed.iter().skip(from + 1).map(|(name, _)| *name).chain([self.name]);
        let steps: Vec<(Key, &str, Key)> = self.passed[from..]
            .iter()
            .zip(ends)
            .map(|((before, line), after)| (*before, *line, after))
            .collect();
        for (before, line, after) in steps {
            let (_, state) = self.step(before, line);
            self.meet(after, state);
        }
    }

    /// Reads a line in a state at hand.
    fn step(&self, before: Key, line: &str) -> (String, State) {
        let (_, state) = self.met.iter().find(|(name, _)| *name == before).expect("the state is at hand");
        line::highlight(line, self.grammar, self.classes, state)
    }

    fn meet(&mut self, name: Key, state: State) {
        if self.met.len() == MET {
            self.met.remove(KEPT);
        }
        self.met.push((name, state));
    }
}
