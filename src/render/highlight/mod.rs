//! Code in, HTML out: syntect's grammars, one short vocabulary of classes, remembered by content.
//!
//! A line of code becomes text with at most one `<span class="x">` around each token, never nested and never
//! across a line, so that lines can be marked, numbered and cut without looking into them. The classes:
//!
//! | class | what | class | what |
//! |---|---|---|---|
//! | `k` | keyword | `o` | operator |
//! | `s` | string, value | `p` | placeholder to fill in |
//! | `n` | number, constant, escape | `m` | meta: prompt, decorator, directive |
//! | `c` | comment | `g` | tag, command group |
//! | `f` | function, command | `i` | inserted line of a diff |
//! | `t` | type | `d` | deleted line of a diff |
//! | `v` | variable, parameter | `h` | heading |
//! | `a` | attribute, key, flag | | |
//!
//! Grammars come in two sets. Ours stand in `grammars/`: shells with the command lines of cloud tools, and
//! the formats that most pages show, written for speed and for what documentation does to them. They are
//! looked up first. Everything else is two-face's set, read when a page first asks for it. The sets stay
//! apart because joining them costs half a second in each run.

mod classes;
mod languages;
mod line;
mod memo;
mod path;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use self::classes::Classes;
use self::languages::{Grammar, Languages};
use self::memo::{Memo, Seen, key};
use self::path::Path;

/// Lines longer than this many bytes are data, not code: they stay plain, as in every editor, because a
/// grammar may take time in the square of their length.
const LONGEST_LINE: usize = 20_000;

/// Highlights code; remembers what it highlighted. Shared by threads.
pub struct Highlighter {
    languages: Languages,
    classes: Classes,
    blocks: Memo<Arc<[String]>>,
    lines: Memo<Seen>,
}

impl fmt::Debug for Highlighter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Highlighter").finish_non_exhaustive()
    }
}

impl Highlighter {
    /// A highlighter that reads `alias.NAME` as the language it stands for.
    #[must_use]
    pub fn new(aliases: &BTreeMap<String, String>) -> Self {
        Self {
            languages: Languages::new(aliases),
            classes: Classes::new(),
            blocks: Memo::new(),
            lines: Memo::new(),
        }
    }

    /// Every language name that is known, aliases too, in lower case.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<String> {
        self.languages.names()
    }

    /// What stands behind a name: `None` where it is not known, the name of its grammar (`Shell`, `Rust`),
    /// or `Plain Text` for the names of plain text. Case does not matter.
    #[must_use]
    pub fn canonical(&self, language: &str) -> Option<&str> {
        self.languages.canonical(language)
    }

    /// The lines of `code` as HTML, escaped, without line endings; plain where the language is not known.
    ///
    /// Lines are those of [`str::lines`]: a line ending at the end of `code` begins no further line.
    #[must_use]
    pub fn lines(&self, language: &str, code: &str) -> Arc<[String]> {
        let Some(grammar) = self.languages.grammar(language) else {
            return code.lines().map(line::plain).collect();
        };
        let key = key(&grammar.id().to_le_bytes(), code);
        if let Some(lines) = self.blocks.get(&key) {
            return lines;
        }
        let lines = self.read(grammar, code);
        let weight = lines.iter().map(String::len).sum::<usize>() + 24 * lines.len();
        self.blocks.put(key, Arc::clone(&lines), weight);
        lines
    }

    /// Reads each line that was not seen before in the same state of the same grammar: code repeats its lines
    /// more often than its blocks.
    fn read(&self, grammar: Grammar<'_>, code: &str) -> Arc<[String]> {
        let mut path = Path::new(grammar, &self.classes);
        code.lines()
            .map(|text| {
                if text.len() > LONGEST_LINE {
                    return line::plain(text);
                }
                let key = key(&path.name(), text);
                if let Some(seen) = self.lines.get(&key) {
                    path.pass(text, seen.next);
                    return seen.html.to_string();
                }
                let html = path.read(text);
                let seen = Seen { html: html.as_str().into(), next: path.name() };
                self.lines.put(key, seen, html.len() + 64);
                html
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
