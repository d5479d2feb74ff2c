//! Footnotes: numbered where they are referred to, printed at the end of the page, each with a way back.

use std::collections::BTreeMap;

use super::{Printer, escape, escaped};
use crate::diagnostic::FileId;
use crate::document::Node;

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Notes<'a> {
    pub(super) definitions: BTreeMap<(FileId, &'a str), &'a Node>,
    /// Those that were referred to, in order, and how often.
    pub(super) used: Vec<((FileId, &'a str), usize)>,
}

impl<'a> Printer<'a> {
    pub(super) fn footnote_reference(&mut self, file: FileId, label: &'a str) {
        if self.words_only {
            return;
        }
        let key = (file, label);
        if !self.notes.definitions.contains_key(&key) {
            escape(&mut self.out, &format!("[^{label}]"));
            return;
        }
        let index = self.notes.used.iter().position(|(used, _)| *used == key).unwrap_or_else(|| {
            self.notes.used.push((key, 0));
            self.notes.used.len() - 1
        });
        self.notes.used[index].1 += 1;
        let (number, time) = (index + 1, self.notes.used[index].1);
        let again = if time > 1 { format!("-{time}") } else { String::new() };
        self.out.push_str(&format!(
            "<sup><a href=\"#footnote-{number}\" id=\"footnote-reference-{number}{again}\" class=\"footnote-reference\">{number}</a></sup>"
        ));
    }

    /// The footnotes that were referred to, at the end of the page, each with a way back.
    pub(super) fn footnotes(&mut self) {
        if self.notes.used.is_empty() {
            return;
        }
        self.fresh();
        let word = |key: &str, default: &str| {
            let words = self.around.and_then(|around| around.context.word(key)).unwrap_or(default);
            escaped(words)
        };
        let (title, back) = (word("footnotes", "Footnotes"), word("footnote_back", "Back to the text"));
        self.out.push_str(&format!("<section class=\"footnotes\" aria-label=\"{title}\">\n<ol>\n"));
        let mut index = 0;
        // A note may refer to further ones, so the list can grow while it is printed.
        while let Some((key, _)) = self.notes.used.get(index).copied() {
            index += 1;
            self.out.push_str(&format!("<li id=\"footnote-{index}\">"));
            if let Some(note) = self.notes.definitions.get(&key).copied() {
                self.blocks(&note.children);
            }
            let inside = self.out.trim_end().strip_suffix("</p>").map(str::len);
            self.out.truncate(inside.unwrap_or_else(|| self.out.trim_end().len()));
            for time in 1..=self.notes.used[index - 1].1 {
                let again = if time > 1 { format!("-{time}") } else { String::new() };
                self.out.push_str(&format!(
                    " <a href=\"#footnote-reference-{index}{again}\" class=\"footnote-back\" aria-label=\"{back} {index}{again}\">\u{21a9}</a>"
                ));
            }
            self.out.push_str(if inside.is_some() { "</p>\n</li>\n" } else { "</li>\n" });
        }
        self.out.push_str("</ol>\n</section>\n");
    }
}
