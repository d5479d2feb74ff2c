//! Commands as the command prompt of Windows reads them.

use super::Word;
use super::reader::{Open, Reader, Until};

/// How far the command in the set of a `for` may go.
const LONGEST: usize = 2000;

impl Reader<'_> {
    pub(super) fn cmd_list(&mut self, until: Until) {
        let mut open = Open::default();
        // The head of `for … in (…) do` and of `if …`, which are no commands.
        let mut head: Option<&'static str> = None;
        loop {
            self.skip_blanks('^');
            let Some(letter) = self.peek() else { break };
            match letter {
                '\n' => {
                    self.finish(&mut open);
                    head = None;
                    self.bump();
                    if until == Until::Line {
                        return;
                    }
                }
                '@' if open.is_empty() => {
                    self.bump();
                }
                // No comment there, but pages write it as one.
                '#' if open.is_empty() => self.skip_line(),
                ':' if open.is_empty() && self.starts("::") => self.skip_line(),
                '&' | '|' => {
                    self.finish(&mut open);
                    self.bump();
                }
                '(' if head == Some("for") => self.cmd_set(),
                '(' if open.is_empty() || head.is_some() => {
                    self.finish(&mut open);
                    head = None;
                    self.bump();
                    self.grouped();
                }
                ')' if until == Until::Parenthesis => {
                    self.finish(&mut open);
                    self.bump();
                    return;
                }
                '<' if self.placeholder().is_none() => self.cmd_redirection(&mut open),
                '>' => self.cmd_redirection(&mut open),
                '0'..='9' if self.rest()[1..].starts_with('>') => {
                    self.bump();
                    self.cmd_redirection(&mut open);
                }
                _ => {
                    let word = self.cmd_word();
                    let value = word.value.to_lowercase();
                    match (head, value.as_str()) {
                        (None, "rem") if open.is_empty() => self.skip_line(),
                        (None, "for") if open.is_empty() => head = Some("for"),
                        (None, "if") if open.is_empty() => head = Some("if"),
                        (None, "else" | "do") if open.is_empty() => {}
                        (None, "set" | "setx") if open.is_empty() => self.cmd_assignment(&mut open, &word),
                        (Some("for"), "do") => head = None,
                        (Some("if"), "az" | "echo" | "call" | "goto" | "exit") => {
                            head = None;
                            open.push(word);
                        }
                        (Some(_), _) => {}
                        (None, _) => open.push(word),
                    }
                }
            }
        }
        self.finish(&mut open);
    }

    /// `set NAME=value`: all to the end of the line is the value.
    fn cmd_assignment(&mut self, open: &mut Open, word: &Word) {
        open.covers(&word.range);
        self.skip_blanks('^');
        if self.starts("/") {
            self.cmd_word();
            self.skip_blanks('^');
        }
        let rest = self.rest();
        let line = &rest[..rest.find(['\n', '&', '|']).unwrap_or(rest.len())];
        if let Some((name, _)) = line.split_once('=') {
            open.command.assigns.push(name.trim().trim_matches('"').to_owned());
        }
        self.at += line.len();
        open.covers(&(self.at - line.len()..self.at - (line.len() - line.trim_end().len())));
        open.is_syntax = true;
    }

    /// `(…)` of a `for`: files, or `('command')`.
    fn cmd_set(&mut self) {
        self.bump();
        self.skip_blanks('^');
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '`')) {
            let inner = &rest[1..];
            // The quote that stands before the parenthesis: the command may hold others.
            let near = &inner[..inner.floor_char_boundary(LONGEST)];
            let close =
                near.match_indices(quote).find(|(at, _)| inner[at + 1..].trim_start().starts_with(')'));
            if let Some((length, _)) = close {
                self.at += 1;
                let end = self.at + length;
                self.nested_in(end, end + 1);
            }
        }
        let rest = self.rest();
        self.at += rest.find([')', '\n']).unwrap_or(rest.len());
        if self.starts(")") {
            self.bump();
        }
    }

    fn cmd_redirection(&mut self, open: &mut Open) {
        let start = self.at;
        let writes = self.starts(">");
        self.at += if self.starts(">>") { 2 } else { 1 };
        if self.starts("&") {
            self.bump();
            self.bump();
            open.covers(&(start..self.at));
            return;
        }
        self.skip_blanks('^');
        if self.peek().is_none_or(|letter| "\n|&><)".contains(letter)) && self.placeholder().is_none() {
            open.covers(&(start..start + 1));
            return;
        }
        let word = self.cmd_word();
        open.covers(&(start..word.range.end));
        if writes {
            open.command.writes.push(word);
        }
    }

    /// A word; it goes past at least one letter where there is one.
    fn cmd_word(&mut self) -> Word {
        let mut word = self.begun();
        let mut quoted = false;
        while let Some(letter) = self.peek() {
            match letter {
                '\n' => break,
                ' ' | '\t' | '\r' | '&' | '|' | '>' if !quoted => break,
                ')' if !quoted && self.depth > 0 => break,
                '<' | '{' => match self.placeholder() {
                    Some(length) => self.take_unknown(&mut word, length),
                    None if letter == '<' && !quoted => break,
                    None => self.take(&mut word),
                },
                '"' => {
                    self.bump();
                    word.quoted = true;
                    quoted = !quoted;
                }
                '\\' if self.starts("\\\"") => {
                    self.at += 2;
                    word.value.push('"');
                }
                '^' if !quoted => match self.continuation('^') {
                    Some(_) => break,
                    None => {
                        self.bump();
                        word.value.extend(self.bump());
                    }
                },
                '%' | '!' => {
                    let length = self.cmd_variable(letter);
                    if length > 1 {
                        word.splits |= !quoted;
                        self.take_unknown(&mut word, length);
                    } else {
                        self.take(&mut word);
                    }
                }
                _ => self.take(&mut word),
            }
        }
        self.ended(word)
    }

    /// The length of `%NAME%`, `%%i`, `%1`, `%~dp0`, `!NAME!`; 1 where it is only the sign.
    fn cmd_variable(&self, sign: char) -> usize {
        let rest = &self.rest()[1..];
        if sign == '%' {
            if let Some(after) = rest.strip_prefix('%') {
                return if after.starts_with(|c: char| c.is_ascii_alphanumeric()) { 3 } else { 1 };
            }
            if rest.starts_with(|c: char| c.is_ascii_digit() || c == '*') {
                return 2;
            }
            if let Some(after) = rest.strip_prefix('~') {
                return 2 + after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
            }
        }
        let name = rest.find(|c: char| !c.is_alphanumeric() && !"_:~,-()=".contains(c)).unwrap_or(rest.len());
        if name > 0 && rest[name..].starts_with(sign) {
            return name + 2;
        }
        // `%i` at the prompt itself.
        if sign == '%' && name == 1 { 2 } else { 1 }
    }
}
