//! What took the place of a node is written with the margin of that place.

use super::margin::{continuation, ends_blank, leading_markers, without_blank_ends};
use super::{Patcher, Place};
use crate::render::markdown::inline::in_one_line;

impl Patcher<'_> {
    pub(super) fn line_so_far_is_empty(&self) -> bool {
        continuation(self.line()).is_some()
    }

    /// Writes what took the place of a node that ended at the cursor.
    pub(super) fn put(&mut self, text: &str, is_words: bool) {
        if self.place == Place::Line || (is_words && !text.contains('\n')) {
            self.put_words(text);
        } else {
            self.put_block(text, false);
        }
    }

    pub(super) fn put_words(&mut self, text: &str) {
        if text.is_empty() {
            return self.leave_out(self.cursor);
        }
        if self.place == Place::Line {
            self.out.push_str(&in_one_line(text));
        } else if text.contains('\n') {
            let prefix = continuation(leading_markers(self.line())).unwrap_or_default();
            self.out.push_str(&text.replace('\n', &format!("\n{prefix}")));
        } else {
            self.out.push_str(text);
        }
    }

    /// Writes a block with the margin of its place. A `tight` one (a fence) may touch the paragraph before it.
    pub(super) fn put_block(&mut self, text: &str, tight: bool) {
        if self.place == Place::Line {
            return self.put_words(text);
        }
        let text = without_blank_ends(text);
        if text.is_empty() {
            return;
        }
        if !tight && self.place == Place::Blocks {
            // How deep a tag was indented says nothing.
            self.pull_in(1);
        }
        let tight = tight && text.starts_with("```");
        let prefix = match continuation(self.line()) {
            Some(prefix) => {
                let start = self.out.len() - self.line().len();
                if !tight && !ends_blank(&self.out[..start]) {
                    self.out.insert_str(start, &format!("{}\n", prefix.trim_end()));
                }
                prefix
            }
            None => {
                let prefix = continuation(leading_markers(self.line())).unwrap_or_default();
                self.out.truncate(self.out.trim_end_matches(' ').len());
                self.out.push_str(&format!("\n{}\n{prefix}", prefix.trim_end()));
                prefix
            }
        };
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.out.push('\n');
                self.out.push_str(if line.is_empty() { prefix.trim_end() } else { &prefix });
            }
            self.out.push_str(line);
        }
        let rest = &self.text[self.cursor..self.limit.max(self.cursor)];
        let (same, below) = rest.split_once('\n').unwrap_or((rest, ""));
        if !same.trim().is_empty() {
            let skipped = same.len() - same.trim_start().len();
            self.cursor += skipped;
            self.out.push_str(&format!("\n{}\n{prefix}", prefix.trim_end()));
        } else if !tight {
            let next = below.lines().next().unwrap_or_default();
            if !next.trim_matches([' ', '\t', '>', '\r']).is_empty() {
                self.out.push_str(&format!("\n{}", prefix.trim_end()));
            }
        }
    }
}
